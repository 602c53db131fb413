"""The frame around every screen: rail, search box, who is at the desk, sync light, the quiet bar for long work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QSizePolicy, QStackedWidget, QToolButton, QWidget

from models.errors import NotYetHereError, RegisterError
from models.records import DocumentLine, DraftLine, Filters, SyncState
from ui import icons
from ui.context import Context
from ui.keys import bind, bind_key
from ui.parts.layout import box, column, row
from ui.parts.sheet import SheetHost
from ui.parts.text import button, icon_button, label, picture, picture_size
from ui.parts.told import Told
from ui.parts.work import WorkBar
from ui.screens.base import LettersOfAct, Screen
from ui.tokens import RAIL_WIDTH, TEXT_PERCENTS
from ui.words import age, sentence, t

RAIL = ("today", "new", "register", "reception", "programme", "reports", "sync", "settings", "help")
LIGHT_EVERY_MS = 60_000
ICON, LARGE_ICON = 22, 14
"""Pixels at 100 %. In large type the words stand beside the icons: all of the rail fits a screen of 768 lines."""

_SCREENS = {
    "today": ("ui.screens.today", "TodayScreen"),
    "new": ("ui.screens.newitem.screen", "NewItemScreen"),
    "register": ("ui.screens.register", "RegisterScreen"),
    "matter": ("ui.screens.matter.screen", "MatterScreen"),
    "letter": ("ui.screens.letter", "LetterScreen"),
    "queue": ("ui.screens.duties.queue", "QueueScreen"),
    "duties": ("ui.screens.duties.screen", "DutiesScreen"),
    "wording": ("ui.screens.settings_wording", "WordingScreen"),
    "reception": ("ui.screens.reception.screen", "ReceptionScreen"),
    "calendar": ("ui.screens.settings_calendar", "CalendarScreen"),
    "programme": ("ui.screens.programme.screen", "ProgrammeScreen"),
    "case": ("ui.screens.programme.casescreen", "CaseScreen"),
    "reports": ("ui.screens.reports.screen", "ReportsScreen"),
    "inbox": ("ui.screens.inbox.screen", "InboxScreen"),
    "sync": ("ui.screens.sync.screen", "SyncScreen"),
    "settings": ("ui.screens.settings", "SettingsScreen"),
    "help": ("ui.screens.help", "HelpScreen"),
}
"""Room and class of each screen: a screen is imported when it is first shown, so that the window opens sooner."""


class Frame(QWidget):
    """The frame. Screens are built when first shown."""

    lock_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.current_name = "today"
        self._screens: dict[str, Screen] = {}
        self._trail: list[Screen] = []
        look = context.look
        self.setProperty("kind", "window")
        outer = column(self, look, 0)
        middle = row(None, look, 0)
        outer.addLayout(middle, 1)
        middle.addWidget(self._make_rail())
        right = column(None, look, 0)
        middle.addLayout(right, 1)
        right.addWidget(self._make_top())
        self.stage = QWidget()
        stage = column(self.stage, look, 0)
        self.stack = QStackedWidget()
        stage.addWidget(self.stack)
        right.addWidget(self.stage, 1)
        self.work = WorkBar(context.worker, look)
        self.work.called_off.connect(context.called_off)
        outer.addWidget(self.work)
        self.told = Told(self.stage, look)
        self.sheets = SheetHost(self.stage)
        self._connect()
        self._light_timer = QTimer(self)
        self._light_timer.timeout.connect(self.refresh_light)
        self._light_timer.start(LIGHT_EVERY_MS)

    # Parts of the frame, from left to right.

    def _make_rail(self) -> QFrame:
        look = self.context.look
        rail = box("rail")
        rail.setAccessibleName(t("rail.name"))
        inside = column(rail, look, 1)
        inside.setContentsMargins(look.space(1), look.space(3), look.space(1), look.space(3))
        self.rail: dict[str, QToolButton] = {}
        for at, name in enumerate(RAIL):
            made = QToolButton()
            made.setProperty("kind", "rail")
            made.setCheckable(True)
            made.setAutoExclusive(True)
            made.setIcon(icons.icon(name, look.colours.second))
            pixels = look.size(LARGE_ICON if look.large else ICON)
            made.setIconSize(QSize(pixels, pixels))
            made.setText(t(f"rail.{name}"))
            made.setToolTip(f"{t(f'rail.{name}')}  Alt+{at + 1}")
            made.setAccessibleName(t(f"rail.{name}"))
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            if not look.large:
                made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
                made.setFixedHeight(look.size(44))
            made.clicked.connect(lambda _on=False, wanted=name: self.go(wanted))
            self.rail[name] = made
            if name == "settings":
                inside.addStretch(1)
            inside.addWidget(made)
        if not look.large:
            rail.setFixedWidth(look.size(RAIL_WIDTH))
        return rail

    def _make_top(self) -> QFrame:
        look = self.context.look
        top = box("top")
        inside = row(top, look, 3)
        inside.setContentsMargins(look.space(5), look.space(2), look.space(4), look.space(2))
        self.search = QLineEdit()
        self.search.setProperty("kind", "search")
        self.search.setPlaceholderText(t("top.search_short") if look.large else t("top.search"))
        self.search.setAccessibleName(t("top.search_name"))
        self.search.setAccessibleDescription(t("top.search"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icons.icon("search", look.colours.third), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setMaximumWidth(look.size(560))
        self.search.textChanged.connect(self._search_typed)
        self.search.returnPressed.connect(self._search_entered)
        inside.addWidget(self.search, 3)
        inside.addStretch(1)
        self.light = button("", lambda: self.go("sync"), "quiet")
        self.light.setIconSize(picture_size(look))
        inside.addWidget(self.light)
        person = self.context.person
        inside.addWidget(picture("person", look, look.colours.second, 18))
        self.person = label(person.name if person else "", "second")
        inside.addWidget(self.person)
        inside.addWidget(icon_button(t("top.lock"), "lock", look, self.lock_wanted.emit))
        return top

    def _connect(self) -> None:
        context = self.context
        context.matter_wanted.connect(self.open_matter)
        context.act_wanted.connect(self.open_matter)
        context.case_wanted.connect(self.open_case)
        context.programme_wanted.connect(self.open_programme)
        context.report_wanted.connect(self.open_report)
        context.new_wanted.connect(self.open_new)
        context.draft_wanted.connect(self.open_draft)
        context.letter_wanted.connect(self.open_letter)
        context.act_letter_wanted.connect(self.open_act_letter)
        context.document_wanted.connect(self.open_document)
        context.screen_wanted.connect(self.go)
        context.queue_wanted.connect(self.open_queue)
        context.list_wanted.connect(self.open_list)
        context.reception_wanted.connect(self.open_reception)
        context.reception_day_wanted.connect(self.open_reception_day)
        context.back_wanted.connect(self.go_back)
        context.told.connect(self.told.tell)
        context.sheet_wanted.connect(self.sheets.show_sheet)
        context.register_changed.connect(self.refresh_light)
        context.worker.failed.connect(self._failed)
        for name, what in self._window_actions().items():
            bind(self, name, what)
        for at, name in enumerate(RAIL):
            bind_key(self, f"Alt+{at + 1}", partial(self.go, name))

    def _window_actions(self) -> dict[str, Callable[[], object]]:
        return {
            "new_visit": lambda: self.open_new("visit"),
            "new_letter": lambda: self.open_new("letter"),
            "search": self.take_search,
            "lock": self.lock_wanted.emit,
            "keys": self.show_keys,
            "refresh": self.refresh,
            "back": self.escape,
            "larger": lambda: self._resize_text(1),
            "smaller": lambda: self._resize_text(-1),
        }

    # Going from screen to screen.

    def begin(self, screen: str) -> None:
        """Fetch who and which units there are, and show the first screen."""

        def known(found: tuple[object, object]) -> None:
            units, staff = found
            self.context.units = tuple(units)  # type: ignore[arg-type]  # the pair was made two lines below
            self.context.staff = tuple(staff)  # type: ignore[arg-type]  # the pair was made on the next line

        self.context.ask(lambda desk: (desk.units(), desk.staff()), known, owner=self)
        self.go(screen if screen in RAIL else "today")
        self.refresh_light()

    def go(self, name: str) -> None:
        """Show a screen of the rail."""
        self._trail.clear()
        self._show(self._screen(name))

    def _screen(self, name: str) -> Screen:
        if name not in self._screens:
            made = self._make(name)
            self._screens[name] = made
            self.stack.addWidget(made)
        return self._screens[name]

    def _make(self, name: str) -> Screen:
        room, made = _SCREENS[name]
        screen: Screen = getattr(import_module(room), made)(self.context)
        return screen

    def _show(self, screen: Screen, *, push: bool = False) -> None:
        current = self.stack.currentWidget()
        self.sheets.close_sheet()
        if isinstance(current, Screen) and current is not screen:
            current.leave()
            if push:
                self._trail.append(current)
        self.stack.setCurrentWidget(screen)
        if screen.name in self.rail:
            self.current_name = screen.name
            self.rail[screen.name].setChecked(True)
        screen.enter()

    def open_matter(self, matter: int, act: str = "", typed: Mapping[str, Any] | None = None) -> None:
        """Show a matter, at an act when one is named, with inputs of it that are known already."""
        from ui.screens.matter.screen import MatterScreen

        screen = self._screen("matter")
        if isinstance(screen, MatterScreen):
            screen.open(matter, act, typed)
            self._show(screen, push=True)

    def open_case(self, matter: int, programme: int | None = None) -> None:
        """Show the page of a key case: of the programme named, else of the one entered last."""
        from ui.screens.programme.casescreen import CaseScreen

        screen = self._screen("case")
        if isinstance(screen, CaseScreen):
            screen.open(matter, programme)
            self._show(screen, push=True)

    def open_programme(self, key: str, part: str) -> None:
        """Show a programme at one of its pages."""
        from ui.screens.programme.screen import ProgrammeScreen

        screen = self._screen("programme")
        if isinstance(screen, ProgrammeScreen):
            screen.choose(key, part)
            self._show(screen)

    def open_report(self, kind: str, key: str) -> None:
        """Show the figures of a period."""
        from ui.screens.reports.screen import ReportsScreen

        screen = self._screen("reports")
        if isinstance(screen, ReportsScreen):
            screen.open_period(kind, key)
            self._show(screen, push=True)

    def open_new(self, channel: str) -> None:
        """Show a new item of a channel."""
        from ui.screens.newitem.screen import NewItemScreen

        screen = self._screen("new")
        if isinstance(screen, NewItemScreen):
            screen.begin(channel)
            self._trail.clear()
            self._show(screen)

    def open_draft(self, draft: DraftLine) -> None:
        """Show a kept draft."""
        from ui.screens.newitem.screen import NewItemScreen

        screen = self._screen("new")
        if isinstance(screen, NewItemScreen):
            screen.recover(draft)
            self._show(screen, push=True)

    def open_letter(self, matter: int, kind: str) -> None:
        """Show the draft of a letter."""
        from ui.screens.letter import LetterScreen

        screen = self._screen("letter")
        if isinstance(screen, LetterScreen):
            screen.compose(matter, kind)
            self._show(screen, push=True)

    def open_act_letter(self, matter: int, act: LettersOfAct) -> None:
        """Show the drafts of the letters of an act."""
        from ui.screens.letter import LetterScreen

        screen = self._screen("letter")
        if isinstance(screen, LetterScreen):
            screen.compose_for(matter, act)
            self._show(screen, push=True)

    def open_document(self, matter: int, document: DocumentLine) -> None:
        """Show an issued letter."""
        from ui.screens.letter import LetterScreen

        screen = self._screen("letter")
        if isinstance(screen, LetterScreen):
            screen.show_document(matter, document)
            self._show(screen, push=True)

    def open_list(self, filters: Filters) -> None:
        """Show the register with these filters."""
        from ui.screens.register import RegisterScreen

        screen = self._screen("register")
        if isinstance(screen, RegisterScreen):
            screen.set_filters(filters)
            self._trail.clear()
            self._show(screen)

    def open_reception_day(self, reception: int) -> None:
        """Show a reception day at the counter."""
        from ui.screens.reception.screen import ReceptionScreen

        screen = self._screen("reception")
        if isinstance(screen, ReceptionScreen):
            self._trail.clear()
            screen.choose_day(reception)
            self._show(screen)

    def open_reception(self, matter: int, title: str) -> None:
        """Show the reception day, and give a number to a matter that was just registered."""
        from ui.screens.reception.screen import ReceptionScreen

        screen = self._screen("reception")
        if isinstance(screen, ReceptionScreen):
            self._trail.clear()
            screen.arriving(matter, title)
            self._show(screen)

    def open_queue(self, queue: str) -> None:
        """Show a queue of Today in full."""
        from ui.screens.duties.queue import QueueScreen

        screen = self._screen("queue")
        if isinstance(screen, QueueScreen):
            screen.open(queue)
            self._show(screen, push=True)

    def go_back(self) -> None:
        """Show the screen before this one; Today when there is none."""
        if self._trail:
            self._show(self._trail.pop())
        elif self.current_name in self._screens and self.stack.currentWidget() is not self._screens[self.current_name]:
            self._show(self._screens[self.current_name])

    def escape(self) -> None:
        """Leave what is uppermost: sheet, message, search, step of a screen, screen."""
        current = self.stack.currentWidget()
        if self.sheets.sheet is not None:
            self.sheets.close_sheet()
        elif self.told.isVisible():
            self.told.hide()
        elif self.search.hasFocus() and self.search.text():
            self.search.clear()
        elif not (isinstance(current, Screen) and current.back()):
            self.go_back()

    def refresh(self) -> None:
        """Fetch again what is shown."""
        current = self.stack.currentWidget()
        if isinstance(current, Screen):
            current.enter()
        self.refresh_light()

    def leave(self) -> None:
        """Let every screen keep what is not kept."""
        self._light_timer.stop()
        for screen in self._screens.values():
            screen.leave()

    # Search, light, messages, long work.

    def take_search(self) -> None:
        """Put the cursor into the search box."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _search_typed(self, text: str) -> None:
        from ui.screens.register import RegisterScreen

        screen = self._screen("register")
        if isinstance(screen, RegisterScreen):
            if text.strip() and self.stack.currentWidget() is not screen:
                self.stack.setCurrentWidget(screen)
                self._trail.clear()
                self.current_name = "register"
                self.rail["register"].setChecked(True)
            screen.set_search(text)

    def _search_entered(self) -> None:
        from ui.screens.register import RegisterScreen

        screen = self.stack.currentWidget()
        if isinstance(screen, RegisterScreen):
            screen.take_focus()

    def refresh_light(self) -> None:
        """Ask for the state of the outbox."""
        self.context.ask(lambda desk: desk.sync_state(), self._light, owner=self, key="light")

    def _light(self, state: SyncState) -> None:
        look = self.context.look
        if state.must_fetch:
            words, meaning, tone = t("light.fetch"), "late", look.colours.late
        elif not state.enrolled:
            words, meaning, tone = t("light.none"), "sync", look.colours.third
        elif state.trouble:
            words, meaning, tone = t("light.trouble"), "late", look.colours.late
        elif state.unsent == 0:
            words, meaning, tone = t("light.sent"), "done", look.colours.done
        else:
            since = age(state.oldest_unsent_at, datetime.now(UTC)) if state.oldest_unsent_at else ""
            words, meaning, tone = t("light.unsent", count=state.unsent, age=since), "sync", look.colours.soon
        self.light.setText(words)
        self.light.setAccessibleName(words)
        then = self.context.next_round
        again = t("light.again", time=then.astimezone().strftime("%H:%M")) if then and state.trouble else ""
        self.light.setToolTip("\n".join(part for part in (state.trouble, again) if part))
        self.light.setIcon(icons.icon(meaning, tone))

    def _failed(self, error: RegisterError) -> None:
        if isinstance(error, NotYetHereError):
            from ui.screens.sync.todayline import NotHereSheet

            self.sheets.show_sheet(NotHereSheet(self.context, error))
            return
        self.told.tell(sentence(error), "late")

    def show_keys(self) -> None:
        """Show the sheet of keys."""
        from ui.screens.help import KeysSheet

        self.sheets.show_sheet(KeysSheet(self.context))

    def _resize_text(self, step: int) -> None:
        preferences = self.context.preferences
        at = TEXT_PERCENTS.index(preferences.text_percent) + step
        if 0 <= at < len(TEXT_PERCENTS):
            preferences.text_percent = TEXT_PERCENTS[at]
            preferences.save()
            self.context.preferences_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop the person's name when the window is narrow: the lock beside it stays."""
        super().resizeEvent(event)
        self.person.setVisible(self.width() > self.context.look.size(760))
