"""The hub: takes batches, answers with receipts, knows what it lacks. Web, folder and command line call this.

For each workstation the hub holds a number `have`: every entry up to it is applied, without a gap. A batch is then
one of:

| Range against `have` | What happens | Answer |
|---|---|---|
| ends at or below, same head | nothing; it was taken before | its receipt |
| ends at or below, other head | nothing; kept aside | refused: fork |
| begins at or below `have + 1`, ends above, fits the chain | applied, `have` moves | its receipt |
| the same, does not fit | nothing; kept aside | refused: fork or chain_break |
| begins above `have + 1` | kept sealed, waits for the gap to close | waiting, with the missing ranges |

One transaction holds raw batch, rows, digests, headers, `have` and the signed receipt: a receipt exists if and only
if everything it speaks of is on the disk. One writer at a time for each county at most.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from models.device import CITY
from models.errors import Message
from sync import agreement
from sync.batch import Batch, Header, open_batch, read_header, sealed_part
from sync.causes import RefusedError
from sync.hub import bulk, held, place, postgres, storage
from sync.hub.rows import Applier
from sync.receipt import Receipt, Refusal, write_receipt, write_refusal

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a batch. `documents` are signed receipts, or the signed refusal where the sender could be told."""

    state: Literal["receipted", "waiting", "refused"]
    header: Header | None = None
    documents: tuple[bytes, ...] = ()
    missing: tuple[held.Range, ...] = ()
    code: str = ""
    message: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What the hub holds of a workstation; `missing`: gaps before waiting batches; `newest`: its newest receipt."""

    have: int
    head: bytes
    missing: tuple[held.Range, ...]
    waiting: int
    newest: bytes | None
    newest_last: int


class Hub:
    """An opened hub. Use `Hub.open`; `close` it, or use `with`."""

    def __init__(self, home: place.Place, engine: sa.Engine, clock: Clock) -> None:
        self.place = home
        self.engine = engine
        self.public = home.keys.public()
        self.key_id = self.public.key_id
        self._clock = clock
        self._writer = threading.Lock()
        self._sign_keys: dict[tuple[str, int], bytes] = {}
        self.summaries: dict[str, tuple[object, str]] = {}
        """Of each county: what its digests were summed up over, and the sum (`sync.hub.down`)."""

    @classmethod
    def open(cls, folder: Path, *, clock: Clock = lambda: datetime.now(UTC)) -> Hub:
        """Open the hub of a folder; batches that wait for a gap which has closed meanwhile are applied.

        A database of an earlier version is brought up, and what it could not take then is tried again.

        Raises:
            StorageError: See `place.find`, `storage.open_engine` and `postgres.open_engine`.
        """
        home = place.find(folder)
        hub = cls(home, _engine(home), clock)
        if postgres.bring_up(hub.engine) if home.database_url else storage.bring_up(hub.engine, home.database):
            from sync.hub.checks import retry_quarantine

            retry_quarantine(hub)
        with hub.reading() as connection:
            t = storage.batch
            query = sa.select(t.c.county, t.c.device).where(t.c.state == "waiting").distinct()
            stations = [(county, device) for county, device in connection.execute(query)]
        for county, device in stations:
            hub._release(county, device)
        return hub

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        city: str,
        address: str,
        database: str = "",
        clock: Clock = lambda: datetime.now(UTC),
    ) -> Hub:
        """Make a hub in an empty folder, with its rows in an encrypted file there or in an empty PostgreSQL database.

        Args:
            folder: Where its keys go.
            city: Full name of the city bureau.
            address: https URL at which desks reach it.
            database: `postgresql://...`; empty for the file.
            clock: The hub's clock.

        Raises:
            InputError: `database` is no address of PostgreSQL.
            StorageError: There is a hub already, the disk or the server says no; nothing is left behind.
        """
        url = postgres.check_url(database) if database else ""
        engine = postgres.open_engine(url, create=True) if url else None
        home = place.make(folder, city=city, address=address, database_url=url)
        return cls(home, engine or _engine(home, create=True), clock)

    def close(self) -> None:
        """Close the database."""
        self.engine.dispose()

    def __enter__(self) -> Hub:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def now(self) -> datetime:
        """Return the hub's clock, aware."""
        return self._clock()

    def now_ms(self) -> int:
        """Return the hub's clock in milliseconds since 1970, UTC."""
        return int(self._clock().timestamp() * 1000)

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Read from one state of the database.

        Raises:
            StorageError: The database does not answer.
        """
        options: dict[str, Any] = (
            {"isolation_level": "REPEATABLE READ"} if self.place.database_url else {"reading": True}
        )
        with (
            storage.trouble_told(),
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    @contextlib.contextmanager
    def writing(self, county: str = "") -> Iterator[sa.Connection]:
        """Write: all or nothing, on the disk when the block is left.

        One writer at a time; on a server one for each county, whatever worker it is in. A hub that was moved while
        this program had it open writes no more: what it took would not be where the hub is now.

        Args:
            county: Whose rows are written; '' for those of several.

        Raises:
            StorageError: The database does not answer, or the hub was moved; nothing was written.
        """
        alone = contextlib.nullcontext() if self.place.database_url else self._writer
        with storage.trouble_told(), alone, self.engine.begin() as connection:
            if self.place.database_url:
                postgres.hold(connection, county)
            place.check_not_moved(self.place)  # with the lock held: a move that waited for us comes after us
            yield connection

    # --- batches -----------------------------------------------------------------------------------------------------

    def ingest(self, data: bytes) -> Outcome:
        """Take a batch file: verify, keep, apply, receipt. Safe to repeat with the same file any number of times."""
        try:
            again = self._taken_before(data)
            if again is not None:
                return again
            opened = open_batch(data, keys=self.place.keys, hub=self.key_id, sign_key_of=self.sign_key)
            outcome = self._take(opened, data)
        except RefusedError as error:
            return self._refuse(data, error)
        if outcome.state == "receipted":
            later = self._release(opened.header.county, opened.header.device)
            outcome = Outcome(state="receipted", header=opened.header, documents=(*outcome.documents, *later))
        return outcome

    def _taken_before(self, data: bytes) -> Outcome | None:
        """Return the outcome of a file that was applied before, byte for byte, without opening it again."""
        header, _ = sealed_part(data)
        named = (header.county, header.device, header.first, header.last, header.sha256)
        with self.reading() as connection:
            document = held.receipt_of(connection, *named)
        return None if document is None else Outcome(state="receipted", header=header, documents=(document,))

    def sign_key(self, county: str, device: int) -> bytes:
        """Return the Ed25519 public key of an enrolled workstation.

        Raises:
            RefusedError: unknown_county or unknown_device.
        """
        kept = self._sign_keys.get((county, device))
        if kept is not None:  # a number belongs to its keys for good (`device_taken`): asked once
            return kept
        what = f"{county}/{device}"
        with self.reading() as connection:
            t = storage.device
            query = sa.select(t.c.sign_key).where(t.c.county == county, t.c.device == device)
            key: bytes | None = connection.execute(query).scalar_one_or_none()
            if key is not None:
                self._sign_keys[county, device] = key
                return key
            known = connection.execute(
                sa.select(storage.county.c.county).where(storage.county.c.county == county)
            ).first()
        if known is None:
            raise RefusedError("unknown_county", what=what, county=county)
        raise RefusedError("unknown_device", what=what, county=county, device=device)

    def _take(self, opened: Batch, data: bytes) -> Outcome:
        header = opened.header
        with self.writing(header.county) as connection:
            have, head = held.have(connection, header.county, header.device)
            if header.first > have + 1:
                self._keep(connection, header, data, "waiting")
                missing, _ = held.gaps(connection, header.county, header.device, have)
                return Outcome(state="waiting", header=header, missing=missing)
            if header.last <= have:
                known = held.hash_at(connection, header.county, header.device, header.last)
                if known != opened.head:
                    raise RefusedError("fork", what=header.what, seq=header.last)
                return Outcome(state="receipted", header=header, documents=(self._receipt_again(connection, opened),))
            skip = have + 1 - header.first
            if (opened.entries[skip - 1].hash if skip else opened.prev) != head:
                if not have:
                    raise RefusedError("chain_break", what=header.what, seq=header.first, where="prev")
                raise RefusedError("fork", what=header.what, seq=have)
            return Outcome(state="receipted", header=header, documents=(self.apply(connection, opened, data, skip),))

    def apply(self, connection: sa.Connection, opened: Batch, data: bytes, skip: int) -> bytes:
        """Apply the entries of an opened batch beyond the first `skip`, within the caller's transaction.

        They are known to continue the chain that is held.

        Args:
            connection: From `writing` of its county.
            opened: The batch.
            data: Its file, kept as evidence.
            skip: How many of its entries are held already.

        Returns:
            The signed receipt.
        """
        header = opened.header
        entries = opened.entries[skip:]
        now_ms = self.now_ms()
        applier = Applier(connection, header.county, now_ms=now_ms)
        applier.apply(entries, opened.changes[skip:])
        applier.finish()
        headers = [(header.county, e.device, e.seq, e.at_ms, e.hlc, e.actor, e.act, e.matter, e.hash) for e in entries]
        names = ("county", "device", "seq", "at_ms", "hlc", "actor", "act", "matter", "hash")
        bulk.insert(connection, storage.entry, names, headers)
        self._keep(connection, header, data, "applied")
        t = storage.device
        connection.execute(
            sa.update(t)
            .where(t.c.county == header.county, t.c.device == header.device)
            .values(
                have=header.last,
                head=opened.head,
                last_batch_ms=now_ms,
                epoch=sa.case((t.c.epoch < header.epoch, header.epoch), else_=t.c.epoch),
            )
        )
        return self._sign_receipt(connection, opened, applier.digests)

    def _keep(self, connection: sa.Connection, header: Header, data: bytes, state: str) -> None:
        row = {
            "county": header.county,
            "device": header.device,
            "first": header.first,
            "last": header.last,
            "sha256": header.sha256,
            "epoch": header.epoch,
            "state": state,
            "received_ms": self.now_ms(),
            "raw": data,
        }
        storage.put(connection, storage.batch, [row], replace=state == "applied")
        t = storage.upload
        connection.execute(
            sa.delete(t).where(t.c.county == header.county, t.c.device == header.device, t.c.sha256 == header.sha256)
        )

    def _release(self, county: str, device: int) -> list[bytes]:
        """Apply waiting batches whose gap has closed; returns their receipts."""
        documents: list[bytes] = []
        t = storage.batch
        while True:
            with self.reading() as connection:
                row = held.next_waiting(connection, county, device)
            if row is None:
                return documents
            raw, sha256 = row
            try:
                opened = open_batch(raw, keys=self.place.keys, hub=self.key_id, sign_key_of=self.sign_key)
                documents.extend(self._take(opened, raw).documents)
                state = "applied"
            except RefusedError as error:
                self._refuse(raw, error)
                state = "refused"
            with self.writing(county) as connection:  # taken, covered by others, or refused: it waits no more
                mine = sa.and_(t.c.county == county, t.c.device == device, t.c.sha256 == sha256, t.c.state == "waiting")
                connection.execute(sa.update(t).where(mine).values(state=state))

    def _refuse(self, data: bytes, error: RefusedError) -> Outcome:
        """Keep what was refused with its cause; sign a refusal where the header says whom to tell."""
        try:
            header, _ = read_header(data)
        except RefusedError:
            header = None
        known = False
        if header is not None:
            with contextlib.suppress(RefusedError):
                self.sign_key(header.county, header.device)
                known = True
        row = {
            "county": header.county if header else "",
            "sha256": hashlib.sha256(data).hexdigest(),
            "device": header.device if header else 0,
            "first": header.first if header else 0,
            "last": header.last if header else 0,
            "code": error.code,
            "zh": error.message.zh,
            "en": error.message.en,
            "noted_ms": self.now_ms(),
            "times": 1,
            "raw": data if known else b"",  # strangers do not fill our disk; their file stays where it came from
        }
        t = storage.refused
        with self.writing(str(row["county"])) as connection:
            again = sa.and_(t.c.county == row["county"], t.c.sha256 == row["sha256"])
            if not connection.execute(sa.update(t).where(again).values(times=t.c.times + 1)).rowcount:
                connection.execute(t.insert(), row)
        documents: tuple[bytes, ...] = ()
        if header is not None and known:
            refusal = Refusal(
                hub=self.key_id,
                county=header.county,
                device=header.device,
                first=header.first,
                last=header.last,
                batch_sha256=header.sha256,
                code=error.code,
                message=error.message,
            )
            documents = (write_refusal(refusal, self.place.keys),)
        return Outcome(state="refused", header=header, documents=documents, code=error.code, message=error.message)

    # --- receipts ----------------------------------------------------------------------------------------------------

    def _sign_receipt(
        self, connection: sa.Connection, opened: Batch, months: dict[tuple[str, str], tuple[int, int]]
    ) -> bytes:
        header = opened.header
        whole = held.whole_tables(connection, header.county)
        refused, total = held.quarantined(connection, header.county, header.device)
        receipt = Receipt(
            hub=self.key_id,
            hub_name=self.place.city,
            county=header.county,
            device=header.device,
            epoch=header.epoch,
            first=header.first,
            last=header.last,
            head=opened.head,
            batch_sha256=header.sha256,
            received_at=self._clock(),
            refused=refused,
            refused_total=total,
            digests={**months, **whole},
            holds=tuple(held.holds(connection, header.county)),
        )
        document = write_receipt(receipt, self.place.keys)
        row = {
            "county": header.county,
            "device": header.device,
            "last": header.last,
            "first": header.first,
            "made_ms": self.now_ms(),
            "document": document,
        }
        storage.put(connection, storage.receipt, [row], replace=False)
        return document

    def _receipt_again(self, connection: sa.Connection, opened: Batch) -> bytes:
        """Return the receipt that was given for this range; a new one when the range was never sent in one piece."""
        header, t = opened.header, storage.receipt
        found: bytes | None = connection.execute(
            sa.select(t.c.document).where(
                t.c.county == header.county,
                t.c.device == header.device,
                t.c.last == header.last,
                t.c.first == header.first,
            )
        ).scalar_one_or_none()
        return found or self._sign_receipt(connection, opened, {})

    def outcome_of(self, county: str, device: int, sha256: str) -> Outcome | None:
        """Return what became of a batch that is held already, None when it is not."""
        t = storage.batch
        with self.reading() as connection:
            raw: bytes | None = connection.execute(
                sa.select(t.c.raw).where(t.c.county == county, t.c.device == device, t.c.sha256 == sha256)
            ).scalar()
        return None if raw is None else self.ingest(raw)

    def position(self, county: str, device: int) -> Position:
        """Return what the hub holds of a workstation.

        Raises:
            RefusedError: unknown_county or unknown_device.
        """
        self.sign_key(county, device)
        t = storage.receipt
        with self.reading() as connection:
            have, head = held.have(connection, county, device)
            missing, waiting = held.gaps(connection, county, device, have)
            newest = connection.execute(
                sa.select(t.c.document, t.c.last)
                .where(t.c.county == county, t.c.device == device)
                .order_by(t.c.last.desc(), t.c.made_ms.desc())
                .limit(1)
            ).first()
        return Position(
            have=have, head=head, missing=missing, waiting=waiting, newest=newest.document if newest else None,
            newest_last=newest.last if newest else 0,
        )  # fmt: skip

    def digests(self, county: str) -> agreement.Buckets:
        """Return the digests of a county."""
        with self.reading() as connection:
            return held.buckets(connection, county)

    def stations(self) -> list[tuple[str, int]]:
        """Return (county, device) of all enrolled workstations; the city's own journals are none."""
        t = storage.device
        query = sa.select(t.c.county, t.c.device).where(t.c.device != CITY).order_by(t.c.county, t.c.device)
        with self.reading() as connection:
            return [(county, device) for county, device in connection.execute(query)]


def _engine(home: place.Place, *, create: bool = False) -> sa.Engine:
    if home.database_url:
        return postgres.open_engine(home.database_url)
    return storage.open_engine(home.database, home.database_key, create=create)
