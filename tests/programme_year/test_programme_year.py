"""The key-case programme of 2011 and 2012 in three counties and a city, from mobilisation to the final summary.

Driven through the acts at the counties' desks and through files on a stick. What the figures must be stands counted by
hand in `counts.toml`; nothing is worked out here but sums of what was counted by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import orjson
import pypdf
import pytest
from click.testing import CliRunner

from models import errors
from models.figures.records import Figure, ProgrammeFigures, Report
from models.verify import verify
from sync.hub import checks
from sync.hub.city import CountyFigures, city_report
from sync.hub.cli import group
from sync.hub.periods import Wanted
from tests.programme_year import read
from tests.programme_year.city import PROGRAMME
from tests.programme_year.year import AT_HOME, STICKS, UNSUBMITTED, Told, Year

COUNTS = read.counts()
MONTHS: list[str] = COUNTS["months"]
COUNTIES: dict[str, str] = {one["key"]: one["code"] for one in read.counties()["county"]}
SUMMARIES: list[dict[str, Any]] = COUNTS["summary"]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    lived = Year.lived(tmp_path_factory.mktemp("year"))
    yield lived
    lived.city.close()


def by_hand(county: str, month: str) -> dict[str, int]:
    """Return what was counted by hand of a county's month, noughts left out."""
    at = MONTHS.index(month)
    return {code: row[at] for code, row in COUNTS[county].items() if code != "cases" and row[at]}


def cases_by_hand(county: str, month: str) -> dict[str, int]:
    at = MONTHS.index(month)
    return {code: row[at] for code, row in COUNTS[county]["cases"].items() if row[at]}


def counted(figures: dict[str, Figure] | Any) -> dict[str, int]:
    """Return the plain counts among figures, noughts left out."""
    return {code: one.numerator for code, one in figures.items() if one.denominator is None and one.numerator}


def programme(report: Report | Any) -> ProgrammeFigures:
    (one,) = report.programmes
    found: ProgrammeFigures = one
    return found


def of_county(told: Told, key: str) -> CountyFigures:
    return next(one for one in told.city.counties if one.county == COUNTIES[key])


def added(rows: list[dict[str, int]]) -> dict[str, int]:
    return {code: sum(row.get(code, 0) for row in rows) for code in {code for row in rows for code in row}}


def test_everything_that_is_written_could_be_done(year: Year) -> None:
    assert year.city.faults == {}


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("county", COUNTIES)
def test_the_figures_of_a_month_are_those_counted_by_hand_at_the_desk_and_at_the_hub(
    year: Year, county: str, month: str
) -> None:
    desk = year.told[month].desks[county]
    assert counted(desk.figures) == by_hand(county, month)
    assert counted(programme(desk).figures) == cases_by_hand(county, month)
    assert not desk.partial
    hub = of_county(year.told[month], county)
    assert hub.report is not None
    if (month, county) == AT_HOME:
        assert hub.report.figures != desk.figures, "its stick was not brought"
        return
    assert hub.report.figures == desk.figures, "with the matters that each counts"
    assert hub.report.programmes == desk.programmes


@pytest.mark.parametrize("month", [month for month in MONTHS if month != AT_HOME[0]])
def test_the_citys_month_is_the_sum_of_what_was_counted_by_hand(year: Year, month: str) -> None:
    city = year.told[month].city
    assert counted(city.figures) == added([by_hand(county, month) for county in COUNTIES])
    assert counted(programme(city).figures) == added([cases_by_hand(county, month) for county in COUNTIES])
    included, solved = (programme(city).figures[code].numerator for code in ("case_included", "case_solved"))
    share = programme(city).figures["case_solved_share"]
    assert (share.numerator, share.denominator) == (solved, included)
    due, in_time = city.figures["notices_due"].numerator, city.figures["notices_on_time"].numerator
    assert (city.figures["notice_rate"].numerator, city.figures["notice_rate"].denominator) == (in_time, due)


@pytest.mark.parametrize("month", MONTHS)
def test_the_command_prints_what_the_city_counted(year: Year, month: str) -> None:
    told = year.told[month]
    assert (told.json["period"], told.json["partial"]) == (month, False)
    for code, figure in told.city.figures.items():
        assert told.json[code] == pytest.approx(figure.value), code
    for one in told.json["counties"]:
        county = next(found for found in told.city.counties if found.county == one["county"])
        assert county.report is not None
        assert {code: one[code] for code in counted(county.report.figures)} == counted(county.report.figures)
    assert told.json["definitions"]["received"]["version"] >= 1


# --- what is missing is named -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("month", MONTHS)
def test_who_did_not_submit_and_who_may_not_have_sent_everything_is_named(year: Year, month: str) -> None:
    city, json = year.told[month].city, year.told[month].json
    missing = {county for (late, county) in (AT_HOME, UNSUBMITTED) if late == month}
    assert {one.county for one in city.not_submitted} == {COUNTIES[county] for county in missing}
    assert json["not_submitted"] == sorted(COUNTIES[county] for county in missing)
    # Nothing was written in 清溪 between the end of April and the day of the stick: the hub cannot know that.
    assert {one.county for one in city.incomplete} == {COUNTIES[county] for county in missing}
    for county in missing:
        (gap,) = of_county(year.told[month], county).gaps
        assert gap.kind == "silent"
        assert gap.until is not None
        assert "其后情况不明" in gap.words.zh


def test_a_month_not_yet_ended_is_marked_partial_and_cannot_be_submitted(year: Year) -> None:
    assert "尚未结束" in year.refused["a month not yet ended"]
    told = year.told["partial"]
    assert told.city.partial
    assert all(one.report is not None and one.report.partial for one in told.city.counties)
    assert all(report.partial for report in told.desks.values())


@pytest.mark.parametrize("month", [month for month in MONTHS if month != AT_HOME[0]])
@pytest.mark.parametrize("county", COUNTIES)
def test_what_a_county_submitted_is_what_the_hub_counts(year: Year, county: str, month: str) -> None:
    found = of_county(year.told[month], county)
    if (month, county) == UNSUBMITTED:
        assert found.submitted is None
        return
    assert found.submitted is not None
    assert found.submitted.submitted_on == STICKS[month]
    assert found.differences == ()
    assert counted(found.submitted.figures) == by_hand(county, month)
    assert counted(found.submitted.programmes[PROGRAMME]) == cases_by_hand(county, month)


@pytest.mark.parametrize("correction", COUNTS["correction"], ids=lambda one: one["county"])
def test_a_reversal_after_submission_is_a_correction_with_its_matter(year: Year, correction: dict[str, Any]) -> None:
    county, month = correction["county"], correction["month"]
    city = city_report(year.city.hub, Wanted(month=month))
    found = next(one for one in city.counties if one.county == COUNTIES[county])
    told = {one.code: [one.submitted.numerator, one.now.numerator] for one in found.differences}
    assert {code: numbers for code, numbers in told.items() if code in correction["figures"]} == correction["figures"]
    assert set(told) == {*correction["figures"], "case_solved_share"}, "each difference is named, and nothing else"
    rows = {year.city.counties[county].matters[no] for no in correction["matters"]}
    assert all({*one.added, *one.gone} == rows for one in found.differences)
    assert all(one.differences == () for one in city.counties if one is not found)
    json = year.command(month=month)
    named = next(one for one in json["counties"] if one["county"] == COUNTIES[county])["differences"]
    assert {one["code"]: [one["submitted"], one["computed"]] for one in named if one["code"] in told} | {
        "case_solved_share": told["case_solved_share"]
    } == told
    desk = year.city.counties[county].desk("ju", max(STICKS.values())).figures
    assert {one.code for one in desk.corrections(desk.month(month))} == set(told), "as the county's own desk says"


def test_the_next_months_report_tells_the_correction(year: Year) -> None:
    county = year.city.counties["pinghu"]
    rows = dict(county.register.rows("SELECT period, corrections FROM period_report WHERE kind='month'"))
    told = {month: orjson.loads(text) for month, text in rows.items()}
    assert {one["code"] for one in told["2012-03"]} == {
        "case_solved_month",
        "case_solved",
        "case_solved_share",
        "case_open",
    }
    assert all(one["period"] == "2012-02" for one in told["2012-03"])
    assert not any(told[month] for month in MONTHS if month != "2012-03")


# --- the programme ----------------------------------------------------------------------------------------------------


def test_cases_are_counted_by_source_and_by_ground_of_exclusion(year: Year) -> None:
    found = programme(year.told["2012-06"].city)
    sources = {group.key: group.figures["case_included"].numerator for group in found.by_source}
    grounds = {group.key: group.figures["case_excluded"].numerator for group in found.by_exclusion}
    assert sources | grounds == COUNTS["june"]
    (json,) = year.told["2012-06"].json["programmes"]
    assert {key: one["case_included"] for key, one in json["by_source"].items()} == sources
    assert json["by_exclusion"] == grounds


@pytest.mark.parametrize("target", COUNTS["target"], ids=lambda one: str(one["on"]))
def test_a_target_is_reached_by_what_was_solved_on_its_day(year: Year, target: dict[str, Any]) -> None:
    first = next(month for month in MONTHS if STICKS[month] >= target["on"])
    told = _target(programme(year.told[first].city), target["on"])
    now = _target(programme(city_report(year.city.hub, Wanted(stage=f"{PROGRAMME}/final"))), target["on"])
    assert (told.share, now.share) == (target["share"], target["share"])
    if first == "2012-02":  # asked on 2 March, as of 29 February: nothing was solved in between
        assert not told.due
    assert [told.solved, told.included] == target["told"]
    assert [now.solved, now.included] == target["since"]
    assert [told.reached, now.reached] == target["reached"]
    assert now.due


def _target(found: ProgrammeFigures, on: date) -> Any:
    return next(one for one in found.targets if one.on == on)


@pytest.mark.parametrize("summary", SUMMARIES, ids=lambda one: one["key"])
def test_a_summary_is_due_within_three_days_and_says_what_was_counted(year: Year, summary: dict[str, Any]) -> None:
    told = year.told[f"summary:{summary['key']}"]
    key = f"{PROGRAMME}/{summary['key']}"
    assert (told.city.period.key, told.city.period.from_on, told.city.period.to_on) == (
        key,
        summary["from"],
        summary["to"],
    )
    figures = programme(told.city).figures
    assert {code: figures[code].numerator for code in summary["figures"]} == summary["figures"]
    for county, submitted in summary["submitted"].items():
        found = of_county(told, county)
        assert found.submitted is not None
        assert found.submitted.submitted_on == submitted
        assert found.differences == ()
        assert found.report is not None
        assert found.report.programmes == told.desks[county].programmes
        milestones = year.city.counties[county].desk("ju", max(STICKS.values())).programmes.milestones(PROGRAMME)
        one = next(one for one in milestones if one.key == key)
        assert (one.due_on, one.done_on) == (summary["due"], submitted)
        assert one.state == ("done" if submitted <= summary["due"] else "done_late")


def test_every_case_came_to_its_end_through_the_citys_review(year: Year) -> None:
    reviews: dict[int, list[str]] = {}
    for county in year.city.counties.values():
        programmes = county.desk("ju", max(STICKS.values())).programmes
        for no, matter in county.matters.items():
            for file in programmes.of_matter(matter):
                assert file.line.state in ("closed", "excluded"), no
                reviews[no] = [one.result for one in file.reviews]
    assert reviews[102] == ["returned", "approved"]
    assert reviews[104] == ["approved", "approved"], "it came up again after its first closing"
    assert {no for no, results in reviews.items() if results[-1:] == ["approved"]} == {
        *(101, 102, 103, 104, 106, 107), *(201, 202, 204, 205), *(301, 302, 305)
    }  # fmt: skip
    assert {no for no, results in reviews.items() if not results} == {105, 203, 303, 304}


def test_the_programme_is_closed_and_takes_no_case_any_more(year: Year) -> None:
    for county in year.city.counties.values():
        desk = county.desk("xin", max(STICKS.values()))
        assert desk.programmes.one(PROGRAMME).state == "closed"
        with pytest.raises(errors.RuleError):
            desk.perform(next(iter(county.matters.values())), "include_key_case", {"source": "backlog"})


def test_the_roster_names_who_is_there_and_who_was_not_named(year: Year, tmp_path: Path) -> None:
    out = tmp_path / "roster.xlsx"
    told = year.command("--roster", "--out", str(out), programme=PROGRAMME)
    names = {(one["county"], one["duty"]): one["name"] for one in told["roster"]}
    wanted = {(one["code"], duty): one[duty] for one in read.counties()["county"] for duty in ("leader", "liaison")}
    assert names == {**wanted, (COUNTIES["pinghu"], "liaison"): ""}
    book = openpyxl.load_workbook(out)
    text = "".join(str(cell.value) for page in book for row in page.iter_rows() for cell in row if cell.value)
    assert "冯管安" in text
    assert "平湖区公安局（联络员）" in text


# --- the papers -------------------------------------------------------------------------------------------------------


def circular(year: Year, out: Path, *options: str) -> dict[str, Any]:
    result = CliRunner().invoke(group, ["report", str(year.city.folder), *options, "--out", str(out), "--json"])
    assert result.exit_code == 0, result.output + result.stderr
    told: dict[str, Any] = orjson.loads(result.stdout)
    return told


def words(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages).split())


def test_the_circular_of_a_month_says_every_countys_figures_and_what_differs(year: Year, tmp_path: Path) -> None:
    out = tmp_path / "circular.pdf"
    told = circular(year, out, "--month", "2012-02", "--number", "北公信通〔2012〕3号")
    text = words(out.read_bytes())
    for part in (
        "北岭市公安局", "北公信通〔2012〕3号", "关于2012年2月信访工作情况的通报", "重点信访案件集中化解专项工作",
        "云岭县公安局", "清溪县公安局", "平湖区公安局", "报送数与现算数不一致的",
    ):  # fmt: skip
        assert part in text, part
    assert told["digest"] in text, "the figures are bound to the paper"
    assert "列入12件，已化解7件（58.3%）" in text
    assert "目标60%（2012-03-02前）" in text, "the target that counts now"


def test_the_circular_as_a_workbook_has_numbers_as_numbers(year: Year, tmp_path: Path) -> None:
    out = tmp_path / "circular.xlsx"
    circular(year, out, "--month", "2012-02")
    book = openpyxl.load_workbook(out)
    page = next(sheet for sheet in book if "各局进展" in sheet.title)
    rows = {row[0].value: [cell.value for cell in row] for row in page.iter_rows() if row[0].value}
    assert rows["云岭县公安局"][1:5] == [5, 2, 4, 0.8]
    assert rows["合计"][1:4] == [12, 4, 7]
    assert rows["合计"][4] == pytest.approx(7 / 12)


def test_the_final_circular_tells_the_whole_programme(year: Year, tmp_path: Path) -> None:
    out = tmp_path / "final.pdf"
    told = circular(year, out, "--programme", PROGRAMME)
    assert told["period"] == f"{PROGRAMME}/final"
    text = words(out.read_bytes())
    for part in (
        "关于重点信访案件集中化解专项工作情况的通报",
        "列入13件，已化解13件（100.0%）",
        "7/12，未达到",
        "12/13，未达到",
    ):
        assert part in text, part


def test_a_programme_narrows_a_month_to_its_part(year: Year) -> None:
    told = year.command(month="2012-02", programme=PROGRAMME)
    assert [one["key"] for one in told["programmes"]] == [PROGRAMME]


@pytest.mark.parametrize(
    ("options", "code", "part"),
    [
        (("--stage", f"{PROGRAMME}/stage-9"), 1, "stage-9"),
        (("--stage", f"{PROGRAMME}/summary-2011-11-30"), 1, "summary-2011-11-30"),  # it is that of stage-1
        (("--programme", "2099"), 1, "2099"),
        (("--month", "2012-02", "--programme", "another"), 1, "another"),
        (("--month", "2012-13"), 1, "2012-13"),
        (("--month", "2012-02", "--year", "2012"), 1, "--month"),
        (("--month", "2012-02", "--out", "circular.doc"), 1, ".pdf"),
        (("--roster", "--programme", "2099"), 1, "2099"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(
    year: Year, options: tuple[str, ...], code: int, part: str
) -> None:
    result = CliRunner().invoke(group, ["report", str(year.city.folder), *options])
    assert result.exit_code == code
    assert part in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


# --- proved at the end ------------------------------------------------------------------------------------------------


def test_hub_and_registers_are_proved_at_the_end(year: Year) -> None:
    verdict = checks.verify(year.city.hub)
    assert verdict.faults == []
    assert verdict.rows > 1000
    for county in year.city.counties.values():
        assert all(check.holds for check in verify(county.register))
