"""Line breaking: marks stay off the edges, nothing is lost, full lines are flush."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.letters.fonts import Glyph, clusters, system_book
from models.letters.layout.breaking import CLOSING, HALF_EMPTY, OPENING, break_lines, may_break

WIDTH = 442.2  # 156 mm in points
SIZE = 16.0
TIGHT = WIDTH / 28 - SIZE


def glyphs(text: str) -> list[Glyph]:
    book = system_book()
    found = [book.glyph("fangsong", cluster) for cluster in clusters(text)]
    assert all(found)
    return [glyph for glyph in found if glyph]


def broken(text: str, **options: float) -> list[str]:
    lines = break_lines(glyphs(text), WIDTH, SIZE, tight=TIGHT, **options)
    return ["".join(g.cluster for g in line.glyphs) for line in lines]


def test_28_characters_fill_a_line() -> None:
    assert [len(line) for line in broken("地" * 57)] == [28, 28, 1]


def test_first_line_is_indented_by_two() -> None:
    assert len(broken("地" * 57, first_indent=2 * (SIZE + TIGHT))[0]) == 26


def test_a_mark_that_does_not_fit_hangs_by_its_empty_half() -> None:
    lines = broken("地" * 28 + "，" + "天" * 5)
    assert lines == ["地" * 28 + "，", "天" * 5]


@pytest.mark.parametrize("tail", ["2026年3月2日", "〔2026〕12号", "ABCDEFGH", "60日内", "——", "……", "《条例》"])
def test_what_belongs_together_is_not_torn(tail: str) -> None:
    for before in range(20, 29):
        lines = broken("地" * before + tail + "天" * 40)
        seams = {a[-1] + b[0] for a, b in pairwise(lines)}
        for torn in ("20", "02", "26", "12", "2号", "AB", "BC", "60", "0日", "——", "……", "《条", "例》", "6〕"):
            assert torn not in seams, (before, lines)


def test_a_number_with_hyphens_is_torn_only_when_the_line_would_gape() -> None:
    assert broken("地" * 26 + "J2026-000012" + "天" * 9)[0] == "地" * 26
    assert broken("地" * 22 + "J2026-000012" + "天" * 9)[0].endswith("J2026-")


def test_a_word_longer_than_a_line_is_torn_and_kept_whole() -> None:
    word = "x" * 200
    assert "".join(broken(word)) == word


ALPHABET = st.sampled_from("地天信访事项公安局，。、；：（）《》“”—…0123456789abc年月日号 ")


@given(st.text(ALPHABET, max_size=160))
def test_rules_hold_for_any_text(text: str) -> None:
    found = glyphs(text)
    lines = break_lines(found, WIDTH, SIZE, tight=TIGHT)
    assert "".join("".join(g.cluster for g in line.glyphs) for line in lines).replace(" ", "") == text.replace(" ", "")
    for line in lines[1:]:
        inside = "".join(g.cluster for g in line.glyphs)
        if inside.strip(" " + "".join(CLOSING)):  # a line of nothing but marks has nowhere else to go
            assert inside[0] not in CLOSING or _unavoidable(text)
    for line in lines[:-1]:
        last = line.glyphs[-1].cluster
        assert last not in OPENING or _unavoidable(text)
        hang = SIZE / 2 if last in HALF_EMPTY else 0.0
        assert line.width <= WIDTH + hang + 0.01


def _unavoidable(text: str) -> bool:
    """More than a line's worth of marks or word characters in a row: some rule must give way."""
    run = longest = 0
    for a, b in pairwise(text):
        run = 0 if may_break(a, b) else run + 1
        longest = max(longest, run)
    return longest >= 20
