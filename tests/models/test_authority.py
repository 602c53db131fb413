"""What the city's journal may write into a county's register: papers, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models import arrivals, stations
from models.device import CITY
from models.journal import Change
from models.register import Register
from models.verify import verify
from tests.models.city_voice import CityVoice
from tests.models.conftest import NOW, Template
from tests.models.twins import differences, pull, twin

NEW = CITY << 32 | 1


@pytest.fixture
def register(template: Template, tmp_path: Path) -> Iterator[Register]:
    one = twin(template, tmp_path / "1", 1)
    yield one
    one.close()


def first_row(register: Register, table: str) -> tuple[int, int]:
    found = register.row(f"SELECT id, born FROM {table} ORDER BY id LIMIT 1")
    assert found
    return found[0], found[1]


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("device", {"sign_key": "ab" * 32}),
        ("staff", {"roles": '["KEEPER"]'}),
        ("setting", {"value": '"altered"'}),
    ],
)
def test_the_city_changes_no_row_of_the_countys_own(
    register: Register, tmp_path: Path, table: str, columns: dict[str, Any]
) -> None:
    row, born = first_row(register, table)
    (name,) = columns
    before = register.row(f"SELECT {name}, rev FROM {table} WHERE id=?", (row,))
    city = CityVoice(register)
    entry = city.entry("city_notice", [Change(table, row, born, columns)], NOW)
    done = arrivals.take(register, [entry], at=NOW, way="line")
    assert (done.taken, [one.code for one in done.quarantined]) == (1, ["not_the_citys"])
    assert register.row(f"SELECT {name}, rev FROM {table} WHERE id=?", (row,)) == before
    assert city.send("notice")  # the rest flows
    assert [one.code for one in arrivals.retry(register, at=NOW).quarantined] == ["not_the_citys"]
    assert all(check.holds for check in verify(register))
    assert differences(register, tmp_path / "beside") == {}


@pytest.mark.parametrize("key", ["zz" * 32, "ab" * 31, "AB" * 32, ""])
def test_a_siblings_key_that_is_none_is_not_laid(template: Template, tmp_path: Path, key: str) -> None:
    """The list of workstations could not be read any more, and nothing be sealed for them."""
    one, two = twin(template, tmp_path / "1", 1), twin(template, tmp_path / "2", 2)
    try:
        row, _ = first_row(two, "device")
        with two.act("setting", by=two.person, at=NOW) as act:
            act.set("device", row, seal_key=key)
        assert [quarantined.code for quarantined in pull(one, two, 2).quarantined] == ["bad_payload"]
        assert stations.workstations(one)
    finally:
        one.close()
        two.close()


def test_a_paper_that_brings_another_row_with_it_is_not_laid_at_all(register: Register) -> None:
    city = CityVoice(register)
    paper = {"kind": "notice", "title": "来文", "on_date": "2026-03-01", "organ": "示例市公安局"}
    device = {"number": 2, "name": "假", "sign_key": "ab" * 32, "seal_key": "cd" * 32, "epoch": 1}
    changes = [Change("city_paper", NEW, None, paper), Change("device", NEW, None, device)]
    done = arrivals.take(register, [city.entry("city_notice", changes, NOW)], at=NOW, way="line")
    assert [one.code for one in done.quarantined] == ["not_the_citys"]
    assert register.row("SELECT count(*) FROM city_paper") == (0,)
    assert register.row("SELECT count(*) FROM device WHERE number=2") == (0,)
