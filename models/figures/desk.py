"""What one person asks of the figures and submits (`Desk.figures`).

A report is computed live; the last few are kept in memory until anything is written, so that opening the list behind a
figure does not compute it again. Matters that the person may not know of are in none of it.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from models import errors, policy
from models.figures import behind as listing
from models.figures import evaluation, frozen, groups, periods, report
from models.figures.gather import Gathered, Law, law_of
from models.figures.indicators import CASE_TABLE, TABLE, indicator
from models.figures.records import (
    Behind,
    Correction,
    Evaluation,
    Figure,
    Group,
    Period,
    ProgrammeFigures,
    Report,
    Submitted,
    Thing,
    Waiting,
)  # fmt: skip
from models.figures.source import DeskRows, hidden_from
from models.programme import keeping, progress

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register
    from models.sheets.content import Sheet

KEPT = 6
"""Whole reports kept in memory for each register."""
KEPT_BARE = 14
"""Figures kept without comparisons and parts: a month's report looks at those of the twelve months before."""
_kept: weakref.WeakKeyDictionary[Register, dict[tuple[Any, ...], Report]] = weakref.WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Figures:
    """The questions of `person` on `on`, and the submissions at `now()`."""

    register: Register
    person: Staff
    on: date
    now: Callable[[], datetime]

    # --- periods ------------------------------------------------------------------------------------------------------

    @property
    def cut_off(self) -> int:
        """Last day of a month's figures, 0 for the calendar month (setting `figures.cut_off_day`)."""
        return periods.whole(self.register.settings(), periods.CUT_OFF, 0)

    def month(self, key: str) -> Period:
        """Return a month by YYYY-MM. Raises InputError."""
        return periods.month(key, self.cut_off)

    def month_of(self, day: date) -> Period:
        """Return the month whose figures a day counts in."""
        return periods.month_of(day, self.cut_off)

    def year(self, key: str) -> Period:
        """Return a year by YYYY: its twelve months. Raises InputError."""
        return periods.year(key, self.cut_off)

    def span(self, from_on: date, to_on: date) -> Period:
        """Return any days, to be looked at. Raises InputError."""
        return periods.span(from_on, to_on)

    def stage(self, key: str) -> Period:
        """Return a stage, or another summary of a programme, by its key, e.g. `2011-key-cases/stage-1`.

        Raises:
            InputError: There is no such programme, stage or report.
        """
        programme = key.partition("/")[0]
        for stage in progress.programme(self.register, self.person, programme, self.on).stages:
            if stage.key == key:
                return _of_programme("stage", key, stage.from_on, stage.to_on, stage.name, programme)
        one = progress.milestone_by_key(self.register, key, self.on)
        if one.kind == "final":
            return self.final(programme)
        return _of_programme("stage", key, one.from_on, one.to_on, one.name, programme)

    def final(self, programme: str) -> Period:
        """Return a whole programme as a period. Raises InputError."""
        one = progress.programme(self.register, self.person, programme, self.on)
        return _of_programme("final", f"{one.key}/final", one.from_on, one.to_on, one.name, one.key)

    # --- figures ------------------------------------------------------------------------------------------------------

    @property
    def rows(self) -> DeskRows:
        """The register's rows as this person may count them."""
        return DeskRows(self.register, hidden_from(self.register, self.person))

    @property
    def law(self) -> Law:
        """The rules and calendars that count in the register; the bureau's own calendars come from its settings."""
        return Law(self.register.law.book, self.register.law.calendar)

    def report(self, period: Period, *, compare: bool = True) -> Report:
        """Return the figures of a period, live; partial while the period runs."""
        return self._made(period, compare=compare, parted=True)

    def _made(self, period: Period, *, compare: bool, parted: bool) -> Report:
        """Return what was computed since the last entry, as much as is asked for or more; else compute it."""
        rows = self.rows
        newest = self.register.row("SELECT max(arrival) FROM entry")
        kept = _kept.setdefault(self.register, {})

        def found(of: Period, wanted: tuple[bool, bool]) -> Report | None:
            alike = ((True, True), (False, True), (False, False))
            keys = [(newest, rows.hidden, of, self.on, *more) for more in alike if more >= wanted]
            return next((kept[key] for key in keys if key in kept), None)

        def known(of: Period) -> Mapping[str, Figure] | None:
            one = found(of, (False, False))
            return None if one is None else one.figures

        ready = found(period, (compare, parted))
        if ready is not None:
            return ready
        like = [key for key in kept if key[-1] == parted]
        for key in like[: len(like) + 1 - (KEPT if parted else KEPT_BARE)]:
            kept.pop(key)
        made = report.compute(rows, period, on=self.on, law=self.law, compare=compare, parted=parted, known=known)
        return kept.setdefault((newest, rows.hidden, period, self.on, compare, parted), made)

    def behind(
        self,
        period: Period,
        code: str,
        dimension: str = "",
        key: str = "",
        *,
        programme: str = "",
        base: bool = False,
        after: int | None = None,
        limit: int = listing.PAGE,
    ) -> Behind:
        """Return one page of the matters behind a figure, newest first.

        Args:
            period: The days.
            code: The figure.
            dimension: A part of it: one of `groups.DIMENSIONS`; of a programme source, exclusion, leader or unit.
            key: Which part.
            programme: Key of the programme, for a figure of key cases.
            base: What a rate or a mean is taken over, in place of what it counts.
            after: `Behind.after` of the page before.
            limit: Lines at most.

        Raises:
            InputError: There is no such figure, dimension or programme.
        """
        if code not in TABLE and code not in CASE_TABLE:
            raise _no_figure(code)
        made = self.report(period)
        figures: Mapping[str, Figure] = made.figures
        chosen: tuple[Group, ...] = ()
        if programme or code in CASE_TABLE:
            one = _programme(made, programme)
            figures, chosen = one.figures, _parts(one, dimension)
        elif dimension:
            if dimension not in groups.DIMENSIONS:
                raise _no_dimension(dimension, groups.DIMENSIONS)
            chosen = made.groups[dimension]
        if dimension:
            figures = next((group.figures for group in chosen if group.key == key), {})
        figure = figures.get(code)
        things = () if figure is None else figure.base if base else figure.things
        tells = indicator(code).tells_content or (bool(dimension) and dimension not in groups.TELLS_NOTHING)
        return listing.page(
            self.register, self.person, things, tells_content=tells or bool(programme and dimension), after=after,
            limit=limit,
        )  # fmt: skip

    def listed(
        self, things: Iterable[Thing], *, tells_content: bool, after: int | None = None, limit: int = listing.PAGE
    ) -> Behind:
        """Return one page of the matters of some things, newest first: what a rate lacks, what a unit owed.

        Args:
            things: Things of a figure, a correction or an evaluation.
            tells_content: The choice of these things tells more of a matter than its outline: sealed ones are counted
                and not listed.
            after: `Behind.after` of the page before.
            limit: Lines at most.
        """
        return listing.page(self.register, self.person, things, tells_content=tells_content, after=after, limit=limit)

    def evaluation(self, period: Period) -> Evaluation:
        """Return how each unit did its duties in a period."""
        rows = self.rows
        return evaluation.evaluate(Gathered(rows, period, on=self.on, law=law_of(rows, self.law), far=True))

    # --- submitted reports --------------------------------------------------------------------------------------------

    def submitted(self, kind: str = "") -> tuple[Submitted, ...]:
        """Return the submitted reports, of one kind when it is named, the latest period first."""
        from models.figures import submission

        return submission.submitted(self.register, self.person, kind)

    def of_period(self, period: Period) -> Submitted | None:
        """Return the report of a period as it was submitted, or None."""
        from models.figures import submission

        return next(iter(submission.submitted(self.register, self.person, period.kind, period.key)), None)

    def corrections(self, period: Period) -> tuple[Correction, ...]:
        """Return what the live figures of a period differ in from the submitted ones; empty when none were."""
        one = self.of_period(period)
        if one is None:
            return ()
        made = self._made(one.period, compare=False, parted=False)
        return frozen.differences((one.figures, one.programmes), made)

    def submit(self, period: Period, *, analysis: str = "", suggestions: str = "") -> Submitted:
        """Submit the report of a period: freeze its figures and issue its paper.

        Args:
            period: A month, stage, programme or year that has ended.
            analysis: What the figures say (duty nine).
            suggestions: What is advised.

        Raises:
            NotAllowedError: Neither head of the petition unit nor a leader.
            RuleError: The period has not ended, was submitted before, or an earlier month was not.
        """
        from models.figures import submission

        return submission.submit(self, period, analysis=analysis, suggestions=suggestions)

    def waiting(self) -> tuple[Waiting, ...]:
        """Return the reports that are due and were not submitted: months that ended, summaries of programmes."""
        from models.figures import submission

        return submission.waiting(self)

    # --- papers -------------------------------------------------------------------------------------------------------

    def sheet(self, period: Period, *, analysis: str = "", suggestions: str = "") -> Sheet:
        """Return the report of a period as a paper, live: with what changed since it was submitted, if it was.

        The paper as it was submitted is `Submitted.document`.
        """
        from models.figures import contents

        return contents.report_sheet(self, period, analysis=analysis, suggestions=suggestions)

    def evaluation_sheet(self, period: Period) -> Sheet:
        """Return the evaluation of units as a paper with its funnel plots."""
        from models.figures import evaluation_contents

        return evaluation_contents.evaluation_sheet(self, period)

    def issue_evaluation(self, period: Period) -> int:
        """Issue the evaluation of units as a paper of the bureau; returns its id.

        Raises:
            NotAllowedError: Neither head of the petition unit nor a leader.
            RuleError: The period has not ended.
        """
        from models.figures import submission

        return submission.issue_evaluation(self, period)

    def require_submitter(self) -> None:
        """Refuse who may not submit figures. Raises NotAllowedError."""
        policy.require_role(self.person, keeping.KEEPERS, "报送统计数据", "submit figures")


def _of_programme(kind: Any, key: str, from_on: date, to_on: date, name: str, programme: str) -> Period:
    return Period(
        kind=kind, key=key, from_on=from_on, to_on=to_on, name=errors.Message(name, name), programme=programme
    )


def _programme(made: Report, key: str) -> ProgrammeFigures:
    for one in made.programmes:
        if key in ("", one.key):
            return one
    known = "、".join(one.key for one in made.programmes)
    raise errors.InputError(
        "programme",
        f"本期没有“{key}”这个专项。" + (f"可用：{known}（产品规则）。" if known else "（产品规则）"),
        f"No programme “{key}” runs in the period" + (f"; there are: {known}" if known else "") + " (project rule).",
    )


def _parts(one: ProgrammeFigures, dimension: str) -> tuple[Group, ...]:
    parts = {"source": one.by_source, "exclusion": one.by_exclusion, "leader": one.by_leader, "unit": one.by_unit}
    if dimension and dimension not in parts:
        raise _no_dimension(dimension, tuple(parts))
    return parts.get(dimension, ())


def _no_figure(code: str) -> errors.InputError:
    known = [*TABLE, *CASE_TABLE]
    return errors.InputError(
        "behind",
        f"没有“{code}”这项指标。可用：{'、'.join(known)}（产品规则）。",
        f"There is no figure “{code}”; there are: {', '.join(known)} (project rule).",
    )


def _no_dimension(name: str, known: tuple[str, ...]) -> errors.InputError:
    return errors.InputError(
        "dimension",
        f"不能按“{name}”分组。可用：{'、'.join(known)}（产品规则）。",
        f"Figures are not parted by “{name}”; by: {', '.join(known)} (project rule).",
    )
