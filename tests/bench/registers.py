"""Registers of any size for the figures: invented matters through the real act path, kept under `build/bench/`.

A bench register looks like ten years of a county: dates rise from 2016 to the day of measuring, nearly all old matters
are answered and closed, the newest are in every state, one in a hundred is late, one in thirty sealed; one or two
petitioners, 200 to 2,000 characters of statement (median about 380), claims, the dated facts, answers. The acts are
dated as they would have been, so that the journal and the digests have their months. Seeded: the same size gives the
same matters.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from models import keyring, schema, search
from models.life import Life, LifeStep, begin
from models.records import AccusedDraft, ItemDraft, PersonDraft
from models.register import NewPerson, Register
from tests.bench.language import Language

FOLDER = Path(__file__).parents[2] / "build" / "bench"
LOGIN = "bench"
PASSPHRASE = "bench-passphrase-1"
VERSION = 1
"""Raised when what is generated changes: registers of another version are made anew."""

ROWS_AN_ACT = 200
YEARS = 10
TODAY = date(2026, 11, 20)
"""Last day of receipt: the calendars that are built in reach to the end of 2026."""

_STATIONS = [
    "城关",
    "东河",
    "西山",
    "南坪",
    "北庄",
    "龙泉",
    "石桥",
    "柳林",
    "白沙",
    "青云",
    "和平",
    "新华",
    "高坪",
    "大湾",
    "双河",
    "望江",
]
_OPEN_STATES = ("S1", "S2", "S3a", "S4", "S4", "S5", "S5", "S6", "S7", "S8")
_CHANNELS = ("letter", "letter", "visit", "visit", "visit", "call", "web", "web")
_PURPOSES = ("solution",) * 12 + ("suggestion",) * 2 + ("appeal",) * 3 + ("other", "inquiry", "accusation")


def bench_register(rows: int) -> Path:
    """Return a closed register with `rows` matters, made on first need; to be left as it is: work on a `copy_of`."""
    path = FOLDER / f"{rows}-{_made_like()}" / "bench.register"
    if not (path.parent / "made.json").exists():
        shutil.rmtree(path.parent, ignore_errors=True)
        path.parent.mkdir(parents=True)
        spent = make(path, rows)
        (path.parent / "made.json").write_text(json.dumps({"rows": rows, "seconds": round(spent, 1)}), "utf-8")
    return path


def _made_like() -> str:
    """Return what a register's content depends on: the tables and indexes of this version, and this generator."""
    return hashlib.sha256("\n".join([str(VERSION), *schema.declared_sql()]).encode()).hexdigest()[:8]


def copy_of(path: Path, folder: Path) -> Path:
    """Copy a register and its keyring into a folder of one's own; returns the copy."""
    target = folder / path.name
    shutil.copyfile(path, target)
    shutil.copyfile(keyring.path_of(path), keyring.path_of(target))
    return target


def opened(path: Path) -> Register:
    """Unlock a bench register."""
    return Register.open(path, LOGIN, PASSPHRASE)


def make(path: Path, rows: int, seed: int = 7) -> float:
    """Make a register; returns the seconds that its acts took, without inventing the matters."""
    spent = 0.0
    with Register.create(
        path, county="990101", name="示例县公安局", keeper=NewPerson(login=LOGIN, name="郑管理", passphrase=PASSPHRASE),
        device_name="bench", at=datetime(2016, 1, 1, tzinfo=UTC),
    ) as register:  # fmt: skip
        units, handlers = _directory(register)
        with search.bulk(register.connection):
            for done, (at, chunk) in enumerate(portions(rows, seed, units, handlers)):
                clock = time.perf_counter()
                with register.act("import_items", by=register.person, at=at) as act:
                    for draft, life in chunk:
                        begin(act, draft, life)
                    act.matter = None
                spent += time.perf_counter() - clock
                if done % 50 == 49:
                    register.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                    print(f"  {(done + 1) * ROWS_AN_ACT:,} matters, {spent:.0f} s", file=sys.stderr, flush=True)
        while search.merge_idle(register.connection, 4096):
            pass
        register.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return spent


def _directory(register: Register) -> tuple[list[int], list[int]]:
    with register.act("keep_people", by=register.person, at=datetime(2016, 1, 1, 1, tzinfo=UTC)) as act:
        units = [
            act.insert("unit", {"name": f"{name}派出所", "short": f"{name}所", "kind": "station"}) for name in _STATIONS
        ]
        handlers = [
            act.insert("staff", {"login": f"h{number}", "name": f"承办{number}", "unit": units[number % len(units)],
                                 "roles": '["HO"]'})
            for number in range(40)
        ]  # fmt: skip
    return units, handlers


def portions(
    rows: int, seed: int, units: list[int], handlers: list[int]
) -> Iterator[tuple[datetime, list[tuple[ItemDraft, Life]]]]:
    """Yield the instant of each act and its items with their lives."""
    language, source = Language(seed), random.Random(seed)
    first = TODAY - timedelta(days=365 * YEARS)
    last = datetime(2026, 11, 20, 8, tzinfo=UTC)
    for start in range(0, rows, ROWS_AN_ACT):
        chunk = []
        on = first
        for number in range(start, min(start + ROWS_AN_ACT, rows)):
            on = first + timedelta(days=number * 365 * YEARS // rows)
            chunk.append(matter(language, source, number, on, units, handlers))
        yield min(datetime(on.year, on.month, on.day, 8, tzinfo=UTC) + timedelta(days=150), last), chunk


def matter(
    language: Language, source: random.Random, number: int, on: date, units: list[int], handlers: list[int]
) -> tuple[ItemDraft, Life]:
    """Return one invented item with what has happened to it by `TODAY`."""
    people = tuple(
        PersonDraft(
            name=language.name(), main=place == 0, id_kind="111",
            id_number=f"990101{source.randrange(1940, 2005)}{source.randrange(1, 13):02d}"
            f"{source.randrange(1, 29):02d}{number % 10000:04d}",
            phone=f"199{(number * 7919 + place) % 10**8:08d}",
            address=f"示例县{language.word()}镇{source.randrange(300)}号",
        )
        for place in range(1 + (source.random() < 0.2))
    )  # fmt: skip
    draft = ItemDraft(
        channel=source.choice(_CHANNELS), received_on=on,
        title=f"关于{language.sentence()[:16]}的信访事项", statement=language.text(),
        claims=tuple(language.sentence()[:20] for _ in range(source.choice((1, 1, 2)))), people=people,
        accused=(AccusedDraft(name=language.name(), post="民警"),) if source.random() < 0.03 else (),
        purpose=source.choice(_PURPOSES), problem_place=f"{language.word()}路{source.randrange(300)}号",
    )  # fmt: skip
    return draft, _life(language, source, on, units, handlers)


def _life(language: Language, source: random.Random, on: date, units: list[int], handlers: list[int]) -> Life:
    columns: dict[str, Any] = {"unit": source.choice(units), "handler": source.choice(handlers)}
    age = (TODAY - on).days
    if age > 100 and source.random() > 0.01:
        noticed, issued = on + timedelta(days=source.randrange(1, 15)), on + timedelta(days=source.randrange(20, 75))
        steps = tuple(
            LifeStep(kind=kind, on=day)
            for kind, day in (
                ("noticed", noticed), ("accepted", noticed), ("opinion_issued", issued), ("sent", issued),
                ("served", issued + timedelta(days=3)), ("closed", issued + timedelta(days=25)),
            )
        )  # fmt: skip
        columns |= {
            "state": "S13",
            "accepted_on": noticed,
            "opinion_on": issued,
            "closed_on": issued + timedelta(days=25),
        }
        return Life(columns=columns, steps=steps, answer=language.text()[:250])
    state = source.choice(_OPEN_STATES)
    days = min(age, 14)
    begun: tuple[LifeStep, ...] = ()
    if state not in ("S1", "S2"):
        noticed = on + timedelta(days=source.randrange(days + 1))
        begun = (LifeStep(kind="noticed", on=noticed), LifeStep(kind="accepted", on=noticed))
        columns["accepted_on"] = noticed
    return Life(columns=columns | {"state": state}, steps=begun)


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        print(bench_register(int(argument)))
