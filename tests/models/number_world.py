"""Several workstations that give out numbers, in memory: their rows, their acts, and what arrives of others when.

A stand-in for registers in tests of `models.leases` and `models.gaps`: only the tables that these rooms read. What one
did arrives at another as whole entries in their order, of one author without the others', as it may on a stick.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import orjson

from models import leases
from models.columns import Table
from models.records import Staff
from models.tables import BY_NAME

TABLES = ("device", "setting", "number_lease", "item", "matter", "number", "document", "reader")
KEEPER = Staff(id=1, login="keeper", name="钥匙", unit=1, roles=frozenset({"KEEPER", "PU"}), post="")


@dataclass(frozen=True)
class Written:
    """An entry: its author's number for it, its instant, and what it wrote."""

    seq: int
    hlc: int
    changes: tuple[tuple[str, int, bool, Mapping[str, Any]], ...]


class World:
    """What has happened, in one order: the clock that all workstations share here."""

    def __init__(self) -> None:
        self.instant = 0
        self.stations: dict[int, Station] = {}

    def founder(self, number: int) -> Station:
        one = Station(self, number)
        with one.act("create_register", by=KEEPER, at=None) as act:
            act.insert("device", device_row(number))
        self.stations[number] = one
        return one

    def join(self, number: int, of: Station) -> Station:
        """Add a workstation that begins with all that its inviter holds."""
        one = Station(self, number)
        one.take_all(of)
        self.stations[number] = one
        return one


def device_row(number: int) -> dict[str, Any]:
    return {"number": number, "name": f"窗口{number}", "sign_key": "00", "seal_key": "00", "epoch": 1}


class Station:
    """Stands in for `models.register.Register`."""

    def __init__(self, world: World, number: int) -> None:
        self.world = world
        self.device = number
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        for name in TABLES:
            self.connection.execute(_table_sql(BY_NAME[name]))
        self.connection.execute("CREATE UNIQUE INDEX one_name ON setting(name)")
        self.connection.execute("CREATE UNIQUE INDEX one_serial ON number(series, year, serial)")
        self.connection.execute("CREATE UNIQUE INDEX one_item ON item(number)")
        self.connection.execute("CREATE UNIQUE INDEX one_matter ON matter(number)")
        self.connection.execute("CREATE TABLE entry(device, seq, payload, at_ms)")
        self.connection.execute("CREATE TABLE quarantine(device, seq)")
        self.connection.execute("CREATE TABLE bar(staff, matter)")
        self.journals: dict[int, list[Written]] = {number: []}
        self._ids: dict[str, int] = {}

    # As a register.

    def rows(self, sql: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
        return self.connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: tuple[Any, ...] = ()) -> Any:
        return self.connection.execute(sql, parameters).fetchone()

    def records(self, table: str, where: str, parameters: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
        names = ("id", *BY_NAME[table].names)
        found = self.rows(f"SELECT {', '.join(names)} FROM {table} WHERE {where}", parameters)
        return [dict(zip(names, row, strict=True)) for row in found]

    def setting(self, name: str, default: Any = None) -> Any:
        found = self.row("SELECT value FROM setting WHERE name=?", (name,))
        return default if found is None else orjson.loads(found[0])

    @contextlib.contextmanager
    def act(self, name: str, *, by: Staff, at: datetime | None, matter: int | None = None) -> Iterator[Any]:
        changes: list[tuple[str, int, bool, Mapping[str, Any]]] = []

        def insert(table: str, values: Mapping[str, Any]) -> int:
            columns = {key: _stored(value) for key, value in values.items() if value not in (None, "")}
            self._ids[table] = row = self._ids.get(table, self.device << 32) + 1
            self._lay(table, row, True, columns, self.world.instant + 1)
            changes.append((table, row, True, columns))
            return row

        def put(table: str, row: int, **values: Any) -> None:
            columns = {key: _stored(value) for key, value in values.items()}
            self._lay(table, row, False, columns, self.world.instant + 1)
            changes.append((table, row, False, columns))

        self.connection.execute("BEGIN")
        try:
            yield SimpleNamespace(connection=self.connection, register=self, by=by, insert=insert, set=put)
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")
        self.world.instant += 1
        journal = self.journals[self.device]
        journal.append(Written(len(journal) + 1, self.world.instant, tuple(changes)))

    # What arrives.

    def take_all(self, of: Station) -> None:
        for author in list(of.journals):
            self.take(of, author)

    def take(self, of: Station, author: int, count: int = 1 << 30) -> None:
        """Take at most `count` entries of one author that another holds; a row that is not there yet stops them."""
        if author == self.device:
            return
        mine = self.journals.setdefault(author, [])
        for entry in of.journals.get(author, [])[len(mine) : len(mine) + count]:
            if any(not new and self.row(f"SELECT 1 FROM {table} WHERE id=?", (row,)) is None
                   for table, row, new, _ in entry.changes):  # fmt: skip
                return
            for table, row, new, columns in entry.changes:
                self._lay(table, row, new, columns, entry.hlc)
            mine.append(entry)

    def _lay(self, table: str, row: int, new: bool, columns: Mapping[str, Any], instant: int) -> None:
        if new:
            names = ", ".join(["id", "rev", *columns])
            marks = ",".join("?" * (len(columns) + 2))
            self.connection.execute(f"INSERT INTO {table}({names}) VALUES({marks})", (row, instant, *columns.values()))
            return
        sets = ", ".join(f"{name}=?" for name in columns)
        self.connection.execute(
            f"UPDATE {table} SET {sets}, rev=? WHERE id=? AND rev<?", (*columns.values(), instant, row, instant)
        )

    # What people do.

    def give(self, series: str, year: int) -> int:
        """Give out the next number, with what bears it."""
        serial = leases.next_serial(self.connection, self.device, series, year)
        with self.act("give", by=KEEPER, at=None) as act:
            if series in leases.TEXT_SERIES:
                act.insert(leases.TEXT_SERIES[series], {"number": f"{series}{year}-{serial:06d}"})
            else:
                act.insert("number", {"series": series, "year": year, "serial": serial, "state": "used"})
        return serial

    def used(self) -> set[tuple[str, int, int]]:
        """Return every number that stands in the rows here."""
        found = {
            (series, year, serial) for series, year, serial in self.rows("SELECT series, year, serial FROM number")
        }
        for series, table in leases.TEXT_SERIES.items():
            found |= {(series, int(text[1:5]), int(text[-6:])) for (text,) in self.rows(f"SELECT number FROM {table}")}
        return found


def _stored(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _table_sql(table: Table) -> str:
    return f"CREATE TABLE {table.name}(id INTEGER PRIMARY KEY, born INTEGER, rev INTEGER, {', '.join(table.names)})"
