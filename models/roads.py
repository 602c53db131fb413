"""Which index a list walks: chosen here, because the database keeps no statistics and would guess.

A page can be found in two ways. *Walk* the index of its order and skip what the filters leave out: quick when most
rows pass. *Gather* the rows that pass from the index of a filter and sort them: quick when they are few. Late and open
matters are few in any register that is in order, and their two indexes hold every column that filters ask for, so
neither way reads a row that the page does not show.

Measured at 200,000 and a million matters (docs/measurements.md): left to itself the database read the whole table for
"late, newest first".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from models.records import Filters
from models.schema import PLACE_BITS

if TYPE_CHECKING:
    from models.register import Register

FEW = 2000
"""Matters whose rows may be read to be sorted."""
FEW_IN_INDEX = 30_000
"""Matters that may be sorted by what the index itself holds."""
_IN_INDEX = frozenset({"place", "state", "category", "channel", "unit", "handler", "due_on"})
_CLOSED = "S13"
_EPOCH = date(1970, 1, 1)


def road(register: Register, filters: Filters, column: str, today: date) -> str:
    """Return the index by which a page in the order of `column` is found; '' leaves it to the database.

    Args:
        register: The open register.
        filters: The filters of the page.
        column: Column of the order, `place` for the register's own.
        today: The day that "late" is measured from.
    """
    if column == "due_on":
        return "matter_due_on"
    most = FEW_IN_INDEX if column in _IN_INDEX else FEW
    if filters.late and _at_most(register, "matter_due_on", "due_on < ?", (today.isoformat(),), most):
        return "matter_due_on"
    one = filters.unit is not None or filters.handler is not None
    if is_open(filters) and not (one and column == "place"):
        if column == "place" or _at_most(register, "matter_open", f"state <> '{_CLOSED}'", (), most):
            return "matter_open"
    elif column == "place":
        several = any(len(choices) > 1 for choices in (filters.states, filters.categories, filters.channels))
        return "matter_place" if several and not one else ""
    elif one:
        name, choice = ("unit", filters.unit) if filters.unit is not None else ("handler", filters.handler)
        if name != column and _at_most(register, f"matter_{name}", f"{name}=?", (choice,), FEW):
            return f"matter_{name}"
    elif filters.received_from and _at_most(register, "matter_place", *_days(filters), FEW):
        return "matter_place"
    return f"matter_{column}"


def is_open(filters: Filters) -> bool:
    """Return whether the filters leave out everything that is closed."""
    return filters.open_only or (bool(filters.states) and _CLOSED not in filters.states)


def _days(filters: Filters) -> tuple[str, tuple[int, int]]:
    first = filters.received_from or date.min
    last = filters.received_to or date.max
    return "place BETWEEN ? AND ?", ((first - _EPOCH).days << PLACE_BITS, ((last - _EPOCH).days + 1 << PLACE_BITS) - 1)


def _at_most(register: Register, index: str, condition: str, values: Sequence[object], most: int) -> bool:
    found = register.row(
        f"SELECT count(*) FROM (SELECT 1 FROM matter INDEXED BY {index} WHERE {condition} LIMIT ?)", (*values, most + 1)
    )
    return found is None or found[0] <= most
