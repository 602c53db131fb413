"""The window from outside: start to a painted unlock screen, unlock to a painted Today, and memory.

Each measurement is a process of its own without a screen (Qt's offscreen platform).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.measure import Figure, absolute, compared, drop_cache, p50, spread, told
from tests.bench.registers import FOLDER, LOGIN, PASSPHRASE, bench_register, copy_of

_BARE = """
import os
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        QTimer.singleShot(0, lambda: os._exit(0))
        super().paintEvent(event)
app = QApplication([])
window = Window()
window.resize(1280, 760)
window.show()
app.exec()
"""

_BARE_WORDS = _BARE.replace("QMainWindow\nclass", "QLabel, QMainWindow\nclass").replace(
    "window.show()", "window.setCentralWidget(QLabel('信访登记台'))\nwindow.show()"
)

_START = """
import os, sys
from app.main import main
from app import window
import ui.start
from PySide6.QtCore import QTimer
painted = ui.start.Window.paintEvent
def paint(self, event):
    QTimer.singleShot(0, lambda: os._exit(0))
    painted(self, event)
ui.start.Window.paintEvent = paint
main(["--register", sys.argv[1]])
"""

_UNLOCK = """
import json, os, sys, time
from pathlib import Path
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication
from app.window import _services
from ui import prefs, start
from ui.screens.today import TodayScreen

path, login, passphrase, rounds = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
app = QApplication([])
window = start.Window(app, _services(), prefs.load(path.with_name("window.json")), path)
window.show()

def until(done, limit=60):
    end = time.perf_counter() + limit
    while not done():
        app.processEvents()
        if time.perf_counter() > end:
            print("nothing came", file=sys.stderr, flush=True)
            os._exit(1)  # the worker would be waited for
        time.sleep(0.0002)

until(lambda: window.warming is not None and window.warming.done)
from models import keyring
slot = next(iter(keyring.read(path)["slots"].values()))["kdf"]

shown = []
fill = TodayScreen._show
def filled(self, *found):
    fill(self, *found)
    shown.append(self)
TodayScreen._show = filled

def rss(key):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(key)) / 1024

unlocks, kdfs = [], []
for turn in range(rounds):
    begun = time.perf_counter()
    keyring.derive(passphrase, b"s" * 16, **slot)
    kdfs.append((time.perf_counter() - begun) * 1000)
    shown.clear()
    begun = time.perf_counter()
    window.open_register(login, passphrase)
    until(lambda: shown)
    app.processEvents()  # the pending paint
    unlocks.append((time.perf_counter() - begun) * 1000)
    today_mib = rss("VmRSS:")
    window.frame.go("register")
    screen = window.frame.stack.currentWidget()
    until(lambda: screen.model.rowCount() > 0)
    for _ in range(50):
        app.processEvents()
        time.sleep(0.002)
    if turn == 0:
        memory, listed, anonymous = today_mib, rss("VmRSS:"), rss("RssAnon:")
    if turn < rounds - 1:
        worker = window.context.worker
        window.lock()
        until(lambda: not worker.busy)
        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # no event loop runs here that would
print(json.dumps({"unlock": unlocks, "kdf": kdfs, "today_mib": memory, "list_mib": listed, "anonymous_mib": anonymous}))
sys.stdout.flush()
window.close()
"""


def _seconds(code: str, *arguments: str) -> float:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *arguments], env=environment, check=True, capture_output=True)
    return (time.perf_counter() - start) * 1000


def starts(size: int, times: int = 7, cold_times: int = 3) -> list[Figure]:
    """Measure whole processes, warm and cold: ours up to the painted unlock screen beside a bare window's."""
    figures: list[Figure] = []
    path = str(bench_register(size))
    for kind, count in (("warm", times), ("cold", cold_times)):
        ours: list[float] = []
        bare: list[float] = []
        worded: list[float] = []
        for turn in range(count + (kind == "warm")):
            for code, arguments, spent in ((_BARE, (), bare), (_START, (path,), ours), (_BARE_WORDS, (), worded)):
                if kind == "cold" and not drop_cache():
                    return [*figures, told("start, cold: left out, the system's cache cannot be emptied", 0, "ms", 0)]
                one = _seconds(code, *arguments)
                if turn or kind == "cold":
                    spent.append(one)
        note = spread(ours)
        figures.append(compared(f"start to unlock screen, {kind}, p50", 0, "ms", p50(ours), p50(bare), 1.25, note))
        words = f"bare window with one Chinese word, {kind}, p50"
        figures.append(told(words, 0, "ms", p50(worded), p50(bare), "the system's fonts are read for it"))
    return figures


def unlocks(size: int, rounds: int = 7) -> list[Figure]:
    """Measure from the passphrase to the painted Today beside Argon2id alone, and the memory of the window."""
    with tempfile.TemporaryDirectory(dir=FOLDER) as name:
        path = copy_of(bench_register(size), Path(name))
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(
            [sys.executable, "-c", _UNLOCK, str(path), LOGIN, PASSPHRASE, str(rounds)], env=environment, check=True,
            capture_output=True, text=True, timeout=180,
        )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    first, kdf = found["unlock"][0], p50(found["kdf"])
    parts = f"Today {found['today_mib']:.0f}, of it anonymous {found['anonymous_mib']:.0f}"
    return [
        compared("unlock to Today painted, p50", size, "ms", p50(found["unlock"]), kdf, 1.25, spread(found["unlock"])),
        told("unlock to Today painted, first of a process", size, "ms", first, kdf),
        absolute("memory of the window, list shown", size, "MiB", found["list_mib"], 150, parts),
    ]  # fmt: skip
