"""Making the tables again from the journal: the same changes in the same order give the same rows.

`rebuild` writes a new register file from the journal of an old one and puts it in its place; `compare` does the same
beside it and tells every table that differs. Payloads that were sealed or disposed of cannot be replayed; the rows that
they wrote are named as such.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver

from models import door, errors, journal, projections
from models.act import ENTRY_COLUMNS
from models.journal import Entry
from models.laying import Laying, Reached
from models.schema import MATTER_LOCAL, PLACE_BITS
from models.tables import BY_NAME, TABLES

if TYPE_CHECKING:
    from models.register import Register

Progress = Callable[[str, int, int], None]
"""Called with what is done, how many are done, and how many there are."""

_PROJECTED = ("duty", "bar", "digest", "conflict")
_RETRIED = "SELECT 1 FROM meta WHERE name='arrivals.retried'"
"""Entries were laid later than they came (models.arrivals)."""
_AT_A_TIME = 500
"""Entries that are laid at once."""


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


@dataclass(frozen=True, slots=True)
class Lost:
    """Entries without a payload, which cannot be replayed."""

    entries: int = 0
    matters: frozenset[int] = frozenset()
    """The matters that they belong to: only rows of these may be missing after a replay."""
    anywhere: bool = False
    """One of them belongs to no single matter, so that any row may be missing."""


def replay(register: Register, target: Path, progress: Progress | None = None) -> Lost:
    """Write a new register file at `target` from the journal; returns what could not be replayed.

    The file has the same key; it is flushed to the disk before this returns.
    """
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
            with _numbers_free(fresh):
                lost = _lay_all(register, fresh, partial(progress, "replay") if progress else None, total)
            _copy(register.connection, fresh, "entry")
            projections.rebuild_all(
                fresh,
                register.calendar,
                register.law.book,
                progress=partial(progress, "projections") if progress else None,
            )
        with door.translated(target):
            fresh.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        fresh.close()
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    return Lost(len(lost), frozenset(matter for matter in lost if matter is not None), None in lost)


@contextlib.contextmanager
def _numbers_free(fresh: driver.Connection) -> Iterator[None]:
    """Do without the unique indexes: of two rows that had one number, the one that gave way may come first."""
    unique = fresh.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type='index' AND sql LIKE 'CREATE UNIQUE %' AND name<>'matter_place'"
    ).fetchall()
    for name, _ in unique:
        fresh.execute(f"DROP INDEX {name}")
    yield
    for _, sql in unique:
        fresh.execute(sql)


def _lay_all(
    register: Register, fresh: driver.Connection, progress: Callable[[int, int], None] | None, total: int
) -> list[int | None]:
    """Lay the whole journal, those in quarantine left out; return the matters of entries without a payload."""
    found = register.rows(
        "SELECT q.device, q.seq, e.hlc FROM quarantine q JOIN entry e ON e.device=q.device AND e.seq=q.seq"
    )
    aside, instants = {(device, seq) for device, seq, _ in found}, {instant for *_, instant in found}
    reached = Reached({}, instants)
    lost: list[int | None] = []
    early: list[_Early] = []
    entries = entries_of(register.connection)
    done = 0
    while some := list(islice(entries, _AT_A_TIME)):
        lost += [entry.matter for entry in some if entry.payload is None]
        early += _lay(fresh, [entry for entry in some if (entry.device, entry.seq) not in aside], reached)
        done += len(some)
        if progress:
            progress(done, total)
    for start in range(0, len(early), _AT_A_TIME):
        _lay_early(fresh, early[start : start + _AT_A_TIME], reached)
    return lost


_Early = tuple[int, journal.Change]
"""The instant of an entry and a change of it whose row had not come: the entry was in quarantine until it did."""


def _lay(fresh: driver.Connection, entries: Sequence[Entry], reached: Reached) -> list[_Early]:
    """Lay entries; returns the changes of rows that are not here."""
    laying = Laying(fresh, reached)
    early: list[_Early] = []
    decoded = [journal.decode_payload(entry.payload) if entry.payload else [] for entry in entries]
    laying.load((change.table, change.row) for changes in decoded for change in changes)
    for entry, changes in zip(entries, decoded, strict=True):
        made = laying.try_changes(changes, entry.hlc)
        laying.keep(made, changes)
        if len(made) < len(changes):
            early += [(entry.hlc, change) for change in changes if (change.table, change.row) not in made]
        if journal.is_opaque(entry.payload):
            laying.count_sealed(entry)
        reached.last[entry.device] = entry.hlc
    laying.write()
    return early


def _lay_early(fresh: driver.Connection, early: Sequence[_Early], reached: Reached) -> None:
    """Lay changes whose rows have come since; those of rows that were sealed or disposed of are left out for good."""
    laying = Laying(fresh, reached)
    laying.load((change.table, change.row) for _, change in early)
    for instant, change in early:
        laying.keep(laying.try_changes([change], instant), [change])
    laying.write()


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


def compare(register: Register, progress: Progress | None = None) -> tuple[dict[str, int], Lost]:
    """Replay beside the register and compare.

    Returns:
        For each table that differs beyond what the lost entries explain, how many rows do; and what was lost.
    """
    beside = register.path.with_name(register.path.name + ".rebuilt")
    try:
        lost = replay(register, beside, progress)
        return differences(register.connection, beside, register.keys.register_key, lost), lost
    finally:
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                beside.with_name(beside.name + suffix).unlink(missing_ok=True)


def differences(connection: driver.Connection, other: Path, key: bytes, lost: Lost | None = None) -> dict[str, int]:
    """Return, per table that differs between the open register and the file `other` (same key), the number of rows.

    Args:
        connection: The open register's.
        other: A replayed file.
        key: The register's key.
        lost: What the replay had to leave out; rows of those matters do not count.
    """
    connection.execute(f"PRAGMA cipher_default_page_size={door.CIPHER_PAGE_BYTES}")
    with door.translated(other):
        connection.execute(f"ATTACH ? AS other KEY \"x'{key.hex()}'\"", (str(other),))
    lost = lost or Lost()
    try:
        found: dict[str, int] = {}
        for name in (*(table.name for table in TABLES), *_PROJECTED):
            one, two = (
                _rows_only_in(connection, first, second, name, lost)
                for first, second in (("main", "other"), ("other", "main"))
            )
            if one or two:
                found[name] = max(one, two)
        return found
    finally:
        connection.execute("DETACH other")


def _rows_only_in(connection: driver.Connection, first: str, second: str, table: str, lost: Lost) -> int:
    """Return how many rows of `first` are not in `second`, without those that the lost entries explain."""
    of = "id" if table == "matter" else "matter" if table in _OF_A_MATTER else ""
    excused = ""
    if lost.entries:
        if lost.anywhere or table == "digest":
            return 0
        if of:
            excused = f" WHERE {of} NOT IN ({','.join(map(str, sorted(lost.matters)))})"
    columns = "*"
    if table == "matter" and (lost.entries or connection.execute(_RETRIED).fetchone()):
        # Matters that are missing leave their places to others of the day; those that came later have later ones.
        own = ("id", "born", "rev", "revs", *BY_NAME[table].names, *MATTER_LOCAL[1:])
        columns = ", ".join((*own, f"place >> {PLACE_BITS}"))
    difference = f"SELECT {columns} FROM {first}.{table} EXCEPT SELECT {columns} FROM {second}.{table}"
    return int(connection.execute(f"SELECT count(*) FROM ({difference}){excused}").fetchone()[0])


_OF_A_MATTER = frozenset(table.name for table in TABLES if "matter" in table.names) | {"duty", "bar", "conflict"}


def wrong_digests(connection: driver.Connection) -> int:
    """Return how many digests are not the sum of the rows as they stand."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for table in TABLES:
        cursor = connection.execute(f"SELECT id, born, rev, {', '.join(table.names)} FROM {table.name}")
        for row_id, born, rev, *values in cursor:
            key = (table.name, journal.bucket(born))
            rows, total = sums.get(key, (0, 0))
            digest = journal.row_digest(table.name, row_id, rev, dict(zip(table.names, values, strict=True)))
            sums[key] = (rows + 1, (total + digest) % journal.DIGEST_MODULUS)
    for entry in _opaque(connection):
        key = (journal.SEALED, journal.bucket(entry.hlc))
        rows, total = sums.get(key, (0, 0))
        sums[key] = (rows + 1, (total + journal.sealed_digest(entry)) % journal.DIGEST_MODULUS)
    kept = {
        (table, month): (rows, int.from_bytes(total))
        for table, month, rows, total in connection.execute("SELECT table_name, month, rows, sum FROM digest")
    }
    return len({key for key in {*sums, *kept} if sums.get(key) != kept.get(key)})


def _opaque(connection: driver.Connection) -> Iterator[Entry]:
    cursor = connection.execute(
        f"SELECT {ENTRY_COLUMNS} FROM entry WHERE substr(payload, 1, ?)=?", (len(journal.OPAQUE), journal.OPAQUE)
    )
    names = ENTRY_COLUMNS.split(", ")
    for row in cursor:
        yield Entry(**dict(zip(names, row, strict=True)))


def rebuild(register: Register, progress: Progress | None = None) -> Path:
    """Make the register's file again from its journal and put it in place; the old file is kept.

    The register is closed by this; open it again.

    Returns:
        Where the old file is kept.

    Raises:
        RuleError: Payloads were sealed or disposed of: what they wrote cannot be made again.
    """
    fresh = register.path.with_name(register.path.name + ".rebuilt")
    lost = replay(register, fresh, progress)
    if lost.entries:
        fresh.unlink()
        raise errors.RuleError(
            f"有 {lost.entries} 条日志内容已依法封存或销毁，由日志重建会丢失它们写下的内容，未作任何改动。",
            f"{lost.entries} entries were sealed or disposed of; rebuilding would lose what they wrote. Nothing was"
            " changed.",
        )
    kept = door.free_name(register.path, "before-rebuild")
    register.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    register.connection.close()
    try:
        try:
            os.link(register.path, kept)
        except OSError:  # a medium without links
            door.replace_with_copy(register.path, kept)
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
