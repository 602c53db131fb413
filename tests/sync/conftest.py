"""A small journal of its own, a hub, and the two enrolled with each other."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlcipher3.dbapi2 as driver

from models import arrivals
from models.act import ENTRY_COLUMNS, add_digest
from models.arrivals import Arrived
from models.errors import ChainError
from models.hlc import next_instant
from models.journal import (
    GENESIS,
    SEALED,
    Change,
    Entry,
    bucket,
    commit_payload,
    decode_payload,
    encode_payload,
    header_hash,
    is_opaque,
    row_digest,
    sealed_digest,
)
from models.merge import Row, merge
from models.tables import BY_NAME
from sync import joining
from sync.hub import place, registry
from sync.hub.hub import Hub
from sync.keys import SecretKeys
from sync.localtables import create_tables
from sync.port import Station, T, transaction
from tests.postgres import Cluster as Server
from tests.postgres import cluster, programs

COUNTY = "430181"
CITY = "测试市公安局"
ENGINES = ("embedded", "postgresql")
"""Every test of a hub runs on both: one conformance suite."""
START_MS = 1_780_000_000_000

_LOCAL = """
CREATE TABLE entry(arrival INTEGER PRIMARY KEY, device INTEGER NOT NULL, seq INTEGER NOT NULL, at_ms INTEGER NOT NULL,
  hlc INTEGER NOT NULL, mono_ms INTEGER NOT NULL, actor INTEGER NOT NULL, act TEXT NOT NULL, matter INTEGER,
  payload BLOB, salt BLOB, commitment BLOB NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL, UNIQUE(device, seq))
  STRICT;
CREATE TABLE digest(table_name TEXT NOT NULL, month TEXT NOT NULL, rows INTEGER NOT NULL, sum BLOB NOT NULL,
  PRIMARY KEY(table_name, month)) STRICT, WITHOUT ROWID;
CREATE TABLE meta(name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT;
CREATE TABLE device(id INTEGER PRIMARY KEY, number INTEGER NOT NULL, sign_key TEXT NOT NULL, seal_key TEXT NOT NULL)
  STRICT;
CREATE TABLE chunk(sha256 TEXT NOT NULL, n INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY(sha256, n)) STRICT;
CREATE TABLE quarantine(device INTEGER NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL, zh TEXT NOT NULL,
  en TEXT NOT NULL, noted_ms INTEGER NOT NULL, PRIMARY KEY(device, seq)) STRICT, WITHOUT ROWID;
"""
_UNIT = BY_NAME["unit"].names


def new_keys(seed: int | None = None) -> SecretKeys:
    if seed is None:
        return SecretKeys(os.urandom(32), os.urandom(64), os.urandom(32))
    return SecretKeys(bytes([seed]) * 32, bytes([seed]) * 64, bytes([seed]) * 32)


class Journal:
    """A workstation's journal in SQLCipher, with rows and digests: the port of the sync without the rest of the
    register."""

    def __init__(
        self, county: str = COUNTY, device: int = 1, keys: SecretKeys | None = None, path: str = ":memory:"
    ) -> None:
        self.station = Station(
            county=county, name="测试县公安局", device=device, device_name="窗口一", epoch=1, keys=keys or new_keys()
        )
        self.connection = driver.connect(path, isolation_level=None, check_same_thread=False)
        if path != ":memory:":
            self.connection.execute(f"PRAGMA key=\"x'{'5a' * 32}'\"")
            self.connection.execute("PRAGMA journal_mode=WAL").fetchone()
            self.connection.execute("PRAGMA synchronous=FULL")
        self.connection.executescript(_LOCAL)
        self.connection.execute(f"CREATE TABLE unit(id INTEGER PRIMARY KEY, born, rev, {', '.join(_UNIT)})")
        create_tables(self.connection)
        self.rows: dict[tuple[str, int], Row] = {}
        self.hlc = 0
        self.at_ms = START_MS
        self.seq = 0
        self.head = GENESIS
        self.ids: dict[str, int] = {}

    must_fetch = False

    def run(self, work: Callable[[Any], T]) -> T:
        return work(self.connection)

    def with_register(self, work: Callable[[Any], T]) -> T:
        return work(self)

    def knows(self, *others: Journal) -> Journal:
        """Register other workstations, whose entries may come down."""
        for other in others:
            public = other.station.keys.public()
            self.connection.execute(
                "INSERT INTO device(number, sign_key, seal_key) VALUES(?,?,?)",
                (other.station.device, public.sign.hex(), public.seal.hex()),
            )
        return self

    def arrive(self, entries: Sequence[Entry], *, at: datetime, way: str, bulk: bool) -> Arrived:
        """Do as `models.arrivals.take` does, without the rest of the register."""
        author = entries[0].device
        last, head = arrivals.held(self.connection).get(author, (0, GENESIS))
        fresh = [entry for entry in entries if entry.seq > last]
        if fresh and fresh[0].seq > last + 1:
            raise ChainError("gap", author, last + 1)
        if fresh and fresh[0].prev != head:
            raise ChainError("fork", author, fresh[0].seq)
        for entry in entries[: len(entries) - len(fresh)]:
            if self.hash_of(author, entry.seq) != entry.hash:
                raise ChainError("fork", author, entry.seq)
        conflicts = 0
        with transaction(self.connection):
            for entry in fresh:
                conflicts += self._take(entry)
        return Arrived(taken=len(fresh), conflicts=conflicts)

    def _take(self, entry: Entry) -> int:
        changes = decode_payload(entry.payload) if entry.payload else ()
        conflicts = sum(self._lay(change, entry.hlc) for change in changes)
        self._store(entry)
        self.hlc = max(self.hlc, entry.hlc)
        if entry.device == self.station.device:
            self.seq, self.head = entry.seq, entry.hash
        return conflicts

    def finish_bulk(self, progress: Callable[[int, int], None]) -> None:
        """There are no projections here."""

    def hash_of(self, device: int, seq: int) -> bytes:
        return self.connection.execute("SELECT hash FROM entry WHERE device=? AND seq=?", (device, seq)).fetchone()[0]

    def close(self) -> None:
        self.connection.close()

    def new_id(self, table: str) -> int:
        self.ids[table] = self.ids.get(table, self.station.device << 32) + 1
        return self.ids[table]

    def insert(self, table: str, **columns: Any) -> Change:
        return Change(table, self.new_id(table), None, columns)

    def update(self, table: str, row: int, **columns: Any) -> Change:
        return Change(table, row, self.rows[table, row].rev, columns)

    def act(self, *changes: Change, act: str = "test", step_ms: int = 1000, raw: bytes | None = None) -> Entry:
        """Append one entry with `changes` (or a raw payload that no register would write)."""
        device = self.station.device
        self.at_ms += step_ms
        self.hlc = next_instant(self.hlc, self.at_ms, device)
        payload = encode_payload(changes) if raw is None else raw
        salt = os.urandom(16)
        matter = next((c.row for c in changes if c.table == "matter"), None)
        fields = {
            "device": device,
            "seq": self.seq + 1,
            "at_ms": self.at_ms,
            "hlc": self.hlc,
            "mono_ms": step_ms,
            "actor": device << 32 | 1,
            "act": act,
            "matter": matter,
            "commitment": commit_payload(salt, payload),
            "prev": self.head,
        }
        entry = Entry(**fields, payload=payload, salt=salt, hash=header_hash(**fields))
        for change in changes:
            self._lay(change, self.hlc)
        self._store(entry)
        self.seq, self.head = entry.seq, entry.hash
        return entry

    def _lay(self, change: Change, hlc: int) -> int:
        key = (change.table, change.row)
        before = self.rows.get(key)
        after, conflicts = merge(before, change, hlc)
        self.rows[key] = after
        assert after.born is not None
        difference = row_digest(change.table, change.row, after.rev, after.values)
        if before is not None:
            difference -= row_digest(change.table, change.row, before.rev, before.values)
        add_digest(self.connection, change.table, bucket(after.born), int(before is None), difference)
        if change.table == "unit":  # rows of one table, for what compares them
            values = (change.row, after.born, after.rev, *(after.values.get(name) for name in _UNIT))
            self.connection.execute(f"REPLACE INTO unit VALUES({','.join('?' * len(values))})", values)
        return len(conflicts)

    def _store(self, entry: Entry) -> None:
        if is_opaque(entry.payload):
            add_digest(self.connection, SEALED, bucket(entry.hlc), 1, sealed_digest(entry))
        names = [name.strip() for name in ENTRY_COLUMNS.split(",")]
        self.connection.execute(
            f"INSERT INTO entry({ENTRY_COLUMNS}) VALUES({','.join('?' * 13)})",
            tuple(getattr(entry, name) for name in names),
        )

    def unit(self, name: str = "某派出所") -> Entry:
        return self.act(self.insert("unit", name=name, kind="station"))

    def units(self, count: int) -> list[Entry]:
        return [self.unit(f"第{number}派出所") for number in range(count)]

    def entries(self, first: int = 1, last: int | None = None) -> list[Entry]:
        names = [name.strip() for name in ENTRY_COLUMNS.split(",")]
        rows = self.connection.execute(
            f"SELECT {ENTRY_COLUMNS} FROM entry WHERE device=? AND seq BETWEEN ? AND ? ORDER BY seq",
            (self.station.device, first, last or self.seq),
        )
        return [Entry(**dict(zip(names, row, strict=True))) for row in rows]

    def dispose(self, seq: int) -> None:
        """Do as a lawful disposal does: payload and salt go, the commitment stays."""
        self.connection.execute("UPDATE entry SET payload=NULL, salt=NULL WHERE seq=?", (seq,))


def enrol(journal: Journal, hub: Hub, *, address: str | None = None) -> None:
    answer = joining.accept_offer(
        journal, registry.offer(hub, journal.station.county, address=address), at=datetime(2026, 6, 1, tzinfo=UTC)
    )
    registry.enrol(hub, answer)


def held(hub: Hub, county: str, table: str) -> dict[int, dict[str, Any]]:
    """Return the rows that the hub holds, by id, without absent columns."""
    from sync.hub import storage

    columns = storage.ROWS[table]
    with hub.reading() as connection:
        rows = connection.execute(columns.select().where(columns.c.county == county)).mappings().all()
    return {row["id"]: {name: row[name] for name in BY_NAME[table].names if row[name] is not None} for row in rows}


@pytest.fixture
def journal() -> Iterator[Journal]:
    one = Journal()
    yield one
    one.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server with a hub's database to copy."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed (sh installer/debian/setup.sh): the hub is tried on its file only")
    with cluster() as one, tempfile.TemporaryDirectory() as folder:
        Hub.create(Path(folder) / "hub", city=CITY, address="https://x", database=one.new_database("first")).close()
        yield one


def new_hub(folder: Path, engine: str, request: pytest.FixtureRequest) -> Path:
    """Make a hub's folder on an engine; on a server its database is a copy of one made once, given back in the end."""
    if engine == "postgresql":
        server: Server = request.getfixturevalue("server")
        database = server.borrow("first")
        request.addfinalizer(lambda: server.give_back(database))
        place.make(folder, city=CITY, address="https://127.0.0.1:8443", database_url=database)
    else:
        Hub.create(folder, city=CITY, address="https://127.0.0.1:8443").close()
    return folder


@pytest.fixture(params=ENGINES)
def hub(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Hub]:
    with Hub.open(new_hub(tmp_path / "hub", request.param, request)) as one:
        yield one


@pytest.fixture
def file_hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub with its encrypted file: for what is this engine's own."""
    with Hub.create(tmp_path / "hub", city=CITY, address="https://127.0.0.1:8443") as one:
        yield one


@pytest.fixture
def joined(journal: Journal, hub: Hub) -> Journal:
    enrol(journal, hub)
    return journal


class Served:
    """A hub process of its own on loopback."""

    def __init__(self, folder: Path, port: int = 0, workers: int = 1) -> None:
        self.folder = folder
        code = "from sync.hub.cli import group; group(prog_name='petition-hub')"
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                code,
                "serve",
                str(folder),
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
                "--json",
                "--workers",
                str(workers),
            ],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the hub ended with {self.process.wait()}"
        self.ready = orjson.loads(line)
        self.port: int = self.ready["port"]
        self.address = f"https://127.0.0.1:{self.port}"

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
        code = self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def kill(self) -> None:
        self.process.kill()
        self.stop()


@pytest.fixture(params=ENGINES)
def served(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Served]:
    one = Served(new_hub(tmp_path / "hub", request.param, request))
    yield one
    one.stop()
