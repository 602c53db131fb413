"""Desks, hub, line and stick as one machine: entries are made, sent, lost, repeated, reordered, cut; programs stumble
and restart.

Invariants: a receipt never speaks of what the hub does not hold; the outbox empties by receipts only; when all is
quiet nothing is lost, nothing is there twice, and the digests agree. `HYPOTHESIS_PROFILE=thorough` searches wider.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from models import arrivals
from models.arrivals import Arrived
from models.errors import HubUnreachableError
from models.journal import Entry
from sync import causes, outbox
from sync.carriers import CutShortError, Digests, News, Reply
from sync.carriers.folder import FolderCarrier
from sync.hub import checks, down, place, registry, sticks
from sync.hub.hub import Hub
from sync.outbox import EnrolledHub, Pending, desk_buckets
from sync.port import Connection, Station, T
from sync.round import run_once
from tests.postgres import Cluster
from tests.sync.conftest import CITY, COUNTY, Journal, enrol


class Stumble(BaseException):
    """Stands for a kill: nothing may catch it."""


class Wire:
    """A line to the hub in this process that can lose a request, lose an answer, or deliver twice."""

    answers = True
    way = "wire"

    def __init__(self, hub: Hub, fault: str, sent: list[bytes]) -> None:
        self.hub, self.fault, self.sent = hub, fault, sent

    def _lose(self, what: str) -> None:
        if self.fault == what:
            self.fault = ""
            raise HubUnreachableError("断线", "the line broke")

    def enrol(self, hub: EnrolledHub, station: Station) -> None:
        self._lose("request")
        registry.enrol(self.hub, hub.answer)

    def collect(self, station: Station, after: int, holds: Mapping[int, int]) -> News:
        self._lose("request")
        known = down.status(self.hub, station.county, station.device, after=after, holds=holds, epoch=station.epoch)
        documents = (("wire", known.newest),) if known.newest else ()
        self._lose("answer")
        return News(
            documents=documents,
            have=known.have,
            head=known.head,
            down=dict(known.down),
            digest=known.digest,
            lacks={number: (last, head) for number, last, head in known.lacks},
            city=known.city,
            elsewhere=dict(known.elsewhere),
        )

    def send(self, station: Station, batch: Pending, holds: Mapping[int, int] | None = None) -> Reply:
        self._lose("request")
        self.sent.append(batch.data)
        outcome = self.hub.ingest(batch.data)
        if self.fault == "twice":
            outcome = self.hub.ingest(batch.data)
        self._lose("answer")
        documents = tuple(("wire", document) for document in outcome.documents)
        return Reply(
            state=outcome.state,
            documents=documents,
            missing=outcome.missing,
            code=outcome.code,
            message=outcome.message,
            down=None if holds is None else dict(down.behind(self.hub, station.county, holds)),
        )

    def fetch(self, station: Station, author: int, after: int, part: bytes) -> bytes:
        self._lose("request")
        relays = down.relays(self.hub, station.county, station.device, author, after)
        stream = b"".join(relay.data for relay in relays)
        if self.fault == "answer":
            self.fault = ""
            raise CutShortError(HubUnreachableError("断线", "the line broke"), stream[: len(stream) // 2])
        return stream

    def tell(self, station: Station, said: bytes) -> None:
        pass

    def digests(self, station: Station) -> Digests | None:
        buckets, holds = down.digests(self.hub, station.county)
        return Digests(buckets=buckets, holds=dict(holds))

    def rows(self, station: Station, table: str, month: str) -> list[tuple[int, int, str]] | None:
        return down.rows_of(self.hub, station.county, table, month)

    def close(self) -> None:
        pass


class StumblingPort:
    """A register whose program is killed at its n-th step, before or after the step took effect."""

    def __init__(self, journal: Journal, steps: int, after: bool) -> None:
        self.journal, self.steps, self.after = journal, steps, after
        self.station = journal.station

    def run(self, work: Callable[[Connection], T]) -> T:
        return self._step(lambda: self.journal.run(work))

    def with_register(self, work: Callable[[Any], T]) -> T:
        return self._step(lambda: self.journal.with_register(work))

    def arrive(self, entries: Sequence[Entry], *, at: datetime, way: str, bulk: bool) -> Arrived:
        return self._step(lambda: self.journal.arrive(entries, at=at, way=way, bulk=bulk))

    def finish_bulk(self, progress: Callable[[int, int], None]) -> None:
        self._step(lambda: self.journal.finish_bulk(progress))

    def _step(self, work: Callable[[], T]) -> T:
        self.steps -= 1
        if self.steps == 0 and not self.after:
            raise Stumble
        result = work()
        if self.steps == 0:
            raise Stumble
        return result


class SyncMachine(RuleBasedStateMachine):
    desks = st.integers(0, 1)

    def new_hub(self) -> Hub:
        return Hub.create(self.folder / "hub", city=CITY, address="https://127.0.0.1:1")

    def gone(self) -> None:
        """Called when the hub is closed for good."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="petition-desk-sync-"))
        self.hub = self.new_hub()
        self.journals = [Journal(device=number + 1) for number in range(2)]
        first, second = self.journals
        first.knows(second)
        second.knows(first)
        for journal in self.journals:
            enrol(journal, self.hub)
        self.sticks = [self.folder / "stick-a", self.folder / "stick-b"]
        for stick in self.sticks:
            stick.mkdir()
        self.sent: list[bytes] = []
        self.made: set[str] = set()

    @rule(desk=desks, count=st.integers(1, 4))
    def write(self, desk: int, count: int) -> None:
        for _ in range(count):
            name = f"{desk}-{len(self.made)}"
            self.made.add(name)
            self.journals[desk].unit(name)

    @rule(desk=desks, data=st.data())
    def edit(self, desk: int, data: st.DataObject) -> None:
        journal = self.journals[desk]
        if journal.rows:
            table, row = data.draw(st.sampled_from(sorted(journal.rows)))
            journal.act(journal.update(table, row, short=data.draw(st.sampled_from(["甲", "乙", None]))))

    @rule(desk=desks, fault=st.sampled_from(["", "", "request", "answer", "twice"]))
    def by_line(self, desk: int, fault: str) -> None:
        report = run_once(self.journals[desk], Wire(self.hub, fault, self.sent))
        assert report.trouble_code in ("", "HubUnreachableError"), report
        if fault in ("", "twice"):
            assert report.unsent == 0

    @rule(desk=desks, stick=st.integers(0, 1))
    def by_stick(self, desk: int, stick: int) -> None:
        report = run_once(self.journals[desk], FolderCarrier(self.sticks[stick]))
        assert report.trouble_code in ("", *causes.codes()), report

    @rule(stick=st.integers(0, 1))
    def hub_reads(self, stick: int) -> None:
        sticks.read_folder(self.hub, self.sticks[stick])

    @rule(stick=st.integers(0, 1))
    def hub_writes(self, stick: int) -> None:
        sticks.write_folder(self.hub, self.sticks[stick])

    @rule(stick=st.integers(0, 1), data=st.data())
    def spoil_a_file(self, stick: int, data: st.DataObject) -> None:
        files = sorted(path for path in self.sticks[stick].rglob("*.*") if path.is_file())
        if files:
            path = data.draw(st.sampled_from(files))
            content = path.read_bytes()
            place = data.draw(st.integers(0, len(content) - 1))
            if data.draw(st.booleans()):
                path.write_bytes(content[:place])
            else:
                path.write_bytes(content[:place] + bytes([content[place] ^ 0x40]) + content[place + 1 :])

    @rule(data=st.data())
    def an_old_batch_comes_again(self, data: st.DataObject) -> None:
        if self.sent:
            assert self.hub.ingest(data.draw(st.sampled_from(self.sent))).state in ("receipted", "waiting")

    @rule(desk=desks, data=st.data())
    def a_later_part_comes_first(self, desk: int, data: st.DataObject) -> None:
        from sync.batch import write_batch

        journal = self.journals[desk]
        if journal.seq:
            first = data.draw(st.integers(1, journal.seq))
            last = data.draw(st.integers(first, journal.seq))
            batch = write_batch(
                journal.entries(first, last), county=COUNTY, epoch=1, keys=journal.station.keys, hub=self.hub.public
            )
            self.sent.append(batch)
            assert self.hub.ingest(batch).state in ("receipted", "waiting")

    @rule(desk=desks, steps=st.integers(1, 24), after=st.booleans(), line=st.booleans())
    def the_desk_is_killed(self, desk: int, steps: int, after: bool, line: bool) -> None:
        carrier: Any = Wire(self.hub, "", self.sent) if line else FolderCarrier(self.sticks[0])
        try:
            run_once(StumblingPort(self.journals[desk], steps, after), carrier)
        except Stumble:
            assert not self.journals[desk].connection.in_transaction

    @rule()
    def the_hub_restarts(self) -> None:
        self.hub.close()
        self.hub = Hub.open(self.folder / "hub")

    @invariant()
    def a_receipt_speaks_only_of_what_the_hub_holds(self) -> None:
        if not hasattr(self, "hub"):
            return
        for journal in self.journals:
            receipted = outbox.enrolled_hub(journal.connection).receipted
            position = self.hub.position(COUNTY, journal.station.device)
            assert receipted <= position.have <= journal.seq
            if position.have:
                assert position.head == journal.entries(position.have, position.have)[0].hash

    def teardown(self) -> None:
        if not hasattr(self, "hub"):
            return
        try:
            self._all_is_quiet()
        finally:
            self.hub.close()
            self.gone()
            for journal in self.journals:
                journal.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _all_is_quiet(self) -> None:
        for journal in self.journals:
            report = run_once(journal, Wire(self.hub, "", self.sent))
            assert (report.unsent, report.handed, report.trouble) == (0, 0, None)
            assert journal.connection.execute("SELECT count(*) FROM sync_batch").fetchone() == (0,)
        for journal in self.journals:  # the first has not met yet what the second sent after it
            report = run_once(journal, Wire(self.hub, "", self.sent))
            assert report.quiet, report
            assert report.agreement is None or report.agreement.whole
        for journal in self.journals:
            held = {device: last for device, (last, _) in arrivals.held(journal.connection).items()}
            assert held == {one.station.device: one.seq for one in self.journals if one.seq}
            assert self.hub.digests(COUNTY) == desk_buckets(journal.connection)
            assert journal.connection.execute("SELECT count(*) FROM sync_part").fetchone() == (0,)
        verdict = checks.verify(self.hub)
        assert verdict.faults == []
        assert verdict.entries == sum(journal.seq for journal in self.journals)
        assert verdict.rows == len(self.made)


SyncMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestSync = SyncMachine.TestCase


def test_the_same_on_a_server(server: Cluster) -> None:
    class OnAServer(SyncMachine):
        def new_hub(self) -> Hub:
            self.database = server.borrow("first")
            place.make(self.folder / "hub", city=CITY, address="https://127.0.0.1:1", database_url=self.database)
            return Hub.open(self.folder / "hub")

        def gone(self) -> None:
            server.give_back(self.database)

    run_state_machine_as_test(
        OnAServer,
        settings=settings(SyncMachine.TestCase.settings, max_examples=max(5, settings().max_examples // 20)),
    )
