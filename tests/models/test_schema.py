"""The schema: a migrated file equals a declared one, and files of earlier versions are opened for ever."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models import door, errors, keyring, schema
from models.migrations import MIGRATIONS
from models.register import Register
from models.tables import SYSTEM_COLUMNS, TABLES, Table
from models.verify import verify

OLD_FILES = Path(__file__).parents[1] / "old_files"
KEY = bytes(range(32))


def objects(connection: Any) -> set[tuple[str, str, str]]:
    found = connection.execute(
        "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND name<>'_sqlite_migrations'"
        " AND tbl_name<>'_sqlite_migrations'"
    ).fetchall()
    return {(kind, name, " ".join((sql or "").split())) for kind, name, sql in found}


def test_a_migrated_file_equals_a_newly_declared_one(tmp_path: Path) -> None:
    """The steps are frozen in resources/schema; what they add up to is what models.schema declares."""
    declared = door.connect(tmp_path / "declared", KEY, create=True)
    migrated = door.connect(tmp_path / "migrated", KEY, create=True)
    try:
        for statement in schema.declared_sql():
            declared.execute(statement)
        assert door.migrate(migrated, tmp_path / "migrated")
        assert objects(migrated) == objects(declared)
        assert not door.migrate(migrated, tmp_path / "migrated"), "a second time there is nothing to do"
        assert migrated.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
    finally:
        declared.close()
        migrated.close()


def test_a_migration_that_was_stopped_before_its_mark_goes_on(tmp_path: Path) -> None:
    connection = door.connect(tmp_path / "a", KEY, create=True)
    try:
        MIGRATIONS.apply(door.database(connection))
        assert connection.execute("PRAGMA user_version").fetchone() == (0,)
        assert door.migrate(connection, tmp_path / "a")
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
    finally:
        connection.close()


def test_every_step_has_its_number_and_its_frozen_sql() -> None:
    names = [migration.name for migration in MIGRATIONS._migrations]
    assert [name[:4] for name in names] == [f"{n:04d}" for n in range(1, len(names) + 1)]
    assert len(names) >= schema.VERSION


def test_tables_are_strict_and_columns_are_as_declared(register: Register) -> None:
    strict = {row[1]: row[5] for row in register.rows("PRAGMA table_list")}
    for table in TABLES:
        assert strict[table.name] == 1, table.name
        columns = {row[1]: bool(row[3]) for row in register.rows(f"PRAGMA table_info({table.name})")}
        for column in table.columns:
            assert columns[column.name] == column.required, f"{table.name}.{column.name}"
        assert set(SYSTEM_COLUMNS) <= columns.keys()
        extra = set(columns) - set(SYSTEM_COLUMNS) - set(table.names)
        assert extra == (set(schema.MATTER_LOCAL) if table.name == "matter" else set())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_schema_refuses_what_is_no_day_no_flag_and_no_json(table: Table, register: Register) -> None:
    wrong = {"date": ["2026-13-40", "heute", "2026-3-2"], "flag": [2, -1], "json": ["{", "nope"], "int": ["x"]}
    for column in table.columns:
        for value in wrong.get(column.kind, []):
            with pytest.raises(errors.BugError), door.translated():
                register.connection.execute(
                    f"INSERT INTO {table.name}(id, born, rev, {column.name}) VALUES(1, 1, 1, ?)",
                    (value,),
                )


def test_what_is_referred_to_must_be_there(register: Register) -> None:
    with pytest.raises(errors.BugError), door.translated():
        register.connection.execute("INSERT INTO claim(id, born, rev, matter, place, request) VALUES(1,1,1,99,1,'x')")


@pytest.mark.parametrize("path", sorted(OLD_FILES.glob("*.register")), ids=lambda path: path.name)
def test_a_file_of_an_earlier_version_is_opened_for_ever(path: Path, tmp_path: Path) -> None:
    """Its passphrase and what it holds stand in tests/old_files/README.md."""
    target = tmp_path / path.name
    shutil.copyfile(path, target)
    shutil.copyfile(keyring.path_of(path), keyring.path_of(target))
    with Register.open(target, "guan", "practice-1234") as register:
        assert all(check.holds for check in verify(register))
        row = register.row("SELECT title, who, state FROM matter WHERE number='S2026-000001'")
        assert row == ("关于自行车被盗未立案的反映", "王小明", "S2")
        assert [line[0] for line in register.rows("SELECT name FROM attachment")] == ["购车发票.png"]
        with register.act("note", by=register.person, at=datetime.now(UTC)):
            pass


def test_there_is_a_file_of_this_version() -> None:
    assert (OLD_FILES / f"format-{schema.VERSION}.register").exists()
