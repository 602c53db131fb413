"""Import with clocks, journal and search, beside the bare insert of the same rows with the same indexes and search.

The real messages are imported where they lie beside this checkout; elsewhere an invented file of the same form. *Bare*
writes the rows that the import has made, table by table, in transactions as large as the import's, and puts the same
search documents; it has no checks, numbers, clocks, journal or digests.
"""

from __future__ import annotations

import csv
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from models import schema, search
from models.desk import Desk
from models.imports import run_import
from models.register import NewPerson, Register
from models.tables import BY_NAME
from tests.bench.language import Language
from tests.bench.measure import Figure, bare_file, p50
from tests.bench.registers import FOLDER, PASSPHRASE, TODAY

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "messages_replied.csv.gz"
ROWS = 3000
"""Rows of the invented file."""
TURNS = 3
_TABLES = ("matter", "item", "person", "passage", "claim", "event", "accused", "reader")
_AT_A_TIME = 200


def imports() -> list[Figure]:
    """Import and insert in turns; the ratio is rows a second of the import to rows a second of the bare insert."""
    ours, bare, rows = [], [], 0
    with tempfile.TemporaryDirectory(dir=FOLDER) as name:
        folder = Path(name)
        source = REAL if REAL.exists() else _invented(folder / "invented.csv")
        for turn in range(TURNS):
            path = folder / f"{turn}.register"
            keeper = NewPerson(login="bench", name="郑管理", passphrase=PASSPHRASE)
            with Register.create(path, county="990101", name="示例县公安局", keeper=keeper) as register:
                start = time.perf_counter()
                report = run_import(Desk(register), source, refused_to=folder / "refused.csv")
                ours.append(time.perf_counter() - start)
                rows = report.added
                bare.append(_bare(register, folder / f"{turn}.bare"))
    kind = "the real messages" if source == REAL else "invented messages"
    value, beside = rows / p50(ours), rows / p50(bare)
    figure = Figure(
        what=f"import of {kind}, rows a second", size=rows, unit="/s", value=value, bare=beside, ratio=value / beside,
        aim=">= 0.5 x bare insert", met=value / beside >= 0.5,
    )  # fmt: skip
    return [figure]


def _bare(register: Register, path: Path) -> float:
    """Insert the register's rows into an empty file; returns the seconds."""
    bare = bare_file(path)
    bare.execute("PRAGMA foreign_keys=OFF")  # units and staff are not among the rows
    for statement in schema.declared_sql():
        bare.execute(statement)
    names = {
        table: ["id", "born", "rev", *BY_NAME[table].names]
        + (["place", "who", "channel", "due_on"] if table == "matter" else [])
        for table in _TABLES
    }
    rows = {
        table: register.rows(f"SELECT {', '.join(columns)} FROM {table} ORDER BY id")
        for table, columns in names.items()
    }
    inserts = {
        table: f"INSERT INTO {table}({', '.join(columns)}) VALUES({','.join('?' * len(columns))})"
        for table, columns in names.items()
    }
    places = dict(register.rows("SELECT id, place FROM matter"))
    matters = [row[0] for row in rows["matter"]]
    documents = {}
    for first in range(0, len(matters), _AT_A_TIME):
        documents.update(search.documents_of(register.connection, matters[first : first + _AT_A_TIME]))
    parts = -(-len(matters) // _AT_A_TIME)
    start = time.perf_counter()
    for part in range(parts):
        bare.execute("BEGIN")
        for table, found in rows.items():
            share = found[part * len(found) // parts : (part + 1) * len(found) // parts]
            bare.executemany(inserts[table], share)
        for matter in matters[part * _AT_A_TIME : (part + 1) * _AT_A_TIME]:
            search.put(bare, places[matter], documents[matter])
        bare.execute("COMMIT")
    spent = time.perf_counter() - start
    bare.close()
    return spent


def _invented(path: Path) -> Path:
    language = Language(11)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("留言编号", "留言用户", "留言时间", "留言主题", "留言详情", "答复意见", "答复时间"))
        for number in range(ROWS):
            on = TODAY - timedelta(days=400 - number % 300)
            out.writerow(
                (
                    number,
                    language.name(),
                    on,
                    language.sentence(),
                    language.text(),
                    language.text(),
                    on + timedelta(days=9),
                )
            )
    return path
