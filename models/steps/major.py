"""Major and urgent matters (重大、紧急信访事项): who knew when, who was told when, what was done; written for ever.

SC-431 Art. 26: reported at once to the government of this level and to the higher competent organ. REG-2022 Art. 25:
reported in time to the Party committee and government of this level; competent departments and the office of the joint
meeting are told. A report that comes late stays late: no row of this log is changed or reversed, and the mark on the
matter is never taken back.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from models import errors
from models.act import Act
from models.steps.step import Check, Follow, Need, Step, write_fact

ARTICLE_ZH = "《信访条例》第二十六条、《信访工作条例》第二十五条"
ARTICLE_EN = "SC-431 Art. 26, REG-2022 Art. 25"

MUST_BE_TOLD = {"2005": ("government", "higher"), "2022": ("party", "government")}
"""Organs whose being told ends the duty to report, by regulation; codes of the table major_organ."""

TOLD_BESIDE = {"2005": (), "2022": ("department", "joint_office")}
"""Organs that are told beside them (通报, REG-2022 Art. 25): their absence is shown, and ends no clock."""

_TIME = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")


def family(rules: str) -> str:
    """Return which regulation a rule set belongs to: "2005" or "2022"."""
    return "2005" if rules.startswith("SC-") else "2022"


def told(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Return the organs told since the matter last became known, each with the first time it was told."""
    since = max((row["at"] for row in rows if row["kind"] == "known"), default="")
    found: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: str(row["at"])):
        if row["kind"] == "reported" and row["at"] >= since:
            found.setdefault(row["organ"], row["at"])
    return found


def _log(step: Step) -> list[dict[str, Any]]:
    return step.register.records("major_log", "matter=? ORDER BY at, id", (step.id,))


def _check_known(step: Step) -> None:
    at = _moment(step)
    if step.values["people"] < 0:
        raise errors.InputError(
            "people",
            f"人数不可能是 {step.values['people']}，请核对（{ARTICLE_ZH}）。",
            f"A number of people cannot be {step.values['people']} ({ARTICLE_EN}).",
        )
    first = step.register.row(
        "SELECT received_on, received_at FROM item WHERE matter=? AND cancelled IS NULL ORDER BY received_on, id"
        " LIMIT 1",
        (step.id,),
    )
    if first is not None and first[1] and at < f"{first[0]} {first[1]}":
        raise errors.InputError(
            "time",
            f"获知时间 {at} 早于收到信访件的时间 {first[0]} {first[1]}（{ARTICLE_ZH}）。",
            f"It would be known at {at}, before the item was received at {first[0]} {first[1]} ({ARTICLE_EN}).",
        )


def _check_after_known(step: Step) -> None:
    at = _moment(step)
    known = min(row["at"] for row in _log(step) if row["kind"] == "known")
    if at < known:
        raise errors.InputError(
            "time",
            f"时间 {at} 早于获知时间 {known}，请核对（{ARTICLE_ZH}）。",
            f"The time {at} lies before it was known, {known}; check it ({ARTICLE_EN}).",
        )


def _moment(step: Step) -> str:
    """Return day and time of the act as they stand in the log, and keep them among its values.

    Raises:
        InputError: The time is none.
    """
    text = str(step.values["time"]).strip()
    found = _TIME.fullmatch(text)
    if found is None:
        raise errors.InputError(
            "time",
            f"时间“{text}”无效，请写成 14:05（{ARTICLE_ZH}）。",
            f"“{text}” is no time; write 14:05 ({ARTICLE_EN}).",
        )
    at = f"{step.on.isoformat()} {int(found[1]):02d}:{found[2]}"
    step.values["logged_at"] = at
    return at


def _refuse_future(act: Act, step: Step) -> None:
    """Refuse a time of today that has not come: the log tells what was, not what is meant to be."""
    now = act.at.astimezone().strftime("%Y-%m-%d %H:%M")
    if step.values["logged_at"] > now:
        raise errors.InputError(
            "time",
            f"时间 {step.values['logged_at']} 在现在（{now}）之后，请核对时间或工作站时钟（{ARTICLE_ZH}）。",
            f"The time {step.values['logged_at']} lies after now ({now}); check it, or the clock ({ARTICLE_EN}).",
        )


def _follow_known(act: Act, step: Step) -> None:
    _refuse_future(act, step)
    values = step.values
    _write(act, step, "known", place=values["place"], people=values["people"], claim=values["claim"],
           source=values["source"])  # fmt: skip


def _follow_report(act: Act, step: Step) -> None:
    _refuse_future(act, step)
    before = set(told(_log(step)))
    values = step.values
    document = step.documents.get("major_report")
    _write(act, step, "reported", organ=values["organ"], to_whom=values["to_whom"], how=values["how"],
           document=document)  # fmt: skip
    rows = _log(step)
    must = set(MUST_BE_TOLD[family(step.matter["rules"])])
    if must <= set(told(rows)) and not must <= before:
        # The report is made when the last of the organs was told, whatever was entered last.
        last = date.fromisoformat(max(at for organ, at in told(rows).items() if organ in must)[:10])
        write_fact(act, step, "major_reported", on_date=last, document=document, note=values["to_whom"])


def _follow_measure(act: Act, step: Step) -> None:
    _refuse_future(act, step)
    _write(act, step, "measure")


def _write(act: Act, step: Step, kind: str, **more: Any) -> None:
    values = step.values
    act.insert(
        "major_log",
        {
            "matter": step.id,
            "kind": kind,
            "at": values["logged_at"],
            "staff": step.by.id,
            "what": values["what"],
            **more,
        },
    )


def _need_major(step: Step) -> errors.RuleError | None:
    if step.matter["major"]:
        return None
    return errors.RuleError(
        f"本事项没有记录为重大、紧急信访事项，请先记录何时获知（{ARTICLE_ZH}）。",
        f"The matter is not recorded as major or urgent: record first when it was known ({ARTICLE_EN}).",
    )


def minutes_between(first: str, last: str) -> int:
    """Return the minutes from one local time of the log to another."""
    form = "%Y-%m-%d %H:%M"
    return int((datetime.strptime(last, form) - datetime.strptime(first, form)).total_seconds() // 60)  # noqa: DTZ007  both are local times of one place


CHECKS: dict[str, Check] = {
    "mark_major": _check_known,
    "report_major": _check_after_known,
    "measure_major": _check_after_known,
}
FOLLOW: dict[str, Follow] = {
    "mark_major": _follow_known,
    "report_major": _follow_report,
    "measure_major": _follow_measure,
}
NEEDS: dict[str, Need] = {"is_major": _need_major}
