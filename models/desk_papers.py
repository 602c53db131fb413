"""The part of the desk that deals with paper: editing copies, bundles, and the unit's own wording of letters.

`models.desk.Desk` is made of it; nothing else uses it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from models import handling, sight
from models.desk_base import AtDesk
from models.records import LetterPreview

if TYPE_CHECKING:
    from models.letters import Wording
    from models.letters.bundle import Bundle, Paper
    from models.templates import Difference, Version


class PaperDesk(AtDesk):
    """One person at one register, with the papers of its matters."""

    # --- papers of a matter ----------------------------------------------------------------------------------------

    def document_docx(self, document: int) -> bytes:
        """Return a document as .docx for editing elsewhere; the frozen PDF stays the record (journalled)."""
        from models import issue

        row = sight.matter_of(self.register, "document", document, self.person)
        found = issue.editing_copy(self.register, document, by=self.person)
        with self.register.act("print_editable", by=self.person, at=self._now(), matter=row["matter"]):
            pass
        return found

    def preview_docx(
        self, matter: int, kind: str, fields: Mapping[str, str], inputs: Mapping[str, Any] | None = None
    ) -> bytes:
        """Return a letter that is not issued yet as .docx, marked as a draft."""
        from models import issue

        sight.matter_for(self.register, matter, self.person)
        on = handling.day_of(inputs or {}, self.on)
        return issue.draft_copy(self.register, matter, kind, fields, by=self.person, on=on, inputs=inputs)

    def bundle_papers(self, matter: int) -> tuple[Paper, ...]:
        """Return the papers that a bundle of the matter holds unless told otherwise, in their order."""
        from models.letters import bundle

        return bundle.papers_of(self.register, matter, by=self.person)

    def bundle_pdf(self, matter: int, papers: Sequence[Paper] | None = None) -> Bundle:
        """Bind papers of a matter into one PDF behind an index, in the order given (journalled).

        Args:
            matter: The matter.
            papers: ("document" or "attachment", id) of each; None: all, as `bundle_papers` says.
        """
        from models.letters import bundle

        made = bundle.bundle(self.register, matter, papers, by=self.person, on=self.on)
        with self.register.act("print_bundle", by=self.person, at=self._now(), matter=matter):
            pass
        return made

    def sealed_bundle(self, document: int) -> Bundle:
        """Bind the papers that an issued index lists behind it (journalled)."""
        from models.letters import bundle

        made = bundle.sealed(self.register, document, by=self.person)
        matter = sight.matter_of(self.register, "document", document, self.person)["matter"]
        with self.register.act("print_bundle", by=self.person, at=self._now(), matter=matter):
            pass
        return made

    # --- wording of letters -----------------------------------------------------------------------------------------

    def wordings(self, kind: str) -> tuple[Version, ...]:
        """Return the unit's versions of the wording of a kind, the oldest first."""
        from models import templates

        return templates.versions(self.register, kind)

    def wording_of(self, kind: str, version: int | None = None) -> Wording:
        """Return the texts of a version (0: those that ship), or of the one that counts today."""
        from models import templates

        if version is None:
            return templates.in_force(self.register, kind, self.on)
        return templates.version_of(self.register, kind, version)

    def save_wording(self, kind: str, texts: Mapping[str, Mapping[str, str]], at: datetime | None = None) -> int:
        """Save a new version of the wording of a kind, not yet in force; returns its number."""
        from models import templates

        return templates.save(self.register, kind, texts, by=self.person, at=at or self._now())

    def approve_wording(self, kind: str, version: int, from_on: date | None = None, at: datetime | None = None) -> None:
        """Put a version that somebody else wrote in force, for letters dated `from_on` or later."""
        from models import templates

        templates.approve(self.register, kind, version, from_on=from_on, by=self.person, at=at or self._now())

    def withdraw_wording(
        self, kind: str, version: int, from_on: date | None = None, at: datetime | None = None
    ) -> None:
        """Withdraw a version for letters dated `from_on` or later; the one before it counts again."""
        from models import templates

        templates.withdraw(self.register, kind, version, from_on=from_on, by=self.person, at=at or self._now())

    def wording_differences(self, kind: str, before: int, after: int) -> tuple[Difference, ...]:
        """Return the texts that two versions say differently; 0 is the wording that ships."""
        from models import templates

        return templates.differences(self.register, kind, before, after)

    def preview_wording(
        self, kind: str, texts: Mapping[str, Mapping[str, str]], rules: str = "REG-2022"
    ) -> LetterPreview:
        """Return a letter of an invented matter in these words, and what would keep such letters from being issued."""
        from models import templates

        return templates.preview(kind, texts, rules=rules)
