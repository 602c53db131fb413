"""The evaluation of units on paper: for each duty a table, and a funnel plot in which chance can be told from failing.

Units, never persons; a unit with few duties is not judged (`models.figures.evaluation`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.errors import Message, spoken
from models.figures import evaluation, wording
from models.figures.records import Evaluation, Measure, Period
from models.sheets.content import Band, Block, Chart, Column, Grid, Heading, Point, Sheet, Text, Value

if TYPE_CHECKING:
    from models.figures.desk import Figures


def evaluation_sheet(asked: Figures, period: Period) -> Sheet:
    """Return the evaluation of units as a paper, with a funnel plot for each duty."""
    found = asked.evaluation(period)
    blocks: list[Block] = [
        Text(
            text=str(
                Message(
                    "按单位履行职责的情况评价，不涉及个人。漏斗图中，落在 95% 界限以内的差别可由偶然造成；"
                    f"不足 {found.guard} 件的单位不作评价。",
                    "Units are evaluated by duties done, never persons. A difference inside the 95 % limits of a funnel"
                    f" plot may be chance; a unit with fewer than {found.guard} is not judged.",
                )
            )
        )
    ]
    for number, measure in enumerate(found.measures, start=1):
        blocks += _measure(number, measure, found)
    days = Message(f"{period.from_on} 至 {period.to_on}", f"{period.from_on} to {period.to_on}")
    return Sheet(
        kind="evaluation",
        title=f"{period.name}{Message('单位履职评价', ': evaluation of units by duties done')}",
        organ=str(asked.register.setting("organ.name", "")),
        subtitle=f"{days}{Message('（期间未结束）', ' (not ended)') if found.partial else ''}",
        dated_on=asked.on,
        blocks=tuple(blocks),
        language=spoken(),
    )


def _measure(number: int, measure: Measure, found: Evaluation) -> list[Block]:
    columns = [
        Column(head=str(Message("单位", "unit")), width=2.4),
        Column(head=str(Message("应办", "due")), kind="int", width=0.8),
        Column(head=str(Message("已办", "done")), kind="int", width=0.8),
        Column(head=str(Message("比率", "share")), kind="percent", width=1.0),
        Column(head=str(Message("95%界限", "95% limits")), width=1.4, wrap=False),
        Column(head=str(Message("评价", "finding")), width=1.6),
    ]
    rows: list[list[Value]] = [
        [
            line.name,
            line.denominator,
            line.numerator,
            str(wording.TOO_SMALL) if line.share is None else line.share,
            f"{line.low * 100:.0f}%–{line.high * 100:.0f}%",
            str(VERDICTS[line.verdict]),
        ]
        for line in measure.lines
    ]
    totals: list[Value] = [
        str(Message("全局", "bureau")), measure.denominator, measure.numerator, measure.overall, "", "",
    ]  # fmt: skip
    blocks: list[Block] = [
        Heading(text=f"{number}. {measure.name}", level=2),
        Grid(
            columns=columns, rows=rows, totals=totals if rows else None,
            empty=str(Message("本期没有应办的。", "Nothing was due in the period.")),
        ),
    ]  # fmt: skip
    if measure.overall not in (None, 0.0, 1.0) and len(measure.lines) > 1:
        blocks.append(funnel(measure, found.guard))
    blocks.append(Text(text=str(Message(f"口径：{measure.formula.zh}。", f"Formula: {measure.formula.en}."))))
    return blocks


VERDICTS = {
    "too_small": Message("数量过小，不评价", "too few to judge"),
    "within": Message("在界限内", "within the limits"),
    "below": Message("低于95%界限", "below the 95% limit"),
    "above": Message("高于95%界限", "above the 95% limit"),
    "far_below": Message("低于99.8%界限", "below the 99.8% limit"),
    "far_above": Message("高于99.8%界限", "above the 99.8% limit"),
}


def funnel(measure: Measure, guard: int) -> Chart:
    """Return the funnel plot of a duty: units over their number of duties, with the limits of chance."""
    largest = max(line.denominator for line in measure.lines)
    overall = measure.overall or 0.0
    sizes = {line.denominator for line in measure.lines}
    return Chart(
        kind="funnel",
        title=str(Message(f"{measure.name.zh}：各单位与全局", f"Units and the bureau: {measure.name.en}")),
        unit=str(Message("件", "duties")),
        points=[
            Point(
                name=line.name,
                size=line.denominator,
                value=line.numerator / line.denominator,
                named=line.verdict not in ("within", "too_small"),
                faint=line.denominator < guard,
            )
            for line in measure.lines
        ],
        bands=[
            Band(name=name, limits=evaluation.band(largest, overall, low, high, also=sizes))
            for name, low, high in (
                ("95%", evaluation.LOW, evaluation.HIGH),
                ("99.8%", evaluation.FAR_LOW, evaluation.FAR_HIGH),
            )
        ],
        mean=overall,
        note=str(Message(f"空心：不足 {guard} 件，不评价", f"hollow: fewer than {guard}, not judged")),
    )
