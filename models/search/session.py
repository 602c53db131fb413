"""Sealed matters in memory: the documents that this session's person may read, searched one by one.

The index on disk holds nothing of a sealed matter but its number. A session that may read some of them keeps their
documents here and loses them when it ends. They are few, so every query simply looks through all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.search.document import Connection, SearchDocument, document_of, documents_of
from models.search.query import Query, full_texts, terms_stand

_AT_A_TIME = 500


class SessionIndex:
    """The sealed documents of one session, by place. Holds them in the clear: never stored, never shown by `repr`."""

    def __init__(self) -> None:
        self._documents: dict[int, tuple[SearchDocument, tuple[str, str, str]]] = {}
        self._places: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._documents)

    def load(self, connection: Connection, visible_sql: str, visible_params: Sequence[Any] = ()) -> None:
        """Take in all sealed matters that the person may see in full; what was held before is let go.

        Args:
            connection: The register's.
            visible_sql: Condition over the alias `m` of matter: may be seen in full (policy).
            visible_params: Its values.
        """
        self.clear()
        found = connection.execute(
            f"SELECT m.id, m.place FROM matter m WHERE m.sealed=1 AND ({visible_sql})", tuple(visible_params)
        ).fetchall()
        for start in range(0, len(found), _AT_A_TIME):
            part = dict(found[start : start + _AT_A_TIME])
            for matter, document in documents_of(connection, tuple(part)).items():
                self._put(part[matter], document)

    def refresh(
        self, connection: Connection, matter: int, visible_sql: str, visible_params: Sequence[Any] = ()
    ) -> None:
        """Bring one matter up to date after an act: taken in, changed or let go."""
        place = self._places.pop(matter, None)
        if place is not None:
            del self._documents[place]
        row = connection.execute(
            f"SELECT m.place FROM matter m WHERE m.id=? AND m.sealed=1 AND ({visible_sql})", (matter, *visible_params)
        ).fetchone()
        if row:
            self._put(row[0], document_of(connection, matter))

    def clear(self) -> None:
        """Let go of everything: when the register is locked or another person takes over."""
        self._documents.clear()
        self._places.clear()

    def places(self, query: Query) -> list[int]:
        """Return the places of the documents that match, in no order; the caller asks the policy again for each."""
        return [place for place, (_document, texts) in self._documents.items() if terms_stand(query.terms, *texts)]

    def documents(self) -> list[tuple[int, SearchDocument]]:
        """Return matter and document of all that is held."""
        return [(document.matter, document) for document, _texts in self._documents.values()]

    def _put(self, place: int, document: SearchDocument) -> None:
        self._documents[place] = (document, full_texts(document))
        self._places[document.matter] = place
