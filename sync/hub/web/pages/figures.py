"""The month's figures of the city and its counties, and the circular that is made of them.

The report is the one of `sync.hub.city`; it is kept as long as nothing new came in and the day is the same, since a
month of large counties takes a second or two. Making a paper waits for the one before: fonts are large.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa
from starlette.exceptions import HTTPException
from starlette.responses import Response

from models.errors import Message
from models.figures.indicators import indicator
from models.figures.records import Figure
from models.figures.report import guarded
from sync.hub import storage
from sync.hub.circular import IN_TIME, OF_COUNTIES, OF_PROGRAMMES, digest_of
from sync.hub.circular import circular as sheet_of
from sync.hub.city import CityReport, city_report
from sync.hub.hub import Hub
from sync.hub.periods import Wanted
from sync.hub.web.ask import Ask

_KEPT = 3
_MONTH = re.compile(r"\d{4}-\d{2}")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_paper = threading.Lock()


class Reports:
    """The last reports that were asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[object, ...], CityReport] = {}

    def month(self, hub: Hub, month: str) -> CityReport:
        """Return the report of a month.

        Raises:
            InputError: It is no month, or no county is enrolled.
        """
        d = storage.device
        with hub.reading() as connection:
            held = connection.execute(sa.select(d.c.county, d.c.device, d.c.have).order_by(d.c.county, d.c.device))
            key = (month, hub.now().astimezone().date(), *(tuple(row) for row in held))
        with self._lock:
            if key not in self._kept:
                made = city_report(hub, Wanted(month=month))
                while len(self._kept) >= _KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[key] = made
            return self._kept[key]


def month(ask: Ask) -> Response:
    """Show a month; the last one that is over by default."""
    chosen = _chosen(ask)
    found = _reports(ask).month(ask.hub, chosen)

    def value(figures: Mapping[str, Figure], code: str) -> str:
        if code not in figures:
            return ""
        told = guarded(figures[code])
        if told.too_small and told.denominator:
            return ask.message(Message("数量过小", "too few"))
        if told.value is None:
            return "—"
        if indicator(code).kind == "count":
            return f"{told.numerator:,}"
        return f"{told.value:.1%}" if indicator(code).unit.zh == "%" else f"{told.value:.1f}"

    return ask.page(
        "figures.html",
        month=chosen,
        report=found,
        value=value,
        plain=lambda figure: "—" if figure.value is None else
        f"{figure.value:.1%}" if indicator(figure.code).kind == "rate" else f"{figure.numerator:,}",
        indicator=indicator,
        tables=(
            (Message("收到、受理和办结", "Received, accepted and closed"), OF_COUNTIES),
            (Message("按期告知和按期办结", "Notices and answers in time"), IN_TIME),
        ),
        of_programmes=OF_PROGRAMMES,
        digest=digest_of(found),
    )  # fmt: skip


def circular(ask: Ask) -> Response:
    """Hand out the circular of a month as PDF or workbook."""
    chosen, form = _chosen(ask), ask.path("form")
    if form not in ("pdf", "xlsx"):
        raise HTTPException(404)
    found = _reports(ask).month(ask.hub, chosen)
    sheet = sheet_of(found, number=ask.query.get("number", ""), language=ask.language)
    name = f"{'通报' if ask.language == 'zh' else 'circular'}-{chosen}.{form}"
    with _paper:
        if form == "pdf":
            from models.sheets.pdf import to_pdf

            return ask.file(to_pdf(sheet), name, "application/pdf")
        from models.sheets.xlsx import workbook_of

        return ask.file(workbook_of(sheet), name, _XLSX)


def _chosen(ask: Ask) -> str:
    asked = ask.query.get("month", "")
    if _MONTH.fullmatch(asked):
        return asked
    return f"{ask.today.replace(day=1) - timedelta(days=1):%Y-%m}"


def _reports(ask: Ask) -> Reports:
    kept: Reports = ask.request.app.state.reports
    return kept
