"""The kinds with an outline: what each of them must say and hide, and that its file holds together."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import InputError
from models.letters import (
    Family,
    LetterFacts,
    apply_fields,
    compose,
    digest_of,
    fields_for,
    kind_of,
    kinds,
    missing_parts,
    wording,
)
from models.letters.blocks import Table, texts_of
from models.letters.facts import FACT_NAMES, Particulars
from models.letters.required import required_of
from models.letters.wording import PLACEHOLDERS, placeholders
from tests.models.letters.cases import CASES, OLD
from tests.models.letters.measure import Measured, pdf_of
from tests.models.letters.outlined_cases import LEAVES, OUTLINED

CODES = sorted(OUTLINED)
DISCREET = sorted(code for code in CODES if (outline := wording(code).outline) is not None and outline.discreet)
SHOWING = [code for code in DISCREET if "identity" in wording(code).texts["2022"]]


def said(kind: str, facts: LetterFacts) -> str:
    return "".join(texts_of(compose(kind, facts, wording(kind))))


def gaps(kind: str, facts: LetterFacts, **more: Any) -> list[str]:
    return [code for code, _, _ in missing_parts(kind, facts, wording(kind), **more)]


def stated(facts: LetterFacts, **values: str) -> LetterFacts:
    return replace(facts, particulars=Particulars({**facts.particulars, **values}))


def test_all_outlined_kinds_have_a_case() -> None:
    assert set(CODES) == {kind.code for kind in kinds() if kind.outlined}


@pytest.mark.parametrize("kind", CODES)
def test_an_outline_names_texts_and_values_that_there_are(kind: str) -> None:
    template = wording(kind)
    outline = template.outline
    assert outline is not None
    texts = template.texts["2022"]
    used = {part.name for part in outline.parts if part.what in ("say", "head")} | {"title", *outline.notes}
    assert used == texts.keys()
    known = PLACEHOLDERS | {field.name for field in outline.fields} | FACT_NAMES
    patterns = [*outline.head, *(text for part in outline.parts for row in part.rows for _, text in row.cells)]
    for name in (name for pattern in patterns for name in placeholders(pattern)):
        assert name in known, name
    for part in outline.parts:
        assert not part.when or part.when in known
        assert part.what != "tell" or outline.field(part.name) is not None
    printed = "".join((*texts.values(), *patterns)) + "".join(f"{{{part.name}}}" for part in outline.parts)
    for field in outline.fields:
        unprinted = {"dated_on", "addressee", "attachments", "copies", "approver", "show_identity", outline.addressee}
        assert field.name in unprinted or f"{{{field.name}}}" in printed, f"{field.name} is typed and never printed"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_left_out_blocks_by_its_name(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(CODES))
    plain = [name for name in required_of(kind) if name not in FACT_NAMES]
    lost = data.draw(st.sets(st.sampled_from(plain))) if plain else set()
    found = gaps(kind, stated(OUTLINED[kind], **dict.fromkeys(lost, "")))
    assert lost <= set(found)
    assert bool(found) == bool(lost)


ARTICLES = {
    "suggestion_reply": ("《信访条例》第二十九条", "《信访工作条例》第二十九条"),
    "accusation_transfer": ("《信访条例》第二十一条、第二十三条", "《信访工作条例》第三十条"),
    "assignment_letter": ("《信访条例》第二十一条", "《信访工作条例》第二十二条、第二十三条"),
    "objection_letter": ("", "《信访工作条例》第二十三条"),
    "major_report": ("《信访条例》第二十六条", "《信访工作条例》第二十五条"),
    "internal_assignment": ("《公安机关信访工作规定》第十五条", "《信访工作条例》第二十八条、第三十一条"),
    "recusal_decision": ("《信访条例》第三十条", "《信访工作条例》第二十八条"),
    "department_reply": ("《公安机关信访工作规定》第十五条", ""),
    "hearing_notice": ("《信访条例》第三十一条", "《信访工作条例》第三十一条"),
    "hearing_conclusion": ("《信访条例》第三十一条", "《信访工作条例》第三十一条"),
    "mediation_agreement": ("", "《信访工作条例》第三十三条"),
    "settlement_agreement": ("", "《信访工作条例》第三十三条"),
    "service_announcement": ("《公安机关办理行政案件程序规定》第三十六条",) * 2,
    "review_transmittal": ("《信访条例》第三十四条、第三十五条", "《信访工作条例》第三十五条、第三十六条"),
    "redo_notice": ("《信访条例》第三十四条、第三十五条", "《信访工作条例》第三十五条、第三十六条"),
    "execution_notice": ("《信访条例》第三十二条", "《信访工作条例》第三十二条"),
    "completion_report": ("《信访条例》第二十一条", "《信访工作条例》第二十二条"),
    "supervision_letter": ("《信访条例》第三十六条", "《信访工作条例》第四十条"),
    "advice_letter": ("《信访条例》第三十六条", "《信访工作条例》第四十条"),
}
"""Articles by kind: 2005, 2022. Domain reference, 3, 4.1, 4.2, 6, 8, 9.2 and 9.3; empty: that regulation names none."""


QUOTED = re.compile("《[^》]*(?:条例|规定)》第[一二三四五六七八九十]+条(?:、第[一二三四五六七八九十]+条)*")


@pytest.mark.parametrize("kind", CODES)
def test_each_regulation_is_quoted_by_its_own_articles(kind: str) -> None:
    families: tuple[Family, Family] = ("2005", "2022")
    for family, wanted in zip(families, ARTICLES.get(kind, ("", "")), strict=True):
        words = "".join(wording(kind).texts[family].values())
        quoted = re.findall(
            r"《[^》]*(?:条例|规定)》第[一二三四五六七八九十]+条(?:、第[一二三四五六七八九十]+条)*", words
        )
        assert quoted == ([wanted] if wanted else []), family


@pytest.mark.parametrize("kind", DISCREET)
def test_the_petitioner_is_not_named_by_the_way(kind: str) -> None:
    facts = OUTLINED[kind]
    for mark in ("张𬱖", "13800000000", "11010519491231002X"):
        assert mark not in said(kind, facts)
    long = next(field.name for field in fields_for(kind) if field.kind in ("long", "text") and field.required)
    told = {long: "张𬱖反映"} if long in FACT_NAMES else {}
    named = replace(facts, **told) if told else stated(facts, **{long: "张𬱖反映"})  # type: ignore[arg-type]
    assert "summary" in gaps(kind, named)
    assert gaps(kind, replace(named, show_identity=True)) == []


@pytest.mark.parametrize("kind", SHOWING)
def test_the_petitioner_is_named_when_that_is_asked_for(kind: str) -> None:
    shown = apply_fields(kind, OUTLINED[kind], {"show_identity": "yes"})
    assert "张𬱖，联系电话：13800000000。" in said(kind, shown)


def test_letters_that_go_on_are_discreet_and_the_report_to_above_names() -> None:
    on = {"assignment_letter", "accusation_transfer", "supervision_letter", "objection_letter", "internal_assignment"}
    assert on == set(SHOWING)
    assert "张𬱖" in said("completion_report", OUTLINED["completion_report"])


@pytest.mark.parametrize("kind", CODES)
def test_no_remedy_but_on_the_answer(kind: str) -> None:
    assert "自收到" not in said(kind, OUTLINED[kind]) or "复查申请" not in said(kind, OUTLINED[kind])
    outline = wording(kind).outline
    assert outline is not None
    told = next((part.name for part in outline.parts if part.what == "tell" and part.name not in FACT_NAMES), "")
    if told:
        facts = stated(OUTLINED[kind], **{told: "如不服，可以自收到本文书之日起30日内申请复查。"})
        assert "remedy" in gaps(kind, facts)


@pytest.mark.parametrize("facts", [OUTLINED, {kind: OLD[kind] for kind in CODES}], ids=["2022", "2005"])
def test_ending_a_complaint_is_voluntary_and_bars_nothing_new(facts: dict[str, LetterFacts]) -> None:
    for kind, refuse in (("commitment_letter", "可以拒绝签署"), ("commitment_record", "可以拒绝签名")):
        words = said(kind, facts[kind])
        for wanted in ("自愿", refuse, "不限制信访人", "新的事实、理由", "强迫"):
            assert wanted in words, (kind, wanted)


@pytest.mark.parametrize(
    ("kind", "text", "lost"),
    [
        ("commitment_letter", "voluntary", "自愿"),
        ("commitment_letter", "new_facts", "不限制"),
        ("commitment_record", "voluntary", "可以拒绝签名"),
        ("withdrawal_form", "voluntary", "新的事实"),
        ("accusation_transfer", "protection", "不得"),
        ("hearing_notice", "rights", "陈述事实和理由"),
        ("mediation_agreement", "effect", "履行完毕"),
    ],
)
def test_a_unit_cannot_edit_a_protection_away(kind: str, text: str, lost: str) -> None:
    edited = wording(kind).texts["2022"][text].replace(lost, "")
    with pytest.raises(InputError) as refused:
        wording(kind, (2, {"texts": {text: edited}}))
    assert lost in refused.value.message.zh
    assert lost in refused.value.message.en


@pytest.mark.parametrize("kind", ["mediation_agreement", "settlement_agreement"])
def test_both_sides_have_a_place_to_sign(kind: str) -> None:
    tables = [block for block in compose(kind, OUTLINED[kind], wording(kind)).blocks if isinstance(block, Table)]
    first = tables[-1].rows[0]
    assert [cell.text[:2] for cell in first.cells] == ["甲方", "乙方"]
    assert all("签名" in cell.text and "年" in cell.text for cell in first.cells)


def test_a_public_notice_stands_sixty_days_at_least() -> None:
    facts = OUTLINED["service_announcement"]
    assert gaps("service_announcement", stated(facts, days="59")) == ["days"]
    assert gaps("service_announcement", stated(facts, days="90")) == []
    with pytest.raises(InputError):
        apply_fields("service_announcement", facts, {"days": "六十"})


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("assignment_letter", "limit_on"),
        ("internal_assignment", "limit_on"),
        ("redo_notice", "limit_on"),
        ("supervision_letter", "reply_due_on"),
        ("advice_letter", "reply_due_on"),
        ("hearing_notice", "hearing_on"),
    ],
)
def test_a_day_that_is_set_does_not_lie_before_the_letter(kind: str, name: str) -> None:
    assert gaps(kind, stated(OUTLINED[kind], **{name: "2026-03-04"})) == [name]
    assert gaps(kind, stated(OUTLINED[kind], **{name: "2026-03-05"})) == []


def test_an_execution_is_due_after_its_order_and_minutes_after_the_hearing() -> None:
    facts = replace(OUTLINED["execution_notice"], due_on=date(2026, 3, 4))
    assert gaps("execution_notice", facts) == ["due_on"]
    minutes = replace(OUTLINED["hearing_minutes"], dated_on=date(2026, 4, 3))
    assert gaps("hearing_minutes", minutes) == []


def test_the_accused_get_no_matter_into_their_hands() -> None:
    for kind, values in (
        ("internal_assignment", {"unit_name": "城关派出所"}),
        ("internal_assignment", {"officer": "李建军"}),
        ("internal_assignment", {"assisting": "治安大队、城关派出所"}),
        ("plan_sheet", {"lead_officer": "李建军（副局长）"}),
        ("supervision_letter", {"unit_name": "梓川县公安局城关派出所"}),
    ):
        facts = stated(OUTLINED[kind], **values)
        assert "addressee" in gaps(kind, facts, accused=["城关派出所", "李建军"]), (kind, values)
    transfer = replace(OUTLINED["accusation_transfer"], destination="城关派出所")
    assert gaps("accusation_transfer", transfer, accused=["城关派出所"]) == ["addressee"]
    decided = stated(OUTLINED["recusal_decision"], officer="李建军")
    assert gaps("recusal_decision", decided, accused=["李建军"]) == [], "a recusal keeps a person off the matter"


def test_an_index_runs_without_gaps_and_names_every_hash() -> None:
    facts = OUTLINED["evidence_index"]
    words = said("evidence_index", facts)
    for leaf in LEAVES:
        assert leaf.title in words
        assert leaf.sha256 in words.replace("\n", "")
    assert "共6件、16页" in words
    for broken in (
        (LEAVES[1],),
        (replace(LEAVES[0], sha256="ab"),),
        (replace(LEAVES[0], title=" "),),
        (replace(LEAVES[0], last_page=0),),
        (LEAVES[0], replace(LEAVES[1], first_page=4, last_page=4)),
    ):
        assert gaps("evidence_index", replace(facts, rows=broken)) == ["rows"]
    dated_only = (replace(LEAVES[0], sha256=""),)
    assert gaps("evidence_index", replace(facts, rows=dated_only)) == []
    assert "（无电子件）" in said("evidence_index", replace(facts, rows=dated_only))


@pytest.mark.parametrize("kind", ["completion_report", "major_report", "review_transmittal"])
def test_letters_to_an_organ_above_name_who_signed_beside_the_number(kind: str) -> None:
    """GB/T 9704-2012, 7.2.5 and 7.2.6: number one character in, signer one character in from the right, on one line."""
    letter = Measured(pdf_of(kind, OUTLINED[kind]))
    number, signer = letter.find(OUTLINED[kind].number), letter.find("签发人：")
    name = letter.find(compose(kind, OUTLINED[kind], wording(kind)).signer)
    em = 16 * 25.4 / 72
    assert number[0].x == pytest.approx(28 + em, abs=0.1)
    assert name[-1].x + name[-1].width == pytest.approx(184 - em, abs=0.1)
    assert signer[-1].x + signer[-1].width == pytest.approx(name[0].x, abs=0.1)
    assert number[0].top == signer[0].top == name[0].top
    assert name[0].font != signer[0].font


def test_a_preview_of_nothing_shows_its_gaps_and_breaks_nothing() -> None:
    empty = LetterFacts(rules="REG-2022", organ="梓川县公安局")
    for kind in CODES:
        assert Measured(pdf_of(kind, empty, draft=True)).pages >= 1
        assert set(gaps(kind, empty)) >= set(required_of(kind)) - {"organ"}


def test_places_to_sign_are_never_cut_and_never_alone_under_text() -> None:
    paragraphs = "双方同意由城关派出所监督履行，并在履行完毕后三日内书面告知信访部门。" * 3
    for count in range(1, 14):
        facts = stated(OUTLINED["mediation_agreement"], terms="\n".join([paragraphs] * count))
        letter = Measured(pdf_of("mediation_agreement", facts))
        pages = {letter.find(words)[0].page for words in ("甲方（签名", "记录人（签名")}
        assert pages == {letter.pages}
        last = "".join(char.text for char in letter.chars if char.page == letter.pages)
        assert "一式三份" in last or "存档一份" in last, count


@pytest.mark.parametrize("count", [1, 4, 5, 6, 7, 15, 16, 17])
def test_nobody_signs_a_page_of_an_index_without_a_paper_on_it(count: int) -> None:
    rows = tuple(replace(LEAVES[0], first_page=page, last_page=page) for page in range(1, count + 1))
    letter = Measured(pdf_of("archive_index", replace(OUTLINED["archive_index"], rows=rows)))
    last = "".join(char.text for char in letter.chars if char.page == letter.pages)
    assert "整理人（签名）" in last
    assert LEAVES[0].sha256[:32] in last


def test_the_longest_date_stands_on_one_line_beside_its_label() -> None:
    letter = Measured(pdf_of("follow_up_record", stated(OUTLINED["follow_up_record"], follow_on="2026-12-28")))
    for words in ("2026年12月28日", "回访日期"):
        assert len({char.top for char in letter.find(words)}) == 1, words


def test_particulars_are_frozen_sorted_and_part_of_the_digest() -> None:
    one, other = Particulars({"b": "2", "a": "1", "c": ""}), Particulars([("a", "1"), ("b", "2")])
    assert (one, hash(one), list(one)) == (other, hash(other), ["a", "b"])
    assert repr(one) == "Particulars({'a': '1', 'b': '2'})"
    facts = OUTLINED["assignment_letter"]
    assert LetterFacts.from_json(facts.to_json()) == facts
    changed = stated(facts, requirement="另一要求")
    assert digest_of("assignment_letter", facts, "assignment_letter", 1) != digest_of(
        "assignment_letter", changed, "assignment_letter", 1
    )
    index = OUTLINED["archive_index"]
    assert LetterFacts.from_json(index.to_json()).rows == LEAVES


@pytest.mark.parametrize(
    ("kind", "digest"),
    [
        ("acceptance_notice", "99b1ea6ca8c6fc5ced68968284daf1d5ab9abb6ea38e565230f3e2406794a14f"),
        ("transfer_slip", "9b1548e4dd4be45182ec0fde9174785ff9fa4153d3b43113da5e04ecfc631ebd"),
        ("answer", "5475905f83c3bb3694fc2dd408429d18374b428826b26602e5fbdb63b6d0c772"),
        ("service_proof", "7f8a674616b90f5d98ddcd0e42f7a7f282ef8df6573d1e432cd8b465b7274889"),
        ("receipt", "611444fbd601a31921785dcb60ded727a1960df64528b3ce8a5ddf1f947d1d43"),
    ],
)
def test_digests_of_the_first_kinds_stay_as_they_were_issued(kind: str, digest: str) -> None:
    """Worked out with the program before the outlined kinds existed: a document issued then verifies now."""
    assert digest_of(kind, CASES[kind], kind, 1).hex() == digest


def test_typed_values_of_an_outlined_kind_become_particulars() -> None:
    base = replace(OUTLINED["follow_up_record"], particulars=Particulars())
    typed = {"follow_on": "2026-06-05", "carried_out": "partly", "view": "none", "record": " 已说明 "}
    found = apply_fields("follow_up_record", base, typed)
    assert dict(found.particulars) == {
        "carried_out": "部分落实", "follow_on": "2026-06-05", "record": "已说明", "view": "无明确意见",
    }  # fmt: skip
    for name, text in (("follow_on", "2026-02-30"), ("carried_out", "perhaps"), ("nothing", "x")):
        with pytest.raises(InputError) as refused:
            apply_fields("follow_up_record", base, {name: text})
        assert refused.value.field == name
    decided = apply_fields("recusal_decision", OUTLINED["recusal_decision"], {"decision_text": "驳回申请"})
    assert decided.particulars["decision_text"] == "驳回申请"


def test_pages_and_seals_are_those_of_the_domain() -> None:
    official = {kind.code for kind in kinds() if kind.outlined and kind.page == "official"}
    assert official == {
        "assignment_letter", "objection_letter", "supervision_letter", "completion_report", "review_transmittal",
        "accusation_transfer", "major_report", "advice_letter",
    }  # fmt: skip
    for kind in kinds():
        if kind.outlined:
            assert kind.sealed == bool(kind.series_word)
    words = [kind.series_word for kind in kinds() if kind.series_word]
    assert len(set(words)) == len(words), "one number series, one word"
    assert kind_of("service_announcement").series_word == "公告"
