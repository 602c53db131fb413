"""Who gives out which number, so that workstations that are apart never give one twice.

The serials of a series and year lie in two parts:

- *The line*, 1 to `LINE_END`. One workstation, the *lead*, gives its numbers out one after the other. It leases
  *blocks* of the line to the others (rows of `number_lease`) and passes over them itself.
- *Emergency blocks* above it: 1,000 serials of each workstation's own, for when its leased ones are used up. The
  counter never waits for a line to the others.

With one workstation there are no blocks, and the next number is the highest and one. Rules that keep a number from
being given twice, whatever arrives when (tests/models/test_leases.py):

- Only the lead takes from the line and leases from it, and it knows all that it did itself.
- A block has one holder, who alone gives its numbers, in their order.
- The lead passes on by an act of the lead (`hand_over`), which names the first serial that is left in each series: who
  takes over begins there, whatever has not arrived yet of those who led before.
- A lead that is lost is followed by another (`models.stations.retire`): a *margin* of serials that the lost one may
  have given without our knowing is set aside as a block that has ended. So it is when a lead was restored from a backup
  and there is nobody to fetch from (`models.fetching.declare_alone`).

Series: J (items), S (matters), the kinds of letters and of papers of the bureau that bear a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from models import errors
from models.device import CITY

if TYPE_CHECKING:
    from models.act import Act
    from models.records import Staff
    from models.register import Register

ITEMS, MATTERS = "J", "S"
TEXT_SERIES = {ITEMS: "item", MATTERS: "matter"}
"""Series whose rows bear their number themselves, as text; the others stand in `number`."""
LAST_SERIAL = 999_999
"""Six digits, so that the order of the texts is the order of the numbers."""
LINE_END = 499_999
EMERGENCY_SIZE = 1_000
EMERGENCY_DEVICES = 400
"""Highest number of a workstation that has an emergency block."""
LOW = {ITEMS: 200, MATTERS: 200}
LOW_DOCUMENTS = 50
"""A workstation with fewer free numbers than this gets another block of as many."""
MARGIN_BLOCKS = 5
"""Blocks that are set aside in each series when a lead is lost."""
NEXT_YEAR_FROM = (12, 1)
"""Month and day from which blocks of the next year are leased."""
LEAD_SETTING = "numbers.lead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A block of the line. `first` and `last` inclusive; `ended`: why the rest of it is not used any more."""

    id: int
    series: str
    year: int
    holder: int
    first: int
    last: int
    ended: str


@dataclass(frozen=True, slots=True)
class Lead:
    """Who gives out the line. `starts`: the first serial that was left when it took over, by `series/year`."""

    device: int
    starts: Mapping[str, int] = field(default_factory=dict)

    def start(self, series: str, year: int) -> int:
        """Return the first serial of the line that this lead may give."""
        return self.starts.get(f"{series}/{year}", 1)


def block_size(series: str) -> int:
    """Return how many numbers a block of the series has: as many as the low-water mark below which one is leased."""
    return LOW.get(series, LOW_DOCUMENTS)


def emergency_block(device: int) -> tuple[int, int] | None:
    """Return the first and last serial of a workstation's emergency block; None when it has none."""
    if device > EMERGENCY_DEVICES:
        return None
    first = LINE_END + 1 + device * EMERGENCY_SIZE
    return first, first + EMERGENCY_SIZE - 1


def all_series() -> tuple[str, ...]:
    """Return every series that bears numbers."""
    from models import letters
    from models.sheets.issue import SERIES

    return (ITEMS, MATTERS, *(kind.code for kind in letters.kinds() if kind.series_word), *SERIES)


# --- what the register says ------------------------------------------------------------------------------------------


def is_shared(connection: Any) -> bool:
    """Return whether the register has, or had, more than one workstation."""
    return int(connection.execute("SELECT count(*) FROM device WHERE number<>?", (CITY,)).fetchone()[0]) > 1


def lead_of(connection: Any) -> Lead:
    """Return who gives out the line: the setting, else the active workstation with the lowest number."""
    found = connection.execute("SELECT value FROM setting WHERE name=? ORDER BY rev DESC", (LEAD_SETTING,)).fetchone()
    if found is not None and found[0] is not None:
        value = orjson.loads(found[0])
        return Lead(value["device"], value.get("from", {}))
    lowest = connection.execute(
        "SELECT min(number) FROM device WHERE retired_on IS NULL AND number<>?", (CITY,)
    ).fetchone()[0]
    return Lead(lowest or 0)


def leases_of(connection: Any, series: str, year: int) -> list[Lease]:
    """Return the blocks of a series and year in their order."""
    rows = connection.execute(
        "SELECT id, series, year, holder, first, last, ended FROM number_lease WHERE series=? AND year=?"
        " ORDER BY first",
        (series, year),
    ).fetchall()
    return [
        Lease(id=row, series=name, year=of, holder=holder, first=first, last=last, ended=ended or "")
        for row, name, of, holder, first, last, ended in rows
    ]


def highest(connection: Any, series: str, year: int, first: int, last: int) -> int | None:
    """Return the highest serial given out between `first` and `last`, inclusive; None when there is none."""
    if first > last:
        return None
    if series in TEXT_SERIES:
        prefix = f"{series}{year}-"
        found = connection.execute(
            f"SELECT max(number) FROM {TEXT_SERIES[series]} WHERE number BETWEEN ? AND ?",
            (f"{prefix}{first:06d}", f"{prefix}{last:06d}"),
        ).fetchone()[0]
        return int(found[len(prefix) :]) if found else None
    found = connection.execute(
        "SELECT max(serial) FROM number WHERE series=? AND year=? AND serial BETWEEN ? AND ?",
        (series, year, first, last),
    ).fetchone()[0]
    return int(found) if found is not None else None


def legal_start(connection: Any, series: str, year: int) -> int:
    """Return the first serial of a series by the bureau's setting (a legal start offset), else 1."""
    if series in TEXT_SERIES:
        return 1
    found = connection.execute(
        "SELECT value FROM setting WHERE name=? ORDER BY rev DESC", (f"number.{series}.{year}.start",)
    ).fetchone()
    return int(orjson.loads(found[0])) if found is not None and found[0] is not None else 1


def open_stretches(leases: list[Lease], first: int) -> list[tuple[int, int]]:
    """Return the stretches of the line from `first` on that are in no block."""
    found = []
    for lease in leases:
        if lease.first > first:
            found.append((first, lease.first - 1))
        first = max(first, lease.last + 1)
    if first <= LINE_END:
        found.append((first, LINE_END))
    return found


# --- the next number -------------------------------------------------------------------------------------------------


def next_serial(connection: Any, device: int, series: str, year: int) -> int:
    """Return the next serial that workstation `device` may give out; the caller's transaction records what bears it.

    Raises:
        RuleError: Line, blocks and emergency block are used up.
    """
    start = legal_start(connection, series, year)
    if not is_shared(connection):
        found = highest(connection, series, year, 1, LAST_SERIAL)
        if found == LAST_SERIAL:  # one digit more would sort before the others, and the next one would be given twice
            raise _used_up(year, LAST_SERIAL)
        return found + 1 if found is not None else start
    leases = leases_of(connection, series, year)
    serial = _from_blocks(connection, leases, device, start)
    if serial is None:
        lead = lead_of(connection)
        if lead.device == device:
            serial = _from_line(connection, leases, lead, series, year, start)
    if serial is None:
        serial = _from_emergency(connection, device, series, year)
    return serial


def _from_blocks(connection: Any, leases: list[Lease], device: int, start: int) -> int | None:
    """Return the next serial of the holder's blocks, which are used up one after the other."""
    free = None
    for lease in reversed([one for one in leases if one.holder == device and not one.ended]):
        found = highest(connection, lease.series, lease.year, lease.first, lease.last)
        if found is not None:
            return found + 1 if found < lease.last else free
        if start <= lease.last:
            free = max(lease.first, start)
    return free


def _from_line(connection: Any, leases: list[Lease], lead: Lead, series: str, year: int, start: int) -> int | None:
    """Return the lead's next serial: after the last one given from the line, past all blocks; its own are used up."""
    begin = lead.start(series, year)
    stretches = open_stretches(leases, begin)
    after = None
    for first, last in reversed(stretches):
        after = highest(connection, series, year, first, last)
        if after is not None:
            break
    wanted = max(begin, start) if after is None else after + 1
    return next((max(first, wanted) for first, last in stretches if last >= wanted), None)


def _from_emergency(connection: Any, device: int, series: str, year: int) -> int:
    block = emergency_block(device)
    if block is None:
        raise _used_up(year, LINE_END)
    found = highest(connection, series, year, *block)
    if found == block[1]:
        raise _used_up(year, found)
    return block[0] if found is None else found + 1


def _used_up(year: int, last: int) -> errors.RuleError:
    return errors.RuleError(
        f"{year} 年的编号已用到 {last}，不能再编。有几台工作站的，请先同步以领取新号段；否则请联系系统管理员。",
        f"The numbers of {year} are used up at {last}. Where there are several workstations, sync to get another block;"
        " otherwise ask the keeper.",
    )


def free_numbers(connection: Any, device: int, series: str, year: int) -> int:
    """Return how many numbers are left in the blocks of a workstation, as far as its entries are known here."""
    start = legal_start(connection, series, year)
    left = 0
    for lease in leases_of(connection, series, year):
        if lease.holder == device and not lease.ended:
            found = highest(connection, series, year, lease.first, lease.last)
            left += lease.last - max(lease.first - 1, start - 1, found or 0) if lease.last >= start else 0
    return left


# --- leasing ---------------------------------------------------------------------------------------------------------


def top_up(register: Register, *, by: Staff, at: datetime) -> int:
    """Lease blocks to the workstations that have few numbers left, when this one is the lead; returns how many.

    One act, and none when there is nothing to lease. Leased are the series of this year, from 1 December those of the
    next, and of other years those in which a workstation had to take emergency numbers.
    """
    connection = register.connection
    if not is_shared(connection) or lead_of(connection).device != register.device:
        return 0
    wanted = list(_wanted(connection, register.device, at.astimezone().date()))
    if not wanted:
        return 0
    with register.act("lease_numbers", by=by, at=at) as act:
        for holder, series, year in wanted:
            lease(act, holder, series, year)
    return len(wanted)


def _wanted(connection: Any, lead: int, on: date) -> Iterator[tuple[int, str, int]]:
    years = {on.year, on.year + 1} if (on.month, on.day) >= NEXT_YEAR_FROM else {on.year}
    holders = [
        number
        for (number,) in connection.execute(
            "SELECT DISTINCT number FROM device WHERE retired_on IS NULL AND number NOT IN (?,?) ORDER BY number",
            (lead, CITY),
        ).fetchall()
    ]
    for holder in holders:
        of_emergency = set(emergencies(connection, holder))
        for series in all_series():
            for year in sorted(years | {year for name, year in of_emergency if name == series}):
                if free_numbers(connection, holder, series, year) < block_size(series):
                    yield holder, series, year


def emergencies(connection: Any, device: int) -> Iterator[tuple[str, int]]:
    """Yield the series and years in which a workstation gave out numbers of its emergency block."""
    block = emergency_block(device)
    if block is None:
        return
    yield from (
        (series, year)
        for series, year in connection.execute(
            "SELECT DISTINCT series, year FROM number WHERE serial BETWEEN ? AND ?", block
        ).fetchall()
    )
    for series in TEXT_SERIES:
        for year in years_of(connection, series):
            if highest(connection, series, year, *block) is not None:
                yield series, year


def years_of(connection: Any, series: str) -> list[int]:
    """Return the years in which numbers of a series were given out, by one look-up a year."""
    if series not in TEXT_SERIES:
        return [
            year
            for (year,) in connection.execute(
                "SELECT DISTINCT year FROM number WHERE series=? ORDER BY year", (series,)
            ).fetchall()
        ]
    years: list[int] = []
    after = f"{series}0000-"
    while True:
        found = connection.execute(
            f"SELECT min(number) FROM {TEXT_SERIES[series]} WHERE number>? AND number<?", (after, f"{series}~")
        ).fetchone()[0]
        if found is None:
            return years
        years.append(int(found[1:5]))
        after = f"{series}{years[-1]}~"


def lease(act: Act, holder: int, series: str, year: int, *, size: int = 0, ended: str = "") -> Lease:
    """Lease a block that begins after all that the lead gave and leased; the caller is the lead, in its own act."""
    first = frontier(act.connection, lead_of(act.connection), series, year)
    last = first + (size or block_size(series)) - 1
    if last > LINE_END:
        raise _used_up(year, LINE_END)
    values = {"series": series, "year": year, "holder": holder, "first": first, "last": last, "ended": ended}
    return Lease(id=act.insert("number_lease", values), series=series, year=year, holder=holder, first=first,
                 last=last, ended=ended)  # fmt: skip


def frontier(connection: Any, lead: Lead, series: str, year: int) -> int:
    """Return the first serial of the line that nobody has, as far as the lead knows."""
    leases = leases_of(connection, series, year)
    begin = lead.start(series, year)
    given = highest(connection, series, year, begin, LINE_END)
    ends = max((one.last for one in leases), default=0)
    return max(begin, legal_start(connection, series, year) if given is None else given + 1, ends + 1)


def years_at_stake(connection: Any, on: date) -> dict[str, set[int]]:
    """Return for each series the years of which somebody may have numbers: those known, this one and the next."""
    found: dict[str, set[int]] = {series: {on.year, on.year + 1} for series in all_series()}
    for series, year in connection.execute("SELECT DISTINCT series, year FROM number_lease").fetchall():
        found.setdefault(series, set()).add(year)
    for series in found:
        found[series].update(years_of(connection, series))
    return found


def hand_over(register: Register, to: int, *, by: Staff, at: datetime) -> None:
    """Let workstation `to` give out the line from now on; this one, the lead, keeps a block of each series for itself.

    Raises:
        RuleError: This workstation is not the lead, or `to` is no other active one.
    """
    connection = register.connection
    lead = lead_of(connection)
    if lead.device != register.device:
        raise errors.RuleError(
            f"编号由 {lead.device} 号工作站分配，须在该工作站上移交。",
            f"Workstation {lead.device} gives out the numbers: hand over there.",
        )
    other = connection.execute(
        "SELECT 1 FROM device WHERE number=? AND number<>? AND retired_on IS NULL", (to, register.device)
    ).fetchone()
    if other is None:
        raise errors.RuleError(
            f"没有在用的 {to} 号工作站可接手编号分配。",
            f"There is no other active workstation {to} that could give out the numbers.",
        )
    on = at.astimezone().date()
    with register.act("hand_over_numbers", by=by, at=at) as act:
        for series in all_series():
            lease(act, register.device, series, on.year)
        set_lead(act, to, {
            f"{series}/{year}": frontier(connection, lead, series, year)
            for series, years in years_at_stake(connection, on).items() for year in years
        })  # fmt: skip


def begin_anew(act: Act, reason: str, on: date) -> None:
    """Give no number again, within an act, that this restored workstation may have given and forgotten.

    Its blocks end, and a lead goes on past a margin. With one workstation nothing is done: all there is, is here.
    """
    connection, device = act.connection, act.register.device
    if not is_shared(connection):
        return
    end_blocks(act, device, reason)
    if lead_of(connection).device == device:
        set_aside(act, device, reason, on)


def end_blocks(act: Act, holder: int, reason: str) -> None:
    """End the blocks of a workstation within an act: the rest of them is not used any more."""
    for (row,) in act.connection.execute(
        "SELECT id FROM number_lease WHERE holder=? AND ended IS NULL", (holder,)
    ).fetchall():
        act.set("number_lease", row, ended=reason)


def set_aside(act: Act, holder: int, reason: str, on: date) -> dict[str, int]:
    """Set a margin of each series aside within an act: what `holder` may have given without our knowing.

    Returns:
        The first serial after each margin, by `series/year`.
    """
    connection = act.connection
    lead = lead_of(connection)
    starts: dict[str, int] = {}
    for series, years in years_at_stake(connection, on).items():
        for year in sorted(years):
            first = frontier(connection, lead, series, year)
            last = min(first + MARGIN_BLOCKS * block_size(series) - 1, LINE_END)
            if first <= last:
                act.insert("number_lease", {
                    "series": series, "year": year, "holder": holder, "first": first, "last": last, "ended": reason,
                })  # fmt: skip
            starts[f"{series}/{year}"] = last + 1
    return starts


def set_lead(act: Act, device: int, starts: Mapping[str, int]) -> None:
    """Say within an act who gives out the line, and from which serial of each series on; 1 need not be said."""
    from models.desk import put_setting

    put_setting(act, LEAD_SETTING, {"device": device, "from": {name: at for name, at in starts.items() if at > 1}})
