"""Files within whole rounds, with real registers: scans and letters reach a sibling, and no record waits for them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from models import backup, replay
from models.attachments import CHUNK_BYTES
from models.desk import Desk as Work
from models.errors import NotYetHereError
from models.records import AttachmentDraft
from models.register import Register
from models.verify import verify
from sync import filestate, together
from sync.carriers.folder import FolderCarrier
from sync.carriers.https import HttpsCarrier
from sync.carriers.https_files import HttpsFiles
from sync.hub import files as hub_files
from sync.hub import sticks
from sync.hub.hub import Hub
from tests.sync import test_down
from tests.sync.conftest import COUNTY, Served
from tests.sync.desks import AT, PASSPHRASE, visit
from tests.sync.papers import name_of, noise
from tests.sync.test_down import Desk, Pair, put_back

LATER = AT + timedelta(hours=1)
desks, on_line, by_hand = test_down.desks, test_down.on_line, test_down.by_hand


def attach(desk: Desk, matter: int, data: bytes) -> int:
    work = Work(desk.register, now=lambda: LATER)
    return work.attach(matter, AttachmentDraft(name="扫描.png", media_type="image/png", data=data))


def bytes_of(desk: Desk, attachment: int) -> bytes:
    return Work(desk.register, now=lambda: LATER).attachment_bytes(attachment)


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_a_scan_reaches_a_sibling_by_line_and_is_told_as_on_its_way_until_then(on_line: Pair, served: Served) -> None:
    first, second = on_line
    data = noise(3 * CHUNK_BYTES + 5)
    scan = attach(first, visit(first.register, 1), data)
    sent = first.by_line(served)
    assert (sent.quiet, sent.files.sent, sent.files.trouble) == (True, 1, None)
    with HttpsCarrier(served.address, served.ready["certificate"]) as carrier, pytest.MonkeyPatch.context() as patch:
        patch.setattr(HttpsFiles, "get", _nothing)
        from sync.round import run_once

        came = run_once(second.port, carrier, authors=second.authors)
    assert came.fetched == first.register.seq
    assert came.files.waiting.down == 1
    assert came.quiet, "that a file is on its way is no trouble of the round"
    second.reopen()
    with pytest.raises(NotYetHereError):
        bytes_of(second, scan)
    came = second.by_line(served)
    assert (came.files.taken, came.files.waiting.down) == (1, 0)
    assert bytes_of(second, scan) == data
    assert [check for check in verify(second.register) if not check.holds] == []


def _nothing(*_: object) -> bytes:
    from sync.causes import RefusedError

    raise RefusedError("file_unknown", what="", n=0)


def test_a_scan_reaches_a_sibling_by_the_hubs_stick(by_hand: Pair, hub: Hub, stick: Path) -> None:
    first, second = by_hand
    data = noise(CHUNK_BYTES + 5)
    scan = attach(first, visit(first.register, 1), data)
    for _ in range(4):
        for desk in (first, second):
            assert desk.by_stick(stick).trouble is None
        assert sticks.read_folder(hub, stick).files.refused == {}
        sticks.write_folder(hub, stick)
    second.reopen()
    assert bytes_of(second, scan) == data
    assert first.by_stick(stick).files.waiting == filestate.OnTheWay()
    assert second.by_stick(stick).files.waiting == filestate.OnTheWay()
    assert not list(stick.rglob("*.chunk"))


def test_a_scan_goes_from_sibling_to_sibling_where_there_is_no_hub(desks: Pair, stick: Path) -> None:
    first, second = desks
    data = noise(CHUNK_BYTES + 5)
    scan = attach(first, visit(first.register, 1), data)
    second.register.must_fetch = False
    second.register.connection.execute("DELETE FROM meta WHERE name='sync.fetch'")
    from sync import siblings

    keys = first.port.station.keys.public()
    together.by_folder(first.port, stick)
    siblings.exchange(second.port, stick, now=lambda: LATER, authors={1: keys})
    siblings.exchange(first.port, stick, now=lambda: LATER)
    siblings.exchange(second.port, stick, now=lambda: LATER, authors={1: keys})
    second.reopen()
    with pytest.raises(NotYetHereError):
        bytes_of(second, scan)
    together.by_folder(second.port, stick)  # says what it wants
    assert together.by_folder(first.port, stick).files.laid == 2
    took = together.by_folder(second.port, stick, writes=False)
    assert (took.files.taken, took.files.laid) == (1, 0)
    assert bytes_of(second, scan) == data


def test_a_record_entered_while_a_large_file_goes_up_is_sent_before_the_next_chunk(
    on_line: Pair, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _ = on_line
    attach(desk, visit(desk.register, 1), noise(8 * CHUNK_BYTES))
    order: list[str] = []
    put, send = HttpsFiles.put, HttpsCarrier.send

    def watched_put(self: HttpsFiles, *args, **options):
        order.append("chunk")
        if order.count("chunk") == 3:
            visit(desk.register, 2)
        return put(self, *args, **options)

    def watched_send(self: HttpsCarrier, *args, **options):
        order.append("records")
        return send(self, *args, **options)

    monkeypatch.setattr(HttpsFiles, "put", watched_put)
    monkeypatch.setattr(HttpsCarrier, "send", watched_send)
    report = desk.by_line(served)
    assert order == ["records", *["chunk"] * 3, "records", *["chunk"] * 5]
    assert (report.unsent, report.files.sent, report.quiet) == (0, 1, True)


def test_a_record_entered_while_a_stick_is_written_lies_there_before_the_next_chunk(
    by_hand: Pair, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _ = by_hand
    attach(desk, visit(desk.register, 1), noise(4 * CHUNK_BYTES))
    order: list[str] = []
    from sync.carriers import folder_files
    from sync.carriers.folder import put_file

    def watched_lay(path: Path, data: bytes) -> bool:
        order.append(path.suffix)
        if order.count(".chunk") == 2:
            visit(desk.register, 2)
        return put_file(path, data)

    send = FolderCarrier.send

    def watched_send(self: FolderCarrier, *args, **options):
        order.append("records")
        return send(self, *args, **options)

    monkeypatch.setattr(folder_files, "put_file", watched_lay)
    monkeypatch.setattr(FolderCarrier, "send", watched_send)
    report = together.by_folder(desk.port, stick)
    went = [what for what, _ in itertools.groupby(what for what in order if what != ".files")]
    assert went == ["records", ".chunk", "records", ".chunk"]
    assert order.count(".chunk") == 4
    assert (report.files.laid, report.trouble) == (4, None)


def test_a_line_on_which_files_break_is_no_trouble_of_the_round(
    on_line: Pair, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _ = on_line
    attach(desk, visit(desk.register, 1), noise(10))
    from models.errors import HubUnreachableError

    def broken(*_: object, **__: object) -> None:
        raise HubUnreachableError("线路中断", "the line broke")

    with monkeypatch.context() as patch:
        patch.setattr(HttpsFiles, "put", broken)
        report = desk.by_line(served)
    assert (report.unsent, report.trouble, report.quiet) == (0, None, True)
    assert report.files.trouble is not None
    assert report.files.waiting.up == 1
    assert desk.by_line(served).files.sent == 1


def test_a_round_without_new_files_asks_nothing_about_them(on_line: Pair, served: Served) -> None:
    desk, _ = on_line
    attach(desk, visit(desk.register, 1), noise(10))
    assert desk.by_line(served).files.sent == 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HttpsFiles, "ask", None)
        assert desk.by_line(served).quiet
        visit(desk.register, 2)
        assert desk.by_line(served).quiet


def test_a_rebuilt_register_sends_nothing_twice_and_forgets_no_file(on_line: Pair, served: Served) -> None:
    desk, _ = on_line
    matter = visit(desk.register, 1)
    scan = attach(desk, matter, noise(10))
    assert desk.by_line(served).files.sent == 1
    late = attach(desk, matter, noise(11))
    replay.rebuild(desk.register)
    desk.register = Register.open(desk.register.path, "keeper", PASSPHRASE)
    desk.port = type(desk.port)(desk.register)
    assert desk.by_line(served).files.sent == 1
    assert (bytes_of(desk, scan), bytes_of(desk, late)) == (noise(10), noise(11))


def test_a_restored_register_gets_back_the_files_that_were_entered_after_the_backup(
    on_line: Pair, served: Served, tmp_path: Path
) -> None:
    desk, _ = on_line
    matter = visit(desk.register, 1)
    before = attach(desk, matter, noise(10))
    backup.backup(desk.register, tmp_path / "old")
    after = attach(desk, matter, noise(CHUNK_BYTES + 1))
    assert desk.by_line(served).files.sent == 2
    put_back(desk, tmp_path / "old")
    report = desk.by_line(served)
    assert (report.trouble, report.files.taken, report.files.sent) == (None, 1, 1)
    assert (bytes_of(desk, before), bytes_of(desk, after)) == (noise(10), noise(CHUNK_BYTES + 1))


def test_a_hub_that_lost_files_gets_them_again(on_line: Pair, served: Served) -> None:
    desk, _ = on_line
    attach(desk, visit(desk.register, 1), noise(10))
    assert desk.by_line(served).files.sent == 1
    import sqlalchemy as sa

    from sync.hub import storage

    with Hub.open(served.folder) as hub, hub.writing(COUNTY) as connection:
        for table in (storage.chunk, storage.file):
            connection.execute(sa.delete(table))
    assert desk.by_line(served).files.sent == 0
    from app import services

    services.send_again(desk.register)
    assert desk.by_line(served).files.sent == 1
    with Hub.open(served.folder) as hub:
        assert hub_files.here(hub, COUNTY, [name_of(noise(10))]) == {name_of(noise(10)): 10}
