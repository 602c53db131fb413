"""Two ledgers over all matters: every supervision with its answer, and every major or urgent matter with its report.

Of units and of organs, never of persons. Newest first, in pages; every statement asks the policy: of an outline only
the responsible unit and the days are told. A reversed row is shown nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from models import lists
from models.records import Sight, Staff
from models.steps.major import MUST_BE_TOLD, family

if TYPE_CHECKING:
    from models.register import Register

PAGE = 50

Line = TypeVar("Line")


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage(Generic[Line]):
    """Some lines, newest first; `after` goes on, None at the end; `total` is exact."""

    lines: tuple[Line, ...]
    after: tuple[str, int] | None
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionLine:
    """One supervision of a unit.

    Attributes:
        trigger: Code of the table supervision_trigger.
        way: Code of the table supervision, or empty when it came from above.
        demand, answer: Empty for an outline.
        due_on: The day until which the unit answers in writing.
        state: "open", "late" (not answered in time), "answered" or "lifted".
    """

    id: int
    matter: int
    number: str
    title: str
    sight: Sight
    unit: str
    trigger: str
    way: str
    raised_on: date
    due_on: date | None
    answered_on: date | None
    lifted_on: date | None
    demand: str
    answer: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MajorMatterLine:
    """One matter that was recorded as major or urgent, as it last became known.

    Attributes:
        known_at: Local time, YYYY-MM-DD HH:MM.
        told: Organs told since, each with its first time; codes of the table major_organ.
        missing: Organs that must be told and were not.
        what: What happened; empty for an outline.
    """

    matter: int
    number: str
    title: str
    sight: Sight
    unit: str
    known_at: str
    told: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    what: str


def supervisions(
    register: Register, by: Staff, on: date, *, after: tuple[str, int] | None = None, limit: int = PAGE
) -> LedgerPage[SupervisionLine]:
    """Return one page of the ledger of supervisions."""
    may = lists.known(register, by)
    source = f"FROM supervision s CROSS JOIN matter m ON m.id=s.matter WHERE s.removed IS NULL AND {may}"
    total = register.row(f"SELECT count(*) {source}")
    found = register.rows(
        f"SELECT s.id, s.matter, m.number, m.title, {lists.full_sight_sql(by)}, s.unit, m.unit, s.trigger, s.way,"
        f" s.raised_on, s.due_on, s.answered_on, s.lifted_on, s.demand, s.answer {source}"
        f"{' AND (s.raised_on, s.id) < (?, ?)' if after else ''} ORDER BY s.raised_on DESC, s.id DESC LIMIT ?",
        (*(after or ()), limit),
    )
    lines = tuple(_supervision(register, row, on) for row in found)
    last = lines[-1] if len(lines) == limit else None
    return LedgerPage(
        lines=lines, after=(last.raised_on.isoformat(), last.id) if last else None, total=total[0] if total else 0
    )


def _supervision(register: Register, row: tuple[Any, ...], on: date) -> SupervisionLine:
    number, matter, reference, title, full, unit, holder, trigger, way, raised, due, answered, lifted, demand, said = (
        row
    )
    days = [date.fromisoformat(day) if day else None for day in (due, answered, lifted)]
    return SupervisionLine(
        id=number,
        matter=matter,
        number=reference,
        title=title if full else "",
        sight="full" if full else "outline",
        unit=register.units().get(unit if full else holder, ""),
        trigger=trigger,
        way=way or "",
        raised_on=date.fromisoformat(raised),
        due_on=days[0],
        answered_on=days[1],
        lifted_on=days[2],
        demand=demand if full else "",
        answer=(said or "") if full else "",
        state="lifted" if lifted else "answered" if answered else "late" if days[0] and days[0] < on else "open",
    )


def major_matters(
    register: Register, by: Staff, *, after: tuple[str, int] | None = None, limit: int = PAGE
) -> LedgerPage[MajorMatterLine]:
    """Return one page of the major and urgent matters, the one that last became known first."""
    may = lists.known(register, by)
    source = (
        "FROM (SELECT matter, max(at) AS at FROM major_log WHERE kind='known' GROUP BY matter) k"
        f" CROSS JOIN matter m ON m.id=k.matter WHERE {may}"
    )
    total = register.row(f"SELECT count(*) {source}")
    found = register.rows(
        f"SELECT m.id, m.number, m.title, {lists.full_sight_sql(by)}, m.unit, m.rules, k.at, (SELECT l.what FROM"
        " major_log l WHERE l.matter=m.id AND l.kind='known' AND l.at=k.at ORDER BY l.id LIMIT 1)"
        f" {source}{' AND (k.at, k.matter) < (?, ?)' if after else ''} ORDER BY k.at DESC, k.matter DESC LIMIT ?",
        (*(after or ()), limit),
    )
    lines = []
    for matter, number, title, full, unit, rules, at, what in found:
        told = dict(
            register.rows(
                "SELECT organ, min(at) FROM major_log WHERE matter=? AND kind='reported' AND at>=? GROUP BY organ"
                " ORDER BY min(at)",
                (matter, at),
            )
        )
        lines.append(
            MajorMatterLine(
                matter=matter,
                number=number,
                title=title if full else "",
                sight="full" if full else "outline",
                unit=register.units().get(unit, ""),
                known_at=at,
                told=tuple(told.items()),
                missing=tuple(organ for organ in MUST_BE_TOLD[family(rules)] if organ not in told),
                what=what if full else "",
            )
        )
    last = lines[-1] if len(lines) == limit else None
    return LedgerPage(
        lines=tuple(lines), after=(last.known_at, last.matter) if last else None, total=total[0] if total else 0
    )
