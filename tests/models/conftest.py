"""Registers for the tests of the rooms: real SQLCipher files, made once by the real door and copied for each test.

The key derivation keeps its real cost; it is paid once a session, since a copy opens with the keys that the first
unlocking gave.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from models import keyring
from models.desk import Desk, put_setting
from models.records import AccusedDraft, ItemDraft, PersonDraft, Staff
from models.register import NewPerson, Register, take_lock

if TYPE_CHECKING:
    from tests.models.cases import Case

COUNTY = "990101"
LOGIN, PASSPHRASE = "guan", "practice-1234"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = NOW.astimezone().date()

UNITS = {  # short name: full name, kind, the unit above
    "刑侦": ("刑事侦查大队", "business", None),
    "督察": ("警务督察大队", "inspection", None),
    "城关所": ("城关派出所", "station", None),
    "城关一队": ("城关派出所一中队", "station", "城关所"),
    "一队二组": ("一中队二组", "station", "城关一队"),
}
SETTINGS = {
    "documents.code": "示公",
    "organ.address": "示例县人民路1号",
    "organ.phone": "0000-0000000",
    "organ.review": "示例市公安局",
}
PEOPLE = {  # login: name, unit, roles
    "reg": ("登小红", "信访", {"REG"}),
    "pu": ("信大明", "信访", {"PU"}),
    "hu": ("刑大队", "刑侦", {"HU"}),
    "ho": ("刑办案", "刑侦", {"HO"}),
    "leg": ("法小审", "刑侦", {"LEG"}),
    "dl": ("分管长", None, {"DL"}),
    "ch": ("正局长", None, {"CH"}),
    "di": ("督小察", "督察", {"DI"}),
    "suo": ("所民警", "城关所", {"HO"}),
    "dui": ("队民警", "城关一队", {"HO"}),
    "zu": ("组民警", "一队二组", {"HO", "REG", "PU", "DI"}),
    "keep": ("管钥匙", None, {"KEEPER"}),
}


@dataclass(frozen=True, slots=True)
class Template:
    """A register of a small bureau on disk, and what opens it."""

    path: Path
    register_id: str
    keys: keyring.Keys

    def copy(self, folder: Path) -> Path:
        target = folder / self.path.name
        shutil.copyfile(self.path, target)
        shutil.copyfile(keyring.path_of(self.path), keyring.path_of(target))
        return target

    def open(self, path: Path) -> Register:
        """Open a copy without paying for the key derivation again."""
        return Register._finish(path, take_lock(path), self.register_id, self.keys, LOGIN)


def furnish(register: Register) -> None:
    """Give a new register its units and people."""
    with register.act("add_unit", by=register.person, at=NOW) as act:
        units = {"信访": 1 + (register.device << 32)}
        for short, (name, kind, above) in UNITS.items():
            row = {"name": name, "short": short, "kind": kind, "above": units[above] if above else None}
            units[short] = act.insert("unit", row)
        for login, (name, unit, roles) in PEOPLE.items():
            listed = "[" + ",".join(f'"{role}"' for role in sorted(roles)) + "]"
            act.insert("staff", {"login": login, "name": name, "unit": units[unit] if unit else None, "roles": listed})
        for name, value in SETTINGS.items():
            put_setting(act, name, value)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    path = tmp_path_factory.mktemp("template") / "a.register"
    keeper = NewPerson(login=LOGIN, name="郑管理", passphrase=PASSPHRASE)
    with Register.create(path, county=COUNTY, name="示例县公安局", keeper=keeper, at=NOW) as register:
        furnish(register)
        return Template(path, register.id, register.keys)


@pytest.fixture
def register(template: Template, tmp_path: Path) -> Iterator[Register]:
    with template.open(template.copy(tmp_path)) as register:
        yield register


@pytest.fixture
def desk(register: Register) -> Desk:
    """Return the desk of the founder, who has every role, on 2026-03-02."""
    return Desk(register, now=lambda: NOW)


@pytest.fixture
def desk_of(register: Register) -> Callable[..., Desk]:
    def make(login: str, now: datetime = NOW) -> Desk:
        desk = Desk(register, now=lambda: now)
        desk.person = person(register, login)
        return desk

    return make


@pytest.fixture
def case(register: Register) -> Callable[..., Case]:
    """Return what makes a matter of the tests; its arguments change what was handed in."""
    from tests.models.cases import Case

    return lambda **changed: Case(register, **changed)


@pytest.fixture
def held(case: Callable[..., Case]) -> Case:
    """A claim in hand at the criminal police since 03-02."""
    return case().accept().assign()


def person(register: Register, login: str) -> Staff:
    return next(staff for staff in register.staff().values() if staff.login == login)


def unit(register: Register, short: str) -> int:
    found = register.row("SELECT id FROM unit WHERE short=?", (short,))
    assert found
    return int(found[0])


def at(day: str, hour: int = 3) -> datetime:
    """Return an instant on a local calendar day (hour in UTC, so that the day is the same from UTC to UTC+14)."""
    return datetime.fromisoformat(f"{day}T{hour:02d}:00:00+00:00")


def draft(**changed: object) -> ItemDraft:
    values: dict[str, object] = {
        "channel": "visit",
        "received_on": date(2026, 3, 2),
        "title": "关于自行车被盗未立案的反映",
        "statement": "二月十日自行车在家门口被盗，报案后没有消息。",
        "claims": ("要求书面答复是否立案",),
        "people": (PersonDraft(name="王小明", phone="19900001234", id_number="11010519491231002X", main=True),),
        "purpose": "solution",
    }
    return ItemDraft(**{**values, **changed})  # type: ignore[arg-type]  # built from a table of values


def accused(name: str, **more: object) -> AccusedDraft:
    return AccusedDraft(name=name, **more)  # type: ignore[arg-type]  # built from keywords of the test
