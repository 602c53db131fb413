"""What desks send to the hub: batches, in pieces if need be, and enrolment answers.

    PUT  /v1/batch/FIRST-LAST?sha256=&size=&offset=    bytes of a batch from `offset` on
    GET  /v1/upload/FIRST-LAST?sha256=&size=           how much of it is here, or its outcome
    POST /v1/enrol                                     an enrolment answer (no signature but its own)

What of a cut upload came in is kept. With `epoch` and `holds` (`sync.hub.wire_down`) the answer to a batch that was
taken says what the workstation may fetch, so that a round with something to send needs no other question.
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from sync.batch import FILE_LIMIT_BYTES
from sync.causes import RefusedError
from sync.documents import LIMIT_BYTES
from sync.hub import down, registry, uploads, watch
from sync.hub.hub import Hub, Outcome
from sync.hub.wire import answer, station
from sync.hub.wire_down import holds

KEEP_PART_EVERY_S = 5.0
"""While an upload crawls in, what has come is put on the disk this often."""
_SHA256 = re.compile("[0-9a-f]{64}")
_SIZE = re.compile("[0-9]{1,12}")


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
    county, device = await station(request)
    sha256, size = _named(request)
    offset = request.query_params.get("offset", "0")
    held = await run_in_threadpool(uploads.uploaded, hub, county, device, sha256)
    if not _SIZE.fullmatch(offset) or int(offset) != len(held):
        return answer(409, state="partial", have=len(held))
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
        return answer(400, state="partial", have=len(whole))
    except asyncio.CancelledError:  # the hub stops, and this upload took longer than the time it got
        if len(whole) > kept:
            uploads.keep_part(hub, county, device, sha256, kept, bytes(whole[kept:]))
        raise
    if len(whole) < size:
        await run_in_threadpool(uploads.keep_part, hub, county, device, sha256, kept, bytes(whole[kept:]))
        return answer(200, state="partial", have=len(whole))
    outcome = await run_in_threadpool(hub.ingest, bytes(whole))
    if outcome.state == "refused" and held:
        await run_in_threadpool(uploads.drop, hub, county, device, sha256)
    return await _outcome(request, county, outcome)


async def _outcome(request: Request, county: str, outcome: Outcome) -> Response:
    documents = [document.decode() for document in outcome.documents]
    if outcome.state == "receipted":
        there: dict[str, Any] = {}
        if "holds" in request.query_params:
            there["down"] = await run_in_threadpool(down.behind, request.app.state.hub, county, holds(request))
        return answer(200, state="receipted", documents=documents, **there)
    if outcome.state == "waiting":
        return answer(202, state="waiting", missing=outcome.missing, documents=[])
    message = outcome.message
    return answer(
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
    county, device = await station(request)
    sha256, _ = _named(request)
    outcome = await run_in_threadpool(hub.outcome_of, county, device, sha256)
    if outcome is not None:
        return await _outcome(request, county, outcome)
    held = await run_in_threadpool(uploads.uploaded, hub, county, device, sha256)
    return answer(200, state="partial", have=len(held))


async def post_enrol(request: Request) -> Response:
    """Register a workstation by its answer file."""
    watch.stranger(request)
    hub: Hub = request.app.state.hub
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > LIMIT_BYTES:
            raise RefusedError("too_large", what="answer", found=len(body), limit=LIMIT_BYTES)
    return answer(200, state="enrolled", **await run_in_threadpool(registry.enrol, hub, bytes(body)))
