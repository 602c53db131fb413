"""The new item: form in the middle, earlier matters at the right, autosave, registration, the number."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

from models.errors import InputError, RegisterError
from models.intake import title_of
from models.records import AttachmentDraft, Doubt, DraftLine, Hint, ItemDraft, PersonDraft, Registered
from ui.context import Context
from ui.keys import bind
from ui.parts.layout import Page, clear, column, foot, row
from ui.parts.text import button, label, notice
from ui.port import DeskPort
from ui.screens.base import Screen
from ui.screens.newitem.content import is_empty, paper_to_content, recovered, to_content
from ui.screens.newitem.discard import DiscardSheet
from ui.screens.newitem.form import ItemForm, blank
from ui.screens.newitem.margin import HintsMargin, HintsSheet
from ui.screens.newitem.registered import RegisteredPage
from ui.timers import after_pause
from ui.words import both, clock_time, sentence, t

AUTOSAVE_MS = 600
"""From the first unsaved key to the write: with the write itself, the draft is never more than a second behind."""
HINTS_MS = 220
MARGIN_WIDTH = 300
MARGIN_FROM = 1080
"""Width of the screen at 100 % from which the margin stands at the right; below, a button at the foot opens it."""


class Kept:
    """What autosave has kept of one item. Touched on the worker only, so that saves and registration never race."""

    def __init__(self, number: int | None = None, papers: dict[int, int] | None = None) -> None:
        self.number = number
        self.papers: dict[int, int] = papers or {}
        self.content: dict[str, Any] | None = None

    def save(self, desk: DeskPort, content: dict[str, Any], papers: tuple[AttachmentDraft, ...]) -> bool:
        """Keep the item; False when it is already kept so."""
        content = {**content, "papers": [self.papers[id(paper)] for paper in papers if id(paper) in self.papers]}
        if content == self.content:
            return False
        self.number = desk.save_draft("item", content, self.number)
        self.content = content
        return True

    def save_paper(self, desk: DeskPort, paper: AttachmentDraft) -> None:
        """Keep a paper."""
        self.papers[id(paper)] = desk.save_draft("paper", paper_to_content(paper))

    def drop_paper(self, desk: DeskPort, paper: AttachmentDraft) -> None:
        """Forget a paper."""
        number = self.papers.pop(id(paper), None)
        if number is not None:
            desk.discard_draft(number)

    def forget(self, desk: DeskPort) -> None:
        """Forget all of it."""
        for number in (self.number, *self.papers.values()):
            if number is not None:
                desk.discard_draft(number)
        self.number, self.papers, self.content = None, {}, None


class NewItemScreen(Screen):
    """One item at a time. Leaving keeps it as a draft; coming back finds it as it was."""

    name = "new"

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        look = context.look
        self.form: ItemForm | None = None
        self.registered: RegisteredPage | None = None
        self._kept = Kept()
        self._recovered_id: int | None = None
        self._registering = False
        self._linked: Hint | None = None
        self._stack = QStackedLayout(self)
        self._desk_page = QWidget()
        outer = column(self._desk_page, look, 0)
        self._middle = row(None, look, 0)
        self._page = Page(look, width=860, margin=6, gap=4)
        self._middle.addWidget(self._page, 1)
        self.margin = HintsMargin(context)
        self.margin.linked.connect(self._link)
        self._middle.addWidget(self.margin)
        outer.addLayout(self._middle, 1)
        outer.addWidget(self._make_foot())
        self._stack.addWidget(self._desk_page)
        self._save_timer = after_pause(self, AUTOSAVE_MS, self.save_now)
        self._hints_timer = after_pause(self, HINTS_MS, self._ask_hints)
        for name, what in (
            ("save", self.register),
            ("print", self._print),
            ("add_person", self._add_person),
            ("add_claim", self._add_claim),
            ("add_accused", self._add_accused),
            ("add_paper", self._add_paper),
            ("received_only", self.receive),
        ):
            bind(self, name, what)

    def _make_foot(self) -> QWidget:
        look = self.context.look
        made, across = foot(look, gap=3, edge=6)
        self.saved = label(t("new.not_saved"), "small", wrap=True)
        across.addWidget(self.saved, 1)
        self.hints_button = button(
            "",
            lambda: self.context.sheet_wanted.emit(HintsSheet(self.context, self.margin)),
            "",
            picture_of="same",
            look=look,
        )
        across.addWidget(self.hints_button)
        self.hints_button.hide()
        self.received_button = button(t("received.open"), self.receive, "quiet")
        self.received_button.setToolTip("Ctrl+Shift+R")
        across.addWidget(self.received_button)
        self.discard_button = button(t("new.discard"), self._discard, "quiet")
        across.addWidget(self.discard_button)
        self.register_button = button(t("new.register"), self.register, "primary")
        self.register_button.setToolTip("Ctrl+S")
        across.addWidget(self.register_button)
        return made

    # Beginning, recovering, leaving.

    def enter(self) -> None:
        """Go on with what is being typed; begin a visit when there is nothing."""
        if self.form is None and self.registered is None:
            self.begin("visit")
        if self.registered is not None:
            self.registered.print_button.setFocus()
        elif self.form is not None and not self.form.isAncestorOf(QApplication.focusWidget() or self):
            self.form.take_focus()

    def begin(self, channel: str) -> None:
        """Begin a new item; one that has been typed into stays as a draft, an untouched one changes its channel."""
        if self.form is not None and self.registered is None and is_empty(self.form.draft()):
            self.form.set_channel(channel)
            return
        self.leave()
        self._open(blank(channel), Kept())

    def recover(self, draft: DraftLine) -> None:
        """Open a kept draft."""
        if draft.id == self._recovered_id and self.form is not None:
            return
        self.leave()

        def found(drafts: tuple[DraftLine, ...]) -> None:
            item, kept = recovered(draft, drafts)
            self._open(
                item, Kept(draft.id, {id(paper): number for paper, number in zip(item.attachments, kept, strict=True)})
            )
            self._recovered_id = draft.id
            self.saved.setText(t("new.recovered", time=clock_time(draft.saved_at)))

        self.context.ask(lambda desk: desk.drafts(), found, owner=self)

    def _open(self, draft: ItemDraft, kept: Kept) -> None:
        self._kept, self._recovered_id, self._registering = kept, None, False
        self._drop_registered()
        clear(self._page.body)
        self._linked = None
        self.margin.link = draft.repeat_of_matter
        self.margin.show_hints(())
        self._notices = column(None, self.context.look, 2)
        self._page.body.addLayout(self._notices)
        self.form = ItemForm(self.context, draft)
        self._page.body.addWidget(self.form)
        self._page.body.addStretch(1)
        self.form.changed.connect(self._changed)
        self.form.papers.added.connect(self._keep_paper)
        self.form.papers.removed.connect(self._drop_paper)
        self.saved.setText(t("new.not_saved"))
        self.register_button.setEnabled(True)
        self._page.verticalScrollBar().setValue(0)
        self._place_margin()
        self.form.take_focus()
        if not is_empty(draft):
            self._hints_timer.start()

    def _drop_registered(self) -> None:
        if self.registered is not None:
            self._stack.removeWidget(self.registered)
            self.registered.deleteLater()
            self.registered = None
        self._stack.setCurrentWidget(self._desk_page)

    def leave(self) -> None:
        """Keep what is typed at once."""
        if self._save_timer.isActive():
            self._save_timer.stop()
            self.save_now()

    # Autosave.

    def _changed(self) -> None:
        if not self._save_timer.isActive():
            self._save_timer.start()
        self._hints_timer.start()

    def save_now(self) -> None:
        """Hand the draft to the worker; the time shown is that of the finished write."""
        if self.form is None or self._registering:
            return
        draft = self.form.draft()
        form, holder = self.form, self._kept
        if is_empty(draft) and holder.number is None:
            return
        content = to_content(draft, [])

        def kept(written: bool) -> None:
            if self.form is form and written:
                self.saved.setText(t("new.saved", time=clock_time(datetime.now(UTC))))

        def lost(error: RegisterError) -> None:
            if self.form is form:
                self.saved.setText(t("new.save_failed"))
                self.context.told.emit(sentence(error), "late")

        self.context.ask(lambda desk: holder.save(desk, content, draft.attachments), kept, lost, owner=self)

    def _keep_paper(self, paper: AttachmentDraft) -> None:
        holder = self._kept
        self.context.ask(lambda desk: holder.save_paper(desk, paper), owner=self)

    def _drop_paper(self, paper: AttachmentDraft) -> None:
        holder = self._kept
        self.context.ask(lambda desk: holder.drop_paper(desk, paper), owner=self)

    def _discard(self) -> None:
        sheet = DiscardSheet(self.context)
        sheet.agreed.connect(self._really_discard)
        self.context.sheet_wanted.emit(sheet)

    def _really_discard(self) -> None:
        self._save_timer.stop()
        self.context.ask(self._kept.forget, owner=self)
        self._open(blank("visit"), Kept())

    # Hints and doubts.

    def _ask_hints(self) -> None:
        if self.form is None or self._registering:
            return
        draft = replace(self.form.draft(), attachments=())
        form = self.form

        def answer(found: tuple[tuple[Hint, ...], tuple[Doubt, ...]]) -> None:
            if self.form is not form:
                return
            hints, doubts = found
            if hints != self.margin.hints:
                self.margin.show_hints(hints)
                self._show_hint_count()
            form.people.clear_doubts()
            for doubt in doubts:
                if not form.people.doubt(doubt.field, both(doubt.zh, doubt.en)):
                    name = doubt.field.split(".")[-1]
                    if name in form.fields:
                        form.fields[name].doubt(both(doubt.zh, doubt.en))

        self.context.ask(lambda desk: (desk.hints(draft), desk.doubts(draft)), answer, owner=self, key="hints")

    def _link(self, hint: Hint | None) -> None:
        if self.form is None:
            return
        clear(self._notices)
        if hint is not None:
            words = t("new.repeats", number=hint.number, title=hint.title)
            self._notices.addWidget(notice(words, self.context.look, "accent"))
        self.form.set_repeat_of(hint.matter if hint else None)

    # Registering.

    def register(self) -> None:
        """Register the item, unless what is typed cannot be; nothing typed is lost either way."""
        if self.form is None or self._registering or self.registered is not None:
            return
        draft = self.form.draft()
        wrong = self.form.wrong_days()
        if wrong:
            wrong[0].setFocus()
            self.context.told.emit(t("new.wrong_day", text=wrong[0].text()), "late")
            return
        if is_empty(draft):
            self.context.told.emit(t("new.empty"), "soon")
            self.form.take_focus()
            return
        draft = replace(draft, title=title_of(draft))
        self._save_timer.stop()
        self.save_now()
        self._registering = True
        self.register_button.setEnabled(False)
        holder = self._kept

        def write(desk: DeskPort) -> Registered:
            done = desk.register_item(draft, datetime.now(UTC), holder.number)
            holder.forget(desk)
            return done

        self.context.ask(write, lambda done: self._show_registered(done, draft.title), self._refused, owner=self)

    def _refused(self, error: RegisterError) -> None:
        self._registering = False
        self.register_button.setEnabled(True)
        if isinstance(error, InputError) and self.form is not None:
            name = error.field.split(".")[-1]
            if name in self.form.fields:
                self.form.fields[name].doubt(sentence(error), "late")
                self.form.fields[name].setFocus()
        self.context.told.emit(sentence(error), "late")

    def _show_registered(self, registered: Registered, title: str) -> None:
        self._kept, self._registering = Kept(), False
        self._save_timer.stop()
        self._hints_timer.stop()
        self.form = None
        clear(self._page.body)
        self.registered = RegisteredPage(self.context, registered, title)
        self._stack.addWidget(self.registered)
        self._stack.setCurrentWidget(self.registered)
        self.registered.print_button.setFocus()
        self.context.register_changed.emit()

    def receive(self) -> None:
        """Take in a bag of letters, row by row."""
        from ui.screens.newitem.received import ReceivedSheet

        self.context.sheet_wanted.emit(ReceivedSheet(self.context))

    def _print(self) -> None:
        if self.registered is not None:
            self.registered.print_receipt()

    # Keys of the form.

    def _add_person(self) -> None:
        if self.form is not None:
            self.form.people.add(PersonDraft(role="petitioner"), focus=True)

    def _add_claim(self) -> None:
        if self.form is not None:
            self.form.claims.add("", focus=True)

    def _add_accused(self) -> None:
        if self.form is not None:
            self.form.accused.more.click()

    def _add_paper(self) -> None:
        if self.form is not None:
            self.form.papers.choose()

    # The margin stands at the right, or behind a button at the foot when there is no room.

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the margin where there is room for it."""
        super().resizeEvent(event)
        self._place_margin()

    def _place_margin(self) -> None:
        look = self.context.look
        beside = self.width() >= look.size(MARGIN_FROM)
        self.margin.setVisible(beside)
        self.margin.setFixedWidth(look.size(MARGIN_WIDTH))
        self._show_hint_count()

    def _show_hint_count(self) -> None:
        count = len(self.margin.hints)
        self.hints_button.setText(t("hint.count", count=count))
        self.hints_button.setAccessibleName(self.hints_button.text())
        self.hints_button.setVisible(bool(count) and self.margin.isHidden())
