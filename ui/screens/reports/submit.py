"""Submitting a report: what will be frozen, what the figures say and what is advised; the draft of both is kept.

The register refuses a period that has not ended, and a month before which another is missing; it names it, and the
sheet leads there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from models.errors import RegisterError
from ui.context import Context
from ui.parts.fields import Field, LongText
from ui.parts.layout import clear, column
from ui.parts.paper import PaperSheet
from ui.parts.sheet import Sheet
from ui.parts.text import button, label, notice
from ui.screens.reports.tiles import HEADLINE, value_of
from ui.timers import after_pause
from ui.words import day, sentence, t

if TYPE_CHECKING:
    from models.figures.records import Period, Report, Submitted, Waiting
    from models.records import DraftLine
    from ui.port import DeskPort

DRAFT = "report"
"""Kind of the draft of analysis and suggestions."""
KEEP_AFTER_MS = 700


class SubmitSheet(Sheet):
    """Analysis, suggestions, a look at the paper, and the one button that freezes the figures."""

    other_wanted = Signal(object)
    """Another period (`Period`) must be submitted first."""

    def __init__(self, context: Context, report: Report) -> None:
        super().__init__(context, t("reports.submit_title", name=str(report.period.name)), width=620)
        from models.figures.indicators import indicator

        self.report = report
        look = context.look
        self._draft: int | None = None
        self._loaded = False
        self._done = False
        self._said = column(None, look, 2)
        self.body.addLayout(self._said)
        self.body.addWidget(label(t("reports.submit_words"), "small", wrap=True))
        told = []
        for code in HEADLINE:
            value, under = value_of(report.figures[code])
            told.append(t("join.pair", name=str(indicator(code).name), value=f"{value} {under}".strip()))
        self.body.addWidget(label(t("join.clauses").join(told), "second", wrap=True))
        self.analysis = LongText(look, lines=5, placeholder=t("reports.analysis_hint"))
        self.suggestions = LongText(look, lines=4, placeholder=t("reports.suggestions_hint"))
        for field, words in ((self.analysis, t("reports.analysis")), (self.suggestions, t("reports.suggestions"))):
            self.body.addWidget(Field(words, field, look))
            field.textChanged.connect(self._typed)
        self.kept = label("", "small")
        self.body.addWidget(self.kept)
        self.finish_body()
        self.go = button(t("reports.submit_go"), self.submit, "primary")
        self.view = button(t("reports.preview"), self.preview, picture_of="document", look=look)
        self.leave = button(t("sheet.cancel"), self.close_sheet)
        for made in (self.go, self.view, self.leave):
            self.foot.addWidget(made)
        self.foot.addStretch(1)
        self._keep = after_pause(self, KEEP_AFTER_MS, self._save)
        if report.partial:
            self._refuse_early()
        context.ask(lambda desk: desk.drafts(), self._recover, owner=self)

    def first_field(self) -> QWidget | None:
        """Begin with what is typed."""
        return self.analysis

    def _refuse_early(self) -> None:
        words = t("reports.not_ended", name=str(self.report.period.name), last=day(self.report.period.to_on))
        self._said.addWidget(notice(words, self.context.look, "late"))
        self.go.setEnabled(False)

    # The draft.

    def _recover(self, drafts: tuple[DraftLine, ...]) -> None:
        key = self.report.period.key
        for draft in drafts:
            if draft.kind == DRAFT and draft.content.get("period") == key:
                self._draft = draft.id
                for field, name in ((self.analysis, "analysis"), (self.suggestions, "suggestions")):
                    if not field.text():
                        field.setText(str(draft.content.get(name) or ""))
                self.kept.setText(t("reports.draft_found"))
                break
        self._loaded = True

    def _typed(self) -> None:
        if self._loaded:
            self._keep.start()

    def _content(self) -> dict[str, Any]:
        return {
            "title": str(self.report.period.name),
            "period": self.report.period.key,
            "analysis": self.analysis.text(),
            "suggestions": self.suggestions.text(),
        }

    def _save(self) -> None:
        """Keep what is typed, on the worker, which outlives the sheet."""
        self._keep.stop()
        if self._done or not (self.analysis.text() or self.suggestions.text() or self._draft):
            return
        content, draft = self._content(), self._draft

        def kept(number: int) -> None:
            self._draft = number
            self.kept.setText(t("reports.draft_kept"))

        self.context.ask(lambda desk: desk.save_draft(DRAFT, content, draft), kept, owner=self, key="report-draft")

    def keep(self) -> None:
        """Keep what is not kept yet: the sheet goes, or the register is locked."""
        if self._keep.isActive():
            self._save()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep the draft in whichever way the sheet is left."""
        self.keep()
        super().hideEvent(event)

    # The paper, and the act.

    def preview(self) -> None:
        """Show the paper as it would go out; the sheet is found again with its draft."""
        self._save()
        period, analysis, suggestions = self.report.period, self.analysis.text(), self.suggestions.text()
        title, context = t("reports.stem", name=str(period.name)), self.context

        def lay_out(desk: DeskPort) -> bytes:
            return desk.papers.preview(desk.figures.sheet(period, analysis=analysis, suggestions=suggestions))

        def show(data: bytes) -> None:
            context.sheet_wanted.emit(PaperSheet(context, title, data, frozen=True))

        context.work(lambda desk, _job: lay_out(desk), show, self._refused, owner=context, label="work.paper")

    def submit(self) -> None:
        """Freeze the figures and issue the paper."""
        self._keep.stop()
        self.go.setEnabled(False)
        period, analysis, suggestions, draft = (
            self.report.period,
            self.analysis.text(),
            self.suggestions.text(),
            self._draft,
        )

        def run(desk: DeskPort) -> Submitted:
            made = desk.figures.submit(period, analysis=analysis, suggestions=suggestions)
            if draft is not None:
                desk.discard_draft(draft)
            return made

        self.context.work(
            lambda desk, _job: run(desk), self._went, self._refused, owner=self, label="reports.submitting"
        )

    def _went(self, _made: Submitted) -> None:
        self._done = True
        context, words = self.context, t("reports.went", name=str(self.report.period.name))
        self.close_sheet()
        context.told.emit(words, "done")
        context.register_changed.emit()

    def _refused(self, error: RegisterError) -> None:
        clear(self._said)
        self._said.addWidget(notice(sentence(error), self.context.look, "late"))
        self.go.setEnabled(not self.report.partial)
        if self.report.period.kind == "month":
            self.context.ask(lambda desk: desk.figures.waiting(), self._offer, owner=self, key="waiting")

    def _offer(self, waiting: tuple[Waiting, ...]) -> None:
        """Lead to the first month that must be submitted before."""
        before = [
            one.period
            for one in waiting
            if one.period.kind == "month" and one.period.to_on < self.report.period.from_on
        ]
        if before:
            first: Period = before[0]

            def go() -> None:
                self.close_sheet()
                self.other_wanted.emit(first)

            self._said.addWidget(button(t("reports.go_first", name=str(first.name)), go, "quiet"))
