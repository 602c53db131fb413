"""The duties that counties owe past their last day, over all open matters; kept until anything new comes in.

Worked out as the lists and figures are (`law`). The longest overdue come first.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from models import codes
from sync.hub import storage
from sync.hub.figures import HubRows
from sync.hub.hub import Hub
from sync.hub.web.rows import counties
from sync.hub.web.rows.law import Clocks, owed

_COLUMNS = ("id", "number", "title", "received_on", "rules", "state", "unit", "sealed")
_A_TIME = 500
"""Matters whose clocks are worked out at a time: memory stays small with any number of open ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateLine:
    """A duty past its last day; `title` is empty of a sealed matter."""

    county: str
    county_name: str
    matter: int
    number: str
    title: str
    sealed: bool
    state: str
    unit: str
    rules: str
    clock: str
    start_on: date
    last_on: date
    days: int


class Late:
    """The late duties of the counties, as long as nothing new came in and the day is the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[tuple[object, ...], tuple[LateLine, ...]]] = {}

    def lines(self, hub: Hub, on: date, county: str = "") -> tuple[LateLine, ...]:
        """Return the late duties of one county or of all, the longest overdue first.

        Raises:
            InputError: The county is not enrolled.
        """
        names = counties.names(hub)
        if county and county not in names:
            raise counties.unknown(county)
        found: list[LateLine] = []
        for code in [county] if county else names:
            found += self._of_county(hub, code, names[code], on)
        return tuple(sorted(found, key=lambda line: (line.last_on, line.county, line.matter)))

    def _of_county(self, hub: Hub, county: str, name: str, on: date) -> tuple[LateLine, ...]:
        d = storage.device
        with hub.reading() as connection:
            q = storage.quarantine
            held = connection.execute(
                sa.select(d.c.device, d.c.have).where(d.c.county == county).order_by(d.c.device)
            ).all()
            waiting = connection.execute(sa.select(sa.func.count()).select_from(q).where(q.c.county == county))
            key = (on, waiting.scalar_one(), *(tuple(row) for row in held))
            with self._lock:
                kept = self._kept.get(county)
            if kept is not None and kept[0] == key:
                return kept[1]
            lines = tuple(_late(HubRows(connection, county), county, name, on))
        with self._lock:
            self._kept[county] = (key, lines)
        return lines


def _late(rows: HubRows, county: str, name: str, on: date) -> Sequence[LateLine]:
    law = Clocks(rows)
    units = dict(rows.every("unit", ("id", "name")))
    opened = [state for state in codes.codes("state") if state != "S13"]
    matters = [dict(zip(_COLUMNS, row, strict=True)) for row in rows.by_ids("matter", "state", opened, _COLUMNS)]
    found: list[LateLine] = []
    for start in range(0, len(matters), _A_TIME):
        some = matters[start : start + _A_TIME]
        states = law.states(some, on)
        for row in some:
            found += (
                LateLine(
                    county=county, county_name=name, matter=row["id"], number=row["number"] or "",
                    title="" if row["sealed"] else row["title"] or "", sealed=bool(row["sealed"]),
                    state=row["state"], unit=units.get(row["unit"], ""), rules=row["rules"], clock=state.clock,
                    start_on=state.start_on, last_on=state.due.last_on, days=(on - state.due.last_on).days,
                )
                for state in states.get(row["id"], ())
                if state.due is not None and state.due.last_on < on and owed(state, law.rules(row))
            )  # fmt: skip
    return found
