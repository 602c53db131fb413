"""The merge does not depend on order or repetition, and no value that its author's colleague had not seen is lost
silently."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.journal import Change
from models.tables import TABLES
from sync.merge import STATUTORY, Conflict, Row, RowExistsError, merge

BORN = 100 << 20 | 1


def at(ms: int, device: int) -> int:
    return ms << 20 | device


def set_(seen: int, **columns: object) -> Change:
    return Change("matter", 7, seen, columns)


def laid(*steps: tuple[Change, int]) -> tuple[Row | None, list[Conflict]]:
    row: Row | None = None
    conflicts: list[Conflict] = []
    for change, instant in steps:
        row, found = merge(row, change, instant)
        conflicts.extend(found)
    return row, conflicts


BIRTH = (Change("matter", 7, None, {"state": "S0", "title": "甲", "cause": "乙"}), BORN)


def test_different_columns_merge_without_a_conflict() -> None:
    a, b = (set_(BORN, title="新题"), at(200, 1)), (set_(BORN, cause="新因"), at(201, 2))
    for order in permutations((a, b)):
        row, conflicts = laid(BIRTH, *order)
        assert row is not None
        assert row.values == {"state": "S0", "title": "新题", "cause": "新因"}
        assert conflicts == []


def test_the_same_column_twice_shows_the_later_and_keeps_both() -> None:
    a, b = (set_(BORN, title="早"), at(200, 1)), (set_(BORN, title="晚"), at(201, 2))
    for order in permutations((a, b)):
        row, conflicts = laid(BIRTH, *order)
        assert row is not None
        assert row.values["title"] == "晚"
        assert conflicts == [Conflict("matter", 7, "title", at(201, 2), "晚", at(200, 1), "早")]
        assert not conflicts[0].statutory


def test_a_change_that_saw_the_other_is_no_conflict() -> None:
    _, conflicts = laid(BIRTH, (set_(BORN, title="早"), at(200, 1)), (set_(at(200, 1), title="晚"), at(201, 2)))
    assert conflicts == []


def test_the_same_value_from_two_places_is_no_conflict() -> None:
    row, conflicts = laid(BIRTH, (set_(BORN, title="同"), at(200, 1)), (set_(BORN, title="同"), at(201, 2)))
    assert conflicts == []
    assert row is not None
    assert row.revs["title"] == at(201, 2)


@pytest.mark.parametrize("column", ["accepted_on", "conclusion", "state", "closed_on", "rules"])
def test_statutory_dates_and_decisions_are_marked(column: str) -> None:
    _, conflicts = laid(BIRTH, (set_(BORN, **{column: "x"}), at(200, 1)), (set_(BORN, **{column: "y"}), at(201, 2)))
    assert [c.statutory for c in conflicts] == [True]


def test_every_date_of_the_register_is_statutory() -> None:
    for table in TABLES:
        for column in table.columns:
            if column.kind == "date":
                assert column.name in STATUTORY[table.name]


def test_a_change_within_the_act_that_made_the_row_takes_effect() -> None:
    row, conflicts = laid(BIRTH, (set_(BORN, state="S1"), BORN))
    assert row is not None
    assert row.values["state"] == "S1"
    assert conflicts == []


def test_a_row_made_twice_is_refused_unless_it_is_the_same_act() -> None:
    row, _ = laid(BIRTH)
    assert merge(row, *BIRTH) == (row, ())
    with pytest.raises(RowExistsError):
        merge(row, BIRTH[0], BORN + (1 << 20))


instants = st.integers(1, 30)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[Change, int]]:
    """A birth and concurrent updates by three devices, each of which saw an instant before its own."""
    steps = [BIRTH]
    for number in range(draw(st.integers(0, 5))):
        instant = at(200 + number * 10 + draw(st.integers(0, 9)), draw(st.integers(1, 3)))
        seen = draw(st.sampled_from([BORN, *(i for _, i in steps if i < instant)]))
        columns = draw(
            st.dictionaries(
                st.sampled_from(["title", "cause", "state"]), st.sampled_from(["子", "丑", None]), min_size=1
            )
        )
        steps.append((set_(seen, **columns), instant))
    return steps


@given(histories(), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_give_the_same_row(steps: list[tuple[Change, int]], source) -> None:
    expected, _ = laid(*steps)
    mixed = [*steps, *source.choices(steps, k=2)]
    source.shuffle(mixed)
    row, _ = laid(*mixed)
    assert row == expected


@given(histories())
def test_no_unseen_value_is_lost_silently(steps: list[tuple[Change, int]]) -> None:
    row, conflicts = laid(*steps)
    assert row is not None
    kept = {(c.column, c.kept_at): c.kept for c in conflicts} | {(c.column, c.other_at): c.other for c in conflicts}
    for number, (change, instant) in enumerate(steps[1:], 1):
        for column, value in change.columns.items():
            later = [(c, i) for c, i in steps[number + 1 :] if column in c.columns]
            if row.values[column] == value or not later:
                continue
            # Replaced by someone who had seen it, or by the same workstation: nothing to keep. Otherwise a record
            # holds it.
            seen_by_a_later = any((c.seen or 0) >= instant or i & 0xFFF == instant & 0xFFF for c, i in later)
            same_again = any(c.columns[column] == value for c, _ in later)
            assert seen_by_a_later or same_again or kept[column, instant] == value
