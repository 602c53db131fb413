"""Rows in memory that look like a register's: what a figure computes is tried on lives of every kind, without a file.

The lives are invented by Hypothesis; the counts beside them are made by looking at each row of the period by itself, a
second time and in another way than `models.figures`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from models.tables import BY_NAME

FIRST = date(2024, 1, 1)
DAYS = 500


@dataclass
class MemoryRows:
    """Tables as lists of rows; columns that a row lacks are None."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    asked: int = 0

    def add(self, table: str, **columns: Any) -> int:
        found = self.tables.setdefault(table, [])
        known = {"id", "born", *BY_NAME[table].names}
        assert set(columns) <= known, set(columns) - known
        row = {"id": len(found) + 1, **columns}
        found.append(row)
        return int(row["id"])

    def by_day(self, table: str, column: str, frm: date, to: date, columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
        return self._those(
            table, columns, lambda row: row.get(column) and frm.isoformat() <= row[column] <= to.isoformat()
        )

    def by_ids(
        self, table: str, column: str, ids: Collection[int] | Collection[str], columns: Sequence[str]
    ) -> Iterable[tuple[Any, ...]]:
        return self._those(table, columns, lambda row: row.get(column) in ids)

    def every(self, table: str, columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
        return self._those(table, columns, lambda _row: True)

    def _those(self, table: str, columns: Sequence[str], wanted: Any) -> list[tuple[Any, ...]]:
        self.asked += 1
        return [tuple(row.get(name) for name in columns) for row in self.tables.get(table, ()) if wanted(row)]


def _day(offset: int) -> str:
    return (FIRST + timedelta(days=offset)).isoformat()


_STEPS = ("noticed", "accepted", "opinion_issued", "sent", "served", "replied", "closed", "reopened", "extended",
          "contacted", "heard", "withdrawn", "transferred", "passed_on", "review_requested", "exempted",
          "rating_opened", "rated", "supported", "executed", "major_known", "routed")  # fmt: skip


@st.composite
def registers(draw: st.DrawFn) -> MemoryRows:
    """Return the rows of up to eight matters with lives of any order, lawful or not."""
    rows = MemoryRows()
    units = [rows.add("unit", name=f"单位{number}", kind="petition" if number == 0 else "station")
             for number in range(3)]  # fmt: skip
    offset = st.integers(0, DAYS)
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, DAYS - 30))
        matter = rows.add(
            "matter",
            received_on=_day(start),
            rules="REG-2022",
            purpose=draw(st.sampled_from(["solution", "suggestion", "accusation", None])),
            content_code=draw(st.sampled_from(["10", "21", None])),
            unit=draw(st.sampled_from(units)),
            published=draw(st.sampled_from([0, 1, None])),
            joint=draw(st.sampled_from([0, 1])),
            group_visit=0,
            sealed=draw(st.sampled_from([0, 1])),
            joined=None,
            state="S5",
        )
        for number in range(draw(st.integers(1, 3))):
            on = start if number == 0 else draw(st.integers(start, DAYS))
            item = rows.add(
                "item",
                matter=matter,
                channel=draw(st.sampled_from(["letter", "visit", "call", "web", "fax"])),
                received_on=_day(on),
                people=draw(st.sampled_from([None, 1, 2, 7])),
                repeat=int(number > 0),
                cancelled=draw(st.sampled_from([None, None, None, "误登"])),
            )
            rows.add("event", matter=matter, item=item, kind="received", on_date=_day(on))
        kinds = draw(st.lists(st.tuples(st.sampled_from(_STEPS), offset), max_size=12))
        for kind, on in kinds:
            rows.add(
                "event",
                matter=matter,
                kind=kind,
                on_date=_day(max(on, start)),
                days=30 if kind == "extended" else None,
                until=_day(min(on + 20, DAYS)) if kind == "supported" else None,
                withdrawn=draw(st.sampled_from([None, None, None, None, "误记"])),
            )
        last = [row for row in rows.tables["event"] if row["matter"] == matter and row["kind"] in ("closed", "reopened")
                and row.get("withdrawn") is None]  # fmt: skip
        ended = max(last, key=lambda row: (row["on_date"], row["id"]), default=None)
        if ended is not None and ended["kind"] == "closed":
            found = rows.tables["matter"][matter - 1]
            found["state"], found["closed_on"] = "S13", ended["on_date"]
        if draw(st.booleans()):
            for target in ("petition", "unit"):
                rated = draw(st.sampled_from([None, "satisfied", "fairly", "unsatisfied"]))
                rows.add(
                    "rating",
                    matter=matter,
                    target=target,
                    state="rated" if rated else "pending",
                    value=rated,
                    rated_on=_day(draw(st.integers(start, DAYS))) if rated else None,
                )
        for _number in range(draw(st.integers(0, 2))):
            due = draw(offset)
            rows.add(
                "task",
                matter=matter,
                kind=draw(st.sampled_from(["execution", "redress", "instruction"])),
                what="事",
                unit=draw(st.sampled_from([None, *units])),
                opened_on=_day(start),
                due_on=_day(due),
                done_on=draw(st.sampled_from([None, _day(due), _day(due + 1)])),
            )
        for _number in range(draw(st.integers(0, 2))):
            rows.add(
                "handover",
                matter=matter,
                kind=draw(st.sampled_from(["assign", "designate", "assist"])),
                on_date=_day(draw(st.integers(start, DAYS))),
                sender=units[0],
                receiver=draw(st.sampled_from(units)),
            )
    return rows
