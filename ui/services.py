"""What the composition (app/) hands to the window. Imported before the first paint, so it imports nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ui.port import DeskPort

Opener = Callable[[Path, str, str], "DeskPort"]
Report = Callable[[int, int], None]
"""Progress: count, total (0: not known)."""
Stop = Callable[[], bool]
"""Asks whether the person has cancelled."""


class Services(NamedTuple):
    """All of it runs on the worker; absent ones hide their button."""

    open_register: Opener
    send_now: Callable[[DeskPort, Report, Stop], str] | None = None
    """One round with the hub by network; returns a sentence for the person."""
    enrol: Callable[[DeskPort, Path, Path], str] | None = None
    """Enrolment file from the hub in, answer file out."""
    write_folder: Callable[[DeskPort, Path, Report, Stop], str] | None = None
    """Write batches to a folder or a stick."""
    read_folder: Callable[[DeskPort, Path, Report, Stop], str] | None = None
    """Read receipts and what came down from a folder or a stick."""
    letter_fields: Callable[[str], Sequence[tuple[str, str, str, str]]] | None = None
    """Kind -> (field, "text"|"long"|"date"|"choice:a,b", zh, en) that an officer types for this letter."""
    preload: tuple[str, ...] = ()
    """Modules to import in the background while the person types the passphrase."""
