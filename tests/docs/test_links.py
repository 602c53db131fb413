"""What the documents point to is there: links, files of ours named in the text, participants of the diagrams."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").rglob("*.md"))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text("utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_files_that_are_named_are_there(document: Path) -> None:
    named = re.findall(
        r"`((?:app|ui|sync|models|resources|installer|tests|docs)/[\w./-]*)`", document.read_text("utf-8")
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_sequence_diagrams_use_the_participants_that_they_declare(document: Path) -> None:
    for diagram in re.findall(r"```mermaid\nsequenceDiagram\n(.*?)```", document.read_text("utf-8"), re.DOTALL):
        declared = set(re.findall(r"participant (\w+)", diagram))
        used = {name for pair in re.findall(r"^\s*(\w+)-{1,2}>>(\w+):", diagram, re.MULTILINE) for name in pair}
        assert used == declared
        assert ";" not in diagram, "a semicolon ends a line of the diagram"
