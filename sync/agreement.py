"""Agreement of desk and hub: digests per table and month, compared.

A *bucket* is all rows of one table born in one month (UTC); its *sum* adds the row digests
(`models.journal.row_digest`) modulo 2**256, so that desk and hub each keep it up to date by adding and taking away,
whatever the order in which rows came. The month `*` stands for the whole table. Two registers agree on a bucket when
count and sum are equal; then every row of it is equal, column for column.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from models.errors import Language, Message
from models.hlc import LOWER_BITS
from models.journal import DIGEST_MODULUS, SEALED

WHOLE = "*"
SUM_BYTES = 32

Buckets = Mapping[tuple[str, str], tuple[int, int]]
"""(table, month) -> (rows, sum)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A bucket on which the two do not agree; rows of each side, 0 where a side has none."""

    table: str
    month: str
    here: int
    there: int


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row on which the two do not agree, and where it is; `name` is what a person knows it by."""

    table: str
    row: int
    name: str
    here: bool
    there: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """Outcome of a comparison: `agreed` of `held` rows lie in equal buckets."""

    agreed: int
    held: int
    differences: tuple[Difference, ...]
    rows: tuple[RowDifference, ...] = ()
    """The rows behind the differences, the first of them, where the other side could be asked."""

    @property
    def whole(self) -> bool:
        """Whether everything agrees."""
        return not self.differences

    def message(self) -> Message:
        """Return the sentence for the sync light and for paper."""
        if self.whole:
            return Message(
                f"市局一致：{self.held:,} 条中 {self.agreed:,} 条。",
                f"The city agrees: {self.agreed:,} of {self.held:,}.",
            )
        where = [_where(self.differences[:5], language) for language in ("zh", "en")]
        more = len(self.differences) - 5
        tail_zh, tail_en = (f"，另有 {more} 处", f", and {more} more") if more > 0 else ("", "")
        if self.rows:
            named = list(dict.fromkeys((row.table, row.name) for row in self.rows))
            tail_zh += f"；涉及：{_named(named[:5], 'zh')}" + ("等" if len(named) > 5 else "")
            tail_en += f"; concerned: {_named(named[:5], 'en')}" + (" and others" if len(named) > 5 else "")
        return Message(
            f"与市局不一致：{self.held:,} 条中 {self.agreed:,} 条一致；不同之处（本地/市局）：{where[0]}{tail_zh}。请再"
            "同步一次，仍不一致时运行 verify。",
            f"The city does not agree: {self.agreed:,} of {self.held:,}; differing (here / there): {where[1]}{tail_en}."
            " Sync again; if it stays, run verify.",
        )


def table_name(table: str, language: Language) -> str:
    """Return what people call a table of the digests."""
    from models import column_words  # reads its data when it is first asked, and few rounds ask

    if table == SEALED:
        return "密封内容" if language == "zh" else "sealed content"
    names = column_words.table_names(table)
    return names.zh if language == "zh" else names.en


def _where(differences: Sequence[Difference], language: Language) -> str:
    parts = []
    for one in differences:
        month = one.month if one.month != WHOLE else ""
        name = table_name(one.table, language)
        parts.append(f"{name} {month}".rstrip() + f": {one.here} / {one.there}")
    return ("；" if language == "zh" else "; ").join(parts)


def _named(rows: Sequence[tuple[str, str]], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(f"{table_name(table, language)} {name}" for table, name in rows)


def compare(here: Buckets, there: Buckets) -> Agreement:
    """Compare two sets of buckets of the same fineness; empty buckets do not count."""
    names = {name for name, (rows, _) in (*here.items(), *there.items()) if rows}
    agreed = held = 0
    differences = []
    for name in sorted(names):
        own, other = here.get(name, (0, 0)), there.get(name, (0, 0))
        held += max(own[0], other[0])
        if own == other:
            agreed += own[0]
        else:
            differences.append(Difference(*name, own[0], other[0]))
    return Agreement(agreed, held, tuple(differences))


def whole_tables(buckets: Buckets) -> dict[tuple[str, str], tuple[int, int]]:
    """Return one bucket a table, month `*`."""
    out: dict[tuple[str, str], tuple[int, int]] = {}
    for (table, _), (rows, total) in buckets.items():
        before = out.get((table, WHOLE), (0, 0))
        out[table, WHOLE] = (before[0] + rows, (before[1] + total) % DIGEST_MODULUS)
    return out


def summary(buckets: Buckets) -> str:
    """Return one short name (32 hex digits) for all these buckets: equal exactly when they are."""
    wire = orjson.dumps(to_wire(buckets))
    return hashlib.sha256(b"petition-desk/digests/1\n" + wire).hexdigest()[:32]


def month_instants(month: str) -> tuple[int, int]:
    """Return the hybrid instants of a month (YYYY-MM, UTC): the first inclusive, the last exclusive.

    Raises:
        ValueError: Not a month.
    """
    first = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    after = (first + timedelta(days=31)).replace(day=1)
    begin, end = (int(one.timestamp() * 1000) << LOWER_BITS for one in (first, after))
    return begin, end


def to_wire(buckets: Buckets) -> list[list[Any]]:
    """Return buckets as [table, month, rows, sum in hex], sorted; empty ones left out."""
    return [
        [table, month, rows, total.to_bytes(SUM_BYTES).hex()]
        for (table, month), (rows, total) in sorted(buckets.items())
        if rows
    ]


def from_wire(lines: list[Any]) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the buckets of `to_wire`.

    Raises:
        ValueError: Not such a list.
    """
    try:
        found = {(str(table), str(month)): (rows, int(total, 16)) for table, month, rows, total in lines}
    except TypeError as error:
        raise ValueError("buckets") from error
    if any(type(rows) is not int or rows < 0 or not 0 <= total < DIGEST_MODULUS for rows, total in found.values()):
        raise ValueError("buckets")
    return found
