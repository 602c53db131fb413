"""A list as a table: real days and numbers, a frozen head, no formulas, what the viewer sees and no more."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models import bulk, export
from models.bulk_acts import for_many
from models.desk import Desk
from models.records import Filters
from models.register import Register
from tests.models.conftest import draft, person


def whole(desk: Desk, **how: Any) -> list[tuple[export.Cell, ...]]:
    rows, after = [export.heads()], None
    while True:
        some, after = desk.export_portion(Filters(), after=after, **how)
        rows += some
        if after is None:
            return rows


def test_a_workbook_has_real_days_numbers_and_a_frozen_head(desk: Desk, tmp_path: Path) -> None:
    desk.register_item(draft(title="=1+1 的问题\x07"))
    desk.register_item(draft(received_on=date(2026, 2, 2)))
    path = tmp_path / "清单.xlsx"
    export.write_table(whole(desk), path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:L3"
    heads = [cell.value for cell in sheet[1]]
    assert heads[:2] == ["事项编号", "标题"]
    first = dict(zip(heads, (cell for cell in sheet[2]), strict=True))
    assert first["标题"].value == "=1+1 的问题"
    assert first["标题"].data_type == "s", "no formula"
    assert first["收到日期"].value.date() == date(2026, 3, 2)
    assert first["收到日期"].number_format == "yyyy-mm-dd"
    assert isinstance(first["剩余天数"].value, int)


def test_a_csv_is_read_back_and_guards_formulas(desk: Desk, tmp_path: Path) -> None:
    desk.register_item(draft(title='@cmd "x", 逗号'))
    path = tmp_path / "清单.csv"
    export.write_table(whole(desk), path)
    text = path.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert rows[1][1] == '\'@cmd "x", 逗号'
    assert rows[1][6] == "2026-03-02"


def test_every_matter_of_a_filter_stands_once_whatever_the_portions(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "AT_A_TIME", 3)
    for number in range(10):
        desk.register_item(draft(received_on=date(2026, 2, 1 + number)))
    numbers = [row[0] for row in whole(desk)[1:]]
    assert len(set(numbers)) == len(numbers) == 10
    lines = desk.page(Filters()).lines
    picked = [line.place for line in lines][2:7]
    assert [row[0] for row in whole(desk, places=picked)[1:]] == [line.number for line in lines[2:7]]
    found = [row[0] for row in whole(desk, text="自行车")[1:]]
    assert set(found) == set(numbers)


def test_an_outline_goes_out_as_an_outline(desk: Desk, register: Register) -> None:
    desk.register_item(draft(purpose="accusation"))
    desk.person = person(register, "reg")
    row = dict(zip(export.heads(), whole(desk)[1], strict=True))
    assert (row["标题"], row["信访人"], row["类别"], row["信访形式"]) == ("", "", "", "")
    assert row["收到日期"] == date(2026, 3, 2)


def test_an_export_leaves_its_trace(desk: Desk, register: Register) -> None:
    desk.exported()
    assert register.row("SELECT act, matter FROM entry ORDER BY arrival DESC LIMIT 1") == ("export_list", None)


def test_acts_open_for_many_are_counted_and_those_of_one_matter_left_out(desk: Desk, register: Register) -> None:
    matters = [desk.register_item(draft()).matter for _ in range(3)]
    desk.perform(matters[0], "screen", {"category": "claim", "exit": "6"})
    seen: list[tuple[int, int]] = []
    found = desk.open_for_many([*matters, 999], lambda done, total: seen.append((done, total)))
    counts = {one.act.name: one.count for one in found.acts}
    assert (counts["screen"], counts["accept"], found.total, found.stopped) == (3, 1, 3, False)
    assert seen[-1] == (4, 4)
    assert not counts.keys() & {"withdraw", "reverse", "amend", "serve"}
    assert [one.count for one in found.acts] == sorted((one.count for one in found.acts), reverse=True)
    assert desk.open_for_many(matters, cancelled=lambda: True).stopped
    desk.person = person(register, "keep")
    assert desk.open_for_many(matters).total == 0


@pytest.mark.parametrize("act", ["draft", "withdraw", "serve_letter", "no_longer_accept", "reverse", "remove_person"])
def test_what_needs_a_thing_of_one_matter_is_never_for_many(act: str) -> None:
    assert not for_many(act)


def test_the_report_of_a_bulk_act_is_a_table_too(desk: Desk, tmp_path: Path) -> None:
    matters = [desk.register_item(draft()).matter for _ in range(2)]
    report = desk.bulk(matters, "screen", {"category": "claim", "exit": "6"})
    rows = bulk.report_rows(report, dict(desk.units()))
    assert [row[1] for row in rows] == ["结果", "已办", "已办"]
    export.write_table(rows, tmp_path / "报告.xlsx")
    assert openpyxl.load_workbook(tmp_path / "报告.xlsx").worksheets[0]["B3"].value == "已办"
