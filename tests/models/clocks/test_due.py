"""Due dates: every worked example of the domain reference, each set's clocks with their article, and properties."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.clocks import Calendar, due, explain, load_calendar, rule_set, rules_for
from models.clocks.calendar import NamedDay, Notice
from models.errors import CalendarMissingError, InputError
from tests.models.clocks.million import Case, compare, first_clock, second_clock
from tests.models.clocks.second_clock import RULES, day_table

CALENDAR = load_calendar()
REG = rules_for(date(2026, 1, 1))
OLD = rule_set("SC-431")

# Domain reference, section 14, "Test table (2026)". The clock stands for the length and unit of the row.
WORKED = [
    ("01-20", "C1", 0, "02-04", "02-04"),
    ("01-30", "C1", 0, "02-14", "02-14"),  # a make-up working day: no roll
    ("02-05", "C1", 0, "02-20", "02-24"),
    ("03-02", "C2", 0, "05-01", "05-06"),
    ("03-02", "C2", 30, "05-31", "06-01"),
    ("07-08", "C2", 0, "09-06", "09-07"),
    ("08-03", "C2", 0, "10-02", "10-08"),
    ("09-28", "C1o", 0, "10-10", "10-10"),  # 5 W, last day a make-up working Saturday
    ("02-12", "S-notice", 0, "02-24", "02-24"),  # 3 W
    ("02-12", "S-answer", 0, "03-04", "03-04"),  # 10 W
    ("09-18", "S-notice", 0, "09-22", "09-22"),  # 3 W, Sunday 09-20 worked
]


@pytest.mark.parametrize(("start", "clock", "extended", "raw", "last"), WORKED)
def test_worked_examples_of_the_domain_reference(start: str, clock: str, extended: int, raw: str, last: str) -> None:
    end = due(REG, clock, date.fromisoformat(f"2026-{start}"), extended_days=extended, calendar=CALENDAR)
    assert end.raw_on == date.fromisoformat(f"2026-{raw}")
    assert end.last_on == date.fromisoformat(f"2026-{last}")


# Domain reference, sections 4.1 to 4.6, 8.3 and 9.3. Counted by hand from two plain days: Wed 2021-03-10 (05-09 is a
# Sunday) and Tue 2026-03-10 (05-09 is a make-up working Saturday; no holiday from then to 04-03).
OF_EACH_SET = [
    ("SC-431", "C1", "2021-03-10", 0, "2021-03-25", "SC-431 Art. 22; MPS-79 Art. 23"),
    ("SC-431", "C1t", "2021-03-10", 0, "2021-03-25", "SC-431 Art. 21"),
    ("SC-431", "C1s", "2021-03-10", 0, "2021-03-25", "MPS-79 (Art. 22"),
    ("SC-431", "C2", "2021-03-10", 0, "2021-05-10", "SC-431 Art. 33"),
    ("SC-431", "C2", "2021-03-10", 30, "2021-06-08", "SC-431 Art. 33"),
    ("SC-431", "C3", "2021-03-10", 0, "2021-04-09", "SC-431 Art. 34"),
    ("SC-431", "C4", "2021-03-10", 0, "2021-04-09", "SC-431 Art. 34"),
    ("SC-431", "C5", "2021-03-10", 0, "2021-04-09", "SC-431 Art. 35"),
    ("SC-431", "C6", "2021-03-10", 0, "2021-04-09", "SC-431 Art. 35"),
    ("SC-431", "C7", "2021-03-10", 0, "2021-04-09", "SC-431 Art. 36"),
    ("SC-431", "C-recusal", "2021-03-10", 0, "2021-03-12", "MPS-ADM Arts 19-21 (by analogy); SC-431 Art. 30"),
    ("SC-431", "C-announce", "2021-03-10", 0, "2021-05-10", "MPS-ADM Art. 36"),
    ("SC-431", "C9", "2021-05-01", 0, "2021-05-01", "SC-431 Art. 26"),
    ("REG-2022", "C1", "2026-03-10", 0, "2026-03-25", "REG-2022 Art. 23"),
    ("REG-2022", "C1t", "2026-03-10", 0, "2026-03-25", "REG-2022 Art. 23"),
    ("REG-2022", "C1o", "2026-03-10", 0, "2026-03-17", "REG-2022 Art. 23"),
    ("REG-2022", "C1p", "2026-03-10", 0, "2026-03-25", "REG-2022 Art. 22"),
    ("REG-2022", "C2", "2026-03-10", 0, "2026-05-09", "REG-2022 Art. 34"),
    ("REG-2022", "C2", "2026-03-10", 30, "2026-06-08", "REG-2022 Art. 34"),
    ("REG-2022", "C3", "2026-03-10", 0, "2026-04-09", "REG-2022 Art. 35"),
    ("REG-2022", "C4", "2026-03-10", 0, "2026-04-09", "REG-2022 Art. 35"),
    ("REG-2022", "C5", "2026-03-10", 0, "2026-04-09", "REG-2022 Art. 36"),
    ("REG-2022", "C6", "2026-03-10", 0, "2026-04-09", "REG-2022 Art. 36"),
    ("REG-2022", "C-recusal", "2026-03-10", 0, "2026-03-12", "MPS-ADM Arts 19-21 (by analogy); REG-2022 Art. 28"),
    ("REG-2022", "C-recusal", "2026-03-12", 0, "2026-03-16", "MPS-ADM Arts 19-21"),  # 03-14 is a Saturday
    ("REG-2022", "C-announce", "2026-03-10", 0, "2026-05-09", "MPS-ADM Art. 36"),
    ("REG-2022", "C-announce", "2026-03-02", 0, "2026-05-06", "MPS-ADM Art. 36"),  # 05-01, a holiday
    ("REG-2022", "C9", "2026-10-01", 0, "2026-10-01", "REG-2022 Art. 25"),
    ("REG-2022", "C11", "2026-03-10", 0, "2026-03-31", "Rules of discipline organs"),
    ("REG-2022", "C11f", "2026-03-10", 0, "2026-03-31", "Rules of discipline organs"),
    ("SIMPLE-2016", "S-notice", "2021-03-10", 0, "2021-03-15", "SIMPLE-2016"),
    ("SIMPLE-2016", "S-answer", "2021-03-10", 0, "2021-03-24", "SIMPLE-2016"),
    ("SIMPLE-2016", "S-pass", "2021-03-10", 0, "2021-03-11", "SIMPLE-2016"),
    ("SIMPLE-2022", "S-notice", "2026-03-10", 0, "2026-03-13", "SIMPLE-2022"),
    ("SIMPLE-2022", "S-answer", "2026-03-10", 0, "2026-03-24", "SIMPLE-2022"),
    ("SIMPLE-2022", "S-pass", "2026-03-10", 0, "2026-03-11", "SIMPLE-2022"),
    ("RATE-2014", "R-rate", "2021-03-10", 0, "2021-04-09", "RATE-2014"),
    ("RATE-2022", "R-rate", "2026-03-10", 0, "2026-04-09", "RATE-2022"),
    ("REG-2022/LOCAL-zhejiang", "C1", "2026-03-10", 0, "2026-03-17", "Zhejiang Reg. Arts 15, 20, 23"),
    ("REG-2022/LOCAL-zhejiang", "C1t", "2026-03-10", 0, "2026-03-17", "Zhejiang Reg. Arts 15, 20, 23"),
    ("REG-2022/LOCAL-zhejiang", "C2", "2026-03-10", 0, "2026-04-09", "Zhejiang Reg. Arts 15, 20, 23"),
    ("REG-2022/LOCAL-zhejiang", "C2", "2026-03-10", 60, "2026-06-08", "Zhejiang Reg. Arts 15, 20, 23"),
    (
        "REG-2022/LOCAL-henan",
        "L-pass",
        "2026-03-10",
        0,
        "2026-03-16",
        "Henan Reg. Arts 22, 26, 27",
    ),  # 03-15 is a Sunday
    ("REG-2022/LOCAL-henan", "C1o", "2026-03-10", 0, "2026-03-16", "Henan Reg. Arts 22, 26, 27"),
    ("REG-2022/LOCAL-henan", "C2", "2026-03-10", 0, "2026-04-09", "Henan Reg. Arts 22, 26, 27"),
    ("REG-2022/LOCAL-henan", "C2", "2026-03-10", 60, "2026-06-08", "Henan Reg. Arts 22, 26, 27"),
    ("REG-2022/LOCAL-henan", "C8", "2026-03-10", 0, "2026-06-08", "Henan Reg. Arts 22, 26, 27"),
    ("SC-431/LOCAL-beijing", "C1o", "2021-03-10", 0, "2021-03-17", "Beijing Reg. Arts 35, 45, 50, 52"),
    ("SC-431/LOCAL-beijing", "C4", "2021-03-10", 30, "2021-05-10", "Beijing Reg. Arts 35, 45, 50, 52"),
    ("REG-2022/LOCAL-beijing", "C6", "2026-03-10", 30, "2026-05-09", "Beijing Reg. Arts 35, 45, 50, 52"),
    ("REG-2022/LOCAL-beijing", "C7n", "2026-03-10", 0, "2026-03-13", "Beijing Reg. Arts 35, 45, 50, 52"),
    ("REG-2022/LOCAL-shandong", "C4a", "2026-03-10", 0, "2026-03-13", "Shandong Reg. Arts 43, 44"),
    ("REG-2022/LOCAL-shandong", "C6a", "2026-03-10", 0, "2026-03-13", "Shandong Reg. Arts 43, 44"),
    ("REG-2022/LOCAL-shanghai", "C2", "2026-03-10", 0, "2026-05-09", "REG-2022 Art. 34"),
]


@pytest.mark.parametrize(("rules", "clock", "start", "extended", "last", "article"), OF_EACH_SET)
def test_clocks_of_each_set(rules: str, clock: str, start: str, extended: int, last: str, article: str) -> None:
    end = due(rule_set(rules), clock, date.fromisoformat(start), extended_days=extended, calendar=CALENDAR)
    assert end.last_on == date.fromisoformat(last)
    assert article in end.clock.article.en
    assert article in explain(end, "en")[0]
    assert end.clock.article.zh in explain(end, "zh")[0]


def test_the_worked_examples_name_every_counted_clock() -> None:
    told = {(rules, clock) for rules, clock, *_ in OF_EACH_SET}
    for rules in ("SC-431", "REG-2022", "SIMPLE-2016", "SIMPLE-2022", "RATE-2014", "RATE-2022"):
        for clock in rule_set(rules).clocks:
            own_track = clock.id[0] in "SR" and not rules.startswith(("SIMPLE", "RATE"))
            if clock.unit in ("C", "W", "at_once") and not own_track:
                assert (rules, clock.id) in told


# --- as set -------------------------------------------------------------------------------------------------


def test_assigned_matter_by_days_rolls_and_by_date_stands() -> None:
    start = date(2026, 3, 10)
    assert due(REG, "C8", start, days=53, calendar=CALENDAR).last_on == date(2026, 5, 6)  # raw 05-02, holiday
    assert due(REG, "C8", start, until=date(2026, 5, 2), calendar=CALENDAR).last_on == date(2026, 5, 2)
    prolonged = due(REG, "C8", start, until=date(2026, 4, 25), extended_days=7, calendar=CALENDAR)
    assert (prolonged.raw_on, prolonged.last_on) == (date(2026, 5, 2), date(2026, 5, 6))


def test_a_date_set_needs_no_calendar() -> None:
    assert due(REG, "C8", date(2026, 12, 1), until=date(2027, 3, 1), calendar=CALENDAR).last_on == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("clock", "arguments", "field", "said"),
    [
        ("C8", {}, "days", "as set"),
        ("C8", {"days": 0}, "days", "1 or more"),
        ("C8", {"until": date(2026, 3, 9)}, "until", "before the assignment"),
        ("C1", {"days": 10}, "days", "REG-2022 Art. 23"),
        ("C10", {}, "clock", "REG-2022 Art. 29"),
        ("C1", {"extended_days": 1}, "extended", "REG-2022 Art. 23"),
        ("C2", {"extended_days": 31}, "extended", "30 days at most"),
        ("C2", {"extended_days": -1}, "extended", "-1"),
        ("C9", {"extended_days": 1}, "extended", "REG-2022 Art. 25"),
        ("C2", {"hearing": [(date(2026, 3, 12), date(2026, 3, 13))]}, "hearing", "REG-2022 Art. 34"),
        ("C4", {"hearing": [(date(2026, 3, 12), date(2026, 3, 13))]}, "hearing", "REG-2022 Art. 35"),
        ("C6", {"hearing": [(date(2026, 3, 13), date(2026, 3, 12))]}, "hearing", "before it begins"),
    ],
)
def test_what_a_clock_does_not_allow_is_refused(
    clock: str, arguments: dict[str, object], field: str, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        due(REG, clock, date(2026, 3, 10), calendar=CALENDAR, **arguments)  # type: ignore[arg-type]  # one table for all arguments
    assert caught.value.field == field
    assert said in caught.value.message.en
    assert caught.value.message.zh


# --- hearing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spans", "left_out", "raw"),
    [
        ([], 0, "04-09"),
        ([("03-20", "03-22")], 3, "04-12"),
        ([("03-20", "03-22"), ("03-21", "03-24")], 5, "04-14"),  # overlapping days count once
        ([("03-01", "03-12")], 2, "04-11"),  # only 03-11 and 03-12 lie after the start
        ([("04-09", "04-09")], 1, "04-10"),  # the last day itself
        ([("04-10", "04-20")], 0, "04-09"),  # after the end
        ([("03-20", "03-20"), ("04-10", "04-11")], 3, "04-12"),  # in only because the first one pushed the end
    ],
)
def test_hearing_time_is_left_out_of_re_review(spans: list[tuple[str, str]], left_out: int, raw: str) -> None:
    hearing = [(date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last}")) for first, last in spans]
    end = due(REG, "C6", date(2026, 3, 10), hearing=hearing, calendar=CALENDAR)
    assert (end.hearing_days, end.raw_on) == (left_out, date.fromisoformat(f"2026-{raw}"))


# --- missing years ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "clock", "start", "year"),
    [
        (REG, "C1", date(2026, 12, 20), 2027),  # the raw end lies in 2027
        (REG, "C2", date(2026, 11, 2), 2027),  # 2027-01-01: surely a holiday, still not guessed
        (REG, "C2", date(2026, 11, 3), 2027),  # 2027-01-02 is a Saturday, still not guessed
        (REG, "C1o", date(2026, 12, 30), 2027),
        (OLD, "C1", date(2006, 3, 1), 2006),
        (OLD, "S-notice", date(2006, 12, 1), 2006),
    ],
)
def test_a_year_without_calendar_is_not_guessed(rules: object, clock: str, start: date, year: int) -> None:
    with pytest.raises(CalendarMissingError) as caught:
        due(rules, clock, start, calendar=CALENDAR)  # type: ignore[arg-type]  # rule sets in a table of objects
    assert caught.value.year == year
    assert str(year) in caught.value.message.zh
    assert str(year) in caught.value.message.en


def test_a_roll_over_the_turn_into_a_missing_year_is_not_guessed() -> None:
    # 2022-12-31 is off by the notice for 2023, so a limit that ends there needs the calendar of 2023.
    upto_2022 = Calendar([Notice(year=2022, titles=("2022",), source="test", days=())])
    start = date(2022, 12, 16)
    with pytest.raises(CalendarMissingError) as caught:
        due(REG, "C1", start, calendar=upto_2022)  # raw end Saturday 2022-12-31
    assert caught.value.year == 2023
    assert due(REG, "C1", start, calendar=CALENDAR).last_on == date(2023, 1, 3)


def test_counting_through_a_missing_year_is_possible_where_no_day_of_it_decides() -> None:
    assert due(OLD, "C1", date(2006, 12, 25), calendar=CALENDAR).last_on == date(2007, 1, 9)


def test_december_of_the_last_year_is_marked() -> None:
    pending = due(REG, "C1", date(2026, 12, 1), calendar=CALENDAR)
    assert pending.last_on == date(2026, 12, 16)
    assert pending.next_notice_pending
    assert "2027" in explain(pending, "zh")[-1]
    assert not due(REG, "C1", date(2025, 12, 1), calendar=CALENDAR).next_notice_pending
    assert not due(REG, "C1", date(2026, 11, 1), calendar=CALENDAR).next_notice_pending


def test_an_imported_year_moves_dates_as_it_should() -> None:
    # An invented notice for 2027: the day before its New Year is off too.
    days = tuple(NamedDay(on=day, working=False, name="元旦") for day in (date(2026, 12, 31), date(2027, 1, 1)))
    knows_2027 = CALENDAR.with_notice(Notice(year=2027, titles=("invented",), source="test", days=days))
    start = date(2026, 12, 16)
    assert due(REG, "C1", start, calendar=CALENDAR).last_on == date(2026, 12, 31)
    assert due(REG, "C1", start, calendar=knows_2027).last_on == date(2027, 1, 4)  # over Fri 1, Sat 2, Sun 3 January


# --- properties ---------------------------------------------------------------------------------------------

STARTS = st.dates(date(2007, 1, 1), date(2026, 8, 31))
CALENDAR_DAYS = st.sampled_from(["C1", "C1t", "C2", "C3", "C4", "C5", "C6"])
WORKING_DAYS = st.sampled_from(["C1o", "S-notice", "S-answer", "S-pass", "C11"])


@given(start=STARTS, clock=CALENDAR_DAYS)
def test_calendar_days_end_on_the_first_working_day_from_the_raw_end(start: date, clock: str) -> None:
    end = due(REG, clock, start, calendar=CALENDAR)
    assert end.raw_on == start + timedelta(days=end.length)
    assert chinese_calendar.is_workday(end.last_on)
    between = [end.raw_on + timedelta(days=step) for step in range((end.last_on - end.raw_on).days)]
    assert not any(chinese_calendar.is_workday(day) for day in between)
    assert [step.on for step in end.rolled] == between


@given(start=STARTS, clock=WORKING_DAYS)
def test_working_days_are_as_many_as_the_length(start: date, clock: str) -> None:
    end = due(REG, clock, start, calendar=CALENDAR)
    assert len(chinese_calendar.get_workdays(start + timedelta(days=1), end.last_on)) == end.length
    assert chinese_calendar.is_workday(end.last_on)
    assert end.rolled == ()


@given(start=STARTS, days=st.integers(1, 30))
def test_an_extension_is_added_to_the_raw_end_and_rolled_once(start: date, days: int) -> None:
    plain, extended = (due(REG, "C2", start, extended_days=more, calendar=CALENDAR) for more in (0, days))
    assert extended.raw_on == plain.raw_on + timedelta(days=days)
    assert extended.last_on >= plain.last_on


@given(first=STARTS, second=STARTS, clock=st.one_of(CALENDAR_DAYS, WORKING_DAYS))
def test_a_later_start_never_ends_earlier(first: date, second: date, clock: str) -> None:
    assume(first <= second)
    assert due(REG, clock, first, calendar=CALENDAR).last_on <= due(REG, clock, second, calendar=CALENDAR).last_on


SPANS = st.lists(st.tuples(st.integers(-5, 60), st.integers(0, 10)), max_size=4)


@given(start=STARTS, spans=SPANS)
def test_hearing_days_are_not_counted_whatever_their_order(start: date, spans: list[tuple[int, int]]) -> None:
    hearing = [(start + timedelta(days=first), start + timedelta(days=first + more)) for first, more in spans]
    end = due(REG, "C6", start, hearing=hearing, calendar=CALENDAR)
    assert end == due(REG, "C6", start, hearing=hearing[::-1], calendar=CALENDAR)
    passed = [start + timedelta(days=step) for step in range(1, (end.raw_on - start).days + 1)]
    counted = [day for day in passed if not any(first <= day <= last for first, last in hearing)]
    assert len(counted) == 30
    assert len(passed) - len(counted) == end.hearing_days
    assert counted[-1] == end.raw_on


# --- the second clock ---------------------------------------------------------------------------------------


def test_both_clocks_agree_on_a_million_random_cases() -> None:
    differing, missing = compare(1_000_000, seed=20260302)
    assert differing == []
    assert missing > 10_000  # the turn into years without a calendar was among them


@pytest.mark.parametrize(
    ("changed", "case"),
    [
        (date(2026, 5, 6), Case("REG-2022", "C2", date(2026, 3, 2), 0, (), None, None)),
        (date(2026, 10, 9), Case("REG-2022", "C1o", date(2026, 9, 28), 0, (), None, None)),
    ],
)
def test_the_comparison_notices_a_single_wrong_day(changed: date, case: Case) -> None:
    table, rule = day_table(), RULES[case.rules][case.clock]
    assert first_clock(REG, CALENDAR, case) == second_clock(table, rule, case)
    table[changed] = not table[changed]
    assert first_clock(REG, CALENDAR, case) != second_clock(table, rule, case)
