"""What the steps of a key case share: the case that a matter is, its rows, and the conditions on its state.

A matter is a case of one running programme at a time; when that is closed, another may take it in. So every step means
the case that was entered last (`models.steps.key_cases`, `key_meetings`, `key_plans`, `key_closing`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models import errors
from models.act import Act
from models.programme import course, evidence
from models.programme.evidence import CaseRows, Row
from models.programme.records import CaseState
from models.steps.step import Need, Step, write_fact

PLAN = ("省厅重点信访案件工作方案", "provincial plan on key petition cases")
"""Where the programme's rules come from, for a refusal."""


def current(step: Step) -> CaseRows | None:
    """Return the case that the matter is: the one entered last, with its rows; None when it is in no programme."""
    if "key_case" not in step.memo:
        found = step.register.row(
            "SELECT id FROM key_case WHERE matter=? AND removed IS NULL ORDER BY entered_on DESC, id DESC LIMIT 1",
            (step.id,),
        )
        step.memo["key_case"] = evidence.of_case(step.register, found[0]) if found else None
    case: CaseRows | None = step.memo["key_case"]
    return case


def case_of(step: Step) -> CaseRows:
    """Return the case; asked only where a condition on its state holds."""
    case = current(step)
    if case is None:
        raise errors.BugError("事项不是重点信访案件。", "The matter is no key case.")
    return case


def now(step: Step) -> course.Standing:
    """Return where the case stands today, whatever day is typed: what was done since counts."""
    found = case_of(step).standing(date.max)
    if found is None:
        raise errors.BugError("重点信访案件没有列入的事实。", "A key case has no fact of its entry.")
    return found


def plan_of(step: Step) -> Row:
    """Return the plan in force; asked only where the condition `key_plan` holds."""
    plan = case_of(step).in_force(date.max)
    if plan is None:
        raise errors.BugError("没有批准的方案。", "No plan was approved.")
    return plan


def begun(step: Step) -> date:
    """Return the day from which the case's evidence counts."""
    return now(step).begun_on


def turn(act: Act, step: Step, kind: str, *, note: str | None = None, **columns: Any) -> None:
    """Write a dated fact that changes the state of the case (`models.programme.course.FACTS`)."""
    write_fact(act, step, kind, key_case=case_of(step).id, note=note, **columns)


def refuse_before(step: Step, floor: date | str | None, what_zh: str, what_en: str) -> None:
    """Refuse a day before what this step follows.

    Raises:
        InputError: Names both days.
    """
    if floor is None or step.on.isoformat() >= str(floor):
        return
    raise errors.InputError(
        "on",
        f"日期 {step.on} 早于{what_zh}的日期 {floor}（{PLAN[0]}；产品规则）。",
        f"The day {step.on} lies before that of {what_en}, {floor} ({PLAN[1]}; project rule).",
    )


def need_text(step: Step, name: str, zh: str, en: str) -> str:
    """Return an input that this choice asks for.

    Raises:
        MissingPartError: It is empty; `zh` and `en` are the whole sentences.
    """
    value = str(step.values.get(name) or "").strip()
    if not value:
        raise errors.MissingPartError((name,), zh, en)
    return value


def name_of(step: Step, staff: int) -> str:
    """Return a person's name, of those too who have left."""
    row = step.register.record("staff", staff)
    return str(row["name"]) if row else ""


def _no(zh: str, en: str) -> errors.RuleError:
    return errors.RuleError(f"{zh}（{PLAN[0]}；产品规则）。", f"{en} ({PLAN[1]}; project rule).")


_STATES: dict[CaseState, tuple[str, str]] = {
    "open": ("尚未化解", "not solved yet"),
    "rebound": ("已反弹，尚未再次化解", "came up again and is not solved yet"),
    "solved": ("已化解，评查尚未同意结案", "solved, its closing not approved yet"),
    "closed": ("已经评查同意结案", "closed after the city's review"),
    "excluded": ("不列入专项", "out of the programme"),
}


def _in_state(*states: CaseState) -> Need:
    """Return the condition that the matter is a case in one of these states."""

    def need(step: Step) -> errors.RuleError | None:
        case = current(step)
        if case is None:
            return _no("本事项没有列入重点信访案件", "The matter was not entered as a key case")
        found = now(step)
        if found.state in states:
            return None
        zh, en = _STATES[found.state]
        may = "、".join(_STATES[state][0] for state in states)
        may_en = ", ".join(_STATES[state][1] for state in states)
        return _no(f"本案现在“{zh}”；这一步只在“{may}”时办理", f"The case is {en}; this step is for: {may_en}")

    return need


def _need_plan(step: Step) -> errors.RuleError | None:
    case = current(step)
    if case is None or case.in_force(date.max) is not None:
        return None  # the state of the case is asked by its own condition
    return _no("还没有批准的化解方案", "No plan was approved yet")


def _need_no_plan(step: Step) -> errors.RuleError | None:
    case = current(step)
    plan = case.in_force(date.max) if case is not None else None
    if plan is None:
        return None
    return _no(
        f"已有 {plan['approved_on']} 批准的方案：需要改变的，用“调整方案”并写明原因",
        f"A plan was approved on {plan['approved_on']}: to change it, draw a new one with its cause",
    )


NEEDS: dict[str, Need] = {
    "key_open": _in_state("open", "rebound"),
    "key_excluded": _in_state("excluded"),
    "key_solved": _in_state("solved"),
    "key_closed": _in_state("closed"),
    "key_ended": _in_state("solved", "closed"),
    "key_plan": _need_plan,
    "key_no_plan": _need_no_plan,
}
