"""Backup and restore: a copy is a backup only after it was opened, its pages checked and its rows counted.

A backup is two files: the encrypted copy and its keyring (`.keys`), both useless without a passphrase. An older backup
of the same name is replaced only once the new one is proved. Restoring keeps the file that it replaces and raises the
register's epoch, by which the hub sees it.
"""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models import door, errors, keyring, replay

if TYPE_CHECKING:
    from models.register import Register


@dataclass(frozen=True, slots=True)
class Backup:
    """A proved copy: where, how many rows, and the journal's head in it."""

    path: Path
    rows: dict[str, Any]
    head: str
    bytes: int


def backup(register: Register, target: Path, *, at: datetime | None = None) -> Backup:
    """Copy the register to `target`, open the copy and prove it.

    Raises:
        DiskFullError, StorageError: The medium says no; an older backup there is untouched.
        RegisterDamagedError: The copy does not verify; it is not kept.
    """
    target = Path(target)
    if target.resolve() == register.path.resolve():
        raise errors.InputError(
            "file", "备份不能写到登记库自己的位置。", "A backup cannot be written over the register itself."
        )
    connection = register.connection
    part = target.with_name(target.name + ".part")
    try:
        with door.translated(register.path):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            connection.execute("BEGIN IMMEDIATE")  # nobody writes while the file is copied; WAL is empty
            try:
                door.replace_with_copy(register.path, part)
            finally:
                connection.execute("ROLLBACK")
            expected = replay.row_counts(connection)
        _prove(part, register.keys.register_key, expected, register.head)
        shutil.copyfile(keyring.path_of(register.path), keyring.path_of(part))
        keyring.path_of(part).replace(keyring.path_of(target))
        part.replace(target)
        door.sync_folder(target.parent)
    except OSError as error:
        raise door.file_trouble(target, error) from error
    finally:
        for leftover in (
            part,
            part.with_name(part.name + "-wal"),
            part.with_name(part.name + "-shm"),
            keyring.path_of(part),
        ):
            with contextlib.suppress(OSError):
                leftover.unlink(missing_ok=True)
    when = (at or datetime.now(UTC)).isoformat(timespec="seconds")
    with door.translated(register.path), register.database.atomic():
        connection.execute("INSERT OR REPLACE INTO meta(name, value) VALUES('backup.at', ?)", (when,))
        connection.execute("INSERT OR REPLACE INTO meta(name, value) VALUES('backup.path', ?)", (str(target),))
    return Backup(target, expected, register.head.hex(), target.stat().st_size)


def _prove(copy: Path, key: bytes, expected: dict[str, Any] | None, head: bytes | None) -> None:
    opened = door.connect(copy, key)
    try:
        with door.translated(copy):
            if opened.execute("PRAGMA cipher_integrity_check").fetchall():
                raise door.damaged(copy)
            if expected is not None and replay.row_counts(opened) != expected:
                raise door.damaged(copy)
            found = opened.execute("SELECT hash FROM entry ORDER BY arrival DESC LIMIT 1").fetchone()
            if head is not None and found is not None and found[0] != head:
                raise door.damaged(copy)
    finally:
        opened.close()


def restore(source: Path, target: Path, login: str, passphrase: str) -> Path | None:
    """Put a backup in place of the register at `target`.

    Args:
        source: The backup file; its keyring beside it.
        target: Where the register belongs; what is there is kept aside.
        login: A person with a slot in the backup.
        passphrase: That person's passphrase at the time of the backup.

    Returns:
        Where the replaced register is kept, None if there was none.

    Raises:
        WrongPassphraseError, RegisterDamagedError, DiskFullError: The register at `target` is as it was.
    """
    from models.register import take_lock

    source, target = Path(source), Path(target)
    if not source.exists():
        raise door.no_register(source)
    _, keys = keyring.unlock(source, login, passphrase)
    _prove(source, keys.register_key, None, None)
    target.parent.mkdir(parents=True, exist_ok=True)
    lock = take_lock(target)
    try:
        part = target.with_name(target.name + ".restoring")
        door.replace_with_copy(source, part)
        _raise_epoch(part, keys.register_key)
        kept = None
        if target.exists():
            kept = target.with_name(f"{target.name}.replaced-{datetime.now().astimezone():%Y%m%d-%H%M%S}")
            _set_aside(target, kept, keys.register_key)
        try:
            shutil.copyfile(keyring.path_of(source), keyring.path_of(part))
            keyring.path_of(part).replace(keyring.path_of(target))
            part.replace(target)
        except OSError as error:
            raise door.file_trouble(target, error) from error
        door.sync_folder(target.parent)
        return kept
    finally:
        lock.release()


def _set_aside(target: Path, kept: Path, key: bytes) -> None:
    """Move the register, its keyring and its write-ahead log out of the way, whole."""
    with contextlib.suppress(errors.StorageError):  # folds the log into the file when the key still opens it
        door.connect(target, key).close()
    for suffix in ("-wal", "-shm"):
        log = target.with_name(target.name + suffix)
        if log.exists():
            log.replace(kept.with_name(kept.name + suffix))
    target.replace(kept)
    with contextlib.suppress(FileNotFoundError):
        keyring.path_of(target).replace(keyring.path_of(kept))


def _raise_epoch(path: Path, key: bytes) -> None:
    opened = door.connect(path, key)
    try:
        with door.translated(path), door.database(opened).atomic():
            opened.execute("UPDATE meta SET value=value+1 WHERE name='epoch'")
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        opened.execute("PRAGMA journal_mode=DELETE")
    finally:
        opened.close()
