"""The index made while the register is in use: after a first download, newest matters first, a portion at a time.

`meta` holds under `search.below` the place below which nothing has been put in yet. Acts keep what lies above up to
date as always and leave what lies below to the background, which takes each matter as it then stands.
"""

from __future__ import annotations

from models.search.document import Connection, documents_of
from models.search.index import clear, put

_BELOW = "search.below"
_ALL = 1 << 62
"""Above every place: nothing is in the index."""


def unindexed_below(connection: Connection) -> int:
    """Return the place below which matters are not in the index yet; 0 when all are."""
    found = connection.execute("SELECT value FROM meta WHERE name=?", (_BELOW,)).fetchone()
    return int(found[0]) if found else 0


def begin_background(connection: Connection) -> None:
    """Empty the index and leave it to the background; part of the caller's transaction."""
    clear(connection)
    connection.execute("INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)", (_BELOW, _ALL))


def end_background(connection: Connection) -> None:
    """Say that all matters are in the index."""
    connection.execute("DELETE FROM meta WHERE name=?", (_BELOW,))


def index_portion(connection: Connection, matters: int = 200) -> bool:
    """Put in the newest matters that are not in; returns whether any may be left. Part of the caller's transaction."""
    below = unindexed_below(connection)
    if not below:
        return False
    found = connection.execute(
        "SELECT place, id FROM matter WHERE place<? ORDER BY place DESC LIMIT ?", (below, matters)
    ).fetchall()
    documents = documents_of(connection, [matter for _, matter in found])
    for place, matter in reversed(found):  # rising: FTS5 gathers rising rowids in one segment
        put(connection, place, documents[matter])
    if len(found) < matters:
        end_background(connection)
        return False
    connection.execute("UPDATE meta SET value=? WHERE name=?", (found[-1][0], _BELOW))
    return True


def background_left(connection: Connection) -> tuple[int, int] | None:
    """Return how many matters are in the index and how many there are; None when all are in."""
    below = unindexed_below(connection)
    if not below:
        return None
    sql = "SELECT count(*) FILTER (WHERE place<?), count(*) FROM matter"
    left, total = connection.execute(sql, (below,)).fetchone()
    return total - left, total
