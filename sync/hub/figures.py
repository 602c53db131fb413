"""A county's rows at the hub, as the figures ask for them: `models.figures.source.Rows` over SQLAlchemy.

The figures are worked out by the same rooms at the desk and here; only where the rows lie is another matter. Every
question names the county first, since that is the leading key of every table (design, section 6), and is answered from
an index that `storage` keeps, so that a month of one county costs what the month holds and not what the city holds.

A row that a later entry touched before the entry that made it arrived is not there yet (`born` is absent): it is left
out, as it is from the digests, until its birth comes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from sync.hub import storage

_IDS_A_QUERY = 500
"""Ids bound in one question: far below what either engine allows."""


class HubRows:
    """The rows of one county, read from one state of the hub's database.

    Args:
        connection: Of `Hub.reading`: one transaction, so that all figures speak of the same moment.
        county: Its six-digit code.
    """

    def __init__(self, connection: sa.Connection, county: str) -> None:
        self._connection = connection
        self._county = county

    def by_day(self, table: str, column: str, frm: date, to: date, columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
        """Return the rows whose day `column` lies between `frm` and `to`, both included."""
        t = storage.ROWS[table]
        return self._rows(self._select(t, columns).where(t.c[column].between(frm.isoformat(), to.isoformat())))

    def by_ids(
        self, table: str, column: str, ids: Collection[int] | Collection[str], columns: Sequence[str]
    ) -> Iterable[tuple[Any, ...]]:
        """Return the rows whose `column` is one of `ids`."""
        t = storage.ROWS[table]
        wanted = sorted(ids)
        for start in range(0, len(wanted), _IDS_A_QUERY):
            portion = t.c[column].in_(wanted[start : start + _IDS_A_QUERY])
            yield from self._rows(self._select(t, columns).where(portion))

    def every(self, table: str, columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
        """Return all rows of a small table."""
        return self._rows(self._select(storage.ROWS[table], columns))

    def _select(self, t: sa.Table, columns: Sequence[str]) -> sa.Select[Any]:
        return sa.select(*(t.c[name] for name in columns)).where(t.c.county == self._county, t.c.born.is_not(None))

    def _rows(self, query: sa.Select[Any]) -> Iterable[tuple[Any, ...]]:
        for row in self._connection.execute(query):
            yield tuple(row)
