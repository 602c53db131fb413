"""The city's pages over the hub's rows: who sees what of which matter, lists, clocks, what the county has not sent."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from sync.hub import storage
from sync.hub.hub import Hub
from tests.sync.conftest import COUNTY, Journal
from tests.sync.pages import Browser, Told, add_people, days_ago, send, tell_matter
from tests.sync.test_hub import sealed

SECRET = "反映民警索贿"
SCRIPT = "<script>alert(1)</script>'\"&<img src=x onerror=alert(2)>"
FORMULA = '=HYPERLINK("http://evil.test","x")'


@pytest.fixture
def told(joined: Journal, hub: Hub) -> dict[str, Told]:
    """Return the matters of a small county at the hub: open and late, done, sealed, with odd titles."""
    add_people(hub)
    joined.unit("治安大队")
    unit = joined.ids["unit"]
    made = {
        "late": tell_matter(joined, 1, title="反映出警迟缓", received=days_ago(120), unit=unit),
        "fresh": tell_matter(joined, 2, title="请求补发登记资料", received=days_ago(2), unit=unit),
        "sealed": tell_matter(
            joined, 3, title=SECRET, received=days_ago(100), unit=unit, sealed=1, category="accusation"
        ),
        "script": tell_matter(joined, 4, title=SCRIPT, received=days_ago(50), state="S13", closed_on=days_ago(40)),
        "formula": tell_matter(joined, 5, title=FORMULA, received=days_ago(51), state="S13"),
    }  # fmt: skip
    send(joined, hub)
    return made


@pytest.fixture
def reviewer(told: dict[str, Told], hub: Hub) -> Browser:
    return Browser(hub).enter()


def test_a_county_that_sent_all_its_entries_is_shown_as_well(reviewer: Browser) -> None:
    page = reviewer.get("/city/")
    assert "测试县公安局" in page.words
    assert "430181" in page.words
    assert "缺少流水" in page.words
    county = reviewer.get(f"/city/county/{COUNTY}")
    assert "窗口一" in county.words
    assert "各表记录数" in county.words


def test_the_list_shows_the_newest_first_and_no_word_of_a_sealed_matter(
    reviewer: Browser, told: dict[str, Told]
) -> None:
    page = reviewer.get("/city/matters")
    places = [page.text.index(told[name].number) for name in ("fresh", "script", "formula", "sealed", "late")]
    assert places == sorted(places)
    assert SECRET not in page.text
    assert "甲某" not in page.text
    assert "治安大队" in page.words


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sealed_matter_shows_its_outline_and_nothing_of_what_it_says(
    reviewer: Browser, told: dict[str, Told], language: str
) -> None:
    reviewer.cookies["city-language"] = language
    page = reviewer.get(f"/city/matter/{COUNTY}/{told['sealed'].id}")
    assert page.status == 200
    assert told["sealed"].number in page.words
    assert days_ago(100) in page.words
    assert "C1" in page.words
    assert "治安大队" in page.words
    for word in (SECRET, "甲某", "被反映人", "accusation", "检举", "J20", "详情", "来信", "Letter"):
        assert word not in page.words, word
    late = reviewer.get("/city/late")
    assert told["sealed"].number in late.words
    assert SECRET not in late.text


def test_of_people_a_page_tells_the_name_and_the_part_and_never_how_to_find_them_or_who_is_accused(
    reviewer: Browser, told: dict[str, Told]
) -> None:
    page = reviewer.get(f"/city/matter/{COUNTY}/{told['late'].id}")
    assert "甲某1" in page.words
    for word in ("110101199003074514", "13900001111", "某乡某村", "被反映人1"):
        assert word not in page.text


def test_nobody_can_be_searched_for(reviewer: Browser, told: dict[str, Told]) -> None:
    for typed in ("甲某1", "13900001111", "110101199003074514", "被反映人1"):
        page = reviewer.get(f"/city/matters?q={typed}")
        assert "没有符合条件的事项" in page.words, typed


def test_a_matter_is_found_by_its_number_the_number_of_an_item_and_words_of_its_title(
    reviewer: Browser, told: dict[str, Told]
) -> None:
    late = told["late"]
    for typed in (late.number, f"J{late.number[1:]}", "出警", "出警 迟缓"):
        page = reviewer.get(f"/city/matters?q={typed}")
        assert late.number in page.words, typed
        assert told["fresh"].number not in page.words, typed
    assert told["sealed"].number in reviewer.get(f"/city/matters?q={told['sealed'].number}").words
    assert told["sealed"].number not in reviewer.get("/city/matters?q=索贿").words
    assert reviewer.get("/city/matters?q=警").status == 400
    assert told["late"].number not in reviewer.get("/city/matters?q=%25%25").words  # what SQL would take for anything


def test_a_list_is_narrowed_by_state_and_unit(reviewer: Browser, told: dict[str, Told], joined: Journal) -> None:
    opened = reviewer.get("/city/matters?state=open").words
    assert told["late"].number in opened
    assert told["script"].number not in opened
    done = reviewer.get(f"/city/matters?county={COUNTY}&state=S13").words
    assert told["script"].number in done
    assert told["late"].number not in done
    of_unit = reviewer.get(f"/city/matters?county={COUNTY}&unit={joined.ids['unit']}").words
    assert told["fresh"].number in of_unit
    assert told["script"].number not in of_unit
    assert reviewer.get("/city/matters?county=999999").status == 400


def test_pages_of_a_list_follow_each_other_without_gap_or_repeat(
    reviewer: Browser, hub: Hub, joined: Journal, told: dict[str, Told]
) -> None:
    before = joined.seq
    for number in range(10, 70):
        tell_matter(joined, number, title=f"第{number}件", received=days_ago(200 + number // 7))
    send(joined, hub, before + 1)
    seen: list[str] = []
    page = reviewer.get("/city/matters?state=")
    while True:
        seen += [one for one in page.links if one.startswith(f"/city/matter/{COUNTY}/")]
        more = [one for one in page.links if "after=" in one and "language" not in one]
        if not more:
            break
        page = reviewer.get(more[0])
    assert len(seen) == len(set(seen)) == 65


def test_late_duties_stand_with_their_clock_and_their_days(reviewer: Browser, told: dict[str, Told]) -> None:
    page = reviewer.get(f"/city/late?county={COUNTY}")
    assert told["late"].number in page.words
    assert told["fresh"].number not in page.words
    assert told["script"].number not in page.words
    assert "C1" in page.words
    english = reviewer.get("/city/language/en?back=/city/late")
    assert "days" in reviewer.follow(english).words


def test_what_was_late_is_no_more_once_the_county_sent_the_notice(
    reviewer: Browser, hub: Hub, joined: Journal, told: dict[str, Told]
) -> None:
    assert f"/city/matter/{COUNTY}/{told['late'].id}" in reviewer.get("/city/late").text
    before = joined.seq
    joined.act(
        joined.insert("event", matter=told["late"].id, kind="noticed", on_date=days_ago(110)),
        joined.insert("event", matter=told["late"].id, kind="withdrawn", on_date=days_ago(109)),
    )
    send(joined, hub, before + 1)
    assert f"/city/matter/{COUNTY}/{told['late'].id}" not in reviewer.get("/city/late").text


def test_a_clock_tells_how_it_is_counted(reviewer: Browser, told: dict[str, Told]) -> None:
    page = reviewer.get(f"/city/matter/{COUNTY}/{told['late'].id}")
    assert "怎样算出" in page.words
    assert "最后一日：" in page.words
    assert "《信访工作条例》" in page.words


def test_what_a_county_has_not_sent_yet_is_said_on_its_pages(reviewer: Browser, hub: Hub, joined: Journal) -> None:
    before = joined.seq
    joined.unit("缺的一批")
    joined.units(3)
    assert hub.ingest(sealed(joined, hub, before + 2)).state == "waiting"
    for path in (f"/city/county/{COUNTY}", f"/city/matters?county={COUNTY}"):
        page = reviewer.get(path)
        assert "没有报送" in page.words or "报送不齐" in page.words
        assert f"缺少第 {before + 1} 至 {before + 1} 条" in page.words
    assert "有待处理" in reviewer.get("/city/").words or "未报" in reviewer.get("/city/").words


def test_each_look_at_a_matter_is_kept_and_the_keeper_sees_whose(
    reviewer: Browser, hub: Hub, told: dict[str, Told]
) -> None:
    reviewer.get(f"/city/matter/{COUNTY}/{told['late'].id}")
    reviewer.get(f"/city/matter/{COUNTY}/{told['sealed'].id}")
    t = storage.look
    with hub.reading() as connection:
        kept = connection.execute(
            sa.select(t.c.login, t.c.matter)
            .where(t.c.county == COUNTY, t.c.what == "matter")
            .order_by(t.c.at_ms, t.c.n)
        ).all()
    assert [tuple(one) for one in kept] == [("wang", told["late"].id), ("wang", told["sealed"].id)]
    keeper = Browser(hub).enter("li")
    page = keeper.get("/city/people")
    assert "王评查" in page.words
    assert told["late"].number in page.words
    assert "查看事项" in page.words


def test_a_keeper_reads_no_matter_and_a_reviewer_not_the_looks(
    reviewer: Browser, hub: Hub, told: dict[str, Told]
) -> None:
    keeper = Browser(hub).enter("li")
    assert keeper.get("/city/").status == 200
    for path in (
        "/city/matters", "/city/late", f"/city/matter/{COUNTY}/{told['late'].id}", "/city/reviews", "/city/figures",
        "/city/papers/new/assignment", f"/city/matter/{COUNTY}/{told['late'].id}/supervise",
    ):  # fmt: skip
        page = keeper.get(path)
        assert page.status == 403, path
        assert "出警" not in page.text
    assert reviewer.get("/city/people").status == 403
    assert reviewer.get("/city/papers/new/calendar").status == 403


def test_no_page_opens_without_a_log_in(hub: Hub, told: dict[str, Told]) -> None:
    stranger = Browser(hub)
    for path in ("/city/", "/city/matters", f"/city/matter/{COUNTY}/{told['late'].id}", "/city/papers", "/city/people",
                 "/city/figures/circular.pdf", f"/city/county/{COUNTY}", "/city/reviews", "/city/late"):  # fmt: skip
        page = stranger.get(path)
        assert page.status == 303, path
        assert page.headers["location"].startswith("/city/login")
    assert stranger.post(f"/city/matter/{COUNTY}/1/supervise", {}).headers["location"] == "/city/login"


@pytest.mark.parametrize("path", ["/city/matters", "/city/late", "/city/matter/{county}/{matter}"])
def test_every_value_is_escaped(reviewer: Browser, told: dict[str, Told], path: str) -> None:
    page = reviewer.get(path.format(county=COUNTY, matter=told["script"].id))
    assert "<script" not in page.text
    assert "<img" not in page.text
    assert "onerror=alert" not in page.text or "&lt;img" in page.text
    if path != "/city/late":
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
        assert SCRIPT in page.words.replace("　", " ")


def test_what_is_typed_comes_back_escaped(reviewer: Browser) -> None:
    page = reviewer.get("/city/matters?q=%3Cscript%3Ealert(1)%3C/script%3E&state=%22%3E%3Cb%3E&county=%3Cb%3E")
    assert page.status == 400
    assert "<script" not in page.text
    assert "<b>" not in page.text


def test_a_matter_that_is_not_there_is_told_like_one_that_cannot_be_known_of(reviewer: Browser) -> None:
    page = reviewer.get(f"/city/matter/{COUNTY}/12345")
    assert page.status == 400
    assert "没有这个信访事项" in page.words
    assert reviewer.get("/city/matter/999999/1").status == 400
    assert reviewer.get("/city/nothing").status == 404
    assert reviewer.get("/city/matter/430181/abc").status == 404
    for digits in (19, 4301):  # more than a column holds; more than Python reads
        assert reviewer.get(f"/city/matter/430181/{'9' * digits}").status == 404


def test_the_circular_of_a_month_is_handed_out_as_pdf_and_workbook(reviewer: Browser, told: dict[str, Told]) -> None:
    page = reviewer.get("/city/figures")
    assert "收到信访件" in page.words
    pdf = reviewer.get("/city/figures/circular.pdf")
    assert pdf.body.startswith(b"%PDF-")
    assert pdf.headers["content-type"] == "application/pdf"
    assert "attachment" in pdf.headers["content-disposition"]
    book = reviewer.get("/city/figures/circular.xlsx?month=2026-01")
    assert book.body.startswith(b"PK")
    assert reviewer.get("/city/figures/circular.exe").status == 404
    assert reviewer.get("/city/figures?month=9999-99").status == 400


def test_help_and_every_page_stand_in_both_languages(reviewer: Browser, told: dict[str, Told]) -> None:
    for path in ("/city/help", "/city/", "/city/matters", "/city/late", "/city/papers", "/city/reviews",
                 "/city/figures", f"/city/matter/{COUNTY}/{told['late'].id}", f"/city/county/{COUNTY}",
                 "/city/passphrase", "/city/papers/new/assignment", "/city/papers/new/notice"):  # fmt: skip
        reviewer.cookies["city-language"] = "zh"
        chinese = reviewer.get(path)
        reviewer.cookies["city-language"] = "en"
        english = reviewer.get(path)
        assert (chinese.status, english.status) == (200, 200), path
        assert 'lang="zh-CN"' in chinese.text
        assert '<html lang="en">' in english.text
        assert "帮助" in chinese.words
        assert "Log out" in english.words
        assert "帮助" not in english.words, path
