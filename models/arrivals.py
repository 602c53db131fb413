"""Entries from elsewhere laid over the register's rows: from siblings, from the city, or own ones after a restore.

Words used here:

- *held*: an entry that stands in the journal; of every workstation without a gap.
- *laid*: its changes were merged into the rows (models.merge).
- *quarantined*: held but not laid, since its content cannot be: an unknown column, a number that is taken, a row that
  no entry can bring any more. It is listed with its cause; the entries after it flow on; `retry` tries it again.
- *waiting*: not held yet, because it speaks of rows that another workstation made and that have not come. The stream of
  its workstation stops there; the others flow, and the caller asks again when something else has come.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from models.errors import Message
from models.journal import Entry

if TYPE_CHECKING:
    from models.register import Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """An entry that is held and could not be laid; `code` is a short cause, `message` says it and what to do."""

    device: int
    seq: int
    code: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What became of some entries.

    Attributes:
        taken: Entries that are held since; those that were held before do not count.
        waiting: Workstations whose stream waits for entries of others.
        quarantined: Those of them that could not be laid.
        conflicts: Conflicts that were found, more than before.
        matters: The matters whose rows changed.
    """

    taken: int = 0
    waiting: tuple[int, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    conflicts: int = 0
    matters: frozenset[int] = frozenset()


def held(connection: driver.Connection) -> dict[int, tuple[int, bytes]]:
    """Return the last entry held of each workstation, and its hash."""
    raise NotImplementedError


def take(register: Register, entries: Sequence[Entry], *, at: datetime, way: str, bulk: bool = False) -> Arrived:
    """Take entries of one workstation, in the order of their numbers; those that are held already are passed over.

    One durable transaction; an error leaves everything as it was.

    Args:
        register: The open register.
        entries: Of one workstation, gapless among themselves.
        at: Instant, aware.
        way: How they came: `line`, `folder`, `stick` or `restore`; kept with the arrival.
        bulk: A first download: projections and index are left for `finish_bulk`, which the caller must call.

    Raises:
        ChainError: They do not continue what is held.
    """
    raise NotImplementedError


def retry(register: Register, *, at: datetime) -> Arrived:
    """Try every entry in quarantine again: after an update of the program, or once what was in the way is gone."""
    raise NotImplementedError


def quarantined(connection: driver.Connection) -> tuple[Quarantined, ...]:
    """Return the entries in quarantine, in the order of workstation and number."""
    raise NotImplementedError


def bulk_pending(connection: driver.Connection) -> bool:
    """Return whether a bulk download was begun and `finish_bulk` has not been called."""
    raise NotImplementedError


def finish_bulk(register: Register, progress: Callable[[int, int], None] = lambda _done, _total: None) -> None:
    """Work out the projections of all matters after a first download; `Register.tidy` then makes the search index."""
    raise NotImplementedError
