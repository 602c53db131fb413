"""What is worked out from the journalled rows inside the act's own transaction, and can be made again at any time.

- `place`: the register's order; `who`, `channel`, `due_on`, `due_clock`: the list columns of a matter.
- `duty`: open clocks with their last lawful day, made by the clock engine from the matter's events; never a running
  total.
- `bar`: who may not know of the matter (accused, of an accused unit, recused).
- the search index: on disk for open matters; for sealed ones only the number (models.search).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache

import sqlcipher3.dbapi2 as driver

from models import clocks, errors, search
from models.schema import PLACE_BITS

EPOCH_DAY = date(1970, 1, 1).toordinal()
_PLACE_MASK = (1 << PLACE_BITS) - 1


def places_of(received_on: str) -> tuple[int, int]:
    """Return the first and last place of a day (ISO date)."""
    low = (date.fromisoformat(received_on).toordinal() - EPOCH_DAY) << PLACE_BITS
    return low, low | _PLACE_MASK


def next_place(connection: driver.Connection, received_on: str) -> int:
    """Return the next free place on a day (ISO date)."""
    low, high = places_of(received_on)
    found = connection.execute("SELECT max(place) FROM matter WHERE place BETWEEN ? AND ?", (low, high)).fetchone()[0]
    return low if found is None else int(found) + 1


def events_of(connection: driver.Connection, matter: int) -> list[clocks.Event]:
    """Return the dated facts of a matter, in the order of their day."""
    found = connection.execute(
        "SELECT kind, on_date, days, until, id, item FROM event WHERE matter=? AND withdrawn IS NULL"
        " ORDER BY on_date, id",
        (matter,),
    ).fetchall()
    return [
        clocks.Event(kind, date.fromisoformat(on), days, date.fromisoformat(until) if until else None, row, item)
        for kind, on, days, until, row, item in found
    ]


@cache
def rules_of(rules: str, received_on: str, book: clocks.RuleBook | None = None) -> clocks.RuleSet:
    """Return the rule set that a matter keeps: the one named on it, as it stood on the day of receipt (ISO date).

    Args:
        rules: Id of the set.
        received_on: ISO date.
        book: The rules that count in the register (`Register.law`); those of the program by default.
    """
    return (book or clocks.shipped()).rule_set(rules, date.fromisoformat(received_on))


def refresh_clocks(
    connection: driver.Connection, matter: int, calendar: clocks.Calendar, book: clocks.RuleBook
) -> None:
    """Work out the open duties of a matter again and set its list columns `due_on` and `due_clock`.

    What is open follows from the matter's own rows, not from the day of looking: else the same rows would give another
    projection tomorrow.
    """
    found = connection.execute("SELECT rules, received_on FROM matter WHERE id=?", (matter,)).fetchone()
    if found is None:
        raise errors.BugError(f"没有第 {matter} 号事项。", f"There is no matter {matter}.")
    rules = rules_of(*found, book)
    events = events_of(connection, matter)
    states = (
        clocks.clock_states(rules, events, on=max(event.on for event in events), calendar=calendar) if events else []
    )
    connection.execute("DELETE FROM duty WHERE matter=?", (matter,))
    nearest: tuple[str, str] | None = None
    for state in states:
        if not state.running or state.provisional or state.whose != "bureau" or rules.clock(state.clock).kind != "duty":
            continue
        target = state.due.raw_on.isoformat() if state.due else None
        last = state.due.last_on.isoformat() if state.due else None
        connection.execute(
            "INSERT OR REPLACE INTO duty(matter, clock, item, start_on, target_on, last_on) VALUES(?,?,?,?,?,?)",
            (matter, state.clock, 0, state.start_on.isoformat(), target, last),
        )
        if nearest is None or (last or "9999") < nearest[0]:
            nearest = (last or "9999", state.clock)
    due_on = nearest[0] if nearest and nearest[0] != "9999" else None
    connection.execute(
        "UPDATE matter SET due_on=?, due_clock=? WHERE id=?", (due_on, nearest[1] if nearest else None, matter)
    )


def refresh_clocks_if_known(
    connection: driver.Connection, matter: int, calendar: clocks.Calendar, book: clocks.RuleBook
) -> None:
    """Work out the duties of a matter; none when its rules are not among those that count here.

    A sibling with a newer program may have registered by rules that this register has not accepted yet. Its matters
    are here all the same, and get their duties once the rules are (`Act.recount`).
    """
    try:
        refresh_clocks(connection, matter, calendar, book)
    except errors.RuleError:
        connection.execute("DELETE FROM duty WHERE matter=?", (matter,))
        connection.execute("UPDATE matter SET due_on=NULL, due_clock=NULL WHERE id=?", (matter,))


_WHO = """UPDATE matter SET
  who=coalesce((SELECT name FROM person WHERE person.matter=matter.id AND removed IS NULL AND name IS NOT NULL
                ORDER BY main IS NOT 1, role<>'petitioner', id LIMIT 1), ''),
  channel=coalesce((SELECT channel FROM item WHERE item.matter=matter.id AND cancelled IS NULL
                    ORDER BY id LIMIT 1), '')"""


def refresh_who(connection: driver.Connection, matter: int) -> None:
    """Set the list columns `who` (main petitioner) and `channel` (first item) of a matter."""
    connection.execute(f"{_WHO} WHERE id=?", (matter,))


_BELOW_SQL = """
WITH RECURSIVE below(top, id) AS (SELECT id, id FROM unit
  UNION SELECT below.top, unit.id FROM below JOIN unit ON unit.above=below.id)
"""
_ACCUSED_UNITS_SQL = """
SELECT below.id FROM accused a JOIN unit u ON u.id=a.unit OR (a.kind='unit' AND (u.name=a.name OR u.short=a.name))
  JOIN below ON below.top=u.id
  WHERE a.matter=?1 AND a.removed IS NULL
"""
BARRED_SQL = f"""
{_BELOW_SQL}
SELECT s.id FROM accused a JOIN staff s ON s.id=a.staff OR (a.kind='person' AND s.name=a.name)
  WHERE a.matter=?1 AND a.removed IS NULL
UNION SELECT id FROM staff WHERE unit IN ({_ACCUSED_UNITS_SQL})
UNION SELECT staff FROM recusal WHERE matter=?1 AND decision='granted' AND removed IS NULL
"""


def refresh_bar(connection: driver.Connection, matter: int) -> None:
    """Work out again who may not know of a matter."""
    connection.execute("DELETE FROM bar WHERE matter=?", (matter,))
    connection.execute(f"INSERT INTO bar(staff, matter) SELECT b.id, ?1 FROM ({BARRED_SQL}) b", (matter,))


def barred(connection: driver.Connection, matter: int) -> set[int]:
    """Return the staff who may not know of a matter, worked out from the rows as they stand in this very act."""
    return {row[0] for row in connection.execute(BARRED_SQL, (matter,)).fetchall()}


def accused_units(connection: driver.Connection, matter: int) -> set[int]:
    """Return the units that a matter accuses, with all below them."""
    return {row[0] for row in connection.execute(_BELOW_SQL + _ACCUSED_UNITS_SQL, (matter,)).fetchall()}


def accused_matters(connection: driver.Connection) -> list[int]:
    """Return the matters with an accused party: to be looked at again when staff or units change."""
    return [
        row[0] for row in connection.execute("SELECT DISTINCT matter FROM accused WHERE removed IS NULL").fetchall()
    ]


def recused_matters(connection: driver.Connection) -> list[int]:
    """Return the matters from which someone is recused."""
    return [
        row[0]
        for row in connection.execute(
            "SELECT DISTINCT matter FROM recusal WHERE decision='granted' AND removed IS NULL"
        ).fetchall()
    ]


def running_matters(connection: driver.Connection) -> list[int]:
    """Return the matters with an open duty: to be looked at again when a calendar arrives."""
    return [row[0] for row in connection.execute("SELECT DISTINCT matter FROM duty").fetchall()]


def open_matters(connection: driver.Connection) -> list[int]:
    """Return the matters that are not closed."""
    return [row[0] for row in connection.execute("SELECT id FROM matter WHERE state<>'S13'").fetchall()]


def rebuild_all(
    connection: driver.Connection,
    calendar: clocks.Calendar,
    book: clocks.RuleBook,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Make every projection of every matter again, in the order of the register, and the search index."""
    matters = refresh_all(connection, calendar, book, progress=progress)
    search.clear(connection)
    with search.bulk(connection):
        for start in range(0, len(matters), 200):
            for place, document in index_documents(connection, matters[start : start + 200]).values():
                search.put(connection, place, document)
    search.end_background(connection)


def refresh_all(
    connection: driver.Connection,
    calendar: clocks.Calendar,
    book: clocks.RuleBook,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[int]:
    """Make every projection of every matter again but the search index; returns the matters in the register's order."""
    connection.execute("DELETE FROM duty")
    connection.execute("DELETE FROM bar")
    matters = [row[0] for row in connection.execute("SELECT id FROM matter ORDER BY place").fetchall()]
    connection.execute(f"{_WHO} WHERE id IN (SELECT matter FROM person UNION SELECT matter FROM item)")
    connection.execute("UPDATE matter SET due_on=NULL, due_clock=NULL WHERE due_clock IS NOT NULL")
    accused = {*accused_matters(connection), *recused_matters(connection)}
    dated = {row[0] for row in connection.execute("SELECT DISTINCT matter FROM event").fetchall()}
    for done, matter in enumerate(matters):
        if matter in dated:  # no duty begins without a dated fact
            refresh_clocks_if_known(connection, matter, calendar, book)
        if matter in accused:
            refresh_bar(connection, matter)
        if progress and done % 1000 == 0:
            progress(done, len(matters))
    return matters


def index_documents(
    connection: driver.Connection, matters: Iterable[int]
) -> dict[int, tuple[int, search.SearchDocument]]:
    """Return place and search document of each matter that exists."""
    found: dict[int, tuple[int, search.SearchDocument]] = {}
    wanted = list(matters)
    for start in range(0, len(wanted), 200):
        some = wanted[start : start + 200]
        places = dict(
            connection.execute(
                f"SELECT id, place FROM matter WHERE id IN ({','.join('?' * len(some))})", some
            ).fetchall()
        )
        for matter, document in search.documents_of(connection, some).items():
            found[matter] = (places[matter], document)
    return found
