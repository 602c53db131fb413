"""The sheets of a matter: an act's inputs, why an act is not open, how a date came about, which letter to draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from models import acts
from models.clocks import ClockState, explain
from models.errors import CalendarMissingError
from models.records import InputField, MatterFile, OpenAct
from ui import law
from ui.context import Context
from ui.parts.fields import Choice, DateField, Field, LongText, code_choice, text_line
from ui.parts.layout import box, column, row
from ui.parts.sheet import Sheet
from ui.parts.text import button, label, notice
from ui.screens.base import today
from ui.screens.matter.incoming import PaperInput
from ui.words import both, day, language, t

WIDEST_BUTTON = 0.6
"""Share of the sheet's width; the name of an act that is longer stands in the title only."""


ROWS = frozenset({"document", "person", "item", "clock"})
"""Kinds of inputs that are chosen out of what the matter has."""
NEVER_KEPT = frozenset({"date", "time", "flag", "number", "long"})
"""Kinds of inputs that begin empty whatever the matter has."""


class ClaimsInput(QWidget):
    """A decision and its grounds for each claim."""

    def __init__(self, context: Context, file: MatterFile, typed: Mapping[int, Mapping[str, str]]) -> None:
        super().__init__()
        outer = column(self, context.look, 3)
        self._claims: dict[int, tuple[Choice, LongText]] = {}
        for claim in file.claims:
            outer.addWidget(label(f"{claim['place']}. {claim['request']}", wrap=True))
            before = typed.get(claim["id"], claim)
            decision = code_choice("conclusion", before.get("decision") or "", none=t("act.not_decided"))
            grounds = LongText(context.look, before.get("grounds") or "", lines=2)
            outer.addWidget(Field(t("act.decision"), decision, context.look))
            outer.addWidget(Field(t("act.grounds"), grounds, context.look))
            self._claims[claim["id"]] = (decision, grounds)

    @property
    def value(self) -> dict[int, dict[str, str]]:
        """Return the decisions made."""
        return {
            number: {"decision": str(decision.value), "grounds": grounds.text().strip()}
            for number, (decision, grounds) in self._claims.items()
            if decision.value
        }


class Choices(QWidget):
    """Several codes of one table, each to be ticked, in the order of the table."""

    def __init__(self, context: Context, field: InputField, before: Sequence[str] = ()) -> None:
        super().__init__()
        outer = column(self, context.look, 1)
        self._boxes: dict[str, QCheckBox] = {}
        for code in field.choices:
            ticked = QCheckBox(law.code(field.table, code))
            ticked.setChecked(code in before)
            outer.addWidget(ticked)
            self._boxes[code] = ticked

    @property
    def value(self) -> list[str]:
        """Return the codes that are ticked."""
        return [code for code, ticked in self._boxes.items() if ticked.isChecked()]

    def set_value(self, codes: Sequence[str]) -> None:
        """Tick these codes and no others."""
        for code, ticked in self._boxes.items():
            ticked.setChecked(code in codes)


def input_widget(
    context: Context, field: InputField, file: MatterFile, typed: Mapping[str, Any], kept: frozenset[str]
) -> QWidget:
    """Return the field for one input of an act, filled with what was typed before or what the matter has already.

    A choice is never made for the person: one that is required begins empty. What the matter has stands only in `kept`,
    the inputs that put just this on the matter: the responsible unit is not the unit that is accused.
    """
    before = typed.get(field.name)
    if field.kind == "claims":
        return ClaimsInput(context, file, before or {})
    if field.kind in ROWS:
        return Choice(_rows_of(field.kind, file), value=before, none=_none(field))
    if field.name in kept and field.name not in typed and field.kind not in NEVER_KEPT:
        before = file.matter.get(field.name)
    return plain_input(context, field, before)


def plain_input(context: Context, field: InputField, before: Any = None) -> QWidget:
    """Return the field for an input that is not chosen out of what one matter has."""
    if field.kind == "date":
        return DateField(context.look, _day(before) or (today() if field.name == "on" else None))
    if field.kind == "choice":
        return code_choice(field.table, str(before or ""), only=field.choices, none=_none(field))
    if field.kind == "choices":
        return Choices(context, field, before or ())
    if field.kind == "unit":
        return Choice(context.units, value=before, none=_none(field))
    if field.kind == "staff":
        return Choice([(person.id, person.name) for person in context.staff], value=before, none=_none(field))
    if field.kind == "time":
        clock = text_line(str(before or datetime.now().astimezone().strftime("%H:%M")))
        clock.setPlaceholderText(t("act.time_form"))
        return clock
    if field.kind == "flag":
        flag = QCheckBox(both(field.zh, field.en))
        flag.setChecked(bool(before))
        return flag
    if field.kind == "number":
        number = text_line(str(before or ""))
        number.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        return number
    if field.kind == "long":
        return LongText(context.look, str(before or ""), lines=4)
    return text_line(str(before or ""))


def _none(field: InputField) -> str:
    return t("act.choose") if field.required else t("act.none")


def _rows_of(kind: str, file: MatterFile) -> list[tuple[int | str, str]]:
    """Return what the matter has of a kind, to choose one of: people, items, documents, or the clocks of its rules."""
    if kind == "person":
        return [(row["id"], row.get("name") or t("matter.unnamed")) for row in file.people]
    if kind == "item":
        return [(row["number"], f"{row['number']}  {day(row['received_on'])}") for row in file.items]
    if kind == "clock":
        rules = law.rules_of(file)
        return [(one, law.clock(one, rules)) for one in dict.fromkeys(state.clock for state in file.clocks)]
    return [
        (one.id, " ".join(part for part in (one.title or law.letter(one.kind), one.number, day(one.dated_on)) if part))
        for one in file.documents
        if one.state != "spoiled"
    ]


def _day(typed: object) -> date | None:
    return date.fromisoformat(str(typed)) if typed else None


def input_value(widget: QWidget) -> Any:
    """Return what an input holds, None when it is empty."""
    if isinstance(widget, DateField):
        return widget.day.isoformat() if widget.day else None
    if isinstance(widget, (Choice, Choices, ClaimsInput)):
        return widget.value or None
    if isinstance(widget, QCheckBox):
        return widget.isChecked()
    return widget.text().strip() or None  # type: ignore[attr-defined,unused-ignore]  # the two text fields


class ActSheet(Sheet):
    """The inputs of one act; with a letter, the next step is its preview, and the act is taken there."""

    ready = Signal(object, object, object)
    """`OpenAct`, inputs, incoming papers."""

    wide = 460
    """Pixels at 100 %."""

    def __init__(
        self, context: Context, act: OpenAct, file: MatterFile, typed: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(context, law.act(act.name), width=self.wide)
        self.act = act
        self.inputs: dict[str, QWidget] = {}
        look = context.look
        if act.article:
            self.body.addWidget(label(act.article, "small", wrap=True))
        self._fields: dict[str, Field] = {}
        kept = frozenset(column for column, value in acts.rule(act.name).sets.items() if value == f"={column}")
        for field in act.inputs:
            widget = input_widget(context, field, file, typed or {}, kept)
            self.inputs[field.name] = widget
            words = both(field.zh, field.en)
            if field.kind == "flag":
                self.body.addWidget(widget)
                continue
            made = Field(words if field.required else t("act.optional", words=words), widget, look)
            widget.setAccessibleName(words)
            self._fields[field.name] = made
            self.body.addWidget(made)
        self.papers = [PaperInput(context, kind, held=kind in act.papers_held) for kind in act.papers]
        self._papers_box = column(None, look, 3)
        for paper in self.papers:
            self._papers_box.addWidget(paper)
        self.body.addLayout(self._papers_box)
        if not act.inputs and not act.papers:  # an act that is nothing but a paper
            self.add_paper()
        for kind, condition in act.documents_when:
            flag = self.inputs.get(condition.partition("=")[0])
            words = t("act.with_letter_when", letter=law.letter(kind))
            if isinstance(flag, QCheckBox):
                flag.setToolTip(words)
        if act.documents:
            names = t("join.list").join(law.letter(kind) for kind in act.documents)
            self.body.addWidget(notice(t("act.with_letter", letter=names), look, "accent"))
        if act.to_state:
            self.body.addWidget(label(t("act.leads_to", state=law.code("state", act.to_state)), "second", wrap=True))
        further = row(None, look, 2)
        self.more_paper = button(t("incoming.add"), self.add_paper, "quiet", picture_of="paper", look=look)
        further.addWidget(self.more_paper)
        further.addStretch(1)
        self.body.addLayout(further)
        self.finish_body()
        self.go = button(t("act.to_letter") if act.documents else law.act(act.name), self._go, "primary")
        self.go.ensurePolished()
        if self.go.sizeHint().width() > self.wanted_width * WIDEST_BUTTON:
            self.go.setAccessibleName(self.go.text())
            self.go.setText(t("act.take"))
        self.foot.addWidget(self.go)
        self.foot.addWidget(button(t("sheet.cancel"), self.close_sheet))
        self.foot.addStretch(1)

    def add_paper(self) -> None:
        """Offer a further paper that comes in with the act."""
        paper = PaperInput(self.context)
        self.papers.append(paper)
        self._papers_box.addWidget(paper)

    def letters(self) -> tuple[str, ...]:
        """Return the kinds of letters that go out with the act as it is filled in."""
        values = self.values()
        wanted = [kind for kind, condition in self.act.documents_when if _said(condition, values)]
        return (*self.act.documents, *wanted)

    def values(self) -> dict[str, Any]:
        """Return the inputs that are filled."""
        found = {name: input_value(widget) for name, widget in self.inputs.items()}
        return {name: value for name, value in found.items() if value is not None}

    def _go(self) -> None:
        values = self.values()
        for field in self.act.inputs:
            holder = self._fields.get(field.name)
            widget = self.inputs[field.name]
            wrong = ""
            if isinstance(widget, DateField) and widget.text().strip() and widget.day is None:
                wrong = t("field.date_wrong")
            elif field.kind == "number" and not str(values.get(field.name, "0")).isdecimal():
                wrong = t("act.number_wrong")
            elif field.required and field.name not in values:
                wrong = t("act.required")
            if holder is not None and wrong:
                holder.doubt(wrong, "late")
                widget.setFocus()
                return
            if holder is not None:
                holder.doubt("")
        if any(paper.doubt() for paper in self.papers):
            return
        drafts = [paper.draft() for paper in self.papers]
        self.ready.emit(self.act, values, tuple(draft for draft in drafts if draft is not None))

    def refuse(self, words: str, field: str = "") -> None:
        """Show why the register said no."""
        holder = self._fields.get(field)
        if holder is not None:
            holder.doubt(words, "late")
            self.inputs[field].setFocus()
            return
        self.body.insertWidget(0, notice(words, self.context.look, "late"))


def _said(condition: str, values: Mapping[str, Any]) -> bool:
    name, _, code = condition.partition("=")
    return str(values.get(name)) == code if code else bool(values.get(name))


class ClockSheet(Sheet):
    """How a date came about, step by step, with the article."""

    def __init__(self, context: Context, state: ClockState, rules: str) -> None:
        super().__init__(context, law.clock(state.clock, rules))
        look = context.look
        rule = law.clock_rule(state.clock, rules)
        if rule is not None:
            self.body.addWidget(label(str(rule.article), "second", wrap=True))
        if state.due is not None:
            card = box("card")
            inside = row(card, look, 4, 4)
            for words, value in (
                (t("clock.start"), state.start_on),
                (t("clock.raw"), state.due.raw_on),
                (t("clock.last"), state.due.last_on),
            ):
                pair = column(None, look, 0)
                pair.addWidget(label(words, "label"))
                pair.addWidget(label(day(value), "strong", copy=True))
                inside.addLayout(pair)
            inside.addStretch(1)
            self.body.addWidget(card)
            for at, words in enumerate(explain(state.due, language()), start=1):
                across = row(None, look, 2)
                number = label(str(at), "small")
                number.setMinimumWidth(look.size(18))
                across.addWidget(number)
                across.addWidget(label(words, wrap=True, copy=True), 1)
                self.body.addLayout(across)
        if state.due is None and state.missing_year:
            self.body.addWidget(notice(str(CalendarMissingError(state.missing_year).message), look, "soon"))
        for remark in state.notes:
            self.body.addWidget(notice(str(remark), look, "soon"))
        self.finish_body()
        self.foot.addWidget(button(t("sheet.close"), self.close_sheet, "primary"))
        self.foot.addStretch(1)
