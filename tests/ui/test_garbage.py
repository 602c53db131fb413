"""Rings that hold widgets are collected on the window thread, never on the worker's."""

from __future__ import annotations

import gc
import threading

from PySide6.QtCore import QObject

from ui.garbage import Garbage
from ui.worker import Worker

RINGS = 50


class Ring(QObject):
    """A Qt object in a ring with itself; it says on which thread it ended."""

    ended: list[str] = []  # noqa: RUF012  # of the test

    def __init__(self) -> None:
        super().__init__()
        self.itself = self

    def __del__(self) -> None:
        self.ended.append(threading.current_thread().name)


def litter(_job: object) -> int:
    """Make far more rings than it takes for Python to collect by itself."""
    for _ring in range(20_000):
        ring: list[object] = []
        ring.append(ring)
    return gc.get_count()[0]


def test_a_widget_in_a_ring_ends_on_the_window_thread(qtbot):
    Ring.ended.clear()
    worker = Worker()
    try:
        assert not gc.isenabled()
        for _ring in range(RINGS):
            Ring()
        done: list[int] = []
        worker.run(litter, done.append)
        qtbot.waitUntil(lambda: bool(done), timeout=10_000)
        qtbot.waitUntil(lambda: len(Ring.ended) == RINGS, timeout=10_000)
        assert set(Ring.ended) == {threading.main_thread().name}
    finally:
        worker.close(lambda: None)
    assert gc.isenabled(), "left to Python again when the last worker has ended"


def test_the_collector_stays_with_the_window_while_one_worker_lives(qapp):
    assert qapp
    first, second = Garbage(), Garbage()
    first.stop()
    first.stop()
    assert not gc.isenabled()
    second.stop()
    assert gc.isenabled()
