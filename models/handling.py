"""Taking one lawful step on a matter: check everything, then write it as one act with its letter, its dated facts and its state.

    perform(register, matter, "accept", {"unit": 4294967299}, by=staff, at=now)

Checked in this order, and nothing is written when one says no: sight (policy), the table of acts, the inputs, the days (not in the future, not
before their cause), the act's own rule, the letter's required parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from models import acts, clocks, codes, errors, intake, policy, projections
from models.records import InputField, Staff

if TYPE_CHECKING:
    from models.act import Act
    from models.register import Register


@dataclass(frozen=True, slots=True)
class _Step:
    """What an act's own rule gets to see."""

    register: Register
    matter: dict[str, Any]
    values: dict[str, Any]
    by: Staff
    on: date


def matter_for(register: Register, matter: int, staff: Staff) -> dict[str, Any]:
    """Return the matter's row when `staff` sees it in full.

    Raises:
        InputError: No such matter, or one that the person may not know of (the two answers are the same).
        NotAllowedError: Sealed, and the person is no reader.
    """
    found = register.row(f"SELECT ({policy.known_sql(staff)}), ({policy.visible_sql(staff)}) FROM matter m WHERE id=?", (matter,))
    if found is None or not found[0]:
        raise policy.unknown_matter(matter)
    if not found[1]:
        raise errors.NotAllowedError(
            "本事项内容限定知悉范围，您不在其中：只能看到编号、日期、期限和状态。",
            "This matter is for named readers only, and you are none: you see its number, dates, clocks and state.",
        )
    row = register.record("matter", matter)
    assert row is not None  # noqa: S101  the row was there in the line above, on the only connection
    return row


def perform(
    register: Register, matter: int, name: str, inputs: Mapping[str, Any], *, by: Staff, at: datetime, letter: Mapping[str, str] | None = None
) -> int:
    """Take the step `name` on a matter; returns the sequence number of its journal entry.

    Args:
        register: The open register.
        matter: The matter.
        name: An act of the table.
        inputs: Values of the act's inputs: text, ISO dates or dates, numbers, ids, and for `claims` a mapping claim id -> {decision, grounds}.
        by: Who does it.
        at: Instant, aware.
        letter: What the officer typed for the act's letter, if it has one.

    Raises:
        InputError, NotAllowedError, RuleError, MissingPartError: with article; nothing was changed.
    """
    rule = acts.rule(name)
    row = matter_for(register, matter, by)
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
    step = _Step(register, row, values, by, on)
    check = _CHECKS.get(name)
    if check:
        check(step)
    with register.act(name, by=by, at=at, matter=matter) as act:
        document = None
        if rule.document and not _exempted(register, matter):
            from models import issue

            document = issue.issue_document(act, matter, rule.document, {**_letter_fields(values), **(letter or {})}, on=on)
        follow = _FOLLOW.get(name)
        if follow:
            follow(act, step)
        for event in rule.events:
            act.insert("event", {
                "matter": matter, "kind": event["kind"], "on_date": on, "document": document, "staff": by.id,
                "days": values.get(event["days"]) if "days" in event else None,
                "note": _note(values, event.get("note", "")),
            })  # fmt: skip
        columns = {column: values.get(value[1:], on if value == "=on" else None) if str(value).startswith("=") else value
                   for column, value in rule.sets.items()}  # fmt: skip
        columns = {column: value for column, value in columns.items() if value not in (None, "")}
        if rule.to and rule.to != row["state"]:
            columns["state"] = rule.to
        act.set("matter", matter, **columns)
    return register.seq


def _note(values: Mapping[str, Any], name: str) -> str | None:
    if not name:
        return None
    if name == "way":
        return f"{codes.word('service_way', values.get('way'), 'zh')}：{values.get('receiver', '')}"
    return str(values.get(name) or "") or None


def _letter_fields(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: value.isoformat() if isinstance(value, date) else str(value) for name, value in values.items() if not isinstance(value, dict) and value is not None}


def _values(register: Register, rule: acts.Rule, inputs: Mapping[str, Any], today: date) -> dict[str, Any]:
    known = {field.name for field in rule.inputs}
    for name in inputs:
        if name not in known:
            raise errors.InputError(
                name, f"“{rule.zh}”没有“{name}”这一项，可填：{'、'.join(known)}。", f"“{rule.en}” has no input “{name}”; there are: {', '.join(known)}."
            )
    values: dict[str, Any] = {}
    for field in rule.inputs:
        value = inputs.get(field.name)
        if value in (None, ""):
            if field.required:
                raise errors.MissingPartError((field.name,), f"“{rule.zh}”缺少“{field.name}”。", f"“{rule.en}” needs “{field.name}”.")
            continue
        values[field.name] = _value(register, field, value)
    if "on" in known:
        values.setdefault("on", today)
    return values


def _value(register: Register, field: InputField, value: Any) -> Any:
    def impossible(zh: str, en: str) -> errors.InputError:
        return errors.InputError(field.name, f"“{field.name}”{zh}", f"“{field.name}” {en}")

    if field.kind == "date":
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise impossible(f"不是有效日期：{value}。请写成 2026-03-02。", f"is not a day: {value}. Write 2026-03-02.") from None
    if field.kind in ("number", "unit", "staff"):
        try:
            number = int(value)
        except (TypeError, ValueError):
            number = _by_name(register, field.kind, str(value)) or 0
            if not number:
                raise impossible(f"不是数字或已知名称：{value}。", f"is neither a number nor a known name: {value}.") from None
        known = register.units() if field.kind == "unit" else register.staff() if field.kind == "staff" else None
        if known is not None and number not in known:
            raise impossible(f"在目录中找不到：{value}。", f"is not in the directory: {value}.")
        return number
    if field.kind == "choice":
        text = str(value)
        code = text if text in field.choices else codes.code_for(field.table, text)
        if code not in field.choices:
            words = "、".join(codes.word(field.table, choice, "zh") for choice in field.choices)
            raise impossible(f"没有这个选项：{value}。可选：{words}。", f"has no choice {value}; there are: {', '.join(field.choices)}.")
        return int(code) if field.table == "exit" else code
    if field.kind == "claims":
        return _claims(value, impossible)
    text = str(value).strip()
    if not text and field.required:
        raise errors.MissingPartError((field.name,), f"缺少“{field.name}”。", f"“{field.name}” is missing.")
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


def _check_day(register: Register, row: Mapping[str, Any], rule: acts.Rule, on: date, today: date) -> None:
    if on > today:
        raise errors.InputError(
            "on", f"“{rule.zh}”的日期 {on} 在今天（{today}）之后。请核对日期或工作站时钟。", f"The day of “{rule.en}”, {on}, lies after today ({today}). Check it, or the clock."
        )
    causes = {"extend": "accepted", "issue": "accepted", "serve": "opinion_issued", "execute": "opinion_issued", "close": ""}
    cause = causes.get(rule.name)
    floor, what_zh, what_en = date.fromisoformat(row["received_on"]), "收到日期", "day of receipt"
    if cause:
        for event in projections.events_of(register.connection, row["id"]):
            if event.kind == cause:
                floor, what_zh, what_en = event.on, "前一步的日期", "day of the step before"
    if on < floor:
        raise errors.InputError(
            "on", f"“{rule.zh}”的日期 {on} 早于{what_zh} {floor}。", f"The day of “{rule.en}”, {on}, lies before the {what_en}, {floor}."
        )


def _exempted(register: Register, matter: int) -> bool:
    return any(event.kind == "exempted" for event in projections.events_of(register.connection, matter))


# --- rules of single acts ------------------------------------------------------------------------------------------------


def _check_extension(step: _Step) -> None:
    events = projections.events_of(step.register.connection, step.matter["id"])
    if any(event.kind == "extended" for event in events):
        raise errors.RuleError(
            "办理期限只能延长一次，且已延长（《信访条例》第三十三条、《信访工作条例》第三十四条；产品规则）。",
            "The time limit is extended once only, and it has been (SC-431 Art. 33, REG-2022 Art. 34; project rule).",
        )
    accepted = next((event.on for event in events if event.kind == "accepted"), None)
    if accepted is None:
        raise errors.RuleError("尚未受理，没有可延长的期限。", "Not accepted yet: there is no time limit to extend.")
    rules = projections.rules_of(step.matter["rules"], step.matter["received_on"])
    calendar = step.register.calendar
    limit = clocks.due(rules, "C2", accepted, calendar=calendar)
    clocks.due(rules, "C2", accepted, extended_days=int(step.values["days"]), calendar=calendar)  # refuses more than the law allows
    if step.on > limit.last_on:
        raise errors.RuleError(
            f"办理期限已于 {limit.last_on} 届满，不能再延长：延期须在期限届满前决定并告知（《信访工作条例》第三十四条）。",
            f"The time limit ended on {limit.last_on}; an extension is decided and told before it ends (REG-2022 Art. 34).",
        )


def _check_draft(step: _Step) -> None:
    claims = {row[0] for row in step.register.rows("SELECT id FROM claim WHERE matter=? AND removed IS NULL", (step.matter["id"],))}
    decided = set(step.values["claims"])
    if decided - claims:
        raise errors.InputError("claims", f"没有这些诉求：{sorted(decided - claims)}。", f"There are no such claims: {sorted(decided - claims)}.")
    missing = claims - decided
    if missing:
        raise errors.MissingPartError(
            ("claims",), f"还有 {len(missing)} 项诉求没有结论：每一项都须答复（《信访工作条例》第三十二条）。", f"{len(missing)} claims have no decision: each is answered (REG-2022 Art. 32)."
        )


def _check_issue(step: _Step) -> None:
    heard = step.register.row("SELECT 1 FROM passage WHERE matter=? AND kind='reception' LIMIT 1", (step.matter["id"],))
    if heard is None and not step.values.get("unheard_reason"):
        raise errors.MissingPartError(
            ("unheard_reason",),
            "没有听取信访人陈述的记录：请先记录，或写明未听取的理由（《信访条例》第三十一条、《信访工作条例》第三十一条第六项）。",
            "No hearing of the petitioner is recorded: record one, or say why not (SC-431 Art. 31, REG-2022 Art. 31(6)).",
        )


def _check_close(step: _Step) -> None:
    matter = step.matter["id"]
    events = projections.events_of(step.register.connection, matter)
    kinds = {event.kind for event in events}
    supported = step.register.row("SELECT 1 FROM claim WHERE matter=? AND decision IN ('support', 'partly') AND removed IS NULL LIMIT 1", (matter,))
    if supported and "executed" not in kinds:
        raise errors.RuleError(
            "有支持的诉求尚未证明已执行，不能办结（《信访条例》第三十二条、《信访工作条例》第三十二条）。",
            "A supported claim is not proved carried out: the matter cannot be closed (SC-431 Art. 32, REG-2022 Art. 32).",
        )
    if step.matter["state"] == "S9":
        served = next((event.on for event in events if event.kind == "served"), None)
        if served:
            rules = projections.rules_of(step.matter["rules"], step.matter["received_on"])
            window = clocks.due(rules, "C3", served, calendar=step.register.calendar)
            if step.on <= window.last_on:
                raise errors.RuleError(
                    f"申请复查的期限到 {window.last_on} 才届满，此前不能办结（《信访条例》第三十四条、《信访工作条例》第三十五条）。",
                    f"The petitioner may ask for review until {window.last_on}; not closed before (SC-431 Art. 34, REG-2022 Art. 35).",
                )


def _check_recusal(step: _Step) -> None:
    open_row = step.register.row(
        "SELECT 1 FROM recusal WHERE matter=? AND staff=? AND decision IS NULL LIMIT 1", (step.matter["id"], step.values["staff"])
    )
    if open_row is None:
        raise errors.RuleError("没有待决定的回避申请。", "No request for recusal is open for this person.")
    if step.values["staff"] == step.by.id:
        raise errors.NotAllowedError("不能决定本人的回避。", "Nobody decides on their own recusal.")


def _follow_draft(act: Act, step: _Step) -> None:
    matter = step.matter["id"]
    for claim, decided in step.values["claims"].items():
        act.set("claim", claim, decision=decided["decision"], grounds=decided["grounds"])
    for kind, name in (("facts_found", "facts"), ("basis", "basis")):
        act.insert("passage", {"matter": matter, "kind": kind, "body": step.values[name]})


def _follow_hear(act: Act, step: _Step) -> None:
    act.insert("passage", {"matter": step.matter["id"], "kind": "reception", "body": step.values["record"]})


def _follow_reply(act: Act, step: _Step) -> None:
    act.insert("passage", {"matter": step.matter["id"], "kind": "answer", "body": step.values["answer"]})


def _follow_note(act: Act, step: _Step) -> None:
    act.insert("passage", {"matter": step.matter["id"], "kind": "note", "body": step.values["text"]})


def _follow_screen(act: Act, step: _Step) -> None:
    if step.values["category"] == "accusation" and not step.matter["sealed"]:
        act.set("matter", step.matter["id"], sealed=True)
        intake.add_readers(act, step.matter["id"], "accusation")


def _follow_assign(act: Act, step: _Step) -> None:
    handler = step.values.get("handler")
    if handler and step.matter["sealed"]:
        intake.add_reader(act, step.matter["id"], step.register.staff()[handler], "承办")


def _follow_issue(act: Act, step: _Step) -> None:
    if step.values.get("unheard_reason"):
        act.insert("passage", {"matter": step.matter["id"], "kind": "note", "body": "未听取信访人陈述的理由：" + step.values["unheard_reason"]})
    conclusions = {row[0] for row in act.connection.execute("SELECT decision FROM claim WHERE matter=? AND removed IS NULL AND decision IS NOT NULL", (step.matter["id"],)).fetchall()}
    if conclusions:
        act.set("matter", step.matter["id"], conclusion=conclusions.pop() if len(conclusions) == 1 else "partly")
        if {"support", "partly"} & (conclusions or {act.connection.execute("SELECT conclusion FROM matter WHERE id=?", (step.matter["id"],)).fetchone()[0]}):
            act.insert("event", {"matter": step.matter["id"], "kind": "supported", "on_date": step.on, "staff": step.by.id})


def _follow_ask_recusal(act: Act, step: _Step) -> None:
    act.insert("recusal", {"matter": step.matter["id"], "staff": step.values["staff"], "ground": step.values["reason"],
                           "asked_by": step.values["asked_by"], "asked_on": step.on})  # fmt: skip


def _follow_decide_recusal(act: Act, step: _Step) -> None:
    for (row,) in act.connection.execute(
        "SELECT id FROM recusal WHERE matter=? AND staff=? AND decision IS NULL", (step.matter["id"], step.values["staff"])
    ).fetchall():
        act.set("recusal", row, decision=step.values["decision"], decided_on=step.on, decided_by=step.by.id)
    if step.values["decision"] == "granted":
        for (row,) in act.connection.execute(
            "SELECT id FROM reader WHERE matter=? AND staff=? AND ended_on IS NULL", (step.matter["id"], step.values["staff"])
        ).fetchall():
            act.set("reader", row, ended_on=step.on)
        if not step.matter["sealed"]:
            act.set("matter", step.matter["id"], sealed=True)
            intake.add_readers(act, step.matter["id"], "recusal")
        if step.matter["handler"] == step.values["staff"]:
            act.set("matter", step.matter["id"], handler=None)


def _follow_name_accused(act: Act, step: _Step) -> None:
    act.insert("accused", {"matter": step.matter["id"], "kind": step.values["kind"], "name": step.values["name"],
                           "staff": step.values.get("staff"), "unit": step.values.get("unit")})  # fmt: skip


_CHECKS: dict[str, Callable[[_Step], None]] = {
    "extend": _check_extension, "draft": _check_draft, "issue": _check_issue, "close": _check_close, "decide_recusal": _check_recusal,
}  # fmt: skip
_FOLLOW: dict[str, Callable[[Act, _Step], None]] = {
    "screen": _follow_screen, "assign": _follow_assign, "hear": _follow_hear, "reply": _follow_reply, "note": _follow_note,
    "draft": _follow_draft, "issue": _follow_issue, "ask_recusal": _follow_ask_recusal, "decide_recusal": _follow_decide_recusal,
    "name_accused": _follow_name_accused,
}  # fmt: skip
