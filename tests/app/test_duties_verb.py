"""The verb `duties`: triggers, liability, what is undelivered and the major log, as scripts and people read them."""

from __future__ import annotations

import pytest

from tests.app.conftest import Run, told


@pytest.fixture
def run(run: Run) -> Run:
    added = run(
        "add", "--text", "派出所对我家被盗一事没有立案", "--name", "王小明", "--received-on", "2026-03-02", "--json"
    )
    assert added.exit_code == 0, added.output
    return run


def test_triggers_are_told_with_unit_and_article(run: Run) -> None:
    """2026-03-02 + 15 C = 03-17; no act has been taken on an entry made today, so it is late and not idle."""
    assert told(run("duties", "--on", "2026-03-17", "--json"))["total"] == 0
    found = told(run("duties", "--on", "2026-03-18", "--json"))
    assert (found["total"], found["shown"], found["counts"]["late_duty"]) == (1, 1, 1)
    (line,) = found["results"]
    assert (line["trigger"], line["basis"], line["since"], line["supervised"]) == ("1", "C1", "2026-03-18", False)
    assert line["article"]["en"] == "SC-431 Art. 36(1); REG-2022 Art. 40"
    assert {"petitioner", "who", "person"}.isdisjoint(line)
    only = told(run("duties", "--on", "2026-03-18", "--matter", line["number"], "--json"))
    assert [one["id"] for one in only["results"]] == [line["id"]]
    said = run("duties", "--on", "2026-03-18", language="zh")
    assert said.exit_code == 0
    assert "信访科" in said.stdout
    assert "共 1 项" in said.stdout


def test_liability_of_a_period(run: Run) -> None:
    found = told(run("duties", "--liability", "--from", "2026-03-01", "--to", "2026-03-31", "--json"))
    assert {line["switch"]: line["count"] for line in found["results"]} == {"registered_late": 1, "not_told": 1}
    assert found["results"][0]["matters"][0]["number"].startswith("S2026-")
    assert "REG-2022 Art. 44" in run("duties", "--liability", "--from", "2026-03-01", "--to", "2026-03-31").stdout
    refused = run("duties", "--liability", "--from", "2026-04-01", "--to", "2026-03-31")
    assert refused.exit_code == 1
    assert "ends on 2026-03-31" in refused.stderr
    assert run("duties", "--liability", "--on", "2026-02-10").stdout.strip() == "none"


def test_nothing_is_undelivered_before_an_answer(run: Run) -> None:
    assert told(run("duties", "--undelivered", "--json"))["results"] == []


def test_the_log_of_a_major_matter(run: Run) -> None:
    known = {"on": "2026-03-02", "time": "00:01", "what": "多人聚集", "place": "门前", "people": "40", "claim": "工资",
             "source": "电话"}  # fmt: skip
    done = run("act", "S2026-000001", "mark_major", *[f"{name}={value}" for name, value in known.items()])
    assert done.exit_code == 0, done.stderr
    log = told(run("duties", "--major", "S2026-000001", "--json"))
    assert [line["kind"] for line in log["lines"]] == ["known"]
    assert log["missing"] == ["party", "government"]
    said = run("duties", "--major", "S2026-000001", language="zh").stdout
    assert "尚未报告" in said
    assert "本级党委" in said


def test_one_line_of_refusal_for_a_matter_that_is_not_there(run: Run) -> None:
    refused = run("duties", "--major", "S2099-000001")
    assert refused.exit_code == 1
    assert refused.stderr.count("\n") == 1
