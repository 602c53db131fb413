"""Many rows of one county in few statements: how a batch is read and written quickly, on each engine in its own way.

SQLCipher takes one prepared statement and a list of rows. PostgreSQL takes COPY, which costs the worker a fifth of what
a statement a row costs: new rows go straight into their table, changed ones into a staging table of the connection that
is empty after each transaction, and from there over the rows in one statement. Few rows go as statements there too.

The lock of the county (`Hub.writing`) makes this safe: between reading the rows and writing them nobody else writes.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from sync.hub import storage

Line = tuple[Any, ...]
_FEW = 16
"""Up to so many rows a statement a row is quicker than COPY."""


def read(connection: sa.Connection, table: sa.Table, county: str, ids: Sequence[int]) -> Iterable[Sequence[Any]]:
    """Return the rows of a county with these ids, all columns but the county in their order; unknown ids have none."""
    server = connection.dialect.name == "postgresql"
    wanted: Any = list(ids) if server else orjson.dumps(list(ids)).decode()
    return connection.exec_driver_sql(_select(table, server), (county, wanted))


def digests(
    connection: sa.Connection, county: str, tables: Sequence[str], months: Sequence[str]
) -> dict[tuple[str, str], tuple[int, int]]:
    """Return number and digest of a county's rows of these tables in these months, each by one look-up."""
    server = connection.dialect.name == "postgresql"
    mark, within = _mark(connection), "= ANY(%s)" if server else "IN (SELECT value FROM json_each(?))"
    some = [list(names) if server else orjson.dumps(list(names)).decode() for names in (tables, months)]
    rows = connection.exec_driver_sql(
        f"SELECT table_name, month, rows, sum FROM hub_digest WHERE county={mark} AND table_name {within}"
        f" AND month {within}", (county, *some),
    )  # fmt: skip
    return {(table, month): (count, int.from_bytes(total)) for table, month, count, total in rows}


@functools.cache
def _select(table: sa.Table, server: bool) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.columns if column.name != "county")
    within = "= ANY(%s)" if server else "IN (SELECT value FROM json_each(?))"
    return f'SELECT {columns} FROM "{table.name}" WHERE county={"%s" if server else "?"} AND id {within}'


def insert(connection: sa.Connection, table: sa.Table, names: Sequence[str], lines: Sequence[Line]) -> None:
    """Insert rows that are not there.

    Args:
        connection: In a transaction that holds the county's lock.
        table: Any table of the hub.
        names: Columns that are given; the others stay empty.
        lines: Values in the order of `names`.
    """
    if _by_copy(connection, lines):
        with _cursor(connection) as cursor:
            _copy(cursor, f'"{table.name}"', table, names, lines)
        return
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join([_mark(connection)] * len(names))
    connection.exec_driver_sql(f'INSERT INTO "{table.name}"({columns}) VALUES({marks})', list(lines))


def update(
    connection: sa.Connection, table: sa.Table, county: str, names: Sequence[str], lines: Sequence[Line]
) -> None:
    """Change rows of a county that are there.

    Args:
        connection: In a transaction that holds the county's lock.
        table: A table of the counties' rows.
        county: Whose rows.
        names: Columns to set.
        lines: Values in the order of `names`, then the id of the row.
    """
    if _by_copy(connection, lines):
        # Named for the version: a pooler may hand on a connection whose staging table is of an earlier one.
        held, staged = f'"{table.name}"', f'"staged_{storage.VERSION}_{table.name}"'
        sets = ", ".join(f'"{name}"=staged."{name}"' for name in names)
        with _cursor(connection) as cursor:
            cursor.execute(
                f"CREATE TEMP TABLE IF NOT EXISTS {staged} ON COMMIT DELETE ROWS AS SELECT * FROM {held} WITH NO DATA"
            )
            _copy(cursor, staged, table, (*names, "id"), lines)
            cursor.execute(
                f"UPDATE {held} AS held SET {sets} FROM {staged} AS staged WHERE held.county=%s AND held.id=staged.id",
                (county,),
            )
            cursor.execute(f"DELETE FROM {staged}")
        return
    mark = _mark(connection)
    sets = ", ".join(f'"{name}"={mark}' for name in names)
    connection.exec_driver_sql(
        f'UPDATE "{table.name}" SET {sets} WHERE id={mark} AND county={mark}', [(*line, county) for line in lines]
    )


def _by_copy(connection: sa.Connection, lines: Sequence[Line]) -> bool:
    return len(lines) > _FEW and connection.dialect.name == "postgresql"


def _mark(connection: sa.Connection) -> str:
    return "%s" if connection.dialect.name == "postgresql" else "?"


@contextlib.contextmanager
def _cursor(connection: sa.Connection) -> Iterator[Any]:
    """Give the driver's own cursor, in the transaction that runs; its errors come as SQLAlchemy's."""
    import psycopg

    try:
        with contextlib.closing(connection.connection.cursor()) as cursor:
            yield cursor
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise sa.exc.OperationalError("COPY", None, error) from error


def _copy(cursor: Any, into: str, table: sa.Table, names: Sequence[str], lines: Iterable[Line]) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    with cursor.copy(f"COPY {into}({columns}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types([_type_of(table.c[name].type) for name in names])
        for line in lines:
            copy.write_row(line)


def _type_of(kind: Any) -> str:
    if isinstance(kind, sa.BigInteger):
        return "int8"
    return "bytea" if isinstance(kind, sa.LargeBinary) else "text"
