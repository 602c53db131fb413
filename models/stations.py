"""The workstations of one county: who writes to the register, inviting another one, retiring one.

A workstation is a row of `device` with its public keys. Its number is the upper part of the ids of all rows that it
makes, so that two workstations never make the same row; 4095 (`models.device.CITY`) is the city's and no workstation's.
The private keys of a new workstation are made where it is invited and travel, sealed, in the invitation
(`sync.invitation`); the row is there before it joins, so that every sibling knows its keys from the first entry on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from models import errors, leases, policy
from models.device import CITY, DeviceKeys, new_keys

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

KEEPERS = frozenset({"KEEPER"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Workstation:
    """A workstation of the county.

    Attributes:
        row: Id of its row.
        number: 1 to 4094.
        here: Whether it is this one.
        lead: Whether it gives out the numbers.
        entries: Its last entry that is held here, 0 when none is.
        last_at: When that entry was made, by its own clock.
        after: How many of its entries were made after the day on which it was retired.
        doubled: Another row has the same number and other keys: two workstations were invited under one number.
    """

    row: int
    number: int
    name: str
    sign_key: bytes
    seal_key: bytes
    epoch: int
    retired_on: date | None
    retired: str
    here: bool
    lead: bool
    entries: int
    last_at: datetime | None
    after: int
    doubled: bool


def workstations(register: Register) -> tuple[Workstation, ...]:
    """Return all workstations by number, retired ones too."""
    connection = register.connection
    lead = leases.lead_of(connection).device
    rows = register.records("device", "number<>? ORDER BY number, id", (CITY,))
    numbers = [row["number"] for row in rows]
    found = []
    for row in rows:
        last = register.row(
            "SELECT seq, at_ms FROM entry WHERE device=? ORDER BY seq DESC LIMIT 1", (row["number"],)
        ) or (0, None)
        retired_on = date.fromisoformat(row["retired_on"]) if row["retired_on"] else None
        found.append(
            Workstation(
                row=row["id"],
                number=row["number"],
                name=row["name"],
                sign_key=bytes.fromhex(row["sign_key"]),
                seal_key=bytes.fromhex(row["seal_key"]),
                epoch=row["epoch"],
                retired_on=retired_on,
                retired=row["retired"] or "",
                here=row["number"] == register.device,
                lead=row["number"] == lead,
                entries=last[0],
                last_at=None if last[1] is None else _instant(last[1]),
                after=_after(register, row["number"], retired_on) if retired_on else 0,
                doubled=numbers.count(row["number"]) > 1,
            )
        )
    return tuple(found)


def siblings(register: Register) -> tuple[Workstation, ...]:
    """Return the other active workstations."""
    return tuple(one for one in workstations(register) if not one.here and one.retired_on is None)


def _instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000).astimezone()


def _after(register: Register, number: int, day: date) -> int:
    """Return how many entries a retired workstation made after the day from which it should write no more."""
    ends = datetime(day.year, day.month, day.day, 23, 59, 59, 999_000).astimezone()
    found = register.row(
        "SELECT count(*) FROM entry WHERE device=? AND at_ms>?", (number, int(ends.timestamp() * 1000))
    )
    return int(found[0]) if found else 0


def invite(register: Register, number: int, name: str, *, by: Staff, at: datetime) -> tuple[DeviceKeys, int]:
    """Enter a new workstation with keys that are made here, and lease it numbers when this one gives them out.

    Args:
        register: The open register.
        number: Its number, 1 to 400, that no workstation of the county has or had.
        name: Its name for people.
        by: A keeper.
        at: Instant, aware.

    Returns:
        The new workstation's private keys, for the invitation only: they are stored nowhere; and the id of its row.

    Raises:
        NotAllowedError: `by` is no keeper.
        InputError: The number cannot be, or is taken; there is no name.
    """
    policy.require_role(by, KEEPERS, "增加工作站", "invite a workstation")
    if not 1 <= number <= leases.EMERGENCY_DEVICES:
        raise errors.InputError(
            "device",
            f"工作站编号应在 1 至 {leases.EMERGENCY_DEVICES} 之间：{number}。",
            f"The number of a workstation is between 1 and {leases.EMERGENCY_DEVICES}: {number}.",
        )
    if not name.strip():
        raise errors.InputError("name", "请填写工作站名称。", "The workstation needs a name.")
    taken = register.row("SELECT name FROM device WHERE number=?", (number,))
    if taken:
        raise errors.InputError(
            "device",
            f"{number} 号已是“{taken[0]}”的编号，停用后也不再使用。请换一个编号。",
            f"Number {number} is “{taken[0]}”'s, and is not used again even when that one is retired. Choose another.",
        )
    keys = new_keys()
    with register.act("invite_workstation", by=by, at=at) as act:
        if register.setting(leases.LEAD_SETTING) is None:  # said once, so that no lower number takes it over unasked
            leases.set_lead(act, leases.lead_of(act.connection).device, {})
        row = act.insert("device", {
            "number": number, "name": name.strip(), "epoch": 1,
            "sign_key": keys.sign_public.hex(), "seal_key": keys.seal_public.hex(),
        })  # fmt: skip
    leases.top_up(register, by=by, at=at)
    return keys, row


def retire(register: Register, number: int, reason: str, *, by: Staff, at: datetime) -> Workstation:
    """Take a workstation out of use: it is not waited for, gets no more numbers, and what comes from it later is named.

    The rest of its blocks ends. When it gave out the numbers, this workstation does from now on, past a margin that the
    lost one may have used; the next active workstation by number does it, so that not two take over apart.

    Returns:
        The workstation as it stood before.

    Raises:
        NotAllowedError: `by` is no keeper.
        InputError: There is no such workstation, it is this one, it is retired already, or there is no reason.
        RuleError: It gives out the numbers, and another workstation than this is next.
    """
    policy.require_role(by, KEEPERS, "停用工作站", "retire a workstation")
    if not reason.strip():
        raise errors.InputError("reason", "停用工作站必须写明原因。", "Retiring a workstation needs a reason.")
    all_of_them = workstations(register)
    found = [one for one in all_of_them if one.number == number]
    if not found or number == register.device:
        raise errors.InputError(
            "device",
            f"没有可停用的 {number} 号工作站：本机不能停用自己，请在另一台工作站办理。",
            f"There is no workstation {number} to retire: this one does not retire itself, another does it.",
        )
    active = [one for one in found if one.retired_on is None]
    if not active:
        raise errors.InputError(
            "device",
            f"{number} 号工作站已于 {found[0].retired_on} 停用（{found[0].retired}）。",
            f"Workstation {number} was retired on {found[0].retired_on} already ({found[0].retired}).",
        )
    if active[0].lead:
        heir = min(one.number for one in all_of_them if one.retired_on is None and one.number != number)
        if heir != register.device:
            raise errors.RuleError(
                f"{number} 号工作站负责分配编号，停用后由 {heir} 号接手：请在 {heir} 号工作站上停用它。",
                f"Workstation {number} gives out the numbers and {heir} follows it: retire it there.",
            )
    on = at.astimezone().date()
    with register.act("retire_workstation", by=by, at=at) as act:
        for one in active:
            act.set("device", one.row, retired_on=on, retired=reason.strip())
        leases.end_blocks(act, number, reason.strip())
        if active[0].lead:
            starts = leases.set_aside(act, number, reason.strip(), on)
            leases.set_lead(act, register.device, starts)
    return active[0]


def join(register: Register, *, by: Staff, at: datetime) -> None:
    """Write this workstation's first own entry: from now on it takes part.

    Raises:
        InputError: It has joined already.
    """
    if register.seq:
        raise errors.InputError("register", "本工作站早已加入。", "This workstation joined before.")
    with register.act("join_workstation", by=by, at=at) as act:
        act.set("device", _own_row(register), epoch=register.epoch)


def _own_row(register: Register) -> int:
    found = register.row("SELECT id FROM device WHERE number=? ORDER BY id LIMIT 1", (register.device,))
    if found is None:
        raise errors.BugError("登记库中没有本工作站。", "This workstation is not in the register.")
    return int(found[0])


def sign_key_of(connection: Any, number: int) -> bytes | None:
    """Return the Ed25519 public key of a workstation of this county; None when it is unknown here."""
    found = connection.execute("SELECT sign_key FROM device WHERE number=? ORDER BY id LIMIT 1", (number,)).fetchone()
    return bytes.fromhex(found[0]) if found else None
