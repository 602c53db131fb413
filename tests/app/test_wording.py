"""Wording on the command line: shown as TOML, edited, saved, approved."""

from __future__ import annotations

import tomllib
from pathlib import Path

from click.testing import CliRunner

from app.commands import main

ENVIRONMENT = {"PETITION_DESK_PASSPHRASE": "seven-quiet-herons", "PETITION_DESK_LANG": "en"}


def test_what_is_shown_can_be_edited_saved_and_approved(tmp_path: Path) -> None:
    register = ["--register", str(tmp_path / "a.register")]

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, [*arguments, *register], env=ENVIRONMENT)
        assert result.exit_code == 0, result.output
        return result.stdout

    run("init", "--county", "990101", "--name", "示例县公安局")
    shown = run("wording", "acceptance_notice")
    assert tomllib.loads(shown)["texts"]["closing"] == "特此告知。"
    edited = tmp_path / "edited.toml"
    edited.write_text(shown.replace("特此告知。", "特此告知，请妥善保存。"), "utf-8")
    assert "version 1" in run("wording", "acceptance_notice", "--save", str(edited))
    assert "特此告知。" in run("wording", "acceptance_notice")
    run("wording", "acceptance_notice", "--approve", "1")
    assert tomllib.loads(run("wording", "acceptance_notice"))["texts"]["closing"] == "特此告知，请妥善保存。"
    edited.write_text("closing = [", "utf-8")
    refused = CliRunner().invoke(
        main, ["wording", "acceptance_notice", "--save", str(edited), *register], env=ENVIRONMENT
    )
    assert refused.exit_code == 1
