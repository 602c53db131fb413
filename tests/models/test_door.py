"""The database door: each thing that can be wrong with a file has its own error, and none of them changes the file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import door, errors, keyring, schema
from models.register import NewPerson, Register
from tests.models.conftest import LOGIN, NOW, PASSPHRASE, Template

ROOT = Path(__file__).resolve().parents[2]


def both(error: errors.RegisterError) -> str:
    """Return both sentences, which must exist."""
    assert error.message.zh
    assert error.message.en
    return error.message.zh + error.message.en


@pytest.mark.parametrize("place", [16, 17, 100, 1000, 8100, 8191])
def test_a_byte_changed_on_the_first_page_is_damage(place: int, template: Template, tmp_path: Path) -> None:
    path = template.copy(tmp_path)
    flip(path, place)
    before = path.read_bytes()
    with pytest.raises(errors.RegisterDamagedError) as refused:
        template.open(path)
    assert str(path) in both(refused.value)
    assert path.read_bytes() == before


def test_the_first_bytes_overwritten_are_told_as_a_file_that_does_not_belong(
    template: Template, tmp_path: Path
) -> None:
    path = template.copy(tmp_path)
    flip(path, 3)
    with pytest.raises(errors.RegisterForeignError, match="文件开头被改写"):
        template.open(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=25)
@given(data=st.data())
def test_a_byte_changed_on_any_page_is_found_by_reading_or_by_verify(
    data: st.DataObject, template: Template, tmp_path: Path
) -> None:
    path = template.copy(tmp_path)
    place = data.draw(st.integers(16, path.stat().st_size - 1))
    flip(path, place)
    try:
        register = template.open(path)
    except errors.RegisterDamagedError:
        return
    with register:
        bad = register.rows("PRAGMA cipher_integrity_check")
    assert bad, f"byte {place} of {path.stat().st_size} was changed and nothing noticed"


@pytest.mark.parametrize("size", [0, 5, 16, 100, 8191, 8192, 40000])
def test_a_cut_file_is_damage(size: int, template: Template, tmp_path: Path) -> None:
    path = template.copy(tmp_path)
    os.truncate(path, size)
    try:
        with template.open(path) as register:
            bad = register.rows("PRAGMA cipher_integrity_check")
    except errors.RegisterDamagedError:
        return
    assert bad


def test_a_file_of_a_newer_program_is_refused_unchanged(template: Template, tmp_path: Path) -> None:
    path = template.copy(tmp_path)
    with template.open(path) as register:
        register.connection.execute(f"PRAGMA user_version={schema.VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(errors.RegisterNewerError) as refused:
        template.open(path)
    assert str(schema.VERSION + 1) in both(refused.value)
    assert path.read_bytes() == before


def test_another_database_with_our_key_is_foreign(template: Template, tmp_path: Path) -> None:
    path = template.copy(tmp_path)
    with template.open(path) as register:
        register.connection.execute("PRAGMA application_id=1")
    with pytest.raises(errors.RegisterForeignError):
        template.open(path)


def test_some_other_file_is_foreign(template: Template, tmp_path: Path) -> None:
    path = template.copy(tmp_path)
    path.write_bytes("这不是登记库。".encode() * 1000)
    with pytest.raises(errors.RegisterForeignError) as refused:
        Register.open(path, LOGIN, PASSPHRASE)
    assert str(path) in both(refused.value)


def test_a_keyring_of_another_register_is_told_as_that(template: Template, tmp_path: Path) -> None:
    path = template.copy(tmp_path)
    other = tmp_path / "other.register"
    keeper = NewPerson(login=LOGIN, name="乙", passphrase=PASSPHRASE)
    Register.create(other, county="990102", name="另一局", keeper=keeper, at=NOW).close()
    shutil.copyfile(keyring.path_of(other), keyring.path_of(path))
    with pytest.raises(errors.RegisterForeignError, match="不属于同一个登记库"):
        Register.open(path, LOGIN, PASSPHRASE)
    shutil.copyfile(keyring.path_of(template.path), keyring.path_of(path))
    Register.open(path, LOGIN, PASSPHRASE).close()


def test_a_missing_keyring_and_a_missing_register_are_told_apart(template: Template, tmp_path: Path) -> None:
    path = template.copy(tmp_path)
    keyring.path_of(path).rename(tmp_path / "kept.keys")
    with pytest.raises(errors.NoRegisterError, match=r"缺少密钥文件"):
        Register.open(path, LOGIN, PASSPHRASE)
    (tmp_path / "kept.keys").rename(keyring.path_of(path))
    path.rename(tmp_path / "kept")
    with pytest.raises(errors.NoRegisterError, match="这里没有登记库"):
        Register.open(path, LOGIN, PASSPHRASE)
    with pytest.raises(errors.NoRegisterError, match="这里没有登记库"):
        Register.open(tmp_path / "nowhere" / "b.register", LOGIN, PASSPHRASE)


def test_a_second_program_is_refused_and_told_who_holds_the_register(template: Template, tmp_path: Path) -> None:
    path = template.copy(tmp_path)
    code = (
        "import sys; from pathlib import Path; from models.register import Register\n"
        f"r = Register.open(Path({str(path)!r}), {LOGIN!r}, {PASSPHRASE!r})\n"
        "print('open', flush=True); sys.stdin.read(); r.close()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(errors.RegisterInUseError) as refused:
            Register.open(path, LOGIN, PASSPHRASE)
        assert f"· {holder.pid}" in both(refused.value)
    finally:
        holder.communicate()
    Register.open(path, LOGIN, PASSPHRASE).close()


def test_a_program_that_was_killed_leaves_no_lock(template: Template, tmp_path: Path) -> None:
    path = template.copy(tmp_path)
    code = (
        "import os, signal; from pathlib import Path; from models.register import Register\n"
        f"Register.open(Path({str(path)!r}), {LOGIN!r}, {PASSPHRASE!r}); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == -9
    Register.open(path, LOGIN, PASSPHRASE).close()


@pytest.mark.skipif(os.name != "posix", reason="rights as on POSIX systems")
def test_a_folder_that_may_not_be_written_is_told(template: Template, tmp_path: Path) -> None:
    """In a process of its own, which gives up being root when it is root."""
    path = template.copy(tmp_path)
    tmp_path.chmod(0o555)
    code = (
        "import os; from pathlib import Path\n"
        "from models import errors\n"
        "from models.register import Register, NewPerson\n"
        "if os.getuid() == 0:\n    os.setuid(65534)\n"
        "for step in (\n"
        f"    lambda: Register.open(Path({str(path)!r}), {LOGIN!r}, {PASSPHRASE!r}),\n"
        f"    lambda: Register.create(Path({str(tmp_path / 'sub' / 'n.register')!r}), county='990101', name='局',\n"
        f"                            keeper=NewPerson(login='a', name='甲', passphrase={PASSPHRASE!r})),\n"
        "):\n"
        "    try:\n        step()\n"
        "    except errors.StorageError as error:\n"
        f"        assert {str(tmp_path)!r} in error.message.zh and {str(tmp_path)!r} in error.message.en, error\n"
        "        print(type(error).__name__)\n"
    )
    # The folders above must let the other user through.
    for folder in tmp_path.parents:
        if folder.stat().st_uid == os.getuid() and str(folder).startswith(str(Path(os.environ.get("TMPDIR", "/tmp")))):
            folder.chmod(folder.stat().st_mode | 0o055) if folder != Path("/tmp") else None
    try:
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    finally:
        tmp_path.chmod(0o755)
    assert done.stdout.split() == ["StorageError", "StorageError"], done.stderr


def test_driver_errors_become_errors_of_ours(tmp_path: Path, template: Template) -> None:
    path = template.copy(tmp_path)
    with template.open(path) as register:
        with pytest.raises(errors.BugError):
            register.rows("SELECT no_such_column FROM matter")
        with pytest.raises(errors.BugError), door.translated(path):
            register.connection.execute("INSERT INTO unit(id, born, rev, name, kind) VALUES(1, 1, 1, NULL, 'x')")


def test_key_material_is_in_no_error(template: Template, tmp_path: Path) -> None:
    path = template.copy(tmp_path)
    flip(path, 500)
    key = template.keys.register_key.hex()
    with pytest.raises(errors.RegisterDamagedError) as refused:
        template.open(path)
    error: BaseException | None = refused.value
    while error is not None:
        assert key not in str(error)
        assert key not in repr(error)
        error = error.__cause__ or error.__context__


def test_the_file_is_encrypted_from_its_first_page(template: Template) -> None:
    raw = template.path.read_bytes()
    assert b"SQLite format" not in raw
    for word in ("信访科", "create_register", "示例县公安局"):
        assert word.encode() not in raw


def test_pages_and_pragmas_are_those_that_were_measured(template: Template, tmp_path: Path) -> None:
    with template.open(template.copy(tmp_path)) as register:
        wanted = {
            "cipher_page_size": str(door.CIPHER_PAGE_BYTES),
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "application_id": schema.APPLICATION_ID,
            "user_version": schema.VERSION,
        }
        for pragma, value in wanted.items():
            assert register.row(f"PRAGMA {pragma}") == (value,)


def test_replacing_a_file_leaves_it_whole_or_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "a"
    door.write_file(target, b"one")
    door.write_file(target, b"two")
    assert target.read_bytes() == b"two"
    (tmp_path / "folder.part").mkdir()
    with pytest.raises(errors.StorageError):
        door.write_file(tmp_path / "folder", b"three")
    assert not (tmp_path / "folder").exists()
    with pytest.raises(errors.StorageError):
        door.write_file(tmp_path / "no" / "folder", b"three")


def flip(path: Path, place: int) -> None:
    with path.open("rb+") as file:
        file.seek(place)
        byte = file.read(1)
        file.seek(place)
        file.write(bytes([byte[0] ^ 0x41]))


def test_the_driver_is_sqlcipher() -> None:
    connection = driver.connect(":memory:")
    try:
        assert connection.execute("PRAGMA cipher_version").fetchone()
    finally:
        connection.close()
