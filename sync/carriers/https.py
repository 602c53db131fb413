"""The line to the hub: HTTPS with the hub's own certificate pinned, requests signed by the workstation.

- *Pinned*: the certificate's SHA-256 must be the one of the enrolment offer; names, dates and public authorities do
  not matter. It is checked before a single byte of ours is sent. TLS 1.3 only.
- *Signed*: `Authorization: PetitionDesk COUNTY/DEVICE/SIGNATURE` over method and target. The target of an upload
  names the batch by its digest.
- *Resumed*: after a cut the hub is asked what it has; the upload goes on at that byte.
- *Ends*: attempts are few and waits short; then an error says so. When to try again is the caller's matter
  (`sync.round.next_try_s`).

The protocol, route by route: docs/format/batch.md, "By line".
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ssl
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from models.errors import HubUnreachableError, Message, SyncError
from sync import agreement
from sync.agreement import Buckets
from sync.carriers import News, Reply
from sync.causes import RefusedError
from sync.outbox import EnrolledHub, Pending
from sync.port import Station

REQUEST_DOMAIN = "petition-desk/request/1"
TIMEOUT_S = 30.0
WAITS_S = (0.5, 2.0, 5.0)
"""Waits before the second, third and fourth attempt."""
BLOCK_BYTES = 64 << 10


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
        status, content = self._patiently(lambda: self._request("POST", "/v1/enrol", station, hub.answer))
        _expect(status, content, 200)

    def collect(self, station: Station, after: int) -> News:
        """Ask for the newest receipt beyond entry `after` and for the hub's own number."""
        status, content = self._patiently(lambda: self._request("GET", f"/v1/status?after={after}", station))
        fields = _expect(status, content, 200)
        documents = tuple((f"{self.address} receipt", text.encode()) for text in fields["documents"])
        return News(documents=documents, have=int(fields["have"]))

    def digests(self, station: Station) -> Buckets | None:
        """Ask for all digests of the county."""
        status, content = self._patiently(lambda: self._request("GET", "/v1/digests", station))
        return agreement.from_wire(_expect(status, content, 200)["digests"])

    def send(self, station: Station, batch: Pending) -> Reply:
        """Upload a batch, going on where an earlier attempt was cut."""
        attempts = 0

        def attempt() -> tuple[int, Any]:
            nonlocal attempts
            attempts += 1
            if attempts > 1:
                status, content = self._request("GET", self._target(batch, "upload"), station)
                if status != 200 or content.get("state") != "partial":
                    return status, content
                return self._upload(station, batch, int(content["have"]))
            return self._upload(station, batch, 0)

        status, content = self._patiently(attempt)
        if status == 200 and content["state"] == "receipted":
            return Reply(
                state="receipted",
                documents=tuple((f"{self.address} receipt", text.encode()) for text in content["documents"]),
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
        _expect(status, content, 200)
        raise _unreachable(self.address, f"state {content.get('state')}")

    def _upload(self, station: Station, batch: Pending, offset: int) -> tuple[int, Any]:
        size = len(batch.data)

        def blocks(start: int) -> Iterator[bytes]:
            for place in range(start, size, BLOCK_BYTES):
                yield batch.data[place : place + BLOCK_BYTES]
                self._on_sent(min(place + BLOCK_BYTES, size), size)

        for _ in range(2):
            target = self._target(batch, "batch") + f"&offset={offset}"
            status, content = self._request("PUT", target, station, blocks(offset), length=size - offset)
            if status != 409:
                break
            offset = int(content["have"])
        return status, content

    @staticmethod
    def _target(batch: Pending, what: str) -> str:
        return f"/v1/{what}/{batch.first}-{batch.last}?" + urlencode({"sha256": batch.sha256, "size": len(batch.data)})

    def _patiently(self, attempt: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
        for number in range(len(self._waits_s) + 1):
            try:
                status, content = attempt()
                if status < 500:
                    return status, content
                reason = f"HTTP {status}"
            except (OSError, http.client.HTTPException, ValueError) as error:
                reason = str(error) or type(error).__name__
            self.close()
            if number < len(self._waits_s):
                self._sleep(self._waits_s[number])
        raise _unreachable(self.address, reason)

    def _request(
        self,
        method: str,
        target: str,
        station: Station,
        body: bytes | Iterator[bytes] | None = None,
        *,
        length: int | None = None,
    ) -> tuple[int, Any]:
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
            connection.request(method, target, body=body, headers=headers)
            response = connection.getresponse()
            content = response.read()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError, ssl.SSLEOFError):
            self.close()
            if kept and not isinstance(body, Iterator):  # the hub let an idle connection go: not a failed attempt
                return self._request(method, target, station, body, length=length)
            raise
        except BaseException:
            self.close()
            raise
        return response.status, orjson.loads(content)


def _unreachable(address: str, reason: str) -> HubUnreachableError:
    return HubUnreachableError(
        f"联系不上汇集中心 {address}（{reason}）。未发出的内容都保存在本机，稍后可以再试，也可以改用 U 盘传递。",
        f"The hub at {address} does not answer ({reason}). Everything unsent is safe on this machine; try again "
        "later, or carry it on a stick.",
    )


def _expect(status: int, content: Any, wanted: int) -> Any:
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
