"""Chinese text to lines: where a line may end, and how its characters are spaced.

Rules kept (GB/T 15834 on punctuation, common typesetting practice 避头尾):

- no closing mark begins a line, no opening mark ends one; `——` and `……` are not torn;
- Latin words and numbers are not torn, nor a number from the counter after it (60日, and 〔2026〕12号 keeps its 12号);
- a closing mark at the end of a line may hang by half its width, else the character before it goes down with it;
- full lines are set flush: the rest is spread evenly between the characters, as little as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.letters.fonts import Glyph

CLOSING = frozenset("，。、；：？！）》」』】〕〉”’…—·～％℃‰,.;:?!)]}%")
OPENING = frozenset("（《「『【〔〈“‘([{￥$№#")
COUNTERS = frozenset("年月日号时分元人件份条款项页第次名岁")
HALF_EMPTY = frozenset("，。、；：？！）》」』】〕〉”’")
"""Closing marks whose right half is empty: they may stand over the edge by half an em."""

SQUEEZE = 0.035
"""Most that characters of a full line are drawn together for a hanging mark, as a share of the em."""
SLACK = 0.007
"""The same without a hanging mark: rounding only."""
LOOSE = 2.5
"""A line with this much empty room, in ems, tears a number with hyphens; spreading it would look worse."""
WIDEST = 0.25
"""Most that the characters of a full line are drawn apart, in ems; beyond it the line stays ragged."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line ready to draw: `indent` (points) before the first glyph, `spacing` (points) after each."""

    glyphs: tuple[Glyph, ...]
    indent: float
    spacing: float
    width: float
    """From the line's left edge to the end of its last glyph, points."""


def may_break(before: str, after: str) -> bool:
    """Say whether a line may end between two clusters."""
    first, second = before[0], after[0]
    if second in CLOSING or first in OPENING:
        return False
    if _narrow(first) and _narrow(second):
        return first == "/" or second == " " or first == " "
    return not (first.isdigit() and second in COUNTERS)


def _narrow(character: str) -> bool:
    return character.isascii() or "\u00c0" <= character <= "\u024f"


def break_lines(
    glyphs: Sequence[Glyph],
    width: float,
    size: float,
    *,
    tight: float = 0.0,
    first_indent: float = 0.0,
    rest_indent: float = 0.0,
    flush: bool = True,
) -> list[Line]:
    """Break one paragraph.

    Args:
        glyphs: The paragraph, without line ends.
        width: Of the line, points.
        size: Type size, points.
        tight: Spacing after each character of a line that is not full, points; full lines stay near it.
        first_indent: Before the first line, points.
        rest_indent: Before the other lines, points.
        flush: Spread full lines to the edge; False leaves them ragged, for narrow cells.

    Returns:
        At least one line; an empty paragraph gives one empty line.
    """
    lines: list[Line] = []
    start = 0
    while start < len(glyphs) or not lines:
        indent = first_indent if not lines else rest_indent
        room = width - indent
        end = _fill(glyphs, start, room, size, tight)
        if end >= len(glyphs):
            lines.append(_last(glyphs[start:], indent, room, size, tight))
            break
        make = _full if flush else _last
        lines.append(make(glyphs[start:end], indent, room, size, tight))
        start = end
        while start < len(glyphs) and glyphs[start].cluster == " ":
            start += 1
    return lines


def _fill(glyphs: Sequence[Glyph], start: int, room: float, size: float, tight: float) -> int:
    """Return the end of the line that begins at `start`: the last lawful one that fits."""
    closest = tight - SQUEEZE * size
    totals: list[float] = []
    total = 0.0
    for at in range(start, len(glyphs)):
        total += glyphs[at].width * size
        if total + (at - start) * closest - size > room:
            break
        totals.append(total)
    for count in range(len(totals) - 1, -1, -1):
        at = start + count
        mark = glyphs[at].cluster
        fits = totals[count] + count * (tight - SLACK * size) <= room
        if not fits and (mark[0] not in HALF_EMPTY or totals[count] - size / 2 + count * closest > room):
            continue
        if at + 1 == len(glyphs):
            return at + 1
        if may_break(mark, glyphs[at + 1].cluster):
            return _after_hyphen(glyphs, start, at + 1, room, size, tight)
    return _torn(glyphs, start, room, size, tight)


def _after_hyphen(glyphs: Sequence[Glyph], start: int, best: int, room: float, size: float, tight: float) -> int:
    """Return the end of a line that a long number left far too empty: it is torn after its hyphen if it has one."""
    used = sum(glyph.width * size + tight for glyph in glyphs[start:best])
    if room - used < LOOSE * size:
        return best
    found = best
    for at in range(best, len(glyphs)):
        if not _narrow(glyphs[at].cluster[0]):
            break
        used += glyphs[at].width * size + tight
        if used > room:
            break
        if glyphs[at].cluster == "-":
            found = at + 1
    return found


def _torn(glyphs: Sequence[Glyph], start: int, room: float, size: float, tight: float) -> int:
    """Return the end of a line that holds nothing but one long word: it is torn where the line is full."""
    total, at = 0.0, start
    while at < len(glyphs):
        total += glyphs[at].width * size + tight
        if total > room and at > start:
            break
        at += 1
    return at


def _full(glyphs: Sequence[Glyph], indent: float, room: float, size: float, tight: float) -> Line:
    kept = tuple(glyphs)
    while len(kept) > 1 and kept[-1].cluster == " ":
        kept = kept[:-1]
    total = sum(glyph.width for glyph in kept) * size
    gaps = max(1, len(kept) - 1)
    spacing = (room - total) / gaps
    if kept[-1].cluster[0] in HALF_EMPTY and spacing < tight - SLACK * size:
        spacing = (room - total + size / 2) / gaps
    if spacing > WIDEST * size:  # a line that ends early before a long word is not torn apart
        spacing = tight
    return Line(kept, indent, spacing, indent + total + spacing * (len(kept) - 1))


def _last(glyphs: Sequence[Glyph], indent: float, room: float, size: float, tight: float) -> Line:
    total = sum(glyph.width for glyph in glyphs) * size
    gaps = len(glyphs) - 1
    spacing = tight
    if gaps > 0 and total + tight * gaps > room:
        spacing = _full(glyphs, indent, room, size, tight).spacing
    return Line(tuple(glyphs), indent, spacing, indent + total + spacing * max(0, gaps))
