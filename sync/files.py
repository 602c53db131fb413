"""Stored files of a round: scans, papers and letters' PDFs, up to the hub and down from it, after the records.

The round calls `Exchange.run` when it has no record left to hand over or to fetch. It gives way to records at any
chunk (256 KiB): it asks `more_records` before each one, and comes back after `TURN_S` seconds in any case, so that
records which have come up at the hub meanwhile are fetched too. What was moved stays moved; the next call goes on.

Which files there are and what is known of them: `sync.filestate`. How a chunk travels: `sync.chunks`, and by line
`sync.carriers.https_files`, by folder `sync.carriers.folder_files`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from models.errors import Message, SyncError
from sync import filestate
from sync.carriers import Carrier
from sync.carriers.folder import FolderCarrier
from sync.carriers.https import HttpsCarrier
from sync.carriers.https_files import HttpsFiles
from sync.filedesk import Desk
from sync.filefolder import ByFolder
from sync.fileline import ByLine
from sync.filestate import OnTheWay
from sync.port import Port

TURN_S = 60.0
"""After so many seconds of files the records have their turn again."""


@dataclass(slots=True, kw_only=True)
class FilesReport:
    """What a round did with files."""

    sent: int = 0
    """Files that the hub holds whole since this round."""
    sent_bytes: int = 0
    laid: int = 0
    """Chunks written into a folder, which wait to be taken there."""
    taken: int = 0
    """Files that came, whole and checked."""
    taken_bytes: int = 0
    waiting: OnTheWay = field(default_factory=OnTheWay)
    """What is still on its way after the round."""
    refused: list[Message] = field(default_factory=list)
    """Chunks and files that were refused, in words; each is asked for or sent again."""
    trouble: Message | None = None
    """Why files wait (no room at the hub, on the stick, here; a line that broke), while records go on."""


class _Turn:
    """When files give way."""

    def __init__(self, cancelled: Callable[[], bool], more_records: Callable[[], bool], turn_s: float) -> None:
        self._cancelled = cancelled
        self._more_records = more_records
        self._until = time.monotonic() + turn_s

    def over(self) -> bool:
        return self._cancelled() or self._more_records() or time.monotonic() >= self._until


class Exchange:
    """The files of one round.

    Args:
        port: The register.
        carrier: The way to the hub.
        report: Filled in while it runs; kept by the round for its own report.
        now: The clock.
        turn_s: Longest time until the records have their turn again, seconds.
        room: Bytes that files may take in a folder beyond what is there; all but a reserve where it is not said.
    """

    def __init__(
        self,
        port: Port,
        carrier: Carrier,
        report: FilesReport,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        turn_s: float = TURN_S,
        room: int | None = None,
    ) -> None:
        self.port = port
        self.carrier = carrier
        self.report = report
        self._now = now
        self._turn_s = turn_s
        self._room = room

    def run(self, cancelled: Callable[[], bool], more_records: Callable[[], bool], *, writes: bool = True) -> bool:
        """Move files until there is none left to move, or until records have their turn.

        Trouble with the way is told in the report and is not the round's: a line on which records pass and files do not
        must not let the next records wait.

        Args:
            cancelled: Asked before each chunk; what was done until then stands.
            more_records: Whether there are records that this round has not handed over yet; asked before each chunk.
            writes: False where a folder is only to be read: then records are not handed over either.

        Returns:
            Whether there is nothing left to do; False asks the round to see to the records, and to call again.
        """
        turn = _Turn(cancelled, more_records if writes else lambda: False, self._turn_s)
        try:
            while self.port.run(lambda connection: filestate.look(connection, at_ms=self._now_ms())):
                if turn.over():
                    return cancelled()
            desk = Desk(self.port, self.report, self._now_ms)
            if isinstance(self.carrier, HttpsCarrier):
                done = ByLine(desk, HttpsFiles(self.carrier), turn.over).run()
            elif isinstance(self.carrier, FolderCarrier):
                done = ByFolder(desk, self.carrier.folder, turn.over, room=self._room).run(writes=writes)
            else:
                done = True
            return done or cancelled()
        except SyncError as error:
            self.report.trouble = error.message
            return True
        finally:
            self.report.waiting = self.port.run(filestate.on_the_way)

    def _now_ms(self) -> int:
        return int(self._now().timestamp() * 1000)
