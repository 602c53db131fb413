"""The way down under faults: cut, altered, forged, waiting, forked; the quiet round; sealed payloads."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa

from models import arrivals
from models.device import CITY
from models.errors import HubUnreachableError
from models.journal import OPAQUE, SEALED, Change
from sync import comparing, outbox, relay
from sync.batch import head_lines, write_batch
from sync.carriers import CutShortError
from sync.carriers.folder import FolderCarrier
from sync.carriers.https import HttpsCarrier
from sync.causes import RefusedError
from sync.holds import HUB, Holds, compact, from_compact, newer_of, read_holds, write_holds
from sync.hub import checks, cityjournal, down, sticks, storage
from sync.hub.hub import Hub
from sync.round import run_once
from tests.sync.conftest import COUNTY, Journal, Served, enrol, held, new_keys
from tests.sync.test_examples import example
from tests.sync.test_line import Cutter, line, sync
from tests.sync.test_stateful import Wire

Pair = tuple[Journal, Journal]


@pytest.fixture
def pair(hub: Hub) -> Iterator[Pair]:
    """Two workstations that know each other, enrolled."""
    first, second = Journal(device=1), Journal(device=2)
    first.knows(second)
    second.knows(first)
    for one in (first, second):
        enrol(one, hub)
    yield first, second
    for one in (first, second):
        one.close()


@pytest.fixture
def distant(served: Served) -> Iterator[Pair]:
    """The same, by line."""
    first, second = Journal(device=1), Journal(device=2)
    first.knows(second)
    second.knows(first)
    with Hub.open(served.folder) as hub:
        for one in (first, second):
            enrol(one, hub, address=served.address)
    yield first, second
    for one in (first, second):
        one.close()


def wire(hub: Hub) -> Wire:
    return Wire(hub, "", [])


def last_held(journal: Journal) -> dict[int, int]:
    return {author: last for author, (last, _) in arrivals.held(journal.connection).items()}


# --- the quiet round -------------------------------------------------------------------------------------------------


def test_a_round_with_nothing_to_do_is_one_small_question_and_answer(distant: Pair, served: Served) -> None:
    first, second = distant
    first.units(20)
    second.units(20)
    for one in (first, second, first):
        assert sync(one, served).quiet
    with line(served) as carrier:
        asked: list[str] = []
        real = carrier.request

        def request(method: str, target: str, *rest, **options):
            asked.append(f"{method} {target}")
            return real(method, target, *rest, **options)

        carrier.request = request  # type: ignore[method-assign]
        assert run_once(first, carrier).quiet
        asked.clear()
        took = []
        for _ in range(30):
            begun = time.perf_counter()
            report = run_once(first, carrier)
            took.append(time.perf_counter() - begun)
            assert (report.quiet, report.fetched, report.sent_entries) == (True, 0, 0)
        assert len(asked) == 30
        assert {target.partition("?")[0] for target in asked} == {"GET /v1/status"}
    assert sorted(took)[15] < 0.1, "generous: what it costs is measured by make bench"


def test_the_bytes_of_a_quiet_round(distant: Pair, served: Served) -> None:
    first, second = distant
    first.units(20)
    second.units(20)
    for one in (first, second, first, first):
        assert sync(one, served).quiet
    signature = "0" * 128
    target = f"/v1/status?after=20&epoch=1&holds={compact(last_held(first))}"
    asked = (
        f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nAccept-Encoding: identity\r\n"
        f"Authorization: PetitionDesk {COUNTY}/1/{signature}\r\n\r\n"
    )
    with line(served) as carrier:
        news = carrier.collect(first.station, 20, last_held(first))
    answered = orjson.dumps(
        {"have": 20, "head": "0" * 64, "missing": [], "waiting": 0, "documents": [], "down": [], "digest": news.digest}
    )
    headers = 120
    assert (news.down, news.documents) == ({}, ())
    assert len(asked) + headers + len(answered) < 1000


# --- cut, altered, forged --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", [200, 1500, 6000, 20_000])
def test_a_download_that_is_cut_goes_on_at_its_byte(distant: Pair, served: Served, cut: int) -> None:
    first, second = distant
    for _ in range(60):
        first.unit(os.urandom(400).hex())
    assert sync(first, served).quiet
    with line(served) as carrier:
        whole = carrier.fetch(second.station, 1, 0, b"")
        assert len(whole) > 20_000
        again = carrier.fetch(second.station, 1, 0, whole[:cut])
    assert again == whole, "the hub keeps what it has begun to hand down"
    cutter = Cutter(served.port, to_desk=cut + 2500)
    second.connection.execute("UPDATE sync_hub SET address=?", (f"https://127.0.0.1:{cutter.port}",))
    from sync.carriers.https import HttpsCarrier

    with HttpsCarrier(f"https://127.0.0.1:{cutter.port}", served.ready["certificate"], waits_s=()) as carrier:
        report = run_once(second, carrier)
        if report.trouble is not None:
            kept = second.connection.execute("SELECT length(data) FROM sync_part").fetchall()
            assert report.trouble_code in ("CutShortError", "HubUnreachableError")
            assert report.fetched == 0
            report = run_once(second, carrier)
            assert kept == [] or kept[0][0] < len(whole)
    cutter.close()
    assert (report.trouble, report.fetched) == (None, 60)
    assert second.connection.execute("SELECT count(*) FROM sync_part").fetchone() == (0,)


def test_the_hub_lets_go_of_relays_that_are_held(distant: Pair, served: Served) -> None:
    first, second = distant
    first.units(5)
    assert sync(first, served).quiet
    assert sync(second, served).fetched == 5
    assert sync(second, served).quiet
    served.stop()
    with Hub.open(served.folder) as hub, hub.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(storage.relay)).scalar_one() == 0
        told = down.told(hub, COUNTY, 2)
        assert told is not None
        assert {author: last for author, last in told.holds.items() if last} == {1: 5}


def test_what_the_hub_alters_or_forges_is_not_taken(pair: Pair, hub: Hub) -> None:
    first, second = pair
    first.units(2)
    assert run_once(first, wire(hub)).quiet
    station, keys = second.station, second.station.keys
    (good,) = (one.data for one in down.relays(hub, COUNTY, 2, 1, 0))

    def opened(data: bytes, key: bytes | None = first.station.keys.public().sign) -> str:
        try:
            relay.open_relay(data, keys=keys, county=COUNTY, hub=hub.key_id, sign_key_of=lambda _author: key)
        except RefusedError as error:
            return error.code
        return "taken"

    assert opened(good) == "taken"
    assert opened(good, None) == "unknown_author"
    assert opened(good, new_keys().public().sign) == "wrong_signature"
    for place in (25, len(good) // 2, len(good) - 1):
        assert opened(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]) == "altered"
    assert opened(good[:-1]) == "cut"
    assert opened(good.replace(b"RELAY 1", b"RELAY 2")) == "newer"
    assert opened(b"PETITION-DESK-BATCH 1") == "not_a_batch"
    # The hub's own hand: entries that it made up, sealed rightly, under another's number.
    forged = write_batch(
        first.entries(),
        county=COUNTY,
        epoch=1,
        keys=hub.place.keys,
        hub=hub.public,
    )
    assert opened(relay.write_relay(forged, keys=hub.place.keys, to=keys.public())) == "wrong_signature"
    # Sealed to another workstation, or for another county.
    assert opened(relay.write_relay(forged, keys=hub.place.keys, to=first.station.keys.public())) == "other_receiver"
    elsewhere = write_batch(first.entries(), county="430182", epoch=1, keys=first.station.keys, hub=hub.public)
    assert opened(relay.write_relay(elsewhere, keys=hub.place.keys, to=keys.public())) == "other_county"
    assert station.county == COUNTY


def test_a_relay_of_less_than_nothing_is_refused_and_does_not_stop_the_reader() -> None:
    """Found by `make fuzz`: a stream was cut apart at the same byte for ever."""
    file = example("relay.relay")
    fields = {**orjson.loads(file.split(b"\n")[1]), "size": -(1 << 32)}
    with pytest.raises(RefusedError) as caught:
        relay.split(head_lines(relay.MAGIC, fields) + file.split(b"\n", 2)[2])
    assert caught.value.code == "altered"


def test_a_relay_spoiled_on_the_stick_is_told_and_written_anew(pair: Pair, hub: Hub, tmp_path: Path) -> None:
    first, second = pair
    first.units(3)
    for one in pair:
        run_once(one, FolderCarrier(tmp_path))
    sticks.read_folder(hub, tmp_path)
    assert sticks.write_folder(hub, tmp_path).relays == 1
    (path,) = (tmp_path / "to-desk" / COUNTY / "0002").iterdir()
    content = path.read_bytes()
    path.write_bytes(content[:-7] + b"spoiled")
    report = run_once(second, FolderCarrier(tmp_path))
    assert report.fetched == 0
    assert "SHA-256" in report.refused[0].en
    assert second.connection.execute("SELECT code FROM sync_aside").fetchall() == [("altered",)]
    path.write_bytes(content[: len(content) // 2])
    assert run_once(second, FolderCarrier(tmp_path)).fetched == 0
    assert sticks.write_folder(hub, tmp_path).relays == 1
    assert run_once(second, FolderCarrier(tmp_path)).fetched == 3


# --- streams that wait, and forks ------------------------------------------------------------------------------------


def test_entries_of_an_author_who_is_not_known_yet_wait_and_are_not_fetched_twice(pair: Pair, hub: Hub) -> None:
    first, second = pair
    first.units(2)
    assert run_once(first, wire(hub)).quiet
    second.connection.execute("DELETE FROM device")
    asked: list[int] = []

    class Counting(Wire):
        def fetch(self, station, author, after, part):
            asked.append(author)
            return super().fetch(station, author, after, part)

    for _ in range(2):
        report = run_once(second, Counting(hub, "", []))
        assert (report.trouble, report.fetched, report.down.waiting) == (None, 0, {1: 0})
    assert asked == [1]
    second.knows(first)
    assert run_once(second, Counting(hub, "", [])).fetched == 2
    assert asked == [1]


def test_a_sibling_that_went_on_from_an_old_backup_is_named(pair: Pair, hub: Hub) -> None:
    first, second = pair
    first.units(3)
    assert run_once(first, wire(hub)).quiet
    assert run_once(second, wire(hub)).fetched == 3
    # The hub was emptied and the sibling sent it another history.
    with hub.writing(COUNTY) as connection:
        for table in (storage.batch, storage.entry, storage.receipt, storage.digest, storage.ROWS["unit"]):
            connection.execute(table.delete())
        connection.execute(storage.device.update().values(have=0, head=bytes(32)))
    other = Journal(device=1, keys=first.station.keys)
    other.units(5)
    data = write_batch(other.entries(), county=COUNTY, epoch=2, keys=first.station.keys, hub=hub.public)
    assert hub.ingest(data).state == "receipted"
    report = run_once(second, wire(hub))
    assert report.fetched == 0
    assert "workstation 1" in report.refused[0].en
    assert second.connection.execute("SELECT code FROM sync_aside").fetchall() == [("fork_of",)]
    assert last_held(second) == {1: 3}
    other.close()


def test_a_hub_that_was_emptied_stops_the_round(pair: Pair, hub: Hub) -> None:
    first, _ = pair
    first.units(3)
    assert run_once(first, wire(hub)).quiet
    with hub.writing(COUNTY) as connection:
        for table in (storage.batch, storage.entry, storage.receipt, storage.digest, storage.ROWS["unit"]):
            connection.execute(table.delete())
        connection.execute(storage.device.update().values(have=0, head=bytes(32)))
    report = run_once(first, wire(hub))
    assert report.trouble_code == "hub_behind"
    outbox.send_again_from(first.connection, 1)
    assert run_once(first, wire(hub)).quiet
    assert hub.position(COUNTY, 1).have == 3


# --- what the hub cannot read, and the city --------------------------------------------------------------------------


def test_a_payload_sealed_by_key_passes_is_kept_counted_and_agreed_upon(pair: Pair, hub: Hub) -> None:
    first, second = pair
    first.unit()
    sealed = first.act(raw=OPAQUE + bytes(range(200)), act="sealed_act")
    first.unit()
    sent = run_once(first, wire(hub))
    assert sent.quiet
    report = run_once(second, wire(hub))
    assert (report.trouble, report.fetched) == (None, 3)
    (held,) = (
        row for row in second.connection.execute("SELECT payload, hash FROM entry WHERE device=1 AND seq=2").fetchall()
    )
    assert held == (sealed.payload, sealed.hash)
    buckets = hub.digests(COUNTY)
    assert buckets[SEALED, "2026-05"][0] == 1
    assert outbox.desk_buckets(first.connection) == outbox.desk_buckets(second.connection) == buckets
    with hub.reading() as connection:
        assert connection.execute(sa.select(storage.quarantine.c.seq)).all() == []
    assert checks.verify(hub).faults == []
    with hub.writing(COUNTY) as connection:
        connection.execute(storage.digest.update().where(storage.digest.c.table_name == SEALED).values(rows=5))
    assert [fault for fault in checks.verify(hub).faults if SEALED in fault[1]]


def test_the_citys_journal_comes_down_like_any_others(pair: Pair, hub: Hub) -> None:
    first, second = pair
    with cityjournal.act(hub, COUNTY, "send_notice", by="city") as act:
        act.insert("city_paper", {"kind": "notice", "title": "通知", "on_date": "2026-06-01", "organ": "测试市公安局"})
    report = run_once(first, wire(hub))
    assert (report.trouble, report.fetched) == (None, 1)
    assert last_held(first) == {CITY: 1}
    row = first.rows["city_paper", CITY << 32 | 1]
    assert row.values["title"] == "通知"
    first.unit()
    assert run_once(first, wire(hub)).quiet
    assert run_once(second, wire(hub)).fetched == 2
    assert outbox.desk_buckets(second.connection) == hub.digests(COUNTY)


def test_a_hub_whose_keys_write_another_table_for_the_city_lays_nothing_with_them(pair: Pair, hub: Hub) -> None:
    first, _ = pair
    first.unit()
    assert run_once(first, wire(hub)).quiet
    unit, rows = 1 << 32 | 1, held(hub, COUNTY, "unit")
    seen = first.rows["unit", unit].rev
    with cityjournal.act(hub, COUNTY, "send_notice", by="city") as act:
        act.changes.append(Change("unit", unit, seen, {"name": "改过的单位"}))
    assert held(hub, COUNTY, "unit") == rows
    with hub.reading() as connection:
        q = storage.quarantine
        assert connection.execute(sa.select(q.c.device, q.c.seq, q.c.code)).all() == [(CITY, 1, "not_the_citys")]
    assert checks.retry_quarantine(hub) == (0, 1)
    assert checks.verify(hub).faults == []


# --- comparing -------------------------------------------------------------------------------------------------------


def test_the_whole_comparison_by_line_and_by_receipt(distant: Pair, served: Served) -> None:
    first, _ = distant
    first.units(3)
    assert sync(first, served).quiet
    with line(served) as carrier:
        found = comparing.detail(first, carrier, at=datetime(2026, 6, 2, tzinfo=UTC))
    assert found is not None
    assert [(one.table, one.month, one.here, one.there, one.same) for one in found.lines] == [
        ("unit", "2026-05", 3, 3, True)
    ]
    assert found.holds_here == found.holds_there == {1: 3}
    by_receipt = comparing.detail(first, None, at=datetime(2026, 6, 2, tzinfo=UTC))
    assert by_receipt is not None
    assert [(one.table, one.month, one.same) for one in by_receipt.lines] == [("unit", "*", True)]
    assert found.outcome.whole
    assert by_receipt.outcome.whole


# --- what one holds --------------------------------------------------------------------------------------------------


def test_a_document_of_what_is_held_says_who_and_is_bound_to_them() -> None:
    keys = new_keys(3)
    said = Holds(county=COUNTY, device=2, epoch=3, holds={1: 5, CITY: 2}, heard={})
    data = write_holds(said, keys)
    public = keys.public().sign
    assert read_holds(data, sign_public=public, county=COUNTY, device=2) == said
    for county, device, key, code in (
        (COUNTY, 1, public, "other_county"),
        ("430182", 2, public, "other_county"),
        (COUNTY, 2, new_keys(4).public().sign, "wrong_signature"),
    ):
        with pytest.raises(RefusedError) as caught:
            read_holds(data, sign_public=key, county=county, device=device)
        assert caught.value.code == code
    for holds in ([[1]], [[1, "2"]], [[0, 1]], [[4096, 1]], [[1, -1]], [[1, 1 << 63]], ["x"], [[1, True]]):
        from sync.documents import sign_document
        from sync.holds import HOLDS

        fields = {"county": COUNTY, "device": 2, "epoch": 1, "holds": holds, "heard": []}
        with pytest.raises(RefusedError):
            read_holds(sign_document(HOLDS, fields, keys), sign_public=public, county=COUNTY, device=2)


def test_numbers_never_fall_within_an_epoch_and_a_later_epoch_counts() -> None:
    def said(epoch: int, **holds: int) -> Holds:
        numbers = {int(name[1:]): last for name, last in holds.items()}
        return Holds(county=COUNTY, device=1, epoch=epoch, holds=numbers)

    assert newer_of(None, said(1, d1=4)) == said(1, d1=4)
    assert newer_of(said(1, d1=4, d2=9), said(1, d1=6, d2=3)) == said(1, d1=6, d2=9)
    assert newer_of(said(1, d1=4), said(2, d1=1)) == said(2, d1=1)
    assert newer_of(said(2, d1=1), said(1, d1=4)) == said(2, d1=1)


def test_what_is_held_as_a_target_carries_it() -> None:
    for holds in ({}, {1: 120}, {1: 120, 2: 44, CITY: 3}):
        assert from_compact(compact(holds)) == holds
    assert compact({2: 1, 1: 0}) == "2.1"
    for text in ("", "1", "1.", "1.2-", "a.b", "1.2,3.4", "1.2" * 20000, "٣.١"):
        assert from_compact(text) is None
    assert from_compact("0.0") == {}
    assert HUB == 0


def test_what_a_workstation_asks_wrongly_is_refused_in_words(distant: Pair, served: Served) -> None:
    first, _ = distant
    with line(served) as carrier:
        for target in (
            "/v1/status?after=x",
            "/v1/status?holds=zzz",
            "/v1/down?device=-1&after=0",
            "/v1/rows?table=unit&month=2026-13",
        ):
            status, content = carrier.request("GET", target, first.station)
            assert (status, content["code"]) == (422, "altered"), target
        assert carrier.rows(first.station, "no_such_table", "2026-06") == []
        assert carrier.fetch(first.station, 77, 0, b"") == b""


def test_an_answer_of_no_bytes_leaves_the_connection_free(distant: Pair, served: Served) -> None:
    """Found by a repair that asks for several authors: the next question took half a second and another connection."""
    first, _ = distant
    first.unit()
    assert sync(first, served).quiet
    with HttpsCarrier(served.address, served.ready["certificate"], waits_s=()) as carrier:
        for _ in range(3):
            assert carrier.fetch(first.station, 1, 1000, b"") == b""
        assert len(carrier.fetch(first.station, 1, 0, b"")) > 1000


def test_a_cut_that_does_not_mend_is_told_with_what_came(distant: Pair, served: Served) -> None:
    first, second = distant
    for _ in range(60):
        first.unit(os.urandom(400).hex())
    assert sync(first, served).quiet
    cutter = Cutter(served.port, to_desk=25_000)
    from sync.carriers.https import HttpsCarrier

    with HttpsCarrier(f"https://127.0.0.1:{cutter.port}", served.ready["certificate"], waits_s=()) as carrier:
        with pytest.raises(CutShortError) as caught:
            carrier.fetch(second.station, 1, 0, b"")
        assert 1000 < len(caught.value.part) < 25_000
        whole = carrier.fetch(second.station, 1, 0, caught.value.part)
    cutter.close()
    assert whole.startswith(caught.value.part)
    assert len(relay.split(whole)[0]) == 1


def test_an_offer_is_not_needed_to_hear_of_what_is_held(pair: Pair, hub: Hub) -> None:
    first, _ = pair
    data = write_holds(Holds(county=COUNTY, device=1, epoch=1, holds={2: 3}), first.station.keys)
    down.take_holds(hub, data, county=COUNTY, device=1, what="x")
    told = down.told(hub, COUNTY, 1)
    assert told is not None
    assert {author: last for author, last in told.holds.items() if last} == {2: 3}
    with pytest.raises(RefusedError):
        down.take_holds(hub, data, county=COUNTY, device=9, what="x")
    document = down.holds_document(hub, COUNTY)
    said = read_holds(document, sign_public=hub.public.sign, county=COUNTY, device=HUB)
    assert dict(said.heard) == {1: 1}


def test_a_hub_that_says_when_to_come_back_is_obeyed_and_the_waiting_ends(served: Served) -> None:
    waited: list[float] = []
    from sync.carriers.https import LONGEST_WAIT_S, HttpsCarrier

    carrier = HttpsCarrier(served.address, served.ready["certificate"], waits_s=(0.5, 2.0), sleep=waited.append)
    answers = iter([(429, 7.0), (429, 1.0), (200, 0.0)])

    def attempt() -> tuple[int, object]:
        status, carrier._retry_after_s = next(answers)
        return status, {}

    assert carrier.patiently(attempt) == (200, {})
    assert waited == [7.0, 2.0]
    answers = iter([(429, LONGEST_WAIT_S)] * 3)
    waited.clear()
    with pytest.raises(HubUnreachableError, match="HTTP 429"):
        carrier.patiently(attempt)
    assert waited == [LONGEST_WAIT_S, LONGEST_WAIT_S]


def test_attempts_that_get_further_do_not_count(served: Served) -> None:
    from sync.carriers.https import HttpsCarrier

    carrier = HttpsCarrier(served.address, served.ready["certificate"], waits_s=(0.0,), sleep=lambda _s: None)
    reached = 0

    def attempt() -> tuple[int, object]:
        nonlocal reached
        if reached < 50:
            reached += 1
            raise ConnectionResetError
        if reached == 50:
            reached = 51
            return 200, None
        raise ConnectionResetError

    assert carrier.patiently(attempt, reached=lambda: reached) == (200, None)
    with pytest.raises(HubUnreachableError):
        carrier.patiently(attempt, reached=lambda: reached)
