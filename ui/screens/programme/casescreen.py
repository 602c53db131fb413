"""The page of a key case: where it stands, what is proved and what is missing, and the next lawful acts.

Acts are those of the matter (resources/acts/65_key_cases.toml), each with the sheet that the table of acts makes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from models import acts
from models.errors import RegisterError
from models.records import ClosedAct, MatterFile, OpenAct
from ui.context import Context
from ui.keys import bind
from ui.parts.layout import Page, Wrapping, clear, column, foot, row
from ui.parts.text import button, empty, label, notice
from ui.screens.base import Screen, today
from ui.screens.matter import bar
from ui.screens.matter.acting import Acting
from ui.screens.matter.desk_papers import PaperFlows
from ui.screens.matter.entries import Ways
from ui.screens.matter.seen import Seen
from ui.screens.programme import casefile
from ui.screens.programme.steps import limit_chip, state_chip, step_strip
from ui.words import day, sentence, t, title_seen

if TYPE_CHECKING:
    from models.programme.records import CaseFile
    from ui.port import DeskPort

ROOM = "key_cases"
"""Room of the table of acts whose acts stand on this page."""
TWO_COLUMNS_FROM = 860
"""Width at 100 % from which the dossier stands beside what was done."""

ACT_OF_STEP = {
    "planned": "draw_plan",
    "met_petitioner": "meet_petitioner",
    "met_handler": "meet_handler",
    "read_file": "read_case_file",
    "approved": "approve_plan",
    "filed": "file_plan",
    "worked": "record_round",
    "solved": "solve_case",
    "reported": "report_case_closing",
    "closed": "record_city_review",
    "looked_back": "look_back",
}
"""The act that proves each step: what is not proved yet is offered first."""

Make = Callable[[], QWidget | None]


class Found(NamedTuple):
    """What the page asks the desk for in one go."""

    case: CaseFile
    file: MatterFile
    closed: tuple[ClosedAct, ...]


@cache
def key_acts() -> frozenset[str]:
    """Return the names of the acts of a key case."""
    return frozenset(name for name, rule in acts.table().items() if rule.room == ROOM)


def fetch(desk: DeskPort, matter: int, programme: int | None) -> Found:
    """Ask the desk for a case with its matter; on the worker."""
    case = desk.programmes.case(matter, programme)
    file = desk.matter(matter)
    closed = desk.open_acts(matter)[1] if file.sight == "full" else ()
    return Found(case, file, closed)


class CaseScreen(Screen):
    """One case of one programme."""

    name = "case"

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.matter: int | None = None
        self.programme: int | None = None
        self.found: Found | None = None
        self.acting = Acting(context, lambda: self.found.file if self.found is not None else None, self)
        self.papers = PaperFlows(context, lambda: self.found.file if self.found is not None else None, self)
        self._likeliest: QPushButton | None = None
        self._columns = 0
        self._acted = False
        self.acting.taken.connect(self._was_taken)
        look = context.look
        outer = column(self, look, 0)
        self._page = Page(look, width=1240, margin=6, gap=4)
        outer.addWidget(self._page, 1)
        self._bar, self._bar_row = foot(look, edge=6)
        self._bar.hide()
        outer.addWidget(self._bar)
        bind(self, "likely_act", self.take_likely)
        bind(self, "acts", self.show_acts)
        context.register_changed.connect(self._changed)

    def open(self, matter: int, programme: int | None) -> None:
        """Choose the case; `enter` fetches it."""
        if (matter, programme) != (self.matter, self.programme):
            self.found = None
            clear(self._page.body)
            self._bar.hide()
        self.matter, self.programme = matter, programme

    def enter(self) -> None:
        """Fetch the case and take the focus."""
        self._fetch(focus=True)

    def _was_taken(self) -> None:
        self._acted = True

    def _changed(self) -> None:
        self.acting.forget_undone()
        if self.isVisible() and self.matter is not None:
            self._fetch(focus=self._acted)
        self._acted = False

    def _fetch(self, *, focus: bool) -> None:
        matter, programme = self.matter, self.programme
        if matter is None:
            return

        def show(found: Found) -> None:
            if (self.matter, self.programme) == (matter, programme):
                self._show(found, focus=focus)

        self.context.ask(lambda desk: fetch(desk, matter, programme), show, self._failed, owner=self, key="case")

    def _failed(self, error: RegisterError) -> None:
        clear(self._page.body)
        self._bar.hide()
        back = button(t("matter.back"), self.context.back_wanted.emit)
        self._page.body.addWidget(
            empty(t("matter.not_open"), sentence(error), self.context.look, meaning="sealed", action=back)
        )

    # The page.

    def _show(self, found: Found, *, focus: bool) -> None:
        place = self._page.verticalScrollBar().value() if self.found is not None else 0
        self.found = found
        look, body = self.context.look, self._page.body
        clear(body)
        body.addWidget(self._head(found))
        self._columns = self._columns_wanted()
        if found.case.line.sight != "full":
            body.addWidget(notice(t("sealed.words"), look, "quiet"))
        else:
            self._set_out(found)
        body.addStretch(1)
        seen = self._seen(found)
        self._likeliest = bar.fill(self._bar_row, seen, self.context, self.begin_act)
        self._bar.setVisible(found.case.line.sight == "full")
        QTimer.singleShot(0, self, lambda: self._page.verticalScrollBar().setValue(place))  # once it is laid out
        if focus:
            (self._likeliest or self._page).setFocus()
        if undone := self.acting.take_undone(found.file.id if focus else 0):
            name, typed = undone
            self.begin_named(name, typed)

    def _seen(self, found: Found) -> Seen:
        """Return the matter with the acts of a key case alone: the next step first, what is proved already last."""
        wanted, reached = key_acts(), found.case.line.reached
        proved = {ACT_OF_STEP[step] for step in reached if step in ACT_OF_STEP}
        first = ACT_OF_STEP.get(found.case.line.next_step, "")
        mine = [one for one in found.file.next_acts if one.name in wanted]
        mine.sort(key=lambda one: (one.name != first, one.name in proved))
        file = replace(found.file, next_acts=tuple(mine))
        return Seen(file, closed=tuple(one for one in found.closed if one.name in wanted))

    def _head(self, found: Found) -> QWidget:
        look, line = self.context.look, found.case.line
        made = QWidget()
        across = row(made, look, 3)
        titles = column(None, look, 0)
        titles.addWidget(
            label(t("case.of", number=line.number, programme=found.case.programme_name), "second", wrap=True)
        )
        titles.addWidget(label(title_seen(line.title, line.sight), "page", wrap=True, copy=True))
        chips = Wrapping(look, 2)
        chips.add(state_chip(line.state, look, line.exclusion))
        if (limit := limit_chip(line, look)) is not None:
            chips.add(limit)
        if line.limit_on is not None:
            chips.add(label(t("case.limit", day=day(line.limit_on)), "second"))
        titles.addSpacing(look.space(1))
        titles.addWidget(chips)
        if line.sight == "full" and line.state != "excluded":
            titles.addSpacing(look.space(2))
            titles.addWidget(step_strip(line.reached, look))
        across.addLayout(titles, 1)
        ways = column(None, look, 1)
        ways.addWidget(
            button(t("queue.back"), self.context.back_wanted.emit, "quiet", picture_of="back", look=look),
            0,
            Qt.AlignmentFlag.AlignRight,
        )
        self.to_matter = button(
            t("case.to_matter"), lambda: self.context.matter_wanted.emit(line.matter, ""), "quiet",
            picture_of="open", look=look,
        )  # fmt: skip
        ways.addWidget(self.to_matter, 0, Qt.AlignmentFlag.AlignRight)
        ways.addStretch(1)
        across.addLayout(ways)
        return made

    def _set_out(self, found: Found) -> None:
        look, body, context = self.context.look, self._page.body, self.context
        case, file = found.case, found.file
        ways = Ways(self.papers.open_document, lambda matter: context.matter_wanted.emit(matter, ""))
        for words, tone in casefile.notices(case, today()):
            body.addWidget(notice(words, look, tone))
        excluded = case.line.state == "excluded"
        left: list[Make] = [
            partial(casefile.meetings, case, context),
            partial(casefile.plans, case, file, context, ways),
            partial(casefile.rounds, case, context),
            partial(casefile.reviews, case, file, context, ways),
            partial(casefile.look_backs, case, context),
        ]
        right: list[Make] = [
            partial(casefile.dossier, case, file, context, ways),
            partial(casefile.evidence, case, context),
            partial(casefile.particulars, case, file, context, ways),
        ]
        if self._columns == 2 and not excluded:
            across = row(None, look, 6)
            body.addLayout(across)
            for share, blocks in ((3, left), (2, right)):
                down = column(None, look, 5)
                across.addLayout(down, share)
                self._add(down, blocks)
                down.addStretch(1)
        else:
            down = column(None, look, 4)
            body.addLayout(down)
            self._add(down, [*left[:2], *right[:1], *left[2:], *right[1:]])

    @staticmethod
    def _add(down: QVBoxLayout, blocks: list[Make]) -> None:
        for make in blocks:
            made = make()
            if made is not None:
                down.addWidget(made)

    # Acts.

    def begin_act(self, act: OpenAct, typed: dict[str, Any] | None = None) -> None:
        """Ask for the inputs of an act."""
        self.acting.begin(act, typed)

    def begin_named(self, name: str, typed: dict[str, Any] | None = None) -> None:
        """Begin the act of this name, when it is open."""
        acts_open = self.found.file.next_acts if self.found is not None else ()
        act = next((one for one in acts_open if one.name == name), None)
        if act is not None:
            self.begin_act(act, typed)

    def take_likely(self) -> None:
        """Begin the likeliest lawful act; in a sheet, go on with that sheet."""
        if not self.acting.go_on() and self._likeliest is not None:
            self._likeliest.click()

    def show_acts(self) -> None:
        """Show every act of the case that is open."""
        if self.found is not None:
            seen = self._seen(self.found)
            if seen.file.next_acts:
                bar.show_all(seen, self.context, self.begin_act)

    def _columns_wanted(self) -> int:
        return 2 if self.width() >= self.context.look.size(TWO_COLUMNS_FROM) else 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set out in one column or two."""
        super().resizeEvent(event)
        if self.found is not None and self._columns_wanted() != self._columns:
            self._show(self.found, focus=False)
