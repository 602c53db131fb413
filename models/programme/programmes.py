"""What one person asks and writes about key-case programmes. Made by `Desk.programmes` for the person and the day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from models.programme import cases, data, keeping, progress, roster
from models.programme.records import (
    CaseFile,
    CaseFilter,
    CasePage,
    LedgerLine,
    LiaisonLine,
    Milestone,
    MilestoneDraft,
    Programme,
    ProgrammeDraft,
    Progress,
)  # fmt: skip

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register
    from models.sheets.content import Sheet


@dataclass(frozen=True, slots=True)
class Programmes:
    """The questions of `person` on `on`, and the writes at `now()`; every one of them asks the policy."""

    register: Register
    person: Staff
    on: date
    now: Callable[[], datetime]

    # --- programmes --------------------------------------------------------------------------------------------------

    def all(self) -> tuple[Programme, ...]:
        """Return every programme as of the day, the one that began last first."""
        return progress.programmes(self.register, self.person, self.on)

    def one(self, reference: str | int, on: date | None = None) -> Programme:
        """Return one programme by key or row, as of a day (today when none is named).

        Raises:
            InputError: There is no such programme.
        """
        return progress.programme(self.register, self.person, reference, on or self.on)

    def shipped(self) -> tuple[ProgrammeDraft, ...]:
        """Return the programmes that come with the product as data; the provincial plan of 2011 is the first."""
        return data.shipped()

    def create(self, draft: ProgrammeDraft | str) -> int:
        """Write a programme, drawn up by hand or the shipped one of this key; returns its row.

        Raises:
            NotAllowedError: Neither head of the petition unit nor a leader.
            InputError, MissingPartError: A stage without its days, days outside the programme or out of order, a
                target without share, a key that is taken; each named.
        """
        return keeping.create(self.register, draft, by=self.person, at=self.now())

    def change_stage(
        self, stage: int, *, name: str | None = None, from_on: date | None = None, to_on: date | None = None
    ) -> None:
        """Change a stage; reports that follow its end move with it."""
        keeping.change_stage(
            self.register, stage, name=name, from_on=from_on, to_on=to_on, by=self.person, at=self.now()
        )

    def add_milestone(self, programme: str | int, draft: MilestoneDraft) -> int:
        """Add a target or a report; returns its row."""
        return keeping.add_milestone(self.register, programme, draft, by=self.person, at=self.now())

    def change_milestone(
        self,
        milestone: int,
        *,
        name: str | None = None,
        on_date: date | None = None,
        days: int | None = None,
        share: int | None = None,
    ) -> None:
        """Change a target or a report that is not done yet."""
        keeping.change_milestone(
            self.register, milestone, name=name, on_date=on_date, days=days, share=share, by=self.person, at=self.now()
        )

    def remove_milestone(self, milestone: int, reason: str) -> None:
        """Take a target or a report that is not done out of the programme; it stays with the reason."""
        keeping.remove_milestone(self.register, milestone, reason, by=self.person, at=self.now())

    def report_out(self, milestone: int, on: date | None = None) -> None:
        """Record that a report went out (roster, filing; figures and summaries do it by being submitted)."""
        keeping.report_out(self.register, milestone, on or self.on, by=self.person, at=self.now())

    def close(self, programme: str | int) -> None:
        """Close a programme; refused while a report is owed."""
        keeping.close(self.register, programme, self.on, by=self.person, at=self.now())

    # --- progress ----------------------------------------------------------------------------------------------------

    def progress(self, programme: str | int, on: date | None = None) -> Progress:
        """Return the progress of a programme as evidence reached, as of a day."""
        return progress.progress(self.register, self.person, programme, on or self.on)

    def milestones(self, programme: str | int) -> tuple[Milestone, ...]:
        """Return the reports and dates of a programme by their last day."""
        return self.one(programme).milestones

    def owed(self) -> tuple[tuple[Programme, Milestone], ...]:
        """Return what the programmes owe now: reports that are due soon or late, the earliest first."""
        return progress.owed(self.register, self.person, self.on)

    # --- cases -------------------------------------------------------------------------------------------------------

    def cases(
        self, programme: str | int, filters: CaseFilter | None = None, after: int | None = None, limit: int = cases.PAGE
    ) -> CasePage:
        """Return one page of the cases of a programme, in the order in which they were entered."""
        return cases.page(self.register, self.person, programme, filters or CaseFilter(), self.on, after, limit)

    def case(self, matter: int, programme: str | int | None = None) -> CaseFile:
        """Return the case file of a matter: of the programme named, else of the one entered last.

        Raises:
            InputError: The matter is in no programme, or may not be known of.
        """
        return cases.case_file(self.register, self.person, matter, programme, self.on)

    def of_matter(self, matter: int) -> tuple[CaseFile, ...]:
        """Return the case files of a matter in every programme, the one entered last first; empty when in none."""
        return cases.of_matter(self.register, self.person, matter, self.on)

    def ledger(self, programme: str | int) -> Iterator[LedgerLine]:
        """Return the lines of the bound ledger (登记造册), in the order of entry."""
        return cases.ledger(self.register, self.person, programme, self.on)

    # --- roster ------------------------------------------------------------------------------------------------------

    def roster(self, programme: str | int | None = None) -> tuple[LiaisonLine, ...]:
        """Return leaders in charge and liaison officers: of a programme, or of the bureau's petition work."""
        return roster.roster(self.register, programme)

    def roster_paper(self, programme: str | int) -> Sheet:
        """Return the roster of a programme as a paper for the city, in the language spoken."""
        from models.programme import rosterpaper

        return rosterpaper.sheet(self.register, self.person, programme, self.on)

    def set_liaison(
        self, duty: str, name: str, phone: str, *, post: str = "", programme: str | int | None = None
    ) -> int:
        """Name the leader in charge or the liaison officer from today; the one before ends. Returns the row."""
        return roster.set_liaison(
            self.register, duty, name, phone, post=post, programme=programme, by=self.person, at=self.now()
        )
