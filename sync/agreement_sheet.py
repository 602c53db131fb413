"""The agreement with the city as a paper: table by month, both sides, and the rows on which they differ.

It tells numbers of rows, never their content; a row is named by the number of its matter.
"""

from __future__ import annotations

from models.device import CITY
from models.errors import Language
from models.sheets.content import Block, Column, Grid, Heading, Pairs, Sheet, Text
from sync.agreement import WHOLE, table_name
from sync.comparing import Detail

KIND = "agreement"


def sheet(found: Detail, *, organ: str, language: Language = "zh") -> Sheet:
    """Return the paper.

    Args:
        found: The comparison.
        organ: Full name of the bureau.
        language: Of all texts.
    """
    zh = language == "zh"
    outcome = found.outcome
    together = {**found.holds_here} == {**found.holds_there}
    message = outcome.message()
    blocks: list[Block] = [
        Pairs(
            pairs=[
                ("市局" if zh else "City bureau", found.hub_name),
                ("比对时间" if zh else "Compared at", found.at.astimezone().replace(tzinfo=None, microsecond=0)),
                ("双方记录" if zh else "Rows compared", f"{outcome.held:,}"),
                ("一致" if zh else "Equal", f"{outcome.agreed:,}"),
            ]
        ),
        Text(text=message.zh if zh else message.en, strong=True),
    ]
    if not together:
        blocks.append(Text(text=_NOT_YET[0] if zh else _NOT_YET[1]))
    blocks += [
        Heading(text="一、各工作站的日志" if zh else "1. Journals", level=1),
        _journals(found, zh=zh),
        Heading(text="二、逐表逐月" if zh else "2. By table and month", level=1),
        _buckets(found, language),
    ]
    if outcome.rows:
        blocks += [
            Heading(text="三、不一致的记录" if zh else "3. Rows that differ", level=1),
            _rows(found, language),
        ]
    return Sheet(
        kind=KIND,
        title="与市局数据一致性核对表" if zh else "Agreement with the City Bureau",
        organ=organ,
        blocks=blocks,
        subtitle=found.at.astimezone().date().isoformat(),
        dated_on=found.at.astimezone().date(),
        notes=(_NOTE[0] if zh else _NOTE[1],),
        language=language,
    )


_NOT_YET = (
    "双方所收到的日志尚不相同，下表有出入属正常；待全部收发后再核对。",
    "The two do not hold the same entries yet, so the table may differ; compare again once all has been exchanged.",
)
_NOTE = (
    "每张表每月的记录逐条计算校验值后求和，双方和相等即逐条逐栏一致。月份按记录产生时间（世界协调时）。",
    "For each table and month the digests of all rows are summed; equal sums mean that every row is equal in every "
    "column. Months are those in which rows were made (UTC).",
)


def _journals(found: Detail, *, zh: bool) -> Grid:
    authors = sorted(found.holds_here.keys() | found.holds_there.keys())
    return Grid(
        columns=(
            Column(head="工作站" if zh else "Workstation", width=2),
            Column(head="本库末条" if zh else "Last here", kind="int"),
            Column(head="市局末条" if zh else "Last at the city", kind="int"),
        ),
        rows=[
            (
                ("市局" if zh else "City") if author == CITY else str(author),
                found.holds_here.get(author, 0),
                found.holds_there.get(author, 0),
            )
            for author in authors
        ],
    )


def _buckets(found: Detail, language: Language) -> Grid:
    zh = language == "zh"
    return Grid(
        columns=(
            Column(head="表" if zh else "Table", width=2.4),
            Column(head="月份" if zh else "Month", wrap=False),
            Column(head="本库" if zh else "Here", kind="int"),
            Column(head="市局" if zh else "City", kind="int"),
            Column(head="结果" if zh else "Result", wrap=False),
        ),
        rows=[
            (
                table_name(line.table, language),
                ("全部" if zh else "all") if line.month == WHOLE else line.month,
                line.here,
                line.there,
                ("一致" if zh else "equal") if line.same else ("不一致" if zh else "differs"),
            )
            for line in found.lines
        ],
        empty="没有记录" if zh else "no rows",
    )


def _rows(found: Detail, language: Language) -> Grid:
    zh = language == "zh"
    where = {
        (True, True): "内容不同" if zh else "content differs",
        (True, False): "仅本库有" if zh else "only here",
        (False, True): "仅市局有" if zh else "only at the city",
    }
    return Grid(
        columns=(
            Column(head="表" if zh else "Table", width=1.5),
            Column(head="记录" if zh else "Row", width=2),
            Column(head="情况" if zh else "What", wrap=False),
        ),
        rows=[(table_name(row.table, language), row.name, where[row.here, row.there]) for row in found.outcome.rows],
    )
