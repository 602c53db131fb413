"""Tables over many pages: heads on every page, totals with the last row, no cell that is cut off.

The widths come from the first rows (`models.sheets.widths`); a later value wider than its column goes on in the next
line, as all text does, instead of being cut. A row that is higher than a third of the page may be cut between lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from models.letters.fonts import Role
from models.letters.layout.breaking import Line
from models.letters.layout.geometry import mm
from models.letters.layout.sheet import Setter
from models.letters.layout.sheet import Sheet as Pages
from models.sheets import words
from models.sheets.content import Grid, Value
from models.sheets.flow import Part, space
from models.sheets.styles import LEADING, Style
from models.sheets.widths import SIDE, Slot, fitted, slots_of

SAMPLE = 300
"""Rows that are looked at to find the widths."""
PAD = 0.9
"""Above and below a cell's text, millimetres."""
RULE = 0.2
EDGE = 0.35
"""Thickness of the inner rules, and of the table's edge, millimetres (the edge as in GB/T 9704-2012, 7.4)."""
CUT_FROM = 0.33
"""A row higher than this share of the page may be cut between its lines."""
KEPT_TEXTS = 4000
"""Broken texts that are kept for the next row with the same words."""

Align = str
_ALIGN = {"int": "right", "percent": "right", "decimal": "right", "date": "centre", "text": "left"}


@dataclass(frozen=True, slots=True)
class _Cell:
    lines: list[Line]
    align: Align
    role: Role


class GridSetter:
    """Sets the rows of one grid."""

    def __init__(self, setter: Setter, style: Style, grid: Grid) -> None:
        """Find the widths of `grid` for the type area of `style`."""
        self._setter = setter
        self._grid = grid
        self._texts: dict[tuple[int, str, Role], list[Line]] = {}
        self._slots = slots_of(grid)
        sample = list(islice(iter(grid.rows), SAMPLE))
        self.style, self.widths = fitted(setter, style, grid, self._slots, sample)
        self._size = self.style.table
        self._pitch = mm(self._size) * LEADING

    # --- parts ------------------------------------------------------------------------------------------------------

    def parts(self) -> Iterator[Part]:
        """Yield the table from its title to its totals."""
        grid = self._grid
        if grid.title:
            yield self._title(grid.title)
        head = self._head()
        yield replace(head, keep=True)
        before: Part | None = None
        for row in grid.rows:
            if before is not None:
                yield before
            before = self._row(row, head)
        if before is None:
            before = self._none(head)
        yield replace(before, keep=bool(grid.totals))
        if grid.totals:
            yield self._row(grid.totals, head, "hei")
        yield space(2.5)

    def _title(self, text: str) -> Part:
        lines = self._setter.breaks(text, "hei", self.style.table + 1, self.style.geometry.area_width, flush=False)
        return text_part(lines, self.style.table + 1, self.style.geometry.left, above=1.0, under=1.2, keep=True)

    def _head(self) -> Part:
        grouped = any(slot.group for slot in self._slots)
        cells = [self._head_cell(slot.head, width) for slot, width in zip(self._slots, self.widths, strict=True)]
        lower = max(len(cell.lines) for cell in cells) * self._pitch + 2 * PAD
        groups = self._groups()
        upper = 0.0
        if grouped:
            upper = max(len(cell.lines) for cell, _, _ in groups if cell.lines) * self._pitch + 2 * PAD
        height = upper + lower
        left = self.style.geometry.left

        def paint(pages: Pages, top: float) -> None:
            at = left
            for cell, slot, width in zip(cells, self._slots, self.widths, strict=True):
                start = upper if slot.group else 0.0
                self._paint_cell(pages, cell, at, top + start, width, height - start, middle=True)
                pages.paper.line(at, top + start, at, top + height, RULE if at > left else EDGE)
                at += width
            for cell, start, width in groups:
                if cell.lines:
                    self._paint_cell(pages, cell, left + start, top, width, upper, middle=True)
                    pages.paper.line(left + start, top + upper, left + start + width, top + upper, RULE)
                pages.paper.line(left + start, top, left + start, top + height, RULE if start else EDGE)
            right = left + sum(self.widths)
            pages.paper.line(right, top, right, top + height, EDGE)
            for line in (top, top + height):
                pages.paper.line(left, line, right, line, EDGE)

        return Part(height, paint)

    def _head_cell(self, text: str, width: float) -> _Cell:
        lines = self._setter.breaks(text, "hei", self._size, width - 2 * SIDE, flush=False)
        return _Cell(lines, "centre", "hei")

    def _groups(self) -> list[tuple[_Cell, float, float]]:
        """Return the heads over several columns, each with its left edge and width; no lines where there is none."""
        found: list[tuple[_Cell, float, float]] = []
        at, names = 0.0, [slot.group for slot in self._slots]
        place = 0
        while place < len(names):
            end = place + 1
            while names[place] and end < len(names) and names[end] == names[place]:
                end += 1
            width = sum(self.widths[place:end])
            cell = self._head_cell(names[place], width) if names[place] else _Cell([], "centre", "hei")
            found.append((cell, at, width))
            at += width
            place = end
        return found

    def _row(self, row: Sequence[Value], head: Part, role: Role | None = None) -> Part:
        chosen = role or self.style.cell_role
        return self._row_part([self._cell(place, slot, row, chosen) for place, slot in enumerate(self._slots)], head)

    def _cell(self, place: int, slot: Slot, row: Sequence[Value], role: Role) -> _Cell:
        """Return the lines of a slot; an empty value above another keeps its line, so that each has its own place."""
        first = slot.columns[0]
        texts = [
            words.shown(row[at], column.kind, column.digits)
            for at, column in zip(slot.places, slot.columns, strict=True)
        ]
        while texts and not texts[-1]:
            texts.pop()
        lines: list[Line] = []
        for text in texts:
            lines += self._broken(place, text, role)
        align = "left" if isinstance(row[slot.places[0]], str) and first.kind == "date" else _ALIGN[first.kind]
        return _Cell(lines, align, role)

    def _broken(self, place: int, text: str, role: Role) -> list[Line]:
        key = (place, text, role)
        found = self._texts.get(key)
        if found is None:
            if len(self._texts) > KEPT_TEXTS:
                self._texts.clear()
            found = self._texts[key] = fresh_breaks(self._setter, text, role, self._size, self.widths[place] - 2 * SIDE)
        return found

    def _row_part(self, cells: list[_Cell], head: Part) -> Part:
        count = max(1, *(len(cell.lines) for cell in cells))
        height = count * self._pitch + 2 * PAD
        left = self.style.geometry.left

        def paint(pages: Pages, top: float) -> None:
            at = left
            for cell, width in zip(cells, self.widths, strict=True):
                self._paint_cell(pages, cell, at, top, width, height, middle=False)
                pages.paper.line(at, top, at, top + height, RULE if at > left else EDGE)
                at += width
            pages.paper.line(at, top, at, top + height, EDGE)
            pages.paper.line(left, top + height, at, top + height, RULE)

        def cut(room: float) -> tuple[Part, Part] | None:
            fitting = int((room - 2 * PAD) / self._pitch)
            if height < self.style.geometry.area_height * CUT_FROM or fitting < 3 or count - fitting < 1:
                return None
            upper = [replace(cell, lines=cell.lines[:fitting]) for cell in cells]
            lower = [replace(cell, lines=cell.lines[fitting:]) for cell in cells]
            return self._row_part(upper, head), self._row_part(lower, head)

        return Part(height, paint, head=head, cut=cut)

    def _none(self, head: Part) -> Part:
        text = self._grid.empty or words.nothing(self.style.language)
        width = sum(self.widths)
        cell = _Cell(
            fresh_breaks(self._setter, text, self.style.cell_role, self._size, width - 2 * SIDE),
            "centre",
            self.style.cell_role,
        )
        height = len(cell.lines) * self._pitch + 2 * PAD
        left = self.style.geometry.left

        def paint(pages: Pages, top: float) -> None:
            self._paint_cell(pages, cell, left, top, width, height, middle=False)
            for at in (left, left + width):
                pages.paper.line(at, top, at, top + height, EDGE)
            pages.paper.line(left, top + height, left + width, top + height, RULE)

        return Part(height, paint, head=head)

    def _paint_cell(
        self, pages: Pages, cell: _Cell, left: float, top: float, width: float, height: float, *, middle: bool
    ) -> None:
        free = (height - len(cell.lines) * self._pitch) / 2 if middle else PAD
        at = top + free + (self._pitch - mm(self._size)) / 2
        for line in cell.lines:
            room = width - 2 * SIDE - mm(line.width)
            shift = {"left": 0.0, "centre": room / 2, "right": room}[cell.align]
            pages.line(line, self._size, left + SIDE + max(0.0, shift), at)
            at += self._pitch


def fresh_breaks(setter: Setter, text: str, role: Role, size: float, width: float) -> list[Line]:
    """Break a cell's text without keeping it: a ledger has too many texts to keep them all."""
    from models.letters.layout.breaking import break_lines
    from models.letters.layout.geometry import PT_PER_MM

    lines: list[Line] = []
    for part in text.split("\n"):
        lines += break_lines(setter.glyphs(part, role), width * PT_PER_MM, size, flush=False)
    return lines


def text_part(
    lines: Sequence[Line],
    size: float,
    left: float,
    *,
    above: float = 0.0,
    under: float = 0.0,
    keep: bool = False,
    leading: float = LEADING,
) -> Part:
    """Return a few lines of text as one part."""
    pitch = mm(size) * leading

    def paint(pages: Pages, top: float) -> None:
        at = top + above + (pitch - mm(size)) / 2
        for line in lines:
            pages.line(line, size, left, at)
            at += pitch

    return Part(above + len(lines) * pitch + under, paint, keep=keep)
