"""The rules of reception: days as worked examples from the holiday notices, properties, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import clocks, errors
from models.reception import rules
from models.reception.rules import PlanRule, given_days
from models.register import Register
from tests.models.conftest import NOW, at, person

CALENDAR = clocks.load_calendar()


def rule(**more: Any) -> PlanRule:
    values = {"leader": 1, "every": "month", "begin": "09:00", "end": "11:30", "place": "接待大厅"}
    return PlanRule(**{**values, **more})


def in_year(found: PlanRule, year: int) -> list[tuple[str, str]]:
    return [
        (nominal.isoformat()[5:], on.isoformat()[5:])
        for nominal, on in given_days(found, date(year, 1, 1), date(year, 12, 31), CALENDAR)
    ]


# --- worked examples, by the State Council's notice for 2026 ----------------------------------------------------------


def test_the_second_wednesday_of_every_month_of_2026() -> None:
    """No second Wednesday of 2026 is a rest day: read off a wall calendar."""
    days = ["01-14", "02-11", "03-11", "04-08", "05-13", "06-10", "07-08", "08-12", "09-09", "10-14", "11-11", "12-09"]
    assert in_year(rule(week=2, weekday=3), 2026) == [(day, day) for day in days]


def test_a_first_thursday_in_the_new_year_holiday_moves_over_the_holiday() -> None:
    """2026-01-01 is a Thursday; rest to the 3rd, and Sunday the 4th is worked. 10-01: rest to 10-07."""
    found = dict(in_year(rule(week=1, weekday=4), 2026))
    assert found["01-01"] == "01-04"
    assert found["10-01"] == "10-08"


def test_the_first_working_tuesday_as_a_provincial_department_has_it() -> None:
    """The first Tuesday; in February 2026 the third falls into the Spring Festival (02-15 to 02-23)."""
    assert in_year(rule(week=1, weekday=2), 2026)[:3] == [("01-06", "01-06"), ("02-03", "02-03"), ("03-03", "03-03")]
    assert ("02-17", "02-24") in in_year(rule(week=3, weekday=2), 2026)


def test_the_nth_working_day_of_a_month_is_counted_over_rest_days_and_make_up_days() -> None:
    """January 2026: 4 (make-up Sunday), 5, 6; February: 2, 3, 4; October: 8, 9, 10 (make-up Saturday)."""
    assert dict(in_year(rule(working=1), 2026))["01-04"] == "01-04"
    assert [nominal for nominal, _ in in_year(rule(working=3), 2026)][:2] == ["01-06", "02-04"]
    assert [nominal for nominal, _ in in_year(rule(working=3), 2026)][9] == "10-10"


def test_a_month_with_fewer_working_days_gives_its_last_one() -> None:
    """February 2026 has 16 working days: 20 weekdays less 6 days off (16 to 20 and 23), plus the 14th and the 28th."""
    assert in_year(rule(working=20), 2026)[1] == ("02-28", "02-28")


def test_day_31_of_a_short_month_is_its_last_day_and_moves_when_it_rests() -> None:
    """2026-01-31 and 02-28: a Saturday, and a make-up Saturday that is worked; 05-31 is a Sunday."""
    found = dict(in_year(rule(day=31), 2026))
    assert found["01-31"] == "02-02"
    assert found["02-28"] == "02-28"
    assert found["05-31"] == "06-01"


def test_the_last_friday_of_a_month() -> None:
    assert [on for _, on in in_year(rule(week=5, weekday=5), 2026)][:4] == ["01-30", "02-27", "03-27", "04-24"]


def test_a_city_leader_receives_one_day_a_quarter() -> None:
    found = in_year(rule(every="quarter", month=2, week=1, weekday=1), 2026)
    assert found == [("02-02", "02-02"), ("05-04", "05-06"), ("08-03", "08-03"), ("11-02", "11-02")]


def test_city_chiefs_receive_one_day_a_week() -> None:
    """Every Thursday of February and March 2026; 02-19 lies in the Spring Festival."""
    found = list(given_days(rule(every="week", weekday=4), date(2026, 2, 1), date(2026, 3, 8), CALENDAR))
    assert [on.isoformat() for _, on in found] == ["2026-02-05", "2026-02-12", "2026-02-24", "2026-02-26", "2026-03-05"]


def test_one_day_a_year() -> None:
    assert in_year(rule(every="year", month=12, day=4), 2026) == [("12-04", "12-04")]


def test_only_the_period_counts_by_the_rules_own_day() -> None:
    found = list(given_days(rule(day=31), date(2026, 1, 31), date(2026, 2, 27), CALENDAR))
    assert found == [(date(2026, 1, 31), date(2026, 2, 2))]


def test_a_year_without_a_calendar_is_not_guessed_at() -> None:
    with pytest.raises(errors.CalendarMissingError) as found:
        list(given_days(rule(week=2, weekday=3), date(2031, 1, 1), date(2031, 2, 1), CALENDAR))
    assert found.value.year == 2031


# --- properties -------------------------------------------------------------------------------------------------------

YEARS = [year for year in CALENDAR.years if year + 1 in CALENDAR.years]
MONTHS = {"month": 1, "quarter": 3, "year": 12}


@st.composite
def plan_rules(draw: st.DrawFn) -> PlanRule:
    every = draw(st.sampled_from(["week", *MONTHS]))
    if every == "week":
        return rule(every=every, weekday=draw(st.integers(1, 7)))
    month = draw(st.integers(1, MONTHS[every]))
    which = draw(st.sampled_from(["weekday", "day", "working"]))
    if which == "weekday":
        return rule(every=every, month=month, week=draw(st.integers(1, 5)), weekday=draw(st.integers(1, 7)))
    return rule(every=every, month=month, **{which: draw(st.integers(1, 31 if which == "day" else 20))})


@given(plan_rules(), st.sampled_from(YEARS))
def test_a_reception_is_never_on_a_rest_day_and_only_rest_days_are_passed_over(found: PlanRule, year: int) -> None:
    for nominal, on in given_days(found, date(year, 1, 1), date(year, 12, 31), CALENDAR):
        assert CALENDAR.is_working(on)
        assert on >= nominal
        for passed in range((on - nominal).days):
            assert not CALENDAR.is_working(nominal + timedelta(days=passed))


@given(plan_rules(), st.sampled_from(YEARS))
def test_every_period_has_its_one_day_and_it_is_the_one_that_the_rule_names(found: PlanRule, year: int) -> None:
    days = [nominal for nominal, _ in given_days(found, date(year, 1, 1), date(year, 12, 31), CALENDAR)]
    assert days == sorted(set(days))
    if found.every == "week":
        assert {day.isoweekday() for day in days} == {found.weekday}
        assert len(days) in (52, 53)
        return
    length = MONTHS[found.every]
    assert [day.month for day in days] == list(range(found.month, 13, length))
    for day in days:
        month = [date(year, day.month, 1) + timedelta(days=more) for more in range(31)]
        month = [one for one in month if one.month == day.month]
        if found.working:
            before = [one for one in month if CALENDAR.is_working(one) and one <= day]
            every = [one for one in month if CALENDAR.is_working(one)]
            assert len(before) == min(found.working, len(every))
        elif found.day:
            assert day.day == min(found.day, len(month))
        else:
            same = [one for one in month if one.isoweekday() == found.weekday]
            assert found.week is not None
            assert day == same[min(found.week, len(same)) - 1]


@given(plan_rules())
def test_a_rule_is_told_in_words_from_what_is_kept_with_its_days(found: PlanRule) -> None:
    words = rules.words_of(f"{found.key}@2026-03-11")
    assert words == found.words
    assert words.zh.startswith("每")
    assert "every" in words.en


# --- read and refused -------------------------------------------------------------------------------------------------


def entry(register: Register, **more: Any) -> dict[str, Any]:
    chief = person(register, "ch").id
    given = {
        "leader": chief,
        "every": "month",
        "week": 2,
        "weekday": 3,
        "from": "09:00",
        "to": "11:30",
        "place": "大厅",
    }
    return {**given, **more}


def test_rules_are_set_by_who_plans_and_read_back(register: Register) -> None:
    given = [entry(register), entry(register, leader=person(register, "dl").id, week=None, weekday=None, working=1)]
    rules.set_rules(register, given, by=person(register, "pu"), at=NOW)
    first, second = rules.of_register(register)
    assert (first.leader, first.week, first.weekday, first.form) == (person(register, "ch").id, 2, 3, "fixed")
    assert (second.working, second.weekday) == (1, None)
    assert first.words == errors.Message("每月第 2 个星期三", "second Wednesday, every month")
    assert second.words == errors.Message("每月第 1 个工作日", "working day 1, every month")


def test_who_has_no_part_in_the_plan_sets_no_rule(register: Register) -> None:
    with pytest.raises(errors.NotAllowedError):
        rules.set_rules(register, [entry(register)], by=person(register, "ho"), at=at("2026-03-02"))
    assert rules.of_register(register) == ()


BAD: list[tuple[dict[str, Any], str]] = [
    ({"every": "fortnight"}, "“every”"),
    ({"week": None}, "weekday/day/working"),
    ({"week": 6}, "“week”"),
    ({"weekday": 0}, "“weekday”"),
    ({"weekday": True}, "“weekday”"),
    ({"day": 15}, "weekday/day/working"),
    ({"every": "week"}, "weekday/day/working"),
    ({"every": "week", "week": None, "weekday": None, "day": 3}, "weekday/day/working"),
    ({"week": None, "weekday": None, "day": 32}, "“day”"),
    ({"week": None, "weekday": None, "working": 21}, "“working”"),
    ({"every": "quarter", "month": 4}, "“month”"),
    ({"month": 2}, "“month”"),
    ({"form": "secret"}, "“form”"),
    ({"from": "9:00"}, "“from/to”"),
    ({"from": "11:30", "to": "09:00"}, "“from/to”"),
    ({"place": " "}, "“place”"),
    ({"leader": 99}, "“leader”"),
    ({"leader": "正局长"}, "“leader”"),
    ({"who": "王局长"}, "“who”"),
]


@pytest.mark.parametrize(("change", "where"), BAD)
def test_a_rule_that_cannot_be_is_named_by_place_and_key(
    change: dict[str, Any], where: str, register: Register
) -> None:
    given = [entry(register), entry(register, **change)]
    with pytest.raises(errors.InputError) as found:
        rules.set_rules(register, given, by=person(register, "ch"), at=NOW)
    assert "第 2 条" in found.value.message.zh
    assert where in found.value.message.zh
    assert "第十八条" in found.value.message.zh
    assert "Art. 18" in found.value.message.en
    assert rules.of_register(register) == ()


@pytest.mark.parametrize("raw", ["每月第一个星期二", {"leader": 1}, 7])
def test_what_is_no_list_of_rules_is_refused(raw: Any, register: Register) -> None:
    with pytest.raises(errors.InputError, match="应为规则的列表"):
        rules.read_rules(register, raw)


def test_an_entry_that_is_no_rule_is_refused(register: Register) -> None:
    with pytest.raises(errors.InputError, match="第 1 条"):
        rules.read_rules(register, ["每月"])


def test_a_leader_who_has_left_the_bureau_no_longer_has_a_rule(register: Register) -> None:
    rules.set_rules(register, [entry(register)], by=person(register, "ch"), at=NOW)
    chief = person(register, "ch").id
    with register.act("close_staff", by=register.person, at=NOW) as act:
        act.set("staff", chief, closed=True)
    with pytest.raises(errors.InputError, match="leader"):
        rules.of_register(register)
