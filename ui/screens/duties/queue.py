"""One queue in full: its exact number, its lines fifty at a time, each opening at the very act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.errors import RegisterError
from ui import law
from ui.context import Context
from ui.parts.text import empty
from ui.screens.duties.waiting import queue_line
from ui.screens.lines import LinesScreen
from ui.words import t

if TYPE_CHECKING:
    from models.queues import Place, Queue


class QueueScreen(LinesScreen):
    """The page behind "all" of a queue."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, 900)
        self.queue = ""
        self.shown = 0
        context.register_changed.connect(self._changed)

    def open(self, queue: str) -> None:
        """Show a queue from its beginning."""
        self.queue = queue
        self.setAccessibleName(t(f"queue.{queue}"))

    def enter(self) -> None:
        """Fetch the first page."""
        self._fetch(None)

    def _fetch(self, after: Place | None) -> None:
        name = self.queue
        self.context.ask(
            lambda desk: desk.duties.queue(name, after),
            self._first if after is None else self._show_more,
            self._failed,
            owner=self,
            key="queue",
        )

    def _first(self, found: Queue) -> None:
        self._empty_page()
        self.shown = 0
        back = self._way_back(self.context.back_wanted.emit)
        under = t("queue.all_of", count=f"{found.total:,}", act=law.act(found.act))
        self._head(t(f"queue.{found.name}"), under, back)
        self._begin_lines()
        if not found.total:
            self._lines.addWidget(empty(t("queue.empty"), t("queue.empty_advice"), self.context.look, meaning="done"))
            back.setFocus()
            return
        self._show_more(found)
        if self.isVisible():
            self.lines.take_focus()

    def _show_more(self, found: Queue) -> None:
        for one in found.lines:
            self.lines.add(self._lines, lambda one=one: queue_line(self.context, one))  # type: ignore[misc]  # bound now
        self.shown += len(found.lines)
        left = found.total - self.shown if found.after is not None else 0
        self.more(left, lambda: self._fetch(found.after))

    def _failed(self, error: RegisterError) -> None:
        super()._failed(error)
        self._again.setFocus()
