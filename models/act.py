"""One act: the changes of one transaction, and what follows from them.

Rows are written at once, so that the act can read what it wrote; at the end the projections of the touched matters are
worked out again, the digests move by the difference, and the journal entry is appended.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from models import errors, journal, projections
from models.consequences import Consequences
from models.journal import Change, Entry
from models.laying import add_digest, write_conflicts
from models.merge import merge, read_row, revs_text
from models.records import Staff
from models.tables import BY_NAME, Table

if TYPE_CHECKING:
    from models.register import Register


@dataclass(frozen=True, slots=True)
class _Shape:
    """A table's statements, prepared once."""

    table: Table
    insert: str
    select: str
    kinds: Mapping[str, tuple[type, bool]]
    """Column to the type that its values have, and whether it is required."""
    required: tuple[str, ...]


_TYPES: Mapping[str, type] = {"int": int, "flag": int, "text": str, "date": str, "json": str}


def _shape(table: Table) -> _Shape:
    local = ", place" if table.name == "matter" else ""
    columns = ("id", "born", "rev", *table.names)
    marks = ",".join("?" * (len(columns) + bool(local)))
    return _Shape(
        table,
        f"INSERT INTO {table.name}({', '.join(columns)}{local}) VALUES({marks})",
        f"SELECT born, rev, revs, {', '.join(table.names)} FROM {table.name} WHERE id=?",
        {column.name: (_TYPES[column.kind], column.required) for column in table.columns},
        tuple(column.name for column in table.columns if column.required),
    )


_SHAPES = {name: _shape(table) for name, table in BY_NAME.items()}


class Act:
    """Collects the changes of one act. Made by `Register.act` only."""

    def __init__(self, register: Register, name: str, *, by: Staff, at: datetime, hlc: int, matter: int | None) -> None:
        self.register = register
        self.connection = register.connection
        self.name = name
        self.by = by
        self.at = at
        self.hlc = hlc
        self.matter = matter
        self.changes: list[Change] = []
        self.last_ids: dict[str, int] = {}
        self._follows = Consequences(register)
        self._digests: dict[tuple[str, str], tuple[int, int]] = {}

    @property
    def on(self) -> date:
        """The local calendar day of the act."""
        return self.at.astimezone().date()

    def insert(self, table: str, values: Mapping[str, Any]) -> int:
        """Add a row; returns its id. Empty strings are stored as absent in columns that are not required.

        Raises:
            BugError: A column is not declared, or a required one is absent.
        """
        shape = _SHAPES[table]
        row_id = self.last_ids.get(table) or self.register.last_id(table)
        row_id += 1
        self.last_ids[table] = row_id
        columns = _clean(shape, values)
        self._touch(table, row_id, columns, None)
        row = [row_id, self.hlc, self.hlc, *(columns.get(name) for name in shape.table.names)]
        if table == "matter":
            row.append(projections.next_place(self.connection, columns["received_on"]))
        self.connection.execute(shape.insert, row)
        self.changes.append(Change(table, row_id, None, columns))
        self._count(table, self.hlc, 1, journal.row_digest(table, row_id, self.hlc, columns))
        return row_id

    def set(self, table: str, row_id: int, **values: Any) -> None:
        """Change columns of a row; columns that already have the value are left out.

        Raises:
            BugError: There is no such row or column.
        """
        shape = _SHAPES[table]
        found = self.connection.execute(shape.select, (row_id,)).fetchone()
        if found is None:
            raise errors.BugError(f"{table} 中没有第 {row_id} 行。", f"{table} has no row {row_id}.")
        born, rev, revs, *old = found
        before = dict(zip(shape.table.names, old, strict=True))
        columns = {name: value for name, value in _clean(shape, values, partial=True).items() if before[name] != value}
        if not columns:
            return
        self._touch(table, row_id, before, columns)
        row = read_row(born, rev, revs, before)
        change = Change(table, row_id, journal.seen_by({name: row.version(name) for name in columns}), columns)
        row, _ = merge(row, change, self.hlc)
        sets = ", ".join(f"{name}=?" for name in columns)
        self.connection.execute(
            f"UPDATE {table} SET {sets}, rev=?, revs=? WHERE id=?", (*columns.values(), row.rev, revs_text(row), row_id)
        )
        if row.others:
            write_conflicts(self.connection, table, row_id, row)
        if columns.get("sealed") == 1:
            # Tokens that a sealed matter leaves behind stay in the file until the index is merged: upkeep does it.
            self.connection.execute("INSERT OR REPLACE INTO meta(name, value) VALUES('search.purge', 1)")
        if table == "matter" and "received_on" in columns:
            self.connection.execute(
                "UPDATE matter SET place=? WHERE id=?",
                (projections.next_place(self.connection, columns["received_on"]), row_id),
            )
        self.changes.append(change)
        difference = journal.row_digest(table, row_id, row.rev, row.values) - journal.row_digest(
            table, row_id, rev, before
        )
        self._count(table, born, 0, difference)

    def _touch(self, table: str, row_id: int, values: Mapping[str, Any], columns: Mapping[str, Any] | None) -> None:
        matter = row_id if table == "matter" else values.get("matter")
        self._follows.touch(table, row_id, matter, columns)
        self._follows.read_before()

    def recount(self, matters: Iterable[int]) -> None:
        """Work out the clocks of these matters again at the end: another law counts from now on."""
        self._follows.recount(matters)

    @property
    def tables(self) -> AbstractSet[str]:
        """The tables that the act has written to."""
        return self._follows.tables

    @property
    def touched(self) -> AbstractSet[int]:
        """The matters whose rows the act has written."""
        return self._follows.touched

    def _count(self, table: str, born: int, rows: int, difference: int) -> None:
        key = (table, journal.bucket(born))
        count, total = self._digests.get(key, (0, 0))
        self._digests[key] = (count + rows, total + difference)

    def finish(self, mono_ms: int) -> Entry:
        """Work out what follows and append the journal entry; called by `Register.act` inside the transaction."""
        self._follows.finish()
        for (table, month), (rows, difference) in self._digests.items():
            add_digest(self.connection, table, month, rows, difference)
        return self._append(mono_ms)

    def _append(self, mono_ms: int) -> Entry:
        register = self.register
        payload = journal.encode_payload(self.changes)
        salt = os.urandom(journal.SALT_BYTES)
        commitment = journal.commit_payload(salt, payload)
        at_ms = int(self.at.timestamp() * 1000)
        seq = register.seq + 1
        digest = journal.header_hash(
            device=register.device,
            seq=seq,
            at_ms=at_ms,
            hlc=self.hlc,
            mono_ms=mono_ms,
            actor=self.by.id,
            act=self.name,
            matter=self.matter,
            commitment=commitment,
            prev=register.head,
        )
        entry = Entry(
            device=register.device,
            seq=seq,
            at_ms=at_ms,
            hlc=self.hlc,
            mono_ms=mono_ms,
            actor=self.by.id,
            act=self.name,
            matter=self.matter,
            payload=payload,
            salt=salt,
            commitment=commitment,
            prev=register.head,
            hash=digest,
        )
        store_entries(self.connection, (entry,))
        return entry


def _clean(shape: _Shape, values: Mapping[str, Any], *, partial: bool = False) -> dict[str, Any]:
    """Return the values as they are stored: what is written, journalled and summed in the digests is one and the same.

    Raises:
        BugError: A column is not declared, its value is of another kind, or a required one is absent.
    """
    columns: dict[str, Any] = {}
    for name, value in values.items():
        try:
            kind, required = shape.kinds[name]
        except KeyError:
            raise errors.BugError(
                f"{shape.table.name} 没有“{name}”这一列。", f"{shape.table.name} has no column {name}."
            ) from None
        if type(value) is not kind and value is not None:
            if isinstance(value, date):
                value = value.isoformat()
            elif isinstance(value, bool):
                value = int(value)
            if not isinstance(value, kind):  # SQLite stores "30" as 30: the digest would not be the row's
                raise errors.BugError(
                    f"{shape.table.name}.{name} 的值类型不对。",
                    f"{shape.table.name}.{name} got a value of another kind.",
                )
        if value == "" and not required:
            value = None
        if value is not None or partial:
            columns[name] = value
    if not partial:
        for name in shape.required:
            if columns.get(name) is None:
                raise errors.BugError(
                    f"{shape.table.name}.{name} 不能为空。", f"{shape.table.name}.{name} is required."
                )
    return columns


ENTRY_COLUMNS = "device, seq, at_ms, hlc, mono_ms, actor, act, matter, payload, salt, commitment, prev, hash"


def store_entries(connection: Any, entries: Iterable[Entry]) -> None:
    """Append entries to the local journal."""
    connection.executemany(
        f"INSERT INTO entry({ENTRY_COLUMNS}) VALUES({','.join('?' * 13)})",
        [
            (
                entry.device,
                entry.seq,
                entry.at_ms,
                entry.hlc,
                entry.mono_ms,
                entry.actor,
                entry.act,
                entry.matter,
                entry.payload,
                entry.salt,
                entry.commitment,
                entry.prev,
                entry.hash,
            )
            for entry in entries
        ],
    )
