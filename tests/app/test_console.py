"""Terminals of Chinese workstations often write GBK: no answer ends the program, and JSON is UTF-8 everywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

RARE = "𬱖文静"
ENVIRONMENT = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "gbk", "PETITION_DESK_PASSPHRASE": "seven-quiet-herons"}


def run(root: Path, module: str, *arguments: object) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        env={**os.environ, **ENVIRONMENT},
        cwd=root,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("gbk")
    return done.stdout


@pytest.fixture(scope="module")
def register(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("console") / "county.register"
    run(root, "app.main", "init", "--register", path, "--county", "990101", "--name", "示例县公安局")
    run(
        root, "app.main", "add", "--register", path, "--received-on", "2026-03-02", "--purpose", "appeal",
        "--name", RARE, "--title", f"{RARE}来访", "--text", "押金未退。", "--claim", "退还押金",
    )  # fmt: skip
    return path


def test_text_is_in_the_encoding_of_the_terminal_with_marks_for_what_it_lacks(root: Path, register: Path) -> None:
    assert "?文静" in run(root, "app.main", "list", "--register", register).decode("gbk")
    assert run(root, "app.main", "verify", "--register", register).decode("gbk").startswith("? ")


def test_json_is_utf_8_everywhere(root: Path, register: Path, tmp_path: Path) -> None:
    assert RARE in json.dumps(
        json.loads(run(root, "app.main", "list", "--json", "--register", register)), ensure_ascii=False
    )
    made = json.loads(run(root, "app.hub", "init", tmp_path / "hub", "--city", f"{RARE}市公安局", "--json"))
    assert f"{RARE}市公安局" in made.values()


def test_the_hub_shows_marks_too(root: Path, tmp_path: Path) -> None:
    run(root, "app.hub", "init", tmp_path / "hub", "--city", f"{RARE}市公安局")
    assert "?文静市公安局" in run(root, "app.hub", "report", tmp_path / "hub").decode("gbk")
