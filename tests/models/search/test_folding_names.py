"""Folding over all characters, and readings of names against an independent source."""

from __future__ import annotations

import sys

import pytest

from models import names
from models.folding import fold, is_plain, is_regular
from tests.models.search import oracle
from tests.models.search.make_pinyin import TARGET, usual_readings


def _all_characters() -> list[str]:
    return [chr(code) for code in range(sys.maxunicode + 1)]


def test_folding_agrees_with_the_unicode_categories_for_every_character() -> None:
    import unicodedata

    wrong = [
        hex(ord(character))
        for character in _all_characters()
        if unicodedata.category(character) != "Cn"
        and not 0xE0000 <= ord(character) < 0xE1000
        and fold(f"x{character}y") != oracle.fold.__wrapped__(f"x{character}y")
    ]
    assert wrong == []


def test_regular_characters_neither_make_nor_unmake_plain_ones() -> None:
    wrong = []
    for character in _all_characters():
        if is_regular(character) and not 0xD800 <= ord(character) < 0xE000:
            folded = fold(character)
            expected = (
                character.lower() if character.isascii() else folded if not any(map(is_plain, folded)) else character
            )
            if folded != expected or any(fold(f"{before}{character}") != f"{before}{folded}" for before in "az9派"):
                wrong.append(hex(ord(character)))
    assert wrong == []
    assert all(map(is_regular, "派aA9，。、；：？！“”（）《》…·~％\n\u3000\xa0"))
    assert not any(map(is_regular, "\uff21\uff19\u2460\u200b\u0301\u3220\u33a1\u212a\uf900"))


def test_readings_are_those_of_pypinyin() -> None:
    """The file is what its maker makes: a new pypinyin must be taken in knowingly, for the index holds these
    readings."""
    lines = [line for line in TARGET.read_text("utf-8").splitlines() if not line.startswith("#")]
    shipped = {character: line.split(" ")[0] for line in lines for character in line.split(" ")[1]}
    assert len(shipped) > 40_000
    assert shipped == usual_readings()


@pytest.mark.parametrize(
    ("name", "some"),
    [
        ("单晓东", {"shanxiaodong", "danxiaodong", "sxd", "dxd", "xiaodong", "shanxd"}),
        ("仇英", {"qiuying", "chouying", "qy", "ying"}),
        ("解建国", {"xiejianguo", "jiejianguo", "xjg", "jianguo"}),
        ("曾伟", {"zengwei", "cengwei", "zw", "cw"}),
        ("欧阳明", {"ouyangming", "oym", "ming", "ouyangm"}),
        ("万俟明", {"moqiming", "mqm"}),
        ("吕绿", {"lvlv", "lulu", "lyulyu", "lvlu", "ll"}),
        ("阿卜杜拉·买买提", {"abodulamaimaiti", "abdlmmt"}),
        ("李", {"li", "l"}),
        ("李 明", {"liming", "lm"}),
    ],
)
def test_spellings(name: str, some: set[str]) -> None:
    assert some <= names.spellings(name)


def test_names_without_han_characters_have_no_spellings() -> None:
    for name in ("", "John Smith", "·", "123"):
        assert names.spellings(name) == frozenset()
        assert names.syllables(name) == ()


def test_keys_of_names() -> None:
    assert names.homophone_key("张伟") == names.homophone_key("章玮") == "zhang wei"
    assert names.homophone_key("张伟") != names.homophone_key("张维佳")
    assert names.homophone_key("单伟") == "shan wei"
    assert names.near_key("程兰") == names.near_key("陈南")
    assert names.near_key("龙") != names.near_key("伦")
    assert names.near_key("John") == "john"
    assert names.fold_name("Ａ卜·杜 拉") == "a卜杜拉"
