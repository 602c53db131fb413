"""A round of a workstation: by line or by stick, with the product's own whole round (`sync.together`)."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from models import errors
from models.register import Register
from sync import outbox, siblings, together
from sync.carriers.https import HttpsCarrier
from sync.repair import repair
from sync.round import SyncReport
from tests.campaigns.sim.line import Connection, Line
from tests.campaigns.sim.station import Desk

if TYPE_CHECKING:
    from tests.campaigns.sim.world import World


def by_line(world: World, desk: Desk, fault: str, at: int) -> tuple[SyncReport, str]:
    """Run a round by line; returns its report and the fault that it met."""
    line = Line(world.city, world.dice, fault, at, world.city.delayed, desk.alive)
    Connection.line = line
    hub = desk.port.run(outbox.enrolled_hub)
    carrier = HttpsCarrier(hub.address, hub.certificate, sleep=lambda _seconds: None)
    try:
        return together.by_line(desk.port, carrier, now=lambda: desk.now(world.at)), line.met
    finally:
        carrier.close()


def by_stick(world: World, desk: Desk, folder: Path) -> SyncReport:
    """Run a round by a stick: read what lies there, write what is unsent."""
    return together.by_folder(desk.port, folder, now=lambda: desk.now(world.at))


def by_hand(world: World, desk: Desk) -> None:
    """Carry a stick from a workstation to each of its siblings and back."""
    folder = world.folder / "by-hand"
    folder.mkdir()
    now = lambda: desk.now(world.at)  # noqa: E731
    others = [one for one in world.siblings(desk) if one is not desk]
    for one in (desk, *others, desk):
        siblings.exchange(one.port, folder, now=now)
    shutil.rmtree(folder)


def repaired(world: World, desk: Desk) -> None:
    """Repair a workstation that went on from an old backup, by line, as `petition-desk repair` does."""

    def reopen() -> Register:
        desk.restart()
        return desk.register

    Connection.line = Line(world.city, world.dice, "", 0, world.city.delayed, desk.alive)
    with contextlib.suppress(errors.InputError):  # the one to be repaired is a sibling, and was meanwhile
        repair(
            desk.register,
            lambda hub: HttpsCarrier(hub.address, hub.certificate, sleep=lambda _seconds: None),
            reopen,
            now=lambda: desk.now(world.at),
        )
    world.truth_of(desk).read_again(desk)
