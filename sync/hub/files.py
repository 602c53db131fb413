"""Stored files at the hub: chunks come in from workstations, files go out to their siblings and to the city's pages.

A file belongs to a county and is kept once there, whoever sent it; two counties with the same file keep it each for
itself. It counts as held when all its chunks are here and their hash is its name; until then nothing of it is given
out. Files yield to records: they are taken only while the hub's disk has more than `RESERVE_BYTES` left.

The table `hub_file` has a row for a file of which a chunk came; `whole_ms` is set once it was checked.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from models.device import CITY
from sync.causes import RefusedError
from sync.chunks import CHUNK_BYTES, chunk_count, chunk_length, open_chunk, write_chunk
from sync.hub import storage
from sync.hub.hub import Hub
from sync.keys import PublicKeys

RESERVE_BYTES = 512 << 20
"""Room on the hub's disk that files leave to the records. A server's disk is the server's matter."""
NAMED_IN = ("attachment", "document", "office_document")
"""Tables whose rows name files (`sha256`)."""

Range = tuple[int, int]
"""First and last chunk, both included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What the hub holds of a county's files; `coming` are those that its rows name and that are not here whole."""

    files: int
    size: int
    coming: int


def take(hub: Hub, data: bytes) -> bool:
    """Take a chunk; returns whether the file is whole now. Safe to repeat.

    Raises:
        RefusedError: With the cause: of the chunk (`chunks.open_chunk`), file_room, or file_hash when the last chunk
            came and the whole is not what its name says; then all its chunks are thrown away, to be sent anew.
        StorageError: The database does not answer, or is full; nothing was taken.
    """
    header, content = open_chunk(data, keys=hub.place.keys, to=hub.key_id, sign_key_of=hub.sign_key)
    check_room(hub)
    f, c = storage.file, storage.chunk
    mine = sa.and_(f.c.county == header.county, f.c.sha256 == header.file)
    with hub.writing(header.county) as connection:
        known = connection.execute(sa.select(f.c.size, f.c.whole_ms).where(mine)).first()
        if known is not None and known.whole_ms is not None:
            return True
        if known is not None and known.size != header.whole:  # one of the two is wrong: the hash will tell
            _forget(connection, header.county, header.file)
            known = None
        if known is None:
            row = {
                "county": header.county,
                "sha256": header.file,
                "size": header.whole,
                "whole_ms": None,
                "noted_ms": hub.now_ms(),
            }
            connection.execute(f.insert(), row)
        part = {"county": header.county, "sha256": header.file, "n": header.n, "data": content}
        storage.put(connection, c, [part], replace=False)
        held = _held(connection, header.county, header.file)
    if held < chunk_count(header.whole):
        return False
    _check_whole(hub, header.county, header.file, header.what)
    return True


def check_room(hub: Hub) -> None:
    """Check that files may take room on the hub's disk.

    Raises:
        RefusedError: file_room.
    """
    if hub.place.database_url:
        return
    free = shutil.disk_usage(hub.place.folder).free
    if free < RESERVE_BYTES:
        raise RefusedError("file_room", where=hub.place.city, free=free >> 20)


def _check_whole(hub: Hub, county: str, name: str, what: str) -> None:
    f = storage.file
    mine = sa.and_(f.c.county == county, f.c.sha256 == name)
    good = _digest(hub, county, name) == name
    with hub.writing(county) as connection:
        if good:
            connection.execute(sa.update(f).where(mine).values(whole_ms=hub.now_ms()))
        elif connection.execute(sa.select(f.c.whole_ms).where(mine)).scalar() is None:
            _forget(connection, county, name)
    if not good:
        raise RefusedError("file_hash", what=what)


def _forget(connection: sa.Connection, county: str, name: str) -> None:
    for table in (storage.chunk, storage.file):
        connection.execute(sa.delete(table).where(table.c.county == county, table.c.sha256 == name))


def _digest(hub: Hub, county: str, name: str) -> str:
    whole = hashlib.sha256()
    for part in _chunks(hub, county, name):
        whole.update(part)
    return whole.hexdigest()


def _chunks(hub: Hub, county: str, name: str) -> Iterator[bytes]:
    """Yield the chunks that are here, each read by itself, so that nobody waits for a long reading."""
    c = storage.chunk
    n = 0
    while True:
        with hub.reading() as connection:
            found = connection.execute(
                sa.select(c.c.data).where(c.c.county == county, c.c.sha256 == name, c.c.n == n)
            ).scalar()
        if found is None:
            return
        yield found
        n += 1


def lacking(hub: Hub, county: str, offered: Iterable[tuple[str, int]]) -> dict[str, list[Range]]:
    """Return for each file offered (name, size) the chunks that the hub lacks; none of a file that it holds whole.

    A file of which all chunks are here and which was not checked (the hub was stopped just then) lacks its last one:
    with that it is checked.
    """
    wanted = dict(offered)
    f, c = storage.file, storage.chunk
    with hub.reading() as connection:
        rows = connection.execute(
            sa.select(f.c.sha256, f.c.size, f.c.whole_ms).where(f.c.county == county, f.c.sha256.in_(wanted))
        ).all()
        whole = {row.sha256 for row in rows if row.whole_ms is not None}
        begun = [row.sha256 for row in rows if row.whole_ms is None and row.size == wanted[row.sha256]]
        here: dict[str, set[int]] = {name: set() for name in begun}
        for name, n in connection.execute(
            sa.select(c.c.sha256, c.c.n).where(c.c.county == county, c.c.sha256.in_(begun))
        ):
            here[name].add(n)
    return {name: [] if name in whole else _lacks(here.get(name, set()), size) for name, size in wanted.items()}


def _lacks(here: set[int], size: int) -> list[Range]:
    count = chunk_count(size)
    return _ranges(n for n in range(count) if n not in here) or [(count - 1, count - 1)]


def _ranges(numbers: Iterable[int]) -> list[Range]:
    found: list[Range] = []
    for n in numbers:
        if found and found[-1][1] == n - 1:
            found[-1] = (found[-1][0], n)
        else:
            found.append((n, n))
    return found


def taken(hub: Hub, county: str, name: str, n: int) -> Literal["kept", "whole", ""]:
    """Return whether a chunk need not be sent: it is here and others are lacking, or its whole file is here."""
    f, c = storage.file, storage.chunk
    query = (
        sa.select(f.c.size, f.c.whole_ms)
        .join_from(f, c, sa.and_(f.c.county == c.c.county, f.c.sha256 == c.c.sha256))
        .where(f.c.county == county, f.c.sha256 == name, c.c.n == n)
    )
    with hub.reading() as connection:
        found = connection.execute(query).first()
        if found is None:
            return ""
        if found.whole_ms is not None:
            return "whole"
        return "kept" if _held(connection, county, name) < chunk_count(found.size) else ""


def _held(connection: sa.Connection, county: str, name: str) -> int:
    c = storage.chunk
    query = sa.select(sa.func.count()).select_from(c).where(c.c.county == county, c.c.sha256 == name)
    return int(connection.execute(query).scalar_one())


def here(hub: Hub, county: str, names: Sequence[str]) -> dict[str, int]:
    """Return name and size of those files that the hub holds whole."""
    f = storage.file
    with hub.reading() as connection:
        rows = connection.execute(
            sa.select(f.c.sha256, f.c.size).where(
                f.c.county == county, f.c.sha256.in_(names), f.c.whole_ms.is_not(None)
            )
        )
        return {row.sha256: row.size for row in rows}


def give(hub: Hub, county: str, device: int, name: str, n: int) -> bytes:
    """Return a chunk of a file that the hub holds whole, sealed to a workstation of the county.

    Raises:
        RefusedError: file_unknown, or unknown_device.
    """
    f, c, d = storage.file, storage.chunk, storage.device
    with hub.reading() as connection:
        keys = connection.execute(
            sa.select(d.c.sign_key, d.c.seal_key).where(d.c.county == county, d.c.device == device)
        ).first()
        found = connection.execute(
            sa.select(f.c.size, c.c.data)
            .join_from(f, c, sa.and_(f.c.county == c.c.county, f.c.sha256 == c.c.sha256))
            .where(f.c.county == county, f.c.sha256 == name, c.c.n == n, f.c.whole_ms.is_not(None))
        ).first()
    if keys is None:
        raise RefusedError("unknown_device", what=name[:12], county=county, device=device)
    if found is None:
        raise RefusedError("file_unknown", what=name[:12], n=n)
    return write_chunk(
        found.data,
        county=county,
        device=CITY,
        keys=hub.place.keys,
        to=PublicKeys(keys.sign_key, keys.seal_key),
        file=name,
        n=n,
        whole=found.size,
    )


def keep(hub: Hub, county: str, data: bytes) -> str:
    """Keep a file of the city's own for a county (the scan of a paper); returns its name, for a row to refer to.

    A row of `city_paper` names files in its `content`, each as an object with `name`, `media_type`, `size` and
    `sha256`; whoever takes the paper in fetches them.

    Raises:
        RefusedError: file_room.
    """
    check_room(hub)
    name = hashlib.sha256(data).hexdigest()
    now_ms = hub.now_ms()
    with hub.writing(county) as connection:
        f = storage.file
        mine = sa.and_(f.c.county == county, f.c.sha256 == name, f.c.whole_ms.is_not(None))
        if connection.execute(sa.select(f.c.size).where(mine)).first() is not None:
            return name
        _forget(connection, county, name)
        row = {"county": county, "sha256": name, "size": len(data), "whole_ms": now_ms, "noted_ms": now_ms}
        connection.execute(f.insert(), row)
        for n in range(chunk_count(len(data))):
            part = data[n * CHUNK_BYTES : n * CHUNK_BYTES + chunk_length(len(data), n)]
            connection.execute(storage.chunk.insert(), {"county": county, "sha256": name, "n": n, "data": part})
    return name


def read(hub: Hub, county: str, name: str) -> Iterator[bytes]:
    """Yield a file's bytes, chunk by chunk.

    Raises:
        RefusedError: file_unknown: the hub does not hold it whole.
    """
    if not here(hub, county, [name]):
        raise RefusedError("file_unknown", what=name[:12], n=0)
    return _chunks(hub, county, name)


def holding(hub: Hub, county: str) -> Holding:
    """Return what the hub holds of a county's files, and how many are still on the way."""
    f = storage.file
    whole = sa.and_(f.c.county == county, f.c.whole_ms.is_not(None))
    named = sa.union(
        *(
            sa.select(rows.c.sha256).where(rows.c.county == county, rows.c.sha256.is_not(None))
            for rows in (storage.ROWS[table] for table in NAMED_IN)
        )
    ).subquery()
    with hub.reading() as connection:
        files, size = connection.execute(
            sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(f.c.size), 0)).where(whole)
        ).one()
        coming = connection.execute(
            sa.select(sa.func.count())
            .select_from(named)
            .where(named.c.sha256.not_in(sa.select(f.c.sha256).where(whole)))
        ).scalar_one()
    return Holding(files=files, size=int(size), coming=coming)


def damaged(hub: Hub) -> list[tuple[str, str]]:
    """Return (county, name) of files whose bytes fail their hash; for the proof of the whole hub."""
    f = storage.file
    with hub.reading() as connection:
        rows = connection.execute(
            sa.select(f.c.county, f.c.sha256).where(f.c.whole_ms.is_not(None)).order_by(f.c.county, f.c.sha256)
        ).all()
    return [(county, name) for county, name in rows if _digest(hub, county, name) != name]
