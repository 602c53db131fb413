"""What the sync needs of a register: who it is, and a way to run short work on its connection.

A round is run on a thread that may wait for the network; the connection belongs to one worker. So every step on the
register is a function of the connection, handed to `Port.run`, which the window gives to that worker and the command
line runs at once. Steps are short and each is one transaction; between steps nothing is held.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from models import arrivals, device, door
from models.arrivals import Arrived
from models.journal import Entry
from sync.keys import SecretKeys
from sync.localtables import create_tables

if TYPE_CHECKING:
    from models.register import Register

T = TypeVar("T")
Connection = Any
"""A DB-API connection in autocommit mode, as `models.door` opens it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A workstation: the sender of batches."""

    county: str
    name: str
    """Full name of the bureau."""
    device: int
    device_name: str
    epoch: int
    keys: SecretKeys = field(repr=False)


class Port(Protocol):
    """A register as the sync sees it."""

    @property
    def station(self) -> Station:
        """Who this register is."""

    def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` with the register's connection and return what it returns; errors pass through."""

    def with_register(self, work: Callable[[Register], T]) -> T:
        """Run `work` with the open register itself."""

    def arrive(self, entries: Sequence[Entry], *, at: datetime, way: str, bulk: bool) -> Arrived:
        """Take entries of one author and lay them over the rows (`models.arrivals.take`)."""

    def finish_bulk(self, progress: Callable[[int, int], None]) -> None:
        """Work out what follows from a first download (`models.arrivals.finish_bulk`)."""


class RegisterPort:
    """A port on an open register.

    Args:
        register: The register.
        runner: Runs a function without arguments on the worker that owns the connection; at once by default.
    """

    def __init__(self, register: Register, runner: Callable[[Callable[[], Any]], Any] | None = None) -> None:
        self._register = register
        self._runner = runner or (lambda work: work())
        self.station: Station = self._runner(self._read_station)

    def _read_station(self) -> Station:
        register = self._register
        with door.translated(register.path):
            create_tables(register.connection)
        keys = device.read_keys(register.connection)
        row = register.row("SELECT name FROM device WHERE number=?", (register.device,))
        return Station(
            county=register.county,
            name=str(register.setting("organ.name", "")),
            device=register.device,
            device_name=row[0] if row else "",
            epoch=register.epoch,
            keys=SecretKeys(keys.sign_seed, keys.mlkem_seed, keys.x25519_seed),
        )

    def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on the worker that owns the connection."""
        return self.with_register(lambda register: work(register.connection))

    def with_register(self, work: Callable[[Register], T]) -> T:
        """Run `work` on the register, on the worker that owns its connection."""

        def step() -> T:
            with door.translated(self._register.path):
                return work(self._register)

        result: T = self._runner(step)
        return result

    def arrive(self, entries: Sequence[Entry], *, at: datetime, way: str, bulk: bool) -> Arrived:
        """Take entries of one author and lay them over the rows."""
        return self.with_register(lambda register: arrivals.take(register, entries, at=at, way=way, bulk=bulk))

    def finish_bulk(self, progress: Callable[[int, int], None]) -> None:
        """Work out what follows from a first download."""
        self.with_register(lambda register: arrivals.finish_bulk(register, progress))


@contextlib.contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Begin a write, commit at the end; an exception inside leaves everything as it was."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has taken it back already
            connection.execute("ROLLBACK")
        raise
