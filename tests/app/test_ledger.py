"""The verb `ledger`, as scripts and people call it: what there is, rows as JSON and as lines, PDF and workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.app.conftest import Run, told
from tests.models.letters.measure import Measured

TODAY = date.today()  # noqa: DTZ011  the verb asks this process's clock too


@pytest.fixture
def two(run: Run) -> Run:
    """A register with two items of today."""
    for name in ("王小明", "李四"):
        added = run("add", "--text", "=SUM(A1) 报案后没有消息", "--name", name, "--received-on", TODAY.isoformat())
        assert added.exit_code == 0, added.stderr
    return run


def test_the_ledgers_are_named(call: Run) -> None:
    assert [line.split("  ")[0] for line in call("ledger").stdout.splitlines()] == [
        "items", "receptions", "key-cases", "supervision", "major",
    ]  # fmt: skip
    assert told(call("ledger", "--json"))["items"] == {"zh": "信访台账", "en": "Ledger of items"}


def test_rows_come_whole_as_json_and_as_lines(two: Run) -> None:
    found = told(two("ledger", "items", "--json"))
    assert found["period"] == f"{TODAY.replace(day=1)} to {TODAY}"
    assert [row["Petitioner"] for row in found["rows"]] == ["王小明", "李四"]
    assert found["rows"][0]["Received"] == TODAY.isoformat()
    assert found["notes"] == ["2 items in all, and 0 that were cancelled."]
    lines = two("ledger", "items", language="zh").stdout.splitlines()
    assert lines[0].startswith("信访台账　")
    assert "王小明" in lines[1]
    assert lines[3] == "共 2 件次，另有登记撤销 0 件。"


def test_a_period_without_items_says_so(two: Run) -> None:
    found = told(two("ledger", "items", "--from", "2015-01-01", "--to", "2015-01-31", "--json"))
    assert found["rows"] == []


def test_files_are_written_by_their_name(two: Run, tmp_path: Path) -> None:
    pdf, book = tmp_path / "items.pdf", tmp_path / "items.xlsx"
    for path in (pdf, book):
        assert told(two("ledger", "items", "--out", str(path), "--json"))["out"] == str(path)
    text = Measured(pdf.read_bytes()).text()
    assert "Ledgerofitems" in text
    assert "王小明" in text
    sheet = openpyxl.load_workbook(book).worksheets[0]
    assert sheet.freeze_panes == "A5"
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("people",), "There is no ledger “people”"),
        (("items", "--from", "2026-02-30"), "2026-02-30"),
        (("items", "--from", "2026-03-02", "--to", "2026-03-01"), "lies before the first day"),
        (("items", "--out", "ledger.doc"), "must end with .pdf or .xlsx"),
        (("key-cases",), "no key-case programme"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(arguments: tuple[str, ...], words: str, two: Run) -> None:
    refused = two("ledger", *arguments)
    assert refused.exit_code == 1
    assert words in refused.stderr
    assert refused.stderr.count("\n") == 1
