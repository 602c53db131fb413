"""What a programme has reached and what it owes: counts, targets, due days, all as of a day and asked of the policy.

Counts leave out the matters that the viewer may not know of; sealed ones count.
Due days of reports: the day counted from is not counted, a last day on a rest day rolls (Civil Code Arts 201, 203); a
report due on a day that the text names (`days` 0) does not roll.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from models import errors, lists
from models.programme import counts, course, evidence, keeping
from models.programme.evidence import CaseRows
from models.programme.records import Group, Milestone, Programme, Progress, Stage

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register


_OWED = frozenset({"due", "late"})


def known_cases(register: Register, by: Staff, programme: int) -> list[CaseRows]:
    """Return the cases of a programme that the viewer may know of, with all their rows."""
    may = lists.known(register, by)
    where = (
        "programme=?"
        if may == "1"
        else f"programme=? AND EXISTS(SELECT 1 FROM matter m WHERE m.id=key_case.matter AND {may})"
    )
    return evidence.load(register, where, (programme,))


def programmes(register: Register, by: Staff, on: date) -> tuple[Programme, ...]:
    """Return every programme as of a day, the one that began last first."""
    rows = register.records("programme", "1 ORDER BY from_on DESC, id DESC")
    return tuple(_programme(register, row, known_cases(register, by, row["id"]), on) for row in rows)


def programme(register: Register, by: Staff, reference: str | int, on: date) -> Programme:
    """Return one programme as of a day. Raises InputError when there is none."""
    row = keeping.find(register, reference)
    return _programme(register, row, known_cases(register, by, row["id"]), on)


def progress(register: Register, by: Staff, reference: str | int, on: date) -> Progress:
    """Return the progress of a programme as evidence reached, with its open cases by lead and by department."""
    row = keeping.find(register, reference)
    cases = known_cases(register, by, row["id"])
    names = Names.of(register)
    by_leader, by_unit = _Groups(), _Groups()
    for case in cases:
        now = case.standing(on)
        if now is None or now.state not in course.OPEN:
            continue
        plan = case.in_force(on) or case.drawn(on)
        late = case.late(on)
        by_leader.add(plan["leader"] if plan else None, names.leader(plan), late=late)
        by_unit.add(plan["unit"] if plan else None, names.unit(plan), late=late)
    return Progress(
        programme=_programme(register, row, cases, on),
        on=on,
        reached=counts.reached(cases, on),
        by_leader=by_leader.lines(),
        by_unit=by_unit.lines(),
    )


def owed(register: Register, by: Staff, on: date) -> tuple[tuple[Programme, Milestone], ...]:
    """Return the reports that the programmes owe now, due soon or late, the earliest first.

    Cases are counted only for a programme that owes something: Today asks this at every look.
    """
    found = []
    for row in register.records("programme", "closed_on IS NULL ORDER BY from_on, id"):
        waiting = [one for one in _milestones(register, row, _stages(register, row, on), on) if one.state in _OWED]
        if waiting:
            told = _programme(register, row, known_cases(register, by, row["id"]), on)
            found += [(told, one) for one in waiting]
    return tuple(sorted(found, key=lambda pair: (pair[1].due_on or pair[1].target_on, pair[1].id)))


def milestone_by_key(register: Register, key: str, on: date) -> Milestone:
    """Return the report that a key names, e.g. `2011-key-cases/stage-1`.

    Raises:
        InputError: There is none; lists those of the programme.
    """
    programme_key = key.partition("/")[0]
    row = keeping.find(register, programme_key)
    found = _milestones(register, row, _stages(register, row, on), on)
    for one in found:
        if one.key == key:
            return one
    keys = [one.key for one in found]
    raise errors.InputError(
        "stage",
        f"没有“{key}”这个报送节点。可用：{'、'.join(keys)}。",
        f"There is no report “{key}”; there are: {', '.join(keys)}.",
    )


def figures_of_month(register: Register, first: date, last: date) -> list[int]:
    """Return the rows of progress figures that are due with a month's report and did not go out; both days included."""
    return [
        row
        for (row,) in register.rows(
            "SELECT id FROM milestone WHERE kind='figures' AND removed IS NULL AND done_on IS NULL AND on_date BETWEEN"
            " ? AND ? ORDER BY on_date, id",
            (first.isoformat(), last.isoformat()),
        )
    ]


def _programme(register: Register, row: dict[str, Any], cases: list[CaseRows], on: date) -> Programme:
    from_on, to_on = date.fromisoformat(row["from_on"]), date.fromisoformat(row["to_on"])
    stages = _stages(register, row, on)
    targets = register.records(
        "milestone", "programme=? AND kind='target' AND removed IS NULL ORDER BY on_date, id", (row["id"],)
    )
    return Programme(
        id=row["id"],
        key=row["key"],
        name=row["name"],
        basis=row["basis"] or "",
        goal=row["goal"] or "",
        from_on=from_on,
        to_on=to_on,
        closed_on=date.fromisoformat(row["closed_on"]) if row["closed_on"] else None,
        state="closed" if row["closed_on"] else "ahead" if on < from_on else "over" if on > to_on else "running",
        stages=stages,
        milestones=_milestones(register, row, stages, on),
        targets=tuple(counts.target(one, cases, on) for one in targets),
        counts=counts.count(cases, on),
    )


def _stages(register: Register, row: dict[str, Any], on: date) -> tuple[Stage, ...]:
    found = []
    for one in keeping.stages_of(register, row["id"]):
        from_on, to_on = date.fromisoformat(one["from_on"]), date.fromisoformat(one["to_on"])
        found.append(
            Stage(
                id=one["id"],
                place=one["place"],
                key=f"{row['key']}/stage-{one['place']}",
                name=one["name"],
                from_on=from_on,
                to_on=to_on,
                current=from_on <= on <= to_on,
            )
        )
    return tuple(found)


def _milestones(register: Register, row: dict[str, Any], stages: tuple[Stage, ...], on: date) -> tuple[Milestone, ...]:
    rows = register.records("milestone", "programme=? AND kind<>'target' AND removed IS NULL", (row["id"],))
    found = [_milestone(register, row, one, stages, on) for one in rows]
    return tuple(sorted(found, key=lambda one: (one.due_on or one.target_on, one.id)))


def _milestone(
    register: Register, programme: dict[str, Any], row: dict[str, Any], stages: tuple[Stage, ...], on: date
) -> Milestone:
    on_date, days = date.fromisoformat(row["on_date"]), int(row["days"] or 0)
    stage = next((one for one in stages if one.id == row["stage"]), None)
    target_on, due_on = counts.due_day(on_date, days, register.calendar)
    done_on = date.fromisoformat(row["done_on"]) if row["done_on"] else None
    from_on = date.fromisoformat(programme["from_on"])
    if row["kind"] == "final":
        key = f"{programme['key']}/final"
    elif stage is not None:
        key, from_on = stage.key, stage.from_on
    else:
        key = f"{programme['key']}/{row['kind']}-{on_date}"
        if row["kind"] == "figures":
            from_on = max(from_on, on_date.replace(day=1))
        else:
            from_on = next((one.from_on for one in stages if one.from_on <= on_date <= one.to_on), from_on)
    return Milestone(
        id=row["id"],
        programme=programme["id"],
        key=key,
        kind=row["kind"],
        name=row["name"],
        stage=row["stage"],
        on_date=on_date,
        days=days,
        from_on=from_on,
        to_on=on_date,
        target_on=target_on,
        due_on=due_on,
        done_on=done_on,
        report=row["report"],
        state=counts.milestone_state(done_on, due_on or target_on, on),
    )


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the bureau's people and units, of those too who have left."""

    staff: dict[int, str]
    units: dict[int, str]

    @classmethod
    def of(cls, register: Register) -> Names:
        """Return those of a register."""
        return cls(dict(register.rows("SELECT id, name FROM staff")), register.units())

    def leader(self, plan: dict[str, Any] | None) -> str:
        """Return the lead officer of a plan; empty without one."""
        return "" if plan is None else plan["leader_name"] or self.staff.get(plan["leader"], "")

    def unit(self, plan: dict[str, Any] | None) -> str:
        """Return the responsible department of a plan; empty without one."""
        return "" if plan is None else self.units.get(plan["unit"], "")


class _Groups:
    """Open cases added up by a key and a name."""

    def __init__(self) -> None:
        self._found: dict[tuple[int | None, str], list[int]] = {}

    def add(self, key: int | None, name: str, *, late: bool) -> None:
        """Count one open case."""
        numbers = self._found.setdefault((key, name), [0, 0])
        numbers[0] += 1
        numbers[1] += late

    def lines(self) -> tuple[Group, ...]:
        """Return the groups by name; what has no plan yet last."""
        return tuple(
            Group(key=key, name=name, open=numbers[0], late=numbers[1])
            for (key, name), numbers in sorted(self._found.items(), key=lambda item: (not item[0][1], item[0][1]))
        )
