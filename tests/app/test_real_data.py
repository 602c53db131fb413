"""The real messages through the whole house: imported, searched, counted, synced, verified; none is shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app import services
from models import lists
from models.desk import Desk
from models.imports import run_import
from models.records import Filters
from models.register import NewPerson, Register
from models.verify import verify
from sync.hub import registry
from sync.hub.hub import Hub
from sync.hub.sticks import read_folder

COUNTY = "990101"
FILES = {"messages_hot": 2640, "messages_replied": 1721, "messages_labelled": 1807, "messages_unlabelled": 1686}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Desk:
    folder = tmp_path_factory.mktemp("real")
    keeper = NewPerson(login="keeper", name="郑管理", passphrase="seven-quiet-herons")
    register = Register.create(folder / "a.register", county=COUNTY, name="示例县公安局", keeper=keeper)
    made = Desk(register, sync_light=services.sync_light)
    for name in FILES:
        run_import(made, real_data / f"{name}.csv.gz", refused_to=folder / f"{name}.refused.csv")
    yield made  # type: ignore[misc]  # a fixture with an end
    register.close()


def test_every_message_is_there_once(desk: Desk, real_data: Path) -> None:
    assert desk.register.rows("SELECT count(*) FROM item")[0][0] <= sum(FILES.values())
    assert desk.count(Filters()) == desk.register.rows("SELECT count(*) FROM matter")[0][0] > 7000
    before = desk.register.seq
    again = run_import(desk, real_data / "messages_replied_sample.xlsx")
    assert (again.added, again.already, desk.register.seq) == (0, 300, before)


def test_answered_messages_owe_nothing_and_the_others_are_late(desk: Desk) -> None:
    today = desk.today(date(2026, 11, 21), lines=1)
    answered = desk.register.rows("SELECT count(*) FROM matter WHERE state='S13'")[0][0]
    assert answered > 1500
    assert (
        desk.register.rows("SELECT count(*) FROM duty d JOIN matter m ON m.id=d.matter WHERE m.state='S13'")[0][0] == 0
    )
    late = desk.count(Filters(late=True))
    assert late == today.open_matters
    assert {group.name for group in today.groups} == {"late"}


@pytest.mark.parametrize("term", ["派出所", "民警", "噪", "A市", "2019", "物业", "户口", "？", "a0000"])
def test_search_equals_a_look_at_every_text(desk: Desk, term: str) -> None:
    import unicodedata

    def folded(text: str) -> str:
        return unicodedata.normalize("NFKC", text).casefold()

    texts: dict[int, list[str]] = {}
    for table, columns in (("matter", "id, number, title, content_label, query_code"), ("passage", "matter, body"),
                           ("person", "matter, name"), ("item", "matter, number, source_number, remark")):  # fmt: skip
        for matter, *values in desk.register.rows(f"SELECT {columns} FROM {table}"):
            texts.setdefault(matter, []).extend(value for value in values if value)
    wanted = {matter for matter, all_ in texts.items() if any(folded(term) in folded(text) for text in all_)}
    page = desk.search(term, limit=100_000, total=True)
    assert {line.id for line in page.lines} == wanted
    assert page.total == len(wanted)


def test_pages_cover_the_register_once(desk: Desk) -> None:
    seen: list[int] = []
    after = None
    while True:
        page = desk.page(Filters(), after=after, limit=lists.PAGE)
        seen += [line.id for line in page.lines]
        after = page.after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == desk.count(Filters())


def test_the_city_confirms_all_of_it_and_it_verifies(desk: Desk, tmp_path: Path) -> None:
    with Hub.create(tmp_path / "hub", city="示例市公安局", address="https://127.0.0.1:1") as hub:
        (tmp_path / "offer").write_bytes(registry.offer(hub, COUNTY))
        services.enrol(desk.register, tmp_path / "offer", tmp_path / "answer")
        registry.enrol(hub, (tmp_path / "answer").read_bytes())
        services.sync_by_folder(desk.register, tmp_path / "stick")
        read_folder(hub, tmp_path / "stick")
    report = services.receipts_from(desk.register, tmp_path / "stick")
    assert report.unsent == 0
    assert report.agreement is not None
    assert report.agreement.whole
    assert [check.name for check in verify(desk.register) if not check.holds] == []
