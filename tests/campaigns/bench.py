"""The figures of docs/measurements.md, each beside its bare counterpart in one run.

    make bench                                      small sizes, some minutes
    make bench SIZE=200000                          a register of 200,000 matters, made on first need
    make bench SIZE=1000000 ROWS=act,page,backup    some rows only

Rows: start unlock act page search import sync hub slow down letter backup flat. Each line says what was measured, at
which size, the value, the bare value, their ratio, the aim, and whether it was met; the lines are also kept in
build/bench/.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable, Iterator

from tests.bench.measure import HEADER, Figure
from tests.bench.registers import FOLDER

QUICK = 20_000


def rows(size: int) -> dict[str, Callable[[], list[Figure]]]:
    """Return the rows by name; each is run when asked for."""
    from tests.bench import bench_flat, bench_import, bench_others, bench_register, bench_window

    return {
        "start": lambda: bench_window.starts(size),
        "unlock": lambda: bench_window.unlocks(size),
        "act": lambda: bench_register.acts(size),
        "page": lambda: bench_register.pages(size),
        "search": lambda: bench_others.searches(size),
        "import": bench_import.imports,
        "sync": bench_others.syncs,
        "hub": bench_others.hubs,
        "slow": bench_others.slow_lines,
        "down": bench_others.downloads,
        "letter": bench_others.letters,
        "backup": lambda: bench_register.backups(size),
        "flat": lambda: bench_flat.flat(size),
    }


def run(size: int, wanted: list[str]) -> Iterator[Figure]:
    """Measure and yield the figures as they come."""
    known = rows(size)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise SystemExit(f"no such row: {', '.join(unknown)}; there are: {', '.join(known)}")
    for name in wanted or known:
        yield from known[name]()


def main() -> None:
    """Run what SIZE and ROWS of the environment ask for; the exit code is 0 when all was measured, met or not."""
    size = int(os.environ.get("SIZE") or QUICK)
    wanted = [name for name in (os.environ.get("ROWS") or "").replace(",", " ").split() if name]
    FOLDER.mkdir(parents=True, exist_ok=True)
    load = os.getloadavg()[0]
    print(f"{time.strftime('%F %T')}  Python {platform.python_version()}, {os.cpu_count()} processors, load {load:.1f}")
    print(HEADER)
    found = []
    for figure in run(size, wanted):
        found.append(figure.plain())
        print(figure.line(), flush=True)
    kept = FOLDER / f"figures-{size}-{time.strftime('%Y%m%d-%H%M%S')}.json"
    kept.write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    missed = sum(figure["met"] is False for figure in found)
    print(f"{len(found)} figures, {missed} aims not met; kept in {kept}")


if __name__ == "__main__":
    main()
