"""The desk: everything one signed-in person can do with an open register.

The window and the command line both call this and nothing else. Methods take and return plain data, may take long, and
are called on one thread only (the window's worker).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from models import acts, attachments, candidates, door, errors, handling, intake, keyring, lists, matters, policy, sight
from models.desk_office import OfficeDesk
from models.desk_papers import PaperDesk
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
)  # fmt: skip

if TYPE_CHECKING:
    from models.backup import Backup
    from models.bulk import BulkReport
    from models.bulk_acts import OpenForMany
    from models.candidates import Candidate, Standing
    from models.exhausted import Exhausted
    from models.handovers import HandoverLine
    from models.register import Register
    from models.routing import Routing
    from models.shifts import Difference
    from models.steps.rating import Rating
    from models.undelivered import Undelivered
    from models.verify import Check


class Desk(PaperDesk, OfficeDesk):
    """One person at one register."""

    def __init__(
        self,
        register: Register,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sync_light: Callable[[Register], SyncState] | None = None,
    ) -> None:
        self.register = register
        self._now = now
        self._sync_light = sync_light
        self.person: Staff = register.person
        self._read: set[int] = set()

    def close(self) -> None:
        """Lock: close the register."""
        self.register.close()

    # --- lists ------------------------------------------------------------------------------------------------------

    def today(self, on: date | None = None, lines: int = 50) -> Today:
        """Return the duties of the day, with at most `lines` of each group (its total is exact)."""
        return lists.overview(self.register, self.person, on or self.on, self.sync_state(), lines=lines)

    def undelivered(self, on: date | None = None) -> tuple[Undelivered, ...]:
        """Return what was issued and has not reached the petitioner, with the next lawful way to serve it."""
        from models.undelivered import undelivered

        return undelivered(self.register, self.person, on or self.on)

    def ratings(self, matter: int) -> tuple[Rating, ...]:
        """Return the petitioner's ratings of a matter as they stand today."""
        from models.steps.rating import ratings

        return ratings(self.register, matter, by=self.person, on=self.on)

    def page(
        self,
        filters: Filters,
        after: Any = None,
        limit: int = lists.PAGE,
        order: str = "received",
        descending: bool | None = None,
    ) -> Page:
        """Return one page of the register (see `models.lists.page`)."""
        return lists.page(
            self.register,
            self.person,
            filters,
            after=after,
            limit=limit,
            order=order,
            descending=descending,
            today=self.on,
        )

    def count(self, filters: Filters) -> int:
        """Return the exact number of matters under the filters."""
        return lists.count(self.register, self.person, filters, self.on)

    def search(
        self, text: str, filters: Filters | None = None, after: Any = None, limit: int = 50, *, total: bool = False
    ) -> Page:
        """Return the matters that match the one search box, newest first (see `models.find`)."""
        from models import find

        return find.find_page(
            self.register, self.person, text, filters or Filters(), after=after, limit=limit, total=total, today=self.on
        )

    # --- matters ----------------------------------------------------------------------------------------------------

    def find(self, reference: str | int) -> int:
        """Return the id of a matter from its id, number, item number or query code."""
        return matters.find(self.register, reference, self.person)

    def matter(self, matter: int) -> MatterFile:
        """Return a matter's file; the first reading of this session is journalled."""
        found = matters.file_of(self.register, matter, self.person, self.on)
        self._journal_reading(matter)
        return found

    def _journal_reading(self, matter: int) -> None:
        if matter not in self._read:
            with self.register.act("read_matter", by=self.person, at=self._now(), matter=matter):
                pass
            self._read.add(matter)

    def history(
        self, matter: int, table: str | None = None, row: int | None = None, column: str | None = None
    ) -> tuple[FieldChange, ...]:
        """Return who changed what of a matter, when, by which act and why, newest first (see `models.history`)."""
        from models import history

        found = history.field_history(self.register, matter, self.person, table, row, column)
        self._journal_reading(matter)
        return found

    def handovers(self, matter: int) -> tuple[HandoverLine, ...]:
        """Return who had a matter, from whom, since when, until when, and how it came back."""
        from models import handovers

        return handovers.ledger(self.register, matter, self.person)

    def open_acts(self, matter: int) -> tuple[tuple[OpenAct, ...], tuple[ClosedAct, ...]]:
        """Return the acts open on a matter, and the others with the reason why not."""
        return handling.listed(
            self.register, sight.matter_for(self.register, matter, self.person), self.person, self.on
        )

    def perform(
        self,
        matter: int,
        act: str,
        inputs: Mapping[str, Any],
        letter: Mapping[str, str] | None = None,
        at: datetime | None = None,
        papers: Sequence[PaperDraft] = (),
    ) -> int:
        """Take a lawful step, with the incoming papers handed in with it; returns the journal's sequence number."""
        return handling.perform(
            self.register, matter, act, inputs, by=self.person, at=at or self._now(), letter=letter, papers=papers
        )

    def reverse(self, matter: int, entry: str, reason: str, at: datetime | None = None) -> int:
        """Take back what an entry of the journal (`1-123`) wrote, with a reason; returns the journal's number."""
        return self.perform(matter, "reverse", {"entry": entry, "reason": reason}, at=at)

    def why_not_reversed(self, matter: int, entry: str) -> errors.RuleError | None:
        """Return why an entry cannot be reversed by this person now, or None when it can."""
        from models import correct

        row = sight.matter_for(self.register, matter, self.person)
        closed = acts.refusal(acts.rule("reverse"), row, self.person)
        try:
            correct.plan(self.register, matter, entry, self.person)
        except errors.RuleError as refused:
            return closed or refused
        return closed

    # --- suggestions and many at once -------------------------------------------------------------------------------

    def suggest(self, matter: int) -> Routing:
        """Return what the rules suggest for screening a matter, with reasons and articles (see `models.routing`)."""
        from models import routing

        found = routing.suggest(self.register, matter, self.person)
        self._journal_reading(matter)
        return found

    def exhausted(self, matter: int, named: int | None = None) -> Exhausted:
        """Return whether an earlier matter lets this one be told "no longer accepted" (see `models.exhausted`)."""
        from models import exhausted

        found = exhausted.exhausted(self.register, matter, self.person, named)
        for read in (matter, *(one.matter for one in found.earlier)):
            self._journal_reading(read)
        return found

    def bulk(
        self,
        matters: Sequence[int],
        act: str,
        inputs: Mapping[str, Any] | None = None,
        letter: Mapping[str, str] | None = None,
        *,
        suggested: bool = False,
        dry_run: bool = False,
        on_progress: Callable[[int, int], None] = lambda _done, _total: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> BulkReport:
        """Take one act on many matters, each by itself with all its checks (see `models.bulk`)."""
        from models import bulk

        return bulk.take(
            self.register,
            matters,
            act,
            inputs or {},
            by=self.person,
            now=self._now,
            letter=letter,
            suggested=suggested,
            dry_run=dry_run,
            on_progress=on_progress,
            cancelled=cancelled,
        )

    def open_for_many(
        self,
        matters: Sequence[int],
        on_progress: Callable[[int, int], None] = lambda _done, _total: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> OpenForMany:
        """Return the acts that may be taken on several matters at once, and on how many of these."""
        from models import bulk_acts

        return bulk_acts.open_for(
            self.register, matters, self.person, self.on, on_progress=on_progress, cancelled=cancelled
        )

    # --- intake -----------------------------------------------------------------------------------------------------

    def register_item(self, draft: ItemDraft, at: datetime | None = None, draft_id: int | None = None) -> Registered:
        """Register an item; its draft, if it had one, ends in the same transaction."""
        policy.require_role(self.person, frozenset({"REG", "PU", "CH", "DL"}), "登记信访件", "register items")
        with self.register.act("register_item", by=self.person, at=at or self._now()) as act:
            done = intake.register_item(act, draft)
            if draft_id is not None:
                act.connection.execute("DELETE FROM draft WHERE id=? AND author=?", (draft_id, self.person.id))
        return done

    def doubts(self, draft: ItemDraft) -> tuple[Doubt, ...]:
        """Return what looks wrong in a draft without blocking it."""
        from models import people

        return (*people.doubts(draft, self.on), *intake.representatives_doubt(self.register, draft))

    def hints(self, draft: ItemDraft) -> tuple[Hint, ...]:
        """Return likely earlier matters for a draft."""
        from models import find

        return find.hints(self.register, self.person, draft)

    def attach(self, matter: int, draft: AttachmentDraft, at: datetime | None = None) -> int:
        """Attach a paper to a matter."""
        sight.matter_for(self.register, matter, self.person)
        with self.register.act("attach", by=self.person, at=at or self._now(), matter=matter) as act:
            return attachments.add(act, matter, draft)

    def attachment_bytes(self, attachment: int) -> bytes:
        """Return a paper's bytes, for those who see its matter."""
        return attachments.load(
            self.register, sight.matter_of(self.register, "attachment", attachment, self.person)["sha256"]
        )

    # --- drafts -----------------------------------------------------------------------------------------------------

    def save_draft(self, kind: str, content: Mapping[str, Any], draft_id: int | None = None) -> int:
        """Keep a draft of this person durably; returns its id."""
        values = (
            self.person.id,
            kind,
            str(content.get("title") or ""),
            orjson.dumps(content).decode(),
            self._now().isoformat(),
        )
        with door.translated(self.register.path), self.register.database.atomic():
            if draft_id is not None:
                changed = self.register.connection.execute(
                    "UPDATE draft SET author=?, kind=?, title=?, content=?, saved_at=? WHERE id=? AND author=?",
                    (*values, draft_id, self.person.id),
                ).rowcount
                if changed:
                    return draft_id
            cursor = self.register.connection.execute(
                "INSERT INTO draft(author, kind, title, content, saved_at) VALUES(?,?,?,?,?)", values
            )
            return int(cursor.lastrowid or 0)

    def drafts(self) -> tuple[DraftLine, ...]:
        """Return this person's drafts, the newest first."""
        found = self.register.rows(
            "SELECT id, kind, title, saved_at, content FROM draft WHERE author=? ORDER BY saved_at DESC",
            (self.person.id,),
        )
        return tuple(
            DraftLine(
                id=row[0],
                kind=row[1],
                title=row[2],
                saved_at=datetime.fromisoformat(row[3]),
                content=orjson.loads(row[4]),
            )
            for row in found
        )

    def discard_draft(self, draft_id: int) -> None:
        """Throw away a draft of this person."""
        with door.translated(self.register.path), self.register.database.atomic():
            self.register.connection.execute("DELETE FROM draft WHERE id=? AND author=?", (draft_id, self.person.id))

    # --- letters ----------------------------------------------------------------------------------------------------

    def preview_letter(
        self, matter: int, kind: str, fields: Mapping[str, str], inputs: Mapping[str, Any] | None = None, act: str = ""
    ) -> LetterPreview:
        """Return a letter as it would print now, and what still blocks it; `act`: with which act, of what inputs."""
        from models import issue

        sight.matter_for(self.register, matter, self.person)
        if act:
            inputs = handling.for_letters(self.register, matter, act, inputs or {}, by=self.person, at=self._now())
        on = handling.day_of(inputs or {}, self.on)
        return issue.preview(self.register, matter, kind, fields, by=self.person, on=on, inputs=inputs, today=self.on)

    def issue_letter(
        self, matter: int, kind: str, fields: Mapping[str, str], at: datetime | None = None
    ) -> DocumentLine:
        """Compose, number, freeze and keep a letter that belongs to no act, e.g. a registration form."""
        from models import issue

        sight.matter_for(self.register, matter, self.person)
        handling.check_free(self.register, matter, kind)
        at = at or self._now()
        with self.register.act("issue_letter", by=self.person, at=at, matter=matter) as act:
            document = issue.issue_document(act, matter, kind, fields, on=at.astimezone().date())
        return next(line for line in matters.documents(self.register, matter) if line.id == document)

    def document_pdf(self, document: int) -> bytes:
        """Return the frozen bytes of a document: every print of it is the same."""
        row = sight.matter_of(self.register, "document", document, self.person)
        if row["sha256"] is None:
            raise errors.InputError("document", "这份文书没有存入电子件。", "No file was kept of this document.")
        return attachments.load(self.register, row["sha256"])

    def receipt_pdf(self, item: int, size: str = "A5") -> bytes:
        """Return the receipt slip of an item (A5 or 80mm); issued once per size, printed as often as asked."""
        from models import issue

        return issue.receipt(self.register, item, size, by=self.person, at=self._now())

    # --- directory and settings -------------------------------------------------------------------------------------

    def units(self) -> tuple[tuple[int, str], ...]:
        """Return the units of the bureau."""
        return tuple(self.register.units().items())

    def staff(self) -> tuple[Staff, ...]:
        """Return the people of the register."""
        return tuple(self.register.staff().values())

    def settings(self) -> dict[str, Any]:
        """Return the bureau's settings."""
        return self.register.settings()

    def set_setting(self, name: str, value: Any, at: datetime | None = None) -> None:
        """Change a setting of the bureau (petition-unit head or keeper)."""
        policy.require_role(self.person, frozenset({"PU", "KEEPER"}), "更改本局设置", "change the bureau's settings")
        candidates.refuse_setting(name)
        with self.register.act("set_setting", by=self.person, at=at or self._now()) as act:
            put_setting(act, name, value)

    # --- calendars and rules ----------------------------------------------------------------------------------------

    def standing_law(self) -> Standing:
        """Return which calendars count, and which local overlay today."""
        return candidates.standing(self.register, self.on)

    def pending_changes(self) -> tuple[Candidate, ...]:
        """Return the calendars that wait for review, and what a newer program brings; none for other roles."""
        return candidates.pending(self.register) if self.person.roles & candidates.REVIEWERS else ()

    def calendar_difference(self, data: bytes, name: str = "calendar") -> Difference:
        """Return which last days a calendar file would move."""
        return self.difference(candidates.new_calendar(self.register, data, name))

    def overlay_difference(self, overlay: str, from_on: date) -> Difference:
        """Return what a local overlay ('' for none) would change for matters received from a day on."""
        return self.difference(candidates.new_overlay(self.register, overlay, from_on, self.on))

    def difference(self, candidate: Candidate) -> Difference:
        """Return which last days a candidate would move, one of `pending_changes` for instance."""
        from models import shifts

        return shifts.difference(self.register, self.person, candidate, self.on)

    def load_calendar(self, data: bytes, name: str = "calendar", at: datetime | None = None) -> Candidate:
        """Hand in a calendar file for the petition-unit head to review; nothing moves by it."""
        return candidates.load(self.register, data, self.person, at or self._now(), name)

    def apply_calendar(self, reviewed: Difference, at: datetime | None = None) -> int:
        """Let what was reviewed count (calendar, overlay or rules); returns the number of last days that moved."""
        from models import shifts

        return shifts.apply(self.register, reviewed, self.person, at or self._now())

    def change_passphrase(self, old: str, new: str) -> None:
        """Change this person's passphrase.

        Raises:
            WrongPassphraseError: `old` is not theirs.
            InputError: `new` is too short.
        """
        keyring.check_passphrase(new)
        _, keys = keyring.unlock(self.register.path, self.person.login, old)
        keyring.put_slot(self.register.path, self.person.login, new, keys)

    # --- keeping ----------------------------------------------------------------------------------------------------

    def sync_state(self) -> SyncState:
        """Return the sync light: what waits, what the hub confirmed, what went wrong."""
        from models.leases import is_shared

        register = self.register
        state = (
            SyncState(enrolled=False, unsent=register.seq) if self._sync_light is None else self._sync_light(register)
        )
        return replace(state, shared=is_shared(register.connection), must_fetch=register.must_fetch)

    def backup(self, path: Path, runner: Callable[[Callable[[], Any]], Any] = lambda step: step()) -> Backup:
        """Make a proved backup; on another thread, with a `runner` for the steps on the register."""
        from models.backup import backup

        return backup(self.register, path, at=self._now(), runner=runner)

    def tidy(self) -> bool:
        """Do one short piece of upkeep, for when nobody waits; returns whether there is more to do."""
        return self.register.tidy()

    def verify(self) -> list[Check]:
        """Prove the register."""
        from models.verify import verify

        return verify(self.register)


def put_setting(act: Any, name: str, value: Any) -> None:
    """Set one setting within an act."""
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    found = act.connection.execute("SELECT id FROM setting WHERE name=? ORDER BY rev DESC", (name,)).fetchone()
    if found:
        act.set("setting", found[0], value=text)
    else:
        act.insert("setting", {"name": name, "value": text})
