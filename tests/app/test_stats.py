"""The verb stats: flat figures for scripts, the list behind one, the paper, submitting; each refusal in one line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from models.figures.indicators import TABLE
from tests.app.conftest import Run, told

MONTH = datetime.now(UTC).astimezone().strftime("%Y-%m")  # the verb has the workstation's own clock
YEAR = MONTH[:4]


@pytest.fixture
def filled(run: Run) -> Run:
    for title in ("路灯", "噪声"):
        told(run("add", "--channel", "letter", "--title", title, "--text", "请处理", "--name", "王小明", "--json"))
    return run


def test_a_month_is_partial_with_flat_figures_and_their_definitions(filled: Run) -> None:
    data = told(filled("stats", "--month", MONTH, "--json"))
    assert (data["received"], data["letters"], data["accepted"], data["answered"], data["late"]) == (2, 2, 0, 0, 0)
    assert data["partial"] is True
    assert data["period"]["key"] == MONTH
    assert data["submitted"] is None
    assert data["corrections"] == []
    assert data["repeat_rate"] == 0.0
    assert data["fractions"]["repeat_rate"] == {"numerator": 0, "denominator": 2}
    assert data["groups"]["channel"][0]["received"] == 2
    assert data["compared"]["last_month"]["received"] == 0
    assert set(TABLE) <= set(data)
    assert set(TABLE) <= set(data["definitions"])
    assert data["definitions"]["received"]["version"] == 1


def test_without_options_it_is_this_month_and_text_tells_that_it_runs(filled: Run) -> None:
    said = filled("stats").output
    assert "Items received  2 items" in said
    assert "not ended" in said


def test_a_year_and_any_days(filled: Run) -> None:
    assert told(filled("stats", "--year", YEAR, "--json"))["received"] == 2
    assert told(filled("stats", "--from", f"{YEAR}-01-01", "--json"))["received"] == 2
    assert told(filled("stats", "--from", "2020-01-01", "--to", "2020-01-31", "--json"))["received"] == 0


def test_the_list_behind_a_figure(filled: Run) -> None:
    data = told(filled("stats", "--behind", "received", "--json"))
    assert (data["total"], data["shown"], data["hidden"]) == (2, 2, 0)
    assert {line["title"] for line in data["results"]} == {"路灯", "噪声"}
    part = told(filled("stats", "--behind", "received", "--group", "channel=visit", "--json"))
    assert part["total"] == 0
    assert told(filled("stats", "--behind", "contact_rate", "--base", "--json"))["total"] == 2
    assert "matters in all: 2, shown: 1" in filled("stats", "--behind", "received", "--limit", "1").output


def test_units_by_duties_done(filled: Run) -> None:
    data = told(filled("stats", "--evaluation", "--json"))
    assert [measure["code"] for measure in data["measures"]] == ["told", "on_time", "solved_here", "served", "executed"]
    assert data["guard"] == 10


def test_a_report_on_paper(filled: Run, tmp_path: Path) -> None:
    paper, book = tmp_path / "m.pdf", tmp_path / "m.xlsx"
    filled("stats", "--month", MONTH, "--out", str(paper))
    filled("stats", "--month", MONTH, "--out", str(book))
    assert paper.read_bytes().startswith(b"%PDF")
    values = [cell.value for page in openpyxl.load_workbook(book).worksheets for row in page.iter_rows()
              for cell in row]  # fmt: skip
    assert "Items received" in values
    assert filled("stats", "--evaluation", "--out", str(tmp_path / "e.pdf")).exit_code == 0


def test_what_cannot_be_is_refused_by_name(filled: Run, tmp_path: Path) -> None:
    running = filled("stats", "--month", MONTH, "--submit")
    assert (running.exit_code, "has not ended" in running.stderr) == (1, True)
    assert filled("stats", "--month", "2026-14").exit_code == 1
    assert "2026-14" in filled("stats", "--month", "2026-14").stderr
    assert "visitors" in filled("stats", "--behind", "visitors").stderr
    assert filled("stats", "--stage", "2011-key-cases/stage-1").exit_code == 1
    assert filled("stats", "--month", MONTH, "--year", YEAR).exit_code == 2
    assert filled("stats", "--out", str(tmp_path / "m.docx")).exit_code == 2
    assert filled("stats", "--behind", "received", "--group", "channel").exit_code == 2


def test_an_ended_month_is_submitted_once(filled: Run, tmp_path: Path) -> None:
    one = told(filled("stats", "--month", "2020-03", "--submit", "--analysis", "平稳", "--json"))
    assert one["submitted"]["analysis"] == "平稳"
    assert one["partial"] is False
    again = filled("stats", "--month", "2020-03", "--submit")
    assert again.exit_code == 1
    assert "frozen" in again.stderr
    filled("stats", "--month", "2020-03", "--out", str(tmp_path / "m.pdf"))
    assert (tmp_path / "m.pdf").read_bytes().startswith(b"%PDF")
