"""Rating by the petitioner (满意度评价): what may be rated, in what window, and what became of each rating.

Scope (domain reference, 4.4): matters registered for the first time; not those for a statutory procedure, and not those
unfit for publication, which here are the sealed ones. The petition unit and the responsible unit are rated apart.
"Not rated in time" is never written down: the clock says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from models import clocks, codes, errors, sight
from models.steps.step import Check, Follow, Need, Step, write_fact

if TYPE_CHECKING:
    from models.act import Act
    from models.records import Staff
    from models.register import Register

CLOCK = "R-rate"
_ARTICLE = ("《信访事项办理群众满意度评价工作办法》第四条", "Rules on rating by petitioners, Art. 4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One target's rating as of a day."""

    target: str
    """Code of the table rating_target."""
    state: str
    """Code of the table rating_state; `overdue` once the window has passed."""
    value: str = ""
    reason: str = ""
    rated_on: date | None = None
    last_on: date | None = None
    """Last day of the window; None when its calendar year is missing or the rating was imported without one."""


def ratings(register: Register, matter: int, *, by: Staff, on: date) -> tuple[Rating, ...]:
    """Return the ratings of a matter as they stand on `on`.

    Raises:
        InputError, NotAllowedError: `by` may not read the matter.
    """
    step = Step(register, sight.matter_for(register, matter, by), {}, by, on)
    last, over = _window(step)
    return tuple(
        Rating(
            target=row["target"],
            state="overdue" if row["state"] == "pending" and over else row["state"],
            value=row["value"] or "",
            reason=row["reason"] or "",
            rated_on=date.fromisoformat(row["rated_on"]) if row["rated_on"] else None,
            last_on=last,
        )
        for row in step.rows("rating")
    )


def _window(step: Step) -> tuple[date | None, bool]:
    """Return the last day of the window, and whether it is over; no day while it is not open or cannot be counted."""
    opened = step.last("rating_opened")
    if opened is None:
        return None, False
    try:
        last = clocks.due(step.rules, CLOCK, opened.on, calendar=step.register.calendar).last_on
    except errors.RegisterError:
        return None, False
    return last, step.on > last


def _rule(zh: str, en: str) -> errors.RuleError:
    return errors.RuleError(f"{zh}（{_ARTICLE[0]}）。", f"{en} ({_ARTICLE[1]}).")


def _need_scope(step: Step) -> errors.RuleError | None:
    matter = step.matter
    if not any(clock.id == CLOCK for clock in step.rules.clocks):
        return _rule(f"本事项收到时（{matter['received_on']}）尚无满意度评价", "No rating existed when it was received")
    if step.rows("rating"):
        return _rule("评价已经开放", "The rating is open already")
    if matter["sealed"] or matter["category"] == "accusation":
        return _rule("不宜公开的事项不作满意度评价", "A matter unfit for publication is not rated")
    if matter["exit"] in (1, 2, 3, 4, 5) or step.happened("routed"):
        return _rule("应走法定程序的事项不作满意度评价", "A matter for a statutory procedure is not rated")
    if step.register.row(
        "SELECT 1 FROM item WHERE matter=? AND cancelled IS NULL ORDER BY id LIMIT 1", (step.id,)
    ) is None or _first_is_repeat(step):
        return _rule("只评价初次登记的事项", "Only a matter registered for the first time is rated")
    if not step.happened("served", "replied", "performed"):
        return _rule("尚未答复，不能评价", "It is not answered yet")
    return None


def _first_is_repeat(step: Step) -> bool:
    found = step.register.row(
        "SELECT repeat FROM item WHERE matter=? AND cancelled IS NULL ORDER BY id LIMIT 1", (step.id,)
    )
    return bool(found and found[0])


def _need_open(step: Step) -> errors.RuleError | None:
    rows = step.rows("rating", "state='pending'")
    if not rows:
        return _rule("没有待评价的对象：尚未开放，或均已评价", "Nothing waits to be rated: not opened, or all rated")
    last, over = _window(step)
    if over:
        return _rule(f"评价期已于 {last} 届满，超期未评价", f"The window ended on {last}: not rated in time")
    return None


def _check_rate(step: Step) -> None:
    values = step.values
    if values["query_code"].strip().upper() != step.matter["query_code"]:
        raise errors.InputError(
            "query_code",
            f"查询码与本事项不符，不能评价（{_ARTICLE[0]}）。",
            f"The query code is not this matter's: no rating without it ({_ARTICLE[1]}).",
        )
    if not any(row["target"] == values["target"] for row in step.rows("rating", "state='pending'")):
        word, word_en = (codes.word("rating_target", values["target"], lang) for lang in ("zh", "en"))
        raise _rule(f"“{word}”已经评价，只评价一次", f"“{word_en}” was rated already, and is rated once")


def _follow_open(act: Act, step: Step) -> None:
    for target in codes.codes("rating_target"):
        act.insert("rating", {"matter": step.id, "target": target, "state": "pending"})


def _follow_rate(act: Act, step: Step) -> None:
    """The clock ends when both were rated: the petitioner rates each apart."""
    values = step.values
    waiting = step.rows("rating", "state='pending'")
    for row in waiting:
        if row["target"] == values["target"]:
            act.set(
                "rating", row["id"], state="rated", value=values["value"], reason=values.get("reason"), rated_on=step.on
            )
    if len(waiting) == 1:
        write_fact(act, step, "rated")


CHECKS: dict[str, Check] = {"rate": _check_rate}
FOLLOW: dict[str, Follow] = {"open_rating": _follow_open, "rate": _follow_rate}
NEEDS: dict[str, Need] = {"may_be_rated": _need_scope, "rating_open": _need_open}
