"""`make mutation N= SEED= GROUP=`: do the tests notice small faults in the rules? At least 95 of 100 must be noticed.

Every mutant (`mutants`) is put into a copy of the project, and the tests that speak of its file are run there in a
process of their own, with a time limit; the first test that fails ends the run. A mutant is *killed* when a test fails,
the file does not load, or the time is up; it *survived* when all pass. One that no test can tell, because it means the
same, is listed with its reason in `equivalent_mutants.toml` and is not run.

N is how many mutants are drawn, 0 for all; the same seed draws the same. A group is one kind of rules: `clocks` or
`acts`, or `all`. With a RECORD (a file), each verdict is written down at once, and a campaign that was cut goes on
where it stood; a record of other sources is refused. The last line tells the figures; the exit code is 1 below 95 %,
and 2 when the tests fail without any fault.

Why not a library: mutmut and cosmic-ray change Python alone, while half of our rules are data (`resources/rules`,
`resources/acts`); cosmic-ray pays a new interpreter for each mutant, and mutmut changes the sentences for people too.
"""

from __future__ import annotations

import contextlib
import fnmatch
import hashlib
import importlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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


Stages = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Files that are changed, and the tests that speak of them in stages: the quickest to notice first.

    Attributes:
        files: Globs of the files that are changed.
        stages: Tests of a file that `by_file` does not name.
        by_file: Glob of files: their tests; the first that fits counts.
        left_out: Tests that are too long for a campaign.
    """

    files: tuple[str, ...]
    stages: Stages
    by_file: Mapping[str, Stages] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def stages_of(self, path: str) -> Stages:
        """Return the tests that speak of a file."""
        fitting = (stages for glob, stages in self.by_file.items() if fnmatch.fnmatch(path, glob))
        return next(fitting, self.stages)


def _models(*stages: str) -> Stages:
    """Return stages of `tests/models`, each told by its names with spaces between; `clocks:due` is one of `clocks`."""
    return tuple(
        tuple(f"tests/models/{folder}test_{name}.py" for folder, name in map(_placed, names.split()))
        for names in stages
    )


def _placed(name: str) -> tuple[str, str]:
    folder, _, last = name.rpartition(":")
    return (f"{folder}/" if folder else "", last)


GROUPS = {
    "clocks": Group(
        files=("models/clocks/*.py", "resources/rules/*.toml"),
        stages=_models(
            "clocks:tables clocks:edges", "clocks:corners clocks:life clocks:states clocks:rules clocks:faults",
            "clocks:due clocks:calendar clocks:ask", "shifts",
        ),
        by_file={
            "models/clocks/rule*.py": _models(
                "clocks:faults clocks:rules clocks:corners", "clocks:tables clocks:edges clocks:life",
                "clocks:due clocks:states clocks:ask", "shifts",
            ),
            "models/clocks/states.py": _models(
                "clocks:edges clocks:states clocks:corners", "clocks:life clocks:tables", "clocks:ask clocks:due",
            ),
            "models/clocks/wording.py": _models(
                "clocks:ask clocks:corners", "clocks:due clocks:states clocks:edges", "clocks:life clocks:tables",
            ),
        },
        left_out=("test_both_clocks_agree_on_a_million_random_cases",),
    ),
    "acts": Group(
        files=(
            "models/acts.py", "models/handling.py", "models/projections.py", "models/steps/*.py",
            "resources/acts/*.toml",
        ),
        left_out=("test_no_label_of_the_window_bears_its_terms",),
        stages=_models("acts_by_hand acts", "handling screening inside opinion", "after service review"),
        by_file={
            "resources/acts/*": _models("acts_by_hand", "acts", "handling screening inside after"),
            "models/acts.py": _models(
                "acts_by_hand acts act_corners", "screening handling", "desk policy queues step_corners",
                "inside after",
            ),
            "models/handling.py": _models(
                "act_corners step_edges handling", "acts screening step_corners", "papers service",
                "correct issue supervising", "policy desk agreements", "inside after",
            ),
            "models/projections.py": _models(
                "handling policy step_edges", "lists intake replay register", "boundary divisions", "shifts correct",
                "liability verify",
            ),
            "models/steps/screening.py": _models(
                "screening step_corners step_edges", "acts", "handling routing exhausted", "boundary",
            ),
            "models/steps/inside.py": _models("inside step_corners step_edges", "handling", "inside_reversed policy"),
            "models/steps/inquiry.py": _models("inside step_corners step_edges", "handling", "inside_reversed"),
            "models/steps/recusals.py": _models("inside step_corners step_edges", "policy handling", "inside_reversed"),
            "models/steps/tracks.py": _models(
                "inside step_corners step_edges", "agreements handling", "inside_reversed after",
            ),
            "models/steps/hearings.py": _models("agreements step_corners step_edges", "inside", "inside_reversed"),
            "models/steps/agreements.py": _models(
                "agreements step_corners step_edges", "inside after", "inside_reversed",
            ),
            "models/steps/opinion.py": _models(
                "opinion step_corners step_edges", "handling", "inside review", "inside_reversed",
            ),
            "models/steps/course.py": _models("inside step_edges", "opinion handling", "agreements review after"),
            "models/steps/service.py": _models("service step_corners step_edges", "handling", "after review"),
            "models/steps/review.py": _models("review step_corners step_edges", "after service", "handling"),
            "models/steps/execution.py": _models("after step_corners step_edges", "review", "handling agreements"),
            "models/steps/after.py": _models("after step_corners step_edges", "review service", "handling"),
            "models/steps/rating.py": _models("after step_corners step_edges", "service", "handling"),
            "models/steps/supervision.py": _models("supervising step_corners step_edges", "liability", "after"),
            "models/steps/major.py": _models("major step_corners step_edges", "supervising", "handling"),
            "models/steps/persons.py": _models(
                "people_corners joint joining", "amend boundary policy", "intake",
            ),
            "models/steps/joining.py": _models("joining people_corners", "joint amend", "exhausted"),
            "models/steps/correction.py": _models("correct", "history", "amend"),
            "models/steps/guard.py": _models(
                "boundary screening people_corners", "inside handling", "policy",
            ),
            "models/steps/step.py": _models(
                "screening inside step_corners step_edges", "service review", "after opinion", "supervising",
            ),
        },
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
    """Copies of the project, one for each worker; the first is where the tests run without a fault."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._free: SimpleQueue[Path] = SimpleQueue()
        self.first = folder / "0"
        for name in ROOMS:
            shutil.copytree(ROOT / name, self.first / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", self.first)
        self._free.put(self.first)

    def multiply(self, count: int) -> None:
        """Copy the first for the other workers, with what it has compiled."""
        for number in range(1, count):
            self._free.put(Path(shutil.copytree(self.first, self._folder / str(number))))

    @contextlib.contextmanager
    def one(self) -> Iterator[Path]:
        """Lend a copy."""
        tree = self._free.get()
        try:
            yield tree
        finally:
            self._free.put(tree)


def run(tree: Path, tests: Sequence[str], left_out: Sequence[str], limit_s: float, *, keep: bool = False) -> Verdict:
    """Run tests in a copy, in a process of their own; the interpreter and its libraries are warm already.

    Args:
        tree: The copy.
        tests: Files of tests, named from its top; those that are absent are passed by.
        left_out: Names of tests not to run.
        limit_s: Seconds after which it is ended.
        keep: Keep what is compiled for the runs that follow: only without a fault.
    """
    present = [test for test in tests if (tree / test).exists()]
    if not present:
        return "survived"
    child = os.fork()
    if child == 0:
        _in_child(tree, present, left_out, keep=keep)
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


def _in_child(tree: Path, tests: Sequence[str], left_out: Sequence[str], *, keep: bool) -> None:
    code = 3
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        os.chdir(tree)
        sys.path[:] = [str(tree), *(path for path in sys.path if Path(path or ".").resolve() != ROOT)]
        sys.dont_write_bytecode = not keep
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


def _staged(tree: Path, group: Group, path: str, limit_s: float) -> Verdict:
    for tests in group.stages_of(path):
        verdict = run(tree, tests, group.left_out, limit_s)
        if verdict != "survived":
            return verdict
    return "survived"


def judge(tree: Path, group: Group, mutant: Mutant, limit_s: float) -> Verdict:
    """Return what becomes of a mutant."""
    path = tree / mutant.path
    text, times = path.read_text("utf-8"), path.stat()
    path.write_text(mutant.applied(text), "utf-8")
    os.utime(path, (0, 0))  # what was compiled without the fault is known by its time, and must not be taken
    try:
        return _staged(tree, group, mutant.path, limit_s)
    finally:
        path.write_text(text, "utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


class Record:
    """Verdicts written down one by one, so that a campaign that is cut goes on where it stood."""

    def __init__(self, path: Path | None, sources: str) -> None:
        """Read what was judged before.

        Raises:
            ValueError: The record is of other sources.
        """
        self._path = path
        self._known: dict[str, Verdict] = {}
        if path is None:
            return
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        if not lines:
            path.write_text(sources + "\n", "utf-8")
        elif lines[0] != sources:
            raise ValueError(f"{path} is the record of other sources")
        for line in lines[1:]:
            named, verdict = json.loads(line)
            self._known[named] = verdict

    @staticmethod
    def _named(mutant: Mutant) -> str:
        return f"{mutant.path}:{mutant.start}:{mutant.end}:{mutant.new}"

    def of(self, mutant: Mutant) -> Verdict | None:
        """Return the verdict of a mutant that was judged before."""
        return self._known.get(self._named(mutant))

    def add(self, mutant: Mutant, verdict: Verdict) -> None:
        """Write a verdict down."""
        if self._path is not None and self.of(mutant) is None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps([self._named(mutant), verdict]) + "\n")


def digest(root: Path = ROOT) -> str:
    """Return what tells one state of the sources from another."""
    found = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix in (".py", ".toml", ".sql") and "campaigns" not in path.parts and path.is_file():
                found.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _limits(trees: Trees, drawn: Sequence[tuple[Group, Mutant]]) -> dict[Stages, float] | None:
    """Run each file of tests once; returns how long each set of them may take, in seconds, or None when one fails."""
    taken: dict[str, float] = {}
    limits: dict[Stages, float] = {}
    for group, mutant in drawn:
        stages = group.stages_of(mutant.path)
        for test in (test for tests in stages for test in tests if test not in taken):
            first = time.monotonic()
            if run(trees.first, (test,), group.left_out, _FIRST_LIMIT_S, keep=True) != "survived":
                print(f"mutation: {test} fails without any fault")
                return None
            taken[test] = time.monotonic() - first
        limits[stages] = max(LEAST_LIMIT_S, LIMIT_TIMES * sum(taken[test] for tests in stages for test in tests))
    return limits


def campaign(names: Sequence[str], count: int, seed: int, record: Path | None = None) -> int:
    """Run the campaign; returns the exit code."""
    begun = time.monotonic()
    listed = known()
    drawn: list[tuple[Group, Mutant]] = [(GROUPS[name], mutant) for name in names for mutant in gather(GROUPS[name])]
    if 0 < count < len(drawn):
        drawn = random.Random(seed).sample(drawn, count)
    same = [mutant for _, mutant in drawn if key(mutant) in listed]
    tried = [(group, mutant) for group, mutant in drawn if key(mutant) not in listed]
    written = Record(record, digest())
    _warm()
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        trees = Trees(Path(folder))
        limits = _limits(trees, [one for one in tried if written.of(one[1]) is None])
        if limits is None:
            return 2
        trees.multiply(WORKERS)

        def work(one: tuple[Group, Mutant]) -> Verdict:
            group, mutant = one
            before = written.of(mutant)
            if before is not None:
                return before
            with trees.one() as tree:
                return judge(tree, group, mutant, limits[group.stages_of(mutant.path)])

        found: dict[Verdict, int] = {}
        with ThreadPool(WORKERS) as pool:
            for (_, mutant), verdict in zip(tried, pool.imap(work, tried), strict=True):
                found[verdict] = found.get(verdict, 0) + 1
                written.add(mutant, verdict)
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
    """Load what every worker needs, so that each is forked warm; the project's own modules are loaded anew there."""
    for name in ("chinese_calendar", "hypothesis.strategies", "pytest", "models.desk", "models.clocks", "app.main"):
        importlib.import_module(name)


def main(arguments: list[str]) -> int:
    """Run with N, SEED, GROUP and RECORD; returns the exit code."""
    count = int(arguments[0]) if arguments else 100
    seed = int(arguments[1]) if len(arguments) > 1 else 1
    group = arguments[2] if len(arguments) > 2 else "all"
    names = tuple(GROUPS) if group == "all" else (group,)
    if not set(names) <= set(GROUPS):
        print(f"GROUP: {', '.join(GROUPS)}, all")
        return 2
    return campaign(names, count, seed, Path(arguments[3]) if len(arguments) > 3 else None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
