"""What the city wrote to a county, kept there as the city signed it: a hub put back from an old backup gets it again.

A hub that lost its disk has lost what it wrote itself since its backup, unless the counties have it. Each workstation
keeps what the seals of the city's relays held, signature and body (`sync_city`); the papers are few. When the hub says
that it has less of its own journal than is held here, these are sealed to it again as the very batches that it made:
it takes them as any batch, and by its own signature it knows them for its own. Nobody else could have written them.
"""

from __future__ import annotations

from collections.abc import Iterator

from models.device import CITY
from sync.batch import Header, label, read_header, seal_batch
from sync.keys import PublicKeys
from sync.outbox import Pending
from sync.port import Connection, Station, transaction


def keep(connection: Connection, header: Header, plain: bytes) -> None:
    """Keep a batch of the city as its author signed it; the same again changes nothing."""
    with transaction(connection):
        connection.execute(
            "INSERT INTO sync_city(first, last, epoch, plain) VALUES(?,?,?,?) ON CONFLICT DO NOTHING",
            (header.first, header.last, header.epoch, plain),
        )


def batches_after(connection: Connection, station: Station, hub: PublicKeys, after: int) -> Iterator[Pending]:
    """Yield the city's batches beyond entry `after`, sealed to the hub again.

    Args:
        connection: The register's.
        station: Whose register it is.
        hub: The hub's public keys.
        after: Last entry of its own journal for the county that the hub holds.
    """
    rows = connection.execute(
        "SELECT first, last, epoch, plain FROM sync_city WHERE last>? ORDER BY first", (after,)
    ).fetchall()
    for first, last, epoch, plain in rows:
        data = seal_batch(label(station.county, CITY, epoch, first, last, hub.key_id), plain, hub)
        yield Pending(first=first, last=last, sha256=read_header(data)[0].sha256, data=data, state="ready")
