"""The list behind a figure: its matters as in the register, and how they make the figure.

Sealed matters of which the list would tell the content are counted and not listed; that is said in words. A matter that
counts for more than one (people of a visit, days of a mean) says so behind its number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout, QWidget

from models.errors import RegisterError
from models.records import Page
from ui.context import Context
from ui.parts.fields import Segments
from ui.parts.layout import column, row
from ui.parts.matter_table import COLUMNS, Index, MatterModel, MatterTable
from ui.parts.text import button, empty, label
from ui.words import sentence, t

if TYPE_CHECKING:
    from models.figures.records import Behind
    from ui.port import DeskPort

PAGE = 200


class Part(NamedTuple):
    """One list: what counts, what it is taken over, or what is lacking to that."""

    name: str
    words: str
    ask: Callable[[DeskPort, Any], Behind]
    """Takes the desk and where to go on; on the worker."""


class Listing(NamedTuple):
    """What is behind a figure."""

    title: str
    under: str
    """How the figure is counted."""
    parts: tuple[Part, ...]


class CountedModel(MatterModel):
    """The register's model, with how much each matter counts."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.counts: list[int] = []

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Say behind the number how much a matter counts, when it is more than one."""
        found = super().data(index, role)
        if role == Qt.ItemDataRole.DisplayRole and index.isValid() and COLUMNS[index.column()] == "number":
            count = self.counts[index.row()] if index.row() < len(self.counts) else 1
            return t("reports.times", number=found, count=count) if count != 1 else found
        return found


class BehindPage(QWidget):
    """The page of a list; Enter opens the matter, Esc goes back to the figures."""

    def __init__(self, context: Context, listing: Listing, back: Callable[[], object]) -> None:
        super().__init__()
        self.context, self.listing = context, listing
        look = context.look
        outer = column(self, look, 2)
        outer.setContentsMargins(look.space(6), look.space(5), look.space(6), 0)
        head = row(None, look, 3)
        titles = column(None, look, 0)
        titles.addWidget(label(listing.title, "page", wrap=True))
        if listing.under:
            titles.addWidget(label(listing.under, "small", wrap=True))
        head.addLayout(titles, 1)
        self.way_back = button(t("queue.back"), back, "quiet", picture_of="back", look=look)
        head.addWidget(self.way_back, 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(head)
        self.part = Segments([(one.name, one.words, "") for one in listing.parts], look, name=listing.title)
        self.part.chosen.connect(lambda _part: self._fetch(None))
        outer.addWidget(self.part)
        self.part.setVisible(len(listing.parts) > 1)  # once it stands in the page: alone it would be a window
        self.told = label("", "second", wrap=True)
        outer.addWidget(self.told)
        self.model = CountedModel(look)
        self.model.more_wanted.connect(self._fetch)
        self.table = MatterTable(look)
        self.table.setAccessibleName(listing.title)
        self.table.setModel(self.model)
        self.table.opened.connect(lambda at: context.matter_wanted.emit(self.model.line(at).id, ""))
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.table)
        self._nothing = empty(t("reports.list_empty"), t("reports.list_empty_advice"), look)
        self._stack.addWidget(self._nothing)
        outer.addWidget(holder, 1)
        self._fetch(None)

    def enter(self) -> None:
        """Put the focus on the list."""
        if self.model.rowCount() and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, 0))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fetch(self, after: Any) -> None:
        chosen = next(one for one in self.listing.parts if one.name == self.part.value)
        self.context.ask(
            lambda desk: chosen.ask(desk, after),
            self._first if after is None else self._more,
            self._failed,
            owner=self,
            key="behind",
        )

    def _first(self, found: Behind) -> None:
        self.model.counts = list(found.counts)
        self.model.replace(Page(lines=found.lines, after=found.after, total=found.total))
        self.table.fit()
        self._stack.setCurrentIndex(0 if found.lines else 1)
        listed = found.total - found.hidden
        said = t("reports.listed_one") if listed == 1 else t("reports.listed", count=f"{listed:,}")
        if found.hidden:
            hidden = t("reports.hidden_one") if found.hidden == 1 else t("reports.hidden", count=f"{found.hidden:,}")
            said = t("join.clauses").join([said, hidden])
        self.told.setText(said)
        if self.isVisible():
            self.enter()
            if not found.lines:
                self.way_back.setFocus()

    def _more(self, found: Behind) -> None:
        self.model.counts += found.counts
        self.model.append(Page(lines=found.lines, after=found.after, total=found.total))

    def _failed(self, error: RegisterError) -> None:
        self.told.setText(sentence(error))
        self._stack.setCurrentIndex(1)
