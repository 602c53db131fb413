"""Two real registers of one county: a first one, and a sibling that begins empty and fetches everything."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from models import door, keyring, stations
from models.intake import register_item
from models.records import ItemDraft, PersonDraft
from models.register import NewPerson, Register, take_lock
from sync import joining
from sync.hub import registry
from sync.hub.hub import Hub
from sync.port import RegisterPort
from tests.sync.conftest import COUNTY

AT = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
PASSPHRASE = "practice only"


def first_desk(path: Path) -> Register:
    """Make the county's first register."""
    keeper = NewPerson(login="keeper", name="管理员", passphrase=PASSPHRASE)
    return Register.create(path, county=COUNTY, name="测试县公安局", keeper=keeper, at=AT)


def sibling_of(first: Register, path: Path, number: int) -> Register:
    """Make a register beside another, as an invitation does: same id and key, its own number and keys, no entries."""
    keys, _ = stations.invite(first, number, f"{number} 号窗口", by=first.person, at=AT)
    shutil.copyfile(keyring.path_of(first.path), keyring.path_of(path))
    connection = door.connect(path, first.keys.register_key, create=True, salt=door.file_salt(first.id))
    door.migrate(connection, path)
    with door.database(connection).atomic():
        connection.executemany(
            "INSERT INTO meta(name, value) VALUES(?,?)",
            [("register", first.id), ("county", first.county), ("device", number), ("epoch", 1), ("sync.fetch", 1)],
        )
        connection.executemany(
            "INSERT INTO secret(name, value) VALUES(?,?)",
            [("device.sign", keys.sign_seed), ("device.mlkem", keys.mlkem_seed), ("device.x25519", keys.x25519_seed)],
        )
    from models import lawbook

    lawbook.accept_first(connection)
    return Register(path, connection, take_lock(path), first.keys, "keeper")


def reopened(register: Register) -> Register:
    """Close a register and open it as a person does."""
    register.close()
    return Register.open(register.path, "keeper", PASSPHRASE)


def enrol(register: Register, hub: Hub, *, address: str | None = None) -> RegisterPort:
    """Enrol a register with a hub that is at hand."""
    port = RegisterPort(register)
    registry.enrol(hub, joining.accept_offer(port, registry.offer(hub, COUNTY, address=address), at=AT))
    return port


def visit(register: Register, number: int, at: datetime = AT) -> int:
    """Register a visit; returns its matter."""
    draft = ItemDraft(
        channel="visit",
        received_on=date(2026, 6, 1),
        title=f"反映第{number}件",
        statement="夜间施工噪音",
        claims=("依法处理",),
        people=(PersonDraft(name="张三", main=True, phone="13900000000"),),
    )
    with register.act("register_item", by=register.person, at=at) as act:
        return register_item(act, draft).matter


def amend(register: Register, matter: int, at: datetime = AT, **columns: Any) -> None:
    """Change columns of a matter."""
    with register.act("amend", by=register.person, at=at, matter=matter) as act:
        act.set("matter", matter, **columns)


def tables(register: Register) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all journalled tables and the digests: what siblings must have alike."""
    from models.tables import TABLES

    found = {
        table.name: register.rows(f"SELECT id, born, rev, {', '.join(table.names)} FROM {table.name} ORDER BY id")
        for table in TABLES
    }
    found["digest"] = register.rows("SELECT * FROM digest WHERE rows>0 ORDER BY table_name, month")
    found["duty"] = register.rows("SELECT * FROM duty ORDER BY matter, clock, item, start_on")
    return found


Rounds = Callable[[Register], Any]
