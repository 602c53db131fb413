"""A workstation that joins: an empty register with the county's id and key, filled by line or stick, then put in place.

    invitation -> FILE.joining (+ .keys) -> all that the inviter held has come, every entry verified -> first own entry
    -> FILE

Until then the register stands under its own name beside the place where it belongs, so that nobody works in half a
register. It may be cut at any line: the same call goes on where it was. The newcomer trusts the invitation for the
public keys of the others; that the entries are those that the inviter held is seen by the hash of each chain.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from models import arrivals, device, door, errors, fetching, keyring, lawbook, stations
from models.errors import Message, SyncError
from models.register import Register, take_lock
from sync import joining, outbox, siblings
from sync.carriers.folder import FolderCarrier
from sync.carriers.https import HttpsCarrier
from sync.causes import NotEnrolledError, RefusedError
from sync.invitation import Invitation, open_seeds
from sync.port import RegisterPort
from sync.round import SyncReport, run_once
from sync.siblings import SiblingReport

JOINING = ".joining"
"""Suffix of a register while it is being joined."""


@dataclass(slots=True, kw_only=True)
class Joining:
    """How far a workstation has come.

    Attributes:
        device: Its number.
        done: Whether it has joined: the register is in its place.
        lacking: Author to the range of entries that the inviter held and that have not come yet.
        came: Entries that came in this call.
        refused: What was refused on the way, in words.
    """

    device: int
    done: bool = False
    lacking: dict[int, tuple[int, int]] = field(default_factory=dict)
    came: int = 0
    refused: list[Message] = field(default_factory=list)
    trouble: Message | None = None

    def message(self) -> Message:
        """Return where it stands and what to do, as one sentence."""
        if self.done:
            return Message(f"{self.device} 号工作站已加入", f"Workstation {self.device} has joined")
        zh = "、".join(f"{author} 号第 {first}–{last} 条" for author, (first, last) in sorted(self.lacking.items()))
        en = ", ".join(f"{first}–{last} of {author}" for author, (first, last) in sorted(self.lacking.items()))
        why_zh, why_en = (f"{self.trouble.zh}" if self.trouble else "", f"{self.trouble.en} " if self.trouble else "")
        return Message(
            f"{why_zh}还缺：{zh}。已到的内容都保留着；请在各工作站用 batch write 写入介质，或接通网络后，再运行一次 "
            "station join。",
            f"{why_en}Still lacking: entries {en}. What came is kept; write them to the stick at those workstations "
            "(batch write), or have the line, and run station join again.",
        )


class _JoiningPort(RegisterPort):
    """A port on a register whose own row and whose bureau's name have not come yet."""

    def __init__(self, register: Register, invitation: Invitation) -> None:
        super().__init__(register)
        self.station = replace(self.station, name=invitation.name, device_name=invitation.device_name)


def join(
    invitation: Invitation,
    target: Path,
    *,
    login: str,
    passphrase: str,
    now: Callable[[], datetime],
    folder: Path | None = None,
    offer: bytes | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Joining:
    """Join, or go on joining.

    Args:
        invitation: The invitation.
        target: Where the register belongs; nothing may be there.
        login: A person with a slot in the invitation, who is still active.
        passphrase: That person's.
        now: The clock.
        folder: A folder or stick with what siblings, or the hub, wrote for this workstation; by line when there is
            none.
        offer: The hub's enrolment offer for this workstation; not needed again once it was given.
        progress: Told the entries taken and how many there are.

    Returns:
        How far it came.

    Raises:
        StorageError: There is a register already, or the file cannot be written.
        WrongPassphraseError: The passphrase is not that person's.
        RefusedError: The invitation is not of this register, its number was given twice, or an offer is refused.
        NotEnrolledError: There is neither folder nor hub.
    """
    if target.exists():
        raise errors.StorageError(
            f"{target} 已有登记库，没有改动。请换一个位置加入。",
            f"There is a register at {target}. Choose another path.",
        )
    making = target.with_name(target.name + JOINING)
    lock = take_lock(making)
    try:
        register = _open(invitation, making, login, passphrase, lock)
        try:
            state = Joining(device=invitation.device)
            port = _JoiningPort(register, invitation)
            if offer is not None:
                _take_offer(port, invitation, offer, now())
            before = _held(register)
            _fetch(port, invitation, folder, state, now, progress)
            state.came = sum(_held(register).values()) - sum(before.values())
            state.lacking = _lacking(register, invitation)
            if not state.lacking:
                _finish(register, invitation, now())
                state.done = True
        finally:
            register.connection.close()
        if state.done:
            _put_in_place(making, target)
    finally:
        lock.release()
    for suffix in (".lock", ".holder"):
        if state.done:
            with contextlib.suppress(OSError):
                making.with_name(making.name + suffix).unlink(missing_ok=True)
    return state


def _open(invitation: Invitation, making: Path, login: str, passphrase: str, lock: object) -> Register:
    """Open the register that is being joined, or make it."""
    if keyring.path_of(making).exists() and keyring.read(making)["register"] != invitation.register:
        raise RefusedError("other_county", what=str(making), found=invitation.register, known="?")
    keyring.receive(making, invitation.register, dict(invitation.keyring))
    register_id, keys = keyring.unlock(making, login, passphrase)
    seeds = open_seeds(invitation, keys.register_key)
    if making.exists() and not _is_made(making, keys.register_key):
        for suffix in ("", "-wal", "-shm"):
            making.with_name(making.name + suffix).unlink(missing_ok=True)
    fresh = not making.exists()
    connection = door.connect(making, keys.register_key, create=fresh, salt=door.file_salt(register_id))
    try:
        door.migrate(connection, making)
        if fresh:
            with door.translated(making), door.database(connection).atomic():
                connection.executemany(
                    "INSERT INTO meta(name, value) VALUES(?,?)",
                    [
                        ("register", register_id),
                        ("county", invitation.county),
                        ("device", invitation.device),
                        ("epoch", 1),
                    ],
                )
                device.keep_keys(connection, device.DeviceKeys(*seeds))
                lawbook.accept(connection, invitation.law)
                fetching.mark(connection)
        register = Register(making, connection, lock, keys, login)  # type: ignore[arg-type]  # the lock of `take_lock`
        if register.device != invitation.device:
            raise RefusedError("other_county", what=str(making), found=invitation.device, known=register.device)
    except BaseException:
        connection.close()
        raise
    return register


def _is_made(making: Path, key: bytes) -> bool:
    """Return whether a file that lies there was made whole; one that was cut off while it was made is made anew."""
    try:
        connection = door.connect(making, key)
        try:
            with door.translated(making):
                return connection.execute("SELECT 1 FROM meta WHERE name='register'").fetchone() is not None
        finally:
            connection.close()
    except errors.RegisterError:
        return False


def _take_offer(port: _JoiningPort, invitation: Invitation, offer: bytes, at: datetime) -> None:
    from sync.enrolment import read_offer

    found = read_offer(offer, county=invitation.county)
    if invitation.hub is not None and found.hub != invitation.hub.keys:
        raise RefusedError("foreign_hub", what="offer", found=found.hub.key_id, known=invitation.hub.keys.key_id)
    joining.accept_offer(port, offer, at=at)


def _held(register: Register) -> dict[int, int]:
    return {author: last for author, (last, _) in arrivals.held(register.connection).items()}


def _fetch(
    port: _JoiningPort,
    invitation: Invitation,
    folder: Path | None,
    state: Joining,
    now: Callable[[], datetime],
    progress: Callable[[int, int], None],
) -> None:
    """Bring what there is by the folder, or by line."""
    others = {number: keys for number, keys in invitation.workstations.items() if number != invitation.device}
    try:
        hub = port.run(outbox.enrolled_hub)
    except NotEnrolledError:
        if folder is None:
            raise
        hub = None
    if folder is not None:
        _note(state, siblings.exchange(port, folder, now=now, authors=others))
    if hub is None:
        return
    carrier = FolderCarrier(folder) if folder is not None else HttpsCarrier(hub.address, hub.certificate)
    try:
        authors = {number: keys.sign for number, keys in others.items()}
        _note(state, run_once(port, carrier, now=now, authors=authors, fetched=progress))
    finally:
        carrier.close()


def _note(state: Joining, report: SiblingReport | SyncReport) -> None:
    state.refused += report.refused
    if isinstance(report, SyncReport):
        state.trouble = report.trouble


def _lacking(register: Register, invitation: Invitation) -> dict[int, tuple[int, int]]:
    """Return what the inviter held and has not come.

    Raises:
        RefusedError: `fork_of`: what came is not what the inviter held.
    """
    held = _held(register)
    lacking = {}
    for author, (last, head) in invitation.heads.items():
        if held.get(author, 0) < last:
            lacking[author] = (held.get(author, 0) + 1, last)
            continue
        found = register.row("SELECT hash FROM entry WHERE device=? AND seq=?", (author, last))
        if found is None or bytes(found[0]) != head:
            raise RefusedError("fork_of", what=f"{invitation.county}/{author}", seq=last, device=author)
    return lacking


def _finish(register: Register, invitation: Invitation, at: datetime) -> None:
    """Write the first own entry; nothing when that was done before the program was stopped."""
    if stations.sign_key_of(register.connection, register.device) != invitation.workstations[invitation.device].sign:
        raise RefusedError("device_taken", county=invitation.county, device=invitation.device)
    arrivals.finish_bulk(register)
    fetching.clear(register)
    if not register.seq:
        stations.join(register, by=register.person, at=at)
    with door.translated(register.path):
        register.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _put_in_place(making: Path, target: Path) -> None:
    """Put a register that has joined where it belongs: the keyring first, since a file without it cannot be opened."""
    try:
        door.write_file(keyring.path_of(target), keyring.path_of(making).read_bytes())
        making.replace(target)
        door.sync_folder(target.parent)
        keyring.path_of(making).unlink(missing_ok=True)
        for suffix in ("-wal", "-shm"):
            making.with_name(making.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        raise door.file_trouble(target, error) from error


class NotJoinedError(SyncError):
    """A workstation that has not joined yet, in the words of its state."""

    def __init__(self, state: Joining) -> None:
        message = state.message()
        super().__init__(message.zh, message.en)
