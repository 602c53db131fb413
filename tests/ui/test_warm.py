"""What touches Qt is imported on the window thread, however soon the register is opened; the rest on a thread."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from app.services import PRELOAD
from tests.ui import staging
from tests.ui.conftest import unlocked
from ui import warm
from ui.services import Services

CODE = """
import sys, threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

class Told:
    seen = []

    def find_spec(self, name, path=None, target=None):
        self.seen.append((name, threading.current_thread() is threading.main_thread()))

sys.meta_path.insert(0, Told())
app = QApplication([])
from app.services import PRELOAD
from ui.warm import Warming
warming = Warming(PRELOAD, app)
look = QTimer()
look.timeout.connect(lambda: app.quit() if warming.done else None)
look.start(5)
QTimer.singleShot(60_000, app.quit)
app.exec()
assert warming.done
aside = sorted({name for name, here in Told.seen if not here and name.split(".")[0] in TOUCHING})
here = {name for name, here in Told.seen if here}
print(aside, "ui.frame" in here, "qtawesome.iconic_font" in here, "models.desk" in sys.modules)
"""


def test_no_second_thread_touches_qt_and_all_is_there_in_the_end():
    code = CODE.replace("TOUCHING", repr({"PySide6", "shiboken6", "qtpy", "qtawesome", "pyqtgraph", "ui"}))
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert (done.returncode, done.stdout) == (0, "[] True True True\n"), done.stderr


@pytest.mark.parametrize("turn", range(3))
def test_a_register_opened_at_once_opens(qtbot, make_window, turn):
    window = make_window(services=Services(open_register=staging.opener, preload=PRELOAD))
    frame = unlocked(qtbot, window)
    assert frame.isVisible()
    qtbot.waitUntil(lambda: window.warming.done, timeout=20_000)


def test_a_window_closed_at_once_leaves_no_thread(qtbot, make_window):
    window = make_window(services=Services(open_register=staging.opener, preload=PRELOAD))
    qtbot.waitUntil(lambda: window.warming is not None)
    window.close()
    assert window.warming.done


def test_what_is_missing_is_told_where_it_is_used():
    assert warm.fetch("no_such_module_at_all") is None
