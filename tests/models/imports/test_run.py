from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from models.clocks import rule_set
from models.desk import Desk
from models.errors import DiskFullError, NotAllowedError
from models.imports import ImportReport, Progress, run_import
from models.imports import run as run_room
from models.records import Filters
from tests.models.conftest import NOW

MESSAGES = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间")


def message(number: int, **changed: str) -> dict[str, str]:
    row = {
        "留言编号": str(number),
        "留言用户": f"U{number:06d}",
        "留言主题": f"关于第{number}号路灯的反映",
        "留言时间": "2026/1/5 9:05:07",
        "留言详情": f"\n\t\t第{number}号路灯坏了三个月，夜里看不见路。\n\t",
        "答复意见": "",
        "答复时间": "",
    }
    return {**row, **changed}


def answered(number: int, on: str = "2026-01-20 10:00:00", **changed: str) -> dict[str, str]:
    return message(number, 答复意见=f"第{number}号路灯已修好。", 答复时间=on, **changed)


def write(path: Path, rows: list[dict[str, Any]], headers: tuple[str, ...] | None = None) -> Path:
    headers = headers or tuple(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, headers, restval="")
    writer.writeheader()
    writer.writerows(rows)
    data = out.getvalue().encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    assert report.rows == report.added + report.already + report.refused
    return report.rows, report.added, report.already, report.refused


def load(desk: Desk, path: Path, **more: Any) -> ImportReport:
    return run_import(desk, path, at=NOW, **more)


def matter(desk: Desk, number: int) -> dict[str, Any]:
    row = desk.register.row("SELECT matter FROM item WHERE source_number=?", (str(number),))
    assert row
    record = desk.register.record("matter", row[0])
    assert record
    return record


def test_messages_become_items_and_matters_with_their_dates(desk: Desk, tmp_path: Path) -> None:
    report = load(desk, write(tmp_path / "m.csv", [message(1), message(2)]))
    assert counts(report) == (2, 2, 0, 0)
    first = matter(desk, 1)
    assert (first["received_on"], first["rules"], first["state"]) == ("2026-01-05", "REG-2022", "S1")
    assert first["title"] == "关于第1号路灯的反映"
    (item,) = desk.register.records("item", "matter=?", (first["id"],))
    assert (item["channel"], item["source"], item["received_at"]) == ("web", "leader_mailbox", "09:05")
    (passage,) = desk.register.records("passage", "matter=?", (first["id"],))
    assert passage["body"] == "第1号路灯坏了三个月，夜里看不见路。"
    (person,) = desk.register.records("person", "matter=?", (first["id"],))
    assert person["name"] == "U000001"
    # Clock C1 runs from the day of the message: 15 days, 2026-01-20 (domain reference, section 14).
    assert desk.register.rows("SELECT clock, target_on FROM duty WHERE matter=?", (first["id"],)) == [
        ("C1", "2026-01-20")
    ]


def test_replies_become_answers_with_their_dates(desk: Desk, tmp_path: Path) -> None:
    report = load(desk, write(tmp_path / "m.csv", [answered(1), message(2)]))
    assert report.answers == 1
    first = matter(desk, 1)
    assert (first["state"], first["opinion_on"], first["closed_on"]) == ("S13", "2026-01-20", "2026-01-20")
    answers = desk.register.records("passage", "matter=? AND kind='answer'", (first["id"],))
    assert [one["body"] for one in answers] == ["第1号路灯已修好。"]
    events = {(one["kind"], one["on_date"]) for one in desk.register.records("event", "matter=?", (first["id"],))}
    assert events >= {
        ("received", "2026-01-05"),
        ("noticed", "2026-01-20"),
        ("opinion_issued", "2026-01-20"),
        ("sent", "2026-01-20"),
    }
    assert desk.register.rows("SELECT * FROM duty WHERE matter=?", (first["id"],)) == []
    assert desk.register.rows("SELECT * FROM document") == [], "no document of ours is invented"


def test_the_same_rows_add_nothing_whatever_carries_them(desk: Desk, tmp_path: Path) -> None:
    rows = [message(number) for number in range(1, 6)]
    load(desk, write(tmp_path / "m.csv", rows))
    before = desk.register.seq
    assert counts(load(desk, write(tmp_path / "renamed.csv", rows))) == (5, 0, 5, 0)
    assert counts(load(desk, write(tmp_path / "packed.csv.gz", rows))) == (5, 0, 5, 0)
    (tmp_path / "old.txt").write_bytes((tmp_path / "m.csv").read_bytes().decode().encode("gb18030"))
    assert counts(load(desk, tmp_path / "old.txt")) == (5, 0, 5, 0)
    from datetime import datetime

    book = xlsxwriter.Workbook(str(tmp_path / "m.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, MESSAGES[:5])
    for place, row in enumerate(rows[:3], start=1):
        sheet.write_number(place, 0, int(row["留言编号"]))
        sheet.write_row(place, 1, [row["留言用户"], row["留言主题"]])
        sheet.write_datetime(place, 3, datetime(2026, 1, 5, 9, 5, 7), book.add_format({"num_format": "yyyy/m/d"}))  # noqa: DTZ001  as workbooks hold them
        sheet.write_string(place, 4, row["留言详情"].replace("\n", "_x000D_\n"))
    book.close()
    assert counts(load(desk, tmp_path / "m.xlsx")) == (3, 0, 3, 0)
    assert desk.register.seq == before, "an import that adds nothing writes no entry"
    assert desk.register.row("SELECT count(*) FROM item") == (5,)


def test_the_same_number_on_another_text_is_another_row(desk: Desk, tmp_path: Path) -> None:
    load(desk, write(tmp_path / "a.csv", [message(1)]))
    other = message(1, 留言主题="另一件事", 留言详情="与路灯无关的另一件事。")
    assert counts(load(desk, write(tmp_path / "b.csv", [other]))) == (1, 1, 0, 0)


def test_equal_rows_without_a_number_are_told_apart_by_their_order(desk: Desk, tmp_path: Path) -> None:
    row = {"信访日期": "2026-01-05", "内容": "同样的话。", "信访形式": "来电"}
    path = write(tmp_path / "a.csv", [row, row])
    assert counts(load(desk, path)) == (2, 2, 0, 0)
    assert counts(load(desk, path)) == (2, 0, 2, 0)


def test_an_answer_that_comes_later_is_added(desk: Desk, tmp_path: Path) -> None:
    load(desk, write(tmp_path / "jan.csv", [message(1), message(2)]))
    report = load(desk, write(tmp_path / "feb.csv", [answered(1), message(2)]))
    assert counts(report) == (2, 0, 2, 0)
    assert (report.supplemented, report.answers) == (1, 1)
    assert matter(desk, 1)["state"] == "S13"
    report = load(desk, write(tmp_path / "mar.csv", [answered(1), message(2)]))
    assert (report.supplemented, report.answers) == (0, 0)
    assert desk.register.row("SELECT count(*) FROM passage WHERE kind='answer'") == (1,)


REFUSALS = {
    "impossible day": (message(1, 留言时间="2026/2/30 9:00:00"), "留言时间", "2026/2/30"),
    "no day": (message(1, 留言时间=""), "留言时间", "没有收到日期"),
    "a day ahead": (message(1, 留言时间="2026/3/3"), "留言时间", "之后"),
    "no text": (message(1, 留言主题="", 留言详情="\u200b\n\t"), "留言详情", "没有写反映的内容"),
    "reply before the message": (answered(1, "2026/1/4"), "答复时间", "早于"),
    "reply ahead": (answered(1, "2026/3/9"), "答复时间", "之后"),
    "reply without its day": (message(1, 答复意见="已办。"), "答复时间", "没有答复日期"),
    "day of a reply without reply": (message(1, 答复时间="2026/1/9"), "答复意见", "没有答复内容"),
    "impossible day of a reply": (answered(1, "当天"), "答复时间", "当天"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refused_row_is_told_with_line_column_and_reason(desk: Desk, tmp_path: Path, name: str) -> None:
    row, column, words = REFUSALS[name]
    # The row before spreads over lines 2 to 4, so the refused one begins on line 5.
    report = load(desk, write(tmp_path / "m.csv", [message(9), row, message(10)], MESSAGES))
    assert counts(report) == (3, 2, 0, 1)
    (refused,) = report.refused_rows
    assert (refused.line, refused.column) == (5, column)
    assert words in refused.zh or words in refused.value
    assert refused.en
    assert any("第 5 行" in one.zh and column in one.zh for one in report.messages())


def test_refused_rows_can_be_mended_and_imported_again(desk: Desk, tmp_path: Path) -> None:
    rows = [message(1), answered(2, "2026/1/4"), message(3, 留言时间="2026/2/30")]
    report = load(desk, write(tmp_path / "m.csv", rows, MESSAGES))
    assert report.refused_file == tmp_path / "m.csv.refused.csv"
    with report.refused_file.open(encoding="utf-8-sig", newline="") as handle:
        saved = list(csv.DictReader(handle))
    assert [row["拒收列"] for row in saved] == ["答复时间", "留言时间"]
    assert tuple(saved[0])[3:] == MESSAGES
    saved[0]["答复时间"], saved[1]["留言时间"] = "2026-01-14", "2026-02-28"
    mended = write(tmp_path / "mended.csv", saved)
    report = load(desk, mended)
    assert counts(report) == (2, 2, 0, 0)
    assert report.dropped == report.not_stored == []
    assert counts(load(desk, mended)) == (2, 0, 2, 0)
    assert matter(desk, 2)["opinion_on"] == "2026-01-14"


def test_rows_that_someone_is_mending_are_never_overwritten(desk: Desk, tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", [message(1, 留言时间="x")])
    first = load(desk, path).refused_file
    assert first
    first.write_text("mine", "utf-8")
    assert load(desk, path).refused_file == tmp_path / "m.csv.refused-2.csv"
    assert first.read_text("utf-8") == "mine"


def test_refused_rows_go_beside_the_register_when_the_folder_is_closed(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    path = write(folder / "m.csv", [message(1, 留言时间="x")])
    # Root may write anywhere, so the answer of the system is stood in for.
    monkeypatch.setattr("os.access", lambda where, _mode: Path(where) != folder)
    assert load(desk, path).refused_file == desk.register.path.parent / "m.csv.refused.csv"
    assert load(desk, path, refused_to=tmp_path / "mine.csv").refused_file == tmp_path / "mine.csv"


def test_a_full_disk_under_the_refused_rows_is_said_and_loses_nothing(desk: Desk, tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", [message(number) for number in range(1, 4)] + [message(9, 留言时间="x")])
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    (tmp_path / "full.csv.part").symlink_to("/dev/full")
    with pytest.raises(DiskFullError, match=r"full\.csv"):
        load(desk, path, refused_to=tmp_path / "full.csv")
    assert desk.register.row("SELECT count(*) FROM item") == (3,)
    assert counts(load(desk, path)) == (4, 0, 3, 1)


def test_a_dry_run_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    before = desk.register.seq
    report = load(desk, write(tmp_path / "m.csv", [answered(1), message(2, 留言时间="x")], MESSAGES), dry_run=True)
    assert counts(report) == (2, 1, 0, 1)
    assert report.answers == 1
    assert report.refused_file is None
    assert desk.register.seq == before
    assert sorted(path.name for path in tmp_path.glob("*.csv*")) == ["m.csv"]


def test_an_import_can_be_cancelled_and_goes_on_later(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_room, "CHUNK", 10)
    path = write(tmp_path / "m.csv", [message(number) for number in range(1, 36)])
    seen: list[Progress] = []
    report = load(desk, path, on_progress=seen.append, cancelled=lambda: len(seen) == 2)
    assert report.cancelled
    assert counts(report) == (20, 20, 0, 0)
    assert [one.added for one in seen] == [10, 20, 20]
    assert all(one.fraction is None or 0 <= one.fraction <= 1 for one in seen)
    assert counts(load(desk, path)) == (35, 15, 20, 0)
    assert desk.count(Filters()) == 35


def test_each_act_holds_a_reasonable_number_of_rows(desk: Desk, tmp_path: Path) -> None:
    before = desk.register.seq
    load(desk, write(tmp_path / "m.csv", [message(number) for number in range(1, 451)]))
    assert desk.register.seq - before == 3
    assert desk.register.rows("SELECT DISTINCT act, matter FROM entry WHERE seq>?", (before,)) == [
        ("import_items", None)
    ]


def test_lines_before_a_broken_line_are_in(desk: Desk, tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", [message(1), message(2)])
    path.write_text(path.read_text("utf-8") + '3,"U"3,题,2026-1-5,文,,\n', "utf-8")
    report = load(desk, path)
    assert (report.rows, report.added) == (2, 2)
    assert any("不合 CSV 格式" in one.zh for one in report.messages())


def test_columns_beyond_the_boundary_are_dropped_with_a_message(desk: Desk, tmp_path: Path) -> None:
    watched = {
        "重点人员标志": "是",
        "民族": "汉密",
        "稳控责任人": "密甲",
        "进京访风险": "高密",
        "车票": "G密",
        "risk_level": "high密",
    }
    report = load(desk, write(tmp_path / "m.csv", [{**message(1), **watched}, {**message(2, 留言时间="x"), **watched}]))
    assert sorted(report.dropped) == sorted(watched)
    told = "\n".join(one.zh + one.en for one in report.messages())
    assert all(header in told for header in watched)
    kept = "".join(
        str(value)
        for table in ("matter", "item", "person", "passage", "event", "setting")
        for row in desk.register.rows(f"SELECT * FROM {table}")
        for value in row
    )
    assert "密" not in kept
    assert report.refused_file
    assert "密" not in report.refused_file.read_text("utf-8-sig")


def test_columns_without_a_field_are_named(desk: Desk, tmp_path: Path) -> None:
    report = load(desk, write(tmp_path / "m.csv", [{**message(1), "批示编号": "7", "点赞数": "3", "反对数": "0"}]))
    assert report.not_stored == ["批示编号"]
    assert desk.register.row("SELECT remark FROM item") == ("点赞数：3",)


SYSTEM = {
    "信访件编号": "XF-1",
    "信访事项编号": "SX-1",
    "信访形式": "群众来访",
    "信访日期": "2025-12-01",
    "姓名": "欧阳㛃",
    "证件类型": "身份证",
    "证件号码": "11010519491231002x",
    "手机号": "12700000001",
    "住址": "示例县城关街道",
    "出生日期": "不详",
    "概况": "不服处罚决定",
    "内容": "不服派出所的处罚决定。",
    "诉求": "撤销处罚；赔偿损失",
    "信访目的": "申诉",
    "警种": "派出所",
    "信访人数": "6人",
    "代表姓名": "甲某、乙某",
    "代理人": "丙律师",
    "被反映单位": "城关派出所",
    "信访来源": "12345热线",
    "涉法涉诉": "是",
    "受理日期": "2025-12-08",
    "处理意见日期": "2026-01-26",
    "处理意见": "维持处罚决定。",
    "处理结论": "不支持",
    "送达日期": "2026-01-28",
    "办理状态": "已送达",
    "承办单位": "刑侦",
    "承办人": "刑办案",
    "对责任单位评价": "基本满意",
    "内容分类": "治安处罚",
    "问题属地": "东城区",
    "公安问题类型": "不知何类",
}


def test_an_export_of_a_petition_system_comes_in_whole(desk: Desk, tmp_path: Path) -> None:
    report = load(desk, write(tmp_path / "x.csv", [SYSTEM]))
    assert counts(report) == (1, 1, 0, 0)
    assert report.map == "petition_system"
    found = matter_of(desk, "XF-1")
    wanted = {
        "state": "S8", "purpose": "appeal", "category": "claim", "police": "station", "accepted_on": "2025-12-08",
        "opinion_on": "2026-01-26", "conclusion": "refuse", "litigation": 1,
        "content_code": "20", "content_label": "治安处罚",
        "place_code": "110101", "group_visit": 1, "title": "不服处罚决定",
    }  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted
    assert desk.register.units()[found["unit"]] == "刑事侦查大队"
    assert desk.register.staff()[found["handler"]].name == "刑办案"
    people = desk.register.records("person", "matter=?", (found["id"],))
    assert [(one["role"], one["name"]) for one in people] == [
        ("petitioner", "欧阳㛃"), ("representative", "甲某"), ("representative", "乙某"), ("agent", "丙律师"),
    ]  # fmt: skip
    assert (people[0]["id_kind"], people[0]["id_number"]) == ("111", "11010519491231002X")
    assert people[3]["acts_for"] == people[0]["id"]
    assert [one["request"] for one in desk.register.records("claim", "matter=?", (found["id"],))] == [
        "撤销处罚",
        "赔偿损失",
    ]
    (accused,) = desk.register.records("accused", "matter=?", (found["id"],))
    assert (accused["kind"], accused["name"]) == ("unit", "城关派出所")
    (rating,) = desk.register.records("rating", "matter=?", (found["id"],))
    assert (rating["target"], rating["state"], rating["value"]) == ("unit", "rated", "fairly")
    (item,) = desk.register.records("item", "matter=?", (found["id"],))
    assert (item["source"], item["people"], item["channel"]) == ("hotline", 6, "visit")
    assert "出生日期：不详" in item["remark"], "what is unclear about a person refuses nothing and is not lost"
    assert "公安问题类型：不知何类" in item["remark"]
    assert any("不知何类" in one.zh for one in report.messages())
    # Served on 01-28: the review window C3 of 30 days is open, the handling clock is met.
    states = {state.clock: state.status for state in desk.matter(found["id"]).clocks}
    assert states["C2"] == "met"
    assert rule_set(found["rules"]).id == "REG-2022"


def matter_of(desk: Desk, number: str) -> dict[str, Any]:
    row = desk.register.row("SELECT matter FROM item WHERE source_number=?", (number,))
    assert row
    record = desk.register.record("matter", row[0])
    assert record
    return record


def test_items_of_one_matter_come_together(desk: Desk, tmp_path: Path) -> None:
    again = {
        **SYSTEM,
        "信访件编号": "XF-2",
        "信访日期": "2026-02-10",
        "内容": "再次反映。",
        "处理意见": "",
        "处理意见日期": "",
        "受理日期": "",
        "送达日期": "",
    }
    third = {
        **SYSTEM,
        "信访件编号": "XF-3",
        "信访事项编号": "",
        "重复件编号": "XF-2",
        "信访日期": "2026-02-20",
        "内容": "三次反映。",
        "处理意见": "",
        "处理意见日期": "",
        "受理日期": "",
        "送达日期": "",
    }
    path = write(tmp_path / "x.csv", [SYSTEM, again, third])
    report = load(desk, path)
    assert counts(report) == (3, 3, 0, 0)
    assert report.joined == 2
    assert desk.register.row("SELECT count(*) FROM matter") == (1,)
    items = desk.register.records("item", "1 ORDER BY id")
    assert [one["repeat"] for one in items] == [0, 1, 1]
    assert counts(load(desk, path)) == (3, 0, 3, 0)


def test_an_accusation_is_sealed_in_an_entry_of_its_own(
    desk_of: Callable[..., Desk], desk: Desk, tmp_path: Path
) -> None:
    secret = {
        **SYSTEM,
        "信访件编号": "JB-1",
        "信访事项编号": "",
        "信访目的": "检举",
        "被反映人": "所民警",
        "被反映单位": "",
        "办理状态": "",
        "处理意见": "",
        "处理意见日期": "",
        "送达日期": "",
        "受理日期": "",
    }
    open_ = {**SYSTEM, "信访件编号": "XF-9", "信访事项编号": "SX-9"}
    before = desk.register.seq
    load(desk, write(tmp_path / "x.csv", [secret, open_]))
    found = matter_of(desk, "JB-1")
    assert (found["sealed"], found["category"]) == (1, "accusation")
    entries = desk.register.rows("SELECT matter FROM entry WHERE seq>? ORDER BY seq", (before,))
    assert entries == [(None,), (found["id"],)]
    assert desk_of("suo").count(Filters()) == 1 - 1, (
        "the accused officer belongs to the unit that the other matter accuses"
    )
    assert desk_of("ho").count(Filters()) == 2


@pytest.mark.parametrize(
    ("login", "allowed"), [("reg", True), ("pu", True), ("ho", False), ("keep", False), ("di", False)]
)
def test_who_may_import(desk_of: Callable[..., Desk], tmp_path: Path, login: str, allowed: bool) -> None:
    path = write(tmp_path / "m.csv", [message(1)])
    if allowed:
        assert load(desk_of(login), path).added == 1
    else:
        with pytest.raises(NotAllowedError):
            load(desk_of(login), path)


def test_a_row_with_more_cells_than_headers_is_refused(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(
        "留言编号,留言主题,留言时间,留言详情\n1,题,2026-1-5,没有引号的,文\n2,题,2026-1-5,文\n3,题,2026-1-5\n", "utf-8"
    )
    report = load(desk, path)
    assert counts(report) == (3, 2, 0, 1)
    assert "列" in report.refused_rows[0].zh


def test_what_was_imported_verifies_and_is_found(desk: Desk, tmp_path: Path) -> None:
    load(desk, write(tmp_path / "m.csv", [answered(number) for number in range(1, 30)]))
    assert all(check.holds for check in desk.verify())
    assert desk.search("路灯", total=True).total == 29
    assert desk.search("17号路灯已修好", total=True).total == 1


def test_a_map_of_the_bureau_is_used(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'id = "mine"\ndates = ["%d.%m.%Y"]\n'
        '[constants]\nchannel = "letter"\n[columns]\n"Nr" = "id"\n"Tag" = "received"\n'
        '"Text" = "statement"\n"Art" = { field = "purpose", values = { "Bitte" = "solution" } }\n',
        "utf-8",
    )
    path = write(tmp_path / "x.csv", [{"Nr": "1", "Tag": "05.01.2026", "Text": "正文", "Art": "bitte"}])
    report = run_import(desk, path, tmp_path / "mine.toml", at=NOW)
    assert counts(report) == (1, 1, 0, 0)
    found = matter_of(desk, "1")
    assert (found["received_on"], found["purpose"]) == (date(2026, 1, 5).isoformat(), "solution")
