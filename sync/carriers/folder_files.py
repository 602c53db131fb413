"""Files in a folder or on a stick: where chunks lie, what each receiver says of them, and how much room is left.

    FOLDER/files/COUNTY/KEYID/NAME-N.chunk    a chunk for the hub or workstation of that key id; N in five digits
    FOLDER/files/COUNTY/KEYID.files           what that hub or workstation says of files (`sync.filesaid`)

A chunk is written as every file of a folder is: whole under its name or not there. Files may take the medium up to
`RESERVE_BYTES`, which records keep for themselves. What its receiver has confirmed under its signature is the one
thing that is ever removed from a folder, and only by those who write there, so that a stick does not fill for good.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Collection
from pathlib import Path

from sync.carriers.folder import FolderError, folders_in, put_file, read_file
from sync.causes import RefusedError, words
from sync.chunks import CHUNK_LIMIT_BYTES, HEADER_LIMIT_BYTES, Header, is_name, read_header
from sync.documents import LIMIT_BYTES
from sync.filesaid import BadChunk, Said, read_said, write_said
from sync.keys import PublicKeys, SecretKeys

FILES = "files"
CHUNK, SAID = ".chunk", ".files"
RESERVE_BYTES = 32 << 20
"""Room on a medium that files leave to the records."""


class NoRoomOnMediumError(FolderError):
    """Files do not fit on the medium; what is there stays, records go on."""

    def __init__(self, folder: Path, free: int) -> None:
        message = words("file_room", where=folder, free=max(0, free) >> 20)
        super().__init__(folder, "full", zh=message.zh, en=message.en)


class Room:
    """The room that files may still take in a folder.

    Args:
        root: The folder.
        limit: Bytes beyond what is there; all but the reserve where it is not said.
    """

    def __init__(self, root: Path, limit: int | None = None) -> None:
        self._root = root
        self._limit = limit

    def take(self, size: int) -> None:
        """Take room for so many bytes.

        Raises:
            NoRoomOnMediumError: It would take what is kept for records, or more than was allowed.
            FolderError: The medium cannot be asked.
        """
        try:
            free = shutil.disk_usage(self._root).free - RESERVE_BYTES
        except OSError as error:
            raise FolderError(self._root, error.strerror or str(error)) from error
        if self._limit is not None:
            free = min(free, self._limit)
        if free < size:
            raise NoRoomOnMediumError(self._root, free)
        if self._limit is not None:
            self._limit -= size


class Shelf:
    """The chunks for one receiver in a folder.

    Args:
        root: The folder.
        county: Whose files.
        keys: The receiver's public keys.
    """

    def __init__(self, root: Path, county: str, keys: PublicKeys) -> None:
        self.root = root
        self.county = county
        self.keys = keys
        self._folder = root / FILES / county / keys.key_id

    def there(self) -> dict[str, set[int]]:
        """Return the chunks that lie there: file to numbers, in the order of the names.

        Raises:
            FolderError: The folder cannot be read.
        """
        found: dict[str, set[int]] = {}
        try:
            names = sorted(path.name for path in self._folder.iterdir() if path.suffix == CHUNK)
        except FileNotFoundError:
            return found
        except OSError as error:
            raise FolderError(self._folder, error.strerror or str(error)) from error
        for text in names:
            name, _, number = text.removesuffix(CHUNK).partition("-")
            if is_name(name) and number.isascii() and number.isdigit():
                found.setdefault(name, set()).add(int(number))
        return found

    def path(self, name: str, n: int) -> Path:
        """Return where a chunk lies."""
        return self._folder / f"{name}-{n:05d}{CHUNK}"

    def read(self, name: str, n: int) -> bytes:
        """Return a chunk.

        Raises:
            FolderError: It cannot be read.
        """
        return read_file(self.path(name, n), CHUNK_LIMIT_BYTES)

    def sealed_sha256(self, name: str, n: int) -> str:
        """Return the digest of its sealed bytes that a chunk names, '' where it cannot be read or is none."""
        header = self._header(name, n)
        return "" if header is None else header.sha256

    def size_of(self, name: str, n: int) -> int | None:
        """Return the size of the whole file that a chunk names, None where it cannot be read or is none."""
        header = self._header(name, n)
        return None if header is None else header.whole

    def _header(self, name: str, n: int) -> Header | None:
        try:
            return read_header(read_file(self.path(name, n), HEADER_LIMIT_BYTES))[0]
        except (FolderError, RefusedError):
            return None

    def lay(self, name: str, n: int, chunk: bytes, room: Room) -> None:
        """Write a chunk where there is room.

        Raises:
            NoRoomOnMediumError: There is none.
            FolderError: The medium says no.
        """
        room.take(len(chunk))
        put_file(self.path(name, n), chunk)

    def clear(self, names: Collection[str], writer: int) -> None:
        """Remove what `writer` wrote of files that the receiver holds; other writers have to hear of it too."""
        for name, numbers in self.there().items():
            if name in names:
                for n in numbers:
                    header = self._header(name, n)
                    if header is not None and header.device == writer:
                        with contextlib.suppress(OSError):  # the medium is read-only: they lie there in vain
                            self.path(name, n).unlink()

    # --- what the receiver says --------------------------------------------------------------------------------------

    def disbelieve(self) -> None:
        """Remove what the receiver said, when it is seen to be of another time (a hub put back to an older state)."""
        with contextlib.suppress(OSError):
            self.said_path.unlink()

    @property
    def said_path(self) -> Path:
        """Where the receiver says what it holds."""
        return self.root / FILES / self.county / f"{self.keys.key_id}{SAID}"

    def said(self) -> Said | None:
        """Return what the receiver says; None where it said nothing here.

        Raises:
            RefusedError: The document is not its own, or damaged.
            FolderError: It cannot be read.
        """
        if not self.said_path.exists():
            return None
        data = read_file(self.said_path, LIMIT_BYTES)
        return read_said(data, keys=self.keys, county=self.county, what=str(self.said_path))

    def say(self, secret: SecretKeys, *, whole: list[str], bad: list[BadChunk], wanted: list[str]) -> bool:
        """Write what the receiver says; returns whether anything is new. Nothing is written while there is nothing.

        Raises:
            FolderError: The medium says no.
        """
        if not (whole or bad or wanted or self.said_path.exists()):
            return False
        said = Said(county=self.county, of=self.keys.key_id, whole=whole, bad=bad, wanted=wanted)
        return put_file(self.said_path, write_said(said, secret))


def counties_in(root: Path) -> list[str]:
    """Return the counties whose files lie in a folder.

    Raises:
        FolderError: The folder cannot be read.
    """
    return [path.name for path in folders_in(root / FILES)]
