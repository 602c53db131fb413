"""How the verb on reception days tells a day, a visit, a brief, an instruction: as lines, and as data for scripts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from app.common import choose
from models import clocks, codes, errors
from models.reception.records import Brief, Docket, Promise, ReceptionDay, VisitLine


def day_data(one: ReceptionDay) -> dict[str, Any]:
    """Return a reception day for scripts: leaders by name."""
    return {
        **asdict(one),
        "leader": one.leader.name,
        "host": one.host.name,
        "substitute": one.substitute.name if one.substitute else None,
    }


def day_text(one: ReceptionDay) -> str:
    """Return a reception day in a line."""
    host = f"{one.leader.name}→{one.host.name}" if one.substitute else one.host.name
    late = choose("  公示逾期", "  notice late") if one.notice_late else ""
    return (
        f"{one.id}  {one.on}  {one.begin}—{one.end}  {host}  {_word('reception', one.form)}  {one.place}"
        f"  {_word('reception_state', one.state)}{late}"
    )


def docket_data(docket: Docket) -> dict[str, Any]:
    """Return a docket for scripts."""
    return {**asdict(docket), "day": day_data(docket.day)}


def docket_text(docket: Docket) -> str:
    """Return a docket in lines: the day, its visits, what was instructed, what keeps it open, its seal."""
    told = [day_text(docket.day), *map(visit_text, docket.lines), *map(promise_text, docket.promises)]
    told += [str(point) for point in docket.open_points]
    if docket.sealed:
        told.append(choose(f"封存校验值 {docket.sealed}", f"seal {docket.sealed}"))
    if docket.changed:
        turns = " ".join(map(str, docket.changed))
        told.append(choose(f"封存后有变动：{turns} 号", f"changed since the seal: {turns}"))
    return "\n".join(told)


def visit_text(line: VisitLine) -> str:
    """Return a visit in a line, by its number in the queue."""
    state, outcome = _word("visit_state", line.state), _word("on_the_spot", line.outcome) if line.outcome else ""
    parts = (str(line.turn or "-"), line.number, line.title, line.slot, state, outcome, line.reason)
    return "  ".join(part for part in parts if part)


def promise_text(one: Promise) -> str:
    """Return an instruction in a line."""
    late = choose("已超期", "late") if one.late else ""
    done = choose(f"已落实 {one.done_on}", f"done {one.done_on}") if one.done_on else ""
    parts = (one.number, str(one.place), one.by, one.unit, one.what, str(one.due_on or ""), done, late, one.proof)
    return "  ".join(part for part in parts if part)


def brief_data(one: Brief) -> dict[str, Any]:
    """Return a brief for scripts: each clock with its last day and derivation."""
    running = [
        {
            "clock": each.clock,
            "name": each.name,
            "status": each.state.status,
            "start_on": each.state.start_on,
            "last_on": each.state.due.last_on if each.state.due else None,
            "derivation": each.derivation,
        }
        for each in one.clocks
    ]
    told = {name: getattr(one, name) for name in one.__slots__ if name not in ("clocks", "day")}
    return {**told, "day": one.day.on, "clocks": running}


def brief_text(one: Brief) -> str:
    """Return a brief in lines."""
    told = [visit_text(one.visit), "、".join(one.people), one.statement]
    told += [f"{claim.place}. {claim.request}" for claim in one.claims]
    for each in one.clocks:
        if each.state.due:
            told += clocks.explain(each.state.due, errors.spoken())
    return "\n".join([*told, *map(promise_text, one.promises)])


def _word(table: str, code: str) -> str:
    return codes.word(table, code, errors.spoken())
