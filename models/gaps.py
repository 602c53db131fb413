"""The register of numbers (编号登记): every serial of every series and year, used, spoiled, free in a block, missing.

Nothing is listed number by number but what needs a reason: spoiled letters and cancelled items. All other serials stand
in ranges. A serial that nothing accounts for is *missing*: `verify` names it, and so does the register.

Where there are several workstations their entries arrive one by one. A serial is *awaited* when entries that are not
here yet explain it: it lies below the one from which the lead took over, or the next one above it was given by another
workstation than the lead that is known here. (Entries of one workstation arrive without gaps, so nothing is awaited
between two numbers of the lead.) Those in quarantined entries are in the journal and not in the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import orjson

from models import errors, leases, policy
from models.errors import Message

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

Kind = Literal["used", "spoiled", "leased", "ended", "emergency", "awaited", "aside", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Serials of one series and year that have the same account.

    Attributes:
        kind: used, spoiled; leased: free in a block that its holder may still use; ended: free in a block that is not
            used any more; emergency: used from a workstation's own block; awaited: given by an earlier lead, not here
            yet; aside: in an entry that is kept in quarantine; missing: nothing accounts for it.
        first: First serial, inclusive.
        last: Last serial, inclusive.
        holder: Number of the workstation whose block it is, 0 for none.
        reason: Why it is spoiled or the block has ended; empty where the reader may not know.
    """

    series: str
    year: int
    kind: Kind
    first: int
    last: int
    holder: int = 0
    reason: str = ""

    @property
    def count(self) -> int:
        """How many serials."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account of one series and year: its ranges in the order of the serials."""

    series: str
    year: int
    ranges: tuple[Range, ...]

    @property
    def used(self) -> int:
        """How many serials were given out, spoiled ones too."""
        return sum(one.count for one in self.ranges if one.kind in ("used", "spoiled", "emergency"))

    @property
    def missing(self) -> tuple[Range, ...]:
        """What nothing accounts for."""
        return tuple(one for one in self.ranges if one.kind == "missing")


READERS = frozenset({"KEEPER", "PU", "REG"})


def account(register: Register, by: Staff, year: int | None = None) -> tuple[Account, ...]:
    """Return the account of every series and year that has numbers or blocks.

    Args:
        register: The open register.
        by: Who asks; reasons of spoiled numbers are told to those who may read the matter.
        year: Only of this year; None: all.

    Raises:
        NotAllowedError: `by` is neither keeper nor of the petition unit.
    """
    policy.require_role(by, READERS, "查看编号登记", "look at the register of numbers")
    reasons = _reasons(register, by)
    return tuple(_accounts(register, year, reasons))


def missing(register: Register) -> tuple[Range, ...]:
    """Return every range of serials that nothing accounts for."""
    return tuple(gap for one in _accounts(register, None, {}) for gap in one.missing)


def words(one: Range, name: str = "") -> Message:
    """Return what is said of a range; `name` is its holder's."""
    who_zh, who_en = name or f"{one.holder} 号工作站", name or f"workstation {one.holder}"
    zh, en = {
        "used": ("已使用", "used"),
        "spoiled": ("已作废", "spoiled"),
        "leased": (f"已分给{who_zh}，尚未使用", f"leased to {who_en}, not used yet"),
        "ended": (f"曾分给{who_zh}，不再使用", f"had been leased to {who_en}, not used any more"),
        "emergency": (f"{who_zh}离线时使用的应急号", f"emergency numbers that {who_en} used while apart"),
        "awaited": ("由原编号工作站给出，记录尚未到达本机", "given by the earlier lead; its entries are not here yet"),
        "aside": ("在待查流水中，尚未采用", "in an entry that is kept in quarantine"),
        "missing": ("去向不明", "not accounted for"),
    }[one.kind]
    return Message(f"{zh}（{one.reason}）" if one.reason else zh, f"{en} ({one.reason})" if one.reason else en)


# --- the account -----------------------------------------------------------------------------------------------------


def _accounts(register: Register, year: int | None, reasons: dict[tuple[str, int, int], str]) -> Iterator[Account]:
    connection = register.connection
    shared = leases.is_shared(connection)
    lead = leases.lead_of(connection)
    aside = set(_aside(connection))
    known: dict[str, set[int]] = {leases.ITEMS: set(), leases.MATTERS: set()}
    for table in ("number", "number_lease"):
        for series, of in connection.execute(f"SELECT DISTINCT series, year FROM {table}").fetchall():
            known.setdefault(series, set()).add(of)
    for series, years in known.items():
        years.update(leases.years_of(connection, series))
        for of in sorted(years):
            if year in (None, of):
                blocks = leases.leases_of(connection, series, of) if shared else []
                spoiled = {serial: why for (name, when, serial), why in reasons.items() if (name, when) == (series, of)}
                one = _Series(connection, series, of, blocks, lead if shared else None, spoiled, aside)
                yield Account(series=series, year=of, ranges=tuple(one.ranges()))


class _Series:
    """One series and year while its account is made."""

    def __init__(
        self,
        connection: Any,
        series: str,
        year: int,
        blocks: list[leases.Lease],
        lead: leases.Lead | None,
        spoiled: dict[int, str],
        aside: set[tuple[str, int, int]],
    ) -> None:
        self.connection = connection
        self.series, self.year = series, year
        self.blocks = blocks
        self.lead = lead
        self.spoiled = spoiled
        self.aside = {serial for name, of, serial in aside if (name, of) == (series, year)}
        self.floor = leases.legal_start(connection, series, year)

    def ranges(self) -> Iterator[Range]:
        """Yield the ranges in the order of the serials."""
        stretches = leases.open_stretches(self.blocks, 1) if self.lead else [(1, leases.LAST_SERIAL)]
        given = [one for one in stretches if self._highest(*one) is not None]
        last_given = given[-1] if given else (0, 0)
        parts: list[tuple[int, Iterator[Range]]] = [
            (one[0], self._stretch(*one, whole=one[0] < last_given[0])) for one in stretches if one[0] <= last_given[0]
        ]
        parts += [(first, self._block(block, first, last)) for block, first, last in _apart(self.blocks)]
        if self.lead:
            parts += [(block[0], self._emergency(device, *block)) for device, block in self._emergency_blocks()]
        for _first, part in sorted(parts, key=lambda one: one[0]):
            yield from part

    def _stretch(self, first: int, last: int, *, whole: bool) -> Iterator[Range]:
        """Account for serials of the line that are in no block; all must be given when later ones were."""
        highest = self._highest(first, last)
        lowest = self._lowest(first, last)
        if first < self.floor:  # below a legal start only what was given before it was set
            first = min(self.floor, lowest) if lowest is not None else min(self.floor, last + 1)
        end = last if whole else highest
        if end is not None and first <= end:
            yield from self._between(first, end, "used", 0)

    def _block(self, block: leases.Lease, begin: int, last: int) -> Iterator[Range]:
        """Account for a block, or what is left of it: given from its first serial on, the rest free."""
        free: Kind = "ended" if block.ended else "leased"
        highest = self._highest(begin, last)
        if highest is not None:
            first = max(begin, self.floor) if highest >= self.floor else begin
            yield from self._between(first, highest, "used", block.holder, free if block.ended else None, block.ended)
            begin = highest + 1
        if begin <= last:
            yield self._range(free, begin, last, block.holder, block.ended)

    def _emergency_blocks(self) -> Iterator[tuple[int, tuple[int, int]]]:
        for (device,) in self.connection.execute("SELECT DISTINCT number FROM device").fetchall():
            block = leases.emergency_block(device)
            if block and self._highest(*block) is not None:
                yield device, block

    def _emergency(self, device: int, first: int, last: int) -> Iterator[Range]:
        highest = self._highest(first, last)
        if highest is not None:
            yield from self._between(first, highest, "emergency", device)

    def _between(
        self, first: int, last: int, given: Kind, holder: int, absent: Kind | None = None, why: str = ""
    ) -> Iterator[Range]:
        """Yield what stands between two serials: `given` ones, and ones that are `absent`, or not accounted for."""
        writers = self._serials(first, last)
        if len(writers) == last - first + 1 and not any(first <= one <= last for one in self.spoiled):
            yield self._range(given, first, last, holder)
            return
        found: list[Range] = []
        above = None if last in writers else self._writer_after(last)
        for serial in range(last, first - 1, -1):
            above = writers.get(serial, above)
            if serial in writers:
                kind: Kind = "spoiled" if serial in self.spoiled else given
            elif serial in self.aside:
                kind = "aside"
            else:
                kind = absent or ("awaited" if given == "used" and self._may_come(serial, above) else "missing")
            if found and found[-1].kind == kind and kind != "spoiled":
                found[-1] = replace(found[-1], first=serial)
            else:
                reason = self.spoiled.get(serial, "") if kind == "spoiled" else why if kind == "ended" else ""
                found.append(self._range(kind, serial, serial, holder, reason))
        yield from reversed(found)

    def _may_come(self, serial: int, above: int | None) -> bool:
        """Return whether entries that are not here may have given a serial of the line; see the top of this room.

        `above`: the workstation that gave the next serial.
        """
        if self.lead is None:
            return False
        return serial < self.lead.start(self.series, self.year) or above not in (None, self.lead.device)

    def _range(self, kind: Kind, first: int, last: int, holder: int = 0, reason: str = "") -> Range:
        return Range(
            series=self.series, year=self.year, kind=kind, first=first, last=last, holder=holder, reason=reason
        )

    # What the tables hold of it.

    def _highest(self, first: int, last: int) -> int | None:
        return leases.highest(self.connection, self.series, self.year, first, last)

    def _lowest(self, first: int, last: int) -> int | None:
        return self._one("min", first, last)

    def _one(self, what: str, first: int, last: int) -> int | None:
        if self.series in leases.TEXT_SERIES:
            column, table, low, high = self._text(first, last)
            found = self.connection.execute(
                f"SELECT {what}({column}) FROM {table} WHERE number BETWEEN ? AND ?", (low, high)
            ).fetchone()[0]
            return int(found[-6:]) if isinstance(found, str) else found
        found = self.connection.execute(
            f"SELECT {what}(serial) FROM number WHERE series=? AND year=? AND serial BETWEEN ? AND ?",
            (self.series, self.year, first, last),
        ).fetchone()[0]
        return None if found is None else int(found)

    def _serials(self, first: int, last: int) -> dict[int, int]:
        """Return the serials given out between two, inclusive, each with the workstation that gave it."""
        if self.series in leases.TEXT_SERIES:
            column, table, low, high = self._text(first, last)
            rows = self.connection.execute(
                f"SELECT {column}, id FROM {table} WHERE number BETWEEN ? AND ?", (low, high)
            ).fetchall()
            return {int(number[-6:]): row >> 32 for number, row in rows}
        rows = self.connection.execute(
            "SELECT serial, id FROM number WHERE series=? AND year=? AND serial BETWEEN ? AND ?",
            (self.series, self.year, first, last),
        ).fetchall()
        return {serial: row >> 32 for serial, row in rows}

    def _writer_after(self, serial: int) -> int | None:
        """Return the workstation that gave the next serial of the line which is in no block."""
        for first, last in leases.open_stretches(self.blocks, serial + 1):
            lowest = self._lowest(first, last)
            if lowest is not None:
                return self._serials(lowest, lowest)[lowest]
        return None

    def _text(self, first: int, last: int) -> tuple[str, str, str, str]:
        prefix = f"{self.series}{self.year}-"
        return "number", leases.TEXT_SERIES[self.series], f"{prefix}{first:06d}", f"{prefix}{last:06d}"


def _apart(blocks: list[leases.Lease]) -> Iterator[tuple[leases.Lease, int, int]]:
    """Yield blocks with the stretch that is theirs alone.

    The margin that is set aside when a lead is lost may turn out to hold blocks that it had leased: these go first, in
    the order of their beginnings, and what lies between them is the margin's.
    """
    taken: list[tuple[int, int]] = []
    for block in sorted(blocks, key=lambda one: (bool(one.ended), one.last - one.first, one.first)):
        at = block.first
        for first, last in sorted(taken):
            if first > block.last or last < at:
                continue
            if at < first:
                yield block, at, first - 1
            at = max(at, last + 1)
        if at <= block.last:
            yield block, at, block.last
        taken.append((block.first, block.last))


# --- reasons and what is kept aside ----------------------------------------------------------------------------------


def _reasons(register: Register, by: Staff) -> dict[tuple[str, int, int], str]:
    """Return the reasons of spoiled numbers and cancelled items; empty ones for matters that `by` may not read."""
    may = policy.visible_sql(by)
    found: dict[tuple[str, int, int], str] = {}
    for series, year, serial, reason, readable in register.rows(
        "SELECT n.series, n.year, n.serial, n.reason,"
        f" n.document IS NULL OR EXISTS(SELECT 1 FROM document d JOIN matter m ON m.id=d.matter WHERE d.id=n.document"
        f" AND {may}) FROM number n WHERE n.state='spoiled'"
    ):
        found[series, year, serial] = (reason or "") if readable else ""
    for number, reason, readable in register.rows(
        "SELECT i.number, i.cancelled, EXISTS(SELECT 1 FROM matter m WHERE m.id=i.matter AND"
        f" {may}) FROM item i WHERE i.cancelled IS NOT NULL"
    ):
        found[leases.ITEMS, int(number[1:5]), int(number[-6:])] = reason if readable else ""
    return found


def _aside(connection: Any) -> Iterator[tuple[str, int, int]]:
    """Yield series, year and serial of the numbers in entries that are kept in quarantine."""
    letters = {table: letter for letter, table in leases.TEXT_SERIES.items()}
    for (payload,) in connection.execute(
        "SELECT e.payload FROM quarantine q JOIN entry e ON e.device=q.device AND e.seq=q.seq"
        " WHERE e.payload IS NOT NULL"
    ).fetchall():
        try:
            changes = orjson.loads(payload)
        except ValueError:
            continue
        for change in changes if isinstance(changes, list) else ():
            try:
                table, _row, _seen, columns = change
                if table in letters:
                    yield letters[table], int(columns["number"][1:5]), int(columns["number"][-6:])
                elif table == "number":
                    yield columns["series"], columns["year"], columns["serial"]
            except (KeyError, TypeError, ValueError):
                continue


def series_word(series: str, language: errors.Language) -> str:
    """Return the name of a series for people."""
    from models import codes, letters
    from models.sheets.issue import SERIES, TABLE

    fixed = {leases.ITEMS: ("信访件", "Items"), leases.MATTERS: ("信访事项", "Matters")}.get(series)
    if fixed:
        return fixed[0 if language == "zh" else 1]
    if series in SERIES:
        return codes.word(TABLE, series, language)
    known = next((kind for kind in letters.kinds() if kind.code == series), None)
    return series if known is None else known.name_zh if language == "zh" else known.name_en
