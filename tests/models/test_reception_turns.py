"""Numbers of several counters on one reception day: none is given twice, and who came first is called first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reception import turns


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    one = sqlite3.connect(":memory:")
    one.executescript(
        "CREATE TABLE device(number, name); CREATE TABLE reception_visit(reception, turn);"
        "INSERT INTO device VALUES(1, '窗口一')"
    )
    yield one
    one.close()


def give(connection: sqlite3.Connection, device: int, reception: int = 1) -> int:
    turn = turns.next_turn(connection, device, reception)
    connection.execute("INSERT INTO reception_visit VALUES(?,?)", (reception, turn))
    return turn


def test_one_workstation_counts_on(connection: sqlite3.Connection) -> None:
    assert [give(connection, 1) for _ in range(120)] == list(range(1, 121))
    assert give(connection, 1, reception=2) == 1
    assert turns.counters(connection, 1) == ()


def test_each_counter_has_its_own_hundred_and_a_run_above(connection: sqlite3.Connection) -> None:
    assert give(connection, 1) == 1
    connection.executemany("INSERT INTO device VALUES(?,?)", [(2, "局长笔记本"), (300, "乡镇")])
    assert [give(connection, 2) for _ in range(2)] == [101, 102]
    assert give(connection, 1) == 2
    assert give(connection, 300) == 3_000_001
    assert [(one.name, one.first, one.last) for one in turns.counters(connection, 1)] == [
        ("窗口一", 1, 99), ("局长笔记本", 101, 199), ("乡镇", 3_000_001, 3_009_999)
    ]  # fmt: skip
    for _ in range(97):
        give(connection, 2)
    assert [give(connection, 2) for _ in range(2)] == [20_001, 20_002]


def test_no_two_workstations_share_a_number() -> None:
    runs = sorted(run for device in range(1, 4095) for run in turns.runs_of(device))
    assert all(one[1] < two[0] for one, two in pairwise(runs))


@given(st.lists(st.integers(1, 400), min_size=1, max_size=6))
def test_numbers_are_mixed_when_they_are_of_several_counters(devices: list[int]) -> None:
    numbers = [turns.runs_of(device)[0][0] for device in devices]
    assert turns.are_mixed(numbers) == (len(set(devices)) > 1)


def test_who_came_first_is_called_first_whichever_counter_gave_the_number() -> None:
    from models.reception.queue import _place

    waiting = [("", 1, "09:20"), ("", 101, "09:05"), ("09:10", 2, "09:00"), ("", 102, "09:30")]
    by_time = sorted(waiting, key=lambda one: _place(*one, "09:15", mixed=True))
    assert [turn for _, turn, _ in by_time] == [2, 101, 1, 102]
    by_number = sorted(waiting, key=lambda one: _place(*one, "09:15", mixed=False))
    assert [turn for _, turn, _ in by_number] == [2, 1, 101, 102]
