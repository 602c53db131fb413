"""The database door: the one room that opens the encrypted file.

It sets the key and the pragmas, tells a damaged file from a foreign and a newer one, migrates (a copy of the file is
kept first), and turns driver errors into the errors of this product. Key material never reaches a message, a `repr` or
a log.

Choices measured beforehand: raw 256-bit key, 8 KiB cipher pages, WAL, synchronous=FULL (docs/measurements.md).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver

from models import errors, schema

if TYPE_CHECKING:
    from models.wrapped import Database

CIPHER_PAGE_BYTES = 8192
CACHE_KIB = 32768
LOG_PAGES_AT_MOST = 8192
"""Pages (64 MiB) at which a commit itself folds the log into the file, which makes somebody wait; `Register.tidy` folds
it sooner, when nobody does."""
FREE_SPACE_FLOOR_BYTES = 16 * 1024 * 1024
ROOM_FLOOR_BYTES = 256 * 1024
"""Below this a disk counts as full: the log's index alone grows by 32 KiB steps."""


@contextlib.contextmanager
def translated(path: Path | str = "") -> Iterator[None]:
    """Turn driver errors raised inside the block into errors of this product."""
    try:
        yield
    except driver.OperationalError as error:
        raise _storage_error(error, path) from error
    except driver.DatabaseError as error:
        if isinstance(error, driver.IntegrityError | driver.ProgrammingError | driver.InterfaceError):
            raise errors.BugError(
                f"登记库拒绝了一次写入，未作任何改动：{error}",
                f"The register refused a write, nothing was changed: {error}",
            ) from error
        raise damaged(path) from error


@contextlib.contextmanager
def translated_but_constraints(path: Path | str = "") -> Iterator[None]:
    """Do as `translated`, but let what a table refuses pass through as the driver says it."""
    refused: driver.IntegrityError | None = None
    with translated(path):
        try:
            yield
        except driver.IntegrityError as error:
            refused = error
    if refused is not None:
        raise refused


def _storage_error(error: driver.OperationalError, path: Path | str) -> errors.RegisterError:
    text = str(error)
    if "full" in text or ("I/O error" in text and _no_room(path)):
        return errors.DiskFullError(
            f"磁盘空间已满（{path}），本次操作未写入，原有内容完好。请清理磁盘后重试。",
            f"The disk is full ({path}). This step was not written; everything before it is safe. Free some space and"
            " try again.",
        )
    if "locked" in text:
        return in_use(path)
    if "readonly" in text or "unable to open" in text:
        return errors.StorageError(
            f"无法写入登记库文件（{path}）：没有权限或介质只读。未作任何改动，请检查文件夹权限。",
            f"The register file ({path}) cannot be written: no permission or read-only medium. Nothing was changed;"
            " check the folder's rights.",
        )
    if "I/O error" in text:
        return errors.StorageError(
            f"读写登记库文件时磁盘出错（{path}）。本次操作未写入。请检查磁盘，必要时从备份恢复。",
            f"The disk failed while reading or writing the register ({path}). This step was not written. Check the"
            " disk; restore from a backup if needed.",
        )
    return errors.BugError(
        f"登记库操作出错，未作任何改动：{text}", f"A register operation failed, nothing was changed: {text}"
    )


def _no_room(path: Path | str) -> bool:
    """Return whether the disk is as good as full: some full disks are told by the driver as a failing one."""
    try:
        return shutil.disk_usage(Path(path).parent).free < ROOM_FLOOR_BYTES
    except OSError:
        return False


def damaged(path: Path | str) -> errors.RegisterDamagedError:
    """Return the error for a file that its right key does not open or that fails its checks."""
    return errors.RegisterDamagedError(
        f"登记库文件已损坏或不完整：{path}。口令是对的，请勿再写入；请用最近的备份恢复（petition-desk restore）。",
        f"The register file is damaged or incomplete: {path}. The passphrase is right. Do not write to it; restore the"
        " newest backup (petition-desk restore).",
    )


def in_use(path: Path | str, who: str = "") -> errors.RegisterInUseError:
    """Return the error for a register that another program holds."""
    return errors.RegisterInUseError(
        f"登记库正被另一个程序使用{who and f'（{who}）'}：{path}。请先关闭该程序，或在该窗口中办理。",
        f"The register is in use by another program{who and f' ({who})'}: {path}. Close it first, or work in that"
        " window.",
    )


def file_salt(register_id: str) -> bytes:
    """Return the first 16 bytes of a register's file.

    SQLCipher keeps a salt there, in the clear. Ours is made from the register's id, so that a file that lies beside
    another register's keyring is told apart from a damaged one before any key is tried.
    """
    return hashlib.sha256(b"petition-desk/file/1\n" + register_id.encode()).digest()[:16]


def check_owner(path: Path, register_id: str) -> None:
    """Refuse a file that does not belong to the keyring beside it.

    Raises:
        NoRegisterError, StorageError: There is no file, or it cannot be read.
        RegisterDamagedError: It is shorter than a header.
        RegisterForeignError: It begins as no file of this register does.
    """
    try:
        with path.open("rb") as file:
            found = file.read(16)
    except FileNotFoundError:
        raise no_register(path) from None
    except OSError as error:
        raise file_trouble(path, error) from error
    if len(found) < 16:
        raise damaged(path)
    if found != file_salt(register_id):
        raise not_together(path)


def not_together(path: Path) -> errors.RegisterForeignError:
    """Return the error for a register and a keyring that do not belong together."""
    return errors.RegisterForeignError(
        f"{path} 与旁边的密钥文件不属于同一个登记库，或不是登记库文件（也可能文件开头被改写）。未作任何改动。"
        "请把登记库与它自己的密钥文件放在一起，或从备份恢复。",
        f"{path} and the keyring beside it do not belong together, or it is no register (or its first bytes were"
        " overwritten). Nothing was changed. Put the register and its own keyring together, or restore a backup.",
    )


def connect(path: Path, key: bytes, *, create: bool = False, salt: bytes = b"") -> driver.Connection:
    """Open the encrypted file with its raw 256-bit key.

    Args:
        path: The register file.
        key: 32 bytes.
        create: Make a new, empty file; it must not exist.
        salt: First 16 bytes of a new file (`file_salt`); an existing one bears its own.

    Raises:
        RegisterDamagedError: The key does not open the file: its header or pages were altered.
        RegisterForeignError: A file that this program did not make.
        RegisterNewerError: Made by a newer program.
    """
    if create == path.exists():
        raise FileExistsError(path) if create else no_register(path)
    if not create and path.stat().st_size == 0:
        raise damaged(path)
    connection = driver.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=512)
    try:
        connection.execute("PRAGMA cipher_log_level=NONE")  # the library writes to standard error otherwise
        connection.execute(f"PRAGMA key=\"x'{key.hex()}{salt.hex()}'\"")
        connection.execute(f"PRAGMA cipher_page_size={CIPHER_PAGE_BYTES}")
        try:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except driver.DatabaseError as error:
            raise (in_use(path) if "locked" in str(error) else damaged(path)) from None
        with translated(path):
            if create:
                connection.execute(f"PRAGMA application_id={schema.APPLICATION_ID}")
            check_version(connection, path)
            connection.execute("PRAGMA journal_mode=WAL").fetchone()
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
            connection.execute("PRAGMA temp_store=MEMORY")
            connection.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES_AT_MOST}")
            connection.execute("PRAGMA busy_timeout=2000")
    except BaseException:
        connection.close()
        raise
    return connection


def no_register(path: Path) -> errors.NoRegisterError:
    """Return the error for a path without a register."""
    return errors.NoRegisterError(
        f"这里没有登记库：{path}。请检查路径，或用 petition-desk init 新建。",
        f"There is no register at {path}. Check the path, or make one with petition-desk init.",
    )


def check_version(connection: driver.Connection, path: Path) -> None:
    """Refuse a file that is not ours or that a newer program wrote."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != schema.APPLICATION_ID:
        raise errors.RegisterForeignError(
            f"{path} 不是本程序的登记库。未作任何改动。",
            f"{path} is not a register of this program. Nothing was changed.",
        )
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > schema.VERSION:
        raise errors.RegisterNewerError(
            f"登记库由更新版本的程序写成（格式 {found}，本程序识别到 {schema.VERSION}）：{path}。"
            "请升级本程序后再打开；未作任何改动。",
            f"The register was written by a newer program (format {found}, this one knows {schema.VERSION}): {path}."
            " Upgrade this program; nothing was changed.",
        )


def migrate(connection: driver.Connection, path: Path) -> bool:
    """Bring the file to this version's format; returns whether anything was done.

    A copy of an older file is kept beside it (`.before-N`) before the first step.
    """
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found == schema.VERSION:
        return False
    from models.migrations import MIGRATIONS
    from models.wrapped import Database

    with translated(path):
        if found:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            copy = path.with_name(f"{path.name}.before-{schema.VERSION}")
            if not copy.exists():
                replace_with_copy(path, copy)
        MIGRATIONS.apply(Database(connection))
        connection.execute(f"PRAGMA user_version={schema.VERSION}")
    return True


def database(connection: driver.Connection) -> Database:
    """Wrap the opened connection for sqlite-utils (its `atomic` is the only way a transaction is begun)."""
    from models.wrapped import Database

    return Database(connection)


def replace_with_copy(source: Path, target: Path) -> None:
    """Copy `source` beside `target`, flush it to the disk, then rename: `target` is whole or absent.

    Raises:
        DiskFullError: There is not room enough; nothing was left behind.
    """
    need = source.stat().st_size + FREE_SPACE_FLOOR_BYTES
    if shutil.disk_usage(target.parent).free < need:
        raise errors.DiskFullError(
            f"{target.parent} 空间不足（需要 {need // 2**20} MiB），未作任何改动。请清理后重试。",
            f"Not enough room in {target.parent} ({need // 2**20} MiB needed); nothing was changed. Free some space and"
            " try again.",
        )
    beside = target.with_name(target.name + ".part")
    try:
        shutil.copyfile(source, beside)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise file_trouble(target, error) from error
    sync_folder(target.parent)


def free_name(path: Path, why: str) -> Path:
    """Return a name beside `path`, with the local time in it, under which nothing is kept yet."""
    base = f"{path.name}.{why}-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    found, again = path.with_name(base), 1
    while found.exists():
        again += 1
        found = path.with_name(f"{base}-{again}")
    return found


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to the disk where the system has that notion."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def file_trouble(path: Path, error: OSError) -> errors.StorageError:
    """Return the error for a file operation that the system refused."""
    if error.errno == 28:
        return errors.DiskFullError(
            f"磁盘空间已满，未能写入 {path}。原有内容完好。",
            f"The disk is full; {path} was not written. Everything before is safe.",
        )
    return errors.StorageError(
        f"无法读写 {path}：{error.strerror}。未作任何改动。",
        f"{path} cannot be read or written: {error.strerror}. Nothing was changed.",
    )


def write_file(path: Path, data: bytes) -> None:
    """Write a file beside its name, flush, rename: it is whole or as it was before."""
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise file_trouble(path, error) from error
    sync_folder(path.parent)


def rows(connection: driver.Connection, sql: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Read all rows of a query."""
    with translated():
        found: list[tuple[Any, ...]] = connection.execute(sql, parameters).fetchall()
    return found
