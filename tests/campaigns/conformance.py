"""The hub's suite on both of its engines, as one campaign: `make conformance`.

Every test that takes a hub runs on its encrypted file and on PostgreSQL (fixtures of tests/sync/conftest.py). Here they
are run and counted by engine, and a server that is not installed is a failure in place of a skip. Ends with one line of
figures; exit code 1 when a test failed, or one engine has fewer tests than the other. (A test that is about what one
engine alone has, such as the room on the disk of the file, says so as a skip on the other.)
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.sync.conftest import ENGINES

FOLDER = Path(__file__).parents[1] / "sync"


class Counted:
    """Counts outcomes by engine."""

    def __init__(self) -> None:
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.absent = False
        """A server is not installed: its engine was not tried at all."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what runs on an engine; each test that is there for both stands in the list twice."""
        items[:] = [item for item in items if engine_of(item) is not None]

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Count a test once: as it went, or as it failed to begin or end."""
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[engine_of_name(report.nodeid), report.outcome] += 1
        self.absent |= report.outcome == "skipped" and "not installed" in str(report.longrepr)


def engine_of(item: pytest.Item) -> str | None:
    """Return the engine that a test runs on, None for one that takes no hub."""
    call = getattr(item, "callspec", None)
    return next((value for value in call.params.values() if value in ENGINES), None) if call else None


def engine_of_name(name: str) -> str:
    """Return the engine in the name of a test."""
    return next((engine for engine in ENGINES if engine in name.partition("[")[2]), "")


def main() -> int:
    """Run the suite; returns the exit code."""
    counted = Counted()
    begun = time.monotonic()
    code = pytest.main([str(FOLDER), "-q", "--no-header", "-p", "no:cacheprovider"], plugins=[counted])
    passed = {engine: counted.outcomes[engine, "passed"] for engine in ENGINES}
    failed = sum(count for (_, outcome), count in counted.outcomes.items() if outcome == "failed")
    skipped = sum(count for (_, outcome), count in counted.outcomes.items() if outcome == "skipped")
    told = ", ".join(f"{count} on {engine}" for engine, count in passed.items())
    print(f"conformance: {told}; {failed} failed, {skipped} skipped; {time.monotonic() - begun:.0f} s")
    tests = {sum(count for (one, _), count in counted.outcomes.items() if one == engine) for engine in ENGINES}
    whole = len(tests) == 1 and not failed and not counted.absent
    return 0 if code == pytest.ExitCode.OK and whole else 1


if __name__ == "__main__":
    sys.exit(main())
