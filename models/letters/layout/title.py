"""Titles: centred, several lines balanced, no word split (GB/T 9704-2012, 7.3.1).

Chinese does not mark its words, so the wording marks with `|` where a title may be broken; without marks a long title
is broken as running text is.
"""

from __future__ import annotations

from itertools import combinations, pairwise

from models.letters.fonts import Role
from models.letters.layout.geometry import PT_PER_MM
from models.letters.layout.sheet import Setter

TITLE_ROLE: Role = "xiaobiaosong"
TITLE_LEADING = 1.4
"""Line pitch of a title as a multiple of its type size (ours)."""


def title_lines(setter: Setter, title: str, size: float, width: float) -> list[str]:
    """Return the lines of `title` for a column `width` millimetres wide."""
    parts = [part for part in title.split("|") if part]
    measured = [setter.width(setter.glyphs(part, TITLE_ROLE), size) for part in parts]
    for count in range(1, len(parts) + 1):
        best: tuple[float, list[str]] | None = None
        for cuts in combinations(range(1, len(parts)), count - 1):
            edges = [0, *cuts, len(parts)]
            widths = [sum(measured[a:b]) for a, b in pairwise(edges)]
            if max(widths) > width:
                continue
            ragged = max(widths) - min(widths)
            if best is None or ragged < best[0]:
                best = ragged, ["".join(parts[a:b]) for a, b in pairwise(edges)]
        if best:
            return best[1]
    whole = "".join(parts)
    rows = -(-sum(measured) // (width * 0.97))
    share = min(width, sum(measured) / max(1.0, rows) + size / PT_PER_MM)
    lines = setter.breaks(whole, TITLE_ROLE, size, share)
    return ["".join(glyph.cluster for glyph in line.glyphs) for line in lines]
