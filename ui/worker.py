"""The one serial worker of the window: it owns the register's connection, and the window thread never touches it.

A *job* is a function that takes the job itself and returns plain data. It runs on the worker thread, in the order
asked; its answer comes back on the window thread. Rules kept here:

- A job with a `key` replaces a waiting job of the same key, and only the newest answer of a key is delivered: that is
  how search keeps up with typing.
- A cancelled job delivers nothing; a running one sees `job.cancelled` and stops by itself.
- An answer for a widget that has gone is dropped.
- When no job has come for a while, `upkeep` is called, piece by piece, until it says that nothing is left to do.
- Work that waits for a line or a stick goes *aside*, on a thread of its own, and hands each short step on the register
  back to the worker (`step`): what is typed is kept meanwhile. Called off, it gets no further step; what it has
  written stays.
- `close` runs a last function (closing the register) on the worker and joins the thread. Work aside gets no further
  step; a thread that still waits for a silent hub holds nothing of ours and ends with the process.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from models.errors import BugError, RegisterError
from ui.garbage import Garbage

PROGRESS_EVERY_S = 0.1
"""A job that reports more often is heard this often."""
REST_S = 0.4
"""Without a job for so long, the worker does a piece of upkeep."""


class CalledOffError(Exception):
    """The person has called the work off, or the register is being locked. Never shown; it only ends the work."""


class Job:
    """One piece of work. `label` is a word key for the progress bar; '' means too quick to be shown."""

    __slots__ = (
        "_cancelled",
        "_tell",
        "_told_at",
        "aside",
        "done",
        "failed",
        "key",
        "label",
        "owner",
        "started_at",
        "work",
    )

    def __init__(
        self,
        work: Callable[[Job], Any],
        done: Callable[[Any], None] | None,
        failed: Callable[[RegisterError], None] | None,
        *,
        label: str,
        key: str,
        owner: QObject | None,
        tell: Callable[[Job, int, int], None],
    ) -> None:
        self.work, self.done, self.failed = work, done, failed
        self.label, self.key, self.owner = label, key, owner
        self.started_at = 0.0
        self.aside = False
        """Runs on a thread of its own."""
        self._cancelled = threading.Event()
        self._tell = tell
        self._told_at = 0.0

    @property
    def cancelled(self) -> bool:
        """Return whether the person, or a newer job of the same key, has called this off."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Call the job off. What it has written stays written; it stops at its next step."""
        self._cancelled.set()

    def progress(self, count: int, total: int = 0) -> None:
        """Report `count` of `total` done (total 0: not known). Called on the worker thread, as often as convenient."""
        now = time.monotonic()
        if now - self._told_at >= PROGRESS_EVERY_S:
            self._told_at = now
            self._tell(self, count, total)


class Worker(QObject):
    """A serial thread for everything that takes time."""

    started = Signal(object)
    """A labelled job has begun."""
    progressed = Signal(object, int, int)
    """A labelled job: job, count, total (0: not known)."""
    ended = Signal(object)
    """A labelled job has ended, in whichever way."""
    failed = Signal(object)
    """A `RegisterError` that no one took."""

    _answered = Signal(object, bool, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Job] = deque()
        self._newest: dict[str, Job] = {}
        self._ready = threading.Condition()
        self._closing = False
        self._current: Job | None = None
        self._aside: set[Job] = set()
        self.upkeep: Callable[[], bool] | None = None
        """Runs on the worker thread while nobody waits; returns whether there is more to do. A piece is short."""
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._garbage = Garbage(self)
        self._thread = threading.Thread(target=self._loop, name="register-worker")
        self._thread.start()

    def run(
        self,
        work: Callable[[Job], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[RegisterError], None] | None = None,
        *,
        label: str = "",
        key: str = "",
        owner: QObject | None = None,
    ) -> Job:
        """Put a job in the queue.

        Args:
            work: Runs on the worker thread.
            done: Takes its answer, on the window thread.
            failed: Takes a `RegisterError`, on the window thread; without it `Worker.failed` tells.
            label: Word key shown in the progress bar, '' for quick jobs.
            key: Newer jobs of the same key replace older ones.
            owner: The answer is dropped when this object has been deleted.
        """
        job = Job(work, done, failed, label=label, key=key, owner=owner, tell=self._tell)
        with self._ready:
            if self._closing:
                job.cancel()
                return job
            if key:
                before = self._newest.get(key)
                if before is not None:
                    before.cancel()
                    if before in self._waiting:
                        self._waiting.remove(before)
                self._newest[key] = job
            self._waiting.append(job)
            self._ready.notify()
        return job

    def aside(
        self,
        work: Callable[[Job], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[RegisterError], None] | None = None,
        *,
        label: str = "",
        owner: QObject | None = None,
    ) -> Job:
        """Do work that waits for the world outside on a thread of its own.

        It never touches the register itself: every step on it goes through `step`. The arguments are those of `run`.
        """
        job = Job(work, done, failed, label=label, key="", owner=owner, tell=self._tell)
        job.aside = True
        with self._ready:
            if self._closing:
                job.cancel()
                return job
            self._aside.add(job)
        threading.Thread(target=self._run_aside, args=(job,), name="aside", daemon=True).start()
        return job

    def step(self, job: Job, work: Callable[[], Any]) -> Any:
        """Run a short step of work that went aside on the worker, and wait for its result. Called on its thread.

        Raises:
            CalledOffError: The work was called off, or the window closes; the step has not run.
        """
        ended = threading.Event()
        result: list[Any] = []
        trouble: list[BaseException] = []

        def run(_job: Job) -> None:
            try:
                if job.cancelled:
                    raise CalledOffError
                result.append(work())
            except BaseException as error:  # handed on whole to the thread that waits
                trouble.append(error)
            finally:
                ended.set()

        with self._ready:
            if self._closing or job.cancelled:
                raise CalledOffError
            self._waiting.append(Job(run, None, None, label="", key="", owner=None, tell=self._tell))
            self._ready.notify()
        ended.wait()
        if trouble:
            raise trouble[0]
        return result[0]

    def call_off_aside(self) -> None:
        """Call off all work aside: from here on it gets no step on the register."""
        with self._ready:
            for job in self._aside:
                job.cancel()

    @property
    def busy(self) -> bool:
        """Return whether a job runs or waits."""
        with self._ready:
            return self._current is not None or bool(self._waiting)

    def close(self, last: Callable[[], None] | None = None) -> None:
        """Cancel what waits except writes already begun, run `last` on the worker, and join the thread."""
        with self._ready:
            if self._closing:
                return
            self._closing = True
            for job in self._aside:
                job.cancel()
            if self._current is not None and self._current.label:
                self._current.cancel()
            if last is not None:
                self._waiting.append(
                    Job(lambda _job: last(), None, None, label="", key="", owner=None, tell=self._tell)
                )
            self._ready.notify()
        self._thread.join()
        self._garbage.stop()

    def _tell(self, job: Job, count: int, total: int) -> None:
        with self._ready:  # the window is still there: a thread aside may outlive it
            if job.label and not self._closing:
                self.progressed.emit(job, count, total)

    def _run_aside(self, job: Job) -> None:
        answer = self._do(job)
        with self._ready:
            self._aside.discard(job)
            if not self._closing:
                self._answered.emit(job, *answer)

    def _loop(self) -> None:
        upkeep_due = False
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._waiting or self._closing, REST_S if upkeep_due else None)
                if not self._waiting and self._closing:
                    return
                job = self._waiting.popleft() if self._waiting else None
                self._current = job
            if job is None:
                upkeep_due = self._keep_up()
                continue
            answer = None if job.cancelled else self._do(job)
            with self._ready:  # before the answer is heard: whoever hears it finds the worker free
                self._current = None
            if answer is not None:
                self._answered.emit(job, *answer)
            upkeep_due = True

    def _keep_up(self) -> bool:
        try:
            return self.upkeep is not None and self.upkeep()
        except RegisterError:
            return False  # a full disk or the like: the next act meets it too, and tells the person what to do

    def _do(self, job: Job) -> tuple[bool, object]:
        job.started_at = time.monotonic()
        if job.label:
            with self._ready:
                if not self._closing:
                    self.started.emit(job)
        try:
            return True, job.work(job)
        except RegisterError as error:
            return False, error
        except CalledOffError:
            job.cancel()
            return False, None
        except Exception as error:  # the outer edge of the thread: told in full, shown in short
            told = BugError(
                f"程序内部出错（{type(error).__name__}）。登记的内容没有丢失；请记下刚才的操作并告诉管理员。",
                f"Something went wrong inside the program ({type(error).__name__}). Nothing registered is lost; note "
                "what you did and tell the keeper.",
            )
            told.__cause__ = error
            return False, told

    def _deliver(self, job: Job, good: bool, value: object) -> None:
        if job.label:
            self.ended.emit(job)
        if job.key and self._newest.get(job.key) is job:
            del self._newest[job.key]
        if job.cancelled or (job.owner is not None and not isValid(job.owner)):
            return
        if good:
            if job.done is not None:
                job.done(value)
        elif isinstance(value, RegisterError):
            if job.failed is not None:
                job.failed(value)
            else:
                self.failed.emit(value)
