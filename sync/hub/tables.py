"""The tables of the hub's database, as SQLAlchemy Core declares them.

Every table has the county as its first key column, so that a larger engine can spread counties over partitions or
machines; what belongs to the city itself has the county ''. The tables of the counties' rows are made from
`models.tables`, so that desk and hub cannot drift apart; they carry no foreign keys and no NOT NULL beyond their keys,
because entries of several workstations may arrive in any order.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from models.tables import TABLES

metadata = sa.MetaData()


def _table(name: str, *columns: sa.Column[Any] | sa.Index) -> sa.Table:
    county = sa.Column("county", sa.Text, primary_key=True)
    return sa.Table(name, metadata, county, *columns, postgresql_partition_by="HASH (county)")


def _key(name: str, kind: Any = sa.BigInteger) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _number(name: str, *, required: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=not required)


def _text(name: str, *, required: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=not required)


def _bytes(name: str, *, required: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary, nullable=not required)


meta = sa.Table("hub_meta", metadata, sa.Column("name", sa.Text, primary_key=True), _text("value"))
county = _table("hub_county", _text("name"), _number("enrolled_ms"))
device = _table(
    "hub_device",
    _key("device"),
    _text("name"),
    _bytes("sign_key"),
    _bytes("seal_key"),
    _number("epoch"),
    _number("have"),
    _bytes("head"),
    _number("enrolled_ms"),
    _number("last_batch_ms", required=False),
)
"""`have`: last entry applied without a gap; `head`: its hash."""
offer = _table(
    "hub_offer", _key("token", sa.Text), _bytes("secret"), _number("made_ms"), _number("used_by", required=False)
)
batch = _table(
    "hub_batch",
    _key("device"),
    _key("first"),
    _key("last"),
    _key("sha256", sa.Text),
    _number("epoch"),
    _text("state"),
    _number("received_ms"),
    _bytes("raw"),
)
"""Sealed batches as they came, kept as evidence; `state` is applied, waiting (for a gap to close), or refused when the
gap had closed."""
entry = _table(
    "hub_entry", _key("device"), _key("seq"), _number("at_ms"), _number("hlc"), _number("actor"), _text("act"),
    _number("matter", required=False), _bytes("hash"),
)  # fmt: skip
receipt = _table("hub_receipt", _key("device"), _key("last"), _key("first"), _number("made_ms"), _bytes("document"))
quarantine = _table(
    "hub_quarantine",
    _key("device"),
    _key("seq"),
    _text("code"),
    _text("zh"),
    _text("en"),
    _number("hlc"),
    _bytes("payload"),
    _number("noted_ms"),
)
refused = _table(
    "hub_refused",
    _key("sha256", sa.Text),
    _number("device"),
    _number("first"),
    _number("last"),
    _text("code"),
    _text("zh"),
    _text("en"),
    _number("noted_ms"),
    _number("times"),
    _bytes("raw"),
)
conflict = _table(
    "hub_conflict",
    _key("table_name", sa.Text),
    _key("row"),
    _key("column_name", sa.Text),
    _key("kept_at"),
    _key("other_at"),
    _text("kept"),
    _text("other"),
    _number("statutory"),
    _number("noted_ms"),
)
digest = _table("hub_digest", _key("table_name", sa.Text), _key("month", sa.Text), _number("rows"), _bytes("sum"))
upload = _table(
    "hub_upload", _key("device"), _key("sha256", sa.Text), _key("offset"), _bytes("data"), _number("noted_ms")
)
"""Parts of a batch whose upload was cut."""

told = _table("hub_told", _key("device"), _key("of_device"), _number("last"), _number("epoch"), _number("noted_ms"))
"""What each workstation last said that it holds: the last entry of `of_device`; `epoch` of its register then."""
relay = _table(
    "hub_relay",
    _key("device"),
    _key("of_device"),
    _key("first"),
    _number("last"),
    _text("sha256"),
    _bytes("data"),
    _number("made_ms"),
)
"""Batches sealed anew for another workstation, kept until it holds them, so that a cut download goes on at its byte."""
file = _table(
    "hub_file", _key("sha256", sa.Text), _number("size"), _number("whole_ms", required=False), _number("noted_ms")
)
"""Papers and scans of a county by the hash of their bytes; `whole_ms`: since when all is here and its hash checked."""
chunk = _table("hub_chunk", _key("sha256", sa.Text), _key("n"), _bytes("data"))
user = _table(
    "hub_user", _key("login", sa.Text), _text("name"), _text("role"), _text("secret"), _number("made_ms"),
    _number("closed_ms", required=False),
)  # fmt: skip
"""People of the city who work in the browser."""
session = _table(
    "hub_session", _key("token", sa.Text), _text("login"), _text("form_key"), _number("made_ms"), _number("seen_ms")
)
look = _table("hub_look", _key("at_ms"), _key("n"), _text("login"), _text("what"), _number("matter", required=False))
"""Who of the city looked at what."""

ROWS: dict[str, sa.Table] = {
    declared.name: _table(
        declared.name, _key("id"), _number("born", required=False), _number("rev"), _text("revs", required=False),
        *(
            sa.Column(column.name, sa.BigInteger if column.kind in ("int", "flag") else sa.Text, nullable=True)
            for column in declared.columns
        ),
    )
    for declared in TABLES
}  # fmt: skip

SLICES: dict[str, tuple[str, ...]] = {
    "matter": ("state", "closed_on", "received_on", "number"),
    "item": ("received_on", "matter"),
    "person": ("matter",),
    "event": ("on_date", "matter"),
    "handover": ("matter",),
    "review": ("matter",),
    "rating": ("rated_on", "matter"),
    "task": ("due_on", "matter"),
    "supervision": ("raised_on", "answered_on"),
    "number": ("series",),
    "reception_day": ("on_date",),
    "reception_visit": ("reception",),
    "key_case": ("matter",),
    "case_plan": ("key_case",),
    "period_report": ("period",),
}
"""Columns by which the figures (`sync.hub.figures`) and the pages' lists (`sync.hub.web.rows`) ask for a county's rows,
each with an index after the county; what they ask by id has its key. The rest of the tables is only ever read whole or
by id."""

for _name, _columns in SLICES.items():
    for _column in _columns:
        sa.Index(f"slice_{_name}_{_column}", ROWS[_name].c.county, ROWS[_name].c[_column])
