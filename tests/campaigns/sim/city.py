"""The city's side of a world: the hub, its program and its disk, what it sends, and requests that come late.

The hub's program is killed at a statement of its database (an exception that nothing catches takes the open transaction
back, as the end of the process does), and opened again from its files. Its full disk is a statement that the database
refuses for lack of room. Its backup is a copy of its database.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import sqlcipher3.dbapi2 as driver

from models import errors
from sync.carriers.folder import FolderError
from sync.hub import asgi, place, sticks, storage
from sync.hub.hub import Hub
from sync.hub.limits import RATES, Limits, Rate
from sync.hub.watch import Watch
from tests.campaigns.sim.ground import Ground
from tests.campaigns.sim.line import Answer, Application, Killed, Request
from tests.campaigns.sim.rounds import by_line
from tests.campaigns.sim.station import Desk

if TYPE_CHECKING:
    from tests.campaigns.sim.world import World

NO_LIMIT = Rate(1e9, 10**9)
"""A world's hours pass in seconds: how often somebody may ask is tried elsewhere (tests/sync/test_ops_limits.py)."""
LATE_AT_MOST = 20


class City:
    """The hub of a world."""

    def __init__(self, world: World, ground: Ground, folder: Path) -> None:
        self.world = world
        self.ground = ground
        self.folder = folder
        self.skew = timedelta(0)
        self.delayed: list[Request] = []
        self.backups: list[str] = []
        self.papers = 0
        self.restored = False
        """The hub was put back from a backup, and not all workstations have been in touch with it since."""
        self._fault: list[Any] = []
        if ground.cluster is not None:
            place.keep_database(place.find(folder), ground.cluster.new_database(template=ground.database_name))
        self.hub: Hub
        self._app: Application
        self.open()

    def now(self) -> datetime:
        return self.world.at + self.skew

    def open(self) -> None:
        self.hub = Hub.open(self.folder, clock=self.now)
        self._app = Application(asgi.application(self.hub, Watch(limits=Limits(dict.fromkeys(RATES, NO_LIMIT)))))
        sa.event.listen(self.hub.engine, "before_cursor_execute", self._statement)

    def close(self) -> None:
        self._app.close()
        self.hub.close()

    def end(self) -> None:
        address = self.hub.place.database_url
        self.close()
        if self.ground.cluster is not None:
            for url in (address, *self.backups):
                self.ground.cluster.drop(url)

    def restart(self) -> None:
        self.close()
        self.open()

    def deliver(self, request: Request, cut: int | None = None) -> Answer:
        """Hand a request to the hub; one that kills it is answered by nobody."""
        try:
            return self._app.deliver(request, cut)
        except Killed:
            self._fault = []
            self.restart()
            raise ConnectionResetError("the hub was killed") from None

    # --- faults ---------------------------------------------------------------------------------------------------

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if self._fault:
            self._fault[0] -= 1
            if self._fault[0] < 0:
                raise self._fault[1]

    @contextlib.contextmanager
    def _at_statement(self, number: int, what: BaseException) -> Iterator[None]:
        self._fault = [number, what]
        try:
            yield
        finally:
            self._fault = []

    def killed(self, desk: Desk) -> None:
        """Kill the hub at some statement of a workstation's round."""
        with self._at_statement(self.world.dice.randrange(60), Killed()):
            self.world.a_round(desk, "")
        self._note()

    def full(self, desk: Desk) -> None:
        """Let the hub's disk be full from some statement of a workstation's round on."""
        full = driver.OperationalError("database or disk is full")
        with self._at_statement(self.world.dice.randrange(40), sa.exc.OperationalError("", {}, full)):
            report, _ = by_line(self.world, desk, "", 0)
        self.world.after(desk, report, "the hub's disk is full")

    def late(self) -> None:
        """Let a request arrive that was thought lost."""
        if self.delayed:
            request = self.delayed.pop(self.world.dice.randrange(len(self.delayed)))
            del self.delayed[LATE_AT_MOST:]
            self.world.tell(f"  {request.method} {request.target[:80]}")
            answer = self.deliver(request)
            assert answer.status < 500, answer.body

    # --- backups --------------------------------------------------------------------------------------------------

    def backup(self) -> None:
        """Copy the hub's database, its program at rest."""
        if self.ground.cluster is not None:
            address = self.hub.place.database_url
            self.close()
            self.backups.append(self.ground.cluster.new_database(template=address.partition("?")[0].rsplit("/", 1)[1]))
            self.open()
        else:
            storage.fold_log(self.hub.engine)
            target = self.folder / f"backup-{len(self.backups)}"
            shutil.copyfile(self.hub.place.database, target)
            self.backups.append(str(target))

    def restore(self) -> None:
        """Lose the hub's disk and put back a backup of its database."""
        if not self.backups or self.world.open_disaster:
            return
        source = self.world.dice.choice(self.backups)
        home = self.hub.place
        self.close()
        if self.ground.cluster is not None:
            name = source.partition("?")[0].rsplit("/", 1)[1]
            place.keep_database(home, self.ground.cluster.new_database(template=name))
            self.ground.cluster.drop(home.database_url)
        else:
            for suffix in ("-wal", "-shm"):
                home.database.with_name(home.database.name + suffix).unlink(missing_ok=True)
            shutil.copyfile(source, home.database)
        self.open()
        self.restored = True
        for county in self.ground.counties:
            of = next(desk for desk in self.world.desks if desk.county is county)
            self.world.disaster(of, None)

    # --- what the city does ---------------------------------------------------------------------------------------

    def at_stick(self, folder: Path) -> None:
        """Read a stick and write to it."""
        try:
            sticks.read_folder(self.hub, folder)
            sticks.write_folder(self.hub, folder)
        except FolderError as error:
            self.world.tell(f"  {error.message.en}"[:200])
        self._note()

    def paper(self) -> None:
        """Send a paper to a county."""
        from sync.hub import papers

        if self.restored:  # what the counties hold of the city's is told it, and given back, at their next rounds
            return
        dice, self.papers = self.world.dice, self.papers + 1
        county = dice.choice(self.ground.counties).code
        facts = {"title": f"交办{self.papers}", "statement": "反映夜间施工噪音。", "channel": "letter"}
        heading = papers.Heading(
            title=f"交办{self.papers}", number=f"〔{self.papers}〕", limit_on=self.now().date() + timedelta(days=30)
        )
        try:
            papers.assign(self.hub, county, facts, heading, by="shi")
        except errors.InputError as error:
            self.world.tell(f"  {error.message.en}")
        self._note()

    def _note(self) -> None:
        for code, truth in self.world.truths.items():
            truth.note_city(self.hub, code)
