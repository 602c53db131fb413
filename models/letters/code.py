"""The verification code of a letter: a short code to read out, and a QR code that any counter checks offline.

What is signed is a *statement*: kind, number, date, device and a digest of the facts with kind and template version.
The device signs it with its Ed25519 key when the letter is issued. The QR code holds statement and signature, so
that a counter that knows the device's public key (it is in the register) needs nothing else; the short code is a
hash of the same bytes and is found in the register (`document.code`).

Written form: `PD1:` and Base45 (RFC 9285), which a QR code stores in its alphanumeric mode and every reader returns
as text. Inside: 1 byte format, 2 bytes device, 3 bytes date (days since 1970), 20 bytes digest (SHA-256 cut to 160
bits: two letters with one digest cost 2^80 trials), 64 bytes signature, then kind and number in UTF-8 divided by a
line end.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from models.errors import InputError

PREFIX = "PD1:"
_DOMAIN = b"petition-desk/letter-code/1\n"
_FORMAT = 1
_DIGEST_BYTES = 20
_SIGNATURE_BYTES = 64
_HEAD_BYTES = 1 + 2 + 3 + _DIGEST_BYTES
_EPOCH = date(1970, 1, 1)
_ALPHABET45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_MASK = 0
_SHORT_BYTES = 10
"""80 bits: 16 characters of Base32, in four groups; cannot be guessed at a counter."""

Sign = Callable[[bytes], bytes]
"""Signs with the device's Ed25519 private key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What the device says of a letter it issued."""

    kind: str
    number: str
    """Document number as printed; for a receipt or form without a series, the item's number."""
    dated_on: date
    device: int
    """1..4095."""
    digest: bytes
    """SHA-256 of the frozen facts (`facts.digest_of`), 32 bytes, or the 20 of it that a code holds."""

    def to_bytes(self) -> bytes:
        """Return the statement as it is signed."""
        head = bytes([_FORMAT]) + self.device.to_bytes(2, "big") + (self.dated_on - _EPOCH).days.to_bytes(3, "big")
        return head + self.digest[:_DIGEST_BYTES] + f"{self.kind}\n{self.number}".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedCode:
    """A code ready to print: `short` as read out, `payload` for the QR code, `signature` for the register."""

    short: str
    payload: str
    signature: bytes


def make_code(statement: Statement, sign: Sign) -> SealedCode:
    """Sign `statement` and return its code. The same statement and key give the same code."""
    said = statement.to_bytes()
    signature = sign(_DOMAIN + said)
    payload = said[:_HEAD_BYTES] + signature + said[_HEAD_BYTES:]
    return SealedCode(short=short_code(statement), payload=PREFIX + _base45(payload), signature=signature)


def short_code(statement: Statement) -> str:
    """Return the short code of a statement: 16 characters in groups of four, without 0, 1, 8 and 9."""
    mark = hashlib.sha256(_DOMAIN + statement.to_bytes()).digest()[:_SHORT_BYTES]
    text = base64.b32encode(mark).decode()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def read_code(payload: str) -> tuple[Statement, bytes]:
    """Return statement and signature of a scanned code; says nothing about their truth.

    Raises:
        InputError: The text is not a code of this product, or was cut.
    """
    try:
        if not payload.startswith(PREFIX):
            raise ValueError("no prefix")
        raw = _from_base45(payload[len(PREFIX) :])
        if raw[0] != _FORMAT or len(raw) < _HEAD_BYTES + _SIGNATURE_BYTES:
            raise ValueError("format")
        kind, number = raw[_HEAD_BYTES + _SIGNATURE_BYTES :].decode().split("\n")
        statement = Statement(
            kind=kind,
            number=number,
            dated_on=_EPOCH + timedelta(days=int.from_bytes(raw[3:6], "big")),
            device=int.from_bytes(raw[1:3], "big"),
            digest=raw[6:_HEAD_BYTES],
        )
    except (ValueError, IndexError, OverflowError) as error:
        raise InputError(
            "code",
            "扫到的不是本系统文书的核验码，或内容不完整。请对准文书左下角的二维码重新扫描。",
            "This is not the verification code of a letter of this system, or it is incomplete. Scan the square at the "
            "foot of the letter again.",
        ) from error
    return statement, raw[_HEAD_BYTES : _HEAD_BYTES + _SIGNATURE_BYTES]


def verify_code(payload: str, public_key: bytes, digest: bytes | None = None) -> Statement:
    """Check a scanned code against the device's public key, without any line to anywhere.

    Args:
        payload: The text that the scanner returned.
        public_key: Raw Ed25519 public key of the device named in the code, 32 bytes.
        digest: Digest of the facts in the register, when they are at hand: then the content is compared too.

    Returns:
        The statement, which is true: this device issued this letter with this content.

    Raises:
        InputError: Not a code, altered, or of other content than `digest`.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    statement, signature = read_code(payload)
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, _DOMAIN + statement.to_bytes())
    except InvalidSignature as error:
        raise InputError(
            "code",
            f"核验不通过：文书（{statement.number}）没有有效签名，可能被改动或伪造。请勿采信。",
            f"Refused: the letter in this code ({statement.number}) bears no valid signature of the device; it may "
            "have been altered or forged. Do not rely on it.",
        ) from error
    if digest is not None and digest[:_DIGEST_BYTES] != statement.digest:
        raise InputError(
            "code",
            f"核验不通过：文书（{statement.number}）的内容与登记簿所存的不一致。",
            f"Refused: the content of the letter ({statement.number}) differs from that kept in the register.",
        )
    return statement


def squares(payload: str, side: float) -> list[tuple[float, float, float, float]]:
    """Return the QR code of `payload` as black boxes (x, y, width, height) within `side` x `side`, quiet zone left out.

    Medium error correction (15 % of the area may be lost), as much as the paper allows at this size. The mask is fixed:
    readers take any, and weighing all eight costs more than the rest of the letter.
    """
    import segno

    modules = segno.make_qr(payload, error="m", mode="alphanumeric", boost_error=False, mask=_MASK).matrix
    step = side / len(modules)
    boxes: list[tuple[float, float, float, float]] = []
    for y, row in enumerate(modules):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                boxes.append((start * step, y * step, (x - start) * step, step))
                start = None
    return boxes


def _base45(data: bytes) -> str:
    """Encode by RFC 9285."""
    found: list[str] = []
    for start in range(0, len(data), 2):
        pair = data[start : start + 2]
        value = int.from_bytes(pair, "big")
        for _ in range(3 if len(pair) == 2 else 2):
            value, digit = divmod(value, 45)
            found.append(_ALPHABET45[digit])
    return "".join(found)


def _from_base45(text: str) -> bytes:
    """Decode by RFC 9285; raises ValueError."""
    digits = [_ALPHABET45.index(character) for character in text]
    found = bytearray()
    for start in range(0, len(digits), 3):
        group = digits[start : start + 3]
        if len(group) == 1:
            raise ValueError("cut")
        value = sum(digit * 45**place for place, digit in enumerate(group))
        found += value.to_bytes(len(group) - 1, "big")
    return bytes(found)
