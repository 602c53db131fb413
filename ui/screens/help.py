"""Help: the manual inside the application, chapter by chapter, with a search; and the sheet of keys on F1.

The manual is one Markdown file a language in `resources/manual/`; a line that begins with `## ` begins a chapter. One
chapter is shown at a time, so that a long manual opens at once. A link to `#Title` leads to the chapter of that title.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QKeyEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import (
    QGridLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QTextBrowser,
    QTextEdit,
)

from ui.context import Context
from ui.keys import ACTIONS, shown
from ui.parts.layout import box, column, row
from ui.parts.sheet import Sheet
from ui.parts.text import button, label
from ui.screens.base import Screen
from ui.tokens import TYPE, Look
from ui.words import RESOURCES, language, t

READING_WIDTH = 860
"""Pixels at 100 % beyond which a line is too long to read with ease."""
LIST_WIDTH = 232
LIST_SHARE = 0.26
"""Largest part of the screen's width that the list of chapters takes, for large type."""
LEAST_WEIGHT = 4.0
"""Weight of a column of single words."""
PICTURE_EDGE = 30
"""Pixels of its cell that a picture leaves free."""
WIDE_TABLE = 4
"""Columns from which a table is set small in large type."""
PAIR = 2
"""Pictures of documents that stand beside each other."""

_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_MARKS = re.compile(r"!\[([^]]*)\]\([^)]*\)|\[([^]]*)\]\([^)]*\)|^\|[-|]+\|$|[*`|]", re.MULTILINE)


class Chapter(NamedTuple):
    """A chapter: its title, its Markdown, and its words as they are searched."""

    title: str
    text: str
    words: str


def chapters(text: str) -> list[Chapter]:
    """Return the chapters of a manual; what stands before the first `## ` is a chapter by the name of the manual."""
    parts = re.split(r"^(?=## )", _COMMENT.sub("", text), flags=re.MULTILINE)
    found = []
    for part in parts:
        first, _, _rest = part.partition("\n")
        words = _MARKS.sub(lambda mark: mark[1] or mark[2] or " ", part)
        found.append(Chapter(first.lstrip("# ").strip(), part, words.casefold()))
    return found


class ChapterList(QListWidget):
    """The titles of the chapters. Keys that turn a page turn the chapter's, not the list's."""

    page_turned = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass the keys for pages on."""
        ways = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_Space: 1, Qt.Key.Key_PageUp: -1}
        way = ways.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
        else:
            self.page_turned.emit(way)


class Manual(QTextBrowser):
    """A chapter of the manual. Its pictures come from resources/manual/ and are fitted to the width."""

    marked = 0
    """Places of what is searched that are shown."""

    def fit(self, most: int, least_margin: int) -> None:
        """Leave the text at most `most` pixels, beside the list."""
        self.setViewportMargins(least_margin, 0, max(least_margin, self.width() - most - least_margin), 0)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Return a picture of the manual, no wider than its place."""
        asked = name.toString() if isinstance(name, QUrl) else str(name)
        path = RESOURCES / "manual" / asked
        if kind == QTextDocument.ResourceType.ImageResource.value and asked.startswith("img/") and path.is_file():
            picture = QImage(str(path))
            width = max(200, self.viewport().width() - 2 * round(self.document().documentMargin()) - 16)
            if asked.startswith("img/documents/"):
                one_page = picture.width() < picture.height()
                width = width // (PAIR if one_page else 1) - PICTURE_EDGE
            if picture.width() > width:
                return picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
            return picture
        return super().loadResource(kind, name)

    def show_chapter(self, chapter: Chapter, look: Look) -> None:
        """Lay a chapter out."""
        document = self.document()
        document.clear()
        self.setMarkdown(chapter.text)
        whole = QTextCursor(document)
        small = QTextCharFormat()
        small.setProperty(QTextFormat.Property.FontPixelSize, look.text(TYPE.small))
        whole.beginEditBlock()  # laid out once, not for each block
        block = document.begin()
        while block.isValid():
            form = block.blockFormat()
            table = QTextCursor(block).currentTable()
            inside = table is not None
            if table is not None and look.large and table.columns() >= WIDE_TABLE:
                cursor = QTextCursor(block)
                cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(small)
            form.setLineHeight(130 if inside else 150, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            form.setTopMargin(0 if inside else look.space(5) if form.headingLevel() else look.space(1))
            form.setBottomMargin(0 if inside else look.space(2))
            if "\ufffc" in block.text():
                form.setLineHeight(100, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            QTextCursor(block).setBlockFormat(form)
            block = block.next()
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                _rule(frame, look)
        whole.endEditBlock()
        self.verticalScrollBar().setValue(0)

    def mark(self, text: str, look: Look) -> None:
        """Show every place of `text`, put the first in view, and keep how many there are in `marked`."""
        marks: list[QTextEdit.ExtraSelection] = []
        cursor = QTextCursor(self.document())
        while text and not (cursor := self.document().find(text, cursor)).isNull():
            one = QTextEdit.ExtraSelection()
            one.cursor = cursor
            form = QTextCharFormat()
            form.setBackground(QBrush(QColor(look.colours.soon_soft)))
            form.setForeground(QBrush(QColor(look.colours.ink)))
            one.format = form
            marks.append(one)
        self.setExtraSelections(marks)
        if marks:
            place = QTextCursor(marks[0].cursor)
            place.clearSelection()
            self.setTextCursor(place)
            self.ensureCursorVisible()
        self.marked = len(marks)


def _rule(table: QTextTable, look: Look) -> None:
    """Give a table hairlines and room, the whole width, and columns of one width where they hold pictures."""
    form = table.format()
    form.setBorder(1)
    form.setBorderBrush(QBrush(QColor(look.colours.hairline)))
    form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    form.setBorderCollapse(True)
    form.setCellPadding(look.space(1) + 1)
    form.setCellSpacing(0)
    form.setTopMargin(look.space(1))
    form.setBottomMargin(look.space(3))
    pictures = any("\ufffc" in _cell(table, at, 0) for at in range(1, table.rows()))
    if not pictures or table.columns() > 1:
        shares = [100 / table.columns()] * table.columns() if pictures else _shares(table)
        form.setColumnWidthConstraints([QTextLength(QTextLength.Type.PercentageLength, share) for share in shares])
        form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 99))
    table.setFormat(form)


def _cell(table: QTextTable, at: int, place: int) -> str:
    return table.cellAt(at, place).firstCursorPosition().block().text()


def _shares(table: QTextTable) -> list[float]:
    """Return the part of the width in percent that each column gets: more for longer words, less than in proportion."""
    weights = []
    for place in range(table.columns()):
        length = sum(len(_cell(table, at, place)) for at in range(1, table.rows())) / max(1, table.rows() - 1)
        weights.append(max(LEAST_WEIGHT, length**0.5))
    return [100 * weight / sum(weights) for weight in weights]


class HelpScreen(Screen):
    """The manual in the language spoken."""

    name = "help"

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        look = context.look
        outer = column(self, look, 0)
        bar = row(None, look, 2)
        bar.setContentsMargins(look.space(5), look.space(3), look.space(5), look.space(2))
        bar.addWidget(label(t("help.title"), "page"))
        bar.addStretch(1)
        self.keys_button = button(t("help.keys"), lambda: context.sheet_wanted.emit(KeysSheet(context)))
        bar.addWidget(self.keys_button)
        outer.addLayout(bar)
        desk = row(None, look, 0)
        outer.addLayout(desk, 1)
        self.side = box("page")
        side = column(self.side, look, 2)
        side.setContentsMargins(look.space(5), 0, 0, look.space(3))
        self.search = QLineEdit()
        self.search.setProperty("kind", "search")
        self.search.setPlaceholderText(t("help.search"))
        self.search.setAccessibleName(t("help.search_name"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._filter())
        self.search.returnPressed.connect(self._next_found)
        side.addWidget(self.search)
        self.list = ChapterList()
        self.list.setAccessibleName(t("help.chapters"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(lambda _now, _before: self._render())
        side.addWidget(self.list, 1)
        self.none = label(t("help.none"), "second", wrap=True)
        self.none.hide()
        side.addWidget(self.none)
        desk.addWidget(self.side)
        self.manual = Manual()
        self.manual.setOpenLinks(False)
        self.manual.anchorClicked.connect(self._follow)
        self.manual.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.manual.setAccessibleName(t("help.title"))
        self.manual.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.list.page_turned.connect(self._turn)
        desk.addWidget(self.manual, 1)
        self.chapters = chapters((RESOURCES / "manual" / f"{language()}.md").read_text(encoding="utf-8"))
        for place, chapter in enumerate(self.chapters):
            item = QListWidgetItem(chapter.title)
            item.setData(Qt.ItemDataRole.UserRole, place)
            self.list.addItem(item)
        self._shown_for = 0

    def enter(self) -> None:
        """Show the chapter that was open last, the first one at first."""
        self._fit_list()
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        else:
            self._render()
        self.list.setFocus()

    def open_chapter(self, title: str) -> bool:
        """Show the chapter of a title; False when there is none."""
        for place, chapter in enumerate(self.chapters):
            if chapter.title == title:
                self.list.setCurrentRow(place)
                return True
        return False

    def back(self) -> bool:
        """Leave a search."""
        if not self.search.text():
            return False
        self.search.clear()
        self.list.setFocus()
        return True

    def _follow(self, link: QUrl) -> None:
        self.open_chapter(link.fragment(QUrl.ComponentFormattingOption.FullyDecoded))

    def _turn(self, way: int) -> None:
        bar = self.manual.verticalScrollBar()
        bar.setValue(bar.value() + way * bar.pageStep())

    @property
    def _wanted(self) -> str:
        return self.search.text().strip()

    def _filter(self) -> None:
        """Leave in the list the chapters that say what is searched, with how often; show the first of them."""
        wanted = self._wanted.casefold()
        first = None
        for place, chapter in enumerate(self.chapters):
            item = self.list.item(place)
            count = chapter.words.count(wanted) if wanted else 0
            item.setHidden(bool(wanted) and not count)
            item.setText(t("help.found", title=chapter.title, count=count) if count else chapter.title)
            if not item.isHidden() and first is None:
                first = place
        self.none.setVisible(first is None)
        current = self.list.currentItem()
        if first is not None and (current is None or current.isHidden()):
            self.list.setCurrentRow(first)
        else:
            self.manual.mark(self._wanted, self.context.look)

    def _next_found(self) -> None:
        """Go to the next chapter of those found, and round."""
        seen = [place for place in range(self.list.count()) if not self.list.item(place).isHidden()]
        if self._wanted and seen:
            now = self.list.currentRow()
            self.list.setCurrentRow(next((place for place in seen if place > now), seen[0]))

    def _render(self) -> None:
        look = self.context.look
        item = self.list.currentItem()
        if item is None:
            return
        self._shown_for = self.manual.width()
        self.manual.fit(look.size(READING_WIDTH), look.space(5))
        self.manual.show_chapter(self.chapters[item.data(Qt.ItemDataRole.UserRole)], look)
        self.manual.mark(self._wanted, look)

    def _fit_list(self) -> None:
        look = self.context.look
        self.side.setFixedWidth(min(look.size(LIST_WIDTH), round(self.width() * LIST_SHARE)))

        self.list.setSpacing(look.space(1) // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit list and pictures to a new width."""
        super().resizeEvent(event)
        self._fit_list()
        if self._shown_for and abs(self.manual.width() - self._shown_for) > 40:
            place = self.manual.verticalScrollBar().value()
            self._render()
            self.manual.verticalScrollBar().setValue(place)


class KeysSheet(Sheet):
    """All keys, by where they hold."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, t("help.keys"), width=520)
        look = context.look
        for scope in ("window", "list", "form", "matter", "letter"):
            self.body.addWidget(label(t(f"scope.{scope}"), "label"))
            grid = QGridLayout()
            grid.setHorizontalSpacing(look.space(5))
            grid.setVerticalSpacing(look.space(1))
            grid.setColumnStretch(0, 1)
            for at, action in enumerate(one for one in ACTIONS if one.scope == scope):
                keys = action.keys if action.name != "rail" else ("Alt+1", "…", action.keys[-1])
                grid.addWidget(label(t(f"keys.{action.name}"), wrap=True), at, 0)
                grid.addWidget(label("  ".join(shown(key) for key in keys), "second"), at, 1)
            self.body.addLayout(grid)
        self.finish_body()
        self.foot.addWidget(button(t("sheet.close"), self.close_sheet, "primary"))
        self.foot.addStretch(1)
