"""One act on many matters: which act, its inputs once, the suggestions row by row, the run, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget
from shiboken6 import isValid

from models.bulk_acts import OF_ONE
from models.errors import RegisterError
from models.records import OpenAct
from ui import law
from ui.context import Context
from ui.parts.fields import Choice, Field, LongText, text_line
from ui.parts.layout import clear, column
from ui.parts.sheet import Sheet
from ui.parts.text import button, empty, label, notice
from ui.port import DeskPort
from ui.screens.matter.sheets import input_value, plain_input
from ui.screens.register_export import ask_path
from ui.screens.register_outcome import ReportTable, TakenTable
from ui.words import both, sentence, t
from ui.worker import Job

if TYPE_CHECKING:
    from models.bulk import BulkReport
    from models.bulk_acts import OpenForMany
    from models.letters.fields import LetterField

SUGGESTED = frozenset({"screen", "accept", "direct", "transfer", "reply", "pass_on", "object"})
"""Acts that the rules of routing suggest (models.routing)."""


class BulkSheet(Sheet):
    """Choose, fill in, look, take, read what became of each."""

    taken = Signal()
    """The act was taken: what was picked is done with."""

    def __init__(self, context: Context, matters: Sequence[int]) -> None:
        super().__init__(context, t("bulk.title", count=f"{len(matters):,}"), width=920)
        self.matters = tuple(matters)
        self.report: BulkReport | None = None
        self.inputs: dict[str, QWidget] = {}
        self.letter: dict[str, QWidget] = {}
        self.table: TakenTable | None = None
        self.act: Choice | None = None
        self._open: dict[str, OpenAct] = {}
        self._fields: dict[str, Field] = {}
        self._job: Job | None = None
        self._running = False
        self._told: list[BulkReport] = []
        """The report as the worker has it: a run that was called off delivers nothing by itself."""
        context.called_off.connect(self._called_off)
        look = context.look
        self._top = column(None, look, 3)
        self._form = column(None, look, 3)
        for part in (self._top, self._form):
            self.body.addLayout(part)
        self.finish_body()
        self.go = button(t("bulk.take"), self.take, "primary")
        self.go.setEnabled(False)
        self.save = button(t("bulk.save"), self.save_report, picture_of="save", look=look)
        self.save.hide()
        self.leave = button(t("sheet.cancel"), self.close_sheet)
        for made in (self.go, self.save, self.leave):
            self.foot.addWidget(made)
        self.foot.addStretch(1)
        self._top.addWidget(label(t("bulk.looking"), "second"))
        self._job = context.work(
            lambda desk, job: desk.open_for_many(self.matters, job.progress, lambda: job.cancelled),
            self._show_acts,
            self._refused,
            owner=self,
            label="work.bulk_open",
        )

    def close_sheet(self) -> None:
        """Leave the sheet; a run is only called off, and its report shown first: what was done must be read."""
        if self._job is not None:
            self._job.cancel()
        if self._running:
            self._called_off()
        else:
            super().close_sheet()

    # Which act.

    def _show_acts(self, found: OpenForMany) -> None:
        self._job = None
        clear(self._top)
        look = self.context.look
        if not found.acts:
            self._top.addWidget(empty(t("bulk.none"), t("bulk.none_advice"), look))
            self.leave.setFocus()
            return
        self._open = {one.act.name: one.act for one in found.acts}
        choices = [
            (one.act.name, t("bulk.act", act=law.act(one.act.name), count=f"{one.count:,}", total=f"{found.total:,}"))
            for one in found.acts
        ]
        self.act = Choice(choices, none=t("bulk.choose"))
        self._top.addWidget(Field(t("bulk.which"), self.act, look, hint=t("bulk.which_hint")))
        self.act.currentIndexChanged.connect(lambda _at: self._show_form())
        self.act.setFocus()

    def _chosen(self) -> OpenAct | None:
        return self._open.get(str(self.act.value)) if self.act is not None else None

    # Its inputs, once for all.

    def _show_form(self) -> None:
        look = self.context.look
        clear(self._form)
        self.inputs, self.letter, self._fields, self.table = {}, {}, {}, None
        act = self._chosen()
        self.go.setEnabled(act is not None)
        self.go.setText(t("bulk.take"))
        if act is None:
            return
        if act.article:
            self._form.addWidget(label(act.article, "small", wrap=True))
        self.suggested = QCheckBox(t("bulk.suggested"))
        self.suggested.setVisible(act.name in SUGGESTED)
        self.suggested.toggled.connect(self._turn_suggested)
        self._form.addWidget(self.suggested)
        self._typed = QWidget()
        inside = column(self._typed, look, 3)
        for field in act.inputs:
            if field.kind in OF_ONE:
                continue
            self.inputs[field.name] = widget = plain_input(self.context, field)
            words = both(field.zh, field.en)
            if isinstance(widget, QCheckBox):
                inside.addWidget(widget)
                continue
            made = Field(words if field.required else t("act.optional", words=words), widget, look)
            widget.setAccessibleName(words)
            self._fields[field.name] = made
            inside.addWidget(made)
        if act.documents:
            names = t("join.list").join(law.letter(kind) for kind in act.documents)
            inside.addWidget(notice(t("bulk.with_letters", letters=names), look, "accent"))
            self._ask_letter(act)
        self._letter = column(None, look, 3)
        inside.addLayout(self._letter)
        self._form.addWidget(self._typed)
        self._rows = column(None, look, 2)
        self._form.addLayout(self._rows)
        if act.name == "screen":
            self.suggested.setChecked(True)

    def _ask_letter(self, act: OpenAct) -> None:
        """Offer what must be typed for the letters, so that it is typed once."""
        offered = self.context.services.letter_fields
        if offered is None:
            return

        def fetch(_desk: DeskPort) -> list[LetterField]:
            return [field for kind in act.documents for field in offered(kind, law.NEWEST) if field.required]

        def show(fields: list[LetterField]) -> None:
            if self._chosen() is not act:
                return
            for field in fields:
                if field.name in self.letter or field.name in self.inputs:
                    continue
                widget = LongText(self.context.look, lines=2) if field.kind == "long" else text_line()
                words = both(field.zh, field.en)
                self.letter[field.name] = widget
                self._letter.addWidget(Field(t("bulk.letter_field", words=words), widget, self.context.look))

        self.context.ask(fetch, show, owner=self, key="bulk-letter")

    def _values(self) -> dict[str, Any]:
        return {name: value for name, widget in self.inputs.items() if (value := input_value(widget))}

    def _letters(self) -> dict[str, str]:
        return {name: str(value) for name, widget in self.letter.items() if (value := input_value(widget))}

    # The suggestions, row by row.

    def _turn_suggested(self, on: bool) -> None:
        self._typed.setVisible(not on)
        clear(self._rows)
        self.table = None
        act = self._chosen()
        if not on or act is None:
            self.go.setEnabled(act is not None)
            self.go.setText(t("bulk.take"))
            return
        self.go.setEnabled(False)
        self._rows.addWidget(label(t("bulk.working_out"), "second"))
        name = act.name
        self._job = self.context.work(
            lambda desk, job: desk.bulk(
                self.matters,
                name,
                suggested=True,
                dry_run=True,
                on_progress=job.progress,
                cancelled=lambda: job.cancelled,
            ),
            self._show_suggestions,
            self._refused,
            owner=self,
            key="bulk-try",
            label="work.bulk_try",
        )

    def _show_suggestions(self, report: BulkReport) -> None:
        self._job = None
        if not self.suggested.isChecked():
            return
        look = self.context.look
        clear(self._rows)
        self._rows.addWidget(label(str(report.message()), "second", wrap=True))
        self.table = TakenTable(look, report, dict(self.context.units))
        self.table.changed.connect(self._count_taken)
        self._rows.addWidget(self.table)
        self._rows.addWidget(label(t("bulk.untick"), "small", wrap=True))
        self._count_taken()
        self.table.setFocus()

    def _count_taken(self) -> None:
        count = len(self.table.wanted()) if self.table is not None else 0
        self.go.setEnabled(count > 0)
        self.go.setText(t("bulk.take_count", count=f"{count:,}"))

    # The run.

    def take(self) -> None:
        """Take the act on all, or on those that are ticked."""
        act = self._chosen()
        if act is None or self._job is not None:
            return
        suggested = self.table is not None
        values = {} if suggested else self._values()
        if not suggested:
            for field in act.inputs:
                holder = self._fields.get(field.name)
                if holder is not None:
                    missing = field.required and field.name not in values
                    holder.doubt(t("act.required") if missing else "", "late")
                    if missing:
                        self.inputs[field.name].setFocus()
                        return
        matters = self.table.wanted() if self.table is not None else self.matters
        letter = {} if suggested else self._letters()
        self.go.setEnabled(False)
        self._running, told = True, self._told
        context = self.context

        def run(desk: DeskPort, job: Job) -> BulkReport:
            report = desk.bulk(
                matters,
                act.name,
                values,
                letter,
                suggested=suggested,
                on_progress=job.progress,
                cancelled=lambda: job.cancelled,
            )
            told.append(report)
            return report

        def done(report: BulkReport) -> None:
            if isValid(self):
                self._show_report(report)
            else:  # the sheet was left with Esc: it is told over the page
                context.told.emit(str(report.message()), "done")
                context.register_changed.emit()

        self._job = context.work(run, done, self._refused, owner=context, label="work.bulk")

    def _called_off(self) -> None:
        """Fetch the report of a run that was called off: this question is answered when the run has stopped."""
        told = self._told
        if self._running:
            self.context.ask(lambda _desk: told[0] if told else None, self._stopped, owner=self, key="bulk-stopped")

    def _stopped(self, report: BulkReport | None) -> None:
        if report is not None and self.report is None:
            self._show_report(report)

    def _show_report(self, report: BulkReport) -> None:
        self._job, self.report, self._running = None, report, False
        look = self.context.look
        clear(self._top)
        clear(self._form)
        self.act, self.table, self.inputs = None, None, {}
        whole = report.count("done") == report.total
        self._top.addWidget(notice(str(report.message()), look, "done" if whole else "soon"))
        self._form.addWidget(ReportTable(look, report, dict(self.context.units)))
        self.go.hide()
        self.save.show()
        self.leave.setText(t("sheet.close"))
        self.leave.setAccessibleName(t("sheet.close"))
        self.leave.setFocus()
        self.taken.emit()
        self.context.register_changed.emit()

    def save_report(self) -> None:
        """Write the report to a file."""
        report = self.report
        path = ask_path(self, t("bulk.save"), t("bulk.stem")) if report is not None else None
        if path is None:
            return

        def write(desk: DeskPort) -> str:
            from models import bulk

            bulk.write_report(report, path, dict(desk.units()))  # type: ignore[arg-type]  # asked above
            return str(path)

        self.context.ask(write, lambda name: self.context.told.emit(t("bulk.saved", path=name), "done"), owner=self)

    def _refused(self, error: RegisterError) -> None:
        if not isValid(self):
            self.context.told.emit(sentence(error), "late")
            return
        self._job, self._running = None, False
        self.go.setEnabled(True)
        self._form.addWidget(notice(sentence(error), self.context.look, "late"), 0, Qt.AlignmentFlag.AlignTop)
