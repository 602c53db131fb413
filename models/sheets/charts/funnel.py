"""A funnel plot: the share of duties done over their number, within the limits that chance alone explains.

Units with few duties lie where the limits are wide: a low share there says little. What lies outside is named; what is
too small to be judged is drawn hollow. It compares units by duties, never persons.
"""

from __future__ import annotations

from collections.abc import Iterator

from models.letters.layout.geometry import mm
from models.letters.layout.sheet import Sheet as Pages
from models.sheets import words
from models.sheets.charts.frame import DARK, MARK, RULE, SOFT, Frame, ink, ticks
from models.sheets.content import Band, Point
from models.sheets.flow import Part
from models.sheets.ink import Spot

HEIGHT = 78.0
RADIUS, RING = 1.1, 1.9
"""Of a point, and of the ring around one outside the limits, millimetres."""
_DASHES: tuple[tuple[float, ...], ...] = ((1.4, 1.0), (), (0.4, 0.8))
_FLOORS = (0.0, 0.25, 0.5, 0.75, 0.9)
"""Where the axis of shares may begin: above nothing only when everything drawn lies above it, and it is written."""


class _Plot:
    """Where sizes and shares lie; tops counted from the part's top."""

    def __init__(self, frame: Frame) -> None:
        chart = frame.chart
        sizes = [point.size for point in chart.points]
        self.most = ticks(max(sizes, default=1), 5)[-1]
        lowest = min(
            [point.value for point in chart.points] + [chart.mean if chart.mean is not None else 1.0], default=0.0
        )
        self.floor = max(floor for floor in _FLOORS if floor <= lowest)
        self.shares = [self.floor + (1 - self.floor) * place / 5 for place in range(6)]
        self.axis = [f"{share:.0%}" for share in self.shares]
        self.begin = frame.left + max(frame.wide(each) for each in self.axis) + 2.0
        self.names = max([frame.wide(band.name) for band in chart.bands] + [0.0])
        self.end = frame.left + frame.width - max(self.names, frame.wide(self.mean_words(frame))) - 2.5
        self.above = 3.0 + frame.pitch

    @staticmethod
    def mean_words(frame: Frame) -> str:
        """Return the mean with its name."""
        mean = frame.chart.mean
        if mean is None:
            return ""
        return f"全局 {words.percent(mean)}" if frame.style.language == "zh" else f"All {words.percent(mean)}"

    def x(self, size: float) -> float:
        return self.begin + (self.end - self.begin) * size / self.most

    def y(self, share: float) -> float:
        inside = min(max(share, self.floor), 1.0)
        return self.above + HEIGHT * (1 - (inside - self.floor) / (1 - self.floor))


def funnel(frame: Frame) -> Iterator[Part]:
    """Yield the plot."""
    plot = _Plot(frame)
    yield from frame.head()
    height = plot.above + HEIGHT + 1.5 + 2 * frame.pitch

    def paint(pages: Pages, top: float) -> None:
        _axes(frame, plot, pages, top)
        _bands(frame, plot, pages, top)
        _points(frame, plot, pages, top)

    yield Part(height, paint, keep=bool(frame.chart.note))
    yield from frame.foot()


def _axes(frame: Frame, plot: _Plot, pages: Pages, top: float) -> None:
    paper, zh = ink(pages), frame.style.language == "zh"
    for share, name in zip(plot.shares, plot.axis, strict=True):
        y = top + plot.y(share)
        base = share == plot.shares[0]
        paper.curve([(plot.begin, y), (plot.end, y)], 0.3 if base else 0.15, DARK if base else RULE)
        frame.put(pages, name, plot.begin - 1.2, y - mm(frame.size) / 2, align="right", colour=SOFT)
    under = top + plot.above + HEIGHT
    for size in ticks(plot.most, 5):
        paper.curve([(plot.x(size), under), (plot.x(size), under + 1.0)], 0.2, DARK)
        frame.put(pages, f"{size:g}", plot.x(size), under + 1.5, align="centre", colour=SOFT)
    unit = frame.chart.unit
    across = f"应办数（{unit}）" if zh else f"Duties due ({unit})" if unit else "Duties due"
    frame.put(pages, across, (plot.begin + plot.end) / 2, under + 1.5 + frame.pitch, align="centre", colour=SOFT)
    frame.put(pages, "完成率" if zh else "Share done", frame.left, top + 0.5, colour=SOFT)


def _bands(frame: Frame, plot: _Plot, pages: Pages, top: float) -> None:
    paper = ink(pages)
    if frame.chart.mean is not None:
        y = top + plot.y(frame.chart.mean)
        paper.curve([(plot.begin, y), (plot.end, y)], 0.35, DARK)
    ends: list[tuple[float, str]] = []
    if frame.chart.mean is not None:
        ends.append((plot.y(frame.chart.mean), plot.mean_words(frame)))
    for order, band in enumerate(frame.chart.bands):
        for upper in (False, True):
            spots = _edge(plot, band, top, upper=upper)
            paper.curve(spots, 0.3, SOFT, dash=_DASHES[order % len(_DASHES)])
        last = [limit for limit in band.limits if limit[0] <= plot.most]
        if last:
            ends.append((plot.y(last[-1][1]), band.name))
    ends.sort()
    at = -frame.pitch
    for y, name in ends:
        at = max(y - mm(frame.size) / 2, at + frame.pitch)
        frame.put(pages, name, plot.end + 1.5, top + at, colour=SOFT)


def _edge(plot: _Plot, band: Band, top: float, *, upper: bool) -> list[Spot]:
    """Return one edge of a band, left out where it lies outside the plot."""
    spots = []
    for size, low, high in band.limits:
        share = high if upper else low
        if size <= plot.most and plot.floor <= share <= 1.0:
            spots.append((plot.x(size), top + plot.y(share)))
    return spots


def _points(frame: Frame, plot: _Plot, pages: Pages, top: float) -> None:
    paper = ink(pages)
    taken: list[tuple[float, float, float, float]] = []
    for point in frame.chart.points:
        x, y = plot.x(point.size), plot.y(point.value)
        taken.append((x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS))
        outside = _outside(frame, point)
        colour = SOFT if point.faint else MARK if outside else DARK
        if outside:  # a ring tells it apart in black and white
            paper.disc((x, top + y), RING, colour, hollow=True, line_mm=0.35)
        paper.disc((x, top + y), RADIUS, colour, hollow=point.faint)
    for point in sorted(frame.chart.points, key=lambda each: each.value):
        if point.named:
            _name(frame, plot, pages, top, point, taken)


def _name(
    frame: Frame,
    plot: _Plot,
    pages: Pages,
    top: float,
    point: Point,
    taken: list[tuple[float, float, float, float]],
) -> None:
    """Write a point's name where it covers nothing: right of it, left, above or below."""
    told = f"{point.name} {words.percent(point.value, 0)}"
    wide, high = frame.wide(told), mm(frame.size)
    x, y = plot.x(point.size), plot.y(point.value)
    tries = [
        (x + RING + 0.6, y - high / 2),
        (x - RING - 0.6 - wide, y - high / 2),
        (x - wide / 2, y - RING - 0.4 - high),
        (x - wide / 2, y + RING + 0.4),
        (x + RADIUS + 0.8, y + RADIUS),
        (x - RADIUS - 0.8 - wide, y + RADIUS),
        (x + RADIUS + 0.8, y - RADIUS - high),
    ]
    best = tries[0]
    for left, at in tries:
        box = (left, at, left + wide, at + high)
        inside = left >= plot.begin and left + wide <= plot.end and at >= 0 and at + high <= plot.above + HEIGHT
        if inside and not any(_cover(box, other) for other in taken):
            best = (left, at)
            break
    taken.append((best[0], best[1], best[0] + wide, best[1] + high))
    colour = SOFT if point.faint else MARK if _outside(frame, point) else DARK
    frame.put(pages, told, best[0], top + best[1], colour=colour)


def _outside(frame: Frame, point: Point) -> bool:
    """Say whether a point lies outside the first band: its limits at the size nearest to the point's."""
    if point.faint or not frame.chart.bands or not frame.chart.bands[0].limits:
        return False
    _, low, high = min(frame.chart.bands[0].limits, key=lambda limit: abs(limit[0] - point.size))
    return not low <= point.value <= high


def _cover(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
