"""What one person asks of the bureau's issued papers: which there are, one as PDF, a wrong one spoiled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from models import policy
from models.sheets import issue

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register
    from models.sheets.content import Sheet
    from models.sheets.issue import PaperLine


@dataclass(frozen=True, slots=True)
class Papers:
    """The issued papers as `person` may see them."""

    register: Register
    person: Staff
    on: date
    now: Callable[[], datetime]

    def listed(self, kind: str = "", subject: str | None = None) -> tuple[PaperLine, ...]:
        """Return the papers, newest first (see `models.sheets.issue.listed`)."""
        return issue.listed(self.register, self.person, kind, subject)

    def pdf(self, paper: int) -> bytes:
        """Return the frozen bytes of a paper (see `models.sheets.issue.pdf_of`)."""
        return issue.pdf_of(self.register, paper, self.person)

    def preview(self, sheet: Sheet) -> bytes:
        """Return a paper as it would print now, marked as not issued."""
        return issue.preview(self.register, sheet, self.on)

    def spoil(self, paper: int, reason: str, at: datetime | None = None) -> None:
        """Mark a paper and its number as spoiled.

        Raises:
            NotAllowedError: Neither head of the petition unit nor a leader.
            InputError: No such paper; no reason; it is spoiled already.
        """
        policy.require_role(self.person, issue.SPOILERS, "作废本局文书", "spoil a paper of the bureau")
        issue.row_of(self.register, paper, self.person)
        with self.register.act("spoil_paper", by=self.person, at=at or self.now()) as act:
            issue.spoil(act, paper, reason)
