"""The city's papers at a county with two workstations that are apart: both may take one in, and what counts spreads."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from models import cityfiles, codes
from models.desk import Desk
from models.device import CITY
from models.register import Register
from tests.models.city_voice import CityVoice
from tests.models.conftest import NOW, TODAY, Template
from tests.models.test_city_office import PROVINCE
from tests.models.test_shifts import notice
from tests.models.twins import differences, pull, quiet, tables, twin


@pytest.fixture
def pair(template: Template, tmp_path: Path) -> Iterator[tuple[Register, Register]]:
    one, two = (twin(template, tmp_path / str(number), number) for number in (1, 2))
    yield one, two
    one.close()
    two.close()


def desk(register: Register) -> Desk:
    return Desk(register, now=lambda: NOW)


def test_a_paper_taken_in_at_both_makes_two_matters_and_a_person_is_asked(
    pair: tuple[Register, Register], tmp_path: Path
) -> None:
    one, two = pair
    paper = CityVoice(one).assign()
    pull(two, one, CITY)
    first = desk(one).city.take(paper)
    form = desk(two).city.paper(paper).draft
    assert form is not None
    second = desk(two).city.take(paper, draft=replace(form, received_on=date(2025, 12, 31)))
    assert first.matter != second.matter
    quiet(one, two, source=random.Random(1))
    assert tables(one) == tables(two)
    lines = {line.column.en: line for line in desk(one).conflicts.open_ones().lines}
    assert lines["Matter registered from it"].statutory  # never settled silently
    assert lines["Matter registered from it"].matter == second.matter  # and shown to whom that matter is
    for register in pair:
        assert register.row("SELECT count(*) FROM matter") == (2,)  # nothing that was registered is lost
        assert desk(register).city.line(paper).state == "taken"
        assert differences(register, tmp_path / f"beside-{register.device}") == {}


def test_what_one_takes_in_counts_at_the_other(pair: tuple[Register, Register], tmp_path: Path) -> None:
    one, two = pair
    city = CityVoice(one)
    at_one = desk(one).city
    calendar = city.send("calendar", NOW, notice())
    at_one.take(calendar, digest=at_one.difference(calendar).digest)
    rules = cityfiles.read("overlay", PROVINCE.encode(), name="hunan.toml", on=TODAY)
    overlay = city.send("overlay", NOW, dict(rules.content or {}))
    at_one.take(overlay, digest=at_one.difference(overlay).digest)
    at_one.take(city.send("codes", NOW, {"content": {"add": [{"code": "95", "zh": "无人机", "en": "Drones"}]}}))
    at_one.take(city.send("units", NOW, {"units": [{"name": "高新派出所", "kind": "station"}]}))
    assert two.calendar.years[-1] == 2026
    codes.use(None)
    quiet(one, two)
    assert tables(one) == tables(two)
    assert two.calendar.years[-1] == 2027
    assert two.law.book.rules_for(TODAY, "LOCAL-hunan").clock("C1").length == 7
    assert codes.word("content", "95") == "无人机"
    assert "高新派出所" in two.units().values()
    assert desk(two).city.inbox(state="taken").total == 4
    assert desk(two).city.line(calendar).arrived_on == TODAY
    for register in pair:
        assert differences(register, tmp_path / f"beside-{register.device}") == {}
