"""Rows of a programme that is drawn up: a stage, a target, a report; any number of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from models.programme.records import MilestoneDraft, StageDraft
from ui.context import Context
from ui.parts.fields import Choice, DateField, Field, code_choice, text_line
from ui.parts.layout import Wrapping, column, row
from ui.parts.text import button, icon_button, label
from ui.screens.programme.edit import REPORTS
from ui.words import t


class FormRow(QFrame):
    """One row: its fields beside each other as far as there is room, and a way to take it away."""

    changed = Signal()
    removed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._look = context.look
        self.fields: dict[str, Field] = {}
        across = row(self, context.look, 2)
        self._flow = Wrapping(context.look, 2)
        across.addWidget(self._flow, 1)
        self._remove = icon_button(t("programme.take_away"), "remove", context.look, self.removed.emit)
        across.addWidget(self._remove, 0, Qt.AlignmentFlag.AlignTop)

    def _add(self, name: str, words: str, widget: QWidget, wide: int) -> None:
        held = Field(words, widget, self._look)
        held.setFixedWidth(self._look.size(wide))
        self.fields[name] = held
        self._flow.add(held)

    def refuse(self, field: str, words: str) -> None:
        """Show why this row cannot be, at the field it is about."""
        held = self.fields.get(field) or next(iter(self.fields.values()))
        held.doubt(words, "late")
        held.inner.setFocus()


class StageRow(FormRow):
    """A stage: name, first and last day."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        look = context.look
        self.name = text_line()
        self.from_on = DateField(look, ahead=True)
        self.to_on = DateField(look, ahead=True)
        self._add("stage", t("programme.name"), self.name, 300)
        self._add("from_on", t("programme.from"), self.from_on, 190)
        self._add("to_on", t("programme.to"), self.to_on, 190)
        self.name.textChanged.connect(lambda _text: self.changed.emit())

    def fill(self, stage: StageDraft) -> None:
        """Show a stage."""
        self.name.setText(stage.name)
        self.from_on.set_day(stage.from_on)
        self.to_on.set_day(stage.to_on)

    @property
    def stage(self) -> StageDraft:
        """The stage as it is typed."""
        return StageDraft(name=self.name.text().strip(), from_on=self.from_on.day, to_on=self.to_on.day)


class TargetRow(FormRow):
    """A target: name, percent of the included cases that are solved, by which day."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.name = text_line()
        self.share = text_line()
        self.share.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.by_on = DateField(context.look, ahead=True)
        self._add("name", t("programme.name"), self.name, 300)
        self._add("share", t("programme.share"), self.share, 190)
        self._add("on_date", t("programme.by"), self.by_on, 190)

    def fill(self, one: MilestoneDraft) -> None:
        """Show a target."""
        self.name.setText(one.name)
        self.share.setText(str(one.share or ""))
        self.by_on.set_day(one.on_date)

    @property
    def milestone(self) -> MilestoneDraft:
        """The target as it is typed; what is no number is no share."""
        share = self.share.text().strip()
        return MilestoneDraft(
            kind="target",
            name=self.name.text().strip(),
            on_date=self.by_on.day,
            share=int(share) if share.isdecimal() else None,
        )


class ReportRow(FormRow):
    """A report: kind, name, counted from the end of a stage or from a day of its own, within so many days."""

    def __init__(self, context: Context, stages: Callable[[], Sequence[StageRow]]) -> None:
        super().__init__(context)
        self._stages = stages
        self.kind = code_choice("milestone", "summary", only=REPORTS)
        self.name = text_line()
        self.stage = Choice([], none=t("programme.own_day"))
        self.on_date = DateField(context.look, ahead=True)
        self.days = text_line("3")
        self.days.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self._add("name", t("programme.name"), self.name, 300)
        self._add("kind", t("programme.kind"), self.kind, 190)
        self._add("stage", t("programme.counts_from"), self.stage, 190)
        self._add("on_date", t("programme.on_date"), self.on_date, 190)
        self._add("days", t("programme.within"), self.days, 110)
        self.stage.currentIndexChanged.connect(lambda _at: self._staged())
        self.show_stages()

    def _staged(self) -> None:
        self.fields["on_date"].setVisible(self.stage.value is None)

    def show_stages(self) -> None:
        """Offer the stages as they are named now."""
        chosen = self.stage.value
        self.stage.blockSignals(True)
        while self.stage.count() > 1:
            self.stage.removeItem(1)
        for place, one in enumerate(self._stages(), start=1):
            self.stage.addItem(t("programme.after_stage", place=place, name=one.name.text().strip()), one)
        self.stage.set_value(chosen)
        self.stage.blockSignals(False)
        self._staged()

    def fill(self, one: MilestoneDraft) -> None:
        """Show a report."""
        self.kind.set_value(one.kind)
        self.name.setText(one.name)
        stages = self._stages()
        self.stage.set_value(stages[one.stage - 1] if one.stage is not None else None)
        self.on_date.set_day(one.on_date)
        self.days.setText(str(one.days))
        self._staged()

    @property
    def milestone(self) -> MilestoneDraft:
        """The report as it is typed; what is no number is out of range."""
        stage, days = self.stage.value, self.days.text().strip()
        places = {id(one): place for place, one in enumerate(self._stages(), start=1)}
        return MilestoneDraft(
            kind=str(self.kind.value),
            name=self.name.text().strip(),
            stage=places.get(id(stage)),
            on_date=self.on_date.day if stage is None else None,
            days=int(days) if days.isdecimal() else -1,
        )


RowT = TypeVar("RowT", bound=FormRow)


class Rows(QWidget, Generic[RowT]):
    """Any number of rows of one kind under their title, with a button for another one."""

    changed = Signal()

    def __init__(self, context: Context, title: str, add_words: str, make: Callable[[], RowT]) -> None:
        super().__init__()
        look = context.look
        self._make = make
        self.rows: list[RowT] = []
        self.setAccessibleName(title)
        down = column(self, look, 2)
        down.addWidget(label(title, "section"))
        self._rows = column(None, look, 2)
        down.addLayout(self._rows)
        self.tools = row(None, look, 2)
        self.more = button(add_words, self._add_pressed, "quiet", picture_of="add", look=look)
        self.tools.addWidget(self.more)
        down.addLayout(self.tools)
        self.tools.addStretch(1)

    @property
    def fields(self) -> Iterator[Field]:
        """All fields of all rows."""
        return (field for one in self.rows for field in one.fields.values())

    def add(self) -> RowT:
        """Add a row; returns it."""
        made = self._make()
        made.removed.connect(lambda: self.remove(made))
        made.changed.connect(self.changed)
        self.rows.append(made)
        self._rows.addWidget(made)
        self.changed.emit()
        return made

    def _add_pressed(self) -> None:
        next(iter(self.add().fields.values())).inner.setFocus()

    def remove(self, made: RowT) -> None:
        """Take a row away."""
        self.rows.remove(made)
        made.hide()
        made.deleteLater()
        self.more.setFocus()
        self.changed.emit()
