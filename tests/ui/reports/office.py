"""A window on the bureau whose March 2026 was counted by hand (`tests.models.figures.bureau`), on a day after it."""

from __future__ import annotations

import functools
import shutil
import tempfile
from pathlib import Path

from models import keyring
from models.desk import Desk
from models.register import NewPerson, Register
from tests.models import conftest as small
from tests.models.figures import bureau

DAY = "2026-05-10"
"""The day on which the window is looked at: March and April have ended, May has not."""


@functools.cache
def made() -> tuple[Path, dict[str, int]]:
    """Make the register once for the whole run; returns it with its matters by their letter."""
    path = Path(tempfile.mkdtemp(prefix="office")) / "示例县.register"
    keeper = NewPerson(login=small.LOGIN, name="郑管理", passphrase=small.PASSPHRASE)
    with Register.create(path, county=small.COUNTY, name="示例县公安局", keeper=keeper, at=small.NOW) as register:
        small.furnish(register)
        cases = bureau.furnish(register)
        return path, {letter: case.matter for letter, case in cases.items()}


def copy(folder: Path) -> Path:
    """Copy the register with its keyring into a folder."""
    path, _matters = made()
    target = folder / path.name
    shutil.copyfile(path, target)
    shutil.copyfile(keyring.path_of(path), keyring.path_of(target))
    return target


def opener(login: str, day: str = DAY):
    """Return what opens the register for the window: as this person, on this day."""

    def open_register(path: Path, _login: str, _passphrase: str) -> Desk:
        now = small.at(day)
        desk = Desk(Register.open(path, small.LOGIN, small.PASSPHRASE), now=lambda: now)
        desk.person = small.person(desk.register, login)
        return desk

    return open_register
