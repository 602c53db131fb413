"""One act, pages, and backup, each beside its bare counterpart in the same run."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

from models import backup, door, lists, roads, search
from models.desk import Desk
from models.records import Filters, ItemDraft, PersonDraft, SyncState
from models.register import Register
from tests.bench.language import Language
from tests.bench.measure import (
    Figure,
    absolute,
    bare_file,
    compared,
    in_turns,
    ms,
    p50,
    p95,
    spread,
    told,
)
from tests.bench.registers import FOLDER, TODAY, bench_register, copy_of, opened

_LONGEST_SAVE_MS = 50
_ROW = "INSERT INTO one(at, act, body) VALUES('2026-11-20T08:00:00', 'note', ?)"


@contextmanager
def work_copy(size: int) -> Iterator[tuple[Register, Path]]:
    """Open a copy of a bench register in a folder of its own on the same disk; both are gone afterwards."""
    source = bench_register(size)
    with tempfile.TemporaryDirectory(dir=FOLDER) as name, opened(copy_of(source, Path(name))) as register:
        yield register, Path(name)


def acts(size: int, times: int = 300) -> list[Figure]:
    """Measure durable acts: a visit registered, a matter screened (state and clocks move), a note added to it."""
    with work_copy(size) as (register, folder):
        desk, language, source = Desk(register), Language(3), random.Random(3)
        bare = bare_file(folder / "bare.db")
        bare.execute("CREATE TABLE one(id INTEGER PRIMARY KEY, at TEXT, act TEXT, body BLOB)")
        body = os.urandom(700)
        made: list[int] = []
        old = [
            row[0]
            for row in register.rows(
                "SELECT id FROM matter WHERE state<>'S13' AND sealed IS NOT 1 ORDER BY place LIMIT 5000"
            )
        ]
        drafts = iter([_visit(language, source, number) for number in range(times + 20)])
        screened, noted, edited = iter(made), iter(made), iter([source.choice(old) for _ in range(times + 20)])

        def durable_row() -> None:
            bare.execute("BEGIN IMMEDIATE")
            bare.execute(_ROW, (body,))
            bare.execute("COMMIT")

        def visit() -> None:
            made.append(desk.register_item(next(drafts)).matter)

        def screen() -> None:
            desk.perform(next(screened), "screen", {"category": "claim", "exit": "6"})

        def note() -> None:
            desk.perform(
                next(noted), "note", {"text": "电话联系信访人，告知办理进展，对方表示理解并愿意等待处理结果。"}
            )

        def note_on_an_old_one() -> None:
            desk.perform(next(edited), "note", {"text": "补充材料已收，随卷归档。"})

        spent: list[list[float]] = [[] for _ in range(5)]
        for work in (durable_row, visit, screen, note, note_on_an_old_one):  # first uses are no measure
            work()
        for turn in range(times):
            if turn % 5 == 0:
                while register.tidy():  # as the window does when nobody waits
                    pass
            for place, work in enumerate((durable_row, visit, screen, note, note_on_an_old_one)):
                spent[place].append(ms(work))
        bare.close()
        steps = _idle_steps(register)
    row, *ours = spent
    names = ("visit registered", "matter screened", "note added", "note added to an old matter")
    figures = [
        compared(f"act, durable: {name}, p50", size, "ms", p50(one), p50(row), 3, spread(one))
        for name, one in zip(names, ours, strict=True)
    ]
    mixed = [value for one in ours for value in one]
    return [
        compared("act, durable: all four kinds, p50", size, "ms", p50(mixed), p50(row), 3, spread(mixed)),
        *figures,
        absolute("act, durable: longest of all", size, "ms", max(mixed), _LONGEST_SAVE_MS, f"bare {max(row):.1f}"),
        told("search index, longest idle step after these acts", size, "ms", max(steps), note=f"{len(steps)} steps"),
    ]


def _idle_steps(register: Register) -> list[float]:
    spent: list[float] = []
    more = [True]
    while more[-1]:
        spent.append(ms(lambda: more.append(search.merge_idle(register.connection))))
    return spent


def _visit(language: Language, source: random.Random, number: int) -> ItemDraft:
    return ItemDraft(
        channel="visit", received_on=TODAY, title=f"关于{language.sentence()[:16]}的信访事项",
        statement=language.text(), claims=(language.sentence()[:20],), purpose="solution",
        people=(
            PersonDraft(
                name=language.name(), main=True, phone=f"198{number:08d}", address=f"示例县{language.word()}镇"
            ),
        ),
        problem_place=f"{language.word()}路{source.randrange(300)}号",
    )  # fmt: skip


def pages(size: int, times: int = 5) -> list[Figure]:
    """Measure pages of 200 at chance places of every order under many filters, and the counts beside them."""
    with opened(bench_register(size)) as register:
        staff, today, source = register.person, TODAY, random.Random(5)
        ratios, ours_ms, bare_ms, counts, slowest = [], [], [], [], (0.0, "")
        for filters in _filters(register):
            counts.append(ms(partial(lists.count, register, staff, filters, today)))
            for order in lists.ORDERS:
                one, two = _page_in_turns(register, filters, order, source, times)
                ratios.append(p50(one) / p50(two))
                ours_ms += one
                bare_ms += two
                slowest = max(slowest, (p50(one), f"{order} under {_named(filters)}"))
        today_ms = in_turns(25, lambda: lists.overview(register, staff, today, SyncState(enrolled=False)))[0]
    note = f"{len(ratios)} orders and filters, median ratio {p50(ratios):.2f}, worst {max(ratios):.2f}"
    return [
        compared("page of 200, any order and filter, p50", size, "ms", p50(ours_ms), p50(bare_ms), 1.5, note),
        told("page of 200, p95 of all", size, "ms", p95(ours_ms), p95(bare_ms)),
        told("page of 200, slowest median", size, "ms", slowest[0], note=slowest[1]),
        told("exact count under a filter, slowest", size, "ms", max(counts), note=f"p50 {p50(counts):.2f}"),
        told("duties of the day with exact totals, p50", size, "ms", p50(today_ms), note=spread(today_ms)),
    ]


def _page_in_turns(
    register: Register, filters: Filters, order: str, source: random.Random, times: int
) -> tuple[list[float], list[float]]:
    """Return the milliseconds of ours and of the bare query, each pair from the same chance place of the order.

    Lists of fewer than two pages begin at their beginning, and hold what has a value for the order, in both.
    """
    column, down = lists.ORDERS[order]
    way, than = ("DESC", "<") if down else ("ASC", ">")
    condition = lists.conditions(filters, TODAY)
    index = roads.road(register, filters, column, condition.sql, condition.values)
    where = " AND ".join(part for part in (condition.sql, f"m.{column} IS NOT NULL") if part)
    by = f"m.place {way}" if column == "place" else f"m.{column} {way}, m.place {way}"
    select = (
        "SELECT m.id, m.number, m.title, m.who, m.state, m.category, m.channel, m.received_on, m.unit, m.handler,"
        f" m.due_clock, m.due_on, m.place FROM matter m {f'INDEXED BY {index}' if index else ''} WHERE {where}"
    )
    keys = register.rows(f"SELECT m.{column}, m.place FROM matter m WHERE {where} ORDER BY {by}", condition.values)
    room = len(keys) - 2 * lists.PAGE
    ours_ms, bare_ms = [], []
    for turn in range(times + 1):
        after = keys[source.randrange(room)] if room > 0 else None
        limit = min(lists.PAGE, len(keys)) or 1
        sql = f"{select} AND (m.{column}, m.place) {than} (?, ?)" if after else select
        ours = partial(
            lists.page, register, register.person, filters, order=order, after=after, limit=limit, today=TODAY
        )
        values = (*condition.values, *(after or ()))
        bare = partial(register.rows, f"{sql} ORDER BY {by} LIMIT {limit}", values)
        one, two = in_turns(1, ours, bare)
        if turn:
            ours_ms += one
            bare_ms += two
    return ours_ms, bare_ms


def _filters(register: Register) -> list[Filters]:
    unit, handler = list(register.units())[3], list(register.staff())[5]
    return [
        Filters(), Filters(states=("S4",)), Filters(states=("S13",)), Filters(states=("S4", "S5")),
        Filters(states=("S4", "S13")),
        Filters(unit=unit), Filters(handler=handler), Filters(late=True), Filters(open_only=True),
        Filters(received_from=date(2020, 1, 1), received_to=date(2020, 1, 31)), Filters(categories=("claim",)),
        Filters(categories=("accusation",)), Filters(states=("S4",), unit=unit),
        Filters(open_only=True, handler=handler), Filters(unit=unit, channels=("visit",), late=True),
    ]  # fmt: skip


def _named(filters: Filters) -> str:
    set_ = {name: getattr(filters, name) for name in Filters.__dataclass_fields__ if getattr(filters, name)}
    return ", ".join(f"{name}={value}" for name, value in set_.items()) or "no filter"


def backups(size: int, times: int = 2) -> list[Figure]:
    """Measure the proved backup beside VACUUM INTO of the same file, both flushed to the disk.

    With a cache smaller than the file, SQLCipher 4.19 ends VACUUM INTO of a register with "malformed", though every
    check of the file is clean; so it gets all the memory that it asks for. Where that is not there, the backup stands
    beside a plain copy of the file.
    """
    ours: list[float] = []
    bare: list[float] = []
    with work_copy(size) as (register, folder):
        target = folder / "out" / "backup.register"
        target.parent.mkdir()
        file_bytes = register.path.stat().st_size
        enough = _free_memory_bytes() > file_bytes * 2

        def vacuum() -> None:
            register.connection.execute(f"PRAGMA cache_size=-{file_bytes // 1024 * 5 // 4}")
            register.connection.execute("VACUUM INTO ?", (str(target),))
            _flush(target)
            register.connection.execute(f"PRAGMA cache_size=-{door.CACHE_KIB}")
            register.connection.execute("PRAGMA shrink_memory")

        def copy() -> None:
            shutil.copyfile(register.path, target)
            _flush(target)

        for _ in range(times):
            for work, spent in ((partial(backup.backup, register, target), ours), (vacuum if enough else copy, bare)):
                spent.append(ms(work) / 1000)
                shutil.rmtree(target.parent)
                target.parent.mkdir()
    note = f"{file_bytes / 2**20:,.0f} MiB"
    what = "backup, opened, checked and counted"
    if enough:
        return [compared(what, size, "s", min(ours), min(bare), 0.6, note, "<= 0.6 x VACUUM INTO")]
    return [told(what, size, "s", min(ours), min(bare), f"{note}; beside a plain copy: no memory for VACUUM INTO")]


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def _free_memory_bytes() -> int:
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
