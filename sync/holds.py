"""What a workstation or the hub holds, as a signed document: by it others see what to write for it on a stick.

    FOLDER/holds/COUNTY/DEVICE.holds    of each workstation that was at this stick
    FOLDER/holds/COUNTY/hub.holds       of the hub

`holds` names for each author of the county the last entry held without a gap. In one epoch of a register the numbers
never fall, so of two documents of one epoch the higher numbers count, and a document of a higher epoch (the register
was restored from a backup since) takes the place of all before it. The hub's own document says in `heard` the epoch of
each workstation that it has heard of: a restored workstation trusts none that was written before its restoring.

Format with example files: docs/format/relay.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.causes import RefusedError
from sync.documents import check_signature, read_document, sign_document
from sync.documents import field as read_field
from sync.keys import SecretKeys

HOLDS = "petition-desk/holds"
HUB = 0
"""The number under which the hub says what it holds."""
_INT_LIMIT = 1 << 63
_COMPACT = re.compile(r"[0-9]{1,5}\.[0-9]{1,18}(-[0-9]{1,5}\.[0-9]{1,18})*\Z", re.ASCII)
_DEVICES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """What `device` (`HUB`: the hub) of a county holds: last entry of each author."""

    county: str
    device: int
    epoch: int
    """Of the register; 0 for the hub."""
    holds: Mapping[int, int]
    heard: Mapping[int, int] = field(default_factory=dict)
    """Of the hub: the epoch of each workstation when it last said what it holds."""


def write_holds(said: Holds, keys: SecretKeys) -> bytes:
    """Return the signed document."""
    fields = {
        "county": said.county,
        "device": said.device,
        "epoch": said.epoch,
        "holds": [list(pair) for pair in sorted(said.holds.items())],
        "heard": [list(pair) for pair in sorted(said.heard.items())],
    }
    return sign_document(HOLDS, fields, keys)


def read_holds(data: bytes, *, sign_public: bytes, county: str, device: int, what: str = "holds") -> Holds:
    """Read a document and verify who signed it.

    Args:
        data: The document.
        sign_public: Ed25519 public key of whoever it should be of.
        county: The county that it must speak of.
        device: The workstation that it must be of; `HUB` for the hub.
        what: Name in messages.

    Raises:
        RefusedError: With the cause; nothing of it may be used.
    """
    fields = read_document(data, HOLDS, what=what)
    found = f"{read_field(fields, 'county', str, what=what)}/{read_field(fields, 'device', int, what=what)}"
    if found != f"{county}/{device}":
        raise RefusedError("other_county", what=what, found=found, known=f"{county}/{device}")
    check_signature(fields, sign_public, what=what, signer=f"{county}/{device}")
    epoch = read_field(fields, "epoch", int, what=what)
    if not 0 <= epoch < _INT_LIMIT:
        raise RefusedError("altered", what=what, where="epoch")
    holds, heard = (_pairs(read_field(fields, name, list, what=what), name, what) for name in ("holds", "heard"))
    return Holds(county=county, device=device, epoch=epoch, holds=holds, heard=heard)


def _pairs(lines: list[object], name: str, what: str) -> dict[int, int]:
    found: dict[int, int] = {}
    for line in lines:
        if not (isinstance(line, list) and len(line) == 2 and all(type(part) is int for part in line)):
            raise RefusedError("altered", what=what, where=name)
        number, last = line
        if not (0 < number < _DEVICES and 0 <= last < _INT_LIMIT):
            raise RefusedError("altered", what=what, where=name)
        found[number] = last
    return found


def newer_of(known: Holds | None, said: Holds) -> Holds:
    """Return what counts once `said` was heard after (or before) `known`: see the top of this room."""
    if known is None or said.epoch > known.epoch:
        return said
    if said.epoch < known.epoch:
        return known
    return Holds(
        county=said.county,
        device=said.device,
        epoch=said.epoch,
        holds=_higher(known.holds, said.holds),
        heard=_higher(known.heard, said.heard),
    )


def _higher(one: Mapping[int, int], two: Mapping[int, int]) -> dict[int, int]:
    return {number: max(one.get(number, 0), two.get(number, 0)) for number in one.keys() | two.keys()}


def compact(holds: Mapping[int, int]) -> str:
    """Return what is held as a request's target carries it: `1.120-2.44-4095.3`."""
    return "-".join(f"{device}.{last}" for device, last in sorted(holds.items()) if last) or "0.0"


def from_compact(text: str) -> dict[int, int] | None:
    """Return what `compact` wrote, None when it is not that."""
    if len(text) > _DEVICES * 8 or not _COMPACT.match(text):
        return None
    parts = (part.partition(".") for part in text.split("-"))
    return {int(device): int(last) for device, _, last in parts if 0 < int(device) < _DEVICES}
