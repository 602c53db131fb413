"""Bars that lie: one row for each label, its name at the left, its value at the bar's end.

Bar: one series, or two (this month strong, the month before lighter and slimmer). Stack: the parts of a whole. Target:
how much of what is included is reached, with the targets as lines over all rows and what is lacking in words.

Across, places are the chart's own values; downwards they are pixels.
"""

from __future__ import annotations

from itertools import accumulate

from PySide6.QtCore import QPointF

from ui.parts import chart_words
from ui.parts.plots.paint import Paint

LABEL_SHARE = 0.34
"""Most of the picture's width that the labels take."""
THICK = (14, 9, 8, 8)
"""Of the bars of a row, pixels at 100 %: the first series is read first."""
TALL = 18
"""Of the one bar of a stack or a target, pixels at 100 %."""


class _Rows:
    """Where the rows lie, and the room that labels and values have."""

    def __init__(self, paint: Paint, top: float, tail: float, thick: list[int], lines: int = 1) -> None:
        """Lay out rows whose longest bar stands for `top`, with `tail` pixels for the words after it."""
        look, chart = paint.look, paint.chart
        most = paint.width * LABEL_SHARE
        gap = look.space(3)
        self.labels = [paint.broken(label, most - gap) for label in chart.labels]
        widest = max((paint.wide(line) for label in self.labels for line in label.split("\n")), default=0.0)
        self.label_width = min(most, widest + gap)
        tail += look.space(2)
        length = max(paint.width - self.label_width - tail, look.size(60))
        self.top = top or 1.0
        self.right = self.top * (1 + tail / length)
        self.per_pixel = self.top / length
        self.beside = look.space(1) * self.per_pixel
        """How far behind a bar its value is written."""
        self.thick = thick
        tallest = max((label.count("\n") + 1 for label in self.labels), default=1)
        self.row = max(sum(thick), round(paint.high() * max(tallest, lines))) + look.space(2)
        limits = sorted(chart.limits, key=lambda limit: limit.value)
        self.limits = limits if chart.kind != "stack" else []
        self.above = round(len(self.limits) * paint.high()) + (look.space(1) if self.limits else 0)
        self.bottom = self.above + self.row * len(chart.labels)
        paint.height = self.bottom + look.space(1)

    def begin(self, place: int) -> float:
        """Return the top of a row's bars."""
        return self.above + self.row * place + (self.row - sum(self.thick)) / 2

    def middle(self, place: int) -> float:
        """Return the middle of a row."""
        return self.above + self.row * (place + 0.5)

    def frame(self, paint: Paint) -> None:
        """Show labels, the line at which the bars begin, and the limits with their names above the rows."""
        ticks = [(self.middle(place), label) for place, label in enumerate(self.labels)]
        paint.axes(left=ticks, left_width=self.label_width, colour=paint.look.colours.ink)
        paint.room((0.0, self.right), (0.0, float(paint.height)), downwards=True)
        paint.line([(0.0, self.above), (0.0, self.bottom)], paint.look.colours.edge)
        for place, limit in enumerate(self.limits):
            top = place * paint.high()
            paint.line(
                [(limit.value, top + paint.high()), (limit.value, self.bottom)], paint.look.colours.ink, 1.5, "dash"
            )
            share = min(max(limit.value / self.right, 0.0), 1.0)
            paint.write(limit.name, limit.value, top, across=share, down=0.0)


def bar(paint: Paint) -> None:
    """Draw bars by label."""
    chart, look = paint.chart, paint.look
    values = [value for series in chart.series for value in series.values if value is not None]
    top = max([*values, *(limit.value for limit in chart.limits)], default=1.0)
    if chart.unit == "%" and top > 0.5:
        top = max(1.0, top)
    tail = max((paint.wide(chart_words.value(chart, value)) for value in values), default=0.0)
    several = len(chart.series) > 1
    line = round(paint.high())
    thick = [max(look.size(one), line) if several else look.size(one) for one in THICK[: len(chart.series)]]
    rows = _Rows(paint, top, tail, thick)
    rows.frame(paint)
    fills = look.colours.series
    for order, series in enumerate(chart.series[: len(THICK)]):
        drawn = look.size(THICK[order])
        offset = sum(thick[:order]) + (thick[order] - drawn) / 2
        spots = [
            (0.0, value or 0.0, rows.begin(place) + offset, float(drawn)) for place, value in enumerate(series.values)
        ]
        paint.bars(spots, fills[order])
        for (_left, right, above, high), value in zip(spots, series.values, strict=True):
            colour = look.colours.ink if order == 0 else look.colours.second
            paint.write(chart_words.value(chart, value), right + rows.beside, above + high / 2, colour=colour)
    first = chart.series[0].values if chart.series else ()
    paint.marks = [QPointF(value or 0.0, rows.begin(place) + thick[0] / 2) for place, value in enumerate(first)]


def stack(paint: Paint) -> None:
    """Draw bars made of the series, with the whole at the end."""
    chart, look = paint.chart, paint.look
    count = len(chart.labels)
    wholes = [sum(series.values[place] or 0.0 for series in chart.series) for place in range(count)]
    tail = max((paint.wide(chart_words.value(chart, whole), paint.strong) for whole in wholes), default=0.0)
    rows = _Rows(paint, max(wholes, default=1.0), tail, [look.size(TALL)])
    rows.frame(paint)
    fills = look.colours.series
    edges = [[0.0, *accumulate(series.values[place] or 0.0 for series in chart.series)] for place in range(count)]
    for order, series in enumerate(chart.series):
        fill = fills[order % len(fills)]
        spots = [
            (edges[place][order], edges[place][order + 1], rows.begin(place), float(look.size(TALL)))
            for place in range(count)
        ]
        paint.bars(spots, fill, look.colours.surface)
        for (left, right, _top, _high), value, place in zip(spots, series.values, range(count), strict=True):
            words = chart_words.value(chart, value)
            if value and paint.wide(words) + look.space(1) < (right - left) / rows.per_pixel:
                paint.write(words, (left + right) / 2, rows.middle(place), across=0.5, colour=paint.on(fill))
    for place, whole in enumerate(wholes):
        paint.write(chart_words.value(chart, whole), whole + rows.beside, rows.middle(place), font=paint.strong)
    paint.marks = [QPointF(whole, rows.middle(place)) for place, whole in enumerate(wholes)]


def target(paint: Paint) -> None:
    """Draw how much is reached of how much, by label, with the targets over all rows."""
    chart, look = paint.chart, paint.look
    places = range(len(chart.labels))
    first = [chart_words.reached(chart, place) for place in places]
    second = [chart_words.short_of(chart, place) for place in places]
    tail = max(
        [*(paint.wide(words, paint.strong) for words in first), *(paint.wide(words) for words in second)] or [0.0]
    )
    rows = _Rows(paint, 1.0, tail, [look.size(TALL)], lines=2 if any(second) else 1)
    rows.frame(paint)
    done, included = (chart.series[at].values for at in (0, 1))
    shares = [(some or 0.0) / of if of else 0.0 for some, of in zip(done, included, strict=True)]
    high = float(look.size(TALL))
    paint.bars([(0.0, 1.0, rows.begin(place), high) for place in places], look.colours.sunken, look.colours.edge)
    paint.bars([(0.0, shares[place], rows.begin(place), high) for place in places], look.colours.series[0])
    for limit in rows.limits:
        paint.line([(limit.value, rows.above), (limit.value, rows.bottom)], look.colours.ink, 1.5, "dash")
    for place in places:
        middle, beside = rows.middle(place), 1.0 + rows.beside
        paint.write(first[place], beside, middle, down=1.0 if second[place] else 0.5, font=paint.strong)
        if second[place]:
            paint.write(second[place], beside, middle, down=0.0, colour=look.colours.second)
    paint.marks = [QPointF(shares[place], rows.middle(place)) for place in places]
