"""Supervision and liability: what units failed, what they were told and answered, who was told of what when.

Four pages: triggers raised by the register itself, the ledger of supervisions, the log of major matters, and the failed
duties of a period as evidence. Of units and organs; there is no list of persons here (domain reference, 8 and 16).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from models.errors import RegisterError
from ui.context import Context
from ui.parts.fields import Segments
from ui.parts.layout import clear, column, row
from ui.parts.lines import LineButton
from ui.parts.text import button, empty, label, notice
from ui.screens.duties.failed import FailedPart
from ui.screens.duties.ledgers import major_line, supervision_line
from ui.screens.duties.triggers import TriggersPart
from ui.screens.lines import LinesScreen
from ui.words import sentence, t

PARTS = ("triggers", "ledger", "major", "liability")


class DutiesScreen(LinesScreen):
    """One page of four at a time; the first is what calls for supervision."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, 960)
        look = context.look
        body = self._page.body
        self._head(t("duties.title"), "", self._way_back(context.back_wanted.emit))
        self.part = Segments([(name, t(f"duties.{name}"), "") for name in PARTS], look, "triggers", t("duties.title"))
        self.part.chosen.connect(lambda _part: self._open())
        body.addWidget(self.part)
        self._filters = column(None, look, 2)
        body.addLayout(self._filters)
        self._begin_lines()
        self.triggers = TriggersPart(self)
        self.failed = FailedPart(self)
        context.register_changed.connect(self._changed)

    def enter(self) -> None:
        """Fetch the page that was looked at last."""
        self._open(focus=True)

    def _changed(self) -> None:
        if self.isVisible():
            self._open()

    def _open(self, *, focus: bool = False) -> None:
        clear(self._filters)
        self.empty_lines()
        part = self.part.value
        if part == "triggers":
            self.triggers.open(self._filters)
        elif part == "liability":
            self.failed.open(self._filters)
        else:
            self._filters.addWidget(label(t(f"duties.{part}_words"), "small", wrap=True))
            self._fetch_ledger(str(part), None)
        if focus:
            next(one for one in self.part.buttons() if one.isChecked()).setFocus()

    def empty_lines(self) -> None:
        """Take all lines away."""
        self.lines.clear()
        clear(self._lines)
        clear(self._foot)

    def add(self, make: Callable[[], LineButton], where: QVBoxLayout | None = None) -> None:
        """Add a line."""
        self.lines.add(where if where is not None else self._lines, make)

    def heading(self, words: str, count: str) -> QVBoxLayout:
        """Add a heading with its number; returns the column for its lines."""
        look = self.context.look
        self._lines.addSpacing(look.space(3))
        head = row(None, look, 2)
        head.addWidget(label(words, "section", wrap=True), 1)
        head.addWidget(label(count, "second"), 0, Qt.AlignmentFlag.AlignBottom)
        self._lines.addLayout(head)
        made = column(None, look, 1)
        self._lines.addLayout(made)
        return made

    def nothing(self, words: str) -> None:
        """Say that there is nothing, and why that is well."""
        self._lines.addWidget(empty(words, t("duties.nothing_advice"), self.context.look, meaning="done"))

    def refused(self, error: RegisterError) -> None:
        """Say what went wrong, with a way to try again."""
        self.empty_lines()
        again = button(t("queue.again"), self._open, "quiet")
        self._lines.addWidget(notice(sentence(error), self.context.look, "late", action=again))

    # The two ledgers.

    def _fetch_ledger(self, part: str, after: Any) -> None:
        def show(found: Any) -> None:
            if self.part.value != part:
                return
            if after is None:
                self.empty_lines()
                self._shown = 0
                if not found.total:
                    self.nothing(t(f"duties.{part}_none"))
            make = supervision_line if part == "ledger" else major_line
            for one in found.lines:
                self.add(lambda one=one: make(self.context, one))  # type: ignore[misc]  # bound now
            self._shown += len(found.lines)
            left = found.total - self._shown if found.after is not None else 0
            self.more(left, lambda: self._fetch_ledger(part, found.after))

        self.context.ask(
            lambda desk: desk.duties.supervisions(after) if part == "ledger" else desk.duties.major_matters(after),
            show,
            self.refused,
            owner=self,
            key="duties",
        )
