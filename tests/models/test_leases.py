"""Numbers of several workstations: none is given twice, and each has its account, whatever arrives when."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models import errors, gaps, leases, stations
from tests.models.number_world import KEEPER, Station, World, device_row

AT = datetime(2026, 6, 1, 3, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 2, 3, tzinfo=UTC)
SERIES = ("J", "S", "answer")


@pytest.fixture(autouse=True)
def _few_series(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "all_series", lambda: SERIES)


@pytest.fixture
def world() -> World:
    return World()


def invited(world: World, of: Station, *numbers: int) -> list[Station]:
    made = []
    for number in numbers:
        stations.invite(of, number, f"窗口{number}", by=KEEPER, at=AT)
        made.append(world.join(number, of))
    return made


def account(station: Station, series: str, year: int = 2026) -> list[tuple[str, int, int]]:
    found = gaps.account(station, KEEPER)
    return [(one.kind, one.first, one.last) for each in found if (each.series, each.year) == (series, year)
            for one in each.ranges]  # fmt: skip


def test_one_workstation_counts_up(world: World) -> None:
    one = world.founder(7)
    assert [one.give("J", 2026) for _ in range(3)] == [1, 2, 3]
    assert one.give("answer", 2026) == 1
    assert account(one, "J") == [("used", 1, 3)]


def test_the_lead_passes_over_the_blocks_of_others(world: World) -> None:
    one = world.founder(1)
    for _ in range(3):
        one.give("J", 2026)
    (two,) = invited(world, one, 2)
    assert two.give("J", 2026) == 4
    assert two.give("J", 2026) == 5
    assert one.give("J", 2026) == 204
    assert two.give("answer", 2026) == 1
    assert one.give("answer", 2026) == 51
    one.take_all(two)
    two.take_all(one)
    assert account(one, "J") == account(two, "J") == [
        ("used", 1, 3), ("used", 4, 5), ("leased", 6, 203), ("used", 204, 204)
    ]  # fmt: skip
    assert gaps.missing(one) == ()


def test_a_workstation_whose_blocks_are_used_up_takes_emergency_numbers(world: World) -> None:
    one = world.founder(1)
    (two,) = invited(world, one, 2)
    given = [two.give("answer", 2026) for _ in range(52)]
    assert given == [*range(1, 51), 502_000, 502_001]
    assert two.give("answer", 2025) == 502_000, "of a year for which nothing was leased"
    one.take_all(two)
    assert leases.top_up(one, by=KEEPER, at=AT) == 2
    two.take_all(one)
    assert two.give("answer", 2026) == 51
    assert two.give("answer", 2025) == 1
    assert account(two, "answer") == [
        ("used", 1, 50), ("used", 51, 51), ("leased", 52, 100), ("emergency", 502_000, 502_001)
    ]  # fmt: skip


def test_blocks_of_the_next_year_are_leased_in_december(world: World) -> None:
    one = world.founder(1)
    (two,) = invited(world, one, 2)
    assert leases.top_up(one, by=KEEPER, at=AT) == 0
    assert leases.top_up(one, by=KEEPER, at=DECEMBER) == len(SERIES)
    two.take_all(one)
    assert two.give("J", 2027) == 1
    assert one.give("J", 2027) == 201


def test_an_emergency_block_has_an_end_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "EMERGENCY_SIZE", 2)
    one = world.founder(1)
    (two,) = invited(world, one, 2)
    assert [two.give("J", 2025) for _ in range(2)] == [500_004, 500_005]
    with pytest.raises(errors.RuleError, match="同步"):
        two.give("J", 2025)


def test_a_legal_start_holds_for_line_and_blocks(world: World) -> None:
    one = world.founder(1)
    with one.act("set_setting", by=KEEPER, at=AT) as act:
        act.insert("setting", {"name": "number.answer.2026.start", "value": "12"})
    (two,) = invited(world, one, 2)
    assert two.give("answer", 2026) == 12
    assert one.give("answer", 2026) == 62
    one.take_all(two)
    assert account(one, "answer") == [("used", 12, 12), ("leased", 13, 61), ("used", 62, 62)]


def test_a_start_that_is_set_later_skips_what_lies_below_it(world: World) -> None:
    one = world.founder(1)
    (two,) = invited(world, one, 2)
    with one.act("set_setting", by=KEEPER, at=AT) as act:
        act.insert("setting", {"name": "number.answer.2026.start", "value": "30"})
    two.take_all(one)
    assert two.give("answer", 2026) == 30
    assert leases.free_numbers(two.connection, 2, "answer", 2026) == 20
    assert one.give("answer", 2026) == 51
    assert gaps.missing(two) == ()


def test_handing_over_names_where_the_next_one_begins(world: World) -> None:
    one = world.founder(1)
    two, three = invited(world, one, 2, 3)
    line = [one.give("J", 2026) for _ in range(3)]
    assert line == [401, 402, 403]
    leases.hand_over(one, 3, by=KEEPER, at=AT)
    three.take(one, 1)  # without what workstation 2 did
    assert one.give("J", 2026) == 404, "from the block that it kept for itself"
    for _ in range(200):
        three.give("J", 2026)
    assert three.give("J", 2026) == 604, "its own block first, then the line where it was handed over"
    with pytest.raises(errors.RuleError, match="3 号工作站"):
        leases.hand_over(one, 2, by=KEEPER, at=AT)
    with pytest.raises(errors.RuleError, match="9 号"):
        leases.hand_over(three, 9, by=KEEPER, at=AT)
    two.take_all(three)
    two.take_all(one)
    assert gaps.missing(two) == ()


def test_who_takes_over_need_not_have_heard_of_those_before(world: World) -> None:
    one = world.founder(1)
    two, three = invited(world, one, 2, 3)
    leases.hand_over(one, 2, by=KEEPER, at=AT)
    two.take_all(one)
    given = [two.give("J", 2026) for _ in range(205)]
    assert given[200:] == [601, 602, 603, 604, 605], "after its own block, and past the one that the first kept"
    leases.hand_over(two, 3, by=KEEPER, at=AT)
    setting = one.row("SELECT id FROM setting")[0]
    three.take(one, 1, 3)  # the invitations, and not the handing over
    assert three.row("SELECT 1 FROM setting WHERE id=?", (setting,))
    three.take(two, 2)
    for _ in range(200):
        three.give("J", 2026)
    assert three.give("J", 2026) == 806, "past the block that the second kept"


def test_a_lost_lead_is_followed_past_what_it_may_have_given(world: World) -> None:
    one = world.founder(1)
    two, three = invited(world, one, 2, 3)
    two.take_all(one)
    unsent = [one.give("J", 2026) for _ in range(4)]
    with pytest.raises(errors.RuleError, match="2 号"):
        stations.retire(three, 1, "主机损坏", by=KEEPER, at=AT)
    stations.retire(two, 1, "主机损坏", by=KEEPER, at=AT)
    for _ in range(200):
        two.give("J", 2026)
    assert two.give("J", 2026) == 401 + 5 * 200
    assert account(two, "J")[-2] == ("ended", 401, 1400)
    two.take_all(one)  # found after all
    assert {("J", 2026, serial) for serial in unsent} <= two.used()
    assert account(two, "J")[-3:] == [("used", 401, 404), ("ended", 405, 1400), ("used", 1401, 1401)]
    assert gaps.missing(two) == ()


def test_who_was_restored_with_nobody_to_ask_gives_nothing_again(world: World) -> None:
    """A lead goes on past a margin, another takes emergency numbers until it gets a new block."""
    one = world.founder(1)
    (two,) = invited(world, one, 2)
    assert (one.give("J", 2026), two.give("J", 2026)) == (201, 1)
    for station in (one, two):
        with station.act("declare_alone", by=KEEPER, at=AT) as act:
            leases.begin_anew(act, "主机损坏", AT.date())
    assert one.give("J", 2026) == 202 + 5 * 200
    assert two.give("J", 2026) == 502_000
    one.take_all(two)
    assert leases.top_up(one, by=KEEPER, at=AT) == len(SERIES)
    two.take_all(one)
    assert two.give("J", 2026) == 1203
    assert gaps.missing(two) == gaps.missing(one) == ()
    alone = World().founder(1)
    with alone.act("declare_alone", by=KEEPER, at=AT) as act:
        leases.begin_anew(act, "主机损坏", AT.date())
    assert alone.give("J", 2026) == 1


def test_inviting_says_why_not(world: World) -> None:
    one = world.founder(1)
    clerk = replace(KEEPER, roles=frozenset({"PU"}))
    with pytest.raises(errors.NotAllowedError):
        stations.invite(one, 2, "窗口", by=clerk, at=AT)
    with pytest.raises(errors.NotAllowedError):
        stations.retire(one, 2, "旧", by=clerk, at=AT)
    for number, name, field in ((0, "窗口", "device"), (401, "窗口", "device"), (2, " ", "name")):
        with pytest.raises(errors.InputError) as refused:
            stations.invite(one, number, name, by=KEEPER, at=AT)
        assert refused.value.field == field
    with pytest.raises(errors.NotAllowedError):
        gaps.account(one, replace(KEEPER, roles=frozenset({"HO"})))


def test_retiring_says_why_not(world: World) -> None:
    one = world.founder(1)
    (two,) = invited(world, one, 2)
    retire = stations.retire
    with pytest.raises(errors.InputError, match="原因"):
        retire(one, 2, " ", by=KEEPER, at=AT)
    with pytest.raises(errors.InputError, match="不能停用自己"):
        retire(one, 1, "旧", by=KEEPER, at=AT)
    with pytest.raises(errors.InputError, match="9 号"):
        retire(one, 9, "旧", by=KEEPER, at=AT)
    retire(one, 2, "旧", by=KEEPER, at=AT)
    with pytest.raises(errors.InputError, match="已于 2026-06-01 停用（旧）"):
        retire(one, 2, "旧", by=KEEPER, at=AT)
    with pytest.raises(errors.InputError, match="不再使用"):
        stations.invite(one, 2, "又一台", by=KEEPER, at=AT)
    assert two.give("J", 2026) == 1, "it does not know yet"
    two.take_all(one)
    assert two.give("J", 2026) == 502_000, "its blocks have ended"
    assert ("ended", 1, 200) in account(one, "J")


def test_a_number_that_nothing_explains_is_missing(world: World) -> None:
    one = world.founder(1)
    (two,) = invited(world, one, 2)
    for _ in range(4):
        one.give("answer", 2026)
        two.give("answer", 2026)
    one.take_all(two)
    one.connection.execute("DELETE FROM number WHERE serial IN (2, 52)")
    found = [(gap.first, gap.last) for gap in gaps.missing(one)]
    assert found == [(52, 52)], "the lead's own; of the other's block, an entry of the other's is on the way or broken"


class Numbers(RuleBasedStateMachine):
    """Three workstations that work apart, tell each other some of it, hand over, and lose the one that leads."""

    @initialize(founder=st.sampled_from([1, 3, 5]))
    def begin(self, founder: int) -> None:
        self.world = World()
        one = self.world.founder(founder)
        for number in (2, 4):
            stations.invite(one, number, "窗口", by=KEEPER, at=AT)
            self.world.join(number, one)
        self.numbers = sorted(self.world.stations)
        self.given: set[tuple[str, int, int]] = set()
        self.lost: set[int] = set()

    def at(self, pick: int) -> Station:
        return self.world.stations[self.numbers[pick % len(self.numbers)]]

    @rule(pick=st.integers(0, 2), series=st.sampled_from(SERIES), year=st.sampled_from([2026, 2027]),
          count=st.integers(1, 4))  # fmt: skip
    def give(self, pick: int, series: str, year: int, count: int) -> None:
        station = self.at(pick)
        if station.device in self.lost:
            return
        for _ in range(count):
            serial = station.give(series, year)
            assert (series, year, serial) not in self.given
            self.given.add((series, year, serial))

    @rule(pick=st.integers(0, 2), december=st.booleans())
    def lease(self, pick: int, december: bool) -> None:
        if self.at(pick).device not in self.lost:
            leases.top_up(self.at(pick), by=KEEPER, at=DECEMBER if december else AT)

    @rule(pick=st.integers(0, 2), of=st.integers(0, 2), author=st.integers(0, 2), count=st.integers(1, 9))
    def arrive(self, pick: int, of: int, author: int, count: int) -> None:
        if self.at(pick).device not in self.lost:
            self.at(pick).take(self.at(of), self.numbers[author % 3], count)

    @rule(pick=st.integers(0, 2), of=st.integers(0, 2))
    def all_arrives(self, pick: int, of: int) -> None:
        if self.at(pick).device not in self.lost:
            self.at(pick).take_all(self.at(of))

    def leaders(self) -> list[Station]:
        """Those that lead by their own knowledge: at most one of those that are not lost."""
        found = [one for number, one in self.world.stations.items()
                 if number not in self.lost and leases.lead_of(one.connection).device == number]  # fmt: skip
        assert len(found) <= 1
        return found

    @rule(series=st.sampled_from(SERIES), count=st.integers(1, 9))
    def give_from_the_line(self, series: str, count: int) -> None:
        for station in self.leaders():
            for _ in range(count):
                serial = station.give(series, 2026)
                assert (series, 2026, serial) not in self.given
                self.given.add((series, 2026, serial))
            leases.top_up(station, by=KEEPER, at=AT)

    @rule(to=st.integers(0, 2), heard=st.booleans())
    def hand_over(self, to: int, heard: bool) -> None:
        """Hand over; who takes over may have heard of this one's entries and of no one else's."""
        for station in self.leaders():
            try:
                leases.hand_over(station, self.at(to).device, by=KEEPER, at=AT)
            except errors.RuleError:
                assert self.at(to) is station or self.at(to).device in self.lost
            else:
                if heard:
                    self.at(to).take(station, station.device)

    @precondition(lambda self: not self.lost)
    @rule(pick=st.integers(0, 2), count=st.integers(0, 3))
    def lose_the_lead(self, pick: int, count: int) -> None:
        """Retire the one that leads here, when it truly leads; it may have done a little that nobody knows."""
        station = self.at(pick)
        lead = leases.lead_of(station.connection).device
        there = self.world.stations[lead]
        if lead == station.device or leases.lead_of(there.connection).device != lead:
            return
        for number in self.numbers:
            station.take_all(self.world.stations[number])
        for _ in range(count):
            self.given.add(("J", 2026, there.give("J", 2026)))
        try:
            stations.retire(station, lead, "损坏", by=KEEPER, at=AT)
        except errors.RuleError:
            return
        self.lost.add(lead)

    @invariant()
    def nothing_stands_without_an_account(self) -> None:
        for station in self.world.stations.values():
            assert gaps.missing(station) == ()

    def teardown(self) -> None:
        """When all has arrived everywhere, all hold all numbers, and each has one account."""
        for _ in range(3):
            for station in self.world.stations.values():
                for other in self.world.stations.values():
                    station.take_all(other)
        for station in self.world.stations.values():
            assert station.used() == self.given
            assert gaps.missing(station) == ()
            for each in gaps.account(station, KEEPER):
                serials = [serial for one in each.ranges for serial in (one.first, one.last)]
                assert serials == sorted(serials), "no serial has two accounts"
                assert not any(one.kind == "awaited" for one in each.ranges)
                held = sum(1 for series, year, _ in self.given if (series, year) == (each.series, each.year))
                assert each.used == held
            station.connection.close()


@pytest.fixture(autouse=True)
def _small_blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "small" in request.node.name:
        monkeypatch.setattr(leases, "LOW", {"J": 3, "S": 3})
        monkeypatch.setattr(leases, "LOW_DOCUMENTS", 2)


def test_no_number_is_given_twice_with_small_blocks() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Numbers, settings=settings(max_examples=60, stateful_step_count=40, deadline=None,
                                   suppress_health_check=list(HealthCheck))
    )  # fmt: skip


def test_a_founder_alone_with_a_retired_row_keeps_counting(world: World) -> None:
    one = world.founder(1)
    with one.act("x", by=KEEPER, at=AT) as act:
        act.insert("device", {**device_row(2), "retired_on": "2026-01-01", "retired": "旧"})
    assert [one.give("J", 2026) for _ in range(2)] == [1, 2]
    assert leases.top_up(one, by=KEEPER, at=AT) == 0


def test_a_number_of_another_form_does_not_hold_up_the_account() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE matter(number TEXT)")
    numbers = [(one,) for one in ("S2025-000001", "S20261000001", "S2026-000002", "S2027-000001")]
    connection.executemany("INSERT INTO matter VALUES(?)", numbers)
    assert leases.years_of(connection, "S") == [2025, 2026, 2027]
