"""Uploads that were cut: the parts that came are kept, so that the next attempt goes on where the line broke.

A part is named by the digest of the whole sealed batch; nothing of it is used before the whole is there and verified.
"""

from __future__ import annotations

import sqlalchemy as sa

from sync.hub import storage
from sync.hub.hub import Hub


def uploaded(hub: Hub, county: str, device: int, sha256: str) -> bytes:
    """Return the bytes of a cut upload that are kept."""
    t = storage.upload
    with hub.reading() as connection:
        parts = connection.execute(
            sa.select(t.c.offset, t.c.data)
            .where(t.c.county == county, t.c.device == device, t.c.sha256 == sha256)
            .order_by(t.c.offset)
        ).all()
    whole = bytearray()
    for offset, data in parts:
        if offset == len(whole):
            whole += data
    return bytes(whole)


def keep_part(hub: Hub, county: str, device: int, sha256: str, offset: int, data: bytes) -> None:
    """Keep a part of an upload, so that it can go on from there; parts of the workstation's other uploads go."""
    t = storage.upload
    row = {
        "county": county,
        "device": device,
        "sha256": sha256,
        "offset": offset,
        "data": data,
        "noted_ms": hub.now_ms(),
    }
    with hub.writing(county) as connection:
        connection.execute(sa.delete(t).where(t.c.county == county, t.c.device == device, t.c.sha256 != sha256))
        storage.put(connection, t, [row], replace=False)


def drop(hub: Hub, county: str, device: int, sha256: str) -> None:
    """Forget the parts of an upload that came out wrong."""
    t = storage.upload
    with hub.writing(county) as connection:
        connection.execute(sa.delete(t).where(t.c.county == county, t.c.device == device, t.c.sha256 == sha256))
