"""The sheet of "no longer accepted": the earlier matters with every check, and the two texts side by side.

Whether facts and reasons are the same is for the officer, who says so in writing (`models.exhausted`; SC-431 Art. 35,
REG-2022 Art. 36).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from models.records import MatterFile, OpenAct
from ui.context import Context
from ui.parts.layout import Wrapping, box, clear, column, row
from ui.parts.text import button, chip, label
from ui.screens.matter.entries import joined
from ui.screens.matter.sheets import ActSheet
from ui.words import said_of, t

if TYPE_CHECKING:
    from models.comparison import Sentence
    from models.exhausted import Earlier, Exhausted, Finding


class NoLongerSheet(ActSheet):
    """The inputs of “no longer accepted” below the earlier matters, every check, and the two texts side by side."""

    wide = 760

    def __init__(self, context: Context, act: OpenAct, file: MatterFile, typed: dict[str, Any] | None = None) -> None:
        super().__init__(context, act, file, typed)
        look = context.look
        self._aid = QWidget()
        self._aid_column = column(self._aid, look, 3)
        self._aid_column.addWidget(label(t("aid.waiting"), "small"))
        self.body.insertWidget(1 if act.article else 0, self._aid)
        self.check = button(t("aid.check"), None, "quiet", picture_of="search", look=look)
        self.body.insertWidget(self.body.indexOf(self._fields["earlier"]) + 1, self.check)

    def show_aid(self, found: Exhausted) -> None:
        """Show the checks and the two matters."""
        clear(self._aid_column)
        for one in found.findings:
            self._aid_column.addWidget(self._finding(one))
        for earlier in found.earlier:
            self._aid_column.addWidget(self._earlier(earlier))

    def show_refusal(self, words: str) -> None:
        """Say why an earlier matter could not be looked at."""
        self._fields["earlier"].doubt(words, "late")

    def _finding(self, one: Finding) -> QWidget:
        look = self.context.look
        made = QWidget()
        down = column(made, look, 0)
        top = Wrapping(look, 1)
        top.add(chip(t("aid.holds"), look, "done") if one.ok else chip(t("aid.fails"), look, "soon", "doubt"))
        top.add(label(str(one.article), "small"))
        down.addWidget(top)
        down.addWidget(label(str(one.reason), wrap=True, copy=True))
        made.setAccessibleName(said_of(t("aid.holds") if one.ok else t("aid.fails"), str(one.reason), str(one.article)))
        return made

    def _earlier(self, one: Earlier) -> QWidget:
        look = self.context.look
        card = box("card")
        down = column(card, look, 2, 3)
        down.addWidget(label(joined(one.number, one.title), "strong", wrap=True, copy=True))
        for finding in one.findings:
            down.addWidget(self._finding(finding))
        beside = row(None, look, 4)
        top_of = Qt.AlignmentFlag.AlignTop
        beside.addWidget(self._texts(t("aid.later"), one.comparison.later, t("aid.new")), 1, top_of)
        earlier = self._texts(t("aid.earlier", number=one.number), one.comparison.earlier, t("aid.left"))
        beside.addWidget(earlier, 1, top_of)
        down.addLayout(beside)
        top = Wrapping(look, 1)
        press = button(t("aid.take", number=one.number), partial(self._take, one.number), "")
        top.add(press)
        down.addWidget(top)
        card.setAccessibleName(joined(one.number, one.title))
        return card

    def _texts(self, title: str, sentences: Sequence[Sentence], alone: str) -> QWidget:
        """Return the sentences of one side; what the other side does not have is marked with the word `alone`."""
        look = self.context.look
        made = QWidget()
        down = column(made, look, 1)
        down.addWidget(label(title, "label"))
        for one in sentences:
            down.addWidget(label(one.text, "second" if one.same else "", wrap=True, copy=True))
            if not one.same:
                mark = Wrapping(look, 1)
                mark.add(chip(alone, look, "accent", "doubt"))
                down.addWidget(mark)
        return made

    def _take(self, number: str) -> None:
        field = self.inputs["earlier"]
        field.setText(number)  # type: ignore[attr-defined]  # a line of text
        self.inputs["compared"].setFocus()
