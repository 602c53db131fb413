"""The petition form (15.2): organ name, title, number, then a notice, an opinion or a ruled table on A4."""

from __future__ import annotations

from dataclasses import replace

from models.letters.blocks import Letter, Paragraph, Table
from models.letters.code import SealedCode
from models.letters.fonts import FontBook
from models.letters.layout import foot, parts
from models.letters.layout.flow import Piece, Placed, paginate
from models.letters.layout.geometry import FORM, SIZE_3, SIZE_4, SMALL_3, SMALL_4, Geometry, mm
from models.letters.layout.sheet import Setter, Sheet
from models.letters.layout.title import TITLE_LEADING, TITLE_ROLE, title_lines
from models.letters.pdf import Paper

_G = FORM
LINES = (22, 24, 25, 27)
"""Lines a page, tried in this order until a letter that would spill over by a little stands on one page (GB/T 9704,
7.3.5.4, allows the line pitch to be adjusted so that seal and date find room); longer letters keep the first."""
CELL_SIZES = (SIZE_3, SIZE_4, SMALL_4)
"""Cells are 3号 (15.2, unconfirmed) where the form then fits one page, else the next size that does; a form that needs
more than one page in any case is set in 4号 (ours: a form is signed at the counter, best on one sheet)."""
DENSE_FROM = 5
"""A table with rows of so many cells is an index: set in the smallest cell size on every page (ours)."""
AFTER_ORGAN = 4.0
"""Between organ name and title, millimetres (ours)."""
AFTER_TITLE = 5.0
"""Between title and number or head, millimetres (ours)."""
AFTER_NUMBER = 5.0
"""Between number and addressee, millimetres (ours)."""
AFTER_HEAD = 1.5
"""Between the words above a table and the table, millimetres (ours); text keeps the distance of a number."""


def lay_out(letter: Letter, book: FontBook, sealed: SealedCode | None) -> bytes:
    """Return the letter as PDF."""
    setter = Setter(book)
    titles = title_lines(setter, letter.title, _G.title_size, _G.area_width)
    wide = setter.width(setter.glyphs(letter.organ, "fangsong"), SMALL_3) > _G.area_width
    organs = parts.halves(letter.organ) if wide else [letter.organ]
    title_top = _G.top + len(organs) * mm(SMALL_3) * TITLE_LEADING + AFTER_ORGAN - (TITLE_LEADING - 1) * mm(SMALL_3)
    below = title_top + mm(_G.title_size) * (1 + TITLE_LEADING * (len(titles) - 1)) + AFTER_TITLE
    start = below
    if letter.number:
        start += mm(SIZE_3) + AFTER_NUMBER
    elif any(letter.head):
        ruled_first = not letter.addressee and bool(letter.blocks) and isinstance(letter.blocks[0], Table)
        start += mm(SMALL_4) + (AFTER_HEAD if ruled_first else AFTER_NUMBER)
    pages = _pages(setter, letter, start)
    paper = Paper(_G.width, _G.height, title=letter.plain_title, author=letter.organ, subject=letter.number)
    sheet = Sheet(paper, book)
    at = _G.top
    for words in organs:
        sheet.put(words, "fangsong", SMALL_3, at, _G.span, align="centre")
        at += mm(SMALL_3) * TITLE_LEADING
    for place, words in enumerate(titles):
        top = title_top + place * mm(_G.title_size) * TITLE_LEADING
        sheet.put(words, TITLE_ROLE, _G.title_size, top, _G.span, align="centre")
    if letter.number:
        sheet.put(letter.number, "fangsong", SIZE_3, below, _G.span, align="right")
    else:
        sheet.put(letter.head[0], "song", SMALL_4, below, _G.span)
        sheet.put(letter.head[1], "song", SMALL_4, below, _G.span, align="right")
    for number, page in enumerate(pages, 1):
        if number > 1:
            paper.next_page()
        for placed in page:
            placed.piece.paint(sheet, (start if number == 1 else _G.top) + placed.offset)
        if len(pages) > 1:
            foot.page_number(sheet, _G, number)
        foot.code(sheet, _G, letter, sealed, number)
    return paper.finish()


def _pages(setter: Setter, letter: Letter, start: float) -> list[list[Placed]]:
    tables = [block for block in letter.blocks if isinstance(block, Table)]
    ruled = bool(tables)
    running = bool(letter.addressee) or any(isinstance(block, Paragraph) for block in letter.blocks)
    steps = [replace(_G, lines=lines) for lines in LINES] if running or not ruled else [_G]
    *large, small = CELL_SIZES if ruled else (SIZE_3, SIZE_3)
    dense = any(
        len(row.cells) >= DENSE_FROM for block in letter.blocks if isinstance(block, Table) for row in block.rows
    )
    tries = [] if dense else [(geometry, size) for geometry in steps for size in large]
    tries += [(geometry, small) for geometry in steps] if ruled else []
    for geometry, size in (*tries, (_G, small if dense else SIZE_4)):
        pages = paginate(_pieces(setter, letter, geometry, size), _G.bottom - start, _G.area_height)
        if len(pages) == 1:
            break
    return pages


def _pieces(setter: Setter, letter: Letter, geometry: Geometry, cell_size: float) -> list[Piece]:
    pieces: list[Piece] = []
    if letter.addressee:
        pieces += parts.paragraph(setter, geometry, Paragraph(text=f"{letter.addressee}：", indent=0))
    ruled = any(isinstance(block, Table) for block in letter.blocks)
    pieces += parts.body(setter, geometry, letter.blocks, cell_size)
    pieces = parts.enclosing(pieces, parts.attachments(setter, geometry, letter.attachments))
    end: list[Piece] = []
    if letter.notes:
        end.append(parts.blank(geometry.pitch / (3 if ruled else 1)))
        end += parts.notes(setter, geometry, letter.notes)
    if letter.imprint and letter.imprint.copies:
        end.append(parts.blank(geometry.pitch / 2))
        end += parts.notes(setter, geometry, [f"抄送：{letter.imprint.copies}。"])
    if letter.signature:
        signed = parts.signature(setter, geometry, letter.signature)
        return parts.keep_end(pieces) + parts.together([*signed, *end])
    if end and pieces:
        pieces[-1] = replace(pieces[-1], keep=True)
    return pieces + parts.together(end)
