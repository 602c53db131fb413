"""What the city sends: rows that its own journal makes for a county, checked before they go, told of afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import orjson
import pytest

from models import errors
from models.device import CITY
from models.hlc import device_of
from models.journal import GENESIS, Change, Entry, check_chain
from models.merge import Row
from sync.batch import open_batch, write_batch
from sync.causes import RefusedError
from sync.hub import checks, orders, papers, storage
from sync.hub.hub import Hub
from sync.hub.papers import Heading
from tests.sync.conftest import COUNTY, Journal, enrol, held

FACTS = {
    "channel": "来信",
    "received_on": "2026-05-20",
    "purpose": "求决",
    "statement": "反映邻居夜间施工，派出所出警后没有处理结果。",
    "claims": ["要求书面答复处理结果"],
    "people": [{"name": "赵某某", "main": True, "phone": "13800000000", "address": "某街道1号"}],
    "source_number": "市信〔2026〕88号",
}
HEADING = Heading(number="市公信交〔2026〕7号", signed_by="钱科长", body="请依法办理并报结果。")


def today(hub: Hub) -> date:
    return hub.now().astimezone().date()


def entries_of(hub: Hub, county: str = COUNTY) -> list[Entry]:
    """Open the city's kept batches again, in order."""
    b = storage.batch
    with hub.reading() as connection:
        raws = (
            connection.execute(
                storage.sa.select(b.c.raw).where(b.c.county == county, b.c.device == CITY).order_by(b.c.first)
            )
            .scalars()
            .all()
        )
    found: list[Entry] = []
    for raw in raws:
        found += open_batch(raw, keys=hub.place.keys, hub=hub.key_id, sign_key_of=hub.sign_key).entries
    return found


def test_an_assignment_is_a_row_of_the_citys_own_journal(joined: Journal, hub: Hub) -> None:
    limit = today(hub) + timedelta(days=30)
    sent = papers.assign(hub, COUNTY, FACTS, Heading(number="市公信交〔2026〕7号", limit_on=limit), by="wang")
    assert sent.paper == CITY << 32 | 1
    assert not sent.again
    row = held(hub, COUNTY, "city_paper")[sent.paper]
    assert row["kind"] == "assignment"
    assert row["limit_on"] == limit.isoformat()
    assert row["title"] == "反映邻居夜间施工，派出所出警后没有处理结果。"
    assert row["organ"] == hub.place.city
    content = orjson.loads(row["content"])
    assert content["channel"] == "letter"
    assert content["purpose"] == "solution"
    assert content["people"][0]["name"] == "赵某某"
    [entry] = entries_of(hub)
    assert (entry.device, entry.seq, entry.act, entry.prev) == (CITY, 1, "city_assignment", GENESIS)
    assert device_of(entry.hlc) == CITY
    assert entry.actor == CITY << 32
    verdict = checks.verify(hub)
    assert verdict.clean
    assert verdict.entries == 1
    assert verdict.rows == 1


def test_the_chain_goes_on_and_two_workers_never_take_the_same_place(joined: Journal, hub: Hub) -> None:
    joined.unit()
    facts = [{**FACTS, "statement": f"反映第{number}件"} for number in range(8)]
    limit = today(hub) + timedelta(days=30)
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda one: papers.assign(hub, COUNTY, one, Heading(limit_on=limit), by="wang"), facts))
    assert sorted(one.paper for one in sent) == [CITY << 32 | number for number in range(1, 9)]
    entries = entries_of(hub)
    _, good, broken = check_chain(entries)
    assert (good, broken) == (8, None)
    assert [entry.hlc for entry in entries] == sorted({entry.hlc for entry in entries})
    assert checks.verify(hub).clean
    assert hub.stations() == [(COUNTY, 1)]  # the city is no workstation
    [county] = checks.report(hub)["counties"]
    assert [station["device"] for station in county["devices"]] == [1]


def test_who_of_the_city_wrote_it_is_kept(joined: Journal, hub: Hub) -> None:
    papers.send(hub, COUNTY, "notice", b"", Heading(body="请参加会议。"), by="wang")
    t = storage.look
    with hub.reading() as connection:
        assert [(row.login, row.what) for row in connection.execute(t.select())] == [("wang", "city_notice 1")]


def test_the_same_paper_twice_is_one(joined: Journal, hub: Hub) -> None:
    heading = Heading(number="市公信交〔2026〕7号", limit_on=today(hub) + timedelta(days=30))
    first = papers.assign(hub, COUNTY, FACTS, heading, by="wang")
    again = papers.assign(hub, COUNTY, FACTS, heading, by="wang")
    assert again.paper == first.paper
    assert again.again
    assert len(entries_of(hub)) == 1
    papers.withdraw(hub, COUNTY, first.paper, "发错", by="wang")
    assert papers.assign(hub, COUNTY, FACTS, heading, by="wang").paper != first.paper  # sent anew after all


def test_an_assignment_that_cannot_be_is_not_sent(joined: Journal, hub: Hub) -> None:
    limit = today(hub) + timedelta(days=30)

    def refused(name: str, heading: Heading | None = None, **changed: Any) -> None:
        with pytest.raises(errors.InputError) as found:
            papers.assign(hub, COUNTY, {**FACTS, **changed}, heading or Heading(limit_on=limit), by="wang")
        assert found.value.field == name

    refused("limit_on", Heading())
    refused("limit_on", Heading(limit_on=today(hub) - timedelta(days=1)))
    refused("on", Heading(on=today(hub) + timedelta(days=1), limit_on=limit))
    refused("channel", channel="信鸽")
    refused("received_on", received_on="2026-13-01")
    refused("received_on", received_on=(today(hub) + timedelta(days=1)).isoformat())
    refused("statement", statement="", claims=[])
    refused("statement", statement=" ", claims=["", " "])
    refused("claims", claims="一项")
    refused("people.risk", people=[{"name": "赵某某", "risk": "high"}])
    refused("people.stability_unit", people=[{"stability_unit": "某所"}])
    refused("行踪", 行踪="某地")
    refused("people_count", people_count="三")
    refused("anonymous", anonymous="是")
    refused("accused.name", accused=[{"kind": "person"}])
    assert entries_of(hub) == []
    with pytest.raises(RefusedError) as unknown:
        papers.assign(hub, "990000", FACTS, Heading(limit_on=limit), by="wang")
    assert unknown.value.code == "unknown_county"
    with hub.reading() as connection:
        assert connection.execute(storage.look.select()).all() == []


def test_what_the_county_does_with_a_paper_is_its_state(joined: Journal, hub: Hub) -> None:
    day = today(hub)
    papers.transfer(hub, COUNTY, FACTS, Heading(on=day - timedelta(days=9)), by="wang")
    late = papers.assign(
        hub, COUNTY, FACTS, Heading(on=day - timedelta(days=9), limit_on=day - timedelta(days=2)), by="wang"
    )
    sent = papers.assign(hub, COUNTY, {**FACTS, "statement": "另一件"}, Heading(limit_on=day), by="wang")
    assert [line.state for line in orders.listed(hub).lines] == ["sent"] * 3
    assert [(line.id, line.late) for line in orders.listed(hub, state="late").lines] == [(late.paper, True)]
    # the county's own entries, as they come up
    rows = held(hub, COUNTY, "city_paper")
    with hub.reading() as connection:
        born = {row.id: row.born for row in connection.execute(storage.ROWS["city_paper"].select())}

    def county_says(paper: int, **columns: Any) -> None:
        joined.rows["city_paper", paper] = cityrow(rows[paper], born[paper])
        joined.act(Change("city_paper", paper, born[paper], columns), act="take_city_paper")

    county_says(late.paper, taken_on="2026-06-02")
    county_says(sent.paper, refused="不属于本局管辖")
    hub.ingest(whole(joined, hub))
    states = {line.id: line.state for line in orders.listed(hub).lines}
    assert (states[late.paper], states[sent.paper]) == ("taken", "refused")
    assert [line.id for line in orders.listed(hub, COUNTY, "refused").lines] == [sent.paper]
    papers.insist(hub, COUNTY, sent.paper, "发生地在你县", by="wang")
    line = orders.paper(hub, COUNTY, sent.paper).line
    assert (line.state, line.insisted, line.refused) == ("sent", "发生地在你县", "")
    with pytest.raises(errors.RuleError, match="没有退回"):
        papers.insist(hub, COUNTY, sent.paper, "再说一次", by="wang")
    papers.withdraw(hub, COUNTY, late.paper, "重复交办", by="wang")
    assert orders.listed(hub, state="late").total == 0
    with pytest.raises(errors.RuleError, match="已经撤回"):
        papers.withdraw(hub, COUNTY, late.paper, "重复交办", by="wang")
    with pytest.raises(errors.InputError):
        papers.withdraw(hub, COUNTY, 77, "没有这份", by="wang")
    with pytest.raises(errors.InputError):
        papers.withdraw(hub, COUNTY, sent.paper, " ", by="wang")
    with pytest.raises(errors.InputError):
        orders.listed(hub, state="lost")
    assert checks.verify(hub).clean
    assert held_conflicts(hub) == 0  # the city had seen what it changed


def cityrow(values: dict[str, Any], born: int) -> Any:
    return Row(born, born, {}, values)


def whole(journal: Journal, hub: Hub) -> bytes:
    return write_batch(journal.entries(), county=COUNTY, epoch=1, keys=journal.station.keys, hub=hub.public)


def held_conflicts(hub: Hub) -> int:
    with hub.reading() as connection:
        return len(connection.execute(storage.conflict.select()).all())


def test_pages_are_exact(joined: Journal, hub: Hub) -> None:
    for number in range(5):
        papers.send(hub, COUNTY, "notice", b"", Heading(body=f"第{number}号通知"), by="wang")
    first = orders.listed(hub, limit=2)
    second = orders.listed(hub, limit=2, after=first.after)
    third = orders.listed(hub, limit=2, after=second.after)
    titles = [line.title for page in (first, second, third) for line in page.lines]
    assert titles == [f"第{number}号通知" for number in (4, 3, 2, 1, 0)]
    assert (first.total, third.after) == (5, None)
    assert orders.listed(hub, kind="assignment").total == 0


# --- what is enclosed ------------------------------------------------------------------------------------------------


@pytest.fixture
def three(hub: Hub) -> list[Journal]:
    journals = [Journal(county) for county in ("430181", "430121", "430124")]
    for one in journals:
        enrol(one, hub)
    return journals


def calendar(**changed: Any) -> bytes:
    days = ("2027-01-01", "2027-01-02", "2027-01-03", "2027-05-01", "2027-10-01", "2027-10-02", "2027-10-03")
    content = {
        "format": "petition-desk/calendar/1",
        "year": 2027,
        "notices": ["关于2027年部分节假日安排的通知（为测试而编）"],
        "source": "test",
        "licence": "-",
        "days": [{"date": day, "kind": "off", "name": "假日"} for day in days],
    }
    return orjson.dumps({**content, **changed})


def test_a_calendar_goes_to_every_county(three: list[Journal], hub: Hub) -> None:
    sent = papers.send(hub, "all", "calendar", calendar(), Heading(), by="wang")
    assert [one.county for one in sent] == ["430121", "430124", "430181"]
    assert {one.title for one in sent} == {"关于2027年部分节假日安排的通知（为测试而编）"}
    content = orders.paper(hub, "430124", sent[1].paper).content
    assert content["year"] == 2027
    again = papers.send(hub, "all", "calendar", calendar(), Heading(), by="wang")
    assert all(one.again for one in again)
    assert checks.verify(hub).entries == 3


@pytest.mark.parametrize(
    ("kind", "data", "says"),
    [
        ("calendar", b"{}", "calendar"),
        ("calendar", calendar(days=[]), "日期"),
        ("calendar", b"\xff\xfe", "UTF-8"),
        ("overlay", b'{"overlay": "LOCAL-atlantis", "from": "2099-01-01"}', "atlantis"),
        ("overlay", b'{"overlay": "LOCAL-zhejiang"}', "from"),
        ("overlay", b'{"overlay": "LOCAL-zhejiang", "from": "2020-01-01"}', "2020-01-01"),
        ("codes", b"{}", "空|没有内容"),
        ("codes", '{"state": {"add": [{"code": "S99", "zh": "新", "en": "New"}]}}'.encode(), "state"),
        ("codes", '{"content": {"add": [{"code": "10", "zh": "新", "en": "New"}]}}'.encode(), "10"),
        ("codes", '{"content": {"add": [{"code": "95", "zh": "涉稳", "en": "x"}]}}'.encode(), "涉稳"),
        ("codes", '{"content": {"add": [{"code": "95", "zh": "某类", "en": "Watch list"}]}}'.encode(), "Watch list"),
        ("codes", '{"content": {"add": [{"code": "9 5", "zh": "某类", "en": "x"}]}}'.encode(), "9 5"),
        ("codes", b'{"content": {"add": "x"}}', "列表"),
        ("codes", b'{"content": {"remove": ["10"]}}', "add"),
        ("units", b'{"units": []}', "units"),
        ("units", '{"units": [{"name": "甲队", "kind": "navy"}]}'.encode(), "navy"),
        ("units", '{"units": [{"name": "甲队", "kind": "station", "gps": "1,2"}]}'.encode(), "gps"),
        ("units", '{"units": [{"name": "甲", "kind": "station"}, {"name": "甲", "kind": "station"}]}'.encode(), "重复"),
        ("units", b"not a list", "TOML"),
        ("notice", b"", "正文"),
        ("notice", b"x" * (1 << 21), "MiB"),
        ("assignment", b"", "assignment"),
    ],
)
def test_what_a_county_could_not_take_in_is_not_sent(file_hub: Hub, kind: Any, data: bytes, says: str) -> None:
    enrol(Journal(), file_hub)
    with pytest.raises(errors.InputError, match=says):
        papers.send(file_hub, "all", kind, data, Heading(), by="wang")
    assert entries_of(file_hub) == []


def test_a_file_of_toml_says_the_same(joined: Journal, hub: Hub) -> None:
    units = '[[units]]\nname = "高新派出所"\nkind = "派出所"\ncode = "430181060"\n'.encode()
    [sent] = papers.send(hub, COUNTY, "units", units, Heading(title="单位名录（2026年）"), by="wang")
    content = orders.paper(hub, COUNTY, sent.paper).content
    assert content == {"units": [{"code": "430181060", "kind": "station", "name": "高新派出所"}]}
