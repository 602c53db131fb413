"""Carrying out what was supported: tasks that stand open until each is proved, and the notice that urges them on.

A task is opened when an answer supports a claim or the organ above changes the opinion. A matter answered before the
register kept tasks has none: there the supported claim itself is the one duty.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models import errors
from models.act import Act
from models.steps.step import Check, Follow, Need, Step, write_fact

_ARTICLE = ("《信访条例》第三十二条、《信访工作条例》第三十二条", "SC-431 Art. 32, REG-2022 Art. 32")


def tasks_of(step: Step) -> list[dict[str, Any]]:
    """Return the tasks of carrying out, proved or not, in the order in which they arose."""
    return step.rows("task", "kind IN ('execution', 'redress')")


def is_open(step: Step) -> bool:
    """Return whether something that was supported is not proved to be carried out."""
    tasks = tasks_of(step)
    if tasks:
        return any(task["done_on"] is None for task in tasks)
    return _untracked(step)


def _untracked(step: Step) -> bool:
    """Return whether a supported claim never had a task, and no record says that it was carried out."""
    if step.register.row("SELECT 1 FROM task WHERE matter=? LIMIT 1", (step.id,)):
        return False
    supported = step.rows("claim", "decision IN ('support', 'partly')")
    answered = step.last("opinion_issued")
    done = step.last("executed")
    return bool(supported) and answered is not None and (done is None or done.on < answered.on)


def open_task(act: Act, step: Step, what: str, due_on: date | None) -> None:
    """Open a task of carrying out, with the dated fact from which its clock is counted.

    Where other tasks stand open, their clock counts it too: it ends with the last of them.
    """
    counted = is_open(step)
    act.insert(
        "task",
        {
            "matter": step.id,
            "kind": "execution",
            "what": what,
            "unit": step.matter["unit"],
            "opened_on": step.on,
            "due_on": due_on,
        },
    )
    if not counted:
        write_fact(act, step, "supported", until=due_on, note=what)


def drop_open_tasks(act: Act, step: Step, reason: str) -> None:
    """Take back the tasks that are not proved: what they follow from no longer stands."""
    for task in tasks_of(step):
        if task["done_on"] is None:
            act.set("task", task["id"], removed=reason)


def _need_open(step: Step) -> errors.RuleError | None:
    if is_open(step):
        return None
    return errors.RuleError(
        f"没有待执行的支持事项：没有支持的诉求，或已证明执行（{_ARTICLE[0]}）。",
        f"Nothing waits to be carried out: no claim was supported, or it is proved ({_ARTICLE[1]}).",
    )


def need_executed(step: Step) -> errors.RuleError | None:
    """Return why the matter may not end: what was supported is not proved to be carried out."""
    if not is_open(step):
        return None
    return errors.RuleError(
        f"有支持的诉求尚未证明已执行，不能办结（{_ARTICLE[0]}）。",
        f"A supported claim is not proved carried out: the matter cannot be closed ({_ARTICLE[1]}).",
    )


def _chosen(step: Step) -> dict[str, Any] | None:
    """Return the task that is proved now; None where the register keeps none for the matter."""
    tasks = tasks_of(step)
    if not tasks:
        return None
    meant, waiting, told = step.waiting(tasks)
    if meant is not None:
        return meant
    number = step.values.get("place")
    if number is None:
        raise errors.MissingPartError(
            ("place",),
            f"有 {waiting} 项待执行，须写明是第几项：{told}（{_ARTICLE[0]}）。",
            f"{waiting} tasks wait: say which one by its number: {told} ({_ARTICLE[1]}).",
        )
    raise errors.InputError(
        "place",
        f"第 {number} 项不在待执行之列，待执行的有：{told}（{_ARTICLE[0]}）。",
        f"Task {number} does not wait to be carried out; there are: {told} ({_ARTICLE[1]}).",
    )


def _check_execute(step: Step) -> None:
    task = _chosen(step)
    if task is not None and step.on < date.fromisoformat(task["opened_on"]):
        raise errors.InputError(
            "on",
            f"执行日期 {step.on} 早于执行任务产生之日 {task['opened_on']}（{_ARTICLE[0]}）。",
            f"The day {step.on} lies before the task arose, {task['opened_on']} ({_ARTICLE[1]}).",
        )


def _check_urge(step: Step) -> None:
    if step.values["due_on"] <= step.on:
        raise errors.InputError(
            "due_on",
            f"执行期限 {step.values['due_on']} 须在通知之日 {step.on} 之后（{_ARTICLE[0]}）。",
            f"The day to carry it out by, {step.values['due_on']}, must lie after the notice of {step.on}"
            f" ({_ARTICLE[1]}).",
        )


def _follow_execute(act: Act, step: Step) -> None:
    task = _chosen(step)
    evidence = step.papers.get("evidence")
    if task is not None:
        act.set("task", task["id"], done_on=step.on, proof=step.values["proof"], document=evidence)
    if task is None or all(other["done_on"] or other["id"] == task["id"] for other in tasks_of(step)):
        write_fact(act, step, "executed", document=evidence, note=step.values["proof"])


def _follow_urge(act: Act, step: Step) -> None:
    """The notice sets the day until which a task is done, where the answer set none."""
    due_on = step.values["due_on"]
    for task in tasks_of(step):
        if task["done_on"] is None and task["due_on"] is None:
            act.set("task", task["id"], due_on=due_on)
    supported = step.last("supported")
    if supported is not None and supported.row is not None and supported.until is None and supported.days is None:
        act.set("event", supported.row, until=due_on)


CHECKS: dict[str, Check] = {"execute": _check_execute, "urge_execution": _check_urge}
FOLLOW: dict[str, Follow] = {"execute": _follow_execute, "urge_execution": _follow_urge}
NEEDS: dict[str, Need] = {"task_open": _need_open, "executed": need_executed}
