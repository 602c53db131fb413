"""The line to the hub: HTTPS with the hub's own certificate pinned, requests signed by the workstation.

- *Pinned*: the certificate's SHA-256 must be the one of the enrolment offer; names, dates and public authorities do
  not matter. It is checked before a single byte of ours is sent. TLS 1.3 only.
- *Signed*: `Authorization: PetitionDesk COUNTY/DEVICE/SIGNATURE` over method and target. The target of an upload
  names the batch by its digest.
- *Resumed*: after a cut the hub is asked what it has, and the upload goes on at that byte; so does a download.
- *Ends*: attempts that get nowhere are few and waits short; then an error says so. When to try again is the caller's
  matter (`sync.round.next_try_s`).

The protocol, route by route: docs/format/batch.md, "By line".
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.client
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from models.errors import HubUnreachableError, Message, SyncError
from sync import agreement
from sync.carriers import CutShortError, Digests, News, Reply
from sync.causes import RefusedError
from sync.holds import compact
from sync.outbox import EnrolledHub, Pending
from sync.port import Station
from sync.relay import read_relay_header

REQUEST_DOMAIN = "petition-desk/request/1"
TIMEOUT_S = 30.0
WAITS_S = (0.5, 2.0, 5.0)
"""Waits before the second, third and fourth attempt."""
SLOWEST_BYTES_S = 6_000
"""A line of 64 kbit/s with its losses: what was sent may still be on its way for so long before the answer is due."""
LONGEST_WAIT_S = 60.0
"""A hub that is asked too often says when to come back; longer than this is a matter of the next round."""
BLOCK_BYTES = 64 << 10
HEADER_BYTES = 4096
OFFSETS = ("Relay-Offset", "Chunk-Offset")
"""Headers of an answer that goes on where a download was cut: the byte at which it begins."""
_TOO_MANY = 429


class WrongCertificateError(SyncError):
    """Whoever answers at the hub's address is not the hub that this register is enrolled with."""

    def __init__(self, address: str, found: str) -> None:
        super().__init__(
            f"{address} 出示的证书不是接入时约定的汇集中心证书（指纹 {found[:16]}…）。未发送任何内容。请与市局核对；"
            "中心若已更换证书，请用新的接入文件重新接入。",
            f"The certificate shown at {address} is not the enrolled hub's (fingerprint {found[:16]}…). Nothing was "
            "sent. Check with the city; "
            "if the hub has a new certificate, enrol again with its new offer file.",
        )


class _PinnedConnection(http.client.HTTPSConnection):
    def __init__(self, host: str, port: int, *, fingerprint: str, timeout: float) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False  # the pin below is stricter than any name
        context.verify_mode = ssl.CERT_NONE
        super().__init__(host, port, timeout=timeout, context=context)
        self._fingerprint = fingerprint

    def connect(self) -> None:
        super().connect()
        shown = self.sock.getpeercert(binary_form=True) or b""
        found = hashlib.sha256(shown).hexdigest()
        if not hmac.compare_digest(found, self._fingerprint):
            self.close()
            raise WrongCertificateError(f"https://{self.host}:{self.port}", found)


def _nothing() -> None:
    """Do nothing."""


class HttpsCarrier:
    """Carries by line. One connection is kept open between requests.

    Args:
        address: The hub's https URL.
        certificate: SHA-256 of its certificate (DER), hex.
        timeout_s: Longest silence on the line, seconds.
        waits_s: Waits between attempts, seconds.
        sleep: Waits; given by tests.
        on_sent: Called with bytes sent and bytes in all while a batch goes up.
    """

    def __init__(
        self,
        address: str,
        certificate: str,
        *,
        timeout_s: float = TIMEOUT_S,
        waits_s: tuple[float, ...] = WAITS_S,
        sleep: Callable[[float], None] = time.sleep,
        on_sent: Callable[[int, int], None] = lambda _sent, _size: None,
    ) -> None:
        parts = urlsplit(address)
        self.address = address
        self._host, self._port = parts.hostname or "", parts.port or 443
        self._certificate = certificate
        self._timeout_s = timeout_s
        self._waits_s = waits_s
        self._sleep = sleep
        self._on_sent = on_sent
        self._connection: _PinnedConnection | None = None
        self._retry_after_s = 0.0
        self.when_sent: Callable[[], object] = _nothing
        """Called once the last byte of a batch has left, while the hub works on it; an attempt again calls it again."""

    @property
    def way(self) -> str:
        """The hub's address."""
        return self.address

    @property
    def answers(self) -> bool:
        """The hub answers at once."""
        return True

    def __enter__(self) -> HttpsCarrier:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def enrol(self, hub: EnrolledHub, station: Station) -> None:
        """Post the enrolment answer."""
        status, content = self.patiently(lambda: self.request("POST", "/v1/enrol", station, hub.answer))
        expect(status, content, 200)

    def collect(self, station: Station, after: int, holds: Mapping[int, int]) -> News:
        """Ask for the newest receipt beyond entry `after`, for what the hub has of us, and for what it has for us."""
        target = f"/v1/status?after={after}&{_said(station, holds)}"
        status, content = self.patiently(lambda: self.request("GET", target, station))
        fields = expect(status, content, 200)
        return News(
            documents=tuple((f"{self.address} receipt", text.encode()) for text in fields["documents"]),
            have=int(fields["have"]),
            head=bytes.fromhex(fields["head"]),
            down=_down(fields),
            digest=str(fields.get("digest", "")),
            lacks={int(number): (int(last), bytes.fromhex(head)) for number, last, head in fields.get("lacks", [])},
            city=None if fields.get("city") is None else int(fields["city"]),
            elsewhere={int(number): int(last) for number, last in fields.get("elsewhere", [])},
        )

    def digests(self, station: Station) -> Digests | None:
        """Ask for all digests of the county."""
        status, content = self.patiently(lambda: self.request("GET", "/v1/digests", station))
        fields = expect(status, content, 200)
        holds = {int(number): int(last) for number, last in fields.get("holds", [])}
        return Digests(buckets=agreement.from_wire(fields["digests"]), holds=holds)

    def rows(self, station: Station, table: str, month: str) -> list[tuple[int, int, str]] | None:
        """Ask for the rows of a bucket."""
        target = "/v1/rows?" + urlencode({"table": table, "month": month})
        status, content = self.patiently(lambda: self.request("GET", target, station))
        return [(int(row), int(rev), str(digest)) for row, rev, digest in expect(status, content, 200)["rows"]]

    def tell(self, station: Station, said: bytes) -> None:
        """Nothing: each question tells the hub what is held here."""

    def fetch(self, station: Station, author: int, after: int, part: bytes) -> bytes:
        """Download relays, going on at the byte where an earlier attempt was cut."""
        come = bytearray(part)

        def attempt() -> tuple[int, Any]:
            target = f"/v1/down?device={author}&after={after}"
            begun = _digest_of(come)
            if begun:
                target += f"&offset={len(come)}&sha256={begun}"
            else:
                come.clear()
            return self.download(target, station, come)

        try:
            status, content = self.patiently(attempt, reached=lambda: len(come))
        except HubUnreachableError as error:
            raise CutShortError(error, bytes(come)) from error
        if status != 200:
            expect(status, content, 200)
        return bytes(come)

    def send(self, station: Station, batch: Pending, holds: Mapping[int, int] | None = None) -> Reply:
        """Upload a batch, going on where an earlier attempt was cut."""
        attempts = 0
        asked = "" if holds is None else "&" + _said(station, holds)

        def attempt() -> tuple[int, Any]:
            nonlocal attempts
            attempts += 1
            if attempts > 1:
                status, content = self.request("GET", self._target(batch, "upload") + asked, station)
                if status != 200 or content.get("state") != "partial":
                    return status, content
                return self._upload(station, batch, int(content["have"]), asked)
            return self._upload(station, batch, 0, asked)

        status, content = self.patiently(attempt)
        if status == 200 and content["state"] == "receipted":
            return Reply(
                state="receipted",
                documents=tuple((f"{self.address} receipt", text.encode()) for text in content["documents"]),
                down=_down(content),
            )
        if status == 202:
            return Reply(state="waiting", missing=tuple((int(a), int(b)) for a, b in content["missing"]))
        if status == 422:
            documents = tuple((f"{self.address} refusal", text.encode()) for text in content["documents"])
            return Reply(
                state="refused",
                documents=documents,
                code=content["code"],
                message=Message(content["zh"], content["en"]),
            )
        expect(status, content, 200)
        raise _unreachable(self.address, f"state {content.get('state')}")

    def _upload(self, station: Station, batch: Pending, offset: int, asked: str) -> tuple[int, Any]:
        size = len(batch.data)

        def blocks(start: int) -> Iterator[bytes]:
            for place in range(start, size, BLOCK_BYTES):
                yield batch.data[place : place + BLOCK_BYTES]
                self._on_sent(min(place + BLOCK_BYTES, size), size)
            self.when_sent()

        for _ in range(2):
            target = self._target(batch, "batch") + f"&offset={offset}" + asked
            status, content = self.request("PUT", target, station, blocks(offset), length=size - offset)
            if status != 409:
                break
            offset = int(content["have"])
        return status, content

    @staticmethod
    def _target(batch: Pending, what: str) -> str:
        return f"/v1/{what}/{batch.first}-{batch.last}?" + urlencode({"sha256": batch.sha256, "size": len(batch.data)})

    def patiently(
        self, attempt: Callable[[], tuple[int, Any]], *, reached: Callable[[], int] = lambda: 0
    ) -> tuple[int, Any]:
        """Attempt a few times; an attempt that got further than any before it does not count (`reached`: bytes)."""
        failed, furthest = 0, reached()
        while True:
            wait_s = 0.0
            try:
                status, content = attempt()
                if status < 500 and status != _TOO_MANY:
                    return status, content
                reason = f"HTTP {status}"
                wait_s = self._retry_after_s
            except (OSError, http.client.HTTPException, ValueError) as error:
                reason = str(error) or type(error).__name__
                self.close()
            if reached() > furthest:
                failed, furthest = 0, reached()
            if failed >= len(self._waits_s):
                raise _unreachable(self.address, reason)
            self._sleep(max(wait_s, self._waits_s[failed]))
            failed += 1

    def request(
        self,
        method: str,
        target: str,
        station: Station,
        body: bytes | Iterator[bytes] | None = None,
        *,
        length: int | None = None,
    ) -> tuple[int, Any]:
        """Ask once; returns the status and what was answered.

        Raises:
            OSError, HTTPException, ValueError: The line broke, or what came is not JSON.
        """
        response = self._ask(method, target, station, body, length=length)
        with self._closed_if_cut():
            content = response.read()
        return response.status, orjson.loads(content)

    def download(self, target: str, station: Station, come: bytearray) -> tuple[int, Any]:
        """Add what is answered to `come`, block by block, so that nothing of it is lost when the line breaks."""
        response = self._ask("GET", target, station)
        with self._closed_if_cut():
            if response.status != 200:
                return response.status, orjson.loads(response.read())
            begins = next((response.headers[name] for name in OFFSETS if name in response.headers), "0")
            if int(begins) != len(come):
                come.clear()
            expected = len(come) + int(response.headers["Content-Length"])
            while block := response.read1(BLOCK_BYTES):
                come += block
            response.read()  # of an answer of no bytes, `read1` does not see the end, and the connection stays taken
            if len(come) != expected:
                raise http.client.IncompleteRead(b"", expected - len(come))
        return 200, None

    def _ask(
        self,
        method: str,
        target: str,
        station: Station,
        body: bytes | Iterator[bytes] | None = None,
        *,
        length: int | None = None,
    ) -> http.client.HTTPResponse:
        signature = station.keys.sign(REQUEST_DOMAIN, f"{method} {target}".encode())
        headers = {"Authorization": f"PetitionDesk {station.county}/{station.device}/{signature.hex()}"}
        if length is not None:
            headers["Content-Length"] = str(length)
        kept = self._connection is not None
        connection = self._connection or _PinnedConnection(
            self._host, self._port, fingerprint=self._certificate, timeout=self._timeout_s
        )
        self._connection = connection
        try:
            with self._closed_if_cut():
                connection.request(method, target, body=body, headers=headers)
                self._wait_at_most(self._timeout_s + (length or 0) / SLOWEST_BYTES_S)
                response = connection.getresponse()
                self._wait_at_most(self._timeout_s)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError, ssl.SSLEOFError):
            if kept and not isinstance(body, Iterator):  # the hub let an idle connection go: not a failed attempt
                return self._ask(method, target, station, body, length=length)
            raise
        wait = response.headers.get("Retry-After", "")
        self._retry_after_s = min(float(wait), LONGEST_WAIT_S) if wait.isascii() and wait.isdigit() else 0.0
        return response

    def _wait_at_most(self, seconds: float) -> None:
        """Set the longest silence; the system takes what is sent at once, however slow the line behind it is."""
        if self._connection is not None and self._connection.sock is not None:
            self._connection.sock.settimeout(seconds)

    @contextlib.contextmanager
    def _closed_if_cut(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise


def _said(station: Station, holds: Mapping[int, int]) -> str:
    """Return what is held here, as a target carries it."""
    return f"epoch={station.epoch}&holds={compact(holds)}"


def _down(fields: Any) -> dict[int, int] | None:
    lines = fields.get("down")
    return None if lines is None else {int(author): int(last) for author, last in lines}


def _digest_of(come: bytes | bytearray) -> str:
    """Return the digest of the relay whose beginning has come, "" when not even its header is whole."""
    try:
        return read_relay_header(bytes(come[:HEADER_BYTES]))[0].batch.sha256
    except RefusedError:
        return ""


def _unreachable(address: str, reason: str) -> HubUnreachableError:
    return HubUnreachableError(
        f"联系不上汇集中心 {address}（{reason}）。未发出的内容都保存在本机，稍后可以再试，也可以改用 U 盘传递。",
        f"The hub at {address} does not answer ({reason}). Everything unsent is safe on this machine; try again "
        "later, or carry it on a stick.",
    )


def expect(status: int, content: Any, wanted: int) -> Any:
    """Return the content of an answer that has the status wanted.

    Raises:
        HubSaysNoError, SyncError: It has another; in the hub's own words where it gave some.
    """
    if status == wanted:
        return content
    if isinstance(content, dict) and "zh" in content:
        error = SyncError(content["zh"], content["en"])
        raise error if "code" not in content else HubSaysNoError(content["code"], content["zh"], content["en"])
    raise SyncError(
        f"汇集中心的回答无法理解（HTTP {status}）。", f"The hub's answer cannot be understood (HTTP {status})."
    )


class HubSaysNoError(RefusedError):
    """The hub refused a request for the cause `code`, in its own words."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        SyncError.__init__(self, zh, en)
        self.code = code
        self.facts = {}
