"""Whether saving, Today and the desk's part of a sync cost the same in a small and in a large register.

The registers take turns in one run. The sync's part is what grows with a register if anything does: reading 1,000
unsent entries, sealing them and storing the batch; the hub's part is measured by its own bench.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from models.desk import Desk
from models.register import Register
from sync import joining, outbox
from sync.hub import registry
from sync.hub.hub import Hub
from sync.port import RegisterPort
from tests.bench.bench_register import work_copy
from tests.bench.measure import Figure, ms, p50

SMALL = 10_000
MIDDLE = 200_000
_NOTES = 120
_ROUNDS = 5


def flat(size: int) -> list[Figure]:
    """Compare registers of 10,000 matters and of `size`, and one between when `size` is beyond it."""
    sizes = [SMALL if size > SMALL else size // 10, *([MIDDLE] if size > MIDDLE else []), size]
    found: dict[str, dict[int, list[float]]] = {"save": {}, "Today": {}, "sync, the desk's part": {}}
    with ExitStack() as stack:
        desks = {one: Desk(stack.enter_context(work_copy(one))[0]) for one in sizes}
        targets = {one: _open_matters(desk.register) for one, desk in desks.items()}
        for turn in range(_NOTES):
            for one, desk in desks.items():
                matter = targets[one][turn % len(targets[one])]
                note = partial(desk.perform, matter, "note", {"text": "电话联系，告知进展。"})
                found["save"].setdefault(one, []).append(ms(note))
                found["Today"].setdefault(one, []).append(ms(desk.today))
        ports = {one: _enrolled(desk.register, stack) for one, desk in desks.items()}
        for _ in range(_ROUNDS):
            for one, desk in desks.items():
                found["sync, the desk's part"].setdefault(one, []).append(_batch(desk, ports[one], targets[one]))
    figures = []
    for name, by_size in found.items():
        small = p50(by_size[sizes[0]])
        for one in sizes[1:]:
            value = p50(by_size[one])
            figures.append(
                Figure(
                    what=f"{name}, beside a register of {sizes[0]:,}", size=one, unit="ms", value=value, bare=small,
                    ratio=value / small, aim="<= 1.5 x the small one", met=value / small <= 1.5,
                )
            )  # fmt: skip
    return figures


def _open_matters(register: Register) -> list[int]:
    return [
        row[0]
        for row in register.rows(
            "SELECT id FROM matter WHERE state<>'S13' AND sealed IS NOT 1 ORDER BY place DESC LIMIT 200"
        )
    ]


def _enrolled(register: Register, stack: ExitStack) -> RegisterPort:
    """Enrol with a hub of its own; what is in the register so far counts as receipted."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    port = RegisterPort(register)
    with Hub.create(folder / "hub", city="示例市公安局", address="https://127.0.0.1:1") as hub:
        joining.accept_offer(port, registry.offer(hub, register.county), at=datetime.now(UTC))
    return port


def _batch(desk: Desk, port: RegisterPort, matters: list[int]) -> float:
    """Change 1,000 matters in one act each and make their batch; returns the milliseconds of the batch."""
    register = desk.register
    after = register.seq
    for number in range(1000):
        matter = matters[number % len(matters)]
        with register.act("note", by=register.person, at=datetime.now(UTC), matter=matter) as act:
            act.set("matter", matter, cause=f"进展{after}-{number}")
    connection = register.connection
    connection.execute("UPDATE sync_hub SET receipted=?", (after,))
    connection.execute("DELETE FROM sync_batch")
    start = time.perf_counter()
    pending = outbox.pending_after(connection, port.station, after, at_ms=outbox.now_ms())
    spent = (time.perf_counter() - start) * 1000
    if pending is None or pending.last != register.seq:
        raise AssertionError("the batch does not hold what was changed")
    return spent
