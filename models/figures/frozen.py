"""Submitted figures: frozen as they were, and what changed since.

A month is submitted once, after its last day. What is entered, put right or reversed later does not change it: the
difference between the live figure and the submitted one appears as a correction, with the matters that make it, and is
told in the next month's report (project rule: domain reference 12).

Frozen with each figure is which matters it counted. So a person who may not know of a matter is never shown a submitted
figure with it, and the figure as submitted, less what is live, never tells them of it. What the submitter could not
know appears as a correction for those who may.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from models import errors
from models.figures.indicators import CASE_TABLE, TABLE, product_of
from models.figures.records import Correction, Figure, Report, Thing

FORMAT = 1
Figures = Mapping[str, Figure]


def freeze(report: Report) -> bytes:
    """Return the figures of a report as JSON: each with version, numerator, denominator and the matters it counted."""
    matters: dict[int, int] = {}

    def place(matter: int) -> int:
        return matters.setdefault(matter, len(matters))

    def counted(things: Iterable[Thing]) -> list[list[int]]:
        return [[place(matter), weight] for matter, weight in sorted(_weights(things).items())]

    def written(figures: Figures) -> dict[str, Any]:
        return {
            code: {
                "version": figure.version,
                "numerator": figure.numerator,
                "denominator": figure.denominator,
                "things": counted(figure.things),
                "base": counted(figure.base),
            }
            for code, figure in figures.items()
        }

    data = {
        "format": FORMAT,
        "figures": written(report.figures),
        "programmes": {one.key: written(one.figures) for one in report.programmes},
        "unknown_clocks": report.unknown_clocks,
    }
    return orjson.dumps({**data, "matters": list(matters)})


def read(text: str | bytes, hidden: Collection[int] = frozenset()) -> tuple[dict[str, Figure], dict[str, Figures]]:
    """Return the figures that were frozen, and those of each programme; without what hidden matters added.

    Args:
        text: The column `figures` of a `period_report`.
        hidden: Matters that the reader may not know of.

    Raises:
        BugError: A newer program wrote it in another form.
    """
    data = orjson.loads(text)
    if data.get("format") != FORMAT:
        raise errors.BugError(
            f"已报送的统计数据是更新版本写成的（{data.get('format')}），请升级本程序。",
            f"The submitted figures were written in a newer form ({data.get('format')}): upgrade this program.",
        )
    matters: list[int] = data["matters"]

    def things(found: Iterable[tuple[int, int]]) -> tuple[Thing, ...]:
        return tuple(Thing(matters[place], weight) for place, weight in found if matters[place] not in hidden)

    def figures(found: Mapping[str, Any]) -> dict[str, Figure]:
        return {code: figure(code, one) for code, one in found.items()}

    def figure(code: str, one: Mapping[str, Any]) -> Figure:
        kept, base = things(one["things"]), things(one["base"])
        numerator, denominator = one["numerator"], one["denominator"]
        if hidden:
            meant = TABLE.get(code) or CASE_TABLE.get(code)
            if meant is None or meant.kind != "product":
                numerator = _sum(kept)
                denominator = None if denominator is None else _sum(base)
        return Figure(
            code=code, version=one["version"], numerator=numerator, denominator=denominator, things=kept, base=base
        )

    made = figures(data["figures"])
    if hidden:
        for code, meant in TABLE.items():
            if meant.kind == "product" and code in made:
                made[code] = replace(product_of(meant, made), version=made[code].version)
    return made, {key: figures(found) for key, found in data["programmes"].items()}


def counts_any(text: str | bytes, matters: Collection[int]) -> bool:
    """Tell whether one of some matters was counted in what was frozen."""
    return bool(matters) and not set(matters).isdisjoint(orjson.loads(text)["matters"])


def differences(
    submitted: tuple[Figures, Mapping[str, Figures]], now: Report, wanted: Callable[[str], bool] = lambda _code: True
) -> tuple[Correction, ...]:
    """Return what a live report differs in from the submitted one, in the order of the tables.

    Args:
        submitted: From `read`.
        now: The same period, computed now.
        wanted: Which codes to compare; figures that are in only one of the two are left out.
    """
    frozen, programmes = submitted
    pairs = [("", code, frozen.get(code), figure) for code, figure in now.figures.items()]
    for one in now.programmes:
        then = programmes.get(one.key, {})
        pairs += [(one.key, code, then.get(code), figure) for code, figure in one.figures.items()]
    found = []
    for programme, code, before, figure in pairs:
        if before is None or not wanted(code) or _same(before, figure):
            continue
        added, gone = _moved(before, figure)
        found.append(Correction(code=code, programme=programme, submitted=before, now=figure, added=added, gone=gone))
    return tuple(found)


def _same(before: Figure, now: Figure) -> bool:
    return (
        (before.numerator, before.denominator) == (now.numerator, now.denominator)
        and _weights(before.things) == _weights(now.things)
        and _weights(before.base) == _weights(now.base)
    )


def _moved(before: Figure, now: Figure) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the matters that count for more now, and those that count for less, in things or base."""
    added: set[int] = set()
    gone: set[int] = set()
    for then, since in ((before.things, now.things), (before.base, now.base)):
        old, new = _weights(then), _weights(since)
        added |= {matter for matter in new if new[matter] > old.get(matter, 0)}
        gone |= {matter for matter in old if old[matter] > new.get(matter, 0)}
    return tuple(sorted(added)), tuple(sorted(gone))


def _weights(things: Iterable[Thing]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for thing in things:
        found[thing.matter] += thing.weight
    return dict(found)


def _sum(things: Iterable[Thing]) -> int:
    return sum(thing.weight for thing in things)
