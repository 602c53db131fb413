"""A course over time: lines from month to month, each named at its end, the first with the value of every month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF

from models.sheets.charts.frame import ticks
from models.sheets.content import Limit
from ui.parts import chart_words
from ui.parts.plots.paint import Paint

TALL = 220
"""Of the plot, pixels at 100 %."""
_DASHES = ("solid", "dash", "dot", "dash")


def course(paint: Paint) -> None:
    """Draw lines over the labels, in their order."""
    chart, look = paint.chart, paint.look
    values = [value for series in chart.series for value in series.values if value is not None]
    peak = max([*values, *(limit.value for limit in chart.limits)], default=1.0)
    marks = ticks(1.0, 5) if chart.unit == "%" and ticks(peak)[-1] > 1.0 >= peak else ticks(peak)
    axis = [(mark, chart_words.value(chart, mark)) for mark in marks]
    left = max(paint.wide(words) for _mark, words in axis) + look.space(2)
    names = max((paint.wide(series.name) for series in chart.series), default=0.0) + look.space(3)
    paint.height = look.size(TALL)
    inner = max(paint.width - left - names, look.size(100))
    last = max(len(chart.labels) - 1, 1)
    half = last * 0.04
    right = last + half + (last + 2 * half) * names / inner
    under = paint.high() + look.space(2)
    top = marks[-1] * (1 + (paint.high() + look.space(2)) / max(paint.height - 2 * under, 1))
    step = inner / (last + 2 * half)
    paint.axes(left=axis, bottom=_labels(paint, step), left_width=left)
    paint.room((-half, right), (0.0, top))
    for mark in marks:
        colour = look.colours.edge if mark == 0 else look.colours.hairline
        paint.line([(-half, mark), (last + half, mark)], colour)
    for limit in chart.limits:
        _limit(paint, limit, last + half)
    fills = look.colours.series
    for order in reversed(range(len(chart.series))):
        colour = fills[0] if order == 0 else look.colours.second
        for run in _runs(chart.series[order].values):
            paint.line(
                [(float(place), value) for place, value in run], colour, 2.0 if order == 0 else 1.5, _DASHES[order % 4]
            )
            paint.dots(
                [(float(place), value) for place, value in run],
                colour,
                look.size(7 if order == 0 else 6),
                hollow=order > 0,
            )
    if chart.series:
        _values(paint, chart.series[0].values, step)
        paint.marks = [QPointF(float(place), value or 0.0) for place, value in enumerate(chart.series[0].values)]
    _names(paint, last + half, top)


def _labels(paint: Paint, step: float) -> list[tuple[float, str]]:
    """Return the labels under the plot: all, or every so many when they would touch, the last one always."""
    labels = list(paint.chart.labels)
    widest = max((paint.wide(label) for label in labels), default=1.0) + paint.look.space(2)
    every = max(1, -int(-widest // max(step, 1.0)))
    last = len(labels) - 1
    return [
        (float(place), label)
        for place, label in enumerate(labels)
        if place == last or (place % every == 0 and last - place >= every)
    ]


def _limit(paint: Paint, limit: Limit, end: float) -> None:
    labels = list(paint.chart.labels)
    start = float(labels.index(limit.at)) if limit.at in labels else 0.0
    paint.line([(start, limit.value), (end, limit.value)], paint.look.colours.ink, 1.5, "dash")
    share = start / max(len(labels) - 1, 1)
    paint.write(limit.name, start, limit.value, across=share, down=1.0, ground=paint.look.colours.surface)


def _runs(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Yield the stretches between gaps."""
    run: list[tuple[int, float]] = []
    for place, value in enumerate(values):
        if value is not None:
            run.append((place, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _values(paint: Paint, values: Sequence[float | None], step: float) -> None:
    """Write the values of the first series: all when there is room, else the last, the highest and the lowest."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if not known:
        return
    widest = max(paint.wide(chart_words.value(paint.chart, value)) for _place, value in known)
    chosen = {place for place, _value in known}
    if widest + paint.look.space(1) > step:
        highest, lowest = max(known, key=lambda pair: pair[1]), min(known, key=lambda pair: pair[1])
        chosen = {known[-1][0], highest[0], lowest[0]}
    gap = paint.look.size(4) / max(paint.high(), 1.0)
    for place, value in known:
        if place in chosen:
            words = chart_words.value(paint.chart, value)
            down = -gap if _dips(values, place) and value > 0 else 1.0 + gap
            paint.write(words, place, value, across=0.5, down=down, ground=paint.look.colours.surface)


def _dips(values: Sequence[float | None], place: int) -> bool:
    """Say whether a value lies lower than those beside it: it is written under its point, off the line."""
    here = values[place]
    beside = [values[near] for near in (place - 1, place + 1) if 0 <= near < len(values)]
    return here is not None and bool(beside) and all(other is not None and other > here for other in beside)


def _names(paint: Paint, at: float, top: float) -> None:
    """Write each name at the end of its line; names that would cover each other are moved apart."""
    per_pixel = top / max(paint.height - paint.high() - paint.look.space(2), 1.0)
    line = paint.high() * per_pixel
    ends = sorted(
        (known[-1], order)
        for order, series in enumerate(paint.chart.series)
        if (known := [value for value in series.values if value is not None])
    )
    lowest = line / 2
    for value, order in ends:
        y = max(value, lowest)
        lowest = y + line
        colour = paint.look.colours.series[0] if order == 0 else paint.look.colours.second
        paint.write(paint.chart.series[order].name, at, y, colour=colour)
