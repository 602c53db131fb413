"""The verb conflicts: what two workstations entered apart, listed and settled from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.conftest import Run, told
from tests.models import work
from tests.models.conftest import PASSPHRASE, Template, template  # noqa: F401  the fixture is used by its name
from tests.models.twins import quiet, twin


@pytest.fixture
def apart(template: Template, tmp_path: Path) -> Path:  # noqa: F811  pytest hands in the fixture of that name
    """Return a register with a plain and a statutory conflict of one matter."""
    with twin(template, tmp_path / "1", 1) as one, twin(template, tmp_path / "2", 2) as two:
        matter = work.matter(one, "原题")
        quiet(one, two)
        for register, title, day in ((one, "甲题", "2026-03-02"), (two, "乙题", "2026-03-03")):
            with register.act("amend", by=register.person, at=work.NOW) as act:
                act.set("matter", matter, title=title, accepted_on=day)
        quiet(one, two)
        return one.path


def test_conflicts_are_listed_and_settled(call: Run, apart: Path) -> None:
    def verb(*arguments: str, language: str = "en"):  # type: ignore[no-untyped-def]  # as `call` answers
        return call("conflicts", *arguments, register=apart, passphrase=PASSPHRASE, language=language)

    listed = told(verb("--json"))
    assert (listed["total"], listed["shown"]) == (2, 2)
    statutory, plain = listed["results"]
    assert (statutory["statutory"], statutory["due_on"], statutory["late"]) == (True, "2026-03-05", True)
    assert {plain["kept"]["word"], plain["other"]["word"]} == {"甲题", "乙题"}
    text = verb(language="zh").output
    assert "概况/标题" in text
    assert "2026-03-05 前裁定（已逾期）" in text
    assert verb("--limit", "1").output.endswith("1 more; see --limit\n")
    done = verb("settle", plain["id"], "--value", "丙题", "--reason", "核对原信", "--json")
    assert told(done)["settled"] == plain["id"]
    refused = verb("settle", plain["id"], "--kept", "--reason", "again")
    assert (refused.exit_code, "settled" in refused.stderr) == (1, True)
    assert verb("settle", "nonsense", "--kept", "--reason", "x").exit_code == 1
    assert verb("settle", statutory["id"], "--reason", "x").exit_code == 2
    assert verb("settle", statutory["id"], "--other", "--value", "x", "--reason", "x").exit_code == 2
    # The founder entered both days: somebody else settles.
    same = verb("settle", statutory["id"], "--kept", "--reason", "x", language="zh")
    assert same.exit_code == 1
    assert "他人" in same.stderr
    assert told(verb("--json"))["total"] == 1
