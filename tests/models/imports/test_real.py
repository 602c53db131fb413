"""The real messages, read where they lie: every file comes in, nothing comes in twice, days and replies are right.

The files are read here a second time by the standard library alone. Nothing of their text stands in this file.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from models.desk import Desk
from models.imports import run_import
from tests.models.conftest import Template

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MESSAGES = ("messages_hot", "messages_replied", "messages_labelled", "messages_unlabelled")
SAMPLES = ("messages_hot_sample.xlsx", "messages_replied_sample.xlsx")
REFERENCE = ("category_tree.csv", "divisions.csv.gz", "divisions_old.csv.gz", "holidays.csv.gz")
AROUND = " \t\r\n\u00a0\u3000\u200b"


def rows_of(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def day(text: str) -> str:
    year, month, number = text.split(" ")[0].replace("/", "-").split("-")
    return f"{int(year):04d}-{int(month):02d}-{int(number):02d}"


@pytest.fixture(scope="module")
def full(real_data: Path, template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return a desk over a register that holds every message."""
    with template.open(template.copy(tmp_path_factory.mktemp("real"))) as register:
        desk = Desk(register, now=lambda: AT)
        for name in MESSAGES:
            report = run_import(desk, real_data / f"{name}.csv.gz", at=AT)
            assert report.added + report.refused == report.rows == len(rows_of(real_data / f"{name}.csv.gz"))
            assert report.refused == len(report.refused_rows) == 0
            assert report.dropped == report.not_stored == []
        yield desk


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_is_in_with_its_day_and_text(full: Desk, real_data: Path, name: str) -> None:
    hashes = set()
    for number, title, on, at, body, who in full.register.rows(
        "SELECT i.source_number, m.title, m.received_on, i.received_at, p.body, m.who FROM item i"
        " JOIN matter m ON m.id=i.matter JOIN passage p ON p.item=i.id AND p.kind='statement'"
    ):
        hashes.add((number, title, on, at, body, who))
    for row in rows_of(real_data / f"{name}.csv.gz"):
        text = row["留言详情"].replace("_x000D_", "\r").strip(AROUND).replace("\r\n", "\n").replace("\r", "\n")
        time_of_day = row["留言时间"].split(" ")[1:]
        hour, minute = time_of_day[0].split(":")[:2] if time_of_day else ("", "")
        wanted = (
            row["留言编号"], row["留言主题"].strip(AROUND), day(row["留言时间"]),
            f"{int(hour):02d}:{minute}" if hour else "",
            text, row["留言用户"].strip(AROUND),
        )  # fmt: skip
        assert wanted in hashes, f"message {row['留言编号']} of {name}"


def test_every_reply_is_an_answer_on_its_day(full: Desk, real_data: Path) -> None:
    rows = rows_of(real_data / "messages_replied.csv.gz")
    found = full.register.rows(
        "SELECT i.source_number, m.opinion_on, m.state, p.body, m.received_on FROM item i"
        " JOIN matter m ON m.id=i.matter"
        " JOIN passage p ON p.matter=m.id AND p.kind='answer'"
    )
    assert len(found) == len(rows)
    by_number = {one[0]: one[1:] for one in found}
    for row in rows:
        opinion_on, state, body, received_on = by_number[row["留言编号"]]
        assert (opinion_on, state) == (day(row["答复时间"]), "S13")
        assert received_on == day(row["留言时间"])
        whole = row["答复意见"].replace("_x000D_", "\r").strip(AROUND).replace("\r\n", "\n").replace("\r", "\n")
        assert body == whole
    events = full.register.row(
        "SELECT count(*) FROM event e JOIN matter m ON m.id=e.matter "
        "WHERE e.kind='opinion_issued' AND e.on_date=m.opinion_on"
    )
    assert events == (len(rows),)


def test_counts_are_those_of_the_files(full: Desk, real_data: Path) -> None:
    total = sum(len(rows_of(real_data / f"{name}.csv.gz")) for name in MESSAGES)
    assert full.register.row("SELECT count(*) FROM item") == (total,)
    assert full.register.row("SELECT count(*) FROM matter") == (total,)


@pytest.mark.parametrize("name", [*(f"{one}.csv.gz" for one in MESSAGES), *SAMPLES])
def test_a_second_import_adds_nothing(full: Desk, real_data: Path, name: str) -> None:
    before = full.register.seq
    report = run_import(full, real_data / name, at=AT)
    assert (report.added, report.refused, report.supplemented) == (0, 0, 0)
    assert report.already == report.rows > 0
    assert full.register.seq == before


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_comes_in_by_itself_and_its_file_adds_the_rest(
    real_data: Path, template: Template, tmp_path: Path, name: str
) -> None:
    with closing(openpyxl.load_workbook(real_data / name, read_only=True)) as book:
        rows = sum(1 for row in book.worksheets[0].iter_rows(values_only=True) if any(row)) - 1
    with template.open(template.copy(tmp_path)) as register:
        desk = Desk(register, now=lambda: AT)
        assert run_import(desk, real_data / name, at=AT).added == rows
        report = run_import(desk, real_data / name.replace("_sample.xlsx", ".csv.gz"), at=AT)
        assert (report.already, report.added) == (rows, report.rows - rows)


@pytest.mark.parametrize("name", REFERENCE)
def test_reference_tables_are_taken_in_once(full: Desk, real_data: Path, name: str) -> None:
    first = run_import(full, real_data / name, at=AT)
    assert first.kind != "items"
    assert first.rows > 0
    assert first.messages()
    # Divisions and holidays are those that the product brings; only the classes of content are the bureau's own.
    assert first.added == (first.rows if first.kind == "content_tree" else 0)
    before = full.register.seq
    assert run_import(full, real_data / name, at=AT).added == 0
    assert full.register.seq == before


def test_the_register_verifies_afterwards(full: Desk) -> None:
    assert all(check.holds for check in full.verify())
