"""What one person asks and does about reception days: made by `Desk.reception` for the person and the instant.

Reading asks the policy for every matter; steps that belong to no matter ask for the role first. What belongs to a
matter (book_reception, arrive, receive, instruct ...) goes through `Desk.perform` with the table of acts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from models.reception import brief_paper, briefs, days, docket, notice, planning, promises, queue, rules

if TYPE_CHECKING:
    from models.reception.records import (
        Board,
        Brief,
        Docket,
        Host,
        IssuedNotice,
        NoticePlan,
        Promise,
        Proposal,
        ReceptionDay,
        VisitLine,
    )
    from models.records import Staff
    from models.register import Register
    from models.sheets.content import Sheet


@dataclass(frozen=True, slots=True)
class Receptions:
    """The reception days as `person` may see and change them; `now` gives the instant (aware)."""

    register: Register
    person: Staff
    now: Callable[[], datetime]

    @property
    def on(self) -> date:
        """The local calendar day."""
        return self.now().astimezone().date()

    # --- plan -------------------------------------------------------------------------------------------------------

    def rules(self) -> tuple[rules.PlanRule, ...]:
        """Return the bureau's rules of reception; raises InputError naming the one that cannot be."""
        return rules.of_register(self.register)

    def set_rules(self, given: Sequence[Mapping[str, Any]]) -> None:
        """Set the bureau's rules of reception (setting `reception.rules`), checked whole before."""
        rules.set_rules(self.register, given, by=self.person, at=self.now())

    def leaders(self) -> tuple[Host, ...]:
        """Return the chief and the deputies: who may receive and stand in."""
        return days.leaders(self.register)

    def portfolio(self, staff: int, text: str) -> None:
        """Say what a leader is in charge of, as the public notice prints it."""
        planning.set_portfolio(self.register, staff, text, by=self.person, at=self.now())

    def propose(self, frm: date, to: date) -> tuple[Proposal, ...]:
        """Return the days that the rules give in a period (both ends included) and that are not planned yet."""
        return planning.propose(self.register, self.person, frm, to)

    def plan_days(self, proposals: Sequence[Proposal]) -> tuple[int, ...]:
        """Plan days as proposed; returns their ids."""
        return planning.plan_days(self.register, proposals, by=self.person, at=self.now())

    def add_day(self, on: date, leader: int, **more: str) -> int:
        """Plan one day by hand; `more`: form, begin, end, place, phone, beside. Returns its id."""
        return planning.add_day(self.register, on, leader, more, by=self.person, at=self.now())

    def change_day(self, day: int, **changes: Any) -> None:
        """Change a planned day: on, leader, form, begin, end, place, phone, beside."""
        planning.change_day(self.register, day, changes, by=self.person, at=self.now())

    def cancel_day(self, day: int, reason: str) -> None:
        """Cancel a planned day; refused while somebody is booked on it."""
        planning.cancel_day(self.register, day, reason, by=self.person, at=self.now())

    def substitute(self, day: int, staff: int, reason: str) -> None:
        """Name the leader who receives in place of the absent one."""
        planning.substitute(self.register, day, staff, reason, by=self.person, at=self.now())

    def days(self, frm: date, to: date) -> tuple[ReceptionDay, ...]:
        """Return the reception days of a period, both ends included, cancelled ones too, oldest first."""
        return days.days(self.register, self.person, frm, to, on=self.on)

    def day(self, day: int) -> ReceptionDay:
        """Return one reception day."""
        return days.day(self.register, self.person, day, on=self.on)

    # --- public notice ----------------------------------------------------------------------------------------------

    def notice_plan(self, frm: date, to: date) -> NoticePlan:
        """Return what the public notice of a period would say, and what about it is late."""
        return notice.plan(self.register, self.person, frm, to, on=self.on)

    def notice_sheet(self, frm: date, to: date) -> Sheet:
        """Return the public notice of a period as a paper; language of the process."""
        return notice.sheet(self.register, self.notice_plan(frm, to), dated_on=self.on)

    def issue_notice(self, frm: date, to: date) -> int:
        """Issue the public notice of a period; returns the paper's id. Being late is recorded, not refused."""
        return notice.issue_notice(self.register, frm, to, by=self.person, at=self.now())

    def notices(self) -> tuple[IssuedNotice, ...]:
        """Return the public notices that went out, newest first."""
        return notice.notices(self.register, self.person)

    # --- the day ----------------------------------------------------------------------------------------------------

    def begin(self, day: int, *, present: bool = True) -> None:
        """Open the reception. `present`: who receives by the plan is there; else a substitute is named before."""
        docket.begin(self.register, day, present=present, by=self.person, at=self.now())

    def board(self, day: int) -> Board:
        """Return the second screen: numbers only."""
        return queue.board(self.register, self.person, day, now=self.now())

    def call_next(self, day: int) -> VisitLine:
        """Call the next who waits."""
        return queue.call_next(self.register, day, by=self.person, at=self.now())

    def call(self, visit: int) -> VisitLine:
        """Call one who waits, out of turn."""
        return queue.call(self.register, visit, by=self.person, at=self.now())

    def put_back(self, visit: int) -> None:
        """Put one who was called and did not come back among those who wait."""
        queue.put_back(self.register, visit, by=self.person, at=self.now())

    def brief(self, visit: int) -> Brief:
        """Return the page of a visitor's matter; the reading is journalled."""
        return briefs.brief(self.register, visit, by=self.person, at=self.now())

    def brief_sheet(self, visits: Sequence[int]) -> Sheet:
        """Return briefs as a paper, each on a page of its own."""
        return brief_paper.sheet(self.register, visits, by=self.person, at=self.now())

    def docket(self, day: int) -> Docket:
        """Return the day as it goes, or as it went."""
        return docket.docket(self.register, self.person, day, on=self.on)

    def docket_sheet(self, day: int) -> Sheet:
        """Return the docket as a paper; matters for named readers stand there with their number in the queue only."""
        return docket.sheet(self.register, self.person, day, on=self.on)

    def close(self, day: int) -> Docket:
        """Close the reception and seal its docket; refused while something of a visit is missing."""
        return docket.close(self.register, day, by=self.person, at=self.now())

    # --- what was instructed ----------------------------------------------------------------------------------------

    def promises(self, matter: int) -> tuple[Promise, ...]:
        """Return what leaders instructed on a matter, oldest first, and whether it was done."""
        return promises.of_matter(self.register, matter, self.person, self.on)

    def open_promises(self, after: Any = None, limit: int = 50) -> tuple[tuple[Promise, ...], Any]:
        """Return some instructions that are not proved, by their day, and how to go on."""
        return promises.open_ones(self.register, self.person, self.on, after=after, limit=limit)
