"""Verbs of `petition-hub` for what the city sends to its counties, and what became of it."""

from __future__ import annotations

import getpass
import tomllib
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from models.door import file_trouble
from models.errors import InputError, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.hub.hub import Hub
    from sync.hub.orders import Closing, PaperLine
    from sync.hub.papers import Heading, Sent

_json = click.option("--json", "as_json", is_flag=True, help="machine-readable output")
_hub_option = click.option(
    "--hub", "hub_folder", type=click.Path(path_type=Path), envvar="PETITION_HUB", default=Path(),
    help="the hub's folder",
)  # fmt: skip
_SHORT = 1 << 32


def _heading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of what a paper bears."""
    for option in reversed((
        click.option("--number", default="", help="document number, as printed"),
        click.option("--title", default="", help="title; made from the content by default"),
        click.option("--on", "on_text", default="", metavar="YYYY-MM-DD", help="day of the paper; today by default"),
        click.option("--limit", "limit_text", default="", metavar="YYYY-MM-DD", help="last day for the answer"),
        click.option("--signed-by", default="", help="who signed it, as printed"),
        click.option("--by", default="", help="who of the city does it; the user's own name by default"),
        _hub_option,
        _json,
    )):  # fmt: skip
        command = option(command)
    return command


def _say(zh: str, en: str) -> str:
    return zh if spoken() == "zh" else en


def _show(as_json: bool, content: Any, lines: Sequence[str]) -> None:
    click.echo(orjson.dumps(content, option=orjson.OPT_INDENT_2) if as_json else "\n".join(lines))


@contextmanager
def _opened(folder: Path) -> Iterator[Hub]:
    from sync.hub.hub import Hub

    with Hub.open(folder) as hub:
        yield hub


def _made(values: dict[str, Any], body: str = "") -> Heading:
    from sync.hub.papers import Heading

    return Heading(
        number=values["number"], title=values["title"], on=_day(values["on_text"], "on"),
        limit_on=_day(values["limit_text"], "limit"), signed_by=values["signed_by"], body=body,
    )  # fmt: skip


def _day(text: str, name: str) -> date | None:
    from models.clocks import read_day

    return read_day(text, name) if text else None


def _by(values: dict[str, Any]) -> str:
    return str(values["by"] or getpass.getuser())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise file_trouble(path, error) from error


def _facts(path: Path) -> dict[str, Any]:
    try:
        text = _read(path).decode("utf-8-sig")
        found = tomllib.loads(text) if path.suffix == ".toml" else orjson.loads(text)
    except ValueError as error:
        raise InputError("file", f"{path} 既不是 JSON 也不是 TOML。", f"{path} is neither JSON nor TOML.") from error
    if not isinstance(found, dict):
        raise InputError("file", f"{path} 不是一件事项的内容。", f"{path} is not the facts of an item.")
    return found


def _told(as_json: bool, sent: Sequence[Sent]) -> None:
    content = [
        {"county": one.county, "paper": one.paper % _SHORT, "id": one.paper, "title": one.title, "again": one.again}
        for one in sent
    ]
    lines = [
        _say(f"{one.county} 第 {one.paper % _SHORT} 号来文此前已下发：{one.title}",
             f"{one.county} paper {one.paper % _SHORT} was sent before: {one.title}")
        if one.again
        else _say(f"{one.county} 第 {one.paper % _SHORT} 号来文已下发：{one.title}",
                  f"{one.county} paper {one.paper % _SHORT} sent: {one.title}")
        for one in sent
    ]  # fmt: skip
    _show(as_json, {"sent": content}, lines)


def _item_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed((
        click.option("--file", "file", type=click.Path(path_type=Path), help="facts of the item, JSON or TOML"),
        click.option("--channel", default="", help="letter, visit, call, web, fax"),
        click.option("--received", "received_on", default="", help="day on which the city received it"),
        click.option("--name", "names", multiple=True, help="petitioner; the first is the main one"),
        click.option("--phone", default="", help="telephone of the main petitioner"),
        click.option("--address", default="", help="address of the main petitioner"),
        click.option("--purpose", default="", help="purpose: code or word"),
        click.option("--text", "statement", default="", help="what is stated"),
        click.option("--claim", "claims", multiple=True, help="a request"),
        click.option("--accused", multiple=True, help="a person complained of"),
        click.option("--source-number", default="", help="number under which the city has it"),
        click.option("--body", default="", help="what is to be done"),
    )):  # fmt: skip
        command = option(command)
    return command


def _item(values: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of an item from its file, laid over by the options that are given."""
    found = _facts(values["file"]) if values["file"] else {}
    names = ("channel", "received_on", "purpose", "statement", "source_number")
    given: dict[str, Any] = {name: values[name] for name in names if values[name]}
    if values["claims"]:
        given["claims"] = list(values["claims"])
    if values["names"]:
        people: list[dict[str, Any]] = [{"name": name} for name in values["names"]]
        people[0] |= {"main": True, "phone": values["phone"], "address": values["address"]}
        given["people"] = people
    if values["accused"]:
        given["accused"] = [{"name": name} for name in values["accused"]]
    return {**found, **given}


@click.command("assign")
@click.argument("county")
@_item_options
@_heading
def assign(county: str, hub_folder: Path, as_json: bool, **values: Any) -> None:
    """Assign an item to a COUNTY with a time limit (--limit) and a report due."""
    from sync.hub import papers

    with _opened(hub_folder) as hub:
        sent = papers.assign(hub, county, _item(values), _made(values, values["body"]), by=_by(values))
    _told(as_json, [sent])


@click.command("transfer")
@click.argument("county")
@_item_options
@_heading
def transfer(county: str, hub_folder: Path, as_json: bool, **values: Any) -> None:
    """Transfer an item to a COUNTY, with no duty to report back."""
    from sync.hub import papers

    with _opened(hub_folder) as hub:
        sent = papers.transfer(hub, county, _item(values), _made(values, values["body"]), by=_by(values))
    _told(as_json, [sent])


@click.command("review")
@click.argument("county")
@click.argument("case")
@click.option("--approve", "outcome", flag_value="approve", help="the closing is approved")
@click.option("--return", "outcome", flag_value="return", help="it goes back, with an opinion")
@click.option("--unsolved", "outcome", flag_value="unsolved", help="the matter is not solved, with an opinion")
@click.option("--opinion", default="", help="the opinion")
@_heading
def review(
    county: str, case: str, outcome: str | None, opinion: str, hub_folder: Path, as_json: bool, **values: Any
) -> None:
    """Answer a closing report; CASE is the number of its matter (`papers --closings` lists those that wait)."""
    from sync.hub import papers

    if outcome is None:
        raise click.UsageError("review COUNTY CASE --approve | --return --opinion TEXT | --unsolved --opinion TEXT")
    with _opened(hub_folder) as hub:
        sent = papers.review(hub, county, case, outcome, _made(values, opinion), by=_by(values))
    _told(as_json, [sent])


@click.command("supervise")
@click.argument("county")
@click.argument("matter")
@click.option("--text", required=True, help="what is demanded")
@_heading
def supervise(county: str, matter: str, text: str, hub_folder: Path, as_json: bool, **values: Any) -> None:
    """Urge a COUNTY about a MATTER (its number); --limit says until when it answers."""
    from sync.hub import papers

    with _opened(hub_folder) as hub:
        sent = papers.supervise(hub, county, matter, _made(values, text), by=_by(values))
    _told(as_json, [sent])


@click.command("send")
@click.argument("target", metavar="COUNTY|all")
@click.argument("kind", type=click.Choice(["calendar", "overlay", "codes", "units", "notice"]))
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--text", default="", help="text of a notice, or what goes with the file")
@_heading
def send(target: str, kind: Any, file: Path | None, text: str, hub_folder: Path, as_json: bool, **values: Any) -> None:
    """Send a calendar, rule overlay, code table, unit directory or notice to a county or to all of them."""
    from sync.hub import papers

    if file is None and kind != "notice":
        raise click.UsageError(f"send {target} {kind} FILE")
    data = _read(file) if file is not None else b""
    with _opened(hub_folder) as hub:
        sent = papers.send(
            hub, target, kind, data, _made(values, text), name=file.name if file is not None else "", by=_by(values)
        )
    _told(as_json, sent)


@click.command("withdraw")
@click.argument("county")
@click.argument("paper", type=int)
@click.option("--reason", required=True, help="why")
@click.option("--by", default="", help="who of the city does it")
@_hub_option
@_json
def withdraw(county: str, paper: int, reason: str, by: str, hub_folder: Path, as_json: bool) -> None:
    """Take a PAPER back: sent in error, or the county's objection is agreed to."""
    from sync.hub import papers

    with _opened(hub_folder) as hub:
        papers.withdraw(hub, county, _whole(paper), reason, by=by or getpass.getuser())
    _show(as_json, {"county": county, "paper": paper, "state": "withdrawn"},
          [_say(f"{county} 第 {paper} 号来文已撤回。", f"{county} paper {paper} was taken back.")])  # fmt: skip


@click.command("insist")
@click.argument("county")
@click.argument("paper", type=int)
@click.option("--reason", required=True, help="why it does not come back")
@click.option("--by", default="", help="who of the city does it")
@_hub_option
@_json
def insist(county: str, paper: int, reason: str, by: str, hub_folder: Path, as_json: bool) -> None:
    """Not agree that a county sends a PAPER back."""
    from sync.hub import papers

    with _opened(hub_folder) as hub:
        papers.insist(hub, county, _whole(paper), reason, by=by or getpass.getuser())
    _show(as_json, {"county": county, "paper": paper, "state": "sent"},
          [_say(f"{county} 第 {paper} 号来文不予退回。", f"{county} paper {paper} does not come back.")])  # fmt: skip


def _whole(paper: int) -> int:
    """Return the id of a paper, which people call by its number alone."""
    from models.device import CITY

    return paper if paper >= _SHORT else CITY << 32 | paper


@click.command("papers")
@click.argument("county", default="")
@click.option("--state", default="", help="sent, taken, refused, answered, withdrawn, late")
@click.option("--kind", default="", help="one kind only")
@click.option("--closings", "with_closings", is_flag=True, help="closing reports that wait for the city's review")
@_hub_option
@_json
def papers_of(county: str, state: str, kind: str, with_closings: bool, hub_folder: Path, as_json: bool) -> None:
    """List papers sent to a COUNTY or to all, and what became of them."""
    from sync.hub import orders

    with _opened(hub_folder) as hub:
        if with_closings:
            waiting = orders.closings(hub, county)
            none = [_say("没有待评查的结案材料。", "No closing report waits.")]
            _show(as_json, {"closings": [_plain(one) for one in waiting]}, [_closing(one) for one in waiting] or none)
            return
        lines: list[PaperLine] = []
        after: orders.Place | None = None
        while True:
            page = orders.listed(hub, county, state, kind=kind, after=after, limit=200)
            lines += page.lines
            after = page.after
            if after is None:
                break
    none = [_say("没有来文。", "No papers.")]
    _show(
        as_json, {"papers": [_plain(one) for one in lines], "total": page.total}, [_line(one) for one in lines] or none
    )


def _plain(record: Any) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(orjson.dumps(record))
    if "kind" in found:
        found["paper"] = found["id"] % _SHORT
    return found


def _line(one: PaperLine) -> str:
    from models import codes

    language = spoken()
    parts = [
        one.county, str(one.id % _SHORT), codes.word("city_paper", one.kind, language), one.number, one.title,
        str(one.limit_on or ""), codes.word("city_state", one.state, language),
        codes.word("city_state", "late", language) if one.late else "", one.matter_number,
        one.refused if one.state == "refused" else one.answer,
    ]  # fmt: skip
    return "  ".join(part for part in parts if part)


def _closing(one: Closing) -> str:
    sent = _say("（评查意见已下发）", " (its review is on its way)") if one.sent is not None else ""
    return f"{one.county}  {one.number}  {one.title}  {one.programme}  {one.reported_on}{sent}"


COMMANDS = (assign, transfer, review, supervise, send, withdraw, insist, papers_of)
