"""Sheets with every block and every kind of chart, in both languages: what the tests print and people look at.

`python -m tests.models.sheets.samples FOLDER` writes them as PDF and xlsx.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from math import sqrt
from pathlib import Path

from models.sheets.content import (
    Band,
    Blank,
    Block,
    Chart,
    Column,
    Grid,
    Heading,
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


def ledger(language: Language = "zh", rows: int = 60) -> Sheet:
    """Return a ledger of items with long texts, absent values and a row of totals."""
    zh = language == "zh"

    def row(place: int) -> tuple[object, ...]:
        received = date(2026, 1, 4) + timedelta(days=place)
        title = (
            "反映城关派出所对邻里纠纷处警不及时、笔录未让其核对，要求重新调查并书面答复" if place % 3 else "咨询户口迁移"
        )
        english = (
            "Says the Chengguan station came late to a quarrel between neighbours and did not let him read the record;"
            " asks for a new inquiry"
            if place % 3
            else "Asks about moving a household registration"
        )
        return (
            f"J2026-{place + 1:06d}", received, ("来信", "来访", "网上")[place % 3] if zh else ("letter", "visit", "web")[place % 3],
            ("王建国", "李春兰", "")[place % 3], title if zh else english, UNITS[language][place % 7],
            received + timedelta(days=15), None if place % 4 else received + timedelta(days=60), 1 + place % 6,
            place % 11 / 10 if place % 5 else None,
        )  # fmt: skip

    class Rows:
        def __iter__(self) -> object:
            return (row(place) for place in range(rows))

    heads = (
        ("编号", "收到日期", "形式", "信访人", "概况", "责任单位", "告知", "答复", "人数", "满意率")
        if zh
        else ("Number", "Received", "Channel", "Petitioner", "Matter", "Unit", "Notice", "Answer", "People", "Satisfied")
    )
    kinds = ("text", "date", "text", "text", "text", "text", "date", "date", "int", "percent")
    group = "期限" if zh else "Due"
    columns = [
        Column(
            head=head,
            kind=kind,  # type: ignore[arg-type]  # of the six kinds
            width=4.0 if place == 4 else 1.0,
            wrap=place in (4, 5),
            group=group if place in (6, 7) else "",
        )
        for place, (head, kind) in enumerate(zip(heads, kinds, strict=True))
    ]
    totals: list[object] = ["合计" if zh else "Total", *[None] * 7, sum(1 + place % 6 for place in range(rows)), None]
    return Sheet(
        kind="item_ledger",
        title="信访台账" if zh else "Ledger of items",
        organ=ORGAN,
        subtitle="2026年1月1日至3月31日" if zh else "2026-01-01 to 2026-03-31",
        blocks=[Grid(columns=columns, rows=Rows(), totals=totals)],  # type: ignore[arg-type]  # an iterable of rows
        dated_on=date(2026, 4, 2),
        landscape=True,
        sign=[Sign(label="填表人" if zh else "Drawn up by", name="陈立群"), Sign(label="审核" if zh else "Checked by")],
        notes=["另有 3 件密件不列明。" if zh else "3 sealed matters are not listed."],
        language=language,
    )


def charts(language: Language = "zh") -> list[Block]:
    """Return one chart of each kind."""
    zh = language == "zh"
    units = UNITS[language]
    now, before = ("本月", "上月") if zh else ("This month", "Month before")
    mean = 0.91

    def limits(factor: float) -> list[tuple[int, float, float]]:
        found = []
        for size in range(2, 121, 2):
            spread = factor * sqrt(mean * (1 - mean) / size)
            found.append((size, max(0.0, mean - spread), min(1.0, mean + spread)))
        return found

    done = (0.95, 0.72, 0.93, 1.0, 0.88, 0.5, 0.97)
    sizes = (112, 58, 74, 6, 33, 4, 21)
    return [
        Chart(
            kind="bar",
            title="本月受理最多的是城关派出所，比上月多 9 件" if zh else "Chengguan took in most, 9 more than last month",
            unit="件" if zh else "matters",
            labels=units,
            series=[Series(name=now, values=(31, 18, 12, 3, 9, 7, 1)), Series(name=before, values=(22, 20, 12, 5, 9, None, 0))],
        ),
        Chart(
            kind="line",
            title="按期答复率全年上升，九月起达到目标" if zh else "Answers on time rose all year and met the aim from September",
            unit="%",
            labels=MONTHS,
            series=[
                Series(name="2026年" if zh else "2026", values=(0.71, 0.75, 0.74, 0.8, 0.82, 0.85, 0.84, 0.88, 0.91, 0.93, 0.95, None)),
                Series(name="2025年" if zh else "2025", values=(0.62, 0.66, 0.7, 0.69, 0.72, 0.71, 0.75, 0.76, 0.74, 0.78, 0.8, 0.79)),
            ],
            limits=[Limit(name="目标 90%" if zh else "Aim 90 %", value=0.9)],
            note="按期答复率＝按期答复件数÷应答复件数。" if zh else "Rate = answered on time / answers due.",
        ),
        Chart(
            kind="line",
            title="每月收到件次" if zh else "Items received each month",
            unit="件次" if zh else "items",
            labels=MONTHS,
            series=[
                Series(name="本年" if zh else "This year", values=(104, 96, 131, 120, 98, 87, 110, 125, 140, 99, 102, 117)),
                Series(name="上年" if zh else "Last year", values=(98, 101, 120, 119, 103, 95, 99, 101, 131, 104, 96, 110)),
            ],
        ),
        Chart(
            kind="stack",
            title="各单位办理结果" if zh else "Outcomes by unit",
            unit="件" if zh else "matters",
            labels=units,
            series=[
                Series(name="支持" if zh else "Supported", values=(12, 4, 6, 1, 3, 2, 1)),
                Series(name="部分支持" if zh else "In part", values=(8, 6, 2, 1, 3, 1, 0)),
                Series(name="解释说明" if zh else "Explained", values=(7, 5, 3, 0, 2, 3, 0)),
                Series(name="不予支持" if zh else "Not supported", values=(3, 3, 1, 1, 1, 1, 0)),
                Series(name="其他" if zh else "Other", values=(2, 4, 0, 0, 2, 0, 0)),
            ],
        ),
        Chart(
            kind="funnel",
            title="刑侦大队按期率低于偶然波动范围" if zh else "Criminal investigation lies below what chance explains",
            unit="件" if zh else "matters",
            points=[
                Point(name=name, size=size, value=share, named=share < 0.8 or size > 100, faint=size < 10)
                for name, size, share in zip(units, sizes, done, strict=True)
            ],
            bands=[Band(name="95%", limits=limits(1.96)), Band(name="99.8%", limits=limits(3.09))],
            mean=mean,
            note="应办不足 10 件的不作评价（空心点）。" if zh else "Fewer than 10 duties: not judged (hollow).",
        ),
        Chart(
            kind="target",
            title="化解 45 件，占 56.3%；离两会前目标还差 3 件" if zh else "45 solved (56.3 %), 3 short of the first target",
            unit="件" if zh else "cases",
            labels=("全县" if zh else "County", *units[:5]),
            series=[
                Series(name="已化解" if zh else "Solved", values=(45, 14, 9, 12, 0, 10)),
                Series(name="列入" if zh else "Included", values=(80, 20, 22, 16, 0, 22)),
            ],
            limits=[
                Limit(name="60%：2012-03-02 前" if zh else "60 % by 2012-03-02", value=0.6),
                Limit(name="100%：2012-06-30 前" if zh else "100 % by 2012-06-30", value=1.0),
            ],
        ),
    ]  # fmt: skip


def report(language: Language = "zh", *, official: bool = True) -> Sheet:
    """Return a month's report with tiles, text, table and all charts."""
    zh = language == "zh"
    text = (
        "本月共收到信访件 128 件次，比上月增加 12 件次；应告知 51 件，按期告知 49 件。反映较多的是户籍办理和交通事故处理，"
        "其中涉及城关派出所的 31 件，已逐件核查并书面答复。"
        if zh
        else "The bureau received 128 items, 12 more than the month before. Of 51 notices due, 49 were given in time. Most"
        " often raised were household registration and traffic accidents; 31 matters concern the Chengguan station."
    )
    blocks: list[Block] = [
        Heading(text="一、总体情况" if zh else "1. Overview"),
        Tiles(
            tiles=[
                Tile(label="收到" if zh else "Received", value="128", remark="比上月 +12" if zh else "+12 on last month"),
                Tile(label="按期告知" if zh else "Notices on time", value="96.1%", remark="49/51"),
                Tile(label="按期答复" if zh else "Answers on time", value="91.0%", remark="71/78"),
                Tile(label="逾期未结" if zh else "Late and open", value="7", remark="刑侦 5，治安 2" if zh else "CID 5, order 2"),
            ]
        ),
        Text(text=text),
        Heading(text="（一）分单位" if zh else "1.1 By unit", level=2),
        Grid(
            title="表1　各单位办理情况" if zh else "Table 1: work of the units",
            columns=[
                Column(head="单位" if zh else "Unit", width=3),
                Column(head="件" if zh else "Due", kind="int", group="应答复" if zh else "Answers"),
                Column(head="按期" if zh else "On time", kind="int", group="应答复" if zh else "Answers"),
                Column(head="按期率" if zh else "Rate", kind="percent", group="应答复" if zh else "Answers"),
                Column(head="平均天数" if zh else "Mean days", kind="decimal"),
            ],
            rows=[
                ("城关派出所", 31, 30, 30 / 31, 32.4),
                ("刑事侦查大队", 18, 13, 13 / 18, 51.0),
                ("出入境管理大队", 3, 3, "数量过小", 12.0),
            ],
            totals=("合计" if zh else "Total", 52, 46, 46 / 52, None),
        ),
        *charts(language),
        Text(text="群众原话：“我来了三次，每次都说等通知。”" if zh else "“I came three times and was told to wait.”", quote=True),
        Heading(text="二、建议" if zh else "2. Advice"),
        Text(text="请刑侦大队对逾期 5 件逐件说明原因。" if zh else "Criminal investigation is to explain each of 5 late matters.", strong=True),
    ]  # fmt: skip
    return Sheet(
        kind="month_report",
        title="2026年3月信访工作月报" if zh else "Petition work in March 2026",
        organ=ORGAN,
        number="梓公（信）报〔2026〕3号" if official else "",
        dated_on=date(2026, 4, 2),
        blocks=blocks,
        official=official,
        addressee="绵州市公安局" if zh else "Mianzhou city bureau",
        sign=[Sign(label="填报人" if zh else "Drawn up by", name="陈立群"), Sign(label="审核人" if zh else "Checked by"),
              Sign(label="签发人" if zh else "Approved by")],
        notes=["公式第 2 版：按期答复率＝按期答复件数÷应答复件数。" if zh else "Formula version 2.",
               "另有 3 件密件计入总数，不列明。" if zh else "3 sealed matters are counted, not listed."],
        language=language,
    )  # fmt: skip


def brief(language: Language = "zh") -> Sheet:
    """Return a brief of one page and a docket page with room to sign."""
    zh = language == "zh"
    return Sheet(
        kind="reception_brief",
        title="接访参阅" if zh else "Brief for the reception",
        organ=ORGAN,
        subtitle="2026年4月10日　第3号" if zh else "2026-04-10, number 3",
        dated_on=date(2026, 4, 9),
        blocks=[
            Pairs(
                pairs=[
                    ("事项编号" if zh else "Number", "S2026-000123"),
                    ("信访人" if zh else "Petitioner", "王建国"),
                    ("收到日期" if zh else "Received", date(2026, 1, 20)),
                    ("责任单位" if zh else "Unit", UNITS[language][0]),
                    ("诉求" if zh else "Claims", "1. 重新调查2025年12月3日的纠纷；2. 书面答复调查结果；3. 赔偿损失1200元。"),
                    ("历次答复" if zh else "Answers", "2026-03-12 答复：已重新调查，部分支持。"),
                ],
                columns=2,
            ),
            Heading(text="领导曾经答应的事" if zh else "What was promised before", level=2),
            Grid(
                columns=[
                    Column(head="日期" if zh else "Day", kind="date"),
                    Column(head="事项" if zh else "What", width=4),
                    Column(head="单位" if zh else "Unit", width=2),
                    Column(head="结果" if zh else "Result", width=2),
                ],
                rows=[(date(2026, 2, 10), "十日内调取出警记录", UNITS[language][0], "已办（2026-02-18）")],
            ),
            Blank(label="领导意见" if zh else "Opinion of the leader", lines=4),
            PageBreak(),
            Grid(columns=[Column(head="序号" if zh else "No.", kind="int"), Column(head="事项" if zh else "Matter", width=5)], rows=[]),
        ],
        sign=[Sign(label="接访领导" if zh else "Received by")],
        language=language,
    )  # fmt: skip


def main(folder: Path) -> None:
    """Write all samples."""
    from models.sheets.pdf import to_pdf

    folder.mkdir(parents=True, exist_ok=True)
    for language in ("zh", "en"):
        spoken: Language = "zh" if language == "zh" else "en"
        for name, sheet in (
            ("ledger", ledger(spoken)),
            ("report", report(spoken)),
            ("office", report(spoken, official=False)),
            ("brief", brief(spoken)),
        ):
            (folder / f"{name}-{language}.pdf").write_bytes(to_pdf(sheet))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
