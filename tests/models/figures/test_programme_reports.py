"""What a programme owes is fulfilled by submitting: the figures of each month, the summary of each stage, the last one.

The provincial plan of 2011: figures before the end of each month, a summary within 3 days of a stage's end. With the
cut-off on the 25th the figures of November 2011 are those of 10-26 to 11-25 and go out by 11-30.
"""

from __future__ import annotations

from datetime import date

import pytest

from models import errors
from models.desk import Desk, put_setting
from models.figures.desk import Figures
from models.programme.records import Milestone
from models.register import Register
from models.sheets import issue
from tests.models.conftest import at, person
from tests.models.programme_cases import KeyCase, start

KEY = "2011-key-cases"


def desk(register: Register, day: str) -> Desk:
    now = at(day)
    made = Desk(register, now=lambda: now)
    made.person = person(register, "pu")
    return made


def figures(register: Register, day: str) -> Figures:
    return desk(register, day).figures


@pytest.fixture
def running(register: Register) -> Register:
    desk(register, "2011-11-02").programmes.create(KEY)
    with register.act("set_setting", by=register.person, at=at("2011-11-02")) as act:
        put_setting(act, "figures.cut_off_day", 25)
    return register


def milestones(register: Register, day: str, kind: str) -> list[Milestone]:
    return [one for one in desk(register, day).programmes.milestones(KEY) if one.kind == kind]


def test_the_figures_of_a_month_go_out_in_time(running: Register) -> None:
    asked = figures(running, "2011-11-28")
    one = asked.submit(asked.month("2011-11"))
    assert (one.period.from_on, one.period.to_on) == (date(2011, 10, 26), date(2011, 11, 25))
    assert list(one.programmes) == [KEY]
    first, second, *_ = milestones(running, "2011-11-28", "figures")
    assert (first.on_date, first.done_on, first.report, first.state) == (
        date(2011, 11, 30), date(2011, 11, 28), one.id, "done",
    )  # fmt: skip
    assert second.done_on is None


def test_the_summary_of_a_stage_is_a_report_of_its_own(running: Register) -> None:
    early = figures(running, "2011-11-30")
    stage = early.stage(f"{KEY}/stage-1")
    assert (stage.kind, stage.from_on, stage.to_on) == ("stage", date(2011, 11, 1), date(2011, 11, 30))
    with pytest.raises(errors.RuleError, match="尚未结束"):
        early.submit(stage)
    asked = figures(running, "2011-12-05")
    waiting = {one.period.key: one.due_on for one in asked.waiting()}
    assert waiting[stage.key] == date(2011, 12, 5)  # 11-30 and 3 days: Saturday 12-03, rolled to Monday
    one = asked.submit(stage, analysis="排查完毕。")
    assert one.document is not None
    assert issue.row_of(running, one.document, asked.person)["kind"] == "stage_summary"
    assert asked.sheet(one.period).official, "a summary goes up, under the bureau's red head"
    assert stage.key not in [waits.period.key for waits in asked.waiting()]
    done = next(found for found in milestones(running, "2011-12-05", "summary") if found.key == stage.key)
    assert (done.done_on, done.report, done.state) == (date(2011, 12, 5), one.id, "done")
    assert asked.corrections(stage) == ()


def test_a_summary_between_the_stages_and_the_last_one(running: Register) -> None:
    asked = figures(running, "2012-11-09")
    between = asked.stage(f"{KEY}/summary-2012-03-14")
    assert (between.from_on, between.to_on) == (date(2011, 12, 1), date(2012, 3, 14))
    asked.submit(between)
    last = asked.final(KEY)
    assert (last.kind, last.from_on, last.to_on) == ("final", date(2011, 11, 1), date(2012, 11, 7))
    assert asked.stage(f"{KEY}/final") == last
    one = asked.submit(last)
    assert one.document is not None
    assert issue.row_of(running, one.document, asked.person)["kind"] == "final_summary"
    (done,) = milestones(running, "2012-11-09", "final")
    assert done.report == one.id
    assert asked.submitted("final")[0].period == last
    assert {found.period.kind for found in asked.submitted()} == {"stage", "final"}
    with pytest.raises(errors.RuleError, match="已于"):
        asked.submit(last)


def test_what_is_no_stage_is_refused_by_its_name(running: Register) -> None:
    asked = figures(running, "2011-12-05")
    for key in (f"{KEY}/stage-9", "2030-none/stage-1"):
        with pytest.raises(errors.InputError) as refused:
            asked.stage(key)
        assert key.partition("/")[0] in refused.value.message.zh
    with pytest.raises(errors.InputError):
        asked.final("2030-none")


def test_figures_agree_with_what_the_programme_itself_counts(register: Register) -> None:
    """The same cases by two rooms: the programme's own progress, and the figures of the month."""
    start(register)
    KeyCase(register).include(source="central", basis="政法委〔2011〕1号")
    KeyCase(register).include(source="backlog").plan()
    solved = (
        KeyCase(register)
        .include(source="central", basis="政法委〔2011〕1号")
        .plan("2026-03-03")
        .meet()
        .approve()
        .round("settled")
        .solve()
    )
    closed = KeyCase(register).closed()
    back = KeyCase(register).closed()
    back.do("record_rebound", "2026-04-20", told="再次反映")
    out = KeyCase(register).include(source="since")
    out.do("exclude_key_case", "2026-03-20", exclusion="X5", document_number="示公决〔2026〕12号")
    assert solved.state
    assert closed.state
    for day in ("2026-03-31", "2026-04-30", "2026-05-31", "2026-12-31"):
        asked = figures(register, day)
        (one,) = asked.report(asked.month(day[:7]), compare=False).programmes
        counts = desk(register, day).programmes.one(one.key).counts
        found = {code.removeprefix("case_"): figure.value for code, figure in one.figures.items()}
        assert (found["included"], found["excluded"]) == (counts.included, counts.excluded), day
        assert (found["solved"], found["closed"], found["open"]) == (counts.solved, counts.closed, counts.open), day
        assert (found["rebound"], found["overdue"]) == (counts.rebound, counts.late), day
        by_source = {group.key: group.figures["case_included"].value for group in one.by_source}
        assert {code: number for code, number in by_source.items() if number} == {
            code: number for code, number in counts.by_source.items() if number
        }
        progress = desk(register, day).programmes.progress(one.key)
        assert sorted(group.figures["case_open"].numerator for group in one.by_leader) == sorted(
            group.open for group in progress.by_leader
        )
        assert sum(group.figures["case_open"].numerator for group in one.by_unit) == sum(
            group.open for group in progress.by_unit
        )
