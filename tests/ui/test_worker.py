"""The worker: serial, newest answer per key, cancel, progress, joined, and never in the way of the window."""

from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtCore import QObject, QTimer

from models.errors import BugError, RuleError, StorageError
from ui.worker import Worker


@pytest.fixture
def worker(qapp):
    made = Worker()
    yield made
    made.close()


def test_jobs_run_in_order_on_one_other_thread(qtbot, worker):
    order, threads = [], set()

    def job(number):
        def work(_job):
            threads.add(threading.get_ident())
            order.append(number)
            return number

        return work

    answers = []
    for number in range(20):
        worker.run(job(number), answers.append)
    qtbot.waitUntil(lambda: len(answers) == 20)
    assert order == answers == list(range(20))
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_only_the_newest_answer_of_a_key_is_delivered(qtbot, worker):
    hold = threading.Event()
    worker.run(lambda _job: hold.wait(5))
    ran, answers = [], []
    for number in range(5):
        worker.run(lambda _job, number=number: ran.append(number) or number, answers.append, key="search")
    hold.set()
    qtbot.waitUntil(lambda: not worker.busy)
    qtbot.waitUntil(lambda: answers == [4])
    assert ran == [4]


def test_a_running_job_of_the_same_key_is_overtaken(qtbot, worker):
    begun, go, answers = threading.Event(), threading.Event(), []

    def slow(_job):
        begun.set()
        go.wait(5)
        return "old"

    worker.run(slow, answers.append, key="search")
    begun.wait(5)
    worker.run(lambda _job: "new", answers.append, key="search")
    go.set()
    qtbot.waitUntil(lambda: answers == ["new"])


def test_cancel_stops_a_long_job_and_tells_nothing(qtbot, worker):
    steps, answers = [], []

    def work(job):
        while not job.cancelled:
            steps.append(1)
            time.sleep(0.002)
            job.progress(len(steps), 1000)

    with qtbot.waitSignal(worker.started):
        job = worker.run(work, answers.append, label="work.backup")
    with qtbot.waitSignal(worker.progressed):
        pass
    with qtbot.waitSignal(worker.ended):
        job.cancel()
    assert answers == []
    assert not worker.busy


def test_errors_come_back_with_a_sentence(qtbot, worker):
    refused, told = [], []
    worker.failed.connect(told.append)

    def no(_job):
        raise RuleError("不行。", "No.")

    worker.run(no, failed=refused.append)
    worker.run(no)
    worker.run(lambda _job: 1 / 0)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert [type(one) for one in refused] == [RuleError]
    assert isinstance(told[1], BugError)
    assert "ZeroDivisionError" in told[1].message.en
    assert isinstance(told[1].__cause__, ZeroDivisionError)


def test_an_answer_for_a_widget_that_has_gone_is_dropped(qtbot, qapp, worker):
    owner, hold, answers = QObject(), threading.Event(), []
    worker.run(lambda _job: hold.wait(5), answers.append, owner=owner)
    owner.deleteLater()
    qtbot.wait(20)
    hold.set()
    qtbot.waitUntil(lambda: not worker.busy)
    qtbot.wait(20)
    assert answers == []


def test_close_runs_the_last_job_and_joins(qapp):
    made, ran = Worker(), []
    for number in range(3):
        made.run(lambda _job, number=number: ran.append(number))
    made.close(lambda: ran.append("closed"))
    assert ran == [0, 1, 2, "closed"]
    assert not made._thread.is_alive()
    assert made.run(lambda _job: ran.append("late")).cancelled


def test_the_window_thread_is_never_held_up(qtbot, worker):
    """A job of half a second in pure Python: the event loop goes on with no gap over 100 ms."""
    gaps, last = [], [time.monotonic()]

    def tick():
        now = time.monotonic()
        gaps.append(now - last[0])
        last[0] = now

    timer = QTimer()
    timer.setInterval(5)
    timer.timeout.connect(tick)
    timer.start()
    answers = []

    def busy(_job):
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            sum(range(500))
        return True

    worker.run(busy, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=10_000)
    timer.stop()
    assert max(gaps) < 0.1


def test_upkeep_is_done_piece_by_piece_when_no_job_comes(qtbot, worker):
    order: list[str] = []
    left = [2, 1, 0]

    def upkeep() -> bool:
        order.append(f"upkeep {threading.current_thread().name}")
        return left.pop(0) > 0

    worker.upkeep = upkeep
    worker.run(lambda _job: order.append("job"))
    qtbot.waitUntil(lambda: len(order) == 4, timeout=5000)
    qtbot.wait(600)
    assert order == ["job", *["upkeep register-worker"] * 3]


def test_upkeep_that_fails_is_not_tried_again_until_the_next_job(qtbot, worker):
    tried: list[int] = []

    def upkeep() -> bool:
        tried.append(1)
        raise StorageError("盘坏了。", "The disk is bad.")

    worker.upkeep = upkeep
    for expected in (1, 2):
        worker.run(lambda _job: None)
        qtbot.waitUntil(lambda expected=expected: len(tried) == expected, timeout=5000)
    qtbot.wait(600)
    assert len(tried) == 2
