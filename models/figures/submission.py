"""Submitting the figures of a period, and what is due: the one act of the figures' rooms.

A submitted report is a row (`period_report`) with its figures frozen, and a paper of the bureau. Corrections to the
months before, found since they were told last, go with the next month's report (project rule: domain reference 12).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson

from models import errors
from models.errors import Message
from models.figures import contents, evaluation_contents, frozen, periods
from models.figures.records import Period, Report, Submitted, Waiting
from models.figures.source import hidden_from
from models.programme import keeping, progress

if TYPE_CHECKING:
    from models.act import Act
    from models.figures.desk import Figures
    from models.records import Staff
    from models.register import Register

CORRECTED_MONTHS = 12
"""Months before the submitted one that are looked at for corrections."""
WAITING_MONTHS = 24
_SUMMARIES = frozenset({"summary", "final"})


def submitted(register: Register, staff: Staff, kind: str = "", key: str = "") -> tuple[Submitted, ...]:
    """Return the submitted reports, of one kind or one period when it is named, the latest period first.

    A period that two workstations submitted is told once: the one that was submitted first counts.
    """
    hidden = hidden_from(register, staff)
    where, values = "(?='' OR kind=?) AND (?='' OR period=?)", (kind, kind, key, key)
    keys = {row["id"]: row["key"] for row in register.records("programme", "1")}
    stages = _names_of_stages(register)
    names = dict(register.rows("SELECT id, name FROM staff"))
    found: dict[tuple[str, str], Submitted] = {}
    for row in register.records("period_report", f"{where} ORDER BY to_on DESC, submitted_on, id", values):
        if (row["kind"], row["period"]) in found:
            continue
        figures, programmes = frozen.read(row["figures"], hidden)
        found[row["kind"], row["period"]] = Submitted(
            id=row["id"],
            period=_period(row, keys.get(row["programme"], ""), stages),
            submitted_on=date.fromisoformat(row["submitted_on"]),
            submitted_by=names.get(row["submitted_by"], ""),
            analysis=row["analysis"] or "",
            suggestions=row["suggestions"] or "",
            document=None if frozen.counts_any(row["figures"], hidden) else row["document"],
            figures=figures,
            programmes=programmes,
        )
    return tuple(found.values())


def _names_of_stages(register: Register) -> dict[str, str]:
    """Return the names of stages and whole programmes by the keys of their reports."""
    return {
        f"{key}/{part}": name
        for key, part, name in register.rows(
            "SELECT p.key, 'stage-' || s.place, s.name FROM stage s JOIN programme p ON p.id=s.programme"
            " WHERE s.removed IS NULL UNION SELECT key, 'final', name FROM programme"
        )
    }


def _period(row: dict[str, Any], programme: str, stages: Mapping[str, str]) -> Period:
    key = row["period"]
    if row["kind"] == "month":
        name = periods.month(key).name
    elif row["kind"] == "annual":
        name = periods.year(key).name
    else:
        told = stages.get(key, key)
        name = Message(told, told)
    return Period(
        kind=row["kind"], key=key, from_on=date.fromisoformat(row["from_on"]), to_on=date.fromisoformat(row["to_on"]),
        name=name, programme=programme,
    )  # fmt: skip


def submit(asked: Figures, period: Period, *, analysis: str, suggestions: str) -> Submitted:
    """Submit the report of a period; see `Figures.submit`."""
    asked.require_submitter()
    _check(asked, period)
    report = asked.report(period)
    corrected = found_since(asked, period) if period.kind == "month" else []
    sheet = contents.made_sheet(
        asked, report, analysis=analysis, suggestions=suggestions, corrected=corrected, submitted_on=asked.on
    )
    register = asked.register
    programme = keeping.find(register, period.programme)["id"] if period.programme else None
    with register.act("submit_figures", by=asked.person, at=asked.now()) as act:
        from models.sheets.data import sheet_to_data
        from models.sheets.issue import issue  # only here is a paper made

        document = issue(act, sheet, period.key, {**sheet_to_data(sheet), "counted": _counted(report)})
        row = act.insert(
            "period_report",
            {
                "kind": period.kind,
                "period": period.key,
                "programme": programme,
                "from_on": period.from_on,
                "to_on": period.to_on,
                "figures": frozen.freeze(report).decode(),
                "corrections": orjson.dumps(corrected).decode(),
                "analysis": analysis.strip(),
                "suggestions": suggestions.strip(),
                "submitted_on": asked.on,
                "submitted_by": asked.person.id,
                "document": document,
            },
        )
        _mark_reported(asked, act, period, row)
    one = asked.of_period(period)
    if one is None:
        raise errors.BugError("报送的统计数据没有写入。", "The submitted figures were not written.")
    return one


def issue_evaluation(asked: Figures, period: Period) -> int:
    """Issue the evaluation of units; see `Figures.issue_evaluation`."""
    from models.sheets.data import sheet_to_data
    from models.sheets.issue import issue

    asked.require_submitter()
    _check_ended(asked, period)
    found = asked.evaluation(period)
    counted = sorted({thing.matter for measure in found.measures for line in measure.lines for thing in line.things})
    sheet = evaluation_contents.evaluation_sheet(asked, period)
    with asked.register.act("issue_evaluation", by=asked.person, at=asked.now()) as act:
        return issue(act, sheet, period.key, {**sheet_to_data(sheet), "counted": counted})


def _counted(report: Report) -> list[int]:
    """Return the matters that the report counts: who may not know of one of them is not to read its paper."""
    figures = [*report.figures.values(), *(figure for one in report.programmes for figure in one.figures.values())]
    return sorted({thing.matter for figure in figures for thing in (*figure.things, *figure.base) if thing.matter})


def _check(asked: Figures, period: Period) -> None:
    if period.kind == "span":
        raise errors.RuleError(
            "任意期间只供查看，不能报送：请选月份、年度、专项阶段或者专项（产品规则）。",
            "Days chosen at will can be looked at, not submitted: choose a month, a year, a stage or a programme"
            " (project rule).",
        )
    _check_ended(asked, period)
    one = asked.of_period(period)
    if one is not None:
        raise errors.RuleError(
            f"{period.name.zh}已于 {one.submitted_on} 报送，数据已冻结；之后的变动作为更正列在下一期（产品规则）。",
            f"{period.name.en} was submitted on {one.submitted_on} and is frozen; what changed since is told as a"
            " correction with the next report (project rule).",
        )
    if period.kind == "month":
        gap = next((one for one in _missing_months(asked) if one.to_on < period.to_on), None)
        if gap is not None:
            raise errors.RuleError(
                f"{gap.name.zh}尚未报送，请先报送该月（产品规则：逐月报送）。",
                f"{gap.name.en} was not submitted yet: submit that month first (project rule: month by month).",
            )


def _check_ended(asked: Figures, period: Period) -> None:
    if asked.on <= period.to_on:
        raise errors.RuleError(
            f"{period.name.zh}（至 {period.to_on}）尚未结束，不能报送；{period.to_on} 之后再报（产品规则）。",
            f"{period.name.en} (until {period.to_on}) has not ended and cannot be submitted before"
            f" {period.to_on} has passed (project rule).",
        )


def _missing_months(asked: Figures) -> list[Period]:
    """Return the ended months that were not submitted, from the first submitted one on, the oldest first."""
    have = {one.period.key for one in asked.submitted("month")}
    last = periods.earlier(asked.month_of(asked.on), asked.cut_off)
    first = min(have, default=last.key if last else "")
    found: list[Period] = []
    while last is not None and last.key >= first and len(found) < WAITING_MONTHS:
        if last.key not in have:
            found.append(last)
        last = periods.earlier(last, asked.cut_off)
    return found[::-1]


def waiting(asked: Figures) -> tuple[Waiting, ...]:
    """Return the reports that are due and were not submitted: ended months, and summaries of programmes."""
    found = [Waiting(period=month, due_on=None) for month in _missing_months(asked)]
    for programme in progress.programmes(asked.register, asked.person, asked.on):
        found += [
            Waiting(period=asked.stage(one.key), due_on=one.due_on)
            for one in programme.milestones
            if one.kind in _SUMMARIES and one.done_on is None and one.to_on < asked.on
        ]
    return tuple(found)


def found_since(asked: Figures, period: Period) -> list[dict[str, Any]]:
    """Return the corrections to the months before that were not told with an earlier report, as data."""
    before = [one for one in asked.submitted("month") if one.period.to_on < period.from_on][:CORRECTED_MONTHS]
    told = _told(asked.register)
    found = []
    for one in before[::-1]:
        for change in asked.corrections(one.period):
            known = told[one.period.key, change.programme, change.code]
            submitted_base, base = change.submitted.denominator or 0, change.now.denominator or 0
            more = change.difference - known[0], base - submitted_base - known[1]
            if any(more):
                found.append(
                    {
                        "period": one.period.key,
                        "programme": change.programme,
                        "code": change.code,
                        "submitted": [change.submitted.numerator, change.submitted.denominator],
                        "now": [change.now.numerator, change.now.denominator],
                        "more": list(more),
                    }
                )
    return found


def _told(register: Register) -> defaultdict[tuple[str, str, str], tuple[int, int]]:
    """Return what was told of each figure in reports submitted so far: numerator and denominator, added."""
    told: defaultdict[tuple[str, str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for (text,) in register.rows("SELECT corrections FROM period_report WHERE corrections IS NOT NULL"):
        for one in orjson.loads(text):
            key = one["period"], one["programme"], one["code"]
            told[key] = (told[key][0] + one["more"][0], told[key][1] + one["more"][1])
    return told


def _mark_reported(asked: Figures, act: Act, period: Period, row: int) -> None:
    """Mark what programmes owe as gone out: the figures of a month, the summary of a stage."""
    if period.kind == "month":
        named = periods.month(period.key)  # the month of the name, whatever its cut-off day
        for milestone in progress.figures_of_month(asked.register, named.from_on, named.to_on):
            keeping.mark_reported(act, milestone, asked.on, row)
    elif period.programme:
        for one in progress.programme(asked.register, asked.person, period.programme, asked.on).milestones:
            if one.key == period.key and one.kind in _SUMMARIES and one.done_on is None:
                keeping.mark_reported(act, one.id, asked.on, row)
