"""Blocks of a letter to pieces of a page: paragraphs, tables, signature, attachments, notes.

The same parts serve the official letter and the form; they differ in their `Geometry` only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.letters.blocks import Block, Cell, Pair, Paragraph, Row, Signature, Table
from models.letters.fonts import Role
from models.letters.layout.breaking import Line
from models.letters.layout.flow import Piece
from models.letters.layout.geometry import LINE_THIN, PT_PER_MM, SMALL_4, Geometry, mm
from models.letters.layout.sheet import Setter, Sheet

LEVEL_ROLES: dict[int, Role] = {0: "fangsong", 1: "hei", 2: "kai", 3: "fangsong", 4: "fangsong"}
"""7.3.3: 一、 Hei; （一） Kai; 1. and （1） FangSong."""

KEPT_WITH_SIGNATURE = 2
"""Lines of the body that go with the signature to its page (ours; the standard wants text beside the seal)."""

SIGNER = "签发人："
"""Before the name of who signed a letter to an organ above: FangSong, the name in Kai (7.2.6)."""
KEPT_ROWS = 2
"""Rows at the end of a table that stay on one page with the row before them (ours)."""
KEPT_ATTACHMENTS = 6
"""Most lines of attachments that go with the body's last lines to the signature's page (ours)."""

CELL_PAD = 1.3
"""Above and below the text of a cell, millimetres (ours)."""
CELL_SIDE = 1.8
"""Left and right of the text of a cell, millimetres (ours)."""
FLUSH_FROM = 60.0
"""Cells at least this wide are set flush, millimetres (ours)."""
CELL_LEADING = 1.3
"""Line pitch in cells as a multiple of the type size (ours; the body's pitch would spread a form over many pages)."""


def blank(height: float) -> Piece:
    """Return empty space of `height` millimetres."""
    return Piece(height, lambda _sheet, _top: None, blank=True)


def paragraph(setter: Setter, geometry: Geometry, block: Paragraph) -> list[Piece]:
    """Return a paragraph as one piece a line."""
    role = LEVEL_ROLES[block.level]
    step = geometry.size + geometry.tight
    lines = setter.breaks(
        block.text, role, geometry.size, geometry.area_width, tight=geometry.tight, first=block.indent * step
    )
    pieces = [_line(line, geometry.size, geometry.left, geometry.pitch) for line in lines]
    return [replace(piece, keep=True) for piece in pieces] if block.level else pieces


def _line(line: Line, size: float, left: float, pitch: float) -> Piece:
    def paint(sheet: Sheet, top: float) -> None:
        sheet.line(line, size, left, top)

    return Piece(pitch, paint)


def notes(setter: Setter, geometry: Geometry, texts: Sequence[str]) -> list[Piece]:
    """Return the notes under a form: 小四, indented two characters (15.2, 7.3.6)."""
    pieces: list[Piece] = []
    pitch = mm(SMALL_4) * 1.5
    for text in texts:
        lines = setter.breaks(text, "song", SMALL_4, geometry.area_width, first=2 * SMALL_4)
        pieces += [_line(line, SMALL_4, geometry.left, pitch) for line in lines]
    return pieces


def attachments(setter: Setter, geometry: Geometry, names: Sequence[str]) -> list[Piece]:
    """Return the attachment lines: one line below the body, indented two, numbered when several (7.3.4)."""
    if not names:
        return []
    step = geometry.size + geometry.tight
    pieces = [blank(geometry.pitch)]
    for place, name in enumerate(names, 1):
        label = ("附件：" if place == 1 else "") + (f"{place}. " if len(names) > 1 else "")
        hang = 2 * step + 3 * step
        first = 2 * step if place == 1 else hang
        rest = hang + setter.width(setter.glyphs(f"{place}. ", "fangsong"), geometry.size) * PT_PER_MM
        lines = setter.breaks(
            label + name,
            "fangsong",
            geometry.size,
            geometry.area_width,
            tight=geometry.tight,
            first=first,
            rest=rest if len(names) > 1 else hang,
        )
        pieces += [_line(line, geometry.size, geometry.left, geometry.pitch) for line in lines]
    return pieces


@dataclass(frozen=True, slots=True)
class SignaturePlace:
    """Where organ and date stand: texts, each with its left edge in millimetres from the paper's left, top down."""

    lines: tuple[tuple[str, float], ...]


def place_signature(setter: Setter, geometry: Geometry, signature: Signature) -> SignaturePlace:
    """Place organ and date (7.3.5).

    Sealed, the date ends four characters from the right and the organ is centred on it; unsealed, the organ ends two
    characters from the right and the date begins two characters right of the organ's first. An organ's name that is
    longer than the line stands on two lines, one centred on the other (ours).
    """
    step = mm(geometry.size + geometry.tight)

    def wide(text: str) -> float:
        return setter.width(setter.glyphs(text, "fangsong"), geometry.size, geometry.tight)

    names = halves(signature.organ) if wide(signature.organ) > geometry.area_width - 4 * step else [signature.organ]
    organ, date = max(wide(name) for name in names), wide(signature.date)
    if signature.sealed:
        date_left = geometry.right - 4 * step - date
        organ_left = date_left + (date - organ) / 2
        organ_left = max(geometry.left, min(organ_left, geometry.right - organ))
    else:
        organ_left = geometry.right - 2 * step - organ
        date_left = organ_left + 2 * step
        if date_left + date > geometry.right - 2 * step + 0.01:  # the longer date takes the two characters at the right
            date_left = geometry.right - 2 * step - date
            organ_left = max(geometry.left, date_left - 2 * step)
    placed = [(name, organ_left + (organ - wide(name)) / 2) for name in names]
    return SignaturePlace((*placed, (signature.date, date_left)))


def halves(text: str) -> list[str]:
    """Return a long name in two parts of about one length: names have no marks where they may be broken."""
    middle = -(-len(text) // 2)
    return [text[:middle], text[middle:]]


def signature(setter: Setter, geometry: Geometry, block: Signature) -> list[Piece]:
    """Return the signature: room for the seal above (sealed: two lines), organ, date. One piece, never cut."""
    place = place_signature(setter, geometry, block)
    above = 2 if block.sealed else 1

    def paint(sheet: Sheet, top: float) -> None:
        for order, (words, left) in enumerate(place.lines, above):
            at = top + order * geometry.pitch
            sheet.put(words, "fangsong", geometry.size, at, (left, geometry.right), spacing=geometry.tight)

    return [Piece((above + len(place.lines)) * geometry.pitch, paint)]


def table(setter: Setter, geometry: Geometry, block: Table, size: float) -> list[Piece]:
    """Return a ruled table as one piece a row; rows with much text may be cut between lines.

    The last rows stay on one page: places to sign stand there, and nobody signs a page without text.
    """
    rows = [_row(setter, geometry, row, size) for row in block.rows]
    start = max(0, len(rows) - KEPT_ROWS - 1)
    return rows[:start] + together(rows[start:])


def _row(setter: Setter, geometry: Geometry, row: Row, size: float) -> Piece:
    columns = [
        setter.breaks(cell.text, "fangsong", size, cell.width - 2 * CELL_SIDE, flush=cell.width > FLUSH_FROM)
        if cell.text
        else []
        for cell in row.cells
    ]
    return _row_piece(geometry, row.cells, columns, size, row.least)


def _row_piece(
    geometry: Geometry, cells: tuple[Cell, ...], columns: list[list[Line]], size: float, least: int
) -> Piece:
    pitch = mm(size) * CELL_LEADING
    count = max(least, *(len(column) for column in columns))
    height = count * pitch + 2 * CELL_PAD

    def paint(sheet: Sheet, top: float) -> None:
        left = geometry.left
        for cell, column in zip(cells, columns, strict=True):
            sheet.paper.line(left, top, left, top + height, LINE_THIN)
            free = count - len(column) if cell.label or len(column) == count or least == 1 else 0
            at = top + CELL_PAD + (pitch - mm(size)) / 2 + free * pitch / 2
            for line in column:
                shift = (cell.width - 2 * CELL_SIDE - mm(line.width)) / 2 if cell.label else 0.0
                sheet.line(line, size, left + CELL_SIDE + max(0.0, shift), at)
                at += pitch
            left += cell.width
        sheet.paper.line(left, top, left, top + height, LINE_THIN)
        sheet.paper.line(geometry.left, top, left, top, LINE_THIN)
        sheet.paper.line(geometry.left, top + height, left, top + height, LINE_THIN)

    def split(room: float) -> tuple[Piece, Piece] | None:
        fitting = int((room - 2 * CELL_PAD) / pitch)
        longest = max(len(column) for column in columns)
        if fitting < 2 or longest - fitting < 1 or longest < 4 or longest <= least:
            return None  # what was planned as high as it is, e.g. a place to sign, stays whole
        upper = [column if cell.label else column[:fitting] for cell, column in zip(cells, columns, strict=True)]
        lower = [column if cell.label else column[fitting:] for cell, column in zip(cells, columns, strict=True)]
        rest = max(1, least - fitting)
        return (
            _row_piece(geometry, cells, upper, size, 1),
            _row_piece(geometry, cells, lower, size, rest),
        )

    return Piece(height, paint, split=split)


def body(setter: Setter, geometry: Geometry, blocks: Sequence[Block], cell_size: float) -> list[Piece]:
    """Return the pieces of a letter's blocks, with space between text and tables."""
    pieces: list[Piece] = []
    before: Block | None = None
    for block in blocks:
        if isinstance(block, Table):
            rows = table(setter, geometry, block, cell_size)
            if before is not None:
                pieces = [*keep_end(pieces), replace(blank(geometry.pitch / 2), keep=True)]
            pieces += rows
        elif isinstance(block, Pair):
            pieces += paragraph(setter, geometry, Paragraph(text=f"{block.label}：{block.value}"))
        else:
            if isinstance(before, Table):
                pieces.append(blank(geometry.pitch / 2))
            pieces += paragraph(setter, geometry, block)
        before = block
    return pieces


def enclosing(pieces: list[Piece], named: list[Piece]) -> list[Piece]:
    """Return the body with the attachments named under it: a few stay with the last lines of the body."""
    if not named or len(named) > KEPT_ATTACHMENTS + 1:
        return [*pieces, *named]
    return [*keep_end(pieces), *(replace(piece, keep=True) for piece in named)]


def keep_end(pieces: list[Piece]) -> list[Piece]:
    """Bind the last lines of the body to the signature that follows."""
    start = max(0, len(pieces) - KEPT_WITH_SIGNATURE)
    return [*pieces[:start], *(replace(piece, keep=True) for piece in pieces[start:])]


def together(pieces: Sequence[Piece]) -> list[Piece]:
    """Bind pieces to one page: the signature with the notes and copies under it."""
    return [*(replace(piece, keep=True) for piece in pieces[:-1]), *pieces[-1:]]
