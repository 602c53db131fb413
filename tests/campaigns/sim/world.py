"""One world: counties with their workstations, a hub, lines and sticks, and what befalls them, step by step.

Every step has dice of its own, made from the seed, the world and the step's number: a world replays exactly, and one
with fewer steps does the rest of them alike, which is how a failure is made small. The clock is the world's: it moves
on by some seconds to hours a step, and each workstation's and the hub's may be off by up to ten years.

Random bytes of the system go only where they change no decision: keys, salts, seals, query codes, names of half-written
files.
"""

from __future__ import annotations

import shutil
from collections import Counter, deque
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

from models import errors, fetching
from sync import siblings as by_sticks
from sync.carriers.folder import FolderError
from sync.causes import codes
from sync.hub import down
from sync.round import SyncReport
from tests.campaigns.sim import quiet, truth, work
from tests.campaigns.sim.city import City
from tests.campaigns.sim.ground import BEGIN, Ground
from tests.campaigns.sim.line import FAULTS
from tests.campaigns.sim.rounds import by_line, by_stick
from tests.campaigns.sim.station import Desk
from tests.campaigns.sim.stick import Stick

TOLD = 40
"""Steps that a failure tells."""
YEARS = 10
BACKUPS = 3
"""Backups kept of each workstation and of the hub."""
MOMENTS = (3, 30, 300, 2000)
"""A program is killed within so many moments (`station.STEPS`) of its work."""
ALLOWED = {
    "HubUnreachableError",
    "CutShortError", "FolderError", "DiskFullError", "StorageError", "SyncError", "ChainError", *codes(),
}  # fmt: skip
"""How a round that met a fault may end."""


class World:
    """A world. `step` does one step, `quiet` lets all come to rest and looks.

    Args:
        ground: What it begins with.
        folder: Its place; made here, removed by `end`.
        seed: Of the whole run.
        number: Of this world.
    """

    def __init__(self, ground: Ground, folder: Path, seed: int, number: int) -> None:
        self.ground = ground
        self.folder = folder
        self.seed = seed
        self.number = number
        ground.lay(folder)
        self.at = BEGIN + timedelta(hours=1)
        self.dice = Random(f"{seed}/{number}")
        self.figures: Counter[str] = Counter()
        self.done: deque[str] = deque(maxlen=TOLD)
        self.city = City(self, ground, folder / "hub")
        self.desks = [Desk(county, number, folder) for county in ground.counties for number in county.devices]
        self.truths = {county.code: truth.Truth() for county in ground.counties}
        for desk in self.desks:
            self.truth_of(desk).note(desk)
        self.open_disaster = False
        """A disk was lost since all was quiet: no second one is lost before it is again."""
        self.sticks = [Stick(folder / f"stick-{n}", self.dice) for n in range(2)]

    def end(self) -> None:
        for desk in self.desks:
            desk.close()
        self.city.end()
        shutil.rmtree(self.folder)

    def truth_of(self, desk: Desk) -> truth.Truth:
        return self.truths[desk.county.code]

    def siblings(self, desk: Desk) -> list[Desk]:
        """Return all workstations of a county, this one too."""
        return [one for one in self.desks if one.county is desk.county]

    # --- steps ----------------------------------------------------------------------------------------------------

    def step(self, number: int) -> None:
        """Do the step with this number."""
        self.dice = Random(f"{self.seed}/{self.number}/{number}")
        for stick in self.sticks:
            stick.dice = self.dice
        self.at += timedelta(seconds=self.dice.choice((1, 1, 20, 300, 7200)))
        kind = self.dice.choices(_KINDS, _WEIGHTS)[0]
        self.figures[kind] += 1
        self.tell(f"{number} {kind}")
        STEPS[kind][1](self)

    def tell(self, what: str) -> None:
        self.done.append(what)

    def a_desk(self) -> Desk:
        desk = self.dice.choice(self.desks)
        self.tell(f"  at {desk.name} entry {desk.register.seq}")
        return desk

    def an_act(self, desk: Desk) -> None:
        """Let somebody do an act; what was acknowledged is noted."""
        kind = self.dice.choices(_ACTS, _ACT_WEIGHTS)[0]
        self.tell(f"  {kind}")
        try:
            work.act(desk.register, self.dice, self.dice.choice(desk.people()), desk.now(self.at), kind)
            self.figures["acts"] += 1
        except errors.MustFetchError:
            self.figures["acts that wait for what is lacking"] += 1
        except (errors.InputError, errors.NotAllowedError, errors.RuleError) as error:
            self.tell(f"  no: {error.message.en}"[:200])
            self.figures["acts that a rule refused"] += 1
        self.truth_of(desk).note(desk)

    def a_round(self, desk: Desk, fault: str = "") -> SyncReport | None:
        """Run a round by line; a fault may end it early, and nothing else may."""
        at = self.dice.choice((1, 1, 2, 2, 3, 5))
        report, met = by_line(self, desk, fault, at)
        self.figures[f"line: {met}" if met else "line"] += 1
        self.after(desk, report, fault)
        return report

    def after(self, desk: Desk, report: SyncReport, fault: str) -> None:
        """Look at how a round ended, and do what its message says is to be done."""
        self.truth_of(desk).note(desk)
        if report.trouble_code:
            self.figures[f"told: {report.trouble_code}"] += 1
            self.tell(f"  told {report.trouble_code}: {report.trouble.en if report.trouble else ''}"[:400])
            assert report.trouble_code in ALLOWED, f"{desk.name} after {fault!r}: {report.trouble}"
        quiet.mend(self, desk, report)

    def act(self) -> None:
        self.an_act(self.a_desk())

    def round(self) -> None:
        self.a_round(self.a_desk(), self.dice.choice(("", *FAULTS)) if self.dice.random() < 0.5 else "")

    def stick_at_desk(self) -> None:
        desk, stick = self.a_desk(), self.dice.choice(self.sticks)
        pulled = self.dice.randrange(1, 6) if self.dice.random() < 0.2 else 0
        try:
            with stick.pulled(pulled):
                report = by_stick(self, desk, stick.folder)
        except FolderError:
            if not pulled:
                raise
            self.figures["told: FolderError"] += 1
            self.truth_of(desk).note(desk)
        else:
            self.after(desk, report, f"stick pulled at {pulled}" if pulled else "")

    def stick_at_hub(self) -> None:
        stick = self.dice.choice(self.sticks)
        with stick.pulled(self.dice.randrange(1, 6) if self.dice.random() < 0.2 else 0):
            self.city.at_stick(stick.folder)

    def act_killed(self) -> None:
        desk = self.a_desk()
        with desk.killed(self._moment()):
            self.an_act(desk)
        self._again(desk)

    def round_killed(self) -> None:
        desk, stick = self.a_desk(), self.dice.choice(self.sticks)
        if self.dice.random() < 0.7:
            with desk.killed(self._moment()):
                by_line(self, desk, "", 0)
        else:
            with stick.until_killed() as freeze, desk.killed(self._moment(), freeze):
                by_stick(self, desk, stick.folder)
        self._again(desk)

    def _moment(self) -> int:
        return self.dice.randrange(1, self.dice.choice(MOMENTS))

    def _again(self, desk: Desk) -> None:
        self.truth_of(desk).acknowledged(desk)
        self.truth_of(desk).note(desk)

    def disk_full(self) -> None:
        desk = self.a_desk()
        pages = self.dice.choice((0, 0, 1, 5))
        try:
            with desk.full(pages):
                if self.dice.random() < 0.6:
                    self.an_act(desk)
                else:
                    by_line(self, desk, "", 0)
        except (errors.DiskFullError, errors.StorageError) as error:
            self.tell(f"  {error.message.en}")
            self.figures["disk full"] += 1
        self.truth_of(desk).note(desk)

    def restart(self) -> None:
        self.a_desk().restart()

    def skew(self) -> None:
        """Set a clock: right, off by minutes, or by up to ten years."""
        far = timedelta(days=self.dice.randrange(-365 * YEARS, 365 * YEARS))
        self.a_desk().skew = self.dice.choice((timedelta(0), timedelta(minutes=self.dice.randrange(-60, 60)), far))

    def backup(self) -> None:
        desk = self.a_desk()
        desk.backup(desk.now(self.at), most=BACKUPS)
        self.truth_of(desk).note(desk)

    def restore(self) -> None:
        """Lose a workstation's disk and put back one of its backups."""
        having = [desk for desk in self.desks if desk.backups]
        if not having or self.open_disaster:
            return
        desk = self.dice.choice(having)
        if not self._known_of(desk):
            return
        self.tell(f"  {desk.name} loses its disk at entry {desk.register.seq}")
        desk.restore(self.dice.choice(desk.backups))
        for stick in self.sticks:  # else a sibling could read of it later what nobody knew of
            stick.forget(f"{by_sticks.TO_SIBLING}/{desk.county.code}/*/{desk.device:04d}-*.batch")
        self.tell(f"  and goes on from entry {desk.register.seq}")
        self.disaster(desk, desk)
        if self.dice.random() < 0.3 and desk.register.must_fetch:
            self._alone(desk)

    def _known_of(self, desk: Desk) -> bool:
        """Return whether the hub knows of all entries of a workstation that its siblings hold.

        What went to a sibling by stick, and from there has been told to nobody, cannot be known to a workstation that
        lost it with its disk: it may be entered over, and is then told as a fork. That is left out here, and so are
        sticks that would bring a sibling such entries later.
        """
        hub, device = self.city.hub, desk.device
        have = truth.hub_heads(hub, desk.county.code).get(device, (0, b""))[0]
        for one in self.siblings(desk):
            told = down.told(hub, desk.county.code, one.device)
            known = max(have, told.holds.get(device, 0) if told else 0)
            if one is not desk and truth.desk_heads(one).get(device, (0, b""))[0] > known:
                return False
        return True

    def _alone(self, desk: Desk) -> None:
        """Let the keeper say, rightly or not, that there is nobody to fetch from.

        Only where the hub has all of this workstation's entries that siblings have: a sibling that holds entries of its
        which the hub does not have would never hold the others that it writes now.
        """
        siblings = [truth.desk_heads(one).get(desk.device, (0, b""))[0] for one in self.siblings(desk)]
        hub = truth.hub_heads(self.city.hub, desk.county.code).get(desk.device, (0, b""))[0]
        if hub >= max(siblings):
            self.tell(f"  {desk.name} is declared alone")
            self.figures["declared alone"] += 1
            fetching.declare_alone(desk.register, "市局无法联系", by=desk.register.person, at=desk.now(self.at))
            self.truth_of(desk).note(desk)

    def disaster(self, of: Desk, restored: Desk | None) -> None:
        self.open_disaster = True
        stores = [truth.desk_heads(one) for one in self.siblings(of)]
        self.truth_of(of).disaster([*stores, truth.hub_heads(self.city.hub, of.county.code)], restored)

    def look(self) -> None:
        """Let all come to rest, and look."""
        quiet.rest(self)


STEPS: dict[str, tuple[float, Callable[[World], None]]] = {
    "act": (850, World.act),
    "round": (15, World.round),
    "stick at a desk": (8, World.stick_at_desk),
    "stick at the hub": (3, World.stick_at_hub),
    "killed in an act": (6, World.act_killed),
    "killed in a round": (4, World.round_killed),
    "disk full": (4, World.disk_full),
    "restart": (2, World.restart),
    "clock": (3, World.skew),
    "backup": (2, World.backup),
    "restore": (0.7, World.restore),
    "late request": (3, lambda world: world.city.late()),
    "hub restarts": (1, lambda world: world.city.restart()),
    "hub killed": (2, lambda world: world.city.killed(world.a_desk())),
    "hub full": (2, lambda world: world.city.full(world.a_desk())),
    "hub backup": (0.5, lambda world: world.city.backup()),
    "hub restore": (0.3, lambda world: world.city.restore()),
    "paper": (3, lambda world: world.city.paper()),
    "stick spoilt": (2, lambda world: world.tell(f"  {world.dice.choice(world.sticks).spoil()}")),
    "stick loses files": (0.5, lambda world: world.dice.choice(world.sticks).remove_some()),
    "stick emptied": (1, lambda world: world.dice.choice(world.sticks).empty()),
    "stick kept": (1, lambda world: world.dice.choice(world.sticks).keep()),
    "stick comes again": (1, lambda world: world.dice.choice(world.sticks).again()),
}
_KINDS = list(STEPS)
_WEIGHTS = [weight for weight, _ in STEPS.values()]
_ACTS = list(work.KINDS)
_ACT_WEIGHTS = [weight for weight, _ in work.KINDS.values()]
