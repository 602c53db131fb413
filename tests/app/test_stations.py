"""Workstations on the command line: invited, joined by stick, exchanging, their numbers told; a letter spoiled."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.app.conftest import Run, told

TODAY = datetime.now().astimezone().date()
"""The command line goes by the clock of the machine: blocks are leased for its year."""
YEAR = TODAY.year
ADD = ("add", "--received-on", TODAY.isoformat(), "--title", "反映报警未获告知", "--text", "反映报警未获告知。",
       "--claim", "书面告知", "--name", "张某某")  # fmt: skip


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_a_second_workstation_from_invitation_to_numbers(run: Run, tmp_path: Path, stick: Path) -> None:
    assert run(*ADD).exit_code == 0
    file, second = tmp_path / "two.invitation", tmp_path / "two.register"
    made = told(run("station", "invite", "--device", "2", "--name", "局长笔记本", "--out", str(file), "--json"))
    assert (made["device"], file.stat().st_size > 4000) == (2, True)
    again = run("station", "invite", "--device", "3", "--name", "x", "--out", str(file))
    assert (again.exit_code, "already" in again.stderr) == (1, True)
    waiting = run("station", "join", str(file), "--from", str(stick), register=second)
    assert waiting.exit_code == 4
    assert "run station join again" in waiting.stderr
    written = told(run("batch", "write", str(stick), "--json"))["siblings"]["written"]
    assert written.keys() == {"2"}
    joined = told(run("station", "join", str(file), "--from", str(stick), "--json", register=second))
    assert (joined["joined"], joined["lacking"]) == (True, {})
    here = told(run(*ADD, "--json", register=second))
    assert here["matter"] == f"S{YEAR}-000002"
    assert told(run("batch", "write", str(stick), "--json", register=second))["siblings"]["written"].keys() == {"1"}
    read = run("batch", "read", str(stick))
    assert read.exit_code == 0, read.stderr
    assert "entries taken from workstation 2" in read.stdout
    assert "反映报警未获告知" in run("show", f"S{YEAR}-000002").stdout
    listed = told(run("station", "list", "--json"))["workstations"]
    assert [(one["device"], one["here"], one["lead"]) for one in listed] == [(1, True, True), (2, False, False)]
    assert "gives out the numbers" in run("station", "list").stdout
    numbers = told(run("station", "numbers", "--year", str(YEAR), "--json"))
    matters = next(one for one in numbers["series"] if one["series"] == "S")
    assert [(one["kind"], one["first"], one["last"]) for one in matters["ranges"]] == [
        ("used", 1, 1), ("used", 2, 2), ("leased", 3, 201)
    ]  # fmt: skip
    assert numbers["missing"] == 0
    assert "leased to 局长笔记本, not used yet" in run("station", "numbers").stdout
    lead = run("station", "lead", "2")
    assert lead.exit_code == 0, lead.stderr
    gone = told(run("station", "retire", "2", "--reason", "屏幕损坏", "--json"))
    assert gone["lead"] == 1, "the lead was lost: the next workstation takes over, past a margin"
    assert "had been leased to 局长笔记本, not used any more (屏幕损坏)" in run("station", "numbers").stdout


def test_what_a_retired_one_may_not_have_sent_is_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "two.invitation"
    told(run("station", "invite", "2", "--name", "乡镇", "--out", str(file), "--json"))
    gone = run("station", "retire", "2", "--reason", "电脑被盗")
    assert gone.exit_code == 0
    assert "what it had not sent is not here" in gone.stdout
    assert "retired" in run("station", "list").stdout
    assert run("station", "retire", "two", "--reason", "x").exit_code == 1
    assert run("verify").exit_code == 0


def test_a_letter_is_spoiled_by_its_number(run: Run) -> None:
    assert run(*ADD).exit_code == 0
    issued = told(run("letter", f"S{YEAR}-000001", "registration_form", "contact_result=已登记。", "--json"))
    assert run("letter", "spoil", issued["code"]).exit_code == 1, "a reason is needed"
    assert run("letter", "spoil", "NOSUCHNO", "reason=x").exit_code == 1
    done = run("letter", "spoil", issued["code"].lower(), "reason=打印错误")
    assert done.exit_code == 0, done.stderr
    assert "Spoiled" in done.stdout
    assert run("letter", "verify", issued["code"]).exit_code == 1
    assert run("letter", "spoil", issued["code"], "reason=又一次").exit_code == 1
