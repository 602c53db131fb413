"""The queue at the counter: who waits, by number; who is called; the second screen without a name.

A number is given when a visitor has come. Called next is whoever has an appointment whose time has come, then the
others by their number, or by when they came where several counters give numbers, `models.reception.turns` (project
rule: an appointment is kept, and nobody else is passed over). Calling changes only the
day's queue: it tells nothing of the matter, so that a counter officer may call a sealed one.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from models import errors, intake, lists, policy, projections
from models.errors import Message
from models.reception import days, turns
from models.reception.records import Board, VisitLine

if TYPE_CHECKING:
    from models.act import Act
    from models.records import Staff
    from models.register import Register

COUNTER = frozenset({"REG", "PU", "CH", "DL"})
"""Who calls numbers, opens and closes a reception; beside them whoever receives, going out (a delegate)."""

_COLUMNS = (
    "v.id, v.reception, v.matter, m.number, m.title, m.category, v.kind, v.slot, v.turn, v.state, v.came_at,"
    " v.called_at, v.ended_at, coalesce(i.people, i.representatives), v.outcome, v.record, v.read_back, v.signed,"
    " v.unsigned, v.reason, d.state, EXISTS(SELECT 1 FROM task t WHERE t.visit=v.id AND t.removed IS NULL)"
)
_READ_BACK = Message("记录未向信访人宣读或者交其阅看", "the record was not read back to the petitioner")
_MISSING = {
    "record": Message("没有接访记录", "the reception record is missing"),
    "read_back": _READ_BACK,
    "signed": Message("信访人未签名，也未注明原因", "neither the petitioner's signature nor why there is none"),
    "outcome": Message("没有当场处理结果", "what was decided on the spot is missing"),
    "instruction": Message("没有责任单位和办理期限", "no unit and day was fixed"),
}
INSTRUCTED = frozenset({"assigned", "transferred"})
"""Outcomes on the spot for which a unit and a day are fixed there and then (domain reference, section 13)."""


def lines(register: Register, by: Staff, where: str, values: tuple[Any, ...]) -> tuple[VisitLine, ...]:
    """Return visits that a person may know of, in the order of their numbers; appointments not come yet last.

    Args:
        register: The open register.
        by: The viewer.
        where: SQL of ours over the visit `v`.
        values: What it binds.
    """
    rows = register.rows(
        f"SELECT {_COLUMNS}, {lists.full_sight_sql(by)} FROM reception_visit v CROSS JOIN matter m ON m.id=v.matter"
        " LEFT JOIN item i ON i.id=v.item LEFT JOIN document d ON d.id=v.record"
        f" WHERE v.removed IS NULL AND {policy.known_sql(by)} AND ({where})"
        " ORDER BY v.turn IS NULL, v.turn, v.slot IS NULL, v.slot, v.id",
        values,
    )
    return tuple(_line(row) for row in rows)


def line(register: Register, by: Staff, visit: int) -> VisitLine:
    """Return one visit.

    Raises:
        InputError: There is none, or the person may not know of its matter (the two answers are the same).
    """
    found = lines(register, by, "v.id=?", (visit,))
    if not found:
        raise errors.InputError("visit", f"没有这件接访登记：{visit}。", f"There is no such visit: {visit}.")
    return found[0]


def _line(row: tuple[Any, ...]) -> VisitLine:
    (visit, reception, matter, number, title, category, kind, slot, turn, state, came, called, ended, people, outcome,
     record, read_back, signed, unsigned, reason, paper, instructed, full) = row  # fmt: skip
    missing: list[str] = []
    if state == "received":
        missing += ["record"] if record is None or paper == "spoiled" else []
        missing += ["read_back"] if not read_back else []
        missing += ["signed"] if not (signed or unsigned) else []
        missing += ["outcome"] if not outcome else []
        missing += ["instruction"] if outcome in INSTRUCTED and not instructed else []
    return VisitLine(
        id=visit,
        reception=reception,
        matter=matter,
        number=number,
        title=(title or "") if full else "",
        sight="full" if full else "outline",
        category=(category or "") if full else "",
        kind=kind,
        slot=slot or "",
        turn=turn,
        state=state,
        came_at=came or "",
        called_at=called or "",
        ended_at=ended or "",
        people=people if full else None,
        outcome=(outcome or "") if full else "",
        record=record if full else None,
        signed=bool(signed),
        unsigned=(unsigned or "") if full else "",
        reason=(reason or "") if full else "",
        missing=tuple((code, _MISSING[code]) for code in missing),
    )


def order(found: tuple[VisitLine, ...], clock: str) -> tuple[VisitLine, ...]:
    """Return those who wait in the order in which they are called at a local time HH:MM."""
    waiting = [visit for visit in found if visit.state == "waiting"]
    mixed = turns.are_mixed(visit.turn for visit in waiting if visit.turn)
    return tuple(sorted(waiting, key=lambda one: _place(one.slot, one.turn or 0, one.came_at, clock, mixed=mixed)))


def _place(slot: str, turn: int, came_at: str, clock: str, *, mixed: bool) -> tuple[int, str, int]:
    """Return what those who wait are called by."""
    return (0, slot, turn) if slot and slot <= clock else (1, came_at if mixed else "", turn)


def board(register: Register, by: Staff, reception: int, *, now: datetime) -> Board:
    """Return the second screen of a day: every number, since numbers tell nothing of a matter or a person."""
    policy.require_role(by, policy.WORKING_ROLES, "打开叫号屏", "open the board")
    row = days.row_of(register, reception)
    found = register.rows(
        "SELECT turn, state, slot, called_at, came_at FROM reception_visit WHERE reception=? AND removed IS NULL"
        " AND state IN ('waiting', 'called') ORDER BY turn",
        (reception,),
    )
    clock = local_time(now)
    called = [(turn, since) for turn, state, _slot, since, _came in found if state == "called"]
    waiting = [(slot or "", turn, came or "") for turn, state, slot, _since, came in found if state == "waiting"]
    mixed = turns.are_mixed(turn for _slot, turn, _came in waiting)
    waiting.sort(key=lambda one: _place(one[0], one[1], one[2], clock, mixed=mixed))
    return Board(
        reception=reception,
        on=date.fromisoformat(row["on_date"]),
        state=row["state"],
        now=called[0][0] if called else None,
        now_since=(called[0][1] or "") if called else "",
        waiting=tuple(turn for _slot, turn, _came in waiting),
        counters=turns.counters(register.connection, reception),
    )


def call_next(register: Register, reception: int, *, by: Staff, at: datetime) -> VisitLine:
    """Call the next who waits; returns the visit.

    Raises:
        RuleError: The day is not open, somebody is called already, or nobody waits.
    """
    row = days.row_of(register, reception)
    _require_counter(row, by)
    days.require_state(row, "open")
    waiting = order(lines(register, by, "v.reception=? AND v.state='waiting'", (reception,)), local_time(at))
    if not waiting:
        raise errors.RuleError("没有人候访。", "Nobody is waiting.")
    return call(register, waiting[0].id, by=by, at=at)


def call(register: Register, visit: int, *, by: Staff, at: datetime) -> VisitLine:
    """Call one who waits, also out of turn; who receives becomes a named reader of a sealed matter.

    Raises:
        InputError: No such visit.
        RuleError: The day is not open, they do not wait, somebody is called already, or who receives must not.
    """
    found = line(register, by, visit)
    row = days.row_of(register, found.reception)
    _require_counter(row, by)
    days.require_state(row, "open")
    _require_visit(found, "waiting", "候访", "waiting")
    busy = register.row(
        "SELECT turn FROM reception_visit WHERE reception=? AND state='called' AND removed IS NULL", (found.reception,)
    )
    if busy:
        raise errors.RuleError(
            f"{busy[0]} 号正在接访：请先完成接访、登记离开或者退回候访，再叫下一号。",
            f"Number {busy[0]} is being received: finish, note that they left, or put them back before the next call.",
        )
    _require_host(register, found, days.host_of(row))
    with register.act("call_visit", by=by, at=at, matter=found.matter) as act:
        act.set("reception_visit", visit, state="called", called_at=local_time(at))
        let_read(act, found.matter, days.host_of(row))
    return line(register, by, visit)


def put_back(register: Register, visit: int, *, by: Staff, at: datetime) -> None:
    """Put one who was called and did not come back among those who wait, with the same number.

    Raises:
        InputError: No such visit.
        RuleError: They are not called.
    """
    found = line(register, by, visit)
    _require_counter(days.row_of(register, found.reception), by)
    _require_visit(found, "called", "已叫号", "called")
    with register.act("put_back_visit", by=by, at=at, matter=found.matter) as act:
        act.set("reception_visit", visit, state="waiting", called_at=None)


def let_read(act: Act, matter: int, host: int) -> None:
    """Make who receives a named reader of a sealed matter: the petitioner has come to tell them of it."""
    sealed = act.connection.execute("SELECT sealed FROM matter WHERE id=?", (matter,)).fetchone()
    staff = act.register.staff().get(host)
    if sealed and sealed[0] and staff is not None and host not in projections.barred(act.connection, matter):
        intake.add_reader(act, matter, staff, "接访")


def local_time(at: datetime) -> str:
    """Return the local time of an instant as HH:MM."""
    return at.astimezone().strftime("%H:%M")


def _require_visit(found: VisitLine, state: str, zh: str, en: str) -> None:
    if found.state != state:
        raise errors.RuleError(
            f"{found.turn or ''} 号不在“{zh}”状态，不能这样办理。", f"Number {found.turn or ''} is not {en}."
        )


def _require_host(register: Register, found: VisitLine, host: int) -> None:
    if found.sight == "full":
        days.require_not_barred(register, found.matter, host)
    elif host in projections.barred(register.connection, found.matter):  # whom it accuses is not told to an outline
        raise errors.NotAllowedError(
            f"{found.turn or ''} 号须由信访部门负责人安排（{days.BARRED[0]}）。",
            f"Number {found.turn or ''} is arranged by the head of the petition unit ({days.BARRED[1]}).",
        )


def _require_counter(row: dict[str, Any], by: Staff) -> None:
    if by.id != days.host_of(row):
        policy.require_role(by, COUNTER, "叫号", "call numbers")
