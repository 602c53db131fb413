"""The window at the reception counter, with what a person does there by keys and clicks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from models.desk import Desk
from tests.ui.conftest import idle, unlocked
from ui.parts.paper import PaperSheet
from ui.parts.sheet import Sheet


class Counter:
    """The window at the reception counter, with what a person does there."""

    def __init__(self, qtbot, window, staged) -> None:
        self.qtbot, self.window, self.staged = qtbot, window, staged
        self.frame = unlocked(qtbot, window)
        self.frame.go("reception")
        self.idle()
        self.screen = self.frame._screens["reception"]

    def idle(self) -> None:
        idle(self.qtbot, self.window)

    def activate(self) -> None:
        """Give the keys to the window: the offscreen platform hands them to every new one, and to none after it."""
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)

    @property
    def desk(self) -> Desk:
        """The register; asked while the worker rests."""
        desk = self.window.context.desk
        assert isinstance(desk, Desk)
        return desk

    def part(self, name: str):
        """Press one of the four pages."""
        place = ("day", "plan", "out", "promises").index(name)
        self.qtbot.mouseClick(self.screen.part.buttons()[place], Qt.MouseButton.LeftButton)
        self.idle()
        return getattr(self.screen, name)

    def sheet(self, kind: type[Sheet]):
        """The sheet that is open."""
        self.idle()
        sheet = self.frame.sheets.sheet
        assert isinstance(sheet, kind), type(sheet)
        return sheet

    def keys(self, key, modifier=Qt.KeyboardModifier.ControlModifier) -> None:
        """Press a key where the focus is."""
        self.activate()
        self.qtbot.keyClick(QApplication.focusWidget() or self.screen, key, modifier)
        self.idle()

    def go_on(self) -> None:
        """Press Ctrl+Enter."""
        self.keys(Qt.Key.Key_Return)

    def press(self, button: QPushButton) -> None:
        """Press a button."""
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        self.idle()

    def type(self, widget, words: str) -> None:
        """Write into a field, as an input method does."""
        widget.setFocus()
        event = QInputMethodEvent()
        event.setCommitString(words)
        QApplication.sendEvent(widget, event)

    def line(self, words: str):
        """The line of the docket that says these words."""
        self.screen.day.lines.finish()
        return next(one for one in self.screen.day.lines.buttons if words in one.accessibleName())

    def paper(self) -> str:
        """The text of the paper that is shown."""
        sheet = self.sheet(PaperSheet)
        words = text_of(sheet.pane.document)
        self.frame.sheets.close_sheet()
        return words


def text_of(document: QPdfDocument) -> str:
    """Return the text of all pages without spaces and line ends."""
    pages = (document.getAllText(page).text() for page in range(document.pageCount()))
    return "".join("".join(page.split()) for page in pages)


def shown(widget) -> list[str]:
    """Return the words of all labels of a widget."""
    return [label.text() for label in widget.findChildren(QLabel)]
