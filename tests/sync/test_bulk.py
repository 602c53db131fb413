"""What the hub reads and writes for a batch: the same on both engines, whether it comes as few rows or as many."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from sync.agreement import SUM_BYTES, WHOLE, whole_tables
from sync.hub import bulk, checks, storage
from sync.hub import held as holdings
from sync.hub.hub import Hub
from tests.sync.conftest import COUNTY, Journal, held
from tests.sync.test_hub import agree, sealed

COUNTS = (1, bulk._FEW, bulk._FEW + 1, 700)
"""Around the number from which a server takes COPY, and more than one query's worth of ids."""


@pytest.mark.parametrize("count", COUNTS)
def test_rows_are_made_and_changed_alike_however_many(hub: Hub, joined: Journal, count: int) -> None:
    units = [joined.insert("unit", name=f"第{n}派出所\t\\N\n“甲”", kind="station", short=None) for n in range(count)]
    joined.act(*units)
    assert hub.ingest(sealed(joined, hub)).state == "receipted"
    joined.act(*(joined.update("unit", one.row, name=f"改{one.row}𠮷", code=None) for one in units))
    joined.act(*(joined.update("unit", one.row, kind="business") for one in units[::2]))
    assert hub.ingest(sealed(joined, hub, first=2)).state == "receipted"
    rows = held(hub, COUNTY, "unit")
    assert len(rows) == count
    for place, one in enumerate(units):
        assert rows[one.row] == {"name": f"改{one.row}𠮷", "kind": "station" if place % 2 else "business"}
    assert agree(joined, hub)
    assert checks.verify(hub).faults == []


def test_what_an_update_does_not_name_stays(hub: Hub, joined: Journal) -> None:
    matters = [joined.insert("matter", number=str(n), title=f"题{n}", state="S0") for n in range(40)]
    joined.act(*matters)
    assert hub.ingest(sealed(joined, hub)).state == "receipted"
    joined.act(*(joined.update("matter", one.row, state="S2") for one in matters[:20]))
    joined.act(*(joined.update("matter", one.row, title="新题") for one in matters[20:]))
    assert hub.ingest(sealed(joined, hub, first=2)).state == "receipted"
    rows = held(hub, COUNTY, "matter")
    assert [rows[one.row]["state"] for one in matters] == ["S2"] * 20 + ["S0"] * 20
    assert [rows[one.row]["title"] for one in matters[:20]] == [f"题{n}" for n in range(20)]
    assert {rows[one.row]["title"] for one in matters[20:]} == {"新题"}


def undone(hub: Hub, lines: list[bulk.Line]) -> None:
    with hub.writing(COUNTY) as connection:
        bulk.update(connection, storage.ROWS["unit"], COUNTY, ("name",), lines)
        raise ZeroDivisionError


def test_a_staging_table_holds_nothing_over(hub: Hub, joined: Journal) -> None:
    units = [joined.insert("unit", name=f"第{n}派出所", kind="station") for n in range(50)]
    joined.act(*units)
    assert hub.ingest(sealed(joined, hub)).state == "receipted"
    for turn in range(3):  # the same connection, transaction after transaction, and a failed one between
        joined.act(*(joined.update("unit", one.row, name=f"{turn}") for one in units[turn * 5 : 40]))
        with pytest.raises(ZeroDivisionError):
            undone(hub, [("不应写入", one.row) for one in units])
        assert hub.ingest(sealed(joined, hub, first=turn + 2)).state == "receipted"
    rows = held(hub, COUNTY, "unit")
    assert [rows[one.row]["name"] for one in units] == ["0"] * 5 + ["1"] * 5 + ["2"] * 30 + [
        f"第{n}派出所" for n in range(40, 50)
    ]


def test_only_the_countys_own_rows_are_read_and_changed(hub: Hub) -> None:
    table = storage.ROWS["unit"]
    rows = [(county, number, 1, 1, None, county) for county in ("430181", "430182") for number in range(30)]
    with hub.writing() as connection:
        bulk.insert(connection, table, ("county", "id", "born", "rev", "revs", "name"), rows)
        bulk.update(connection, table, "430181", ("name",), [("甲", number) for number in range(40)])
        bulk.update(connection, table, "430182", ("name",), [("乙", 0)])
        found = {row[0]: row[4] for row in bulk.read(connection, table, "430181", [3, 4, 4, 99])}
        assert found == {3: "甲", 4: "甲"}
        names = connection.execute(sa.select(table.c.name).where(table.c.county == "430182").order_by(table.c.id)).all()
    assert [name for (name,) in names] == ["乙"] + ["430182"] * 29


def test_the_digests_of_whole_tables_are_kept_beside_those_of_the_months(hub: Hub, joined: Journal) -> None:
    for step in (1000, 40 * 86_400_000, 40 * 86_400_000):  # three months
        joined.act(*(joined.insert("unit", name="所", kind="station") for _ in range(3)), step_ms=step)
        joined.act(joined.insert("matter", number=str(step), title="题", state="S0"))
    joined.act(joined.update("unit", joined.ids["unit"], name="改"))
    assert hub.ingest(sealed(joined, hub)).state == "receipted"
    with hub.reading() as connection:
        months, whole = holdings.buckets(connection, COUNTY), holdings.whole_tables(connection, COUNTY)
    assert {month for _, month in months} == {"2026-05", "2026-07", "2026-08"}
    assert whole == whole_tables(months)
    assert whole["unit", WHOLE][0] == 9
    assert checks.report(hub)["counties"][0]["rows"] == {"matter": 3, "unit": 9}


def test_a_wrong_digest_of_a_whole_table_is_found(hub: Hub, joined: Journal) -> None:
    joined.units(2)
    assert hub.ingest(sealed(joined, hub)).state == "receipted"
    with hub.writing() as connection:
        t = storage.digest
        wrong = sa.update(t).where(t.c.month == WHOLE).values(sum=(5).to_bytes(SUM_BYTES))
        assert connection.execute(wrong).rowcount == 1
    assert [zh for zh, _ in checks.verify(hub).faults] == [f"{COUNTY} unit 的总摘要与各月摘要不符。"]


def test_a_hub_that_did_not_keep_them_sums_them_up(hub: Hub, joined: Journal) -> None:
    joined.units(2)
    assert hub.ingest(sealed(joined, hub)).state == "receipted"
    with hub.writing() as connection:
        connection.execute(sa.delete(storage.digest).where(storage.digest.c.month == WHOLE))
        connection.execute(sa.update(storage.meta).where(storage.meta.c.name == "version").values(value="3"))
    with Hub.open(hub.place.folder) as newer:
        assert checks.verify(newer).faults == []
        joined.act(joined.update("unit", joined.ids["unit"], name="改"))
        assert newer.ingest(sealed(joined, newer, first=3)).state == "receipted"
        assert agree(joined, newer)
        assert checks.verify(newer).faults == []
