"""Lists of matters for one viewer: pages by keyset in any order, exact counts, the duties of the day.

Every statement carries the policy's condition. A sealed matter shows its outline only to those who are no readers:
title and names come out empty, whatever column the list is ordered by. An order by content would tell the content, so
outlines come behind all others there; a filter by content leaves them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from models import errors, policy, roads
from models.records import DutyGroup, DutyLine, Filters, MatterLine, Page, Staff, SyncState, Today

if TYPE_CHECKING:
    from models.register import Register

PAGE = 200
ORDERS: Mapping[str, tuple[str, bool]] = {
    "received": ("place", True),
    "number": ("number", True),
    "title": ("title", False),
    "who": ("who", False),
    "state": ("state", False),
    "category": ("category", False),
    "channel": ("channel", False),
    "unit": ("unit", False),
    "handler": ("handler", False),
    "due": ("due_on", False),
}
"""Orders of the register: column, and whether the newest or highest comes first. Equal values keep the register's own
order, in the same direction. What has no value for an order comes behind all that has one, the newest first.
"""

_CONTENT_ORDERS = frozenset({"title", "who", "category", "channel", "handler"})
_WITHOUT_VALUE = frozenset({"category", "handler", "due"})
_COLUMNS = (
    "m.id, m.number, m.title, m.who, m.state, m.category, m.channel, m.received_on, m.unit, m.handler, m.due_clock,"
    " m.due_on, m.place"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL condition with its bound values."""

    sql: str
    values: tuple[Any, ...] = ()


def conditions(filters: Filters, today: date) -> Condition:
    """Return the condition of a set of filters on `matter m`."""
    parts: list[str] = []
    values: list[Any] = []
    for column, choices in (("state", filters.states), ("category", filters.categories), ("channel", filters.channels)):
        if choices:
            parts.append(f"m.{column} IN ({','.join('?' * len(choices))})")
            values += choices
    for column, choice in (("unit", filters.unit), ("handler", filters.handler)):
        if choice is not None:
            parts.append(f"m.{column}=?")
            values.append(choice)
    epoch = date(1970, 1, 1).toordinal()
    if filters.received_from:
        parts.append("m.place >= ?")
        values.append((filters.received_from.toordinal() - epoch) << 20)
    if filters.received_to:
        parts.append("m.place < ?")
        values.append((filters.received_to.toordinal() - epoch + 1) << 20)
    if filters.late:
        parts.append("m.due_on < ?")
        values.append(today.isoformat())
        parts.append("m.due_on IS NOT NULL")  # says the same again, in the words of the index's own condition
    if roads.is_open(filters):
        parts.append("m.state <> 'S13'")
    return Condition(" AND ".join(parts), tuple(values))


def tells_content(filters: Filters) -> bool:
    """Return whether a filter asks for what an outline does not show: its hits are then those seen in full only."""
    return bool(filters.categories or filters.channels or filters.handler is not None)


def known(register: Register, staff: Staff) -> str:
    """Return the policy's condition for lists, left out when nobody has barred this person from anything."""
    barred = register.row("SELECT 1 FROM bar WHERE staff=? LIMIT 1", (staff.id,))
    return policy.known_sql(staff) if barred else "1"


def full_sight_sql(staff: Staff) -> str:
    """Return the SQL value that is 1 where the person sees the matter in full (the bar is asked by the list itself)."""
    if not staff.roles & policy.WORKING_ROLES:
        return "0"
    return f"(m.sealed IS NOT 1 OR {policy.reader_sql(staff)})"


def page(
    register: Register,
    staff: Staff,
    filters: Filters,
    *,
    after: tuple[Any, int] | None = None,
    limit: int = PAGE,
    order: str = "received",
    descending: bool | None = None,
    today: date,
) -> Page:
    """Return one page of the register.

    Args:
        register: The open register.
        staff: The viewer.
        filters: What to leave out.
        after: `Page.after` of the page before; None for the first.
        limit: Lines at most.
        order: A name in `ORDERS`.
        descending: Direction; the order's own by default.
        today: The day that "late" is measured from.

    Raises:
        InputError: There is no such order.
    """
    if order not in ORDERS:
        raise errors.InputError(
            "order",
            f"不能按“{order}”排序。可用：{'、'.join(ORDERS)}。",
            f"There is no order “{order}”; use one of {', '.join(ORDERS)}.",
        )
    column, downwards = ORDERS[order]
    down = downwards if descending is None else descending
    condition = conditions(filters, today)
    where = [known(register, staff), *([condition.sql] if condition.sql else [])]
    if tells_content(filters):
        where.append(full_sight_sql(staff))
    ahead, behind = _halves(order, column, staff)
    found: list[tuple[Any, ...]] = []
    if after is None or after[0] is not None:
        way, than = ("DESC", "<") if down else ("ASC", ">")
        by, key = (f"m.place {way}", "m.place") if column == "place" else (f"m.{column} {way}, m.place {way}", "")
        parts, values = [*where, *ahead], list(condition.values)
        if after:
            parts.append(f"{key or f'(m.{column}, m.place)'} {than} {'?' if key else '(?, ?)'}")
            values += after[1:] if key else after
        index = roads.road(register, filters, column, condition.sql, condition.values)
        found = _lines_by(register, staff, f"m.{column}", index, parts, by, values, limit)
    if behind and len(found) < limit and not (order == "due" and filters.late):
        parts, values = [*where, behind], list(condition.values)
        if after and after[0] is None:
            parts.append("m.place < ?")
            values.append(after[1])
        index = roads.road(register, filters, "place", condition.sql, condition.values)
        found += _lines_by(register, staff, "NULL", index, parts, "m.place DESC", values, limit - len(found))
    last = (found[-1][-1], found[-1][12]) if len(found) == limit else None
    return Page(lines=tuple(lines_of(register, found)), after=last)


def _halves(order: str, column: str, staff: Staff) -> tuple[list[str], str]:
    """Return the conditions of what has a value for an order, and the one of what has none ('' when all have one).

    An outline has no value for an order by content: its place among the others would tell it.
    """
    ahead, behind = [], []
    if order in _WITHOUT_VALUE:
        ahead.append(f"m.{column} IS NOT NULL")
        behind.append(f"m.{column} IS NULL")
    if order in _CONTENT_ORDERS:
        ahead.append(full_sight_sql(staff))
        behind.append(f"NOT {full_sight_sql(staff)}")
    return ahead, f"({' OR '.join(behind)})" if behind else ""


def _lines_by(
    register: Register, staff: Staff, value: str, index: str, where: list[str], by: str, values: list[Any], limit: int
) -> list[tuple[Any, ...]]:
    if "0" in where:  # a condition that never holds leaves no way by the index that was chosen
        return []
    source = f"matter m INDEXED BY {index}" if index else "matter m"
    picked = (
        f"SELECT m.id AS id, {value} AS v FROM {source} WHERE {' AND '.join(where)} ORDER BY {by} LIMIT {int(limit)}"
    )
    # Only what the page shows is read whole: the places in the order are found by the index alone.
    return register.rows(
        f"SELECT {_COLUMNS}, {full_sight_sql(staff)}, p.v FROM ({picked}) p CROSS JOIN matter m ON m.id=p.id"
        f" ORDER BY {by.replace(value, 'p.v')}",
        tuple(values),
    )


def lines_of(register: Register, rows: list[tuple[Any, ...]]) -> list[MatterLine]:
    """Return the list lines of rows of `_COLUMNS` and the sight."""
    units, handlers = register.units(), {staff.id: staff.name for staff in register.staff().values()}
    day = date.fromisoformat
    lines = []
    for row in rows:
        full = bool(row[13])
        due = row[11]
        lines.append(
            MatterLine(
                id=row[0],
                number=row[1],
                title=row[2] if full else "",
                who=row[3] if full else "",
                state=row[4],
                category=(row[5] or "") if full else "",
                channel=row[6] if full else "",
                received_on=day(row[7]),
                unit=units.get(row[8], ""),
                handler=handlers.get(row[9], "") if full else "",
                next_clock=row[10] or "",
                due_on=day(due) if due else None,
                sight="full" if full else "outline",
                place=row[12],
            )
        )
    return lines


def lines_at(register: Register, staff: Staff, places: list[int]) -> tuple[MatterLine, ...]:
    """Return the lines at these places, in their order; places that the viewer may not know of are left out."""
    if not places:
        return ()
    found = register.rows(
        f"SELECT {_COLUMNS}, {full_sight_sql(staff)} FROM matter m WHERE m.place IN ({','.join('?' * len(places))}) AND"
        f" {known(register, staff)}",
        tuple(places),
    )
    by_place = {line.place: line for line in lines_of(register, found)}
    return tuple(by_place[place] for place in places if place in by_place)


def count(register: Register, staff: Staff, filters: Filters, today: date) -> int:
    """Return the exact number of matters under a set of filters that the viewer may know of."""
    if filters == Filters():
        # The digests count every row as it is made: the whole register is counted without being read.
        found = register.row(
            "SELECT coalesce(sum(rows), 0) - (SELECT count(*) FROM bar WHERE staff=?) FROM digest"
            " WHERE table_name='matter'",
            (staff.id,),
        )
        return int(found[0]) if found else 0
    condition = conditions(filters, today)
    content = [full_sight_sql(staff)] if tells_content(filters) else []
    if "0" in content:
        return 0
    where = " AND ".join([known(register, staff), *([condition.sql] if condition.sql else []), *content])
    index = "matter_due_on" if filters.late else "matter_open" if roads.is_open(filters) else ""
    source = f"matter m INDEXED BY {index}" if index else "matter m"
    found = register.row(f"SELECT count(*) FROM {source} WHERE {where}", condition.values)
    return int(found[0]) if found else 0


def overview(register: Register, staff: Staff, on: date, light: SyncState, *, lines: int = 50) -> Today:
    """Return the duties of the day, grouped and in the order of their last lawful day.

    Args:
        register: The open register.
        staff: The viewer.
        on: The day.
        light: The sync light.
        lines: Lines at most per group; the group's `total` is exact.
    """
    week = on + timedelta(days=7)
    groups = (
        ("late", "d.last_on < ?", (on.isoformat(),)),
        ("today", "d.last_on = ?", (on.isoformat(),)),
        ("week", "d.last_on > ? AND d.last_on <= ?", (on.isoformat(), week.isoformat())),
        ("later", "d.last_on > ?", (week.isoformat(),)),
        ("unknown", "d.last_on IS NULL", ()),
    )
    may = known(register, staff)
    found = tuple(_group(register, staff, name, sql, values, on, lines, may) for name, sql, values in groups)
    meta = dict(register.rows("SELECT name, value FROM meta"))
    numbers = [
        _less_barred(
            register,
            staff,
            f"SELECT count(*) FROM matter m WHERE {states}",
            f"SELECT count(*) FROM bar b CROSS JOIN matter m ON m.id=b.matter WHERE b.staff=? AND {states}",
        )
        for states in (f"m.state IN {_OPEN_STATES}", "m.state='S1'")
    ]
    drafts = register.row("SELECT count(*) FROM draft WHERE author=? AND kind='item'", (staff.id,)) or (0,)
    backup_at = meta.get("backup.at")
    return Today(
        on=on,
        groups=tuple(group for group in found if group.total),
        open_matters=numbers[0],
        unscreened=numbers[1],
        unsent=light.unsent,
        last_receipt_at=light.last_receipt_at,
        last_backup_at=datetime.fromisoformat(backup_at) if backup_at else None,
        drafts=drafts[0],
    )


_OPEN_STATES = (
    "('S0','S1','S2','S3a','S3b','S3c','S3d','S3e','S3f','S4','S5','S5h','S5x','S6','S7','S8','S9','S10','S11','S12',"
    "'S14','S15')"
)


def _less_barred(register: Register, staff: Staff, whole: str, barred: str, values: tuple[Any, ...] = ()) -> int:
    """Count by an index alone, less the few that the viewer may not know of: the cost does not grow with the bars."""
    found = register.row(f"SELECT ({whole}) - ({barred})", (*values, staff.id, *values))
    return int(found[0]) if found else 0


def _group(
    register: Register, staff: Staff, name: Any, sql: str, values: tuple[Any, ...], on: date, limit: int, may: str
) -> DutyGroup:
    total = _less_barred(
        register,
        staff,
        f"SELECT count(*) FROM duty d WHERE {sql}",
        f"SELECT count(*) FROM bar b CROSS JOIN duty d ON d.matter=b.matter WHERE b.staff=? AND {sql}",
        values,
    )
    if not total:
        return DutyGroup(name=name, total=0, lines=())
    rows = register.rows(
        f"SELECT m.id, m.number, m.title, d.clock, m.unit, d.target_on, d.last_on, {full_sight_sql(staff)}"
        f" FROM duty d CROSS JOIN matter m ON m.id=d.matter WHERE {sql} AND {may}"
        f" ORDER BY d.last_on, d.matter LIMIT {int(limit)}",
        values,
    )
    return DutyGroup(name=name, total=total, lines=tuple(_duty(register, row, on) for row in rows))


def _duty(register: Register, row: tuple[Any, ...], on: date) -> DutyLine:
    matter, number, title, clock, unit, target, last, full = row
    last_on = date.fromisoformat(last) if last else None
    return DutyLine(
        matter=matter,
        number=number,
        title=title if full else "",
        clock=clock,
        act="",
        unit=register.units().get(unit, ""),
        target_on=date.fromisoformat(target) if target else on,
        last_on=last_on,
        days_left=(last_on - on).days if last_on else None,
        sight="full" if full else "outline",
    )
