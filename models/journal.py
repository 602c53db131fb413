"""The journal: one entry per act, chained per device, whose payload is bound by a salted commitment.

Rules kept here:

- Sequence numbers of a device are gapless and start at 1; the first entry's `prev` is 32 zero bytes.
- The chain binds commitments, not payloads: a payload may later be sealed or lawfully disposed of (payload and salt
  absent) and the chain still verifies.
- A payload is the canonical JSON (sorted keys, UTF-8) of a list of changes `[table, id, seen, {column: value}]`; `seen`
  is the version of each changed column that the author saw, null for a new row.
- A payload that begins with `OPAQUE` is sealed by key: nobody decodes it; it is kept, passed on and counted, and agreed
  upon through the digest of the pseudo-table `SEALED`.
- Hashes are SHA-256 with a domain line in front, so that a hash of one kind can never pass for another.

Format, with examples that the tests read: docs/format/journal.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from models.hlc import month_of
from models.tables import BY_NAME

GENESIS = bytes(32)
SALT_BYTES = 16
OPAQUE = b"\x00PDK-SEALED-1\n"
"""How a payload begins whose content is sealed by key."""
SEALED = "~sealed"
"""Name under which digests count entries with such a payload; no table is called so."""
_PAYLOAD_DOMAIN = b"petition-desk/payload/1\n"
_ENTRY_DOMAIN = b"petition-desk/entry/1\n"
_ROW_DOMAIN = b"petition-desk/row/1\n"
_PARTS = 4
"""Table, row, versions seen, columns: the parts of a change."""
DIGEST_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class Change:
    """Columns set on one row.

    Attributes:
        table: The table.
        row: Id of the row.
        seen: Version of each column, in the order of their names, as the author saw it before; one number where all
            have the same; None for a new row. (Entries of the first format have the row's `rev`, which is not lower.)
        columns: The values set.
    """

    table: str
    row: int
    seen: int | tuple[int, ...] | None
    columns: Mapping[str, Any]

    @property
    def bases(self) -> Mapping[str, int]:
        """The version of each column that the author saw; empty for a new row."""
        if self.seen is None:
            return {}
        if isinstance(self.seen, int):
            return dict.fromkeys(self.columns, self.seen)
        return dict(zip(sorted(self.columns), self.seen, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One journal entry. `payload` and `salt` are None once sealed or disposed of; `commitment` stays."""

    device: int
    seq: int
    at_ms: int
    """Wall clock of the workstation, milliseconds since 1970, UTC."""
    hlc: int
    mono_ms: int
    """Monotonic milliseconds since the entry before in the same process; -1 for a process's first entry."""
    actor: int
    act: str
    matter: int | None
    payload: bytes | None
    salt: bytes | None
    commitment: bytes
    prev: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """Where and why a chain does not verify; `cause` in gap prev hash commitment."""

    device: int
    seq: int
    cause: str


def encode_payload(changes: Iterable[Change]) -> bytes:
    """Return the canonical bytes of a payload."""
    return orjson.dumps([[c.table, c.row, c.seen, c.columns] for c in changes], option=orjson.OPT_SORT_KEYS)


def is_opaque(payload: bytes | None) -> bool:
    """Return whether a payload is sealed by key."""
    return payload is not None and payload.startswith(OPAQUE)


def decode_payload(payload: bytes) -> list[Change]:
    """Return the changes of a payload; none of one that is sealed by key.

    Raises:
        ValueError: The bytes are not a payload; nothing of them may be applied.
    """
    if payload.startswith(OPAQUE):
        return []
    changes = []
    for item in orjson.loads(payload):
        if not (isinstance(item, list) and len(item) == _PARTS):
            raise ValueError("a change has four parts")
        table, row, seen, columns = item
        if table not in BY_NAME or not isinstance(row, int) or not isinstance(columns, dict):
            raise ValueError(f"not a change of this register: {table!r}")
        changes.append(Change(table, row, seen_of(seen, len(columns)), columns))
    return changes


def births(payload: bytes | None) -> Iterator[tuple[str, int]]:
    """Yield table and id of the rows that a payload would make, even one that cannot be decoded otherwise."""
    try:
        items = orjson.loads(payload or b"[]")
    except ValueError:
        return
    for item in items if isinstance(items, list) else ():
        if isinstance(item, list) and len(item) == _PARTS and item[2] is None and isinstance(item[1], int):
            yield str(item[0]), item[1]


def seen_of(value: Any, columns: int) -> int | tuple[int, ...] | None:
    """Return the versions seen of so many columns, as read from a payload.

    Raises:
        ValueError: They are not versions.
    """
    if value is None or type(value) is int:
        return value
    if isinstance(value, list | tuple) and len(value) == columns and all(type(one) is int for one in value):
        return tuple(value)
    raise ValueError("the versions seen are a number, or one number a column")


def seen_by(versions: Mapping[str, int]) -> int | tuple[int, ...]:
    """Return the versions of columns as a change holds them: one number where all have the same."""
    found = tuple(versions[name] for name in sorted(versions))
    return found[0] if len(set(found)) == 1 else found


def commit_payload(salt: bytes, payload: bytes) -> bytes:
    """Return the commitment that the chain binds."""
    return hashlib.sha256(_PAYLOAD_DOMAIN + salt + payload).digest()


def header_hash(
    *, device: int, seq: int, at_ms: int, hlc: int, mono_ms: int, actor: int, act: str, matter: int | None,
    commitment: bytes, prev: bytes,
) -> bytes:  # fmt: skip
    """Return the hash of an entry from its header fields."""
    header = {
        "act": act, "actor": actor, "at": at_ms, "c": commitment.hex(), "device": device, "hlc": hlc,
        "matter": matter, "mono": mono_ms, "prev": prev.hex(), "seq": seq,
    }  # fmt: skip
    return hashlib.sha256(_ENTRY_DOMAIN + orjson.dumps(header, option=orjson.OPT_SORT_KEYS)).digest()


def entry_hash(entry: Entry) -> bytes:
    """Return the hash that `entry` must carry."""
    return header_hash(
        device=entry.device, seq=entry.seq, at_ms=entry.at_ms, hlc=entry.hlc, mono_ms=entry.mono_ms, actor=entry.actor,
        act=entry.act, matter=entry.matter, commitment=entry.commitment, prev=entry.prev,
    )  # fmt: skip


def check_chain(
    entries: Iterable[Entry], prev: bytes = GENESIS, first: int = 1
) -> tuple[bytes, int, ChainBreak | None]:
    """Verify entries of one device in sequence order.

    Args:
        entries: Entries with rising `seq`.
        prev: Hash of the entry before the first.
        first: Sequence number that the first must have.

    Returns:
        The head after the last good entry, the number of good entries, and the first break or None.
    """
    good = 0
    expected = first
    for entry in entries:
        cause = None
        if entry.seq != expected:
            cause = "gap"
        elif entry.prev != prev:
            cause = "prev"
        elif entry.payload is not None and (
            entry.salt is None or commit_payload(entry.salt, entry.payload) != entry.commitment
        ):
            cause = "commitment"
        elif entry_hash(entry) != entry.hash:
            cause = "hash"
        if cause:
            return prev, good, ChainBreak(entry.device, expected, cause)
        prev = entry.hash
        expected += 1
        good += 1
    return prev, good, None


def row_digest(table: str, row_id: int, rev: int, values: Mapping[str, Any]) -> int:
    """Return the digest of one row as a number; digests of a month are sums modulo 2**256.

    `values` are the declared columns; absent (None) ones do not count, so that a new column does not change old
    digests.
    """
    present = {name: value for name, value in values.items() if value is not None}
    data = orjson.dumps([table, row_id, rev, present], option=orjson.OPT_SORT_KEYS)
    return int.from_bytes(hashlib.sha256(_ROW_DOMAIN + data).digest())


def sealed_digest(entry: Entry) -> int:
    """Return what an entry whose payload is sealed by key counts in the digest of `SEALED`, in the month of its hlc."""
    data = orjson.dumps([SEALED, entry.device, entry.seq, entry.commitment.hex()])
    return int.from_bytes(hashlib.sha256(_ROW_DOMAIN + data).digest())


def bucket(born: int) -> str:
    """Return the month (YYYY-MM, UTC) under which a row's digest is summed."""
    return month_of(born)
