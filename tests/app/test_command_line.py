"""The command line as scripts rely on it: exit codes, JSON, one-line refusals (design, section 8)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from app.commands import main
from tests.app.conftest import PASSPHRASE, Run, told


def _add(run: Run, **more: str) -> dict[str, Any]:
    options = {
        "--channel": "visit",
        "--text": "派出所对我家被盗一事没有立案",
        "--name": "王小明",
        "--phone": "19900000101",
        "--purpose": "求决",
        "--claim": "要求立案",
        "--received-on": "2026-11-02",
        **more,
    }
    return told(run("add", "--json", *[part for pair in options.items() for part in pair]))  # type: ignore[no-any-return]  # JSON object


def test_a_visit_is_registered_found_shown_and_due(run: Run) -> None:
    added = _add(run)
    assert added["item_number"] == "J2026-000001"
    assert added["matter"] == "S2026-000001"
    assert len(added["query_code"]) == 8
    for query in ("没有立案", "wangxiaoming", "wxm", "000101", "S2026-000001", "王"):
        found = told(run("search", query, "--json"))
        assert [line["id"] for line in found["results"]] == [added["id"]], query
        assert found["total"] == 1
    shown = told(run("show", added["query_code"], "--json"))
    assert shown["number"] == "S2026-000001"
    assert {clock["clock"]: clock["due"] for clock in shown["clocks"]}["C1"] == "2026-11-17"
    due = told(run("due", "--on", "2026-11-10", "--json"))
    assert [(line["id"], line["group"], line["days_left"]) for line in due["results"] if line["clock"] == "C1"] == [
        (added["id"], "week", 7)
    ]


def test_list_filters_and_says_how_many_there_are(run: Run) -> None:
    for number in range(3):
        _add(run, **{"--received-on": f"2026-10-{12 + number}"})
    found = told(run("list", "--json", "--limit", "2"))
    assert (found["total"], found["shown"]) == (3, 2)
    assert [line["received_on"] for line in found["results"]] == ["2026-10-14", "2026-10-13"]
    assert told(run("list", "--json", "--from", "2026-10-13", "--to", "2026-10-13"))["total"] == 1
    assert "2 of 3 shown" in run("list", "--limit", "2").output


def test_acts_are_listed_taken_and_refused_with_their_article(run: Run) -> None:
    added = _add(run)
    listed = told(run("act", added["matter"], "--list", "--json"))
    assert listed["open"][0]["name"] == "screen"
    assert {act["name"] for act in listed["closed"]} >= {"accept", "issue", "serve"}
    early = run("act", added["matter"], "issue")
    assert early.exit_code == 1
    assert early.stderr.count("\n") == 1
    assert "SC-431" in early.stderr
    done = told(run("act", added["matter"], "screen", "category=claim", "exit=6", "--json"))
    assert done["state"] == "S2"
    unknown = run("act", added["matter"], "screen", "colour=red")
    assert unknown.exit_code == 1


def test_a_paper_is_handed_in_with_an_act(run: Run, tmp_path: Path) -> None:
    added, scan = _add(run), tmp_path / "letter, signed.txt"
    scan.write_text("撤回", "utf-8")
    paper = f"kind=evidence,dated_on=2026-11-03,organ=县供电局,told=一页, 盖章,file={scan}"
    assert told(run("act", added["matter"], "note", "text=收到", "--paper", paper, "--json"))["state"] == "S1"
    shown = told(run("show", added["matter"], "--json"))
    assert [(one["kind"], one["state"]) for one in shown["documents"]] == [("evidence", "incoming")]
    assert [one["name"] for one in shown["attachments"]] == ["letter, signed.txt"]
    for wrong in ("kind=evidence,dated_on=2026-02-30", "kind=nothing", "colour=red", f"kind=other,file={scan}.no"):
        refused = run("act", added["matter"], "note", "text=收到", "--paper", wrong)
        assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1), wrong
    assert len(told(run("show", added["matter"], "--json"))["documents"]) == 1


def test_the_ledger_of_hand_overs_is_told(run: Run) -> None:
    added = _add(run)
    for step in (("screen", "category=claim", "exit=6"), ("accept",), ("assign", "unit=1")):
        done = run("act", added["matter"], *(part.replace("unit=1", f"unit={_petition(run)}") for part in step))
        assert done.exit_code == 0, done.stderr
    found = told(run("show", added["matter"], "--handovers", "--json"))["handovers"]
    assert [(line["kind"], line["ended"], line["days"]) for line in found] == [("assign", "", None)]
    said = run("show", added["matter"], "--handovers").output
    assert "Assigned inside" in said
    assert found[0]["limit_on"] in said


def _petition(run: Run) -> int:
    return int(told(run("show", "S2026-000001", "--json"))["matter"]["unit"])


def test_the_table_of_acts_needs_no_register(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["act", "--table", "--json", "--register", str(tmp_path / "none")])
    acts = {act["act"]: act for act in json.loads(result.stdout)["acts"]}
    assert acts["accept"]["to"] == "S4"
    assert acts["accept"]["documents"] == ["acceptance_notice"]


@pytest.mark.parametrize(
    ("arguments", "last"),
    [
        (("--rules", "REG-2022", "--clock", "C1", "--from", "2026-02-05"), "2026-02-24"),
        (("--rules", "REG-2022", "--clock", "C2", "--from", "2026-03-02"), "2026-05-06"),
        (("--rules", "SC-431", "--clock", "C2", "--from", "2026-03-02", "--extended", "30"), "2026-06-01"),
        (("--rules", "REG-2022", "--clock", "C1o", "--from", "2026-09-28"), "2026-10-10"),
        (
            ("--rules", "REG-2022", "--clock", "C6", "--from", "2026-03-02", "--hearing", "2026-03-10..2026-03-12"),
            "2026-04-07",
        ),
    ],
)
def test_clock_answers_with_its_derivation(arguments: tuple[str, ...], last: str) -> None:
    """Domain reference, section 14; the last: 04-01 plus 3 days of hearing is 04-04, Qingming to 04-06."""
    result = CliRunner().invoke(main, ["clock", *arguments, "--json"])
    found = json.loads(result.stdout)
    assert found["due"] == last
    assert found["derivation"]["zh"]
    assert found["derivation"]["en"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--rules", "NO-SUCH", "--clock", "C1", "--from", "2026-02-05"),
        ("--rules", "REG-2022", "--clock", "C99", "--from", "2026-02-05"),
        ("--rules", "REG-2022", "--clock", "C1", "--from", "2026-02-30"),
        ("--rules", "REG-2022", "--clock", "C2", "--from", "2026-03-02", "--extended", "31"),
        ("--rules", "REG-2022", "--clock", "C2", "--from", "2026-12-01"),
    ],
)
def test_clock_refuses_with_one_line(arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, ["clock", *arguments])
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1


def test_exit_codes_tell_kinds_of_trouble_apart(run: Run, tmp_path: Path) -> None:
    assert run("list", passphrase="not the one").exit_code == 3
    assert run("list", register=tmp_path / "nowhere.register").exit_code == 3
    assert run("show", "S2099-000001").exit_code == 1
    assert run("sync").exit_code == 4
    assert CliRunner().invoke(main, ["no-such-verb"]).exit_code == 2
    assert run("act").exit_code == 2
    assert run("add", "--received-on", "2999-01-01", "--text", "x").exit_code == 1
    assert run("add", "--text", "").exit_code == 1


def test_verify_backup_restore_rebuild(run: Run, tmp_path: Path) -> None:
    added = _add(run)
    assert told(run("verify", "--json"))["verified"] is True
    kept = tmp_path / "copy" / "county.backup"
    kept.parent.mkdir()
    assert told(run("backup", str(kept), "--json"))["rows"]["matter"] == 1
    _add(run)
    restored = told(run("restore", str(kept), "--json"))
    assert Path(restored["kept"]).exists()
    assert told(run("list", "--json"))["total"] == 1
    assert Path(told(run("rebuild", "--json"))["kept"]).exists()
    assert told(run("list", "--json"))["results"][0]["id"] == added["id"]


def test_import_reports_refused_rows_and_adds_nothing_twice(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "messages.csv"
    source.write_text(
        "留言编号,留言用户,留言主题,留言时间,留言详情,风险等级\n"
        "1,A1,反映夜间噪声,2019/3/5 9:00:00,歌厅夜里太吵,高\n"
        "2,A2,日期不对,2019/13/5 9:00:00,内容,高\n",
        "utf-8",
    )
    first = told(run("import", str(source), "--json"))
    assert (first["rows"], first["added"], first["refused"]) == (2, 1, 1)
    assert first["dropped_columns"]
    assert first["refused_rows"][0]["line"] == 3
    assert Path(first["refused_file"]).exists()
    again = told(run("import", str(source), "--json"))
    assert (again["added"], again["already"]) == (0, 1)
    assert told(run("list", "--json"))["total"] == 1


def test_a_second_program_is_refused_while_the_first_holds_the_register(run: Run, tmp_path: Path) -> None:
    from models.register import Register

    with Register.open(tmp_path / "county.register", "keeper", PASSPHRASE):
        result = run("list")
    assert result.exit_code == 3
    assert "in use" in result.stderr


def test_the_program_starts_as_a_process_and_speaks_chinese_by_default(tmp_path: Path) -> None:
    environment = {**os.environ, "PETITION_DESK_PASSPHRASE": PASSPHRASE, "PYTHONIOENCODING": "utf-8"}
    environment.pop("PETITION_DESK_LANG", None)
    done = subprocess.run(
        [sys.executable, "-m", "app.main", "list", "--register", str(tmp_path / "none.register")],
        capture_output=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 3
    assert "这里没有登记库" in done.stderr.decode()


def test_every_verb_of_the_design_is_there() -> None:
    wanted = {
        "demo",
        "init",
        "import",
        "add",
        "show",
        "list",
        "search",
        "due",
        "act",
        "clock",
        "letter",
        "sync",
        "batch",
        "enrol",
        "verify",
        "backup",
        "restore",
        "rebuild",
        "schema",
    }
    context = click.Context(main)
    assert wanted <= set(main.list_commands(context))
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        assert {"register_path", "as_json", "login", "passphrase_file"} <= {
            parameter.name for parameter in command.params
        }, name


def test_people_are_added_given_roles_and_closed(run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("nine-slow-turtles\n", "utf-8")
    new = ("person", "add", "chengban", "--name", "陈承办", "--roles", "HO", "--new-passphrase-file", str(secret))
    added = told(run(*new, "--json"))
    assert [one["login"] for one in added["people"]][-1] == "chengban"
    changed = told(run("person", "roles", "chengban", "--roles", "HO,HU", "--json"))
    assert sorted(changed["people"][-1]["roles"]) == ["HO", "HU"]
    assert "chengban" not in {one["login"] for one in told(run("person", "close", "chengban", "--json"))["people"]}
