"""Hybrid instants: unique, never back, close to the wall clock."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from models import hlc

walls = st.integers(min_value=0, max_value=(1 << 42))
devices = st.integers(min_value=1, max_value=4095)


@given(st.lists(walls, min_size=1, max_size=60), devices)
def test_instants_rise_whatever_the_wall_clock_does(clock: list[int], device: int) -> None:
    last = 0
    for wall in clock:
        instant = hlc.next_instant(last, wall, device)
        assert instant > last
        assert hlc.device_of(instant) == device
        assert hlc.wall_ms(instant) >= wall
        last = instant
    assert hlc.wall_ms(last) <= max(clock) + len(clock)


@given(walls, devices, devices)
def test_two_workstations_never_give_the_same_instant(wall: int, one: int, two: int) -> None:
    first, second = hlc.next_instant(0, wall, one), hlc.next_instant(0, wall, two)
    assert (first == second) == (one == two)


def test_a_thousand_acts_in_one_millisecond_keep_their_order_and_run_ahead_by_a_few_milliseconds() -> None:
    last, wall = 0, 1_772_000_000_000
    for _ in range(1000):
        last = hlc.next_instant(last, wall, 7)
    assert 0 <= hlc.wall_ms(last) - wall < 5


def test_a_clock_set_back_a_year_does_not_take_instants_back() -> None:
    now = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp() * 1000)
    ahead = hlc.next_instant(0, now, 1)
    back = hlc.next_instant(ahead, now - 365 * 86_400_000, 1)
    assert back > ahead
    assert hlc.wall_ms(back) == now


def test_the_month_is_that_of_utc() -> None:
    midnight = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp() * 1000)
    assert hlc.month_of(hlc.next_instant(0, midnight, 1)) == "2026-03"
    assert hlc.month_of(hlc.next_instant(0, midnight - 1, 1)) == "2026-02"
