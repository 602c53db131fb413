"""Verbs of the sync: sync, batch write | read FOLDER, enrol FILE."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app import services
from app.common import Options, choose, open_desk, tell, verb
from models.errors import Message, SyncError


def _result(report: Any) -> dict[str, Any]:
    agreement = report.agreement
    return {
        "way": report.way,
        "sent_batches": report.sent_batches,
        "sent_entries": report.sent_entries,
        "receipted": report.receipted,
        "unsent": report.unsent,
        "handed": report.handed,
        "missing": report.missing,
        "refused": [{"zh": message.zh, "en": message.en} for message in report.refused],
        "agreed": None if agreement is None else agreement.whole,
        "trouble": None if report.trouble is None else {"zh": report.trouble.zh, "en": report.trouble.en},
    }


def _tell(options: Options, report: Any) -> None:
    tell(options, _result(report), services.told(report))
    if report.trouble is not None:
        message: Message = report.trouble
        raise SyncError(message.zh, message.en)


@click.command("sync")
@click.option("--again", is_flag=True, help="Send everything again, for a hub that was put back to an older state.")
@verb
def sync(options: Options, again: bool) -> None:
    """Send what is unsent to the hub over the network and take its receipts."""
    desk = open_desk(options)
    try:
        if again:
            services.send_again(desk.register)
        report = services.sync_by_network(desk.register)
    finally:
        desk.close()
    _tell(options, report)


@click.command("batch")
@click.argument("way", type=click.Choice(["write", "read"]))
@click.argument("folder", type=click.Path(path_type=Path))
@verb
def batch(options: Options, way: str, folder: Path) -> None:
    """Carry batches and receipts through a folder or stick: write what is unsent, read what came back."""
    desk = open_desk(options)
    try:
        report = (
            services.sync_by_folder(desk.register, folder)
            if way == "write"
            else services.receipts_from(desk.register, folder)
        )
    finally:
        desk.close()
    _tell(options, report)


@click.command("enrol")
@click.argument("offer", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Where the answer file goes (default: OFFER.answer)."
)
@verb
def enrol(options: Options, offer: Path, out: Path | None) -> None:
    """Take the hub's enrolment file and write the answer file for it."""
    answer = out or offer.with_name(offer.name + ".answer")
    desk = open_desk(options)
    try:
        services.enrol(desk.register, offer, answer)
    finally:
        desk.close()
    tell(
        options,
        {"answer": answer},
        choose(f"已写入应答文件 {answer}，请交给市局", f"Wrote the answer {answer}; hand it to the city"),
    )


COMMANDS = (sync, batch, enrol)
