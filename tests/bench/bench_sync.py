"""The sync by line, a desk process and a hub process on loopback with TLS: 100,000 records first, then a thousand
changed ones at a time, then nothing.

    python -m tests.bench.bench_sync [RECORDS]

`seconds` are whole rounds as the desk sees them: read the journal, make and store batches, send, hub verifies, applies
and signs, receipts verified and the outbox emptied, digests compared. `processor` is what both processes used of the
processors, which other work on the machine disturbs less. `bare` are the same steps without a product around them,
measured in the same run.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgpack
import orjson
import sqlcipher3.dbapi2 as driver
import zstandard

from sync import outbox
from sync.batch import open_batch, write_batch
from sync.hub.hub import Hub
from sync.keys import SecretKeys
from tests.bench.desk_process import KEY, peak_mib
from tests.bench.records import change, register
from tests.bench.slowline import Shape, SlowLine
from tests.sync.conftest import CITY, COUNTY, Journal, Served, enrol, new_keys

RECORDS = 100_000
CHANGED = 1000
ROUNDS = 7
QUIET_ROUNDS = 30
SEED = 11
_TICKS = os.sysconf("SC_CLK_TCK")


class DeskProcess:
    """A desk of its own process, told to sync."""

    def __init__(self, path: Path, address: str, certificate: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.desk_process", str(path), str(SEED), address, certificate],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2],
        )  # fmt: skip

    def sync(self) -> dict[str, Any]:
        """Run a round; returns what it took."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the desk ended with {self.process.wait()}"
        found: dict[str, Any] = orjson.loads(line)
        assert found["quiet"], found
        return found

    def close(self) -> None:
        """Let it end."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


def processor_s(process: int) -> float:
    """Return the processor time that a process has used, seconds."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _median(work: Callable[[], Any], times: int = 7) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def bare_steps(journal: Journal, keys: SecretKeys, hub: SecretKeys, folder: Path) -> dict[str, float]:
    """Measure the bare steps on the newest records: codec and zstd, sign and seal and back, upsert."""
    entries = journal.entries(journal.seq - CHANGED + 1)
    payloads = [entry.payload for entry in entries]
    packed = zstandard.ZstdCompressor(level=3).compress(msgpack.packb(payloads))

    def codec() -> None:
        blob = zstandard.ZstdCompressor(level=3).compress(msgpack.packb(payloads))
        msgpack.unpackb(zstandard.ZstdDecompressor().decompress(blob))

    def crypto() -> None:
        sealed = hub.public().seal_to(keys.sign("bench", packed) + packed, b"bench")
        assert hub.open(sealed, b"bench") is not None

    connection = driver.connect(str(folder / "bare.db"), isolation_level=None)
    for pragma in (f"key=\"x'{KEY}'\"", "cipher_page_size=8192", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute("CREATE TABLE rec(county TEXT, id INTEGER, rev INTEGER, body BLOB, PRIMARY KEY(county, id))")
    rows = [(COUNTY, entry.matter, entry.hlc, entry.payload) for entry in entries]

    def upsert() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO rec VALUES(?,?,?,?) ON CONFLICT(county, id) DO UPDATE SET rev=excluded.rev, "
            "body=excluded.body",
            rows,
        )
        connection.execute("COMMIT")

    out = {"codec_s": _median(codec), "crypto_s": _median(crypto), "upsert_s": _median(upsert)}
    connection.close()
    return out


class _Timed:
    """Rounds of one kind: wall and processor seconds of each."""

    def __init__(self, desk: DeskProcess, hub: int) -> None:
        self._desk, self._hub = desk, hub
        self.seconds: list[float] = []
        self.processor: list[float] = []

    def round(self) -> dict[str, Any]:
        """Run a round and keep what it took."""
        before = processor_s(self._hub)
        found = self._desk.sync()
        self.seconds.append(found["seconds"])
        self.processor.append(found["processor"] + processor_s(self._hub) - before)
        return found

    def plain(self) -> dict[str, float]:
        """Return the median and the worst."""
        return {
            "seconds": round(statistics.median(self.seconds), 4),
            "worst_seconds": round(max(self.seconds), 4),
            "best_seconds": round(min(self.seconds), 4),
            "processor_s": round(statistics.median(self.processor), 3),
        }


def run(records: int = RECORDS) -> dict[str, Any]:
    """Run the bench; seconds are medians."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keys = new_keys(SEED)
        journal = Journal(keys=keys, path=str(folder / "desk.db"))
        with Hub.create(folder / "hub", city=CITY, address="https://127.0.0.1:1") as hub:
            enrol(journal, hub)
            hub_keys, key_id = hub.place.keys, hub.key_id
        journal.connection.execute("BEGIN")
        ids = register(journal, records)
        journal.connection.execute("COMMIT")
        served = Served(folder / "hub")
        hub_process = served.process.pid
        desk = DeskProcess(folder / "desk.db", served.address, served.ready["certificate"])
        try:
            first = _Timed(desk, hub_process)
            found = first.round()
            assert found["receipted"] == journal.seq, found
            assert found["agreed"] == records, found
            memory = {"desk_mib": round(found["peak_mib"], 1), "hub_mib": round(peak_mib(hub_process), 1)}
            source = random.Random(3)
            newest, spread, quiet = (_Timed(desk, hub_process) for _ in range(3))
            sizes = []
            for _ in range(ROUNDS):
                for timed, some in ((newest, ids[-CHANGED:]), (spread, sorted(source.sample(ids, CHANGED)))):
                    journal.connection.execute("BEGIN")
                    change(journal, some)
                    journal.connection.execute("COMMIT")
                    entries = journal.entries(journal.seq - CHANGED + 1)
                    data = write_batch(entries, county=COUNTY, epoch=1, keys=keys, hub=hub_keys.public())
                    sizes.append(len(data))
                    assert timed.round()["receipted"] == journal.seq
            for _ in range(QUIET_ROUNDS):
                quiet.round()
        finally:
            desk.close()
            wire = _bytes_of_nothing(journal, served, keys)
            served.stop()
        pack = _median(lambda: write_batch(entries, county=COUNTY, epoch=1, keys=keys, hub=hub_keys.public()))
        unpack = _median(
            lambda: open_batch(data, keys=hub_keys, hub=key_id, sign_key_of=lambda _c, _d: keys.public().sign)
        )
        bare = bare_steps(journal, keys, hub_keys, folder)
        out = {
            "records": records,
            "first": {**first.plain(), **memory},
            "changed": CHANGED,
            "newest": newest.plain(),
            "spread": spread.plain(),
            "nothing": {**quiet.plain(), **wire},
            "bytes_a_record": round(statistics.median(sizes) / CHANGED, 1),
            "payload_bytes_a_record": round(sum(len(entry.payload or b"") for entry in entries) / CHANGED, 1),
            "pack_s": round(pack, 4),
            "unpack_s": round(unpack, 4),
            "bare": {step: round(value, 4) for step, value in bare.items()},
            "ratio_to_bare": round(statistics.median(newest.seconds) / sum(bare.values()), 2),
            "load": os.getloadavg()[0],
        }
        journal.close()
        return out


def _bytes_of_nothing(journal: Journal, served: Served, keys: SecretKeys) -> dict[str, float]:
    """Count the bytes of a round with nothing to do on a kept connection, TLS's own with them, and its round trips."""
    from sync.carriers.https import HttpsCarrier
    from sync.round import run_once

    del keys
    asked: list[str] = []

    class Counting(HttpsCarrier):
        def _ask(self, method: str, target: str, *rest: Any, **named: Any) -> Any:
            asked.append(target)
            return super()._ask(method, target, *rest, **named)

    with SlowLine(served.port, Shape()) as line:
        carrier = Counting(line.address, served.ready["certificate"])
        run_once(journal, carrier)
        asked.clear()
        before = line.counted.up + line.counted.down
        turns = 5
        for _ in range(turns):
            assert run_once(journal, carrier).quiet
        after = line.counted.up + line.counted.down
        carrier.close()
    assert outbox.failed_rounds(journal.connection) == 0
    return {"bytes": (after - before) / turns, "round_trips": len(asked) / turns}


if __name__ == "__main__":
    print(json.dumps(run(*(int(word) for word in sys.argv[1:])), indent=1))
