"""What of a matter is searched: its document, gathered from the register's tables.

A document holds the matter's number, every text of the matter (title, people, addresses, telephone numbers, identity
numbers, accused, statements, answers, claims, numbers and titles of letters, names of papers), and the names whose
pinyin is searched. Rows that are marked as entered by mistake are left out. Telephone numbers stand there also as
bare digits, identity numbers also in their other length.

A sealed matter's document is gathered whole, but what goes to disk of it (`index_tokens`, `short_row`) is its number
alone (design, "Sealed matters").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from models.folding import fold, is_regular
from models.names import fold_name, near_key, spellings
from models.people import id_forms, phone_forms
from models.search.tokens import NEAR_KEY, spelling_tokens, text_tokens


class Connection(Protocol):
    """The part of a database connection that search uses; sqlcipher3's and sqlite3's both fit."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Any:
        """Run one statement and return its cursor."""


SEARCHED: Mapping[str, tuple[str, ...]] = {
    "matter": (
        "number", "title", "hot_topic", "content_label", "problem_place", "cause", "destination_name", "copy_to",
        "archive_number", "query_code",
    ),
    "item": ("number", "source_name", "source_number", "addressee", "remark"),
    "person": ("name", "id_number", "phone", "address", "mail_address", "email", "household", "workplace", "mandate"),
    "accused": ("name", "post"),
    "passage": ("body",),
    "claim": ("request", "grounds"),
    "document": ("number", "title"),
    "attachment": ("name",),
}  # fmt: skip
"""Table to the columns whose text is searched."""

CLOSED, REGULAR, IRREGULAR = 0, 1, 2
"""Passages of a sealed matter; those that plain terms can be looked for in as they stand (`models.folding`); others."""

_NAMED = frozenset({"person", "accused"})
_REMOVABLE = frozenset({"person", "accused", "passage", "claim", "attachment"})
_DECIDES = {"matter": {"sealed"}, **{table: {"removed"} for table in _REMOVABLE}}


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One matter as search sees it; texts as they stand in the register, unfolded."""

    matter: int
    number: str
    """信访事项编号: all that an outline shows."""
    short: tuple[str, ...]
    """Every searched text but the passages, the number included, and the other forms of numbers and names."""
    passages: tuple[str, ...] = ()
    """The long texts: statements, answers, notes."""
    names: tuple[str, ...] = ()
    """Names of petitioners and of those accused: searched by their spellings too."""
    sealed: bool = False


def concerns(table: str, columns: Iterable[str] | None) -> bool:
    """Return whether a change of `columns` (None: a new row) of `table` may change a search document."""
    if table not in SEARCHED:
        return False
    return columns is None or not {*SEARCHED[table], *_DECIDES.get(table, ())}.isdisjoint(columns)


def document_of(connection: Connection, matter: int) -> SearchDocument:
    """Return the search document of one matter.

    Raises:
        KeyError: There is no such matter.
    """
    return documents_of(connection, (matter,))[matter]


def documents_of(connection: Connection, matters: Sequence[int]) -> dict[int, SearchDocument]:
    """Return the search documents of those `matters` that exist, gathered with one query per table."""
    wanted = ids_json(matters)
    heads = {
        matter: (number, bool(sealed))
        for matter, number, sealed in connection.execute(
            "SELECT id, number, sealed FROM matter WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
        ).fetchall()
    }
    short: dict[int, list[str]] = {matter: [] for matter in heads}
    passages: dict[int, list[str]] = {matter: [] for matter in heads}
    names: dict[int, list[str]] = {matter: [] for matter in heads}
    for table in SEARCHED:
        texts = passages if table == "passage" else short
        for matter, *values in connection.execute(_SELECT[table], (wanted,)).fetchall():
            texts[matter] += [value for value in values if value]
            if table in _NAMED:
                name = values[0] or ""
                if fold_name(name):
                    names[matter].append(name)
                    if fold_name(name) != name:
                        texts[matter].append(fold_name(name))
            if table == "person":
                id_number, phone = values[1] or "", values[2] or ""
                texts[matter] += [form for form in id_forms(id_number) if form != id_number]
                texts[matter] += [form for form in phone_forms(phone) if form != phone]
    return {
        matter: SearchDocument(
            matter, number, tuple(short[matter]), tuple(passages[matter]), tuple(names[matter]), sealed
        )
        for matter, (number, sealed) in heads.items()
    }


def passages_of(connection: Connection, matters: Sequence[int]) -> dict[int, str]:
    """Return the passages of each of `matters` that has any, folded; lines part them."""
    found: dict[int, list[str]] = {}
    for matter, body in connection.execute(_SELECT["passage"], (ids_json(matters),)).fetchall():
        found.setdefault(matter, []).append(body)
    return {matter: fold("\n".join(bodies)) for matter, bodies in found.items()}


def short_row(document: SearchDocument) -> tuple[str, str, int]:
    """Return what the table `search_short` holds of a document: of a sealed one, only its number.

    Returns:
        All texts but the passages, folded, one a line; the spellings of the names, each after a line feed; and whether
        the passages may be searched and how they are to be checked: `CLOSED`, `REGULAR` or `IRREGULAR`.
    """
    if document.sealed:
        return fold(document.number), "", CLOSED
    spelled = sorted({spelling for name in document.names for spelling in spellings(name)})
    kind = REGULAR if all(map(is_regular, document.passages)) else IRREGULAR
    return fold("\n".join(document.short)), "".join(f"\n{spelling}" for spelling in spelled), kind


def index_tokens(document: SearchDocument) -> set[str]:
    """Return what the table `search_text` may hold of a document: of a sealed one, only the tokens of its number."""
    if document.sealed:
        return text_tokens(fold(document.number))
    out = text_tokens(fold("\n".join((*document.short, *document.passages))))
    for name in document.names:
        for spelling in spellings(name):
            out |= spelling_tokens(spelling)
        out.add(near_token(name))
    return out


def near_token(name: str) -> str:
    """Return the token under which names meet that sound alike."""
    return NEAR_KEY + near_key(name).replace(" ", "'")


def ids_json(values: Sequence[int]) -> str:
    """Return whole numbers as a JSON list, for `json_each`: one statement serves lists of any length."""
    return "[" + ",".join(map(str, values)) + "]"


def _select(table: str) -> str:
    matter = "id" if table == "matter" else "matter"
    kept = " AND removed IS NULL" if table in _REMOVABLE else ""
    # Rows in the order of their ids: the same document, gathered twice, is equal.
    return (
        f"SELECT {matter}, {', '.join(SEARCHED[table])} FROM {table} "
        f"WHERE {matter} IN (SELECT value FROM json_each(?)){kept} ORDER BY {matter}, id"
    )


_SELECT = {table: _select(table) for table in SEARCHED}
