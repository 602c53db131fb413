"""The window on the bureau that was counted by hand (`office`), at the reports; what the tests of that page share."""

from __future__ import annotations

import io

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.ui.conftest import idle, unlocked
from tests.ui.reports import office
from ui.services import Services
from ui.words import use


@pytest.fixture(autouse=True)
def chinese_again():
    yield
    use("zh")


@pytest.fixture
def register(tmp_path):
    """The bureau's register in place of the staged one."""
    return office.copy(tmp_path)


@pytest.fixture
def show(qtbot, make_window):
    """Open the window as a person on a day, at the reports."""

    def make(login: str = "pu", language: str = "zh", day: str = office.DAY, month: str = "2026-03", **look):
        window = make_window(services=Services(open_register=office.opener(login, day)), language=language, **look)
        frame = unlocked(qtbot, window)
        frame.go("reports")
        idle(qtbot, window)
        screen = frame._screens["reports"]
        if month:
            choose(qtbot, screen, month)
        return frame, screen

    return make


def choose(qtbot, screen, key: str) -> None:
    """Type a period into the field of the page that is shown."""
    field = screen.shown.picker.typed
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, key)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    idle(qtbot, screen.window())


def part(qtbot, screen, name: str):
    """Press the button of a page."""
    at = ("figures", "units", "ledgers", "annual").index(name)
    qtbot.mouseClick(screen.part.buttons()[at], Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    return screen.shown


def words_of(widget) -> list[str]:
    return [made.text() for made in widget.findChildren(QLabel) if made.text()]


def listed(screen) -> list[int]:
    return [screen.behind.model.line(at).id for at in range(screen.behind.model.rowCount())]


def text_of(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
