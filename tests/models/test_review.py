"""Review, re-review and handling anew: windows by hand-counted days under both regulations, and what each result does.

REG-2022: served Wed 2026-05-20, 30 days end on Fri 06-19, the Dragon Boat holiday (06-19 to 06-21): last day Mon 06-22.
SC-431: served Tue 2015-09-01, 30 days end on Thu 10-01, the National Day holiday (10-01 to 10-07): last day 10-08.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models import attachments, errors, issue
from models.desk import Desk
from models.letters import bundle as bundle_of_papers
from models.undelivered import undelivered
from tests.models.cases import Case
from tests.models.conftest import accused, at, person

CITY = "示例市公安局"


def answered(case: Callable[..., Case], decision: str = "explain", **changed: Any) -> Case:
    """Return a matter whose draft passed its legal check."""
    one = case(**changed).accept().assign().find_out()
    law = "《信访条例》" if one.column("rules") == "SC-431" else "《信访工作条例》"
    return one.draft(decision, basis=f"{law}第三十二条").check()


@pytest.fixture
def served(case: Callable[..., Case]) -> Case:
    """Return a matter under REG-2022 whose answer was received on 2026-05-20."""
    one = answered(case).do("issue", "2026-05-18")
    return one.serve("2026-05-20", on="2026-05-20", way="in_person", receiver="王小明")


@pytest.fixture
def asked(served: Case) -> Case:
    """Return it with a review that was asked for on 2026-06-10."""
    return served.do("request_review", "2026-06-10", organ=CITY)


def upheld(asked: Case) -> Case:
    """Return it with a review that upheld the answer on 2026-07-06, received on 2026-07-08."""
    asked.do("review_decided", "2026-07-07", on="2026-07-06", result="upheld", papers="review_opinion")
    return asked.do("serve_review", "2026-07-09", on="2026-07-08", receiver="王小明", papers="proof_of_service")


def review(one: Case, columns: str) -> list[tuple[Any, ...]]:
    return one.register.rows(f"SELECT {columns} FROM review WHERE removed IS NULL ORDER BY id")


# --- asking for review ------------------------------------------------------------------------------------------------


def test_a_review_is_asked_for_within_thirty_days_of_receipt(served: Case) -> None:
    """REG-2022 Art. 35; CIV Art. 203: the last day falls on a holiday and moves to Monday 2026-06-22."""
    assert served.clock("C3").due.last_on == date(2026, 6, 22)  # type: ignore[union-attr]  # a due clock
    late = served.refused("request_review", errors.MissingPartError, "2026-06-23", organ=CITY)
    assert late.parts == ("cause",)  # type: ignore[attr-defined]
    assert "2026-06-22" in late.message.zh
    assert "REG-2022 Art. 35" in late.message.en
    served.do("request_review", on="2026-06-22", organ=CITY)
    assert served.state == "S10"
    assert served.clock("C3").status == "met"
    assert served.clock("C4").start_on == date(2026, 6, 22)
    assert served.clock("C4").due.last_on == date(2026, 7, 22)  # type: ignore[union-attr]  # a Wednesday
    assert (served.column("review_state"), review(served, "level, organ, requested_on, cause")) == (
        "review",
        [("review", CITY, "2026-06-22", None)],
    )


def test_the_window_under_the_regulation_of_2005(case: Callable[..., Case]) -> None:
    """SC-431 Art. 34; CIV was not in force, the same count by MPS-ADM Art. 35: last day 2015-10-08."""
    one = answered(case, received_on=date(2015, 7, 1))
    assert one.column("rules") == "SC-431"
    one.do("issue", "2015-08-28").serve("2015-09-02", on="2015-09-01", way="in_person", receiver="王小明")
    assert one.clock("C3").due.last_on == date(2015, 10, 8)  # type: ignore[union-attr]
    error = one.refused("request_review", errors.MissingPartError, "2015-10-09", organ=CITY)
    assert "SC-431 Art. 34" in error.message.en
    assert "2015-10-08" in one.refused("close", errors.RuleError, "2015-10-08", closing="opinion").message.zh
    one.do("request_review", "2015-10-09", on="2015-10-08", organ=CITY)
    one.do("review_decided", "2015-11-05", result="维持", papers="review_opinion")
    one.do("serve_review", "2015-11-10", on="2015-11-10", receiver="王小明", papers="proof_of_service")
    assert one.clock("C5").due.last_on == date(2015, 12, 10)  # type: ignore[union-attr]  # a Thursday
    one.do("close", "2015-12-11", closing="opinion")
    assert one.state == "S13"


def test_a_late_request_is_taken_with_good_cause(served: Case) -> None:
    served.do("request_review", "2026-06-30", organ=CITY, cause="住院治疗，有出院记录")
    assert review(served, "cause") == [("住院治疗，有出院记录",)]


def test_a_request_may_come_before_the_proof_is_confirmed(case: Callable[..., Case]) -> None:
    one = (
        answered(case)
        .do("issue")
        .do("serve", on="2026-03-02", way="in_person", receiver="王小明", papers="proof_of_service")
    )
    assert one.state == "S8"
    one.do("request_review", organ=CITY)
    assert one.state == "S10"


def test_the_organ_comes_from_the_settings_and_the_day_from_its_cause(served: Case) -> None:
    served.refused("request_review", errors.InputError, on="2026-05-19")
    served.refused("request_review", errors.InputError, on="2026-05-21")
    served.do("request_review")
    assert review(served, "organ") == [(CITY,)]
    served.refused("request_review", errors.RuleError)
    for act in ("confirm_service", "close", "serve_review", "request_rereview", "redo"):
        inputs = {"closing": "opinion"} if act == "close" else {}
        assert "复查中" in served.refused(act, errors.RuleError, **inputs).message.zh


def test_a_year_without_a_calendar_takes_no_right_away(case: Callable[..., Case]) -> None:
    """Served 2026-12-10: the raw end 2027-01-09 lies in a year without a calendar; rest days could only add to it."""
    one = case(received_on=date(2026, 11, 2)).accept().assign(limit_on="2026-11-20").find_out().draft().check()
    one.do("issue", "2026-12-01")
    one.serve("2026-12-10", on="2026-12-10", way="in_person", receiver="王小明")
    error = one.refused("close", errors.CalendarMissingError, "2027-01-20", closing="opinion")
    assert "2027" in error.message.zh
    one.do("request_review", "2027-01-09")
    assert one.state == "S10"


# --- the file goes up -------------------------------------------------------------------------------------------------


def test_the_file_goes_up_once_as_a_sealed_bundle(asked: Case) -> None:
    asked.refused("send_file", errors.InputError, on="2026-06-09")
    asked.do("send_file", "2026-06-12")
    assert asked.state == "S10"
    kinds = [line.kind for line in asked.desk.matter(asked.matter).documents]
    assert {"evidence_index", "review_transmittal", "evidence_bundle"} <= set(kinds)
    ((sent_on, bundle),) = review(asked, "sent_on, bundle")
    row = asked.register.record("document", bundle)
    assert row is not None
    assert (sent_on, row["title"]) == ("2026-06-12", "复查复核案卷")
    pdf = attachments.load(asked.register, row["sha256"])
    assert hashlib.sha256(pdf).hexdigest() == row["sha256"]
    assert pdf.startswith(b"%PDF")
    told = issue.verify(asked.register, pdf, by=asked.founder)
    assert told["genuine"]
    assert "复查复核案卷" in told["zh"]
    listed = bundle_of_papers.papers_of(asked.register, asked.matter, by=asked.founder)
    assert ("document", bundle) not in listed, "a bundle is not bound into the next one"
    assert ("file_sent_up", "2026-06-12") in asked.events()
    assert "2026-06-12" in asked.refused("send_file", errors.RuleError).message.zh


def test_the_second_file_holds_the_papers_and_no_earlier_bundle(asked: Case) -> None:
    asked.do("send_file", "2026-06-12")
    one = upheld(asked).do("request_rereview", "2026-08-03", organ="示例省公安厅")
    one.do("send_file", "2026-08-05")
    first, second = (one.register.record("document", row) for (row,) in review(one, "bundle"))
    assert first is not None
    assert second is not None
    assert second["sha256"] != first["sha256"]
    assert [sent for (sent,) in review(one, "sent_on")] == ["2026-06-12", "2026-08-05"]


# --- the opinion ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "state"), [("upheld", "S9"), ("not_accepted", "S9"), ("quashed", "S12"), ("redo", "S12")]
)
def test_each_result_leads_where_it_says(result: str, state: str, asked: Case) -> None:
    error = asked.refused("review_decided", errors.MissingPartError, "2026-07-06", result=result)
    assert error.parts == ("review_opinion",)  # type: ignore[attr-defined]
    asked.do("review_decided", result=result, papers="review_opinion")
    assert asked.state == state
    assert asked.clock("C4").status == "met"
    assert asked.column("review_result") == result
    ((decided, code, opinion),) = review(asked, "decided_on, result, opinion")
    assert (decided, code) == ("2026-07-06", result)
    kinds = {line.id: line.kind for line in asked.desk.matter(asked.matter).documents}
    assert kinds[opinion] == "review_opinion"
    assert (("sent_back", "2026-07-06") in asked.events()) == (state == "S12")


def test_a_changed_opinion_opens_a_task(asked: Case) -> None:
    """REG-2022 Art. 32: what stands at the end is carried out before the matter is closed."""
    asked.now = at("2026-07-06")
    error = asked.refused("review_decided", errors.MissingPartError, result="changed", papers="review_opinion")
    assert error.parts == ("what",)  # type: ignore[attr-defined]
    what: dict[str, Any] = {"result": "changed", "what": "退还暂扣的自行车", "papers": "review_opinion"}
    asked.refused("review_decided", errors.InputError, limit_on="2026-07-06", **what)
    asked.do("review_decided", limit_on="2026-08-31", **what)
    assert asked.state == "S9"
    assert asked.register.rows("SELECT kind, what, due_on, done_on FROM task") == [
        ("execution", "退还暂扣的自行车", "2026-08-31", None)
    ]
    assert asked.clock("C-execute").due.last_on == date(2026, 8, 31)  # type: ignore[union-attr]  # a Monday
    asked.do("serve_review", on="2026-07-06", receiver="王小明", papers="proof_of_service")
    assert "执行" in asked.refused("close", errors.RuleError, "2026-08-06", closing="opinion").message.zh
    asked.do("execute", proof="领取物品清单").do("close", closing="opinion")
    assert asked.state == "S13"


def test_an_opinion_that_stands_sets_no_limit(asked: Case) -> None:
    error = asked.refused(
        "review_decided",
        errors.InputError,
        "2026-07-06",
        result="upheld",
        limit_on="2026-08-01",
        papers="review_opinion",
    )
    assert error.field == "limit_on"  # type: ignore[attr-defined]
    asked.refused("review_decided", errors.InputError, result="perhaps", papers="review_opinion")
    asked.refused("review_decided", errors.InputError, on="2026-06-09", result="upheld", papers="review_opinion")
    asked.refused("review_decided", errors.InputError, on="2026-07-07", result="upheld", papers="review_opinion")


def test_a_request_that_was_not_taken_leaves_the_first_window(asked: Case) -> None:
    """Not accepted is no review: the petitioner's own 30 days count, and what they did not use may still be used."""
    asked.do("review_decided", "2026-06-15", result="not_accepted", papers="review_opinion")
    assert "2026-06-22" in asked.refused("close", errors.RuleError, "2026-06-22", closing="opinion").message.zh
    asked.refused("request_rereview", errors.RuleError)
    asked.refused("serve_review", errors.RuleError, on="2026-06-20", receiver="王小明", papers="proof_of_service")
    asked.do("request_review", on="2026-06-22")
    assert review(asked, "result") == [("not_accepted",), (None,)]


# --- re-review --------------------------------------------------------------------------------------------------------


def test_the_second_window_runs_from_receipt_of_the_review_opinion(asked: Case) -> None:
    """REG-2022 Art. 36: received Wed 2026-07-08, 30 days end on Fri 2026-08-07."""
    asked.do("review_decided", "2026-07-07", on="2026-07-06", result="upheld", papers="review_opinion")
    assert "尚未起算" in asked.refused("close", errors.RuleError, "2026-09-01", closing="opinion").message.zh
    (line,) = undelivered(asked.register, asked.desk.person, date(2026, 7, 16))
    assert (line.what, line.days) == ("review_opinion", 10)
    served: dict[str, Any] = {"receiver": "王小明", "papers": "proof_of_service"}
    asked.refused("serve_review", errors.InputError, on="2026-07-05", **served)
    assert asked.refused("serve_review", errors.MissingPartError, on="2026-07-08", receiver="王小明").parts == (  # type: ignore[attr-defined]
        "proof_of_service",
    )
    asked.do("serve_review", on="2026-07-08", **served)
    assert asked.clock("C5").due.last_on == date(2026, 8, 7)  # type: ignore[union-attr]
    assert review(asked, "served_on") == [("2026-07-08",)]
    assert undelivered(asked.register, asked.desk.person, date(2026, 7, 16)) == ()
    asked.refused("serve_review", errors.RuleError, on="2026-07-08", **served)
    asked.refused("request_review", errors.RuleError)
    late = asked.refused("request_rereview", errors.MissingPartError, on="2026-08-08", organ="示例省公安厅")
    assert "2026-08-07" in late.message.zh
    assert "2026-08-07" in asked.refused("close", errors.RuleError, on="2026-08-07", closing="opinion").message.zh
    asked.do("close", on="2026-08-08", closing="opinion")
    assert asked.column("closed_on") == "2026-08-08"


def test_a_rereview_that_upholds_ends_it(asked: Case) -> None:
    one = upheld(asked)
    assert one.refused("request_rereview", errors.MissingPartError, "2026-08-03").parts == ("organ",)  # type: ignore[attr-defined]
    one.do("request_rereview", organ="示例省公安厅")
    assert (one.state, one.column("review_state")) == ("S11", "rereview")
    assert one.clock("C6").due.last_on == date(2026, 9, 2)  # type: ignore[union-attr]  # 08-03 + 30, a Wednesday
    error = one.refused(
        "rereview_decided", errors.MissingPartError, "2026-08-28", result="upheld", papers="review_opinion"
    )
    assert error.parts == ("rereview_opinion",)  # type: ignore[attr-defined]
    one.do("rereview_decided", result="upheld", papers="rereview_opinion")
    assert one.clock("C6").status == "met"
    assert [(level, result) for level, result in review(one, "level, result")] == [
        ("review", "upheld"),
        ("rereview", "upheld"),
    ]
    opinion, reviewed = review(one, "opinion, answer")[0][0], review(one, "opinion, answer")[1][1]
    assert opinion == reviewed, "the re-review is of the review opinion"
    one.refused("request_rereview", errors.RuleError, organ="示例省公安厅")
    one.do("close", closing="rereviewed")
    assert (one.state, one.column("closing"), one.column("closed_on")) == ("S13", "rereviewed", "2026-08-28")
    assert one.register.rows("SELECT * FROM duty") == []


# --- handling anew ----------------------------------------------------------------------------------------------------


def sent_back(asked: Case, **more: Any) -> Case:
    return asked.do("review_decided", "2026-07-06", result="redo", papers="review_opinion", **more)


def test_the_matter_is_handled_anew_within_the_limit_by_another_officer(
    asked: Case, desk_of: Callable[..., Desk]
) -> None:
    one = sent_back(asked, limit_on="2026-08-05")
    assert one.clock("C8r").due.last_on == date(2026, 8, 5)  # type: ignore[union-attr]
    with pytest.raises(errors.NotAllowedError) as refused:
        desk_of("pu").perform(one.matter, "redo", {"unit": "刑侦", "handler": "hu"})
    assert "局长" in refused.value.message.zh
    error = one.refused("redo", errors.MissingPartError, "2026-07-07", unit="刑侦", handler="ho", limit_on="2026-08-05")
    assert error.parts == ("reason",)  # type: ignore[attr-defined]
    one.refused("redo", errors.InputError, unit="刑侦", handler="hu", on="2026-07-05", limit_on="2026-08-05")
    one.do("redo", unit="督察", handler="di", limit_on="2026-08-05")
    assert one.state == "S5"
    assert one.column("handler") == person(one.register, "di").id
    assert one.column("limit_on") == "2026-08-05"
    given = one.register.rows("SELECT kind, officer, limit_on FROM handover WHERE ended_on IS NULL")
    assert given == [("designate", person(one.register, "di").id, "2026-08-05")]
    notice = one.register.row("SELECT facts FROM document WHERE kind='redo_notice'")
    assert notice
    assert "警务督察大队" in notice[0], "the unit that handles it anew, not the one before"
    assert "责令重新办理" in notice[0]


def test_the_old_window_and_the_old_tasks_end_when_the_answer_is_quashed(case: Callable[..., Case]) -> None:
    one = answered(case, "support").do("issue", "2026-05-18", execute_by="2026-06-30")
    one.serve("2026-05-20", on="2026-05-20", way="in_person", receiver="王小明")
    one.do("request_review", "2026-06-10").do("review_decided", "2026-07-06", result="quashed", papers="review_opinion")
    assert one.register.rows("SELECT 1 FROM task WHERE removed IS NULL AND done_on IS NULL") == []
    assert not one.clock("C3").running


def test_nobody_accused_handles_it_anew(case: Callable[..., Case]) -> None:
    """MPS-79 Arts 10, 11; REG-2022 Arts 28, 30."""
    one = answered(case, accused=(accused("登小红"), accused("城关派出所", kind="unit"))).do("issue", "2026-05-18")
    one.serve("2026-05-20", on="2026-05-20", way="in_person", receiver="王小明")
    one = sent_back(one.do("request_review", "2026-06-10"))
    assert "第三十条" in one.refused("redo", errors.RuleError, unit="刑侦", handler="reg").message.zh
    one.refused("redo", errors.RuleError, unit="城关一队", handler="leg")
    one.do("redo", limit_on="2026-08-05", unit="刑侦", handler="leg")


def test_after_the_redo_there_is_a_new_answer_with_windows_of_its_own(asked: Case) -> None:
    """Beijing Reg. Art. 50, Shandong Reg. Art. 45: another answer; REG-2022 Art. 35: its own 30 days."""
    one = sent_back(asked, limit_on="2026-08-05")
    one.do("redo", "2026-07-07", unit="刑侦", handler="hu", limit_on="2026-08-05")
    one.do("declare", by="hu", interest="none").find_out()
    claims = {"1": {"decision": "explain", "grounds": "经查属实"}}
    same = {"facts": "查明已立案。", "basis": "《信访工作条例》第三十二条", "claims": claims}
    assert "责令重新办理" in one.refused("draft", errors.RuleError, **same).message.zh
    one.draft("support", facts="查明当时未立案，现已立案。").check()
    one.do("issue", "2026-08-05", execute_by="2026-08-31")
    assert one.clock("C8r").status == "met"
    one.serve("2026-08-07", on="2026-08-06", way="in_person", receiver="王小明")
    windows = [state for state in one.desk.matter(one.matter).clocks if state.clock == "C3"]
    assert [(state.start_on, state.status) for state in windows] == [
        (date(2026, 5, 20), "met"),
        (date(2026, 8, 6), "open"),
    ]
    assert windows[1].due is not None
    assert windows[1].due.last_on == date(2026, 9, 7), "08-06 + 30 is Saturday 09-05, rolled to Monday"
    one.do("request_review", "2026-09-07").do("review_decided", result="upheld", papers="review_opinion")
    assert one.state == "S9"
    assert review(one, "result") == [("redo",), ("upheld",)]
