"""The plan of a key case (化解方案/包案表): drawn up, approved, filed, tried in rounds, and drawn up anew.

A plan names lead officer, department, officer, limit and methods, mediation first (domain reference, 7.3), and is
approved after the lead's three meetings (`models.steps.key_meetings`). A change of handler or of level takes rounds
without result (`models.programme.change`). A plan stays in force until the next one is approved.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from models import codes, errors, intake, projections
from models.act import Act
from models.programme import change
from models.programme.evidence import Row
from models.steps import key_course
from models.steps.guard import refuse_accused_unit
from models.steps.key_course import PLAN, begun, case_of, name_of, need_text, plan_of, refuse_before
from models.steps.step import Check, Follow, Need, Step

LEADERS = frozenset({"DL", "CH"})
OFFICERS = frozenset({"HO", "HU", "PU"})


# --- drawing up -------------------------------------------------------------------------------------------------------


def _pending(step: Step) -> Row | None:
    """Return the plan that was drawn up last and not approved yet."""
    plan = case_of(step).drawn(date.max)
    return plan if plan is not None and not plan["approved_on"] else None


def _drawn(step: Step) -> Row:
    """Return the plan that waits for its approval; asked only where the condition `key_plan_drawn` holds."""
    plan = _pending(step)
    if plan is None:
        raise errors.BugError("没有待批准的方案。", "No plan waits for approval.")
    return plan


def _check_draw(step: Step) -> None:
    refuse_before(step, begun(step), "列入或者反弹", "its entry or its coming up again")
    values = step.values
    values.setdefault("unit", step.matter["unit"])
    leader, named = values.get("leader"), str(values.get("leader_name") or "")
    if bool(leader) == bool(named):
        raise errors.MissingPartError(
            ("leader",),
            f"须确定一名包案领导：本局领导从名录选择，上级领导写明姓名，二者填一（{PLAN[0]}：领导包案责任制）。",
            f"One lead officer is named: a leader of the bureau from its directory, or one of the level above by name"
            f" ({PLAN[1]}: a leader answers for each case).",
        )
    staff = step.register.staff()
    for one in (leader, values["officer"]):
        if one and one not in staff:
            raise errors.RuleError(
                f"{name_of(step, one)}已经离任，方案须另定人员（{PLAN[0]}：定包案领导、责任人）。",
                f"{name_of(step, one)} has left: the plan names somebody else ({PLAN[1]}).",
            )
    if leader and not staff[leader].roles & LEADERS:
        raise errors.RuleError(
            f"{staff[leader].name}不是局领导，不能包案（{PLAN[0]}：领导包案责任制）。",
            f"{staff[leader].name} is no leader of the bureau and cannot take the lead ({PLAN[1]}).",
        )
    if not staff[values["officer"]].roles & OFFICERS:
        raise errors.RuleError(
            f"{staff[values['officer']].name}不承担办理职责，不能作责任人（{PLAN[0]}：定责任人）。",
            f"{staff[values['officer']].name} has no handling duty and cannot be the responsible officer ({PLAN[1]}).",
        )
    barred = projections.barred(step.register.connection, step.id)
    for one in (leader, values["officer"]):
        if one in barred:
            raise errors.RuleError(
                f"{staff[one].name}是被反映的人、属于被反映的单位或者已回避，不能包案或者作责任人"
                "（部令第79号第十条、第十一条；《信访工作条例》第二十八条、第三十条）。",
                f"{staff[one].name} is accused, of an accused unit, or recused, and neither leads the case nor answers"
                " for it (MPS-79 Arts 10, 11; REG-2022 Arts 28, 30).",
            )
    refuse_accused_unit(step, values["unit"])
    if values["limit_on"] <= step.on:
        raise errors.InputError(
            "limit_on",
            f"化解时限 {values['limit_on']} 须在拟定之日 {step.on} 之后（{PLAN[0]}：定时限）。",
            f"The time limit {values['limit_on']} lies after the day of the plan, {step.on} ({PLAN[1]}).",
        )
    if "mediation" in values["methods"]:
        values["methods"] = ["mediation", *(one for one in values["methods"] if one != "mediation")]
        values["no_mediation"] = None
    else:
        need_text(
            step,
            "no_mediation",
            f"化解方法没有调解：调解优先，不先行调解的须写明理由（{PLAN[0]}：调解优先）。",
            f"The methods have no mediation: it comes first, or the reason why not is given ({PLAN[1]}).",
        )


def _check_redraw(step: Step) -> None:
    plan, values = plan_of(step), step.values
    refuse_before(step, plan["approved_on"], "现行方案批准", "the approval of the plan in force")
    for name in ("leader", "unit", "officer"):
        if not (name == "leader" and (values.get("leader_name") or plan["leader_name"])):
            values.setdefault(name, plan[name])
    if not values.get("leader") and plan["leader_name"]:
        values.setdefault("leader_name", plan["leader_name"])
    _check_draw(step)
    same = {name: values.get(name) == plan[name] for name in ("leader", "unit", "officer")}
    same["leader"] = same["leader"] and (values.get("leader_name") or "") == (plan["leader_name"] or "")
    _check_cause(step, plan, same)


def _check_cause(step: Step, plan: Row, same: dict[str, bool]) -> None:
    """Refuse a change whose cause does not hold; `same` says of lead, unit and officer whether they stay."""
    cause = step.values["cause"]
    if cause == "rebound":
        raise errors.RuleError(
            f"反弹以后方案须重新拟定并批准，用“拟定方案”；现行方案是在那之后批准的（{PLAN[0]}；产品规则）。",
            f"After a case came up again its plan is drawn up as a first one; the plan in force was approved since then"
            f" ({PLAN[1]}; project rule).",
        )
    if cause in change.AFTER_ROUNDS:
        reason = change.why_not(step.register, case_of(step), date.max)
        if reason is not None:
            raise errors.RuleError(reason.zh, reason.en)
    if cause == "handler_changed" and same["officer"] and same["unit"]:
        raise errors.RuleError(
            f"更换承办人须另定责任人或者责任单位：方案中的还是原来的（{change.ARTICLE_ZH}）。",
            f"Another handler is another officer or department; the plan has the same ones ({change.ARTICLE_EN}).",
        )
    if cause == "stepped_up" and not _is_higher(step, plan):
        raise errors.RuleError(
            f"提级包案须由上一级领导包案：副职改由局长，或者写明上级领导的姓名（{change.ARTICLE_ZH}）。",
            "To step up, a higher leader takes the case: the chief in place of a deputy, or a leader of the level above"
            f" by name ({change.ARTICLE_EN}).",
        )
    if cause == "renewed" and not all(same.values()):
        raise errors.RuleError(
            f"“期限、方法调整”不变更包案领导、责任单位和责任人：变更的，按相应原因办理（{change.ARTICLE_ZH}）。",
            f"Another limit or method keeps lead, department and officer; who changes them names that cause"
            f" ({change.ARTICLE_EN}).",
        )
    if cause == "replaced":
        _check_replaced(step, plan, same)


def _is_higher(step: Step, plan: Row) -> bool:
    """Return whether a higher leader takes the case: of the level above, or the chief in place of a deputy."""
    named, leader = step.values.get("leader_name"), step.values.get("leader")
    if named:
        return bool(named != plan["leader_name"])
    staff = step.register.staff()
    before = staff.get(plan["leader"])
    return bool(leader) and "CH" in staff[int(leader or 0)].roles and before is not None and "CH" not in before.roles


def _check_replaced(step: Step, plan: Row, same: dict[str, bool]) -> None:
    """Somebody left or stands aside: only that person is replaced, and no rounds are asked for."""
    barred = projections.barred(step.register.connection, step.id)
    here = step.register.staff()
    words = {"leader": ("包案领导", "lead officer"), "officer": ("责任人", "officer")}
    gone = {name: bool(plan[name]) and (plan[name] not in here or plan[name] in barred) for name in words}
    for name, (zh, en) in words.items():
        if not same[name] and not gone[name]:
            raise errors.RuleError(
                f"原{zh}仍在任且没有回避，不能以“人员离任、回避”更换（{change.ARTICLE_ZH}）。",
                f"The {en} is in office and does not stand aside: no replacement for that cause ({change.ARTICLE_EN}).",
            )
    if not any(gone.values()):
        raise errors.RuleError(
            f"包案领导和责任人都在任，也没有回避（{change.ARTICLE_ZH}）。",
            f"Lead and officer are both in office, and neither stands aside ({change.ARTICLE_EN}).",
        )


def _follow_draw(act: Act, step: Step) -> None:
    """Write the plan. One drawn up before and never approved ends; the one in force stays until the approval."""
    values, case = step.values, case_of(step)
    pending = _pending(step)
    if pending is not None:
        act.set("case_plan", pending["id"], ended_on=step.on)
    named = str(values.get("leader_name") or "")
    act.insert(
        "case_plan",
        {
            "matter": step.id,
            "key_case": case.id,
            "leader": values.get("leader"),
            "leader_name": named,
            "level": "higher" if named else "bureau",
            "unit": values["unit"],
            "officer": values["officer"],
            "limit_on": values["limit_on"],
            "methods": json.dumps(values["methods"]),
            "plan": values["plan"],
            "no_mediation": values.get("no_mediation"),
            "cause": values.get("cause") or ("rebound" if case.case["rebound_on"] else None),
            "cause_told": values.get("reason"),
            "drawn_on": step.on,
        },
    )
    _let_read(act, step, {values.get("leader"), values["officer"]}, values["unit"])


def _let_read(act: Act, step: Step, people: set[int | None], unit: int) -> None:
    """Make lead, officer, the department's head and who approves readers of a sealed matter: they answer for it."""
    if not step.matter["sealed"]:
        return
    barred = projections.barred(act.connection, step.id)
    here = [staff for staff in step.register.staff().values() if staff.id not in barred]
    approving = [staff for staff in here if "CH" in staff.roles] or [staff for staff in here if "DL" in staff.roles]
    for staff in here:
        if staff.id in people or staff in approving or (staff.unit == unit and "HU" in staff.roles):
            intake.add_reader(act, step.id, staff, "包案")


# --- approval and filing ----------------------------------------------------------------------------------------------


def _need_drawn(step: Step) -> errors.RuleError | None:
    if key_course.current(step) is None or _pending(step) is not None:
        return None
    return errors.RuleError(
        f"没有待批准的化解方案：请先拟定（{PLAN[0]}：一案一策）。",
        f"No plan waits for approval: draw one up first ({PLAN[1]}: a plan for each case).",
    )


def _check_approve(step: Step) -> None:
    plan, met = _drawn(step), case_of(step).counting(date.max)
    refuse_before(step, plan["drawn_on"], "拟定方案", "the plan")
    refuse_before(step, max(row["on_date"] for row in met.values()), "三见", "the last of the three meetings")
    if plan["limit_on"] <= step.on.isoformat():
        raise errors.InputError(
            "on",
            f"方案的化解时限 {plan['limit_on']} 不在批准日期 {step.on} 之后：请重新拟定时限（{PLAN[0]}：定时限）。",
            f"The plan's time limit {plan['limit_on']} does not lie after its approval on {step.on}: draw it up with"
            f" another limit ({PLAN[1]}).",
        )
    step.values |= _sheet(step, plan, met)


def _sheet(step: Step, plan: Row, met: dict[str, Row]) -> dict[str, Any]:
    """Return what the plan sheet says: its fields are filled from the plan and the meetings."""
    staff = step.register.staff()
    leader = staff.get(plan["leader"])
    petitioner, handler, read = met["petitioner"], met["handler"], met["file"]
    signed = "信访人已签名" if petitioner["signed"] else f"信访人未签名：{petitioner['unsigned']}"
    seen = (petitioner["on_date"], petitioner["place"], petitioner["present"], signed)
    return {
        "lead_officer": plan["leader_name"]
        or (f"{leader.name}（{leader.post}）" if leader and leader.post else "")
        or name_of(step, plan["leader"]),
        "department": step.register.units().get(plan["unit"], ""),
        "officer": name_of(step, plan["officer"]),
        "limit_on": date.fromisoformat(plan["limit_on"]),
        "methods": "、".join(codes.word("case_method", code, "zh") for code in json.loads(plan["methods"])),
        "met_petitioner": "；".join(part for part in seen if part),
        "met_handler": handler["on_date"],
        "read_file": f"{read['on_date']}；{read['volumes']}",
        "plan": plan["plan"],
    }


def _follow_approve(act: Act, step: Step) -> None:
    plan, before = _drawn(step), case_of(step).in_force(date.max)
    if before is not None:
        act.set("case_plan", before["id"], ended_on=step.on)
    act.set(
        "case_plan",
        plan["id"],
        approved_on=step.on,
        approved_by=step.by.id,
        document=step.documents.get("plan_sheet"),
    )


def _need_unfiled(step: Step) -> errors.RuleError | None:
    case = key_course.current(step)
    plan = case.in_force(date.max) if case is not None else None
    if plan is None or not plan["filed_on"]:
        return None
    return errors.RuleError(
        f"现行方案已于 {plan['filed_on']} 报备（{PLAN[0]}：方案逐案报备）。",
        f"The plan in force was filed on {plan['filed_on']} ({PLAN[1]}).",
    )


def _check_file(step: Step) -> None:
    refuse_before(step, plan_of(step)["approved_on"], "方案批准", "the plan's approval")


def _follow_file_plan(act: Act, step: Step) -> None:
    act.set("case_plan", plan_of(step)["id"], filed_on=step.on)


# --- rounds -----------------------------------------------------------------------------------------------------------


def _follow_round(act: Act, step: Step) -> None:
    values = step.values
    act.insert(
        "case_round",
        {
            "matter": step.id,
            "key_case": case_of(step).id,
            "on_date": step.on,
            "method": values["method"],
            "what": values["what"],
            "result": values["result"],
            "officer": step.by.id,
        },
    )


CHECKS: dict[str, Check] = {
    "draw_plan": _check_draw,
    "redraw_plan": _check_redraw,
    "approve_plan": _check_approve,
    "file_plan": _check_file,
    "record_round": _check_file,
}
FOLLOW: dict[str, Follow] = {
    "draw_plan": _follow_draw,
    "redraw_plan": _follow_draw,
    "approve_plan": _follow_approve,
    "file_plan": _follow_file_plan,
    "record_round": _follow_round,
}
NEEDS: dict[str, Need] = {
    "key_plan_drawn": _need_drawn,
    "key_plan_unfiled": _need_unfiled,
}
