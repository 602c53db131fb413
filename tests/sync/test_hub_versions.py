"""A hub's database of an earlier version is brought up with all it holds; a desk of either format may speak to it."""

from __future__ import annotations

import re
import shutil
from importlib.resources import files
from pathlib import Path

import pytest
import sqlalchemy as sa
import sqlcipher3.dbapi2 as driver

from models import errors
from models.merge import STATUTORY
from models.tables import BY_NAME
from sync.hub import checks, storage
from sync.hub.hub import Hub
from tests.sync.conftest import CITY, COUNTY, Journal, enrol, held
from tests.sync.test_hub import agree, sealed

FIRST_TABLES = set(
    re.findall(
        r"CREATE TABLE (\w+)\(", files("resources").joinpath("schema", "0001_first_register.sql").read_text("utf-8")
    )
) & set(BY_NAME)
"""The tables that the counties' registers had in format 1, from its frozen SQL."""


def first_layout() -> sa.MetaData:
    """Return the hub's tables as version 1 made them: the first tables, with the columns of format 1."""
    layout = sa.MetaData()
    for table in storage.metadata.tables.values():
        if table.name in BY_NAME and table.name not in FIRST_TABLES:
            continue
        later = {c.name for c in BY_NAME[table.name].columns if c.since > 1} if table.name in BY_NAME else set()
        sa.Table(table.name, layout, *(c._copy() for c in table.columns if c.name not in later))
    return layout


@pytest.fixture
def old_hub(tmp_path: Path) -> Path:
    """Make the folder of a hub whose database is of version 1."""
    folder = tmp_path / "old"
    with Hub.create(folder, city=CITY, address="https://127.0.0.1:8443") as hub:
        database, key = hub.place.database, hub.place.database_key
    for leftover in folder.glob("hub.db*"):
        leftover.unlink()
    connection = driver.connect(str(database), isolation_level=None)
    connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    connection.execute(f"PRAGMA cipher_page_size={storage.CIPHER_PAGE_BYTES}")
    connection.execute("PRAGMA journal_mode=WAL").fetchone()
    dialect = sa.create_engine("sqlite://").dialect
    for table in first_layout().sorted_tables:
        connection.execute(str(sa.schema.CreateTable(table).compile(dialect=dialect)))
    connection.execute("INSERT INTO hub_meta(name, value) VALUES('version', '1')")
    connection.close()
    return folder


def old_matter(journal: Journal) -> int:
    """Write what a desk of format 1 writes."""
    unit = journal.insert("unit", name="信访科", kind="petition")
    matter = journal.insert(
        "matter", number="X1", title="某事", received_on="2026-03-02", rules="REG-2022", state="S1", unit=unit.row
    )
    journal.act(unit, matter)
    return matter.row


def laid_out(folder: Path) -> dict[str, set[str]]:
    with Hub.open(folder) as hub, hub.reading() as connection:
        inspected = sa.inspect(connection)
        return {
            name: {column["name"] for column in inspected.get_columns(name)} for name in inspected.get_table_names()
        }


def test_the_first_layout_is_older_than_this_one() -> None:
    assert "handover" not in first_layout().tables
    assert "joined" not in first_layout().tables["matter"].columns
    assert {"setting", "matter", "event"} <= FIRST_TABLES


def test_an_old_database_is_brought_up_to_the_layout_of_a_new_one(old_hub: Path, tmp_path: Path) -> None:
    Hub.create(tmp_path / "new", city=CITY, address="https://127.0.0.1:8443").close()
    assert laid_out(old_hub) == laid_out(tmp_path / "new")
    with Hub.open(old_hub) as hub, hub.reading() as connection:
        assert storage.version_of(connection) == storage.VERSION


def test_a_copy_of_the_old_file_is_kept_and_only_once(old_hub: Path) -> None:
    before = (old_hub / "hub.db").read_bytes()
    Hub.open(old_hub).close()
    copy = old_hub / f"hub.db.before-{storage.VERSION}"
    assert copy.read_bytes() == before
    copy.write_bytes(b"kept")
    Hub.open(old_hub).close()
    assert copy.read_bytes() == b"kept"


def test_what_an_old_hub_holds_stays_and_goes_on(old_hub: Path, journal: Journal) -> None:
    # Filled through today's code up to what version 1 could hold, then set back to the file of version 1.
    with Hub.open(old_hub) as hub:
        enrol(journal, hub)
        matter = old_matter(journal)
        assert hub.ingest(sealed(journal, hub)).state == "receipted"
        kept = held(hub, COUNTY, "matter")
    shutil.copyfile(old_hub / "hub.db", old_hub / "hub.db.full")
    set_back(old_hub)
    with Hub.open(old_hub) as hub:
        assert held(hub, COUNTY, "matter") == kept
        assert agree(journal, hub)
        assert checks.verify(hub).faults == []
        journal.act(journal.update("matter", matter, joined=matter, leaves=12))
        journal.act(journal.insert("handover", matter=matter, kind="assign", on_date="2026-03-03"))
        assert hub.ingest(sealed(journal, hub, 2, 3)).state == "receipted"
        assert held(hub, COUNTY, "matter")[matter]["leaves"] == 12
        assert [row["kind"] for row in held(hub, COUNTY, "handover").values()] == ["assign"]
        assert agree(journal, hub)
        assert checks.verify(hub).faults == []


def set_back(folder: Path) -> None:
    """Take from a hub's database what version 1 did not have."""
    with Hub.open(folder) as hub, hub.writing() as connection:
        layout = first_layout()
        for table in storage.ROWS.values():
            if table.name not in layout.tables:
                connection.execute(sa.DDL(f"DROP TABLE {table.name}"))
                continue
            for column in table.columns:
                if column.name not in layout.tables[table.name].columns:
                    connection.execute(sa.DDL(f"ALTER TABLE {table.name} DROP COLUMN {column.name}"))
        connection.execute(sa.update(storage.meta).values(value="1"))


def test_what_the_old_hub_could_not_take_is_taken_after_it_was_brought_up(old_hub: Path, journal: Journal) -> None:
    with Hub.open(old_hub) as hub:
        enrol(journal, hub)
        matter = old_matter(journal)
        journal.act(journal.insert("handover", matter=matter, kind="assign", on_date="2026-03-03"))
        assert hub.ingest(sealed(journal, hub)).state == "receipted"
        entry = journal.entries(2, 2)[0]
        with hub.writing() as connection:  # as version 1 left it: the entry aside, its row and digest not there
            connection.execute(sa.delete(storage.digest).where(storage.digest.c.table_name == "handover"))
            line = {"county": COUNTY, "device": 1, "seq": 2, "code": "unknown_column", "zh": "表", "en": "table"}
            rest = {"hlc": entry.hlc, "payload": entry.payload, "noted_ms": 1}
            storage.put(connection, storage.quarantine, [{**line, **rest}], replace=True)
    set_back(old_hub)
    with Hub.open(old_hub) as hub:
        assert [row["kind"] for row in held(hub, COUNTY, "handover").values()] == ["assign"]
        assert checks.report(hub)["counties"][0]["quarantine"] == []
        assert agree(journal, hub)
        assert checks.verify(hub).faults == []


def test_a_desk_of_format_1_registers_at_a_newer_hub(hub: Hub, joined: Journal) -> None:
    matter = old_matter(joined)
    joined.act(joined.update("matter", matter, state="S2"))
    assert hub.ingest(sealed(joined, hub)).state == "receipted"
    assert held(hub, COUNTY, "matter")[matter]["state"] == "S2"
    assert agree(joined, hub), "columns that the desk does not have count for nothing in the digests"


def test_stopped_in_the_middle_the_database_is_as_it_was(old_hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(sa, "update", stopped)
        with pytest.raises(KeyboardInterrupt):
            Hub.open(old_hub)
    home = old_hub / "hub.db"
    engine = storage.open_engine(home, _key(old_hub))
    with engine.begin() as connection:
        assert storage.version_of(connection) == 1
        assert "handover" not in sa.inspect(connection).get_table_names()
    engine.dispose()
    assert "handover" in laid_out(old_hub)


def _key(folder: Path) -> bytes:
    from sync.hub import place

    return place.find(folder).database_key


def test_a_newer_database_is_refused_and_left_as_it_is(old_hub: Path) -> None:
    with Hub.open(old_hub) as hub, hub.writing() as connection:
        connection.execute(sa.update(storage.meta).values(value=str(storage.VERSION + 1)))
    with pytest.raises(errors.RegisterNewerError):
        Hub.open(old_hub)


def test_dates_and_decisions_of_the_handling_are_never_settled_silently() -> None:
    for table, column in (
        ("handover", "limit_on"), ("handover", "ended"), ("service", "outcome"), ("service", "on_date"),
        ("review", "result"), ("review", "limit_on"), ("event", "days"), ("event", "until"), ("matter", "joined"),
        ("matter", "supervised"), ("supervision", "adopted"), ("supervision", "due_on"), ("hearing", "conclusion"),
        ("shift", "after_on"), ("task", "due_on"), ("recusal", "decision"),
    ):  # fmt: skip
        assert column in STATUTORY[table], (table, column)
    assert "place" not in STATUTORY["service"]
    assert "record" not in STATUTORY["follow_up"]
