"""What every world of the simulation begins with, made once: counties with joined workstations, enrolled at a hub.

The registers are real ones: encrypted files made by `Register.create`, whose further workstations were invited by
`models.stations` and begin as copies with their own number and keys, as one that has just joined does. A world copies
these files and the hub's folder, which costs some milliseconds in place of seconds.

Only the work of the passphrase is made small (Argon2id with 64 KiB): it is paid at each restoring of a backup, and
nothing of the sync depends on it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from models import door, intake, keyring, stations
from models.device import DeviceKeys
from models.policy import ROLES
from models.records import ItemDraft, PersonDraft
from models.register import NewPerson, Register, take_lock
from sync import joining
from sync.hub import registry
from sync.hub.hub import Hub
from sync.localtables import create_tables
from sync.port import RegisterPort
from tests.postgres import Cluster

LOGIN, PASSPHRASE = "guan", "practice-1234"
KEEPER = NewPerson(login=LOGIN, name="郑管理", passphrase=PASSPHRASE)
BEGIN = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
CITY_NAME, ADDRESS = "测试市公安局", "https://hub.example:8443"
MATTERS = 8
"""Matters of each county that all workstations work on from the beginning: that is where conflicts come from."""


@dataclass(frozen=True, slots=True)
class County:
    """A county of the ground: its code, its workstations, and what opens their registers."""

    code: str
    devices: tuple[int, ...]
    register_id: str
    keys: keyring.Keys

    def path(self, folder: Path, device: int) -> Path:
        """Return where the register of a workstation lies below a world's folder."""
        return folder / f"{self.code}-{device}" / "desk.register"


class Ground:
    """The counties and the hub that worlds are copied from.

    Args:
        folder: Where it is made.
        sizes: Workstations of each county.
        cluster: A PostgreSQL server for the hub; None for its encrypted file.
    """

    def __init__(self, folder: Path, sizes: tuple[int, ...], cluster: Cluster | None = None) -> None:
        self.folder = folder
        self.cluster = cluster
        self.database_name = "ground"
        database = cluster.new_database(self.database_name) if cluster else ""
        hub = Hub.create(folder / "hub", city=CITY_NAME, address=ADDRESS, database=database, clock=lambda: BEGIN)
        with hub:
            self.counties = tuple(self._county(f"43018{n + 1}", size, hub) for n, size in enumerate(sizes))
        for name in ("hub.db-wal", "hub.db-shm"):
            assert not (folder / "hub" / name).exists()

    def _county(self, code: str, size: int, hub: Hub) -> County:
        first = self.folder / f"{code}-1" / "desk.register"
        register = Register.create(
            first, county=code, name=f"第{code[-1]}县公安局", keeper=KEEPER, device_name="窗口一", at=BEGIN
        )
        with register:
            self._fill(register)
            keys = {
                number: stations.invite(register, number, f"窗口{number}", by=register.person, at=BEGIN)[0]
                for number in range(2, size + 1)
            }
            register.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            county = County(code, (1, *keys), register.id, register.keys)
        for number, own in keys.items():
            self._sibling(county, number, own)
        for number in county.devices:
            with open_register(county.path(self.folder, number), county) as one:
                answer = joining.accept_offer(RegisterPort(one), registry.offer(hub, code), at=BEGIN)
                registry.enrol(hub, answer)
                one.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return county

    def _fill(self, register: Register) -> None:
        with register.act("import_items", by=register.person, at=BEGIN) as act:
            act.insert("staff", {"login": "ling", "name": "令二", "unit": register.person.unit,
                                 "roles": orjson.dumps(sorted(ROLES)).decode()})  # fmt: skip
            act.insert("unit", {"name": "城关派出所", "kind": "station"})
            for number in range(MATTERS):
                intake.register_item(act, ItemDraft(
                    channel="letter", received_on=BEGIN.date() - timedelta(days=number), title=f"反映噪音{number}",
                    statement="反映夜间施工噪音。", claims=("依法处理",), purpose="solution",
                    people=(PersonDraft(name="王小明", main=True, phone="19900000000"),),
                ))  # fmt: skip

    def _sibling(self, county: County, number: int, own: DeviceKeys) -> None:
        """Make the register of a workstation that holds all that the first one held when it invited it."""
        first, path = county.path(self.folder, 1), county.path(self.folder, number)
        path.parent.mkdir()
        shutil.copyfile(first, path)
        shutil.copyfile(keyring.path_of(first), keyring.path_of(path))
        connection = door.connect(path, county.keys.register_key)
        try:
            connection.execute("UPDATE meta SET value=? WHERE name='device'", (number,))
            connection.executemany(
                "UPDATE secret SET value=? WHERE name=?",
                [(own.sign_seed, "device.sign"), (own.mlkem_seed, "device.mlkem"), (own.x25519_seed, "device.x25519")],
            )
            create_tables(connection)
        finally:
            connection.close()
        with open_register(path, county) as one:
            stations.join(one, by=one.person, at=BEGIN)

    def lay(self, folder: Path) -> None:
        """Copy the registers and the hub's folder into a world's folder."""
        shutil.copytree(self.folder, folder, copy_function=shutil.copy, dirs_exist_ok=True)


def open_register(path: Path, county: County) -> Register:
    """Open as `Register.open` does, with the work of the passphrase left out."""
    lock = take_lock(path)
    try:
        return Register._finish(path, lock, county.register_id, county.keys, LOGIN)
    except BaseException:
        lock.release()
        raise
