"""Stages, targets and reports of a programme: each with its days, what is due with its button, all to be changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui import law
from ui.parts.layout import column, line, row
from ui.parts.text import button, chip, due_chip, icon_button, label
from ui.screens.base import today
from ui.screens.programme.edit import CloseSheet, MilestoneSheet, ReportOutSheet, StageSheet
from ui.words import day, said_of, t

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.programme.records import Milestone, Programme, Progress, Stage, Target
    from ui.screens.programme.screen import ProgrammeScreen

WITH_FIGURES = frozenset({"summary", "final", "figures"})
"""Kinds of reports that go out with their figures, from the page of reports."""
FIRST = 8
"""Reports that are ahead and shown at first; monthly figures of a year are many."""


class DatesPart:
    """The page of dates."""

    def __init__(self, screen: ProgrammeScreen) -> None:
        self._screen, self._context = screen, screen.context
        self._whole = False
        self._pressed = False
        """Whether the one primary button of the page is given away."""

    def open(self, found: Progress) -> None:
        """Set the page out."""
        screen, one = self._screen, found.programme
        self._pressed = False
        may = screen.keeps and one.state != "closed"
        body = screen.section(t("programme.stages"))
        for stage in one.stages:
            self._add(body, self._stage(one, stage, may=may))
        add = button(t("programme.add_target"), partial(self._new, one, "target"), "quiet") if may else None
        body = screen.section(t("programme.targets"), action=add)
        for target in one.targets:
            self._add(body, self._target(one, target, may=may))
        add = button(t("programme.add_report"), partial(self._new, one, "summary"), "quiet") if may else None
        body = screen.section(t("programme.reports"), action=add)
        body.addWidget(label(t("programme.reports_words"), "small", wrap=True))
        ahead = 0
        for milestone in one.milestones:
            ahead += milestone.state == "ahead"
            if self._whole or milestone.state != "ahead" or ahead <= FIRST:
                self._add(body, self._milestone(one, milestone, may=may))
        if ahead > FIRST and not self._whole:
            words = t("queue.more", count=ahead - FIRST)
            body.addWidget(button(words, self._show_whole, "quiet"), 0, Qt.AlignmentFlag.AlignLeft)
        if one.state == "over" and may:
            self._close(one)

    def _show_whole(self) -> None:
        self._whole = True
        if self._screen.found is not None:
            self._screen.empty_lines()
            self.open(self._screen.found)

    @staticmethod
    def _add(body: QVBoxLayout, made: QWidget) -> None:
        if body.count():
            body.addWidget(line())
        body.addWidget(made)

    def _entry(self, name: str, under: str, chips: list[QFrame], go: list[QWidget], small: str = "") -> QWidget:
        look = self._context.look
        made = QWidget()
        across = row(made, look, 3)
        across.setContentsMargins(look.space(2), look.space(1), look.space(2), look.space(1))
        texts = column(None, look, 0)
        texts.addWidget(label(name, "strong", wrap=True))
        texts.addWidget(label(under, "second", wrap=True))
        if small:
            texts.addWidget(label(small, "small", wrap=True))
        across.addLayout(texts, 1)
        flow = column(None, look, 1)
        for one in chips:
            flow.addWidget(one, 0, Qt.AlignmentFlag.AlignRight)
        flow.addStretch(1)
        across.addLayout(flow)
        for each in go:
            across.addWidget(each, 0, Qt.AlignmentFlag.AlignTop)
        made.setAccessibleName(said_of(name, under, small, *(one.accessibleName() for one in chips)))
        return made

    def _change(self, name: str, pressed: Callable[[], object]) -> QWidget:
        return icon_button(t("programme.change_of", name=name), "new", self._context.look, pressed)

    def _stage(self, one: Programme, stage: Stage, *, may: bool) -> QWidget:
        chips = [chip(t("programme.now"), self._context.look, "accent", "clock")] if stage.current else []
        go = [self._change(stage.name, partial(self._edit_stage, one, stage))] if may else []
        days = t("programme.days", first=day(stage.from_on), last=day(stage.to_on))
        count = t("programme.day_count", count=(stage.to_on - stage.from_on).days + 1)
        return self._entry(f"{stage.place}  {stage.name}", f"{days}  {count}", chips, go)

    def _target(self, one: Programme, target: Target, *, may: bool) -> QWidget:
        under = t("programme.target_by", share=target.share, day=day(target.by_on))
        go = [self._change(target.name, partial(self._edit_target, one, target))] if may else []
        return self._entry(target.name, under, [], go)

    def _milestone(self, one: Programme, due: Milestone, *, may: bool) -> QWidget:
        look = self._context.look
        kind = law.code("milestone", due.kind)
        last = t("programme.last_day", day=day(due.due_on) or t("days.no_calendar"))
        counted = t("programme.counted_from", day=day(due.on_date), days=due.days) if due.days else ""
        rolled = t("programme.rolled", day=day(due.target_on)) if due.due_on and due.due_on != due.target_on else ""
        go: list[QWidget] = []
        if due.state in ("done", "done_late"):
            tone, words = ("done", "programme.done_on") if due.state == "done" else ("quiet", "programme.done_late_on")
            chips = [chip(t(words, day=day(due.done_on)), look, tone, "done")]  # type: ignore[arg-type]  # a tone
        else:
            chips = [due_chip(due.due_on, today(), look)]
            if may:
                pressing = due.state in ("due", "late") and not self._pressed
                self._pressed = self._pressed or pressing
                send = button(self.words_of(due), partial(self.send, due), "primary" if pressing else "")
                send.setAccessibleName(said_of(self.words_of(due), due.name))
                go = [send, self._change(due.name, partial(self._edit, one, due))]
        return self._entry(
            due.name, "  ".join((kind, last)), chips, go, t("join.clauses").join(filter(None, (counted, rolled)))
        )

    # What is due, and its button.

    def words_of(self, due: Milestone) -> str:
        """Return what is done about a report that is due."""
        return t("programme.to_reports") if due.kind in WITH_FIGURES else t("programme.report_out")

    def send(self, due: Milestone) -> None:
        """Go where the report is made, or record that it went out."""
        if due.kind in WITH_FIGURES:
            month = due.kind == "figures"
            self._context.report_wanted.emit(
                "month" if month else "stage", f"{due.on_date:%Y-%m}" if month else due.key
            )
        elif self._screen.found is not None:
            self._context.sheet_wanted.emit(ReportOutSheet(self._context, self._screen.found, due))

    # Changing.

    def _edit_stage(self, one: Programme, stage: Stage) -> None:
        self._context.sheet_wanted.emit(StageSheet(self._context, one, stage))

    def _edit_target(self, one: Programme, target: Target) -> None:
        self._context.sheet_wanted.emit(MilestoneSheet(self._context, one, "target", target=target))

    def _edit(self, one: Programme, due: Milestone) -> None:
        self._context.sheet_wanted.emit(MilestoneSheet(self._context, one, due.kind, report=due))

    def _new(self, one: Programme, kind: str) -> None:
        self._context.sheet_wanted.emit(MilestoneSheet(self._context, one, kind))

    def _close(self, one: Programme) -> None:
        body = self._screen.section(t("programme.close_title"))
        body.addWidget(label(t("programme.close_words"), "second", wrap=True))
        close = button(t("programme.close"), lambda: self._context.sheet_wanted.emit(CloseSheet(self._context, one)))
        body.addWidget(close, 0, Qt.AlignmentFlag.AlignLeft)
