"""When a clock ends: pure counting, from a start and a rule to a due date with all that its derivation needs.

The rules kept (domain reference, section 14):

- The day of the event is not counted; counting starts on the next day (Civil Code Art. 201; MPS-ADM Art. 35).
- Calendar days (`C`): every day counts, rest days too. A last day that is a rest day moves to the day after the rest
  ends (Civil Code Art. 203; MPS-ADM Art. 35). A make-up working day is a working day: no move.
- Working days (`W`): only working days count, make-up working days among them.
- An extension is added to the raw end, and the sum is rolled once (project rule).
- Hearing time, where the clock leaves it out, is not counted: the raw end is the day on which the last counted day
  falls.
- *raw end*: before rolling, shown as target; *last day*: after rolling, the legal last day (project rule).
- A last day that an organ has set as a date stands as set.
- A year without a calendar is never guessed at: `CalendarMissingError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from models.clocks.calendar import Calendar, DayKind
from models.clocks.rule_files import Clock
from models.clocks.rules import RuleSet
from models.errors import InputError

Hearing = tuple[date, date]
"""First and last day of a hearing, both inclusive."""

_LAST_ORDINAL = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Step:
    """A day on the way to the due date that is worth telling: rolled over, left out, or worked on a weekend.

    `name` is the holiday's name as its notice has it, '' for a weekend.
    """

    on: date
    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class Due:
    """The end of one clock.

    Attributes:
        rules: The set it was counted by.
        clock: The clock.
        start: Day of the starting event; not counted.
        raw_on: End before rolling over rest days.
        last_on: Legal last day.
        length: Days counted without the extension; 0 for `at_once` and for a last day set as a date.
        extended_days: Days added.
        hearing_days: Days left out on the way to the raw end.
        calendar: What rest days were taken from.
    """

    rules: RuleSet = field(repr=False)
    clock: Clock = field(repr=False)
    start: date
    raw_on: date
    last_on: date
    length: int
    extended_days: int
    hearing_days: int
    calendar: Calendar = field(repr=False, compare=False)

    @property
    def rolled(self) -> tuple[Step, ...]:
        """The rest days from the raw end on over which the last day moved; empty when it did not move."""
        return _steps(self.calendar, self.raw_on.toordinal(), self.last_on.toordinal() - 1, ("weekend", "holiday"))

    @property
    def steps(self) -> tuple[Step, ...]:
        """The days worth telling, in order.

        For working days: holidays left out and make-up working days counted (plain weekends are not told one by one).
        For calendar days: the rest days rolled over, and a raw end that is a make-up working day.
        """
        if self.clock.unit == "W":
            first, last = self.start.toordinal() + 1, self.last_on.toordinal()
            return _steps(self.calendar, first, last, ("holiday", "make-up"))
        if self.raw_on == self.last_on and (not self.counted or self.calendar.kind(self.raw_on) != "make-up"):
            return ()
        return _steps(
            self.calendar, self.raw_on.toordinal(), self.last_on.toordinal(), ("weekend", "holiday", "make-up")
        )

    @property
    def counted(self) -> bool:
        """Days were counted: it is neither "at once" nor a date set by an organ."""
        return self.length + self.extended_days > 0

    @property
    def next_notice_pending(self) -> bool:
        """The end lies in December of the last known year, which the next year's notice may still touch."""
        end = self.last_on
        return self.counted and end.month == 12 and not self.calendar.knows(date(min(end.year + 1, 9999), 1, 1))


def _steps(calendar: Calendar, first: int, last: int, kinds: tuple[DayKind, ...]) -> tuple[Step, ...]:
    found = []
    for ordinal in range(first, last + 1):
        day = date.fromordinal(ordinal)
        kind = calendar.kind(day)
        if kind in kinds:
            named = calendar.named(day)
            found.append(Step(day, kind, named.name if named is not None else ""))
    return tuple(found)


def due(
    rules: RuleSet,
    clock_id: str,
    start: date,
    *,
    extended_days: int = 0,
    hearing: Sequence[Hearing] = (),
    calendar: Calendar,
    days: int | None = None,
    until: date | None = None,
) -> Due:
    """Count one clock.

    Args:
        rules: The matter's rule set.
        clock_id: Id of the clock in that set.
        start: Day of the starting event; not counted.
        extended_days: Days by which the clock was extended, 0 if it was not.
        hearing: Hearing days, for a clock that leaves them out; spans may overlap.
        calendar: Working days.
        days: For a clock "as set": the days that the assigning organ set.
        until: For a clock "as set": the last day that the assigning organ set, in place of `days`.

    Raises:
        InputError: The set has no such clock, the clock has no length, or extension, hearing or limit are not possible.
        CalendarMissingError: The end, or a day on the way that must be known, lies in a year without a calendar.
    """
    clock = rules.clock(clock_id)
    if extended_days:
        check_extension(clock, extended_days)
    if hearing:
        check_hearing(clock, hearing)
    if (days is not None or until is not None) and clock.unit != "as_set":
        raise _refused("days", clock, "的期限由规定确定，不能另定", "has its length from the text; no other can be set")
    if clock.unit == "none":
        raise _refused("clock", clock, "没有规定天数，无从计算", "has no length, there is nothing to count")
    if clock.unit == "at_once":
        return Due(rules, clock, start, start, start, 0, 0, 0, calendar)
    if until is not None:
        return _due_until(rules, clock, start, until, extended_days, calendar)
    length = clock.length if days is None else days
    if length is None:
        raise _refused(
            "days",
            clock,
            "由来文或决定确定，请给出天数或截止日",
            "is as set in a letter or decision: give its days or its last day",
        )
    if length < 1:
        raise InputError(
            "days",
            f"期限天数 {length} 不可能，须为 1 以上。",
            f"A length of {length} days is not possible; give 1 or more.",
        )
    first = start.toordinal()
    if clock.unit == "W":
        end = date.fromordinal(calendar.add_working(first, length))
        return Due(rules, clock, start, end, end, length, 0, 0, calendar)
    left_out, raw = 0, first + length + extended_days
    if hearing:
        left_out = _left_out(first, raw, hearing)
        raw += left_out
    last = calendar.next_working(raw)
    return Due(
        rules, clock, start, date.fromordinal(raw), date.fromordinal(last), length, extended_days, left_out, calendar
    )


def _due_until(rules: RuleSet, clock: Clock, start: date, until: date, extended_days: int, calendar: Calendar) -> Due:
    if until < start:
        raise InputError(
            "until",
            f"截止日 {until} 早于交办日 {start}。",
            f"The last day set, {until}, is before the assignment of {start}.",
        )
    if not extended_days:
        return Due(rules, clock, start, until, until, 0, 0, 0, calendar)
    raw = until.toordinal() + extended_days
    last = date.fromordinal(calendar.next_working(raw))
    return Due(rules, clock, start, date.fromordinal(raw), last, 0, extended_days, 0, calendar)


def _left_out(first: int, raw: int, hearing: Sequence[Hearing]) -> int:
    """Return the hearing days after `first` that push the end, which is `raw` without them (all ordinals)."""
    left_out, seen = 0, first
    for begins, ends in sorted(hearing):
        low, high = max(begins.toordinal(), seen + 1), ends.toordinal()
        # A span counts only if it begins on or before the end as pushed by the spans before it.
        if low > raw + left_out:
            break
        if high >= low:
            left_out += high - low + 1
            seen = high
    return left_out


def earliest_end(clock: Clock, start: date, extended_days: int, days: int | None = None) -> date:
    """Return a day before which the clock cannot end, whatever a missing calendar may say.

    Rest days only ever push an end back: what was done by this day was in time.
    """
    length = (days or clock.length or 0) + extended_days
    return date.fromordinal(min(start.toordinal() + length, _LAST_ORDINAL))


def check_extension(clock: Clock, extended_days: int) -> None:
    """Refuse an extension that the clock does not allow.

    Raises:
        InputError: Not a possible number, not allowed for this clock, or beyond its maximum; names the article.
    """
    if extended_days < 0:
        raise InputError(
            "extended", f"延长天数 {extended_days} 不可能。", f"An extension of {extended_days} days is not possible."
        )
    if clock.extension is None:
        raise _refused("extended", clock, "不得延长", "cannot be extended")
    most = clock.extension.max_days
    if most is not None and extended_days > most:
        raise _refused(
            "extended",
            clock,
            f"最多延长 {most} 日，不能延长 {extended_days} 日",
            f"can be extended by {most} days at most, not by {extended_days}",
        )


def check_hearing(clock: Clock, hearing: Sequence[Hearing]) -> None:
    """Refuse hearing time where it is not left out, or a hearing that ends before it begins.

    Raises:
        InputError: With the article.
    """
    if not clock.hearing_left_out:
        raise _refused(
            "hearing",
            clock,
            "不扣除听证时间（听证时间只在复核期限 C6 中不计算）",
            "does not leave hearing time out (only re-review, C6, does)",
        )
    for begins, ends in hearing:
        if ends < begins:
            raise InputError(
                "hearing",
                f"听证结束日 {ends} 早于开始日 {begins}。",
                f"The hearing ends on {ends}, before it begins on {begins}.",
            )


def _refused(name: str, clock: Clock, zh: str, en: str) -> InputError:
    return InputError(
        name,
        f"期限 {clock.id}（{clock.name.zh}）{zh}。依据：{clock.article.zh}。",
        f"Clock {clock.id} ({clock.name.en}) {en}: {clock.article.en}.",
    )
