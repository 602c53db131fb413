"""Finding: newest first, exact, and never more than the person may see.

The index gives places in descending order, in portions that double; for each portion the register says which of them
the person may see and which pass the filters; what the index alone cannot decide is checked against the texts. The
work stops when the page is full.

Sight: `visible_sql` are matters seen in full, `known_sql` those that may be known at all (full or outline). Whatever
is neither is neither found nor counted. An outline, and a sealed matter on disk, is found by its number alone; the
content of sealed matters comes from the session's memory (`models.search.session`).

When few matters pass the filters and the words are common, going down the index would look at many hits in vain. After
`PATIENCE_HITS` of them the filters are asked first, within a budget; if they leave few matters, those are checked
one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlcipher3.dbapi2 as driver

from models.folding import is_plain
from models.search.document import ids_json, passages_of
from models.search.query import Query, is_latin, literal, outline_matches, stands_sql, terms_stand
from models.search.session import SessionIndex
from models.search.tokens import IRREGULAR, quoted

ABOVE_ALL = 1 << 62
"""Above every place."""
FIRST_PORTION = 64
LARGEST_PORTION = 4096
LARGEST_CHECK = 512
"""Candidates whose texts are read at a time."""
PATIENCE_HITS = 2000
FEW_MATTERS = 600
PROBE_STEPS = 400_000
"""Steps of the database's virtual machine that asking the filters first may take: some 5 ms."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which matters count: conditions over the alias `m` of matter, with their values."""

    filter_sql: str = ""
    filter_params: tuple[Any, ...] = ()
    visible_sql: str = "1"
    visible_params: tuple[Any, ...] = ()
    known_sql: str = ""
    """Empty: what is not visible in full is not known."""
    known_params: tuple[Any, ...] = ()

    def condition(self) -> tuple[str, tuple[Any, ...]]:
        """Return the condition that a matter may be known and passes the filters."""
        sql, params = (self.known_sql, self.known_params) if self.known_sql else (self.visible_sql, self.visible_params)
        if self.filter_sql:
            return f"({sql}) AND ({self.filter_sql})", (*params, *self.filter_params)
        return f"({sql})", params

    def content(self) -> tuple[str, tuple[Any, ...]]:
        """Return the condition that the index on disk may answer for a matter's content, beyond `condition`."""
        if self.known_sql:
            return f"(m.sealed IS NOT 1 AND ({self.visible_sql}))", self.visible_params
        return "(m.sealed IS NOT 1)", ()


def find(
    connection: driver.Connection,
    text: str | Query,
    filter_sql: str = "",
    filter_params: Sequence[Any] = (),
    visible_sql: str = "1",
    visible_params: Sequence[Any] = (),
    before: int | None = None,
    limit: int = 50,
    *,
    known_sql: str = "",
    known_params: Sequence[Any] = (),
    session: SessionIndex | None = None,
) -> list[int]:
    """Return the places of the matters that match, newest first, at most `limit`.

    Args:
        connection: The register's.
        text: As typed (all of it taken literally), or the query of `read_request`.
        filter_sql: Condition over the alias `m` of matter; empty for none.
        filter_params: Its values.
        visible_sql: Condition over `m`: seen in full.
        visible_params: Its values.
        before: Only places below this one: pass the last place of the page before.
        limit: At most so many.
        known_sql: Condition over `m`: may be known, in full or as an outline; empty when outlines are not wanted.
        known_params: Its values.
        session: Sealed documents that the person may read.
    """
    query = text if isinstance(text, Query) else literal(text)
    scope = Scope(filter_sql, tuple(filter_params), visible_sql, tuple(visible_params), known_sql, tuple(known_params))
    sealed = _sealed_hits(connection, query, scope, session, before)
    found: set[int] = set()
    if limit > 0:
        for places in _hits(connection, query, scope, before, limit, patient=False):
            found.update(places)
            if len(found) >= limit:
                break
    return sorted(found | sealed, reverse=True)[:limit]


def count(
    connection: driver.Connection,
    text: str | Query,
    filter_sql: str = "",
    filter_params: Sequence[Any] = (),
    visible_sql: str = "1",
    visible_params: Sequence[Any] = (),
    *,
    known_sql: str = "",
    known_params: Sequence[Any] = (),
    session: SessionIndex | None = None,
    at_most: int | None = None,
) -> int:
    """Return how many matters match: exactly what `find` would list, page after page.

    The arguments are those of `find`; counting stops at `at_most`, which then means "so many or more".
    """
    query = text if isinstance(text, Query) else literal(text)
    scope = Scope(filter_sql, tuple(filter_params), visible_sql, tuple(visible_params), known_sql, tuple(known_params))
    sealed = _sealed_hits(connection, query, scope, session, None)
    total, inside = len(sealed), 0
    for places in _hits(connection, query, scope, None, LARGEST_PORTION, patient=True):
        inside += len(sealed.intersection(places))
        total += len(places)
        if at_most is not None and total - inside >= at_most:
            return at_most
    return total - inside


def _hits(
    connection: driver.Connection, query: Query, scope: Scope, before: int | None, limit: int, *, patient: bool
) -> Iterator[list[int]]:
    """Yield the hits that the index on disk gives, in portions, newest portion first."""
    condition, params = scope.condition()
    if not query.terms:
        yield from _all(connection, condition, params, before, limit)
        return
    content, content_params = scope.content()
    expression, undecided = query.asked()
    top = ABOVE_ALL if before is None else before
    cursor = connection.execute(
        "SELECT rowid FROM search_text WHERE search_text MATCH ? AND rowid<? ORDER BY rowid DESC", (expression, top)
    )
    stands, stands_params = _stands(undecided)
    select = (
        f"SELECT s.place, s.matter, m.number, {content}, {stands} FROM json_each(?) j "
        f"CROSS JOIN search_short s ON s.place=j.value CROSS JOIN matter m ON m.id=s.matter WHERE {condition}"
    )
    portion = min(max(limit, 1), FIRST_PORTION)
    seen = 0
    while places := [row[0] for row in cursor.fetchmany(portion)]:
        rows = connection.execute(select, (*content_params, *stands_params, ids_json(places), *params)).fetchall()
        yield _portion_hits(connection, query, expression, undecided, rows, as_they_stand=stands != "0")
        if len(places) < portion:
            return
        seen += portion
        if not patient and PATIENCE_HITS <= seen < PATIENCE_HITS + portion:
            few = _few(connection, content, content_params, condition, params, places[-1])
            if few is not None:
                cursor.close()
                yield _checked(connection, query, query.terms, few)
                return
        portion = min(portion * 2, LARGEST_PORTION)


def _stands(undecided: Sequence[str]) -> tuple[str, list[str]]:
    """Return the SQL that checks the undecided terms in texts as they stand, and its values; '0' when it cannot."""
    if not undecided:
        return "1", []
    if not all(map(is_plain, undecided)):
        return "0", []
    conditions = [stands_sql(term) for term in undecided]
    return " AND ".join(sql for sql, _values in conditions), [value for _sql, values in conditions for value in values]


def _portion_hits(
    connection: driver.Connection,
    query: Query,
    expression: str,
    undecided: Sequence[str],
    rows: Sequence[tuple[int, int, str, int, int]],
    *,
    as_they_stand: bool,
) -> list[int]:
    """Return the places of those rows that match: (place, matter, number, content may be searched, terms stand)."""
    outlines = [row[0] for row in rows if not row[3] and outline_matches(row[2], query)]
    yes = {row[0]: row[1] for row in rows if row[3] and row[4]}
    no = {row[0]: row[1] for row in rows if row[3] and not row[4]}
    if not as_they_stand:
        return [*outlines, *_with_all(connection, undecided, no)]
    # A letter at the end of a term might be half of a letter with a mark: a yes is then sure in regular texts only.
    sure = all(not is_latin(term[-1]) for term in undecided)
    if not no and (sure or not yes):
        return [*outlines, *yes]
    asked = [*yes, *no]
    irregular = {
        row[0]
        for row in connection.execute(
            "SELECT rowid FROM search_text WHERE search_text MATCH ? AND rowid BETWEEN ? AND ?",
            (f"{quoted(IRREGULAR)} AND {expression}", min(asked), max(asked)),
        ).fetchall()
    }
    unsure = {place: matter for place, matter in {**({} if sure else yes), **no}.items() if place in irregular}
    hits = [place for place in yes if place not in unsure]
    return [*outlines, *hits, *_with_all(connection, undecided, unsure)]


def _all(
    connection: driver.Connection, condition: str, params: tuple[Any, ...], before: int | None, limit: int
) -> Iterator[list[int]]:
    """Yield all matters of the scope: what a query without terms matches."""
    cursor = connection.execute(
        f"SELECT m.place FROM matter m WHERE m.place<? AND {condition} ORDER BY m.place DESC",
        (ABOVE_ALL if before is None else before, *params),
    )
    while rows := cursor.fetchmany(max(limit, 1)):
        yield [row[0] for row in rows]


def _few(
    connection: driver.Connection,
    content: str,
    content_params: tuple[Any, ...],
    condition: str,
    params: tuple[Any, ...],
    before: int,
) -> list[tuple[int, int, str, int]] | None:
    """Return the matters of the scope below a place when they are few and quickly told; otherwise None."""
    connection.set_progress_handler(lambda: 1, PROBE_STEPS)
    try:
        rows = connection.execute(
            f"SELECT m.place, m.id, m.number, {content} FROM matter m WHERE {condition} AND m.place<? LIMIT ?",
            (*content_params, *params, before, FEW_MATTERS + 1),
        ).fetchall()
    except driver.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        return None
    finally:
        connection.set_progress_handler(None, 0)
    return rows if len(rows) <= FEW_MATTERS else None


def _checked(
    connection: driver.Connection, query: Query, terms: Sequence[str], rows: Sequence[tuple[int, int, str, int]]
) -> list[int]:
    """Return the places of those rows (place, matter, number, content may be searched) that match by their texts."""
    outlines = [place for place, _matter, number, content in rows if not content and outline_matches(number, query)]
    return outlines + _with_all(connection, terms, {row[0]: row[1] for row in rows if row[3]})


def _with_all(connection: driver.Connection, terms: Sequence[str], matters: Mapping[int, int]) -> list[int]:
    """Return the places of those `matters` (by place) whose texts and names have all `terms`."""
    places = list(matters)
    hits: list[int] = []
    for start in range(0, len(places), LARGEST_CHECK):
        part = places[start : start + LARGEST_CHECK]
        passages = passages_of(connection, [matters[place] for place in part])
        hits += [
            place
            for place, matter, short, spelled in connection.execute(
                "SELECT s.place, s.matter, s.body, s.spelled "
                "FROM json_each(?) j CROSS JOIN search_short s ON s.place=j.value",
                (ids_json(part),),
            ).fetchall()
            if terms_stand(terms, short, spelled, passages.get(matter, ""))
        ]
    return hits


def _sealed_hits(
    connection: driver.Connection, query: Query, scope: Scope, session: SessionIndex | None, before: int | None
) -> set[int]:
    """Return the places of sealed matters in memory that match and that the person may still see in full."""
    if session is None or not len(session):
        return set()
    places = [place for place in session.places(query) if before is None or place < before]
    if not places:
        return set()
    condition, params = scope.condition()
    rows = connection.execute(
        f"SELECT m.place FROM json_each(?) j CROSS JOIN matter m ON m.place=j.value "
        f"WHERE {condition} AND m.sealed=1 AND ({scope.visible_sql})",
        (ids_json(places), *params, *scope.visible_params),
    ).fetchall()
    return {row[0] for row in rows}
