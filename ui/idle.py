"""Locks the window by itself when nobody has touched it for a while.

What counts is input to a window of the program: keys, presses, movements of the pointer. Only what the system sends
to a window as a whole is looked at, not each event of each widget. Time spent asleep counts too where the system
tells it (a closed laptop is found locked).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QApplication, QDialog

LOOK_EVERY_MS = 5_000
INPUTS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,  # of a shortcut, the window hears no more than this
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


def now_s() -> float:
    """Return seconds that go on while the machine sleeps, where there is such a clock."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class IdleLock(QObject):
    """Calls `lock` once after `minutes` without input; 0 never does. Watches from `start` to `stop`.

    Args:
        app: Whose input counts.
        lock: Keeps drafts and locks.
        clock: Seconds; given by tests.
    """

    def __init__(self, app: QApplication, lock: Callable[[], None], clock: Callable[[], float] = now_s) -> None:
        super().__init__(app)
        self._app, self._lock, self._clock = app, lock, clock
        self._minutes = 0
        self._touched = clock()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        app.focusWindowChanged.connect(self._follow)

    def start(self, minutes: int) -> None:
        """Begin to watch; the time begins now."""
        self.stop()
        self._minutes = minutes
        self._touched = self._clock()
        if minutes:
            self._follow(self._app.focusWindow())
            self._timer.start()

    def stop(self) -> None:
        """Watch no more."""
        self._timer.stop()

    def _follow(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)

    def look(self) -> None:
        """Lock when the time is up; a dialog of the system that stands open is left first, as by Esc."""
        if self._clock() - self._touched < self._minutes * 60:
            return
        over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if over is not None:
            leave = over.reject if isinstance(over, QDialog) else over.close
            leave()
            return  # the next look comes after it has let go
        self.stop()
        self._lock()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the moment of any input."""
        if event.type() in INPUTS:
            self._touched = self._clock()
        return super().eventFilter(watched, event)
