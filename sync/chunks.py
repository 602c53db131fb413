"""A chunk: a piece of a stored file (a scan, a letter's PDF), packed, signed and sealed for one receiver.

    256 KiB of the file -> zstd level 3 -> signature of the writer -> sealed to the receiver (HPKE) -> clear header

Words: a *file* is named by the SHA-256 of its bytes, as the rows of the register name it; the *label* (county, writer,
file, number, whole size, receiver) is what signature and seal are bound to. Rules kept here:

- Every chunk but the last is exactly `CHUNK_BYTES` long; a chunk of another length is not used.
- A chunk proves who packed it and that it came whole. That the chunks make up the file is proved by the file's own
  SHA-256, which stands in the journal of whoever entered it: no carrier and no hub can put another file in its place.

Format with an example file: docs/format/file.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

import orjson
import zstandard

from models.attachments import CHUNK_BYTES as CHUNK_BYTES
from models.attachments import LARGEST_BYTES as LARGEST_BYTES
from sync.batch import FORMAT, check_sealed, head_lines
from sync.causes import RefusedError
from sync.keys import SIGNATURE_BYTES, PublicKeys, SecretKeys, signed_by

MAGIC = b"PETITION-DESK-FILE "
DOMAIN = "petition-desk/file/1"
SEALED_LIMIT_BYTES = CHUNK_BYTES + (8 << 10)
"""Longest sealed part: a full chunk that does not compress, with what zstd, signature and seal add."""
HEADER_LIMIT_BYTES = 1024
CHUNK_LIMIT_BYTES = SEALED_LIMIT_BYTES + HEADER_LIMIT_BYTES
_LEVEL = 3
_CHECK_DIGITS = 16
_NAME = re.compile("[0-9a-f]{64}")
_FIELDS = {
    "county": str,
    "device": int,
    "file": str,
    "n": int,
    "whole": int,
    "to": str,
    "size": int,
    "sha256": str,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The clear header: `whole` is the file's size in bytes, `n` counts from 0, `to` is the receiver's key id.

    `size` and `sha256` are of the sealed bytes.
    """

    county: str
    device: int
    file: str
    n: int
    whole: int
    to: str
    size: int
    sha256: str

    def label(self) -> bytes:
        """Return what the signature and the seal are bound to."""
        return label(self.county, self.device, self.file, self.n, self.whole, self.to)

    @property
    def what(self) -> str:
        """Name of the chunk in messages."""
        return f"{self.county}/{self.device}-{self.file[:12]}-{self.n}"


def is_name(text: object) -> bool:
    """Return whether `text` can name a file."""
    return isinstance(text, str) and _NAME.fullmatch(text) is not None


def chunk_count(whole: int) -> int:
    """Return the number of chunks of a file of so many bytes; an empty file has one."""
    return max(1, -(-whole // CHUNK_BYTES))


def chunk_length(whole: int, n: int) -> int:
    """Return the length of chunk `n` of a file of `whole` bytes."""
    return min(CHUNK_BYTES, whole - n * CHUNK_BYTES)


def label(county: str, device: int, file: str, n: int, whole: int, to: str) -> bytes:
    """Return the canonical label of a chunk."""
    fields = {"county": county, "device": device, "file": file, "n": n, "whole": whole, "to": to}
    return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)


def write_chunk(
    data: bytes, *, county: str, device: int, keys: SecretKeys, to: PublicKeys, file: str, n: int, whole: int
) -> bytes:
    """Return a chunk as it travels.

    Args:
        data: The bytes of chunk `n`.
        county: Division code of the bureau whose file it is.
        device: The writer: a workstation, or `models.device.CITY` for the hub.
        keys: The writer's keys.
        to: The receiver's public keys.
        file: SHA-256 of the whole file, hex.
        n: Number of the chunk, from 0.
        whole: Size of the whole file, bytes.
    """
    name = label(county, device, file, n, whole, to.key_id)
    body = zstandard.ZstdCompressor(level=_LEVEL).compress(data)
    sealed = to.seal_to(keys.sign(DOMAIN, _to_sign(name, body)) + body, name)
    fields = {**orjson.loads(name), "size": len(sealed), "sha256": hashlib.sha256(sealed).hexdigest()}
    return head_lines(MAGIC, fields) + sealed


def read_header(data: bytes, *, what: str = "chunk") -> tuple[Header, int]:
    """Read the clear header; returns it and where the sealed bytes begin. No key is needed.

    Args:
        data: The chunk, or at least its first `HEADER_LIMIT_BYTES`.
        what: Its name in messages, as long as the header has not told it.

    Raises:
        RefusedError: not_a_batch, newer, cut, altered or too_large.
    """
    if not data.startswith(MAGIC):
        if MAGIC.startswith(data):
            raise RefusedError("cut", what=what, expected=f">{len(MAGIC)}", found=len(data))
        raise RefusedError("not_a_batch", what=what)
    parts = data[:HEADER_LIMIT_BYTES].split(b"\n", 2)
    words = parts[0][len(MAGIC) :].split(b" ")
    if len(parts) > 1 and words[0].isdigit() and int(words[0]) > FORMAT:
        raise RefusedError("newer", what=what, found=int(words[0]), known=FORMAT)
    if len(parts) < 3:
        if len(data) < HEADER_LIMIT_BYTES:
            raise RefusedError("cut", what=what, expected="?", found=len(data))
        raise RefusedError("altered", what=what, where="header")
    line = parts[1]
    if words != [b"%d" % FORMAT, _check(line)]:
        raise RefusedError("altered", what=what, where="header")
    header = _header(line, what)
    if header.size > SEALED_LIMIT_BYTES:
        raise RefusedError("too_large", what=header.what, found=header.size, limit=SEALED_LIMIT_BYTES)
    return header, len(parts[0]) + len(line) + 2


def _header(line: bytes, what: str) -> Header:
    try:
        fields = orjson.loads(line)
        if set(fields) != set(_FIELDS) or any(type(fields[name]) is not kind for name, kind in _FIELDS.items()):
            raise ValueError("fields")
        header = Header(**fields)
    except (ValueError, TypeError) as error:
        raise RefusedError("altered", what=what, where="header") from error
    if not (
        is_name(header.file)
        and 0 <= header.whole <= LARGEST_BYTES
        and 0 <= header.n < chunk_count(header.whole)
        and 0 < header.device < 1 << 12
        and "\0" not in header.county + header.to
    ):
        raise RefusedError("altered", what=what, where="header")
    return header


def check_whole(data: bytes, *, what: str = "chunk") -> tuple[Header, bytes]:
    """Return header and sealed bytes after checking length and digest; no key is needed.

    Raises:
        RefusedError: As `read_header`; cut or altered.
    """
    header, start = read_header(data, what=what)
    return header, check_sealed(data, start, header.size, header.sha256, what=header.what)


def open_chunk(
    data: bytes, *, keys: SecretKeys, to: str, sign_key_of: Callable[[str, int], bytes], what: str = "chunk"
) -> tuple[Header, bytes]:
    """Open a chunk and verify all that it can prove by itself.

    Args:
        data: The chunk as it travelled.
        keys: The receiver's keys.
        to: The receiver's key id.
        sign_key_of: Gives the registered Ed25519 public key of (county, device), or raises RefusedError.
        what: Its name in messages, as long as the header has not told it.

    Returns:
        The header, and the bytes of the chunk.

    Raises:
        RefusedError: With the cause; nothing of the chunk may be used.
    """
    header, sealed = check_whole(data, what=what)
    if header.to != to:
        raise RefusedError("other_receiver", what=header.what, found=header.to, known=to)
    sign_key = sign_key_of(header.county, header.device)
    plain = keys.open(sealed, header.label())
    if plain is None or len(plain) < SIGNATURE_BYTES:
        raise RefusedError("altered", what=header.what, where="seal")
    signature, body = plain[:SIGNATURE_BYTES], plain[SIGNATURE_BYTES:]
    if not signed_by(sign_key, DOMAIN, _to_sign(header.label(), body), signature):
        raise RefusedError("wrong_signature", what=header.what, signer=f"{header.county}/{header.device}")
    length = chunk_length(header.whole, header.n)
    try:
        # An empty frame states no size to this library; a frame that states another than ours is not unpacked.
        if zstandard.frame_content_size(body) != length:
            raise ValueError(f"a chunk of {zstandard.frame_content_size(body)} bytes, not {length}")
        content = zstandard.ZstdDecompressor().decompress(body) if length else b""
    except (ValueError, zstandard.ZstdError) as error:
        raise RefusedError("content", what=header.what, where=error) from error
    return header, content


def _to_sign(name: bytes, body: bytes) -> bytes:
    return name + b"\n" + hashlib.sha256(body).digest()


def _check(line: bytes) -> bytes:
    return hashlib.sha256(line).hexdigest()[:_CHECK_DIGITS].encode()
