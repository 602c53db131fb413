"""The page of a period's figures: what is read first, all figures, their parts, key cases, corrections, submitting.

Counted live each time; a period that has not ended is marked as partial, a submitted one shows what changed since.
Every figure opens the list behind it and tells its formula.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from models.errors import RegisterError
from ui.parts.charts import ChartPart
from ui.parts.layout import Wrapping, clear, column
from ui.parts.paper import export_paper
from ui.parts.text import button, label, notice
from ui.screens.reports import lists, papers
from ui.screens.reports.corrections import CorrectionsPart
from ui.screens.reports.groups import CODES, GroupsPart
from ui.screens.reports.meaning import MeaningSheet
from ui.screens.reports.period import PeriodPicker, StageChoice, Wanted, named, stages_of
from ui.screens.reports.tiles import FigureTile, flow_of, tiles
from ui.screens.reports.whole import FiguresTable
from ui.words import day, sentence, t

if TYPE_CHECKING:
    from models.figures.records import Correction, Figure, Group, Period, ProgrammeFigures, Report, Submitted, Waiting
    from models.sheets.content import Chart, Sheet
    from ui.port import DeskPort
    from ui.screens.reports.screen import ReportsScreen
    from ui.screens.reports.submit import SubmitSheet

SUBMITS = frozenset({"PU", "DL", "CH"})
CASE_PARTS = ("source", "exclusion", "leader", "unit")
CASE_CODES = ("case_included", "case_solved_month", "case_solved", "case_closed", "case_open", "case_overdue")


class Found(NamedTuple):
    """What the page shows of a period."""

    report: Report
    charts: tuple[Chart, ...]
    submitted: Submitted | None
    corrections: tuple[Correction, ...]
    waiting: tuple[Waiting, ...]
    stages: tuple[StageChoice, ...]


def found_of(desk: DeskPort, wanted: Wanted) -> Found:
    """Return what is shown of a period; on the worker."""
    from models.figures import contents
    from models.sheets.content import Chart

    figures = desk.figures
    period = wanted.of(figures)
    report = figures.report(period)
    sheet = contents.made_sheet(figures, report, analysis="", suggestions="")
    charts = tuple(block for block in sheet.blocks if isinstance(block, Chart))
    return Found(
        report,
        charts,
        figures.of_period(period),
        figures.corrections(period),
        figures.waiting(),
        stages_of(desk),
    )


class FiguresPart(QWidget):
    """The figures of a month, a stage or a year; of a year only when told so."""

    def __init__(self, screen: ReportsScreen, kinds: tuple[str, ...]) -> None:
        super().__init__()
        self._screen, self.context = screen, screen.context
        look = self.context.look
        self.found: Found | None = None
        self.tiles: dict[str, FigureTile] = {}
        self.table: FiguresTable | None = None
        self.groups: GroupsPart | None = None
        self.case_groups: list[GroupsPart] = []
        self.corrections: CorrectionsPart | None = None
        self.charts: list[ChartPart] = []
        self.sheet: SubmitSheet | None = None
        inside = column(self, look, 3)
        top = Wrapping(look, 3)
        self.picker = PeriodPicker(self.context, kinds)
        self.picker.changed.connect(lambda _wanted: self.fetch())
        top.add(self.picker)
        self.named = label("", "second")
        top.add(self.named)
        self.pdf = button(t("reports.pdf"), self.show_pdf, picture_of="document", look=look)
        self.xlsx = button(t("reports.xlsx"), self.save_xlsx, picture_of="save", look=look)
        self.submit = button(t("reports.submit"), self.open_submit, "primary")
        for made in (self.pdf, self.xlsx, self.submit):
            top.add(made)
        self.submit.setVisible(bool(self.context.roles & SUBMITS))
        inside.addWidget(top)
        self._body = column(None, look, 3)
        inside.addLayout(self._body)

    def leave(self) -> None:
        """Keep the draft of a report that is being submitted."""
        if self.sheet is not None and isValid(self.sheet):
            self.sheet.keep()

    # Fetching.

    def enter(self, *, focus: bool = True) -> None:
        """Fetch the period again."""
        self.fetch(focus=focus)

    def fetch(self, *, focus: bool = False) -> None:
        """Count the period that is chosen."""
        wanted = self.picker.wanted
        focus = self._hold_focus() or focus
        for made in (self.pdf, self.xlsx, self.submit):
            made.setEnabled(False)
        if wanted is None:
            self.found = None
            self._empty()
            self._body.addWidget(label(t("reports.stage_advice"), "second", wrap=True))
            self.context.ask(stages_of, self.picker.set_stages, owner=self, key="stages")
            return
        if self.found is None:
            self._empty()
            self._body.addWidget(label(t("reports.counting"), "second"))
        self.context.work(
            lambda desk, _job: found_of(desk, wanted),
            lambda found: self._show(found, focus=focus),
            self._failed,
            owner=self,
            key="figures",
            label="reports.counting",
        )

    def _hold_focus(self) -> bool:
        """Take the focus from what is going to be replaced; returns whether it was there."""
        now = QApplication.focusWidget()
        inside = now is not None and self.isAncestorOf(now) and not self.picker.isAncestorOf(now)
        if inside:
            self.picker.take_focus()
        return inside

    def _empty(self) -> None:
        clear(self._body)
        self.tiles, self.table, self.groups, self.corrections = {}, None, None, None
        self.charts, self.case_groups = [], []

    def _failed(self, error: RegisterError) -> None:
        self.found = None
        self._empty()
        again = button(t("queue.again"), self.fetch, "quiet")
        self._body.addWidget(notice(sentence(error), self.context.look, "late", action=again))

    # Showing.

    def _show(self, found: Found, *, focus: bool) -> None:
        report = found.report
        if self.found is None or self.found.report.period != report.period:
            self._screen.to_head()
        self.found = found
        self._empty()
        self.picker.set_stages(found.stages)
        self.named.setText(named(report.period))
        for made in (self.pdf, self.xlsx):
            made.setEnabled(True)
        self.submit.setEnabled(found.submitted is None)
        self._notices(found)
        self.tiles = tiles(self.context, report)
        for code, tile in self.tiles.items():
            tile.clicked.connect(partial(self.open_list, code))
            tile.meaning_wanted.connect(partial(self.tell, code))
        if report.period.kind not in ("stage", "final"):
            self._body.addWidget(flow_of(self.context, self.tiles))
            self._figures(found)
            self._programmes(found)
        else:
            self._programmes(found)
            self._body.addWidget(flow_of(self.context, self.tiles))
            self._figures(found)
        self._after(found)
        if focus:
            next(iter(self.tiles.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def _notices(self, found: Found) -> None:
        look, report = self.context.look, found.report
        if report.partial:
            self._body.addWidget(notice(t("reports.partial", on=day(report.as_of)), look, "soon"))
        if found.submitted is not None:
            one = found.submitted
            words = t("reports.submitted", on=day(one.submitted_on), who=one.submitted_by)
            paper = button(t("reports.open_paper"), self.show_pdf, "quiet") if one.document is not None else None
            self._body.addWidget(notice(words, look, "done", action=paper))
        if report.unknown_clocks:
            self._body.addWidget(notice(t("reports.unknown", count=report.unknown_clocks), look, "soon"))
        others = [one for one in found.waiting if one.period.key != report.period.key]
        if others and self.context.roles & SUBMITS:
            flow = Wrapping(look, 1)
            flow.add(label(t("reports.waiting"), "label"))
            for other in others:
                words = str(other.period.name)
                if other.due_on is not None:
                    words = t("reports.waiting_due", name=words, due=day(other.due_on))
                flow.add(button(words, partial(self._go_to, other.period), "quiet"))
            self._body.addWidget(flow)

    def _go_to(self, period: Period) -> None:
        kind = period.kind if period.kind in ("month", "annual") else "stage"
        self.picker.choose(Wanted(kind, period.key))

    def go_to_month(self, key: str) -> None:
        """Show another month."""
        self.picker.choose(Wanted("month", key))

    def _section(self, words: str) -> None:
        self._body.addSpacing(self.context.look.space(2))
        self._body.addWidget(label(words, "section", wrap=True))

    def _chart(self, chart: Chart) -> None:
        made = ChartPart(chart, self.context.look)
        self.charts.append(made)
        self._body.addWidget(made)

    def _figures(self, found: Found) -> None:
        from models.figures.contents import SECTIONS
        from models.figures.groups import NAMES

        report = found.report
        for chart in found.charts:
            if chart.kind != "target":
                self._chart(chart)
        self._section(t("reports.all_figures"))
        sections = [(str(title), codes) for title, codes in SECTIONS]
        self.table = FiguresTable(self.context, sections, report.figures, self.open_list, self.tell, report=report)
        self._body.addWidget(self.table)
        if report.groups:
            self._section(t("reports.groups"))
            self._body.addWidget(label(t("reports.groups_words"), "small", wrap=True))
            self.groups = GroupsPart(
                self.context,
                {dimension: str(NAMES[dimension]) for dimension in report.groups},
                {str(dimension): groups for dimension, groups in report.groups.items()},
                CODES,
                self._open_part,
                self.tell_figure,
                whole=report.figures,
            )
            self._body.addWidget(self.groups)
        if report.complained_of:
            self._section(t("reports.complained_of"))
            for group in report.complained_of:
                count = f"{group.figures['matters_new'].numerator:,}"
                self._body.addWidget(label(t("join.pair", name=str(group.words), value=count), wrap=True))

    def _programmes(self, found: Found) -> None:
        targets = [chart for chart in found.charts if chart.kind == "target"]
        with_targets = [one for one in found.report.programmes if one.targets]
        for one in found.report.programmes:
            self._section(t("reports.programme", name=one.name))
            if one in with_targets and with_targets.index(one) < len(targets):
                self._chart(targets[with_targets.index(one)])
            self._body.addWidget(
                FiguresTable(
                    self.context,
                    [("", tuple(one.figures))],
                    one.figures,
                    partial(self._open_case, one),
                    partial(self._tell_case, one),
                )
            )
            made = GroupsPart(
                self.context,
                {name: t(f"reports.case_{name}") for name in CASE_PARTS},
                {
                    "source": one.by_source,
                    "exclusion": one.by_exclusion,
                    "leader": one.by_leader,
                    "unit": one.by_unit,
                },
                CASE_CODES,
                partial(self._open_case_part, one),
                self.tell_figure,
            )
            self.case_groups.append(made)
            self._body.addWidget(made)

    def _after(self, found: Found) -> None:
        look = self.context.look
        if found.submitted is not None or found.report.period.kind == "month":
            self._section(t("reports.corrections"))
            self.corrections = CorrectionsPart(self, found.report.period, found.submitted, found.corrections)
            self._body.addWidget(self.corrections)
        if found.submitted is not None:
            for words, text in (
                (t("reports.analysis"), found.submitted.analysis),
                (t("reports.suggestions"), found.submitted.suggestions),
            ):
                if text:
                    self._section(words)
                    self._body.addWidget(label(text, wrap=True, copy=True))
        self._body.addSpacing(look.space(4))

    # Lists and meanings.

    def open_list(self, code: str) -> None:
        """Show the list behind a figure."""
        from models.figures.indicators import indicator

        if self.found is not None:
            report = self.found.report
            self._screen.show_list(lists.of_figure(report.period, report.figures[code], str(indicator(code).name)))

    def _open_part(self, dimension: str, part: Group, figure: Figure) -> None:
        from models.figures.indicators import indicator

        if self.found is not None:
            title = t("join.pair", name=str(part.words), value=str(indicator(figure.code).name))
            period = self.found.report.period
            self._screen.show_list(lists.of_figure(period, figure, title, dimension=dimension, key=part.key))

    def _open_case(self, programme: ProgrammeFigures, code: str) -> None:
        from models.figures.indicators import indicator

        if self.found is not None:
            figure, period = programme.figures[code], self.found.report.period
            self._screen.show_list(lists.of_figure(period, figure, str(indicator(code).name), programme=programme.key))

    def _open_case_part(self, programme: ProgrammeFigures, dimension: str, part: Group, figure: Figure) -> None:
        from models.figures.indicators import indicator

        if self.found is not None:
            title = t("join.pair", name=str(part.words), value=str(indicator(figure.code).name))
            self._screen.show_list(
                lists.of_figure(
                    self.found.report.period, figure, title, dimension=dimension, key=part.key, programme=programme.key
                )
            )

    def open_correction(self, period: Period, change: Correction) -> None:
        """Show the matters that make a correction."""
        from models.figures.indicators import indicator

        if change.added or change.gone:
            self._screen.show_list(lists.of_correction(period, change, str(indicator(change.code).name)))

    def tell(self, code: str) -> None:
        """Tell what a figure means."""
        if self.found is not None:
            figure = self.found.report.figures[code]
            self._tell(figure, partial(self.open_list, code))

    def _tell_case(self, programme: ProgrammeFigures, code: str) -> None:
        self._tell(programme.figures[code], partial(self._open_case, programme, code))

    def tell_figure(self, figure: Figure) -> None:
        """Tell what a part of a figure, or a corrected one, means."""
        self._tell(figure, None)

    def _tell(self, figure: Figure, show_list: partial[None] | None) -> None:
        if self.found is not None:
            self.context.sheet_wanted.emit(MeaningSheet(self.context, self.found.report, figure, show_list))

    # Papers and submitting.

    def _paper(self, desk: DeskPort) -> Sheet:
        assert self.found is not None  # noqa: S101  # the buttons are shut until something is shown
        return desk.figures.sheet(self.found.report.period)

    def _stem(self) -> str:
        assert self.found is not None  # noqa: S101  # the buttons are shut until something is shown
        return t("reports.stem", name=str(self.found.report.period.name))

    def show_pdf(self) -> None:
        """Show the report as a paper: the one that was submitted, else as it would print now."""
        if self.found is not None:
            document = self.found.submitted.document if self.found.submitted is not None else None
            papers.show_paper(self.context, self, self._stem(), self._paper, document=document)

    def save_xlsx(self) -> None:
        """Save the report as a workbook."""
        if self.found is not None:
            export_paper(self.context, self, t("reports.xlsx"), self._stem(), (".xlsx",), self._paper)

    def open_submit(self) -> None:
        """Open the sheet on which the report is submitted."""
        from ui.screens.reports.submit import SubmitSheet

        if self.found is not None:
            self.sheet = sheet = SubmitSheet(self.context, self.found.report)
            sheet.other_wanted.connect(self._go_to)
            self.context.sheet_wanted.emit(sheet)
