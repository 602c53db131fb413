"""Hybrid logical instants: wall clock, counter and device in one integer that orders all entries of a county.

An instant is `milliseconds since 1970 (43 bits) << 20 | counter (8 bits) << 12 | device (12 bits)`: unique per county,
never goes back on one device even when its wall clock does, and close to the wall clock otherwise (Kulkarni et al.,
"Logical Physical Clocks", 2014).
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

DEVICE_BITS = 12
COUNTER_BITS = 8
LOWER_BITS = DEVICE_BITS + COUNTER_BITS


def next_instant(last: int, wall_ms: int, device: int) -> int:
    """Return the instant after `last` for `device` (1..4095) at wall clock `wall_ms` (milliseconds since 1970, UTC)."""
    candidate = wall_ms << COUNTER_BITS
    previous = last >> DEVICE_BITS
    return max(candidate, previous + 1) << DEVICE_BITS | device


def wall_ms(instant: int) -> int:
    """Return the milliseconds part of an instant."""
    return instant >> LOWER_BITS


def device_of(instant: int) -> int:
    """Return the device that made an instant."""
    return instant & ((1 << DEVICE_BITS) - 1)


@lru_cache(maxsize=64)  # an act asks it for every row of one instant
def month_of(instant: int) -> str:
    """Return the UTC month of an instant as YYYY-MM: the bucket of the digests."""
    return datetime.fromtimestamp(wall_ms(instant) / 1000, UTC).strftime("%Y-%m")
