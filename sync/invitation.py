"""The invitation: the file by which another workstation of the county joins the register.

    workstation: `station invite` -> invitation (stick, by hand) -> new workstation: `station join`

It carries what a new workstation cannot fetch: the key slots of the people (each opens with that person's passphrase),
the register's id, the number and the private keys of the new workstation, the public keys of all workstations, the law
that counts in the register, and the hub. It carries no entry: those come by line or stick, and every one is verified.

The private keys are sealed with AES-256-GCM under a key derived from the register's own (HKDF-SHA256), bound to all
other fields. So the file is of no use without a passphrase of the register, and whoever opens it knows that it was made
by one who had the register open. The signature shows which workstation that was. It is good for one machine: a second
one that joins with it writes entries under the same numbers, which is noticed as a fork at the first contact.

Format with example file: docs/format/invitation.md.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from models.keyring import SEAL_PUBLIC_BYTES, SIGN_PUBLIC_BYTES
from sync.causes import RefusedError
from sync.documents import canonical, check_signature, field, hex_field, read_document, sign_document
from sync.keys import PublicKeys, SecretKeys
from sync.receipt import instant_text

INVITATION = "petition-desk/station-invitation"
_INFO = b"petition-desk/station-invitation/1"
_NONCE_BYTES = 12
_SEEDS = (32, 64, 32)
_HASH_BYTES = 32
_DEVICES = 4095


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitingHub:
    """The hub as an invitation names it: enough to know its signatures; joining it takes an offer of its own."""

    name: str
    keys: PublicKeys
    address: str
    certificate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What an invitation says. `heads`: author to the last entry, and its hash, that the inviter held."""

    county: str
    register: str
    """Id of the register."""
    name: str
    """Full name of the bureau."""
    device: int
    device_name: str
    inviter: int
    made_at: str
    keyring: Mapping[str, Any]
    """Key slots by login, as the keyring has them."""
    workstations: Mapping[int, PublicKeys]
    heads: Mapping[int, tuple[int, bytes]]
    law: Mapping[str, str]
    hub: InvitingHub | None
    sealed: bytes
    fields: Mapping[str, Any]
    """The document without signature and seal, to which the seal is bound."""


def write_invitation(
    *,
    county: str,
    register: str,
    register_key: bytes,
    name: str,
    device: int,
    device_name: str,
    seeds: tuple[bytes, bytes, bytes],
    inviter: int,
    keys: SecretKeys,
    made_at: datetime,
    keyring: Mapping[str, Any],
    workstations: Mapping[int, PublicKeys],
    heads: Mapping[int, tuple[int, bytes]],
    law: Mapping[str, str],
    hub: InvitingHub | None,
) -> bytes:
    """Return the signed invitation.

    Args:
        county: Division code.
        register: Id of the register.
        register_key: The register's key.
        name: Full name of the bureau.
        device: Number of the new workstation.
        device_name: Its name for people.
        seeds: The new workstation's private keys: Ed25519, ML-KEM-768, X25519.
        inviter: Number of this workstation.
        keys: Its keys.
        made_at: When.
        keyring: Key slots by login.
        workstations: Public keys of all workstations by number, this and the new one among them.
        heads: Last entry held of each author, with its hash.
        law: Texts of the law that counts.
        hub: The hub of this register, if it has one.
    """
    fields: dict[str, Any] = {
        "county": county,
        "register": register,
        "name": name,
        "device": device,
        "device_name": device_name,
        "inviter": inviter,
        "made_at": instant_text(made_at),
        "keyring": dict(keyring),
        "workstations": [[number, one.sign.hex(), one.seal.hex()] for number, one in sorted(workstations.items())],
        "heads": [[author, last, digest.hex()] for author, (last, digest) in sorted(heads.items())],
        "law": dict(law),
        "hub": None if hub is None else {
            "name": hub.name, "sign_key": hub.keys.sign.hex(), "seal_key": hub.keys.seal.hex(),
            "address": hub.address, "certificate": hub.certificate,
        },
    }  # fmt: skip
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + AESGCM(_key(register_key, register)).encrypt(nonce, b"".join(seeds), canonical(fields))
    return sign_document(INVITATION, {**fields, "sealed": sealed.hex()}, keys)


def read_invitation(data: bytes, *, what: str = "invitation") -> Invitation:
    """Read an invitation; nobody's passphrase is needed for this, and nothing private is opened.

    Raises:
        RefusedError: With the cause.
    """
    fields = read_document(data, INVITATION, what=what)

    def own(name: str, kind: type) -> Any:
        return field(fields, name, kind, what=what)

    workstations = {
        number: _public(sign, seal, what, "workstations")
        for number, sign, seal in _rows(own("workstations", list), (int, str, str), what, "workstations")
    }
    heads = {
        author: (last, _hash(digest, what))
        for author, last, digest in _rows(own("heads", list), (int, int, str), what, "heads")
    }
    inviter, device = own("inviter", int), own("device", int)
    if inviter not in workstations or device not in workstations or not 1 <= device < _DEVICES:
        raise RefusedError("altered", what=what, where="device")
    check_signature(fields, workstations[inviter].sign, what=what, signer=f"{own('county', str)}/{inviter}")
    for name in ("keyring", "law"):
        if not all(isinstance(one, str) for one in own(name, dict)):
            raise RefusedError("altered", what=what, where=name)
    if not all(isinstance(text, str) for text in fields["law"].values()):
        raise RefusedError("altered", what=what, where="law")
    try:
        sealed = bytes.fromhex(own("sealed", str))
    except ValueError as error:
        raise RefusedError("altered", what=what, where="sealed") from error
    return Invitation(
        county=own("county", str), register=own("register", str), name=own("name", str), device=device,
        device_name=own("device_name", str), inviter=inviter, made_at=own("made_at", str), keyring=fields["keyring"],
        workstations=workstations, heads=heads, law=fields["law"], hub=_hub(fields, what), sealed=sealed,
        fields={key: value for key, value in fields.items() if key not in ("sealed", "signature", "kind", "format")},
    )  # fmt: skip


def open_seeds(invitation: Invitation, register_key: bytes, *, what: str = "invitation") -> tuple[bytes, bytes, bytes]:
    """Return the new workstation's private keys.

    Raises:
        RefusedError: wrong_signature: the invitation was not made by one who had this register open, or was altered.
    """
    sealed = invitation.sealed
    try:
        plain = AESGCM(_key(register_key, invitation.register)).decrypt(
            sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], canonical(invitation.fields)
        )
    except (InvalidTag, ValueError):
        plain = b""
    if len(plain) != sum(_SEEDS):
        raise RefusedError("wrong_signature", what=what, signer=f"{invitation.county}/{invitation.inviter}")
    first, second, _ = _SEEDS
    keys = plain[:first], plain[first : first + second], plain[first + second :]
    if SecretKeys(*keys).public() != invitation.workstations[invitation.device]:
        raise RefusedError("altered", what=what, where="sealed")
    return keys


def _key(register_key: bytes, register: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=register.encode(), info=_INFO).derive(register_key)


def _rows(rows: list[Any], kinds: tuple[type, ...], what: str, where: str) -> list[list[Any]]:
    for row in rows:
        good = isinstance(row, list) and len(row) == len(kinds)
        if not good or any(type(value) is not kind for value, kind in zip(row, kinds, strict=True)):
            raise RefusedError("altered", what=what, where=where)
        if any(isinstance(value, int) and not 0 < value < 1 << 63 for value in row):
            raise RefusedError("altered", what=what, where=where)
    return rows


def _public(sign: str, seal: str, what: str, where: str) -> PublicKeys:
    try:
        return PublicKeys(bytes.fromhex(sign), bytes.fromhex(seal))
    except ValueError as error:
        raise RefusedError("altered", what=what, where=where) from error


def _hash(text: str, what: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != _HASH_BYTES:
        raise RefusedError("altered", what=what, where="heads")
    return found


def _hub(fields: Mapping[str, Any], what: str) -> InvitingHub | None:
    hub = fields.get("hub")
    if hub is None:
        return None
    if not isinstance(hub, dict):
        raise RefusedError("altered", what=what, where="hub")
    return InvitingHub(
        name=field(hub, "name", str, what=what),
        keys=PublicKeys(
            hex_field(hub, "sign_key", SIGN_PUBLIC_BYTES, what=what),
            hex_field(hub, "seal_key", SEAL_PUBLIC_BYTES, what=what),
        ),
        address=field(hub, "address", str, what=what),
        certificate=field(hub, "certificate", str, what=what),
    )
