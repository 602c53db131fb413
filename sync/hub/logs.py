"""What the hub writes down of its work: one JSON line on standard error for each request and each start and stop.

    {"at":"2026-11-22T04:10:00.123Z","what":"request","method":"PUT","route":"/v1/batch/{first:number}-{last:number}",
     "station":"430181/1","status":200,"ms":12.4,"in":52110,"out":1300,"worker":0}

Never content: no target with its query, no number or title of a matter, no name, no login, no address of a person's
browser. A route is the pattern, not what was asked. `trouble` writes only requests that failed on our side or were
turned away, and slow ones.
"""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

import orjson

Level = Literal["all", "trouble", "off"]
LEVELS: tuple[Level, ...] = ("all", "trouble", "off")
SLOW_MS = 5000.0


class Log:
    """A log of one worker.

    Args:
        level: Which requests are written; starts and stops are, unless it is `off`.
        out: Where to; standard error by default.
        worker: Number of the process, from 0.
    """

    def __init__(self, level: Level = "all", *, out: TextIO | None = None, worker: int = 0) -> None:
        self.level = level
        self._out = out
        self._worker = worker
        self._lock = threading.Lock()

    def event(self, what: str, **facts: Any) -> None:
        """Write that the hub started, stops, or the like."""
        if self.level != "off":
            self._write(what, facts)

    def request(
        self, *, method: str, route: str, station: str, status: int, ms: float, received: int, sent: int
    ) -> None:
        """Write one request.

        Args:
            method: The HTTP method.
            route: The pattern that answered, '-' for none.
            station: `county/device` of the workstation that signed it; '' for none.
            status: HTTP status; 0 when the answer never began.
            ms: Milliseconds from its first byte to the last of the answer.
            received: Bytes of its body.
            sent: Bytes of the answer's body.
        """
        telling = status == 0 or status >= 500 or status == 429 or status == 401 or ms >= SLOW_MS
        if self.level == "all" or (self.level == "trouble" and telling):
            facts = {"method": method, "route": route, "status": status, "ms": round(ms, 1)}
            self._write("request", {**facts, "station": station, "in": received, "out": sent})

    def _write(self, what: str, facts: dict[str, Any]) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = orjson.dumps({"at": at, "what": what, **facts, "worker": self._worker}).decode()
        with self._lock:
            out = self._out or sys.stderr
            out.write(f"{line}\n")
            out.flush()
