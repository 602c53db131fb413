"""Calendars, rules, codes, units and notices from the city: shown as a difference, then taken in as it was shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models import acts, cityfiles, clocks, codes, errors, lawbook
from models.desk import Desk
from models.figures.gather import Law, law_of
from models.register import Register
from models.verify import verify
from tests.models.cases import Case
from tests.models.city_voice import CityVoice
from tests.models.conftest import NOW, TODAY, at, draft, person, unit
from tests.models.test_shifts import notice


@pytest.fixture
def city(register: Register) -> CityVoice:
    return CityVoice(register)


def row_of(register: Register, paper: int) -> dict[str, Any]:
    found = register.record("city_paper", paper)
    assert found
    return found


def test_a_calendar_counts_only_as_it_was_reviewed(
    desk_of: Callable[..., Desk], city: CityVoice, register: Register, case: Callable[..., Case]
) -> None:
    desk = desk_of("pu", at("2026-12-21"))
    matter = desk.register_item(draft(received_on=date(2026, 12, 18))).matter
    paper = city.send("calendar", at("2026-12-21"), notice())
    difference = desk.city.difference(paper)
    moved = [(shift.matter, shift.clock, shift.before_on, shift.after_on) for shift in difference.shifts]
    assert (matter, "C1", None, date(2027, 1, 4)) in moved
    with pytest.raises(errors.RuleError, match="核对"):
        desk.city.take(paper)
    assert row_of(register, paper)["taken_on"] is None
    seq = register.seq
    done = desk.city.take(paper, digest=difference.digest)
    assert done.moved == len(moved)
    assert done.seq == seq + 1
    assert register.calendar.years[-1] == 2027
    assert register.row("SELECT last_on FROM duty WHERE matter=? AND clock='C1'", (matter,)) == ("2027-01-04",)
    assert row_of(register, paper)["taken_on"] == "2026-12-21"
    assert desk_of("keep", at("2026-12-21")).city.inbox(state="taken").total == 1
    again = city.send("calendar", at("2026-12-21"), notice())
    with pytest.raises(errors.InputError, match="完全相同"):
        desk.city.take(again, digest=difference.digest)
    desk.city.note(again, "已采用")
    assert all(check.holds for check in verify(register))


def test_a_keeper_looks_at_a_calendar_and_the_petition_unit_applies_it(
    desk_of: Callable[..., Desk], city: CityVoice
) -> None:
    paper = city.send("calendar", at("2026-12-21"), notice())
    keeper = desk_of("keep", at("2026-12-21"))
    found = keeper.city.difference(paper)
    [line] = keeper.city.inbox().lines
    assert line.may == ()
    with pytest.raises(errors.NotAllowedError):
        keeper.city.take(paper, digest=found.digest)


def test_an_overlay_counts_from_its_day_or_from_today_when_the_stick_came_late(
    desk_of: Callable[..., Desk], city: CityVoice, register: Register
) -> None:
    content = {"overlay": "LOCAL-zhejiang", "from": "2026-03-10"}
    paper = city.send("overlay", NOW, content)
    desk = desk_of("pu", at("2026-03-20"))
    found = desk.city.difference(paper)
    assert found.from_on == date(2026, 3, 20)  # what was received since keeps its rules
    assert {change.clock for change in found.future} >= {"C1", "C2"}
    desk.city.take(paper, digest=found.digest)
    assert lawbook.overlay_on(register, date(2026, 3, 19)) == ""
    assert lawbook.overlay_on(register, date(2026, 3, 20)) == "LOCAL-zhejiang"
    with pytest.raises(errors.InputError, match="不是日历"):
        desk.city.difference(city.send("notice", NOW, body="通知"))


def test_codes_are_shown_as_a_difference_and_count_with_their_words(
    desk: Desk, city: CityVoice, register: Register, case: Callable[..., Case]
) -> None:
    case(content_code="22")
    content = {
        "content": {"add": [{"code": "95", "zh": "无人机管理", "en": "Drones", "also": ["黑飞"]}], "closed": ["22"]},
        "police": {"add": [{"code": "airport", "zh": "机场公安", "en": "Airport"}]},
    }
    paper = city.send("codes", NOW, content)
    changes = [(one.what, one.table, one.code, one.used) for one in desk.city.changes(paper)]
    assert changes == [("add", "content", "95", 0), ("close", "content", "22", 1), ("add", "police", "airport", 0)]
    assert "95" not in codes.codes("content")
    done = desk.city.take(paper)
    assert done.moved == 3
    assert "95" in codes.codes("content")
    assert "22" not in codes.codes("content")
    assert codes.word("content", "95", "en") == "Drones"
    assert codes.code_for("content", "黑飞") == "95"
    assert codes.word("content", "22") == "养犬管理"  # rows that bear it are still read
    assert "airport" in next(field.choices for field in acts.rule("screen").inputs if field.name == "police")
    city.change(city.send("codes", NOW, {"content": {"opened": ["22"]}}), NOW, title="恢复")
    second = desk.city.inbox().lines[0].id
    assert [one.what for one in desk.city.changes(second)] == ["open"]
    desk.city.take(second)
    assert "22" in codes.codes("content")
    assert "95" in codes.codes("content")


def test_codes_of_a_register_do_not_count_in_another(
    desk: Desk, city: CityVoice, register: Register, tmp_path: Path, template: Any
) -> None:
    desk.city.take(city.send("codes", NOW, {"content": {"add": [{"code": "95", "zh": "无人机", "en": "Drones"}]}}))
    assert "95" in codes.codes("content")
    (tmp_path / "other").mkdir()
    with template.open(template.copy(tmp_path / "other")):
        assert "95" not in codes.codes("content")
    path = register.path
    register.close()
    with template.open(path):
        assert codes.word("content", "95") == "无人机"


UNITS = {
    "units": [
        {"code": "430181001", "name": "刑事侦查大队", "kind": "business", "police": "刑侦"},
        {"code": "430181060", "name": "高新派出所", "short": "高新所", "kind": "station"},
        {"code": "430181061", "name": "高新派出所一中队", "kind": "station", "above": "430181060"},
        {"name": "警务督察大队", "kind": "inspection", "closed": True},
        {"name": "一中队二组", "kind": "station", "closed": True},
        {"name": "早已撤销的单位", "kind": "business", "closed": True},
    ]
}


def test_a_unit_directory_is_laid_over_the_countys_own(desk: Desk, city: CityVoice, register: Register) -> None:
    with register.act("test", by=register.person, at=NOW) as act:
        for login in ("zu",):
            act.set("staff", person(register, login).id, unit=unit(register, "城关一队"))
    paper = city.send("units", NOW, UNITS)
    changes = desk.city.changes(paper)
    told = [(one.what, one.name, getattr(one, "columns", ())) for one in changes]
    assert told == [
        ("change", "刑事侦查大队", (("code", "", "430181001"), ("police", "", "criminal"))),
        ("add", "高新派出所", (
            ("name", "", "高新派出所"), ("short", "", "高新所"), ("code", "", "430181060"), ("kind", "", "station"),
        )),
        ("add", "高新派出所一中队", (
            ("name", "", "高新派出所一中队"), ("code", "", "430181061"), ("kind", "", "station"),
            ("above", "", "高新派出所"),
        )),
        ("kept", "警务督察大队", ()),  # its people are still there
        ("close", "一中队二组", ()),
    ]  # fmt: skip
    assert desk.city.take(paper).moved == 4
    rows = {row["name"]: row for row in register.records("unit", "1")}
    assert rows["高新派出所一中队"]["above"] == rows["高新派出所"]["id"]
    assert rows["刑事侦查大队"]["police"] == "criminal"
    assert rows["一中队二组"]["closed"] == 1
    assert not rows["警务督察大队"]["closed"]
    assert "信访科" in rows
    assert not rows["信访科"]["closed"]
    assert desk.city.changes(city.send("units", NOW, {"units": UNITS["units"][:3]})) == ()
    assert all(check.holds for check in verify(register))


def test_a_notice_is_read_and_may_be_answered(
    desk_of: Callable[..., Desk], city: CityVoice, register: Register
) -> None:
    paper = city.send("notice", NOW, body="请于三月十日前报送联络名单。", limit_on=date(2026, 3, 10))
    desk = desk_of("pu")
    with pytest.raises(errors.RuleError, match="待接收"):
        desk.city.report(paper, "已报送")
    with pytest.raises(errors.RuleError, match="只有交办、转送"):
        desk.city.refuse(paper, "不办")
    desk.city.take(paper)
    desk.city.report(paper, "已报送。")
    assert row_of(register, paper)["answer"] == "已报送。"
    assert register.row("SELECT count(*) FROM matter") == (0,)


PROVINCE = """
format = "petition-desk/rules/1"
id = "LOCAL-hunan"
kind = "overlay"
from = 2026-01-01
title = { zh = "某省信访条例（为测试而编）", en = "Regulation of a province (made up for the tests)" }

[[change]]
clock = "C1"
length = 7
unit = "C"
article = { zh = "某省信访条例第20条", en = "Prov. Reg. Art. 20" }

[[change]]
clock = "C2"
extension = { event = "extended", max_days = 60, by = { zh = "本机关负责人批准", en = "a head of this organ" } }
article = { zh = "某省信访条例第23条", en = "Prov. Reg. Art. 23" }
"""


def test_an_overlay_that_the_program_does_not_bring_comes_as_a_file(
    desk_of: Callable[..., Desk], city: CityVoice, register: Register
) -> None:
    enclosed = cityfiles.read("overlay", PROVINCE.encode(), name="hunan.toml", on=TODAY)
    assert enclosed.content is not None
    paper = city.send("overlay", NOW, dict(enclosed.content), title=enclosed.title)
    desk = desk_of("pu")
    found = desk.city.difference(paper)
    assert {change.clock for change in found.future} == {"C1", "C2"}
    desk.city.take(paper, digest=found.digest)
    assert lawbook.overlay_on(register, TODAY) == "LOCAL-hunan"
    case = Case(register)
    assert case.column("rules") == "REG-2022/LOCAL-hunan"
    assert case.clock("C1").due.last_on == date(2026, 3, 9)
    # an extension of sixty days, which the national set would refuse, is told in its letter
    case.accept().assign()
    case.do("extend", "2026-04-01", days=60, reason="案情复杂", by="ch")
    assert case.state == "S5x"
    # what counts is in the journal: a register opened anew, or rebuilt, counts by it too
    assert all(check.holds for check in verify(register))
    with pytest.raises(errors.InputError, match="不能直接更改"):
        desk.set_setting("rules.file.LOCAL-hunan", "")
    other = PROVINCE.replace("length = 7", "length = 9")
    with pytest.raises(errors.InputError, match="另有文本"):
        desk.city.difference(city.send("overlay", NOW, {**enclosed.content, "text": other}))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("overlay", "national"), "不是新的地方规定|规则文件"),
        (("LOCAL-hunan", "LOCAL-zhejiang"), "LOCAL-zhejiang|已有"),
        (('clock = "C1"', 'clock = "C99"'), "C99"),
        (("length = 7", "length = -7"), "hunan.toml"),
        (("unit =", "risk ="), "risk"),
    ],
)
def test_a_rule_file_that_is_none_does_not_go_out(change: tuple[str, str], says: str) -> None:
    with pytest.raises(errors.InputError, match=says):
        cityfiles.read("overlay", PROVINCE.replace(*change).encode(), name="hunan.toml", on=TODAY)


def test_the_city_counts_a_countys_clocks_by_the_overlay_that_it_sent() -> None:
    class Rows:
        def every(self, table: str, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
            assert table == "setting"
            held = {"rules.file.LOCAL-hunan": json.dumps(PROVINCE), "organ.name": '"某局"'}
            return [
                tuple({"name": name, "rev": 1, "value": value}[column] for column in columns)
                for name, value in held.items()
            ]

    book = law_of(Rows()).book
    assert book.rule_set("REG-2022/LOCAL-hunan", TODAY).clock("C1").length == 7
    assert law_of(Rows(), Law(book, clocks.load_calendar())).book is book
