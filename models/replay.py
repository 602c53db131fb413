"""Making the tables again from the journal: the same changes in the same order give the same rows.

`rebuild` writes a new register file from the journal of an old one and puts it in its place; `compare` does the same
beside it and tells every table that differs. Payloads that were sealed or disposed of cannot be replayed; the rows that
they wrote are named as such.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from models import door, journal, projections
from models.act import ENTRY_COLUMNS, add_digest
from models.journal import Change, Entry
from models.tables import BY_NAME, TABLES

if TYPE_CHECKING:
    import sqlcipher3.dbapi2 as driver

    from models.register import Register

Progress = Callable[[str, int, int], None]
"""Called with what is done, how many are done, and how many there are."""

_PROJECTED = ("duty", "bar", "digest")


def entries_of(connection: driver.Connection, *, device: int | None = None, after: int = 0) -> Iterator[Entry]:
    """Yield the journal's entries: of one device after a sequence number, or all in the order of arrival."""
    sql = f"SELECT {ENTRY_COLUMNS} FROM entry"
    cursor = connection.cursor()
    if device is None:
        cursor.execute(f"{sql} ORDER BY arrival")
    else:
        cursor.execute(f"{sql} WHERE device=? AND seq>? ORDER BY seq", (device, after))
    names = ENTRY_COLUMNS.split(", ")
    while found := cursor.fetchmany(500):
        for row in found:
            yield Entry(**dict(zip(names, row, strict=True)))


def apply_change(connection: driver.Connection, change: Change, hlc: int) -> None:
    """Write one change of a journal entry, with its digest; projections are not touched."""
    table = BY_NAME[change.table]
    if change.seen is None:
        columns = {"id": change.row, "born": hlc, "rev": hlc, **change.columns}
        if table.name == "matter":
            columns["place"] = projections.next_place(connection, change.columns["received_on"])
        connection.execute(
            f"INSERT INTO {table.name}({', '.join(columns)}) VALUES({','.join('?' * len(columns))})",
            tuple(columns.values()),
        )
        add_digest(
            connection,
            table.name,
            journal.bucket(hlc),
            1,
            journal.row_digest(table.name, change.row, hlc, change.columns),
        )
        return
    born, rev, revs, *old = connection.execute(
        f"SELECT born, rev, revs, {', '.join(table.names)} FROM {table.name} WHERE id=?", (change.row,)
    ).fetchone()
    before = dict(zip(table.names, old, strict=True))
    versions = {**(orjson.loads(revs) if revs else {}), **dict.fromkeys(change.columns, hlc)}
    connection.execute(
        f"UPDATE {table.name} SET {', '.join(f'{name}=?' for name in change.columns)}, rev=?, revs=? WHERE id=?",
        (*change.columns.values(), hlc, orjson.dumps(versions, option=orjson.OPT_SORT_KEYS).decode(), change.row),
    )
    if table.name == "matter" and "received_on" in change.columns:
        place = projections.next_place(connection, change.columns["received_on"])
        connection.execute("UPDATE matter SET place=? WHERE id=?", (place, change.row))
    after = journal.row_digest(table.name, change.row, hlc, {**before, **change.columns})
    add_digest(
        connection, table.name, journal.bucket(born), 0, after - journal.row_digest(table.name, change.row, rev, before)
    )


def replay(register: Register, target: Path, progress: Progress | None = None) -> int:
    """Write a new register file at `target` from the journal; returns how many entries could not be replayed.

    The file has the same key; it is flushed to the disk before this returns.
    """
    lost = 0
    for suffix in ("", "-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    fresh = door.connect(target, register.keys.register_key, create=True, salt=door.file_salt(register.id))
    try:
        door.migrate(fresh, target)
        database = door.database(fresh)
        total = register.rows("SELECT count(*) FROM entry")[0][0]
        fresh.execute("PRAGMA synchronous=OFF")  # a half-made file is thrown away; it is flushed as a whole at the end
        with door.translated(target), database.atomic():
            _copy_local(register.connection, fresh)
            for done, entry in enumerate(entries_of(register.connection)):
                if entry.payload is None:
                    lost += 1
                else:
                    for change in journal.decode_payload(entry.payload):
                        apply_change(fresh, change, entry.hlc)
                if progress and done % 200 == 0:
                    progress("replay", done, total)
            _copy(register.connection, fresh, "entry")
            projections.rebuild_all(
                fresh,
                register.calendar,
                progress=partial(progress, "projections") if progress else None,
            )
        with door.translated(target):
            fresh.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        fresh.close()
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    return lost


def _copy_local(source: driver.Connection, target: driver.Connection) -> None:
    """Copy every table that is neither journalled nor worked out: keys, chunks, drafts, and what other rooms keep."""
    made_again = {*BY_NAME, *_PROJECTED, "entry", "_sqlite_migrations"}
    have = {row[0] for row in target.execute("SELECT name FROM sqlite_schema").fetchall()}
    for kind, name, table, sql in source.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND type IN ('table', 'index') ORDER"
        " BY type DESC"
    ).fetchall():
        if table in made_again or table.startswith(("search_", "sqlite_")):
            continue
        if name not in have:
            target.execute(sql)
        if kind == "table":
            _copy(source, target, name)


def _copy(source: driver.Connection, target: driver.Connection, table: str) -> None:
    cursor = source.execute(f"SELECT * FROM {table}")
    marks = ",".join("?" * len(cursor.description))
    while found := cursor.fetchmany(500):
        target.executemany(f"INSERT INTO {table} VALUES({marks})", found)


def compare(register: Register, progress: Progress | None = None) -> tuple[dict[str, int], int]:
    """Replay beside the register and compare.

    Returns:
        For each table that differs, how many rows do; and how many entries could not be replayed.
    """
    beside = register.path.with_name(register.path.name + ".rebuilt")
    try:
        lost = replay(register, beside, progress)
        return differences(register.connection, beside, register.keys.register_key), lost
    finally:
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                beside.with_name(beside.name + suffix).unlink(missing_ok=True)


def differences(connection: driver.Connection, other: Path, key: bytes) -> dict[str, int]:
    """Return, per table that differs between the open register and the file `other` (same key), the number of rows."""
    connection.execute(f"PRAGMA cipher_default_page_size={door.CIPHER_PAGE_BYTES}")
    connection.execute(f"ATTACH ? AS other KEY \"x'{key.hex()}'\"", (str(other),))
    try:
        found: dict[str, int] = {}
        for name in (*(table.name for table in TABLES), *_PROJECTED):
            one = connection.execute(
                f"SELECT count(*) FROM (SELECT * FROM main.{name} EXCEPT SELECT * FROM other.{name})"
            ).fetchone()[0]
            two = connection.execute(
                f"SELECT count(*) FROM (SELECT * FROM other.{name} EXCEPT SELECT * FROM main.{name})"
            ).fetchone()[0]
            if one or two:
                found[name] = max(one, two)
        return found
    finally:
        connection.execute("DETACH other")


def rebuild(register: Register, progress: Progress | None = None) -> Path:
    """Make the register's file again from its journal and put it in place; the old file is kept.

    The register is closed by this; open it again.

    Returns:
        Where the old file is kept.
    """
    fresh = register.path.with_name(register.path.name + ".rebuilt")
    replay(register, fresh, progress)
    kept = register.path.with_name(f"{register.path.name}.before-rebuild-{datetime.now().astimezone():%Y%m%d-%H%M%S}")
    register.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    register.connection.close()
    try:
        os.link(register.path, kept)
        fresh.replace(register.path)
        door.sync_folder(register.path.parent)
    finally:
        register.close()
    return kept


def row_counts(connection: driver.Connection) -> dict[str, Any]:
    """Return the number of rows of each journalled table and of the journal."""
    return {
        name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in (*BY_NAME, "entry", "chunk")
    }
