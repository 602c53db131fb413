"""Search: one box over numbers, people, telephone and identity numbers, texts and replies; exact, newest first.

- `tokens`: what the index stores of a text.
- `document`: what of a matter is searched, and what a sealed one may leave on disk.
- `index`: the index on disk and how it is kept.
- `background`: the index made while the register is in use, after a first download.
- `session`: sealed documents in memory.
- `query`: what is typed, and what it means.
- `find`: hits, pages and counts.
"""

from models.search.background import (
    background_left,
    begin_background,
    end_background,
    index_portion,
    unindexed_below,
)
from models.search.document import SearchDocument, concerns, document_of, documents_of
from models.search.find import count, find
from models.search.index import begin_purge, bulk, change, clear, differences, merge_idle, put, remove, schema
from models.search.query import Query, Request, literal, matches, outline_matches, read_request, units_of
from models.search.session import SessionIndex

__all__ = [
    "Query",
    "Request",
    "SearchDocument",
    "SessionIndex",
    "background_left",
    "begin_background",
    "begin_purge",
    "bulk",
    "change",
    "clear",
    "concerns",
    "count",
    "differences",
    "document_of",
    "documents_of",
    "end_background",
    "find",
    "index_portion",
    "literal",
    "matches",
    "merge_idle",
    "outline_matches",
    "put",
    "read_request",
    "remove",
    "schema",
    "unindexed_below",
    "units_of",
]
