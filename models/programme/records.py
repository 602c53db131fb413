"""What the key-case programme hands to screens, sheets and the command line: frozen records.

There is no percentage that somebody moves: `Evidence` is a step that a record of the register proves, and a share is
computed from counts (domain reference, section 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from models.errors import Message
from models.records import Sight

CaseState = Literal["open", "rebound", "solved", "closed", "excluded"]
"""`rebound`: open again after solving or closing; `closed`: solved, and the city's review approved the closing."""

TargetState = Literal["reached", "missed", "open", "empty"]
MilestoneState = Literal["done", "done_late", "late", "due", "ahead"]
"""`due`: within `SOON_DAYS` of its last day, or on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDraft:
    """A stage as it is drawn up; both days included."""

    name: str
    from_on: date | None
    to_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneDraft:
    """A target or a report as it is drawn up.

    Attributes:
        kind: Code of the table milestone.
        stage: Place of the stage whose last day it is counted from, from 1; None when `on_date` is given.
        on_date: For a target the day by which; for a report the day from which its days are counted.
        days: For a report: within so many days after; 0: on that very day at the latest.
        share: For a target: percent of the included cases that are solved.
    """

    kind: str
    name: str
    stage: int | None = None
    on_date: date | None = None
    days: int = 0
    share: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeDraft:
    """A programme as it is drawn up, from data or by hand."""

    key: str
    name: str
    from_on: date | None
    to_on: date | None
    basis: str = ""
    goal: str = ""
    stages: tuple[StageDraft, ...] = ()
    milestones: tuple[MilestoneDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage of a programme; both days included.

    Attributes:
        key: Names the stage in every county alike, e.g. `2011-key-cases/stage-1`.
        current: The day looked from lies in it.
    """

    id: int
    place: int
    key: str
    name: str
    from_on: date
    to_on: date
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A report or a date that a programme owes.

    Attributes:
        key: Names the report in every county alike: that of its stage, `<programme>/final`, `<programme>/2012-03-14`.
        kind: Code of the table milestone, never `target`.
        stage: The stage whose end it follows; None when its day was set by itself.
        on_date: The day from which its days are counted.
        from_on, to_on: What it tells of; both days included.
        target_on: The raw end of its days, before rolling.
        due_on: Last day; None when the calendar of that year is missing.
        report: Row of period_report, when it went out as one.
    """

    id: int
    programme: int
    key: str
    kind: str
    name: str
    stage: int | None
    on_date: date
    days: int
    from_on: date
    to_on: date
    target_on: date
    due_on: date | None
    done_on: date | None
    report: int | None
    state: MilestoneState


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A target and how far it is reached, counted on the day looked from, or on its own day once that has passed.

    Attributes:
        share: Percent of the included cases that are to be solved.
        by_on: The day by which, included.
        counted_on: The day as of which `included` and `solved` are counted.
        state: `reached`, `missed` (its day has passed), `open`; `empty` when no case is included.
    """

    id: int
    name: str
    share: int
    by_on: date
    counted_on: date
    included: int
    solved: int
    state: TargetState


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Cases of a programme as of a day. `entered` = `open` + `solved` + `excluded`, always.

    Attributes:
        entered: All that were entered, the excluded ones too.
        open: Neither solved nor excluded; `rebound` are those of them that came up again.
        solved: Solved and not come up again; `closed` are those of them whose closing the city's review approved.
        excluded: Entered, and out of the programme.
        late: Open, and past the limit of their plan.
        by_source: Included cases by code of the table key_source.
        by_exclusion: Excluded cases by code of the table key_exclusion, every code present.
    """

    on: date
    entered: int
    open: int
    rebound: int
    solved: int
    closed: int
    excluded: int
    late: int
    by_source: Mapping[str, int]
    by_exclusion: Mapping[str, int]

    @property
    def included(self) -> int:
        """Cases that the targets are measured by: all that were entered and not excluded."""
        return self.entered - self.excluded


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A programme with its stages, reports, targets and counts, as of the day looked from.

    Attributes:
        key: The same in every county.
        state: `ahead`, `running`, `over` (its time has passed) or `closed`.
    """

    id: int
    key: str
    name: str
    basis: str
    goal: str
    from_on: date
    to_on: date
    closed_on: date | None
    state: Literal["ahead", "running", "over", "closed"]
    stages: tuple[Stage, ...]
    milestones: tuple[Milestone, ...]
    targets: tuple[Target, ...]
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How many included cases have reached a step: a count of evidence."""

    step: str
    words: Message
    cases: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Open cases of a lead officer or of a department."""

    key: int | None
    name: str
    open: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The progress of a programme as evidence reached; open cases by lead and by department. Never by petitioner."""

    programme: Programme
    on: date
    reached: tuple[Reached, ...]
    by_leader: tuple[Group, ...]
    by_unit: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Filters of a list of cases; empty or None means all. What tells content leaves outlines out."""

    states: tuple[CaseState, ...] = ()
    sources: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    leader: int | None = None
    unit: int | None = None
    late: bool = False
    step: str = ""
    """Only cases whose next step is this one: a code of `models.programme.evidence.STEPS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One case of a programme. Of an outline only number, days, state and the matter's unit are told.

    Attributes:
        case: Row of key_case.
        leader: Name of the lead officer in force.
        unit: Name of the responsible department; of the matter's unit while there is no plan.
        reached: Steps that are proved, codes of `models.programme.evidence.STEPS`, in their order.
        next_step: The first step that is not proved; empty when all are, or the case is excluded.
        late: Open, and past the plan's limit.
    """

    case: int
    matter: int
    number: str
    title: str
    sight: Sight
    programme: int
    source: str
    entered_on: date
    state: CaseState
    exclusion: str
    leader: str
    level: str
    unit: str
    officer: str
    limit_on: date | None
    late: bool
    reached: tuple[str, ...]
    next_step: str
    rounds: int
    solved_on: date | None
    closed_on: date | None
    rebound_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """Some cases, in the order in which they were entered; `after` goes on, None at the end; `total` is exact."""

    lines: tuple[CaseLine, ...]
    after: int | None
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A step of a case: the day on which a record proves it, or None; `told` says by what."""

    step: str
    words: Message
    on: date | None
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPart:
    """A part of the closure dossier, and what proves it.

    Attributes:
        code: report, commitment, plan, meetings, material, review.
        present: It is in the file.
        document: The document that proves it, when it is one.
        told: What proves it, or what is missing, in words.
    """

    code: str
    words: Message
    present: bool
    document: int | None
    told: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """A plan of a case; the last one is in force unless `ended_on` is set."""

    id: int
    leader: str
    leader_id: int | None
    level: str
    unit: str
    unit_id: int
    officer: str
    officer_id: int
    limit_on: date
    methods: tuple[str, ...]
    plan: str
    no_mediation: str
    cause: str
    cause_told: str
    drawn_on: date
    approved_on: date | None
    approved_by: str
    document: int | None
    filed_on: date | None
    ended_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    """One of the three meetings; `counts`: it is of the lead officer of the plan in force."""

    id: int
    kind: str
    on: date
    leader: str
    place: str
    present: str
    signed: bool
    unsigned: str
    volumes: str
    note: str
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLine:
    """A round of solving."""

    id: int
    on: date
    method: str
    what: str
    result: str
    officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLine:
    """A closing report and what the city's review said."""

    id: int
    reported_on: date
    report: int | None
    reviewed_on: date | None
    result: str
    opinion: str
    paper: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBackLine:
    """A look-back at a closed case."""

    id: int
    on: date
    officer: str
    finding: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """All of one case that the viewer may see; of an outline only `line`.

    Attributes:
        basis: Number of the assignment or list it stands on.
        outcomes: Codes of the table key_outcome.
        why_not_change: Why handler or level may not be changed now; None when they may.
    """

    line: CaseLine
    programme_key: str
    programme_name: str
    basis: str = ""
    exclusion_ground: str = ""
    excluded_on: date | None = None
    exclusion_paper: int | None = None
    outcomes: tuple[str, ...] = ()
    rebound: str = ""
    evidence: tuple[Evidence, ...] = ()
    dossier: tuple[DossierPart, ...] = ()
    plans: tuple[PlanLine, ...] = ()
    meetings: tuple[MeetingLine, ...] = ()
    rounds: tuple[RoundLine, ...] = ()
    reviews: tuple[ReviewLine, ...] = ()
    look_backs: tuple[LookBackLine, ...] = ()
    why_not_change: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One line of the bound ledger (登记造册): the case, its plan in force and the days of its evidence.

    Attributes:
        place: Running number in the programme, from 1, in the order of entry.
        meetings: Days of the three meetings: petitioner, handler, file.
        last_round: Day of the last round.
    """

    place: int
    line: CaseLine
    basis: str
    methods: tuple[str, ...]
    meetings: tuple[date | None, date | None, date | None]
    approved_on: date | None
    filed_on: date | None
    last_round: date | None
    outcomes: tuple[str, ...]
    excluded_on: date | None
    exclusion_ground: str
    reported_on: date | None
    look_back_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiaisonLine:
    """A leader in charge or a liaison officer, as reported to the city: members of the bureau, never petitioners.

    Attributes:
        programme: Row of the programme; None for the bureau's petition work as a whole.
        duty: Code of the table liaison_duty.
    """

    id: int
    programme: int | None
    duty: str
    name: str
    post: str
    phone: str
    from_on: date
