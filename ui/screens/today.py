"""Today: what is due, late first, and the queues of everything else that waits for an act, the person's own in front.

The duties of the clocks come first and at once; queues follow from a question of their own, and what calls for
supervision from a third one, asked only when the worker has been quiet for a moment.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout

from models.errors import RegisterError
from models.records import DraftLine, DutyGroup, DutyLine, Filters, SyncState, Today
from ui import law
from ui.context import Context
from ui.parts.layout import Wrapping, clear, column, row
from ui.parts.lines import LineButton
from ui.parts.text import button, due_chip, empty, label, notice, picture
from ui.screens.base import today
from ui.screens.duties.waiting import queue_line
from ui.screens.lines import LinesScreen
from ui.timers import after_pause
from ui.words import age, clock_time, day, moment, sentence, t, title_seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.programme.records import Milestone, Programme
    from models.queues import Queue

LINES = 20
"""Duties shown of each group; the rest stand in the register, one press away."""
QUEUE_LINES = 5
BACKUP_AGE_DAYS = 7
"""A backup older than this is spoken of."""
TRIGGERS_AFTER_MS = 700
SUPERVISES = frozenset({"PU", "CH", "DL", "DI"})
"""Roles that are told on this page how much calls for supervision."""


class TodayScreen(LinesScreen):
    """The morning's page."""

    name = "today"

    def __init__(self, context: Context) -> None:
        super().__init__(context, 900)
        self.strip: dict[str, QPushButton] = {}
        """The buttons of all queues, by name; `duties` is what calls for supervision."""
        self._triggers = after_pause(self, TRIGGERS_AFTER_MS, self._ask_triggers)
        context.register_changed.connect(self._changed)

    def enter(self) -> None:
        """Fetch the day."""
        on = today()
        self.context.ask(
            lambda desk: (desk.today(on, LINES), [draft for draft in desk.drafts() if draft.kind == "item"]),
            lambda found: self._show(*found),
            self._failed,
            owner=self,
            key="today",
        )

    def _show(self, found: Today, drafts: list[DraftLine]) -> None:
        look, body = self.context.look, self._page.body
        self._empty_page()
        self.strip = {}
        title = t("today.title", day=day(found.on), weekday=t(f"weekday.d{found.on.isoweekday()}"))
        new = button(
            t("today.new_visit"),
            lambda: self.context.new_wanted.emit("visit"),
            "primary",
            picture_of="new",
            look=look,
        )
        under = t("today.summary", open=found.open_matters, unscreened=found.unscreened)
        self._head(title, under, new)
        body.addSpacing(look.space(1))
        self._strip = column(None, look, 1)
        body.addLayout(self._strip)
        self._fetching = column(None, look, 2)
        body.addLayout(self._fetching)
        self._inbox = column(None, look, 2)
        body.addLayout(self._inbox)
        self._receptions = column(None, look, 2)
        body.addLayout(self._receptions)
        self._owed = column(None, look, 2)
        body.addLayout(self._owed)
        self._notices(found, drafts)
        pressing = [group for group in found.groups if group.total and group.name in ("late", "today")]
        rest = [group for group in found.groups if group.total and group.name not in ("late", "today")]
        for group in pressing:
            self._group(group)
        self._queues = column(None, look, 3)
        body.addLayout(self._queues)
        for group in rest:
            self._group(group)
        body.addStretch(1)
        self._begin()
        anything = bool(pressing or rest)
        self.context.ask(
            lambda desk: desk.duties.queues(QUEUE_LINES),
            lambda queues: self._show_queues(queues, anything=anything),
            self._queues_failed,
            owner=self,
            key="queues",
        )
        self._ask_fetching()
        self._ask_inbox()
        self._ask_receptions()
        self._ask_programmes()

    def _ask_fetching(self) -> None:
        """Tell that nothing can be entered before a restored register has fetched what it lacks."""

        def show(state: SyncState) -> None:
            clear(self._fetching)
            if state.must_fetch:
                from ui.screens.sync import todayline  # seldom needed

                self._fetching.addWidget(todayline.fetch_notice(self.context))
                self._begin()

        self.context.ask(lambda desk: desk.sync_state(), show, lambda _error: None, owner=self, key="today-fetch")

    def _ask_inbox(self) -> None:
        """Tell of the city's papers that wait; who takes none in sees none."""
        from ui.screens.inbox import todayline  # not before the first paint

        def show(found: tuple[int, int]) -> None:
            clear(self._inbox)
            if any(found):
                self._inbox.addWidget(todayline.inbox_notice(self.context, *found))
                self._begin()

        self.context.ask(todayline.fetch, show, lambda _error: None, owner=self, key="today-inbox")

    def _ask_programmes(self) -> None:
        """Tell of the reports that programmes owe, late ones first."""
        from ui.screens.programme import todayline  # not before the first paint

        def show(found: tuple[tuple[Programme, Milestone], ...]) -> None:
            clear(self._owed)
            for one, due in found:
                self._owed.addWidget(todayline.owed_notice(self.context, one, due))
            if found:
                self._begin()

        self.context.ask(todayline.fetch, show, lambda _error: None, owner=self, key="programmes")

    def _ask_receptions(self) -> None:
        """Tell of the reception of today and of the next one; who does not work with the register sees none."""
        from ui.screens.reception import todayline  # not before the first paint

        def show(found: todayline.Found) -> None:
            clear(self._receptions)
            for one in found[1]:
                self._receptions.addWidget(todayline.reception_notice(self.context, self, one, found[0]))
            if found[1]:
                self._begin()

        self.context.ask(todayline.fetch, show, lambda _error: None, owner=self, key="receptions")

    def _notices(self, found: Today, drafts: list[DraftLine]) -> None:
        look, body, context = self.context.look, self._page.body, self.context
        for draft in drafts[:3]:
            words = t("today.draft", title=draft.title or t("new.untitled"), time=clock_time(draft.saved_at))
            go_on = button(t("today.draft_open"), partial(context.draft_wanted.emit, draft), "quiet")
            body.addWidget(notice(words, look, "accent", action=go_on))
        now = datetime.now(UTC)
        if found.last_backup_at is None or (now - found.last_backup_at).days >= BACKUP_AGE_DAYS:
            since = (
                t("today.backup_never")
                if found.last_backup_at is None
                else t("today.backup_old", age=age(found.last_backup_at, now))
            )
            back_up = button(t("today.backup_do"), lambda: context.screen_wanted.emit("settings"), "quiet")
            body.addWidget(notice(since, look, "soon", action=back_up))
        if found.unsent and found.last_receipt_at is not None:
            words = t("today.unsent", count=found.unsent, last=moment(found.last_receipt_at))
            sync = button(t("today.sync"), lambda: context.screen_wanted.emit("sync"), "quiet")
            body.addWidget(notice(words, look, "quiet", action=sync))

    # The duties of the clocks.

    def _group(self, group: DutyGroup) -> None:
        filters = Filters(late=True) if group.name == "late" else Filters(open_only=True)
        lines = self._section(
            self._page.body,
            t(f"today.{group.name}"),
            group.total,
            len(group.lines),
            lambda: self.context.list_wanted.emit(filters),
            {"late": "late", "today": "soon"}.get(group.name, ""),
        )
        for duty in group.lines:
            self.lines.add(lines, partial(self._duty, duty))

    def _section(
        self, where: QVBoxLayout, words: str, total: int, shown: int, show_all: Callable[[], object], tone: str = ""
    ) -> QVBoxLayout:
        """Add a heading with its number and the way to all of them; returns the column for its lines."""
        look = self.context.look
        where.addSpacing(look.space(3))
        head = row(None, look, 2)
        if tone:
            head.addWidget(picture(tone, look, look.colours.tone(tone)[0], 18))  # type: ignore[arg-type]  # late or soon
        head.addWidget(label(words, "section", tone=tone))
        head.addWidget(label(f"{total:,}", "second"))
        head.addStretch(1)
        if total > shown:
            head.addWidget(button(t("today.all", count=f"{total:,}"), show_all, "quiet"))
        where.addLayout(head)
        lines = column(None, look, 1)
        where.addLayout(lines)
        return lines

    def _duty(self, duty: DutyLine) -> LineButton:
        title = title_seen(duty.title, duty.sight)
        made = LineButton(
            self.context.look,
            law.act(duty.act) if duty.act else law.clock(duty.clock),
            f"{duty.number}  {title}",
            chips=(due_chip(duty.last_on, today(), self.context.look),),
            small=f"{duty.unit}  {day(duty.last_on)}",
        )
        made.clicked.connect(lambda: self.context.matter_wanted.emit(duty.matter, duty.act))
        return made

    # The queues.

    def _show_queues(self, queues: tuple[Queue, ...], *, anything: bool) -> None:
        look = self.context.look
        clear(self._strip)
        clear(self._queues)
        own, others = [one for one in queues if one.own], [one for one in queues if not one.own]
        for words, some in ((t("queue.own"), own), (t("queue.others"), others)):
            if some:
                self._strip.addWidget(self._row_of_buttons(words, some))
        for queue in own:
            self._queue(queue)
        if not (anything or own):
            self._queues.addWidget(empty(t("today.empty"), t("today.empty_advice"), look, meaning="done"))
        if self.context.roles & SUPERVISES:
            self._watch()
        self._begin()

    def _begin(self) -> None:
        """Put the focus on the first line, and leave the page at its head: what arrives above must not push it away."""
        found = self.lines.buttons
        if self.isVisible() and not self._page.isAncestorOf(QApplication.focusWidget() or self):
            self.lines.take_focus()
        if found and found[0].hasFocus():
            QTimer.singleShot(0, self, self._to_head)

    def _to_head(self) -> None:
        self._page.verticalScrollBar().setValue(0)

    def _row_of_buttons(self, words: str, queues: list[Queue]) -> Wrapping:
        made = Wrapping(self.context.look, 1)
        made.setAccessibleName(words)
        made.add(label(words, "label"))
        for queue in queues:
            said = t("queue.counted", name=t(f"queue.{queue.name}"), count=f"{queue.total:,}")
            self.strip[queue.name] = button(said, partial(self.context.queue_wanted.emit, queue.name), "quiet")
            made.add(self.strip[queue.name])
        return made

    def _queue(self, queue: Queue) -> None:
        show_all = partial(self.context.queue_wanted.emit, queue.name)
        lines = self._section(self._queues, t(f"queue.{queue.name}"), queue.total, len(queue.lines), show_all)
        for one in queue.lines:
            self.lines.add(lines, partial(queue_line, self.context, one))

    def _queues_failed(self, error: RegisterError) -> None:
        clear(self._queues)
        again = button(t("queue.again"), self.enter, "quiet")
        self._queues.addWidget(notice(sentence(error), self.context.look, "late", action=again))

    # What calls for supervision.

    def _watch(self) -> None:
        made = Wrapping(self.context.look, 1)
        made.add(label(t("queue.watch"), "label"))
        self.strip["duties"] = button(t("duties.title"), lambda: self.context.screen_wanted.emit("duties"), "quiet")
        made.add(self.strip["duties"])
        self._strip.addWidget(made)
        self._triggers.start()

    def _ask_triggers(self) -> None:
        if self.isVisible():
            self.context.ask(
                lambda desk: sum(desk.duties.trigger_counts().values()), self._show_triggers, owner=self, key="triggers"
            )

    def _show_triggers(self, count: int) -> None:
        if count and "duties" in self.strip:
            said = t("queue.counted", name=t("duties.title"), count=f"{count:,}")
            self.strip["duties"].setText(said)
            self.strip["duties"].setAccessibleName(said)
