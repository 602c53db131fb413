"""The way down, with real registers: two desks of a county and a hub, by line and by stick, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from models.verify import verify
from sync import joining
from sync.carriers.folder import FolderCarrier
from sync.carriers.https import HttpsCarrier
from sync.hub import checks, down, registry, sticks
from sync.hub.hub import Hub
from sync.port import RegisterPort
from sync.round import SyncReport, run_once
from tests.sync.conftest import COUNTY, Served
from tests.sync.desks import AT, amend, enrol, first_desk, reopened, sibling_of, tables, visit

Pair = tuple["Desk", "Desk"]


class Desk:
    """A register with its port, and its rounds by line or by stick."""

    def __init__(self, register) -> None:
        self.register = register
        self.port = RegisterPort(register)
        self.authors: dict[int, bytes] = {}

    def by_line(self, served: Served, **options) -> SyncReport:
        with HttpsCarrier(
            served.address, served.ready["certificate"], waits_s=(0.0, 0.0), timeout_s=20, **options
        ) as carrier:
            return run_once(self.port, carrier, authors=self.authors)

    def by_stick(self, stick: Path, **options) -> SyncReport:
        return run_once(self.port, FolderCarrier(stick), authors=self.authors, **options)

    def reopen(self) -> None:
        self.register = reopened(self.register)
        self.port = RegisterPort(self.register)


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Pair]:
    first = Desk(first_desk(tmp_path / "one.register"))
    second = Desk(sibling_of(first.register, tmp_path / "two.register", 2))
    second.authors = {1: first.port.station.keys.public().sign}
    yield first, second
    for desk in (first, second):
        desk.register.close()


@pytest.fixture
def on_line(desks: Pair, served: Served) -> Pair:
    with Hub.open(served.folder) as hub:
        for desk in desks:
            offer = registry.offer(hub, COUNTY, address=served.address)
            joining.accept_offer(desk.port, offer, at=AT)
    return desks


@pytest.fixture
def by_hand(desks: Pair, hub: Hub) -> Pair:
    for desk in desks:
        enrol(desk.register, hub)
    return desks


def same(desks: Pair) -> None:
    """The two have the same rows, and each verifies."""
    one, two = (tables(desk.register) for desk in desks)
    for name in one:
        assert one[name] == two[name], name
    for desk in desks:
        assert [check for check in verify(desk.register) if not check.holds] == []


def test_two_desks_exchange_all_by_line(on_line: Pair, served: Served) -> None:
    first, second = on_line
    for number in range(3):
        visit(first.register, number)
    assert first.by_line(served).quiet
    came = second.by_line(served)
    assert (came.trouble, came.fetched, came.unsent) == (None, first.register.seq, 0)
    second.reopen()
    matter = visit(second.register, 10)
    amend(second.register, matter, AT + timedelta(minutes=1), cause="施工")
    sent = second.by_line(served)
    assert sent.quiet
    assert sent.agreement is not None
    assert sent.agreement.whole
    back = first.by_line(served)
    assert (back.fetched, back.quiet) == (second.register.seq, True)
    assert back.agreement is not None
    assert back.agreement.agreed == back.agreement.held > 50
    same(on_line)
    assert served.stop() == 0
    with Hub.open(served.folder) as hub:
        assert checks.verify(hub).faults == []


def test_two_desks_exchange_all_by_stick(by_hand: Pair, hub: Hub, tmp_path: Path) -> None:
    first, second = by_hand
    stick = tmp_path / "stick"
    stick.mkdir()
    for number in range(3):
        visit(first.register, number)

    def around() -> None:
        for desk in (first, second):
            assert desk.by_stick(stick).trouble is None
        assert sticks.read_folder(hub, stick).refused == {}
        sticks.write_folder(hub, stick)

    around()
    came = second.by_stick(stick)
    assert (came.trouble, came.fetched) == (None, first.register.seq)
    second.reopen()
    visit(second.register, 10)
    around()
    assert first.by_stick(stick).fetched == second.register.seq
    around()
    for desk in (first, second):
        report = desk.by_stick(stick)
        assert report.quiet, report
    same(by_hand)
    assert checks.verify(hub).faults == []
    said = down.told(hub, COUNTY, 2)
    assert said is not None
    assert dict(said.holds) == {1: first.register.seq, 2: second.register.seq}
    again = sticks.write_folder(hub, stick)
    assert (again.relays, again.written) == (0, [])
