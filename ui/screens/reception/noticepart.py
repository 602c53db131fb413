"""The public notice of a period: when it has to be out, what is late about it, how it looks, and what went out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout

from models.errors import RegisterError
from ui.parts.layout import column
from ui.parts.lines import LineButton
from ui.parts.paper import PaperSheet, draft_of, show_issued
from ui.parts.text import button, chip, label, notice
from ui.words import day, sentence, t

if TYPE_CHECKING:
    from models.reception.records import IssuedNotice, NoticePlan
    from ui.screens.reception.plan import PlanPart


class NoticePart:
    """The part of the plan that tells the public."""

    def __init__(self, part: PlanPart) -> None:
        self._part, self._context = part, part.context
        self.sheet: PaperSheet | None = None

    def show(self, body: QVBoxLayout, plan: NoticePlan, notices: Sequence[IssuedNotice]) -> None:
        """Say how the period stands, and list what went out."""
        look = self._context.look
        self._part.heading(body, t("reception.notice_of", period=self._part.period.words))
        if not plan.days:
            body.addWidget(label(t("reception.notice_nothing"), "second", wrap=True))
        else:
            self._standing(body, plan)
            self.preview_button = button(t("reception.notice_preview"), self.preview, picture_of="document", look=look)
            body.addWidget(self.preview_button, 0, Qt.AlignmentFlag.AlignLeft)
        lines = column(None, look, 1)
        body.addLayout(lines)
        for one in notices:
            self._part.lines.add(lines, partial(self._line, one))

    def _standing(self, body: QVBoxLayout, plan: NoticePlan) -> None:
        untold = [one for one in plan.days if one.notice is None]
        if not untold:
            body.addWidget(label(t("reception.notice_all"), "second", wrap=True))
            return
        if plan.due_on is not None:
            words = t("reception.notice_due", count=len(untold), day=day(plan.due_on))
            body.addWidget(label(words, wrap=True))
        for late in plan.late:
            body.addWidget(notice(str(late), self._context.look, "late"))

    def _line(self, issued: IssuedNotice) -> LineButton:
        look = self._context.look
        chips: tuple[QFrame, ...] = ()
        if issued.spoiled:
            chips = (chip(t("reception.spoiled"), look),)
        elif issued.late:
            chips = (chip(t("reception.notice_was_late"), look, "late"),)
        made = LineButton(
            look,
            issued.title,
            t("reception.notice_line", period=issued.subject.replace("/", " — "), count=issued.days),
            third=t("join.clauses").join(str(one) for one in issued.late),
            chips=chips,
            small=day(issued.dated_on),
        )
        made.clicked.connect(lambda: show_issued(self._context, self._part, issued.id, issued.title))
        return made

    def preview(self) -> None:
        """Show the notice as it will print, with the button that lets it go out."""
        frm, to = self._part.period.first, self._part.period.last
        self._context.work(
            lambda desk, _job: draft_of(desk.reception.notice_sheet(frm, to)),
            self._show_preview,
            owner=self._part,
            label="work.paper",
        )

    def _show_preview(self, data: bytes) -> None:
        title = t("reception.notice_of", period=self._part.period.words)
        self.sheet = PaperSheet(self._context, title, data, go=(t("reception.notice_issue"), self.issue))
        self._context.sheet_wanted.emit(self.sheet)

    def issue(self) -> None:
        """Let the notice go out, and show it for printing."""
        period = self._part.period
        self._context.work(
            lambda desk, _job: desk.reception.issue_notice(period.first, period.last),
            self._issued,
            self._refused,
            owner=self._part,
            label="work.paper",
        )

    def _issued(self, document: int) -> None:
        self._context.told.emit(t("reception.notice_issued"), "done")
        self._context.register_changed.emit()
        title = t("reception.notice_of", period=self._part.period.words)
        show_issued(self._context, self._part, document, title)

    def _refused(self, error: RegisterError) -> None:
        self._context.told.emit(sentence(error), "late")
