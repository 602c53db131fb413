"""A first download works out lists and clocks once, at its end, however few entries it has and wherever it was cut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models import arrivals
from models.register import Register
from sync import fetch, joining
from sync.hub import registry
from sync.hub.hub import Hub
from sync.port import RegisterPort
from sync.round import run_once
from tests.sync.conftest import COUNTY
from tests.sync.desks import AT, amend, first_desk, sibling_of, tables, visit
from tests.sync.test_stateful import Wire


class Watched(RegisterPort):
    """Notes how entries are taken."""

    def __init__(self, register: Register) -> None:
        super().__init__(register)
        self.bulk: list[bool] = []

    def arrive(self, entries, *, at, way, bulk):
        self.bulk.append(bulk)
        return super().arrive(entries, at=at, way=way, bulk=bulk)


@pytest.fixture
def pair(tmp_path: Path, hub: Hub) -> Iterator[tuple[Register, Register, dict[int, bytes]]]:
    first = first_desk(tmp_path / "one.register")
    second = sibling_of(first, tmp_path / "two.register", 2)
    for register in (first, second):
        joining.accept_offer(RegisterPort(register), registry.offer(hub, COUNTY), at=AT)
    yield first, second, {1: RegisterPort(first).station.keys.public().sign}
    first.close()
    second.close()


def test_a_first_download_of_few_entries_is_one_too_and_what_comes_later_is_none(
    pair: tuple[Register, Register, dict[int, bytes]], hub: Hub
) -> None:
    first, second, authors = pair
    matter = visit(first, 1)
    assert run_once(RegisterPort(first), Wire(hub, "", [])).quiet
    port = Watched(second)
    assert run_once(port, Wire(hub, "", []), authors=authors).quiet
    assert set(port.bulk) == {True}
    assert not arrivals.bulk_pending(second.connection)
    amend(first, matter, title="改动")
    assert run_once(RegisterPort(first), Wire(hub, "", [])).quiet
    port.bulk.clear()
    assert run_once(port, Wire(hub, "", []), authors=authors).quiet
    assert port.bulk == [False]
    assert tables(second) == tables(first)


def test_one_that_was_cut_before_its_end_is_finished_by_the_next_round(
    pair: tuple[Register, Register, dict[int, bytes]], hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, authors = pair
    visit(first, 1)
    assert run_once(RegisterPort(first), Wire(hub, "", [])).quiet

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(RegisterPort, "finish_bulk", cut)
        with pytest.raises(KeyboardInterrupt):
            run_once(RegisterPort(second), Wire(hub, "", []), authors=authors)
    assert arrivals.bulk_pending(second.connection)
    assert fetch.BULK_ENTRIES > 1
    assert run_once(RegisterPort(second), Wire(hub, "", []), authors=authors).quiet
    assert not arrivals.bulk_pending(second.connection)
    assert tables(second) == tables(first)


def test_what_is_referred_to_is_written_first(pair: tuple[Register, Register, dict[int, bytes]], hub: Hub) -> None:
    """Else each new item is looked for in every table that may refer to one: 100,000 rows took 20 s instead of 2."""
    first, second, authors = pair
    visit(first, 1)
    assert run_once(RegisterPort(first), Wire(hub, "", [])).quiet
    written: list[str] = []
    second.connection.set_trace_callback(lambda sql: written.append(sql) if sql.startswith("INSERT INTO ") else None)
    assert run_once(RegisterPort(second), Wire(hub, "", []), authors=authors).quiet
    second.connection.set_trace_callback(None)
    tables_of = [sql.removeprefix("INSERT INTO ").partition("(")[0] for sql in written]
    places = [tables_of.index(name) for name in ("matter", "item", "person", "passage")]
    assert places == sorted(places)
