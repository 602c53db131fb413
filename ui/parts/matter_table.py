"""The register as Qt sees it: frozen lines behind an item model, and a table that J and K move in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView

from models.records import MatterLine, Page
from ui import icons, law
from ui.keys import way_of
from ui.parts.tables import dress, fit_columns, step_row
from ui.parts.text import due_tone
from ui.screens.base import today
from ui.tokens import Look
from ui.words import day, days_left, said_of, t, title_seen

COLUMNS = ("number", "title", "who", "state", "received", "unit", "due")
Index = QModelIndex | QPersistentModelIndex


class MatterModel(QAbstractTableModel):
    """Frozen lines behind Qt's model. What is shown is made once per line, when its page arrives."""

    more_wanted = Signal(object)
    """Fetch the page after this key."""
    picked_changed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._lines: list[MatterLine] = []
        self._shown: list[tuple[str, ...]] = []
        self._tones: list[str] = []
        self._after: Any = None
        self._asked: Any = None
        self.picking = False
        """Whether rows are being picked: a box stands in front of each."""
        self.picked: dict[int, int] = {}
        """Matter to its place in the register, in the order in which they were picked; also those not fetched yet."""
        self._colours = {tone: QColor(look.colours.tone(tone)[0]) for tone in ("late", "soon", "done")}
        self._second = QColor(look.colours.second)
        self._icons = {
            meaning: icons.icon(meaning, colour)
            for meaning, colour in (
                ("late", look.colours.late),
                ("soon", look.colours.soon),
                ("done", look.colours.done),
                ("sealed", look.colours.third),
                ("visit", look.colours.third),
                ("letter", look.colours.third),
                ("call", look.colours.third),
                ("web", look.colours.third),
                ("fax", look.colours.third),
                ("document", look.colours.third),
            )
        }
        self._strong = QFont()
        self._strong.setWeight(QFont.Weight.DemiBold)

    def replace(self, page: Page) -> None:
        """Show a first page in place of everything."""
        self.beginResetModel()
        self._lines, self._shown, self._tones = [], [], []
        self._take(page)
        self.endResetModel()

    def append(self, page: Page) -> None:
        """Add the page that was asked for."""
        if not page.lines:
            self._after = None
            return
        first = len(self._lines)
        self.beginInsertRows(QModelIndex(), first, first + len(page.lines) - 1)
        self._take(page)
        self.endInsertRows()

    def _take(self, page: Page) -> None:
        now = today()
        for one in page.lines:
            self._lines.append(one)
            tone = "done" if one.state in law.DONE_STATES else due_tone(one.due_on, now) if one.next_clock else "quiet"
            self._tones.append(tone)
            self._shown.append(self._words(one, now))
        self._after, self._asked = page.after, None

    def _words(self, one: MatterLine, now: date) -> tuple[str, ...]:
        due = ""
        if one.next_clock:
            due = days_left((one.due_on - now).days) if one.due_on else t("days.no_calendar")
        title = title_seen(one.title, one.sight)
        return (one.number, title, one.who, law.code("state", one.state), day(one.received_on), one.unit, due)

    def pick(self, at: int, *, on: bool | None = None) -> None:
        """Pick a row, or unpick it; the other way round when `on` is not given."""
        one = self._lines[at]
        self.picking = True
        if (one.id not in self.picked) if on is None else on:
            self.picked[one.id] = one.place
        else:
            self.picked.pop(one.id, None)
        self._picked()

    def pick_all(self, found: Mapping[int, int]) -> None:
        """Pick all of these: matter to place."""
        self.picking = True
        self.picked.update(found)
        self._picked()

    def unpick_all(self) -> None:
        """Pick nothing, and show no boxes."""
        self.picking, self.picked = False, {}
        self._picked()

    def _picked(self) -> None:
        if self._lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._lines) - 1, 0))
        self.picked_changed.emit()

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let the box in front of a row be pressed while rows are being picked."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsUserCheckable if self.picking and index.column() == 0 else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Pick or unpick a row by its box."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid() or not self.picking:
            return False
        self.pick(index.row(), on=Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def line(self, at: int) -> MatterLine:
        """Return the record of a row."""
        return self._lines[at]

    @property
    def ended(self) -> bool:
        """Return whether the last page is here."""
        return self._after is None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        """Return the number of rows fetched."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows; all of it is at hand."""
        if not index.isValid():
            return None
        at, column_at = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown[at][column_at]
        name = COLUMNS[column_at]
        tone = self._tones[at]
        if role == Qt.ItemDataRole.ForegroundRole:
            if name == "due" or (name == "state" and tone == "done"):
                return self._colours.get(tone)
            return None if name == "title" else self._second
        if role == Qt.ItemDataRole.DecorationRole:
            if name == "due":
                return self._icons.get(tone) if tone in ("late", "soon") else None
            if name == "state":
                return self._icons["done"] if tone == "done" else None
            if name == "number":
                one = self._lines[at]
                return self._icons["sealed"] if one.sight != "full" else self._icons[law.channel_icon(one.channel)]
            return None
        if role == Qt.ItemDataRole.CheckStateRole and self.picking and column_at == 0:
            return Qt.CheckState.Checked if self._lines[at].id in self.picked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.FontRole and name == "due" and tone == "late":
            return self._strong
        if role == Qt.ItemDataRole.ToolTipRole and name in ("title", "who", "unit"):
            return self._shown[at][column_at]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = f"{t(f'column.{name}')}: {self._shown[at][column_at]}"
            return said_of(said, t("pick.is_picked")) if column_at == 0 and self._lines[at].id in self.picked else said
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the heading of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole and section < len(COLUMNS):
            return t(f"column.{COLUMNS[section]}")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def canFetchMore(self, parent: Index) -> bool:
        """Say whether there is a page that has not been asked for."""
        return not parent.isValid() and self._after is not None and self._asked != self._after

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next page; it arrives when the worker has it."""
        if self.canFetchMore(parent):
            self._asked = self._after
            self.more_wanted.emit(self._after)


class MatterTable(QTableView):
    """The table. J and K move as the arrows do; space picks a row, with Shift the arrows pick on the way."""

    opened = Signal(int)
    """Row."""
    picked = Signal(int, object)
    """Row; True, or None for the other way round."""
    all_wanted = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        dress(self, look, t("register.table"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().setSectionsClickable(True)
        self.setIconSize(QSize(look.size(16), look.size(16)))
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by J and K, open on Enter, pick with space, Shift and Ctrl+A."""
        at, modifiers = self.currentIndex().row(), event.modifiers()
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.all_wanted.emit()
            return
        step = way_of(event)
        if modifiers == Qt.KeyboardModifier.ShiftModifier and step and at >= 0:
            self.picked.emit(at, True)
            if 0 <= at + step < self.model().rowCount():
                self.setCurrentIndex(self.model().index(at + step, 0))
                self.picked.emit(at + step, True)
            return
        if event.key() == Qt.Key.Key_Space and modifiers == Qt.KeyboardModifier.NoModifier and at >= 0:
            self.picked.emit(at, None)
            return
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and modifiers == Qt.KeyboardModifier.NoModifier and at >= 0:
            self.opened.emit(at)
            return
        if not step_row(self, event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Set the widths of the columns for the width there is."""
        wants = {"number": 176, "who": 96, "state": 104, "received": 104, "unit": 132, "due": 132}
        fit_columns(self, self._look, COLUMNS, wants, ("unit", "received", "who", "state"), room=220, least=120)
