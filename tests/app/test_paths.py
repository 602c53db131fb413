"""Where things are: in the user's folders, and a user without any is told what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import paths
from app.commands import main


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run as a user whom the system does not know, as services and containers do."""
    pwd = pytest.importorskip("pwd", reason="users as on POSIX systems")

    def unknown(number: int) -> None:
        raise KeyError(number)

    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)


def test_the_register_is_in_the_users_data_folder() -> None:
    assert paths.default_register() == Path(os.environ["XDG_DATA_HOME"]) / "petition-desk" / "petition.register"


@pytest.mark.usefixtures("homeless")
def test_a_user_without_a_home_is_told_what_to_do() -> None:
    run = CliRunner().invoke(main, ["list", "--lang", "en"])
    assert run.exit_code == 3
    assert "Set HOME, or name a register with --register." in run.output
    assert run.output.count("\n") == 1


@pytest.mark.usefixtures("homeless")
def test_a_user_without_a_home_may_name_the_register(tmp_path: Path) -> None:
    run = CliRunner().invoke(main, ["schema", "--register", str(tmp_path / "a.register")])
    assert run.exit_code == 0
    assert run.output.startswith("CREATE TABLE")
