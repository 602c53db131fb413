"""Wording on the command line: shown as TOML, edited, tried, saved, approved by somebody else, compared, withdrawn."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import directory
from models.register import NewPerson, Register
from tests.app.conftest import PASSPHRASE, Run

KIND = "acceptance_notice"

Answered = Callable[..., str]


@pytest.fixture
def run(call: Run, tmp_path: Path) -> Answered:
    def well(*arguments: str) -> str:
        result = call(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    well("init", "--county", "990101", "--name", "示例县公安局")
    checker = NewPerson(login="leg", name="法小审", passphrase=PASSPHRASE, roles=frozenset({"LEG"}))
    with Register.open(tmp_path / "county.register", "keeper", PASSPHRASE) as register:
        directory.add_person(register, checker, by=register.person, at=datetime.now(UTC))
    return well


@pytest.fixture
def edited(run: Answered, tmp_path: Path) -> Path:
    path = tmp_path / "edited.toml"
    path.write_text(run("wording", KIND).replace("特此告知。", "特此告知，请妥善保存。"), "utf-8")
    return path


def closing(run: Answered, *options: str) -> str:
    return str(tomllib.loads(run("wording", KIND, *options))["texts"]["closing"])


def test_what_is_shown_can_be_edited_saved_and_approved(run: Answered, edited: Path, call: Run) -> None:
    assert closing(run) == "特此告知。"
    assert "version 1" in run("wording", KIND, "--save", str(edited))
    assert closing(run) == "特此告知。"
    assert "not approved" in run("wording", KIND, "--list")
    assert call("wording", KIND, "--approve", "1").exit_code == 1
    run("wording", KIND, "--approve", "1", "--as", "leg")
    assert closing(run) == "特此告知，请妥善保存。"
    assert (closing(run, "--show", "0"), closing(run, "--show", "1")) == ("特此告知。", "特此告知，请妥善保存。")
    line = run("wording", KIND, "--list")
    assert "approved by 法小审" in line
    assert line.rstrip().endswith("in force")


def test_what_is_no_wording_is_refused(call: Run, edited: Path) -> None:
    edited.write_text("closing = [", "utf-8")
    assert call("wording", KIND, "--save", str(edited)).exit_code == 1
    edited.write_text("texts = 3", "utf-8")
    assert call("wording", KIND, "--save", str(edited)).exit_code == 1
    assert call("wording", KIND, "--show", "9").exit_code == 1
    assert call("wording", "no_such_kind").exit_code == 1


def test_two_versions_are_compared(run: Answered, edited: Path) -> None:
    run("wording", KIND, "--save", str(edited))
    said = run("wording", KIND, "--diff", "0", "1")
    assert "[2022] closing\n- 特此告知。\n+ 特此告知，请妥善保存。" in said
    assert run("wording", KIND, "--diff", "1", "1").strip() == "no difference"
    found = json.loads(run("wording", KIND, "--diff", "0", "1", "--json"))["differences"]
    assert {(each["family"], each["name"]) for each in found} == {("2022", "closing"), ("2005", "closing")}


def test_a_wording_is_tried_before_it_is_saved(run: Answered, edited: Path, tmp_path: Path) -> None:
    out = tmp_path / "tried.pdf"
    assert run("wording", KIND, "--try", str(edited), "--out", str(out)).strip() == "it may be approved"
    assert out.read_bytes().startswith(b"%PDF")
    edited.write_text('[texts]\nclosing = "依据《信访工作条例》第六十条告知。"', "utf-8")
    assert "it has 50 articles" in run("wording", KIND, "--try", str(edited), "--rules", "SC-431")
    assert "not approved" not in run("wording", KIND, "--list")


def test_a_version_is_withdrawn(run: Answered, edited: Path) -> None:
    run("wording", KIND, "--save", str(edited))
    run("wording", KIND, "--approve", "1", "--as", "leg")
    assert "withdrawn from 2999-01-01" in run("wording", KIND, "--withdraw", "1", "--from", "2999-01-01")
    assert closing(run) == "特此告知，请妥善保存。"
    assert "withdrawn from 2999-01-01" in run("wording", KIND, "--list")
