"""Files at the hub, on both engines: chunks in any order, kept once, checked as a whole, given to their county only."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.attachments import CHUNK_BYTES
from models.errors import StorageError
from sync.causes import RefusedError
from sync.chunks import chunk_count, chunk_length, open_chunk, write_chunk
from sync.hub import checks, files, moving, storage
from sync.hub.hub import Hub
from tests.postgres import Cluster as Server
from tests.sync.conftest import COUNTY, Journal, enrol
from tests.sync.papers import name_of, noise, store

SEEDS = itertools.count()
SIZE = 2 * CHUNK_BYTES + 77


def packed(
    desk: Journal, hub: Hub, data: bytes, n: int, *, name: str | None = None, whole: int | None = None, device: int = 1
) -> bytes:
    """Return chunk `n` of a file as a desk sends it; with `name` or `whole`, of a file that it is not."""
    whole = len(data) if whole is None else whole
    return write_chunk(
        data[n * CHUNK_BYTES :][: chunk_length(whole, n)],
        county=desk.station.county,
        device=device,
        keys=desk.station.keys,
        to=hub.public,
        file=name or name_of(data),
        n=n,
        whole=whole,
    )


def upload(desk: Journal, hub: Hub, data: bytes) -> str:
    for n in range(chunk_count(len(data))):
        files.take(hub, packed(desk, hub, data, n))
    return name_of(data)


def refusal(hub: Hub, chunk: bytes) -> str:
    with pytest.raises(RefusedError) as error:
        files.take(hub, chunk)
    return error.value.code


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations([0, 1, 2, 0, 2]), size=st.sampled_from([SIZE, 3 * CHUNK_BYTES, 2 * CHUNK_BYTES + 1]))
def test_chunks_may_come_in_any_order_and_twice(order: list[int], size: int, joined: Journal, hub: Hub) -> None:
    data = noise(size, next(SEEDS))
    name = name_of(data)
    done: set[int] = set()
    for n in order:
        done.add(n)
        assert files.take(hub, packed(joined, hub, data, n)) == (len(done) == 3)
        lacks = files.lacking(hub, COUNTY, [(name, size)])[name]
        assert {one for first, last in lacks for one in range(first, last + 1)} == {0, 1, 2} - done
        assert bool(files.here(hub, COUNTY, [name])) == (len(done) == 3)
    assert b"".join(files.read(hub, COUNTY, name)) == data


def test_what_is_not_whole_is_not_given_out(joined: Journal, hub: Hub) -> None:
    data = noise(SIZE)
    name = name_of(data)
    for work in (lambda: files.give(hub, COUNTY, 1, name, 0), lambda: files.read(hub, COUNTY, name)):
        files.take(hub, packed(joined, hub, data, 0))
        with pytest.raises(RefusedError) as error:
            work()
        assert error.value.code == "file_unknown"
    assert files.taken(hub, COUNTY, name, 0) == "kept"
    assert files.taken(hub, COUNTY, name, 1) == ""
    upload(joined, hub, data)
    assert files.taken(hub, COUNTY, name, 1) == "whole"
    keys = joined.station.keys
    _, content = open_chunk(
        files.give(hub, COUNTY, 1, name, 2),
        keys=keys,
        to=keys.public().key_id,
        sign_key_of=lambda _county, _device: hub.public.sign,
    )
    assert content == data[2 * CHUNK_BYTES :]
    with pytest.raises(RefusedError, match="99"):
        files.give(hub, COUNTY, 99, name, 0)


def test_chunks_that_do_not_make_up_the_file_are_thrown_away_and_may_come_again(joined: Journal, hub: Hub) -> None:
    data = noise(SIZE)
    name = name_of(data)
    wrong = noise(SIZE, "wrong")
    for n in (0, 1):
        files.take(hub, packed(joined, hub, data, n))
    assert refusal(hub, packed(joined, hub, wrong, 2, name=name)) == "file_hash"
    assert files.lacking(hub, COUNTY, [(name, SIZE)]) == {name: [(0, 2)]}
    assert upload(joined, hub, data) == name
    assert files.here(hub, COUNTY, [name]) == {name: SIZE}
    assert files.take(hub, packed(joined, hub, wrong, 2, name=name)), "a file that is whole stays as it is"
    assert b"".join(files.read(hub, COUNTY, name)) == data


def test_a_size_that_was_wrong_does_not_stand_in_the_way(joined: Journal, hub: Hub) -> None:
    data = noise(SIZE)
    name = name_of(data)
    files.take(hub, packed(joined, hub, noise(SIZE + 9), 0, name=name))
    assert files.lacking(hub, COUNTY, [(name, SIZE)]) == {name: [(0, 2)]}
    upload(joined, hub, data)
    assert files.here(hub, COUNTY, [name]) == {name: SIZE}


def test_only_enrolled_workstations_send_and_only_to_their_county(joined: Journal, hub: Hub) -> None:
    data = noise(10)
    assert refusal(hub, packed(joined, hub, data, 0, device=2)) == "unknown_device"
    assert refusal(hub, packed(Journal("430182"), hub, data, 0)) == "unknown_county"
    assert refusal(hub, packed(Journal(), hub, data, 0)) == "wrong_signature"
    upload(joined, hub, data)
    assert files.here(hub, "430182", [name_of(data)]) == {}


def test_the_same_file_of_two_counties_is_kept_for_each(joined: Journal, hub: Hub) -> None:
    other = Journal("430182")
    enrol(other, hub)
    data = noise(SIZE)
    for one in (joined, other):
        upload(one, hub, data)
        assert files.holding(hub, one.station.county) == files.Holding(files=1, size=SIZE, coming=0)
    other.close()


def test_the_hub_knows_what_is_still_on_the_way(joined: Journal, hub: Hub) -> None:
    from sync import outbox

    for number, table in enumerate(("attachment", "document", "office_document", "attachment")):
        store(joined, noise(20, number % 3), table)
    batch = outbox.pending_after(joined.connection, joined.station, 0, at_ms=0)
    assert batch is not None
    assert hub.ingest(batch.data).state == "receipted"
    assert files.holding(hub, COUNTY) == files.Holding(files=0, size=0, coming=3)
    upload(joined, hub, noise(20, 1))
    assert files.holding(hub, COUNTY) == files.Holding(files=1, size=20, coming=2)


def test_bytes_that_rot_are_found(joined: Journal, hub: Hub) -> None:
    name = upload(joined, hub, noise(SIZE))
    upload(joined, hub, noise(10))
    assert files.damaged(hub) == []
    c = storage.chunk
    with hub.writing(COUNTY) as connection:
        connection.execute(sa.update(c).where(c.c.sha256 == name, c.c.n == 1).values(data=b"rotten"))
    assert files.damaged(hub) == [(COUNTY, name)]
    faults = checks.verify(hub).faults
    assert len(faults) == 1
    assert name[:12] in faults[0][0]


def test_the_city_keeps_a_file_of_its_own(joined: Journal, hub: Hub) -> None:
    data = noise(SIZE)
    files.take(hub, packed(joined, hub, noise(SIZE, "wrong"), 0, name=name_of(data)))
    for _ in range(2):
        assert files.keep(hub, COUNTY, data) == name_of(data)
    assert b"".join(files.read(hub, COUNTY, name_of(data))) == data
    assert files.keep(hub, COUNTY, b"") == name_of(b"")
    assert files.here(hub, COUNTY, [name_of(b"")]) == {name_of(b""): 0}


def test_a_full_disk_refuses_files_and_takes_records(file_hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Journal()
    enrol(desk, file_hub)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=files.RESERVE_BYTES - 1))
    data = noise(10)
    assert refusal(file_hub, packed(desk, file_hub, data, 0)) == "file_room"
    with pytest.raises(RefusedError, match=file_hub.place.city):
        files.keep(file_hub, COUNTY, data)
    from sync import outbox

    desk.unit()
    batch = outbox.pending_after(desk.connection, desk.station, 0, at_ms=0)
    assert batch is not None
    assert file_hub.ingest(batch.data).state == "receipted"
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=files.RESERVE_BYTES))
    assert files.take(file_hub, packed(desk, file_hub, data, 0))


def test_a_database_that_fills_up_within_a_file_takes_nothing_of_the_chunk(tmp_path: Path) -> None:
    """The embedded database at its page limit, which is what a full disk is to it."""
    with Hub.create(tmp_path / "hub", city="测试市公安局", address="https://127.0.0.1:1") as hub:
        desk = Journal()
        enrol(desk, hub)
        data = noise(8 * CHUNK_BYTES)
        files.take(hub, packed(desk, hub, data, 0))
        limits = _limit_pages(hub)
        with pytest.raises(StorageError, match="full"):
            upload(desk, hub, data)
        lacks = files.lacking(hub, COUNTY, [(name_of(data), len(data))])
        assert lacks[name_of(data)][-1][1] == 7
        limits.append(1 << 30)
        upload(desk, hub, data)
        assert b"".join(files.read(hub, COUNTY, name_of(data))) == data
        desk.close()


def _limit_pages(hub: Hub) -> list[int]:
    """Let the database have 100 more pages than now, until another limit is put at the end of what is returned."""
    with hub.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    limits = [pages + 100]

    @sa.event.listens_for(hub.engine, "begin")
    def limited(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={limits[-1]}")

    return limits


def test_a_move_takes_files_along(tmp_path: Path, server: Server) -> None:
    folder = tmp_path / "moved"
    desk = Journal()
    data = noise(40 * CHUNK_BYTES + 1)
    with Hub.create(folder, city="测试市公安局", address="https://127.0.0.1:1") as hub:
        enrol(desk, hub)
        name = upload(desk, hub, data)
    for to in (server.new_database("moved_files"), moving.FILE):
        moving.move(folder, to)
        with Hub.open(folder) as hub:
            assert files.damaged(hub) == []
            assert b"".join(files.read(hub, COUNTY, name)) == data
    desk.close()


def test_a_hub_that_stops_before_the_check_makes_it_when_the_last_chunk_comes_again(
    joined: Journal, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = noise(SIZE)
    name = name_of(data)

    def stopped(*_: object) -> None:
        raise StorageError("停", "stopped")

    with monkeypatch.context() as patch:
        patch.setattr(files, "_check_whole", stopped)
        with pytest.raises(StorageError):
            upload(joined, hub, data)
    assert files.here(hub, COUNTY, [name]) == {}
    assert files.lacking(hub, COUNTY, [(name, SIZE)]) == {name: [(2, 2)]}
    assert files.taken(hub, COUNTY, name, 2) == "", "it is asked for once more"
    assert files.take(hub, packed(joined, hub, data, 2))
    assert files.lacking(hub, COUNTY, [(name, SIZE)]) == {name: []}
