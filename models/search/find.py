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
from models.search.document import IRREGULAR, REGULAR, ids_json, passages_of
from models.search.query import Query, literal, outline_matches, stands_sql, terms_stand
from models.search.session import SessionIndex

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
    """Yield the hits that the index on disk gives, newest first, in lists.

    Args:
        connection: The register's.
        query: What is looked for.
        scope: Where.
        before: Only places below this one.
        limit: So many hits are wanted; no candidate beyond them is looked at before further ones are asked for.
        patient: All hits are wanted, so that asking the filters first cannot pay.
    """
    condition, params = scope.condition()
    if not query.terms:
        yield from _all(connection, condition, params, before, limit)
        return
    content, content_params = scope.content()
    expression, undecided = query.asked()
    cursor = connection.execute(
        "SELECT rowid FROM search_text WHERE search_text MATCH ? AND rowid<? ORDER BY rowid DESC",
        (expression, ABOVE_ALL if before is None else before),
    )
    stands, stands_params = _may_stand(undecided)
    select = (
        f"SELECT s.place, s.matter, m.number, {content}, s.passages FROM json_each(?) j "
        "CROSS JOIN search_short s ON s.place=j.value CROSS JOIN matter m ON m.id=s.matter "
        f"WHERE {stands} AND {condition} LIMIT ?"
    )
    portion, seen, wanted = min(max(limit, 1), FIRST_PORTION), 0, max(limit, 1)
    while places := [row[0] for row in cursor.fetchmany(portion)]:
        seen += len(places)
        last = places[-1]
        while places:
            rows = connection.execute(
                select, (*content_params, ids_json(places), *stands_params, *params, wanted)
            ).fetchall()
            places = [place for place in places if place < rows[-1][0]] if len(rows) == wanted else []
            hits = _checked(connection, query, undecided, rows)
            wanted = wanted - len(hits) if wanted > len(hits) else max(limit, 1)
            yield hits
        if not patient and seen >= PATIENCE_HITS > seen - portion:
            few = _few(connection, content, content_params, condition, params, last)
            if few is not None:
                yield _checked(connection, query, query.terms, few, by_database=False)
                return
        portion = min(portion * 2, LARGEST_PORTION)


def _may_stand(undecided: Sequence[str]) -> tuple[str, list[str]]:
    """Return the SQL over `s` that leaves out candidates which lack an undecided term, and its values."""
    if not undecided or not all(map(is_plain, undecided)):
        return "1", []
    conditions = [stands_sql(term) for term in undecided]
    sql = " AND ".join(condition for condition, _values in conditions)
    return f"(s.passages={IRREGULAR} OR {sql})", [value for _condition, values in conditions for value in values]


def _checked(
    connection: driver.Connection,
    query: Query,
    undecided: Sequence[str],
    rows: Sequence[tuple[int, int, str, int, int]],
    *,
    by_database: bool = True,
) -> list[int]:
    """Return the places of those rows that match: (place, matter, number, content may be searched, kind of passages).

    Args:
        connection: The register's.
        query: What is looked for: all of it in the number, where content may not be searched.
        undecided: The terms that the index does not decide.
        rows: What `_may_stand` let through.
        by_database: `_may_stand` looked at the undecided terms, as far as it can.
    """
    hits = [row[0] for row in rows if not row[3] and outline_matches(row[2], query)]
    sure = by_database and all(map(is_plain, undecided))
    unsure: dict[int, int] = {}
    for place, matter, _number, content, passages in rows:
        if content:
            if not undecided or (sure and passages == REGULAR):
                hits.append(place)
            else:
                unsure[place] = matter
    return hits + _with_all(connection, undecided, unsure) if unsure else hits


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
) -> list[tuple[int, int, str, int, int]] | None:
    """Return the matters of the scope below a place when they are few and quickly told; otherwise None."""
    connection.set_progress_handler(lambda: 1, PROBE_STEPS)
    try:
        rows = connection.execute(
            f"SELECT m.place, m.id, m.number, {content}, 0 FROM matter m WHERE {condition} AND m.place<? LIMIT ?",
            (*content_params, *params, before, FEW_MATTERS + 1),
        ).fetchall()
    except driver.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        return None
    finally:
        connection.set_progress_handler(None, 0)
    return rows if len(rows) <= FEW_MATTERS else None


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
