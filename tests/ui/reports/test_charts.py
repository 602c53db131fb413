"""Charts on the page: their data items carry the values, every value is written, said, read by arrows and listed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from models.sheets.content import Band, Chart, Limit, Point, Series
from ui.parts.charts import ChartPart
from ui.style import dress
from ui.tokens import DARK, LIGHT, Look, contrast
from ui.words import use

UNITS = ("城东派出所", "交通管理大队", "治安管理大队户政窗口（行政审批和证件受理）")


@pytest.fixture(autouse=True)
def chinese_again():
    yield
    use("zh")


@pytest.fixture
def show(qtbot, qapp):
    """Show a chart in a look, and wait for its picture."""
    windows = []

    def make(chart: Chart, look: Look = Look(), width: int = 900) -> ChartPart:  # noqa: B008  # frozen
        dress(qapp, look)
        window = QWidget()
        inside = QVBoxLayout(window)
        part = ChartPart(chart, look)
        inside.addWidget(part)
        inside.addStretch(1)
        window.resize(width, 900)
        window.show()
        windows.append(window)
        qtbot.waitUntil(lambda: part.paint is not None, timeout=20_000)
        qtbot.wait(100)
        return part

    yield make
    for window in windows:
        window.close()
        window.deleteLater()


def items(part: ChartPart, kind: str) -> list:
    return [one for one in part.paint.plot.items if type(one).__name__ == kind]


def colour(item) -> str:
    return item.opts["brush"].color().name()


def bar_chart() -> Chart:
    return Chart(
        kind="bar",
        title="收到的信访件",
        unit="件次",
        labels=UNITS,
        series=(Series(name="本期", values=(12, 30, 0)), Series(name="上月", values=(10, 22, None))),
    )


def test_bars_are_as_long_as_their_values_and_every_value_is_written(show):
    part = show(bar_chart())
    now, before = items(part, "BarGraphItem")
    assert list(now.opts["x1"]) == [12, 30, 0]
    assert list(before.opts["x1"]) == [10, 22, 0]
    assert colour(now) == LIGHT.accent
    assert colour(before) == LIGHT.series[1]
    for words in ("12", "30", "0", "10", "22", "无", UNITS[0], UNITS[1]):
        assert words in part.paint.texts
    assert [made.text() for made in part.findChildren(QLabel)][:2] == ["收到的信访件", "单位：件次"]
    assert {"本期", "上月"} <= {made.text() for made in part.findChildren(QLabel)}


def test_everything_is_said_to_a_screen_reader(show):
    part = show(bar_chart())
    assert part.accessibleName() == "收到的信访件"
    said = part.accessibleDescription()
    assert "城东派出所：本期：12 件次，上月：10 件次" in said
    assert f"{UNITS[2]}：本期：0 件次，上月：无" in said


def test_arrows_read_value_by_value_and_enter_opens_it(qtbot, show):
    part = show(bar_chart())
    chosen = []
    part.chosen.connect(chosen.append)
    part.setFocus()
    qtbot.keyClick(part, Qt.Key.Key_Return)
    assert chosen == [], "nothing is at hand yet"
    qtbot.keyClick(part, Qt.Key.Key_Right)
    assert part.reading.text() == "城东派出所：本期：12 件次，上月：10 件次"
    assert part.accessibleDescription() == part.reading.text()
    qtbot.keyClick(part, Qt.Key.Key_End)
    qtbot.keyClick(part, Qt.Key.Key_Right)
    assert part.reading.text().startswith(UNITS[2])
    qtbot.keyClick(part, Qt.Key.Key_Left)
    qtbot.keyClick(part, Qt.Key.Key_Return)
    assert chosen == [1]
    marker = items(part, "ScatterPlotItem")[-1]
    assert marker.getData()[0].tolist() == [30]


def test_the_values_are_listed_as_text_and_put_away(qtbot, show):
    part = show(bar_chart())
    qtbot.mouseClick(part.as_text, Qt.MouseButton.LeftButton)
    said = [made.text() for made in part.findChildren(QLabel)]
    assert "交通管理大队：本期：30 件次，上月：22 件次" in said
    assert part.as_text.text() == "收起文字"
    qtbot.mouseClick(part.as_text, Qt.MouseButton.LeftButton)
    assert part.as_text.text() == "以文字列出数值"


def test_a_stack_is_made_of_its_parts_and_tells_the_whole(show):
    chart = Chart(
        kind="stack",
        title="按形式",
        unit="件次",
        labels=UNITS[:2],
        series=(Series(name="来信", values=(3, 10)), Series(name="来访", values=(6, 15))),
    )
    part = show(chart)
    first, second = items(part, "BarGraphItem")
    assert list(first.opts["x1"]) == [3, 10]
    assert (list(second.opts["x0"]), list(second.opts["x1"])) == ([3, 10], [9, 25])
    assert {"9", "25"} <= set(part.paint.texts)
    assert "城东派出所：来信：3 件次，来访：6 件次，合计 9 件次" in part.accessibleDescription()


@pytest.mark.parametrize(("language", "short", "done"), [("zh", "距 100% 差 8 件", "已达目标"),
                                                         ("en", "8 件 short of 100%", "target reached")])  # fmt: skip
def test_a_target_says_what_is_reached_and_what_is_lacking(show, language, short, done):
    use(language)
    chart = Chart(
        kind="target",
        title="化解进度",
        unit="件",
        labels=("甲", "乙", "丙"),
        series=(Series(name="已化解", values=(12, 30, 0)), Series(name="纳入", values=(20, 30, 0))),
        limits=(Limit(name="目标 60%", value=0.6), Limit(name="目标 100%", value=1.0)),
        note="已化解 ÷ 纳入。",
    )
    part = show(chart)
    track, shares = items(part, "BarGraphItem")
    assert list(track.opts["x1"]) == [1.0, 1.0, 1.0]
    assert list(shares.opts["x1"]) == [0.6, 1.0, 0.0]
    assert {"12/20  60.0%", "30/30  100.0%", "0/0", short, done, "目标 60%", "目标 100%"} <= set(part.paint.texts)
    said = part.accessibleDescription()
    assert "目标 60%" in said
    assert "已化解 ÷ 纳入。" in said


def test_a_course_has_its_gaps_and_names_its_lines(show):
    chart = Chart(
        kind="line",
        title="全年",
        unit="件次",
        labels=tuple(f"{month}月" for month in range(1, 13)),
        series=(
            Series(name="今年", values=(30, 22, 41, 38, 29, 33, 45, 40, 37, None, 28, 31)),
            Series(name="上年", values=(20, 25, 30, 28, 31, 29, 35, 33, 30, 26, 24, 29)),
        ),
    )
    part = show(chart)
    points = [one.getData() for one in items(part, "ScatterPlotItem")]
    assert [len(x) for x, _y in points] == [12, 9, 2], "last year, and this year before and after the gap"
    assert points[1][1].tolist() == [30, 22, 41, 38, 29, 33, 45, 40, 37]
    assert {"今年", "上年", "45", "22", "12月"} <= set(part.paint.texts)
    assert "10月：今年：无，上年：26 件次" in part.accessibleDescription()


def funnel_chart() -> Chart:
    return Chart(
        kind="funnel",
        title="按期办理",
        unit="件",
        points=(
            Point(name="城东派出所", size=51, value=0.96),
            Point(name="城西派出所", size=33, value=0.70, named=True),
            Point(name="法制大队", size=4, value=0.5, faint=True),
        ),
        bands=(
            Band(name="95%", limits=((4, 0.5, 1.0), (33, 0.79, 1.0), (51, 0.82, 0.98))),
            Band(name="99.8%", limits=((4, 0.25, 1.0), (33, 0.72, 1.0), (51, 0.76, 1.0))),
        ),
        mean=0.9,
        note="空心：不足 10 件，不评价",
    )


def test_a_funnel_tells_units_within_below_and_too_small_apart(show):
    part = show(funnel_chart())
    hollow, within, outside = items(part, "ScatterPlotItem")
    assert [one.getData()[0].tolist() for one in (hollow, within, outside)] == [[4], [51], [33]]
    assert colour(hollow) == LIGHT.surface, "too small to be judged: not filled"
    said = part.accessibleDescription()
    assert "城东派出所：应办 51 件，完成 96.0%，在界限之内" in said
    assert "城西派出所：应办 33 件，完成 70.0%，低于99.8%界限" in said
    assert "法制大队：应办 4 件，完成 50.0%，数量过小，不作评判" in said
    assert "全局 90.0%" in said
    assert {"城西派出所 70%", "95%", "99.8%", "全局 90.0%", "完成率", "应办数（件）"} <= set(part.paint.texts)
    assert not any("城东派出所" in words for words in part.paint.texts), "what lies within is not named"


@pytest.mark.parametrize("look", [Look(), Look(theme="dark"), Look(scale=2.0), Look(theme="dark", scale=2.0)])
@pytest.mark.parametrize("make", [bar_chart, funnel_chart])
def test_no_word_is_cut_off(show, look, make):
    part = show(make(), look, width=1100)
    picture = part.paint.picture
    whole = picture.mapToScene(picture.viewport().rect()).boundingRect().adjusted(-1, -1, 1, 1)
    for item in items(part, "TextItem"):
        place = item.mapRectToScene(item.boundingRect())
        assert whole.contains(place), (item.toPlainText(), place, whole)
    assert picture.backgroundBrush().color().name() == look.colours.surface


def test_a_narrower_page_is_drawn_again(qtbot, show):
    part = show(bar_chart())
    before = part.paint.width
    part.window().resize(500, 900)
    qtbot.waitUntil(lambda: part.paint.width < before, timeout=5_000)
    assert "30" in part.paint.texts


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_fills_can_be_told_from_the_ground_and_from_their_neighbours(colours):
    assert contrast(colours.series[0], colours.surface) >= 4.5
    assert all(contrast(one, other) >= 1.5 for one, other in zip(colours.series, colours.series[1:], strict=False))


def test_nothing_of_the_library_is_there_before_a_chart_is_shown(tmp_path):
    """Neither the window nor an open register brings pyqtgraph or numpy: memory and start are as without charts."""
    code = (
        "import sys, pathlib\n"
        "import ui.start, ui.frame, ui.screens.reports.screen, ui.parts.charts, models.migrations\n"
        "from tests.ui.reports import office\n"
        "desk = office.opener('pu')(office.copy(pathlib.Path(sys.argv[1])), '', '')\n"
        "desk.figures.report(desk.figures.month('2026-03'))\n"
        "found = {'pyqtgraph', 'numpy', 'ui.parts.plots'} & set(sys.modules)\n"
        "desk.close()\n"
        "assert not found, found\n"
        "import numpy\n"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, env=environment)
