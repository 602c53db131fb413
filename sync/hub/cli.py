"""The commands of `petition-hub`, as a click group that app/hub.py runs.

Exit codes: 0 done; 1 a rule or the input says no; 2 wrong usage; 3 storage or key trouble; 4 sync trouble (something
was refused or does not verify). The reason is one line on standard error. `--json` gives everything on standard
output as JSON.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from models.console import bear_any_text
from models.door import file_trouble
from models.errors import InputError, Message, RegisterError, speak, spoken
from sync.hub.orders_cli import COMMANDS
from sync.hub.users_cli import user

if TYPE_CHECKING:
    from sync.hub.hub import Hub
    from sync.hub.logs import Level
    from sync.hub.sticks import StickReport

DEFAULT_PORT = 8443
_COUNTY_DIGITS = 6
_SYNC_TROUBLE = 4


class HubGroup(click.Group):
    """Turns the product's errors into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except RegisterError as error:
            click.echo(str(error), err=True)
            ctx.exit(error.exit_code)


def _say(zh: str, en: str) -> str:
    return zh if spoken() == "zh" else en


def _show(as_json: bool, content: dict[str, Any], lines: list[str]) -> None:
    if as_json:
        click.echo(orjson.dumps(content, option=orjson.OPT_INDENT_2))
    else:
        for line in lines:
            click.echo(line)


_json = click.option("--json", "as_json", is_flag=True, help="machine-readable output")
_hub_option = click.option(
    "--hub",
    "hub_folder",
    type=click.Path(path_type=Path),
    envvar="PETITION_HUB",
    default=Path(),
    help="the hub's folder",
)


@click.group(cls=HubGroup)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), envvar="PETITION_DESK_LANG", default="zh", help="language of messages"
)
def group(lang: str) -> None:
    """petition-hub: 市局汇集中心 · the city's hub for its counties' registers."""
    bear_any_text()
    speak("en" if lang == "en" else "zh")


for _command in (user, *COMMANDS):
    group.add_command(_command)


@group.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--city", required=True, help="full name of the city bureau")
@click.option("--address", default="", help="https URL at which desks reach the hub")
@click.option("--database", default="", help="postgresql://user@host/name, empty; default: an encrypted file in FOLDER")
@_json
def init(folder: Path, city: str, address: str, database: str, as_json: bool) -> None:
    """Make a hub in FOLDER: keys, certificate, empty database."""
    from sync.hub.hub import Hub

    address = address or f"https://127.0.0.1:{DEFAULT_PORT}"
    _check_address(address)
    with Hub.create(folder, city=city, address=address, database=database) as hub:
        content = {
            "folder": str(folder),
            "city": city,
            "hub": hub.key_id,
            "address": address,
            "certificate": hub.place.fingerprint(),
        }
    _show(as_json, content, [
        _say(f"汇集中心已建立：{folder}（{hub.key_id}）", f"The hub is made: {folder} ({hub.key_id})"),
        _say(f"证书指纹 {content['certificate']}", f"Certificate fingerprint {content['certificate']}"),
    ])  # fmt: skip


def _check_address(address: str) -> None:
    if not address.startswith("https://"):
        raise InputError(
            "address", f"地址须以 https:// 开头：{address}", f"The address must begin with https://: {address}"
        )


@group.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--host", default="0.0.0.0", show_default=True, help="address to listen on")  # noqa: S104  a server is for others to reach
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="port; 0 takes a free one")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="processes (PostgreSQL only)")
@click.option(
    "--log",
    type=click.Choice(["all", "trouble", "off"]),
    default="all",
    show_default=True,
    envvar="PETITION_HUB_LOG",
    help="requests written to standard error, a JSON line each, without content",
)
@click.option(
    "--grace",
    default=10,
    show_default=True,
    type=click.IntRange(0, 3600),
    metavar="SECONDS",
    help="time that running requests get to end when told to stop",
)
@_json
def serve(folder: Path, host: str, port: int, workers: int, log: Level, grace: int, as_json: bool) -> None:
    """Serve the hub of FOLDER until told to stop. The first line says where it listens."""
    from sync.hub.server import serve as run

    def ready(hub: Hub, taken: int) -> None:
        content = {
            "state": "ready",
            "port": taken,
            "hub": hub.key_id,
            "certificate": hub.place.fingerprint(),
            "pid": os.getpid(),
        }
        if as_json:
            click.echo(orjson.dumps(content))
        else:
            click.echo(
                _say(f"汇集中心 {hub.key_id} 正在端口 {taken} 上服务。", f"Hub {hub.key_id} serves on port {taken}.")
            )
        sys.stdout.flush()

    run(folder, host=host, port=port, on_ready=ready, workers=workers, log=log, stop_s=grace)


@group.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("answer", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--county", default="", help="six-digit division code of the county the offer is for")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="where to write the offer file")
@click.option("--address", default="", help="address to put into the offer in place of the hub's own")
@_json
def enrol(folder: Path, answer: Path | None, county: str, out: Path | None, address: str, as_json: bool) -> None:
    """Make an offer file (--county and --out), or register the workstation of an ANSWER file."""
    from sync.carriers.folder import put_file
    from sync.hub import registry
    from sync.hub.hub import Hub

    if (answer is None) == (out is None):
        raise click.UsageError("either --county CODE --out FILE, or an ANSWER file")
    with Hub.open(folder) as hub:
        if answer is not None:
            try:
                data = answer.read_bytes()
            except OSError as error:
                raise file_trouble(answer, error) from error
            content = registry.enrol(hub, data, what=answer.name)
            _show(as_json, content, [_say(
                f"已接入：{content['county']} {content['name']} {content['device']} 号工作站",
                f"Enrolled: {content['county']} {content['name']}, workstation {content['device']}",
            )])  # fmt: skip
            return
        if len(county) != _COUNTY_DIGITS or not county.isdigit():
            raise InputError(
                "county",
                f"单位代码应为六位行政区划代码：{county}",
                f"The county is a six-digit division code: {county}",
            )
        if address:
            _check_address(address)
        assert out is not None  # noqa: S101  one of the two is given
        put_file(out, registry.offer(hub, county, address=address or None))
        content = {"county": county, "out": str(out), "hub": hub.key_id, "address": address or hub.place.address}
        line = _say(
            f"接入文件已写入 {out}。请当面交给 {county}；它只能用一次。",
            f"The offer is in {out}. Hand it to {county} in person; it works once.",
        )
        _show(as_json, content, [line])


@group.group()
def batch() -> None:
    """Exchange with desks by a folder or stick."""


@batch.command("read")
@click.argument("folders", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="[HUB] FOLDER")
@_hub_option
@_json
def batch_read(folders: tuple[Path, ...], hub_folder: Path, as_json: bool) -> None:
    """Take everything in FOLDER/to-hub and write the answers to FOLDER/to-desk."""
    from sync.hub import sticks

    _stick(folders, hub_folder, as_json, sticks.read_folder)


@batch.command("write")
@click.argument("folders", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="[HUB] FOLDER")
@_hub_option
@_json
def batch_write(folders: tuple[Path, ...], hub_folder: Path, as_json: bool) -> None:
    """Write each workstation's newest receipt, and the entries of others that it lacks, to FOLDER/to-desk."""
    from sync.hub import sticks

    _stick(folders, hub_folder, as_json, sticks.write_folder)


def _stick(folders: tuple[Path, ...], hub_folder: Path, as_json: bool, work: Any) -> None:
    from sync.hub.hub import Hub

    *hubs, folder = folders
    if len(hubs) > 1:
        raise click.UsageError("give the folder, or the hub's folder and the folder")
    with Hub.open(hubs[0] if hubs else hub_folder) as hub:
        outcome: StickReport = work(hub, folder)
    refused = {name: _both(message) for name, message in outcome.refused.items()}
    content = {
        "folder": outcome.folder,
        "enrolled": outcome.enrolled,
        "receipted": outcome.receipted,
        "waiting": outcome.waiting,
        "missing": {name: [list(gap) for gap in gaps] for name, gaps in outcome.missing.items()},
        "refused": refused,
        "written": outcome.written,
        "heard": outcome.heard,
        "relays": outcome.relays,
        "files": {
            "taken": outcome.files.taken,
            "whole": outcome.files.whole,
            "laid": outcome.files.laid,
            "refused": {name: _both(message) for name, message in outcome.files.refused.items()},
            "trouble": _both(outcome.files.trouble) if outcome.files.trouble else None,
        },
    }
    taken, waiting, written = len(outcome.receipted), len(outcome.waiting), len(outcome.written)
    lines = [
        _say(
            f"签收 {taken} 个批次，{waiting} 个等待补齐，拒收 {len(refused)} 个，写出 {written} 个文件。",
            f"{taken} batches receipted, {waiting} wait for a gap, {len(refused)} refused, {written} files written.",
        ),
        *(
            _say(f"{name} 缺少第 {a} 至 {b} 条", f"{name} lacks entries {a} to {b}")
            for name, gaps in outcome.missing.items()
            for a, b in gaps
        ),
    ]
    files = outcome.files
    if files.taken or files.laid:
        lines.append(
            _say(
                f"附件：收下 {files.taken} 块，收齐 {files.whole} 个文件，写出 {files.laid} 块。",
                f"Files: {files.taken} chunks taken, {files.whole} files whole, {files.laid} chunks written.",
            )
        )
    _show(as_json, content, lines)
    for message in (*files.refused.values(), *([files.trouble] if files.trouble else [])):
        click.echo(str(message), err=True)  # asked for again by itself: no failure of the command
    if refused:
        for name, message in outcome.refused.items():
            click.echo(f"{name}: {message}", err=True)
        raise SystemExit(_SYNC_TROUBLE)


def _both(message: Message) -> dict[str, str]:
    return {"zh": message.zh, "en": message.en}


@group.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@_hub_option
@click.option("--month", default="", metavar="YYYY-MM", help="the counties' figures of a month, and their sum")
@click.option("--year", default="", metavar="YYYY", help="the same for a year")
@click.option("--stage", default="", metavar="KEY", help="a stage or summary of a programme: PROGRAMME/stage-1")
@click.option("--programme", default="", metavar="KEY", help="a whole programme; with --month, only its part of it")
@click.option("--roster", "with_roster", is_flag=True, help="leaders in charge and liaison officers of the counties")
@click.option("--number", default="", help="document number that the circular bears")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="write the circular (or the roster) as .pdf or .xlsx",
)
@_json
def report(
    folder: Path | None,
    hub_folder: Path,
    month: str,
    year: str,
    stage: str,
    programme: str,
    with_roster: bool,
    number: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Show counties, workstations, gaps, quarantine, conflicts and rows held; with a period, the city's figures."""
    from sync.hub.hub import Hub

    if with_roster or month or year or stage or programme or out is not None:
        from sync.hub import telling
        from sync.hub.periods import Wanted

        with Hub.open(folder or hub_folder) as hub:
            if with_roster:
                content, lines = telling.roster(hub, programme, out=out)
            else:
                wanted = Wanted(month=month, year=year, stage=stage, programme=programme)
                content, lines = telling.figures(hub, wanted, number=number, out=out)
        _show(as_json, content, lines)
        return
    _report_of_state(folder or hub_folder, as_json)


def _report_of_state(folder: Path, as_json: bool) -> None:
    from sync.hub import checks
    from sync.hub.hub import Hub

    with Hub.open(folder) as hub:
        content = checks.report(hub)
    lines = [f"{content['city']} ({content['hub']})"]
    for county in content["counties"]:
        held = sum(county["rows"].values())
        waiting, refused, conflicts = len(county["quarantine"]), len(county["refused"]), county["conflicts"]
        name = f"{county['county']} {county['name']}"
        lines.append(
            _say(
                f"{name}：{held:,} 行，隔离 {waiting}，拒收 {refused}，冲突 {conflicts}",
                f"{name}: {held:,} rows, {waiting} in quarantine, {refused} refused, {conflicts} conflicts",
            )
        )
        for station in county["devices"]:
            number, have = station["device"], station["have"]
            lines.append(_say(f"  {number} 号工作站到第 {have} 条", f"  workstation {number} up to entry {have}"))
            lines += [_say(f"    缺少第 {a} 至 {b} 条", f"    lacks entries {a} to {b}") for a, b in station["missing"]]
        lines += [f"  {_say(one['zh'], one['en'])}" for one in (*county["quarantine"], *county["refused"])]
    _show(as_json, content, lines)


@group.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@_hub_option
@_json
def verify(folder: Path | None, hub_folder: Path, as_json: bool) -> None:
    """Check the tables against the sealed batches that the hub keeps."""
    from sync.hub import checks
    from sync.hub.hub import Hub

    with Hub.open(folder or hub_folder) as hub:
        verdict = checks.verify(hub)
    faults = [{"zh": zh, "en": en} for zh, en in verdict.faults]
    content = {
        "clean": verdict.clean,
        "batches": verdict.batches,
        "entries": verdict.entries,
        "rows": verdict.rows,
        "faults": faults,
    }
    line = _say(
        f"已核对 {verdict.batches} 个批次、{verdict.entries} 条流水、{verdict.rows} 行，{len(faults)} 处不符。",
        f"Checked {verdict.batches} batches, {verdict.entries} entries, {verdict.rows} rows: {len(faults)} faults.",
    )
    _show(as_json, content, [line])
    if not verdict.clean:
        for fault in faults:
            click.echo(fault[spoken()], err=True)
        raise SystemExit(3)


@group.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@_hub_option
@_json
def retry(folder: Path | None, hub_folder: Path, as_json: bool) -> None:
    """Try the entries in quarantine again."""
    from sync.hub import checks
    from sync.hub.hub import Hub

    with Hub.open(folder or hub_folder) as hub:
        taken, waiting = checks.retry_quarantine(hub)
    _show(
        as_json,
        {"taken": taken, "waiting": waiting},
        [_say(f"采用 {taken} 条，仍有 {waiting} 条待处理。", f"{taken} taken, {waiting} still wait.")],
    )


@group.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--to", required=True, help="postgresql://user@host/name, empty; or: file")
@_hub_option
@_json
def move(folder: Path | None, to: str, hub_folder: Path, as_json: bool) -> None:
    """Move the hub's database to PostgreSQL, or back to its file; the old one stays as it was."""
    from sync.hub import moving

    done = moving.move(folder or hub_folder, to)
    _show(
        as_json,
        {"rows": done.rows, "digests": done.digests, "left": done.left},
        [
            _say(
                f"已迁移 {done.rows:,} 行，{done.digests:,} 个摘要逐一相符。原库未动：{done.left}",
                f"{done.rows:,} rows moved, {done.digests:,} digests equal. The old database is as it was: {done.left}",
            )
        ],
    )
