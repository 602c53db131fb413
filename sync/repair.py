"""Repairing a register that went on from an old backup: it has entries under numbers that the hub holds otherwise.

    find where the two part ways -> keep a copy -> set own entries from there aside (`sync_forked`) -> make the tables
    again without them -> fetch what the hub holds -> enter the content that was set aside again, as new entries

The same where a sibling went on so and what it had entered before reached this register alone, by a stick that came
late: that branch is another author's, and it is entered again here, since the author has it no more. (By line only.)

Nothing of either side is lost: the copy stays, the entries that were set aside stay listed, and each number that had to
change is named. It may be stopped at any line and run again: `meta` `sync.repair` says that it is under way, and
nothing can be entered before what is lacking has come (`models.fetching`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgpack

from models import arrivals, door, fetching, keyring, replay, stations
from models.act import ENTRY_COLUMNS
from models.device import CITY
from models.errors import BugError, InputError, RuleError
from models.journal import Entry
from models.reentry import Entered, Reentry
from models.register import Register
from sync import outbox, relay
from sync.carriers import Carrier
from sync.causes import RefusedError
from sync.holds import Holds, write_holds
from sync.port import Connection, RegisterPort, transaction
from sync.round import SyncReport, run_once

UNDER_WAY = "sync.repair"
"""Name in `meta`: the first entry that was set aside."""
_FIELDS = tuple(name.strip() for name in ENTRY_COLUMNS.split(","))


@dataclass(slots=True, kw_only=True)
class Repaired:
    """What was done. Numbers are of entries."""

    parted_at: int = 0
    """The first entry that the hub holds with other content; 0 as long as it is not known."""
    author: int = 0
    """Whose entries part there: this workstation's, or a sibling's that it has no more itself."""
    copy: Path | None = None
    """The register as it was before; None in a run that only went on."""
    aside: int = 0
    """Entries that were set aside, all together."""
    fetched: int = 0
    entered: Entered = field(default_factory=Entered)
    waits_for_hub: bool = False
    """By folder: the hub must read and write it first; then run the repair again."""
    round: SyncReport | None = None
    """The last round, whose trouble says why it is not finished, if it is not."""


def repair(
    register: Register,
    carrier_of: Callable[[outbox.EnrolledHub], Carrier],
    reopen: Callable[[], Register],
    *,
    now: Callable[[], datetime],
) -> tuple[Repaired, Register]:
    """Repair a register, or go on with a repair that was stopped.

    Args:
        register: The open register; it may be closed and opened anew.
        carrier_of: Makes a way to the hub.
        reopen: Opens the register again after it was closed.
        now: The clock.

    Returns:
        What was done, and the register as it is open now.

    Raises:
        InputError: There is nothing to repair, or other records build upon the branch; the register is as before.
        RuleError: Payloads were disposed of, so that the tables cannot be made again.
        SyncError, StorageError: The way or the disk says no; nothing is lost, run it again.
    """
    done = Repaired()
    port = RegisterPort(register)
    hub = port.run(outbox.enrolled_hub)
    carrier = carrier_of(hub)
    try:
        if not _under_way(register.connection):
            theirs = _theirs(port, carrier, hub, register.device, hub.receipted)
            if not theirs and not carrier.answers:
                _ask(register, port, carrier, hub)
                done.waits_for_hub = True
                return done, register
            author, parted_at = _branch(port, carrier, hub, theirs)
            done.copy = _copy(register)
            _set_aside(register, author, parted_at, now(), done.copy.name)
        done.parted_at = _under_way(register.connection)
        done.author = _author(register)
        if _own_rows_are_stale(register, done.parted_at):
            try:
                replay.rebuild(register).unlink()  # the copy has all of it, and the entries that were set aside besides
            except (BugError, RuleError) as error:  # a row that is left refers to one that is not; disposed of
                _put_back(register)
                reopen()
                if isinstance(error, BugError):
                    raise _built_upon() from None
                raise
            register = reopen()
            port = RegisterPort(register)
            port.run(_note_made_again)
        done.aside = port.run(_aside)
        done.round = run_once(port, carrier, now=now)
        done.fetched = done.round.fetched
        if register.must_fetch:
            return done, register
        done.entered = _enter_again(register)
        with register.database.atomic():
            register.connection.execute("DELETE FROM meta WHERE name IN (?, ?, ?, ?)", _NOTES)
        done.round = run_once(port, carrier, now=now)
    finally:
        carrier.close()
    return done, register


_MADE_AGAIN = "sync.repair.rebuilt"
_WHOSE = "sync.repair.author"
_COPY = "sync.repair.copy"
_NOTES = (UNDER_WAY, _MADE_AGAIN, _WHOSE, _COPY)


def _under_way(connection: Connection) -> int:
    row = connection.execute("SELECT value FROM meta WHERE name=?", (UNDER_WAY,)).fetchone()
    return int(row[0]) if row else 0


def _author(register: Register) -> int:
    """Return whose entries were set aside."""
    row = register.row("SELECT value FROM meta WHERE name=?", (_WHOSE,))
    return int(row[0]) if row else register.device


def _own_rows_are_stale(register: Register, parted_at: int) -> bool:
    """Return whether the tables still hold what the entries wrote that were set aside."""
    made = register.row("SELECT value FROM meta WHERE name=?", (_MADE_AGAIN,))
    return made is None or made[0] != parted_at


def _note_made_again(connection: Connection) -> None:
    with transaction(connection):
        connection.execute(
            "INSERT OR REPLACE INTO meta(name, value) VALUES(?,?)", (_MADE_AGAIN, _under_way(connection))
        )


# --- where the two part ways -----------------------------------------------------------------------------------------


def _branch(port: RegisterPort, carrier: Carrier, hub: outbox.EnrolledHub, theirs: list[Entry]) -> tuple[int, int]:
    """Return whose entries part from the hub's, and the first that does: this workstation's, or else a sibling's.

    Args:
        port: The register.
        carrier: The way.
        hub: The hub.
        theirs: What the hub holds of this workstation beyond its last receipt.

    Raises:
        InputError: Nobody's do.
    """
    own = port.station.device
    parted = _parted_at(port, own, theirs)
    if parted:
        return own, parted
    siblings = sorted(set(port.run(arrivals.held)) - {own, CITY}) if carrier.answers else []
    for author in siblings:
        parted = _parted_at(port, author, _theirs(port, carrier, hub, author, 0))
        if parted:
            return author, parted
    raise _nothing()


def _theirs(port: RegisterPort, carrier: Carrier, hub: outbox.EnrolledHub, author: int, after: int) -> list[Entry]:
    """Return what the hub holds of an author beyond entry `after`."""
    station, found = port.station, list[Entry]()
    key: bytes | None = station.keys.public().sign
    if author != station.device:
        key = port.run(lambda connection: stations.sign_key_of(connection, author))
    while True:
        whole, _ = relay.split(carrier.fetch(station, author, after, b""))
        for data in whole:
            batch = relay.open_relay(
                data, keys=station.keys, county=station.county, hub=hub.key_id, sign_key_of=lambda _device: key
            )
            found += [entry for entry in batch.entries if entry.seq > after]
            after = max(after, batch.header.last)
        if not whole:
            return found


def _ask(register: Register, port: RegisterPort, carrier: Carrier, hub: outbox.EnrolledHub) -> None:
    """Say by a folder how far this register and the hub go together, so that the hub writes what follows.

    The epoch is raised, since what is said now is less than what was said before.
    """
    if carrier.answers:
        raise _nothing()
    with register.database.atomic():
        fetching.raise_epoch(register.connection)
    register.epoch += 1
    said = Holds(
        county=port.station.county,
        device=port.station.device,
        epoch=register.epoch,
        holds={port.station.device: hub.receipted},
    )
    carrier.tell(port.station, write_holds(said, port.station.keys))


def _parted_at(port: RegisterPort, author: int, theirs: list[Entry]) -> int:
    """Return the first entry of an author that the hub holds with other content, 0 when there is none."""
    here = port.run(
        lambda connection: dict(connection.execute("SELECT seq, hash FROM entry WHERE device=?", (author,)).fetchall())
    )
    return next((entry.seq for entry in theirs if entry.seq in here and here[entry.seq] != entry.hash), 0)


def _nothing() -> InputError:
    return InputError(
        "register",
        "本登记库与中心没有分歧，不需要修复；缺少的流水用 sync 取回即可。未作任何改动。",
        "This register and the hub do not part ways, so there is nothing to repair; what is lacking comes by sync. "
        "Nothing was changed.",
    )


# --- setting aside ---------------------------------------------------------------------------------------------------


def _copy(register: Register) -> Path:
    """Keep the register and its keyring as they are; returns where."""
    kept = door.free_name(register.path, "before-repair")
    register.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    door.replace_with_copy(register.path, kept)
    door.write_file(keyring.path_of(kept), keyring.path_of(register.path).read_bytes())
    return kept


def _put_back(register: Register) -> None:
    """Put the copy that the repair began with in the place of the register; it is closed."""
    row = register.row("SELECT value FROM meta WHERE name=?", (_COPY,))
    path = register.path
    kept = path.with_name(row[0]) if row else None
    if kept is None or not kept.is_file():
        raise RefusedError("content", what="sync_forked", where=_COPY)
    register.close()
    door.replace_with_copy(kept, path)


def _built_upon() -> InputError:
    return InputError(
        "repair",
        "其他登记以分叉之后的内容为基础，不能自动修复；登记库已恢复原样，没有改动，修复前的副本也已保留。请把副本交给市局核对。",
        "Other records build upon what was entered after the two part ways, so this cannot be repaired by itself. The "
        "register is as it was before, and the copy is kept. Let the city compare the copy.",
    )


def _set_aside(register: Register, device: int, first: int, at: datetime, copy: str) -> None:
    """Move entries of `device` from `first` on out of the journal, in one durable transaction: the repair begins.

    `copy` is the name of the register's copy.
    """
    connection = register.connection
    at_ms = int(at.timestamp() * 1000)
    with transaction(connection):
        # Later than any repair before it, whatever the clock says: by this they are told apart (`_enter_again`).
        latest = connection.execute("SELECT coalesce(max(noted_ms), 0) FROM sync_forked").fetchone()[0]
        at_ms = max(at_ms, latest + 1)
        rows = connection.execute(
            f"SELECT {ENTRY_COLUMNS} FROM entry WHERE device=? AND seq>=? ORDER BY seq", (device, first)
        ).fetchall()
        entries = [Entry(**dict(zip(_FIELDS, row, strict=True))) for row in rows]
        connection.executemany(
            "INSERT OR IGNORE INTO sync_forked(device, seq, hash, entry, noted_ms) VALUES(?,?,?,?,?)",
            [(device, entry.seq, entry.hash, _packed(entry), at_ms) for entry in entries],
        )
        fetching.raise_epoch(connection)
        for table, column in (("entry", "seq"), ("quarantine", "seq"), ("arrival", "first")):
            connection.execute(f"DELETE FROM {table} WHERE device=? AND {column}>=?", (device, first))
        connection.execute("UPDATE arrival SET last=? WHERE device=? AND last>=?", (first - 1, device, first))
        connection.execute("DELETE FROM sync_part")
        connection.execute("DELETE FROM sync_file_seen")  # what comes now takes the places of what was set aside
        if device == register.device:
            connection.execute("DELETE FROM sync_batch")
            connection.execute("UPDATE sync_hub SET receipted=min(receipted, ?)", (first - 1,))
        connection.executemany(
            "INSERT OR REPLACE INTO meta(name, value) VALUES(?,?)",
            [(UNDER_WAY, first), (_WHOSE, device), (_COPY, copy)],
        )
        fetching.mark(connection)
    register.must_fetch = True


def _packed(entry: Entry) -> bytes:
    packed: bytes = msgpack.packb([getattr(entry, name) for name in _FIELDS])
    return packed


def _aside(connection: Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM sync_forked WHERE again IS NULL").fetchone()[0])


# --- entering again --------------------------------------------------------------------------------------------------


def _enter_again(register: Register) -> Entered:
    """Enter what was set aside again, in the order in which it was entered first."""
    work = Reentry(register)
    connection = register.connection
    rows = register.rows(  # of this repair: an earlier one's are entered, and their ids may be others' by now
        "SELECT device, seq, hash, entry, again FROM sync_forked WHERE noted_ms=(SELECT max(noted_ms) FROM sync_forked)"
        " ORDER BY seq"
    )
    for device, seq, digest, data, again in rows:
        entry = Entry(**dict(zip(_FIELDS, msgpack.unpackb(data), strict=True)))
        if again is not None:
            work.learn(entry, _entry(register, again))
            continue

        def mark(number: int, key: tuple[Any, ...] = (device, seq, digest)) -> None:
            connection.execute("UPDATE sync_forked SET again=? WHERE device=? AND seq=? AND hash=?", (number, *key))

        work.again(entry, mark)
    return work.entered


def _entry(register: Register, seq: int) -> Entry:
    row = register.row(f"SELECT {ENTRY_COLUMNS} FROM entry WHERE device=? AND seq=?", (register.device, seq))
    if row is None:
        raise RefusedError("content", what="sync_forked", where=seq)
    return Entry(**dict(zip(_FIELDS, row, strict=True)))
