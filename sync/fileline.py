"""Files by line: offer what the hub may lack, send the chunks that it lacks, fetch what it has and rows here name.

    ask -> for each file that the hub lacks: check our own bytes, send chunk by chunk -> the hub says that it is whole
    ask -> for each file that the hub has: fetch chunk by chunk -> check the whole -> chunk 0 is written

Before each chunk `pause` is asked; what was moved until then stays, and the next call goes on there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from models.errors import SyncError
from sync import filestate
from sync.carriers.files import FILES_ASKED, FileLine, Range
from sync.causes import RefusedError, words
from sync.chunks import chunk_count
from sync.filedesk import Desk, NoRoomError
from sync.filestate import Stored
from sync.keys import PublicKeys

MOST_ASKED = 500
"""Files that are asked for in one turn; the others have theirs in the next rounds, so that rounds stay short while the
hub does not have them."""


class ByLine:
    """One turn of files by line.

    Args:
        desk: The register's side.
        line: The line.
        pause: Asked before each chunk: whether records have their turn.
    """

    def __init__(self, desk: Desk, line: FileLine, pause: Callable[[], bool]) -> None:
        self._desk = desk
        self._line = line
        self._pause = pause

    def run(self) -> bool:
        """Send, then fetch; returns whether nothing is left that could be moved now."""
        hub = self._desk.known.hub
        return hub is None or (self._up(hub) and self._down())

    # --- up ----------------------------------------------------------------------------------------------------------

    def _up(self, hub: PublicKeys) -> bool:
        desk = self._desk
        last: Stored | None = None
        while batch := desk.run(partial(filestate.to_send, limit=FILES_ASKED, after=last)):
            last = batch[-1]
            lacks = self._line.ask(desk.station, batch, []).lacks
            desk.note_sent(name for name, ranges in lacks.items() if not ranges)
            for stored in batch:
                if lacks.get(stored.name) and not self._send(stored, lacks[stored.name], hub):
                    return False
                if desk.report.trouble is not None:  # no room at the hub: the rest waits too
                    return True
        return True

    def _send(self, stored: Stored, ranges: list[Range], hub: PublicKeys) -> bool:
        """Send the chunks that the hub lacks of a file; returns whether to go on with the next one."""
        desk = self._desk
        if len(ranges) == 1 and ranges[0] == (0, chunk_count(stored.size) - 1) and not desk.sound(stored):
            return True
        for first, last in ranges:
            for n in range(first, last + 1):
                if self._pause():
                    return False
                if not self._send_one(stored, n, hub):
                    return True
        return True

    def _send_one(self, stored: Stored, n: int, hub: PublicKeys) -> bool:
        """Send a chunk; returns whether to go on with the file."""
        desk = self._desk
        begun = desk.begun(stored, n, hub)
        sealed = begun or desk.seal(stored, n, hub)
        if sealed is None:
            return False
        try:
            put = self._line.put(desk.station, stored.name, n, sealed, begun=begun is not None)
        except SyncError:
            desk.run(lambda connection: filestate.keep_sealed(connection, stored.name, n, sealed))
            raise
        if put.state == "refused":
            message = put.message or words("content", what=stored.name[:12], where=put.code)
            if put.code == "file_room":
                desk.report.trouble = message
            else:
                desk.report.refused.append(message)
            desk.run(lambda connection: filestate.keep_sealed(connection, stored.name, n, None))
            return False
        if put.state == "whole":
            desk.note_sent([stored.name])
        return True

    # --- down --------------------------------------------------------------------------------------------------------

    def _down(self) -> bool:
        desk = self._desk
        asked: set[str] = set()
        while len(asked) < MOST_ASKED and (
            names := [
                name
                for name in desk.run(lambda connection: filestate.wanted(connection, FILES_ASKED))
                if name not in asked
            ]
        ):
            here = self._line.ask(desk.station, [], names).here
            asked.update(names)
            desk.run(partial(filestate.note_asked, names=names, at_ms=desk.now_ms()))
            for size, name in sorted((size, name) for name, size in here.items() if name in names):
                try:
                    if not self._fetch(Stored(name, size)):
                        return False
                except NoRoomError as error:
                    desk.report.trouble = error.message
                    return True
        return True

    def _fetch(self, stored: Stored) -> bool:
        """Fetch what is lacking of a file; returns whether to go on with the next one."""
        desk = self._desk
        desk.check_room(stored)
        for n in desk.run(lambda connection: filestate.lacking(connection, stored.name, stored.size)):
            if self._pause():
                return False
            try:
                desk.take(self._line.get(desk.station, stored.name, n), stored, n)
            except RefusedError as error:
                desk.report.refused.append(error.message)
                return True
        desk.complete(stored, held=True)
        return True
