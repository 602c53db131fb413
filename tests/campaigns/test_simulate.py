"""The simulation, short, on both engines and as a state machine; its own parts; the fuzzed readers, short.

`make simulate OPS=1000000` and `make fuzz MINUTES=60` are the long ones.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.carriers import https
from sync.carriers.https import REQUEST_DOMAIN
from sync.hub import asgi, wire
from sync.hub.hub import Hub
from tests.campaigns import fuzz, simulate
from tests.campaigns.sim import quiet, truth
from tests.campaigns.sim.ground import Ground
from tests.campaigns.sim.line import Application, Connection, Request, in_place
from tests.campaigns.sim.world import World
from tests.postgres import programs
from tests.sync.conftest import COUNTY, ENGINES, Journal, enrol
from tests.sync.conftest import hub as hub
from tests.sync.conftest import server as server

ROOT = Path(__file__).resolve().parents[2]


def test_what_stands_in_place_of_line_and_threads_is_put_back() -> None:
    """Found in CI: tests that ran after these in the same process spoke to a simulated line."""
    before = https._PinnedConnection, wire.run_in_threadpool
    with in_place():
        assert https._PinnedConnection is Connection
        assert wire.run_in_threadpool is not before[1]
    assert (https._PinnedConnection, wire.run_in_threadpool) == before


@pytest.mark.parametrize("target", ["/v1/enrol", "/v1/files"])
def test_a_desk_that_hangs_up_inside_a_request_is_no_error_of_the_hub(hub: Hub, target: str) -> None:
    journal = Journal()
    enrol(journal, hub)
    keys, device = journal.station.keys, journal.station.device
    signature = keys.sign(REQUEST_DOMAIN, f"POST {target}".encode()).hex()
    app = Application(asgi.application(hub))
    try:
        headers = (("Authorization", f"PetitionDesk {COUNTY}/{device}/{signature}"),)
        answer = app.deliver(Request("POST", target, headers, b"{" * 100), cut=10)
        assert answer.status == 400
    finally:
        app.close()
        journal.close()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_short_world_of_each_engine_comes_to_rest(engine: str) -> None:
    if engine == "postgresql" and programs() is None:
        pytest.skip("PostgreSQL is not installed (sh installer/debian/setup.sh)")
    done = subprocess.run(
        [sys.executable, "-m", "tests.campaigns.simulate", "150", "1"], cwd=ROOT, capture_output=True, text=True,
        check=False, env={**os.environ, "ENGINE": engine},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"simulate seed 1 ({engine}): 150 steps in 1 worlds")
    assert " 0 failures;" in done.stdout


def test_a_seed_replays_exactly() -> None:
    with simulate.ground_of("embedded") as ground:
        told = []
        for _ in range(2):
            world = World(ground, ground.folder.parent / "again", 7, 1)
            lines: list[str] = []
            world.tell = lines.append  # type: ignore[method-assign]  # what it tells is compared
            for step in range(1, 200):
                world.step(step)
            quiet.rest(world)
            world.end()
            told.append((lines, world.figures))
        assert told[0] == told[1]


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6), steps=st.lists(st.integers(1, 10**6), min_size=1, max_size=60, unique=True))
def test_any_steps_of_any_seed_come_to_rest(machine: Ground, seed: int, steps: list[int]) -> None:
    simulate.run_world(machine, seed, 0, steps)


@pytest.fixture(scope="module")
def machine() -> Iterator[Ground]:
    with simulate.ground_of("embedded") as ground:
        yield ground


def test_what_is_lost_is_noticed(machine: Ground) -> None:
    """The checks themselves: a value, a conflict, a digest that the registers do not have alike."""

    def look(world: World) -> None:
        quiet.rest(world)
        quiet.look_closely(world, whole=False)

    for spoil, told in (
        ("UPDATE passage SET body='x' WHERE id=(SELECT min(id) FROM passage)", "rows differ"),
        ("DELETE FROM conflict", "conflicts"),
        ("UPDATE digest SET rows=rows+1 WHERE table_name='matter'", "digests differ"),
    ):
        world = World(machine, machine.folder.parent / "spoilt", 3, 1)
        try:
            for step in range(1, 300):
                world.step(step)
            quiet.rest(world)
            desk = world.desks[0]
            assert truth.desk_conflicts(desk)
            desk.connection.execute(spoil)
            with pytest.raises(AssertionError, match=told):
                look(world)
        finally:
            world.end()


def test_steps_are_told_as_ranges() -> None:
    assert simulate.as_text([1, 2, 3, 7, 9, 10]) == "1-3,7,9-10"
    assert simulate.from_text("1-3,7,9-10") == [1, 2, 3, 7, 9, 10]
    assert simulate.from_text("") == []


@pytest.mark.parametrize("name", fuzz.READERS)
def test_a_fuzzed_reader_takes_its_seeds_and_their_changes(name: str) -> None:
    reader, dice = fuzz.make(name), Random(5)
    seeds = reader.seeds()
    outcomes = {reader.one(seed) for seed in seeds}
    assert outcomes & {"accepted", "taken"}
    for _ in range(150):
        with contextlib.suppress(ValueError, TypeError, OverflowError, RecursionError, AttributeError):
            changed = reader.change(dice.choice(seeds), dice)
            if changed is not None:
                seeds.append(changed)
    for seed in seeds:
        reader.one(seed)
    reader.close()
