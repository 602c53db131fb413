"""Moving a hub from one engine to the other: every row, then every digest compared, then the key file says where it is.

Nothing changes until all is there: what is made at the new place is one transaction (or a file under another name),
writers of the old place wait meanwhile, and the old database stays as it was, beside the keys or on its server. A move
that is cut leaves the hub where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from models import errors
from sync.hub import checks, place, postgres, storage
from sync.hub.hub import Hub

ROWS_AT_A_TIME = 2000
CHUNKS_AT_A_TIME = 16
"""Of tables whose rows are pieces of files: 4 MiB."""
FILE = "file"
"""`--to` of the encrypted file in the hub's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What was moved: rows of all tables, digests that were compared, and where the database was left behind."""

    rows: int
    digests: int
    left: str


def move(folder: Path, to: str, *, on_progress: Callable[[str, int], None] = lambda _table, _rows: None) -> Moved:
    """Move a hub to another database.

    Whoever still has the file open is named as the reason not to move. On a server, programs with this folder's key
    wait and then write no more (`place.check_not_moved`); those on other machines, with a key file of their own, must
    be stopped first.

    Args:
        folder: The hub's folder.
        to: `postgresql://...`, an empty database; or `file`.
        on_progress: Called with each table and its number of rows once it is copied.

    Raises:
        InputError: `to` is neither; the hub is there already.
        RegisterInUseError: Another program has the file open: the hub is being served.
        StorageError: The old or new database cannot be used, or what arrived is not what was sent: nothing was moved.
    """
    url = "" if to == FILE else postgres.check_url(to)
    with Hub.open(folder) as hub:
        home = hub.place
        if url == home.database_url:
            raise errors.InputError(
                "to", "汇集中心已在该数据库中，无需迁移。", "The hub is in that database already: nothing to move."
            )
        if not home.database_url:
            storage.alone(hub.engine, home.database)
        with hub.writing() as old:
            with _new_place(home, url) as new:
                rows = sum(_copy(old, new, table, on_progress) for table in storage.metadata.sorted_tables)
                digests = _compare(old, new)
            if not url:
                place.keep_owner(_unfinished(home.database), home)
                _unfinished(home.database).replace(home.database)
            place.keep_database(home, url)  # before the lock is let go: whoever waits for it finds the hub moved
        left = postgres.shown(home.database_url) if home.database_url else str(storage.left_behind(home.database))
    if url:
        home.database.replace(storage.left_behind(home.database))
    return Moved(rows=rows, digests=digests, left=left)


@contextmanager
def _new_place(home: place.Place, url: str) -> Iterator[sa.Connection]:
    """Make an empty database within a transaction that ends with the block."""
    if url:
        with postgres.making(url) as connection:
            yield connection
        return
    path = _unfinished(home.database)
    path.unlink(missing_ok=True)
    engine = storage.open_engine(path, home.database_key, create=True)
    try:
        with engine.begin() as connection:
            connection.execute(sa.delete(storage.meta))
            yield connection
        storage.fold_log(engine)
    except BaseException:
        engine.dispose()
        path.unlink(missing_ok=True)
        raise
    engine.dispose()


def _copy(old: sa.Connection, new: sa.Connection, table: sa.Table, on_progress: Callable[[str, int], None]) -> int:
    if table is storage.meta:
        new.execute(sa.delete(table))
    count = 0
    at_a_time = CHUNKS_AT_A_TIME if table is storage.chunk else ROWS_AT_A_TIME
    found = old.execution_options(yield_per=at_a_time).execute(sa.select(table))
    for part in found.mappings().partitions():
        new.execute(table.insert(), [dict(row) for row in part])
        count += len(part)
    on_progress(table.name, count)
    return count


def _compare(old: sa.Connection, new: sa.Connection) -> int:
    """Compare what arrived with what was sent, by the digests of the rows; returns how many digests were equal."""
    compared = 0
    for (county,) in old.execute(sa.select(storage.county.c.county)).all():
        sent, arrived = checks.digests_of_rows(old, county), checks.digests_of_rows(new, county)
        if sent != arrived:
            wrong = sorted({key for key in sent.keys() | arrived.keys() if sent.get(key) != arrived.get(key)})
            table, month = wrong[0]
            raise errors.StorageError(
                f"迁移后 {county} 的 {table}（{month}）与原库不符，共 {len(wrong)} 处：未作迁移，汇集中心仍在原处。",
                f"After copying, {table} of {county} ({month}) is not what it was, {len(wrong)} places in all: nothing"
                " was moved, the hub is where it was.",
            )
        compared += len(sent)
    return compared


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{path.name}.moving")
