"""Rings of objects are collected on the window thread alone, for a ring may hold a widget.

Python collects rings on whichever thread happens to allocate. Were that the worker, a widget of a page that is gone
would be destroyed there, under the window's feet: Qt forbids it and crashes. So the collector runs by a timer of the
window instead of by itself, while any worker or `ui.warm` lives, by the thresholds that Python has itself
(docs/decisions/0016).
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 400

_alive: list[Garbage] = []


class Garbage(QObject):
    """Collects on the thread that made it, until `stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        _alive.append(self)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation that is due; nothing while few objects are new."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Leave the collecting to Python again, once the last thread has ended."""
        self._timer.stop()
        if self in _alive:
            _alive.remove(self)
        if not _alive:
            gc.enable()
