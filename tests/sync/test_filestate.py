"""What a register knows of its files: found in the journal, whole or not here, never half."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.attachments import CHUNK_BYTES
from sync import filedesk, filestate
from sync.chunks import chunk_count, chunk_length
from sync.filedesk import Desk, NoRoomError
from sync.files import FilesReport
from sync.filestate import OnTheWay, Stored
from tests.sync.conftest import Journal
from tests.sync.papers import hand, name_of, noise, read, state, store

SIZE = 3 * CHUNK_BYTES + 5


@pytest.fixture
def author() -> Iterator[Journal]:
    one = Journal(device=2)
    yield one
    one.close()


def look(desk: Journal) -> int:
    """Look through all new entries; returns in how many steps."""
    steps = 1
    while filestate.look(desk.connection, at_ms=steps):
        steps += 1
    return steps


def test_names_are_found_in_entries_of_everybody_and_once(journal: Journal, author: Journal) -> None:
    here, there = store(journal, b"here"), store(author, b"there")
    store(journal, b"here", "document")
    hand(author, journal)
    look(journal)
    assert (state(journal, here), state(journal, there)) == ("here", "coming")
    assert filestate.on_the_way(journal.connection) == OnTheWay(up=1, up_bytes=4, down=1)
    assert filestate.to_send(journal.connection, 10) == [Stored(here, 4)]
    assert filestate.wanted(journal.connection, 10) == [there]


def test_only_new_entries_are_looked_through(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filestate, "ENTRIES_A_LOOK", 3)
    journal.units(7)
    name = store(journal, b"x")
    assert look(journal) == 3
    assert state(journal, name) == "here"
    read_payloads: list[str] = []
    journal.connection.set_trace_callback(read_payloads.append)
    assert look(journal) == 1
    journal.connection.set_trace_callback(None)
    assert not any("payload" in statement for statement in read_payloads)


def test_another_journal_is_looked_through_from_its_beginning(journal: Journal) -> None:
    name = store(journal, b"x")
    journal.connection.execute("INSERT INTO sync_file_seen(one, arrival) VALUES(1, 1000)")
    look(journal)
    assert state(journal, name) == "here"


@pytest.mark.parametrize(
    "payload",
    [
        b"\0PDK-SEALED-1\nsha256 sha256",
        b'{"sha256":1}',
        b'[[1,2,3,{"sha256":"../../etc"}]]',
        b'[["t",1,null,{"sha256":5}]]',
        b'[["t",1,null,{"content":"{\\"sha256\\""}]]',
        b'[["t",1,null,["sha256"]]]',
    ],
)
def test_payloads_that_name_no_file_are_passed_over(payload: bytes, journal: Journal) -> None:
    assert filestate.named_in(payload) == []
    journal.unit()
    journal.connection.execute("UPDATE entry SET payload=?", (payload,))
    name = store(journal, b"after")
    look(journal)
    assert state(journal, name) == "here"


def test_a_city_paper_names_what_it_encloses_at_any_depth() -> None:
    one, two = name_of(b"1"), name_of(b"2")
    content = orjson.dumps({"files": [{"name": "a", "sha256": one}], "facts": {"scan": {"sha256": two}}}).decode()
    payload = orjson.dumps([["city_paper", 1, None, {"content": content, "title": "t"}]])
    assert filestate.named_in(payload) == [one, two]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(4)), dropped=st.integers(0, 4), handed_in=st.integers(0, 5))
def test_a_file_that_comes_is_whole_or_not_there_at_every_step(order: list[int], dropped: int, handed_in: int) -> None:
    """Chunks in any order, thrown away once, and the same file handed in here in the middle of it."""
    journal, author = Journal(), Journal(device=2)
    data = noise(SIZE)
    name = store(author, data)
    hand(author, journal)
    look(journal)
    desk = Desk(journal, FilesReport(), lambda: 0)
    for step, n in enumerate([*order, *order]):
        if step == dropped:
            filestate.drop(journal.connection, name)
        if step == handed_in:
            # As `attachments.store` does: away with what had come, and all chunks at once.
            if read(journal, name) is None:
                journal.connection.execute("DELETE FROM chunk WHERE sha256=?", (name,))
            store(journal, data)
        if n in filestate.lacking(journal.connection, name, SIZE):
            part = data[n * CHUNK_BYTES :][: chunk_length(SIZE, n)]
            filestate.take(journal.connection, name, n, SIZE, part)
        desk.complete(Stored(name, SIZE), held=True)
        assert read(journal, name) in (None, data)
    look(journal)
    assert read(journal, name) == data
    assert state(journal, name) in ("here", "held")
    assert filestate.lacking(journal.connection, name, SIZE) == []
    for one in (journal, author):
        one.close()


def coming(journal: Journal, author: Journal, data: bytes) -> tuple[Desk, Stored]:
    name = store(author, data)
    hand(author, journal)
    look(journal)
    return Desk(journal, FilesReport(), lambda: 0), Stored(name, len(data))


def test_chunks_that_do_not_make_up_the_file_are_thrown_away_and_told(journal: Journal, author: Journal) -> None:
    data, wrong = noise(SIZE), noise(SIZE, "wrong")
    desk, stored = coming(journal, author, data)
    for n in range(4):
        part = wrong[n * CHUNK_BYTES :][: chunk_length(SIZE, n)]
        filestate.take(journal.connection, stored.name, n, SIZE, part)
    assert not desk.complete(stored, held=True)
    assert stored.name[:12] in desk.report.refused[0].en
    assert journal.connection.execute("SELECT count(*) FROM chunk").fetchone() == (0,)
    assert filestate.lacking(journal.connection, stored.name, SIZE) == [0, 1, 2, 3]
    assert filestate.wanted(journal.connection, 9) == [stored.name]


def test_another_size_begins_anew(journal: Journal, author: Journal) -> None:
    _, stored = coming(journal, author, noise(SIZE))
    connection = journal.connection
    filestate.take(connection, stored.name, 0, 2 * SIZE, noise(CHUNK_BYTES))
    filestate.take(connection, stored.name, 1, 2 * SIZE, noise(CHUNK_BYTES))
    assert filestate.lacking(connection, stored.name, SIZE) == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="chunk 3"):
        filestate.take(connection, stored.name, 3, SIZE, b"no")
    assert chunk_count(SIZE) == 4


def test_files_that_come_leave_room_to_the_register(tmp_path, author: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(path=str(tmp_path / "one.register"))
    desk, stored = coming(journal, author, noise(20))
    desk.check_room(stored)
    monkeypatch.setattr(filedesk, "RESERVE_BYTES", 1 << 60)
    with pytest.raises(NoRoomError) as error:
        desk.check_room(stored)
    assert "本机" in error.value.message.zh
    assert "records go on" in error.value.message.en
    journal.close()


def test_what_is_asked_for_takes_turns(journal: Journal, author: Journal) -> None:
    names = [store(author, bytes([number])) for number in range(5)]
    hand(author, journal)
    look(journal)
    asked: list[str] = []
    for step in range(5):
        first = filestate.wanted(journal.connection, 1)
        asked += first
        filestate.note_asked(journal.connection, first, at_ms=100 + step)
    assert sorted(asked) == sorted(names)


def test_a_finder_of_damage_lets_it_be_tried_again(journal: Journal) -> None:
    name = store(journal, noise(20))
    look(journal)
    filestate.note_damaged(journal.connection, name)
    assert filestate.to_send(journal.connection, 9) == []
    assert filestate.on_the_way(journal.connection).damaged == 1
    filestate.send_again(journal.connection)
    assert filestate.to_send(journal.connection, 9) == [Stored(name, 20)]
