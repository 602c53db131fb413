"""A hub moves from one engine to the other and back, with equal digests, and a move that fails moves nothing."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from models import errors
from sync.carriers.https import HttpsCarrier
from sync.hub import checks, moving, place, storage
from sync.hub.cli import group
from sync.hub.hub import Hub
from sync.round import run_once
from tests.postgres import Cluster
from tests.sync.conftest import CITY, COUNTY, Journal, Served, enrol
from tests.sync.test_hub import sealed


@pytest.fixture
def filled(tmp_path: Path, journal: Journal) -> Path:
    """A hub in its file with a county's entries, one of them refused."""
    folder = tmp_path / "hub"
    with Hub.create(folder, city=CITY, address="https://127.0.0.1:8443") as hub:
        enrol(journal, hub)
        journal.units(30)
        journal.act(raw=b'{"not": "a list"}')
        hub.ingest(sealed(journal, hub))
    return folder


def state(folder: Path) -> tuple[object, ...]:
    with Hub.open(folder) as hub, hub.reading() as connection:
        rows = {
            name: sorted(map(repr, connection.execute(sa.select(table)).all()))
            for name, table in storage.metadata.tables.items()
        }
        return rows, hub.digests(COUNTY), hub.position(COUNTY, 1), checks.digests_of_rows(connection, COUNTY)


def test_there_and_back_everything_is_as_it_was(filled: Path, server: Cluster, journal: Journal) -> None:
    before = state(filled)
    there = moving.move(filled, server.new_database())
    assert there.rows == sum(map(len, before[0].values()))  # type: ignore[attr-defined]
    assert there.digests == len(before[3])  # type: ignore[arg-type]
    assert Path(there.left).exists()
    assert place.find(filled).database_url.startswith("postgresql://")
    assert state(filled) == before
    journal.units(5)
    with Hub.open(filled) as hub:
        assert hub.ingest(sealed(journal, hub, 32, 36)).state == "receipted"
    later = state(filled)
    back = moving.move(filled, "file")
    assert "***" not in back.left
    assert place.find(filled).database_url == ""
    assert state(filled) == later
    with Hub.open(filled) as hub:
        assert checks.verify(hub).clean


def test_a_move_on_the_command_line_says_what_was_moved(filled: Path, server: Cluster) -> None:
    done = CliRunner().invoke(group, ["move", str(filled), "--to", server.new_database(), "--json"])
    assert done.exit_code == 0, done.output
    told = orjson.loads(done.output)
    assert told["rows"] > 60
    assert told["left"].endswith("hub.db.moved")


def test_what_does_not_arrive_as_it_was_is_not_moved(
    filled: Path, server: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(filled)
    target = server.new_database()
    copied = moving._copy

    def lossy(old: sa.Connection, new: sa.Connection, table: sa.Table, told: object) -> int:
        count = copied(old, new, table, lambda *_: None)
        if table.name == "unit":
            new.execute(sa.update(table).values(name="他所"))
        return count

    with monkeypatch.context() as patched:
        patched.setattr(moving, "_copy", lossy)
        with pytest.raises(errors.StorageError, match="unit"):
            moving.move(filled, target)
    assert state(filled) == before
    assert moving.move(filled, target).rows, "nothing of the failed move stood in the way"


def test_a_failed_move_back_leaves_no_file(filled: Path, server: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    moving.move(filled, server.new_database())
    before = state(filled)

    def stopped(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(moving, "_compare", stopped)
        with pytest.raises(KeyboardInterrupt):
            moving.move(filled, "file")
    assert not list(filled.glob("*.moving*"))
    assert state(filled) == before


def test_a_hub_is_not_moved_to_where_it_is(filled: Path, server: Cluster) -> None:
    with pytest.raises(errors.InputError):
        moving.move(filled, "file")
    with pytest.raises(errors.InputError, match="postgresql://"):
        moving.move(filled, "elsewhere")
    url = server.new_database()
    moving.move(filled, url)
    with pytest.raises(errors.InputError):
        moving.move(filled, url)


def test_a_hub_is_not_moved_onto_another(filled: Path, server: Cluster, tmp_path: Path) -> None:
    taken = server.new_database(template="first")
    with pytest.raises(errors.StorageError, match="已有汇集中心"):
        moving.move(filled, taken)
    assert place.find(filled).database_url == ""


def test_a_file_that_is_being_served_is_not_moved(filled: Path, server: Cluster) -> None:
    served, target = Served(filled), server.new_database()
    try:
        with pytest.raises(errors.RegisterInUseError):
            moving.move(filled, target)
        assert place.find(filled).database_url == ""
    finally:
        assert served.stop() == 0
    assert moving.move(filled, target).rows
    assert sorted(path.name for path in filled.glob("hub.db*")) == ["hub.db.moved"], "no log stays behind"


def test_a_hub_that_was_moved_while_it_was_served_takes_no_more(
    filled: Path, server: Cluster, journal: Journal
) -> None:
    moving.move(filled, server.new_database())
    served = Served(filled)
    try:
        moving.move(filled, "file")
        journal.unit()
        with HttpsCarrier(served.address, served.ready["certificate"], waits_s=()) as line:
            report = run_once(journal, line)
        assert report.trouble is not None
        assert "503" in report.trouble.en
        assert report.unsent
    finally:
        assert served.stop() == 0
    with Hub.open(filled) as hub:
        assert hub.position(COUNTY, 1).have == 31, "nothing was lost between the old place and the new"
        assert hub.ingest(sealed(journal, hub, 32)).state == "receipted"


def test_a_writer_who_waited_for_the_move_does_not_write_to_the_old_place(
    filled: Path, server: Cluster, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    moving.move(filled, server.new_database())
    told: list[BaseException] = []
    compare = moving._compare
    with Hub.open(filled) as open_:
        journal.unit()
        batch = sealed(journal, open_, 32)

        def write() -> None:
            try:
                open_.ingest(batch)
            except errors.StorageError as error:
                told.append(error)

        writer = threading.Thread(target=write)

        def slow(old: sa.Connection, new: sa.Connection) -> int:
            writer.start()
            writer.join(0.5)
            assert writer.is_alive(), "it waits"
            return compare(old, new)

        monkeypatch.setattr(moving, "_compare", slow)
        moving.move(filled, "file")
        writer.join(20)
    assert "已迁到" in str(told[0])


def test_the_key_file_stays_its_owners_and_unreadable_to_others(filled: Path, server: Cluster) -> None:
    key = filled / "hub.key"
    if os.geteuid() == 0:
        shutil.chown(key, "postgres")
    owner = key.stat().st_uid
    moving.move(filled, server.new_database())
    moving.move(filled, "file")
    assert (key.stat().st_uid, key.stat().st_mode & 0o777) == (owner, 0o600)
    assert (filled / "hub.db").stat().st_uid == owner


def test_a_key_file_of_before_the_move_is_told(filled: Path, server: Cluster) -> None:
    key = filled / "hub.key"
    before = key.read_bytes()
    moving.move(filled, server.new_database())
    key.write_bytes(before)
    with pytest.raises(errors.NoRegisterError, match=r"hub\.db\.moved"):
        Hub.open(filled)
