"""The right margin: likely earlier matters and why; same person and same substance apart (domain reference, 10.4)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from models.records import Hint
from ui import law
from ui.context import Context
from ui.parts.layout import Page, Wrapping, box, clear, column
from ui.parts.sheet import Sheet
from ui.parts.text import button, chip, label
from ui.words import day, said_of, t

SAME = ("both", "person", "substance")


class HintsSheet(Sheet):
    """The margin as a sheet, for windows with no room beside the form."""

    def __init__(self, context: Context, margin: HintsMargin) -> None:
        super().__init__(context, t("hint.title"))
        shown = HintsMargin(context, within=True)
        shown.link = margin.link
        shown.show_hints(margin.hints)
        shown.linked.connect(margin.choose)
        self.body.addWidget(shown)
        self.finish_body()
        self.foot.addWidget(button(t("sheet.close"), self.close_sheet, "primary"))
        self.foot.addStretch(1)


class HintsMargin(QFrame):
    """Earlier matters, each with why it is shown, and two things to do: look, or say that it is the same matter."""

    linked = Signal(object)
    """The `Hint` whose matter this item repeats; None takes it back."""

    def __init__(self, context: Context, *, within: bool = False) -> None:
        super().__init__()
        self.context = context
        self._within = within
        self.setProperty("kind", "" if within else "margin")
        self.setAccessibleName(t("hint.title"))
        look = context.look
        outer = column(self, look, 0)
        if within:
            self._body = column(None, look, 3)
            outer.addLayout(self._body)
        else:
            page = Page(look, margin=4, gap=3)
            outer.addWidget(page)
            self._body = page.body
        self.hints: tuple[Hint, ...] = ()
        self.link: int | None = None
        self.show_hints(())

    def show_hints(self, hints: tuple[Hint, ...]) -> None:
        """Show these; the likeliest first within each group."""
        self.hints = hints
        look, body = self.context.look, self._body
        clear(body)
        if not self._within:
            body.addWidget(label(t("hint.title"), "strong"))
        if not hints:
            body.addWidget(label(t("hint.none"), "small", wrap=True))
        for same in SAME:
            group = [hint for hint in hints if hint.same == same]
            if not group:
                continue
            body.addSpacing(look.space(2))
            body.addWidget(label(t(f"hint.{same}"), "label"))
            for hint in group:
                body.addWidget(self._card(hint))
        body.addStretch(1)

    def _card(self, hint: Hint) -> QWidget:
        look = self.context.look
        card = box("card")
        inside = column(card, look, 1, 3)
        inside.setSpacing(look.space(1))
        inside.addWidget(label(hint.title, "strong", wrap=True))
        inside.addWidget(
            label("  ".join(part for part in (hint.who, day(hint.received_on)) if part), "second", wrap=True)
        )
        inside.addWidget(label(f"{hint.number}  {law.code('state', hint.state)}", "small", wrap=True))
        reasons = Wrapping(look, 1)
        for code, words in hint.reasons:
            reasons.add(chip(f"{t(f'hint.reason_{code}')} {words}".strip(), look))
        inside.addWidget(reasons)
        buttons = Wrapping(look, 1)
        buttons.add(button(t("hint.open"), lambda: self.context.matter_wanted.emit(hint.matter, ""), "quiet"))
        same = button(
            t("hint.unlink") if self.link == hint.matter else t("hint.link"), lambda: self._choose(hint), "quiet"
        )
        same.setCheckable(True)
        same.setChecked(self.link == hint.matter)
        buttons.add(same)
        inside.addWidget(buttons)
        card.setAccessibleName(said_of(hint.title, hint.number))
        return card

    def choose(self, hint: Hint | None) -> None:
        """Take the choice made in the sheet."""
        self.link = hint.matter if hint is not None else None
        self.linked.emit(hint)
        self.show_hints(self.hints)

    def _choose(self, hint: Hint) -> None:
        taken_back = self.link == hint.matter
        self.link = None if taken_back else hint.matter
        self.linked.emit(None if taken_back else hint)
        self.show_hints(self.hints)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
