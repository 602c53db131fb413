"""Cells: what a value of a foreign table means.

Text is kept as it is, apart from what the carrier put around or into it: escaped characters of a workbook (`_x000D_`,
ECMA-376 Part 1, 22.9.2.19), and white space, tabs, no-break and zero-width spaces at both ends. Days and times come
in several spellings and as true workbook dates; all become a local calendar day and, when given, a time of day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | datetime | date | time | None
"""A value as the carrier gives it: text in csv, typed in a workbook."""

_AROUND = " \t\r\n\f\v\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DAY = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?"
    r"(?:\s*[T ]?\s*(?P<h>\d{1,2})\s*[:：时]\s*(?P<n>\d{1,2})"
    r"(?:\s*[:：分]\s*(?P<s>\d{1,2})(?:\.\d+)?\s*秒?)?\s*分?)?\s*Z?"
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:(?P<h>\d{2})(?P<n>\d{2})(?P<s>\d{2})?)?")
_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  workbook dates carry no zone; day 60 (1900-02-29) is long past
_SERIALS = range(18_264, 73_051)
"""Workbook day numbers of 1950-01-01 to 2099-12-31."""

_YES = frozenset({"是", "有", "1", "y", "yes", "true", "t", "√", "已", "对", "x", "on"})
_NO = frozenset({"否", "无", "0", "n", "no", "false", "f", "×", "未", "不", "off", "-", "没有"})


def text_of(cell: Cell) -> str:
    """Return a cell as text, unescaped and without what stands around it; numbers as they are read by a person."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return tidy(cell)


def tidy(text: str) -> str:
    """Return text without workbook escapes, with plain line ends, trimmed at both ends and nowhere else."""
    if "_x" in text:
        text = _ESCAPED.sub(_unescaped, text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip(_AROUND)


def _unescaped(found: re.Match[str]) -> str:
    # Only control characters are escaped by workbooks in ordinary text; anything else was written like that by someone.
    number = int(found[1], 16)
    if number in (0x09, 0x0A, 0x0D):
        return chr(number)
    return "" if number < 0x20 else found[0]


def moment_of(cell: Cell) -> tuple[date, str]:
    """Return the day and the time of day (`HH:MM:SS`, '' when none was given).

    Raises:
        ValueError: The cell is no day, or a day that does not exist.
    """
    if isinstance(cell, datetime):
        return cell.date(), cell.strftime("%H:%M:%S")
    if isinstance(cell, date):
        return cell, ""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if int(cell) in _SERIALS:
            when = _SERIAL_ZERO + timedelta(days=int(cell), seconds=round((cell - int(cell)) * 86_400))
            return when.date(), "" if float(cell).is_integer() else when.strftime("%H:%M:%S")
        cell = text_of(cell)
    text = text_of(cell)
    found = _DAY.fullmatch(text) or _COMPACT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    if found["h"] is None:
        return day, ""
    return day, time(int(found["h"]), int(found["n"]), int(found["s"] or 0)).strftime("%H:%M:%S")


def moment_by(cell: Cell, spellings: Sequence[str]) -> tuple[date, str]:
    """Return what `moment_of` returns, for text in one of the map's own spellings first.

    Args:
        cell: The cell.
        spellings: `strptime` formats, tried in their order.

    Raises:
        ValueError: No spelling fits.
    """
    if isinstance(cell, str):
        for spelling in spellings:
            try:
                when = datetime.strptime(tidy(cell), spelling)  # noqa: DTZ007  a local calendar day is what is wanted
            except ValueError:
                continue
            return when.date(), when.strftime("%H:%M:%S") if "%H" in spelling or "%I" in spelling else ""
    return moment_of(cell)


def time_of(cell: Cell) -> str:
    """Return a time of day as `HH:MM:SS`.

    Raises:
        ValueError: The cell is none.
    """
    if isinstance(cell, datetime | time):
        return cell.strftime("%H:%M:%S")
    found = re.fullmatch(r"(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2})秒?)?分?", text_of(cell))
    if found is None:
        raise ValueError(text_of(cell))
    return time(int(found[1]), int(found[2]), int(found[3] or 0)).strftime("%H:%M:%S")


def flag_of(cell: Cell) -> bool:
    """Return whether a cell says yes; an empty one says no.

    Raises:
        ValueError: It says neither.
    """
    text = text_of(cell).casefold()
    if text in _YES:
        return True
    if not text or text in _NO:
        return False
    raise ValueError(text)


def count_of(cell: Cell) -> int:
    """Return a number of people: digits, with or without 人 behind them.

    Raises:
        ValueError: It is no whole number, or below zero.
    """
    text = text_of(cell).replace(",", "").removesuffix("人").removesuffix("人次").strip()
    number = int(float(text)) if re.fullmatch(r"\d+\.0+", text) else int(text)
    if number < 0:
        raise ValueError(text)
    return number
