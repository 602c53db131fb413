"""A hub moves from one engine to the other and back, with equal digests, and a move that fails moves nothing."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from models import errors
from sync.hub import checks, moving, place, storage
from sync.hub.cli import group
from sync.hub.hub import Hub
from tests.postgres import Cluster
from tests.sync.conftest import CITY, COUNTY, Journal, enrol
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
