"""Verb on duties: what calls for supervision, what failed in a period, what is undelivered, the major log."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from app.common import Options, choose, day, open_desk, tell, verb
from models import codes, errors
from models.desk import Desk
from models.duties import Duties


@click.command("duties")
@click.option("--triggers", "what", flag_value="triggers", default=True, help="What calls for supervision of a unit.")
@click.option("--liability", "what", flag_value="liability", help="Failed duties of a period, by unit and article.")
@click.option("--undelivered", "what", flag_value="undelivered", help="What has not reached its petitioner yet.")
@click.option("--major", "major", default="", help="The log of this major or urgent matter.")
@click.option("--matter", default="", help="Triggers of this matter only.")
@click.option("--on", "on_text", default=None, help="Day to look from, YYYY-MM-DD; today by default.")
@click.option("--from", "from_text", default=None, help="First day of the period; the first of this month by default.")
@click.option("--to", "to_text", default=None, help="Last day of the period; the day looked from by default.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="Triggers at most of each kind.")
@verb
def duties(
    options: Options,
    what: str,
    major: str,
    matter: str,
    on_text: str | None,
    from_text: str | None,
    to_text: str | None,
    limit: int,
) -> None:
    """Tell what units owe: triggers of supervision, failed duties, what is undelivered. Of units, never of persons."""
    desk = open_desk(options)
    try:
        asked = Duties(desk.register, desk.person, day(on_text, "on") or desk.on)
        if major:
            _major(options, asked, desk.find(major))
        elif what == "liability":
            to = day(to_text, "to") or asked.on
            _liability(options, asked, day(from_text, "from") or to.replace(day=1), to)
        elif what == "undelivered":
            _undelivered(options, asked)
        else:
            _triggers(options, desk, asked, matter, limit)
    finally:
        desk.close()


def _triggers(options: Options, desk: Desk, asked: Duties, matter: str, limit: int) -> None:
    one = desk.find(matter) if matter else None
    lines = asked.triggers(one, limit)
    totals = asked.trigger_counts() if one is None else {}
    found = [
        {
            "id": line.matter,
            "number": line.number,
            "title": line.title,
            "kind": line.kind,
            "trigger": line.code,
            "unit": line.unit_name,
            "since": line.since,
            "basis": line.basis,
            "words": line.words,
            "article": line.article,
            "supervised": line.supervision is not None,
            "sight": line.sight,
        }
        for line in lines
    ]
    total = sum(totals.values()) if one is None else len(found)
    result = {"on": asked.on, "total": total, "shown": len(found), "counts": totals, "results": found}

    def text() -> str:
        told = [
            f"{line.number}  {line.words}  {line.unit_name}  {line.since}  {line.article}"
            + (choose("  已督办", "  supervised") if line.supervision is not None else "")
            for line in lines
        ]
        return "\n".join([*told, choose(f"共 {total} 项，列出 {len(told)} 项", f"{total} in all, {len(told)} shown")])

    tell(options, result, text)


def _liability(options: Options, asked: Duties, frm: date, to: date) -> None:
    lines = asked.liability(frm, to)
    found = [
        {
            "switch": line.switch,
            "unit": line.unit_name,
            "count": line.count,
            "words": line.words,
            "article": line.article,
            "matters": [{"id": matter, "number": number} for matter, number in line.matters],
        }
        for line in lines
    ]
    text = "\n".join(
        f"{line.unit_name}  {line.words}  {line.count}  {line.article}"
        f"  {' '.join(number for _, number in line.matters)}"
        for line in lines
    )
    result = {"from": frm, "to": to, "total": sum(line.count for line in lines), "results": found}
    tell(options, result, text or choose("没有", "none"))


def _undelivered(options: Options, asked: Duties) -> None:
    lines = asked.undelivered()
    found = [
        {
            "id": line.matter,
            "number": line.number,
            "title": line.title,
            "what": line.what,
            "document": line.document_number,
            "since": line.since,
            "days": line.days,
            "attempts": line.attempts,
            "next_ways": line.next_ways,
            "notice_ends_on": line.notice_ends_on,
            "sight": line.sight,
        }
        for line in lines
    ]
    ways = {line.matter: "、".join(_word("service_way", way) for way in line.next_ways) for line in lines}
    text = "\n".join(
        f"{line.number}  {line.document_number}  {line.since}  {line.days}  {ways[line.matter]}" for line in lines
    )
    tell(options, {"on": asked.on, "total": len(found), "results": found}, text or choose("没有", "none"))


def _major(options: Options, asked: Duties, matter: int) -> None:
    log = asked.major_log(matter)
    result: dict[str, Any] = {
        "id": matter,
        "lines": log.lines,
        "told": dict(log.told),
        "missing": log.missing,
        "missing_beside": log.missing_beside,
        "minutes": log.minutes,
        "late": log.late,
        "warning": log.warning,
    }

    def text() -> str:
        kinds = {
            "known": choose("获知", "known"),
            "reported": choose("报告", "reported"),
            "measure": choose("措施", "measure"),
        }
        told = [
            "  ".join(part for part in (line.at, kinds[line.kind], line.staff, _word("major_organ", line.organ),
                                        line.to_whom, line.what) if part)
            for line in log.lines
        ]  # fmt: skip
        for organs, words in (
            (log.missing, choose("尚未报告", "not reported to")),
            (log.missing_beside, choose("尚未通报", "not told")),
        ):
            told += [f"{words}：{'、'.join(_word('major_organ', organ) for organ in organs)}"] if organs else []
        return "\n".join([*told, *([str(log.warning)] if log.warning else [])])

    tell(options, result, text)


def _word(table: str, code: str) -> str:
    return codes.word(table, code, errors.spoken())


COMMANDS = (duties,)
