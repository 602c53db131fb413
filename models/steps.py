"""The rules of single acts: what each asks beyond the table of acts, and what it writes beside its dated facts.

`CHECKS` say no with the article before anything is written; `FOLLOW` write rows within the act. Both are named by the
act; an act that stands in neither is told whole by `resources/acts.toml`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from models import clocks, errors, intake, people, projections
from models.records import Staff

if TYPE_CHECKING:
    from models.act import Act
    from models.register import Register


@dataclass(frozen=True, slots=True)
class Step:
    """What an act's own rule gets to see."""

    register: Register
    matter: dict[str, Any]
    values: dict[str, Any]
    by: Staff
    on: date


def _check_extension(step: Step) -> None:
    events = projections.events_of(step.register.connection, step.matter["id"])
    if any(event.kind == "extended" for event in events):
        raise errors.RuleError(
            "办理期限只能延长一次，且已延长（《信访条例》第三十三条、《信访工作条例》第三十四条；产品规则）。",
            "The time limit is extended once only, and it has been (SC-431 Art. 33, REG-2022 Art. 34; project rule).",
        )
    accepted = next((event.on for event in events if event.kind == "accepted"), None)
    if accepted is None:
        raise errors.RuleError("尚未受理，没有可延长的期限。", "Not accepted yet: there is no time limit to extend.")
    if step.values["days"] < 1:
        raise errors.InputError("days", "延长的天数须为 1 以上。", "An extension is of 1 day or more.")
    rules = projections.rules_of(step.matter["rules"], step.matter["received_on"])
    calendar = step.register.calendar
    limit = clocks.due(rules, "C2", accepted, calendar=calendar)
    clocks.due(
        rules, "C2", accepted, extended_days=int(step.values["days"]), calendar=calendar
    )  # refuses more than the law allows
    if step.on > limit.last_on:
        raise errors.RuleError(
            f"办理期限已于 {limit.last_on} 届满，不能再延长："
            "延期须在期限届满前决定并告知（《信访工作条例》第三十四条）。",
            f"The time limit ended on {limit.last_on}; an extension is decided and told before it ends (REG-2022 Art."
            " 34).",
        )


def _check_accept(step: Step) -> None:
    _check_unit(step, step.values.get("unit"))


def _check_assign(step: Step) -> None:
    _check_unit(step, step.values["unit"])
    handler = step.values.get("handler")
    if handler in projections.barred(step.register.connection, step.matter["id"]):
        raise errors.RuleError(
            "承办人是被反映的人、属于被反映的单位或已回避，不能承办"
            "（部令第79号第十条、第十一条；《信访工作条例》第二十八条、第三十条）。",
            "The handler is accused, of an accused unit, or recused, and may not handle it (MPS-79 Arts 10, 11;"
            " REG-2022 Arts 28, 30).",
        )


def _check_reader(step: Step) -> None:
    if not step.matter["sealed"]:
        raise errors.RuleError(
            "本事项没有限定知悉范围，无须增加知悉人。", "This matter is not sealed: it needs no named readers."
        )
    if step.values["staff"] in projections.barred(step.register.connection, step.matter["id"]):
        raise errors.RuleError(
            "此人是被反映的人、属于被反映的单位或已回避，不能知悉本事项（部令第79号第十条、第十一条）。",
            "This person is accused, of an accused unit, or recused, and may not know of it (MPS-79 Arts 10, 11).",
        )


def _check_transfer(step: Step) -> None:
    _check_unit(step, step.values.get("destination"))
    _check_destination(step)


def _check_unit(step: Step, unit: int | None) -> None:
    if unit is not None and unit in projections.accused_units(step.register.connection, step.matter["id"]):
        raise _to_the_accused()


def _check_destination(step: Step) -> None:
    named = step.values["destination_name"]
    accused = step.register.rows("SELECT name FROM accused WHERE matter=? AND removed IS NULL", (step.matter["id"],))
    if any(name == named for (name,) in accused):
        raise _to_the_accused()


def _to_the_accused() -> errors.RuleError:
    return errors.RuleError(
        "不能把检举、揭发的情况转给被反映的单位或人（部令第79号第十条；《信访条例》第二十三条；《信访工作条例》第三十条）。",
        "What accuses a unit or person is not passed on to them (MPS-79 Art. 10; SC-431 Art. 23; REG-2022 Art. 30).",
    )


def _check_repeat(step: Step) -> None:
    repeat = step.register.row(
        "SELECT 1 FROM item WHERE matter=? AND repeat=1 AND cancelled IS NULL", (step.matter["id"],)
    )
    if repeat is None:
        raise errors.RuleError(
            "本事项没有重复信访件：初次信访须书面告知（《信访条例》第二十二条、《信访工作条例》第二十三条）。",
            "The matter has no repeat item: the first one is answered by a written notice (SC-431 Art. 22, REG-2022"
            " Art. 23).",
        )
    told = any(
        event.kind in ("noticed", "exempted")
        for event in projections.events_of(step.register.connection, step.matter["id"])
    )
    if not told:
        raise errors.RuleError(
            "初次信访尚未书面告知，请先办理告知（《信访条例》第二十二条、《信访工作条例》第二十三条）。",
            "The first item has not been answered by a written notice yet (SC-431 Art. 22, REG-2022 Art. 23).",
        )


def _check_draft(step: Step) -> None:
    claims = {
        row[0]
        for row in step.register.rows("SELECT id FROM claim WHERE matter=? AND removed IS NULL", (step.matter["id"],))
    }
    decided = set(step.values["claims"])
    if decided - claims:
        raise errors.InputError(
            "claims",
            f"没有这些诉求：{sorted(decided - claims)}。",
            f"There are no such claims: {sorted(decided - claims)}.",
        )
    missing = claims - decided
    if missing:
        raise errors.MissingPartError(
            ("claims",),
            f"还有 {len(missing)} 项诉求没有结论：每一项都须答复（《信访工作条例》第三十二条）。",
            f"{len(missing)} claims have no decision: each is answered (REG-2022 Art. 32).",
        )


def _check_issue(step: Step) -> None:
    heard = step.register.row("SELECT 1 FROM passage WHERE matter=? AND kind='reception' LIMIT 1", (step.matter["id"],))
    if heard is None and not step.values.get("unheard_reason"):
        raise errors.MissingPartError(
            ("unheard_reason",),
            "没有听取信访人陈述的记录：请先记录，或写明未听取的理由（《信访条例》第三十一条、《信访工作条例》第三十一条第六项）。",
            "No hearing of the petitioner is recorded: record one, or say why not (SC-431 Art. 31, REG-2022 Art."
            " 31(6)).",
        )


def _check_close(step: Step) -> None:
    matter = step.matter["id"]
    events = projections.events_of(step.register.connection, matter)
    kinds = {event.kind for event in events}
    supported = step.register.row(
        "SELECT 1 FROM claim WHERE matter=? AND decision IN ('support', 'partly') AND removed IS NULL LIMIT 1",
        (matter,),
    )
    if supported and "executed" not in kinds:
        raise errors.RuleError(
            "有支持的诉求尚未证明已执行，不能办结（《信访条例》第三十二条、《信访工作条例》第三十二条）。",
            "A supported claim is not proved carried out: the matter cannot be closed (SC-431 Art. 32, REG-2022 Art."
            " 32).",
        )
    if step.matter["state"] == "S9":
        served = next((event.on for event in events if event.kind == "served"), None)
        if served:
            rules = projections.rules_of(step.matter["rules"], step.matter["received_on"])
            window = clocks.due(rules, "C3", served, calendar=step.register.calendar)
            if step.on <= window.last_on:
                raise errors.RuleError(
                    f"申请复查的期限到 {window.last_on} 才届满，"
                    "此前不能办结（《信访条例》第三十四条、《信访工作条例》第三十五条）。",
                    f"The petitioner may ask for review until {window.last_on}; not closed before (SC-431 Art. 34,"
                    " REG-2022 Art. 35).",
                )


def _check_recusal(step: Step) -> None:
    open_row = step.register.row(
        "SELECT 1 FROM recusal WHERE matter=? AND staff=? AND decision IS NULL LIMIT 1",
        (step.matter["id"], step.values["staff"]),
    )
    if open_row is None:
        raise errors.RuleError("没有待决定的回避申请。", "No request for recusal is open for this person.")
    if step.values["staff"] == step.by.id:
        raise errors.NotAllowedError("不能决定本人的回避。", "Nobody decides on their own recusal.")


def _follow_draft(act: Act, step: Step) -> None:
    matter = step.matter["id"]
    for claim, decided in step.values["claims"].items():
        act.set("claim", claim, decision=decided["decision"], grounds=decided["grounds"])
    for kind, name in (("facts_found", "facts"), ("basis", "basis")):
        act.insert("passage", {"matter": matter, "kind": kind, "body": step.values[name]})


def _follow_hear(act: Act, step: Step) -> None:
    act.insert("passage", {"matter": step.matter["id"], "kind": "reception", "body": step.values["record"]})


def _follow_reply(act: Act, step: Step) -> None:
    act.insert("passage", {"matter": step.matter["id"], "kind": "answer", "body": step.values["answer"]})


def _follow_add_claim(act: Act, step: Step) -> None:
    matter = step.matter["id"]
    last = act.connection.execute("SELECT coalesce(max(place), 0) FROM claim WHERE matter=?", (matter,)).fetchone()[0]
    act.insert("claim", {"matter": matter, "place": last + 1, "request": step.values["request"]})


def _follow_complete_person(act: Act, step: Step) -> None:
    """Fill in what was not known of the petitioner; what is there already stays unless a new value was given."""
    matter = step.matter["id"]
    given = {
        name: step.values[name]
        for name in ("name", "phone", "address", "mail_address", "id_number")
        if step.values.get(name)
    }
    if "phone" in given:
        given["phone"] = intake.phone_of(given["phone"])
    if "id_number" in given:
        given["id_number"] = people.clean_id_number(given["id_number"])
    main = act.connection.execute(
        "SELECT id, name FROM person WHERE matter=? AND removed IS NULL ORDER BY main IS NOT 1, id LIMIT 1", (matter,)
    ).fetchone()
    if main is not None and (not main[1] or not given.get("name") or main[1] == given["name"]):
        act.set("person", main[0], **given)
        return
    item = act.connection.execute("SELECT id FROM item WHERE matter=? ORDER BY id LIMIT 1", (matter,)).fetchone()[0]
    row = {"matter": matter, "item": item, "role": "petitioner", "kind": "person", "main": main is None}
    act.insert("person", {**row, **given})


def _follow_note(act: Act, step: Step) -> None:
    act.insert("passage", {"matter": step.matter["id"], "kind": "note", "body": step.values["text"]})


def _follow_screen(act: Act, step: Step) -> None:
    if step.values["category"] == "accusation" and not step.matter["sealed"]:
        act.set("matter", step.matter["id"], sealed=True)
        intake.add_readers(act, step.matter["id"], "accusation")


def _follow_assign(act: Act, step: Step) -> None:
    handler = step.values.get("handler")
    if handler and step.matter["sealed"]:
        intake.add_reader(act, step.matter["id"], step.register.staff()[handler], "承办")


def _follow_issue(act: Act, step: Step) -> None:
    if step.values.get("unheard_reason"):
        act.insert(
            "passage",
            {
                "matter": step.matter["id"],
                "kind": "note",
                "body": "未听取信访人陈述的理由：" + step.values["unheard_reason"],
            },
        )
    decided = {
        row[0]
        for row in act.connection.execute(
            "SELECT decision FROM claim WHERE matter=? AND removed IS NULL AND decision IS NOT NULL",
            (step.matter["id"],),
        ).fetchall()
    }
    if decided:
        act.set("matter", step.matter["id"], conclusion=conclusion_of(decided))
    if {"support", "partly"} & decided:
        act.insert("event", {"matter": step.matter["id"], "kind": "supported", "on_date": step.on, "staff": step.by.id})


def conclusion_of(decided: set[str]) -> str:
    """Return the conclusion of the whole from those of the claims (domain reference, 10.2)."""
    if len(decided) == 1:
        return next(iter(decided))
    if {"support", "partly"} & decided:
        return "partly"
    return "refuse"


def _follow_ask_recusal(act: Act, step: Step) -> None:
    act.insert(
        "recusal",
        {
            "matter": step.matter["id"],
            "staff": step.values["staff"],
            "ground": step.values["reason"],
            "asked_by": step.values["asked_by"],
            "asked_on": step.on,
        },
    )


def _follow_decide_recusal(act: Act, step: Step) -> None:
    for (row,) in act.connection.execute(
        "SELECT id FROM recusal WHERE matter=? AND staff=? AND decision IS NULL",
        (step.matter["id"], step.values["staff"]),
    ).fetchall():
        act.set("recusal", row, decision=step.values["decision"], decided_on=step.on, decided_by=step.by.id)
    if step.values["decision"] == "granted":
        for (row,) in act.connection.execute(
            "SELECT id FROM reader WHERE matter=? AND staff=? AND ended_on IS NULL",
            (step.matter["id"], step.values["staff"]),
        ).fetchall():
            act.set("reader", row, ended_on=step.on)
        if not step.matter["sealed"]:
            act.set("matter", step.matter["id"], sealed=True)
            intake.add_readers(act, step.matter["id"], "recusal")
        if step.matter["handler"] == step.values["staff"]:
            act.set("matter", step.matter["id"], handler=None)


def _follow_name_reader(act: Act, step: Step) -> None:
    intake.add_reader(act, step.matter["id"], step.register.staff()[step.values["staff"]], step.values["reason"])


def _follow_name_accused(act: Act, step: Step) -> None:
    act.insert(
        "accused",
        {
            "matter": step.matter["id"],
            "kind": step.values["kind"],
            "name": step.values["name"],
            "staff": step.values.get("staff"),
            "unit": step.values.get("unit"),
        },
    )
    barred = projections.barred(act.connection, step.matter["id"])
    for row, staff in act.connection.execute(
        "SELECT id, staff FROM reader WHERE matter=? AND ended_on IS NULL", (step.matter["id"],)
    ).fetchall():
        if staff in barred:
            act.set("reader", row, ended_on=step.on)
    if step.matter["handler"] in barred:
        act.set("matter", step.matter["id"], handler=None)


CHECKS: dict[str, Callable[[Step], None]] = {
    "accept": _check_accept,
    "assign": _check_assign,
    "name_reader": _check_reader,
    "transfer": _check_transfer,
    "pass_on": _check_destination,
    "tell_repeat": _check_repeat,
    "extend": _check_extension,
    "draft": _check_draft,
    "issue": _check_issue,
    "close": _check_close,
    "decide_recusal": _check_recusal,
}
FOLLOW: dict[str, Callable[[Act, Step], None]] = {
    "screen": _follow_screen,
    "assign": _follow_assign,
    "hear": _follow_hear,
    "reply": _follow_reply,
    "note": _follow_note,
    "add_claim": _follow_add_claim,
    "complete_person": _follow_complete_person,
    "draft": _follow_draft,
    "issue": _follow_issue,
    "ask_recusal": _follow_ask_recusal,
    "decide_recusal": _follow_decide_recusal,
    "name_accused": _follow_name_accused,
    "name_reader": _follow_name_reader,
}
