"""Numbers in the queue of a reception day where several workstations give them: each has a run of its own.

With one workstation they are 1, 2, 3. Where the register is shared, workstation 1 gives 1 to 99, workstation 2 gives
101 to 199, and so on by its number; when a run is full, it goes on at 10,000 times its number and one. So two counters
that are apart never give one number twice, and a number says which counter gave it. (They need no account of their own:
the day's docket has the visits.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from models import leases
from models.device import CITY

RUN = 100
OVERFLOW = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A workstation that gave numbers on a day: its name, and the first and last number of its run."""

    name: str
    first: int
    last: int


def runs_of(device: int) -> tuple[tuple[int, int], ...]:
    """Return the runs of a workstation, first and last number inclusive, in the order in which they are given."""
    above = OVERFLOW * device
    overflow = (above + 1, above + OVERFLOW - 1)
    if device > OVERFLOW // RUN:
        return (overflow,)
    return (RUN * (device - 1) + 1, RUN * device - 1), overflow


def are_mixed(given: Iterable[int]) -> bool:
    """Return whether numbers are of more than one run: then who came first is not who has the lower number."""
    return len({(turn - 1) // (RUN if turn <= OVERFLOW else OVERFLOW) for turn in given}) > 1


def next_turn(connection: Any, device: int, reception: int) -> int:
    """Return the next number of a day at a workstation: none is given twice, those of reversed visits neither."""
    if not leases.is_shared(connection):
        return _highest(connection, reception, 1, 1 << 62) + 1
    for first, last in runs_of(device):
        highest = _highest(connection, reception, first, last)
        if highest < last:
            return max(highest + 1, first)
    return _highest(connection, reception, *runs_of(device)[-1]) + 1


def _highest(connection: Any, reception: int, first: int, last: int) -> int:
    found = connection.execute(
        "SELECT max(turn) FROM reception_visit WHERE reception=? AND turn BETWEEN ? AND ?", (reception, first, last)
    ).fetchone()[0]
    return int(found or 0)


def counters(connection: Any, reception: int) -> tuple[Counter, ...]:
    """Return the workstations that gave numbers on a day, when there is more than one; else nothing."""
    given = [
        turn
        for (turn,) in connection.execute(
            "SELECT turn FROM reception_visit WHERE reception=? AND turn IS NOT NULL", (reception,)
        ).fetchall()
    ]
    found = []
    for number, name in connection.execute(
        "SELECT number, min(name) FROM device WHERE number<>? GROUP BY number ORDER BY number", (CITY,)
    ).fetchall():
        first, last = runs_of(number)[0]
        if any(low <= turn <= high for turn in given for low, high in runs_of(number)):
            found.append(Counter(name=name, first=first, last=last))
    return tuple(found) if len(found) > 1 else ()
