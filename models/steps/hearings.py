"""The public hearing: ordered for major, complex or difficult matters, held with minutes and conclusion, or cancelled.

It stands beside the handling clock and does not stop it (SC-431 Art. 31; REG-2022 Art. 31(6); domain reference, 0.7).
Hearing days are kept with their own dates: only the re-review clock leaves hearing time out.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models import errors
from models.act import Act
from models.steps.step import Check, Follow, Need, Step


def _ordered(step: Step) -> dict[str, Any] | None:
    """Return the hearing that is ordered and not over."""
    found = step.rows("hearing", "ended_on IS NULL")
    return found[-1] if found else None


def _check_order(step: Step) -> None:
    if step.values["hearing_on"] < step.on:
        raise errors.InputError(
            "hearing_on",
            f"听证日期 {step.values['hearing_on']} 早于决定日期 {step.on}：听证须事先通知"
            "（《信访条例》第三十一条、《信访工作条例》第三十一条第六项）。",
            f"The hearing, {step.values['hearing_on']}, lies before its order, {step.on}: it is announced beforehand"
            " (SC-431 Art. 31, REG-2022 Art. 31(6)).",
        )
    handler = step.register.staff().get(step.matter["handler"])
    if handler is not None and handler.name == step.values["chair"].strip():
        raise errors.RuleError(
            "听证主持人不能由本事项的承办人担任（产品规则；《信访条例》第三十一条、《信访工作条例》第三十一条第六项）。",
            "The handler of the matter does not chair its hearing (project rule; SC-431 Art. 31, REG-2022 Art. 31(6)).",
        )


def _follow_order(act: Act, step: Step) -> None:
    act.insert(
        "hearing",
        {
            "matter": step.id,
            "ordered_on": step.on,
            "ordered_by": step.by.id,
            "on_date": step.values["hearing_on"],
            "place": step.values["place"],
            "chair": step.values["chair"],
            "participants": step.values["participants"],
        },
    )


def _check_hold(step: Step) -> None:
    row = _ordered(step)
    started: date = step.values["started_on"]
    ordered = date.fromisoformat(row["ordered_on"]) if row else started
    if started < ordered:
        raise errors.InputError(
            "started_on",
            f"听证开始日期 {started} 早于决定听证的日期 {ordered}"
            "（《信访条例》第三十一条、《信访工作条例》第三十一条第六项）。",
            f"The hearing began on {started}, before it was ordered, {ordered} (SC-431 Art. 31, REG-2022 Art. 31(6)).",
        )
    if started > step.on:
        raise errors.InputError(
            "started_on",
            f"听证开始日期 {started} 晚于结束日期 {step.on}"
            "（《信访条例》第三十一条、《信访工作条例》第三十一条第六项）。",
            f"The hearing began on {started}, after it ended, {step.on} (SC-431 Art. 31, REG-2022 Art. 31(6)).",
        )
    if row:
        for name in ("place", "chair", "participants"):
            step.values.setdefault(name, row[name])
    step.values["hearing_on"] = started


def _follow_hold(act: Act, step: Step) -> None:
    row = _ordered(step)
    if row is not None:
        act.set(
            "hearing",
            row["id"],
            on_date=step.values["started_on"],
            ended_on=step.on,
            minutes=step.documents.get("hearing_minutes"),
            conclusion=step.values["conclusion"],
        )


def _follow_cancel(act: Act, step: Step) -> None:
    row = _ordered(step)
    if row is not None:
        act.set("hearing", row["id"], ended_on=step.on, conclusion=CANCELLED + step.values["reason"])


CANCELLED = "取消："
"""How the conclusion of a hearing begins that was not held."""


def held(step: Step) -> bool:
    """Return whether a hearing took place in the matter."""
    return any(not (row["conclusion"] or "").startswith(CANCELLED) for row in step.rows("hearing", "ended_on NOT NULL"))


CHECKS: dict[str, Check] = {"order_hearing": _check_order, "hold_hearing": _check_hold}
FOLLOW: dict[str, Follow] = {
    "order_hearing": _follow_order,
    "hold_hearing": _follow_hold,
    "cancel_hearing": _follow_cancel,
}
NEEDS: dict[str, Need] = {}
