"""Which lists are behind a figure: what counts; of a rate what it is taken over, and what is lacking to that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from ui.screens.reports.behind import Listing, Part
from ui.screens.reports.tiles import formula_of
from ui.words import t

if TYPE_CHECKING:
    from models.figures.records import Behind, Correction, Figure, Measure, Period, Thing, UnitMeasure
    from ui.port import DeskPort

PAGE = 200


def of_figure(
    period: Period, figure: Figure, title: str, *, dimension: str = "", key: str = "", programme: str = ""
) -> Listing:
    """Return the lists behind a figure, or behind a part of it."""
    from models.figures import wording
    from models.figures.indicators import indicator

    def counted(desk: DeskPort, after: Any, *, base: bool) -> Behind:
        return desk.figures.behind(
            period, figure.code, dimension, key, programme=programme, base=base, after=after, limit=PAGE
        )

    told = wording.text(figure, with_base=True)
    head = t("reports.list_of", name=title, value=told, period=str(period.name))
    parts = [Part("counted", t("reports.part_counted"), partial(counted, base=False))]
    if figure.denominator is not None and indicator(figure.code).kind == "rate":
        lacking = lacking_of(figure)
        tells = indicator(figure.code).tells_content or bool(programme and dimension)
        if dimension:
            from models.figures.groups import TELLS_NOTHING

            tells = tells or dimension not in TELLS_NOTHING
        parts = [
            Part("counted", t("reports.part_done", count=f"{figure.numerator:,}"), partial(counted, base=False)),
            Part("lacking", t("reports.part_lacking", count=f"{len(lacking):,}"), _things(lacking, tells=tells)),
            Part("base", t("reports.part_base", count=f"{figure.denominator:,}"), partial(counted, base=True)),
        ]
    return Listing(head, formula_of(figure.code), tuple(parts))


def of_unit(measure: Measure, line: UnitMeasure) -> Listing:
    """Return the duties of a unit: those not done in time first, then all of them."""
    parts = (
        Part("missed", t("reports.part_missed", count=f"{len(line.missed):,}"), _things(line.missed, tells=False)),
        Part("all", t("reports.part_base", count=f"{len(line.things):,}"), _things(line.things, tells=False)),
    )
    head = t("reports.list_of_unit", unit=line.name, duty=str(measure.name))
    return Listing(head, str(measure.formula), parts if line.missed else parts[::-1])


def of_correction(period: Period, change: Correction, title: str) -> Listing:
    """Return the matters that make a correction: that count now and did not, and the other way round."""
    from models.figures.indicators import indicator
    from models.figures.records import Thing

    tells = indicator(change.code).tells_content
    parts = []
    for name, matters in (("added", change.added), ("gone", change.gone)):
        if matters:
            words = t(f"reports.part_{name}", count=f"{len(matters):,}")
            parts.append(Part(name, words, _things([Thing(matter) for matter in matters], tells=tells)))
    head = t("reports.list_of_correction", name=title, period=str(period.name))
    return Listing(head, formula_of(change.code), tuple(parts))


def lacking_of(figure: Figure) -> tuple[Thing, ...]:
    """Return what a rate is taken over and does not count."""
    left = Counter(figure.base)
    left.subtract(figure.things)
    return tuple(sorted(left.elements()))


def _things(things: Iterable[Thing], *, tells: bool) -> Any:
    kept = tuple(things)

    def ask(desk: DeskPort, after: Any) -> Behind:
        return desk.figures.listed(kept, tells_content=tells, after=after, limit=PAGE)

    return ask
