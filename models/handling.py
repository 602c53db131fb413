"""Taking one lawful step on a matter: check everything, then write it as one act with letter, dated facts and state.

    perform(register, matter, "accept", {"unit": 4294967299}, by=staff, at=now)

Checked in this order, and nothing is written when one says no: sight (policy), the table of acts, the inputs, the days
(not in the future, not before their cause), the matter's facts, the act's own rule, the papers that it rests on, the
required parts of its letters.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from models import acts, citymarks, codes, errors, incoming, projections, sight, steps
from models.records import ClosedAct, InputField, OpenAct, PaperDraft, Staff

if TYPE_CHECKING:
    from models.act import Act
    from models.register import Register


@dataclass(frozen=True, slots=True)
class Ready:
    """A step that was checked and may be written; `letter`: what was typed for its letters."""

    rule: acts.Rule
    step: steps.Step
    letter: Mapping[str, str]


def perform(
    register: Register,
    matter: int,
    name: str,
    inputs: Mapping[str, Any],
    *,
    by: Staff,
    at: datetime,
    letter: Mapping[str, str] | None = None,
    papers: Sequence[PaperDraft] = (),
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
        letter: What the officer typed for the letters that go out with the act; each takes the fields that it has.
        papers: Incoming papers handed in with the act.

    Raises:
        InputError, NotAllowedError, RuleError, MissingPartError: with article; nothing was changed.
    """
    ready = prepare(register, matter, name, inputs, by=by, at=at, letter=letter, papers=papers)
    with register.act(name, by=by, at=at, matter=matter) as act:
        write(act, ready)
    return register.seq


def prepare(
    register: Register,
    matter: int,
    name: str,
    inputs: Mapping[str, Any],
    *,
    by: Staff,
    at: datetime,
    letter: Mapping[str, str] | None = None,
    papers: Sequence[PaperDraft] = (),
) -> Ready:
    """Check a step whole, for `write` to write it within an act; arguments and refusals are those of `perform`."""
    rule = acts.rule(name)
    row = sight.matter_for(register, matter, by)
    reason = acts.refusal(rule, row, by)
    if reason is not None:
        raise reason
    today = at.astimezone().date()
    values = _values(register, rule, inputs, today, by)
    if "claims" in values:  # a claim may be named by its order on paper (1, 2, ...) or by its row
        by_place = dict(register.rows("SELECT place, id FROM claim WHERE matter=? AND removed IS NULL", (matter,)))
        values["claims"] = {by_place.get(claim, claim): decided for claim, decided in values["claims"].items()}
    on: date = values.get("on") or today
    step = steps.Step(register, row, values, by, on, tuple(papers))
    _check_day(step, rule, today)
    reason = unmet(rule, step)
    if reason is not None:
        raise reason
    check = steps.CHECKS.get(name)
    if check:
        check(step)
    incoming.check(papers, on, today)
    step.papers = incoming.held(step, rule, {draft.kind for draft in papers})
    return Ready(rule, step, letter or {})


def write(act: Act, ready: Ready) -> None:
    """Write a step that was checked, within an act: papers, letters, what its own rule adds, dated facts and state."""
    rule, step = ready.rule, ready.step
    for draft in step.given:
        step.papers[draft.kind] = incoming.record(act, step.id, draft, on=step.on)
    for kind in _documents(step, rule):
        from models import issue

        step.documents[kind] = issue.issue_document(
            act, step.id, kind, _fields_of(kind, step.matter, ready.letter, rule), on=step.on, inputs=step.values
        )
    follow = steps.FOLLOW.get(rule.name)
    if follow:
        follow(act, step)
    _write_facts(act, step, rule)
    mark = citymarks.MARKS.get(rule.name)
    if mark:
        mark(act, step)


def for_letters(
    register: Register, matter: int, name: str, inputs: Mapping[str, Any], *, by: Staff, at: datetime
) -> dict[str, Any]:
    """Return the inputs of an act as its letters get them: with what the act's own rule adds, e.g. a time limit.

    An act that would be refused is told so when it is taken; its letters get what its rule has said until then.
    """
    row, rule, today = sight.matter_for(register, matter, by), acts.rule(name), at.astimezone().date()
    check = steps.CHECKS.get(name)
    try:
        values = _values(register, rule, inputs, today, by)
    except errors.RuleError:
        return dict(inputs)
    step = steps.Step(register, row, values, by, values.get("on") or today)
    with contextlib.suppress(errors.RuleError):
        if check and unmet(rule, step) is None:
            check(step)
    return values


def unmet(rule: acts.Rule, step: steps.Step) -> errors.RuleError | None:
    """Return the first condition of the act that the matter's facts do not meet, or None."""
    for need in rule.needs:
        reason = steps.NEEDS[need](step)
        if reason is not None:
            return reason
    return None


def why_closed(rule: acts.Rule, step: steps.Step) -> errors.RuleError | None:
    """Return why an act is not open on a matter for a person, or None; inputs and letters are not looked at."""
    return acts.refusal(rule, step.matter, step.by) or unmet(rule, step)


def listed(
    register: Register, row: dict[str, Any], staff: Staff, on: date
) -> tuple[tuple[OpenAct, ...], tuple[ClosedAct, ...]]:
    """Return the acts open on a matter for a person on a day, the likeliest first, and the others with their reason."""
    opened, closed = [], []
    step = steps.Step(register, row, {}, staff, on)
    for rule in acts.table().values():
        reason = why_closed(rule, step)
        if reason is not None:
            closed.append(ClosedAct(name=rule.name, reason_zh=reason.message.zh, reason_en=reason.message.en))
            continue
        opened.append(
            OpenAct(
                name=rule.name,
                roles=tuple(sorted(rule.roles)),
                documents=tuple(kind for kind in rule.documents_under(row["rules"]) if kind not in rule.when),
                inputs=rule.inputs,
                article=rule.article_zh if errors.spoken() == "zh" else rule.article_en,
                to_state=_target(step, rule) or rule.enters,
                likely=AGAIN if rule.to == row["state"] else rule.likely,
                papers=rule.papers,
                papers_held=tuple(kind for kind in rule.papers if incoming.unused(step, kind) is not None),
                documents_when=tuple(rule.when.items()),
            )
        )
    return tuple(sorted(opened, key=lambda open_act: -open_act.likely)), tuple(closed)


AGAIN = 2
"""How likely a step is that leads to where the matter stands already, e.g. screening it once more."""

_NOTICES = frozenset(
    {"acceptance_notice", "non_acceptance_notice", "no_longer_accepted_notice", "route_notice", "destination_notice"}
)
"""Kinds that tell the petitioner of the first answer: none of them goes out when nobody can be told."""


def _documents(step: steps.Step, rule: acts.Rule) -> list[str]:
    """Return the kinds of letters that go out with the act as it is taken now."""
    lifted = _exempted(step)
    return [
        kind
        for kind in rule.documents_under(step.matter["rules"])
        if not (kind in _NOTICES and lifted) and _wanted(rule.when.get(kind, ""), step.values)
    ]


def _wanted(condition: str, values: Mapping[str, Any]) -> bool:
    if not condition:
        return True
    name, _, code = condition.partition("=")
    return str(values.get(name)) == code if code else bool(values.get(name))


def _fields_of(kind: str, row: Mapping[str, Any], typed: Mapping[str, str], rule: acts.Rule) -> dict[str, str]:
    """Return what was typed for one of the act's letters; what no letter of it has goes to the first, to be refused."""
    from models import letters

    kinds = rule.documents_under(row["rules"])
    names = {one: {field.name for field in letters.fields_for(one, rules=row["rules"])} for one in kinds}
    known = set().union(*names.values())
    return {
        name: value for name, value in typed.items() if name in names[kind] or (name not in known and kind == kinds[0])
    }


def _write_facts(act: Act, step: steps.Step, rule: acts.Rule) -> None:
    """Write the act's dated facts and columns, and the state it leads to."""
    paper = next((step.papers[kind] for kind in rule.papers if kind in step.papers), None)
    document = next(iter(step.documents.values()), paper)
    for event in rule.events:
        act.insert(
            "event",
            {
                "matter": step.id,
                "kind": event["kind"],
                "on_date": step.values.get(event.get("on", "on")) or step.on,
                "document": paper if "paper" in event else document,
                "staff": step.by.id,
                "days": step.values.get(event["days"]) if "days" in event else None,
                "until": step.values.get(event["until"]) if "until" in event else None,
                "note": _note(step.values, event.get("note", "")),
            },
        )
    columns = {
        column: step.values.get(value[1:], step.on if value == "=on" else None) if str(value).startswith("=") else value
        for column, value in rule.sets.items()
    }
    columns = {column: value for column, value in columns.items() if value not in (None, "")}
    target = _target(step, rule)
    if target and target != step.matter["state"]:
        columns["state"] = target
    if rule.enters == acts.SUPERVISED:
        columns["supervised"] = True
    if rule.leaves == acts.SUPERVISED and not step.rows("supervision", "lifted_on IS NULL"):
        columns["supervised"] = False
    act.set("matter", step.id, **columns)


def _target(step: steps.Step, rule: acts.Rule) -> str:
    if rule.to_by:
        return rule.to_by.get(str(step.values.get(rule.to_by["input"])), "")
    if rule.to != acts.IN_HAND:
        return rule.to
    begun = step.last("accepted", "sent_back", "reopened")
    extended = step.last("extended")
    counts = extended is not None and (begun is None or extended.on >= begun.on)
    return "S5x" if counts else "S5"


_OWN = _NOTICES | {"answer", "extension_notice"}
"""Kinds that tell or decide: they go out with their act and with nothing else."""


def check_free(register: Register, matter: int, kind: str) -> None:
    """Refuse to issue by itself a letter that tells or decides what has not been told or decided.

    Once its act was taken, or its dated facts came with an import, another copy of the kind may be issued.

    Raises:
        RuleError: names the acts that the letter goes out with, and their article.
    """
    own = [rule for rule in acts.table().values() if kind in (*rule.documents, rule.document_2005)]
    if kind not in _OWN:
        return
    happened = {event.kind for event in projections.events_of(register.connection, matter)}
    if any({event["kind"] for event in rule.events} <= happened for rule in own):
        return
    zh, en = "、".join(f"“{rule.zh}”" for rule in own), ", ".join(f"“{rule.en}”" for rule in own)
    raise errors.RuleError(
        f"这份文书随办理步骤制发，不能单独出具：请办理{zh}（{own[0].article_zh}）。",
        f"This letter goes out with its act and not by itself: take {en} ({own[0].article_en}).",
    )


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


def check_names(rule: acts.Rule, inputs: Mapping[str, Any]) -> None:
    """Refuse an input that the act does not have.

    Raises:
        InputError: names it and those that there are.
    """
    known = [field.name for field in rule.inputs]
    for name in inputs:
        if name not in known:
            raise errors.InputError(
                name,
                f"“{rule.zh}”没有“{name}”这一项，可填：{'、'.join(known)}。",
                f"“{rule.en}” has no input “{name}”; there are: {', '.join(known)}.",
            )


def _values(register: Register, rule: acts.Rule, inputs: Mapping[str, Any], today: date, by: Staff) -> dict[str, Any]:
    check_names(rule, inputs)
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
        values[field.name] = _value(register, field, value, by)
    if any(field.name == "on" for field in rule.inputs):
        values.setdefault("on", today)
    return values


def _value(register: Register, field: InputField, value: Any, by: Staff) -> Any:
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
        code = _code(field, str(value), impossible)
        return int(code) if field.table == "exit" else code
    if field.kind == "choices":
        named = _SEPARATORS.split(value) if isinstance(value, str) else [str(one) for one in value]
        found = list(dict.fromkeys(_code(field, one.strip(), impossible) for one in named if one.strip()))
        if not found and field.required:
            raise errors.MissingPartError((field.name,), f"缺少“{field.zh}”。", f"“{field.en}” is missing.")
        return found
    if field.kind == "claims":
        return _claims(value, impossible)
    if field.kind == "flag":
        return _flag(value, impossible)
    if field.kind == "matter":
        from models import matters

        return matters.find(register, value, by)
    text = str(value).strip()
    if not text and field.required:
        raise errors.MissingPartError((field.name,), f"缺少“{field.zh}”。", f"“{field.en}” is missing.")
    return text


_SEPARATORS = re.compile(r"[,，、;；]")


def _code(field: InputField, text: str, impossible: Callable[[str, str], errors.InputError]) -> str:
    code = text if text in field.choices else codes.code_for(field.table, text)
    if code is None or code not in field.choices:
        words = "、".join(codes.word(field.table, choice, "zh") for choice in field.choices)
        raise impossible(
            f"没有这个选项：{text}。可选：{words}。", f"has no choice {text}; there are: {', '.join(field.choices)}."
        )
    return code


_YES = {"1": True, "true": True, "yes": True, "是": True, "0": False, "false": False, "no": False, "否": False}


def _flag(value: Any, impossible: Callable[[str, str], errors.InputError]) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).strip().lower() not in _YES:
        raise impossible(f"应为“是”或“否”：{value}。", f"is yes or no: {value}.")
    return _YES[str(value).strip().lower()]


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


def _check_day(step: steps.Step, rule: acts.Rule, today: date) -> None:
    on = step.on
    if on > today:
        raise errors.InputError(
            "on",
            f"“{rule.zh}”的日期 {on} 在今天（{today}）之后，请核对日期或工作站时钟（{rule.article_zh}）。",
            f"The day of “{rule.en}”, {on}, lies after today ({today}): check it, or the clock ({rule.article_en}).",
        )
    floor, what_zh, what_en = date.fromisoformat(step.matter["received_on"]), "收到日期", "day of receipt"
    for event in step.happened(*rule.after):
        if event.on >= floor:
            floor, what_zh, what_en = event.on, "前一步的日期", "day of the step before"
    if on < floor:
        raise errors.InputError(
            "on",
            f"“{rule.zh}”的日期 {on} 早于{what_zh} {floor}（{rule.article_zh}）。",
            f"The day of “{rule.en}”, {on}, lies before the {what_en}, {floor} ({rule.article_en}).",
        )


def _exempted(step: steps.Step) -> bool:
    """Return whether nobody can be told: every item's notice was lifted, since name or address are unclear."""
    lifted = {event.item for event in step.happened("exempted")}
    items = step.register.rows("SELECT id FROM item WHERE matter=? AND cancelled IS NULL", (step.id,))
    return bool(lifted) and (None in lifted or all(item in lifted for (item,) in items))
