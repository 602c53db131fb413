"""The merge: one pure function that lays a change over a row, column by column. Desk and hub both use it.

Each column of a row has a *version*: the hybrid instant of the act that set it (`revs`), or the row's birth. Each
change carries the version of each column that its author had *seen*: of the column, not of the row, since an author who
changed another column later than a colleague this one would seem to have seen what never reached them. So the changes
of a column form a tree, each hanging on the one that its author saw, and what nobody saw are its *ends*:

| Ends of a column | Outcome |
|---|---|
| one | it shows |
| several of the same value | the latest shows; nothing to settle |
| several of other values | the latest shows, each other is kept: a conflict |
| the same in a statutory date or a decision | the same, and it is marked: a person must settle it |

Different columns never conflict. The ends depend on what was written and seen and on nothing else, so the outcome does
not depend on the order in which the entries of several workstations arrive (those of one come in their order, each
once); that is tested. An update may even come before the change that made its row, or before the change that its author
saw (`awaited`). A row without its birth counts in no digest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import orjson

from models.hlc import device_of
from models.journal import Change
from models.tables import TABLES

DECISIONS = frozenset({
    "decision", "conclusion", "closing", "closing_nature", "review_result", "exit", "rules", "overlay", "state",
    "supervised", "joined", "days", "ended", "outcome", "result", "adopted",
})  # fmt: skip
"""What an organ decided, and what a last day is counted from: `days` of an extension or a set limit, how a hand-over
`ended`, the `outcome` of a service, the `result` of a review, whether advice was `adopted`."""
STATUTORY = {
    table.name: frozenset(c.name for c in table.columns if c.kind == "date" or c.name in DECISIONS) for table in TABLES
}
"""Per table, the columns that are never settled silently: dates fixed by law and decisions."""
_OTHERS, _AWAITED = "+", "?"
"""Names in the stored versions beside those of columns."""
_NOTHING: Mapping[Any, Any] = MappingProxyType({})


def _nothing() -> Mapping[Any, Any]:
    return _NOTHING


class RowExistsError(ValueError):
    """A change makes a row that another act has made."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its versions.

    Attributes:
        born: Instant of the act that made it; None as long as only later changes of it are known.
        rev: The latest instant at which anything of it was set.
        revs: Version of each column that was set after the birth.
        values: Values of the columns.
        others: Per column the ends that do not show, instant to value; columns without any are left out.
        awaited: Per column what an author saw and is not here yet.
    """

    born: int | None
    rev: int
    revs: Mapping[str, int]
    values: Mapping[str, Any]
    others: Mapping[str, Mapping[int, Any]] = field(default_factory=_nothing)
    awaited: Mapping[str, frozenset[int]] = field(default_factory=_nothing)

    def version(self, column: str) -> int:
        """Return the instant of the value that shows; 0 when nothing is known of it."""
        return self.revs.get(column, self.born or 0)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two values for one column by authors who had not seen each other; `kept` is the later one."""

    table: str
    row: int
    column: str
    kept_at: int
    kept: Any
    other_at: int
    other: Any

    @property
    def statutory(self) -> bool:
        """Whether a person must settle it."""
        return self.column in STATUTORY[self.table]


_UNKNOWN = Row(None, 0, {}, {})


def read_row(born: int | None, rev: int, revs: str | None, values: Mapping[str, Any]) -> Row:
    """Return a row as it is stored; `revs` is the text of its column of that name."""
    if not revs:
        return Row(born, rev, {}, values)
    versions = orjson.loads(revs)
    others = versions.pop(_OTHERS, None)
    awaited = versions.pop(_AWAITED, None)
    if others is None and awaited is None:
        return Row(born, rev, versions, values)
    return Row(
        born,
        rev,
        versions,
        values,
        {column: dict(ends) for column, ends in (others or {}).items()},
        {column: frozenset(instants) for column, instants in (awaited or {}).items()},
    )


def revs_text(row: Row) -> str | None:
    """Return the versions of a row as they are stored: one text for one state, None when there are none."""
    if not (row.revs or row.others or row.awaited):
        return None
    versions: dict[str, Any] = dict(row.revs)
    if row.others:
        versions[_OTHERS] = {column: sorted(map(list, ends.items())) for column, ends in row.others.items()}
    if row.awaited:
        versions[_AWAITED] = {column: sorted(instants) for column, instants in row.awaited.items()}
    return orjson.dumps(versions, option=orjson.OPT_SORT_KEYS).decode()


def instants_of(revs: str | None) -> set[int]:
    """Return every instant that stored versions speak of."""
    row = read_row(None, 0, revs, _NOTHING)
    ends = {instant for column in row.others.values() for instant in column}
    return {*row.revs.values(), *ends, *(instant for column in row.awaited.values() for instant in column)}


def conflicts_of(table: str, row_id: int, row: Row) -> tuple[Conflict, ...]:
    """Return the conflicts of a row as it stands, in the order of column and instant."""
    return tuple(
        Conflict(table, row_id, column, row.version(column), row.values.get(column), instant, value)
        for column, ends in sorted(row.others.items())
        for instant, value in sorted(ends.items())
        if value != row.values.get(column)
    )


def merge(
    row: Row | None, change: Change, instant: int, known: Callable[[int], bool] = lambda _: True
) -> tuple[Row, tuple[Conflict, ...]]:
    """Lay `change`, made at hybrid `instant`, over `row`.

    Args:
        row: The row as it stands, None when nothing of it is known.
        change: A change of this row that was not laid before.
        instant: Hybrid instant of the entry that holds the change.
        known: Tells whether the entry of an instant has been laid, whatever it held. Asked only where work went on
            apart; by default all that an author saw is here.

    Returns:
        The row as it stands now, and the conflicts that now stand in the columns of the change.

    Raises:
        RowExistsError: The change makes a row that was made at another instant.
    """
    if change.seen is None:
        return _lay_birth(row, change, instant), ()
    if row is None:
        row = _UNKNOWN
    born = row.born or 0
    revs = dict(row.revs)
    values = dict(row.values)
    others, awaited = row.others, row.awaited
    seen = change.bases
    for column, value in change.columns.items():
        version, base = revs.get(column, born), seen[column]
        if base == version or version == instant or _later_own(base, version, instant):
            values[column], revs[column] = value, instant
            continue
        ends, missing = dict(others.get(column, _NOTHING)), set(awaited.get(column, ()))
        if base == instant:  # set twice by one act while a later value shows: the act's last word is the end
            if instant in ends:
                ends[instant] = value
        else:
            if instant > version:
                if version > born:
                    ends[version] = values.get(column)
                values[column], revs[column] = value, instant
            elif instant not in missing:
                ends[instant] = value
            missing.discard(instant)
            if base in ends:
                del ends[base]
            elif base != born and not known(base):
                missing.add(base)
        others, awaited = _with(others, column, ends), _with(awaited, column, frozenset(missing))
    merged = Row(row.born, max(row.rev, instant), revs, values, others, awaited)
    if not others:
        return merged, ()
    found = conflicts_of(change.table, change.row, merged)
    return merged, tuple(conflict for conflict in found if conflict.column in change.columns)


def _later_own(seen: int, version: int, instant: int) -> bool:
    """Return whether `seen` is the row's `rev`, as entries of the first format have it: a later act of the author.

    What an author set is here before what they set next, so an own act that is later than the version of the column
    cannot be one of the column.
    """
    return seen > version and instant > seen and device_of(seen) == device_of(instant)


def _with(mapping: Mapping[str, Any], column: str, found: Any) -> Mapping[str, Any]:
    if found:
        return {**mapping, column: found}
    if column not in mapping:
        return mapping
    return {name: value for name, value in mapping.items() if name != column}


def _lay_birth(row: Row | None, change: Change, instant: int) -> Row:
    if row is None:
        return Row(instant, instant, {}, dict(change.columns))
    if row.born == instant:
        return row
    if row.born is not None:
        raise RowExistsError(f"{change.table} {change.row}")
    # Only a column with a version of its own was set by a later change; any other takes what the row was born with.
    values = {**row.values, **{column: value for column, value in change.columns.items() if column not in row.revs}}
    awaited = {column: left for column, instants in row.awaited.items() if (left := instants - {instant})}
    return Row(instant, max(row.rev, instant), row.revs, values, row.others, awaited)
