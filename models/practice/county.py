"""County: the invented bureau of the practice register, its units, its people and their sign-ins.

All people share one passphrase, `PRACTICE_PASSPHRASE`, which the unlock screen of a practice register states. It guards
nothing: a practice register holds invented matters only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from models import keyring
from models.desk import put_setting
from models.practice.folk import COUNTY_CODE, words
from models.records import Staff
from models.register import NewPerson, Register, person_row

PRACTICE_PASSPHRASE = "lianxi-practice-2026"  # noqa: S105  stated on the unlock screen of practice registers
PRACTICE_SETTING = "practice"
"""Setting that marks a register as practice, so that screens and letters can say so."""

STATIONS: tuple[str, ...] = tuple(
    town.removesuffix("街道").removesuffix("镇").removesuffix("乡") + "派出所" for town in words()["places"]["towns"]
)


@dataclass(frozen=True, slots=True)
class Officer:
    """A handling officer without a sign-in of their own."""

    login: str
    name: str
    unit: str


OFFICERS: tuple[Officer, ...] = tuple(
    Officer(f"min{number:03d}", name, STATIONS[number % len(STATIONS)])
    if number % 2
    else Officer(f"min{number:03d}", name, words()["bureau"]["units"][2 + number // 2 % 8][2])
    for number, name in enumerate(words()["bureau"]["officers"], start=1)
)


@dataclass(frozen=True, slots=True)
class County:
    """Ids in a practice register, by name and by place."""

    registrar: Staff
    units: dict[str, int]
    """By full name, short name and 警种 code."""
    officers: tuple[int, ...]
    """Staff ids in the order of `OFFICERS`."""


def create_register(path: Path, passphrase: str, *, at: datetime) -> Register:
    """Make an empty practice register with its keeper.

    Args:
        path: Where; nothing may be there.
        passphrase: For the keeper, and later for all.
        at: Instant of the founding (aware), before the first matter.
    """
    lists = words()["bureau"]
    login, name, post, roles, _ = lists["staff"][0]
    return Register.create(
        path,
        county=COUNTY_CODE,
        name=lists["name"],
        keeper=NewPerson(login=login, name=name, passphrase=passphrase, roles=frozenset(roles), post=post),
        device_name="练习工作站",
        at=at,
    )


def found_bureau(register: Register, passphrase: str, *, at: datetime) -> County:
    """Add settings, units, people and their key slots to an empty practice register."""
    lists = words()["bureau"]
    keeper = register.person
    units: dict[str, int] = {}
    slots: list[tuple[str, keyring.Keys]] = []
    with register.act("practice", by=keeper, at=at) as act:
        settings = {
            "organ.short": lists["short"], "organ.review": lists["review"],
            "organ.rereview": lists["rereview"], "organ.phone": lists["phone"], "organ.address": lists["address"],
            "organ.lookup": lists["lookup"], "documents.code": lists["code"], PRACTICE_SETTING: True,
        }  # fmt: skip
        for setting, value in settings.items():
            put_setting(act, setting, value)
        first = register.units()
        units["信访"] = units["信访科"] = min(first)
        for kind, police, name, short in lists["units"]:
            units[name] = units[short] = units[police] = act.insert(
                "unit", {"name": name, "short": short, "kind": kind, "police": police}
            )
        for name in STATIONS:
            units[name] = act.insert("unit", {"name": name, "short": name, "kind": "station", "police": "station"})
        for name in lists["other_organs"]:
            units[name] = act.insert("unit", {"name": name, "kind": "other_organ"})
        for login, name, post, roles, unit in lists["staff"][1:]:
            keys = keyring.Keys.new(register.keys.register_key)
            person = NewPerson(
                login=login, name=name, passphrase=passphrase, roles=frozenset(roles), post=post, unit=units.get(unit)
            )
            act.insert("staff", person_row(person, keys, None))
            slots.append((login, keys))
        officers = [
            act.insert(
                "staff",
                {
                    "login": officer.login,
                    "name": officer.name,
                    "unit": units[officer.unit],
                    "post": "民警",
                    "roles": orjson.dumps(["HO"]).decode(),
                },
            )
            for officer in OFFICERS
        ]
    for login, keys in slots:
        keyring.put_slot(register.path, login, passphrase, keys)
    registrar = next(staff for staff in register.staff().values() if "REG" in staff.roles and "PU" not in staff.roles)
    return County(registrar, units, tuple(officers))
