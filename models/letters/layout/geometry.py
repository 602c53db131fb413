"""The measures of the papers, each with its clause. Millimetres and points, never a guess in the code that draws.

Sources: GB/T 9704-2012 as given in the domain reference, 15.1 (letters and reports to other organs); the explanation of
the petition form set of the Ministry of Public Security, 15.2 (notices, forms, opinions). What is ours says so.
"""

from __future__ import annotations

from dataclasses import dataclass

PT_PER_MM = 72 / 25.4

SIZE_2 = 22.0
"""2号, title of an official letter (7.3.1)."""
SIZE_3 = 16.0
"""3号, body (5.2.2)."""
SIZE_4 = 14.0
"""4号, imprint and page number (7.4, 7.5)."""
SMALL_2 = 18.0
"""小二, title of a form (15.2)."""
SMALL_3 = 15.0
"""小三, organ name of a form (15.2)."""
SMALL_4 = 12.0
"""小四, notes of a form (15.2)."""
SMALL_5 = 9.0
"""小五, words beside the verification code (ours)."""

PAGE_NUMBER_DROP = 7.0
"""From the type area's lower edge to the dash of the page number (7.5)."""
LINE_THICK = 0.35
LINE_THIN = 0.25
"""Lines of the imprint: first and last, and middle (7.4)."""
MARK_DROP = 35.0
"""From the type area's top to the issuing organ's mark (7.2.4)."""
RED_LINE_DROP = 4.0
"""From the document number to the red line (7.2.7)."""
SEAL_DIAMETER = 42.0
"""Seal of a county bureau (15.3, unconfirmed); only the room for it, no seal is drawn."""
CODE_SIZE = 18.0
"""Side of the verification code on A4 and A5 (ours: modules of 0.37 mm, read by counter scanners and telephones)."""
CODE_DROP = 5.5
"""From the type area's lower edge to the code (ours)."""


def mm(points: float) -> float:
    """Return a length in millimetres."""
    return points / PT_PER_MM


@dataclass(frozen=True, slots=True)
class Geometry:
    """One paper, in millimetres; `lines` and `characters` are those of the body text in its `size` (points)."""

    width: float
    height: float
    top: float
    left: float
    area_width: float
    area_height: float
    lines: int
    characters: int
    size: float = SIZE_3
    title_size: float = SIZE_2

    @property
    def pitch(self) -> float:
        """From the top of one body line to the top of the next."""
        return self.area_height / self.lines

    @property
    def tight(self) -> float:
        """Points added after each body character so that `characters` fill the line; negative: drawn closer."""
        return self.area_width * PT_PER_MM / self.characters - self.size

    @property
    def right(self) -> float:
        """Right edge of the type area, from the paper's left."""
        return self.left + self.area_width

    @property
    def span(self) -> tuple[float, float]:
        """Left and right edge of the type area, from the paper's left."""
        return self.left, self.right

    @property
    def bottom(self) -> float:
        """Lower edge of the type area, from the paper's top."""
        return self.top + self.area_height


OFFICIAL = Geometry(210, 297, top=37, left=28, area_width=156, area_height=225, lines=22, characters=28)
"""5.1, 5.2: A4, 天头 37, 订口 28, 版心 156 x 225, 22 lines of 28 characters: pitch 10.23 mm, 5.57 mm a character."""

FORM = Geometry(210, 297, top=35, left=30, area_width=150, area_height=230, lines=22, characters=26, title_size=SMALL_2)
"""15.2: A4, top 35, left 30, type area 150 x 230. Lines and characters are ours: 3号 as near to 15.1 as it goes."""

A5_SLIP = Geometry(
    148,
    210,
    top=13,
    left=15,
    area_width=118,
    area_height=187,
    lines=22,
    characters=27,
    size=SMALL_4,
    title_size=SMALL_2,
)
"""Receipt on A5 (ours)."""

ROLL_WIDTH = 80.0
ROLL_MARGIN = 5.0
"""Receipt on 80 mm paper: printers leave 4 mm on each side (ours); the height is that of the text."""
ROLL_SIZE = 11.0
ROLL_TITLE = 15.0
