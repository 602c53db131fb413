"""What leaders instructed and nobody proved yet: the unit, its day, and the way to the proof. Those due first."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from ui.context import Context
from ui.parts.lines import LineButton
from ui.parts.sheet import sheet_of
from ui.parts.text import chip, due_chip, empty, label
from ui.port import DeskPort
from ui.screens.lines import LinesScreen
from ui.words import day, t, title_seen

if TYPE_CHECKING:
    from models.reception.records import Promise

MANY = 50

Found = tuple[date, tuple["Promise", ...], Any]


class PromisesPart(LinesScreen):
    """Open instructions, fifty at a time."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, 960)
        self._after: Any = None
        context.register_changed.connect(self._changed)

    def enter(self) -> None:
        """Fetch the first ones."""
        self._fetch(None)

    def _fetch(self, after: Any) -> None:
        def ask(desk: DeskPort) -> Found:
            return desk.reception.on, *desk.reception.open_promises(after, MANY)

        self.context.ask(
            ask,
            self._first if after is None else self._further,
            self._failed,
            owner=self,
            key="promises",
        )

    def _first(self, found: Found) -> None:
        self._empty_page()
        body = self._page.body
        body.addWidget(label(t("reception.promises_words"), "small", wrap=True))
        self._begin_lines()
        if not found[1]:
            self._lines.addWidget(
                empty(
                    t("reception.promises_none"), t("reception.promises_none_advice"), self.context.look, meaning="done"
                )
            )
            return
        self._further(found)
        if self.isVisible() and sheet_of(QApplication.focusWidget()) is None:
            self.lines.take_focus()

    def _further(self, found: Found) -> None:
        on, promises, after = found
        for one in promises:
            self.lines.add(self._lines, partial(self._line, one, on))
        self.more(1 if after is not None else 0, lambda: self._fetch(after))

    def _line(self, one: Promise, on: date) -> LineButton:
        made = promise_line(self.context, one, on)
        made.clicked.connect(lambda: self.context.matter_wanted.emit(one.matter, "prove_instruction"))
        return made


def promise_line(context: Context, one: Promise, on: date) -> LineButton:
    """Return the line of an instruction: what, of which unit, by whom, until when, and its proof."""
    look = context.look
    if one.done_on is not None:
        words = t("reception.proved_late") if one.late else t("reception.proved")
        state = chip(words, look, "done")
    else:
        state = due_chip(one.due_on, on, look)
    return LineButton(
        look,
        title_seen(one.what, one.sight),
        "  ".join(part for part in (one.unit, one.number) if part),
        third=t("join.clauses").join(
            part for part in (t("reception.promised", by=one.by, day=day(one.on)), said_proof(one)) if part
        ),
        chips=(state,),
        small=day(one.due_on),
    )


def said_proof(one: Promise) -> str:
    """Return when an instruction was done and what proves it; '' while it is open."""
    if one.done_on is None:
        return ""
    return t("reception.proof", day=day(one.done_on), proof=one.proof or t("reception.proof_hidden"))
