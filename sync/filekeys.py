"""Whose files a register believes: its hub's, and those of the workstations that its journal names."""

from __future__ import annotations

from dataclasses import dataclass

from models.device import CITY
from sync import outbox
from sync.causes import NotEnrolledError, RefusedError
from sync.keys import PublicKeys
from sync.port import Connection, Station


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The hub and the other workstations of the county, each with its keys."""

    hub: PublicKeys | None
    """None where the register has none, and exchanges with its siblings only."""
    others: dict[int, PublicKeys]
    """By number, without this workstation."""
    county: str

    def sign_key_of(self, county: str, device: int) -> bytes:
        """Return the Ed25519 public key of a writer of chunks; for `chunks.open_chunk`.

        Raises:
            RefusedError: other_county, or unknown_device.
        """
        if county != self.county:
            raise RefusedError("other_county", what="chunk", found=county, known=self.county)
        if device == CITY and self.hub is not None:
            return self.hub.sign
        if device not in self.others:
            raise RefusedError("unknown_device", what="chunk", county=county, device=device)
        return self.others[device].sign


def known(connection: Connection, station: Station) -> Known:
    """Return whose files this register believes."""
    rows = connection.execute("SELECT number, sign_key, seal_key FROM device WHERE number<>?", (station.device,))
    others = {number: PublicKeys(bytes.fromhex(sign), bytes.fromhex(seal)) for number, sign, seal in rows}
    try:
        hub = outbox.enrolled_hub(connection).keys
    except NotEnrolledError:
        hub = None
    return Known(hub=hub, others=others, county=station.county)
