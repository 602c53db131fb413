"""Where a matter stands in its handling: asked by the steps inside the bureau and by those on the opinion.

The order of two facts is that of their days, and on one day that of their writing (`born`), which is the same at every
workstation.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from models import clocks
from models.steps.step import Step

BEGINNINGS = ("accepted", "sent_back", "reopened")
"""Facts with which the handling begins, or begins anew."""

_FACT = ("id", "born", "kind", "on_date", "document", "staff", "note")

HANDLING_CLOCKS = ("C2", "C8r", "S-answer")
"""Clocks of the handling itself: what is asked of a unit is due before they end."""


def facts(step: Step, *kinds: str) -> list[dict[str, Any]]:
    """Return the rows of the dated facts of these kinds, in their order; withdrawn ones left out."""
    marks = ",".join("?" * len(kinds))
    return [
        dict(zip(_FACT, row, strict=True))
        for row in step.register.rows(
            f"SELECT {', '.join(_FACT)} FROM event WHERE matter=? AND kind IN ({marks}) AND withdrawn IS NULL"
            " ORDER BY on_date, born, id",
            (step.id, *kinds),
        )
    ]


def last(step: Step, *kinds: str) -> dict[str, Any] | None:
    """Return the latest dated fact of these kinds."""
    found = facts(step, *kinds)
    return found[-1] if found else None


def follows(later: dict[str, Any] | None, earlier: dict[str, Any] | None) -> bool:
    """Return whether the first fact is there and comes after the second, or the second is not there."""
    if later is None:
        return False
    return earlier is None or _place(later) > _place(earlier)


def _place(row: dict[str, Any]) -> tuple[str, int, int]:
    return row["on_date"], row["born"], row["id"]


def begun_on(step: Step) -> str:
    """Return the day (ISO) on which the present handling began; the day of receipt when nothing says."""
    found = last(step, *BEGINNINGS)
    return str(found["on_date"] if found else step.matter["received_on"])


def running(step: Step) -> list[clocks.ClockState]:
    """Return the handling clocks that run on the day of the step and whose end is known, the earliest end first."""
    return sorted((one for one in _run(step) if one.due), key=lambda one: one.due.last_on if one.due else one.start_on)


def target(step: Step) -> date | None:
    """Return the raw end of the handling clock that ends first, known without a calendar; None when none runs."""
    ends = []
    for one in _run(step):
        clock = step.rules.clock(one.clock)
        if one.due is not None:
            ends.append(one.due.raw_on)
        elif clock.unit == "C" and clock.length:
            ends.append(one.start_on + timedelta(days=clock.length))
    return min(ends, default=None)


def _run(step: Step) -> list[clocks.ClockState]:
    states = clocks.clock_states(step.rules, step.events, on=step.on, calendar=step.register.calendar)
    return [one for one in states if one.clock in HANDLING_CLOCKS and one.running and not one.provisional]


def declaration(step: Step) -> str:
    """Return what the present handler said of an interest: "none", "direct" while undecided, or "" when nothing.

    A request to stand aside that was refused leaves the handler bound to handle it.
    """
    handler = step.matter["handler"]
    own = [row for row in step.rows("recusal", "asked_by='officer'") if row["staff"] == handler]
    if any(row["decision"] is None for row in own):
        return "direct"
    said = any(row["staff"] == handler for row in facts(step, "declared"))
    return "none" if said or any(row["decision"] == "refused" for row in own) else ""
