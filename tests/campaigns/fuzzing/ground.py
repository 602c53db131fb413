"""What the fuzzed readers stand on: the example keys and files of docs/format, a desk and a hub that forget.

Nothing of the project is imported before `atheris` has instrumented it: `tests.campaigns.fuzz` sees to that by
importing these rooms inside its block.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from sync import joining
from sync.enrolment import Offer, write_offer
from sync.hub import storage
from sync.hub.rows import Applier
from tests.sync.conftest import COUNTY, Journal
from tests.sync.examples import DESK, FOLDER, HUB

AT = datetime(2026, 6, 1, tzinfo=UTC)
NOW_MS = int(AT.timestamp() * 1000)


def example(name: str) -> bytes:
    """Return an example file of docs/format."""
    return (FOLDER / name).read_bytes()


class Forgetful:
    """A hub's database in which each input is laid over the same rows and taken back."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="petition-desk-fuzz-")
        self.engine = storage.open_engine(Path(self.folder.name) / "hub.db", bytes(32), create=True)

    def close(self) -> None:
        self.engine.dispose()
        self.folder.cleanup()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Give a transaction that comes to nothing."""
        with self.engine.connect() as connection:
            transaction = connection.begin()
            try:
                yield connection
            finally:
                transaction.rollback()

    def lay(self, entries: list[Any], changes: list[Any]) -> None:
        """Apply entries as the hub does."""
        with self.transaction() as connection:
            applier = Applier(connection, COUNTY, now_ms=NOW_MS)
            applier.apply(entries, changes)
            applier.finish()


def enrolled_desk() -> Journal:
    """Return a desk that is enrolled with the example hub and has a few entries."""
    journal = Journal(keys=DESK)
    journal.units(5)
    hub = HUB.public()
    offer = Offer(
        hub=hub, hub_name="示例市公安局", address="https://hub.example", certificate="0" * 64, county=COUNTY,
        token=bytes(32), made_at="2026-06-01T01:00:00.000Z",
    )  # fmt: skip
    joining.accept_offer(journal, write_offer(offer, HUB), at=AT)
    return journal
