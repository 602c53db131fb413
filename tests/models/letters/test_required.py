"""What keeps a letter from being issued: each required part by itself, and contents that must not stand together."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from datetime import date
from typing import Any

import pytest

from models.errors import MissingPartError
from models.letters import (
    ClaimFacts,
    LetterFacts,
    ServiceFacts,
    kind_of,
    kinds,
    missing_parts,
    require_complete,
    wording,
)
from models.letters.facts import FACT_NAMES, Particulars
from models.letters.required import required_of
from tests.models.letters.cases import ANSWER, BASE, CASES, OLD


def gaps_of(kind: str, facts: LetterFacts, **more: Any) -> list[str]:
    return [code for code, _, _ in missing_parts(kind, facts, wording(kind), **more)]


def without(facts: LetterFacts, name: str) -> LetterFacts:
    if name == "facts":
        return replace(facts, facts="", statement="")
    if name.startswith("service."):
        assert facts.service is not None
        return replace(facts, service=replace(facts.service, **{name.split(".")[1]: ""}))
    if name not in FACT_NAMES:
        return replace(facts, particulars=Particulars({**facts.particulars, name: ""}))
    default = next(f.default for f in fields(LetterFacts) if f.name == name)
    return replace(facts, **{name: "" if default is MISSING else default})


@pytest.mark.parametrize("kind", [kind.code for kind in kinds()])
def test_complete_facts_have_no_gap(kind: str) -> None:
    assert missing_parts(kind, CASES[kind], wording(kind), numbered=True) == []


@pytest.mark.parametrize("kind", sorted(OLD))
def test_the_2005_letters_are_complete_too(kind: str) -> None:
    assert missing_parts(kind, OLD[kind], wording(kind), numbered=True) == []


@pytest.mark.parametrize(("kind", "name"), [(kind.code, name) for kind in kinds() for name in required_of(kind.code)])
def test_each_required_part_blocks_by_its_own_name(kind: str, name: str) -> None:
    facts = without(CASES[kind], name)
    found = missing_parts(kind, facts, wording(kind))
    gap = next(gap for gap in found if gap[0] == name)
    assert gap[1].startswith("缺少：")
    assert gap[2].startswith("missing: ")
    with pytest.raises(MissingPartError) as caught:
        require_complete(kind, found)
    assert name in caught.value.parts
    assert gap[1] in caught.value.message.zh
    assert gap[2] in caught.value.message.en


@pytest.mark.parametrize("kind", [kind.code for kind in kinds() if kind.series_word])
def test_a_number_is_asked_for_at_issue_but_not_in_a_preview(kind: str) -> None:
    facts = replace(CASES[kind], number="")
    assert gaps_of(kind, facts) == []
    assert gaps_of(kind, facts, numbered=True) == ["number"]


def test_every_kind_says_what_it_requires() -> None:
    for kind in kinds():
        names = required_of(kind.code)
        assert "organ" in names
        assert len(set(names)) == len(names), kind.code


def test_every_claim_needs_a_decision_and_refusals_need_reasons() -> None:
    claims = (
        ClaimFacts(request="一"),
        ClaimFacts(request="二", decision="refuse"),
        ClaimFacts(request="三", decision="explain"),
        ClaimFacts(request="四", decision="partly", grounds=" "),
        ClaimFacts(request="五", decision="support"),
        ClaimFacts(request="", decision="support"),
        ClaimFacts(request="七", decision="maybe", grounds="理由"),
    )
    assert gaps_of("answer", replace(ANSWER, claims=claims)) == [
        "decision_1",
        "grounds_2",
        "grounds_3",
        "grounds_4",
        "request_6",
        "decision_7",
    ]


@pytest.mark.parametrize("text", ["可以自收到之日起30日内申请复查。", "送达之日起三十日内向市局提出复核"])
def test_review_exempt_notices_print_no_remedy(text: str) -> None:
    for kind, name in (
        ("route_notice", "procedure"),
        ("non_acceptance_notice", "open_route"),
        ("destination_notice", "destination"),
        ("extension_notice", "extension_reason"),
    ):
        assert "remedy" in gaps_of(kind, replace(CASES[kind], **{name: text}))


def test_other_procedures_may_be_named_in_a_route_notice() -> None:
    routes = "自收到不予立案通知书之日起7日内向原决定机关申请复议，对复议决定不服的，可以向上一级公安机关申请刑事复核"
    assert gaps_of("route_notice", replace(CASES["route_notice"], procedure=routes)) == []


def test_a_remedy_edited_away_is_noticed() -> None:
    base = wording("answer")
    gone = {
        **base.texts["2022"],
        "remedy": "{you}可以向{remedy_organ}申请复查，请提交{remedy_papers}（{remedy_days}）。收到",
    }
    changed = replace(base, texts={"2022": gone, "2005": gone})
    assert [gap[0] for gap in missing_parts("answer", ANSWER, changed)] == ["remedy"]


def test_accused_persons_and_units_are_never_addressees() -> None:
    for facts in (
        replace(ANSWER, addressee="李建军"),
        replace(ANSWER, addressee="张三、李建军等5人"),
        replace(ANSWER, copies="江州市公安局，李建军"),
        replace(ANSWER, copies="城关派出所"),
        replace(ANSWER, copies="梓川县公安局城关派出所"),
    ):
        found = missing_parts("answer", facts, wording("answer"), accused=["李建军", "城关派出所"])
        assert [gap[0] for gap in found] == ["addressee"]
    slip = replace(CASES["transfer_slip"], receiving_organ="城关派出所")
    assert gaps_of("transfer_slip", slip, accused=["梓川县公安局城关派出所"]) == ["addressee"]
    assert gaps_of("answer", replace(ANSWER, addressee="李建"), accused=["李建军", " "]) == []


def test_an_extension_is_at_most_30_days_and_told_in_time() -> None:
    facts = CASES["extension_notice"]
    assert gaps_of("extension_notice", replace(facts, extended_days=31)) == ["extended_days"]
    local = replace(facts, rules="REG-2022/LOCAL-zhejiang")
    assert gaps_of("extension_notice", replace(local, extended_days=60)) == []
    assert gaps_of("extension_notice", replace(local, extended_days=61)) == ["extended_days"]
    late = replace(facts, dated_on=date(2026, 5, 7))
    assert gaps_of("extension_notice", late) == ["dated_on"]
    assert gaps_of("extension_notice", replace(facts, dated_on=date(2026, 5, 6))) == []
    assert gaps_of("extension_notice", replace(facts, approved_on=date(2026, 4, 30))) == ["approved_on"]


def test_nothing_is_dated_before_it_was_received() -> None:
    facts = CASES["acceptance_notice"]
    assert gaps_of("acceptance_notice", replace(facts, dated_on=date(2026, 3, 1))) == ["dated_on"]
    passed_on = replace(facts, source="梓川县信访局", transferred_on=date(2026, 3, 6))
    assert gaps_of("acceptance_notice", passed_on) == ["dated_on"]


def test_a_notice_of_the_2022_regulation_is_not_given_under_the_old_one() -> None:
    facts = replace(CASES["route_notice"], rules="SC-431")
    assert gaps_of("route_notice", facts)[0] == "rules"


def test_anonymous_matters_and_suggestions_can_be_registered() -> None:
    anonymous = replace(BASE, people=(), anonymous=True)
    assert gaps_of("registration_form", anonymous) == []
    assert gaps_of("registration_form", replace(BASE, category="suggestion", claims=())) == []
    assert gaps_of("registration_form", replace(BASE, claims=())) == ["claims"]


def test_a_blank_proof_of_service_may_be_printed_for_the_hand() -> None:
    facts = replace(
        BASE, service=ServiceFacts(document_title="信访处理意见书", document_number="梓公（信）处〔2026〕4号")
    )
    assert gaps_of("service_proof", facts) == []
    assert "service.document_title" in gaps_of("service_proof", replace(BASE, service=None))


def test_a_transfer_slip_does_not_name_the_petitioner_by_the_way() -> None:
    facts = CASES["transfer_slip"]
    for summary in ("张𬱖反映宅基地登记有误", "联系13800000000"):
        named = replace(facts, summary=summary)
        assert gaps_of("transfer_slip", named) == ["summary"]
        assert gaps_of("transfer_slip", replace(named, show_identity=True)) == []


def test_only_the_answer_decides() -> None:
    assert [kind.code for kind in kinds() if kind.answers] == ["answer"]
    assert kind_of("transfer_slip").layout == "official"
    assert kind_of("receipt").layout == "slip"
    assert kind_of("answer").layout == "form"
