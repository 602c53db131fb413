"""What the hub holds of a workstation and a county: how far, what is missing, digests, quarantine.

What every batch asks stands here as statements that were built once: to build one takes longer than to run it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from models.journal import SEALED
from models.tables import BY_NAME
from sync.agreement import WHOLE
from sync.hub import bulk, storage
from sync.receipt import REFUSED_LISTED, RefusedEntry

_TABLES = (*sorted(BY_NAME), SEALED)
Range = tuple[int, int]
"""First and last entry, both included."""


_D, _B, _R, _Q = storage.device, storage.batch, storage.receipt, storage.quarantine
_COUNTY: sa.BindParameter[str] = sa.bindparam("a_county")
_DEVICE: sa.BindParameter[int] = sa.bindparam("a_device")
_HAVE = sa.select(_D.c.have, _D.c.head).where(_D.c.county == _COUNTY, _D.c.device == _DEVICE)
_HOLDS = sa.select(_D.c.device, _D.c.have).where(_D.c.county == _COUNTY).order_by(_D.c.device)
_RECEIPT = (
    sa.select(_R.c.document)
    .join_from(
        _B,
        _R,
        sa.and_(
            _R.c.county == _B.c.county, _R.c.device == _B.c.device, _R.c.first == _B.c.first, _R.c.last == _B.c.last
        ),
    )
    .where(
        _B.c.county == _COUNTY,
        _B.c.device == _DEVICE,
        _B.c.first == sa.bindparam("a_first"),
        _B.c.last == sa.bindparam("a_last"),
        _B.c.sha256 == sa.bindparam("a_sha256"),
    )
)
_WAITING = (
    sa.select(_B.c.raw, _B.c.sha256)
    .join_from(_B, _D, sa.and_(_D.c.county == _B.c.county, _D.c.device == _B.c.device))
    .where(_B.c.county == _COUNTY, _B.c.device == _DEVICE, _B.c.state == "waiting", _B.c.first <= _D.c.have + 1)
    .order_by(_B.c.first)
    .limit(1)
)
_ASIDE = sa.select(sa.func.count()).select_from(_Q).where(_Q.c.county == _COUNTY, _Q.c.device == _DEVICE)


def have(connection: sa.Connection, county: str, device: int) -> tuple[int, bytes]:
    """Return the last entry applied without a gap, and its hash."""
    row = connection.execute(_HAVE, {"a_county": county, "a_device": device}).one()
    return row.have, row.head


def holds(connection: sa.Connection, county: str) -> list[tuple[int, int]]:
    """Return each workstation of a county with the last entry applied of it."""
    return [(device, last) for device, last in connection.execute(_HOLDS, {"a_county": county})]


def receipt_of(connection: sa.Connection, county: str, device: int, first: int, last: int, sha256: str) -> bytes | None:
    """Return the receipt of a batch that was taken as it is, None when it was not."""
    named = {"a_county": county, "a_device": device, "a_first": first, "a_last": last, "a_sha256": sha256}
    found: bytes | None = connection.execute(_RECEIPT, named).scalar_one_or_none()
    return found


def next_waiting(connection: sa.Connection, county: str, device: int) -> tuple[bytes, str] | None:
    """Return a waiting batch whose gap has closed, and its digest; None when there is none."""
    row = connection.execute(_WAITING, {"a_county": county, "a_device": device}).first()
    return None if row is None else (row.raw, row.sha256)


def hash_at(connection: sa.Connection, county: str, device: int, seq: int) -> bytes | None:
    """Return the hash of an entry that was applied, None when there is none."""
    t = storage.entry
    query = sa.select(t.c.hash).where(t.c.county == county, t.c.device == device, t.c.seq == seq)
    found: bytes | None = connection.execute(query).scalar_one_or_none()
    return found


def gaps(connection: sa.Connection, county: str, device: int, have: int) -> tuple[tuple[Range, ...], int]:
    """Return the ranges that are missing before and between waiting batches, and how many batches wait."""
    t = storage.batch
    rows: Sequence[Any] = connection.execute(
        sa.select(t.c.first, t.c.last)
        .where(t.c.county == county, t.c.device == device, t.c.state == "waiting")
        .order_by(t.c.first)
    ).all()
    missing = []
    reached = have
    for first, last in rows:
        if first > reached + 1:
            missing.append((reached + 1, first - 1))
        reached = max(reached, last)
    return tuple(missing), len(rows)


def buckets(connection: sa.Connection, county: str) -> dict[tuple[str, str], tuple[int, int]]:
    """Return number and digest of a county's rows by table and month, as the hub keeps them."""
    t = storage.digest
    rows = connection.execute(
        sa.select(t.c.table_name, t.c.month, t.c.rows, t.c.sum).where(t.c.county == county, t.c.month != WHOLE)
    )
    return {(table, month): (count, int.from_bytes(total)) for table, month, count, total in rows}


def whole_tables(connection: sa.Connection, county: str) -> dict[tuple[str, str], tuple[int, int]]:
    """Return number and digest of a county's rows by table (month `*`), as the hub keeps them beside the months.

    A county of ten years has some thousand months of its tables: a receipt must not cost reading them all.
    """
    return bulk.digests(connection, county, _TABLES, (WHOLE,))


def quarantined(connection: sa.Connection, county: str, device: int) -> tuple[tuple[RefusedEntry, ...], int]:
    """Return the entries of a workstation that wait in quarantine, the first of them, and how many there are."""
    t = storage.quarantine
    mine = sa.and_(t.c.county == county, t.c.device == device)
    total = connection.execute(_ASIDE, {"a_county": county, "a_device": device}).scalar_one()
    if not total:
        return (), 0
    rows = connection.execute(
        sa.select(t.c.seq, t.c.code, t.c.zh, t.c.en).where(mine).order_by(t.c.seq).limit(REFUSED_LISTED)
    )
    return tuple(RefusedEntry(seq=seq, code=code, zh=zh, en=en) for seq, code, zh, en in rows), total


def open_conflicts(connection: sa.Connection, county: str) -> int:
    """Return how many conflicts nobody has settled: none of the county's settlements names them."""
    c, s = storage.conflict, storage.ROWS["settlement"]
    same = sa.and_(
        s.c.county == c.c.county, s.c.table_name == c.c.table_name, s.c.row == c.c.row,
        s.c.column_name == c.c.column_name, s.c.other_at == c.c.other_at,
    )  # fmt: skip
    query = sa.select(sa.func.count()).select_from(c).where(c.c.county == county, ~sa.exists().where(same))
    return int(connection.execute(query).scalar_one())
