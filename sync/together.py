"""A whole round of one workstation: with its siblings and with the hub, and numbers for the siblings in between.

    folder: take what siblings wrote -> lease numbers -> round with the hub -> write for siblings -> stored files
    line:   round with the hub -> lease numbers -> another round when there were some

A register without a hub exchanges with its siblings all the same; without both there is nobody to sync with.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models import leases
from sync import outbox, siblings
from sync.carriers import Carrier
from sync.carriers.folder import FolderCarrier
from sync.causes import NotEnrolledError, RefusedError
from sync.files import Exchange
from sync.port import Port
from sync.round import SyncReport, run_once
from sync.siblings import SiblingReport

if TYPE_CHECKING:
    from models.register import Register


def by_folder(
    port: Port,
    folder: Path,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    writes: bool = True,
    **options: Any,
) -> SyncReport:
    """Run a round through a folder or stick; `options` as `sync.round.run_once` takes them.

    Stored files come last, when all records for hub and siblings lie there; what is entered meanwhile goes before the
    next chunk.

    Raises:
        NotEnrolledError: The register has neither hub nor siblings.
        FolderError: The folder cannot be read or written.
    """
    report = _records_by_folder(port, folder, now=now, writes=writes, **options)
    cancelled: Callable[[], bool] = options.get("cancelled", lambda: False)
    exchange = Exchange(port, FolderCarrier(folder), report.files, now=now)
    handed = _last(port)

    def has_more() -> bool:
        return _last(port) > handed

    while report.trouble is None and not exchange.run(cancelled, has_more, writes=writes):
        handed = _last(port)
        again = _records_by_folder(port, folder, now=now, writes=writes, **options)
        again.sent_batches += report.sent_batches
        again.sent_entries += report.sent_entries
        again.files = report.files
        _add(again, report)
        report = again
    return report


def _last(port: Port) -> int:
    return port.run(lambda connection: outbox.last_entry(connection, port.station))


def _records_by_folder(
    port: Port, folder: Path, *, now: Callable[[], datetime], writes: bool, **options: Any
) -> SyncReport:
    try:
        port.run(outbox.enrolled_hub)
    except NotEnrolledError:
        if not port.run(leases.is_shared):
            raise
        report = SyncReport(way=str(folder))
        _with_siblings(port, folder, report, now, writes=False)
    else:
        early = SyncReport(way=str(folder))
        _with_siblings(port, folder, early, now, writes=False)
        lease_numbers(port, now())
        report = run_once(port, FolderCarrier(folder), now=now, writes=writes, files=False, **options)
        _add(report, early)
    if writes:
        lease_numbers(port, now())
        _with_siblings(port, folder, report, now, writes=True)
    return report


def by_line(
    port: Port, carrier: Carrier, *, now: Callable[[], datetime] = lambda: datetime.now(UTC), **options: Any
) -> SyncReport:
    """Run a round by line, and another one when it left numbers to lease."""
    report = run_once(port, carrier, now=now, **options)
    if report.trouble is None and lease_numbers(port, now()):
        again = run_once(port, carrier, now=now, **options)
        again.sent_batches += report.sent_batches
        again.sent_entries += report.sent_entries
        again.refused = report.refused + again.refused
        again.down = report.down if not again.down.entries else again.down
        return again
    return report


def lease_numbers(port: Port, at: datetime) -> int:
    """Lease blocks to siblings that have few numbers left, where this workstation gives them out; returns how many."""

    def work(register: Register) -> int:
        return 0 if register.must_fetch else leases.top_up(register, by=register.person, at=at)

    return port.with_register(work)


def _with_siblings(port: Port, folder: Path, report: SyncReport, now: Callable[[], datetime], *, writes: bool) -> None:
    """Exchange with siblings; trouble is told in the report, and the hub's part goes on."""
    try:
        found = siblings.exchange(port, folder, now=now, writes=writes)
    except RefusedError as error:
        report.trouble_code, report.trouble = error.code, error.message
        return
    _sum(report.siblings, found)


def _add(report: SyncReport, early: SyncReport) -> None:
    _sum(report.siblings, early.siblings)
    if report.trouble is None and early.trouble is not None:
        report.trouble_code, report.trouble = early.trouble_code, early.trouble


def _sum(whole: SiblingReport, part: SiblingReport) -> None:
    """Add what one exchange did to what others did before it in the same round."""
    for author, count in part.taken.items():
        whole.taken[author] = whole.taken.get(author, 0) + count
    whole.written.update(part.written)
    whole.conflicts += part.conflicts
    whole.quarantined += part.quarantined
    whole.waiting, whole.missing = part.waiting, part.missing
    whole.refused += [message for message in part.refused if message not in whole.refused]
