from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.models.search import invented
from tests.models.search.shelf import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """An empty register file."""
    shelf = Shelf(tmp_path / "shelf.register")
    yield shelf
    shelf.close()


@pytest.fixture(scope="session")
def full_shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """A file with invented matters; tests only read it."""
    shelf = Shelf(tmp_path_factory.mktemp("search") / "full.register")
    invented.fill(shelf, 1200, seed=20260302)
    yield shelf
    shelf.close()
