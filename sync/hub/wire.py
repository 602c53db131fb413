"""What the hub's routes share: who asks, and how it is answered.

Every request but a few is signed by its workstation. Answers are JSON; a refusal has `code`, `zh`, `en`, and so have
the 503 of a hub whose database does not answer and the 429 for whoever asks too often.
"""

from __future__ import annotations

import re
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from models.errors import StorageError
from sync.carriers.https import REQUEST_DOMAIN
from sync.causes import RefusedError
from sync.hub import watch
from sync.hub.hub import Hub
from sync.hub.limits import TooManyError
from sync.keys import signed_by

_DEVICE = re.compile("[0-9]{1,9}")
_DATA = ("/v1/upload/", "/v1/down", "/v1/file")
"""Beside what is put: routes that carry entries or files, or ask how much of them is here."""


def answer(status: int, **content: Any) -> Response:
    """Return an answer in JSON."""
    return Response(orjson.dumps(content), status, media_type="application/json")


async def refused(_request: Request, error: Exception) -> Response:
    """Answer why something was refused; 401 where it is not known who asks."""
    assert isinstance(error, RefusedError)  # noqa: S101  starlette calls this for nothing else
    unknown = error.code in ("unknown_county", "unknown_device", "wrong_signature")
    return answer(
        401 if unknown else 422,
        state="refused",
        code=error.code,
        zh=error.message.zh,
        en=error.message.en,
        documents=[],
    )


async def unavailable(_request: Request, error: Exception) -> Response:
    """Answer that the hub's database does not work: nothing was taken, the desk tries again."""
    assert isinstance(error, StorageError)  # noqa: S101  starlette calls this for nothing else
    return answer(503, state="unavailable", code="storage", zh=error.message.zh, en=error.message.en)


async def hung_up(_request: Request, _error: Exception) -> Response:
    """Answer whoever is not there any more: a line that breaks inside a request is no error of the hub."""
    return answer(400, state="partial", have=0)


async def too_many(request: Request, error: Exception) -> Response:
    """Answer that somebody asks too often, with the seconds to wait (RFC 6585, 4)."""
    assert isinstance(error, TooManyError)  # noqa: S101  starlette calls this for nothing else
    watch.of(request).too_many(error.kind)
    told = answer(429, state="unavailable", code="too_many", zh=error.message.zh, en=error.message.en)
    told.headers["Retry-After"] = str(error.wait_s)
    return told


async def station(request: Request) -> tuple[str, int]:
    """Return the workstation that signed the request.

    Raises:
        RefusedError: It is not enrolled, or the signature is not its own.
        TooManyError: It asks too often, or a stranger does.
    """
    try:
        county, device = await _signer(request)
    except RefusedError:
        watch.stranger(request)
        raise
    watch.station(request, county, device, data=request.method == "PUT" or request.url.path.startswith(_DATA))
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
