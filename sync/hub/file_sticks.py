"""The hub and the files of a folder: take the chunks for it, lay what workstations want, say what it holds.

The layout: `sync.carriers.folder_files`. Files come after everything else in a folder, and what goes wrong with them
is told and stops no batch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from models.device import CITY
from models.errors import Message
from sync.carriers.folder_files import NoRoomOnMediumError, Room, Shelf, counties_in
from sync.causes import RefusedError
from sync.chunks import chunk_count
from sync.filesaid import BadChunk
from sync.hub import files, storage
from sync.hub.hub import Hub
from sync.keys import PublicKeys


@dataclass(slots=True, kw_only=True)
class StickFiles:
    """What came of the files of a folder; names of chunks are relative to it."""

    taken: int = 0
    """Chunks taken."""
    whole: int = 0
    """Files that became whole."""
    laid: int = 0
    """Chunks written for workstations."""
    refused: dict[str, Message] = field(default_factory=dict)
    trouble: Message | None = None
    """Why files wait, e.g. no room."""


def take_files(hub: Hub, root: Path, report: StickFiles) -> None:
    """Take the chunks of a folder that are sealed to this hub, and say there what it holds.

    Raises:
        FolderError: The folder cannot be read or written.
    """
    known = {county for county, _ in hub.stations()}
    for county in counties_in(root):
        if county in known:
            _take_county(hub, Shelf(root, county, hub.public), report)


def _take_county(hub: Hub, shelf: Shelf, report: StickFiles) -> None:
    there = shelf.there()
    bad: list[BadChunk] = []
    for name, numbers in there.items():
        if report.trouble is not None:
            break
        sizes = (shelf.size_of(name, n) for n in sorted(numbers))
        size = next((size for size in sizes if size is not None), 0)
        lacks = files.lacking(hub, shelf.county, [(name, size)])[name]
        for n in sorted(numbers):
            if any(first <= n <= last for first, last in lacks):
                _take_chunk(hub, shelf, name, n, bad, report)
    names = list(there)
    whole = [name for start in range(0, len(names), 500) for name in files.here(hub, shelf.county, names[start:][:500])]
    shelf.say(hub.place.keys, whole=whole, bad=bad, wanted=[])


def _take_chunk(hub: Hub, shelf: Shelf, name: str, n: int, bad: list[BadChunk], report: StickFiles) -> None:
    try:
        report.whole += files.take(hub, shelf.read(name, n))
        report.taken += 1
    except RefusedError as error:
        if error.code == "file_room":
            report.trouble = error.message
            return
        report.refused[str(shelf.path(name, n).relative_to(shelf.root))] = error.message
        bad.append(BadChunk(name=name, n=n, sha256=shelf.sealed_sha256(name, n), code=error.code))


def lay_files(hub: Hub, root: Path, report: StickFiles, *, room: int | None = None) -> None:
    """Lay the chunks of files that workstations said in this folder that they want; remove what they have.

    Args:
        hub: The hub.
        root: The folder.
        report: Filled in.
        room: Bytes that files may take there; all but the reserve where it is not said.

    Raises:
        FolderError: The folder cannot be read or written.
    """
    d = storage.device
    with hub.reading() as connection:
        stations = connection.execute(
            sa.select(d.c.county, d.c.device, d.c.sign_key, d.c.seal_key)
            .where(d.c.device != CITY)
            .order_by(d.c.county, d.c.device)
        ).all()
    space = Room(root, room)
    for county, device, sign, seal in stations:
        shelf = Shelf(root, county, PublicKeys(sign, seal))
        try:
            said = shelf.said()
            if said is None:
                continue
            shelf.clear(said.whole, CITY)
            bad = {(one.name, one.n): one.sha256 for one in said.bad}
            there = shelf.there()
            sizes = files.here(hub, county, said.wanted)
            for name in sorted(sizes, key=lambda name: (sizes[name], name)):
                for n in range(chunk_count(sizes[name])):
                    again = bad.get((name, n))
                    if n not in there.get(name, ()) or (again and again == shelf.sealed_sha256(name, n)):
                        shelf.lay(name, n, files.give(hub, county, device, name, n), space)
                        report.laid += 1
        except RefusedError as error:
            report.refused[str(shelf.said_path.relative_to(root))] = error.message
        except NoRoomOnMediumError as error:
            report.trouble = error.message
            return
