"""Build: a whole practice register, through the same acts as everything else.

Items are written in the order of their day, many in one act; the acts bear the day of the last item in them, so
that the journal of a practice register looks like one that grew. Memory does not grow with the count.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from models import codes, search
from models.clocks import load_calendar
from models.life import Life, begin
from models.practice.county import PRACTICE_PASSPHRASE, County, create_register, found_bureau
from models.practice.lives import OFFICER, PETITION, UNIT
from models.practice.matters import PracticeItem, drafts, schedule
from models.register import Register

CHUNK = 200
"""Items in one act at most."""
_REMEMBERED = 2_000
"""Matters kept to be joined by repeats; more than the stream looks back."""
_MERGE_PAGES = 2_000
"""Pages written in one step of the merging at the end, when nobody waits."""


def build_practice(
    path: Path,
    count: int,
    seed: int,
    passphrase: str = PRACTICE_PASSPHRASE,
    *,
    today: date | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> None:
    """Make a practice register with `count` items.

    Args:
        path: Where; nothing may be there.
        count: Items; repeats join earlier matters, so there are a few fewer matters.
        seed: The same seed, count and day give the same content (numbers of keys and query codes differ).
        passphrase: Of all practice people.
        today: Day on which the register stands; this day by default.
        on_progress: Called with items written and `count`.

    Raises:
        StorageError: Something is there already, or the disk says no.
    """
    now = datetime.now(UTC)
    today = today or now.astimezone().date()
    days = schedule(count, today, load_calendar())
    first = _evening((days[0][0] if days else today) - timedelta(days=1))
    with create_register(path, passphrase, at=min(first, now)) as register:
        county = found_bureau(register, passphrase, at=min(first, now))
        fill(register, county, drafts(seed, count, today=today), count, today=today, on_progress=on_progress)


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(9, 30), UTC)


def fill(
    register: Register,
    county: County,
    items: Iterable[PracticeItem],
    count: int,
    *,
    today: date,
    on_progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write practice items into a register.

    Args:
        register: The register.
        county: Ids of its units and people.
        items: The stream.
        count: Its length, for `on_progress`.
        today: Last day that is possible.
        on_progress: Called with items written and `count` after each chunk.
    """
    matters: OrderedDict[int, int] = OrderedDict()
    source = iter(items)
    written = 0
    with search.bulk(register.connection):
        while chunk := list(islice(source, CHUNK)):
            at = min(_evening(chunk[-1].draft.received_on), datetime.now(UTC))
            for part in _entries(chunk):
                _write(register, county, part, matters, at, today)
            written += len(chunk)
            if on_progress:
                on_progress(written, count)
    while search.merge_idle(register.connection, pages=_MERGE_PAGES):
        pass


def _write(
    register: Register,
    county: County,
    part: list[PracticeItem],
    matters: OrderedDict[int, int],
    at: datetime,
    today: date,
) -> None:
    with register.act("practice", by=county.registrar, at=at) as act:
        for item in part:
            draft, life = item.draft, item.life
            act.at = min(at, _evening(draft.transferred_on or draft.received_on))  # each is entered on its own day
            if item.joins is not None:
                draft = replace(draft, repeat_of_matter=matters[item.joins])
            columns = dict(life.columns)
            if "unit" in columns:
                columns["unit"] = county.units.get(columns["unit"]) or county.units["信访"]
            if columns.pop("handler", False):
                columns["handler"] = county.officers[item.officer]
            registered = begin(act, draft, _placed(life, columns, county.units["信访"]), today=today)
            matters[item.place] = registered.matter
            if len(matters) > _REMEMBERED:
                matters.popitem(last=False)
        act.at = at
        if len(part) > 1:
            act.matter = None  # the entry belongs to no single matter


def _placed(life: Life, columns: dict[str, Any], petition: int) -> Life:
    """Return a life with its unit and officer named, in columns, rows and steps."""
    named = {PETITION: petition, UNIT: columns.get("unit"), OFFICER: columns.get("handler")}
    rows = tuple(
        (table, {name: named.get(value, value) if isinstance(value, str) else value for name, value in row.items()})
        for table, row in life.rows
    )
    steps = tuple(replace(step, staff=named[OFFICER]) if step.kind == "declared" else step for step in life.steps)
    return replace(life, columns=columns, rows=rows, steps=steps)


def _entries(chunk: list[PracticeItem]) -> Iterator[list[PracticeItem]]:
    """Yield the parts of a chunk that share an entry: sealed matters have one of their own."""
    sealed = [item for item in chunk if item.joins is None and _seals(item)]
    plain = [item for item in chunk if item.joins is not None or not _seals(item)]
    if plain:
        yield plain
    for item in sealed:
        yield [item]


def _seals(item: PracticeItem) -> bool:
    return item.draft.confidential or codes.category_of(item.draft.purpose) == "accusation"
