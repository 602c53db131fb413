"""The outbox: what of this workstation's journal the hub has not receipted yet, and what became of each batch.

The journal itself is the outbox: an entry is unsent as long as its number is above the receipted one. Only a receipt
that the hub signed and whose chain head is our own moves that number. States of a batch, all of them:

    (none) --make_batch--> ready --handed over--> sent --receipt--> (row gone, receipt kept)
                             |                      |
                             +------refusal---------+--> refused --next round makes it anew--> ready

The sealed bytes are stored before the first send, so that a repeat after a lost reply is the same file byte for byte
and an upload can go on where it was cut. Local tables: resources/schema/sync.sql.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from models.act import ENTRY_COLUMNS
from models.errors import Message
from models.journal import Entry
from models.records import SyncState
from sync import agreement
from sync.agreement import Agreement, Buckets
from sync.batch import ENTRIES, PAYLOAD_LIMIT_BYTES, read_header, write_batch
from sync.causes import NotEnrolledError, RefusedError
from sync.keys import PublicKeys
from sync.localtables import create_tables as create_tables
from sync.port import Connection, Station, transaction
from sync.receipt import Receipt, Refusal, read_receipt, read_refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolledHub:
    """The hub that this register is enrolled with. `receipted` is the last own entry that it has countersigned."""

    name: str
    key_id: str
    keys: PublicKeys
    address: str
    certificate: str
    state: str
    answer: bytes
    receipted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A batch that waits for its receipt; `data` is the sealed file."""

    first: int
    last: int
    sha256: str
    data: bytes
    state: str


def now_ms() -> int:
    """Return the wall clock in milliseconds since 1970, UTC."""
    return int(datetime.now(UTC).timestamp() * 1000)


def enrolled_hub(connection: Connection) -> EnrolledHub:
    """Return the hub of this register.

    Raises:
        NotEnrolledError: It has none.
    """
    row = connection.execute(
        "SELECT name, key_id, sign_key, seal_key, address, certificate, state, answer, receipted FROM sync_hub"
    ).fetchone()
    if row is None:
        raise NotEnrolledError
    return EnrolledHub(
        name=row[0], key_id=row[1], keys=PublicKeys(row[2], row[3]), address=row[4], certificate=row[5], state=row[6],
        answer=row[7].encode(), receipted=row[8],
    )  # fmt: skip


def last_entry(connection: Connection, station: Station) -> int:
    """Return the number of this workstation's newest entry, 0 when there is none."""
    found: int | None = connection.execute("SELECT max(seq) FROM entry WHERE device=?", (station.device,)).fetchone()[0]
    return found or 0


def pending_after(connection: Connection, station: Station, after: int, *, at_ms: int) -> Pending | None:
    """Return the batch that follows entry `after`, making and storing it if there is none; None when nothing is unsent.

    A refused batch is made anew. One durable transaction when something is made, none otherwise.
    """
    row = connection.execute(
        "SELECT first, last, sha256, data, state FROM sync_batch WHERE first>? AND state<>'refused' ORDER BY first "
        "LIMIT 1",
        (after,),
    ).fetchone()
    if row is not None and row[0] == after + 1:
        return Pending(first=row[0], last=row[1], sha256=row[2], data=row[3], state=row[4])
    entries = _entries(connection, station, after, row[0] - 1 if row else None)
    if not entries:
        return None
    hub = enrolled_hub(connection)
    data = write_batch(entries, county=station.county, epoch=station.epoch, keys=station.keys, hub=hub.keys)
    made = Pending(
        first=entries[0].seq, last=entries[-1].seq, sha256=read_header(data)[0].sha256, data=data, state="ready"
    )
    with transaction(connection):
        connection.execute(
            "INSERT INTO sync_batch(first, last, sha256, data, made_ms, state) VALUES(?,?,?,?,?,'ready') ON "
            "CONFLICT(first) DO"
            " UPDATE SET last=excluded.last, sha256=excluded.sha256, data=excluded.data, made_ms=excluded.made_ms, "
            "state='ready'",
            (made.first, made.last, made.sha256, made.data, at_ms),
        )
    return made


def _entries(connection: Connection, station: Station, after: int, until: int | None) -> list[Entry]:
    """Return the entries of the batch after `after`: at most ENTRIES, and PAYLOAD_LIMIT_BYTES unless one is larger."""
    last = after + ENTRIES if until is None else min(until, after + ENTRIES)
    rows = connection.execute(
        f"SELECT {ENTRY_COLUMNS} FROM entry WHERE device=? AND seq BETWEEN ? AND ? ORDER BY seq",
        (station.device, after + 1, last),
    )
    entries: list[Entry] = []
    size = 0
    for own, seq, at_ms, hlc, mono_ms, actor, act, matter, payload, salt, commitment, prev, own_hash in rows:
        size += len(payload or b"")
        if entries and size > PAYLOAD_LIMIT_BYTES:
            break
        entries.append(
            Entry(
                device=own, seq=seq, at_ms=at_ms, hlc=hlc, mono_ms=mono_ms, actor=actor, act=act, matter=matter,
                payload=payload, salt=salt, commitment=commitment, prev=prev, hash=own_hash,
            )
        )  # fmt: skip
    return entries


def note_handed_over(connection: Connection, first: int, way: str) -> None:
    """Note that a batch has left by `way` (https or the folder's path) and waits for its receipt."""
    connection.execute(
        "UPDATE sync_batch SET state='sent', way=?, tries=tries+1 WHERE first=? AND state<>'refused'", (way, first)
    )


def handed_entries(connection: Connection) -> int:
    """Return how many entries have been handed over and wait for their receipt."""
    found: int = connection.execute(
        "SELECT coalesce(sum(last-first+1), 0) FROM sync_batch WHERE state='sent'"
    ).fetchone()[0]
    return found


def forked_entries(connection: Connection) -> int:
    """Return how many entries a repair that was stopped has still to enter again; 0 when none is under way."""
    if connection.execute("SELECT 1 FROM meta WHERE name='sync.repair'").fetchone() is None:
        return 0
    found: int = connection.execute("SELECT count(*) FROM sync_forked WHERE again IS NULL").fetchone()[0]
    return found


def is_half_repaired(connection: Connection) -> bool:
    """Return whether own entries were set aside and the tables still hold what they wrote: nothing is laid there."""
    query = "SELECT name, value FROM meta WHERE name IN ('sync.repair', 'sync.repair.rebuilt')"
    found = dict(connection.execute(query).fetchall())
    return found.get("sync.repair") != found.get("sync.repair.rebuilt")


def send_again_from(connection: Connection, first: int) -> None:
    """Count entries from `first` on as unsent again: for a hub from an older backup (cause hub_behind)."""
    with transaction(connection):
        connection.execute("UPDATE sync_hub SET receipted=min(receipted, ?)", (first - 1,))
        connection.execute("DELETE FROM sync_batch")


def note_refused(connection: Connection, sha256: str, code: str, message: Message) -> bool:
    """Note the hub's refusal of the batch with this digest; False when there is no such batch (any more)."""
    found = connection.execute(
        "UPDATE sync_batch SET state='refused', data=NULL, code=?, zh=?, en=? WHERE sha256=? AND state<>'refused'",
        (code, message.zh, message.en, sha256),
    )
    return bool(found.rowcount)


def take_receipt(
    connection: Connection, station: Station, data: bytes, *, at_ms: int, what: str = "receipt"
) -> Receipt:
    """Verify a receipt and empty the outbox by it. The same receipt again, or an older one, changes nothing.

    Raises:
        RefusedError: It is not the enrolled hub's, not for this workstation, or not of our chain (fork, restored).
    """
    hub = enrolled_hub(connection)
    receipt = read_receipt(data, hub=hub.key_id, sign_public=hub.keys.sign, what=what)
    _is_ours(station, receipt.county, receipt.device, what)
    own = connection.execute(
        "SELECT hash FROM entry WHERE device=? AND seq=?", (station.device, receipt.last)
    ).fetchone()
    if own is None:
        raise RefusedError("restored", found=receipt.last, known=last_entry(connection, station))
    if own[0] != receipt.head:
        raise RefusedError("fork", what=what, seq=receipt.last)
    with transaction(connection):
        connection.execute(
            "INSERT INTO sync_receipt(last, first, head, batch_sha256, received_ms, arrived_ms, text) "
            "VALUES(?,?,?,?,?,?,?)"
            " ON CONFLICT(last) DO NOTHING",
            (
                receipt.last,
                receipt.first,
                receipt.head,
                receipt.batch_sha256,
                int(receipt.received_at.timestamp() * 1000),
                at_ms,
                data.decode(),
            ),
        )
        if receipt.last >= hub.receipted:
            connection.execute(
                "UPDATE sync_hub SET state='enrolled', receipted=?, last_receipt_ms=?", (receipt.last, at_ms)
            )
            connection.execute("DELETE FROM sync_batch WHERE last<=?", (receipt.last,))
            connection.execute("DELETE FROM sync_refused")
            connection.executemany(
                "INSERT INTO sync_refused(seq, code, zh, en, noted_ms) VALUES(?,?,?,?,?)",
                [(entry.seq, entry.code, entry.zh, entry.en, at_ms) for entry in receipt.refused],
            )
    return receipt


def take_refusal(connection: Connection, station: Station, data: bytes, *, what: str = "refusal") -> Refusal | None:
    """Verify a refusal and mark its batch; None when it speaks of a batch that is not pending any more.

    Raises:
        RefusedError: It is not the enrolled hub's or not for this workstation.
    """
    hub = enrolled_hub(connection)
    refusal = read_refusal(data, hub=hub.key_id, sign_public=hub.keys.sign, what=what)
    _is_ours(station, refusal.county, refusal.device, what)
    return refusal if note_refused(connection, refusal.batch_sha256, refusal.code, refusal.message) else None


def _is_ours(station: Station, county: str, device: int, what: str) -> None:
    if (county, device) != (station.county, station.device):
        raise RefusedError(
            "other_county", what=what, found=f"{county}/{device}", known=f"{station.county}/{station.device}"
        )


def put_aside(connection: Connection, name: str, data: bytes, error: RefusedError, *, at_ms: int) -> None:
    """Keep a file from the hub that was not used, with the cause."""
    connection.execute(
        "INSERT INTO sync_aside(sha256, name, code, zh, en, noted_ms, data) VALUES(?,?,?,?,?,?,?) ON CONFLICT DO "
        "NOTHING",
        (hashlib.sha256(data).hexdigest(), name, error.code, error.message.zh, error.message.en, at_ms, data),
    )


def desk_buckets(connection: Connection) -> Buckets:
    """Return the register's digests."""
    rows = connection.execute("SELECT table_name, month, rows, sum FROM digest")
    return {(table, month): (count, int.from_bytes(total)) for table, month, count, total in rows}


def compare_with(connection: Connection, station: Station, receipt: Receipt) -> Agreement | None:
    """Compare the register with the digests of a receipt; None when the two do not hold the same entries now.

    Tables are compared as a whole; the months that the receipt names tell where a difference lies.
    """
    own = _held_entries(connection)
    there_are = {device: last for device, last in receipt.holds if last}
    if receipt.digests is None or own != there_are or receipt.last != own.get(station.device):
        return None
    buckets = desk_buckets(connection)
    there = {name: value for name, value in receipt.digests.items() if name[1] == agreement.WHOLE}
    outcome = agreement.compare(agreement.whole_tables(buckets), there)
    if outcome.whole:
        return outcome
    months = {name: value for name, value in receipt.digests.items() if name[1] != agreement.WHOLE}
    named = agreement.compare({name: buckets.get(name, (0, 0)) for name in months}, months).differences
    tables = {difference.table for difference in named}
    return Agreement(
        outcome.agreed, outcome.held, (*named, *(one for one in outcome.differences if one.table not in tables))
    )


def _held_entries(connection: Connection) -> dict[int, int]:
    """Return the last entry of each workstation in this register, by a look-up per workstation."""
    held: dict[int, int] = {}
    device = 0
    while True:
        row = connection.execute("SELECT min(device) FROM entry WHERE device>?", (device,)).fetchone()
        if row[0] is None:
            return held
        device = row[0]
        held[device] = connection.execute("SELECT max(seq) FROM entry WHERE device=?", (device,)).fetchone()[0]


def note_outcome(
    connection: Connection, *, trouble: tuple[str, Message] | None, agreed: Agreement | None, at_ms: int
) -> None:
    """Note how a round ended, for the sync light; the number of failed rounds in a row is counted."""
    with transaction(connection):
        if trouble is None:
            connection.execute(
                "UPDATE sync_hub SET tries=0, trouble_code=NULL, trouble_zh=NULL, trouble_en=NULL, trouble_ms=NULL"
            )
        else:
            code, message = trouble
            connection.execute(
                "UPDATE sync_hub SET tries=tries+1, trouble_code=?, trouble_zh=?, trouble_en=?, trouble_ms=?",
                (code, message.zh, message.en, at_ms),
            )
        if agreed is not None:
            connection.execute("UPDATE sync_hub SET agreed=?, held=?", (agreed.agreed, agreed.held))


def failed_rounds(connection: Connection) -> int:
    """Return how many rounds have failed in a row."""
    row = connection.execute("SELECT tries FROM sync_hub").fetchone()
    return row[0] if row else 0


def sync_state(connection: Connection, station: Station) -> SyncState:
    """Return what the sync light shows. Costs a few index look-ups, whatever the size of the register."""
    row = connection.execute(
        "SELECT name, receipted, last_receipt_ms, trouble_zh, trouble_en, agreed, held FROM sync_hub"
    ).fetchone()
    last = last_entry(connection, station)
    if row is None:
        return SyncState(enrolled=False, unsent=last)
    name, receipted, receipt_ms, zh, en, agreed, held = row
    oldest = connection.execute(
        "SELECT at_ms FROM entry WHERE device=? AND seq=?", (station.device, receipted + 1)
    ).fetchone()
    return SyncState(
        enrolled=True, hub=name, unsent=last - receipted, oldest_unsent_at=_instant(oldest[0]) if oldest else None,
        last_receipt_at=_instant(receipt_ms) if receipt_ms else None, trouble=str(Message(zh, en)) if zh else "",
        agreed=agreed, held=held,
    )  # fmt: skip


def _instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
