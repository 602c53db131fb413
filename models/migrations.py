"""Steps that bring a register's file from one format to the next.

Forward only, one function a step, never edited once released. The first step's SQL is frozen in resources/schema/;
`tests/models/test_schema.py` holds a migrated file equal to a newly declared one.
"""

from __future__ import annotations

from importlib.resources import files

from models.wrapped import Database, Migrations

MIGRATIONS = Migrations("petition-desk")


def _run(db: Database, name: str) -> None:
    for statement in files("resources").joinpath("schema", name).read_text("utf-8").split(";\n"):
        if statement.strip():
            db.conn.execute(statement)


@MIGRATIONS(name="0001_first_register")
def first_register(db: Database) -> None:
    """Make the tables of format 1."""
    _run(db, "0001_first_register.sql")


@MIGRATIONS(name="0002_whole_life")
def whole_life(db: Database) -> None:
    """Add what the whole life of a matter needs: hand-overs, service, review, supervision, reversals (format 2)."""
    _run(db, "0002_whole_life.sql")


@MIGRATIONS(name="0003_programmes_and_figures")
def programmes_and_figures(db: Database) -> None:
    """Add reception days, key-case programmes, papers of the bureau, submitted figures (format 3)."""
    _run(db, "0003_programmes_and_figures.sql")


@MIGRATIONS(name="0004_working_together")
def working_together(db: Database) -> None:
    """Add papers of the city, blocks of numbers, conflicts and what settled them, arrivals (format 4)."""
    _run(db, "0004_working_together.sql")
