"""Walks over reception days: whatever is lawful there, in any order, leaves a docket that can be closed and sealed."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from models import acts
from models.reception.desk import Receptions
from models.register import Register
from models.verify import verify
from tests.models.conftest import at, draft, person
from tests.models.walker import Walker

FIRST = date(2026, 3, 2)
ACTS = {rule.name for rule in acts.table().values() if rule.room == "reception"}


def receptions(register: Register, login: str, on: date) -> Receptions:
    return Receptions(register, person(register, login), lambda: at(on.isoformat()))


def walked(register: Register, seed: int) -> set[str]:
    """Walk on one matter over ten days, each with an open reception by video; return the acts of receptions taken."""
    chance = random.Random(seed)
    walker = Walker(register, chance, FIRST).begin(draft())
    desk = receptions(register, "pu", FIRST)
    chief = person(register, "ch").id
    days = [FIRST + timedelta(days=more) for more in range(10)]
    ids = [desk.add_day(day, chief, form="video", begin="00:00", end="23:59", place="视频接访室") for day in days]
    for on, reception in zip(days, ids, strict=True):
        walker.on = on
        receptions(register, "ch", on).begin(reception)
        for _ in range(8):
            people = walker.open_acts()
            wanted = sorted(set(people) & ACTS)
            name = chance.choice(wanted) if wanted else chance.choice(sorted(people))
            if name == "receive":  # by who receives, or who writes beside them; signed, or not and why
                signed = chance.choice(({"signed": True, "unsigned": None}, {"signed": False}))
                walker.take(name, person(register, chance.choice(("ch", "pu"))), **signed)
            else:
                walker.take(name, people[name])
        for line in receptions(register, "pu", on).docket(reception).lines:
            if line.state in ("waiting", "called"):
                walker.take("leave_reception", person(register, "reg"))
        assert receptions(register, "ch", on).close(reception).sealed
        assert receptions(register, "ch", on).docket(reception).changed == ()
    return set(walker.taken) & ACTS


@pytest.mark.parametrize("seed", range(3))
def test_any_lawful_walk_over_receptions_can_be_sealed_every_evening(seed: int, register: Register) -> None:
    taken = walked(register, seed)
    assert taken >= {"arrive", "receive"}
    for check in verify(register):
        assert check.holds, check


def test_every_act_of_a_reception_is_taken_by_some_walk(register: Register) -> None:
    assert walked(register, 12) == ACTS
