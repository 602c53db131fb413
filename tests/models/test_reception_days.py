"""Planning reception days: proposed by rule, added, changed, cancelled, received by a named substitute."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models import errors
from models.reception import rules
from models.register import Register
from tests.models.conftest import accused, person
from tests.models.reception_day import DAY, EVE, PLAN, Reception


@pytest.fixture
def bureau(register: Register) -> Reception:
    return Reception(register)


def set_rules(bureau: Reception, *given: dict[str, Any]) -> None:
    whole = {"from": "09:00", "to": "11:30", "place": "信访接待大厅", "phone": "0000-0000110"}
    rules.set_rules(
        bureau.register, [{**whole, **one} for one in given], by=person(bureau.register, "ch"), at=bureau.now
    )


# --- proposed and planned ---------------------------------------------------------------------------------------------


def test_a_quarter_is_proposed_by_the_rules_and_planned_once(bureau: Reception) -> None:
    """The chief every second Wednesday, a deputy every first working day; that of March is planned."""
    set_rules(
        bureau,
        {"leader": bureau.id("ch"), "every": "month", "week": 2, "weekday": 3},
        {"leader": bureau.id("dl"), "every": "month", "working": 1},
    )
    desk = bureau.of("pu")
    found = desk.propose(date(2026, 3, 1), date(2026, 5, 31))
    assert [(one.on.isoformat(), one.leader.name) for one in found] == [
        ("2026-03-02", "分管长"), ("2026-04-01", "分管长"), ("2026-04-08", "正局长"),
        ("2026-05-06", "分管长"), ("2026-05-13", "正局长"),
    ]  # fmt: skip
    assert not any(one.moved for one in found), "the n-th working day is never a rest day"
    planned = desk.plan_days(found)
    assert len(planned) == len(found)
    assert desk.propose(date(2026, 3, 1), date(2026, 5, 31)) == ()
    assert desk.day(planned[0]).rule == errors.Message("每月第 1 个工作日", "working day 1, every month")
    assert [day.on for day in desk.days(date(2026, 5, 1), date(2026, 5, 31))] == [date(2026, 5, 6), date(2026, 5, 13)]


def test_a_day_that_moved_says_from_which(bureau: Reception) -> None:
    set_rules(bureau, {"leader": bureau.id("ch"), "every": "month", "day": 1})
    first = bureau.of("ch").propose(date(2026, 5, 1), date(2026, 5, 31))[0]
    assert (first.nominal_on, first.on, first.moved) == (date(2026, 5, 1), date(2026, 5, 6), True)


def test_a_cancelled_or_changed_day_is_not_proposed_again(bureau: Reception) -> None:
    set_rules(bureau, {"leader": bureau.id("ch"), "every": "month", "week": 2, "weekday": 3})
    desk = bureau.of("pu")
    april, may = desk.plan_days(desk.propose(date(2026, 4, 1), date(2026, 5, 31)))
    desk.cancel_day(april, "全局封闭训练")
    desk.change_day(may, on=date(2026, 5, 14))
    assert desk.propose(date(2026, 4, 1), date(2026, 5, 31)) == ()
    assert (desk.day(april).state, desk.day(april).cancelled) == ("cancelled", "全局封闭训练")
    assert desk.day(may).on == date(2026, 5, 14)


def test_without_a_rule_nothing_is_proposed_and_it_is_said_why(bureau: Reception) -> None:
    with pytest.raises(errors.RuleError, match="还没有设定接访规则") as found:
        bureau.of("pu").propose(date(2026, 3, 1), date(2026, 3, 31))
    assert "Art. 18" in found.value.message.en


def test_a_period_that_ends_before_it_begins_is_refused(bureau: Reception) -> None:
    with pytest.raises(errors.InputError, match="早于起始日"):
        bureau.of("pu").propose(date(2026, 3, 31), date(2026, 3, 1))


def test_a_proposal_planned_twice_is_refused_and_nothing_is_planned(bureau: Reception) -> None:
    set_rules(bureau, {"leader": bureau.id("dl"), "every": "month", "working": 1})
    desk = bureau.of("pu")
    found = desk.propose(date(2026, 4, 1), date(2026, 4, 30))
    with pytest.raises(errors.InputError, match="已有接访安排"):
        desk.plan_days([*found, *found])
    assert desk.days(date(2026, 4, 1), date(2026, 4, 30)) == ()


# --- by hand ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "kind", "words"),
    [
        ({"on": date(2026, 3, 8)}, errors.RuleError, "休息日"),
        ({"begin": "09.00"}, errors.InputError, "二十四小时制"),
        ({"begin": "11:30"}, errors.InputError, "开始时间"),
        ({"place": ""}, errors.MissingPartError, "接访地点"),
        ({"form": "letter"}, errors.InputError, "接访方式"),
        ({"leader": "ho"}, errors.InputError, "局长或者分管局领导"),
        ({"leader": "nobody"}, errors.InputError, "局长或者分管局领导"),
        ({"form": "going_out", "leader": "nobody"}, errors.InputError, "不是在职人员"),
        ({"window": "3"}, errors.InputError, "没有“window”"),
        ({"on": date(2026, 3, 11)}, errors.InputError, "已有接访安排"),
    ],
)
def test_a_day_that_cannot_be_is_refused(
    changed: dict[str, Any], kind: type[errors.RuleError], words: str, bureau: Reception
) -> None:
    given: dict[str, Any] = {**PLAN, "on": date(2026, 3, 12), "leader": "ch", **changed}
    on, leader = given.pop("on"), given.pop("leader")
    with pytest.raises(kind, match=words):
        bureau.of("pu").add_day(on, 99 if leader == "nobody" else bureau.id(leader), **given)


def test_a_make_up_saturday_is_a_working_day(bureau: Reception) -> None:
    """2026-05-09 is worked in place of the Labour Day holiday."""
    day = bureau.of("pu").add_day(date(2026, 5, 9), bureau.id("ch"), **PLAN)
    assert bureau.of("pu").day(day).on == date(2026, 5, 9)


def test_going_out_may_be_on_a_rest_day_and_by_a_delegate(bureau: Reception) -> None:
    """MPS-79 Art. 6: leader or delegate, where the petitioner lives."""
    day = bureau.of("dl").add_day(
        date(2026, 3, 14), bureau.id("hu"), form="going_out", begin="14:00", end="16:00", place="示例镇东村"
    )
    found = bureau.of("dl").day(day)
    assert (found.form, found.host.name) == ("going_out", "刑大队")
    assert found.notice_due_on is None, "whom a leader visits is not told to the public"
    assert not found.notice_late


def test_two_leaders_receive_on_one_day_and_one_leader_twice(bureau: Reception) -> None:
    desk = bureau.of("pu")
    desk.add_day(date.fromisoformat(DAY), bureau.id("dl"), **PLAN)
    desk.add_day(date.fromisoformat(DAY), bureau.id("ch"), **{**PLAN, "begin": "14:30", "end": "17:00"})
    assert len(desk.days(date.fromisoformat(DAY), date.fromisoformat(DAY))) == 3


def test_only_who_plans_plans(bureau: Reception) -> None:
    for login in ("reg", "ho", "leg", "di", "keep"):
        with pytest.raises(errors.NotAllowedError):
            bureau.of(login).add_day(date(2026, 3, 12), bureau.id("ch"), **PLAN)
    with pytest.raises(errors.NotAllowedError):
        bureau.of("keep").days(date(2026, 3, 1), date(2026, 3, 31))


def test_what_leaders_are_in_charge_of(bureau: Reception) -> None:
    bureau.of("pu").portfolio(bureau.id("dl"), "分管治安、出入境")
    found = [(one.name, one.portfolio) for one in bureau.of("pu").leaders() if one.post]
    assert found == [("正局长", "主持全面工作"), ("分管长", "分管治安、出入境")]
    with pytest.raises(errors.InputError, match="不是在职的局领导"):
        bureau.of("pu").portfolio(bureau.id("ho"), "办案")


def test_a_day_that_does_not_exist_is_told(bureau: Reception) -> None:
    with pytest.raises(errors.InputError, match="没有这个接访日"):
        bureau.of("pu").day(1)


# --- changed and cancelled --------------------------------------------------------------------------------------------


def test_a_day_with_a_booking_is_not_cancelled(bureau: Reception) -> None:
    matter = bureau.turn(EVE).matter()
    bureau.do(matter, "book_reception", reception_on=DAY, slot="09:30")
    with pytest.raises(errors.RuleError, match="还有 1 件预约"):
        bureau.of("pu").cancel_day(bureau.day, "会议")
    bureau.do(matter, "withdraw_booking", reason="信访人改日再来")
    bureau.of("pu").cancel_day(bureau.day, "会议")
    assert bureau.of("pu").day(bureau.day).state == "cancelled"


def test_who_is_complained_of_cancels_a_day_without_a_word_about_the_visit(bureau: Reception) -> None:
    """REG-2022 Art. 30: a refusal would tell the accused that there is a visit."""
    other = bureau.of("pu").add_day(date.fromisoformat(DAY), bureau.id("dl"), **PLAN)
    matter = bureau.turn(EVE).matter(
        "反映局长插手案件", purpose="accusation", accused=(accused("正局长", staff=bureau.id("ch")),)
    )
    bureau.do(matter, "book_reception", reception_on=DAY, leader=bureau.id("dl"))
    with pytest.raises(errors.RuleError, match="还有 1 件预约"):
        bureau.of("pu").cancel_day(other, "会议")
    bureau.of("ch").cancel_day(other, "会议")
    [line] = bureau.of("pu").docket(other).lines
    assert (line.state, line.reason) == ("withdrawn", "接访日已取消或者调整，另行安排接访")
    assert bureau.of("ch").docket(other).lines == ()


def test_a_day_is_not_moved_over_the_head_of_who_is_booked(bureau: Reception) -> None:
    matter = bureau.turn(EVE).matter()
    bureau.do(matter, "book_reception", reception_on=DAY, slot="09:30")
    for changed in ({"on": date(2026, 3, 12)}, {"begin": "10:00"}, {"end": "09:30"}):
        with pytest.raises(errors.RuleError, match="有 1 件预约"):
            bureau.of("pu").change_day(bureau.day, **changed)
    bureau.of("pu").change_day(bureau.day, end="10:30", place="三楼")
    assert bureau.visit(matter).state == "booked"
    bureau.do(matter, "withdraw_booking", reason="改约")
    bureau.of("pu").change_day(bureau.day, on=date(2026, 3, 12))
    assert bureau.of("pu").day(bureau.day).on == date(2026, 3, 12)


def test_who_is_complained_of_moves_a_day_without_a_word_about_the_visit(bureau: Reception) -> None:
    """REG-2022 Art. 30, as for a day that is cancelled."""
    other = bureau.of("pu").add_day(date.fromisoformat(DAY), bureau.id("dl"), **PLAN)
    matter = bureau.turn(EVE).matter(
        "反映局长插手案件", purpose="accusation", accused=(accused("正局长", staff=bureau.id("ch")),)
    )
    bureau.do(matter, "book_reception", reception_on=DAY, leader=bureau.id("dl"))
    bureau.of("ch").change_day(other, on=date(2026, 3, 12))
    [line] = bureau.of("pu").docket(other).lines
    assert line.state == "withdrawn"


def test_cancelling_needs_a_reason_and_a_day_that_has_not_begun(bureau: Reception) -> None:
    with pytest.raises(errors.MissingPartError):
        bureau.of("pu").cancel_day(bureau.day, " ")
    bureau.turn(DAY).of("ch").begin(bureau.day)
    with pytest.raises(errors.RuleError, match="接访中"):
        bureau.of("pu").cancel_day(bureau.day, "会议")
    with pytest.raises(errors.RuleError, match="接访中"):
        bureau.of("pu").change_day(bureau.day, place="三楼")


def test_a_change_is_checked_like_a_new_day(bureau: Reception) -> None:
    desk = bureau.of("pu")
    with pytest.raises(errors.RuleError, match="休息日"):
        desk.change_day(bureau.day, on=date(2026, 3, 15))
    with pytest.raises(errors.InputError, match="没有“when”"):
        desk.change_day(bureau.day, when="later")
    desk.change_day(bureau.day, begin="14:30", end="17:00", leader=bureau.id("dl"))
    found = desk.day(bureau.day)
    assert (found.begin, found.end, found.leader.name) == ("14:30", "17:00", "分管长")


# --- the substitute ---------------------------------------------------------------------------------------------------


def test_a_reception_without_a_substitute_for_an_absent_chief_is_refused(bureau: Reception) -> None:
    """Domain reference, section 13: absence = a named substitute leader, recorded."""
    bureau.turn(DAY)
    with pytest.raises(errors.RuleError, match="没有指定替代领导") as found:
        bureau.of("reg").begin(bureau.day, present=False)
    assert "正局长" in found.value.message.zh
    assert "第十八条" in found.value.message.zh
    assert bureau.of("reg").day(bureau.day).state == "planned"
    bureau.of("pu").substitute(bureau.day, bureau.id("dl"), "赴市局开会")
    bureau.of("reg").begin(bureau.day, present=False)
    day = bureau.of("reg").day(bureau.day)
    assert (day.state, day.leader.name, day.host.name) == ("open", "正局长", "分管长")
    assert (day.substitute_reason, day.substituted_on) == ("赴市局开会", date.fromisoformat(DAY))


def test_a_substitute_is_another_leader_named_by_somebody_else_with_a_reason(bureau: Reception) -> None:
    desk = bureau.of("pu")
    with pytest.raises(errors.MissingPartError):
        desk.substitute(bureau.day, bureau.id("dl"), "")
    with pytest.raises(errors.InputError, match="缺席的领导本人"):
        desk.substitute(bureau.day, bureau.id("ch"), "开会")
    with pytest.raises(errors.InputError, match="局长或者分管局领导"):
        desk.substitute(bureau.day, bureau.id("hu"), "开会")
    with pytest.raises(errors.NotAllowedError, match="不能自己指定自己"):
        bureau.of("dl").substitute(bureau.day, bureau.id("dl"), "开会")
    with pytest.raises(errors.NotAllowedError):
        bureau.of("reg").substitute(bureau.day, bureau.id("dl"), "开会")
    assert desk.day(bureau.day).substitute is None


def test_a_leader_who_receives_elsewhere_at_that_time_is_no_substitute(bureau: Reception) -> None:
    desk = bureau.of("pu")
    desk.add_day(date.fromisoformat(DAY), bureau.id("dl"), **{**PLAN, "begin": "11:00", "end": "12:00"})
    with pytest.raises(errors.InputError, match="分管长 2026-03-11 的这段时间已有接访安排"):
        desk.substitute(bureau.day, bureau.id("dl"), "赴市局开会")
    desk.change_day(bureau.day, end="11:00")
    desk.substitute(bureau.day, bureau.id("dl"), "赴市局开会")
    assert desk.day(bureau.day).host.name == "分管长"
    with pytest.raises(errors.InputError, match="分管长 2026-03-11 的这段时间已有接访安排"):
        desk.change_day(bureau.day, end="11:30")


def test_a_day_is_not_given_to_a_leader_complained_of_in_its_matters(bureau: Reception) -> None:
    """REG-2022 Art. 30."""
    bureau.turn(EVE)
    matter = bureau.matter(
        "反映分管领导插手案件", purpose="accusation", accused=(accused("分管长", staff=bureau.id("dl")),)
    )
    bureau.do(matter, "book_reception", reception_on=DAY)
    with pytest.raises(errors.RuleError, match="不得接访"):
        bureau.of("pu").change_day(bureau.day, leader=bureau.id("dl"))
    assert bureau.of("pu").day(bureau.day).leader.name == "正局长"


def test_a_leader_complained_of_in_a_matter_of_the_day_is_no_substitute(bureau: Reception) -> None:
    """REG-2022 Art. 30. Who sees only the outline does not learn it from the refusal; the head of the unit is told."""
    bureau.turn(EVE)
    matter = bureau.matter(
        "反映分管领导插手案件", purpose="accusation", accused=(accused("分管长", staff=bureau.id("dl")),)
    )
    bureau.do(matter, "book_reception", reception_on=DAY)
    with pytest.raises(errors.RuleError, match="不得接访") as found:
        bureau.of("pu").substitute(bureau.day, bureau.id("dl"), "开会")
    number = bureau.visit(matter).number
    assert number in found.value.message.zh
    assert "第三十条" in found.value.message.zh
    bureau.of("ch").substitute(bureau.day, bureau.id("dl"), "开会")
    assert bureau.of("pu").day(bureau.day).barred == (number,)
    assert bureau.of("ch").day(bureau.day).barred == ()
    assert bureau.of("dl").day(bureau.day).counts == {}
