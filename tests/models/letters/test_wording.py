"""Wording as data: shipped texts are sound, a unit's own version is checked when it is loaded."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from models.errors import InputError
from models.letters import compose, kinds, wording
from models.letters.draft import values_of
from models.letters.wording import PLACEHOLDERS, placeholders
from tests.models.letters.cases import ANSWER, BASE, CASES, OLD


def test_every_kind_has_a_wording_with_version() -> None:
    for kind in kinds():
        found = wording(kind.code)
        assert found.version >= 1
        assert found.texts["2005"].keys() == found.texts["2022"].keys()


def test_every_shipped_file_belongs_to_a_kind() -> None:
    names = {file.name.removesuffix(".toml") for file in (files("resources") / "letters").iterdir()} - {"fonts"}
    assert names == {wording(kind.code).id for kind in kinds()}


def test_placeholders_are_exactly_the_values_that_there_are() -> None:
    assert values_of(BASE).keys() | {"request", "decision"} == PLACEHOLDERS


def test_each_regulation_names_its_own_law_only() -> None:
    for kind in kinds():
        for family, foreign in (("2005", "信访工作条例"), ("2022", "《信访条例》")):
            if family in kind.families:
                texts = wording(kind.code).texts[family]  # type: ignore[index]  # a family
                assert not any(foreign in text for text in texts.values()), (kind.code, family)


@pytest.mark.parametrize("kind", sorted(OLD))
def test_old_matters_get_the_old_words(kind: str) -> None:
    letter = compose(kind, OLD[kind], wording(kind))
    said = "".join(str(block) for block in letter.blocks)
    assert "信访工作条例" not in said
    if kind in ("acceptance_notice", "answer", "extension_notice", "transfer_slip", "destination_notice"):
        assert "《信访条例》" in said


def test_documents_are_in_chinese_only() -> None:
    for kind, facts in CASES.items():
        letter = compose(kind, facts, wording(kind))
        texts = [letter.title, *(str(getattr(block, "text", "")) for block in letter.blocks)]
        said = "".join(texts).replace(facts.item_number, "").replace(facts.query_code, "")
        assert not re.search(r"[A-Za-z]{2,}", said), kind


def own(**texts: str) -> tuple[int, dict[str, dict[str, str]]]:
    return 3, {"texts": texts}


def test_a_unit_may_change_a_text() -> None:
    found = wording("answer", own(title="信访事项处理意见书"))
    assert (found.id, found.version) == ("answer/own", 3)
    assert compose("answer", ANSWER, found).title == "信访事项处理意见书"
    assert compose("answer", OLD["answer"], found).title == "信访事项处理意见书"
    assert compose("answer", ANSWER, wording("answer")).title == "信访处理意见书"


@pytest.mark.parametrize(
    ("kind", "texts", "zh", "en"),
    [
        ("answer", {"titel": "意见书"}, "没有名为 titel", "no text called titel"),
        ("answer", {"title": "意见书{nobody}"}, "{nobody}", "{nobody} is unknown"),
        ("answer", {"title": "意见书{"}, "花括号", "braces"),
        ("answer", {"title": "意见书{organ:>10}"}, "花括号", "braces"),
        ("answer", {"title": "意见书{organ.name}"}, "花括号", "braces"),
        (
            "answer",
            {"remedy": "不服的，收到后{remedy_days}日内申请复查，提交{remedy_papers}。"},
            "{remedy_organ}",
            "{remedy_organ}",
        ),
        (
            "answer",
            {"remedy": "不服的，{remedy_days}日内向{remedy_organ}申请复查，提交{remedy_papers}。"},
            "收到",
            "receipt",
        ),
        ("non_acceptance_notice", {"decision": "不予受理。"}, "{ground}", "{ground}"),
        ("extension_notice", {"decision": "{extension_reason}{extended_days}{new_due_on}"}, "{approver}", "{approver}"),
    ],
)
def test_a_bad_version_is_refused_when_loaded(kind: str, texts: dict[str, str], zh: str, en: str) -> None:
    with pytest.raises(InputError) as caught:
        wording(kind, own(**texts))
    assert zh in caught.value.message.zh
    assert en in caught.value.message.en
    assert kind in caught.value.message.zh


def test_placeholders_are_found_in_order() -> None:
    assert placeholders("甲{a}乙{b}{{丙}}") == ("a", "b")


def test_unknown_kinds_are_named() -> None:
    with pytest.raises(InputError, match="nothing") as caught:
        wording("nothing")
    assert "answer" in caught.value.message.zh
