"""What all charts share: title, unit, legend, note, shades, values in words, and texts set in small type."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from models.letters.fonts import Role
from models.letters.layout.geometry import mm
from models.letters.layout.sheet import Align, Setter
from models.letters.layout.sheet import Sheet as Pages
from models.letters.pdf import BLACK, Colour
from models.sheets import words
from models.sheets.content import Chart
from models.sheets.flow import Part, space
from models.sheets.grid import text_part
from models.sheets.ink import Ink
from models.sheets.styles import LEADING, Style

DARK: Colour = (0.10, 0.26, 0.45)
MIDDLE: Colour = (0.30, 0.52, 0.72)
LIGHT: Colour = (0.60, 0.76, 0.88)
PALE: Colour = (0.86, 0.92, 0.96)
RULE: Colour = (0.82, 0.84, 0.86)
SOFT: Colour = (0.35, 0.37, 0.40)
"""Words that are not read first."""
MARK: Colour = (0.78, 0.16, 0.10)
"""What is to be reached: red on a screen, dark and dashed in black and white."""
WHITE: Colour = (1.0, 1.0, 1.0)

SHADES: tuple[Colour, ...] = (DARK, LIGHT, MIDDLE, PALE, SOFT, WHITE)
"""In the order of the series: neighbours differ in lightness."""
HATCH_FROM = 4
"""The shades from here on are hatched too."""
KEPT_WHOLE = 0.6
"""Rows of bars up to this share of a page are not torn."""
SWATCH = 3.0
"""Side of a legend's square, millimetres."""


def ink(pages: Pages) -> Ink:
    """Return the paper under `pages`, which is always one that draws curves."""
    paper = pages.paper
    assert isinstance(paper, Ink)  # noqa: S101  `models.sheets.pdf` opens no other
    return paper


def shade(pages: Pages, place: int, left: float, top: float, width: float, height: float) -> None:
    """Fill a box in the shade of a series."""
    paper = ink(pages)
    paper.boxes([(left, top, width, height)], WHITE if place >= HATCH_FROM else SHADES[place % len(SHADES)])
    if place >= HATCH_FROM:
        _hatch(paper, left, top, width, height, rising=place % 2 == 0)
    if place >= 3:
        paper.frame(left, top, width, height, 0.15, DARK)


def _hatch(paper: Ink, left: float, top: float, width: float, height: float, *, rising: bool) -> None:
    step = 1.2
    at = step - height
    while at < width:
        start, end = max(0.0, at), min(width, at + height)
        low, high = start - at, end - at
        if rising:
            low, high = height - low, height - high
        paper.curve([(left + start, top + low), (left + end, top + high)], 0.15, DARK)
        at += step


def ticks(top: float, wanted: int = 4) -> list[float]:
    """Return round values from 0 until at least `top`, about `wanted` steps."""
    if top <= 0:
        return [0.0, 1.0]
    raw = top / wanted
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if factor * power >= raw - 1e-12)
    count = math.ceil(top / step - 1e-9)
    return [step * place for place in range(count + 1)]


class Frame:
    """A chart being set: its text helpers, and the parts around the picture."""

    def __init__(self, setter: Setter, style: Style, chart: Chart) -> None:
        """Set `chart` in the small type of `style`."""
        self.setter = setter
        self.style = style
        self.chart = chart
        self.size = style.small
        self.pitch = mm(self.size) * LEADING
        self.left = style.geometry.left
        self.width = style.geometry.area_width

    def wide(self, text: str, role: Role = "hei", size: float = 0.0) -> float:
        """Return the width of one line, millimetres."""
        return self.setter.width(self.setter.glyphs(text, role), size or self.size)

    def put(
        self,
        pages: Pages,
        text: str,
        at: float,
        top: float,
        *,
        align: Align = "left",
        role: Role = "hei",
        colour: Colour = BLACK,
        size: float = 0.0,
        clear: bool = False,
    ) -> None:
        """Draw one line at, around or before `at`; kept within the type area.

        `clear`: on white, so that no line runs through it.
        """
        size = size or self.size
        width = self.wide(text, role, size)
        start = {"left": at, "centre": at - width / 2, "right": at - width}[align]
        start = min(max(start, self.left), self.left + self.width - width)
        if clear:
            pages.paper.boxes([(start - 0.3, top, width + 0.6, mm(size))], WHITE)
        pages.put(text, role, size, top, (start, start + width), colour=colour)

    def value(self, value: float | None) -> str:
        """Return a value as printed beside what is drawn."""
        if value is None:
            return "—"
        if self.chart.unit == "%":
            return words.percent(value, self.chart.digits)
        return words.decimal(value, self.chart.digits)

    def head(self, *, keys: Sequence[str] = (), under: float = 1.0) -> Iterator[Part]:
        """Yield title, unit and legend; they stay with the picture."""
        chart, zh = self.chart, self.style.language == "zh"
        size = self.style.table + 0.5
        unit = "" if chart.unit in ("", "%") else (f"单位：{chart.unit}" if zh else f"Unit: {chart.unit}")
        room = self.width - (self.wide(unit) + 4.0 if unit else 0.0)
        lines = self.setter.breaks(chart.title, "hei", size, room, flush=False)
        title = text_part(lines, size, self.left, above=1.5, under=0.8)

        def paint(pages: Pages, top: float) -> None:
            title.paint(pages, top)
            if unit:
                self.put(pages, unit, self.left + self.width, top + 2.2, align="right", colour=SOFT)

        yield Part(title.height, paint, keep=True)
        if keys:
            yield self._legend(keys)
        yield space(under, keep=True)

    def _legend(self, keys: Sequence[str]) -> Part:
        """Return the names of the series beside their shades, in as many lines as they need."""
        places: list[tuple[int, str, float, int]] = []
        at, line = 0.0, 0
        for place, name in enumerate(keys):
            need = SWATCH + 1.2 + self.wide(name) + 5.0
            if at and at + need - 5.0 > self.width:
                at, line = 0.0, line + 1
            places.append((place, name, at, line))
            at += need
        pitch = max(self.pitch, SWATCH + 1.0)

        def paint(pages: Pages, top: float) -> None:
            for place, name, at, line in places:
                under = top + line * pitch
                shade(pages, place, self.left + at, under + (pitch - SWATCH) / 2, SWATCH, SWATCH)
                self.put(pages, name, self.left + at + SWATCH + 1.2, under + (pitch - mm(self.size)) / 2)

        return Part((line + 1) * pitch, paint, keep=True)

    def foot(self) -> Iterator[Part]:
        """Yield the note under the picture."""
        if self.chart.note:
            lines = self.setter.breaks(self.chart.note, "hei", self.size, self.width, flush=False)
            yield text_part(lines, self.size, self.left, above=1.0)
        yield space(4.0)

    def closed(self, rows: Sequence[Part]) -> Iterator[Part]:
        """Yield rows of bars: on one page when they take no more than most of it; else begin and end keep together."""
        if sum(row.height for row in rows) <= self.style.geometry.area_height * KEPT_WHOLE:
            yield from (replace(row, keep=True) for row in rows[:-1])
            yield from (replace(row, keep=bool(self.chart.note)) for row in rows[-1:])
            yield from self.foot()
            return
        for place, row in enumerate(rows):
            yield replace(
                row, keep=place == 0 or (place >= len(rows) - 2 and (place < len(rows) - 1 or bool(self.chart.note)))
            )
        yield from self.foot()
