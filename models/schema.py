"""The desk's tables as SQL: made from `models.tables`, plus the local tables that are not journalled.

Local tables hold what belongs to this workstation (journal, drafts, chunks, secrets) or is worked out from the
journalled rows and can be made again at any time: `duty` (open clocks by last lawful day), `bar` (who may not know of a
matter), `digest` (sums for agreement), `conflict` (values
entered apart from each other), the search index, and the matter's list columns `place`, `who`, `channel`,
`due_on`, `due_clock`, `due_rank`.

`place = days since 1970 of received_on << 20 | nth on that day`: the register's own order, newest last, and the search
index's rowid.
"""

from __future__ import annotations

from models import search
from models.columns import Column, Table
from models.tables import TABLES

VERSION = 4
APPLICATION_ID = 0x50444B31
"""'PDK1' in the file header: tells our registers from other SQLCipher files."""

PLACE_BITS = 20

_SQL_KIND = {"int": "INTEGER", "text": "TEXT", "date": "TEXT", "flag": "INTEGER", "json": "TEXT"}

MATTER_LOCAL = ("place", "who", "channel", "due_on", "due_clock")
"""List columns of `matter` that are worked out, in the order of the DDL."""

_LOCAL = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
CREATE TABLE secret(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE entry(arrival INTEGER PRIMARY KEY, device INTEGER NOT NULL, seq INTEGER NOT NULL, at_ms INTEGER NOT NULL,
  hlc INTEGER NOT NULL, mono_ms INTEGER NOT NULL, actor INTEGER NOT NULL, act TEXT NOT NULL, matter INTEGER,
  payload BLOB, salt BLOB, commitment BLOB NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL,
  UNIQUE(device, seq)) STRICT;
CREATE INDEX entry_matter ON entry(matter, arrival) WHERE matter IS NOT NULL;
CREATE TABLE chunk(sha256 TEXT NOT NULL, n INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY(sha256, n)) STRICT;
CREATE TABLE draft(id INTEGER PRIMARY KEY, author INTEGER NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL,
  content TEXT NOT NULL, saved_at TEXT NOT NULL) STRICT;
CREATE TABLE duty(matter INTEGER NOT NULL, clock TEXT NOT NULL, item INTEGER NOT NULL DEFAULT 0, start_on TEXT NOT NULL,
  target_on TEXT, last_on TEXT, PRIMARY KEY(matter, clock, item, start_on)) STRICT, WITHOUT ROWID;
CREATE INDEX duty_last ON duty(last_on, matter);
CREATE TABLE bar(staff INTEGER NOT NULL, matter INTEGER NOT NULL, PRIMARY KEY(staff, matter)) STRICT, WITHOUT ROWID;
CREATE INDEX bar_matter ON bar(matter);
CREATE TABLE digest(table_name TEXT NOT NULL, month TEXT NOT NULL, rows INTEGER NOT NULL, sum BLOB NOT NULL,
  PRIMARY KEY(month, table_name)) STRICT, WITHOUT ROWID;
CREATE TABLE conflict(table_name TEXT NOT NULL, row INTEGER NOT NULL, column_name TEXT NOT NULL,
  kept_at INTEGER NOT NULL, other_at INTEGER NOT NULL, kept TEXT NOT NULL, other TEXT NOT NULL,
  statutory INTEGER NOT NULL, matter INTEGER, PRIMARY KEY(table_name, row, column_name, kept_at, other_at))
  STRICT, WITHOUT ROWID;
CREATE TABLE quarantine(device INTEGER NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL, zh TEXT NOT NULL,
  en TEXT NOT NULL, noted_ms INTEGER NOT NULL, PRIMARY KEY(device, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE arrival(device INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, at_ms INTEGER NOT NULL,
  way TEXT NOT NULL, PRIMARY KEY(device, first)) STRICT, WITHOUT ROWID;
CREATE VIEW place AS SELECT place, id AS matter FROM matter;
"""

_MATTER_INDEXES = (
    "CREATE UNIQUE INDEX matter_place ON matter(place)",
    "CREATE UNIQUE INDEX matter_number ON matter(number)",
    "CREATE UNIQUE INDEX matter_query_code ON matter(query_code) WHERE query_code IS NOT NULL",
    *(f"CREATE INDEX matter_{column} ON matter({column}, place)" for column in ("state", "unit")),
    # What an outline does not show is asked for together with the seal.
    *(
        f"CREATE INDEX matter_{column} ON matter({column}, place, sealed)"
        for column in ("category", "channel", "title", "who")
    ),
    "CREATE INDEX matter_handler ON matter(handler, place, sealed) WHERE handler IS NOT NULL",
    # The few that are open, and the few that have a running duty, with all that filters ask for (models.roads).
    "CREATE INDEX matter_open ON matter(place, state, category, channel, unit, handler, due_on, sealed)"
    " WHERE state <> 'S13'",
    # Those closed since a day, for the figures of a period that is past.
    "CREATE INDEX matter_closed_on ON matter(closed_on, received_on) WHERE closed_on IS NOT NULL",
    "CREATE INDEX matter_due_on ON matter(due_on, place, state, category, channel, unit, handler, sealed)"
    " WHERE due_on IS NOT NULL",
)
_TASK_OPEN = "CREATE INDEX task_open ON task(due_on) WHERE done_on IS NULL"
"""The few tasks that are not proved: what Today and the triggers ask for."""
_UNIQUE = {("staff", "login"), ("item", "number"), ("number", "series,year,serial")}
_PARTIAL = {
    ("item", "origin"), ("item", "source_number"), ("person", "id_number"), ("person", "phone"), ("person", "name"),
    ("accused", "staff"), ("accused", "unit"), ("document", "code"), ("document", "number"), ("rating", "rated_on"),
}  # fmt: skip


def column_sql(column: Column) -> str:
    """Return the definition of one column."""
    part = f"{column.name} {_SQL_KIND[column.kind]}"
    if column.required:
        part += " NOT NULL"
    if column.kind == "flag":
        part += f" CHECK({column.name} IN (0, 1))"
    elif column.kind == "date":
        part += f" CHECK({column.name} GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]')"
    elif column.kind == "json":
        part += f" CHECK(json_valid({column.name}))"
    if column.refers:
        part += f" REFERENCES {column.refers}(id) DEFERRABLE INITIALLY DEFERRED"
    return part


def table_sql(table: Table) -> list[str]:
    """Return the statements that make one journalled table and its indexes."""
    columns = ["id INTEGER PRIMARY KEY", "born INTEGER NOT NULL", "rev INTEGER NOT NULL", "revs TEXT"]
    columns += [column_sql(column) for column in table.columns if column.since == 1]
    if table.name == "matter":
        columns += ["place INTEGER NOT NULL", "who TEXT NOT NULL DEFAULT ''", "channel TEXT NOT NULL DEFAULT ''",
                    "due_on TEXT", "due_clock TEXT"]  # fmt: skip
    columns += [column_sql(column) for column in table.columns if column.since > 1]  # as ALTER TABLE adds them
    statements = [f"CREATE TABLE {table.name}({', '.join(columns)}) STRICT"]
    if table.name == "matter":
        return [*statements, *_MATTER_INDEXES]
    for order in table.orders:
        unique = "UNIQUE " if (table.name, order) in _UNIQUE else ""
        where = f" WHERE {order} IS NOT NULL" if (table.name, order) in _PARTIAL else ""
        name = f"{table.name}_{order.replace(',', '_')}"
        statements.append(f"CREATE {unique}INDEX {name} ON {table.name}({order}){where}")
    return [*statements, _TASK_OPEN] if table.name == "task" else statements


def declared_sql() -> list[str]:
    """Return every statement of a new register of this version, in order."""
    statements = [statement for table in TABLES for statement in table_sql(table)]
    statements += [part.strip() for part in _LOCAL.split(";") if part.strip()]
    return statements + search.schema()
