"""The receipt: on A5 for the printer, on 80 mm paper for the counter. Label and value, line by line, and the code.

All measures are ours; no standard was found for receipts.
"""

from __future__ import annotations

from models.letters.blocks import Letter, Pair, Paragraph
from models.letters.code import SealedCode, squares
from models.letters.fonts import FontBook, Role
from models.letters.layout import foot
from models.letters.layout.breaking import Line
from models.letters.layout.flow import Piece, height_of, paginate
from models.letters.layout.geometry import (
    A5_SLIP,
    LINE_THIN,
    ROLL_MARGIN,
    ROLL_SIZE,
    ROLL_TITLE,
    ROLL_WIDTH,
    SMALL_4,
    SMALL_5,
    Geometry,
    mm,
)
from models.letters.layout.parts import blank
from models.letters.layout.sheet import Setter, Sheet
from models.letters.layout.title import TITLE_LEADING, TITLE_ROLE, title_lines
from models.letters.pdf import GREY, Paper

LARGE = 1.6
"""Large values, as a multiple of the text."""
LEADING = 1.55
ROLL_CODE = 34.0
"""Side of the code on 80 mm paper, millimetres: thermal printers have 8 dots a millimetre, so 5 dots a module."""
A5_CODE = 22.0
_NOTE_SHARE = 0.8
"""Notes are smaller than the text by this."""


def lay_out_a5(letter: Letter, book: FontBook, sealed: SealedCode | None) -> bytes:
    """Return the slip on A5."""
    setter = Setter(book)
    geometry = A5_SLIP
    pieces = _pieces(setter, letter, geometry, geometry.size)
    code_height = A5_CODE + 2 if sealed else 0.0
    pages = paginate(pieces, geometry.area_height, geometry.area_height)
    if height_of(pages[-1]) + code_height > geometry.area_height:
        pages.append([])
    paper = Paper(
        geometry.width, geometry.height, title=letter.plain_title, author=letter.organ, subject=letter.head[0]
    )
    sheet = Sheet(paper, book)
    for number, page in enumerate(pages, 1):
        if number > 1:
            paper.next_page()
        for placed in page:
            placed.piece.paint(sheet, geometry.top + placed.offset)
        if len(pages) > 1:
            words = f"第 {number} 页，共 {len(pages)} 页"
            sheet.put(words, "song", SMALL_5, geometry.height - 9, geometry.span, align="right")
    if sealed:
        top = geometry.bottom - A5_CODE
        sheet.paper.boxes([(geometry.left + x, top + y, w, h) for x, y, w, h in squares(sealed.payload, A5_CODE)])
        left = geometry.left + A5_CODE + 4
        beside = (("核验码", SMALL_5), (sealed.short, SMALL_4), ("扫码或报核验码，可核验本件真伪", SMALL_5))
        at = top + A5_CODE - 14
        for text, size in beside:
            sheet.put(text, "song", size, at, (left, geometry.right))
            at += mm(size) + 1.4
    elif letter.draft:
        sheet.put(foot.DRAFT_WORDS, "song", SMALL_5, geometry.bottom, geometry.span, colour=GREY)
    return paper.finish()


def lay_out_roll(letter: Letter, book: FontBook, sealed: SealedCode | None) -> bytes:
    """Return the slip on 80 mm paper, as long as it needs to be."""
    setter = Setter(book)
    width = ROLL_WIDTH - 2 * ROLL_MARGIN
    geometry = Geometry(ROLL_WIDTH, 0, ROLL_MARGIN, ROLL_MARGIN, width, 0, 1, 18, size=ROLL_SIZE, title_size=ROLL_TITLE)
    pieces = _pieces(setter, letter, geometry, ROLL_SIZE)
    height = sum(piece.height for piece in pieces)
    foot_height = ROLL_CODE + 12 if sealed else 8.0
    length = ROLL_MARGIN + height + 3 + foot_height + ROLL_MARGIN
    paper = Paper(ROLL_WIDTH, length, title=letter.plain_title, author=letter.organ, subject=letter.head[0])
    sheet = Sheet(paper, book)
    at = ROLL_MARGIN
    for piece in pieces:
        piece.paint(sheet, at)
        at += piece.height
    at += 3
    if sealed:
        left = (ROLL_WIDTH - ROLL_CODE) / 2
        sheet.paper.boxes([(left + x, at + y, w, h) for x, y, w, h in squares(sealed.payload, ROLL_CODE)])
        at += ROLL_CODE + 2
        sheet.put("核验码", "hei", SMALL_5, at, geometry.span, align="centre")
        sheet.put(sealed.short, "hei", ROLL_SIZE, at + 4.2, geometry.span, align="centre")
    elif letter.draft:
        sheet.put(foot.DRAFT_WORDS, "hei", SMALL_5, at, geometry.span, align="centre")
    return paper.finish()


def _pieces(setter: Setter, letter: Letter, geometry: Geometry, size: float) -> list[Piece]:
    role: Role = "fangsong" if geometry is A5_SLIP else "hei"  # thermal paper wants even strokes
    pieces: list[Piece] = []

    def centred(words: str, font: Role, points: float) -> Piece:
        def paint(sheet: Sheet, top: float) -> None:
            sheet.put(words, font, points, top, geometry.span, align="centre")

        return Piece(mm(points) * TITLE_LEADING, paint)

    def rule() -> Piece:
        def paint(sheet: Sheet, top: float) -> None:
            sheet.paper.line(geometry.left, top + 1.5, geometry.right, top + 1.5, LINE_THIN)

        return Piece(3.5, paint)

    def running(text: str, points: float, first: float = 0.0, hang: float = 0.0) -> list[Piece]:
        found: list[Piece] = []
        for line in setter.breaks(text, role, points, geometry.area_width, first=first, rest=hang, flush=False):

            def paint(sheet: Sheet, top: float, line: Line = line) -> None:
                sheet.line(line, points, geometry.left, top + mm(points) * (LEADING - 1) / 2)

            found.append(Piece(mm(points) * LEADING, paint))
        return found

    def large(label: str, value: str, points: float) -> Piece:
        def paint(sheet: Sheet, top: float) -> None:
            under = top + mm(points - size) * 0.88
            _, end = sheet.put(label, role, size, under, geometry.span)
            sheet.put(value, "hei", points, top, (end, geometry.right))

        return Piece(mm(points) * TITLE_LEADING, paint)

    title_role: Role = TITLE_ROLE if role == "fangsong" else "hei"
    width, title_size = geometry.area_width, geometry.title_size
    pieces += [centred(words, role, size) for words in title_lines(setter, letter.organ, size, width)]
    pieces += [centred(words, title_role, title_size) for words in title_lines(setter, letter.title, title_size, width)]
    pieces.append(rule())
    for block in letter.blocks:
        if isinstance(block, Pair):
            points = size * LARGE if block.large else size
            label = f"{block.label}："
            hang = min(6, len(label)) * size
            if block.large:
                pieces.append(large(label, block.value, points))
            else:
                pieces += running(label + block.value, size, hang=hang)
        elif isinstance(block, Paragraph):
            pieces += running(block.text, size, first=block.indent * size)
    if letter.signature:
        pieces.append(blank(3))
        pieces += [
            _right(geometry, role, size, letter.signature.organ),
            _right(geometry, role, size, letter.signature.date),
        ]
    if letter.notes:
        pieces.append(rule())
        for note in letter.notes:
            pieces += running(note, size * _NOTE_SHARE)
    return pieces


def _right(geometry: Geometry, role: Role, size: float, words: str) -> Piece:
    def paint(sheet: Sheet, top: float) -> None:
        sheet.put(words, role, size, top, geometry.span, align="right")

    return Piece(mm(size) * LEADING, paint)
