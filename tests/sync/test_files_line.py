"""Files by line to a real hub process: up, down to a sibling, cut at any byte, and never before a record."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.attachments import CHUNK_BYTES
from sync.carriers.https import HttpsCarrier
from sync.files import Exchange, FilesReport
from sync.hub import files as hub_files
from sync.hub.hub import Hub
from tests.sync.conftest import COUNTY, Journal, Served, enrol
from tests.sync.papers import hand, move, name_of, noise, read, state, store
from tests.sync.test_line import Cutter

FAST = {"waits_s": (0.1, 0.3, 1.0), "timeout_s": 20.0}
SEEDS = itertools.count()


def line(served: Served, port: int | None = None) -> HttpsCarrier:
    return HttpsCarrier(f"https://127.0.0.1:{port or served.port}", served.ready["certificate"], **FAST)


def joined(served: Served, device: int = 1, county: str = COUNTY) -> Journal:
    desk = Journal(county, device)
    with Hub.open(served.folder) as hub:
        enrol(desk, hub, address=served.address)
    return desk


@pytest.fixture
def desk(served: Served) -> Iterator[Journal]:
    one = joined(served)
    yield one
    one.close()


@pytest.fixture
def sibling(served: Served) -> Iterator[Journal]:
    one = joined(served, 2)
    yield one
    one.close()


def held(served: Served, data: bytes, county: str = COUNTY) -> bool:
    """Return whether the hub holds the file, and holds it rightly."""
    with Hub.open(served.folder) as hub:
        name = name_of(data)
        return bool(hub_files.here(hub, county, [name])) and b"".join(hub_files.read(hub, county, name)) == data


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, 2 * CHUNK_BYTES + 7])
def test_a_file_goes_up_and_down_to_a_sibling(size: int, desk: Journal, sibling: Journal, served: Served) -> None:
    data = noise(size)
    name = store(desk, data)
    with line(served) as carrier:
        report = move(desk, carrier)
        assert (report.sent, report.sent_bytes, report.waiting.up) == (1, size, 0)
        again = move(desk, carrier)
        assert (again.sent, again.refused, again.trouble) == (0, [], None)
    assert held(served, data)
    hand(desk, sibling)
    with line(served) as carrier:
        report = move(sibling, carrier)
    assert (report.taken, report.taken_bytes, report.waiting.down) == (1, size, 0)
    assert read(sibling, name) == data
    assert state(sibling, name) == "held"


def test_letters_and_scans_of_several_tables_go_once_each(desk: Journal, served: Served) -> None:
    data = noise(CHUNK_BYTES + 1)
    for table in ("attachment", "document", "office_document", "attachment"):
        store(desk, data, table)
    other = store(desk, b"letter", "document")
    with line(served) as carrier:
        report = move(desk, carrier)
    assert report.sent == 2
    assert state(desk, other) == "held"


def test_two_counties_with_the_same_file_keep_it_each(desk: Journal, served: Served) -> None:
    other = joined(served, 1, "430182")
    data = noise(CHUNK_BYTES + 1)
    for one in (desk, other):
        store(one, data)
        with line(served) as carrier:
            assert move(one, carrier).sent == 1
    assert held(served, data)
    assert held(served, data, "430182")
    other.close()


def test_two_workstations_with_the_same_file_send_it_once(desk: Journal, sibling: Journal, served: Served) -> None:
    data = noise(3 * CHUNK_BYTES)
    for one in (desk, sibling):
        store(one, data)
    with line(served) as carrier:
        move(desk, carrier)
    relay = Cutter(served.port)
    with line(served, relay.port) as carrier:
        assert move(sibling, carrier).sent == 1, "what the hub holds counts as sent"
    relay.close()
    assert relay.passed < CHUNK_BYTES, "and is only asked about"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(1, 3 * CHUNK_BYTES), to_desk=st.booleans())
def test_an_upload_cut_at_any_byte_goes_on_there(cut: int, to_desk: bool, desk: Journal, served: Served) -> None:
    data = noise(2 * CHUNK_BYTES + 100, next(SEEDS))  # a file that the hub has is not sent again
    store(desk, data)
    relay = Cutter(served.port, **({"to_desk": cut % 6000 + 1} if to_desk else {"to_hub": cut}))
    with line(served, relay.port) as carrier:
        assert move(desk, carrier).sent == 1
    relay.close()
    assert held(served, data)
    assert relay.passed < len(data) + 1.5 * CHUNK_BYTES, "at most the chunk that was cut is sent again"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(1, 3 * CHUNK_BYTES))
def test_a_download_cut_at_any_byte_goes_on_there(cut: int, desk: Journal, sibling: Journal, served: Served) -> None:
    data = noise(2 * CHUNK_BYTES + 100, next(SEEDS))
    name = store(desk, data)
    with line(served) as carrier:
        move(desk, carrier)
    hand(desk, sibling)
    relay = Cutter(served.port, to_desk=cut)
    with line(served, relay.port) as carrier:
        report = move(sibling, carrier)
    relay.close()
    assert report.taken == 1
    assert read(sibling, name) == data


def test_a_round_that_was_cut_in_a_chunk_goes_on_in_the_next_round_at_its_byte(desk: Journal, served: Served) -> None:
    data = noise(CHUNK_BYTES)
    store(desk, data)
    relay = Cutter(served.port, to_hub=200_000)
    carrier = HttpsCarrier(f"https://127.0.0.1:{relay.port}", served.ready["certificate"], waits_s=(), timeout_s=20)
    report = move(desk, carrier)
    assert report.trouble is not None
    assert "does not answer" in report.trouble.en
    carrier.close()
    relay.close()
    kept = desk.connection.execute("SELECT n, length(sealed) FROM sync_file").fetchone()
    assert kept[0] == 0
    assert kept[1] > CHUNK_BYTES
    relay = Cutter(served.port)
    with line(served, relay.port) as carrier:
        assert move(desk, carrier).sent == 1
    relay.close()
    assert held(served, data)
    assert relay.passed < CHUNK_BYTES - 100_000
    assert desk.connection.execute("SELECT sealed FROM sync_file").fetchone() == (None,)


def test_records_have_their_turn_at_any_chunk(desk: Journal, served: Served) -> None:
    store(desk, noise(6 * CHUNK_BYTES))
    report = FilesReport()
    asked = 0

    def more_records() -> bool:
        nonlocal asked
        asked += 1
        return asked == 3

    with line(served) as carrier:
        exchange = Exchange(desk, carrier, report)
        assert not exchange.run(lambda: False, more_records), "it gives way"
        assert report.waiting.up == 1
        with Hub.open(served.folder) as hub:
            name = desk.connection.execute("SELECT sha256 FROM sync_file").fetchone()[0]
            lacks = hub_files.lacking(hub, COUNTY, [(name, 6 * CHUNK_BYTES)])
        assert lacks == {name: [(2, 5)]}, "two chunks went, and stay"
        assert exchange.run(lambda: False, more_records)
    assert report.sent == 1


def test_a_turn_ends_after_its_time_and_when_cancelled(desk: Journal, served: Served) -> None:
    store(desk, noise(3 * CHUNK_BYTES))
    report = FilesReport()
    with line(served) as carrier:
        assert not Exchange(desk, carrier, report, turn_s=0.0).run(lambda: False, lambda: False)
        assert Exchange(desk, carrier, report).run(lambda: True, lambda: False), "cancelled: the round shall not loop"
        assert report.sent == 0
        assert move(desk, carrier).sent == 1


def test_small_files_go_before_large_ones(desk: Journal, served: Served) -> None:
    large, small = noise(5 * CHUNK_BYTES), b"answer.pdf"
    store(desk, large)
    store(desk, small)
    report = FilesReport()
    asked = 0

    def soon() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    with line(served) as carrier:
        Exchange(desk, carrier, report).run(lambda: False, soon)
    assert state(desk, name_of(small)) == "held"
    assert state(desk, name_of(large)) == "here"


def test_a_file_whose_bytes_here_are_not_what_was_entered_is_not_sent(desk: Journal, served: Served) -> None:
    data = noise(2 * CHUNK_BYTES)
    name = store(desk, data)
    desk.connection.execute("UPDATE chunk SET data=zeroblob(length(data)) WHERE n=1")
    good = store(desk, b"good")
    with line(served) as carrier:
        report = move(desk, carrier)
    assert (state(desk, name), state(desk, good)) == ("damaged", "held")
    assert (report.sent, report.waiting.damaged) == (1, 1)
    assert name[:12] in report.refused[0].zh


def test_a_full_hub_lets_files_wait_and_says_so(
    desk: Journal, served: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if not (served.folder / "hub.db").exists():
        pytest.skip("the room of a server is the server's matter")
    served.stop()
    monkeypatch.setenv("PYTHONPATH", str(_full_disk(tmp_path)))
    full = Served(served.folder)
    store(desk, noise(CHUNK_BYTES))
    try:
        with line(full) as carrier:
            report = move(desk, carrier)
    finally:
        full.stop()
    assert report.sent == 0
    assert report.trouble is not None
    assert "剩余空间不足" in report.trouble.zh
    assert report.waiting.up == 1
    monkeypatch.delenv("PYTHONPATH")
    again = Served(served.folder)
    try:
        with line(again) as carrier:
            assert move(desk, carrier).sent == 1
    finally:
        again.stop()


def _full_disk(folder: Path) -> Path:
    """Return a folder that lets a Python process believe that its disk is full."""
    (folder / "sitecustomize.py").write_text(
        "import shutil\nshutil.disk_usage = lambda path: type('Usage', (), {'free': 1 << 20})()\n"
    )
    return folder
