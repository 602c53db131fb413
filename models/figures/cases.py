"""Figures of a key-case programme in a period: included by source, solved, excluded by ground, open, past their limit.

Where a case stood on the period's last day is told by its dated facts (`models.programme.course`), here from rows that
a desk or the hub gives. Groups are by source, ground, lead officer and unit: never by petitioner (domain reference,
sections 7.6 and 16).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models import codes
from models.errors import Message
from models.figures.gather import Gathered
from models.figures.indicators import CASE_TABLE, figure_of
from models.figures.records import Figure, Group, Period, ProgrammeFigures, Target, Thing
from models.figures.source import Rows
from models.programme import counts, course
from models.programme.evidence import CaseRows

_CASE = ("id", "matter", "programme", "source", "removed")
_PLAN = ("id", "key_case", "leader", "leader_name", "unit", "limit_on", "drawn_on", "approved_on", "removed", "born")
_FACT = ("on_date", "born", "id", "key_case", "kind", "note", "withdrawn")
_NOBODY = Message("尚无包案方案", "no plan yet")


@dataclass(frozen=True, slots=True)
class _Case:
    """A case as it stood on the last day of a period."""

    rows: CaseRows
    now: course.Standing
    late: bool
    leader: tuple[str, str]
    """Key and name of the lead officer, ('', '') without a plan."""
    unit: int

    @property
    def thing(self) -> Thing:
        return Thing(self.rows.matter)


def programmes(gathered: Gathered) -> tuple[ProgrammeFigures, ...]:
    """Return the figures of the programmes that run in the period; of the one that a stage belongs to only."""
    rows, period = gathered.rows, gathered.period
    found = []
    columns = ("id", "key", "name", "from_on", "to_on")
    for row, key, name, from_on, to_on in sorted(rows.every("programme", columns), key=lambda one: (one[3], one[1])):
        wanted = key == period.programme if period.programme else _overlap(period, from_on, to_on)
        if wanted:
            found.append(_figures(gathered, row, key, name))
    return tuple(found)


def _overlap(period: Period, from_on: str, to_on: str) -> bool:
    return from_on <= period.to_on.isoformat() and to_on >= period.from_on.isoformat()


def _figures(gathered: Gathered, programme: int, key: str, name: str) -> ProgrammeFigures:
    rows = load(gathered.rows, programme)
    staff = dict(gathered.rows.every("staff", ("id", "name")))
    cases = [case for one in rows if (case := _standing(one, gathered.as_of, staff)) is not None]
    units = {row: Message(name, name) for row, (name, _kind) in gathered.units.items()}
    leaders = {case.leader[0]: Message(case.leader[1], case.leader[1]) for case in cases if case.leader[0]}
    opened = [case for case in cases if case.now.state in course.OPEN]
    excluded = [case for case in cases if case.now.state == "excluded"]
    return ProgrammeFigures(
        key=key,
        name=name,
        figures=_counted(gathered, cases),
        by_source=_groups(gathered, cases, lambda case: str(case.rows.case["source"]), _words("key_source")),
        by_exclusion=_groups(gathered, excluded, lambda case: case.now.exclusion, _words("key_exclusion")),
        by_leader=_groups(gathered, opened, lambda case: case.leader[0], leaders),
        by_unit=_groups(
            gathered, opened, lambda case: str(case.unit or ""), {str(row): words for row, words in units.items()}
        ),
        targets=_targets(gathered, programme, rows),
    )


def load(rows: Rows, programme: int) -> list[CaseRows]:
    """Return the cases of a programme with the facts and plans that tell where they stand."""
    found = {
        row[0]: CaseRows({"id": row[0], "matter": row[1], "programme": row[2], "source": row[3]})
        for row in sorted(rows.by_ids("key_case", "programme", (programme,), _CASE))
        if row[4] is None
    }
    matters = {case.matter for case in found.values()}
    for plan in sorted(rows.by_ids("case_plan", "key_case", found.keys(), _PLAN)):
        if plan[8] is None:
            found[plan[1]].plans.append(dict(zip(_PLAN, plan, strict=True)))
    facts = [row for row in rows.by_ids("event", "matter", matters, _FACT) if row[6] is None and row[3] in found]
    for on, born, _row, case, kind, note, _withdrawn in sorted(facts, key=lambda fact: (fact[0], fact[1], fact[2])):
        found[case].facts.append((kind, date.fromisoformat(on), note or ""))
        if kind == "key_rebound":
            found[case].reopened[date.fromisoformat(on)] = born
    return list(found.values())


def _standing(rows: CaseRows, on: date, staff: Mapping[int, str]) -> _Case | None:
    now = rows.standing(on)
    if now is None:
        return None
    plan: Mapping[str, Any] = rows.in_force(on) or rows.drawn(on) or {}
    named, number = plan.get("leader_name") or "", plan.get("leader")
    leader = (str(number), staff.get(number, "")) if number is not None else (named, named)
    return _Case(rows, now, rows.late(on), leader, plan.get("unit") or 0)


def _counted(gathered: Gathered, cases: Sequence[_Case]) -> dict[str, Figure]:
    def those(wanted: Callable[[_Case], bool]) -> list[Thing]:
        return sorted(case.thing for case in cases if wanted(case))

    included = those(lambda case: case.now.state != "excluded")
    solved = those(lambda case: case.now.state in course.SOLVED)
    found: dict[str, list[Thing]] = {
        "case_included": included,
        "case_excluded": those(lambda case: case.now.state == "excluded"),
        "case_solved_month": those(
            lambda case: case.now.state in course.SOLVED and gathered.between(case.now.solved_on)
        ),
        "case_solved": solved,
        "case_solved_share": solved,
        "case_closed": those(lambda case: case.now.state == "closed"),
        "case_rebound": those(lambda case: case.now.state == "rebound"),
        "case_open": those(lambda case: case.now.state in course.OPEN),
        "case_overdue": those(lambda case: case.late),
    }
    return {
        code: figure_of(meant, found[code], included if meant.kind == "rate" else None)
        for code, meant in CASE_TABLE.items()
    }


def _words(table: str) -> dict[str, Message]:
    return {code: Message(codes.word(table, code, "zh"), codes.word(table, code, "en")) for code in codes.codes(table)}


def _groups(
    gathered: Gathered, cases: Sequence[_Case], key: Callable[[_Case], str], words: Mapping[str, Message]
) -> tuple[Group, ...]:
    """Return the cases parted by a key: those of the code table in its order, then by key, what has none last."""
    parts: dict[str, list[_Case]] = defaultdict(list)
    for case in cases:
        parts[key(case)].append(case)
    order = {one: place for place, one in enumerate(words)}
    named = sorted(parts, key=lambda one: (not one, order.get(one, len(order)), one))
    return tuple(
        Group(key=one, words=words.get(one, Message(one, one)) if one else _NOBODY,
              figures=_counted(gathered, parts[one]))
        for one in named
    )  # fmt: skip


def _targets(gathered: Gathered, programme: int, cases: list[CaseRows]) -> tuple[Target, ...]:
    columns = ("on_date", "id", "kind", "name", "share", "removed")
    rows = sorted(gathered.rows.by_ids("milestone", "programme", (programme,), columns))
    found = []
    for row in rows:
        if row[2] != "target" or row[5] is not None:
            continue
        one = counts.target(dict(zip(columns, row, strict=True)), cases, gathered.as_of)
        found.append(
            Target(
                name=one.name,
                on=one.by_on,
                share=one.share,
                solved=one.solved,
                included=one.included,
                reached=one.state == "reached",
                due=gathered.as_of >= one.by_on,
            )
        )
    return tuple(found)
