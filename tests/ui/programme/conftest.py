"""A window on a register with a programme in its course, and the page of that programme."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.ui import keycases
from tests.ui.conftest import idle
from tests.ui.programme.pages import press


@pytest.fixture
def made(register, today) -> dict[str, int]:
    """The matters of the staged programme, by the state of their case."""
    return keycases.furnish(register, today)


@pytest.fixture(autouse=True)
def staged_first(request):
    """Stage the programme before any window opens the register."""
    if {"made", "one"} & set(request.fixturenames):
        request.getfixturevalue("made")


@pytest.fixture
def screen(qtbot, frame):
    """The page of programmes, reached by its key."""
    name = next(at for at, name in enumerate(frame.rail, start=1) if name == "programme")
    qtbot.keyClick(frame, Qt.Key(Qt.Key.Key_0 + name), Qt.KeyboardModifier.AltModifier)
    idle(qtbot, frame.window())
    found = frame._screens["programme"]
    assert frame.stack.currentWidget() is found
    return found


@pytest.fixture
def one(qtbot, made, screen):
    """The page of the staged programme, opened with Enter on its line."""
    assert made
    press(qtbot, screen.lines.buttons[0])
    idle(qtbot, screen.window())
    return screen
