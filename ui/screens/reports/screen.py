"""Reports: figures of a month, stage or year; units by duties done; ledgers; the year. Four pages, one at a time.

A list behind a figure takes the place of the page; Esc leads back to where it was opened. Never a list of persons
(domain reference, sections 12 and 16): what is counted and listed are matters and duties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from ui.context import Context
from ui.parts.fields import Segments
from ui.parts.layout import Page, column, row
from ui.parts.text import label
from ui.screens.base import Screen
from ui.screens.reports.behind import BehindPage, Listing
from ui.screens.reports.figures import FiguresPart
from ui.screens.reports.period import Wanted
from ui.words import t

if TYPE_CHECKING:
    from ui.screens.reports.ledgers import LedgersPart
    from ui.screens.reports.units import UnitsPart

    Part = FiguresPart | UnitsPart | LedgersPart

PARTS = ("figures", "units", "ledgers", "annual")
WIDTH = 1200


class ReportsScreen(Screen):
    """The pages, and the list over them."""

    name = "reports"

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        look = context.look
        self._parts: dict[str, Part] = {}
        self.behind: BehindPage | None = None
        self._before: QWidget | None = None
        self._stale = False
        """Something was written while a list was open: the figures are counted again on the way back."""
        outer = column(self, look, 0)
        self._stack = QStackedWidget()
        outer.addWidget(self._stack)
        self._page = Page(look, width=WIDTH, margin=5, gap=3)
        self._stack.addWidget(self._page)
        body = self._page.body
        head = row(None, look, 5)
        head.addWidget(label(t("reports.title"), "page"), 0, Qt.AlignmentFlag.AlignTop)
        self.part = Segments([(name, t(f"reports.{name}"), "") for name in PARTS], look, PARTS[0], t("reports.title"))
        self.part.chosen.connect(lambda _part: self._open())
        head.addWidget(self.part, 1)
        body.addLayout(head)
        self._place = column(None, look, 0)
        body.addLayout(self._place)
        body.addStretch(1)
        context.register_changed.connect(self._changed)

    @property
    def shown(self) -> Part:
        """Return the page that is chosen; made when it is first shown."""
        name = str(self.part.value)
        if name not in self._parts:
            made = self._make(name)
            self._parts[name] = made
            self._place.addWidget(made)
        return self._parts[name]

    def _make(self, name: str) -> Part:
        if name == "units":
            from ui.screens.reports.units import UnitsPart

            return UnitsPart(self)
        if name == "ledgers":
            from ui.screens.reports.ledgers import LedgersPart

            return LedgersPart(self)
        return FiguresPart(self, ("annual",) if name == "annual" else ("month", "stage", "annual"))

    def open_period(self, kind: str, key: str) -> None:
        """Choose the figures of a month, stage or year from outside; `enter` fetches them."""
        self.back()
        self.part.set_value("figures")
        shown = self.shown
        if isinstance(shown, FiguresPart):
            shown.picker.choose(Wanted(kind, key))

    def enter(self) -> None:
        """Fetch the page that was looked at last; a list that is open stays."""
        if self.behind is not None:
            self.behind.enter()
        else:
            self._open(focus=True)

    def leave(self) -> None:
        """Keep what is typed and not kept yet."""
        for one in self._parts.values():
            if isinstance(one, FiguresPart):
                one.leave()

    def _open(self, *, focus: bool = False) -> None:
        shown, now = self.shown, QApplication.focusWidget()
        if any(one is not shown and now is not None and one.isAncestorOf(now) for one in self._parts.values()):
            next(made for made in self.part.buttons() if made.isChecked()).setFocus()
        for one in self._parts.values():
            one.setVisible(one is shown)
        shown.enter(focus=focus)

    def _changed(self) -> None:
        if self.behind is not None:
            self._stale = True
        elif self.isVisible():
            self._open()

    def to_head(self) -> None:
        """Show the head of the page: another period is told."""
        self._page.verticalScrollBar().setValue(0)

    def show_list(self, listing: Listing) -> None:
        """Show the list behind a figure."""
        self._before = QApplication.focusWidget()
        self._drop()
        self.behind = BehindPage(self.context, listing, self.back)
        self._stack.addWidget(self.behind)
        self._stack.setCurrentWidget(self.behind)
        self.behind.way_back.setFocus()

    def back(self) -> bool:
        """Go back from a list to the figures."""
        if self.behind is None:
            return False
        before = self._before
        self._drop()
        self._stack.setCurrentWidget(self._page)
        if before is not None and self._page.isAncestorOf(before):
            before.setFocus()
        if self._stale:
            self._stale = False
            self._open()
        return True

    def _drop(self) -> None:
        if self.behind is not None:
            self._stack.removeWidget(self.behind)
            self.behind.hide()
            self.behind.deleteLater()
            self.behind = None
