"""Finding out: the petitioner heard, the facts investigated, the petitioner contacted; and the one extension.

Facts and reasons are heard from the petitioner (SC-431 Art. 31, MPS-79 Art. 24, REG-2022 Art. 31(6)). What was found
out is noted with its day and its source, so that the opinion can be held against it. The time limit is extended once,
before it ends, by a head of the bureau who tells the petitioner why (SC-431 Art. 33, REG-2022 Art. 34).
"""

from __future__ import annotations

from models import clocks, codes, errors
from models.act import Act
from models.steps import course
from models.steps.step import Check, Follow, Need, Step


def _check_extension(step: Step) -> None:
    accepted = course.last(step, "accepted")
    if accepted is None:
        raise errors.RuleError(
            "尚未受理，没有可延长的期限（《信访条例》第三十三条、《信访工作条例》第三十四条）。",
            "Not accepted yet: there is no time limit to extend (SC-431 Art. 33, REG-2022 Art. 34).",
        )
    if step.values["days"] < 1:
        raise errors.InputError(
            "days",
            "延长的天数须为 1 以上（《信访条例》第三十三条、《信访工作条例》第三十四条）。",
            "An extension is of 1 day or more (SC-431 Art. 33, REG-2022 Art. 34).",
        )
    calendar, start = step.register.calendar, next(event.on for event in step.events if event.row == accepted["id"])
    limit = clocks.due(step.rules, "C2", start, calendar=calendar)
    # Refuses more days than the law allows.
    clocks.due(step.rules, "C2", start, extended_days=int(step.values["days"]), calendar=calendar)
    if step.on > limit.last_on:
        raise errors.RuleError(
            f"办理期限已于 {limit.last_on} 届满，不能再延长："
            "延期须在期限届满前决定并告知（《信访条例》第三十三条、《信访工作条例》第三十四条）。",
            f"The time limit ended on {limit.last_on}; an extension is decided and told before it ends (SC-431 Art."
            " 33, REG-2022 Art. 34).",
        )


def _need_not_extended(step: Step) -> errors.RuleError | None:
    if not course.follows(course.last(step, "extended"), course.last(step, "accepted")):
        return None
    return errors.RuleError(
        "办理期限只能延长一次，且已延长（《信访条例》第三十三条、《信访工作条例》第三十四条；产品规则）。",
        "The time limit is extended once only, and it has been (SC-431 Art. 33, REG-2022 Art. 34; project rule).",
    )


def _noted(kind: str) -> Follow:
    """Return what writes a dated note: day, way, place and source first, then what was said or found."""

    def follow(act: Act, step: Step) -> None:
        on = step.on
        way = codes.word("contact_way", step.values["way"], "zh") if step.values.get("way") else ""
        place = f"在{step.values['place']}" if step.values.get("place") else ""
        source = f"来源：{step.values['source']}" if step.values.get("source") else ""
        head = "，".join(part for part in (f"{on.year}年{on.month}月{on.day}日", way, place, source) if part)
        act.insert("passage", {"matter": step.id, "kind": kind, "body": f"{head}：{step.values['record']}"})

    return follow


def _follow_note(act: Act, step: Step) -> None:
    act.insert("passage", {"matter": step.id, "kind": "note", "body": step.values["text"]})


CHECKS: dict[str, Check] = {"extend": _check_extension, "extend_meanwhile": _check_extension}
FOLLOW: dict[str, Follow] = {
    "hear": _noted("reception"),
    "investigate": _noted("investigation"),
    "contact": _noted("contact"),
    "note": _follow_note,
}
NEEDS: dict[str, Need] = {"not_extended": _need_not_extended}
