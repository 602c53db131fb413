"""A throw-away PostgreSQL for the tests: a cluster of its own in a folder of its own, gone afterwards.

PostgreSQL refuses to run as root; there the server runs as Debian's user `postgres`. It listens on a socket only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from sync.hub.storage import VERSION, meta, metadata

USER = "postgres"


def programs() -> Path | None:
    """Return the folder of the server's programs, the newest version first; None when it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]), reverse=True)
    if found:
        return found[0].parent
    here = shutil.which("initdb")
    return Path(here).resolve().parent if here else None


class Cluster:
    """A running server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count = 0
        self._free: list[str] = []
        self._shape = ""

    def url(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?host={self.folder}"

    def new_database(self, name: str = "", *, template: str = "template0") -> str:
        """Make an empty database (or a copy of another); returns its address."""
        self._count += 1
        name = name or f"hub_{self._count}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\'')
        return self.url(name)

    def borrow(self, template: str) -> str:
        """Return the address of a copy of a hub's database; one that was given back costs less than a new one."""
        if not self._shape:
            with psycopg.connect(self.url(template)) as connection:
                self._shape = _shape(connection)
        return self._free.pop() if self._free else self.new_database(template=template)

    def give_back(self, url: str) -> None:
        """Empty a borrowed database for the next test; one that was changed in its build, or is held, is left."""
        try:
            with psycopg.connect(url) as connection:
                connection.execute("SET lock_timeout='2s'")
                if _shape(connection) != self._shape:
                    return
                with connection.pipeline():
                    for table in metadata.tables.values():
                        if table is not meta:
                            connection.execute(f'DELETE FROM "{table.name}"')
                    connection.execute("UPDATE hub_meta SET value=%s WHERE name='version'", (str(VERSION),))
        except psycopg.Error:
            return
        self._free.append(url)

    def drop(self, url: str) -> None:
        """Remove a database, whoever holds it."""
        name = url.partition("?")[0].rsplit("/", 1)[1]
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _shape(connection: psycopg.Connection[tuple[str]]) -> str:
    """Return a digest of all tables, columns and indexes."""
    found = connection.execute(
        "SELECT md5(string_agg(concat_ws(' ', relname, attname, attnum), ',' ORDER BY relname, attnum))"
        " FROM pg_class JOIN pg_attribute ON attrelid=pg_class.oid"
        " WHERE relnamespace='public'::regnamespace AND attnum>0 AND NOT attisdropped"
    ).fetchone()
    assert found is not None
    return found[0]


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Start a server and stop it afterwards."""
    bin_ = programs()
    assert bin_ is not None, "PostgreSQL is not installed: sh installer/debian/setup.sh"
    folder = Path(tempfile.mkdtemp(prefix="hub-pg-"))
    root = os.geteuid() == 0
    if root:
        shutil.chown(folder, USER)
    as_user = {"user": USER, "group": USER, "extra_groups": []} if root else {}

    def run(*words: str) -> None:
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user)  # type: ignore[call-overload]

    data = str(folder / "data")
    try:
        run(str(bin_ / "initdb"), "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=60"
        options += " -c max_locks_per_transaction=512"
        run(str(bin_ / "pg_ctl"), "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start")
        try:
            yield Cluster(folder)
        finally:
            run(str(bin_ / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
