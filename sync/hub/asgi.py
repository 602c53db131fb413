"""The hub on the line: a small ASGI application over `Hub`.

    PUT  /v1/batch/FIRST-LAST?sha256=&size=&offset=    bytes of a batch from `offset` on
    GET  /v1/upload/FIRST-LAST?sha256=&size=           how much of it is here, or its outcome
    GET  /v1/status?after=SEQ                          what the hub holds of the workstation, newest receipt beyond SEQ
    GET  /v1/digests                                   digests of the county
    POST /v1/enrol                                     an enrolment answer (no signature but its own)
    GET  /v1/health                                    whether the hub works (no signature)
    GET  /v1/metrics                                   counts and times (on this machine, or by token)
    /city                                              the city's work in a browser (`sync.hub.web`)

All but the last four are signed by the workstation; whoever asks too often is answered 429 (`sync.hub.limits`).
Answers are JSON; a refusal has `code`, `zh`, `en`, and so has the 503 of a hub whose database does not answer. What of
a cut upload came in is kept. Database work runs on threads, never on the event loop.
"""

from __future__ import annotations

import re
import time
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from models.errors import StorageError
from sync import agreement
from sync.batch import FILE_LIMIT_BYTES
from sync.carriers.https import REQUEST_DOMAIN
from sync.causes import RefusedError
from sync.documents import LIMIT_BYTES
from sync.hub import registry, uploads
from sync.hub.hub import Hub, Outcome
from sync.hub.limits import TooManyError
from sync.hub.metrics import CONTENT_TYPE
from sync.hub.watch import Watch, Watched, may_read_metrics, of, station, stranger
from sync.keys import signed_by

KEEP_PART_EVERY_S = 5.0
"""While an upload crawls in, what has come is put on the disk this often."""
_SHA256 = re.compile("[0-9a-f]{64}")
_SIZE = re.compile("[0-9]{1,12}")
_DEVICE = re.compile("[0-9]{1,9}")
_DATA = ("/v1/upload/", "/v1/down", "/v1/file")
"""Beside what is put: routes that carry entries or files, or ask how much of them is here."""


def application(hub: Hub, watch: Watch | None = None) -> Watched:
    """Return the ASGI application of a hub, with what measures, writes down and limits around it."""
    watch = watch or Watch()
    routes = [
        Route("/v1/batch/{first:int}-{last:int}", put_batch, methods=["PUT"]),
        Route("/v1/upload/{first:int}-{last:int}", get_upload),
        Route("/v1/status", get_status),
        Route("/v1/digests", get_digests),
        Route("/v1/enrol", post_enrol, methods=["POST"]),
        Route("/v1/health", get_health),
        Route("/v1/metrics", get_metrics),
    ]
    handlers = {RefusedError: _refused, StorageError: _unavailable, TooManyError: _too_many}
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.state.hub = hub
    app.state.watch = watch
    return Watched(app, watch)


def _answer(status: int, **content: Any) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)  # noqa: S101  starlette calls this for nothing else
    unknown = error.code in ("unknown_county", "unknown_device", "wrong_signature")
    return _answer(
        401 if unknown else 422,
        state="refused",
        code=error.code,
        zh=error.message.zh,
        en=error.message.en,
        documents=[],
    )


async def _unavailable(_request: Request, error: Exception) -> Response:
    """Answer that the hub's database does not work: nothing was taken, the desk tries again."""
    assert isinstance(error, StorageError)  # noqa: S101  starlette calls this for nothing else
    return _answer(503, state="unavailable", code="storage", zh=error.message.zh, en=error.message.en)


async def _too_many(request: Request, error: Exception) -> Response:
    """Answer that somebody asks too often, with the seconds to wait (RFC 6585, 4)."""
    assert isinstance(error, TooManyError)  # noqa: S101  starlette calls this for nothing else
    of(request).too_many(error.kind)
    answer = _answer(429, state="unavailable", code="too_many", zh=error.message.zh, en=error.message.en)
    answer.headers["Retry-After"] = str(error.wait_s)
    return answer


async def _station(request: Request) -> tuple[str, int]:
    """Return the workstation that signed the request.

    Raises:
        RefusedError: It is not enrolled, or the signature is not its own.
        TooManyError: It asks too often, or a stranger does.
    """
    try:
        county, device = await _signer(request)
    except RefusedError:
        stranger(request)
        raise
    station(request, county, device, data=request.method == "PUT" or request.url.path.startswith(_DATA))
    return county, device


async def _signer(request: Request) -> tuple[str, int]:
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    parts = rest.split("/")
    what = f"{request.method} {request.url.path}"
    if scheme != "PetitionDesk" or len(parts) != 3 or not _DEVICE.fullmatch(parts[1]):  # county, device, signature
        raise RefusedError("wrong_signature", what=what, signer="?")
    county, device = parts[0], int(parts[1])
    hub: Hub = request.app.state.hub
    key = await run_in_threadpool(hub.sign_key, county, device)
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    try:
        signature = bytes.fromhex(parts[2])
    except ValueError:
        signature = b""
    if not signed_by(key, REQUEST_DOMAIN, f"{request.method} {target}".encode(), signature):
        raise RefusedError("wrong_signature", what=what, signer=f"{county}/{device}")
    return county, device


def _named(request: Request) -> tuple[str, int]:
    """Return digest and size of the batch that an upload names.

    Raises:
        RefusedError: They are not a digest and a size.
    """
    sha256, size = request.query_params.get("sha256", ""), request.query_params.get("size", "")
    if not (_SHA256.fullmatch(sha256) and _SIZE.fullmatch(size)):
        raise RefusedError("altered", what=request.url.path, where="target")
    if int(size) > FILE_LIMIT_BYTES:
        raise RefusedError("too_large", what=request.url.path, found=size, limit=FILE_LIMIT_BYTES)
    return sha256, int(size)


async def put_batch(request: Request) -> Response:
    """Take the bytes of a batch; when the last one is here, take the batch."""
    hub: Hub = request.app.state.hub
    county, device = await _station(request)
    sha256, size = _named(request)
    offset = request.query_params.get("offset", "0")
    held = await run_in_threadpool(uploads.uploaded, hub, county, device, sha256)
    if not _SIZE.fullmatch(offset) or int(offset) != len(held):
        return _answer(409, state="partial", have=len(held))
    whole = bytearray(held)
    kept = len(held)
    since = time.monotonic()
    try:
        async for block in request.stream():
            whole += block
            if len(whole) > size:
                raise RefusedError("altered", what=request.url.path, where=f"+{len(whole) - size} bytes")
            if time.monotonic() - since > KEEP_PART_EVERY_S and len(whole) < size:
                await run_in_threadpool(uploads.keep_part, hub, county, device, sha256, kept, bytes(whole[kept:]))
                kept, since = len(whole), time.monotonic()
    except ClientDisconnect:
        if len(whole) > kept:
            await run_in_threadpool(uploads.keep_part, hub, county, device, sha256, kept, bytes(whole[kept:]))
        return _answer(400, state="partial", have=len(whole))
    if len(whole) < size:
        await run_in_threadpool(uploads.keep_part, hub, county, device, sha256, kept, bytes(whole[kept:]))
        return _answer(200, state="partial", have=len(whole))
    outcome = await run_in_threadpool(hub.ingest, bytes(whole))
    if outcome.state == "refused" and held:
        await run_in_threadpool(uploads.drop, hub, county, device, sha256)
    return _outcome(outcome)


def _outcome(outcome: Outcome) -> Response:
    documents = [document.decode() for document in outcome.documents]
    if outcome.state == "receipted":
        return _answer(200, state="receipted", documents=documents)
    if outcome.state == "waiting":
        return _answer(202, state="waiting", missing=outcome.missing, documents=[])
    message = outcome.message
    return _answer(
        422,
        state="refused",
        code=outcome.code,
        zh=message.zh if message else "",
        en=message.en if message else "",
        documents=documents,
    )


async def get_upload(request: Request) -> Response:
    """Say how much of an upload is here, or what became of it."""
    hub: Hub = request.app.state.hub
    county, device = await _station(request)
    sha256, _ = _named(request)
    outcome = await run_in_threadpool(hub.outcome_of, county, device, sha256)
    if outcome is not None:
        return _outcome(outcome)
    held = await run_in_threadpool(uploads.uploaded, hub, county, device, sha256)
    return _answer(200, state="partial", have=len(held))


async def get_status(request: Request) -> Response:
    """Say what the hub holds of the workstation."""
    hub: Hub = request.app.state.hub
    county, device = await _station(request)
    after = request.query_params.get("after", "0")
    position = await run_in_threadpool(hub.position, county, device)
    news = position.newest is not None and _SIZE.fullmatch(after) is not None and position.newest_last > int(after)
    return _answer(
        200,
        have=position.have,
        head=position.head.hex(),
        missing=position.missing,
        waiting=position.waiting,
        documents=[position.newest.decode()] if news and position.newest else [],
    )


async def get_digests(request: Request) -> Response:
    """Return the digests of the county."""
    hub: Hub = request.app.state.hub
    county, _ = await _station(request)
    return _answer(200, digests=agreement.to_wire(await run_in_threadpool(hub.digests, county)))


async def post_enrol(request: Request) -> Response:
    """Register a workstation by its answer file."""
    stranger(request)
    hub: Hub = request.app.state.hub
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > LIMIT_BYTES:
            raise RefusedError("too_large", what="answer", found=len(body), limit=LIMIT_BYTES)
    return _answer(200, state="enrolled", **await run_in_threadpool(registry.enrol, hub, bytes(body)))


async def get_health(request: Request) -> Response:
    """Say whether the hub can read its database, and nothing else."""
    hub: Hub = request.app.state.hub
    await run_in_threadpool(hub.stations)
    return _answer(200, state="well", hub=hub.key_id)


async def get_metrics(request: Request) -> Response:
    """Return counts and times, to whoever is on this machine or shows the token."""
    hub: Hub = request.app.state.hub
    metrics = of(request).metrics
    if metrics is None or not may_read_metrics(request, hub.place.folder):
        stranger(request)
        raise HTTPException(404)
    return Response(await run_in_threadpool(metrics.text, hub), media_type=CONTENT_TYPE)
