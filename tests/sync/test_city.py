"""The city's figures equal the counties' own, whatever happened there; what may be missing is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql

from models import checking, errors
from models.clocks import calendar_texts
from models.figures.records import Report, Target
from sync.hub import checks, sticks, storage
from sync.hub import city as city_module
from sync.hub.city import CityReport, CountyFigures, city_report
from sync.hub.cli import group
from sync.hub.completeness import Gap
from sync.hub.figures import HubRows
from sync.hub.hub import Hub
from sync.hub.periods import Wanted
from sync.hub.roster import roster
from tests.programme_year.city import PROGRAMME, City
from tests.programme_year.county import County
from tests.sync.conftest import CITY

FIRST, ASKED = date(2012, 1, 4), date(2012, 4, 6)
MONTHS = ("2012-01", "2012-02", "2012-03")
KEYS = ("yunling", "qingxi", "pinghu")


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Return a city whose counties have the programme and nothing else; closed, to be copied."""
    one = City.make(tmp_path_factory.mktemp("pristine"))
    one.mobilise(date(2012, 1, 3))
    one.exchange(date(2012, 1, 3))
    one.lived = date(2012, 1, 3)
    one.close()
    return one


@pytest.fixture
def city(pristine: City, tmp_path: Path) -> Iterator[City]:
    one = pristine.copy(tmp_path)
    yield one
    one.close()


def matter(no: int, day: str, *steps: str, **more: Any) -> dict[str, Any]:
    words = {"title": f"反映第{no}件事项", "name": f"甲{no}", "steps": list(steps)}
    return {"no": no, "day": date.fromisoformat(day), **words, **more}


def asked(city: City, month: str, *, on: date = ASKED) -> CityReport:
    return city_report(city.hub, Wanted(month=month), on=on)


def of(found: CityReport, county: County) -> CountyFigures:
    return next(one for one in found.counties if one.county == county.code)


def own(county: County, month: str, *, on: date = ASKED) -> Report:
    figures = county.desk("ju", on).figures
    return figures.report(figures.month(month), compare=True)


def assert_equal(city: City, *months: str, on: date = ASKED) -> None:
    """Hold every figure of every county at the hub against its own desk, things and all, and the sum against both."""
    for month in months or MONTHS:
        found = asked(city, month, on=on)
        for county in city.counties.values():
            here, there = own(county, month, on=on), of(found, county).report
            assert there is not None
            assert there.figures == here.figures, (county.key, month)
            assert there.programmes == here.programmes, (county.key, month)
            assert there.compared == here.compared, (county.key, month)
            assert (there.as_of, there.partial, there.unknown_clocks) == (here.as_of, here.partial, here.unknown_clocks)
        for code, figure in found.figures.items():
            if code != "satisfied_rate":  # a product is taken of the sums
                parts = [one.report.figures[code] for one in found.counted if one.report]
                assert figure.numerator == sum(one.numerator for one in parts)
                if figure.denominator is not None:
                    assert figure.denominator == sum(one.denominator or 0 for one in parts)


# --- matters that Hypothesis makes ------------------------------------------------------------------------------------

COURSES: dict[str, tuple[tuple[int, str], ...]] = {  # days after the step before: step
    "nothing": (),
    "screened": ((1, "xin screen"),),
    "accepted": ((1, "xin screen"), (1, "xin accept")),
    "accepted late": ((18, "xin screen"), (2, "xin accept")),
    "answered": (
        (1, "xin screen"), (1, "xin accept"), (1, "xin assign unit=治安 handler=an"), (9, "an handle claims=explain"),
        (3, "fen issue"), (2, "an serve"), (0, "xin confirm_service"),
    ),
    "extended": (
        (1, "xin screen"), (1, "xin accept"), (1, "xin assign unit=刑侦 handler=kou"),
        (9, "fen extend days=20 reason=需鉴定"),
    ),
    "withdrawn": ((1, "xin screen"), (1, "xin accept"), (5, "xin withdraw +withdrawal")),
    "directed": (
        (1, "xin screen exit=1"),
        (2, "xin direct @ground_choice=other_power @open_route=依法起诉。"),
        (1, "xin close closing=statutory"),
    ),
    "refused": ((1, "xin screen"), (2, "xin refuse ground=statutory @open_route=依法申请复议。")),
    "transferred": ((1, "xin screen"), (2, "xin transfer destination_name=县城管局")),
    "replied": ((0, "xin screen category=other exit="), (1, "xin reply answer=已答复。")),
    "cancelled": ((1, "xin cancel_item item={item} reason=误录"),),
    "reversed": (
        (1, "xin screen"), (1, "xin accept"), (12, "xin reverse entry={entry:accept} reason=误点"), (9, "xin accept"),
    ),
    "key case": (
        (1, "xin screen"), (1, "xin accept"), (1, "xin include_key_case source=since"),
        (1, "xin draw_plan leader=fen unit=治安 officer=an limit_on=2012-03-20 methods=mediation"), (1, "fen meetings"),
        (1, "ju approve_plan"), (5, "an record_round method=mediation result=settled"),
        (2, "xin solve_case outcomes=solved"), (9, "xin reverse entry={entry:solve_case} reason=误登"),
    ),
    "key case left out": (
        (1, "xin screen"), (1, "xin include_key_case source=bodies"),
        (1, "xin exclude_key_case exclusion=X2 case_number=（2012）刑初1号 case_stage=一审"),
    ),
}  # fmt: skip


@st.composite
def lives(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Return matters for three counties: what comes in, when, and what becomes of it."""
    made = {}
    for key in KEYS:
        entries = []
        for no in range(1, draw(st.integers(0, 6)) + 1):
            day = FIRST + timedelta(days=draw(st.integers(0, 80)))
            slower = draw(st.integers(0, 12))
            steps, on = [], day
            for after, step in COURSES[draw(st.sampled_from(sorted(COURSES)))]:
                on += timedelta(days=after and after + slower)
                steps.append(f"{on} {step}")
            more = {
                "channel": draw(st.sampled_from(("letter", "visit", "call", "web", "fax"))),
                "people": draw(st.sampled_from((None, 1, 4, 5, 12))),
                "purpose": draw(
                    st.sampled_from(("solution", "appeal", "suggestion", "accusation", "inquiry", "other"))
                ),
                "confidential": draw(st.booleans()),
            }
            entries.append(matter(no, day.isoformat(), *steps, **more))
        made[key] = entries
    return made


@settings(max_examples=8)
@given(life=lives())
def test_the_hub_counts_as_the_desks_do_whatever_happened(
    pristine: City, tmp_path_factory: pytest.TempPathFactory, life: dict[str, list[dict[str, Any]]]
) -> None:
    folder = tmp_path_factory.mktemp("life")
    one = pristine.copy(folder)
    try:
        one.live(life, ASKED)
        one.exchange(ASKED)
        assert_equal(one)
        assert_equal(one, "2012-04")
    finally:
        one.close()
        shutil.rmtree(folder)


# --- made by hand -----------------------------------------------------------------------------------------------------


def test_a_sealed_matter_and_an_accusation_count_at_the_hub_as_for_who_may_not_read_them(city: City) -> None:
    one, other = (
        matter(1, "2012-02-06", confidential=True),
        matter(2, "2012-02-07", purpose="accusation"),
    )
    city.live({"yunling": [one, other], "qingxi": [], "pinghu": []}, ASKED)
    city.exchange(ASKED)
    county = city.counties["yunling"]
    assert [row[0] for row in county.register.rows("SELECT sealed FROM matter ORDER BY id")] == [1, 1]
    figures = asked(city, "2012-02").figures
    assert (figures["received"].numerator, figures["open_at_end"].numerator) == (2, 2)
    kou = county.desk("kou", ASKED).figures  # no reader of either
    assert kou.report(kou.month("2012-02")).figures["received"].numerator == 2
    assert_equal(city, "2012-02")


def test_what_is_reversed_after_the_month_counts_no_more_at_desk_and_hub(city: City) -> None:
    steps = (
        "2012-02-07 xin screen",
        "2012-02-08 xin accept",
        "2012-03-05 xin reverse entry={entry:accept} reason=误点",
    )
    city.live({"yunling": [matter(1, "2012-02-06", *steps)], "qingxi": [], "pinghu": []}, date(2012, 3, 2))
    city.exchange(date(2012, 3, 2))
    assert asked(city, "2012-02").figures["accepted"].numerator == 1
    city.live({"yunling": [matter(1, "2012-02-06", *steps)], "qingxi": [], "pinghu": []}, ASKED)
    city.exchange(ASKED)
    assert city.faults == {}
    assert asked(city, "2012-02").figures["accepted"].numerator == 0
    assert_equal(city, "2012-02")


def test_a_calendar_from_the_city_moves_a_last_day_at_desk_and_hub_in_the_county_that_applied_it(city: City) -> None:
    """Received 2012-02-13, a Monday: the notice is due on 02-28, or on 03-01 when 28 and 29 February are days off."""
    life = {key: [matter(1, "2012-02-13", "2012-03-01 xin screen", "2012-03-01 xin accept")] for key in KEYS}
    county = city.counties["qingxi"]
    text = next(text for text in calendar_texts().values() if json.loads(text)["year"] == 2012)
    content = json.loads(text)
    content["days"] += [{"date": f"2012-02-{day}", "kind": "off", "name": "临时放假"} for day in (28, 29)]
    city.live(life, date(2012, 2, 20))
    desk = county.desk("xin", date(2012, 2, 21))
    desk.apply_calendar(desk.calendar_difference(json.dumps(content).encode()))
    city.live(life, ASKED)
    city.exchange(ASKED)
    assert city.faults == {}
    for month, due in (("2012-02", [1, 0, 1]), ("2012-03", [0, 1, 0])):
        found = asked(city, month)
        assert [of(found, one).report.figures["notices_due"].numerator for one in city.counties.values()] == due  # type: ignore[union-attr]
    march = of(asked(city, "2012-03"), county).report
    assert march is not None
    assert march.figures["notices_on_time"].numerator == 1
    assert march.figures["late_met"].numerator == 0
    assert of(asked(city, "2012-03"), city.counties["yunling"]).report.figures["late_met"].numerator == 2  # type: ignore[union-attr]
    assert_equal(city)


def test_a_county_with_another_cut_off_day_counts_its_own_days_and_is_named(city: City) -> None:
    life = {key: [matter(1, "2012-02-26"), matter(2, "2012-01-26")] for key in KEYS}
    city.counties["pinghu"].desk("xin", date(2012, 1, 4)).set_setting("figures.cut_off_day", 25)
    city.live(life, ASKED)
    city.exchange(ASKED)
    found = asked(city, "2012-02")
    assert [one.report.figures["received"].numerator for one in found.counted if one.report] == [1, 1, 1]
    assert (found.period.from_on, found.period.to_on) == (date(2012, 2, 1), date(2012, 2, 29))
    (other,) = found.other_days
    assert other.county == city.counties["pinghu"].code
    assert other.report is not None
    assert (other.report.period.from_on, other.report.period.to_on) == (date(2012, 1, 26), date(2012, 2, 25))
    from sync.hub.circular import circular

    assert any("平湖区公安局的期间为2012-01-26至2012-02-25" in note for note in circular(found).notes)
    assert_equal(city, "2012-02")


# --- what may be missing ----------------------------------------------------------------------------------------------


def kinds(found: CityReport, county: County) -> list[str]:
    return [gap.kind for gap in of(found, county).gaps]


def deliver(city: City, key: str, day: date) -> Path:
    """Let a county write a batch onto the stick, and take the stick away before the hub sees it."""
    county = city.counties[key]
    county.exchange(city.stick, day)
    (file,) = (city.stick / "to-hub" / county.code).glob("*.batch")
    return file


def test_a_batch_that_is_missing_before_a_later_one_is_named_with_its_range(city: City) -> None:
    life = {key: [matter(no, f"2012-02-{no + 6:02}") for no in (1, 2)] for key in KEYS}
    city.live(life, date(2012, 2, 7))
    lost = deliver(city, "qingxi", date(2012, 2, 7))
    kept = lost.read_bytes()
    city.live(life, ASKED)
    lost.unlink()
    county = city.counties["qingxi"]
    county.desk("xin", ASKED).set_setting("organ.phone", "0000-1")
    county.exchange(city.stick, ASKED)
    lost.unlink(missing_ok=True)  # the desk writes again what was not receipted: it is lost again
    for one in city.counties.values():
        if one is not county:
            one.desk("xin", ASKED).set_setting("organ.phone", "0000-1")
            one.exchange(city.stick, ASKED)
    sticks.read_folder(city.hub, city.stick)
    found = asked(city, "2012-02")
    assert kinds(found, city.counties["yunling"]) == []
    (gap, *rest) = of(found, county).gaps
    assert gap.kind == "entries"
    assert (gap.device, gap.count) == (1, gap.last - gap.first + 1)
    assert f"第 {gap.first} 至 {gap.last} 条" in gap.words.zh
    assert [one.kind for one in rest] == ["silent"], "what came after the gap waits, and is not counted"
    assert of(found, county).report.figures["received"].numerator == 0  # type: ignore[union-attr]
    lost.write_bytes(kept)
    sticks.read_folder(city.hub, city.stick)
    found = asked(city, "2012-02")
    assert found.incomplete == ()
    assert_equal(city, "2012-02")


def test_entries_in_quarantine_are_named_until_they_are_taken(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    full = dict(checking.KINDS["item"])
    monkeypatch.setitem(checking.KINDS, "item", {name: kind for name, kind in full.items() if name != "channel"})
    city.live({"yunling": [matter(1, "2012-02-06")], "qingxi": [], "pinghu": []}, ASKED)
    county = city.counties["yunling"]
    county.desk("xin", ASKED).set_setting("organ.phone", "0000-1")
    county.exchange(city.stick, ASKED)
    sticks.read_folder(city.hub, city.stick)
    found = asked(city, "2012-02")
    (gap,) = of(found, county).gaps
    assert (gap.kind, gap.count) == ("quarantine", 1)
    assert "1 条流水在隔离区" in gap.words.zh
    assert found.figures["received"].numerator == 0
    monkeypatch.setitem(checking.KINDS, "item", full)
    assert checks.retry_quarantine(city.hub) == (1, 0)
    assert kinds(asked(city, "2012-02"), county) == []
    assert asked(city, "2012-02").figures["received"].numerator == 1


def test_a_county_is_silent_until_an_act_after_the_period_proves_the_contrary(city: City) -> None:
    city.live({key: [matter(1, "2012-02-06")] for key in KEYS}, ASKED)
    city.exchange(date(2012, 2, 20))
    found = asked(city, "2012-02")
    assert {tuple(kinds(found, one)) for one in city.counties.values()} == {("silent",)}
    county = city.counties["yunling"]
    figures = county.desk("xin", ASKED).figures
    figures.submit(figures.month("2012-02"))
    city.exchange(ASKED)
    found = asked(city, "2012-02")
    assert kinds(found, county) == []
    assert of(found, county).submitted is not None
    assert {one.county for one in found.incomplete} == {one.code for one in city.counties.values() if one is not county}


@pytest.mark.parametrize(("day", "hour", "silent"), [("2012-02-29", 23, True), ("2012-03-01", 0, False)])
def test_the_last_day_of_a_period_belongs_to_it_to_midnight(city: City, day: str, hour: int, silent: bool) -> None:
    county = city.counties["yunling"]
    county.now = datetime.combine(date.fromisoformat(day), time(hour, 30)).astimezone()
    with county.register.act("set_setting", by=county.person("xin"), at=county.now):
        pass
    county.exchange(city.stick, county.now.date())
    sticks.read_folder(city.hub, city.stick)
    assert kinds(asked(city, "2012-02"), county) == (["silent"] if silent else [])


def test_a_workstation_that_never_sent_anything_is_named(tmp_path: Path) -> None:
    one = City.make(tmp_path)
    try:
        found = asked(one, "2012-02")
        assert {tuple(kinds(found, county)) for county in one.counties.values()} == {("never",)}
        assert "从未报送" in of(found, one.counties["yunling"]).gaps[0].words.zh
    finally:
        one.close()


def test_the_roster_takes_whoever_is_named_now_for_the_programme_else_for_petition_work(city: City) -> None:
    def name(key: str, day: date, duty: str, who: str, programme: str | None) -> None:
        city.counties[key].desk("xin", day).programmes.set_liaison(duty, who, "0000-1", programme=programme)

    name("yunling", date(2012, 1, 4), "leader", "总管", None)
    name("yunling", date(2012, 1, 4), "leader", "专管", PROGRAMME)
    name("qingxi", date(2012, 1, 4), "leader", "前任", None)
    name("qingxi", date(2012, 2, 1), "leader", "后任", None)
    city.exchange(ASKED)

    def leaders(programme: str, on: date) -> list[str]:
        return [one.name for one in roster(city.hub, programme, on=on) if one.duty == "leader"]

    assert leaders(PROGRAMME, ASKED) == ["专管", "后任", ""]
    assert leaders("", ASKED) == ["总管", "后任", ""]
    assert leaders("", date(2012, 1, 31)) == ["总管", "前任", ""]
    assert leaders("", date(2012, 1, 3)) == ["", "", ""]
    with pytest.raises(errors.InputError, match="2099"):
        roster(city.hub, "2099", on=ASKED)


def test_of_two_workstations_that_submit_a_month_the_first_counts(city: City) -> None:
    county = city.counties["yunling"]
    figures = county.desk("xin", ASKED).figures
    figures.submit(figures.month("2012-02"))
    (first,) = county.register.records("period_report", "1")
    with county.register.act("submit_figures", by=county.person("fen"), at=county.desk("fen", ASKED)._now()) as act:
        again = {name: first[name] for name in ("kind", "period", "from_on", "to_on", "figures", "document")}
        act.insert("period_report", {**again, "submitted_on": ASKED, "submitted_by": county.person("fen").id})
    city.exchange(ASKED)
    found = of(asked(city, "2012-02"), county).submitted
    assert found is not None
    assert (found.id, found.submitted_by) == (first["id"], county.person("xin").name)


def test_a_target_of_the_city_is_reached_by_its_share_to_the_case() -> None:
    def target(solved: int, included: int) -> Target:
        return Target(
            name="某目标", on=date(2012, 3, 2), share=60, solved=solved, included=included, reached=False, due=True
        )

    def reached(*counties: tuple[int, int]) -> bool:
        (one,) = city_module._targets([target(*county)] for county in counties)
        return one.reached

    assert reached((3, 5), (3, 5)), "60 of 100 is reached"
    assert not reached((3, 5), (2, 5))
    assert reached((5, 5), (1, 5)), "by the city's cases, not by each county's"
    assert not reached((0, 0)), "nothing is reached by nothing"


def test_a_report_of_a_newer_program_is_told_and_does_not_stop_the_citys(city: City) -> None:
    county = city.counties["yunling"]
    with county.register.act("submit_figures", by=county.person("xin"), at=county.desk("xin", ASKED)._now()) as act:
        columns = {"kind": "month", "period": "2012-02", "from_on": date(2012, 2, 1), "to_on": date(2012, 2, 29)}
        row = {**columns, "figures": '{"format":99}', "submitted_on": ASKED, "submitted_by": county.person("xin").id}
        act.insert("period_report", row)
    city.exchange(ASKED)
    found = of(asked(city, "2012-02"), county)
    assert found.submitted is not None
    assert found.unread is not None
    assert "99" in found.unread.zh
    assert found.differences == ()


def test_a_county_that_does_not_run_a_programme_has_no_figures_of_it(city: City) -> None:
    figures = city.counties["yunling"].desk("xin", date(2012, 1, 4)).programmes
    shipped = figures.shipped()[0]
    from dataclasses import replace

    figures.create(replace(shipped, key="own-clean-up"))
    city.exchange(ASKED)
    found = city_report(city.hub, Wanted(stage="own-clean-up/stage-1"), on=ASKED)
    assert [one.county for one in found.counted] == [city.counties["yunling"].code]
    assert [one.report is None for one in found.counties] == [False, True, True]
    with pytest.raises(errors.InputError, match="2099"):
        city_report(city.hub, Wanted(programme="2099"), on=ASKED)
    with pytest.raises(errors.InputError, match="2099"):
        city_report(city.hub, Wanted(month="2012-01", programme="2099"), on=ASKED)
    with pytest.raises(errors.InputError, match="stage-9"):
        city_report(city.hub, Wanted(stage=f"{PROGRAMME}/stage-9"), on=ASKED)


def test_a_hub_without_counties_says_so(hub: Hub) -> None:
    with pytest.raises(errors.InputError, match="没有任何县局接入"):
        city_report(hub, Wanted(month="2012-02"), on=ASKED)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_names_in_lines_what_it_names_in_json(city: City, language: str) -> None:
    city.live({key: [matter(1, "2012-02-06")] for key in KEYS}, ASKED)
    city.exchange(date(2012, 2, 20))
    options = ["--lang", language, "report", str(city.folder), "--month", "2012-02"]
    lines = CliRunner().invoke(group, options)
    told = orjson.loads(CliRunner().invoke(group, [*options, "--json"]).stdout)
    assert lines.exit_code == 0
    assert told["received"] == 3
    for one in told["counties"]:
        assert one["name"] in lines.stdout
        for gap in one["gaps"]:
            assert gap[language] in lines.stdout
    assert ("未报送本期数据" if language == "zh" else "has not submitted") in lines.stdout
    assert CITY not in lines.stdout


# --- other engines ----------------------------------------------------------------------------------------------------


class _Said:
    """Stands in for a connection: keeps what is asked, answers nothing."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def execute(self, statement: Any) -> list[Any]:
        self.asked.append(statement)
        return []


def test_what_is_asked_and_every_index_can_be_said_to_postgresql() -> None:
    said = _Said()
    asking = HubRows(said, "990201")  # type: ignore[arg-type]
    list(asking.by_day("event", "on_date", date(2012, 1, 1), date(2012, 1, 31), ("id", "kind")))
    list(asking.by_ids("event", "matter", {3, 1, 2}, ("id",)))
    list(asking.every("unit", ("name",)))
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    texts = [str(one.compile(dialect=dialect)) for one in said.asked]
    assert len(texts) == 3
    assert all("county = %(county_1)s" in text for text in texts)
    for table in storage.metadata.tables.values():
        for index in table.indexes:
            assert len(index.name or "") < 64, "PostgreSQL cuts longer names"
            assert str(sa.schema.CreateIndex(index).compile(dialect=dialect)).startswith("CREATE INDEX")


def test_a_gap_says_itself_in_both_languages() -> None:
    for gap in (
        Gap(kind="entries", device=1, name="一", first=3, last=5, count=3),
        Gap(kind="quarantine", device=1, name="一", count=2),
        Gap(kind="never", device=1, name="一"),
    ):
        assert gap.words.zh.endswith("。")
        assert gap.words.en.endswith(".")
