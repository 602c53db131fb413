"""A second clock, written apart from `models.clocks` and in another manner, to be compared with it.

It imports nothing of the product. Lengths, extensions and overlays are typed in by hand from the domain reference
(sections 4.1 to 4.6, 8.3 and 9.3), so that a slip in a rule file shows; due dates are found by walking a table of days
one by one, so that a slip in the arithmetic shows. It is slow and plain on purpose.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

ONE = timedelta(days=1)
CALENDARS = Path(__file__).parents[3] / "resources" / "calendars"


class NoYearError(Exception):
    """The walk came to a day of a year without a calendar."""


@dataclass(frozen=True)
class Rule:
    """Length, unit (C, W, now, set), greatest extension (-1 none, 0 without limit), whether hearings are left out."""

    length: int
    unit: str
    extension: int = -1
    hearing: bool = False


_SHARED = {
    "C1": Rule(15, "C"), "C1t": Rule(15, "C"), "C2": Rule(60, "C", 30), "C3": Rule(30, "C"),
    "C4": Rule(30, "C"), "C5": Rule(30, "C"),
    "C6": Rule(30, "C", -1, True), "C8": Rule(0, "set", 0), "C8r": Rule(0, "set"), "C9": Rule(0, "now"),
    "C-recusal": Rule(2, "C"), "C-execute": Rule(0, "set"), "C-announce": Rule(60, "set"),
}  # fmt: skip
_SIMPLE = {"S-notice": Rule(3, "W"), "S-answer": Rule(10, "W"), "S-pass": Rule(1, "W")}
_RATE = {"R-rate": Rule(30, "C")}
_OLD = {**_SHARED, **_SIMPLE, **_RATE, "C1s": Rule(15, "C"), "C7": Rule(30, "C")}
_NEW = {
    **_SHARED, **_SIMPLE, **_RATE, "C1o": Rule(5, "W"), "C1p": Rule(15, "C"), "C7": Rule(0, "set"),
    "C11": Rule(15, "W"), "C11f": Rule(15, "W"),
}  # fmt: skip
_LOCAL = {
    "LOCAL-zhejiang": {"C1": Rule(5, "W"), "C1t": Rule(5, "W"), "C2": Rule(30, "C", 60)},
    "LOCAL-henan": {"C2": Rule(30, "C", 60), "C8": Rule(90, "set", 0), "L-pass": Rule(5, "C"), "C1o": Rule(5, "C")},
    "LOCAL-beijing": {
        "C4": Rule(30, "C", 30), "C6": Rule(30, "C", 30, True), "C1o": Rule(5, "W"), "C7n": Rule(3, "W"),
    },
    "LOCAL-shandong": {"C4a": Rule(3, "W"), "C6a": Rule(3, "W")},
    "LOCAL-shanghai": {},
}  # fmt: skip

RULES: dict[str, dict[str, Rule]] = {
    "SC-431": _OLD,
    "REG-2022": _NEW,
    "SIMPLE-2016": _SIMPLE,
    "SIMPLE-2022": _SIMPLE,
    "RATE-2014": _RATE,
    "RATE-2022": _RATE,
    **{f"SC-431/{name}": {**_OLD, **local} for name, local in _LOCAL.items()},
    **{f"REG-2022/{name}": {**_NEW, **local} for name, local in _LOCAL.items()},
}


def day_table() -> dict[date, bool]:
    """Return every day of the known years with True for a working day."""
    years = {int(path.stem): json.loads(path.read_text(encoding="utf-8")) for path in sorted(CALENDARS.glob("*.json"))}
    table: dict[date, bool] = {}
    for year in years:
        day = date(year, 1, 1)
        while day.year == year:
            table[day] = day.isoweekday() <= 5
            day += ONE
    for content in years.values():
        for entry in content["days"]:
            day = date.fromisoformat(entry["date"])
            if day in table:
                table[day] = entry["kind"] == "work"
    return table


def second_due(
    table: dict[date, bool],
    rule: Rule,
    start: date,
    extended: int = 0,
    hearing: tuple[tuple[date, date], ...] = (),
    days: int | None = None,
    until: date | None = None,
) -> tuple[date, date, int]:
    """Return raw end, last day and the number of hearing days left out.

    Raises:
        NoYearError: With the year that has no calendar.
    """

    def works(day: date) -> bool:
        if day not in table:
            raise NoYearError(day.year)
        return table[day]

    if rule.unit == "now":
        return start, start, 0
    day, left_out = start, 0
    if until is not None:
        if not extended:
            return until, until, 0
        for _ in range(extended):
            until += ONE
        day = until
    elif rule.unit == "W":
        remaining = rule.length
        while remaining:
            day += ONE
            if works(day):
                remaining -= 1
        return day, day, 0
    else:
        remaining = (rule.length if days is None else days) + extended
        while remaining:
            day += ONE
            if any(first <= day <= last for first, last in hearing):
                left_out += 1
            else:
                remaining -= 1
    raw = day
    while not works(day):
        day += ONE
    return raw, day, left_out
