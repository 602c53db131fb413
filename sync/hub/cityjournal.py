"""The journal that the city bureau writes for a county: entries under workstation number 4095, chained like any.

An act of the city is one entry. It is made into a batch that is signed and sealed with the hub's own keys, and that
batch is taken as every other: kept as evidence, laid over the county's rows by the same merge, receipted, followed by
`verify`. What comes down to the county is made of it (`sync.relay`).

Reading the head of the chain, the entry and its rows are one transaction that holds the county: two workers never give
out the same place in the chain.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson
import sqlalchemy as sa

from models import errors
from models.device import CITY
from models.hlc import next_instant
from models.journal import GENESIS, SALT_BYTES, Change, Entry, commit_payload, encode_payload, header_hash, seen_by
from sync.batch import open_batch, write_batch
from sync.causes import RefusedError
from sync.hub import held, storage
from sync.hub.hub import Hub

ACTOR = CITY << 32
"""Who acts in the city's entries: nobody of the county's own people; the paper says who signed it."""
EPOCH = 1
_NO_MONOTONIC_MS = -1
"""Each entry may be written by another worker: there is no clock to measure the time between two of them."""


class CityAct:
    """Collects the changes of one act of the city. Made by `act` only."""

    def __init__(self, connection: sa.Connection, county: str) -> None:
        self.connection = connection
        self.county = county
        self.changes: list[Change] = []
        self.matter: int | None = None
        """The county's matter that it concerns; set before the act ends."""
        self.entry: Entry | None = None
        """The journal entry, once the act has ended; None where nothing was changed."""
        self.latest = 0
        """The newest version of any column that is changed: the entry is later than all that it saw."""
        self._ids: dict[str, int] = {}

    def row(self, table: str, row_id: int) -> dict[str, Any] | None:
        """Return a row of the county with `id`, `born` and `rev`, None when the hub holds none."""
        t = storage.ROWS[table]
        query = sa.select(t).where(t.c.county == self.county, t.c.id == row_id)
        found = self.connection.execute(query).mappings().first()
        return dict(found) if found else None

    def insert(self, table: str, values: Mapping[str, Any]) -> int:
        """Add a row; returns its id. What is absent or empty is not written."""
        row_id = self._ids.get(table) or self._last_id(table)
        self._ids[table] = row_id = row_id + 1
        columns = {name: value for name, value in values.items() if value not in (None, "")}
        self.changes.append(Change(table, row_id, None, columns))
        return row_id

    def set(self, table: str, row_id: int, **values: Any) -> None:
        """Change columns of a row; columns that already have the value are left out.

        Raises:
            RefusedError: The hub holds no such row.
        """
        before = self.row(table, row_id)
        if before is None or before["born"] is None:
            raise RefusedError("content", what=f"{self.county}/{CITY}", where=f"{table} {row_id}")
        columns = {name: value for name, value in values.items() if before[name] != value}
        if not columns:
            return
        versions = orjson.loads(before["revs"]) if before["revs"] else {}
        seen = {name: versions.get(name, before["born"]) for name in columns}
        self.latest = max(self.latest, *seen.values())
        self.changes.append(Change(table, row_id, seen_by(seen), columns))

    def _last_id(self, table: str) -> int:
        t = storage.ROWS[table]
        low = CITY << 32
        query = sa.select(sa.func.max(t.c.id)).where(t.c.county == self.county, t.c.id > low)
        return int(self.connection.execute(query).scalar_one() or low)


@contextlib.contextmanager
def act(hub: Hub, county: str, name: str, *, by: str) -> Iterator[CityAct]:
    """Open an act of the city for a county: the only way in which the hub writes to a county's rows.

    Args:
        hub: The open hub.
        county: Code of an enrolled county.
        name: Name of the act, kept in the journal.
        by: Who of the city does it, kept at the hub (`hub_look`).

    Raises:
        RefusedError: The county is not enrolled; nothing was written.
    """
    with hub.writing(county) as connection:
        introduce(hub, connection, county)
        _check_whole(connection, county)
        made = CityAct(connection, county)
        yield made
        if not made.changes:
            return
        entry = _entry(hub, made, name)
        data = write_batch([entry], county=county, epoch=EPOCH, keys=hub.place.keys, hub=hub.public)
        opened = open_batch(data, keys=hub.place.keys, hub=hub.key_id, sign_key_of=lambda *_: hub.public.sign)
        hub.apply(connection, opened, data, 0)
        _keep_author(connection, hub, entry, county, by)
        made.entry = entry


def write(hub: Hub, county: str, name: str, changes: Iterable[Change], *, by: str) -> Entry:
    """Write changes that were made ready as one entry of the city's journal for a county; returns the entry.

    Args:
        hub: The open hub.
        county: Code of an enrolled county.
        name: Name of the act.
        changes: At least one.
        by: Who of the city does it.

    Raises:
        RefusedError: The county is not enrolled, or there is nothing to write.
    """
    with act(hub, county, name, by=by) as made:
        made.changes += changes
        made.latest = max((version for change in made.changes for version in change.bases.values()), default=0)
    if made.entry is None:
        raise RefusedError("content", what=f"{county}/{CITY}", where="0")
    return made.entry


def introduce(hub: Hub, connection: sa.Connection, county: str) -> None:
    """Enter the city's journal among those that the hub follows for a county, the first time."""
    c, d = storage.county, storage.device
    if connection.execute(sa.select(c.c.county).where(c.c.county == county)).first() is None:
        raise RefusedError("unknown_county", what=f"{county}/{CITY}", county=county)
    row = {
        "county": county,
        "device": CITY,
        "name": hub.place.city,
        "sign_key": hub.public.sign,
        "seal_key": hub.public.seal,
        "epoch": EPOCH,
        "have": 0,
        "head": GENESIS,
        "enrolled_ms": hub.now_ms(),
        "last_batch_ms": None,
    }
    storage.put(connection, d, [row], replace=False)


def _check_whole(connection: sa.Connection, county: str) -> None:
    """Look that no workstation in use has said that it holds more of this journal than the hub does.

    What one that the county has retired said counts no more: it gives nothing back.

    Raises:
        RuleError: A hub put back from an old backup gets back first what it wrote after it: what it would write now
            would bear the same numbers.
    """
    t, d = storage.told, storage.ROWS["device"]
    have, _ = held.have(connection, county, CITY)
    retired = sa.select(d.c.number).where(d.c.county == county, d.c.retired_on.is_not(None))
    told = connection.execute(
        sa.select(sa.func.max(t.c.last)).where(t.c.county == county, t.c.of_device == CITY, t.c.device.not_in(retired))
    ).scalar_one()
    if told is not None and told > have:
        raise errors.RuleError(
            f"单位 {county} 已收到市局第 {told} 条及以前的来文，本中心只到第 {have} 条：中心可能由旧备份恢复。请等该单"
            "位再同步一次，缺少的来文会送回，然后再发文；那台工作站已损毁的，请该单位停用它。",
            f"County {county} holds what the city wrote up to {told}, the hub up to {have}: it was probably put back "
            "from an old backup. Wait for that county's next sync, which gives back what is lacking, then send; if "
            "that workstation is gone for good, let the county retire it.",
        )


def _entry(hub: Hub, made: CityAct, name: str) -> Entry:
    have, head = held.have(made.connection, made.county, CITY)
    e = storage.entry
    own = made.connection.execute(
        sa.select(e.c.hlc).where(e.c.county == made.county, e.c.device == CITY, e.c.seq == have)
    ).scalar_one_or_none()
    payload, salt, at_ms = encode_payload(made.changes), os.urandom(SALT_BYTES), hub.now_ms()
    fields: dict[str, Any] = {
        "device": CITY,
        "seq": have + 1,
        "at_ms": at_ms,
        "hlc": next_instant(max(own or 0, made.latest), at_ms, CITY),
        "mono_ms": _NO_MONOTONIC_MS,
        "actor": ACTOR,
        "act": name,
        "matter": made.matter,
        "commitment": commit_payload(salt, payload),
        "prev": head,
    }
    return Entry(**fields, payload=payload, salt=salt, hash=header_hash(**fields))


def _keep_author(connection: sa.Connection, hub: Hub, entry: Entry, county: str, by: str) -> None:
    t = storage.look
    at_ms = hub.now_ms()
    n = connection.execute(
        sa.select(sa.func.coalesce(sa.func.max(t.c.n), 0) + 1).where(t.c.county == county, t.c.at_ms == at_ms)
    ).scalar_one()
    row = {"county": county, "at_ms": at_ms, "n": n, "login": by, "what": f"{entry.act} {entry.seq}",
           "matter": entry.matter}  # fmt: skip
    connection.execute(t.insert(), row)
