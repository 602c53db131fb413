"""Handling inside the bureau: assignment, hearing the petitioner, extension, recusal."""

from __future__ import annotations

from models import clocks, errors, intake, projections
from models.act import Act
from models.steps.guard import refuse_accused_unit
from models.steps.step import Check, Follow, Need, Step


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


def _check_assign(step: Step) -> None:
    refuse_accused_unit(step, step.values["unit"])
    handler = step.values.get("handler")
    if handler in projections.barred(step.register.connection, step.matter["id"]):
        raise errors.RuleError(
            "承办人是被反映的人、属于被反映的单位或已回避，不能承办"
            "（部令第79号第十条、第十一条；《信访工作条例》第二十八条、第三十条）。",
            "The handler is accused, of an accused unit, or recused, and may not handle it (MPS-79 Arts 10, 11;"
            " REG-2022 Arts 28, 30).",
        )


def _check_recusal(step: Step) -> None:
    open_row = step.register.row(
        "SELECT 1 FROM recusal WHERE matter=? AND staff=? AND decision IS NULL AND removed IS NULL LIMIT 1",
        (step.matter["id"], step.values["staff"]),
    )
    if open_row is None:
        raise errors.RuleError("没有待决定的回避申请。", "No request for recusal is open for this person.")
    if step.values["staff"] == step.by.id:
        raise errors.NotAllowedError("不能决定本人的回避。", "Nobody decides on their own recusal.")


def _follow_hear(act: Act, step: Step) -> None:
    act.insert("passage", {"matter": step.matter["id"], "kind": "reception", "body": step.values["record"]})


def _follow_note(act: Act, step: Step) -> None:
    act.insert("passage", {"matter": step.matter["id"], "kind": "note", "body": step.values["text"]})


def _follow_assign(act: Act, step: Step) -> None:
    handler = step.values.get("handler")
    if handler and step.matter["sealed"]:
        intake.add_reader(act, step.matter["id"], step.register.staff()[handler], "承办")


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
        "SELECT id FROM recusal WHERE matter=? AND staff=? AND decision IS NULL AND removed IS NULL",
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


CHECKS: dict[str, Check] = {"assign": _check_assign, "extend": _check_extension, "decide_recusal": _check_recusal}
FOLLOW: dict[str, Follow] = {
    "assign": _follow_assign,
    "hear": _follow_hear,
    "note": _follow_note,
    "ask_recusal": _follow_ask_recusal,
    "decide_recusal": _follow_decide_recusal,
}
NEEDS: dict[str, Need] = {}
