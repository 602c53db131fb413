"""A bureau of the written month: a real register with its units and people, and a clock that the month turns.

The register is made by the real door. Each command opens it anew with the keys that its making gave: the key derivation
keeps its real cost and is paid once. The day is given where the program asks for it, `Desk(now=...)`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from copy import copy
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import orjson

from models.desk import Desk, put_setting
from models.records import DocumentLine, ItemDraft, Registered
from models.register import NewPerson, Register, take_lock
from tests.month import read

PASSPHRASE = "nine-steady-cranes"
KEEPER = "guan"
PETITION = "信访"
"""Short name by which the written month calls the petition unit, which every register has."""
SCAN = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)
"""One white dot: the scan of every paper that comes in."""


class Bureau:
    """One register, the people who work with it, and what day it is there."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.wanted = read.bureaus()[name]
        self.path = folder / f"{name}.register"
        self.scan = folder / "扫描件.png"
        self.scan.write_bytes(SCAN)
        self.now = _instant(self.wanted["since"], "09:00")
        self.seq = 0
        self.numbers: dict[int, str] = {}
        """Number of each matter in the register, by its number in the written month."""
        self.queries: dict[int, str] = {}
        self._make()

    def turn_to(self, day: date, clock: str) -> None:
        """Let it be a local time of a day."""
        self.now = _instant(day, clock)

    def open(self, path: Path, login: str, passphrase: str) -> Desk:
        """Open the register for a person: what `app.services.open_desk` does, on the day of the month."""
        assert (path, passphrase) == (self.path, PASSPHRASE)
        return DeskOfTheDay(Register._finish(path, take_lock(path), self._id, self._keys, login), self)

    def copy(self, folder: Path) -> Bureau:
        """Return the same bureau with a register of its own, as it was when it was made."""
        other = copy(self)
        other.path, other.numbers, other.queries = folder / self.path.name, {}, {}
        for found in self.path.parent.glob(f"{self.path.name}*"):
            if not found.name.endswith(".lock"):
                shutil.copy(found, folder / found.name)
        return other

    def _make(self) -> None:
        wanted = self.wanted
        keeper = NewPerson(login=KEEPER, name="管守钥", passphrase=PASSPHRASE)
        with Register.create(
            self.path, county=wanted["county"], name=wanted["name"], keeper=keeper, at=self.now
        ) as register:
            self._furnish(register)
            self._id, self._keys, self.seq = register.id, register.keys, register.seq

    def _furnish(self, register: Register) -> None:
        wanted = self.wanted
        units: dict[str, int | None] = {PETITION: register.person.unit}
        with register.act("add_unit", by=register.person, at=self.now) as act:
            for unit in wanted["units"]:
                units[unit["short"]] = act.insert("unit", dict(unit))
            for person in wanted["people"]:
                row = {**person, "unit": units.get(person.get("unit", "")), "roles": _listed(person["roles"])}
                act.insert("staff", row)
            act.set("unit", units[PETITION] or 0, short=PETITION)
            for name, value in wanted["settings"].items():
                put_setting(act, name, value)
        if wanted.get("overlay"):
            desk = Desk(register, now=lambda: self.now)
            desk.apply_calendar(desk.overlay_difference(wanted["overlay"], self.now.astimezone().date()))


class DeskOfTheDay(Desk):
    """A desk on the day of the month: the window tells the instant itself, and here the month does."""

    def __init__(self, register: Register, bureau: Bureau) -> None:
        super().__init__(register, now=lambda: bureau.now)
        self._bureau = bureau

    def perform(self, matter: int, act: str, inputs: Any, letter: Any = None, at: Any = None, papers: Any = ()) -> int:
        """Take a step, on the day of the month."""
        return super().perform(matter, act, inputs, letter, None, papers)

    def register_item(self, draft: ItemDraft, at: Any = None, draft_id: int | None = None) -> Registered:
        """Register an item, on the day of the month."""
        return super().register_item(draft, None, draft_id)

    def issue_letter(self, matter: int, kind: str, fields: Any, at: Any = None) -> DocumentLine:
        """Issue a letter of no act, on the day of the month."""
        return super().issue_letter(matter, kind, fields, None)

    def close(self) -> None:
        """Close the register, and say how far its journal is."""
        self._bureau.seq = self.register.seq
        super().close()


def in_order(matters: Iterable[read.Matter]) -> list[tuple[read.Matter, int]]:
    """Return all that happens to the matters as the days go: (matter, place of the step), 0 for its coming in."""
    found = []
    for matter in matters:
        found.append(((matter.item["day"], matter.item.get("time", "08:30"), matter.no, 0), matter))
        found += [((step.day, step.time, matter.no, at), matter) for at, step in enumerate(matter.steps, start=1)]
    return [(matter, key[3]) for key, matter in sorted(found, key=lambda one: one[0])]


def filled(value: Any, words: dict[str, str]) -> Any:
    """Return a value of the file with what only the register knows put in: {30}, {query}, {entry:accept} ..."""
    if isinstance(value, dict):
        return {name: filled(one, words) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, words) for one in value]
    if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
        return words[value[1:-1]]
    return value.isoformat() if isinstance(value, date) else value


def as_text(value: Any) -> str:
    """Return an input as the command line takes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return orjson.dumps(value).decode() if isinstance(value, dict) else str(value)


def _listed(roles: list[str]) -> str:
    return orjson.dumps(sorted(roles)).decode()


def _instant(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock)).astimezone().astimezone(UTC)
