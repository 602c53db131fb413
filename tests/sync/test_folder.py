"""The folder carries both ways, whole files or none, several workstations at once, and is never the only copy."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sync import joining, outbox
from sync.carriers import folder as layout
from sync.carriers.folder import FolderCarrier, FolderError, put_file
from sync.hub import registry, sticks
from sync.hub.hub import Hub
from sync.round import run_once
from tests.sync.conftest import COUNTY, Journal, enrol


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    path = tmp_path / "stick"
    path.mkdir()
    return path


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_whole_exchange_by_stick_from_enrolment_to_empty_outbox(journal: Journal, hub: Hub, stick: Path) -> None:
    joining.accept_offer(journal, registry.offer(hub, COUNTY), at=datetime(2026, 6, 1, tzinfo=UTC))
    journal.units(3)
    carrier = FolderCarrier(stick)
    report = run_once(journal, carrier)
    assert (report.unsent, report.handed, report.sent_batches) == (3, 3, 1)
    read = sticks.read_folder(hub, stick)
    assert (len(read.enrolled), len(read.receipted), read.refused) == (1, 1, {})
    assert files(stick) == [
        f"holds/{COUNTY}/0001.holds",
        f"to-desk/{COUNTY}/0001-0000000001-0000000003.receipt",
        f"to-hub/{COUNTY}/0001-0000000001-0000000003.batch",
        f"to-hub/{COUNTY}/0001.answer",
    ]
    report = run_once(journal, carrier)
    assert report.quiet
    assert report.agreement is not None
    assert report.agreement.message().en == "The city agrees: 3 of 3."
    state = outbox.sync_state(journal.connection, journal.station)
    assert (state.unsent, state.agreed, state.held, state.trouble) == (0, 3, 3, "")
    assert journal.connection.execute("SELECT count(*) FROM sync_batch").fetchone() == (0,)


def test_strange_names_on_a_stick_stop_nothing(joined: Journal, hub: Hub, stick: Path) -> None:
    joined.units(2)
    run_once(joined, FolderCarrier(stick))
    holds, to_hub = stick / "holds" / COUNTY, stick / "to-hub" / COUNTY
    document = (holds / "0001.holds").read_bytes()
    (holds / ("9" * 40 + ".holds")).write_bytes(document)
    foreign = stick / "holds" / os.fsdecode(b"caf\xe9")
    foreign.mkdir()
    (foreign / "0001.holds").write_bytes(document)
    (to_hub / "0000-0000000001-0000000001.batch").mkdir()
    os.mkfifo(to_hub / "0000-0000000002-0000000002.batch")
    read = sticks.read_folder(hub, stick)
    assert (len(read.receipted), read.heard, read.refused) == (1, [f"{COUNTY}/1"], {})
    sticks.write_folder(hub, stick)
    (stick / "to-desk" / COUNTY / "0000-0000000001-0000000001.receipt").mkdir()
    assert run_once(joined, FolderCarrier(stick)).quiet


def test_reading_changes_nothing_on_the_folder(joined: Journal, hub: Hub, stick: Path) -> None:
    joined.units(2)
    run_once(joined, FolderCarrier(stick))
    before = {name: (stick / name).read_bytes() for name in files(stick)}
    sticks.read_folder(hub, stick)
    after = {name: (stick / name).read_bytes() for name in files(stick) if not name.startswith("to-desk")}
    assert after == before
    read_again = sticks.read_folder(hub, stick)
    assert read_again.written == []


def test_several_workstations_share_a_stick(hub: Hub, stick: Path) -> None:
    stations = [Journal(device=1), Journal(device=2), Journal(county="430182", device=1)]
    for number, station in enumerate(stations):
        enrol(station, hub)
        station.units(number + 1)
        run_once(station, FolderCarrier(stick))
    assert len(sticks.read_folder(hub, stick).receipted) == 3
    for station in stations:
        report = run_once(station, FolderCarrier(stick))
        assert (report.unsent, report.trouble) == (0, None)


def test_batches_go_on_while_earlier_ones_wait_for_their_receipts(joined: Journal, hub: Hub, stick: Path) -> None:
    for expected in (2, 4, 6):
        joined.units(2)
        report = run_once(joined, FolderCarrier(stick))
        assert report.handed == expected
    assert len(sticks.read_folder(hub, stick).receipted) == 3
    assert run_once(joined, FolderCarrier(stick)).quiet


def test_a_lost_stick_loses_nothing_and_the_newest_receipt_is_enough(
    joined: Journal, hub: Hub, stick: Path, tmp_path: Path
) -> None:
    joined.units(2)
    run_once(joined, FolderCarrier(stick))
    other = tmp_path / "other"
    other.mkdir()
    joined.units(2)
    assert run_once(joined, FolderCarrier(other)).handed == 4
    assert len(files(other)) == 4, "the batch of the lost stick is written again, and the answer"
    sticks.read_folder(hub, other)
    newest = tmp_path / "newest"
    newest.mkdir()
    sticks.write_folder(hub, newest)
    assert files(newest) == [
        f"holds/{COUNTY}/hub.holds",
        f"to-desk/{COUNTY}/0001-0000000003-0000000004.receipt",
    ]
    assert run_once(joined, FolderCarrier(newest)).unsent == 0


def test_a_batch_cut_on_the_stick_is_refused_told_and_made_anew(joined: Journal, hub: Hub, stick: Path) -> None:
    joined.units(2)
    run_once(joined, FolderCarrier(stick))
    (path,) = (stick / "to-hub" / COUNTY).glob("*.batch")
    path.write_bytes(path.read_bytes()[:-100])
    read = sticks.read_folder(hub, stick)
    assert [message.en for message in read.refused.values()] == [next(iter(read.refused.values())).en]
    assert "cut short" in next(iter(read.refused.values())).en
    report = run_once(joined, FolderCarrier(stick))
    assert any("cut short" in message.en for message in report.refused)
    sticks.read_folder(hub, stick)
    assert run_once(joined, FolderCarrier(stick)).quiet


def test_a_receipt_altered_on_the_stick_is_kept_aside_and_the_next_one_counts(
    joined: Journal, hub: Hub, stick: Path
) -> None:
    joined.units(2)
    run_once(joined, FolderCarrier(stick))
    sticks.read_folder(hub, stick)
    (path,) = (stick / "to-desk" / COUNTY).glob("*.receipt")
    good = path.read_bytes()
    path.write_bytes(good.replace(b'"last":2', b'"last":3'))
    report = run_once(joined, FolderCarrier(stick))
    assert (report.trouble_code, report.unsent) == ("wrong_signature", 2)
    assert joined.connection.execute("SELECT code FROM sync_aside").fetchall() == [("wrong_signature",)]
    path.write_bytes(good)
    assert run_once(joined, FolderCarrier(stick)).quiet


def test_a_file_is_flushed_and_read_back_before_it_gets_its_name(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    fsync, replace, read = os.fsync, Path.replace, layout.read_back

    def watched(name: str, work: Any) -> Any:
        def run(*arguments: Any) -> Any:
            done.append(name)
            return work(*arguments)

        return run

    monkeypatch.setattr(os, "fsync", watched("fsync", fsync))
    monkeypatch.setattr(Path, "replace", watched("rename", replace))
    monkeypatch.setattr(layout, "read_back", watched("read back", read))
    assert put_file(stick / "a" / "file", b"content")
    assert done == ["fsync", "read back", "rename", "fsync"]
    assert not put_file(stick / "a" / "file", b"content")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_medium_that_fails_leaves_no_partial_file_and_is_told(
    number: int, joined: Journal, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined.units(2)
    monkeypatch.setattr(os, "fsync", lambda _fd: (_ for _ in ()).throw(OSError(number, os.strerror(number))))
    report = run_once(joined, FolderCarrier(stick))
    assert report.trouble is not None
    assert os.strerror(number) in report.trouble.en
    assert (report.unsent, files(stick)) == (2, [])
    monkeypatch.undo()
    assert run_once(joined, FolderCarrier(stick)).handed == 2


def test_a_medium_that_gives_back_other_bytes_is_not_trusted(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "read_back", lambda path: path.read_bytes()[:-1] + b"?")
    with pytest.raises(FolderError, match="介质"):
        put_file(stick / "file", b"content")
    assert files(stick) == []


def test_a_stick_that_is_not_in_is_told_and_no_folder_is_made(joined: Journal, hub: Hub, tmp_path: Path) -> None:
    joined.unit()
    report = run_once(joined, FolderCarrier(tmp_path / "absent"))
    assert report.trouble is not None
    assert "absent" in report.trouble.en
    assert not (tmp_path / "absent").exists()
    with pytest.raises(FolderError):
        sticks.read_folder(hub, tmp_path / "absent")
    assert outbox.sync_state(joined.connection, joined.station).trouble


def test_half_written_and_strange_files_are_passed_over(joined: Journal, hub: Hub, stick: Path) -> None:
    joined.unit()
    run_once(joined, FolderCarrier(stick))
    county = stick / "to-hub" / COUNTY
    (county / ".0001-0000000001-0000000002.batch.ab.part").write_bytes(b"half")
    (county / "notes.txt").write_text("x")
    (county / "0009-x.batch").write_bytes(b"not one")
    read = sticks.read_folder(hub, stick)
    assert list(read.refused) == [f"to-hub/{COUNTY}/0009-x.batch"]
    assert len(read.receipted) == 1
    (stick / "to-desk" / COUNTY / "odd.receipt").write_bytes(b"x")
    assert run_once(joined, FolderCarrier(stick)).quiet
