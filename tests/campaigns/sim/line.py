"""The line: the real HTTPS carrier of the desk against the real application of the hub, without sockets and TLS.

`Line` stands where the carrier's pinned connection stands. A request goes into the ASGI application of the hub in this
process, byte for byte as the carrier writes it, and the answer comes back; on the way it meets at most one fault:

| Fault | What happens |
|---|---|
| `request` | the request is lost; the hub never hears of it |
| `answer` | the hub acts, its answer is lost |
| `cut` | the line breaks inside the request's body: the hub gets its first bytes, then the end |
| `half` | the line breaks inside the answer |
| `twice` | the request arrives twice; the second answer counts |
| `late` | the request is lost, and arrives at some later time all the same |
| `altered` | one byte of the request's body is another one |
| `spoiled` | one byte of an answer that carries sealed bytes is another one |
| `down` | nobody answers, however often it is tried |

TLS keeps a line from altering anything; the two faults that do so stand for whatever sits behind it.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from random import Random
from typing import Any
from urllib.parse import urlsplit

from sync.carriers import https

FAULTS = ("request", "answer", "cut", "half", "twice", "late", "altered", "spoiled", "down")
BLOCK = 64 << 10


class Killed(BaseException):
    """Stands for the end of a program at this very point: nothing may catch it."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it leaves the desk."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What the hub's application sent back."""

    status: int
    headers: Message
    body: bytes


class Line:
    """The way from one desk to the hub for one round.

    Args:
        hub: Gives the hub's application; called for each request, since the hub may be another after a fault.
        dice: Says where bytes are cut or altered.
        fault: One of `FAULTS`, or '' for none.
        at: Which request of the round meets it, from 1.
        late: Where requests that arrive later are kept.
        alive: Raises `Killed` once the desk's program is dead: it sends nothing more.
    """

    def __init__(self, hub: Any, dice: Random, fault: str, at: int, late: list[Request], alive: Any) -> None:
        self.hub = hub
        self.dice = dice
        self.fault = fault
        self.left = at
        self.late = late
        self.alive = alive
        self.met = ""

    def ask(self, request: Request) -> Answer:
        """Carry one request and its answer."""
        self.alive()
        fault = self._fault_of(request)
        if fault in ("request", "down", "late"):
            if fault == "late":
                self.late.append(request)
            raise ConnectionResetError(fault)
        if fault == "altered":
            place = self.dice.randrange(len(request.body))
            body = bytearray(request.body)
            body[place] ^= 1 << self.dice.randrange(8)
            request = Request(request.method, request.target, request.headers, bytes(body))
        if fault == "cut":
            self.hub.deliver(request, cut=self.dice.randrange(len(request.body)))
            raise BrokenPipeError(fault)
        answer = self.hub.deliver(request)
        if fault == "twice":
            answer = self.hub.deliver(request)
        self.alive()
        if fault in ("answer", "half"):
            raise (
                http.client.IncompleteRead(answer.body[: len(answer.body) // 2])
                if fault == "half"
                else (TimeoutError(fault))
            )
        if fault == "spoiled" and answer.body and "json" not in (answer.headers["Content-Type"] or ""):
            body = bytearray(answer.body)
            body[self.dice.randrange(len(body))] ^= 0x20
            return Answer(answer.status, answer.headers, bytes(body))
        return answer

    def _fault_of(self, request: Request) -> str:
        """Return the fault that this request meets; one that needs a body waits for a request that has one."""
        if self.fault == "down":
            self.met = "down"
            return "down"
        self.left -= 1
        if not self.fault or self.left > 0 or (self.fault in ("cut", "altered") and not request.body):
            return ""
        if self.fault == "spoiled" and not urlsplit(request.target).path.startswith(SEALED):
            return ""
        self.met, self.fault = self.fault, ""
        return self.met


SEALED = ("/v1/down", "/v1/file")
"""Routes whose answers are sealed bytes."""


class Connection:
    """In place of `sync.carriers.https._PinnedConnection`; the line of the running round is `Connection.line`."""

    line: Line

    def __init__(self, host: str, port: int, *, fingerprint: str, timeout: float) -> None:
        self.host, self.port, self.sock = host, port, None
        self._answer: Answer | None = None

    def request(
        self, method: str, url: str, body: Any = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> None:
        self._answer = None
        whole = b"" if body is None else body if isinstance(body, bytes) else b"".join(_blocks(body))
        self._answer = self.line.ask(Request(method, url, tuple((headers or {}).items()), whole))

    def getresponse(self) -> Response:
        assert self._answer is not None
        return Response(self._answer)

    def close(self) -> None:
        self._answer = None


class Response:
    """What a carrier reads of an answer."""

    def __init__(self, answer: Answer) -> None:
        self.status = answer.status
        self.headers = answer.headers
        self._body, self._place = answer.body, 0

    def read(self, amount: int | None = None) -> bytes:
        end = len(self._body) if amount is None else self._place + amount
        part = self._body[self._place : end]
        self._place += len(part)
        return part

    read1 = read

    def getheader(self, name: str, default: str | None = None) -> str | None:
        return self.headers.get(name, default)


def _blocks(body: Iterable[bytes]) -> Iterator[bytes]:
    yield from ([body] if isinstance(body, bytes | bytearray) else body)


class Application:
    """The hub's ASGI application, called without a server."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        self._loop.close()

    def deliver(self, request: Request, cut: int | None = None) -> Answer:
        """Hand a request to the application; `cut`: only so many bytes of the body arrive, then the line is gone."""
        parts = urlsplit(request.target)
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": request.method,
            "scheme": "https", "path": parts.path, "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(), "root_path": "", "client": ("127.0.0.1", 40000),
            "server": ("127.0.0.1", 8443),
            "headers": [(name.lower().encode(), value.encode()) for name, value in request.headers],
        }  # fmt: skip
        body = request.body if cut is None else request.body[:cut]
        messages: list[dict[str, Any]] = [
            {"type": "http.request", "body": body[n : n + BLOCK], "more_body": cut is not None or n + BLOCK < len(body)}
            for n in range(0, max(1, len(body)), BLOCK)
        ]
        status, headers, answer = 500, Message(), bytearray()

        async def receive() -> dict[str, Any]:
            return messages.pop(0) if messages else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                for name, value in message.get("headers", ()):
                    headers[name.decode()] = value.decode()
            else:
                answer.extend(message.get("body", b""))

        self._loop.run_until_complete(self.application(scope, receive, send))
        return Answer(status, headers, bytes(answer))


async def _at_once(work: Any, *args: Any, **kwargs: Any) -> Any:
    return work(*args, **kwargs)


@contextlib.contextmanager
def in_place() -> Iterator[None]:
    """Let the carrier's connections be ours meanwhile, and the hub's application do its database work at once.

    (Threads would only make runs differ from each other.)
    """
    places: list[tuple[Any, str, Any]] = [(https, "_PinnedConnection", Connection)]
    for name, module in list(sys.modules.items()):
        if name.startswith("sync.hub") and hasattr(module, "run_in_threadpool"):
            places.append((module, "run_in_threadpool", _at_once))
    before = [(module, name, getattr(module, name)) for module, name, _ in places]
    for module, name, ours in places:
        setattr(module, name, ours)
    try:
        yield
    finally:
        for module, name, theirs in before:
            setattr(module, name, theirs)
