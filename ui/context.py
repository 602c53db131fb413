"""What every screen is given: the worker, the open register, the look, and the ways to ask for another screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from models.errors import BugError, RegisterError
from models.records import Staff
from ui.port import DeskPort
from ui.prefs import Preferences
from ui.services import Aside, Services
from ui.tokens import Look
from ui.worker import Job, Worker

Answer = TypeVar("Answer")


class Context(QObject):
    """Shared by all screens of one window; handed down in constructors, never looked up."""

    matter_wanted = Signal(object, str)
    """Open a matter (id) at an act (name or '')."""
    act_wanted = Signal(object, str, object)
    """Open a matter (id) at an act (name) with inputs that are known already (a mapping)."""
    case_wanted = Signal(object, object)
    """Open the page of a key case: matter (id), programme (id)."""
    new_wanted = Signal(str)
    """A new item of a channel."""
    draft_wanted = Signal(object)
    """Open a `DraftLine`."""
    letter_wanted = Signal(object, str)
    """Draft a letter: matter id, kind."""
    act_letter_wanted = Signal(object, object)
    """Draft the letters of an act and take the act there: matter id, `LettersOfAct`."""
    document_wanted = Signal(object, object)
    """Show an issued letter: matter id, `DocumentLine`."""
    screen_wanted = Signal(str)
    """Go to a screen of the rail."""
    queue_wanted = Signal(str)
    """Show a queue of Today in full."""
    programme_wanted = Signal(str, str)
    """Open a programme (key) at one of its pages."""
    report_wanted = Signal(str, str)
    """Show the figures of a period: month, stage or annual, and its key."""
    reception_day_wanted = Signal(object)
    """Show a reception day (id) at the counter."""
    reception_wanted = Signal(object, str)
    """Give a number of the reception day to a matter (id) with this title."""
    list_wanted = Signal(object)
    """Show the register with these `Filters`."""
    back_wanted = Signal()
    told = Signal(str, str)
    """A sentence for the person, and its tone."""
    sheet_wanted = Signal(object)
    """Show this `Sheet`."""
    register_changed = Signal()
    """An act was written: lists and lights are out of date."""
    preferences_changed = Signal()
    lock_time_changed = Signal()
    sync_time_changed = Signal()
    called_off = Signal()
    """The person has called off the work that was shown."""

    def __init__(self, worker: Worker, services: Services, preferences: Preferences, look: Look) -> None:
        super().__init__()
        self.worker = worker
        self.services = services
        self.preferences = preferences
        self.look = look
        self.desk: DeskPort | None = None
        """Touched on the worker thread only; the window thread merely hands it on."""
        self.round: Job | None = None
        """The round with the hub that is under way: one at a time."""
        self.next_round: datetime | None = None
        """When a round begins by itself (UTC), None when none is planned."""
        self.person: Staff | None = None
        self.units: tuple[tuple[int, str], ...] = ()
        self.staff: tuple[Staff, ...] = ()

    def ask(
        self,
        question: Callable[[DeskPort], Answer],
        done: Callable[[Answer], None] | None = None,
        failed: Callable[[RegisterError], None] | None = None,
        *,
        owner: QObject | None = None,
        key: str = "",
    ) -> Job:
        """Ask the register something quick, on the worker."""
        return self.work(lambda desk, _job: question(desk), done, failed, owner=owner, key=key)

    def work(
        self,
        task: Callable[[DeskPort, Job], Answer],
        done: Callable[[Answer], None] | None = None,
        failed: Callable[[RegisterError], None] | None = None,
        *,
        owner: QObject | None = None,
        key: str = "",
        label: str = "",
    ) -> Job:
        """Do something on the worker that may report progress and be cancelled.

        What was asked before the lock is still done before the register is closed: a last draft is never lost.
        """
        desk = self.desk

        def run(job: Job) -> Any:
            if desk is None:
                raise BugError("登记簿已经锁上。", "The register is locked.")
            return task(desk, job)

        return self.worker.run(run, done, failed, owner=owner, key=key, label=label)

    def aside(
        self,
        task: Callable[[DeskPort, Aside], Answer],
        done: Callable[[Answer], None] | None = None,
        failed: Callable[[RegisterError], None] | None = None,
        *,
        owner: QObject | None = None,
        label: str = "",
    ) -> Job:
        """Do something that waits for a line or a stick on a thread of its own (see `Worker.aside`)."""
        desk = self.desk

        def run(job: Job) -> Any:
            if desk is None:
                raise BugError("登记簿已经锁上。", "The register is locked.")
            step = partial(self.worker.step, job)
            return task(desk, Aside(step, job.progress, lambda: job.cancelled))

        return self.worker.aside(run, done, failed, owner=owner, label=label)

    def upkeep(self) -> bool:
        """Do a short piece of the register's upkeep, on the worker; returns whether there is more to do."""
        return self.desk is not None and self.desk.tidy()

    @property
    def roles(self) -> frozenset[str]:
        """The roles of the person at the desk; none while the register is locked."""
        return self.person.roles if self.person is not None else frozenset()

    def unit_name(self, unit: int | None) -> str:
        """Return a unit's name, '' when it is not known."""
        return next((name for number, name in self.units if number == unit), "")

    def staff_name(self, staff: int | None) -> str:
        """Return a person's name, '' when it is not known."""
        return next((person.name for person in self.staff if person.id == staff), "")
