"""A screen that is one page of lines: its head, its lines with the next ones on request, what it says of trouble."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from models.errors import RegisterError
from ui.context import Context
from ui.parts.layout import Page, clear, column, row
from ui.parts.lines import Lines
from ui.parts.text import button, label, notice
from ui.screens.base import Screen
from ui.words import sentence, t


class LinesScreen(Screen):
    """One page of lines; J, K and the arrows go from line to line."""

    def __init__(self, context: Context, width: int) -> None:
        super().__init__()
        self.context = context
        outer = column(self, context.look, 0)
        self._page = Page(context.look, width=width, margin=6, gap=3)
        outer.addWidget(self._page)
        self.lines = Lines(self._page.inner)

    def _changed(self) -> None:
        """Fetch again after a change, when this screen is the one looked at."""
        if self.isVisible():
            self.enter()

    def _empty_page(self) -> None:
        focus = QApplication.focusWidget()
        if focus is not None and self._page.isAncestorOf(focus):
            focus.clearFocus()  # else it wanders from line to line while they go, and the page scrolls after it
        clear(self._page.body)
        self.lines.clear()

    def _head(self, title: str, under: str, at_right: QWidget) -> None:
        """Add the title with what is said under it, and the button at its right."""
        look = self.context.look
        head = row(None, look, 3)
        titles = column(None, look, 0)
        titles.addWidget(label(title, "page", wrap=True))
        if under:
            titles.addWidget(label(under, "second", wrap=True))
        head.addLayout(titles, 1)
        head.addWidget(at_right, 0, Qt.AlignmentFlag.AlignTop)
        self._page.body.addLayout(head)

    def _way_back(self, pressed: Callable[[], object]) -> QPushButton:
        return button(t("queue.back"), pressed, "quiet", picture_of="back", look=self.context.look)

    def _begin_lines(self) -> None:
        """Add the column of lines and, under it, the place of the button for more; they end the page."""
        look, body = self.context.look, self._page.body
        self._lines = column(None, look, 1)
        body.addLayout(self._lines)
        self._foot = column(None, look, 2)
        body.addLayout(self._foot)
        body.addStretch(1)

    def more(self, left: int, fetch: Callable[[], object]) -> None:
        """Offer the next lines; nothing when none are left."""
        clear(self._foot)
        if left > 0:
            words = t("queue.more", count=f"{left:,}")
            self._foot.addWidget(button(words, fetch), 0, Qt.AlignmentFlag.AlignLeft)

    def _failed(self, error: RegisterError) -> None:
        """Say what went wrong in place of the page, with a way to try again."""
        self._empty_page()
        self._again = button(t("queue.again"), self.enter, "quiet")
        self._page.body.addWidget(notice(sentence(error), self.context.look, "late", action=self._again))
        self._page.body.addStretch(1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from line to line with J, K and the arrows."""
        if not self.lines.step(event):
            super().keyPressEvent(event)
