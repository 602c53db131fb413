"""What the reception day hands to screens, papers and the command line: frozen records, no rows, no SQL.

Days are local calendar days, times local HH:MM as text ('' when not known). Visitors stand here as matters with a
number in the queue; only a brief, for those who see its matter in full, names the petitioners of this matter. Codes:
tables reception, reception_state, visit_kind, visit_state and on_the_spot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from models.clocks import ClockState
from models.errors import Message
from models.reception.turns import Counter
from models.records import Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """Who receives, as the public notice names them."""

    id: int
    name: str
    post: str
    portfolio: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A day that a rule of the bureau gives and that is not planned yet.

    Attributes:
        on: The day, never a rest day.
        nominal_on: The day that the rule names; differs from `on` when that one is a rest day.
        leader: Who receives.
        rule: The rule with its nominal day, kept with the planned day.
        words: The rule in words.
    """

    on: date
    nominal_on: date
    leader: Host
    form: str
    begin: str
    end: str
    place: str
    phone: str
    beside: str
    rule: str
    words: Message

    @property
    def moved(self) -> bool:
        """The rule's own day is a rest day: the next working day takes its place."""
        return self.on != self.nominal_on


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionDay:
    """One reception day.

    Attributes:
        leader: Who receives by the plan.
        host: Who receives in fact: the substitute where one is named.
        substitute, substitute_reason, substituted_on: The named leader in place of an absent one, why, since when.
        rule: The rule that gave the day, in words; '' when it was added by hand.
        counts: Number of visits by state, of those the viewer may know of.
        notice, notice_on: The public notice that names the day, and its date.
        notice_late: It has not gone out in time: after its last day, or not at all although that day is past.
        notice_due_on: The last day for the notice.
        docket: The sealed docket.
        barred: Matters of this day that its host must not receive, by number; only for those who see them in full.
    """

    id: int
    on: date
    form: str
    begin: str
    end: str
    place: str
    phone: str
    beside: str
    leader: Host
    host: Host
    substitute: Host | None
    substitute_reason: str
    substituted_on: date | None
    rule: Message
    state: str
    opened_at: str
    closed_at: str
    cancelled: str
    counts: Mapping[str, int] = field(default_factory=dict)
    notice: int | None = None
    notice_on: date | None = None
    notice_due_on: date | None = None
    notice_late: bool = False
    docket: int | None = None
    barred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitLine:
    """A matter's place on a reception day. An outline has number, turn, state and times, and no title.

    Attributes:
        id: Row of the visit.
        slot: Time given for an appointment.
        turn: Number at the counter; None before they came.
        people: Number of people of the item; None when not counted.
        outcome: Code of the table on_the_spot.
        record: The reception record, a document of the matter.
        missing: What is missing of a visit that was received: (code, words).
    """

    id: int
    reception: int
    matter: int
    number: str
    title: str
    sight: Sight
    category: str
    kind: str
    slot: str
    turn: int | None
    state: str
    came_at: str
    called_at: str
    ended_at: str
    people: int | None
    outcome: str
    record: int | None
    signed: bool
    unsigned: str
    reason: str
    missing: tuple[tuple[str, Message], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The second screen: numbers and nothing else."""

    reception: int
    on: date
    state: str
    now: int | None
    now_since: str
    waiting: tuple[int, ...]
    counters: tuple[Counter, ...] = ()
    """Which workstation gives which numbers, where several do on this day."""

    @property
    def count(self) -> int:
        """How many wait."""
        return len(self.waiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """An instruction of a leader: what a unit is to do until when, and whether it is proved.

    `place` is its number among the matter's instructions, as the act `prove_instruction` takes it. Of an outline, what
    and proof are empty.
    """

    id: int
    place: int
    matter: int
    number: str
    sight: Sight
    what: str
    unit: str
    by: str
    on: date
    due_on: date | None
    done_on: date | None
    proof: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefClaim:
    """A claim of the matter with its decision, if one was given (code of the table conclusion)."""

    place: int
    request: str
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefClock:
    """A clock of the matter that runs, in time or late: name, state, last day and how it was counted."""

    clock: str
    name: Message
    state: ClockState
    derivation: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefAnswer:
    """A letter that told or decided something, or a note of what was told, newest first."""

    on: date
    title: str
    number: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierReception:
    """An earlier reception of this matter: when, by whom, and what was decided (code of on_the_spot, and words)."""

    on: date
    host: str
    outcome: str
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """All that the leader reads before a visitor comes in, on one page."""

    visit: VisitLine
    day: ReceptionDay
    category: str
    state: str
    purpose: str
    received_on: date
    items: int
    unit: str
    handler: str
    people: tuple[str, ...]
    statement: str
    claims: tuple[BriefClaim, ...]
    clocks: tuple[BriefClock, ...]
    answers: tuple[BriefAnswer, ...]
    promises: tuple[Promise, ...]
    earlier: tuple[EarlierReception, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Docket:
    """The day as it went.

    Attributes:
        day: The day.
        lines: In the order of their numbers, then appointments that have not come, by their time.
        promises: What was instructed on the visits of this day.
        open_points: Why the day cannot be closed yet, each a sentence.
        sealed: Hash of the docket's content as it was closed, hex; '' before.
        document: The frozen paper.
        changed: After closing: lines whose content is no longer what was sealed, by their number in the queue.
    """

    day: ReceptionDay
    lines: tuple[VisitLine, ...]
    promises: tuple[Promise, ...]
    open_points: tuple[Message, ...] = ()
    sealed: str = ""
    document: int | None = None
    changed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePlan:
    """What a public notice of a period would say, and whether it still is in time.

    `late` says what is late and by how much; such a notice goes out all the same.
    """

    frm: date
    to: date
    days: tuple[ReceptionDay, ...]
    due_on: date | None
    late: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedNotice:
    """A public notice that went out."""

    id: int
    title: str
    subject: str
    dated_on: date
    days: int
    late: tuple[Message, ...]
    spoiled: str
