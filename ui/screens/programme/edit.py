"""Sheets that change a programme: a stage, a target, a report; that a report went out; the end of the programme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from models import codes
from models.programme import data
from models.programme.records import MilestoneDraft, StageDraft
from ui.context import Context
from ui.parts.fields import Choice, DateField, LongText, code_choice, text_line
from ui.parts.forms import FormSheet
from ui.parts.text import button, label, notice
from ui.port import DeskPort
from ui.screens.base import today
from ui.words import day, t

if TYPE_CHECKING:
    from models.programme.records import Milestone, Programme, Progress, Stage, Target

REPORTS = tuple(code for code in codes.codes("milestone") if code != "target")


def _ignore(_answer: object) -> None:
    """Leave the answer: the page is fetched again by itself."""


class StageSheet(FormSheet):
    """Name and days of a stage. A stage without its days is refused at the field, and named."""

    def __init__(self, context: Context, programme: Programme, stage: Stage) -> None:
        self._programme, self._stage = programme, stage
        super().__init__(
            context,
            t("programme.change_of", name=stage.name),
            t("programme.save"),
            self._save,
            _ignore,
            words=t("programme.stage_words"),
        )
        look = context.look
        self.add("name", t("programme.name"), text_line(stage.name), required=True)
        self.add("from_on", t("programme.from"), DateField(look, stage.from_on, ahead=True), required=True)
        self.add("to_on", t("programme.to"), DateField(look, stage.to_on, ahead=True), required=True)
        self._required -= {"from_on", "to_on"}  # a day that is missing is refused with the name of the stage
        self.finish_body()

    def _save(self, desk: DeskPort, values: dict[str, Any]) -> None:
        one, stage = self._programme, self._stage
        new = StageDraft(name=values["name"], from_on=values.get("from_on"), to_on=values.get("to_on"))
        stages = tuple(
            new if other.id == stage.id else StageDraft(name=other.name, from_on=other.from_on, to_on=other.to_on)
            for other in one.stages
        )
        data.check_stages(stages, one.from_on, one.to_on)
        desk.programmes.change_stage(stage.id, name=new.name, from_on=new.from_on, to_on=new.to_on)


class MilestoneSheet(FormSheet):
    """A target or a report: added, changed, or taken off with a reason."""

    def __init__(
        self,
        context: Context,
        programme: Programme,
        kind: str,
        *,
        target: Target | None = None,
        report: Milestone | None = None,
    ) -> None:
        self._programme, self._target, self._report = programme, target, report
        known = target or report
        self._row = known.id if known is not None else None
        self._is_target = kind == "target"
        new = t("programme.add_target") if self._is_target else t("programme.add_report")
        title = t("programme.change_of", name=known.name) if known is not None else new
        super().__init__(context, title, t("programme.save"), self._save, _ignore)
        look = context.look
        if not self._is_target and known is None:
            self.add("kind", t("programme.kind"), code_choice("milestone", kind, only=REPORTS), required=True)
        self.add("name", t("programme.name"), text_line(known.name if known else ""), required=True)
        if self._is_target:
            self.body.addWidget(label(t("programme.target_words"), "small", wrap=True))
            share = text_line(str(target.share) if target else "")
            share.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
            self.add("share", t("programme.share"), share, required=True)
            by = DateField(look, target.by_on if target else None, ahead=True)
            self.add("on_date", t("programme.by"), by, required=True)
        else:
            self._report_fields(report)
        self._required -= {"on_date"}  # refused with the name of what it is the day of
        self.finish_body()
        if known is not None:
            remove = button(t("programme.remove"), self._remove, "quiet")
            self.foot.addWidget(remove)

    def _report_fields(self, report: Milestone | None) -> None:
        look, one = self.context.look, self._programme
        stages: list[tuple[object, str]] = [
            (stage.place, t("programme.after_stage", place=stage.place, name=stage.name)) for stage in one.stages
        ]
        places = {stage.id: stage.place for stage in one.stages}
        follows = places.get(report.stage or 0) if report is not None else None
        self._follows = follows
        self.stage = Choice(stages, value=follows, none=t("programme.own_day"))
        if report is None:
            self.add("stage", t("programme.counts_from"), self.stage)
            self.stage.currentIndexChanged.connect(lambda _at: self._staged())
        elif follows is not None:
            words = t("programme.follows", name=one.stages[follows - 1].name)
            self.body.addWidget(label(words, "small", wrap=True))
        on_date = DateField(look, report.on_date if report else None, ahead=True)
        self.add("on_date", t("programme.on_date"), on_date, required=True)
        days = text_line(str(report.days) if report else "3")
        days.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.add("days", t("programme.within"), days, required=True, hint=t("programme.within_hint"))

    def _staged(self) -> None:
        self.show_field("on_date", shown=self.stage.value is None)

    def _draft(self, values: dict[str, Any]) -> MilestoneDraft:
        stage = values.get("stage")
        if self._report is not None and values.get("on_date") == self._report.on_date:
            stage = self._follows
        kind = "target" if self._is_target else self._report.kind if self._report else str(values["kind"])
        return MilestoneDraft(
            kind=kind,
            name=str(values["name"]),
            stage=stage if isinstance(stage, int) else None,
            on_date=values.get("on_date"),
            days=_number(values.get("days")),
            share=_number(values.get("share")) if self._is_target else None,
        )

    def take(self) -> None:
        """Do it, once what is to be a number is one."""
        for name in ("share", "days"):
            widget = self.fields.get(name)
            if isinstance(widget, QLineEdit) and widget.text().strip() and not widget.text().strip().isdecimal():
                self._holders[name].doubt(t("act.number_wrong"), "late")
                widget.setFocus()
                return
        super().take()

    def _save(self, desk: DeskPort, values: dict[str, Any]) -> None:
        one, draft = self._programme, self._draft(values)
        data.check_milestone(draft, one.from_on, one.to_on, len(one.stages))
        if self._row is None:
            desk.programmes.add_milestone(one.key, draft)
            return
        desk.programmes.change_milestone(
            self._row,
            name=draft.name,
            on_date=None if draft.stage is not None else draft.on_date,
            days=None if self._is_target else draft.days,
            share=draft.share,
        )

    def _remove(self) -> None:
        known = self._target or self._report
        if known is not None:
            self.context.sheet_wanted.emit(RemoveSheet(self.context, known.id, known.name))


def _number(words: object) -> int:
    """Return the whole number that was typed, 0 for none."""
    return int(str(words or "0"))


class RemoveSheet(FormSheet):
    """A target or a report is taken off, with the reason."""

    def __init__(self, context: Context, row: int, name: str) -> None:
        super().__init__(
            context,
            t("programme.remove_of", name=name),
            t("programme.remove"),
            lambda desk, values: desk.programmes.remove_milestone(row, str(values.get("reason", ""))),
            _ignore,
            words=t("programme.remove_words"),
            danger=True,
        )
        self.add("reason", t("programme.reason"), LongText(context.look, lines=2), required=True)
        self.finish_body()


class ReportOutSheet(FormSheet):
    """That a roster or the filing of the plans went up: its day, and what it holds."""

    def __init__(self, context: Context, found: Progress, due: Milestone) -> None:
        super().__init__(
            context,
            due.name,
            t("programme.report_out"),
            lambda desk, values: desk.programmes.report_out(due.id, values.get("on")),
            _ignore,
            words=t("programme.owed", name=due.name, day=day(due.due_on) or t("days.no_calendar")),
        )
        if due.kind == "filing":
            reached = {one.step: one for one in found.reached}
            approved, filed = reached["approved"], reached["filed"]
            words = t("programme.filing_words", filed=filed.cases, approved=approved.cases, of=approved.of)
            whole = filed.cases == approved.of
            self.body.addWidget(notice(words, context.look, "done" if whole else "soon"))
        self.add("on", t("programme.went_on"), DateField(context.look, today()), required=True)
        self.finish_body()


class CloseSheet(FormSheet):
    """The end of a programme, after which nothing in it is changed."""

    def __init__(self, context: Context, one: Programme) -> None:
        super().__init__(
            context,
            t("programme.close_of", name=one.name),
            t("programme.close"),
            lambda desk, _values: desk.programmes.close(one.key),
            _ignore,
            words=t("programme.close_words"),
            danger=True,
        )
        self.finish_body()
