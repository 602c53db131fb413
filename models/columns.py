"""How a journalled table is declared: its columns, their kinds and their meaning.

`models.tables` and `models.handling_tables` declare with these words; `models.schema` makes the desk's tables of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["int", "text", "date", "flag", "json"]
"""`date` is TEXT in ISO form (YYYY-MM-DD); `flag` is INTEGER 0 or 1; `json` is TEXT that holds a JSON value."""

SYSTEM_COLUMNS = ("id", "born", "rev", "revs")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a journalled table.

    `refers` names the table whose `id` the value is. `required` columns are NOT NULL.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    refers: str | None = None
    since: int = 1
    """Format of the register that brought the column; later ones stand last in the file's tables."""


@dataclass(frozen=True, slots=True)
class Table:
    """One journalled table; `orders` are the column lists that have an index on the desk."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    orders: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """Return the column called `name`; raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the declared columns, without the system columns."""
        return tuple(column.name for column in self.columns)


def whole(name: str, meaning: str, *, required: bool = False, refers: str | None = None, since: int = 1) -> Column:
    """Declare a column of whole numbers, or of ids of the table `refers`."""
    return Column(name, "int", meaning, required, refers, since)


def text(name: str, meaning: str, *, required: bool = False, since: int = 1) -> Column:
    """Declare a column of text."""
    return Column(name, "text", meaning, required, None, since)


def day(name: str, meaning: str, *, required: bool = False, since: int = 1) -> Column:
    """Declare a column of days."""
    return Column(name, "date", meaning, required, None, since)


def flag(name: str, meaning: str, *, since: int = 1) -> Column:
    """Declare a column of yes and no."""
    return Column(name, "flag", meaning, since=since)


def json(name: str, meaning: str, *, since: int = 1) -> Column:
    """Declare a column of JSON values."""
    return Column(name, "json", meaning, since=since)


MATTER = whole("matter", "the matter", required=True, refers="matter")
ITEM = whole("item", "the item it came with; absent when it belongs to the matter as a whole", refers="item")
REMOVED = text("removed", "reason; reversed by a correcting act")
