"""One round of the sync: bring what the hub has for us, hand over what it lacks, compare, then the stored files.

    enrol if not yet answered for -> ask (receipts, what the hub has of us and for us) -> fetch own entries if this
    register is behind -> batch by batch: make, store, hand over, apply the answer -> fetch those of others -> compare
    digests -> files

A round with something to send does not ask first: the answer to its last batch says what there is to fetch. A round
with nothing to do is one question and one answer. Every step on the register is one short transaction and every step on
the line can be repeated, so the round may be killed at any line and simply be run again. It raises only what is wrong
with the register itself; trouble with the way or the hub is in the report, in words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from models import fetching
from models.device import CITY
from models.errors import Message, SyncError
from sync import comparing, givenback, outbox
from sync.agreement import Agreement
from sync.carriers import Carrier, News, Reply
from sync.carriers.https import HttpsCarrier
from sync.causes import RefusedError, words
from sync.fetch import Fetch, Fetched
from sync.files import Exchange, FilesReport
from sync.holds import HUB, Holds, read_holds, write_holds
from sync.outbox import Pending
from sync.port import Port
from sync.receipt import RECEIPT, Receipt
from sync.siblings import SiblingReport, peers

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
    """Batches, receipts, relays or entries that were refused, in words."""
    down: Fetched = field(default_factory=Fetched)
    """What came down; see `fetched`, `taken_conflicts`, `quarantined`."""
    siblings: SiblingReport = field(default_factory=SiblingReport)
    """What was exchanged with siblings directly, where the way was a folder."""
    agreement: Agreement | None = None
    files: FilesReport = field(default_factory=FilesReport)
    trouble_code: str = ""
    trouble: Message | None = None

    @property
    def fetched(self) -> int:
        """Entries of others, or own lost ones, that came and are held now."""
        return self.down.entries

    @property
    def taken_conflicts(self) -> int:
        """Conflicts that were found in what came."""
        return self.down.conflicts

    @property
    def quarantined(self) -> list[Message]:
        """Entries that came, are held, and could not be laid over the rows."""
        return self.down.quarantined

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
    fetched: Callable[[int, int], None] = lambda _done, _total: None,
    writes: bool = True,
    authors: Mapping[int, bytes] | None = None,
    files: bool = True,
) -> SyncReport:
    """Run one round.

    Args:
        port: The register.
        carrier: The way to the hub.
        now: The clock.
        cancelled: Asked between batches; what was done until then stands.
        progress: Told after each batch the own entries handed over in this round, and how many there were to hand over.
        fetched: Told after each relay the entries taken in this round, and how many there are to take.
        writes: False to take what lies in a folder and to write nothing into it.
        authors: Signing keys of workstations whose registration has not come yet (a register that is being joined).
        files: False where the caller sees to the stored files itself, after records for others (`sync.together`).

    Returns:
        The report; its `trouble` is also kept for the sync light.

    Raises:
        NotEnrolledError: The register has no hub.
        StorageError: The register cannot be read or written.
    """
    report = SyncReport(way=carrier.way)
    one = _Round(port, carrier, report, now, progress, writes=writes, files=files)
    hub = port.run(outbox.enrolled_hub)
    one.down = Fetch(port, carrier, hub, now=now, authors=authors, cancelled=cancelled, progress=fetched)
    report.down = one.down.fetched
    try:
        one.run(cancelled)
    except SyncError as error:
        report.trouble_code = getattr(error, "code", type(error).__name__)
        report.trouble = error.message
    one.finish()
    return report


class _Round:
    down: Fetch

    def __init__(
        self,
        port: Port,
        carrier: Carrier,
        report: SyncReport,
        now: Callable[[], datetime],
        progress: Callable[[int, int], None],
        *,
        writes: bool,
        files: bool,
    ) -> None:
        self.port = port
        self.carrier = carrier
        self.report = report
        self.now = now
        self.progress = progress
        self.writes = writes
        self.files = files
        self.newest: Receipt | None = None
        self.news: News | None = None
        self.reached = 0
        """Last own entry that was handed over, or need not be."""
        self.below: Mapping[int, int] = {}
        """Author to last entry, of what can be fetched."""

    def _now_ms(self) -> int:
        return int(self.now().timestamp() * 1000)

    def run(self, cancelled: Callable[[], bool]) -> None:
        if self.port.run(outbox.is_half_repaired):
            raise RefusedError("repair_open", count=self.port.run(outbox.forked_entries))
        hub = self.port.run(outbox.enrolled_hub)
        if hub.state == "answered" and self.writes:
            self.carrier.enrol(hub, self.port.station)
        try:
            goes_on = self._records(cancelled)
        finally:
            if self.writes and not self.carrier.answers:
                self._say()
        if not goes_on:
            return
        self._compare()
        if not self.files:
            return
        exchange = Exchange(self.port, self.carrier, self.report.files, now=self.now)
        while not exchange.run(cancelled, self._has_more, writes=self.writes):
            if cancelled() or not self._records(cancelled):
                return

    def _records(self, cancelled: Callable[[], bool]) -> bool:
        """Hand over and fetch until there is nothing more; returns whether the round goes on."""
        self.news, self.below = None, {}
        begun = self._receipted()
        batch = None if self._must_fetch() else self._next(begun)
        if batch is None or not self.carrier.answers:
            self._ask(begun, cancelled)
            batch = None if self._must_fetch() else self._next(self._receipted())
        goes_on = self._hand_over(batch, cancelled)
        self.down.run(self.below)
        return goes_on

    def _has_more(self) -> bool:
        """Return whether something was entered that this round has not handed over."""
        return self._last() > self.reached

    def _say(self) -> None:
        """Write into a folder what is held here, so that the hub knows what to write for us."""
        station = self.port.station
        said = Holds(county=station.county, device=station.device, epoch=station.epoch, holds=self.down.held())
        self.carrier.tell(station, write_holds(said, station.keys))

    # --- own entries -------------------------------------------------------------------------------------------------

    def _must_fetch(self) -> bool:
        return self.port.with_register(lambda register: register.must_fetch)

    def _ask(self, receipted: int, cancelled: Callable[[], bool]) -> None:
        """Bring what lies ready for this workstation, and fetch its own entries first if it is behind."""
        held = self.down.held()
        news = self.news = self.carrier.collect(self.port.station, receipted, held)
        self.below = news.down or {}
        device = self.port.station.device
        own = held.get(device, 0)
        hub = self._hub_says(news)
        have = news.have if hub is None else hub.holds.get(device, 0)
        if have is not None and have > own:
            # All that is there, not the own alone: own entries may be about rows that siblings made meanwhile.
            self.down.run({**self.below, device: have})
            own = self.down.held().get(device, 0)
            if own < have:
                raise RefusedError("restored", found=have, known=own)
        for name, document in news.documents:
            self._take(name, document)
        if news.have is not None and news.have < self._receipted():
            raise RefusedError("hub_behind", found=news.have, known=self._receipted())
        self._give_back(news.city if hub is None else hub.holds.get(CITY, 0), held.get(CITY, 0))
        if news.head is not None and news.have and self._hash_at(news.have) != news.head:
            raise RefusedError("fork", what=f"{self.port.station.county}/{device}", seq=news.have)
        for author, (last, head) in sorted(news.lacks.items()):
            if self._hash_at(last, author) != head:  # it went on apart, and has not got as far again
                what = f"{self.port.station.county}/{author}"
                self.down.fetched.refused.append(RefusedError("fork_of", what=what, seq=last, device=author))
        if self._must_fetch() and have is not None and (hub is None or self._heard(hub)):
            self.down.run(self.below)
            self._nobody_has_more(news)
            if not cancelled():
                self.port.with_register(fetching.clear)

    def _give_back(self, have: int | None, held: int) -> None:
        """Give a hub that was put back from a backup what it wrote to this county itself."""
        if have is None or have >= held or not self.writes:
            return
        station = self.port.station
        hub = self.port.run(outbox.enrolled_hub)
        lacking = self.port.run(lambda one: list(givenback.batches_after(one, station, hub.keys, have)))
        writer = station if self.carrier.answers else replace(station, device=CITY)  # its files bear its number
        for batch in lacking:
            reply = self.carrier.send(writer, batch)
            if reply.state == "refused" and reply.message is not None:
                self.report.refused.append(reply.message)
                return

    def _nobody_has_more(self, news: News) -> None:
        """Look that no sibling holds own entries that the hub does not have: they came to it by stick.

        Raises:
            RefusedError: `elsewhere`. What was entered now would bear the numbers of those entries.
        """
        device = self.port.station.device
        own = self.down.held().get(device, 0)
        last = {number: one.holds.get(device, 0) for number, one in self.port.run(peers).items()}
        for number, found in sorted({**last, **news.elsewhere}.items()):
            if found > own:
                raise RefusedError("elsewhere", device=number, found=found, known=own)

    def _hub_says(self, news: News) -> Holds | None:
        """Return what the hub's document in a folder says, None where there is none or it is not the hub's."""
        if news.said is None:
            return None
        hub = self.port.run(outbox.enrolled_hub)
        try:
            return read_holds(
                news.said, sign_public=hub.keys.sign, county=self.port.station.county, device=HUB, what="hub.holds"
            )
        except RefusedError as error:
            self.report.refused.append(error.message)
            return None

    def _heard(self, hub: Holds) -> bool:
        """Return whether the hub wrote this after it had heard of this epoch: nothing that it has is newer."""
        return hub.heard.get(self.port.station.device, 0) >= self.port.station.epoch

    def _hash_at(self, seq: int, author: int = 0) -> bytes | None:
        device = author or self.port.station.device
        row = self.port.run(
            lambda connection: connection.execute(
                "SELECT hash FROM entry WHERE device=? AND seq=?", (device, seq)
            ).fetchone()
        )
        return None if row is None else bytes(row[0])

    def _hand_over(self, batch: Pending | None, cancelled: Callable[[], bool]) -> bool:
        """Hand over what is unsent; returns whether the round goes on to the rest."""
        station = self.port.station
        self.reached = batch.first - 1 if batch is not None else self._last()
        begun, last = self.reached + 1, self._last()
        while batch is not None and self.writes and not cancelled():
            final = batch.last >= last and self.news is None
            if isinstance(self.carrier, HttpsCarrier):
                self.carrier.when_sent = partial(self._make_ahead, batch.last, last)
            reply = self.carrier.send(station, batch, self.down.held() if final else None)
            if reply.down is not None:
                self.below = reply.down
            if not self._answered(batch, reply):
                return False
            self.reached = batch.last
            self.progress(batch.last - begun + 1, max(last, batch.last) - begun + 1)
            batch = self._next(max(batch.last, self._receipted()))
            last = max(last, self._last())
        return True

    def _make_ahead(self, sent: int, last: int) -> None:
        """Make and store the batch after the one that the hub is working on; it is found when that is answered."""
        if sent < last:
            self._next(sent)

    def _last(self) -> int:
        return self.port.run(lambda connection: outbox.last_entry(connection, self.port.station))

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

    # --- comparing and the end ---------------------------------------------------------------------------------------

    def _compare(self) -> None:
        report, down = self.report, self.report.down
        if self.newest is None and self.news is None and not down.entries:
            return
        digest = self.news.digest if self.news is not None and not report.sent_entries else ""
        report.agreement = comparing.compare(
            self.port, self.carrier, newest=None if down.entries else self.newest, digest=digest
        )
        explained = self.newest is not None and self.newest.refused_total
        if report.agreement is None or report.agreement.whole or report.trouble is not None or explained:
            return
        if not self.port.run(comparing.is_explained):
            report.trouble_code, report.trouble = "disagreement", report.agreement.message()

    def finish(self) -> None:
        """Count what is left and note the outcome for the sync light."""
        report, station, at_ms = self.report, self.port.station, self._now_ms()
        if self.newest is not None:
            report.refused.extend(Message(entry.zh, entry.en) for entry in self.newest.refused)
        report.refused.extend(error.message for error in report.down.refused)
        forked = self.port.run(outbox.forked_entries)
        if forked:
            report.refused.append(words("repair_open", count=forked))
        trouble = (report.trouble_code, report.trouble) if report.trouble is not None else None
        last = self.port.run(lambda connection: outbox.last_entry(connection, station))
        report.receipted = self._receipted()
        report.unsent = last - report.receipted
        report.handed = self.port.run(outbox.handed_entries)
        self.port.run(lambda c: outbox.note_outcome(c, trouble=trouble, agreed=report.agreement, at_ms=at_ms))
