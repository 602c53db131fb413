"""A course over time: lines from month to month, each named at its end, the first with the value of every month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from models.letters.layout.geometry import mm
from models.letters.layout.sheet import Sheet as Pages
from models.letters.pdf import Colour
from models.sheets.charts.frame import DARK, MARK, MIDDLE, RULE, SOFT, Frame, ink, ticks
from models.sheets.content import Limit
from models.sheets.flow import Part
from models.sheets.ink import Spot

HEIGHT = 58.0
"""Of the plot, millimetres."""
ALL_VALUES = 16
"""Labels up to which every value of the first series is written."""
_COLOURS: tuple[Colour, ...] = (DARK, SOFT, MIDDLE, SOFT)
_DASHES: tuple[tuple[float, ...], ...] = ((), (1.6, 1.0), (0.3, 1.0), (3.0, 1.0, 0.3, 1.0))
_WIDTHS = (0.7, 0.4, 0.5, 0.4)


class _Plot:
    """Where labels and values lie; places in millimetres, tops counted from the part's top."""

    def __init__(self, frame: Frame) -> None:
        chart = frame.chart
        values = [value for series in chart.series for value in series.values if value is not None]
        peak = max([*values, *(limit.value for limit in chart.limits)], default=1.0)
        self.marks = ticks(peak)
        if chart.unit == "%" and self.marks[-1] > 1.0 >= peak:
            self.marks = ticks(1.0, 5)
        self.axis = [frame.value(mark) for mark in self.marks]
        self.begin = frame.left + max(frame.wide(words) for words in self.axis) + 2.0
        names = max((frame.wide(series.name) for series in chart.series), default=0.0)
        self.end = frame.left + frame.width - names - 3.0
        self.count = len(chart.labels)
        self.above = frame.pitch + 0.5

    def x(self, place: int) -> float:
        pad = 4.0
        if self.count < 2:
            return (self.begin + self.end) / 2
        return self.begin + pad + (self.end - self.begin - 2 * pad) * place / (self.count - 1)

    def y(self, value: float) -> float:
        return self.above + HEIGHT * (1 - value / self.marks[-1])


def course(frame: Frame) -> Iterator[Part]:
    """Yield lines over the labels, in their order."""
    chart = frame.chart
    plot = _Plot(frame)
    yield from frame.head()
    height = plot.above + HEIGHT + 1.5 + frame.pitch

    def paint(pages: Pages, top: float) -> None:
        _axes(frame, plot, pages, top)
        for limit in chart.limits:
            _limit(frame, plot, pages, top, limit)
        for order in reversed(range(len(chart.series))):
            _series(frame, plot, pages, top, order)
        _names(frame, plot, pages, top)

    yield Part(height, paint, keep=bool(chart.note))
    yield from frame.foot()


def _axes(frame: Frame, plot: _Plot, pages: Pages, top: float) -> None:
    paper = ink(pages)
    for mark, words in zip(plot.marks, plot.axis, strict=True):
        y = top + plot.y(mark)
        paper.curve([(plot.begin, y), (plot.end, y)], 0.3 if mark == 0 else 0.15, DARK if mark == 0 else RULE)
        frame.put(pages, words, plot.begin - 1.2, y - mm(frame.size) / 2, align="right", colour=SOFT)
    under = top + plot.above + HEIGHT
    widest = max((frame.wide(label) for label in frame.chart.labels), default=1.0) + 1.5
    step = (plot.x(1) - plot.x(0)) if plot.count > 1 else widest
    every = max(1, -int(-widest // step)) if step > 0 else 1
    for place, label in enumerate(frame.chart.labels):
        last = plot.count - 1
        if (place % every == 0 and (last - place >= every or place == last)) or place == last:
            paper.curve([(plot.x(place), under), (plot.x(place), under + 1.0)], 0.2, DARK)
            frame.put(pages, label, plot.x(place), under + 1.5, align="centre")


def _limit(frame: Frame, plot: _Plot, pages: Pages, top: float, limit: Limit) -> None:
    labels = list(frame.chart.labels)
    y = top + plot.y(limit.value)
    start = plot.x(labels.index(limit.at)) if limit.at in labels else plot.begin
    paper = ink(pages)
    paper.curve([(start, y), (plot.end, y)], 0.4, MARK, dash=(1.2, 0.8))
    if limit.at in labels:
        paper.curve([(start, y - 1.2), (start, y + 1.2)], 0.5, MARK)
    room = plot.end - start
    words = limit.name
    at = start if frame.wide(words) <= room else plot.end - frame.wide(words)
    frame.put(pages, words, at + 0.5, y - frame.pitch, colour=MARK, clear=True)


def _series(frame: Frame, plot: _Plot, pages: Pages, top: float, order: int) -> None:
    series = frame.chart.series[order]
    style = order % len(_COLOURS)
    paper = ink(pages)
    for run in _runs(series.values):
        spots: list[Spot] = [(plot.x(place), top + plot.y(value)) for place, value in run]
        paper.curve(spots, _WIDTHS[style], _COLOURS[style], dash=_DASHES[style])
        for spot in spots:
            paper.disc(spot, 0.85 if order == 0 else 0.6, _COLOURS[style], hollow=order > 0)
    if order == 0:
        _values(frame, plot, pages, top, series.values)


def _runs(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Yield the stretches between gaps."""
    run: list[tuple[int, float]] = []
    for place, value in enumerate(values):
        if value is None:
            if run:
                yield run
            run = []
        else:
            run.append((place, value))
    if run:
        yield run


def _values(frame: Frame, plot: _Plot, pages: Pages, top: float, values: Sequence[float | None]) -> None:
    """Write the values of the first series: all of them when they are few, else the last, the highest and the lowest.

    A value in a dip stands under its point, so that the line does not cross it.
    """
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if not known:
        return
    chosen = {place for place, _ in known}
    widest = max(frame.wide(frame.value(value)) for _, value in known)
    step = plot.x(1) - plot.x(0) if plot.count > 1 else widest + 1
    if len(known) > ALL_VALUES or widest > step:
        highest = max(known, key=lambda pair: pair[1])[0]
        lowest = min(known, key=lambda pair: pair[1])[0]
        chosen = {known[-1][0], highest, lowest}
    for place, value in known:
        if place not in chosen:
            continue
        beside = [
            other for near in (place - 1, place + 1) if 0 <= near < len(values) and (other := values[near]) is not None
        ]
        dip = (
            bool(beside)
            and all(other > value for other in beside)
            and plot.y(value) + frame.pitch < plot.above + HEIGHT
        )
        y = top + plot.y(value) + (1.2 if dip else -1.2 - mm(frame.size))
        frame.put(pages, frame.value(value), plot.x(place), y, align="centre", colour=DARK, clear=True)


def _names(frame: Frame, plot: _Plot, pages: Pages, top: float) -> None:
    """Write each name at the end of its line; names that would cover each other are moved apart."""
    ends: list[tuple[float, int, str]] = []
    for order, series in enumerate(frame.chart.series):
        known = [value for value in series.values if value is not None]
        if known:
            ends.append((plot.y(known[-1]), order, series.name))
    ends.sort()
    at = -frame.pitch
    placed = []
    for y, order, name in ends:
        at = max(y - mm(frame.size) / 2, at + frame.pitch)
        placed.append((at, order, name))
    for at, order, name in placed:
        style = order % len(_COLOURS)
        frame.put(pages, name, plot.end + 1.5, top + at, colour=_COLOURS[style])
