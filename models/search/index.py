"""The index on disk: two tables whose rowid is the matter's place, so that descending rowids are "newest first".

- `search_text`, FTS5 without texts (contentless) and positions (detail=none): the tokens of all texts; see
  `models.search.tokens`. What was put in can only be taken out with the same tokens, so every change takes the document
  before and after, and writes no more than their difference.
- `search_short`: all texts but the passages, folded, with the spellings of names (`document.short_row`): some hundred
  bytes a matter, by which candidates are checked without going through eight tables.

docs/decisions/0005-search.md tells what was measured.

FTS5 never merges by itself inside an act (automerge=0, crisismerge out of reach): that once stalled one commit for
102 s at a million matters. `merge_idle` does it in small steps while nobody waits, `bulk` changes the bargain for
imports and rebuilds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from models.search.document import Connection, SearchDocument, index_tokens, short_row
from models.search.tokens import TOKENIZER

VERSION = 1
"""Raised when the tokens of a text or a name change: the index is then made anew."""

_EVERYDAY = {"automerge": 0, "crisismerge": 1900, "hashsize": 1 << 20}
_BULK = {"automerge": 16, "crisismerge": 1900, "hashsize": 64 << 20}


def schema() -> list[str]:
    """Return the statements that make the index in a new register."""
    tokenizer = TOKENIZER.replace('"', '""')
    return [
        "CREATE VIRTUAL TABLE search_text USING fts5("
        f"tokens, content='', columnsize=0, detail=none, prefix='1', tokenize=\"{tokenizer}\")",
        "CREATE TABLE search_short(place INTEGER PRIMARY KEY, matter INTEGER NOT NULL, body TEXT NOT NULL, "
        "spelled TEXT NOT NULL, passages INTEGER NOT NULL) STRICT",
        *(
            f"INSERT INTO search_text(search_text, rank) VALUES('{option}', {value})"
            for option, value in _EVERYDAY.items()
        ),
    ]


def put(connection: Connection, place: int, document: SearchDocument) -> None:
    """Add the document of a matter at its place."""
    change(connection, place, None, place, document)


def remove(connection: Connection, place: int, document: SearchDocument) -> None:
    """Take out the document that was put in at this place."""
    change(connection, place, document, place, None)


def change(
    connection: Connection, place_before: int, before: SearchDocument | None, place: int, after: SearchDocument | None
) -> None:
    """Bring the index from `before` to `after`; writes only the tokens that differ, and nothing when none does.

    Args:
        connection: Inside the act's own transaction.
        place_before: Where `before` was put in.
        before: The document as it was put in; None for a new matter.
        place: Where `after` belongs.
        after: The document as it is now; None to take the matter out.
    """
    if before == after and place_before == place:
        return
    _change_short(connection, place_before, before, place, after)
    more = _more(before, after) if place_before == place and before and after else None
    if more is not None:
        old, new = set(), index_tokens(more)
    else:
        old = index_tokens(before) if before else set()
        new = index_tokens(after) if after else set()
        if place_before == place and before and after:
            old, new = old - new, new - old
    if before and after and not old and not new:
        return
    # FTS5 counts rows, one for each taken out or put in: a difference does both even when one half is empty.
    if before:
        connection.execute(
            "INSERT INTO search_text(search_text, rowid, tokens) VALUES('delete', ?, ?)", (place_before, " ".join(old))
        )
    if after:
        connection.execute("INSERT INTO search_text(rowid, tokens) VALUES(?, ?)", (place, " ".join(new)))


def _more(before: SearchDocument, after: SearchDocument) -> SearchDocument | None:
    """Return what `after` has beyond `before`, None when it also lacks something.

    Most acts only add. Then the tokens of what they add are enough: one that stands in the index already is put in once
    more, and FTS5 counts it once.
    """
    if before.sealed or after.sealed or not set(before.names) <= set(after.names):
        return None
    more = []
    for old, new in ((before.short, after.short), (before.passages, after.passages)):
        if Counter(old) - Counter(new):
            return None
        more.append(tuple((Counter(new) - Counter(old)).elements()))
    short, passages = more
    names = tuple(name for name in after.names if name not in before.names)
    return SearchDocument(after.matter, after.number, short, passages, names)


def clear(connection: Connection) -> None:
    """Empty the index, before it is made anew."""
    connection.execute("INSERT INTO search_text(search_text) VALUES('delete-all')")
    connection.execute("DELETE FROM search_short")


@contextmanager
def bulk(connection: Connection) -> Iterator[None]:
    """Load many documents: larger portions in memory (64 MiB), and merging as it goes."""
    _configure(connection, _BULK)
    try:
        yield
    finally:
        _configure(connection, _EVERYDAY)


def merge_idle(connection: Connection, pages: int = 64) -> bool:
    """Do one small step of merging, when nobody waits; returns whether there is more to do.

    Args:
        connection: Outside a transaction: each step is its own.
        pages: About how many pages to write in this step; 64 take some 10 ms. Negative: see `begin_purge`.
    """
    before = _changes(connection)
    connection.execute("INSERT INTO search_text(search_text, rank) VALUES('merge', ?)", (pages,))
    # SQLite's documentation of FTS5, 'merge': a difference below two says that there was nothing to merge.
    return _changes(connection) - before >= 2


def begin_purge(connection: Connection, pages: int = 64) -> bool:
    """Begin to merge all into one segment, for `merge_idle` to go on with; returns whether there is more to do.

    Tokens that were taken out stay in the file until their segment is merged. After a matter was sealed this makes
    the file forget
    them: call it once, then `merge_idle` until that returns False.
    """
    return merge_idle(connection, -pages)


def differences(connection: Connection, documents: Iterable[tuple[int, SearchDocument]]) -> int:
    """Return how many tokens and short texts stand in the index otherwise than in `documents`; 0: the index is right.

    For `verify` and tests: reads the whole index. `documents` are all matters' (place, document) pairs.
    """
    expected: Counter[str] = Counter()
    short: dict[int, tuple[int, str, str, int]] = {}
    for place, document in documents:
        expected.update(index_tokens(document))
        short[place] = (document.matter, *short_row(document))
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_vocabulary USING fts5vocab(main, search_text, row)"
    )
    wrong = 0
    for token, matters in connection.execute("SELECT term, doc FROM temp.search_vocabulary"):
        if expected.pop(token, 0) != matters:
            wrong += 1
    for place, *held in connection.execute("SELECT place, matter, body, spelled, passages FROM search_short"):
        if short.pop(place, None) != tuple(held):
            wrong += 1
    return wrong + len(expected) + len(short)


def _change_short(
    connection: Connection, place_before: int, before: SearchDocument | None, place: int, after: SearchDocument | None
) -> None:
    old = (place_before, *short_row(before)) if before else None
    new = (place, *short_row(after)) if after else None
    if old == new:
        return
    if old and (new is None or place_before != place):
        connection.execute("DELETE FROM search_short WHERE place=?", (place_before,))
    if new and after:
        connection.execute(
            "INSERT OR REPLACE INTO search_short(matter, place, body, spelled, passages) VALUES(?, ?, ?, ?, ?)",
            (after.matter, *new),
        )


def _configure(connection: Connection, options: dict[str, int]) -> None:
    for option, value in options.items():
        connection.execute("INSERT INTO search_text(search_text, rank) VALUES(?, ?)", (option, value))


def _changes(connection: Connection) -> int:
    return int(connection.execute("SELECT total_changes()").fetchone()[0])
