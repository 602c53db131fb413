"""What the hub takes, beside a bare upsert of the same rows into the same table: on its encrypted file and on
PostgreSQL, one worker and two.

    python -m tests.bench.bench_hub

`ours` is `Hub.ingest`: opened, verified, chained, merged, digested, entry heads and the sealed batch kept, receipted,
durable. `bare` upserts the rows as they then stand, all columns that any of them has, into a table with the same
columns and indexes, a thousand a transaction, durable: `executemany` on the file, and beside it on a file that is not
encrypted; on PostgreSQL `executemany`, and COPY into a temporary table. They take turns in one run.
"""

from __future__ import annotations

import contextlib
import gc
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
import sqlcipher3.dbapi2 as driver

from sync.batch import write_batch
from sync.hub import storage
from sync.hub.hub import Hub
from sync.keys import PublicKeys
from tests.bench.desk_process import KEY
from tests.bench.measure import in_turns, p50
from tests.bench.records import change, register
from tests.postgres import Cluster, cluster, programs
from tests.sync.conftest import CITY, COUNTY, Journal, enrol, held

HELD = 20_000
BATCH = 1000
TURNS = 9
WORKER_BATCHES = 12
_VERSIONS = ("born", "rev", "revs")


class Rows:
    """The rows of a batch as they stand after it, with the columns that any of them has."""

    def __init__(self, journal: Journal, ids: Sequence[int]) -> None:
        kept = [(row, journal.rows["matter", row]) for row in ids]
        self.names = sorted({name for _, row in kept for name in row.values})
        self.columns = ("county", "id", *_VERSIONS, *self.names)
        self.lines = [
            (COUNTY, number, row.born, row.rev, json.dumps(dict(row.revs)), *map(row.values.get, self.names))
            for number, row in kept
        ]

    def upsert(self, marks: str, table: str = "matter") -> str:
        """Return the statement, with `marks` for values or a SELECT."""
        columns = ", ".join(self.columns)
        rest = ", ".join(f"{name}=excluded.{name}" for name in self.columns[2:])
        return f"INSERT INTO {table}({columns}) {marks} ON CONFLICT(county, id) DO UPDATE SET {rest}"


def bare_file(path: Path, *, encrypted: bool) -> driver.Connection:
    """Make a file with the hub's own table of matters and nothing else."""
    connection = driver.connect(str(path), isolation_level=None)
    pragmas = (
        [f"key=\"x'{KEY}'\"", f"cipher_page_size={storage.CIPHER_PAGE_BYTES}"] if encrypted else ["page_size=8192"]
    )
    for pragma in (*pragmas, "journal_mode=WAL", "synchronous=FULL", f"cache_size=-{storage.CACHE_KIB}"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    table = storage.ROWS["matter"]
    connection.execute(str(sa.schema.CreateTable(table).compile(dialect=sa.dialects.sqlite.dialect())))
    for index in table.indexes:
        connection.execute(str(sa.schema.CreateIndex(index).compile(dialect=sa.dialects.sqlite.dialect())))
    return connection


def by_file(connection: driver.Connection) -> Callable[[Rows], None]:
    """Return the bare upsert into a file."""

    def upsert(rows: Rows) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(rows.upsert(f"VALUES({', '.join('?' * len(rows.columns))})"), rows.lines)
        connection.execute("COMMIT")

    return upsert


def by_statements(connection: psycopg.Connection[Any]) -> Callable[[Rows], None]:
    """Return the bare upsert into PostgreSQL, a statement a row."""

    def upsert(rows: Rows) -> None:
        with connection.transaction(), connection.cursor() as cursor:
            marks = ", ".join(["%s"] * len(rows.columns))
            cursor.executemany(rows.upsert(f"VALUES({marks})"), rows.lines)  # type: ignore[arg-type]

    return upsert


def by_copy(connection: psycopg.Connection[Any]) -> Callable[[Rows], None]:
    """Return the bare upsert into PostgreSQL by COPY into a temporary table."""
    table = storage.ROWS["matter"]

    def upsert(rows: Rows) -> None:
        columns = ", ".join(rows.columns)
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE IF NOT EXISTS stage ON COMMIT DELETE ROWS AS SELECT * FROM matter WITH NO DATA"
            )
            with cursor.copy(f"COPY stage({columns}) FROM STDIN (FORMAT BINARY)") as copy:  # type: ignore[arg-type]
                copy.set_types(
                    ["int8" if isinstance(table.c[name].type, sa.BigInteger) else "text" for name in rows.columns]
                )
                for line in rows.lines:
                    copy.write_row(line)
            cursor.execute(rows.upsert(f"SELECT {columns} FROM stage"))  # type: ignore[arg-type]

    return upsert


class _Batches:
    """Batches of a county made ahead, with the rows as they stand after each; the last for changed matters."""

    def __init__(self, hub: Hub, folder: Path, county: str = COUNTY, *, held_rows: int, turns: int) -> None:
        self.journal = Journal(county=county, path=str(folder / f"{county}.db"))
        self.public: PublicKeys = hub.public
        enrol(self.journal, hub)
        self.journal.connection.execute("BEGIN")
        self.ids = register(self.journal, held_rows)
        self.first = [self._sealed(first, first + BATCH - 1) for first in range(1, self.journal.seq, BATCH)]
        self.made: list[tuple[bytes, Rows]] = []
        self.changed: list[tuple[bytes, Rows]] = []
        for _ in range(turns):
            some = register(self.journal, BATCH, seed=self.journal.seq)
            self.made.append((self._sealed(self.journal.seq - BATCH + 1), Rows(self.journal, some)))
            change(self.journal, some)
            self.changed.append((self._sealed(self.journal.seq - BATCH + 1), Rows(self.journal, some)))
        self.journal.connection.execute("COMMIT")

    def _sealed(self, first: int, last: int | None = None) -> bytes:
        entries = self.journal.entries(first, last)
        return write_batch(
            entries, county=self.journal.station.county, epoch=1, keys=self.journal.station.keys, hub=self.public
        )


def _taken(hub: Hub, data: bytes) -> None:
    outcome = hub.ingest(data)
    assert outcome.state == "receipted", outcome


def ingest(hub: Hub, folder: Path, bares: dict[str, Callable[[Rows], None]]) -> dict[str, Any]:
    """Measure taking batches of new and of changed records, in turns with the bare upserts of the same rows."""
    batches = _Batches(hub, folder, held_rows=HELD, turns=TURNS)
    for data in batches.first:
        _taken(hub, data)
    for start in range(0, HELD, BATCH):  # the bare tables hold as many rows
        rows = Rows(batches.journal, batches.ids[start : start + BATCH])
        for bare in bares.values():
            bare(rows)
    gc.collect()
    gc.freeze()  # the journal's rows are this bench's, a hub has none in its memory
    spent: dict[str, dict[str, list[float]]] = {"made": {}, "changed": {}}
    for turn in range(TURNS):
        for kind, (data, rows) in (("made", batches.made[turn]), ("changed", batches.changed[turn])):
            works: list[Callable[[], Any]] = [lambda data=data: _taken(hub, data)]  # type: ignore[misc]
            works += [lambda bare=bare, rows=rows: bare(rows) for bare in bares.values()]  # type: ignore[misc]
            for name, (took,) in zip(("ours", *bares), in_turns(1, *works), strict=True):
                spent[kind].setdefault(name, []).append(took)
    assert len(held(hub, COUNTY, "matter")) == HELD + TURNS * BATCH
    batches.journal.close()
    gc.unfreeze()
    out: dict[str, Any] = {}
    for kind, times in spent.items():
        medians = {name: p50(values) for name, values in times.items()}
        ours = medians.pop("ours")
        out[kind] = {
            "ours_ms": round(ours, 1),
            **{f"{name}_ms": round(value, 1) for name, value in medians.items()},
            **{f"ratio_to_{name}": round(value / ours, 2) for name, value in medians.items()},
        }
    return out


def on_file() -> dict[str, Any]:
    """Measure on the encrypted file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cipher = bare_file(folder / "cipher.db", encrypted=True)
        plain = bare_file(folder / "plain.db", encrypted=False)
        with Hub.create(folder / "hub", city=CITY, address="https://127.0.0.1:1") as hub:
            found = ingest(hub, folder, {"bare": by_file(cipher), "plain": by_file(plain)})
        cipher.close()
        plain.close()
        return found


@contextlib.contextmanager
def _bare_database(server: Cluster) -> Iterator[psycopg.Connection[Any]]:
    """A database with the hub's own tables, written to without the hub."""
    url = server.new_database()
    with tempfile.TemporaryDirectory() as name:
        Hub.create(Path(name) / "bare", city=CITY, address="https://127.0.0.1:1", database=url).close()
    with psycopg.connect(url) as connection:
        yield connection


def on_server() -> dict[str, Any]:
    """Measure on PostgreSQL, and two workers against one."""
    with (
        cluster() as server,
        tempfile.TemporaryDirectory() as name,
        _bare_database(server) as by_rows,
        _bare_database(server) as copied,
    ):
        folder = Path(name)
        url = server.new_database()
        with Hub.create(folder / "hub", city=CITY, address="https://127.0.0.1:1", database=url) as hub:
            found = ingest(hub, folder, {"statements": by_statements(by_rows), "copy": by_copy(copied)})
        return {**found, "workers": workers(server, folder)}


def workers(server: Cluster, folder: Path) -> dict[str, float]:
    """Measure the same batches taken by one worker process and by two, a county each; made ahead, taken in turns."""
    spent: dict[int, list[float]] = {1: [], 2: []}
    for turn in range(3):
        for count in (1, 2) if turn % 2 else (2, 1):
            place = folder / f"workers-{turn}-{count}"
            place.mkdir()
            with Hub.create(
                place / "hub", city=CITY, address="https://127.0.0.1:1", database=server.new_database()
            ) as hub:
                counties = [
                    _Batches(hub, place, county, held_rows=WORKER_BATCHES * BATCH, turns=0)
                    for county in ("430181", "430182")
                ]
            for one in counties:
                one.journal.close()
            loads = [one.first for one in counties]
            spent[count].append(_by_processes(place / "hub", loads if count == 2 else [loads[0] + loads[1]]))
    one, two = (statistics.median(spent[count]) for count in (1, 2))
    return {"one_s": round(one, 3), "two_s": round(two, 3), "ratio": round(one / two, 2)}


def _by_processes(folder: Path, loads: Sequence[Sequence[bytes]]) -> float:
    """Let a process a load take its batches; returns the seconds from the start that all make together."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(len(loads) + 1)
    running = [context.Process(target=_work, args=(str(folder), list(load), barrier)) for load in loads]
    for process in running:
        process.start()
    barrier.wait(60)
    start = time.perf_counter()
    for process in running:
        process.join()
        assert process.exitcode == 0
    return time.perf_counter() - start


def _work(folder: str, load: list[bytes], barrier: Any) -> None:
    with Hub.open(Path(folder)) as hub:
        barrier.wait(60)
        for data in load:
            _taken(hub, data)


def run() -> dict[str, Any]:
    """Run the bench; milliseconds are medians of batches of 1,000 records."""
    found: dict[str, Any] = {"held": HELD, "file": on_file()}
    if programs() is not None:
        found["server"] = on_server()
    return {**found, "load": os.getloadavg()[0]}


if __name__ == "__main__":
    json.dump(run(), sys.stdout, indent=1)
