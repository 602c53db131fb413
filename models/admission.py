"""Whether an entry from elsewhere can be laid over the rows here: what its changes say, and what they need.

An entry is laid whole or not at all. What it needs and is not here may still come (`WaitsError`), or cannot come any
more (`RefusedEntryError`): the id of a row names the workstation that made it, and whoever changes or names a row has
seen it, so the row stands in an entry of that workstation that is not later than what was seen. Once the entries held
of that workstation reach so far, waiting would have no end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from models import column_words, errors
from models.authority import check_author
from models.checking import BadChangeError, changes_of
from models.hlc import device_of
from models.journal import OPAQUE, Change, Entry, births
from models.laying import IDS_A_QUERY, Laying, RowKey
from models.merge import Row, RowExistsError
from models.tables import BY_NAME

if TYPE_CHECKING:
    from models.register import Register

_REFERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    name: tuple((column.name, column.refers) for column in table.columns if column.refers)
    for name, table in BY_NAME.items()
}
_REQUIRED: Mapping[str, frozenset[str]] = {
    name: frozenset(column.name for column in table.columns if column.required) for name, table in BY_NAME.items()
}
UNIQUE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "staff": (("login",),),
    "item": (("number",),),
    "number": (("series", "year", "serial"),),
    "matter": (("number",), ("query_code",)),
}
"""Columns of which no two rows have the same (models.schema)."""
_Held = tuple[str, tuple[str, ...], tuple[Any, ...]]
"""Table, columns and values of which one row at most may be."""


class WaitsError(Exception):
    """An entry speaks of rows that may still come."""

    def __init__(self, maker: int) -> None:
        super().__init__(maker)
        self.maker = maker
        """The workstation whose entries it waits for."""


class RefusedEntryError(Exception):
    """An entry that cannot be laid: a short code, and the cause in words with what to do."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(code, en)
        self.code = code
        self.message = errors.Message(zh, en[:1].upper() + en[1:])


class Admission:
    """Reads and checks entries against rows that are being changed."""

    def __init__(self, register: Register, laying: Laying) -> None:
        self._register = register
        self._connection = register.connection
        self._laying = laying
        self._there: set[RowKey] = set()
        """Rows that are only referred to, and are here."""
        self._owners: dict[_Held, int] = {}
        self._put_aside: set[RowKey] | None = None

    def read(self, entry: Entry) -> list[Change] | RefusedEntryError:
        """Return the changes of an entry, none where its payload is gone or sealed by key; or why they cannot be."""
        if entry.payload is None:
            return []
        try:
            changes = changes_of(entry.payload)
            check_author(entry.device, changes)
        except BadChangeError as error:
            return _bad(entry, error)
        return changes

    def load(self, changes: Sequence[Sequence[Change]]) -> None:
        """Read what these changes touch, refer to, and must not take from others."""
        self._laying.load((change.table, change.row) for one in changes for change in one)
        wanted: dict[str, set[int]] = {}
        for change in (change for one in changes for change in one):
            for column, table in _REFERS[change.table]:
                value = change.columns.get(column)
                if value is not None and self._laying.rows.get((table, value)) is None:
                    wanted.setdefault(table, set()).add(value)
        for table, ids in wanted.items():
            for some in _portions(sorted(ids)):
                found = self._connection.execute(
                    f"SELECT id FROM {table} WHERE id IN (SELECT value FROM json_each(?))", (some,)
                )
                self._there.update((table, row_id) for (row_id,) in found)
        self._load_owners([change for one in changes for change in one if change.table in UNIQUE])

    def _load_owners(self, changes: Iterable[Change]) -> None:
        wanted: dict[tuple[str, tuple[str, ...]], set[Any]] = {}
        for change in changes:
            for columns in UNIQUE[change.table]:
                value = change.columns.get(columns[-1])
                if value is not None:
                    wanted.setdefault((change.table, columns), set()).add(value)
        for (table, columns), values in wanted.items():
            sql = f"SELECT id, {', '.join(columns)} FROM {table} WHERE {columns[-1]} IN"
            for some in _portions(sorted(values)):
                for row_id, *found in self._connection.execute(f"{sql} (SELECT value FROM json_each(?))", (some,)):
                    self._owners[table, columns, tuple(found)] = row_id

    def check(self, entry: Entry, changes: Sequence[Change], *, claims: bool = True) -> dict[RowKey, Row]:
        """Return the rows of an entry as they would stand.

        Args:
            entry: The entry.
            changes: Its changes.
            claims: Look at once whether its numbers are free; else `check_numbers` does, once others are laid too.

        Raises:
            WaitsError: It speaks of rows that may still come.
            RefusedEntryError: It cannot be laid.
        """
        rows = self._laying.rows
        born = {(change.table, change.row) for change in changes if change.seen is None}
        for change in changes:
            key = (change.table, change.row)
            row = rows[key]
            if change.seen is None:
                if row is not None and row.born != entry.hlc:
                    raise self._exists(entry, key, row)
            elif row is None and key not in born:
                self._absent(entry, key, max(change.bases.values(), default=0), changed=True)
        try:
            made = self._laying.try_changes(changes, entry.hlc)
        except RowExistsError as error:
            raise _bad(entry, BadChangeError("bad_payload", str(error))) from error
        for change in changes:
            for column, table in _REFERS[change.table]:
                value = change.columns.get(column)
                if value is not None and not self._is_here((table, value), made):
                    self._absent(entry, (table, value), entry.hlc, changed=False)
        for change in changes:
            wanted = _REQUIRED[change.table]
            for column in wanted if change.seen is None else wanted & change.columns.keys():
                if change.columns.get(column) is None:
                    raise _bad(entry, BadChangeError("bad_payload", f"{change.table}.{column}"))
        if claims:
            named = {key: made[key] for change in changes if _names_number(change) and (key := _key(change)) in made}
            if named:
                self._claim(entry, named)
        return made

    def check_numbers(self, entry: Entry) -> None:
        """Check that no changed row has a number of another one, after several entries were laid.

        Raises:
            RefusedEntryError: One has; `entry` is named as the one that uses it.
        """
        changed = {key: row for key in self._laying.changed() if (row := self._laying.rows[key]) is not None}
        left = {
            claim
            for key in changed
            if (before := self._laying.before(key)) is not None
            for claim, _ in _claims(key, before)
        }
        owners = {claim: row_id for claim, row_id in self._owners.items() if claim not in left}
        for key, row in changed.items():
            for claim, row_id in _claims(key, row):
                if owners.setdefault(claim, row_id) != row_id:
                    raise self._taken(entry, claim, owners[claim])

    def _is_here(self, key: RowKey, made: Mapping[RowKey, Row]) -> bool:
        return key in made or key in self._there or self._laying.rows.get(key) is not None

    def _claim(self, entry: Entry, made: Mapping[RowKey, Row]) -> None:
        """Let the rows of an entry have their numbers; refuse it when another row has one of them."""
        claims = [claim for key, row in made.items() if key[0] in UNIQUE for claim in _claims(key, row)]
        freed = [claim for key in made if (row := self._laying.rows[key]) is not None for claim in _claims(key, row)]
        left = dict(freed)
        for claim, row_id in claims:
            owner = self._owners.get(claim)
            if owner is not None and owner != row_id and claim not in left:
                raise self._taken(entry, claim, owner)
        for claim, row_id in freed:
            if self._owners.get(claim) == row_id:
                del self._owners[claim]
        self._owners.update(claims)

    def _absent(self, entry: Entry, key: RowKey, seen: int, *, changed: bool) -> None:
        """Wait for a row that is not here, or refuse the entry when it cannot come any more.

        A change of a row whose maker's entry was sealed or disposed of is passed over, as when the tables are made
        again from the journal; provided that what its author had seen is held and laid, else the row may yet come.
        """
        table, row_id = key
        maker = row_id >> 32
        own = maker == self._register.device and not self._register.must_fetch
        reached = self._laying.reached.last.get(maker, 0)
        if maker != entry.device and not own and reached < seen and key not in self._born_aside():
            raise WaitsError(maker)
        if changed and key not in self._born_aside() and self._lost(maker, seen):
            return
        where_zh, where_en = column_words.table_names(table)
        raise RefusedEntryError(
            "row_missing",
            f"{_said(entry).zh}涉及一行“{where_zh}”（{row_id}），由工作站 {maker} 登记，本机没有："
            "登记它的那条日志在隔离区，或内容有误。先处理那一条，再重试。",
            f"{_said(entry).en} speaks of a row of “{where_en}” ({row_id}) that workstation {maker} made and that is"
            " not here: the entry that made it is in quarantine, or this one is wrong. See to that entry first, then"
            " try again.",
        )

    def _born_aside(self) -> set[RowKey]:
        """Return the rows that entries in quarantine would have made."""
        if self._put_aside is None:
            self._put_aside = set()
            for (payload,) in self._connection.execute(
                "SELECT e.payload FROM quarantine q JOIN entry e ON e.device=q.device AND e.seq=q.seq"
            ).fetchall():
                self._put_aside.update(births(payload))
        return self._put_aside

    def quarantined(self, entry: Entry) -> None:
        """Note that an entry of this portion goes into quarantine."""
        self._born_aside().update(births(entry.payload))
        self._laying.reached.quarantined.add(entry.hlc)

    def _lost(self, maker: int, seen: int) -> bool:
        return (
            seen not in self._laying.reached.quarantined
            and self._connection.execute(
                "SELECT 1 FROM entry WHERE device=? AND hlc<=? AND (payload IS NULL OR substr(payload, 1, ?)=?)"
                " AND EXISTS (SELECT 1 FROM entry WHERE device=? AND hlc=?)",
                (maker, seen, len(OPAQUE), OPAQUE, device_of(seen), seen),
            ).fetchone()
            is not None
        )

    def _exists(self, entry: Entry, key: RowKey, row: Row) -> RefusedEntryError:
        where_zh, where_en = column_words.table_names(key[0])
        other_zh, other_en = self._entry_of(row)
        return RefusedEntryError(
            "row_exists",
            f"{_said(entry).zh}登记的“{where_zh}”（{key[1]}）已由{other_zh}登记："
            "可能有两台工作站用了同一编号，或由旧备份恢复后继续登记。两条都已保留，请查明后用 repair 处理。",
            f"{_said(entry).en} makes a row of “{where_en}” ({key[1]}) that {other_en} has made: two workstations may"
            " have the same number, or one went on from an old backup. Both are kept; find out, then use repair.",
        )

    def _taken(self, entry: Entry, claim: _Held, owner: int) -> RefusedEntryError:
        table, columns, values = claim
        key = (table, owner)
        self._laying.load([key])
        row = self._laying.rows[key]
        other_zh, other_en = self._entry_of(row)
        where_zh, where_en = column_words.table_names(table)
        value = "-".join(map(str, values))
        return RefusedEntryError(
            "number_taken",
            f"“{where_zh}”的{column_words.column_names(table, columns[-1]).zh}“{value}”已由{other_zh}使用，"
            f"{_said(entry).zh}又用了它。两条都已保留：请为其中一件另编号，再重试。",
            f"{column_words.column_names(table, columns[-1]).en} “{value}” of “{where_en}” is used by {other_en}; now"
            f" {_said(entry).en} uses it again. Both are kept: give one of them another number, then try again.",
        )

    def constraint(self, entry: Entry, said: str) -> RefusedEntryError:
        """Return why an entry is refused that the tables refused."""
        return RefusedEntryError(
            "constraint",
            f"{_said(entry).zh}与已有内容抵触，数据库不接受：{said}。已原样保留，可在升级程序后重试。",
            f"{_said(entry).en} contradicts what is here; the database refused it: {said}. It is kept as it is; try"
            " again after an update of the program.",
        )

    def _entry_of(self, row: Row | None) -> tuple[str, str]:
        """Return the entry that made a row, in words."""
        instant = row.born if row and row.born else 0
        device = device_of(instant)
        found = self._connection.execute("SELECT seq FROM entry WHERE device=? AND hlc=?", (device, instant)).fetchone()
        if found is None:
            return f"工作站 {device}", f"workstation {device}"
        return f"工作站 {device} 的第 {found[0]} 条日志", f"entry {found[0]} of workstation {device}"


def _said(entry: Entry) -> errors.Message:
    return errors.Message(
        f"工作站 {entry.device} 的第 {entry.seq} 条日志", f"entry {entry.seq} of workstation {entry.device}"
    )


def _bad(entry: Entry, error: BadChangeError) -> RefusedEntryError:
    if error.code == "unknown_column":
        return RefusedEntryError(
            "unknown_column",
            f"{_said(entry).zh}含有本版程序不认识的内容（{error.where}），可能由更新版本的程序写入。"
            "请升级本机程序后重试；已原样保留。",
            f"{_said(entry).en} holds what this program does not know ({error.where}); a newer program may have written"
            " it. Update the program here, then try again; it is kept as it is.",
        )
    if error.code == "not_the_citys":
        table = column_words.table_names(error.where)
        return RefusedEntryError(
            "not_the_citys",
            f"市局的第 {entry.seq} 条日志要改动本县的“{table[0]}”。市局只能发来文，不能改动县局的记录，因此未采用；已原"
            "样保留。请与市局核实其汇集中心是否被人动过。",
            f"Entry {entry.seq} of the city changes “{table[1]}” of this county. The city sends papers and changes no"
            " record of a county, so it was not laid; it is kept as it is. Ask the city whether somebody has been at"
            " its hub.",
        )
    return RefusedEntryError(
        "bad_payload",
        f"{_said(entry).zh}内容有误（{error.where}），未采用；已原样保留。请联系该工作站的管理员。",
        f"{_said(entry).en} is not of this register's form ({error.where}) and was not laid; it is kept as it is. Ask"
        " the keeper of that workstation.",
    )


def _key(change: Change) -> RowKey:
    return change.table, change.row


def _names_number(change: Change) -> bool:
    """Return whether a change sets a column of which no two rows have the same."""
    return any(not change.columns.keys().isdisjoint(columns) for columns in UNIQUE.get(change.table, ()))


def _claims(key: RowKey, row: Row) -> Iterator[tuple[_Held, int]]:
    for columns in UNIQUE.get(key[0], ()):
        values = tuple(map(row.values.get, columns))
        if None not in values:
            yield (key[0], columns, values), key[1]


def _portions(values: Sequence[Any]) -> Iterator[str]:
    for start in range(0, len(values), IDS_A_QUERY):
        yield orjson.dumps(values[start : start + IDS_A_QUERY]).decode()
