"""The city's papers through the pages: assigned, supervised, reviewed, taken back; written once, checked alike."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from models.journal import Change
from models.merge import Row
from sync.hub import checks, orders, storage
from sync.hub.hub import Hub
from tests.sync.conftest import COUNTY, Journal, held
from tests.sync.pages import PASSPHRASE, Browser, Told, add_people, days_ago, send, tell_matter, today

LIMIT = (today() + timedelta(days=40)).isoformat()
FACTS = {
    "county": COUNTY, "number": "市公信〔2026〕1号", "signed_by": "季上行", "limit_on": LIMIT, "channel": "letter",
    "received_on": days_ago(1), "purpose": "solution", "source_number": "市2026-17", "item_title": "反映夜间噪声",
    "statement": "工地夜间施工，多次报警未见制止。", "claims": "请求制止\n请求书面答复", "person_name": "赵某",
    "person_phone": "13911112222", "body": "请依法办理。",
}  # fmt: skip


@pytest.fixture
def matter(joined: Journal, hub: Hub) -> Told:
    add_people(hub)
    made = tell_matter(joined, 1, title="反映出警迟缓", received=days_ago(90))
    send(joined, hub)
    return made


@pytest.fixture
def reviewer(matter: Told, hub: Hub) -> Browser:
    return Browser(hub).enter()


def papers(hub: Hub) -> list[dict[str, Any]]:
    return list(held(hub, COUNTY, "city_paper").values())


def test_an_assignment_goes_out_once_and_its_page_tells_what_became_of_it(
    reviewer: Browser, hub: Hub, joined: Journal
) -> None:
    answer = reviewer.submit("/city/papers/new/assignment", FACTS)
    page = reviewer.follow(answer)
    assert "反映夜间噪声" in page.words
    assert "请求书面答复" in page.words
    assert "已发出" in page.words
    assert "赵某" in page.words
    assert "13911112222" not in page.text
    again = reviewer.submit("/city/papers/new/assignment", FACTS)  # sent twice by an impatient hand
    assert again.headers["location"] == answer.headers["location"]
    (row,) = papers(hub)
    assert (row["kind"], row["limit_on"], row["organ"]) == ("assignment", LIMIT, hub.place.city)
    assert "13911112222" in row["content"]  # the county is told how to reach who asks
    listing = reviewer.get("/city/papers")
    assert urlsplit(answer.headers["location"]).path in listing.links
    with hub.reading() as connection:
        t = storage.look
        kept = connection.execute(sa.select(t.c.login).where(t.c.county == COUNTY, t.c.what.startswith("city_"))).all()
    assert [one.login for one in kept] == ["wang"]
    assert checks.verify(hub).clean


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"limit_on": ""}, "交办须确定办理时限"),
        ({"limit_on": "next week"}, "不是日期"),
        ({"county": "999999"}, "999999"),
        ({"channel": "pigeon"}, "pigeon"),
        ({"received_on": "2999-01-01"}, ""),
    ],
)
def test_what_could_not_go_is_told_beside_the_form_with_all_that_was_typed(
    reviewer: Browser, hub: Hub, change: dict[str, str], told: str
) -> None:
    page = reviewer.submit("/city/papers/new/assignment", {**FACTS, **change})
    assert page.status == 400
    assert "没有办成" in page.words
    assert told in page.words
    assert "市公信〔2026〕1号" in page.text
    assert "13911112222" in page.text
    assert papers(hub) == []


def test_a_transfer_needs_no_time_limit_and_a_notice_goes_to_all(reviewer: Browser, hub: Hub) -> None:
    reviewer.follow(reviewer.submit("/city/papers/new/transfer", {**FACTS, "limit_on": ""}))
    page = reviewer.follow(
        reviewer.submit("/city/papers/new/notice", {"county": "", "title": "放假值班通知", "body": "请安排值班。"})
    )
    assert "放假值班通知" in page.words
    assert sorted(row["kind"] for row in papers(hub)) == ["notice", "transfer"]


def test_a_paper_is_taken_back_with_a_reason_only(reviewer: Browser, hub: Hub) -> None:
    place = reviewer.submit("/city/papers/new/assignment", FACTS).headers["location"]
    refused = reviewer.submit(place, {"reason": " "}, f"{place}/withdraw")
    assert refused.status == 400
    assert "须写明理由" in refused.words
    page = reviewer.follow(reviewer.submit(place, {"reason": "发错单位"}, f"{place}/withdraw"))
    assert "已撤回" in page.words
    assert "发错单位" in page.words
    assert "撤回这份发文" not in page.words


def test_a_paper_that_the_county_sent_back_is_insisted_on(reviewer: Browser, hub: Hub, joined: Journal) -> None:
    place = reviewer.submit("/city/papers/new/assignment", FACTS).headers["location"]
    county_says(hub, joined, int(place.rsplit("/", 1)[1]), refused="不属本局管辖")
    page = reviewer.get(place)
    assert "不属本局管辖" in page.words
    assert "已退回" in page.words
    page = reviewer.follow(reviewer.submit(place, {"reason": "属本局辖区"}, f"{place}/insist"))
    assert "属本局辖区" in page.words
    assert "已发出" in page.words


def county_says(hub: Hub, journal: Journal, paper: int, **columns: Any) -> None:
    """Let the county change a paper's row, as its desk does when it takes in, refuses or answers."""
    t = storage.ROWS["city_paper"]
    with hub.reading() as connection:
        row = connection.execute(t.select().where(t.c.county == COUNTY, t.c.id == paper)).mappings().one()
    names = {str(name): row[name] for name in row if name not in ("county", "id", "born", "rev", "revs")}
    journal.rows["city_paper", paper] = Row(row["born"], row["rev"], {}, names)
    before = journal.seq
    journal.act(Change("city_paper", paper, row["rev"], columns))
    send(journal, hub, before + 1)


def test_a_paper_past_its_limit_without_an_answer_is_late(reviewer: Browser, hub: Hub, joined: Journal) -> None:
    fields = {**FACTS, "on": days_ago(30), "received_on": days_ago(31), "limit_on": days_ago(3)}
    place = reviewer.submit("/city/papers/new/assignment", fields).headers["location"]
    assert "逾期未复" in reviewer.get("/city/papers?state=late").words
    county_says(hub, joined, int(place.rsplit("/", 1)[1]), answered_on=days_ago(1), answer="已按期答复信访人。")
    page = reviewer.get(place)
    assert "已回复" in page.words
    assert "已按期答复信访人" in page.words
    assert place not in reviewer.get("/city/papers?state=late").links


def test_what_was_answered_about_a_matter_that_is_sealed_since_is_not_shown(
    reviewer: Browser, hub: Hub, joined: Journal, matter: Told
) -> None:
    path = f"/city/matter/{COUNTY}/{matter.id}/supervise"
    place = reviewer.submit(path, {"body": "请书面答复。", "limit_on": LIMIT}).headers["location"]
    paper = int(place.rsplit("/", 1)[1])
    county_says(hub, joined, paper, answered_on=days_ago(1), answer="已当面答复信访人。")
    assert "已当面答复信访人" in reviewer.get(place).words
    before = joined.seq
    joined.act(Change("matter", matter.id, joined.rows["matter", matter.id].rev, {"sealed": 1}))
    send(joined, hub, before + 1)
    page = reviewer.get(place)
    assert "已当面答复信访人" not in page.text
    assert "限定知悉范围" in page.words
    assert "已回复" in page.words
    assert orders.paper(hub, COUNTY, paper).line.answer == ""


def test_a_county_is_urged_about_a_matter(reviewer: Browser, hub: Hub, matter: Told) -> None:
    path = f"/city/matter/{COUNTY}/{matter.id}/supervise"
    nothing = reviewer.submit(path, {"body": "", "limit_on": ""})
    assert nothing.status == 400
    page = reviewer.follow(reviewer.submit(path, {"body": "请于期限内书面答复信访人。", "limit_on": LIMIT}))
    assert "请于期限内书面答复信访人" in page.words
    assert matter.number in page.words
    (row,) = papers(hub)
    assert (row["kind"], row["matter"]) == ("supervision", matter.id)


def test_a_keeper_sends_calendars_and_never_sees_what_a_matter_is_about(
    reviewer: Browser, hub: Hub, matter: Told
) -> None:
    place = reviewer.submit("/city/papers/new/assignment", FACTS).headers["location"]
    keeper = Browser(hub).enter("li")
    listing = keeper.get("/city/papers")
    assert "反映夜间噪声" not in listing.text
    assert matter.number not in listing.text
    assert keeper.get(place).status == 403
    assert keeper.submit("/city/papers", {"reason": "x"}, f"{place}/withdraw").status == 403
    assert keeper.get("/city/papers/new/review").status == 403
    bad = upload(keeper, "/city/papers/new/calendar", {"county": ""}, "calendar.json", b"{not json")
    assert bad.status == 400
    assert "没有办成" in bad.words
    overlay = b'{"overlay": "", "from": "2099-01-01"}'
    good = upload(keeper, "/city/papers/new/overlay", {"county": COUNTY}, "overlay.json", overlay)
    assert good.status == 303, good.words
    page = keeper.follow(good)
    assert page.status == 200
    assert "2099-01-01" in page.text


def upload(browser: Browser, path: str, fields: dict[str, str], name: str, data: bytes) -> Any:
    key = browser.get(path).field("form_key")
    mark = "----mark"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in {"form_key": key, **fields}.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    parts.append(head.encode() + b"Content-Type: application/json\r\n\r\n" + data + f"\r\n--{mark}--\r\n".encode())
    headers = {"content-type": f"multipart/form-data; boundary={mark}", "origin": "https://hub.test:8443"}
    return browser.ask("POST", path, b"".join(parts), headers)


# --- closing reports --------------------------------------------------------------------------------------------------


@pytest.fixture
def case(joined: Journal, hub: Hub, matter: Told) -> int:
    """Return a key case of the matter whose closing report waits."""
    before = joined.seq
    programme = joined.insert(
        "programme", key="2026-key", name="重点案件化解", from_on=days_ago(80), to_on=days_ago(-80)
    )
    row = joined.insert("key_case", matter=matter.id, programme=programme.row, source="since", entered_on=days_ago(60))
    joined.act(
        programme,
        row,
        joined.insert("event", matter=matter.id, kind="key_included", on_date=days_ago(60), key_case=row.row),
        joined.insert("event", matter=matter.id, kind="key_solved", on_date=days_ago(9), key_case=row.row),
        joined.insert("case_review", matter=matter.id, key_case=row.row, reported_on=days_ago(5)),
        joined.insert("case_round", matter=matter.id, key_case=row.row, on_date=days_ago(20), method="mediation",
                      what="当面调解，<b>双方</b>同意。", result="settled"),
    )  # fmt: skip
    send(joined, hub, before + 1)
    return int(row.row)


def test_a_closing_report_is_shown_with_its_evidence_and_reviewed(
    reviewer: Browser, hub: Hub, joined: Journal, matter: Told, case: int
) -> None:
    path = f"/city/review/{COUNTY}/{case}"
    assert path in reviewer.get("/city/reviews").links
    page = reviewer.get(path)
    assert matter.number in page.words
    assert "当面调解，<b>双方</b>同意。" in page.words
    assert "<b>双方" not in page.text
    assert days_ago(9) in page.words
    assert "调查报告 ! 缺" in page.words
    silent = reviewer.submit(path, {"outcome": "return", "body": ""})
    assert silent.status == 400
    assert "须写明评查意见" in silent.words
    assert reviewer.submit(path, {"outcome": "maybe", "body": "x"}).status == 400
    assert papers(hub) == []
    sent = reviewer.follow(reviewer.submit(path, {"outcome": "return", "body": "缺少调查报告，请补正。"}))
    assert "退回补正" in sent.words
    assert "缺少调查报告" in sent.words
    (row,) = papers(hub)
    assert (row["kind"], row["outcome"], row["key_case"]) == ("review", "return", case)
    assert "等县局接收" in reviewer.get(path).words
    assert reviewer.post(path, {"form_key": page.field("form_key"), "outcome": "approve"}).status == 400
    assert len(orders.closings(hub)) == 1


def test_of_a_sealed_case_only_its_outline_is_shown(
    reviewer: Browser, hub: Hub, joined: Journal, matter: Told, case: int
) -> None:
    before = joined.seq
    joined.act(Change("matter", matter.id, joined.rows["matter", matter.id].rev, {"sealed": 1}))
    send(joined, hub, before + 1)
    page = reviewer.get(f"/city/review/{COUNTY}/{case}")
    assert matter.number in page.words
    assert "限定知悉范围" in page.words
    for word in ("出警", "当面调解", "调查报告"):
        assert word not in page.text
    assert "出警" not in reviewer.get("/city/reviews").text


def test_a_case_that_is_not_there_is_told(reviewer: Browser) -> None:
    assert reviewer.get(f"/city/review/{COUNTY}/999").status == 400
    assert reviewer.get("/city/review/999999/1").status == 400
    assert Browser(reviewer.hub).post(f"/city/review/{COUNTY}/1", {"passphrase": PASSPHRASE}).status == 303
