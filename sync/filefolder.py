"""Files by folder or stick: take what lies there for us, lay what hub and siblings lack, say what we hold.

    read what the hub says -> take chunks that are sealed to us -> check each file of which all chunks are here
    -> remove what receivers have -> lay chunks for the hub, then for siblings -> say what we hold and what we want

The hub learns of nothing while the stick is on its way, so a file counts as held only once the hub has said so under
its signature; until then its chunks lie there and are not written twice. A chunk that a receiver could not use is
written anew.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from sync import filestate
from sync.carriers.folder import check_folder
from sync.carriers.folder_files import NoRoomOnMediumError, Room, Shelf
from sync.causes import RefusedError
from sync.chunks import chunk_count
from sync.filedesk import Desk, NoRoomError
from sync.filesaid import WANTED, BadChunk, Said
from sync.filestate import Stored

_A_STEP = 100


class ByFolder:
    """One turn of files by folder.

    Args:
        desk: The register's side.
        root: The folder.
        pause: Asked before each chunk: whether records have their turn.
        room: Bytes that files may take there; all but the reserve where it is not said.
    """

    def __init__(self, desk: Desk, root: Path, pause: Callable[[], bool], *, room: int | None = None) -> None:
        self._desk = desk
        self._pause = pause
        county = desk.station.county
        self._hub = Shelf(root, county, desk.known.hub) if desk.known.hub is not None else None
        self._own = Shelf(root, county, desk.station.keys.public())
        self._others = [Shelf(root, county, keys) for keys in desk.known.others.values()]
        self._root = root
        self._room = Room(root, room)
        self._bad: list[BadChunk] = []

    def run(self, *, writes: bool) -> bool:
        """Take, then lay; returns whether nothing is left that could be moved now.

        Args:
            writes: False where the folder is only to be read.

        Raises:
            FolderError: The folder cannot be read or written.
        """
        check_folder(self._root)
        hub = self._said(self._hub) if self._hub is not None else None
        if hub is not None and self._hub is not None:
            there = self._hub.there()  # what does not lie there (any more) may have been said of another time
            self._desk.note_sent(name for name in hub.whole if name in there)
        there = self._own.there()
        done = self._take(there)
        if writes:
            done = self._lay(hub) and done
            here = self._desk.run(lambda connection: filestate.here(connection, list(there)))
            wanted = self._desk.run(lambda connection: filestate.wanted(connection, WANTED))
            self._own.say(self._desk.station.keys, whole=here, bad=self._bad, wanted=wanted)
        return done

    def _said(self, shelf: Shelf) -> Said | None:
        try:
            return shelf.said()
        except RefusedError as error:
            self._desk.report.refused.append(error.message)
            return None

    # --- files that come ---------------------------------------------------------------------------------------------

    def _take(self, there: dict[str, set[int]]) -> bool:
        desk = self._desk
        for name in desk.run(lambda connection: filestate.coming(connection, list(there))):
            sizes = (self._own.size_of(name, n) for n in sorted(there[name]))
            size = next((size for size in sizes if size is not None), None)
            if size is None:
                continue
            try:
                if not self._take_file(Stored(name, size), there[name]):
                    return False
            except NoRoomError as error:
                desk.report.trouble = error.message
                return True
        return True

    def _take_file(self, stored: Stored, numbers: set[int]) -> bool:
        """Take the chunks that lie there of a file; returns whether to go on with the next one."""
        desk = self._desk
        desk.check_room(stored)
        held = False
        for n in desk.run(lambda connection: filestate.lacking(connection, stored.name, stored.size)):
            if n not in numbers:
                continue
            if self._pause():
                return False
            try:
                held = desk.take(self._own.read(stored.name, n), stored, n) or held
            except RefusedError as error:
                desk.report.refused.append(error.message)
                sha256 = self._own.sealed_sha256(stored.name, n)
                self._bad.append(BadChunk(name=stored.name, n=n, sha256=sha256, code=error.code))
        desk.complete(stored, held=held)
        return True

    # --- files that go -----------------------------------------------------------------------------------------------

    def _lay(self, hub: Said | None) -> bool:
        desk = self._desk
        try:
            if self._hub is not None and not self._lay_for_hub(self._hub, hub):
                return False
            for shelf in self._others:
                said = self._said(shelf)
                if said is not None:
                    shelf.clear(said.whole, desk.station.device)
                    if not self._lay_for_sibling(shelf, said):
                        return False
        except NoRoomOnMediumError as error:
            desk.report.trouble = error.message
        return True

    def _lay_for_hub(self, shelf: Shelf, said: Said | None) -> bool:
        desk = self._desk
        if said is not None:
            shelf.clear(said.whole, desk.station.device)
        there = shelf.there()
        last: Stored | None = None
        while batch := desk.run(partial(filestate.to_send, limit=_A_STEP, after=last)):
            last = batch[-1]
            for stored in batch:
                if said is not None and stored.name in said.whole:
                    shelf.disbelieve()
                if not self._lay_file(shelf, stored, there.get(stored.name, set()), said):
                    return False
        return True

    def _lay_for_sibling(self, shelf: Shelf, said: Said) -> bool:
        there = shelf.there()
        for stored in self._desk.run(lambda connection: filestate.stored(connection, list(said.wanted))):
            if not self._lay_file(shelf, stored, there.get(stored.name, set()), said):
                return False
        return True

    def _lay_file(self, shelf: Shelf, stored: Stored, there: set[int], said: Said | None) -> bool:
        """Lay the chunks of a file that are not there yet, and anew those that could not be used."""
        desk = self._desk
        bad = {one.n: one.sha256 for one in said.bad if one.name == stored.name} if said is not None else {}
        wanted = [
            n
            for n in range(chunk_count(stored.size))
            if n not in there or (n in bad and bad[n] == shelf.sealed_sha256(stored.name, n))
        ]
        if len(wanted) == chunk_count(stored.size) and not desk.sound(stored):
            return True
        for n in wanted:
            if self._pause():
                return False
            chunk = desk.seal(stored, n, shelf.keys)
            if chunk is None:
                return True
            shelf.lay(stored.name, n, chunk, self._room)
            desk.report.laid += 1
        return True
