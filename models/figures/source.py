"""Where the rows come from that figures are made of: one county's tables, wherever they are kept.

The desk reads its register, the city's hub its own database; both compute with the same rooms, so that a figure of the
hub equals the county's to the unit. No room that counts asks a database in any other way.

What a source gives is what the register holds: days as ISO text, flags as 0, 1 or None, JSON as text, ids as numbers.
Rows come in no particular order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

AT_A_TIME = 400


class Rows(Protocol):
    """Rows of one county's tables (`models.tables`); matters that the asker may not know of are left out of all."""

    def by_day(self, table: str, column: str, frm: date, to: date, columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
        """Return the rows whose day `column` lies between `frm` and `to`, both included."""
        ...

    def by_ids(
        self, table: str, column: str, ids: Collection[int] | Collection[str], columns: Sequence[str]
    ) -> Iterable[tuple[Any, ...]]:
        """Return the rows whose `column` is one of `ids`: row ids as a rule, codes for a column of codes."""
        ...

    def every(self, table: str, columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
        """Return all rows of a small table: units, settings, programmes and what belongs to programmes."""
        ...


@dataclass(frozen=True, slots=True)
class DeskRows:
    """The rows of a register as one person may count them.

    Attributes:
        register: The open register.
        hidden: Matters that the person may not know of (`hidden_from`): none of their rows comes out.
    """

    register: Register
    hidden: frozenset[int] = frozenset()

    def by_day(self, table: str, column: str, frm: date, to: date, columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
        """Return the rows whose day `column` lies between `frm` and `to`, both included."""
        found = self._read(table, columns, f"{column} BETWEEN ? AND ?", (frm.isoformat(), to.isoformat()))
        return self._shown(found)

    def by_ids(
        self, table: str, column: str, ids: Collection[int] | Collection[str], columns: Sequence[str]
    ) -> Iterable[tuple[Any, ...]]:
        """Return the rows whose `column` is one of `ids`."""
        return self._shown(self._in_parts(table, column, ids, columns))

    def every(self, table: str, columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
        """Return all rows of a small table."""
        return self._shown(self._read(table, columns, "1", ()))

    def _in_parts(
        self, table: str, column: str, ids: Collection[int] | Collection[str], columns: Sequence[str]
    ) -> Iterator[tuple[Any, ...]]:
        wanted = sorted(ids)
        for start in range(0, len(wanted), AT_A_TIME):
            some = tuple(wanted[start : start + AT_A_TIME])
            yield from self._read(table, columns, f"{column} IN ({','.join('?' * len(some))})", some)

    def _read(self, table: str, columns: Sequence[str], where: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        # The last column says whose row it is; it is taken off again below.
        whose = "id" if table == "matter" else "matter" if table in _OF_A_MATTER else "NULL"
        return self.register.rows(f"SELECT {', '.join(columns)}, {whose} FROM {table} WHERE {where}", values)

    def _shown(self, found: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        for row in found:
            if row[-1] not in self.hidden:
                yield row[:-1]


def _of_a_matter() -> frozenset[str]:
    from models.tables import TABLES

    return frozenset(table.name for table in TABLES if "matter" in table.names)


_OF_A_MATTER = _of_a_matter()


def hidden_from(register: Register, staff: Staff) -> frozenset[int]:
    """Return the matters that a person may not know of: accused, of an accused unit, or recused (`models.policy`)."""
    return frozenset(row[0] for row in register.rows("SELECT matter FROM bar WHERE staff=?", (staff.id,)))
