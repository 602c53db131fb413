"""The inbox of the city's papers: what waits to be taken in, what was taken, sent back, answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication, QPushButton

from ui.context import Context
from ui.keys import bind
from ui.parts.fields import Segments
from ui.parts.lines import LineButton
from ui.parts.sheet import sheet_of
from ui.parts.text import chip, due_chip, empty, label
from ui.port import DeskPort
from ui.screens.base import today
from ui.screens.inbox.paper import PaperSheet, Shown, fetch
from ui.screens.lines import LinesScreen
from ui.tokens import Look
from ui.words import day, t, title_seen

if TYPE_CHECKING:
    from models.citypapers import PaperLine, PaperPage

STATES = ("waiting", "taken", "answered", "refused", "withdrawn")
WIDTH = 1000


class InboxScreen(LinesScreen):
    """Papers in one state, fifty at a time."""

    name = "inbox"

    def __init__(self, context: Context) -> None:
        super().__init__(context, WIDTH)
        self.state = "waiting"
        self.found: tuple[PaperLine, ...] = ()
        """The papers shown."""
        self.opening: int | None = None
        """A paper that is shown as soon as the list has come."""
        bind(self, "likely_act", self.likely)
        context.register_changed.connect(self._changed)

    def enter(self) -> None:
        """Fetch the first ones."""
        self._fetch(None)

    def open(self, paper: int | None) -> None:
        """Choose what waits, and a paper to be shown when the screen is entered."""
        self.state, self.opening = "waiting", paper

    def likely(self) -> None:
        """Go on with the sheet that is open."""
        sheet = sheet_of(QApplication.focusWidget())
        go = getattr(sheet, "go", None)
        if isinstance(go, QPushButton) and go.isEnabled():
            go.click()

    def _fetch(self, after: Any) -> None:
        state = self.state

        def ask(desk: DeskPort) -> PaperPage:
            return desk.city.inbox(after, state=state)

        show = self._first if after is None else self._further
        self.context.ask(ask, show, self._failed, owner=self, key="inbox")

    def _first(self, page: PaperPage) -> None:
        self._empty_page()
        look = self.context.look
        part = Segments([(name, t(f"inbox.{name}"), "") for name in STATES], look, self.state, t("inbox.title"))
        part.chosen.connect(self._choose)
        under = t("inbox.late", count=page.late) if page.late else t("inbox.under")
        body = self._page.body
        body.addWidget(label(t("inbox.title"), "page", wrap=True))
        body.addWidget(label(under, "second", wrap=True))
        body.addWidget(part)
        self._begin_lines()
        self._left, self.found = page.total, ()
        if not page.lines:
            self._lines.addWidget(empty(t(f"inbox.none_{self.state}"), t("inbox.none_advice"), look, meaning="done"))
            return
        self._further(page)
        if self.opening is not None:
            paper, self.opening = self.opening, None
            self.show_paper(paper)
        elif self.isVisible() and sheet_of(QApplication.focusWidget()) is None:
            self.lines.take_focus()

    def _choose(self, state: object) -> None:
        self.state = str(state)
        self.enter()

    def _further(self, page: PaperPage) -> None:
        self.found += page.lines
        for one in page.lines:
            self.lines.add(self._lines, partial(self._line, one))
        self._left -= len(page.lines)
        self.more(self._left if page.after is not None else 0, lambda: self._fetch(page.after))

    def _line(self, one: PaperLine) -> LineButton:
        made = paper_line(self.context.look, one)
        made.clicked.connect(lambda: self.show_paper(one.id))
        return made

    def show_paper(self, paper: int) -> None:
        """Show a paper, with what it would write."""

        def show(found: Shown) -> None:
            self.context.sheet_wanted.emit(PaperSheet(self.context, found))

        self.context.ask(partial(fetch, paper=paper), show, owner=self, key="paper")


def paper_line(look: Look, one: PaperLine) -> LineButton:
    """Return the line of a paper: kind and title, number and organ, what became of it, its limit."""
    third = {
        "refused": t("inbox.was_refused", reason=one.refused),
        "withdrawn": t("inbox.was_withdrawn", reason=one.withdrawn),
        "answered": t("inbox.was_answered", day=day(one.answered_on), answer=one.answer),
        "taken": t("inbox.was_taken", day=day(one.taken_on), who=one.taken_by),
    }.get(one.state, t("inbox.insisted", reason=one.insisted) if one.insisted else "")
    if one.state == "waiting" and one.object_until is not None:
        third = t("join.clauses").join(part for part in (third, t("inbox.object", day=day(one.object_until))) if part)
    chips = [chip(t(f"inbox.kind_{one.kind}"), look, "accent")]
    if one.limit_on is not None and one.state in ("waiting", "taken", "refused"):
        chips.append(due_chip(one.limit_on, today(), look))
    return LineButton(
        look,
        title_seen(one.title, one.sight),
        "  ".join(part for part in (one.number, one.organ, day(one.on), one.matter_number) if part),
        third=third,
        chips=tuple(chips),
        small=t("inbox.arrived", day=day(one.arrived_on)),
    )
