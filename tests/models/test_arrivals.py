"""Whatever the order in which the entries of two workstations arrive, both hold the same; nothing of it is lost."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import arrivals, backup, errors, journal, projections, replay, search, verify
from models.hlc import next_instant
from models.journal import Change, Entry
from models.register import Register, take_lock
from tests.models import work
from tests.models.conftest import NOW, Template
from tests.models.twins import differences, pull, quiet, tables, twin


@pytest.fixture
def one(template: Template, tmp_path: Path) -> Iterator[Register]:
    with twin(template, tmp_path / "1", 1) as register:
        yield register


@pytest.fixture
def two(template: Template, tmp_path: Path) -> Iterator[Register]:
    with twin(template, tmp_path / "2", 2) as register:
        yield register


def forged(register: Register, device: int, *changes: Change, payload: bytes | None = None, hlc: int = 0) -> Entry:
    """Return the next entry of a workstation that has no register here."""
    seq, head = arrivals.held(register.connection).get(device, (0, journal.GENESIS))
    payload = journal.encode_payload(changes) if payload is None else payload
    salt = os.urandom(journal.SALT_BYTES)
    at_ms = int(NOW.timestamp() * 1000)
    fields = {
        "device": device, "seq": seq + 1, "at_ms": at_ms, "hlc": hlc or (at_ms + seq) << 20 | device, "mono_ms": -1,
        "actor": 1, "act": "x", "matter": None, "commitment": journal.commit_payload(salt, payload), "prev": head,
    }  # fmt: skip
    return Entry(**fields, payload=payload, salt=salt, hash=journal.header_hash(**fields))


def arrive(register: Register, *entries: Entry, **options: bool) -> arrivals.Arrived:
    return arrivals.take(register, entries, at=NOW, way="line", **options)


# --- equal at both ----------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=work.STEPS, seed=st.integers(0, 1 << 30))
def test_any_order_of_arrival_gives_the_same_tables_and_conflicts(
    template: Template, steps: list[work.Step], seed: int
) -> None:
    source = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stations = [twin(template, folder / str(number), number) for number in (1, 2)]
        try:
            for step in steps:
                work.do(stations, step)
            quiet(*stations, source=source)
            assert tables(stations[0]) == tables(stations[1])
            for register in stations:
                assert replay.wrong_digests(register.connection) == 0
                assert differences(register, folder / "beside") == {}
                everything = [row[0] for row in register.rows("SELECT id FROM matter")]
                documents = projections.index_documents(register.connection, everything).values()
                assert search.differences(register.connection, documents) == 0
                assert register.rows("SELECT count(*) FROM quarantine") == [(0,)]
        finally:
            for register in stations:
                register.close()


def test_the_same_entries_again_change_nothing(one: Register, two: Register) -> None:
    work.matter(two, "甲")
    assert pull(one, two, 2).taken == 1
    before = tables(one)
    entries = list(replay.entries_of(two.connection, device=2))
    assert arrive(one, *entries) == arrivals.Arrived()
    assert tables(one) == before


def test_own_instants_come_after_all_that_was_heard(one: Register, two: Register) -> None:
    far = NOW + timedelta(days=3653)
    matter = work.matter(two, "甲", at=far)
    pull(one, two, 2)
    heard = two.last_hlc
    assert one.last_hlc == heard
    with one.act("amend", by=one.person, at=NOW) as act:
        act.set("matter", matter, title="乙")
    assert one.last_hlc > heard
    path, keys = one.path, one.keys
    one.close()
    with Register._finish(path, take_lock(path), one.id, keys, one.login) as again:
        assert again.last_hlc == one.last_hlc


def test_what_arrives_is_searched_listed_and_due_at_once(one: Register, two: Register) -> None:
    matter = work.matter(two, "某某路噪声扰民")
    pull(one, two, 2)
    from models.desk import Desk
    from models.records import Filters

    desk = Desk(one, now=lambda: NOW)
    assert [line.id for line in desk.search("噪声").lines] == [matter]
    assert desk.count(Filters()) == 1
    assert one.rows("SELECT count(*) FROM duty WHERE matter=?", (matter,))[0][0] > 0
    assert one.rows("SELECT who, channel FROM matter") == two.rows("SELECT who, channel FROM matter")


def test_staff_units_and_settings_that_arrive_count_at_once(one: Register, two: Register) -> None:
    assert one.setting("organ.phone") != "1"
    one.staff(), one.units()
    with two.act("x", by=two.person, at=NOW) as act:
        unit = act.insert("unit", {"name": "新所", "kind": "station"})
        staff = act.insert("staff", {"login": "xin", "name": "新人", "unit": unit, "roles": "[]"})
    pull(one, two, 2)
    assert one.units()[unit] == "新所"
    assert one.staff()[staff].name == "新人"


# --- the chain --------------------------------------------------------------------------------------------------------


def test_a_gap_a_fork_and_altered_entries_are_refused_whole(one: Register, two: Register) -> None:
    for title in "甲乙丙":
        work.matter(two, title)
    entries = list(replay.entries_of(two.connection, device=2))
    before = tables(one)
    cases = [
        (entries[1:], "gap", 2),
        ([replace(entries[0], act="y"), *entries[1:]], "hash", 1),
        ([entries[0], replace(entries[1], payload=b"[]")], "commitment", 2),
        ([entries[0], entries[2]], "gap", 2),
        ([entries[0], replace(entries[1], device=3)], "device", 2),
        ([replace(entries[0], prev=bytes([1]) * 32)], "fork", 1),
    ]
    for given_, cause, seq in cases:
        with pytest.raises(errors.ChainError) as caught:
            arrive(one, *given_)
        assert (caught.value.cause, caught.value.seq) == (cause, seq)
    assert tables(one) == before
    assert arrivals.held(one.connection).keys() == {1}
    arrive(one, *entries[:2])
    other = replace(entries[1], hash=bytes(32))
    with pytest.raises(errors.ChainError) as caught:
        arrive(one, entries[0], other)
    assert (caught.value.cause, caught.value.device, caught.value.seq) == ("fork", 2, 2)
    assert arrive(one, *entries).taken == 1


def test_own_entries_come_back_after_an_old_backup(template: Template, tmp_path: Path, one: Register) -> None:
    matter = work.matter(one, "甲")
    with one.act("amend", by=one.person, at=NOW) as act:
        act.set("matter", matter, title="乙")
    with twin(template, tmp_path / "old", 1) as old:
        old.last_id("matter")
        assert pull(old, one, 1).taken == 2
        assert (old.seq, old.head, old.last_hlc) == (one.seq, one.head, one.last_hlc)
        assert tables(old) == tables(one)
        assert work.matter(old, "丙") > matter
        assert differences(old, tmp_path / "beside") == {}


# --- waiting ----------------------------------------------------------------------------------------------------------


def test_what_speaks_of_rows_that_have_not_come_waits_and_the_others_flow(
    template: Template, tmp_path: Path, one: Register, two: Register
) -> None:
    with twin(template, tmp_path / "3", 3) as three:
        matter = work.matter(one, "甲")
        pull(two, one, 1)
        work.matter(two, "乙")
        with two.act("amend", by=two.person, at=NOW) as act:
            act.set("matter", matter, title="改")
        work.matter(two, "丙")
        done = pull(three, two, 2)
        assert (done.taken, done.waiting) == (1, (2,))
        work.matter(three, "own work goes on")
        assert pull(three, one, 1).taken == 1
        assert pull(three, two, 2).taken == 2
        assert arrivals.held(three.connection)[2][0] == 3
        quiet(one, two, three)
        assert tables(one) == tables(two) == tables(three)


def test_a_new_row_that_refers_to_one_that_has_not_come_waits(
    template: Template, tmp_path: Path, one: Register, two: Register
) -> None:
    matter = work.matter(one, "甲")
    pull(two, one, 1)
    with two.act("claim", by=two.person, at=NOW) as act:
        act.insert("claim", {"matter": matter, "place": 1, "request": "要求"})
    with twin(template, tmp_path / "3", 3) as three:
        assert pull(three, two, 2).waiting == (2,)
        pull(three, one, 1)
        assert pull(three, two, 2).taken == 1
        assert three.rows("SELECT request FROM claim") == [("要求",)]


# --- quarantine -------------------------------------------------------------------------------------------------------


def test_a_number_that_is_taken_puts_the_whole_entry_aside_and_names_both(
    one: Register, two: Register, tmp_path: Path
) -> None:
    for register in (one, two):
        work.matter(register, "甲", number="S20260000001")
    work.matter(two, "乙", number="S20260000002")
    done = pull(one, two, 2)
    assert done.taken == 2
    (aside,) = done.quarantined
    assert (aside.device, aside.seq, aside.code) == (2, 1, "number_taken")
    own = arrivals.held(one.connection)[1][0]
    words = (
        (aside.message.zh, f"工作站 1 的第 {own} 条", "工作站 2 的第 1 条"),
        (aside.message.en, f"entry {own} of workstation 1", "entry 1 of workstation 2"),
    )
    for said, other, this in words:
        assert "S20260000001" in said
        assert other in said
        assert this in said
    assert arrivals.quarantined(one.connection) == (aside,)
    assert [row[0] for row in one.rows("SELECT title FROM matter ORDER BY title")] == ["乙", "甲"]
    assert differences(one, tmp_path / "beside") == {}


def test_what_was_in_the_way_is_gone_and_the_entry_is_laid(one: Register, two: Register, tmp_path: Path) -> None:
    mine = work.matter(one, "甲", number="S20260000001")
    theirs = work.matter(two, "乙", number="S20260000001")
    with two.act("amend", by=two.person, at=NOW) as act:
        act.set("matter", theirs, title="丙")
    done = pull(one, two, 2)
    assert [(line.seq, line.code) for line in done.quarantined] == [(1, "number_taken"), (2, "row_missing")]
    assert arrivals.retry(one, at=NOW).taken == 0
    with one.act("amend", by=one.person, at=NOW) as act:
        act.set("matter", mine, number="S20260000003")
    again = arrivals.retry(one, at=NOW)
    assert (again.taken, again.quarantined) == (2, ())
    # At the other, the entry with the number and the one that gave it up stand aside both, and are laid together.
    assert pull(two, one, 1, 1).quarantined != ()
    done = pull(two, one, 1)
    assert (done.taken, done.quarantined) == (1, ())
    assert tables(one) == tables(two)
    assert differences(two, tmp_path / "beside") == {}
    assert differences(one, tmp_path / "beside") == {}
    assert replay.wrong_digests(one.connection) == 0


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"not a payload", "bad_payload"),
        (b'[["unheard_of", 1, null, {"a": 1}]]', "unknown_column"),
        (b'[["unit", 12884901889, null, {"name": "x", "kind": "station", "colour": "red"}]]', "unknown_column"),
        (b'[["unit", 12884901889, null, {"name": 5, "kind": "station"}]]', "bad_payload"),
        (b'[["unit", 12884901889, null, {"name": "x"}]]', "bad_payload"),
        (b'[["unit", 4294967297, null, {"name": "x", "kind": "station"}]]', "row_exists"),
        (b'[["unit", 12884901889, 5, {"name": "x"}]]', "row_missing"),
        (b'[["unit", 12884901889, null, {"above": 12884901999, "kind": "station", "name": "x"}]]', "row_missing"),
        (b'[["unit", 4294967297, 5, {"name": null}]]', "bad_payload"),
    ],
)
def test_a_poisoned_entry_stands_aside_and_the_rest_flows(one: Register, payload: bytes, code: str) -> None:
    before = tables(one)
    poison = forged(one, 3, payload=payload)
    arrive(one, poison)
    assert [(line.seq, line.code) for line in arrivals.quarantined(one.connection)] == [(1, code)]
    assert tables(one) == before
    assert (
        arrive(one, forged(one, 3, Change("unit", (3 << 32) + 5, None, {"name": "所", "kind": "station"}))).taken == 1
    )
    assert (3 << 32) + 5 in one.units()
    (line,) = arrivals.quarantined(one.connection)
    assert "工作站 3 的第 1 条" in line.message.zh
    assert "ntry 1 of workstation 3" in line.message.en
    checks = {check.name: check for check in verify.verify(one)}
    assert all(check.holds for check in checks.values())
    assert "3-1" in checks["quarantine"].finding.zh


def test_what_the_tables_refuse_unforeseen_stands_aside_too(one: Register) -> None:
    good = Change("unit", (3 << 32) + 1, None, {"name": "所", "kind": "station"})
    first = forged(one, 3, good)
    arrive(one, first)
    second = forged(one, 3, Change("staff", (3 << 32) + 1, None, {"login": "reg", "name": "x", "roles": "[]"}))
    done = arrive(one, second)
    assert [line.code for line in done.quarantined] == ["number_taken"]
    one.connection.execute("CREATE UNIQUE INDEX surprise ON unit(name)")
    third = forged(one, 3, Change("unit", (3 << 32) + 2, None, {"name": "所", "kind": "station"}))
    done = arrive(one, third)
    assert [line.code for line in done.quarantined] == ["constraint"]
    assert arrivals.held(one.connection)[3][0] == 3


# --- sealed by key ----------------------------------------------------------------------------------------------------


def test_a_payload_sealed_by_key_is_kept_counted_and_not_read(one: Register, two: Register) -> None:
    sealed = forged(one, 3, payload=journal.OPAQUE + b"\xff\x00anything")
    assert arrive(one, sealed).quarantined == ()
    month = journal.bucket(sealed.hlc)
    expected = (1, journal.sealed_digest(sealed).to_bytes(32))
    assert one.row("SELECT rows, sum FROM digest WHERE table_name='~sealed' AND month=?", (month,)) == expected
    (kept,) = replay.entries_of(one.connection, device=3)
    assert kept == sealed
    assert all(check.holds for check in verify.verify(one))
    pull(two, one, 3)
    assert tables(one) == tables(two)


def test_a_row_that_a_restored_register_lost_is_waited_for_though_something_of_it_is_sealed(
    template: Template, tmp_path: Path, one: Register, two: Register
) -> None:
    """Found by `make simulate`: a sibling's changes of the row were passed over, and lacked when it came after all."""
    at_ms = int(NOW.timestamp() * 1000)
    sealed = forged(one, 1, payload=journal.OPAQUE + b"\xff", hlc=next_instant(one.last_hlc, at_ms, 1))
    arrivals.take(one, [sealed], at=NOW, way="restore")
    backup.backup(one, tmp_path / "old")
    matter = work.matter(one, "丢失的事项")
    pull(two, one, 1)
    with two.act("amend", by=two.person, at=NOW, matter=matter) as act:
        act.set("matter", matter, title="补正后的标题")
    with two.act("amend", by=two.person, at=NOW, matter=matter) as act:
        act.set("matter", matter, title="再补正的标题")  # what it had seen is in quarantine
    with template.open(tmp_path / "old") as restored:
        assert [line.code for line in pull(restored, two, 2).quarantined] == ["row_missing", "row_missing"]
        pull(restored, one, 1)
        assert arrivals.quarantined(restored.connection) == ()
        assert tables(restored) == tables(two)
        assert differences(restored, tmp_path / "beside") == {}


# --- a first download -------------------------------------------------------------------------------------------------


def test_a_first_download_in_bulk_gives_what_the_everyday_way_gives(
    template: Template, tmp_path: Path, one: Register, two: Register
) -> None:
    matters = [work.matter(one, f"事项{number}") for number in range(250)]
    work.seal(one, matters[3])
    with twin(template, tmp_path / "3", 3) as three:
        while pull(three, one, 1, 40, bulk=True).taken:
            pass
        assert arrivals.bulk_pending(three.connection)
        told: list[tuple[int, int]] = []
        arrivals.finish_bulk(three, lambda done, total: told.append((done, total)))
        assert told[-1][1] == 250
        assert not arrivals.bulk_pending(three.connection)
        pull(two, one, 1)
        assert tables(three) == tables(two) == tables(one)
        assert search.background_left(three.connection) == (0, 250)
        # Work goes on while the index is being made: new ones are in at once, those not reached are left to it.
        with three.act("amend", by=three.person, at=NOW) as act:
            act.set("matter", matters[0], title="改过的题目")
            act.set("matter", matters[249], title="也改过")
        new = work.matter(three, "新来的事项")
        from models.desk import Desk

        desk = Desk(three, now=lambda: NOW)
        assert [line.id for line in desk.search("新来的").lines] == []
        while three.tidy():
            pass
        assert search.background_left(three.connection) is None
        assert [line.id for line in desk.search("新来的").lines] == [new]
        assert {line.id for line in desk.search("改过").lines} == {matters[0], matters[249]}
        everything = [row[0] for row in three.rows("SELECT id FROM matter")]
        documents = projections.index_documents(three.connection, everything).values()
        assert search.differences(three.connection, documents) == 0
        assert differences(three, tmp_path / "beside") == {}
