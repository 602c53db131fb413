"""Tables over many pages: widths from what stands in them, heads on every page, no cell that is cut off.

Widths are found from the heads, the totals and the first rows. A number, a day or a word that must not wrap gets the
room it needs; the other columns share the rest by their weights. Where even that does not fit, the type becomes smaller
down to 六号; and a later value wider than its column goes on in the next line, as all text does, instead of being cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from models.letters.fonts import Role
from models.letters.layout.breaking import Line
from models.letters.layout.geometry import mm
from models.letters.layout.sheet import Setter
from models.letters.layout.sheet import Sheet as Pages
from models.sheets import words
from models.sheets.content import Column, Grid, Value
from models.sheets.flow import Part, space
from models.sheets.styles import LEADING, SIZE_6, Style, across

SAMPLE = 300
"""Rows that are looked at to find the widths."""
SIDE = 1.0
"""Left and right of a cell's text, millimetres."""
PAD = 0.9
"""Above and below a cell's text, millimetres."""
RULE = 0.2
EDGE = 0.35
"""Thickness of the inner rules, and of the table's edge, millimetres (the edge as in GB/T 9704-2012, 7.4)."""
CUT_FROM = 0.33
"""A row higher than this share of the page may be cut between its lines."""
LEAST_EMS = 3.0
"""Narrowest column of wrapped text, in ems."""
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
        sample = list(islice(iter(grid.rows), SAMPLE))
        while True:
            self.style = style
            self._size = style.table
            widths = self._widths(sample)
            if widths is not None or style.table <= SIZE_6:
                break
            style = across(style)
        self.widths = widths or self._squeezed()
        self._pitch = mm(self._size) * LEADING

    # --- widths -----------------------------------------------------------------------------------------------------

    def _widths(self, sample: Sequence[Sequence[Value]]) -> list[float] | None:
        """Return the width of each column, millimetres; None when they do not fit in this type."""
        columns = self._grid.columns
        area = self.style.geometry.area_width
        rows = [*sample, *([self._grid.totals] if self._grid.totals else [])]
        least, ideal = [], []
        for place, column in enumerate(columns):
            texts = [self._text(row[place], column) for row in rows]
            whole = max([self._wide(text) for text in texts if text], default=0.0)
            head = max(self._wide(part, "hei") for part in column.head.split("\n"))
            word = max([self._longest(text) for text in {*texts, column.head}], default=0.0)
            fixed = not column.wrap or column.kind != "text"
            floor = whole if fixed else min(whole, mm(self._size) * LEAST_EMS)
            least.append(max(floor, word, min(head, mm(self._size) * 2.2)) + 2 * SIDE)
            ideal.append(max(whole, head, word) + 2 * SIDE)
        if sum(least) > area:
            return None
        return _shared(least, ideal, [column.width for column in columns], area)

    def _squeezed(self) -> list[float]:
        """Return widths by weight alone: the last resort of a table with very many columns."""
        whole = sum(column.width for column in self._grid.columns)
        return [self.style.geometry.area_width * column.width / whole for column in self._grid.columns]

    def _wide(self, text: str, role: Role | None = None) -> float:
        role = role or self.style.cell_role
        return max(self._setter.width(self._setter.glyphs(line, role), self._size) for line in text.split("\n"))

    def _longest(self, text: str) -> float:
        """Return the width of the longest Latin word or number: it is not torn if there is room at all."""
        found = max((part for part in _words(text)), key=len, default="")
        return self._wide(found) if found else 0.0

    def _text(self, value: Value, column: Column) -> str:
        return words.shown(value, column.kind, column.digits)

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
        grouped = any(column.group for column in self._grid.columns)
        cells = [self._head_cell(column.head, width) for column, width in zip(self._grid.columns, self.widths)]  # noqa: B905
        lower = max(len(cell.lines) for cell in cells) * self._pitch + 2 * PAD
        groups = self._groups()
        upper = 0.0
        if grouped:
            upper = max(len(cell.lines) for cell, _, _ in groups if cell.lines) * self._pitch + 2 * PAD
        height = upper + lower
        left = self.style.geometry.left

        def paint(pages: Pages, top: float) -> None:
            at = left
            for cell, column, width in zip(cells, self._grid.columns, self.widths, strict=True):
                start = upper if column.group else 0.0
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
        at, names = 0.0, [column.group for column in self._grid.columns]
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
        role = role or self.style.cell_role
        cells = []
        for place, (value, column) in enumerate(zip(row, self._grid.columns, strict=True)):
            text = self._text(value, column)
            align = "left" if isinstance(value, str) and column.kind == "date" else _ALIGN[column.kind]
            cells.append(_Cell(self._broken(place, text, role), align, role))
        return self._row_part(cells, head, first=True)

    def _broken(self, place: int, text: str, role: Role) -> list[Line]:
        if not text:
            return []
        key = (place, text, role)
        found = self._texts.get(key)
        if found is None:
            if len(self._texts) > KEPT_TEXTS:
                self._texts.clear()
            found = self._texts[key] = fresh_breaks(self._setter, text, role, self._size, self.widths[place] - 2 * SIDE)
        return found

    def _row_part(self, cells: list[_Cell], head: Part, *, first: bool) -> Part:
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
            return self._row_part(upper, head, first=first), self._row_part(lower, head, first=False)

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


def _words(text: str) -> Iterable[str]:
    """Yield the Latin words and numbers of a text."""
    word = ""
    for character in text:
        if character.isascii() and not character.isspace() and character != "/":
            word += character
        elif word:
            yield word
            word = ""
    if word:
        yield word


def _shared(least: list[float], ideal: list[float], weights: list[float], area: float) -> list[float]:
    """Share `area` among columns: each at least what it needs, none more than it can use while another lacks."""
    widths = list(least)
    left = area - sum(widths)
    wanting: Callable[[int], float] = lambda place: max(0.0, ideal[place] - widths[place])  # noqa: E731
    while left > 0.01:
        hungry = [place for place in range(len(widths)) if wanting(place) > 0.01]
        if not hungry:
            break
        whole = sum(weights[place] for place in hungry)
        given = 0.0
        for place in hungry:
            share = min(wanting(place), left * weights[place] / whole)
            widths[place] += share
            given += share
        left -= given
    whole = sum(weights)
    return [width + max(0.0, left) * weight / whole for width, weight in zip(widths, weights, strict=True)]
