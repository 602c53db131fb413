"""Units by duties done: how often each did in time what it owed, within the limits that chance alone explains.

Units, never persons. A unit with few duties is not judged, and that is said in words; the plot shows why.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from models.errors import RegisterError
from ui.parts.charts import ChartPart
from ui.parts.fields import Segments
from ui.parts.grids import FullTable
from ui.parts.layout import Wrapping, clear, column
from ui.parts.paper import export_paper
from ui.parts.text import button, label, notice
from ui.screens.reports import lists, papers
from ui.screens.reports.period import PeriodPicker, StageChoice, named, stages_of
from ui.words import day, sentence, t

if TYPE_CHECKING:
    from models.figures.records import Evaluation, Measure
    from models.sheets.content import Sheet
    from ui.port import DeskPort
    from ui.screens.reports.screen import ReportsScreen


class UnitsPart(QWidget):
    """One duty at a time: its plot, and its table of units."""

    def __init__(self, screen: ReportsScreen) -> None:
        super().__init__()
        self._screen, self.context = screen, screen.context
        look = self.context.look
        self.found: Evaluation | None = None
        self.table: FullTable | None = None
        self.chart: ChartPart | None = None
        self.duty: Segments | None = None
        self._kept = ""
        inside = column(self, look, 3)
        top = Wrapping(look, 3)
        self.picker = PeriodPicker(self.context)
        self.picker.changed.connect(lambda _wanted: self.fetch())
        top.add(self.picker)
        self.named = label("", "second")
        top.add(self.named)
        self.pdf = button(t("reports.pdf"), self.show_pdf, picture_of="document", look=look)
        self.xlsx = button(t("reports.xlsx"), self.save_xlsx, picture_of="save", look=look)
        for made in (self.pdf, self.xlsx):
            top.add(made)
        inside.addWidget(top)
        inside.addWidget(label(t("reports.units_words"), "small", wrap=True))
        self._body = column(None, look, 3)
        inside.addLayout(self._body)

    def enter(self, *, focus: bool = True) -> None:
        """Fetch the period again."""
        self.fetch(focus=focus)

    def fetch(self, *, focus: bool = False) -> None:
        """Evaluate the period that is chosen."""
        wanted = self.picker.wanted
        for made in (self.pdf, self.xlsx):
            made.setEnabled(False)
        if wanted is None:
            self._empty()
            self._body.addWidget(label(t("reports.stage_advice"), "second", wrap=True))
            self.context.ask(stages_of, self.picker.set_stages, owner=self, key="stages")
            return
        if self.found is None:
            self._empty()
            self._body.addWidget(label(t("reports.counting"), "second"))

        def ask(desk: DeskPort) -> tuple[Evaluation, tuple[StageChoice, ...]]:
            return desk.figures.evaluation(wanted.of(desk.figures)), stages_of(desk)

        self.context.work(
            lambda desk, _job: ask(desk),
            lambda found: self._show(*found, focus=focus),
            self._failed,
            owner=self,
            key="evaluation",
            label="reports.counting",
        )

    def _empty(self) -> None:
        clear(self._body)
        self.found, self.table, self.chart, self.duty = None, None, None, None

    def _failed(self, error: RegisterError) -> None:
        self._empty()
        again = button(t("queue.again"), self.fetch, "quiet")
        self._body.addWidget(notice(sentence(error), self.context.look, "late", action=again))

    def _show(self, found: Evaluation, stages: tuple[StageChoice, ...], *, focus: bool) -> None:
        look = self.context.look
        self._empty()
        self.found = found
        self.picker.set_stages(stages)
        self.named.setText(named(found.period))
        for made in (self.pdf, self.xlsx):
            made.setEnabled(True)
        if found.partial:
            self._body.addWidget(notice(t("reports.partial", on=day(found.as_of)), look, "soon"))
        duties = [(one.code, str(one.name), "") for one in found.measures]
        self.duty = Segments(duties, look, self._kept or None, t("reports.duty"))
        self.duty.chosen.connect(lambda _code: self._show_duty())
        self._body.addWidget(self.duty)
        self._place = column(None, look, 3)
        self._body.addLayout(self._place)
        self._show_duty()
        if focus:
            next(one for one in self.duty.buttons() if one.isChecked()).setFocus()

    def _show_duty(self) -> None:
        from models.figures.evaluation_contents import funnel

        assert self.found is not None  # noqa: S101  # shown together with what was found
        assert self.duty is not None  # noqa: S101  # likewise
        look = self.context.look
        clear(self._place)
        self.table, self.chart = None, None
        self._kept = str(self.duty.value)
        measure = next(one for one in self.found.measures if one.code == self._kept)
        self._place.addWidget(label(str(measure.formula), "small", wrap=True))
        if not measure.lines:
            self._place.addWidget(label(t("reports.no_duty"), "second", wrap=True))
            return
        judged = [line for line in measure.lines if line.verdict != "too_small"]
        self._place.addWidget(label(self._summary(measure, len(judged)), wrap=True))
        if measure.overall not in (None, 0.0, 1.0) and len(measure.lines) > 1:  # as on paper
            self.chart = ChartPart(funnel(measure, self.found.guard), look)
            self.chart.chosen.connect(partial(self._open, measure))
            self._place.addWidget(self.chart)
        self.table = self._table(measure)
        self._place.addWidget(self.table)

    def _summary(self, measure: Measure, judged: int) -> str:
        """Return what the plot shows, in words: how many units lie outside, how many are too small to be judged."""
        assert self.found is not None  # noqa: S101  # asked only when it is shown
        low = [line.name for line in measure.lines if line.verdict in ("below", "far_below")]
        said = [
            t("reports.units_low", names=t("join.list").join(low)) if low else t("reports.units_none_low"),
        ]
        small = len(measure.lines) - judged
        if small:
            said.append(t("reports.units_small", count=small, guard=self.found.guard))
        return t("join.clauses").join(said)

    def _table(self, measure: Measure) -> FullTable:
        from models.figures import wording
        from models.figures.evaluation_contents import VERDICTS
        from models.sheets.words import percent

        heads = [t(f"reports.unit_{name}") for name in ("name", "due", "done", "share", "limits", "verdict")]
        table = FullTable(
            self.context.look, t("reports.units_table"), heads, len(measure.lines) + 1, numbers=(1, 2, 3, 4)
        )
        for at, line in enumerate(measure.lines):
            table.put(at, 0, line.name or t("duties.no_unit"))
            table.put(at, 1, f"{line.denominator:,}")
            table.put(at, 2, f"{line.numerator:,}")
            table.put(at, 3, str(wording.TOO_SMALL) if line.share is None else percent(line.share))
            table.put(at, 4, t("reports.between", low=percent(line.low, 0), high=percent(line.high, 0)))
            table.put(at, 5, str(VERDICTS[line.verdict]), strong=line.verdict not in ("within", "too_small"))
        last = len(measure.lines)
        table.put(last, 0, t("reports.whole"), strong=True)
        table.put(last, 1, f"{measure.denominator:,}", strong=True)
        table.put(last, 2, f"{measure.numerator:,}", strong=True)
        table.put(last, 3, "" if measure.overall is None else percent(measure.overall), strong=True)
        table.fit((0, 80, 80, 90, 130, 150), (4,), 130)
        table.opened.connect(lambda row, _at: self._open(measure, row))
        return table

    def _open(self, measure: Measure, place: int) -> None:
        if 0 <= place < len(measure.lines):
            self._screen.show_list(lists.of_unit(measure, measure.lines[place]))

    # Papers.

    def _paper(self, desk: DeskPort) -> Sheet:
        assert self.found is not None  # noqa: S101  # the buttons are shut until something is shown
        return desk.figures.evaluation_sheet(self.found.period)

    def _stem(self) -> str:
        assert self.found is not None  # noqa: S101  # the buttons are shut until something is shown
        return t("reports.units_stem", name=str(self.found.period.name))

    def show_pdf(self) -> None:
        """Show the evaluation as a paper."""
        if self.found is not None:
            papers.show_paper(self.context, self, self._stem(), self._paper)

    def save_xlsx(self) -> None:
        """Save the evaluation as a workbook."""
        if self.found is not None:
            export_paper(self.context, self, t("reports.xlsx"), self._stem(), (".xlsx",), self._paper)
