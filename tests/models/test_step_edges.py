"""Edges of the lawful steps, table by table: the last number that is right and the first that is not.

Days are those of 2026; a matter received and accepted on 03-02 is handled until 05-06.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models import acts, errors, handling, projections
from models.records import PersonDraft
from models.register import Register
from models.steps import major, service
from tests.models.cases import Case
from tests.models.test_step_corners import AGREED, CONTACT, DEMAND, FROM_ABOVE, answered

CITY = "示例市公安局"


def test_a_day_for_carrying_out_is_asked_only_for_what_is_supported(held: Case) -> None:
    held.do("hear", "2026-03-10", record="当面听取").do(
        "answer_unit", facts_text="甲", handling_text="乙", opinion_text="丙"
    )
    held.draft("partly").check()
    assert held.refused("issue", errors.MissingPartError).parts == ("execute_by",)  # type: ignore[attr-defined]
    assert "2026-03-09" in held.refused("issue", errors.InputError, execute_by="2026-03-09").message.zh
    held.do("issue", execute_by="2026-03-11")
    assert held.column("conclusion") == "partly"
    (task,) = held.rows("task")
    assert (task["due_on"], task["opened_on"], task["kind"]) == ("2026-03-11", "2026-03-10", "execution")
    supported = held.register.records("event", "matter=? AND kind='supported'", (held.matter,))
    assert [row["until"] for row in supported] == ["2026-03-11"]
    late = held.refused("execute", errors.InputError, proof="已归还", place=2)
    assert "第 2 项" in late.message.zh
    assert held.refused("urge_execution", errors.InputError, what="甲", due_on="2026-03-10").message.zh
    held.do("urge_execution", what="甲", due_on="2026-03-20")
    assert held.rows("task")[0]["due_on"] == "2026-03-11", "the answer had set the day"
    held.do("execute", proof="已归还", place=1)
    assert [kind for kind, _ in held.events()][-1] == "executed"
    assert "没有待执行" in held.refused("execute", errors.RuleError, proof="已归还").message.zh


def test_of_two_agreements_the_one_meant_is_named_and_the_last_one_ends_the_clock(case: Callable[..., Case]) -> None:
    held = case(claims=("甲", "乙")).accept().assign()
    for covers, said in (("3", "第 3 项"), ("1、9", "第 9 项")):
        wrong = held.refused(
            "settle", errors.InputError, papers="agreement_signed", due_on="2026-03-02", covers=covers, **AGREED
        )
        assert said in wrong.message.zh
    alone = {**AGREED, "party_b": AGREED["party_a"]}
    assert (
        "两方"
        in held.refused("settle", errors.InputError, papers="agreement_signed", due_on="2026-03-02", **alone).message.zh
    )
    for covers in ("第1项", "2"):
        held.do("settle", papers="agreement_signed", due_on="2026-03-10", covers=covers, **AGREED)
    for number in (None, 0, 3):
        named = {} if number is None else {"agreement": number}
        error = held.refused("perform_settlement", errors.InputError, proof="收条", **named)
        assert "1、2" in error.message.zh
    held.do("perform_settlement", proof="收条", agreement=2)
    assert "performed" not in [kind for kind, _ in held.events()]
    assert "履行后才能" in held.refused("close_settled", errors.RuleError).message.zh
    assert held.clock("C2").running
    held.refused("perform_settlement", errors.InputError, proof="收条", agreement=2)
    held.do("fail_settlement", reason="未付")
    one_left = held.refused("close_settled", errors.RuleError)
    assert "还有 1 项诉求" in one_left.message.zh
    held.do("settle", papers="agreement_signed", due_on="2026-03-10", covers="1", **AGREED)
    held.do("perform_settlement", proof="收条", agreement=3)
    assert [kind for kind, _ in held.events()][-1] == "performed"
    assert held.do("close_settled").state == "S13"


ORDER: dict[str, Any] = {
    "reason": "重大", "hearing_time": "9:00", "place": "会议室", "chair": "正局长", "recorder": "记",
    "participants": "王小明", "hearing_ground": "major",
}  # fmt: skip
HELD: dict[str, Any] = {"recorder": "记", "minutes": "笔录", "conclusion": "维持"}


def test_a_hearing_is_announced_chaired_by_another_and_recorded_in_its_order(held: Case) -> None:
    held.now = held.now.replace(day=10)
    assert "事先通知" in held.refused("order_hearing", errors.InputError, hearing_on="2026-03-09", **ORDER).message.zh
    own = held.refused("order_hearing", errors.RuleError, hearing_on="2026-03-12", **{**ORDER, "chair": " 刑办案 "})
    assert "主持人" in own.message.zh
    held.do("order_hearing", hearing_on="2026-03-12", **ORDER)
    held.now = held.now.replace(day=20)
    assert "早于决定" in held.refused("hold_hearing", errors.InputError, started_on="2026-03-09", **HELD).message.zh
    late = held.refused("hold_hearing", errors.InputError, started_on="2026-03-13", on="2026-03-12", **HELD)
    assert "晚于结束" in late.message.zh
    held.do("hold_hearing", started_on="2026-03-12", on="2026-03-13", **HELD)
    (row,) = held.rows("hearing")
    assert (row["on_date"], row["ended_on"], row["conclusion"]) == ("2026-03-12", "2026-03-13", "维持")
    assert row["minutes"] is not None


def test_a_cancelled_hearing_leaves_the_signing_with_the_deputy(held: Case) -> None:
    held.do("order_hearing", hearing_on="2026-03-12", **ORDER).do("cancel_hearing", reason="撤回")
    assert held.rows("hearing")[0]["conclusion"] == "取消：撤回"
    held.do("hear", "2026-03-10", record="当面听取").do(
        "answer_unit", facts_text="甲", handling_text="乙", opinion_text="丙"
    ).draft().check()
    assert "issue" in held.open("dl")


LOG: dict[str, Any] = {"what": "甲", "place": "乙", "people": 0, "claim": "丙", "source": "丁"}


@pytest.mark.parametrize(
    ("time", "kept"), [("0:00", "00:00"), ("7：05", "07:05"), ("08:00", "08:00"), ("09:00", "09:00")]
)
def test_the_time_of_a_major_matter_is_kept_to_the_minute(case: Callable[..., Case], time: str, kept: str) -> None:
    one = case().do("mark_major", "2026-03-03", time=time, **LOG)
    (row,) = one.register.records("major_log", "matter=?", (one.matter,))
    assert (row["at"], row["kind"], row["people"]) == (f"2026-03-03 {kept}", "known", 0)
    assert one.column("major")
    assert one.clock("C9").running


@pytest.mark.parametrize("time", ["24:00", "7:60", "7.05", "abc", "23:59"])
def test_a_time_that_cannot_be_or_has_not_come_is_refused(case: Callable[..., Case], time: str) -> None:
    one = case()
    refused = one.refused("mark_major", errors.InputError, "2026-03-03", time=time, **LOG)
    assert time in refused.message.zh
    assert "人数" in one.refused("mark_major", errors.InputError, time="08:00", **{**LOG, "people": -1}).message.zh
    assert "没有记录" in one.refused("measure_major", errors.RuleError, time="08:00", what="甲").message.zh


def test_a_measure_comes_on_or_after_the_minute_of_knowing(case: Callable[..., Case]) -> None:
    one = case().do("mark_major", "2026-03-03", time="08:00", **LOG)
    early = one.refused("measure_major", errors.InputError, time="07:59", what="甲")
    assert "早于获知时间 2026-03-03 08:00" in early.message.zh
    one.do("measure_major", time="08:00", what="甲")
    rows = one.register.records("major_log", "matter=? ORDER BY id", (one.matter,))
    assert [row["kind"] for row in rows] == ["known", "measure"]


def test_a_measure_between_two_knowings_is_of_the_first(case: Callable[..., Case]) -> None:
    one = case().do("mark_major", "2026-03-03", time="07:00", **LOG).do("mark_major", time="09:00", **LOG)
    one.do("measure_major", time="08:00", what="甲")
    rows = one.register.records("major_log", "matter=? ORDER BY at", (one.matter,))
    assert [row["kind"] for row in rows] == ["known", "measure", "known"]


def test_who_was_told_of_a_major_matter_and_when_first() -> None:
    rows: list[dict[str, Any]] = [
        {"kind": "reported", "at": "2026-03-01 08:00", "organ": "party"},
        {"kind": "known", "at": "2026-03-02 08:00", "organ": None},
        {"kind": "reported", "at": "2026-03-02 10:00", "organ": "party"},
        {"kind": "reported", "at": "2026-03-02 08:00", "organ": "government"},
        {"kind": "reported", "at": "2026-03-02 09:00", "organ": "party"},
    ]
    assert major.told(rows) == {"government": "2026-03-02 08:00", "party": "2026-03-02 09:00"}
    assert major.family("SC-431") == "2005"
    assert major.family("REG-2022/LOCAL-zhejiang") == "2022"
    assert major.minutes_between("2026-03-01 23:59", "2026-03-02 00:01") == 2


@pytest.mark.parametrize(("days", "ends"), [(60, date(2026, 5, 1)), (75, date(2026, 5, 16)), (None, date(2026, 5, 1))])
def test_a_public_notice_runs_its_days_without_that_of_posting(days: int | None, ends: date) -> None:
    assert service.notice_ends(date(2026, 3, 2), days) == ends


def test_under_the_regulation_of_2005_a_supervision_is_answered_in_thirty_days_at_most(
    case: Callable[..., Case],
) -> None:
    one = case(received_on=date(2015, 3, 2)).do("screen", category="claim").do("accept").do("assign", unit="刑侦")
    too_long = one.refused("supervise", errors.InputError, due_on="2015-04-02", **DEMAND)
    assert "2015-04-01" in too_long.message.zh
    assert "早于" in one.refused("supervise", errors.InputError, due_on="2015-03-01", **DEMAND).message.zh
    one.do("supervise", letter=CONTACT, **DEMAND).do("supervise", letter=CONTACT, **{**DEMAND, "trigger": "2"},
                                                     due_on="2015-04-01")  # fmt: skip
    assert [row["due_on"] for row in one.rows("supervision")] == ["2015-04-01"] * 2
    number = one.refused("answer_supervision", errors.InputError, supervision=3, answer="甲", adopted="taken", by="hu")
    assert "1、2" in number.message.zh
    one.do("answer_supervision", by="hu", supervision=2, answer="甲", adopted="not_taken", reasons="乙")
    assert [bool(row["answered_on"]) for row in one.rows("supervision")] == [False, True]
    one.do("lift_supervision", finding="属实")
    assert [bool(row["lifted_on"]) for row in one.rows("supervision")] == [False, True]
    assert one.column("supervised")


def test_an_extension_is_decided_up_to_the_last_day_counted_from_the_acceptance(case: Callable[..., Case]) -> None:
    """Accepted on 03-10, the 60 days end on 05-09, a make-up working day."""

    def accepted() -> Case:
        return case().do("screen", "2026-03-10", category="claim", exit="6").do("accept").assign()

    late = accepted().refused("extend", errors.RuleError, "2026-05-10", days=30, reason="复杂")
    assert "2026-05-09" in late.message.zh
    one = accepted()
    assert "1 以上" in one.refused("extend", errors.InputError, "2026-05-09", days=0, reason="复杂").message.zh
    one.do("extend", days=1, reason="复杂")
    assert one.state == "S5x"
    assert "只能延长一次" in one.refused("extend", errors.RuleError, days=1, reason="复杂").message.zh


def test_more_time_from_above_moves_the_limit_by_its_days(register: Register) -> None:
    one = Case(register, **FROM_ABOVE).do("record_assignment", papers="assignment_in", limit_on="2026-03-02")
    one.refused("extend_limit", errors.InputError, days=0, papers="limit_consent")
    one.do("extend_limit", days=1, papers="limit_consent")
    assert one.column("limit_on") == "2026-03-03"
    early = one.refused("record_assignment", errors.InputError, papers="assignment_in", limit_on="2026-03-01")
    assert "早于交办日期" in early.message.zh


def test_a_rereview_keeps_its_opinion_and_ends_the_petition(held: Case) -> None:
    one = answered(held).serve("2026-03-12", on="2026-03-12", way="in_person", receiver="王小明")
    one.do("request_review", "2026-03-20", organ=CITY)
    assert (
        "须写明变更"
        in one.refused("review_decided", errors.MissingPartError, result="changed", papers="review_opinion").message.zh
    )
    for limit in ("2026-03-20", "2026-03-01"):
        one.refused("review_decided", errors.InputError, result="redo", limit_on=limit, papers="review_opinion")
    one.do("review_decided", result="upheld", papers="review_opinion")
    one.do("serve_review", on="2026-03-20", receiver="王小明", papers="proof_of_service")
    assert "复核" in one.refused("request_review", errors.RuleError, organ=CITY).message.zh
    one.do("request_rereview", "2026-03-23", organ="示例省公安厅")
    one.do("rereview_decided", "2026-03-30", result="redo", limit_on="2026-03-31", papers="rereview_opinion")
    first, second = one.rows("review")
    kinds = [one.register.record("document", row["opinion"]) for row in (first, second)]
    assert [row and row["kind"] for row in kinds] == ["review_opinion", "rereview_opinion"]
    assert second["answer"] == first["opinion"]
    assert (first["level"], second["level"], second["limit_on"]) == ("review", "rereview", "2026-03-31")
    assert "须写明理由" in one.refused("redo", errors.MissingPartError, unit="刑侦", handler="ho").message.zh
    one.do("redo", unit="刑侦", handler="ho", reason="只有他熟悉")
    assert one.rows("handover")[-1]["ground"] == "只有他熟悉"
    assert all(row["ended_on"] for row in one.rows("handover")[:-1])


def test_a_rating_whose_window_cannot_be_counted_stays_open(case: Callable[..., Case]) -> None:
    one = answered_in_december(case)
    one.do("open_rating", "2026-12-20")
    assert "rate" in one.open("pu")
    assert {line.last_on for line in one.desk.ratings(one.matter)} == {None}
    assert {line.state for line in one.desk.ratings(one.matter)} == {"pending"}


def answered_in_december(case: Callable[..., Case]) -> Case:
    one = case(received_on=date(2026, 11, 23)).accept().assign(limit_on="2026-12-20")
    one.find_out().draft().check().do("issue")
    return one.serve(on="2026-11-23", way="in_person", receiver="王小明")


def test_the_nearest_duty_of_the_bureau_is_the_one_shown(case: Callable[..., Case]) -> None:
    one = case()
    shown = "SELECT due_on, due_clock FROM matter WHERE id=?"
    assert one.register.row(shown, (one.matter,)) == ("2026-03-17", "C1")
    one.accept()
    assert one.register.row(shown, (one.matter,)) == ("2026-05-06", "C2")
    one.do("mark_major", "2026-03-03", time="08:00", **LOG)
    assert one.register.row(shown, (one.matter,)) == ("2026-03-03", "C9")
    rows = one.register.rows("SELECT clock FROM duty WHERE matter=? ORDER BY last_on", (one.matter,))
    assert rows == [("C9",), ("C2",)]
    with pytest.raises(errors.BugError):
        projections.refresh_clocks(one.register.connection, 77, one.register.calendar, one.register.law.book)


def test_a_letter_of_2015_may_be_refused_for_its_statutory_route(case: Callable[..., Case]) -> None:
    """SC-431 Arts 15, 21; that a visit skipped a level says nothing of other grounds."""
    one = case(received_on=date(2015, 3, 2), channel="letter").do("screen", category="claim")
    assert "越级走访" in one.refused("refuse", errors.RuleError, ground="skipped").message.zh
    one.do("refuse", letter={"open_route": "向人民法院起诉"}, ground="statutory")
    assert one.state == "S3d"


def test_only_what_went_through_the_petition_procedure_is_rated(held: Case) -> None:
    one = answered(held).serve("2026-03-12", on="2026-03-12", way="in_person", receiver="王小明")
    for exit_, rated in ((1, False), (2, False), (3, False), (4, False), (5, False), (6, True), (None, True)):
        with one.register.act("amend", by=one.founder, at=one.now, matter=one.matter) as act:
            act.set("matter", one.matter, exit=exit_)
        assert ("open_rating" in one.open("pu")) is rated, exit_
    with one.register.act("amend", by=one.founder, at=one.now, matter=one.matter) as act:
        act.insert("event", {"matter": one.matter, "kind": "routed", "on_date": "2026-03-12"})
    assert "open_rating" not in one.open("pu"), "led out, whatever its exit says now"


def test_a_decision_above_is_refused_with_the_article_of_its_level(held: Case) -> None:
    one = answered(held).serve("2026-03-12", on="2026-03-12", way="in_person", receiver="王小明")
    one.do("request_review", "2026-03-20", organ=CITY)
    assert one.clock("C4").running
    assert one.register.rows("SELECT clock FROM duty WHERE matter=?", (one.matter,)) == [], "it is no duty of ours"
    first = one.refused("review_decided", errors.MissingPartError, result="changed", papers="review_opinion")
    assert "SC-431 Art. 34, REG-2022 Art. 35" in first.message.en
    one.do("review_decided", result="upheld", papers="review_opinion")
    one.do("serve_review", on="2026-03-20", receiver="王小明", papers="proof_of_service")
    one.do("request_rereview", "2026-03-23", organ="示例省公安厅")
    second = one.refused("rereview_decided", errors.MissingPartError, result="changed", papers="rereview_opinion")
    assert "SC-431 Art. 35, REG-2022 Art. 36" in second.message.en
    one.do("rereview_decided", result="changed", what="补发证明", limit_on="2026-04-30", papers="rereview_opinion")
    (task,) = one.rows("task")
    assert (task["what"], task["due_on"], task["opened_on"]) == ("补发证明", "2026-04-30", "2026-03-23")
    assert one.state == "S9"


def test_what_is_recorded_of_a_service_and_which_papers_are_held(held: Case) -> None:
    one = answered(held)
    opened = {act.name: act for act in one.desk.open_acts(one.matter)[0]}
    assert (opened["serve"].papers, opened["serve"].papers_held) == (("proof_of_service",), ())
    one.do("receive_paper", papers="proof_of_service")
    opened = {act.name: act for act in one.desk.open_acts(one.matter)[0]}
    assert opened["serve"].papers_held == ("proof_of_service",)
    one.do("serve", on="2026-03-10", way="in_person", receiver="王小明")
    (served,) = one.register.records("event", "matter=? AND kind='served'", (one.matter,))
    assert served["note"].endswith("：王小明")
    (row,) = one.rows("service")
    assert row["proof"] is not None
    assert (row["outcome"], row["receiver"], row["on_date"]) == ("served", "王小明", "2026-03-10")
    one.do("return_proof", reason="签名不是本人")
    assert one.state == "S7"
    assert "served" not in [event.kind for event in projections.events_of(one.register.connection, one.matter)]
    proof = one.register.record("document", row["proof"])
    assert proof is not None
    assert proof["state"] == "spoiled"


def test_the_day_that_inputs_name() -> None:
    today = date(2026, 3, 2)
    assert handling.day_of({"on": "2026-02-01"}, today) == date(2026, 2, 1)
    assert handling.day_of({"on": ""}, today) == handling.day_of({}, today) == today
    assert handling.day_of({"on": "gestern"}, today) == today


def test_a_legal_check_that_does_not_agree_lets_nothing_be_signed(held: Case) -> None:
    results = next(field.choices for field in acts.rule("legal_check").inputs if field.name == "result")
    held.do("hear", "2026-03-10", record="当面听取").do(
        "answer_unit", facts_text="甲", handling_text="乙", opinion_text="丙"
    )
    held.draft()
    for result in results:
        held.check(result=result)
        assert ("issue" in held.open("dl")) is (result == "agree"), result
        if result == "agree":
            held.do("return_draft", reason="再核").draft()
    kinds = [row["body"] for row in held.rows("passage") if row["kind"] == "legal"]
    assert len(kinds) == len(results)
    assert all(body.endswith("：事实清楚，适用依据正确。") for body in kinds)


def test_what_is_closed_owes_its_letter_its_report_and_its_window(register: Register) -> None:
    """Section 5: an exit ends with its document; an assignment with its report; S9 when nobody asked for review."""
    out = Case(register).do("screen", category="claim", exit="6")
    out.do("assign_out", destination_name="邻县公安局", requirement="查处", limit_on="2026-03-02", letter=CONTACT)
    assert "办结报告" in out.refused("close", errors.RuleError, closing="filed").message.zh
    out.do("receive_completion", papers="completion_in", result="已查处")
    assert (
        "没有向其他机关交办"
        in out.refused("receive_completion", errors.RuleError, papers="completion_in", result="已查处").message.zh
    )
    (row,) = out.rows("handover")
    assert (row["ended"], row["answer"], row["ground"], row["limit_on"]) == ("answered", "已查处", "查处", "2026-03-02")
    for closing in ("opinion", "statutory"):
        assert "不能以" in out.refused("close", errors.InputError, closing=closing).message.zh
    assert out.do("close", closing="filed").state == "S13"
    assert (out.column("closing"), out.column("closed_on")) == ("filed", "2026-03-02")


def test_a_window_is_open_on_its_last_day_and_passed_on_the_next(held: Case) -> None:
    """Served on 03-12, the 30 days end on 04-11, a Saturday: Monday 04-13."""
    one = answered(held).serve("2026-03-12", on="2026-03-12", way="in_person", receiver="王小明")
    assert "2026-04-13" in one.refused("close", errors.RuleError, "2026-04-13", closing="opinion").message.zh
    assert "复核" in one.refused("close", errors.InputError, "2026-04-14", closing="rereviewed").message.zh
    one.do("close", closing="opinion")
    one.refused("extend_limit", errors.RuleError, days=1, papers="limit_consent")
    assert "没有办结以后登记" in one.refused("reopen", errors.RuleError, ground="new_facts", reason="新证据").message.zh
    nothing = one.refused("reopen", errors.RuleError, ground="not_carried_out", reason="未执行")
    assert "没有支持的诉求" in nothing.message.zh


def test_what_was_not_carried_out_stands_open_once_more(held: Case) -> None:
    one = answered(held, "support", execute_by="2026-03-20").do("execute", "2026-03-11", proof="已归还")
    one.serve("2026-03-12", on="2026-03-12", way="in_person", receiver="王小明")
    one.do("close", "2026-04-14", closing="opinion", closing_nature="substantive")
    one.do("reopen", ground="not_carried_out", reason="实际没有归还")
    done, again = one.rows("task")
    assert (done["done_on"], again["done_on"], again["due_on"]) == ("2026-03-11", None, None)
    assert [again[name] for name in ("kind", "claim", "what", "unit")] == [
        done[name] for name in ("kind", "claim", "what", "unit")
    ]
    assert [one.column(name) for name in ("closed_on", "closing", "closing_nature", "review_state")] == [None] * 4
    assert one.state == "S15"


def test_units_that_return_it_and_units_that_assist(held: Case) -> None:
    """MPS-79 Art. 15."""
    assert "已是主办单位" in held.refused("assist", errors.RuleError, unit="刑侦").message.zh
    held.do("assist", unit="督察")
    assert "已在协办" in held.refused("assist", errors.RuleError, unit="督察").message.zh
    assert "没有正在进行的协办" in held.refused("end_assist", errors.RuleError, unit="城关所", reason="甲").message.zh
    pu = held.refused("assign", errors.NotAllowedError, unit="城关所", by="pu")
    assert "由局领导决定" in pu.message.zh
    held.do("assign", unit="刑侦", handler="ho", by="pu")
    held.do("end_assist", unit="督察", reason="已协助完毕")
    kinds = [(row["kind"], row["ended"]) for row in held.rows("handover")]
    assert kinds == [("assign", "replaced"), ("assist", "replaced"), ("assign", None)]
    held.do("assign", unit="城关所", by="pu")
    assert held.column("handler") is None
    held.do("designate", unit="城关所", handler="suo", ground="属地", by="dl")
    assert held.rows("handover")[-1]["kind"] == "designate"
    fixed = held.refused("assign", errors.RuleError, unit="刑侦")
    assert "已由领导指定为城关派出所" in fixed.message.zh
    held.do("assign", unit="城关所", handler="suo")


def test_one_claim_that_is_not_supported_is_enough_for_the_ordinary_procedure(case: Callable[..., Case]) -> None:
    """SIMPLE-2022 Art. 5."""
    fields = {field.name: field.choices for field in acts.rule("start_simple").inputs}
    simple = {"simple_ground": fields["simple_ground"][0], "way": fields["way"][0], "told": "已受理"}
    one = case(claims=("甲", "乙")).do("screen", category="claim", exit="6").do("start_simple", **simple)
    answer = {"way": simple["way"], "answer": "已办", "record": "本人签收"}
    mixed = {"1": {"decision": "explain", "grounds": "甲"}, "2": {"decision": "refuse", "grounds": "乙"}}
    assert "不予支持" in one.refused("answer_simple", errors.RuleError, claims=mixed, **answer).message.zh
    half = {"1": {"decision": "explain", "grounds": "甲"}}
    assert "还有 1 项" in one.refused("answer_simple", errors.MissingPartError, claims=half, **answer).message.zh
    both = {**half, "2": {"decision": "support", "grounds": ""}}
    one.refused("answer_simple", errors.MissingPartError, claims=both, **answer)
    one.do("answer_simple", claims=both, execute_by="2026-03-02", **answer)
    assert (one.state, one.column("conclusion")) == ("S9", "partly")
    assert [row["kind"] for row in one.rows("passage")][-1] == "answer"


def test_where_no_handling_clock_runs_the_units_time_is_typed(case: Callable[..., Case]) -> None:
    """A matter that was accepted before this register and came without its day."""
    one = case()
    with one.register.act("import_items", by=one.founder, at=one.now, matter=one.matter) as act:
        act.set("matter", one.matter, state="S4")
    assert one.refused("assign", errors.MissingPartError, unit="刑侦", handler="ho").parts == ("limit_on",)  # type: ignore[attr-defined]
    one.do("assign", unit="刑侦", handler="ho", limit_on="2026-03-20")
    assert one.state == "S5"


def test_every_hand_over_is_kept_with_its_end(register: Register) -> None:
    """REG-2022 Arts 22, 23: who sent it, who received it, why, and what became of it."""
    one = Case(register).do("screen", category="claim", exit="6").do("transfer", destination_name="邻县公安局")
    one.do("take_back", papers="returned_in", ground="不属其职责")
    sent, back = one.rows("handover")
    assert (sent["ended"], sent["answer"], sent["ended_on"]) == ("returned", "不属其职责", "2026-03-02")
    assert (back["ground"], back["ended"]) == ("不属其职责", None)
    ours = Case(register, **FROM_ABOVE).do("object", reasons_detail="事发地不在本县")
    (objected,) = ours.rows("handover")
    assert (objected["kind"], objected["receiver_name"], objected["ground"]) == ("object", CITY, "事发地不在本县")
    ours.do("objection_refused", papers="objection_refused")
    assert ours.rows("handover")[0]["ended"] == "refused"


def test_a_review_that_came_with_an_imported_matter_gets_its_row(case: Callable[..., Case]) -> None:
    one = case()
    with one.register.act("import_items", by=one.founder, at=one.now, matter=one.matter) as act:
        act.set("matter", one.matter, state="S10")
    one.do("review_decided", result="upheld", papers="review_opinion")
    (row,) = one.rows("review")
    assert (row["organ"], row["level"], row["result"]) == (CITY, "review", "upheld")


def test_who_stood_aside_stays_barred_when_all_is_worked_out_again(held: Case) -> None:
    held.do("ask_recusal", staff="ho", asked_by="petitioner", reason="亲属")
    held.do("decide_recusal", staff="ho", decision="granted")
    register, barred = held.register, "SELECT staff FROM bar WHERE matter=?"
    before = register.rows(barred, (held.matter,))
    assert before
    projections.rebuild_all(register.connection, register.calendar, register.law.book)
    assert register.rows(barred, (held.matter,)) == before


def test_a_department_that_gets_it_back_answers_again(held: Case) -> None:
    """MPS-79 Art. 15: the answer before another department had it is not the answer of now."""
    held.do("answer_unit", facts_text="甲", handling_text="乙", opinion_text="丙")
    held.do("assign", unit="督察").do("assign", unit="刑侦", handler="ho").do("hear", record="当面听取")
    claims = {"1": {"decision": "explain", "grounds": "甲"}}
    waiting = held.refused("draft", errors.RuleError, facts="甲", basis="乙", claims=claims)
    assert "刑事侦查大队尚未书面答复" in waiting.message.zh


def test_signatories_beside_an_entry_without_a_name(case: Callable[..., Case]) -> None:
    one = case(channel="letter", people=(PersonDraft(phone="19900001234", main=True),))
    one.do("add_signatories", names="张三、李四")
    assert [row["name"] for row in one.rows("person")] == [None, "张三", "李四"]
    assert "都已登记" in one.refused("add_signatories", errors.InputError, names="李四").message.zh


def test_what_stands_open_once_more_is_one_task_with_its_new_day(held: Case) -> None:
    one = answered(held, "support", execute_by="2026-03-20").do("execute", "2026-03-11", proof="已归还")
    one.serve("2026-03-12", on="2026-03-12", way="in_person", receiver="王小明")
    one.do("close", "2026-04-14", closing="opinion").do("reopen", ground="not_carried_out", reason="实际没有归还")
    one.accept().do("assign", unit="刑侦", handler="ho", limit_on="2026-05-01")
    one.do("hear", record="当面听取").do("answer_unit", facts_text="甲", handling_text="乙", opinion_text="丙")
    one.draft("support").check().do("issue", execute_by="2026-05-10")
    assert [(row["done_on"], row["due_on"]) for row in one.rows("task")] == [
        ("2026-03-11", "2026-03-20"), (None, "2026-05-10"),
    ]  # fmt: skip
