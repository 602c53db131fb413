"""Ten years of figures over the real messages by the command line: every year, every class of content, and the lists.

What must come out is counted from the files themselves, with nothing of the program. Months of one year at desk and
hub are compared in `tests/sync/test_city_real.py`.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.commands import main
from models.desk import Desk
from models.imports import run_import
from models.register import NewPerson, Register
from tests.app.conftest import PASSPHRASE, told

FILES = ("messages_replied", "messages_labelled")
YEARS = range(2011, 2021)


def day_of(text: str) -> date:
    year, month, day = re.split(r"[-/]", text.split()[0])
    return date(int(year), int(month), int(day))


@pytest.fixture(scope="module")
def rows(real_data: Path) -> list[dict[str, str]]:
    found = []
    for name in FILES:
        with gzip.open(real_data / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
            found += list(csv.DictReader(file))
    return found


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Path:
    folder = tmp_path_factory.mktemp("figures")
    keeper = NewPerson(login="keeper", name="郑管理", passphrase=PASSPHRASE)
    path = folder / "a.register"
    with Register.create(path, county="990101", name="示例县公安局", keeper=keeper) as made:
        for name in FILES:
            report = run_import(Desk(made), real_data / f"{name}.csv.gz", refused_to=folder / "refused.csv")
            assert (report.refused, report.already) == (0, 0)
    return path


def stats(register: Path, *arguments: str) -> dict[str, object]:
    result = CliRunner().invoke(
        main,
        ["stats", *arguments, "--json", "--register", str(register)],
        env={"PETITION_DESK_PASSPHRASE": PASSPHRASE, "PETITION_DESK_LANG": "en"},
    )
    data: dict[str, object] = told(result)
    return data


def part(data: dict[str, object], dimension: str, code: str) -> dict[str, int]:
    groups = data["groups"]
    assert isinstance(groups, dict)
    return {group["key"]: group[code] for group in groups[dimension] if group[code]}


@pytest.mark.parametrize("year", YEARS)
def test_a_year_agrees_with_the_files(register: Path, rows: list[dict[str, str]], year: int) -> None:
    received = [row for row in rows if day_of(row["留言时间"]).year == year]
    replied = [row for row in rows if row.get("答复时间") and day_of(row["答复时间"]).year == year]
    open_at_end = [
        row
        for row in rows
        if day_of(row["留言时间"]).year <= year and not (row.get("答复时间") and day_of(row["答复时间"]).year <= year)
    ]
    data = stats(register, "--year", str(year))
    assert data["partial"] is False
    assert (data["received"], data["web"], data["matters_new"]) == (len(received),) * 3
    assert (data["answered"], data["closed"]) == (len(replied), len(replied))
    assert data["open_at_end"] == len(open_at_end)
    days = [(day_of(row["答复时间"]) - day_of(row["留言时间"])).days for row in replied]
    assert data["mean_answer_days"] == (pytest.approx(sum(days) / len(days)) if days else None)
    labels = Counter(row.get("一级标签") or "" for row in received)
    assert part(data, "content", "received") == dict(labels)
    assert part(data, "channel", "received") == ({"web": len(received)} if received else {})
    before = data["compared"]
    assert isinstance(before, dict)
    assert before["last_year"]["received"] == sum(day_of(row["留言时间"]).year == year - 1 for row in rows)


def test_the_list_behind_a_year_is_as_long_as_its_figure(register: Path) -> None:
    data = stats(register, "--year", "2018")
    behind = stats(register, "--year", "2018", "--behind", "answered", "--limit", "10000")
    assert behind["shown"] == behind["total"] == data["answered"]
