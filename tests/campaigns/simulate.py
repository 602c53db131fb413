"""Desks, hub and the ways between them, simulated: nothing is lost, nothing is there twice, all agree when quiet.

    python -m tests.campaigns.simulate OPS SEED [--world N] [--only 3-7,9]

ENGINE=postgresql in the environment puts the hub on a server.

Steps are done in worlds of `A_WORLD` steps (`tests/campaigns/sim/world.py` says what may befall); every `QUIET_EVERY`
steps all comes to rest and is looked at. A failure names the seed, the world and its last steps, is tried again with
fewer steps as long as that is cheap, and `--world` replays it. Ends with one line of figures; exit code 1 when anything
was lost or did not agree.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.campaigns.sim import quiet
from tests.campaigns.sim.ground import Ground
from tests.campaigns.sim.line import in_place
from tests.campaigns.sim.world import World
from tests.passphrases import CHEAP, costing
from tests.postgres import cluster

A_WORLD = 2400
QUIET_EVERY = 800
SIZES = (3, 2)
"""Workstations of the two counties."""
VERIFY_EVERY = 3
"""In one of so many worlds the hub and a register also prove themselves, as `verify` does."""
SHRINK_S = 120


@contextlib.contextmanager
def ground_of(engine: str) -> Iterator[Ground]:
    """Make the ground in memory where the system has room there, else on the disk."""
    place = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="simulate-", dir=place)))
        server = stack.enter_context(cluster()) if engine == "postgresql" else None
        stack.enter_context(in_place())
        stack.enter_context(costing(CHEAP))
        yield Ground(folder / "ground", SIZES, server)


class WorldFailedError(Exception):
    """A world failed at a step; `steps` are those that were done."""

    def __init__(self, world: World, steps: list[int], error: BaseException) -> None:
        super().__init__(f"{type(error).__name__}: {error}")
        self.world = world
        self.steps = steps
        self.error = error


def run_world(ground: Ground, seed: int, number: int, steps: Iterable[int]) -> Counter[str]:
    """Do the steps of one world; returns its figures.

    Raises:
        WorldFailedError: Something was lost, did not agree, or ended in an error that is none of ours.
    """
    world = World(ground, ground.folder.parent / f"world-{number}", seed, number)
    done: list[int] = []
    try:
        for step in steps:
            done.append(step)
            world.step(step)
            if step % QUIET_EVERY == 0:
                world.look()
        world.look()
        quiet.look_closely(world, whole=number % VERIFY_EVERY == 0)
    except Exception as error:
        raise WorldFailedError(world, done, error) from error
    finally:
        with contextlib.suppress(Exception):
            world.end()
        shutil.rmtree(world.folder, ignore_errors=True)
    return world.figures


def shrink(ground: Ground, seed: int, number: int, steps: list[int]) -> list[int]:
    """Leave out steps as long as the world fails without them."""
    until = time.monotonic() + SHRINK_S
    size = len(steps) // 2
    while size and time.monotonic() < until:
        place = 0
        while place < len(steps) and time.monotonic() < until:
            fewer = steps[:place] + steps[place + size :]
            try:
                run_world(ground, seed, number, fewer)
                place += size
            except WorldFailedError as failed:
                steps = [one for one in fewer if one in set(failed.steps)]
        size //= 2
    return steps


def as_text(steps: list[int]) -> str:
    """Return steps as ranges: `3-7,9`."""
    ranges: list[list[int]] = []
    for step in steps:
        if ranges and ranges[-1][-1] == step - 1:
            ranges[-1][1:] = [step]
        else:
            ranges.append([step])
    return ",".join("-".join(map(str, one)) for one in ranges)


def from_text(text: str) -> list[int]:
    """Return the steps of `as_text`."""
    pairs = (part.partition("-") for part in text.split(",") if part)
    return [step for first, _, last in pairs for step in range(int(first), int(last or first) + 1)]


def main(ops: int, seed: int, engine: str, only_world: int | None, only: list[int] | None) -> int:
    """Run the simulation; returns the exit code."""
    begun, figures, failed = time.monotonic(), Counter[str](), None
    with ground_of(engine) as ground:
        ready = time.monotonic()
        first = 0 if only_world is None else only_world
        number, done = first, 0
        while done < ops:
            steps = only or list(range(1, min(A_WORLD, ops - done) + 1))
            try:
                figures.update(run_world(ground, seed, number, steps))
            except WorldFailedError as error:
                failed = error
                traceback.print_exception(error.error, file=sys.stderr)
                print("\n".join(error.world.done), file=sys.stderr)
                print(f"seed {seed}, world {number}, step {error.steps[-1]}: {error}", file=sys.stderr, flush=True)
                if only is None:
                    small = shrink(ground, seed, number, error.steps)
                    print(
                        f"the same with {len(small)} steps: make simulate SEED={seed} WORLD={number}"
                        f" ONLY={as_text(small)}",
                        file=sys.stderr,
                    )
                break
            done += len(steps)
            number += 1
            print(
                f"world {number}: {done:,} steps, {done / (time.monotonic() - ready):.0f}/s",
                file=sys.stderr,
                flush=True,
            )
            if only is not None:
                break
    spent = time.monotonic() - begun
    acts, looks = figures.pop("acts", 0), figures.pop("quiet", 0)
    values, conflicts = figures.pop("values", 0), figures.pop("conflicts", 0)
    rest = ", ".join(f"{name} {count:,}" for name, count in sorted(figures.items()) if name != "act")
    print(
        f"simulate seed {seed} ({engine}): {done:,} steps in {number - first} worlds, {acts:,} acts, {values:,} values,"
        f" {conflicts:,} conflicts, {looks:,} times quiet; {rest}; {int(failed is not None)} failures; {spent:.0f} s"
    )
    return int(failed is not None)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("ops", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("--world", type=int)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    chosen = from_text(given.only)
    sys.exit(main(given.ops, given.seed, os.environ.get("ENGINE") or "embedded", given.world, chosen or None))
