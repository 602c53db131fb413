"""What the hub answers about what it holds and hands down: status, relays, digests, rows.

GET /v1/status?after=SEQ&epoch=E&holds=1.120-2.44     what it holds of the workstation and for it; newest receipt
GET /v1/down?device=D&after=SEQ&offset=&sha256=       relays of an author from SEQ + 1 on, one after the other
GET /v1/digests                                       digests of the county
GET /v1/rows?table=&month=                            the rows of one bucket: id, version, beginning of the digest
"""

from __future__ import annotations

import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sync import agreement
from sync.causes import RefusedError
from sync.holds import from_compact
from sync.hub import down
from sync.hub.hub import Hub
from sync.hub.wire import answer, station

OFFSET_HEADER = "Relay-Offset"
"""Of an answer with relays: the byte of the first at which it begins, 0 unless that very relay was asked for."""
_NUMBER = re.compile("[0-9]{1,18}")
_SHA256 = re.compile("[0-9a-f]{64}")
_MONTH = re.compile("[0-9]{4}-(0[1-9]|1[0-2])")


def number(request: Request, name: str, default: int = 0) -> int:
    """Return a number of the target.

    Raises:
        RefusedError: It is none.
    """
    text = request.query_params.get(name)
    if text is None:
        return default
    if not _NUMBER.fullmatch(text):
        raise RefusedError("altered", what=request.url.path, where=name)
    return int(text)


def holds(request: Request) -> dict[int, int]:
    """Return what the workstation says that it holds; nothing where it does not say.

    Raises:
        RefusedError: It cannot be read.
    """
    found = from_compact(request.query_params.get("holds", "0.0"))
    if found is None:
        raise RefusedError("altered", what=request.url.path, where="holds")
    return found


async def get_status(request: Request) -> Response:
    """Say what the hub holds of the workstation, and what it holds for it."""
    hub: Hub = request.app.state.hub
    county, device = await station(request)
    after, epoch, said = number(request, "after"), number(request, "epoch"), holds(request)
    known = await run_in_threadpool(lambda: down.status(hub, county, device, after=after, holds=said, epoch=epoch))
    return answer(
        200,
        have=known.have,
        head=known.head.hex(),
        missing=known.missing,
        waiting=known.waiting,
        documents=[known.newest.decode()] if known.newest else [],
        down=known.down,
        digest=known.digest,
        **({"lacks": [(number, last, head.hex()) for number, last, head in known.lacks]} if known.lacks else {}),
        **({"city": known.city} if known.city is not None else {}),
        **({"elsewhere": known.elsewhere} if known.elsewhere else {}),
    )


async def get_down(request: Request) -> Response:
    """Hand down the entries of an author, from the byte on that the workstation has of the first relay."""
    hub: Hub = request.app.state.hub
    county, device = await station(request)
    author, after = number(request, "device"), number(request, "after")
    offset, sha256 = number(request, "offset"), request.query_params.get("sha256", "")
    found = await run_in_threadpool(down.relays, hub, county, device, author, after)
    if not (_SHA256.fullmatch(sha256) and found and found[0].sha256 == sha256 and offset <= len(found[0].data)):
        offset = 0
    stream = b"".join(relay.data for relay in found)[offset:]
    return Response(stream, media_type="application/octet-stream", headers={OFFSET_HEADER: str(offset)})


async def get_digests(request: Request) -> Response:
    """Return the digests of the county, and the entries that they speak of."""
    hub: Hub = request.app.state.hub
    county, _ = await station(request)
    buckets, have = await run_in_threadpool(down.digests, hub, county)
    return answer(200, digests=agreement.to_wire(buckets), holds=have)


async def get_rows(request: Request) -> Response:
    """Return the rows of one bucket, so that a difference can be named."""
    hub: Hub = request.app.state.hub
    county, _ = await station(request)
    table, month = request.query_params.get("table", ""), request.query_params.get("month", "")
    if not _MONTH.fullmatch(month):
        raise RefusedError("altered", what=request.url.path, where="month")
    return answer(200, rows=await run_in_threadpool(down.rows_of, hub, county, table, month))
