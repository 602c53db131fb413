"""Any lawful walk, taken back step by step, gives back the matter as it was before each step, and forth again."""

from __future__ import annotations

import random
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models import errors
from models.desk import Desk
from models.register import Register
from models.verify import verify
from tests.models.conftest import Template, accused, at, draft
from tests.models.test_correct import index_is_right, newest, standing
from tests.models.walker import Walker

CORRECTING = frozenset({"reverse", "amend", "spoil", "cancel_item"})
LOGGED = frozenset({"mark_major", "report_major", "measure_major"})
"""Their log is only added to (SC-431 Art. 26, REG-2022 Art. 25): never reversed."""
KINDS: tuple[dict[str, Any], ...] = (
    {"purpose": "solution"},
    {"purpose": "solution", "received_on": date(2015, 3, 2)},
    {"purpose": "suggestion"},
    {"purpose": "accusation", "accused": (accused("城关派出所一中队"),)},
    {"purpose": "solution", "confidential": True},
)


def reverse(register: Register, matter: int, entry: str, on: date) -> None:
    """Reverse an entry as the first person who may."""
    refused: list[errors.RuleError] = []
    for staff in register.staff().values():
        desk = Desk(register, now=lambda: at(on.isoformat(), 5))
        desk.person = staff
        try:
            desk.perform(matter, "reverse", {"entry": entry, "reason": "录入有误"})
            return
        except (errors.NotAllowedError, errors.InputError) as error:  # not theirs to reverse, or not theirs to see
            refused.append(error)
    raise AssertionError(f"nobody may reverse {entry}: {[str(one) for one in refused]}")


@settings(max_examples=10)
@given(seed=st.integers(0, 10**6), kind=st.sampled_from(range(len(KINDS))))
def test_reversing_the_newest_first_gives_back_each_matter_as_it_was(template: Template, seed: int, kind: int) -> None:
    with tempfile.TemporaryDirectory() as folder, template.open(template.copy(Path(folder))) as register:
        chosen = KINDS[kind]
        walker = Walker(register, random.Random(seed), chosen.get("received_on", date(2026, 3, 2)))
        walker.begin(draft(**chosen))
        taken: list[tuple[str, dict[str, Any]]] = []
        for _ in range(9):
            seq, before = register.seq, standing(register, walker.matter)
            walker.wander(1, avoid=CORRECTING | LOGGED)
            if register.seq == seq or standing(register, walker.matter) == before:
                continue  # refused, or nothing to write, like a reader who is one already
            taken.append((newest(register), before))
        undone: list[tuple[str, dict[str, Any]]] = []
        for entry, before in reversed(taken):
            now = standing(register, walker.matter)
            reverse(register, walker.matter, entry, walker.on)
            undone.append((newest(register), now))
            assert standing(register, walker.matter) == before, entry
        assert index_is_right(register)
        for entry, before in reversed(undone):  # a reversal taken back puts everything in place again
            reverse(register, walker.matter, entry, walker.on)
            assert standing(register, walker.matter) == before, entry
        assert index_is_right(register)
        assert all(check.holds for check in verify(register)), [one for one in verify(register) if not one.holds]
