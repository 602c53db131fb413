"""A desk as a process of its own, so that its memory and processor time are its own: rounds on a journal's file.

    python -m tests.bench.desk_process FILE KEYS ADDRESS CERTIFICATE

Each line on standard input runs one round and is answered by one line of JSON. The register's own modules are loaded,
as `petition-desk sync` loads them. `KEYS` is the number from which the workstation's keys are made.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import orjson
import sqlcipher3.dbapi2 as driver

import app.verbs.syncing  # noqa: F401  what the command loads counts
from sync.carriers.https import HttpsCarrier
from sync.port import Station
from sync.round import run_once
from tests.sync.conftest import COUNTY, Journal, new_keys

KEY = "5a" * 32


class Desk(Journal):
    """A journal's file opened again: only what the sync asks for."""

    def __init__(self, path: str, seed: int) -> None:
        self.station = Station(
            county=COUNTY, name="测试县公安局", device=1, device_name="窗口一", epoch=1, keys=new_keys(seed)
        )
        self.connection = driver.connect(path, isolation_level=None)
        self.connection.execute(f"PRAGMA key=\"x'{KEY}'\"")
        self.connection.execute("PRAGMA journal_mode=WAL").fetchone()
        self.connection.execute("PRAGMA synchronous=FULL")
        self.connection.execute("PRAGMA cache_size=-32768")


def peak_mib(process: int | str = "self") -> float:
    """Return the most memory that a process has held, MiB."""
    for line in Path(f"/proc/{process}/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> None:
    """Run rounds as told."""
    path, seed, address, certificate = sys.argv[1:]
    desk = Desk(path, int(seed))
    carrier = HttpsCarrier(address, certificate)
    for _ in sys.stdin:
        start, used = time.perf_counter(), time.process_time()
        report = run_once(desk, carrier)
        found = {
            "seconds": time.perf_counter() - start,
            "processor": time.process_time() - used,
            "peak_mib": peak_mib(),
            "quiet": report.quiet,
            "receipted": report.receipted,
            "agreed": report.agreement.agreed if report.agreement else None,
            "trouble": str(report.trouble or ""),
        }
        print(orjson.dumps(found).decode(), flush=True)
    carrier.close()


if __name__ == "__main__":
    main()
