"""Verbs on the workstations of the county: station list | invite | join | retire | lead | numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.common import Options, choose, open_desk, passphrase, tell, verb
from models import errors

if TYPE_CHECKING:
    from models.desk import Desk
    from models.gaps import Account
    from models.stations import Workstation


@click.command("station")
@click.argument("what", type=click.Choice(["list", "invite", "join", "retire", "lead", "numbers"]))
@click.argument("which", default="", metavar="[FILE|NUMBER]")
@click.option("--device", type=int, default=0, help="invite: number of the new workstation, 1 to 400.")
@click.option("--name", default="", help="invite: its name for people.")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="invite: where the invitation goes.")
@click.option("--from", "folder", type=click.Path(path_type=Path), default=None, help="join: folder or stick.")
@click.option("--offer", type=click.Path(path_type=Path), default=None, help="join: the hub's offer for it.")
@click.option("--reason", default="", help="retire: why.")
@click.option("--year", type=int, default=None, help="numbers: only of this year.")
@verb
def station(
    options: Options,
    what: str,
    which: str,
    device: int,
    name: str,
    out: Path | None,
    folder: Path | None,
    offer: Path | None,
    reason: str,
    year: int | None,
) -> None:
    """Keep the county's workstations: invite and join, retire, who gives out numbers, the register of numbers."""
    if what == "join":
        _join(options, which, folder, offer)
        return
    desk = open_desk(options)
    try:
        if what == "invite":
            _invite(options, desk, device or _number(which), name, out)
        elif what == "retire":
            _retire(options, desk, _number(which), reason)
        elif what == "lead":
            _lead(options, desk, _number(which))
        elif what == "numbers":
            _numbers(options, desk, year)
        else:
            _list(options, desk)
    finally:
        desk.close()


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise errors.InputError(
            "device", f"请写工作站编号：“{text}”不是编号。", f"Give the workstation's number: “{text}” is none."
        )
    return int(text)


def _list(options: Options, desk: Desk) -> None:
    from models import stations

    found = stations.workstations(desk.register)
    tell(
        options,
        {"workstations": [{**_plain(one)} for one in found]},
        "\n".join(_line(one) for one in found),
    )


def _plain(one: Workstation) -> dict[str, Any]:
    return {
        "device": one.number, "name": one.name, "here": one.here, "lead": one.lead, "entries": one.entries,
        "last_at": one.last_at, "retired_on": one.retired_on, "retired": one.retired, "after_retiring": one.after,
        "doubled": one.doubled,
    }  # fmt: skip


def _line(one: Workstation) -> str:
    zh, en = [f"{one.number} 号 {one.name}"], [f"{one.number} {one.name}"]
    if one.here:
        zh, en = [*zh, "本机"], [*en, "this one"]
    if one.lead and one.retired_on is None:
        zh, en = [*zh, "分配编号"], [*en, "gives out the numbers"]
    last = f"{one.last_at:%Y-%m-%d %H:%M}" if one.last_at else "—"
    zh, en = [*zh, f"日志 {one.entries} 条，最近 {last}"], [*en, f"{one.entries} entries, the last {last}"]
    if one.retired_on:
        zh.append(f"{one.retired_on} 停用：{one.retired}")
        en.append(f"retired {one.retired_on}: {one.retired}")
    if one.after:
        zh.append(f"停用后又有 {one.after} 条，请核对")
        en.append(f"{one.after} entries after it was retired: look at them")
    if one.doubled:
        zh.append("此编号被分配过两次：请停用其中一台，另选编号重新加入")
        en.append("this number was given twice: retire one and let it join again under another")
    return choose(" · ".join(zh), " · ".join(en))


def _invite(options: Options, desk: Desk, device: int, name: str, out: Path | None) -> None:
    from app import services

    if out is None:
        raise errors.InputError("out", "请用 --out 写明邀请文件的位置。", "Say with --out where the invitation goes.")
    services.invite(desk.register, device, name, out)
    tell(
        options,
        {"device": device, "name": name, "invitation": out},
        choose(
            f"已为 {device} 号工作站“{name}”写好邀请文件 {out}：请当面带到新机，用 station join 加入；用后删除。",
            f"Wrote the invitation of workstation {device} “{name}” to {out}: take it there by hand, join with"
            " `station join`, then delete it.",
        ),
    )


def _join(options: Options, which: str, folder: Path | None, offer: Path | None) -> None:
    from models import door
    from sync import newcomer
    from sync.invitation import read_invitation

    if not which:
        raise click.UsageError("station join FILE --register NEW.register [--from FOLDER] [--offer FILE]")
    path = Path(which)
    try:
        data = path.read_bytes()
        offered = offer.read_bytes() if offer else None
    except OSError as error:
        raise door.file_trouble(path, error) from error
    invitation = read_invitation(data, what=path.name)
    login = options.login or next(iter(invitation.keyring), "")
    state = newcomer.join(
        invitation,
        options.register,
        login=login,
        passphrase=passphrase(options),
        now=lambda: datetime.now(UTC),
        folder=folder,
        offer=offered,
    )
    data_of = {
        "device": state.device, "joined": state.done, "came": state.came, "lacking": state.lacking,
        "refused": state.refused, "register": options.register,
    }  # fmt: skip
    words = state.message()
    tell(options, data_of, "\n".join([*(str(message) for message in state.refused), str(words)]))
    if not state.done:
        raise newcomer.NotJoinedError(state)


def _retire(options: Options, desk: Desk, number: int, reason: str) -> None:
    from models import leases, stations

    before = stations.retire(desk.register, number, reason, by=desk.person, at=datetime.now(UTC))
    lead = leases.lead_of(desk.register.connection).device
    zh = [f"已停用 {number} 号工作站“{before.name}”：本机有它的日志到第 {before.entries} 条，之后尚未送达的不在本机"]
    en = [
        f"Workstation {number} “{before.name}” is retired; its entries are held here up to {before.entries}, what it"
        " had not sent is not here"
    ]
    if before.lead:
        zh.append(f"编号改由 {lead} 号工作站分配")
        en.append(f"workstation {lead} gives out the numbers now")
    tell(
        options,
        {"device": number, "entries": before.entries, "last_at": before.last_at, "lead": lead},
        choose("；".join(zh) + "。", "; ".join(en) + "."),
    )


def _lead(options: Options, desk: Desk, number: int) -> None:
    from models import leases

    leases.hand_over(desk.register, number, by=desk.person, at=datetime.now(UTC))
    tell(
        options,
        {"lead": number},
        choose(
            f"编号改由 {number} 号工作站分配，待它收到这条记录起。",
            f"Workstation {number} gives out the numbers, once this entry has come to it.",
        ),
    )


def _numbers(options: Options, desk: Desk, year: int | None) -> None:
    from models import gaps, stations

    accounts = gaps.account(desk.register, desk.person, year)
    names = {one.number: one.name for one in stations.workstations(desk.register)}
    missing = sum(gap.count for one in accounts for gap in one.missing)
    tell(
        options,
        {
            "series": [
                {
                    "series": one.series, "year": one.year, "used": one.used,
                    "zh": gaps.series_word(one.series, "zh"), "en": gaps.series_word(one.series, "en"),
                    "ranges": [
                        {"kind": part.kind, "first": part.first, "last": part.last, "holder": part.holder,
                         "reason": part.reason, **gaps.words(part, names.get(part.holder, ""))._asdict()}
                        for part in one.ranges
                    ],
                }
                for one in accounts
            ],
            "missing": missing,
        },
        lambda: "\n".join(_account(one, names) for one in accounts),
    )  # fmt: skip
    if missing:
        raise errors.RuleError(
            f"有 {missing} 个编号去向不明，见上。", f"{missing} numbers are not accounted for; see above."
        )


def _account(one: Account, names: dict[int, str]) -> str:
    from models import gaps

    head = f"{gaps.series_word(one.series, errors.spoken())} {one.year}: {one.used}"
    lines = [
        f"  {part.first}{f'–{part.last}' if part.count > 1 else ''}  {gaps.words(part, names.get(part.holder, ''))}"
        for part in one.ranges
    ]
    return "\n".join([head, *lines])


COMMANDS = (station,)
