"""How often somebody may ask the hub: token buckets for each workstation, each address and each kind of request.

A bucket holds so many requests and fills again by so many a second; an empty one answers 429 with the seconds to wait
(`Retry-After`, RFC 9110, 10.2.3; RFC 6585, 4). Limits are wide: a workstation that does its rounds, or sends its first
100,000 records and a gigabyte of scans, never meets one (`tests/sync/test_ops_limits.py` sends them). They stop a loop
gone wild and a stranger who guesses.

- *data* (batches, files): by workstation. Each carries work of its own, so the line is the real limit.
- *questions* (status, digests, rows): by workstation.
- *strangers*: by address, requests that failed at the door (no workstation's signature, no such county) and
  enrolments. What succeeds costs an address nothing, so that workstations behind one address do not share a limit.
- *pages*, *logins*: by address, in the browser.

Buckets live in the worker's memory: with several workers the limits are that many times as wide. The number of
buckets is bounded; full ones are forgotten first, which changes nothing for whom they counted.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from models.errors import SyncError

Kind = Literal["data", "questions", "strangers", "pages", "logins"]
BUCKETS = 20_000
"""Buckets kept at most; one is some 200 bytes."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` requests at once, `a_second` for ever."""

    a_second: float
    burst: int


RATES: dict[Kind, Rate] = {
    "data": Rate(400, 4000),
    "questions": Rate(50, 1000),
    "strangers": Rate(1, 60),
    "pages": Rate(20, 200),
    "logins": Rate(1 / 6, 10),
}


class TooManyError(SyncError):
    """Asked too often; `wait_s` whole seconds are to be waited."""

    def __init__(self, kind: Kind, wait_s: int) -> None:
        super().__init__(
            f"请求过于频繁，请在 {wait_s} 秒后再试。未发出的内容都保存在原处，没有丢失。",
            f"Too many requests: try again in {wait_s} seconds. Nothing is lost; what is unsent is kept where it is.",
        )
        self.kind: Kind = kind
        self.wait_s = wait_s


class Limits:
    """The buckets of one worker.

    Args:
        rates: By kind of request.
        clock: Seconds, never going back.
    """

    def __init__(self, rates: dict[Kind, Rate] | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._rates = RATES | (rates or {})
        self._clock = clock
        self._held: OrderedDict[tuple[Kind, str], tuple[float, float]] = OrderedDict()
        """Tokens and instant of the last look, least lately used first."""
        self._lock = threading.Lock()

    def take(self, kind: Kind, who: str) -> None:
        """Count one request.

        Args:
            kind: What is asked.
            who: `county/device`, or an address.

        Raises:
            TooManyError: The bucket is empty; nothing was counted.
        """
        with self._lock:
            tokens = self._tokens(kind, who)
            if tokens < 1:
                raise self._too_many(kind, tokens)
            self._put(kind, who, tokens - 1)

    def check(self, kind: Kind, who: str) -> None:
        """Refuse when the bucket is empty, and count nothing. Raises TooManyError."""
        with self._lock:
            tokens = self._tokens(kind, who)
            if tokens < 1:
                raise self._too_many(kind, tokens)

    def count(self, kind: Kind, who: str) -> None:
        """Count one request that was answered already; the bucket may become empty and no more than that."""
        with self._lock:
            self._put(kind, who, max(0.0, self._tokens(kind, who) - 1))

    def _tokens(self, kind: Kind, who: str) -> float:
        rate = self._rates[kind]
        tokens, since = self._held.get((kind, who), (float(rate.burst), 0.0))
        return min(float(rate.burst), tokens + max(0.0, self._clock() - since) * rate.a_second)

    def _put(self, kind: Kind, who: str, tokens: float) -> None:
        self._held[kind, who] = (tokens, self._clock())
        self._held.move_to_end((kind, who))
        while len(self._held) > BUCKETS:
            self._held.popitem(last=False)

    def _too_many(self, kind: Kind, tokens: float) -> TooManyError:
        return TooManyError(kind, max(1, math.ceil((1 - tokens) / self._rates[kind].a_second)))
