"""What a matter's clocks say on a day: events in, one state for each clock that ran, runs or was lifted.

Words used here:

- *start*: each event of a kind that a clock names starts the clock once more (a second item, a second service, a
  matter reopened); what ended before stays ended.
- *end*: the first day on which one group of ending events is complete: C2 ends when the opinion is issued **and** sent,
  or a settlement is signed **and** performed (project rules of the domain reference, section 5).
- *exempt*: lifted from the start (name or address unclear), whenever that was recorded; also: stopped in time by
  something that takes the duty away (withdrawn in writing). A duty that was late when it was stopped stays late.
- *passed*: a window (a petitioner's 30 days, our 5 days to object) that nobody used. Nobody failed a duty. It stays
  passed when a later one of the same kind (a new opinion) is used.
- *no_calendar*: the end falls into a year without a calendar and it cannot yet be said whether it was met.

An extension counts once, up to its maximum, and only when the petitioner was told on or before the last day (domain
reference, sections 0.6 and 9.2); one that does not count is told in the state's notes, never silently dropped.

Acceptance date (project rule, domain reference 4.2): when the first notice is late, the handling clock is shown from
the notice's own day 15 as a warning, `provisional` before acceptance and `warning` beside the printed date after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from models.clocks import wording
from models.clocks.calendar import Calendar
from models.clocks.engine import Due, Hearing, due, earliest_end
from models.clocks.events import Event
from models.clocks.rule_files import Clock, Ending, Whose
from models.clocks.rules import RuleSet
from models.errors import CalendarMissingError, Message

Status = Literal["open", "met", "late", "met_late", "passed", "exempt", "no_calendar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockState:
    """One run of one clock, as of a day.

    Attributes:
        clock: Id of the clock; name and article are in the rule set.
        start_on: Day of the starting event.
        due: The end with its derivation; None when there is none (`no_calendar`, or an assignment without a limit).
        ended_on: Day on which it was met, lifted or stopped; None while nothing of that happened.
        status: See the head of this room.
        whose: Whose step it is.
        started_by, start_row: Kind and row of the starting event.
        ended_by: Kind of the event that completed, lifted or stopped it; '' while none did.
        provisional: Shown as a warning only: the matter is not accepted yet and its first notice is late.
        warning: The end counted from the day by which acceptance had to be told, when the printed date is later.
        missing_year: The year without a calendar, for `no_calendar`.
        notes: What a person should know, e.g. an extension that does not count.
    """

    clock: str
    start_on: date
    due: Due | None
    ended_on: date | None
    status: Status
    whose: Whose
    started_by: str
    start_row: int | None = None
    ended_by: str = ""
    provisional: bool = False
    warning: Due | None = None
    missing_year: int | None = None
    notes: tuple[Message, ...] = ()

    @property
    def running(self) -> bool:
        """Nothing has ended it: it still asks for something."""
        return self.ended_on is None and self.status in ("open", "late", "no_calendar")


def clock_states(rules: RuleSet, events: Sequence[Event], *, on: date, calendar: Calendar) -> list[ClockState]:
    """Return the states of all clocks of a matter as they stand at the end of `on`.

    Args:
        rules: The matter's rule set.
        events: What happened to it, in any order; events after `on` have not happened yet.
        on: The day of looking.
        calendar: Working days.

    Returns:
        Ordered by start, then as in the rule set.
    """
    past = sorted((event for event in events if event.on <= on), key=lambda event: event.on)
    by_kind: dict[str, list[Event]] = {}
    for event in past:
        by_kind.setdefault(event.kind, []).append(event)
    states = [
        run.state() for clock in rules.clocks if clock.tracked for run in _runs(rules, clock, by_kind, on, calendar)
    ]
    states = _with_acceptance_rule(rules, states, on, calendar)
    order = {clock.id: place for place, clock in enumerate(rules.clocks)}
    return sorted(states, key=lambda state: (state.start_on, order[state.clock]))


def _runs(
    rules: RuleSet, clock: Clock, by_kind: dict[str, list[Event]], on: date, calendar: Calendar
) -> Iterator[_Run]:
    """Yield the runs of a clock; where its starts are ended one by one, each knows which endings are taken."""
    taken: list[Event] = []
    starts = [event for kind in clock.start for event in by_kind.get(kind, ())]
    for start in sorted(starts, key=_place) if clock.one_by_one else starts:
        run = _Run(rules, clock, start, by_kind, on, calendar, tuple(taken))
        if clock.track == "simple" and not run.on_simple_track():
            continue
        if clock.one_by_one and (ended := run.ended()) is not None:
            taken.append(ended)
        yield run


def _place(event: Event) -> tuple[date, str, int, date, int, int]:
    """Return a key that gives events of one day one order, however they were told."""
    return event.on, event.kind, event.item or 0, event.until or date.max, event.days or 0, event.row or 0


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of a clock while its state is worked out. `taken`: endings that ended an earlier start."""

    rules: RuleSet
    clock: Clock
    start: Event
    by_kind: dict[str, list[Event]]
    on: date
    calendar: Calendar
    taken: tuple[Event, ...] = ()

    def state(self) -> ClockState:
        hearing = self._hearing()
        ended = self.ended()
        extended, notes = self._extension(hearing, ended)
        end, missing = self._due(extended, hearing)
        if end is None and missing is None:
            notes.append(wording.NO_LIMIT_SET)
        exempt = self._first(self.clock.exempt_by)
        ceased = self._first(self.clock.ceased_by)
        last = end.last_on if end is not None else None
        if ended is not None and last is not None and self._is_of_a_later_run(ended, last):
            ended = None
        status: Status
        closing: Event | None
        if exempt is not None and (ended is None or exempt.on <= ended.on):
            status, closing = "exempt", exempt
        elif ended is not None and (ceased is None or ended.on <= ceased.on):
            status, closing = self._met(ended.on, last, missing, extended), ended
        elif ceased is not None:
            status, closing = self._ceased(ceased.on, last, missing, extended), ceased
        else:
            status, closing = self._open(last, missing), None
        return ClockState(
            clock=self.clock.id,
            start_on=self.start.on,
            due=end,
            ended_on=closing.on if closing is not None else None,
            status=status,
            whose=self._whose(),
            started_by=self.start.kind,
            start_row=self.start.row,
            ended_by=closing.kind if closing is not None else "",
            missing_year=missing if status == "no_calendar" else None,
            notes=tuple(notes),
        )

    def _whose(self) -> Whose:
        if self.clock.whose != "assigned":
            return self.clock.whose
        return "bureau" if self.start.kind == "assigned_in" else "other"

    def _met(self, day: date, last: date | None, missing: int | None, extended: int) -> Status:
        if missing is not None:
            return "met" if day <= self._earliest(extended) else "no_calendar"
        return "met" if last is None or day <= last else "met_late"

    def _ceased(self, day: date, last: date | None, missing: int | None, extended: int) -> Status:
        if missing is not None:
            return "exempt" if day <= self._earliest(extended) else "no_calendar"
        if last is None or day <= last:
            return "exempt"
        return "passed" if self.clock.kind == "window" else "late"

    def _open(self, last: date | None, missing: int | None) -> Status:
        if missing is not None:
            return "no_calendar"
        if last is None or self.on <= last:
            return "open"
        return "passed" if self.clock.kind == "window" else "late"

    def _earliest(self, extended: int) -> date:
        """Return a day before which the clock cannot end: rest days only push an end back."""
        if self.start.until is not None and self.clock.unit == "as_set":
            return max(self.start.until, self.start.on) + timedelta(days=extended)
        return earliest_end(self.clock, self.start.on, extended, self.start.days)

    def _due(self, extended: int, hearing: Sequence[Hearing]) -> tuple[Due | None, int | None]:
        """Return the end, or the year without which it is not known; neither when no limit was set."""
        as_set = self.clock.unit == "as_set"
        days, until = (self.start.days, self.start.until) if as_set else (None, None)
        if as_set and days is None and until is None and self.clock.length is None:
            return None, None
        if until is not None:
            # A date set by an organ wins over a number of days; a date before the assignment itself is no time at all.
            until = max(until, self.start.on)
        try:
            end = due(
                self.rules, self.clock.id, self.start.on, extended_days=extended, hearing=hearing,
                calendar=self.calendar, days=max(days, 1) if days is not None else None, until=until,
            )  # fmt: skip
        except CalendarMissingError as error:
            return None, error.year
        return end, None

    def _extension(self, hearing: Sequence[Hearing], ended: Event | None) -> tuple[int, list[Message]]:
        """Return the days that count, and what to say about those that do not."""
        extension = self.clock.extension
        if extension is None:
            return 0, []
        notes: list[Message] = []
        granted = 0
        told = [event for event in self.by_kind.get(extension.event, ()) if self._concerns(event)]
        before, _ = self._due(0, hearing)
        for event in told:
            if ended is not None and event.on > ended.on:
                break
            if granted:
                notes.append(wording.extended_again(event.on))
            elif before is not None and event.on > before.last_on:
                notes.append(wording.extended_too_late(event.on, before.last_on))
            elif event.days is None or event.days < 1:
                notes.append(wording.extended_without_days(event.on))
            else:
                granted = event.days
                if extension.max_days is not None and granted > extension.max_days:
                    notes.append(wording.extended_too_long(event.on, granted, extension.max_days))
                    granted = extension.max_days
        return granted, notes

    def _hearing(self) -> list[Hearing]:
        """Pair the hearing days; a hearing that still goes on is left out up to the day of looking."""
        if not self.clock.hearing_left_out:
            return []
        ends = [event.on for event in self.by_kind.get("hearing_ended", ())]
        begun = [event.on for event in self.by_kind.get("hearing_started", ())]
        return [(first, next((day for day in ends if day >= first), self.on)) for first in begun]

    def _concerns(self, event: Event) -> bool:
        same = event.item is None or self.start.item is None or event.item == self.start.item
        return same and event.on >= self.start.on

    def _is_of_a_later_run(self, ended: Event, last: date) -> bool:
        """Tell whether a window that had passed was opened anew before `ended`, which then uses the new one."""
        return (
            self.clock.kind == "window"
            and ended.on > last
            and any(
                self.start.on < event.on <= ended.on and self._concerns(event)
                for kind in self.clock.start
                for event in self.by_kind.get(kind, ())
            )
        )

    def _first(self, kinds: Iterable[str]) -> Event | None:
        found = [event for kind in kinds for event in self.by_kind.get(kind, ()) if self._concerns(event)]
        return min(found, key=lambda event: event.on, default=None)

    def ended(self) -> Event | None:
        """Return the event that completes the earliest group of endings."""
        found = [
            event
            for ending in self.clock.ends
            if (not ending.of or self.start.kind in ending.of) and (event := self._completed(ending)) is not None
        ]
        return min(found, key=_place, default=None)

    def _completed(self, ending: Ending) -> Event | None:
        last: Event | None = None
        for kind in ending.all:
            since = last.on if last is not None else self.start.on
            fitting = (
                event
                for event in self._of_kind(kind)
                if event.on >= since
                and self._concerns(event)
                and (not ending.track or self._on_track(event.on))
                and not self._taken_back(event, ending.unless)
            )
            last = next(fitting, None)
            if last is None:
                return None
        return last

    def _of_kind(self, kind: str) -> list[Event]:
        found = self.by_kind.get(kind, [])
        if not self.clock.one_by_one:
            return found
        return sorted((event for event in found if not any(event is one for one in self.taken)), key=_place)

    def _taken_back(self, ending: Event, kinds: tuple[str, ...]) -> bool:
        return any(
            event.on >= ending.on and self._concerns(event) for kind in kinds for event in self.by_kind.get(kind, ())
        )

    def on_simple_track(self) -> bool:
        """Tell whether the simplified procedure runs when this run starts, or is begun after that."""
        anew = [event.on for event in self.by_kind.get("reopened", ()) if event.on > self.start.on]
        life_ends = min(anew, default=date.max)
        begun = self.by_kind.get("simple_started", ())
        return self._on_track(self.start.on) or any(self.start.on <= event.on < life_ends for event in begun)

    def _on_track(self, day: date) -> bool:
        """Tell whether the simplified procedure runs on `day`; falling back and reopening the matter end it."""
        turns = [
            (event.on, event.kind == "simple_started")
            for kind in ("simple_started", "fell_back", "reopened")
            for event in self.by_kind.get(kind, ())
        ]
        before = [running for turned, running in sorted(turns) if turned <= day]
        return bool(before) and before[-1]


def _with_acceptance_rule(rules: RuleSet, states: list[ClockState], on: date, calendar: Calendar) -> list[ClockState]:
    """Add the warnings of the acceptance date rule to the clocks that must not start later than another one's end."""
    for clock in rules.clocks:
        if not clock.not_later_than:
            continue
        notices = [
            (state, state.due) for state in states if state.clock in clock.not_later_than and state.due is not None
        ]
        runs = [state for state in states if state.clock == clock.id]
        states = [state for state in states if state.clock != clock.id]
        states += [_warned(rules, run, notices, calendar) for run in runs]
        for notice, end in notices:
            accepted = any(run.start_on >= notice.start_on for run in runs)
            if notice.status == "late" and notice.ended_on is None and not accepted:
                states.append(_provisional(rules, clock, notice, end.raw_on, on, calendar))
    return states


def _warned(rules: RuleSet, run: ClockState, notices: list[tuple[ClockState, Due]], calendar: Calendar) -> ClockState:
    """Return `run` with the warning, if a notice that was late on the day of acceptance was still awaited then."""
    for notice, end in sorted(notices, key=lambda pair: pair[0].start_on):
        awaited = notice.start_on <= run.start_on and (notice.ended_on is None or notice.ended_on >= run.start_on)
        if not awaited or run.start_on <= end.last_on:
            continue
        notes = (*run.notes, wording.accepted_late(run.start_on, end.raw_on))
        extended = run.due.extended_days if run.due is not None else 0
        try:
            warning = due(rules, run.clock, end.raw_on, extended_days=extended, calendar=calendar)
        except CalendarMissingError:
            return replace(run, notes=notes)
        return replace(run, warning=warning, notes=notes)
    return run


def _provisional(
    rules: RuleSet, clock: Clock, notice: ClockState, day: date, on: date, calendar: Calendar
) -> ClockState:
    """Return `clock` as a warning from `day`, while nothing is accepted and the notice is late."""
    end: Due | None = None
    missing: int | None = None
    try:
        end = due(rules, clock.id, day, calendar=calendar)
        status: Status = "open" if on <= end.last_on else "late"
    except CalendarMissingError as error:
        missing, status = error.year, "no_calendar"
    return ClockState(
        clock=clock.id,
        start_on=day,
        due=end,
        ended_on=None,
        status=status,
        whose=clock.whose,
        started_by=notice.started_by,
        start_row=notice.start_row,
        provisional=True,
        missing_year=missing,
        notes=(wording.not_yet_accepted(day),),
    )
