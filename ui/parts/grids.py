"""Tables of figures that stand in a page: as high as their rows, moved in by cell or row; Enter opens, F1 tells.

The page scrolls, not the table. `grid_table` shows a `Grid` of a paper, so that screen and paper say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ui.parts.layout import Page
from ui.parts.tables import ROW_HEIGHT, dress, step_row
from ui.tokens import TYPE, Look, Tone
from ui.words import t

if TYPE_CHECKING:
    from models.sheets.content import Grid

SHARE = int(Qt.ItemDataRole.UserRole)
"""Role of how long the bar behind a number is, 0 to 1."""
SHARE_WIDTH = 76
"""Pixels at 100 % that a column of a paper's grid of width 1 gets at least."""
EDGE = 2
"""Pixels of lines around a head."""
BAR_EDGE = 3
"""Pixels at 100 % between a bar and the edges of its cell."""


class FullTable(QTableWidget):
    """A table of words and numbers, as high as it needs to be."""

    opened = Signal(int, int)
    """Enter or a double click on a cell: row, column."""
    asked = Signal(int, int)
    """F1 on a cell: what does it mean?"""
    at_hand = Signal(int, int)
    """Another cell is at hand."""

    def __init__(
        self,
        look: Look,
        name: str,
        heads: Sequence[str],
        rows: int,
        *,
        by_cell: bool = False,
        numbers: Sequence[int] = (),
        wrap: bool = False,
    ) -> None:
        """Make an empty table; `numbers` are the columns that stand at the right."""
        super().__init__(rows, len(heads))
        self._look, self._wrap = look, wrap
        self._numbers = frozenset(numbers)
        self._widths: tuple[int, ...] = ()
        self._folding: tuple[int, ...] = ()
        self._least = 0
        self._shares: tuple[int, ...] = ()
        self._whole: frozenset[int] = frozenset()
        dress(self, look, name, wrap=wrap)
        if by_cell:
            self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setMinimumSectionSize(look.size(24))
        self._heads = tuple(heads)
        for at, words in enumerate(heads):
            made = QTableWidgetItem(words)
            made.setToolTip(words)
            side = Qt.AlignmentFlag.AlignRight if at in self._numbers else Qt.AlignmentFlag.AlignLeft
            made.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(at, made)
        self.cellDoubleClicked.connect(self.opened.emit)
        self.currentCellChanged.connect(self._moved)

    def put(self, row: int, at: int, words: str, *, tone: Tone | None = None, strong: bool = False) -> QTableWidgetItem:
        """Write a cell."""
        made = QTableWidgetItem(words)
        side = Qt.AlignmentFlag.AlignRight if at in self._numbers else Qt.AlignmentFlag.AlignLeft
        made.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        made.setToolTip(words)
        if tone is not None:
            made.setForeground(QColor(self._look.colours.tone(tone)[0]))
        if strong:
            bold = QFont()
            bold.setWeight(QFont.Weight.DemiBold)
            made.setFont(bold)
        if at and words:
            made.setData(Qt.ItemDataRole.AccessibleTextRole, t("join.pair", name=self._heads[at], value=words))
        self.setItem(row, at, made)
        return made

    def section(self, row: int, words: str) -> None:
        """Make a row a heading of those under it."""
        made = self.put(row, 0, words, strong=True)
        made.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.setSpan(row, 0, 1, self.columnCount())

    def words(self, row: int, at: int) -> str:
        """Return what stands in a cell."""
        found = self.item(row, at)
        return found.text() if found is not None else ""

    def fit(self, widths: Sequence[int], folding: Sequence[int] = (), least: int = 160) -> None:
        """Set the widths of all columns in pixels at 100 %; 0 for the one that gets the rest.

        Args:
            widths: Of each column.
            folding: Columns that are left out when there is no room, the first to go first. When the one that gets
                the rest goes, the first column gets it.
            least: Width that the one with the rest keeps.
        """
        self._widths, self._folding, self._least = tuple(widths), tuple(folding), least
        self._lay()

    def spread(self, shares: Sequence[int], whole: Sequence[int] = ()) -> None:
        """Let every column have its share of the width, and at least so many pixels at 100 %; scroll when need be.

        `whole` are the columns whose words are not broken: they are as wide as these.
        """
        self._shares, self._whole = tuple(shares), frozenset(whole)
        self._lay()

    def _lay(self) -> None:
        if self._shares:
            self._lay_shares()
        elif self._widths:
            self._lay_widths()

    def _lay_shares(self) -> None:
        width, look = self.viewport().width(), self._look
        metrics = self.fontMetrics()
        wanted = []
        for at, share in enumerate(self._shares):
            want = look.size(share)
            if at in self._whole:
                lines = (line for row in range(self.rowCount()) for line in self.words(row, at).split("\n"))
                longest = max((metrics.horizontalAdvance(line) for line in lines), default=0)
                want = max(want, longest + look.space(5))
            wanted.append(want)
        broken = sum(want for at, want in enumerate(wanted) if at not in self._whole)
        more = max((width - sum(wanted) + broken) / broken, 1.0) if broken else 1.0
        for at, want in enumerate(wanted):
            self.setColumnWidth(at, want if at in self._whole else int(want * more))
        self._lay_height(width)

    def _lay_widths(self) -> None:
        look, width = self._look, self.viewport().width()
        shown = {at: look.size(want) for at, want in enumerate(self._widths)}
        rest, least = self._widths.index(0), look.size(self._least)
        for at in self._folding:
            if sum(shown.values()) + least <= width:
                break
            shown.pop(at, None)
            if at == rest:
                rest, shown[0] = 0, 0
        shown[rest] = max(width - sum(shown.values()), least)
        for at in range(self.columnCount()):
            self.setColumnHidden(at, at not in shown)
            if at in shown:
                self.setColumnWidth(at, shown[at])
        self._lay_height(width)

    def _lay_height(self, width: int) -> None:
        look = self._look
        if self._wrap:
            self.resizeRowsToContents()
            for at in range(self.rowCount()):
                self.setRowHeight(at, max(self.rowHeight(at) + look.space(1), look.size(ROW_HEIGHT)))
        head = self._lay_heads()
        rows = sum(self.rowHeight(at) for at in range(self.rowCount()))
        over = look.size(10) if self.horizontalHeader().length() > width else 0
        self.setFixedHeight(head + rows + over + 2)

    def _lay_heads(self) -> int:
        """Let heads go on in a next line where their column is narrow; returns their height."""
        look, header = self._look, self.horizontalHeader()
        font = QFont(header.font())
        font.setPixelSize(look.text(TYPE.small))
        metrics = QFontMetrics(font)
        lines = 1
        for at, words in enumerate(self._heads):
            item = self.horizontalHeaderItem(at)
            if item is None or self.isColumnHidden(at):
                continue
            room = max(self.columnWidth(at) - 2 * look.space(2) - EDGE, look.size(24))
            broken = "\n".join(line for part in words.split("\n") for line in _broken(part, room, metrics))
            lines = max(lines, broken.count("\n") + 1)
            if item.text() != broken:
                item.setText(broken)
        height = lines * metrics.lineSpacing() + 2 * look.space(1) + EDGE
        header.setFixedHeight(height)
        return height

    def take_focus(self) -> None:
        """Put the focus on the first cell that can be opened."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_first(self) -> None:
        for row in range(self.rowCount()):
            found = self.item(row, 0)
            if found is not None and found.flags() & Qt.ItemFlag.ItemIsSelectable:
                self.setCurrentCell(row, 0)
                return

    def _moved(self, row: int, at: int, _old_row: int, _old_at: int) -> None:
        if row >= 0:
            self._show_row()
            self.at_hand.emit(row, at)

    def _show_row(self) -> None:
        """Let the page show the row at hand."""
        holder: QWidget | None = self.parentWidget()
        while holder is not None and not isinstance(holder, Page):
            holder = holder.parentWidget()
        if holder is not None and self.currentRow() >= 0 and self.hasFocus():
            place = self.visualRect(self.currentIndex())
            spot = self.viewport().mapTo(holder.inner, QPoint(0, place.center().y()))
            holder.ensureVisible(0, spot.y(), 0, self._look.size(2 * ROW_HEIGHT))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Let something be at hand, and the page show it."""
        if self.currentRow() < 0:
            self._take_first()
        super().focusInEvent(event)
        QTimer.singleShot(0, self, self._show_row)

    def event(self, event: QEvent) -> bool:
        """Take F1 before the window does: here it asks what a figure means."""
        before = event.type() == QEvent.Type.ShortcutOverride
        if before and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F1 and self.currentRow() >= 0:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by J and K; open on Enter; F1 asks."""
        row, at = self.currentRow(), self.currentColumn()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self.opened.emit(row, at)
        elif plain and event.key() == Qt.Key.Key_F1 and row >= 0:
            self.asked.emit(row, at)
        elif not step_row(self, event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns to the width there is."""
        super().resizeEvent(event)
        self._lay()

    def showEvent(self, event: QShowEvent) -> None:
        """Measure again once the font of the stylesheet is in force."""
        super().showEvent(event)
        self._lay()


def _broken(words: str, room: int, metrics: QFontMetrics) -> list[str]:
    """Return words over as many lines as they need; broken at blanks, or anywhere where there is none."""
    lines, rest = [], words
    while rest and metrics.horizontalAdvance(rest) > room:
        cut = next((at for at in range(len(rest) - 1, 0, -1) if metrics.horizontalAdvance(rest[:at]) <= room), 1)
        blank = rest.rfind(" ", 1, cut + 1)
        cut = blank if blank > 0 else cut
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*lines, rest] if rest or not lines else lines


class BarDelegate(QStyledItemDelegate):
    """Draws a bar behind a number: how large it is beside the largest of its column."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the bar, then the number over it."""
        share = index.data(SHARE)
        if isinstance(share, float) and share > 0:
            place: QRect = option.rect
            edge = self._look.size(BAR_EDGE)
            length = max(round((place.width() - 2 * edge) * min(share, 1.0)), 1)
            bar = QRect(place.right() - edge - length, place.top() + edge, length, place.height() - 2 * edge)
            painter.fillRect(bar, QColor(self._look.colours.series[3]))
        super().paint(painter, option, index)


def grid_table(grid: Grid, look: Look, name: str, rows: Sequence[Sequence[object]]) -> FullTable:
    """Return a grid of a paper as a table; `rows` are those that are to be seen of it.

    As on paper, a value that belongs under another stands under it in the same cell.
    """
    from models.sheets.words import shown

    stacks: list[list[int]] = []
    for at, column in enumerate(grid.columns):
        if column.under and stacks:
            stacks[-1].append(at)
        else:
            stacks.append([at])
    heads = []
    for stack in stacks:
        group = grid.columns[stack[0]].group
        heads.append("\n".join([*([group] if group else []), *(grid.columns[at].head for at in stack)]))
    numbers = [
        place
        for place, stack in enumerate(stacks)
        if all(grid.columns[at].kind in ("int", "percent", "decimal") for at in stack)
    ]
    made = FullTable(look, name, heads, len(rows), numbers=numbers, wrap=True)
    for row, values in enumerate(rows):
        for place, stack in enumerate(stacks):
            said = [
                shown(values[at], grid.columns[at].kind, grid.columns[at].digits)  # type: ignore[arg-type]  # of a grid
                for at in stack
            ]
            made.put(row, place, "\n".join(said) if any(said) else "")
    shares = [round(SHARE_WIDTH * max(grid.columns[at].width for at in stack)) for stack in stacks]
    whole = [
        place
        for place, stack in enumerate(stacks)
        if any(not grid.columns[at].wrap or grid.columns[at].kind != "text" for at in stack)
    ]
    made.spread(shares, whole)
    return made
