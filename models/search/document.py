"""What of a matter is searched: its document, gathered from the register's tables.

A document holds the matter's number, every text of the matter (title, people, addresses, telephone numbers, identity
numbers, accused, statements, answers, claims, numbers and titles of letters, names of papers), and the names whose
pinyin is searched. Rows that are marked as entered by mistake are left out. Telephone numbers stand there also as
bare digits, identity numbers also in their other length.

A sealed matter's document is gathered whole, but `index_tokens` gives only those of its number: its content never
reaches the index on disk (design, "Sealed matters").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from models.folding import fold, is_regular
from models.names import fold_name, near_key, spellings
from models.people import id_forms, phone_forms
from models.search.tokens import IRREGULAR, NEAR_KEY, spelling_tokens, text_tokens


class Connection(Protocol):
    """The part of a database connection that search uses; sqlcipher3's and sqlite3's both fit."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Any:
        """Run one statement and return its cursor."""


SEARCHED: Mapping[str, tuple[str, ...]] = {
    "matter": (
        "number", "title", "hot_topic", "content_label", "problem_place", "cause", "destination_name", "copy_to",
        "archive_number", "query_code",
    ),
    "person": ("name", "id_number", "phone", "address", "mail_address", "email", "household", "workplace", "mandate"),
    "accused": ("name", "post"),
    "passage": ("body",),
    "claim": ("request", "grounds"),
    "item": ("number", "source_name", "source_number", "addressee", "remark"),
    "document": ("number", "title"),
    "attachment": ("name",),
}  # fmt: skip
"""Table to the columns whose text is searched, in the order in which a check reads them: short and likely ones
first."""

NAMES_AND_NUMBERS = ("person", "accused")
"""Tables whose rows are also found in forms that the register does not hold: spellings, other lengths of numbers."""
_REMOVABLE = frozenset({"person", "accused", "claim", "attachment"})
_DECIDES = {"matter": {"sealed"}, **{table: {"removed"} for table in _REMOVABLE}}


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One matter as search sees it."""

    number: str
    """信访事项编号: all that an outline shows."""
    texts: tuple[str, ...]
    """Every searched text as it stands in the register, the number included; unfolded."""
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
    wanted = _listed(matters)
    heads = {
        matter: (number, bool(sealed))
        for matter, number, sealed in connection.execute(
            "SELECT id, number, sealed FROM matter WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
        ).fetchall()
    }
    texts: dict[int, list[str]] = {matter: [] for matter in heads}
    names: dict[int, list[str]] = {matter: [] for matter in heads}
    for table in SEARCHED:
        for matter, found, name in texts_of(connection, table, matters):
            texts[matter] += found
            if name:
                names[matter].append(name)
    return {
        matter: SearchDocument(number, tuple(texts[matter]), tuple(names[matter]), sealed)
        for matter, (number, sealed) in heads.items()
    }


def texts_of(connection: Connection, table: str, matters: Sequence[int]) -> Iterator[tuple[int, list[str], str]]:
    """Yield for each row of `table` about one of `matters`: the matter, its searched texts, the name it bears or ''.

    The texts are the columns as they stand, and the other forms of identity numbers, telephone numbers and names.
    """
    for matter, *values in connection.execute(_SELECT[table], (_listed(matters),)).fetchall():
        texts = [value for value in values if value]
        name = ""
        if table in NAMES_AND_NUMBERS:
            name = values[0] or ""
            folded = fold_name(name)
            if not folded:
                name = ""
            elif folded != name:
                texts.append(folded)
        if table == "person":
            id_number, phone = values[1:3]
            texts += [form for form in id_forms(id_number or "") if form != id_number]
            texts += [form for form in phone_forms(phone or "") if form != phone]
        yield matter, texts, name


def stands_sql(term: str) -> tuple[str, list[str]]:
    """Return a condition over the alias `m` of matter, and its values: a plain term stands in a text as it is.

    A yes is right, unless the term ends with a letter, which might be half of a letter with a mark: then only for
    regular documents. A no is right for regular documents, unless the term is digits and letters alone, which may
    stand in a form that the register does not hold (`NAMES_AND_NUMBERS`).
    """
    sql = _STANDS_LOWERED if any("a" <= letter <= "z" for letter in term) else _STANDS
    return sql, [term] * len(SEARCHED)


def folded_text(document: SearchDocument) -> str:
    """Return all texts of a document, folded; lines part them, and no term spans a line."""
    return fold("\n".join(document.texts))


def index_tokens(document: SearchDocument) -> set[str]:
    """Return what the index on disk may hold of a document: of a sealed one, only its number."""
    if document.sealed:
        return text_tokens(fold(document.number))
    out = text_tokens(folded_text(document))
    for name in document.names:
        for spelling in spellings(name):
            out |= spelling_tokens(spelling)
        out.add(near_token(name))
    if not is_regular("\n".join(document.texts)) or any(fold_name(name) != name for name in document.names):
        out.add(IRREGULAR)
    return out


def near_token(name: str) -> str:
    """Return the token under which names meet that sound alike."""
    return NEAR_KEY + near_key(name).replace(" ", "'")


def _listed(matters: Sequence[int]) -> str:
    return "[" + ",".join(map(str, matters)) + "]"


def _select(table: str) -> str:
    matter = "id" if table == "matter" else "matter"
    kept = " AND removed IS NULL" if table in _REMOVABLE else ""
    # Rows in the order of their ids: the same document, gathered twice, is equal.
    return (
        f"SELECT {matter}, {', '.join(SEARCHED[table])} FROM {table} "
        f"WHERE {matter} IN (SELECT value FROM json_each(?)){kept} ORDER BY {matter}, id"
    )


_SELECT = {table: _select(table) for table in SEARCHED}


def _stands_sql(wrapped: str) -> str:
    """Return the SQL of `stands_sql`; `wrapped` is what is done to each text before it is searched."""
    parts = []
    for table, columns in SEARCHED.items():
        alias = "m" if table == "matter" else "x"
        text = ", ".join(f"{alias}.{column}" for column in columns)
        found = f"instr({wrapped.format(text if len(columns) == 1 else f'concat_ws(char(10), {text})')}, ?)"
        kept = " AND x.removed IS NULL" if table in _REMOVABLE else ""
        parts.append(
            found if alias == "m" else f"EXISTS(SELECT 1 FROM {table} x WHERE x.matter=m.id{kept} AND {found})"
        )
    return f"({' OR '.join(parts)})"


_STANDS = _stands_sql("{}")
_STANDS_LOWERED = _stands_sql("lower({})")
