"""The way down at the hub: what each workstation lacks, and the batches of the others sealed anew for it.

The hub keeps every batch as its author sealed it (`hub_batch`). What goes down is that batch under another seal
(`sync.relay`); the hub's own journal for a county (workstation number `models.device.CITY`) lies among them like any
other. A relay that was made for the line is kept (`hub_relay`) until its receiver says that it holds the entries, so
that a download that was cut goes on at its byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from models.device import CITY
from models.journal import row_digest
from models.tables import BY_NAME
from sync import agreement
from sync.causes import RefusedError
from sync.holds import HUB, Holds, newer_of, read_holds, write_holds
from sync.hub import held, storage
from sync.hub.cityjournal import introduce
from sync.hub.hub import Hub
from sync.keys import PublicKeys
from sync.relay import STREAM_BYTES, read_relay_header, write_relay

DIGEST_DIGITS = 16
"""Hex digits of a row's digest in a comparison row by row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What the hub holds of a workstation and for it."""

    have: int
    """Last entry of its own that is applied without a gap."""
    head: bytes
    missing: tuple[held.Range, ...]
    waiting: int
    newest: bytes | None
    """Its newest receipt, if that reaches beyond what was asked."""
    down: tuple[tuple[int, int], ...]
    """(author, last entry) of all that the workstation lacks; itself among them when its register is behind."""
    digest: str
    """`agreement.summary` of the county's digests."""
    city: int | None = None
    """Last entry of the city's own journal, where the workstation holds more of it than the hub."""
    lacks: tuple[tuple[int, int, bytes], ...] = ()
    """(author, last entry, its hash) at the hub, of siblings of whom the workstation holds more."""
    elsewhere: tuple[tuple[int, int], ...] = ()
    """(workstation, last entry): siblings that said they hold more of this one's entries than the hub does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """A relay that is kept: entries `first` to `last` of an author, inclusive."""

    first: int
    last: int
    sha256: str
    data: bytes


def status(hub: Hub, county: str, device: int, *, after: int, holds: Mapping[int, int], epoch: int) -> Status:
    """Say what the hub holds, note what the workstation holds; one reading transaction when that is nothing new.

    Args:
        hub: The hub.
        county: Division code.
        device: An enrolled workstation.
        after: Last entry that it has a receipt for.
        holds: Last entry that it holds of each author.
        epoch: Of its register.
    """
    d, r = storage.device, storage.receipt
    with hub.reading() as connection:
        have = {
            number: (last, head)
            for number, last, head in connection.execute(
                sa.select(d.c.device, d.c.have, d.c.head).where(d.c.county == county)
            )
        }
        missing, waiting = held.gaps(connection, county, device, have[device][0])
        newest = connection.execute(
            sa.select(r.c.document)
            .where(r.c.county == county, r.c.device == device, r.c.last > after)
            .order_by(r.c.last.desc(), r.c.made_ms.desc())
            .limit(1)
        ).scalar_one_or_none()
        digest = _summary(hub, connection, county, tuple((number, last) for number, (last, _) in sorted(have.items())))
        known = _told(connection, county, device)
        t = storage.told
        beyond = (t.c.of_device == device, t.c.device != device, t.c.last > have[device][0])
        elsewhere = connection.execute(
            sa.select(t.c.device, t.c.last).where(t.c.county == county, *beyond).order_by(t.c.device)
        ).all()
    said = Holds(county=county, device=device, epoch=epoch, holds=holds)
    if known is None or (known.epoch, {**known.holds}) != (epoch, {**holds}):
        _note(hub, said)
    behind = ((number, last) for number, (last, _) in sorted(have.items()) if last > holds.get(number, 0))
    own, head = have[device]
    city = have[CITY][0] if CITY in have else 0
    return Status(
        have=own,
        head=head,
        missing=missing,
        waiting=waiting,
        newest=newest,
        down=tuple(behind),
        digest=digest,
        lacks=tuple(
            (number, last, head)
            for number, (last, head) in sorted(have.items())
            if 0 < last < holds.get(number, 0) and number not in (device, CITY)
        ),
        city=city if city < holds.get(CITY, 0) else None,
        elsewhere=tuple((number, last) for number, last in elsewhere),
    )


def behind(hub: Hub, county: str, holds: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
    """Return (author, last entry) of what the hub has beyond `holds`."""
    d = storage.device
    with hub.reading() as connection:
        rows = connection.execute(
            sa.select(d.c.device, d.c.have).where(d.c.county == county).order_by(d.c.device)
        ).all()
    return tuple((number, last) for number, last in rows if last > holds.get(number, 0))


def _summary(hub: Hub, connection: sa.Connection, county: str, have: tuple[tuple[int, int], ...]) -> str:
    """Return the summary of a county's digests; worked out again only when entries or quarantine changed."""
    q = storage.quarantine
    waiting = connection.execute(sa.select(sa.func.count()).select_from(q).where(q.c.county == county)).scalar_one()
    key = (have, waiting)
    known = hub.summaries.get(county)
    if known is None or known[0] != key:
        known = hub.summaries[county] = key, agreement.summary(held.buckets(connection, county))
    return known[1]


# --- what workstations say that they hold ----------------------------------------------------------------------------


def told(hub: Hub, county: str, device: int) -> Holds | None:
    """Return what a workstation last said that it holds, None when it has not said."""
    with hub.reading() as connection:
        return _told(connection, county, device)


def _told(connection: sa.Connection, county: str, device: int) -> Holds | None:
    t = storage.told
    rows = connection.execute(
        sa.select(t.c.of_device, t.c.last, t.c.epoch).where(t.c.county == county, t.c.device == device)
    ).all()
    if not rows:
        return None
    return Holds(
        county=county,
        device=device,
        epoch=max(epoch for _, _, epoch in rows),
        holds={number: last for number, last, _ in rows if number != device or last},
    )


def _note(hub: Hub, said: Holds) -> None:
    """Keep what a workstation says now, and let go of the relays that it holds."""
    t, r = storage.told, storage.relay
    mine = (t.c.county == said.county, t.c.device == said.device)
    # The own number stands there even when it is 0: a workstation that holds nothing has said so.
    lines = {said.device: 0, **said.holds}
    with hub.writing(said.county) as connection:
        if said.holds.get(CITY):  # a hub put back from a backup may not have written to this county before
            introduce(hub, connection, said.county)
        connection.execute(sa.delete(t).where(*mine))
        connection.execute(
            t.insert(),
            [
                {
                    "county": said.county,
                    "device": said.device,
                    "of_device": number,
                    "last": last,
                    "epoch": said.epoch,
                    "noted_ms": hub.now_ms(),
                }
                for number, last in sorted(lines.items())
            ],
        )
        for number, last in sorted(lines.items()):
            connection.execute(
                sa.delete(r).where(
                    r.c.county == said.county, r.c.device == said.device, r.c.of_device == number, r.c.last <= last
                )
            )


def take_holds(hub: Hub, data: bytes, *, county: str, device: int, what: str) -> None:
    """Note what a workstation says in a signed document that it holds; an older one changes nothing.

    Raises:
        RefusedError: It is not enrolled, or the document is not its own.
    """
    said = read_holds(data, sign_public=hub.sign_key(county, device), county=county, device=device, what=what)
    known = told(hub, county, device)
    now = newer_of(known, said)
    if known is None or (known.epoch, {**known.holds}) != (now.epoch, {**now.holds}):
        _note(hub, now)


def holds_document(hub: Hub, county: str) -> bytes:
    """Return what the hub holds of a county, signed, with the epochs in which it has heard of each workstation."""
    d, t = storage.device, storage.told
    with hub.reading() as connection:
        have = connection.execute(sa.select(d.c.device, d.c.have).where(d.c.county == county)).all()
        heard = sa.select(t.c.device, sa.func.max(t.c.epoch)).where(t.c.county == county).group_by(t.c.device)
        epochs = [(number, epoch) for number, epoch in connection.execute(heard)]
    said = Holds(
        county=county,
        device=HUB,
        epoch=0,
        holds={number: last for number, last in have if last},
        heard=dict(epochs),
    )
    return write_holds(said, hub.place.keys)


# --- relays ----------------------------------------------------------------------------------------------------------


def relays(hub: Hub, county: str, device: int, of_device: int, after: int, *, keep: bool = True) -> list[Relay]:
    """Return the relays with the entries of `of_device` after `after`, for `device`, up to `STREAM_BYTES` together.

    The first may begin before `after + 1`, since batches are not cut; each that follows continues the one before.

    Args:
        hub: The hub.
        county: Division code.
        device: The receiving workstation.
        of_device: The author.
        after: Last entry that the receiver holds.
        keep: Use and keep the relays made for the line, whose bytes stay the same.

    Raises:
        RefusedError: The receiver is not enrolled.
    """
    to = public_keys(hub, county, device)
    found: list[Relay] = []
    size, reached = 0, after
    t = storage.relay
    mine = (t.c.county == county, t.c.device == device, t.c.of_device == of_device)
    made: list[Relay] = []
    while size < STREAM_BYTES:
        kept = None
        if keep:
            query = sa.select(t.c.first, t.c.last, t.c.sha256, t.c.data).where(
                *mine, t.c.first <= reached + 1, t.c.last > reached
            )
            with hub.reading() as connection:
                kept = connection.execute(query.order_by(t.c.last.desc()).limit(1)).first()
        if kept is not None:
            one = Relay(first=kept.first, last=kept.last, sha256=kept.sha256, data=kept.data)
        else:
            raw = batch_after(hub, county, of_device, reached)
            if raw is None:
                break
            first, last, batch = raw
            data = write_relay(batch, keys=hub.place.keys, to=to)
            header, _ = read_relay_header(data)
            one = Relay(first=first, last=last, sha256=header.batch.sha256, data=data)
            made.append(one)
        found.append(one)
        size += len(one.data)
        reached = one.last
    if keep and made:
        _keep(hub, county, device, of_device, made)
    return found


def batch_after(hub: Hub, county: str, device: int, after: int) -> tuple[int, int, bytes] | None:
    """Return the batch that continues entry `after`: its first and last entry, and its file."""
    b = storage.batch
    query = (
        sa.select(b.c.first, b.c.last, b.c.raw)
        .where(
            b.c.county == county,
            b.c.device == device,
            b.c.state == "applied",
            b.c.first <= after + 1,
            b.c.last > after,
        )
        .order_by(b.c.last.desc())
        .limit(1)
    )
    with hub.reading() as connection:
        row = connection.execute(query).first()
    return None if row is None else (row.first, row.last, row.raw)


def _keep(hub: Hub, county: str, device: int, of_device: int, made: list[Relay]) -> None:
    rows = [
        {
            "county": county,
            "device": device,
            "of_device": of_device,
            "first": one.first,
            "last": one.last,
            "sha256": one.sha256,
            "data": one.data,
            "made_ms": hub.now_ms(),
        }
        for one in made
    ]
    with hub.writing(county) as connection:
        storage.put(connection, storage.relay, rows, replace=True)


def public_keys(hub: Hub, county: str, device: int) -> PublicKeys:
    """Return the public keys of an enrolled workstation.

    Raises:
        RefusedError: unknown_device.
    """
    d = storage.device
    with hub.reading() as connection:
        row = connection.execute(
            sa.select(d.c.sign_key, d.c.seal_key).where(d.c.county == county, d.c.device == device)
        ).first()
    if row is None:
        raise RefusedError("unknown_device", what=f"{county}/{device}", county=county, device=device)
    return PublicKeys(row.sign_key, row.seal_key)


# --- agreement row by row --------------------------------------------------------------------------------------------


def digests(hub: Hub, county: str) -> tuple[agreement.Buckets, list[tuple[int, int]]]:
    """Return the digests of a county, and the last entry of each author that they speak of, from one state."""
    d = storage.device
    with hub.reading() as connection:
        have = connection.execute(
            sa.select(d.c.device, d.c.have).where(d.c.county == county, d.c.have > 0).order_by(d.c.device)
        ).all()
        return held.buckets(connection, county), [(number, last) for number, last in have]


def rows_of(hub: Hub, county: str, table: str, month: str) -> list[tuple[int, int, str]]:
    """Return (id, version, beginning of the digest) of each row of a bucket; empty for a table without rows."""
    if table not in BY_NAME:
        return []
    columns, names = storage.ROWS[table], BY_NAME[table].names
    first, last = agreement.month_instants(month)
    query = sa.select(columns).where(columns.c.county == county, columns.c.born >= first, columns.c.born < last)
    found = []
    with hub.reading() as connection:
        for _, row, _born, rev, _revs, *values in connection.execute(query.order_by(columns.c.id)):
            digest = row_digest(table, row, rev, dict(zip(names, values, strict=True)))
            found.append((row, rev, digest.to_bytes(32).hex()[:DIGEST_DIGITS]))
    return found
