"""The reception day: the counter's day, the plan, going out, what was promised; and the chief's mode over all of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QStackedLayout, QStackedWidget, QWidget

from ui.context import Context
from ui.keys import bind
from ui.parts.fields import Segments
from ui.parts.layout import column
from ui.parts.sheet import sheet_of
from ui.screens.base import Screen
from ui.screens.lines import LinesScreen
from ui.screens.reception.chief import ChiefPage
from ui.screens.reception.day import DayPart
from ui.screens.reception.out import OutPart
from ui.screens.reception.plan import PlanPart
from ui.screens.reception.promises import PromisesPart
from ui.words import t

PARTS = ("day", "plan", "out", "promises")


class ReceptionScreen(Screen):
    """One of four pages at a time, or the chief's mode."""

    name = "reception"

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        look = context.look
        self._stack = QStackedLayout(self)
        desk = QWidget()
        outer = column(desk, look, 0)
        head = QWidget()
        top = column(head, look, 0)
        top.setContentsMargins(look.space(6), look.space(4), look.space(6), 0)
        self.part = Segments(
            [(name, t(f"reception.part_{name}"), "") for name in PARTS], look, "day", t("rail.reception")
        )
        self.part.chosen.connect(lambda _part: self._open())
        top.addWidget(self.part)
        outer.addWidget(head)
        self.pages = QStackedWidget()
        self.day, self.plan = DayPart(context), PlanPart(context)
        self.out, self.promises = OutPart(context), PromisesPart(context)
        for page in (self.day, self.plan, self.out, self.promises):
            self.pages.addWidget(page)
        outer.addWidget(self.pages, 1)
        self._stack.addWidget(desk)
        self.chief: ChiefPage | None = None
        self.day.chief_wanted.connect(self.receive)
        self.day.plan_wanted.connect(lambda: self.part.set_value("plan"))
        self.plan.day_wanted.connect(self.show_day)
        self.out.day_wanted.connect(self.show_day)
        context.register_changed.connect(self._changed)
        bind(self, "likely_act", self.likely)
        bind(self, "print", self.day_print)

    def enter(self) -> None:
        """Fetch what is shown, and put the focus where work begins."""
        self._open()

    def leave(self) -> None:
        """Keep what is typed in the chief's mode."""
        if self.chief is not None:
            self.chief.save_now()

    def back(self) -> bool:
        """Leave the last step of the chief's mode, then the mode."""
        if not self.receiving or self.chief is None:
            return False
        if not self.chief.back():
            self.to_counter()
        return True

    @property
    def receiving(self) -> bool:
        """Whether the chief's mode is shown."""
        return self.chief is not None and self._stack.currentWidget() is self.chief

    def _open(self) -> None:
        if self.receiving and self.chief is not None:
            self.chief.enter()
            return
        page = self._page()
        self.pages.setCurrentWidget(page)
        page.enter()
        focus = QApplication.focusWidget()
        if sheet_of(focus) is None and not self.isAncestorOf(focus or self.window()):
            next(one for one in self.part.buttons() if one.isChecked()).setFocus(Qt.FocusReason.OtherFocusReason)

    def _page(self) -> LinesScreen:
        found: dict[object, LinesScreen] = {
            "day": self.day,
            "plan": self.plan,
            "out": self.out,
            "promises": self.promises,
        }
        return found[self.part.value]

    def _changed(self) -> None:
        """The pages fetch for themselves when they are looked at; the chief's mode asks who is called."""
        if self.receiving and self.isVisible() and self.chief is not None:
            self.chief.enter()

    def show_day(self, reception: int) -> None:
        """Show a day at the counter."""
        self.day.open(reception)
        if self.part.value == "day":
            self._open()
        else:
            self.part.set_value("day")

    def choose_day(self, reception: int) -> None:
        """Choose a day; it is shown when the screen is entered. A record that is being written stays in front."""
        self.day.open(reception)
        self.part.blockSignals(True)
        self.part.set_value("day")
        self.part.blockSignals(False)

    def arriving(self, matter: int, title: str) -> None:
        """Give a number to a matter that was just registered, as soon as the day is shown."""
        if self.receiving and self.chief is not None:
            self.chief.save_now()
            self._stack.setCurrentIndex(0)
        self.day.arriving = (matter, title)
        self.day.open(None)
        self.part.blockSignals(True)
        self.part.set_value("day")
        self.part.blockSignals(False)

    # The chief's mode.

    def receive(self, reception: int) -> None:
        """Receive in large type."""
        if self.chief is None:
            self.chief = ChiefPage(self.context)
            self.chief.left.connect(self.to_counter)
            self._stack.addWidget(self.chief)
        self.chief.open(reception)
        self._stack.setCurrentWidget(self.chief)
        self.chief.enter()

    def to_counter(self) -> None:
        """Go back to the counter's page; what is typed is kept."""
        if self.receiving and self.chief is not None:
            self.chief.save_now()
            self._stack.setCurrentIndex(0)
            self._open()

    def likely(self) -> None:
        """Go on in the sheet that is open, in the chief's mode, or do what the day asks for next."""
        sheet = sheet_of(QApplication.focusWidget())
        if sheet is not None:
            go = getattr(sheet, "go", None)
            if isinstance(go, QPushButton) and go.isEnabled():
                go.click()
            return
        if self.receiving and self.chief is not None:
            self.chief.go_on()
        elif self.part.value == "day":
            self.day.likely()

    def day_print(self) -> None:
        """Print what the page is for."""
        if self.receiving and self.chief is not None:
            self.chief.print_record()
        elif self.part.value == "day":
            self.day.print()
        elif self.part.value == "plan":
            self.plan.notice.preview()
