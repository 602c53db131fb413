"""The window locks by itself when nobody works; what was typed is kept, and the register is closed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from tests.ui import staging
from tests.ui.conftest import idle
from ui import prefs
from ui.idle import IdleLock


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watched(qapp: QApplication, frame, clock):
    """Let the window's lock go by a clock of ours."""
    window = frame.window()
    window._idle.stop()
    window._idle = IdleLock(qapp, window.lock, clock)
    window._watch()
    return window


def test_after_fifteen_minutes_the_draft_is_kept_and_the_register_closed(qtbot, watched, clock, register):
    watched.frame.open_new("visit")
    watched.frame._screens["new"].form.statement.setPlainText("没有写完")
    clock.now = 15 * 60 - 1
    watched._idle.look()
    assert watched.frame is not None
    clock.now += 1
    watched._idle.look()
    idle(qtbot, watched)
    assert watched.frame is None
    assert watched.unlock.passphrase.isVisible()
    with staging.opener(register, staging.LOGIN, staging.PASSPHRASE).register as again:
        assert "没有写完" in again.row("SELECT content FROM draft WHERE kind='item'")[0]


@pytest.mark.parametrize("kind", ["key", "shortcut", "pointer"])
def test_any_input_begins_the_time_anew(watched, clock, kind):
    handle = watched.windowHandle()
    clock.now = 14 * 60
    if kind == "key":
        QTest.keyClick(handle, "a")
    elif kind == "shortcut":
        QTest.keySequence(handle, "Alt+3")
    else:
        QTest.mouseMove(handle, QPoint(300, 300))
    clock.now = 28 * 60
    watched._idle.look()
    assert watched.frame is not None
    clock.now = 29 * 60
    watched._idle.look()
    assert watched.frame is None


def test_the_time_is_a_setting_that_is_kept_and_never_is_one(qtbot, watched, clock, tmp_path):
    watched.preferences.path = tmp_path / "window.json"
    watched.frame.go("settings")
    idle(qtbot, watched)
    screen = watched.frame._screens["settings"]
    screen.lock_time.set_value(5)
    clock.now = 5 * 60
    screen.lock_time.set_value(0)
    assert prefs.load(tmp_path / "window.json").lock_minutes == 0
    clock.now = 10_000_000
    assert not watched._idle._timer.isActive()
    assert watched.frame is not None
    screen.lock_time.set_value(5)
    clock.now += 299
    watched._idle.look()
    assert watched.frame is not None
    clock.now += 1
    watched._idle.look()
    assert watched.frame is None


def test_a_dialog_that_stands_open_is_left_before_the_lock(qtbot, watched, clock):
    clock.now = 15 * 60
    QTimer.singleShot(50, watched._idle.look)
    box = QMessageBox(watched)
    box.exec()
    assert watched.frame is not None, "not while the dialog's own loop runs"
    watched._idle.look()
    assert watched.frame is None


def test_a_kept_time_that_is_not_offered_falls_back(tmp_path):
    path = tmp_path / "window.json"
    path.write_text('{"lock_minutes": -3}', encoding="utf-8")
    assert prefs.load(path).lock_minutes == prefs.LOCK_MINUTES
