"""Whether the hub holds all that a county did in a period, and if not, what may be missing.

A figure of a county that has not sent everything is true of what was sent only, so each of these is named beside it:

- *entries*: a later batch arrived and one before it has not: these numbers of the journal are missing for certain;
- *quarantine*: entries arrived and could not be taken;
- *silent*: the newest entry of a workstation is older than the period's end: what came after it, if anything, is
  not here. A report that the county submitted after the period's end, or any other later act, proves the contrary;
- *never*: an enrolled workstation that has not sent anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

import sqlalchemy as sa

from models.errors import Message
from sync.hub import storage
from sync.hub.hub import Hub, Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing of a workstation that may be missing from a county's figures.

    Attributes:
        kind: See the head of this room.
        device: Number of the workstation.
        name: Its name.
        first, last: For `entries`: the range that is missing, both included; else 0.
        count: For `entries` and `quarantine`: how many entries.
        until: For `silent`: instant of the newest entry by the workstation's own clock, aware.
    """

    kind: Literal["entries", "quarantine", "silent", "never"]
    device: int
    name: str
    first: int = 0
    last: int = 0
    count: int = 0
    until: datetime | None = None

    @property
    def words(self) -> Message:
        """Say it to a person."""
        where_zh, where_en = f"{self.device} 号工作站（{self.name}）", f"workstation {self.device} ({self.name})"
        if self.kind == "entries":
            return Message(
                f"{where_zh}缺少第 {self.first} 至 {self.last} 条流水，共 {self.count} 条。",
                f"{where_en} lacks entries {self.first} to {self.last}, {self.count} in all.",
            )
        if self.kind == "quarantine":
            return Message(
                f"{where_zh}有 {self.count} 条流水在隔离区，未计入。",
                f"{where_en}: {self.count} entries are in quarantine and not counted.",
            )
        if self.until is None:
            return Message(f"{where_zh}从未报送。", f"{where_en} has never sent anything.")
        until = f"{self.until.astimezone():%Y-%m-%d %H:%M}"
        return Message(
            f"{where_zh}最后一条流水是 {until}，早于期末，其后情况不明。",
            f"{where_en}: its newest entry is of {until}, before the period's end; what came after is not known.",
        )


def positions(hub: Hub) -> dict[tuple[str, int], Position]:
    """Return what the hub holds of every workstation: asked before the figures are read, never after.

    A batch that arrives in between is then counted and still named as missing, not the other way round.
    """
    return {station: hub.position(*station) for station in hub.stations()}


def gaps(
    connection: sa.Connection, county: str, to_on: date, held: Mapping[tuple[str, int], Position]
) -> tuple[Gap, ...]:
    """Return what may be missing of a county, by workstation; empty when it has sent everything.

    Args:
        connection: From `Hub.reading`.
        county: Its code.
        to_on: Last day of the period, included.
        held: From `positions`.
    """
    d = storage.device
    known = connection.execute(sa.select(d.c.device, d.c.name).where(d.c.county == county))
    names = {device: name for device, name in known}  # noqa: C416  a result has keys of its own: dict() would take those
    found: list[Gap] = []
    for (code, device), position in sorted(held.items()):
        if code == county:
            found += _of_station(connection, county, device, names.get(device, ""), position, to_on)
    return tuple(found)


def _of_station(
    connection: sa.Connection, county: str, device: int, name: str, position: Position, to_on: date
) -> list[Gap]:
    found = [
        Gap(kind="entries", device=device, name=name, first=first, last=last, count=last - first + 1)
        for first, last in position.missing
    ]
    q, e = storage.quarantine, storage.entry
    waiting = connection.execute(
        sa.select(sa.func.count()).select_from(q).where(q.c.county == county, q.c.device == device)
    ).scalar_one()
    if waiting:
        found.append(Gap(kind="quarantine", device=device, name=name, count=waiting))
    newest = connection.execute(
        sa.select(e.c.at_ms).where(e.c.county == county, e.c.device == device, e.c.seq == position.have)
    ).scalar_one_or_none()
    if newest is None:
        found.append(Gap(kind="never", device=device, name=name))
    elif (until := datetime.fromtimestamp(newest / 1000, UTC)) < _end_of(to_on):
        found.append(Gap(kind="silent", device=device, name=name, until=until))
    return found


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min).astimezone()
