"""Corners of the lawful steps: the very day on which a step is still right, and facts that decide only together.

Each was shown by a small fault that no other test noticed. Days are those of 2026; a matter received and accepted on
03-02 is handled until 05-06.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models import acts, errors, steps
from models.records import PersonDraft
from models.register import Register
from tests.models.cases import REPLY, Case
from tests.models.conftest import person, unit

AGREED: dict[str, Any] = {
    "kind": "mediation", "party_a": "王小明", "party_b": "示例县公安局", "dispute": "自行车", "terms": "赔偿",
    "performance": "一次付清",
}  # fmt: skip
DEMAND: dict[str, Any] = {"trigger": "1", "way": "letter", "demand": "十日内答复信访人", "unit": "刑侦"}
FROM_ABOVE: dict[str, Any] = {
    "source": "superior_police", "source_name": "示例市公安局", "source_number": "1",
    "transferred_on": date(2026, 3, 2),
}  # fmt: skip
CONTACT = {"contact": "信大明", "contact_phone": "0000-0000000"}


def answered(one: Case, decision: str = "explain", **issued: Any) -> Case:
    """Answer it and issue the answer, all on 03-10."""
    one.do("hear", "2026-03-10", record="当面听取").do("answer_unit", **REPLY)
    return one.draft(decision).check().do("issue", **issued)


# --- the very day -------------------------------------------------------------------------------------------------


def test_an_agreement_may_be_performed_on_its_day_and_not_before(held: Case) -> None:
    held.now = held.now.replace(day=10)
    early = held.refused("settle", errors.InputError, due_on="2026-03-09", papers="agreement_signed", **AGREED)
    assert "2026-03-09" in early.message.zh
    held.do("settle", due_on="2026-03-10", papers="agreement_signed", **AGREED)
    held.do("perform_settlement", proof="收条")
    assert held.rows("agreement")[0]["performed_on"] == "2026-03-10"


def test_what_was_supported_may_be_carried_out_on_the_day_of_its_answer(held: Case) -> None:
    one = answered(held, "support", execute_by="2026-03-10")
    assert [task["due_on"] for task in one.rows("task")] == ["2026-03-10"]
    one.do("execute", proof="已归还")
    assert one.rows("task")[0]["done_on"] == "2026-03-10"


def test_a_unit_has_one_day_at_least_and_returns_on_its_last(case: Callable[..., Case]) -> None:
    one = case().accept().do("assign", unit="刑侦", handler="ho", limit_on="2026-03-02")
    ground = {"return_ground": "other_unit", "ground": "事发地属城关派出所辖区"}
    one.refused("return_unit", errors.RuleError, "2026-03-03", **ground)
    one.do("return_unit", "2026-03-02", **ground)
    assert one.column("handler") is None


def test_a_supervision_is_answered_and_lifted_on_the_day_it_was_raised(held: Case) -> None:
    held.do("supervise", letter=CONTACT, **DEMAND, due_on="2026-03-02")
    held.do("answer_supervision", by="hu", answer="已办", adopted="taken")
    held.do("lift_supervision", finding="属实")
    (row,) = held.rows("supervision")
    assert (row["raised_on"], row["answered_on"], row["lifted_on"]) == ("2026-03-02",) * 3
    assert not held.column("supervised")


def test_each_supervision_has_its_own_first_day(held: Case) -> None:
    held.do("supervise", letter=CONTACT, **DEMAND, due_on="2026-03-20")
    held.do("supervise", "2026-03-10", letter=CONTACT, **{**DEMAND, "trigger": "2"}, due_on="2026-03-20")
    held.now = held.now.replace(day=12)
    answer = {"by": "hu", "answer": "已办", "adopted": "taken"}
    early = held.refused("answer_supervision", errors.InputError, on="2026-03-09", supervision=2, **answer)
    assert "督办的日期 2026-03-10" in early.message.zh
    held.do("answer_supervision", on="2026-03-09", supervision=1, **answer)
    early = held.refused("lift_supervision", errors.InputError, on="2026-03-08", supervision=1, finding="属实")
    assert "2026-03-09" in early.message.zh
    held.do("answer_supervision", on="2026-03-10", supervision=2, **answer)
    held.do("lift_supervision", on="2026-03-09", supervision=1, finding="属实")
    assert held.column("supervised"), "the other one stands"
    held.do("lift_supervision", on="2026-03-10", supervision=2, finding="属实")
    assert not held.column("supervised")


def test_a_hearing_may_be_held_on_the_day_of_its_order(held: Case) -> None:
    order = {
        "hearing_ground": "major", "reason": "重大", "hearing_time": "9:00", "place": "会议室", "chair": "正局长",
        "recorder": "记", "participants": "王小明",
    }  # fmt: skip
    ground = next(field.choices for field in acts.rule("order_hearing").inputs if field.name == "hearing_ground")[0]
    held.do("order_hearing", hearing_on="2026-03-02", **{**order, "hearing_ground": ground})
    held.do("hold_hearing", started_on="2026-03-02", recorder="记", minutes="笔录", conclusion="维持")
    assert held.events()[-2:] == [("hearing_started", "2026-03-02"), ("hearing_ended", "2026-03-02")]


def test_a_recusal_may_be_decided_on_the_day_it_was_asked_for(held: Case) -> None:
    held.do("ask_recusal", staff="ho", asked_by="petitioner", reason="亲属")
    held.now = held.now.replace(day=4)
    held.refused("decide_recusal", errors.InputError, staff="ho", decision="refused", on="2026-03-01")
    held.do("decide_recusal", staff="ho", decision="refused", on="2026-03-02")
    assert held.rows("recusal")[0]["decided_on"] == "2026-03-02"


# --- facts that decide only together ------------------------------------------------------------------------------


def test_each_mark_of_a_complex_matter_alone_bars_the_simplified_procedure(register: Register) -> None:
    """SIMPLE-2022 Art. 5: joint, a group visit, several responsible bodies, major."""
    for column in ("joint", "group_visit", "three_cross", "major"):
        one = Case(register).do("screen", category="claim", exit="6")
        with register.act("import_items", by=register.person, at=one.now, matter=one.matter) as act:
            act.set("matter", one.matter, **{column: True})
        assert "start_simple" not in one.open("pu"), column
    assert "start_simple" in Case(register).do("screen", category="claim", exit="6").open("pu")


def test_a_petitioner_without_a_name_gets_one_and_another_name_is_another_person(register: Register) -> None:
    unnamed = Case(register, people=(PersonDraft(phone="19900001234", main=True),))
    unnamed.do("complete_person", name="王小明")
    assert [row["name"] for row in unnamed.rows("person")] == ["王小明"]
    named = Case(register).do("complete_person", phone="19900005678")
    named.do("complete_person", name="王小明", address="示例县")
    assert [(row["name"], row["phone"], row["address"]) for row in named.rows("person")] == [
        ("王小明", "19900005678", "示例县")
    ]
    named.do("complete_person", name="李小红")
    first, second = named.rows("person")
    assert (first["name"], second["name"], bool(second["main"])) == ("王小明", "李小红", False)


def test_a_report_above_is_made_from_an_exit_without_an_answer(register: Register) -> None:
    """Assigned from above and directed elsewhere: there is no answer that could be signed for."""
    one = Case(register, **FROM_ABOVE)
    one.do("record_assignment", papers="assignment_in", limit_on="2026-05-01")
    one.do("screen", category="claim", exit="1")
    one.do("direct", letter={"competent_organ": "法院", "procedure": "起诉", "route": "诉讼"})
    assert "report_completion" in one.open("pu")


def test_the_letter_of_2005_stands_in_place_of_the_first_alone() -> None:
    both = replace(acts.rule("transfer"), document_2005="non_acceptance_notice")
    assert both.documents_under("SC-431") == ("non_acceptance_notice", "transfer_slip")
    assert both.documents_under("REG-2022") == ("destination_notice", "transfer_slip")


def test_what_is_typed_and_no_letter_has_is_refused(case: Callable[..., Case]) -> None:
    one = case().do("screen", category="claim", exit="6")
    with pytest.raises(errors.InputError) as found:
        one.do("accept", letter={"no_such_field": "甲"})
    assert "no_such_field" in found.value.message.en


def test_an_open_act_tells_where_it_leads(held: Case) -> None:
    found = {act.name: act.to_state for act in held.desk.open_acts(held.matter)[0]}
    assert (found["extend"], found["assign"], found["contact"]) == ("S5x", "S5", "")
    assert (found["supervise"], found["order_hearing"], found["withdraw"]) == ("S14", "S5h", "S13")


def test_of_two_facts_on_one_day_the_later_entry_is_the_last(held: Case) -> None:
    held.do("contact", way="电话", record="甲").do("contact", way="电话", record="乙")
    row = held.register.record("matter", held.matter)
    assert row is not None
    step = steps.Step(held.register, row, {}, held.founder, held.now.date())
    first, second = step.happened("contacted")
    assert first.on == second.on
    assert step.last("contacted") == second
    assert step.last("closed") is None


def test_a_letter_is_not_received_before_its_own_day(case: Callable[..., Case]) -> None:
    one = case().do("screen", "2026-03-05", category="claim", exit="6").do("accept")
    number = one.desk.matter(one.matter).documents[0].number
    serving: dict[str, Any] = {"document_number": number, "way": "in_person", "receiver": "王小明"}
    early = one.refused("serve_letter", errors.InputError, on="2026-03-04", **serving)
    assert "早于文书日期 2026-03-05" in early.message.zh
    one.do("serve_letter", on="2026-03-05", **serving)


def test_what_came_back_has_no_destination_any_more(case: Callable[..., Case]) -> None:
    one = (
        case()
        .do("screen", category="claim", exit="6")
        .do("transfer", destination_name="邻县公安局", destination="督察")
    )
    assert (one.column("destination_name"), one.column("handling")) == ("邻县公安局", "transfer")
    one.do("take_back", papers="returned_in", ground="不属其职责")
    assert [one.column(name) for name in ("destination", "destination_name", "handling")] == [None] * 3
    back = one.rows("handover")[-1]
    assert (back["kind"], back["sender_name"], back["sender"]) == ("return", "邻县公安局", unit(one.register, "督察"))


def test_handled_anew_it_has_the_limit_of_the_review_opinion(held: Case) -> None:
    one = answered(held).serve("2026-03-12", on="2026-03-12", way="in_person", receiver="王小明")
    one.do("request_review", "2026-03-20", organ="示例市公安局")
    one.do("review_decided", "2026-04-01", result="redo", limit_on="2026-05-20", papers="review_opinion")
    one.do("redo", unit="刑侦", handler="hu")
    assert one.column("limit_on") == "2026-05-20"
    assert one.rows("handover")[-1]["limit_on"] == "2026-05-20"


def test_a_completion_report_waits_for_the_answer_to_be_signed_for(register: Register) -> None:
    one = Case(register, **FROM_ABOVE).do("record_assignment", papers="assignment_in", limit_on="2026-05-01")
    one = answered(one.accept().assign()).do(
        "serve", papers="proof_of_service", on="2026-03-10", way="in_person", receiver="王小明"
    )
    assert "report_completion" in one.open("pu")
    (row,) = one.rows("service")
    with register.act("reverse", by=one.founder, at=one.now, matter=one.matter) as act:
        act.set("service", row["id"], removed="误录")
    closed = {act.name: act.reason_zh for act in one.desk.open_acts(one.matter)[1]}
    assert "签收" in closed["report_completion"]


def test_who_stands_aside_leaves_the_others_where_they_are(held: Case) -> None:
    held.do("ask_recusal", staff="ho", asked_by="petitioner", reason="亲属")
    held.do("ask_recusal", staff="hu", asked_by="petitioner", reason="亲属")
    held.do("decide_recusal", staff="ho", decision="granted")
    assert held.column("handler") is None
    waiting = [row for row in held.rows("recusal") if row["decision"] is None]
    assert [row["staff"] for row in waiting] == [person(held.register, "hu").id]
    held.do("decide_recusal", staff="hu", decision="refused")
    held.do("ask_recusal", staff="hu", asked_by="petitioner", reason="新的理由")
    aside = held.refused("ask_recusal", errors.RuleError, staff="ho", asked_by="petitioner", reason="亲属")
    assert "已经回避" in aside.message.zh


def test_without_paper_both_the_way_and_the_words_are_told(case: Callable[..., Case]) -> None:
    fields = {field.name: field.choices for field in acts.rule("start_simple").inputs}
    ground, way = fields["simple_ground"][0], fields["way"][0]
    one = case().do("screen", category="claim", exit="6")
    for some in ({"way": way}, {"told": "已受理"}, {}):
        refused = one.refused("start_simple", errors.MissingPartError, simple_ground=ground, **some)
        assert "以何种方式告知" in refused.message.zh
    one.do("start_simple", simple_ground=ground, way=way, told="已受理")
    assert one.column("simplified")
    assert [row["kind"] for row in one.rows("passage")][-1] == "contact"


def test_one_cause_is_supervised_once_and_another_clock_is_another_cause(held: Case) -> None:
    held.do("supervise", letter=CONTACT, **DEMAND, due_on="2026-03-20", clock="C2")
    again = held.refused("supervise", errors.RuleError, **DEMAND, due_on="2026-03-20", clock="C2")
    assert "同一情形" in again.message.zh
    held.do("supervise", letter=CONTACT, **DEMAND, due_on="2026-03-20")
    held.do("supervise", letter=CONTACT, **{**DEMAND, "unit": "督察"}, due_on="2026-03-20")
    assert [row["clock"] for row in held.rows("supervision")] == ["C2", None, None]


def test_what_a_service_lacks_is_told_in_the_words_of_each_language(held: Case) -> None:
    one = answered(held)
    lacking = one.refused(
        "serve", errors.MissingPartError, on="2026-03-10", way="substitute", papers="proof_of_service"
    )
    assert "签收人、代收人与受送达人的关系" in lacking.message.zh
    assert "who received it, the substitute's relation to the addressee" in lacking.message.en


def test_the_performance_of_an_agreement_rests_on_its_paper(held: Case) -> None:
    held.do("settle", due_on="2026-03-10", papers="agreement_signed", **AGREED)
    held.do("perform_settlement", proof="收条")
    (agreed,) = held.rows("agreement")
    found = held.register.records("event", "matter=? AND kind='performed'", (held.matter,))
    assert agreed["document"] is not None
    assert [row["document"] for row in found] == [agreed["document"]]


def test_a_rating_that_waits_has_neither_value_nor_reason(held: Case) -> None:
    one = answered(held).serve("2026-03-12", on="2026-03-12", way="in_person", receiver="王小明").do("open_rating")
    assert [(line.state, line.value, line.reason, line.rated_on) for line in one.desk.ratings(one.matter)] == [
        ("pending", "", "", None)
    ] * 2
