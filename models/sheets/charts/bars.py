"""Bars that lie: one row for each label, its name at the left, its value at the bar's end.

Bar: one series, or two (this month dark, the month before light and slimmer). Stack: the parts of a whole. Target: how
much of what is included is reached, with the targets as lines over all rows and what is lacking in words.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import accumulate

from models.letters.layout.geometry import mm
from models.letters.layout.sheet import Sheet as Pages
from models.sheets import words
from models.sheets.charts.frame import DARK, HATCH_FROM, MARK, RULE, SOFT, WHITE, Frame, ink, shade
from models.sheets.content import Limit
from models.sheets.flow import Part

LABEL_SHARE = 0.34
"""Most of the chart's width that the labels take."""
HEIGHTS = (4.2, 2.6, 2.2, 2.2)
"""Of the bars of a row, millimetres: the first series is read first."""
GAP = 2.0
"""Between rows."""
LIMIT_DASH = (1.2, 0.8)


class _Rows:
    """The measures of a chart of rows."""

    def __init__(self, frame: Frame, top: float, tail: float) -> None:
        """Lay out rows whose longest bar stands for `top`, with `tail` millimetres for values after it."""
        chart = frame.chart
        most = frame.width * LABEL_SHARE
        widest = max((frame.wide(label) for label in chart.labels), default=0.0)
        self.label_width = min(most, widest) + 2.0
        self.begin = frame.left + self.label_width
        self.length = frame.width - self.label_width - tail
        self.top = top or 1.0
        self.labels = [
            frame.setter.breaks(label, "hei", frame.size, self.label_width - 2.0, flush=False) for label in chart.labels
        ]

    def at(self, value: float) -> float:
        """Return where a value lies, millimetres from the paper's left."""
        return self.begin + self.length * min(max(value, 0.0), self.top) / self.top


def _label(frame: Frame, rows: _Rows, pages: Pages, place: int, top: float, height: float) -> None:
    lines = rows.labels[place]
    at = top + (height - len(lines) * frame.pitch) / 2
    for line in lines:
        pages.line(line, frame.size, rows.begin - 2.0 - mm(line.width), at + (frame.pitch - mm(frame.size)) / 2)
        at += frame.pitch


def _row_height(frame: Frame, rows: _Rows, place: int, bars: float) -> float:
    return max(bars, len(rows.labels[place]) * frame.pitch) + GAP


def _limit_names(frame: Frame, rows: _Rows, limits: list[Limit]) -> Iterator[Part]:
    """Yield the names of limits over their lines, one line of text for each, so that none covers another."""
    if not limits:
        return

    def paint(pages: Pages, top: float) -> None:
        under = top + len(limits) * frame.pitch
        for place, limit in enumerate(limits):
            x = rows.at(limit.value)
            line = top + place * frame.pitch
            frame.put(pages, limit.name, x, line + (frame.pitch - mm(frame.size)) / 2, align="centre", colour=MARK)
            ink(pages).curve([(x, line + frame.pitch), (x, under)], 0.3, MARK, dash=LIMIT_DASH)

    yield Part(len(limits) * frame.pitch + 0.6, paint, keep=True)


def _limit_lines(rows: _Rows, limits: list[Limit], pages: Pages, top: float, height: float) -> None:
    for limit in limits:
        x = rows.at(limit.value)
        ink(pages).curve([(x, top), (x, top + height)], 0.4, MARK, dash=LIMIT_DASH)


def bar(frame: Frame) -> Iterator[Part]:
    """Yield horizontal bars by label."""
    chart = frame.chart
    limits = list(chart.limits)
    values = [value for series in chart.series for value in series.values if value is not None]
    top = max([*values, *(limit.value for limit in limits)], default=1.0)
    if chart.unit == "%" and top > 0.5:
        top = max(1.0, top)
    tail = max((frame.wide(frame.value(value)) for value in values), default=0.0) + 2.5
    rows = _Rows(frame, top, tail)
    yield from frame.head(keys=[series.name for series in chart.series] if len(chart.series) > 1 else ())
    yield from _limit_names(frame, rows, limits)
    heights = HEIGHTS[: len(chart.series)]
    made = []
    for place in range(len(chart.labels)):
        height = _row_height(frame, rows, place, max(sum(heights), frame.pitch * len(heights) * 0.9))

        def paint(pages: Pages, top: float, place: int = place, height: float = height) -> None:
            _label(frame, rows, pages, place, top, height)
            at = top + (height - sum(heights)) / 2
            for order, (series, thick) in enumerate(zip(chart.series, heights, strict=False)):
                value = series.values[place]
                end = rows.at(value or 0.0)
                shade(pages, order, rows.begin, at, end - rows.begin, thick)
                size = frame.size if order == 0 else frame.size - 1.5
                middle = at + (thick - mm(size)) / 2
                colour = DARK if order == 0 else SOFT
                frame.put(pages, frame.value(value), end + 1.0, middle, colour=colour, size=size)
                at += thick
            ink(pages).curve([(rows.begin, top), (rows.begin, top + height)], 0.25, DARK)
            _limit_lines(rows, limits, pages, top, height)

        made.append(Part(height, paint))
    yield from frame.closed(made)


def stack(frame: Frame) -> Iterator[Part]:
    """Yield bars made of the series, with the whole at the end."""
    chart = frame.chart
    wholes = [sum(series.values[place] or 0.0 for series in chart.series) for place in range(len(chart.labels))]
    top = max(wholes, default=1.0)
    tail = max((frame.wide(frame.value(whole)) for whole in wholes), default=0.0) + 2.5
    rows = _Rows(frame, top, tail)
    yield from frame.head(keys=[series.name for series in chart.series])
    thick = 5.2
    made = []
    for place, whole in enumerate(wholes):
        height = _row_height(frame, rows, place, thick)

        def paint(pages: Pages, top: float, place: int = place, whole: float = whole, height: float = height) -> None:
            _label(frame, rows, pages, place, top, height)
            at = top + (height - thick) / 2
            values = [series.values[place] or 0.0 for series in chart.series]
            edges = [0.0, *accumulate(values)]
            for order, value in enumerate(values):
                left, right = rows.at(edges[order]), rows.at(edges[order + 1])
                if value <= 0:
                    continue
                shade(pages, order, left, at, right - left, thick)
                ink(pages).curve([(right, at), (right, at + thick)], 0.3, WHITE)
                told = frame.value(value)
                if frame.wide(told) + 1.0 < right - left:
                    middle = at + (thick - mm(frame.size)) / 2
                    colour = WHITE if order in (0, 2) else DARK
                    hatched = order >= HATCH_FROM
                    frame.put(pages, told, (left + right) / 2, middle, align="centre", colour=colour, clear=hatched)
            middle = at + (thick - mm(frame.size)) / 2
            frame.put(pages, frame.value(whole), rows.at(whole) + 1.0, middle, colour=DARK)
            ink(pages).curve([(rows.begin, top), (rows.begin, top + height)], 0.25, DARK)

        made.append(Part(height, paint))
    yield from frame.closed(made)


def target(frame: Frame) -> Iterator[Part]:
    """Yield how much is reached of how much, by label, with the targets over all rows."""
    chart, zh = frame.chart, frame.style.language == "zh"
    limits = sorted(chart.limits, key=lambda limit: limit.value)
    reached, included = chart.series[0].values, chart.series[1].values
    told = [_told(frame, done or 0.0, of or 0.0, limits, zh=zh) for done, of in zip(reached, included, strict=True)]
    tail = max((max(frame.wide(first), frame.wide(second)) for first, second in told), default=0.0) + 3.0
    rows = _Rows(frame, 1.0, tail)
    yield from frame.head()
    yield from _limit_names(frame, rows, limits)
    thick = 5.0
    made = []
    for place in range(len(chart.labels)):
        lines = 2 if told[place][1] else 1
        height = _row_height(frame, rows, place, max(thick + 1.0, lines * frame.pitch))

        def paint(pages: Pages, top: float, place: int = place, height: float = height) -> None:
            _label(frame, rows, pages, place, top, height)
            at = top + (height - thick) / 2
            paper = ink(pages)
            share = (reached[place] or 0.0) / included[place] if included[place] else 0.0  # type: ignore[operator]  # asked in the same line
            paper.boxes([(rows.begin, at, rows.length, thick)], (0.94, 0.95, 0.96))
            paper.boxes([(rows.begin, at, rows.at(share) - rows.begin, thick)], DARK)
            paper.frame(rows.begin, at, rows.length, thick, 0.15, RULE if share < 1 else DARK)
            _limit_lines(rows, limits, pages, top, height)
            first, second = told[place]
            start = rows.begin + rows.length + 1.5
            line = top + (height - (2 if second else 1) * frame.pitch) / 2
            frame.put(pages, first, start, line, colour=DARK)
            if second:
                frame.put(pages, second, start, line + frame.pitch, colour=MARK)

        made.append(Part(height, paint))
    yield from frame.closed(made)


def _told(frame: Frame, done: float, of: float, limits: list[Limit], *, zh: bool) -> tuple[str, str]:
    """Return what is reached in words, and what is lacking to the next target."""
    if not of:
        return f"{done:,.0f}/0", ""
    first = (
        f"{done:,.0f}/{of:,.0f}　{words.percent(done / of)}"
        if zh
        else f"{done:,.0f}/{of:,.0f}  {words.percent(done / of)}"
    )
    for limit in limits:
        lacking = math.ceil(limit.value * of - 1e-9) - done
        if lacking > 0:
            unit = frame.chart.unit
            share = words.percent(limit.value, 0)
            return first, f"距 {share} 差 {lacking:,.0f} {unit}" if zh else f"{lacking:,.0f} {unit} short of {share}"
    return first, "已达目标" if zh else "target reached"
