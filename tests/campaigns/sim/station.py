"""A workstation of the simulation: a real register file, its program, and how that program ends.

A *kill* is simulated by the files: in the middle of a statement of SQLite (its progress handler, every hundred steps of
its virtual machine, also between two statements of a transaction) the register's file and its write-ahead log are
copied as a killed program would leave them, the statement is stopped, and nothing that the program does from then on
reaches a line or counts; the next program opens the copy. A *full disk* is SQLite's own: the file may not grow.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from models import backup as backups
from models import keyring
from models.records import Staff
from models.register import Register
from sync.port import RegisterPort
from tests.campaigns.sim.ground import LOGIN, PASSPHRASE, County, open_register
from tests.campaigns.sim.line import Killed

STEPS = 100
"""Steps of SQLite's virtual machine between two moments at which a program may be killed."""


class Desk:
    """One workstation: its register, opened and closed as often as needed."""

    def __init__(self, county: County, device: int, folder: Path) -> None:
        self.county = county
        self.device = device
        self.path = county.path(folder, device)
        self.skew = timedelta(0)
        self.dead = False
        self.backups: list[Path] = []
        self.made = 0
        self.register: Register
        self.port: RegisterPort
        self.open()

    @property
    def name(self) -> str:
        return f"{self.county.code}/{self.device}"

    @property
    def connection(self) -> Any:
        return self.register.connection

    def open(self) -> None:
        self.register = open_register(self.path, self.county)
        self.port = RegisterPort(self.register)
        self.dead = False

    def close(self) -> None:
        self.register.close()

    def now(self, at: datetime) -> datetime:
        """Return what this workstation's clock shows."""
        return at + self.skew

    def people(self) -> list[Staff]:
        return sorted(self.register.staff().values(), key=lambda one: one.id)

    def alive(self) -> None:
        """Raise once the program was killed."""
        if self.dead:
            raise Killed

    # --- how a program ends ---------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def killed(self, moment: int, at_death: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Kill the program at its so-manieth moment inside, at the latest when it is done; then start it again."""
        left = moment

        def tick() -> int:
            nonlocal left
            left -= 1
            if left == 0:
                self._image()
                at_death()
                self.dead = True
            return int(self.dead)

        self.connection.set_progress_handler(tick, STEPS)
        try:
            yield
        except BaseException:
            if not self.dead:
                raise
        finally:
            self.connection.set_progress_handler(None, 0)
            if not self.dead:
                self._image()
            self._from_image()

    def _image(self) -> None:
        """Copy the files as they are at this moment."""
        for suffix in ("", "-wal"):
            found = self.path.with_name(self.path.name + suffix)
            if found.exists():
                shutil.copyfile(found, found.with_name(found.name + ".image"))

    def _from_image(self) -> None:
        with contextlib.suppress(Exception):
            self.close()
        for suffix in ("", "-wal"):
            found = self.path.with_name(self.path.name + suffix)
            image = found.with_name(found.name + ".image")
            found.unlink(missing_ok=True)
            if image.exists():
                image.rename(found)
        self.path.with_name(self.path.name + "-shm").unlink(missing_ok=True)
        self.open()

    def restart(self) -> None:
        """End the program in good order and start it again."""
        self.close()
        self.open()

    @contextlib.contextmanager
    def full(self, pages: int) -> Iterator[None]:
        """Let the file grow by no more than so many pages inside."""
        size = self.connection.execute("PRAGMA page_count").fetchone()[0]
        self.connection.execute(f"PRAGMA max_page_count={size + pages}").fetchone()
        try:
            yield
        finally:
            self.connection.execute("PRAGMA max_page_count=1073741823").fetchone()

    # --- backups --------------------------------------------------------------------------------------------------

    def backup(self, at: datetime, *, most: int) -> None:
        """Make a backup with the product's own means; of more than `most`, one in the middle goes."""
        self.made += 1
        target = self.path.with_name(f"backup-{self.made}.register")
        backups.backup(self.register, target, at=at)
        self.backups.append(target)
        if len(self.backups) > most:
            gone = self.backups.pop(1)
            for path in (gone, keyring.path_of(gone)):
                path.unlink(missing_ok=True)

    def restore(self, source: Path) -> None:
        """Put a backup in place of the register, as after the loss of the disk."""
        self.close()
        kept = backups.restore(source, self.path, LOGIN, PASSPHRASE)
        assert kept is not None
        for path in kept.parent.glob(f"{kept.name}*"):
            path.unlink()
        self.open()
