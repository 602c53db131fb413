"""What figures look like: a period, a figure with what it counts, a group, a report, what was submitted.

Words used here:

- *thing*: what a figure counts, one by one: an item, a dated fact, a duty, a row of the handling; always of a matter.
  Its weight is 1, or what it adds (people of a visit, days of a mean).
- *figure*: the sum of the weights of its things; a rate or a mean divides that by the sum of its base.
- *base*: what a rate or a mean is taken over (its denominator).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from models.errors import Message
from models.records import MatterLine

PeriodKind = Literal["month", "stage", "final", "annual", "span"]
"""`final`: a whole programme; `span`: any days, to be looked at but never submitted."""

Dimension = Literal["unit", "channel", "purpose", "content", "form", "timeliness", "initial"]
Comparison = Literal["last_month", "last_year"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days that a report is about.

    Attributes:
        kind: What kind of report.
        key: YYYY-MM, YYYY, `PROGRAMME/PLACE` of a stage, the key of a programme, or FROM..TO.
        from_on: First day, included.
        to_on: Last day, included.
        name: For people.
        programme: Key of the programme of a stage or final report, else ''.
    """

    kind: PeriodKind
    key: str
    from_on: date
    to_on: date
    name: Message
    programme: str = ""


class Thing(NamedTuple):
    """One thing that is counted."""

    matter: int
    weight: int = 1
    item: int = 0
    """Id of the item, for what is counted by items; 0 for what belongs to the matter as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure.

    Attributes:
        code: Code of the indicator (`models.figures.indicators.TABLE`).
        version: Version of its formula.
        numerator: Sum of the things counted.
        denominator: Sum of the base; None for a plain count.
        too_small: The base is smaller than the guard: no rate is told ("数量过小").
        things, base: What was counted; empty in what was read back from a submitted report.
    """

    code: str
    version: int
    numerator: int
    denominator: int | None = None
    too_small: bool = False
    things: tuple[Thing, ...] = field(default=(), repr=False)
    base: tuple[Thing, ...] = field(default=(), repr=False)

    @property
    def value(self) -> int | float | None:
        """The figure: a whole number for a count, a share or a mean otherwise; None when there is nothing to divide."""
        if self.denominator is None:
            return self.numerator
        if self.too_small or not self.denominator:
            return None
        return self.numerator / self.denominator


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The figures of one part of the whole: one unit, one channel, one purpose."""

    key: str
    """Code or id, as text; '' for what bears none."""
    words: Message
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A target of a programme on the report's last day."""

    name: str
    on: date
    share: int
    """Percent of the included cases."""
    solved: int
    included: int
    reached: bool
    due: bool
    """The target's day has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeFigures:
    """A key-case programme in the period."""

    key: str
    name: str
    figures: Mapping[str, Figure]
    by_source: tuple[Group, ...]
    by_exclusion: tuple[Group, ...]
    by_leader: tuple[Group, ...]
    by_unit: tuple[Group, ...]
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures of a period.

    Attributes:
        period: The days.
        as_of: The last day that counted: the period's last day, or the day of asking when that comes before.
        partial: The period has not ended on the day of asking.
        figures: By code, in the order of the table.
        groups: By dimension; every figure of a dimension's groups adds up to the whole.
        compared: Figures of the month and of the year before, by code.
        programmes: Key-case programmes that run in the period.
        complained_of: Units and organs complained of by name in new matters, the most first, for a year (REG-2022
            Art. 41); never persons, and only from a number on that points at no single matter.
        unknown_clocks: Matters of which a last day falls into a year without a calendar: their duty is not counted.
    """

    period: Period
    as_of: date
    partial: bool
    figures: Mapping[str, Figure]
    groups: Mapping[Dimension, tuple[Group, ...]] = field(default_factory=dict)
    compared: Mapping[Comparison, Mapping[str, Figure]] = field(default_factory=dict)
    programmes: tuple[ProgrammeFigures, ...] = ()
    complained_of: tuple[Group, ...] = ()
    unknown_clocks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """One page of the matters behind a figure.

    Attributes:
        lines: The matters, newest first, each once.
        counts: For each line, how much it adds to the figure.
        hidden: Sealed matters that are counted and not listed, since the list would tell their content.
        total: Matters behind the figure, hidden ones included.
        after: Goes on; None at the end.
    """

    lines: tuple[MatterLine, ...]
    counts: tuple[int, ...]
    hidden: int
    total: int
    after: Any | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What changed in a submitted figure since: live now, less what was submitted."""

    code: str
    programme: str
    submitted: Figure
    now: Figure
    added: tuple[int, ...]
    """Matters that count now and did not then, or count for more."""
    gone: tuple[int, ...]
    """Matters that counted then and do not now, or count for less."""

    @property
    def difference(self) -> int:
        """Live numerator less the submitted one."""
        return self.now.numerator - self.submitted.numerator


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A report as it was submitted."""

    id: int
    period: Period
    submitted_on: date
    submitted_by: str
    analysis: str
    suggestions: str
    document: int | None
    """The paper, `office_document`; None for one that came without, and for who may not know of a matter it counts."""
    figures: Mapping[str, Figure]
    programmes: Mapping[str, Mapping[str, Figure]]
    """Figures of key cases by programme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A report that is due and was not submitted."""

    period: Period
    due_on: date | None
    """Its last day; None where none is set: a month's figures are due when the month has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMeasure:
    """How one unit did one duty in a period.

    Attributes:
        share: Done in time, over due; None where it is not judged.
        verdict: `too_small` (under the guard), `within`, `below`/`above` the 95 % limits, `far_below`/`far_above` the
            99.8 % limits. Without a duty a unit has no line.
    """

    unit: int
    name: str
    numerator: int
    denominator: int
    share: float | None
    low: float
    high: float
    far_low: float
    far_high: float
    verdict: Literal["too_small", "within", "below", "above", "far_below", "far_above"]
    things: tuple[Thing, ...] = field(default=(), repr=False)
    missed: tuple[Thing, ...] = field(default=(), repr=False)
    """The duties that were not done in time: what a talk with the unit is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One duty, unit by unit.

    Attributes:
        code: told, on_time, solved_here, served, executed.
        overall: Share of the bureau as a whole; None without any duty.
    """

    code: str
    name: Message
    formula: Message
    numerator: int
    denominator: int
    overall: float | None
    lines: tuple[UnitMeasure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Evaluation of units by duties done, never of persons."""

    period: Period
    as_of: date
    partial: bool
    guard: int
    """Duties under which a unit is not judged."""
    measures: tuple[Measure, ...]
