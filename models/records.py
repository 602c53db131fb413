"""What the register hands to screens, letters and the command line: frozen records, no rows, no SQL.

`Id` values are row ids (see `models.tables`). Dates are local calendar days (`date`), instants aware UTC.
Codes are those of `resources/codes.toml`; their words in Chinese and English come from `models.codes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Sight = Literal["full", "outline"]
"""`outline`: a sealed matter for someone who is not a reader: number, dates, clocks, state and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A person who works with the register; `roles` are codes REG PU HU HO LEG DL CH DI KEEPER."""

    id: int
    login: str
    name: str
    unit: int | None
    roles: frozenset[str]
    post: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft:
    """A petitioner as typed; all but the role may be empty: identification never blocks (domain reference, 11)."""

    role: str = "petitioner"
    kind: str = "person"
    name: str = ""
    main: bool = False
    id_kind: str = ""
    id_number: str = ""
    address: str = ""
    address_code: str = ""
    mail_address: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    mandate: str = ""
    acts_for: int | None = None
    """Index into `ItemDraft.people` of the person represented."""
    sex: str = ""
    born_on: date | None = None
    household: str = ""
    workplace: str = ""
    nationality: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccusedDraft:
    """A unit or person complained of; `staff`/`unit` link to our directory when the officer picked the same there."""

    name: str
    kind: str = "person"
    post: str = ""
    staff: int | None = None
    unit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentDraft:
    """A paper handed in: its bytes live in memory until they are in the register."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """A visit, letter, call or web entry as the officer types it, and as an importer hands it over."""

    channel: str = "visit"
    received_on: date
    received_at: str = ""
    title: str = ""
    statement: str = ""
    facts: str = ""
    reasons: str = ""
    claims: tuple[str, ...] = ()
    people: tuple[PersonDraft, ...] = ()
    accused: tuple[AccusedDraft, ...] = ()
    attachments: tuple[AttachmentDraft, ...] = ()
    purpose: str = ""
    source: str = "own"
    source_name: str = ""
    source_number: str = ""
    transferred_on: date | None = None
    addressee: str = ""
    postmark_on: date | None = None
    reception: str = ""
    people_count: int | None = None
    representatives: int | None = None
    involved: int | None = None
    anonymous: bool = False
    joint: bool = False
    confidential: bool = False
    address_unclear: bool = False
    content_code: str = ""
    content_label: str = ""
    problem_type: str = ""
    police: str = ""
    place_code: str = ""
    problem_on: date | None = None
    problem_place: str = ""
    cause: str = ""
    remark: str = ""
    repeat_of_matter: int | None = None
    """Link to this earlier matter (same person and same substance) in place of opening a new one."""
    origin: str = ""
    received_only: bool = False
    """Taken in with its day and channel, so that its clock runs; the entry is completed later (state S0)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What the counter reads out after registration."""

    item: int
    matter: int
    item_number: str
    matter_number: str
    query_code: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A doubt about an input that does not block: e.g. a failed checksum."""

    field: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterLine:
    """One line of a list. For an outline, `title` and `who` are empty."""

    id: int
    number: str
    title: str
    who: str
    state: str
    category: str
    channel: str
    received_on: date
    unit: str
    handler: str
    next_clock: str
    """Clock id of the nearest open duty, '' if none."""
    due_on: date | None
    """Last lawful day of that duty; None when there is none or its calendar year is missing."""
    sight: Sight = "full"
    place: int = 0
    """Position in the register's own order (newest received first); a key for paging."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Filters of the register and of search; None or empty means all."""

    states: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    unit: int | None = None
    handler: int | None = None
    received_from: date | None = None
    received_to: date | None = None
    late: bool = False
    open_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Up to `limit` lines and how to go on: pass `after` back to get the next page; None at the end.

    Nothing is cut off silently: `total` is the exact number of hits the viewer may see, or None when not asked for.
    """

    lines: tuple[MatterLine, ...]
    after: Any | None
    total: int | None = None
    indexed: tuple[int, int] | None = None
    """(matters in the search index, all matters) while the index is made after a first download: hits may lack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A likely earlier matter while typing: `same` says which of the two tests of domain 10.4 it speaks to."""

    matter: int
    number: str
    title: str
    who: str
    state: str
    received_on: date
    same: Literal["person", "substance", "both"]
    reasons: tuple[tuple[str, str], ...]
    """(code, words) pairs: code in id_number id_15 phone name homophone text; words as shown, both languages joined by
    the UI.
    """
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyLine:
    """One duty on Today: what is to be done on which matter by which unit, and by when."""

    matter: int
    number: str
    title: str
    clock: str
    act: str
    """The act that fulfils it, '' when several may."""
    unit: str
    target_on: date
    """Raw end of the clock."""
    last_on: date | None
    """Last lawful day after rolling; None when its calendar year is missing."""
    days_left: int | None
    sight: Sight = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyGroup:
    """A group of Today; `total` counts all of the group, `lines` the first of them."""

    name: Literal["late", "today", "week", "later", "unknown"]
    total: int
    lines: tuple[DutyLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """The duties of the day in the order of their last lawful day, and the state of sync and backup."""

    on: date
    groups: tuple[DutyGroup, ...]
    open_matters: int
    unscreened: int
    unsent: int
    last_receipt_at: datetime | None
    last_backup_at: datetime | None
    drafts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """One line of a matter's story: an act of the journal, or a dated event."""

    at: datetime
    actor: str
    act: str
    detail: str
    on_date: date | None = None
    entry: str = ""
    """Workstation and number of the journal entry, e.g. 1-123; empty when the entry is of many matters."""
    reversed: str = ""
    """Why the entry was reversed; empty when it stands."""
    reversed_by: str = ""
    """Who reversed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One change of one column: before and after, who, when, by which act, why, and in which entry of the journal."""

    table: str
    row: int
    column: str
    """Empty when the row was added as a whole."""
    where: str
    """The row in words, e.g. 信访人 王小明."""
    name: str
    """The column in words."""
    before: Any
    after: Any
    before_text: str
    after_text: str
    who: str
    at: datetime
    act: str
    why: str
    """The reason or note of the act, when it had one."""
    entry: str
    """Workstation and number of the journal entry, e.g. 1-123."""
    reversed: str = ""
    """Why the entry was reversed; empty when it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputField:
    """One input of an act: `kind` in text long date choice choices unit staff flag number claims document."""

    name: str
    kind: str
    required: bool = False
    choices: tuple[str, ...] = ()
    table: str = ""
    """Code table of the choices (models.codes)."""
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAct:
    """An act that is lawful now, for this person; `likely` is highest for the one to offer first."""

    name: str
    roles: tuple[str, ...]
    documents: tuple[str, ...]
    """Kinds of the documents that must be issued with or before it."""
    inputs: tuple[InputField, ...]
    article: str
    to_state: str
    likely: int = 0
    papers: tuple[str, ...] = ()
    """Kinds of the incoming papers that it rests on."""
    papers_held: tuple[str, ...] = ()
    """Those of them that the matter holds already; the others are handed in with the act."""
    documents_when: tuple[tuple[str, str], ...] = ()
    """Kinds of documents that go out only when an input says so: (kind, "input" or "input=code")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDraft:
    """An incoming paper: whose it is, when it is dated, when we received it, and its scan."""

    kind: str
    """Code of the table `paper`."""
    dated_on: date | None = None
    received_on: date | None = None
    """The day of the act when absent."""
    number: str = ""
    organ: str = ""
    told: str = ""
    """What it says, in a line."""
    file: AttachmentDraft | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedAct:
    """An act that is not open, with the reason: the "why not?" of the window."""

    name: str
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """A document of a matter."""

    id: int
    kind: str
    number: str
    title: str
    state: str
    dated_on: date | None
    code: str
    size: int | None
    sha256: str = ""
    organ: str = ""
    """Of an incoming paper: whose it is."""
    received_on: date | None = None
    told: str = ""
    """Of an incoming paper: what it says, in a line."""
    attachment: int | None = None
    """Of an incoming paper: its scan."""
    reason: str = ""
    """Of a spoiled letter: why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentLine:
    """An attachment of a matter, without its bytes."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDay:
    """A last day that moved: the run of `clock` that began on `start_on`. None where a day could not be told."""

    clock: str
    start_on: date
    before_on: date | None
    after_on: date | None
    cause: str
    """Title of the notice or rule that moved it."""
    on: date
    """The day on which it was applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterFile:
    """All of one matter that the viewer may see: rows as plain dicts of declared columns, keyed as in models.tables."""

    id: int
    number: str
    sight: Sight
    matter: dict[str, Any]
    items: tuple[dict[str, Any], ...] = ()
    people: tuple[dict[str, Any], ...] = ()
    accused: tuple[dict[str, Any], ...] = ()
    passages: tuple[dict[str, Any], ...] = ()
    claims: tuple[dict[str, Any], ...] = ()
    events: tuple[dict[str, Any], ...] = ()
    documents: tuple[DocumentLine, ...] = ()
    attachments: tuple[AttachmentLine, ...] = ()
    clocks: tuple[Any, ...] = ()
    """`models.clocks.engine.ClockState` values, in the order of their last lawful day."""
    story: tuple[StoryLine, ...] = ()
    next_acts: tuple[OpenAct, ...] = ()
    ledgers: Mapping[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)
    """Rows of the handling by table (hand-overs, attempts at service, reviews ...), oldest first; empty ones absent."""
    unit_name: str = ""
    handler_name: str = ""
    shifts: tuple[MovedDay, ...] = ()
    """Last days that moved when a calendar or rule changed, oldest first: a clock's card shows both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPreview:
    """A letter as it would print now.

    `missing` lists what blocks its issue as (code, zh, en); the PDF is shown all the same. `given` is what register
    and act put into each field that is left empty.
    """

    kind: str
    pdf: bytes
    missing: tuple[tuple[str, str, str], ...]
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncState:
    """The sync light: `unsent` entries, age of the oldest, last receipt, and the last trouble in words."""

    enrolled: bool
    hub: str = ""
    unsent: int = 0
    oldest_unsent_at: datetime | None = None
    last_receipt_at: datetime | None = None
    trouble: str = ""
    agreed: int | None = None
    """Rows on which desk and hub digests agree, of `held`."""
    held: int | None = None
    shared: bool = False
    """The county has, or had, other workstations: a stick between them is a way too."""
    must_fetch: bool = False
    """Put back from a backup: nothing can be entered before what it lacks has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """A draft kept on this workstation for its author; survives a power cut."""

    id: int
    kind: str
    title: str
    saved_at: datetime
    content: dict[str, Any] = field(default_factory=dict)
