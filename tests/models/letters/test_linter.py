"""What a letter must not say: citations, remedy, those complained of, days. Figures: domain reference, 3, 4, 9."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from models.letters import ClaimFacts, LetterFacts, ServiceFacts, Wording, compose, wording
from models.letters.citations import citations, number_of, statutes, statutes_named
from models.letters.linter import lint
from tests.models.letters.cases import ANSWER, CASES, OLD

TODAY = date(2026, 5, 1)


def found(
    kind: str, facts: LetterFacts, *, accused: tuple[str, ...] = (), on: date = TODAY, words: Wording | None = None
) -> dict[str, str]:
    """Return the findings: code -> Chinese sentence. Each has an English one too."""
    result = lint(kind, facts, words or wording(kind), accused=accused, on=on)
    assert all(zh and en for _, zh, en in result)
    return {code: zh for code, zh, _ in result}


def in_2021(facts: LetterFacts) -> LetterFacts:
    """Return facts of a matter with all its days within the force of SC-431."""
    days = {name: date(2021, 3, 5) for name in ("accepted_on", "handed_on", "dated_on", "approved_on")}
    limits = {"due_on": date(2021, 5, 6), "original_due_on": date(2021, 5, 6), "new_due_on": date(2021, 6, 1)}
    moved = replace(facts, received_on=date(2021, 3, 2), **days, **limits)
    return replace(moved, transferred_on=date(2021, 3, 3)) if facts.transferred_on else moved


@pytest.mark.parametrize(("kind", "facts"), [*CASES.items(), *((kind, in_2021(facts)) for kind, facts in OLD.items())])
def test_a_right_letter_is_not_faulted(kind: str, facts: LetterFacts) -> None:
    assert found(kind, facts, on=date(2027, 1, 1)) == {}


# --- numbers and citations


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一", 1), ("十", 10), ("十五", 15), ("二十", 20), ("三十四", 34), ("一百", 100), ("一百零五", 105),
        ("二百一十", 210), ("一千二百六十", 1260), ("34", 34), ("３４", 34), ("一二三", 123), ("〇", 0), ("两", 2),
    ],
)  # fmt: skip
def test_numbers_in_words(text: str, number: int) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize("text", ["", "甲", "三x"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=text or "^$"):
        number_of(text)


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("根据《信访工作条例》第三十四条的规定", [("信访工作条例", 34)]),
        ("《信访条例》第十五条、第二十一条和第二十二条", [("信访条例", 15), ("信访条例", 21), ("信访条例", 22)]),
        ("《信访工作条例》第三十一条第（六）项、第三十二条", [("信访工作条例", 31), ("信访工作条例", 32)]),
        ("《信访工作条例》第31条第6项", [("信访工作条例", 31)]),
        ("《刑事诉讼法》第二百七十七条之一第二款", [("刑事诉讼法", 277)]),
        ("《信访工作条例》（以下简称《条例》）第三十五条", [("信访工作条例", 35)]),
        ("公安部令第79号第四十八条", [("公安部令第79号", 48)]),
        ("部令第79号第二十三条", [("部令第79号", 23)]),
        ("《公安机关信访工作规定》（公安部令第79号）第二十三条", [("公安部令第79号", 23)]),
        ("《某省信访条例》（省政府令第79号）第九十条", [("某省信访条例", 90)]),
        ("《信访条例》第三十条至第三十二条；《民法典》第二百条", [("信访条例", 30), ("信访条例", 32), ("民法典", 200)]),
        ("《信访工作条例》的有关规定，第三十五条", []),
        ("第三十五条", []),
    ],
)
def test_articles_are_read(text: str, cited: list[tuple[str, int]]) -> None:
    assert [(each.instrument, each.article) for each in citations(text)] == cited


def test_the_list_of_instruments_is_what_the_reference_gives() -> None:
    """Domain reference, section 3: SC-431 51 articles, MPS-79 47, REG-2022 50, and the days in force."""
    known = {each.id: each for each in statutes()}
    assert {key: each.articles for key, each in known.items() if each.articles} == {
        "SC-431": 51, "MPS-79": 47, "REG-2022": 50,
    }  # fmt: skip
    spans = {key: (known[key].from_on, known[key].to_on) for key in ("SC-431", "MPS-79", "REG-2022", "MPS-2023")}
    assert spans == {
        "SC-431": (date(2005, 5, 1), date(2022, 4, 30)),
        "MPS-79": (date(2005, 8, 18), date(2023, 6, 30)),
        "REG-2022": (date(2022, 5, 1), None),
        "MPS-2023": (date(2023, 7, 1), None),
    }
    assert [each.id for each in statutes_named("公安机关信访工作规定")] == ["MPS-79", "MPS-2023"]
    assert [each.id for each in statutes_named("部令第79号")] == ["MPS-79"]
    assert statutes_named("国务院令第79号") == []


def cites(basis: str, **more: Any) -> dict[str, str]:
    return found("answer", replace(ANSWER, legal_basis=basis, **more), on=date(2030, 1, 1))


@pytest.mark.parametrize(
    ("basis", "received", "said"),
    [
        ("《信访工作条例》第五十条", date(2026, 3, 2), ""),
        ("《信访工作条例》第五十一条", date(2026, 3, 2), "共 50 条"),
        ("《信访工作条例》第零条", date(2026, 3, 2), "共 50 条"),
        ("《信访条例》第三十二条", date(2026, 3, 2), "2005-05-01 至 2022-04-30"),
        ("《公安机关信访工作规定》第四十八条", date(2022, 6, 1), "共 47 条"),
        ("《公安机关信访工作规定》第四十七条", date(2022, 6, 1), ""),
        ("《公安机关信访工作规定》第四十八条", date(2026, 3, 2), ""),
        ("《公安机关信访工作规定》（公安部令第79号）第二十三条", date(2026, 3, 2), "不适用于"),
        ("公安部令第79号第二十三条", date(2023, 6, 30), ""),
        ("公安部令第79号第二十三条", date(2023, 7, 1), "不适用于"),
        ("《从未见过的规定》第九百条", date(2026, 3, 2), ""),
        ("《公安机关办理行政案件程序规定》第九百条", date(2026, 3, 2), ""),
    ],
)
def test_a_cited_article_counts_for_the_matter_and_exists(basis: str, received: date, said: str) -> None:
    dates = {name: received + timedelta(days=3) for name in ("accepted_on", "dated_on")}
    faults = cites(basis, received_on=received, **dates)
    assert (said in "".join(faults.values())) if said else not faults
    assert set(faults) <= {"article_1"}


def test_a_matter_keeps_the_law_of_its_receipt() -> None:
    """Received 2021, answered 2023: SC-431 still counts for it, REG-2022 does not (domain reference, section 3)."""
    old = replace(ANSWER, rules="SC-431", received_on=date(2021, 3, 2), accepted_on=date(2021, 3, 5),
                  dated_on=date(2023, 1, 5))  # fmt: skip
    assert not found("answer", replace(old, legal_basis="《信访条例》第三十二条"), on=TODAY)
    faults = found("answer", replace(old, legal_basis="《信访工作条例》第三十二条"), on=TODAY)
    assert "本事项适用《信访条例》" in faults["article_1"]


def test_law_made_after_the_letter_is_not_cited() -> None:
    early = replace(ANSWER, rules="SC-431", received_on=date(2019, 3, 2), accepted_on=date(2019, 3, 5),
                    dated_on=date(2019, 4, 1))  # fmt: skip
    assert "2021-01-01" in found("answer", replace(early, legal_basis="《民法典》第二百条"))["article_1"]
    assert not found("answer", replace(early, dated_on=date(2021, 4, 1), legal_basis="《民法典》第二百条"))


def test_the_petitioners_words_are_not_judged_and_earlier_law_may_be_told() -> None:
    claims = (replace(ANSWER.claims[0], request="按《信访条例》第九十条处理"), ANSWER.claims[1])
    wrong = "《信访条例》第九十条"
    assert not found("answer", replace(ANSWER, claims=claims, title=f"反映违反{wrong}", findings="经查属实。"))
    told = "2021年，我局依照《信访条例》第三十三条办理并答复。"
    assert not found("answer", replace(ANSWER, findings=told))
    assert "共 51 条" in found("answer", replace(ANSWER, findings=f"2021年依照{wrong}办理。"))["article_1"]
    old = replace(ANSWER, rules="SC-431", received_on=date(2019, 3, 2), accepted_on=date(2019, 3, 5),
                  dated_on=date(2019, 4, 1), findings="依照《信访工作条例》第三十二条办理。")  # fmt: skip
    assert "article_1" in found("answer", old)
    assert not found("registration_form", replace(CASES["registration_form"], reasons=wrong, statement=wrong))


def test_every_wrong_article_is_told_once_also_in_grounds_and_grounds_of_refusal() -> None:
    claims = (replace(ANSWER.claims[0], grounds="依《信访工作条例》第六十条。"), ANSWER.claims[1])
    faults = found("answer", replace(ANSWER, claims=claims, legal_basis="《信访工作条例》第六十条、第七十条"))
    assert len([code for code in faults if code.startswith("article_")]) == 2
    refused = replace(CASES["non_acceptance_notice"], article="《信访条例》第十六条")
    assert "article_1" in found("non_acceptance_notice", refused)


# --- claims and remedy


def own(**texts: str) -> Wording:
    return wording("answer", (1, {"texts": texts}))


ASK = "{you}可以自收到本意见书之日起{remedy_days}日内，向{remedy_organ}申请复查，并提交{remedy_papers}。"


@pytest.mark.parametrize(
    ("facts", "texts", "code", "said"),
    [
        (replace(ANSWER, remedy_days=60), {}, "remedy_days", "应为 30 日"),
        (replace(ANSWER, remedy_organ=ANSWER.organ), {}, "remedy_organ", "上一级机关"),
        (ANSWER, {"remedy": ASK + "逾期六十日内不再受理。"}, "remedy", "60日内"),
        (ANSWER, {"remedy": "根据《信访工作条例》第三十六条，" + ASK}, "remedy", "应为《信访工作条例》第三十五条"),
        (ANSWER, {"support": ""}, "decision_1", "没有写出"),
        (ANSWER, {"partly": "予以支持"}, "decision_1", "用语相同"),
    ],
)
def test_the_way_to_review_and_the_words_of_a_decision(
    facts: LetterFacts, texts: dict[str, str], code: str, said: str
) -> None:
    assert said in found("answer", facts, words=own(**texts))[code]


def test_the_remedy_may_also_name_the_article_on_re_review() -> None:
    words = own(remedy="根据《信访工作条例》第三十五条、第三十六条，" + ASK + "截至6月30日内均可咨询。")
    assert found("answer", ANSWER, words=words) == {}


def test_the_remedy_in_words_may_say_the_days_in_chinese() -> None:
    words = own(remedy=ASK.replace("{remedy_days}日内", "{remedy_days}日内（三十日内）"))
    assert found("answer", ANSWER, words=words) == {}
    assert "30" in compose("answer", ANSWER, words).blocks[-1].text  # type: ignore[union-attr]  # a paragraph


# --- those complained of


@pytest.mark.parametrize(
    ("kind", "changed", "accused", "code"),
    [
        ("destination_notice", {"destination": "梓川县公安局城关派出所"}, "城关派出所", "destination"),
        ("transfer_slip", {"receiving_organ": "城关派出所"}, "城关派出所", "receiving_organ"),
        ("transfer_slip", {"copies": "县信访局，城关派出所李建国"}, "李建国", "copies"),
        ("answer", {"addressee": "李明"}, "李明", "addressee"),
        ("answer", {"copies": "城关派出所（李明所长）"}, "李明", "copies"),
        ("service_proof", {"service": ServiceFacts(document_title="意见书", server="李明")}, "李明", "server"),
        ("service_proof", {"service": ServiceFacts(document_title="意见书", receiver="李明")}, "李明", "receiver"),
    ],
)
def test_nobody_complained_of_gets_it(kind: str, changed: dict[str, Any], accused: str, code: str) -> None:
    facts = replace(CASES[kind], **changed)
    assert accused in found(kind, facts, accused=(accused,))[code]
    assert found(kind, facts, accused=("无关单位", "王某", " ")) == {}


def test_two_characters_inside_another_name_are_not_the_accused() -> None:
    assert found("answer", replace(ANSWER, addressee="王林生", copies="王林镇人民政府"), accused=("王林",)) == {}


# --- days


@pytest.mark.parametrize(
    ("kind", "changed", "code", "said"),
    [
        ("acceptance_notice", {"accepted_on": date(2026, 3, 1)}, "accepted_on", "早于收到日期"),
        ("acceptance_notice", {"accepted_on": date(2026, 3, 6)}, "accepted_on", "晚于落款日期"),
        ("destination_notice", {"handed_on": date(2026, 2, 28)}, "handed_on", "早于收到日期"),
        ("extension_notice", {"approved_on": date(2026, 2, 28)}, "approved_on", "早于收到日期"),
        ("extension_notice", {"new_due_on": date(2026, 4, 28), "original_due_on": None}, "new_due_on", "早于落款"),
        ("acceptance_notice", {"due_on": date(2026, 5, 3)}, "due_on", "不足 60 日"),
        ("extension_notice", {"new_due_on": date(2026, 5, 5)}, "new_due_on", "不会是"),
        ("extension_notice", {"new_due_on": date(2026, 6, 18)}, "new_due_on", "不会是"),
        ("answer", {"dated_on": date(2026, 5, 2)}, "dated_on", "在今天（2026-05-01）之后"),
        ("answer", {"legal_basis": "应在三十（60）日内办结"}, "days", "须一致"),
        ("answer", {"legal_basis": "应在30日（六十日）内办结"}, "days", "须一致"),
        ("service_proof", {"service": ServiceFacts(document_title="意见书", served_on=date(2026, 5, 2))}, "served_on",
         "之后"),
    ],
)  # fmt: skip
def test_days_out_of_order(kind: str, changed: dict[str, Any], code: str, said: str) -> None:
    faults = found(kind, replace(CASES[kind], **changed))
    assert said in faults[code]


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("acceptance_notice", {"accepted_on": date(2026, 3, 2)}),
        ("acceptance_notice", {"due_on": date(2026, 5, 4)}),
        ("extension_notice", {"new_due_on": date(2026, 5, 6)}),
        ("extension_notice", {"new_due_on": date(2026, 6, 17)}),
        ("answer", {"dated_on": date(2026, 5, 1)}),
        ("answer", {"legal_basis": "应在三十（30）日内办结"}),
        ("answer", {"legal_basis": "应于3月12日（15日）、三月十二日（15日）办结"}),
        ("service_proof", {"service": ServiceFacts(document_title="意见书", served_on=date(2026, 5, 1))}),
    ],
)
def test_days_at_their_edges(kind: str, changed: dict[str, Any]) -> None:
    assert found(kind, replace(CASES[kind], **changed)) == {}


def test_a_claim_without_a_decision_is_left_to_the_required_parts() -> None:
    assert found("answer", replace(ANSWER, claims=(ClaimFacts(request="甲"),))) == {}
