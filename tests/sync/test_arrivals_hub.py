"""Two desks and the hub hold the same, whatever the order in which each of them heard of it: digests and conflicts."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import arrivals, replay
from models.register import Register
from sync.hub import held, storage
from sync.hub.hub import Hub
from sync.hub.rows import Applier
from tests.models import work
from tests.models.conftest import Template, template  # noqa: F401  the fixture is used by its name
from tests.models.twins import quiet, tables, twin

_CONFLICT = ("table_name", "row", "column_name", "kept_at", "other_at", "kept", "other", "statutory")


def heard(hub: Hub, county: str, register: Register, source: random.Random) -> tuple[dict[Any, Any], list[Any]]:
    """Let the hub lay all that a register holds, workstation by workstation in portions of any size and order."""
    streams = [
        list(replay.entries_of(register.connection, device=device)) for device in arrivals.held(register.connection)
    ]
    with hub.writing() as connection:
        while streams:
            stream = source.choice(streams)
            some = stream[: source.choice((1, 2, 5, 50))]
            del stream[: len(some)]
            applier = Applier(connection, county, now_ms=0)
            applier.apply(some, [None] * len(some))
            applier.finish()
            assert not applier.refused
            heads = [
                {"county": county, "device": one.device, "seq": one.seq, "at_ms": one.at_ms, "hlc": one.hlc,
                 "actor": one.actor, "act": one.act, "matter": one.matter, "hash": one.hash}
                for one in some
            ]  # fmt: skip
            storage.put(connection, storage.entry, heads, replace=False)
            streams = [left for left in streams if left]
        digests = held.buckets(connection, county)
        query = sa.select(*(storage.conflict.c[name] for name in _CONFLICT)).where(storage.conflict.c.county == county)
        return digests, sorted(map(tuple, connection.execute(query)))


class TestEverywhere:
    """The property, on both engines of the hub."""

    counties = 0

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=work.STEPS, seed=st.integers(0, 1 << 30))
    def test_desks_and_hub_hold_the_same(
        self,
        hub: Hub,
        template: Template,  # noqa: F811  pytest hands in the fixture of that name
        steps: list[work.Step],
        seed: int,
    ) -> None:
        source = random.Random(seed)
        with tempfile.TemporaryDirectory() as name:
            stations = [twin(template, Path(name) / str(number), number) for number in (1, 2)]
            try:
                for step in steps:
                    work.do(stations, step)
                quiet(*stations, source=source)
                assert tables(stations[0]) == tables(stations[1])
                TestEverywhere.counties += 1
                digests, conflicts = heard(hub, f"{TestEverywhere.counties:06d}", stations[0], source)
                for register in stations:
                    mine = {
                        (table, month): (rows, int.from_bytes(total))
                        for table, month, rows, total in register.rows(
                            "SELECT table_name, month, rows, sum FROM digest"
                        )
                    }
                    assert mine == digests
                    assert sorted(register.rows(f"SELECT {', '.join(_CONFLICT)} FROM conflict")) == conflicts
            finally:
                for register in stations:
                    register.close()
