"""What the officer types, and the facts that come of it."""

from __future__ import annotations

from datetime import date

import pytest

from models.errors import InputError
from models.letters import apply_fields, fields_for, kinds, missing_parts, wording
from tests.models.letters.cases import ANSWER, BASE, CASES


def test_every_kind_has_labelled_fields_in_both_languages() -> None:
    for kind in kinds():
        for rules in ("SC-431", "REG-2022"):
            found = fields_for(kind.code, rules=rules, claims=["甲", "乙"])
            assert len({each.name for each in found}) == len(found)
            for each in found:
                assert each.zh
                assert each.en
                assert (each.kind == "choice") == bool(each.choices) or kind.code == "route_notice"


def test_an_answer_has_a_decision_and_grounds_for_each_claim() -> None:
    names = [each.name for each in fields_for("answer", claims=["请求" * 30, "乙"])]
    assert names[-4:] == ["decision_1", "grounds_1", "decision_2", "grounds_2"]
    assert not [each for each in fields_for("acceptance_notice", claims=["甲"]) if each.name.startswith("decision")]


def test_typed_values_become_facts() -> None:
    found = apply_fields(
        "answer",
        BASE,
        {
            "dated_on": " 2026-04-20 ",
            "findings": "经查属实",
            "hearing": "已当面听取",
            "legal_basis": "某法第一条",
            "decision_1": "support",
            "decision_2": "refuse",
            "grounds_2": "没有依据",
            "copies": "",
        },
    )
    assert found.dated_on == date(2026, 4, 20)
    assert [(claim.decision, claim.grounds) for claim in found.claims] == [("support", ""), ("refuse", "没有依据")]
    assert missing_parts("answer", found, wording("answer")) == []


def test_a_chosen_ground_brings_text_and_article_and_typed_ones_win() -> None:
    chosen = apply_fields("non_acceptance_notice", BASE, {"ground_choice": "in_hand", "open_route": "等待答复"})
    assert "正在规定期限内办理" in chosen.ground
    assert chosen.article == "《信访工作条例》第十九条"
    assert missing_parts("non_acceptance_notice", chosen, wording("non_acceptance_notice")) == []
    for order in (("ground", "ground_choice"), ("ground_choice", "ground")):
        values = {"ground": "该事项另有情形", "ground_choice": "in_hand"}
        typed = apply_fields("non_acceptance_notice", BASE, {name: values[name] for name in order})
        assert typed.ground == "该事项另有情形"
        assert typed.article == "《信访工作条例》第十九条"


def test_choices_follow_the_regulation_of_the_matter() -> None:
    old = {
        c
        for each in fields_for("non_acceptance_notice", rules="SC-431")
        if each.name == "ground_choice"
        for c, _, _ in each.choices
    }
    new = {
        c
        for each in fields_for("non_acceptance_notice", rules="REG-2022")
        if each.name == "ground_choice"
        for c, _, _ in each.choices
    }
    assert "legal_procedure" in old - new
    assert "skipped_level" in new - old
    with pytest.raises(InputError):
        apply_fields("non_acceptance_notice", BASE, {"ground_choice": "legal_procedure"})


def test_service_and_attachments() -> None:
    served = apply_fields(
        "service_proof", CASES["service_proof"], {"way": "post", "served_on": "2026-04-22", "server": "陈刚"}
    )
    assert served.service is not None
    assert (served.service.way, served.service.served_on, served.service.server) == (
        "邮寄送达",
        date(2026, 4, 22),
        "陈刚",
    )
    assert served.service.document_title == "信访处理意见书"
    slip = apply_fields("transfer_slip", BASE, {"attachments": "来信复印件\n\n 权证复印件 ", "show_identity": "yes"})
    assert slip.attachments == ("来信复印件", "权证复印件")
    assert slip.show_identity


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        ("answer", {"dated_on": "2026-02-30"}, "dated_on"),
        ("answer", {"dated_on": "20.4.2026"}, "dated_on"),
        ("answer", {"decision_1": "perhaps"}, "decision_1"),
        ("answer", {"decision_9": "support"}, "decision_9"),
        ("answer", {"remedy_days": "15"}, "remedy_days"),
        ("extension_notice", {"extended_days": "三十"}, "extended_days"),
        ("extension_notice", {"extended_days": "-3"}, "extended_days"),
        ("service_proof", {"way": "drone"}, "way"),
    ],
)
def test_impossible_values_name_their_field(kind: str, typed: dict[str, str], field: str) -> None:
    with pytest.raises(InputError) as caught:
        apply_fields(kind, ANSWER, typed)
    assert caught.value.field == field
    assert caught.value.message.zh
    assert caught.value.message.en
