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
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
_FIELDS = {
    "county": str,
    "device": int,
    "epoch": int,
    "first": int,
    "last": int,
    "hub": str,
    "size": int,
    "sha256": str,
}


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
    sealed = hub.seal_to(signature + body, name)
    fields = {**orjson.loads(name), "size": len(sealed), "sha256": hashlib.sha256(sealed).hexdigest()}
    line = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)
    return b"".join((MAGIC, b"%d " % FORMAT, _check(line), b"\n", line, b"\n", sealed))


def read_header(data: bytes, *, what: str = "batch") -> tuple[Header, int]:
    """Read the clear header; returns it and where the sealed bytes begin. No key is needed.

    Raises:
        RefusedError: not_a_batch, newer, cut or altered.
    """
    if not data.startswith(MAGIC):
        if data and MAGIC.startswith(data):
            raise RefusedError("cut", what=what, expected=">" + str(len(MAGIC)), found=len(data))
        raise RefusedError("not_a_batch", what=what)
    head, newline, rest = data[:_HEADER_LIMIT_BYTES].partition(b"\n")
    words = head[len(MAGIC) :].split(b" ")
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
        if set(fields) != set(_FIELDS) or any(type(fields[name]) is not kind for name, kind in _FIELDS.items()):
            raise ValueError("fields")
        header = Header(**fields)
        if not (1 <= header.first <= header.last and header.device > 0):
            raise ValueError("range")
        # What no database can hold is nobody's batch: it must not stop a hub that reads a stick.
        if max(header.last, header.device, header.epoch) >= _INT_LIMIT or "\0" in header.county + header.hub:
            raise ValueError("range")
    except (ValueError, TypeError) as error:
        raise RefusedError("altered", what=what, where="header") from error
    return header, len(head) + len(line) + 2


def sealed_part(data: bytes) -> tuple[Header, bytes]:
    """Return the header and the sealed bytes after checking length and digest; no key is needed.

    Raises:
        RefusedError: not_a_batch, newer, cut, altered or too_large.
    """
    header, start = read_header(data)
    found = len(data) - start
    if header.size > FILE_LIMIT_BYTES:
        raise RefusedError("too_large", what=header.what, found=header.size, limit=FILE_LIMIT_BYTES)
    if found < header.size:
        raise RefusedError("cut", what=header.what, expected=header.size + start, found=len(data))
    sealed = data[start:]
    if found > header.size or hashlib.sha256(sealed).hexdigest() != header.sha256:
        raise RefusedError(
            "altered", what=header.what, where="SHA-256" if found == header.size else f"+{found - header.size} bytes"
        )
    return header, sealed


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
    plain = keys.open(sealed, header.label())
    if plain is None or len(plain) < SIGNATURE_BYTES:
        raise RefusedError("altered", what=header.what, where="seal")
    signature, body = plain[:SIGNATURE_BYTES], plain[SIGNATURE_BYTES:]
    if not signed_by(sign_key, DOMAIN, _to_sign(header.label(), body), signature):
        raise RefusedError("wrong_signature", what=header.what, signer=f"{header.county}/{header.device}")
    return _open_body(header, body)


def _open_body(header: Header, body: bytes) -> Batch:
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
