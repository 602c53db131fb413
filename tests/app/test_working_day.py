"""The demo is the product's own acceptance run: every check holds, and its summary tells what is really there."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.workingday.run import PRACTICE_MATTERS, run
from models.practice import PRACTICE_PASSPHRASE


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("demo")
    run(made, PRACTICE_PASSPHRASE, lambda _zh, _en: None)
    return made


def test_every_check_holds_and_is_a_boolean(folder: Path) -> None:
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    assert [name for name, holds in summary["checks"].items() if holds is not True] == []
    assert len(summary["checks"]) >= 50
    assert summary["passed"] is True


def test_the_figures_are_those_of_the_register(folder: Path) -> None:
    from app.services import open_desk

    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    desk = open_desk(folder / "practice.register", "xinfang", PRACTICE_PASSPHRASE)
    try:
        assert summary["counts"]["items"] == desk.register.rows("SELECT count(*) FROM item")[0][0] > PRACTICE_MATTERS
        assert summary["counts"]["letters"] == desk.register.rows("SELECT count(*) FROM document")[0][0] >= 8
        assert summary["chain_head"] == desk.register.head.hex() or summary["counts"]["acts"] <= desk.register.seq
    finally:
        desk.close()


def test_letters_lie_there_as_pdf_and_say_who_they_are_to(folder: Path) -> None:
    names = {path.name for path in (folder / "letters").iterdir()}
    assert names >= {"receipt-A5.pdf", "receipt-80mm.pdf", "registration-form.pdf", "acceptance-notice.pdf",
                     "extension-notice.pdf", "answer.pdf", "route-notice.pdf", "non-acceptance-notice.pdf"}  # fmt: skip
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed: left out")
    text = subprocess.run(
        ["pdftotext", "-layout", str(folder / "letters" / "answer.pdf"), "-"], capture_output=True, check=True
    ).stdout.decode()
    assert "𬱖文静" in text
    assert "示例" in text or "公安局" in text
    assert "三十日" in text or "30日" in text


def test_due_dates_come_with_their_derivation(folder: Path) -> None:
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    assert {entry["clock"] for entry in summary["due_dates"]} >= {"C1", "C2", "C3"}
    for entry in summary["due_dates"]:
        assert entry["derivation"]["zh"]
        assert entry["derivation"]["en"]


def test_the_kinds_of_letters_are_told_without_a_register(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.main", "letter", "--kinds", "--json"], capture_output=True, cwd=root, check=True
    )
    kinds = {kind["kind"] for kind in json.loads(done.stdout)["kinds"]}
    assert kinds >= {"registration_form", "receipt", "acceptance_notice", "non_acceptance_notice", "route_notice",
                     "destination_notice", "extension_notice", "answer"}  # fmt: skip
