"""The official letter of GB/T 9704-2012: red mark, number, red line, title, addressee, body, signature, imprint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.letters.blocks import Imprint, Letter, Paragraph
from models.letters.code import SealedCode
from models.letters.fonts import FontBook
from models.letters.layout import foot, parts
from models.letters.layout.breaking import Line
from models.letters.layout.flow import Piece, height_of, paginate
from models.letters.layout.geometry import (
    LINE_THICK,
    LINE_THIN,
    MARK_DROP,
    OFFICIAL,
    RED_LINE_DROP,
    SIZE_3,
    SIZE_4,
    mm,
)
from models.letters.layout.sheet import Setter, Sheet
from models.letters.layout.title import TITLE_LEADING, TITLE_ROLE, title_lines
from models.letters.pdf import RED, Paper

MARK_LARGEST = 40.0
MARK_SMALLEST = 24.0
"""Type size of the mark, points: the standard gives none but asks for a striking one, larger than the title's 22."""
MARK_LEADING = 1.3
MARK_SHARE = 0.92
"""Most of the type area's width that the mark takes (ours)."""
RED_LINE_WIDTH = 0.7
"""Thickness of the red line, millimetres (ours; the standard gives its place and length)."""
IMPRINT_LEADING = 1.6

_G = OFFICIAL


@dataclass(frozen=True, slots=True)
class Front:
    """Where the parts above the body stand on page 1: tops in millimetres from the paper's edge."""

    marks: tuple[str, ...]
    """The organ's name: one line, or two when one would be smaller than the title."""
    mark_size: float
    number_top: float
    red_line: float
    titles: tuple[str, ...]
    title_top: float
    body_top: float
    """Top of the addressee's line."""


def lay_out(letter: Letter, book: FontBook, sealed: SealedCode | None) -> bytes:
    """Return the letter as PDF."""
    setter = Setter(book)
    front = front_of(letter, setter)
    addressee = _addressee(setter, letter.addressee)
    imprint, moved = letter.imprint, ""
    if front.body_top + (len(addressee) + 1) * _G.pitch > _G.bottom:
        # The first page must show body text (7.3.3), so the addressees go to the imprint (7.4.2).
        addressee, moved = [], letter.addressee
        imprint = imprint or Imprint()
    pages = paginate([*addressee, *_pieces(setter, letter)], _G.bottom - front.body_top, _G.area_height)
    lines = _imprint(setter, imprint, moved) if imprint else []
    used = height_of(pages[-1]) + (front.body_top - _G.top if len(pages) == 1 else 0.0)
    if lines and used + sum(part.height for part in lines) > _G.area_height:
        pages.append([])
    paper = Paper(_G.width, _G.height, title=letter.plain_title, author=letter.organ, subject=letter.number)
    sheet = Sheet(paper, book)
    paint_front(sheet, setter, letter, front)
    for number, page in enumerate(pages, 1):
        if number > 1:
            paper.next_page()
        for placed in page:
            placed.piece.paint(sheet, (front.body_top if number == 1 else _G.top) + placed.offset)
        if number == len(pages):
            _paint_imprint(sheet, lines)
        foot.page_number(sheet, _G, number)
        foot.code(sheet, _G, letter, sealed, number)
    return paper.finish()


def front_of(letter: Letter, setter: Setter) -> Front:
    """Return where mark, number, red line and title of a letter stand (7.2.4 to 7.3.1)."""
    marks = [letter.organ]
    size = _mark_size(setter, marks)
    if size < MARK_SMALLEST:
        marks = parts.halves(letter.organ)
        size = _mark_size(setter, marks)
    mark_bottom = _G.top + MARK_DROP + mm(size) * (1 + MARK_LEADING * (len(marks) - 1))
    number_top = mark_bottom + 2 * _G.pitch
    red_line = number_top + mm(SIZE_3) + RED_LINE_DROP
    titles = title_lines(setter, letter.title, _G.title_size, _G.area_width)
    title_top = red_line + 2 * _G.pitch
    title_bottom = title_top + mm(_G.title_size) * (1 + TITLE_LEADING * (len(titles) - 1))
    return Front(tuple(marks), size, number_top, red_line, tuple(titles), title_top, title_bottom + _G.pitch)


def _mark_size(setter: Setter, marks: Sequence[str]) -> float:
    """Return the type size, points, at which the longest line of the mark takes its share of the type area."""
    natural = max(setter.width(setter.glyphs(mark, TITLE_ROLE), 1.0) for mark in marks)
    return min(MARK_LARGEST, _G.area_width * MARK_SHARE / natural)


def _addressee(setter: Setter, text: str) -> list[Piece]:
    return parts.paragraph(setter, _G, Paragraph(text=f"{text}：", indent=0)) if text else []


def _pieces(setter: Setter, letter: Letter) -> list[Piece]:
    pieces = parts.body(setter, _G, letter.blocks, SIZE_3)
    pieces = parts.enclosing(pieces, parts.attachments(setter, _G, letter.attachments))
    if letter.signature:
        pieces = parts.keep_end(pieces) + parts.signature(setter, _G, letter.signature)
    for note in letter.notes:
        pieces += parts.paragraph(setter, _G, Paragraph(text=f"（{note}）"))
    return pieces


def paint_front(sheet: Sheet, setter: Setter, letter: Letter, front: Front) -> None:
    """Draw what stands above the body of the first page."""
    at = _G.top + MARK_DROP
    for mark in front.marks:
        sheet.put(mark, TITLE_ROLE, front.mark_size, at, _G.span, align="centre", colour=RED)
        at += mm(front.mark_size) * MARK_LEADING
    _paint_number(sheet, setter, letter, front.number_top)
    sheet.paper.line(_G.left, front.red_line, _G.right, front.red_line, RED_LINE_WIDTH, RED)
    at = front.title_top
    for line in front.titles:
        sheet.put(line, TITLE_ROLE, _G.title_size, at, _G.span, align="centre")
        at += mm(_G.title_size) * TITLE_LEADING


def _paint_number(sheet: Sheet, setter: Setter, letter: Letter, top: float) -> None:
    """Draw the number: centred; upwards at the left, one character in, with the signer at the right (7.2.5, 7.2.6)."""
    if not letter.signer:
        sheet.put(letter.number, "fangsong", SIZE_3, top, _G.span, align="centre")
        return
    edge = mm(SIZE_3)
    sheet.put(letter.number, "fangsong", SIZE_3, top, (_G.left + edge, _G.right))
    name_left = _G.right - edge - setter.width(setter.glyphs(letter.signer, "kai"), SIZE_3)
    sheet.put(parts.SIGNER, "fangsong", SIZE_3, top, (_G.left, name_left), align="right")
    sheet.put(letter.signer, "kai", SIZE_3, top, (name_left, _G.right))


@dataclass(frozen=True, slots=True)
class _ImprintPart:
    """One item of the imprint between two of its lines."""

    lines: tuple[Line, ...]
    right: str

    @property
    def height(self) -> float:
        return max(1, len(self.lines)) * mm(SIZE_4) * IMPRINT_LEADING


def _imprint(setter: Setter, imprint: Imprint, moved: str) -> list[_ImprintPart]:
    """Return the imprint's items: 主送 (if moved here), 抄送, then printer and date; 4号, one character in (7.4)."""
    found: list[_ImprintPart] = []
    width = _G.area_width - 2 * mm(SIZE_4)
    for label, text in (("主送：", moved), ("抄送：", imprint.copies)):
        if text:
            hang = len(label) * SIZE_4
            lines = setter.breaks(f"{label}{text}。", "fangsong", SIZE_4, width, rest=hang)
            found.append(_ImprintPart(tuple(lines), ""))
    if imprint.printed_by or imprint.printed_on:
        lines = setter.breaks(imprint.printed_by, "fangsong", SIZE_4, width * 0.6)
        found.append(_ImprintPart(tuple(lines), f"{imprint.printed_on}印发" if imprint.printed_on else ""))
    return found


def _paint_imprint(sheet: Sheet, items: Sequence[_ImprintPart]) -> None:
    """Draw the imprint so that its last line lies on the type area's lower edge."""
    top = _G.bottom - sum(item.height for item in items)
    pitch = mm(SIZE_4) * IMPRINT_LEADING
    edge = mm(SIZE_4)
    for place, item in enumerate(items):
        sheet.paper.line(_G.left, top, _G.right, top, LINE_THIN if place else LINE_THICK)
        at = top + (pitch - mm(SIZE_4)) / 2
        for line in item.lines:
            sheet.line(line, SIZE_4, _G.left + edge, at)
            at += pitch
        if item.right:
            sheet.put(item.right, "fangsong", SIZE_4, at - pitch, (_G.left, _G.right - edge), align="right")
        top += item.height
    if items:
        sheet.paper.line(_G.left, _G.bottom, _G.right, _G.bottom, LINE_THICK)
