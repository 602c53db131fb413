"""What is the server engine's own: who waits for whom, what is told of a server, and that nothing of it is guessed.

That it does all that the file does is shown by the other tests, which run on both.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from models import errors
from sync.batch import write_batch
from sync.carriers.https import HttpsCarrier
from sync.hub import checks, place, postgres, storage
from sync.hub.hub import Hub
from sync.hub.server import serve
from sync.round import run_once
from tests.postgres import Cluster
from tests.sync.conftest import CITY, COUNTY, Journal, Served, enrol, new_hub
from tests.sync.test_line import request

ANOTHER = "430182"


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return new_hub(tmp_path / "hub", "postgresql", request)


def both(error: BaseException) -> str:
    assert isinstance(error, errors.RegisterError)
    return error.message.zh + error.message.en


def test_every_table_of_a_county_is_spread_by_the_county(folder: Path) -> None:
    with Hub.open(folder) as hub, hub.reading() as connection:
        parts = dict(
            connection.exec_driver_sql(
                "SELECT parent.relname, count(*) FROM pg_inherits JOIN pg_class parent ON parent.oid=inhparent"
                " WHERE parent.relkind='p' GROUP BY 1"
            ).all()
        )
    assert parts == {name: postgres.PARTITIONS for name in storage.metadata.tables if name != storage.meta.name}


def test_two_workers_write_two_counties_side_by_side_and_one_county_in_turn(folder: Path) -> None:
    with Hub.open(folder) as one, Hub.open(folder) as other:
        order: list[str] = []

        def write(county: str) -> None:
            with other.writing(county):
                order.append(county)

        with one.writing(COUNTY):
            free = threading.Thread(target=write, args=(ANOTHER,))
            free.start()
            free.join(20)
            assert order == [ANOTHER], "the other county does not wait"
            waits, whole = (threading.Thread(target=write, args=(county,)) for county in (COUNTY, ""))
            waits.start()
            whole.start()
            time.sleep(0.5)
            assert order == [ANOTHER], "the same county waits, and so does what touches all"
        waits.join(20)
        whole.join(20)
        assert sorted(order) == ["", COUNTY, ANOTHER]


def test_workers_that_take_the_same_batches_at_once_count_each_once(folder: Path) -> None:
    journal = Journal()
    with Hub.open(folder) as first:
        enrol(journal, first)
        journal.units(40)
        batches = [
            write_batch(
                journal.entries(at, at + 3), county=COUNTY, epoch=1, keys=journal.station.keys, hub=first.public
            )
            for at in range(1, 41, 4)
        ]

        def work() -> None:
            with Hub.open(folder) as worker:
                for batch in batches:
                    worker.ingest(batch)

        workers = [threading.Thread(target=work) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        assert first.position(COUNTY, 1).have == 40
        verdict = checks.verify(first)
        assert (verdict.entries, verdict.faults) == (40, [])


def test_a_reader_sees_one_state_while_others_write(folder: Path) -> None:
    journal = Journal()
    with Hub.open(folder) as hub:
        enrol(journal, hub)
        with hub.reading() as connection:
            count = sa.select(sa.func.count()).select_from(storage.ROWS["unit"])
            assert connection.execute(count).scalar_one() == 0
            journal.unit()
            hub.ingest(
                write_batch(journal.entries(), county=COUNTY, epoch=1, keys=journal.station.keys, hub=hub.public)
            )
            assert connection.execute(count).scalar_one() == 0
        with hub.reading() as connection:
            assert connection.execute(count).scalar_one() == 1


def test_a_database_of_an_earlier_version_is_brought_up(folder: Path) -> None:
    with Hub.open(folder) as hub, hub.writing() as connection:
        connection.exec_driver_sql("DROP TABLE key_case")
        connection.exec_driver_sql("ALTER TABLE task DROP COLUMN given_by")
        connection.execute(sa.update(storage.meta).values(value="2"))
    with Hub.open(folder) as hub, hub.reading() as connection:
        assert storage.version_of(connection) == storage.VERSION
        inspected = sa.inspect(connection)
        assert inspected.has_table(f"key_case__{postgres.PARTITIONS - 1}")
        assert "given_by" in {column["name"] for column in inspected.get_columns("task")}


def test_a_newer_database_is_left_alone(folder: Path) -> None:
    with Hub.open(folder) as hub, hub.writing() as connection:
        connection.execute(sa.update(storage.meta).values(value="99"))
    with pytest.raises(errors.RegisterNewerError):
        Hub.open(folder)


@pytest.mark.parametrize("url", ["sqlite:///x", "postgresql://host", "host/name", ""])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(errors.InputError, match="postgresql://"):
        postgres.check_url(url)


def test_a_second_hub_is_not_made_in_a_database_that_has_one(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.StorageError, match="已有汇集中心"):
        Hub.create(tmp_path / "second", city=CITY, address="https://x", database=place.find(folder).database_url)
    assert not (tmp_path / "second").exists()


def test_a_database_without_a_hub_is_told(folder: Path, server: Cluster, tmp_path: Path) -> None:
    empty = server.new_database()
    place.make(tmp_path / "second", city=CITY, address="https://x", database_url=empty)
    with pytest.raises(errors.NoRegisterError):
        Hub.open(tmp_path / "second")


def test_a_server_that_is_not_there_is_told_and_no_password_with_it(tmp_path: Path) -> None:
    with pytest.raises(errors.StorageError) as refused:
        Hub.create(tmp_path / "hub", city=CITY, address="https://x", database="postgresql://me:geheim@127.0.0.1:1/name")
    assert "127.0.0.1" in both(refused.value)
    assert "geheim" not in both(refused.value)
    assert not (tmp_path / "hub").exists()


def test_a_connection_that_the_server_cut_is_made_anew(folder: Path) -> None:
    journal = Journal()
    with Hub.open(folder) as hub:
        enrol(journal, hub)
        with psycopg.connect(place.find(folder).database_url, autocommit=True) as keeper:
            keeper.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid<>pg_backend_pid()"
                " AND datname=current_database()"
            )
        journal.unit()
        done: Any = hub.ingest(
            write_batch(journal.entries(), county=COUNTY, epoch=1, keys=journal.station.keys, hub=hub.public)
        )
        assert done.state == "receipted"


def test_a_connection_that_is_cut_in_the_middle_of_a_batch_leaves_nothing_half_applied(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal()
    with Hub.open(folder) as hub:
        enrol(journal, hub)
        journal.units(5)
        batch = write_batch(journal.entries(), county=COUNTY, epoch=1, keys=journal.station.keys, hub=hub.public)
        keep = Hub._keep

        def cut(self: Hub, connection: sa.Connection, *words: Any) -> None:
            own = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            with psycopg.connect(self.place.database_url, autocommit=True) as keeper:
                keeper.execute("SELECT pg_terminate_backend(%s)", (own,))
            keep(self, connection, *words)

        with monkeypatch.context() as patched:
            patched.setattr(Hub, "_keep", cut)
            with pytest.raises(errors.StorageError, match="没有应答"):
                hub.ingest(batch)
        assert hub.position(COUNTY, 1).have == 0
        with hub.reading() as connection:
            for table in (storage.batch, storage.entry, storage.receipt, storage.digest, storage.ROWS["unit"]):
                assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 0, table.name
        assert hub.ingest(batch).state == "receipted"
        assert checks.verify(hub).faults == []


def test_a_database_that_is_gone_is_answered_503_and_taken_up_again(server: Cluster, tmp_path: Path) -> None:
    name = "gone_and_back"
    url = server.new_database(name, template="first")
    place.make(tmp_path / "hub", city=CITY, address="https://x", database_url=url)
    served = Served(tmp_path / "hub")
    journal = Journal()
    try:
        with Hub.open(served.folder) as hub:
            enrol(journal, hub, address=served.address)
        journal.unit()
        with psycopg.connect(server.url("postgres"), autocommit=True) as keeper:
            keeper.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            keeper.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname=%s", (name,))
            status, told = request(served, "GET", "/v1/health")
            assert (status, told["code"], told["state"]) == (503, "storage", "unavailable")
            assert told["zh"]
            assert told["en"]
            with HttpsCarrier(served.address, served.ready["certificate"], waits_s=()) as line:
                assert run_once(journal, line).unsent == 1
            keeper.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        with HttpsCarrier(served.address, served.ready["certificate"], waits_s=()) as line:
            assert run_once(journal, line).quiet
    finally:
        assert served.stop() == 0


def test_opening_a_hub_waits_for_no_writer(folder: Path) -> None:
    with Hub.open(folder) as hub, hub.writing(COUNTY):
        opened = threading.Thread(target=lambda: Hub.open(folder).close(), daemon=True)
        opened.start()
        opened.join(10)
        assert not opened.is_alive()


def test_several_workers_share_one_port_and_one_that_dies_is_replaced(folder: Path) -> None:
    served = Served(folder, workers=3)
    try:
        first = children(served)
        assert len(first) == 3
        journal = Journal()
        with Hub.open(folder) as hub:
            enrol(journal, hub, address=served.address)
        for _ in range(4):
            journal.units(3)
            carrier = HttpsCarrier(served.address, served.ready["certificate"])
            assert run_once(journal, carrier).quiet
            carrier.close()
        os.kill(first[0], signal.SIGKILL)
        until(lambda: len(children(served)) == 3 and first[0] not in children(served))
        journal.units(3)
        carrier = HttpsCarrier(served.address, served.ready["certificate"])
        assert run_once(journal, carrier).quiet
        carrier.close()
    finally:
        workers = children(served)
        assert served.stop() == 0
    assert not [worker for worker in workers if Path(f"/proc/{worker}").exists()]
    with Hub.open(folder) as hub:
        assert checks.verify(hub).faults == []
        assert hub.position(COUNTY, 1).have == 15


def test_several_workers_are_not_for_the_one_file(file_hub: Hub) -> None:
    with pytest.raises(errors.InputError, match="petition-hub move"):
        serve(file_hub.place.folder, host="127.0.0.1", port=0, on_ready=lambda *_: None, workers=2)


def children(served: Served) -> list[int]:
    found = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children").read_text()
    return [int(number) for number in found.split()]


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    last = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < last
        time.sleep(0.05)
