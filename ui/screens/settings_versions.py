"""The two sheets of a version of a wording: from which day it counts or ends, and what two versions say differently."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from difflib import SequenceMatcher
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from models.errors import RegisterError
from ui.context import Context
from ui.parts.fields import Choice, DateField, Field
from ui.parts.layout import clear, column, line, row
from ui.parts.sheet import Sheet
from ui.parts.text import button, empty, label
from ui.port import DeskPort
from ui.screens.base import today
from ui.tokens import Look
from ui.words import sentence, t

if TYPE_CHECKING:
    from models.templates import Difference

Take = Callable[[DeskPort, str, int, date], None]


class VersionDaySheet(Sheet):
    """Approve or withdraw a version, for letters dated on or after a day."""

    taken = Signal()

    def __init__(self, context: Context, what: str, kind: str, number: int, take: Take) -> None:
        super().__init__(context, t(f"wording.{what}_title", number=number))
        self._what, self._kind, self._number, self._take = what, kind, number, take
        look = context.look
        self.body.addWidget(label(t(f"wording.{what}_words"), "second", wrap=True))
        self.day = DateField(look, today())
        self.field = Field(t(f"wording.{what}_from"), self.day, look)
        self.body.addWidget(self.field)
        self.finish_body()
        self.go = button(t(f"wording.{what}_go"), self._go, "primary")
        self.foot.addWidget(self.go)
        self.foot.addWidget(button(t("sheet.cancel"), self.close_sheet))
        self.foot.addStretch(1)

    def _go(self) -> None:
        on = self.day.day
        if on is None:
            self.field.doubt(t("field.date_wrong"), "late")
            self.day.setFocus()
            return
        self.go.setEnabled(False)
        self.context.ask(
            lambda desk: self._take(desk, self._kind, self._number, on),
            lambda _none: self._done(),
            self._no,
            owner=self,
        )

    def _done(self) -> None:
        self.taken.emit()
        self.close_sheet()
        self.context.told.emit(t(f"wording.{self._what}_done", number=self._number), "done")

    def _no(self, error: RegisterError) -> None:
        self.go.setEnabled(True)
        self.field.doubt(sentence(error), "late")


class DifferenceSheet(Sheet):
    """What two versions say differently, text by text; what is gone is struck out, what is new is underlined."""

    def __init__(self, context: Context, kind: str, numbers: Sequence[int], before: int, after: int) -> None:
        super().__init__(context, t("wording.compare_title"), width=680)
        self._kind = kind
        look = context.look
        names = [(one, t("wording.shipped") if one == 0 else t("wording.number", number=one)) for one in numbers]
        across = row(None, look, 3)
        self.before, self.after = Choice(names, value=before), Choice(names, value=after)
        for choice, words in ((self.before, t("wording.before")), (self.after, t("wording.after"))):
            across.addWidget(Field(words, choice, look))
            choice.currentIndexChanged.connect(lambda _at: self._fetch())
        self.body.addLayout(across)
        self._texts = column(None, look, 3)
        self.body.addLayout(self._texts)
        self.finish_body()
        self.foot.addWidget(button(t("sheet.close"), self.close_sheet, "primary"))
        self.foot.addStretch(1)
        self._fetch()

    def _fetch(self) -> None:
        before, after = int(str(self.before.value)), int(str(self.after.value))
        self.context.ask(
            lambda desk: desk.wording_differences(self._kind, before, after), self._show, owner=self, key="wording-diff"
        )

    def _show(self, found: tuple[Difference, ...]) -> None:
        look = self.context.look
        clear(self._texts)
        if not found:
            self._texts.addWidget(empty(t("wording.same"), t("wording.same_advice"), look, meaning="same"))
        for at, one in enumerate(found):
            if at:
                self._texts.addWidget(line())
            heading = t("wording.in_family", name=t(f"text.{one.name}"), family=t(f"wording.family_{one.family}"))
            self._texts.addWidget(label(heading, "label"))
            words = label("", wrap=True)
            words.setTextFormat(Qt.TextFormat.RichText)
            words.setText(marked(one.before, one.after, look))
            words.setAccessibleName(t("wording.spoken", before=one.before, after=one.after))
            self._texts.addWidget(words)


def marked(before: str, after: str, look: Look) -> str:
    """Return both texts as one, with what is gone struck out and what is new underlined."""
    gone, new = look.colours.late, look.colours.done
    parts = []
    for what, a, b, c, d in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if what == "equal":
            parts.append(escape(before[a:b]))
            continue
        if b > a:
            parts.append(f'<s style="color:{gone}">{escape(before[a:b])}</s>')
        if d > c:
            parts.append(f'<u style="color:{new}">{escape(after[c:d])}</u>')
    return f'<p style="line-height:150%">{"".join(parts)}</p>'
