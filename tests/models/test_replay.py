"""Rebuilding: the same journal gives the same register, the old file is kept, and nothing disposed of is lost by it."""

from __future__ import annotations

import pytest

from models import errors, replay
from models.desk import Desk
from models.records import AttachmentDraft, Filters
from models.register import Register
from models.schema import declared_sql
from models.tables import BY_NAME
from tests.models.conftest import Template, draft


def test_a_rebuilt_register_is_the_same_and_the_old_file_is_kept(
    register: Register, desk: Desk, template: Template
) -> None:
    paper = AttachmentDraft(name="a", media_type="b", data=b"paper")
    done = desk.register_item(draft(attachments=(paper,)))
    desk.save_draft("item", {"title": "草稿"})
    keys = register.rows("SELECT * FROM secret ORDER BY 1")
    before = (register.seq, register.head, desk.page(Filters()).lines)
    path = register.path
    register.connection.execute("UPDATE duty SET last_on='1999-01-01'")  # what a rebuild is for
    kept = replay.rebuild(register)
    assert kept.exists()
    with template.open(path) as again:
        desk = Desk(again)
        assert (again.seq, again.head, desk.page(Filters()).lines) == before
        assert again.rows("SELECT * FROM secret ORDER BY 1") == keys
        assert [line.content for line in desk.drafts()] == [{"title": "草稿"}]
        assert desk.attachment_bytes(again.rows("SELECT id FROM attachment")[0][0]) == b"paper"
        assert again.row("SELECT last_on FROM duty WHERE matter=?", (done.matter,)) == ("2026-03-17",)
        assert all(check.holds for check in desk.verify())
    template.open(kept).close()


def test_a_register_with_disposed_payloads_is_not_rebuilt(register: Register, desk: Desk) -> None:
    desk.register_item(draft())
    register.connection.execute("UPDATE entry SET payload=NULL, salt=NULL WHERE seq=3")
    before = register.path.read_bytes()
    with pytest.raises(errors.RuleError, match="封存或销毁"):
        replay.rebuild(register)
    assert register.path.read_bytes() == before
    assert desk.count(Filters()) == 1
    assert not list(register.path.parent.glob("*.rebuilt*"))


def test_every_table_of_the_file_is_journalled_copied_or_made_again(register: Register) -> None:
    """A new local table that a rebuild would lose fails here."""
    names = {
        row[0]
        for row in register.rows("SELECT name FROM sqlite_schema WHERE type='table'")
        if not row[0].startswith(("sqlite_", "search_text"))
    }
    journalled, made_again = set(BY_NAME), {"duty", "bar", "digest"}
    copied = names - journalled - made_again
    beside = register.path.with_name("beside")
    for name in copied - {"entry", "_sqlite_migrations"}:
        columns = register.rows(f"PRAGMA table_info({name})")
        assert columns, name
    replay.replay(register, beside)
    register.connection.execute("ATTACH ? AS other KEY ?", (str(beside), f"x'{register.keys.register_key.hex()}'"))
    for name in copied - {"_sqlite_migrations"}:
        assert register.rows(f"SELECT * FROM main.{name} EXCEPT SELECT * FROM other.{name}") == [], name
        assert register.rows(f"SELECT count(*) FROM main.{name}") == register.rows(f"SELECT count(*) FROM other.{name}")


def test_entries_are_read_in_the_order_of_arrival_or_of_one_workstation(register: Register, desk: Desk) -> None:
    desk.register_item(draft())
    everything = list(replay.entries_of(register.connection))
    assert [entry.seq for entry in everything] == [1, 2, 3]
    assert [entry.seq for entry in replay.entries_of(register.connection, device=1, after=1)] == [2, 3]
    assert list(replay.entries_of(register.connection, device=2)) == []


def test_the_schema_is_declared_once() -> None:
    assert len(declared_sql()) == len(set(declared_sql()))
