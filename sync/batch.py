"""A batch: journal entries of one workstation, packed, signed and sealed for one hub.

    entries -> columns (msgpack) -> zstd level 3 -> signature of the workstation -> sealed to the hub (HPKE) -> clear
    header in front

Words: the *header* is clear, so that a cut or foreign file is recognised without any key; the *label* (county,
device, epoch, first, last, hub) is the part of it that the signature and the seal are bound to; the *body* is what is
sealed. Rules kept here:

- A batch holds a gapless range of one device's journal, with the hash before it and the chain head after it.
- The receiver recomputes every commitment and hash; the head must come out as stated.
- Every way to fail has a cause of its own (`sync.causes`), found from the outside in: form, version, length, digest,
  hub, sender, seal, signature, content, chain.

Format with example files: docs/format/batch.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import zstandard

from models.journal import Change, Entry
from sync.causes import RefusedError
from sync.columns import decode_entries, encode_entries
from sync.keys import SIGNATURE_BYTES, PublicKeys, SecretKeys, signed_by

FORMAT = 1
MAGIC = b"PETITION-DESK-BATCH "
DOMAIN = "petition-desk/batch/1"
ENTRIES = 1000
"""Entries in a full batch: more do not compress better, fewer cost more signatures (docs/measurements.md)."""
PAYLOAD_LIMIT_BYTES = 4 << 20
"""A batch is closed early when its payloads reach this, so that an import does not make batches that no slow line can
carry."""
FILE_LIMIT_BYTES = 64 << 20
BODY_LIMIT_BYTES = 256 << 20
_LEVEL = 3
_CHECK_DIGITS = 16
_HEADER_LIMIT_BYTES = 4096
_HASH_BYTES = 32
_INT_LIMIT = 1 << 63
HEADER_FIELDS: Mapping[str, type] = {
    "county": str,
    "device": int,
    "epoch": int,
    "first": int,
    "last": int,
    "hub": str,
    "size": int,
    "sha256": str,
}
"""What the clear header says, with the type of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The clear header: `first` and `last` inclusive; `size` and `sha256` are of the sealed bytes."""

    county: str
    device: int
    epoch: int
    first: int
    last: int
    hub: str
    size: int
    sha256: str

    def label(self) -> bytes:
        """Return what the signature and the seal are bound to."""
        return label(self.county, self.device, self.epoch, self.first, self.last, self.hub)

    @property
    def what(self) -> str:
        """Name of the batch in messages."""
        return f"{self.county}/{self.device}-{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class Batch:
    """An opened and verified batch. `changes` are as `sync.columns.decode_entries` returns them."""

    header: Header
    prev: bytes
    head: bytes
    entries: list[Entry]
    changes: list[list[Change] | None]


def label(county: str, device: int, epoch: int, first: int, last: int, hub: str) -> bytes:
    """Return the canonical label of a batch."""
    fields = {"county": county, "device": device, "epoch": epoch, "first": first, "last": last, "hub": hub}
    return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)


def write_batch(entries: Sequence[Entry], *, county: str, epoch: int, keys: SecretKeys, hub: PublicKeys) -> bytes:
    """Return the file of a batch.

    Args:
        entries: A gapless range of one device, in order, not empty.
        county: Division code of the bureau.
        epoch: Epoch of the register (raised at each restore from a backup).
        keys: The workstation's keys.
        hub: The hub's public keys.
    """
    first, last = entries[0], entries[-1]
    name = label(county, first.device, epoch, first.seq, last.seq, hub.key_id)
    body = zstandard.ZstdCompressor(level=_LEVEL).compress(first.prev + last.hash + encode_entries(entries))
    signature = keys.sign(DOMAIN, _to_sign(name, body))
    return seal_batch(name, signature + body, hub)


def seal_batch(name: bytes, plain: bytes, hub: PublicKeys) -> bytes:
    """Return the file of a batch from its label and what its author signed: signature and packed body."""
    sealed = hub.seal_to(plain, name)
    fields = {**orjson.loads(name), "size": len(sealed), "sha256": hashlib.sha256(sealed).hexdigest()}
    return head_lines(MAGIC, fields) + sealed


def read_header(data: bytes, *, what: str = "batch") -> tuple[Header, int]:
    """Read the clear header; returns it and where the sealed bytes begin. No key is needed.

    Raises:
        RefusedError: not_a_batch, newer, cut or altered.
    """
    fields, start = read_fields(data, MAGIC, HEADER_FIELDS, what=what)
    return Header(**fields), start


def read_fields(data: bytes, magic: bytes, kinds: Mapping[str, type], *, what: str) -> tuple[dict[str, Any], int]:
    """Read the two clear lines of a file of ours (batch, relay): its fields, and where the sealed bytes begin.

    Args:
        data: The file, or its beginning.
        magic: What it must begin with.
        kinds: The fields that it must have, each with its type; those of a batch's label among them.
        what: Name in messages.

    Raises:
        RefusedError: not_a_batch, newer, cut or altered.
    """
    if not data.startswith(magic):
        if data and magic.startswith(data):
            raise RefusedError("cut", what=what, expected=">" + str(len(magic)), found=len(data))
        raise RefusedError("not_a_batch", what=what)
    head, newline, rest = data[:_HEADER_LIMIT_BYTES].partition(b"\n")
    words = head[len(magic) :].split(b" ")
    if not newline:
        raise RefusedError(
            "cut" if len(data) < _HEADER_LIMIT_BYTES else "altered", what=what, expected="?", found=len(data), where="1"
        )
    if len(words) != 2 or not words[0].isdigit():
        raise RefusedError("altered", what=what, where="version")
    if int(words[0]) > FORMAT:
        raise RefusedError("newer", what=what, found=int(words[0]), known=FORMAT)
    line, newline, _ = rest.partition(b"\n")
    if not newline:
        raise RefusedError(
            "cut" if len(data) < _HEADER_LIMIT_BYTES else "altered", what=what, expected="?", found=len(data), where="2"
        )
    if int(words[0]) != FORMAT or _check(line) != words[1]:
        raise RefusedError("altered", what=what, where="header")
    try:
        fields = orjson.loads(line)
        if set(fields) != set(kinds) or any(type(fields[name]) is not kind for name, kind in kinds.items()):
            raise ValueError("fields")
        if not (1 <= fields["first"] <= fields["last"] and fields["device"] > 0 and fields["size"] >= 0):
            raise ValueError("range")
        # What no database can hold is nobody's batch: it must not stop a hub that reads a stick.
        if max(fields["last"], fields["device"], fields["epoch"]) >= _INT_LIMIT:
            raise ValueError("range")
        if any("\0" in value for value in fields.values() if isinstance(value, str)):
            raise ValueError("text")
    except (ValueError, TypeError) as error:
        raise RefusedError("altered", what=what, where="header") from error
    return fields, len(head) + len(line) + 2


def head_lines(magic: bytes, fields: Mapping[str, Any]) -> bytes:
    """Return the two clear lines of a file of ours."""
    line = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)
    return b"".join((magic, b"%d " % FORMAT, _check(line), b"\n", line, b"\n"))


def sealed_part(data: bytes) -> tuple[Header, bytes]:
    """Return the header and the sealed bytes after checking length and digest; no key is needed.

    Raises:
        RefusedError: not_a_batch, newer, cut, altered or too_large.
    """
    header, start = read_header(data)
    return header, check_sealed(data, start, header.size, header.sha256, what=header.what)


def check_sealed(data: bytes, start: int, size: int, sha256: str, *, what: str) -> bytes:
    """Return the sealed bytes that follow the header, whole and as the header says.

    Raises:
        RefusedError: too_large, cut or altered.
    """
    found = len(data) - start
    if size > FILE_LIMIT_BYTES:
        raise RefusedError("too_large", what=what, found=size, limit=FILE_LIMIT_BYTES)
    if found < size:
        raise RefusedError("cut", what=what, expected=size + start, found=len(data))
    sealed = data[start:]
    if found > size or hashlib.sha256(sealed).hexdigest() != sha256:
        raise RefusedError("altered", what=what, where="SHA-256" if found == size else f"+{found - size} bytes")
    return sealed


def open_batch(data: bytes, *, keys: SecretKeys, hub: str, sign_key_of: Callable[[str, int], bytes]) -> Batch:
    """Open a batch and verify all of it.

    Args:
        data: The file.
        keys: The hub's keys.
        hub: The hub's key id.
        sign_key_of: Gives the registered Ed25519 public key of (county, device), or raises RefusedError
            (unknown_county, unknown_device).

    Raises:
        RefusedError: With the cause; nothing of the batch may be used.
    """
    header, sealed = sealed_part(data)
    if header.hub != hub:
        raise RefusedError("foreign_hub", what=header.what, found=header.hub, known=hub)
    sign_key = sign_key_of(header.county, header.device)
    return open_plain(header, keys.open(sealed, header.label()), sign_key)


def open_plain(header: Header, plain: bytes | None, sign_key: bytes) -> Batch:
    """Verify what was sealed: the author's signature over label and body, and the chain inside.

    Args:
        header: The batch's label.
        plain: Signature and body; None when the seal did not open.
        sign_key: The author's Ed25519 public key.

    Raises:
        RefusedError: altered, wrong_signature, content or chain_break.
    """
    if plain is None or len(plain) < SIGNATURE_BYTES:
        raise RefusedError("altered", what=header.what, where="seal")
    signature, body = plain[:SIGNATURE_BYTES], plain[SIGNATURE_BYTES:]
    if not signed_by(sign_key, DOMAIN, _to_sign(header.label(), body), signature):
        raise RefusedError("wrong_signature", what=header.what, signer=f"{header.county}/{header.device}")
    try:
        size = zstandard.frame_content_size(body)
        if not 0 <= size <= BODY_LIMIT_BYTES:
            raise ValueError(f"body of {size} bytes")
        content = zstandard.ZstdDecompressor().decompress(body, max_output_size=BODY_LIMIT_BYTES)
        prev, head = content[:_HASH_BYTES], content[_HASH_BYTES : 2 * _HASH_BYTES]
        entries, changes = decode_entries(
            content[2 * _HASH_BYTES :], device=header.device, first=header.first, prev=prev
        )
    except (ValueError, zstandard.ZstdError) as error:
        raise RefusedError("content", what=header.what, where=error) from error
    if len(entries) != header.last - header.first + 1:
        raise RefusedError("content", what=header.what, where=f"{len(entries)} entries")
    if entries[-1].hash != head:
        raise RefusedError("chain_break", what=header.what, seq=header.last, where="head")
    return Batch(header, prev, head, entries, changes)


def _to_sign(name: bytes, body: bytes) -> bytes:
    return name + b"\n" + hashlib.sha256(body).digest()


def _check(line: bytes) -> bytes:
    return hashlib.sha256(line).hexdigest()[:_CHECK_DIGITS].encode()
