"""The way down at the desk: relays of other workstations and of the city, verified and laid over the register.

The entries of each author form a stream that is taken in order. A stream whose next entry speaks of rows that another
author made and that have not come *waits*: the others flow, and it is tried again as soon as something came. Bytes that
were cut, and relays that wait, are kept (`sync_part`) so that nothing is fetched twice.

Own entries come the same way: a register that was put back from an older backup fetches what it lacks of its own
first. Nothing that is held is ever overwritten: entries that differ from held ones are a fork, and the stream stops.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models import arrivals, stations
from models.device import CITY
from models.errors import ChainError, Message
from sync import givenback, outbox, relay
from sync.carriers import Carrier, CutShortError
from sync.causes import RefusedError
from sync.outbox import EnrolledHub
from sync.port import Connection, Port, transaction

BULK_ENTRIES = 5000
"""From so many entries on, and where nothing is held yet (an import holds hundreds of matters in one entry), it is a
first download: projections and index are made once, at its end."""


@dataclass(slots=True, kw_only=True)
class Fetched:
    """What came down. Numbers are of entries unless said otherwise."""

    entries: int = 0
    conflicts: int = 0
    quarantined: list[Message] = field(default_factory=list)
    """Entries that are held but could not be laid over the rows, in words."""
    waiting: dict[int, int] = field(default_factory=dict)
    """Author to the last entry held, where the stream waits for entries of others."""
    missing: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Author to the range that is not there, where the stream cannot go on before it comes."""
    refused: list[RefusedError] = field(default_factory=list)
    matters: set[int] = field(default_factory=set)
    """Matters whose rows changed."""


class Fetch:
    """Fetches for one register by one carrier.

    Args:
        port: The register.
        carrier: The way.
        hub: The hub that this register is enrolled with.
        now: The clock.
        authors: Signing keys (Ed25519, public) of workstations whose own registration has not come yet.
        cancelled: Asked between relays; what was taken until then stands.
        progress: Told the entries taken, and how many there are to take.
    """

    def __init__(
        self,
        port: Port,
        carrier: Carrier,
        hub: EnrolledHub,
        *,
        now: Callable[[], datetime],
        authors: Mapping[int, bytes] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> None:
        self.port = port
        self.carrier = carrier
        self.hub = hub
        self.fetched = Fetched()
        self._now = now
        self._authors = authors or {}
        self._cancelled = cancelled
        self._progress = progress
        self._total = 0
        self._bulk = False
        self._parts: dict[int, bytes] = {}

    def run(self, down: Mapping[int, int]) -> Fetched:
        """Fetch what is there, author by author, until nothing more moves.

        Args:
            down: Author to the last entry that can be fetched.

        Returns:
            What came in this call and in those before it.

        Raises:
            CutShortError: The way broke; what had come is kept.
            RefusedError: `fork`, of this workstation's own entries.
        """
        held = self.held()
        open_streams = {author: last for author, last in down.items() if last > held.get(author, 0)}
        self._total += sum(last - held.get(author, 0) for author, last in open_streams.items())
        self._bulk = self._total >= BULK_ENTRIES or not held
        self._parts = self.port.run(_parts)
        moved = True
        while moved and open_streams and not self._cancelled():
            moved = False
            for author in sorted(open_streams, key=lambda one: (one != self.port.station.device, one == CITY, one)):
                moved |= self._stream(author, open_streams[author]) > 0
            held = self.held()
            open_streams = {author: last for author, last in open_streams.items() if last > held.get(author, 0)}
        self.port.finish_bulk(self._progress)  # also of a first download that was cut before its end
        return self.fetched

    def held(self) -> dict[int, int]:
        """Return the last entry held of each author."""
        return {author: last for author, (last, _) in self.port.run(arrivals.held).items()}

    def _stream(self, author: int, last: int) -> int:
        """Take what there is of one author; returns how many entries were taken."""
        before = after = self.held().get(author, 0)
        self.fetched.waiting.pop(author, None)
        self.fetched.missing.pop(author, None)
        while after < last and not self._cancelled():
            try:
                whole, rest = self._next(author, after)
            except RefusedError as error:
                self._drop(author, error)
                break
            goes_on = bool(whole)
            for number, one in enumerate(whole):
                goes_on = self._take(author, one)
                if not goes_on:
                    rest = b"".join((*whole[number:], rest)) if author in self.fetched.waiting else b""
                    break
            if self.carrier.answers or author in self.fetched.waiting:  # a folder still has what it had
                self._keep(author, rest)
            reached = self.held().get(author, 0)
            if not goes_on or reached == after:
                break
            after = reached
        return after - before if after > before else self.held().get(author, 0) - before

    def _next(self, author: int, after: int) -> tuple[list[bytes], bytes]:
        """Return the relays that continue entry `after`: those kept, or else those that the carrier brings."""
        whole, rest = relay.split(self._parts.get(author, b""))
        whole = [one for one in whole if relay.read_relay_header(one)[0].batch.last > after]
        if whole:
            return whole, rest
        try:
            return relay.split(self.carrier.fetch(self.port.station, author, after, rest))
        except CutShortError as error:
            self._keep(author, error.part)
            raise

    def _take(self, author: int, data: bytes) -> bool:
        """Take one relay; returns whether the stream goes on."""
        fetched, station = self.fetched, self.port.station
        try:
            batch = relay.open_relay(
                data, keys=station.keys, county=station.county, hub=self.hub.key_id, sign_key_of=self._sign_key
            )
            if batch.header.device != author:
                raise RefusedError("altered", what=batch.header.what, where="device")
            if author == CITY:
                plain = relay.plain_of(data, station.keys)
                self.port.run(lambda connection: givenback.keep(connection, batch.header, plain))
            way = "line" if self.carrier.answers else "folder"
            arrived = self.port.arrive(batch.entries, at=self._now(), way=way, bulk=self._bulk)
        except RefusedError as error:
            if error.code == "unknown_author":
                fetched.waiting[author] = self.held().get(author, 0)
            else:
                self._drop(author, error, data)
            return False
        except ChainError as error:
            self._unfit(author, error, data)
            return False
        fetched.entries += arrived.taken
        fetched.conflicts += arrived.conflicts
        fetched.quarantined.extend(one.message for one in arrived.quarantined)
        fetched.matters.update(arrived.matters)
        self._progress(fetched.entries, max(self._total, fetched.entries))
        if arrived.waiting:
            fetched.waiting[author] = self.held().get(author, 0)
            return False
        return True

    def _unfit(self, author: int, error: ChainError, data: bytes) -> None:
        """Say why entries do not continue what is held: some are missing before them, or there are two of a number."""
        header = relay.read_relay_header(data)[0].batch
        if error.cause == "gap":
            self.fetched.missing[author] = (self.held().get(author, 0) + 1, header.first - 1)
            return
        own = author == self.port.station.device
        refused = RefusedError("fork" if own else "fork_of", what=header.what, seq=error.seq, device=author)
        if own:
            raise refused
        self._drop(author, refused, data)

    def _drop(self, author: int, error: RefusedError, data: bytes = b"") -> None:
        """Put what cannot be used aside with its cause, and forget what was kept of this stream."""
        self.fetched.refused.append(error)
        self._keep(author, b"")
        if data:
            at_ms = int(self._now().timestamp() * 1000)
            name = f"{self.carrier.way} {author}"
            self.port.run(lambda connection: outbox.put_aside(connection, name, data, error, at_ms=at_ms))

    def _sign_key(self, author: int) -> bytes | None:
        if author == CITY:
            return self.hub.keys.sign
        if author == self.port.station.device:
            return self.port.station.keys.public().sign
        known = self.port.run(lambda connection: stations.sign_key_of(connection, author))
        return known or self._authors.get(author)

    def _keep(self, author: int, data: bytes) -> None:
        """Keep bytes of a stream for the next time; b"" lets go of them."""
        if self._parts.get(author, b"") == data:
            return
        at_ms = int(self._now().timestamp() * 1000)
        if data:
            self._parts[author] = data
            self.port.run(lambda connection: _keep_part(connection, author, data, at_ms))
        else:
            self._parts.pop(author, None)
            self.port.run(
                lambda connection: connection.execute("DELETE FROM sync_part WHERE device=?", (author,)).rowcount
            )


def _parts(connection: Connection) -> dict[int, bytes]:
    return dict(connection.execute("SELECT device, data FROM sync_part").fetchall())


def _keep_part(connection: Connection, author: int, data: bytes, at_ms: int) -> None:
    with transaction(connection):
        connection.execute(
            "INSERT INTO sync_part(device, data, noted_ms) VALUES(?,?,?) ON CONFLICT(device) DO UPDATE SET"
            " data=excluded.data, noted_ms=excluded.noted_ms",
            (author, data, at_ms),
        )
