"""Verify: whole registers pass, and each kind of tampering is found by the check that is for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models.desk import Desk
from models.records import AttachmentDraft
from models.register import Register
from models.verify import verify
from tests.models.conftest import NOW, draft


@pytest.fixture
def used(register: Register, desk: Desk) -> Register:
    for n in range(4):
        paper = AttachmentDraft(name="a", media_type="b", data=bytes([n]))
        done = desk.register_item(draft(title=f"第{n}件", attachments=(paper,)))
    desk.perform(done.matter, "screen", {"category": "claim", "exit": "6"})
    desk.matter(done.matter)
    return register


def broken(register: Register) -> dict[str, Any]:
    checks = verify(register)
    for check in checks:
        assert check.finding.zh
        assert check.finding.en
    return {check.name: check.finding for check in checks if not check.holds}


def test_a_register_in_order_passes_every_check(used: Register) -> None:
    checks = verify(used)
    assert [check.name for check in checks] == [
        "pages",
        "structure",
        "chain 1",
        "numbers",
        "digests",
        "files",
        "rebuild",
    ]
    assert all(check.holds for check in checks)
    assert not list(used.path.parent.glob("*.rebuilt*"))


@pytest.mark.parametrize(
    ("harm", "check"),
    [
        ("UPDATE entry SET act='other' WHERE seq=4", "chain 1"),
        ("UPDATE entry SET at_ms=at_ms-1 WHERE seq=4", "chain 1"),
        ("UPDATE entry SET payload=x'5b5d' WHERE seq=4", "chain 1"),
        ("UPDATE entry SET matter=matter+1 WHERE seq=4", "chain 1"),
        ("UPDATE entry SET salt=NULL WHERE seq=4", "chain 1"),
        ("DELETE FROM entry WHERE seq=4", "chain 1"),
        ("UPDATE matter SET title='换了' WHERE id=1+(1<<32)", "digests"),
        ("UPDATE event SET on_date='2026-03-01' WHERE id=1+(1<<32)", "digests"),
        ("INSERT INTO unit(id, born, rev, name, kind) VALUES(77, 1, 1, '不知从何来', 'business')", "digests"),
        ("DELETE FROM claim", "digests"),
        ("UPDATE digest SET rows=rows+1 WHERE table_name='matter'", "digests"),
        ("PRAGMA foreign_keys=OFF; DELETE FROM item WHERE number='J2026-000002'", "numbers"),
        ("PRAGMA foreign_keys=OFF; DELETE FROM unit", "structure"),
        ("UPDATE chunk SET data=x'00ff' WHERE rowid=(SELECT min(rowid) FROM chunk)", "files"),
        ("INSERT INTO chunk SELECT sha256, 1, data FROM chunk", "files"),
        ("UPDATE duty SET last_on='2026-03-18'", "rebuild"),
        ("DELETE FROM duty", "rebuild"),
        ("UPDATE matter SET due_on=NULL", "rebuild"),
        ("UPDATE matter SET who='别人'", "rebuild"),
        ("UPDATE matter SET place=place+100", "rebuild"),
        ("INSERT INTO bar(staff, matter) SELECT 1, id FROM matter", "rebuild"),
        ("UPDATE item SET revs='{}'", "rebuild"),
    ],
)
def test_each_kind_of_tampering_is_found_by_its_check(harm: str, check: str, used: Register) -> None:
    for statement in harm.split("; "):
        used.connection.execute(statement)
    found = broken(used)
    assert check in found


def test_a_file_that_is_still_on_its_way_is_no_fault(used: Register) -> None:
    used.connection.execute("UPDATE chunk SET n=n+1")
    (files,) = (check for check in verify(used) if check.name == "files")
    assert files.holds
    assert files.finding.en.startswith("0 files")


def test_a_changed_duty_names_its_table_and_what_to_do(used: Register) -> None:
    used.connection.execute("UPDATE duty SET last_on='2026-03-18'")
    finding = broken(used)["rebuild"]
    assert "duty" in finding.zh
    assert "rebuild" in finding.zh
    assert "duty" in finding.en


def test_pages_altered_under_a_running_program_are_found(used: Register) -> None:
    used.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    with used.path.open("rb+") as file:
        file.seek(used.path.stat().st_size - 5000)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))
    assert "pages" in broken(used)


def take_payload_out(register: Register, seq: int) -> None:
    register.connection.execute("UPDATE entry SET payload=NULL, salt=NULL WHERE seq=?", (seq,))


def test_a_payload_that_was_lawfully_taken_out_breaks_nothing(used: Register) -> None:
    take_payload_out(used, 4)
    checks = {check.name: check for check in verify(used)}
    assert all(check.holds for check in checks.values())
    assert "1 条内容已依法封存或销毁" in checks["rebuild"].finding.zh


def test_a_payload_taken_out_before_later_changes_of_its_rows_breaks_nothing(used: Register, desk: Desk) -> None:
    matter = used.row("SELECT matter FROM entry WHERE seq=4")
    assert matter
    desk.perform(matter[0], "screen", {"category": "claim", "exit": "6"})
    take_payload_out(used, 4)
    assert broken(used) == {}


@pytest.mark.parametrize(
    "harm", ["UPDATE duty SET last_on='2026-03-18' WHERE matter<>{}", "UPDATE matter SET who='别人' WHERE id<>{}"]
)
def test_a_payload_taken_out_excuses_only_its_own_matter(harm: str, used: Register) -> None:
    take_payload_out(used, 4)
    matter = used.row("SELECT matter FROM entry WHERE seq=4")
    assert matter
    used.connection.execute(harm.format(matter[0]))
    assert "rebuild" in broken(used)


def test_progress_is_told(used: Register) -> None:
    told: list[tuple[str, int, int]] = []
    progress: Callable[[str, int, int], None] = lambda what, done, total: told.append((what, done, total))  # noqa: E731  a list of what was told
    verify(used, progress)
    assert {what for what, _, _ in told} == {"replay", "projections"}
    assert all(done <= total for _, done, total in told)


def test_verify_changes_nothing(used: Register) -> None:
    before = used.rows("SELECT count(*), max(arrival) FROM entry")
    verify(used)
    assert used.rows("SELECT count(*), max(arrival) FROM entry") == before
    assert not used.connection.in_transaction
    with used.act("note", by=used.person, at=NOW):
        pass
