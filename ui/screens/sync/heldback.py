"""What of the sync waits for a person: refused batches and entries, with the cause in plain words and what mends it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QHBoxLayout

from ui.context import Context
from ui.parts.layout import row
from ui.parts.lines import LineButton
from ui.parts.sheet import sheet_of
from ui.parts.text import button, chip, empty, label
from ui.screens.lines import LinesScreen
from ui.services import Outcome
from ui.tokens import Tone
from ui.words import moment, t

if TYPE_CHECKING:
    from sync.waiting import Waiting

_TONES: dict[str, Tone] = {"again": "quiet", "retry": "soon", "correct": "soon", "repair": "late", "keep": "quiet"}


class HeldBackPart(LinesScreen):
    """Everything that waits, and what can be done about it here."""

    name = "sync-held"

    def __init__(self, context: Context) -> None:
        super().__init__(context, 960)
        context.register_changed.connect(self._changed)

    def enter(self) -> None:
        """Fetch what waits."""
        ask = self.context.services.waiting
        if ask is not None:
            self.context.ask(ask, self._show, self._failed, owner=self, key="waiting")

    def _show(self, found: tuple[Waiting, ...]) -> None:
        self._empty_page()
        look, body = self.context.look, self._page.body
        if not found:
            self._begin_lines()
            self._lines.addWidget(empty(t("held.none"), t("held.none_advice"), look, meaning="done"))
            return
        body.addWidget(label(t("held.words"), "second", wrap=True))
        ways = self._ways({one.repair for one in found})
        if ways.count():
            body.addLayout(ways)
        self._begin_lines()
        for one in found:
            self.lines.add(self._lines, partial(self._line, one))
        self.more(0, self.enter)
        if self.isVisible() and sheet_of(QApplication.focusWidget()) is None:
            self.lines.take_focus()

    def _ways(self, wanted: set[str]) -> QHBoxLayout:
        """Return the buttons of what can be mended here."""
        look, services = self.context.look, self.context.services
        across = row(None, look, 2)
        if "retry" in wanted and services.retry is not None:
            across.addWidget(button(t("held.retry"), self.retry, "primary"))
        if across.count():
            across.addStretch(1)
        return across

    def _line(self, one: Waiting) -> LineButton:
        look = self.context.look
        made = LineButton(
            look,
            str(one.what),
            str(one.cause),
            chips=(chip(t(f"held.repair_{one.repair}"), look, _TONES[one.repair]),),
            small=moment(one.noted_at),
        )
        if one.matter is not None:
            matter = one.matter
            made.clicked.connect(lambda: self.context.matter_wanted.emit(matter, ""))
        return made

    def retry(self) -> None:
        """Try again what came and could not be laid over the register."""
        again = self.context.services.retry
        if again is not None:
            self.context.ask(again, self._done, self._failed, owner=self)

    def _done(self, outcome: Outcome) -> None:
        self.context.told.emit(outcome.words, "done" if outcome.good else "late")
        self.context.register_changed.emit()
