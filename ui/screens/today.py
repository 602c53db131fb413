"""Today: what is due, late first, each line a duty as a verb with the unit that owes it and the days left."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from models.records import DraftLine, DutyGroup, DutyLine, Filters, Today
from ui import law
from ui.context import Context
from ui.parts.layout import Page, clear, column, line, row
from ui.parts.text import button, due_chip, empty, label, notice, picture
from ui.screens.base import Screen, today
from ui.words import age, clock_time, day, moment, said_of, t

LINES = 20
"""Duties shown of each group; the rest stand in the register, one press away."""
AT_ONCE = 6
"""Duties made before the first paint; the others follow, a few at a time, while the page can be used already."""
A_STEP = 4
BACKUP_AGE_DAYS = 7
"""A backup older than this is said_of of."""


class DutyButton(QPushButton):
    """One duty: a whole line that is pressed, with the duty as a verb first."""

    def __init__(self, context: Context, duty: DutyLine) -> None:
        super().__init__()
        look = context.look
        self.duty = duty
        self.setProperty("kind", "row")
        self.setAutoDefault(False)
        verb = law.act(duty.act) if duty.act else law.clock(duty.clock)
        due = due_chip(duty.last_on, today(), look)
        wide = row(None, look, 3)
        self.setLayout(wide)
        wide.setContentsMargins(look.space(2), look.space(2), look.space(2), look.space(2))
        words = column(None, look, 0)
        words.setSpacing(look.space(1) // 2)
        head = label(f"{verb}", "strong")
        title = duty.title if duty.sight == "full" else t("sealed.title")
        words.addWidget(head)
        under = label(f"{duty.number}  {title}", "second", wrap=True)
        words.addWidget(under)
        wide.addLayout(words, 1)
        right = column(None, look, 0)
        right.setSpacing(look.space(1) // 2)
        right.addWidget(due, 0, Qt.AlignmentFlag.AlignRight)
        right.addWidget(label(f"{duty.unit}  {day(duty.last_on)}", "small"), 0, Qt.AlignmentFlag.AlignRight)
        wide.addLayout(right)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(said_of(verb, duty.number, title, duty.unit, due.accessibleName()))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.clicked.connect(lambda: context.matter_wanted.emit(duty.matter, duty.act))

    def heightForWidth(self, width: int) -> int:
        """Be as high as the words need."""
        layout = self.layout()
        return layout.heightForWidth(width) if layout is not None else super().heightForWidth(width)

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def sizeHint(self) -> QSize:
        """Ask for what the layout asks for, not for a button's own text."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Never be smaller than the words."""
        layout = self.layout()
        return layout.minimumSize() if layout is not None else super().minimumSizeHint()


class TodayScreen(Screen):
    """The morning's page."""

    name = "today"

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.duties: list[DutyButton] = []
        self._later: list[tuple[QVBoxLayout, DutyLine]] = []
        self._more = QTimer(self)
        self._more.setInterval(0)
        self._more.timeout.connect(self._go_on)
        look = context.look
        outer = column(self, look, 0)
        self._page = Page(look, width=900, margin=6, gap=3)
        outer.addWidget(self._page)
        context.register_changed.connect(self.enter_if_shown)

    def enter(self) -> None:
        """Fetch the day."""
        on = today()
        self.context.ask(
            lambda desk: (desk.today(on, LINES), [draft for draft in desk.drafts() if draft.kind == "item"]),
            lambda found: self._show(*found),
            owner=self,
            key="today",
        )

    def enter_if_shown(self) -> None:
        """Fetch again after a change, when this screen is the one looked at."""
        if self.isVisible():
            self.enter()

    def _show(self, found: Today, drafts: list[DraftLine]) -> None:
        look, body = self.context.look, self._page.body
        clear(body)
        self.duties = []
        self._later = []
        head = row(None, look, 3)
        titles = column(None, look, 0)
        titles.addWidget(
            label(
                t("today.title", day=day(found.on), weekday=t(f"weekday.d{found.on.isoweekday()}")), "page", wrap=True
            )
        )
        titles.addWidget(label(self._summary(found), "second", wrap=True))
        head.addLayout(titles, 1)
        head.addWidget(
            button(
                t("today.new_visit"),
                lambda: self.context.new_wanted.emit("visit"),
                "primary",
                picture_of="new",
                look=look,
            ),
            0,
            Qt.AlignmentFlag.AlignTop,
        )
        body.addLayout(head)
        body.addSpacing(look.space(2))
        self._notices(found, drafts)
        shown = False
        for group in found.groups:
            if group.total:
                shown = True
                self._group(group)
        if not shown:
            body.addWidget(empty(t("today.empty"), t("today.empty_advice"), look, meaning="done"))
        body.addStretch(1)
        if self._later:
            self._more.start()
        if self.duties and self.isVisible() and not self._page.isAncestorOf(QApplication.focusWidget() or self):
            self.duties[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _summary(self, found: Today) -> str:
        return t("today.summary", open=found.open_matters, unscreened=found.unscreened)

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
            body.addWidget(
                notice(
                    since,
                    look,
                    "soon",
                    action=button(t("today.backup_do"), lambda: context.screen_wanted.emit("settings"), "quiet"),
                )
            )
        if found.unsent and found.last_receipt_at is not None:
            words = t("today.unsent", count=found.unsent, last=moment(found.last_receipt_at))
            body.addWidget(
                notice(
                    words,
                    look,
                    "quiet",
                    action=button(t("today.sync"), lambda: context.screen_wanted.emit("sync"), "quiet"),
                )
            )

    def _group(self, group: DutyGroup) -> None:
        look, body = self.context.look, self._page.body
        body.addSpacing(look.space(3))
        head = row(None, look, 2)
        tone = {"late": "late", "today": "soon"}.get(group.name, "")
        if tone:
            head.addWidget(picture(tone, look, look.colours.tone(tone)[0], 18))  # type: ignore[arg-type]  # one of the two above
        head.addWidget(label(t(f"today.{group.name}"), "section", tone=tone))
        head.addWidget(label(str(group.total), "second"))
        head.addStretch(1)
        if group.total > len(group.lines):
            filters = Filters(late=True) if group.name == "late" else Filters(open_only=True)
            head.addWidget(
                button(t("today.all", count=group.total), lambda: self.context.list_wanted.emit(filters), "quiet")
            )
        body.addLayout(head)
        lines = column(None, look)
        body.addLayout(lines)
        for duty in group.lines:
            if len(self.duties) < AT_ONCE:
                self._add(lines, duty)
            else:
                self._later.append((lines, duty))

    def _add(self, lines: QVBoxLayout, duty: DutyLine) -> None:
        if lines.count():
            lines.addWidget(line())
        made = DutyButton(self.context, duty)
        self.duties.append(made)
        lines.addWidget(made)

    def _go_on(self) -> None:
        """Add a few more of the duties that wait to be shown."""
        some, self._later = self._later[:A_STEP], self._later[A_STEP:]
        for lines, duty in some:
            self._add(lines, duty)
        if not self._later:
            self._more.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from duty to duty with J, K and the arrows."""
        step = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if not step or not self.duties or event.modifiers() != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
            return
        now = next((at for at, duty in enumerate(self.duties) if duty.hasFocus()), None)
        at = 0 if now is None else min(max(now + step, 0), len(self.duties) - 1)
        self.duties[at].setFocus(Qt.FocusReason.TabFocusReason)
