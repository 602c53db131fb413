"""The way down, with real registers: two desks of a county and a hub, by line and by stick, on both engines."""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from models import attachments, backup, fetching
from models.errors import InputError, MustFetchError, NotAllowedError
from models.records import AttachmentDraft
from models.register import EPOCH_IDS, Register
from models.verify import verify
from sync import filestate, joining, siblings
from sync.carriers.folder import FolderCarrier
from sync.carriers.https import HttpsCarrier
from sync.hub import checks, down, registry, sticks
from sync.hub.hub import Hub
from sync.port import RegisterPort
from sync.repair import Repaired, repair
from sync.round import SyncReport, run_once
from tests.sync.conftest import COUNTY, Served
from tests.sync.desks import AT, PASSPHRASE, amend, enrol, first_desk, reopened, sibling_of, tables, visit
from tests.sync.test_stateful import Wire

Pair = tuple["Desk", "Desk"]


class Desk:
    """A register with its port, and its rounds by line or by stick."""

    def __init__(self, register) -> None:
        self.register = register
        self.port = RegisterPort(register)
        self.authors: dict[int, bytes] = {}

    def by_line(self, served: Served, **options) -> SyncReport:
        with HttpsCarrier(
            served.address, served.ready["certificate"], waits_s=(0.0, 0.0), timeout_s=20, **options
        ) as carrier:
            return run_once(self.port, carrier, authors=self.authors)

    def by_stick(self, stick: Path, **options) -> SyncReport:
        return run_once(self.port, FolderCarrier(stick), authors=self.authors, **options)

    def reopen(self) -> None:
        self.register = reopened(self.register)
        self.port = RegisterPort(self.register)


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Pair]:
    first = Desk(first_desk(tmp_path / "one.register"))
    second = Desk(sibling_of(first.register, tmp_path / "two.register", 2))
    second.authors = {1: first.port.station.keys.public().sign}
    yield first, second
    for desk in (first, second):
        desk.register.close()


@pytest.fixture
def on_line(desks: Pair, served: Served) -> Pair:
    with Hub.open(served.folder) as hub:
        for desk in desks:
            offer = registry.offer(hub, COUNTY, address=served.address)
            joining.accept_offer(desk.port, offer, at=AT)
    return desks


@pytest.fixture
def by_hand(desks: Pair, hub: Hub) -> Pair:
    for desk in desks:
        enrol(desk.register, hub)
    return desks


@pytest.fixture
def on_file(desks: Pair, file_hub: Hub) -> Pair:
    """With one engine, for what is the desk's side only."""
    for desk in desks:
        enrol(desk.register, file_hub)
    return desks


def same(desks: Pair) -> None:
    """The two have the same rows, and each verifies."""
    one, two = (tables(desk.register) for desk in desks)
    for name in one:
        assert one[name] == two[name], name
    for desk in desks:
        assert [check for check in verify(desk.register) if not check.holds] == []


def test_two_desks_exchange_all_by_line(on_line: Pair, served: Served) -> None:
    first, second = on_line
    for number in range(3):
        visit(first.register, number)
    assert first.by_line(served).quiet
    came = second.by_line(served)
    assert (came.trouble, came.fetched, came.unsent) == (None, first.register.seq, 0)
    second.reopen()
    matter = visit(second.register, 10)
    amend(second.register, matter, AT + timedelta(minutes=1), cause="施工")
    sent = second.by_line(served)
    assert sent.quiet
    assert sent.agreement is not None
    assert sent.agreement.whole
    back = first.by_line(served)
    assert (back.fetched, back.quiet) == (second.register.seq, True)
    assert back.agreement is not None
    assert back.agreement.agreed == back.agreement.held > 50
    same(on_line)
    assert served.stop() == 0
    with Hub.open(served.folder) as hub:
        assert checks.verify(hub).faults == []


def test_two_desks_exchange_all_by_stick(by_hand: Pair, hub: Hub, tmp_path: Path) -> None:
    first, second = by_hand
    stick = tmp_path / "stick"
    stick.mkdir()
    for number in range(3):
        visit(first.register, number)

    def around() -> None:
        for desk in (first, second):
            assert desk.by_stick(stick).trouble is None
        assert sticks.read_folder(hub, stick).refused == {}
        sticks.write_folder(hub, stick)

    around()
    came = second.by_stick(stick)
    assert (came.trouble, came.fetched) == (None, first.register.seq)
    second.reopen()
    visit(second.register, 10)
    around()
    assert first.by_stick(stick).fetched == second.register.seq
    around()
    for desk in (first, second):
        report = desk.by_stick(stick)
        assert report.quiet, report
    same(by_hand)
    assert checks.verify(hub).faults == []
    said = down.told(hub, COUNTY, 2)
    assert said is not None
    assert dict(said.holds) == {1: first.register.seq, 2: second.register.seq}
    again = sticks.write_folder(hub, stick)
    assert (again.relays, again.written) == (0, [])


def put_back(desk: Desk, copy: Path) -> None:
    """Put an old backup in place of a desk's register, as a person does."""
    path = desk.register.path
    desk.register.close()
    backup.restore(copy, path, "keeper", PASSPHRASE)
    desk.register = Register.open(path, "keeper", PASSPHRASE)
    desk.port = RegisterPort(desk.register)


def test_a_restored_register_fetches_its_own_entries_before_it_may_write(
    on_line: Pair, served: Served, tmp_path: Path
) -> None:
    first, second = on_line
    visit(first.register, 1)
    assert first.by_line(served).quiet
    backup.backup(first.register, tmp_path / "old")
    numbers = [visit(first.register, number) for number in (2, 3)]
    assert first.by_line(served).quiet
    assert second.by_line(served).trouble is None
    before, last = tables(first.register), first.register.seq
    put_back(first, tmp_path / "old")
    assert (first.register.must_fetch, first.register.seq) == (True, last - 2)
    with pytest.raises(MustFetchError, match="sync --alone"):
        visit(first.register, 4)
    report = first.by_line(served)
    assert (report.trouble, report.fetched, report.unsent) == (None, 2, 0)
    assert (first.register.must_fetch, first.register.seq) == (False, last)
    assert tables(first.register) == before
    matter = visit(first.register, 4)
    assert first.register.row("SELECT number FROM matter WHERE id=?", (matter,)) not in [
        first.register.row("SELECT number FROM matter WHERE id=?", (one,)) for one in numbers
    ]
    assert first.by_line(served).quiet
    second.reopen()
    assert second.by_line(served).trouble is None
    same(on_line)


def test_a_restored_register_fetches_what_its_own_lost_entries_were_about(
    on_line: Pair, served: Served, tmp_path: Path
) -> None:
    """Found by `make simulate`: its own entries waited for a sibling's rows, which nobody fetched before them."""
    first, second = on_line
    assert first.by_line(served).quiet
    assert second.by_line(served).trouble is None
    second.reopen()
    backup.backup(first.register, tmp_path / "old")
    matter = visit(second.register, 1)
    assert second.by_line(served).quiet
    assert first.by_line(served).quiet
    amend(first.register, matter, AT + timedelta(minutes=1), cause="施工")
    assert first.by_line(served).quiet
    before, last = tables(first.register), first.register.seq
    put_back(first, tmp_path / "old")
    report = first.by_line(served)
    assert (report.trouble, first.register.seq, first.register.must_fetch) == (None, last, False)
    assert tables(first.register) == before


def alike(pair: Pair, served: Served, tmp_path: Path) -> Path:
    """Let both hold the same by line; return an empty stick."""
    first, second = pair
    assert first.by_line(served).quiet
    assert second.by_line(served).trouble is None
    second.reopen()
    stick = tmp_path / "stick"
    stick.mkdir()
    return stick


def test_a_restored_register_waits_for_what_only_a_sibling_holds(on_line: Pair, served: Served, tmp_path: Path) -> None:
    """Found by `make simulate`: what had gone to a sibling by stick alone was entered over after a restore."""
    first, second = on_line
    stick = alike(on_line, served, tmp_path)
    backup.backup(first.register, tmp_path / "old")
    visit(first.register, 1)
    for desk in (second, first, second):
        siblings.exchange(desk.port, stick, now=lambda: AT)
    assert second.by_line(served).trouble is None
    before, last = tables(first.register), first.register.seq
    put_back(first, tmp_path / "old")
    for _ in range(2):
        report = first.by_line(served)
        assert (report.trouble_code, first.register.must_fetch) == ("elsewhere", True)
        assert report.trouble is not None
        assert f"Workstation 2 holds entries of this one up to {last}" in report.trouble.en
    for desk in (first, second, first):
        siblings.exchange(desk.port, stick, now=lambda: AT)
    report = first.by_line(served)
    assert (report.trouble, first.register.seq, first.register.must_fetch) == (None, last, False)
    assert tables(first.register) == before


def test_a_restored_register_fetches_by_stick_once_the_hub_has_heard_of_it(
    by_hand: Pair, hub: Hub, tmp_path: Path
) -> None:
    first, _ = by_hand
    stick = tmp_path / "stick"
    stick.mkdir()

    def around() -> SyncReport:
        first.by_stick(stick)
        sticks.read_folder(hub, stick)
        sticks.write_folder(hub, stick)
        return first.by_stick(stick)

    visit(first.register, 1)
    assert around().quiet
    backup.backup(first.register, tmp_path / "old")
    visit(first.register, 2)
    assert around().quiet
    last = first.register.seq
    put_back(first, tmp_path / "old")
    # What lies on the stick was written before the restoring: nobody knows whether it is all.
    assert first.by_stick(stick).trouble_code == "restored"
    assert first.register.must_fetch
    report = around()
    assert (report.trouble, first.register.seq, first.register.must_fetch) == (None, last, False)
    visit(first.register, 3)
    assert around().quiet


def test_a_restored_register_without_anybody_may_write_at_once(tmp_path: Path) -> None:
    desk = Desk(first_desk(tmp_path / "one.register"))
    backup.backup(desk.register, tmp_path / "old")
    put_back(desk, tmp_path / "old")
    assert not desk.register.must_fetch
    visit(desk.register, 1)
    desk.register.close()


def test_the_keeper_may_say_that_there_is_nobody_to_fetch_from(by_hand: Pair, tmp_path: Path) -> None:
    first, _ = by_hand
    backup.backup(first.register, tmp_path / "old")
    put_back(first, tmp_path / "old")
    keeper = first.register.person
    with pytest.raises(InputError):
        fetching.declare_alone(first.register, "  ", by=keeper, at=AT)
    clerk = dataclasses.replace(keeper, roles=frozenset({"REG"}))
    with pytest.raises(NotAllowedError):
        fetching.declare_alone(first.register, "中心已停用", by=clerk, at=AT)
    fetching.declare_alone(first.register, "中心已停用", by=keeper, at=AT)
    visit(first.register, 1)
    assert first.register.setting(f"sync.alone.1.{first.register.epoch}")["reason"] == "中心已停用"
    with pytest.raises(InputError):
        fetching.declare_alone(first.register, "再一次", by=keeper, at=AT)


def fork(first: Desk, tmp_path: Path, exchange) -> dict[str, int]:
    """Let a register go on from an old copy that nobody restored as it should be."""
    visit(first.register, 1)
    exchange()
    path, old = first.register.path, tmp_path / "old"
    first.register.close()
    shutil.copyfile(path, old)
    first.register = Register.open(path, "keeper", PASSPHRASE)
    first.port = RegisterPort(first.register)
    hub_has = visit(first.register, 2)
    amend(first.register, hub_has - 1, AT + timedelta(minutes=3), cause="噪音")
    exchange()
    first.register.close()
    shutil.copyfile(old, path)
    first.register = Register.open(path, "keeper", PASSPHRASE)
    first.port = RegisterPort(first.register)
    ours = visit(first.register, 20)
    amend(first.register, ours, AT + timedelta(minutes=5), cause="扬尘")
    amend(first.register, ours - 1, AT + timedelta(minutes=6), cause="污水")
    return {"hub": hub_has, "ours": ours}


def test_a_fork_is_told_and_repaired_by_line(on_line: Pair, served: Served, tmp_path: Path) -> None:
    first, second = on_line
    fork(first, tmp_path, lambda: first.by_line(served))
    parted = first.register.seq - 2
    report = first.by_line(served)
    assert report.trouble_code == "fork"
    assert report.trouble is not None
    assert "repair" in report.trouble.zh
    path = first.register.path

    def reopen() -> Register:
        return Register.open(path, "keeper", PASSPHRASE)

    def way(hub) -> HttpsCarrier:
        return HttpsCarrier(hub.address, hub.certificate, waits_s=(0.0, 0.0))

    done, first.register = repair(first.register, way, reopen, now=lambda: AT + timedelta(days=1))
    first.port = RegisterPort(first.register)
    assert done.round is not None
    assert (done.round.trouble, done.parted_at, done.aside, done.fetched) == (None, parted, 3, 2)
    assert (done.entered.entries, done.entered.left) == (3, 0)
    renumbered = {one.table: (one.old, one.new) for one in done.entered.renumbered}
    assert renumbered.keys() == {"matter", "item"}
    for old, new in renumbered.values():
        assert int(new[-6:]) == int(old[-6:]) + 1
    assert [(one.table, one.column, one.before, one.after) for one in done.entered.overlaid] == [
        ("matter", "cause", "噪音", "污水")
    ]
    assert done.copy is not None
    assert done.copy.exists()
    found = first.register.rows("SELECT number, title, cause FROM matter ORDER BY number")
    assert found == [
        (found[0][0], "反映第1件", "污水"),
        (renumbered["matter"][0], "反映第2件", None),
        (renumbered["matter"][1], "反映第20件", "扬尘"),
    ]
    kept = first.register.rows("SELECT seq, again FROM sync_forked ORDER BY seq")
    assert kept == [(parted + n, first.register.seq - 2 + n) for n in range(3)]
    with pytest.raises(InputError):
        repair(first.register, way, reopen, now=lambda: AT)
    assert first.by_line(served).quiet
    assert second.by_line(served).trouble is None
    second.reopen()
    same(on_line)


def test_a_fork_is_repaired_by_stick_in_two_visits(by_hand: Pair, hub: Hub, tmp_path: Path) -> None:
    first, _ = by_hand
    stick = tmp_path / "stick"
    stick.mkdir()

    def around() -> SyncReport:
        first.by_stick(stick)
        sticks.read_folder(hub, stick)
        sticks.write_folder(hub, stick)
        return first.by_stick(stick)

    fork(first, tmp_path, around)
    path = first.register.path

    def run() -> Repaired:
        done, first.register = repair(
            first.register,
            lambda _hub: FolderCarrier(stick),
            lambda: Register.open(path, "keeper", PASSPHRASE),
            now=lambda: AT,
        )
        first.port = RegisterPort(first.register)
        return done

    assert run().waits_for_hub
    sticks.read_folder(hub, stick)
    sticks.write_folder(hub, stick)
    done = run()
    if first.register.must_fetch:  # the hub has not heard of the epoch that the repair began
        sticks.read_folder(hub, stick)
        sticks.write_folder(hub, stick)
        done = run()
    assert done.entered.entries == 3
    assert around().quiet
    assert checks.verify(hub).faults == []


def test_a_second_repair_enters_all_again_though_the_clock_was_put_back(
    on_file: Pair, file_hub: Hub, tmp_path: Path
) -> None:
    first, _ = on_file
    wire = Wire(file_hub, "", [])
    path = first.register.path
    for at in (AT + timedelta(days=3650), AT):
        fork(first, tmp_path, lambda: run_once(first.port, wire))
        done, first.register = repair(
            first.register, lambda _hub: wire, lambda: Register.open(path, "keeper", PASSPHRASE), now=lambda at=at: at
        )
        first.port = RegisterPort(first.register)
        assert (done.entered.entries, done.entered.left) == (3, 0)
        assert first.register.row("SELECT count(*) FROM sync_forked WHERE again IS NULL") == (0,)


@pytest.mark.parametrize("stop", range(1, 12))
def test_a_repair_that_is_stopped_goes_on(on_file: Pair, file_hub: Hub, tmp_path: Path, stop: int, monkeypatch) -> None:
    first, _ = on_file
    hub = file_hub
    wire = Wire(hub, "", [])
    fork(first, tmp_path, lambda: run_once(first.port, wire))
    path = first.register.path
    steps = 0

    class Stopped(BaseException):
        pass

    def step(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps == stop:
            raise Stopped

    real = RegisterPort.with_register

    def counted(self, work):
        step()
        return real(self, work)

    def again(*, counting: bool) -> bool:
        if counting:
            monkeypatch.setattr(RegisterPort, "with_register", counted)
        try:
            _, first.register = repair(
                first.register, lambda _hub: wire, lambda: Register.open(path, "keeper", PASSPHRASE), now=lambda: AT
            )
        except Stopped:
            return False
        finally:
            monkeypatch.setattr(RegisterPort, "with_register", real)
        return True

    steps = -3 * stop  # at places that lie further and further apart
    if not again(counting=True):
        with contextlib.suppress(Exception):
            first.register.close()
        first.register = Register.open(path, "keeper", PASSPHRASE)
        if first.register.row("SELECT 1 FROM meta WHERE name='sync.repair'"):
            told = run_once(RegisterPort(first.register), wire)
            assert [message for message in told.refused if "petition-desk repair" in message.en]
        with contextlib.suppress(InputError):  # it was stopped when all but the last round was done
            assert again(counting=False)
    first.port = RegisterPort(first.register)
    assert run_once(first.port, wire).quiet
    titles = [title for (title,) in first.register.rows("SELECT title FROM matter ORDER BY number")]
    assert titles == ["反映第1件", "反映第2件", "反映第20件"]
    assert first.register.rows("SELECT * FROM quarantine") == []
    assert [check for check in verify(first.register) if not check.holds] == []
    assert checks.verify(hub).faults == []


def test_a_stream_waits_for_rows_of_another_and_goes_on(on_file: Pair, file_hub: Hub, tmp_path: Path) -> None:
    first, second = on_file
    hub = file_hub
    third = Desk(sibling_of(first.register, tmp_path / "three.register", 3))
    third.authors = second.authors
    wire = Wire(hub, "", [])
    enrol(third.register, hub)
    for desk in (first, second):
        assert run_once(desk.port, wire, authors=desk.authors).trouble is None
    second.reopen()
    matter = visit(second.register, 1)
    assert run_once(second.port, wire).quiet
    assert run_once(first.port, wire).fetched == second.register.seq
    amend(first.register, matter, AT + timedelta(minutes=1), cause="施工")  # a row of the second, changed by the first
    later = visit(first.register, 2)
    assert run_once(first.port, wire).quiet

    class Without(Wire):
        """A way on which the second's entries do not lie."""

        def collect(self, station, after, holds):
            news = super().collect(station, after, holds)
            return dataclasses.replace(news, down={1: news.down[1]}, digest="")

    part = run_once(third.port, Without(hub, "", []), authors=third.authors)
    assert part.trouble is None
    assert part.down.waiting == {1: part.fetched}
    assert third.register.row("SELECT 1 FROM matter WHERE id=?", (later,)) is None
    whole = run_once(third.port, wire, authors=third.authors)
    assert (whole.trouble, whole.down.waiting) == (None, {})
    assert third.register.row("SELECT cause FROM matter WHERE id=?", (matter,)) == ("施工",)
    assert third.register.row("SELECT 1 FROM matter WHERE id=?", (later,)) == (1,)
    assert run_once(second.port, wire).quiet
    third.reopen()
    same((first, second))
    same((first, third))
    third.register.close()


def test_after_a_repair_files_are_looked_for_among_all_entries(by_hand: Pair, hub: Hub, tmp_path: Path) -> None:
    """Found by `make simulate`: entries that a repair fetched took the places in the order of arrival of those that it
    had set aside, where files had been looked for already."""
    first, _ = by_hand
    wire = Wire(hub, "", [])
    visit(first.register, 1)
    assert run_once(first.port, wire).quiet
    backup.backup(first.register, tmp_path / "old")
    matter = visit(first.register, 2)
    with first.register.act("attach", by=first.register.person, at=AT, matter=matter) as act:
        attachments.add(act, matter, AttachmentDraft(name="扫描件", media_type="image/png", data=b"a scan"))
    for number in range(3, 8):
        visit(first.register, number)
    assert run_once(first.port, wire).quiet
    put_back(first, tmp_path / "old")
    fetching.declare_alone(first.register, "无法联系", by=first.register.person, at=AT)
    visit(first.register, 8)
    while filestate.look(first.register.connection, at_ms=1):
        pass

    def reopen() -> Register:
        path = first.register.path
        first.register.close()
        return Register.open(path, "keeper", PASSPHRASE)

    done, first.register = repair(first.register, lambda _hub: wire, reopen, now=lambda: AT)
    assert done.aside == 2
    while filestate.look(first.register.connection, at_ms=2):
        pass
    name = first.register.row("SELECT sha256 FROM attachment")
    assert name is not None
    assert first.register.rows("SELECT sha256, state FROM sync_file") == [(*name, "coming")]


def lost_at_a_sibling(pair: Pair, served: Served, tmp_path: Path) -> int:
    """Bring the second what the first then loses, and goes on without; return the matter that only the second has."""
    first, second = pair
    stick = alike(pair, served, tmp_path)
    siblings.exchange(second.port, stick, now=lambda: AT)
    backup.backup(first.register, tmp_path / "old")
    lost = visit(first.register, 1)
    amend(first.register, lost, AT + timedelta(minutes=1), title="只有窗口二有")
    siblings.exchange(first.port, stick, now=lambda: AT)
    put_back(first, tmp_path / "old")
    assert first.by_line(served).trouble is None
    assert visit(first.register, 2) - lost == EPOCH_IDS, "rows made after a restore are never taken for lost ones"
    assert first.by_line(served).quiet
    siblings.exchange(second.port, stick, now=lambda: AT)
    return lost


def test_what_a_sibling_lost_and_only_this_register_holds_is_entered_again_here(
    on_line: Pair, served: Served, tmp_path: Path
) -> None:
    """Found by `make simulate`: a stick that came late brought what its writer had lost and entered over meanwhile;
    this register could take nothing more of that writer, for ever."""
    lost_at_a_sibling(on_line, served, tmp_path)
    first, second = on_line
    for _ in range(2):
        report = second.by_line(served)
        assert [one.code for one in report.down.refused] == ["fork_of"]

    def reopen() -> Register:
        second.reopen()
        return second.register

    with Hub.open(served.folder) as hub:
        way = HttpsCarrier(served.address, hub.place.fingerprint(), waits_s=())
    done, second.register = repair(second.register, lambda _hub: way, reopen, now=lambda: AT)
    assert (done.author, done.aside, done.entered.entries) == (1, 2, 2)
    second.port = RegisterPort(second.register)
    titles = second.register.rows("SELECT title, cause FROM matter ORDER BY title")
    assert titles == [("反映第2件", None), ("只有窗口二有", None)]
    assert len(done.entered.renumbered) == 2  # the other visit has the matter's and the item's number
    assert second.by_line(served).quiet
    assert first.by_line(served).trouble is None
    same(on_line)


def test_what_others_build_upon_is_not_taken_away_by_a_repair(on_line: Pair, served: Served, tmp_path: Path) -> None:
    """Found by `make simulate`: the tables could not be made again, and the repair stood half done for ever."""
    lost = lost_at_a_sibling(on_line, served, tmp_path)
    _, second = on_line
    with second.register.act("note", by=second.register.person, at=AT, matter=lost) as act:
        act.insert("passage", {"matter": lost, "kind": "note", "body": "电话核实"})
    before = second.register.rows("SELECT device, seq, hash FROM entry ORDER BY device, seq")

    def reopen() -> Register:
        second.reopen()
        return second.register

    with Hub.open(served.folder) as hub:
        way = HttpsCarrier(served.address, hub.place.fingerprint(), waits_s=())
    with pytest.raises(InputError, match="为基础"):
        repair(second.register, lambda _hub: way, reopen, now=lambda: AT)
    assert second.register.rows("SELECT device, seq, hash FROM entry ORDER BY device, seq") == before
    assert not second.register.must_fetch
    assert list(tmp_path.rglob("*before-repair*"))
    visit(second.register, 4)
    assert second.by_line(served).unsent == 0, "what is entered goes on going up"
    assert [one.code for one in second.by_line(served).down.refused] == ["fork_of"]
