"""Siblings: what one workstation of a county brings another directly, by stick, without the hub.

    FOLDER/to-sibling/COUNTY/DEVICE/AUTHOR-FIRST-LAST.batch    entries of AUTHOR, written and sealed by it for DEVICE
    FOLDER/to-sibling/COUNTY/DEVICE/WRITER-FIRST-LAST.own      entries of DEVICE's own that it lost, sealed by WRITER
    FOLDER/holds/COUNTY/DEVICE.holds                           what DEVICE holds, by which the others know what it lacks

An ordinary batch each, with the receiver in the place of the hub. A workstation hands over its own entries only: what
it had from others comes from them or through the hub, with their own signatures. The one exception are entries that
their own author lost with its machine: they continue that author's chain, hash by hash, are signed by who kept
them, and are taken while the register must fetch (`models.fetching`), at no other time.

What each said that it holds is remembered (`sync_peer`), so that a stick need not have been everywhere. Rules of the
folder: `sync.carriers.folder`. Several workstations and the hub may use one stick.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import orjson

from models import arrivals, fetching, stations
from models.act import ENTRY_COLUMNS
from models.errors import ChainError, Message
from models.journal import Entry
from models.stations import Workstation
from sync import outbox
from sync.batch import ENTRIES, FILE_LIMIT_BYTES, PAYLOAD_LIMIT_BYTES, Batch, open_batch, read_header, write_batch
from sync.carriers import folder as layout
from sync.causes import NotEnrolledError, RefusedError
from sync.documents import LIMIT_BYTES
from sync.fetch import BULK_ENTRIES
from sync.holds import Holds, newer_of, read_holds, write_holds
from sync.keys import PublicKeys
from sync.port import Connection, Port, transaction

TO_SIBLING = "to-sibling"
OWN = ".own"
_HEADER_ROOM = 8192
_FIELDS = tuple(name.strip() for name in ENTRY_COLUMNS.split(","))


@dataclass(slots=True, kw_only=True)
class SiblingReport:
    """What was exchanged with siblings by a folder. Numbers are of entries unless said otherwise."""

    written: dict[int, int] = field(default_factory=dict)
    """Workstation to the entries written for it."""
    taken: dict[int, int] = field(default_factory=dict)
    """Author to the entries taken from it."""
    conflicts: int = 0
    quarantined: list[Message] = field(default_factory=list)
    waiting: dict[int, int] = field(default_factory=dict)
    """Author to the last entry held, where its stream waits for entries of others."""
    missing: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Author to the range that must come first."""
    refused: list[Message] = field(default_factory=list)

    @property
    def entries(self) -> int:
        """How many entries were taken."""
        return sum(self.taken.values())


def exchange(
    port: Port,
    root: Path,
    *,
    now: Callable[[], datetime],
    writes: bool = True,
    authors: Mapping[int, PublicKeys] | None = None,
) -> SiblingReport:
    """Take what siblings wrote into a folder for this workstation, and write what they lack.

    Args:
        port: The register.
        root: The folder; it must be there.
        now: The clock.
        writes: False to read only.
        authors: Keys of workstations whose registration has not come yet (a register that is being joined).

    Returns:
        The report; nothing is done where no other workstation has ever been. What a retired one sends is taken.

    Raises:
        FolderError: The folder cannot be read or written.
        RefusedError: `fork`: entries of this very workstation differ from those held.
    """
    known = {one.number: PublicKeys(one.sign_key, one.seal_key) for one in port.with_register(stations.siblings)}
    everybody = {**(authors or {}), **_all_keys(port)}
    one = _Exchange(port, root, now, everybody, SiblingReport())
    if set(everybody) <= {port.station.device}:
        return one.report
    layout.check_folder(root)
    one.hear()
    one.read()
    if writes:
        for number, keys in sorted(known.items()):
            one.write_for(number, keys)
        one.say()
    one.clear_mark()
    return one.report


def _all_keys(port: Port) -> dict[int, PublicKeys]:
    """Return the keys of all workstations, retired ones too: what they wrote before still counts."""
    found: dict[int, PublicKeys] = {}
    rows: tuple[Workstation, ...] = port.with_register(stations.workstations)
    for one in rows:
        found.setdefault(one.number, PublicKeys(one.sign_key, one.seal_key))
    return found


class _Exchange:
    def __init__(
        self, port: Port, root: Path, now: Callable[[], datetime], keys: Mapping[int, PublicKeys], report: SiblingReport
    ) -> None:
        self.port = port
        self.root = root
        self.now = now
        self.keys = keys
        self.report = report
        self.station = port.station
        self.said: dict[int, Holds] = port.run(peers)
        self._bulk = False

    def held(self) -> dict[int, int]:
        return {author: last for author, (last, _) in self.port.run(arrivals.held).items()}

    # --- hearing and saying ------------------------------------------------------------------------------------------

    def hear(self) -> None:
        """Read what the others say that they hold, and remember it."""
        county = self.station.county
        for path in layout.files_in(self.root / layout.SAID / county, layout.HOLDS):
            if not path.stem.isdigit() or int(path.stem) == self.station.device or int(path.stem) not in self.keys:
                continue
            number = int(path.stem)
            try:
                said = read_holds(
                    layout.read_file(path, LIMIT_BYTES),
                    sign_public=self.keys[number].sign,
                    county=county,
                    device=number,
                    what=str(path),
                )
            except RefusedError as error:
                self.report.refused.append(error.message)
                continue
            newest = newer_of(self.said.get(number), said)
            if newest != self.said.get(number):
                self.said[number] = newest
                self._remember(newest)

    def _remember(self, said: Holds) -> None:
        at_ms = int(self.now().timestamp() * 1000)
        self.port.run(lambda connection: _keep_peer(connection, said, at_ms))

    def say(self) -> None:
        """Write what is held here, and which epoch of each sibling was heard of."""
        station = self.station
        said = Holds(
            county=station.county,
            device=station.device,
            epoch=station.epoch,
            holds=self.held(),
            heard={number: one.epoch for number, one in self.said.items()},
        )
        layout.put_file(layout.holds_of(self.root, station.county, station.device), write_holds(said, station.keys))

    def clear_mark(self) -> None:
        """Let a restored register write again once every sibling has given back what it had, where there is no hub.

        Siblings are asked for now: one that was invited after the backup is known since its row came back.
        """
        siblings = {one.number for one in self.port.with_register(stations.siblings)}
        if not siblings or self.port.run(_has_hub) or not self.port.with_register(lambda register: register.must_fetch):
            return
        own = self.held().get(self.station.device, 0)
        heard = [self.said[number] for number in siblings if number in self.said]
        if len(heard) == len(siblings) and all(
            one.heard.get(self.station.device, 0) >= self.station.epoch and one.holds.get(self.station.device, 0) <= own
            for one in heard
        ):
            self.port.with_register(fetching.clear)

    # --- writing -----------------------------------------------------------------------------------------------------

    def write_for(self, number: int, keys: PublicKeys) -> None:
        """Write the own entries that a sibling lacks, and those of its own that it lost."""
        there = self.said.get(number)
        has = there.holds if there is not None else {}
        own, device = self.held(), self.station.device
        count = self._put(number, keys, device, has.get(device, 0), own.get(device, 0), layout.BATCH)
        if there is not None and own.get(number, 0) > has.get(number, 0):
            count += self._put(number, keys, number, has.get(number, 0), own[number], OWN)
        if count:
            self.report.written[number] = count

    def _put(self, number: int, keys: PublicKeys, author: int, after: int, last: int, suffix: str) -> int:
        """Write entries of an author for a sibling; those that lie there already are not written again."""
        folder = _folder(self.root, self.station.county, number)
        for path, first, until in _files(folder, suffix, self.station.device):
            if first <= after + 1 and until > after and self._is_for(path, keys, author):
                after = until
        count = 0
        while after < last:
            entries = self._entries(author, after)
            if not entries:
                return count
            station = self.station
            data = write_batch(entries, county=station.county, epoch=station.epoch, keys=station.keys, hub=keys)
            name = layout.file_name(station.device, entries[0].seq, entries[-1].seq, suffix)
            layout.put_file(folder / name, data)
            after = entries[-1].seq
            count += len(entries)
        return count

    def _entries(self, author: int, after: int) -> list[Entry]:
        return self.port.run(lambda connection: _entries(connection, author, after))

    def _is_for(self, path: Path, keys: PublicKeys, author: int) -> bool:
        """Return whether a file that lies there is whole at its head and sealed to the keys that the sibling has."""
        try:
            header, start = read_header(layout.read_file(path, _HEADER_ROOM), what=str(path))
        except RefusedError:
            return False
        return header.hub == keys.key_id and header.device == author and path.stat().st_size == start + header.size

    # --- reading -----------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Take what lies there for this workstation, stream by stream, until nothing more moves."""
        folder = _folder(self.root, self.station.county, self.station.device)
        files = [*_files(folder, OWN), *_files(folder, layout.BATCH)]
        ends: dict[int, int] = {}
        for path, _, last in files:
            ends[self._author(path)] = max(last, ends.get(self._author(path), 0))
        held = self.held()
        self._bulk = sum(max(0, last - held.get(author, 0)) for author, last in ends.items()) >= BULK_ENTRIES
        moved = True
        while moved:
            moved = False
            for path, _, last in files:
                if last > self.held().get(self._author(path), 0):
                    moved |= self._take(path, self._author(path))
        if self._bulk:
            self.port.finish_bulk(lambda _done, _total: None)

    def _author(self, path: Path) -> int:
        return self.station.device if path.suffix == OWN else layout.range_of(path)[0]

    def _take(self, path: Path, author: int) -> bool:
        """Take one file; returns whether something came of it."""
        report, before = self.report, self.held().get(author, 0)
        for words in (report.waiting, report.missing):
            words.pop(author, None)
        try:
            batch = self._open(path, layout.range_of(path)[0], author)
            arrived = self.port.arrive(batch.entries, at=self.now(), way="stick", bulk=self._bulk)
        except RefusedError as error:
            if error.message not in report.refused:
                report.refused.append(error.message)
            return False
        except ChainError as error:
            self._unfit(path, author, before, error)
            return False
        if arrived.taken:
            report.taken[author] = report.taken.get(author, 0) + arrived.taken
        report.conflicts += arrived.conflicts
        report.quarantined += [one.message for one in arrived.quarantined]
        if arrived.waiting:
            report.waiting[author] = self.held().get(author, 0)
        return arrived.taken > 0

    def _open(self, path: Path, writer: int, author: int) -> Batch:
        keys = self.keys.get(writer)
        if keys is None:
            raise RefusedError("unknown_author", what=str(path), device=writer)
        if path.suffix == OWN and not self.port.with_register(lambda register: register.must_fetch):
            # Nobody but this workstation writes in its name, unless it says itself that it lost what it wrote.
            raise RefusedError("not_lost", what=str(path), device=writer)
        batch = open_batch(
            layout.read_file(path, FILE_LIMIT_BYTES + _HEADER_ROOM),
            keys=self.station.keys,
            hub=self.station.keys.public().key_id,
            sign_key_of=lambda _county, _device: keys.sign,
        )
        header = batch.header
        if (header.county, header.device) != (self.station.county, author):
            raise RefusedError(
                "other_county", what=str(path), found=f"{header.county}/{header.device}",
                known=f"{self.station.county}/{author}",
            )  # fmt: skip
        return batch

    def _unfit(self, path: Path, author: int, before: int, error: ChainError) -> None:
        first = layout.range_of(path)[1]
        if error.cause == "gap":
            self.report.missing[author] = (before + 1, first - 1)
            return
        own = author == self.station.device
        refused = RefusedError("fork" if own else "fork_of", what=str(path), seq=error.seq, device=author)
        if own:
            raise refused
        if refused.message not in self.report.refused:
            self.report.refused.append(refused.message)


def _folder(root: Path, county: str, number: int) -> Path:
    return root / TO_SIBLING / county / f"{number:04d}"


def _files(folder: Path, suffix: str, writer: int | None = None) -> Iterator[tuple[Path, int, int]]:
    """Yield the files of a folder with the range that their names say, by writer and first entry."""
    for path in layout.files_in(folder, suffix):
        device, first, last = layout.range_of(path)
        if device and (writer is None or device == writer):
            yield path, first, last


def _entries(connection: Connection, author: int, after: int) -> list[Entry]:
    """Return the entries of one batch after `after`."""
    rows = connection.execute(
        f"SELECT {ENTRY_COLUMNS} FROM entry WHERE device=? AND seq>? ORDER BY seq LIMIT ?", (author, after, ENTRIES)
    )
    found: list[Entry] = []
    size = 0
    for row in rows:
        size += len(row[8] or b"")
        if found and size > PAYLOAD_LIMIT_BYTES:
            break
        found.append(Entry(**dict(zip(_FIELDS, row, strict=True))))
    return found


def peers(connection: Connection) -> dict[int, Holds]:
    """Return what each sibling last said."""
    found = {}
    for device, text in connection.execute("SELECT device, holds FROM sync_peer").fetchall():
        kept = orjson.loads(text)
        found[device] = Holds(
            county=kept["county"],
            device=device,
            epoch=kept["epoch"],
            holds={int(author): last for author, last in kept["holds"].items()},
            heard={int(author): epoch for author, epoch in kept["heard"].items()},
        )
    return found


def _keep_peer(connection: Connection, said: Holds, at_ms: int) -> None:
    text = orjson.dumps(
        {"county": said.county, "epoch": said.epoch,
         "holds": {str(author): last for author, last in said.holds.items()},
         "heard": {str(author): epoch for author, epoch in said.heard.items()}},
        option=orjson.OPT_SORT_KEYS,
    ).decode()  # fmt: skip
    with transaction(connection):
        connection.execute(
            "INSERT OR REPLACE INTO sync_peer(device, holds, noted_ms) VALUES(?,?,?)", (said.device, text, at_ms)
        )


def _has_hub(connection: Connection) -> bool:
    try:
        outbox.enrolled_hub(connection)
    except NotEnrolledError:
        return False
    return True
