"""The file of refused rows: `FILE.refused.csv`, to be mended in a spreadsheet and imported again with the same map.

It has the columns of the source behind three columns of its own (line, column, reason), in UTF-8 with a byte order
mark, which spreadsheets need to see that it is UTF-8. Columns beyond the boundary are not written out again. It is
written beside and renamed when the import ends; an earlier file, which may hold rows that someone is mending, is
never replaced.
"""

from __future__ import annotations

import contextlib
import csv
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from models.errors import DiskFullError, StorageError, spoken
from models.imports.cells import text_of
from models.imports.rows import REASON_HEADERS, Refused


def refused_path(source: Path, fallback: Path) -> Path:
    """Return where refused rows of `source` go: beside it, or to `fallback` when its folder cannot be written."""
    folder = source.parent if os.access(source.parent, os.W_OK) else fallback
    path = folder / f"{source.name}.refused.csv"
    number = 2
    while path.exists():
        path = folder / f"{source.name}.refused-{number}.csv"
        number += 1
    return path


class RefusedFile:
    """Writes refused rows; the file comes into being with the first of them."""

    def __init__(self, path: Path, headers: Sequence[str], kept: Sequence[int]) -> None:
        self.path = path
        self._partial = path.with_name(path.name + ".part")
        self._headers = headers
        self._kept = kept
        self._handle: IO[str] | None = None
        self._writer: Any = None

    def add(self, row: Refused) -> None:
        """Write one row.

        Raises:
            DiskFullError, StorageError: The file cannot be written.
        """
        try:
            if self._handle is None:
                self._handle = self._partial.open("w", encoding="utf-8-sig", newline="")
                self._writer = csv.writer(self._handle)
                self._writer.writerow([*REASON_HEADERS, *(self._headers[place] for place in self._kept)])
            reason = row.zh if spoken() == "zh" else row.en
            cells = [text_of(row.cells[place]) if place < len(row.cells) else "" for place in self._kept]
            self._writer.writerow(
                [row.line, row.column, reason, *cells, *map(text_of, row.cells[len(self._headers) :])]
            )
        except OSError as error:
            raise _trouble(self.path, error) from error

    def finish(self) -> Path | None:
        """Put the file in its place; returns its path, or None when nothing was refused."""
        if self._handle is None:
            return None
        try:
            self._handle.flush()
            os.fsync(self._handle.fileno())
            self._handle.close()
            self._partial.replace(self.path)
        except OSError as error:
            raise _trouble(self.path, error) from error
        self._handle = None
        return self.path

    def discard(self) -> None:
        """Give up what was written so far; the import that goes on later refuses the same rows again."""
        if self._handle is not None:
            with contextlib.suppress(OSError):  # a full disk says so once more when the rest of the buffer is written
                self._handle.close()
            self._partial.unlink(missing_ok=True)
            self._handle = None


def _trouble(path: Path, error: OSError) -> StorageError:
    kind = DiskFullError if error.errno in (28, 122) else StorageError
    return kind(
        f"无法写入拒收行文件 {path}（{error.strerror}）。已导入的行保留；腾出空间或换个位置后再导入同一文件。",
        f"The file of refused rows {path} cannot be written ({error.strerror}). What was imported stays; "
        "make room or name another place and import the same file again.",
    )
