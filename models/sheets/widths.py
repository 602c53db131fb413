"""How wide the columns of a printed table are, and in which type it is set.

Widths are found from the heads, the totals and the first rows. A number, a day or a word that must not wrap gets the
room it needs; the other columns share the rest by their weights, none more than it can use while another lacks. A table
whose texts would stand in very narrow columns is set in smaller type, down to 六号.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.letters.fonts import Role
from models.letters.layout.geometry import mm
from models.letters.layout.sheet import Setter
from models.sheets import words
from models.sheets.content import Column, Grid, Value
from models.sheets.styles import SIZE_6, Style, smaller

SIDE = 1.0
"""Left and right of a cell's text, millimetres."""
LEAST_EMS, EASY_EMS = 3.0, 4.0
"""Width of a column of wrapped text, in ems: the narrowest, and one that is read with ease (times its weight)."""
HEAD_EMS = 2.2
"""A head may be broken into lines of two characters."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A printed column: one column of the grid, or several whose values stand under one another."""

    places: tuple[int, ...]
    columns: tuple[Column, ...]

    @property
    def head(self) -> str:
        """Its heads, one under the other."""
        return "\n".join(column.head for column in self.columns)

    @property
    def group(self) -> str:
        """The head over it and its neighbours."""
        return self.columns[0].group

    @property
    def weight(self) -> float:
        """Its share of the room that is left."""
        return max(column.width for column in self.columns)


def slots_of(grid: Grid) -> tuple[Slot, ...]:
    """Return the printed columns of a grid."""
    found: list[list[int]] = []
    for place, column in enumerate(grid.columns):
        if column.under and found:
            found[-1].append(place)
        else:
            found.append([place])
    return tuple(Slot(tuple(places), tuple(grid.columns[place] for place in places)) for places in found)


def fitted(
    setter: Setter, style: Style, grid: Grid, slots: Sequence[Slot], sample: Sequence[Sequence[Value]]
) -> tuple[Style, list[float]]:
    """Return the style, its type as small as it must be, and the width of each slot, millimetres."""
    for ems in (EASY_EMS, 0.0):
        tried = style
        while True:
            measure = _Measure(setter, tried, grid, slots, sample)
            least, ideal = measure.needs(ems)
            if sum(least) <= style.geometry.area_width:
                return tried, _shared(least, ideal, [slot.weight for slot in slots], style.geometry.area_width)
            if tried.table <= SIZE_6:
                break
            tried = smaller(tried)
    return tried, _squeezed(least, mm(tried.table) + 2 * SIDE, style.geometry.area_width)


def _squeezed(least: Sequence[float], floor: float, area: float) -> list[float]:
    """Share `area` among very many columns: each a character wide, the rest by need; words are torn where they must."""
    rest = max(0.0, area - floor * len(least))
    needs = [max(0.01, need - floor) for need in least]
    return [floor + rest * need / sum(needs) for need in needs]


class _Measure:
    """Measures what stands in the columns in one type."""

    def __init__(
        self, setter: Setter, style: Style, grid: Grid, slots: Sequence[Slot], sample: Sequence[Sequence[Value]]
    ) -> None:
        self._setter = setter
        self._style = style
        self._slots = slots
        self._rows = [*sample, *([grid.totals] if grid.totals else [])]

    def needs(self, ems: float) -> tuple[list[float], list[float]]:
        """Return for each slot the least width and the one at which nothing wraps; `ems`: ease of wrapped text."""
        least, ideal = [], []
        for slot in self._slots:
            floors, wholes = zip(
                *(self._column(place, column, ems) for place, column in zip(slot.places, slot.columns, strict=True)),
                strict=True,
            )
            least.append(max(floors) + 2 * SIDE)
            ideal.append(max(wholes) + 2 * SIDE)
        return least, ideal

    def _column(self, place: int, column: Column, ems: float) -> tuple[float, float]:
        em = mm(self._style.table)
        texts = {words.shown(row[place], column.kind, column.digits) for row in self._rows}
        whole = max((self._wide(text) for text in texts if text), default=0.0)
        head = max(self._wide(part, "hei") for part in column.head.split("\n"))
        word = max(self._longest(text) for text in {*texts, column.head})
        if column.kind != "text" or not column.wrap:
            floor = whole
        else:
            floor = min(whole, em * max(LEAST_EMS, ems * column.width if ems else 0.0))
        return max(floor, word, min(head, em * HEAD_EMS)), max(whole, head, word)

    def _wide(self, text: str, role: Role | None = None) -> float:
        chosen = role or self._style.cell_role
        size = self._style.table
        return max(self._setter.width(self._setter.glyphs(line, chosen), size) for line in text.split("\n"))

    def _longest(self, text: str) -> float:
        """Return the width of the longest Latin word or number: it is not torn if there is room at all."""
        found = max(latin_words(text), key=len, default="")
        return self._wide(found) if found else 0.0


def latin_words(text: str) -> Iterator[str]:
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
    while left > 0.01:
        hungry = [place for place in range(len(widths)) if ideal[place] - widths[place] > 0.01]
        if not hungry:
            break
        whole = sum(weights[place] for place in hungry)
        given = 0.0
        for place in hungry:
            share = min(ideal[place] - widths[place], left * weights[place] / whole)
            widths[place] += share
            given += share
        left -= given
    whole = sum(weights)
    return [width + max(0.0, left) * weight / whole for width, weight in zip(widths, weights, strict=True)]
