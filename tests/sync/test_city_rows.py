"""The hub hands out a county's rows as the county's own register does: every table, by day, by id and whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from models.figures.records import Report
from models.figures.source import DeskRows
from models.tables import TABLES
from sync.hub import storage
from sync.hub.city import city_report
from sync.hub.figures import HubRows
from sync.hub.hub import Hub
from sync.hub.periods import Wanted
from tests.programme_year import read
from tests.programme_year.city import City
from tests.sync.conftest import COUNTY, ENGINES, Journal, enrol, new_hub
from tests.sync.test_hub import sealed

LAST = date(2012, 11, 30)


@pytest.fixture(scope="module", params=ENGINES)
def city(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[City]:
    """Return the city after the matters of the written programme, all of it at the hub, on each engine."""
    folder = tmp_path_factory.mktemp("city")
    one = City.make(folder, new_hub(folder / "hub", request.param, request))
    one.live(read.matters(), date(2011, 10, 31))
    one.mobilise(date(2011, 11, 1))
    one.live(read.matters(), LAST)
    assert one.faults == {}
    one.exchange(LAST)
    yield one
    one.close()


def counted(rows: Iterable[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    return Counter(rows)


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_a_whole_table_is_the_countys(city: City, table: str) -> None:
    columns = ("id", *(column.name for column in next(one for one in TABLES if one.name == table).columns))
    with city.hub.reading() as connection:
        for county in city.counties.values():
            own = counted(DeskRows(county.register).every(table, columns))
            assert counted(HubRows(connection, county.code).every(table, columns)) == own


@pytest.mark.parametrize(("table", "column"), [(t.name, c.name) for t in TABLES for c in t.columns if c.kind == "date"])
def test_the_rows_of_some_days_are_the_countys_first_and_last_day_included(city: City, table: str, column: str) -> None:
    spans = [(date(2011, 11, 8), date(2011, 11, 15)), (date(2012, 1, 13), date(2012, 1, 13)), (date(2010, 1, 1), LAST)]
    with city.hub.reading() as connection:
        for county in city.counties.values():
            for frm, to in spans:
                own = counted(DeskRows(county.register).by_day(table, column, frm, to, ("id", column)))
                assert counted(HubRows(connection, county.code).by_day(table, column, frm, to, ("id", column))) == own
                assert all(frm.isoformat() <= row[1] <= to.isoformat() for row in own)


def test_rows_of_many_ids_are_the_countys_whatever_their_number(city: City) -> None:
    county = city.counties["yunling"]
    ids = [row[0] for row in DeskRows(county.register).every("matter", ("id",))]
    with city.hub.reading() as connection:
        rows = HubRows(connection, county.code)
        for some in (ids, ids[:1], [], [*ids, *range(9_000)]):
            own = counted(DeskRows(county.register).by_ids("event", "matter", some, ("id", "matter", "kind")))
            assert counted(rows.by_ids("event", "matter", some, ("id", "matter", "kind"))) == own
        states = {"S13", "S2"}
        own = counted(DeskRows(county.register).by_ids("matter", "state", states, ("id",)))
        assert counted(rows.by_ids("matter", "state", states, ("id",))) == own
        assert sum(own.values()) > 5


@pytest.mark.parametrize("month", ["2011-11", "2012-02", "2012-03"])
def test_the_figures_of_a_month_are_the_desks_own(city: City, month: str) -> None:
    found = city_report(city.hub, Wanted(month=month), on=LAST)
    assert [one.county for one in found.counted] == [one.code for one in city.counties.values()]
    for one, county in zip(found.counted, city.counties.values(), strict=True):
        figures = county.desk("ju", LAST).figures
        own = figures.report(figures.month(month))
        assert one.report is not None
        assert of_all(one.report) == of_all(own)


def of_all(report: Report) -> list[tuple[Any, ...]]:
    """Return every figure of a report with the things it counts, in the order in which they are told."""
    parts = [("", report.figures), *report.compared.items(), *((one.key, one.figures) for one in report.programmes)]
    return [
        (part, code, one.numerator, one.denominator, one.things, one.base)
        for part, figures in parts
        for code, one in figures.items()
    ]


def test_a_row_whose_birth_has_not_arrived_is_not_there_yet(hub: Hub, joined: Journal) -> None:
    second = Journal(device=2)
    enrol(second, hub)
    joined.act(joined.insert("unit", name="某派出所", kind="station"))
    second.rows.update(joined.rows)
    second.at_ms += 50_000
    second.act(second.update("unit", (1 << 32) + 1, short="某所"))
    from sync.batch import write_batch

    hub.ingest(write_batch(second.entries(), county=COUNTY, epoch=1, keys=second.station.keys, hub=hub.public))
    with hub.reading() as connection:
        assert list(HubRows(connection, COUNTY).every("unit", ("name",))) == []
    hub.ingest(sealed(joined, hub))
    with hub.reading() as connection:
        assert list(HubRows(connection, COUNTY).every("unit", ("name", "short"))) == [("某派出所", "某所")]
        assert list(HubRows(connection, "999999").every("unit", ("name",))) == []


def test_each_slice_has_an_index_after_the_county_in_a_new_hub_and_in_one_brought_up(hub: Hub, tmp_path: Path) -> None:
    wanted = {(name, column) for name, columns in storage.SLICES.items() for column in columns}
    with hub.writing() as connection:
        indexes = sa.inspect(connection)
        assert _slices(indexes) == wanted
        for name, column in wanted:
            connection.exec_driver_sql(f"DROP INDEX slice_{name}_{column}")
        connection.execute(sa.update(storage.meta).where(storage.meta.c.name == "version").values(value="2"))
    folder = hub.place.folder
    hub.close()
    with Hub.open(folder) as again, again.reading() as connection:
        assert _slices(sa.inspect(connection)) == wanted
        if connection.dialect.name == "sqlite":  # an empty server would rather read an empty table
            plan = connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN SELECT id FROM event WHERE county='{COUNTY}' AND on_date BETWEEN '2012-01-01' AND"
                " '2012-01-31'"
            ).all()
            assert "slice_event_on_date" in str(plan)


def _slices(inspected: sa.Inspector) -> set[tuple[str, str]]:
    found = set()
    for name in set(inspected.get_table_names()) & set(storage.metadata.tables):
        for index in inspected.get_indexes(name):
            assert index["column_names"][0] == "county"
            found.add((name, str(index["column_names"][1])))
    return found
