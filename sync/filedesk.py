"""The register's side of moving files: checking, sealing and taking chunks, a few in memory at a time."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from models.device import CITY
from models.errors import DiskFullError, SyncError
from sync import filestate
from sync.causes import RefusedError, words
from sync.chunks import open_chunk, read_header, write_chunk
from sync.filekeys import Known, known
from sync.filestate import Stored
from sync.keys import PublicKeys
from sync.port import Connection, Port, Station

if TYPE_CHECKING:
    from sync.files import FilesReport

RESERVE_BYTES = 256 << 20
"""Room on this machine's disk that files which come leave to the register."""
T = TypeVar("T")


class NoRoomError(SyncError):
    """No room for files on this machine's disk; records go on."""

    def __init__(self, free: int) -> None:
        free_mib = free >> 20
        zh = words("file_room", where="本机", free=free_mib).zh
        super().__init__(zh, words("file_room", where="this computer", free=free_mib).en)


class Desk:
    """A register, as those who move its files see it.

    Args:
        port: The register.
        report: Filled in.
        now_ms: The clock, milliseconds since 1970, UTC.
    """

    def __init__(self, port: Port, report: FilesReport, now_ms: Callable[[], int]) -> None:
        self._port = port
        self.report = report
        self.now_ms = now_ms
        self.station: Station = port.station
        self.known: Known = port.run(lambda connection: known(connection, port.station))

    def run(self, work: Callable[[Connection], T]) -> T:
        """Run a short step on the register."""
        return self._port.run(work)

    # --- files that go -----------------------------------------------------------------------------------------------

    def sound(self, stored: Stored) -> bool:
        """Check the bytes of a file before it is sent for the first time; one that fails is noted and told."""
        if self._digest(stored, b"", 0) == stored.name:
            return True
        self.run(lambda connection: filestate.note_damaged(connection, stored.name))
        self.report.refused.append(words("file_damaged", what=stored.name[:12]))
        return False

    def begun(self, stored: Stored, n: int, to: PublicKeys) -> bytes | None:
        """Return the sealed chunk of an attempt that was cut, to go on at its byte."""
        sealed = self.run(lambda connection: filestate.kept_sealed(connection, stored.name, n))
        if sealed is None or read_header(sealed)[0].to != to.key_id:
            return None
        return sealed

    def seal(self, stored: Stored, n: int, to: PublicKeys) -> bytes | None:
        """Return a chunk sealed to a receiver; None when it is not here."""
        data = self.run(lambda connection: filestate.chunk_of(connection, stored.name, n))
        if data is None:
            return None
        station = self.station
        return write_chunk(
            data,
            county=station.county,
            device=station.device,
            keys=station.keys,
            to=to,
            file=stored.name,
            n=n,
            whole=stored.size,
        )

    def note_sent(self, names: Iterable[str]) -> None:
        """Note that the hub holds files whole."""
        held, at_ms = list(names), self.now_ms()
        for stored in self.run(lambda connection: filestate.note_held(connection, held, at_ms=at_ms)) if held else ():
            self.report.sent += 1
            self.report.sent_bytes += stored.size

    # --- files that come ---------------------------------------------------------------------------------------------

    def check_room(self, stored: Stored) -> None:
        """Check that a file that comes may take room on this machine's disk.

        Raises:
            NoRoomError: It would leave too little to the register.
        """
        path = self.run(lambda connection: connection.execute("PRAGMA database_list").fetchone()[2])
        if path:
            free = shutil.disk_usage(Path(path).parent).free
            if free - stored.size < RESERVE_BYTES:
                raise NoRoomError(free)

    def take(self, chunk: bytes, stored: Stored, n: int) -> bool:
        """Open a chunk that came and keep it; returns whether it is of the hub, which gives out only what it holds.

        Raises:
            RefusedError: It is not what it should be; nothing of it was kept.
            NoRoomError: The disk is full; nothing of it was kept.
        """
        station = self.station
        header, data = open_chunk(
            chunk, keys=station.keys, to=station.keys.public().key_id, sign_key_of=self.known.sign_key_of
        )
        if (header.file, header.n, header.whole) != (stored.name, n, stored.size):
            raise RefusedError("altered", what=header.what, where=f"{stored.name[:12]}-{n}")
        try:
            self.run(lambda connection: filestate.take(connection, stored.name, n, stored.size, data))
        except DiskFullError as error:
            raise NoRoomError(0) from error
        return header.device == CITY

    def complete(self, stored: Stored, *, held: bool) -> bool:
        """Check a file of which all chunks have come, and let it be here; one that fails its hash is fetched anew.

        Args:
            stored: The file.
            held: The hub holds it.
        """
        name = stored.name
        if self.run(lambda connection: filestate.lacking(connection, name, stored.size)):
            return False
        first = self.run(lambda connection: filestate.first_of(connection, name))
        if not first and stored.size:  # it came another way meanwhile
            return False
        if self._digest(stored, first, 1) != name:
            self.run(lambda connection: filestate.drop(connection, name))
            self.report.refused.append(words("file_hash", what=name[:12]))
            return False
        at_ms = self.now_ms()
        self.run(lambda connection: filestate.finish(connection, name, held=held, at_ms=at_ms))
        self.report.taken += 1
        self.report.taken_bytes += stored.size
        return True

    def _digest(self, stored: Stored, begun: bytes, n: int) -> str:
        """Return the hash of a file from its beginning and its chunks from `n` on, a few chunks a step."""
        whole = hashlib.sha256(begun)
        while parts := self.run(partial(filestate.chunks_from, name=stored.name, n=n)):
            for part in parts:
                whole.update(part)
            n += len(parts)
        return whole.hexdigest()
