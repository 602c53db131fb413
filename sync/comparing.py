"""Comparing the register with the hub after a round: cheaply where nothing changed, down to the row where they differ.

    receipt (whole tables, months touched) -> one short name for all digests -> all digests -> the rows of a bucket

Two registers are compared only when they hold exactly the same entries of every author; otherwise they are not expected
to agree yet. What was compared last (`meta`, `sync.compared`) is kept, so that a quiet round asks nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from models import arrivals, journal
from models.hlc import month_of
from models.tables import BY_NAME
from sync import agreement, outbox
from sync.agreement import Agreement, RowDifference
from sync.carriers import Carrier
from sync.causes import RefusedError
from sync.holds import compact
from sync.port import Connection, Port, transaction
from sync.receipt import Receipt, read_receipt

COMPARED = "sync.compared"
BUCKETS_NAMED = 5
"""Buckets whose rows are asked for, and how many rows are named of each."""
ROWS_NAMED = 20
_DIGITS = 16


def compare(port: Port, carrier: Carrier, *, newest: Receipt | None, digest: str) -> Agreement | None:
    """Compare as deeply as needed.

    Args:
        port: The register.
        carrier: The way to the hub.
        newest: The receipt of this round, if nothing has come down since.
        digest: The hub's name for all its digests, "" where it was not told or something was sent since.

    Returns:
        The outcome; None when the two do not hold the same entries, or were found to agree before.
    """
    station = port.station
    outcome = None
    if newest is not None:
        receipt = newest
        outcome = port.run(lambda connection: outbox.compare_with(connection, station, receipt))
        if outcome is not None and outcome.whole:
            return outcome
    if not carrier.answers:
        return outcome
    held = {author: last for author, (last, _) in port.run(arrivals.held).items()}
    over = f"{compact(held)} {digest}"
    if digest and port.run(_compared) == over:
        return None
    buckets = port.run(outbox.desk_buckets)
    if digest and agreement.summary(buckets) == digest:
        port.run(lambda connection: _note(connection, over))
        return agreement.compare(buckets, buckets)
    there = carrier.digests(station)
    if there is None:
        return outcome
    if {**there.holds} != held:
        if digest:
            port.run(lambda connection: _note(connection, over))
        return None
    outcome = agreement.compare(buckets, there.buckets)
    return outcome if outcome.whole else name_rows(port, carrier, outcome)


def is_explained(connection: Connection) -> bool:
    """Return whether entries in quarantine, here or at the hub, explain that the two differ."""
    refused = connection.execute("SELECT 1 FROM sync_refused LIMIT 1").fetchone()
    return refused is not None or bool(arrivals.quarantined(connection))


def _compared(connection: Connection) -> str:
    row = connection.execute("SELECT value FROM meta WHERE name=?", (COMPARED,)).fetchone()
    return "" if row is None else str(row[0])


def _note(connection: Connection, over: str) -> None:
    with transaction(connection):
        connection.execute("INSERT OR REPLACE INTO meta(name, value) VALUES(?,?)", (COMPARED, over))


# --- the whole comparison, to be shown and printed -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One table in one month (`*`: all months together): rows of each side, and whether they are equal."""

    table: str
    month: str
    here: int
    there: int
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """The register and the hub side by side.

    Attributes:
        hub_name: The city bureau.
        at: When they were compared; by a receipt, when the hub gave it.
        holds_here: Last entry of each author held here.
        holds_there: The same at the hub; only equal ones let the lines be expected to agree.
        lines: By table and month.
        outcome: The sums, and the rows behind the first differences.
    """

    hub_name: str
    at: datetime
    holds_here: Mapping[int, int]
    holds_there: Mapping[int, int]
    lines: tuple[Line, ...]
    outcome: Agreement


def detail(port: Port, carrier: Carrier | None, *, at: datetime) -> Detail | None:
    """Compare everything with the hub now, or with its newest receipt where it cannot be asked.

    Args:
        port: The register.
        carrier: The way to the hub; None to go by the newest receipt.
        at: Instant, aware.

    Returns:
        The comparison; None when the hub cannot be asked and has given no receipt yet.

    Raises:
        SyncError: The way is not passable.
        NotEnrolledError: The register has no hub.
    """
    hub = port.run(outbox.enrolled_hub)
    here = {author: last for author, (last, _) in port.run(arrivals.held).items()}
    buckets = port.run(outbox.desk_buckets)
    there = carrier.digests(port.station) if carrier is not None else None
    if there is not None:
        outcome = agreement.compare(buckets, there.buckets)
        if not outcome.whole and carrier is not None:
            outcome = name_rows(port, carrier, outcome)
        other, holds = there.buckets, there.holds
    else:
        receipt = port.run(lambda connection: _newest_receipt(connection, hub))
        if receipt is None or receipt.digests is None:
            return None
        buckets = agreement.whole_tables(buckets)
        other = {name: value for name, value in receipt.digests.items() if name[1] == agreement.WHOLE}
        outcome, at = agreement.compare(buckets, other), receipt.received_at
        holds = {author: last for author, last in receipt.holds if last}
    names = sorted(name for name, (rows, _) in {**other, **buckets}.items() if rows)
    lines = tuple(
        Line(*name, buckets.get(name, _NONE)[0], other.get(name, _NONE)[0], buckets.get(name) == other.get(name))
        for name in names
    )
    return Detail(hub_name=hub.name, at=at, holds_here=here, holds_there=holds, lines=lines, outcome=outcome)


_NONE = (0, 0)


def _newest_receipt(connection: Connection, hub: outbox.EnrolledHub) -> Receipt | None:
    """Return the newest receipt that is kept, None when there is none of this hub.

    Raises:
        RefusedError: It is not what was kept.
    """
    row = connection.execute("SELECT text FROM sync_receipt ORDER BY last DESC LIMIT 1").fetchone()
    if row is None:
        return None
    try:
        return read_receipt(row[0].encode(), hub=hub.key_id, sign_public=hub.keys.sign)
    except RefusedError as error:
        if error.code == "foreign_hub":  # of the hub before this one
            return None
        raise


# --- naming rows -----------------------------------------------------------------------------------------------------


def name_rows(port: Port, carrier: Carrier, outcome: Agreement) -> Agreement:
    """Return the outcome with the rows behind its first differences."""
    rows: list[RowDifference] = []
    named = [one for one in outcome.differences if one.table in BY_NAME and one.month != agreement.WHOLE]
    for difference in named[:BUCKETS_NAMED]:
        table, month = difference.table, difference.month
        there = carrier.rows(port.station, table, month)
        if there is None:
            break
        rows.extend(port.run(partial(_different, table=table, month=month, there=there)))
    return Agreement(outcome.agreed, outcome.held, outcome.differences, tuple(rows))


def rows_of(connection: Connection, table: str, month: str) -> dict[int, tuple[int, str]]:
    """Return version and beginning of the digest of each row of a bucket of this register, by id."""
    names = BY_NAME[table].names
    first, last = agreement.month_instants(month)
    found: dict[int, tuple[int, str]] = {}
    cursor = connection.execute(
        f"SELECT id, born, rev, {', '.join(names)} FROM {table} WHERE born>=? AND born<?", (first, last)
    )
    for row, born, rev, *values in cursor:
        if month_of(born) == month:
            digest = journal.row_digest(table, row, rev, dict(zip(names, values, strict=True)))
            found[row] = (rev, digest.to_bytes(32).hex()[:_DIGITS])
    return found


def _different(
    connection: Connection, *, table: str, month: str, there: list[tuple[int, int, str]]
) -> list[RowDifference]:
    here = rows_of(connection, table, month)
    other = {row: (rev, digest) for row, rev, digest in there}
    differing = sorted(row for row in here.keys() | other.keys() if here.get(row) != other.get(row))
    return [
        RowDifference(table, row, _name(connection, table, row), row in here, row in other)
        for row in differing[:ROWS_NAMED]
    ]


def _name(connection: Connection, table: str, row: int) -> str:
    """Return what a person knows a row by: its own number or that of its matter, else workstation and place."""
    if "number" in BY_NAME[table].names and table in ("matter", "item"):
        found = connection.execute(f"SELECT number FROM {table} WHERE id=?", (row,)).fetchone()
    elif "matter" in BY_NAME[table].names:
        found = connection.execute(
            f"SELECT m.number FROM {table} t JOIN matter m ON m.id=t.matter WHERE t.id=?", (row,)
        ).fetchone()
    else:
        found = None
    return str(found[0]) if found and found[0] else f"{row >> 32}-{row & 0xFFFFFFFF}"
