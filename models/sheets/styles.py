"""The measures of the bureau's own papers: four pages, each with the type of its body and of its tables.

Official papers keep GB/T 9704-2012 to the millimetre (the geometry of letters); office papers (briefs, dockets,
notices) and ledgers are ours: dense enough for one page or one row, with the binding margin of 28 mm that the standard
gives (5.2.1). A ledger lies across and is bound at its left edge.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from models.letters.layout.geometry import OFFICIAL, SIZE_3, SMALL_2, SMALL_4, Geometry

if TYPE_CHECKING:
    from models.letters.fonts import Role
    from models.sheets.content import Language, Sheet

SIZE_5 = 10.5
"""五号, points."""
SIZE_6 = 7.5
"""六号: the smallest type of a table, points (ours)."""

OFFICE = Geometry(
    210, 297, top=24, left=28, area_width=156, area_height=248, lines=36, characters=36, size=SMALL_4,
    title_size=SMALL_2,
)  # fmt: skip
"""Brief, docket, notice: A4 upright, 小四 in 36 lines of 36 characters."""

LEDGER = Geometry(
    297, 210, top=20, left=28, area_width=254, area_height=168, lines=28, characters=66, size=SIZE_5,
    title_size=SMALL_2,
)  # fmt: skip
"""Ledger: A4 across, bound at the left (28 mm), 15 mm at the right."""

SIZE_4 = 14.0
"""四号, points."""
POSTED = Geometry(
    297, 210, top=20, left=28, area_width=254, area_height=168, lines=22, characters=50, size=SIZE_4, title_size=22.0,
)  # fmt: skip
"""What is put on a wall: A4 across, 四号, to be read from a step away."""

LEADING = 1.32
"""Line pitch in tables and charts as a multiple of the type size."""


@dataclass(frozen=True, slots=True)
class Style:
    """How one paper is set. Sizes in points."""

    geometry: Geometry
    language: Language
    body: float
    table: float
    small: float
    """Charts, notes and the foot."""

    @property
    def text_role(self) -> Role:
        """Font of running text: FangSong (GB/T 9704-2012, 5.2.2); in English Hei, whose Latin letters have widths."""
        return "fangsong" if self.language == "zh" else "hei"

    @property
    def cell_role(self) -> Role:
        """Font of tables and forms: as in the forms of letters."""
        return "fangsong" if self.language == "zh" else "hei"

    @property
    def foot_role(self) -> Role:
        """Font of the foot: Song, as the page number (GB/T 9704-2012, 7.5)."""
        return "song" if self.language == "zh" else "hei"

    @property
    def flush(self) -> bool:
        """Lines are spread to the edge: in Chinese, whose characters have one width."""
        return self.language == "zh"

    @property
    def tight(self) -> float:
        """Points after each character of the body, so that the standard's number of them fills a line."""
        return self.geometry.tight if self.language == "zh" else 0.0

    @property
    def indent(self) -> float:
        """First line of a paragraph, points: two characters in Chinese."""
        return 2 * (self.body + self.tight) if self.language == "zh" else 0.0


def style_of(sheet: Sheet) -> Style:
    """Return how a sheet is set."""
    if sheet.official and not sheet.landscape:
        return Style(OFFICIAL, sheet.language, body=SIZE_3, table=SIZE_5, small=SIZE_5)
    if sheet.posted:
        return Style(POSTED, sheet.language, body=SIZE_4, table=12.0, small=SIZE_5)
    if sheet.landscape:
        return Style(LEDGER, sheet.language, body=SIZE_5, table=9.0, small=9.0)
    return Style(OFFICE, sheet.language, body=SMALL_4, table=SIZE_5, small=9.0)


def smaller(style: Style) -> Style:
    """Return the style with the type of tables one step smaller."""
    return replace(style, table=max(SIZE_6, style.table - 0.5))
