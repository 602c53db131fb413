"""The verb `programme`, as scripts and people call it: a programme from data, its cases, its dates, its roster."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.app.conftest import PASSPHRASE, Run, told

TODAY = date.today()  # noqa: DTZ011  the verb asks this process's clock too
PROGRAMME = f"""
key = "county-cases"
name = "本县专项"
from = {TODAY.year}-01-01
to = {TODAY.year}-12-31
stage = [{{ name = "全年", from = {TODAY.year}-01-01, to = {TODAY.year}-12-31 }}]
target = [{{ name = "全部", by = {TODAY.year}-12-31, share = 100 }}]
report = [{{ kind = "roster", name = "名单", on = {TODAY.isoformat()} }}]
"""


@pytest.fixture
def made(run: Run, tmp_path: Path) -> Run:
    """A programme of this year with one case of today."""
    file = tmp_path / "county.toml"
    file.write_text(PROGRAMME, "utf-8")
    made = run("programme", "create", "--file", str(file), "--json")
    assert told(made)["key"] == "county-cases"
    added = run("add", "--text", "多年未决", "--name", "王小明", "--received-on", TODAY.isoformat(), "--json")
    number = told(added)["matter"]
    entered = run("act", number, "include_key_case", "source=backlog")
    assert entered.exit_code == 0, entered.stderr
    return run


def test_the_shipped_programme_is_made_listed_and_shown(run: Run) -> None:
    assert run("programme").stdout.strip() == "none"
    assert [one["key"] for one in told(run("programme", "shipped", "--json"))["results"]] == ["2011-key-cases"]
    shown = told(run("programme", "create", "2011-key-cases", "--json"))
    assert [one["place"] for one in shown["stages"]] == [1, 2, 3]
    assert told(run("programme", "--json"))["total"] == 1
    said = run("programme", "show", language="zh").stdout
    assert "重点信访案件集中化解专项工作" in said
    assert "全国“两会”前化解百分之六十" in said
    again = run("programme", "create", "2011-key-cases")
    assert again.exit_code == 1
    assert "was made already" in again.stderr
    unknown = run("programme", "create", "2012")
    assert unknown.exit_code == 1
    assert "2011-key-cases" in unknown.stderr


def test_cases_and_the_file_of_one(made: Run) -> None:
    found = told(made("programme", "cases", "--json"))
    assert (found["total"], found["shown"], found["after"]) == (1, 1, None)
    (line,) = found["results"]
    assert (line["state"], line["source"], line["next_step"]) == ("open", "backlog", "planned")
    assert told(made("programme", "cases", "--state", "closed,excluded", "--json"))["total"] == 0
    assert told(made("programme", "cases", "--step", "planned", "--source", "backlog", "--json"))["total"] == 1
    assert told(made("programme", "cases", "--late", "--json"))["total"] == 0
    refused = made("programme", "cases", "--step", "risk")
    assert refused.exit_code == 1
    assert "met_petitioner" in refused.stderr
    file = told(made("programme", "case", line["number"], "--json"))
    assert [part["present"] for part in file["dossier"]] == [False] * 6
    said = made("programme", "case", line["number"], language="zh").stdout
    assert "缺  调查报告" in said
    assert "已列入" in said
    assert "1 in all, 1 shown" in made("programme", "cases").stdout


def test_of_a_sealed_case_an_outline_is_told(made: Run, tmp_path: Path) -> None:
    outline = told(made("programme", "cases", "--json"))["results"][0]
    assert outline["sight"] == "full"
    secret = made("add", "--text", "举报某所收费", "--name", "李四", "--purpose", "accusation", "--json")
    number = told(secret)["matter"]
    assert made("act", number, "include_key_case", "source=backlog").exit_code == 0
    secret_file = tmp_path / "clerk.txt"
    secret_file.write_text(PASSPHRASE, "utf-8")
    added = made(
        "person", "add", "clerk", "--name", "登小红", "--roles", "REG", "--new-passphrase-file", str(secret_file)
    )
    assert added.exit_code == 0, added.stderr
    lines = made("programme", "cases", "--as", "clerk", language="zh").stdout.splitlines()
    assert lines[1].startswith(f"{number}  未化解  ")
    assert "举报" not in "\n".join(lines)


def test_progress_is_counted_from_evidence(made: Run) -> None:
    found = told(made("programme", "progress", "--json"))
    assert (found["entered"], found["open"], found["solved"]) == (1, 1, 0)
    assert found["reached"]["entered"] == 1
    assert found["reached"]["planned"] == 0
    said = made("programme", "progress", language="zh").stdout
    assert "1/1  已列入" in said
    assert "0/1  方案已批准" in said
    assert told(made("programme", "progress", "--on", f"{TODAY.year - 1}-12-31", "--json"))["entered"] == 0


def test_dates_are_told_reported_and_moved(made: Run) -> None:
    key = f"county-cases/roster-{TODAY}"
    assert [one["key"] for one in told(made("programme", "owed", "--json"))["results"]] == [key]
    reported = made("programme", "report", "--key", key)
    assert reported.exit_code == 0, reported.stderr
    assert "done" in reported.stdout
    assert made("programme", "owed").stdout.strip() == "none"
    unknown = made("programme", "report", "--key", "x")
    assert unknown.exit_code == 1
    assert key in unknown.stderr
    moved = told(made("programme", "stage", "--stage", "1", "--to", f"{TODAY.year}-12-30", "--name", "年内", "--json"))
    assert (moved["stages"][0]["name"], moved["stages"][0]["to_on"]) == ("年内", f"{TODAY.year}-12-30")
    assert "there are 1" in made("programme", "stage", "--stage", "2").stderr
    early = made("programme", "close")
    assert early.exit_code == 1
    assert f"runs until {TODAY.year}-12-31" in early.stderr


def test_the_roster(made: Run) -> None:
    assert made("programme", "roster", "county-cases").stdout.strip() == "none"
    named = made("programme", "liaison", "county-cases", "--duty", "leader", "--name", "李某", "--phone", "0000-1",
                 "--post", "副局长", language="zh")  # fmt: skip
    assert named.stdout.strip() == "分管领导  李某  副局长  0000-1"
    assert told(made("programme", "roster", "county-cases", "--json"))["total"] == 1
    assert told(made("programme", "roster", "--json"))["total"] == 0
    bare = made("programme", "liaison", "--duty", "liaison", "--name", "张某")
    assert bare.exit_code == 1
    assert "office telephone is missing" in bare.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("key = ", "is not TOML"),
        (PROGRAMME.replace("stage = ", "stages = "), "lacks “stage”"),
        (PROGRAMME.replace('name = "全年", ', ""), "lacks “name”"),
        (PROGRAMME.replace("stage = [", "stage = 5 #["), "of another kind"),
        (PROGRAMME.replace(f"to = {TODAY.year}-12-31 }}]", "}]"), "is not TOML"),
        (PROGRAMME.replace(f", to = {TODAY.year}-12-31 }}]", " }]"), "has no last day"),
    ],
)
def test_a_file_that_is_no_programme_is_refused(text: str, words: str, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(text, "utf-8")
    refused = run("programme", "create", "--file", str(file))
    assert refused.exit_code == 1
    assert words in refused.stderr
    assert refused.stderr.count("\n") == 1
    missing = run("programme", "create", "--file", str(tmp_path / "none.toml"))
    assert "cannot be read" in missing.stderr


def test_where_there_are_several_the_programme_is_named(made: Run) -> None:
    made("programme", "create", "2011-key-cases")
    refused = made("programme", "cases")
    assert refused.exit_code == 1
    assert "county-cases, 2011-key-cases" in refused.stderr
    assert told(made("programme", "cases", "county-cases", "--json"))["total"] == 1
