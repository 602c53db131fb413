"""The hub and a folder: read what desks have put there, write the answers back.

The layout of the folder and its rules: `sync.carriers.folder`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import orjson

from models.errors import Message
from sync.batch import FILE_LIMIT_BYTES
from sync.carriers import folder as layout
from sync.causes import RefusedError
from sync.documents import LIMIT_BYTES
from sync.hub import registry
from sync.hub.hub import Hub, Outcome
from sync.receipt import RECEIPT

_HEADER_ROOM = 8192


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
    return report


def write_folder(hub: Hub, root: Path) -> StickReport:
    """Write the newest receipt of every workstation: receipts are cumulative, so that is all a desk needs.

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
    return report


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
        path = root / layout.TO_DESK / county / layout.file_name(device, first, last, suffix)
        if layout.put_file(path, document):
            report.written.append(str(path.relative_to(root)))


def _addressee(document: bytes) -> tuple[str, int, int, int, bool]:
    fields = orjson.loads(document)
    return fields["county"], fields["device"], fields["first"], fields["last"], fields["kind"] == RECEIPT
