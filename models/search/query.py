"""What is typed into the one search box, and what it means.

One sentence: a document matches when every term of the query (folded, parted at white space) stands in one of its
folded texts or, if the term is made of Latin letters alone, begins a spelling of one of its names; a matter seen as
an outline matches by its number alone.

There are no operators: quotes, stars, AND, NEAR( and percent signs are text like any other. Filters may stand among
the terms as `name:value`, e.g. `状态:办理中`, `state:S5`, `单位:城关派出所`, `日期:2026-01..2026-03`, `逾期:`. A
term is a filter only if its name is one of `FILTER_NAMES` *and* its value is known (a code or word of that table, a
unit of the register, a date that can be); every other colon is text. The screen shows what was read as a filter.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from models import codes
from models.folding import fold
from models.records import Filters
from models.search.document import Connection, SearchDocument, short_row
from models.search.tokens import SPELLING, SPELLING_LETTERS, marks, quoted, runs

MOST_TOKENS = 24
"""Index tokens that one query asks for; further ones are left to the check."""
_LONG_RUN = 8
"""Characters of a run from which every second pair is enough to find candidates."""
_LATIN = re.compile(r"[a-z]+")
_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")

FILTER_NAMES: Mapping[str, str] = {
    "状态": "state", "state": "state", "类别": "category", "class": "category", "category": "category",
    "形式": "channel", "channel": "channel", "单位": "unit", "unit": "unit", "日期": "date", "date": "date",
    "逾期": "late", "late": "late", "在办": "open", "open": "open",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that must all match; none matches everything."""

    terms: tuple[str, ...] = ()

    def asked(self) -> tuple[str, tuple[str, ...]]:
        """Return the FTS5 expression of the candidates, never less than the hits, and the terms it does not decide.

        The expression is '' when there are no terms; a document of the index that meets it has all terms but,
        perhaps, those returned.
        """
        parts: list[str] = []
        open_terms: list[str] = []
        spent = 0
        # Long terms leave few candidates, so they are asked for first when not all can be.
        many = len(self.terms) > MOST_TOKENS // 2
        for term in sorted(self.terms, key=len, reverse=True) if many else self.terms:
            tokens = _term_tokens(term)
            if spent and spent + len(tokens) > MOST_TOKENS:
                open_terms.append(term)
                continue
            spent += len(tokens)
            text = " AND ".join(tokens)
            parts.append(f"(({text}) OR {_spelling_token(term)})" if is_latin(term) else f"({text})")
            if not _is_atom(term):
                open_terms.append(term)
        return " AND ".join(parts), tuple(open_terms)


@dataclass(frozen=True, slots=True)
class Request:
    """A query with the filters that were typed among its terms; `shown` are those as typed, for the screen."""

    query: Query
    filters: Filters = field(default_factory=Filters)
    shown: tuple[str, ...] = ()


def literal(text: str) -> Query:
    """Return the query that takes all of `text` as terms, each once."""
    return Query(tuple(dict.fromkeys(fold(text).split())))


def read_request(text: str, units: Mapping[str, int], filters: Filters | None = None) -> Request:
    """Part `text` into terms and filters.

    Args:
        text: As typed.
        units: Folded name and short name of each unit of the register, to its id; see `units_of`.
        filters: Filters chosen otherwise; typed ones come on top.
    """
    found = filters or Filters()
    terms: list[str] = []
    shown: list[str] = []
    for term in fold(text).split():
        name, colon, value = term.partition(":")
        kind = FILTER_NAMES.get(name) if colon else None
        changed = _READERS[kind](found, value, units) if kind else None
        if changed is None:
            terms.append(term)
        else:
            found = changed
            shown.append(term)
    return Request(Query(tuple(dict.fromkeys(terms))), found, tuple(shown))


def units_of(connection: Connection) -> dict[str, int]:
    """Return the folded name and short name of each unit, to its id."""
    out: dict[str, int] = {}
    for unit, name, short in connection.execute(
        "SELECT id, name, short FROM unit ORDER BY closed IS 1 DESC, id"
    ).fetchall():
        out[fold(name)] = unit
        if short:
            out[fold(short)] = unit
    return out


def is_latin(term: str) -> bool:
    """Return whether a folded term may also be the beginning of a spelling of a name."""
    return _LATIN.fullmatch(term) is not None


def matches(document: SearchDocument, query: Query) -> bool:
    """Return whether a document, seen in full, matches (see the head of this room)."""
    return terms_stand(query.terms, *full_texts(document))


def full_texts(document: SearchDocument) -> tuple[str, str, str]:
    """Return a document's short texts, spellings and passages as `terms_stand` takes them, sealed or not."""
    short, spelled, _kind = short_row(replace(document, sealed=False))
    return short, spelled, fold("\n".join(document.passages))


def terms_stand(terms: Iterable[str], short: str, spelled: str, passages: str) -> bool:
    """Return whether every term stands in one of the folded texts or, of Latin letters alone, begins a spelling."""
    return all(term in short or term in passages or (is_latin(term) and f"\n{term}" in spelled) for term in terms)


def stands_sql(term: str) -> tuple[str, list[str]]:
    """Return a condition over `s` (search_short) and its values: a plain term stands in a text as it is.

    Short texts are folded, so they decide. Passages are looked at as they are: a yes is right unless the term ends
    with a letter, which might be half of a letter with a mark; a no is right when the passages are regular.
    """
    body = "lower(x.body)" if any(map(is_latin, term)) else "x.body"
    passage = f"SELECT 1 FROM passage x WHERE x.matter=s.matter AND instr({body}, ?) AND x.removed IS NULL"
    sql = f"instr(s.body, ?) OR EXISTS({passage})"
    if is_latin(term):
        return f"(instr(s.spelled, char(10) || ?) OR {sql})", [term] * 3
    return f"({sql})", [term] * 2


def outline_matches(number: str, query: Query) -> bool:
    """Return whether a matter that is seen as an outline matches: by its number alone."""
    folded = fold(number)
    return all(term in folded for term in query.terms)


def _is_atom(term: str) -> bool:
    """Return whether a term is one token: one or two characters of a run, or one mark."""
    return len(term) == 1 or (len(term) == 2 and term.isalnum())


def _term_tokens(term: str) -> list[str]:
    """Return the quoted tokens that every text with `term` has."""
    tokens: list[str] = []
    for run in runs(term):
        if len(run) == 1:
            tokens.append(quoted(run) + "*")
        elif len(run) <= _LONG_RUN:
            tokens += [quoted(run[place : place + 2]) for place in range(len(run) - 1)]
        else:
            tokens += [quoted(run[place : place + 2]) for place in (*range(0, len(run) - 2, 2), len(run) - 2)]
    tokens += [quoted(mark) for mark in sorted(marks(term))]
    return tokens[:MOST_TOKENS]


def _spelling_token(term: str) -> str:
    return quoted(SPELLING + term) + ("*" if len(term) > SPELLING_LETTERS else "")


def _code_reader(table: str, attribute: str) -> Callable[[Filters, str, Mapping[str, int]], Filters | None]:
    def read(filters: Filters, value: str, _units: Mapping[str, int]) -> Filters | None:
        wanted = [_code(table, part) for part in value.split(",")] if value else [None]
        found = [code for code in wanted if code]
        if len(found) < len(wanted):
            return None
        changed: dict[str, Any] = {attribute: tuple(dict.fromkeys((*getattr(filters, attribute), *found)))}
        return replace(filters, **changed)

    return read


def _code(table: str, word: str) -> str | None:
    for code in codes.codes(table):
        if fold(code) == word:
            return code
    return codes.code_for(table, word)


def _read_unit(filters: Filters, value: str, units: Mapping[str, int]) -> Filters | None:
    return replace(filters, unit=units[value]) if value in units else None


def _read_dates(filters: Filters, value: str, _units: Mapping[str, int]) -> Filters | None:
    first, dots, last = value.partition("..")
    begin = _span(first) if first else None
    end = (_span(last) if last else None) if dots else begin
    if (first and begin is None) or (dots and last and end is None) or not (begin or end):
        return None
    return replace(
        filters,
        received_from=begin[0] if begin else filters.received_from,
        received_to=end[1] if end else filters.received_to,
    )


def _span(text: str) -> tuple[date, date] | None:
    """Return the first and last day (inclusive) of a year, month or day; None when it cannot be."""
    found = _DATE.fullmatch(text)
    if found is None or not text.isascii():
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        if month is None:
            return date(year or 0, 1, 1), date(year or 0, 12, 31)
        if day is None:
            return date(year or 0, month, 1), date(year or 0, month, calendar.monthrange(year or 0, month)[1])
        return date(year or 0, month, day), date(year or 0, month, day)
    except (ValueError, calendar.IllegalMonthError):
        return None


def _flag_reader(attribute: str) -> Callable[[Filters, str, Mapping[str, int]], Filters | None]:
    def read(filters: Filters, value: str, _units: Mapping[str, int]) -> Filters | None:
        changed: dict[str, Any] = {attribute: True}
        return replace(filters, **changed) if value == "" else None

    return read


_READERS: Mapping[str, Callable[[Filters, str, Mapping[str, int]], Filters | None]] = {
    "state": _code_reader("state", "states"),
    "category": _code_reader("category", "categories"),
    "channel": _code_reader("channel", "channels"),
    "unit": _read_unit,
    "date": _read_dates,
    "late": _flag_reader("late"),
    "open": _flag_reader("open_only"),
}
