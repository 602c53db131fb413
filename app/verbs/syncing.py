"""Verbs of the sync: sync, batch write | read FOLDER, enrol FILE, repair."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app import services
from app.common import Options, choose, open_desk, tell, verb
from models.errors import Message, SyncError

if TYPE_CHECKING:
    from models.register import Register


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
        "fetched": report.fetched,
        "conflicts": report.taken_conflicts,
        "waiting": sorted(report.down.waiting),
        "quarantined": [{"zh": message.zh, "en": message.en} for message in report.quarantined],
        "refused": [{"zh": message.zh, "en": message.en} for message in report.refused],
        "siblings": {
            "written": report.siblings.written,
            "taken": report.siblings.taken,
            "missing": report.siblings.missing,
            "refused": [{"zh": message.zh, "en": message.en} for message in report.siblings.refused],
        },
        "files": _files(report.files),
        "agreed": None if agreement is None else agreement.whole,
        "differing": [] if agreement is None else [*agreement.differences],
        "rows": [] if agreement is None else [*agreement.rows],
        "trouble": None if report.trouble is None else {"zh": report.trouble.zh, "en": report.trouble.en},
    }


def _files(files: Any) -> dict[str, Any]:
    waiting = files.waiting
    return {
        "sent": files.sent,
        "taken": files.taken,
        "laid": files.laid,
        "up": waiting.up,
        "up_bytes": waiting.up_bytes,
        "down": waiting.down,
        "damaged": waiting.damaged,
        "refused": [{"zh": message.zh, "en": message.en} for message in files.refused],
        "trouble": None if files.trouble is None else {"zh": files.trouble.zh, "en": files.trouble.en},
    }


def _tell(options: Options, report: Any) -> None:
    tell(options, _result(report), services.told(report))
    if report.trouble is not None:
        message: Message = report.trouble
        raise SyncError(message.zh, message.en)


@click.command("sync")
@click.option("--again", is_flag=True, help="Send everything again, for a hub that was put back to an older state.")
@click.option("--alone", metavar="REASON", default=None, help="Go on with a restored register: nobody to fetch from.")
@click.option(
    "--print",
    "paper",
    type=click.Path(path_type=Path),
    default=None,
    help="Write the agreement with the hub, table by month, to FILE.pdf.",
)
@verb
def sync(options: Options, again: bool, alone: str | None, paper: Path | None) -> None:
    """Send what is unsent to the hub over the network, take its receipts, and fetch what others entered."""
    desk = open_desk(options)
    try:
        if alone is not None:
            services.declare_alone(desk.register, alone)
            tell(
                options,
                {"alone": alone},
                choose("已记录：无处可取，继续办理", "Noted: there is nobody to fetch from; work goes on"),
            )
            return
        if again:
            services.send_again(desk.register)
        report = services.sync_by_network(desk.register)
        if paper is not None and report.trouble is None:
            _print(desk.register, paper)
    finally:
        desk.close()
    _tell(options, report)


def _print(register: Register, paper: Path) -> None:
    from models import door

    found = services.agreement(register)
    assert found is not None  # noqa: S101  a hub that answers has digests
    door.write_file(paper, services.agreement_paper(found, str(register.setting("organ.name", ""))))


@click.command("repair")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=None,
    help="By folder or stick: once before the hub has read and written it, and once after.",
)
@verb
def repair(options: Options, folder: Path | None) -> None:
    """Mend a register that went on from an old backup: fetch the hub's entries, enter its own again; a copy is kept."""
    desk = open_desk(options)
    register = desk.register
    try:
        done, register = services.repair(register, lambda: open_desk(options).register, folder)
    finally:
        register.close()
    numbers = [f"{one.old} → {one.new}" for one in done.entered.renumbered]
    values = [f"{one.table}.{one.column}: {one.before} → {one.after}" for one in done.entered.overlaid]
    result = {
        "copy": done.copy,
        "parted_at": done.parted_at,
        "author": done.author,
        "aside": done.aside,
        "fetched": done.fetched,
        "entered": done.entered.entries,
        "left": done.entered.left,
        "renumbered": done.entered.renumbered,
        "overlaid": done.entered.overlaid,
        "waits_for_hub": done.waits_for_hub,
        "trouble": None if done.round is None or done.round.trouble is None else done.round.trouble._asdict(),
    }
    if done.waits_for_hub:
        line = choose(
            "已写明本机与中心相同到哪一条。请让中心读取并写出（batch read、batch write），然后再运行一次。",
            "It is written down how far this register and the hub go together. Let the hub read and write the folder "
            "(batch read, batch write), then run this again.",
        )
    else:
        line = choose(
            f"{done.author} 号工作站自第 {done.parted_at} 条起与中心不同：取回 {done.fetched} 条，分叉的 "
            f"{done.entered.entries} 条已由本机重新登记",
            f"Workstation {done.author}, apart from entry {done.parted_at} on: {done.fetched} entries fetched, "
            f"{done.entered.entries} of the branch entered again here",
        )
    tell(options, result, "\n".join([line, *numbers, *values]))
    if done.round is not None and done.round.trouble is not None:
        raise SyncError(done.round.trouble.zh, done.round.trouble.en)


@click.command("batch")
@click.argument("way", type=click.Choice(["write", "read"]))
@click.argument("folder", type=click.Path(path_type=Path))
@verb
def batch(options: Options, way: str, folder: Path) -> None:
    """Carry entries and receipts through a folder or stick: write what is unsent, read what came back."""
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


COMMANDS = (sync, batch, enrol, repair)
