"""A written year of the city's work with three counties, by line and by stick, on both engines.

    2026-03-02  the city assigns one item to each county, each with its own limit, and one more by mistake
    2026-03-04  甲 takes its item in; 乙 sends its own back; 丙 does nothing; the city takes back what was a mistake
    2026-03-05  the city agrees with 乙, and reviews two closings: 甲's is approved, 乙's goes back with an opinion
    2026-04-02  甲 has answered the petitioner, and reports completion
    2026-04-11  丙's limit (04-10) has passed: its assignment is late at both ends
    2026-12-21  the calendar of 2027 goes to all: each shows what it would move before it counts; and a unit directory

Last days by hand: five working days from Mon 2026-03-02 end on Mon 03-09; received Fri 2026-12-18, 15 days end on
Sat 2027-01-02, a rest day by the notice until 01-03: Mon 2027-01-04.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import orjson
import pytest

from models import errors
from models.verify import verify
from sync.hub import checks, orders, papers, storage
from sync.hub.hub import Hub
from sync.hub.papers import Heading
from tests.models.conftest import draft
from tests.models.programme_cases import start
from tests.models.test_shifts import notice
from tests.sync.city_county import NAMES, Clock, County, Line, Stick, Way, enrol
from tests.sync.conftest import ENGINES, Served, held, new_hub

A, B, C = NAMES
FACTS = {
    "channel": "letter",
    "received_on": "2026-02-24",
    "purpose": "solution",
    "claims": ["要求书面答复处理结果"],
    "people": [{"name": "赵某某", "main": True, "phone": "13800000000"}],
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counties(tmp_path: Path, clock: Clock) -> Iterator[dict[str, County]]:
    made = {code: County.make(tmp_path, code, clock) for code in NAMES}
    yield made
    for county in made.values():
        county.register.close()


@pytest.fixture(params=["line", "stick"])
def city(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Clock, counties: dict[str, County], engine: str
) -> Iterator[tuple[Hub, Way]]:
    folder = new_hub(tmp_path / "hub", engine, request)
    served = Served(folder) if request.param == "line" else None
    with Hub.open(folder, clock=clock) as hub:
        for county in counties.values():
            enrol(county, hub, served.address if served else None)
        yield hub, Line(served, clock) if served else Stick(hub, tmp_path / "stick", clock)
    if served:
        assert served.stop() == 0


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_citys_year(city: tuple[Hub, Way], counties: dict[str, County], clock: Clock) -> None:
    hub, way = city
    a, b, c = counties[A], counties[B], counties[C]

    # two closings are reported, and go up
    for county in (a, b):
        start(county.register)
        county.key_case().include().plan().meet().approve().solve().dossier().do("report_case_closing")
    way.exchange(a, b, c)
    waiting = orders.closings(hub)
    assert [(one.county, one.reported_on, one.sent) for one in waiting] == [
        (B, date(2026, 3, 2), None), (A, date(2026, 3, 2), None),
    ]  # fmt: skip

    # assignments, each with its limit
    limits = {A: date(2026, 4, 30), B: date(2026, 4, 20), C: date(2026, 4, 10)}
    sent = {
        code: papers.assign(
            hub, code, {**FACTS, "statement": f"交{NAMES[code]}办理的事项"},
            Heading(number=f"市公信交〔2026〕{place}号", limit_on=limits[code], body="请依法办理并报结果。"), by="wang",
        ).paper
        for place, code in enumerate(NAMES, 1)
    }  # fmt: skip
    mistaken = papers.assign(hub, A, {**FACTS, "statement": "误发的事项"}, Heading(limit_on=limits[A]), by="wang").paper
    clock.come_to("2026-03-02", 5)
    way.exchange(a, b, c)
    for county in (a, b, c):
        [line] = [line for line in county.desk("pu").city.inbox().lines if line.id == sent[county.code]]
        assert (line.limit_on, line.arrived_on, line.object_until) == (
            limits[county.code], date(2026, 3, 2), date(2026, 3, 9),
        )  # fmt: skip

    # one is taken in, one sent back, one taken back by the city
    clock.come_to("2026-03-04")
    done = a.desk("reg").city.take(sent[A])
    assert done.registered is not None
    b.desk("pu").city.refuse(sent[B], "反映地点属邻县管辖，附出警记录。")
    papers.withdraw(hub, A, mistaken, "重复交办", by="wang")
    way.exchange(a, b, c)
    states = {(line.county, line.id): line for line in orders.listed(hub, kind="assignment").lines}
    assert states[A, sent[A]].state == "taken"
    assert states[A, sent[A]].matter_number == done.registered.matter_number
    assert (states[B, sent[B]].state, states[B, sent[B]].refused) == ("refused", "反映地点属邻县管辖，附出警记录。")
    assert states[C, sent[C]].state == "sent"
    with pytest.raises(errors.RuleError, match="撤回"):
        a.desk("pu").city.take(mistaken)
    assert a.desk("pu").city.line(mistaken).withdrawn == "重复交办"

    # the city agrees, and reviews the closings
    clock.come_to("2026-03-05")
    papers.withdraw(hub, B, sent[B], "同意退回", by="wang")
    approved = papers.review(hub, A, waiting[1].number, "approve", Heading(number="市公信评〔2026〕1号"), by="li").paper
    with pytest.raises(errors.InputError, match="评查意见"):
        papers.review(hub, B, waiting[0].number, "return", Heading(), by="li")
    returned = papers.review(
        hub, B, waiting[0].key_case, "return", Heading(body="缺少信访人签字，请补正后再报。"), by="li"
    ).paper
    with pytest.raises(errors.RuleError, match="没有待评查"):
        papers.review(hub, B, waiting[0].number, "approve", Heading(), by="li")
    assert [one.sent for one in orders.closings(hub)] == [returned, approved]
    way.exchange(a, b, c)
    a.desk("pu").city.take(approved)
    b.desk("pu").city.take(returned)
    assert b.desk("pu").city.line(sent[B]).state == "withdrawn"
    way.exchange(a, b, c)
    assert orders.closings(hub) == ()
    closed = {code: [row.get("closed_on") for row in held(hub, code, "key_case").values()] for code in (A, B)}
    assert closed == {A: ["2026-03-05"], B: [None]}
    [opinion] = [row.get("opinion") for row in held(hub, B, "case_review").values()]
    assert opinion == "缺少信访人签字，请补正后再报。"

    # the assignment is answered by its completion report
    case = a.matter(done.matter or 0)
    case.accept().assign().find_out().draft().check().do("issue", "2026-04-01")
    case.serve("2026-04-02", on="2026-04-02", way="in_person", receiver="赵某某").do("report_completion")
    clock.come_to("2026-04-02", 6)
    way.exchange(a, b, c)
    answered = orders.paper(hub, A, sent[A]).line
    assert (answered.state, answered.answered_on, answered.late) == ("answered", date(2026, 4, 2), False)
    assert answered.answer.startswith("已报送办结报告")

    # one is late, at both ends
    clock.come_to("2026-04-11")
    assert [(line.county, line.id) for line in orders.listed(hub, state="late").lines] == [(C, sent[C])]
    page = c.desk("pu").city.inbox()
    assert (page.total, page.late, page.lines[0].late) == (1, 1, True)

    # the calendar of 2027: shown, then counted as it was shown
    clock.come_to("2026-12-21")
    received = {
        county.code: county.desk("reg").register_item(draft(received_on=date(2026, 12, 18))).matter
        for county in (a, b, c)
    }
    calendars = papers.send(hub, "all", "calendar", orjson.dumps(notice()), Heading(), by="li")
    assert {one.county for one in calendars} == set(NAMES)
    way.exchange(a, b, c)
    for one in calendars:
        county = counties[one.county]
        desk = county.desk("pu")
        found = desk.city.difference(one.paper)
        moved = [
            (shift.before_on, shift.after_on)
            for shift in found.shifts
            if (shift.matter, shift.clock) == (received[one.county], "C1")
        ]
        assert moved == [(None, date(2027, 1, 4))]
        assert desk.city.take(one.paper, digest=found.digest).moved == len(found.shifts) >= 1

    # a unit directory for all
    units = {"units": [{"name": "高新派出所", "code": "060", "kind": "station"}]}
    directories = papers.send(hub, "all", "units", orjson.dumps(units), Heading(), by="li")
    way.exchange(a, b, c)
    for one in directories:
        desk = counties[one.county].desk("pu")
        assert [change.what for change in desk.city.changes(one.paper)] == ["add"]
        desk.city.take(one.paper)
    way.exchange(a, b, c)
    for code in NAMES:
        assert any(row.get("name") == "高新派出所" for row in held(hub, code, "unit").values())
        assert {line.state for line in orders.listed(hub, code, kind="calendar").lines} == {"taken"}

    # nothing was lost, and nobody disagrees
    assert checks.verify(hub).faults == []
    with hub.reading() as connection:
        assert connection.execute(storage.conflict.select()).all() == []
        assert connection.execute(storage.quarantine.select()).all() == []
    for county in (a, b, c):
        assert [check for check in verify(county.register) if not check.holds] == []
        assert county.agreement is not None
        assert county.agreement.agreed == county.agreement.held > 30
