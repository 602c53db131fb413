"""Work that waits for a pause: begun when nothing has asked for it again for a while."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def after_pause(owner: QObject, after_ms: int, what: Callable[[], object]) -> QTimer:
    """Return a timer that does `what` once, so long after it was started last."""
    made = QTimer(owner)
    made.setSingleShot(True)
    made.setInterval(after_ms)
    made.timeout.connect(what)
    return made
