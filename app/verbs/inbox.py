"""The verb inbox: papers from the city bureau, taken in, sent back, answered."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from app.common import Options, choose, open_desk, pairs, tell, verb
from models import cityfacts, codes, errors
from models.device import CITY

if TYPE_CHECKING:
    from models.citypapers import CityPapers, Paper, PaperLine
    from models.citytaking import Taken
    from models.desk import Desk
    from models.records import ItemDraft

_WHAT = ("list", "show", "check", "take", "note", "refuse", "report")


@click.command("inbox")
@click.argument("what", type=click.Choice(_WHAT), default="list")
@click.argument("paper", required=False)
@click.argument("inputs", nargs=-1)
@click.option("--state", default="waiting", help="list: waiting, taken, refused, answered, withdrawn, or all.")
@click.option("--form", type=click.Path(path_type=Path), help="take: the registration form as completed (JSON, TOML).")
@click.option("--matter", default="", help="take: the earlier matter of the same person and substance that it joins.")
@click.option("--digest", default="", help="take: the digest that check told; what was reviewed is what counts.")
@click.option("--reason", default="", help="refuse, note: why.")
@click.option("--answer", default="", help="report: what was done.")
@verb
def inbox(options: Options, what: str, paper: str | None, inputs: tuple[str, ...], **values: Any) -> None:
    """Papers from the city: list; show|check|take|note|refuse|report PAPER.

    take PAPER registers what is assigned or transferred, records a review or a supervision letter with its act
    (name=value for the act's inputs, e.g. unit=...), lets a calendar, rules, codes or units count. check PAPER tells
    what a calendar, rules, codes or units would change.
    """
    desk = open_desk(options)
    try:
        city = desk.city
        if what == "list":
            _list(options, city, values["state"])
            return
        if paper is None:
            raise click.UsageError(f"inbox {what} PAPER")
        number = _number(paper)
        if what == "show":
            found = city.paper(number)
            tell(options, {**_told(found.line), **_whole(found)}, lambda: _show(found))
        elif what == "check":
            _check(options, city, number)
        elif what == "take":
            done = _take(desk, city, number, pairs(inputs), values)
            tell(options, done, lambda: _taken(done))
        else:
            _answer(options, city, what, number, values)
    finally:
        desk.close()


def _number(text: str) -> int:
    """Return the id of a paper, which people call by its number alone.

    Raises:
        InputError: It is no number.
    """
    if not text.isdecimal():
        raise errors.InputError("paper", f"来文编号应为数字：{text}。", f"A paper is named by its number: {text}.")
    number = int(text)
    return number if number >> 32 else CITY << 32 | number


def _list(options: Options, city: CityPapers, state: str) -> None:
    lines: list[PaperLine] = []
    after = None
    while True:
        page = city.inbox(after, state="" if state == "all" else state)
        lines += page.lines
        after = page.after
        if after is None:
            break
    content = {"papers": [_told(line) for line in lines], "total": page.total, "late": page.late}
    none = choose("没有市局来文。", "No papers of the city.")
    tell(options, content, lambda: "\n".join(map(_line, lines)) or none)


def _told(line: PaperLine) -> dict[str, Any]:
    from app.common import plain

    found: dict[str, Any] = plain(line)
    return {**found, "paper": line.id & 0xFFFFFFFF}


def _line(line: PaperLine) -> str:
    language = errors.spoken()
    parts = [str(line.id & 0xFFFFFFFF), codes.word("city_paper", line.kind, language), line.number, line.title]
    if line.limit_on:
        parts.append(choose(f"期限 {line.limit_on}", f"until {line.limit_on}"))
    if line.late:
        parts.append(codes.word("city_state", "late", language))
    parts += [codes.word("city_state", line.state, language), line.matter_number]
    return "  ".join(part for part in parts if part)


def _whole(paper: Paper) -> dict[str, Any]:
    return {
        "signed_by": paper.signed_by,
        "body": paper.body,
        "content": paper.content,
        "form": cityfacts.facts_of(paper.draft) if paper.draft is not None else None,
    }


def _show(paper: Paper) -> str:
    line = paper.line
    about = [f"{line.organ}  {line.on}  {paper.signed_by}".rstrip(), paper.body]
    if line.object_until is not None:
        about.append(choose(f"可在 {line.object_until} 前提出异议", f"may be sent back until {line.object_until}"))
    about += [
        choose(f"{zh}：{text}", f"{en}: {text}")
        for zh, en, text in (
            ("退回理由", "sent back", line.refused),
            ("市局不同意退回", "the city did not agree", line.insisted),
            ("市局撤回", "taken back by the city", line.withdrawn),
            ("已反馈", "answered", line.answer),
        )
        if text
    ]
    if paper.draft is not None:
        draft = paper.draft
        about += [draft.statement, *draft.claims, *(f"{one.name} {one.phone}".strip() for one in draft.people)]
    return "\n".join([_line(line), *(text for text in about if text)])


def _check(options: Options, city: CityPapers, paper: int) -> None:
    kind = city.paper(paper).line.kind
    if kind in ("calendar", "overlay"):
        from app.verbs import calendar

        difference = city.difference(paper)
        tell(options, calendar.told(difference), lambda: calendar.text_of(difference))
        return
    changes = city.changes(paper)
    none = choose("没有变化。", "Nothing changes.")
    tell(options, {"changes": changes}, lambda: "\n".join(map(_change, changes)) or none)


def _change(change: Any) -> str:
    words = {
        "add": ("增加", "add"), "change": ("更改", "change"), "rename": ("改名", "rename"), "close": ("停用", "close"),
        "open": ("恢复", "open"), "kept": ("不能停用，仍在使用", "kept, still in use"),
    }[change.what]  # fmt: skip
    if hasattr(change, "table"):
        table = codes.table(change.table)
        about = f"{choose(table.zh, table.en)} {change.code} {choose(change.zh, change.en)}"
    else:
        about = " ".join([change.name, *(f"{column}: {old} → {new}" for column, old, new in change.columns)])
    return f"{choose(*words)}  {about}"


def _take(desk: Desk, city: CityPapers, paper: int, inputs: dict[str, str], values: dict[str, Any]) -> Taken:
    matter = desk.find(values["matter"]) if values["matter"] else None
    draft = _form(city, paper, values["form"]) if values["form"] else None
    return city.take(paper, draft=draft, matter=matter, inputs=inputs, digest=values["digest"])


def _form(city: CityPapers, paper: int, path: Path) -> ItemDraft:
    """Read the registration form as the officer completed it."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise errors.InputError("form", f"读不到文件 {path}。", f"The file {path} cannot be read.") from error
    try:
        facts = tomllib.loads(text) if path.suffix == ".toml" else orjson.loads(text)
    except ValueError as error:
        raise errors.InputError(
            "form", f"{path} 既不是 JSON 也不是 TOML。", f"{path} is neither JSON nor TOML."
        ) from error
    line = city.paper(paper).line
    return cityfacts.read_facts(facts, received_on=line.on, today=city.on)


def _taken(done: Taken) -> str:
    kind = codes.word("city_paper", done.kind, errors.spoken())
    if done.registered is not None:
        numbers = f"{done.registered.item_number} · {done.registered.matter_number}"
        return choose(f"{kind}已接收：{numbers}", f"{kind} taken in: {numbers}")
    return choose(f"{kind}已接收。", f"{kind} taken in.")


def _answer(options: Options, city: CityPapers, what: str, paper: int, values: dict[str, Any]) -> None:
    if what == "report":
        city.report(paper, values["answer"])
    elif what == "refuse":
        city.refuse(paper, values["reason"])
    else:
        city.note(paper, values["reason"])
    state = city.line(paper).state
    words = codes.word("city_state", state, errors.spoken())
    tell(options, {"paper": paper, "state": state}, choose(f"来文{words}。", f"The paper: {words}."))


COMMANDS = (inbox,)
