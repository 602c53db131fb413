"""The objects that every call of Qt hands back outlive any number of calls (`ui.immortal`)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.ui.conftest import unlocked
from ui import immortal

CODE = """
import sys
from PySide6.QtCore import QObject
from ui import immortal
{keep}
thing = QObject()
for _ in range({count}):
    thing.setObjectName("a")
print("alive")
"""


def run(keep: str, count: int) -> subprocess.CompletedProcess[str]:
    code = CODE.format(keep=keep, count=count)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment)


def test_a_million_calls_that_return_nothing_are_outlived():
    done = run("immortal.keep()", 1_000_000)
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on (PEP 683)")
def test_the_window_keeps_them(qtbot, window):
    unlocked(qtbot, window)
    assert min(sys.getrefcount(one) for one in (None, True, False)) >= immortal.MORE // 2


def test_it_is_done_once(qtbot, window):
    unlocked(qtbot, window)
    before = sys.getrefcount(None)
    immortal.keep()
    assert abs(sys.getrefcount(None) - before) < 100_000
