"""Ledgers: which, of which days, as a table to look at, as PDF to bind, as a workbook to count on."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtWidgets import QWidget

from models.errors import RegisterError, RuleError
from ui.parts.fields import Choice, DateField, Field
from ui.parts.grids import FullTable, grid_table
from ui.parts.layout import Wrapping, clear, column
from ui.parts.paper import export_paper
from ui.parts.text import button, empty, label, notice
from ui.screens.base import today
from ui.screens.reports import papers
from ui.tokens import Tone
from ui.words import day, sentence, t

if TYPE_CHECKING:
    from models.sheets.content import Grid, Sheet
    from ui.port import DeskPort
    from ui.screens.reports.screen import ReportsScreen

SEEN = 200
"""Rows of the preview; the paper and the workbook hold all of them."""


class Preview(NamedTuple):
    """What the page shows of a ledger."""

    title: str
    subtitle: str
    grid: Grid
    rows: tuple[tuple[Any, ...], ...]
    more: bool
    notes: tuple[str, ...]


def _preview(sheet: Sheet) -> Preview:
    from models.sheets.content import Grid as GridBlock

    grid = next(block for block in sheet.blocks if isinstance(block, GridBlock))
    rows = tuple(tuple(row) for row in islice(iter(grid.rows), SEEN + 1))
    return Preview(sheet.title, sheet.subtitle, grid, rows[:SEEN], len(rows) > SEEN, tuple(sheet.notes))


class LedgersPart(QWidget):
    """One ledger at a time."""

    def __init__(self, screen: ReportsScreen) -> None:
        super().__init__()
        from models.ledgers.ledger import LEDGERS

        self.context = screen.context
        look = self.context.look
        self.table: FullTable | None = None
        self._shown: tuple[str, date | None, date | None] | None = None
        inside = column(self, look, 3)
        top = Wrapping(look, 3)
        self.kind = Choice([(name, str(words)) for name, words in LEDGERS.items()])
        self.kind.setMinimumContentsLength(18)
        self.kind.currentIndexChanged.connect(lambda _at: self._kind_chosen())
        on = today()
        month = on.replace(day=1)
        self.first, self.last = DateField(look, month), DateField(look, on)
        for field in (self.first, self.last):
            field.setFixedWidth(look.size(150))
            field.editingFinished.connect(self._asked)
        top.add(Field(t("reports.ledger"), self.kind, look))
        top.add(Field(t("duties.from"), self.first, look))
        top.add(Field(t("duties.to"), self.last, look))
        self.before = button(t("reports.last_month"), self.take_last_month, "quiet")
        self.pdf = button(t("reports.pdf"), self.show_pdf, picture_of="document", look=look)
        self.save_pdf = button(t("reports.save_pdf"), lambda: self.save(".pdf"), picture_of="save", look=look)
        self.xlsx = button(t("reports.xlsx"), lambda: self.save(".xlsx"), picture_of="save", look=look)
        for made in (self.before, self.pdf, self.save_pdf, self.xlsx):
            top.add(made)
        inside.addWidget(top)
        self._body = column(None, look, 2)
        inside.addLayout(self._body)

    def enter(self, *, focus: bool = True) -> None:
        """Fetch the ledger again."""
        if focus:
            self.kind.setFocus()
        self.fetch()

    def _days(self) -> tuple[date | None, date | None]:
        """Return the days that are chosen; none for key cases, whose book is that of the whole programme."""
        return (None, None) if self.kind.value == "key-cases" else (self.first.day, self.last.day)

    def _kind_chosen(self) -> None:
        whole = self.kind.value == "key-cases"
        for field in (self.first, self.last, self.before):
            field.setEnabled(not whole)
        self.fetch()

    def _asked(self) -> None:
        if self._shown is not None and self._shown[1:] != self._days() and not (self.first.wrong or self.last.wrong):
            self.fetch()

    def take_last_month(self) -> None:
        """Choose the whole month before."""
        end = today().replace(day=1) - timedelta(days=1)
        self.first.set_day(end.replace(day=1))
        self.last.set_day(end)
        self.fetch()

    def fetch(self) -> None:
        """Read the first rows of the ledger."""
        kind, (first, last) = str(self.kind.value), self._days()
        self._shown = (kind, first, last)
        for made in (self.pdf, self.save_pdf, self.xlsx):
            made.setEnabled(False)
        self.context.work(
            lambda desk, _job: _preview(desk.ledgers.sheet(kind, first, last)),
            self._show,
            self._failed,
            owner=self,
            key="ledger",
            label="reports.reading",
        )

    def _failed(self, error: RegisterError) -> None:
        clear(self._body)
        self.table = None
        again = button(t("queue.again"), self.fetch, "quiet")
        tone: Tone = "soon" if isinstance(error, RuleError) else "late"
        self._body.addWidget(notice(sentence(error), self.context.look, tone, action=again))

    def _show(self, found: Preview) -> None:
        look = self.context.look
        clear(self._body)
        self.table = None
        for made in (self.pdf, self.save_pdf, self.xlsx):
            made.setEnabled(True)
        self._body.addWidget(label(found.title, "section", wrap=True))
        self._body.addWidget(label(found.subtitle, "second", wrap=True))
        if not found.rows:
            self._body.addWidget(empty(t("reports.ledger_empty"), t("reports.ledger_empty_advice"), look))
            return
        if found.more:
            self._body.addWidget(notice(t("reports.ledger_more", count=SEEN), look, "accent"))
        self.table = grid_table(found.grid, look, found.title, found.rows)
        self._body.addWidget(self.table)
        for note in found.notes:
            self._body.addWidget(label(note, "small", wrap=True))

    # Papers.

    def _paper(self, desk: DeskPort) -> Sheet:
        assert self._shown is not None  # noqa: S101  # the buttons are shut until something is shown
        kind, first, last = self._shown
        return desk.ledgers.sheet(kind, first, last)

    def _stem(self) -> str:
        words = self.kind.currentText()
        first, last = self._days()
        return t("reports.ledger_stem", name=words, first=day(first), last=day(last)) if first and last else words

    def show_pdf(self) -> None:
        """Show the ledger as it prints."""
        papers.show_paper(self.context, self, self._stem(), self._paper)

    def save(self, suffix: str) -> None:
        """Save the whole ledger as PDF or workbook."""
        export_paper(self.context, self, t("reports.save"), self._stem(), (suffix,), self._paper)
