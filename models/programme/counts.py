"""Counting cases: where they stood at the end of a day, how far a target is reached, when a report is due. Pure.

The desk and the hub count with the same functions over the same rows. A share is computed and never stored. A target is
counted as of its own day once that has passed: what is solved later does not reach it afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from models import clocks, codes, errors
from models.programme import evidence
from models.programme.evidence import CaseRows
from models.programme.records import Counts, MilestoneState, Reached, Target, TargetState

SOON_DAYS = 7
"""A report is told of so many days before its last day."""


def count(cases: Iterable[CaseRows], on: date) -> Counts:
    """Return the cases of a programme by where they stood at the end of a day."""
    states = dict.fromkeys(("open", "rebound", "solved", "closed", "excluded"), 0)
    by_source = dict.fromkeys(codes.codes("key_source"), 0)
    by_exclusion = dict.fromkeys(codes.codes("key_exclusion"), 0)
    late = 0
    for case in cases:
        now = case.standing(on)
        if now is None:
            continue
        states[now.state] += 1
        late += case.late(on)
        if now.state == "excluded":
            by_exclusion[now.exclusion] += 1
        else:
            by_source[case.case["source"]] += 1
    return Counts(
        on=on,
        entered=sum(states.values()),
        open=states["open"] + states["rebound"],
        rebound=states["rebound"],
        solved=states["solved"] + states["closed"],
        closed=states["closed"],
        excluded=states["excluded"],
        late=late,
        by_source=by_source,
        by_exclusion=by_exclusion,
    )


def reached(cases: Iterable[CaseRows], on: date) -> tuple[Reached, ...]:
    """Return for each step how many included cases have its evidence at the end of a day."""
    numbers = dict.fromkeys(evidence.STEPS, 0)
    of = 0
    for case in cases:
        now = case.standing(on)
        if now is None or now.state == "excluded":
            continue
        of += 1
        for one in case.evidence(on):
            numbers[one.step] += one.on is not None
    return tuple(Reached(step=step, words=words, cases=numbers[step], of=of) for step, words in evidence.STEPS.items())


def target(row: dict[str, Any], cases: list[CaseRows], on: date) -> Target:
    """Return a target with its counts, as of the day looked from or of its own day once that has passed."""
    by_on = date.fromisoformat(row["on_date"])
    counts = count(cases, min(on, by_on))
    share = int(row["share"])
    state: TargetState
    if not counts.included:
        state = "empty"
    elif counts.solved * 100 >= share * counts.included:
        state = "reached"
    else:
        state = "missed" if on > by_on else "open"
    return Target(
        id=row["id"],
        name=row["name"],
        share=share,
        by_on=by_on,
        counted_on=counts.on,
        included=counts.included,
        solved=counts.solved,
        state=state,
    )


def due_day(on_date: date, days: int, calendar: clocks.Calendar) -> tuple[date, date | None]:
    """Return the raw end and the last day of a report.

    Args:
        on_date: The day that it is counted from, which is not counted (Civil Code Art. 201).
        days: Calendar days; 0: due on that very day, which a text names and which does not roll.
        calendar: Working days, over which the end rolls (Civil Code Art. 203).

    Returns:
        The second is None where the calendar of that year is missing: never guessed.
    """
    raw = on_date + timedelta(days=days)
    if not days:
        return raw, raw
    try:
        return raw, date.fromordinal(calendar.next_working(raw.toordinal()))
    except errors.CalendarMissingError:
        return raw, None


def milestone_state(done_on: date | None, last_on: date, on: date) -> MilestoneState:
    """Return how a report stands on a day."""
    if done_on is not None:
        return "done" if done_on <= last_on else "done_late"
    if on > last_on:
        return "late"
    return "due" if (last_on - on).days <= SOON_DAYS else "ahead"
