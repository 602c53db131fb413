"""What all figures share: bare counterparts, timing in turns, percentiles, and a figure as it is printed and kept.

Machines are noisy, so no time counts alone: what is measured and its bare counterpart take turns in one run, and only
their ratio is compared with the aim.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

BARE_KEY = "5a" * 32
"""Key of the bare files: no secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: `value` and `bare` in `unit`, their ratio, the aim in words, and whether it was met.

    `ratio` is None where the aim is a plain number; `met` is None for what is told without an aim.
    """

    what: str
    size: int
    """Matters in the register; 0 where it does not matter."""
    unit: str
    value: float
    bare: float | None = None
    ratio: float | None = None
    aim: str = ""
    met: bool | None = None
    note: str = ""

    def line(self) -> str:
        """Return the figure as a line of the printed table."""
        size = f"{self.size:,}" if self.size else ""
        bare = "" if self.bare is None else f"{_short(self.bare)} {self.unit}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        met = {True: "met", False: "NOT MET", None: ""}[self.met]
        head = f"{self.what:<58} {size:>9} {_short(self.value) + ' ' + self.unit:>14} {bare:>14} {ratio:>7}"
        return f"{head}  {self.aim:<26} {met:<8}{self.note}".rstrip()

    def plain(self) -> dict[str, Any]:
        """Return the figure for a JSON file."""
        return asdict(self)


HEADER = f"{'what':<58} {'size':>9} {'value':>14} {'bare':>14} {'ratio':>7}  {'aim':<26} met"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}" if value >= 10 else f"{value:.3g}"


def compared(
    what: str, size: int, unit: str, value: float, bare: float, most: float, note: str = "", aim: str = ""
) -> Figure:
    """Return the figure whose ratio to the bare counterpart is to be at most `most`."""
    ratio = value / bare
    return Figure(
        what=what, size=size, unit=unit, value=value, bare=bare, ratio=ratio, aim=aim or f"<= {most:g} x bare",
        met=ratio <= most, note=note,
    )  # fmt: skip


def absolute(what: str, size: int, unit: str, value: float, most: float, note: str = "") -> Figure:
    """Return the figure that is to be at most `most`."""
    aim = f"<= {most:g} {unit}"
    return Figure(what=what, size=size, unit=unit, value=value, aim=aim, met=value <= most, note=note)


def part_of_bare(what: str, size: int, unit: str, value: float, bare: float, least: float, note: str = "") -> Figure:
    """Return the figure of a speed whose part of the bare counterpart's is to be at least `least`; both are times."""
    ratio = bare / value
    return Figure(
        what=what, size=size, unit=unit, value=value, bare=bare, ratio=ratio, aim=f">= {least:g} x bare",
        met=ratio >= least, note=note,
    )  # fmt: skip


def told(what: str, size: int, unit: str, value: float, bare: float | None = None, note: str = "") -> Figure:
    """Return a figure that has no aim of its own."""
    ratio = value / bare if bare else None
    return Figure(what=what, size=size, unit=unit, value=value, bare=bare, ratio=ratio, note=note)


def ms(work: Callable[[], Any]) -> float:
    """Run once; return the milliseconds."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def in_turns(times: int, *works: Callable[[], Any]) -> list[list[float]]:
    """Run each of `works` `times` times, in turns; return the milliseconds of each."""
    spent: list[list[float]] = [[] for _ in works]
    for turn in range(times):
        # Who goes first changes, so that neither always finds what the other has just warmed.
        order = range(len(works)) if turn % 2 else reversed(range(len(works)))
        for place in order:
            spent[place].append(ms(works[place]))
    return spent


def p50(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return sorted(values)[int(len(values) * 0.95)]


def spread(values: Sequence[float]) -> str:
    """Return p95 and the largest as words for a note."""
    return f"p95 {p95(values):.2f}, max {max(values):.1f}"


def bare_file(path: Path) -> driver.Connection:
    """Open a SQLCipher file with the settings of a register and nothing in it."""
    connection = driver.connect(str(path), isolation_level=None)
    for pragma in (
        f"key=\"x'{BARE_KEY}'\"", "cipher_page_size=8192", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
        "cache_size=-32768", "temp_store=MEMORY",
    ):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection


def drop_cache() -> bool:
    """Let the system forget what it has read, for a cold start; returns whether it could be done."""
    try:
        os.sync()
        Path("/proc/sys/vm/drop_caches").write_text("1", "ascii")
    except OSError:
        return False
    return True
