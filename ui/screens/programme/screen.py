"""Key cases: the programmes, and of one at a time its progress, its cases, its dates and its roster.

Who looks for a programme sees all of them first; the one that was opened stays open while the window does. Esc goes
back: from a programme to the list, from a case to its programme.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFrame, QPushButton, QVBoxLayout, QWidget

from models.errors import RegisterError
from ui.context import Context
from ui.keys import bind
from ui.parts.fields import Segments
from ui.parts.layout import clear, column, row
from ui.parts.lines import LineButton
from ui.parts.sheet import sheet_of
from ui.parts.text import button, chip, due_chip, empty, label, notice
from ui.screens.base import today
from ui.screens.lines import LinesScreen
from ui.screens.programme.cases import CasesPart
from ui.screens.programme.dates import DatesPart
from ui.screens.programme.overview import OverviewPart
from ui.screens.programme.rosterpart import RosterPart
from ui.tokens import Look, Tone
from ui.words import day, sentence, t

if TYPE_CHECKING:
    from models.programme.records import CaseFilter, Milestone, Programme, ProgrammeDraft, Progress

PARTS = ("overview", "cases", "dates", "roster")
KEEPERS = frozenset({"PU", "DL", "CH"})
"""Roles that may make and change a programme; others are not offered it."""
WIDTH = 1040

_TONES: dict[str, tuple[Tone, str]] = {
    "ahead": ("quiet", "calendar"),
    "running": ("accent", "clock"),
    "over": ("soon", "soon"),
    "closed": ("done", "done"),
}


class ProgrammeScreen(LinesScreen):
    """The list of programmes, or one of them."""

    name = "programme"

    def __init__(self, context: Context) -> None:
        super().__init__(context, WIDTH)
        self.programme: str | None = None
        """Key of the programme that is open; None: the list."""
        self.found: Progress | None = None
        self._part = "overview"
        self._focus = True
        """Whether the page takes the focus when it has come."""
        self.part: Segments | None = None
        self.overview = OverviewPart(self)
        self.cases = CasesPart(self)
        self.dates = DatesPart(self)
        self.roster = RosterPart(self)
        bind(self, "likely_act", self.likely)
        context.register_changed.connect(self._changed)

    def likely(self) -> None:
        """Go on with the sheet that is open."""
        sheet = sheet_of(QApplication.focusWidget())
        go = getattr(sheet, "go", None)
        if isinstance(go, QPushButton) and go.isEnabled():
            go.click()

    @property
    def keeps(self) -> bool:
        """Whether the person at the desk may change programmes."""
        return bool(self.context.roles & KEEPERS)

    # Going about.

    def enter(self) -> None:
        """Fetch the list, or the programme that is open, and take the focus."""
        self._focus = True
        self._fetch()

    def _changed(self) -> None:
        if self.isVisible():
            self._focus = self._page.isAncestorOf(QApplication.focusWidget() or self)
            self._fetch()

    def _fetch(self) -> None:
        key = self.programme
        if key is None:
            self.context.ask(
                lambda desk: (desk.programmes.all(), desk.programmes.shipped()),
                lambda found: self._show_all(*found),
                self._failed,
                owner=self,
                key="programme",
            )
            return
        self.context.ask(
            lambda desk: desk.programmes.progress(key), self._show_one, self._failed, owner=self, key="programme"
        )

    def open(self, key: str | None, part: str = "overview") -> None:
        """Open a programme at one of its pages, or the list."""
        self.choose(key, part)
        self.enter()

    def choose(self, key: str | None, part: str = "overview") -> None:
        """Choose a programme and its page, or the list; `enter` fetches it."""
        if key != self.programme:
            self.cases.forget()
        self.programme, self._part, self.found = key, part, None

    def back(self) -> bool:
        """Go back to the list."""
        if self.programme is None:
            return False
        self.open(None)
        return True

    def show_cases(self, filters: CaseFilter) -> None:
        """Show the cases of the open programme that a count stands for."""
        self.cases.set_filters(filters)
        if self.part is not None and self.part.value != "cases":
            self.part.set_value("cases")
        else:
            self._open_part()

    # The list.

    def _show_all(self, found: tuple[Programme, ...], shipped: tuple[ProgrammeDraft, ...]) -> None:
        if self.programme is not None:
            return
        look, body = self.context.look, self._page.body
        self._empty_page()
        self.part = None
        make = button(t("programme.create"), self.draw_up, "primary" if not found else "", picture_of="add", look=look)
        if not self.keeps:
            make.hide()
        self._head(t("programme.title"), t("programme.words"), make)
        lines = column(None, look, 1)
        body.addLayout(lines)
        for one in found:
            self.lines.add(lines, partial(self._line, one))
        known = {one.key for one in found}
        ready = [draft for draft in shipped if draft.key not in known] if self.keeps else []
        if ready:
            body.addWidget(label(t("programme.shipped"), "section"))
            offered = column(None, look, 1)
            body.addLayout(offered)
            for draft in ready:
                self.lines.add(offered, partial(self._offer, draft))
        if not found and not ready:
            body.addWidget(empty(t("programme.none"), t("programme.none_advice"), look))
        body.addStretch(1)
        if self.take_focus_once():
            self.lines.take_focus()

    def _line(self, one: Programme) -> LineButton:
        look = self.context.look
        now = next((stage for stage in one.stages if stage.current), None)
        under = t("programme.days", first=day(one.from_on), last=day(one.to_on))
        if now is not None:
            under = "  ".join((under, t("programme.stage_now", place=now.place, of=len(one.stages), name=now.name)))
        owed = next((due for due in one.milestones if due.state in ("due", "late")), None)
        chips: tuple[QFrame, ...] = (programme_chip(one, look),)
        if owed is not None and one.state != "closed":
            chips = (*chips, due_chip(owed.due_on, today(), look))
        counts = one.counts
        said = t("programme.counted", included=counts.included, solved=counts.solved, open=counts.open)
        if counts.rebound:
            said = t("join.clauses").join((said, t("programme.counted_rebound", count=counts.rebound)))
        made = LineButton(look, one.name, under, third=_owed(owed) if owed else "", chips=chips, small=said)
        made.clicked.connect(lambda: self.open(one.key))
        return made

    def _offer(self, draft: ProgrammeDraft) -> LineButton:
        under = t("programme.days", first=day(draft.from_on), last=day(draft.to_on))
        made = LineButton(self.context.look, draft.name, under, third=draft.basis, small=t("programme.offer"))
        made.clicked.connect(lambda: self.draw_up(draft))
        return made

    def draw_up(self, draft: ProgrammeDraft | None = None) -> None:
        """Draw up a programme, by hand or from one that comes with the product."""
        from ui.screens.programme.form import ProgrammeSheet

        sheet = ProgrammeSheet(self.context, draft)
        sheet.made.connect(self.open)
        self.context.sheet_wanted.emit(sheet)

    # One programme.

    def _show_one(self, found: Progress) -> None:
        one = found.programme
        if one.key != self.programme:
            return
        scroll = self._page.verticalScrollBar()
        place = scroll.value() if self.found is not None else 0
        self.found = found
        look, body = self.context.look, self._page.body
        self._empty_page()
        self._head(one.name, one.basis, self._way_back(self.back))
        under = row(None, look, 2)
        under.addWidget(programme_chip(one, look))
        under.addWidget(label(t("programme.days", first=day(one.from_on), last=day(one.to_on)), "second"))
        under.addStretch(1)
        body.addLayout(under)
        if one.goal:
            body.addWidget(label(one.goal, wrap=True))
        choices = [(name, t(f"programme.{name}"), "") for name in PARTS]
        self.part = Segments(choices, look, self._part, t("programme.pages"))
        self.part.chosen.connect(self._chosen)
        body.addWidget(self.part)
        self._tools = column(None, look, 2)
        body.addLayout(self._tools)
        self._begin_lines()
        self._open_part()
        QTimer.singleShot(0, self, lambda: scroll.setValue(place))  # what was read stays in sight
        if self._focus:
            self.focus_part()
            self._focus = self._part == "cases"  # its lines come later, and the one that was opened last takes it

    def take_focus_once(self) -> bool:
        """Return whether what comes now takes the focus; asked once for each coming."""
        wanted, self._focus = self._focus, False
        return wanted

    def focus_part(self) -> None:
        """Put the focus on the choice of page."""
        if self.part is not None:
            next(one for one in self.part.buttons() if one.isChecked()).setFocus()

    def _chosen(self, part: object) -> None:
        self._part, self._focus = str(part), False
        self._open_part()

    def _open_part(self) -> None:
        if self.found is None:
            return
        clear(self._tools)
        self.empty_lines()
        opened: dict[str, Callable[[Progress], None]] = {
            "overview": self.overview.open,
            "cases": self.cases.open,
            "dates": self.dates.open,
            "roster": self.roster.open,
        }
        opened[self._part](self.found)

    # What the pages use.

    @property
    def tools(self) -> QVBoxLayout:
        """The place over the lines, for filters and buttons."""
        return self._tools

    @property
    def body(self) -> QVBoxLayout:
        """The place of the lines."""
        return self._lines

    def is_at(self, part: str) -> bool:
        """Return whether a page of the open programme is the one looked at."""
        return self.found is not None and self._part == part

    def empty_lines(self) -> None:
        """Take all lines away."""
        self.lines.clear()
        clear(self._lines)
        clear(self._foot)

    def section(self, words: str, count: str = "", action: QWidget | None = None) -> QVBoxLayout:
        """Add a heading with its number; returns the column for its lines."""
        look = self.context.look
        self._lines.addSpacing(look.space(3))
        head = row(None, look, 2)
        head.addWidget(label(words, "section"))
        if count:
            head.addWidget(label(count, "second"))
        head.addStretch(1)
        if action is not None:
            head.addWidget(action)
        self._lines.addLayout(head)
        made = column(None, look, 1)
        self._lines.addLayout(made)
        return made

    def add(self, where: QVBoxLayout, make: Callable[[], LineButton]) -> None:
        """Add a line."""
        self.lines.add(where, make)

    def refused(self, error: RegisterError) -> None:
        """Say what went wrong in place of the lines, with a way to try again."""
        self.empty_lines()
        again = button(t("queue.again"), self.enter, "quiet")
        self._lines.addWidget(notice(sentence(error), self.context.look, "late", action=again))


def programme_chip(one: Programme, look: Look) -> QFrame:
    """Return how a programme stands."""
    tone, meaning = _TONES[one.state]
    return chip(t(f"programme.is_{one.state}"), look, tone, meaning)


def _owed(one: Milestone) -> str:
    """Return a report with its last day."""
    return t("programme.owed", name=one.name, day=day(one.due_on) or t("days.no_calendar"))
