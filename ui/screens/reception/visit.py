"""One number of the docket: what it is about, and what can be done with it now, the likeliest first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from models.errors import RegisterError
from ui import law
from ui.context import Context
from ui.parts.fields import Field, text_line
from ui.parts.forms import field_of
from ui.parts.layout import Wrapping
from ui.parts.lines import LineButton
from ui.parts.sheet import Sheet
from ui.parts.text import button, chip, label, notice
from ui.tokens import Look, Tone
from ui.words import said_of, sentence, t, title_seen

if TYPE_CHECKING:
    from models.reception.records import ReceptionDay, VisitLine

TONES: dict[str, Tone] = {"called": "accent", "received": "done", "waiting": "soon"}
NUMBER_PIXELS = 132
"""Of the number that is read out at the counter, at 100 %."""

Actions = tuple[tuple[str, Callable[[], object]], ...]


def visit_line(look: Look, one: VisitLine) -> LineButton:
    """Return the line of a visit: its number or time in front, the matter, how it stands and since when."""
    front = turn_words(one) or one.slot
    head = title_seen(one.title, one.sight)
    return LineButton(
        look,
        "  ".join(part for part in (front, head) if part),
        "  ".join(part for part in (one.number, law.code("visit_kind", one.kind), people_words(one)) if part),
        third=t("join.clauses").join(str(words) for _code, words in one.missing) or one.reason,
        chips=(
            *((chip(t("reception.missing", count=len(one.missing)), look, "late"),) if one.missing else ()),
            state_chip(look, one),
        ),
        small=times(one),
    )


def state_chip(look: Look, one: VisitLine) -> Any:
    """Return the state of a visit; of who was received the outcome."""
    words = law.code("visit_state", one.state)
    if one.state == "received" and one.outcome:
        words = law.code("on_the_spot", one.outcome)
    return chip(words, look, TONES.get(one.state, "quiet"), "clock" if one.state == "waiting" else "")


def turn_words(one: VisitLine) -> str:
    """Return the number at the counter, '' before they came."""
    return t("reception.turn", turn=one.turn) if one.turn is not None else ""


def people_words(one: VisitLine) -> str:
    """Return how many came, '' when it was not counted or is one."""
    return t("reception.people", count=one.people) if one.people and one.people > 1 else ""


def times(one: VisitLine) -> str:
    """Return when they came, were called and left; before that the time that was given."""
    if one.ended_at:
        return f"{one.called_at or one.came_at}—{one.ended_at}"
    if one.called_at:
        return t("reception.called_at", time=one.called_at)
    if one.came_at:
        return t("reception.came_at", time=one.came_at)
    return t("reception.slot_at", time=one.slot) if one.slot else ""


class VisitSheet(Sheet):
    """A visit with its actions. Each closes the sheet, or opens another one in its place."""

    def __init__(self, context: Context, one: VisitLine, actions: Actions) -> None:
        super().__init__(context, turn_words(one) or law.code("visit_kind", one.kind))
        look = context.look
        chips = Wrapping(look, 2)
        chips.add(state_chip(look, one))
        if times(one):
            chips.add(label(times(one), "second"))
        self.body.addWidget(chips)
        self.body.addWidget(label(title_seen(one.title, one.sight), "strong", wrap=True, copy=True))
        told = (one.number, law.code("visit_kind", one.kind), people_words(one))
        self.body.addWidget(label("  ".join(part for part in told if part), "second", wrap=True, copy=True))
        if one.sight != "full":
            self.body.addWidget(notice(t("sealed.words"), look, "quiet"))
        for _code, words in one.missing:
            self.body.addWidget(notice(str(words), look, "late"))
        if one.reason:
            self.body.addWidget(label(one.reason, wrap=True))
        if one.unsigned:
            self.body.addWidget(label(t("reception.unsigned_why", reason=one.unsigned), wrap=True))
        self.choices: list[QPushButton] = []
        for at, (name, do) in enumerate(actions):
            made = button(name, partial(self._go, do), "primary" if at == 0 else "row")
            self.choices.append(made)
            if at == 0:
                self.body.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
            else:
                self.body.addWidget(made)
        self.finish_body()
        self.foot.addWidget(button(t("sheet.close"), self.close_sheet))
        self.foot.addStretch(1)
        self.go = self.choices[0] if self.choices else None
        """What Ctrl+Enter presses."""

    def _go(self, do: Callable[[], object]) -> None:
        self.close_sheet()
        do()

    def first_field(self) -> Any:
        """Put the focus on the likeliest action."""
        return self.choices[0] if self.choices else super().first_field()


class ArriveSheet(Sheet):
    """Somebody has come: how many they are, and the number in return, large enough to be read out."""

    def __init__(
        self,
        context: Context,
        matter: int,
        heading: str,
        day: ReceptionDay,
        done: Callable[[VisitLine], object],
        *,
        several: bool,
    ) -> None:
        super().__init__(context, law.act("arrive"))
        self._matter, self._day, self._done, self._several = matter, day, done, several
        look = context.look
        self.body.addWidget(label(heading, "strong", wrap=True))
        self._refusal: list[Any] = []
        self.people = text_line()
        self.representatives = text_line()
        self._fields = {}
        for name, widget in (("people", self.people), ("representatives", self.representatives)):
            widget.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
            words = t(f"reception.count_{name}")
            self._fields[name] = Field(t("act.optional", words=words), widget, look)
            widget.setAccessibleName(words)
            self.body.addWidget(self._fields[name])
        self.body.addWidget(label(t("reception.representatives_words"), "small", wrap=True))
        self.finish_body()
        self.go = button(t("reception.give_number"), self.take, "primary")
        for widget in (self.people, self.representatives):
            widget.returnPressed.connect(self.take)
        self.foot.addWidget(self.go)
        self.foot.addWidget(button(t("sheet.cancel"), self.close_sheet))
        self.foot.addStretch(1)

    def take(self) -> None:
        """Register the visit and give the number."""
        inputs: dict[str, Any] = {"on": self._day.on.isoformat()}
        if self._several:
            inputs["leader"] = self._day.host.id
        for name, widget in (("people", self.people), ("representatives", self.representatives)):
            typed = widget.text().strip()
            if typed and not typed.isdecimal():
                self._fields[name].doubt(t("act.number_wrong"), "late")
                widget.setFocus()
                return
            if typed:
                inputs[name] = int(typed)
        matter, day = self._matter, self._day.id
        self.go.setEnabled(False)

        def arrive(desk: Any) -> VisitLine | None:
            desk.perform(matter, "arrive", inputs)
            waiting = [one for one in desk.reception.docket(day).lines if one.matter == matter and one.turn is not None]
            return waiting[-1] if waiting else None

        self.context.ask(arrive, self._taken, self._refused, owner=self)

    def _taken(self, one: VisitLine | None) -> None:
        self.close_sheet()
        if one is not None:
            self._done(one)
        self.context.register_changed.emit()

    def _refused(self, error: RegisterError) -> None:
        self.go.setEnabled(True)
        field = self._fields.get(field_of(error))
        if field is not None:
            field.doubt(sentence(error), "late")
            return
        for old in self._refusal:
            old.hide()
        self._refusal = [notice(sentence(error), self.context.look, "late")]
        self.body.insertWidget(0, self._refusal[0])


class NumberSheet(Sheet):
    """The number, as it is read out."""

    def __init__(self, context: Context, one: VisitLine, waiting: int) -> None:
        super().__init__(context, t("reception.your_number"))
        look = context.look
        self.number = label(str(one.turn), "number")
        self.number.setStyleSheet(f"font-size: {look.text(NUMBER_PIXELS)}px;")
        self.number.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.body.addWidget(self.number)
        ahead = label(
            t("reception.ahead", count=waiting) if waiting else t("reception.ahead_none"), "section", wrap=True
        )
        ahead.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.body.addWidget(ahead)
        self.body.addWidget(label("  ".join((one.number, title_seen(one.title, one.sight))), "second", wrap=True))
        self.number.setAccessibleName(said_of(t("reception.your_number"), str(one.turn)))
        self.finish_body()
        self.go = button(t("reception.next_visitor"), self.close_sheet, "primary")
        self.foot.addWidget(self.go)
        self.foot.addStretch(1)

    def first_field(self) -> Any:
        """Put the focus on the button that goes on."""
        return self.go
