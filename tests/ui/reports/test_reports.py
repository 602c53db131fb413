"""Figures in the window: as counted by hand, every list equals its figure, formulas, parts, papers, the year."""

from __future__ import annotations

import re

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from tests.models.figures.bureau import MARCH
from tests.ui.conftest import idle
from tests.ui.reports import office
from tests.ui.reports.conftest import choose, listed, part, text_of, words_of

CHINESE = re.compile(r"[\u3400-\u9fff]")


# The headline.


@pytest.mark.parametrize(
    ("language", "received", "rate"),
    [("zh", "收到信访件，8 件次", "数量过小"), ("en", "Items received, 8 items", "too few")],
)
def test_the_headline_is_what_was_counted_by_hand(show, language, received, rate):
    _frame, screen = show(language=language)
    tiles = screen.shown.tiles
    shown = {code: tile.accessibleName() for code, tile in tiles.items()}
    assert shown["received"].startswith(received)
    assert rate in shown["notice_rate"]
    assert "3/4" in shown["notice_rate"]
    for code in ("received", "visits_batches", "visits_people", "accepted", "answered", "late"):
        assert re.search(rf"\b{MARCH[code]}\b", shown[code]), (code, shown[code])
    if language == "en":
        assert [words for words in shown.values() if CHINESE.search(words)] == []


def test_last_month_and_last_year_stand_beside_it(show):
    _frame, screen = show()
    assert "比上月 +7" in screen.shown.tiles["received"].accessibleName()
    assert "同比 +8" in screen.shown.tiles["received"].accessibleName()
    table = screen.shown.table.table
    row = screen.shown.table.codes.index("received")
    assert [table.words(row, at) for at in range(2, 7)] == ["8 件次", "1 件次", "+7", "0 件次", "+8"]
    assert table.words(row, 1).startswith("信访日期在期内")


def test_every_figure_of_the_table_is_the_one_counted_by_hand(show):
    from models.figures import wording

    _frame, screen = show()
    page = screen.shown
    assert {code for code in page.table.codes if code} == set(MARCH)
    for row, code in enumerate(page.table.codes):
        if code:
            figure = page.found.report.figures[code]
            assert figure.value == MARCH[code], code
            assert page.table.table.words(row, 2) == wording.text(figure, with_base=True)


# The lists behind.


def test_the_list_of_every_figure_equals_the_figure(qtbot, show):
    _frame, screen = show()
    page = screen.shown
    for code in MARCH:
        figure = page.found.report.figures[code]
        page.open_list(code)
        idle(qtbot, screen.window())
        matters = {thing.matter for thing in figure.things if thing.matter}
        hidden = len(matters) - len(listed(screen))
        assert set(listed(screen)) <= matters, code
        assert hidden >= 0
        assert hidden == 0 or f"另有 {hidden} 件密件" in screen.behind.told.text(), code
        if not hidden and matters:
            assert sum(screen.behind.model.counts) == figure.numerator, code
        assert screen.back()


def test_a_tile_opens_its_list_by_key_and_escape_leads_back(qtbot, show):
    frame, screen = show()
    tile = screen.shown.tiles["visits_people"]
    tile.setFocus()
    qtbot.keyClick(tile, Qt.Key.Key_Return)
    idle(qtbot, screen.window())
    _path, matters = office.made()
    assert set(listed(screen)) == {matters[letter] for letter in "ABL"}
    shown = [screen.behind.model.index(at, 0).data() for at in range(3)]
    assert [words for words in shown if "×6" in words], "six people of one visit"
    assert screen.behind.table.hasFocus()
    assert "来访人次：8 人次" in words_of(screen.behind)[0]
    wanted = []
    frame.context.matter_wanted.connect(lambda matter, act: wanted.append((matter, act)))
    qtbot.keyClick(screen.behind.table, Qt.Key.Key_J)
    qtbot.keyClick(screen.behind.table, Qt.Key.Key_Return)
    assert wanted == [(listed(screen)[1], "")]
    idle(qtbot, screen.window())
    qtbot.keyClick(frame, Qt.Key.Key_Escape)
    assert frame.stack.currentWidget() is screen
    assert screen.behind is not None, "back from the matter the list is still there"
    qtbot.keyClick(frame, Qt.Key.Key_Escape)
    assert screen.behind is None
    assert tile.hasFocus()


def test_a_rate_lists_what_counts_what_is_lacking_and_what_it_is_taken_over(qtbot, show):
    _frame, screen = show()
    screen.shown.open_list("notice_rate")
    idle(qtbot, screen.window())
    _path, matters = office.made()
    assert [made.text() for made in screen.behind.part.buttons()] == ["计入 3", "未计入 1", "基数 4"]
    assert set(listed(screen)) == {matters[letter] for letter in "ABI"}
    qtbot.mouseClick(screen.behind.part.buttons()[1], Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    assert listed(screen) == [matters["C"]]
    qtbot.mouseClick(screen.behind.part.buttons()[2], Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    assert set(listed(screen)) == {matters[letter] for letter in "ABCI"}


@pytest.mark.parametrize(("language", "hidden"), [("zh", "另有 1 件密件只计数、不列名"), ("en", "1 more is sealed")])
def test_a_sealed_matter_is_counted_and_not_listed_where_the_list_would_tell_of_it(qtbot, show, language, hidden):
    """The accusation I, for the registrar who is no reader: its channel is not told, its number in the whole is."""
    _frame, screen = show("reg", language)
    _path, matters = office.made()
    page = screen.shown
    sealed = matters["I"]
    page.open_list("received")
    idle(qtbot, screen.window())
    assert sealed in listed(screen), "an outline, as in the register"
    row = listed(screen).index(sealed)
    assert screen.behind.model.line(row).title == ""
    screen.back()
    page.open_list("letters")
    idle(qtbot, screen.window())
    assert sealed not in listed(screen)
    assert hidden in screen.behind.told.text()


# What a figure means.


@pytest.mark.parametrize(
    ("language", "formula", "version"),
    [("zh", "按期告知 ÷ 应告知", "口径版本"), ("en", "notices on time ÷ notices due", "Version")],
)
def test_f1_tells_formula_version_and_source(qtbot, show, language, formula, version):
    frame, screen = show(language=language)
    tile = screen.shown.tiles["notice_rate"]
    assert formula in tile.toolTip()
    tile.setFocus()
    qtbot.keyClick(tile, Qt.Key.Key_F1)
    said = words_of(frame.sheets.sheet)
    assert formula in said
    assert any(version in words for words in said)
    assert "2026-03-31" in " ".join(said)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert frame.sheets.sheet is None
    assert tile.hasFocus()


def test_f1_on_a_row_tells_it_and_leads_to_the_list(qtbot, show):
    frame, screen = show()
    table = screen.shown.table.table
    table.setFocus()
    table.setCurrentCell(screen.shown.table.codes.index("answered"), 0)
    qtbot.keyClick(table, Qt.Key.Key_F1)
    sheet = frame.sheets.sheet
    assert any("期内" in words for words in words_of(sheet))
    go = next(made for made in sheet.findChildren(QPushButton) if made.text() == "打开清单")
    qtbot.mouseClick(go, Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    assert len(listed(screen)) == MARCH["answered"]


def test_j_k_and_enter_in_the_table(qtbot, show):
    _frame, screen = show()
    table = screen.shown.table.table
    table.setFocus()
    assert table.currentRow() == 1, "the first row is a heading"
    qtbot.keyClick(table, Qt.Key.Key_J)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    idle(qtbot, screen.window())
    assert len(listed(screen)) == MARCH["letters"]


# The parts.


def test_every_part_opens_its_own_list_and_parts_add_up(qtbot, show):
    _frame, screen = show()
    groups = screen.shown.groups
    for button in groups.dimension.buttons():
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        last = groups.table.rowCount() - 1
        received = [int(groups.table.words(row, 1)) for row in range(groups.table.rowCount())]
        assert sum(received[:-1]) == received[last] == 8, button.text()
        for row in range(last):
            if not received[row]:
                continue
            groups.table.setFocus()
            groups.table.setCurrentCell(row, 1)
            qtbot.keyClick(groups.table, Qt.Key.Key_Return)
            idle(qtbot, screen.window())
            behind = screen.behind
            told = re.search(r"另有 (\d+) 件密件", behind.told.text())
            assert sum(behind.model.counts) + (int(told[1]) if told else 0) == received[row], (button.text(), row)
            screen.back()


def test_bars_are_as_long_as_their_numbers(qtbot, show):
    from ui.parts.grids import SHARE

    _frame, screen = show()
    groups = screen.shown.groups
    qtbot.mouseClick(groups.dimension.buttons()[1], Qt.MouseButton.LeftButton)
    numbers = {groups.table.words(row, 0): groups.table.item(row, 1) for row in range(groups.table.rowCount())}
    largest = max(int(item.text()) for words, item in numbers.items() if words != "合计")
    for words, item in numbers.items():
        if words != "合计":
            assert item.data(SHARE) == pytest.approx(int(item.text()) / largest), words


def test_the_chart_is_that_of_the_paper(show):
    from models.sheets.content import Chart

    _frame, screen = show()
    chart = screen.shown.charts[0]
    assert isinstance(chart.chart, Chart)
    values = dict(zip(chart.chart.labels, chart.chart.series[0].values, strict=True))
    assert values["收到信访件"] == 8
    assert "收到信访件：本期：8" in chart.accessibleDescription()


def test_no_person_is_listed_or_counted(show):
    """Figures, parts and units name units and classes, never a petitioner or an officer (domain reference, 16)."""
    from tests.models.conftest import PEOPLE

    _frame, screen = show()
    said = words_of(screen)
    table = screen.shown.table.table
    said += [table.words(row, at) for row in range(table.rowCount()) for at in range(table.columnCount())]
    for button in screen.shown.groups.dimension.buttons():
        button.click()
        inner = screen.shown.groups.table
        said += [inner.words(row, at) for row in range(inner.rowCount()) for at in range(inner.columnCount())]
    names = [name for name, _unit, _roles in PEOPLE.values()] + ["王小明", "赵一", "钱二"]
    assert [words for words in said for name in names if name in words] == []


# Periods.


def test_a_month_that_runs_is_marked_and_cannot_be_submitted(qtbot, show):
    frame, screen = show(month="2026-05")
    assert any("本期尚未结束，统计至 2026-05-10" in words for words in words_of(screen))
    qtbot.mouseClick(screen.shown.submit, Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    sheet = frame.sheets.sheet
    assert not sheet.go.isEnabled()
    assert any("2026年5月至 2026-05-31 才结束" in words for words in words_of(sheet))


def test_arrows_go_from_month_to_month_and_over_the_year(qtbot, show):
    _frame, screen = show(month="2026-01")
    picker = screen.shown.picker
    qtbot.mouseClick(picker.before, Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    assert picker.typed.text() == "2025-12"
    assert screen.shown.found.report.period.key == "2025-12"
    qtbot.mouseClick(picker.after, Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    assert screen.shown.found.report.period.key == "2026-01"


@pytest.mark.parametrize(("language", "said"), [("zh", "不是月份"), ("en", "is no month")])
def test_what_is_no_month_is_refused_in_words(qtbot, show, language, said):
    _frame, screen = show(language=language)
    choose(qtbot, screen, "2026-13")
    assert any(said in words for words in words_of(screen))
    choose(qtbot, screen, "2026-03")
    assert "8" in screen.shown.tiles["received"].accessibleName()


def test_the_year_is_a_page_of_its_own_and_a_kind_of_period(qtbot, show):
    _frame, screen = show()
    year = part(qtbot, screen, "annual")
    choose(qtbot, screen, "2026")
    assert year.found.report.period.kind == "annual"
    assert "2026-12-31" in year.named.text()
    figures = part(qtbot, screen, "figures")
    figures.picker.kind.set_value("annual")
    idle(qtbot, screen.window())
    choose(qtbot, screen, "2026")
    received = figures.found.report.figures["received"].numerator
    assert received == year.found.report.figures["received"].numerator == 11


def test_without_a_programme_a_stage_is_explained(qtbot, show):
    _frame, screen = show()
    screen.shown.picker.kind.set_value("stage")
    idle(qtbot, screen.window())
    assert any("先在“重点案件”里设立专项" in words for words in words_of(screen))
    assert not screen.shown.pdf.isEnabled()


# Papers.


def test_the_pdf_says_what_the_page_says(qtbot, show):
    frame, screen = show()
    qtbot.mouseClick(screen.shown.pdf, Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    text = text_of(frame.sheets.sheet.data)
    assert "信访工作月报" in text
    assert "收到信访件" in text
    assert "按期告知 ÷ 应告知" in text


def test_the_workbook_has_the_figures_as_numbers(qtbot, show, tmp_path, monkeypatch):
    _frame, screen = show()
    path = tmp_path / "三月.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    qtbot.mouseClick(screen.shown.xlsx, Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    book = openpyxl.load_workbook(path)
    rows = [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]
    assert any(row[0] == "收到信访件" and 8 in row for row in rows)
    assert any(words.startswith("已存到") for words in words_of(screen.window()))


def test_a_ledger_that_is_printed_leaves_a_trace(qtbot, show, monkeypatch):
    """As one that is saved does."""
    frame, screen = show()
    printed = []

    def traces() -> int:
        said = []
        screen.context.work(
            lambda desk, _job: desk.register.row("SELECT count(*) FROM entry WHERE act='export_list'"),
            said.append,
            owner=screen,
        )
        idle(qtbot, frame)
        return said[0][0]

    monkeypatch.setattr("ui.parts.paper.print_pdf", lambda *_args: printed.append(_args) or True)
    before = traces()
    ledgers = part(qtbot, screen, "ledgers")
    qtbot.mouseClick(ledgers.pdf, Qt.MouseButton.LeftButton)
    idle(qtbot, frame)
    assert traces() == before, "looking at it is not letting it out"
    qtbot.mouseClick(frame.sheets.sheet.print_button, Qt.MouseButton.LeftButton)
    idle(qtbot, frame)
    assert len(printed) == 1
    assert traces() == before + 1


# Where the focus is, and that nothing waits.


def test_after_another_period_the_focus_is_on_the_page(qtbot, show):
    _frame, screen = show()
    tile = screen.shown.tiles["received"]
    tile.setFocus()
    screen.shown.picker.step(1)
    idle(qtbot, screen.window())
    assert screen.shown.tiles["received"].hasFocus(), "the tile of the new period, not the rail"
    screen.shown.groups.table.setFocus()
    qtbot.mouseClick(screen.part.buttons()[2], Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    assert screen.isAncestorOf(QApplication.focusWidget())


def test_a_change_while_a_list_is_open_is_counted_on_the_way_back(qtbot, show):
    frame, screen = show(month="2026-05")
    before = screen.shown.found
    screen.shown.open_list("open_at_end")
    idle(qtbot, screen.window())
    frame.context.register_changed.emit()
    assert screen.shown.found is before
    screen.back()
    idle(qtbot, screen.window())
    assert screen.shown.found is not before


@pytest.mark.parametrize("look", [{"percent": 200}, {"percent": 200, "language": "en", "theme": "dark"}])
def test_no_head_of_a_table_is_cut_off_in_large_type(qtbot, show, look):
    from PySide6.QtGui import QFont, QFontMetrics

    _frame, screen = show(**look)
    for table in (screen.shown.table.table, screen.shown.groups.table):
        header = table.horizontalHeader()
        font = QFont(header.font())
        font.setPixelSize(24)
        metrics = QFontMetrics(font)
        for at in range(table.columnCount()):
            if not table.isColumnHidden(at):
                lines = table.horizontalHeaderItem(at).text().split("\n")
                assert max(metrics.horizontalAdvance(line) for line in lines) <= table.columnWidth(at), lines
                assert len(lines) * metrics.lineSpacing() <= header.height()
