"""A relay: a batch on its way down, from its author through the hub to another workstation of the county.

    author's batch (sealed to the hub) -> the hub opens the seal -> the same signature and body, sealed to the receiver

Rules kept here:

- The receiver verifies the *author's* signature over the author's own label: the hub carries, it cannot write. Nor can
  it tell one county's entries to another, or an old workstation's under a new number: the label says whose they are.
- The clear header is the batch's, with `to`, the key id of the receiver. Label and `to` are bound into the seal.
- Several relays of one author may follow each other in one stream; each says its own length.

Format with example files: docs/format/relay.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sync.batch import (
    HEADER_FIELDS,
    Batch,
    Header,
    check_sealed,
    head_lines,
    open_plain,
    read_fields,
    sealed_part,
)
from sync.causes import RefusedError
from sync.keys import PublicKeys, SecretKeys

MAGIC = b"PETITION-DESK-RELAY "
STREAM_BYTES = 1 << 20
"""A stream of relays is closed when it reaches this: what arrived is taken before more is asked for."""
_FIELDS = {**HEADER_FIELDS, "to": str}


@dataclass(frozen=True, slots=True)
class RelayHeader:
    """The clear header of a relay: the author's label with size and digest of these sealed bytes, and the receiver."""

    batch: Header
    to: str

    def info(self) -> bytes:
        """Return what the seal is bound to."""
        return self.batch.label() + b"\n" + self.to.encode()


def write_relay(batch: bytes, *, keys: SecretKeys, to: PublicKeys) -> bytes:
    """Return the relay of a batch file that was verified when it was taken.

    Args:
        batch: The batch as its author sealed it to the hub.
        keys: The hub's keys.
        to: The receiving workstation's public keys.

    Raises:
        RefusedError: It is not a batch, is damaged, or was not sealed to this hub.
    """
    header, sealed = sealed_part(batch)
    plain = keys.open(sealed, header.label())
    if plain is None:
        raise RefusedError("altered", what=header.what, where="seal")
    again = to.seal_to(plain, header.label() + b"\n" + to.key_id.encode())
    fields = {
        **{name: getattr(header, name) for name in HEADER_FIELDS},
        "size": len(again),
        "sha256": hashlib.sha256(again).hexdigest(),
        "to": to.key_id,
    }
    return head_lines(MAGIC, fields) + again


def read_relay_header(data: bytes, *, what: str = "relay") -> tuple[RelayHeader, int]:
    """Read the clear header; returns it and where the sealed bytes begin. No key is needed.

    Raises:
        RefusedError: not_a_batch, newer, cut or altered.
    """
    fields, start = read_fields(data, MAGIC, _FIELDS, what=what)
    to = fields.pop("to")
    return RelayHeader(Header(**fields), to), start


def open_relay(
    data: bytes, *, keys: SecretKeys, county: str, hub: str, sign_key_of: Callable[[int], bytes | None]
) -> Batch:
    """Open a relay at the receiving workstation and verify all of it.

    Args:
        data: The file.
        keys: The workstation's keys.
        county: Its county.
        hub: Key id of the enrolled hub.
        sign_key_of: Gives the Ed25519 public key of an author by its number (the hub's own for the city's), None when
            it is not known here yet.

    Raises:
        RefusedError: With the cause; nothing of it may be used. `unknown_author` may be tried again later: the key may
            stand in entries that have not arrived.
    """
    relay, start = read_relay_header(data)
    header = relay.batch
    sealed = check_sealed(data, start, header.size, header.sha256, what=header.what)
    own = keys.public().key_id
    if relay.to != own:
        raise RefusedError("other_receiver", what=header.what, found=relay.to, known=own)
    if header.county != county:
        raise RefusedError("other_county", what=header.what, found=header.county, known=county)
    if header.hub != hub:
        raise RefusedError("foreign_hub", what=header.what, found=header.hub, known=hub)
    plain = keys.open(sealed, relay.info())
    if plain is None:
        raise RefusedError("altered", what=header.what, where="seal")
    sign_key = sign_key_of(header.device)
    if sign_key is None:
        raise RefusedError("unknown_author", what=header.what, device=header.device)
    return open_plain(header, plain, sign_key)


def plain_of(data: bytes, keys: SecretKeys) -> bytes:
    """Return what the seal of a relay holds that was opened before: its author's signature and packed body."""
    relay, start = read_relay_header(data)
    return keys.open(data[start:], relay.info()) or b""


def split(stream: bytes) -> tuple[list[bytes], bytes]:
    """Cut a stream of relays apart; returns the whole ones, and what there is of the one after them.

    Raises:
        RefusedError: What follows is no relay.
    """
    whole: list[bytes] = []
    view = memoryview(stream)
    while view:
        try:
            relay, start = read_relay_header(bytes(view[:_PEEK_BYTES]))
        except RefusedError as error:
            if error.code == "cut":
                break
            raise
        end = start + relay.batch.size
        if end > len(view):
            break
        whole.append(bytes(view[:end]))
        view = view[end:]
    return whole, bytes(view)


_PEEK_BYTES = 4096
