"""Letters on the command line: the PDF, the editing copy by its file name, a bundle of a matter's papers."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pypdf
import pytest
from docx import Document

from tests.app.conftest import Run, told

NUMBER = "S2026-000001"


@pytest.fixture
def run(run: Run) -> Run:
    added = run("add", "--received-on", "2026-03-02", "--title", "反映报警未获告知", "--text", "反映报警未获告知。",
                "--claim", "书面告知", "--name", "张某某")  # fmt: skip
    assert added.exit_code == 0, added.output
    return run


def header(content: bytes) -> str:
    return str(Document(io.BytesIO(content)).sections[0].header.paragraphs[0].text)


def test_the_name_of_the_file_says_which_copy(run: Run, tmp_path: Path) -> None:
    draft, copy, record = tmp_path / "draft.docx", tmp_path / "copy.DOCX", tmp_path / "record.pdf"
    form = ("letter", NUMBER, "registration_form", "contact_result=已登记。")
    assert run(*form, "--preview", "--out", str(draft)).exit_code == 0
    assert header(draft.read_bytes()).startswith("预览稿：尚未出具，不得送达")
    for out in (copy, record):
        result = run(*form, "--out", str(out))
        assert result.exit_code == 0, result.output
    assert header(copy.read_bytes()).startswith("编辑稿：以登记库冻结的 PDF 为准")
    assert record.read_bytes().startswith(b"%PDF")
    documents = told(run("show", NUMBER, "--json"))["documents"]
    assert [each["kind"] for each in documents] == ["registration_form"]


def test_papers_are_bound_in_the_order_named(run: Run, tmp_path: Path) -> None:
    for kind in ("registration_form", "receipt"):
        typed = ["contact_result=已登记。"] if kind == "registration_form" else []
        assert run("letter", NUMBER, kind, *typed).exit_code == 0
    documents = told(run("show", NUMBER, "--json"))["documents"]
    out = tmp_path / "bundle.pdf"
    ids = ",".join(f"d{each['id']}" for each in reversed(documents))
    made = told(run("letter", NUMBER, "bundle", f"papers={ids}", "--out", str(out), "--json"))
    assert [row["title"] for row in made["rows"]] == [each["title"] for each in reversed(documents)]
    assert made["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    whole = run("letter", NUMBER, "bundle", "--out", str(out))
    assert whole.exit_code == 0
    assert len(pypdf.PdfReader(out).pages) == 3
    assert whole.stdout.splitlines()[0].startswith("1-1  ")


@pytest.mark.parametrize("typed", ["papers=x1", "papers=d", "papers=d1.5", "papers=d999", "order=d1"])
def test_what_is_no_paper_is_refused(run: Run, typed: str, tmp_path: Path) -> None:
    out = tmp_path / "bundle.pdf"
    assert run("letter", NUMBER, "bundle", typed, "--out", str(out)).exit_code == 1
    assert not out.exists()
    assert run("letter", NUMBER, "bundle", "--out", str(out)).exit_code == 1  # nothing to bind yet
