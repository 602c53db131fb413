"""The verbs of the sync that mend and prove: sync --alone, sync --print, repair."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from app.commands import main
from models import backup
from models.register import Register
from sync.hub.hub import Hub
from tests.sync.conftest import CITY, Served
from tests.sync.desks import PASSPHRASE, enrol, first_desk, visit


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    Hub.create(tmp_path / "hub", city=CITY, address="https://127.0.0.1:8443").close()
    one = Served(tmp_path / "hub")
    yield one
    one.stop()


@pytest.fixture
def path(tmp_path: Path, served: Served) -> Path:
    """A register that is enrolled and has synced once."""
    with first_desk(tmp_path / "a.register") as register, Hub.open(served.folder) as hub:
        enrol(register, hub, address=served.address)
        visit(register, 1)
    assert answer(tmp_path / "a.register", "sync")["unsent"] == 0
    return tmp_path / "a.register"


def run(path: Path, *arguments: object):
    words = [*map(str, arguments), "--register", str(path), "--as", "keeper", "--json"]
    return CliRunner().invoke(main, words, env={"PETITION_DESK_PASSPHRASE": PASSPHRASE})


def answer(path: Path, *arguments: object):
    result = run(path, *arguments)
    assert result.exit_code == 0, result.output + result.stderr
    return orjson.loads(result.stdout)


def opened(path: Path) -> Register:
    return Register.open(path, "keeper", PASSPHRASE)


def test_the_agreement_is_printed_table_by_month(path: Path, tmp_path: Path) -> None:
    paper = tmp_path / "agreement.pdf"
    report = answer(path, "sync", "--print", paper)
    assert report["trouble"] is None
    text = "".join(page.extract_text() for page in PdfReader(paper).pages)
    for words in ("与市局数据一致性核对表", CITY, "信访事项", "一致", "测试县公安局"):
        assert words in text, words
    assert "不一致" not in text


def test_a_restored_register_says_what_to_do_and_the_keeper_may_go_on_alone(path: Path, tmp_path: Path) -> None:
    with opened(path) as register:
        backup.backup(register, tmp_path / "old")
    assert answer(path, "restore", tmp_path / "old")["kept"]
    refused = run(path, "unit", "add", "新单位")
    assert refused.exit_code == 4
    assert "sync --alone" in refused.stderr
    assert run(path, "sync", "--alone", " ").exit_code == 1
    assert answer(path, "sync", "--alone", "中心已停用") == {"alone": "中心已停用"}
    with opened(path) as register:
        visit(register, 2)
    again = run(path, "sync", "--alone", "再来")
    assert (again.exit_code, len(again.stderr.strip().splitlines())) == (1, 1)


def test_a_fork_is_mended_by_the_verb(path: Path, tmp_path: Path) -> None:
    shutil.copyfile(path, tmp_path / "old")
    with opened(path) as register:
        visit(register, 2)
    assert answer(path, "sync")["unsent"] == 0
    shutil.copyfile(tmp_path / "old", path)
    with opened(path) as register:
        visit(register, 3)
    told = run(path, "sync")
    assert told.exit_code == 4
    assert "repair" in told.stderr
    done = answer(path, "repair")
    assert (done["aside"], done["fetched"], done["entered"], done["trouble"]) == (1, 1, 1, None)
    assert {one["table"]: (one["old"], one["new"]) for one in done["renumbered"]} == {
        "matter": ("S2026-000002", "S2026-000003"),
        "item": ("J2026-000002", "J2026-000003"),
    }
    assert Path(done["copy"]).exists()
    assert run(path, "repair").exit_code == 1
    assert answer(path, "sync")["unsent"] == 0
    assert answer(path, "verify")["verified"] is True
