"""Working days: against chinesecalendar (an independent library) and the table they came from; missing years."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import chinese_calendar
import pytest
from chinese_calendar.constants import holidays as oracle_holidays
from hypothesis import given
from hypothesis import strategies as st

from models.clocks import Calendar, load_calendar, read_notice
from models.clocks.wording import HOLIDAY_NAMES_EN
from models.errors import CalendarMissingError, InputError

CALENDAR = load_calendar()
KNOWN = st.dates(date(2007, 1, 1), date(2026, 12, 31))


def _text(year: int) -> str:
    return (files("resources") / "calendars" / f"{year}.json").read_text(encoding="utf-8")


def test_known_years_are_those_shipped() -> None:
    assert CALENDAR.years == tuple(range(2007, 2027))


def test_oracle_covers_all_our_years() -> None:
    # chinesecalendar 1.11 names holidays from 2004 to 2026; were it to cover less, the comparison would be hollow.
    assert {day.year for day in oracle_holidays} >= set(CALENDAR.years)


def test_every_day_equals_chinesecalendar() -> None:
    day, differing = date(2007, 1, 1), []
    while day <= date(2026, 12, 31):
        if CALENDAR.is_working(day) != chinese_calendar.is_workday(day):
            differing.append(day)
        day += timedelta(days=1)
    assert differing == []


@given(start=KNOWN, days=st.integers(1, 40))
def test_working_days_ahead_equal_chinesecalendar(start: date, days: int) -> None:
    ahead = [start + timedelta(days=step) for step in range(1, 80)]
    ahead = [day for day in ahead if day.year < 2027 and chinese_calendar.is_workday(day)]
    if len(ahead) < days:
        with pytest.raises(CalendarMissingError) as caught:
            CALENDAR.add_working(start.toordinal(), days)
        assert caught.value.year == 2027
    else:
        assert date.fromordinal(CALENDAR.add_working(start.toordinal(), days)) == ahead[days - 1]


@given(day=KNOWN)
def test_next_working_day_is_the_first_one(day: date) -> None:
    found = date.fromordinal(CALENDAR.next_working(day.toordinal()))
    assert CALENDAR.is_working(found)
    passed = [day + timedelta(days=step) for step in range((found - day).days)]
    assert not any(CALENDAR.is_working(each) for each in passed)


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (date(2026, 2, 14), "make-up", "春节"),  # domain reference, section 14
        (date(2026, 2, 17), "holiday", "春节"),
        (date(2026, 10, 10), "make-up", "国庆节"),
        (date(2026, 10, 11), "weekend", None),
        (date(2026, 10, 12), "working", None),
        (date(2020, 2, 3), "working", "春节"),  # a Monday that the 2020 extension notice names as working
        (date(2007, 12, 31), "holiday", "元旦"),  # named by the notice for 2008
        (date(2007, 12, 29), "make-up", "元旦"),
        (date(2022, 12, 31), "holiday", "元旦"),  # named by the notice for 2023
    ],
)
def test_kinds_of_days(day: date, kind: str, name: str | None) -> None:
    assert CALENDAR.kind(day) == kind
    named = CALENDAR.named(day)
    assert (named.name if named else None) == name


def test_december_needs_the_next_notice_and_both_combine() -> None:
    alone = Calendar([read_notice(_text(2018), "2018.json")])
    both = alone.with_notice(read_notice(_text(2019), "2019.json"))
    new_years_eve = date(2018, 12, 31)  # a Monday off by the notice for 2019; 29 December was worked for it
    assert alone.is_working(new_years_eve)
    assert not both.is_working(new_years_eve)
    assert both.is_working(date(2018, 12, 29))
    assert both.years == (2018, 2019)


def test_days_of_a_missing_year_are_not_guessed_even_when_a_neighbour_names_them() -> None:
    # The notice for 2007 makes 2006-12-30 a working day, but 2006 has no calendar of its own.
    for day in (date(2006, 12, 30), date(2027, 1, 1), date(2027, 1, 2)):
        with pytest.raises(CalendarMissingError) as caught:
            CALENDAR.is_working(day)
        assert caught.value.year == day.year
    with pytest.raises(CalendarMissingError):
        CALENDAR.titles(2027)


def test_a_gap_between_years_stops_the_count() -> None:
    gap = Calendar(read_notice(_text(year), f"{year}.json") for year in (2024, 2026))
    with pytest.raises(CalendarMissingError) as caught:
        gap.add_working(date(2024, 12, 30).toordinal(), 5)
    assert caught.value.year == 2025
    assert date.fromordinal(gap.add_working(date(2025, 12, 31).toordinal(), 1)) == date(2026, 1, 4)


def test_beyond_all_dates_a_year_is_still_named() -> None:
    with pytest.raises(CalendarMissingError) as caught:
        CALENDAR.next_working(date.max.toordinal() + 5)
    assert caught.value.year == 9999


def test_missing_year_is_told_in_both_languages() -> None:
    error = CalendarMissingError(2027)
    assert "2027" in error.message.zh
    assert "放假通知" in error.message.zh
    assert "2027" in error.message.en


@pytest.mark.parametrize("year", range(2007, 2027))
def test_each_file_has_title_source_and_licence(year: int) -> None:
    raw = json.loads(_text(year))
    assert f"{year}年部分节假日安排的通知" in raw["notices"][0]
    assert "Copyright (c) 2019 NateScarlet" in raw["licence"]
    assert "Permission is hereby granted" in raw["licence"]
    assert {day["name"] for day in raw["days"]} <= set(HOLIDAY_NAMES_EN)


def test_named_days_equal_the_table_they_came_from(real_data: Path) -> None:
    with gzip.open(real_data / "holidays.csv.gz", "rt", encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    shipped = [
        (day["date"], day["name"], day["kind"], str(year))
        for year in range(2007, 2027)
        for day in json.loads(_text(year))["days"]
    ]
    assert sorted(shipped) == sorted((row["date"], row["name"], row["kind"], row["notice_year"]) for row in rows)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: raw.update(format="other/1"), "format"),
        (lambda raw: raw.update(extra=1), "extra"),
        (lambda raw: raw.pop("notices"), "notices"),
        (lambda raw: raw.update(days=[]), "days"),
        (lambda raw: raw["days"].append({"date": "2026-13-01", "kind": "off", "name": "x"}), "2026-13-01"),
        (lambda raw: raw["days"].append({"date": "2026-07-01", "kind": "holiday", "name": "x"}), "holiday"),
        (lambda raw: raw["days"].append({"date": "2025-11-30", "kind": "off", "name": "x"}), "2025-11-30"),
        (lambda raw: raw["days"].append(raw["days"][0]), "twice"),
    ],
)
def test_a_file_at_fault_is_refused(change: object, said: str) -> None:
    raw = json.loads(_text(2026))
    assert callable(change)
    change(raw)
    with pytest.raises(InputError) as caught:
        read_notice(json.dumps(raw), "2026.json")
    assert said in caught.value.message.en
    assert "2026.json" in caught.value.message.zh


def test_a_file_that_is_not_json_is_refused() -> None:
    with pytest.raises(InputError, match=r"2027\.json"):
        read_notice("{", "2027.json")
