"""The sync's own tables in a register: local, not journalled. Their SQL: resources/schema/sync.sql."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

_LAST = "sync_city"
"""Made last: where it is, all are."""


def create_tables(connection: Any) -> None:
    """Make the tables in a register that has none yet; safe to repeat, also after having been cut off half-way."""
    if connection.execute("SELECT 1 FROM sqlite_schema WHERE name=?", (_LAST,)).fetchone() is not None:
        return
    for statement in files("resources").joinpath("schema", "sync.sql").read_text("utf-8").split(";\n"):
        if statement.strip():
            connection.execute(statement.replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", 1))
