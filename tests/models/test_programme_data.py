"""Programmes as data: the shipped one, what is refused before it is written, due days, what changes, what is fixed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models import errors
from models.clocks import load_calendar
from models.programme import counts, data, keeping, progress
from models.programme.records import MilestoneDraft, Programme, ProgrammeDraft, StageDraft
from models.register import Register
from tests.models.conftest import at, person
from tests.models.programme_cases import KEY, PROGRAMME, programmes, start


def test_the_provincial_plan_of_2011_is_the_first_programme() -> None:
    """Domain reference, 7.1 and 7.6; the days are those of the plan as it is told there."""
    plan = data.shipped()[0]
    assert plan.key == "2011-key-cases"
    assert [(one.from_on, one.to_on) for one in plan.stages] == [
        (date(2011, 11, 1), date(2011, 11, 30)),
        (date(2011, 12, 1), date(2012, 6, 30)),
        (date(2012, 7, 1), date(2012, 11, 7)),
    ]
    targets = {one.on_date: one.share for one in plan.milestones if one.kind == "target"}
    assert targets == {date(2012, 3, 2): 60, date(2012, 6, 30): 100}
    months = [one.on_date for one in plan.milestones if one.kind == "figures"]
    assert len(months) == 13
    assert months[:2] == [date(2011, 11, 30), date(2011, 12, 31)]
    assert months[3] == date(2012, 2, 29)
    assert months[-1] == date(2012, 11, 7), "the programme ends before the month does"
    for draft in data.shipped():
        data.check(draft)


def test_a_month_may_report_on_a_day_of_its_own() -> None:
    raw: dict[str, Any] = {
        "key": "k", "name": "n", "from": date(2026, 1, 10), "to": date(2026, 3, 20),
        "stage": [{"name": "s", "from": date(2026, 1, 10), "to": date(2026, 3, 20)}],
        "monthly": {"kind": "figures", "name": "月报", "day": 31},
    }  # fmt: skip
    days = [one.on_date for one in data.read(raw).milestones]
    assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 20)]
    raw["monthly"]["day"] = 25
    assert [one.on_date for one in data.read(raw).milestones] == [
        date(2026, 1, 25),
        date(2026, 2, 25),
        date(2026, 3, 20),
    ]


def staged(**changed: Any) -> ProgrammeDraft:
    """Return the programme with its second stage changed."""
    first, second, third = PROGRAMME.stages
    return replace(PROGRAMME, stages=(first, replace(second, **changed), third))


def dated(**changed: Any) -> ProgrammeDraft:
    """Return the programme with one more date."""
    given = {"kind": "summary", "name": "补充", "on_date": date(2026, 5, 1), "days": 3, **changed}
    return replace(PROGRAMME, milestones=(MilestoneDraft(**given),))


@pytest.mark.parametrize(
    ("draft", "words", "words_en"),
    [
        (staged(from_on=None), "第 2 阶段“化解”没有起始日期", "Stage 2, “化解”, has no first day"),
        (staged(to_on=None), "第 2 阶段“化解”没有结束日期", "Stage 2, “化解”, has no last day"),
        (staged(name=" "), "第 2 阶段缺少名称", "Stage 2 has no name"),
        (staged(to_on=date(2026, 3, 31)), "结束日期 2026-03-31 早于起始日期 2026-04-01", "before it begins"),
        (staged(from_on=date(2026, 3, 31)), "上一阶段“排查”到 2026-03-31 才结束", "before “排查” ends"),
        (
            replace(staged(to_on=date(2027, 1, 1)), stages=staged(to_on=date(2027, 1, 1)).stages[:2]),
            "超出专项的时间 2026-03-01 至 2026-12-31", "outside the programme",
        ),
        (replace(PROGRAMME, stages=()), "没有阶段", "has no stage"),
        (replace(PROGRAMME, from_on=None), "缺少起止日期", "lacks its first or last day"),
        (replace(PROGRAMME, to_on=date(2026, 2, 1)), "早于起始日期", "before it begins"),
        (replace(PROGRAMME, key="2026 专项"), "须由小写字母、数字和连字符组成", "small letters, digits and hyphens"),
        (replace(PROGRAMME, name=""), "专项缺少名称", "The programme has no name"),
        (dated(kind="party"), "没有“party”这种节点", "There is no date of the kind"),
        (dated(name=""), "缺少名称", "lacks its name"),
        (dated(on_date=None), "没有日期，也没有所依附的阶段", "neither a day nor a stage"),
        (dated(stage=4, on_date=None), "第 4 阶段不存在", "names stage 4, which is none"),
        (dated(on_date=date(2026, 2, 28)), "不在专项的时间", "outside the programme"),
        (dated(days=61), "天数须在 0 至 60 之间：61", "within 0 to 60 days, not 61"),
        (dated(kind="target"), "没有写明百分之几", "does not say how many percent"),
        (dated(kind="target", share=0), "须在 1 至 100 之间：0", "from 1 to 100, not 0"),
        (dated(kind="target", share=101), "须在 1 至 100 之间：101", "from 1 to 100, not 101"),
    ],
)  # fmt: skip
def test_a_programme_that_cannot_be_is_refused_by_name(
    draft: ProgrammeDraft, words: str, words_en: str, register: Register
) -> None:
    seq = register.seq
    with pytest.raises(errors.RuleError) as refused:
        programmes(register).create(draft)
    assert words in refused.value.message.zh
    assert words_en in refused.value.message.en
    assert register.seq == seq, "nothing was written"


def test_each_bound_is_inside() -> None:
    data.check(dated(kind="target", share=1))
    data.check(dated(kind="target", share=100, on_date=date(2026, 12, 31)))
    data.check(dated(days=60, on_date=date(2026, 3, 1)))
    data.check(staged(from_on=date(2026, 4, 1), to_on=date(2026, 4, 1)))


def test_only_head_and_leaders_make_a_programme_and_each_key_once(register: Register) -> None:
    for login in ("reg", "ho", "hu", "keep"):
        with pytest.raises(errors.NotAllowedError):
            programmes(register, login=login).create(PROGRAMME)
    made = programmes(register, login="pu").create("2011-key-cases")
    assert programmes(register).one(made).key == "2011-key-cases"
    with pytest.raises(errors.InputError, match="已经建立"):
        programmes(register).create("2011-key-cases")
    with pytest.raises(errors.InputError, match="2011-key-cases"):
        programmes(register).create("2012")
    with pytest.raises(errors.InputError, match="现有：2011-key-cases"):
        programmes(register).one("2012")


def test_a_programme_that_was_never_made_is_told_so(register: Register) -> None:
    with pytest.raises(errors.InputError, match="尚未建立专项"):
        programmes(register).one(KEY)


@pytest.mark.parametrize(
    ("on_date", "days", "raw", "last"),
    [  # by hand, with the calendars of 2011, 2012 and 2026
        (date(2011, 11, 30), 3, date(2011, 12, 3), date(2011, 12, 5)),  # Wed + 3 = Sat -> Mon
        (date(2012, 3, 14), 3, date(2012, 3, 17), date(2012, 3, 19)),  # Wed + 3 = Sat -> Mon
        (date(2012, 6, 30), 3, date(2012, 7, 3), date(2012, 7, 3)),  # Sat + 3 = Tue
        (date(2012, 11, 7), 3, date(2012, 11, 10), date(2012, 11, 12)),  # Wed + 3 = Sat -> Mon
        (date(2011, 12, 31), 0, date(2011, 12, 31), date(2011, 12, 31)),  # a day that the text names does not roll
        (date(2026, 9, 30), 3, date(2026, 10, 3), date(2026, 10, 8)),  # over the National Day week
        (date(2026, 2, 11), 3, date(2026, 2, 14), date(2026, 2, 14)),  # Saturday, a make-up working day
        (date(2026, 12, 31), 3, date(2027, 1, 3), None),  # no calendar of 2027: not guessed
    ],
)
def test_a_report_is_due_as_counted_by_hand(on_date: date, days: int, raw: date, last: date | None) -> None:
    assert counts.due_day(on_date, days, load_calendar()) == (raw, last)


def test_how_a_report_stands() -> None:
    last = date(2026, 4, 3)
    assert counts.milestone_state(None, last, date(2026, 3, 26)) == "ahead"
    assert counts.milestone_state(None, last, date(2026, 3, 27)) == "due"
    assert counts.milestone_state(None, last, last) == "due"
    assert counts.milestone_state(None, last, date(2026, 4, 4)) == "late"
    assert counts.milestone_state(last, last, date(2026, 5, 1)) == "done"
    assert counts.milestone_state(date(2026, 4, 4), last, date(2026, 5, 1)) == "done_late"


def named(found: Programme, name: str) -> Any:
    every: tuple[Any, ...] = (*found.milestones, *found.targets)
    return next(one for one in every if one.name == name)


def test_what_a_report_is_called_and_tells_of(register: Register) -> None:
    start(register)
    found = programmes(register).one(KEY)
    assert [(one.key, one.from_on, one.to_on, one.due_on) for one in found.milestones] == [
        (f"{KEY}/roster-2026-03-31", date(2026, 3, 1), date(2026, 3, 31), date(2026, 3, 31)),
        (f"{KEY}/stage-1", date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 3)),
        (f"{KEY}/stage-2", date(2026, 4, 1), date(2026, 9, 30), date(2026, 10, 8)),
        (f"{KEY}/final", date(2026, 3, 1), date(2026, 12, 31), None),
    ]
    assert progress.milestone_by_key(register, f"{KEY}/stage-2", date(2026, 3, 2)).name == "化解小结"
    with pytest.raises(errors.InputError, match=f"{KEY}/stage-1"):
        progress.milestone_by_key(register, f"{KEY}/stage-9", date(2026, 3, 2))


def test_the_figures_of_a_month_and_a_summary_between_stages(register: Register) -> None:
    programmes(register).create("2011-key-cases")
    found = {one.key: one for one in programmes(register).one("2011-key-cases").milestones}
    sessions = found["2011-key-cases/summary-2012-03-14"]
    assert (sessions.from_on, sessions.to_on) == (date(2011, 12, 1), date(2012, 3, 14)), "since its stage began"
    month = found["2011-key-cases/figures-2011-12-31"]
    assert (month.from_on, month.to_on) == (date(2011, 12, 1), date(2011, 12, 31))
    assert progress.figures_of_month(register, date(2012, 2, 1), date(2012, 2, 29)) == [
        found["2011-key-cases/figures-2012-02-29"].id
    ]


def test_a_stage_moves_its_report_with_it_until_that_went_out(register: Register) -> None:
    start(register)
    asked = programmes(register)
    first, second, _ = asked.one(KEY).stages
    asked.change_stage(first.id, to_on=date(2026, 3, 25), name="排查摸底")
    found = programmes(register).one(KEY)
    assert found.stages[0].name == "排查摸底"
    assert named(found, "排查小结").on_date == date(2026, 3, 25)
    assert named(found, "排查小结").due_on == date(2026, 3, 30), "03-28 is a Saturday"
    with pytest.raises(errors.InputError, match="才结束"):
        asked.change_stage(second.id, from_on=date(2026, 3, 20))
    with pytest.raises(errors.InputError, match="没有这个阶段"):
        asked.change_stage(99)
    with pytest.raises(errors.NotAllowedError):
        programmes(register, login="ho").change_stage(second.id, name="x")
    with register.act("report_milestone", by=register.person, at=at("2026-03-27")) as act:
        keeping.mark_reported(act, named(found, "排查小结").id, date(2026, 3, 27))
    asked.change_stage(first.id, to_on=date(2026, 3, 28))
    assert named(programmes(register).one(KEY), "排查小结").on_date == date(2026, 3, 25), "it went out and stays"


def test_a_date_is_changed_added_and_taken_off_with_a_reason(register: Register) -> None:
    start(register)
    asked = programmes(register)
    added = asked.add_milestone(KEY, MilestoneDraft(kind="filing", name="报备", on_date=date(2026, 4, 15)))
    asked.change_milestone(added, days=5, name="方案报备")
    assert named(programmes(register).one(KEY), "方案报备").target_on == date(2026, 4, 20)
    summary = named(programmes(register).one(KEY), "化解小结")
    asked.change_milestone(summary.id, on_date=date(2026, 8, 31))
    moved = named(programmes(register).one(KEY), "化解小结")
    assert (moved.stage, moved.key) == (None, f"{KEY}/summary-2026-08-31"), "a day of its own leaves the stage"
    goal = named(programmes(register).one(KEY), "过半")
    asked.change_milestone(goal.id, share=60, on_date=date(2026, 7, 31))
    assert (named(programmes(register).one(KEY), "过半").share) == 60
    with pytest.raises(errors.InputError, match="1 至 100"):
        asked.change_milestone(goal.id, share=0)
    with pytest.raises(errors.MissingPartError, match="理由"):
        asked.remove_milestone(added, " ")
    asked.remove_milestone(added, "市局取消")
    with pytest.raises(errors.InputError, match="没有这个节点"):
        asked.change_milestone(added, days=1)
    row = register.record("milestone", added)
    assert row is not None
    assert row["removed"] == "市局取消"


def test_what_went_out_is_fixed_and_targets_are_never_reported_by_hand(register: Register) -> None:
    start(register)
    asked = programmes(register, "2026-04-01")
    found = asked.one(KEY)
    roster = named(found, "名单")
    assert roster.state == "late"
    with pytest.raises(errors.InputError, match="今天之后"):
        asked.report_out(roster.id, date(2026, 4, 2))
    asked.report_out(roster.id, date(2026, 3, 31))
    assert named(asked.one(KEY), "名单").state == "done"
    with pytest.raises(errors.RuleError, match="已于 2026-03-31 报送"):
        asked.report_out(roster.id)
    with pytest.raises(errors.RuleError, match="已于 2026-03-31 报送"):
        asked.change_milestone(roster.id, days=9)
    with pytest.raises(errors.InputError, match="化解目标"):
        asked.report_out(named(found, "过半").id)
    with pytest.raises(errors.RuleError, match="随数据报送"):
        asked.report_out(named(found, "排查小结").id)
    with pytest.raises(errors.NotAllowedError):
        programmes(register, login="reg").report_out(roster.id)


def test_what_is_owed_now(register: Register) -> None:
    start(register)
    owed = [one.name for _, one in programmes(register, "2026-03-02").owed()]
    assert owed == []
    owed = [one.name for _, one in programmes(register, "2026-03-28").owed()]
    assert owed == ["名单", "排查小结"]
    late = [(one.name, one.state) for _, one in programmes(register, "2026-04-04").owed()]
    assert late == [("名单", "late"), ("排查小结", "late")]


def test_a_programme_is_closed_when_its_time_is_over_and_nothing_is_owed(register: Register) -> None:
    programme = start(register)
    with pytest.raises(errors.RuleError, match="到 2026-12-31 才结束"):
        programmes(register, "2026-12-31").close(KEY)
    later = programmes(register, "2027-01-04")
    assert later.one(KEY).state == "over"
    with pytest.raises(errors.RuleError, match="名单、排查小结、化解小结、总结报告"):
        later.close(KEY)
    with register.act("report_milestone", by=person(register, "pu"), at=at("2027-01-03")) as act:
        for one in later.one(KEY).milestones:
            keeping.mark_reported(act, one.id, date(2027, 1, 3))
    with pytest.raises(errors.NotAllowedError):
        programmes(register, "2027-01-04", login="ho").close(KEY)
    later.close(KEY)
    closed = later.one(programme)
    assert (closed.state, closed.closed_on) == ("closed", date(2027, 1, 4))
    for change in (
        lambda: later.close(KEY),
        lambda: later.change_stage(closed.stages[0].id, name="x"),
        lambda: later.add_milestone(KEY, MilestoneDraft(kind="filing", name="x", on_date=date(2026, 4, 15))),
    ):
        with pytest.raises(errors.RuleError, match="已于 2027-01-04 关闭"):
            change()
    assert later.owed() == ()


def test_states_and_the_current_stage_of_a_programme(register: Register) -> None:
    start(register)
    assert programmes(register).one(KEY, date(2026, 2, 28)).state == "ahead"
    found = programmes(register).one(KEY, date(2026, 4, 1))
    assert found.state == "running"
    assert [one.current for one in found.stages] == [False, True, False]
    assert [one.key for one in programmes(register).all()] == [KEY]


def test_a_stage_by_itself_is_checked_like_the_programme() -> None:
    with pytest.raises(errors.MissingPartError) as refused:
        data.check_stages((StageDraft(name="x", from_on=None, to_on=None),), date(2026, 1, 1), date(2026, 2, 1))
    assert refused.value.parts == ("from_on",)


# --- the roster -------------------------------------------------------------------------------------------------------


def test_the_roster_keeps_who_was_before(register: Register) -> None:
    start(register)
    asked = programmes(register)
    asked.set_liaison("liaison", "信大明", "0000-1", programme=KEY)
    asked.set_liaison("leader", "分管长", "0000-2", post="副局长", programme=KEY)
    asked.set_liaison("leader", "全局", "0000-9")
    later = programmes(register, "2026-05-06")
    later.set_liaison("liaison", "登小红", "0000-3", programme=KEY)
    assert [(one.duty, one.name, one.phone, one.from_on) for one in later.roster(KEY)] == [
        ("leader", "分管长", "0000-2", date(2026, 3, 2)),
        ("liaison", "登小红", "0000-3", date(2026, 5, 6)),
    ]
    assert [one.name for one in later.roster()] == ["全局"], "the bureau's own roster stands by itself"
    ended = register.records("liaison", "ended_on IS NOT NULL")
    assert [(row["name"], row["ended_on"]) for row in ended] == [("信大明", "2026-05-06")]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"duty": "driver", "name": "a", "phone": "1"}, "没有“driver”"),
        ({"duty": "leader", "name": " ", "phone": "1"}, "缺少姓名"),
        ({"duty": "liaison", "name": "a", "phone": ""}, "缺少办公电话"),
        ({"duty": "liaison", "name": "a", "phone": "1", "programme": "none"}, "没有“none”这个专项"),
    ],
)
def test_a_roster_that_cannot_be_is_refused(given: dict[str, str], words: str, register: Register) -> None:
    with pytest.raises(errors.RuleError, match=words):
        programmes(register).set_liaison(**given)
    with pytest.raises(errors.NotAllowedError):
        programmes(register, login="ho").set_liaison("leader", "a", "1")


GOOD = """
key = "a"
name = "专项"
from = 2026-03-01
to = 2026-12-31
stage = [{ name = "全程", from = 2026-03-01, to = 2026-12-31 }]
target = [{ name = "过半", by = 2026-06-30, share = 60 }]
report = [{ kind = "summary", name = "小结", stage = 1, days = 3 }]
monthly = { kind = "figures", name = "进展", day = 25 }
"""


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('name = "专项"', "name = 5"),
        ("from = 2026-03-01\nto", "from = 2026-03-01T00:00:00\nto"),
        ("share = 60", 'share = "60"'),
        ("share = 60", "share = true"),
        ("days = 3", "days = 2.5"),
        ("stage = 1", 'stage = "1"'),
        ('name = "全程"', "name = []"),
        ("day = 25", "day = -1"),
        ("day = 25", "day = 32"),
    ],
)
def test_a_part_of_another_kind_is_told_in_words(good: str, bad: str) -> None:
    data.check(data.parse(GOOD, "a.toml"))
    assert good in GOOD
    with pytest.raises(errors.InputError, match=r"类型不对|1 至 31"):
        data.check(data.parse(GOOD.replace(good, bad), "a.toml"))
