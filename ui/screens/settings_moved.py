"""The table of last days that would move: whose, from when to when, and what becomes late or in time by it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QTableView

from ui import law
from ui.parts.tables import ROW_HEIGHT, dress, fit_columns, step_row
from ui.tokens import Look
from ui.words import day, t, title_seen

if TYPE_CHECKING:
    from typing import Any

    from models.shifts import RuleChange, Shift

COLUMNS = ("number", "title", "unit", "clock", "start", "before", "after", "status")
ROWS_SEEN = 12
Index = QModelIndex | QPersistentModelIndex


def future_words(change: RuleChange) -> str:
    """Return what matters of later days will have otherwise."""
    before = str(change.before) if change.before is not None else t("calendar.no_clock")
    after = str(change.after) if change.after is not None else t("calendar.no_clock")
    return t("calendar.future", name=change.name, before=before, after=after, article=change.article)


class _Model(QAbstractTableModel):
    def __init__(self, look: Look, shifts: tuple[Shift, ...]) -> None:
        super().__init__()
        self.shifts = shifts
        self._late, self._done = QColor(look.colours.late), QColor(look.colours.done)

    def words(self, at: int) -> tuple[str, ...]:
        one = self.shifts[at]
        unknown = t("calendar.unknown_day")
        status = ""
        if one.before != one.after:
            names = [
                t(f"calendar.status_{state}") if state else t("calendar.no_clock") for state in (one.before, one.after)
            ]
            status = t("calendar.turns", before=names[0], after=names[1])
        return (
            one.number,
            title_seen(one.title, one.sight),
            one.unit,
            law.clock(one.clock),
            day(one.start_on),
            day(one.before_on) or unknown,
            day(one.after_on) or unknown,
            status,
        )

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.shifts)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        name = COLUMNS[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.words(index.row())[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{t(f'calendar.column_{name}')}: {self.words(index.row())[index.column()]}"
        if role == Qt.ItemDataRole.ForegroundRole and name in ("after", "status"):
            one = self.shifts[index.row()]
            if one.before_on is not None and one.after_on is not None and one.before_on != one.after_on:
                return self._late if one.after_on < one.before_on else self._done
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return t(f"calendar.column_{COLUMNS[section]}")
        return None


class ShiftTable(QTableView):
    """Every last day that would move, whole. J and K move, Enter opens the matter."""

    opened = Signal(object)
    """Matter."""

    def __init__(self, look: Look, shifts: tuple[Shift, ...]) -> None:
        super().__init__()
        self._look = look
        self._model = _Model(look, shifts)
        self.setModel(self._model)
        dress(self, look, t("calendar.table"))
        self.setMinimumHeight(look.size(ROW_HEIGHT) * (min(len(shifts), ROWS_SEEN) + 1) + look.space(2))
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        if shifts:
            self.setCurrentIndex(self._model.index(0, 0))

    def cells(self) -> list[tuple[str | date | None, ...]]:
        """Return the table as cells for a file, heads first, days as days."""
        rows: list[tuple[str | date | None, ...]] = [tuple(t(f"calendar.column_{name}") for name in COLUMNS)]
        for at, one in enumerate(self._model.shifts):
            words = self._model.words(at)
            rows.append((*words[:4], one.start_on, one.before_on, one.after_on, words[7]))
        return rows

    def _open(self, at: int) -> None:
        if 0 <= at < len(self._model.shifts):
            self.opened.emit(self._model.shifts[at].matter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by J and K, open on Enter."""
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex().row())
        elif not step_row(self, event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns."""
        super().resizeEvent(event)
        wants = {"number": 120, "unit": 110, "clock": 190, "start": 100, "before": 100, "after": 100, "status": 130}
        fit_columns(self, self._look, COLUMNS, wants, ("start", "unit", "status", "clock"), room=120, least=80)
