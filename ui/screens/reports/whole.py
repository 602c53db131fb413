"""All figures of a report in one table, by section: each with its formula, beside last month and last year."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from ui.context import Context
from ui.parts.grids import FullTable
from ui.parts.layout import column
from ui.screens.reports.tiles import formula_of
from ui.words import t

if TYPE_CHECKING:
    from models.figures.records import Figure, Report

NAME, VALUE, CHANGE = 196, 140, 108
FOLDING = (1, 5, 3, 6)
"""Columns that go when there is no room: the formula, which F1 tells too, what was last month and last year."""


class FiguresTable(QWidget):
    """A table of figures; Enter opens the list, F1 tells the formula in full."""

    def __init__(
        self,
        context: Context,
        sections: Sequence[tuple[str, Sequence[str]]],
        figures: Mapping[str, Figure],
        opened: Callable[[str], object],
        asked: Callable[[str], object],
        *,
        report: Report | None = None,
    ) -> None:
        """Show figures.

        Args:
            context: The window's context.
            sections: Heading and codes of each; one section without a heading has none.
            figures: The figures by code.
            opened: Opens the list of a code.
            asked: Tells what a code means.
            report: What the figures are compared with; None for figures that are not compared.
        """
        super().__init__()
        from models.figures import wording
        from models.figures.indicators import indicator

        look = context.look
        compared = list(report.compared) if report is not None else []
        heads = [t("reports.figure"), t("reports.how"), t("reports.this_period")]
        for name in compared:
            heads += [t(f"reports.then_{name}"), t(f"reports.since_{name}")]
        rows: list[tuple[str, str]] = []
        for title, codes in sections:
            known = [code for code in codes if code in figures]
            rows += [("", title)] if title and known else []
            rows += [(code, str(indicator(code).name)) for code in known]
        self.codes = [code for code, _words in rows]
        inside = column(self, look, 1)
        self.table = table = FullTable(look, t("reports.all_figures"), heads, len(rows), numbers=range(2, len(heads)))
        for at, (code, words) in enumerate(rows):
            if not code:
                table.section(at, words)
                continue
            table.put(at, 0, words)
            table.put(at, 1, formula_of(code)).setForeground(QColor(look.colours.third))
            figure = figures[code]
            late = code in ("late", "case_overdue") and bool(figure.numerator)
            table.put(at, 2, wording.text(figure, with_base=True), tone="late" if late else None, strong=True)
            for place, name in enumerate(compared):
                before = report.compared[name].get(code) if report is not None else None
                table.put(at, 3 + 2 * place, wording.text(before) if before is not None else "")
                table.put(at, 4 + 2 * place, wording.change(figure, before))
        folding = [at for at in FOLDING if at < len(heads)]
        table.fit([NAME, 0, VALUE, *[CHANGE] * (len(heads) - 3)], folding, NAME)
        inside.addWidget(table)
        table.opened.connect(lambda row, _at: self._with(row, opened))
        table.asked.connect(lambda row, _at: self._with(row, asked))

    def _with(self, row: int, what: Callable[[str], object]) -> None:
        if 0 <= row < len(self.codes) and self.codes[row]:
            what(self.codes[row])
