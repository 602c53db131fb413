"""Files by stick: to the hub and back to a sibling, from sibling to sibling, pulled at any byte, altered, full."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.attachments import CHUNK_BYTES
from sync import filestate
from sync.carriers import folder as layout
from sync.carriers import folder_files
from sync.carriers.folder import FolderCarrier, FolderError
from sync.carriers.folder_files import Shelf
from sync.files import FilesReport
from sync.filesaid import read_said
from sync.hub import files as hub_files
from sync.hub import storage
from sync.hub.file_sticks import StickFiles, lay_files, take_files
from sync.hub.hub import Hub
from tests.sync.conftest import COUNTY, Journal, enrol
from tests.sync.papers import hand, move, name_of, noise, read, state, store

SEEDS = itertools.count()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def sibling(joined: Journal, hub: Hub) -> Iterator[Journal]:
    one = Journal(device=2)
    enrol(one, hub)
    one.knows(joined)
    joined.knows(one)
    yield one
    one.close()


def carry(desk: Journal, stick: Path, **options) -> FilesReport:
    return move(desk, FolderCarrier(stick), **options)


def at_hub(hub: Hub, stick: Path, *, lay: bool = True) -> StickFiles:
    """Do what the hub does with a stick's files: `batch read`, then `batch write`."""
    report = StickFiles()
    take_files(hub, stick, report)
    if lay:
        lay_files(hub, stick, report)
    return report


def chunks_on(stick: Path) -> list[Path]:
    return sorted((stick / "files").rglob("*.chunk"))


def whole_at(hub: Hub, data: bytes) -> bool:
    name = name_of(data)
    return bool(hub_files.here(hub, COUNTY, [name])) and b"".join(hub_files.read(hub, COUNTY, name)) == data


def test_a_file_goes_to_the_hub_and_on_to_a_sibling_by_stick(
    joined: Journal, sibling: Journal, hub: Hub, stick: Path
) -> None:
    data = noise(2 * CHUNK_BYTES + 9)
    name = store(joined, data)
    first = carry(joined, stick)
    assert (first.laid, first.sent, first.waiting.up) == (3, 0, 1), "it counts as sent when the hub has said so"
    assert carry(joined, stick).laid == 0, "what lies there is not written twice"
    report = at_hub(hub, stick)
    assert (report.taken, report.whole, report.refused) == (3, 1, {})
    assert whole_at(hub, data)
    back = carry(joined, stick)
    assert (back.sent, back.sent_bytes, back.waiting.up) == (1, len(data), 0)
    assert chunks_on(stick) == [], "what the hub has confirmed need not lie there"
    hand(joined, sibling)
    carry(sibling, stick)
    assert at_hub(hub, stick).laid == 3
    took = carry(sibling, stick)
    assert (took.taken, took.taken_bytes) == (1, len(data))
    assert read(sibling, name) == data
    at_hub(hub, stick)
    assert chunks_on(stick) == []


def test_a_file_goes_from_sibling_to_sibling_without_the_hub(
    joined: Journal, sibling: Journal, hub: Hub, stick: Path
) -> None:
    data = noise(CHUNK_BYTES + 9)
    name = store(joined, data)
    hand(joined, sibling)
    carry(sibling, stick)  # says what it wants
    carry(joined, stick)
    took = carry(sibling, stick)
    assert took.taken == 1
    assert read(sibling, name) == data
    assert state(sibling, name) == "here", "the hub has not said that it holds it"
    carry(joined, stick)
    key = sibling.station.keys.public().key_id
    assert not list((stick / "files" / COUNTY / key).iterdir())
    assert len(chunks_on(stick)) == 2, "the hub's still lie there"
    assert at_hub(hub, stick).whole == 1


def test_reading_alone_writes_nothing_and_takes_all(joined: Journal, sibling: Journal, hub: Hub, stick: Path) -> None:
    data = noise(CHUNK_BYTES + 9)
    name = store(joined, data)
    hand(joined, sibling)
    carry(sibling, stick)
    carry(joined, stick)
    before = {path: path.read_bytes() for path in stick.rglob("*") if path.is_file()}
    took = carry(sibling, stick, writes=False, more_records=lambda: True)
    assert (took.taken, took.laid) == (1, 0)
    assert read(sibling, name) == data
    assert {path: path.read_bytes() for path in stick.rglob("*") if path.is_file()} == before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pulled=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_an_altered_chunk_is_refused_with_its_cause_and_written_anew(
    pulled: float, bit: int, joined: Journal, hub: Hub, stick: Path
) -> None:
    data = noise(CHUNK_BYTES + 500, next(SEEDS))
    name = store(joined, data)
    carry(joined, stick)
    path = next(path for path in chunks_on(stick) if path.name == f"{name}-00001.chunk")
    chunk = bytearray(path.read_bytes())
    chunk[int(pulled * len(chunk))] ^= 1 << bit
    path.write_bytes(chunk)
    report = at_hub(hub, stick)
    assert list(report.refused) == [str(path.relative_to(stick))]
    assert not whole_at(hub, data)
    assert carry(joined, stick).laid == 1, "only that one is written anew"
    report = at_hub(hub, stick)
    assert (report.whole, report.refused) == (1, {})
    assert whole_at(hub, data)
    carry(joined, stick)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 2 * CHUNK_BYTES + 2000))
def test_a_stick_pulled_at_any_byte_leaves_whole_chunks_or_none(
    cut: int, joined: Journal, hub: Hub, stick: Path
) -> None:
    data = noise(2 * CHUNK_BYTES + 100, next(SEEDS))
    store(joined, data)
    left = cut
    put = layout.put_file

    def pulled(path: Path, content: bytes) -> bool:
        """Write as far as the stick stays in: what was being written then is left under its hidden name, cut."""
        nonlocal left
        if len(content) > left:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_name(f".{path.name}.0.part").write_bytes(content[:left])
            raise FolderError(path, "pulled")
        left -= len(content)
        return put(path, content)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folder_files, "put_file", pulled)
        assert "pulled" in str(carry(joined, stick).trouble)
    at_hub(hub, stick)
    carry(joined, stick)
    report = at_hub(hub, stick)
    assert report.refused == {}
    assert whole_at(hub, data)
    assert carry(joined, stick).sent == 1


def test_a_reader_cut_between_chunks_goes_on_with_the_next_stick(
    joined: Journal, sibling: Journal, hub: Hub, stick: Path, tmp_path: Path
) -> None:
    data = noise(3 * CHUNK_BYTES + 1)
    name = store(joined, data)
    hand(joined, sibling)
    carry(sibling, stick)
    carry(joined, stick)
    mine = [path for path in chunks_on(stick) if path.parent.name == sibling.station.keys.public().key_id]
    hidden = [path.rename(tmp_path / path.name) for path in mine[:2]]
    assert carry(sibling, stick).taken == 0
    assert read(sibling, name) is None, "half a file is no file"
    for path in hidden:
        path.rename(mine[0].with_name(path.name))
    for path in mine[2:]:
        path.unlink(missing_ok=True)
    assert carry(sibling, stick).taken == 1
    assert read(sibling, name) == data


def test_a_stick_without_room_carries_what_fits_and_says_what_waits(
    joined: Journal, hub: Hub, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small, large = b"letter", noise(3 * CHUNK_BYTES)
    store(joined, large)
    store(joined, small)
    report = carry(joined, stick, room=CHUNK_BYTES + 10_000)
    assert report.laid == 2
    assert report.trouble is not None
    assert str(stick) in report.trouble.zh
    assert "records go on" in report.trouble.en
    assert report.waiting.up == 2
    at_hub(hub, stick)
    assert carry(joined, stick, room=10 * CHUNK_BYTES).trouble is None
    at_hub(hub, stick)
    assert carry(joined, stick).waiting.up == 0
    assert whole_at(hub, large)
    monkeypatch.setattr(folder_files, "RESERVE_BYTES", 1 << 60)
    store(joined, noise(9))
    assert carry(joined, stick).trouble is not None


def test_a_sticks_files_for_another_hub_or_of_a_stranger_are_left_alone(
    joined: Journal, hub: Hub, stick: Path, tmp_path: Path
) -> None:
    with Hub.create(tmp_path / "other", city="另一市公安局", address="https://127.0.0.1:1") as other:
        store(joined, noise(10))
        carry(joined, stick)
        assert at_hub(other, stick).taken == 0
        (stick / "files" / "999999" / other.key_id).mkdir(parents=True)
        assert at_hub(other, stick).refused == {}
    assert at_hub(hub, stick).whole == 1


def test_a_document_of_another_signer_is_not_believed(joined: Journal, hub: Hub, stick: Path) -> None:
    data = noise(20)
    name = store(joined, data)
    carry(joined, stick)
    shelf = Shelf(stick, COUNTY, hub.public)
    shelf.say(joined.station.keys, whole=[name], bad=[], wanted=[])
    report = carry(joined, stick)
    assert report.sent == 0
    assert "签名" in report.refused[0].zh
    assert at_hub(hub, stick).whole == 1
    said = read_said(shelf.said_path.read_bytes(), keys=hub.public, county=COUNTY)
    assert list(said.whole) == [name]


def test_a_stick_that_is_not_in_is_told(joined: Journal, tmp_path: Path) -> None:
    store(joined, b"x")
    report = carry(joined, tmp_path / "absent")
    assert report.trouble is not None
    assert str(tmp_path / "absent") in report.trouble.zh
    assert report.waiting.up == 1


def test_a_county_says_what_it_wants_of_the_city(joined: Journal, hub: Hub, stick: Path) -> None:
    """The scan of a paper that the city sends: kept at the hub, named by the paper's row, fetched by who takes it."""
    scan = noise(CHUNK_BYTES + 3)
    name = hub_files.keep(hub, COUNTY, scan)
    assert hub_files.keep(hub, COUNTY, scan) == name
    city = Journal(device=4095)
    content = f'{{"files":[{{"media_type":"image/png","name":"scan.png","sha256":"{name}","size":{len(scan)}}}]}}'
    city.act(city.insert("city_paper", kind="notice", title="t", content=content))
    hand(city, joined)
    carry(joined, stick)
    assert at_hub(hub, stick).laid == 2
    assert carry(joined, stick).taken == 1
    assert read(joined, name) == scan
    city.close()


def test_what_a_hub_said_before_it_was_put_back_is_not_believed(joined: Journal, hub: Hub, stick: Path) -> None:
    data = noise(CHUNK_BYTES + 9)
    name = store(joined, data)
    carry(joined, stick)
    at_hub(hub, stick)
    assert carry(joined, stick).sent == 1
    with hub.writing(COUNTY) as connection:
        for table in (storage.chunk, storage.file):
            connection.execute(sa.delete(table))
    filestate.send_again(joined.connection)
    report = carry(joined, stick)
    assert (report.sent, report.laid) == (0, 2), "the old word lies on the stick still"
    assert carry(joined, stick).sent == 0
    assert at_hub(hub, stick).whole == 1
    assert carry(joined, stick).sent == 1
    assert state(joined, name) == "held"


def test_workstations_that_share_a_stick_hear_each_of_its_own_files(
    joined: Journal, sibling: Journal, hub: Hub, stick: Path
) -> None:
    for desk, data in ((joined, b"of the first"), (sibling, b"of the second")):
        store(desk, data)
        assert carry(desk, stick).laid == 1
    assert at_hub(hub, stick).whole == 2
    assert carry(joined, stick).sent == 1
    at_hub(hub, stick)
    assert carry(sibling, stick).sent == 1
    assert chunks_on(stick) == []
