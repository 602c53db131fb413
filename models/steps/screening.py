"""Screening and the first answer: from receipt to exactly one of S3a-S3f or S4 for each item.

What these acts ask beyond the table of acts, and what they write beside their dated facts. Every hand-over to another
organ leaves a row with sender, receiver, day and ground; the third return goes up to the common superior (SC-431
Art. 24, REG-2022 Art. 24).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models import clocks, errors, exhausted, handovers, intake
from models.act import Act
from models.steps.guard import refuse_accused_name, refuse_accused_unit
from models.steps.step import Check, Follow, Need, Step


def _check_complete_entry(step: Step) -> None:
    if not step.values["searched"]:
        raise errors.RuleError(
            "登记前须查重：同一信访人、同一事项的来件应当并入原事项（重复信访件办理规则）。",
            "Duplicates are searched before the entry is made: the same person with the same substance joins the"
            " earlier matter (working rule on repeat items).",
        )


def _check_accept(step: Step) -> None:
    refuse_accused_unit(step, step.values.get("unit"))


def _check_handing(step: Step) -> None:
    refuse_accused_unit(step, step.values.get("destination"))
    refuse_accused_name(step, step.values["destination_name"])


def _check_limit(step: Step) -> None:
    """Refuse a limit that lies before its own assignment."""
    if step.values["limit_on"] < step.on:
        raise errors.InputError(
            "limit_on",
            f"办理时限 {step.values['limit_on']} 早于交办日期 {step.on}（《信访条例》第二十一条第四项、"
            "《信访工作条例》第二十二条第三项）。",
            f"The time limit {step.values['limit_on']} lies before the assignment, {step.on} (SC-431 Art. 21(4),"
            " REG-2022 Art. 22(3)).",
        )


def _check_assign_out(step: Step) -> None:
    _check_handing(step)
    _check_limit(step)


def _check_refuse(step: Step) -> None:
    """Refuse a ground that the matter does not bear (domain reference, 6.5)."""
    ground, register = step.values["ground"], step.register
    if ground in ("rereviewed", "litigation_ended"):
        raise errors.RuleError(
            "已经终结的，办理“不再受理”并写明原事项（《信访条例》第三十五条、《信访工作条例》第三十六条）。",
            "What has ended is told “no longer accepted”, with the earlier matter (SC-431 Art. 35, REG-2022 Art. 36).",
        )
    if ground == "statutory" and not step.matter["rules"].startswith("SC-"):
        raise errors.RuleError(
            "2022年5月1日起收到的，属于法定途径的应当“告知法定途径”，不作不予受理"
            "（《信访工作条例》第二十三条、第三十一条）。",
            "Received from 2022-05-01 on, what belongs to a statutory route is directed to it, not refused"
            " (REG-2022 Arts 23, 31).",
        )
    if ground == "skipped" and not register.row(
        "SELECT 1 FROM item WHERE matter=? AND channel='visit' AND cancelled IS NULL LIMIT 1", (step.id,)
    ):
        raise errors.RuleError(
            "越级走访只适用于来访，书信、网络、电话不受层级限制（《信访条例》第十六条、《信访工作条例》第二十条）。",
            "Past the proper level is a ground for visits only; letters, web and calls know no levels (SC-431 Art. 16,"
            " REG-2022 Art. 20).",
        )
    asked = {"in_time_above": exhausted.too_early_above, "window_passed": exhausted.window_passed}.get(ground)
    findings = asked(register, step.id, step.by, step.on) if asked is not None else ()
    if findings and not any(finding.ok for finding in findings):
        first = findings[0]
        raise errors.RuleError(
            f"不能以此不予受理：{first.reason.zh.rstrip('。')}（{first.article.zh}）。",
            f"That is no ground here: {first.reason.en.rstrip('.')} ({first.article.en}).",
        )


def _check_no_longer_accept(step: Step) -> None:
    exhausted.require(step.register, step.id, step.values["earlier"], step.values["compared"], step.by)


def _check_receive_paper(step: Step) -> None:
    if not step.given:
        raise errors.MissingPartError(
            ("paper",),
            "没有选择收到的材料：请写明种类、日期，并附扫描件。",
            "No paper was given: name its kind and day, and add the scan.",
        )


def _follow_complete_entry(act: Act, step: Step) -> None:
    item = step.register.row("SELECT id FROM item WHERE matter=? AND cancelled IS NULL ORDER BY id LIMIT 1", (step.id,))
    values = {"matter": step.id, "item": item[0] if item else None, "kind": "statement"}
    act.insert("passage", {**values, "body": step.values["statement"]})
    if step.values.get("request"):
        act.insert("claim", {"matter": step.id, "place": 1, "request": step.values["request"]})


def _follow_screen(act: Act, step: Step) -> None:
    if step.values["category"] == "accusation" and not step.matter["sealed"]:
        act.set("matter", step.id, sealed=True)
        intake.add_readers(act, step.id, "accusation")


def _follow_reply(act: Act, step: Step) -> None:
    act.insert("passage", {"matter": step.id, "kind": "answer", "body": step.values["answer"]})


def _follow_no_longer_accept(act: Act, step: Step) -> None:
    act.insert("passage", {"matter": step.id, "kind": "compared", "body": step.values["compared"]})


def _hand(act: Act, step: Step, kind: str, *, letter: str = "", **more: Any) -> None:
    handovers.give(
        act,
        step.id,
        kind,
        on=step.on,
        sender=step.matter["unit"],
        receiver=step.values.get("destination"),
        receiver_name=step.values.get("destination_name"),
        document=step.documents.get(letter),
        **more,
    )


def _follow_transfer(act: Act, step: Step) -> None:
    _hand(act, step, "transfer", letter="transfer_slip")


def _follow_assign_out(act: Act, step: Step) -> None:
    more = {"limit_on": step.values["limit_on"], "ground": step.values["requirement"]}
    _hand(act, step, "assign_out", letter="assignment_letter", **more)


def _follow_pass_on(act: Act, step: Step) -> None:
    _hand(act, step, "pass_on", letter="accusation_transfer")


def _sent_out(step: Step, *kinds: str) -> list[dict[str, Any]]:
    """Return the hand-overs to other organs that have not ended."""
    return handovers.open_rows(handovers.rows(step.register, step.id), *kinds)


def _follow_receive_completion(act: Act, step: Step) -> None:
    handovers.end(act, _sent_out(step, "assign_out"), "answered", on=step.on, answer=step.values["result"])


def _follow_take_back(act: Act, step: Step) -> None:
    sent = _sent_out(step, *handovers.OUTSIDE)
    handovers.end(act, sent, "returned", on=step.on, answer=step.values["ground"])
    handovers.give(
        act,
        step.id,
        "return",
        on=step.on,
        sender_name=sent[-1]["receiver_name"] if sent else step.matter["destination_name"],
        sender=sent[-1]["receiver"] if sent else step.matter["destination"],
        receiver=step.matter["unit"],
        ground=step.values["ground"],
        document=step.papers.get("returned_in"),
    )
    act.set("matter", step.id, destination=None, destination_name=None, handling=None)


def _follow_designate_organ(act: Act, step: Step) -> None:
    handovers.give(
        act,
        step.id,
        "designate",
        on=step.on,
        sender=step.matter["unit"],
        receiver_name=step.values["organ"],
        document=step.papers.get("designation"),
    )


def _follow_object(act: Act, step: Step) -> None:
    item = _sent_item(step) or {}
    handovers.give(
        act,
        step.id,
        "object",
        on=step.on,
        sender=step.matter["unit"],
        receiver_name=item.get("source_name") or "",
        ground=step.values["reasons_detail"],
        document=step.documents.get("objection_letter"),
    )


def _follow_objection_agreed(act: Act, step: Step) -> None:
    handovers.end(act, _sent_out(step, "object"), "agreed", on=step.on)


def _follow_objection_refused(act: Act, step: Step) -> None:
    handovers.end(act, _sent_out(step, "object"), "refused", on=step.on)


def _sent_item(step: Step) -> dict[str, Any] | None:
    """Return the matter's item that another organ transferred or assigned to us."""
    found = step.register.records(
        "item", "matter=? AND transferred_on IS NOT NULL AND cancelled IS NULL ORDER BY id", (step.id,)
    )
    return found[0] if found else None


def _returns(step: Step) -> int:
    return handovers.returns_outside(handovers.rows(step.register, step.id))


def _need_repeat_to_tell(step: Step) -> errors.RuleError | None:
    repeat = step.register.row("SELECT 1 FROM item WHERE matter=? AND repeat=1 AND cancelled IS NULL", (step.id,))
    if repeat is None:
        return errors.RuleError(
            "本事项没有重复信访件：初次信访须书面告知（《信访条例》第二十二条、《信访工作条例》第二十三条）。",
            "The matter has no repeat item: the first one is answered by a written notice (SC-431 Art. 22, REG-2022"
            " Art. 23).",
        )
    if not step.happened("noticed", "exempted"):
        return errors.RuleError(
            "初次信访尚未书面告知，请先办理告知（《信访条例》第二十二条、《信访工作条例》第二十三条）。",
            "The first item has not been answered by a written notice yet (SC-431 Art. 22, REG-2022 Art. 23).",
        )
    return None


def _need_not_passed_around(step: Step) -> errors.RuleError | None:
    count = _returns(step)
    if count < handovers.RETURNS_AT_MOST:
        return None
    return errors.RuleError(
        f"已被退回 {count} 次，不得再转：请提请共同上级指定受理机关，或自行受理"
        "（《信访条例》第二十四条、《信访工作条例》第二十四条；不得推诿）。",
        f"It came back {count} times and is not passed on again: have the common superior designate the organ,"
        " or accept it (SC-431 Art. 24, REG-2022 Art. 24; no passing around).",
    )


def _need_passed_around(step: Step) -> errors.RuleError | None:
    if _returns(step):
        return None
    return errors.RuleError(
        "没有被退回过：没有管辖争议，无须提请指定（《信访条例》第二十四条、《信访工作条例》第二十四条）。",
        "It never came back: there is no dispute over competence to be settled (SC-431 Art. 24, REG-2022 Art. 24).",
    )


def _need_assigned_out(step: Step) -> errors.RuleError | None:
    if _sent_out(step, "assign_out"):
        return None
    return errors.RuleError(
        "本事项没有向其他机关交办，转送件不要求办结报告（《信访条例》第二十一条、《信访工作条例》第二十二条）。",
        "The matter was not assigned to another organ; a transfer asks for no completion report (SC-431 Art. 21,"
        " REG-2022 Art. 22).",
    )


def _need_came_from_an_organ(step: Step) -> errors.RuleError | None:
    if _sent_item(step) is not None:
        return None
    return errors.RuleError(
        "本事项由信访人直接提出，不是其他机关转送、交办的，没有来件机关（《信访工作条例》第二十二条、第二十三条）。",
        "The petitioner brought the matter here: no organ transferred or assigned it (REG-2022 Arts 22, 23).",
    )


def _need_objection_in_time(step: Step) -> errors.RuleError | None:
    """Missed means that it stays with us (REG-2022 Art. 23: 5 working days; project rule)."""
    if not any(clock.id == "C1o" for clock in step.rules.clocks):
        return errors.RuleError(
            f"本事项适用 {step.matter['rules']}，其中没有提出异议的规定"
            "（《信访工作条例》第二十三条自2022年5月1日起施行）。",
            f"The matter is under {step.matter['rules']}, which knows no objection (REG-2022 Art. 23 is in force from"
            " 2022-05-01).",
        )
    begun = step.last("transfer_received")
    if begun is None:
        return None
    last: date = clocks.due(step.rules, "C1o", begun.on, calendar=step.register.calendar).last_on
    if step.on <= last:
        return None
    return errors.RuleError(
        f"提出异议的期限已于 {last} 届满，事项由本机关办理（《信访工作条例》第二十三条：五个工作日）。",
        f"The time for an objection ended on {last}: the matter stays here (REG-2022 Art. 23: five working days).",
    )


CHECKS: dict[str, Check] = {
    "complete_entry": _check_complete_entry,
    "accept": _check_accept,
    "transfer": _check_handing,
    "assign_out": _check_assign_out,
    "record_assignment": _check_limit,
    "refuse": _check_refuse,
    "no_longer_accept": _check_no_longer_accept,
    "pass_on": _check_handing,
    "receive_paper": _check_receive_paper,
}
FOLLOW: dict[str, Follow] = {
    "complete_entry": _follow_complete_entry,
    "screen": _follow_screen,
    "reply": _follow_reply,
    "no_longer_accept": _follow_no_longer_accept,
    "transfer": _follow_transfer,
    "assign_out": _follow_assign_out,
    "pass_on": _follow_pass_on,
    "receive_completion": _follow_receive_completion,
    "take_back": _follow_take_back,
    "designate_organ": _follow_designate_organ,
    "object": _follow_object,
    "objection_agreed": _follow_objection_agreed,
    "objection_refused": _follow_objection_refused,
}
NEEDS: dict[str, Need] = {
    "not_passed_around": _need_not_passed_around,
    "passed_around": _need_passed_around,
    "repeat_to_tell": _need_repeat_to_tell,
    "assigned_out": _need_assigned_out,
    "came_from_an_organ": _need_came_from_an_organ,
    "objection_in_time": _need_objection_in_time,
}
