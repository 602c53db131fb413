"""Files for tests: stored as the register stores them, handed from desk to desk, moved by a turn of the exchange."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from models.attachments import CHUNK_BYTES
from sync.carriers import Carrier
from sync.files import Exchange, FilesReport
from tests.sync.conftest import Journal


def noise(size: int, seed: object = 0) -> bytes:
    """Return bytes that do not compress, the same for the same seed."""
    return hashlib.shake_256(repr(seed).encode()).digest(size)


def name_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def store(desk: Journal, data: bytes, table: str = "attachment") -> str:
    """Store a file and the row that names it, as an act does; returns its name."""
    name = name_of(data)
    desk.connection.executemany(
        "INSERT OR IGNORE INTO chunk(sha256, n, data) VALUES(?,?,?)",
        [(name, n, data[at : at + CHUNK_BYTES]) for n, at in enumerate(range(0, max(len(data), 1), CHUNK_BYTES))],
    )
    columns = {"name": "scan.png", "size": len(data)} if table == "attachment" else {"kind": "letter"}
    desk.act(desk.insert(table, sha256=name, **columns), act="attach")
    return name


def hand(author: Journal, reader: Journal) -> None:
    """Let the author's entries arrive at a sibling, as a relay or a stick would."""
    reader.arrive(author.entries(), at=datetime(2026, 6, 1, tzinfo=UTC), way="test", bulk=False)


def move(desk: Journal, carrier: Carrier, **options) -> FilesReport:
    """Run the exchange until nothing is left to move."""
    report = FilesReport()
    exchange = Exchange(desk, carrier, report, **{k: v for k, v in options.items() if k in ("turn_s", "room")})
    writes = options.get("writes", True)
    for _ in range(10_000):
        if exchange.run(lambda: False, options.get("more_records", lambda: False), writes=writes):
            return report
    raise AssertionError("the exchange does not end")


def read(desk: Journal, name: str) -> bytes | None:
    """Return a file as a reader of the register finds it; None when it is not here yet."""
    found = desk.connection.execute("SELECT n, data FROM chunk WHERE sha256=? ORDER BY n", (name,)).fetchall()
    if not found or found[0][0] != 0:
        return None
    return b"".join(data for _, data in found)


def state(desk: Journal, name: str) -> str | None:
    row = desk.connection.execute("SELECT state FROM sync_file WHERE sha256=?", (name,)).fetchone()
    return row[0] if row else None
