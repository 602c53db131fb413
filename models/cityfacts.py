"""The facts of an item that one organ passes to another: written at the city, read at the county's counter.

They travel as plain JSON in a paper of the city (`city_paper.content`) and become the same draft that the counter
fills in, so that the registration form is filled before anybody types. A name that is not of the form is refused: what
the register has no place for (where somebody went, a rating of a person) cannot be sent either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from typing import Any

from models import codes, errors, intake
from models.records import AccusedDraft, ItemDraft, PersonDraft

SOURCE = "city_police"
"""Where it came from when the city does not say: code of the table `source`."""
_NOT_SENT = frozenset({
    "attachments", "transferred_on", "reception", "repeat_of_matter", "origin", "received_only", "received_at",
})  # fmt: skip
"""Fields of a draft that only the county itself can know."""
_ITEM = {field.name: field for field in fields(ItemDraft) if field.name not in _NOT_SENT}
_PERSON = {field.name: field for field in fields(PersonDraft)}
_ACCUSED = {field.name: field for field in fields(AccusedDraft) if field.name not in ("staff", "unit")}
_DAYS = frozenset({"received_on", "postmark_on", "problem_on", "born_on"})
_NUMBERS = frozenset({"people_count", "representatives", "involved", "acts_for"})
_FLAGS = frozenset({"anonymous", "joint", "confidential", "address_unclear", "main"})
_CODED = {"channel": "channel", "purpose": "purpose", "source": "source", "problem_type": "problem_type",
          "police": "police"}  # fmt: skip


def read_facts(facts: Mapping[str, Any], *, received_on: date, today: date) -> ItemDraft:
    """Return the draft that facts of an item make.

    Args:
        facts: Field names of `ItemDraft` with text, ISO days, numbers; codes or their words.
        received_on: The day on which the organ received it, when the facts do not say.
        today: Last day that is possible.

    Raises:
        InputError: A name or value that cannot be, named.
    """
    values = _values(facts, _ITEM, "")
    values.setdefault("received_on", received_on)
    values.setdefault("source", SOURCE)
    values["claims"] = tuple(claim for one in _list(facts, "claims") if (claim := _text(one, "claims")))
    values["people"] = tuple(PersonDraft(**_values(person, _PERSON, "people.")) for person in _list(facts, "people"))
    values["accused"] = tuple(
        AccusedDraft(**_values(accused, _ACCUSED, "accused.")) for accused in _list(facts, "accused")
    )
    draft = ItemDraft(**values)
    intake.check(draft, today)
    return draft


def facts_of(draft: ItemDraft) -> dict[str, Any]:
    """Return the facts of a draft as plain JSON, without what is absent."""
    found = _plain(draft, _ITEM)
    found["claims"] = [claim for claim in draft.claims if claim.strip()]
    found["people"] = [_plain(person, _PERSON) for person in draft.people]
    found["accused"] = [_plain(accused, _ACCUSED) for accused in draft.accused]
    return {name: value for name, value in found.items() if value != []}


def _plain(record: Any, known: Iterable[str]) -> dict[str, Any]:
    found = {}
    for name in known:
        value = getattr(record, name)
        if isinstance(value, tuple) or value in (None, "", False):
            continue
        found[name] = value.isoformat() if isinstance(value, date) else value
    return found


def _list(facts: Mapping[str, Any], name: str) -> list[Any]:
    value = facts.get(name, [])
    if not isinstance(value, list | tuple):
        raise _bad(name, "应为列表", "is a list")
    return list(value)


def _values(facts: Any, known: Mapping[str, Any], where: str) -> dict[str, Any]:
    if not isinstance(facts, Mapping):
        raise _bad(where.rstrip("."), "应为各项内容", "is a table of fields")
    values = {}
    for name, value in facts.items():
        field = known.get(name)
        if field is None:
            listed = "、".join(known)
            raise _bad(
                where + str(name),
                f"不是登记表上的内容。可填：{listed}",
                f"is not a field of the form; there are: {', '.join(known)}",
            )
        if value in (None, "") or isinstance(value, list | tuple):
            continue  # lists are read by themselves
        values[name] = _value(where + name, name, value)
    for name, field in known.items():
        if name not in values and field.default is MISSING and name != "received_on":
            raise _bad(where + name, "须填写", "is needed")
    return values


def _value(where: str, name: str, value: Any) -> Any:
    if name in _DAYS:
        try:
            return value if type(value) is date else date.fromisoformat(str(value))
        except ValueError:
            raise _bad(where, f"不是有效日期：{value}", f"is not a day: {value}") from None
    if name in _NUMBERS:
        if type(value) is not int:
            raise _bad(where, f"应为整数：{value}", f"is a whole number: {value}")
        return value
    if name in _FLAGS:
        if not isinstance(value, bool):
            raise _bad(where, f"应为 true 或 false：{value}", f"is true or false: {value}")
        return value
    text = _text(value, where)
    if name in _CODED:
        code = text if text in codes.codes(_CODED[name]) else codes.code_for(_CODED[name], text)
        if code is None:
            listed = "、".join(codes.word(_CODED[name], one, "zh") for one in codes.codes(_CODED[name]))
            raise _bad(where, f"没有“{text}”，可填：{listed}", f"has no “{text}”; there are: {listed}")
        return code
    return text


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise _bad(where, f"应为文字：{value}", f"is text: {value}")
    return value.strip()


def _bad(field: str, zh: str, en: str) -> errors.InputError:
    return errors.InputError(
        field, f"交办、转送内容中的“{field}”{zh}。", f"“{field}” of the item that is passed on {en}."
    )
