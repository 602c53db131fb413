"""Verbs over suggestions: suggest (what the rules say of one matter) and bulk (one act on many matters)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from app.common import Options, choose, open_desk, pairs, stopped_by_interrupt, tell, verb
from app.verbs.matters import filter_options, filters_of
from models import routing
from models.bulk import BulkReport, write_report
from models.desk import Desk
from models.records import Filters

SHOWN = 20
"""Lines of refused and left matters that are shown for people; the report file and --json have all."""


@click.command("suggest")
@click.argument("matter")
@verb
def suggest(options: Options, matter: str) -> None:
    """Say what the rules suggest for a matter, with reason and article: class, exit, department, procedure, act."""
    desk = open_desk(options)
    try:
        found = desk.suggest(desk.find(matter))
        tell(options, _plain(found), lambda: "\n".join(map(str, routing.told(found))))
    finally:
        desk.close()


def _plain(found: routing.Routing) -> dict[str, Any]:
    def one(suggestion: routing.Suggestion) -> dict[str, Any]:
        return {
            "value": suggestion.value,
            "rule": suggestion.rule,
            "reason": suggestion.reason,
            "article": suggestion.article,
            "rests": suggestion.rests,
        }

    inner = found.inside
    return {
        "class": found.category,
        "purpose": found.purpose,
        "exit": found.exit,
        "organ": found.organs[0].value,
        "police": found.police,
        "classes": [one(each) for each in found.classes],
        "exits": [one(each) for each in found.exits],
        "grounds": [one(each) for each in found.grounds],
        "organs": [one(each) for each in found.organs],
        "departments": [one(each) for each in inner.departments],
        "lead": inner.lead,
        "assisting": inner.assisting,
        "co_ordination": inner.co_ordination,
        "left_out": inner.left_out,
        "circle": [one(each) for each in found.circle],
        "places": found.places,
        "routes": found.routes,
        "simplified": found.simplified,
        "act": found.act,
    }


@click.command("bulk")
@click.argument("act")
@click.argument("values", nargs=-1)
@click.option("--suggested", is_flag=True, help="Fill in class, exit, branch, unit or destination from the rules.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked; write nothing.")
@click.option("--letter", "letter", multiple=True, help="name=value for the act's letter, the same for all.")
@click.option("--report", "report_path", type=click.Path(path_type=Path), default=None, help="Table of each matter.")
@filter_options
@verb
def bulk(
    options: Options,
    act: str,
    values: tuple[str, ...],
    suggested: bool,
    dry_run: bool,
    letter: tuple[str, ...],
    report_path: Path | None,
    limit: int | None,
    **filters: Any,
) -> None:
    """Take one act on many matters, each by itself with all checks: bulk ACT [filters] name=value ..."""
    desk = open_desk(options)
    try:
        matters = _matters(desk, filters_of(desk, filters), limit)
        with stopped_by_interrupt() as stopped:
            report = desk.bulk(
                matters,
                act,
                pairs(values),
                pairs(letter),
                suggested=suggested,
                dry_run=dry_run,
                on_progress=_progress(options),
                cancelled=stopped,
            )
        if report_path is not None:
            write_report(report, report_path, desk.register.units())
        tell(options, _data(report), lambda: _text(report))
    finally:
        desk.close()
    if report.lines and not (report.count("done") or report.count("possible") or report.count("left")):
        click.get_current_context().exit(1)


def _matters(desk: Desk, filters: Filters, limit: int | None) -> list[int]:
    """Return the matters under the filters that the person sees in full, in the order of their receipt."""
    found: list[int] = []
    after = None
    while True:
        page = desk.page(filters, after=after, limit=1000, order="received", descending=False)
        found += [line.id for line in page.lines if line.sight == "full"]
        after = page.after
        if after is None or (limit is not None and len(found) >= limit):
            return found[:limit]


def _progress(options: Options) -> Callable[[int, int], None]:
    def quiet(_done: int, _total: int) -> None:
        """Say nothing: the result is for a program."""

    def shown(done: int, total: int) -> None:
        if done % 100 == 0 and done < total:
            click.echo(f"{done}/{total}", err=True)

    return quiet if options.as_json else shown


def _data(report: BulkReport) -> dict[str, Any]:
    return {
        "act": report.act,
        "total": report.total,
        "done": report.count("done"),
        "possible": report.count("possible"),
        "refused": report.count("refused"),
        "left": report.count("left"),
        "stopped": report.stopped,
        "seconds": round(report.seconds, 3),
        "per_second": round(report.per_second, 1),
        "results": [
            {
                "id": line.matter,
                "number": line.number,
                "outcome": line.outcome,
                "reason": line.reason,
                "inputs": line.inputs,
                "entry": line.seq,
            }
            for line in report.lines
        ],
    }


def _text(report: BulkReport) -> str:
    rows = [str(report.message())]
    told = [*report.of("refused"), *report.of("left")]
    rows += [f"  {line.number}  {line.reason}" for line in told[:SHOWN]]
    if len(told) > SHOWN:
        rest = len(told) - SHOWN
        rows.append(
            choose(f"  另有 {rest} 件未列出（--report 写入全部）", f"  {rest} more not shown (--report writes all)")
        )
    rows.append(choose(f"每秒 {report.per_second:.1f} 件", f"{report.per_second:.1f} a second"))
    return "\n".join(rows)


COMMANDS = (suggest, bulk)
