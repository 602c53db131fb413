"""The page of a matter: number, title, state, the next clock; then what was said, what was done, what is to be done."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from itertools import zip_longest
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from models.clocks import ClockState
from models.errors import RegisterError
from models.records import ClosedAct, MatterFile, OpenAct
from ui import law
from ui.context import Context
from ui.keys import bind
from ui.parts.layout import Page, clear, column, foot, row
from ui.parts.text import button, empty, notice
from ui.screens.base import Screen, today
from ui.screens.matter import bar, blocks, duties, keycase, life, paperwork
from ui.screens.matter.acting import Acting
from ui.screens.matter.correcting import Correcting
from ui.screens.matter.desk_papers import PaperFlows
from ui.screens.matter.entries import Ways
from ui.screens.matter.head import head
from ui.screens.matter.peoplelist import PeopleSheet
from ui.screens.matter.seen import Seen, fetch
from ui.screens.matter.sheets import ClockSheet
from ui.screens.matter.story import story
from ui.words import both, sentence, t

TWO_COLUMNS_FROM = 860
"""Width at 100 % from which clocks and people stand beside what was said."""


AT_ONCE = 6
"""Blocks made before the page is painted."""
A_STEP = 3

Make = Callable[[], QWidget | None]


class MatterScreen(Screen):
    """One matter, alone or beside the register's list."""

    name = "matter"

    def __init__(self, context: Context, *, beside: bool = False) -> None:
        super().__init__()
        self.context = context
        self._beside = beside
        self.matter: int | None = None
        self.seen: Seen | None = None
        self.acting = Acting(context, lambda: self.file, self)
        self.acting.taken.connect(self._was_taken)
        self.correcting = Correcting(context, self.begin_act, self)
        self.papers = PaperFlows(context, lambda: self.file, self)
        self._wanted_act = ""
        self._typed: dict[str, Any] = {}
        """What is known already of the act that is wanted."""
        self._acted = False
        self._whole: set[str] = set()
        """Blocks that are shown to their end."""
        self._columns = 0
        self._place = 0
        self._round = 0
        """Counts the times that the page was set out: blocks of a page that is gone are not made."""
        self._waiting: deque[tuple[QVBoxLayout, Make]] = deque()
        self._likeliest: QPushButton | None = None
        look = context.look
        outer = column(self, look, 0)
        self._page = Page(look, width=1240, margin=6, gap=4)
        outer.addWidget(self._page, 1)
        self._bar, self._bar_row = foot(look, edge=6)
        self._bar.hide()
        outer.addWidget(self._bar)
        if not beside:
            bind(self, "likely_act", self.take_likely)
            bind(self, "acts", self.show_acts)
        context.register_changed.connect(self._changed)

    @property
    def file(self) -> MatterFile | None:
        """The file that is shown."""
        return self.seen.file if self.seen is not None else None

    @property
    def closed(self) -> tuple[ClosedAct, ...]:
        """The acts that are not open."""
        return self.seen.closed if self.seen is not None else ()

    def open(self, matter: int, act: str, typed: Mapping[str, Any] | None = None) -> None:
        """Choose the matter and the act that is to be begun there, with what is known of it; `enter` fetches it."""
        if matter != self.matter:
            self.seen = None
            self._whole.clear()
            clear(self._page.body)
            self._bar.hide()
        self.matter, self._wanted_act, self._typed = matter, act, dict(typed or {})

    def enter(self) -> None:
        """Fetch the matter and take the focus."""
        self._fetch(focus=True)

    def enter_quietly(self) -> None:
        """Fetch the matter and leave the focus in the list."""
        self._fetch(focus=False)

    def _was_taken(self) -> None:
        self._acted = True

    def _changed(self) -> None:
        self.acting.forget_undone()
        if self.isVisible() and self.matter is not None:
            self._fetch(focus=self._acted)
        self._acted = False

    def _fetch(self, *, focus: bool) -> None:
        matter = self.matter
        if matter is None:
            return

        def found(seen: Seen) -> None:
            if self.matter == matter:
                self._show(seen, focus=focus)

        self.context.ask(lambda desk: fetch(desk, matter), found, self._failed, owner=self, key=f"matter-{id(self)}")

    def _failed(self, error: RegisterError) -> None:
        clear(self._page.body)
        self._bar.hide()
        self._page.body.addWidget(
            empty(
                t("matter.not_open"),
                sentence(error),
                self.context.look,
                meaning="sealed",
                action=button(t("matter.back"), self.context.back_wanted.emit),
            )
        )

    # The page.

    def _show(self, seen: Seen, *, focus: bool) -> None:
        file = seen.file
        place = 0
        if (
            self.file is not None and self.file.id == file.id
        ):  # set out anew while it was still on the way back: same place
            place = self._page.verticalScrollBar().value() if self._page.updatesEnabled() else self._place
        self.seen = seen
        look, body = self.context.look, self._page.body
        clear(body)
        self._round += 1
        self._waiting.clear()
        body.addWidget(head(file, self.context, today(), beside=self._beside))
        self._columns = self._columns_wanted()
        if file.sight != "full":
            body.addWidget(notice(t("sealed.words"), look, "quiet"))
            body.addWidget(blocks.clocks(file, self.context, today(), self._explain))
        else:
            self._set_out(seen)
        body.addStretch(1)
        self._likeliest = bar.fill(self._bar_row, seen, self.context, self.begin_act)
        self._bar.setVisible(file.sight == "full")
        self._place = place
        if not place:
            self._page.verticalScrollBar().setValue(0)
        self._page.setUpdatesEnabled(not place)  # what was read stays in sight until the page reaches down to it again
        self._go_on(self._round)
        if focus:
            (self._likeliest or self._page).setFocus()
        wanted, typed = self._wanted_act, self._typed
        self._wanted_act, self._typed = "", {}
        if undone := self.acting.take_undone(file.id if focus else 0):
            wanted, typed = undone
        act = next((one for one in file.next_acts if one.name == wanted), None)
        if act is not None:
            self.begin_act(act, typed)
        elif typed and (why := next((one for one in seen.closed if one.name == wanted), None)) is not None:
            self.context.told.emit(both(why.reason_zh, why.reason_en), "soon")

    def _set_out(self, seen: Seen) -> None:
        """Set the blocks out in one column or two: the first at once, the others while the page can be read already."""
        look, body = self.context.look, self._page.body
        left, right = self._blocks(seen)
        self._waiting.clear()
        if self._columns == 2:
            across = row(None, look, 6)
            columns = []
            for share in (3, 2):
                down = column(None, look, 5)
                down.addStretch(1)
                across.addLayout(down, share)
                columns.append(down)
            body.addLayout(across)
            for one, other in zip_longest(left, right):
                self._waiting += [(down, make) for down, make in zip(columns, (one, other), strict=True) if make]
        else:
            down = column(None, look, 4)
            down.addStretch(1)
            body.addLayout(down)
            self._waiting += [(down, make) for make in (*right[:1], *left, *right[1:])]
        self._make_blocks(AT_ONCE)

    def _make_blocks(self, count: int) -> None:
        for _block in range(min(count, len(self._waiting))):
            down, make = self._waiting.popleft()
            made = make()
            if made is not None:
                down.insertWidget(down.count() - 1, made)
                made.show()
        self._page.settle()

    def _go_on(self, round_: int) -> None:
        """Make further blocks; when the last one stands, go to the place that was read."""
        if round_ != self._round:
            return
        if not self._waiting:
            self._stand()
            return
        try:
            self._make_blocks(A_STEP)
        except BaseException:
            self._page.setUpdatesEnabled(True)
            raise
        QTimer.singleShot(0, self, lambda: self._go_on(round_))

    def _stand(self) -> None:
        if self._place:  # else somebody may have begun to read further down while the last blocks were made
            self._page.verticalScrollBar().setValue(self._place)
        self._page.setUpdatesEnabled(True)

    def _blocks(self, seen: Seen) -> tuple[list[Make], list[Make]]:
        context, file, on = self.context, seen.file, today()
        hooks = self.correcting.hooks(file)
        ways = Ways(self.papers.open_document, lambda matter: context.matter_wanted.emit(matter, ""))
        whole = self._whole
        left: list[Make] = [
            lambda: blocks.said(file, context, hooks),
            lambda: blocks.claims(file, context, hooks),
            lambda: life.tasks(file, context, ways, on),
            lambda: blocks.answers(file, context),
            lambda: blocks.records(
                file, context, hooks, whole="records" in whole, show_whole=partial(self._show_whole, "records")
            ),
            lambda: life.agreements(file, context, ways, on),
            lambda: life.hearings(file, context, ways, on),
            lambda: life.services(file, context, ways),
            lambda: life.reviews(file, context, ways),
            lambda: life.handovers(file, context, ways, on),
            lambda: life.follow_ups(file, context, ways),
            lambda: life.ratings(seen.ratings, context),
            lambda: story(
                file,
                context,
                self._turn_story,
                self.correcting.line_menu,
                whole="story" in whole,
                show_whole=partial(self._show_whole, "story"),
            ),
        ]
        right: list[Make] = [
            lambda: blocks.clocks(file, context, on, self._explain),
            lambda: duties.shifts(file, context),
            lambda: keycase.key_cases(seen, context),
            lambda: duties.supervision(file, context, ways, on),
            lambda: duties.major(file, seen.major, context, ways),
            lambda: blocks.people(file, context, hooks, self._show_people),
            lambda: blocks.accused(file, context, hooks),
            lambda: duties.recusals(file, context),
            lambda: duties.items(seen, context, ways),
            lambda: paperwork.documents(
                file, context, self.papers.open_document, self.papers.choose_letter, self.papers.bind
            ),
            lambda: paperwork.papers(
                file,
                context,
                self.papers.open_paper,
                self.papers.add_papers,
                whole="papers" in whole,
                show_whole=partial(self._show_whole, "papers"),
            ),
            lambda: blocks.particulars(file, context, hooks),
        ]
        return left, right

    # Acts.

    def take_likely(self) -> None:
        """Begin the likeliest lawful act; in a sheet, go on with that sheet."""
        if self.acting.go_on():
            return
        if self.file is not None and self.file.next_acts:
            self.begin_act(self.file.next_acts[0])

    def show_acts(self) -> None:
        """Show every act that is open."""
        if self.seen is not None and self.seen.file.next_acts:
            bar.show_all(self.seen, self.context, self.begin_act)

    def begin_act(self, act: OpenAct, typed: dict[str, Any] | None = None) -> None:
        """Ask for the inputs of an act."""
        self.acting.begin(act, typed, advice=self.seen.advice if self.seen is not None else None)

    # Clocks, people, story.

    def _explain(self, state: ClockState) -> None:
        rules = law.rules_of(self.file) if self.file is not None else law.NEWEST
        self.context.sheet_wanted.emit(ClockSheet(self.context, state, rules))

    def _turn_story(self) -> None:
        preferences = self.context.preferences
        preferences.story_newest_first = not preferences.story_newest_first
        preferences.save()
        if self.seen is not None:
            self._show(self.seen, focus=False)

    def _show_whole(self, block: str) -> None:
        self._whole.add(block)
        if self.seen is not None:
            self._show(self.seen, focus=False)

    def _show_people(self) -> None:
        if self.file is not None:
            self.context.sheet_wanted.emit(PeopleSheet(self.context, self.file.people))

    def _columns_wanted(self) -> int:
        return 2 if self.width() >= self.context.look.size(TWO_COLUMNS_FROM) else 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set out in one column or two."""
        super().resizeEvent(event)
        if self.seen is not None and self._columns_wanted() != self._columns:
            self._show(self.seen, focus=False)
