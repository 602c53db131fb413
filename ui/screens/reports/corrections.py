"""Corrections: what changed in a submitted period since; of one to be submitted, what it tells of months before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.parts.grids import FullTable
from ui.parts.layout import clear, column
from ui.parts.text import button, label
from ui.words import t

if TYPE_CHECKING:
    from models.figures.records import Correction, Period, Submitted
    from ui.port import DeskPort
    from ui.screens.reports.figures import FiguresPart

WIDTH = 120


class CorrectionsPart(QWidget):
    """The corrections of the period that is shown; Enter opens the matters that make one."""

    def __init__(
        self, part: FiguresPart, period: Period, submitted: Submitted | None, found: Sequence[Correction]
    ) -> None:
        super().__init__()
        self._part, self._period, self._found = part, period, tuple(found)
        look = part.context.look
        self._inside = column(self, look, 2)
        self.table: FullTable | None = None
        self.look: QWidget | None = None
        if submitted is not None:
            self._show_since()
        else:
            self._inside.addWidget(label(t("reports.corrections_words"), "small", wrap=True))
            self.look = button(t("reports.corrections_look"), self.compare, "quiet")
            self._inside.addWidget(self.look, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_since(self) -> None:
        from models.figures import wording
        from models.figures.indicators import indicator

        look = self._part.context.look
        if not self._found:
            self._inside.addWidget(label(t("reports.no_corrections"), "second", wrap=True))
            return
        self._inside.addWidget(label(t("reports.since_words"), "small", wrap=True))
        heads = (t("reports.figure"), t("reports.as_submitted"), t("reports.now"), t("reports.difference"))
        self.table = table = FullTable(look, t("reports.corrections"), heads, len(self._found), numbers=(1, 2, 3))
        for at, one in enumerate(self._found):
            name = str(indicator(one.code).name)
            table.put(at, 0, t("join.pair", name=name, value=one.programme) if one.programme else name)
            table.put(at, 1, wording.text(one.submitted, with_base=True))
            table.put(at, 2, wording.text(one.now, with_base=True))
            table.put(at, 3, wording.change(one.now, one.submitted), strong=True)
        table.fit((0, WIDTH, WIDTH, WIDTH))
        table.opened.connect(lambda row, _at: self._part.open_correction(self._period, self._found[row]))
        table.asked.connect(lambda row, _at: self._part.tell_figure(self._found[row].now))
        self._inside.addWidget(table)

    # Of a period that is not submitted: what its report will tell of the months before.

    def compare(self) -> None:
        """Compare the months before with what was submitted of them; that takes a while."""
        period = self._period

        def ask(desk: DeskPort) -> list[dict[str, Any]]:
            from models.figures import submission

            return submission.found_since(desk.figures, period)

        self._part.context.work(
            lambda desk, _job: ask(desk), self._show_before, owner=self, key="corrections", label="reports.comparing"
        )

    def _show_before(self, found: list[dict[str, Any]]) -> None:
        from models.figures.indicators import indicator

        look = self._part.context.look
        clear(self._inside)
        self.look = None
        if not found:
            self._inside.addWidget(label(t("reports.no_corrections_before"), "second", wrap=True))
            return
        self._inside.addWidget(label(t("reports.corrections_words"), "small", wrap=True))
        heads = (t("reports.figure"), t("reports.month_of"), t("reports.as_submitted"), t("reports.now"))
        self.table = table = FullTable(look, t("reports.corrections"), heads, len(found), numbers=(2, 3))
        for at, one in enumerate(found):
            table.put(at, 0, str(indicator(one["code"]).name))
            table.put(at, 1, one["period"])
            table.put(at, 2, _told(one["code"], one["submitted"]))
            table.put(at, 3, _told(one["code"], one["now"]))
        table.fit((0, WIDTH, WIDTH, WIDTH))
        table.opened.connect(lambda row, _at: self._part.go_to_month(found[row]["period"]))
        self._inside.addWidget(table)
        table.take_focus()


def _told(code: str, counts: Sequence[int | None]) -> str:
    """Return a figure that is told as numerator and base."""
    from models.figures import wording
    from models.figures.indicators import indicator
    from models.figures.records import Figure

    numerator, denominator = counts
    version = indicator(code).version
    figure = Figure(code=code, version=version, numerator=numerator or 0, denominator=denominator)
    return wording.text(figure, with_base=True)
