"""The reports on paper: month, stage, whole programme and year, as sheets.

A report tells first what a chief reads first (received, accepted, answered, late), then the figures beside those of
last month and last year, then their parts, key cases, corrections to earlier months, what the figures say and what is
advised; last the formulas with their versions. Contents of the year's report: REG-2022 Art. 41. Never a list of
persons, and no matter is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from models.errors import Message, spoken
from models.figures import case_contents, wording
from models.figures.groups import NAMES as DIMENSION_NAMES
from models.figures.indicators import TABLE, Indicator, indicator
from models.figures.records import Comparison, Correction, Dimension, Figure, Group, Period, Report
from models.sheets.content import (
    Block,
    Chart,
    Column,
    Grid,
    Heading,
    Kind,
    Series,
    Sheet,
    Sign,
    Text,
    Tile,
    Tiles,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from models.figures.desk import Figures

KINDS = {
    "month": ("month_report", Message("信访工作月报", "Month's report on petitions")),
    "stage": ("stage_summary", Message("重点信访案件阶段小结", "Stage summary of key petition cases")),
    "final": ("final_summary", Message("重点信访案件工作总结", "Final summary of key petition cases")),
    "annual": ("annual_report", Message("信访工作年度报告", "Annual report on petitions")),
    "span": ("month_report", Message("信访工作统计", "Figures on petitions")),
}
_GO_UP = frozenset({"stage", "final", "annual"})
"""Reports under the bureau's red head (GB/T 9704-2012): they go up as they are. A month's has none, so that its first
page holds figures and chart at one glance.
"""
_TILES = ("received", "accepted", "answered", "late")
_CHARTED = ("received", "accepted", "answered", "closed", "late")
PARTS: tuple[str, ...] = (
    "received", "accepted", "answered", "closed", "open_at_end", "late", "notice_rate", "answer_rate",
)  # fmt: skip
SECTIONS: tuple[tuple[Message, tuple[str, ...]], ...] = (
    (
        Message("收件和来访", "Items and visits"),
        ("received", "letters", "visits_batches", "visits_people", "group_batches", "group_people", "calls", "web",
         "fax", "matters_new", "repeat_items", "repeat_rate"),
    ),
    (
        Message("受理和办理", "Accepting and handling"),
        ("accepted", "answered", "directed", "refused", "extended", "closed", "open_at_end", "late", "late_met"),
    ),
    (
        Message("转送、交办、督办和建议", "Transfers, assignments, supervision and advice"),
        ("transferred", "assigned_out", "passed_on", "supervision", "advice_made", "advice_adopted", "major"),
    ),
    (
        Message("办理时效和质量", "Time and quality"),
        ("notices_due", "notices_on_time", "notice_rate", "answers_due", "answers_on_time", "answer_rate",
         "mean_accept_days", "mean_answer_days", "contact_rate", "published_rate", "served_on_time",
         "executed_on_time", "reviews", "review_kept", "rated_share", "satisfied_share", "satisfied_rate"),
    ),
    (
        Message("领导接访", "Receptions by leaders"),
        ("reception_days", "reception_batches", "reception_people", "instructions", "instructions_proved"),
    ),
)  # fmt: skip
"""Sections of a report; every indicator stands in exactly one."""

_COMPARED: dict[Comparison, tuple[Message, Message]] = {
    "last_month": (Message("上月", "last month"), Message("环比", "change")),
    "last_year": (Message("去年同期", "last year"), Message("同比", "change")),
}


def report_sheet(asked: Figures, period: Period, *, analysis: str = "", suggestions: str = "") -> Sheet:
    """Return the live report of a period as a paper.

    Args:
        asked: Whose questions.
        period: The days.
        analysis: What the figures say, as typed for a report that is not submitted yet.
        suggestions: What is advised, likewise.
    """
    from models.figures import submission

    one = asked.of_period(period)
    return made_sheet(
        asked,
        asked.report(period),
        analysis=analysis or (one.analysis if one else ""),
        suggestions=suggestions or (one.suggestions if one else ""),
        corrected=submission.found_since(asked, period) if period.kind == "month" and one is None else (),
        changed=asked.corrections(period),
    )


def made_sheet(
    asked: Figures,
    report: Report,
    *,
    analysis: str,
    suggestions: str,
    corrected: Sequence[Mapping[str, Any]] = (),
    changed: Sequence[Correction] = (),
    submitted_on: date | None = None,
) -> Sheet:
    """Return a report as a paper.

    Args:
        asked: Whose questions: names the bureau.
        report: The figures.
        analysis: What the figures say.
        suggestions: What is advised.
        corrected: Corrections to earlier months, as `submission.found_since` gives them.
        changed: What changed in this report since it was submitted.
        submitted_on: The day it is submitted; None while it is only looked at.
    """
    period = report.period
    kind, title = KINDS[period.kind]
    settings = asked.register
    blocks: list[Block] = [_tiles(report)]
    if period.kind in ("stage", "final"):
        blocks += case_contents.blocks(report)
    blocks += _figures(report)
    blocks += _parted(report)
    if period.kind == "annual":
        blocks += _complained_of(report)
    if period.kind not in ("stage", "final"):
        blocks += case_contents.blocks(report)
    blocks += _corrected(corrected) + _changed(changed)
    blocks += _said(analysis, suggestions)
    blocks += _formulas(report)
    return Sheet(
        kind=kind,
        title=f"{period.name}{'' if spoken() == 'zh' else ': '}{title}",
        organ=str(settings.setting("organ.name", "")),
        subtitle=_subtitle(report),
        dated_on=submitted_on or asked.on,
        blocks=tuple(blocks),
        official=period.kind in _GO_UP,
        sign=(Sign(label=str(Message("信访部门负责人", "Head of the petition unit"))),
              Sign(label=str(Message("分管局领导", "Leader in charge")))),
        notes=_notes(report),
        language=spoken(),
    )  # fmt: skip


def _subtitle(report: Report) -> str:
    period = report.period
    days = Message(f"{period.from_on} 至 {period.to_on}", f"{period.from_on} to {period.to_on}")
    if not report.partial:
        return str(days)
    part = Message(
        f"（期间未结束，统计至 {report.as_of}，不完整）", f" (not ended; counted until {report.as_of}, incomplete)"
    )
    return f"{days}{part}"


def _notes(report: Report) -> tuple[str, ...]:
    notes = [
        Message(
            "比率、平均数的计算口径及版本见文末；基数不足 5 的不计比率（数量过小）。",
            "Formulas and versions stand at the end; no rate is told over fewer than 5 (too few).",
        )
    ]
    if report.partial:
        notes.append(
            Message("本期未结束，数据不完整，不得报送。", "The period has not ended: incomplete, not to submit.")
        )
    if report.unknown_clocks:
        notes.append(
            Message(
                f"有 {report.unknown_clocks} 件事项的期限落在没有节假日安排的年度，未计入时效。",
                "Matters with a last day in a year without a calendar, which count in no duty:"
                f" {report.unknown_clocks}.",
            )
        )
    return tuple(str(note) for note in notes)


def _tiles(report: Report) -> Tiles:
    tiles = []
    for code in _TILES:
        figure, meant = report.figures[code], indicator(code)
        remark = ""
        if before := report.compared.get("last_month"):
            remark = f"{Message('比上月 ', 'since last month ')}{wording.change(figure, before.get(code))}"
        tiles.append(Tile(label=f"{meant.name}（{meant.unit}）" if spoken() == "zh" else f"{meant.name} ({meant.unit})",
                          value=f"{figure.numerator:,}", remark=remark))  # fmt: skip
    return Tiles(tiles=tuple(tiles))


def _figures(report: Report) -> list[Block]:
    blocks: list[Block] = [Heading(text=str(Message("一、总体情况", "1. Figures")))]
    before = report.compared.get("last_month")
    series = [Series(name=str(Message("本期", "this period")), values=[report.figures[c].numerator for c in _CHARTED])]
    if before:
        series.append(Series(name=str(Message("上月", "last month")), values=[before[c].numerator for c in _CHARTED]))
    blocks.append(
        Chart(
            kind="bar",
            title=str(Message("本期收到、受理、答复、办结和逾期", "Received, accepted, answered, closed and late")),
            unit=str(Message("件", "matters")),
            labels=[str(indicator(code).name) for code in _CHARTED],
            series=series,
        )
    )
    for title, codes_ in SECTIONS:
        blocks += _section(report, title, codes_)
    return blocks


def _section(report: Report, title: Message, codes_: Sequence[str]) -> list[Block]:
    """Return the figures of a section: counts, shares and means each in a table of their own, for real types."""
    made: list[Block] = []
    for kinds, said in (
        (("count",), title),
        (("rate", "product"), Message(f"{title.zh}：比率", f"{title.en}: shares")),
        (("mean",), Message(f"{title.zh}：平均天数", f"{title.en}: mean days")),
    ):
        chosen = [code for code in codes_ if indicator(code).kind in kinds]
        if chosen:
            made.append(_table(report, str(said), chosen))
    return made


def _table(report: Report, title: str, chosen: Sequence[str]) -> Grid:
    kind = _cell_kind(chosen[0])
    compared = [name for name in _COMPARED if name in report.compared]
    columns = [Column(head=str(Message("指标", "figure")), width=3.2)]
    if kind == "int":
        columns.append(Column(head=str(Message("单位", "unit")), width=0.8, wrap=False))
    else:
        columns += [
            Column(head=str(Message("分子", "numerator")), kind="int", width=0.8),
            Column(head=str(Message("分母", "base")), kind="int", width=0.8),
        ]
    columns.append(Column(head=str(Message("本期", "this period")), kind=kind, width=1.0))
    for name in compared:
        then, change = _COMPARED[name]
        columns += [
            Column(head=str(then), kind=kind, width=1.0),
            Column(head=str(change), width=1.2, wrap=False),
        ]
    return Grid(columns=columns, rows=[_row(report, code, compared) for code in chosen], title=title)


def _cell_kind(code: str) -> Kind:
    kind = indicator(code).kind
    return "int" if kind == "count" else "decimal" if kind == "mean" else "percent"


def _row(report: Report, code: str, compared: Iterable[Comparison]) -> list[Value]:
    figure, meant = report.figures[code], indicator(code)
    row: list[Value] = [str(meant.name)]
    if figure.denominator is None:
        row.append(str(meant.unit))
    else:
        row += [None, None] if meant.kind == "product" else [figure.numerator, figure.denominator]
    row.append(wording.told(figure))
    for name in compared:
        then = report.compared[name].get(code)
        row += [wording.told(then) if then else None, wording.change(figure, then)]
    return row


def _parted(report: Report) -> list[Block]:
    if not report.groups:
        return []
    blocks: list[Block] = [Heading(text=str(Message("二、分类情况", "2. By group")))]
    for dimension, groups in report.groups.items():
        shown = [group for group in groups if any(group.figures[code].numerator for code in PARTS)]
        if shown:
            blocks.append(_part(dimension, shown, report.figures))
    return blocks


def _part(dimension: Dimension, shown: Sequence[Group], whole: Mapping[str, Figure]) -> Grid:
    columns = [Column(head=str(DIMENSION_NAMES[dimension]), width=2.2)]
    columns += [Column(head=str(indicator(code).name), kind=_cell_kind(code), width=1.0) for code in PARTS]
    rows: list[list[Value]] = [
        [str(group.words), *(wording.told(group.figures[code]) for code in PARTS)] for group in shown
    ]
    totals: list[Value] = [str(Message("合计", "Total")), *(wording.told(whole[code]) for code in PARTS)]
    name = DIMENSION_NAMES[dimension]
    return Grid(columns=columns, rows=rows, totals=totals, title=str(Message(f"按{name.zh}", f"By {name.en}")))


def _complained_of(report: Report) -> list[Block]:
    columns = [Column(head=str(Message("被反映较多的单位", "units most complained of")), width=3.0),
               Column(head=str(Message("事项（件）", "matters")), kind="int", width=1.0)]  # fmt: skip
    rows: list[list[Value]] = [
        [str(group.words), group.figures["matters_new"].numerator] for group in report.complained_of
    ]
    return [
        Grid(
            columns=columns,
            rows=rows,
            title=str(Message("被反映较多的单位（5 件以上）", "Units most complained of (5 matters or more)")),
            empty=str(Message("没有单位达到 5 件。", "No unit has 5 matters.")),
        )
    ]


def _corrected(corrected: Sequence[Mapping[str, Any]]) -> list[Block]:
    if not corrected:
        return []
    columns = [
        Column(head=str(Message("月份", "month")), width=1.0, wrap=False),
        Column(head=str(Message("指标", "figure")), width=2.6),
        Column(head=str(Message("原报送", "submitted")), width=1.2),
        Column(head=str(Message("现为", "now")), width=1.2),
    ]
    rows = [
        [
            one["period"],
            f"{indicator(one['code']).name}{'：' + one['programme'] if one['programme'] else ''}",
            _told(one["code"], one["submitted"]),
            _told(one["code"], one["now"]),
        ]
        for one in corrected
    ]
    return [
        Heading(text=str(Message("对以前月份的更正", "Corrections to earlier months"))),
        Grid(columns=columns, rows=rows),
    ]


def _told(code: str, found: Sequence[int | None]) -> str:
    numerator, denominator = found
    figure = Figure(code=code, version=indicator(code).version, numerator=numerator or 0, denominator=denominator)
    return wording.text(figure, with_base=True)


def _changed(changed: Sequence[Correction]) -> list[Block]:
    if not changed:
        return []
    columns = [
        Column(head=str(Message("指标", "figure")), width=2.6),
        Column(head=str(Message("报送数", "submitted")), width=1.2),
        Column(head=str(Message("现为", "now")), width=1.2),
    ]
    rows = [
        [
            str(indicator(one.code).name),
            wording.text(one.submitted, with_base=True),
            wording.text(one.now, with_base=True),
        ]
        for one in changed
    ]
    return [
        Heading(text=str(Message("报送后的变动", "Changed since it was submitted"))),
        Grid(columns=columns, rows=rows),
    ]


def _said(analysis: str, suggestions: str) -> list[Block]:
    blocks: list[Block] = []
    for title, text in (
        (Message("情况分析", "Analysis"), analysis),
        (Message("工作建议", "Suggestions"), suggestions),
    ):
        if text.strip():
            blocks += [Heading(text=str(title)), Text(text=text.strip())]
    return blocks


def _formulas(report: Report) -> list[Block]:
    columns = [
        Column(head=str(Message("指标", "figure")), width=1.8),
        Column(head=str(Message("计算口径", "formula")), width=4.2),
        Column(head=str(Message("版本", "version")), kind="int", width=0.6),
        Column(head=str(Message("依据", "source")), width=4.2),
    ]
    meant: list[Indicator] = list(TABLE.values())
    if report.programmes:
        meant += [indicator(code) for code in report.programmes[0].figures]
    rows: list[list[Value]] = [[str(one.name), str(one.formula), one.version, str(one.source)] for one in meant]
    return [
        Heading(text=str(Message("附：指标口径", "Annex: formulas"))),
        Grid(columns=columns, rows=rows),
    ]
