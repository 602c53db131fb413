"""Sync: 1,000 changed matters to a real hub process over TLS on loopback and receipted, against the bare steps beside
it.

    python -m tests.bench.bench_sync

`seconds` is the whole round as the desk sees it: read the journal, make and store the batch, send, hub verifies,
applies and signs, receipt verified and the outbox emptied, digests compared. `bare` are the same steps without a
product around them, measured in the same run.
"""

from __future__ import annotations

import functools
import itertools
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgpack
import sqlcipher3.dbapi2 as driver
import zstandard

from sync.batch import open_batch, write_batch
from sync.carriers.https import HttpsCarrier
from sync.hub.hub import Hub
from sync.keys import SecretKeys
from sync.round import run_once
from tests.sync.conftest import CITY, COUNTY, Journal, Served, enrol, new_keys

RECORDS = 1000
ROUNDS = 5
_VOCABULARY = 8000
"""Invented words of one to three characters with the falling frequencies of a language (Zipf); compresses worse than
real sentences."""


@functools.cache
def _words() -> tuple[list[str], list[float]]:
    source = random.Random(1)
    words = [
        "".join(chr(source.randrange(0x4E00, 0x9FA5)) for _ in range(source.choice((1, 1, 2, 2, 2, 3))))
        for _ in range(_VOCABULARY)
    ]
    return words, list(itertools.accumulate(1 / (rank + 8) for rank in range(_VOCABULARY)))


def text(source: random.Random, length: int) -> str:
    """Return `length` characters of invented text."""
    words, weights = _words()
    return "".join(source.choices(words, cum_weights=weights, k=length))[:length]


def matters(journal: Journal, count: int, seed: int = 5) -> list[int]:
    """Register `count` matters, several in one act, as an import does."""
    source = random.Random(seed)
    ids = []
    for start in range(0, count, 100):
        changes = []
        for number in range(start, min(start + 100, count)):
            change = journal.insert(
                "matter",
                number=f"{COUNTY}{2026}{number:07d}",
                title=f"反映{text(source, 14)}问题",
                received_on=f"2026-{source.randrange(1, 13):02d}-{source.randrange(1, 29):02d}",
                rules="REG-2022",
                state="S0",
                purpose=source.choice(("意见", "求决", "检举")),
                place_code=f"4301{source.randrange(100):02d}",
                unit=(1 << 32) + source.randrange(1, 30),
                query_code=f"{source.randrange(10**8):08d}",
            )
            changes.append(change)
            ids.append(change.row)
        journal.act(*changes, act="import")
    return ids


def changed_matters(journal: Journal, count: int, seed: int = 6) -> None:
    """Make `count` matters and change each of them once, one act each: state, unit, handler, dates, conclusion and
    about 60 characters of text."""
    known = [row for table, row in journal.rows if table == "matter"] or matters(journal, count)
    source = random.Random(seed + journal.seq)
    for row in known[:count]:
        journal.act(
            journal.update(
                "matter",
                row,
                state=f"S{source.randrange(16)}",
                title=f"关于{text(source, 12)}的信访事项",
                unit=(1 << 32) + source.randrange(1, 30),
                handler=(1 << 32) + source.randrange(1, 40),
                accepted_on=f"2026-{source.randrange(1, 13):02d}-{source.randrange(1, 29):02d}",
                problem_place=f"{text(source, 6)}路{source.randrange(300)}号",
                conclusion=source.choice(("支持", "部分支持", "不予支持")),
                cause=text(source, source.randrange(60, 110)),
            ),
            act=source.choice(("accept_matter", "assign", "amend")),
            step_ms=source.randrange(1000, 900_000),
        )


def _median(work: Callable[[], Any], times: int = ROUNDS) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def bare_steps(journal: Journal, keys: SecretKeys, hub: SecretKeys, folder: Path) -> dict[str, float]:
    """Measure the bare steps on the newest RECORDS entries: codec and zstd, sign and seal and back, upsert."""
    entries = journal.entries(journal.seq - RECORDS + 1)
    payloads = [entry.payload for entry in entries]
    packed = zstandard.ZstdCompressor(level=3).compress(msgpack.packb(payloads))

    def codec() -> None:
        blob = zstandard.ZstdCompressor(level=3).compress(msgpack.packb(payloads))
        msgpack.unpackb(zstandard.ZstdDecompressor().decompress(blob))

    def crypto() -> None:
        sealed = hub.public().seal_to(keys.sign("bench", packed) + packed, b"bench")
        assert hub.open(sealed, b"bench") is not None

    connection = driver.connect(str(folder / "bare.db"), isolation_level=None)
    connection.execute(f"PRAGMA key=\"x'{'11' * 32}'\"")
    connection.execute("PRAGMA cipher_page_size=8192")
    connection.execute("PRAGMA journal_mode=WAL").fetchone()
    connection.execute("PRAGMA synchronous=FULL")
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


def run() -> dict[str, Any]:
    """Run the bench; seconds are medians."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keys = new_keys()
        journal = Journal(keys=keys, path=str(folder / "desk.db"))
        with Hub.create(folder / "hub", city=CITY, address="https://127.0.0.1:1") as hub:
            enrol(journal, hub)
            hub_keys = hub.place.keys
            key_id = hub.key_id
        served = Served(folder / "hub")
        try:
            carrier = HttpsCarrier(served.address, served.ready["certificate"])
            matters(journal, RECORDS)
            assert run_once(journal, carrier).quiet
            whole, nothing = [], []
            for _ in range(ROUNDS):
                journal.connection.execute("BEGIN")
                changed_matters(journal, RECORDS)
                journal.connection.execute("COMMIT")
                start = time.perf_counter()
                report = run_once(journal, carrier)
                whole.append(time.perf_counter() - start)
                assert report.quiet, report
                assert report.receipted == journal.seq
                start = time.perf_counter()
                assert run_once(journal, carrier).quiet
                nothing.append(time.perf_counter() - start)
            carrier.close()
        finally:
            served.stop()
        entries = journal.entries(journal.seq - RECORDS + 1)
        data = write_batch(entries, county=COUNTY, epoch=1, keys=keys, hub=hub_keys.public())
        pack = _median(lambda: write_batch(entries, county=COUNTY, epoch=1, keys=keys, hub=hub_keys.public()))
        unpack = _median(
            lambda: open_batch(data, keys=hub_keys, hub=key_id, sign_key_of=lambda _c, _d: keys.public().sign)
        )
        bare = bare_steps(journal, keys, hub_keys, folder)
        seconds = statistics.median(whole)
        out = {
            "records": RECORDS,
            "seconds": round(seconds, 4),
            "aim_seconds": 0.15,
            "worst_seconds": round(max(whole), 4),
            "nothing_to_do_seconds": round(statistics.median(nothing), 4),
            "pack_seconds": round(pack, 4),
            "unpack_seconds": round(unpack, 4),
            "bytes_a_record": round(len(data) / RECORDS, 1),
            "aim_bytes_a_record": 300,
            "payload_bytes_a_record": round(sum(len(entry.payload or b"") for entry in entries) / RECORDS, 1),
            "bare": {step: round(value, 4) for step, value in bare.items()},
            "ratio_to_bare": round(seconds / sum(bare.values()), 2),
            "cpus": os.cpu_count(),
        }
        journal.close()
        return out


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
