"""The days of a month, a year, a stage: which is the first, which the last, what came before.

A month runs from the day after the cut-off day to the cut-off day (setting `figures.cut_off_day`; 0 is the calendar
month, 25 makes March run from 26 February to 25 March: domain reference 12). A year is its twelve months, so that the
months of a year add up to it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from models import errors
from models.errors import Message
from models.figures.records import Period

CUT_OFF = "figures.cut_off_day"
"""Setting: the last day of a month's figures, 0 for the month's own."""
LATEST_CUT_OFF = 28
EARLIEST_YEAR = 1949
_MONTH, _YEAR = re.compile(r"(\d{4})-(\d{2})"), re.compile(r"\d{4}")


def month(key: str, cut_off: int = 0) -> Period:
    """Return the period of a month.

    Args:
        key: YYYY-MM.
        cut_off: Last day of a month's figures; 0 for the calendar month.

    Raises:
        InputError: No month, or no day that every month has.
    """
    found = _MONTH.fullmatch(key.strip())
    if not found or not 1 <= int(found[2]) <= 12 or int(found[1]) < EARLIEST_YEAR:
        raise errors.InputError(
            "month",
            f"“{key}”不是月份，请写成 2026-03 这样的形式（产品规则）。",
            f"“{key}” is no month; write it like 2026-03 (project rule).",
        )
    _check(cut_off)
    year, number = int(found[1]), int(found[2])
    if not cut_off:
        first, last = date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])
    else:
        last = date(year, number, cut_off)
        first = (last.replace(day=1) - timedelta(days=1)).replace(day=cut_off) + timedelta(days=1)
    name = Message(f"{year}年{number}月", f"{calendar.month_name[number]} {year}")
    return Period(kind="month", key=f"{year:04d}-{number:02d}", from_on=first, to_on=last, name=name)


def year(key: str, cut_off: int = 0) -> Period:
    """Return the period of a year: its twelve months.

    Raises:
        InputError: No year, or a cut-off day that some month lacks.
    """
    if not _YEAR.fullmatch(key.strip()) or int(key) < EARLIEST_YEAR:
        raise errors.InputError(
            "year",
            f"“{key}”不是年份，请写成 2026 这样的形式（产品规则）。",
            f"“{key}” is no year; write it like 2026 (project rule).",
        )
    first, last = month(f"{key.strip()}-01", cut_off), month(f"{key.strip()}-12", cut_off)
    name = Message(f"{int(key)}年", f"the year {int(key)}")
    return Period(kind="annual", key=f"{int(key):04d}", from_on=first.from_on, to_on=last.to_on, name=name)


def span(from_on: date, to_on: date) -> Period:
    """Return any days as a period; it can be looked at, never submitted.

    Raises:
        InputError: It ends before it begins.
    """
    if to_on < from_on:
        raise errors.InputError(
            "to",
            f"期间的止日 {to_on} 早于起日 {from_on}，请核对（产品规则）。",
            f"The period ends on {to_on}, before it begins on {from_on}; check it (project rule).",
        )
    name = Message(f"{from_on}至{to_on}", f"{from_on} to {to_on}")
    return Period(kind="span", key=f"{from_on}..{to_on}", from_on=from_on, to_on=to_on, name=name)


def month_of(day: date, cut_off: int = 0) -> Period:
    """Return the month whose figures a day counts in."""
    here = month(f"{day:%Y-%m}", cut_off)
    return here if day <= here.to_on else month(_shifted(here.key, 1), cut_off)


def earlier(period: Period, cut_off: int = 0) -> Period | None:
    """Return the month before a month or the year before a year; None for other periods."""
    if period.kind == "month":
        return month(_shifted(period.key, -1), cut_off) if period.key > f"{EARLIEST_YEAR}-01" else None
    if period.kind == "annual" and int(period.key) > EARLIEST_YEAR:
        return year(f"{int(period.key) - 1:04d}", cut_off)
    return None


def year_earlier(period: Period, cut_off: int = 0) -> Period | None:
    """Return the same month of the year before; None for other periods."""
    if period.kind == "month" and int(period.key[:4]) > EARLIEST_YEAR:
        return month(_shifted(period.key, -12), cut_off)
    return None


def whole(settings: Mapping[str, Any], name: str, default: int, least: int = 0) -> int:
    """Return a whole number among the bureau's settings.

    Raises:
        InputError: It is set to something else, or to less than `least`: named, for whoever keeps the settings.
    """
    value = settings.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise errors.InputError(
            name,
            f"设置 {name} 应为不小于 {least} 的整数，现为“{value}”：请更正（产品规则）。",
            f"The setting {name} is a whole number from {least} on, and is “{value}” now: put it right (project rule).",
        )
    return value


def _shifted(key: str, months: int) -> str:
    whole = int(key[:4]) * 12 + int(key[5:]) - 1 + months
    return f"{whole // 12:04d}-{whole % 12 + 1:02d}"


def _check(cut_off: int) -> None:
    if not 0 <= cut_off <= LATEST_CUT_OFF:
        raise errors.InputError(
            CUT_OFF,
            f"截止日 {cut_off} 不可用：0 表示自然月，否则为 1 至 {LATEST_CUT_OFF} 日（产品规则）。",
            f"The cut-off day {cut_off} cannot be: 0 for the calendar month, else 1 to {LATEST_CUT_OFF}"
            " (project rule).",
        )
