"""The hub's database: SQLAlchemy Core tables, and the engine over one SQLCipher file (`postgres` has the other engine).

What the tables are: `sync.hub.tables`.

A database of an earlier version is brought up when the hub opens (`bring_up`): a copy is kept, missing tables,
columns and indexes are added, nothing is changed or taken away.

Nothing here is SQLite's own except `open_engine` and the copy that `bring_up` keeps; `put` is the one place where
engines differ in how they say "insert or else".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import sqlcipher3.dbapi2 as driver
from sqlalchemy.dialects import postgresql, sqlite

from models import door, errors
from sync.agreement import SUM_BYTES, WHOLE, whole_tables
from sync.hub.tables import ROWS as ROWS
from sync.hub.tables import SLICES as SLICES
from sync.hub.tables import batch as batch
from sync.hub.tables import chunk as chunk
from sync.hub.tables import conflict as conflict
from sync.hub.tables import county as county
from sync.hub.tables import device as device
from sync.hub.tables import digest as digest
from sync.hub.tables import entry as entry
from sync.hub.tables import file as file
from sync.hub.tables import look as look
from sync.hub.tables import meta as meta
from sync.hub.tables import metadata as metadata
from sync.hub.tables import offer as offer
from sync.hub.tables import quarantine as quarantine
from sync.hub.tables import receipt as receipt
from sync.hub.tables import refused as refused
from sync.hub.tables import relay as relay
from sync.hub.tables import session as session
from sync.hub.tables import told as told
from sync.hub.tables import upload as upload
from sync.hub.tables import user as user

VERSION = 4
"""2: the tables and columns of the whole life of a matter (register format 2). 3: those of receptions, programmes and
figures (format 3), and the indexes by which a month of a county is read (`SLICES`). 4: papers of
the city, number blocks, settlements (format 4), what goes down, files, people of the city; digests of whole tables."""
CIPHER_PAGE_BYTES = 8192
BUSY_TIMEOUT_MS = 30_000
"""A folder may be read while the server runs: the second writer waits."""
ALONE_TIMEOUT_MS = 2000
"""How long a program that wants the file for itself waits for others to close it."""
CACHE_KIB = 16384
"""Of each connection. With 64 MiB the process passed 110 MiB while a county of 100,000 records came in for the first
time, and no batch was quicker by it."""


def put(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]], *, replace: bool) -> None:
    """Insert rows; where the key is taken, replace the other columns or leave the row as it is."""
    if not rows:
        return
    connection.execute(_put(connection.dialect.name, table, tuple(rows[0]), replace), list(rows))


@cache
def _put(dialect: str, table: sa.Table, names: tuple[str, ...], replace: bool) -> Any:
    """Return the statement of `put`. Each batch asks for a few, and to build one takes longer than to run it."""
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    keys = [column.name for column in table.primary_key]
    if not replace:
        return insert.on_conflict_do_nothing(index_elements=keys)
    rest = {name: insert.excluded[name] for name in names if name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=rest)


@contextmanager
def trouble_told() -> Iterator[None]:
    """Turn a database that does not answer (gone, cut, locked, full) into an error that says so.

    Raises:
        StorageError: It does not answer; the transaction came to nothing.
    """
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
        reason = first_line(getattr(error, "orig", None) or error)
        raise errors.StorageError(
            f"汇集中心的数据库没有应答：{reason}。本次操作未作任何改动，请检查数据库后重试。",
            f"The hub's database does not answer: {reason}. Nothing was changed; see to the database and try again.",
        ) from error


def first_line(error: BaseException) -> str:
    """Return what a driver says of an error, in one line."""
    return next(iter(str(error).strip().splitlines()), "") or type(error).__name__


def bring_up(engine: sa.Engine, path: Path) -> bool:
    """Bring a database of an earlier version to this one; returns whether anything was done.

    A copy of the file as it was is kept beside it (`.before-N`). Tables, columns and indexes are added in one
    transaction, so that a hub stopped in the middle finds the database as it was.

    Args:
        engine: From `open_engine`.
        path: The file.

    Raises:
        StorageError: There is no room for the copy, or the disk says no.
    """
    with engine.begin() as connection:
        if version_of(connection) == VERSION:
            return False
    fold_log(engine)
    copy = path.with_name(f"{path.name}.before-{VERSION}")
    if not copy.exists():
        door.replace_with_copy(path, copy)
    with engine.begin() as connection:
        if version_of(connection) == VERSION:  # another process of this hub was quicker
            return False
        metadata.create_all(connection)
        add_missing(connection)
    return True


def fold_log(engine: sa.Engine) -> None:
    """Fold the log into the file, so that the file alone is the database."""
    raw = engine.raw_connection()  # outside any transaction, where alone it is possible
    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()


def left_behind(path: Path) -> Path:
    """Return the name under which a file stays once the hub was moved from it."""
    return path.with_name(f"{path.name}.moved")


def alone(engine: sa.Engine, path: Path) -> None:
    """Fold the log into the file and do without one from now on, which only a program that is alone with it can.

    Raises:
        RegisterInUseError: Another program has it open.
    """
    engine.dispose()
    raw = engine.raw_connection()
    try:
        raw.cursor().execute(f"PRAGMA busy_timeout={ALONE_TIMEOUT_MS}")
        raw.cursor().execute("PRAGMA journal_mode=DELETE").fetchone()
        raw.cursor().execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    except driver.OperationalError as error:
        if "locked" not in str(error):
            raise door.file_trouble(path, OSError(0, str(error))) from error
        raise errors.RegisterInUseError(
            f"汇集中心正在服务，数据库被占用：{path}。未作任何改动；请先停止服务。",
            f"The hub is being served, its database is in use: {path}. Nothing was changed; stop serving first.",
        ) from error
    finally:
        raw.close()


def add_missing(connection: sa.Connection) -> None:
    """Add the columns and indexes that tables of an earlier version lack, and write down this version."""
    have = sa.inspect(connection)
    for table in metadata.tables.values():
        known = {column["name"] for column in have.get_columns(table.name)}
        for column in table.columns:
            if column.name not in known:
                kind = column.type.compile(dialect=connection.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}")
        for index in table.indexes:
            index.create(connection, checkfirst=True)
    _sum_tables(connection)
    connection.execute(sa.update(meta).where(meta.c.name == "version").values(value=str(VERSION)))


def _sum_tables(connection: sa.Connection) -> None:
    """Write beside the digests of the months those of the whole tables, which a hub before version 4 did not keep."""
    rows = connection.execute(sa.select(digest).where(digest.c.month != WHOLE)).all()
    for code in sorted({row.county for row in rows}):
        months = {(r.table_name, r.month): (r.rows, int.from_bytes(r.sum)) for r in rows if r.county == code}
        lines = [
            {"county": code, "table_name": name, "month": month, "rows": count, "sum": total.to_bytes(SUM_BYTES)}
            for (name, month), (count, total) in whole_tables(months).items()
        ]
        put(connection, digest, lines, replace=True)


def version_of(connection: sa.Connection) -> int | None:
    """Return the version of a hub's database, None when it does not say."""
    found = connection.execute(sa.select(meta.c.value).where(meta.c.name == "version")).scalar_one_or_none()
    return None if found is None else int(found)


def newer(found: int | None, where: Path | str) -> errors.RegisterNewerError:
    """Return the error for a database that a newer program wrote."""
    return errors.RegisterNewerError(
        f"汇集中心的数据库由更新版本的程序写成（{found}）：{where}。请升级本程序；未作任何改动。",
        f"The hub's database was written by a newer program ({found}): {where}. Upgrade this program; nothing was"
        " changed.",
    )


def open_engine(path: Path, key: bytes, *, create: bool = False) -> sa.Engine:
    """Open the hub's encrypted database.

    Args:
        path: The file.
        key: 32 bytes, raw.
        create: Make it; it must not exist.

    Raises:
        StorageError: It cannot be read with this key, or a newer program wrote it.
    """
    if not create and not path.exists() and left_behind(path).exists():
        raise errors.NoRegisterError(
            f"汇集中心的数据库已迁走（原库：{left_behind(path)}），而密钥文件是迁移前的。请换回迁移后的 hub.key。",
            f"The hub's database was moved (it was {left_behind(path)}), and the key file is of before the move. Put"
            " back the hub.key of after it.",
        )
    if not create and not path.exists():
        raise errors.NoRegisterError(
            f"这里没有汇集中心的数据库：{path}。请检查路径，或用 petition-hub init 新建。",
            f"There is no hub database at {path}. Check the path, or make one with petition-hub init.",
        )

    def connect() -> Any:
        connection = driver.connect(str(path), isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        connection.execute(f"PRAGMA cipher_page_size={CIPHER_PAGE_BYTES}")
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode=WAL").fetchone()
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        return connection

    engine = sa.create_engine(
        "sqlite://", module=driver, creator=connect, poolclass=sa.QueuePool, pool_size=4, pool_use_lifo=True
    )

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # The driver is in autocommit mode; a reader that later wrote could fail half-way, so writers take the lock at
        # once.
        read_only = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    try:
        with engine.begin() as connection:
            if create:
                metadata.create_all(connection)
                connection.execute(meta.insert(), {"name": "version", "value": str(VERSION)})
            found = version_of(connection)
    except (sa.exc.DatabaseError, driver.DatabaseError) as error:
        engine.dispose()
        if "locked" in str(error):
            raise door.in_use(path) from error
        raise errors.RegisterDamagedError(
            f"汇集中心的数据库无法读取：{path}。可能已损坏，或密钥文件不是它的。请勿写入，用备份恢复。",
            f"The hub's database cannot be read: {path}. It is damaged, or the key file is not its own. Do not "
            "write; restore a backup.",
        ) from error
    if found is None or found > VERSION:
        engine.dispose()
        raise newer(found, path)
    return engine
