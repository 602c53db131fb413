"""One reception day at the counter: who is called, who waits, who has an appointment, who was received; begin and end.

The docket is a list of matters with numbers, never of persons. Every line opens what can be done with it, the likeliest
first; Ctrl+Enter does what the day itself asks for next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QPushButton, QVBoxLayout

from models.errors import RegisterError
from ui import law
from ui.context import Context
from ui.parts.layout import Wrapping, box, column, row
from ui.parts.lines import LineButton
from ui.parts.paper import show_issued, show_paper
from ui.parts.sheet import sheet_of
from ui.parts.text import button, chip, empty, icon_button, label, notice
from ui.port import DeskPort
from ui.screens.lines import LinesScreen
from ui.screens.reception.beginning import BeginCard, CloseSheet, points_card
from ui.screens.reception.board import BoardWindow, open_board
from ui.screens.reception.dayforms import OUT_FORMS, form_word, said_day, said_who
from ui.screens.reception.promises import promise_line
from ui.screens.reception.visit import VisitSheet, visit_line
from ui.screens.reception.visitacts import COUNTER, INVITES, VisitActs
from ui.words import day, sentence, t, title_seen

if TYPE_CHECKING:
    from models.reception.records import Board, Docket, Host, ReceptionDay, VisitLine

BACK, AHEAD = timedelta(days=60), timedelta(days=120)
GROUPS = (("called",), ("waiting",), ("booked",), ("received",), ("left", "withdrawn"))
HASH_SHOWN = 16


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page shows; without any day only `days` stand."""

    on: date
    days: tuple[ReceptionDay, ...]
    docket: Docket | None
    board: Board | None
    leaders: tuple[Host, ...]


def fetch(desk: DeskPort, wanted: int | None) -> Seen:
    """Ask for the day that is wanted, or for the one that matters today; runs on the worker."""
    asked = desk.reception
    on = asked.on
    days = tuple(one for one in asked.days(on - BACK, on + AHEAD) if one.state != "cancelled" or one.id == wanted)
    if wanted is not None and all(one.id != wanted for one in days):
        days = (*days, asked.day(wanted))
    chosen = wanted if wanted is not None else _chosen(days, on)
    if chosen is None:
        return Seen(on, days, None, None, asked.leaders())
    return Seen(on, days, asked.docket(chosen), asked.board(chosen), asked.leaders())


def _chosen(days: Sequence[ReceptionDay], on: date) -> int | None:
    """Return the day that is under way, else today's, else the next one, else the last one."""
    live = [one for one in days if one.state in ("planned", "open")]
    for found in (
        [one for one in live if one.state == "open"],
        [one for one in days if one.on == on],
        [one for one in live if one.on > on],
        list(reversed(days)),
    ):
        if found:
            return found[0].id
    return None


class DayPart(LinesScreen):
    """The docket of one day."""

    chief_wanted = Signal(object)
    """Receive, in large type, on this day."""
    plan_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context, 1080)
        self.wanted: int | None = None
        self.seen: Seen | None = None
        self.board: BoardWindow | None = None
        self.begin_card: BeginCard | None = None
        self.likely_button: QPushButton | None = None
        self.acts = VisitActs(self)
        self.arriving: tuple[int, str] | None = None
        """A matter, with its title, that has just been registered and gets a number as soon as the day is shown."""
        self._tried_to_close = False
        context.register_changed.connect(self._changed)

    def open(self, reception: int | None) -> None:
        """Choose the day; `enter` fetches it."""
        self.wanted, self._tried_to_close = reception, False

    def enter(self) -> None:
        """Fetch the day."""
        wanted = self.wanted
        self.context.ask(lambda desk: fetch(desk, wanted), self._show, self._failed, owner=self, key="reception-day")

    @property
    def docket(self) -> Docket | None:
        """The day that is shown."""
        return self.seen.docket if self.seen is not None else None

    # The page.

    def _show(self, seen: Seen) -> None:
        before, now = self.docket, seen.docket
        same = (
            before is not None and now is not None and (before.day.id, before.day.state) == (now.day.id, now.day.state)
        )
        place = self._page.verticalScrollBar().value() if same else 0
        self.seen, self.begin_card, self.likely_button = seen, None, None
        self._empty_page()
        look, body = self.context.look, self._page.body
        if seen.docket is None or seen.board is None:
            plan = button(t("reception.to_plan"), self.plan_wanted.emit, "primary")
            body.addWidget(
                empty(t("reception.no_day"), t("reception.no_day_advice"), look, meaning="reception", action=plan)
            )
            plan.setFocus()
            return
        docket = seen.docket
        self._title(body, seen, docket)
        if docket.day.state == "planned" and docket.day.on <= seen.on and self.acts.may_call(docket.day):
            self.begin_card = BeginCard(self.context, docket.day, seen.leaders, self._begun)
            body.addWidget(self.begin_card)
        if docket.day.state == "open":
            body.addWidget(self._now_card(docket, seen.board))
            if self._tried_to_close and docket.open_points:
                body.addWidget(points_card(self.context, docket))
        if docket.day.state == "closed":
            self._sealed(body, docket)
        self._actions(body, docket)
        self._lists(body, docket, seen.board)
        body.addStretch(1)
        self._page.verticalScrollBar().setValue(place)
        focus = QApplication.focusWidget()
        if self.isVisible() and sheet_of(focus) is None and not self.isAncestorOf(focus or self.window()):
            self._take_focus()
        if self.arriving is not None and docket.day.state in ("planned", "open"):
            matter, title = self.arriving
            self.arriving = None
            self.acts.give_number(matter, title)

    def _take_focus(self) -> None:
        if self.begin_card is not None:
            self.begin_card.present.setFocus()
        elif self.likely_button is not None:
            self.likely_button.setFocus()
        else:
            self.lines.take_focus()

    def _title(self, body: QVBoxLayout, seen: Seen, docket: Docket) -> None:
        look, shown = self.context.look, docket.day
        at = next(place for place, one in enumerate(seen.days) if one.id == shown.id)
        head = row(None, look, 2)
        titles = column(None, look, 0)
        titles.addWidget(label(said_day(shown), "page", wrap=True))
        told = (said_who(shown), form_word(shown), shown.place)
        titles.addWidget(label("  ".join(part for part in told if part), "second", wrap=True))
        if shown.substitute is not None:
            titles.addWidget(label(t("reception.absent", reason=shown.substitute_reason), "small", wrap=True))
        if shown.beside:
            titles.addWidget(label(t("reception.beside_line", names=shown.beside), "small", wrap=True))
        head.addLayout(titles, 1)
        state = chip(law.code("reception_state", shown.state), look, "accent" if shown.state == "open" else "quiet")
        head.addWidget(state, 0, Qt.AlignmentFlag.AlignTop)
        for meaning, words, to in (
            ("back", t("reception.day_before"), at - 1),
            ("open", t("reception.day_after"), at + 1),
        ):
            made = icon_button(words, meaning, look, partial(self._turn, seen, to))
            made.setEnabled(0 <= to < len(seen.days))
            head.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        body.addLayout(head)
        if shown.cancelled:
            body.addWidget(notice(t("reception.cancelled_why", reason=shown.cancelled), look, "soon"))
        if shown.notice_late and shown.notice is None and shown.state in ("planned", "open"):
            body.addWidget(notice(t("reception.announce_by", day=day(shown.notice_due_on)), look, "soon"))

    def _turn(self, seen: Seen, to: int) -> None:
        self.open(seen.days[to].id)
        self.enter()

    def _now_card(self, docket: Docket, board: Board) -> QFrame:
        """Say who is called, and let the next one in."""
        look, made = self.context.look, box("card")
        across = row(made, look, 4, 4)
        called = next((one for one in docket.lines if one.state == "called"), None)
        number = label(str(board.now) if board.now is not None else "—", "number")
        across.addWidget(number, 0, Qt.AlignmentFlag.AlignVCenter)
        words = column(None, look, 0)
        if called is not None:
            words.addWidget(label(t("reception.now_called"), "label"))
            words.addWidget(label(title_seen(called.title, called.sight), "strong", wrap=True))
            words.addWidget(label(t("reception.called_at", time=called.called_at), "second"))
        else:
            words.addWidget(label(t("reception.now_nobody"), "strong", wrap=True))
        waiting = t("reception.board_waiting", count=board.count) if board.count else t("reception.board_waiting_none")
        words.addWidget(label(waiting, "second", wrap=True))
        across.addLayout(words, 1)
        may = self.acts.may_call(docket.day) if called is None else self.acts.may_receive(docket.day)
        if may and (called is not None or board.count):
            self.likely_button = (
                button(t("reception.receive"), self.receive, "primary")
                if called is not None
                else button(t("reception.call_next", turn=board.waiting[0]), self.call_next, "primary")
            )
            across.addWidget(self.likely_button)
        made.setAccessibleName(t("reception.now_called") if called is not None else t("reception.now_nobody"))
        return made

    def _sealed(self, body: QVBoxLayout, docket: Docket) -> None:
        look = self.context.look
        if docket.changed:
            turns = t("join.list").join(str(turn) for turn in docket.changed)
            body.addWidget(notice(t("reception.changed_since", turns=turns), look, "late"))
        body.addWidget(
            notice(t("reception.sealed", time=docket.day.closed_at, hash=docket.sealed[:HASH_SHOWN]), look, "done")
        )

    def _actions(self, body: QVBoxLayout, docket: Docket) -> None:
        look, shown, roles = self.context.look, docket.day, self.context.roles
        across = Wrapping(look, 2)
        live = shown.state in ("planned", "open")
        out = shown.form in OUT_FORMS
        choices: list[tuple[bool, str, str, Callable[[], object]]] = [
            (live and self.acts.at_counter(shown), "reception.arrived", "visit", self.acts.arrive),
            (
                live and not out and bool(roles & COUNTER),
                "reception.book",
                "calendar",
                partial(self.acts.book, "book_reception"),
            ),
            (
                live and out and bool(roles & INVITES),
                "reception.invite",
                "calendar",
                partial(self.acts.book, "invite_reception"),
            ),
            (live and bool(self._briefed(docket)), "reception.briefs", "print", self.print_briefs),
            (shown.state == "open" and not out, "reception.board", "screen", self.show_board),
            (True, "reception.docket", "document", self.show_docket),
            (shown.state == "open" and self.acts.may_call(shown), "reception.close", "done", self.close_day),
        ]
        self.buttons: dict[str, QPushButton] = {}
        for wanted, key, meaning, do in choices:
            if wanted:
                self.buttons[key] = button(t(key), do, picture_of=meaning, look=look)
                across.add(self.buttons[key])
        body.addWidget(across)

    def _lists(self, body: QVBoxLayout, docket: Docket, board: Board) -> None:
        order = {turn: place for place, turn in enumerate(board.waiting)}
        for states in GROUPS:
            found = [one for one in docket.lines if one.state in states]
            if states == ("waiting",):
                found.sort(key=lambda one: order.get(one.turn or 0, len(order)))
            if found:
                self._group(body, t("join.list").join(law.code("visit_state", one) for one in states), found)
        if not docket.lines:
            body.addWidget(label(t("reception.docket_empty"), "second", wrap=True))
        if docket.promises:
            lines = self._heading(body, t("reception.promised_here"), len(docket.promises))
            on = self.seen.on if self.seen is not None else docket.day.on
            for promise in docket.promises:
                self.lines.add(lines, lambda promise=promise: self._promise(promise, on))  # type: ignore[misc]  # bound now

    def _heading(self, body: QVBoxLayout, words: str, count: int) -> QVBoxLayout:
        look = self.context.look
        body.addSpacing(look.space(3))
        head = row(None, look, 2)
        head.addWidget(label(words, "section"))
        head.addWidget(label(str(count), "second"))
        head.addStretch(1)
        body.addLayout(head)
        lines = column(None, look, 1)
        body.addLayout(lines)
        return lines

    def _group(self, body: QVBoxLayout, words: str, found: Sequence[VisitLine]) -> None:
        lines = self._heading(body, words, len(found))
        for one in found:
            self.lines.add(lines, partial(self._line, one))

    def _line(self, one: VisitLine) -> LineButton:
        made = visit_line(self.context.look, one)
        made.clicked.connect(partial(self.show_visit, one))
        return made

    def _promise(self, promise: Any, on: date) -> LineButton:
        made = promise_line(self.context, promise, on)
        made.clicked.connect(lambda: self.context.matter_wanted.emit(promise.matter, "prove_instruction"))
        return made

    def show_visit(self, one: VisitLine) -> None:
        """Show what can be done with a visit."""
        docket = self.docket
        if docket is not None:
            self.context.sheet_wanted.emit(VisitSheet(self.context, one, self.acts.of_visit(docket.day, one)))

    def call_next(self) -> None:
        """Call the next who waits."""
        docket = self.docket
        if docket is not None:
            day = docket.day.id
            self.do(lambda desk: desk.reception.call_next(day))

    def do(self, what: Callable[[DeskPort], object]) -> None:
        """Do something quick, and let every page know."""
        self.context.ask(what, lambda _answer: self.context.register_changed.emit(), owner=self)

    def receive(self) -> None:
        """Receive in large type."""
        if self.docket is not None:
            self.chief_wanted.emit(self.docket.day.id)

    def several(self, shown: ReceptionDay) -> bool:
        """Whether more than one leader receives on that day, so that acts have to name whose day is meant."""
        days = self.seen.days if self.seen is not None else ()
        return sum(one.on == shown.on and one.state in ("planned", "open") for one in days) > 1

    # The day itself.

    def likely(self) -> None:
        """Do what the day asks for next: begin, call, receive."""
        if self.begin_card is not None:
            self.begin_card.likely()
        elif self.likely_button is not None:
            self.likely_button.click()

    def _begun(self) -> None:
        self.context.told.emit(t("reception.begun"), "done")

    def show_board(self) -> None:
        """Open the second screen, or bring it to the front."""
        docket = self.docket
        if docket is None:
            return
        if self.board is not None:
            self.board.raise_()
            return
        self.board, own = open_board(self.context, docket.day.id, self)
        self.board.closed.connect(self._board_closed)
        if not own:
            self.context.told.emit(t("reception.board_one_screen"), "accent")

    def _board_closed(self) -> None:
        self.board = None

    def close_day(self) -> None:
        """End the day, or say what is missing."""
        docket = self.docket
        if docket is None:
            return
        if docket.open_points:
            self._tried_to_close = True
            self.enter()
            return
        reception = docket.day.id
        self.context.sheet_wanted.emit(
            CloseSheet(
                self.context,
                docket,
                lambda: self.context.work(
                    lambda desk, _job: desk.reception.close(reception),
                    self._closed,
                    self._not_closed,
                    owner=self,
                    label="work.paper",
                ),
            )
        )

    def _closed(self, _docket: Docket) -> None:
        if self.board is not None:
            self.board.refresh()
        self.context.told.emit(t("reception.closed"), "done")
        self.context.register_changed.emit()

    def _not_closed(self, error: RegisterError) -> None:
        self._tried_to_close = True
        self.context.told.emit(sentence(error), "late")
        self.enter()

    # Papers.

    def _briefed(self, docket: Docket) -> list[VisitLine]:
        return [one for one in docket.lines if one.state in ("booked", "waiting", "called") and one.sight == "full"]

    def print_briefs(self) -> None:
        """Show the pages of all visitors of this day who are to come, one page each."""
        docket = self.docket
        if docket is not None:
            visits = [one.id for one in self._briefed(docket)]
            title = t("reception.briefs_of", day=day(docket.day.on))
            show_paper(self.context, self, title, lambda desk: desk.reception.brief_sheet(visits))
            hidden = sum(one.sight != "full" and one.state in ("booked", "waiting", "called") for one in docket.lines)
            if hidden:
                self.context.told.emit(t("reception.briefs_hidden", count=hidden), "soon")

    def show_docket(self) -> None:
        """Show the docket as a paper: sealed, or as it goes."""
        docket = self.docket
        if docket is None:
            return
        title = t("reception.docket_of", day=day(docket.day.on))
        if docket.document is not None:
            show_issued(self.context, self, docket.document, title)
        else:
            reception = docket.day.id
            show_paper(self.context, self, title, lambda desk: desk.reception.docket_sheet(reception))

    def print(self) -> None:
        """Print what the day asks for: briefs before, the docket afterwards."""
        docket = self.docket
        if docket is not None and docket.day.state in ("planned", "open") and self._briefed(docket):
            self.print_briefs()
        else:
            self.show_docket()
