"""Verbs on matters: add, show, list, search, due, act, clock."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.common import Options, attachment_of, choose, day, open_desk, plain, tell, verb
from models import acts, clocks, codes, column_words, errors
from models.records import AccusedDraft, FieldChange, Filters, ItemDraft, MatterFile, MatterLine, Page, PersonDraft

if TYPE_CHECKING:
    from models.handovers import HandoverLine
    from models.register import Register


@click.command("add")
@click.option("--channel", default="visit", help="letter visit call web fax.")
@click.option("--received-on", default=None, help="Day of receipt, YYYY-MM-DD; today by default.")
@click.option("--title", default="")
@click.option("--text", "statement", default="", help="What happened, in the petitioner's words.")
@click.option("--text-file", type=click.Path(path_type=Path, exists=True), default=None)
@click.option("--claim", "claims", multiple=True, help="What is asked; may be given several times.")
@click.option("--facts", default="")
@click.option("--reasons", default="")
@click.option(
    "--name", "names", multiple=True, help="Petitioner; may be given several times, the first is the main one."
)
@click.option("--phone", default="")
@click.option("--id-number", default="")
@click.option("--address", default="")
@click.option("--accused", "accused", multiple=True, help="Person complained of.")
@click.option("--accused-unit", "accused_units", multiple=True, help="Unit complained of.")
@click.option(
    "--purpose", default="", help="suggestion appeal solution accusation inquiry thanks other, or the Chinese word."
)
@click.option("--source", default="own")
@click.option("--source-name", default="", help="Name of the organ it came from.")
@click.option("--source-number", default="")
@click.option("--transferred-on", default=None, help="Day the transfer was received.")
@click.option("--police", default="")
@click.option("--people", type=int, default=None, help="Number of people.")
@click.option("--representatives", type=int, default=None)
@click.option("--anonymous", is_flag=True)
@click.option("--confidential", is_flag=True, help="The petitioner asks for confidence.")
@click.option("--address-unclear", is_flag=True)
@click.option("--attach", "papers", multiple=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--received-only", is_flag=True, help="Only received as yet: its clock runs, the entry is completed later."
)
@click.option("--repeat-of", default="", help="Number of the earlier matter (same person and same substance).")
@verb
def add(options: Options, **values: Any) -> None:
    """Register a visit, letter, call or web entry."""
    desk = open_desk(options)
    try:
        draft = _draft(values, desk.on, desk.find(values["repeat_of"]) if values["repeat_of"] else None)
        doubts = desk.doubts(draft)
        done = desk.register_item(draft)
    finally:
        desk.close()
    told = "".join(f"\n  {warning}" for warning in done.warnings)
    result = {
        "id": done.matter,
        "matter": done.matter_number,
        "item": done.item,
        "item_number": done.item_number,
        "query_code": done.query_code,
        "warnings": [{"field": doubt.field, "zh": doubt.zh, "en": doubt.en} for doubt in doubts],
    }
    notes = "".join(f"\n  {choose('请核对', 'check')}：{choose(doubt.zh, doubt.en)}" for doubt in doubts)
    tell(
        options,
        result,
        f"{done.item_number} · {done.matter_number} · {choose('查询码', 'query code')} {done.query_code}{notes}{told}",
    )


def _draft(values: dict[str, Any], today: date, repeat_of: int | None) -> ItemDraft:
    statement = values["statement"]
    if values["text_file"]:
        statement = values["text_file"].read_text("utf-8")
    people = tuple(
        PersonDraft(
            name=name,
            main=place == 0,
            phone=values["phone"] if place == 0 else "",
            id_number=values["id_number"] if place == 0 else "",
            address=values["address"] if place == 0 else "",
        )
        for place, name in enumerate(
            values["names"] or ([""] if values["phone"] or values["id_number"] or values["address"] else [])
        )
    )
    accused = [AccusedDraft(name=name) for name in values["accused"]] + [
        AccusedDraft(name=name, kind="unit") for name in values["accused_units"]
    ]
    papers = tuple(attachment_of(path) for path in values["papers"])
    return ItemDraft(
        channel=codes.code_for("channel", values["channel"]) or values["channel"],
        received_on=day(values["received_on"], "received-on") or today,
        title=values["title"],
        statement=statement,
        facts=values["facts"],
        reasons=values["reasons"],
        claims=tuple(values["claims"]),
        people=people,
        accused=tuple(accused),
        attachments=papers,
        purpose=codes.code_for("purpose", values["purpose"]) or values["purpose"],
        source=codes.code_for("source", values["source"]) or values["source"],
        source_name=values["source_name"],
        source_number=values["source_number"],
        transferred_on=day(values["transferred_on"], "transferred-on"),
        police=codes.code_for("police", values["police"]) or values["police"],
        people_count=values["people"],
        representatives=values["representatives"],
        anonymous=values["anonymous"],
        confidential=values["confidential"],
        address_unclear=values["address_unclear"],
        repeat_of_matter=repeat_of,
        received_only=values["received_only"],
    )


@click.command("show")
@click.argument("matter")
@click.option("--history", "history", is_flag=True, help="Who changed what, when, by which act and why.")
@click.option("--handovers", "handed", is_flag=True, help="Who had it, from whom, since when, and how it came back.")
@click.option(
    "--of", "of", default="", help="With --history: TABLE, TABLE:ID or TABLE:ID:COLUMN, e.g. person:123:phone."
)
@verb
def show(options: Options, matter: str, history: bool, handed: bool, of: str) -> None:
    """Show one matter: id, number, item number or query code."""
    desk = open_desk(options)
    try:
        if handed:
            given = desk.handovers(desk.find(matter))
            tell(
                options,
                {"id": desk.find(matter), "handovers": given},
                lambda: "\n".join(_handover(desk.register, line) for line in given),
            )
            return
        if history:
            lines = desk.history(desk.find(matter), *_place(of))
            tell(options, {"id": desk.find(matter), "history": lines}, lambda: "\n".join(map(_change, lines)))
            return
        found = desk.matter(desk.find(matter))
        data = {
            **{name: value for name, value in _fields(found).items() if name != "clocks"},
            "clocks": [clock(state) for state in found.clocks],
        }
        tell(options, data, lambda: _story(found))
    finally:
        desk.close()


def _place(of: str) -> tuple[str | None, int | None, str | None]:
    table, row, column = [*(part.strip() or None for part in of.split(":")), None, None, None][:3]
    if row is not None and not row.isdecimal():
        raise errors.InputError(
            "of",
            f"“{of}”不是登记的位置：请写成 表:编号:栏，如 person:123:phone。",
            f"“{of}” is no place in a matter: write TABLE:ID:COLUMN, e.g. person:123:phone.",
        )
    return table, int(row) if row else None, column


def _handover(register: Register, line: HandoverLine) -> str:
    kind = column_words.value_word(register, "handover", "kind", line.kind, errors.spoken())
    ended = column_words.value_word(register, "handover", "ended", line.ended or None, errors.spoken())
    until = f"  {choose('答复期限', 'answer until')} {line.limit_on}" if line.limit_on else ""
    end = f"  {ended} {line.ended_on}" if line.ended_on else ""
    why = "".join(f"  {text}" for text in (line.ground, line.answer) if text)
    return f"{line.on}  {kind}  {line.sender or '—'} → {line.receiver} {line.officer}{until}{end}{why}"


def _change(line: FieldChange) -> str:
    act = acts.word(line.act, errors.spoken())
    when = line.at.astimezone().strftime("%Y-%m-%d %H:%M")
    what = f"{line.where} {line.name}：{line.before_text or '—'} → {line.after_text or '—'}"
    why = f"  {choose('理由', 'why')}：{line.why}" if line.why else ""
    undone = f"  {choose('已撤销', 'reversed')}：{line.reversed}" if line.reversed else ""
    return f"{when}  {line.who}  {act}  {what}{why}{undone}  [{line.entry}]"


def _fields(found: MatterFile) -> dict[str, Any]:
    return {name: getattr(found, name) for name in found.__slots__}


def clock(state: clocks.ClockState) -> dict[str, Any]:
    """Return a clock state as plain data with its derivation in both languages."""
    return {
        "clock": state.clock,
        "status": state.status,
        "start_on": state.start_on,
        "raw_end": state.due.raw_on if state.due else None,
        "due": state.due.last_on if state.due else None,
        "ended_on": state.ended_on,
        "whose": state.whose,
        "provisional": state.provisional,
        "missing_year": state.missing_year,
        "derivation": {"zh": clocks.explain(state.due, "zh"), "en": clocks.explain(state.due, "en")}
        if state.due
        else None,
    }


def _story(found: MatterFile) -> str:
    language = errors.spoken()
    state = codes.word("state", found.matter["state"], language)
    received = f"{choose('收到', 'received')} {found.matter['received_on']}"
    head = [
        f"{found.number}  {found.matter.get('title', '')}",
        f"{state} · {found.unit_name} {found.handler_name} · {received}",
    ]
    if found.sight == "outline":
        head.append(
            choose(
                "（限定知悉范围：只显示编号、日期、期限和状态）", "(named readers only: number, dates, clocks, state)"
            )
        )
    head += [
        f"{codes.word('person_role', person['role'], language)}：{person['name'] or ''} {person['phone'] or ''}"
        for person in found.people
    ]
    for clock_state in found.clocks:
        end = clock_state.due.last_on if clock_state.due else choose("缺年历", "no calendar")
        head.append(f"{clock_state.clock}  {clock_state.start_on} → {end}  {clock_state.status}")
    head += [
        f"{claim['place']}. {claim['request']}  {codes.word('conclusion', claim['decision'], language)}"
        for claim in found.claims
    ]
    head += [f"[{codes.word('passage', passage['kind'], language)}] {passage['body']}" for passage in found.passages]
    head += [f"{paper.dated_on} {paper.title} {paper.number} {paper.code}" for paper in found.documents]
    return "\n".join(head)


def _lines(page: Page, total: int) -> dict[str, Any]:
    return {"total": total, "shown": len(page.lines), "results": page.lines}


def _table(lines: tuple[MatterLine, ...], total: int) -> str:
    language = errors.spoken()
    rows = []
    for line in lines:
        state = codes.word("state", line.state, language)
        rows.append(f"{line.number}  {line.received_on}  {state}  {line.due_on or ''}  {line.who}  {line.title}")
    rows.append(choose(f"共 {total} 件，显示 {len(lines)} 件", f"{len(lines)} of {total} shown"))
    return "\n".join(rows)


def filter_options(function: Any) -> Any:
    """Give a verb the options that filter matters."""
    for option in reversed(
        [
            click.option("--state", "states", multiple=True),
            click.option("--class", "categories", multiple=True),
            click.option("--channel", "channels", multiple=True),
            click.option("--unit", default=""),
            click.option("--handler", default=""),
            click.option("--from", "received_from", default=None),
            click.option("--to", "received_to", default=None),
            click.option("--late", is_flag=True),
            click.option("--open", "open_only", is_flag=True),
            click.option(
                "--limit", type=click.IntRange(1), default=None, help="Lines at most; all with --json, 50 otherwise."
            ),
        ]
    ):
        function = option(function)
    return function


def filters_of(desk: Any, values: dict[str, Any]) -> Filters:
    """Return the filters that the options name. Raises InputError for what the tables and the directory lack."""

    def code(table: str, texts: tuple[str, ...]) -> tuple[str, ...]:
        found = []
        for text in texts:
            known = codes.code_for(table, text)
            if known is None:
                raise errors.InputError(
                    table,
                    f"没有“{text}”这个值。可用：{'、'.join(codes.codes(table))}。",
                    f"There is no {table} “{text}”; use one of {', '.join(codes.codes(table))}.",
                )
            found.append(known)
        return tuple(found)

    def named(text: str, known: list[tuple[int, str]], field: str) -> int | None:
        if not text:
            return None
        for number, name in known:
            if text in (str(number), name):
                return number
        raise errors.InputError(field, f"目录中没有“{text}”。", f"“{text}” is not in the directory.")

    return Filters(
        states=code("state", values["states"]),
        categories=code("category", values["categories"]),
        channels=code("channel", values["channels"]),
        unit=named(values["unit"], list(desk.units()), "unit"),
        handler=named(values["handler"], [(person.id, person.login) for person in desk.staff()], "handler"),
        received_from=day(values["received_from"], "from"),
        received_to=day(values["received_to"], "to"),
        late=values["late"],
        open_only=values["open_only"],
    )


@click.command("list")
@click.option("--order", default="received", help="received number title who state category channel unit handler due.")
@filter_options
@verb
def list_(options: Options, order: str, limit: int | None, **values: Any) -> None:
    """List matters, the newest first, with filters."""
    desk = open_desk(options)
    try:
        filters = filters_of(desk, values)
        total = desk.count(filters)
        wanted = limit or (total if options.as_json else 50)
        lines: list[MatterLine] = []
        after = None
        while len(lines) < wanted:
            page = desk.page(filters, after=after, limit=min(1000, wanted - len(lines)), order=order)
            lines += page.lines
            after = page.after
            if after is None:
                break
        found = Page(lines=tuple(lines), after=after)
        tell(options, _lines(found, total), lambda: _table(found.lines, total))
    finally:
        desk.close()


@click.command("search")
@click.argument("query")
@filter_options
@verb
def search(options: Options, query: str, limit: int | None, **values: Any) -> None:
    """Search number, people, phone, ID tail, text and replies, newest first."""
    desk = open_desk(options)
    try:
        page = desk.search(
            query, filters_of(desk, values), limit=limit or (1_000_000 if options.as_json else 50), total=True
        )
        total = page.total if page.total is not None else len(page.lines)
        tell(options, _lines(page, total), lambda: _table(page.lines, total))
    finally:
        desk.close()


@click.command("due")
@click.option("--on", "on_text", default=None, help="Day to look from, YYYY-MM-DD; today by default.")
@verb
def due(options: Options, on_text: str | None) -> None:
    """What is due and late, in the order of the last lawful day."""
    desk = open_desk(options)
    try:
        found = desk.today(day(on_text, "on"), lines=1_000_000 if options.as_json else 50)
    finally:
        desk.close()
    results = [
        {"id": line.matter, "group": group.name, **plain(line)} for group in found.groups for line in group.lines
    ]
    names = {
        "late": ("已超期", "Late"),
        "today": ("今日到期", "Today"),
        "week": ("七日内", "Within seven days"),
        "later": ("以后", "Later"),
        "unknown": ("缺年历", "No calendar"),
    }

    def text() -> str:
        rows = []
        for group in found.groups:
            rows.append(f"{choose(*names[group.name])} {group.total}")
            rows += [
                f"  {line.last_on or '—'}  {line.clock}  {line.number}  {line.unit}  {line.title}"
                for line in group.lines
            ]
            if group.total > len(group.lines):
                rows.append(
                    choose(
                        f"  另有 {group.total - len(group.lines)} 件未列出（--json 列出全部）",
                        f"  {group.total - len(group.lines)} more not shown (--json shows all)",
                    )
                )
        return "\n".join(rows) or choose("没有在办期限", "Nothing is due")

    tell(
        options,
        {
            "on": found.on,
            "open_matters": found.open_matters,
            "totals": {group.name: group.total for group in found.groups},
            "results": results,
        },
        text,
    )


COMMANDS = (add, show, list_, search, due)
