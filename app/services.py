"""Composition: the functions that window and command line are given, built from models and sync in one place."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import spoken

if TYPE_CHECKING:
    from models.arrivals import Arrived
    from models.desk import Desk
    from models.records import SyncState
    from models.register import Register
    from models.verify import Check
    from sync.comparing import Detail
    from sync.repair import Repaired
    from sync.round import SyncReport
    from sync.waiting import Waiting

Runner = Callable[[Callable[[], Any]], Any]
"""Runs a short step on the register on the worker that owns its connection (`sync.port.RegisterPort`)."""

PRELOAD = ("models.register", "models.desk", "models.find", "models.wrapped", "sync.outbox")
"""Imported while the person types the passphrase."""


def open_desk(path: Path, login: str, passphrase: str) -> Desk:
    """Unlock a register for a person, with the sync light wired in."""
    from models.desk import Desk
    from models.register import Register

    return Desk(Register.open(path, login, passphrase), sync_light=sync_light)


def verify(desk: Desk) -> list[Check]:
    """Prove the register, and that its journal is the one that the city countersigned."""
    from sync.countersigned import check_receipts
    from sync.port import RegisterPort

    receipts = check_receipts(RegisterPort(desk.register))
    return [*desk.verify(), *([receipts] if receipts else [])]


def sync_light(register: Register) -> SyncState:
    """Return what the outbox says of this register."""
    from sync import outbox
    from sync.port import RegisterPort

    port = RegisterPort(register)
    return port.run(lambda connection: outbox.sync_state(connection, port.station))


def enrol(register: Register, offer: Path, answer: Path, *, runner: Runner | None = None) -> None:
    """Take the hub's offer file and write the answer file.

    Raises:
        BatchRefusedError: The file is not an offer for this county, or was altered.
        StorageError: A file cannot be read or written.
    """
    from models import door
    from sync.joining import accept_offer
    from sync.port import RegisterPort

    try:
        data = offer.read_bytes()
    except OSError as error:
        raise door.file_trouble(offer, error) from error
    port = RegisterPort(register, runner)
    door.write_file(answer, accept_offer(port, data, at=datetime.now(UTC), what=offer.name))


def answered(answer: Path) -> str:
    """Return what to do with an answer file that was written, as one sentence."""
    if spoken() == "en":
        return f"The answer is written to {answer}. With a line, sync now; without one, take the file to the city."
    return f"应答文件已写到 {answer}。有网络时现在即可同步；没有网络时把文件交回市局。"


def sync_by_network(
    register: Register,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    runner: Runner | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> SyncReport:
    """Run one round with the hub over HTTPS, its certificate pinned, and another when siblings are given numbers.

    Args:
        register: The open register.
        cancelled: Asked between batches.
        runner: Runs the steps on the register; at once by default.
        progress: Told the entries handed over and all there are, batch by batch.
    """
    from sync import outbox
    from sync.carriers.https import HttpsCarrier
    from sync.port import RegisterPort
    from sync.together import by_line

    port = RegisterPort(register, runner)
    hub = port.run(outbox.enrolled_hub)
    carrier = HttpsCarrier(hub.address, hub.certificate)
    try:
        return by_line(port, carrier, cancelled=cancelled, progress=progress)
    finally:
        carrier.close()


def sync_by_folder(
    register: Register,
    folder: Path,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    runner: Runner | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    writes: bool = True,
) -> SyncReport:
    """Run one round through a folder or stick: write what is unsent, take the receipts and entries that lie there.

    It goes to the hub and to the siblings directly, each where there is one.

    A folder that is not there yet is made, but only inside one that is: a stick that is not plugged in is not made.
    With `writes` false nothing is written there.
    """
    from sync.port import RegisterPort
    from sync.together import by_folder

    with contextlib.suppress(OSError):  # the carrier says what is wrong with the place
        folder.mkdir(exist_ok=True)
    port = RegisterPort(register, runner)
    return by_folder(port, folder, cancelled=cancelled, progress=progress, writes=writes)


def next_try_s(register: Register, *, runner: Runner | None = None) -> int:
    """Return the seconds after which another round is worth while, 0 when the last one did not fail."""
    from sync import outbox, round
    from sync.port import RegisterPort

    failed = RegisterPort(register, runner).run(outbox.failed_rounds)
    return round.next_try_s(failed) if failed else 0


def waiting(register: Register) -> tuple[Waiting, ...]:
    """Return what of the sync waits for a person."""
    from sync.port import RegisterPort
    from sync.waiting import waiting as of

    port = RegisterPort(register)
    return port.run(lambda connection: of(connection, port.station))


def retry(register: Register) -> Arrived:
    """Try again what came from elsewhere and could not be laid over the register."""
    from models import arrivals

    return arrivals.retry(register, at=datetime.now(UTC))


def invite(register: Register, number: int, name: str, path: Path) -> None:
    """Enter a new workstation and write its invitation to a file that is not there yet.

    Raises:
        InputError: There is such a file, or the number or name cannot be.
        NotAllowedError: The person is no keeper.
        StorageError: The medium says no; no number was taken.
    """
    from models import door, errors
    from sync.inviting import invite as run

    if path.exists():
        raise errors.InputError(
            "path",
            f"{path} 已存在。请为邀请文件另选一个位置。",
            f"There is a file {path} already. Choose another place for the invitation.",
        )
    door.write_file(path, b"")  # a medium that says no is noticed before the number is taken
    try:
        data = run(register, number, name, by=register.person, at=datetime.now(UTC))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    door.write_file(path, data)


def send_again(register: Register) -> int:
    """Count everything as unsent, for a hub that was put back to an older state; returns how many entries that is."""
    from sync import filestate, outbox
    from sync.port import RegisterPort

    port = RegisterPort(register)
    port.run(lambda connection: outbox.send_again_from(connection, 1))
    port.run(filestate.send_again)
    return port.run(lambda connection: outbox.sync_state(connection, port.station)).unsent


def receipts_from(register: Register, folder: Path, *, runner: Runner | None = None) -> SyncReport:
    """Take the receipts and the entries of others that lie in a folder or stick; nothing is written there."""
    return sync_by_folder(register, folder, writes=False, runner=runner)


def declare_alone(register: Register, reason: str) -> None:
    """Let a restored register go on without fetching, by the keeper's word.

    Raises:
        NotAllowedError: The person is no keeper.
        InputError: No reason was given, or the register need not fetch.
    """
    from models import fetching

    fetching.declare_alone(register, reason, by=register.person, at=datetime.now(UTC))


def agreement(register: Register, *, by_line: bool = True, runner: Runner | None = None) -> Detail | None:
    """Compare the register with the hub, table by month; by the newest receipt where the hub is not to be asked.

    Returns:
        None when there is no receipt to go by.

    Raises:
        SyncError: The hub does not answer, or there is none.
    """
    from sync import outbox
    from sync.carriers.https import HttpsCarrier
    from sync.comparing import detail
    from sync.port import RegisterPort

    port = RegisterPort(register, runner)
    hub = port.run(outbox.enrolled_hub)
    carrier = HttpsCarrier(hub.address, hub.certificate) if by_line else None
    try:
        return detail(port, carrier, at=datetime.now(UTC))
    finally:
        if carrier is not None:
            carrier.close()


def agreement_paper(found: Detail, organ: str) -> bytes:
    """Return a comparison as PDF, in the language chosen."""
    from models.sheets.pdf import to_pdf
    from sync.agreement_sheet import sheet

    return to_pdf(sheet(found, organ=organ, language=spoken()))


def repair(register: Register, reopen: Callable[[], Register], folder: Path | None = None) -> tuple[Repaired, Register]:
    """Repair a register that went on from an old backup, by line or by a folder; see `sync.repair`."""
    from sync.carriers.folder import FolderCarrier
    from sync.carriers.https import HttpsCarrier
    from sync.outbox import EnrolledHub
    from sync.repair import repair as run

    def way(hub: EnrolledHub) -> FolderCarrier | HttpsCarrier:
        return HttpsCarrier(hub.address, hub.certificate) if folder is None else FolderCarrier(folder)

    return run(register, way, reopen, now=lambda: datetime.now(UTC))


def told(report: SyncReport) -> str:
    """Return a round as one sentence for a person."""
    if report.trouble is not None:
        return str(report.trouble)
    if spoken() == "en":
        parts = [f"{report.sent_entries} entries sent, {report.unsent} not yet confirmed"]
        parts += [f"{report.handed} lie in the folder"] if report.handed else []
    else:
        parts = [f"送出 {report.sent_entries} 条，未确认 {report.unsent} 条"]
        parts += [f"{report.handed} 条在文件夹中等待"] if report.handed else []
    parts += _told_of_others(report)
    parts += _told_of_siblings(report)
    parts += _told_of_files(report)
    if report.agreement is not None:
        parts.append(str(report.agreement.message()))
    parts += [str(message) for message in report.refused]
    return "；".join(parts) if spoken() == "zh" else "; ".join(parts)


def _told_of_siblings(report: SyncReport) -> list[str]:
    """Return what was exchanged with siblings directly, in parts of a sentence."""
    found = report.siblings
    if spoken() == "en":
        parts = [f"{count} entries written for workstation {number}" for number, count in sorted(found.written.items())]
        parts += [f"{count} entries taken from workstation {number}" for number, count in sorted(found.taken.items())]
        parts += [
            f"entries {first}–{last} of workstation {number} must come first"
            for number, (first, last) in sorted(found.missing.items())
        ]
    else:
        parts = [f"为 {number} 号工作站写出 {count} 条" for number, count in sorted(found.written.items())]
        parts += [f"取得 {number} 号工作站 {count} 条" for number, count in sorted(found.taken.items())]
        parts += [
            f"还须先有 {number} 号工作站第 {first}–{last} 条" for number, (first, last) in sorted(found.missing.items())
        ]
    return [*parts, *(str(message) for message in (*found.quarantined, *found.refused))]


def _told_of_files(report: SyncReport) -> list[str]:
    """Return what a round did with stored files, and what of them is still on its way, in parts of a sentence."""
    files, waiting = report.files, report.files.waiting
    if spoken() == "en":
        parts = [f"{files.sent} files sent"] if files.sent else []
        parts += [f"{files.taken} files received"] if files.taken else []
        parts += [f"{files.laid} chunks of files written"] if files.laid else []
        parts += [f"{waiting.up} files ({waiting.up_bytes / 1e6:,.1f} MB) not yet confirmed"] if waiting.up else []
        parts += [f"{waiting.down} files still on their way here"] if waiting.down else []
    else:
        parts = [f"送出附件 {files.sent} 份"] if files.sent else []
        parts += [f"收到附件 {files.taken} 份"] if files.taken else []
        parts += [f"写出附件 {files.laid} 块"] if files.laid else []
        parts += [f"附件未确认 {waiting.up} 份（{waiting.up_bytes / 1e6:,.1f} MB）"] if waiting.up else []
        parts += [f"附件待收 {waiting.down} 份"] if waiting.down else []
    trouble = [files.trouble] if files.trouble is not None else []
    return [*parts, *(str(message) for message in (*files.refused, *trouble))]


def _told_of_others(report: SyncReport) -> list[str]:
    """Return what a round brought down, in parts of a sentence."""
    down = report.down
    parts = []
    if spoken() == "en":
        parts += [f"{down.entries} entries fetched"] if down.entries else []
        parts += [f"{down.conflicts} conflicts to be settled"] if down.conflicts else []
        parts += [f"what follows of workstation {author} waits for others" for author in sorted(down.waiting)]
        parts += [
            f"entries {first} to {last} of workstation {author} are missing"
            for author, (first, last) in sorted(down.missing.items())
        ]
    else:
        parts += [f"收取 {down.entries} 条"] if down.entries else []
        parts += [f"发现 {down.conflicts} 处冲突，请裁定"] if down.conflicts else []
        parts += [f"{author} 号工作站的后续内容等待其他工作站" for author in sorted(down.waiting)]
        parts += [
            f"缺少 {author} 号工作站第 {first} 至 {last} 条" for author, (first, last) in sorted(down.missing.items())
        ]
    return parts + [str(message) for message in report.quarantined]
