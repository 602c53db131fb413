from __future__ import annotations

import gzip
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import InputError
from models.imports.maps import recognise
from models.imports.reading import open_sheet

HEADERS = ("留言编号", "留言主题", "留言时间", "留言详情")
ROWS = (("1", "路灯坏了", "2026-3-2", '第一行\n第二行，含逗号,和"引号"'), ("2", "㛃字与𬭳字", "2026-3-3", "文"))


def knows(headers: Sequence[str]) -> bool:
    return recognise(headers) is not None


def as_csv(rows: Sequence[Sequence[str]] = (HEADERS, *ROWS), delimiter: str = ",") -> str:
    import csv

    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def read(path: Path) -> tuple[tuple[str, ...], list[tuple[str, ...]], str]:
    with open_sheet(path, knows) as sheet:
        return sheet.headers, [tuple(str(cell) for cell in line.cells) for line in sheet.lines], sheet.encoding


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("packed", [False, True])
def test_encodings_delimiters_and_packing_are_found_out(
    tmp_path: Path, encoding: str, delimiter: str, packed: bool
) -> None:
    data = as_csv(delimiter=delimiter).encode(encoding)
    path = tmp_path / "a.dat"  # the name says nothing
    path.write_bytes(gzip.compress(data) if packed else data)
    headers, rows, found = read(path)
    assert headers == HEADERS
    assert rows == list(ROWS)
    assert found == encoding


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    st.lists(
        st.tuples(*[st.text(st.characters(codec="gb18030", exclude_characters="\r\0"), min_size=1, max_size=12)] * 2),
        max_size=6,
    )
)
def test_any_text_comes_through(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    whole = [("留言编号", "留言时间", "留言详情", "x"), *[("1", "2026-1-1", *row) for row in rows]]
    (tmp_path / "a.csv").write_bytes(as_csv(whole).encode("utf-8"))
    assert read(tmp_path / "a.csv")[1] == [tuple(row) for row in whole[1:]]


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("信访局导出表\n\n" + as_csv(), "utf-8")
    with open_sheet(tmp_path / "a.csv", knows) as sheet:
        assert sheet.headers == HEADERS
        # Title, empty line, header on line 3; the first row fills lines 4 and 5.
        assert [line.number for line in sheet.lines] == [4, 6]


def test_workbooks_keep_their_types(tmp_path: Path) -> None:
    from datetime import datetime

    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    book.add_worksheet("空")
    sheet = book.add_worksheet("数据")
    sheet.write_row(0, 0, ["某县留言导出"])
    sheet.write_row(1, 0, HEADERS)
    sheet.write_number(2, 0, 188007)
    sheet.write_string(2, 1, "题")
    sheet.write_datetime(2, 2, datetime(2019, 11, 13, 11, 20, 21), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001  as workbooks hold them
    sheet.write_string(2, 3, "文")
    book.close()
    with open_sheet(tmp_path / "a.xlsx", knows) as found:
        assert found.headers == HEADERS
        (line,) = list(found.lines)
        assert line.number == 3
        assert line.cells[0] == 188007
        assert line.cells[2] == datetime(2019, 11, 13, 11, 20, 21)  # noqa: DTZ001  as workbooks hold them


def broken_files() -> dict[str, tuple[bytes, str]]:
    good = as_csv().encode()
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    return {
        "empty": (b"", "空"),
        "only blank lines": (b"\n\n\n", "没有任何行"),
        "packed file cut short": (gzip.compress(good * 50)[:-30], "不完整"),
        "neither encoding": (good[:60] + b"\xff\xfe\x81" + good[60:], "既不是 UTF-8"),
        "old workbook": (b"\xd0\xcf\x11\xe0" + bytes(600), ".xls"),
        "not a workbook": (b"PK\x03\x04" + bytes(100), "工作簿"),
        "empty workbook": (book.getvalue(), "没有表格"),
        "header twice": (b"a,b,a\n1,2,3\n", "出现了两次"),
    }


@pytest.mark.parametrize("name", broken_files())
def test_a_file_that_cannot_be_read_is_refused_with_the_cause(tmp_path: Path, name: str) -> None:
    data, words = broken_files()[name]
    (tmp_path / "a.csv").write_bytes(data)
    with pytest.raises(InputError) as caught:
        read(tmp_path / "a.csv")
    assert words in caught.value.message.zh
    assert "a.csv" in caught.value.message.en


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="无法读取"):
        read(tmp_path / "nowhere.csv")


def test_a_bad_spot_in_utf8_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    data = (as_csv() * 20).encode()
    spot = data.index("第二行".encode(), 500)
    (tmp_path / "a.csv").write_bytes(data[: spot + 1] + b"\x41" + data[spot + 2 :])
    with pytest.raises(InputError) as caught:
        read(tmp_path / "a.csv")
    line = data[:spot].count(b"\n") + 1
    assert f"第 {line} 行" in caught.value.message.zh


def test_lines_before_a_broken_quotation_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(as_csv() + '3,"题"目,2026-3-4,文\n', "utf-8")
    with open_sheet(tmp_path / "a.csv", knows) as sheet:
        assert next(sheet.lines).cells[0] == "1"
        assert next(sheet.lines).cells[0] == "2"
        with pytest.raises(InputError, match="第 5 行"):
            next(sheet.lines)
