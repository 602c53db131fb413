"""Several matters at once: picked by keyboard, one act with its inputs or the suggestions, the report, the export."""

from __future__ import annotations

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from models import bulk
from models.records import Filters
from tests.ui.conftest import idle, unlocked
from tests.ui.staging import MATTERS


@pytest.fixture
def listed(qtbot, frame):
    """The register's screen with its first page."""
    frame.go("register")
    idle(qtbot, frame.window())
    return frame, frame._screens["register"]


def pick_unscreened(qtbot, frame, screen) -> int:
    screen.state.set_value("S1")
    idle(qtbot, frame.window())
    screen.table.setFocus()
    qtbot.keyClick(screen.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    idle(qtbot, frame.window())
    return len(screen.model.picked)


def sheet_of(qtbot, frame, screen):
    screen.bar.bulk_button.click()
    idle(qtbot, frame.window())
    return frame.sheets.sheet


def test_space_shift_and_ctrl_a_pick_and_escape_leaves(qtbot, listed):
    frame, screen = listed
    table = screen.table
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert list(screen.model.picked) == [screen.model.line(0).id]
    assert screen.bar.isVisible()
    assert screen.bar.count.text() == "已选 1 件"
    for _ in range(2):
        qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert len(screen.model.picked) == 3
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert len(screen.model.picked) == 2
    first = screen.model.index(0, 0)
    assert screen.model.data(first, Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    assert "已选" in screen.model.data(first, Qt.ItemDataRole.AccessibleTextRole)
    qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    idle(qtbot, frame.window())
    assert len(screen.model.picked) == len(MATTERS)
    assert screen.bar.all_button.text() == f"全选当前条件 {len(MATTERS)} 件"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert screen.model.picked == {}
    assert not screen.bar.isVisible()
    assert frame.stack.currentWidget() is screen


def test_all_of_a_filter_are_those_of_the_filter_and_only_those(qtbot, listed):
    frame, screen = listed
    count = pick_unscreened(qtbot, frame, screen)
    assert screen.count.text() == f"共 {count} 件"
    found = []
    frame.context.ask(lambda desk: desk.page(Filters(states=("S1",))).lines, found.extend)
    idle(qtbot, frame.window())
    assert set(screen.model.picked) == {line.id for line in found}


def test_the_box_in_front_of_a_row_is_pressed(qtbot, listed):
    _frame, screen = listed
    index = screen.model.index(1, 0)
    assert not screen.model.flags(index) & Qt.ItemFlag.ItemIsUserCheckable, "no boxes before anything is picked"
    screen.pick_button.click()
    assert screen.model.flags(index) & Qt.ItemFlag.ItemIsUserCheckable
    assert screen.model.setData(index, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    assert len(screen.model.picked) == 2
    assert not screen.model.setData(index, "x", Qt.ItemDataRole.EditRole)


def test_screening_takes_the_suggestions_that_stay_ticked(qtbot, listed):
    frame, screen = listed
    count = pick_unscreened(qtbot, frame, screen)
    sheet = sheet_of(qtbot, frame, screen)
    choices = [sheet.act.itemText(at) for at in range(sheet.act.count())]
    assert any(words.startswith(f"甄别（{count} 件中可办 {count} 件）") for words in choices)
    assert QApplication.focusWidget() is sheet.act
    sheet.act.set_value("screen")
    idle(qtbot, frame.window())
    table = sheet.table
    assert table.rowCount() == count
    assert all(table.item(at, 4).text() for at in range(count)), "each with its reason"
    assert sheet.go.text() == f"办理 {count} 件"
    table.setCurrentCell(0, 0)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    left = table._lines[0].matter
    assert sheet.go.text() == f"办理 {count - 1} 件"
    sheet.go.click()
    idle(qtbot, frame.window())
    assert sheet.report.count("done") == count - 1
    assert screen.model.picked == {}, "what was picked is done with"
    states = []
    frame.context.ask(lambda desk: desk.page(Filters()).lines, states.extend)
    idle(qtbot, frame.window())
    by_state = {line.id: line.state for line in states}
    assert by_state[left] == "S1"
    assert sum(state == "S1" for state in by_state.values()) == 1


def test_inputs_typed_once_go_to_all_and_what_is_refused_says_why(qtbot, listed):
    frame, screen = listed
    qtbot.keyClick(screen.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    idle(qtbot, frame.window())
    sheet = sheet_of(qtbot, frame, screen)
    sheet.act.set_value("screen")
    idle(qtbot, frame.window())
    sheet.suggested.setChecked(False)
    sheet.go.click()
    assert sheet._fields["category"].doubted, "a class is asked for"
    sheet.inputs["category"].set_value("claim")
    sheet.inputs["exit"].set_value("6")
    sheet.go.click()
    idle(qtbot, frame.window())
    report = sheet.report
    assert report.count("done") + report.count("refused") == len(MATTERS)
    refused = report.of("refused")
    assert refused
    table = sheet.findChildren(type(sheet.findChild(bulk_table())))[0]
    assert table.item(0, 1).text() == "未办", "what was refused stands in front"
    assert "须在" in table.item(0, 3).text()


def bulk_table():
    from ui.screens.register_outcome import ReportTable

    return ReportTable


def test_the_report_is_saved_as_a_workbook(qtbot, listed, tmp_path, monkeypatch):
    frame, screen = listed
    count = pick_unscreened(qtbot, frame, screen)
    sheet = sheet_of(qtbot, frame, screen)
    sheet.act.set_value("screen")
    idle(qtbot, frame.window())
    sheet.go.click()
    idle(qtbot, frame.window())
    path = tmp_path / "报告"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), "Excel 工作簿 (*.xlsx)"))
    sheet.save.click()
    idle(qtbot, frame.window())
    rows = list(openpyxl.load_workbook(path.with_suffix(".xlsx")).worksheets[0].values)
    assert len(rows) == count + 1
    assert rows[0][0] == "事项编号"


def test_a_run_that_is_called_off_still_reports_what_was_done(qtbot, listed, monkeypatch):
    frame, screen = listed
    count = pick_unscreened(qtbot, frame, screen)
    sheet = sheet_of(qtbot, frame, screen)
    sheet.act.set_value("screen")
    idle(qtbot, frame.window())
    whole, taken = bulk._one, []

    def one(*args, **how):
        taken.append(args)
        if len(taken) == 2:
            sheet._job.cancel()
            frame.context.called_off.emit()
        return whole(*args, **how)

    monkeypatch.setattr(bulk, "_one", one)
    sheet.go.click()
    idle(qtbot, frame.window())
    assert sheet.report.stopped
    assert sheet.report.count("done") == len(taken) == 2
    assert count > 2


def test_what_is_closed_has_no_act_in_common(qtbot, listed):
    frame, screen = listed
    screen.state.set_value("S13")
    idle(qtbot, frame.window())
    screen.table.setFocus()
    qtbot.keyClick(screen.table, Qt.Key.Key_Space)
    sheet = sheet_of(qtbot, frame, screen)
    names = set(sheet._open)
    assert "screen" not in names
    assert not names & {"withdraw", "reverse", "amend"}


@pytest.mark.parametrize(("suffix", "picked"), [(".xlsx", False), (".csv", True)])
def test_the_list_or_what_was_picked_goes_to_a_file(qtbot, listed, tmp_path, monkeypatch, suffix, picked):
    frame, screen = listed
    path = tmp_path / f"清单{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    if picked:
        qtbot.keyClick(screen.table, Qt.Key.Key_Space)
        qtbot.keyClick(screen.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        screen.bar.export_button.click()
    else:
        screen.export_button.click()
    qtbot.waitUntil(path.exists, timeout=10_000)
    qtbot.waitUntil(frame.told.isVisible, timeout=10_000)
    count = len(screen.model.picked) if picked else len(MATTERS)
    assert frame.told.words.text().startswith(f"已导出 {count} 件")
    if suffix == ".csv":
        assert len(path.read_text("utf-8-sig").splitlines()) == count + 1
    else:
        assert openpyxl.load_workbook(path).worksheets[0].max_row == count + 1


def test_no_file_no_export(qtbot, listed, monkeypatch, tmp_path):
    frame, screen = listed
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: ("", ""))
    screen.export_button.click()
    idle(qtbot, frame.window())
    assert not frame.told.isVisible()


def test_the_bar_fits_in_large_type(qtbot, make_window):
    frame = unlocked(qtbot, make_window(percent=200))
    frame.go("register")
    idle(qtbot, frame.window())
    screen = frame._screens["register"]
    qtbot.keyClick(screen.table, Qt.Key.Key_Space)
    qtbot.wait(50)
    for made in screen.bar.buttons():
        assert made.mapTo(screen, made.rect().bottomRight()).x() <= screen.width()
        assert made.width() >= made.sizeHint().width()
