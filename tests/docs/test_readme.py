"""The README's example is run line by line on a new register, and its answers are what the program says.

In the README a `…` within a line stands for any text; a last line that is only `…` for any further lines.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from app.commands import main
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def steps(text: str) -> list[tuple[str, str]]:
    """Return command and answer of each step in the `console` blocks."""
    found: list[tuple[str, str]] = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, answer = part.partition("\n")
            found.append((command, answer.rstrip("\n")))
    return found


def fits(answer: str, said: str) -> bool:
    wanted, lines = answer.split("\n"), said.strip("\n").split("\n")
    if wanted[-1] == "…":
        wanted.pop()
        lines = lines[: len(wanted)]
    return len(wanted) == len(lines) and all(
        re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), line)
        for pattern, line in zip(wanted, lines, strict=True)
    )


def test_the_example_in_the_readme_does_what_it_says(tmp_path: Path) -> None:
    home = {name: str(tmp_path / name.lower()) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    own = {"PETITION_DESK_PASSPHRASE": "several unrelated words", "PETITION_DESK_LANG": "en", "PYTHONPATH": str(ROOT)}
    environment = {**os.environ, **home, **own, "PYTHONUTF8": "1", "COLUMNS": "400"}
    done = steps(README)
    assert len(done) > 5
    for command, answer in done:
        program, *arguments = shlex.split(command)
        assert program == "petition-desk"
        run = subprocess.run(
            [sys.executable, "-m", "app.main", *arguments],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (run.returncode, run.stderr) == (0, ""), command
        assert fits(answer, run.stdout), f"{command}\n{run.stdout}"


@pytest.mark.parametrize(
    ("answer", "said", "good"),
    [
        ("made … now", "made it now", True),
        ("made …", "made it\nand more", False),
        ("first\n…", "first\nsecond\nthird", True),
        ("first\n…", "second", False),
        ("1.5", "125", False),
    ],
)
def test_an_answer_fits_only_what_it_shows(answer: str, said: str, good: bool) -> None:
    assert fits(answer, said) is good


def test_the_table_of_commands_names_each_verb_and_no_other() -> None:
    context = click.Context(main)
    told = set(re.findall(r"^\| `petition-desk ([a-z]+)", README, re.MULTILINE))
    assert told == set(main.list_commands(context))


def test_options_in_the_table_are_options_of_their_verbs() -> None:
    context = click.Context(main)
    for verb, line in re.findall(r"^\| `petition-desk ([a-z]+)(.*)$", README, re.MULTILINE):
        command = main.get_command(context, verb)
        assert command is not None
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", line)) <= known, verb
