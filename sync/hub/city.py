"""The city's figures from its counties: each county's as its own rows give them, and their sum.

The hub computes with the desk's own rooms (`models.figures`) over the rows it holds, county by county, by the calendar
and the cut-off day that the county's settings say. So a county's figure here is the county's own to the unit, as far as
the county has sent its rows; what may be missing is named (`completeness`), and so is each figure in which a report
that the county submitted differs from what its rows say now.

Rule files and shipped calendars are those of the hub's program. A county that has not accepted a newer one yet counts
by the older until it does, since that choice is its own (`models.lawbook`): docs/format/figures.md.

Sums are of numerators and of denominators, each by itself: a rate of the city is no mean of rates. Counties stand in
the order of their codes; none is ranked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from models import errors
from models.errors import Message
from models.figures import frozen, report
from models.figures.records import Correction, Figure, Group, Period, ProgrammeFigures, Report, Submitted, Target
from sync.hub import storage
from sync.hub.completeness import Gap, gaps, positions
from sync.hub.figures import HubRows
from sync.hub.hub import Hub, Position
from sync.hub.periods import Wanted, period_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyFigures:
    """One county in the city's report.

    Attributes:
        county: Its six-digit code.
        name: Its bureau's name.
        report: Its figures; None when the county does not run the programme that was asked for.
        gaps: What may be missing; empty when the county has sent everything.
        submitted: Its own report of the period, as it was submitted; None when it was not.
        differences: Figures in which that report differs from `report`, each with the matters that make the difference.
        unread: Why that report could not be compared; None when it could.
    """

    county: str
    name: str
    report: Report | None
    gaps: tuple[Gap, ...] = ()
    submitted: Submitted | None = None
    differences: tuple[Correction, ...] = ()
    unread: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CityReport:
    """The city's report of a period.

    Attributes:
        city: The city bureau's name.
        period: The days; those of the first county where counties have other days (`other_days`).
        on: The day of asking.
        partial: The period has not ended on that day, in some county.
        counties: In the order of their codes.
        figures: The sum over the counties, by code.
        compared: The same sum for the month and the year before.
        programmes: The sum over the counties, by programme; in groups by source and by ground of exclusion.
    """

    city: str
    period: Period
    on: date
    partial: bool
    counties: tuple[CountyFigures, ...]
    figures: Mapping[str, Figure]
    compared: Mapping[str, Mapping[str, Figure]]
    programmes: tuple[ProgrammeFigures, ...]

    @property
    def counted(self) -> tuple[CountyFigures, ...]:
        """Counties that have figures of the period."""
        return tuple(one for one in self.counties if one.report is not None)

    @property
    def incomplete(self) -> tuple[CountyFigures, ...]:
        """Counties of which something may be missing."""
        return tuple(one for one in self.counted if one.gaps)

    @property
    def not_submitted(self) -> tuple[CountyFigures, ...]:
        """Counties that have not submitted their own report of the period."""
        return tuple(one for one in self.counted if one.submitted is None)

    @property
    def other_days(self) -> tuple[CountyFigures, ...]:
        """Counties whose period has other days than the city's: another cut-off day, a stage that they changed."""
        days = (self.period.from_on, self.period.to_on)
        return tuple(
            one for one in self.counted if one.report and (one.report.period.from_on, one.report.period.to_on) != days
        )


def city_report(hub: Hub, wanted: Wanted, *, on: date | None = None) -> CityReport:
    """Return the city's report of a period.

    Args:
        hub: The hub.
        wanted: The period.
        on: The day of asking; that of the hub's clock by default.

    Raises:
        InputError: No such month or stage; no county runs the programme.
    """
    day = on or hub.now().astimezone().date()
    held = positions(hub)
    with hub.reading() as connection:
        t = storage.county
        known = connection.execute(sa.select(t.c.county, t.c.name).order_by(t.c.county)).all()
        counties = tuple(_county(connection, code, name, wanted, day, held) for code, name in known)
    reports = [one.report for one in counties if one.report is not None]
    if not reports or (wanted.programme and not any(one.programmes for one in reports)):
        raise _nothing(wanted, none=not known)
    return CityReport(
        city=hub.place.city,
        period=reports[0].period,
        on=day,
        partial=any(one.partial for one in reports),
        counties=counties,
        figures=report.total(one.figures for one in reports),
        compared={
            name: report.total(one.compared[name] for one in reports if name in one.compared)
            for name in dict.fromkeys(name for one in reports for name in one.compared)
        },
        programmes=_programmes(reports),
    )


def _county(
    connection: sa.Connection,
    code: str,
    name: str,
    wanted: Wanted,
    on: date,
    held: Mapping[tuple[str, int], Position],
) -> CountyFigures:
    rows = HubRows(connection, code)
    period = period_of(rows, wanted)
    if period is None:
        return CountyFigures(county=code, name=name, report=None)
    found = report.compute(rows, period, on=on, compare=period.kind in ("month", "annual"), parted=False)
    if wanted.programme:
        found = replace(found, programmes=tuple(one for one in found.programmes if one.key == wanted.programme))
    sent = _submitted(rows, period)
    unread = None
    differences: tuple[Correction, ...] = ()
    if sent is not None:
        try:
            sent, differences = _compared(sent, rows, found)
        except errors.BugError as newer:
            unread = newer.message
    return CountyFigures(
        county=code,
        name=name,
        report=found,
        gaps=gaps(connection, code, found.as_of, held),
        submitted=sent,
        differences=differences,
        unread=unread,
    )


_SENT = ("submitted_on", "id", "submitted_by", "analysis", "suggestions", "document")


def _submitted(rows: HubRows, period: Period) -> Submitted | None:
    """Return the report that the county submitted of a period, without its figures; None when it submitted none.

    Where two workstations submitted it, the one that was submitted first counts, as at the desk.
    """
    found = sorted(rows.by_ids("period_report", "period", (period.key,), _SENT))
    if not found:
        return None
    on, row, by, analysis, suggestions, document = found[0]
    names = dict(rows.by_ids("staff", "id", (by,), ("id", "name")))
    return Submitted(
        id=row,
        period=period,
        submitted_on=date.fromisoformat(on),
        submitted_by=names.get(by, ""),
        analysis=analysis or "",
        suggestions=suggestions or "",
        document=document,
        figures={},
        programmes={},
    )


def _compared(sent: Submitted, rows: HubRows, now: Report) -> tuple[Submitted, tuple[Correction, ...]]:
    """Return a submitted report with its figures, and what they differ in from what the rows say now."""
    ((text,),) = rows.by_ids("period_report", "id", (sent.id,), ("figures",))
    figures = frozen.read(text or b"{}")
    return replace(sent, figures=figures[0], programmes=figures[1]), frozen.differences(figures, now)


def _nothing(wanted: Wanted, *, none: bool) -> errors.InputError:
    if none:
        return errors.InputError(
            "county",
            "还没有任何县局接入汇集中心，没有数据。",
            "No county is enrolled with the hub: there are no figures.",
        )
    key = (wanted.stage or wanted.programme).partition("/")[0]
    return errors.InputError(
        "programme",
        f"本期没有县局开展“{key}”专项，或者尚未报送。请核对专项标识。",
        f"No county runs the programme “{key}” in this period, or none has sent it yet. Check its key.",
    )


# --- sums over the counties -------------------------------------------------------------------------------------------


def _programmes(reports: Sequence[Report]) -> tuple[ProgrammeFigures, ...]:
    by_key: dict[str, list[ProgrammeFigures]] = {}
    for one in reports:
        for programme in one.programmes:
            by_key.setdefault(programme.key, []).append(programme)
    return tuple(
        ProgrammeFigures(
            key=key,
            name=found[0].name,
            figures=report.total(one.figures for one in found),
            by_source=_groups(one.by_source for one in found),
            by_exclusion=_groups(one.by_exclusion for one in found),
            by_leader=(),
            by_unit=(),
            targets=_targets(one.targets for one in found),
        )
        for key, found in by_key.items()
    )


def _groups(parts: Iterable[Iterable[Group]]) -> tuple[Group, ...]:
    by_key: dict[str, list[Group]] = {}
    for groups in parts:
        for group in groups:
            by_key.setdefault(group.key, []).append(group)
    return tuple(
        Group(key=key, words=found[0].words, figures=report.total(one.figures for one in found))
        for key, found in by_key.items()
    )


def _targets(parts: Iterable[Iterable[Target]]) -> tuple[Target, ...]:
    """Add up targets of one day and share; a target is reached by the city's cases, not by each county's."""
    by_day: dict[tuple[date, int], list[Target]] = {}
    for targets in parts:
        for target in targets:
            by_day.setdefault((target.on, target.share), []).append(target)
    found = []
    for (on, share), some in sorted(by_day.items()):
        solved, included = sum(one.solved for one in some), sum(one.included for one in some)
        reached = bool(included) and solved * 100 >= share * included
        due = any(one.due for one in some)
        found.append(
            Target(name=some[0].name, on=on, share=share, solved=solved, included=included, reached=reached, due=due)
        )
    return tuple(found)
