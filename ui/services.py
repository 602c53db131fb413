"""What the composition (app/) hands to the window. Imported before the first paint, so it imports nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from models.gaps import Account
    from models.letters.fields import LetterField
    from models.stations import Workstation
    from sync.filestate import OnTheWay
    from sync.waiting import Waiting
    from ui.port import DeskPort

Opener = Callable[[Path, str, str], "DeskPort"]
Report = Callable[[int, int], None]
"""Progress: count, total (0: not known)."""
Stop = Callable[[], bool]
"""Asks whether the person has cancelled."""


class Outcome(NamedTuple):
    """How a round ended: one sentence for the person, and whether all is well."""

    words: str
    good: bool = True
    again_s: int = 0
    """Seconds after which it is worth while to try again, when the way was closed; 0: it was open."""
    arrived: bool = False
    """Something came down that screens may show."""


class Aside(NamedTuple):
    """What work on a thread of its own is given. It must not touch the register except through `step`."""

    step: Callable[[Callable[[], Any]], Any]
    """Runs a short function on the worker that owns the register, and returns what it returns."""
    report: Report
    stop: Stop


class Stations(NamedTuple):
    """The workstations of the county, and the account of its numbers by series and year."""

    workstations: Sequence[Workstation]
    accounts: Sequence[Account]


class Services(NamedTuple):
    """Absent ones hide their button. They run aside unless it is said that they run on the worker."""

    open_register: Opener
    """On the worker."""
    send_now: Callable[[DeskPort, Aside], Outcome] | None = None
    """One round with the hub by network."""
    enrol: Callable[[DeskPort, Path, Path, Aside], Outcome] | None = None
    """Enrolment file from the hub in, answer file out."""
    write_folder: Callable[[DeskPort, Path, Aside], Outcome] | None = None
    """Write batches to a folder or a stick."""
    read_folder: Callable[[DeskPort, Path, Aside], Outcome] | None = None
    """Read receipts and what came down from a folder or a stick."""
    waiting: Callable[[DeskPort], tuple[Waiting, ...]] | None = None
    """What of the sync waits for a person; on the worker."""
    files: Callable[[DeskPort], OnTheWay] | None = None
    """Papers and scans on their way; on the worker."""
    retry: Callable[[DeskPort], Outcome] | None = None
    """Try again what came and could not be laid over the register; on the worker."""
    agreement: Callable[[DeskPort, Aside], bytes | None] | None = None
    """Compare with the hub table by month; the outcome as a paper (PDF), None when there is nothing to go by."""
    stations: Callable[[DeskPort], Stations] | None = None
    """The workstations of the county and the account of its numbers; on the worker."""
    invite: Callable[[DeskPort, int, str, Path], Outcome] | None = None
    """Invite a workstation: number, name, file of the invitation; on the worker."""
    retire: Callable[[DeskPort, int, str], Outcome] | None = None
    """Take a workstation out of use, with the reason; on the worker."""
    lead: Callable[[DeskPort, int], Outcome] | None = None
    """Let another workstation give out the numbers; on the worker."""
    alone: Callable[[DeskPort, str], Outcome] | None = None
    """Let a restored register go on without fetching, with the reason; on the worker."""
    letter_fields: Callable[[str, str], Sequence[LetterField]] | None = None
    """Kind of letter, rule set of the matter -> what an officer types for it; on the worker."""
    preload: tuple[str, ...] = ()
    """Modules to import in the background while the person types the passphrase."""
