"""The brief as a paper: each visitor's matter on one page, in the language of the process.

A page has room for so much: of long lists the first lines stand there, with the number of what is left to the screen.
What is late and what was promised and not done comes first, since that is what the leader answers for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from models import codes, errors
from models.reception import briefs
from models.reception.records import Brief, BriefClock, Promise
from models.sheets.content import Blank, Block, Column, Grid, Heading, PageBreak, Pairs, Sheet, Text

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

STATEMENT_CHARS = 60
CLAIMS, PROMISES, CLOCKS, PAST = 3, 3, 2, 2
"""Lines at most of each list, so that the page is one page."""
ROOM_FOR_A_HAND = 7
"""Lines of all lists up to which there is room for the leader's handwriting."""
CELL_CHARS = 28
"""Characters of a text within a line; the screen has the whole."""


def sheet(register: Register, visits: Sequence[int], *, by: Staff, at: datetime) -> Sheet:
    """Return briefs as a paper, each visitor's on a page of its own.

    Args:
        register: The open register.
        visits: The visits, in the order in which they are printed.
        by: Who reads; each reading is journalled.
        at: Instant, aware.

    Raises:
        InputError, NotAllowedError: as for `briefs.brief`.
    """
    language = errors.spoken()
    zh, on = language == "zh", at.astimezone().date()
    blocks: list[Block] = []
    for place, visit in enumerate(visits):
        if place:
            blocks.append(PageBreak())
        blocks += _page(briefs.brief(register, visit, by=by, at=at), on, zh=zh)
    return Sheet(
        kind="reception_brief",
        title="局长接访参阅" if zh else "Brief for the reception",
        organ=str(register.setting("organ.name", "")),
        blocks=tuple(blocks),
        dated_on=on,
        subtitle="仅供接访使用，用后收回" if zh else "For the reception only; to be handed back",
        language=language,
    )


def _page(page: Brief, on: date, *, zh: bool) -> list[Block]:
    visit, day = page.visit, page.day
    turn = (f"{visit.turn} 号" if zh else f"No. {visit.turn}") if visit.turn else visit.slot
    said = _short(page.statement, STATEMENT_CHARS)
    blocks: list[Block] = [
        Heading(text=f"{turn}　{_short(visit.title, CELL_CHARS)}".strip("　"), level=1),
        Pairs(
            pairs=[
                ("事项编号" if zh else "Number", visit.number),
                ("信访人" if zh else "Petitioner", _short(("、" if zh else ", ").join(page.people), CELL_CHARS // 2)),
                ("人数" if zh else "People", visit.people),
                ("接访" if zh else "Reception", f"{day.on} {visit.slot or day.begin}"),
                ("首次收到" if zh else "First received", page.received_on),
                ("来信来访" if zh else "Items", f"{page.items} 件次" if zh else page.items),
                ("办理状态" if zh else "State", _state(page, zh=zh)),
                ("责任单位" if zh else "Unit", f"{page.unit} {page.handler}".strip()),
            ],
        ),
    ]
    first = sorted(page.promises, key=lambda one: (one.done_on is not None, one.on))
    asked, *parts = (
        _Part("反映的内容和诉求" if zh else "What is asked", _claims(page, zh=zh), CLAIMS),
        _Part(
            "领导以前的批示和落实" if zh else "What leaders promised, and what came of it",
            promise_grid(first, zh=zh, short=True),
            PROMISES,
        ),
        _Part("正在计算的期限" if zh else "Clocks that run", _clocks(page.clocks, on, zh=zh), CLOCKS),
        _Part("以前的答复和接访" if zh else "What was answered and decided", _past(page, zh=zh), PAST),
    )
    blocks += [asked.heading(zh=zh), *([Text(text=said, quote=True)] if said else []), asked.table]
    for part in parts:
        blocks += [part.heading(zh=zh), part.table]
    if sum(len(list(part.table.rows)) for part in (asked, *parts)) <= ROOM_FOR_A_HAND:
        blocks.append(Blank(label="领导批示" if zh else "The leader's opinion", lines=2))
    return blocks


@dataclass(frozen=True, slots=True)
class _Part:
    """A table of the page: its heading says how many lines there are when not all have room."""

    title: str
    grid: Grid
    most: int

    def heading(self, *, zh: bool) -> Heading:
        count = len(list(self.grid.rows))
        left = (
            (f"（共 {count} 项，列 {self.most} 项）" if zh else f" ({self.most} of {count})")
            if count > self.most
            else ""
        )
        return Heading(text=f"{self.title}{left}", level=2)

    @property
    def table(self) -> Grid:
        return replace(self.grid, rows=list(self.grid.rows)[: self.most])


def _state(page: Brief, *, zh: bool) -> str:
    words = (_word("category", page.category, zh=zh), _word("state", page.state, zh=zh))
    return ("，" if zh else ", ").join(word for word in words if word)


def _claims(page: Brief, *, zh: bool) -> Grid:
    return Grid(
        columns=[
            Column(head="序号" if zh else "No.", kind="int", width=0.6),
            Column(head="诉求" if zh else "Claim", width=5),
            Column(head="决定" if zh else "Decision", width=1.6),
        ],
        rows=[
            (
                claim.place,
                _short(claim.request, CELL_CHARS),
                _word("conclusion", claim.decision, zh=zh) or ("未决定" if zh else "none yet"),
            )
            for claim in page.claims
        ],
        empty="没有登记诉求" if zh else "no claim registered",
    )


def _clocks(found: Sequence[BriefClock], on: date, *, zh: bool) -> Grid:
    return Grid(
        columns=[
            Column(head="期限" if zh else "Clock", width=2.6),
            Column(head="起算" if zh else "From", kind="date", width=1.3, wrap=False),
            Column(head="截止日" if zh else "Last day", kind="date", width=1.3, wrap=False),
            Column(head="情况" if zh else "State", width=1.2, wrap=False),
            Column(head="推算" if zh else "How counted", width=2.8),
        ],
        rows=[_clock(one, on, zh=zh) for one in found],
        empty="没有正在计算的期限" if zh else "no clock is running",
    )


def _clock(one: BriefClock, on: date, *, zh: bool) -> tuple[Any, ...]:
    name, start, due = (one.name.zh if zh else one.name.en), one.state.start_on, one.state.due
    if due is None:
        return (name, start, None, "", "")
    days = (due.last_on - on).days
    left = (
        (f"还有 {days} 天" if zh else f"{days} days left")
        if days >= 0
        else (f"已超 {-days} 天" if zh else f"{-days} late")
    )
    working, article = due.clock.unit == "W", due.clock.article
    length = due.length + due.extended_days
    counted = (
        f"{length} {'个工作日' if working else '日'}；{article.zh}"
        if zh
        else f"{length} {'working days' if working else 'days'}; {article.en}"
    )
    return (name, start, due.last_on, left, counted if due.length else (article.zh if zh else article.en))


def _past(page: Brief, *, zh: bool) -> Grid:
    told: list[tuple[date, str, str]] = [
        (one.on, _short(f"{one.title}：{one.told}" if one.told else one.title, CELL_CHARS), one.number)
        for one in page.answers
    ]
    received = "接访：" if zh else "received: "
    held = [(one.on, _short(f"{received}{one.decision}", CELL_CHARS), one.host) for one in page.earlier]
    told += held
    told.sort(key=lambda row: row[0], reverse=True)
    return Grid(
        columns=[
            Column(head="日期" if zh else "Day", kind="date", width=1.2, wrap=False),
            Column(head="文书、答复、接访决定" if zh else "Letter, answer or decision", width=4),
            Column(head="文号、接访领导" if zh else "Number, leader", width=2),
        ],
        rows=told,
        empty="还没有答复" if zh else "none yet",
    )


def promise_grid(found: Sequence[Promise], *, zh: bool, numbered: bool = False, short: bool = False) -> Grid:
    """Return instructions as a table: what, which unit, until when, done or not.

    Args:
        found: The instructions.
        zh: In Chinese; else in English.
        numbered: With the number of the matter in front.
        short: Texts are cut so that each stays within its lines.
    """

    def cut(text: str) -> str:
        return _short(text, CELL_CHARS) if short else text

    columns = [
        Column(head="批示日期" if zh else "Given", kind="date", width=1.2, wrap=False),
        Column(head="领导" if zh else "By", width=1),
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
            (
                *((one.number,) if numbered else ()),
                one.on,
                one.by,
                cut(one.what),
                one.unit,
                one.due_on,
                cut(_done(one, zh=zh)),
            )
            for one in found
        ],
        empty="没有批示" if zh else "none",
    )


def _done(one: Promise, *, zh: bool) -> str:
    if one.done_on is None:
        return ("已超期，未落实" if one.late else "未到期") if zh else ("late, not done" if one.late else "running")
    late = ("（逾期）" if zh else " (late)") if one.late else ""
    done = f"{one.done_on} 已落实{late}" if zh else f"done {one.done_on}{late}"
    return f"{done}：{one.proof}" if zh and one.proof else f"{done}: {one.proof}" if one.proof else done


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _word(table: str, code: str, *, zh: bool) -> str:
    return codes.word(table, code, "zh" if zh else "en") if code else ""
