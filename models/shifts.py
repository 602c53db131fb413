"""A calendar or a rule that changes: what would move, reviewed by a person, then applied with both days kept.

Words used here:

- *candidate*: what would count (`models.candidates`).
- *difference*: for every clock of every matter that is not done, whoever's clock it is, the last day by what counts now
  and by the candidate, where the two differ or where it would turn out otherwise (late, in time). A day that cannot be
  worked out yet is absent: "unknown -> date".
- *applied is what was reviewed*: the difference bears a digest of the candidate and of everything that would move, also
  of matters that its reader may not know of. Where the register has changed since, it is refused and has to be looked
  at anew.

Due dates are never stored: what is stored is the candidate, and one row of `shift` for each clock that moved, with both
days and the notice or rule that moved it. Matters keep their rule set; an overlay counts for matters received from its
day on and so moves nothing that is open (project rule, domain reference 3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

import orjson

from models import candidates, clocks, errors, lawbook, policy, projections
from models.candidates import Candidate
from models.errors import Message
from models.records import Sight, Staff

if TYPE_CHECKING:
    from models.act import Act
    from models.register import Register

_DONE = "S13"
_ACTS = {"calendar": "apply_calendar", "overlay": "apply_overlay", "rules": "approve_rules"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One clock that would move. For an outline `title` is empty; `status` values are those of `models.clocks`."""

    matter: int
    number: str
    title: str
    unit: str
    state: str
    sight: Sight
    clock: str
    start_on: date
    whose: str
    before_on: date | None
    after_on: date | None
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """A clock that matters received from the candidate's day on would have otherwise; None where there is none."""

    clock: str
    name: Message
    before: Message | None
    after: Message | None
    article: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a candidate would move, as one person may see it.

    Attributes:
        candidate: What would count.
        on: The day of looking.
        shifts: In the order of the earlier of the two days; whole, never cut off.
        matters: Number of open matters that were looked at.
        clocks: Number of their clocks.
        from_on: For an overlay: first day of receipt that it counts for.
        future: What new matters would have otherwise.
        digest: Of candidate and all that would move.
    """

    candidate: Candidate
    on: date
    shifts: tuple[Shift, ...]
    matters: int
    clocks: int
    from_on: date | None
    future: tuple[RuleChange, ...]
    digest: str


def difference(register: Register, by: Staff, candidate: Candidate, on: date) -> Difference:
    """Work out what a candidate would move, as `by` may see it.

    Raises:
        NotAllowedError: Neither petition-unit head nor keeper.
    """
    policy.require_role(by, candidates.REVIEWERS, "查看期限变动", "look at what would move")
    found, _ = _difference(register, by, candidate, on)
    return found


def apply(
    register: Register,
    reviewed: Difference,
    by: Staff,
    at: datetime,
    also: Callable[[Act], None] = lambda _act: None,
) -> int:
    """Let a reviewed candidate count, in one act; returns the number of last days that moved.

    Args:
        register: The open register.
        reviewed: What was looked at.
        by: Who applies it.
        at: Instant, aware.
        also: What else belongs to the act, e.g. that the city's paper which brought it is taken in.

    Raises:
        NotAllowedError: Not the petition-unit head.
        RuleError: The register has changed since the review, or what it spoke of does not wait any more.
    """
    policy.require_role(by, frozenset({"PU"}), "采用新的日历或规则", "let a calendar or rule count")
    candidate = reviewed.candidate
    on = at.astimezone().date()
    found, moved = _difference(register, by, candidate, on)
    if found.digest != reviewed.digest or not candidates.is_new(register, candidate):
        raise errors.RuleError(
            f"核对之后登记库有变动，“{candidate.cause.zh}”的期限变动与核对时不同，未予采用。请重新核对。",
            f"The register has changed since the review, and “{candidate.cause.en}” would move other days than were"
            " reviewed; nothing was applied. Look at the difference again.",
        )
    with register.act(_ACTS[candidate.kind], by=by, at=at) as act:
        candidates.store(act, candidate)
        for shift in moved:
            act.insert(
                "shift",
                {
                    "matter": shift.matter,
                    "clock": shift.clock,
                    "start_on": shift.start_on,
                    "before_on": shift.before_on,
                    "after_on": shift.after_on,
                    "cause": candidate.cause.zh,
                    "on_date": on,
                },
            )
        also(act)
    return len(moved)


def _difference(register: Register, by: Staff, candidate: Candidate, on: date) -> tuple[Difference, list[Shift]]:
    """Return the difference as `by` may see it, and all that would move."""
    book, calendar, after_book, after_calendar = _laws(register, candidate)
    moved: list[Shift] = []
    seen: list[Shift] = []
    matters = counted = 0
    for row, events in _open_matters(register, by):
        compared, shifts = _shifts(register, row, events, on, (book, calendar), (after_book, after_calendar))
        moved += shifts
        if row["known"]:
            matters += 1
            counted += compared
            seen += shifts
    starts = candidate.content.get("from") if candidate.kind == "overlay" else None
    from_on = date.fromisoformat(starts) if starts else None
    whole = [
        candidate.kind, candidate.name, candidate.content,
        [(s.matter, s.clock, s.start_on, s.before_on, s.after_on, s.before, s.after) for s in moved],
    ]  # fmt: skip
    found = Difference(
        candidate=candidate,
        on=on,
        shifts=tuple(sorted(seen, key=_place)),
        matters=matters,
        clocks=counted,
        from_on=from_on,
        future=tuple(_future(register, candidate, from_on or on, after_book)),
        digest=hashlib.sha256(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)).hexdigest(),
    )
    return found, moved


def _place(shift: Shift) -> tuple[date, int, str, date]:
    known = [day for day in (shift.before_on, shift.after_on) if day is not None]
    return min(known, default=date.max), shift.matter, shift.clock, shift.start_on


def _laws(
    register: Register, candidate: Candidate
) -> tuple[clocks.RuleBook, clocks.Calendar, clocks.RuleBook, clocks.Calendar]:
    book, calendar = register.law.book, register.calendar
    if candidate.kind == "calendar":
        notice = clocks.read_notice(orjson.dumps(candidate.content).decode(), candidate.name)
        return book, calendar, book, calendar.with_notice(notice)
    if candidate.kind == "overlay":
        text = candidate.content.get("text")
        added = {lawbook.ADDED + candidate.name: orjson.dumps(text).decode()} if text else {}
        return book, calendar, lawbook.with_added(book, added), calendar
    brought = lawbook.shipped()
    return book, calendar, brought.book, register.read_calendar(brought.calendar)


def _open_matters(register: Register, by: Staff) -> Iterator[tuple[dict[str, Any], list[clocks.Event]]]:
    """Yield the matters that are not done with their dated facts, in the order of their ids."""
    facts = groupby(
        register.rows(
            "SELECT e.matter, e.kind, e.on_date, e.days, e.until, e.id, e.item FROM matter m CROSS JOIN event e"
            " ON e.matter=m.id WHERE m.state<>? AND e.withdrawn IS NULL ORDER BY e.matter, e.on_date, e.id",
            (_DONE,),
        ),
        key=lambda row: row[0],
    )
    events = {
        matter: [
            clocks.Event(kind, date.fromisoformat(on), days, date.fromisoformat(until) if until else None, row, item)
            for _, kind, on, days, until, row, item in rows
        ]
        for matter, rows in facts
    }
    names = ("id", "number", "title", "unit", "state", "rules", "received_on", "known", "full")
    for row in register.rows(
        "SELECT m.id, m.number, m.title, m.unit, m.state, m.rules, m.received_on,"
        f" ({policy.known_sql(by)}), ({policy.visible_sql(by)}) FROM matter m WHERE m.state<>? ORDER BY m.id",
        (_DONE,),
    ):
        yield dict(zip(names, row, strict=True)), events.get(row[0], [])


def _shifts(
    register: Register,
    row: Mapping[str, Any],
    events: list[clocks.Event],
    on: date,
    before: tuple[clocks.RuleBook, clocks.Calendar],
    after: tuple[clocks.RuleBook, clocks.Calendar],
) -> tuple[int, list[Shift]]:
    """Return how many clocks a matter has, and those that would move."""
    old, new = (
        {
            (state.clock, state.start_on, state.start_row): state
            for state in clocks.clock_states(
                projections.rules_of(row["rules"], row["received_on"], book), events, on=on, calendar=calendar
            )
            if not state.provisional
        }
        for book, calendar in (before, after)
    )
    shifts = []
    keys = sorted({*old, *new}, key=lambda key: (key[1], key[0], key[2] or 0))
    for key in keys:
        one, two = old.get(key), new.get(key)
        days = [state.due.last_on if state is not None and state.due else None for state in (one, two)]
        statuses = [state.status if state is not None else "" for state in (one, two)]
        running = any(state is not None and state.running for state in (one, two))
        if statuses[0] == statuses[1] and (days[0] == days[1] or not running):
            continue
        some = one or two
        assert some is not None  # noqa: S101  the key is of one of the two
        shifts.append(
            Shift(
                matter=row["id"],
                number=row["number"],
                title=row["title"] if row["full"] else "",
                unit=register.units().get(row["unit"], ""),
                state=row["state"],
                sight="full" if row["full"] else "outline",
                clock=some.clock,
                start_on=some.start_on,
                whose=some.whose,
                before_on=days[0],
                after_on=days[1],
                before=statuses[0],
                after=statuses[1],
            )
        )
    return len(keys), shifts


def _future(register: Register, candidate: Candidate, day: date, book: clocks.RuleBook) -> Iterator[RuleChange]:
    """Yield the clocks that a matter received on `day` would have otherwise."""
    if candidate.kind == "calendar":
        return
    overlay = lawbook.overlay_on(register, day)
    then = candidate.name if candidate.kind == "overlay" else overlay
    old = {clock.id: clock for clock in register.law.book.rules_for(day, overlay).clocks}
    new = {clock.id: clock for clock in book.rules_for(day, then).clocks}
    for clock_id in {**old, **new}:
        one, two = old.get(clock_id), new.get(clock_id)
        some = two or one
        if one != two and some is not None:
            yield RuleChange(
                clock=clock_id, name=some.name, before=_length(one), after=_length(two), article=some.article
            )


def _length(clock: clocks.Clock | None) -> Message | None:
    """Return a clock's length in words, None for no clock."""
    if clock is None:
        return None
    unit = clocks.UNIT_NAMES[clock.unit]
    zh, en = (f"{clock.length}{unit.zh}", f"{clock.length} {unit.en}") if clock.length else (unit.zh, unit.en)
    if clock.extension is not None and clock.extension.max_days is not None:
        days = clock.extension.max_days
        return Message(f"{zh}，可延长{days}日", f"{en}, extension of {days} at most")
    return Message(zh, en)
