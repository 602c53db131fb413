"""Which days are working days, from the State Council's yearly holiday notices.

Words used here:

- *notice*: one file of `resources/calendars/YEAR.json`: the days off and the make-up working days that the notices for
  that year name, each with its kind (`off` or `work`) and name. Every day that is not named follows its weekday:
  state organs rest on Saturday and Sunday (State Council rule on working hours, Art. 7).
- The notice for year Y may name days in December of Y-1. All files are laid over each other; when two name the same
  day, the later notice governs.
- *known year*: a year that has its own file. A day in any other year is not guessed at, not even a weekend or a day
  that a neighbouring notice happens to name: `CalendarMissingError`.

Days are counted as proleptic Gregorian ordinals (`date.toordinal`) over arrays that are made once, so that a due date
costs two look-ups.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from models.errors import CalendarMissingError, InputError

CALENDAR_FORMAT = "petition-desk/calendar/1"

DayKind = Literal["working", "make-up", "weekend", "holiday"]
_KINDS = ("off", "work")
_FIELDS = {"format", "year", "notices", "source", "licence", "days"}
_LAST_ORDINAL = date.max.toordinal()
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDay:
    """A day that a notice names. `working` is True for a make-up working day (调休上班), False for a day off."""

    on: date
    working: bool
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The holiday notices for one year. `titles` are the notices' own titles, the yearly one first."""

    year: int
    titles: tuple[str, ...]
    source: str
    days: tuple[NamedDay, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """Known years without a gap: `working` its working days as ordinals, `rank[o - first]` counts those before o."""

    first: int
    last: int
    working: array[int]
    rank: array[int]


def read_notice(text: str, name: str) -> Notice:
    """Read one calendar file.

    Args:
        text: The JSON text.
        name: File name, told in errors.

    Raises:
        InputError: The file is not a calendar of this format, or names an impossible day.
    """
    try:
        raw: Any = json.loads(text)
    except ValueError as error:
        raise _bad(name, f"不是 JSON（{error}）", f"is not JSON ({error})") from error
    if not isinstance(raw, dict) or raw.get("format") != CALENDAR_FORMAT:
        raise _bad(name, f"不是 {CALENDAR_FORMAT} 格式", f"is not of the format {CALENDAR_FORMAT}")
    if set(raw) != _FIELDS:
        odd = "、".join(sorted(set(raw) ^ _FIELDS))
        raise _bad(name, f"多出或缺少字段：{odd}", f"has extra or missing fields: {odd}")
    year = raw["year"]
    if not isinstance(year, int) or not raw["notices"] or not isinstance(raw["days"], list) or not raw["days"]:
        raise _bad(name, "缺少年份、通知标题或日期", "lacks its year, the notice's title or its days")
    days: dict[date, NamedDay] = {}
    for entry in raw["days"]:
        named = _read_day(entry, year, name)
        if named.on in days:
            raise _bad(name, f"{named.on} 出现两次", f"names {named.on} twice")
        days[named.on] = named
    return Notice(year=year, titles=tuple(raw["notices"]), source=str(raw["source"]), days=tuple(days.values()))


def _read_day(entry: Any, year: int, name: str) -> NamedDay:
    try:
        on = date.fromisoformat(entry["date"])
        kind, label = entry["kind"], str(entry["name"])
    except (TypeError, KeyError, ValueError) as error:
        raise _bad(name, f"日期条目不可用：{entry!r}", f"has an entry that is not a day: {entry!r}") from error
    if kind not in _KINDS:
        raise _bad(name, f"{on} 的种类“{kind}”不是 off 或 work", f"gives {on} the kind {kind!r}, not off or work")
    if on.year != year and (on.year, on.month) != (year - 1, 12):
        raise _bad(
            name,
            f"{on} 不属于 {year} 年，也不是上年 12 月",
            f"names {on}, neither in {year} nor in the December before",
        )
    return NamedDay(on=on, working=kind == "work", name=label)


def _bad(name: str, zh: str, en: str) -> InputError:
    return InputError(
        "calendar",
        f"节假日文件 {name} {zh}。请换用正确的文件。",
        f"The calendar file {name} {en}. Use a correct file instead.",
    )


class Calendar:
    """The working days of the known years.

    Build it with `load_calendar()`, or from notices; `with_notice` gives another calendar that knows one more year.
    """

    def __init__(self, notices: Iterable[Notice]) -> None:
        self._notices = {notice.year: notice for notice in sorted(notices, key=lambda notice: notice.year)}
        self._named = {day.on.toordinal(): day for notice in self._notices.values() for day in notice.days}
        self._years = tuple(self._notices)
        self._blocks = tuple(self._block(first, last) for first, last in _runs(self._years))

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The notices that it was built from, by year."""
        return tuple(self._notices.values())

    @property
    def years(self) -> tuple[int, ...]:
        """The known years, ascending."""
        return self._years

    def with_notice(self, notice: Notice) -> Calendar:
        """Return a calendar that knows `notice` too; a notice for the same year is replaced."""
        return Calendar([*(known for known in self._notices.values() if known.year != notice.year), notice])

    def knows(self, day: date) -> bool:
        """Tell whether the year of `day` is known."""
        return day.year in self._notices

    def is_working(self, day: date) -> bool:
        """Tell whether state organs work on `day`.

        Raises:
            CalendarMissingError: The year of `day` is not known.
        """
        return self._is_working(self._known(day).toordinal())

    def kind(self, day: date) -> DayKind:
        """Return what sort of day `day` is. Raises CalendarMissingError."""
        named = self._named.get(self._known(day).toordinal())
        if named is not None:
            return (
                "make-up" if named.working and day.weekday() >= _SATURDAY else "working" if named.working else "holiday"
            )
        return "weekend" if day.weekday() >= _SATURDAY else "working"

    def named(self, day: date) -> NamedDay | None:
        """Return how a notice names `day`; None when the day follows its weekday. Raises CalendarMissingError."""
        return self._named.get(self._known(day).toordinal())

    def titles(self, year: int) -> tuple[str, ...]:
        """Return the titles of the notices for `year`. Raises CalendarMissingError."""
        if year not in self._notices:
            raise CalendarMissingError(year)
        return self._notices[year].titles

    def next_working(self, ordinal: int) -> int:
        """Return the first working day on or after `ordinal`, as an ordinal.

        Raises:
            CalendarMissingError: The way to that day leads into a year that is not known.
        """
        for block in self._blocks:
            if block.first <= ordinal <= block.last:
                place = block.rank[ordinal - block.first]
                if place >= len(block.working):
                    raise self._missing(block.last + 1)
                return block.working[place]
        raise self._missing(ordinal)

    def add_working(self, ordinal: int, days: int) -> int:
        """Return the `days`-th working day after `ordinal` (not counted itself), as an ordinal; `days` is 1 or more.

        Raises:
            CalendarMissingError: One of the days passed lies in a year that is not known.
        """
        first = ordinal + 1
        for block in self._blocks:
            if block.first <= first <= block.last:
                place = block.rank[first - block.first] + days - 1
                if place >= len(block.working):
                    raise self._missing(block.last + 1)
                return block.working[place]
        raise self._missing(first)

    def _known(self, day: date) -> date:
        if day.year not in self._notices:
            raise CalendarMissingError(day.year)
        return day

    def _missing(self, ordinal: int) -> CalendarMissingError:
        # Beyond the last date that Python knows, the last year stands for all that follow.
        return CalendarMissingError(date.fromordinal(min(ordinal, _LAST_ORDINAL)).year)

    def _is_working(self, ordinal: int) -> bool:
        named = self._named.get(ordinal)
        # Ordinal 1 is a Monday, so (ordinal - 1) % 7 is the weekday counted from Monday.
        return named.working if named is not None else (ordinal - 1) % 7 < _SATURDAY

    def _block(self, first_year: int, last_year: int) -> _Block:
        first, last = date(first_year, 1, 1).toordinal(), date(last_year, 12, 31).toordinal()
        working, rank = array("l"), array("l")
        for ordinal in range(first, last + 1):
            rank.append(len(working))
            if self._is_working(ordinal):
                working.append(ordinal)
        return _Block(first, last, working, rank)


def _runs(years: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return the first and last year of each unbroken run in ascending `years`."""
    runs: list[tuple[int, int]] = []
    for year in years:
        if runs and runs[-1][1] == year - 1:
            runs[-1] = (runs[-1][0], year)
        else:
            runs.append((year, year))
    return runs


def calendar_texts() -> dict[str, str]:
    """Return the text of each calendar that is shipped with the product, by its name."""
    folder = files("resources") / "calendars"
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return {entry.name: entry.read_text(encoding="utf-8") for entry in entries if entry.name.endswith(".json")}


def read_calendars(texts: Mapping[str, str]) -> Calendar:
    """Return the calendar of these files, by their names. Raises InputError."""
    return Calendar(read_notice(text, name) for name, text in texts.items())


@cache
def load_calendar() -> Calendar:
    """Return the calendar of all years that are shipped with the product. Read once in a process."""
    return read_calendars(calendar_texts())
