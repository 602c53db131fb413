"""A journal rewritten after the city countersigned it is found, though its own chain verifies."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app import services
from models import journal
from models.desk import Desk
from models.records import ItemDraft
from models.register import NewPerson, Register
from models.replay import entries_of
from sync.hub import registry
from sync.hub.hub import Hub
from sync.hub.sticks import read_folder

COUNTY, PASSPHRASE = "990101", "seven-quiet-herons"


@pytest.fixture
def register(tmp_path: Path) -> Register:
    keeper = NewPerson(login="keeper", name="郑管理", passphrase=PASSPHRASE)
    made = Register.create(tmp_path / "a.register", county=COUNTY, name="示例县公安局", keeper=keeper)
    yield made  # type: ignore[misc]  # a fixture with an end
    made.close()


def test_receipts_hold_the_journal(register: Register, tmp_path: Path) -> None:
    desk = Desk(register)
    assert [check.name for check in services.verify(desk) if check.name == "receipts"] == []
    stick = tmp_path / "stick"
    with Hub.create(tmp_path / "hub", city="示例市公安局", address="https://127.0.0.1:1") as hub:
        offer = tmp_path / "offer"
        offer.write_bytes(registry.offer(hub, COUNTY))
        services.enrol(register, offer, tmp_path / "answer")
        registry.enrol(hub, (tmp_path / "answer").read_bytes())
        desk.register_item(ItemDraft(received_on=date(2026, 11, 2), statement="反映"), at=datetime.now(UTC))
        services.sync_by_folder(register, stick)
        read_folder(hub, stick)
    report = services.receipts_from(register, stick)
    assert report.receipted == register.seq
    assert {check.name: check.holds for check in services.verify(desk)}["receipts"] is True

    last = list(entries_of(register.connection, device=register.device))[-1]
    forged = journal.Entry(**{name: getattr(last, name) for name in journal.Entry.__slots__} | {"act": "forged"})
    register.connection.execute(
        "UPDATE entry SET act='forged', hash=? WHERE seq=?", (journal.entry_hash(forged), last.seq)
    )
    found = {check.name: check.holds for check in services.verify(desk)}
    assert found["chain 1"] is True
    assert found["receipts"] is False
