"""Verbs of handling: act (take, list, table) and clock."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import orjson

from app.common import Options, attachment_of, day, open_desk, pairs, tell, verb
from models import acts, clocks, codes, errors
from models.records import OpenAct, PaperDraft


@click.command("act")
@click.argument("arguments", nargs=-1)
@click.option("--list", "list_acts", is_flag=True, help="The acts that are open now, with role and required documents.")
@click.option("--table", "whole_table", is_flag=True, help="The whole table of acts.")
@click.option("--letter", "letter", multiple=True, help="name=value for the act's letter.")
@click.option(
    "--paper",
    "papers",
    multiple=True,
    help="An incoming paper handed in with the act: kind=withdrawal,dated_on=2026-03-02,file=PATH"
    " (also received_on, number, organ, told).",
)
@verb
def act(
    options: Options,
    arguments: tuple[str, ...],
    list_acts: bool,
    whole_table: bool,
    letter: tuple[str, ...],
    papers: tuple[str, ...],
) -> None:
    """Take a lawful step: act MATTER ACT name=value ...; act MATTER --list; act --table."""
    if whole_table:
        tell(options, {"acts": [_rule(rule) for rule in acts.table().values()]}, _table)
        return
    if not arguments or (len(arguments) < 2 and not list_acts):
        raise click.UsageError("act MATTER ACT name=value ... | act MATTER --list | act --table")
    language = errors.spoken()
    desk = open_desk(options)
    try:
        matter = desk.find(arguments[0])
        if list_acts:
            opened, closed = desk.open_acts(matter)
            tell(options, {"id": matter, "open": opened, "closed": closed}, "\n".join(map(_open_act, opened)))
            return
        drafts = tuple(_paper(text) for text in papers)
        seq = desk.perform(matter, arguments[1], _inputs(arguments[2:]), pairs(letter), papers=drafts)
        row = desk.register.record("matter", matter) or {}
        words = (row.get("number"), acts.word(arguments[1], language), codes.word("state", row.get("state"), language))
        result = {"id": matter, "act": arguments[1], "entry": seq, "state": row.get("state")}
        tell(options, result, " · ".join(map(str, words)))
    finally:
        desk.close()


def _rule(rule: acts.Rule) -> dict[str, Any]:
    return {
        "act": rule.name,
        "zh": rule.zh,
        "en": rule.en,
        "roles": rule.roles,
        "from": rule.sources,
        "to": rule.to or None,
        "to_by": rule.to_by or None,
        "enters": rule.enters or None,
        "leaves": rule.leaves or None,
        "rules": rule.rules or None,
        "documents": rule.documents,
        "documents_when": rule.when,
        "papers": rule.papers,
        "needs": rule.needs,
        "inputs": rule.inputs,
        "starts": rule.starts,
        "ends": rule.ends,
        "article": {"zh": rule.article_zh, "en": rule.article_en},
    }


def _table() -> str:
    return "\n".join(map(_told, acts.table().values()))


def _told(rule: acts.Rule) -> str:
    roles, to = "/".join(sorted(rule.roles)), ",".join(rule.targets) or rule.enters or "="
    papers = ",".join((*rule.documents, *rule.papers))
    return f"{rule.name}  {rule.word(errors.spoken())}  {roles}  {','.join(rule.sources)} → {to}  {papers}"


def _open_act(one: OpenAct) -> str:
    zh = errors.spoken() == "zh"
    name = acts.word(one.name, errors.spoken())
    inputs = " ".join(
        f"{field.name}{'*' if field.required else ''}{f'（{field.zh}）' if zh else f' ({field.en})'}"
        for field in one.inputs
    )
    return f"{one.name}  {name}  {'/'.join(one.roles)}  {','.join(one.documents)}  {inputs}"


def _inputs(values: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = dict(pairs(values))
    if "claims" in found:
        try:
            found["claims"] = orjson.loads(found["claims"])
        except ValueError:
            raise errors.InputError(
                "claims", 'claims 应为 JSON，如 {"1": "support"}。', 'claims is JSON, e.g. {"1": "support"}.'
            ) from None
    return found


_PAPER = ("kind", "dated_on", "received_on", "number", "organ", "told", "file")


def _paper(text: str) -> PaperDraft:
    """Read `kind=withdrawal,dated_on=2026-03-02,file=PATH`; a comma that begins no known part belongs to the value."""
    parts = re.split(rf",(?=(?:{'|'.join(_PAPER)})=)", text)
    given = pairs(tuple(parts))
    if unknown := [name for name in given if name not in _PAPER]:
        raise errors.InputError(
            "paper",
            f"--paper 没有“{unknown[0]}”这一项，可填：{'、'.join(_PAPER)}。",
            f"--paper has no part “{unknown[0]}”; there are: {', '.join(_PAPER)}.",
        )
    return PaperDraft(
        kind=given.get("kind", ""),
        dated_on=day(given.get("dated_on"), "dated_on"),
        received_on=day(given.get("received_on"), "received_on"),
        number=given.get("number", ""),
        organ=given.get("organ", ""),
        told=given.get("told", ""),
        file=attachment_of(Path(given["file"])) if given.get("file") else None,
    )


@click.command("clock")
@click.option("--rules", required=True, help="Rule set, e.g. REG-2022 or SC-431/LOCAL-zhejiang.")
@click.option("--clock", "clock_id", required=True, help="Clock id, e.g. C1.")
@click.option("--from", "start", required=True, help="Day of the starting event, YYYY-MM-DD.")
@click.option("--extended", type=int, default=0, help="Days of extension.")
@click.option("--hearing", multiple=True, help="A..B, days of a hearing; may be given several times.")
@click.option("--days", type=int, default=None, help="For a clock with a set limit: its length.")
@click.option("--until", default=None, help="For a clock with a set limit: its last day, YYYY-MM-DD.")
@verb
def clock_(
    options: Options,
    rules: str,
    clock_id: str,
    start: str,
    extended: int,
    hearing: tuple[str, ...],
    days: int | None,
    until: str | None,
) -> None:
    """Work out a due date with its derivation. Needs no register."""
    spans = [clocks.read_span(span, "hearing") for span in hearing]
    result = clocks.cli_clock(
        rules, clock_id, clocks.read_day(start, "from"), extended, spans, days=days, until=day(until, "until")
    )
    tell(options, result, lambda: "\n".join([str(result["due"]), *result["derivation"][errors.spoken()]]))


COMMANDS = (act, clock_)
