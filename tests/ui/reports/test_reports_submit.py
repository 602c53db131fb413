"""Submitting and what follows: order of months, the draft, the frozen paper, corrections, units, ledgers, stages."""

from __future__ import annotations

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from models.desk import Desk
from models.register import Register
from tests.models import conftest as small
from tests.models.figures.bureau import ROUTE
from tests.ui.conftest import idle, unlocked
from tests.ui.reports import office
from tests.ui.reports.conftest import choose, listed, part, text_of, words_of


def act(path, day: str, what) -> None:
    """Do something at the register by the head of the petition unit, on a day, while no window is open."""
    with Register.open(path, small.LOGIN, small.PASSPHRASE) as opened:
        desk = Desk(opened, now=lambda: small.at(day))
        desk.person = small.person(opened, "pu")
        what(desk)


def submit_month(path, key: str, day: str) -> None:
    act(path, day, lambda desk: desk.figures.submit(desk.figures.month(key)))


def sheet_of(qtbot, frame, screen):
    qtbot.mouseClick(screen.shown.submit, Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    return frame.sheets.sheet


def test_a_month_is_submitted_with_its_analysis_and_frozen(qtbot, show):
    frame, screen = show()
    sheet = sheet_of(qtbot, frame, screen)
    assert sheet.analysis.hasFocus()
    qtbot.keyClicks(sheet.analysis, "gang")
    sheet.analysis.setText("来访集中在停车收费。")
    sheet.suggestions.setText("建议规范收费公示。")
    qtbot.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    assert frame.sheets.sheet is None
    assert any("已于 2026-05-10 由信大明报送" in words for words in words_of(screen))
    assert not screen.shown.submit.isEnabled()
    assert {"来访集中在停车收费。", "建议规范收费公示。"} <= set(words_of(screen))
    qtbot.mouseClick(screen.shown.pdf, Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    text = text_of(frame.sheets.sheet.data).replace("\n", "")
    assert "来访集中在停车收费。" in text
    assert "示公" in text, "the issued paper bears its number"
    assert "未出具" not in text


@pytest.mark.parametrize(
    ("language", "said", "go"),
    [("zh", "请先报送该月", "先报送2026年3月"), ("en", "submit that month first", "Submit March 2026 first")],
)
def test_a_missing_earlier_month_is_named_and_led_to(qtbot, show, register, language, said, go):
    submit_month(register, "2026-02", "2026-03-05")
    frame, screen = show(month="2026-04", language=language)
    sheet = sheet_of(qtbot, frame, screen)
    sheet.analysis.setText("四月")
    qtbot.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    assert frame.sheets.sheet is sheet
    assert any(said in words for words in words_of(sheet))
    way = next(made for made in sheet.findChildren(QPushButton) if made.text() == go)
    qtbot.mouseClick(way, Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    assert frame.sheets.sheet is None
    assert screen.shown.found.report.period.key == "2026-03"


def test_the_draft_is_kept_and_ends_with_the_submission(qtbot, show):
    frame, screen = show()
    sheet = sheet_of(qtbot, frame, screen)
    sheet.analysis.setText("写到一半")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    idle(qtbot, screen.window())
    assert frame.sheets.sheet is None
    sheet = sheet_of(qtbot, frame, screen)
    assert sheet.analysis.text() == "写到一半"
    assert sheet.kept.text() == "已恢复上次的草稿"
    qtbot.mouseClick(sheet.view, Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    text = text_of(frame.sheets.sheet.data)
    assert "写到一半" in text
    assert "预览稿" in text
    frame.sheets.close_sheet()
    sheet = sheet_of(qtbot, frame, screen)
    sheet.submit()
    idle(qtbot, screen.window())
    drafts = []
    frame.context.ask(lambda desk: desk.drafts(), drafts.extend)
    idle(qtbot, screen.window())
    assert drafts == []


def test_the_draft_survives_the_lock(qtbot, show):
    frame, screen = show()
    window = frame.window()
    sheet_of(qtbot, frame, screen).analysis.setText("锁上之前")
    window.lock()
    qtbot.waitUntil(lambda: not window.context.worker.busy, timeout=20_000)
    again = unlocked(qtbot, window)
    again.go("reports")
    idle(qtbot, window)
    choose(qtbot, again._screens["reports"], "2026-03")
    assert sheet_of(qtbot, again, again._screens["reports"]).analysis.text() == "锁上之前"


def test_who_may_not_submit_is_not_offered_it(show):
    _frame, screen = show("reg")
    assert not screen.shown.submit.isVisible()


def test_a_later_change_of_a_submitted_month_is_a_correction_with_its_matters(qtbot, show, register):
    _path, matters = office.made()
    submit_month(register, "2026-03", "2026-04-02")

    def cancel(desk: Desk) -> None:
        number = desk.register.row("SELECT number FROM item WHERE matter=?", (matters["K"],))
        desk.perform(matters["K"], "cancel_item", {"item": number[0], "reason": "误登"})

    act(register, "2026-04-20", cancel)
    _frame, screen = show()
    part_ = screen.shown.corrections
    rows = {part_.table.words(row, 0): row for row in range(part_.table.rowCount())}
    row = rows["收到信访件"]
    assert [part_.table.words(row, at) for at in (1, 2, 3)] == ["8 件次", "7 件次", "-1"]
    part_.table.setFocus()
    part_.table.setCurrentCell(row, 0)
    qtbot.keyClick(part_.table, Qt.Key.Key_Return)
    idle(qtbot, screen.window())
    assert listed(screen) == [matters["K"]]
    screen.back()
    choose(qtbot, screen, "2026-04")
    before = screen.shown.corrections
    qtbot.mouseClick(before.look, Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    told = [[before.table.words(at, across) for across in range(4)] for at in range(before.table.rowCount())]
    assert ["收到信访件", "2026-03", "8 件次", "7 件次"] in told


def test_months_that_are_waited_for_are_named_and_opened(qtbot, show, register):
    submit_month(register, "2026-02", "2026-03-05")
    _frame, screen = show(month="2026-05")
    way = [made for made in screen.shown.findChildren(QPushButton) if made.text() in ("2026年3月", "2026年4月")]
    assert [made.text() for made in way] == ["2026年3月", "2026年4月"]
    qtbot.mouseClick(way[1], Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    assert screen.shown.found.report.period.key == "2026-04"


# Units by duties done.


@pytest.mark.parametrize(
    ("language", "guard", "verdict"),
    [
        ("zh", "应办不足 10 件，数量过小，不作评判", "数量过小，不评价"),
        ("en", "too few to be judged", "too few to judge"),
    ],
)
def test_units_with_few_duties_are_not_judged_and_their_lists_open(qtbot, show, language, guard, verdict):
    _path, matters = office.made()
    _frame, screen = show(language=language)
    units = part(qtbot, screen, "units")
    choose(qtbot, screen, "2026-03")
    assert any(guard in words for words in words_of(units))
    table = units.table
    assert [table.words(0, at) for at in (1, 2)] == ["4", "3"]
    assert table.words(0, 5) == verdict
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    idle(qtbot, screen.window())
    assert listed(screen) == [matters["C"]], "what was not done in time comes first"
    screen.back()
    qtbot.mouseClick(units.duty.buttons()[3], Qt.MouseButton.LeftButton)
    assert units.table.rowCount() == 2
    assert units.table.words(1, 3) == "100.0%"


def test_a_funnel_is_drawn_where_units_can_be_compared(qtbot, show, register):
    _frame, screen = show()
    units = part(qtbot, screen, "units")
    units.picker.kind.set_value("annual")
    choose(qtbot, screen, "2026")
    found = units.found
    for button, measure in zip(units.duty.buttons(), found.measures, strict=True):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        drawn = measure.overall not in (None, 0.0, 1.0) and len(measure.lines) > 1
        assert (units.chart is not None) == drawn, measure.code
        if drawn:
            assert len(units.chart.readings) == len(measure.lines)
            assert "数量过小，不作评判" in units.chart.accessibleDescription()


# Ledgers.


@pytest.mark.parametrize(("language", "title"), [("zh", "信访台账"), ("en", "Ledger of items")])
def test_the_ledger_is_shown_as_on_paper_and_saved_whole(
    qtbot,
    show,
    tmp_path,
    monkeypatch,
    language,
    title,
):
    frame, screen = show(language=language)
    ledgers = part(qtbot, screen, "ledgers")
    for field, day in ((ledgers.first, "2026-03-01"), (ledgers.last, "2026-03-31")):
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, day)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        idle(qtbot, screen.window())
    assert ledgers.table.rowCount() == 9, "eight items and the cancelled one, which keeps its number"
    numbers = [ledgers.table.words(row, 0).split("\n")[0] for row in range(9)]
    assert title in words_of(ledgers)
    qtbot.mouseClick(ledgers.pdf, Qt.MouseButton.LeftButton)
    idle(qtbot, screen.window())
    text = text_of(frame.sheets.sheet.data)
    assert [number for number in numbers if number not in text] == []
    frame.sheets.close_sheet()
    for suffix, button in ((".xlsx", ledgers.xlsx), (".pdf", ledgers.save_pdf)):
        path = tmp_path / f"台账{suffix}"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, path=path: (str(path), ""))
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        idle(qtbot, screen.window())
        assert path.stat().st_size > 1000
    book = openpyxl.load_workbook(tmp_path / "台账.xlsx")
    cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert set(numbers) <= cells


def test_a_ledger_that_ends_before_it_begins_is_refused(qtbot, show):
    _frame, screen = show()
    ledgers = part(qtbot, screen, "ledgers")
    ledgers.last.setText("2020-01-01")
    ledgers.last.editingFinished.emit()
    idle(qtbot, screen.window())
    assert any("早于起始日" in words for words in words_of(ledgers))
    assert not ledgers.xlsx.isEnabled()


def test_other_ledgers_say_when_there_is_nothing(qtbot, show):
    _frame, screen = show()
    ledgers = part(qtbot, screen, "ledgers")
    ledgers.kind.setFocus()
    for kind, said in (
        ("supervision", "这一期间没有记录"),
        ("major", "这一期间没有记录"),
        ("key-cases", "还没有设立重点信访案件专项"),
    ):
        ledgers.kind.set_value(kind)
        idle(qtbot, screen.window())
        assert any(said in words for words in words_of(ledgers)), kind
    assert not ledgers.first.isEnabled(), "the book of key cases is that of the whole programme"


# Stages of a programme.


def programme(desk: Desk) -> None:
    desk.programmes.create("2011-key-cases")


def test_a_stage_is_chosen_and_tells_of_the_programme(qtbot, show, register):
    act(register, "2026-04-20", programme)
    _frame, screen = show()
    page = screen.shown
    page.picker.kind.set_value("stage")
    idle(qtbot, screen.window())
    assert page.picker.stage.count() > 3
    page.picker.stage.setFocus()
    qtbot.keyClick(page.picker.stage, Qt.Key.Key_Down)
    idle(qtbot, screen.window())
    assert page.found.report.period.kind in ("stage", "final")
    assert any(words.startswith("重点信访案件：") for words in words_of(screen))
    assert page.charts[0].chart.kind == "target", "what is to be reached comes first"
    assert len(page.case_groups) == 1


def test_directed_by_key_a_group_opens(qtbot, show, register):
    """A later act counts in its own month only, and its part opens."""
    _path, matters = office.made()

    def direct(desk: Desk) -> None:
        desk.perform(matters["C"], "screen", {"category": "claim", "exit": "4"})
        desk.perform(matters["C"], "direct", {}, ROUTE)

    act(register, "2026-04-10", direct)
    _frame, screen = show(month="2026-04")
    screen.shown.open_list("directed")
    idle(qtbot, screen.window())
    assert listed(screen) == [matters["C"]]
