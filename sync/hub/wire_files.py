"""The hub's routes for stored files.

POST /v1/files                                   what it lacks of files offered, what it has of files wanted
PUT  /v1/file/NAME/N?sha256=&size=&offset=       bytes of a chunk from `offset` on (`size`: of the chunk as it travels)
GET  /v1/file/NAME/N/part?sha256=&size=          how much of that chunk is here
GET  /v1/file/NAME/N?sha256=&offset=             a chunk, sealed to whoever asks
                                                 (`sha256`: of the sealed bytes, as in the chunk's header)

The first names files in its body: {"offer": [[name, size], ...], "want": [name, ...]}, `NAMES` of each at most. A chunk
that came in part is kept like a part of a batch. A chunk that goes out is sealed at each asking; a worker remembers
the last few, so that one whose line was cut is given from its byte on, and from its beginning where it does not.
"""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sync.causes import RefusedError
from sync.chunks import CHUNK_LIMIT_BYTES, LARGEST_BYTES, chunk_count, is_name, read_header
from sync.hub import files, uploads
from sync.hub.hub import Hub
from sync.hub.wire import answer, station

NAMES = 200
"""Files in one question, at most."""
BODY_LIMIT_BYTES = 64 << 10
OFFSET_HEADER = "Chunk-Offset"
"""Of an answer with a chunk: the byte at which it begins, 0 unless that very chunk was asked for."""
KEEP_PART_EVERY_S = 5.0
REMEMBERED = 8
"""Sealed chunks that a worker remembers: 2 MiB."""
_NUMBER = re.compile("[0-9]{1,9}")


class _Sealed:
    """The last sealed chunks of this worker, by workstation, file and number."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int, str, int], tuple[str, bytes]] = OrderedDict()

    def find(self, key: tuple[str, int, str, int], sha256: str) -> bytes | None:
        with self._lock:
            kept = self._kept.get(key)
        return kept[1] if kept is not None and kept[0] == sha256 else None

    def keep(self, key: tuple[str, int, str, int], data: bytes) -> None:
        with self._lock:
            self._kept[key] = (read_header(data)[0].sha256, data)
            self._kept.move_to_end(key)
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)


_sealed = _Sealed()


def _number(request: Request, name: str, limit: int) -> int:
    text = request.query_params.get(name, "0")
    if not _NUMBER.fullmatch(text) or int(text) > limit:
        raise RefusedError("altered", what=request.url.path, where=name)
    return int(text)


def _named(request: Request) -> tuple[str, int]:
    """Return the file and the chunk of the target.

    Raises:
        RefusedError: They are none.
    """
    name, n = request.path_params["name"], request.path_params["n"]
    if not is_name(name) or n >= chunk_count(LARGEST_BYTES):
        raise RefusedError("altered", what=request.url.path, where="target")
    return name, n


def _chunk(request: Request) -> tuple[str, int]:
    """Return digest and size of the chunk that an upload names.

    Raises:
        RefusedError: They are not a digest and a size.
    """
    sha256 = request.query_params.get("sha256", "")
    if not is_name(sha256):
        raise RefusedError("altered", what=request.url.path, where="sha256")
    return sha256, _number(request, "size", CHUNK_LIMIT_BYTES)


async def post_files(request: Request) -> Response:
    """Say which chunks are lacking of the files offered, and which of the files wanted are here, with their sizes."""
    hub: Hub = request.app.state.hub
    county, _ = await station(request)
    offered, wanted = _question(await _body(request), request.url.path)
    lacking = await run_in_threadpool(files.lacking, hub, county, offered)
    here = await run_in_threadpool(files.here, hub, county, wanted)
    return answer(200, lacks=lacking, here=here)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > BODY_LIMIT_BYTES:
            raise RefusedError("too_large", what=request.url.path, found=len(body), limit=BODY_LIMIT_BYTES)
    return bytes(body)


def _question(body: bytes, what: str) -> tuple[list[tuple[str, int]], list[str]]:
    try:
        fields: Any = orjson.loads(body)
        offered = [(name, size) for name, size in fields["offer"]]
        wanted = list(fields["want"])
    except (ValueError, TypeError, KeyError) as error:
        raise RefusedError("altered", what=what, where="JSON") from error
    good = all(is_name(name) and type(size) is int and 0 <= size <= LARGEST_BYTES for name, size in offered)
    if not good or not all(map(is_name, wanted)) or max(len(offered), len(wanted)) > NAMES:
        raise RefusedError("altered", what=what, where="JSON")
    return offered, wanted


async def put_chunk(request: Request) -> Response:
    """Take the bytes of a chunk; when the last one is here, take the chunk."""
    hub: Hub = request.app.state.hub
    county, device = await station(request)
    _named(request)
    sha256, size = _chunk(request)
    offset = _number(request, "offset", CHUNK_LIMIT_BYTES)
    held = await run_in_threadpool(uploads.uploaded, hub, county, device, sha256)
    if offset != len(held):
        return answer(409, state="partial", have=len(held))
    await run_in_threadpool(files.check_room, hub)  # before the line is used for what could not be kept
    whole, kept, since = bytearray(held), len(held), time.monotonic()
    gone = False
    try:
        async for block in request.stream():
            whole += block
            if len(whole) > size:
                raise RefusedError("altered", what=request.url.path, where=f"+{len(whole) - size} bytes")
            if time.monotonic() - since > KEEP_PART_EVERY_S and len(whole) < size:
                await run_in_threadpool(uploads.keep_part, hub, county, device, sha256, kept, bytes(whole[kept:]))
                kept, since = len(whole), time.monotonic()
    except ClientDisconnect:
        gone = True
    if len(whole) < size:
        if len(whole) > kept:
            await run_in_threadpool(uploads.keep_part, hub, county, device, sha256, kept, bytes(whole[kept:]))
        return answer(400 if gone else 200, state="partial", have=len(whole))
    try:
        done = await run_in_threadpool(files.take, hub, bytes(whole))
    except RefusedError:
        await _drop(hub, county, device, sha256, kept)
        raise
    await _drop(hub, county, device, sha256, kept)
    return answer(200, state="whole" if done else "kept")


async def _drop(hub: Hub, county: str, device: int, sha256: str, kept: int) -> None:
    if kept:
        await run_in_threadpool(uploads.drop, hub, county, device, sha256)


async def get_part(request: Request) -> Response:
    """Say how much of a chunk came in, or that it was taken."""
    hub: Hub = request.app.state.hub
    county, device = await station(request)
    name, n = _named(request)
    sha256, _ = _chunk(request)
    taken = await run_in_threadpool(files.taken, hub, county, name, n)
    if taken:
        return answer(200, state=taken)
    held = await run_in_threadpool(uploads.uploaded, hub, county, device, sha256)
    return answer(200, state="partial", have=len(held))


async def get_chunk(request: Request) -> Response:
    """Give out a chunk of a file that is here whole, from the byte on that the workstation has of it."""
    hub: Hub = request.app.state.hub
    county, device = await station(request)
    name, n = _named(request)
    offset, sha256 = _number(request, "offset", CHUNK_LIMIT_BYTES), request.query_params.get("sha256", "")
    key = (county, device, name, n)
    data = _sealed.find(key, sha256)
    if data is None or offset > len(data):
        data, offset = await run_in_threadpool(files.give, hub, county, device, name, n), 0
        _sealed.keep(key, data)
    return Response(data[offset:], media_type="application/octet-stream", headers={OFFSET_HEADER: str(offset)})


ROUTES: list[BaseRoute] = [
    Route("/v1/files", post_files, methods=["POST"]),
    Route("/v1/file/{name}/{n:number}", put_chunk, methods=["PUT"]),
    Route("/v1/file/{name}/{n:number}", get_chunk),
    Route("/v1/file/{name}/{n:number}/part", get_part),
]
