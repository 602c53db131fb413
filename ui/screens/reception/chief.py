"""The chief's mode: one visitor at a time in large type, the brief at the left, what is said and decided at the right.

Nothing here needs a pen but the signatures on the record. Ctrl+Enter goes on: from what is said to the record as it
will print, from the record that was read back and signed to the next visitor. What is typed is kept within a second.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from models.errors import RegisterError
from models.records import LetterPreview
from ui import law
from ui.context import Context
from ui.parts.fields import Segments
from ui.parts.forms import field_of
from ui.parts.layout import Page, clear, column, foot, row
from ui.parts.pdf import PdfPane, print_pdf
from ui.parts.text import button, empty, icon_button, label, notice
from ui.port import DeskPort
from ui.screens.reception.acting import MatterActs
from ui.screens.reception.briefpane import BriefPane
from ui.screens.reception.called import Called, Kept, fetch
from ui.screens.reception.record import RecordForm, SignForm
from ui.style import stylesheet
from ui.timers import after_pause
from ui.tokens import TEXT_PERCENTS, Look
from ui.words import both, clock_time, day, sentence, t, title_seen

if TYPE_CHECKING:
    pass

AUTOSAVE_MS = 600
"""From the first unsaved key to the write: with the write itself, the draft is never more than a second behind."""
SIDE_BY_SIDE_FROM = 760
"""Width at 100 % of the mode's own type from which brief and record stand side by side."""
SIZES_LARGER = 2

Step = Literal["nobody", "hear", "read"]


def larger(look: Look) -> Look:
    """Return the look two text sizes larger, as far as there are sizes."""
    at = TEXT_PERCENTS.index(round(look.scale * 100)) if round(look.scale * 100) in TEXT_PERCENTS else 0
    percent = TEXT_PERCENTS[min(at + SIZES_LARGER, len(TEXT_PERCENTS) - 1)]
    return Look(look.theme, max(percent / 100, look.scale))


class ChiefPage(QWidget):
    """One visitor at a time."""

    left = Signal()
    """Back to the counter's page."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.look = look = larger(context.look)
        self.setStyleSheet(stylesheet(look))
        self.reception: int | None = None
        self.called: Called | None = None
        self.step: Step = "nobody"
        self.preview: LetterPreview | None = None
        self._kept = Kept(None)
        self._touched = False
        """Something was typed since the visitor came in."""
        self._taking = False
        self.acting = MatterActs(context, self)
        outer = column(self, look, 0)
        head = QWidget()
        self._head = row(head, look, 3)
        self._head.setContentsMargins(look.space(5), look.space(3), look.space(4), look.space(2))
        outer.addWidget(head)
        self.side = Segments(
            [("left", t("reception.brief"), ""), ("right", t("reception.record"), "")],
            look,
            "right",
            t("reception.side"),
        )
        self.side.chosen.connect(lambda _side: self._set_out())
        sides = row(None, look, 0)
        sides.setContentsMargins(look.space(5), 0, look.space(5), 0)
        sides.addWidget(self.side)
        outer.addLayout(sides)
        across = row(None, look, 0)
        self.brief = BriefPane(look)
        self.page = PdfPane(look)
        self.leftside = QStackedWidget()
        self.leftside.addWidget(self.brief)
        self.leftside.addWidget(self.page)
        self.form = RecordForm(context, look)
        self.sign = SignForm(look, self.print_record, self.to_hear)
        self.nobody = Page(look, margin=6)
        self.rightside = QStackedWidget()
        for one in (self.form, self.sign):
            self.rightside.addWidget(one)
        across.addWidget(self.leftside)
        across.addWidget(self.rightside)
        self._across = across
        self._both = QWidget()
        self._both.setLayout(across)
        self.middle = QStackedWidget()
        self.middle.addWidget(self._both)
        self.middle.addWidget(self.nobody)
        outer.addWidget(self.middle, 1)
        bar, self._bar = foot(look)
        self.saved = label("", "small", wrap=True)
        self._bar.addWidget(self.saved, 1)
        self.back_button = button(t("reception.to_counter"), self.left.emit)
        self._bar.addWidget(self.back_button)
        self.go = button("", self.go_on, "primary")
        self._bar.addWidget(self.go)
        outer.addWidget(bar)
        self._save_timer = after_pause(self, AUTOSAVE_MS, self.save_now)
        self.form.changed.connect(self._typed)

    # Who is called.

    def open(self, reception: int) -> None:
        """Choose the day; `enter` fetches who is called on it."""
        self.reception = reception

    def enter(self) -> None:
        """Fetch who is called. A record that is being written stays as it is."""
        reception = self.reception
        if reception is not None:
            self.context.ask(
                lambda desk: fetch(desk, reception), self._show, self._failed, owner=self, key="reception-chief"
            )

    def _show(self, called: Called) -> None:
        before = self.called.visit if self.called is not None else None
        self.called = called
        if called.visit is None or called.brief is None:
            self._show_nobody(called)
            return
        if before is None or before.id != called.visit.id or self.step == "nobody":
            self._begin(called)
        self.brief.show_brief(called.brief, called.on)
        self._make_head()

    def _begin(self, called: Called) -> None:
        self._kept = Kept(called.draft.id if called.draft is not None else None)
        typed = dict(called.draft.content) if called.draft is not None else {}
        self.form.begin(called.docket.day, typed)
        self._touched = False
        self.saved.setText(
            t("reception.recovered", time=clock_time(called.draft.saved_at)) if called.draft is not None else ""
        )
        self._save_timer.stop()
        self._to("hear")
        self.form.texts["statement"].setFocus()  # once it is shown

    def _show_nobody(self, called: Called) -> None:
        look, body = self.look, self.nobody.body
        clear(body)
        self.saved.setText("")
        if called.visit is not None:
            body.addWidget(notice(called.refused, look, "late"))
        elif called.board.count:
            words = t("reception.board_waiting", count=called.board.count)
            body.addWidget(empty(words, t("reception.chief_next"), look, meaning="visit"))
        else:
            body.addWidget(empty(t("reception.now_nobody"), t("reception.chief_none"), look, meaning="done"))
        self._to("nobody")
        self._make_head()

    def _failed(self, error: RegisterError) -> None:
        clear(self.nobody.body)
        self.nobody.body.addWidget(notice(sentence(error), self.look, "late"))
        self._to("nobody")

    def _make_head(self) -> None:
        called = self.called
        clear(self._head)
        if called is None:
            return
        visit, shown = called.visit, called.docket.day
        if visit is not None:
            number = label(t("reception.turn", turn=visit.turn), "page")
            self._head.addWidget(number)
            self._head.addWidget(label(title_seen(visit.title, visit.sight), "second", wrap=True), 1)
            self.more = icon_button(t("reception.not_received"), "more", self.look, self._show_more)
        else:
            self._head.addWidget(label(shown.host.name, "page"))
            self._head.addWidget(label(day(shown.on), "second"), 1)
        waiting = t("reception.board_waiting", count=called.board.count)
        self._head.addWidget(label(waiting if called.board.count else t("reception.board_waiting_none"), "second"))
        if visit is not None:
            self._head.addWidget(self.more)

    # Step by step.

    def _to(self, step: Step) -> None:
        self.step = step
        words = {
            "nobody": t("reception.call_next_short"),
            "hear": t("reception.to_read"),
            "read": t("reception.enter_record"),
        }[step]
        self.go.setText(words)
        self.go.setAccessibleName(words)
        self.go.setEnabled(step != "nobody" or bool(self.called and self.called.board.count and not self.called.visit))
        self.middle.setCurrentWidget(self.nobody if step == "nobody" else self._both)
        self.leftside.setCurrentWidget(self.page if step == "read" else self.brief)
        self.rightside.setCurrentWidget(self.sign if step == "read" else self.form)
        for side, share in enumerate((3, 2) if step == "read" else (2, 3)):
            self._across.setStretch(side, share)
        names = (
            ("reception.record", "reception.signature") if step == "read" else ("reception.brief", "reception.record")
        )
        for one, name in zip(self.side.buttons(), names, strict=True):
            one.setText(t(name))
            one.setAccessibleName(one.text())
        self.side.flow.invalidate()
        if step == "nobody":
            self.go.setFocus()
        self._set_out()

    def go_on(self) -> None:
        """Go on: to the record as it will print, to the next visitor, or call somebody."""
        if self.step == "nobody":
            self._call_next()
        elif self.step == "hear":
            self.to_read()
        else:
            self.take()

    def back(self) -> bool:
        """Go one step back; False at the first one."""
        if self.step == "read":
            self.to_hear()
            return True
        return False

    def to_hear(self) -> None:
        """Go back to what is said."""
        self._to("hear")
        self._show_side("right")
        self.form.texts["statement"].setFocus()

    def to_read(self) -> None:
        """Show the record as it will print, once nothing is missing."""
        gap = self.form.gap()
        if gap is not None:
            self._show_side("right")
            gap.setFocus()
            return
        called = self.called
        if called is None or called.visit is None:
            return
        self.save_now()
        matter, letter = called.visit.matter, self._letter(called)
        inputs = {**self._inputs(called), "read_back": False}  # what is printed now is read back next
        self.context.work(
            lambda desk, _job: desk.preview_letter(matter, "reception_record", letter, inputs, "receive"),
            self._show_record,
            self._refused,
            owner=self,
            label="work.paper",
        )

    def _inputs(self, called: Called) -> dict[str, Any]:
        return {"on": called.docket.day.on.isoformat(), "place": called.docket.day.place, **self.form.inputs()}

    def _letter(self, called: Called) -> dict[str, str]:
        """Return what the record says beside the inputs of the act: who receives, and all that is instructed."""
        from models.reception.wording import Given, record_of

        given = [
            Given(self.context.unit_name(one["unit"]), one["what"], date.fromisoformat(one["due_on"]))
            for one in self.form.given
        ]
        person = self.context.person
        return record_of(called.docket.day, given, person.name if person is not None else "")

    def _show_record(self, preview: LetterPreview) -> None:
        self.preview = preview
        self.page.show_bytes(preview.pdf)
        self.sign.begin()
        for _code, zh, en in preview.missing:
            self.sign.trouble.addWidget(notice(both(zh, en), self.look, "late"))
        self._to("read")
        self._show_side("left")
        (self.sign.read_back if self.sign.isVisible() else self.page).setFocus()

    def print_record(self) -> None:
        """Print the record, to be read and signed by hand."""
        if self.preview is not None and print_pdf(self, self.preview.pdf, t("reception.record")):
            self.context.told.emit(t("letter.printed"), "done")

    def take(self) -> None:
        """Enter the record with all its instructions."""
        gap = self.sign.gap()
        called = self.called
        if gap is not None or not self.sign.isVisible():
            self._show_side("right")
            (gap or self.sign.read_back).setFocus()
            return
        if called is None or called.visit is None or self._taking:
            return
        matter, on = called.visit.matter, called.docket.day.on.isoformat()
        inputs, letter = {**self._inputs(called), **self.sign.inputs()}, self._letter(called)
        further, holder, turn = self.form.given[1:], self._kept, called.visit.turn
        self._save_timer.stop()
        self._taking = True

        def receive(desk: DeskPort) -> RegisterError | None:
            desk.perform(matter, "receive", inputs, letter=letter)
            holder.forget(desk)
            for one in further:
                try:
                    desk.perform(matter, "instruct", {"on": on, **one})
                except RegisterError as error:
                    return error
            return None

        self.context.work(
            lambda desk, _job: receive(desk),
            lambda trouble: self._received(turn, trouble),
            self._refused,
            owner=self,
            label="work.issue",
        )

    def _received(self, turn: int | None, trouble: RegisterError | None) -> None:
        self._taking = False
        self._kept, self._touched = Kept(None), False
        self.step = "nobody"
        if trouble is None:
            self.context.told.emit(t("reception.received", turn=turn), "done")
        else:
            self.context.told.emit(t("reception.received_but", turn=turn, why=sentence(trouble)), "late")
        self.context.register_changed.emit()

    def _refused(self, error: RegisterError) -> None:
        self._taking = False
        field = field_of(error)
        if field in self.form.fields or field in ("unit", "what", "due_on"):
            self._to("hear")
            self._show_side("right")
            if self.form.doubt(field, sentence(error)):
                return
        if self.step == "read":
            self.sign.trouble.addWidget(notice(sentence(error), self.look, "late"))
        else:
            self.context.told.emit(sentence(error), "late")

    def _call_next(self) -> None:
        reception = self.reception
        if reception is not None:
            self.context.ask(
                lambda desk: desk.reception.call_next(reception),
                lambda _visit: self.context.register_changed.emit(),
                owner=self,
            )

    def _show_more(self) -> None:
        """Offer what is done with somebody who is not received after all."""
        menu = QMenu(self)
        menu.addAction(t("reception.put_back")).triggered.connect(self._put_back)
        menu.addAction(law.act("leave_reception")).triggered.connect(self._leave)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _put_back(self) -> None:
        called = self.called
        if called is not None and called.visit is not None:
            self.save_now()
            visit = called.visit.id
            self.context.ask(
                lambda desk: desk.reception.put_back(visit),
                lambda _none: self.context.register_changed.emit(),
                owner=self,
            )

    def _leave(self) -> None:
        called = self.called
        if called is not None and called.visit is not None:
            typed = {"on": called.docket.day.on.isoformat()}
            self.acting.begin(called.visit.matter, "leave_reception", typed)

    # The draft.

    def _typed(self) -> None:
        self._touched = True
        if self.step != "nobody" and not self._save_timer.isActive():
            self._save_timer.start()

    def save_now(self) -> None:
        """Keep what is typed; the time shown is that of the finished write."""
        called = self.called
        if called is None or called.visit is None or self.step == "nobody" or self._taking or not self._touched:
            return
        content = {"visit": called.visit.id, "title": called.visit.number, **self.form.content()}
        holder = self._kept

        def kept(written: bool) -> None:
            if written and holder is self._kept:
                self.saved.setText(t("reception.kept", time=clock_time(datetime.now(UTC))))

        def lost(error: RegisterError) -> None:
            self.context.told.emit(sentence(error), "late")

        self.context.ask(lambda desk: holder.save(desk, content), kept, lost, owner=self)

    # Side by side, or one after the other.

    def _show_side(self, side: str) -> None:
        self.side.set_value(side)
        self._set_out()

    def _set_out(self) -> None:
        wide = self.width() >= self.look.size(SIDE_BY_SIDE_FROM)
        work = self.step != "nobody"
        self.side.setVisible(not wide and work)
        self.leftside.setVisible(wide or self.side.value == "left")
        self.rightside.setVisible(wide or self.side.value == "right")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set brief and record side by side when there is room for both."""
        super().resizeEvent(event)
        self._set_out()
