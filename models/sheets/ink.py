"""Paper whose pages are kept until their number is known, and the curves that charts are drawn with.

The pages of a ledger are written one after the other and kept compressed; the foot of each (第 n 页　共 m 页) is drawn
when the last one is done. So a table of 10,000 rows is walked once.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

from models.letters.pdf import BLACK, PT_PER_MM, Colour, Paper

Spot = tuple[float, float]
"""A place: millimetres from the left and from the top edge of the paper."""

ROUND = 0.5523
"""Handle of the Bezier curve that stands for a quarter of a circle, as a share of its radius."""


class Ink(Paper):
    """A PDF whose pages are finished together."""

    def __init__(self, width_mm: float, height_mm: float, *, title: str, author: str, subject: str) -> None:
        """Open the first page."""
        super().__init__(width_mm, height_mm, title=title, author=author, subject=subject)
        self._kept: list[bytes] = []

    @property
    def page(self) -> int:
        """Number of the page being written, from 1."""
        return len(self._kept) + 1

    def next_page(self) -> None:
        """Keep this page and open another."""
        self._kept.append(zlib.compress("\n".join(self._ops).encode("latin-1"), 1))
        self._ops = []

    def finish_with(self, foot: Callable[[int, int], None]) -> bytes:
        """Draw `foot(page, pages)` on every page and return the PDF."""
        self.next_page()
        kept, total = self._kept, len(self._kept)
        for number, page in enumerate(kept, 1):
            self._ops = [zlib.decompress(page).decode("latin-1")]
            foot(number, total)
            if number < total:
                self._end_page()
        return self.finish()

    def curve(
        self,
        spots: Sequence[Spot],
        width_mm: float,
        colour: Colour = BLACK,
        *,
        dash: tuple[float, ...] = (),
    ) -> None:
        """Draw straight pieces from spot to spot; `dash`: lengths of ink and gap in millimetres."""
        if len(spots) < 2:
            return
        words = [f"{self._point(spot)} {'l' if place else 'm'}" for place, spot in enumerate(spots)]
        lengths = " ".join(f"{part * PT_PER_MM:.2f}" for part in dash)
        self._ops.append(
            f"q {_stroke(colour)} {width_mm * PT_PER_MM:.3f} w 1 J 1 j [{lengths}] 0 d {' '.join(words)} S Q"
        )

    def area(self, spots: Sequence[Spot], colour: Colour) -> None:
        """Fill the area within the spots."""
        words = [f"{self._point(spot)} {'l' if place else 'm'}" for place, spot in enumerate(spots)]
        self._ops.append(f"q {_fill(colour)} {' '.join(words)} h f Q")

    def frame(self, x: float, top: float, width: float, height: float, line_mm: float, colour: Colour = BLACK) -> None:
        """Draw the outline of a box."""
        right, under = x + width, top + height
        self.curve([(x, top), (right, top), (right, under), (x, under), (x, top)], line_mm, colour)

    def disc(self, spot: Spot, radius: float, colour: Colour, *, hollow: bool = False, line_mm: float = 0.3) -> None:
        """Draw a filled disc, or a white one with an outline."""
        x, y = spot[0], spot[1]
        h, r = radius * ROUND, radius
        curves = (
            ((x + r, y + h), (x + h, y + r), (x, y + r)),
            ((x - h, y + r), (x - r, y + h), (x - r, y)),
            ((x - r, y - h), (x - h, y - r), (x, y - r)),
            ((x + h, y - r), (x + r, y - h), (x + r, y)),
        )
        words = " ".join(f"{' '.join(self._point(each) for each in handles)} c" for handles in curves)
        ink = f"1 1 1 rg {_stroke(colour)}" if hollow else f"{_fill(colour)} {_stroke(colour)}"
        self._ops.append(f"q {ink} {line_mm * PT_PER_MM:.3f} w {self._point((x + r, y))} m {words} h B Q")

    def _point(self, spot: Spot) -> str:
        return f"{spot[0] * PT_PER_MM:.3f} {(self._height - spot[1]) * PT_PER_MM:.3f}"


def _stroke(colour: Colour) -> str:
    return f"{colour[0]:g} {colour[1]:g} {colour[2]:g} RG"


def _fill(colour: Colour) -> str:
    return f"{colour[0]:g} {colour[1]:g} {colour[2]:g} rg"
