"""Which days a report of the city is about, in each county by that county's own rows.

A month ends where the county's cut-off day says; a stage or a whole programme where the county's own stages do, since
counties may change them. Reports are named as at the desk: `2012-01`, `2012`, `2011-key-cases/stage-2`,
`2011-key-cases/summary-2012-03-14` (from the day its stage began to the day it is counted from),
`2011-key-cases/final`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from models import errors
from models.errors import Message
from models.figures import periods
from models.figures.gather import settings_of
from models.figures.records import Period
from sync.hub.figures import HubRows

_FINAL, _STAGE, _SUMMARY = "final", "stage-", "summary-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for.

    Attributes:
        month: YYYY-MM, or empty.
        year: YYYY, or empty.
        stage: Key of a stage, a summary or a final report, or empty.
        programme: Key of a programme: alone, the whole programme; with a month or year, only its part of it.
    """

    month: str = ""
    year: str = ""
    stage: str = ""
    programme: str = ""

    def __post_init__(self) -> None:
        chosen = [bool(self.month), bool(self.year), bool(self.stage), bool(self.programme) and not self._narrows]
        if sum(chosen) != 1:
            raise errors.InputError(
                "period",
                "请写明一个期间：--month 月份、--year 年度、--stage 阶段，或者 --programme 专项。",
                "Name one period: --month, --year, --stage, or --programme.",
            )

    @property
    def _narrows(self) -> bool:
        return bool(self.month or self.year)


def period_of(rows: HubRows, wanted: Wanted) -> Period | None:
    """Return the days of a report in one county; None when the county does not run the programme.

    Raises:
        InputError: No month or year; or the programme has no such stage or report (those it has are listed).
    """
    if wanted.month or wanted.year:
        cut_off = _cut_off(rows)
        return periods.month(wanted.month, cut_off) if wanted.month else periods.year(wanted.year, cut_off)
    key, _, part = (wanted.stage or f"{wanted.programme}/{_FINAL}").partition("/")
    columns = ("key", "id", "name", "from_on", "to_on")
    found = next((row for row in rows.by_ids("programme", "key", (key,), columns)), None)
    if found is None:
        return None
    _, row, name, from_on, to_on = found
    if part == _FINAL:
        span = (date.fromisoformat(from_on), date.fromisoformat(to_on))
        return _period("final", f"{key}/{_FINAL}", *span, Message(name, name), key)
    return _part(rows, key, row, name, part)


def _part(rows: HubRows, key: str, programme: int, name: str, part: str) -> Period:
    columns = ("place", "name", "from_on", "to_on", "removed")
    stages = sorted(row for row in rows.by_ids("stage", "programme", (programme,), columns) if row[4] is None)
    summaries = sorted(
        (row[0], row[1])
        for row in rows.by_ids("milestone", "programme", (programme,), ("on_date", "name", "kind", "stage", "removed"))
        if row[2] == "summary" and row[3] is None and row[4] is None
    )
    for place, stage, from_on, to_on, _ in stages:
        if part == f"{_STAGE}{place}":
            words = Message(f"{name}（{stage}）", f"{name}: {stage}")
            return _period("stage", f"{key}/{part}", date.fromisoformat(from_on), date.fromisoformat(to_on), words, key)
    for on, title in summaries:
        if part == f"{_SUMMARY}{on}":
            begun = next((row[2] for row in stages if row[2] <= on <= row[3]), on)
            words = Message(f"{name}（{title}）", f"{name}: {title}")
            return _period("stage", f"{key}/{part}", date.fromisoformat(begun), date.fromisoformat(on), words, key)
    known = [f"{key}/{_STAGE}{row[0]}" for row in stages] + [f"{key}/{_SUMMARY}{on}" for on, _ in summaries]
    raise errors.InputError(
        "stage",
        f"专项“{key}”没有“{part}”这个阶段或者报告。可用：{'、'.join((*known, f'{key}/{_FINAL}'))}。",
        f"The programme “{key}” has no stage or report “{part}”; there are: {', '.join((*known, f'{key}/{_FINAL}'))}.",
    )


def _period(kind: Any, key: str, from_on: date, to_on: date, name: Message, programme: str) -> Period:
    return Period(kind=kind, key=key, from_on=from_on, to_on=to_on, name=name, programme=programme)


def _cut_off(rows: HubRows) -> int:
    found = settings_of(rows).get(periods.CUT_OFF)
    return int(orjson.loads(found)) if found else 0
