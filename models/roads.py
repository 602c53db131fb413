"""Which index a list walks: chosen here, because the database keeps no statistics and would guess.

A page can be found in two ways. *Walk* the index of its order and skip what the filters leave out: quick when most
rows pass. *Gather* the rows that pass from the index of a filter and sort them: quick when they are few. Late and open
matters are few in any register that is in order, and their two indexes hold every column that filters ask for, so
that way reads no row that the page does not show.

Measured at 200,000 and a million matters (docs/measurements.md): left to itself the database read the whole table for
"late, newest first".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import isqrt
from typing import TYPE_CHECKING

from models.projections import EPOCH_DAY
from models.records import Filters
from models.schema import PLACE_BITS

if TYPE_CHECKING:
    from models.register import Register

FEW_IN_INDEX = 30_000
"""Matters that may be sorted by what the index itself holds."""
_PAGE = 200
_IN_INDEX = frozenset({"place", "state", "category", "channel", "unit", "handler", "due_on"})
_CLOSED = "S13"


def road(register: Register, filters: Filters, column: str, condition: str, values: Sequence[object]) -> str:
    """Return the index by which a page in the order of `column` is found; '' leaves it to the database.

    Args:
        register: The open register.
        filters: The filters of the page.
        column: Column of the order, `place` for the register's own.
        condition: The filters as SQL over `matter m`.
        values: Its values.
    """
    if column == "due_on":
        return "matter_due_on"
    index = "matter_due_on" if filters.late else "matter_open" if is_open(filters) else ""
    if index:
        if column == "place" and index == "matter_open":
            return index
        most = FEW_IN_INDEX if column in _IN_INDEX else _few(register)
        return index if _at_most(register, index, condition, values, most) else f"matter_{column}"
    several = any(len(choices) > 1 for choices in (filters.states, filters.categories, filters.channels))
    if column == "place":
        return "matter_place" if several and filters.unit is None and filters.handler is None else ""
    for name in ("handler", "unit"):
        choice = getattr(filters, name)
        if choice is not None and name != column:
            few = _at_most(register, f"matter_{name}", f"m.{name}=?", (choice,), _few(register))
            return f"matter_{name if few else column}"
    if filters.received_from or filters.received_to:
        first, last = days_places(filters)
        if _at_most(register, "matter_place", "m.place >= ? AND m.place < ?", (first, last), _few(register)):
            return "matter_place"
    return f"matter_{column}"


def days_places(filters: Filters) -> tuple[int, int]:
    """Return the first place of the days asked for, and the first one after them."""
    first = (filters.received_from or date.min).toordinal() - EPOCH_DAY
    last = (filters.received_to or date.max).toordinal() - EPOCH_DAY
    return first << PLACE_BITS, last + 1 << PLACE_BITS


def _few(register: Register) -> int:
    """Return how many matters may be read to be sorted, before walking is the shorter way.

    Of n among N, walking reads about 200 N / n rows for a page of 200, gathering reads n. N is told well enough by the
    matters of this workstation.
    """
    return isqrt(_PAGE * (register.last_id("matter") & 0xFFFFFFFF))


def is_open(filters: Filters) -> bool:
    """Return whether the filters leave out everything that is closed."""
    return filters.open_only or (bool(filters.states) and _CLOSED not in filters.states)


def _at_most(register: Register, index: str, condition: str, values: Sequence[object], most: int) -> bool:
    found = register.row(
        f"SELECT count(*) FROM (SELECT 1 FROM matter m INDEXED BY {index} WHERE {condition} LIMIT ?)",
        (*values, most + 1),
    )
    return found is None or found[0] <= most
