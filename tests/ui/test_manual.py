"""The manual: both languages, every picture there, every key it names a real one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.ui.conftest import idle
from ui.keys import ACTIONS, shown

MANUAL = Path(__file__).parents[2] / "resources" / "manual"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_picture_and_every_key_exists(language):
    text = (MANUAL / f"{language}.md").read_text("utf-8")
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)
    assert len(pictures) >= 6
    assert [name for name in pictures if not (MANUAL / name).is_file()] == []
    keys = {shown(key) for action in ACTIONS for key in action.keys} | {"Tab"}
    assert [key for key in re.findall(r"\*\*([A-Z][\w+]*)\*\*", text) if key not in keys] == []


def test_both_manuals_have_the_same_chapters():
    zh, en = ((MANUAL / f"{language}.md").read_text("utf-8").count("\n## ") for language in ("zh", "en"))
    assert zh == en >= 8


def test_help_shows_the_manual_with_its_pictures(qtbot, frame):
    frame.go("help")
    idle(qtbot, frame.window())
    manual = frame._screens["help"].manual
    assert "Ctrl+S" in manual.toPlainText()
    assert manual.document().size().height() > 3_000, "the pictures have their place"
