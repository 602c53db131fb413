"""Which font draws what: roles, fallback by character, and characters that nothing can draw."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import InputError
from models.letters import layout, missing_parts, wording
from models.letters.compose import compose
from models.letters.fonts import ROLES, FontBook, clusters, default_folders, system_book
from tests.models.letters.cases import BASE, CASES, RARE
from tests.models.letters.test_truetype import build


def small_book(tmp_path: Path) -> FontBook:
    """A machine that has nothing but a font of the GB 2312 characters."""
    book = system_book()
    source = next((p for p in [book._find("gbsn00lp.ttf"), book._find("simsun.ttc")] if p), None)
    if source is None:
        pytest.skip("no font of GB 2312 characters is installed: left out")
    shutil.copy(source, tmp_path / source.name)
    return FontBook([tmp_path])


def test_every_role_is_played_by_a_font_with_the_common_characters() -> None:
    book = system_book()
    for role in ROLES:
        leader = book.leader(role)
        assert all(leader.file.glyph(ord(c)) for c in "信访事项处理意见书告知〔〕（）")


def test_a_user_without_a_home_has_the_fonts_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", no_home)
    assert FontBook(default_folders()).leader("fangsong").file.path.is_file()


def test_a_traditional_font_does_not_make_half_a_simplified_letter() -> None:
    leader = system_book().leader("fangsong").file.path.name
    assert leader.lower() not in ("cwfs.ttf", "bsmi00lp.ttf")


def test_rare_name_characters_are_all_drawn() -> None:
    for role in ROLES:
        assert system_book().missing([RARE], role) == ()


def test_a_wide_font_is_opened_only_when_a_character_needs_it() -> None:
    book = FontBook()
    book.missing(["信访事项处理意见书"])
    opened = {key[0].name for key in book._faces}
    assert "BabelStoneHan.ttf" not in opened


def test_what_no_font_has_is_named_with_its_code_point(tmp_path: Path) -> None:
    book = small_book(tmp_path)
    facts = replace(CASES["acceptance_notice"], addressee="张𬱖", title="反映㛃某")
    gaps = missing_parts("acceptance_notice", facts, wording("acceptance_notice"), book=book)
    (gap,) = [gap for gap in gaps if gap[0] == "font"]
    assert "𬱖（U+2CC56）" in gap[1]
    assert "㛃（U+36C3）" in gap[1]
    assert "U+2CC56" in gap[2]
    letter = compose("acceptance_notice", facts, wording("acceptance_notice"))
    with pytest.raises(InputError, match=r"𬱖（U\+2CC56）") as caught:
        layout(letter, book=book)
    assert "U+2CC56" in caught.value.message.en
    assert layout(
        compose("acceptance_notice", replace(facts, addressee="张三", title="反映"), wording("acceptance_notice")),
        book=book,
    )


def test_private_characters_are_refused_because_they_differ_by_machine() -> None:
    assert system_book().missing(["张\ue863"]) == ("\ue863",)


def test_a_machine_without_chinese_fonts_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="fonts-lxgw-wenkai") as caught:
        FontBook([tmp_path]).leader("fangsong")
    assert str(tmp_path) in caught.value.message.zh


def test_folders_can_be_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PETITION_DESK_FONTS", str(tmp_path))
    assert default_folders()[0] == tmp_path


def test_a_chosen_font_goes_before_the_preferences() -> None:
    book = system_book()
    kai = book.leader("kai").file.path
    assert FontBook(chosen={"fangsong": kai}).leader("fangsong").file.path == kai


def test_a_font_without_the_common_characters_never_leads(tmp_path: Path) -> None:
    build(tmp_path / "simfang.ttf")
    folders = [tmp_path, *default_folders()]
    assert FontBook(folders).leader("fangsong").file.path.name != "simfang.ttf"


def test_variation_selectors_stay_with_their_character() -> None:
    assert clusters("葛\U000e0100城") == ["葛\U000e0100", "城"]
    assert clusters("a\u200bb\ufeff\x07c") == ["a", "b", "c"]


def test_quotation_marks_take_a_whole_em() -> None:
    for role in ROLES:
        for mark in "“”‘’—…":
            glyph = system_book().glyph(role, mark)
            assert glyph is not None
            assert glyph.width > 0.9


def test_facts_may_hold_any_planes_and_still_print() -> None:
    facts = replace(BASE, addressee=RARE)
    assert missing_parts("acceptance_notice", facts, wording("acceptance_notice")) == []
