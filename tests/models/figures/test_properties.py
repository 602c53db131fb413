"""What holds of every figure, whatever the register: within its base, the sum of its parts, the same each time."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models import clocks
from models.figures import evaluation, periods, report
from models.figures.gather import Gathered, Law, law_of
from models.figures.groups import DIMENSIONS
from models.figures.indicators import TABLE
from models.figures.records import Period, Report
from tests.models.figures.memory import DAYS, FIRST, MemoryRows, registers

LAW = Law(clocks.shipped(), clocks.load_calendar())
TODAY = FIRST + timedelta(days=DAYS)
months = st.sampled_from([f"{year}-{number:02d}" for year in (2024, 2025) for number in range(1, 13)][:16])
cut_offs = st.sampled_from([0, 25])


def made(rows: MemoryRows, period: Period, on: date = TODAY) -> Report:
    return report.compute(rows, period, on=on, law=LAW, compare=False)


@given(registers(), months, cut_offs)
def test_a_numerator_is_within_its_base(rows: MemoryRows, key: str, cut_off: int) -> None:
    found = made(rows, periods.month(key, cut_off))
    for code, figure in found.figures.items():
        assert figure.numerator >= 0
        if TABLE[code].kind in ("rate", "product"):
            assert figure.denominator is not None
            assert figure.numerator <= figure.denominator, code
            value = figure.value
            assert value is None or 0 <= value <= 1
        if TABLE[code].kind == "rate":
            base = list(figure.base)
            for thing in figure.things:
                base.remove(thing)  # every thing of the numerator is one of the base


@given(registers(), months, cut_offs)
def test_parts_add_up_to_the_whole(rows: MemoryRows, key: str, cut_off: int) -> None:
    found = made(rows, periods.month(key, cut_off))
    for dimension in DIMENSIONS:
        for code, figure in found.figures.items():
            if TABLE[code].kind == "product":
                continue
            parts = [group.figures[code] for group in found.groups[dimension]]
            assert sum(part.numerator for part in parts) == figure.numerator
            assert sum(part.denominator or 0 for part in parts) == (figure.denominator or 0)
            assert sorted(thing for part in parts for thing in part.things) == sorted(figure.things)


@given(registers(), months)
def test_computing_twice_is_the_same_and_later_is_the_same(rows: MemoryRows, key: str) -> None:
    period = periods.month(key)
    first = made(rows, period)
    assert made(rows, period) == first
    assert made(rows, period, TODAY + timedelta(days=300)).figures == first.figures


DATED = ("received", "visits_people", "group_batches", "matters_new", "repeat_items", "accepted", "answered",
         "transferred", "passed_on", "extended", "closed", "reviews", "major")  # fmt: skip
"""Figures of dated items and facts. A duty may be lifted afterwards (name or address unclear, whenever that was
recorded), so the months of duties need not add up to a longer period that is told as of a later day."""


@given(registers(), st.integers(0, 15))
def test_months_add_up_to_their_span(rows: MemoryRows, start: int) -> None:
    some = [periods.month(f"{2024 + (start + number) // 12}-{(start + number) % 12 + 1:02d}") for number in range(3)]
    whole = made(rows, periods.span(some[0].from_on, some[-1].to_on), TODAY + timedelta(days=300))
    parts = [made(rows, one, TODAY + timedelta(days=300)) for one in some]
    for code in DATED:
        assert sum(part.figures[code].numerator for part in parts) == whole.figures[code].numerator, code


@given(registers(), months)
def test_counts_made_row_by_row_agree(rows: MemoryRows, key: str) -> None:
    period = periods.month(key)
    found = made(rows, period).figures
    frm, to = period.from_on.isoformat(), period.to_on.isoformat()
    items = [row for row in rows.tables["item"] if row["cancelled"] is None]
    standing = {row["matter"] for row in items}
    inside = [row for row in items if frm <= row["received_on"] <= to]
    facts = [row for row in rows.tables["event"]
             if row.get("withdrawn") is None and frm <= row["on_date"] <= to and row["matter"] in standing]  # fmt: skip
    assert found["received"].numerator == len(inside)
    assert found["letters"].numerator == sum(row["channel"] == "letter" for row in inside)
    assert found["visits_people"].numerator == sum(row["people"] or 1 for row in inside if row["channel"] == "visit")
    assert found["group_batches"].numerator == sum(
        row["channel"] == "visit" and (row["people"] or 1) >= 5 for row in inside
    )
    assert found["accepted"].numerator == sum(row["kind"] == "accepted" for row in facts)
    assert found["answered"].numerator == sum(row["kind"] in ("opinion_issued", "replied") for row in facts)
    assert found["closed"].numerator == sum(row["kind"] == "closed" for row in facts)
    assert found["matters_new"].numerator == sum(
        frm <= row["received_on"] <= to and row["id"] in standing for row in rows.tables["matter"]
    )
    assert found["open_at_end"].numerator == sum(_open(rows, row["id"], to) for row in rows.tables["matter"])
    assert found["notices_due"].numerator == _notices(rows, frm, to)[0]
    assert found["notices_on_time"].numerator == _notices(rows, frm, to)[1]


def _open(rows: MemoryRows, matter: int, last: str) -> bool:
    """Say whether a matter stood open, from its items and the order of its closings and reopenings."""
    items = [row for row in rows.tables["item"] if row["matter"] == matter and row["cancelled"] is None]
    if not items or rows.tables["matter"][matter - 1]["received_on"] > last:
        return False
    ends = sorted(
        (row["on_date"], row["id"], row["kind"])
        for row in rows.tables["event"]
        if row["matter"] == matter and row["kind"] in ("closed", "reopened") and row.get("withdrawn") is None
        and row["on_date"] <= last
    )  # fmt: skip
    return not ends or ends[-1][2] == "reopened"


def _notices(rows: MemoryRows, frm: str, to: str) -> tuple[int, int]:
    """Count notices by whole states of every matter, with the rule set as it is: slow, and nothing left out."""
    due = kept = 0
    book, calendar = LAW.book, LAW.calendar
    for matter in rows.tables["matter"]:
        events = [
            clocks.Event(row["kind"], date.fromisoformat(row["on_date"]), row.get("days"),
                         date.fromisoformat(row["until"]) if row.get("until") else None, row["id"], row.get("item"))
            for row in rows.tables["event"]
            if row["matter"] == matter["id"] and row.get("withdrawn") is None and row["on_date"] <= to
        ]  # fmt: skip
        rules = book.rule_set(matter["rules"], date.fromisoformat(matter["received_on"]))
        for state in clocks.clock_states(rules, events, on=date.fromisoformat(to), calendar=calendar):
            if state.clock in ("C1", "C1t") and state.due and state.status != "exempt" and not state.provisional:
                inside = frm <= state.due.last_on.isoformat() <= to
                due += inside
                kept += inside and state.status == "met"
    return due, kept


@given(registers(), months)
def test_units_are_evaluated_by_what_they_owed(rows: MemoryRows, key: str) -> None:
    gathered = Gathered(rows, periods.month(key), on=TODAY, law=law_of(rows, LAW), far=True)
    found = evaluation.evaluate(gathered)
    for measure in found.measures:
        assert sum(line.denominator for line in measure.lines) == measure.denominator
        assert sum(line.numerator for line in measure.lines) == measure.numerator
        for line in measure.lines:
            assert 0 <= line.far_low <= line.low <= line.high <= line.far_high <= 1
            assert (line.share is None) == (line.denominator < found.guard) == (line.verdict == "too_small")
            assert len(line.missed) == line.denominator - line.numerator


@given(st.lists(registers(), min_size=1, max_size=3), months)
def test_counties_add_up(some: list[MemoryRows], key: str) -> None:
    period = periods.month(key)
    reports = [made(rows, period).figures for rows in some]
    whole = report.total(reports)
    for code, meant in TABLE.items():
        if meant.kind != "product":
            assert whole[code].numerator == sum(figures[code].numerator for figures in reports)
        elif whole[code].value is not None:
            first, second = (whole[part].value for part in meant.parts)
            assert first is not None
            assert second is not None
            assert abs((whole[code].value or 0) - first * second) < 1e-12
