"""Lawful steps: the whole way of a claim, and for each rule its worked example with the article in the refusal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models import errors, sight
from models.desk import Desk
from models.records import AccusedDraft, Filters, ItemDraft
from models.register import Register
from models.steps import opinion
from tests.models.cases import REPLY, Case
from tests.models.conftest import NOW, accused, at, draft, person, unit

ROUTE = {"competent_organ": "示例县人民法院", "procedure": "六个月内起诉", "route": "行政诉讼"}


def decided(decision: str, place: str = "1") -> dict[str, dict[str, str]]:
    return {place: {"decision": decision, "grounds": "经查属实"}}


def accepted(case: Callable[..., Case], **changed: Any) -> Case:
    return case(**changed).do("screen", category="claim", exit="6").do("accept")


def drafted(case: Callable[..., Case], decision: str = "explain", **changed: Any) -> Case:
    return accepted(case, **changed).assign().find_out().draft(decision)


def checked(case: Callable[..., Case], decision: str = "explain", **changed: Any) -> Case:
    return drafted(case, decision, **changed).check()


def test_the_whole_way_of_a_claim(case: Callable[..., Case], register: Register) -> None:
    """Dates from the domain reference, section 14: 2026-03-02 + 60 C = 05-06, + 30 = 06-01."""
    one = case().do("screen", category="claim", exit="6").do("accept", "2026-03-02")
    assert one.clock("C1").status == "met"
    assert one.clock("C2").due is not None
    assert one.clock("C2").due.last_on == date(2026, 5, 6)  # type: ignore[union-attr]  # asserted above
    one.do("assign", "2026-03-03", unit="刑侦", handler="ho").do("declare", interest="none")
    one.do("hear", "2026-03-05", record="当面听取", way="in_person", place="刑侦大队")
    one.do("answer_unit", "2026-04-20", **REPLY)
    one.do("extend", "2026-05-06", days=30, reason="案情复杂")
    assert one.state == "S5x"
    assert one.clock("C2").due.last_on == date(2026, 6, 1)  # type: ignore[union-attr]  # a due clock
    one.do("draft", "2026-05-20", facts="查明已立案。", basis="《信访工作条例》第三十二条", claims={"1": "support"})
    one.check().do("issue", "2026-05-25", execute_by="2026-06-30")
    assert one.column("conclusion") == "support"
    assert one.clock("C2").status == "met"
    one.serve("2026-05-26", on="2026-05-26", way="in_person", receiver="王小明")
    window = one.clock("C3").due
    assert window is not None
    assert one.refused("close", errors.RuleError, "2026-07-30", closing="opinion").message.zh.find("执行") > 0
    one.do("execute", proof="立案决定书")
    one.do("close", closing="opinion")
    assert one.state == "S13"
    assert [kind for kind, _ in one.events()] == [
        "received",
        "noticed",
        "accepted",
        "declared",
        "heard",
        "department_answered",
        "extended",
        "drafted",
        "legal_checked",
        "supported",
        "opinion_issued",
        "sent",
        "served",
        "executed",
        "closed",
    ]
    kinds = [line.kind for line in one.desk.matter(one.matter).documents]
    inside = ["internal_assignment", "department_reply"]
    assert kinds == ["acceptance_notice", *inside, "extension_notice", "answer", "proof_of_service"]
    assert one.desk.count(Filters(open_only=True)) == 0
    assert all(check.holds for check in one.desk.verify())


def test_a_day_in_the_future_or_before_its_cause_is_refused(case: Callable[..., Case]) -> None:
    one = case().do("screen", category="claim", exit="6")
    assert one.refused("accept", errors.InputError, on="2026-03-03").field == "on"  # type: ignore[attr-defined]
    one.refused("accept", errors.InputError, on="2026-03-01")
    one.refused("accept", errors.InputError, on="2026-02-30")
    one.refused("accept", errors.InputError, on="übermorgen")
    one.do("accept", "2026-03-10").assign().do("hear", record="听取", on="2026-03-04").do("answer_unit", **REPLY)
    one.refused("draft", errors.InputError, facts="甲", basis="乙", claims=decided("refuse"), on="2026-03-09")
    one.draft("refuse").check()
    one.refused("issue", errors.InputError, "2026-03-12", on="2026-03-09")
    one.do("issue", on="2026-03-11")
    one.refused("serve", errors.InputError, on="2026-03-10", way="post", receiver="甲")
    one.do("serve", on="2026-03-12", way="post", receiver="甲", reason="住外地", papers="proof_of_service")
    one.refused("confirm_service", errors.InputError, on="2026-03-11")
    one.do("confirm_service")
    one.refused("execute", errors.InputError, on="2026-03-10", proof="甲")
    one.refused("close", errors.InputError, "2026-07-01", on="2026-03-11", closing="opinion")


def test_inputs_that_cannot_be_are_named(case: Callable[..., Case]) -> None:
    one = case()
    assert one.refused("screen", errors.InputError, category="claim", colour="red").field == "colour"  # type: ignore[attr-defined]
    assert one.refused("screen", errors.InputError, category="guess").field == "category"  # type: ignore[attr-defined]
    missing = one.refused("screen", errors.MissingPartError)
    assert missing.parts == ("category",)  # type: ignore[attr-defined]
    assert (missing.message.zh, missing.message.en) == ("“甄别”缺少“类别”。", "“Screen” needs “Class”.")
    one.do("screen", category="申诉求决", exit="6").do("accept")
    for wrong in (99, "没有这个单位", "0"):
        assert one.refused("assign", errors.InputError, unit=wrong).field == "unit"  # type: ignore[attr-defined]
    assert one.refused("assign", errors.InputError, unit="刑侦", handler="nobody").field == "handler"  # type: ignore[attr-defined]
    one.do("assign", unit="刑事侦查大队", handler="刑办案")
    assert one.column("handler") == person(one.register, "ho").id
    one.refused("hear", errors.MissingPartError, record="  ")
    one.do("declare", interest="none").find_out()
    texts = {"facts": "甲", "basis": "乙"}
    assert one.refused("draft", errors.InputError, **texts, claims="not json").field == "claims"  # type: ignore[attr-defined]
    one.refused("draft", errors.InputError, **texts, claims=["1"])
    one.refused("draft", errors.InputError, **texts, claims={"1": "maybe"})
    one.refused("draft", errors.InputError, **texts, claims={"first": "support"})
    one.refused("draft", errors.InputError, **texts, claims={"1": "support", "7": "support"})
    one.refused("extend", errors.InputError, days="many", reason="甲")
    one.refused("nothing_like_it", errors.InputError)
    one.do("draft", **texts, claims='{"1": {"decision": "部分支持", "grounds": "丙"}}')
    assert one.register.rows("SELECT decision, grounds FROM claim") == [("partly", "丙")]


def test_a_unit_that_is_closed_or_a_person_who_has_left_takes_no_matter(
    case: Callable[..., Case], register: Register
) -> None:
    one = accepted(case)
    with register.act("add_unit", by=one.desk.person, at=NOW) as act:
        act.set("unit", unit(register, "督察"), closed=True)
        act.set("staff", person(register, "leg").id, closed=True)
    one.refused("assign", errors.InputError, unit="督察")
    one.refused("assign", errors.InputError, unit="刑侦", handler="leg")


def test_the_role_is_asked_for(case: Callable[..., Case], desk_of: Callable[..., Desk]) -> None:
    one = case()
    with pytest.raises(errors.NotAllowedError) as refused:
        desk_of("ho").perform(one.matter, "screen", {"category": "claim"})
    assert "刑办案" in refused.value.message.zh
    desk_of("pu").perform(one.matter, "screen", {"category": "claim", "exit": "6"})


# --- screening and first answers --------------------------------------------------------------------------------------


def test_a_wrong_screening_can_be_mended_until_the_first_answer(case: Callable[..., Case]) -> None:
    """REG-2022 Art. 31: without its exit a claim is not accepted, and the refusal says to screen it."""
    one = case().do("screen", category="claim")
    assert "甄别" in one.refused("accept", errors.RuleError).message.zh
    one.do("screen", category="claim", exit="4")
    assert "REG-2022 Art. 31" in one.refused("accept", errors.RuleError).message.en
    one.do("screen", category="claim", exit="6").do("accept")
    one.refused("screen", errors.RuleError, category="claim")


def test_screening_as_an_accusation_seals(case: Callable[..., Case], desk_of: Callable[..., Desk]) -> None:
    one = case(accused=(accused("督小察"),)).do("screen", category="accusation")
    assert one.column("sealed") == 1
    assert desk_of("dl").matter(one.matter).sight == "outline"
    assert desk_of("pu").matter(one.matter).sight == "full"
    with pytest.raises(errors.InputError):
        desk_of("di").matter(one.matter)
    assert one.register.row("SELECT 1 FROM reader WHERE staff=?", (person(one.register, "di").id,)) is None


@pytest.mark.parametrize(
    ("act", "screened", "inputs", "letter", "state", "kind"),
    [
        ("direct", {"category": "claim", "exit": "4"}, {}, ROUTE, "S3a", "route_notice"),
        (
            "transfer",
            {"category": "claim", "exit": "6"},
            {"destination_name": "邻县公安局"},
            {},
            "S3b",
            "destination_notice transfer_slip",
        ),
        (
            "refuse",
            {"category": "claim", "exit": "6"},
            {"ground": "skipped"},
            {"open_route": "向本级机关提出"},
            "S3d",
            "non_acceptance_notice",
        ),
        ("reply", {"category": "suggestion"}, {"answer": "已采纳"}, {}, "S3e", ""),
        (
            "pass_on",
            {"category": "accusation"},
            {"destination_name": "县纪委监委"},
            {},
            "S3f",
            "destination_notice accusation_transfer",
        ),
    ],
)
def test_each_first_answer_ends_the_notice_clock_and_can_be_closed(
    act: str,
    screened: dict[str, str],
    inputs: dict[str, str],
    letter: dict[str, str],
    state: str,
    kind: str,
    case: Callable[..., Case],
) -> None:
    one = case().do("screen", **screened).do(act, "2026-03-09", letter, **inputs)
    assert one.state == state
    assert one.clock("C1").status == "met"
    assert one.clock("C1").ended_on == date(2026, 3, 9)
    file = one.desk.matter(one.matter)
    assert [line.kind for line in file.documents] == kind.split()
    if kind:
        noticed = one.register.row("SELECT document FROM event WHERE kind='noticed'")
        assert noticed == (file.documents[0].id,), "the notice is proved by its paper"
    one.do("close", "2026-03-20", closing="filed")
    assert one.state == "S13"
    assert one.register.rows("SELECT * FROM duty") == []


def test_a_transfer_names_its_destination_on_the_paper(case: Callable[..., Case]) -> None:
    one = case().do("screen", category="claim", exit="6").do("transfer", destination_name="邻县公安局")
    facts = one.register.row("SELECT facts FROM document")
    assert facts
    assert "邻县公安局" in facts[0]
    assert one.column("destination_name") == "邻县公安局"
    inside = case().do("screen", category="claim", exit="6")
    inside.do("transfer", destination="督察", destination_name="警务督察大队")
    facts = inside.register.row("SELECT facts FROM document WHERE kind='destination_notice' ORDER BY id DESC")
    assert facts
    assert '"destination":"警务督察大队"' in facts[0]


def test_where_nobody_can_be_told_the_notice_is_left_out_but_never_the_answer(case: Callable[..., Case]) -> None:
    """SC-431 Art. 22, REG-2022 Art. 23 lift the notice; the written opinion of Art. 32 stays due."""
    one = case(address_unclear=True).do("screen", category="claim", exit="6").do("accept")
    assert one.state == "S4"
    assert one.desk.matter(one.matter).documents == ()
    one.assign().find_out().draft().check().do("issue")
    kinds = [line.kind for line in one.desk.matter(one.matter).documents]
    assert kinds == ["internal_assignment", "department_reply", "answer"]


def test_a_repeat_with_an_address_is_told_although_the_first_item_had_none(case: Callable[..., Case]) -> None:
    one = case(address_unclear=True)
    one.desk.register_item(draft(repeat_of_matter=one.matter))
    one.do("screen", category="claim", exit="6").do("accept")
    assert [line.kind for line in one.desk.matter(one.matter).documents] == ["acceptance_notice"]


# --- not to or through the accused ------------------------------------------------------------------------------------


def test_nothing_goes_to_the_accused(case: Callable[..., Case]) -> None:
    """MPS-79 Art. 10; SC-431 Art. 23; REG-2022 Art. 30."""
    about = (accused("城关派出所", kind="unit"), accused("刑办案"))
    one = case(accused=about).do("screen", category="claim", exit="6")
    for wrong in ("城关所", "城关一队", "一队二组"):
        assert "第三十条" in one.refused("accept", errors.RuleError, unit=wrong).message.zh
    one.refused("transfer", errors.RuleError, destination="城关所", destination_name="某所")
    one.refused("transfer", errors.RuleError, destination_name="城关派出所")
    one.do("accept")
    one.refused("assign", errors.RuleError, unit="城关一队")
    assert "MPS-79 Arts 10, 11" in one.refused("assign", errors.RuleError, unit="刑侦", handler="ho").message.en
    one.do("assign", unit="刑侦", handler="hu")
    other = case(accused=(accused("县纪委监委", kind="unit"),)).do("screen", category="accusation")
    other.refused("pass_on", errors.RuleError, destination_name="县纪委监委")


def test_naming_a_handler_as_accused_takes_the_matter_away(
    case: Callable[..., Case], desk_of: Callable[..., Desk]
) -> None:
    one = accepted(case, confidential=True).do("assign", unit="刑侦", handler="ho")
    ho = desk_of("ho")
    assert ho.matter(one.matter).sight == "full"
    one.do("name_accused", kind="person", name="刑办案")
    assert one.column("handler") is None
    with pytest.raises(errors.InputError):
        ho.matter(one.matter)
    ended = one.register.row("SELECT ended_on FROM reader WHERE staff=?", (ho.person.id,))
    assert ended == ("2026-03-02",)


def test_a_recusal_is_asked_decided_by_another_and_locks_out(
    case: Callable[..., Case], desk_of: Callable[..., Desk]
) -> None:
    """MPS-79 Art. 11; REG-2022 Art. 28; until decided the work goes on (MPS-ADM Art. 24)."""
    one = accepted(case).do("assign", unit="刑侦", handler="ho")
    ho = desk_of("ho")
    one.refused("decide_recusal", errors.RuleError, staff="ho", decision="granted")
    ho.perform(one.matter, "ask_recusal", {"staff": ho.person.id, "asked_by": "officer", "reason": "亲属"})
    own = one.desk.person.id
    one.do("ask_recusal", staff=own, asked_by="petitioner", reason="同学")
    one.refused("decide_recusal", errors.NotAllowedError, staff=own, decision="refused")
    one.refused("decide_recusal", errors.NotAllowedError, staff="ho", decision="refused", by="pu")
    one.do("decide_recusal", staff="ho", decision="granted")
    assert one.column("handler") is None
    assert one.column("sealed") == 1
    readers = {row[0] for row in one.register.rows("SELECT staff FROM reader WHERE ended_on IS NULL")}
    assert ho.person.id not in readers
    assert person(one.register, "hu").id in readers
    one.refused("assign", errors.RuleError, unit="刑侦", handler="ho")
    one.refused("decide_recusal", errors.RuleError, staff="ho", decision="granted")
    row = one.register.records("recusal", "staff=?", (ho.person.id,))[0]
    assert (row["decision"], row["decided_on"], row["decided_by"]) == ("granted", "2026-03-02", own)


def test_a_recusal_that_is_refused_changes_no_sight(case: Callable[..., Case], desk_of: Callable[..., Desk]) -> None:
    one = accepted(case)
    one.do("ask_recusal", staff="ho", asked_by="petitioner", reason="同学")
    one.do("decide_recusal", staff="ho", decision="refused")
    assert one.column("sealed") == 0
    assert desk_of("ho").matter(one.matter).sight == "full"


def test_assigning_a_sealed_matter_makes_its_handler_a_reader(
    case: Callable[..., Case], desk_of: Callable[..., Desk]
) -> None:
    one = accepted(case, confidential=True)
    assert desk_of("ho").matter(one.matter).sight == "outline"
    one.do("assign", unit="刑侦", handler="ho")
    assert desk_of("ho").matter(one.matter).sight == "full"


# --- extension --------------------------------------------------------------------------------------------------------


def test_an_extension_is_given_once(case: Callable[..., Case]) -> None:
    """SC-431 Art. 33, REG-2022 Art. 34; once only is a project rule."""
    one = accepted(case).do("extend", days=10, reason="复杂").do("assign", unit="刑侦")
    error = one.refused("extend", errors.RuleError, days=10, reason="复杂")
    assert "只能延长一次" in error.message.zh
    assert "REG-2022 Art. 34" in error.message.en


@pytest.mark.parametrize("days", [31, 0, -5])
def test_an_extension_is_of_one_to_thirty_days(days: int, case: Callable[..., Case]) -> None:
    one = accepted(case)
    one.refused("extend", errors.InputError, days=days, reason="复杂")
    one.do("extend", days=30, reason="复杂")


def test_an_extension_comes_before_the_limit_ends(case: Callable[..., Case]) -> None:
    """Accepted 2026-03-02: the last lawful day is 2026-05-06 (05-01 to 05-05 are holidays)."""
    one = accepted(case)
    error = one.refused("extend", errors.RuleError, "2026-05-07", days=10, reason="复杂")
    assert "2026-05-06" in error.message.zh
    one.do("extend", "2026-05-07", days=10, reason="复杂", on="2026-05-06")
    assert one.state == "S5x"


def test_an_extension_without_a_reason_is_refused(case: Callable[..., Case]) -> None:
    assert accepted(case).refused("extend", errors.MissingPartError, days=10).parts == ("reason",)  # type: ignore[attr-defined]


# --- draft, issue, service, closing -----------------------------------------------------------------------------------


def test_every_claim_is_decided(case: Callable[..., Case]) -> None:
    """REG-2022 Art. 32."""
    one = accepted(case, claims=("甲", "乙")).assign().find_out()
    error = one.refused("draft", errors.MissingPartError, facts="甲", basis="乙", claims={"1": "support"})
    assert "第三十二条" in error.message.zh
    one.refused("draft", errors.MissingPartError, facts="甲", basis="乙")
    bare = one.refused("draft", errors.MissingPartError, facts="甲", basis="乙", claims={"1": "support", "2": "refuse"})
    assert "Claim 2 is not supported in full" in bare.message.en
    one.do("draft", facts="甲", basis="乙", claims={"1": "support", **decided("refuse", "2")})


def test_a_matter_without_claims_can_be_drafted_and_a_draft_returned(case: Callable[..., Case]) -> None:
    one = accepted(case, claims=()).assign().find_out().do("draft", facts="甲", basis="乙")
    assert one.state == "S6"
    one.do("return_draft", reason="依据不足")
    assert one.state == "S5"
    one.do("draft", facts="丙", basis="丁", claims={})


@pytest.mark.parametrize(
    ("each", "whole"),
    [
        ({"support"}, "support"),
        ({"support", "refuse"}, "partly"),
        ({"partly", "explain"}, "partly"),
        ({"partly"}, "partly"),
        ({"explain", "refuse"}, "refuse"),
        ({"explain"}, "explain"),
        ({"refuse"}, "refuse"),
    ],
)
def test_the_whole_concludes_from_its_claims(each: set[str], whole: str) -> None:
    assert opinion.conclusion_of(each) == whole


def test_an_answer_needs_a_hearing_or_why_there_was_none(case: Callable[..., Case]) -> None:
    """SC-431 Art. 31; REG-2022 Art. 31(6)."""
    one = accepted(case).assign().do("answer_unit", **REPLY)
    error = one.refused("draft", errors.MissingPartError, facts="甲", basis="乙", claims=decided("explain"))
    assert error.parts == ("unheard_reason",)  # type: ignore[attr-defined]
    assert "第三十一条" in error.message.zh
    one.draft(unheard_reason="多次联系不上").check().do("issue")
    assert one.register.row("SELECT body FROM passage WHERE kind='unheard'") == ("多次联系不上",)
    facts = one.register.row("SELECT facts FROM document WHERE kind='answer'")
    assert facts
    assert "多次联系不上" in facts[0]


def test_a_supported_claim_is_carried_out_before_closing(case: Callable[..., Case]) -> None:
    """SC-431 Art. 32; REG-2022 Art. 32."""
    one = (
        checked(case, "support")
        .do("issue", execute_by="2026-04-30")
        .serve(on="2026-03-02", way="in_person", receiver="王小明")
    )
    assert ("supported", "2026-03-02") in one.events()
    error = one.refused("close", errors.RuleError, "2026-06-01", closing="opinion")
    assert "REG-2022 Art. 32" in error.message.en
    one.do("execute", proof="回执").do("close", closing="opinion")
    assert one.state == "S13"


def test_a_refused_claim_opens_no_execution(case: Callable[..., Case]) -> None:
    one = checked(case, "refuse").do("issue")
    assert "supported" not in [kind for kind, _ in one.events()]


def test_the_review_window_ends_before_closing(case: Callable[..., Case]) -> None:
    """SC-431 Art. 34, REG-2022 Art. 35: served 2026-03-02, 30 days end on 2026-04-01, a Wednesday."""
    one = checked(case).do("issue").serve(on="2026-03-02", way="post", receiver="王小明", reason="住外地")
    assert one.state == "S9"
    error = one.refused("close", errors.RuleError, "2026-04-01", closing="opinion")
    assert "2026-04-01" in error.message.zh
    assert "第三十五条" in error.message.zh
    one.do("close", "2026-04-02", closing="opinion")
    assert one.column("closed_on") == "2026-04-02"


def test_a_matter_is_not_closed_without_service(case: Callable[..., Case]) -> None:
    one = checked(case).do("issue")
    one.refused("close", errors.RuleError, "2026-06-01", closing="opinion")
    one.refused("serve", errors.MissingPartError, on="2026-06-01", way="post")


def test_service_tells_its_way_and_receiver(case: Callable[..., Case]) -> None:
    one = checked(case).do("issue")
    one.serve(on="2026-03-02", way="substitute", receiver="王小明之妻", relation="family")
    note = one.register.row("SELECT note FROM event WHERE kind='served'")
    assert note
    assert "王小明之妻" in note[0]


@pytest.mark.parametrize("stage", ["S1", "S2", "S4", "S6"])
def test_a_withdrawal_is_on_paper_and_ends_every_duty(stage: str, case: Callable[..., Case]) -> None:
    """Written and signed, never on hearsay (project rule)."""
    one = case()
    if stage != "S1":
        one.do("screen", category="claim", exit="6")
    if stage in ("S4", "S6"):
        one.do("accept").assign()
    if stage == "S6":
        one.find_out().draft()
    assert one.refused("withdraw", errors.MissingPartError, on="2026-03-02").parts == ("withdrawal",)  # type: ignore[attr-defined]
    one.do("withdraw", on="2026-03-02", papers="withdrawal")
    proof = one.register.row("SELECT kind FROM document WHERE id=(SELECT document FROM event WHERE kind='withdrawn')")
    assert proof == ("withdrawal",)
    assert (one.state, one.column("closing"), one.column("closed_on")) == ("S13", "withdrawn", "2026-03-02")
    assert one.register.rows("SELECT * FROM duty") == []
    for act in ("note", "withdraw", "close", "accept", "exempt_notice"):
        with pytest.raises(errors.RuleError):
            one.do(act)


def test_a_note_is_kept_and_moves_nothing(case: Callable[..., Case]) -> None:
    one = case().do("note", text="电话联系了")
    assert one.state == "S1"
    assert one.register.row("SELECT body FROM passage WHERE kind='note'") == ("电话联系了",)


def test_an_exemption_ends_the_notice_with_its_reason(case: Callable[..., Case]) -> None:
    one = case().do("exempt_notice", reason="地址不详")
    assert one.clock("C1").status == "exempt"
    assert one.register.row("SELECT note FROM event WHERE kind='exempted'") == ("地址不详",)


def test_a_year_without_a_calendar_is_not_guessed(register: Register) -> None:
    one = Case(register)
    one.now = at("2026-11-20")
    one.matter = one.desk.register_item(draft(received_on=date(2026, 11, 20))).matter
    one.do("screen", category="claim", exit="6").do("accept")
    assert one.clock("C2").status == "no_calendar"
    error = one.refused("extend", errors.CalendarMissingError, days=10, reason="复杂")
    assert "2027" in error.message.zh


def test_the_seq_of_the_entry_is_returned_and_carries_the_act(case: Callable[..., Case]) -> None:
    one = case()
    seq = one.desk.perform(one.matter, "screen", {"category": "claim", "exit": "6"})
    assert seq == one.register.seq
    entry = one.register.row("SELECT act, matter, actor FROM entry WHERE seq=?", (seq,))
    assert entry == ("screen", one.matter, one.desk.person.id)


def test_a_row_of_a_matter_is_answered_by_the_same_rule(case: Callable[..., Case], register: Register) -> None:
    one = case()
    row = sight.matter_of(register, "claim", 1 + (1 << 32), one.desk.person)
    assert row["matter"] == one.matter
    with pytest.raises(errors.InputError):
        sight.matter_of(register, "claim", 99, one.desk.person)


def test_claims_and_people_are_completed_on_the_way(case: Callable[..., Case]) -> None:
    one = case(people=())
    one.do("complete_person", name="王小明", phone="19900001234").do("add_claim", request="还要求道歉")
    assert one.desk.page(Filters()).lines[0].who == "王小明"
    assert [line.id for line in one.desk.search("19900001234").lines] == [one.matter]
    assert one.register.rows("SELECT place, request FROM claim ORDER BY place")[1] == (2, "还要求道歉")


def test_a_reader_is_named_for_a_sealed_matter_and_never_the_accused(desk: Desk, desk_of: Callable[..., Desk]) -> None:
    """SC-431 Art. 23, REG-2022 Art. 30: named readers only; MPS-79 Art. 10: never the accused."""
    people = {one.login: one for one in desk.staff()}
    named = AccusedDraft(name=people["ho"].name, staff=people["ho"].id)
    sealed = ItemDraft(received_on=date(2026, 2, 10), statement="举报", purpose="accusation", accused=(named,))
    matter = desk.register_item(sealed).matter
    assert desk_of("leg").matter(matter).sight == "outline"
    desk.perform(matter, "name_reader", {"staff": "leg", "reason": "法制审核"})
    assert desk_of("leg").matter(matter).sight == "full"
    with pytest.raises(errors.RuleError):
        desk.perform(matter, "name_reader", {"staff": "ho", "reason": "承办"})
    plain = desk.register_item(ItemDraft(received_on=date(2026, 2, 10), statement="反映")).matter
    with pytest.raises(errors.RuleError):
        desk.perform(plain, "name_reader", {"staff": "leg", "reason": "法制审核"})
