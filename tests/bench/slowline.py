"""A slow line: a TCP proxy that makes a line of a given bandwidth, delay and loss out of loopback, and counts bytes.

What it models, per connection and direction, on the bytes of the stream (TLS is not touched):

- *Bandwidth*: the stream is cut into segments of `SEGMENT_BYTES`; each occupies the line for its bytes, with 40 bytes
  of IP and TCP head, at `bits_s`. Segments queue behind each other; at most `WINDOW_BYTES` are taken from the sender
  ahead of the line, as a modem's buffer would.
- *Delay*: each byte arrives `delay_s` after it left the line, one way. A connection costs a round trip before its first
  byte, as TCP's opening does; one that ends tells so after the same delay.
- *Loss*: each segment is lost with probability `loss`. TCP repairs it: the segment occupies the line once more, and all
  that follows it waits for the round trip that passes until the repair arrives (one round trip when at least three
  segments follow, which make TCP repeat at once; twice as long for the last ones of a burst, where only the timer
  notices). Losses of the answers' way are treated alike. What is not modelled: congestion windows that open slowly
  and close after a loss, lost acknowledgements (later ones cover them).
- *Cuts*: after the number of bytes given in `cuts` (of both directions together, counted over all connections) the
  connection is reset, and what was on its way is gone.

Random numbers are seeded: the same bytes meet the same losses.
"""

from __future__ import annotations

import contextlib
import random
import select
import socket
import struct
import threading
import time
from collections import deque
from dataclasses import dataclass, field

SEGMENT_BYTES = 1360
HEAD_BYTES = 40
WINDOW_BYTES = 16 << 10
_READ_BYTES = 4096
_FOLLOWING = 3
"""Segments behind a lost one that make TCP repeat it without waiting for its timer."""


@dataclass(slots=True, kw_only=True)
class Shape:
    """What the line is like; without arguments it is loopback itself, whose bytes are counted."""

    bits_s: float = 0.0
    """0: as fast as it goes."""
    delay_s: float = 0.0
    """One way."""
    loss: float = 0.0
    """Part of the segments that are lost, 0..1."""
    cuts: tuple[int, ...] = ()
    seed: int = 1


@dataclass(slots=True)
class Counted:
    """What went over the line: bytes of the streams, connections, segments lost, cuts."""

    up: int = 0
    down: int = 0
    connections: int = 0
    lost: int = 0
    cuts: int = 0


@dataclass(slots=True)
class _Way:
    """One direction of a connection: when the line is free, and what is on its way."""

    shape: Shape
    source: random.Random
    free_at: float = 0.0
    arrives_after: float = 0.0
    sent: deque[tuple[float, bytes]] = field(default_factory=deque)

    def send(self, data: bytes, now: float) -> int:
        """Put bytes on the line; returns how many segments were lost."""
        shape, lost = self.shape, 0
        pieces = [data[start : start + SEGMENT_BYTES] for start in range(0, len(data), SEGMENT_BYTES)]
        for place, piece in enumerate(pieces):
            took = (len(piece) + HEAD_BYTES) * 8 / shape.bits_s if shape.bits_s else 0.0
            self.free_at = max(self.free_at, now) + took
            at = self.free_at + shape.delay_s
            while shape.loss and self.source.random() < shape.loss:
                lost += 1
                followed = len(pieces) - place > _FOLLOWING or len(self.sent) > _FOLLOWING
                self.free_at += took
                at += 2 * shape.delay_s * (1 if followed else 2) + took
            self.arrives_after = at = max(at, self.arrives_after)  # TCP hands on in order: what follows waits
            self.sent.append((at, piece))
        return lost

    @property
    def waiting(self) -> int:
        """Bytes that are on their way."""
        return sum(len(piece) for _, piece in self.sent)


class SlowLine:
    """A proxy on loopback in front of `port`; use it with `with`."""

    def __init__(self, port: int, shape: Shape) -> None:
        self._target = port
        self._shape = shape
        self._lock = threading.Lock()
        self._cuts = list(shape.cuts)
        self._threads: list[threading.Thread] = []
        self._closing = False
        self.counted = Counted()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)

    @property
    def address(self) -> str:
        """The line's near end as an https URL."""
        return f"https://127.0.0.1:{self.port}"

    def __enter__(self) -> SlowLine:
        self._acceptor.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join(5)
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while not self._closing:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            number = self.counted.connections
            self.counted.connections += 1
            thread = threading.Thread(target=self._carry, args=(near, number), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _carry(self, near: socket.socket, number: int) -> None:
        """Carry one connection until both sides have ended it, or it is cut."""
        time.sleep(2 * self._shape.delay_s)  # the opening's round trip, before the first byte goes
        far = socket.create_connection(("127.0.0.1", self._target))
        for end in (near, far):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        cut = threading.Event()
        seeds = (self._shape.seed * 1000 + number * 2, self._shape.seed * 1000 + number * 2 + 1)
        ways = [
            threading.Thread(target=self._pump, args=(*ends, seed, up, cut), daemon=True)
            for ends, seed, up in (((near, far), seeds[0], True), ((far, near), seeds[1], False))
        ]
        for way in ways:
            way.start()
        for way in ways:
            way.join()
        for end in (near, far):
            if cut.is_set():
                with contextlib.suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.close()

    def _pump(self, inward: socket.socket, outward: socket.socket, seed: int, up: bool, cut: threading.Event) -> None:
        way = _Way(self._shape, random.Random(seed))
        ended = False
        with contextlib.suppress(OSError):
            while not cut.is_set() and not (ended and not way.sent) and not self._closing:
                now = time.monotonic()
                while way.sent and way.sent[0][0] <= now:
                    outward.sendall(way.sent.popleft()[1])
                pause = min(0.05, way.sent[0][0] - now) if way.sent else 0.05
                if ended or way.waiting > WINDOW_BYTES:
                    time.sleep(max(pause, 0.0))
                    continue
                if not select.select([inward], [], [], max(pause, 0.0))[0]:
                    continue
                data = inward.recv(_READ_BYTES)
                ended = not data
                lost = way.send(data, time.monotonic()) if data else 0
                if self._count(len(data), lost, up):
                    cut.set()
            if ended and not cut.is_set():
                time.sleep(self._shape.delay_s)
                outward.shutdown(socket.SHUT_WR)
        if cut.is_set():
            for end in (inward, outward):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _count(self, size: int, lost: int, up: bool) -> bool:
        """Count bytes; returns whether the connection is to be cut here."""
        with self._lock:
            counted = self.counted
            if up:
                counted.up += size
            else:
                counted.down += size
            counted.lost += lost
            if self._cuts and counted.up + counted.down >= self._cuts[0]:
                self._cuts.pop(0)
                counted.cuts += 1
                return True
            return False
