"""What the hub answers: a receipt for a batch it has taken, a refusal for one it has not.

A *receipt* says that the hub holds and has applied every entry of the workstation up to `last`, and countersigns the
chain head there. Since the head binds all entries before it, receipts are cumulative: the newest one is enough, an
older one that was lost is not missed. It names entries that wait in quarantine, and carries digests with which the
desk can tell whether both registers agree.

A *refusal* names the batch by its digest and the cause. It takes nothing from the desk's outbox.

Both are signed by the hub. Format with example files: docs/format/receipt.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from models.errors import Message
from sync import agreement, causes
from sync.causes import RefusedError
from sync.documents import check_signature, field, hex_field, read_document, sign_document
from sync.keys import SecretKeys

RECEIPT = "petition-desk/receipt"
REFUSAL = "petition-desk/refusal"
REFUSED_LISTED = 50
"""Quarantined entries that a receipt lists; `refused_total` counts all."""
_HASH_BYTES = 32
_INT_LIMIT = 1 << 63
_NUMBERS = {"device": 1, "epoch": 0, "first": 1, "last": 1, "refused_total": 0}
"""Whole numbers of a receipt, each with the least that it may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedEntry:
    """An entry that waits in the hub's quarantine."""

    seq: int
    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The hub's receipt: `first` and `last` inclusive; `digests` of the months touched and of each whole table."""

    hub: str
    hub_name: str
    county: str
    device: int
    epoch: int
    first: int
    last: int
    head: bytes
    batch_sha256: str
    received_at: datetime
    refused: tuple[RefusedEntry, ...] = ()
    refused_total: int = 0
    digests: dict[tuple[str, str], tuple[int, int]] | None = None
    holds: tuple[tuple[int, int], ...] = ()
    """(device, last entry applied) of every workstation of the county: the digests speak of exactly these entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The hub's refusal of one batch file."""

    hub: str
    county: str
    device: int
    first: int
    last: int
    batch_sha256: str
    code: str
    message: Message


def instant_text(at: datetime) -> str:
    """Return an aware instant as UTC ISO 8601 with milliseconds and Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_receipt(receipt: Receipt, keys: SecretKeys) -> bytes:
    """Return the signed document of a receipt."""
    fields: dict[str, Any] = {
        "hub": receipt.hub, "hub_name": receipt.hub_name, "county": receipt.county, "device": receipt.device,
        "epoch": receipt.epoch, "first": receipt.first, "last": receipt.last, "head": receipt.head.hex(),
        "batch": receipt.batch_sha256, "received_at": instant_text(receipt.received_at),
        "refused": [{"seq": r.seq, "code": r.code, "zh": r.zh, "en": r.en} for r in receipt.refused[:REFUSED_LISTED]],
        "refused_total": receipt.refused_total,
        "digests": agreement.to_wire(receipt.digests or {}),
        "holds": [list(pair) for pair in receipt.holds],
    }  # fmt: skip
    return sign_document(RECEIPT, fields, keys)


def read_receipt(data: bytes, *, hub: str, sign_public: bytes, what: str = "receipt") -> Receipt:
    """Read a receipt and verify that the enrolled hub signed it.

    Args:
        data: The document.
        hub: Key id of the enrolled hub.
        sign_public: Its Ed25519 public key.
        what: Name in messages.

    Raises:
        RefusedError: With the cause; nothing of it may be used.
    """
    fields = _from_hub(data, RECEIPT, hub, sign_public, what)
    try:
        digests = agreement.from_wire(field(fields, "digests", list, what=what))
        received_at = datetime.fromisoformat(field(fields, "received_at", str, what=what))
        holds = tuple((_whole(number, 1), _whole(last)) for number, last in field(fields, "holds", list, what=what))
        refused = tuple(
            RefusedEntry(seq=_whole(r["seq"], 1), code=str(r["code"]), zh=str(r["zh"]), en=str(r["en"]))
            for r in field(fields, "refused", list, what=what)
        )
        if len({one.seq for one in refused}) != len(refused) or received_at.tzinfo is None:
            raise ValueError("receipt")
        numbers = {name: _whole(fields.get(name), least) for name, least in _NUMBERS.items()}
    except (ValueError, KeyError, TypeError) as error:
        raise RefusedError("altered", what=what, where=type(error).__name__) from error
    return Receipt(
        hub=hub,
        hub_name=field(fields, "hub_name", str, what=what),
        county=field(fields, "county", str, what=what),
        device=numbers["device"],
        epoch=numbers["epoch"],
        first=numbers["first"],
        last=numbers["last"],
        head=hex_field(fields, "head", _HASH_BYTES, what=what),
        batch_sha256=field(fields, "batch", str, what=what),
        received_at=received_at,
        refused=refused,
        refused_total=numbers["refused_total"],
        digests=digests,
        holds=holds,
    )


def write_refusal(refusal: Refusal, keys: SecretKeys) -> bytes:
    """Return the signed document of a refusal."""
    fields = {
        "hub": refusal.hub,
        "county": refusal.county,
        "device": refusal.device,
        "first": refusal.first,
        "last": refusal.last,
        "batch": refusal.batch_sha256,
        "code": refusal.code,
        "zh": refusal.message.zh,
        "en": refusal.message.en,
    }
    return sign_document(REFUSAL, fields, keys)


def read_refusal(data: bytes, *, hub: str, sign_public: bytes, what: str = "refusal") -> Refusal:
    """Read a refusal and verify that the enrolled hub signed it.

    Raises:
        RefusedError: With the cause; nothing of it may be used.
    """
    fields = _from_hub(data, REFUSAL, hub, sign_public, what)
    return Refusal(
        hub=hub, county=field(fields, "county", str, what=what), device=field(fields, "device", int, what=what),
        first=field(fields, "first", int, what=what), last=field(fields, "last", int, what=what),
        batch_sha256=field(fields, "batch", str, what=what), code=field(fields, "code", str, what=what),
        message=Message(field(fields, "zh", str, what=what), field(fields, "en", str, what=what)),
    )  # fmt: skip


def _whole(value: object, least: int = 0) -> int:
    """Return a whole number that a register can hold; raises ValueError when it is none."""
    if type(value) is not int or not least <= value < _INT_LIMIT:
        raise ValueError("number")
    return value


def _from_hub(data: bytes, kind: str, hub: str, sign_public: bytes, what: str) -> dict[str, Any]:
    fields = read_document(data, kind, what=what)
    if fields.get("hub") != hub:
        raise RefusedError("foreign_hub", what=what, found=fields.get("hub"), known=hub)
    check_signature(fields, sign_public, what=what, signer=f"hub {hub}")
    return fields


def refused_entry(seq: int, code: str, where: object) -> RefusedEntry:
    """Return the quarantine line of an entry for a cause of `sync.causes`."""
    message = causes.words(code, seq=seq, where=where)
    return RefusedEntry(seq=seq, code=code, zh=message.zh, en=message.en)
