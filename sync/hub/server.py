"""The hub as a process: uvicorn over TLS 1.3 with the hub's own certificate."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn

from models.errors import StorageError
from sync.hub.asgi import application
from sync.hub.hub import Hub

KEEP_ALIVE_S = 75
STOP_S = 10
"""Time that running requests get to end when the hub is told to stop."""


def serve(folder: Path, *, host: str, port: int, on_ready: Callable[[Hub, int], None]) -> None:
    """Serve until told to stop (SIGTERM or SIGINT); requests that run are let end.

    Args:
        folder: The hub's folder.
        host: Address to listen on.
        port: Port; 0 takes a free one.
        on_ready: Called with the hub and the port once connections are taken.

    Raises:
        StorageError: The hub cannot be opened, or the port is taken.
    """
    with Hub.open(folder) as hub:
        try:
            listener = _listen(host, port)
        except OSError as error:
            raise StorageError(
                f"无法在 {host}:{port} 上监听（{error.strerror}）。请换一个端口，或先停止占用它的程序。",
                f"Cannot listen on {host}:{port} ({error.strerror}). Choose another port, or stop the program that "
                "holds it.",
            ) from error
        with listener, _quiet_stop():
            config = uvicorn.Config(
                application(hub),
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=STOP_S,
                loop="asyncio",
                http="h11",
                ws="none",
                lifespan="off",
                proxy_headers=False,
                ssl_certfile=hub.place.certificate,
                ssl_keyfile=hub.place.certificate_key,
            )
            config.load()
            assert isinstance(config.ssl, ssl.SSLContext)  # noqa: S101  a certificate was given
            config.ssl.minimum_version = ssl.TLSVersion.TLSv1_3
            on_ready(hub, listener.getsockname()[1])
            uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    # Made with its protocol named: asyncio turns off Nagle's delay (40 ms an answer) only where it sees TCP written
    # there.
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(256)
    except OSError:
        listener.close()
        raise
    return listener


@contextlib.contextmanager
def _quiet_stop() -> Iterator[None]:
    """Let SIGTERM and SIGINT end the server in order; uvicorn raises them again at its end, to no effect."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
