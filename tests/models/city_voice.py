"""The city bureau as the county hears it: entries of its journal, chained, that arrive at a register."""

from __future__ import annotations

import os
from datetime import date, datetime
from typing import Any

import orjson

from models import arrivals
from models.device import CITY
from models.hlc import next_instant
from models.journal import GENESIS, Change, Entry, commit_payload, encode_payload, header_hash, seen_by
from models.register import Register
from tests.models.conftest import NOW

ORGAN = "示例市公安局"
FACTS: dict[str, Any] = {
    "channel": "letter",
    "received_on": "2026-02-20",
    "purpose": "solution",
    "statement": "反映邻居夜间施工，派出所出警后没有处理结果。",
    "claims": ["要求书面答复处理结果"],
    "people": [{"name": "赵某某", "main": True, "phone": "13800000000"}],
}


class CityVoice:
    """Writes papers of the city for one register and lets them arrive."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.seq, self.head, self.hlc = 0, GENESIS, 0
        self.papers = 0

    def entry(self, act: str, changes: list[Change], at: datetime, matter: int | None = None) -> Entry:
        at_ms = int(at.timestamp() * 1000)
        latest = max((version for change in changes for version in change.bases.values()), default=0)
        self.hlc = next_instant(max(self.hlc, latest), at_ms, CITY)
        payload, salt = encode_payload(changes), os.urandom(16)
        self.seq += 1
        fields: dict[str, Any] = {
            "device": CITY, "seq": self.seq, "at_ms": at_ms, "hlc": self.hlc, "mono_ms": -1, "actor": CITY << 32,
            "act": act, "matter": matter, "commitment": commit_payload(salt, payload), "prev": self.head,
        }  # fmt: skip
        entry = Entry(**fields, payload=payload, salt=salt, hash=header_hash(**fields))
        self.head = entry.hash
        return entry

    def arrive(self, entry: Entry, at: datetime) -> None:
        done = arrivals.take(self.register, [entry], at=at, way="line")
        assert (done.taken, done.quarantined, done.waiting) == (1, (), ())

    def send(self, kind: str, at: datetime = NOW, content: Any = None, **columns: Any) -> int:
        """Send a paper; it arrives at once. Returns its id."""
        self.papers += 1
        paper = CITY << 32 | self.papers
        values = {
            "kind": kind,
            "title": f"来文{self.papers}",
            "on_date": at.astimezone().date().isoformat(),
            "organ": ORGAN,
            "content": orjson.dumps(content).decode() if content is not None else None,
            **{name: value.isoformat() if isinstance(value, date) else value for name, value in columns.items()},
        }
        values = {name: value for name, value in values.items() if value is not None}
        entry = self.entry(f"city_{kind}", [Change("city_paper", paper, None, values)], at, values.get("matter"))
        self.arrive(entry, at)
        return paper

    def assign(self, limit_on: date = date(2026, 4, 30), at: datetime = NOW, **more: Any) -> int:
        facts = {**FACTS, **more.pop("facts", {})}
        return self.send("assignment", at, facts, limit_on=limit_on, number="市公信交〔2026〕7号", **more)

    def change(self, paper: int, at: datetime = NOW, **columns: Any) -> None:
        """Change a paper, having seen it as it stands."""
        found = self.register.row("SELECT born, revs FROM city_paper WHERE id=?", (paper,))
        assert found
        versions = orjson.loads(found[1]) if found[1] else {}
        seen = seen_by({name: versions.get(name, found[0]) for name in columns})
        self.arrive(self.entry("city_change", [Change("city_paper", paper, seen, columns)], at), at)
