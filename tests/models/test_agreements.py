"""Public hearing, mediation and settlement: ordered, held or cancelled; signed, performed or failed.

A matter received and accepted on 2026-03-02 is handled until 05-06 (domain reference, section 14).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models import errors
from models.register import Register
from tests.models.cases import Case
from tests.models.conftest import person

HEARING = {
    "hearing_ground": "complex",
    "reason": "双方各执一词",
    "hearing_on": "2026-03-20",
    "hearing_time": "上午九时",
    "place": "局二楼会议室",
    "chair": "信大明",
    "recorder": "登小红",
    "participants": "信访人王小明\n承办单位刑大队",
}
HELD = {"recorder": "登小红", "minutes": "双方陈述、质证。", "conclusion": "应当书面告知立案情况。"}
TERMS = {
    "kind": "mediation",
    "party_a": "王小明",
    "party_b": "张某",
    "dispute": "自行车损失",
    "terms": "张某赔偿八百元",
    "performance": "一次付清",
    "due_on": "2026-03-31",
}


@pytest.fixture
def case(register: Register) -> Callable[..., Case]:
    return lambda **changed: Case(register, **changed).accept().assign()


def ordered(case: Callable[..., Case]) -> Case:
    return case().do("order_hearing", "2026-03-10", by="ch", **HEARING)


# --- the public hearing -----------------------------------------------------------------------------------------------


def test_a_hearing_is_ordered_announced_and_held_beside_the_running_clock(case: Callable[..., Case]) -> None:
    """SC-431 Art. 31; REG-2022 Art. 31(6); hearing time counts in C2 (domain reference, 0.7)."""
    one = ordered(case)
    assert one.state == "S5h"
    (row,) = one.rows("hearing")
    assert (row["ordered_on"], row["on_date"], row["ordered_by"]) == (
        "2026-03-10",
        "2026-03-20",
        person(one.register, "ch").id,
    )
    one.do("hear", record="再次听取").do("extend_meanwhile", days=30, reason="待鉴定")
    one.do("hold_hearing", "2026-03-25", started_on="2026-03-23", on="2026-03-24", by="pu", **HELD)
    assert one.state == "S5x"
    (row,) = one.rows("hearing")
    assert (row["on_date"], row["ended_on"], row["conclusion"]) == ("2026-03-23", "2026-03-24", HELD["conclusion"])
    kinds = [line.kind for line in one.desk.matter(one.matter).documents]
    assert kinds[-5:] == [
        "hearing_notice",
        "hearing_list",
        "extension_notice",
        "hearing_minutes",
        "hearing_conclusion",
    ]
    assert row["minutes"] == one.desk.matter(one.matter).documents[-2].id
    minutes = one.register.record("document", row["minutes"]) or {}
    for said in ("2026-03-23", "局二楼会议室", "信大明", "双方陈述、质证"):
        assert said in minutes["facts"]
    assert one.events()[-2:] == [("hearing_started", "2026-03-23"), ("hearing_ended", "2026-03-24")]
    assert one.clock("C2").due is not None
    assert one.clock("C2").due.last_on == date(2026, 6, 1)  # type: ignore[union-attr]  # asserted above


def test_only_the_chief_orders_a_hearing_and_it_comes_after_its_notice(case: Callable[..., Case]) -> None:
    one = case()
    assert "局长" in one.refused("order_hearing", errors.NotAllowedError, by="dl", **HEARING).message.zh
    early = one.refused("order_hearing", errors.InputError, "2026-03-21", by="ch", **HEARING)
    assert "事先通知" in early.message.zh
    chair = one.refused("order_hearing", errors.RuleError, "2026-03-10", by="ch", **{**HEARING, "chair": "刑办案"})
    assert "REG-2022 Art. 31(6)" in chair.message.en
    without = {name: value for name, value in HEARING.items() if name != "hearing_ground"}
    one.refused("order_hearing", errors.MissingPartError, by="ch", **without)


def test_a_hearing_is_recorded_after_it_was_ordered_and_never_backwards(case: Callable[..., Case]) -> None:
    one = ordered(case)
    before = one.refused("hold_hearing", errors.InputError, "2026-03-25", started_on="2026-03-09", by="pu", **HELD)
    assert "2026-03-10" in before.message.zh
    turned = {"started_on": "2026-03-24", "on": "2026-03-23"}
    assert "晚于结束日期" in one.refused("hold_hearing", errors.InputError, by="pu", **turned, **HELD).message.zh
    one.refused("hold_hearing", errors.InputError, started_on="2026-03-25", on="2026-03-26", by="pu", **HELD)
    one.refused("draft", errors.RuleError, facts="甲", basis="乙", claims={"1": "support"})
    one.do("hold_hearing", started_on="2026-03-20", on="2026-03-20", by="pu", **HELD)
    assert one.state == "S5"


def test_a_hearing_that_is_cancelled_counts_as_none(case: Callable[..., Case]) -> None:
    one = ordered(case)
    assert one.refused("cancel_hearing", errors.MissingPartError, by="ch").parts == ("reason",)  # type: ignore[attr-defined]
    one.do("cancel_hearing", "2026-03-12", reason="信访人撤回听证申请", by="ch")
    assert one.state == "S5"
    assert one.rows("hearing")[0]["conclusion"] == "取消：信访人撤回听证申请"
    one.refused("hold_hearing", errors.RuleError, started_on="2026-03-12", by="pu", **HELD)
    one.find_out().draft().check().do("issue", by="dl")
    assert one.state == "S7"


def test_after_a_hearing_the_chief_signs(case: Callable[..., Case]) -> None:
    """Practice rules on answers: major ones by the main leader (domain reference, 9.1)."""
    one = ordered(case).do("hold_hearing", "2026-03-20", started_on="2026-03-20", by="pu", **HELD)
    one.find_out().draft("refuse").check()
    assert "issue" not in one.open("dl")
    assert "局长签发" in one.refused("issue", errors.NotAllowedError, by="dl").message.zh
    one.do("issue", by="ch")


# --- mediation and settlement -----------------------------------------------------------------------------------------


def settled(case: Callable[..., Case], *, claims: tuple[str, ...] = ("赔偿自行车",), **more: Any) -> Case:
    return case(claims=claims).do("settle", "2026-03-10", papers="agreement_signed", by="ho", **{**TERMS, **more})


def test_an_agreement_ends_the_matter_only_when_performed(case: Callable[..., Case]) -> None:
    """REG-2022 Art. 33; performance is a project rule: C2 runs until then."""
    one = settled(case)
    (row,) = one.rows("agreement")
    assert (row["kind"], row["parties"], row["signed_on"], row["due_on"]) == (
        "mediation",
        "王小明；张某",
        "2026-03-10",
        "2026-03-31",
    )
    paper = one.register.record("document", row["document"]) or {}
    assert (paper["kind"], paper["state"]) == ("agreement_signed", "incoming")
    kinds = [line.kind for line in one.desk.matter(one.matter).documents]
    assert "mediation_agreement" in kinds
    assert "settlement_agreement" not in kinds
    assert one.clock("C2").status == "open"
    assert "履行后" in one.refused("close_settled", errors.RuleError).message.zh
    assert one.refused("perform_settlement", errors.MissingPartError).parts == ("proof",)  # type: ignore[attr-defined]
    early = one.refused("perform_settlement", errors.InputError, proof="收条", on="2026-03-09")
    assert early.field == "on"  # type: ignore[attr-defined]
    one.do("perform_settlement", "2026-03-30", proof="收条一张")
    assert one.clock("C2").status == "met"
    assert one.clock("C2").ended_on == date(2026, 3, 30)
    one.do("close_settled", by="pu")
    assert (one.state, one.column("closing"), one.column("closing_nature")) == ("S13", "settled", "substantive")
    assert one.column("closed_on") == "2026-03-30"


def test_an_agreement_is_on_a_paper_signed_by_both_sides(case: Callable[..., Case]) -> None:
    one = case()
    bare = one.refused("settle", errors.MissingPartError, "2026-03-10", **TERMS)
    assert bare.parts == ("agreement_signed",)  # type: ignore[attr-defined]
    assert "REG-2022 Art. 33" in bare.message.en
    for wrong in ({"due_on": "2026-03-09"}, {"party_b": "王小明"}, {"covers": "2"}, {"covers": "1、7"}):
        one.refused("settle", errors.InputError, papers="agreement_signed", **{**TERMS, **wrong})
    one.do("settle", papers="agreement_signed", **{**TERMS, "kind": "settlement"})
    assert "settlement_agreement" in [line.kind for line in one.desk.matter(one.matter).documents]


def test_an_agreement_on_one_claim_leaves_the_clock_of_the_others(case: Callable[..., Case]) -> None:
    """REG-2022 Arts 32, 33: what no performed agreement covers is answered in writing."""
    one = settled(case, claims=("赔偿自行车", "书面答复是否立案"), covers="1").do("perform_settlement", proof="收条")
    assert one.clock("C2").status == "open"
    left = one.refused("close_settled", errors.RuleError)
    assert "还有 1 项诉求" in left.message.zh
    one.do("settle", papers="agreement_signed", **{**TERMS, "covers": "第2项"})
    assert "close_settled" not in one.open("pu")
    one.do("perform_settlement", "2026-03-20", proof="当面说明")
    assert one.clock("C2").status == "met"
    assert "close_settled" in one.open("pu")


def test_of_several_agreements_the_one_meant_is_named(case: Callable[..., Case]) -> None:
    one = settled(case, claims=("甲", "乙"), covers="1")
    one.do("settle", papers="agreement_signed", **{**TERMS, "covers": "2"})
    which = one.refused("perform_settlement", errors.InputError, proof="收条")
    assert "1、2" in which.message.zh
    one.do("perform_settlement", agreement=2, proof="收条")
    one.refused("perform_settlement", errors.InputError, agreement=2, proof="收条")
    one.refused("perform_settlement", errors.InputError, agreement=3, proof="收条")
    assert "1" in one.refused("fail_settlement", errors.InputError, agreement=2, reason="甲").message.zh
    one.do("perform_settlement", proof="收条")
    assert [row["performed_on"] for row in one.rows("agreement")] == ["2026-03-10"] * 2
    nothing = one.refused("perform_settlement", errors.RuleError, proof="收条")
    assert "没有待履行" in nothing.message.zh


def test_each_agreement_has_its_own_first_day(case: Callable[..., Case]) -> None:
    one = settled(case, claims=("甲", "乙"), covers="1")
    one.do("settle", "2026-03-20", papers="agreement_signed", **{**TERMS, "covers": "2"})
    one.do("perform_settlement", agreement=1, proof="收条", on="2026-03-12")
    early = one.refused("perform_settlement", errors.InputError, agreement=2, proof="收条", on="2026-03-19")
    assert "2026-03-20" in early.message.zh
    assert one.refused("fail_settlement", errors.InputError, reason="甲", on="2026-03-19").field == "on"  # type: ignore[attr-defined]
    one.do("perform_settlement", proof="收条", on="2026-03-20")
    assert one.clock("C2").ended_on == date(2026, 3, 20)


def test_an_agreement_that_fails_gives_the_matter_back_to_its_clock(case: Callable[..., Case]) -> None:
    one = settled(case).do("fail_settlement", "2026-04-01", reason="到期未付款")
    (row,) = one.rows("agreement")
    assert (row["failed_on"], row["reason"], one.state) == ("2026-04-01", "到期未付款", "S5")
    assert one.clock("C2").status == "open"
    assert one.clock("C2").due is not None
    assert one.clock("C2").due.last_on == date(2026, 5, 6)  # type: ignore[union-attr]  # asserted above
    one.refused("close_settled", errors.RuleError)
    one.find_out().draft().check().do("issue")
    assert one.clock("C2").status == "met"


def test_a_new_agreement_after_a_failed_one_can_still_end_the_matter(case: Callable[..., Case]) -> None:
    one = settled(case).do("fail_settlement", "2026-03-12", reason="反悔")
    one.do("settle", "2026-03-20", papers="agreement_signed", **TERMS).do("perform_settlement", proof="收条")
    one.do("close_settled")
    assert one.state == "S13"


def test_a_suggestion_is_not_settled(register: Register) -> None:
    one = Case(register, purpose="suggestion").do("screen", category="suggestion")
    one.refused("settle", errors.RuleError, **TERMS)
