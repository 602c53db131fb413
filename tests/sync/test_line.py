"""By line to a real hub process: TLS with the pinned certificate, resume after a cut, a hub that is gone, signed
requests."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from models import errors
from sync import joining, outbox
from sync.carriers.https import HttpsCarrier, WrongCertificateError
from sync.hub import checks, registry, storage
from sync.hub.hub import Hub
from sync.round import SyncReport, next_try_s, run_once
from tests.bench.records import register as matters
from tests.bench.slowline import Shape, SlowLine
from tests.sync.conftest import CITY, COUNTY, Journal, Served, held, new_keys


def line(served: Served, **options) -> HttpsCarrier:
    return HttpsCarrier(served.address, served.ready["certificate"], waits_s=(0.0, 0.0), timeout_s=20, **options)


def sync(desk: Journal, served: Served, **options) -> SyncReport:
    with line(served) as carrier:
        return run_once(desk, carrier, **options)


@pytest.fixture
def desk(served: Served) -> Iterator[Journal]:
    journal = Journal()
    with Hub.open(served.folder) as hub:
        joining.accept_offer(
            journal, registry.offer(hub, COUNTY, address=served.address), at=datetime(2026, 6, 1, tzinfo=UTC)
        )
    yield journal
    journal.close()


def test_a_round_enrols_sends_is_receipted_and_agrees(desk: Journal, served: Served) -> None:
    desk.units(2500)
    carrier = line(served)
    report = run_once(desk, carrier)
    assert (report.sent_batches, report.receipted, report.unsent) == (3, 2500, 0)
    assert report.quiet
    assert report.agreement is not None
    assert (report.agreement.agreed, report.agreement.held) == (2500, 2500)
    again = run_once(desk, carrier)
    assert (again.quiet, again.sent_batches) == (True, 0)
    carrier.close()
    assert served.stop() == 0
    with Hub.open(served.folder) as hub:
        assert len(held(hub, COUNTY, "unit")) == 2500
        assert checks.verify(hub).faults == []


def test_another_certificate_is_refused_before_anything_is_sent(desk: Journal, served: Served) -> None:
    desk.unit()
    carrier = HttpsCarrier(served.address, "00" * 32, waits_s=())
    with pytest.raises(WrongCertificateError):
        carrier.collect(desk.station, 0, {})
    report = run_once(desk, carrier)
    assert report.trouble is not None
    assert "not the enrolled hub" in report.trouble.en
    assert report.unsent == 1


def test_only_tls_1_3_is_spoken(served: Served) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        socket.create_connection(("127.0.0.1", served.port), 5) as plain,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        context.wrap_socket(plain)


def test_a_hub_that_is_gone_is_told_and_nothing_is_lost(desk: Journal, served: Served) -> None:
    desk.units(3)
    served.stop()
    waits: list[float] = []
    carrier = HttpsCarrier(served.address, served.ready["certificate"], waits_s=(0.5, 2.0), sleep=waits.append)
    report = run_once(desk, carrier)
    assert report.trouble is not None
    assert served.address in report.trouble.zh
    assert "does not answer" in report.trouble.en
    assert waits == [0.5, 2.0], "the attempts end"
    assert report.unsent == 3
    state = outbox.sync_state(desk.connection, desk.station)
    assert state.trouble
    assert outbox.failed_rounds(desk.connection) == 1
    again = Served(served.folder, served.port)
    try:
        report = sync(desk, again)
        assert report.quiet
        assert outbox.failed_rounds(desk.connection) == 0
    finally:
        again.stop()


def test_waits_between_rounds_grow_and_end() -> None:
    assert [next_try_s(n) for n in (0, 1, 2, 6, 60)] == [60, 120, 240, 3600, 3600]


class Cutter:
    """A relay in front of the hub that cuts the line after so many bytes to the hub, or to the desk."""

    def __init__(self, port: int, *, to_hub: int | None = None, to_desk: int | None = None) -> None:
        self._target = port
        self.limits = {"hub": to_hub, "desk": to_desk}
        self.passed = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._target))
            limits, self.limits = self.limits, {"hub": None, "desk": None}  # only the first connection is cut
            pumps = [
                threading.Thread(target=self._pump, args=(near, far, limits["hub"], True), daemon=True),
                threading.Thread(target=self._pump, args=(far, near, limits["desk"], False), daemon=True),
            ]
            for pump in pumps:
                pump.start()
            for pump in pumps:
                pump.join()
            near.close()
            far.close()

    def _pump(self, source: socket.socket, sink: socket.socket, limit: int | None, count: bool) -> None:
        passed = 0
        try:
            while data := source.recv(16384):
                if limit is not None:
                    data = data[: limit - passed]
                sink.sendall(data)
                passed += len(data)
                if limit is not None and passed >= limit:
                    break
        except OSError:
            pass
        if count:
            self.passed += passed
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


def test_an_upload_that_is_cut_goes_on_where_it_was(desk: Journal, served: Served) -> None:
    sync(desk, served)
    for _ in range(900):
        desk.act(desk.insert("passage", matter=1, kind="note", body=os.urandom(400).hex()))
    batch = outbox.pending_after(desk.connection, desk.station, 0, at_ms=0)
    assert batch is not None
    assert len(batch.data) > 350_000
    size = len(batch.data)
    cutter = Cutter(served.port, to_hub=2000 + size * 3 // 4)
    try:
        carrier = HttpsCarrier(
            f"https://127.0.0.1:{cutter.port}", served.ready["certificate"], waits_s=(0.3, 0.3), timeout_s=20
        )
        report = run_once(desk, carrier)
        carrier.close()
        assert report.trouble is None
        assert report.quiet
    finally:
        cutter.close()
    assert cutter.passed < size * 1.4, "the second attempt did not begin anew"


def test_what_is_still_on_its_way_on_a_slow_line_is_not_taken_for_silence(desk: Journal, served: Served) -> None:
    """A chunk of a scan took longer than the silence allowed, and a part of it was sent twice each time."""
    matters(desk, 1000)
    with SlowLine(served.port, Shape(bits_s=400_000.0)) as slow:
        with HttpsCarrier(slow.address, served.ready["certificate"], waits_s=(), timeout_s=1.5) as carrier:
            assert run_once(desk, carrier).quiet
        assert slow.counted.up > 100_000, "more than goes through in the silence allowed"
        assert slow.counted.connections == 1


def test_a_lost_answer_is_asked_for_and_the_batch_is_not_sent_again(desk: Journal, served: Served) -> None:
    desk.units(1)
    assert sync(desk, served).quiet
    desk.units(700)
    cutter = Cutter(served.port, to_desk=1200)  # the handshake passes, the answer does not
    try:
        carrier = HttpsCarrier(
            f"https://127.0.0.1:{cutter.port}", served.ready["certificate"], waits_s=(0.3, 0.3), timeout_s=20
        )
        report = run_once(desk, carrier)
        carrier.close()
        assert report.trouble is None
        assert report.receipted == 701
    finally:
        cutter.close()
    served.stop()
    with Hub.open(served.folder) as hub:
        verdict = checks.verify(hub)
        assert (verdict.batches, verdict.entries, verdict.faults) == (2, 701, [])


def test_the_hub_killed_in_the_middle_answers_the_same_after_its_start(desk: Journal, served: Served) -> None:
    desk.units(5)
    sync(desk, served)
    desk.units(5)
    served.kill()
    again = Served(served.folder)
    try:
        with Hub.open(served.folder) as hub:
            position = hub.position(COUNTY, 1)
        assert position.have == 5
        assert sync(desk, again).quiet
    finally:
        again.stop()


def request(served: Served, method: str, target: str, body: bytes = b"", **headers: str) -> tuple[int, dict]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection("127.0.0.1", served.port, context=context, timeout=20)
    connection.request(method, target, body or None, headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, orjson.loads(content) if content.startswith(b"{") else {}


def test_requests_without_a_workstations_signature_get_nothing(desk: Journal, served: Served) -> None:
    desk.unit()
    sync(desk, served)
    impostor = new_keys().sign("petition-desk/request/1", b"GET /v1/status").hex()
    for authorization in (
        "",
        "PetitionDesk",
        f"PetitionDesk {COUNTY}/1/{impostor}",
        f"PetitionDesk {COUNTY}/2/{impostor}",
        "PetitionDesk x/1/zz",
    ):
        for method, target in (
            ("GET", "/v1/status"),
            ("GET", "/v1/digests"),
            ("PUT", "/v1/batch/1-1?sha256=" + "0" * 64 + "&size=1"),
        ):
            status, content = request(served, method, target, Authorization=authorization)
            assert status == 401
            assert content["code"] in {"wrong_signature", "unknown_device", "unknown_county"}
            assert "have" not in content
    assert request(served, "GET", "/v1/health")[0] == 200


def test_a_signature_for_one_request_does_not_open_another(desk: Journal, served: Served) -> None:
    desk.unit()
    sync(desk, served)
    signature = desk.station.keys.sign("petition-desk/request/1", b"GET /v1/status").hex()
    authorization = f"PetitionDesk {COUNTY}/1/{signature}"
    assert request(served, "GET", "/v1/status", Authorization=authorization)[0] == 200
    assert request(served, "GET", "/v1/digests", Authorization=authorization)[0] == 401


def test_bad_uploads_get_a_cause(desk: Journal, served: Served) -> None:
    desk.unit()
    sync(desk, served)

    def put(target: str, body: bytes) -> tuple[int, dict]:
        signature = desk.station.keys.sign("petition-desk/request/1", f"PUT {target}".encode()).hex()
        return request(served, "PUT", target, body, Authorization=f"PetitionDesk {COUNTY}/1/{signature}")

    name = "/v1/batch/1-1?sha256=" + hashlib.sha256(b"").hexdigest()
    assert put("/v1/batch/1-1", b"x")[1]["code"] == "altered"
    assert put(f"{name}&size=999999999999", b"x")[1]["code"] == "too_large"
    assert put(f"{name}&size=3", b"xyz")[1]["code"] == "not_a_batch"
    assert put(f"{name}&size=3", b"xyzzy")[1]["code"] == "altered"
    assert put(f"{name}&size=3&offset=2", b"z")[1] == {"state": "partial", "have": 0}
    assert put(f"{name}&size=3&offset=0", b"xy")[1] == {"state": "partial", "have": 2}
    assert put(f"{name}&size=3&offset=0", b"xyz")[0] == 409
    assert put(f"{name}&size=3&offset=2", b"z")[1]["code"] == "not_a_batch"
    assert put(f"{name}&size=3&offset=0", b"xy")[1] == {"state": "partial", "have": 2}, "a spoiled upload begins anew"


def test_a_disagreement_names_table_and_month_and_row(desk: Journal, served: Served) -> None:
    first, second = (entry.hlc for entry in desk.units(2))
    sync(desk, served)
    desk.connection.execute("UPDATE digest SET sum=zeroblob(32)")
    desk.connection.execute("UPDATE unit SET name='另一个名称' WHERE born=?", (second,))
    desk.unit()
    report = sync(desk, served)
    assert report.trouble_code == "disagreement"
    assert report.trouble is not None
    assert "Unit 2026-" in report.trouble.en
    assert "concerned: Unit 1-2" in report.trouble.en
    assert "涉及：单位 1-2" in report.trouble.zh
    assert report.agreement is not None
    assert [(row.table, row.name, row.here, row.there) for row in report.agreement.rows] == [
        ("unit", "1-2", True, True)
    ]
    assert first < second


def test_a_hub_from_an_old_backup_is_told_and_can_be_sent_everything_again(
    desk: Journal, served: Served, tmp_path: Path
) -> None:
    desk.units(4)
    sync(desk, served)
    served.stop()
    other = tmp_path / "emptied"
    served.folder.rename(other)
    with Hub.open(other) as hub, hub.writing() as connection:
        for table in storage.metadata.tables.values():
            if table is not storage.meta:
                connection.execute(table.delete())
    again = Served(other)
    try:
        with Hub.open(other) as hub:
            answer = joining.accept_offer(
                desk, registry.offer(hub, COUNTY, address=again.address), at=datetime(2026, 6, 2, tzinfo=UTC)
            )
            registry.enrol(hub, answer)
        report = sync(desk, again)
        assert report.trouble_code == "hub_behind"
        desk.run(lambda connection: outbox.send_again_from(connection, 1))
        assert sync(desk, again).quiet
    finally:
        again.stop()


def test_a_port_that_is_taken_is_told(served: Served, tmp_path: Path) -> None:
    from sync.hub.server import serve

    Hub.create(tmp_path / "second", city=CITY, address="https://x").close()
    with pytest.raises(errors.StorageError, match=str(served.port)):
        serve(tmp_path / "second", host="127.0.0.1", port=served.port, on_ready=lambda *_: None)


def test_a_cancelled_round_keeps_what_was_done(desk: Journal, served: Served) -> None:
    desk.units(2500)
    asked = iter([False, True])
    report = sync(desk, served, cancelled=lambda: next(asked))
    assert (report.sent_batches, report.unsent, report.trouble) == (1, 1500, None)
    assert sync(desk, served).quiet


class Watching(HttpsCarrier):
    """Notes which batches the desk had made when an answer came."""

    def __init__(self, desk: Journal, served: Served) -> None:
        super().__init__(served.address, served.ready["certificate"], waits_s=(0.0, 0.0), timeout_s=20)
        self.desk = desk
        self.made: list[list[int]] = []

    def send(self, station, batch, holds=None):
        reply = super().send(station, batch, holds)
        rows = self.desk.connection.execute("SELECT first FROM sync_batch ORDER BY first").fetchall()
        self.made.append([first for (first,) in rows])
        return reply


def test_the_next_batch_is_made_while_the_hub_works_on_this_one(desk: Journal, served: Served) -> None:
    desk.units(2500)
    with Watching(desk, served) as carrier:
        report = run_once(desk, carrier)
    assert carrier.made == [[1, 1001], [1001, 2001], [2001]]
    assert (report.sent_batches, report.quiet) == (3, True)


def test_what_was_made_ahead_is_sent_as_it_is_when_the_line_breaks_before_its_turn(
    desk: Journal, served: Served
) -> None:
    desk.units(2500)
    asked = iter([False, True])
    sync(desk, served, cancelled=lambda: next(asked))
    ahead = desk.connection.execute("SELECT first, last, sha256 FROM sync_batch").fetchall()
    assert [(first, last) for first, last, _ in ahead] == [(1001, 2000)]
    desk.units(10)
    assert sync(desk, served).receipted == 2510
    with Hub.open(served.folder) as hub, hub.reading() as connection:
        kept = connection.execute(storage.batch.select().order_by(storage.batch.c.first)).all()
    assert [(row.first, row.last) for row in kept] == [(1, 1000), (1001, 2000), (2001, 2510)]
    assert kept[1].sha256 == ahead[0][2]
