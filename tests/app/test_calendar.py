"""The verb calendar: nothing counts before it was looked at, and what counts is what was looked at."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from tests.app.conftest import Run, told


@pytest.fixture
def run(run: Run) -> Run:
    added = run("add", "--channel", "visit", "--text", "没有立案", "--name", "王小明", "--received-on", "2026-11-02")
    assert added.exit_code == 0, added.output
    return run


@pytest.fixture
def corrected(tmp_path: Path) -> Path:
    """Write the calendar of 2026 with one more day off: 2026-11-17, on which 15 days from 11-02 end."""
    content = json.loads((files("resources") / "calendars" / "2026.json").read_text("utf-8"))
    content["days"].append({"date": "2026-11-17", "kind": "off", "name": "为测试而编"})
    path = tmp_path / "2026.json"
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


def test_a_calendar_is_shown_checked_and_applied_with_the_digest_of_the_check(run: Run, corrected: Path) -> None:
    shown = told(run("calendar", "show", "--json"))
    assert shown["years"][-1]["year"] == 2026
    assert shown["years"][-1]["own"] is False
    checked = told(run("calendar", "check", str(corrected), "--json"))
    (shift,) = checked["shifts"]
    assert (shift["clock"], shift["before_on"], shift["after_on"]) == ("C1", "2026-11-17", "2026-11-18")
    assert (checked["moved"], checked["matters"], checked["kind"]) == (1, 1, "calendar")
    without = run("calendar", "apply", str(corrected))
    assert without.exit_code == 1
    assert checked["digest"] in without.stderr
    wrong = run("calendar", "apply", str(corrected), "--digest", "0" * 64)
    assert (wrong.exit_code, wrong.stderr.count("\n")) == (1, 1)
    assert told(run("calendar", "show", "--json")) == shown, "nothing was applied yet"
    applied = told(run("calendar", "apply", str(corrected), "--digest", checked["digest"], "--json"))
    assert applied["moved"] == 1
    assert told(run("calendar", "show", "--json"))["years"][-1]["own"] is True
    assert "2026-11-18" in run("due", "--json").stdout
    again = run("calendar", "check", str(corrected))
    assert (again.exit_code, "counts already" in again.stderr) == (1, True)


def test_the_difference_reads_as_text_in_both_languages(run: Run, corrected: Path) -> None:
    english = run("calendar", "check", str(corrected)).stdout
    assert "1 open matters" in english
    assert "2026-11-17 → 2026-11-18" in english
    chinese = run("calendar", "check", str(corrected), "--lang", "zh").stdout
    assert "其中 1 个变动" in chinese
    assert "书面告知信访人" in chinese


def test_a_calendar_handed_in_waits_and_is_applied_by_its_year(run: Run, corrected: Path) -> None:
    assert told(run("calendar", "load", str(corrected), "--json"))["loaded"] == "2026"
    (waiting,) = told(run("calendar", "show", "--json"))["waiting"]
    assert (waiting["kind"], waiting["name"]) == ("calendar", "2026")
    digest = told(run("calendar", "check", "2026", "--json"))["digest"]
    assert told(run("calendar", "apply", "2026", "--digest", digest, "--json"))["moved"] == 1
    assert told(run("calendar", "show", "--json"))["waiting"] == []


def test_an_overlay_is_shown_and_applied_from_a_day_on(run: Run) -> None:
    said = told(run("calendar", "overlay", "zhejiang", "--from", "2099-01-01", "--json"))
    assert (said["moved"], said["from"]) == (0, "2099-01-01")
    assert {change["clock"] for change in said["future"]} == {"C1", "C1t", "C2"}
    text = run("calendar", "overlay", "zhejiang", "--from", "2099-01-01").stdout
    assert "matters already received keep their rules" in text
    applied = run("calendar", "overlay", "zhejiang", "--from", "2099-01-01", "--digest", said["digest"])
    assert applied.exit_code == 0, applied.stderr
    shown = told(run("calendar", "show", "--json"))
    assert shown["overlays"] == [{"overlay": "LOCAL-zhejiang", "from": "2099-01-01"}]
    assert "from 2099-01-01: LOCAL-zhejiang" in run("calendar", "show").stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("check",), 2), (("check", "no-such-file.json"), 1), (("overlay", "mars"), 1), (("forget", "x"), 2)],
)
def test_what_cannot_be_is_told_in_one_line(run: Run, arguments: tuple[str, ...], code: int) -> None:
    result = run("calendar", *arguments)
    assert result.exit_code == code
    if code == 1:
        assert result.stderr.count("\n") == 1
