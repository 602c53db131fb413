"""The trail of a matter: which entries of the journal set which columns of its rows, and which of that still stands.

Words used here:

- *key* of an entry: its workstation and number, written `1-123`.
- *touch*: an entry set a column of a row; the entry that made a row touched all its columns.
- a *reversal* takes back what one entry wrote (models.correct); a reversal of a reversal puts it in place again.
- what *stands* of a column: the touches that no reversal took back, oldest first. An entry can be reversed only while
  it stands on top everywhere it wrote, so that reversing never undoes what somebody did later.

Entries are found by the matter's index, and those under another matter or none (imports, links between matters) by the
instants that the rows bear: instants of one workstation rise with its numbers, so a few looks find each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from models import hlc
from models.act import ENTRY_COLUMNS
from models.journal import Change, Entry, decode_payload
from models.merge import instants_of
from models.tables import BY_NAME, TABLES

if TYPE_CHECKING:
    import sqlcipher3.dbapi2 as driver

    from models.register import Register

Key = tuple[int, int]

_KEY = re.compile(r"(?:(\d{1,4})\s*-\s*)?(\d{1,18})")
_OF_MATTERS = tuple(table.name for table in TABLES if "matter" in table.names)


def key_of(entry: Entry) -> Key:
    """Return the key of an entry."""
    return entry.device, entry.seq


def key_text(key: Key) -> str:
    """Return a key as people write it, e.g. 1-123."""
    return f"{key[0]}-{key[1]}"


def read_key(text: str, device: int) -> Key | None:
    """Return the key that `text` names (`1-123`, or `123` for this workstation's own `device`), or None."""
    found = _KEY.fullmatch(text.strip())
    return (int(found[1] or device), int(found[2])) if found else None


def entry_of(connection: driver.Connection, key: Key) -> Entry | None:
    """Return the entry with this key."""
    return _read(connection, "device=? AND seq=?", key)


def entry_at(connection: driver.Connection, instant: int) -> Entry | None:
    """Return the entry of an instant, found by halving the numbers of the workstation that made it."""
    device = hlc.device_of(instant)
    low, high = 1, connection.execute("SELECT max(seq) FROM entry WHERE device=?", (device,)).fetchone()[0] or 0
    while low <= high:
        middle = (low + high) // 2
        seq, found = connection.execute(
            "SELECT seq, hlc FROM entry WHERE device=? AND seq>=? ORDER BY seq LIMIT 1", (device, middle)
        ).fetchone()
        if found == instant:
            return entry_of(connection, (device, seq))
        if found < instant:
            low = seq + 1
        else:
            high = middle - 1
    return None


def _read(connection: driver.Connection, where: str, values: tuple[Any, ...]) -> Entry | None:
    found = connection.execute(f"SELECT {ENTRY_COLUMNS} FROM entry WHERE {where}", values).fetchone()
    return Entry(**dict(zip(ENTRY_COLUMNS.split(", "), found, strict=True))) if found else None


@dataclass(slots=True)
class Standing:
    """What happened to one column: what stands, oldest first, and what each entry did to that."""

    stack: list[Key] = field(default_factory=list)
    done: dict[Key, tuple[bool, Key]] = field(default_factory=dict)
    """Per entry: whether it put a touch (its own, or one that had been taken back) or took one away, and whose."""
    after: dict[Key, tuple[Key, ...]] = field(default_factory=dict)
    """Per entry: what stood once it was written."""

    def add(self, key: Key, undone: Key | None) -> None:
        """Take in the touch of an entry, which may be the reversal of the entry `undone`."""
        puts, whose = True, key
        if undone in self.done:
            puts, whose = not self.done[undone][0], self.done[undone][1]
        if puts and whose not in self.stack:
            self.stack.append(whose)
        elif not puts and whose in self.stack:
            self.stack.remove(whose)
        self.done[key] = (puts, whose)
        self.after[key] = tuple(self.stack)

    def blocker(self, key: Key) -> Key | None:
        """Return the entry that must be reversed before `key` can be, or None when nothing stands over it."""
        puts, whose = self.done[key]
        if self.stack == list(self.after[key]) and (not puts or self.stack[-1] == whose):
            return None
        if self.stack and self.stack[-1] != whose and len(self.stack) >= len(self.after[key]):
            return self.stack[-1]
        later = [one for one in self.done if one != key]
        return later[-1] if later else None


class Trail:
    """The journal of some matters' rows, in the order of instants."""

    def __init__(self, register: Register, matters: Iterable[int]) -> None:
        self.register = register
        self.matters = tuple(dict.fromkeys(matters))
        self._rows: set[tuple[str, int]] = set()
        self.changes: dict[Key, list[Change]] = {}
        self.entries: dict[Key, Entry] = {}
        self.reversals: dict[Key, Key] = {}
        """Reversal to the entry it reversed."""
        self.reversed: dict[Key, tuple[Key, str]] = {}
        """Entry whose reversal holds: the reversal, and its reason."""
        self._gather()
        self._standing: dict[tuple[str, int, str], Standing] = {}

    def _gather(self) -> None:
        connection, marks = self.register.connection, ",".join("?" * len(self.matters))
        instants: set[int] = set()
        for table in ("matter", *_OF_MATTERS):
            column = "id" if table == "matter" else "matter"
            for row, born, rev, revs in self.register.rows(
                f"SELECT id, born, rev, revs FROM {table} WHERE {column} IN ({marks})", self.matters
            ):
                self._rows.add((table, row))
                instants |= {born, rev, *instants_of(revs)}
        names = ENTRY_COLUMNS.split(", ")
        found = [
            Entry(**dict(zip(names, row, strict=True)))
            for row in self.register.rows(
                f"SELECT {ENTRY_COLUMNS} FROM entry WHERE matter IN ({marks}) AND act<>'read_matter'", self.matters
            )
        ]
        known: set[int] = set()
        changes: dict[Key, list[Change]] = {}
        while found or instants - known:
            for entry in found:
                known.add(entry.hlc)
                self.entries[key_of(entry)] = entry
                changes[key_of(entry)] = self._own(entry)
                instants |= {version for one in changes[key_of(entry)] for version in one.bases.values()}
            found = []
            for instant in instants - known:
                known.add(instant)
                other = entry_at(connection, instant)
                if other is not None:
                    found.append(other)
        for key in sorted(self.entries, key=lambda one: self.entries[one].hlc):
            self.changes[key] = changes[key]
        self.entries = {key: self.entries[key] for key in self.changes}
        for key, reversal in self._corrections():
            self.reversals[reversal] = key

    def _own(self, entry: Entry) -> list[Change]:
        """Return the changes of an entry to the matters' rows, and to their numbers."""
        if entry.payload is None:
            return []
        inside = entry.matter in self.matters
        return [
            change
            for change in decode_payload(entry.payload)
            if (change.table, change.row) in self._rows or (inside and change.table == "number")
        ]

    def _corrections(self) -> Iterator[tuple[Key, Key]]:
        """Yield each entry that was ever reversed, with its reversal; fills `reversed` with those that hold."""
        for key, changes in self.changes.items():
            for change in changes:
                if change.table != "correction" or change.seen is not None or change.columns["kind"] != "reverse":
                    continue
                target = (change.columns["device"], change.columns["seq"])
                row = self.register.record("correction", change.row)
                if row is not None and row["removed"] is None:
                    self.reversed[target] = (key, row["reason"])
                yield target, key

    def touches(self, table: str, row: int, column: str) -> Iterator[tuple[Key, Any]]:
        """Yield the entries that set a column of a row, with the value that they set, oldest first."""
        for key, changes in self.changes.items():
            for change in changes:
                if (change.table, change.row) == (table, row) and (change.seen is None or column in change.columns):
                    yield key, change.columns.get(column)

    def before(self, key: Key, table: str, row: int, column: str) -> Any:
        """Return the value that a column had before an entry; None also when the row was not there."""
        value = None
        for other, set_to in self.touches(table, row, column):
            if other == key:
                break
            value = set_to
        return value

    def standing(self, table: str, row: int, column: str) -> Standing:
        """Return what stands of a column."""
        place = (table, row, column)
        if place not in self._standing:
            made = Standing()
            for key, _ in self.touches(table, row, column):
                made.add(key, self.reversals.get(key))
            self._standing[place] = made
        return self._standing[place]

    def blocker(self, key: Key, change: Change) -> Key | None:
        """Return the entry that must be reversed before a change of the entry `key` can be, or None."""
        columns = BY_NAME[change.table].names if change.seen is None else change.columns
        for column in columns:
            found = self.standing(change.table, change.row, column).blocker(key)
            if found is not None:
                return found
        return None

    def stands(self, key: Key) -> bool:
        """Return whether an entry neither was reversed nor is a reversal that holds."""
        return key not in self.reversed and key not in {reversal for reversal, _ in self.reversed.values()}
