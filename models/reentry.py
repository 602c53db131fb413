"""Entering again what was entered on a branch of the journal that cannot stand.

A register that went on from an old backup has entries under numbers that the hub already holds with other content. The
hub's stand, since others have seen them. What the set-aside entries say is entered once more, in their order, by the
same people, as new entries:

- A row that they made is made again under a new id; what refers to it refers to the new one.
- A number that the other branch has given out meanwhile is replaced by the next one, and both are named: a paper that
  went out bears the old one.
- A value that the other branch has changed too is set, being the later word, and both values are named for a person.
- A setting or login that exists by now is not made twice: its value is set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from models import journal, leases, numbers
from models.journal import Change, Entry
from models.records import Staff
from models.tables import BY_NAME

if TYPE_CHECKING:
    from models.act import Act
    from models.register import Register

RowKey = tuple[str, int]
_ONCE = {"setting": "name", "staff": "login"}
"""Tables with a name that no two rows have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renumbered:
    """A number that was taken: the row bears the new one."""

    table: str
    row: int
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlaid:
    """A column that both branches set: `before` is what the other branch had, `after` what was entered again."""

    table: str
    row: int
    column: str
    before: Any
    after: Any


@dataclass(slots=True, kw_only=True)
class Entered:
    """What became of the set-aside entries."""

    entries: int = 0
    left: int = 0
    """Entries whose content is not open to this program (sealed by key, or disposed of): they stay aside."""
    renumbered: list[Renumbered] = field(default_factory=list)
    overlaid: list[Overlaid] = field(default_factory=list)


class Reentry:
    """Enters set-aside entries again, in their order."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.entered = Entered()
        self._ids: dict[RowKey, int] = {}
        self._own: set[int] = set()

    def learn(self, entry: Entry, again: Entry) -> None:
        """Take up an entry that was entered again before the program was stopped."""
        self._own.add(again.hlc)
        if entry.payload is None or again.payload is None:
            return
        made = [change for change in journal.decode_payload(again.payload) if change.seen is None]
        for change in journal.decode_payload(entry.payload):
            if change.seen is None and made and made[0].table == change.table:
                self._ids[change.table, change.row] = made.pop(0).row

    def again(self, entry: Entry, mark: Callable[[int], None]) -> None:
        """Enter one entry again.

        Args:
            entry: The entry that was set aside.
            mark: Called inside the transaction with the number of the new entry.
        """
        if entry.payload is None or journal.is_opaque(entry.payload):
            self.entered.left += 1
            return
        changes = journal.decode_payload(entry.payload)
        at = datetime.fromtimestamp(entry.at_ms / 1000, UTC)
        matter = None if entry.matter is None else self._ids.get(("matter", entry.matter), entry.matter)
        renumbered: list[Renumbered] = []
        overlaid: list[Overlaid] = []
        with self.register.act(entry.act, by=self._actor(entry.actor), at=at, matter=matter) as act:
            made = {
                change.row: act.register.last_id("matter") + place
                for place, change in enumerate((c for c in changes if _makes(c, "matter")), start=1)
            }
            if act.matter in made:
                act.matter = made[act.matter]
            for change in changes:
                if change.seen is None:
                    self._make(act, change, renumbered)
                else:
                    self._set(act, change, overlaid)
            mark(self.register.seq + 1)
        self._own.add(act.hlc)
        self.entered.entries += 1
        self.entered.renumbered += renumbered
        self.entered.overlaid += overlaid

    def _actor(self, actor: int) -> Staff:
        row = self._ids.get(("staff", actor), actor)
        found = self.register.row("SELECT login, name, unit, roles, post FROM staff WHERE id=?", (row,))
        if found is None:
            return self.register.person
        login, name, unit, roles, post = found
        known = frozenset(orjson.loads(roles) if roles else ())
        return Staff(id=row, login=login, name=name, unit=unit, roles=known, post=post or "")

    def _make(self, act: Act, change: Change, renumbered: list[Renumbered]) -> None:
        values = self._mapped(change.table, change.columns)
        name = _ONCE.get(change.table)
        if name is not None:
            found = act.connection.execute(f"SELECT id FROM {change.table} WHERE {name}=?", (values[name],)).fetchone()
            if found is not None:
                self._ids[change.table, change.row] = found[0]
                act.set(change.table, found[0], **values)
                return
        old = self._renumber(act, change.table, values)
        row = act.insert(change.table, values)
        self._ids[change.table, change.row] = row
        if old is not None:
            renumbered.append(Renumbered(table=change.table, row=row, old=old, new=_number(change.table, values)))
        if change.table == "number" and old is not None:
            self._mend_document(act, values, int(old.rpartition(" ")[2]))

    def _renumber(self, act: Act, table: str, values: dict[str, Any]) -> str | None:
        """Replace a number that is taken; returns the old one, None when it is free."""
        connection, old = act.connection, _number(table, values)
        if table in ("item", "matter"):
            if connection.execute(f"SELECT 1 FROM {table} WHERE number=?", (values["number"],)).fetchone() is None:
                return None
            year = int(values["number"][1:5])
            values["number"] = (numbers.next_item_number if table == "item" else numbers.next_matter_number)(act, year)
            return old
        if table == "number":
            taken = connection.execute(
                "SELECT 1 FROM number WHERE series=? AND year=? AND serial=?",
                (values["series"], values["year"], values["serial"]),
            ).fetchone()
            if taken is None:
                return None
            values["serial"] = leases.next_serial(connection, act.register.device, values["series"], values["year"])
            return old
        return None

    def _mend_document(self, act: Act, values: Mapping[str, Any], old: int) -> None:
        """Put the new serial into the number that stands with the document."""
        document = int(values.get("document") or 0)
        found = act.connection.execute("SELECT number FROM document WHERE id=?", (document,)).fetchone()
        if found is not None and found[0]:
            said = re.sub(rf"(?<!\d){old}(?!\d)(?=\D*$)", str(values["serial"]), found[0])
            act.set("document", document, number=said)

    def _set(self, act: Act, change: Change, overlaid: list[Overlaid]) -> None:
        row = self._ids.get((change.table, change.row), change.row)
        values = self._mapped(change.table, change.columns)
        names = list(values)
        found = act.connection.execute(
            f"SELECT born, revs, {', '.join(names)} FROM {change.table} WHERE id=?", (row,)
        ).fetchone()
        if found is None:  # made by an entry whose content is not open here
            return
        born, revs, *held = found
        versions = orjson.loads(revs) if revs else {}
        for name, before in zip(names, held, strict=True):
            version = versions.get(name, born)
            if version > change.bases[name] and version not in self._own and before != values[name]:
                overlaid.append(Overlaid(table=change.table, row=row, column=name, before=before, after=values[name]))
        act.set(change.table, row, **values)

    def _mapped(self, table: str, columns: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values with references to rows that were made again."""
        values = dict(columns)
        for column in BY_NAME[table].columns:
            if column.refers and values.get(column.name) is not None:
                values[column.name] = self._ids.get((column.refers, values[column.name]), values[column.name])
        if {"table_name", "row"} <= values.keys():  # names a row of any table
            values["row"] = self._ids.get((values["table_name"], values["row"]), values["row"])
        return values


def _makes(change: Change, table: str) -> bool:
    return change.seen is None and change.table == table


def _number(table: str, values: Mapping[str, Any]) -> str:
    if table == "number":
        return f"{values['series']} {values['year']} {values['serial']}"
    return str(values.get("number") or "")
