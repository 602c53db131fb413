"""Carriers: the ways between desk and hub. Whatever goes by one goes by the other.

A carrier hands batches over and brings documents (receipts, refusals) back; it knows nothing of the register. `send`
may bring the answer at once (a line) or only hand over (a folder, a stick): the round copes with both, because only a
receipt empties the outbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from models.errors import Message
from sync.agreement import Buckets
from sync.outbox import EnrolledHub, Pending
from sync.port import Station


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back for one batch. `handed`: it lies where the hub will find it; the receipt comes later.

    `documents` are (name for messages, bytes); `missing` are ranges that the hub lacks before this batch.
    """

    state: Literal["receipted", "waiting", "refused", "handed"]
    documents: tuple[tuple[str, bytes], ...] = ()
    missing: tuple[tuple[int, int], ...] = ()
    code: str = ""
    message: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What lay ready for this workstation. `have` is the hub's own number, None where the carrier cannot ask."""

    documents: tuple[tuple[str, bytes], ...] = ()
    have: int | None = None


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

    def collect(self, station: Station, after: int) -> News:
        """Bring what the hub has for this workstation since entry `after`."""

    def send(self, station: Station, batch: Pending) -> Reply:
        """Hand a batch over; safe to repeat."""

    def digests(self, station: Station) -> Buckets | None:
        """Return all digests of the county at the hub, None where the carrier cannot ask."""

    def close(self) -> None:
        """Let go of whatever is held open."""
