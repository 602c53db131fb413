"""Several workstations of one county over the same first register, and the ways between them."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from models import arrivals, door, replay
from models.arrivals import Arrived
from models.register import Register
from models.tables import TABLES
from tests.models.conftest import NOW, Template

PROJECTED = ("duty", "bar", "digest", "conflict")


def twin(template: Template, folder: Path, number: int) -> Register:
    """Return a workstation of the template's county: it holds what the template's register held."""
    folder.mkdir(parents=True, exist_ok=True)
    path = template.copy(folder)
    if number != 1:
        connection = door.connect(path, template.keys.register_key)
        connection.execute("UPDATE meta SET value=? WHERE name='device'", (number,))
        connection.close()
    return template.open(path)


def pull(taker: Register, giver: Register, device: int, most: int | None = None, **options: Any) -> Arrived:
    """Let a workstation take what another holds of a third's entries, as far as that goes."""
    after = arrivals.held(taker.connection).get(device, (0, b""))[0]
    entries = list(replay.entries_of(giver.connection, device=device, after=after))
    return arrivals.take(taker, entries[:most], at=NOW, way="stick", **options)


def quiet(*stations: Register, source: random.Random | None = None) -> None:
    """Exchange until nobody lacks anything, in any order."""
    source = source or random.Random(0)
    for _ in range(100):
        wanted = [
            (taker, giver, device)
            for taker in stations
            for giver in stations
            for device, (last, _) in arrivals.held(giver.connection).items()
            if arrivals.held(taker.connection).get(device, (0, b""))[0] < last
        ]
        if not wanted:
            return
        source.shuffle(wanted)
        for taker, giver, device in wanted:
            pull(taker, giver, device, source.choice((None, None, 1, 2, 5)))
    raise AssertionError("they never agree")


def tables(register: Register) -> dict[str, Any]:
    """Return all rows of all tables that must be the same at every workstation."""
    found: dict[str, Any] = {}
    for table in TABLES:
        columns = ", ".join(("id", "born", "rev", "revs", *table.names))
        if table.name == "matter":
            columns += ", place >> 20, who, channel, due_on, due_clock"
        found[table.name] = sorted(register.rows(f"SELECT {columns} FROM {table.name}"))
    for name in PROJECTED:
        found[name] = sorted(register.rows(f"SELECT * FROM {name}"))
    return found


def differences(register: Register, beside: Path) -> dict[str, int]:
    """Make the tables again from the journal, and return those that differ."""
    replay.replay(register, beside)
    return replay.differences(register.connection, beside, register.keys.register_key)
