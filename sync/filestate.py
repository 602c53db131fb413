"""What this register knows of its stored files: which are here, which are on their way, which the hub holds whole.

A file (a paper, a scan, a letter's PDF) is named by the SHA-256 of its bytes. It belongs to the register once an entry
of the journal names it, whoever wrote that entry; so the entries that arrived since the last look are read for names,
and nothing else needs to be asked. States of a file, all of them (local table `sync_file`):

    (entry names it) --bytes are here--> here --the hub says that it holds the whole--> held
            |                             ^ |
            +--not here--> coming --------+ +--bytes fail their hash--> damaged
                           (from the hub: held at once)

The first chunk of a file that comes is kept aside and written last: a file of which chunk 0 is in the table `chunk` is
whole and was checked, and a reader never meets half of one. Every step is one short transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from sync.chunks import chunk_count, chunk_length, is_name
from sync.port import Connection, transaction

ENTRIES_A_LOOK = 5000
"""Entries looked through in one step: about 10 ms."""
CHUNKS_A_STEP = 16
"""Chunks hashed in one step (4 MiB, about 10 ms)."""
_NAMED_IN = b"sha256"


@dataclass(frozen=True, slots=True)
class Stored:
    """A file: `name` is its SHA-256 in hex, `size` its bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheWay:
    """How much is on its way: `up` is here and not yet confirmed by the hub, `down` is named by a row and not here.

    `damaged`: files whose bytes here fail their hash.
    """

    up: int = 0
    up_bytes: int = 0
    down: int = 0
    damaged: int = 0


def look(connection: Connection, *, at_ms: int) -> bool:
    """Note the files that entries since the last look name; returns whether there are more entries to look through."""
    row = connection.execute("SELECT arrival FROM sync_file_seen").fetchone()
    newest: int = connection.execute("SELECT coalesce(max(arrival), 0) FROM entry").fetchone()[0]
    seen = row[0] if row else 0
    if seen > newest:  # another journal than before: a rebuilt or joined register is looked through as a whole
        seen = 0
    elif seen == newest:
        return False
    until = min(newest, seen + ENTRIES_A_LOOK)
    payloads = connection.execute(
        "SELECT payload FROM entry WHERE arrival>? AND arrival<=? AND instr(payload, ?) > 0 ORDER BY arrival",
        (seen, until, _NAMED_IN),
    )
    names = list(dict.fromkeys(name for (payload,) in payloads for name in named_in(payload)))
    with transaction(connection):
        for name in names:
            size = size_here(connection, name)
            connection.execute(
                "INSERT INTO sync_file(sha256, size, state, noted_ms) VALUES(?,?,?,?) ON CONFLICT(sha256) DO UPDATE SET"
                " state=excluded.state, size=excluded.size, first=NULL WHERE state='coming' AND excluded.state='here'",
                (name, size, "coming" if size is None else "here", at_ms),
            )
        connection.execute(
            "INSERT INTO sync_file_seen(one, arrival) VALUES(1,?) ON CONFLICT(one) DO UPDATE SET"
            " arrival=excluded.arrival",
            (until,),
        )
    return until < newest


def named_in(payload: bytes) -> list[str]:
    """Return the files that a payload names: `sha256` of a row, and of the papers in the content of a city paper.

    A payload that nobody here can read (sealed by key) names none.
    """
    try:
        changes = orjson.loads(payload)
        found = []
        for _, _, _, columns in changes:
            found.append(columns.get("sha256"))
            if isinstance(columns.get("content"), str) and '"sha256"' in columns["content"]:
                found += _in_content(orjson.loads(columns["content"]))
    except (ValueError, TypeError, AttributeError):
        return []
    return [name for name in found if is_name(name)]


def _in_content(content: Any) -> list[Any]:
    if isinstance(content, dict):
        return [content.get("sha256"), *(name for value in content.values() for name in _in_content(value))]
    if isinstance(content, list):
        return [name for value in content for name in _in_content(value)]
    return []


def size_here(connection: Connection, name: str) -> int | None:
    """Return the size of a file that is here whole, None of one that is not."""
    if connection.execute("SELECT 1 FROM chunk WHERE sha256=? AND n=0", (name,)).fetchone() is None:
        return None
    size: int = connection.execute("SELECT sum(length(data)) FROM chunk WHERE sha256=?", (name,)).fetchone()[0]
    return size


def to_send(connection: Connection, limit: int, after: Stored | None = None) -> list[Stored]:
    """Return files that the hub is not known to hold, the smallest first: letters do not wait for scans."""
    least = (after.size, after.name) if after else (-1, "")
    rows = connection.execute(
        "SELECT sha256, size FROM sync_file WHERE state='here' AND (size, sha256) > (?, ?) ORDER BY size, sha256"
        " LIMIT ?",
        (*least, limit),
    )
    return [Stored(*row) for row in rows]


def wanted(connection: Connection, limit: int) -> list[str]:
    """Return files that rows name and that are not here, the longest unasked first."""
    rows = connection.execute(
        "SELECT sha256 FROM sync_file WHERE state='coming' ORDER BY noted_ms, sha256 LIMIT ?", (limit,)
    )
    return [name for (name,) in rows]


def coming(connection: Connection, names: Sequence[str]) -> list[str]:
    """Return those of the files that are awaited."""
    return _in_state(connection, names, "coming")


def here(connection: Connection, names: Sequence[str]) -> list[str]:
    """Return those of the files that are here whole."""
    return [name for state in ("here", "held") for name in _in_state(connection, names, state)]


def stored(connection: Connection, names: Sequence[str]) -> list[Stored]:
    """Return those of the files that are here whole, with their sizes, the smallest first."""
    found = [Stored(name, size_here(connection, name) or 0) for name in here(connection, names)]
    return sorted(found, key=lambda one: (one.size, one.name))


def _in_state(connection: Connection, names: Sequence[str], state: str) -> list[str]:
    query = "SELECT sha256 FROM sync_file WHERE sha256=? AND state=?"
    return [name for name in names if connection.execute(query, (name, state)).fetchone() is not None]


def note_asked(connection: Connection, names: Iterable[str], *, at_ms: int) -> None:
    """Note when files were asked for, so that the next ones have their turn."""
    with transaction(connection):
        connection.executemany(
            "UPDATE sync_file SET noted_ms=max(noted_ms + 1, ?) WHERE sha256=? AND state='coming'",
            [(at_ms, name) for name in names],
        )


def note_held(connection: Connection, names: Iterable[str], *, at_ms: int) -> list[Stored]:
    """Note that the hub holds files whole; returns those of which that was not known."""
    found = []
    with transaction(connection):
        for name in names:
            row = connection.execute(
                "UPDATE sync_file SET state='held', noted_ms=?, n=NULL, sealed=NULL WHERE sha256=? AND state='here'"
                " RETURNING sha256, size",
                (at_ms, name),
            ).fetchone()
            found += [Stored(*row)] if row else []
    return found


def note_damaged(connection: Connection, name: str) -> None:
    """Note that the bytes of a file here fail their hash."""
    connection.execute("UPDATE sync_file SET state='damaged', sealed=NULL WHERE sha256=?", (name,))


def send_again(connection: Connection) -> None:
    """Ask the hub about every file again: for a hub from an older backup, and after a repair here."""
    connection.execute("UPDATE sync_file SET state='here' WHERE state IN ('held', 'damaged')")


def on_the_way(connection: Connection) -> OnTheWay:
    """Return how much is on its way, from an index; what no round has looked at yet does not count."""
    up, size = connection.execute(
        "SELECT count(*), coalesce(sum(size), 0) FROM sync_file WHERE state='here'"
    ).fetchone()
    down, damaged = (
        connection.execute("SELECT count(*) FROM sync_file WHERE state=?", (state,)).fetchone()[0]
        for state in ("coming", "damaged")
    )
    return OnTheWay(up=up, up_bytes=size, down=down, damaged=damaged)


# --- reading files that are here -------------------------------------------------------------------------------------


def chunk_of(connection: Connection, name: str, n: int) -> bytes | None:
    """Return a chunk of a file, None when it is not here."""
    row = connection.execute("SELECT data FROM chunk WHERE sha256=? AND n=?", (name, n)).fetchone()
    return None if row is None else bytes(row[0])


def chunks_from(connection: Connection, name: str, n: int) -> list[bytes]:
    """Return the next few chunks from number `n` on, for hashing."""
    rows = connection.execute(
        "SELECT data FROM chunk WHERE sha256=? AND n>=? ORDER BY n LIMIT ?", (name, n, CHUNKS_A_STEP)
    )
    return [data for (data,) in rows]


def keep_sealed(connection: Connection, name: str, n: int, sealed: bytes | None) -> None:
    """Keep a sealed chunk whose sending was cut, so that it goes on at its byte: sealing again gives other bytes."""
    connection.execute("UPDATE sync_file SET n=?, sealed=? WHERE sha256=?", (n, sealed, name))


def kept_sealed(connection: Connection, name: str, n: int) -> bytes | None:
    """Return the sealed chunk whose sending was cut."""
    row = connection.execute("SELECT sealed FROM sync_file WHERE sha256=? AND n=?", (name, n)).fetchone()
    return row[0] if row else None


# --- taking files that come ------------------------------------------------------------------------------------------


def lacking(connection: Connection, name: str, size: int) -> list[int]:
    """Return the numbers of the chunks that are still to come, in order; none of a file that is here."""
    row = connection.execute("SELECT state, size, first FROM sync_file WHERE sha256=?", (name,)).fetchone()
    if row is None or row[0] != "coming":
        return []
    if row[1] not in (None, size):  # what came before was said to be of another size: it is not this file
        drop(connection, name)
        row = (row[0], None, None)
    have = {n for (n,) in connection.execute("SELECT n FROM chunk WHERE sha256=?", (name,))}
    have |= {0} if row[2] is not None else set()
    return [n for n in range(chunk_count(size)) if n not in have]


def take(connection: Connection, name: str, n: int, size: int, data: bytes) -> bool:
    """Keep a chunk that came; False when the file is not awaited (any more).

    Raises:
        ValueError: The chunk is not of the length it must have.
    """
    if len(data) != chunk_length(size, n):
        raise ValueError(f"chunk {n} has {len(data)} bytes")
    with transaction(connection):
        taken = connection.execute(
            "UPDATE sync_file SET size=?, first=CASE WHEN ?=0 THEN ? ELSE first END WHERE sha256=? AND state='coming'",
            (size, n, data if n == 0 else None, name),
        ).rowcount
        if taken and n:
            connection.execute("INSERT OR IGNORE INTO chunk(sha256, n, data) VALUES(?,?,?)", (name, n, data))
    return bool(taken)


def first_of(connection: Connection, name: str) -> bytes:
    """Return the first chunk of a file that comes."""
    row = connection.execute("SELECT first FROM sync_file WHERE sha256=?", (name,)).fetchone()
    return bytes(row[0]) if row and row[0] is not None else b""


def finish(connection: Connection, name: str, *, held: bool, at_ms: int) -> None:
    """Let a file that came, and whose hash was checked, be whole: its first chunk is written now.

    Args:
        connection: The register.
        name: The file.
        held: It came from the hub, which so holds it.
        at_ms: When.
    """
    with transaction(connection):
        connection.execute(
            "INSERT OR IGNORE INTO chunk(sha256, n, data) SELECT sha256, 0, first FROM sync_file WHERE sha256=? AND"
            " state='coming' AND first IS NOT NULL",
            (name,),
        )
        connection.execute(
            "UPDATE sync_file SET state=?, first=NULL, noted_ms=? WHERE sha256=? AND state='coming'",
            ("held" if held else "here", at_ms, name),
        )


def drop(connection: Connection, name: str) -> None:
    """Throw away the chunks of a file that came and do not make it up; a file that is here whole is not touched."""
    with transaction(connection):
        if connection.execute("SELECT 1 FROM chunk WHERE sha256=? AND n=0", (name,)).fetchone() is None:
            connection.execute("DELETE FROM chunk WHERE sha256=?", (name,))
        connection.execute("UPDATE sync_file SET first=NULL, size=NULL WHERE sha256=? AND state='coming'", (name,))
