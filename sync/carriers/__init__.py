"""Carriers: the ways between desk and hub. Whatever goes by one goes by the other.

A carrier hands batches over and brings documents (receipts, refusals) and relays of others back; it knows nothing of
the register. `send` may bring the answer at once (a line) or only hand over (a folder, a stick): the round copes with
both, because only a receipt empties the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from models.errors import HubUnreachableError, Message
from sync.agreement import Buckets
from sync.outbox import EnrolledHub, Pending
from sync.port import Station


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back for one batch. `handed`: it lies where the hub will find it; the receipt comes later.

    `documents` are (name for messages, bytes); `missing` are ranges that the hub lacks before this batch; `down` is
    what the hub has beyond what the workstation said with the batch that it holds, None where it was not asked.
    """

    state: Literal["receipted", "waiting", "refused", "handed"]
    documents: tuple[tuple[str, bytes], ...] = ()
    missing: tuple[tuple[int, int], ...] = ()
    code: str = ""
    message: Message | None = None
    down: Mapping[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What lay ready for this workstation."""

    documents: tuple[tuple[str, bytes], ...] = ()
    have: int | None = None
    """The last own entry that the hub holds; None where the carrier cannot ask."""
    head: bytes | None = None
    """Its hash there."""
    down: Mapping[int, int] | None = None
    """Author to last entry, of what can be fetched; None where there is nothing to know."""
    digest: str = ""
    """`agreement.summary` of the county's digests at the hub."""
    elsewhere: Mapping[int, int] = field(default_factory=dict)
    """Siblings that hold more of this workstation's entries than the hub, as they told it, and the last of these."""
    lacks: Mapping[int, tuple[int, bytes]] = field(default_factory=dict)
    """Siblings of whom the hub holds less than is held here: its last entry, and the hash of that."""
    city: int | None = None
    """Last entry of the city's journal for the county that the hub holds, where that is less than is held here."""
    said: bytes | None = None
    """The hub's own document of what it holds, where that lies in place of an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """The digests of a county at the hub, and the last entry of each author that they speak of."""

    buckets: Buckets
    holds: Mapping[int, int]


class CutShortError(HubUnreachableError):
    """A download was cut; `part` is what had come, from the first byte that was asked for."""

    def __init__(self, error: HubUnreachableError, part: bytes) -> None:
        super().__init__(error.message.zh, error.message.en)
        self.part = part


class Carrier(Protocol):
    """A way to the hub. All methods raise SyncError (with a sentence) when the way is not passable."""

    @property
    def way(self) -> str:
        """Name for people: the hub's address, or the folder's path."""

    @property
    def answers(self) -> bool:
        """Whether `send` brings the hub's answer at once."""

    def enrol(self, hub: EnrolledHub, station: Station) -> None:
        """Hand over the enrolment answer."""

    def collect(self, station: Station, after: int, holds: Mapping[int, int]) -> News:
        """Bring what the hub has for this workstation since entry `after`, and say what it holds of each author."""

    def send(self, station: Station, batch: Pending, holds: Mapping[int, int] | None = None) -> Reply:
        """Hand a batch over, safe to repeat; with `holds`, ask also what there is to fetch once it is taken."""

    def fetch(self, station: Station, author: int, after: int, part: bytes) -> bytes:
        """Bring relays of an author from entry `after` + 1 on, one after the other; b"" when there are none.

        Args:
            station: The receiver.
            author: Whose entries.
            after: Last entry that is held.
            part: The beginning of the first of them, from a download that was cut; what is returned begins with it,
                or with the whole relay anew.

        Raises:
            CutShortError: The way broke; what has come is with it.
        """

    def tell(self, station: Station, said: bytes) -> None:
        """Lay down what the workstation holds (`sync.holds`), where nobody is there to be told."""

    def digests(self, station: Station) -> Digests | None:
        """Return all digests of the county at the hub, None where the carrier cannot ask."""

    def rows(self, station: Station, table: str, month: str) -> list[tuple[int, int, str]] | None:
        """Return (id, version, beginning of the digest) of a bucket's rows at the hub; None where it cannot ask."""

    def close(self) -> None:
        """Let go of whatever is held open."""
