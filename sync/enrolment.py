"""Enrolment by file: no public certificate authority, no password typed anywhere.

    hub:  offer  -> (stick, mail, printed address)  -> desk
    desk: answer -> (stick, or POST to the address) -> hub registers the workstation

The *offer* names the hub's public keys, its address, the SHA-256 fingerprint of its certificate, the county it is for
and a one-time *token*. It is signed by the hub, but who hands it over is what makes it trustworthy: carry it by hand.
The *answer* names the workstation's keys; its *proof* is HMAC-SHA256 over the answer with the token as key, so that
the answer itself does not give the token away. A token works once; the same answer again is answered the same way.

Format with example files: docs/format/enrolment.md.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.device import CITY
from models.keyring import SEAL_PUBLIC_BYTES, SIGN_PUBLIC_BYTES
from sync.causes import RefusedError
from sync.documents import canonical, check_signature, field, hex_field, read_document, sign_document
from sync.keys import PublicKeys, SecretKeys
from sync.receipt import instant_text

OFFER = "petition-desk/enrolment-offer"
ANSWER = "petition-desk/enrolment-answer"
TOKEN_BYTES = 32
_FINGERPRINT_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A hub's offer to one county. `certificate`: SHA-256 of the certificate (DER), hex; `address`: https URL."""

    hub: PublicKeys
    hub_name: str
    address: str
    certificate: str
    county: str
    token: bytes
    made_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A workstation's answer; `fields` is the whole document, over which the proof is checked."""

    county: str
    name: str
    device: int
    device_name: str
    epoch: int
    keys: PublicKeys
    hub: str
    fields: dict[str, Any]


def new_token() -> bytes:
    """Return a random one-time token."""
    return secrets.token_bytes(TOKEN_BYTES)


def token_name(token: bytes) -> str:
    """Return the name under which a hub keeps a token (SHA-256, hex)."""
    return hashlib.sha256(b"petition-desk/token/1\n" + token).hexdigest()


def write_offer(offer: Offer, keys: SecretKeys) -> bytes:
    """Return the signed offer file."""
    fields = {
        "sign_key": offer.hub.sign.hex(),
        "seal_key": offer.hub.seal.hex(),
        "hub": offer.hub.key_id,
        "hub_name": offer.hub_name,
        "address": offer.address,
        "certificate": offer.certificate,
        "county": offer.county,
        "token": offer.token.hex(),
        "made_at": offer.made_at,
    }
    return sign_document(OFFER, fields, keys)


def read_offer(data: bytes, *, county: str, what: str = "offer") -> Offer:
    """Read an offer file on the desk.

    Args:
        data: The file.
        county: This register's county: an offer for another is refused.
        what: Name in messages.

    Raises:
        RefusedError: With the cause.
    """
    fields = read_document(data, OFFER, what=what)
    keys = _keys(fields, what)
    check_signature(fields, keys.sign, what=what, signer=f"hub {keys.key_id}")
    if field(fields, "county", str, what=what) != county:
        raise RefusedError("other_county", what=what, found=fields["county"], known=county)
    address = field(fields, "address", str, what=what)
    if not address.startswith("https://"):
        raise RefusedError("altered", what=what, where="address")
    return Offer(
        hub=keys, hub_name=field(fields, "hub_name", str, what=what), address=address,
        certificate=hex_field(fields, "certificate", _FINGERPRINT_BYTES, what=what).hex(), county=county,
        token=hex_field(fields, "token", TOKEN_BYTES, what=what), made_at=field(fields, "made_at", str, what=what),
    )  # fmt: skip


def write_answer(
    offer: Offer, keys: SecretKeys, *, name: str, device: int, device_name: str, epoch: int, made_at: datetime
) -> bytes:
    """Return the signed answer file of a workstation to an offer."""
    public = keys.public()
    fields: dict[str, Any] = {
        "county": offer.county,
        "name": name,
        "device": device,
        "device_name": device_name,
        "epoch": epoch,
        "sign_key": public.sign.hex(),
        "seal_key": public.seal.hex(),
        "hub": offer.hub.key_id,
        "token": token_name(offer.token),
        "made_at": instant_text(made_at),
    }
    fields["proof"] = _proof(offer.token, fields)
    return sign_document(ANSWER, fields, keys)


def read_answer(data: bytes, *, hub: str, what: str = "answer") -> Answer:
    """Read an answer file on the hub; the proof is checked by `check_proof` once the token is known.

    Raises:
        RefusedError: With the cause.
    """
    fields = read_document(data, ANSWER, what=what)
    keys = _keys(fields, what)
    if fields.get("hub") != hub:
        raise RefusedError("foreign_hub", what=what, found=fields.get("hub"), known=hub)
    device = field(fields, "device", int, what=what)
    if not 1 <= device < CITY:
        raise RefusedError("altered", what=what, where="device")
    if not 0 <= field(fields, "epoch", int, what=what) < 1 << 63:
        raise RefusedError("altered", what=what, where="epoch")
    for name in ("county", "name", "device_name", "token"):
        if "\0" in field(fields, name, str, what=what):  # no hub on PostgreSQL could keep it
            raise RefusedError("altered", what=what, where=name)
    county = fields["county"]
    check_signature(fields, keys.sign, what=what, signer=f"{county}/{device}")
    return Answer(
        county=county, name=field(fields, "name", str, what=what), device=device,
        device_name=field(fields, "device_name", str, what=what), epoch=field(fields, "epoch", int, what=what),
        keys=keys, hub=hub, fields=fields,
    )  # fmt: skip


def check_proof(answer: Answer, token: bytes) -> bool:
    """Return whether the answer was made with `token`."""
    proof = answer.fields.get("proof")
    rest = {
        name: value for name, value in answer.fields.items() if name not in {"proof", "signature", "kind", "format"}
    }
    # As bytes: of texts, only those in ASCII can be compared without telling where they differ.
    return isinstance(proof, str) and hmac.compare_digest(proof.encode(), _proof(token, rest).encode())


def _proof(token: bytes, fields: dict[str, Any]) -> str:
    return hmac.new(token, canonical(fields), hashlib.sha256).hexdigest()


def _keys(fields: dict[str, Any], what: str) -> PublicKeys:
    return PublicKeys(
        hex_field(fields, "sign_key", SIGN_PUBLIC_BYTES, what=what),
        hex_field(fields, "seal_key", SEAL_PUBLIC_BYTES, what=what),
    )
