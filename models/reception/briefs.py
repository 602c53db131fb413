"""The page that the leader reads before a visitor comes in: one matter, its clocks, what was promised and done.

It tells of the matter and of the bureau's duties: the petitioners of this matter by name, its claims, its clocks with
how they were counted, what was answered, what leaders instructed earlier and whether it was proved. Nothing else about
a person stands here (domain reference, section 16). A brief is read by whoever sees the matter in full, the reading is
journalled, and the page is never kept: what it says is the register's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from models import clocks, codes, errors, letters, matters, projections, sight
from models.reception import days, promises, queue
from models.reception.records import Brief, BriefAnswer, BriefClaim, BriefClock, EarlierReception
from models.sheets.content import Blank, Block, Column, Grid, Heading, PageBreak, Pairs, Sheet, Text

if TYPE_CHECKING:
    from models.reception.records import Promise
    from models.records import Staff
    from models.register import Register

_ANSWERS = (
    "acceptance_notice", "non_acceptance_notice", "no_longer_accepted_notice", "route_notice", "destination_notice",
    "extension_notice", "answer", "suggestion_reply", "hearing_conclusion", "mediation_agreement",
    "settlement_agreement",
)  # fmt: skip
_TOLD = "'replied', 'contacted', 'followed_up'"
_LAST_ANSWERS = 4
_STATEMENT_CHARS = 400
_RAN = ("open", "late", "met_late", "no_calendar")


def brief(register: Register, visit: int, *, by: Staff, at: datetime) -> Brief:
    """Return the brief of a visit and journal that it was read.

    Args:
        register: The open register.
        visit: The visit.
        by: Who reads.
        at: Instant, aware; clocks stand as of its local day.

    Raises:
        InputError: No such visit, or one of a matter that the person may not know of.
        NotAllowedError: A sealed matter, and the person is no reader.
    """
    found = queue.line(register, by, visit)
    on = at.astimezone().date()
    row = sight.matter_for(register, found.matter, by)
    _journal_reading(register, found.matter, by, at)
    people = register.rows(
        "SELECT name FROM person WHERE matter=? AND removed IS NULL AND role IN ('petitioner', 'representative',"
        " 'agent') AND name IS NOT NULL ORDER BY main IS NOT 1, id",
        (found.matter,),
    )
    said = register.row(
        "SELECT body FROM passage WHERE matter=? AND kind='statement' AND removed IS NULL ORDER BY id LIMIT 1",
        (found.matter,),
    )
    items = register.row("SELECT count(*) FROM item WHERE matter=? AND cancelled IS NULL", (found.matter,))
    handler = register.staff().get(row["handler"])
    statement = said[0] if said else ""
    return Brief(
        visit=found,
        day=days.day(register, by, found.reception, on=on),
        category=row["category"] or "",
        state=row["state"],
        purpose=row["purpose"] or "",
        received_on=date.fromisoformat(row["received_on"]),
        items=items[0] if items else 0,
        unit=register.units().get(row["unit"], ""),
        handler=handler.name if handler else "",
        people=tuple(dict.fromkeys(name for (name,) in people)),
        statement=statement[:_STATEMENT_CHARS] + ("…" if len(statement) > _STATEMENT_CHARS else ""),
        claims=tuple(
            BriefClaim(place=claim["place"], request=claim["request"], decision=claim["decision"] or "")
            for claim in register.records("claim", "matter=? AND removed IS NULL ORDER BY place", (found.matter,))
        ),
        clocks=_clocks(register, row, on),
        answers=_answers(register, found.matter),
        promises=promises.of_matter(register, found.matter, by, on),
        earlier=_earlier(register, found.matter, visit),
    )


def _journal_reading(register: Register, matter: int, by: Staff, at: datetime) -> None:
    """Journal the reading of a matter, once a day and person."""
    midnight = datetime.combine(at.astimezone().date(), time()).astimezone()
    read = register.row(
        "SELECT 1 FROM entry WHERE matter=? AND act='read_matter' AND actor=? AND at_ms>=? LIMIT 1",
        (matter, by.id, int(midnight.timestamp() * 1000)),
    )
    if read is None:
        with register.act("read_matter", by=by, at=at, matter=matter):
            pass


def _clocks(register: Register, row: dict[str, Any], on: date) -> tuple[BriefClock, ...]:
    rules = projections.rules_of(row["rules"], row["received_on"], register.law.book)
    return tuple(
        BriefClock(
            clock=state.clock,
            name=rules.clock(state.clock).name,
            state=state,
            derivation=tuple(clocks.derivation(state.due)) if state.due else (),
        )
        for state in matters.clock_states(register, row["id"], row, on)
        if state.status in _RAN
    )


def _answers(register: Register, matter: int) -> tuple[BriefAnswer, ...]:
    marks = ",".join("?" * len(_ANSWERS))
    letters_out = [
        BriefAnswer(on=date.fromisoformat(row["dated_on"]), title=row["title"], number=row["number"] or "", told="")
        for row in register.records(
            "document", f"matter=? AND state='issued' AND kind IN ({marks})", (matter, *_ANSWERS)
        )
    ]
    told = [
        BriefAnswer(on=date.fromisoformat(on), title=clocks.EVENT_NAMES[kind].zh if errors.spoken() == "zh"
                    else clocks.EVENT_NAMES[kind].en, number="", told=note or "")
        for kind, on, note in register.rows(
            f"SELECT kind, on_date, note FROM event WHERE matter=? AND withdrawn IS NULL AND kind IN ({_TOLD})",
            (matter,),
        )
    ]  # fmt: skip
    return tuple(sorted([*letters_out, *told], key=lambda answer: answer.on, reverse=True)[:_LAST_ANSWERS])


def _earlier(register: Register, matter: int, visit: int) -> tuple[EarlierReception, ...]:
    rows = register.rows(
        "SELECT y.on_date, v.host, v.outcome, d.facts FROM reception_visit v JOIN reception_day y ON y.id=v.reception"
        " LEFT JOIN document d ON d.id=v.record AND d.state<>'spoiled' WHERE v.matter=? AND v.id<>? AND"
        " v.state='received' AND v.removed IS NULL ORDER BY y.on_date DESC, v.id DESC",
        (matter, visit),
    )
    return tuple(
        EarlierReception(
            on=date.fromisoformat(on),
            host=days.host(register, host).name if host else "",
            outcome=outcome or "",
            decision=decision_of(facts),
        )
        for on, host, outcome, facts in rows
    )


def decision_of(facts: str | None) -> str:
    """Return what a reception record says was decided; '' without a record."""
    return str(letters.LetterFacts.from_json(facts).value("decision") or "") if facts else ""


# --- the paper --------------------------------------------------------------------------------------------------------


def sheet(register: Register, visits: Sequence[int], *, by: Staff, at: datetime) -> Sheet:
    """Return briefs as a paper, each visitor's on a page of its own; in the language of the process.

    Raises:
        InputError, NotAllowedError: as for `brief`.
    """
    language = errors.spoken()
    blocks: list[Block] = []
    for place, visit in enumerate(visits):
        if place:
            blocks.append(PageBreak())
        blocks += _blocks(brief(register, visit, by=by, at=at), zh=language == "zh")
    zh = language == "zh"
    return Sheet(
        kind="reception_brief",
        title="局长接访参阅" if zh else "Brief for the reception",
        organ=bureau_name(register),
        blocks=tuple(blocks),
        dated_on=at.astimezone().date(),
        notes=(
            "仅供接访使用，用后收回；所列为本事项的办理情况和本局职责，不作其他用途。"
            if zh
            else "For the reception only and to be handed back: it tells of this matter and the bureau's duties.",
        ),
        language=language,
    )


def bureau_name(register: Register) -> str:
    """Return the bureau's full name."""
    return str(register.setting("organ.name", ""))


def _blocks(page: Brief, *, zh: bool) -> list[Block]:
    def word(table: str, code: str) -> str:
        return codes.word(table, code, "zh" if zh else "en") if code else ""

    visit, day = page.visit, page.day
    turn = f"{visit.turn} 号" if zh else f"No. {visit.turn}"
    head = turn if visit.turn else (visit.slot or ("未到" if zh else "not come"))
    blocks: list[Block] = [
        Heading(text=f"{head}　{visit.title}" if zh else f"{head}  {visit.title}", level=1),
        Pairs(
            pairs=[
                ("事项编号" if zh else "Number", visit.number),
                ("接访日期" if zh else "Reception", f"{day.on} {visit.slot or day.begin}"),
                ("信访人" if zh else "Petitioner", ("、" if zh else ", ").join(page.people)),
                ("人数" if zh else "People", visit.people),
                ("首次收到" if zh else "First received", page.received_on),
                ("来信来访" if zh else "Items", f"{page.items} 件次" if zh else page.items),
                ("类别" if zh else "Class", word("category", page.category)),
                ("办理状态" if zh else "State", word("state", page.state)),
                ("责任单位" if zh else "Unit", page.unit),
                ("承办人" if zh else "Officer", page.handler),
            ]
        ),
        Heading(text="反映的内容和诉求" if zh else "What is asked", level=2),
    ]
    if page.statement:
        blocks.append(Text(text=page.statement, quote=True))
    blocks.append(
        Grid(
            columns=[
                Column(head="序号" if zh else "No.", kind="int", width=0.6),
                Column(head="诉求" if zh else "Claim", width=5),
                Column(head="决定" if zh else "Decision", width=1.6),
            ],
            rows=[
                (claim.place, claim.request, word("conclusion", claim.decision) or ("未决定" if zh else "none yet"))
                for claim in page.claims
            ],
            empty="没有登记诉求" if zh else "no claim registered",
        )
    )
    blocks += _clock_blocks(page.clocks, zh=zh)
    blocks += _past_blocks(page, zh=zh)
    blocks.append(Blank(label="领导批示" if zh else "The leader's opinion", lines=3))
    return blocks


def _clock_blocks(found: Sequence[BriefClock], *, zh: bool) -> list[Block]:
    rows = []
    for one in found:
        late = one.state.status in ("late", "met_late")
        counted = ("；" if zh else "; ").join(part.zh if zh else part.en for part in one.derivation[:2])
        rows.append(
            (
                one.name.zh if zh else one.name.en,
                one.state.due.last_on if one.state.due else None,
                ("已超期" if late else "期限内") if zh else ("late" if late else "in time"),
                counted,
            )
        )
    return [
        Heading(text="期限" if zh else "Clocks", level=2),
        Grid(
            columns=[
                Column(head="期限" if zh else "Clock", width=1.8),
                Column(head="截止日" if zh else "Last day", kind="date", width=1.3, wrap=False),
                Column(head="情况" if zh else "State", width=1, wrap=False),
                Column(head="推算" if zh else "How counted", width=4),
            ],
            rows=rows,
            empty="没有正在计算的期限" if zh else "no clock is running",
        ),
    ]


def _past_blocks(page: Brief, *, zh: bool) -> list[Block]:
    blocks: list[Block] = [
        Heading(text="以前的答复" if zh else "What was answered", level=2),
        Grid(
            columns=[
                Column(head="日期" if zh else "Day", kind="date", width=1.2, wrap=False),
                Column(head="文书或者答复" if zh else "Letter or answer", width=4),
                Column(head="文号" if zh else "Number", width=2),
            ],
            rows=[(one.on, f"{one.title}：{one.told}" if one.told else one.title, one.number) for one in page.answers],
            empty="还没有答复" if zh else "none yet",
        ),
        Heading(text="领导以前的批示和落实" if zh else "What leaders promised, and what came of it", level=2),
        promise_grid(page.promises, zh=zh),
    ]
    if page.earlier:
        blocks += [
            Heading(text="以前的接访" if zh else "Earlier receptions", level=2),
            Grid(
                columns=[
                    Column(head="日期" if zh else "Day", kind="date", width=1.2, wrap=False),
                    Column(head="接访领导" if zh else "Received by", width=1.2),
                    Column(head="处理决定" if zh else "Decision", width=4),
                ],
                rows=[(one.on, one.host, one.decision) for one in page.earlier],
            ),
        ]
    return blocks


def promise_grid(found: Sequence[Promise], *, zh: bool, numbered: bool = False) -> Grid:
    """Return instructions as a table: what, which unit, until when, done or not."""

    def state(one: Promise) -> str:
        if one.done_on:
            late = ("（逾期）" if zh else " (late)") if one.late else ""
            return (f"{one.done_on} 已落实{late}" if zh else f"done {one.done_on}{late}") + (
                f"：{one.proof}" if one.proof else ""
            )
        return ("已超期，未落实" if one.late else "未到期") if zh else ("late, not done" if one.late else "running")

    columns = [
        Column(head="批示日期" if zh else "Given", kind="date", width=1.2, wrap=False),
        Column(head="批示领导" if zh else "By", width=1),
        Column(head="要求" if zh else "What", width=3),
        Column(head="责任单位" if zh else "Unit", width=1.6),
        Column(head="期限" if zh else "By when", kind="date", width=1.2, wrap=False),
        Column(head="落实" if zh else "Done", width=2),
    ]
    if numbered:
        columns.insert(0, Column(head="事项编号" if zh else "Matter", width=1.6, wrap=False))
    return Grid(
        columns=columns,
        rows=[
            (*((one.number,) if numbered else ()), one.on, one.by, one.what, one.unit, one.due_on, state(one))
            for one in found
        ],
        empty="没有批示" if zh else "none",
    )
