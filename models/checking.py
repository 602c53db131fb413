"""Whether changes that come from elsewhere are of this register's form: tables, columns and kinds of value.

Desk and hub ask the same, so that both take the same entries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from models.journal import Change, decode_payload, seen_of
from models.tables import BY_NAME

_DATE = re.compile(r"\d{4}-[01]\d-[0-3]\d\Z", re.ASCII)
_INT_LIMIT = 1 << 63
KINDS: Mapping[str, Mapping[str, str]] = {
    name: {column.name: column.kind for column in table.columns} for name, table in BY_NAME.items()
}
"""Kind of each column of each table: text, int, flag, date or json."""


class BadChangeError(Exception):
    """A change that cannot be taken: `code` is unknown_column or bad_payload, `where` says where."""

    def __init__(self, code: str, where: str) -> None:
        super().__init__(code, where)
        self.code = code
        self.where = where


def changes_of(payload: bytes) -> list[Change]:
    """Return the checked changes of a payload.

    Raises:
        BadChangeError: They are not of this register's form.
    """
    try:
        changes = decode_payload(payload)
    except (ValueError, TypeError) as error:
        raise BadChangeError(_cause(payload), str(error)) from error
    for change in changes:
        check(change)
    return changes


def _cause(payload: bytes) -> str:
    """Return whether a payload that cannot be decoded only speaks of a table that a newer program has."""
    try:
        tables = [item[0] for item in orjson.loads(payload)]
    except (ValueError, TypeError, LookupError):
        return "bad_payload"
    return "unknown_column" if any(isinstance(t, str) and t not in BY_NAME for t in tables) else "bad_payload"


def check(change: Change) -> None:
    """Refuse a change that is not of this register's form.

    Raises:
        BadChangeError: says what is not.
    """
    table, row, seen = change.table, change.row, change.seen
    kinds = KINDS.get(table) if isinstance(table, str) else None
    if kinds is None:
        raise BadChangeError("unknown_column", str(table))
    if seen is not None and not (type(seen) is int and -_INT_LIMIT <= seen < _INT_LIMIT):
        try:
            seen_of(seen, len(change.columns))
        except ValueError as error:
            raise BadChangeError("bad_payload", f"{table} {row}") from error
        if not (isinstance(seen, tuple) and all(map(_is_int, seen))):
            raise BadChangeError("bad_payload", f"{table} {row}")
    if not (type(row) is int and -_INT_LIMIT <= row < _INT_LIMIT):
        raise BadChangeError("bad_payload", f"{table} {row}")
    for name, value in change.columns.items():
        kind = kinds.get(name)
        if kind is None:
            raise BadChangeError("unknown_column", f"{table}.{name}")
        if value is None:
            continue
        # Each value of each entry passes here: what nearly all are is asked without a further call.
        if kind == "text":
            good = type(value) is str and "\0" not in value  # PostgreSQL keeps no such text; desk and hub refuse it
        elif kind == "int":
            good = type(value) is int and -_INT_LIMIT <= value < _INT_LIMIT
        else:
            good = fits(kind, value)
        if not good:
            raise BadChangeError("bad_payload", f"{table}.{name}")


def _is_int(value: Any) -> bool:
    return type(value) is int and -_INT_LIMIT <= value < _INT_LIMIT


def fits(kind: str, value: Any) -> bool:
    """Return whether a value is of a column's kind."""
    if kind == "int":
        return _is_int(value)
    if kind == "flag":
        return type(value) is int and value in (0, 1)
    if not isinstance(value, str) or "\0" in value:
        return False
    if kind == "date":
        return _DATE.match(value) is not None
    if kind == "json":
        try:
            orjson.loads(value)
        except ValueError:
            return False
    return True
