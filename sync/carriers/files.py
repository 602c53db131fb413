"""What a line does with files: questions and chunks. A folder does the same in its own order (`folder_files`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from models.errors import Message
from sync.filestate import Stored
from sync.port import Station

Range = tuple[int, int]
"""First and last chunk, both included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the hub says of files: the chunks it lacks of those offered, name and size of those wanted that it holds."""

    lacks: dict[str, list[Range]]
    here: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """What became of a chunk that was sent. `whole`: with it the hub holds the file; `refused`: `code` says why."""

    state: Literal["kept", "whole", "refused"]
    code: str = ""
    message: Message | None = None


class FileLine(Protocol):
    """A line to the hub for files. All methods raise SyncError when the line is not passable."""

    def ask(self, station: Station, offered: Sequence[Stored], wanted: Sequence[str]) -> Standing:
        """Ask what the hub lacks of files offered, and which of the files wanted it holds."""

    def put(self, station: Station, name: str, n: int, chunk: bytes, *, begun: bool = False) -> Put:
        """Send a sealed chunk, going on where an earlier attempt was cut (`begun`: perhaps in an earlier round)."""

    def get(self, station: Station, name: str, n: int) -> bytes:
        """Fetch a sealed chunk, going on where an earlier attempt was cut."""


FILES_ASKED = 100
"""Files offered or wanted in one question."""
