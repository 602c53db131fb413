"""Field history: for each column of a matter's rows, what it was and became, who set it, when, by which act and why.

Worked out from the journal, which is never changed: what a correcting act took back stays in the history, marked with
the reason. Where a payload was sealed or lawfully disposed of, the act is named and the values are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from models import column_words, errors, sight
from models.columns import Table
from models.hlc import wall_ms
from models.journal import Change, Entry
from models.records import FieldChange, Staff
from models.tables import BY_NAME
from models.trail import Key, Trail, key_text

if TYPE_CHECKING:
    from models.register import Register

_REASONS: tuple[tuple[str, str], ...] = (
    ("correction", "reason"),
    ("item", "cancelled"),
    ("document", "reason"),
    ("handover", "ground"),
    ("recusal", "ground"),
    ("reader", "ground"),
    ("same_person", "ground"),
    ("supervision", "demand"),
    ("service", "reason"),
    ("event", "note"),
)
"""Where an act leaves its reason; the first that it wrote is given."""


def field_history(
    register: Register,
    matter: int,
    by: Staff,
    table: str | None = None,
    row: int | None = None,
    column: str | None = None,
) -> tuple[FieldChange, ...]:
    """Return the changes of a matter's rows, the newest first.

    Args:
        register: The open register.
        matter: The matter.
        by: Who asks; must see the matter in full.
        table: Only rows of this table.
        row: Only this row of the table.
        column: Only this column. Unless `row` or `column` is given, a row that was added is one line, not one a column.

    Raises:
        InputError: No such matter, or one that this person may not know of; no such table, row or column.
        NotAllowedError: Sealed, and the person is no reader.
    """
    sight.matter_for(register, matter, by)
    _check_names(table, column)
    trail = Trail(register, (matter,))
    people = dict(register.rows("SELECT id, name FROM staff"))
    lines: list[FieldChange] = []
    values: dict[tuple[str, int, str], Any] = {}
    labels: dict[tuple[str, int], str] = {}
    for key, changes in trail.changes.items():
        entry = trail.entries[key]
        if entry.payload is None and table is None:
            lines.append(_unreadable(entry, people))
        for change in changes:
            for name, before, after in _columns(change, values, whole=row is None and column is None):
                if (table or change.table) != change.table or (row or change.row) != change.row:
                    continue
                if column is not None and name != column:
                    continue
                place = (change.table, change.row)
                if place not in labels:
                    labels[place] = _where(register, *place)
                lines.append(_line(register, trail, key, place, labels[place], (name, before, after), people))
    return tuple(reversed(lines))


def reason_of(changes: Sequence[Change]) -> str:
    """Return the reason or note that an entry's changes hold, '' for none."""
    for table, column in _REASONS:
        for change in changes:
            if change.table == table and change.columns.get(column):
                return str(change.columns[column])
    for change in changes:
        if change.table == "passage" and change.columns.get("kind") == "note":
            return str(change.columns["body"])
    return ""


def entry_time(entry: Entry) -> datetime:
    """Return when an entry was written: by the wall clock, unless that ran ahead of the register's own order."""
    return datetime.fromtimestamp(min(entry.at_ms, wall_ms(entry.hlc)) / 1000, UTC)


def _check_names(table: str | None, column: str | None) -> None:
    if table is not None and table not in column_words.tables():
        raise errors.InputError(
            "table",
            f"事项没有“{table}”这类登记，可用：{'、'.join(column_words.tables())}。",
            f"A matter has no table “{table}”; there are: {', '.join(column_words.tables())}.",
        )
    if column is not None and table is not None and column not in BY_NAME[table].names:
        names = BY_NAME[table].names
        raise errors.InputError(
            "column",
            f"“{column_words.table_word(table, 'zh')}”没有“{column}”这一栏，可用：{'、'.join(names)}。",
            f"“{table}” has no column “{column}”; there are: {', '.join(names)}.",
        )


def _columns(change: Change, values: dict[tuple[str, int, str], Any], *, whole: bool) -> Iterator[tuple[str, Any, Any]]:
    """Yield the columns that a change set, with the values before and after; `values` is kept up to date."""
    declared: Table = BY_NAME[change.table]
    if change.seen is None and whole:
        yield "", None, change.columns.get(column_words.label_column(change.table))
    for name in declared.names:
        if name not in change.columns:
            continue
        place = (change.table, change.row, name)
        before, values[place] = values.get(place), change.columns[name]
        if before != change.columns[name] and not (change.seen is None and whole):
            yield name, before, change.columns[name]


def _where(register: Register, table: str, row: int) -> str:
    language = errors.spoken()
    word = column_words.table_word(table, language)
    label = column_words.label_column(table)
    found = register.row(f"SELECT {label} FROM {table} WHERE id=?", (row,))
    said = column_words.value_word(register, table, label, found[0], language) if found else ""
    return f"{word} {said}".strip()


def _line(
    register: Register,
    trail: Trail,
    key: Key,
    place: tuple[str, int],
    where: str,
    changed: tuple[str, Any, Any],
    people: dict[int, str],
) -> FieldChange:
    language = errors.spoken()
    table, row = place
    name, before, after = changed
    entry = trail.entries[key]
    said = name or column_words.label_column(table)
    return FieldChange(
        table=table,
        row=row,
        column=name,
        where=where,
        name=column_words.column_word(table, name, language) if name else "",
        before=before,
        after=after,
        before_text=column_words.value_word(register, table, said, before, language),
        after_text=column_words.value_word(register, table, said, after, language),
        who=people.get(entry.actor, ""),
        at=entry_time(entry),
        act=entry.act,
        why=reason_of(trail.changes[key]),
        entry=key_text(key),
        reversed=trail.reversed[key][1] if key in trail.reversed else "",
    )


def _unreadable(entry: Entry, people: dict[int, str]) -> FieldChange:
    said = "内容已依法封存或销毁" if errors.spoken() == "zh" else "content sealed or lawfully disposed of"
    return FieldChange(
        table="", row=0, column="", where="", name="", before=None, after=None, before_text="", after_text=said,
        who=people.get(entry.actor, ""), at=entry_time(entry), act=entry.act, why="",
        entry=key_text((entry.device, entry.seq)),
    )  # fmt: skip
