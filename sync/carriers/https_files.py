"""Files by HTTPS: the routes of `sync.hub.wire_files`, over the connection of the records' carrier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

import orjson

from models.errors import Message
from sync.carriers.files import Put, Standing
from sync.carriers.https import BLOCK_BYTES, HttpsCarrier, expect
from sync.causes import RefusedError
from sync.chunks import read_header
from sync.filestate import Stored
from sync.port import Station


class HttpsFiles:
    """A line for files.

    Args:
        carrier: The records' carrier: one connection, one pin, one manner of trying again.
    """

    def __init__(self, carrier: HttpsCarrier) -> None:
        self._carrier = carrier

    def ask(self, station: Station, offered: Sequence[Stored], wanted: Sequence[str]) -> Standing:
        """Ask what the hub lacks of files offered, and which of the files wanted it holds."""
        question = {"offer": [[stored.name, stored.size] for stored in offered], "want": list(wanted)}
        body = orjson.dumps(question)
        status, content = self._carrier.patiently(
            lambda: self._carrier.request("POST", "/v1/files", station, body, length=len(body))
        )
        fields = expect(status, content, 200)
        lacks = {name: [(int(first), int(last)) for first, last in found] for name, found in fields["lacks"].items()}
        return Standing(lacks=lacks, here={name: int(size) for name, size in fields["here"].items()})

    def put(self, station: Station, name: str, n: int, chunk: bytes, *, begun: bool = False) -> Put:
        """Send a sealed chunk, going on where an earlier attempt was cut (`begun`: perhaps in an earlier round)."""
        target = f"/v1/file/{name}/{n}"
        named = urlencode({"sha256": read_header(chunk)[0].sha256, "size": len(chunk)})
        ask, reached = begun, 0

        def attempt() -> tuple[int, Any]:
            nonlocal ask, reached
            if ask:
                status, content = self._carrier.request("GET", f"{target}/part?{named}", station)
                if status != 200 or content["state"] != "partial":
                    return status, content
                reached = int(content["have"])
            ask = True
            for _ in range(2):  # the hub may have noticed only now that the line was cut, and have more than it said
                rest = chunk[reached:]
                status, content = self._carrier.request(
                    "PUT", f"{target}?{named}&offset={reached}", station, _blocks(rest), length=len(rest)
                )
                if status != 409:
                    break
                reached = int(content["have"])
            return status, content

        status, content = self._carrier.patiently(attempt, reached=lambda: reached)
        if status == 200 and content["state"] in ("kept", "whole"):
            return Put(state=content["state"])
        if status == 422:
            return Put(state="refused", code=content["code"], message=Message(content["zh"], content["en"]))
        expect(status, content, 200)
        raise RefusedError("content", what=name[:12], where=f"state {content.get('state')}")

    def get(self, station: Station, name: str, n: int) -> bytes:
        """Fetch a sealed chunk, going on where an earlier attempt was cut."""
        come = bytearray()

        def attempt() -> tuple[int, Any]:
            try:
                begun = urlencode({"sha256": read_header(bytes(come))[0].sha256, "offset": len(come)})
            except RefusedError:  # not even the header has come
                come.clear()
                begun = ""
            return self._carrier.download(f"/v1/file/{name}/{n}" + (f"?{begun}" if begun else ""), station, come)

        status, content = self._carrier.patiently(attempt, reached=lambda: len(come))
        if status != 200:
            expect(status, content, 200)
        return bytes(come)


def _blocks(rest: bytes) -> Iterator[bytes]:
    for place in range(0, len(rest), BLOCK_BYTES):
        yield rest[place : place + BLOCK_BYTES]
