"""Signed JSON documents of the sync: receipts, refusals, enrolment offers and answers share this one outer form.

A document is canonical JSON (UTF-8, sorted keys, no spaces) of one object with `kind`, `format` and `signature` (hex)
beside its own fields. The signature is Ed25519 over `<kind>/<format>` as domain line and the canonical JSON of the
object without `signature`. Fields that a reader does not know are kept and covered by the signature, so that an older
program does not refuse a newer document of the same format.
"""

from __future__ import annotations

from typing import Any

import orjson

from sync.causes import RefusedError
from sync.keys import SecretKeys, signed_by

FORMAT = 1
LIMIT_BYTES = 8 << 20


def canonical(fields: Any) -> bytes:
    """Return the canonical JSON of a value."""
    return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)


def sign_document(kind: str, fields: dict[str, Any], keys: SecretKeys) -> bytes:
    """Return the signed document of `kind` with `fields`."""
    whole = {**fields, "kind": kind, "format": FORMAT}
    signature = keys.sign(f"{kind}/{FORMAT}", canonical(whole))
    return canonical({**whole, "signature": signature.hex()})


def read_document(data: bytes, kind: str, *, what: str) -> dict[str, Any]:
    """Return the fields of a document without checking who signed it (`check_signature` does).

    Args:
        data: The document.
        kind: The kind that it must be.
        what: Its name in messages.

    Raises:
        RefusedError: too_large, cut, altered, not_a_batch or newer.
    """
    if len(data) > LIMIT_BYTES:
        raise RefusedError("too_large", what=what, found=len(data), limit=LIMIT_BYTES)
    if not data.startswith(b"{"):
        raise RefusedError("not_a_batch", what=what)
    if not data.rstrip().endswith(b"}"):
        raise RefusedError("cut", what=what, expected="?", found=len(data))
    try:
        fields = orjson.loads(data)
    except ValueError as error:
        raise RefusedError("altered", what=what, where="JSON") from error
    if not isinstance(fields, dict) or fields.get("kind") != kind:
        raise RefusedError("not_a_batch", what=what)
    version = fields.get("format")
    if not isinstance(version, int) or version < 1:
        raise RefusedError("altered", what=what, where="format")
    if version > FORMAT:
        raise RefusedError("newer", what=what, found=version, known=FORMAT)
    return fields


def check_signature(fields: dict[str, Any], sign_public: bytes, *, what: str, signer: str) -> None:
    """Check that a document was signed with the key given.

    Raises:
        RefusedError: wrong_signature.
    """
    rest = {name: value for name, value in fields.items() if name != "signature"}
    try:
        signature = bytes.fromhex(fields["signature"])
        good = signed_by(sign_public, f"{fields['kind']}/{fields['format']}", canonical(rest), signature)
    except (KeyError, TypeError, ValueError):
        good = False
    if not good:
        raise RefusedError("wrong_signature", what=what, signer=signer)


def field(fields: dict[str, Any], name: str, kind: type, *, what: str) -> Any:
    """Return a field of the kind it must have.

    Raises:
        RefusedError: altered.
    """
    value = fields.get(name)
    if type(value) is not kind:
        raise RefusedError("altered", what=what, where=name)
    return value


def hex_field(fields: dict[str, Any], name: str, size: int, *, what: str) -> bytes:
    """Return a hex field of `size` bytes.

    Raises:
        RefusedError: altered.
    """
    try:
        value = bytes.fromhex(field(fields, name, str, what=what))
    except ValueError:
        value = b""
    if len(value) != size:
        raise RefusedError("altered", what=what, where=name)
    return value
