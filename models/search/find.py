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

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlcipher3.dbapi2 as driver

from models.folding import fold
from models.search.document import SEARCHED, texts_of
from models.search.query import Query, literal, missing_terms, outline_matches
from models.search.session import SessionIndex

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
    content, content_params = scope.content()
    if not query.terms:
        yield from _all(connection, condition, params, before, limit)
        return
    expression = query.expression()
    if before is None:
        cursor = connection.execute(
            "SELECT rowid FROM search_text WHERE search_text MATCH ? ORDER BY rowid DESC", (expression,)
        )
    else:
        cursor = connection.execute(
            "SELECT rowid FROM search_text WHERE search_text MATCH ? AND rowid<? ORDER BY rowid DESC",
            (expression, before),
        )
    select = (
        f"SELECT m.place, m.id, m.number, {content} FROM json_each(?) j CROSS JOIN matter m ON m.place=j.value "
        f"WHERE {condition}"
    )
    portion = min(max(limit, 1), FIRST_PORTION)
    seen = 0
    while places := [row[0] for row in cursor.fetchmany(portion)]:
        rows = connection.execute(select, (*content_params, _listed(places), *params)).fetchall()
        yield _checked(connection, query, rows)
        if len(places) < portion:
            return
        seen += portion
        if not patient and PATIENCE_HITS <= seen < PATIENCE_HITS + portion:
            few = _few(connection, content, content_params, condition, params, places[-1])
            if few is not None:
                cursor.close()
                yield _checked(connection, query, few, exact=False)
                return
        portion = min(portion * 2, LARGEST_PORTION)


def _all(
    connection: driver.Connection, condition: str, params: tuple[Any, ...], before: int | None, limit: int
) -> Iterator[list[int]]:
    """Yield all matters of the scope: what a query without terms matches."""
    cursor = connection.execute(
        f"SELECT m.place FROM matter m WHERE m.place<? AND {condition} ORDER BY m.place DESC",
        ((1 << 62) if before is None else before, *params),
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
    connection: driver.Connection, query: Query, rows: Sequence[tuple[int, int, str, int]], *, exact: bool | None = None
) -> list[int]:
    """Return the places of those rows (place, matter, number, content may be searched) that match."""
    exact = query.exact_by_index if exact is None else exact
    full = [(place, matter) for place, matter, _number, content in rows if content]
    hits = [place for place, _matter, number, content in rows if not content and outline_matches(number, query)]
    if exact:
        hits += [place for place, _matter in full]
        return hits
    for start in range(0, len(full), LARGEST_CHECK):
        part = full[start : start + LARGEST_CHECK]
        matching = _matching(connection, query, [matter for _place, matter in part])
        hits += [place for place, matter in part if matter in matching]
    return hits


def _matching(connection: driver.Connection, query: Query, matters: Sequence[int]) -> set[int]:
    """Return those of `matters` whose texts hold every term; a table is read only while terms are missing."""
    missing: dict[int, tuple[str, ...]] = dict.fromkeys(matters, query.terms)
    plain = {term for term in query.terms if _is_plain(term)}
    for table in SEARCHED:
        unsettled = [matter for matter, terms in missing.items() if terms]
        if not unsettled:
            break
        for matter, texts, name in texts_of(connection, table, unsettled):
            terms = missing[matter]
            if terms:
                missing[matter] = _still_missing(terms, plain, texts, name)
    return {matter for matter, terms in missing.items() if not terms}


def _still_missing(terms: Iterable[str], plain: set[str], texts: Sequence[str], name: str) -> tuple[str, ...]:
    """Return the terms that these texts lack."""
    # A plain term that stands in the text as it is stands in the folded text as well.
    left = [term for term in terms if term not in plain or not any(term in text for text in texts)]
    if not left:
        return ()
    return missing_terms(left, fold("\n".join(texts)), (name,) if name else ())


def _is_plain(term: str) -> bool:
    """Return whether folding leaves each character of a term alone wherever it stands: digits, unified Han."""
    return all("0" <= character <= "9" or "\u4e00" <= character <= "\u9fff" for character in term)


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
        (_listed(places), *params, *scope.visible_params),
    ).fetchall()
    return {row[0] for row in rows}


def _listed(values: Sequence[int]) -> str:
    return "[" + ",".join(map(str, values)) + "]"
