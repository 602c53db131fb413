"""Tables of a bulk act: what would be taken, row by row with a box, and what became of each with its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from ui import icons, law
from ui.parts.tables import ROW_HEIGHT, dress, step_row
from ui.tokens import Look
from ui.words import t

if TYPE_CHECKING:
    from models.bulk import BulkLine, BulkReport

ROWS_SEEN = 10
MEASURED_ROWS = 300


def _where(line: BulkLine, units: Mapping[int, str]) -> str:
    """Return the unit or organ that a line leads to, with the police branch that the rules see."""
    inputs = line.inputs
    parts = (
        units.get(inputs.get("unit", 0), "") or str(inputs.get("destination_name") or ""),
        law.code("police", inputs.get("police")) if inputs.get("police") else "",
    )
    return "  ".join(part for part in parts if part)


def _said(line: BulkLine) -> str:
    return " ".join(str(line.reason).split())


class _Table(QTableWidget):
    """A table of a bulk act: columns with words, rows as high as their text, arrows and J, K."""

    def __init__(self, look: Look, columns: tuple[str, ...], rows: int, name: str) -> None:
        super().__init__(rows, len(columns))
        self._look = look
        dress(self, look, name, wrap=True)
        self.setHorizontalHeaderLabels([t(f"bulk.column_{column}") for column in columns])
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        if rows > MEASURED_ROWS:
            self.verticalHeader().setDefaultSectionSize(look.size(52))
        self.setMinimumHeight(look.size(ROW_HEIGHT) * min(rows + 1, ROWS_SEEN) + look.space(1))

    def put(self, at: int, across: int, words: str) -> QTableWidgetItem:
        """Write a cell."""
        made = QTableWidgetItem(words)
        made.setToolTip(words)
        self.setItem(at, across, made)
        return made

    def fit(self, widths: tuple[int, ...]) -> None:
        """Set the widths of all columns but the last, in pixels at 100 %."""
        for at, width in enumerate(widths):
            self.setColumnWidth(at, self._look.size(width))
        if self.rowCount():
            self.setCurrentCell(0, 0)

    def _set_heights(self) -> None:
        """Let a row be as high as its reason; with very many rows each has two lines, the rest is in its tip."""
        if self.rowCount() <= MEASURED_ROWS:
            self.resizeRowsToContents()
            for at in range(self.rowCount()):
                self.setRowHeight(at, self.rowHeight(at) + self._look.space(2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure the rows for the width there is."""
        super().resizeEvent(event)
        self._set_heights()

    def showEvent(self, event: QShowEvent) -> None:
        """Measure the rows once the font of the stylesheet is in force."""
        super().showEvent(event)
        self._set_heights()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by J and K."""
        if not step_row(self, event):
            super().keyPressEvent(event)


class TakenTable(_Table):
    """What the rules would put in for each matter; space unticks a row. Rows that cannot be taken have no box."""

    changed = Signal()

    def __init__(self, look: Look, report: BulkReport, units: Mapping[int, str]) -> None:
        self._lines = report.lines
        super().__init__(look, ("number", "class", "exit", "where", "reason"), len(report.lines), t("bulk.table"))
        for at, line in enumerate(report.lines):
            first = self.put(at, 0, line.number)
            if line.outcome == "possible":
                first.setFlags(first.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                first.setCheckState(Qt.CheckState.Checked)
            self.put(at, 1, law.code("category", line.inputs.get("category")) if line.inputs.get("category") else "")
            self.put(at, 2, t("bulk.exit", number=line.inputs["exit"]) if line.inputs.get("exit") else "")
            self.put(at, 3, _where(line, units))
            self.put(at, 4, _said(line))
        self.fit((150, 112, 72, 180))
        self.itemChanged.connect(lambda _item: self.changed.emit())

    def wanted(self) -> tuple[int, ...]:
        """Return the matters whose box is ticked."""
        return tuple(
            line.matter for at, line in enumerate(self._lines) if line.outcome == "possible" and self._ticked(at)
        )

    def _ticked(self, at: int) -> bool:
        first = self.item(at, 0)
        return first is not None and first.checkState() == Qt.CheckState.Checked

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick and untick with space."""
        at = self.currentRow()
        first = self.item(at, 0)
        if event.key() == Qt.Key.Key_Space and first is not None and self._lines[at].outcome == "possible":
            first.setCheckState(Qt.CheckState.Unchecked if self._ticked(at) else Qt.CheckState.Checked)
            return
        super().keyPressEvent(event)


class ReportTable(_Table):
    """What became of each matter: refused and left ones first, each with its sentence."""

    def __init__(self, look: Look, report: BulkReport, units: Mapping[int, str]) -> None:
        order = {"refused": 0, "left": 1, "possible": 2, "done": 3}
        lines = sorted(report.lines, key=lambda line: order[line.outcome])
        super().__init__(look, ("number", "outcome", "where", "reason"), len(lines), t("bulk.report"))
        tones = {"done": ("done", look.colours.done), "refused": ("late", look.colours.late)}
        for at, line in enumerate(lines):
            self.put(at, 0, line.number)
            outcome = self.put(at, 1, t(f"bulk.outcome_{line.outcome}"))
            meaning, colour = tones.get(line.outcome, ("doubt", look.colours.second))
            outcome.setIcon(icons.icon(meaning, colour))
            self.put(at, 2, _where(line, units))
            self.put(at, 3, _said(line))
        self.fit((150, 110, 180))
