"""A slice of the real messages through screening to their exits, in bulk and from suggestions; none is shown.

The messages are of 2010 to 2020 and so under SC-431; a second slice gets days of 2023 to 2025, so that the six exits of
REG-2022 Art. 31 are walked as well. Nothing of what they say stands here.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import routing
from models.desk import Desk, put_setting
from models.imports import run_import
from models.register import NewPerson, Register
from models.verify import verify

FILES = ("messages_hot", "messages_replied", "messages_labelled", "messages_unlabelled")
SLICE = 100
"""Messages of each file."""
UNITS = (
    ("刑事侦查大队", "business", "criminal"),
    ("交通警察大队", "business", "traffic"),
    ("治安管理大队", "business", "order"),
    ("户政管理科", "business", "household"),
    ("法制大队", "legal", None),
    ("警务督察大队", "inspection", None),
)
EXITS = {"accept": "S4", "direct": "S3a", "reply": "S3e", "pass_on": "S3f"}
ANSWER = {"answer": "已收到，现答复如下。"}


def sliced(real_data: Path, folder: Path, *, later: bool) -> list[Path]:
    """Write a slice of each file; with `later` received from 2023 to 2025 and not answered yet."""
    paths = []
    for name in FILES:
        with gzip.open(real_data / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as source:
            rows = [row for row, _ in zip(csv.DictReader(source), range(SLICE * 3), strict=False)][::3]
        columns = [column for column in rows[0] if not column.startswith("答复")]
        for row in rows:
            year, month, day = row["留言时间"].replace("/", "-").split(" ")[0].split("-")
            if later:
                row["留言时间"] = f"{2023 + int(year) % 3}/{int(month)}/{min(int(day), 28)} 10:00:00"
        path = folder / f"{name}-{later}.csv"
        with path.open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        paths.append(path)
    return paths


@pytest.fixture(scope="module", params=["SC-431", "REG-2022"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("bulk")
    keeper = NewPerson(login="keeper", name="郑管理", passphrase="seven-quiet-herons")
    with Register.create(folder / "a.register", county="990101", name="示例县公安局", keeper=keeper) as register:
        made = Desk(register)
        with register.act("add_unit", by=register.person, at=made._now()) as act:
            for name, kind, police in UNITS:
                act.insert("unit", {"name": name, "kind": kind, "police": police})
            put_setting(act, "organ.phone", "0000-0000000")
        for path in sliced(real_data, folder, later=request.param == "REG-2022"):
            run_import(made, path, refused_to=folder / "refused.csv")
        assert {row[0] for row in register.rows("SELECT rules FROM matter")} == {request.param}
        yield made


def ids(desk: Desk, state: str) -> list[int]:
    return [row[0] for row in desk.register.rows("SELECT id FROM matter WHERE state=? ORDER BY place", (state,))]


def test_every_message_has_suggestions_with_reasons(desk: Desk) -> None:
    for matter in ids(desk, "S1"):
        found = desk.suggest(matter)
        assert bool(found.exits) == (found.category == "claim")
        for one in (found.classes[0], found.organs[0], found.inside.departments[0], *found.exits[:1]):
            assert one.reason.zh
            assert one.article.en
        assert found.act.reason.zh
        assert len(routing.told(found)) >= 4


def test_all_reach_exactly_one_exit_with_a_dated_record(desk: Desk) -> None:
    register = desk.register
    everything = ids(desk, "S1")
    assert len(everything) > 350
    screened = desk.bulk(everything, "screen", suggested=True)
    assert (screened.count("done"), screened.count("refused")) == (len(everything), 0)
    for act in EXITS:
        report = desk.bulk(ids(desk, "S2"), act, ANSWER if act == "reply" else {}, suggested=True)
        assert report.count("refused") == 0
        assert report.count("done") > 0
    assert ids(desk, "S2") == []
    for state in EXITS.values():
        for matter in ids(desk, state):
            assert register.row("SELECT count(*) FROM event WHERE matter=? AND kind='noticed'", (matter,)) == (1,)
    assert sum(len(ids(desk, state)) for state in EXITS.values()) == len(everything)
    lost = "SELECT count(*) FROM matter m LEFT JOIN unit u ON u.id=m.unit WHERE u.id IS NULL"
    assert register.row(lost) == (0,)
    unsealed = "SELECT count(*) FROM matter WHERE category='accusation' AND sealed IS NOT 1"
    assert register.row(unsealed) == (0,)
    accepted = ids(desk, "S4")
    if register.row("SELECT 1 FROM matter WHERE rules='REG-2022' LIMIT 1"):
        assert {register.record("matter", matter)["exit"] for matter in accepted} == {6}  # type: ignore[index]
    assert [check.name for check in verify(register) if not check.holds] == []
