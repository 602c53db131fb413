"""The hub's database on PostgreSQL: for a city or a province, with several workers at once.

The tables are those of `storage`; each of a county's tables is spread by the hash of the county over `PARTITIONS`
parts, so that each county's rows and indexes lie together and an engine that spreads parts over machines can take them
as they are. What differs from the one encrypted file:

- Writers of different counties work side by side; writers of one county wait for each other, on a lock that ends with
  their transaction (`hold`). The chain of a county's entries needs no more than that.
- The disk is encrypted by whoever keeps the server: the program seals nothing there (docs/security.md).
- Copies and backups are those of the server. Bringing a database up adds tables and columns in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from models import errors
from sync.hub import storage

PARTITIONS = 8
POOL = 4
CONNECT_S = 10
_WHOLE_HUB = 0x50444B31
"""Lock of the hub as a whole: shared by writers of a county, alone for what touches all of them."""
_COUNTY = sa.text("SELECT pg_advisory_xact_lock_shared(:hub), pg_advisory_xact_lock(hashtextextended(:county, 0))")
_ALL = sa.text("SELECT pg_advisory_xact_lock(:hub)")


def check_url(url: str) -> str:
    """Return the address of a database as the hub keeps it.

    Raises:
        InputError: It is not one of PostgreSQL.
    """
    try:
        parsed = make_url(url)
    except sa.exc.ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() not in ("postgresql", "postgres") or not parsed.database:
        raise errors.InputError(
            "database",
            "数据库地址须写作 postgresql://用户@主机/库名。",
            "The database is given as postgresql://user@host/name.",
        )
    return parsed.set(drivername="postgresql").render_as_string(hide_password=False)


def open_engine(url: str, *, create: bool = False) -> sa.Engine:
    """Open the hub's database on a server.

    Args:
        url: From `check_url`.
        create: Make the tables; the database must be there and hold none of them.

    Raises:
        StorageError: The server cannot be reached, the database holds another hub or none, or a newer program wrote it.
    """
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            held = sa.inspect(connection).has_table(storage.meta.name)
            if create and not held:
                _make(connection)
            found = storage.version_of(connection) if held or create else None
    except sa.exc.DBAPIError as error:
        engine.dispose()
        raise _unreachable(url, error) from error
    if create and held:
        engine.dispose()
        raise _taken(url)
    if found is None:
        engine.dispose()
        raise errors.NoRegisterError(
            f"该数据库中没有汇集中心：{shown(url)}。请核对地址，或用 petition-hub init --database 新建。",
            f"There is no hub in that database: {shown(url)}. Check the address, or make one with petition-hub init"
            " --database.",
        )
    if found > storage.VERSION:
        engine.dispose()
        raise storage.newer(found, shown(url))
    return engine


@contextmanager
def making(url: str) -> Iterator[sa.Connection]:
    """Make the tables of a hub in an empty database, and leave them and what the block writes, or nothing.

    Raises:
        StorageError: The server cannot be reached, or the database holds a hub.
    """
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            if sa.inspect(connection).has_table(storage.meta.name):
                raise _taken(url)
            _make(connection)
            yield connection
    except sa.exc.OperationalError as error:
        raise _unreachable(url, error) from error
    finally:
        engine.dispose()


def _engine(url: str) -> sa.Engine:
    import psycopg  # takes a while to load and only hubs on a server need it

    return sa.create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        module=psycopg,
        pool_size=POOL,
        max_overflow=POOL,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_S},
    )


def bring_up(engine: sa.Engine) -> bool:
    """Bring a database of an earlier version to this one, in one transaction; returns whether anything was done."""
    with engine.begin() as connection:
        if storage.version_of(connection) == storage.VERSION:  # asked first: whoever opens the hub waits for no writer
            return False
        hold(connection)
        if storage.version_of(connection) == storage.VERSION:  # another worker was quicker
            return False
        _make_tables(connection)
        storage.add_missing(connection)
    return True


def hold(connection: sa.Connection, county: str = "") -> None:
    """Wait until no other worker writes for the county ('' for all of them); ends with the transaction."""
    if county:
        connection.execute(_COUNTY, {"hub": _WHOLE_HUB, "county": county})
    else:
        connection.execute(_ALL, {"hub": _WHOLE_HUB})


def _make(connection: sa.Connection) -> None:
    hold(connection)
    _make_tables(connection)
    connection.execute(storage.meta.insert(), {"name": "version", "value": str(storage.VERSION)})


def _make_tables(connection: sa.Connection) -> None:
    held = set(sa.inspect(connection).get_table_names())
    storage.metadata.create_all(connection)
    for table in storage.metadata.tables.values():
        if table.name in held or table is storage.meta:
            continue
        for part in range(PARTITIONS):
            connection.exec_driver_sql(
                f'CREATE TABLE "{table.name}__{part}" PARTITION OF "{table.name}"'
                f" FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {part})"
            )


def shown(url: str) -> str:
    """Return the address of a database without its password."""
    return make_url(url).render_as_string(hide_password=True)


def _taken(url: str) -> errors.RegisterError:
    return errors.StorageError(
        f"该数据库中已有汇集中心，未作任何改动：{shown(url)}。请另建一个空库。",
        f"That database holds a hub already; nothing was changed: {shown(url)}. Make an empty one.",
    )


def _unreachable(url: str, error: sa.exc.DBAPIError) -> errors.RegisterError:
    reason = storage.first_line(error.orig or error)
    return errors.StorageError(
        f"无法打开汇集中心的数据库 {shown(url)}：{reason}。已收到的批次未受影响；请检查数据库服务后重试。",
        f"The hub's database {shown(url)} cannot be opened: {reason}. What was received is safe; see to the server"
        " and try again.",
    )
