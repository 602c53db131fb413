"""Enrolment on the desk: read the hub's offer, store the hub, write the answer.

The answer is kept until the first receipt, so that it can be written again to another folder or posted when the line
is there.
"""

from __future__ import annotations

from datetime import datetime

from sync import outbox
from sync.causes import NotEnrolledError
from sync.enrolment import read_offer, write_answer
from sync.port import Connection, Port, transaction


def accept_offer(port: Port, data: bytes, *, at: datetime, what: str = "offer") -> bytes:
    """Take an offer file and return the answer file.

    The register's hub is replaced when the offer is another hub's; then everything is unsent again. The same hub's
    new offer (new address or certificate) keeps what was receipted.

    Args:
        port: The register.
        data: The offer file.
        at: Instant, aware.
        what: Name of the file in messages.

    Raises:
        RefusedError: The file is not an offer for this county, or was altered.
    """
    station = port.station
    offer = read_offer(data, county=station.county, what=what)
    answer = write_answer(
        offer,
        station.keys,
        name=station.name,
        device=station.device,
        device_name=station.device_name,
        epoch=station.epoch,
        made_at=at,
    )
    at_ms = int(at.timestamp() * 1000)

    def store(connection: Connection) -> None:
        try:
            receipted = outbox.enrolled_hub(connection).receipted if _same_hub(connection, offer.hub.key_id) else 0
        except NotEnrolledError:
            receipted = 0
        with transaction(connection):
            connection.execute("DELETE FROM sync_hub")
            if not receipted:
                connection.execute("DELETE FROM sync_batch")
            connection.execute(
                "INSERT INTO sync_hub(one, name, key_id, sign_key, seal_key, address, certificate, state, "
                "answered_ms, answer,"
                " receipted) VALUES(1,?,?,?,?,?,?,'answered',?,?,?)",
                (
                    offer.hub_name,
                    offer.hub.key_id,
                    offer.hub.sign,
                    offer.hub.seal,
                    offer.address,
                    offer.certificate,
                    at_ms,
                    answer.decode(),
                    receipted,
                ),
            )

    port.run(store)
    return answer


def _same_hub(connection: Connection, key_id: str) -> bool:
    return outbox.enrolled_hub(connection).key_id == key_id
