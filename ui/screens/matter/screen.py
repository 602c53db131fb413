"""The page of a matter: number, title, state, the next clock; then what was said, what was done, what is to be done."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from models.clocks import ClockState
from models.errors import InputError, MissingPartError, RegisterError
from models.records import ClosedAct, MatterFile, OpenAct, PaperDraft
from ui import law
from ui.context import Context
from ui.keys import bind
from ui.parts.layout import Page, clear, column, foot, row
from ui.parts.sheet import Sheet
from ui.parts.text import button, empty, notice
from ui.screens.base import LettersOfAct, Screen, today
from ui.screens.matter import bar, blocks, duties, life, paperwork
from ui.screens.matter.correcting import Correcting
from ui.screens.matter.desk_papers import PaperFlows
from ui.screens.matter.entries import Ways, with_article
from ui.screens.matter.head import head
from ui.screens.matter.peoplelist import PeopleSheet
from ui.screens.matter.seen import Seen, fetch
from ui.screens.matter.sheets import ActSheet, ClockSheet
from ui.screens.matter.story import story
from ui.words import sentence, t

if TYPE_CHECKING:
    from ui.screens.matter.aid import NoLongerSheet

TWO_COLUMNS_FROM = 860
"""Width at 100 % from which clocks and people stand beside what was said."""


AT_ONCE = 6
"""Blocks made before the page is painted."""
A_STEP = 3

Make = Callable[[], QWidget | None]


def sheet_of(widget: QWidget | None) -> Sheet | None:
    """Return the sheet in which a widget stands, None for none."""
    while widget is not None and not isinstance(widget, Sheet):
        widget = widget.parentWidget()
    return widget


TRIES, TRY_MS = 20, 15
"""How often, and after how many milliseconds, a page that is not laid out yet is asked for the place that was read."""


class MatterScreen(Screen):
    """One matter, alone or beside the register's list."""

    name = "matter"

    def __init__(self, context: Context, *, beside: bool = False) -> None:
        super().__init__()
        self.context = context
        self._beside = beside
        self.matter: int | None = None
        self.seen: Seen | None = None
        self.correcting = Correcting(context, self.begin_act, self)
        self.papers = PaperFlows(context, lambda: self.file, self)
        self._wanted_act = ""
        self._acted = False
        self._whole: set[str] = set()
        """Blocks that are shown to their end."""
        self._columns = 0
        self._place = 0
        self._round = 0
        """Counts the times that the page was set out: blocks of a page that is gone are not made."""
        self._waiting: deque[tuple[QVBoxLayout, Make]] = deque()
        self._sheet: ActSheet | None = None
        self._likeliest: QPushButton | None = None
        self._undone: tuple[int, str, dict[str, Any]] | None = None
        """The act whose letter is being checked, with its inputs: coming back before it is issued shows them again."""
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

    def open(self, matter: int, act: str) -> None:
        """Choose the matter; `enter` fetches it."""
        if matter != self.matter:
            self.seen = None
            self._whole.clear()
            clear(self._page.body)
            self._bar.hide()
        self.matter, self._wanted_act = matter, act

    def enter(self) -> None:
        """Fetch the matter and take the focus."""
        self._fetch(focus=True)

    def enter_quietly(self) -> None:
        """Fetch the matter and leave the focus in the list."""
        self._fetch(focus=False)

    def _changed(self) -> None:
        self._undone = None
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
        self._page.setUpdatesEnabled(not place)  # what was read stays in sight until the page reaches down to it again
        self._go_on(self._round)
        if focus:
            (self._likeliest or self._page).setFocus()
        wanted = self._wanted_act
        typed: dict[str, Any] = {}
        if self._undone is not None and self._undone[0] == file.id and focus:
            _matter, wanted, typed = self._undone
        self._wanted_act, self._undone = "", None
        act = next((one for one in file.next_acts if one.name == wanted), None)
        if act is not None:
            self.begin_act(act, typed)

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

    def _go_on(self, round_: int) -> None:
        """Make further blocks; when the last one stands, go to the place that was read."""
        if round_ != self._round:
            return
        if not self._waiting:
            QTimer.singleShot(0, self, lambda: self._stand(round_, TRIES))  # once the page has its new height
            return
        try:
            self._make_blocks(A_STEP)
        except BaseException:
            self._page.setUpdatesEnabled(True)
            raise
        QTimer.singleShot(0, self, lambda: self._go_on(round_))

    def _stand(self, round_: int, tries: int) -> None:
        if round_ != self._round:
            return
        scroll = self._page.verticalScrollBar()
        if scroll.maximum() < self._place and tries:  # not laid out down to there yet
            QTimer.singleShot(TRY_MS, self, lambda: self._stand(round_, tries - 1))
            return
        scroll.setValue(self._place)
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
        sheet = sheet_of(QApplication.focusWidget())
        if sheet is not None:
            go = getattr(sheet, "go", None)
            if isinstance(go, QPushButton) and go.isVisible():
                go.click()
        elif self._sheet is not None and isValid(self._sheet) and self._sheet.isVisible():
            self._sheet.go.click()
        elif self.file is not None and self.file.next_acts:
            self.begin_act(self.file.next_acts[0])

    def show_acts(self) -> None:
        """Show every act that is open."""
        if self.seen is not None and self.seen.file.next_acts:
            bar.show_all(self.seen, self.context, self.begin_act)

    def begin_act(self, act: OpenAct, typed: dict[str, Any] | None = None) -> None:
        """Ask for the inputs of an act."""
        file = self.file
        if file is None:
            return
        self._sheet = self._sheet_of(act, file, typed)
        self._sheet.ready.connect(self._act_ready)
        self.context.sheet_wanted.emit(self._sheet)

    def _sheet_of(self, act: OpenAct, file: MatterFile, typed: dict[str, Any] | None) -> ActSheet:
        """Return the sheet of an act; some acts have an aid of their own."""
        if act.name == "screen":
            from ui.screens.matter.screening import ScreenSheet

            screening = ScreenSheet(self.context, act, file, typed)
            self.context.ask(lambda desk: desk.suggest(file.id), screening.suggest, owner=screening, key="suggest")
            return screening
        if act.name == "no_longer_accept":
            from ui.screens.matter.aid import NoLongerSheet

            sheet = NoLongerSheet(self.context, act, file, typed)
            sheet.check.clicked.connect(lambda: self._aid(sheet, file.id, str(sheet.values().get("earlier") or "")))
            self._aid(sheet, file.id, "")
            return sheet
        if act.name == "amend":
            from ui.screens.matter.amending import AmendSheet

            return AmendSheet(self.context, act, file, typed)
        plain = ActSheet(self.context, act, file, typed)
        advice = self.seen.advice if self.seen is not None else None
        if act.name == "tell_repeat" and advice is not None:
            words = with_article(advice.words, advice.article)
            plain.body.insertWidget(0, notice(words, self.context.look, "accent"))
        return plain

    def _aid(self, sheet: NoLongerSheet, matter: int, named: str) -> None:
        """Look for earlier matters, or look at the one that is named."""
        self.context.ask(
            lambda desk: desk.exhausted(matter, desk.find(named) if named else None),
            sheet.show_aid,
            lambda error: sheet.show_refusal(sentence(error)),
            owner=sheet,
            key="aid",
        )

    def _act_ready(self, act: OpenAct, inputs: dict[str, Any], papers: tuple[PaperDraft, ...]) -> None:
        matter, sheet = self.matter, self._sheet
        if matter is None or sheet is None:
            return
        if kinds := sheet.letters():
            self._undone = (matter, act.name, inputs)
            rules = law.rules_of(self.file) if self.file is not None else law.NEWEST
            self.context.act_letter_wanted.emit(matter, LettersOfAct(act, inputs, papers, kinds, rules))
            return

        def done(_seq: int) -> None:
            if sheet is self._sheet and sheet is not None:
                sheet.close_sheet()
                self._sheet = None
            self.context.told.emit(t("act.done", act=law.act(act.name)), "done")
            self._acted = True
            self.context.register_changed.emit()

        def refused(error: RegisterError) -> None:
            field = (
                error.field
                if isinstance(error, InputError)
                else error.parts[0]
                if isinstance(error, MissingPartError) and error.parts
                else ""
            )
            if sheet is not None and sheet is self._sheet:
                sheet.refuse(sentence(error), field)
            else:
                self.context.told.emit(sentence(error), "late")

        self.context.ask(
            lambda desk: desk.perform(matter, act.name, inputs, at=datetime.now(UTC), papers=papers),
            done,
            refused,
            owner=self,
        )

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
