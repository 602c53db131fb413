"""The code tables of the register: what a stored code means, in words, and which code a word stands for.

The tables are data (`resources/codes.toml`); this room reads them once and answers three questions:

- `codes(table)`: which codes are there, in the order in which lists show them;
- `word(table, code, language)`: what does a code say to a person;
- `code_for(table, word)`: which code does a word from an import mean. It is liberal: Chinese or English words,
  synonyms, national codes; full-width forms, spaces and brackets do not matter.

Tables that only describe (`OPEN_TABLES`) may have more values in a register, and closed ones: its setting
`codes.added`, which the city's papers change (`models.citycodes`). `use` lets them count in this process, as
`errors.speak` does the language. A closed value is not offered any more and is still read in words.

Sources: domain reference sections 5 (states), 6 (classes, exits), 8 (supervision), 9.3 (service), 10.2 (labels seen in
petition systems), 11 (identity documents) and 12 (bands). Codes are our own; `export` is the code of a published list
where one was read.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import orjson

from models.errors import BugError, Language

OPEN_TABLES = ("content", "problem_type", "police", "source")
"""Tables that describe matters and decide on nothing: a register may have more values of them."""
SETTING = "codes.added"
"""Setting: {table: {"add": [{"code", "zh", "en", "also"}], "closed": [code]}}."""
_IGNORED = re.compile(r"[\s()（）【】\[\]、，,。.·/／\\\-—_：:]+")


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a code table; see the head of resources/codes.toml for the attributes."""

    code: str
    zh: str
    en: str
    export: str = ""
    also: tuple[str, ...] = ()
    category: str = ""
    """Of a purpose: the class it derives (REG-2022 Arts 29-31)."""
    state: str = ""
    """Of a handling status of other petition systems: our state."""
    article: str = ""
    first: int | None = None
    """Of a band of people: the smallest number, included."""
    last: int | None = None
    """Of a band of people: the largest number, included; None without upper end."""


@dataclass(frozen=True, slots=True)
class CodeTable:
    """A table of codes in the order in which lists show them."""

    name: str
    zh: str
    en: str
    values: tuple[Code, ...]
    by_code: dict[str, Code]
    by_word: dict[str, str]
    closed: frozenset[str] = field(default=frozenset())
    """Codes that are not offered any more."""


def _folded(word: str) -> str:
    """Return `word` as it is compared: NFKC, no spaces, brackets or joining marks, no case."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", word)).casefold()


def _table(name: str, raw: Mapping[str, Any], closed: frozenset[str] = frozenset()) -> CodeTable:
    values = tuple(
        Code(
            code=value["code"],
            zh=value["zh"],
            en=value["en"],
            export=value.get("export", ""),
            also=tuple(value.get("also", ())),
            category=value.get("category", ""),
            state=value.get("state", ""),
            article=value.get("article", ""),
            first=value.get("from"),
            last=value.get("to"),
        )
        for value in raw["value"]
    )
    by_word: dict[str, str] = {}
    # Stronger readings first: a code is itself before it is anyone's synonym.
    for reading in (
        lambda v: (v.code,),
        lambda v: (v.zh, v.en),
        lambda v: v.also,
        lambda v: (v.export,) if v.export else (),
    ):
        for value in values:
            for one in reading(value):
                by_word.setdefault(_folded(one), value.code)
    return CodeTable(name, raw["zh"], raw["en"], values, {value.code: value for value in values}, by_word, closed)


@cache
def _raw() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("resources").joinpath("codes.toml").read_text(encoding="utf-8"))


@cache
def _shipped() -> dict[str, CodeTable]:
    return {name: _table(name, table) for name, table in _raw().items()}


@lru_cache(maxsize=8)
def _with_added(added: bytes) -> dict[str, CodeTable]:
    found = dict(_shipped())
    for name, change in orjson.loads(added).items():
        raw = _raw()[name]
        values = {"value": [*raw["value"], *change["add"]]}
        found[name] = _table(name, {**raw, **values}, frozenset(change["closed"]))
    return found


_added = b""
"""What a register has beside the program's tables, as JSON; empty for nothing."""


def _tables() -> dict[str, CodeTable]:
    return _with_added(_added) if _added else _shipped()


def local_of(setting: Any) -> dict[str, dict[str, Any]]:
    """Return the added and closed codes of a setting `codes.added`, those of tables that this program lets grow."""
    return {
        name: {"add": list(change.get("add", ())), "closed": list(change.get("closed", ()))}
        for name, change in (setting or {}).items()
        if name in OPEN_TABLES
    }


def use(setting: Any) -> None:
    """Let the added and closed codes of a register count in this process.

    Args:
        setting: Value of its setting `codes.added`; None for a register without. One register is open at a time.
    """
    global _added
    local = local_of(setting)
    _added = orjson.dumps(local, option=orjson.OPT_SORT_KEYS) if local else b""


def generation() -> bytes:
    """Return what changes when other codes are offered: for what is made of the tables and kept."""
    return _added


def shipped(name: str) -> tuple[str, ...]:
    """Return the codes of table `name` that come with the program."""
    return tuple(_shipped()[name].by_code)


def shipped_words(name: str, code: str) -> tuple[str, str]:
    """Return the words, Chinese and English, of a code that comes with the program."""
    found = _shipped()[name].by_code[code]
    return found.zh, found.en


def tables() -> tuple[str, ...]:
    """Return the names of all code tables."""
    return tuple(_tables())


def table(name: str) -> CodeTable:
    """Return the code table called `name`.

    Raises:
        BugError: There is no such table; names of tables come from our own code only.
    """
    try:
        return _tables()[name]
    except KeyError:
        raise BugError(f"没有名为“{name}”的代码表。", f'There is no code table "{name}".') from None


def codes(name: str) -> tuple[str, ...]:
    """Return the codes of table `name` that are offered, in list order."""
    found = table(name)
    return tuple(code for code in found.by_code if code not in found.closed)


def value(name: str, code: str) -> Code | None:
    """Return one value of table `name`, or None when the table does not have `code`."""
    return table(name).by_code.get(code)


def word(name: str, code: str | int | None, language: Language = "zh") -> str:
    """Return the word for `code` in `language`; '' for no code, the code itself when the table does not know it.

    An unknown code is shown as it is, never hidden: it may come from a newer workstation.
    """
    if code is None or code == "":
        return ""
    found = table(name).by_code.get(str(code))
    if found is None:
        return str(code)
    return found.zh if language == "zh" else found.en


def code_for(name: str, word_or_code: str) -> str | None:
    """Return the code that a word of an import means in table `name`, or None when it means none of them."""
    folded = _folded(word_or_code)
    if not folded:
        return None
    return table(name).by_word.get(folded)


def category_of(purpose: str) -> str:
    """Return the class (suggestion, accusation, claim, other) that follows from a purpose (domain reference, 10.2)."""
    found = table("purpose").by_code.get(purpose)
    return found.category if found else ""


def band(name: str, people: int) -> str:
    """Return the band of table `name` (people_band, group_band) that holds `people`; '' below the first band."""
    for one in table(name).values:
        if one.first is not None and people >= one.first and (one.last is None or people <= one.last):
            return one.code
    return ""
