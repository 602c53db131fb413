"""Changes laid over the desk's rows in memory, a portion at a time, and written at once: rows, digests, conflicts.

What arrives from elsewhere (models.arrivals) and what is made again from the journal (models.replay) both go this way;
the rows themselves come from the one merge (models.merge). Projections and the search index are not touched here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
import sqlcipher3.dbapi2 as driver

from models import journal, projections
from models.hlc import device_of
from models.journal import Change, Entry
from models.merge import Row, conflicts_of, merge, read_row, revs_text
from models.tables import BY_NAME, TABLES

RowKey = tuple[str, int]
"""Table and id."""
IDS_A_QUERY = 1000
_ORDER = {table.name: place for place, table in enumerate(TABLES)}


class Reached:
    """Which entries have been laid, by their instants: all of a workstation up to one, without those in quarantine."""

    def __init__(self, last: dict[int, int], quarantined: set[int]) -> None:
        self.last = last
        """Workstation to the instant of its last entry."""
        self.quarantined = quarantined

    @classmethod
    def of(cls, connection: driver.Connection) -> Reached:
        """Return what a register has laid."""
        found = connection.execute(
            "SELECT e.hlc FROM quarantine q JOIN entry e ON e.device=q.device AND e.seq=q.seq"
        ).fetchall()
        return cls({device: hlc for device, _, _, hlc in last_entries(connection)}, {row[0] for row in found})

    def knows(self, instant: int) -> bool:
        """Return whether the entry of an instant has been laid."""
        return instant <= self.last.get(device_of(instant), 0) and instant not in self.quarantined


def last_entries(connection: driver.Connection) -> list[tuple[int, int, bytes, int]]:
    """Return workstation, number, hash and instant of the last entry held of each, a few steps in an index each."""
    found: list[tuple[int, int, bytes, int]] = connection.execute(
        "WITH RECURSIVE d(device) AS (SELECT min(device) FROM entry UNION ALL"
        " SELECT (SELECT min(device) FROM entry WHERE entry.device>d.device) FROM d WHERE d.device IS NOT NULL)"
        " SELECT e.device, e.seq, e.hash, e.hlc FROM d CROSS JOIN entry e ON e.device=d.device AND e.seq="
        " (SELECT max(seq) FROM entry WHERE entry.device=d.device) WHERE d.device IS NOT NULL ORDER BY e.device"
    ).fetchall()
    return found


class Laying:
    """Rows that are being changed. `load` before `lay`, `write` at the end, in the caller's transaction."""

    def __init__(self, connection: driver.Connection, reached: Reached) -> None:
        self._connection = connection
        self.reached = reached
        self._before: dict[RowKey, Row | None] = {}
        self.rows: dict[RowKey, Row | None] = {}
        """Rows as they stand now; None for those that are not here."""
        self._set: dict[RowKey, set[str]] = {}
        """Columns that were named, for each row that was here."""
        self._digests: dict[tuple[str, str], tuple[int, int]] = {}
        self._places = _Places(connection)
        self.conflicts = 0
        """Conflicts more than before; after `write`."""

    def load(self, keys: Iterable[RowKey]) -> None:
        """Read those rows that are not read yet."""
        wanted: dict[str, list[int]] = {}
        for table, row_id in keys:
            if (table, row_id) not in self.rows:
                self.rows[table, row_id] = self._before[table, row_id] = None
                wanted.setdefault(table, []).append(row_id)
        for table, ids in wanted.items():
            names = BY_NAME[table].names
            place = "place" if table == "matter" else "0"
            sql = f"SELECT id, {place}, born, rev, revs, {', '.join(names)} FROM {table} WHERE id IN"
            for start in range(0, len(ids), IDS_A_QUERY):
                some = orjson.dumps(ids[start : start + IDS_A_QUERY]).decode()
                for row_id, placed, born, rev, revs, *values in self._connection.execute(
                    f"{sql} (SELECT value FROM json_each(?))", (some,)
                ):
                    if place == "place":
                        self._places.read(row_id, placed)
                    row = read_row(born, rev, revs, dict(zip(names, values, strict=True)))
                    self.rows[table, row_id] = self._before[table, row_id] = row

    def before(self, key: RowKey) -> Row | None:
        """Return a row as it was read."""
        return self._before[key]

    def changed(self) -> list[RowKey]:
        """Return the rows that stand otherwise than they were read."""
        return [key for key, row in self.rows.items() if row is not self._before[key]]

    def columns_set(self, key: RowKey) -> set[str] | None:
        """Return the columns of a changed row that were named; None for a new row."""
        return None if self._before[key] is None else self._set[key]

    def try_changes(self, changes: Sequence[Change], instant: int) -> dict[RowKey, Row]:
        """Return the rows of an entry as they would stand; `keep` makes them stand.

        A change of a row that is not here is left out: what made it was sealed or disposed of.

        Raises:
            RowExistsError: It makes a row that another entry has made.
        """
        made: dict[RowKey, Row] = {}
        for change in changes:
            key = (change.table, change.row)
            row = made.get(key) or self.rows[key]
            if row is None and change.seen is not None:
                continue
            made[key], _ = merge(row, change, instant, self.reached.knows)
        return made

    def keep(self, made: Mapping[RowKey, Row], changes: Sequence[Change]) -> None:
        """Let the rows stand that `try_changes` gave for these changes."""
        for (table, row_id), row in made.items():
            before = self.rows[table, row_id]
            if table == "matter" and (before is None or before.values["received_on"] != row.values["received_on"]):
                self._places.give(row_id, row.values["received_on"])
        self.rows.update(made)
        for change in changes:
            key = (change.table, change.row)
            if self._before[key] is not None:
                self._set.setdefault(key, set()).update(change.columns)

    def count_sealed(self, entry: Entry) -> None:
        """Count an entry whose payload is sealed by key."""
        self._add((journal.SEALED, journal.bucket(entry.hlc)), 1, journal.sealed_digest(entry))

    def write(self) -> None:
        """Write what changed."""
        new: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = {}
        old: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = {}
        for key in self.changed():
            table, row_id = key
            row, before = self.rows[key], self._before[key]
            assert row is not None  # noqa: S101  rows are never taken away
            if before is None:
                names, values = tuple(row.values), [row_id, row.born, row.rev, revs_text(row), *row.values.values()]
                if table == "matter":
                    names, values = (*names, "place"), [*values, self._places.given[row_id]]
                new.setdefault((table, names), []).append(tuple(values))
            else:
                names = tuple(sorted(self._set[key]))
                line = (row.rev, revs_text(row), *(row.values.get(name) for name in names), row_id)
                old.setdefault((table, names), []).append(line)
            self._count(table, row_id, before, row)
            if row.others or (before is not None and before.others):
                self._write_conflicts(table, row_id, before, row)
        moved, place_sql = self._places.moved(), "UPDATE matter SET place=? WHERE id=?"
        # First out of the way, then what may free a number, then who may have it.
        self._connection.executemany(place_sql, [(-matter, matter) for matter in moved])
        for (table, names), lines in old.items():
            sets = ", ".join(f"{name}=?" for name in ("rev", "revs", *names))
            self._connection.executemany(f"UPDATE {table} SET {sets} WHERE id=?", lines)
        # In the order of the tables, nearly always what is referred to first: while a reference leads nowhere yet, the
        # database looks through whole tables at each new row for whoever may have meant it.
        for (table, names), lines in sorted(new.items(), key=lambda one: _ORDER[one[0][0]]):
            columns = ("id", "born", "rev", "revs", *names)
            marks = ",".join("?" * len(columns))
            self._connection.executemany(f"INSERT INTO {table}({', '.join(columns)}) VALUES({marks})", lines)
        self._connection.executemany(place_sql, [(place, matter) for matter, place in moved.items()])
        for (table, month), (rows, difference) in self._digests.items():
            add_digest(self._connection, table, month, rows, difference)

    def _count(self, table: str, row_id: int, before: Row | None, row: Row) -> None:
        assert row.born is not None  # noqa: S101  the desk holds no row without its birth
        difference = journal.row_digest(table, row_id, row.rev, row.values)
        if before is not None:
            difference -= journal.row_digest(table, row_id, before.rev, before.values)
        self._add((table, journal.bucket(row.born)), int(before is None), difference)

    def _add(self, key: tuple[str, str], rows: int, difference: int) -> None:
        count, total = self._digests.get(key, (0, 0))
        self._digests[key] = (count + rows, total + difference)

    def _write_conflicts(self, table: str, row_id: int, before: Row | None, row: Row) -> None:
        earlier = {(c.column, c.other_at) for c in conflicts_of(table, row_id, before)} if before else set()
        write_conflicts(self._connection, table, row_id, row)
        self.conflicts += len({(c.column, c.other_at) for c in conflicts_of(table, row_id, row)} - earlier)


class _Places:
    """Places in the register's order, as one act after the other would give them out."""

    def __init__(self, connection: driver.Connection) -> None:
        self._connection = connection
        self._of: dict[int, int] = {}
        """Matter to its place as it was read."""
        self._last: dict[int, int] = {}
        """First place of a day to the last that is taken, -1 for none."""
        self._days: dict[int, set[int]] = {}
        self.given: dict[int, int] = {}

    def read(self, matter: int, place: int) -> None:
        self._of[matter] = place

    def give(self, matter: int, received_on: str) -> None:
        """Put a matter behind the others of a day."""
        low, high = projections.places_of(received_on)
        old = self.given.get(matter, self._of.get(matter))
        if old is not None:  # the last of its day leaves its place to the next that comes
            left = self._day(old & ~(high - low), old | (high - low))
            left.discard(old)
            self._last[old & ~(high - low)] = max(left, default=-1)
        if low not in self._last:
            sql = "SELECT max(place) FROM matter WHERE place BETWEEN ? AND ?"
            found = self._connection.execute(sql, (low, high)).fetchone()[0]
            self._last[low] = -1 if found is None else found
        self.given[matter] = self._last[low] = place = max(self._last[low] + 1, low)
        if low in self._days:
            self._days[low].add(place)

    def moved(self) -> dict[int, int]:
        """Return the matters that were there and have another place now."""
        return {matter: place for matter, place in self.given.items() if matter in self._of}

    def _day(self, low: int, high: int) -> set[int]:
        """Return the places of a day that are taken; read when one of them is given up."""
        if low not in self._days:
            sql = "SELECT place FROM matter WHERE place BETWEEN ? AND ?"
            here = {row[0] for row in self._connection.execute(sql, (low, high))}
            left = {place for matter, place in self._of.items() if self.given.get(matter, place) != place}
            given = {place for place in self.given.values() if low <= place <= high}
            self._days[low] = (here - left) | given
        return self._days[low]


def write_conflicts(connection: driver.Connection, table: str, row_id: int, row: Row) -> None:
    """Write the conflicts of a row as they stand now."""
    connection.execute("DELETE FROM conflict WHERE table_name=? AND row=?", (table, row_id))
    matter = row_id if table == "matter" else row.values.get("matter")
    if matter is None and table == "city_paper":
        matter = row.values.get("result")  # what was registered from it: whoever is barred from that sees no conflict
    connection.executemany(
        "INSERT INTO conflict(table_name, row, column_name, kept_at, other_at, kept, other, statutory, matter)"
        " VALUES(?,?,?,?,?,?,?,?,?)",
        [
            (table, row_id, c.column, c.kept_at, c.other_at, orjson.dumps(c.kept).decode(),
             orjson.dumps(c.other).decode(), int(c.statutory), matter)
            for c in conflicts_of(table, row_id, row)
        ],
    )  # fmt: skip


def add_digest(connection: driver.Connection, table: str, month: str, rows: int, difference: int) -> None:
    """Move the digest of a table and month by a difference."""
    found = connection.execute("SELECT rows, sum FROM digest WHERE table_name=? AND month=?", (table, month)).fetchone()
    count, total = (found[0], int.from_bytes(found[1])) if found else (0, 0)
    total = (total + difference) % journal.DIGEST_MODULUS
    connection.execute(
        "INSERT INTO digest(table_name, month, rows, sum) VALUES(?,?,?,?)"
        " ON CONFLICT(table_name, month) DO UPDATE SET rows=excluded.rows, sum=excluded.sum",
        (table, month, count + rows, total.to_bytes(32)),
    )
