"""A month counted by hand: every figure of March 2026, its lists, its parts, the months beside it, another cut-off."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from models import errors
from models.desk import put_setting
from models.figures import periods
from models.figures.indicators import TABLE
from models.figures.records import Dimension, Report
from models.register import Register
from tests.models.conftest import at
from tests.models.figures.bureau import MARCH, ROUTE
from tests.models.figures.conftest import Bureau


def values(report: Report) -> dict[str, int | float | None]:
    return {code: figure.value for code, figure in report.figures.items()}


def cut_off(register: Register, day: int) -> None:
    with register.act("set_setting", by=register.person, at=at("2026-04-01")) as act:
        put_setting(act, "figures.cut_off_day", day)


def test_march_is_what_was_counted_by_hand(office: Bureau) -> None:
    figures = office.figures("2026-04-10")
    report = figures.report(figures.month("2026-03"))
    assert not report.partial
    assert report.unknown_clocks == 0
    assert list(report.figures) == list(TABLE) == list(MARCH)
    assert values(report) == MARCH


def test_it_is_the_same_a_year_later_and_whenever_it_is_computed(office: Bureau) -> None:
    months = [office.figures(day).report(office.figures(day).month("2026-03")) for day in
              ("2026-04-01", "2026-04-01", "2026-11-30")]  # fmt: skip
    assert [values(one) for one in months] == [MARCH] * 3
    assert months[0].figures == months[2].figures
    assert months[0].groups == months[2].groups


def test_a_later_act_changes_a_later_month_only(office: Bureau) -> None:
    before = office.figures("2026-04-10")
    assert values(before.report(before.month("2026-03"))) == MARCH
    desk = office.desk("2026-04-10")
    desk.perform(office.matters["C"], "screen", {"category": "claim", "exit": "4"})
    desk.perform(office.matters["C"], "direct", {}, ROUTE)
    after = office.figures("2026-05-02")
    assert values(after.report(after.month("2026-03"))) == MARCH
    april = values(after.report(after.month("2026-04")))
    assert april["directed"] == 1
    assert april["late_met"] == 1  # C: told on 04-10, due by 03-25
    assert april["notices_due"] == 4  # D 04-07, H 04-13, K 04-14, L 04-15
    assert april["notices_on_time"] == 2  # D and L


def test_a_month_that_runs_is_partial_and_counts_until_today(office: Bureau) -> None:
    figures = office.figures("2026-03-17")
    report = figures.report(figures.month("2026-03"))
    assert report.partial
    assert report.as_of == date(2026, 3, 17)
    found = values(report)
    assert found["received"] == 4  # A B C I
    assert found["accepted"] == 1
    assert found["answered"] == 1  # F
    assert found["notices_due"] == 1  # A: told already, on its last day
    assert found["answers_due"] == 1  # F
    assert found["open_at_end"] == 7  # A B C E F G I
    assert found["late"] == 0
    last = office.figures("2026-03-31")
    assert last.report(last.month("2026-03")).partial  # the last day has not ended


def test_on_the_very_last_day_a_duty_is_not_failed_yet(office: Bureau) -> None:
    on_the_day = office.figures("2026-03-25")
    found = values(on_the_day.report(on_the_day.month("2026-03")))
    assert found["notices_due"] == 2  # A and B; that of C is still open
    the_day_after = office.figures("2026-03-26")
    found = values(the_day_after.report(the_day_after.month("2026-03")))
    assert (found["notices_due"], found["late"]) == (3, 2)  # C, and the answer of G


def test_last_month_and_last_year_stand_beside_it(office: Bureau) -> None:
    figures = office.figures("2026-04-10")
    report = figures.report(figures.month("2026-03"))
    february = {code: figure.value for code, figure in report.compared["last_month"].items()}
    assert february["received"] == 1  # E
    assert february["accepted"] == 1
    assert february["notices_due"] == 1  # E: 02-25
    assert february["open_at_end"] == 3  # E F G
    assert all(not figure.value for figure in report.compared["last_year"].values())
    assert values(figures.report(figures.month("2026-02"))) == february


def test_the_months_of_a_year_add_up_to_it(office: Bureau) -> None:
    figures = office.figures("2027-01-05")
    year = figures.report(figures.year("2026"))
    months = [figures.report(figures.month(f"2026-{number:02d}"), compare=False) for number in range(1, 13)]
    for code, meant in TABLE.items():
        if meant.kind == "count" and code not in ("open_at_end", "late"):
            assert year.figures[code].numerator == sum(one.figures[code].numerator for one in months), code
    assert year.figures["open_at_end"].things == months[-1].figures["open_at_end"].things


def test_a_cut_off_on_the_25th(office: Bureau) -> None:
    cut_off(office.register, 25)
    figures = office.figures("2026-04-10")
    march = figures.month("2026-03")
    assert (march.from_on, march.to_on) == (date(2026, 2, 26), date(2026, 3, 25))
    found = values(figures.report(march))
    assert found["received"] == 5  # A B C D I: H K L came after the 25th
    assert found["answered"] == 3  # A D F: G on the 27th
    assert found["notices_due"] == 3  # A B C: that of I ends on the 27th
    assert found["late"] == 1  # G: its answer was due by the 23rd; C's notice ends on the very day
    assert figures.month_of(date(2026, 3, 26)).key == "2026-04"
    year = figures.year("2026")
    assert (year.from_on, year.to_on) == (date(2025, 12, 26), date(2026, 12, 25))


@pytest.mark.parametrize("dimension", get_args(Dimension))
def test_the_parts_add_up_to_the_whole(office: Bureau, dimension: Dimension) -> None:
    figures = office.figures("2026-04-10")
    report = figures.report(figures.month("2026-03"))
    for code, meant in TABLE.items():
        whole = report.figures[code]
        if meant.kind == "product":
            continue
        parts = [group.figures[code] for group in report.groups[dimension]]
        assert sum(part.numerator for part in parts) == whole.numerator, code
        if whole.denominator is not None:
            assert sum(part.denominator or 0 for part in parts) == whole.denominator, code
        assert sorted(thing for part in parts for thing in part.things) == sorted(whole.things)


def test_the_parts_by_hand(office: Bureau) -> None:
    figures = office.figures("2026-04-10")
    report = figures.report(figures.month("2026-03"))

    def part(dimension: Dimension, code: str) -> dict[str, int]:
        return {
            group.words.zh: group.figures[code].numerator
            for group in report.groups[dimension]
            if group.figures[code].numerator
        }

    assert part("channel", "received") == {"来信": 3, "来访": 3, "来电": 1, "传真": 1}
    assert part("channel", "answered") == {"来访": 1, "来信": 2, "来电": 1}
    assert part("initial", "received") == {"初次": 7, "重复": 1}
    assert part("form", "received") == {"集体访": 1, "单独信访": 7}
    assert part("unit", "answered") == {"刑事侦查大队": 3, "信访科": 1}
    assert part("purpose", "received") == {"建议意见": 1, "求决": 6, "揭发(检举)控告": 1}
    assert part("timeliness", "open_at_end") == {"逾期未办": 1, "逾期办成": 1, "在期限内": 7}


@pytest.mark.parametrize(
    ("key", "cut"), [("2026-13", 0), ("26-03", 0), ("2026-03-01", 0), ("2026-03", 29), ("", 0), ("0001-01", 0)]
)
def test_what_is_no_month_is_refused_by_its_name(key: str, cut: int) -> None:
    with pytest.raises(errors.InputError) as refused:
        periods.month(key, cut)
    assert (str(cut) if cut else key) in refused.value.message.zh


def test_days_out_of_order_are_refused(office: Bureau) -> None:
    figures = office.figures("2026-04-10")
    with pytest.raises(errors.InputError, match="2026-03-09"):
        figures.span(date(2026, 3, 10), date(2026, 3, 9))
    one_day = figures.report(figures.span(date(2026, 3, 10), date(2026, 3, 10)))
    assert one_day.figures["received"].value == 1


@pytest.mark.parametrize(("name", "value"), [("figures.cut_off_day", "二十五"), ("figures.service_days", 0),
                                             ("intake.group_from", True), ("figures.guard", 2.5)])  # fmt: skip
def test_a_setting_that_is_no_number_is_named(office: Bureau, name: str, value: object) -> None:
    with office.register.act("set_setting", by=office.register.person, at=at("2026-04-01")) as act:
        put_setting(act, name, value)
    figures = office.figures("2026-04-10")
    march = periods.month("2026-03")
    with pytest.raises(errors.InputError) as refused:
        _ = figures.report(march), figures.evaluation(march)
    assert refused.value.field == name
    assert str(value) in refused.value.message.zh


def test_the_first_year_has_none_before_it() -> None:
    assert periods.earlier(periods.year("1949")) is None
    assert periods.earlier(periods.month("1949-01", 25)) is None
    assert periods.year_earlier(periods.month("1949-05")) is None
    before = periods.earlier(periods.month("2026-01"))
    assert before is not None
    assert before.key == "2025-12"
