"""What follows from changed rows, whoever wrote them: clocks, list columns, bars, the search index.

An act of this desk and entries from elsewhere tell this room what they change, the rows being as they were; when the
rows are written, `finish` works the projections of the touched matters out again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from models import projections, search

if TYPE_CHECKING:
    from models.register import Register

_BY_RULES = {"rules", "overlay", "received_on"}


class Consequences:
    """Gathers what changes in one transaction."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.tables: set[str] = set()
        self.touched: set[int] = set()
        """The matters that rows belong to."""
        self._new_matters: set[int] = set()
        self._clocks: set[int] = set()
        self._who: set[int] = set()
        self._bars: set[int] = set()
        self._before: dict[int, tuple[int, search.SearchDocument]] = {}
        self._unread: set[int] = set()
        self._indexed: set[int] = set()
        self._settings: set[int] = set()

    def touch(self, table: str, row_id: int, matter: int | None, columns: Iterable[str] | None) -> None:
        """Note that a row is about to change.

        Args:
            table: Its table.
            row_id: Its id.
            matter: The matter that it belongs to; for a matter itself, its id.
            columns: The columns that change; None for a new row.
        """
        self.tables.add(table)
        if table == "setting":
            self._settings.add(row_id)
        if matter is None:
            return
        self.touched.add(matter)
        if table == "matter" and columns is None:
            self._new_matters.add(matter)
        # The index goes by the place, and that by the day of receipt.
        moved = table == "matter" and columns is not None and "received_on" in columns
        if matter not in self._indexed and (moved or search.concerns(table, columns)):
            if matter not in self._new_matters:
                self._unread.add(matter)
            self._indexed.add(matter)
        if table == "event" or (table == "matter" and (columns is None or not _BY_RULES.isdisjoint(columns))):
            self._clocks.add(matter)
        if table in ("person", "item"):
            self._who.add(matter)
        if table in ("accused", "recusal"):
            self._bars.add(matter)

    def read_before(self) -> None:
        """Read the search documents of the matters touched since, as they stand before the change."""
        if self._unread:
            self._before.update(projections.index_documents(self.register.connection, sorted(self._unread)))
            self._unread.clear()

    def recount(self, matters: Iterable[int]) -> None:
        """Work out the clocks of these matters again at the end: another law counts from now on."""
        self._clocks.update(matters)

    def finish(self, *, from_elsewhere: bool = False) -> None:
        """Work out what follows, once the rows are written.

        Args:
            from_elsewhere: A matter whose rules this program does not know gets no duties; an own act is refused.
        """
        register, connection = self.register, self.register.connection
        if {"staff", "unit"} & self.tables:
            self._bars.update(projections.accused_matters(connection))
        for matter in self._who:
            projections.refresh_who(connection, matter)
        calendar = register.calendar
        if self._settings:
            names = self._names_of_settings()
            if any(name.startswith("rules.file.") for name in names):  # matters under an overlay that was not known
                register.forget_law()
                self._clocks.update(projections.open_matters(connection))
            calendar = register.read_calendar()
            if any(name.startswith("calendar.") for name in names):  # duties that waited for a year's notice get a day
                self._clocks.update(projections.running_matters(connection))
        refresh = projections.refresh_clocks_if_known if from_elsewhere else projections.refresh_clocks
        for matter in self._clocks:
            refresh(connection, matter, calendar, register.law.book)
        for matter in self._bars:
            projections.refresh_bar(connection, matter)
        self._index()

    def _index(self) -> None:
        connection = self.register.connection
        below = search.unindexed_below(connection)
        for matter, (place, document) in projections.index_documents(connection, self._indexed).items():
            place_before, before = self._before.get(matter, (place, None))
            # What the background has not come to yet was not put in, and will be put in by it as it then stands.
            search.change(
                connection,
                place_before,
                before if place_before >= below else None,
                place,
                document if place >= below else None,
            )

    def _names_of_settings(self) -> list[str]:
        found = self.register.connection.execute(
            f"SELECT name FROM setting WHERE id IN ({','.join(map(str, self._settings))})"
        ).fetchall()
        return [name for (name,) in found]
