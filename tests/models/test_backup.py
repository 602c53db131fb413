"""Backup and restore: a copy is proved before it is called a backup, and nothing there before is lost."""

from __future__ import annotations

import hashlib
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models import backup as room
from models import errors, keyring
from models.backup import backup, restore
from models.desk import Desk
from models.records import Filters
from models.register import Register
from models.verify import verify
from tests.models.conftest import LOGIN, NOW, PASSPHRASE, Template, draft


def files(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.is_file() and path.suffix not in (".lock", ".holder")
    }


def flip(path: Path, place: int) -> None:
    with path.open("rb+") as file:
        file.seek(place)
        byte = file.read(1)
        file.seek(place)
        file.write(bytes([byte[0] ^ 1]))


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    folder = tmp_path / "shelf"
    folder.mkdir()
    return folder


def test_a_backup_opens_and_holds_what_the_register_held(
    register: Register, desk: Desk, shelf: Path, template: Template
) -> None:
    for _ in range(5):
        desk.register_item(draft())
    made = backup(register, shelf / "b.register", at=NOW)
    assert made.rows["matter"] == 5
    assert made.head == register.head.hex()
    assert made.bytes == (shelf / "b.register").stat().st_size
    assert sorted(files(shelf)) == ["b.register", "b.register.keys"]
    desk.register_item(draft())
    with template.open(shelf / "b.register") as copy:
        assert copy.seq == register.seq - 1
        assert all(check.holds for check in verify(copy))
        assert Desk(copy).count(Filters()) == 5


def test_a_backup_with_entries_of_other_workstations_last_is_proved_too(register: Register, shelf: Path) -> None:
    register.connection.execute(
        "INSERT INTO entry(device, seq, at_ms, hlc, mono_ms, actor, act, commitment, prev, hash)"
        " VALUES(2,1,1,1,-1,1,'note',x'00',x'00',x'00')"
    )
    assert backup(register, shelf / "b.register").rows["entry"] == 3


def test_a_backup_over_the_register_itself_or_nowhere_is_refused(register: Register, tmp_path: Path) -> None:
    before = files(tmp_path)
    with pytest.raises(errors.InputError):
        backup(register, register.path)
    with pytest.raises(errors.StorageError):
        backup(register, tmp_path / "no" / "such" / "folder" / "b.register")
    (tmp_path / "folder").mkdir()
    with pytest.raises(errors.StorageError):
        backup(register, tmp_path / "folder")
    (tmp_path / "folder").rmdir()
    logs = {"a.register-wal", "a.register-shm"}
    assert files(tmp_path).keys() - logs == before.keys() - logs
    assert files(tmp_path)["a.register"] == before["a.register"]


@pytest.mark.parametrize("place", [20, 3000, 9000, -4000])
def test_an_altered_copy_does_not_pass_as_proved(place: int, register: Register, desk: Desk, shelf: Path) -> None:
    desk.register_item(draft())
    target = shelf / "b.register"
    backup(register, target)
    flip(target, place if place > 0 else target.stat().st_size + place)
    with pytest.raises(errors.RegisterDamagedError):
        room._prove(target, register.keys.register_key, None, None)


def test_a_copy_that_lacks_rows_or_the_head_does_not_pass_as_proved(
    register: Register, desk: Desk, shelf: Path
) -> None:
    target = shelf / "b.register"
    backup(register, target)
    counts = room.replay.row_counts(register.connection)
    room._prove(target, register.keys.register_key, counts, (1, register.seq, register.head))
    desk.register_item(draft())
    later = room.replay.row_counts(register.connection)
    for expected, head in ((later, None), (None, (1, register.seq, register.head)), (None, (1, 2, b"x" * 32))):
        with pytest.raises(errors.RegisterDamagedError):
            room._prove(target, register.keys.register_key, expected, head)


def test_an_older_backup_is_replaced_and_what_was_worked_in_it_goes_with_it(
    register: Register, desk: Desk, shelf: Path, template: Template
) -> None:
    target = shelf / "b.register"
    backup(register, target)
    (shelf / "b.register-wal").write_bytes(b"a log of someone who worked in the older backup")
    desk.register_item(draft())
    backup(register, target)
    with template.open(target) as copy:
        assert Desk(copy).count(Filters()) == 1
        assert all(check.holds for check in verify(copy))


def test_restoring_keeps_what_was_there_and_raises_the_epoch(
    register: Register, desk: Desk, shelf: Path, template: Template
) -> None:
    desk.register_item(draft())
    source = shelf / "b.register"
    backup(register, source)
    desk.register_item(draft(title="备份之后的一件"))
    path, seq = register.path, register.seq
    register.close()
    before = files(shelf)
    kept = restore(source, path, LOGIN, PASSPHRASE)
    assert files(shelf) == before, "a backup is read only"
    assert kept is not None
    with template.open(path) as again:
        assert again.epoch == 2
        assert Desk(again).count(Filters()) == 1
        assert all(check.holds for check in verify(again))
    with template.open(kept) as old:
        assert (old.seq, old.epoch) == (seq, 1)
        assert Desk(old).count(Filters()) == 2
    second = restore(source, path, LOGIN, PASSPHRASE)
    assert second not in (None, kept), "two restores in one second keep two files"
    assert kept.exists()


def test_no_instant_is_given_twice_after_a_restore(template: Template, tmp_path: Path) -> None:
    """Found by `make simulate`: a clock that had been years ahead made both branches count on from the same instant."""
    path = template.copy(tmp_path)

    def instants(register: Register, at: datetime) -> set[int]:
        before = register.seq
        for number in range(5):
            with register.act("setting", by=register.person, at=at) as act:
                act.insert("setting", {"name": f"practice.{before}.{number}", "value": "1"})
        return {row[0] for row in register.rows("SELECT hlc FROM entry WHERE seq>?", (before,))}

    with template.open(path) as register:
        instants(register, NOW + timedelta(days=3650))
        backup(register, tmp_path / "spare")
        lost = instants(register, NOW)
    restore(tmp_path / "spare", path, LOGIN, PASSPHRASE)
    for _ in range(2):  # opened again it keeps to it
        with template.open(path) as register:
            assert not lost & instants(register, NOW)


def test_restoring_to_an_empty_place(register: Register, shelf: Path, tmp_path: Path) -> None:
    backup(register, shelf / "b.register")
    target = tmp_path / "new" / "folder" / "a.register"
    assert restore(shelf / "b.register", target, LOGIN, PASSPHRASE) is None
    with Register.open(target, LOGIN, PASSPHRASE) as again:
        assert again.epoch == 2


def test_a_damaged_backup_a_wrong_passphrase_and_a_register_in_use_leave_the_register_alone(
    register: Register, desk: Desk, shelf: Path
) -> None:
    desk.register_item(draft())
    source = shelf / "b.register"
    backup(register, source)
    with pytest.raises(errors.RegisterInUseError):
        restore(source, register.path, LOGIN, PASSPHRASE)
    path = register.path
    register.close()
    before = files(path.parent)
    with pytest.raises(errors.WrongPassphraseError):
        restore(source, path, LOGIN, "wrong-passphrase")
    with pytest.raises(errors.NoRegisterError):
        restore(shelf / "absent.register", path, LOGIN, PASSPHRASE)
    with pytest.raises(errors.InputError):
        restore(path, path, LOGIN, PASSPHRASE)
    damaged = shelf / "damaged.register"
    shutil.copyfile(source, damaged)
    shutil.copyfile(keyring.path_of(source), keyring.path_of(damaged))
    flip(damaged, damaged.stat().st_size - 3000)
    with pytest.raises(errors.RegisterDamagedError) as refused:
        restore(damaged, path, LOGIN, PASSPHRASE)
    assert str(damaged) in refused.value.message.zh
    shutil.copyfile(source, shelf / "alone.register")
    with pytest.raises(errors.NoRegisterError):
        restore(shelf / "alone.register", path, LOGIN, PASSPHRASE)
    assert files(path.parent) == before


def test_a_register_whose_file_is_damaged_can_be_restored_over(
    register: Register, desk: Desk, shelf: Path, template: Template
) -> None:
    desk.register_item(draft())
    backup(register, shelf / "b.register")
    path = register.path
    register.close()
    flip(path, 2000)
    with pytest.raises(errors.RegisterDamagedError):
        template.open(path)
    kept = restore(shelf / "b.register", path, LOGIN, PASSPHRASE)
    assert kept is not None
    assert kept.exists()
    with template.open(path) as again:
        assert Desk(again).count(Filters()) == 1


def test_a_wrong_passphrase_does_not_open_a_backup(register: Register, shelf: Path) -> None:
    backup(register, shelf / "b.register")
    with pytest.raises(errors.WrongPassphraseError):
        Register.open(shelf / "b.register", LOGIN, "wrong-passphrase")
