"""What one person asks about duties: triggers, liability, what is undelivered, the log of a major matter, repeats.

Made by `Desk.duties` for the person and the day; each answer comes from the room of its subject.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from models import duty_ledgers, liability, major_log, repeats, supervising, undelivered
from models import queues as waiting

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register


@dataclass(frozen=True, slots=True)
class Duties:
    """The questions, asked by `person` on `on`; every one of them asks the policy."""

    register: Register
    person: Staff
    on: date

    def queues(self, lines: int = 5) -> tuple[waiting.Queue, ...]:
        """Return every queue in which something waits, those of the person's own duties first."""
        return waiting.queues(self.register, self.person, self.on, lines=lines)

    def queue(self, name: str, after: Any = None, limit: int = waiting.PAGE) -> waiting.Queue:
        """Return one page of a queue."""
        return waiting.page(self.register, self.person, self.on, name, after=after, limit=limit)

    def triggers(self, matter: int | None = None, limit: int = 50) -> tuple[supervising.Trigger, ...]:
        """Return what calls for supervision of a unit, at most `limit` of each kind."""
        return supervising.triggers(self.register, self.person, self.on, matter, limit=limit)

    def trigger_page(
        self, kind: str, after: Any = None, limit: int = 50, unit: int | None = None
    ) -> supervising.TriggerPage:
        """Return one page of the triggers of a kind, of one unit when it is named."""
        return supervising.page(self.register, self.person, self.on, kind, after=after, limit=limit, unit=unit)

    def trigger_tally(self) -> tuple[supervising.Tally, ...]:
        """Return the exact number of triggers by kind and unit."""
        return supervising.tally(self.register, self.person, self.on)

    def supervisions(self, after: Any = None, limit: int = 50) -> duty_ledgers.LedgerPage[duty_ledgers.SupervisionLine]:
        """Return one page of the ledger of supervisions, newest first."""
        return duty_ledgers.supervisions(self.register, self.person, self.on, after=after, limit=limit)

    def major_matters(
        self, after: Any = None, limit: int = 50
    ) -> duty_ledgers.LedgerPage[duty_ledgers.MajorMatterLine]:
        """Return one page of the major and urgent matters, newest first."""
        return duty_ledgers.major_matters(self.register, self.person, after=after, limit=limit)

    def trigger_counts(self) -> dict[str, int]:
        """Return the exact number of triggers of each kind."""
        return supervising.counts(self.register, self.person, self.on)

    def liability(self, frm: date, to: date) -> tuple[liability.LiabilityLine, ...]:
        """Return the failed duties of a period by unit and article, both days included; what is to come has not failed.

        Raises:
            InputError: The period ends before it begins.
        """
        if to >= frm > self.on:
            return ()
        return liability.liability(self.register, self.person, frm, to if to < frm else min(to, self.on))

    def undelivered(self) -> tuple[undelivered.Undelivered, ...]:
        """Return what was issued and has not reached the petitioner yet."""
        return undelivered.undelivered(self.register, self.person, self.on)

    def major_log(self, matter: int) -> major_log.MajorLog:
        """Return the log of a major or urgent matter: who knew when, who was told when."""
        return major_log.major_log(self.register, matter, self.person)

    def side_by_side(self, matter: int, target: int) -> repeats.SideBySide:
        """Return a matter beside the one that it may repeat, to be read before the two are joined."""
        return repeats.side_by_side(self.register, matter, target, self.person)

    def joined_items(self, matter: int) -> tuple[repeats.JoinedItem, ...]:
        """Return the items of the matters that were joined to a matter."""
        return repeats.joined_items(self.register, matter, self.person)

    def repeat_advice(self, matter: int, item: int) -> repeats.RepeatAdvice:
        """Return what the working rule says about a repeat item."""
        return repeats.repeat_advice(self.register, matter, item, self.person, self.on)
