"""Going out, inviting, by video: a leader or a delegate talks with the petitioner of a matter on a prominent problem.

Offered, never imposed: the day is planned here, the matter is put on it with the petitioner's consent, and it is
received like any other, also on a laptop without a line (Seed A Art. 6; domain reference, section 13).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from ui import law
from ui.context import Context
from ui.parts.lines import LineButton
from ui.parts.text import button, chip, empty, label
from ui.port import DeskPort
from ui.screens.lines import LinesScreen
from ui.screens.reception.dayforms import OUT_FORMS, DaySheet, form_word, said_day, said_who
from ui.screens.reception.plan import PLANNERS
from ui.words import t

if TYPE_CHECKING:
    from models.reception.records import Host, ReceptionDay

BACK, AHEAD = timedelta(days=370), timedelta(days=370)

Found = tuple[date, tuple["ReceptionDay", ...], tuple["Host", ...]]


def fetch(desk: DeskPort) -> Found:
    """Ask for the days away from the reception place, a year back and ahead; runs on the worker."""
    on = desk.reception.on
    days = [one for one in desk.reception.days(on - BACK, on + AHEAD) if one.form in OUT_FORMS]
    return on, tuple(reversed(days)), desk.reception.leaders()


class OutPart(LinesScreen):
    """Visits away from the reception place, the newest first."""

    day_wanted = Signal(object)
    """Show a day, and receive on it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, 960)
        self._leaders: tuple[Host, ...] = ()
        self._on: date | None = None
        context.register_changed.connect(self._changed)

    def enter(self) -> None:
        """Fetch the days."""
        self.context.ask(fetch, self._show, self._failed, owner=self, key="reception-out")

    def _show(self, found: Found) -> None:
        self._on, days, self._leaders = found
        self._empty_page()
        look, body = self.context.look, self._page.body
        body.addWidget(label(t("reception.out_words"), "small", wrap=True))
        self.new = button(t("reception.out_new"), self.add, "primary", picture_of="add", look=look)
        body.addWidget(self.new, 0, Qt.AlignmentFlag.AlignLeft)
        self.new.setVisible(bool(self.context.roles & PLANNERS))  # once it stands in the page, else it is a window
        self._begin_lines()
        if not days:
            self._lines.addWidget(empty(t("reception.out_none"), t("reception.out_none_advice"), look, meaning="visit"))
        for one in days:
            self.lines.add(self._lines, partial(self._line, one))

    def _line(self, one: ReceptionDay) -> LineButton:
        look = self.context.look
        count = sum(one.counts.values())
        made = LineButton(
            look,
            t("reception.out_line", form=form_word(one), day=said_day(one)),
            "  ".join((said_who(one), one.place)),
            third=one.cancelled,
            chips=(
                chip(
                    law.code("reception_state", one.state),
                    look,
                    {"open": "accent", "closed": "done"}.get(one.state, "quiet"),  # type: ignore[arg-type]  # tones
                ),
            ),
            small=t("reception.matters", count=count),
        )
        made.clicked.connect(lambda: self.day_wanted.emit(one.id))
        return made

    def add(self) -> None:
        """Plan a visit away from the reception place."""
        sheet = DaySheet(
            self.context,
            self._leaders,
            None,
            self.day_wanted.emit,
            on=self._on,
            forms=OUT_FORMS,
        )
        self.context.sheet_wanted.emit(sheet)
