"""What the hub holds of a workstation and a county: how far, what is missing, digests, quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from models.journal import SEALED
from models.tables import BY_NAME
from sync.agreement import WHOLE
from sync.hub import storage
from sync.receipt import REFUSED_LISTED, RefusedEntry

_TABLES = (*sorted(BY_NAME), SEALED)
Range = tuple[int, int]
"""First and last entry, both included."""


def have(connection: sa.Connection, county: str, device: int) -> tuple[int, bytes]:
    """Return the last entry applied without a gap, and its hash."""
    t = storage.device
    row = connection.execute(sa.select(t.c.have, t.c.head).where(t.c.county == county, t.c.device == device)).one()
    return row.have, row.head


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
    mine = sa.and_(t.c.county == county, t.c.month != WHOLE)
    return _digests(connection, mine)


def whole_tables(connection: sa.Connection, county: str) -> dict[tuple[str, str], tuple[int, int]]:
    """Return number and digest of a county's rows by table (month `*`), as the hub keeps them beside the months.

    A county of ten years has some thousand months of its tables: a receipt must not cost reading them all.
    """
    t = storage.digest
    mine = sa.and_(t.c.county == county, t.c.table_name.in_(_TABLES), t.c.month == WHOLE)
    return _digests(connection, mine)


def _digests(connection: sa.Connection, which: sa.ColumnElement[bool]) -> dict[tuple[str, str], tuple[int, int]]:
    t = storage.digest
    rows = connection.execute(sa.select(t.c.table_name, t.c.month, t.c.rows, t.c.sum).where(which))
    return {(table, month): (count, int.from_bytes(total)) for table, month, count, total in rows}


def quarantined(connection: sa.Connection, county: str, device: int) -> tuple[tuple[RefusedEntry, ...], int]:
    """Return the entries of a workstation that wait in quarantine, the first of them, and how many there are."""
    t = storage.quarantine
    mine = sa.and_(t.c.county == county, t.c.device == device)
    total = connection.execute(sa.select(sa.func.count()).select_from(t).where(mine)).scalar_one()
    if not total:
        return (), 0
    rows = connection.execute(
        sa.select(t.c.seq, t.c.code, t.c.zh, t.c.en).where(mine).order_by(t.c.seq).limit(REFUSED_LISTED)
    )
    return tuple(RefusedEntry(seq=seq, code=code, zh=zh, en=en) for seq, code, zh, en in rows), total
