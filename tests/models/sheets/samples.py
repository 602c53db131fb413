"""Sheets with every block and every kind of chart, in both languages: what the tests print and people look at.

`python -m tests.models.sheets.samples FOLDER` writes them as PDF and xlsx. Names, numbers and places are invented.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from math import sqrt
from pathlib import Path
from typing import Any

from models.sheets.content import (
    Band,
    Blank,
    Block,
    Chart,
    Column,
    Grid,
    Heading,
    Kind,
    Language,
    Limit,
    PageBreak,
    Pairs,
    Point,
    Series,
    Sheet,
    Sign,
    Text,
    Tile,
    Tiles,
)

ORGAN = "梓州县公安局"
UNITS = {
    "zh": ("城关派出所", "刑事侦查大队", "交通管理大队", "出入境管理大队", "治安管理大队", "青石镇派出所", "法制大队"),
    "en": ("Chengguan station", "Criminal investigation", "Traffic police", "Exit and entry", "Public order",
           "Qingshi station", "Legal unit"),
}  # fmt: skip
MONTHS = [f"2026-{month:02d}" for month in range(1, 13)]

Say = Callable[[str, str], str]


def said_in(language: Language) -> Say:
    """Return what chooses between a text in Chinese and in English."""
    return lambda zh, en: zh if language == "zh" else en


# --- a ledger ---------------------------------------------------------------------------------------------------------

_HEADS: tuple[tuple[str, str, Kind], ...] = (
    ("编号", "Number", "text"),
    ("收到日期", "Received", "date"),
    ("形式", "Channel", "text"),
    ("信访人", "Petitioner", "text"),
    ("概况", "Matter", "text"),
    ("责任单位", "Unit", "text"),
    ("告知", "Notice", "date"),
    ("答复", "Answer", "date"),
    ("人数", "People", "int"),
    ("满意率", "Satisfied", "percent"),
)
_LONG_ZH = "反映城关派出所对邻里纠纷处警不及时、笔录未让其核对，要求重新调查并书面答复"
_LONG_EN = "Says the station came late to a quarrel and did not let him read the record; asks for a new inquiry"


class LedgerRows:
    """Rows that are made while they are walked, any number of times."""

    def __init__(self, language: Language, count: int) -> None:
        self._say, self._language, self._count = said_in(language), language, count

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return (self._row(place) for place in range(self._count))

    def _row(self, place: int) -> tuple[Any, ...]:
        say, on = self._say, date(2026, 1, 4) + timedelta(days=place % 900)
        return (
            f"J2026-{place + 1:06d}",
            on,
            (say("来信", "letter"), say("来访", "visit"), say("网上", "web"))[place % 3],
            ("王建国", "李春兰", "")[place % 3],
            say(_LONG_ZH, _LONG_EN) if place % 3 else say("咨询户口迁移", "Asks about moving a registration"),
            UNITS[self._language][place % 7],
            on + timedelta(days=15),
            None if place % 4 else on + timedelta(days=60),
            1 + place % 6,
            place % 11 / 10 if place % 5 else None,
        )


def ledger(language: Language = "zh", rows: int = 60) -> Sheet:
    """Return a ledger of items with long texts, absent values and a row of totals."""
    say = said_in(language)
    columns = [
        Column(
            head=say(zh, en),
            kind=kind,
            width=4.0 if zh == "概况" else 1.0,
            wrap=zh in ("概况", "责任单位"),
            group=say("期限", "Due") if zh in ("告知", "答复") else "",
        )
        for zh, en, kind in _HEADS
    ]
    people = sum(1 + place % 6 for place in range(rows))
    totals = [say("合计", "Total"), None, None, None, None, None, None, None, people, None]
    return Sheet(
        kind="item_ledger",
        title=say("信访台账", "Ledger of items"),
        organ=ORGAN,
        subtitle=say("2026年1月1日至3月31日", "2026-01-01 to 2026-03-31"),
        blocks=[Grid(columns=columns, rows=LedgerRows(language, rows), totals=totals)],
        dated_on=date(2026, 4, 2),
        landscape=True,
        sign=[Sign(label=say("填表人", "Drawn up by"), name="陈立群"), Sign(label=say("审核", "Checked by"))],
        notes=[say("另有 3 件密件不列明。", "3 sealed matters are not listed.")],
        language=language,
    )


# --- charts -----------------------------------------------------------------------------------------------------------


def bars(language: Language = "zh") -> Chart:
    """Return bars of this month beside the month before, with an absent value."""
    say = said_in(language)
    return Chart(
        kind="bar",
        title=say("本月受理最多的是城关派出所，比上月多 9 件", "Chengguan took in most, 9 more than last month"),
        unit=say("件", "matters"),
        labels=UNITS[language],
        series=[
            Series(name=say("本月", "This month"), values=(31, 18, 12, 3, 9, 7, 1)),
            Series(name=say("上月", "Month before"), values=(22, 20, 12, 5, 9, None, 0)),
        ],
    )


def rates(language: Language = "zh") -> Chart:
    """Return a course of shares over two years with a target."""
    say = said_in(language)
    now = (0.71, 0.75, 0.74, 0.8, 0.82, 0.85, 0.84, 0.88, 0.91, 0.93, 0.95, None)
    before = (0.62, 0.66, 0.7, 0.69, 0.72, 0.71, 0.75, 0.76, 0.74, 0.78, 0.8, 0.79)
    return Chart(
        kind="line",
        title=say("按期答复率全年上升，九月起达到目标", "Answers on time rose and met the aim from September"),
        unit="%",
        labels=MONTHS,
        series=[
            Series(name=say("2026年", "2026"), values=now),
            Series(name=say("2025年", "2025"), values=before),
        ],
        limits=[Limit(name=say("目标 90%", "Aim 90%"), value=0.9)],
        note=say("按期答复率＝按期答复件数÷应答复件数。", "Rate = answered on time / answers due."),
    )


def course(language: Language = "zh") -> Chart:
    """Return a course of counts over two years."""
    say = said_in(language)
    return Chart(
        kind="line",
        title=say("每月收到件次", "Items received each month"),
        unit=say("件次", "items"),
        labels=MONTHS,
        series=[
            Series(name=say("本年", "This year"), values=(104, 96, 131, 120, 98, 87, 110, 125, 140, 99, 102, 117)),
            Series(name=say("上年", "Last year"), values=(98, 101, 120, 119, 103, 95, 99, 101, 131, 104, 96, 110)),
        ],
    )


def outcomes(language: Language = "zh") -> Chart:
    """Return the parts of a whole by unit."""
    say = said_in(language)
    return Chart(
        kind="stack",
        title=say("各单位办理结果", "Outcomes by unit"),
        unit=say("件", "matters"),
        labels=UNITS[language],
        series=[
            Series(name=say("支持", "Supported"), values=(12, 4, 6, 1, 3, 2, 1)),
            Series(name=say("部分支持", "In part"), values=(8, 6, 2, 1, 3, 1, 0)),
            Series(name=say("解释说明", "Explained"), values=(7, 5, 3, 0, 2, 3, 0)),
            Series(name=say("不予支持", "Not supported"), values=(3, 3, 1, 1, 1, 1, 0)),
            Series(name=say("其他", "Other"), values=(2, 4, 0, 0, 2, 0, 0)),
        ],
    )


def funnel(language: Language = "zh") -> Chart:
    """Return units over their duties, one outside the limits, two too small to be judged."""
    say, mean = said_in(language), 0.91

    def limits(factor: float) -> list[tuple[int, float, float]]:
        spreads = [(size, factor * sqrt(mean * (1 - mean) / size)) for size in range(2, 121, 2)]
        return [(size, max(0.0, mean - spread), min(1.0, mean + spread)) for size, spread in spreads]

    sizes, shares = (112, 58, 74, 6, 33, 4, 21), (0.95, 0.72, 0.93, 1.0, 0.88, 0.5, 0.97)
    return Chart(
        kind="funnel",
        title=say("刑侦大队按期率低于偶然波动范围", "Criminal investigation lies below what chance explains"),
        unit=say("件", "matters"),
        points=[
            Point(name=name, size=size, value=share, named=share < 0.8 or size > 100, faint=size < 10)
            for name, size, share in zip(UNITS[language], sizes, shares, strict=True)
        ],
        bands=[Band(name="95%", limits=limits(1.96)), Band(name="99.8%", limits=limits(3.09))],
        mean=mean,
        note=say("应办不足 10 件的不作评价（空心点）。", "Fewer than 10 duties: not judged (hollow)."),
    )


def target(language: Language = "zh") -> Chart:
    """Return what is reached of what is included, with two targets."""
    say = said_in(language)
    return Chart(
        kind="target",
        title=say("化解 45 件，占 56.3%；离两会前目标还差 3 件", "45 solved (56.3%), 3 short of the first target"),
        unit=say("件", "cases"),
        labels=(say("全县", "County"), *UNITS[language][:5]),
        series=[
            Series(name=say("已化解", "Solved"), values=(45, 14, 9, 12, 0, 10)),
            Series(name=say("列入", "Included"), values=(80, 20, 22, 16, 0, 22)),
        ],
        limits=[
            Limit(name=say("60%：2012-03-02 前", "60% by 2012-03-02"), value=0.6),
            Limit(name=say("100%：2012-06-30 前", "100% by 2012-06-30"), value=1.0),
        ],
    )


def charts(language: Language = "zh") -> list[Block]:
    """Return one chart of each kind."""
    return [make(language) for make in (bars, rates, course, outcomes, funnel, target)]


# --- papers -----------------------------------------------------------------------------------------------------------


def table(language: Language = "zh") -> Grid:
    """Return a table by unit with heads over several columns, a withheld rate and totals."""
    say = said_in(language)
    answers = say("应答复", "Answers")
    names = UNITS[language]
    return Grid(
        title=say("表1　各单位办理情况", "Table 1: work of the units"),
        columns=[
            Column(head=say("单位", "Unit"), width=3),
            Column(head=say("件", "Due"), kind="int", group=answers),
            Column(head=say("按期", "On time"), kind="int", group=answers),
            Column(head=say("按期率", "Rate"), kind="percent", group=answers),
            Column(head=say("平均天数", "Mean days"), kind="decimal"),
        ],
        rows=[
            (names[0], 31, 30, 30 / 31, 32.4),
            (names[1], 18, 13, 13 / 18, 51.0),
            (names[3], 3, 3, say("数量过小", "too few"), 12.0),
        ],
        totals=(say("合计", "Total"), 52, 46, 46 / 52, None),
    )


def report(language: Language = "zh", *, official: bool = True) -> Sheet:
    """Return a month's report with large figures, text, a table and all charts."""
    say = said_in(language)
    tiles = [
        Tile(label=say("收到", "Received"), value="128", remark=say("比上月 +12", "+12 on last month")),
        Tile(label=say("按期告知", "Notices on time"), value="96.1%", remark="49/51"),
        Tile(label=say("按期答复", "Answers on time"), value="91.0%", remark="71/78"),
        Tile(label=say("逾期未结", "Late and open"), value="7", remark=say("刑侦 5，治安 2", "CID 5, order 2")),
    ]
    text = say(
        "本月共收到信访件 128 件次，比上月增加 12 件次；应告知 51 件，按期告知 49 件。反映较多的是户籍办理和交通事故"
        "处理，其中涉及城关派出所的 31 件，已逐件核查并书面答复。",
        "The bureau received 128 items, 12 more than the month before. Of 51 notices due, 49 were given in time. Most"
        " often raised were household registration and traffic accidents.",
    )
    words = say("群众原话：“我来了三次，每次都说等通知。”", "“I came three times and was told to wait.”")
    advice = say("请刑侦大队对逾期 5 件逐件说明原因。", "Criminal investigation is to explain each late matter.")
    return Sheet(
        kind="month_report",
        title=say("2026年3月信访工作月报", "Petition work in March 2026"),
        organ=ORGAN,
        number="梓公（信）报〔2026〕3号" if official else "",
        dated_on=date(2026, 4, 2),
        blocks=[
            Heading(text=say("一、总体情况", "1. Overview")),
            Tiles(tiles=tiles),
            Text(text=text),
            Heading(text=say("（一）分单位", "1.1 By unit"), level=2),
            table(language),
            *charts(language),
            Text(text=words, quote=True),
            Heading(text=say("二、建议", "2. Advice")),
            Text(text=advice, strong=True),
        ],
        official=official,
        addressee=say("绵州市公安局", "Mianzhou city bureau"),
        sign=[
            Sign(label=say("填报人", "Drawn up by"), name="陈立群"),
            Sign(label=say("审核人", "Checked by")),
            Sign(label=say("签发人", "Approved by")),
        ],
        notes=[
            say("公式第 2 版：按期答复率＝按期答复件数÷应答复件数。", "Formula version 2."),
            say("另有 3 件密件计入总数，不列明。", "3 sealed matters are counted, not listed."),
        ],
        language=language,
    )


def brief(language: Language = "zh") -> Sheet:
    """Return a brief of one page, and a page with an empty table."""
    say = said_in(language)
    unit = UNITS[language][0]
    claims = say("1. 重新调查纠纷；2. 书面答复调查结果；3. 赔偿损失1200元。", "1. New inquiry; 2. answer in writing.")
    promised = Grid(
        columns=[
            Column(head=say("日期", "Day"), kind="date"),
            Column(head=say("事项", "What"), width=4),
            Column(head=say("单位", "Unit"), width=2),
            Column(head=say("结果", "Result"), width=2),
        ],
        rows=[
            (date(2026, 2, 10), say("十日内调取出警记录", "Get the records in ten days"), unit, say("已办", "done")),
        ],
    )
    return Sheet(
        kind="reception_brief",
        title=say("接访参阅", "Brief for the reception"),
        organ=ORGAN,
        subtitle=say("2026年4月10日　第3号", "2026-04-10, number 3"),
        dated_on=date(2026, 4, 9),
        blocks=[
            Pairs(
                pairs=[
                    (say("事项编号", "Number"), "S2026-000123"),
                    (say("信访人", "Petitioner"), "王建国"),
                    (say("收到日期", "Received"), date(2026, 1, 20)),
                    (say("责任单位", "Unit"), unit),
                    (say("诉求", "Claims"), claims),
                    (say("历次答复", "Answers"), say("2026-03-12 部分支持。", "2026-03-12 supported in part.")),
                ],
            ),
            Heading(text=say("领导曾经答应的事", "What was promised before"), level=2),
            promised,
            Blank(label=say("领导意见", "Opinion of the leader"), lines=4),
            PageBreak(),
            Grid(columns=[Column(head=say("序号", "No."), kind="int"), Column(head="S", width=5)], rows=[]),
        ],
        sign=[Sign(label=say("接访领导", "Received by"))],
        language=language,
    )


def main(folder: Path) -> None:
    """Write all samples."""
    from models.sheets.pdf import to_pdf
    from models.sheets.xlsx import to_xlsx

    folder.mkdir(parents=True, exist_ok=True)
    languages: tuple[Language, ...] = ("zh", "en")
    for language in languages:
        for name, sheet in (
            ("ledger", ledger(language)),
            ("report", report(language)),
            ("office", report(language, official=False)),
            ("brief", brief(language)),
        ):
            (folder / f"{name}-{language}.pdf").write_bytes(to_pdf(sheet))
            to_xlsx(sheet, folder / f"{name}-{language}.xlsx")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
