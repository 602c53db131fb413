"""Parts to pages, one after the other: each page is drawn as soon as it is full, so that length costs no memory.

Kept: what belongs together stands on one page (a heading and what follows it, the last row and the totals); the heads
of a table come again on each page that it goes on to; a part that is higher than the room is cut where it says so;
space at the top of a page is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from models.letters.layout.geometry import Geometry
from models.letters.layout.sheet import Sheet as Pages

ROUNDING = 0.01
"""Millimetres forgiven."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is drawn as one. `paint(pages, top)` draws it `top` millimetres under the paper's edge.

    Attributes:
        height: Millimetres.
        keep: The next part must stand on the same page.
        blank: Space only.
        head: Drawn again above it when it begins a page: the heads of its table.
        cut: Returns the part in two, the first no higher than the given millimetres; None: it cannot be.
        breaks: It begins a new page, and draws nothing.
    """

    height: float
    paint: Callable[[Pages, float], None]
    keep: bool = False
    blank: bool = False
    head: Part | None = None
    cut: Callable[[float], tuple[Part, Part] | None] | None = None
    breaks: bool = False


def nothing(_pages: Pages, _top: float) -> None:
    """Draw nothing."""


def space(height: float, *, keep: bool = False) -> Part:
    """Return empty room."""
    return Part(height, nothing, keep=keep, blank=True)


NEW_PAGE = Part(0.0, nothing, breaks=True)


class Flow:
    """The pages of one paper while they are filled."""

    def __init__(self, pages: Pages, geometry: Geometry, first_top: float) -> None:
        """Fill `pages` from `first_top` on, millimetres from the paper's upper edge."""
        self._pages = pages
        self._geometry = geometry
        self._at = first_top
        self._top = first_top
        self._held: list[Part] = []

    @property
    def room(self) -> float:
        """Height left on this page."""
        return self._geometry.bottom - self._at

    def fill(self, parts: Iterable[Part]) -> None:
        """Place all parts."""
        for part in parts:
            self._held.append(part)
            if not part.keep:
                self._settle()
        self._settle()

    def _settle(self) -> None:
        group, self._held = self._held, []
        if not group:
            return
        if group[0].breaks:
            if self._at > self._top:
                self._next_page()
            return
        height = sum(part.height for part in group)
        head = group[0].head.height if group[0].head else 0.0
        if height <= self.room + ROUNDING:
            self._draw(group)
        elif len(group) > 1 and height + head <= self._geometry.area_height + ROUNDING:
            self._turn(group[0])
            self._draw(group)
        else:
            for part in group:
                self._place(part)

    def _place(self, part: Part) -> None:
        """Draw one part here, cut, or on the next page."""
        while part.height > self.room + ROUNDING:
            halves = part.cut(self.room) if part.cut else None
            if halves:
                self._draw([halves[0]])
                part = halves[1]
            elif self._fresh(part):
                break  # higher than a page and not to be cut: it stands alone
            self._turn(part)
        self._draw([part])

    def _fresh(self, part: Part) -> bool:
        """Say whether nothing but the head of the part's table stands on this page."""
        head = part.head.height if part.head else 0.0
        return self._at <= self._top + head + ROUNDING

    def _draw(self, parts: Iterable[Part]) -> None:
        for part in parts:
            if part.blank and self._at <= self._top + ROUNDING and self._top == self._geometry.top:
                continue
            part.paint(self._pages, self._at)
            self._at += part.height

    def _turn(self, part: Part) -> None:
        """Begin a page with the heads of the table that `part` belongs to."""
        self._next_page()
        if part.head:
            part.head.paint(self._pages, self._at)
            self._at += part.head.height

    def _next_page(self) -> None:
        self._pages.paper.next_page()
        self._at = self._top = self._geometry.top
