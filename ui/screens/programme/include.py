"""Entering a matter as a key case, from the list of cases: the matter is found, its act opens on the matter itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from ui import law
from ui.context import Context
from ui.parts.fields import Field
from ui.parts.layout import clear, column
from ui.parts.lines import LineButton
from ui.parts.sheet import Sheet
from ui.parts.text import button, label
from ui.screens.matter.pick import SearchLine
from ui.timers import after_pause
from ui.words import day, sentence, t, title_seen

if TYPE_CHECKING:
    from models.errors import RegisterError
    from models.programme.records import Programme
    from models.records import MatterLine, Page

HITS = 12
PAUSE_MS = 250
ACT = "include_key_case"


class IncludeSheet(Sheet):
    """Find the matter by number, name or words; pressing it opens the act there, with the programme filled in."""

    def __init__(self, context: Context, programme: Programme) -> None:
        super().__init__(context, t("case.include_title"), width=560)
        self._programme = programme
        look = context.look
        self.body.addWidget(label(t("case.include_words", name=programme.name), "second", wrap=True))
        self.search = SearchLine()
        self.search.setPlaceholderText(t("top.search_short").split()[0])
        self.body.addWidget(Field(t("case.include_search"), self.search, look))
        self._found = column(None, look, 1)
        self.body.addLayout(self._found)
        self.finish_body()
        self.foot.addWidget(button(t("sheet.cancel"), self.close_sheet))
        self.foot.addStretch(1)
        self.rows: list[QPushButton] = []
        self._pause = after_pause(self, PAUSE_MS, self._ask)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.search.down.connect(lambda: self.rows[0].setFocus() if self.rows else None)
        self.search.taken.connect(lambda: self.rows[0].click() if self.rows else None)

    def _ask(self) -> None:
        text = self.search.text().strip()
        if not text:
            clear(self._found)
            self.rows = []
            return
        self.context.ask(
            lambda desk: desk.search(text, None, None, HITS), self._show, self._refused, owner=self, key="include"
        )

    def _show(self, page: Page) -> None:
        clear(self._found)
        self.rows = []
        for one in page.lines:
            made = LineButton(
                self.context.look,
                f"{one.number}  {title_seen(one.title, one.sight)}",
                "  ".join(part for part in (law.code("state", one.state), one.unit, day(one.received_on)) if part),
            )
            made.clicked.connect(partial(self._open, one))
            self._found.addWidget(made)
            self.rows.append(made)
        if not page.lines:
            self._found.addWidget(label(t("case.include_none"), "second", wrap=True))

    def _refused(self, error: RegisterError) -> None:
        clear(self._found)
        self.rows = []
        self._found.addWidget(label(sentence(error), "second", tone="late", wrap=True))

    def _open(self, one: MatterLine, *_pressed: object) -> None:
        key = self._programme.key
        self.close_sheet()
        self.context.act_wanted.emit(one.id, ACT, {"programme": key})
