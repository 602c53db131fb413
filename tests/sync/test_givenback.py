"""A hub that was put back from an old backup gets back from the counties what it wrote to them itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from models.device import CITY
from models.errors import RuleError
from models.journal import Change
from sync.carriers.folder import FolderCarrier
from sync.hub import checks, cityjournal, sticks, storage
from sync.hub.hub import Hub
from sync.round import run_once
from tests.sync.conftest import COUNTY, Journal, enrol, held
from tests.sync.test_stateful import Wire


def send(hub: Hub, title: str) -> int:
    """Write a notice to the county; returns its entry."""
    with cityjournal.act(hub, COUNTY, "send_city_paper", by="shi") as act:
        act.insert("city_paper", {"kind": "notice", "title": title, "on_date": "2026-06-01", "organ": "市局"})
    assert act.entry is not None
    return act.entry.seq


def put_back(hub: Hub, copy: Path) -> Hub:
    """Put a copy of the hub's database in its place."""
    home = hub.place
    hub.close()
    for suffix in ("-wal", "-shm"):
        home.database.with_name(home.database.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(copy, home.database)
    return Hub.open(home.folder)


def backup(hub: Hub, copy: Path) -> Path:
    storage.fold_log(hub.engine)
    shutil.copyfile(hub.place.database, copy)
    return copy


@pytest.mark.parametrize("before", [0, 1])
def test_by_line_what_the_city_wrote_comes_back_with_its_own_signature(
    file_hub: Hub, tmp_path: Path, before: int
) -> None:
    desk = Journal()
    enrol(desk, file_hub)
    for number in range(before):
        send(file_hub, f"通知{number}")
    copy = backup(file_hub, tmp_path / "copy")
    assert [send(file_hub, "通知甲"), send(file_hub, "通知乙")] == [before + 1, before + 2]
    assert run_once(desk, Wire(file_hub, "", [])).quiet
    papers = held(file_hub, COUNTY, "city_paper")
    hub = put_back(file_hub, copy)
    assert len(held(hub, COUNTY, "city_paper")) == before
    run_once(desk, Wire(hub, "", []))
    assert held(hub, COUNTY, "city_paper") == papers
    assert hub.position(COUNTY, CITY).have == before + 2
    assert checks.verify(hub).faults == []
    assert send(hub, "通知丙") == before + 3
    assert run_once(desk, Wire(hub, "", [])).quiet
    assert len(held(hub, COUNTY, "city_paper")) == before + 3
    hub.close()
    desk.close()


def test_by_stick_too(file_hub: Hub, tmp_path: Path) -> None:
    desk = Journal()
    enrol(desk, file_hub)
    stick = tmp_path / "stick"
    stick.mkdir()

    def around(hub: Hub) -> None:
        for _ in range(2):
            run_once(desk, FolderCarrier(stick))
            sticks.read_folder(hub, stick)
            sticks.write_folder(hub, stick)
        run_once(desk, FolderCarrier(stick))

    copy = backup(file_hub, tmp_path / "copy")
    send(file_hub, "通知甲")
    around(file_hub)
    papers = held(file_hub, COUNTY, "city_paper")
    hub = put_back(file_hub, copy)
    around(hub)
    assert held(hub, COUNTY, "city_paper") == papers
    hub.close()
    desk.close()


def test_the_hub_writes_nothing_over_what_a_county_holds(file_hub: Hub, tmp_path: Path) -> None:
    desk = Journal()
    enrol(desk, file_hub)
    copy = backup(file_hub, tmp_path / "copy")
    send(file_hub, "通知甲")
    assert run_once(desk, Wire(file_hub, "", [])).quiet
    hub = put_back(file_hub, copy)
    told = Wire(hub, "", [])
    told.collect(desk.station, 0, {CITY: 1})
    with pytest.raises(RuleError, match="再同步一次"):
        send(hub, "通知乙")
    run_once(desk, Wire(hub, "", []))
    assert send(hub, "通知乙") == 2
    hub.close()
    desk.close()


def test_what_a_retired_workstation_held_stops_the_city_no_more(hub: Hub) -> None:
    desk, laptop = Journal(), Journal(device=2)
    enrol(desk, hub)
    enrol(laptop, hub)
    row = {"number": 2, "name": "笔记本", "sign_key": "ab" * 32, "seal_key": "ab" * 1216, "epoch": 1}
    made = desk.insert("device", **row)
    desk.act(made)
    assert run_once(desk, Wire(hub, "", [])).quiet
    Wire(hub, "", []).collect(laptop.station, 0, {CITY: 1})
    with pytest.raises(RuleError, match="停用"):
        send(hub, "通知")
    desk.act(Change("device", made.row, desk.hlc, {"retired_on": "2026-06-01", "retired": "损毁"}))
    assert run_once(desk, Wire(hub, "", [])).quiet
    assert send(hub, "通知") == 1
    for one in (desk, laptop):
        one.close()
