"""What a chart says in words: the value of each place of it, for the keyboard, a screen reader and a text beside it.

The values are written as the paper writes them (`models.sheets.words`), so that screen and PDF say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.sheets import words
from ui.words import said_of, t

if TYPE_CHECKING:
    from models.sheets.content import Band, Chart, Point


class Reading(NamedTuple):
    """One place of a chart: a row of bars, a month of a course, a unit of a funnel."""

    label: str
    words: str

    @property
    def said(self) -> str:
        """Return both in one sentence."""
        return t("join.pair", name=self.label, value=self.words)


def value(chart: Chart, number: float | None) -> str:
    """Return a value as it is written beside what is drawn."""
    if number is None:
        return t("chart.none")
    return words.percent(number, chart.digits) if chart.unit == "%" else words.decimal(number, chart.digits)


def measured(chart: Chart, number: float | None) -> str:
    """Return a value with its unit."""
    written = value(chart, number)
    return written if number is None or chart.unit in ("", "%") else t("chart.measured", value=written, unit=chart.unit)


def readings(chart: Chart) -> tuple[Reading, ...]:
    """Return what each place of a chart says, in the order in which it is drawn."""
    if chart.kind == "funnel":
        return tuple(Reading(point.name, _point(chart, point)) for point in chart.points)
    of_kind = {"target": _target, "stack": _stack}.get(chart.kind, _each)
    return tuple(Reading(label, of_kind(chart, place)) for place, label in enumerate(chart.labels))


def whole(chart: Chart) -> str:
    """Return everything that a chart says: its title, its values, its limits and its note."""
    limits = [limit.name for limit in chart.limits]
    if chart.mean is not None:
        limits.append(mean(chart))
    said = t("join.clauses").join([*(one.said for one in readings(chart)), *limits])
    return said_of(chart.title, said, chart.note)


def mean(chart: Chart) -> str:
    """Return the mean over all units of a funnel plot, with its name."""
    return t("chart.mean", value=words.percent(chart.mean or 0.0))


def short_of(chart: Chart, place: int) -> str:
    """Return what is lacking to the next target; that it is reached; nothing when nothing is included."""
    done, included = (series.values[place] or 0.0 for series in chart.series[:2])
    if not included:
        return ""
    for limit in sorted(chart.limits, key=lambda one: one.value):
        lacking = -int(-(limit.value * included - 1e-9) // 1) - done
        if lacking > 0:
            share = words.percent(limit.value, 0)
            return t("chart.short", share=share, count=words.decimal(lacking, 0), unit=chart.unit).rstrip()
    return t("chart.reached") if chart.limits else ""


def reached(chart: Chart, place: int) -> str:
    """Return how much is reached of how much, and the share of it."""
    done, included = (series.values[place] or 0.0 for series in chart.series[:2])
    part = f"{words.decimal(done, 0)}/{words.decimal(included, 0)}"
    return f"{part}  {words.percent(done / included)}" if included else part


def _each(chart: Chart, place: int) -> str:
    if len(chart.series) == 1:
        return measured(chart, chart.series[0].values[place])
    return said_of(
        *(t("join.pair", name=series.name, value=measured(chart, series.values[place])) for series in chart.series)
    )


def _stack(chart: Chart, place: int) -> str:
    total = sum(series.values[place] or 0.0 for series in chart.series)
    return said_of(_each(chart, place), t("chart.total", value=measured(chart, total)))


def _target(chart: Chart, place: int) -> str:
    return said_of(reached(chart, place), short_of(chart, place))


def _point(chart: Chart, point: Point) -> str:
    done = t("chart.point", share=words.percent(point.value), count=f"{point.size:,}", unit=chart.unit)
    return said_of(done, verdict(chart, point))


def verdict(chart: Chart, point: Point) -> str:
    """Return where a unit lies: too small to be judged, within the limits of chance, or outside of the named band."""
    if point.faint:
        return t("chart.too_small")
    found = outside(chart, point)
    if not found:
        return t("chart.within")
    low, _high = edges(found[-1], point.size)
    return t("chart.below" if point.value < low else "chart.above", band=found[-1].name)


def outside(chart: Chart, point: Point) -> list[Band]:
    """Return the bands outside of which a unit lies, the narrow one first; none for one too small to be judged."""
    if point.faint:
        return []
    return [band for band in chart.bands if not _inside(band, point)]


def _inside(band: Band, point: Point) -> bool:
    low, high = edges(band, point.size)
    return low <= point.value <= high


def edges(band: Band, size: int) -> tuple[float, float]:
    """Return the limits of a band at a size: those named for the size nearest to it."""
    _size, low, high = min(band.limits, key=lambda limit: abs(limit[0] - size), default=(size, 0.0, 1.0))
    return low, high
