"""Inside the bureau: the responsible unit and its officer, assisting units, returns, written answers.

The petition unit hands a matter to the department whose duty it is; the department answers the petition unit in
writing within the set time (MPS-79 Art. 15). One that is not competent gives it back with a ground; departments do not
pass it among themselves, and after the third return a leader designates the unit (MPS-79 Arts 10, 15; project rule).
Where several departments are concerned one leads, others assist, and a leader of the bureau settles who (MPS-79
Art. 15).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models import codes, errors, handovers, intake, projections
from models.act import Act
from models.steps import course
from models.steps.guard import refuse_accused_unit, refuse_barred_handler
from models.steps.step import Check, Follow, Need, Step

REQUIREMENT = "依法调查核实，提出处理意见，在时限内书面答复信访部门。"
"""What is asked of a unit when nothing else was written (MPS-79 Art. 15)."""

LEADERS = frozenset({"DL", "CH"})


# --- handing over -----------------------------------------------------------------------------------------------------


def _check_assign(step: Step) -> None:
    unit = step.values["unit"]
    _check_receiver(step)
    found = handovers.rows(step.register, step.id)
    fixed = handovers.designated(found)
    if fixed is not None and unit != fixed:
        raise errors.RuleError(
            f"承办单位已由领导指定为{_unit(step, fixed)}，不再改交其他单位"
            "（部令第79号第十五条：主要负责人牵头协调；不得推诿）。",
            f"A leader designated the unit, {_unit(step, fixed)}; it is not given to another (MPS-79 Art. 15: the"
            " responsible leader co-ordinates; no passing around).",
        )
    moved = unit != step.matter["unit"]
    if not step.by.roles & {"PU", *LEADERS}:
        own = handovers.units_below(step.register, step.by.unit)
        if unit not in own or step.matter["unit"] not in own:
            raise errors.NotAllowedError(
                "承办单位只能在本单位内确定承办人，不能自行转交其他单位：请退回信访部门并写明理由（部令第79号第十条、第十五条）。",
                "A handling unit names an officer of its own and does not pass the matter on by itself: return it to"
                " the petition unit with the ground (MPS-79 Arts 10, 15).",
            )
    if moved and handovers.open_rows(found, "assist") and not step.by.roles & LEADERS:
        raise errors.NotAllowedError(
            "涉及多个单位的，主办单位由局领导决定（部令第79号第十五条：主要负责人牵头协调）。",
            "Where several units are concerned, a leader of the bureau decides which one leads (MPS-79 Art. 15).",
        )
    if unit in handovers.returned_by(found) and moved and not step.values.get("ground"):
        raise errors.MissingPartError(
            ("ground",),
            f"{_unit(step, unit)}曾退回本事项，再次交其承办须写明理由（部令第79号第十条、第十五条）。",
            f"{_unit(step, unit)} returned this matter before: say why it is assigned there again (MPS-79 Arts 10,"
            " 15).",
        )


def _check_receiver(step: Step) -> None:
    """Refuse an accused unit, a handler who may not or cannot handle it, a limit that cannot be; fill the letter."""
    unit, handler = step.values["unit"], step.values.get("handler")
    refuse_accused_unit(step, unit)
    refuse_barred_handler(step, handler)
    officer = step.register.staff()[handler] if handler else None
    if officer and not officer.roles & {"HO", "HU"}:
        raise errors.RuleError(
            f"{officer.name}不承担办理职责，不能作承办人：承办人须是承办民警或承办单位负责人（部令第79号第十五条）。",
            f"{officer.name} has no handling duty: the officer is a handling officer or a unit's head (MPS-79 Art."
            " 15).",
        )
    _set_limit(step)
    step.values.setdefault("requirement", REQUIREMENT)


def _set_limit(step: Step) -> None:
    """Refuse a time for the unit that ends before it begins or after the bureau's own; without one it is the latter."""
    running = course.running(step)
    due = running[0].due if running else None
    limit: date | None = step.values.get("limit_on")
    if limit is None:
        target = course.target(step)
        if target is not None and target >= step.on:
            step.values["limit_on"] = target
        return
    if limit < step.on:
        raise errors.InputError(
            "limit_on",
            f"办理时限 {limit} 早于交办日期 {step.on}（部令第79号第十五条：在规定时间内书面答复）。",
            f"The time limit {limit} lies before the assignment, {step.on} (MPS-79 Art. 15: a written answer within"
            " the set time).",
        )
    if due is not None and due.last_on >= step.on and limit > due.last_on:
        article = step.rules.clock(running[0].clock).article
        raise errors.InputError(
            "limit_on",
            f"承办单位的时限 {limit} 晚于本机关的办理期限 {due.last_on}（{article.zh}）。",
            f"The unit's time limit {limit} lies after the bureau's own, {due.last_on} ({article.en}).",
        )


def _follow_assign(act: Act, step: Step, kind: str = "assign") -> None:
    unit, handler = step.values["unit"], step.values.get("handler")
    found = handovers.rows(step.register, step.id)
    leading = handovers.open_rows(found, *handovers.LEAD)
    lifted = [row for row in handovers.open_rows(found, "assist") if row["receiver"] == unit]
    handovers.end(act, [*leading, *lifted], "replaced", on=step.on)
    handovers.give(
        act,
        step.id,
        kind,
        on=step.on,
        sender=step.matter["unit"],
        receiver=unit,
        officer=handler,
        limit_on=step.values.get("limit_on"),
        ground=step.values.get("ground"),
        document=step.documents.get("internal_assignment"),
    )
    if handler is None and unit != step.matter["unit"]:
        act.set("matter", step.id, handler=None)
    let_read(act, step, unit, handler)


def _follow_designate(act: Act, step: Step) -> None:
    _follow_assign(act, step, "designate")


def let_read(act: Act, step: Step, unit: int, officer: int | None) -> None:
    """Make the officer and the unit's head readers of a sealed matter: they cannot answer for what they cannot read."""
    if not step.matter["sealed"]:
        return
    barred = projections.barred(act.connection, step.id)
    for staff in step.register.staff().values():
        wanted = staff.id == officer or (staff.unit == unit and "HU" in staff.roles)
        if wanted and staff.id not in barred:
            intake.add_reader(act, step.id, staff, "承办")


def _check_assist(step: Step) -> None:
    unit = step.values["unit"]
    _check_receiver(step)
    found = handovers.rows(step.register, step.id)
    if unit == step.matter["unit"]:
        raise errors.RuleError(
            f"{_unit(step, unit)}已是主办单位，不能同时协办（部令第79号第十五条）。",
            f"{_unit(step, unit)} leads already and does not assist itself (MPS-79 Art. 15).",
        )
    if any(row["receiver"] == unit for row in handovers.open_rows(found, "assist")):
        raise errors.RuleError(
            f"{_unit(step, unit)}已在协办，尚未答复（部令第79号第十五条）。",
            f"{_unit(step, unit)} assists already and has not answered yet (MPS-79 Art. 15).",
        )


def _follow_assist(act: Act, step: Step) -> None:
    unit, handler = step.values["unit"], step.values.get("handler")
    handovers.give(
        act,
        step.id,
        "assist",
        on=step.on,
        sender=step.matter["unit"],
        receiver=unit,
        officer=handler,
        limit_on=step.values.get("limit_on"),
        document=step.documents.get("internal_assignment"),
    )
    let_read(act, step, unit, handler)


def _check_end_assist(step: Step) -> None:
    assisting = handovers.open_rows(handovers.rows(step.register, step.id), "assist")
    if not any(row["receiver"] == step.values["unit"] for row in assisting):
        raise errors.RuleError(
            f"{_unit(step, step.values['unit'])}没有正在进行的协办（部令第79号第十五条）。",
            f"{_unit(step, step.values['unit'])} is not assisting (MPS-79 Art. 15).",
        )


def _follow_end_assist(act: Act, step: Step) -> None:
    assisting = handovers.open_rows(handovers.rows(step.register, step.id), "assist")
    chosen = [row for row in assisting if row["receiver"] == step.values["unit"]]
    handovers.end(act, chosen, "replaced", on=step.on, answer=step.values["reason"])


# --- returning and answering ------------------------------------------------------------------------------------------


def _check_return(step: Step) -> None:
    row = _held(step)
    if row is not None and row["limit_on"] and step.on.isoformat() > row["limit_on"]:
        raise errors.RuleError(
            f"承办时限已于 {row['limit_on']} 届满，不能再退回：由本单位办理并书面答复（部令第79号第十条、第十五条）。",
            f"The unit's time ended on {row['limit_on']}: it is not returned any more, the unit handles it and answers"
            " in writing (MPS-79 Arts 10, 15).",
        )


def _follow_return(act: Act, step: Step) -> None:
    ground = codes.word("return_ground", step.values["return_ground"], "zh") + "：" + step.values["ground"]
    petition = intake.petition_unit(act)
    found = handovers.open_rows(handovers.rows(step.register, step.id), *handovers.LEAD)
    handovers.end(act, found, "returned", on=step.on, answer=ground)
    handovers.give(
        act,
        step.id,
        "return",
        on=step.on,
        sender=step.matter["unit"],
        receiver=petition,
        ground=ground,
        ended_on=step.on,
        ended="agreed",
    )
    act.set("matter", step.id, unit=petition, handler=None)


def _held(step: Step) -> dict[str, Any] | None:
    """Return the hand-over by which a department has the matter now, or None."""
    found = handovers.open_rows(handovers.rows(step.register, step.id), *handovers.LEAD)
    last = found[-1] if found else None
    return last if last and not handovers.is_petition_unit(step.register, last["receiver"]) else None


def _asked_of(step: Step) -> list[dict[str, Any]]:
    """Return the hand-overs that the person's unit still has to answer in writing."""
    own = handovers.units_below(step.register, step.by.unit)
    found = handovers.open_rows(handovers.rows(step.register, step.id), *handovers.LEAD, "assist")
    return [row for row in found if row["receiver"] in own]


def _follow_answer(act: Act, step: Step) -> None:
    handovers.end(act, _asked_of(step), "answered", on=step.on, answer=step.values["opinion_text"])


def _unit(step: Step, unit: int | None) -> str:
    return step.register.units().get(unit or 0, "")


# --- conditions -------------------------------------------------------------------------------------------------------


def _need_not_returned_thrice(step: Step) -> errors.RuleError | None:
    found = handovers.rows(step.register, step.id)
    count = handovers.returns(found)
    if count < handovers.RETURNS_AT_MOST:
        return None
    return errors.RuleError(
        f"已被承办单位退回 {count} 次：由分管局领导或局长指定承办单位（部令第79号第十条、第十五条；不得推诿）。",
        f"Units returned it {count} times: a deputy chief or the chief designates the unit (MPS-79 Arts 10, 15; no"
        " passing around).",
    )


def _need_with_own_department(step: Step) -> errors.RuleError | None:
    held = _held(step)
    if held is not None and held["receiver"] in handovers.units_below(step.register, step.by.unit):
        return None
    if held is None:
        return errors.RuleError(
            "本事项没有交给承办单位，无从退回（部令第79号第十五条）。",
            "The matter is with no department that could return it (MPS-79 Art. 15).",
        )
    return errors.NotAllowedError(
        f"本事项由{_unit(step, step.matter['unit'])}承办，只能由该单位退回（部令第79号第十五条）。",
        f"The matter is with {_unit(step, step.matter['unit'])}: only that unit can return it (MPS-79 Art. 15).",
    )


def _need_not_designated(step: Step) -> errors.RuleError | None:
    fixed = handovers.designated(handovers.rows(step.register, step.id))
    if fixed is None:
        return None
    return errors.RuleError(
        f"承办单位已由领导指定为{_unit(step, fixed)}，不得再退回（部令第79号第十条、第十五条；不得推诿）。",
        f"A leader designated the unit, {_unit(step, fixed)}: it is not returned (MPS-79 Arts 10, 15; no passing"
        " around).",
    )


def _need_asked_to_answer(step: Step) -> errors.RuleError | None:
    if _asked_of(step):
        return None
    return errors.RuleError(
        "没有须由您所在单位书面答复的交办（部令第79号第十五条）。",
        "Nothing was handed to your unit that it would have to answer in writing (MPS-79 Art. 15).",
    )


def _need_departments_answered(step: Step) -> errors.RuleError | None:
    """Each department answers the petition unit in writing, before the opinion is drafted on it."""
    found = handovers.rows(step.register, step.id)
    waiting = {row["receiver"] for row in handovers.open_rows(found, "assist")}
    lead = step.matter["unit"]
    if not handovers.is_petition_unit(step.register, lead):
        since = course.begun_on(step)
        given = [row for row in found if row["kind"] in handovers.LEAD and row["on_date"] >= since]
        stretch = []
        for row in reversed(given):
            if row["receiver"] != lead:
                break
            stretch.append(row)
        if not any(row["ended"] == "answered" for row in stretch):
            waiting.add(lead)
    if not waiting:
        return None
    names = "、".join(_unit(step, unit) for unit in sorted(waiting))
    return errors.RuleError(
        f"{names}尚未书面答复信访部门（部令第79号第十五条）。",
        f"Not answered in writing to the petition unit yet: {names} (MPS-79 Art. 15).",
    )


CHECKS: dict[str, Check] = {
    "assign": _check_assign,
    "designate": _check_receiver,
    "assist": _check_assist,
    "end_assist": _check_end_assist,
    "return_unit": _check_return,
}
FOLLOW: dict[str, Follow] = {
    "assign": _follow_assign,
    "designate": _follow_designate,
    "assist": _follow_assist,
    "end_assist": _follow_end_assist,
    "return_unit": _follow_return,
    "answer_unit": _follow_answer,
}
NEEDS: dict[str, Need] = {
    "not_returned_thrice": _need_not_returned_thrice,
    "with_own_department": _need_with_own_department,
    "not_designated": _need_not_designated,
    "asked_to_answer": _need_asked_to_answer,
    "departments_answered": _need_departments_answered,
}
