"""Sync: the ways to the city and what they bring; a page each for what a person must see to."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QStackedWidget, QWidget

from ui.context import Context
from ui.keys import bind
from ui.parts.fields import Segments
from ui.parts.layout import column
from ui.parts.sheet import sheet_of
from ui.screens.base import Screen
from ui.screens.sync.conflicts import ConflictsPart
from ui.screens.sync.heldback import HeldBackPart
from ui.screens.sync.state import StatePart
from ui.screens.sync.stations import StationsPart
from ui.words import t

PARTS = ("state", "conflicts", "held", "stations")


class SyncScreen(Screen):
    """One page at a time."""

    name = "sync"

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        look = context.look
        outer = column(self, look, 0)
        head = QWidget()
        top = column(head, look, 0)
        top.setContentsMargins(look.space(6), look.space(4), look.space(6), 0)
        self.part = Segments([(name, t(f"sync.part_{name}"), "") for name in PARTS], look, "state", t("rail.sync"))
        self.part.chosen.connect(lambda _part: self.enter())
        top.addWidget(self.part)
        outer.addWidget(head)
        self.pages = QStackedWidget()
        self.state = StatePart(context)
        self.conflicts = ConflictsPart(context)
        self.held = HeldBackPart(context)
        self.stations = StationsPart(context)
        self._pages: dict[object, Screen] = {
            "state": self.state,
            "conflicts": self.conflicts,
            "held": self.held,
            "stations": self.stations,
        }
        for page in self._pages.values():
            self.pages.addWidget(page)
        outer.addWidget(self.pages, 1)
        bind(self, "likely_act", self.likely)

    def enter(self) -> None:
        """Fetch what is shown, and put the focus where work begins."""
        page = self._pages[self.part.value]
        self.pages.setCurrentWidget(page)
        page.enter()
        focus = QApplication.focusWidget()
        if sheet_of(focus) is None and not self.isAncestorOf(focus or self.window()):
            next(one for one in self.part.buttons() if one.isChecked()).setFocus(Qt.FocusReason.OtherFocusReason)

    def likely(self) -> None:
        """Go on with the sheet that is open."""
        sheet = sheet_of(QApplication.focusWidget())
        go = getattr(sheet, "go", None)
        if isinstance(go, QPushButton) and go.isEnabled():
            go.click()
