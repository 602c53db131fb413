"""One queue in full: its exact number, its lines fifty at a time, each opening at the very act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from models.errors import RegisterError
from ui import law
from ui.context import Context
from ui.parts.layout import Page, clear, column, row
from ui.parts.lines import Lines
from ui.parts.text import button, empty, label, notice
from ui.screens.base import Screen
from ui.screens.duties.waiting import queue_line
from ui.words import sentence, t

if TYPE_CHECKING:
    from models.queues import Place, Queue


class QueueScreen(Screen):
    """The page behind "all" of a queue."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.queue = ""
        self.shown = 0
        look = context.look
        outer = column(self, look, 0)
        self._page = Page(look, width=900, margin=6, gap=3)
        outer.addWidget(self._page)
        self.lines = Lines(self._page.inner)
        context.register_changed.connect(self._changed)

    def open(self, queue: str) -> None:
        """Show a queue from its beginning."""
        self.queue = queue
        self.setAccessibleName(t(f"queue.{queue}"))

    def enter(self) -> None:
        """Fetch the first page."""
        self._fetch(None)

    def _changed(self) -> None:
        if self.isVisible():
            self.enter()

    def _fetch(self, after: Place | None) -> None:
        name = self.queue
        self.context.ask(
            lambda desk: desk.duties.queue(name, after),
            self._first if after is None else self._more,
            self._failed,
            owner=self,
            key="queue",
        )

    def _first(self, found: Queue) -> None:
        look, body = self.context.look, self._page.body
        clear(body)
        self.lines.clear()
        self.shown = 0
        head = row(None, look, 3)
        titles = column(None, look, 0)
        titles.addWidget(label(t(f"queue.{found.name}"), "page", wrap=True))
        titles.addWidget(
            label(t("queue.all_of", count=f"{found.total:,}", act=law.act(found.act)), "second", wrap=True)
        )
        head.addLayout(titles, 1)
        back = button(t("queue.back"), self.context.back_wanted.emit, "quiet", picture_of="back", look=look)
        head.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        body.addLayout(head)
        self._lines = column(None, look, 1)
        body.addLayout(self._lines)
        self._foot = column(None, look, 2)
        body.addLayout(self._foot)
        body.addStretch(1)
        if not found.total:
            self._lines.addWidget(empty(t("queue.empty"), t("queue.empty_advice"), look, meaning="done"))
            back.setFocus()
            return
        self._more(found)
        if self.isVisible():
            self.lines.take_focus()

    def _more(self, found: Queue) -> None:
        for one in found.lines:
            self.lines.add(self._lines, lambda one=one: queue_line(self.context, one))  # type: ignore[misc]  # bound now
        self.shown += len(found.lines)
        clear(self._foot)
        left = found.total - self.shown
        if found.after is not None and left > 0:
            after = found.after
            words = t("queue.more", count=f"{left:,}")
            self._foot.addWidget(button(words, lambda: self._fetch(after)), 0, Qt.AlignmentFlag.AlignLeft)

    def _failed(self, error: RegisterError) -> None:
        clear(self._page.body)
        self.lines.clear()
        again = button(t("queue.again"), self.enter, "quiet")
        self._page.body.addWidget(notice(sentence(error), self.context.look, "late", action=again))
        self._page.body.addStretch(1)
        again.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from line to line with J, K and the arrows."""
        if not self.lines.step(event):
            super().keyPressEvent(event)
