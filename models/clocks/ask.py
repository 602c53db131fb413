"""One clock, asked from the command line: what `petition-desk clock` shows and puts into its JSON.

Takes what a person types (a set's name, a clock's id, days) and returns plain values: dates in ISO form, texts in both
languages. What cannot be is refused with a sentence that says what was wrong and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from models.clocks.calendar import load_calendar
from models.clocks.engine import Hearing, due
from models.clocks.rules import rule_set
from models.clocks.wording import UNIT_NAMES, explain
from models.errors import InputError, Message

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def read_day(text: str, field: str) -> date:
    """Read a day as typed: `2026-03-02`, `2026/3/2` or `2026年3月2日`.

    Args:
        text: What was typed.
        field: Name of the option or column, told in the error.

    Raises:
        InputError: It is not a day, or there is no such day.
    """
    match = _DAY.fullmatch(text.strip())
    if match is None:
        raise InputError(
            field,
            f"{field}：“{text}”不是日期。请写成 2026-03-02。",
            f"{field}: {text!r} is not a date. Write it as 2026-03-02.",
        )
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError as error:
        raise InputError(
            field, f"{field}：没有“{text}”这一天。请核对。", f"{field}: there is no such day as {text!r}. Check it."
        ) from error


def read_span(text: str, field: str) -> Hearing:
    """Read `A..B`, or one day, as first and last day.

    Raises:
        InputError: One of them is not a day, or B is before A.
    """
    first, dots, last = text.partition("..")
    begins = read_day(first, field)
    ends = read_day(last, field) if dots else begins
    if ends < begins:
        raise InputError(
            field,
            f"{field}：结束日 {ends} 早于开始日 {begins}。",
            f"{field}: it ends on {ends}, before it begins on {begins}.",
        )
    return begins, ends


def cli_clock(
    rules: str,
    clock: str,
    start: date,
    extended: int = 0,
    hearing: Sequence[Hearing] = (),
    *,
    days: int | None = None,
    until: date | None = None,
) -> dict[str, Any]:
    """Count one clock and return all that the command tells about it.

    Args:
        rules: Name of a rule set, taken liberally (`rule_set`); an overlay alone lies over the set in force on `start`.
        clock: Id of the clock.
        start: Day of the starting event.
        extended: Days by which it was extended.
        hearing: Hearing days, first and last inclusive.
        days: For a clock "as set": the days set.
        until: For a clock "as set": the last day set.

    Returns:
        Dates as ISO text; `name`, `article` and `title` as {"zh", "en"}; `derivation` as lists of lines; `due` is the
        last day.

    Raises:
        InputError: Unknown set or clock, an extension or hearing that the clock does not allow, impossible days.
        CalendarMissingError: The end falls into a year without a calendar.
    """
    chosen = rule_set(rules, start)
    asked = chosen.clock(clock)
    end = due(
        chosen,
        asked.id,
        start,
        extended_days=extended,
        hearing=hearing,
        calendar=load_calendar(),
        days=days,
        until=until,
    )
    return {
        "rules": chosen.id,
        "title": _both(chosen.title),
        "alongside": list(chosen.alongside),
        "clock": asked.id,
        "name": _both(asked.name),
        "from": start.isoformat(),
        "unit": asked.unit,
        "unit_name": _both(UNIT_NAMES[asked.unit]),
        "length": end.length,
        "extended": end.extended_days,
        "hearing": [[begins.isoformat(), ends.isoformat()] for begins, ends in sorted(hearing)],
        "hearing_days": end.hearing_days,
        "raw_end": end.raw_on.isoformat(),
        "last_day": end.last_on.isoformat(),
        "due": end.last_on.isoformat(),
        "rolled": [step.on.isoformat() for step in end.rolled],
        "article": _both(asked.article),
        "unconfirmed": list(asked.unconfirmed),
        "project_rule": list(asked.project_rule),
        "provisional": end.next_notice_pending,
        "derivation": {"zh": explain(end, "zh"), "en": explain(end, "en")},
    }


def _both(message: Message) -> dict[str, str]:
    return {"zh": message.zh, "en": message.en}
