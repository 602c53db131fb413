"""Making, opening and writing a register when something stops it half-way: the disk, a kill, a second begin."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import errors, keyring
from models.desk import Desk
from models.register import MAKING, NewPerson, Register
from models.verify import verify
from tests.models.conftest import COUNTY, LOGIN, NOW, PASSPHRASE, Template, at, draft

KEEPER = NewPerson(login=LOGIN, name="郑管理", passphrase=PASSPHRASE)


def create(path: Path) -> Register:
    return Register.create(path, county=COUNTY, name="示例县公安局", keeper=KEEPER, at=NOW)


def test_a_new_register_has_its_first_person_unit_workstation_and_one_entry(tmp_path: Path) -> None:
    with create(tmp_path / "sub" / "a.register") as register:
        assert register.person.name == "郑管理"
        assert register.person.unit in register.units()
        assert (register.county, register.device, register.epoch, register.seq) == (COUNTY, 1, 1, 1)
        assert register.setting("organ.name") == "示例县公安局"
        assert register.row("SELECT kind FROM unit") == ("petition",)
        row = register.records("device", "1")[0]
        assert (row["number"], row["epoch"]) == (1, 1)
        assert all(check.holds for check in verify(register))
    assert sorted(path.name for path in (tmp_path / "sub").iterdir() if path.suffix not in (".lock", ".holder")) == [
        "a.register",
        "a.register.keys",
    ]


def test_nothing_is_made_over_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.register"
    create(path).close()
    before = path.read_bytes(), keyring.path_of(path).read_bytes()
    with pytest.raises(errors.StorageError, match="已存在"):
        create(path)
    assert (path.read_bytes(), keyring.path_of(path).read_bytes()) == before
    path.unlink()
    with pytest.raises(errors.StorageError, match="已存在"):
        create(path)


def test_a_creation_stopped_before_the_renames_can_be_begun_again(tmp_path: Path) -> None:
    path = tmp_path / "a.register"
    for suffix in ("", "-wal", "-shm", ".keys"):
        (tmp_path / f"a.register{MAKING}{suffix}").write_bytes(b"half made")
    create(path).close()
    Register.open(path, LOGIN, PASSPHRASE).close()
    assert not list(tmp_path.glob(f"*{MAKING}*"))


def test_a_creation_stopped_between_the_two_renames_is_finished_by_opening(tmp_path: Path) -> None:
    path = tmp_path / "a.register"
    create(path).close()
    path.rename(path.with_name(path.name + MAKING))
    with Register.open(path, LOGIN, PASSPHRASE) as register:
        assert register.seq == 1
    assert not list(tmp_path.glob(f"*{MAKING}*"))


def test_a_person_who_has_left_cannot_open_although_the_slot_is_still_there(
    register: Register, template: Template
) -> None:
    with register.act("note", by=register.person, at=NOW) as act:
        act.set("staff", register.person.id, closed=True)
    path = register.path
    register.close()
    with pytest.raises(errors.NotAllowedError, match="已停用"):
        template.open(path)


def test_closing_twice_does_no_harm(register: Register) -> None:
    register.close()
    register.close()


def test_a_clock_set_back_keeps_the_order_of_entries_over_a_restart(register: Register, template: Template) -> None:
    ahead = at("2026-12-30")
    with register.act("note", by=register.person, at=ahead):
        pass
    own = register.last_hlc
    with register.database.atomic():  # a hundred entries of another workstation, whose clock was right
        for seq in range(1, 101):
            register.connection.execute(
                "INSERT INTO entry(device, seq, at_ms, hlc, mono_ms, actor, act, commitment, prev, hash)"
                " VALUES(2,?,?,?,-1,1,'note',x'00',x'00',x'00')",
                (seq, 1, (int(NOW.timestamp() * 1000) << 20) + (seq << 12) + 2),
            )
    path = register.path
    register.close()
    with template.open(path) as again:
        with again.act("note", by=again.person, at=NOW):
            pass
        assert again.last_hlc > own


def test_an_instant_without_a_zone_is_a_bug(register: Register) -> None:
    naive = datetime.fromisoformat("2026-03-02T09:00:00")
    with pytest.raises(errors.BugError), register.act("note", by=register.person, at=naive):
        pass


# --- a disk that is full ----------------------------------------------------------------------------------------------


def state_of(register: Register) -> tuple[object, ...]:
    counted = register.rows(
        "SELECT (SELECT count(*) FROM entry), (SELECT count(*) FROM item), (SELECT count(*) FROM duty)"
    )
    return (
        register.seq,
        register.head,
        register.last_hlc,
        counted,
        register.rows("SELECT * FROM digest ORDER BY 1, 2"),
    )


@contextlib.contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Let the system refuse every write beyond `size` bytes of any file of this process."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


@pytest.mark.skipif(os.name != "posix", reason="limits as on POSIX systems")
def test_a_write_refused_at_any_place_loses_nothing_and_the_register_goes_on(register: Register, desk: Desk) -> None:
    desk.register_item(draft())
    log = register.path.with_name(register.path.name + "-wal")
    refused = done = 0
    for page in range(40):
        before = state_of(register)
        try:
            with files_no_larger_than(log.stat().st_size + page * 4096 + 100):
                desk.register_item(draft(statement="长" * 3000))
            done += 1
        except errors.StorageError:
            refused += 1
            assert state_of(register) == before
            assert not register.connection.in_transaction
    assert refused > 5
    assert done > 5
    desk.register_item(draft())
    assert all(check.holds for check in verify(register))


def test_a_file_that_may_not_grow_says_that_the_disk_is_full(register: Register, desk: Desk) -> None:
    desk.register_item(draft())
    told: list[str] = []
    for spare in range(8):
        before = state_of(register)
        pages = register.connection.execute("PRAGMA page_count").fetchone()[0]
        register.connection.execute(f"PRAGMA max_page_count={pages + spare}")
        try:
            desk.register_item(draft(statement="长" * 20_000))
        except errors.DiskFullError as error:
            told.append(error.message.zh)
            assert state_of(register) == before
    assert told
    assert all(str(register.path) in sentence for sentence in told)
    register.connection.execute("PRAGMA max_page_count=1000000")
    desk.register_item(draft(statement="长" * 20_000))
    assert all(check.holds for check in verify(register))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of 12 MiB of its own, where the system lets us have one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("a small disk of its own takes the right to mount: left out")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_on_a_disk_that_is_really_full_acts_drafts_and_backup_are_refused_and_nothing_is_lost(
    small_disk: Path, template: Template
) -> None:
    with template.open(template.copy(small_disk)) as register:
        desk = Desk(register, now=lambda: NOW)
        desk.register_item(draft())
        draft_id = desk.save_draft("item", {"title": "草稿"})
        desk.backup(small_disk.parent / "old.backup")
        filler = small_disk / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(b"x" * 4096):
                pass
        before = state_of(register)
        told = []
        for step in (
            lambda: desk.register_item(draft(statement="长" * 100_000)),
            lambda: desk.save_draft("item", {"title": "长" * 100_000}, draft_id),
            lambda: desk.change_passphrase(PASSPHRASE, "another-passphrase"),
            lambda: desk.backup(small_disk / "new.backup"),
        ):
            with pytest.raises(errors.StorageError) as refused:
                step()
            told.append(type(refused.value))
        assert told == [errors.DiskFullError] * 4
        assert state_of(register) == before
        assert desk.drafts()[0].content == {"title": "草稿"}
        assert not (small_disk / "new.backup").exists()
        filler.unlink()
        desk.register_item(draft(statement="长" * 100_000))
        assert all(check.holds for check in verify(register))
    Register.open(small_disk / "a.register", LOGIN, PASSPHRASE).close()


def test_creating_on_a_full_disk_leaves_nothing_behind(small_disk: Path) -> None:
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * (12 * 1024 * 1024 - 200_000))
    with pytest.raises(errors.StorageError):
        create(small_disk / "a.register")
    assert sorted(path.suffix for path in small_disk.iterdir()) == ["", ".holder", ".lock"]
    filler.unlink()
    create(small_disk / "a.register").close()


def test_now_is_in_the_time_that_tests_assume() -> None:
    assert NOW.tzinfo is UTC
