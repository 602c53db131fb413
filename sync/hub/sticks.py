"""The hub and a folder: read what desks have put there, write the answers and what they lack.

The layout of the folder and its rules: `sync.carriers.folder`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from models.errors import Message
from sync.batch import FILE_LIMIT_BYTES, check_sealed
from sync.carriers import folder as layout
from sync.causes import RefusedError
from sync.documents import LIMIT_BYTES
from sync.hub import down, registry
from sync.hub.file_sticks import StickFiles, lay_files, take_files
from sync.hub.hub import Hub, Outcome
from sync.receipt import RECEIPT
from sync.relay import read_relay_header, write_relay

_HEADER_ROOM = 8192
_STATION = re.compile("[0-9]{4}")


@dataclass(slots=True, kw_only=True)
class StickReport:
    """What came of reading or writing a folder; files are named relative to it."""

    folder: str
    enrolled: list[str] = field(default_factory=list)
    receipted: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    missing: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """County/device -> ranges that the hub lacks."""
    refused: dict[str, Message] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    """Workstations (county/device) that said what they hold."""
    relays: int = 0
    """Relays that were written."""
    files: StickFiles = field(default_factory=StickFiles)
    """Stored files: after everything else, and their trouble stops nothing."""


def read_folder(hub: Hub, root: Path) -> StickReport:
    """Take every enrolment answer and batch of a folder, and write the hub's answers back into it.

    A file that is refused is listed with its cause and the next one is read.

    Raises:
        FolderError: The folder cannot be read or written.
    """
    report = StickReport(folder=str(root))
    layout.check_folder(root)
    for county in layout.folders_in(root / layout.TO_HUB):
        for path in layout.files_in(county, layout.ANSWER):
            name = str(path.relative_to(root))
            try:
                registry.enrol(hub, layout.read_file(path, LIMIT_BYTES), what=name)
                report.enrolled.append(name)
            except RefusedError as error:
                report.refused[name] = error.message
        for path in layout.files_in(county, layout.BATCH):
            outcome = hub.ingest(layout.read_file(path, FILE_LIMIT_BYTES + _HEADER_ROOM))
            _note(report, str(path.relative_to(root)), outcome)
            _write_documents(report, root, outcome)
    for county in layout.folders_in(root / layout.SAID):
        if county.name.isascii():  # others' folders may have any name, also one that no database keeps
            _hear(hub, report, root, county)
    take_files(hub, root, report.files)
    return report


def _hear(hub: Hub, report: StickReport, root: Path, county: Path) -> None:
    """Note what the workstations of a county say that they hold."""
    for path in layout.files_in(county, layout.HOLDS):
        if not _STATION.fullmatch(path.stem):
            continue  # the hub's own, or nobody's
        name = str(path.relative_to(root))
        try:
            data = layout.read_file(path, LIMIT_BYTES)
            down.take_holds(hub, data, county=county.name, device=int(path.stem), what=name)
            report.heard.append(f"{county.name}/{int(path.stem)}")
        except RefusedError as error:
            report.refused[name] = error.message


def write_folder(hub: Hub, root: Path) -> StickReport:
    """Write for every workstation its newest receipt, and the entries of others that it lacks.

    Receipts are cumulative, so that one is all a desk needs. What it lacks goes by what it last said that it holds; a
    workstation that has never said so gets nothing, since it may not take anything yet.

    Raises:
        FolderError: The folder cannot be written.
    """
    report = StickReport(folder=str(root))
    layout.check_folder(root)
    for county, device in hub.stations():
        position = hub.position(county, device)
        if position.missing:
            report.missing[f"{county}/{device}"] = list(position.missing)
        if position.newest is not None:
            outcome = Outcome(state="receipted", documents=(position.newest,))
            _write_documents(report, root, outcome)
        _write_relays(hub, report, root, county, device)
    for county in sorted({county for county, _ in hub.stations()}):
        _put(report, root, layout.holds_of(root, county), down.holds_document(hub, county))
    lay_files(hub, root, report.files)
    return report


def _write_relays(hub: Hub, report: StickReport, root: Path, county: str, device: int) -> None:
    """Write what a workstation lacks; a relay of the same range that lies there whole already is left as it is."""
    said = down.told(hub, county, device)
    if said is None:
        return
    to = down.public_keys(hub, county, device)
    folder = layout.relays_of(root, county, device)
    for author, last in down.behind(hub, county, said.holds):
        reached = said.holds.get(author, 0)
        while reached < last:
            batch = down.batch_after(hub, county, author, reached)
            if batch is None:
                break
            first, reached, raw = batch
            path = folder / layout.file_name(author, first, reached, layout.RELAY)
            if not _is_there(path, to.key_id):
                _put(report, root, path, write_relay(raw, keys=hub.place.keys, to=to))
                report.relays += 1


def _is_there(path: Path, to: str) -> bool:
    """Return whether a whole relay for these keys lies there."""
    if not path.exists():
        return False
    data = layout.read_file(path, FILE_LIMIT_BYTES + _HEADER_ROOM)
    try:
        header, start = read_relay_header(data)
        check_sealed(data, start, header.batch.size, header.batch.sha256, what=path.name)
    except RefusedError:
        return False
    return header.to == to


def _put(report: StickReport, root: Path, path: Path, data: bytes) -> None:
    if layout.put_file(path, data):
        report.written.append(str(path.relative_to(root)))


def _note(report: StickReport, name: str, outcome: Outcome) -> None:
    header = outcome.header
    station = f"{header.county}/{header.device}" if header else ""
    if outcome.state == "refused" and outcome.message is not None:
        report.refused[name] = outcome.message
    elif outcome.state == "waiting":
        report.waiting.append(name)
        report.missing[station] = list(outcome.missing)
    else:
        report.receipted.append(name)
        if len(outcome.documents) > 1:
            report.missing.pop(station, None)


def _write_documents(report: StickReport, root: Path, outcome: Outcome) -> None:
    for document in outcome.documents:
        county, device, first, last, receipt = _addressee(document)
        suffix = layout.RECEIPT if receipt else layout.REFUSAL
        _put(report, root, root / layout.TO_DESK / county / layout.file_name(device, first, last, suffix), document)


def _addressee(document: bytes) -> tuple[str, int, int, int, bool]:
    fields = orjson.loads(document)
    return fields["county"], fields["device"], fields["first"], fields["last"], fields["kind"] == RECEIPT
