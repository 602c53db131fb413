"""Carrying out, closing, follow-up, rating, archive and reopening; each refusal with its article and nothing changed.

Days counted by hand (2026): received by the petitioner Wed 05-20, window to Mon 06-22 (06-19 to 06-21 Dragon Boat);
rating opened Mon 06-01, 30 days to Wed 07-01.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models import errors
from models.desk import Desk
from models.records import AttachmentDraft, PaperDraft
from models.steps.rating import ratings
from tests.models.cases import Case
from tests.models.conftest import at, draft, person

SERVED: dict[str, Any] = {"on": "2026-05-20", "way": "in_person", "receiver": "王小明"}
FOLLOW_UP: dict[str, Any] = {
    "way_text": "电话",
    "carried_out": "yes",
    "view": "agrees",
    "record": "已收到书面答复，没有别的意见。",
}


def served(case: Callable[..., Case], decision: str = "explain", **changed: Any) -> Case:
    """Return a matter answered on 2026-05-18, received on 2026-05-20."""
    one = case(**changed).accept().assign().find_out().draft(decision).check()
    by: dict[str, Any] = {"execute_by": "2026-06-30"} if decision in ("support", "partly") else {}
    return one.do("issue", "2026-05-18", **by).serve("2026-05-20", **SERVED)


def closed(case: Callable[..., Case], **changed: Any) -> Case:
    return served(case, **changed).do("close", "2026-06-23", closing="opinion")


def texts(one: Case, table: str, columns: str) -> list[tuple[Any, ...]]:
    return one.register.rows(
        f"SELECT {columns} FROM {table} WHERE matter=? AND removed IS NULL ORDER BY id", (one.matter,)
    )


# --- carrying out -----------------------------------------------------------------------------------------------------


def test_every_supported_claim_is_proved_before_closing(case: Callable[..., Case]) -> None:
    """SC-431 Art. 32; REG-2022 Art. 32."""
    one = served(case, "support", claims=("退还自行车", "书面答复"))
    assert texts(one, "task", "what, due_on, done_on") == [
        ("退还自行车", "2026-06-30", None),
        ("书面答复", "2026-06-30", None),
    ]
    which = one.refused("execute", errors.MissingPartError, "2026-06-01", proof="领取清单")
    assert which.parts == ("place",)  # type: ignore[attr-defined]
    assert "退还自行车" in which.message.zh
    one.refused("execute", errors.InputError, proof="领取清单", place=3)
    one.refused("execute", errors.InputError, proof="领取清单", place=1, on="2026-05-17")
    one.refused("execute", errors.MissingPartError, place=1)
    one.do("execute", proof="领取清单", place=1, papers="evidence")
    assert "executed" not in [kind for kind, _ in one.events()]
    assert texts(one, "task", "done_on")[0][0] == "2026-06-01"
    evidence = one.register.row("SELECT id FROM document WHERE kind='evidence'")
    assert texts(one, "task", "document")[0] == evidence
    assert "REG-2022 Art. 32" in one.refused("close", errors.RuleError, "2026-06-23", closing="opinion").message.en
    one.do("execute", "2026-06-24", proof="答复书存根")
    assert one.events()[-1] == ("executed", "2026-06-24")
    assert one.clock("C-execute").status == "met"
    one.refused("execute", errors.RuleError, proof="再次")
    one.refused("close", errors.InputError, on="2026-06-23", closing="opinion")
    one.do("close", closing="opinion")
    assert one.state == "S13"


def test_nothing_supported_leaves_nothing_to_carry_out(case: Callable[..., Case]) -> None:
    one = served(case)
    wrong: dict[str, dict[str, Any]] = {
        "execute": {"proof": "甲"},
        "urge_execution": {"what": "甲", "due_on": "2026-06-30"},
    }
    for act, inputs in wrong.items():
        assert "第三十二条" in one.refused(act, errors.RuleError, **inputs).message.zh


def test_a_claim_supported_before_there_were_tasks_is_one_duty(case: Callable[..., Case]) -> None:
    """A register of the first format kept no tasks: the supported claim itself waits to be carried out."""
    one = served(case, "support")
    one.register.connection.execute("DELETE FROM task")
    assert "第三十二条" in one.refused("close", errors.RuleError, "2026-06-23", closing="opinion").message.zh
    one.do("execute", proof="领取清单")
    assert one.events()[-1] == ("executed", "2026-06-23")
    one.refused("execute", errors.RuleError, proof="再次")
    one.do("close", closing="opinion")


def test_the_notice_to_carry_out_names_a_later_day(case: Callable[..., Case], desk_of: Callable[..., Desk]) -> None:
    one = served(case, "support")
    urging: dict[str, Any] = {"what": "退还自行车", "due_on": "2026-07-10"}
    with pytest.raises(errors.NotAllowedError):
        desk_of("ho").perform(one.matter, "urge_execution", urging)
    one.now = at("2026-07-01")
    error = one.refused("urge_execution", errors.InputError, **{**urging, "due_on": "2026-07-01"})
    assert error.field == "due_on"  # type: ignore[attr-defined]
    one.do("urge_execution", **urging)
    assert "execution_notice" in [line.kind for line in one.desk.matter(one.matter).documents]
    assert texts(one, "task", "due_on") == [("2026-06-30",)], "the day of the answer stays"


# --- closing ----------------------------------------------------------------------------------------------------------


def test_a_matter_is_closed_after_the_window_in_a_way_that_fits(case: Callable[..., Case]) -> None:
    one = served(case)
    early = one.refused("close", errors.RuleError, "2026-06-22", closing="opinion")
    assert "2026-06-22" in early.message.zh
    assert "close" not in one.open("pu")
    one.now = at("2026-06-23")
    assert "close" in one.open("pu")
    assert "close" not in one.open("ho")
    for wrong in ("filed", "settled", "withdrawn", "rereviewed", "no_successor"):
        assert one.refused("close", errors.InputError, closing=wrong).field == "closing"  # type: ignore[attr-defined]
    one.refused("close", errors.MissingPartError)
    one.refused("close", errors.InputError, closing="opinion", on="2026-06-24")
    one.do("close", closing="opinion", closing_nature="substantive")
    assert (one.column("closing"), one.column("closing_nature"), one.column("closed_on")) == (
        "opinion",
        "substantive",
        "2026-06-23",
    )
    assert "已办结" in one.refused("close", errors.RuleError, closing="opinion").message.zh


def test_an_exit_is_closed_only_with_its_document(case: Callable[..., Case], desk_of: Callable[..., Desk]) -> None:
    """REG-2022 Art. 23: the notice is written; the letter that was spoiled is none."""
    route = {"competent_organ": "示例县人民法院", "procedure": "六个月内起诉", "route": "行政诉讼"}
    one = case().do("screen", category="claim", exit="4").do("direct", "2026-03-05", route)
    with one.register.act("spoil", by=one.founder, at=one.now, matter=one.matter) as act:
        document = one.register.row("SELECT id FROM document WHERE kind='route_notice'")
        assert document
        act.set("document", document[0], state="spoiled", reason="写错机关")
    error = one.refused("close", errors.RuleError, "2026-03-20", closing="statutory")
    assert "第二十三条" in error.message.zh
    other = case().do("screen", category="claim", exit="4").do("direct", "2026-03-20", route)
    assert other.refused("close", errors.InputError, closing="opinion").field == "closing"  # type: ignore[attr-defined]
    other.do("close", closing="statutory")
    assert other.state == "S13"


def test_what_was_assigned_out_waits_for_its_report(case: Callable[..., Case]) -> None:
    """SC-431 Art. 21(4); REG-2022 Art. 22(3)."""
    one = case().do("screen", category="claim", exit="6")
    one.do("assign_out", destination_name="邻县公安局", requirement="查清并答复", limit_on="2026-04-30")
    error = one.refused("close", errors.RuleError, "2026-05-06", closing="filed")
    assert "REG-2022 Art. 22(3)" in error.message.en
    one.do("receive_completion", result="已答复信访人", papers="completion_in").do("close", closing="filed")
    assert one.state == "S13"


def assigned(case: Callable[..., Case]) -> Case:
    """Return a matter that the city assigned to us until 2026-06-01, answered and served."""
    sent = {
        "source": "city_bureau",
        "source_name": "示例市公安局",
        "transferred_on": date(2026, 3, 2),
        "source_number": "市信交〔2026〕7号",
    }
    one = case(**sent).do("record_assignment", limit_on="2026-06-01", papers="assignment_in")
    one.accept().assign().find_out().draft().check()
    return one.do("issue", "2026-05-18").serve("2026-05-20", **SERVED)


def test_what_was_assigned_to_us_is_reported_before_closing(case: Callable[..., Case]) -> None:
    one = assigned(case)
    assert "办结报告" in one.refused("close", errors.RuleError, "2026-06-23", closing="opinion").message.zh
    one.refused("report_completion", errors.InputError, on="2026-05-19")
    one.do("report_completion", "2026-06-01")
    assert one.clock("C8").status == "met"
    assert one.clock("C8").ended_on == date(2026, 6, 1)
    assert "completion_report" in [line.kind for line in one.desk.matter(one.matter).documents]
    assert "没有待报告" in one.refused("report_completion", errors.RuleError).message.zh
    one.do("close", "2026-06-23", closing="opinion")


def test_the_assigning_organ_grants_more_time_in_writing(case: Callable[..., Case]) -> None:
    one = assigned(case)
    assert one.refused("extend_limit", errors.MissingPartError, days=10).parts == ("limit_consent",)  # type: ignore[attr-defined]
    one.refused("extend_limit", errors.InputError, days=0, papers="limit_consent")
    one.do("extend_limit", days=10, papers="limit_consent")
    assert one.column("limit_on") == "2026-06-11"
    assert one.clock("C8").due.last_on == date(2026, 6, 11)  # type: ignore[union-attr]  # a Thursday
    other = served(case)
    other.refused("extend_limit", errors.RuleError, days=10, papers="limit_consent")
    other.refused("report_completion", errors.RuleError)


def test_a_petitioner_without_successor_ends_it_on_paper(case: Callable[..., Case]) -> None:
    """Shandong Reg. Art. 46, by analogy: the handling clock ends, what was open to be carried out falls away."""
    one = case().accept().assign()
    told: dict[str, Any] = {"reason": "信访人死亡，近亲属书面表示不再继续"}
    assert one.refused("end_without_party", errors.MissingPartError, **told).parts == ("evidence",)  # type: ignore[attr-defined]
    one.refused("end_without_party", errors.MissingPartError, papers="evidence")
    one.do("end_without_party", "2026-03-20", papers="evidence", **told)
    assert (one.state, one.column("closing")) == ("S13", "no_successor")
    assert one.clock("C2").status == "exempt"
    assert one.register.rows("SELECT * FROM duty") == []
    late = served(case, "support").do("end_without_party", papers="evidence", **told)
    assert texts(late, "task", "id") == []
    late.do("archive", archive_number="XF-2026-009", unscanned_reason="原件在卷")
    case().refused("end_without_party", errors.RuleError, papers="evidence", **told)


# --- follow-up --------------------------------------------------------------------------------------------------------


def test_a_follow_up_comes_after_the_answer(case: Callable[..., Case]) -> None:
    one = closed(case)
    one.refused("follow_up", errors.MissingPartError, **{**FOLLOW_UP, "record": ""})
    one.refused("follow_up", errors.InputError, **{**FOLLOW_UP, "view": "angry"})
    one.refused("follow_up", errors.InputError, on="2026-05-19", **FOLLOW_UP)
    one.do("follow_up", "2026-06-25", **FOLLOW_UP)
    assert one.column("followed_on") == "2026-06-25"
    assert one.state == "S13"
    ((way, done, view, document),) = texts(one, "follow_up", "way, carried_out, view, document")
    assert (way, done, view) == ("电话", "yes", "agrees")
    assert {line.id: line.kind for line in one.desk.matter(one.matter).documents}[document] == "follow_up_record"
    unanswered = case().do("screen", category="claim", exit="4").do("withdraw", papers="withdrawal", on="2026-03-02")
    assert "答复之后" in unanswered.refused("follow_up", errors.RuleError, **FOLLOW_UP).message.zh


# --- rating -----------------------------------------------------------------------------------------------------------


def rated(one: Case, target: str, value: str = "satisfied", **more: Any) -> dict[str, Any]:
    return {"query_code": one.column("query_code"), "target": target, "value": value, **more}


def test_the_petitioner_rates_each_once_by_query_code(case: Callable[..., Case]) -> None:
    one = served(case)
    assert "尚未开放" in one.refused("rate", errors.RuleError, **rated(one, "unit")).message.zh
    one.do("open_rating", "2026-06-01")
    assert one.clock("R-rate").due.last_on == date(2026, 7, 1)  # type: ignore[union-attr]
    assert one.column("told_on") == "2026-06-01"
    wrong = one.refused("rate", errors.InputError, **{**rated(one, "unit"), "query_code": "ABCDEFGH"})
    assert wrong.field == "query_code"  # type: ignore[attr-defined]
    one.refused("rate", errors.InputError, on="2026-05-31", **rated(one, "unit"))
    one.do("rate", "2026-06-10", **rated(one, "unit", "unsatisfied", reason="等了很久"))
    assert "已经评价" in one.refused("rate", errors.RuleError, **rated(one, "unit")).message.zh
    assert "rated" not in [kind for kind, _ in one.events()]
    one.do("rate", "2026-07-01", **rated(one, "petition"))
    assert one.clock("R-rate").status == "met"
    found = ratings(one.register, one.matter, by=one.founder, on=date(2026, 7, 20))
    assert [(line.target, line.state, line.value, line.reason) for line in found] == [
        ("petition", "rated", "satisfied", ""),
        ("unit", "rated", "unsatisfied", "等了很久"),
    ]
    one.refused("open_rating", errors.RuleError)


def test_what_was_not_rated_in_time_is_told_by_the_clock(case: Callable[..., Case]) -> None:
    one = served(case).do("open_rating", "2026-06-01")
    found = ratings(one.register, one.matter, by=one.founder, on=date(2026, 7, 1))
    assert {line.state for line in found} == {"pending"}
    assert {line.last_on for line in found} == {date(2026, 7, 1)}
    found = ratings(one.register, one.matter, by=one.founder, on=date(2026, 7, 2))
    assert {line.state for line in found} == {"overdue"}
    one.now = at("2026-07-02")
    assert {line.state for line in one.desk.ratings(one.matter)} == {"overdue"}
    late = one.refused("rate", errors.RuleError, "2026-07-02", **rated(one, "unit"))
    assert "2026-07-01" in late.message.zh
    assert one.clock("R-rate").status == "passed"


def test_only_what_is_within_the_scope_is_rated(case: Callable[..., Case]) -> None:
    """Domain reference, 4.4: first registration, no statutory procedure, nothing unfit for publication."""
    one = case().accept()
    one.refused("open_rating", errors.RuleError)
    sealed = case(confidential=True).do("screen", category="suggestion").do("reply", answer="已采纳")
    sealed.do("close", "2026-03-20", closing="filed")
    assert "不宜公开" in sealed.refused("open_rating", errors.RuleError).message.zh
    routed = case().do("screen", category="claim", exit="4")
    routed.do("direct", "2026-03-20", {"competent_organ": "法院", "procedure": "起诉", "route": "诉讼"})
    routed.do("close", closing="statutory")
    assert "法定程序" in routed.refused("open_rating", errors.RuleError).message.zh
    old = case(received_on=date(2013, 7, 1)).do("screen", category="suggestion").do("reply", answer="已采纳")
    old.do("close", closing="filed")
    assert "尚无满意度评价" in old.refused("open_rating", errors.RuleError).message.zh


def test_a_rating_is_not_shown_to_who_may_not_read(case: Callable[..., Case], desk_of: Callable[..., Desk]) -> None:
    one = case(confidential=True)
    with pytest.raises(errors.NotAllowedError):
        ratings(one.register, one.matter, by=desk_of("suo").person, on=date(2026, 3, 2))


# --- archive ----------------------------------------------------------------------------------------------------------


def test_a_file_goes_to_the_archive_with_its_pages(case: Callable[..., Case]) -> None:
    one = closed(case)
    number: dict[str, Any] = {"archive_number": "XF-2026-001"}
    error = one.refused("archive", errors.MissingPartError, **number)
    assert error.parts == ("unscanned_reason",)  # type: ignore[attr-defined]
    assert "送达凭证" in error.message.zh
    one.refused("archive", errors.InputError, on="2026-06-22", unscanned_reason="原件在卷", **number)
    one.do("archive", "2026-06-30", unscanned_reason="原件在卷", **number)
    assert (one.column("archived_on"), one.column("archive_number")) == ("2026-06-30", "XF-2026-001")
    assert one.column("leaves") >= 3
    index = [line for line in one.desk.matter(one.matter).documents if line.kind == "archive_index"]
    assert len(index) == 1
    assert any("原件在卷" in body for (body,) in texts(one, "passage", "body"))
    assert "2026-06-30" in one.refused("archive", errors.RuleError, **number).message.zh
    other = closed(case)
    taken = other.refused("archive", errors.InputError, unscanned_reason="原件在卷", **number)
    assert taken.field == "archive_number"  # type: ignore[attr-defined]


def test_scanned_papers_need_no_reason(case: Callable[..., Case]) -> None:
    one = case().accept().assign().find_out().draft().check().do("issue", "2026-05-18")
    scan = AttachmentDraft(name="回证.png", media_type="image/png", data=b"\x89PNG scan")
    one.now = at("2026-05-20")
    one.desk.perform(one.matter, "serve", SERVED, papers=[PaperDraft(kind="proof_of_service", file=scan)])
    one.do("confirm_service").do("close", "2026-06-23", closing="opinion").do("archive", archive_number="XF-2026-002")
    assert one.column("archive_number") == "XF-2026-002"


# --- reopening --------------------------------------------------------------------------------------------------------


def test_new_facts_come_with_an_item_of_their_own(case: Callable[..., Case]) -> None:
    """SC-431 Art. 35; REG-2022 Art. 36: the same facts and reasons are not taken up again."""
    one = closed(case)
    new: dict[str, Any] = {"ground": "new_facts", "reason": "提交了新的监控录像"}
    error = one.refused("reopen", errors.RuleError, "2026-07-06", **new)
    assert "第三十六条" in error.message.zh
    one.desk.register_item(draft(received_on=date(2026, 7, 6), repeat_of_matter=one.matter))
    one.refused("reopen", errors.InputError, on="2026-06-22", **new)
    one.do("reopen", **new)
    assert one.state == "S15"
    assert (one.column("closed_on"), one.column("closing")) == (None, None)
    assert one.clock("C1").start_on in (date(2026, 3, 2), date(2026, 7, 6))
    one.do("screen", category="claim", exit="6").do("accept", "2026-07-07")
    runs = [state for state in one.desk.matter(one.matter).clocks if state.clock == "C2"]
    assert [(state.start_on, state.status) for state in runs] == [
        (date(2026, 3, 2), "met_late"),
        (date(2026, 7, 7), "open"),
    ]


def test_what_failed_to_be_carried_out_is_opened_again(case: Callable[..., Case]) -> None:
    one = served(case, "support").do("execute", proof="口头告知").do("close", "2026-06-23", closing="opinion")
    one.do("reopen", "2026-07-06", ground="not_carried_out", reason="自行车并未退还")
    assert [(what, done) for what, done in texts(one, "task", "what, done_on")] == [
        ("要求书面答复是否立案", "2026-05-20"),
        ("要求书面答复是否立案", None),
    ]
    plain = closed(case)
    plain.refused("reopen", errors.RuleError, ground="not_carried_out", reason="没有执行")
    plain.refused("reopen", errors.MissingPartError, ground="new_facts")


def test_a_second_life_has_windows_of_its_own(case: Callable[..., Case]) -> None:
    """A re-review of the first answer closes nothing of the second."""
    one = served(case).do("request_review", "2026-06-10")
    one.do("review_decided", "2026-07-06", result="upheld", papers="review_opinion")
    one.do("serve_review", on="2026-07-06", receiver="王小明", papers="proof_of_service")
    one.do("request_rereview", "2026-07-20", organ="示例省公安厅")
    one.do("rereview_decided", "2026-08-10", result="upheld", papers="rereview_opinion")
    one.do("close", closing="rereviewed")
    one.desk.register_item(draft(received_on=date(2026, 8, 10), repeat_of_matter=one.matter))
    one.do("reopen", ground="new_facts", reason="新的证人").do("screen", category="claim", exit="6")
    one.do("accept", "2026-08-11").do("assign", unit="刑侦", handler="ho").find_out()
    one.draft("refuse").check().do("issue", "2026-08-12")
    one.serve("2026-08-13", on="2026-08-13", way="in_person", receiver="王小明")
    error = one.refused("close", errors.RuleError, closing="opinion")
    assert "2026-09-14" in error.message.zh, "08-13 + 30 is Saturday 09-12, rolled to Monday"
    one.refused("close", errors.RuleError, closing="rereviewed")
    one.do("request_review", "2026-08-14")
    assert one.state == "S10"


@pytest.mark.parametrize("act", ["execute", "follow_up", "archive", "reopen", "close", "rate"])
def test_none_of_this_comes_before_the_answer(act: str, case: Callable[..., Case]) -> None:
    inputs: dict[str, dict[str, Any]] = {
        "execute": {"proof": "甲"},
        "follow_up": FOLLOW_UP,
        "archive": {"archive_number": "1"},
        "reopen": {"ground": "new_facts", "reason": "甲"},
        "close": {"closing": "opinion"},
        "rate": {"query_code": "A", "target": "unit", "value": "satisfied"},
    }
    one = case().accept()
    error = one.refused(act, errors.RuleError, **inputs[act])
    assert "已受理" in error.message.zh
    assert person(one.register, "pu")
