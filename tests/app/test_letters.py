"""Letters on the command line: the PDF, the editing copy by its file name, a bundle of a matter's papers."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner, Result
from docx import Document

from app.commands import main

ENVIRONMENT = {"PETITION_DESK_PASSPHRASE": "seven-quiet-herons", "PETITION_DESK_LANG": "en"}
NUMBER = "S2026-000001"

Call = Callable[..., Result]


@pytest.fixture
def call(tmp_path: Path) -> Call:
    def run(*arguments: str) -> Result:
        register = ["--register", str(tmp_path / "a.register")]
        return CliRunner().invoke(main, [*arguments, *register], env=ENVIRONMENT)

    done = [
        run("init", "--county", "990101", "--name", "示例县公安局"),
        run("add", "--received-on", "2026-03-02", "--title", "反映报警未获告知", "--text", "反映报警未获告知。",
            "--claim", "书面告知", "--name", "张某某"),
    ]  # fmt: skip
    assert [each.exit_code for each in done] == [0, 0], done[-1].output
    return run


def header(content: bytes) -> str:
    return str(Document(io.BytesIO(content)).sections[0].header.paragraphs[0].text)


def test_the_name_of_the_file_says_which_copy(call: Call, tmp_path: Path) -> None:
    draft, copy, record = tmp_path / "draft.docx", tmp_path / "copy.DOCX", tmp_path / "record.pdf"
    form = ("letter", NUMBER, "registration_form", "contact_result=已登记。")
    assert call(*form, "--preview", "--out", str(draft)).exit_code == 0
    assert header(draft.read_bytes()).startswith("预览稿：尚未出具，不得送达")
    for out in (copy, record):
        result = call(*form, "--out", str(out))
        assert result.exit_code == 0, result.output
    assert header(copy.read_bytes()).startswith("编辑稿：以登记库冻结的 PDF 为准")
    assert record.read_bytes().startswith(b"%PDF")
    documents = json.loads(call("show", NUMBER, "--json").stdout)["documents"]
    assert [each["kind"] for each in documents] == ["registration_form"]


def test_papers_are_bound_in_the_order_named(call: Call, tmp_path: Path) -> None:
    for kind in ("registration_form", "receipt"):
        typed = ["contact_result=已登记。"] if kind == "registration_form" else []
        assert call("letter", NUMBER, kind, *typed).exit_code == 0
    documents = json.loads(call("show", NUMBER, "--json").stdout)["documents"]
    out = tmp_path / "bundle.pdf"
    ids = ",".join(f"d{each['id']}" for each in reversed(documents))
    made = json.loads(call("letter", NUMBER, "bundle", f"papers={ids}", "--out", str(out), "--json").stdout)
    assert [row["title"] for row in made["rows"]] == [each["title"] for each in reversed(documents)]
    assert made["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    whole = call("letter", NUMBER, "bundle", "--out", str(out))
    assert whole.exit_code == 0
    assert len(pypdf.PdfReader(out).pages) == 3
    assert whole.stdout.splitlines()[0].startswith("1-1  ")


@pytest.mark.parametrize("typed", ["papers=x1", "papers=d", "papers=d1.5", "papers=d999", "order=d1"])
def test_what_is_no_paper_is_refused(call: Call, typed: str, tmp_path: Path) -> None:
    out = tmp_path / "bundle.pdf"
    assert call("letter", NUMBER, "bundle", typed, "--out", str(out)).exit_code == 1
    assert not out.exists()
    assert call("letter", NUMBER, "bundle", "--out", str(out)).exit_code == 1  # nothing to bind yet
