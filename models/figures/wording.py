"""Figures as words: a value with its unit, a change since last month, a share or why there is none."""

from __future__ import annotations

from models import errors
from models.errors import Message
from models.figures.indicators import indicator
from models.figures.records import Figure
from models.figures.report import guarded

TOO_SMALL = Message("数量过小", "too few")
NOTHING = Message("—", "—")
LEAST = 0.05
"""A smaller change would print as nothing."""
EVEN = Message("持平", "even")


def told(figure: Figure) -> int | float | str | None:
    """Return a figure as a cell of a table: a number, or why there is none."""
    one = guarded(figure)
    if one.too_small:
        return str(TOO_SMALL) if one.denominator else str(NOTHING)
    return str(NOTHING) if one.value is None else one.value


def text(figure: Figure, *, with_base: bool = False) -> str:
    """Return a figure as printed, e.g. `12 件`, `87.1%`, `87.1%（142/163）`, `7.0 天`.

    Args:
        figure: The figure.
        with_base: Say of a rate what it was taken over.
    """
    words, unit, kind = number(figure), unit_of(figure), indicator(figure.code).kind
    if unit:
        return f"{words} {unit}"
    tells = with_base and kind != "product" and figure.denominator
    return f"{words}{_base(figure)}" if tells else words


def number(figure: Figure) -> str:
    """Return a figure as printed without its unit, or why there is none."""
    one = guarded(figure)
    if one.too_small and one.denominator:
        return str(TOO_SMALL)
    value, kind = one.value, indicator(figure.code).kind
    if value is None:
        return str(NOTHING)
    if kind in ("rate", "product"):
        return f"{value * 100:.1f}%"
    return f"{value:.1f}" if kind == "mean" else f"{value:,}"


def unit_of(figure: Figure) -> str:
    """Return the unit that stands after a figure; '' for a share, and where no figure can be told."""
    meant = indicator(figure.code)
    if guarded(figure).value is None or meant.kind in ("rate", "product"):
        return ""
    return str(meant.of_one if meant.kind == "count" and figure.numerator == 1 else meant.unit)


def change(now: Figure, before: Figure | None) -> str:
    """Return the change since an earlier period, e.g. `+12`, `-3.1个百分点`, `持平`; '' when it cannot be told."""
    if before is None:
        return ""
    value, earlier = guarded(now).value, guarded(before).value
    if value is None or earlier is None or guarded(now).too_small or guarded(before).too_small:
        return ""
    meant = indicator(now.code)
    if meant.kind in ("rate", "product"):
        points = Message("个百分点", " points")
        return _signed((value - earlier) * 100, f"{(value - earlier) * 100:+.1f}{points}")
    if meant.kind == "mean":
        return _signed(value - earlier, f"{value - earlier:+.1f}")
    return _signed(value - earlier, f"{value - earlier:+,}")


def _signed(difference: float, words: str) -> str:
    return words if abs(difference) >= LEAST else str(EVEN)


def _base(figure: Figure) -> str:
    inside = f"{figure.numerator:,}/{figure.denominator:,}"
    return f"（{inside}）" if errors.spoken() == "zh" else f" ({inside})"
