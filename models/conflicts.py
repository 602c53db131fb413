"""Conflicts: values of one column that were entered apart from each other, each without knowledge of the other.

The merge finds them (models.merge) and shows the later value; the other is kept in the local table `conflict`, the same
at every desk and at the hub. A conflict stays open until a person has settled it: the act `settle_conflict` writes a
row `settlement` and, when another value is to hold, sets the column. Statutory dates and decisions have a clock: three
working days after the local day of the later of the two instants (project rule).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from models.errors import Message
from models.records import Sight, Staff

if TYPE_CHECKING:
    from models.register import Register

DAYS_TO_SETTLE = 3
"""Working days within which a conflict in a statutory date or a decision is settled (project rule)."""
PAGE = 50

Key = tuple[str, int, str, int]
"""Table, row, column, and the hybrid instant of the value that does not show."""
Choice = Literal["kept", "other", "new"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two values: what it is, in words, and who entered it when and where.

    Attributes:
        value: As stored; None when it was emptied, and in an outline.
        word: As people read it; '' in an outline.
        who: Name of the person, '' in an outline or when the entry is not known.
        at: When it was entered.
        workstation: Name of the workstation.
    """

    value: Any
    word: Message
    who: str
    at: datetime
    workstation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictLine:
    """One open conflict.

    Attributes:
        key: What `settle` asks for.
        table: Name of the table in words.
        column: Name of the column in words.
        row_label: What tells the row apart, e.g. a claim's text or a document's title; '' in an outline.
        matter: The matter it belongs to, None for one of the bureau's own rows.
        number: The matter's number, '' without a matter.
        title: Its title; '' in an outline.
        sight: What the viewer may see.
        kept: The value that shows.
        other: The value that does not.
        statutory: A date fixed by law or a decision: a person must settle it.
        since: Local day of the later of the two instants.
        due_on: Last day to settle a statutory one; None for others, and when its year has no calendar.
        late: The day is past.
        may_settle: The viewer may settle it.
    """

    key: Key
    table: Message
    column: Message
    row_label: str
    matter: int | None
    number: str
    title: str
    sight: Sight
    kept: Side
    other: Side
    statutory: bool
    since: date
    due_on: date | None
    late: bool
    may_settle: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictPage:
    """Some lines, the earliest due first; `total` is exact, `after` goes on and is None at the end."""

    total: int
    lines: tuple[ConflictLine, ...]
    after: Any


class Conflicts:
    """The open conflicts as one person may see and settle them on a day."""

    def __init__(self, register: Register, person: Staff, on: date, now: Callable[[], datetime]) -> None:
        self._register = register
        self._person = person
        self._on = on
        self._now = now

    def open_ones(self, after: Any = None, limit: int = PAGE) -> ConflictPage:
        """Return a page of the open conflicts."""
        raise NotImplementedError

    def count(self) -> int:
        """Return how many conflicts are open that this person may know of."""
        raise NotImplementedError

    def settle(self, key: Key, choice: Choice, *, value: Any = None, reason: str, at: datetime | None = None) -> int:
        """Settle a conflict; returns the journal's sequence number.

        Args:
            key: `ConflictLine.key`.
            choice: `kept`: what shows holds; `other`: the other value; `new`: the given `value`.
            value: For `new`: the value as stored (a date as ISO text).
            reason: Why.
            at: Instant; now by default.

        Raises:
            InputError: No such open conflict, no reason, or no value.
            NotAllowedError: Not for this person.
        """
        raise NotImplementedError
