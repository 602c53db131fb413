"""Corrections travel like every act: what was taken back at the desk is taken back at the hub, and both agree."""

from __future__ import annotations

from pathlib import Path

from models.desk import Desk
from models.register import Register
from sync import joining
from sync.carriers.folder import FolderCarrier
from sync.hub import checks, registry, sticks
from sync.hub.hub import Hub
from sync.port import RegisterPort
from sync.round import run_once
from tests.sync.conftest import CITY, COUNTY
from tests.sync.test_register import AT, visit
from tests.sync.test_register import register as register


def test_desk_and_hub_agree_on_what_was_taken_back(register: Register, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    desk = Desk(register, now=lambda: AT)
    with Hub.create(tmp_path / "hub", city=CITY, address="https://127.0.0.1:1") as hub:
        port = RegisterPort(register)
        registry.enrol(hub, joining.accept_offer(port, registry.offer(hub, COUNTY), at=AT))
        matter, other = visit(register, 1), visit(register, 2)
        desk.perform(matter, "screen", {"category": "claim", "exit": "6"})
        screened = register.seq
        desk.perform(matter, "accept", {})
        desk.reverse(matter, str(register.seq), "误点受理")
        run_once(port, FolderCarrier(stick))
        assert sticks.read_folder(hub, stick).refused == {}
        desk.reverse(matter, str(screened), "选错途径")
        desk.reverse(matter, str(register.seq), "没有选错")
        item = register.rows("SELECT number FROM item WHERE matter=?", (other,))[0][0]
        desk.perform(other, "cancel_item", {"item": item, "reason": "重复登记"})
        run_once(port, FolderCarrier(stick))
        assert sticks.read_folder(hub, stick).refused == {}
        report = run_once(port, FolderCarrier(stick))
        assert report.quiet
        assert report.agreement is not None
        assert report.agreement.whole
        assert checks.verify(hub).faults == []
    assert [row[0] for row in register.rows("SELECT state FROM matter ORDER BY id")] == ["S2", "S13"]
