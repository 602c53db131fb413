"""Inside the bureau: who has a matter, who gives it back, who stands aside, by which procedure it goes.

Days are those of 2026. A matter received and accepted on 03-02 is handled until 05-06 (domain reference, section 14:
60 days end on 05-01, a holiday).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models import errors, handovers
from models.desk import Desk
from models.records import Staff
from models.register import Register
from tests.models.cases import REPLY, Case
from tests.models.conftest import NOW, accused, person, unit

ADVICE = {"return_ground": "other_unit", "ground": "事发地属城关派出所辖区"}


@pytest.fixture
def clerk(register: Register) -> Staff:
    """A registrar of the petition unit with no other role, and a station's head."""
    with register.act("add_staff", by=register.person, at=NOW) as act:
        act.insert("staff", {"login": "clerk", "name": "接小文", "unit": unit(register, "信访"), "roles": '["REG"]'})
        act.insert(
            "staff", {"login": "suozhang", "name": "所大长", "unit": unit(register, "城关所"), "roles": '["HU"]'}
        )
    return person(register, "clerk")


def petition(register: Register) -> int:
    found = register.row("SELECT id FROM unit WHERE kind='petition'")
    assert found
    return int(found[0])


def give(one: Case, where: str, handler: str, **more: Any) -> Case:
    return one.do("assign", unit=where, handler=handler, **more)


# --- assignment -------------------------------------------------------------------------------------------------------


def test_an_assignment_writes_who_has_it_since_when_and_until_when(case: Callable[..., Case]) -> None:
    """MPS-79 Art. 15: the department answers within the set time; without one set, by the target of C2, 05-01."""
    one = give(case().accept(), "刑侦", "ho", limit_on="2026-03-31")
    assert one.state == "S5"
    (row,) = one.rows("handover")
    assert (row["kind"], row["on_date"], row["limit_on"]) == ("assign", "2026-03-02", "2026-03-31")
    assert (row["sender"], row["receiver"]) == (petition(one.register), unit(one.register, "刑侦"))
    assert row["officer"] == person(one.register, "ho").id
    letter = one.register.record("document", row["document"]) or {}
    assert letter["kind"] == "internal_assignment"
    for said in ("刑事侦查大队", "刑办案", "2026-03-31", "依法调查核实"):
        assert said in letter["facts"]
    give(one, "督察", "hu")
    first, second = one.rows("handover")
    assert (first["ended"], first["ended_on"], second["ended"]) == ("replaced", "2026-03-02", None)
    assert second["limit_on"] == "2026-05-01"
    assert one.column("unit") == unit(one.register, "督察")


def test_a_units_time_lies_between_its_assignment_and_the_bureaus_own(case: Callable[..., Case]) -> None:
    """MPS-79 Art. 15; REG-2022 Art. 34: the bureau answers until 05-06."""
    one = case().accept()
    early = one.refused("assign", errors.InputError, unit="刑侦", limit_on="2026-03-01")
    assert "MPS-79 Art. 15" in early.message.en
    late = one.refused("assign", errors.InputError, unit="刑侦", limit_on="2026-05-07")
    assert "2026-05-06" in late.message.zh
    assert "第34条" in late.message.zh
    give(one, "刑侦", "ho", limit_on="2026-05-06")


def test_a_units_time_is_set_where_the_bureaus_own_cannot_be_worked_out(case: Callable[..., Case]) -> None:
    """60 days from 2026-11-20 end on 2027-01-19, a year whose holidays are not announced; and what is late has none."""
    one = case(received_on=date(2026, 11, 20)).accept()
    assert give(one, "刑侦", "ho").rows("handover")[0]["limit_on"] == "2027-01-19"
    late = case().accept()
    missing = late.refused("assign", errors.MissingPartError, "2026-05-20", unit="刑侦", handler="ho")
    assert missing.parts == ("limit_on",)  # type: ignore[attr-defined]
    give(late, "刑侦", "ho", limit_on="2026-05-25")


def test_only_an_officer_who_handles_is_put_in_charge(case: Callable[..., Case]) -> None:
    one = case().accept()
    assert "督小察" in one.refused("assign", errors.RuleError, unit="督察", handler="di").message.zh
    one.refused("assign", errors.InputError, on="2026-03-01", unit="刑侦")
    assert "信访部门负责人" in one.refused("assign", errors.NotAllowedError, unit="刑侦", by="ho").message.zh


def test_another_unit_without_an_officer_leaves_nobody_in_charge(case: Callable[..., Case]) -> None:
    one = give(case().accept(), "刑侦", "ho").do("assign", unit="督察")
    assert one.column("handler") is None
    assert one.refused("draft", errors.RuleError, facts="甲", basis="乙", claims={}).message.zh.startswith(
        "尚未确定承办人"
    )
    assert "尚未确定承办人" in one.refused("declare", errors.RuleError, interest="none").message.zh


def test_a_department_names_its_own_officer_and_passes_nothing_on(case: Callable[..., Case]) -> None:
    """MPS-79 Arts 10, 15: no passing around past the petition unit."""
    one = case().accept().do("assign", unit="刑侦")
    refused = one.refused("assign", errors.NotAllowedError, unit="城关所", by="hu")
    assert "退回信访部门" in refused.message.zh
    one.do("assign", unit="刑侦", handler="ho", by="hu")
    assert one.column("handler") == person(one.register, "ho").id
    elsewhere = give(case().accept(), "城关所", "suo")
    elsewhere.refused("assign", errors.NotAllowedError, unit="刑侦", by="hu")


def test_an_extension_stands_while_the_matter_is_assigned_anew(case: Callable[..., Case]) -> None:
    one = give(case().accept(), "刑侦", "ho").do("extend", days=10, reason="复杂")
    assert give(one, "督察", "hu").state == "S5x"


# --- returning --------------------------------------------------------------------------------------------------------


def test_a_return_has_a_ground_and_leads_to_the_petition_unit(case: Callable[..., Case]) -> None:
    """MPS-79 Arts 10, 15; a matter is never without a unit."""
    one = give(case().accept(), "刑侦", "ho")
    assert one.refused("return_unit", errors.MissingPartError, return_ground="other_unit").parts == ("ground",)  # type: ignore[attr-defined]
    one.do("return_unit", "2026-03-04", **ADVICE)
    assert (one.state, one.column("unit"), one.column("handler")) == ("S5", petition(one.register), None)
    given, back = one.rows("handover")
    assert (given["ended"], given["ended_on"]) == ("returned", "2026-03-04")
    assert (back["kind"], back["sender"], back["receiver"]) == ("return", given["receiver"], petition(one.register))
    assert back["ground"] == "属于其他单位职责：事发地属城关派出所辖区"
    nothing = one.refused("return_unit", errors.RuleError, **ADVICE)
    assert "没有交给承办单位" in nothing.message.zh


def test_only_the_unit_that_has_it_returns_it_and_within_its_time(case: Callable[..., Case]) -> None:
    one = give(case().accept(), "刑侦", "ho", limit_on="2026-03-10")
    assert "刑事侦查大队" in one.refused("return_unit", errors.NotAllowedError, by="suo", **ADVICE).message.zh
    late = one.refused("return_unit", errors.RuleError, "2026-03-11", **ADVICE)
    assert "2026-03-10" in late.message.en
    one.do("return_unit", on="2026-03-10", **ADVICE)


def test_a_unit_that_returned_it_gets_it_again_only_with_a_ground(case: Callable[..., Case]) -> None:
    one = give(case().accept(), "刑侦", "ho").do("return_unit", **ADVICE)
    again = one.refused("assign", errors.MissingPartError, unit="刑侦", handler="ho")
    assert again.parts == ("ground",)  # type: ignore[attr-defined]
    give(one, "刑侦", "ho", ground="核实后确属刑侦职责")
    assert one.rows("handover")[-1]["ground"] == "核实后确属刑侦职责"


def thrice(case: Callable[..., Case]) -> Case:
    one = case().accept()
    for where, officer, by in (("刑侦", "ho", "hu"), ("城关所", "suo", "suo"), ("刑侦", "ho", "hu")):
        give(one, where, officer, ground="再核").do("return_unit", by=by, **ADVICE)
    return one


def test_the_third_return_goes_up_and_the_designated_unit_keeps_it(case: Callable[..., Case]) -> None:
    """MPS-79 Arts 10, 15: the responsible leader co-ordinates; no passing around (three is a project rule)."""
    one = thrice(case)
    assert "assign" not in one.open("pu")
    up = one.refused("assign", errors.RuleError, unit="督察")
    assert "退回 3 次" in up.message.zh
    assert "MPS-79 Arts 10, 15" in up.message.en
    one.refused("designate", errors.MissingPartError, unit="刑侦", handler="ho", by="dl")
    one.do("designate", unit="刑侦", handler="ho", ground="案件性质属刑侦", by="dl")
    assert one.rows("handover")[-1]["kind"] == "designate"
    kept = one.refused("return_unit", errors.RuleError, **ADVICE)
    assert "指定为刑事侦查大队" in kept.message.zh
    assert "刑事侦查大队" in one.refused("assign", errors.RuleError, unit="城关所", handler="suo").message.zh
    give(one, "刑侦", "hu")
    assert one.column("handler") == person(one.register, "hu").id


def test_two_returns_leave_the_assignment_with_the_petition_unit(case: Callable[..., Case]) -> None:
    one = case().accept()
    for where, officer, by in (("刑侦", "ho", "hu"), ("城关所", "suo", "suo")):
        give(one, where, officer).do("return_unit", by=by, **ADVICE)
    assert "assign" in one.open("pu")


def test_the_ledger_tells_every_hand_over_with_its_days(
    case: Callable[..., Case], desk_of: Callable[..., Desk], register: Register
) -> None:
    one = give(case().accept(), "刑侦", "ho").do("return_unit", "2026-03-05", **ADVICE)
    give(one, "城关所", "suo")
    lines = handovers.ledger(register, one.matter, person(register, "pu"))
    home = register.units()[petition(register)]
    assert [(line.kind, line.sender, line.receiver, line.ended, line.days) for line in lines] == [
        ("assign", home, "刑事侦查大队", "returned", 3),
        ("return", "刑事侦查大队", home, "agreed", 0),
        ("assign", home, "城关派出所", "", None),
    ]
    assert (lines[0].on, lines[0].officer, lines[2].officer) == (date(2026, 3, 2), "刑办案", "所民警")
    with register.act("mistake", by=one.desk.person, at=NOW, matter=one.matter) as act:
        act.set("handover", lines[2].id, removed="录错")
    assert len(handovers.ledger(register, one.matter, person(register, "pu"))) == 2
    hidden = case(accused=(accused("刑办案"),))
    with pytest.raises(errors.InputError):
        handovers.ledger(register, hidden.matter, person(register, "ho"))


# --- several units, written answers -----------------------------------------------------------------------------------


def test_every_department_answers_in_writing_before_the_draft(case: Callable[..., Case], clerk: Staff) -> None:
    """MPS-79 Art. 15: each department answers the petition unit in writing."""
    one = case().accept().assign().do("hear", record="听取").do("assist", unit="城关所", limit_on="2026-03-20")
    texts = {"facts": "甲", "basis": "乙", "claims": {"1": "support"}}
    waiting = one.refused("draft", errors.RuleError, **texts).message
    assert "刑事侦查大队" in waiting.zh
    assert "城关派出所" in waiting.zh
    one.do("answer_unit", "2026-03-12", **REPLY)
    lead, assisting = one.rows("handover")
    assert (lead["ended"], lead["ended_on"], lead["answer"]) == ("answered", "2026-03-12", REPLY["opinion_text"])
    assert assisting["ended"] is None
    nothing = one.refused("answer_unit", errors.RuleError, **REPLY)
    assert "没有须由您所在单位书面答复" in nothing.message.zh
    still = one.refused("draft", errors.RuleError, **texts).message.zh
    assert "城关派出所" in still
    assert "刑事侦查大队" not in still
    one.refused("answer_unit", errors.InputError, by="suozhang", on="2026-03-01", **REPLY)
    one.do("answer_unit", by="suozhang", **REPLY).do("draft", **texts)
    replies = one.register.rows("SELECT facts FROM document WHERE kind='department_reply' ORDER BY id")
    assert ['"unit":"城关派出所"' in facts for (facts,) in replies] == [False, True]
    assert [kind for kind, _ in one.events()].count("department_answered") == 2


def test_a_unit_that_takes_over_answers_itself(case: Callable[..., Case], clerk: Staff) -> None:
    """MPS-79 Art. 15: what another unit answered before does not speak for it; a new officer of the same unit does."""
    one = case().accept().assign().find_out()
    give(one, "刑侦", "hu").do("declare", interest="none", by="hu")
    assert "draft" in one.open("hu")
    give(one, "城关所", "suo").do("declare", interest="none", by="suo")
    assert "城关派出所" in one.refused("draft", errors.RuleError, by="suo", facts="甲", basis="乙").message.zh
    one.do("answer_unit", by="suozhang", **REPLY).draft(by="suo")


def test_an_assisting_unit_is_another_one_and_asked_once(case: Callable[..., Case]) -> None:
    one = case(accused=(accused("督察", kind="unit"),)).accept().assign()
    assert "主办单位" in one.refused("assist", errors.RuleError, unit="刑侦").message.zh
    assert "第三十条" in one.refused("assist", errors.RuleError, unit="督察").message.zh
    one.do("assist", unit="城关所")
    assert "已在协办" in one.refused("assist", errors.RuleError, unit="城关所").message.zh
    assert "没有正在进行的协办" in one.refused("end_assist", errors.RuleError, unit="刑侦", reason="甲").message.zh
    one.do("end_assist", unit="城关所", reason="已查明与其无关")
    last = one.rows("handover")[-1]
    assert (last["ended"], last["answer"]) == ("replaced", "已查明与其无关")


def test_where_several_units_are_concerned_a_leader_decides_which_leads(case: Callable[..., Case]) -> None:
    """MPS-79 Art. 15: several departments, the main responsible leader leads and co-ordinates."""
    one = case().accept().assign().do("assist", unit="城关所")
    refused = one.refused("assign", errors.NotAllowedError, unit="城关所", handler="suo", by="pu")
    assert "主要负责人牵头协调" in refused.message.zh
    one.do("assign", unit="城关所", handler="suo", by="dl")
    assert {row["kind"]: row["ended"] for row in one.rows("handover")[:2]} == {
        "assign": "replaced",
        "assist": "replaced",
    }


def test_the_petition_unit_itself_owes_itself_no_answer(case: Callable[..., Case], register: Register) -> None:
    with register.act("set_roles", by=register.person, at=NOW) as act:
        act.set("staff", person(register, "pu").id, roles='["HO","PU"]')
    one = give(case().accept(), "信访", "pu")
    one.do("declare", interest="none", by="pu").do("hear", record="听取")
    one.draft(by="pu")
    assert one.state == "S6"


def test_a_sealed_matter_is_read_by_the_unit_that_must_answer(
    case: Callable[..., Case], desk_of: Callable[..., Desk]
) -> None:
    one = case(confidential=True).accept()
    assert desk_of("hu").matter(one.matter).sight == "outline"
    give(one, "刑侦", "ho")
    assert desk_of("hu").matter(one.matter).sight == "full"
    assert desk_of("suo").matter(one.matter).sight == "outline"
    one.do("assist", unit="城关所", handler="suo")
    assert desk_of("suo").matter(one.matter).sight == "full"


# --- declaration and recusal ------------------------------------------------------------------------------------------


def test_the_handler_declares_in_person_and_a_new_one_anew(case: Callable[..., Case]) -> None:
    """MPS-79 Art. 11; SC-431 Art. 30; REG-2022 Art. 28."""
    one = give(case().accept(), "刑侦", "ho").find_out()
    texts = {"facts": "甲", "basis": "乙", "claims": {"1": "support"}}
    assert "尚未声明" in one.refused("draft", errors.RuleError, **texts).message.zh
    other = one.refused("declare", errors.NotAllowedError, interest="none", by="hu")
    assert "本人声明" in other.message.zh
    one.do("declare", interest="none")
    assert "已经声明" in one.refused("declare", errors.RuleError, interest="none").message.zh
    give(one, "刑侦", "hu")
    assert "REG-2022 Art. 28" in one.refused("draft", errors.RuleError, **texts).message.en
    one.do("declare", interest="none", by="hu").do("draft", by="hu", **texts)


def test_a_declared_interest_waits_for_its_decision(case: Callable[..., Case]) -> None:
    one = give(case().accept(), "刑侦", "ho").find_out()
    bare = one.refused("declare", errors.MissingPartError, interest="direct")
    assert bare.parts == ("ground",)  # type: ignore[attr-defined]
    one.do("declare", interest="direct", ground="与信访人系表亲")
    (row,) = one.rows("recusal")
    assert (row["asked_by"], row["ground"], row["decision"]) == ("officer", "与信访人系表亲", None)
    assert one.clock("C-recusal").due is not None
    assert one.clock("C-recusal").due.last_on == date(2026, 3, 4)  # type: ignore[union-attr]  # asserted above
    texts = {"facts": "甲", "basis": "乙", "claims": {"1": "support"}}
    assert "已申报回避" in one.refused("draft", errors.RuleError, **texts).message.zh
    one.do("decide_recusal", "2026-03-03", staff="ho", decision="refused", by="dl")
    assert one.clock("C-recusal").status == "met"
    one.do("draft", **texts)


def test_a_granted_recusal_asks_for_a_new_handler(case: Callable[..., Case], desk_of: Callable[..., Desk]) -> None:
    one = give(case().accept(), "刑侦", "ho").do("declare", interest="direct", ground="表亲")
    one.do("decide_recusal", staff="ho", decision="granted", by="ch")
    assert (one.column("handler"), one.column("unit")) == (None, unit(one.register, "刑侦"))
    with pytest.raises(errors.InputError):
        desk_of("ho").matter(one.matter)
    texts = {"facts": "甲", "basis": "乙", "claims": {"1": "support"}}
    assert "尚未确定承办人" in one.refused("draft", errors.RuleError, by="hu", **texts).message.zh
    assert "已回避" in one.refused("assign", errors.RuleError, unit="刑侦", handler="ho").message.zh
    give(one, "刑侦", "hu").do("declare", interest="none", by="hu").find_out().do("draft", by="hu", **texts)


@pytest.mark.parametrize(
    ("who", "may", "may_not"),
    [
        ("clerk", ("pu", "ch"), ("dl",)),
        ("pu", ("ch",), ("dl",)),
        ("ho", ("dl", "ch"), ("pu",)),
        ("hu", ("ch",), ("dl", "pu")),
        ("dl", ("ch",), ("pu",)),
    ],
)
def test_who_decides_on_whom(
    who: str, may: tuple[str, ...], may_not: tuple[str, ...], case: Callable[..., Case], clerk: Staff
) -> None:
    """Domain reference, 8.3; MPS-ADM Arts 19-21 by analogy."""
    for decider in may:
        one = case().do("ask_recusal", staff=who, asked_by="petitioner", reason="同学")
        for wrong in may_not:
            refused = one.refused("decide_recusal", errors.NotAllowedError, staff=who, decision="refused", by=wrong)
            assert "MPS-ADM Arts 19-21" in refused.message.en
        one.do("decide_recusal", staff=who, decision="refused", by=decider)
        (paper,) = one.register.rows(
            "SELECT facts FROM document WHERE matter=? AND kind='recusal_decision'", (one.matter,)
        )
        for said in (person(one.register, who).name, "信访人申请", "同学", "驳回申请"):
            assert said in paper[0]


def test_on_the_chief_the_organ_above_decides(case: Callable[..., Case], desk_of: Callable[..., Desk]) -> None:
    one = case().do("ask_recusal", staff="ch", asked_by="petitioner", reason="亲属", by="pu")
    own = one.refused("decide_recusal", errors.NotAllowedError, staff="ch", decision="refused", by="dl")
    assert "上一级机关" in own.message.zh
    missing = one.refused("decide_recusal_above", errors.MissingPartError, staff="ch", decision="granted", by="pu")
    assert missing.parts == ("recusal_in",)  # type: ignore[attr-defined]
    one.do("ask_recusal", staff="ho", asked_by="petitioner", reason="同学", by="pu")
    wrong = one.refused("decide_recusal_above", errors.RuleError, staff="ho", decision="granted", by="pu")
    assert "只有局长" in wrong.message.zh
    one.do("decide_recusal_above", staff="ch", decision="granted", by="pu", papers="recusal_in")
    with pytest.raises(errors.InputError):
        desk_of("ch").matter(one.matter)


def test_the_chief_records_no_decision_on_the_chief(case: Callable[..., Case]) -> None:
    one = case()
    one.do("ask_recusal", staff=one.founder.id, asked_by="petitioner", reason="亲属")
    own = one.refused(
        "decide_recusal_above", errors.NotAllowedError, staff=one.founder.id, decision="refused", papers="recusal_in"
    )
    assert "本人" in own.message.zh


def test_a_recused_reader_of_a_sealed_matter_reads_no_more(case: Callable[..., Case]) -> None:
    one = give(case(confidential=True).accept(), "刑侦", "ho")
    one.do("declare", interest="direct", ground="表亲").do("decide_recusal", staff="ho", decision="granted", by="ch")
    ended = one.register.rows("SELECT ended_on FROM reader WHERE staff=?", (person(one.register, "ho").id,))
    assert ended == [("2026-03-02",)]


def test_a_request_is_made_once_in_person_and_decided_after_it(case: Callable[..., Case]) -> None:
    one = case()
    assert "没有待决定" in one.refused("decide_recusal", errors.RuleError, staff="ho", decision="granted").message.zh
    proxy = one.refused("ask_recusal", errors.NotAllowedError, staff="ho", asked_by="officer", reason="甲", by="pu")
    assert "本人提出" in proxy.message.zh
    one.do("ask_recusal", "2026-03-04", staff="ho", asked_by="petitioner", reason="同学")
    twice = one.refused("ask_recusal", errors.RuleError, staff="ho", asked_by="bureau", reason="同学")
    assert "等待决定" in twice.message.zh
    early = one.refused("decide_recusal", errors.InputError, staff="ho", decision="granted", on="2026-03-03")
    assert "2026-03-04" in early.message.zh
    other = one.refused("decide_recusal", errors.RuleError, staff="hu", decision="granted")
    assert "没有待决定" in other.message.zh
    one.do("decide_recusal", staff="ho", decision="granted")
    gone = one.refused("ask_recusal", errors.RuleError, staff="ho", asked_by="petitioner", reason="同学")
    assert "已经回避" in gone.message.zh


def test_nobody_decides_on_themselves(case: Callable[..., Case]) -> None:
    one = case().do("ask_recusal", staff="pu", asked_by="officer", reason="亲属", by="pu")
    assert (
        "本人"
        in one.refused("decide_recusal", errors.NotAllowedError, staff="pu", decision="refused", by="pu").message.zh
    )


# --- finding out ------------------------------------------------------------------------------------------------------


def test_what_was_heard_found_and_said_is_kept_with_day_and_source(case: Callable[..., Case]) -> None:
    """SC-431 Art. 31; REG-2022 Art. 31(6)."""
    one = give(case().accept(), "刑侦", "ho")
    one.do("hear", "2026-03-05", record="认可经过", way="call", place="信访接待室")
    one.do("investigate", "2026-03-06", source="小区监控", record="车辆于二月十日被推走", by="ho")
    one.do("contact", "2026-03-07", way="sms", record="告知正在调查")
    bodies = {row["kind"]: row["body"] for row in one.rows("passage") if row["kind"] != "statement"}
    assert bodies["reception"] == "2026年3月5日，电话，在信访接待室：认可经过"
    assert bodies["investigation"] == "2026年3月6日，来源：小区监控：车辆于二月十日被推走"
    assert bodies["contact"] == "2026年3月7日，短信：告知正在调查"
    assert one.events()[-3:] == [
        ("heard", "2026-03-05"),
        ("investigated", "2026-03-06"),
        ("contacted", "2026-03-07"),
    ]
    assert one.refused("investigate", errors.MissingPartError, record="甲", by="ho").parts == ("source",)  # type: ignore[attr-defined]
    one.refused("hear", errors.InputError, record="甲", on="2026-03-01")
    one.refused("contact", errors.InputError, record="甲", way="call", on="2026-03-08")


def test_what_came_in_without_its_acceptance_has_no_limit_to_extend(case: Callable[..., Case]) -> None:
    """E.g. imported in hand: SC-431 Art. 33, REG-2022 Art. 34 count from acceptance."""
    one = case()
    with one.register.act("import_items", by=one.founder, at=NOW, matter=one.matter) as act:
        act.set("matter", one.matter, state="S5")
    assert "尚未受理" in one.refused("extend", errors.RuleError, days=5, reason="甲").message.zh


def test_an_extension_during_a_check_keeps_the_state_and_the_one_time(case: Callable[..., Case]) -> None:
    """REG-2022 Art. 34: 60 + 30 days from 03-02 end on 06-01."""
    one = case().accept().assign().find_out().draft()
    one.do("extend_meanwhile", "2026-05-06", days=30, reason="法制审核需要")
    assert one.state == "S6"
    assert one.clock("C2").due is not None
    assert one.clock("C2").due.last_on == date(2026, 6, 1)  # type: ignore[union-attr]  # asserted above
    assert "只能延长一次" in one.refused("extend_meanwhile", errors.RuleError, days=1, reason="再延").message.zh
    one.do("return_draft", reason="再核")
    assert one.state == "S5x"


# --- by which procedure -----------------------------------------------------------------------------------------------

SIMPLE = {"simple_ground": "clear", "way": "call", "told": "已受理，十个工作日内答复"}
ANSWER = {"way": "sms", "answer": "已找回自行车", "record": "短信回执", "claims": {"1": "support"}}


def simple(case: Callable[..., Case], **changed: Any) -> Case:
    return case(**changed).do("screen", category="claim", exit="6").do("start_simple", **SIMPLE)


def test_the_simplified_procedure_ends_its_clocks_without_paper(case: Callable[..., Case]) -> None:
    """SIMPLE-2022: notice 3 W, answer 10 W from 03-02, that is 03-05 and 03-16; C3 30 days from 03-10: 04-09."""
    one = simple(case)
    assert (one.state, one.column("simplified"), one.column("accepted_on")) == ("S4", 1, "2026-03-02")
    assert one.desk.matter(one.matter).documents == ()
    assert one.clock("S-notice").status == "met"
    assert one.clock("S-answer").due is not None
    assert one.clock("S-answer").due.last_on == date(2026, 3, 16)  # type: ignore[union-attr]  # asserted above
    one.do("answer_simple", "2026-03-10", execute_by="2026-03-20", **ANSWER)
    assert (one.state, one.column("conclusion")) == ("S9", "support")
    assert (one.clock("S-answer").status, one.clock("C2").status) == ("met", "met")
    assert one.clock("C3").due is not None
    assert one.clock("C3").due.last_on == date(2026, 4, 9)  # type: ignore[union-attr]  # asserted above
    (task,) = one.rows("task")
    assert (task["kind"], task["due_on"], task["done_on"]) == ("execution", "2026-03-20", None)


def test_without_paper_the_telling_is_recorded_and_with_it_the_notice_goes_out(case: Callable[..., Case]) -> None:
    one = case().do("screen", category="claim", exit="6")
    bare = one.refused("start_simple", errors.MissingPartError, simple_ground="clear", way="call")
    assert bare.parts == ("way", "told")  # type: ignore[attr-defined]
    one.do("start_simple", simple_ground="clear", on_paper="yes")
    assert [line.kind for line in one.desk.matter(one.matter).documents] == ["acceptance_notice"]


def test_what_does_not_fit_is_named(case: Callable[..., Case]) -> None:
    """SIMPLE-2022 Arts 4, 5: initial matters, not assigned from above, not joint, one body, not major."""

    def refused(**changed: Any) -> str:
        one = case(**changed).do("screen", category="claim", exit="6")
        return one.refused("start_simple", errors.RuleError, **SIMPLE).message.zh

    assert "联名" in refused(joint=True)
    assert "尚未施行" in refused(received_on=date(2015, 3, 2))
    first = case()
    first.desk.register_item(_again(first))
    first.do("screen", category="claim", exit="6")
    assert "不是初次信访" in first.refused("start_simple", errors.RuleError, **SIMPLE).message.zh
    assigned = case(transferred_on=date(2026, 3, 2), source="city_police", source_name="示例市公安局")
    assigned.do("record_assignment", papers="assignment_in", limit_on="2026-04-01")
    assigned.do("screen", category="claim", exit="6")
    assert "上级交办" in assigned.refused("start_simple", errors.RuleError, **SIMPLE).message.zh
    major = case().do("screen", category="claim", exit="6")
    with major.register.act("mark", by=major.founder, at=NOW, matter=major.matter) as act:
        act.set("matter", major.matter, major=True)
    assert "重大" in major.refused("start_simple", errors.RuleError, **SIMPLE).message.zh
    other = case().do("screen", category="claim", exit="4")
    assert "第三十一条" in other.refused("start_simple", errors.RuleError, **SIMPLE).message.zh


def _again(one: Case) -> Any:
    from tests.models.conftest import draft

    return draft(repeat_of_matter=one.matter)


def test_a_claim_that_is_not_supported_falls_back_with_its_first_clock(case: Callable[..., Case]) -> None:
    """Domain reference, 4.3: the clock is counted from the first acceptance; the notice is written then."""
    one = simple(case)
    bad = {**ANSWER, "claims": {"1": {"decision": "refuse", "grounds": "无据"}}}
    refused = one.refused("answer_simple", errors.RuleError, **bad)
    assert "转回普通程序" in refused.message.zh
    undated = one.refused("answer_simple", errors.MissingPartError, **ANSWER)
    assert undated.parts == ("execute_by",)  # type: ignore[attr-defined]
    one.do("fall_back", "2026-03-09", reason="争议较大")
    assert (one.state, one.column("simplified")) == ("S4", 0)
    assert [line.kind for line in one.desk.matter(one.matter).documents] == ["acceptance_notice"]
    assert one.clock("S-answer").status == "exempt"
    assert one.clock("C2").due is not None
    assert one.clock("C2").due.last_on == date(2026, 5, 6)  # type: ignore[union-attr]  # asserted above
    gone = one.refused("answer_simple", errors.RuleError, **ANSWER)
    assert "没有适用简易办理" in gone.message.zh
    one.refused("fall_back", errors.RuleError, reason="甲")


def test_a_notice_that_was_given_on_paper_is_not_given_again(case: Callable[..., Case]) -> None:
    one = case().do("screen", category="claim", exit="6").do("start_simple", simple_ground="clear", on_paper="yes")
    one.do("fall_back", reason="争议较大")
    assert [line.kind for line in one.desk.matter(one.matter).documents] == ["acceptance_notice"]


ROUTE = {"competent_organ": "示例县人民法院", "procedure": "六个月内起诉"}


def test_a_matter_in_hand_is_led_into_its_statutory_procedure(case: Callable[..., Case]) -> None:
    """REG-2022 Art. 31(1)-(5): C2 ceases."""
    one = case().accept().assign()
    assert "第一至第五项" in one.refused("route_out", errors.InputError, exit="6", reason="甲").message.zh
    one.refused("route_out", errors.MissingPartError, exit="4")
    one.do("route_out", "2026-03-10", ROUTE, exit="4", reason="不服行政处罚，属行政复议范围")
    assert (one.state, one.column("exit"), one.column("closing")) == ("S13", 4, "statutory")
    assert one.clock("C2").status == "exempt"
    assert one.rows("handover")[-1]["ended"] == "replaced"
    facts = one.register.row("SELECT facts FROM document WHERE kind='route_notice'")
    assert facts
    assert "第四项" in facts[0]


def test_a_matter_of_2015_is_led_out_with_the_notice_of_its_time(case: Callable[..., Case]) -> None:
    """SC-431 Arts 15, 21."""
    one = case(received_on=date(2015, 3, 2)).do("screen", category="claim").do("accept").assign()
    letter = {"open_route": "向人民法院起诉", "ground": "属于诉讼", "article": "《信访条例》第二十一条"}
    one.do("route_out", letter=letter, exit="1", reason="已立案")
    assert [line.kind for line in one.desk.matter(one.matter).documents][-1] == "non_acceptance_notice"


# --- withdrawal -------------------------------------------------------------------------------------------------------


def _stage(one: Case, state: str) -> Case:
    """Bring a new matter to a state."""
    if state == "S1":
        return one
    one.do("screen", category="claim", exit="6")
    if state == "S2":
        return one
    one.do("accept").assign()
    if state == "S5h":
        hearing = {"hearing_on": "2026-03-09", "hearing_time": "九时", "place": "会议室", "chair": "信大明"}
        said = {"hearing_ground": "complex", "reason": "复杂", "recorder": "登小红", "participants": "双方"}
        return one.do("order_hearing", by="ch", **hearing, **said)
    one.find_out().draft().check()
    return one.do("issue") if state == "S7" else one


@pytest.mark.parametrize("state", ["S1", "S2", "S5h", "S6", "S7"])
def test_a_withdrawal_rests_on_the_petitioners_signed_paper(state: str, case: Callable[..., Case]) -> None:
    """Never on hearsay (project rule; domain reference, section 5)."""
    one = _stage(case(), state)
    assert one.state == state
    form = one.desk.issue_letter(one.matter, "withdrawal_form", {"reason": "问题已解决"})
    assert form.kind == "withdrawal_form"
    hearsay = one.refused("withdraw", errors.MissingPartError, "2026-03-05", by="pu")
    assert "信访人签名" in hearsay.message.zh
    one.refused("withdraw", errors.InputError, on="2026-03-06", papers="withdrawal", by="pu")
    one.refused("withdraw", errors.NotAllowedError, papers="withdrawal", by="ho")
    one.do("withdraw", papers="withdrawal", by="pu")
    assert (one.state, one.column("closing"), one.column("closed_on")) == ("S13", "withdrawn", "2026-03-05")
    assert one.register.rows("SELECT * FROM duty WHERE matter=?", (one.matter,)) == []


def test_an_answer_that_was_served_is_not_withdrawn_from(case: Callable[..., Case]) -> None:
    one = _stage(case(), "S7").serve(on="2026-03-02", way="in_person", receiver="王小明")
    one.refused("withdraw", errors.RuleError, papers="withdrawal", by="pu")
