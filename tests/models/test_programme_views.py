"""What is told of a programme: counts as of a day, targets, cases under the policy, the bound ledger, what waits."""

from __future__ import annotations

from datetime import date

import pytest

from models import errors
from models.desk import Desk
from models.programme.evidence import STEPS
from models.programme.records import CaseFilter
from models.queues import Queue
from models.register import Register
from tests.models.conftest import accused, at, person, unit
from tests.models.programme_cases import KEY, KeyCase, programmes, start


@pytest.fixture
def running(register: Register) -> Register:
    start(register)
    return register


def ten(register: Register) -> list[KeyCase]:
    """Ten cases of 03-02: four solved (two of them closed), one rebound, one excluded, one late, three with no plan.

    Solved on 04-10, 05-11, 06-30 and 07-01; closed on 04-20 and 05-20; the rebound one was solved on 04-10 and came up
    again on 06-01.
    """
    made = [KeyCase(register).include(source="ministry" if n < 3 else "backlog", basis="部交1号") for n in range(10)]
    for case, day in zip(made[:5], ("04-10", "05-11", "06-30", "07-01", "04-10"), strict=True):
        case.plan(limit_on=date(2026, 9, 1)).meet().approve().solve(f"2026-{day}")
    for case, day in zip(made[:2], ("04-20", "05-20"), strict=True):
        case.dossier().close(f"2026-{day}")
    made[4].do("record_rebound", "2026-06-01", told="又反映")
    made[5].do("exclude_key_case", "2026-04-01", exclusion="X5", document_number="示公决〔2026〕1号")
    made[6].plan(limit_on=date(2026, 4, 30)).meet().approve()
    return made


def test_counts_as_of_any_day_equal_those_made_by_hand(running: Register) -> None:
    ten(running)
    by_hand = {  # day: entered, open, rebound, solved, closed, excluded, late
        "2026-03-01": (0, 0, 0, 0, 0, 0, 0),
        "2026-03-31": (10, 10, 0, 0, 0, 0, 0),
        "2026-04-10": (10, 7, 0, 2, 0, 1, 0),
        "2026-04-30": (10, 7, 0, 2, 1, 1, 0),
        "2026-05-01": (10, 7, 0, 2, 1, 1, 1),
        "2026-05-31": (10, 6, 0, 3, 2, 1, 1),
        "2026-06-01": (10, 7, 1, 2, 2, 1, 1),
        "2026-06-30": (10, 6, 1, 3, 2, 1, 1),
        "2026-07-01": (10, 5, 1, 4, 2, 1, 1),
    }
    for day, wanted in by_hand.items():
        found = programmes(running, day).one(KEY).counts
        told = (found.entered, found.open, found.rebound, found.solved, found.closed, found.excluded, found.late)
        assert told == wanted, day
    last = programmes(running, "2026-07-01").one(KEY).counts
    assert (last.by_source["ministry"], last.by_source["backlog"], last.by_source["bodies"]) == (3, 6, 0)
    assert dict(last.by_exclusion) == {"X1": 0, "X2": 0, "X3": 0, "X4": 0, "X5": 1}


def test_a_target_is_counted_on_its_own_day(running: Register) -> None:
    """Half of nine by 06-30: three are solved then; the fourth, a day later, does not reach it any more."""
    ten(running)

    def half(day: str) -> tuple[date, int, int, str]:
        one = programmes(running, day).one(KEY).targets[0]
        return one.counted_on, one.included, one.solved, one.state

    assert half("2026-03-01") == (date(2026, 3, 1), 0, 0, "empty")
    assert half("2026-05-31") == (date(2026, 5, 31), 9, 3, "open")
    assert half("2026-06-30") == (date(2026, 6, 30), 9, 3, "open")
    assert half("2026-07-01") == (date(2026, 6, 30), 9, 3, "missed")


def test_a_target_is_reached_by_its_share_and_not_before(running: Register) -> None:
    first, second = KeyCase(running).include(), KeyCase(running).include()
    first.plan().meet().approve().solve()
    assert programmes(running).one(KEY).targets[0].state == "reached", "one of two is fifty percent"
    KeyCase(running).include()
    assert programmes(running).one(KEY).targets[0].state == "open"
    second.plan().meet().approve().solve()
    assert [one.state for one in programmes(running).one(KEY).targets] == ["reached", "open"]


def test_progress_is_the_evidence_of_the_included_cases(running: Register) -> None:
    ten(running)
    found = programmes(running, "2026-07-01").progress(KEY)
    reached = {one.step: one.cases for one in found.reached}
    assert {one.of for one in found.reached} == {9}
    assert list(reached) == list(STEPS)
    assert (reached["entered"], reached["approved"], reached["met_petitioner"], reached["worked"]) == (9, 5, 5, 4)
    assert (reached["solved"], reached["reported"], reached["closed"], reached["looked_back"]) == (4, 2, 2, 0)
    assert [(one.name, one.open, one.late) for one in found.by_leader] == [("分管长", 1, 1), ("", 4, 0)]
    assert [(one.name, one.open, one.late) for one in found.by_unit] == [("刑事侦查大队", 1, 1), ("", 4, 0)]


def test_cases_are_filtered_and_paged_in_the_order_of_entry(running: Register) -> None:
    made = ten(running)
    asked = programmes(running, "2026-07-01")

    def numbers(filters: CaseFilter) -> list[int]:
        return [made.index(next(one for one in made if one.matter == line.matter)) for line in
                asked.cases(KEY, filters).lines]  # fmt: skip

    assert numbers(CaseFilter()) == list(range(10))
    assert numbers(CaseFilter(states=("open",))) == [4, 6, 7, 8, 9], "what came up again is open"
    assert numbers(CaseFilter(states=("rebound",))) == [4]
    assert numbers(CaseFilter(states=("solved", "closed"))) == [0, 1, 2, 3]
    assert numbers(CaseFilter(sources=("ministry",))) == [0, 1, 2]
    assert numbers(CaseFilter(exclusions=("X5",))) == [5]
    assert numbers(CaseFilter(late=True)) == [6]
    assert numbers(CaseFilter(step="planned")) == [4, 7, 8, 9]
    assert numbers(CaseFilter(leader=person(running, "dl").id)) == [0, 1, 2, 3, 6]
    assert numbers(CaseFilter(unit=unit(running, "刑侦"), states=("open",))) == [6]
    seen, after = [], None
    while True:
        page = asked.cases(KEY, None, after, 4)
        assert page.total == 10
        seen += [line.case for line in page.lines]
        after = page.after
        if after is None:
            break
    assert seen == [line.case for line in asked.cases(KEY).lines]
    with pytest.raises(errors.InputError, match="没有“risk”这一步"):
        asked.cases(KEY, CaseFilter(step="risk"))


def test_a_line_says_who_answers_and_what_comes_next(running: Register) -> None:
    case = KeyCase(running).include()
    (line,) = programmes(running).cases(KEY).lines
    assert (line.state, line.next_step, line.leader, line.limit_on) == ("open", "planned", "", None)
    assert line.unit == "信访科", "the matter's own unit while there is no plan"
    case.plan().meet().approve()
    (line,) = programmes(running).cases(KEY).lines
    assert (line.leader, line.unit, line.officer, line.level) == ("分管长", "刑事侦查大队", "刑办案", "bureau")
    assert (line.limit_on, line.next_step, line.late) == (date(2026, 5, 31), "filed", False)
    (line,) = programmes(running, "2026-05-31").cases(KEY).lines
    assert not line.late, "its last day is still in time"
    (line,) = programmes(running, "2026-06-01").cases(KEY).lines
    assert line.late


# --- the policy -------------------------------------------------------------------------------------------------------


def test_a_barred_person_knows_nothing_of_the_case_nor_of_its_count(running: Register) -> None:
    KeyCase(running).include()
    hidden = KeyCase(running, accused=(accused("刑大队", staff=person(running, "hu").id),))
    hidden.include()
    for login, known in (("hu", 1), ("pu", 2)):
        asked = programmes(running, login=login)
        assert asked.cases(KEY).total == known
        assert asked.one(KEY).counts.entered == known
        assert asked.progress(KEY).reached[0].cases == known
        assert len(list(asked.ledger(KEY))) == known
    with pytest.raises(errors.InputError, match="没有这个信访事项"):
        programmes(running, login="hu").case(hidden.matter)


def test_of_a_sealed_case_only_number_days_and_state_are_told(running: Register) -> None:
    case = KeyCase(running, purpose="accusation", accused=(accused("某单位"),))
    case.include(source="province", basis="省信交〔2026〕3号").plan().meet().approve(by="dl")
    asked = programmes(running, login="reg")
    (line,) = asked.cases(KEY).lines
    assert (line.sight, line.number, line.state, line.entered_on) == (
        "outline", "S2026-000001", "open", date(2026, 3, 2),
    )  # fmt: skip
    shown = (
        line.title,
        line.source,
        line.leader,
        line.officer,
        line.level,
        line.next_step,
        line.reached,
        line.limit_on,
    )
    assert shown == ("", "", "", "", "", "", (), None)
    assert line.rounds == 0
    file = asked.case(case.matter)
    assert (file.basis, file.plans, file.meetings, file.evidence, file.dossier) == ("", (), (), (), ())
    (entry,) = asked.ledger(KEY)
    assert (entry.basis, entry.methods, entry.meetings, entry.approved_on) == ("", (), (None, None, None), None)
    for filters in (
        CaseFilter(sources=("province",)),
        CaseFilter(leader=person(running, "dl").id),
        CaseFilter(step="filed"),
    ):
        assert asked.cases(KEY, filters).total == 0, "a filter by content would tell it"
        assert programmes(running, login="pu").cases(KEY, filters).total == 1
    assert asked.one(KEY).counts.entered == 1, "it counts"


def test_a_matter_that_is_no_case_is_told_so(running: Register) -> None:
    case = KeyCase(running)
    with pytest.raises(errors.InputError, match="没有列入任何专项"):
        programmes(running).case(case.matter)
    case.include()
    programmes(running).create("2011-key-cases")
    with pytest.raises(errors.InputError, match="没有列入这个专项"):
        programmes(running).case(case.matter, "2011-key-cases")
    assert programmes(running).of_matter(KeyCase(running).matter) == ()


# --- the bound ledger -------------------------------------------------------------------------------------------------


def test_the_bound_ledger_has_a_line_for_every_case_entered(running: Register) -> None:
    made = ten(running)
    lines = list(programmes(running, "2026-07-01").ledger(KEY))
    assert [line.place for line in lines] == list(range(1, 11))
    assert [line.line.matter for line in lines] == [case.matter for case in made]
    first, out = lines[0], lines[5]
    day = date(2026, 3, 2)
    assert (first.basis, first.methods, first.meetings) == ("部交1号", ("mediation", "law"), (day, day, day))
    assert (first.approved_on, first.filed_on, first.last_round) == (day, None, date(2026, 4, 10))
    assert (first.outcomes, first.reported_on, first.look_back_on) == (("solved",), date(2026, 4, 20), None)
    assert (out.excluded_on, out.exclusion_ground) == (date(2026, 4, 1), "示公决〔2026〕1号")
    assert lines[4].outcomes == (), "what came up again has no outcome"


# --- what waits -------------------------------------------------------------------------------------------------------


def queue(register: Register, name: str, day: str, login: str = "") -> Queue:
    desk = Desk(register, now=lambda: at(day))
    if login:
        desk.person = person(register, login)
    return desk.duties.queue(name)


def test_a_case_waits_for_its_plan_and_then_for_its_limit(running: Register) -> None:
    case = KeyCase(running).include("2026-03-05")
    line = queue(running, "plans", "2026-03-05").lines[0]
    assert (line.act, line.since, line.due_on, line.note) == ("draw_plan", date(2026, 3, 5), None, "重点案件化解专项")
    case.plan()
    assert queue(running, "plans", "2026-03-05").lines[0].act == "approve_plan"
    case.meet().approve()
    assert queue(running, "plans", "2026-03-05").total == 0
    assert queue(running, "case_limits", "2026-05-23").total == 0, "told of from seven days before"
    line = queue(running, "case_limits", "2026-05-24").lines[0]
    assert (line.act, line.due_on, line.unit) == ("record_round", date(2026, 5, 31), "刑事侦查大队")
    assert queue(running, "case_limits", "2026-05-24", "hu").total == 1
    assert queue(running, "case_limits", "2026-05-24", "suo").total == 0, "another unit's case"
    case.solve("2026-05-26")
    assert queue(running, "case_limits", "2026-05-26").total == 0
    line = queue(running, "case_closings", "2026-05-26").lines[0]
    assert (line.act, line.since) == ("report_case_closing", date(2026, 5, 26))
    case.dossier().do("report_case_closing")
    assert queue(running, "case_closings", "2026-05-26").total == 0, "it waits for the city"
    case.do("record_city_review", papers="city_review", result="returned", opinion="补送达")
    assert queue(running, "case_closings", "2026-05-26").total == 1
    case.close()
    assert queue(running, "case_closings", "2026-05-26").total == 0
    case.do("record_rebound", "2026-06-08", told="又反映")
    line = queue(running, "plans", "2026-06-08").lines[0]
    assert (line.act, line.since) == ("draw_plan", date(2026, 6, 8))
    with running.act("close_programme", by=case.founder, at=at("2026-06-08")) as act:
        act.set("programme", programmes(running).one(KEY).id, closed_on=date(2026, 6, 8))
    assert queue(running, "plans", "2026-06-08").total == 0, "a closed programme owes nothing"


def test_a_plan_is_due_with_its_filing(running: Register) -> None:
    from models.programme.records import MilestoneDraft

    programmes(running).add_milestone(KEY, MilestoneDraft(kind="filing", name="报备", on_date=date(2026, 3, 31)))
    KeyCase(running).include()
    KeyCase(running).include("2026-04-01")
    lines = queue(running, "plans", "2026-04-01").lines
    assert [line.due_on for line in lines] == [date(2026, 3, 31), None], "what came later has no filing day"


def test_an_excluded_case_waits_for_nothing(running: Register) -> None:
    case = KeyCase(running).include().plan(limit_on=date(2026, 3, 8))
    case.do("exclude_key_case", exclusion="X2", case_number="5号", case_stage="一审")
    for name in ("plans", "case_limits", "case_closings"):
        assert queue(running, name, "2026-03-09").total == 0
