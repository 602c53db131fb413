"""Siblings by stick: what each lacks and no more, cut and foreign files, lost entries given back, numbers leased."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from models import backup, errors, leases, stations
from models.journal import header_hash
from models.register import Register
from models.verify import verify
from sync import siblings, together
from sync.batch import write_batch
from sync.carriers.folder import FolderCarrier, file_name, put_file
from sync.causes import NotEnrolledError
from sync.hub import checks, sticks
from sync.hub.hub import Hub
from sync.port import RegisterPort
from sync.round import run_once
from tests.sync.desks import AT, PASSPHRASE, amend, enrol, first_desk, sibling_of, tables, visit

Desks = tuple[Register, Register]


def now() -> datetime:
    return datetime(2026, 6, 2, 1, tzinfo=UTC)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def meet(register: Register, stick: Path, **options: Any) -> siblings.SiblingReport:
    return siblings.exchange(RegisterPort(register), stick, now=now, **options)


@pytest.fixture
def desks(tmp_path: Path, stick: Path) -> Iterator[Desks]:
    first = first_desk(tmp_path / "one.register")
    second = sibling_of(first, tmp_path / "two.register", 2)
    meet(first, stick)
    keys = RegisterPort(first).station.keys.public()
    meet(second, stick, authors={1: keys})
    second.must_fetch = False
    second.connection.execute("DELETE FROM meta WHERE name='sync.fetch'")
    stations.join(second, by=second.person, at=AT)
    yield first, second
    for register in (first, second):
        register.close()


def same(one: Register, two: Register) -> None:
    left, right = tables(one), tables(two)
    for name in left:
        assert left[name] == right[name], name
    for register in (one, two):
        assert [check for check in verify(register) if not check.holds] == []


def test_each_writes_what_the_other_lacks_and_no_more(desks: Desks, stick: Path) -> None:
    first, second = desks
    visit(first, 1)
    visit(second, 2)
    assert meet(first, stick).written == {2: 1}
    report = meet(second, stick)
    assert (report.taken, report.written) == ({1: 1}, {1: 2})
    assert meet(second, stick).written == {}, "it lies there already"
    assert meet(first, stick).taken == {2: 2}
    visit(first, 3)
    before = {path.name for path in stick.rglob("*.batch")}
    assert meet(first, stick).written == {2: 1}
    (added,) = {path.name for path in stick.rglob("*.batch")} - before
    assert added == f"0001-{first.seq:010d}-{first.seq:010d}.batch"
    meet(second, stick)
    same(first, second)


def test_another_stick_has_only_what_is_not_known_to_be_there(desks: Desks, stick: Path, tmp_path: Path) -> None:
    first, second = desks
    visit(first, 1)
    meet(first, stick)
    meet(second, stick)
    meet(first, stick)
    other = tmp_path / "other"
    other.mkdir()
    visit(first, 2)
    assert meet(first, other).written == {2: 1}, "what the second said on the first stick is remembered"


@pytest.mark.parametrize("cut", [0, 10, 300, -1])
def test_a_cut_file_is_refused_and_written_again(desks: Desks, stick: Path, cut: int) -> None:
    first, second = desks
    visit(first, 1)
    meet(first, stick)
    (path,) = [one for one in stick.rglob("*.batch") if f"{first.seq:010d}.batch" in one.name]
    whole = path.read_bytes()
    path.write_bytes(whole[:cut])
    report = meet(second, stick)
    assert not report.taken
    assert len(report.refused) == 1
    meet(first, stick)
    assert meet(second, stick).taken == {1: 1}


def test_a_file_of_another_author_or_an_altered_one_is_refused(desks: Desks, stick: Path) -> None:
    first, second = desks
    visit(first, 1)
    meet(first, stick)
    (path,) = [one for one in stick.rglob("*.batch") if f"{first.seq:010d}.batch" in one.name]
    whole = path.read_bytes()
    path.rename(path.with_name(path.name.replace("0001-", "0009-", 1)))
    report = meet(second, stick)
    assert not report.taken
    assert "9" in report.refused[0].en
    path.write_bytes(whole[:-4] + b"\0\0\0\0")
    assert len(meet(second, stick).refused) == 2
    said = stick / "holds" / first.county / "0001.holds"
    fields = orjson.loads(said.read_bytes())
    said.write_bytes(orjson.dumps({**fields, "holds": [[1, 9000]]}, option=orjson.OPT_SORT_KEYS))
    assert len(meet(second, stick).refused) == 3


def test_a_gap_waits_for_the_stick_that_has_it(desks: Desks, stick: Path, tmp_path: Path) -> None:
    first, second = desks
    visit(first, 1)
    meet(first, stick)
    visit(first, 2)
    meet(first, stick)
    newest = max(stick.rglob("0001-*.batch"))
    other = tmp_path / "other"
    (other / newest.relative_to(stick)).parent.mkdir(parents=True)
    newest.rename(other / newest.relative_to(stick))
    report = meet(second, other)
    assert report.missing == {1: (first.seq - 1, first.seq - 1)}
    meet(second, stick)
    assert meet(second, other).taken == {1: 1}


def test_without_a_hub_a_restored_register_gets_its_own_entries_back(desks: Desks, stick: Path, tmp_path: Path) -> None:
    first, second = desks
    backup.backup(second, tmp_path / "b", at=AT)
    kept = visit(second, 5)
    meet(second, stick)
    meet(first, stick)
    last = second.seq
    path = second.path
    second.close()
    backup.restore(tmp_path / "b", path, "keeper", PASSPHRASE)
    with Register.open(path, "keeper", PASSPHRASE) as back:
        assert back.must_fetch
        with pytest.raises(errors.MustFetchError):
            visit(back, 6)
        meet(back, stick)
        assert back.must_fetch, "what lies there was written before anybody heard of the restoring"
        assert meet(first, stick).written[2] >= 1
        assert meet(back, stick).taken[2] == 1
        assert not back.must_fetch
        assert (back.seq, back.epoch) == (last, 2)
        assert back.record("matter", kept)
        visit(back, 6)
        meet(back, stick)
        meet(first, stick)
        meet(back, stick)
        same(first, back)


def test_a_sibling_that_came_after_the_backup_is_waited_for_too(desks: Desks, stick: Path, tmp_path: Path) -> None:
    first, second = desks
    backup.backup(first, tmp_path / "b", at=AT)
    with sibling_of(first, tmp_path / "three.register", 3) as third:
        meet(first, stick)
        meet(second, stick)
        kept = visit(first, 5)
        meet(first, stick)
        meet(third, stick, authors={1: RegisterPort(first).station.keys.public()})
        last, path = first.seq, first.path
        first.close()
        backup.restore(tmp_path / "b", path, "keeper", PASSPHRASE)
        with Register.open(path, "keeper", PASSPHRASE) as back:
            other = tmp_path / "other"  # the third is not at this stick
            other.mkdir()
            meet(back, other)
            meet(second, other)
            meet(back, other)
            assert (back.seq, back.must_fetch) == (last - 1, True)
            meet(back, stick)
            meet(third, stick)
            meet(back, stick)
            assert (back.seq, back.must_fetch) == (last, False)
            assert back.record("matter", kept)


def test_entries_in_a_workstations_own_name_are_taken_after_a_restore_only(
    desks: Desks, stick: Path, tmp_path: Path
) -> None:
    first, second = desks
    head = second.row("SELECT hash FROM entry WHERE device=2 AND seq=?", (second.seq,))
    entries = siblings._entries(first.connection, 1, first.seq - 1)
    assert head
    fields = {
        **{name: getattr(entries[0], name) for name in ("at_ms", "hlc", "mono_ms", "actor", "act", "matter")},
        "device": 2, "seq": second.seq + 1, "commitment": entries[0].commitment, "prev": head[0],
    }  # fmt: skip
    forged = replace(entries[0], **fields, hash=header_hash(**fields))
    port = RegisterPort(first)
    own = RegisterPort(second).station.keys.public()
    data = write_batch([forged], county=first.county, epoch=1, keys=port.station.keys, hub=own)
    folder = stick / "to-sibling" / first.county / "0002"
    put_file(folder / file_name(1, forged.seq, forged.seq, siblings.OWN), data)
    before = second.seq
    report = meet(second, stick)
    assert (second.seq, report.taken) == (before, {})
    assert "1" in report.refused[0].en


def test_a_round_by_folder_without_a_hub_is_between_siblings(desks: Desks, stick: Path) -> None:
    first, second = desks
    for _ in range(3):
        visit(second, 1)
    report = together.by_folder(RegisterPort(second), stick, now=now)
    assert (report.trouble, report.siblings.written) == (None, {1: 4})
    read = together.by_folder(RegisterPort(first), stick, now=now, writes=False)
    assert read.siblings.taken == {2: 4}
    assert not read.siblings.written
    wrote = together.by_folder(RegisterPort(first), stick, now=now)
    assert leases.free_numbers(first.connection, 2, "S", 2026) == 397
    assert wrote.siblings.written == {2: 1}, "the entry that leases more numbers"
    together.by_folder(RegisterPort(second), stick, now=now)
    assert leases.free_numbers(second.connection, 2, "S", 2026) == 397


def test_whoever_takes_an_emergency_number_is_told(desks: Desks) -> None:
    from models.desk import Desk
    from models.records import ItemDraft, PersonDraft

    _, second = desks
    draft = ItemDraft(
        channel="letter", received_on=date(2025, 6, 1), title="反映旧事", statement="反映旧事", claims=("依法处理",),
        people=(PersonDraft(name="张三", main=True),),
    )  # fmt: skip
    done = Desk(second, now=now).register_item(draft)
    assert (done.item_number, done.matter_number) == ("J2025-502000", "S2025-502000")
    assert len(done.warnings) == 1
    assert "J2025-502000、S2025-502000 是本工作站的应急号" in done.warnings[0]
    assert [check for check in verify(second) if not check.holds] == []


def test_alone_and_without_a_hub_there_is_nobody_to_sync_with(tmp_path: Path, stick: Path) -> None:
    with first_desk(tmp_path / "one.register") as alone, pytest.raises(NotEnrolledError):
        together.by_folder(RegisterPort(alone), stick, now=now)


def test_nothing_is_written_for_a_retired_one_and_what_it_sends_is_taken_and_named(desks: Desks, stick: Path) -> None:
    first, second = desks
    stations.retire(first, 2, "换新机", by=first.person, at=AT)
    report = meet(first, stick)
    assert not report.written
    visit(second, 1)
    meet(second, stick)
    assert meet(first, stick).taken == {2: 2}
    retired = next(one for one in stations.workstations(first) if one.number == 2)
    assert (retired.retired, retired.after, retired.entries) == ("换新机", 0, 2)
    with second.act("note", by=second.person, at=now()):
        pass
    meet(second, stick)
    meet(first, stick)
    assert next(one for one in stations.workstations(first) if one.number == 2).after == 1


def test_siblings_and_the_hub_use_one_stick(desks: Desks, stick: Path, hub: Hub) -> None:
    first, second = desks
    for register in desks:
        enrol(register, hub)
    visit(first, 1)
    visit(second, 2)
    for register in desks:
        together.by_folder(RegisterPort(register), stick, now=now)
    assert sticks.read_folder(hub, stick).refused == {}
    sticks.write_folder(hub, stick)
    for _ in range(2):
        for register in desks:
            report = together.by_folder(RegisterPort(register), stick, now=now)
            assert report.trouble is None
        sticks.read_folder(hub, stick)
        sticks.write_folder(hub, stick)
    for register in desks:
        assert run_once(RegisterPort(register), FolderCarrier(stick), now=now).unsent == 0
    same(first, second)
    assert checks.verify(hub).faults == []


def test_both_change_one_column_and_both_see_the_same(desks: Desks, stick: Path) -> None:
    first, second = desks
    matter = visit(first, 1)
    meet(first, stick)
    meet(second, stick)
    amend(first, matter, cause="施工")
    amend(second, matter, cause="噪声")
    for register in (*desks, *desks):
        meet(register, stick)
    same(first, second)
    assert first.rows("SELECT * FROM conflict") == second.rows("SELECT * FROM conflict") != []
