"""Who holds a register's file, and what is left of one that was being made when its maker was stopped."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path

import filelock

from models import door, keyring

MAKING = ".new"
"""Suffix of a register while it is made; see `models.register.Register.create`."""


def finish_creation(path: Path) -> None:
    """Put a register in place that was made whole, with its keyring in place already, when its maker was stopped."""
    making = path.with_name(path.name + MAKING)
    if making.exists() and not path.exists() and keyring.path_of(path).exists():
        if keyring.path_of(making).exists():
            return
        making.replace(path)
        door.sync_folder(path.parent)


def discard(making: Path) -> None:
    """Throw away what is left of a register that was being made."""
    for leftover in (making, *(making.with_name(making.name + suffix) for suffix in ("-wal", "-shm", ".keys"))):
        leftover.unlink(missing_ok=True)


def take_lock(path: Path) -> filelock.FileLock:
    """Hold the register for this program.

    Raises:
        RegisterInUseError: Another program holds it; says which when it can be told.
    """
    lock_path = path.with_name(path.name + ".lock")
    note = path.with_name(path.name + ".holder")
    lock = filelock.FileLock(lock_path, timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        try:
            who = note.read_text("utf-8").strip()
        except OSError:
            who = ""
        raise door.in_use(path, who) from None
    except OSError as error:
        raise door.file_trouble(lock_path, error) from error
    with contextlib.suppress(OSError):  # the note only makes the refusal friendlier
        note.write_text(f"{socket.gethostname()} · {os.getpid()}", "utf-8")
    return lock
