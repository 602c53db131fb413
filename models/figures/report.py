"""Computing the figures of a period: from rows to a report, for a desk and for the city's hub alike.

Each figure is counted once from what was gathered; groups part what it counted, so they add up to it. Last month and
last year are computed the same way, as of their own last days: like is compared with like, by one formula, for one
viewer, and a month that was corrected since is compared as it is now. What was submitted of it stands beside it as a
correction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from models.errors import Message
from models.figures import cases, groups, periods
from models.figures.gather import Gathered, Law, law_of
from models.figures.indicators import TABLE, figure_of, indicator, product_of
from models.figures.records import Comparison, Dimension, Figure, Group, Period, Report, Thing
from models.figures.source import Rows

SMALL = 5
"""Below this base no rate is told ("数量过小"): one matter more or less would turn it over (project rule)."""


def compute(
    rows: Rows,
    period: Period,
    *,
    on: date,
    law: Law | None = None,
    compare: bool = True,
    parted: bool = True,
    known: Callable[[Period], Mapping[str, Figure] | None] = lambda _period: None,
) -> Report:
    """Return the figures of a period as of the day of asking.

    Args:
        rows: The county's rows, as far as the asker may count them.
        period: The days.
        on: The day of asking; a period that it does not lie after is partial.
        law: Rules and calendars that count for the county; the program's own by default.
        compare: Also compute the month and the year before.
        parted: Also part the figures by unit, channel and the other dimensions.
        known: Figures of another period that were computed already from the same rows, on the same day; or None.
    """
    counted = law_of(rows, law)
    gathered = Gathered(rows, period, on=on, law=counted)
    figures = figures_of(gathered)
    compared: dict[Comparison, Mapping[str, Figure]] = {}
    if compare:
        cut_off = periods.whole(gathered.settings, periods.CUT_OFF, 0)
        others: tuple[tuple[Comparison, Period | None], ...] = (
            ("last_month", periods.earlier(period, cut_off) if period.kind == "month" else None),
            ("last_year", _year_before(period, cut_off)),
        )
        for name, other in others:
            if other is not None:
                found = known(other)
                compared[name] = figures_of(Gathered(rows, other, on=on, law=counted)) if found is None else found
    return Report(
        period=period,
        as_of=gathered.as_of,
        partial=gathered.partial,
        figures=figures,
        groups=groups.groups(gathered, figures) if parted else {},
        compared=compared,
        programmes=cases.programmes(gathered),
        complained_of=complained_of(gathered) if period.kind == "annual" else (),
        unknown_clocks=gathered.unknown_clocks,
    )


def _year_before(period: Period, cut_off: int) -> Period | None:
    return periods.earlier(period, cut_off) if period.kind == "annual" else periods.year_earlier(period, cut_off)


def figures_of(gathered: Gathered) -> dict[str, Figure]:
    """Return every figure of what was gathered, in the order of the table."""
    made: dict[str, Figure] = {}
    for code, meant in TABLE.items():
        if meant.count is not None:
            made[code] = figure_of(meant, *meant.count(gathered))
        else:
            made[code] = product_of(meant, made)
    return made


def complained_of(gathered: Gathered) -> tuple[Group, ...]:
    """Return the units and organs that new matters complain of by name, the most first (REG-2022 Art. 41(1)).

    A unit with fewer matters than `SMALL` is left out, since the number would point at them; persons never appear.
    """
    new = {thing.matter for thing in figures_of_one(gathered, "matters_new").things}
    columns = ("matter", "kind", "unit", "name", "removed")
    parts: dict[str, set[int]] = defaultdict(set)
    for matter, kind, unit, name, removed in gathered.rows.by_ids("accused", "matter", new, columns):
        if kind == "unit" and removed is None:
            parts[gathered.units[unit][0] if unit in gathered.units else name].add(matter)
    meant = TABLE["matters_new"]
    told = sorted((-len(matters), name) for name, matters in parts.items() if len(matters) >= SMALL)
    return tuple(
        Group(
            key=name,
            words=Message(name, name),
            figures={meant.code: figure_of(meant, [Thing(matter) for matter in sorted(parts[name])], None)},
        )
        for _number, name in told
    )


def figures_of_one(gathered: Gathered, code: str) -> Figure:
    """Return one count of what was gathered."""
    meant = TABLE[code]
    assert meant.count is not None  # noqa: S101  a product is no count
    return figure_of(meant, *meant.count(gathered))


def guarded(figure: Figure) -> Figure:
    """Return a figure of which no rate is told when its base is too small."""
    small = figure.denominator is not None and _base(figure) < SMALL and indicator(figure.code).unit.zh == "%"
    return replace(figure, too_small=True) if small else figure


def _base(figure: Figure) -> int:
    """Return the number of things that a rate is taken over; a product has the square of it."""
    denominator = figure.denominator or 0
    return int(denominator**0.5 + 0.5) if indicator(figure.code).kind == "product" else denominator


def total(reports: Iterable[Mapping[str, Figure]]) -> dict[str, Figure]:
    """Add up the figures of several counties: counts are added, rates taken over the added bases."""
    added: dict[str, Figure] = {}
    for figures in reports:
        for code, figure in figures.items():
            other = added.get(code)
            if other is None:
                added[code] = replace(figure, things=(), base=())
                continue
            base = None if figure.denominator is None else figure.denominator + (other.denominator or 0)
            added[code] = replace(other, numerator=other.numerator + figure.numerator, denominator=base)
    for code, figure in added.items():
        meant = indicator(code)
        if meant.kind == "product":
            added[code] = replace(product_of(meant, added), version=figure.version)
    return added


def group(report: Report, dimension: Dimension, key: str) -> Group | None:
    """Return one part of a dimension, or None."""
    return next((one for one in report.groups.get(dimension, ()) if one.key == key), None)
