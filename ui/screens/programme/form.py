"""A programme drawn up: its time, its stages, its targets, its reports; by hand, or from one that comes as data.

All of it stands on one sheet and every day can be changed before it is made. What cannot be is refused at its field,
with the stage, target or report named.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from models.errors import RegisterError
from models.programme import data
from models.programme.records import MilestoneDraft, ProgrammeDraft, StageDraft
from ui.context import Context
from ui.parts.fields import DateField, Field, LongText, text_line
from ui.parts.forms import field_of
from ui.parts.layout import row
from ui.parts.sheet import Sheet
from ui.parts.text import button, label, notice
from ui.screens.programme.formrows import ReportRow, Rows, StageRow, TargetRow
from ui.words import sentence, t

WIDTH = 1120


class ProgrammeSheet(Sheet):
    """The whole of a programme before it is made; `made` says its key."""

    made = Signal(str)

    def __init__(self, context: Context, draft: ProgrammeDraft | None = None) -> None:
        super().__init__(context, t("programme.create_title"), width=WIDTH)
        look = context.look
        self.heads: dict[str, Field] = {}
        self._refusal: QFrame | None = None
        self.body.addWidget(label(t("programme.create_words"), "second", wrap=True))
        self.name = text_line(draft.name if draft else "")
        self.key = text_line(draft.key if draft else "")
        self.basis = LongText(look, draft.basis if draft else "", lines=1, most=4)
        self.goal = LongText(look, draft.goal if draft else "", lines=2, most=6)
        self.from_on = DateField(look, draft.from_on if draft else None, ahead=True)
        self.to_on = DateField(look, draft.to_on if draft else None, ahead=True)
        self._head("name", t("programme.name"), self.name)
        self._head("key", t("programme.key"), self.key, t("programme.key_hint"))
        self._head("basis", t("act.optional", words=t("programme.basis")), self.basis)
        self._head("goal", t("act.optional", words=t("programme.goal")), self.goal)
        across = row(None, look, 3)
        for name, words, widget in (("from_on", "programme.from", self.from_on), ("to_on", "programme.to", self.to_on)):
            self.heads[name] = Field(t(words), widget, look)
            across.addWidget(self.heads[name], 1)
        self.body.addLayout(across)
        self.stages: Rows[StageRow] = Rows(
            context, t("programme.stages"), t("programme.add_stage"), lambda: StageRow(context)
        )
        self.targets: Rows[TargetRow] = Rows(
            context, t("programme.targets"), t("programme.add_target"), lambda: TargetRow(context)
        )
        self.reports: Rows[ReportRow] = Rows(
            context,
            t("programme.reports"),
            t("programme.add_report"),
            lambda: ReportRow(context, lambda: self.stages.rows),
        )
        for rows in (self.stages, self.targets, self.reports):
            self.body.addWidget(rows)
        self.monthly = button(t("programme.add_monthly"), self._add_monthly, "quiet", picture_of="add", look=look)
        self.reports.tools.addWidget(self.monthly)
        self.stages.changed.connect(self._stages_changed)
        self._fill(draft)
        self.finish_body()
        self.go = button(t("programme.create"), self._make, "primary")
        self.foot.addWidget(self.go)
        self.foot.addWidget(button(t("sheet.cancel"), self.close_sheet))
        self.foot.addStretch(1)

    def _head(self, name: str, words: str, widget: QWidget, hint: str = "") -> None:
        self.heads[name] = Field(words, widget, self.context.look, hint=hint)
        self.body.addWidget(self.heads[name])

    def _fill(self, draft: ProgrammeDraft | None) -> None:
        if draft is None:
            for _stage in range(3):
                self.stages.add()
            return
        for stage in draft.stages:
            self.stages.add().fill(stage)
        for one in draft.milestones:
            if one.kind == "target":
                self.targets.add().fill(one)
            else:
                self.reports.add().fill(one)

    def _stages_changed(self) -> None:
        for one in self.reports.rows:
            one.show_stages()

    def _add_monthly(self) -> None:
        first, last = self.from_on.day, self.to_on.day
        for name, one in (("from_on", first), ("to_on", last)):
            self.heads[name].doubt("" if one else t("act.required"), "late")
        if first is not None and last is not None:
            for on in month_ends(first, last):
                name = t("programme.figures_of", year=on.year, month=on.month)
                self.reports.add().fill(MilestoneDraft(kind="figures", name=name, on_date=on))

    # What is written, and what is refused.

    @property
    def _milestone_rows(self) -> list[TargetRow | ReportRow]:
        return [*self.targets.rows, *self.reports.rows]

    @property
    def draft(self) -> ProgrammeDraft:
        """The programme as it is drawn up."""
        return ProgrammeDraft(
            key=self.key.text().strip(),
            name=self.name.text().strip(),
            basis=self.basis.text().strip(),
            goal=self.goal.text().strip(),
            from_on=self.from_on.day,
            to_on=self.to_on.day,
            stages=tuple(one.stage for one in self.stages.rows),
            milestones=tuple(one.milestone for one in self._milestone_rows),
        )

    def _make(self) -> None:
        self._clear()
        draft = self.draft
        if self._refused_in_place(draft):
            return
        self.go.setEnabled(False)
        self.context.ask(lambda desk: desk.programmes.create(draft), self._done, self.refuse, owner=self)

    def _done(self, _row: int) -> None:
        key = self.draft.key
        self.close_sheet()
        self.context.register_changed.emit()
        self.made.emit(key)

    def _clear(self) -> None:
        for one in (*self.heads.values(), *self.stages.fields, *self.targets.fields, *self.reports.fields):
            one.doubt("")
        if self._refusal is not None:
            self._refusal.hide()
            self._refusal.deleteLater()
            self._refusal = None

    def _refused_in_place(self, draft: ProgrammeDraft) -> bool:
        """Ask the rules of a programme part by part, and show the first refusal where it belongs; False for none."""
        whole = StageDraft(name=draft.name, from_on=draft.from_on, to_on=draft.to_on)
        try:
            data.check(ProgrammeDraft(key=draft.key, name=draft.name, from_on=draft.from_on, to_on=draft.to_on,
                                      stages=(whole,)))  # fmt: skip
        except RegisterError as error:
            self.refuse(error)
            return True
        if draft.from_on is None or draft.to_on is None:
            return True
        for at, stage in enumerate(self.stages.rows):
            try:
                data.check_stages(draft.stages[: at + 1], draft.from_on, draft.to_on)
            except RegisterError as error:
                stage.refuse(field_of(error), sentence(error))
                return True
        for one in self._milestone_rows:
            try:
                data.check_milestone(one.milestone, draft.from_on, draft.to_on, len(draft.stages))
            except RegisterError as error:
                one.refuse(field_of(error), sentence(error))
                return True
        return False

    def refuse(self, error: RegisterError) -> None:
        """Show why the register said no."""
        self.go.setEnabled(True)
        held = self.heads.get(field_of(error))
        if held is not None:
            held.doubt(sentence(error), "late")
            held.inner.setFocus()
            return
        self._refusal = notice(sentence(error), self.context.look, "late")
        self.body.insertWidget(0, self._refusal)
        self._page.verticalScrollBar().setValue(0)


def month_ends(first: date, last: date) -> Iterator[date]:
    """Return the last days of the months of a time; of the last month its own last day at the latest."""
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        yield min(date(year, month, calendar.monthrange(year, month)[1]), last)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
