"""Dice: seeded choices for practice data; the same seed gives the same data on every machine."""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import exp
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A seeded source of choices; only `random()` is drawn from, so that every choice is one draw and cheap."""

    def __init__(self, seed: int) -> None:
        self._source = random.Random(seed)  # noqa: S311  practice data, nothing secret hangs on it
        self.draw = self._source.random
        """Return a number in [0, 1)."""

    def pick(self, values: Sequence[T]) -> T:
        """Return one of `values`, each as likely as the other."""
        return values[int(self.draw() * len(values))]

    def often_first(self, values: Sequence[T]) -> T:
        """Return one of `values`, the earlier the likelier (about Zipf: the square of a draw)."""
        draw = self.draw()
        return values[int(draw * draw * len(values))]

    def number(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self.draw() * (high - low + 1))

    def chance(self, share: float) -> bool:
        """Return True in `share` of the cases."""
        return self.draw() < share

    def length(self, median: float, spread: float, low: int, high: int) -> int:
        """Return a log-normal length, kept between `low` and `high`; `spread` is the deviation of its logarithm."""
        return max(low, min(high, int(median * exp(spread * self._source.gauss(0.0, 1.0)))))


def weighted(pairs: Sequence[tuple[int, T]]) -> tuple[T, ...]:
    """Return a flat sequence in which each value stands as often as its weight, for `Dice.pick`."""
    return tuple(value for weight, value in pairs for _ in range(weight))
