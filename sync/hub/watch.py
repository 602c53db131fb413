"""What stands around every request: it is measured, written down, and turned away when there are too many.

One piece of plain ASGI around the application, so that it sees uploads and answers pass and holds none of them. The
application tells it whose request it was (`station`) and that somebody was a stranger (`stranger`); nothing else of a
request reaches log or metrics.
"""

from __future__ import annotations

import hmac
import ipaddress
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.requests import Request
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.hub.limits import Kind, Limits
from sync.hub.logs import Log
from sync.hub.metrics import Metrics

TOKEN_FILE = "metrics.token"  # noqa: S105  the name of a file
"""Beside hub.key: who shows what is in it may read the metrics from elsewhere."""
CITY = "/city"
"""The pattern of all pages in a browser: which of them is nobody's business here."""
_STATION = "petition_desk.station"
_ROUTE = "petition_desk.route"
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


class Watch:
    """Log, numbers and limits of one worker."""

    def __init__(self, *, log: Log | None = None, metrics: Metrics | None = None, limits: Limits | None = None) -> None:
        self.log = log or Log("off")
        self.metrics = metrics
        self.limits = limits or Limits()

    def too_many(self, kind: Kind) -> None:
        """Count a request that was turned away."""
        if self.metrics is not None:
            self.metrics.limited(kind)

    def login(self, *, taken: bool) -> None:
        """Count a log-in in the browser."""
        if self.metrics is not None:
            self.metrics.login(taken=taken)


def patterns(routes: Iterable[BaseRoute], before: str = "") -> dict[Any, str]:
    """Return the pattern of each endpoint of an application, those of mounted parts too."""
    found: dict[Any, str] = {}
    for route in routes:
        if isinstance(route, Mount):
            found |= {route.app: before + route.path} | patterns(route.routes or (), before + route.path)
        elif isinstance(route, Route):
            found[route.endpoint] = before + route.path
    return found


class Number(IntegerConvertor):
    """`:number` in the path of a route: one that the database has room for; a longer one is no path."""

    regex = "[0-9]{1,18}"


register_url_convertor("number", Number())


class Watched:
    """The application with `Watch` around it."""

    def __init__(self, app: Starlette, watch: Watch) -> None:
        self.app = app
        self.watch = watch
        self._patterns = patterns(app.routes)

    @property
    def patterns(self) -> tuple[str, ...]:
        """The patterns of its routes."""
        return (*self._patterns.values(), CITY)

    @property
    def state(self) -> Any:
        """The application's own."""
        return self.app.state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        received = sent = status = 0

        async def receiving() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message

        async def sending(message: Message) -> None:
            nonlocal sent, status
            if message["type"] == "http.response.start":
                status = message["status"]
            sent += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receiving, sending)
        finally:
            self._told(scope, status, time.perf_counter() - started, received, sent)

    def _told(self, scope: Scope, status: int, seconds: float, received: int, sent: int) -> None:
        route = scope.get(_ROUTE) or self._patterns.get(scope.get("endpoint"), "-")
        if self.watch.metrics is not None:
            self.watch.metrics.observe(route, status, seconds, received, sent)
        self.watch.log.request(
            method=scope["method"] if scope["method"] in _METHODS else "-", route=route,
            station=scope.get(_STATION, ""), status=status, ms=seconds * 1000, received=received, sent=sent,
        )  # fmt: skip


_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")


def lone(app: ASGIApp, path: str) -> ASGIApp:
    """Return an application that is not looked into, under a pattern of its own."""

    async def named(scope: Scope, receive: Receive, send: Send) -> None:
        scope[_ROUTE] = path
        await app(scope, receive, send)

    return named


# --- what the application tells ---------------------------------------------------------------------------------------


def station(request: Request, county: str, device: int, *, data: bool) -> None:
    """Note whose request it is, and count it.

    Args:
        request: Signed by this workstation.
        county: Its county.
        device: Its number.
        data: It carries a batch or a file; else it is a question.

    Raises:
        TooManyError: This workstation asks too often.
    """
    who = f"{county}/{device}"
    request.scope[_STATION] = who
    of(request).limits.take("data" if data else "questions", who)


def stranger(request: Request) -> None:
    """Count a request of nobody whom we know. Raises TooManyError."""
    of(request).limits.take("strangers", address(request))


def of(request: Request) -> Watch:
    """Return the watch of the application that answers."""
    found: Watch = request.app.state.watch
    return found


def address(request: Request) -> str:
    """Return the address that a request came from; of IPv6 its network of 64 bits, which one host may fill."""
    host = request.client.host if request.client else ""
    try:
        parsed = ipaddress.ip_address(host)
    except ValueError:
        return host
    if parsed.version == 4:
        return host
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def may_read_metrics(request: Request, folder: Path) -> bool:
    """Return whether somebody may read the metrics: on this machine, or with the token of the hub's folder.

    What a proxy on this machine passes on does not count as being on this machine.
    """
    shown = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    try:
        token = (folder / TOKEN_FILE).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        token = ""
    if token and hmac.compare_digest(shown.encode(), token.encode()):
        return True
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False
