"""Ledgers of a period: each line held against the matter as it was handled, what may not be seen, order and files."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models import errors
from models.desk import Desk
from models.ledgers import part
from models.ledgers.ledger import LEDGERS
from models.records import PersonDraft
from models.register import Register
from models.sheets.content import Grid, Sheet
from tests.models.cases import Case
from tests.models.conftest import accused, at, draft, person
from tests.models.letters.measure import Measured
from tests.models.programme_cases import KEY, KeyCase, start
from tests.models.reception_day import DAY, HEARD, SETTLED, Reception

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def grid_of(sheet: Sheet) -> Grid:
    (grid,) = sheet.blocks
    assert isinstance(grid, Grid)
    return grid


def lines(desk: Desk, ledger: str, *period: date, **how: Any) -> list[dict[str, Any]]:
    """Return the rows of a ledger, each value under its head (with the head over it, where there is one)."""
    grid = grid_of(desk.ledgers.sheet(ledger, *(period or YEAR), **how))
    heads = [f"{column.group}{column.head}" for column in grid.columns]
    assert len(set(heads)) == len(heads), "each column has its own name"
    return [dict(zip(heads, row, strict=True)) for row in grid.rows]


def desk_on(register: Register, day: str, login: str = "") -> Desk:
    desk = Desk(register, now=lambda: at(day))
    if login:
        desk.person = person(register, login)
    return desk


# --- items ------------------------------------------------------------------------------------------------------------


def test_an_item_from_receipt_to_rating(register: Register, case: Callable[..., Case]) -> None:
    """Received 2026-03-02, accepted the same day: notice due 03-17, answer 60 days later, 05-01, rolled to 05-06."""
    one = case(title="反映立案不及时").accept().assign()
    desk = desk_on(register, "2026-03-20")
    (line,) = lines(desk, "items")
    assert line["收到日期"] == date(2026, 3, 2)
    assert (line["形式"], line["信访人"], line["概况"]) == ("来访", "王小明", "反映立案不及时")
    assert (line["类别"], line["责任单位"]) == ("申诉求决", "刑事侦查大队")
    assert (line["告知最后一日"], line["告知告知日期"]) == (date(2026, 3, 17), date(2026, 3, 2))
    assert (line["答复最后一日"], line["答复答复日期"]) == (date(2026, 5, 6), None)
    assert line["备注"] == ""
    assert line["结果"] == "办理中"
    one.find_out().draft("support", day="2026-03-24").check()
    one.do("issue", "2026-03-25", execute_by="2026-05-25").serve(
        "2026-03-27", on="2026-03-27", way="in_person", receiver="王小明"
    )
    (line,) = lines(desk_on(register, "2026-04-20"), "items")
    assert line["答复答复日期"] == date(2026, 3, 25)
    assert line["送达日期"] == date(2026, 3, 27)
    assert line["结果"] == "支持"


def test_what_is_late_is_told_on_the_day_of_looking(register: Register, desk: Desk, case: Callable[..., Case]) -> None:
    desk.register_item(draft(title="还没告知"))
    case(title="告知晚了").do("screen", category="claim", exit="6").do("accept", "2026-03-20")
    assert {line["概况"]: line["备注"] for line in lines(desk_on(register, "2026-03-17"), "items")} == {
        "还没告知": "", "告知晚了": "",
    }  # fmt: skip
    remarks = {line["概况"]: line["备注"] for line in lines(desk_on(register, "2026-06-01"), "items")}
    assert remarks["还没告知"].startswith("告知逾期未办")
    assert remarks["告知晚了"] == "告知逾期；答复逾期未办"


def test_each_item_has_its_own_line_and_a_cancelled_one_its_reason(register: Register) -> None:
    desk = desk_on(register, "2026-03-10")
    first = desk.register_item(draft())
    second = desk.register_item(draft(received_on=date(2026, 3, 5), people=(), repeat_of_matter=first.matter))
    wrong = desk.register_item(draft(received_on=date(2026, 3, 6)))
    desk.perform(wrong.matter, "cancel_item", {"item": wrong.item_number, "reason": "登记重了"})
    found = lines(desk_on(register, "2026-03-10"), "items")
    assert [line["收到日期"] for line in found] == [date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 6)]
    assert [line["信访人"] for line in found] == ["王小明"] * 3
    assert found[0]["事项编号"] == found[1]["事项编号"] != found[2]["事项编号"]
    assert [line["信访件编号"] for line in found] == [first.item_number, second.item_number, wrong.item_number]
    assert found[2]["备注"] == "登记撤销：登记重了"
    assert found[2]["告知最后一日"] is None
    notes = desk_on(register, "2026-03-10").ledgers.sheet("items", *YEAR).notes
    assert notes[0] == "共 2 件次，另有登记撤销 1 件。"


def test_petitioners_of_an_item_are_named_by_the_first_and_their_number(register: Register, desk: Desk) -> None:
    people = (PersonDraft(name="李四"), PersonDraft(name="张三", main=True), PersonDraft(name="律师", role="agent"))
    desk.register_item(draft(people=people))
    desk.register_item(draft(people=(), title="匿名信"))
    names = [line["信访人"] for line in lines(desk, "items")]
    assert names == ["张三等2人", ""]
    errors.speak("en")
    assert lines(desk, "items")[0]["Petitioner"] == "张三 and 1 more"


def test_only_the_days_asked_for_in_the_order_of_receipt(register: Register, desk: Desk, monkeypatch: Any) -> None:
    """Read in portions of three, and each item once."""
    monkeypatch.setattr(part, "AT_A_TIME", 3)
    monkeypatch.setattr("models.ledgers.items.AT_A_TIME", 3)
    for day in (9, 2, 7, 7, 7, 3, 8, 2, 10):
        desk.register_item(draft(received_on=date(2026, 2, day), title=f"二月{day}日"))
    found = lines(desk, "items", date(2026, 2, 3), date(2026, 2, 9))
    assert [line["收到日期"].day for line in found] == [3, 7, 7, 7, 8, 9]
    assert len({line["信访件编号"] for line in found}) == 6
    assert "共 6 件次" in desk.ledgers.sheet("items", date(2026, 2, 3), date(2026, 2, 9)).notes[0]


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_a_sealed_matter_is_an_outline_and_for_the_accused_it_is_not_there(register: Register, desk: Desk) -> None:
    """Order MPS-79 Art. 10; SC-431 Art. 23; REG-2022 Art. 30."""
    desk.register_item(draft(purpose="accusation", title="检举刑办案收钱", accused=(accused("刑办案"),)))
    desk.register_item(draft(title="普通事项"))
    reader, outsider, named = (desk_on(register, "2026-03-10", login) for login in ("di", "reg", "ho"))
    assert [line["概况"] for line in lines(reader, "items")] == ["检举刑办案收钱", "普通事项"]
    sealed = lines(outsider, "items")[0]
    assert {name for name, value in sealed.items() if value not in (None, "")} == {
        "信访件编号", "事项编号", "收到日期", "责任单位", "告知最后一日", "结果", "备注",
    }  # fmt: skip
    assert sealed["备注"] == "限定知悉"
    assert "1 行限定知悉范围" in outsider.ledgers.sheet("items", *YEAR).notes[1]
    assert [line["概况"] for line in lines(named, "items")] == ["普通事项"]
    assert named.ledgers.sheet("items", *YEAR).notes[0] == "共 1 件次，另有登记撤销 0 件。"
    for login in ("reg", "ho"):
        whole = Measured(_pdf(desk_on(register, "2026-03-10", login).ledgers.sheet("items", *YEAR))).text()
        assert "收钱" not in whole


def test_a_keeper_without_a_working_role_sees_no_ledger(register: Register) -> None:
    for ledger in LEDGERS:
        with pytest.raises(errors.NotAllowedError, match="查看台账"):
            desk_on(register, "2026-03-10", "keep").ledgers.sheet(ledger)


# --- receptions -------------------------------------------------------------------------------------------------------


@pytest.fixture
def bureau(register: Register) -> Reception:
    return Reception(register)


def test_a_reception_tells_opinion_unit_and_what_became_of_it(register: Register, bureau: Reception) -> None:
    first, second, gone = (bureau.matter(title) for title in ("自行车被盗", "户口迁移", "没等到"))
    bureau.turn(DAY, "08:50")
    for matter in (first, second, gone):
        bureau.do(matter, "arrive")
    bureau.turn(DAY, "09:05").of("ch").begin(bureau.day, present=True)
    bureau.of("ch").call_next(bureau.day)
    bureau.receive(first)
    bureau.turn(DAY, "09:40").of("ch").call_next(bureau.day)
    bureau.receive(second, **{name: value for name, value in SETTLED.items() if name not in ("unit", "what", "due_on")},
                   unit=None, what=None, due_on=None)  # fmt: skip
    bureau.do(gone, "leave_reception", reason="有事先走")
    desk = desk_on(register, "2026-03-20", "pu")
    found = lines(desk, "receptions", date(2026, 3, 1), date(2026, 3, 31))
    assert [(line["序号"], line["反映问题"]) for line in found] == [(1, "自行车被盗"), (2, "户口迁移")]
    one = found[0]
    assert (one["日期"], one["来访人"], one["接访领导"]) == (date(2026, 3, 11), "来访甲", "正局长")
    assert (one["领导意见"], one["当场处理"]) == (HEARD["decision"], "交办")
    assert (one["责任单位"], one["限办日期"]) == ("刑事侦查大队", date(2026, 3, 25))
    assert one["办理结果"] == f"在办：{HEARD['what']}"
    assert found[1]["当场处理"] == "当场答复"
    assert found[1]["限办日期"] is None
    notes = desk.ledgers.sheet("receptions", date(2026, 3, 1), date(2026, 3, 31)).notes
    assert notes[0] == "共接访 2 批，另有 1 批预约取消或者未接谈离开。"
    late = desk_on(register, "2026-03-26", "pu")
    assert lines(late, "receptions", date(2026, 3, 1), date(2026, 3, 31))[0]["办理结果"].startswith("逾期未办")
    assert lines(late, "receptions", date(2026, 4, 1), date(2026, 4, 30)) == []


# --- supervision and major matters ------------------------------------------------------------------------------------


def test_a_supervision_with_its_answer(register: Register, case: Callable[..., Case]) -> None:
    one = case().accept().assign()
    demand = {"trigger": "1", "way": "letter", "demand": "十日内答复信访人", "unit": "刑侦"}
    contact = {"contact": "信大明", "contact_phone": "0000-0000000"}
    one.do("supervise", "2026-05-10", contact, due_on="2026-05-20", clock="C2", **demand)
    (line,) = lines(desk_on(register, "2026-05-21"), "supervision")
    assert (line["督办日期"], line["被督办单位"]) == (date(2026, 5, 10), "刑事侦查大队")
    assert (line["方式"], line["督办要求"]) == ("发函", "十日内答复信访人")
    assert (line["书面答复最后一日"], line["书面答复答复日期"], line["状态"]) == (date(2026, 5, 20), None, "逾期")
    assert "逾期未答复 1 件" in desk_on(register, "2026-05-21").ledgers.sheet("supervision", *YEAR).notes[0]
    one.do("answer_supervision", "2026-05-22", by="hu", answer="已答复", adopted="taken")
    one.do("lift_supervision", "2026-05-25", by="pu", finding="答复已送达")
    (line,) = lines(desk_on(register, "2026-06-01"), "supervision")
    assert (line["书面答复内容"], line["采纳"], line["整改情况"]) == ("已答复", "采纳", "答复已送达")
    assert (line["解除日期"], line["状态"]) == (date(2026, 5, 25), "已解除")
    assert lines(desk_on(register, "2026-06-01"), "supervision", date(2026, 1, 1), date(2026, 5, 9)) == []


def test_a_major_matter_with_all_its_reports(register: Register, case: Callable[..., Case]) -> None:
    """REG-2022 Art. 25: Party committee and government; what was not told stands there."""
    one = case(received_at="08:30")
    known = {"what": "多人聚集", "place": "县政府门前", "people": 40, "claim": "支付工资", "source": "接访"}
    one.do("mark_major", time="08:40", **known)
    told = {"to_whom": "总值班室", "how": "call", "what": "聚集情况"}
    one.do("report_major", organ="government", time="08:50", **told)
    one.do("measure_major", time="08:53", what="派员到场")
    (line,) = lines(desk_on(register, "2026-03-03"), "major")
    assert str(line["获知时间"]) == "2026-03-02 08:40:00"
    assert (line["情况"], line["地点"], line["人数"], line["诉求"]) == ("多人聚集", "县政府门前", 40, "支付工资")
    assert line["报告情况"].startswith("2026-03-02 08:50 ")
    assert "总值班室" in line["报告情况"]
    assert line["处置措施"] == "2026-03-02 08:53 派员到场"
    assert "党委" in line["应报未报"]
    one.do("report_major", organ="party", time="08:55", **told)
    (line,) = lines(desk_on(register, "2026-03-03"), "major")
    assert line["应报未报"] == ""
    assert line["报告情况"].count("\n") == 1
    assert lines(desk_on(register, "2026-03-03"), "major", date(2026, 3, 3), date(2026, 3, 3)) == []
    assert len(lines(desk_on(register, "2026-03-03"), "major", date(2026, 3, 2), date(2026, 3, 2))) == 1


def test_what_became_known_twice_stands_twice_with_its_own_reports(
    register: Register, case: Callable[..., Case]
) -> None:
    one = case(received_at="08:30")
    known = {"place": "县政府门前", "people": 40, "claim": "支付工资", "source": "接访"}
    told = {"to_whom": "总值班室", "how": "call", "what": "聚集情况"}
    one.do("mark_major", time="08:40", what="第一次", **known)
    one.do("report_major", organ="government", time="08:50", **told)
    one.do("mark_major", "2026-03-05", time="09:00", what="第二次", **known)
    first, second = lines(desk_on(register, "2026-03-06"), "major")
    assert (first["情况"], second["情况"]) == ("第一次", "第二次")
    assert first["报告情况"].count("08:50") == 1
    assert second["报告情况"] == ""


# --- key cases --------------------------------------------------------------------------------------------------------


def test_the_bound_ledger_tells_plan_evidence_and_end(register: Register) -> None:
    start(register)
    one = KeyCase(register)
    one.include(source="province", basis="省信交〔2026〕3号")
    desk = desk_on(register, "2026-03-20", "pu")
    (line,) = lines(desk, "key-cases", *(), programme=KEY)
    assert (line["序号"], line["来源"]) == (1, "省厅（省级）交办；省信交〔2026〕3号")
    assert line["状态"].startswith("在办")
    assert line["化解方案批准"] is None
    sheet = desk.ledgers.sheet("key-cases", programme=KEY)
    assert sheet.subtitle == "重点案件化解专项"
    assert sheet.notes[0].startswith("登记 1 件，不纳入 0 件；纳入的已化解 0 件")
    assert desk.ledgers.sheet("key-cases").subtitle == sheet.subtitle, "the latest programme by default"
    with pytest.raises(errors.InputError, match="2012"):
        desk.ledgers.sheet("key-cases", programme="2012")


def test_without_a_programme_there_is_no_bound_ledger(desk: Desk) -> None:
    with pytest.raises(errors.InputError, match="没有设立"):
        desk.ledgers.sheet("key-cases")


# --- the paper and the file -------------------------------------------------------------------------------------------


def _pdf(sheet: Sheet) -> bytes:
    from models.sheets.pdf import to_pdf

    return to_pdf(sheet)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_ledger_prints_in_both_languages(language: Any, register: Register, case: Callable[..., Case]) -> None:
    case().accept().assign()
    start(register)
    errors.speak(language)
    desk = desk_on(register, "2026-03-10", "pu")
    for ledger in LEDGERS:
        sheet = desk.ledgers.sheet(ledger)
        assert sheet.language == language
        assert sheet.title == str(LEDGERS[ledger])
        assert sheet.landscape
        text = Measured(_pdf(sheet)).text()
        assert sheet.title.replace(" ", "") in text
        assert "示例县公安局" in text
    errors.speak("zh")


def test_the_period_is_printed_and_the_month_is_the_default(desk: Desk) -> None:
    assert desk.ledgers.sheet("items").subtitle == "2026年3月1日至2026年3月2日"
    assert desk.ledgers.sheet("items", to=date(2026, 2, 28)).subtitle == "2026年2月1日至2026年2月28日"


def test_impossible_questions_are_refused(desk: Desk) -> None:
    with pytest.raises(errors.InputError, match="没有“people”这种台账"):
        desk.ledgers.sheet("people")
    with pytest.raises(errors.InputError, match="早于起始日"):
        desk.ledgers.sheet("items", date(2026, 3, 2), date(2026, 3, 1))


def test_an_exported_ledger_is_journalled_before_it_is_written(register: Register, desk: Desk, tmp_path: Path) -> None:
    desk.register_item(draft(title="=1+1 的问题"))
    sheet = desk.ledgers.sheet("items")
    before = register.seq
    for name in ("台账.pdf", "台账.xlsx"):
        desk.ledgers.export(sheet, tmp_path / name)
    acts = register.rows("SELECT act FROM entry WHERE seq > ? ORDER BY seq", (before,))
    assert acts == [("export_list",), ("export_list",)]
    assert Measured((tmp_path / "台账.pdf").read_bytes()).pages == 1
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "台账.xlsx").read_bytes()))
    (row,) = book.worksheets[0].iter_rows(min_row=5, max_row=5)
    assert "=1+1 的问题" in [cell.value for cell in row]
    assert "f" not in [cell.data_type for cell in row]
    with pytest.raises(errors.InputError, match=r"\.pdf 或 \.xlsx"):
        desk.ledgers.export(sheet, tmp_path / "台账.doc")
    assert register.seq == before + 2, "nothing was said to have left"


def test_an_odd_character_in_one_line_does_not_stop_a_ledger(desk: Desk, tmp_path: Path) -> None:
    """It is marked where it stands and named under the table; the workbook holds it as it is."""
    desk.register_item(draft(title="反映\ue863某的问题"))
    desk.register_item(draft(title="普通事项"))
    sheet = desk.ledgers.sheet("items")
    desk.ledgers.export(sheet, tmp_path / "a.pdf")
    text = Measured((tmp_path / "a.pdf").read_bytes()).text()
    assert "反映〓某的问题" in text
    assert "普通事项" in text
    assert "以“〓”代替：〓（U+E863）" in text
    desk.ledgers.export(sheet, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert "反映\ue863某的问题" in [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    with pytest.raises(errors.InputError, match="U\\+E863"):
        _pdf(sheet)


def test_no_ledger_counts_or_orders_persons(desk: Desk) -> None:
    """Domain reference, 16: no ledger by petitioner, none with a number of visits."""
    assert set(LEDGERS) == {"items", "receptions", "key-cases", "supervision", "major"}
    for ledger in set(LEDGERS) - {"key-cases"}:
        heads = [column.head for column in grid_of(desk.ledgers.sheet(ledger)).columns]
        assert not [head for head in heads if "次数" in head or "走访" in head or "稳控" in head]


def test_a_ledger_is_the_same_paper_twice(desk: Desk) -> None:
    desk.register_item(draft())
    sheet = desk.ledgers.sheet("items")
    assert _pdf(sheet) == _pdf(replace(sheet))
