"""A window on a real register of invented matters; every unexpected warning of Qt fails the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from app.window import _letter_fields
from tests.ui import receiving, staging
from ui.frame import Frame
from ui.prefs import Preferences
from ui.services import Services
from ui.start import Window

EXPECTED = ("This plugin does not support ",)
"""Said by the offscreen platform, which has no window manager; nothing of ours."""


@pytest.fixture(autouse=True)
def no_qt_warnings(qapp: QApplication) -> Iterator[list[str]]:
    """Fail a test in which Qt warned."""
    said: list[str] = []

    def hear(kind: QtMsgType, _context: object, words: str) -> None:
        if kind != QtMsgType.QtDebugMsg and kind != QtMsgType.QtInfoMsg and not words.startswith(EXPECTED):
            said.append(words)

    before = qInstallMessageHandler(hear)
    yield said
    qInstallMessageHandler(before)
    assert said == []


@pytest.fixture(scope="session")
def today() -> date:
    """The local calendar day, once for the whole run."""
    return datetime.now().astimezone().date()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, today: date) -> Path:
    """A closed register to copy from."""
    path = tmp_path_factory.mktemp("template") / "云溪县.register"
    staging.build(path, today)
    return path


@pytest.fixture
def register(template: Path, tmp_path: Path) -> Path:
    """A register of its own for each test."""
    return staging.copy(template, tmp_path)


MakeWindow = Callable[..., Window]


@pytest.fixture
def make_window(qtbot, qapp: QApplication, register: Path) -> Iterator[MakeWindow]:
    """Make windows that are closed, with their worker, after the test."""
    made: list[Window] = []

    def make(
        *,
        language: str = "zh",
        percent: int = 100,
        theme: str = "light",
        services: Services | None = None,
        size=(1366, 768),
    ) -> Window:
        preferences = Preferences(language=language, theme=theme, text_percent=percent, login=staging.LOGIN)  # type: ignore[arg-type]
        window = Window(
            qapp,
            services or Services(open_register=staging.opener, letter_fields=_letter_fields),
            preferences,
            register,
            "",
        )
        window.resize(*size)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        made.append(window)
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()
    qapp.processEvents()


def unlocked(qtbot, window: Window) -> Frame:
    """Unlock a window and wait for Today."""
    window.unlock.passphrase.setText(staging.PASSPHRASE)
    window.unlock.open.click()
    qtbot.waitUntil(lambda: window.frame is not None, timeout=20_000)
    idle(qtbot, window)
    assert window.frame is not None
    return window.frame


def idle(qtbot, window: Window) -> None:
    """Wait until the worker has nothing left and its answers are shown."""
    for _round in range(3):
        qtbot.waitUntil(lambda: not window.context.worker.busy, timeout=20_000)
        qtbot.wait(20)


@pytest.fixture
def window(make_window: MakeWindow) -> Window:
    """A locked window in Chinese."""
    return make_window()


@pytest.fixture
def frame(qtbot, window: Window) -> Frame:
    """An unlocked window in Chinese."""
    return unlocked(qtbot, window)


@pytest.fixture
def staged(register: Path, today: date) -> receiving.Reception:
    """A register on the evening before a reception day, and the clock of its desk."""
    return receiving.prepare(register, today)


@pytest.fixture
def counter(qtbot, make_window: MakeWindow, staged: receiving.Reception):
    """The reception counter in Chinese, on the evening before."""
    from tests.ui.reception_counter import Counter  # which waits with the functions of this room

    services = Services(open_register=staged.opener, letter_fields=_letter_fields)
    return Counter(qtbot, make_window(services=services), staged)
