"""The outline of a kind whose wording file says all of it: what is typed, what must be stated, and what stands where.

Most documents are alike: some sentences, a ruled table, a place to sign. Such a kind has no composer of its own; its
file in `resources/letters/` holds, beside the texts that the unit may edit, an outline that it may not:

    addressee   name of the value that the letter is addressed to; empty: nobody is addressed
    signed      false: no organ and date at the end, because the form has places to sign
    signer      name of the value that signs instead of the bureau
    approved    true: the approver's name stands beside the number (letters to an organ above, GB/T 9704, 7.2.6)
    imprint     true: printed by and on, at the foot of the last page (7.4)
    discreet    true: the petitioner is not named unless `show_identity` is chosen (domain reference, section 1)
    needs       facts of the register that must be stated
    notes       texts under the form
    head        two cells above the form: left and right
    field       what the officer types; a required field must be stated too. `given` names the fact that fills it
                while nothing is typed, `table` the code table of a choice
    parts       what stands where, in order

A part is one of

    { say = "text" }                a text of the wording; `when` leaves it out while that value is not stated
    { head = "text" }               a heading, numbered 一、二、
    { tell = "field" }              a long value as running text; `optional` leaves it out when it is not stated
    { claims = true }               the claims, numbered
    { rows = [["label", "{value}", 3], ["label", "{value}", "label", "{value}"]] }
                                    rows of a ruled table; the last number is the least number of lines
    { sign = ["who", "who"] }       places for signatures, two beside each other
    { leaves = true }               the index of papers
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from models import codes

FieldKind = Literal["text", "long", "date", "choice", "number", "flag"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterField:
    """One input of a letter; `choices` are (code, zh, en)."""

    name: str
    zh: str
    en: str
    kind: FieldKind = "text"
    required: bool = False
    choices: tuple[tuple[str, str, str], ...] = ()
    given: str = ""
    """Value that the register gives while nothing is typed; empty: the one of the same name, if there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """A row of a ruled table: labels and the patterns of their values, and the least number of lines."""

    cells: tuple[tuple[str, str], ...]
    least: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlinePart:
    """One part; which attributes count depends on `what`."""

    what: Literal["say", "head", "tell", "claims", "rows", "sign", "leaves"]
    name: str = ""
    """Text or value that is printed."""
    when: str = ""
    """Value without which the part is left out; empty: it always stands."""
    rows: tuple[FormRow, ...] = ()
    places: tuple[str, ...] = ()
    """Who signs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """All of a kind but its words."""

    fields: tuple[LetterField, ...]
    needs: tuple[str, ...]
    parts: tuple[OutlinePart, ...]
    addressee: str = "addressee"
    signed: bool = True
    signer: str = "organ"
    approved: bool = False
    imprint: bool = False
    discreet: bool = False
    notes: tuple[str, ...] = ()
    head: tuple[str, str] = ("", "")

    @property
    def required(self) -> tuple[str, ...]:
        """Names of all values that must be stated."""
        return (*self.needs, *(each.name for each in self.fields if each.required and each.name not in self.needs))

    def field(self, name: str) -> LetterField | None:
        """Return the field called `name`, or None."""
        return next((each for each in self.fields if each.name == name), None)


DATED = LetterField(name="dated_on", zh="落款日期", en="Date", kind="date", required=True)
_SHOWN = LetterField(name="show_identity", zh="写明信访人姓名和电话", en="Name the petitioner", kind="flag")


def parse_outline(raw: Mapping[str, Any]) -> Outline:
    """Return the outline that the table `outline` of a wording file tells; wrong keys are a mistake of ours.

    Raises:
        TypeError: A key that an outline does not have.
    """
    told = dict(raw)
    fields = [DATED, *(_field(each) for each in told.pop("field", ()))]
    if told.get("discreet"):
        fields.append(_SHOWN)
    parts = tuple(_part(each) for each in told.pop("parts"))
    settled: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    return Outline(fields=tuple(fields), parts=parts, **settled)


def _field(raw: Mapping[str, Any]) -> LetterField:
    told = dict(raw)
    table = told.pop("table", "")
    choices = tuple((one.code, one.zh, one.en) for one in codes.table(table).values) if table else ()
    return LetterField(**told, choices=choices)


def _part(raw: Mapping[str, Any]) -> OutlinePart:
    told = dict(raw)
    when = str(told.pop("when", ""))
    optional = told.pop("optional", False)
    what: Any
    ((what, value),) = told.items()
    if what == "rows":
        return OutlinePart(what="rows", when=when, rows=tuple(_row(each) for each in value))
    if what == "sign":
        return OutlinePart(what="sign", when=when, places=tuple(value))
    if what == "tell":
        return OutlinePart(what="tell", name=value, when=when or (value if optional else ""))
    return OutlinePart(what=what, name="" if value is True else value, when=when)


def _row(raw: list[Any]) -> FormRow:
    least = raw[-1] if isinstance(raw[-1], int) else 1
    words = [each for each in raw if isinstance(each, str)]
    return FormRow(cells=tuple(zip(words[::2], words[1::2], strict=True)), least=least)
