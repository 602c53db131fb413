"""Walks on a register: any lawful step, taken by whoever may, leaves the matter lawful and leads on to its end."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from typing import Any

import pytest

from models import codes
from models.register import Register
from models.verify import verify
from tests.models.conftest import accused, draft
from tests.models.walker import Walker

KINDS: dict[str, dict[str, Any]] = {
    "claim-2022": {"purpose": "solution"},
    "claim-2005": {"purpose": "solution", "received_on": date(2015, 3, 2)},
    "suggestion": {"purpose": "suggestion"},
    "inquiry": {"purpose": "inquiry"},
    "accusation": {"purpose": "accusation", "accused": (accused("某单位"),)},
    "transferred": {"purpose": "solution", "transferred_on": date(2026, 3, 2), "source": "city_petition",
                    "source_name": "示例市信访局", "source_number": "市信〔2026〕8号"},
    "received": {"received_only": True, "title": "", "statement": "", "claims": ()},
}  # fmt: skip
SIDE = frozenset({"reverse", "amend", "spoil", "cancel_item"})
"""Corrections: walked in tests/models/test_correct.py."""


def facts(register: Register, matter: int) -> Counter[str]:
    found = register.rows("SELECT kind FROM event WHERE matter=? AND withdrawn IS NULL", (matter,))
    return Counter(kind for (kind,) in found)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(2))
def test_any_lawful_walk_stays_lawful(kind: str, seed: int, register: Register) -> None:
    start = KINDS[kind].get("received_on", date(2026, 3, 2))
    walker = Walker(register, random.Random(f"{kind}-{seed}"), start).begin(draft(**KINDS[kind]))
    walker.wander(30, avoid=SIDE)
    row = register.record("matter", walker.matter)
    assert row is not None
    assert row["unit"], "a matter is never without a unit"
    happened = facts(register, walker.matter)
    if set(walker.states) & {"S3a", "S3d", "S3e", "S3f", "S4"}:
        assert happened["noticed"] or happened["exempted"]
    if row["state"] == "S13":
        assert row["closed_on"]
        assert row["closing"] in codes.codes("closing")
    assert walker.taken
    for check in verify(register):
        assert check.holds, check
