"""Words for columns and their values, in both languages: data in `resources/columns.toml`, read once.

History and corrections say with them what was changed; codes become words, ids the names of what they refer to.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from models import clocks, codes, errors
from models.columns import Column
from models.tables import BY_NAME

if TYPE_CHECKING:
    from models.register import Register


@cache
def _words() -> dict[str, dict[str, dict[str, Any]]]:
    return tomllib.loads(files("resources").joinpath("columns.toml").read_text("utf-8"))


@cache
def _office_words() -> dict[str, dict[str, dict[str, Any]]]:
    return tomllib.loads(files("resources").joinpath("office_columns.toml").read_text("utf-8"))


def tables() -> tuple[str, ...]:
    """Return the tables whose columns have words: those that belong to a matter."""
    return tuple(_words())


def table_word(table: str, language: errors.Language) -> str:
    """Return the name of a table."""
    return str(_words()[table]["_"][language])


def table_names(table: str) -> errors.Message:
    """Return the name of any table, of a matter or of the bureau; the table's own name for one that is not known."""
    words = (_words() if table in _words() else _office_words()).get(table, {}).get("_", {})
    return errors.Message(str(words.get("zh", table)), str(words.get("en", table)))


def column_names(table: str, column: str) -> errors.Message:
    """Return the name of a column of any table; the column's own name when the data has no word for it."""
    words = (_words() if table in _words() else _office_words()).get(table, {}).get(column, {})
    return errors.Message(str(words.get("zh", column)), str(words.get("en", column)))


def label_column(table: str) -> str:
    """Return the column that tells a table's rows apart for people."""
    return str(_words()[table]["_"]["label"])


def column_word(table: str, column: str, language: errors.Language) -> str:
    """Return the name of a column; the column's own name when the data has no word for it."""
    return str(_words().get(table, {}).get(column, {}).get(language, column))


def code_table(table: str, column: str) -> str:
    """Return the code table of a column's values, '' for none."""
    return str(_words().get(table, {}).get(column, {}).get("codes", ""))


def amendable(table: str) -> tuple[str, ...]:
    """Return the columns of a table that hold registered facts and may be put right."""
    return tuple(name for name, entry in _words().get(table, {}).items() if entry.get("amend"))


def value_word(register: Register, table: str, column: str, value: Any, language: errors.Language) -> str:
    """Return a value as people read it; '' for an absent one."""
    if value is None:
        return ""
    declared = BY_NAME[table].column(column)
    return _referred(register, declared, value) if declared.refers else said_value(table, column, value, language)


def said_value(table: str, column: str, value: Any, language: errors.Language) -> str:
    """Return a value that refers to no other row as people read it; '' for an absent one."""
    if value is None:
        return ""
    declared = BY_NAME[table].column(column)
    entry = _words().get(table, {}).get(column, {})
    if "codes" in entry:
        return codes.word(entry["codes"], value, language)
    if "values" in entry and value in entry["values"]:
        return str(entry["values"][value][0 if language == "zh" else 1])
    if declared.kind == "flag":
        return {("zh", 0): "否", ("zh", 1): "是", ("en", 0): "no", ("en", 1): "yes"}[language, int(value)]
    if (table, column) == ("event", "kind") and value in clocks.EVENT_NAMES:
        return clocks.EVENT_NAMES[value].zh if language == "zh" else clocks.EVENT_NAMES[value].en
    if (table, column) == ("document", "kind"):
        return document_word(value, language)
    return str(value)


def document_word(kind: str, language: errors.Language) -> str:
    """Return the name of a kind of document, ours or incoming; the kind itself when nothing knows it."""
    from models import letters
    from models.letters import bundle

    try:
        found = letters.kind_of(kind)
    except errors.InputError:  # an incoming paper, or a file that went up
        if kind == bundle.KEPT:
            return bundle.KEPT_NAME[0 if language == "zh" else 1]
        return codes.word("paper", kind, language) if kind in codes.codes("paper") else kind
    return found.name_zh if language == "zh" else found.name_en


_NAMED_BY = {
    "unit": "name",
    "staff": "name",
    "person": "name",
    "item": "number",
    "matter": "number",
    "document": "title",
    "attachment": "name",
    "claim": "request",
}


def _referred(register: Register, column: Column, value: int) -> str:
    named = _NAMED_BY.get(column.refers or "")
    if not named:
        return str(value)
    found = register.row(f"SELECT {named} FROM {column.refers} WHERE id=?", (value,))
    return str(found[0] or "") if found else str(value)
