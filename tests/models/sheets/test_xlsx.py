"""Papers as workbooks, read back by openpyxl: types, heads that stay, widths, filters, print set-up, no formulas."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models import workbook
from models.sheets.content import Column, Grid, Sheet
from models.sheets.xlsx import to_xlsx, workbook_of
from tests.models.sheets import samples
from tests.models.sheets.memory import grown_mib

INJECTIONS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")')


def read(sheets: Sheet | list[Sheet]) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook_of(sheets)))


def ledger_of(*rows: tuple[Any, ...], **changed: Any) -> Sheet:
    columns = [
        Column(head="编号", wrap=False),
        Column(head="收到", kind="date", group="日期"),
        Column(head="办结", kind="date", group="日期", under=True),
        Column(head="件", kind="int"),
        Column(head="率", kind="percent"),
        Column(head="天", kind="decimal", digits=2),
        Column(head="概况", width=4),
    ]
    given = {"kind": "item_ledger", "title": "信访台账", "organ": "示例&乡县公安局", "landscape": True}
    return Sheet(**{**given, "blocks": [Grid(columns=columns, rows=rows)], **changed})


def test_values_keep_their_types() -> None:
    one = ("J1", date(2026, 1, 5), None, 1284, 45 / 80, 3.25, "反映问题")
    made = ledger_of(one, ("J2", None, date(2026, 3, 6), 0, "数量过小", None, ""))
    sheet = read(made).worksheets[0]
    first, second = sheet[5], sheet[6]
    assert [cell.data_type for cell in first] == ["s", "d", "n", "n", "n", "n", "s"]
    assert first[1].value == datetime.fromisoformat("2026-01-05")
    assert first[1].number_format == "yyyy-mm-dd"
    assert first[3].value == 1284
    assert first[3].number_format == "#,##0"
    assert (first[4].value, first[4].number_format) == (0.5625, "0.0%")
    assert (first[5].value, first[5].number_format) == (3.25, "#,##0.00")
    assert second[4].value == "数量过小"
    assert second[1].value is None
    assert second[2].value == datetime.fromisoformat("2026-03-06"), "what is printed under another has a column here"


def test_heads_stay_are_repeated_and_filtered() -> None:
    sheet = read(samples.ledger("zh", 60)).worksheets[0]
    assert sheet.freeze_panes == "A5", "title, organ, groups and heads stay"
    assert sheet.print_title_rows == "$3:$4"
    assert sheet.auto_filter.ref == "A4:J64"
    assert [cell.value for cell in sheet[4]][:2] == ["编号", "收到日期"]
    assert [str(area) for area in sheet.merged_cells.ranges] == ["G3:H3"]
    assert sheet["G3"].value == "期限"
    assert sheet[4][0].font.bold
    assert sheet[5][4].alignment.wrap_text, "long text wraps"
    assert not sheet[5][0].alignment.wrap_text
    assert sheet[65][0].value == "合计"
    assert sheet[65][8].value == sum(1 + place % 6 for place in range(60))
    words = [str(row[0].value) for row in sheet.iter_rows(min_row=66) if row[0].value]
    assert words[0].startswith("填表人：陈立群")
    assert words[1:] == ["另有 3 件密件不列明。", "2026年4月2日"]


def test_widths_fit_what_stands_in_the_columns() -> None:
    sheet = read(samples.ledger("zh", 60)).worksheets[0]
    width = {letter: sheet.column_dimensions[letter].width for letter in "ABCDEFGHIJ"}
    assert width["A"] >= 12, "a number is not cut"
    assert width["B"] >= 10, "a day is shown, not ####"
    assert 40 <= width["E"] <= 62, "long text wraps within reason"
    assert width["I"] < 12


@pytest.mark.parametrize(("landscape", "orientation"), [(True, "landscape"), (False, "portrait")])
def test_it_is_ready_to_print(landscape: bool, orientation: str) -> None:
    sheet = read(ledger_of(("J1", None, None, 1, 0.5, 1.0, "概况"), landscape=landscape)).worksheets[0]
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.orientation == orientation
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.page_margins.left * 25.4 == pytest.approx(28.0), "room to bind"
    assert sheet.oddFooter.right.text == "第 &P 页　共 &N 页"
    assert sheet.oddFooter.left.text == "示例&&乡县公安局", "an ampersand of a name is no code of the footer"


def test_no_text_becomes_a_formula() -> None:
    made = ledger_of(*((text, None, None, 1, None, None, text) for text in INJECTIONS), title="=标题", notes=["=1+1"])
    book = read(made)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.value
    found = [row[0].value for row in book.worksheets[0].iter_rows(min_row=5, max_row=4 + len(INJECTIONS))]
    assert found == list(INJECTIONS), "as it was written, whole"


def test_control_characters_and_very_long_texts_are_written_and_told() -> None:
    long = "反映问题" * 10_000
    sheet = read(ledger_of(("J\x07\x001", None, None, 1, None, None, long))).worksheets[0]
    assert sheet["A5"].value == "J1"
    text = sheet["G5"].value
    assert len(text) == workbook.LONGEST
    assert text.startswith("反映问题反映问题")
    assert "共 40000 字，余下的见登记库" in text, "nothing is cut off without saying so"


def test_a_report_has_a_sheet_for_its_text_and_each_table_and_chart() -> None:
    book = read(samples.report())
    assert len(book.worksheets) == 1 + 1 + 6
    text, table, bars = book.worksheets[0], book.worksheets[1], book.worksheets[2]
    column = [str(row[0].value) for row in text.iter_rows()]
    assert "收到" in column
    assert any(str(row[1].value).startswith("本月共收到") for row in text.iter_rows() if len(row) > 1)
    assert table.title.startswith("表1")
    assert "表1 表1" not in table.title
    assert [cell.value for cell in table[5]] == ["城关派出所", 31, 30, pytest.approx(30 / 31), 32.4]
    assert [cell.value for cell in bars[3]] == [None, "本月", "上月"]
    assert [cell.value for cell in bars[4]] == ["城关派出所", 31, 22]
    assert bars[9][2].value is None


def test_figures_behind_a_chart_are_told_by_kind() -> None:
    book = read(samples.report())
    rates, funnel, target = book.worksheets[3], book.worksheets[6], book.worksheets[7]
    assert [cell.value for cell in rates[3]] == [None, "2026年", "2025年", "目标 90%"]
    assert rates["B4"].number_format == "0.0%"
    assert [cell.value for cell in funnel[3]][:3] == ["单位", "应办数", "完成率"]
    assert [cell.value for cell in funnel[3]][3:] == ["95% 下限", "95% 上限", "99.8% 下限", "99.8% 上限"]
    low, high = funnel["D5"].value, funnel["E5"].value
    assert low < 0.91 < high
    assert [cell.value for cell in target[4]] == ["全县", 45, 80, 0.6, 1.0]


def test_several_sheets_go_into_one_workbook_under_lawful_names() -> None:
    long = replace(samples.ledger(), title="重大、紧急信访事项和信访信息台账（2026年第一季度）[一/二]*?")
    book = read([long, long, replace(long, title="'"), replace(long, title="")])
    names = book.sheetnames
    assert len({name.casefold() for name in names}) == 4
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    to_xlsx(samples.ledger(), path)
    before = path.read_bytes()

    class Broken:
        def __iter__(self) -> Any:
            yield ("J1",)
            raise OSError("gone")

    grid = Grid(columns=[Column(head="编号")], rows=Broken())
    with pytest.raises(OSError, match="gone"):
        to_xlsx(replace(samples.ledger(), blocks=[grid]), path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["台账.xlsx"]


def test_nothing_is_left_beside_the_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library would put the rows into a temporary file in the open; a killed export would leave it."""

    def refused(*_: Any, **__: Any) -> Any:
        raise AssertionError("a temporary file")

    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, refused)
    monkeypatch.setattr("openpyxl.worksheet._writer.NamedTemporaryFile", refused)
    assert workbook_of(samples.report()).startswith(b"PK")


def test_ten_thousand_rows_are_written_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert grown_mib("models.sheets.xlsx", "workbook_of", path) < 45
    book = openpyxl.load_workbook(path, read_only=True)
    numbers = [str(row[0]) for row in book.worksheets[0].iter_rows(min_row=5, max_col=1, values_only=True)]
    book.close()
    assert sum(number.startswith("J2026") for number in numbers) == 10_000
