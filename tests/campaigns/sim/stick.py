"""Sticks: real folders, pulled out at any flush, altered, cut, emptied, and brought again as they were long ago.

A stick that is pulled is simulated at the moment of a flush (`os.fsync` of a file on it): the folder is kept as it is
then, with the file that was being flushed cut at any byte, whatever was renamed before in place and nothing after. The
writer meets an I/O error at this and every later flush; when it is done, the stick is what was kept.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random


class Stick:
    """A stick in a world's folder. `keep` and `again` bring back an earlier state."""

    def __init__(self, folder: Path, dice: Random) -> None:
        self.folder = folder
        self.dice = dice
        self._kept: Path | None = None
        folder.mkdir()

    def files(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.is_file())

    @contextlib.contextmanager
    def pulled(self, at: int) -> Iterator[None]:
        """Pull the stick at the flush number `at` of what runs inside; 0 leaves it in."""
        real, flushes, image = os.fsync, 0, self.folder.with_name(self.folder.name + "-pulled")

        def fsync(handle: int) -> None:
            nonlocal flushes
            name = Path(f"/proc/self/fd/{handle}").readlink()
            if not name.is_relative_to(self.folder):
                real(handle)
                return
            flushes += 1
            if flushes == at:
                shutil.copytree(self.folder, image)
                inside = image / name.relative_to(self.folder)
                if inside.is_file():
                    os.truncate(inside, self.dice.randrange(inside.stat().st_size + 1))
            if flushes >= at:
                raise OSError(errno.EIO, "the stick is gone")

        if at:
            os.fsync = fsync
        try:
            yield
        finally:
            os.fsync = real
            if image.exists():
                self._replace_with(image)

    @contextlib.contextmanager
    def until_killed(self) -> Iterator[Callable[[], None]]:
        """Give what freezes the stick as it is; what is written after that never was."""
        image = self.folder.with_name(self.folder.name + "-frozen")

        def freeze() -> None:
            if not image.exists():
                shutil.copytree(self.folder, image)

        try:
            yield freeze
        finally:
            if image.exists():
                self._replace_with(image)

    def spoil(self) -> str:
        """Cut or alter one file."""
        files = self.files()
        if not files:
            return "empty"
        path = self.dice.choice(files)
        content = path.read_bytes()
        place = self.dice.randrange(len(content)) if content else 0
        if not content or self.dice.random() < 0.5:
            path.write_bytes(content[:place])
        else:
            path.write_bytes(content[:place] + bytes([content[place] ^ 0x40]) + content[place + 1 :])
        return path.name

    def remove_some(self) -> None:
        """Lose some files: a stick is never the only copy."""
        for path in self.files():
            if self.dice.random() < 0.3:
                path.unlink()

    def empty(self) -> None:
        shutil.rmtree(self.folder)
        self.folder.mkdir()

    def forget(self, pattern: str) -> None:
        """Lose the files of a name, also those in the drawer."""
        for folder in filter(None, (self.folder, self._kept)):
            for path in folder.rglob(pattern):
                path.unlink()

    def keep(self) -> None:
        """Put a copy of the stick into the drawer, in place of the one that was there."""
        drawer = self.folder.with_name(self.folder.name + "-drawer")
        if drawer.exists():
            shutil.rmtree(drawer)
        shutil.copytree(self.folder, drawer)
        self._kept = drawer

    def again(self) -> None:
        """Bring the copy from the drawer: what it holds is old by now."""
        if self._kept is not None:
            image = self.folder.with_name(self.folder.name + "-again")
            shutil.copytree(self._kept, image)
            self._replace_with(image)

    def _replace_with(self, image: Path) -> None:
        shutil.rmtree(self.folder)
        image.rename(self.folder)
