"""The right side of the chief's mode: what is said and decided, and to whom it is given until when.

First what was said: the statement in the visitor's words, the answer, the decision, the outcome on the spot, and the
instructions, each with unit and day. Then, beside the record as it will print, that it was read back and signed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from models import acts, codes
from models.reception.wording import present_of
from ui import law
from ui.context import Context
from ui.parts.fields import Choice, DateField, Field, LongText, Segments, on_change, text_line
from ui.parts.layout import Page, clear, column, row
from ui.parts.text import button, icon_button, label
from ui.tokens import Look
from ui.words import both, t

if TYPE_CHECKING:
    from models.reception.records import ReceptionDay

TEXTS = ("statement", "answer_given", "decision")
LINES = {"statement": 5, "answer_given": 2, "decision": 2}
INSTRUCTED = ("assigned", "transferred")
"""Outcomes with which a unit and a day are fixed there and then."""
Instruction = dict[str, Any]


def words_of(name: str) -> str:
    """Return the name of an input of the act, as the table of acts has it."""
    found = next(one for one in acts.rule("receive").inputs if one.name == name)
    return both(found.zh, found.en)


class InstructionRow(QWidget):
    """What a unit is to do until when."""

    changed = Signal()
    removed = Signal(object)

    def __init__(self, context: Context, look: Look, on: date, number: int, typed: Mapping[str, Any]) -> None:
        super().__init__()
        outer = column(self, look, 2)
        head = row(None, look, 2)
        self._number = label(t("reception.instruction", number=number), "label")
        head.addWidget(self._number, 1)
        self.remove = icon_button(t("reception.instruction_remove"), "remove", look, lambda: self.removed.emit(self))
        head.addWidget(self.remove)
        outer.addLayout(head)
        across = row(None, look, 3)
        self.unit = Choice(context.units, value=typed.get("unit"), none=t("act.choose"))
        self.due_on = DateField(look, _day(typed.get("due_on")), today=on, ahead=True)
        self.what = LongText(look, str(typed.get("what") or ""), lines=2, most=6)
        self.fields = {
            "unit": Field(words_of("unit"), self.unit, look),
            "due_on": Field(words_of("due_on"), self.due_on, look, hint=t("reception.due_hint")),
            "what": Field(words_of("what"), self.what, look),
        }
        across.addWidget(self.fields["unit"], 1)
        across.addWidget(self.fields["due_on"], 1)
        outer.addLayout(across)
        outer.addWidget(self.fields["what"])
        for widget in (self.unit, self.due_on, self.what):
            on_change(widget, self.changed.emit)

    def number(self, number: int) -> None:
        """Take another place in the list."""
        self._number.setText(t("reception.instruction", number=number))

    @property
    def value(self) -> Instruction:
        """What is filled in; empty for an untouched row."""
        found = {
            "unit": self.unit.value,
            "what": self.what.text().strip(),
            "due_on": self.due_on.day.isoformat() if self.due_on.day else None,
        }
        return {name: value for name, value in found.items() if value}

    def gap(self) -> QWidget | None:
        """Mark what is missing; returns the first field that is."""
        value, first = self.value, None
        for name, widget in (("unit", self.unit), ("due_on", self.due_on), ("what", self.what)):
            wrong = name not in value
            words = t("field.date_wrong") if name == "due_on" and self.due_on.text().strip() else t("act.required")
            self.fields[name].doubt(words if wrong else "", "late")
            first = widget if wrong and first is None else first
        return first


class RecordForm(Page):
    """What is said and decided."""

    changed = Signal()

    def __init__(self, context: Context, look: Look) -> None:
        super().__init__(look, margin=5, gap=4)
        self.context, self._look = context, look
        self._on = date(1970, 1, 1)
        self.texts: dict[str, LongText] = {}
        self.fields: dict[str, Field] = {}
        self.rows: list[InstructionRow] = []
        self.outcome: Segments | None = None

    def begin(self, day: ReceptionDay, typed: Mapping[str, Any]) -> None:
        """Begin the record of a visitor, with what was typed before."""
        look, body = self._look, self.body
        clear(body)
        self._on = day.on
        self.texts, self.fields, self.rows = {}, {}, []
        for name in TEXTS:
            self.texts[name] = LongText(look, str(typed.get(name) or ""), lines=LINES[name])
            self._add(name, self.texts[name])
        choices = [(code, law.code("on_the_spot", code), "") for code in codes.codes("on_the_spot")]
        outcome = str(typed.get("outcome") or "")
        self.outcome = Segments(choices, look, None, words_of("outcome"))
        if outcome:
            self.outcome.set_value(outcome)
        else:
            self.outcome.set_none()
        self._add("outcome", self.outcome)
        self.outcome.chosen.connect(lambda _code: self._ask_instruction())
        body.addWidget(label(t("reception.instructions"), "label"))
        self._rows = column(None, look, 4)
        body.addLayout(self._rows)
        self.more = button(t("reception.instruction_add"), self.add_row, "quiet", picture_of="add", look=look)
        body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        for one in typed.get("instructions") or ():
            self._add_row(one)
        self.present = text_line(str(typed.get("present") or present_of(day)))
        self._add("present", self.present)
        body.addStretch(1)

    def _add(self, name: str, widget: QWidget) -> None:
        words = words_of(name)
        self.fields[name] = Field(words, widget, self._look)
        widget.setAccessibleName(words)
        self.body.addWidget(self.fields[name])
        on_change(widget, self.changed.emit)

    # Instructions.

    def add_row(self) -> None:
        """Add an instruction and go to its unit."""
        self._add_row({}).unit.setFocus()

    def _add_row(self, typed: Mapping[str, Any]) -> InstructionRow:
        made = InstructionRow(self.context, self._look, self._on, len(self.rows) + 1, typed)
        made.changed.connect(self.changed)
        made.removed.connect(self._remove_row)
        self.rows.append(made)
        self._rows.addWidget(made)
        self.changed.emit()
        return made

    def _remove_row(self, gone: InstructionRow) -> None:
        self.rows.remove(gone)
        gone.hide()
        self._rows.removeWidget(gone)
        gone.deleteLater()
        for at, one in enumerate(self.rows, 1):
            one.number(at)
        self.more.setFocus()
        self.changed.emit()

    def _ask_instruction(self) -> None:
        """Offer the instruction that the outcome asks for."""
        if self.outcome is not None and self.outcome.value in INSTRUCTED and not self.rows:
            self._add_row({})

    # What is filled in.

    def content(self) -> dict[str, Any]:
        """Return all that is typed, for the draft."""
        found: dict[str, Any] = {name: text.text() for name, text in self.texts.items()}
        found["outcome"] = self.outcome.value if self.outcome is not None else None
        found["instructions"] = [one.value for one in self.rows]
        found["present"] = self.present.text()
        return found

    def inputs(self) -> dict[str, Any]:
        """Return the inputs of the act, the first instruction among them."""
        content = self.content()
        found = {name: str(content[name]).strip() for name in (*TEXTS, "present")}
        found["outcome"] = content["outcome"]
        if content["instructions"]:
            found |= content["instructions"][0]
        return {name: value for name, value in found.items() if value}

    @property
    def given(self) -> list[Instruction]:
        """All instructions, in their order."""
        return [one.value for one in self.rows]

    def gap(self) -> QWidget | None:
        """Mark what is missing; returns the first field that is, None when all is there."""
        inputs, first = self.inputs(), None
        for name in (*TEXTS, "outcome", "present"):
            wrong = name not in inputs
            self.fields[name].doubt(t("act.required") if wrong else "", "late")
            if wrong and first is None:
                first = self.fields[name].inner
        for one in self.rows:
            first = first or one.gap()
        if isinstance(first, Segments):
            return first.buttons()[0]
        return first

    def doubt(self, name: str, words: str) -> bool:
        """Show what the register said of a field; False when it has no such field."""
        holder = self.fields.get(name) or (self.rows[0].fields.get(name) if self.rows else None)
        if holder is None:
            return False
        holder.doubt(words, "late")
        holder.inner.setFocus()
        return True


class SignForm(Page):
    """Read back, and signed by hand or why not."""

    def __init__(self, look: Look, print_record: Callable[[], object], back: Callable[[], object]) -> None:
        super().__init__(look, margin=5, gap=4)
        self.body.addWidget(label(t("reception.read_words"), wrap=True))
        self.print_button = button(t("reception.print_record"), print_record, picture_of="print", look=look)
        self.body.addWidget(self.print_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.read_back = QCheckBox(words_of("read_back"))
        self.signed = QCheckBox(words_of("signed"))
        self.unsigned = LongText(look, lines=1, most=4)
        self.unsigned_field = Field(words_of("unsigned"), self.unsigned, look)
        self.body.addWidget(self.read_back)
        self.body.addWidget(self.signed)
        self.body.addWidget(self.unsigned_field)
        self.signed.toggled.connect(lambda on: self.unsigned_field.setVisible(not on))
        self.trouble = column(None, look, 1)
        self.body.addLayout(self.trouble)
        self.body.addWidget(
            button(t("reception.back_to_record"), back, "quiet", picture_of="back", look=look),
            0,
            Qt.AlignmentFlag.AlignLeft,
        )
        self.body.addStretch(1)

    def begin(self) -> None:
        """Begin with nothing ticked: both are said for each visitor."""
        for one in (self.read_back, self.signed):
            one.setChecked(False)
        self.unsigned.setText("")
        self.unsigned_field.doubt("")
        clear(self.trouble)
        self.read_back.setFocus()

    def inputs(self) -> dict[str, Any]:
        """Return the inputs of the act that are said here."""
        found: dict[str, Any] = {"read_back": self.read_back.isChecked()}
        if self.signed.isChecked():
            found["signed"] = True
        elif words := self.unsigned.text().strip():
            found["unsigned"] = words
        return found

    def gap(self) -> QWidget | None:
        """Return the field that is missing, None when all is there."""
        if not self.read_back.isChecked():
            return self.read_back
        if not self.signed.isChecked() and not self.unsigned.text().strip():
            self.unsigned_field.doubt(t("reception.sign_or_why"), "late")
            return self.signed
        return None


def _day(typed: object) -> date | None:
    return date.fromisoformat(str(typed)) if typed else None
