"""Imports what the first screens need, while the person types the passphrase.

What knows nothing of Qt (cryptography, SQLCipher, the register) is imported on a thread. What touches Qt is imported on
the window thread, piece by piece in the turns of the loop in which nothing else is to do: PySide6 makes each class and
each enum when it is first asked for; made on a second thread while the window opens, they are likely to have crashed it
(docs/decisions/0016). The icons' library asks for every class of Qt at once, so these are made one by one before it.
"""

from __future__ import annotations

import contextlib
import importlib
import threading
import time
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, QTimer

from ui.garbage import Garbage

SLICE_S = 0.004
"""A slice ends after this; a single module may take longer."""
WATCH_MS = 50
"""How often it is asked whether the thread has ended."""
CLASSES = ("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtOpenGL", "PySide6.QtWidgets")
"""Modules of Qt of which the icons' library takes every name."""
WINDOW = (
    "qtpy.QtCore",
    "qtpy.QtGui",
    "qtpy.QtWidgets",
    "qtawesome.iconic_font",
    "ui.parts.text",
    "ui.parts.fields",
    "ui.parts.sheet",
    "ui.context",
    "ui.frame",
    "ui.parts.lines",
    "ui.screens.today",
    "ui.parts.matter_table",
    "ui.screens.register",
    "ui.screens.newitem.rows",
    "ui.screens.newitem.people",
    "ui.screens.newitem.form",
    "ui.screens.newitem.screen",
)


class Warming(QObject):
    """Imports from its making on. What is needed sooner is imported where it is needed.

    Args:
        free: Modules that know nothing of Qt.
        parent: The window.
    """

    def __init__(self, free: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._garbage = Garbage(self)  # a ring with a widget in it must not end on the thread
        self._pieces = pieces()
        self._free = list(free)
        self._thread = threading.Thread(target=self._fetch_free, name="preload", daemon=True)
        self._thread.start()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)
        self._timer.start(0)

    def _fetch_free(self) -> None:
        with contextlib.suppress(IndexError):  # nothing left, or called off
            while True:
                fetch(self._free.pop(0))

    @property
    def done(self) -> bool:
        """Say whether all is imported."""
        return not self._timer.isActive() and not self._thread.is_alive()

    def _go_on(self) -> None:
        end = time.perf_counter() + SLICE_S
        for _piece in self._pieces:
            if time.perf_counter() >= end:
                return
        self._timer.stop()
        self._watch()

    def _watch(self) -> None:
        if self._thread.is_alive():
            QTimer.singleShot(WATCH_MS, self, self._watch)
        else:
            self._garbage.stop()

    def stop(self) -> None:
        """Leave the rest; the thread ends with the module that it is at."""
        self._timer.stop()
        self._free.clear()
        self._thread.join()
        self._garbage.stop()


def pieces() -> Iterator[None]:
    """Import what touches Qt, one class or one module at a time."""
    from ui import immortal

    immortal.keep()
    yield
    for name in CLASSES:
        module = fetch(name)
        for each in dir(module):
            getattr(module, each, None)
            yield
    for name in WINDOW:
        fetch(name)
        yield


def fetch(name: str) -> object:
    """Import a module; what is missing is told where it is used, with a sentence for the person."""
    with contextlib.suppress(ImportError):
        return importlib.import_module(name)
    return None
