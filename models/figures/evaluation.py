"""Evaluation of units by duties done: told, handled, solved here, served, carried out (MPS-79 Arts 8, 9).

What is compared is how often a unit did what it owed, never how many petitions came: a unit that receives much and
answers in time does well. A unit with few duties swings widely by chance alone, so each share is told with the limits
between which a unit of that size would lie if it did as the bureau as a whole does (binomial, 95 % and 99.8 %: a
funnel), and under the guard it is not judged at all. Units, never persons.

Whose a duty was: the notice is the petition unit's; handling, service and carrying out belong to the unit that had the
matter in hand on the last lawful day.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from models.errors import Message
from models.figures.gather import NOTICE_CLOCKS, Gathered
from models.figures.periods import whole
from models.figures.records import Evaluation, Measure, Thing, UnitMeasure

GUARD = 10
"""Fewer duties than this are not judged; setting `figures.guard` (project rule)."""
LOW, HIGH = 0.025, 0.975
FAR_LOW, FAR_HIGH = 0.001, 0.999

HANDLING_CLOCKS = frozenset({"C2", "C8", "C8r", "S-answer"})

NAMES = {
    "told": Message("按期告知", "told in time"),
    "on_time": Message("按期办理", "handled in time"),
    "solved_here": Message("在本级办结", "solved at this level"),
    "served": Message("按期送达", "served in time"),
    "executed": Message("按期执行", "carried out in time"),
}
FORMULAS = {
    "told": Message(
        "书面告知的最后一日在期内的，至该日（含）已告知的 ÷ 全部（由信访部门负责）",
        "notices whose last lawful day lies in the period: given by it ÷ all (the petition unit's duty)",
    ),
    "on_time": Message(
        "办理、重新办理、上级交办、简易办理期限的最后一日在期内的，至该日（含）已办的 ÷ 全部",
        "handling, redoing, assignments to us and simplified handling whose last lawful day lies in the period:"
        " done by it ÷ all",
    ),
    "solved_here": Message(
        "期内办结、出具过处理意见或者达成协议的，未经复查、复核的 ÷ 全部",
        "matters closed in the period after an opinion or a settlement: without review by the organ above ÷ all",
    ),
    "served": Message(
        "处理意见出具满 15 日（设置 figures.service_days）之日在期内的，至该日（含）有送达证明的 ÷ 全部",
        "answers whose 15th day after issue (setting figures.service_days) lies in the period: served by then ÷ all",
    ),
    "executed": Message(
        "支持意见的执行期限在期内的，至该日（含）已证明执行的 ÷ 全部",
        "what was supported and due to be carried out in the period: proved by its day ÷ all",
    ),
}


@dataclass(frozen=True, slots=True)
class _Done:
    """A duty of a unit that came to its day in the period."""

    unit: int
    matter: int
    done: bool


def evaluate(gathered: Gathered) -> Evaluation:
    """Return how each unit did its duties in a period."""
    guard = whole(gathered.settings, "figures.guard", GUARD, 1)
    holders = Holders(gathered)
    counted: dict[str, Callable[[Gathered, Holders], Iterable[_Done]]] = {
        "told": _told, "on_time": _on_time, "solved_here": _solved_here, "served": _served, "executed": _executed,
    }  # fmt: skip
    return Evaluation(
        period=gathered.period,
        as_of=gathered.as_of,
        partial=gathered.partial,
        guard=guard,
        measures=tuple(_measure(gathered, code, list(count(gathered, holders)), guard)
                       for code, count in counted.items()),
    )  # fmt: skip


class Holders:
    """Which unit had a matter in hand on a day, as its hand-overs inside the bureau tell it."""

    def __init__(self, gathered: Gathered) -> None:
        self._gathered = gathered
        self.petition = min((row for row, (_name, kind) in gathered.units.items() if kind == "petition"), default=0)

    def on(self, matter: int, day: date) -> int:
        """Return the unit that had a matter in hand on a day."""
        return self._gathered.unit_on(matter, day)


def _told(gathered: Gathered, holders: Holders) -> Iterator[_Done]:
    for duty in gathered.due(NOTICE_CLOCKS):
        yield _Done(holders.petition, duty.matter, duty.in_time)


def _on_time(gathered: Gathered, holders: Holders) -> Iterator[_Done]:
    for duty in gathered.due(HANDLING_CLOCKS):
        yield _Done(holders.on(duty.matter, duty.last_on), duty.matter, duty.in_time)


def _solved_here(gathered: Gathered, holders: Holders) -> Iterator[_Done]:
    for fact in gathered.happened("closed"):
        history = gathered.matters[fact.matter].history
        kinds = {event.kind for event in history}
        if kinds & {"opinion_issued", "replied", "performed"}:
            asked = bool(kinds & {"review_requested", "rereview_requested"})
            yield _Done(holders.on(fact.matter, fact.on), fact.matter, not asked)


def _served(gathered: Gathered, holders: Holders) -> Iterator[_Done]:
    for matter, limit, done in gathered.services_due:
        yield _Done(holders.on(matter, limit), matter, done)


def _executed(gathered: Gathered, holders: Holders) -> Iterator[_Done]:
    for task in gathered.tasks_due:
        yield _Done(task.unit or holders.on(task.matter, task.due_on), task.matter, task.in_time)


def _measure(gathered: Gathered, code: str, found: list[_Done], guard: int) -> Measure:
    parts: dict[int, list[_Done]] = defaultdict(list)
    for one in found:
        parts[one.unit].append(one)
    numerator, denominator = sum(one.done for one in found), len(found)
    overall = numerator / denominator if denominator else None
    lines = tuple(
        _line(unit, gathered.units.get(unit, ("", ""))[0], parts[unit], overall or 0.0, guard)
        for unit in sorted(parts, key=lambda unit: (-len(parts[unit]), unit))
    )
    return Measure(
        code=code, name=NAMES[code], formula=FORMULAS[code], numerator=numerator, denominator=denominator,
        overall=overall, lines=lines,
    )  # fmt: skip


def _line(unit: int, name: str, found: list[_Done], overall: float, guard: int) -> UnitMeasure:
    size, done = len(found), sum(one.done for one in found)
    low, high = limits(size, overall, LOW, HIGH)
    far_low, far_high = limits(size, overall, FAR_LOW, FAR_HIGH)
    share = done / size
    return UnitMeasure(
        unit=unit, name=name, numerator=done, denominator=size, share=share if size >= guard else None,
        low=low, high=high, far_low=far_low, far_high=far_high,
        verdict="too_small" if size < guard else _verdict(share, low, high, far_low, far_high),
        things=tuple(Thing(one.matter) for one in found),
        missed=tuple(Thing(one.matter) for one in found if not one.done),
    )  # fmt: skip


def _verdict(
    share: float, low: float, high: float, far_low: float, far_high: float
) -> Literal["within", "below", "above", "far_below", "far_above"]:
    if share < far_low:
        return "far_below"
    if share > far_high:
        return "far_above"
    if share < low:
        return "below"
    return "above" if share > high else "within"


def limits(size: int, share: float, low: float, high: float) -> tuple[float, float]:
    """Return the shares between which a unit of a size lies by chance, at two tails of the binomial distribution.

    Between neighbouring numbers of duties the limits go on smoothly, so that a funnel has no teeth, and still part the
    whole numbers as the exact tails do: what lies below is less likely than `low`, what lies above than 1 less `high`.
    Interpolation: Spiegelhalter, Funnel plots for comparing institutional performance (2005), appendix A.1.1; the upper
    limit is the lower one of the duties that were not done.

    Args:
        size: Duties.
        share: Share over all.
        low: Lower tail, e.g. 0.025.
        high: 1 less the upper tail, e.g. 0.975.
    """
    if not size:
        return 0.0, 1.0
    return _lowest(size, share, low) / size, 1.0 - _lowest(size, 1.0 - share, 1.0 - high) / size


def _lowest(size: int, share: float, tail: float) -> float:
    """Return the number of duties at which the cumulated probability reaches a tail, between whole numbers."""
    if share <= 0.0:
        return 0.0
    if share >= 1.0:
        return float(size)
    reached = 0.0
    for done in range(size + 1):
        here = math.exp(
            math.lgamma(size + 1) - math.lgamma(done + 1) - math.lgamma(size - done + 1)
            + done * math.log(share) + (size - done) * math.log1p(-share)
        )  # fmt: skip
        reached += here
        if reached >= tail:
            return max(done - (reached - tail) / here, 0.0)
    return float(size)


def band(
    largest: int, share: float, low: float, high: float, steps: int = 40, also: Iterable[int] = ()
) -> list[tuple[int, float, float]]:
    """Return the limits of a funnel from size 1 to the largest: at up to so many sizes, and at those of `also`."""
    sizes = {max(round(1 + (largest - 1) * place / max(steps - 1, 1)), 1) for place in range(steps)}
    return [(size, *limits(size, share, low, high)) for size in sorted(sizes.union(also))]
