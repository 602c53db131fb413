"""The folder carrier: a stick, a share or any folder, carried both ways.

    FOLDER/to-hub/COUNTY/DEVICE-FIRST-LAST.batch     written by the desk
    FOLDER/to-hub/COUNTY/DEVICE.answer               enrolment answer, written by the desk
    FOLDER/to-desk/COUNTY/DEVICE-FIRST-LAST.receipt  written by the hub; .refusal likewise
    FOLDER/to-desk/COUNTY/DEVICE/AUTHOR-FIRST-LAST.relay    entries of others, for DEVICE; written by the hub
    FOLDER/holds/COUNTY/DEVICE.holds                 what a workstation holds, by which the hub knows what to write
    FOLDER/holds/COUNTY/hub.holds                    what the hub holds

Rules: a file is written beside its name, flushed to the medium, read back and compared, and only then renamed, so
that a stick pulled at any moment leaves whole files or none under their names. Reading changes nothing. Nothing is
removed: the folder is never the only copy, and it may carry several counties and workstations at once.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from models.door import sync_folder
from models.errors import SyncError
from sync.batch import FILE_LIMIT_BYTES
from sync.carriers import Digests, News, Reply
from sync.outbox import EnrolledHub, Pending
from sync.port import Station
from sync.relay import STREAM_BYTES

TO_HUB, TO_DESK, SAID = "to-hub", "to-desk", "holds"
BATCH, ANSWER, RECEIPT, REFUSAL, RELAY, HOLDS = ".batch", ".answer", ".receipt", ".refusal", ".relay", ".holds"


class FolderError(SyncError):
    """A folder or stick that cannot be read or written; `path` says where."""

    def __init__(self, path: Path, reason: str, *, zh: str = "", en: str = "") -> None:
        super().__init__(
            zh
            or f"无法读写 {path}（{reason}）。请检查介质是否插好、是否已满或写保护，"
            "然后重试；登记库中没有丢失任何内容。",
            en
            or f"{path} cannot be read or written ({reason}). Check that the medium is in, has room and "
            "is not write-protected, and try again; nothing in the register is lost.",
        )
        self.path = path


def file_name(device: int, first: int, last: int, suffix: str) -> str:
    """Return the name of a file for a range of entries; names sort in the order of the journal."""
    return f"{device:04d}-{first:010d}-{last:010d}{suffix}"


def put_file(path: Path, data: bytes) -> bool:
    """Write a file so that it is whole under its name or not there; False when the same bytes were there already.

    Raises:
        FolderError: The medium says no, or gives back other bytes than were written.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        if path.exists() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if read_back(beside) != data:
            raise FolderError(
                path,
                "read back",
                zh=f"写入 {path} 后读回的内容不一致，介质可能已损坏。没有留下不完整的文件；请换一个介质。",
                en=f"What was written to {path} reads back differently; the medium is probably worn out. No partial "
                "file was left; "
                "use another medium.",
            )
        beside.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise FolderError(path, error.strerror or str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
    return True


def read_back(path: Path) -> bytes:
    """Read a file from the medium, not from the system's memory of it where that can be asked for."""
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return file.read()


def files_in(folder: Path, *suffixes: str) -> Iterator[Path]:
    """Yield the files of one county's folder with these suffixes, by name; hidden ones (half-written) are passed over.

    So is what bears such a name and is no file: a folder or a pipe must not stop the files beside it.

    Raises:
        FolderError: The folder cannot be read.
    """
    try:
        named = (path for path in folder.iterdir() if path.suffix in suffixes and not path.name.startswith("."))
        names = sorted(path for path in named if path.is_file())
    except FileNotFoundError:
        return
    except OSError as error:
        raise FolderError(folder, error.strerror or str(error)) from error
    yield from names


def read_file(path: Path, limit: int) -> bytes:
    """Return at most `limit` + 1 bytes of a file.

    Raises:
        FolderError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise FolderError(path, error.strerror or str(error)) from error


def folders_in(folder: Path) -> list[Path]:
    """Return the county folders below `folder`, by name.

    Raises:
        FolderError: The folder cannot be read.
    """
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise FolderError(folder, error.strerror or str(error)) from error


def check_folder(folder: Path) -> None:
    """Notice a stick that is not in, in place of making a folder where it would be.

    Raises:
        FolderError: There is no such folder.
    """
    if not folder.is_dir():
        raise FolderError(
            folder,
            "absent",
            zh=f"找不到文件夹 {folder}。请插好介质或检查路径后重试；登记库中没有丢失任何内容。",
            en=f"There is no folder {folder}. Put the medium in or check the path and try again; nothing in the "
            "register is lost.",
        )


class FolderCarrier:
    """Carries by a folder that must exist already: a stick that is not in is noticed, not made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def way(self) -> str:
        """The folder's path."""
        return str(self.folder)

    @property
    def answers(self) -> bool:
        """A folder answers on its way back."""
        return False

    def enrol(self, hub: EnrolledHub, station: Station) -> None:
        """Write the enrolment answer."""
        check_folder(self.folder)
        put_file(self.folder / TO_HUB / station.county / f"{station.device:04d}{ANSWER}", hub.answer)

    def collect(self, station: Station, after: int, holds: Mapping[int, int]) -> News:
        """Read receipts and refusals for this workstation beyond entry `after`, and see which relays lie there."""
        check_folder(self.folder)
        documents = []
        for path in files_in(self.folder / TO_DESK / station.county, RECEIPT, REFUSAL):
            device, _, last = range_of(path)
            if device == station.device and last > after:
                documents.append((str(path), read_file(path, _DOCUMENT_LIMIT)))
        down: dict[int, int] = {}
        for path in files_in(relays_of(self.folder, station.county, station.device), RELAY):
            author, _, last = range_of(path)
            if author and last > max(holds.get(author, 0), down.get(author, 0)):
                down[author] = last
        hub = holds_of(self.folder, station.county)
        said = read_file(hub, _DOCUMENT_LIMIT) if hub.exists() else None
        return News(documents=tuple(documents), down=down, said=said)

    def send(
        self,
        station: Station,
        batch: Pending,
        holds: Mapping[int, int] | None = None,  # noqa: ARG002  the protocol's form
    ) -> Reply:
        """Write a batch."""
        check_folder(self.folder)
        name = file_name(station.device, batch.first, batch.last, BATCH)
        put_file(self.folder / TO_HUB / station.county / name, batch.data)
        return Reply(state="handed")

    def fetch(
        self,
        station: Station,
        author: int,
        after: int,
        part: bytes,  # noqa: ARG002  the protocol's form
    ) -> bytes:
        """Read the relays of an author that continue entry `after`, up to `STREAM_BYTES`; a part needs no going on."""
        found = sorted(
            (first, -last, path)
            for path in files_in(relays_of(self.folder, station.county, station.device), RELAY)
            for device, first, last in (range_of(path),)
            if device == author and last > after
        )
        stream, reached = bytearray(), after
        for first, last, path in found:
            if first <= reached + 1 and -last > reached and len(stream) < STREAM_BYTES:
                stream += read_file(path, FILE_LIMIT_BYTES + _HEADER_ROOM)
                reached = -last
        return bytes(stream)

    def tell(self, station: Station, said: bytes) -> None:
        """Write what the workstation holds."""
        check_folder(self.folder)
        put_file(holds_of(self.folder, station.county, station.device), said)

    def digests(self, station: Station) -> Digests | None:  # noqa: ARG002  the protocol's form
        """A folder cannot be asked; the receipts bring the digests."""
        return None

    def rows(
        self,
        station: Station,  # noqa: ARG002  the protocol's form
        table: str,  # noqa: ARG002  the protocol's form
        month: str,  # noqa: ARG002  the protocol's form
    ) -> list[tuple[int, int, str]] | None:
        """A folder cannot be asked."""
        return None

    def close(self) -> None:
        """Nothing is held open."""


_DOCUMENT_LIMIT = 8 << 20
_HEADER_ROOM = 8192


def relays_of(folder: Path, county: str, device: int) -> Path:
    """Return the folder with the relays for a workstation."""
    return folder / TO_DESK / county / f"{device:04d}"


def holds_of(folder: Path, county: str, device: int | None = None) -> Path:
    """Return the file in which a workstation (or the hub) says what it holds."""
    return folder / SAID / county / (("hub" if device is None else f"{device:04d}") + HOLDS)


def range_of(path: Path) -> tuple[int, int, int]:
    """Return device, first and last entry of a file's name; zeros for another kind of name."""
    parts = path.stem.split("-")
    if len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts):
        return int(parts[0]), int(parts[1]), int(parts[2])
    return 0, 0, 0
