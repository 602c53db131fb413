"""A whole register by line: all of it up for the first time, then all of it down to a workstation that joins.

    python -m tests.bench.bench_down [MATTERS]

The register is one of `registers`, made through the real act path: a matter has its item, people, text, claims, dated
facts and, where answered, its answer, in some thirteen rows; records are rows here. The download is what `station join`
does: fetched from the hub, each entry verified, laid over the rows by the merge, lists and clocks worked out, put in
place. `searchable` adds what makes the search index, which the window does in the background.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.register import Register
from sync import joining, newcomer
from sync.carriers.https import HttpsCarrier
from sync.hub import registry
from sync.hub.hub import Hub
from sync.invitation import read_invitation
from sync.inviting import invite
from sync.outbox import desk_buckets
from sync.port import RegisterPort
from sync.round import run_once
from tests.bench import registers
from tests.bench.desk_process import peak_mib
from tests.bench.measure import ms
from tests.sync.conftest import CITY, Served

MATTERS = 7500
"""About 100,000 rows."""
COUNTY = "990101"


def run(matters: int = MATTERS) -> dict[str, Any]:
    """Run the bench; seconds of one run each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = registers.copy_of(registers.bench_register(matters), folder)
        Hub.create(folder / "hub", city=CITY, address="https://127.0.0.1:1").close()
        served = Served(folder / "hub")
        try:
            with registers.opened(path) as register:
                up = _up(register, served)
                data = invite(register, 2, "窗口二", by=register.person, at=datetime.now(UTC))
                with HttpsCarrier(served.address, served.ready["certificate"]) as carrier:
                    assert run_once(RegisterPort(register), carrier).quiet
                here = desk_buckets(register.connection)
            down = _down(data, folder, served, here)
            hub_mib = peak_mib(served.process.pid)
        finally:
            served.stop()
        return {"matters": matters, **up, **down, "hub_mib": round(hub_mib, 1), "load": os.getloadavg()[0]}


def _offer(served: Served) -> bytes:
    with Hub.open(served.folder) as hub:
        return registry.offer(hub, COUNTY, address=served.address)


def _up(register: Register, served: Served) -> dict[str, Any]:
    port = RegisterPort(register)
    joining.accept_offer(port, _offer(served), at=datetime.now(UTC))
    rows = sum(count for count, _ in desk_buckets(register.connection).values())
    with HttpsCarrier(served.address, served.ready["certificate"]) as carrier:
        start = time.perf_counter()
        report = run_once(port, carrier)
        spent = time.perf_counter() - start
    assert report.quiet, report
    return {"entries": report.receipted, "records": rows, "up_s": round(spent, 2)}


def _down(data: bytes, folder: Path, served: Served, here: Any) -> dict[str, Any]:
    target = folder / "second.register"
    before = time.process_time()
    start = time.perf_counter()
    state = newcomer.join(
        read_invitation(data),
        target,
        login=registers.LOGIN,
        passphrase=registers.PASSPHRASE,
        now=lambda: datetime.now(UTC),
        offer=_offer(served),
    )
    spent, processor = time.perf_counter() - start, time.process_time() - before
    assert state.done, state
    with registers.opened(target) as second:
        there = desk_buckets(second.connection)
        assert all(there.get(bucket) == value for bucket, value in here.items() if bucket[0] != "device")
        index_s = ms(lambda: _index(second)) / 1000
    return {
        "down_s": round(spent, 2),
        "down_processor_s": round(processor, 2),
        "index_s": round(index_s, 2),
        "desk_mib": round(peak_mib(), 1),
    }


def _index(register: Register) -> None:
    while register.tidy():
        pass


if __name__ == "__main__":
    print(json.dumps(run(*(int(word) for word in sys.argv[1:])), indent=1))
