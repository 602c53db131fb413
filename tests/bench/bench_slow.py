"""200 records over a slow line: 64 kbit/s, a second of delay each way, 5 % loss, with and without cuts (`slowline`).

    python -m tests.bench.bench_slow

`line` is the line's own time: a bare socket sends as many bytes through the same line, with the same losses, and waits
for as many back. Where the line is cut, the bare socket sends what a whole run needs and goes on at the byte that had
arrived, which it is told for nothing. Runs differ in their losses (seeds) and go side by side: they mostly wait.
"""

from __future__ import annotations

import concurrent.futures
import json
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sync.carriers.https import HttpsCarrier
from sync.hub.hub import Hub
from sync.round import run_once
from tests.bench.records import change, register
from tests.bench.slowline import Shape, SlowLine
from tests.sync.conftest import CITY, Journal, Served, enrol

RECORDS = 200
BITS_S = 64_000.0
DELAY_S = 1.0
LOSS = 0.05
SEEDS = (1, 2, 3, 4, 5)
CUT_AT = 22_000
"""Bytes of both directions after which the connection is reset, about half of the batch."""
_BLOCK_BYTES = 4096


class _Bare:
    """A server that takes so many bytes, over several connections if need be, and answers with so many."""

    def __init__(self, up: int, down: int) -> None:
        self.got = 0
        self._up, self._down = up, down
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while self.got < self._up:
            connection, _ = self._listener.accept()
            with connection, suppress(OSError):
                while self.got < self._up and (data := connection.recv(_BLOCK_BYTES)):
                    self.got += len(data)
                if self.got >= self._up:
                    connection.sendall(bytes(self._down))
                    connection.recv(1)

    def close(self) -> None:
        """Stop listening."""
        self._thread.join(5)
        self._listener.close()


def bare_seconds(up: int, down: int, shape: Shape) -> float:
    """Return the line's own time for so many bytes up and then down."""
    server = _Bare(up, down)
    with SlowLine(server.port, shape) as line:
        start = time.perf_counter()
        come = 0
        while come < down:
            with suppress(OSError), socket.create_connection(("127.0.0.1", line.port)) as one:
                one.sendall(bytes(up - server.got))
                while come < down and (data := one.recv(_BLOCK_BYTES)):
                    come += len(data)
        spent = time.perf_counter() - start
    server.close()
    return spent


@contextmanager
def _desk(folder: Path, number: int) -> Iterator[Journal]:
    """A workstation whose thousand records the hub holds, with RECORDS changed ones unsent."""
    county = f"4301{number:02d}"
    journal = Journal(county=county)
    with Hub.open(folder / "hub") as hub:
        enrol(journal, hub)
    yield journal
    journal.close()


def _over_line(
    served: Served, journal: Journal, ids: list[int], shape: Shape, needed: tuple[int, int] | None
) -> dict[str, Any]:
    change(journal, ids[:RECORDS])
    with SlowLine(served.port, shape) as line:
        carrier = HttpsCarrier(line.address, served.ready["certificate"])
        start = time.perf_counter()
        report = run_once(journal, carrier)
        spent = time.perf_counter() - start
        carrier.close()
        counted = line.counted
    assert report.quiet, report
    assert report.receipted == journal.seq, report
    bare = bare_seconds(*(needed or (counted.up, counted.down)), shape)
    return {
        "seconds": spent, "line": bare, "ratio": spent / bare, "up": counted.up, "down": counted.down,
        "lost": counted.lost, "connections": counted.connections, "cuts": counted.cuts,
    }  # fmt: skip


def run() -> dict[str, Any]:
    """Run the bench; the ratio of each kind is the median over the seeds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Hub.create(folder / "hub", city=CITY, address="https://127.0.0.1:1").close()
        served = Served(folder / "hub")
        out: dict[str, Any] = {}
        needed = None
        try:
            for kind, cuts in (("whole", ()), ("cut", (CUT_AT,))):
                with concurrent.futures.ThreadPoolExecutor(len(SEEDS)) as pool:
                    jobs = [pool.submit(_one, folder, served, seed, cuts, needed) for seed in SEEDS]
                    found = [job.result() for job in jobs]
                needed = (found[0]["up"], found[0]["down"])
                out[kind] = {
                    "seconds": round(statistics.median(one["seconds"] for one in found), 2),
                    "line": round(statistics.median(one["line"] for one in found), 2),
                    "ratio": round(statistics.median(one["ratio"] for one in found), 3),
                    "worst": round(max(one["ratio"] for one in found), 3),
                    "up": found[0]["up"],
                    "down": found[0]["down"],
                    "lost": [one["lost"] for one in found],
                    "connections": [one["connections"] for one in found],
                }
        finally:
            served.stop()
        return {"records": RECORDS, **out}


def _one(
    folder: Path, served: Served, seed: int, cuts: tuple[int, ...], needed: tuple[int, int] | None
) -> dict[str, Any]:
    with _desk(folder, seed + (50 if cuts else 0)) as journal:
        ids = register(journal, 1000, seed)
        near = HttpsCarrier(served.address, served.ready["certificate"])
        assert run_once(journal, near).quiet
        near.close()
        shape = Shape(bits_s=BITS_S, delay_s=DELAY_S, loss=LOSS, cuts=cuts, seed=seed)
        return _over_line(served, journal, ids, shape, needed)


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
