"""The bureau of `tests.models.figures.bureau`, made once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from models.desk import Desk
from models.figures.desk import Figures
from models.register import Register
from tests.models.conftest import Template, at, person
from tests.models.figures import bureau


@dataclass(slots=True)
class Bureau:
    """A register with the months of `bureau`, and its matters by their letter."""

    register: Register
    matters: dict[str, int]

    def desk(self, day: str, login: str = "") -> Desk:
        now = at(day)
        desk = Desk(self.register, now=lambda: now)
        if login:
            desk.person = person(self.register, login)
        return desk

    def figures(self, day: str, login: str = "") -> Figures:
        return self.desk(day, login).figures


@pytest.fixture(scope="session")
def furnished(template: Template, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    path = template.copy(tmp_path_factory.mktemp("bureau"))
    with template.open(path) as register:
        made = bureau.furnish(register)
        return path, {letter: case.matter for letter, case in made.items()}


@pytest.fixture
def office(template: Template, furnished: tuple[Path, dict[str, int]], tmp_path: Path) -> Iterator[Bureau]:
    path, matters = furnished
    for suffix in ("", ".keys"):
        shutil.copyfile(f"{path}{suffix}", f"{tmp_path / path.name}{suffix}")
    with template.open(tmp_path / path.name) as register:
        yield Bureau(register, matters)
