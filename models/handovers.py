"""The ledger of hand-overs: who had a matter, from whom, since when, until when, and how it came back.

A matter is never without a responsible unit (domain reference, section 1), and nobody passes it around: every hand-over
has its row with sender, receiver, day and ground, and the rows are never rewritten. Inside the bureau a department that
is not competent returns the matter to the petition unit with a ground; the third return goes up, and a leader
designates the unit for good (project rule to MPS-79 Arts 10, 15).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from models import sight

if TYPE_CHECKING:
    from models.act import Act
    from models.records import Staff
    from models.register import Register

LEAD = ("assign", "designate")
"""Kinds by which a unit of the bureau becomes the responsible one."""

OUTSIDE = ("transfer", "assign_out", "pass_on")
"""Kinds by which another organ gets it."""

RETURNS_AT_MOST = 3
"""From this return on, inside only a leader designates the unit, outside only the common superior (project rule)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverLine:
    """One hand-over as people read it.

    `kind` and `ended` are the codes of the table `handover`; `days` is how long the receiver had it, None while it has
    it.
    """

    id: int
    on: date
    kind: str
    sender: str
    receiver: str
    officer: str
    limit_on: date | None
    ground: str
    ended_on: date | None
    ended: str
    answer: str
    days: int | None


def ledger(register: Register, matter: int, by: Staff) -> tuple[HandoverLine, ...]:
    """Return every hand-over of a matter, oldest first; reversed ones left out.

    Raises:
        InputError, NotAllowedError: `by` does not see the matter in full.
    """
    sight.matter_for(register, matter, by)
    units, staff = register.units(), register.staff()
    lines = []
    for row in rows(register, matter):
        on, ended = date.fromisoformat(row["on_date"]), _day(row["ended_on"])
        officer = staff.get(row["officer"])
        lines.append(
            HandoverLine(
                id=row["id"],
                on=on,
                kind=row["kind"],
                sender=row["sender_name"] or units.get(row["sender"], ""),
                receiver=row["receiver_name"] or units.get(row["receiver"], ""),
                officer=officer.name if officer else "",
                limit_on=_day(row["limit_on"]),
                ground=row["ground"] or "",
                ended_on=ended,
                ended=row["ended"] or "",
                answer=row["answer"] or "",
                days=(ended - on).days if ended else None,
            )
        )
    return tuple(lines)


def rows(register: Register, matter: int) -> list[dict[str, Any]]:
    """Return the hand-overs of a matter in the order of their day, reversed ones left out."""
    return register.records("handover", "matter=? AND removed IS NULL ORDER BY on_date, born, id", (matter,))


def returns(found: Iterable[dict[str, Any]]) -> int:
    """Return how often units of the bureau gave the matter back since a leader last designated one."""
    count = 0
    for row in found:
        if row["kind"] == "designate" and row["receiver"]:
            count = 0
        elif row["kind"] in LEAD and row["ended"] == "returned":
            count += 1
    return count


def returns_outside(found: Iterable[dict[str, Any]]) -> int:
    """Return how often other organs gave the matter back since the common superior last designated one."""
    count = 0
    for row in found:
        if row["kind"] == "designate" and not row["receiver"]:
            count = 0
        elif row["kind"] in OUTSIDE and row["ended"] == "returned":
            count += 1
    return count


def returned_by(found: Iterable[dict[str, Any]]) -> set[int]:
    """Return the units of the bureau that gave the matter back."""
    return {row["receiver"] for row in found if row["kind"] in LEAD and row["ended"] == "returned"}


def designated(found: Iterable[dict[str, Any]]) -> int | None:
    """Return the unit that a leader fixed for good, or None."""
    units = [row["receiver"] for row in found if row["kind"] == "designate" and row["receiver"]]
    return units[-1] if units else None


def open_rows(found: Iterable[dict[str, Any]], *kinds: str) -> list[dict[str, Any]]:
    """Return the hand-overs of these kinds that have not ended."""
    return [row for row in found if row["kind"] in kinds and not row["ended_on"]]


def petition_unit(register: Register) -> int | None:
    """Return the bureau's petition unit, the first one that is not closed; None when it has none."""
    found = register.row("SELECT id FROM unit WHERE kind='petition' AND closed IS NOT 1 ORDER BY id LIMIT 1")
    return found[0] if found else None


def is_petition_unit(register: Register, unit: int | None) -> bool:
    """Return whether a unit is the bureau's petition unit."""
    return register.row("SELECT 1 FROM unit WHERE id=? AND kind='petition'", (unit,)) is not None


def units_below(register: Register, unit: int | None) -> set[int]:
    """Return a unit and all below it; nothing for None."""
    return {
        row[0]
        for row in register.rows(
            "WITH RECURSIVE below(id) AS (SELECT id FROM unit WHERE id=? UNION"
            " SELECT unit.id FROM below JOIN unit ON unit.above=below.id) SELECT id FROM below",
            (unit,),
        )
    }


def give(act: Act, matter: int, kind: str, *, on: date, **columns: Any) -> int:
    """Write a hand-over; returns its id. `columns`: of the table `handover`."""
    return act.insert("handover", {"matter": matter, "kind": kind, "on_date": on, **columns})


def end(act: Act, found: Iterable[dict[str, Any]], ended: str, *, on: date, answer: str = "") -> None:
    """End hand-overs: `ended` says how, `answer` is the receiver's answer or the reason."""
    for row in found:
        act.set("handover", row["id"], ended=ended, ended_on=on, **({"answer": answer} if answer else {}))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
