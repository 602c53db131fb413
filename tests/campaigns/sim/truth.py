"""What was written, as the world remembers it apart from all registers, and what must hold once all is quiet.

The world reads every own entry of a workstation the moment it was acknowledged. From these entries alone, by the
definition in docs/format/journal.md and not by the product's merge, follow the rows, and what stands in conflict:

- a value shows when no value of its column has a later instant;
- any other value was seen by an author who set the column again (whose version seen is its instant), equals the one
  that shows, or stands in a conflict; and nothing else stands in one.

When a workstation's disk is lost, or the hub's, entries that stood nowhere else are lost with it. Only those: they may
come back by a stick or a late request, and need not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import sqlalchemy as sa

from models.device import CITY
from models.journal import OPAQUE
from models.tables import TABLES
from sync.hub import storage
from sync.hub.hub import Hub
from tests.campaigns.sim.station import Desk

Heads = dict[int, tuple[int, bytes]]
"""Workstation -> last entry without a gap, and its hash."""


def desk_heads(desk: Desk) -> Heads:
    """Return what a register holds of each workstation."""
    found = desk.connection.execute(
        "SELECT device, seq, hash FROM entry JOIN (SELECT device AS d, max(seq) AS s FROM entry GROUP BY device)"
        " ON device=d AND seq=s"
    ).fetchall()
    return {device: (seq, digest) for device, seq, digest in found}


def hub_heads(hub: Hub, county: str) -> Heads:
    """Return what the hub holds of each workstation of a county."""
    with hub.reading() as connection:
        t = storage.device
        rows = connection.execute(sa.select(t.c.device, t.c.have, t.c.head).where(t.c.county == county)).all()
    return {device: (have, head) for device, have, head in rows if have}


@dataclass(slots=True)
class Truth:
    """The entries of one county that must not be lost: the hashes of each workstation's, in their order."""

    must: dict[int, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    noted: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    """Workstation -> last own entry that was read from its journal."""
    given_up: int = 0
    """Entries that were lost with the only disk that they stood on."""
    lost: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    """Workstation -> the last of its entries that was ever lost so."""
    forked: dict[int, list[tuple[int, bytes]]] = field(default_factory=lambda: defaultdict(list))
    """Own entries that a restored workstation wrote under numbers that others hold already, and all after them."""
    apart: set[int] = field(default_factory=set)
    """Workstations that wrote such, and have not been repaired yet."""

    def note(self, desk: Desk) -> int:
        """Read what a workstation has written since the last time; returns how many entries that is."""
        device = desk.device
        rows = desk.connection.execute(
            "SELECT seq, hash FROM entry WHERE device=? AND seq>? ORDER BY seq", (device, self.noted[device])
        ).fetchall()
        known = self.must[device]
        for seq, digest in rows:
            if seq <= len(known) and known[seq - 1] != digest:
                self.apart.add(device)
            if device in self.apart:
                self.forked[device].append((seq, digest))
            elif seq == len(known) + 1:
                known.append(digest)
            elif seq > len(known):
                raise AssertionError(f"{desk.name}: entry {seq} came after {len(known)}")
            self.noted[device] = seq
        return len(rows)

    def read_again(self, desk: Desk) -> None:
        """Read a workstation's own entries anew after a repair: the hub's stand in its journal, its own were set aside.

        Which of the two were known here does not matter: a stick or a late request may have brought the hub entries
        that were given up with a disk.
        """
        device = desk.device
        rows = desk.connection.execute("SELECT hash FROM entry WHERE device=? ORDER BY seq", (device,)).fetchall()
        now, before = [digest for (digest,) in rows], self.must[device]
        same = next((n for n, pair in enumerate(zip(now, before, strict=False)) if pair[0] != pair[1]), len(before))
        self.forked[device] += [(seq, digest) for seq, digest in enumerate(before, 1) if seq > same]
        self.must[device] = now
        self.noted[device] = len(now)
        self.apart.discard(device)

    def note_city(self, hub: Hub, county: str) -> None:
        """Read what the city has written for the county."""
        known = self.must[CITY]
        with hub.reading() as connection:
            t = storage.entry
            mine = (t.c.county == county, t.c.device == CITY, t.c.seq > len(known))
            known.extend(connection.execute(sa.select(t.c.hash).where(*mine).order_by(t.c.seq)).scalars())

    def acknowledged(self, desk: Desk) -> None:
        """Check that a workstation which starts again has all that it acknowledged."""
        last = self.noted[desk.device]
        assert desk.register.seq >= last, f"{desk.name}: {last} entries acknowledged, {desk.register.seq} after a kill"

    def disaster(self, stores: Iterable[Heads], restored: Desk | None) -> None:
        """A disk was lost and put back from a backup: what stands in no store that is left is given up.

        Args:
            stores: What each register and the hub hold now.
            restored: The workstation, None for the hub.
        """
        if restored is not None:
            self.noted[restored.device] = restored.register.seq
            self.forked.pop(restored.device, None)  # what a repair entered again is in the journal; the list is not
        reach: dict[int, int] = defaultdict(int)
        for heads in stores:
            for device, (seq, digest) in heads.items():
                known = self.must[device]
                if seq <= len(known) and known[seq - 1] == digest:
                    reach[device] = max(reach[device], seq)
        for device, known in self.must.items():
            self.given_up += len(known) - reach[device]
            if len(known) > reach[device]:
                self.lost[device] = max(self.lost[device], len(known))
            del known[reach[device] :]


# --- what follows from the entries -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What the entries of a county say: rows by table and id, and the values that nobody has seen."""

    rows: dict[tuple[str, int], dict[str, Any]]
    unseen: set[tuple[str, int, str, int]]
    """Table, row, column, instant."""
    sealed: int
    values: int


def tell(entries: Iterable[tuple[int, bytes | None]]) -> Told:
    """Work out rows and unseen values from entries (instant, payload), in any order."""
    births: set[tuple[str, int]] = set()
    written: dict[tuple[str, int], dict[str, list[tuple[int, int | None, Any]]]] = defaultdict(dict)
    sealed = values = 0
    for instant, payload in entries:
        if payload is None or payload.startswith(OPAQUE):
            sealed += payload is not None
            continue
        for table, row, seen, columns in orjson.loads(payload):
            if seen is None:
                births.add((table, row))
            names = sorted(columns)
            bases = seen if isinstance(seen, list) else [seen] * len(names)
            for name, base in zip(names, bases, strict=True):
                values += 1
                written[table, row].setdefault(name, []).append((instant, base, columns[name]))
            written.setdefault((table, row), {})  # a row without columns is one too
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    unseen: set[tuple[str, int, str, int]] = set()
    for key, columns in written.items():
        if key not in births:
            raise AssertionError(f"{key} was changed and never made")
        born = min(made[0] for made in _births(columns)) if columns else 0
        rows[key] = {}
        for name, made in columns.items():
            shown_at, shown = _latest(made)
            if shown is not None:
                rows[key][name] = shown
            for instant, _, value in made:
                if instant in (shown_at, born) or value == shown or _covered(instant, made):
                    continue
                unseen.add((*key, name, instant))
    return Told(rows, unseen, sealed, values)


def _births(columns: Mapping[str, list[tuple[int, int | None, Any]]]) -> list[tuple[int, Any]]:
    return [(instant, value) for made in columns.values() for instant, base, value in made if base is None] or [(0, 0)]


def _latest(made: list[tuple[int, int | None, Any]]) -> tuple[int, Any]:
    """Return the latest instant and value; of two by one act, the one written last."""
    best = made[0]
    for one in made[1:]:
        if one[0] >= best[0]:
            best = one
    return best[0], best[2]


def _covered(instant: int, made: list[tuple[int, int | None, Any]]) -> bool:
    """Return whether somebody set the column again who had seen this value."""
    return any(base == instant and later != instant for later, base, _ in made)


def desk_entries(desk: Desk) -> list[tuple[int, bytes | None]]:
    """Return instant and payload of all entries of a register."""
    found: list[tuple[int, bytes | None]] = desk.connection.execute(
        "SELECT hlc, payload FROM entry ORDER BY device, seq"
    ).fetchall()
    return found


def desk_rows(desk: Desk) -> dict[tuple[str, int], dict[str, Any]]:
    """Return all journalled rows of a register, absent columns left out."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for table in TABLES:
        for row_id, *values in desk.connection.execute(f"SELECT id, {', '.join(table.names)} FROM {table.name}"):
            pairs = zip(table.names, values, strict=True)
            found[table.name, row_id] = {name: value for name, value in pairs if value is not None}
    return found


def hub_rows(hub: Hub, county: str) -> dict[tuple[str, int], dict[str, Any]]:
    """Return all rows that the hub holds of a county, absent columns left out."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    with hub.reading() as connection:
        for table in TABLES:
            t = storage.ROWS[table.name]
            names = [t.c[name] for name in table.names]
            for row_id, *values in connection.execute(sa.select(t.c.id, *names).where(t.c.county == county)):
                pairs = zip(table.names, values, strict=True)
                found[table.name, row_id] = {name: value for name, value in pairs if value is not None}
    return found


Conflicts = dict[tuple[str, int, str, int, int], tuple[str, str, int]]


def desk_conflicts(desk: Desk) -> Conflicts:
    """Return the conflicts of a register."""
    rows = desk.connection.execute(
        "SELECT table_name, row, column_name, kept_at, other_at, kept, other, statutory FROM conflict"
    )
    return {(t, r, c, k, o): (kept, other, statutory) for t, r, c, k, o, kept, other, statutory in rows}


def hub_conflicts(hub: Hub, county: str) -> Conflicts:
    """Return the conflicts that the hub knows of a county."""
    t = storage.conflict
    columns = (t.c.table_name, t.c.row, t.c.column_name, t.c.kept_at, t.c.other_at, t.c.kept, t.c.other, t.c.statutory)
    with hub.reading() as connection:
        rows = connection.execute(sa.select(*columns).where(t.c.county == county)).all()
    return {(t, r, c, k, o): (kept, other, statutory) for t, r, c, k, o, kept, other, statutory in rows}


def digests_of(desk: Desk) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the digests of a register; months without rows left out."""
    rows = desk.connection.execute("SELECT table_name, month, rows, sum FROM digest WHERE rows>0")
    return {(table, month): (count, int.from_bytes(total)) for table, month, count, total in rows}
