"""Taking one lawful step on a matter: check everything, then write it as one act with letter, dated facts and state.

    perform(register, matter, "accept", {"unit": 4294967299}, by=staff, at=now)

Checked in this order, and nothing is written when one says no: sight (policy), the table of acts, the inputs, the days
(not in the future, not before their cause), the act's own rule, the letter's required parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from models import acts, codes, errors, projections, sight, steps
from models.records import InputField, Staff

if TYPE_CHECKING:
    from models.register import Register


def perform(
    register: Register,
    matter: int,
    name: str,
    inputs: Mapping[str, Any],
    *,
    by: Staff,
    at: datetime,
    letter: Mapping[str, str] | None = None,
) -> int:
    """Take the step `name` on a matter; returns the sequence number of its journal entry.

    Args:
        register: The open register.
        matter: The matter.
        name: An act of the table.
        inputs: Values of the act's inputs: text, ISO dates or dates, numbers, ids, and for `claims` a mapping claim id
            -> {decision, grounds}.
        by: Who does it.
        at: Instant, aware.
        letter: What the officer typed for the act's letter, if it has one.

    Raises:
        InputError, NotAllowedError, RuleError, MissingPartError: with article; nothing was changed.
    """
    rule = acts.rule(name)
    row = sight.matter_for(register, matter, by)
    reason = acts.refusal(rule, row, by)
    if reason is not None:
        raise reason
    today = at.astimezone().date()
    values = _values(register, rule, inputs, today)
    if "claims" in values:  # a claim may be named by its order on paper (1, 2, ...) or by its row
        by_place = dict(register.rows("SELECT place, id FROM claim WHERE matter=? AND removed IS NULL", (matter,)))
        values["claims"] = {by_place.get(claim, claim): decided for claim, decided in values["claims"].items()}
    on: date = values.get("on") or today
    _check_day(register, row, rule, on, today)
    step = steps.Step(register, row, values, by, on)
    check = steps.CHECKS.get(name)
    if check:
        check(step)
    with register.act(name, by=by, at=at, matter=matter) as act:
        document = None
        kind = rule.document_under(row["rules"])
        if kind and not ({"C1", "C1t"} & set(rule.ends) and _exempted(register, matter)):
            from models import issue

            document = issue.issue_document(act, matter, kind, letter or {}, on=on, inputs=values)
        follow = steps.FOLLOW.get(name)
        if follow:
            follow(act, step)
        for event in rule.events:
            act.insert(
                "event",
                {
                    "matter": matter,
                    "kind": event["kind"],
                    "on_date": on,
                    "document": document,
                    "staff": by.id,
                    "days": values.get(event["days"]) if "days" in event else None,
                    "note": _note(values, event.get("note", "")),
                },
            )
        columns = {
            column: values.get(value[1:], on if value == "=on" else None) if str(value).startswith("=") else value
            for column, value in rule.sets.items()
        }
        columns = {column: value for column, value in columns.items() if value not in (None, "")}
        if rule.to and rule.to != row["state"]:
            columns["state"] = rule.to
        act.set("matter", matter, **columns)
    return register.seq


def day_of(inputs: Mapping[str, Any], today: date) -> date:
    """Return the day that the inputs of an act name; today when they name none, or none that can be."""
    try:
        return date.fromisoformat(str(inputs.get("on") or today))
    except ValueError:
        return today


def _note(values: Mapping[str, Any], name: str) -> str | None:
    if not name:
        return None
    if name == "way":
        return f"{codes.word('service_way', values.get('way'), 'zh')}：{values.get('receiver', '')}"
    return str(values.get(name) or "") or None


def _values(register: Register, rule: acts.Rule, inputs: Mapping[str, Any], today: date) -> dict[str, Any]:
    known = {field.name for field in rule.inputs}
    for name in inputs:
        if name not in known:
            raise errors.InputError(
                name,
                f"“{rule.zh}”没有“{name}”这一项，可填：{'、'.join(known)}。",
                f"“{rule.en}” has no input “{name}”; there are: {', '.join(known)}.",
            )
    values: dict[str, Any] = {}
    for field in rule.inputs:
        value = inputs.get(field.name)
        if value in (None, "") and field.kind == "claims":
            value = {}  # whether every claim is decided, the act's own rule says: a matter may have none
        if value in (None, ""):
            if field.required:
                raise errors.MissingPartError(
                    (field.name,), f"“{rule.zh}”缺少“{field.zh}”。", f"“{rule.en}” needs “{field.en}”."
                )
            continue
        values[field.name] = _value(register, field, value)
    if "on" in known:
        values.setdefault("on", today)
    return values


def _value(register: Register, field: InputField, value: Any) -> Any:
    def impossible(zh: str, en: str) -> errors.InputError:
        return errors.InputError(field.name, f"“{field.zh}”{zh}", f"“{field.en}” {en}")

    if field.kind == "date":
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise impossible(
                f"不是有效日期：{value}。请写成 2026-03-02。", f"is not a day: {value}. Write 2026-03-02."
            ) from None
    if field.kind in ("number", "unit", "staff"):
        try:
            number = int(value)
        except (TypeError, ValueError):
            number = _by_name(register, field.kind, str(value)) or 0
            if not number:
                raise impossible(
                    f"不是数字或已知名称：{value}。", f"is neither a number nor a known name: {value}."
                ) from None
        if field.kind == "unit":
            listed = register.row("SELECT 1 FROM unit WHERE id=? AND closed IS NOT 1", (number,)) is not None
        else:
            listed = field.kind != "staff" or number in register.staff()
        if not listed:
            raise impossible(f"在目录中找不到：{value}。", f"is not in the directory: {value}.")
        return number
    if field.kind == "choice":
        text = str(value)
        code = text if text in field.choices else codes.code_for(field.table, text)
        if code not in field.choices:
            words = "、".join(codes.word(field.table, choice, "zh") for choice in field.choices)
            raise impossible(
                f"没有这个选项：{value}。可选：{words}。",
                f"has no choice {value}; there are: {', '.join(field.choices)}.",
            )
        return int(code) if field.table == "exit" else code
    if field.kind == "claims":
        return _claims(value, impossible)
    text = str(value).strip()
    if not text and field.required:
        raise errors.MissingPartError((field.name,), f"缺少“{field.zh}”。", f"“{field.en}” is missing.")
    return text


def _claims(value: Any, impossible: Callable[[str, str], errors.InputError]) -> dict[int, dict[str, str]]:
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except ValueError:
            raise impossible("不是有效的 JSON。", "is not JSON.") from None
    if not isinstance(value, Mapping):
        raise impossible("应为各项诉求的决定。", "is a decision for each claim.")
    decided = {}
    for claim, decision in value.items():
        found = decision if isinstance(decision, Mapping) else {"decision": decision}
        code = codes.code_for("conclusion", str(found.get("decision", "")))
        if code is None:
            raise impossible(f"第 {claim} 项诉求的结论无效。", f"has no valid decision for claim {claim}.")
        if not str(claim).isdecimal():
            raise impossible(f"没有第 {claim} 项诉求。", f"has no claim {claim}.")
        decided[int(claim)] = {"decision": code, "grounds": str(found.get("grounds", ""))}
    return decided


def _by_name(register: Register, kind: str, text: str) -> int | None:
    if kind == "unit":
        found = register.row("SELECT id FROM unit WHERE name=? OR short=? LIMIT 1", (text, text))
    elif kind == "staff":
        found = register.row("SELECT id FROM staff WHERE (login=? OR name=?) AND closed IS NOT 1 LIMIT 1", (text, text))
    else:
        found = None
    return found[0] if found else None


_CAUSES: Mapping[str, tuple[str, ...]] = {
    "extend": ("accepted",),
    "issue": ("accepted",),
    "serve": ("opinion_issued",),
    "execute": ("opinion_issued",),
    "close": ("noticed", "served", "executed"),
    "withdraw": ("accepted",),
}
"""The dated facts that an act cannot come before."""


def _check_day(register: Register, row: Mapping[str, Any], rule: acts.Rule, on: date, today: date) -> None:
    if on > today:
        raise errors.InputError(
            "on",
            f"“{rule.zh}”的日期 {on} 在今天（{today}）之后。请核对日期或工作站时钟。",
            f"The day of “{rule.en}”, {on}, lies after today ({today}). Check it, or the clock.",
        )
    causes = _CAUSES.get(rule.name, ())
    floor, what_zh, what_en = date.fromisoformat(row["received_on"]), "收到日期", "day of receipt"
    for event in projections.events_of(register.connection, row["id"]):
        if event.kind in causes and event.on >= floor:
            floor, what_zh, what_en = event.on, "前一步的日期", "day of the step before"
    if on < floor:
        raise errors.InputError(
            "on",
            f"“{rule.zh}”的日期 {on} 早于{what_zh} {floor}。",
            f"The day of “{rule.en}”, {on}, lies before the {what_en}, {floor}.",
        )


def _exempted(register: Register, matter: int) -> bool:
    """Return whether nobody can be told: every item's notice was lifted, since name or address are unclear."""
    lifted = {event.item for event in projections.events_of(register.connection, matter) if event.kind == "exempted"}
    items = register.rows("SELECT id FROM item WHERE matter=? AND cancelled IS NULL", (matter,))
    return bool(lifted) and (None in lifted or all(item in lifted for (item,) in items))
