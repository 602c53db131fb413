"""A calendar that someone hands in: read as a bureau's own file, and refused where it cannot be the notice it says.

`read_notice` refuses what is no calendar at all. Here stands what a slip of the hand would do to due dates: the wrong
year, a day named twice, a rest day that is also worked, a make-up working day on a plain weekday, a file that stops
half-way, a December that the two notices tell differently. Each is told in one sentence with the day.

Rules kept: New Year's Day, Labour Day and the first three days of October are days off in every year (全国年节及纪念
日放假办法 Art. 2); state organs rest on Saturday and Sunday (国务院关于职工工作时间的规定 Art. 7), so that only these
can be made up by working.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

from models.clocks.calendar import Calendar, Notice, read_notice
from models.errors import InputError

_ALWAYS_OFF = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
_SATURDAY = 5
_RULE_ZH, _RULE_EN = "《全国年节及纪念日放假办法》第二条", "Measures on Public Holidays Art. 2"
_WEEK_ZH, _WEEK_EN = "《国务院关于职工工作时间的规定》第七条", "State Council Rule on Working Hours Art. 7"


def read_candidate(data: bytes, known: Calendar, name: str = "calendar") -> Notice:
    """Read the calendar of one year that is to be applied.

    Args:
        data: The file's bytes.
        known: The calendar that counts now; it may know the year already.
        name: File name, told in errors.

    Raises:
        InputError: It is no calendar, cannot be the notice of its year, or changes nothing; names day and rule.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _bad(name, "不是 UTF-8 文本", "is not UTF-8 text") from None
    _refuse_both(text, name)
    notice = read_notice(text, name)
    _check_year(notice, known, name)
    _check_days(notice, known, name)
    present = next((one for one in known.notices if one.year == notice.year), None)
    if present is not None and _facts(present) == _facts(notice):
        raise _bad(
            name, f"与现行 {notice.year} 年安排完全相同", f"is the calendar of {notice.year} that counts already"
        )
    return notice


def _refuse_both(text: str, name: str) -> None:
    """Refuse a day that is named off and worked; that a day is named twice alike, `read_notice` says."""
    try:
        raw: Any = json.loads(text)
        kinds = Counter((entry["date"], entry["kind"]) for entry in raw["days"])
    except (ValueError, TypeError, KeyError):
        return  # told by read_notice, with what is wrong
    for day, kind in kinds:
        if kind == "off" and (day, "work") in kinds:
            raise _bad(name, f"把 {day} 既列为放假又列为上班", f"names {day} both off and worked")


def _check_year(notice: Notice, known: Calendar, name: str) -> None:
    if not all(title.strip() for title in notice.titles):
        raise _bad(name, "缺少放假通知的标题", "lacks the title of the holiday notice")
    if not any(str(notice.year) in title for title in notice.titles):
        raise _bad(
            name,
            f"年份写作 {notice.year}，通知标题却是“{notice.titles[0]}”",
            f"says {notice.year}, while the notice is titled “{notice.titles[0]}”",
        )
    first, last = known.years[0], known.years[-1]
    if not first - 1 <= notice.year <= last + 1:
        raise _bad(
            name,
            f"是 {notice.year} 年的，与已有的 {first}—{last} 年不相连",
            f"is of {notice.year}, which does not join the known years {first} to {last}",
        )


def _check_days(notice: Notice, known: Calendar, name: str) -> None:
    others = {day.on: day for one in known.notices if one.year != notice.year for day in one.days}
    off = {day.on for day in notice.days if not day.working}
    for day in notice.days:
        other = others.get(day.on)
        if other is not None and other.working != day.working:
            raise _bad(
                name,
                f"把 {day.on} 列为{_word(day.working)}，而 {day.on.year} 年的安排把它列为{_word(other.working)}",
                f"names {day.on} as {_named(day.working)}, while another year's notice names it"
                f" {_named(other.working)}",
            )
        if day.working and day.on.weekday() < _SATURDAY:
            raise _bad(
                name,
                f"把 {day.on} 列为调休上班，但那天本来就是工作日，不必列入（{_WEEK_ZH}）",
                f"makes {day.on} a make-up working day, which is worked anyhow and need not be named ({_WEEK_EN})",
            )
    for month, number in _ALWAYS_OFF:
        day_off = date(notice.year, month, number)
        if day_off not in off:
            raise _bad(
                name,
                f"没有把 {day_off} 列为放假（{_RULE_ZH}），文件可能不完整",
                f"does not name {day_off} as a day off ({_RULE_EN}); it may be incomplete",
            )


def _facts(notice: Notice) -> tuple[tuple[str, ...], frozenset[tuple[date, bool, str]]]:
    return notice.titles, frozenset((day.on, day.working, day.name) for day in notice.days)


def _word(working: bool) -> str:
    return "上班" if working else "放假"


def _named(working: bool) -> str:
    return "worked" if working else "off"


def _bad(name: str, zh: str, en: str) -> InputError:
    return InputError(
        "calendar",
        f"节假日文件 {name} {zh}。未作任何改动，请对照放假通知核对。",
        f"The calendar file {name} {en}. Nothing was changed; check it against the notice.",
    )
