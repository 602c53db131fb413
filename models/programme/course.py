"""The state of a case on a day, told by its dated facts alone: pure, and the same at the desk and at the hub.

Each case is one of: open, rebound (open again), solved, closed (solved, and approved by the city's review), excluded.
So on any day solved and closed + open and rebound + excluded = entered, whatever was done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from models.programme.records import CaseState

FACTS = (
    "key_included",
    "key_excluded",
    "key_readmitted",
    "key_solved",
    "key_closed",
    "key_unsolved",
    "key_rebound",
)
"""Kinds of dated facts (`event.kind`, with `event.key_case`) that change the state of a case."""

OPEN: frozenset[CaseState] = frozenset({"open", "rebound"})
SOLVED: frozenset[CaseState] = frozenset({"solved", "closed"})


Fact = tuple[str, date, str]
"""Kind, day and note of a dated fact."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands, and the days that brought it there; None where that did not happen or no longer counts.

    Attributes:
        begun_on: The day from which its evidence counts: of its entry, or of the last rebound.
        exclusion: Code of the table key_exclusion; empty unless excluded.
    """

    state: CaseState
    entered_on: date
    begun_on: date
    excluded_on: date | None = None
    exclusion: str = ""
    solved_on: date | None = None
    closed_on: date | None = None
    rebound_on: date | None = None


def standing(facts: Iterable[Fact], on: date) -> Standing | None:
    """Return where a case stands at the end of a day, or None when it was not entered by then.

    Args:
        facts: Its dated facts, in the order in which they were recorded.
        on: The day, included.
    """
    now: Standing | None = None
    for kind, day, note in sorted((fact for fact in facts if fact[1] <= on), key=lambda fact: fact[1]):
        if kind == "key_included" and now is None:
            now = Standing("open", day, day)
        elif now is not None:
            now = _after(now, kind, day, note)
    return now


def _after(now: Standing, kind: str, day: date, note: str) -> Standing:
    base = Standing("rebound" if now.rebound_on else "open", now.entered_on, now.begun_on, rebound_on=now.rebound_on)
    if kind == "key_excluded":
        return replace(base, state="excluded", excluded_on=day, exclusion=note)
    if kind in ("key_readmitted", "key_unsolved"):
        return base
    if kind == "key_solved":
        return replace(base, state="solved", solved_on=day)
    if kind == "key_closed":
        return replace(base, state="closed", solved_on=now.solved_on, closed_on=day)
    if kind == "key_rebound":
        return Standing("rebound", now.entered_on, day, rebound_on=day)
    return now
