"""The merge does not depend on the order of arrival, and no value that its author's colleague had not seen is lost
silently."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.journal import Change, seen_by
from models.merge import STATUTORY, Conflict, Row, RowExistsError, conflicts_of, merge, read_row, revs_text
from models.tables import TABLES

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


def test_what_was_not_seen_of_a_column_is_not_hidden_by_another_column() -> None:
    """Workstation 2 changed another column later than 1 changed the title, and never learned of that title."""
    a, b = (set_(BORN, title="甲所见"), at(200, 1)), (set_(BORN, cause="新因"), at(210, 2))
    later = (set_(BORN, title="乙所见"), at(220, 2))
    for order in permutations((a, b, later)):
        row, conflicts = laid(BIRTH, *order)
        assert row is not None
        assert row.values["title"] == "乙所见"
        assert [(c.kept, c.other) for c in conflicts] == [("乙所见", "甲所见")]


def test_each_column_says_for_itself_what_was_seen_of_it() -> None:
    a = (set_(BORN, title="甲"), at(200, 1))
    both = (Change("matter", 7, (BORN, at(200, 1)), {"cause": "因", "title": "题"}), at(220, 2))
    other = (set_(BORN, cause="旧因"), at(210, 1))
    _, conflicts = laid(BIRTH, a, other, both)
    assert [(c.column, c.kept, c.other) for c in conflicts] == [("cause", "因", "旧因")]


class Station:
    """A workstation: what it knows, and the row as that gives it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.known: dict[int, Change] = {BORN: BIRTH[0]}
        self.row, _ = laid(BIRTH)

    def learn(self, instant: int, change: Change) -> None:
        if instant not in self.known:
            self.row, _ = merge(self.row, change, instant, self.known.__contains__)
            self.known[instant] = change

    def write(self, now: int, values: dict[str, object]) -> tuple[int, Change]:
        assert self.row is not None
        instant = at(now, self.number)
        versions = {name: self.row.revs.get(name, BORN) for name in values}
        change = Change("matter", 7, seen_by(versions), values)
        self.learn(instant, change)
        return instant, change


WORK = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.dictionaries(st.sampled_from(["title", "cause", "state"]), st.sampled_from(["子", "丑", None]), min_size=1),
        st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 9)), max_size=2),
    ),
    max_size=9,
)
"""Who writes what, and who then learns from whom how many of the entries of each workstation."""


def worked(steps: Any) -> list[list[tuple[int, Change]]]:
    """Let three workstations write and exchange; return what each wrote, in its order."""
    stations = [Station(number + 1) for number in range(3)]
    written: list[list[tuple[int, Change]]] = [[], [], []]
    for now, (who, values, exchanges) in enumerate(steps):
        written[who].append(stations[who].write(300 + now, values))
        for giver, taker, some in exchanges:
            for mine in written:
                for one, told in [w for w in mine if w[0] in stations[giver].known][:some]:
                    stations[taker].learn(one, told)
    return written


def arrived(written: list[list[tuple[int, Change]]], source: random.Random) -> Row:
    """Return the row of one who hears of everything in any order that keeps each workstation's own."""
    streams = [[(BORN, BIRTH[0]), *written[0]], *written[1:]]
    row: Row | None = None
    known: set[int] = set()
    left = [number for number, stream in enumerate(streams) for _ in stream]
    source.shuffle(left)
    places = [iter(stream) for stream in streams]
    for number in left:
        instant, change = next(places[number])
        row, _ = merge(row, change, instant, known.__contains__)
        known.add(instant)
    assert row is not None
    return row


@given(WORK, st.randoms(use_true_random=False), st.randoms(use_true_random=False))
def test_any_order_of_the_workstations_gives_the_same_row(steps: Any, one: Any, other: Any) -> None:
    written = worked(steps)
    row = arrived(written, one)
    assert row == arrived(written, other)
    assert not row.awaited
    assert read_row(row.born, row.rev, revs_text(row), row.values) == row


@given(WORK, st.randoms(use_true_random=False))
def test_what_nobody_saw_is_kept_and_what_was_seen_is_not(steps: Any, source: Any) -> None:
    """The ends of a column by their definition: all that was written but what somebody saw."""
    written = worked(steps)
    row = arrived(written, source)
    changes = [(instant, change) for mine in written for instant, change in mine]
    for column in ("title", "cause", "state"):
        seen = {change.bases[column] for _, change in changes if column in change.columns}
        ends = {i: c.columns[column] for i, c in changes if column in c.columns and i not in seen}
        if not ends:
            assert row.values[column] == BIRTH[0].columns[column]
            continue
        shows = max(ends)
        assert (row.version(column), row.values[column]) == (shows, ends.pop(shows))
        assert dict(row.others.get(column, {})) == ends
        expected = {instant: value for instant, value in ends.items() if value != row.values[column]}
        found = [c for c in conflicts_of("matter", 7, row) if c.column == column]
        assert {c.other_at: c.other for c in found} == expected
        assert {c.kept_at for c in found} <= {shows}


@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.dictionaries(st.sampled_from(["title", "cause"]), st.sampled_from(["子", "丑", "寅"]), min_size=1),
            st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=2),
        ),
        max_size=8,
    )
)
def test_whatever_two_workstations_wrote_unknown_to_each_other_is_kept(steps) -> None:  # type: ignore[no-untyped-def]
    """Three workstations write and exchange at will; the hub learns of all in the order in which it was written."""
    stations = [Station(number + 1) for number in range(3)]
    written: list[tuple[int, Change, frozenset[int]]] = []
    for now, (who, values, exchanges) in enumerate(steps):
        known = frozenset(stations[who].known)
        instant, change = stations[who].write(300 + now, values)
        written.append((instant, change, known))
        for giver, taker in exchanges:
            for one, told in sorted(stations[giver].known.items()):
                stations[taker].learn(one, told)
    row, conflicts = laid(BIRTH, *((change, instant) for instant, change, _ in written))
    assert row is not None
    kept = {(c.column, at_, value) for c in conflicts for at_, value in ((c.kept_at, c.kept), (c.other_at, c.other))}
    for place, (instant, change, _) in enumerate(written):
        for column, value in change.columns.items():
            after = [(i, c, known) for i, c, known in written[place + 1 :] if column in c.columns]
            if not after or (column, instant, value) in kept:
                continue
            # Nothing is recorded of a value: then whoever replaced it next knew it, or said the same.
            _, replaced_by, knew = after[0]
            assert instant in knew or replaced_by.columns[column] == value
