"""Inviting another workstation: its row and its numbers in the register, and the file that it joins with."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from models import arrivals, keyring, stations
from sync import outbox
from sync.causes import NotEnrolledError
from sync.invitation import InvitingHub, write_invitation
from sync.keys import PublicKeys
from sync.port import Connection, RegisterPort

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register


def invite(register: Register, number: int, name: str, *, by: Staff, at: datetime) -> bytes:
    """Enter a new workstation and return its invitation; the private keys in it are stored nowhere else.

    Args:
        register: The open register.
        number: Number of the new workstation, 1 to 400, never used in this county.
        name: Its name for people.
        by: A keeper.
        at: Instant, aware.

    Raises:
        NotAllowedError, InputError: see `models.stations.invite`.
    """
    keys, _ = stations.invite(register, number, name, by=by, at=at)
    port = RegisterPort(register)
    everybody = {
        one.number: PublicKeys(one.sign_key, one.seal_key)
        for one in reversed(stations.workstations(register))  # of two rows with one number the older counts
    }
    return write_invitation(
        county=register.county,
        register=register.id,
        register_key=register.keys.register_key,
        name=port.station.name,
        device=number,
        device_name=name.strip(),
        seeds=(keys.sign_seed, keys.mlkem_seed, keys.x25519_seed),
        inviter=register.device,
        keys=port.station.keys,
        made_at=at,
        keyring=keyring.read(register.path)["slots"],
        workstations=everybody,
        heads=arrivals.held(register.connection),
        law=register.law.texts,
        hub=port.run(_hub),
    )


def _hub(connection: Connection) -> InvitingHub | None:
    try:
        hub = outbox.enrolled_hub(connection)
    except NotEnrolledError:
        return None
    return InvitingHub(name=hub.name, keys=hub.keys, address=hub.address, certificate=hub.certificate)
