"""What can be done with a visit, and with somebody who asks for one: booked, come, called, put back, gone.

Who may do it is the register's to say, act by act; here stands what is offered to whom, so that nobody is offered what
would be refused.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from models.records import MatterLine
from ui import law
from ui.parts.paper import show_paper
from ui.port import DeskPort
from ui.screens.reception.acting import MatterActs
from ui.screens.reception.find import FindSheet
from ui.screens.reception.visit import Actions, ArriveSheet, NumberSheet, turn_words
from ui.words import t, title_seen

if TYPE_CHECKING:
    from models.reception.records import ReceptionDay, VisitLine
    from ui.screens.reception.day import DayPart

COUNTER = frozenset({"REG", "PU"})
CALLS = frozenset({"REG", "PU", "CH", "DL"})
INVITES = frozenset({"CH", "DL", "PU"})
LEADERS = frozenset({"CH", "DL"})
RECORDER = "PU"


class VisitActs:
    """The acts of the counter's page."""

    def __init__(self, part: DayPart) -> None:
        self._part, self._context = part, part.context
        self._acting = MatterActs(part.context, part)

    # What is offered to whom.

    def may_call(self, shown: ReceptionDay) -> bool:
        """Whether this person calls, begins and ends."""
        return bool(self._context.roles & CALLS) or self._receives(shown)

    def at_counter(self, shown: ReceptionDay) -> bool:
        """Whether this person gives numbers: at the counter, or alone when going out."""
        return bool(self._context.roles & COUNTER) or self._receives(shown)

    def may_receive(self, shown: ReceptionDay) -> bool:
        """Whether this person enters the record: who receives, or who writes beside the leader."""
        return RECORDER in self._context.roles or self._receives(shown)

    def _receives(self, shown: ReceptionDay) -> bool:
        person = self._context.person
        return person is not None and person.id == shown.host.id

    def _instructs(self, shown: ReceptionDay) -> bool:
        """Whether this person gives further instructions: a leader, and on the day who writes the record."""
        seen, roles = self._part.seen, self._context.roles
        that_day = seen is not None and seen.on == shown.on
        return bool(roles & LEADERS) or self._receives(shown) or (that_day and RECORDER in roles)

    def of_visit(self, shown: ReceptionDay, one: VisitLine) -> Actions:
        """Return what can be done with a visit now, the likeliest first."""
        part, begin = self._part, partial(self._begin, shown, one)
        counter, calls = self.at_counter(shown), self.may_call(shown)
        live = shown.state in ("planned", "open")
        found: list[tuple[str, Callable[[], object]]] = []
        if one.state == "booked" and live and counter:
            found.append((law.act("arrive"), lambda: self.give_number(one.matter, title_seen(one.title, one.sight))))
        if one.state == "booked" and live and self._context.roles & (COUNTER | LEADERS):
            found.append((law.act("withdraw_booking"), partial(begin, "withdraw_booking")))
        if one.state == "waiting" and shown.state == "open" and calls:
            found.append(
                (t("reception.call", turn=one.turn), lambda: part.do(lambda desk: desk.reception.call(one.id)))
            )
        if one.state == "called" and calls:
            if self.may_receive(shown):
                found.append((t("reception.receive"), part.receive))
            put_back = t("reception.put_back")
            found.append((put_back, lambda: part.do(lambda desk: desk.reception.put_back(one.id))))
        if one.state in ("waiting", "called") and counter:
            found.append((law.act("leave_reception"), partial(begin, "leave_reception")))
        if one.state == "received" and one.sight == "full" and self._instructs(shown):
            found.append((law.act("instruct"), partial(begin, "instruct")))
        if one.sight == "full":
            title, ask = turn_words(one) or one.number, partial(_brief_of, one.id)
            found.append((t("reception.brief"), lambda: show_paper(self._context, part, title, ask)))
        found.append((t("reception.open_matter"), lambda: self._context.matter_wanted.emit(one.matter, "")))
        return tuple(found)

    def _begin(self, shown: ReceptionDay, one: VisitLine, name: str) -> None:
        known = {"leave_reception": "on", "withdraw_booking": "reception_on"}.get(name)
        typed = {known: shown.on.isoformat()} if known else {}
        self._acting.begin(one.matter, name, typed)

    # Booking and coming.

    def book(self, act: str) -> None:
        """Find the matter of somebody who asks for, or agrees to, an appointment on this day."""
        docket = self._part.docket
        if docket is None:
            return
        typed: dict[str, Any] = {"reception_on": docket.day.on.isoformat()}
        if self._part.several(docket.day):
            typed["leader"] = docket.day.host.id
        words = t("reception.book_words") if act == "book_reception" else t("reception.invite_words")
        self._find(law.act(act), words, lambda one: self._acting.begin(one.id, act, typed))

    def arrive(self) -> None:
        """Find the matter of somebody who has come without an appointment, or register it first."""
        self._find(
            t("reception.arrived"),
            t("reception.arrived_words"),
            lambda one: self.give_number(one.id, title_seen(one.title, one.sight)),
        )

    def _find(self, title: str, words: str, chosen: Callable[[MatterLine], object]) -> None:
        sheet = FindSheet(self._context, title, words, newly=lambda: self._context.new_wanted.emit("visit"))
        sheet.chosen.connect(chosen)
        self._context.sheet_wanted.emit(sheet)

    def give_number(self, matter: int, title: str) -> None:
        """Ask how many have come, and give the number."""
        docket = self._part.docket
        if docket is not None:
            several = self._part.several(docket.day)
            sheet = ArriveSheet(self._context, matter, title, docket.day, self._came, several=several)
            self._context.sheet_wanted.emit(sheet)

    def _came(self, one: VisitLine) -> None:
        seen = self._part.seen
        ahead = seen.board.count if seen is not None and seen.board is not None else 0
        self._context.sheet_wanted.emit(NumberSheet(self._context, one, ahead))


def _brief_of(visit: int, desk: DeskPort) -> Any:
    return desk.reception.brief_sheet([visit])
