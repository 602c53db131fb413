"""Service of the answer: each way with what proves it, in their order, and the window that starts with the proof only.

Days were counted by hand: 2026-03-02 + 60 days is 2026-05-01 (29 days of March, 30 of April, 1 of May).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models import errors
from models.desk import Desk
from models.register import Register
from models.undelivered import undelivered
from tests.models.cases import Case
from tests.models.conftest import accused

PROOF: dict[str, Any] = {"papers": "proof_of_service"}
HANDED: dict[str, Any] = {"way": "in_person", "receiver": "王小明"}


def answered(case: Callable[..., Case], **changed: Any) -> Case:
    """Return a matter whose draft passed its legal check."""
    return case(**changed).accept().assign().find_out().draft().check()


@pytest.fixture
def issued(case: Callable[..., Case]) -> Case:
    """Return a matter answered on 2026-03-02."""
    return answered(case).do("issue")


def rows(one: Case, columns: str = "way, outcome") -> list[tuple[Any, ...]]:
    return one.register.rows(f"SELECT {columns} FROM service WHERE removed IS NULL ORDER BY id")


# --- ways and what each must state ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inputs", "missing"),
    [
        ({"way": "in_person"}, ("receiver",)),
        ({"way": "substitute", "receiver": "王母"}, ("relation",)),
        ({"way": "left", "reason": "拒绝签名"}, ("witness", "place")),
        ({"way": "left", "witness": "村主任", "place": "门口"}, ("reason",)),
        ({"way": "through_police", "receiver": "王小明", "reason": "住外省"}, ("through",)),
        ({"way": "post"}, ("receiver",)),
        ({"way": "post", "receiver": "王小明"}, ("reason",)),
        ({"way": "electronic", "receiver": "王小明"}, ("consent",)),
    ],
)
def test_each_way_states_what_makes_it_count(inputs: dict[str, str], missing: tuple[str, ...], issued: Case) -> None:
    """MPS-ADM Art. 36, by analogy (domain reference, 9.3)."""
    error = issued.refused("serve", errors.MissingPartError, on="2026-03-02", **inputs, **PROOF)
    assert error.parts == missing  # type: ignore[attr-defined]  # a MissingPartError
    assert "第三十六条" in error.message.zh
    assert "Art. 36" in error.message.en


@pytest.mark.parametrize(
    "inputs",
    [
        HANDED,
        {"way": "substitute", "receiver": "王母", "relation": "成年家属"},
        {"way": "substitute", "receiver": "李经理", "relation": "employer"},
        {"way": "left", "witness": "村主任在场，全程录像", "place": "王小明家门口", "reason": "拒绝签名"},
        {"way": "through_police", "receiver": "王小明", "through": "邻县公安局", "reason": "住外省"},
        {"way": "post", "receiver": "王小明", "reason": "住外省"},
        {"way": "electronic", "receiver": "王小明", "consent": "送达地址确认书"},
    ],
    ids=lambda inputs: inputs["way"],
)
def test_each_way_that_is_told_whole_serves(inputs: dict[str, Any], issued: Case) -> None:
    issued.do("serve", on="2026-03-02", **inputs, **PROOF)
    assert issued.state == "S8"
    assert rows(issued) == [(inputs["way"], "served")]
    answer, proof = issued.register.row("SELECT document, proof FROM service") or ()
    kinds = {line.id: line.kind for line in issued.desk.matter(issued.matter).documents}
    assert (kinds[answer], kinds[proof]) == ("answer", "proof_of_service")
    assert issued.register.row("SELECT document FROM event WHERE kind='served'") == (proof,)


def test_a_way_that_the_rule_does_not_know_serves_nothing(issued: Case) -> None:
    error = issued.refused("serve", errors.RuleError, on="2026-03-02", way="other", receiver="王小明", **PROOF)
    assert "第三十六条" in error.message.zh
    issued.refused("serve", errors.InputError, on="2026-03-02", way="pigeon", receiver="王小明", **PROOF)


def test_nothing_is_served_without_its_proof(issued: Case) -> None:
    error = issued.refused("serve", errors.MissingPartError, on="2026-03-02", **HANDED)
    assert error.parts == ("proof_of_service",)  # type: ignore[attr-defined]
    issued.do("receive_paper", papers="proof_of_service").do("serve", on="2026-03-02", **HANDED)
    assert issued.state == "S8"


def test_nothing_is_served_before_it_was_sent_nor_tomorrow(case: Callable[..., Case]) -> None:
    one = answered(case)
    assert "已出具" in one.refused("serve", errors.RuleError, on="2026-03-02", **HANDED, **PROOF).message.zh
    one.do("issue", "2026-03-10")
    for wrong in ("2026-03-09", "2026-03-11"):
        assert one.refused("serve", errors.InputError, on=wrong, **HANDED, **PROOF).field == "on"  # type: ignore[attr-defined]
        one.refused("try_service", errors.InputError, on=wrong, way="in_person", place="家", reason="外出")


def test_service_is_for_those_who_serve(issued: Case, desk_of: Callable[..., Desk]) -> None:
    with pytest.raises(errors.NotAllowedError) as refused:
        desk_of("leg").perform(issued.matter, "serve", {"on": "2026-03-02", **HANDED})
    assert "第三十六条" in refused.value.message.zh
    issued.do("serve", on="2026-03-02", **HANDED, **PROOF)
    for act, inputs in (("confirm_service", {}), ("return_proof", {"reason": "没有签名"})):
        with pytest.raises(errors.NotAllowedError) as refused:
            desk_of("reg").perform(issued.matter, act, inputs)
        assert "信访部门负责人" in refused.value.message.zh


# --- failed attempts and their order ----------------------------------------------------------------------------------


def test_a_failed_attempt_is_kept_with_place_and_reason(issued: Case) -> None:
    issued.do("try_service", way="in_person", place="王小明家", reason="外出务工，家中无人")
    assert issued.state == "S7"
    assert rows(issued, "way, outcome, place, reason") == [("in_person", "failed", "王小明家", "外出务工，家中无人")]
    assert ("service_failed", "2026-03-02") in issued.events()
    assert "C3" not in [state.clock for state in issued.desk.matter(issued.matter).clocks]
    issued.do("serve", on="2026-03-02", way="post", receiver="王小明", **PROOF)  # no reason: the attempt is the reason
    assert issued.state == "S8"


@pytest.mark.parametrize("way", ["public", "left", "other"])
def test_what_cannot_fail_is_no_attempt(way: str, issued: Case) -> None:
    error = issued.refused("try_service", errors.RuleError, way=way, place="家", reason="外出")
    assert "Art. 36" in error.message.en


def test_an_attempt_tells_its_reason_place_and_who_tried(issued: Case) -> None:
    issued.refused("try_service", errors.MissingPartError, way="in_person", place="家")
    issued.refused("try_service", errors.MissingPartError, way="in_person", reason="外出")
    error = issued.refused(
        "try_service", errors.MissingPartError, way="through_police", place="邻县", reason="查无此人"
    )
    assert error.parts == ("through",)  # type: ignore[attr-defined]
    issued.do("try_service", way="through_police", place="邻县", reason="查无此人", through="邻县公安局")
    assert rows(issued, "place") == [("邻县；邻县公安局",)]


def test_public_notice_comes_last_and_runs_sixty_days(issued: Case) -> None:
    """MPS-ADM Art. 36: only when the other ways failed; 60 days or more, the day of posting not counted (Art. 35)."""
    posting: dict[str, Any] = {"days": 60, "place": "县局公告栏、住所地村委会"}
    assert "直接送达" in issued.refused("post_notice", errors.RuleError, **posting).message.zh
    issued.do("try_service", way="post", place="住所地", reason="退信：查无此人")
    assert "直接送达" in issued.refused("post_notice", errors.RuleError, **posting).message.zh
    issued.do("try_service", way="in_person", place="住所地", reason="去向不明")
    error = issued.refused("post_notice", errors.InputError, **{**posting, "days": 59})
    assert error.field == "days"  # type: ignore[attr-defined]
    error = issued.refused("serve", errors.RuleError, on="2026-03-02", way="public", **PROOF)
    assert "没有张贴过公告" in error.message.zh
    issued.do("post_notice", **posting)
    assert (issued.state, rows(issued)[-1]) == ("S7", ("public", "posted"))
    assert "service_announcement" in [line.kind for line in issued.desk.matter(issued.matter).documents]
    assert issued.clock("C-announce").due.last_on == date(2026, 5, 6)  # type: ignore[union-attr]  # 05-01 to 05-05 rest
    error = issued.refused("serve", errors.InputError, "2026-05-10", on="2026-04-30", way="public", **PROOF)
    assert "2026-05-01" in error.message.zh
    issued.serve(on="2026-05-01", way="public")
    assert issued.clock("C3").due.last_on == date(2026, 6, 1)  # type: ignore[union-attr]  # 05-31 is a Sunday


def test_notice_is_refused_while_only_direct_ways_failed(issued: Case) -> None:
    issued.do("try_service", way="substitute", place="家", reason="家属拒绝代收")
    error = issued.refused("post_notice", errors.RuleError, days=60, place="公告栏")
    assert "邮寄" in error.message.zh
    assert "by post" in error.message.en


# --- the proof is checked ---------------------------------------------------------------------------------------------


def test_the_petition_unit_confirms_the_proof(issued: Case) -> None:
    issued.do("serve", "2026-03-05", on="2026-03-04", **HANDED, **PROOF)
    issued.refused("confirm_service", errors.InputError, on="2026-03-03")
    issued.refused("close", errors.RuleError, "2026-06-01", closing="opinion")
    issued.do("confirm_service", "2026-03-06")
    assert issued.state == "S9"
    assert rows(issued, "checked_on") == [("2026-03-06",)]
    issued.refused("return_proof", errors.RuleError, reason="回证没有签名")


def test_a_proof_that_does_not_hold_never_started_the_window(issued: Case) -> None:
    """SC-431 Art. 34, REG-2022 Art. 35: the window runs from receipt; no proof of service = not started."""
    issued.do("serve", on="2026-03-02", **HANDED, **PROOF)
    assert issued.clock("C3").start_on == date(2026, 3, 2)
    issued.refused("return_proof", errors.MissingPartError)
    issued.do("return_proof", "2026-03-04", reason="回证上的签名不是本人")
    assert issued.state == "S7"
    assert "C3" not in [state.clock for state in issued.desk.matter(issued.matter).clocks]
    assert issued.register.row("SELECT withdrawn FROM event WHERE kind='served'") == ("回证上的签名不是本人",)
    assert rows(issued) == []
    error = issued.refused("serve", errors.MissingPartError, on="2026-03-04", **HANDED)
    assert error.parts == ("proof_of_service",), "the proof that did not hold proves nothing later"  # type: ignore[attr-defined]
    issued.serve("2026-03-10", on="2026-03-09", **HANDED)
    assert issued.clock("C3").due.last_on == date(2026, 4, 8)  # type: ignore[union-attr]  # 03-09 + 30, a Wednesday


# --- other letters ----------------------------------------------------------------------------------------------------


def test_the_receipt_of_another_letter_is_recorded_once(case: Callable[..., Case]) -> None:
    one = case().accept()
    number = one.desk.matter(one.matter).documents[0].number
    serving: dict[str, Any] = {"document_number": number, "way": "post", "receiver": "王小明"}
    one.refused("serve_letter", errors.InputError, on="2026-03-01", **serving)
    one.refused("serve_letter", errors.InputError, on="2026-03-02", **{**serving, "document_number": "无此文号"})
    one.do("serve_letter", on="2026-03-02", **serving)
    assert one.state == "S4"
    assert "第二十三条" in one.refused("serve_letter", errors.RuleError, on="2026-03-02", **serving).message.zh
    assert rows(one) == [("post", "served")]


# --- the queue --------------------------------------------------------------------------------------------------------


def test_the_queue_tells_how_long_and_what_comes_next(issued: Case, register: Register) -> None:
    def line(on: date) -> Any:
        (found,) = issued.desk.undelivered(on)
        return found

    first = line(date(2026, 3, 12))
    assert (first.matter, first.what, first.days, first.attempts) == (issued.matter, "answer", 10, ())
    assert first.next_ways[0] == "in_person"
    issued.do("try_service", way="in_person", place="家", reason="外出")
    assert line(date(2026, 3, 12)).next_ways == ("substitute", "left", "post", "through_police", "electronic")
    issued.do("try_service", way="substitute", place="家", reason="家属拒收")
    assert line(date(2026, 3, 12)).next_ways[0] == "post"
    issued.do("try_service", way="post", place="家", reason="退信")
    second = line(date(2026, 3, 12))
    assert second.next_ways[:2] == ("public", "through_police")
    assert [(attempt.way, attempt.outcome, attempt.reason) for attempt in second.attempts] == [
        ("in_person", "failed", "外出"),
        ("substitute", "failed", "家属拒收"),
        ("post", "failed", "退信"),
    ]
    issued.do("post_notice", days=60, place="公告栏")
    assert line(date(2026, 4, 30)).next_ways == ()
    assert line(date(2026, 4, 30)).notice_ends_on == date(2026, 5, 1)
    assert line(date(2026, 5, 1)).next_ways == ("public",)
    issued.do("serve", "2026-05-02", on="2026-05-01", way="public", **PROOF)
    assert undelivered(register, issued.desk.person, date(2026, 5, 2)) == ()


def test_the_queue_holds_extension_notices_until_their_receipt(case: Callable[..., Case], register: Register) -> None:
    one = case().accept().do("extend", days=10, reason="复杂")
    (line,) = undelivered(register, one.desk.person, date(2026, 3, 4))
    assert (line.what, line.days, line.next_ways) == ("extension_notice", 2, ())
    one.do("serve_letter", on="2026-03-02", document_number="extension_notice", way="post", receiver="王小明")
    assert undelivered(register, one.desk.person, date(2026, 3, 4)) == ()


def test_the_queue_asks_the_policy(case: Callable[..., Case], register: Register, desk_of: Callable[..., Desk]) -> None:
    """The accused does not learn that there is an answer; who is no reader sees number and days only."""
    one = case(confidential=True, accused=(accused("督小察"),)).accept().assign()
    for login in ("hu", "leg"):
        one.do("name_reader", staff=login, reason="办理")
    one.find_out().draft().check().do("issue")
    on = date(2026, 3, 4)
    assert undelivered(register, desk_of("di").person, on) == ()
    (outline,) = undelivered(register, desk_of("suo").person, on)
    assert (outline.title, outline.sight, outline.attempts) == ("", "outline", ())
    (full,) = undelivered(register, desk_of("pu").person, on)
    assert full.title
    assert full.sight == "full"
