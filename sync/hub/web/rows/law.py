"""The clocks of a county's matters, worked out at the hub from the rows it holds, by the desk's own engine.

Rules are those of the hub's program, with the calendars that the county applied itself (`models.figures.gather`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from models import clocks, errors, projections
from models.clocks.rules import RuleSet
from models.figures.gather import Law, law_of
from sync.hub.figures import HubRows

_EVENT = ("matter", "kind", "on_date", "days", "until", "id", "item", "withdrawn")


class Clocks:
    """The clocks of one county."""

    def __init__(self, rows: HubRows) -> None:
        self._rows = rows
        self._law: Law = law_of(rows)

    def rules(self, matter: Mapping[str, Any]) -> RuleSet:
        """Return the rule set that a matter keeps.

        Raises:
            InputError: The hub's program does not know it.
        """
        return projections.rules_of(matter["rules"], matter["received_on"], self._law.book)

    def states(self, matters: Collection[Mapping[str, Any]], on: date) -> dict[int, tuple[clocks.ClockState, ...]]:
        """Return the clocks of some matters as of a day, those of each in the order of their last lawful day.

        Args:
            matters: Rows with `id`, `rules` and `received_on`.
            on: The day of looking.

        Returns:
            By matter; without those that have no dated fact here yet, or keep rules of a newer program.
        """
        events: dict[int, list[clocks.Event]] = defaultdict(list)
        found = self._rows.by_ids("event", "matter", {row["id"] for row in matters}, _EVENT)
        for matter, kind, day, days, until, row, item, withdrawn in found:
            if withdrawn is None:
                end = date.fromisoformat(until) if until else None
                events[matter].append(clocks.Event(kind, date.fromisoformat(day), days, end, row, item))
        return {
            row["id"]: self._of(row, events[row["id"]], on) for row in matters if events[row["id"]] and self.known(row)
        }

    def _of(self, row: Mapping[str, Any], events: list[clocks.Event], on: date) -> tuple[clocks.ClockState, ...]:
        ordered = sorted(events, key=lambda event: (event.on, event.row or 0))
        states = clocks.clock_states(self.rules(row), ordered, on=on, calendar=self._law.calendar)
        return tuple(sorted(states, key=lambda state: state.due.last_on if state.due else date.max))

    def known(self, matter: Mapping[str, Any]) -> bool:
        """Return whether the hub's program knows the rules that a matter keeps."""
        try:
            self.rules(matter)
        except errors.InputError:
            return False
        return True


def owed(state: clocks.ClockState, rules: RuleSet) -> bool:
    """Return whether a clock is a duty of the bureau that still stands open."""
    mine = state.running and not state.provisional and state.whose == "bureau"
    return mine and rules.clock(state.clock).kind == "duty"
