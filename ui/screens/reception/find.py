"""Finding the matter of somebody who calls for an appointment or stands at the counter: by number, name, telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from models.errors import RegisterError
from models.records import Filters, MatterLine, Page
from ui import law
from ui.context import Context
from ui.parts.fields import text_line
from ui.parts.layout import clear, column
from ui.parts.lines import LineButton
from ui.parts.sheet import Sheet
from ui.parts.text import button, label
from ui.timers import after_pause
from ui.words import day, sentence, t, title_seen

if TYPE_CHECKING:
    from collections.abc import Callable

PAUSE_MS = 200
MANY = 8
"""Hits shown; whoever is not among them is found by typing more."""


class FindSheet(Sheet):
    """A search box and its hits. Who has no matter yet is registered first."""

    chosen = Signal(object)
    """`MatterLine`."""

    def __init__(self, context: Context, title: str, words: str, *, newly: Callable[[], object] | None = None) -> None:
        super().__init__(context, title, width=520)
        look = context.look
        self.body.addWidget(label(words, "second", wrap=True))
        self.search = text_line(placeholder=t("reception.find_hint"))
        self.search.setAccessibleName(title)
        self.search.returnPressed.connect(self._first)
        self.body.addWidget(self.search)
        self._hits = column(None, look, 1)
        self.body.addLayout(self._hits)
        self.lines: list[LineButton] = []
        self._found: tuple[MatterLine, ...] = ()
        self._wanted = False
        """Enter was pressed before the hits were there."""
        self.finish_body()
        self._timer = after_pause(self, PAUSE_MS, self._ask)
        self.search.textChanged.connect(lambda _text: self._timer.start())
        if newly is not None:
            self.newly = button(t("reception.register_first"), newly, picture_of="new", look=look)
            self.foot.addWidget(self.newly)
        self.foot.addStretch(1)
        self.foot.addWidget(button(t("sheet.cancel"), self.close_sheet))
        self._ask()

    def _ask(self) -> None:
        text = self.search.text().strip()
        self.context.ask(
            lambda desk: desk.search(text, limit=MANY) if text else desk.page(Filters(), limit=MANY),
            self._show,
            self._failed,
            owner=self,
            key="reception-find",
        )

    def _show(self, page: Page) -> None:
        clear(self._hits)
        look = self.context.look
        self.lines = []
        for one in page.lines:
            made = LineButton(
                look,
                title_seen(one.title, one.sight),
                "  ".join(part for part in (one.number, one.who) if part),
                third="  ".join(part for part in (law.code("state", one.state), one.unit) if part),
                small=day(one.received_on),
            )
            made.clicked.connect(lambda _on=False, one=one: self.chosen.emit(one))
            self.lines.append(made)
            self._hits.addWidget(made)
        if not page.lines:
            self._hits.addWidget(label(t("reception.find_none"), "second", wrap=True), 0, Qt.AlignmentFlag.AlignLeft)
        elif page.after is not None:
            self._hits.addWidget(label(t("reception.find_more"), "small", wrap=True))
        self._found = page.lines
        if self._wanted and page.lines:
            self._wanted = False
            self._take(page.lines)

    def _first(self) -> None:
        """Take the only hit on Enter, or go into the list."""
        if self._timer.isActive():
            self._timer.stop()
            self._wanted = True
            self._ask()
        else:
            self._take(self._found)

    def _take(self, found: tuple[MatterLine, ...]) -> None:
        if len(found) == 1:
            self.chosen.emit(found[0])
        elif self.lines:
            self.lines[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _failed(self, error: RegisterError) -> None:
        clear(self._hits)
        self._hits.addWidget(label(sentence(error), tone="late", wrap=True))
