"""What the window asks of the register: the facade `models.desk.Desk` as a protocol.

Every call runs on the worker thread, `backup` aside. Nothing here knows SQL, keys or files of the register.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from models.records import (
    AttachmentDraft,
    ClosedAct,
    DocumentLine,
    Doubt,
    DraftLine,
    FieldChange,
    Filters,
    Hint,
    ItemDraft,
    LetterPreview,
    MatterFile,
    OpenAct,
    Page,
    PaperDraft,
    Registered,
    Staff,
    SyncState,
    Today,
)

if TYPE_CHECKING:
    from models.bulk import BulkReport
    from models.bulk_acts import OpenForMany
    from models.candidates import Candidate, Standing
    from models.citypapers import CityPapers
    from models.conflicts import Conflicts
    from models.duties import Duties
    from models.errors import RuleError
    from models.exhausted import Exhausted
    from models.export import Cell
    from models.figures.desk import Figures
    from models.ledgers.ledger import Ledgers
    from models.letters import Wording
    from models.letters.bundle import Bundle, Paper
    from models.programme.programmes import Programmes
    from models.reception.desk import Receptions
    from models.routing import Routing
    from models.sheets.papers import Papers
    from models.shifts import Difference as DayDifference
    from models.steps.rating import Rating
    from models.templates import Difference as TextDifference
    from models.templates import Version


class DeskPort(Protocol):
    """The register as the window sees it."""

    person: Staff

    def today(self, on: date | None = None, lines: int = 50) -> Today:
        """Return the duties of a day, with at most `lines` of each group."""
        ...

    @property
    def duties(self) -> Duties:
        """Return what waits, what units owe and failed, and what repeats: asked for this person on this day."""
        ...

    @property
    def city(self) -> CityPapers:
        """Return the papers from the city bureau: the inbox, taking in, sending back, answering."""
        ...

    @property
    def conflicts(self) -> Conflicts:
        """Return the values entered apart from each other that nobody has settled."""
        ...

    @property
    def figures(self) -> Figures:
        """Return the figures of a month, stage, programme or year: live, submitted once, each with its list."""
        ...

    @property
    def papers(self) -> Papers:
        """Return the bureau's papers that belong to no single matter: issued ones, and how one would print."""
        ...

    @property
    def ledgers(self) -> Ledgers:
        """Return the ledgers of a period as papers, and their way out."""
        ...

    @property
    def programmes(self) -> Programmes:
        """Return the key-case programmes: their cases, their progress as evidence, what they owe."""
        ...

    @property
    def reception(self) -> Receptions:
        """Return the chief's reception days: plan, notice, queue, briefs, docket, instructions."""
        ...

    def page(
        self,
        filters: Filters,
        after: Any = None,
        limit: int = 200,
        order: str = "received",
        descending: bool | None = None,
    ) -> Page:
        """Return a page of the register in an order."""
        ...

    def count(self, filters: Filters) -> int:
        """Return how many matters the filters leave."""
        ...

    def search(
        self, text: str, filters: Filters | None = None, after: Any = None, limit: int = 50, *, total: bool = False
    ) -> Page:
        """Return a page of hits, newest first and exact."""
        ...

    def matter(self, matter: int) -> MatterFile:
        """Return all of a matter."""
        ...

    def hints(self, draft: ItemDraft) -> tuple[Hint, ...]:
        """Return likely earlier matters."""
        ...

    def doubts(self, draft: ItemDraft) -> tuple[Doubt, ...]:
        """Return doubts that do not block."""
        ...

    def register_item(self, draft: ItemDraft, at: datetime | None = None, draft_id: int | None = None) -> Registered:
        """Register; the draft ends in the same transaction."""
        ...

    def perform(
        self,
        matter: int,
        act: str,
        inputs: Mapping[str, Any],
        letter: Mapping[str, str] | None = None,
        at: datetime | None = None,
        papers: Sequence[PaperDraft] = (),
    ) -> int:
        """Take a lawful step, with what was typed for its letters and the papers that came in with it."""
        ...

    def open_acts(self, matter: int) -> tuple[tuple[OpenAct, ...], tuple[ClosedAct, ...]]:
        """Return the acts that are lawful now, and why the others are not."""
        ...

    def find(self, reference: str | int) -> int:
        """Return the id of a matter from its id, number, item number or query code."""
        ...

    def history(
        self, matter: int, table: str | None = None, row: int | None = None, column: str | None = None
    ) -> tuple[FieldChange, ...]:
        """Return who changed what of a matter, when, by which act and why, newest first."""
        ...

    def reverse(self, matter: int, entry: str, reason: str, at: datetime | None = None) -> int:
        """Take back what an entry of the journal wrote, with a reason."""
        ...

    def why_not_reversed(self, matter: int, entry: str) -> RuleError | None:
        """Return why an entry cannot be reversed by this person now, or None when it can."""
        ...

    def suggest(self, matter: int) -> Routing:
        """Return what the rules suggest for screening a matter."""
        ...

    def exhausted(self, matter: int, named: int | None = None) -> Exhausted:
        """Return whether an earlier matter lets this one be told "no longer accepted"."""
        ...

    def ratings(self, matter: int) -> tuple[Rating, ...]:
        """Return the petitioner's ratings of a matter as they stand today."""
        ...

    def document_docx(self, document: int) -> bytes:
        """Return a document as .docx for editing elsewhere."""
        ...

    def bundle_papers(self, matter: int) -> tuple[Paper, ...]:
        """Return the papers that a bundle of the matter holds unless told otherwise."""
        ...

    def bundle_pdf(self, matter: int, papers: Sequence[Paper] | None = None) -> Bundle:
        """Bind papers of a matter into one PDF behind an index."""
        ...

    def sealed_bundle(self, document: int) -> Bundle:
        """Bind the papers that an issued index lists behind it."""
        ...

    def bulk(
        self,
        matters: Sequence[int],
        act: str,
        inputs: Mapping[str, Any] | None = None,
        letter: Mapping[str, str] | None = None,
        *,
        suggested: bool = False,
        dry_run: bool = False,
        on_progress: Callable[[int, int], None] = ...,
        cancelled: Callable[[], bool] = ...,
    ) -> BulkReport:
        """Take one act on many matters, each by itself with all its checks."""
        ...

    def open_for_many(
        self,
        matters: Sequence[int],
        on_progress: Callable[[int, int], None] = ...,
        cancelled: Callable[[], bool] = ...,
    ) -> OpenForMany:
        """Return the acts that may be taken on several matters at once, and on how many of these."""
        ...

    def export_portion(
        self, filters: Filters, text: str = "", places: Sequence[int] | None = None, after: Any = None
    ) -> tuple[list[tuple[Cell, ...]], Any]:
        """Return some lines of a list as cells of a table, and how to go on."""
        ...

    def exported(self, at: datetime | None = None) -> None:
        """Journal that a list leaves the register."""
        ...

    def preview_letter(
        self, matter: int, kind: str, fields: Mapping[str, str], inputs: Mapping[str, Any] | None = None, act: str = ""
    ) -> LetterPreview:
        """Return the letter as it would print; `act`: the act with which it goes out, of these inputs."""
        ...

    def issue_letter(
        self, matter: int, kind: str, fields: Mapping[str, str], at: datetime | None = None
    ) -> DocumentLine:
        """Number and freeze a letter that belongs to no act."""
        ...

    def document_pdf(self, document: int) -> bytes:
        """Return a frozen letter."""
        ...

    def receipt_pdf(self, item: int, size: str = "A5") -> bytes:
        """Return the receipt slip, "A5" or "80mm"."""
        ...

    def attachment_bytes(self, attachment: int) -> bytes:
        """Return a paper's bytes."""
        ...

    def attach(self, matter: int, draft: AttachmentDraft, at: datetime | None = None) -> int:
        """Add a paper to a matter."""
        ...

    def save_draft(self, kind: str, content: Mapping[str, Any], draft_id: int | None = None) -> int:
        """Keep a draft; returns its id."""
        ...

    def drafts(self) -> tuple[DraftLine, ...]:
        """Return the drafts of this person."""
        ...

    def discard_draft(self, draft_id: int) -> None:
        """Drop a draft."""
        ...

    def units(self) -> Sequence[tuple[int, str]]:
        """Return the units as (id, name)."""
        ...

    def staff(self) -> tuple[Staff, ...]:
        """Return the people who work with the register."""
        ...

    def settings(self) -> Mapping[str, Any]:
        """Return the bureau's settings."""
        ...

    def set_setting(self, name: str, value: Any, at: datetime | None = None) -> None:
        """Change one setting of the bureau."""
        ...

    def standing_law(self) -> Standing:
        """Return which calendars count, and which local overlay today."""
        ...

    def pending_changes(self) -> tuple[Candidate, ...]:
        """Return the calendars that wait for review, and what a newer program brings."""
        ...

    def calendar_difference(self, data: bytes, name: str = "calendar") -> DayDifference:
        """Return which last days a calendar file would move."""
        ...

    def overlay_difference(self, overlay: str, from_on: date) -> DayDifference:
        """Return what a local overlay ('' for none) would change from a day on."""
        ...

    def difference(self, candidate: Candidate) -> DayDifference:
        """Return which last days a candidate would move."""
        ...

    def load_calendar(self, data: bytes, name: str = "calendar", at: datetime | None = None) -> Candidate:
        """Hand in a calendar file for review; nothing moves by it."""
        ...

    def apply_calendar(self, reviewed: DayDifference, at: datetime | None = None) -> int:
        """Let what was reviewed count; returns the number of last days that moved."""
        ...

    def wordings(self, kind: str) -> tuple[Version, ...]:
        """Return the unit's versions of the wording of a kind, the oldest first."""
        ...

    def wording_of(self, kind: str, version: int | None = None) -> Wording:
        """Return the texts of a version (0: those that ship), or of the one that counts today."""
        ...

    def save_wording(self, kind: str, texts: Mapping[str, Mapping[str, str]], at: datetime | None = None) -> int:
        """Save a new version of the wording of a kind, not yet in force; returns its number."""
        ...

    def approve_wording(self, kind: str, version: int, from_on: date | None = None, at: datetime | None = None) -> None:
        """Put a version that somebody else wrote in force."""
        ...

    def withdraw_wording(
        self, kind: str, version: int, from_on: date | None = None, at: datetime | None = None
    ) -> None:
        """Withdraw a version for letters dated `from_on` or later."""
        ...

    def wording_differences(self, kind: str, before: int, after: int) -> tuple[TextDifference, ...]:
        """Return the texts that two versions say differently; 0 is the wording that ships."""
        ...

    def preview_wording(
        self, kind: str, texts: Mapping[str, Mapping[str, str]], rules: str = "REG-2022"
    ) -> LetterPreview:
        """Return a letter of an invented matter in these words, and what would keep it from being issued."""
        ...

    def sync_state(self) -> SyncState:
        """Return the sync light."""
        ...

    def backup(self, path: Path, runner: Callable[[Callable[[], Any]], Any]) -> Any:
        """Write a backup that has been opened and counted; called aside, each step on the register by `runner`."""
        ...

    def tidy(self) -> bool:
        """Do a short piece of upkeep while nobody waits; return whether there is more to do."""
        ...

    def change_passphrase(self, old: str, new: str) -> None:
        """Change this person's passphrase."""
        ...

    def close(self) -> None:
        """Close the register and forget its keys."""
        ...
