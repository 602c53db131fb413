"""The hub on the line: a small ASGI application over `Hub`.

    PUT  /v1/batch/FIRST-LAST?sha256=&size=&offset=    bytes of a batch from `offset` on
    GET  /v1/upload/FIRST-LAST?sha256=&size=           how much of it is here, or its outcome
    GET  /v1/status?after=SEQ&epoch=&holds=            what the hub holds of the workstation and for it, newest receipt
    GET  /v1/down?device=&after=SEQ                    entries of other workstations and of the city
    GET  /v1/digests                                   digests of the county
    GET  /v1/rows?table=&month=                        rows of one bucket of the digests
    /v1/files, /v1/file/NAME/N                         stored files in chunks (`sync.hub.wire_files`)
    POST /v1/enrol                                     an enrolment answer (no signature but its own)
    GET  /v1/health                                    whether the hub works (no signature)
    GET  /v1/metrics                                   counts and times (on this machine, or by token)
    /city                                              the city's work in a browser (`sync.hub.web`)

All but the last four are signed by the workstation; whoever asks too often is answered 429 (`sync.hub.limits`).
What the routes share: `sync.hub.wire`. Database work runs on threads, never on the event loop.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from models.errors import StorageError
from sync.causes import RefusedError
from sync.hub import wire, wire_down, wire_files, wire_up
from sync.hub.hub import Hub
from sync.hub.limits import TooManyError
from sync.hub.metrics import CONTENT_TYPE
from sync.hub.watch import CITY, Watch, Watched, lone, may_read_metrics, of, stranger
from sync.hub.web import Lazy


def application(hub: Hub, watch: Watch | None = None) -> Watched:
    """Return the ASGI application of a hub, with what measures, writes down and limits around it."""
    watch = watch or Watch()
    routes = [
        Route("/v1/batch/{first:number}-{last:number}", wire_up.put_batch, methods=["PUT"]),
        Route("/v1/upload/{first:number}-{last:number}", wire_up.get_upload),
        Route("/v1/status", wire_down.get_status),
        Route("/v1/down", wire_down.get_down),
        Route("/v1/digests", wire_down.get_digests),
        Route("/v1/rows", wire_down.get_rows),
        *wire_files.ROUTES,
        Route("/v1/enrol", wire_up.post_enrol, methods=["POST"]),
        Route("/v1/health", get_health),
        Route("/v1/metrics", get_metrics),
        Mount("/city", lone(Lazy(hub, watch), CITY)),
        Route("/", get_root),
    ]
    handlers = {
        RefusedError: wire.refused,
        StorageError: wire.unavailable,
        TooManyError: wire.too_many,
        ClientDisconnect: wire.hung_up,
    }
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.state.hub = hub
    app.state.watch = watch
    return Watched(app, watch)


async def get_health(request: Request) -> Response:
    """Say whether the hub can read its database, and nothing else."""
    hub: Hub = request.app.state.hub
    await run_in_threadpool(hub.stations)
    return wire.answer(200, state="well", hub=hub.key_id)


async def get_metrics(request: Request) -> Response:
    """Return counts and times, to whoever is on this machine or shows the token."""
    hub: Hub = request.app.state.hub
    metrics = of(request).metrics
    if metrics is None or not may_read_metrics(request, hub.place.folder):
        stranger(request)
        raise HTTPException(404)
    return Response(await run_in_threadpool(metrics.text, hub), media_type=CONTENT_TYPE)


async def get_root(_request: Request) -> Response:
    """Send a person who typed the hub's address alone to the pages."""
    return RedirectResponse("/city/", 303)
