"""What a county takes at the hub, on both engines: bytes of each kind, write-ahead log, durable flushes. For
docs/scaling.md.

    python -m tests.bench.bench_size [MATTERS]

A county's register made through the real act path goes to a hub in this process, batch by batch; then each matter is
changed once, in acts of their own, as a year's work would.
"""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from models.register import Register
from sync import joining, outbox
from sync.hub import registry
from sync.hub.hub import Hub
from sync.port import RegisterPort
from tests.bench import registers
from tests.bench.bench_down import COUNTY
from tests.postgres import cluster
from tests.sync.conftest import CITY

MATTERS = 2000
CHANGED = 2000
_BY_KIND = """
SELECT CASE WHEN relname LIKE 'hub_batch%' THEN 'batches' WHEN relname LIKE 'hub_entry%' THEN 'heads of entries'
 WHEN relname LIKE 'hub_receipt%' THEN 'receipts' WHEN relname LIKE 'hub_%' THEN 'the rest' ELSE 'rows' END,
 sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid=relnamespace
 WHERE relkind='r' AND nspname='public' GROUP BY 1"""


def _send(register: Register, hub: Hub) -> int:
    """Hand everything unsent to the hub; returns the number of batches."""
    port = RegisterPort(register)
    count = 0
    while True:
        after = port.run(outbox.enrolled_hub).receipted
        batch = port.run(lambda c, after=after: outbox.pending_after(c, port.station, after, at_ms=0))  # type: ignore[misc]
        if batch is None:
            return count
        document = hub.ingest(batch.data).documents[-1]
        port.run(lambda c, document=document: outbox.take_receipt(c, port.station, document, at_ms=0))  # type: ignore[misc]
        count += 1


def measure(path: Path, folder: Path, database: str, size: Callable[[], dict[str, float]]) -> dict[str, Any]:
    """Send a county to a new hub and then its changes; returns what it took."""
    with (
        registers.opened(registers.copy_of(path, folder)) as register,
        Hub.create(folder / "hub", city=CITY, address="https://127.0.0.1:1", database=database) as hub,
    ):
        empty = size()
        port = RegisterPort(register)
        registry.enrol(hub, joining.accept_offer(port, registry.offer(hub, COUNTY), at=datetime.now(UTC)))
        _send(register, hub)
        whole = size()
        matters = [row for (row,) in register.rows("SELECT id FROM matter ORDER BY id LIMIT ?", (CHANGED,))]
        for number in matters:
            with register.act("amend", by=register.person, at=datetime.now(UTC), matter=number) as act:
                act.set("matter", number, problem_place="城关镇建设路")
        before = time.process_time()
        batches = _send(register, hub)
        spent = time.process_time() - before
        after = size()
        rows = sum(count for count, _ in hub.digests(COUNTY).values())
    return {
        "matters": len(matters),
        "rows": rows,
        "kib_a_matter": {kind: round((whole[kind] - empty.get(kind, 0)) / len(matters) / 1024, 2) for kind in whole},
        "kib_a_change": {kind: round((after[kind] - whole[kind]) / len(matters) / 1024, 3) for kind in whole},
        "batches_of_changes": batches,
        "processor_ms_a_batch_both_sides": round(spent / batches * 1000, 1),
    }


def on_file(path: Path) -> dict[str, Any]:
    """Measure on the encrypted file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def size() -> dict[str, float]:
            return {"file": sum(one.stat().st_size for one in (folder / "hub").glob("hub.db"))}

        return measure(path, folder, "", size)


def on_server(path: Path) -> dict[str, Any]:
    """Measure on PostgreSQL."""
    with cluster() as server, tempfile.TemporaryDirectory() as name:
        url = server.new_database()

        def size() -> dict[str, float]:
            with contextlib.closing(psycopg.connect(url, autocommit=True)) as one:
                one.execute("CHECKPOINT")
                found = {kind: float(total) for kind, total in one.execute(_BY_KIND)}
                row = one.execute("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')").fetchone()
                assert row is not None
                return {**found, "database": sum(found.values()), "write-ahead log": float(row[0])}

        return measure(path, Path(name), url, size)


def run(matters: int = MATTERS) -> dict[str, Any]:
    """Run on both engines."""
    path = registers.bench_register(matters)
    return {"file": on_file(path), "server": on_server(path)}


if __name__ == "__main__":
    print(json.dumps(run(*(int(word) for word in sys.argv[1:])), indent=1))
