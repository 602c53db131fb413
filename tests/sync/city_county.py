"""Three counties of the written story: real registers of small bureaus, enrolled with one hub, and its ways to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from models.desk import Desk
from models.register import NewPerson, Register
from sync import joining
from sync.agreement import Agreement
from sync.carriers.folder import FolderCarrier
from sync.carriers.https import HttpsCarrier
from sync.hub import registry, sticks
from sync.hub.hub import Hub
from sync.port import RegisterPort
from sync.round import SyncReport, run_once
from tests.models.cases import Case
from tests.models.conftest import NOW, at, furnish, person
from tests.models.programme_cases import KeyCase
from tests.sync.conftest import Served

NAMES = {"430181": "甲县公安局", "430121": "乙县公安局", "430124": "丙县公安局"}
FOUNDER, PASSPHRASE = "guan", "practice only"


class Clock:
    """The day in the whole city."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def come_to(self, day: str, hour: int = 3) -> None:
        self.now = at(day, hour)


@dataclass
class County:
    """One county: its register and who works at it, by the city's clock."""

    code: str
    register: Register
    clock: Clock
    port: RegisterPort = field(init=False)
    agreement: Agreement | None = None
    """The newest comparison with the hub."""

    def __post_init__(self) -> None:
        self.port = RegisterPort(self.register)

    @classmethod
    def make(cls, folder: Path, code: str, clock: Clock) -> County:
        keeper = NewPerson(login=FOUNDER, name="郑管理", passphrase=PASSPHRASE)
        register = Register.create(folder / f"{code}.register", county=code, name=NAMES[code], keeper=keeper, at=NOW)
        furnish(register)
        return cls(code, register, clock)

    def heard(self, report: SyncReport) -> None:
        """Look at what a round ended with; one that had nothing to do may not compare again."""
        assert report.agreement is None or report.agreement.whole, report.agreement
        self.agreement = report.agreement or self.agreement

    def desk(self, login: str = "") -> Desk:
        """Return somebody's desk; the founder's, who has every role, by default."""
        desk = Desk(self.register, now=self.clock)
        if login:
            desk.person = person(self.register, login)
        return desk

    def matter(self, matter: int) -> Case:
        """Return a matter that is there already, to take its steps."""
        case = Case.__new__(Case)
        case.register, case.matter, case.now = self.register, matter, self.clock.now
        case.desk = Desk(self.register, now=lambda: case.now)
        case.founder = case.desk.person
        return case

    def key_case(self) -> KeyCase:
        """Return a new matter to enter into the programme."""
        return KeyCase(self.register)


class Way(Protocol):
    """How entries and receipts go between counties and hub."""

    def exchange(self, *counties: County) -> None: ...


class Stick:
    """One stick that goes round all counties: to the city with what they have, and back."""

    def __init__(self, hub: Hub, folder: Path, clock: Clock) -> None:
        self.hub, self.folder, self.clock = hub, folder, clock
        folder.mkdir()

    def exchange(self, *counties: County) -> None:
        for _ in range(2):  # what the counties answer to what came goes up with the second visit
            for county in counties:
                self._visit(county)
            assert sticks.read_folder(self.hub, self.folder).refused == {}
            sticks.write_folder(self.hub, self.folder)
        for county in counties:
            report = self._visit(county)
            assert report.quiet, report

    def _visit(self, county: County) -> SyncReport:
        report = run_once(county.port, FolderCarrier(self.folder), now=self.clock)
        assert report.trouble is None, report.trouble
        county.heard(report)
        return report


class Line:
    """HTTPS to a hub process of its own."""

    def __init__(self, served: Served, clock: Clock) -> None:
        self.served, self.clock = served, clock

    def exchange(self, *counties: County) -> None:
        for county in counties:
            with HttpsCarrier(
                self.served.address, self.served.ready["certificate"], waits_s=(0.0, 0.0), timeout_s=20
            ) as carrier:
                report = run_once(county.port, carrier, now=self.clock)
            assert report.quiet, report
            county.heard(report)


def enrol(county: County, hub: Hub, address: str | None = None) -> None:
    answer = joining.accept_offer(county.port, registry.offer(hub, county.code, address=address), at=NOW)
    registry.enrol(hub, answer)


Ways = Callable[[], Way]
