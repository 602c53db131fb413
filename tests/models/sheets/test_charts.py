"""Charts on paper: values written where they are drawn, names beside what they name, bars to scale, no overlap."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.sheets import words
from models.sheets.charts.frame import ticks
from models.sheets.content import Chart, Language, Limit, Point, Series, Sheet
from models.sheets.pdf import to_pdf
from models.sheets.styles import OFFICE
from tests.models.letters.measure import Char, Measured
from tests.models.sheets import samples

LANGUAGES: tuple[Language, ...] = ("zh", "en")
MAKERS = (samples.bars, samples.rates, samples.course, samples.outcomes, samples.funnel, samples.target)


def printed(*charts: Chart, language: Language = "zh") -> Measured:
    sheet = Sheet(
        kind="month_report",
        title="图",
        organ="示例县公安局",
        blocks=charts,
        dated_on=date(2026, 4, 2),
        language=language,
    )
    return Measured(to_pdf(sheet))


def boxes(measured: Measured, page: int = 1) -> list[tuple[float, float, float, float]]:
    """Return the filled boxes of a page: left, top, width, height in millimetres."""
    content = measured.reader.pages[page - 1].get_contents()
    assert content is not None
    high = float(measured.reader.pages[page - 1].mediabox.height)
    mm = 25.4 / 72
    found = re.findall(r"([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+) re", content.get_data().decode("latin-1"))
    return [(float(x) * mm, (high - float(y) - float(h)) * mm, float(w) * mm, float(h) * mm) for x, y, w, h in found]


def bars_of(measured: Measured, thick: float) -> list[tuple[float, float]]:
    """Return left edge and width of the bars of one thickness, top down."""
    found = [(top, left, width) for left, top, width, height in boxes(measured) if abs(height - thick) < 0.02]
    return [(left, width) for _, left, width in sorted(found)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_every_chart_tells_its_title_unit_note_and_names(make: Any, language: Language) -> None:
    chart = make(language)
    text = printed(chart, language=language).text()
    wanted = [chart.title, chart.note, *(limit.name for limit in chart.limits)]
    wanted += [] if chart.kind in ("line", "funnel") else list(chart.labels)
    wanted += [] if chart.kind == "target" else [series.name for series in chart.series]
    wanted += [band.name for band in chart.bands] + [point.name for point in chart.points if point.named]
    for each in wanted:
        assert re.sub(r"\s", "", each) in text, each


def test_bars_are_to_scale_and_each_bears_its_value() -> None:
    measured = printed(samples.bars())
    now = bars_of(measured, 4.2)
    values = (31, 18, 12, 3, 9, 7, 1)
    assert len({round(left, 2) for left, _ in now}) == 1, "they begin on one line"
    scale = [width / value for (_, width), value in zip(now, values, strict=True)]
    assert scale == [pytest.approx(scale[0], rel=0.01)] * 7
    before = bars_of(measured, 2.6)
    assert before[0][1] / 22 == pytest.approx(scale[0], rel=0.01), "one scale for both series"
    for value in values:
        assert str(value) in measured.text()
    assert "—" in measured.text(), "a value that is absent is told, not drawn as nothing"


def test_parts_of_a_whole_add_up() -> None:
    measured = printed(samples.outcomes())
    rows: dict[float, list[tuple[float, float]]] = {}
    for left, top, width, height in boxes(measured):
        if abs(height - 5.2) < 0.02:
            rows.setdefault(round(top, 1), []).append((left, width))
    first = sorted(rows[min(rows)])
    edges = [left for left, _ in first] + [first[-1][0] + first[-1][1]]
    assert edges[1:-1] == [pytest.approx(left + width, abs=0.05) for left, width in first[:-1]]
    total = 12 + 8 + 7 + 3 + 2
    assert [width for _, width in first] == [
        pytest.approx((edges[-1] - edges[0]) * part / total, abs=0.05) for part in (12, 8, 7, 3, 2)
    ]
    assert str(total) in measured.text()


def test_a_target_chart_says_what_is_lacking() -> None:
    """60 % of 80 are 48: 3 more than the 45 that are solved. 60 % of 22 are 13.2: the 14th case reaches it."""
    text = printed(samples.target()).text()
    assert "45/8056.3%" in text
    assert "距60%差3件" in text
    assert "9/2240.9%" in text
    assert "距60%差5件" in text
    assert "距100%差6件" in text, "the first target is reached: the next one counts"
    assert "0/0" in text
    done = replace(
        samples.target(), series=[Series(name="a", values=(5,)), Series(name="b", values=(5,))], labels=("全县",)
    )
    assert "已达目标" in printed(done).text()


def test_a_share_of_a_target_chart_is_to_scale() -> None:
    measured = printed(samples.target())
    found = [(top, left, width) for left, top, width, height in boxes(measured) if abs(height - 5.0) < 0.02]
    rows: dict[float, list[float]] = {}
    for top, _, width in found:
        rows.setdefault(round(top, 1), []).append(width)
    shares = [min(widths) / max(widths) for _, widths in sorted(rows.items())]
    assert shares == [pytest.approx(share, abs=0.01) for share in (45 / 80, 14 / 20, 9 / 22, 12 / 16, 0.0, 10 / 22)]


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_no_two_texts_of_a_chart_cover_each_other(make: Any) -> None:
    """Each text is one box; boxes of different texts do not meet."""
    measured = printed(make())
    texts: list[list[Char]] = []
    for char in measured.chars:
        last = texts[-1][-1] if texts else None
        if (
            last
            and abs(char.top - last.top) < 0.01
            and abs(char.x - last.x - last.width) < 0.6
            and char.size == last.size
        ):
            texts[-1].append(char)
        else:
            texts.append([char])
    found = [
        (text[0].x, text[0].top, text[-1].x + text[-1].width, text[0].top + text[0].size * 25.4 / 72, text)
        for text in texts
    ]
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            across = min(one[2], other[2]) - max(one[0], other[0])
            down = min(one[3], other[3]) - max(one[1], other[1])
            words_of = ["".join(char.text for char in each[4]) for each in (one, other)]
            assert not (across > 0.3 and down > 0.6), words_of


def test_a_course_with_gaps_and_one_label_is_drawn() -> None:
    gaps = Chart(
        kind="line", title="有缺月", labels=("1月", "2月", "3月"), series=[Series(name="甲", values=(1, None, 3))]
    )
    text = printed(gaps).text()
    assert "甲" in text
    single = Chart(kind="line", title="只有一月", labels=("1月",), series=[Series(name="乙", values=(5,))])
    assert "1月" in printed(single).text()
    empty = Chart(kind="line", title="没有数", labels=("1月", "2月"), series=[Series(name="丙", values=(None, None))])
    assert "没有数" in printed(empty).text()


def test_a_target_of_a_course_begins_where_it_is_due() -> None:
    chart = replace(samples.rates(), limits=[Limit(name="六月起 85%", value=0.85, at="2026-06")])
    measured = printed(chart)
    name = measured.find("六月起")[0]
    assert name.x > OFFICE.left + OFFICE.area_width * 0.4


def test_many_bars_go_on_over_pages_without_losing_one() -> None:
    labels = [f"第{place}派出所" for place in range(1, 61)]
    chart = Chart(kind="bar", title="各所", unit="件", labels=labels, series=[Series(name="本月", values=range(1, 61))])
    measured = printed(chart)
    assert measured.pages >= 2
    assert all(label in measured.text() for label in labels)


def test_points_outside_the_limits_are_marked_apart() -> None:
    measured = printed(samples.funnel())
    content = measured.reader.pages[0].get_contents()
    assert content is not None
    drawn = content.get_data().decode("latin-1")
    assert len(re.findall(r"0.78 0.16 0.1 rg 0.78 0.16 0.1 RG [\d.]+ w [^B]*B", drawn)) == 1, "one unit lies outside"
    assert len(re.findall(r"1 1 1 rg 0.78 0.16 0.1 RG [\d.]+ w [^B]*B", drawn)) == 1, (
        "a ring tells it in black and white"
    )
    assert len(re.findall(r"1 1 1 rg 0.35 [\d.]+ [\d.]+ RG [\d.]+ w [^B]*B", drawn)) == 2, "two are not judged"
    assert "刑事侦查大队72%" in measured.text()


def test_a_funnel_without_bands_or_points_is_drawn() -> None:
    alone = Chart(kind="funnel", title="只有一点", points=[Point(name="甲", size=20, value=0.3, named=True)])
    assert "甲30%" in printed(alone).text()
    assert "无单位" in printed(Chart(kind="funnel", title="无单位")).text()


def test_a_chart_of_nothing_is_no_error() -> None:
    for kind in ("bar", "stack"):
        assert "无" in printed(Chart(kind=kind, title="无")).text()
    nothing = Chart(kind="target", title="无案", series=[Series(name="a", values=()), Series(name="b", values=())])
    assert "无案" in printed(nothing).text()


# --- figures ----------------------------------------------------------------------------------------------------------


@given(st.floats(min_value=0.001, max_value=1e7, allow_nan=False))
def test_axes_begin_at_nothing_and_reach_the_highest_value(top: float) -> None:
    marks = ticks(top)
    assert marks[0] == 0
    assert marks[-1] >= top * 0.999
    assert 2 <= len(marks) <= 8
    steps = {round((b - a) / marks[1], 6) for a, b in pairwise(marks)}
    assert steps == {1.0}


@pytest.mark.parametrize(
    ("share", "digits", "shown"),
    [(45 / 80, 1, "56.3%"), (0.5, 0, "50%"), (1 / 3, 1, "33.3%"), (0.0005, 1, "0.1%"), (1.0, 1, "100.0%")],
)
def test_shares_are_rounded_as_by_hand(share: float, digits: int, shown: str) -> None:
    assert words.percent(share, digits) == shown


@given(st.integers(min_value=0, max_value=10_000), st.integers(min_value=1, max_value=10_000))
def test_a_share_is_rounded_from_its_counts(part: int, whole: int) -> None:
    """Half up in tenths of a percent, by integers alone."""
    tenths = (part * 2000 + whole) // (2 * whole)
    assert words.percent(part / whole, 1) == f"{tenths // 10:,}.{tenths % 10}%"
