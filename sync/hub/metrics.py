"""Counts and times of the hub, for a monitoring program: the text format of Prometheus (version 0.0.4).

Numbers only: requests by route and status, their time and bytes, what was turned away, log-ins; and of each county how
many workstations, gaps and quarantined entries, and how long ago its last batch came. No matter, no name, no login.

Workers share one piece of memory, made before they are started: each adds to a part of its own, and whichever worker is
asked adds up all parts. A worker that was replaced goes on counting where the one before it stopped.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.device import CITY
from sync.hub import storage

if TYPE_CHECKING:
    from sync.hub.hub import Hub

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS_S = (0.005, 0.025, 0.1, 0.5, 2.5, 10.0)
STATUSES = ("1xx", "2xx", "3xx", "4xx", "5xx", "cut")
LIMITED = ("data", "questions", "strangers", "pages", "logins")
LOGINS = ("taken", "refused")
OTHER = "other"
"""A route that is not known: whatever a stranger asks for is counted here, so that nobody makes us a label."""
_CELL = 8
_ROUTES = 96
"""Room for routes; a hub has some thirty."""
_PER_ROUTE = len(STATUSES) + len(BUCKETS_S) + 1 + 3  # the time in all, bytes in, bytes out
_BESIDE = len(LIMITED) + len(LOGINS)
_CELLS = _ROUTES * _PER_ROUTE + _BESIDE


class Shared:
    """Memory for the numbers of some workers; made before they are started."""

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers
        self._memory = mmap.mmap(-1, workers * _CELLS * _CELL)
        self.cells = memoryview(self._memory).cast("d")


class Metrics:
    """The numbers of one worker.

    Args:
        routes: Patterns of the application, the same in each worker; `name` in the order given.
        shared: Memory of all workers; of this one alone by default.
        worker: Which part of it is ours.
    """

    def __init__(self, routes: Iterable[str], shared: Shared | None = None, worker: int = 0) -> None:
        self._shared = shared or Shared()
        self.routes = tuple(dict.fromkeys(routes))[: _ROUTES - 1]
        self._place = {route: place for place, route in enumerate((*self.routes, OTHER))}
        self._start = worker * _CELLS

    def observe(self, route: str, status: int, seconds: float, received: int, sent: int) -> None:
        """Count a request; `status` 0: its answer never began."""
        cells = self._shared.cells
        base = self._start + self._place.get(route, len(self.routes)) * _PER_ROUTE
        cells[base + (len(STATUSES) - 1 if status == 0 else min(max(status // 100, 1), 5) - 1)] += 1
        base += len(STATUSES)
        cells[base + next((place for place, most in enumerate(BUCKETS_S) if seconds <= most), len(BUCKETS_S))] += 1
        base += len(BUCKETS_S) + 1
        cells[base] += seconds
        cells[base + 1] += received
        cells[base + 2] += sent

    def limited(self, kind: str) -> None:
        """Count a request that was turned away because there were too many."""
        self._shared.cells[self._start + _ROUTES * _PER_ROUTE + LIMITED.index(kind)] += 1

    def login(self, *, taken: bool) -> None:
        """Count a log-in in the browser."""
        place = LOGINS.index("taken" if taken else "refused")
        self._shared.cells[self._start + _ROUTES * _PER_ROUTE + len(LIMITED) + place] += 1

    def text(self, hub: Hub) -> str:
        """Return all numbers, of all workers, with what the database says now.

        Raises:
            StorageError: The database does not answer.
        """
        return "\n".join([*self._requests(), *self._beside(), *_of_database(hub)]) + "\n"

    def _sum(self, place: int) -> float:
        cells = self._shared.cells
        return sum(cells[worker * _CELLS + place] for worker in range(self._shared.workers))

    def _requests(self) -> Iterable[str]:
        counted = [(route, place * _PER_ROUTE) for route, place in self._place.items()]
        asked = [(route, base) for route, base in counted if any(self._sum(base + n) for n in range(len(STATUSES)))]
        yield from _head("petition_hub_requests_total", "counter", "Requests by route and status.")
        for route, base in asked:
            for n, status in enumerate(STATUSES):
                if value := self._sum(base + n):
                    yield _line("petition_hub_requests_total", value, route=route, status=status)
        yield from _head("petition_hub_request_seconds", "histogram", "Time of requests, from first to last byte.")
        for route, base in asked:
            total = 0.0
            for n, most in enumerate((*BUCKETS_S, "+Inf")):
                total += self._sum(base + len(STATUSES) + n)
                yield _line("petition_hub_request_seconds_bucket", total, route=route, le=str(most))
            yield _line("petition_hub_request_seconds_sum", self._sum(base + _PER_ROUTE - 3), route=route)
            yield _line("petition_hub_request_seconds_count", total, route=route)
        for name, place, told in (
            ("petition_hub_received_bytes_total", 2, "Bytes of request bodies."),
            ("petition_hub_sent_bytes_total", 1, "Bytes of answers."),
        ):
            yield from _head(name, "counter", told)
            for route, base in asked:
                yield _line(name, self._sum(base + _PER_ROUTE - place), route=route)

    def _beside(self) -> Iterable[str]:
        base = _ROUTES * _PER_ROUTE
        yield from _head("petition_hub_limited_total", "counter", "Requests turned away because there were too many.")
        for n, kind in enumerate(LIMITED):
            yield _line("petition_hub_limited_total", self._sum(base + n), kind=kind)
        yield from _head("petition_hub_logins_total", "counter", "Log-ins in the browser.")
        for n, kind in enumerate(LOGINS):
            yield _line("petition_hub_logins_total", self._sum(base + len(LIMITED) + n), result=kind)


def _of_database(hub: Hub) -> Iterable[str]:
    d = storage.device
    now = hub.now_ms()
    with hub.reading() as connection:
        stations = connection.execute(
            sa.select(d.c.county, d.c.device, d.c.have, d.c.last_batch_ms)
            .where(d.c.device != CITY)
            .order_by(d.c.county, d.c.device)
        ).all()
        waiting = _by_county(connection, storage.batch, storage.batch.c.state == "waiting")
        quarantine = _by_county(connection, storage.quarantine)
        refused = _by_county(connection, storage.refused)
        conflicts = _by_county(connection, storage.conflict)
    yield from _head("petition_hub_entries", "gauge", "Entries held of a workstation without a gap.")
    for county, device, have, _ in stations:
        yield _line("petition_hub_entries", have, county=county, device=str(device))
    yield from _head("petition_hub_last_batch_age_seconds", "gauge", "Time since the last batch of a workstation.")
    for county, device, _, last in stations:
        if last is not None:
            age = max(0.0, (now - last) / 1000)
            yield _line("petition_hub_last_batch_age_seconds", age, county=county, device=str(device))
    for name, told, found in (
        ("petition_hub_waiting_batches", "Batches that wait for a gap to close.", waiting),
        ("petition_hub_quarantined_entries", "Entries that could not be taken and wait for a person.", quarantine),
        ("petition_hub_refused_files", "Files that were refused and are kept.", refused),
        ("petition_hub_conflicts", "Values that were entered apart from each other, settled ones too.", conflicts),
    ):
        yield from _head(name, "gauge", told)
        for county, count in found:
            yield _line(name, count, county=county)


def _by_county(connection: sa.Connection, table: sa.Table, *where: sa.ColumnElement[bool]) -> Sequence[tuple[str, int]]:
    query = sa.select(table.c.county, sa.func.count()).where(*where).group_by(table.c.county).order_by(table.c.county)
    return [(county, int(count)) for county, count in connection.execute(query)]


def _head(name: str, kind: str, told: str) -> tuple[str, str]:
    return f"# HELP {name} {told}", f"# TYPE {name} {kind}"


def _line(name: str, value: float, /, **labels: str) -> str:
    inside = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    number = str(int(value)) if value == int(value) else repr(value)
    return f"{name}{{{inside}}} {number}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
