"""What leaders promised: instructions given on a reception, each a task of a unit with its day, until it is proved.

The leader who receives fixes who is to do what until when (domain reference, section 13; 2009 opinions: leaders take
the case and see it through). These are duties of the bureau's units; nothing here is about a petitioner.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from models import lists, policy, sight
from models.reception.records import Promise

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

_SELECT = (
    "SELECT t.id, (SELECT count(*) FROM task e WHERE e.matter=t.matter AND e.kind='instruction' AND e.removed IS NULL"
    " AND e.id<=t.id), t.matter, m.number, {full}, t.what, t.unit, t.given_by, t.opened_on, t.due_on, t.done_on,"
    " t.proof FROM task t CROSS JOIN matter m ON m.id=t.matter WHERE t.kind='instruction' AND t.removed IS NULL"
)


def of_matter(register: Register, matter: int, by: Staff, on: date) -> tuple[Promise, ...]:
    """Return what leaders instructed on a matter, oldest first.

    Raises:
        InputError, NotAllowedError: The person does not see the matter.
    """
    sight.matter_for(register, matter, by)
    return _read(register, by, on, "t.matter=:matter ORDER BY t.id", {"matter": matter})


def of_visit(register: Register, visit: int, by: Staff, on: date) -> tuple[Promise, ...]:
    """Return what was instructed on one visit, oldest first; of an outline without its words."""
    return _read(register, by, on, f"t.visit=:visit AND {policy.known_sql(by)} ORDER BY t.id", {"visit": visit})


def open_ones(
    register: Register, by: Staff, on: date, *, after: Any = None, limit: int = 50
) -> tuple[tuple[Promise, ...], Any]:
    """Return some instructions that are not proved, those due first, and how to go on (None at the end)."""
    where = f"t.done_on IS NULL AND {policy.known_sql(by)}"
    values: dict[str, Any] = {}
    if after is not None:
        where += " AND (coalesce(t.due_on, t.opened_on), t.id) > (:day, :last)"
        values = {"day": after[0], "last": after[1]}
    found = _read(
        register, by, on, f"{where} ORDER BY coalesce(t.due_on, t.opened_on), t.id LIMIT {int(limit)}", values
    )
    last = found[-1] if len(found) == limit else None
    return found, ((last.due_on or last.on).isoformat(), last.id) if last else None


def _read(register: Register, by: Staff, on: date, where: str, values: dict[str, Any]) -> tuple[Promise, ...]:
    rows = register.rows(f"{_SELECT.format(full=lists.full_sight_sql(by))} AND {where}", values)
    return tuple(_promise(register, row, on) for row in rows)


def _promise(register: Register, row: tuple[Any, ...], on: date) -> Promise:
    task, place, matter, number, full, what, unit, given_by, opened, due, done, proof = row
    due_on, done_on = (date.fromisoformat(text) if text else None for text in (due, done))
    leader = register.row("SELECT name FROM staff WHERE id=?", (given_by,))
    return Promise(
        id=task,
        place=place,
        matter=matter,
        number=number,
        sight="full" if full else "outline",
        what=what if full else "",
        unit=register.units().get(unit, "") if full else "",
        by=leader[0] if leader else "",
        on=date.fromisoformat(opened),
        due_on=due_on,
        done_on=done_on,
        proof=(proof or "") if full else "",
        late=due_on is not None and (done_on or on) > due_on,
    )
