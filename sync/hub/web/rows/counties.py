"""The counties and how they stand with the hub: workstations, gaps, what waits for a person, rows held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from models import errors
from models.device import CITY
from models.errors import Message
from sync.hub import completeness, storage
from sync.hub.completeness import Gap
from sync.hub.held import open_conflicts
from sync.hub.hub import Hub, Position

SILENT_DAYS = 3
"""A county from which no batch came for so many days is marked."""
_LISTED = 200
"""Entries in quarantine and refused files that a page lists; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationState:
    """A workstation of a county.

    Attributes:
        have: Its entries up to this one are here, without a gap.
        told: Its own last entry, as it said; None when it has not said.
        last_batch_at: When its last batch came, by the hub's clock; None for never.
        missing: Ranges of entries that are missing before later ones.
        waiting: Batches that wait for a gap to close.
    """

    device: int
    name: str
    have: int
    told: int | None
    last_batch_at: datetime | None
    missing: tuple[tuple[int, int], ...]
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyState:
    """A county as the hub knows it; `conflicts` are those that nobody has settled."""

    county: str
    name: str
    enrolled_at: datetime
    stations: tuple[StationState, ...]
    quarantine: int
    refused: int
    conflicts: int
    rows: int
    gaps: tuple[Gap, ...]

    @property
    def last_batch_at(self) -> datetime | None:
        """When the last batch of any workstation came."""
        return max((one.last_batch_at for one in self.stations if one.last_batch_at), default=None)

    @property
    def missing(self) -> int:
        """How many entries are missing for certain."""
        return sum(last - first + 1 for one in self.stations for first, last in one.missing)

    def silent(self, now: datetime) -> bool:
        """Return whether no batch came for some days."""
        last = self.last_batch_at
        return last is None or now - last > timedelta(days=SILENT_DAYS)

    def well(self, now: datetime) -> bool:
        """Return whether nothing of it asks for somebody."""
        return not (self.missing or self.quarantine or self.refused or self.conflicts or self.silent(now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """An entry in quarantine, or a refused file."""

    device: int
    first: int
    last: int
    told: Message
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How many rows of a table are held."""

    table: str
    rows: int


def states(hub: Hub) -> tuple[CountyState, ...]:
    """Return all counties, in the order of their codes."""
    held = completeness.positions(hub)
    day = _yesterday(hub)
    with hub.reading() as connection:
        t = storage.county
        known = connection.execute(sa.select(t.c.county, t.c.name, t.c.enrolled_ms).order_by(t.c.county)).all()
        return tuple(_state(connection, *one, held, day) for one in known)


def state(hub: Hub, county: str) -> CountyState:
    """Return one county.

    Raises:
        InputError: It is not enrolled.
    """
    held = completeness.positions(hub)
    with hub.reading() as connection:
        t = storage.county
        query = sa.select(t.c.county, t.c.name, t.c.enrolled_ms).where(t.c.county == county)
        known = connection.execute(query).first()
        if known is None:
            raise unknown(county)
        return _state(connection, *known, held, _yesterday(hub))


def names(hub: Hub) -> dict[str, str]:
    """Return the names of the counties by their codes."""
    t = storage.county
    with hub.reading() as connection:
        return {code: name for code, name in connection.execute(sa.select(t.c.county, t.c.name).order_by(t.c.county))}  # noqa: C416  a result has keys of its own


def gaps(hub: Hub, county: str) -> tuple[Gap, ...]:
    """Return what a county may not have sent yet, up to yesterday: today is not over."""
    held = completeness.positions(hub)
    with hub.reading() as connection:
        return completeness.gaps(connection, county, _yesterday(hub), held)


def unknown(county: str) -> errors.InputError:
    """Return the error for a county that is not enrolled."""
    return errors.InputError(
        "county", f"没有接入代码为“{county}”的县局。", f"No county with the code “{county}” is enrolled."
    )


def quarantine(hub: Hub, county: str) -> tuple[Trouble, ...]:
    """Return the entries of a county that could not be taken, the newest first."""
    q = storage.quarantine
    query = sa.select(q.c.device, q.c.seq, q.c.seq, q.c.zh, q.c.en, q.c.noted_ms).where(q.c.county == county)
    return _troubles(hub, query.order_by(q.c.noted_ms.desc(), q.c.device, q.c.seq))


def refused(hub: Hub, county: str) -> tuple[Trouble, ...]:
    """Return the files of a county that were refused, the newest first."""
    r = storage.refused
    query = sa.select(r.c.device, r.c.first, r.c.last, r.c.zh, r.c.en, r.c.noted_ms).where(r.c.county == county)
    return _troubles(hub, query.order_by(r.c.noted_ms.desc(), r.c.sha256))


def held_rows(hub: Hub, county: str) -> tuple[Held, ...]:
    """Return how many rows of each table the hub holds of a county, as its digests count them."""
    g = storage.digest
    query = sa.select(g.c.table_name, sa.func.sum(g.c.rows)).where(g.c.county == county)
    with hub.reading() as connection:
        found = connection.execute(query.group_by(g.c.table_name).order_by(g.c.table_name))
        return tuple(Held(table=table, rows=int(rows)) for table, rows in found if rows)


def _troubles(hub: Hub, query: sa.Select[Any]) -> tuple[Trouble, ...]:
    with hub.reading() as connection:
        return tuple(
            Trouble(device=device, first=first, last=last, told=Message(zh, en), noted_at=_instant(ms))
            for device, first, last, zh, en, ms in connection.execute(query.limit(_LISTED))
        )


def _state(
    connection: sa.Connection,
    code: str,
    name: str,
    enrolled_ms: int,
    held: Mapping[tuple[str, int], Position],
    day: date,
) -> CountyState:
    d, t = storage.device, storage.told
    own = sa.and_(t.c.county == d.c.county, t.c.device == d.c.device, t.c.of_device == d.c.device)
    query = (
        sa.select(d.c.device, d.c.name, d.c.have, d.c.last_batch_ms, t.c.last)
        .select_from(d.outerjoin(t, own))
        .where(d.c.county == code, d.c.device != CITY)
        .order_by(d.c.device)
    )
    stations = []
    for device, station, have, last_ms, told in connection.execute(query):
        position = held.get((code, device))
        stations.append(
            StationState(
                device=device,
                name=station,
                have=have,
                told=told,
                last_batch_at=_instant(last_ms) if last_ms else None,
                missing=position.missing if position else (),
                waiting=position.waiting if position else 0,
            )
        )
    g = storage.digest
    rows = connection.execute(sa.select(sa.func.sum(g.c.rows)).where(g.c.county == code)).scalar_one()
    return CountyState(
        county=code,
        name=name,
        enrolled_at=_instant(enrolled_ms),
        stations=tuple(stations),
        quarantine=_count(connection, storage.quarantine, code),
        refused=_count(connection, storage.refused, code),
        conflicts=open_conflicts(connection, code),
        rows=int(rows or 0),
        gaps=completeness.gaps(connection, code, day, held),
    )


def _count(connection: sa.Connection, table: sa.Table, county: str) -> int:
    query = sa.select(sa.func.count()).select_from(table).where(table.c.county == county)
    return int(connection.execute(query).scalar_one())


def _yesterday(hub: Hub) -> date:
    return hub.now().astimezone().date() - timedelta(days=1)


def _instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
