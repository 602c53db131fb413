"""The hub as a process, or several on one port: uvicorn over TLS 1.3 with the hub's own certificate.

Several workers need a database that several may write to at once, which the one file is not. The first process opens
the port, lets workers share it, and starts another where one dies; told to stop, it tells them and waits for what runs.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from models.errors import InputError, RegisterError, StorageError
from sync.hub.asgi import application
from sync.hub.hub import Hub
from sync.hub.logs import Level, Log
from sync.hub.metrics import Metrics, Shared
from sync.hub.watch import Watch

KEEP_ALIVE_S = 75
_STOPS = (signal.SIGTERM, signal.SIGINT)
COLLECT_AFTER = 50_000
"""Objects more than before, after which the collector looks at the youngest."""
RESTART_S = 0.5
"""Pause before a worker that died is started again, so that a broken database is not hammered."""
STOP_S = 10
"""Time that running requests get to end when the hub is told to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How each worker works: see `serve`. `shared`: memory for the numbers of all of them."""

    log: Level
    stop_s: int
    shared: Shared


def serve(
    folder: Path,
    *,
    host: str,
    port: int,
    on_ready: Callable[[Hub, int], None],
    workers: int = 1,
    log: Level = "off",
    stop_s: int = STOP_S,
) -> None:
    """Serve until told to stop (SIGTERM or SIGINT); requests that run are let end.

    Args:
        folder: The hub's folder.
        host: Address to listen on.
        port: Port; 0 takes a free one.
        on_ready: Called with the hub and the port once connections are taken.
        workers: Number of processes.
        log: Which requests are written to standard error.
        stop_s: Seconds that running requests get to end when told to stop.

    Raises:
        InputError: Several workers on the one file.
        StorageError: The hub cannot be opened, or the port is taken.
    """
    with Hub.open(folder) as hub:
        _check_workers(hub, workers)
        try:
            listener = _listen(host, port)
        except OSError as error:
            raise StorageError(
                f"无法在 {host}:{port} 上监听（{error.strerror}）。请换一个端口，或先停止占用它的程序。",
                f"Cannot listen on {host}:{port} ({error.strerror}). Choose another port, or stop the program that "
                "holds it.",
            ) from error
        with listener:
            taken = listener.getsockname()[1]
            ways = Ways(log=log, stop_s=stop_s, shared=Shared(workers))
            if workers == 1:
                _work(hub, listener, ways, ready=lambda: on_ready(hub, taken))
            else:
                hub.close()  # each worker has connections of its own
                _keep_workers(folder, listener, workers, ways, lambda: on_ready(hub, taken))


def _check_workers(hub: Hub, workers: int) -> None:
    if workers > 1 and not (hub.place.database_url and hasattr(os, "fork")):
        raise InputError(
            "workers",
            "单个加密文件同一时间只有一个进程写入：请先用 petition-hub move 迁到 PostgreSQL，再用多个进程（Linux）。",
            "One process at a time writes to the one encrypted file: move the hub to PostgreSQL first (petition-hub"
            " move), then serve with several processes (on Linux).",
        )


def _work(
    hub: Hub, listener: socket.socket, ways: Ways, *, place: int = 0, ready: Callable[[], None] = lambda: None
) -> None:
    log = Log(ways.log, worker=place)
    app = application(hub, Watch(log=log))
    app.watch.metrics = Metrics(app.patterns, ways.shared, place)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=ways.stop_s,
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
    server = uvicorn.Server(config)
    _settle_collector()
    with _stopped_by_signals(server):
        log.event("started", port=listener.getsockname()[1], pid=os.getpid())
        ready()
        server.run(sockets=[listener])
        log.event("stopped", pid=os.getpid())


def _settle_collector() -> None:
    """Let the garbage collector pass over what stays for good, and look less often at what comes and goes.

    A batch makes some ten thousand objects without a cycle among them; a sixth of its time went into looking for one.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)


def _keep_workers(folder: Path, listener: socket.socket, workers: int, ways: Ways, ready: Callable[[], None]) -> None:
    """Keep so many workers running until told to stop; `ready` is called when all have been started once."""
    running: dict[int, int] = {}
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True
        listener.close()  # else whoever comes now would be let in by nobody, and wait
        for worker in tuple(running):
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGTERM)

    before = {number: signal.signal(number, stop) for number in _STOPS}
    try:
        for place in range(workers):
            _start(folder, listener, ways, place, running)
        ready()
        while running or not stopping:
            for place in sorted(set(range(workers)) - set(running.values())) if not stopping else ():
                _start(folder, listener, ways, place, running)
            with contextlib.suppress(ChildProcessError):
                ended, _ = os.wait()
                running.pop(ended, None)
                if not stopping:
                    time.sleep(RESTART_S)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _start(folder: Path, listener: socket.socket, ways: Ways, place: int, running: dict[int, int]) -> None:
    """Start a worker and note its process id and place in `running`."""
    # Held back until a worker has handlers of its own, and until it is noted: else a stop in between would pass it by.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    worker = os.fork()
    if worker:
        running[worker] = place
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return
    code = 1
    try:
        for number in _STOPS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        with Hub.open(folder) as hub:
            _work(hub, listener, ways, place=place)
        code = 0
    except RegisterError as error:  # the database is not there: told each time, and tried again
        print(error, file=sys.stderr, flush=True)
    finally:
        os._exit(code)


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
def _stopped_by_signals(server: uvicorn.Server) -> Iterator[None]:
    """Let SIGTERM and SIGINT end the server in order, also before it listens to them itself.

    It raises them again at its end, to no effect.
    """

    def stop(*_: object) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in _STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
