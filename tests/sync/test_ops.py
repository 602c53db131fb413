"""What the hub tells of its own work, and how it stops: limits, metrics, log, requests that run to their end."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
import uvicorn

from sync.batch import read_header
from sync.carriers.https import REQUEST_DOMAIN, HttpsCarrier
from sync.hub import metrics
from sync.hub.asgi import application
from sync.hub.hub import Hub
from sync.hub.limits import BUCKETS, RATES, Limits, Rate, TooManyError
from sync.hub.logs import Log
from sync.hub.metrics import Metrics, Shared
from sync.hub.watch import TOKEN_FILE, Watch
from sync.round import run_once
from tests.sync.conftest import COUNTY, ENGINES, Journal, Served, enrol, new_hub
from tests.sync.pages import Answer, call, send
from tests.sync.test_hub import sealed


def ask(app: Any, journal: Journal, method: str, target: str, body: bytes = b"", **headers: str) -> Answer:
    """Ask as a workstation does, signed."""
    station = journal.station
    signature = station.keys.sign(REQUEST_DOMAIN, f"{method} {target}".encode()).hex()
    sent = {"host": "hub.test", "authorization": f"PetitionDesk {station.county}/{station.device}/{signature}"}
    return asyncio.run(call(app, method, target, body, {**sent, **headers}, "192.0.2.9"))


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.s = 1000.0

    def __call__(self) -> float:
        return self.s


# --- limits -----------------------------------------------------------------------------------------------------------


def test_a_bucket_gives_its_burst_at_once_then_so_many_a_second_and_tells_how_long_to_wait() -> None:
    clock = Clock()
    limits = Limits({"questions": Rate(2, 5)}, clock)
    for _ in range(5):
        limits.take("questions", "430181/1")
    with pytest.raises(TooManyError) as refused:
        limits.take("questions", "430181/1")
    assert refused.value.wait_s == 1
    limits.take("questions", "430181/2")  # another's is its own
    limits.take("data", "430181/1")  # and so is what carries entries
    clock.s += refused.value.wait_s
    limits.take("questions", "430181/1")
    limits.take("questions", "430181/1")
    with pytest.raises(TooManyError):
        limits.take("questions", "430181/1")
    clock.s += 3600
    for _ in range(5):  # an hour fills it to its burst, not beyond
        limits.take("questions", "430181/1")
    with pytest.raises(TooManyError):
        limits.take("questions", "430181/1")


def test_a_clock_that_goes_back_gives_nothing_and_takes_nothing() -> None:
    clock = Clock()
    limits = Limits({"strangers": Rate(1, 2)}, clock)
    limits.take("strangers", "a")
    clock.s -= 500
    limits.take("strangers", "a")
    with pytest.raises(TooManyError):
        limits.take("strangers", "a")


def test_buckets_do_not_grow_without_end() -> None:
    limits = Limits({"strangers": Rate(1, 1)}, Clock())
    for number in range(BUCKETS + 500):
        limits.take("strangers", f"10.0.{number >> 8}.{number & 255}")
    assert len(limits._held) == BUCKETS
    with pytest.raises(TooManyError):
        limits.take("strangers", f"10.0.{(BUCKETS + 499) >> 8}.{(BUCKETS + 499) & 255}")


def test_a_workstation_at_its_work_never_meets_a_limit() -> None:
    """A first sync of 100,000 records in batches of 500 and a gigabyte of scans, faster than any hub takes them."""
    clock = Clock()
    limits = Limits(clock=clock)
    for _ in range(200):
        limits.take("data", "430181/1")
        limits.take("data", "430181/1")  # the same upload asked for after a cut
        clock.s += 0.01
    for _ in range(30):
        limits.take("questions", "430181/1")  # status, digests, rows of a county that differs in thirty months
    for _ in range((1 << 30) // (256 << 10)):
        limits.take("data", "430181/1")
        clock.s += 0.0025  # 100 MiB a second, sealed and checked
    for _ in range(8640):  # then a round every ten seconds for a day
        limits.take("questions", "430181/1")
        clock.s += 10
    assert RATES["data"].a_second * 1.0 >= 400


def test_who_asks_too_often_is_answered_429_with_the_seconds_to_wait(joined: Journal, hub: Hub) -> None:
    watch = Watch(limits=Limits({"questions": Rate(0.5, 3)}))
    watch.metrics = Metrics(["/v1/status"])
    app = application(hub, watch)
    for _ in range(3):
        assert ask(app, joined, "GET", "/v1/status?after=0").status == 200
    answer = ask(app, joined, "GET", "/v1/status?after=0")
    assert answer.status == 429
    assert int(answer.headers["retry-after"]) in (1, 2)
    told = orjson.loads(answer.body)
    assert told["code"] == "too_many"
    assert "秒后再试" in told["zh"]
    assert "try again" in told["en"]
    data = sealed(joined.unit() and joined, hub)  # what carries entries goes on all the same
    header = target_of(data)
    assert ask(app, joined, "PUT", f"/v1/batch/{header}&offset=0", data).status == 200
    assert 'petition_hub_limited_total{kind="questions"} 1' in watch.metrics.text(hub)


def target_of(data: bytes) -> str:
    header, _ = read_header(data)
    return f"{header.first}-{header.last}?sha256={header.sha256}&size={len(data)}"


def test_strangers_are_limited_by_address_and_workstations_behind_it_are_not(joined: Journal, hub: Hub) -> None:
    app = application(hub, Watch(limits=Limits({"strangers": Rate(0.1, 3)})))
    for _ in range(3):
        assert ask(app, Journal(), "GET", "/v1/status?after=0").status == 401
    assert ask(app, Journal(), "GET", "/v1/status?after=0").status == 429
    assert asyncio.run(call(app, "POST", "/v1/enrol", b"x", {"host": "h"}, "192.0.2.9")).status == 429
    assert ask(app, joined, "GET", "/v1/status?after=0").status == 200
    assert asyncio.run(call(app, "POST", "/v1/enrol", b"x", {"host": "h"}, "192.0.2.10")).status == 422


@contextmanager
def serving(hub: Hub, watch: Watch) -> Iterator[str]:
    """Serve a hub on a thread, with limits of our own; yields its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(
        application(hub, watch), log_level="error", lifespan="off", ws="none", ssl_certfile=hub.place.certificate,
        ssl_keyfile=hub.place.certificate_key,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()


def test_a_desk_waits_as_long_as_it_is_told_and_loses_nothing(journal: Journal, file_hub: Hub) -> None:
    with serving(file_hub, Watch(limits=Limits({"questions": Rate(0.4, 1)}))) as address:
        enrol(journal, file_hub, address=address)
        journal.units(3)
        waited: list[float] = []

        def sleep(seconds: float) -> None:
            waited.append(seconds)
            time.sleep(seconds)

        with HttpsCarrier(address, file_hub.place.fingerprint(), sleep=sleep) as carrier:
            run_once(journal, carrier)
            for _ in range(2):
                assert carrier.digests(journal.station)
        assert waited
        assert max(waited) <= 3
        assert file_hub.position(COUNTY, 1).have == 3


# --- metrics and log --------------------------------------------------------------------------------------------------


def test_metrics_count_requests_of_all_workers_and_tell_nothing_of_matters(joined: Journal, hub: Hub) -> None:
    joined.unit("绝密派出所")
    send(joined, hub)
    shared = Shared(2)
    apps = []
    for worker in range(2):
        app = application(hub, Watch())
        app.watch.metrics = Metrics(app.patterns, shared, worker)
        apps.append(app)
    for app in (*apps, apps[0]):
        assert ask(app, joined, "GET", "/v1/status?after=0").status == 200
    assert ask(apps[1], Journal(), "GET", "/v1/digests").status == 401
    assert asyncio.run(call(apps[0], "GET", "/evil/%3Cscript%3E", b"", {"host": "h"}, "192.0.2.1")).status == 404
    page = asyncio.run(call(apps[1], "GET", "/v1/metrics", b"", {"host": "h"}, "127.0.0.1"))
    assert page.headers["content-type"].startswith("text/plain; version=0.0.4")
    text = page.text
    assert 'petition_hub_requests_total{route="/v1/status",status="2xx"} 3' in text
    assert 'petition_hub_requests_total{route="/v1/digests",status="4xx"} 1' in text
    assert 'petition_hub_requests_total{route="other",status="4xx"} 1' in text
    assert 'petition_hub_request_seconds_count{route="/v1/status"} 3' in text
    assert 'petition_hub_entries{county="430181",device="1"} 1' in text
    assert "petition_hub_last_batch_age_seconds" in text
    for word in ("绝密", "派出所", "script", "窗口"):
        assert word not in text
    for line in text.splitlines():
        assert line.startswith("# ") or (" " in line and float(line.rsplit(" ", 1)[1]) >= 0), line


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.1", {}, 404),
        ("192.0.2.1", {"authorization": "Bearer right-token"}, 200),
        ("192.0.2.1", {"authorization": "Bearer wrong-token"}, 404),
        ("192.0.2.1", {"authorization": "Bearer "}, 404),
        ("127.0.0.1", {"x-forwarded-for": "198.51.100.3"}, 404),
        ("127.0.0.1", {"x-forwarded-for": "198.51.100.3", "authorization": "Bearer right-token"}, 200),
    ],
)
def test_metrics_are_for_this_machine_or_who_shows_the_token(
    file_hub: Hub, client: str, headers: dict[str, str], status: int
) -> None:
    (file_hub.place.folder / TOKEN_FILE).write_text("right-token\n", "utf-8")
    app = application(file_hub, Watch())
    app.watch.metrics = Metrics(app.patterns)
    assert asyncio.run(call(app, "GET", "/v1/metrics", b"", {"host": "h", **headers}, client)).status == status


def test_an_empty_token_opens_nothing(file_hub: Hub) -> None:
    (file_hub.place.folder / TOKEN_FILE).write_text("\n", "utf-8")
    app = application(
        file_hub,
        Watch(),
    )
    app.watch.metrics = Metrics(app.patterns)
    headers = {"host": "h", "authorization": "Bearer "}
    assert asyncio.run(call(app, "GET", "/v1/metrics", b"", headers, "192.0.2.1")).status == 404


def test_a_label_is_escaped_and_unknown_routes_make_no_labels() -> None:
    assert metrics._line("x", 1, name='a"b\\c\nd') == 'x{name="a\\"b\\\\c\\nd"} 1'
    one = Metrics([f"/r{number}" for number in range(500)])
    assert len(one.routes) < 100
    one.observe("/r499", 200, 0.1, 1, 1)
    assert any("other" in line for line in one._requests())


def test_the_log_has_a_line_for_each_request_and_nothing_of_what_it_was_about(joined: Journal, hub: Hub) -> None:
    out = io.StringIO()
    app = application(hub, Watch(log=Log("all", out=out, worker=3)))
    joined.unit("绝密派出所")
    data = sealed(joined, hub)
    assert ask(app, joined, "PUT", f"/v1/batch/{target_of(data)}&offset=0", data).status == 200
    assert ask(app, joined, "GET", "/v1/status?after=77").status == 200
    headers = {"host": "h", "cookie": "__Host-city=secret-token"}
    asyncio.run(call(app, "GET", "/city/matters?q=typed-words", b"", headers, "192.0.2.77"))
    asyncio.run(call(app, "BREW", "/nowhere", b"", {"host": "h"}, "192.0.2.77"))
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    put, status, page, nowhere = lines
    assert (put["method"], put["route"], put["status"]) == ("PUT", "/v1/batch/{first:number}-{last:number}", 200)
    assert (put["station"], put["in"], put["worker"]) == (f"{COUNTY}/1", len(data), 3)
    assert put["out"] > 100
    assert put["ms"] > 0
    assert (status["route"], page["route"], page["station"]) == ("/v1/status", "/city", "")
    assert (nowhere["method"], nowhere["route"]) == ("-", "-")
    for word in ("绝密", "77", "typed-words", "secret-token", "192.0.2", "sha256"):
        assert word not in out.getvalue().replace(f'"in":{len(data)}', ""), word


def test_less_is_written_when_less_is_asked_for(joined: Journal, hub: Hub) -> None:
    for level, expected in (("trouble", [401]), ("off", [])):
        out = io.StringIO()
        app = application(hub, Watch(log=Log(level, out=out)))  # type: ignore[arg-type]  # one of LEVELS
        ask(app, joined, "GET", "/v1/status?after=0")
        ask(app, Journal(), "GET", "/v1/status?after=0")
        assert [json.loads(line)["status"] for line in out.getvalue().splitlines()] == expected


# --- stopping ---------------------------------------------------------------------------------------------------------


def connect(port: int) -> ssl.SSLSocket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port), 20))


def begin_upload(line: ssl.SSLSocket, journal: Journal, data: bytes, sent: int) -> None:
    """Send the head of an upload and its first bytes."""
    target = f"/v1/batch/{target_of(data)}&offset=0"
    station = journal.station
    signature = station.keys.sign(REQUEST_DOMAIN, f"PUT {target}".encode()).hex()
    head = (
        f"PUT {target} HTTP/1.1\r\nHost: hub\r\nContent-Length: {len(data)}\r\n"
        f"Authorization: PetitionDesk {station.county}/{station.device}/{signature}\r\n\r\n"
    )
    line.sendall(head.encode() + data[:sent])


def refuses(port: int) -> bool:
    try:
        with connect(port):
            return False
    except OSError:
        return True


@pytest.mark.parametrize("workers", [1, 2])
def test_an_upload_that_runs_when_the_hub_is_told_to_stop_is_taken_and_receipted(
    journal: Journal, tmp_path: Path, request: pytest.FixtureRequest, workers: int
) -> None:
    folder = new_hub(tmp_path / "hub", "postgresql" if workers > 1 else "embedded", request)
    with Hub.open(folder) as hub:
        enrol(journal, hub)
        journal.units(40)
        data = sealed(journal, hub)
    served = Served(folder, workers=workers)
    with connect(served.port) as line:
        begin_upload(line, journal, data, len(data) // 2)
        time.sleep(0.5)  # until it is read: what is not begun when the stop comes is not promised
        served.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 8
        while not refuses(served.port) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert refuses(served.port)  # nobody new is let in
        line.sendall(data[len(data) // 2 :])
        answer = line.recv(65536)
    assert answer.startswith(b"HTTP/1.1 200")
    assert served.stop() == 0
    with Hub.open(folder) as hub:
        assert hub.position(COUNTY, 1).have == 40


@pytest.mark.parametrize("engine", ENGINES)
def test_what_came_of_an_upload_that_takes_too_long_is_kept_when_the_hub_stops(
    journal: Journal, tmp_path: Path, request: pytest.FixtureRequest, engine: str
) -> None:
    folder = new_hub(tmp_path / "hub", engine, request)
    with Hub.open(folder) as hub:
        enrol(journal, hub)
        journal.units(40)
        data = sealed(journal, hub)
    code = "from sync.hub.cli import group; group(prog_name='petition-hub')"
    command = [sys.executable, "-c", code, "serve", str(folder), "--host", "127.0.0.1", "--port", "0", "--json"]
    process = subprocess.Popen(
        [*command, "--grace", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert process.stdout is not None
    ready = orjson.loads(process.stdout.readline())
    with connect(ready["port"]) as line:
        begin_upload(line, journal, data, 2000)
        time.sleep(0.5)
        process.terminate()
        assert process.wait(15) == 0
    assert process.stderr is not None
    told = [json.loads(one) for one in process.stderr.read().splitlines() if one.startswith(b"{")]
    process.stdout.close()
    process.stderr.close()
    assert [one["what"] for one in told if one["what"] != "request"] == ["started", "stopped"]
    with Hub.open(folder) as hub:
        app = application(hub)
        target = f"/v1/upload/{target_of(data)}"
        assert orjson.loads(ask(app, journal, "GET", target).body)["have"] == 2000
        rest = ask(app, journal, "PUT", f"/v1/batch/{target_of(data)}&offset=2000", data[2000:])
        assert orjson.loads(rest.body)["state"] == "receipted"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="several workers need fork")
def test_the_numbers_of_several_workers_are_one_whoever_is_asked(
    journal: Journal, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder = new_hub(tmp_path / "hub", "postgresql", request)
    served = Served(folder, workers=2)
    try:
        with Hub.open(folder) as hub:
            enrol(journal, hub, address=served.address)
        for _ in range(12):
            with connect(served.port) as line:
                line.sendall(b"GET /v1/health HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n")
                assert read_all(line).startswith(b"HTTP/1.1 200")
        with connect(served.port) as line:
            line.sendall(b"GET /v1/metrics HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n")
            text = read_all(line).decode()
    finally:
        served.stop()
    assert 'petition_hub_requests_total{route="/v1/health",status="2xx"} 12' in text


def read_all(line: ssl.SSLSocket) -> bytes:
    found = b""
    while block := line.recv(65536):
        found += block
    return found
