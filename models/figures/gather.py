"""What a period's figures need, read once: its items and dated facts, the matters they belong to, their clocks.

Only what the period touches is read: what was received or done in it, what fell due in it, what stood open at its end.
Cost and memory follow the period, not the register. Everything is told as of the period's last day: a fact dated after
it has not happened yet, so that a month computed a year later gives what it gave then, unless something was entered,
put right or reversed since.

Clocks are those of `models.clocks`: the same rules, calendars and derivations that the screens show.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from models import clocks, codes, lawbook
from models.figures.facts import Duty, Fact, Item, MatterFacts, Task
from models.figures.periods import whole
from models.figures.records import Period
from models.joint import GROUP_FROM

if TYPE_CHECKING:
    from models.figures.source import Rows

NOTICE_CLOCKS = frozenset({"C1", "C1t"})
"""Telling the petitioner in writing within 15 days (SC-431 Art. 22; REG-2022 Art. 23)."""
ANSWER_CLOCKS = frozenset({"C2"})
"""Handling within 60 days of acceptance (SC-431 Art. 33; REG-2022 Art. 34)."""
RATING_CLOCK = "R-rate"
ROLL_DAYS = 30
"""More than any row of rest days can move a last day."""
UNLIMITED_EXTENSION_DAYS = 180
"""Reach for an extension whose length the rule leaves to who grants it."""
AS_SET_DAYS = 365
FOR_EVER = date(9999, 12, 31)
SERVICE_DAYS = 15
"""Days within which an answer is to reach the petitioner; setting `figures.service_days` (project rule)."""


@dataclass(frozen=True, slots=True)
class Law:
    """By what clocks are counted: rule files and working days."""

    book: clocks.RuleBook
    calendar: clocks.Calendar


def law_of(rows: Rows, law: Law | None = None) -> Law:
    """Return the rules with what the county applied itself: calendars, and overlays that the program does not bring.

    Args:
        rows: The county's rows.
        law: What counts otherwise; the program's own by default.
    """
    base = law or Law(clocks.shipped(), clocks.load_calendar())
    calendar = base.calendar
    settings = settings_of(rows)
    for name, value in settings.items():
        if name.startswith("calendar.") and value:
            calendar = calendar.with_notice(clocks.read_notice(value, name))
    return Law(lawbook.with_added(base.book, settings), calendar)


def settings_of(rows: Rows) -> dict[str, str | None]:
    """Return the settings as JSON, by name; of two that workstations made apart, the one that was set last."""
    found = sorted(rows.every("setting", ("name", "rev", "value")), key=lambda one: one[:2])
    return {name: value for name, _, value in found}


_MATTER = (
    "id", "received_on", "rules", "purpose", "content_code", "content_label", "unit", "joined", "published", "joint",
    "group_visit", "sealed", "state",
)  # fmt: skip
_ITEM = ("id", "matter", "channel", "received_on", "people", "repeat", "cancelled")
_EVENT = ("id", "matter", "item", "kind", "on_date", "document", "withdrawn")
_HISTORY = ("id", "matter", "item", "kind", "on_date", "days", "until", "withdrawn")
_BESIDE = (("task", "due_on"), ("supervision", "raised_on"), ("supervision", "answered_on"), ("rating", "rated_on"))
_ENDS = frozenset({"closed", "reopened"})


class Gathered:
    """What a period's figures are made of.

    Args:
        rows: The county's rows.
        period: The days.
        on: The day of asking: later facts have not happened.
        law: Rules and calendars.
        far: Also look for duties whose length an assignment set: up to `AS_SET_DAYS` before the period.
    """

    def __init__(self, rows: Rows, period: Period, *, on: date, law: Law, far: bool = False) -> None:
        self._far = far
        self.rows = rows
        self.period = period
        self.law = law
        self.from_on, self.as_of = period.from_on, min(period.to_on, on)
        self.partial = on <= period.to_on
        self.settings = {name: json.loads(value) for name, value in settings_of(rows).items() if value}
        self._slim: dict[tuple[str, date, frozenset[str]], clocks.RuleSet] = {}
        self._reduced: dict[tuple[int, frozenset[str]], clocks.RuleSet] = {}
        self.facts = self._facts_of_period()
        raw_items = self._raw_items()
        due = self._may_fall_due()
        ids = {row[1] for row in raw_items} | {fact.matter for found in self.facts.values() for fact in found} | due
        ids |= self._beside()
        open_ids = self._may_be_open()
        self.matters = self._matters(ids | open_ids)
        self._first_items()
        self._histories()
        self._clocks()
        self.facts = {
            kind: [fact for fact in found if fact.matter in self.matters] for kind, found in self.facts.items()
        }
        self.items = self._items(row for row in raw_items if row[1] in self.matters)
        self.open_at_end = sorted(one for one in open_ids if one in self.matters and self._is_open(self.matters[one]))

    # --- reading ----------------------------------------------------------------------------------------------------

    def between(self, day: str | date | None) -> bool:
        """Tell whether a day lies in the period and has come."""
        if day is None:
            return False
        if isinstance(day, str):
            day = date.fromisoformat(day)
        return self.from_on <= day <= self.as_of

    def in_period(self, table: str, column: str, *columns: str) -> list[tuple[Any, ...]]:
        """Return the rows of a table whose day lies in the period and has come."""
        return list(self.rows.by_day(table, column, self.from_on, self.as_of, columns))

    def _facts_of_period(self) -> dict[str, list[Fact]]:
        found: dict[str, list[Fact]] = defaultdict(list)
        for row, matter, item, kind, on, document, withdrawn in self.in_period("event", "on_date", *_EVENT):
            if withdrawn is None:
                found[kind].append(Fact(row, matter, item or 0, kind, date.fromisoformat(on), document))
        for facts in found.values():
            facts.sort()
        return found

    def _raw_items(self) -> list[tuple[Any, ...]]:
        return [row for row in self.in_period("item", "received_on", *_ITEM) if row[6] is None]

    def _beside(self) -> set[int]:
        """Return the matters of the period's rows that are no items and no dated facts of theirs."""
        found = {row[0] for table, column in _BESIDE for row in self.in_period(table, column, "matter")}
        days = [row[0] for row in self.in_period("reception_day", "on_date", "id")]
        found |= {row[0] for row in self.rows.by_ids("reception_visit", "reception", days, ("matter",))}
        return found | {row[0] for row in self.advice_letters}

    @cached_property
    def advice_letters(self) -> list[tuple[int, int]]:
        """Advice letters that were issued in the period: matter and document."""
        series = self.rows.by_ids("number", "series", ("advice_letter",), ("document",))
        numbered = {row[0] for row in series if row[0] is not None}
        papers = self.rows.by_ids("document", "id", numbered, ("matter", "id", "state", "dated_on"))
        return sorted((row[0], row[1]) for row in papers if row[2] == "issued" and self.between(row[3]))

    def _may_fall_due(self) -> set[int]:
        """Return the matters of which a duty or a window that began before the period may end in it.

        The last lawful day is at most the clock's length, its extension and a row of rest days after its start.
        """
        reach = self._reach()
        before = self.rows.by_day(
            "event", "on_date", self.from_on - timedelta(days=max(reach.values())), self.from_on - timedelta(days=1),
            ("matter", "kind", "on_date", "withdrawn"),
        )  # fmt: skip
        first = {kind: (self.from_on - timedelta(days=days)).isoformat() for kind, days in reach.items()}
        return {
            matter
            for matter, kind, on, withdrawn in before
            if withdrawn is None and kind in first and on >= first[kind]
        }

    def _reach(self) -> dict[str, int]:
        """Return for each starting fact how many days later a last day that figures ask for may lie."""
        wanted = NOTICE_CLOCKS | ANSWER_CLOCKS | {RATING_CLOCK, "S-notice", "S-answer"}
        days: dict[str, int] = {"opinion_issued": self.service_days}
        if self._far:
            days |= dict.fromkeys(("assigned_in", "sent_back"), AS_SET_DAYS)
        for clock, most in _longest(self.law.book).items():
            if clock[0] in wanted:
                days[clock[1]] = max(days.get(clock[1], 0), most + ROLL_DAYS)
        return days

    def _may_be_open(self) -> set[int]:
        """Return the matters that may stand open at the end: open now, or closed since."""
        now_open = [state for state in codes.codes("state") if state != "S13"]
        last = self.as_of.isoformat()
        found = {row for row, received in self.rows.by_ids("matter", "state", now_open, ("id", "received_on"))
                 if received <= last}  # fmt: skip
        later = self.rows.by_day("matter", "closed_on", self.as_of + timedelta(days=1), FOR_EVER, ("id", "received_on"))
        return found | {row for row, received in later if received <= last}

    def _matters(self, ids: Collection[int]) -> dict[int, MatterFacts]:
        found = {}
        for row in self.rows.by_ids("matter", "id", ids, _MATTER):
            found[row[0]] = MatterFacts(
                id=row[0], received_on=date.fromisoformat(row[1]), rules=row[2], purpose=row[3] or "",
                content=row[4] or row[5] or "", unit=row[6] or 0, joined=row[7] is not None, published=bool(row[8]),
                joint=bool(row[9]), group_visit=bool(row[10]), sealed=bool(row[11]), state=row[12],
            )  # fmt: skip
        return found

    def _first_items(self) -> None:
        for row in sorted(self.rows.by_ids("item", "matter", self.matters.keys(), _ITEM)):
            matter = self.matters[row[1]]
            if row[6] is None and not matter.channel:
                matter.channel, matter.repeat = row[2], bool(row[5])
                matter.standing = not matter.joined

    def _histories(self) -> None:
        last = self.as_of.isoformat()
        found = self.rows.by_ids("event", "matter", self.matters.keys(), _HISTORY)
        for row, matter, item, kind, on, days, until, withdrawn in found:
            if withdrawn is None and on <= last:
                end = date.fromisoformat(until) if until else None
                event = clocks.Event(kind, date.fromisoformat(on), days, end, row, item)
                self.matters[matter].history.append(event)
        for one in self.matters.values():
            one.history.sort(key=lambda event: (event.on, event.row))

    def _clocks(self) -> None:
        for one in self.matters.values():
            if one.history:
                rules = self._rules(one, frozenset(event.kind for event in one.history))
                one.clocks = clocks.clock_states(rules, one.history, on=self.as_of, calendar=self.law.calendar)

    def _rules(self, one: MatterFacts, kinds: frozenset[str]) -> clocks.RuleSet:
        """Return the matter's rule set without the clocks that nothing of its history starts."""
        key = (one.rules, one.received_on, kinds)
        if key not in self._slim:
            whole = self.law.book.rule_set(one.rules, one.received_on)
            like = (id(whole), kinds)  # the book keeps its sets: an id stays one set's
            if like not in self._reduced:
                self._reduced[like] = _duties_of(whole, kinds)
            self._slim[key] = self._reduced[like]
        return self._slim[key]

    def _items(self, found: Iterable[tuple[Any, ...]]) -> list[Item]:
        raw = list(found)
        bare = {row[1] for row in raw if row[2] == "visit" and not row[4]}
        counted = self._people_named(bare)
        return sorted(
            Item(row[0], row[1], row[2], date.fromisoformat(row[3]), row[4] or max(counted.get(row[0], 0), 1),
                 bool(row[5]) or self.matters[row[1]].joined)
            for row in raw
        )  # fmt: skip

    def _people_named(self, matters: Collection[int]) -> Mapping[int, int]:
        """Return for each item how many petitioners and representatives were entered, where no number was."""
        counted: dict[int, int] = defaultdict(int)
        for item, role, removed in self.rows.by_ids("person", "matter", matters, ("item", "role", "removed")):
            if removed is None and role in ("petitioner", "representative"):
                counted[item] += 1
        return counted

    def _is_open(self, one: MatterFacts) -> bool:
        """Tell whether a matter stood open at the end: whatever closed it last was undone by a reopening, or later."""
        if not one.standing or not one.history:
            return False
        ends = [event.kind for event in one.history if event.kind in _ENDS]
        return not ends or ends[-1] == "reopened"

    # --- what indicators ask ------------------------------------------------------------------------------------------

    @cached_property
    def group_from(self) -> int:
        """People from which a visit is a group visit (setting `intake.group_from`)."""
        return whole(self.settings, "intake.group_from", GROUP_FROM, 1)

    @cached_property
    def service_days(self) -> int:
        """Days within which an answer is to be served (setting `figures.service_days`)."""
        return whole(self.settings, "figures.service_days", SERVICE_DAYS, 1)

    def happened(self, *kinds: str) -> Iterator[Fact]:
        """Return the facts of these kinds in the period, of matters that stand."""
        for kind in kinds:
            for fact in self.facts.get(kind, ()):
                if self.matters[fact.matter].standing:
                    yield fact

    @cached_property
    def initial_matters(self) -> list[MatterFacts]:
        """Matters received in the period that stand and are no repeats."""
        return [
            one for one in self.matters.values() if one.standing and not one.repeat and self.between(one.received_on)
        ]

    def due(self, wanted: frozenset[str]) -> list[Duty]:
        """Return the runs of these clocks whose last lawful day lies in the period; lifted duties are none.

        While the period runs, what falls due on the very day of asking is not due yet unless it is done.
        """
        return sorted(duty for clock in wanted for duty in self._duties.get(clock, ()))

    @cached_property
    def _duties(self) -> Mapping[str, list[Duty]]:
        found: dict[str, list[Duty]] = defaultdict(list)
        for one in self.matters.values():
            for state in one.clocks:
                if state.provisional or state.due is None or state.status == "exempt":
                    continue
                last = state.due.last_on
                if not self.from_on <= last <= self.as_of or self._not_yet(state, last):
                    continue
                item = next((event.item or 0 for event in one.history if event.row == state.start_row), 0)
                found[state.clock].append(Duty(one.id, item, state.clock, last, state.status == "met", state.start_on))
        return found

    def _not_yet(self, state: clocks.ClockState, last: date) -> bool:
        return self.partial and last == self.as_of and state.ended_on is None

    def is_late(self, one: MatterFacts) -> bool:
        """Tell whether a duty of the bureau has passed its last lawful day and is not done."""
        return any(state.status == "late" and state.running and _ours(state) for state in one.clocks)

    @cached_property
    def done_late(self) -> list[tuple[int, str]]:
        """Duties of the bureau that were done in the period, after their last lawful day: matter and clock."""
        return sorted(
            (one.id, state.clock)
            for one in self.matters.values()
            for state in one.clocks
            if state.status == "met_late" and _ours(state) and self.between(state.ended_on)
        )

    def timeliness(self, one: MatterFacts) -> str:
        """Return late, met_late, in_time or none: how the bureau's duties on a matter stand at the end."""
        ours = [state for state in one.clocks if _ours(state)]
        if any(state.status == "late" for state in ours):
            return "late"
        if any(state.status == "met_late" for state in ours):
            return "met_late"
        return "in_time" if any(state.status in ("met", "open") for state in ours) else "none"

    @cached_property
    def unknown_clocks(self) -> int:
        """Matters with a duty whose last day falls into a year without a calendar."""
        return sum(
            any(state.status == "no_calendar" and _ours(state) for state in one.clocks) for one in self.matters.values()
        )

    @cached_property
    def kinds_of_documents(self) -> Mapping[int, str]:
        """Kinds of the issued documents that notices of the period went out with; spoiled ones are none."""
        wanted = {fact.document for fact in self.facts.get("noticed", ()) if fact.document is not None}
        return {
            row: kind
            for row, kind, state in self.rows.by_ids("document", "id", wanted, ("id", "kind", "state"))
            if state != "spoiled"
        }

    @cached_property
    def units(self) -> Mapping[int, tuple[str, str]]:
        """Name and kind of each unit."""
        return {row: (name, kind) for row, name, kind in self.rows.every("unit", ("id", "name", "kind"))}

    @cached_property
    def _handed(self) -> Mapping[int, list[tuple[str, int, int | None, int]]]:
        """Hand-overs inside the bureau of each matter by day: day, row, sender, receiver."""
        handed: dict[int, list[tuple[str, int, int | None, int]]] = defaultdict(list)
        columns = ("matter", "on_date", "id", "sender", "receiver", "kind", "removed")
        for row in self.rows.by_ids("handover", "matter", self.matters.keys(), columns):
            if row[6] is None and row[5] in ("assign", "designate") and row[4] is not None:
                handed[row[0]].append(row[1:5])
        for course in handed.values():
            course.sort(key=lambda row: row[:2])
        return handed

    def unit_on(self, matter: int, day: date) -> int:
        """Return the unit responsible for a matter on a day, as its hand-overs inside the bureau tell it."""
        one, course = self.matters.get(matter), self._handed.get(matter)
        if one is None or not course:
            return one.unit if one else 0
        before = [row for row in course if row[0] <= day.isoformat()]
        return before[-1][3] if before else course[0][2] or one.unit

    @cached_property
    def services_due(self) -> list[tuple[int, date, bool]]:
        """Opinions whose day for service lies in the period: matter, that day, and whether it was served by then."""
        found = []
        for one in self.matters.values():
            for event in one.history:
                if event.kind != "opinion_issued":
                    continue
                limit = event.on + timedelta(days=self.service_days)
                if not one.standing or not self.between(limit):
                    continue
                if any(other.kind == "exempted" for other in one.history):
                    continue
                served = any(later.kind == "served" and event.on <= later.on <= limit for later in one.history)
                if served or not (self.partial and limit == self.as_of):
                    found.append((one.id, limit, served))
        return sorted(found)

    @cached_property
    def tasks_due(self) -> list[Task]:
        """What was supported and due to be carried out in the period."""
        columns = ("matter", "id", "unit", "kind", "due_on", "done_on", "removed")
        found = []
        for row in self.in_period("task", "due_on", *columns):
            due_on, done_on = date.fromisoformat(row[4]), row[5] and date.fromisoformat(row[5])
            running = self.partial and due_on == self.as_of and not (done_on and done_on <= self.as_of)
            if row[3] in ("execution", "redress") and row[6] is None and not running:
                found.append(Task(row[0], row[1], row[2] or 0, due_on, bool(done_on and done_on <= due_on)))
        return sorted(found)


def _ours(state: clocks.ClockState) -> bool:
    return state.whose == "bureau" and not state.provisional


def _duties_of(rules: clocks.RuleSet, kinds: frozenset[str]) -> clocks.RuleSet:
    """Return the set with what figures ask for of such a history: duties, and the window of the rating."""
    wanted = tuple(
        clock
        for clock in rules.clocks
        if clock.tracked
        and not kinds.isdisjoint(clock.start)
        and (clock.kind == "duty" or clock.id == RATING_CLOCK)
        and (clock.track != "simple" or "simple_started" in kinds)
    )
    return replace(rules, clocks=wanted)


@cache
def _longest(book: clocks.RuleBook) -> dict[tuple[str, str], int]:
    """Return the longest length with extension of each clock, by clock and starting fact, over all rule sets."""
    found: dict[tuple[str, str], int] = {}
    for set_id in book.ids():
        for clock in book.rule_set(set_id).clocks:
            extended = 0 if clock.extension is None else clock.extension.max_days or UNLIMITED_EXTENSION_DAYS
            for kind in clock.start:
                most = max(found.get((clock.id, kind), 0), (clock.length or 0) + extended)
                found[clock.id, kind] = most
    return found
