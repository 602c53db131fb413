"""The merge: one pure function that lays a change over a row, column by column. Desk and hub both use it.

Each column of a row has a *version*: the hybrid instant of the act that set it (`revs`), or the row's birth. Each
change carries the version of each column that its author had *seen*: of the column, not of the row, since an author who
changed another column later than a colleague this one would seem to have seen what never reached them. Then:

| State of the column | Outcome |
|---|---|
| version <= seen, or set by the same device | the change is later than what it saw: it takes effect |
| version > seen, other device, same value | nothing to settle; the later instant is kept |
| version > seen, other device, other value | conflict: the later instant shows, the other value is kept in a record |
| conflict in a statutory date or a decision | the same, and the record is marked: a person must settle it |

Different columns never conflict. The outcome does not depend on the order in which changes arrive, and the same
change twice is one (both are tested): an update may even come before the change that made its row; such a row has no
birth yet and counts in no digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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


class RowExistsError(ValueError):
    """A change makes a row that another act has made."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its versions. `born` is None as long as only later changes of it are known."""

    born: int | None
    rev: int
    revs: Mapping[str, int]
    values: Mapping[str, Any]


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


def merge(row: Row | None, change: Change, instant: int) -> tuple[Row, tuple[Conflict, ...]]:
    """Lay `change`, made at hybrid `instant`, over `row`.

    Args:
        row: The row as it stands, None when nothing of it is known.
        change: A change of this row.
        instant: Hybrid instant of the entry that holds the change.

    Returns:
        The row as it stands now (the same object when nothing changed), and the conflicts found.

    Raises:
        RowExistsError: The change makes a row that was made at another instant.
    """
    if change.seen is None:
        return _lay_birth(row, change, instant), ()
    born = row.born or 0 if row else 0
    revs = dict(row.revs) if row else {}
    values = dict(row.values) if row else {}
    conflicts = []
    seen = change.bases
    for column, value in change.columns.items():
        version = revs.get(column, born)
        current = values.get(column)
        unseen = version > seen[column] and device_of(version) != device_of(instant)
        if instant >= version:
            if unseen and current != value:
                conflicts.append(Conflict(change.table, change.row, column, instant, value, version, current))
            values[column], revs[column] = value, instant
        elif unseen and current != value:
            conflicts.append(Conflict(change.table, change.row, column, version, current, instant, value))
    rev = max(row.rev, instant) if row else instant
    return Row(row.born if row else None, rev, revs, values), tuple(conflicts)


def _lay_birth(row: Row | None, change: Change, instant: int) -> Row:
    if row is None:
        return Row(instant, instant, {}, dict(change.columns))
    if row.born == instant:
        return row
    if row.born is not None:
        raise RowExistsError(f"{change.table} {change.row}")
    # Only a column with a version of its own was set by a later change; any other takes what the row was born with.
    values = {**row.values, **{column: value for column, value in change.columns.items() if column not in row.revs}}
    return Row(instant, max(row.rev, instant), row.revs, values)
