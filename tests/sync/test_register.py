"""The real register, its real acts, and a real hub: by folder, and by the commands."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

from models.errors import DiskFullError
from models.intake import register_item
from models.records import ItemDraft, PersonDraft
from models.register import NewPerson, Register
from sync import joining, outbox
from sync.carriers.folder import FolderCarrier
from sync.hub import checks, registry
from sync.hub.cli import group
from sync.hub.hub import Hub
from sync.port import RegisterPort
from sync.round import run_once
from tests.sync.conftest import CITY, COUNTY

AT = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    keeper = NewPerson(login="keeper", name="管理员", passphrase="practice only")
    with Register.create(tmp_path / "a.register", county=COUNTY, name="测试县公安局", keeper=keeper, at=AT) as one:
        yield one


def command(*arguments: object) -> Result:
    return CliRunner().invoke(group, [str(argument) for argument in arguments])


def answer(*arguments: object) -> Any:
    result = command(*arguments, "--json")
    assert result.exit_code == 0, result.output + result.stderr
    return orjson.loads(result.stdout)


def visit(register: Register, number: int) -> int:
    draft = ItemDraft(
        channel="visit",
        received_on=date(2026, 6, 1),
        title=f"反映第{number}件",
        statement="夜间施工噪音",
        claims=("依法处理",),
        people=(PersonDraft(name="张三", main=True, phone="13900000000"),),
    )
    with register.act("register_item", by=register.person, at=AT) as act:
        return register_item(act, draft).matter


def test_a_register_and_a_hub_by_command_and_stick(register: Register, tmp_path: Path) -> None:
    hub, stick, offer = tmp_path / "hub", tmp_path / "stick", tmp_path / "offer.json"
    stick.mkdir()
    made = answer("init", hub, "--city", CITY)
    assert answer("enrol", hub, "--county", COUNTY, "--out", offer)["hub"] == made["hub"]
    port = RegisterPort(register)
    reply = tmp_path / "answer.json"
    reply.write_bytes(joining.accept_offer(port, offer.read_bytes(), at=AT))
    assert answer("enrol", hub, reply)["county"] == COUNTY
    for number in range(30):
        visit(register, number)
    assert run_once(port, FolderCarrier(stick)).handed == register.seq
    read = answer("batch", "read", stick, "--hub", hub)
    assert len(read["receipted"]) == 1
    report = run_once(port, FolderCarrier(stick))
    assert report.quiet
    assert report.agreement is not None
    assert report.agreement.agreed == report.agreement.held > 100
    state = port.run(lambda connection: outbox.sync_state(connection, port.station))
    assert (state.hub, state.unsent) == (CITY, 0)
    shown = answer("report", hub)
    assert shown["counties"][0]["rows"]["matter"] == 30
    assert answer("verify", hub)["clean"] is True
    assert answer("batch", "write", hub, stick)["written"] == [f"holds/{COUNTY}/hub.holds"]
    assert answer("batch", "write", hub, stick)["written"] == []
    assert answer("retry", hub) == {"taken": 0, "waiting": 0}


def test_changes_to_rows_agree_too(register: Register, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    with Hub.create(tmp_path / "hub", city=CITY, address="https://127.0.0.1:1") as hub:
        from sync.hub import registry, sticks

        port = RegisterPort(register)
        registry.enrol(hub, joining.accept_offer(port, registry.offer(hub, COUNTY), at=AT))
        matter = visit(register, 1)
        with register.act("amend", by=register.person, at=AT, matter=matter) as act:
            new = act.insert("claim", {"matter": matter, "place": 2, "request": "书面答复"})
            act.set("claim", new, request="书面答复并道歉")
            act.set("matter", matter, title="改题", cause="施工")
        with register.act("amend", by=register.person, at=AT, matter=matter) as act:
            act.set("matter", matter, cause="")
        run_once(port, FolderCarrier(stick))
        assert sticks.read_folder(hub, stick).refused == {}
        report = run_once(port, FolderCarrier(stick))
        assert report.quiet
        assert report.agreement is not None
        assert report.agreement.whole
        assert checks.verify(hub).faults == []


def test_commands_say_what_is_wrong_in_one_line_and_by_exit_code(tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    assert command("report", tmp_path / "none").exit_code == 3
    assert command("init", hub).exit_code == 2
    assert command("init", hub, "--city", CITY, "--address", "http://x").exit_code == 1
    answer("init", hub, "--city", CITY)
    again = command("init", hub, "--city", CITY)
    assert again.exit_code == 3
    assert len(again.stderr.strip().splitlines()) == 1
    assert command("enrol", hub, "--county", "12", "--out", tmp_path / "o").exit_code == 1
    assert command("enrol", hub).exit_code == 2
    (tmp_path / "junk").write_bytes(b"junk")
    assert command("enrol", hub, tmp_path / "junk").exit_code == 4
    assert command("batch", "read", tmp_path / "no-stick", "--hub", hub).exit_code == 4
    stick = tmp_path / "stick" / "to-hub" / COUNTY
    stick.mkdir(parents=True)
    (stick / "x.batch").write_bytes(b"junk")
    refused = command("--lang", "en", "batch", "read", tmp_path / "stick", "--hub", hub)
    assert refused.exit_code == 4
    assert "not a sync file" in refused.stderr
    command("--lang", "zh", "report", hub)


def test_the_desks_side_of_the_sync_does_not_load_what_only_the_hub_needs() -> None:
    code = (
        "import sys, sync.round, sync.outbox, sync.joining, sync.carriers.folder, sync.carriers.https;"
        "bad = {'sqlalchemy', 'uvicorn', 'starlette', 'asyncio', 'cryptography.x509', 'PySide6', 'numpy'} & "
        "set(sys.modules);"
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_a_full_disk_in_a_round_is_told_as_one(register: Register, tmp_path: Path) -> None:
    """Found by `make simulate`: SQLite takes such a transaction back by itself, and taking it back again was the error
    that was told."""
    stick = tmp_path / "stick"
    stick.mkdir()
    with Hub.create(tmp_path / "hub", city=CITY, address="https://x") as hub:
        port = RegisterPort(register)
        joining.accept_offer(port, registry.offer(hub, COUNTY), at=AT)
        visit_row = visit(register, 1)
        with register.act("note", by=register.person, at=AT) as act:
            act.insert("passage", {"matter": visit_row, "kind": "note", "body": os.urandom(300_000).hex()})
        pages = register.connection.execute("PRAGMA page_count").fetchone()[0]
        register.connection.execute(f"PRAGMA max_page_count={pages}").fetchone()
        with pytest.raises(DiskFullError):
            run_once(port, FolderCarrier(stick))
        assert not register.connection.in_transaction
        register.connection.execute("PRAGMA max_page_count=1000000").fetchone()
        assert run_once(port, FolderCarrier(stick)).handed == register.seq
