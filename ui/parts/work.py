"""The quiet bar at the bottom for long work: what it is, the count, the time left, and a way to call it off."""

from __future__ import annotations

import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar

from ui.parts.layout import row
from ui.parts.text import button, label
from ui.tokens import Look
from ui.words import t
from ui.worker import Job, Worker

STEPS = 1000


class WorkBar(QFrame):
    """Shows the newest of the labelled jobs that are under way; hidden while there is none."""

    called_off = Signal()

    def __init__(self, worker: Worker, look: Look) -> None:
        super().__init__()
        self.setProperty("kind", "bar")
        self._jobs: list[Job] = []
        inside = row(self, look, 3)
        inside.setContentsMargins(look.space(5), look.space(2), look.space(4), look.space(2))
        self.words = label("")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.left = label("", "small")
        self.cancel_button = button(t("work.cancel"), self.cancel)
        inside.addWidget(self.words)
        inside.addWidget(self.bar, 1)
        inside.addWidget(self.left)
        inside.addWidget(self.cancel_button)
        self.hide()
        worker.started.connect(self._started)
        worker.progressed.connect(self._progressed)
        worker.ended.connect(self._ended)

    def _started(self, job: Job) -> None:
        if not job.cancelled and job not in self._jobs:
            self._jobs.append(job)
            self._show()

    def _show(self) -> None:
        self.setVisible(bool(self._jobs))
        if self._jobs:
            self.words.setText(t(self._jobs[-1].label))
            self.left.setText("")
            self.bar.setRange(0, 0)
            self.cancel_button.setEnabled(True)

    def _progressed(self, job: Job, count: int, total: int) -> None:
        self._started(job)  # the bar may be newer than the job: language or text size were changed meanwhile
        if not self._jobs or job is not self._jobs[-1] or job.cancelled:
            return
        if total <= 0:
            self.left.setText(t("work.count", count=count))
            return
        self.bar.setRange(0, STEPS)
        self.bar.setValue(round(STEPS * count / total))
        self.left.setText(t("work.left", count=count, total=total, seconds=_seconds_left(job, count, total)))

    def _ended(self, job: Job) -> None:
        if job in self._jobs:
            self._jobs.remove(job)
            self._show()

    def cancel(self) -> None:
        """Call off the work that is shown; work aside is let go of at once, since it may wait for a silent hub."""
        if not self._jobs:
            return
        job = self._jobs[-1]
        job.cancel()
        if job.aside:
            self._ended(job)
        else:
            self.cancel_button.setEnabled(False)
            self.left.setText(t("work.cancelling"))
        self.called_off.emit()


def _seconds_left(job: Job, count: int, total: int) -> int:
    gone = time.monotonic() - job.started_at
    return round(gone / count * (total - count)) if count else 0
