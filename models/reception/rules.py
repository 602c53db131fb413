"""The bureau's rules of reception, and the days that they give. Pure counting over the calendar of working days.

How often leaders receive is the bureau's own order (domain reference, section 13: seen are one day a month, a quarter,
a week, the first working Tuesday). A rule is data, an entry of the setting `reception.rules`:

    {"leader": staff id, "every": "month", "week": 2, "weekday": 3, "from": "09:00", "to": "11:30", "place": "..."}

- every: week, month, quarter or year; `month` is the month of the quarter (1..3) or of the year (1..12), 1 by default.
- Either `weekday` (1 Monday .. 7 Sunday; beside a month, quarter or year with `week` 1..5, 5 being the last one), or
  `day` (of the month; the last day where the month is shorter), or `working` (the n-th working day of the month).
- from, to: local HH:MM. form: code of the table reception. phone, beside: as announced.

A day that is a rest day moves to the next working day; a make-up working day is a working day. The weekday of a rule
may well be a rest day of the calendar: nothing is announced on a day on which the bureau is shut (project rule).
"""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from models import clocks, codes, errors, policy

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

SETTING = "reception.rules"
PLANNERS = frozenset({"PU", "CH", "DL"})
HOSTS = frozenset({"CH", "DL"})
DUTY = ("《信访条例》第十条、《信访工作条例》第十八条", "SC-431 Art. 10, REG-2022 Art. 18")
"""Heads of organs receive petitioners, on days that are announced."""

_DAYS_A_WEEK = 7
_LAST_WEEK = 5
_EVERY: Mapping[str, int] = {"week": 0, "month": 1, "quarter": 3, "year": 12}
"""Months of a period."""
_KEYS = {
    "leader",
    "form",
    "every",
    "month",
    "week",
    "weekday",
    "day",
    "working",
    "from",
    "to",
    "place",
    "phone",
    "beside",
}
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ORDINALS_EN = ("first", "second", "third", "fourth", "last")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRule:
    """One rule of the bureau; the names are those of the head of this room."""

    leader: int
    every: Literal["week", "month", "quarter", "year"]
    month: int = 1
    week: int | None = None
    weekday: int | None = None
    day: int | None = None
    working: int | None = None
    form: str = "fixed"
    begin: str
    end: str
    place: str
    phone: str = ""
    beside: str = ""

    @property
    def key(self) -> str:
        """What tells the rule apart from others of the same leader: kept with each day that it gave."""
        return f"{self.every}{self.month}w{self.week or 0}d{self.weekday or 0}m{self.day or 0}n{self.working or 0}"

    @property
    def words(self) -> errors.Message:
        """The rule in words."""
        return words_of(self.key)


def words_of(key: str) -> errors.Message:
    """Return a rule's words from its key (with or without the day that follows); nothing for an unknown one."""
    found = re.match(r"(week|month|quarter|year)(\d+)w(\d+)d(\d+)m(\d+)n(\d+)", key)
    if found is None:
        return errors.Message("", "")
    every = found[1]
    month, week, weekday, day, working = (int(part) for part in found.groups()[1:])
    zh = {"week": "每周", "month": "每月", "quarter": f"每季度第 {month} 个月", "year": f"每年 {month} 月"}[every]
    en = {
        "week": "every week",
        "month": "every month",
        "quarter": f"month {month} of every quarter",
        "year": f"every year in month {month}",
    }[every]
    if working:
        return errors.Message(f"{zh}第 {working} 个工作日", f"working day {working}, {en}")
    if day:
        return errors.Message(f"{zh} {day} 日", f"day {day}, {en}")
    name_zh, name_en = f"星期{_WEEKDAYS_ZH[weekday - 1]}", _WEEKDAYS_EN[weekday - 1]
    if every == "week":
        return errors.Message(f"{zh}{name_zh}", f"{name_en}, {en}")
    which = "最后一个" if week == _LAST_WEEK else f"第 {week} 个"
    return errors.Message(f"{zh}{which}{name_zh}", f"{_ORDINALS_EN[week - 1]} {name_en}, {en}")


def given_days(rule: PlanRule, frm: date, to: date, calendar: clocks.Calendar) -> Iterator[tuple[date, date]]:
    """Return the days that a rule gives in a period, as (the rule's own day, the day of reception).

    Args:
        rule: The rule.
        frm: First day of the period, by the rule's own day.
        to: Last day of the period, by the rule's own day.
        calendar: Which days are working days.

    Raises:
        CalendarMissingError: A day falls into a year without a calendar.
    """
    for nominal in _nominal(rule, frm, to, calendar):
        if frm <= nominal <= to:
            yield nominal, date.fromordinal(calendar.next_working(nominal.toordinal()))


def _nominal(rule: PlanRule, frm: date, to: date, calendar: clocks.Calendar) -> Iterator[date]:
    if rule.every == "week":
        assert rule.weekday is not None  # noqa: S101  read_rule asked for it
        first = frm + timedelta(days=(rule.weekday - 1 - frm.weekday()) % _DAYS_A_WEEK)
        while first <= to:
            yield first
            first += timedelta(days=_DAYS_A_WEEK)
        return
    length = _EVERY[rule.every]
    year, month = frm.year, (frm.month - 1) // length * length + rule.month
    while date(year, month, 1) <= to:
        yield _in_month(rule, year, month, calendar)
        year, month = (year, month + length) if month + length <= 12 else (year + 1, month + length - 12)


def _in_month(rule: PlanRule, year: int, month: int, calendar: clocks.Calendar) -> date:
    last = months.monthrange(year, month)[1]
    if rule.working:
        return _nth_working(calendar, date(year, month, 1), date(year, month, last), rule.working)
    if rule.day:
        return date(year, month, min(rule.day, last))
    assert rule.weekday is not None  # noqa: S101  read_rule asked for it
    assert rule.week is not None  # noqa: S101  read_rule asked for it
    first = 1 + (rule.weekday - 1 - date(year, month, 1).weekday()) % _DAYS_A_WEEK
    found = first + (rule.week - 1) * _DAYS_A_WEEK
    return date(year, month, found if found <= last else found - _DAYS_A_WEEK)


def _nth_working(calendar: clocks.Calendar, first: date, last: date, number: int) -> date:
    """Return the n-th working day of a month; its last one where it has fewer."""
    working = [
        day for day in (first + timedelta(days=after) for after in range((last - first).days + 1))
        if calendar.is_working(day)
    ]  # fmt: skip
    return working[min(number, len(working)) - 1]


# --- reading ----------------------------------------------------------------------------------------------------------


def of_register(register: Register) -> tuple[PlanRule, ...]:
    """Return the rules of the bureau; none when it has set none.

    Raises:
        InputError: names the rule that cannot be, and why.
    """
    raw = register.setting(SETTING, [])
    return read_rules(register, raw)


def read_rules(register: Register, raw: Any) -> tuple[PlanRule, ...]:
    """Return rules from their data, each checked.

    Raises:
        InputError: names the rule by its place in the list, the key and what it may be.
    """
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise _bad(0, "", "应为规则的列表", "is to be a list of rules")
    return tuple(_read_rule(register, place, entry) for place, entry in enumerate(raw, 1))


def _read_rule(register: Register, place: int, raw: Any) -> PlanRule:
    if not isinstance(raw, Mapping):
        raise _bad(place, "", "应为一组“键: 值”", "is to be keys with their values")
    odd = sorted(set(raw) - _KEYS)
    if odd:
        raise _bad(place, odd[0], f"没有这一项；可用：{'、'.join(sorted(_KEYS))}", f"is not known; {sorted(_KEYS)}")
    leader = raw.get("leader")
    staff = register.staff().get(leader) if isinstance(leader, int) else None
    if staff is None or not staff.roles & HOSTS:
        raise _bad(place, "leader", f"须是在职的局领导：{leader}", f"is to be the chief or a deputy: {leader}")
    every: Any = raw.get("every")
    if every not in _EVERY:
        raise _bad(place, "every", f"须为 {'、'.join(_EVERY)} 之一：{every}", f"is one of {', '.join(_EVERY)}: {every}")
    form = raw.get("form", "fixed")
    if form not in codes.codes("reception"):
        raise _bad(place, "form", f"没有这种接访方式：{form}", f"has no such form: {form}")
    begin, end = str(raw.get("from", "")), str(raw.get("to", ""))
    if not (_TIME.fullmatch(begin) and _TIME.fullmatch(end) and begin < end):
        raise _bad(place, "from/to", f"须为先后两个时间 HH:MM：{begin}—{end}", f"are two times HH:MM: {begin}, {end}")
    if not str(raw.get("place", "")).strip():
        raise _bad(place, "place", "须写明接访地点", "is to name the place")
    most = {"month": max(_EVERY[every], 1), "week": _LAST_WEEK, "weekday": _DAYS_A_WEEK, "day": 31, "working": 20}
    numbers = {name: _number(place, name, raw.get(name), limit) for name, limit in most.items()}
    _check_choice(place, every, numbers)
    return PlanRule(
        leader=staff.id,
        every=every,
        month=numbers["month"] or 1,
        week=numbers["week"],
        weekday=numbers["weekday"],
        day=numbers["day"],
        working=numbers["working"],
        form=form,
        begin=begin,
        end=end,
        place=str(raw["place"]).strip(),
        phone=str(raw.get("phone", "")),
        beside=str(raw.get("beside", "")),
    )


def _number(place: int, name: str, value: Any, most: int) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise _bad(place, name, f"须为 1 到 {most} 的整数：{value}", f"is a whole number from 1 to {most}: {value}")
    return value


def _check_choice(place: int, every: str, numbers: Mapping[str, int | None]) -> None:
    chosen = [name for name in ("weekday", "day", "working") if numbers[name]]
    by_week = chosen == ["weekday"] and every != "week"
    if len(chosen) != 1 or (every == "week" and chosen != ["weekday"]) or bool(numbers["week"]) != by_week:
        raise _bad(
            place,
            "weekday/day/working",
            "每周须写 weekday；每月、每季、每年须写 week 和 weekday，或者 day，或者 working，只选一种",
            "a week takes weekday; a month, quarter or year takes week and weekday, or day, or working, one of these",
        )


def _bad(place: int, key: str, zh: str, en: str) -> errors.InputError:
    where_zh = f"第 {place} 条" + (f"“{key}”" if key else "") if place else "整体"
    where_en = f"rule {place}" + (f", “{key}”," if key else "") if place else "the whole"
    return errors.InputError(
        SETTING,
        f"接访规则 {SETTING}（{where_zh}）{zh}。请改正后再排（{DUTY[0]}，安排由本局规定）。",
        f"The rules of reception, {SETTING} ({where_en}): {en}. Correct it ({DUTY[1]}; the bureau sets the days).",
    )


def set_rules(register: Register, given: Sequence[Mapping[str, Any]], *, by: Staff, at: datetime) -> None:
    """Set the rules of the bureau, all of them checked before.

    Raises:
        InputError: One of them cannot be.
        NotAllowedError: Who asks neither heads the petition unit nor the bureau.
    """
    from models.desk import put_setting

    policy.require_role(by, PLANNERS, "设定接访规则", "set the rules of reception")
    read_rules(register, given)
    with register.act("set_reception_rules", by=by, at=at) as act:
        put_setting(act, SETTING, [dict(rule) for rule in given])


def time_of(text: str, field: str) -> str:
    """Return a local time HH:MM as given.

    Raises:
        InputError: It is none.
    """
    if not _TIME.fullmatch(text.strip()):
        raise errors.InputError(
            field, f"时间“{text}”应写成 09:00 这样的二十四小时制。", f"The time “{text}” is to be written like 09:00."
        )
    return text.strip()
