"""Pieces to pages: what stands on which page and how far from the type area's top. Pure; nothing is drawn here.

Rules kept: what belongs together stays together (a heading and its text, the end of the body and the signature: GB/T
9704-2012, 7.3.5 note, no page may bear a seal without text); a long table row goes on over the page's end; blank space
at the top of a page is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

ROUNDING = 0.01
"""Millimetres forgiven, so that 22 lines of 225/22 mm fit into 225 mm."""


class Painter(Protocol):
    """What a piece is drawn with; the pages' `Sheet`."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the page that is not cut.

    `paint(sheet, top)` draws it with its upper edge `top` millimetres under the paper's edge.
    """

    height: float
    paint: Callable[[Any, float], None]
    keep: bool = False
    """The next piece must stand on the same page."""
    blank: bool = False
    """Space only: dropped at the top of a page."""
    split: Callable[[float], tuple[Piece, Piece] | None] | None = None
    """Cuts the piece so that the first part is no higher than the given millimetres; None when it cannot."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece and its distance from the type area's top, millimetres."""

    offset: float
    piece: Piece


def paginate(pieces: Sequence[Piece], first_room: float, room: float) -> list[list[Placed]]:
    """Place `pieces` on pages.

    Args:
        pieces: In reading order.
        first_room: Height left on the first page, millimetres; its offsets count from the top of that room.
        room: Height of every other page, millimetres.

    Returns:
        At least one page.
    """
    pages: list[list[Placed]] = [[]]
    used, left = 0.0, first_room
    queue = list(pieces)
    while queue:
        group = _group(queue)
        height = sum(piece.height for piece in group)
        if used + height <= left + ROUNDING or (len(group) > 1 and height > room + ROUNDING):
            group = group if used + height <= left + ROUNDING else group[:1]
            if used + group[0].height <= left + ROUNDING:
                for piece in group:
                    if not (piece.blank and not pages[-1] and len(pages) > 1):
                        pages[-1].append(Placed(used, piece))
                        used += piece.height
                del queue[: len(group)]
                continue
        head = queue[0]
        cut = head.split(left - used) if head.split else None
        if cut:
            pages[-1].append(Placed(used, cut[0]))
            queue[0] = cut[1]
        elif not pages[-1] and len(pages) > 1:  # higher than a page and cannot be cut: stands alone
            pages[-1].append(Placed(used, queue.pop(0)))
        pages.append([])
        used, left = 0.0, room
    if len(pages) > 1 and not pages[-1]:
        pages.pop()
    return pages


def _group(queue: Sequence[Piece]) -> list[Piece]:
    """Return the first piece and those that must stay with it."""
    end = 0
    while end < len(queue) - 1 and queue[end].keep:
        end += 1
    return list(queue[: end + 1])


def height_of(placed: Sequence[Placed]) -> float:
    """Return how far the last piece of a page reaches below the top of its room, millimetres."""
    return max((each.offset + each.piece.height for each in placed), default=0.0)
