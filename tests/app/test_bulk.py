"""The verbs `suggest` and `bulk` as scripts rely on them."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from models import handling
from tests.app.conftest import Run, told

TITLES = ("请为我的损失说句话", "报案后不予立案", "关于夜间巡逻的建议", "城关派出所收受商户好处")


@pytest.fixture
def run(run: Run) -> Run:
    for title in TITLES:
        added = run("add", "--title", title, "--name", "王小明", "--received-on", "2026-11-02")
        assert added.exit_code == 0, added.output
    return run


def test_suggest_says_why_with_its_article(run: Run) -> None:
    found = told(run("suggest", "S2026-000002", "--json"))
    assert (found["class"], found["exit"], found["act"]["act"]) == ("claim", 1, "direct")
    assert "REG-2022 Art. 31(1)" in found["exits"][0]["article"]["en"]
    assert "不予立案" in found["exits"][0]["reason"]["zh"]
    assert {"routes", "simplified", "lead", "co_ordination", "places"} <= set(found)
    said = run("suggest", "S2026-000002").output
    assert said.startswith("Class: Claim.")
    assert "MPS-CRIM Art. 179" in said
    assert run("suggest", "S2026-000009").exit_code == 1


def test_bulk_screens_and_takes_each_to_its_exit(run: Run, tmp_path: Path) -> None:
    dry = told(run("bulk", "screen", "--suggested", "--dry-run", "--json"))
    assert (dry["possible"], dry["done"], dry["total"]) == (4, 0, 4)
    report = tmp_path / "report.csv"
    done = told(run("bulk", "screen", "--suggested", "--state", "S1", "--report", str(report), "--json"))
    assert (done["done"], done["refused"], done["stopped"]) == (4, 0, False)
    assert done["per_second"] > 0
    assert [line["inputs"]["category"] for line in done["results"]] == ["claim", "claim", "suggestion", "accusation"]
    assert len(report.read_text("utf-8-sig").splitlines()) == 5
    directed = run("bulk", "direct", "--suggested", "--state", "S2", "--class", "claim")
    assert directed.exit_code == 0, directed.output
    assert directed.output.startswith("Direct to the statutory route: 1 done, 0 refused, 1 left to a person.")
    assert "S2026-000001  Suggested is" in directed.output
    replied = told(run("bulk", "reply", "--suggested", "--state", "S2", "answer=Thank you.", "--json"))
    assert (replied["done"], replied["left"]) == (1, 2)
    states = {line["number"]: line["state"] for line in told(run("list", "--json"))["results"]}
    assert states == {"S2026-000001": "S2", "S2026-000002": "S3a", "S2026-000003": "S3e", "S2026-000004": "S2"}


def test_bulk_tells_each_refusal_and_ends_with_one_when_nothing_was_done(run: Run) -> None:
    refused = run("bulk", "accept")
    assert refused.exit_code == 1
    assert refused.output.splitlines()[0] == "Accept: 0 done, 4 refused, 0 left to a person."
    assert sum("S2026-" in line for line in refused.output.splitlines()) == 4
    assert run("bulk", "accept", "--state", "S13").exit_code == 0
    assert run("bulk", "teleport").exit_code == 1
    assert run("bulk", "screen", "colour=red").exit_code == 1
    assert run("bulk", "screen", "--state", "S99").exit_code == 1
    assert run("bulk", "screen", "category").exit_code == 2


def test_the_limit_takes_the_oldest_first(run: Run) -> None:
    done = told(run("bulk", "screen", "--suggested", "--limit", "2", "--json"))
    assert [line["number"] for line in done["results"]] == ["S2026-000001", "S2026-000002"]


def test_ctrl_c_stops_between_two_matters(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    perform = handling.perform

    def interrupted(*arguments: Any, **more: Any) -> Any:
        seq = perform(*arguments, **more)
        os.kill(os.getpid(), signal.SIGINT)
        return seq

    monkeypatch.setattr(handling, "perform", interrupted)
    before = signal.getsignal(signal.SIGINT)
    done = told(run("bulk", "screen", "--suggested", "--json"))
    assert (done["done"], done["stopped"], done["total"]) == (1, True, 4)
    assert signal.getsignal(signal.SIGINT) is before
