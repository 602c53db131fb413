"""The list behind a figure: its matters, newest first, for one viewer.

A list names matters, so the policy is asked for each of them again. Where the figure or the part of it that was chosen
tells what an outline does not (its channel, its purpose, what was decided), a sealed matter is counted and not listed:
"另有 n 件密件". Matters that the viewer may not know of were never counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from models import lists
from models.figures.records import Behind, Thing

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

PAGE = 50
_CHUNK = 400


def page(
    register: Register,
    staff: Staff,
    things: Iterable[Thing],
    *,
    tells_content: bool,
    after: int | None = None,
    limit: int = PAGE,
) -> Behind:
    """Return one page of the matters of some things.

    Args:
        register: The open register.
        staff: The viewer.
        things: What a figure counted.
        tells_content: Sealed matters that the viewer does not read are not listed.
        after: `Behind.after` of the page before.
        limit: Lines at most.
    """
    weights: dict[int, int] = defaultdict(int)
    for thing in things:
        if thing.matter:
            weights[thing.matter] += thing.weight
    places = _places(register, staff, sorted(weights))
    listed = sorted((place for place, (_matter, full) in places.items() if full or not tells_content), reverse=True)
    shown = [place for place in listed if after is None or place < after][:limit]
    lines = lists.lines_at(register, staff, shown)
    return Behind(
        lines=lines,
        counts=tuple(weights[line.id] for line in lines),
        hidden=len(places) - len(listed),
        total=len(places),
        after=shown[-1] if len(shown) == limit and shown[-1] != listed[-1] else None,
    )


def _places(register: Register, staff: Staff, matters: list[int]) -> dict[int, tuple[int, bool]]:
    """Return place and sight of the matters that the viewer may know of."""
    may, full = lists.known(register, staff), lists.full_sight_sql(staff)
    found = {}
    for start in range(0, len(matters), _CHUNK):
        some = tuple(matters[start : start + _CHUNK])
        marks = ",".join("?" * len(some))
        for place, matter, seen in register.rows(
            f"SELECT m.place, m.id, {full} FROM matter m WHERE m.id IN ({marks}) AND {may}", some
        ):
            found[place] = (matter, bool(seen))
    return found
