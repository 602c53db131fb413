"""Blocks of a sheet to parts of a page: headings, text, forms, large figures, room for handwriting, notes, names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from models.letters.fonts import Role
from models.letters.layout.breaking import Line
from models.letters.layout.geometry import mm
from models.letters.layout.sheet import Setter
from models.letters.layout.sheet import Sheet as Pages
from models.letters.pdf import GREY
from models.sheets import words
from models.sheets.content import Blank, Heading, Pairs, Sign, Text, Tiles, Value
from models.sheets.flow import Part, space
from models.sheets.grid import text_part
from models.sheets.styles import LEADING, Style

HEADING_ROLES: dict[int, Role] = {1: "hei", 2: "kai", 3: "fangsong"}
"""GB/T 9704-2012, 7.3.3."""
LABEL_SHARE = 0.30
"""Most of a pair's width that its label takes."""
CELL_SIDE, CELL_PAD = 1.5, 1.1
QUOTE_INSET = 4.0
BLANK_PITCH = 9.0
"""A line of handwriting, millimetres."""
SIGN_HEIGHT = 9.0
NO_ORPHANS = 2
"""Lines of a paragraph that stay together at its begin and its end."""


def heading(setter: Setter, style: Style, block: Heading) -> Iterator[Part]:
    """Yield a heading; it stays with what follows."""
    geometry = style.geometry
    role = HEADING_ROLES[block.level] if style.language == "zh" else "hei"
    lines = setter.breaks(
        block.text, role, style.body, geometry.area_width, tight=style.tight, first=style.indent, flush=False
    )
    above = geometry.pitch * (0.35 if block.level == 1 else 0.15)
    yield space(above, keep=True)
    for line in lines:
        yield replace(_line(line, style), keep=True)


def text(setter: Setter, style: Style, block: Text) -> Iterator[Part]:
    """Yield a paragraph line by line; no line of it stands alone at the foot or the head of a page."""
    geometry = style.geometry
    inset = QUOTE_INSET if block.quote else 0.0
    role: Role = "hei" if block.strong else "kai" if block.quote and style.language == "zh" else style.text_role
    for paragraph in block.text.split("\n"):
        lines = setter.breaks(
            paragraph,
            role,
            style.body,
            geometry.area_width - inset,
            tight=style.tight,
            first=0.0 if block.quote else style.indent,
            flush=style.flush,
        )
        last = len(lines) - 1
        for place, line in enumerate(lines):
            part = _line(line, style, inset=inset, ruled=block.quote)
            alone = place < NO_ORPHANS - 1 or last - NO_ORPHANS < place < last
            yield replace(part, keep=alone and place < last)
        if style.language == "en":
            yield space(geometry.pitch * 0.3)


def _line(line: Line, style: Style, *, inset: float = 0.0, ruled: bool = False) -> Part:
    geometry = style.geometry

    def paint(pages: Pages, top: float) -> None:
        pages.line(line, style.body, geometry.left + inset, top + (geometry.pitch - mm(style.body)) / 2)
        if ruled:
            pages.paper.line(geometry.left + 1.2, top, geometry.left + 1.2, top + geometry.pitch, 0.7, GREY)

    return Part(geometry.pitch, paint)


def pairs(setter: Setter, style: Style, block: Pairs) -> Iterator[Part]:
    """Yield a ruled form: labels in Hei on the left of their values; a value too long for its place takes a row."""
    area = style.geometry.area_width
    slot = area / block.columns
    label = max((setter.width(setter.glyphs(name, "hei"), style.table) for name, _ in block.pairs), default=0.0)
    label = min(label + 2 * CELL_SIDE, slot * (LABEL_SHARE + 0.1 * (block.columns - 1)))
    rows: list[list[tuple[str, Value]]] = []
    wide: set[int] = set()
    for name, value in block.pairs:
        shown = words.shown(value)
        room = slot - label - 2 * CELL_SIDE
        full = "\n" in shown or setter.width(setter.glyphs(shown, style.cell_role), style.table) > room * 2
        if full:
            wide.add(len(rows))
            rows.append([(name, value)])
        elif rows and len(rows[-1]) < block.columns and len(rows) - 1 not in wide:
            rows[-1].append((name, value))
        else:
            rows.append([(name, value)])
    for place, row in enumerate(rows):
        part = _pair_row(setter, style, row, label, area / len(row) if place in wide else slot, area)
        yield replace(part, keep=place == 0 and len(rows) > 1)
    yield space(2.0)


def _pair_row(
    setter: Setter, style: Style, row: Sequence[tuple[str, Value]], label: float, slot: float, area: float
) -> Part:
    """Return one row; the last value reaches to the right edge."""
    cells: list[tuple[float, float, list[Line], bool]] = []
    for place, (name, value) in enumerate(row):
        left = place * slot
        right = area if place == len(row) - 1 else left + slot
        named = setter.breaks(name, "hei", style.table, label - 2 * CELL_SIDE, flush=False)
        shown = words.shown(value)
        told = setter.breaks(shown, style.cell_role, style.table, right - left - label - 2 * CELL_SIDE, flush=False)
        cells += [(left, label, named, True), (left + label, right - left - label, told, False)]
    return _pair_part(style, cells, area)


def _pair_part(style: Style, cells: list[tuple[float, float, list[Line], bool]], area: float) -> Part:
    pitch = mm(style.table) * LEADING
    count = max(len(lines) for _, _, lines, _ in cells)
    height = count * pitch + 2 * CELL_PAD
    edge = style.geometry.left

    def paint(pages: Pages, top: float) -> None:
        for left, _, lines, _ in cells:
            at = top + (height - len(lines) * pitch) / 2 + (pitch - mm(style.table)) / 2
            for line in lines:
                pages.line(line, style.table, edge + left + CELL_SIDE, at)
                at += pitch
            pages.paper.line(edge + left, top, edge + left, top + height, 0.2)
        pages.paper.line(edge + area, top, edge + area, top + height, 0.2)
        for at in (top, top + height):
            pages.paper.line(edge, at, edge + area, at, 0.2)

    def cut(room: float) -> tuple[Part, Part] | None:
        fitting = int((room - 2 * CELL_PAD) / pitch)
        if fitting < 3 or count - fitting < 1 or count < 6:
            return None
        upper = [(left, width, lines if label else lines[:fitting], label) for left, width, lines, label in cells]
        lower = [(left, width, lines if label else lines[fitting:], label) for left, width, lines, label in cells]
        return _pair_part(style, upper, area), _pair_part(style, lower, area)

    return Part(height, paint, cut=cut)


def tiles(setter: Setter, style: Style, block: Tiles) -> Iterator[Part]:
    """Yield large figures side by side, at most as many in a row as can be read."""
    most = max(1, int(style.geometry.area_width / 36))
    found = list(block.tiles)
    rows = -(-len(found) // most)
    count = -(-len(found) // rows) if rows else 1
    for start in range(0, len(found), count):
        yield _tile_row(setter, style, found[start : start + count], count)
        yield space(2.0)


def _tile_row(setter: Setter, style: Style, row: Sequence[object], count: int) -> Part:
    from models.sheets.content import Tile

    gap = 3.0
    width = (style.geometry.area_width - gap * (count - 1)) / count
    made = []
    for tile in row:
        assert isinstance(tile, Tile)  # noqa: S101  tells mypy what Tiles holds
        figure = 26.0
        while figure > 12 and setter.width(setter.glyphs(tile.value, "hei"), figure) > width - 4:
            figure -= 1
        label = setter.breaks(tile.label, "hei", style.table, width - 4, flush=False)
        remark = setter.breaks(tile.remark, style.cell_role, style.small, width - 4, flush=False) if tile.remark else []
        made.append((label, tile.value, figure, remark))
    pitch, small = mm(style.table) * LEADING, mm(style.small) * LEADING
    labels = max(len(each[0]) for each in made) * pitch
    remarks = max(len(each[3]) for each in made) * small
    height = 1.5 + labels + mm(26) * 1.25 + remarks + 1.5

    def paint(pages: Pages, top: float) -> None:
        left = style.geometry.left
        for label, value, figure, remark in made:
            pages.paper.boxes([(left, top, width, height)], (0.955, 0.96, 0.97))
            pages.paper.boxes([(left, top, 0.9, height)], (0.12, 0.29, 0.49))
            at = top + 1.5
            for line in label:
                pages.line(line, style.table, left + 2.6, at + (pitch - mm(style.table)) / 2)
                at += pitch
            at = top + 1.5 + labels + mm(26) * 0.1 + (mm(26) - mm(figure)) * 0.8
            pages.put(value, "hei", figure, at, (left + 2.6, left + width))
            at = top + 1.5 + labels + mm(26) * 1.25
            for line in remark:
                pages.line(line, style.small, left + 2.6, at + (small - mm(style.small)) / 2)
                at += small
            left += width + gap

    return Part(height, paint)


def blank(setter: Setter, style: Style, block: Blank) -> Part:
    """Return room for handwriting: a framed box with its label at the upper left."""
    geometry = style.geometry
    label = setter.breaks(block.label, "hei", style.table, geometry.area_width - 2 * CELL_SIDE, flush=False)
    pitch = mm(style.table) * LEADING
    height = CELL_PAD + len(label) * pitch + block.lines * BLANK_PITCH
    left, right = geometry.left, geometry.right

    def paint(pages: Pages, top: float) -> None:
        at = top + CELL_PAD
        for line in label:
            pages.line(line, style.table, left + CELL_SIDE, at + (pitch - mm(style.table)) / 2)
            at += pitch
        for x1, y1, x2, y2 in (
            (left, top, right, top),
            (left, top + height, right, top + height),
            (left, top, left, top + height),
            (right, top, right, top + height),
        ):
            pages.paper.line(x1, y1, x2, y2, 0.25)

    return Part(height + 2.0, paint)


def notes(setter: Setter, style: Style, texts: Sequence[str]) -> Iterator[Part]:
    """Yield what stands under it all: formulas, what is left out."""
    if not texts:
        return
    yield space(1.5)
    geometry = style.geometry
    label = ("注：" if style.language == "zh" else "Notes: ") if len(texts) == 1 else ""
    for place, each in enumerate(texts, 1):
        number = f"{'注' if style.language == 'zh' else 'Note '}{place}{words.colon(style.language)}"
        lines = setter.breaks((label or number) + each, style.cell_role, style.small, geometry.area_width, flush=False)
        yield text_part(lines, style.small, geometry.left)


def signs(setter: Setter, style: Style, places: Sequence[Sign]) -> Iterator[Part]:
    """Yield the places to sign, side by side, three at most; signed by hand beside the printed name."""
    if not places:
        return
    geometry = style.geometry
    yield space(3.0, keep=True)
    count = min(3, len(places))
    width = geometry.area_width / count
    rows = [list(places[start : start + count]) for start in range(0, len(places), count)]
    for row in rows:
        yield _sign_row(setter, style, row, width)


def _sign_row(setter: Setter, style: Style, row: Sequence[Sign], width: float) -> Part:
    made = []
    for sign in row:
        told = f"{sign.label}{words.colon(style.language)}{sign.name}"
        made.append(setter.breaks(told, style.cell_role, style.table, width - 17.0, flush=False))
    pitch = mm(style.table) * LEADING
    height = max(SIGN_HEIGHT, max(len(lines) for lines in made) * pitch + 2.0)

    def paint(pages: Pages, top: float) -> None:
        left = style.geometry.left
        for lines in made:
            at = top + height - len(lines) * pitch - 0.6
            for line in lines:
                pages.line(line, style.table, left, at + (pitch - mm(style.table)) / 2)
                at += pitch
            start = left + max(mm(line.width) for line in lines) + 1.0
            pages.paper.line(start, top + height - 0.6, left + width - 4.0, top + height - 0.6, 0.2)
            left += width

    return Part(height, paint)
