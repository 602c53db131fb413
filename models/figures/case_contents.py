"""The part of a report that tells of key cases: counts, sources, grounds of exclusion, who holds what is open, targets.

What the province asks for each month (domain reference 7.6). Groups are sources, grounds, lead officers and units.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.errors import Message
from models.figures import wording
from models.figures.indicators import indicator
from models.figures.records import Group, ProgrammeFigures, Report
from models.sheets.content import Block, Chart, Column, Grid, Heading, Limit, Pairs, Series, Value

_BY_SOURCE = ("case_included", "case_solved_month", "case_solved", "case_solved_share", "case_closed", "case_open")
_BY_HOLDER = ("case_open", "case_overdue")


def blocks(report: Report) -> list[Block]:
    """Return what a report tells of the programmes that run in its period."""
    found: list[Block] = []
    for one in report.programmes:
        found += _programme(one)
    return found


def _programme(one: ProgrammeFigures) -> list[Block]:
    pairs: list[tuple[str, Value]] = [
        (str(indicator(code).name), wording.text(figure, with_base=True)) for code, figure in one.figures.items()
    ]
    made: list[Block] = [
        Heading(text=str(Message(f"重点信访案件：{one.name}", f"Key cases: {one.name}"))),
        Pairs(pairs=pairs, columns=3),
        _grid(Message("按来源", "By source"), one.by_source, _BY_SOURCE),
        _grid(Message("排除情形", "Grounds of exclusion"), one.by_exclusion, ("case_excluded",)),
        _grid(Message("在办：按包案领导", "Open, by lead officer"), one.by_leader, _BY_HOLDER),
        _grid(Message("在办：按责任单位", "Open, by unit"), one.by_unit, _BY_HOLDER),
    ]
    if one.targets:
        made += [_targets(one), _chart(one)]
    return made


def _grid(title: Message, groups: Sequence[Group], codes: Sequence[str]) -> Grid:
    columns = [Column(head=str(title), width=2.4)]
    columns += [
        Column(head=str(indicator(code).name), kind="int" if indicator(code).kind == "count" else "text")
        for code in codes
    ]
    rows: list[list[Value]] = [
        [
            str(group.words),
            *(
                group.figures[code].numerator
                if indicator(code).kind == "count"
                else str(wording.text(group.figures[code]))
                for code in codes
            ),
        ]
        for group in groups
    ]
    return Grid(columns=columns, rows=rows, title=str(title), empty=str(Message("没有。", "None.")))


def _targets(one: ProgrammeFigures) -> Grid:
    columns = [
        Column(head=str(Message("目标", "target")), width=2.4),
        Column(head=str(Message("期限", "by")), kind="date", width=1.0),
        Column(head=str(Message("目标比率", "share wanted")), kind="percent", digits=0),
        Column(head=str(Message("已化解", "solved")), kind="int"),
        Column(head=str(Message("列入", "included")), kind="int"),
        Column(head=str(Message("达到", "reached"))),
    ]
    rows: list[list[Value]] = [
        [
            target.name,
            target.on,
            target.share / 100,
            target.solved,
            target.included,
            str(_reached(reached=target.reached, due=target.due)),
        ]
        for target in one.targets
    ]
    return Grid(columns=columns, rows=rows, title=str(Message("化解目标", "Targets")))


def _reached(*, reached: bool, due: bool) -> Message:
    if reached:
        return Message("已达到", "reached")
    return Message("未达到", "not reached") if due else Message("未到期", "not due yet")


def _chart(one: ProgrammeFigures) -> Chart:
    return Chart(
        kind="target",
        title=str(Message("化解进度（以办理证据为准）", "Cases solved, by the evidence in the register")),
        unit=str(Message("件", "cases")),
        labels=[one.name],
        series=[
            Series(name=str(indicator(code).name), values=[one.figures[code].numerator])
            for code in ("case_solved", "case_included")
        ],
        limits=[Limit(name=f"{target.share}%（{target.on}）", value=target.share / 100) for target in one.targets],
    )
