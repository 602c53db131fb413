"""Backup and restore: a copy is a backup only after it was opened, its pages checked and its rows counted.

A backup is two files: the encrypted copy and its keyring (`.keys`), both useless without a passphrase. An older backup
of the same name is replaced only once the new one is proved. Restoring keeps the file that it replaces, raises the
register's epoch, by which the hub sees it, and lets nothing be entered before what is lacking was fetched
(`models.fetching`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models import door, errors, fetching, keyring, replay

if TYPE_CHECKING:
    from models.register import Register


@dataclass(frozen=True, slots=True)
class Backup:
    """A proved copy: where, how many rows, and the journal's head in it."""

    path: Path
    rows: dict[str, Any]
    head: str
    bytes: int


def backup(
    register: Register,
    target: Path,
    *,
    at: datetime | None = None,
    runner: Callable[[Callable[[], Any]], Any] = lambda step: step(),
) -> Backup:
    """Copy the register to `target`, open the copy and prove it.

    Args:
        register: The open register.
        target: Where the backup is written.
        at: Instant noted in the register; now by default.
        runner: Runs each step on the register on the worker that owns its connection; at once by default. The copy
            is proved outside of it.

    Raises:
        DiskFullError, StorageError: The medium says no; an older backup there is untouched.
        RegisterDamagedError: The copy does not verify; it is not kept.
    """
    target = Path(target)
    if target.resolve() == register.path.resolve():
        raise errors.InputError(
            "file", "备份不能写到登记库自己的位置。", "A backup cannot be written over the register itself."
        )
    if target.is_dir():
        raise errors.StorageError(
            f"{target} 是文件夹，备份须写成文件。", f"{target} is a folder; a backup is written as a file."
        )
    connection = register.connection
    part = target.with_name(target.name + ".part")

    def copy() -> tuple[dict[str, Any], tuple[int, int, bytes]]:
        with door.translated(register.path):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            connection.execute("BEGIN IMMEDIATE")  # nobody writes while the file is copied; WAL is empty
            try:
                door.replace_with_copy(register.path, part)
            finally:
                connection.execute("ROLLBACK")
            return replay.row_counts(connection), (register.device, register.seq, register.head)

    def note(when: str) -> None:
        with door.translated(register.path), register.database.atomic():
            connection.execute("INSERT OR REPLACE INTO meta(name, value) VALUES('backup.at', ?)", (when,))
            connection.execute("INSERT OR REPLACE INTO meta(name, value) VALUES('backup.path', ?)", (str(target),))

    try:
        expected, head = runner(copy)
        _prove(part, register.keys.register_key, expected, head)
        # First the keyring: the older backup opens with it as well, since the register's key is the same.
        door.write_file(keyring.path_of(target), keyring.path_of(register.path).read_bytes())
        for suffix in ("-wal", "-shm"):  # of an older backup that was worked in; they are not of this file
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        part.replace(target)
        door.sync_folder(target.parent)
    except OSError as error:
        raise door.file_trouble(target, error) from error
    finally:
        _discard(part)
    when = (at or datetime.now(UTC)).isoformat(timespec="seconds")
    runner(lambda: note(when))
    return Backup(target, expected, head[2].hex(), target.stat().st_size)


def _discard(part: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            part.with_name(part.name + suffix).unlink(missing_ok=True)


def _prove(copy: Path, key: bytes, expected: dict[str, Any] | None, head: tuple[int, int, bytes] | None) -> None:
    """Open a copy, check every page and, when they are given, its counts and the head of a workstation's chain."""
    opened = door.connect(copy, key)
    try:
        with door.translated(copy):
            if opened.execute("PRAGMA cipher_integrity_check").fetchall():
                raise door.damaged(copy)
            if expected is not None and replay.row_counts(opened) != expected:
                raise door.damaged(copy)
            if head is not None:
                found = opened.execute("SELECT hash FROM entry WHERE device=? AND seq=?", head[:2]).fetchone()
                if found is None or found[0] != head[2]:
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
    if source.resolve() == target.resolve():
        raise errors.InputError("file", "备份与登记库是同一个文件。", "The backup is the register itself.")
    register_id, keys = keyring.unlock(source, login, passphrase)
    door.check_owner(source, register_id)
    ring = keyring.path_of(source).read_bytes()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise door.file_trouble(target.parent, error) from error
    lock = take_lock(target)
    part = target.with_name(target.name + ".restoring")
    try:
        _discard(part)
        door.replace_with_copy(source, part)  # the copy is proved, so that the medium may be read-only
        try:
            _prove(part, keys.register_key, None, None)
        except errors.RegisterDamagedError:
            raise door.damaged(source) from None
        _raise_epoch(part, keys.register_key)
        kept = _set_aside(target, keys.register_key) if target.exists() else None
        door.write_file(keyring.path_of(target), ring)
        try:
            part.replace(target)
        except OSError as error:
            raise door.file_trouble(target, error) from error
        door.sync_folder(target.parent)
        return kept
    finally:
        _discard(part)
        lock.release()


def _set_aside(target: Path, key: bytes) -> Path:
    """Move the register, its keyring and its write-ahead log out of the way, whole; returns where."""
    kept = door.free_name(target, "replaced")
    try:
        with contextlib.suppress(errors.StorageError):  # folds the log into the file when the key still opens it
            door.connect(target, key).close()
        for suffix in ("-wal", "-shm"):
            log = target.with_name(target.name + suffix)
            if log.exists():
                log.replace(kept.with_name(kept.name + suffix))
        target.replace(kept)
        with contextlib.suppress(FileNotFoundError):
            keyring.path_of(target).replace(keyring.path_of(kept))
    except OSError as error:
        raise door.file_trouble(target, error) from error
    return kept


def _raise_epoch(path: Path, key: bytes) -> None:
    opened = door.connect(path, key)
    try:
        with door.translated(path), door.database(opened).atomic():
            fetching.raise_epoch(opened)
            if fetching.has_others(opened):
                fetching.mark(opened)
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        opened.execute("PRAGMA journal_mode=DELETE")
    finally:
        opened.close()
