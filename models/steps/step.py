"""What an act's own rule gets to see, and how a condition on a matter's facts is told.

A `Need` is a condition that depends on the matter alone, not on what the person types: `act --list` and the window ask
it to know what is open, and `perform` asks it again before anything is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from models import clocks, errors, projections
from models.records import PaperDraft, Staff

if TYPE_CHECKING:
    from models.act import Act
    from models.register import Register


@dataclass(slots=True)
class Step:
    """One step being taken, or asked about.

    Attributes:
        register: The open register.
        matter: The matter's row.
        values: Checked inputs; empty while only `needs` are asked.
        by: Who takes it.
        on: The day.
        given: Incoming papers handed in with the act, not yet written.
        papers: Incoming papers that the act rests on: kind to document id; known once the act is being written.
        documents: Letters issued with it: kind to document id; known once the act is being written.
        memo: What a room read once for several conditions, as it stood when first asked.
    """

    register: Register
    matter: dict[str, Any]
    values: dict[str, Any]
    by: Staff
    on: date
    given: tuple[PaperDraft, ...] = ()
    papers: dict[str, int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    memo: dict[str, Any] = field(default_factory=dict)
    _events: list[clocks.Event] | None = None

    @property
    def id(self) -> int:
        """The matter's id."""
        return int(self.matter["id"])

    @property
    def events(self) -> list[clocks.Event]:
        """The matter's dated facts in the order of their day, as they stood when first asked."""
        if self._events is None:
            self._events = projections.events_of(self.register.connection, self.id)
        return self._events

    @property
    def rules(self) -> clocks.RuleSet:
        """The matter's rule set."""
        return projections.rules_of(self.matter["rules"], self.matter["received_on"], self.register.law.book)

    def happened(self, *kinds: str) -> list[clocks.Event]:
        """Return the dated facts of these kinds."""
        return [event for event in self.events if event.kind in kinds]

    def last(self, *kinds: str) -> clocks.Event | None:
        """Return the latest dated fact of these kinds; of two on one day the one recorded later."""
        found = self.happened(*kinds)
        return max(found, key=lambda event: (event.on, event.row or 0)) if found else None

    def waiting(self, tasks: Sequence[dict[str, Any]]) -> tuple[dict[str, Any] | None, int, str]:
        """Return which of a matter's tasks the input `place` means, how many wait, and those that wait in words.

        A task is meant when it waits and its place, from 1, is given, or when it is the only one that waits; else None.
        """
        number = self.values.get("place")
        waiting = [(place, task) for place, task in enumerate(tasks, 1) if task["done_on"] is None]
        meant = [task for place, task in waiting if number in (None, place)]
        told = "；".join(f"{place} {task['what']}" for place, task in waiting)
        return meant[0] if len(meant) == 1 else None, len(waiting), told

    def rows(self, table: str, where: str = "1") -> list[dict[str, Any]]:
        """Return the matter's rows of a table that has `removed`, oldest first, reversed ones left out."""
        return self.register.records(table, f"matter=? AND removed IS NULL AND ({where}) ORDER BY id", (self.id,))


def write_fact(act: Act, step: Step, kind: str, **columns: Any) -> None:
    """Write a dated fact: of the day of the step and by who takes it, unless `columns` (of `event`) say otherwise."""
    act.insert("event", {"matter": step.id, "kind": kind, "on_date": step.on, "staff": step.by.id, **columns})


Check = Callable[[Step], None]
Follow = Callable[["Act", Step], None]
Need = Callable[[Step], errors.RuleError | None]
"""Returns why the condition does not hold, as one sentence with its article, or None."""
