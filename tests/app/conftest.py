"""The command line as scripts call it: each call in this process, on a register of a small bureau."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.commands import main

PASSPHRASE = "seven-quiet-herons"

Run = Callable[..., Result]

_WITHOUT_REGISTER = ("clock", "schema")
"""Verbs that open none."""


def told(result: Result) -> Any:
    """Return what a verb answered in JSON."""
    assert result.exit_code == 0, result.output + result.stderr
    return json.loads(result.stdout)


@pytest.fixture
def call(tmp_path: Path) -> Run:
    """Return what calls a verb; there is no register yet."""

    def one(
        *arguments: str,
        register: Path = tmp_path / "county.register",
        passphrase: str = PASSPHRASE,
        language: str = "en",
    ) -> Result:
        named = [] if arguments[0] in _WITHOUT_REGISTER else ["--register", str(register)]
        return CliRunner().invoke(
            main,
            [*arguments, *named],
            env={"PETITION_DESK_PASSPHRASE": passphrase, "PETITION_DESK_LANG": language},
        )

    return one


@pytest.fixture
def run(call: Run) -> Run:
    """Return what calls a verb on a new register."""
    made = call("init", "--county", "990101", "--name", "示例县公安局")
    assert made.exit_code == 0, made.output
    return call
