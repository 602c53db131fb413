"""What the tests of key cases ask of a page: its lines, its words, its buttons; and how they are pressed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from tests.ui.conftest import idle


def press(qtbot, button: QWidget, key: Qt.Key = Qt.Key.Key_Return) -> None:
    """Press a line or button by the keyboard."""
    button.setFocus()
    assert button.hasFocus()
    qtbot.keyClick(button, key)


def show(qtbot, screen, part: str) -> list[str]:
    """Open a page of the programme; returns what its lines say."""
    screen.part.set_value(part)
    idle(qtbot, screen.window())
    return lines(screen)


def lines(screen) -> list[str]:
    """Return what the lines say."""
    screen.lines.finish()
    return [made.accessibleName() for made in screen.lines.buttons]


def said(widget: QWidget) -> str:
    """Return all words of a page."""
    return "\n".join(made.text() for made in widget.findChildren(QLabel) if made.isVisibleTo(widget))


def named(widget: QWidget, words: str) -> QPushButton:
    """Return the button of these words."""
    return next(one for one in widget.findChildren(QPushButton) if one.text() == words and one.isVisibleTo(widget))


def fill(sheet, **inputs: object) -> None:
    """Fill fields of a small sheet."""
    for name, value in inputs.items():
        widget = sheet.fields[name]
        (widget.set_value if hasattr(widget, "set_value") else widget.setText)(value)


def pdf_text(sheet) -> str:
    """Return the text of all pages of a paper that is shown."""
    document = sheet.pane.document
    return "".join(document.getAllText(page).text() for page in range(document.pageCount())).replace("\r\n", "")


def said_after(qtbot, screen, part: str) -> str:
    """Open a page of the programme; returns all its words."""
    show(qtbot, screen, part)
    return said(screen)
