"""A funnel plot: the share of duties done over their number, within the limits that chance alone explains.

Units with few duties lie where the limits are wide: a low share there says little. What lies outside is named; what is
too small to be judged is drawn hollow. It compares units by duties, never persons.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF

from models.sheets import words
from models.sheets.charts.frame import ticks
from models.sheets.content import Band, Point
from ui.parts import chart_words
from ui.parts.plots.paint import Paint
from ui.words import t

TALL = 300
"""Of the plot, pixels at 100 %."""
DOT = 9
_DASHES = ("dash", "solid", "dot")
_FLOORS = (0.0, 0.25, 0.5, 0.75, 0.9)
"""Where the axis of shares may begin: above nothing only when everything drawn lies above it; it is always written."""


class _Plot:
    """Where sizes and shares lie, and how much of them a pixel is."""

    def __init__(self, paint: Paint) -> None:
        chart, look = paint.chart, paint.look
        self.most = ticks(max((point.size for point in chart.points), default=1), 5)[-1]
        lowest = min([*(point.value for point in chart.points), 1.0 if chart.mean is None else chart.mean])
        self.floor = max(floor for floor in _FLOORS if floor <= lowest)
        self.shares = [self.floor + (1 - self.floor) * place / 5 for place in range(6)]
        left = max(paint.wide(words.percent(share, 0)) for share in self.shares) + look.space(2)
        ends = [band.name for band in chart.bands] + ([chart_words.mean(chart)] if chart.mean is not None else [])
        names = max((paint.wide(name) for name in ends), default=0.0) + look.space(3)
        paint.height = look.size(TALL)
        inner = max(paint.width - left - names, look.size(100))
        self.right = self.most * (1 + names / inner)
        above, under = paint.high() + look.size(DOT), look.size(DOT)
        high = max(paint.height - 2 * paint.high() - look.space(3) - above - under, 1)
        self.top = 1.0 + (1 - self.floor) * above / high
        self.low = self.floor - (1 - self.floor) * under / high
        self.across, self.down = self.most / inner, (1 - self.floor) / high
        paint.axes(
            left=[(share, words.percent(share, 0)) for share in self.shares],
            bottom=[(size, f"{size:,g}") for size in ticks(self.most, 5)],
            left_width=left,
            under=t("chart.size", unit=chart.unit) if chart.unit else t("chart.size_plain"),
        )
        paint.room((0.0, self.right), (self.low, self.top))
        paint.write(t("chart.share"), 0.0, self.top, down=0.0, colour=look.colours.second)


def funnel(paint: Paint) -> None:
    """Draw the plot."""
    plot, colours = _Plot(paint), paint.look.colours
    for share in plot.shares:
        first = share == plot.shares[0]
        paint.line([(0.0, share), (plot.most, share)], colours.edge if first else colours.hairline)
    _bands(paint, plot)
    chart = paint.chart
    size = paint.look.size(DOT)
    outside = {place for place, point in enumerate(chart.points) if chart_words.outside(chart, point)}
    faint = {place for place, point in enumerate(chart.points) if point.faint}
    every = [(float(point.size), point.value) for point in chart.points]
    paint.dots([every[place] for place in sorted(faint)], colours.edge, size, hollow=True)
    inside = [spot for place, spot in enumerate(every) if place not in faint | outside]
    paint.dots(inside, colours.series[0], size)
    paint.dots([every[place] for place in sorted(outside - faint)], colours.ink, size + 2)
    paint.marks = [QPointF(*spot) for spot in every]
    _names(paint, plot)


def _bands(paint: Paint, plot: _Plot) -> None:
    chart, colours = paint.chart, paint.look.colours
    ends: list[tuple[float, str]] = []
    if chart.mean is not None:
        paint.line([(0.0, chart.mean), (plot.most, chart.mean)], colours.ink, 1.5)
        ends.append((chart.mean, chart_words.mean(chart)))
    for order, band in enumerate(chart.bands):
        for upper in (False, True):
            spots = _edge(plot, band, upper=upper)
            if len(spots) > 1:
                paint.line(spots, colours.second, 1.0, _DASHES[order % len(_DASHES)])
        last = [limit for limit in band.limits if limit[0] <= plot.most]
        if last:
            ends.append((max(last[-1][1], plot.floor), band.name))
    high = plot.top
    for share, name in sorted(ends, reverse=True):
        y = min(share, high)
        high = y - paint.high() * plot.down
        paint.write(name, plot.most + paint.look.space(1) * plot.across, y, colour=colours.second)


def _edge(plot: _Plot, band: Band, *, upper: bool) -> list[tuple[float, float]]:
    """Return one edge of a band, left out where it lies outside the plot."""
    return [
        (float(size), share)
        for size, low, high in band.limits
        if size <= plot.most and plot.floor <= (share := high if upper else low) <= 1.0
    ]


def _names(paint: Paint, plot: _Plot) -> None:
    """Write the names of points that are to be named, where they cover nothing: right, left, above or below."""
    half = paint.look.size(DOT) * 0.8
    taken = [_box(plot, point, half) for point in paint.chart.points]
    taken.append((0.0, plot.top - paint.high() * plot.down, paint.wide(t("chart.share")) * plot.across, plot.top))
    for point in sorted(paint.chart.points, key=lambda one: one.value):
        if not point.named:
            continue
        said = t("chart.named", name=point.name, share=words.percent(point.value, 0))
        wide, high = paint.wide(said) * plot.across, paint.high() * plot.down
        aside, away = half * plot.across, half * plot.down
        x, y = point.size, point.value
        tries = (
            (x + aside, y - high / 2, 0.0, 0.5),
            (x - aside - wide, y - high / 2, 1.0, 0.5),
            (x - wide / 2, y + away, 0.5, 1.0),
            (x - wide / 2, y - away - high, 0.5, 0.0),
        )
        best = tries[0]
        for left, low, across, down in tries:
            box = (left, low, left + wide, low + high)
            inside = left >= 0 and box[2] <= plot.most and low >= plot.low and box[3] <= plot.top
            if inside and not any(_cover(box, other) for other in taken):
                best = (left, low, across, down)
                break
        left, low, across, down = best
        taken.append((left, low, left + wide, low + high))
        colour = paint.look.colours.second if point.faint else paint.look.colours.ink
        paint.write(
            said,
            left + wide * across,
            low + high * (1 - down),
            across=across,
            down=down,
            colour=colour,
            ground=paint.look.colours.surface,
        )


def _box(plot: _Plot, point: Point, half: float) -> tuple[float, float, float, float]:
    across, down = half * plot.across, half * plot.down
    return point.size - across, point.value - down, point.size + across, point.value + down


def _cover(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
