"""Lists of matters over the counties: by county, state and unit, by exact number, by words of the title.

The newest received comes first. A list over all counties takes the next lines of each county and merges them, since
every index leads with the county. Sealed matters stand in lists with their outline; a search by title leaves them out,
because a hit would tell what they say. There is no search by person.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from models import clocks, errors
from sync.hub import storage
from sync.hub.figures import HubRows
from sync.hub.hub import Hub
from sync.hub.web.rows import counties
from sync.hub.web.rows.law import Clocks, owed

PAGE = 50
_WORDS = 5
_SHORTEST = 2
"""Characters of a word of a title, at least: one alone is in every second title."""
Place = tuple[str, str, int]
"""Where a page ended: day of receipt, county and row of its last line."""
_COLUMNS = ("id", "number", "title", "received_on", "rules", "state", "unit", "sealed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list is narrowed to; '' for everything.

    Attributes:
        county: Code of a county.
        state: Code of the table state; `open` for all but S13.
        unit: Row of a unit of that county; 0 for all.
        text: A number of a matter or item, or words of the title.
    """

    county: str = ""
    state: str = ""
    unit: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A matter in a list.

    Attributes:
        title: Empty of a sealed one.
        clock, due_on: The open duty of the bureau with the nearest last day, and that day; '' and None for none.
    """

    county: str
    county_name: str
    id: int
    number: str
    title: str
    sealed: bool
    received_on: date
    rules: str
    state: str
    unit: str
    clock: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some matters; `after` goes on, None at the end."""

    lines: tuple[Line, ...]
    after: Place | None


def page(hub: Hub, wanted: Wanted, *, on: date, after: Place | None = None, limit: int = PAGE) -> Page:
    """Return one page of matters, the newest received first.

    Args:
        hub: The hub.
        wanted: What to narrow it to.
        on: The day as of which clocks stand.
        after: `Page.after` of the page before.
        limit: Lines at most.

    Raises:
        InputError: The county is not enrolled, or a word of the title is too short.
    """
    names = counties.names(hub)
    if wanted.county and wanted.county not in names:
        raise counties.unknown(wanted.county)
    if wanted.unit and not wanted.county:
        wanted = replace(wanted, unit=0)
    some = [wanted.county] if wanted.county else list(names)
    with hub.reading() as connection:
        found = [_rows(connection, county, wanted, after, limit + 1) for county in some]
        merged = heapq.merge(*found, key=lambda row: (_backwards(row["received_on"]), row["county"], -row["id"]))
        rows = [row for row, _ in zip(merged, range(limit + 1), strict=False)]
        lines = _lines(connection, rows[:limit], names, on)
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(lines=lines, after=(last["received_on"], last["county"], last["id"]) if last else None)


def units(hub: Hub, county: str) -> dict[int, str]:
    """Return the units of a county that are in use, by their rows, in the order of their names."""
    with hub.reading() as connection:
        found = HubRows(connection, county).every("unit", ("id", "name", "closed"))
        return {row: name for row, name, closed in sorted(found, key=lambda one: str(one[1])) if not closed}


def words_of(text: str) -> list[str]:
    """Return the words of a search in titles.

    Raises:
        InputError: There are too many, or one of them is too short.
    """
    words = text.split()
    if len(words) > _WORDS or any(len(word) < _SHORTEST for word in words):
        raise errors.InputError(
            "text",
            f"请填写完整的事项编号或者信访件编号；按标题查，至多 {_WORDS} 个词，每个词至少 {_SHORTEST} 个字。",
            f"Give the whole number of a matter or item; or words of the title, {_WORDS} at most, each of"
            f" {_SHORTEST} characters at least.",
        )
    return words


def _rows(
    connection: sa.Connection, county: str, wanted: Wanted, after: Place | None, limit: int
) -> list[dict[str, Any]]:
    t = storage.ROWS["matter"]
    where = [t.c.county == county, t.c.born.is_not(None)]
    if wanted.state == "open":
        where.append(t.c.state != "S13")
    elif wanted.state:
        where.append(t.c.state == wanted.state)
    if wanted.unit:
        where.append(t.c.unit == wanted.unit)
    if after is not None:
        day, code, row = after
        later = t.c.received_on < day
        if county == code:
            later |= (t.c.received_on == day) & (t.c.id < row)
        elif county > code:
            later |= t.c.received_on == day
        where.append(later)
    if wanted.text:
        where.append(_named(connection, county, wanted.text))
    query = sa.select(t.c.county, *(t.c[name] for name in _COLUMNS)).where(*where)
    found = connection.execute(query.order_by(t.c.received_on.desc(), t.c.id.desc()).limit(limit))
    return [dict(row) for row in found.mappings()]


def _named(connection: sa.Connection, county: str, text: str) -> sa.ColumnElement[bool]:
    """Return the condition for a number of a matter, else of an item; or for words of the title."""
    t, i = storage.ROWS["matter"], storage.ROWS["item"]
    if _looks_like_a_number(text):
        of_matter = sa.select(t.c.id).where(t.c.county == county, t.c.number == text)
        of_item = sa.select(i.c.matter).where(i.c.county == county, i.c.number == text, i.c.born.is_not(None))
        ids = {row[0] for row in connection.execute(of_matter)} or {row[0] for row in connection.execute(of_item)}
        if ids:
            return t.c.id.in_(sorted(ids))
    words = (t.c.title.contains(word, autoescape=True) for word in words_of(text))
    return sa.and_(sa.func.coalesce(t.c.sealed, 0) == 0, *words)


def _looks_like_a_number(text: str) -> bool:
    """Return whether a text may be a number, ours or of a system that a county came from."""
    return any(mark.isdigit() for mark in text) and " " not in text


def _lines(
    connection: sa.Connection, rows: Sequence[dict[str, Any]], names: dict[str, str], on: date
) -> tuple[Line, ...]:
    made: dict[tuple[str, int], Line] = {}
    for county in dict.fromkeys(row["county"] for row in rows):
        some = [row for row in rows if row["county"] == county]
        for line in lines_of(connection, county, names[county], some, on):
            made[county, line.id] = line
    return tuple(made[row["county"], row["id"]] for row in rows)


def lines_of(
    connection: sa.Connection, county: str, name: str, rows: Sequence[dict[str, Any]], on: date
) -> Iterable[Line]:
    """Yield the lines of some matters of one county, each with its nearest open duty."""
    own = HubRows(connection, county)
    units = dict(own.by_ids("unit", "id", {row["unit"] for row in rows if row["unit"]}, ("id", "name")))
    law = Clocks(own)
    states = law.states(rows, on)
    for row in rows:
        duty = nearest(law, row, states.get(row["id"], ()))
        sealed = bool(row["sealed"])
        yield Line(
            county=county,
            county_name=name,
            id=row["id"],
            number=row["number"] or "",
            title="" if sealed else row["title"] or "",
            sealed=sealed,
            received_on=date.fromisoformat(row["received_on"]),
            rules=row["rules"],
            state=row["state"],
            unit=units.get(row["unit"], ""),
            clock=duty.clock if duty else "",
            due_on=duty.due.last_on if duty and duty.due else None,
        )


def nearest(law: Clocks, row: dict[str, Any], states: Iterable[clocks.ClockState]) -> clocks.ClockState | None:
    """Return the open duty of the bureau with the nearest last day, or None."""
    return next((state for state in states if owed(state, law.rules(row))), None)


def _backwards(day: str) -> int:
    return -date.fromisoformat(day).toordinal()
