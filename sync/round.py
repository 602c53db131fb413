"""One round of the sync: bring what the hub has for us, hand over what it lacks, compare.

    enrol if not yet answered for -> collect and apply receipts -> batch by batch: make, store, hand over, apply the
    answer -> compare digests

Every step on the register is one short transaction and every step on the line can be repeated, so the round may be
killed at any line and simply be run again. It raises only what is wrong with the register itself; trouble with the
way or the hub is in the report, in words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from models.errors import Message, SyncError
from sync import agreement, outbox
from sync.agreement import Agreement
from sync.carriers import Carrier, Reply
from sync.causes import RefusedError, words
from sync.outbox import Pending
from sync.port import Port
from sync.receipt import RECEIPT, Receipt

_FIRST_WAIT_S = 60
_LONGEST_WAIT_S = 3600
_DOUBLINGS = 6


@dataclass(slots=True, kw_only=True)
class SyncReport:
    """How a round ended. Numbers are of entries unless said otherwise."""

    way: str
    sent_batches: int = 0
    sent_entries: int = 0
    receipted: int = 0
    """The last own entry that the hub has countersigned."""
    unsent: int = 0
    handed: int = 0
    """Entries that lie in the folder and wait for their receipt."""
    missing: tuple[tuple[int, int], ...] = ()
    """Ranges that the hub says it lacks."""
    refused: list[Message] = field(default_factory=list)
    """Batches, receipts or entries that were refused, in words."""
    agreement: Agreement | None = None
    trouble_code: str = ""
    trouble: Message | None = None

    @property
    def quiet(self) -> bool:
        """Whether nothing is left to do: all receipted, no trouble, and the hub agrees where that was compared."""
        return not self.unsent and self.trouble is None and (self.agreement is None or self.agreement.whole)


def next_try_s(failed_rounds: int) -> int:
    """Return the seconds to wait after so many failed rounds in a row: a minute, doubling, at most an hour."""
    return min(_LONGEST_WAIT_S, _FIRST_WAIT_S << min(failed_rounds, _DOUBLINGS))


def run_once(
    port: Port,
    carrier: Carrier,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> SyncReport:
    """Run one round.

    Args:
        port: The register.
        carrier: The way to the hub.
        now: The clock.
        cancelled: Asked between batches; what was done until then stands.
        progress: Told after each batch the own entries handed over in this round, and how many there were to hand over.

    Returns:
        The report; its `trouble` is also kept for the sync light.

    Raises:
        NotEnrolledError: The register has no hub.
        StorageError: The register cannot be read or written.
    """
    report = SyncReport(way=carrier.way)
    one = _Round(port, carrier, report, now, progress)
    port.run(outbox.enrolled_hub)
    try:
        one.run(cancelled)
    except SyncError as error:
        report.trouble_code = getattr(error, "code", type(error).__name__)
        report.trouble = error.message
    one.finish()
    return report


class _Round:
    def __init__(
        self,
        port: Port,
        carrier: Carrier,
        report: SyncReport,
        now: Callable[[], datetime],
        progress: Callable[[int, int], None],
    ) -> None:
        self.port = port
        self.carrier = carrier
        self.report = report
        self.now = now
        self.progress = progress
        self.newest: Receipt | None = None

    def _now_ms(self) -> int:
        return int(self.now().timestamp() * 1000)

    def run(self, cancelled: Callable[[], bool]) -> None:
        station = self.port.station
        hub = self.port.run(outbox.enrolled_hub)
        if hub.state == "answered":
            self.carrier.enrol(hub, station)
        after = hub.receipted
        batch = self._next(after)
        if batch is None or not self.carrier.answers:
            self._collect(after)
            after = self._receipted()
            batch = self._next(after)
        begun = batch.first if batch is not None else 0
        last = self.port.run(lambda connection: outbox.last_entry(connection, station))
        while batch is not None and not cancelled():
            if not self._answered(batch, self.carrier.send(station, batch)):
                return
            self.progress(batch.last - begun + 1, max(last, batch.last) - begun + 1)
            batch = self._next(max(batch.last, self._receipted()))
        self._compare()

    def _collect(self, receipted: int) -> None:
        """Bring what lies ready for this workstation."""
        news = self.carrier.collect(self.port.station, receipted)
        for name, document in news.documents:
            self._take(name, document)
        if news.have is not None:
            last = self.port.run(lambda connection: outbox.last_entry(connection, self.port.station))
            if news.have > last:
                raise RefusedError("restored", found=news.have, known=last)
            if news.have < self._receipted():
                raise RefusedError("hub_behind", found=news.have, known=self._receipted())

    def _next(self, after: int) -> Pending | None:
        at_ms = self._now_ms()
        return self.port.run(lambda connection: outbox.pending_after(connection, self.port.station, after, at_ms=at_ms))

    def _receipted(self) -> int:
        return self.port.run(lambda connection: outbox.enrolled_hub(connection).receipted)

    def _answered(self, batch: Pending, reply: Reply) -> bool:
        """Apply the answer to a batch; returns whether the round goes on."""
        report = self.report
        if reply.state == "refused":
            message = reply.message or words("content", what="batch", where="?")
            self.port.run(lambda connection: outbox.note_refused(connection, batch.sha256, reply.code, message))
            report.refused.append(message)
            report.trouble_code, report.trouble = reply.code, message
            return False
        report.sent_batches += 1
        report.sent_entries += batch.last - batch.first + 1
        if reply.state != "receipted":
            self.port.run(lambda connection: outbox.note_handed_over(connection, batch.first, self.carrier.way))
        for name, document in reply.documents:
            self._take(name, document)
        if reply.state == "waiting":
            report.missing = reply.missing
            first = reply.missing[0][0] if reply.missing else batch.first
            if first <= self._receipted():
                raise RefusedError("hub_behind", found=first - 1, known=self._receipted())
        # A receipt that was not usable: its cause stands in the report, and the batch stays.
        return reply.state != "receipted" or self._receipted() >= batch.last

    def _take(self, name: str, document: bytes) -> None:
        """Apply a receipt or refusal; one that is not usable is kept aside with its cause."""
        station, at_ms, report = self.port.station, self._now_ms(), self.report
        try:
            if f'"kind":"{RECEIPT}"'.encode() in document:
                receipt = self.port.run(
                    lambda connection: outbox.take_receipt(connection, station, document, at_ms=at_ms, what=name)
                )
                if self.newest is None or receipt.last >= self.newest.last:
                    self.newest = receipt
            else:
                refusal = self.port.run(
                    lambda connection: outbox.take_refusal(connection, station, document, what=name)
                )
                if refusal is not None:
                    report.refused.append(refusal.message)
        except RefusedError as error:
            refused = error
            self.port.run(lambda connection: outbox.put_aside(connection, name, document, refused, at_ms=at_ms))
            report.refused.append(error.message)
            report.trouble_code, report.trouble = error.code, error.message

    def _compare(self) -> None:
        newest = self.newest
        if newest is None:
            return
        report, station = self.report, self.port.station
        report.agreement = self.port.run(lambda connection: outbox.compare_with(connection, station, newest))
        if report.agreement is not None and not report.agreement.whole:
            there = self.carrier.digests(station)
            if there is not None:
                report.agreement = agreement.compare(self.port.run(outbox.desk_buckets), there)
        if (
            report.agreement is not None
            and not report.agreement.whole
            and report.trouble is None
            and not newest.refused_total
        ):
            report.trouble_code, report.trouble = "disagreement", report.agreement.message()

    def finish(self) -> None:
        """Count what is left and note the outcome for the sync light."""
        report, station, at_ms = self.report, self.port.station, self._now_ms()
        if self.newest is not None:
            report.refused.extend(Message(entry.zh, entry.en) for entry in self.newest.refused)
        trouble = (report.trouble_code, report.trouble) if report.trouble is not None else None
        last = self.port.run(lambda connection: outbox.last_entry(connection, station))
        report.receipted = self._receipted()
        report.unsent = last - report.receipted
        report.handed = self.port.run(outbox.handed_entries)
        self.port.run(lambda c: outbox.note_outcome(c, trouble=trouble, agreed=report.agreement, at_ms=at_ms))
