"""Composition: the functions that the window and the command line are given, built from models and sync in one place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import spoken

if TYPE_CHECKING:
    from models.desk import Desk
    from models.records import SyncState
    from models.register import Register
    from sync.round import SyncReport

PRELOAD = ("models.register", "models.desk", "models.find", "sqlite_utils", "sync.outbox")
"""Imported while the person types the passphrase."""


def open_desk(path: Path, login: str, passphrase: str) -> Desk:
    """Unlock a register for a person, with the sync light wired in."""
    from models.desk import Desk
    from models.register import Register

    return Desk(Register.open(path, login, passphrase), sync_light=sync_light)


def sync_light(register: Register) -> SyncState:
    """Return what the outbox says of this register."""
    from sync import outbox
    from sync.port import RegisterPort

    port = RegisterPort(register)
    return port.run(lambda connection: outbox.sync_state(connection, port.station))
