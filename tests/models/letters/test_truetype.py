"""The font reader against fontTools, an independent reader of the same files."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from models.letters.fonts import system_book
from models.letters.truetype import FontFile, FontRefusedError
from tests.models.letters.cases import RARE

TEXT = "信访事项受理告知书，。《》0123456789ABC" + RARE


def used_fonts() -> list[FontFile]:
    book = system_book()
    found = {
        g.face.file.path: g.face.file for c in TEXT for g in [book.glyph("fangsong", c), book.glyph("song", c)] if g
    }
    found |= {book.leader(role).file.path: book.leader(role).file for role in ("kai", "hei", "xiaobiaosong")}
    return list(found.values())


def test_every_character_maps_as_fonttools_says() -> None:
    for font in used_fonts():
        with TTFont(font.path, fontNumber=0, lazy=True) as other:
            best = other.getBestCmap()
            names = {name: number for number, name in enumerate(other.getGlyphOrder())}
            for code in [*range(0x20, 0x3000, 3), *range(0x4E00, 0x9FFF, 17), *map(ord, TEXT)]:
                ours = font.glyph(code)
                if ours:
                    assert ours == names[best[code]], hex(code)
                    assert font.advance(ours) == other["hmtx"][best[code]][0]
                elif code in best:  # mapped, but nothing is drawn: as good as absent
                    assert other["glyf"][best[code]].numberOfContours == 0, hex(code)


def test_a_subset_holds_the_same_outlines() -> None:
    for font in used_fonts():
        wanted = [font.glyph(ord(c)) for c in TEXT if font.glyph(ord(c))]
        wanted = [0, *wanted, wanted[0]]  # one outline twice, as for two characters that look alike
        program = io.BytesIO(font.subset(wanted))
        with TTFont(program) as small, TTFont(font.path, fontNumber=0, lazy=True) as large:
            for place, number in enumerate(wanted):
                assert outline(small, small.getGlyphOrder()[place]) == outline(large, large.getGlyphOrder()[number])


def outline(font: TTFont, name: str) -> list[object]:
    """Return what the glyph draws, with composed glyphs taken apart."""
    pen = DecomposingRecordingPen({each: _Glyph(font["glyf"], each) for each in _parts(font, name)})
    font["glyf"][name].draw(pen, font["glyf"])
    return list(pen.value)


class _Glyph:
    def __init__(self, table: object, name: str) -> None:
        self._table, self._name = table, name

    def draw(self, pen: object) -> None:
        self._table[self._name].draw(pen, self._table)  # type: ignore[index]  # fontTools has no types


def _parts(font: TTFont, name: str) -> set[str]:
    found, queue = set(), [name]
    while queue:
        each = queue.pop()
        found.add(each)
        glyph = font["glyf"][each]
        if glyph.isComposite():
            queue += [part.glyphName for part in glyph.components if part.glyphName not in found]
    return found


def build(path: Path, *, cff: bool = False, rights: int = 0) -> Path:
    """Write a font with one drawn character, 地."""
    builder = FontBuilder(1000, isTTF=not cff)
    builder.setupGlyphOrder([".notdef", "di"])
    builder.setupCharacterMap({ord("地"): "di"})
    pen = T2CharStringPen(1000, None) if cff else TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((900, 0))
    pen.lineTo((900, 900))
    pen.closePath()
    empty = T2CharStringPen(1000, None).getCharString() if cff else TTGlyphPen(None).glyph()
    if cff:
        builder.setupCFF("Test", {}, {".notdef": empty, "di": pen.getCharString()}, {})
    else:
        builder.setupGlyf({".notdef": empty, "di": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "di": (1000, 0)})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupOS2(fsType=rights)
    builder.setupPost()
    builder.setupNameTable({"familyName": "Test", "styleName": "Regular", "psName": "Test-Regular"})
    builder.save(path)
    return path


def test_a_small_font_is_read(tmp_path: Path) -> None:
    font = FontFile(build(tmp_path / "t.ttf"))
    assert font.name == "Test-Regular"
    assert (font.glyph(ord("地")), font.glyph(ord("天"))) == (1, 0)


@pytest.mark.parametrize(
    ("cff", "rights", "words"), [(True, 0, "not TrueType"), (False, 2, "licence"), (False, 0x200, "licence")]
)
def test_fonts_that_must_not_be_embedded_are_refused(tmp_path: Path, cff: bool, rights: int, words: str) -> None:
    with pytest.raises(FontRefusedError, match=words):
        FontFile(build(tmp_path / "t.ttf", cff=cff, rights=rights))


@pytest.mark.parametrize("keep", [0, 3, 11, 40, 90, 200])
def test_a_damaged_font_is_refused(tmp_path: Path, keep: int) -> None:
    whole = build(tmp_path / "t.ttf").read_bytes()
    cut = tmp_path / "cut.ttf"
    cut.write_bytes(whole[:keep])
    with pytest.raises(FontRefusedError, match=r"cut\.ttf"):
        FontFile(cut)
