"""Supervision (督办): what a unit failed, what is demanded of it and until when, its answer, and the end of it.

A supervision is of a unit and of one duty, never of a petitioner. Several may stand at once; each is answered in
writing by the head of its unit and lifted by itself. It stands beside the main state (S14): the matter stays where it
is in its own course.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models import clocks, codes, errors, handovers
from models.act import Act
from models.steps.step import Check, Follow, Need, Step, write_fact

ARTICLE_ZH = "《信访条例》第三十六条、《信访工作条例》第四十条"
ARTICLE_EN = "SC-431 Art. 36, REG-2022 Art. 40"


def standing(step: Step) -> list[dict[str, Any]]:
    """Return the supervisions of the matter that were not lifted, oldest first."""
    return step.rows("supervision", "lifted_on IS NULL")


def _check_supervise(step: Step) -> None:
    values = step.values
    unit = values.setdefault("unit", step.matter["unit"])
    clock = values.get("clock", "")
    if clock:
        values["clock"] = step.rules.clock(clock).id  # refuses a clock that the rule set does not have
    for row in standing(step):
        if (row["unit"], row["trigger"], row["clock"] or "") == (unit, values["trigger"], clock):
            raise errors.RuleError(
                f"该单位已因同一情形于 {row['raised_on']} 被督办，尚未解除，请先催办答复（{ARTICLE_ZH}）。",
                f"The unit is supervised for the same cause since {row['raised_on']}, and it is not lifted yet"
                f" ({ARTICLE_EN}).",
            )
    values["due_on"] = _answer_due(step)
    values["failed_duty"] = _failed(step)


def _check_receive(step: Step) -> None:
    step.values.setdefault("unit", step.matter["unit"])
    step.values.setdefault("trigger", "6")
    step.values["due_on"] = _answer_due(step)


def _answer_due(step: Step) -> date:
    """Return the day until which the unit answers: as set, else the 30 days of SC-431 Art. 36.

    Raises:
        MissingPartError: REG-2022 Art. 40 fixes no days, and none were set.
        InputError: The day lies before the supervision, or after the lawful last day.
    """
    rule = step.rules.clock("C7")
    given: date | None = step.values.get("due_on")
    if given is not None and given < step.on:
        raise errors.InputError(
            "due_on",
            f"答复期限 {given} 早于督办日期 {step.on}（{ARTICLE_ZH}）。",
            f"The answer would be due on {given}, before the supervision of {step.on} ({ARTICLE_EN}).",
        )
    if rule.unit == "as_set":
        if given is None:
            raise errors.MissingPartError(
                ("due_on",),
                "《信访工作条例》第四十条没有规定答复天数：请确定被督办单位的答复期限。",
                "REG-2022 Art. 40 fixes no days: set the day until which the unit answers.",
            )
        return given
    last = clocks.due(step.rules, "C7", step.on, calendar=step.register.calendar).last_on
    if given is not None and given > last:
        raise errors.InputError(
            "due_on",
            f"书面反馈的期限是三十日，到 {last} 为止，不能定为 {given}（《信访条例》第三十六条）。",
            f"The written answer is due within 30 days, until {last}; it cannot be {given} (SC-431 Art. 36).",
        )
    return given or last


def _failed(step: Step) -> str:
    """Return the duty that the unit failed, as the supervision letter says it: the trigger, and the clock missed."""
    failed = codes.word("supervision_trigger", step.values["trigger"], "zh")
    clock = step.values.get("clock")
    return f"{failed}：{step.rules.clock(clock).name.zh}" if clock else failed


def _follow_supervise(act: Act, step: Step) -> None:
    _raise(act, step, step.documents.get("supervision_letter"))


def _follow_receive(act: Act, step: Step) -> None:
    _raise(act, step, step.papers["supervision_in"])


def _raise(act: Act, step: Step, document: int | None) -> None:
    values = step.values
    act.insert(
        "supervision",
        {
            "matter": step.id,
            "trigger": values["trigger"],
            "clock": values.get("clock"),
            "unit": values["unit"],
            "raised_on": step.on,
            "way": values.get("way", "letter"),
            "demand": values["demand"],
            "document": document,
            "due_on": values["due_on"],
        },
    )


def _check_answer(step: Step) -> None:
    row = _chosen(step, [row for row in standing(step) if row["answered_on"] is None])
    if row["unit"] not in handovers.units_below(step.register, step.by.unit):  # a head answers for those below
        name = step.register.units().get(row["unit"], "")
        raise errors.NotAllowedError(
            f"督办须由被督办单位（{name}）负责人书面答复，{step.by.name}不在该单位（{ARTICLE_ZH}）。",
            f"A supervision is answered by the head of the unit supervised ({name}); {step.by.name} is not of it"
            f" ({ARTICLE_EN}).",
        )
    _refuse_before(step, row["raised_on"], "督办", "the supervision")
    if step.values["adopted"] == "not_taken" and not step.values.get("reasons"):
        raise errors.MissingPartError(
            ("reasons",),
            f"未采纳督办意见的，须说明理由（{ARTICLE_ZH}）。",
            f"When the advice is not taken, the reasons are given ({ARTICLE_EN}).",
        )
    step.values["supervision"] = row["id"]


def _follow_answer(act: Act, step: Step) -> None:
    values = step.values
    taken = values["adopted"] == "taken"
    act.set(
        "supervision",
        values["supervision"],
        answered_on=step.on,
        answer=values["answer"],
        adopted=taken,
        reasons=values.get("reasons"),
    )
    if not taken:
        # Local rules count the days for the reasons from the decision (Beijing Reg. Art. 52).
        write_fact(act, step, "advice_declined", note=values["reasons"])


def _check_lift(step: Step) -> None:
    row = _chosen(step, [row for row in standing(step) if row["answered_on"] is not None])
    _refuse_before(step, row["answered_on"], "书面答复", "the written answer")
    step.values["supervision"] = row["id"]


def _follow_lift(act: Act, step: Step) -> None:
    act.set("supervision", step.values["supervision"], lifted_on=step.on, finding=step.values["finding"])


def _chosen(step: Step, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the supervision that is meant: the one named, by its order on the matter or its row, else the oldest.

    Raises:
        InputError: The one named is not among `rows`.
    """
    wanted = step.values.get("supervision")
    if wanted is None:
        return rows[0]
    places = {row["id"]: place for place, row in enumerate(step.rows("supervision"), start=1)}
    for row in rows:
        if wanted in (row["id"], places[row["id"]]):
            return row
    listed = "、".join(str(places[row["id"]]) for row in rows)
    raise errors.InputError(
        "supervision",
        f"第 {wanted} 项督办不能办理这一步，可选：{listed}（{ARTICLE_ZH}）。",
        f"Supervision {wanted} does not wait for this step; there are: {listed.replace('、', ', ')} ({ARTICLE_EN}).",
    )


def _refuse_before(step: Step, floor: str, what_zh: str, what_en: str) -> None:
    if step.on < date.fromisoformat(floor):
        raise errors.InputError(
            "on",
            f"日期 {step.on} 早于{what_zh}的日期 {floor}（{ARTICLE_ZH}）。",
            f"The day {step.on} lies before that of {what_en}, {floor} ({ARTICLE_EN}).",
        )


def _need_owed(step: Step) -> errors.RuleError | None:
    """A closed matter is supervised only for what it still owes: an unproved execution, or a duty that is late."""
    if step.matter["state"] != "S13" or step.rows("task", "kind='execution' AND done_on IS NULL"):
        return None
    late = step.register.row("SELECT 1 FROM duty WHERE matter=? AND last_on<? LIMIT 1", (step.id, step.on.isoformat()))
    if late is not None:
        return None
    return errors.RuleError(
        f"事项已办结，没有尚未执行的支持意见，也没有逾期的期限，无从督办（{ARTICLE_ZH}）。",
        "The matter is closed, nothing supported waits to be carried out and no duty is late: nothing to supervise"
        f" ({ARTICLE_EN}).",
    )


def _need_unanswered(step: Step) -> errors.RuleError | None:
    if any(row["answered_on"] is None for row in standing(step)):
        return None
    return errors.RuleError(
        f"没有尚未答复的督办（{ARTICLE_ZH}）。", f"No supervision waits for an answer ({ARTICLE_EN})."
    )


def _need_answered(step: Step) -> errors.RuleError | None:
    if any(row["answered_on"] is not None for row in standing(step)):
        return None
    return errors.RuleError(
        f"督办须经被督办单位书面答复后才能解除（{ARTICLE_ZH}）。",
        f"A supervision is lifted only after the unit has answered in writing ({ARTICLE_EN}).",
    )


CHECKS: dict[str, Check] = {
    "supervise": _check_supervise,
    "receive_supervision": _check_receive,
    "answer_supervision": _check_answer,
    "lift_supervision": _check_lift,
}
FOLLOW: dict[str, Follow] = {
    "supervise": _follow_supervise,
    "receive_supervision": _follow_receive,
    "answer_supervision": _follow_answer,
    "lift_supervision": _follow_lift,
}
NEEDS: dict[str, Need] = {
    "still_owed": _need_owed,
    "unanswered_supervision": _need_unanswered,
    "answered_supervision": _need_answered,
}
