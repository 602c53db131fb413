"""Instructions of a leader: a unit, a demand and a day, fixed on a reception or after it, open until proved.

A matter that is not settled on the spot gets a responsible unit and a day there and then, and the leader sees it
through (SC-431 Art. 10; REG-2022 Art. 18; opinions of 2009; domain reference, section 13). An instruction never goes to
a unit that the matter complains of (REG-2022 Art. 30).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models import errors
from models.act import Act
from models.reception import days, rules
from models.steps.guard import refuse_accused_unit
from models.steps.inside import let_read
from models.steps.step import Check, Follow, Need, Step

RECORDER = "PU"
"""Role that may write the record for the leader beside whom it sits, and enter what the leader then instructs."""

_ARTICLE = (
    "《信访条例》第十条、《信访工作条例》第十八条；2009年定期接访意见",
    "SC-431 Art. 10, REG-2022 Art. 18; opinions of 2009",
)


def check(step: Step) -> None:
    """Refuse an instruction to an accused unit, or one whose day is not ahead.

    Raises:
        RuleError: MPS-79 Art. 10; SC-431 Art. 23; REG-2022 Art. 30.
        InputError: The day is that of the instruction or earlier.
    """
    refuse_accused_unit(step, step.values["unit"])
    if step.values["due_on"] <= step.on:
        raise errors.InputError(
            "due_on",
            f"办理期限 {step.values['due_on']} 须在交办之日 {step.on} 之后（{_ARTICLE[0]}）。",
            f"The day, {step.values['due_on']}, must lie after that of the instruction, {step.on} ({_ARTICLE[1]}).",
        )


def give(act: Act, step: Step, *, leader: int, visit: int) -> None:
    """Open the task of an instruction, given by a leader on a visit; the unit's head comes to read what is sealed."""
    act.insert(
        "task",
        {
            "matter": step.id,
            "kind": "instruction",
            "what": step.values["what"],
            "unit": step.values["unit"],
            "opened_on": step.on,
            "due_on": step.values["due_on"],
            "given_by": leader,
            "visit": visit,
        },
    )
    let_read(act, step, step.values["unit"], None)


def given(step: Step) -> list[dict[str, Any]]:
    """Return the instructions on a matter, proved or not, in the order in which they were given."""
    return step.rows("task", "kind='instruction'")


def _received(step: Step) -> list[dict[str, Any]]:
    return step.rows("reception_visit", "state='received'")


def _waiting(step: Step) -> list[dict[str, Any]]:
    return [task for task in given(step) if task["done_on"] is None]


def _chosen(step: Step) -> dict[str, Any]:
    """Return the instruction that is proved now.

    Raises:
        MissingPartError, InputError: Several wait, or not the one that is named; all that wait are told.
    """
    meant, waiting, told = step.waiting(given(step))
    if meant is not None:
        return meant
    number = step.values.get("place")
    if number is None:
        raise errors.MissingPartError(
            ("place",),
            f"有 {waiting} 项交办要求待落实，须写明是第几项：{told}（{_ARTICLE[0]}）。",
            f"{waiting} instructions wait: say which one by its number: {told} ({_ARTICLE[1]}).",
        )
    raise errors.InputError(
        "place",
        f"第 {number} 项不在待落实之列，待落实的有：{told}（{_ARTICLE[0]}）。",
        f"Instruction {number} does not wait; there are: {told} ({_ARTICLE[1]}).",
    )


def _check_prove(step: Step) -> None:
    task = _chosen(step)
    if step.on < date.fromisoformat(task["opened_on"]):
        raise errors.InputError(
            "on",
            f"落实日期 {step.on} 早于交办之日 {task['opened_on']}（{_ARTICLE[0]}）。",
            f"The day {step.on} lies before the instruction of {task['opened_on']} ({_ARTICLE[1]}).",
        )


def _check_instruct(step: Step) -> None:
    """Say whose instruction it is: of the leader who enters it, or, on the day itself, of whoever received.

    Raises:
        NotAllowedError: Who writes records enters what the leader said on the reception day, and nothing later.
        RuleError, InputError: as for `check`.
    """
    visit = _received(step)[-1]
    row = days.row_of(step.register, visit["reception"])
    that_day = row["on_date"] == step.on.isoformat()
    if step.by.id == visit["host"] or (that_day and RECORDER in step.by.roles):
        leader = int(visit["host"])
    elif step.by.roles & rules.HOSTS:
        leader = step.by.id
    else:
        name = days.host(step.register, visit["host"]).name
        raise errors.NotAllowedError(
            f"补充交办由领导作出：接访当日（{row['on_date']}）由{name}或者记录人登记，以后由领导本人办理（{_ARTICLE[0]}）。",
            f"A further instruction is a leader's: on the day of the reception ({row['on_date']}) {name} or who writes"
            f" the record enters it, later a leader ({_ARTICLE[1]}).",
        )
    step.values["leader"] = leader
    check(step)


def _follow_instruct(act: Act, step: Step) -> None:
    give(act, step, leader=step.values["leader"], visit=_received(step)[-1]["id"])


def _follow_prove(act: Act, step: Step) -> None:
    evidence = step.papers.get("evidence")
    act.set("task", _chosen(step)["id"], done_on=step.on, proof=step.values["proof"], document=evidence)


def _need_held(step: Step) -> errors.RuleError | None:
    if _received(step):
        return None
    return errors.RuleError(
        f"没有领导接访的记录，不能补充交办要求（{_ARTICLE[0]}）。",
        f"No leader has received on this matter, so there is nothing to add to ({_ARTICLE[1]}).",
    )


def _need_open(step: Step) -> errors.RuleError | None:
    if _waiting(step):
        return None
    return errors.RuleError(
        f"没有待落实的交办要求（{_ARTICLE[0]}）。", f"No instruction waits for its proof ({_ARTICLE[1]})."
    )


CHECKS: dict[str, Check] = {"instruct": _check_instruct, "prove_instruction": _check_prove}
FOLLOW: dict[str, Follow] = {"instruct": _follow_instruct, "prove_instruction": _follow_prove}
NEEDS: dict[str, Need] = {"reception_held": _need_held, "instruction_open": _need_open}
