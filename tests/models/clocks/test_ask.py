"""`petition-desk clock`: what it answers, what it refuses, how days are typed; and the words of the derivation."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from models.clocks import (
    cli_clock,
    derivation,
    due,
    explain,
    load_calendar,
    read_day,
    read_span,
    rule_set,
    rule_set_ids,
)
from models.errors import CalendarMissingError, InputError
from tests.models.clocks.second_clock import RULES

CALENDAR = load_calendar()


def test_the_answer_is_plain_and_complete() -> None:
    answer = cli_clock("reg-2022", "c2", date(2026, 3, 2), 30)
    assert json.loads(json.dumps(answer)) == answer
    expected = {
        "rules": "REG-2022", "clock": "C2", "from": "2026-03-02", "unit": "C", "length": 60, "extended": 30,
        "hearing_days": 0, "raw_end": "2026-05-31", "last_day": "2026-06-01", "due": "2026-06-01",
    }  # fmt: skip
    assert {key: answer[key] for key in expected} == expected
    assert answer["article"] == {"zh": "《信访工作条例》第34条", "en": "REG-2022 Art. 34"}
    assert answer["name"]["en"].startswith("Handling")
    assert answer["rolled"] == ["2026-05-31"]
    assert len(answer["derivation"]["zh"]) == len(answer["derivation"]["en"]) > 4


def test_hearing_and_overlay() -> None:
    answer = cli_clock("LOCAL-beijing", "C6", date(2026, 3, 10), 30, [(date(2026, 3, 20), date(2026, 3, 22))])
    assert answer["rules"] == "REG-2022/LOCAL-beijing"
    assert (answer["raw_end"], answer["hearing_days"]) == ("2026-05-12", 3)
    assert answer["hearing"] == [["2026-03-20", "2026-03-22"]]


def test_as_set() -> None:
    assert cli_clock("REG-2022", "C8", date(2026, 3, 10), days=20)["last_day"] == "2026-03-30"
    assert cli_clock("REG-2022", "C8", date(2026, 3, 10), until=date(2026, 4, 11))["last_day"] == "2026-04-11"


def test_the_tracks_of_a_set_are_those_of_the_day() -> None:
    assert cli_clock("REG-2022", "S-notice", date(2022, 6, 1))["alongside"] == ["SIMPLE-2016", "RATE-2022"]
    assert cli_clock("REG-2022", "C1s", date(2022, 6, 1))["due"] == "2022-06-16"


@pytest.mark.parametrize(
    ("arguments", "field", "said"),
    [
        (("REG-1999", "C1", date(2026, 3, 2)), "rules", "SC-431, REG-2022"),
        (("REG-2022", "C99", date(2026, 3, 2)), "clock", "C1, C1t, C1o"),
        (("REG-2022", "C2", date(2026, 3, 2), 31), "extended", "REG-2022 Art. 34"),
        (("SC-431", "C3", date(2021, 3, 2), 5), "extended", "SC-431 Art. 34"),
        (("SC-431", "C2", date(2021, 3, 2), 0, [(date(2021, 3, 5), date(2021, 3, 6))]), "hearing", "SC-431 Art. 33"),
    ],
)
def test_refusals_name_field_and_article(arguments: tuple[object, ...], field: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        cli_clock(*arguments)  # type: ignore[arg-type]  # arguments of several kinds in one table
    assert caught.value.field == field
    assert said in caught.value.message.en
    assert re.search("[一-鿿]", caught.value.message.zh)


def test_2027_is_not_guessed() -> None:
    with pytest.raises(CalendarMissingError, match="2027"):
        cli_clock("REG-2022", "C2", date(2026, 12, 1))


@pytest.mark.parametrize("typed", ["2026-03-02", "2026/3/2", "2026.3.2", "2026年3月2日", " 2026-3-02 "])
def test_days_as_typed(typed: str) -> None:
    assert read_day(typed, "--from") == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-02-30", "no such day"),
        ("2026-13-01", "no such day"),
        ("yesterday", "not a date"),
        ("0000-01-01", "no such day"),
        ("", "not a date"),
    ],
)
def test_impossible_days(typed: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_day(typed, "--from")
    assert said in caught.value.message.en
    assert "--from" in caught.value.message.zh


def test_spans() -> None:
    assert read_span("2026-03-02..2026-03-04", "--hearing") == (date(2026, 3, 2), date(2026, 3, 4))
    assert read_span("2026-03-02", "--hearing") == (date(2026, 3, 2), date(2026, 3, 2))
    with pytest.raises(InputError, match=r"2026-03-0"):
        read_span("2026-03-04..2026-03-02", "--hearing")
    with pytest.raises(InputError):
        read_span("2026-03-04..", "--hearing")


# --- derivation ------------------------------------------------------------------------------------------------


def test_each_step_is_told() -> None:
    end = due(rule_set("REG-2022"), "C2", date(2026, 3, 2), extended_days=30, calendar=CALENDAR)
    zh, en = "\n".join(explain(end, "zh")), "\n".join(explain(end, "en"))
    for told in (
        "第34条",
        "当日不计",
        "2026-03-03",
        "2026-05-01",
        "延长 30 日",
        "2026-05-31",
        "顺延",
        "2026-06-01",
        "第203条",
    ):
        assert told in zh
    for told in (
        "Art. 34",
        "not counted",
        "2026-03-03",
        "2026-05-01",
        "Extended by 30",
        "2026-05-31",
        "rest day",
        "Art. 203",
    ):
        assert told in en


def test_rolling_over_a_holiday_names_it_once() -> None:
    end = due(rule_set("REG-2022"), "C2", date(2026, 3, 2), calendar=CALENDAR)
    assert "2026-05-01..2026-05-05 劳动节" in "\n".join(explain(end, "zh"))
    assert "2026-05-01..2026-05-05 Labour Day" in "\n".join(explain(end, "en"))


def test_make_up_days_are_told() -> None:
    no_roll = due(rule_set("REG-2022"), "C1", date(2026, 1, 30), calendar=CALENDAR)
    assert "是调休上班日，不顺延" in "\n".join(explain(no_roll, "zh"))
    counted = due(rule_set("REG-2022"), "C1o", date(2026, 9, 28), calendar=CALENDAR)
    lines = "\n".join(explain(counted, "en"))
    assert "Left out as days off: 2026-10-01..2026-10-07 National Day" in lines
    assert "Counted as make-up working days: 2026-10-10" in lines
    assert [step.kind for step in counted.steps].count("make-up") == 1


def test_hearing_at_once_and_dates_set_are_told() -> None:
    rules = rule_set("REG-2022")
    span = (date(2026, 3, 20), date(2026, 3, 22))
    assert "听证 3 日不计算在内" in "\n".join(
        explain(due(rules, "C6", date(2026, 3, 10), hearing=[span], calendar=CALENDAR), "zh")
    )
    assert "rest days move nothing" in "\n".join(explain(due(rules, "C9", date(2026, 5, 1), calendar=CALENDAR), "en"))
    stands = due(rules, "C8", date(2026, 3, 10), until=date(2026, 4, 11), calendar=CALENDAR)
    assert "it stands as set" in "\n".join(explain(stands, "en"))
    assert stands.steps == ()


def test_the_text_that_the_counting_rests_on_is_the_one_of_its_time() -> None:
    rules = rule_set("SC-431")
    told = {
        year: explain(due(rules, "C1", date(year, 3, 10), calendar=CALENDAR), "en")[1] for year in (2008, 2015, 2021)
    }
    assert "project rule" in told[2008]
    assert "MPS-ADM Art. 35" in told[2015]
    assert "Civil Code" not in told[2015]
    assert "Civil Code Art. 201" in told[2021]


def test_doubts_are_told() -> None:
    simple = "\n".join(explain(due(rule_set("SIMPLE-2022"), "S-notice", date(2026, 3, 10), calendar=CALENDAR), "zh"))
    assert "未核实：天数" in simple
    early = "\n".join(explain(due(rule_set("REG-2022"), "C1", date(2021, 3, 10), calendar=CALENDAR), "en"))
    assert "before REG-2022 came into force" in early


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_clock_is_explained_in_both_languages(name: str) -> None:
    rules = rule_set(name)
    for clock in rules.clocks:
        if clock.unit == "none":
            continue
        days = 20 if clock.unit == "as_set" else None
        most = (clock.extension.max_days or 20) if clock.extension else 0
        for extension in {0, most}:
            lines = derivation(
                due(rules, clock.id, date(2026, 4, 10), days=days, extended_days=extension, calendar=CALENDAR)
            )
            for line in lines:
                assert re.search("[一-鿿]", line.zh)
                assert not re.search("[一-鿿]", line.en.replace("及时", "")), line.en
                assert line.zh[-1] in "。；"
                assert line.en[-1] == "."


def test_all_set_ids_answer() -> None:
    for name in rule_set_ids():
        assert rule_set(name).clocks
