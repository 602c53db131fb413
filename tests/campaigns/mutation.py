"""`make mutation N= SEED= GROUP=`: do the tests notice small faults in the rules? At least 95 of 100 must be noticed.

Every mutant (`mutants`) is put into a copy of the project, and the tests that speak of its file are run there in a
process of their own, with a time limit; the first test that fails ends the run. A mutant is *killed* when a test fails,
the file does not load, or the time is up; it *survived* when all pass. One that no test can tell, because it means the
same, is listed with its reason in `equivalent_mutants.toml` and is not run.

N is how many mutants are drawn, 0 for all; the same seed draws the same. A group is one kind of rules: `clocks` or
`acts`, or `all`. The last line tells the figures; the exit code is 1 below 95 %, and 2 when the tests fail without
any fault.

Why not a library: mutmut and cosmic-ray change Python alone, while half of our rules are data (`resources/rules`,
`resources/acts`); cosmic-ray pays a new interpreter for each mutant, and mutmut changes the sentences for people too.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.pool import ThreadPool
from pathlib import Path
from queue import SimpleQueue
from typing import Literal

from tests.campaigns.mutants import Mutant, mutants_of

ROOT = Path(__file__).resolve().parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
WANTED = 0.95
WORKERS = os.cpu_count() or 1
ROOMS = ("app", "models", "resources", "sync", "tests")
_FIRST_LIMIT_S = 900.0
LEAST_LIMIT_S = 20.0
LIMIT_TIMES = 4
"""A mutant's tests may take this many times what they take without a fault: endless loops end here."""

Verdict = Literal["killed", "unloadable", "timeout", "survived"]


@dataclass(frozen=True, slots=True)
class Group:
    """Files that are changed, and the tests that speak of them in stages: the quickest to notice first."""

    files: tuple[str, ...]
    stages: tuple[tuple[str, ...], ...]
    left_out: tuple[str, ...] = ()


_CLOCKS = "tests/models/clocks/test_"
GROUPS = {
    "clocks": Group(
        files=("models/clocks/*.py", "resources/rules/*.toml"),
        stages=(
            (f"{_CLOCKS}tables.py", f"{_CLOCKS}edges.py"),
            (f"{_CLOCKS}life.py", f"{_CLOCKS}faults.py", f"{_CLOCKS}states.py", f"{_CLOCKS}rules.py"),
            (f"{_CLOCKS}due.py", f"{_CLOCKS}calendar.py", f"{_CLOCKS}ask.py"),
            ("tests/models/test_shifts.py",),
        ),
        left_out=("test_both_clocks_agree_on_a_million_random_cases",),
    ),
    "acts": Group(
        files=(
            "models/acts.py", "models/handling.py", "models/projections.py", "models/steps/*.py",
            "resources/acts/*.toml",
        ),
        stages=(
            ("tests/models/test_acts.py", "tests/models/test_handling.py"),
            ("tests/models/steps", "tests/models/test_walk.py"),
            ("tests/models/test_policy.py", "tests/models/test_act.py", "tests/models/test_matters.py"),
        ),
    ),
}  # fmt: skip


def gather(group: Group, root: Path = ROOT) -> list[Mutant]:
    """Return all mutants of a group."""
    paths = sorted({str(path.relative_to(root)) for glob in group.files for path in root.glob(glob)})
    return [mutant for path in paths for mutant in mutants_of(root, path)]


def known(path: Path = EQUIVALENT) -> dict[tuple[str, str, str, str], str]:
    """Return the mutants that mean the same, as (path, line, old, new), each with its reason."""
    listed = tomllib.loads(path.read_text("utf-8"))["mutant"]
    return {(one["path"], one["line"], one["old"], one["new"]): one["reason"] for one in listed}


def key(mutant: Mutant) -> tuple[str, str, str, str]:
    """Return what names a mutant in the list, wherever its line stands."""
    return mutant.path, mutant.said, mutant.old, mutant.new


class Trees:
    """Copies of the project, one for each worker."""

    def __init__(self, folder: Path, count: int) -> None:
        self._free: SimpleQueue[Path] = SimpleQueue()
        for number in range(count):
            tree = folder / str(number)
            for name in ROOMS:
                shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
            shutil.copy(ROOT / "pyproject.toml", tree)
            self._free.put(tree)

    @contextlib.contextmanager
    def one(self) -> Iterator[Path]:
        """Lend a copy."""
        tree = self._free.get()
        try:
            yield tree
        finally:
            self._free.put(tree)


def run(tree: Path, tests: Sequence[str], left_out: Sequence[str], limit_s: float) -> Verdict:
    """Run tests in a copy, in a process of their own; the interpreter and its libraries are warm already."""
    present = [test for test in tests if (tree / test).exists()]
    if not present:
        return "survived"
    child = os.fork()
    if child == 0:
        _in_child(tree, present, left_out)
    ends = time.monotonic() + limit_s
    while time.monotonic() < ends:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return "survived" if code == 0 else "killed" if code == 1 else "unloadable"
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout"


def _in_child(tree: Path, tests: Sequence[str], left_out: Sequence[str]) -> None:
    code = 3
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        os.chdir(tree)
        sys.path[:] = [str(tree), *(path for path in sys.path if Path(path or ".").resolve() != ROOT)]
        sys.dont_write_bytecode = True
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # a window's plugin alone would cost more than the tests
        for name in [
            name for name in sys.modules if name.split(".")[0] in ("app", "models", "resources", "sync", "tests")
        ]:
            del sys.modules[name]
        import pytest

        chosen = ["-k", " and ".join(f"not {name}" for name in left_out)] if left_out else []
        warm = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"
        code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-W", warm, *chosen, *tests]))
    finally:
        os._exit(code)


def _staged(tree: Path, group: Group, limit_s: float) -> Verdict:
    for tests in group.stages:
        verdict = run(tree, tests, group.left_out, limit_s)
        if verdict != "survived":
            return verdict
    return "survived"


def judge(tree: Path, group: Group, mutant: Mutant, limit_s: float) -> Verdict:
    """Return what becomes of a mutant."""
    path = tree / mutant.path
    text = path.read_text("utf-8")
    path.write_text(mutant.applied(text), "utf-8")
    try:
        return _staged(tree, group, limit_s)
    finally:
        path.write_text(text, "utf-8")


def campaign(names: Sequence[str], count: int, seed: int) -> int:
    """Run the campaign; returns the exit code."""
    begun = time.monotonic()
    listed = known()
    drawn: list[tuple[Group, Mutant]] = [(GROUPS[name], mutant) for name in names for mutant in gather(GROUPS[name])]
    if 0 < count < len(drawn):
        drawn = random.Random(seed).sample(drawn, count)
    same = [mutant for _, mutant in drawn if key(mutant) in listed]
    tried = [(group, mutant) for group, mutant in drawn if key(mutant) not in listed]
    _warm()
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        trees = Trees(Path(folder), WORKERS)
        limits: dict[tuple[str, ...], float] = {}
        for name in names:
            group = GROUPS[name]
            first = time.monotonic()
            with trees.one() as tree:
                if _staged(tree, group, _FIRST_LIMIT_S) != "survived":
                    print(f"mutation: the tests of {name} fail without any fault")
                    return 2
            limits[group.files] = max(LEAST_LIMIT_S, LIMIT_TIMES * (time.monotonic() - first))

        def work(one: tuple[Group, Mutant]) -> Verdict:
            with trees.one() as tree:
                return judge(tree, *one, limits[one[0].files])

        found: dict[Verdict, int] = {}
        with ThreadPool(WORKERS) as pool:
            for (_, mutant), verdict in zip(tried, pool.imap(work, tried), strict=True):
                found[verdict] = found.get(verdict, 0) + 1
                if verdict == "survived":
                    print(f"survived: {mutant}", flush=True)
    survived = found.get("survived", 0)
    killed = len(tried) - survived
    ratio = killed / len(tried) if tried else 1.0
    print(
        f"mutation: {'+'.join(names)}, seed {seed}, {len(drawn)} mutants: {killed} killed"
        f" ({found.get('unloadable', 0)} did not load, {found.get('timeout', 0)} ran out of time),"
        f" {survived} survived, {len(same)} equivalent-known, {100 * ratio:.1f} %, {time.monotonic() - begun:.0f} s"
    )
    return 0 if ratio >= WANTED else 1


def _warm() -> None:
    """Load what every worker needs, so that each is forked warm."""
    import chinese_calendar  # noqa: F401
    import click  # noqa: F401
    import hypothesis.strategies  # noqa: F401
    import orjson  # noqa: F401
    import pytest  # noqa: F401
    import sqlcipher3  # noqa: F401
    import sqlite_utils  # noqa: F401


def main(arguments: list[str]) -> int:
    """Run with N, SEED and GROUP; returns the exit code."""
    count = int(arguments[0]) if arguments else 100
    seed = int(arguments[1]) if len(arguments) > 1 else 1
    group = arguments[2] if len(arguments) > 2 else "all"
    names = tuple(GROUPS) if group == "all" else (group,)
    if not set(names) <= set(GROUPS):
        print(f"GROUP: {', '.join(GROUPS)}, all")
        return 2
    return campaign(names, count, seed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
