"""Laying the entries of a batch over a county's rows: check, merge, digests, conflicts, quarantine.

One `Applier` serves one transaction. It reads the rows that the batch touches in a few queries, merges in memory with
`models.merge`, and writes each changed row once. An entry is taken whole or not at all: if one of its changes cannot
be, the entry waits in quarantine with its cause and the entries after it flow on.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence, Set

import orjson
import sqlalchemy as sa

from models.authority import check_author
from models.checking import BadChangeError, check
from models.hlc import LOWER_BITS, device_of, month_of
from models.journal import (
    DIGEST_MODULUS,
    SEALED,
    Change,
    Entry,
    decode_payload,
    is_opaque,
    row_digest,
    sealed_digest,
)
from models.merge import Row, conflicts_of, merge, read_row, revs_text
from models.tables import BY_NAME
from sync.agreement import SUM_BYTES, WHOLE
from sync.hub import bulk, storage
from sync.receipt import RefusedEntry, refused_entry

_VERSIONS = ("born", "rev", "revs")


_DAY = 86_400_000 << LOWER_BITS


@functools.cache
def _month_of_day(day: int) -> str:
    return month_of(day * _DAY)


def _month(born: int) -> str:
    """Return the bucket of a row; worked out once a day, since a batch has thousands of rows of the same few days."""
    return _month_of_day(born // _DAY)


def changes_of(entry: Entry, decoded: list[Change] | None) -> list[Change] | None:
    """Return the checked changes of an entry, None when its payload is gone.

    Raises:
        BadChangeError: They are not of this register's form, or not their author's to make.
    """
    if entry.payload is None:
        return None
    if decoded is None:
        try:
            decoded = decode_payload(entry.payload)
        except (ValueError, TypeError) as error:
            raise BadChangeError("bad_payload", str(error)) from error
    for change in decoded:
        check(change)
    check_author(entry.device, decoded)
    return decoded


class Applier:
    """Applies entries of one county inside the caller's transaction; `finish` writes what was gathered."""

    def __init__(self, connection: sa.Connection, county: str, *, now_ms: int) -> None:
        self._connection = connection
        self._county = county
        self._now_ms = now_ms
        self._before: dict[tuple[str, int], Row | None] = {}
        self._rows: dict[tuple[str, int], Row | None] = {}
        self._set: dict[tuple[str, int], Set[str]] = {}
        """Columns that changes of this batch have named, for each row."""
        self._reached: dict[int, int] = {}
        """Workstation to the instant of the last of its entries that was laid; asked for when work went on apart."""
        self.refused: list[RefusedEntry] = []
        self._touched: dict[tuple[str, str], tuple[int, int]] = {}
        """Differences of the digests, (table, month) -> (rows, sum)."""
        self.digests: dict[tuple[str, str], tuple[int, int]] = {}
        """Digests of the months that the entries touched, as they stand now; after `finish`."""

    def apply(self, entries: Sequence[Entry], decoded: Iterable[list[Change] | None]) -> None:
        """Take entries in order; those that cannot be are put into quarantine."""
        checked: list[tuple[Entry, list[Change]]] = []
        for entry, changes in zip(entries, decoded, strict=True):
            try:
                own = changes_of(entry, changes)
            except BadChangeError as error:
                self._quarantine(entry, error)
                continue
            if own is not None:
                if is_opaque(entry.payload):
                    self._count_opaque(entry)
                checked.append((entry, own))
        self._load({(change.table, change.row) for _, changes in checked for change in changes})
        rows, named = self._rows, self._set
        for entry, changes in checked:
            try:
                self._refuse_taken(entry, changes)
            except BadChangeError as error:
                self._quarantine(entry, error)
                continue
            for change in changes:
                key, columns = (change.table, change.row), change.columns.keys()
                rows[key], _ = merge(rows[key], change, entry.hlc, self._known)
                before = named.get(key)
                named[key] = columns if before is None else before | columns

    def _count_opaque(self, entry: Entry) -> None:
        """Count an entry whose content is sealed by key: nobody reads it here, both sides agree that it is there."""
        key = (SEALED, _month(entry.hlc))
        rows, total = self._touched.get(key, (0, 0))
        self._touched[key] = (rows + 1, total + sealed_digest(entry))

    def _refuse_taken(self, entry: Entry, changes: Sequence[Change]) -> None:
        for change in changes:
            row = self._rows[change.table, change.row]
            if change.seen is None and row is not None and row.born not in (None, entry.hlc):
                raise BadChangeError("row_exists", f"{change.table} {change.row}")

    def _quarantine(self, entry: Entry, error: BadChangeError) -> None:
        line = refused_entry(entry.seq, error.code, error.where.replace("\0", "\\0"))
        self.refused.append(line)
        row = {
            "county": self._county,
            "device": entry.device,
            "seq": entry.seq,
            "code": line.code,
            "zh": line.zh,
            "en": line.en,
            "hlc": entry.hlc,
            "payload": entry.payload,
            "noted_ms": self._now_ms,
        }
        storage.put(self._connection, storage.quarantine, [row], replace=True)

    def _load(self, keys: set[tuple[str, int]]) -> None:
        by_table: dict[str, list[int]] = {}
        for table, row in sorted(keys - self._rows.keys()):
            by_table.setdefault(table, []).append(row)
            self._rows[table, row] = self._before[table, row] = None
        for table, ids in by_table.items():
            names = BY_NAME[table].names
            for row, born, rev, revs, *values in bulk.read(self._connection, storage.ROWS[table], self._county, ids):
                # Most columns of most rows are empty; what is not there need not be carried along.
                present = {name: value for name, value in zip(names, values, strict=True) if value is not None}
                self._rows[table, row] = self._before[table, row] = read_row(born, rev, revs, present)

    def finish(self) -> None:
        """Write the changed rows, the digests and the conflicts."""
        new: dict[tuple[str, tuple[str, ...]], list[bulk.Line]] = {}
        old: dict[tuple[str, tuple[str, ...]], list[bulk.Line]] = {}
        county = self._county
        for (table, row_id), row in self._rows.items():
            before = self._before[table, row_id]
            if row is None or row is before:
                continue
            revs = revs_text(row)
            if before is None:
                lines = new.setdefault((table, tuple(row.values)), [])
                lines.append((county, row_id, row.born, row.rev, revs, *row.values.values()))
            else:
                names = tuple(sorted(self._set[table, row_id]))
                lines = old.setdefault((table, names), [])
                lines.append((row.born, row.rev, revs, *map(row.values.get, names), row_id))
            self._count(table, row_id, before, row)
            if row.others or (before is not None and before.others):
                self._write_conflicts(table, row_id, row)
        # Only the columns that are set are named: rows are wide, and what is not bound costs nothing.
        for (table, names), lines in new.items():
            bulk.insert(self._connection, storage.ROWS[table], ("county", "id", *_VERSIONS, *names), lines)
        for (table, names), lines in old.items():
            bulk.update(self._connection, storage.ROWS[table], county, (*_VERSIONS, *names), lines)
        self._write_digests()

    def _count(self, table: str, row_id: int, before: Row | None, after: Row) -> None:
        """Note what a changed row takes from the digests of its months and what it adds."""
        for row, sign in ((before, -1), (after, 1)):
            if row is not None and row.born is not None:
                key = (table, _month(row.born))
                rows, total = self._touched.get(key, (0, 0))
                self._touched[key] = (rows + sign, total + sign * row_digest(table, row_id, row.rev, row.values))

    def _write_digests(self) -> None:
        """Add the differences to the digests of the months, and to those of the whole tables beside them."""
        differences = dict(self._touched)
        for (table, _), (rows, difference) in self._touched.items():
            before = differences.get((table, WHOLE), (0, 0))
            differences[table, WHOLE] = (before[0] + rows, before[1] + difference)
        tables, months = ({key[part] for key in differences} for part in (0, 1))
        held = bulk.digests(self._connection, self._county, sorted(tables), sorted(months))
        lines = []
        for (table, month), (rows, difference) in differences.items():
            before = held.get((table, month), (0, 0))
            count, total = before[0] + rows, (before[1] + difference) % DIGEST_MODULUS
            if month != WHOLE:
                self.digests[table, month] = (count, total)
            lines.append(
                {
                    "county": self._county,
                    "table_name": table,
                    "month": month,
                    "rows": count,
                    "sum": total.to_bytes(SUM_BYTES),
                }
            )
        storage.put(self._connection, storage.digest, lines, replace=True)

    def _known(self, instant: int) -> bool:
        """Return whether the entry of an instant has been laid."""
        device = device_of(instant)
        if device not in self._reached:
            t = storage.entry
            query = sa.select(t.c.hlc).where(t.c.county == self._county, t.c.device == device)
            self._reached[device] = self._connection.execute(query.order_by(t.c.seq.desc()).limit(1)).scalar() or 0
        return instant <= self._reached[device]

    def _write_conflicts(self, table: str, row_id: int, row: Row) -> None:
        """Let the conflicts of a row be those that stand now; what was there keeps the time at which it was found."""
        t = storage.conflict
        of_row = (t.c.county == self._county, t.c.table_name == table, t.c.row == row_id)
        found = self._connection.execute(sa.select(t.c.column_name, t.c.other_at, t.c.noted_ms).where(*of_row)).all()
        noted = {(column, other_at): noted_ms for column, other_at, noted_ms in found}
        self._connection.execute(sa.delete(t).where(*of_row))
        lines = [
            {
                "county": self._county,
                "table_name": table,
                "row": row_id,
                "column_name": c.column,
                "kept_at": c.kept_at,
                "other_at": c.other_at,
                "kept": orjson.dumps(c.kept).decode(),
                "other": orjson.dumps(c.other).decode(),
                "statutory": int(c.statutory),
                "noted_ms": noted.get((c.column, c.other_at), self._now_ms),
            }
            for c in conflicts_of(table, row_id, row)
        ]
        storage.put(self._connection, t, lines, replace=False)
