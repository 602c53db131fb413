"""Help: the manual inside the application, and the sheet of keys on F1."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QResizeEvent, QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QGridLayout, QTextBrowser

from ui.context import Context
from ui.keys import ACTIONS, shown
from ui.parts.layout import column, row
from ui.parts.sheet import Sheet
from ui.parts.text import button, label
from ui.screens.base import Screen
from ui.words import RESOURCES, language, t

READING_WIDTH = 780
"""Pixels at 100 % beyond which a line is too long to read with ease."""


class Manual(QTextBrowser):
    """The manual. Its pictures come from resources/manual/ and are fitted to the width."""

    def fit(self, most: int, least_margin: int) -> None:
        """Leave the text at most `most` pixels and put it in the middle."""
        side = max(least_margin, (self.width() - most) // 2)
        self.setViewportMargins(side, 0, side, 0)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Return a picture of the manual, no wider than the page."""
        asked = name.toString() if isinstance(name, QUrl) else str(name)
        path = RESOURCES / "manual" / asked
        if kind == QTextDocument.ResourceType.ImageResource.value and asked.startswith("img/") and path.is_file():
            picture = QImage(str(path))
            width = max(200, self.viewport().width() - 2 * round(self.document().documentMargin()) - 16)
            if picture.width() > width:
                return picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
            return picture
        return super().loadResource(kind, name)


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
        self.manual = Manual()
        self.manual.setOpenExternalLinks(False)
        self.manual.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.manual.setAccessibleName(t("help.title"))
        outer.addWidget(self.manual, 1)
        self._shown_for = 0

    def enter(self) -> None:
        """Read the manual in."""
        self._render()
        self.manual.setFocus()

    def _render(self) -> None:
        look = self.context.look
        self._shown_for = self.manual.width()
        place = self.manual.verticalScrollBar().value()
        document = self.manual.document()
        document.clear()
        self.manual.fit(look.size(READING_WIDTH), look.space(5))
        self.manual.setMarkdown((RESOURCES / "manual" / f"{language()}.md").read_text(encoding="utf-8"))
        block = document.begin()
        while block.isValid():
            form = block.blockFormat()
            form.setLineHeight(150, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            form.setTopMargin(look.space(5) if form.headingLevel() else look.space(1))
            form.setBottomMargin(look.space(2))
            if "\ufffc" in block.text():
                form.setLineHeight(100, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            QTextCursor(block).setBlockFormat(form)
            block = block.next()
        self.manual.verticalScrollBar().setValue(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pictures to a new width."""
        super().resizeEvent(event)
        if self._shown_for and abs(self.manual.width() - self._shown_for) > 40:
            self._render()


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
