"""Calendars, overlays and thresholds: what would move is read before it counts, numbers are numbers."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from tests.ui.conftest import idle, unlocked

OFF = ("01-01", "05-01", "10-01", "10-02", "10-03")


def notice_file(folder: Path, year: int, off: tuple[str, ...] = OFF) -> Path:
    content = {
        "format": "petition-desk/calendar/1",
        "year": year,
        "notices": [f"关于{year}年部分节假日安排的通知（为测试而编）"],
        "source": "test",
        "licence": "-",
        "days": [{"date": f"{year}-{day}", "kind": "off", "name": "假日"} for day in off],
    }
    path = folder / f"{year}.json"
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


@pytest.fixture
def calendar(qtbot, frame):
    """The screen of calendars and rules, reached from the settings."""
    frame.go("settings")
    idle(qtbot, frame.window())
    frame._screens["settings"].calendar_button.click()
    idle(qtbot, frame.window())
    return frame, frame._screens["calendar"]


def next_year(screen) -> int:
    words = [made.text() for made in screen.findChildren(QLabel) if made.text().isdigit()]
    return max(int(word) for word in words if len(word) == 4) + 1


def load(qtbot, monkeypatch, frame, screen, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(path), ""))
    screen.load_button.setFocus()
    qtbot.keyClick(screen.load_button, Qt.Key.Key_Space)
    idle(qtbot, frame.window())


def said(screen) -> str:
    return " ".join(made.text() for made in screen.findChildren(QLabel))


def test_a_calendar_is_looked_at_then_applied_with_both_days_kept(qtbot, calendar, monkeypatch, tmp_path):
    frame, screen = calendar
    year = next_year(screen)
    load(qtbot, monkeypatch, frame, screen, notice_file(tmp_path, year))
    found = screen.difference
    assert found.candidate.name == str(year)
    assert len(found.shifts) == screen.table.model().rowCount()
    assert f"其中 {len(found.shifts)} 个会变动" in said(screen)
    before = [screen.table._model.words(at) for at in range(len(found.shifts))]
    assert all(row[5] != row[6] or row[7] for row in before), "each row says what changes"
    assert screen.apply_button.text() == f"启用，变动 {len(found.shifts)} 个期限"
    screen.apply_button.click()
    idle(qtbot, frame.window())
    assert screen.difference is None
    assert frame.told.words.text().startswith(f"已启用，变动 {len(found.shifts)} 个期限")
    assert next_year(screen) == year + 1
    if found.shifts:
        files = []
        frame.context.ask(lambda desk: desk.matter(found.shifts[0].matter), files.append)
        idle(qtbot, frame.window())
        assert any(moved.after_on == found.shifts[0].after_on for moved in files[0].shifts)


def test_looking_moves_nothing_and_escape_leaves(qtbot, calendar, monkeypatch, tmp_path):
    frame, screen = calendar
    year = next_year(screen)
    load(qtbot, monkeypatch, frame, screen, notice_file(tmp_path, year))
    assert screen.difference is not None
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    idle(qtbot, frame.window())
    assert screen.difference is None
    assert next_year(screen) == year
    assert frame.stack.currentWidget() is screen
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    idle(qtbot, frame.window())
    assert frame.stack.currentWidget() is frame._screens["settings"]


@pytest.mark.parametrize(("off", "words"), [(OFF[1:], "未作任何改动"), ((*OFF, "13-45"), "日期条目不可用")])
def test_a_faulty_file_is_told_and_nothing_changes(qtbot, calendar, monkeypatch, tmp_path, off, words):
    frame, screen = calendar
    year = next_year(screen)
    load(qtbot, monkeypatch, frame, screen, notice_file(tmp_path, year, off))
    assert screen.difference is None
    assert next_year(screen) == year
    assert words in said(screen)


def test_a_file_that_is_gone_is_told(qtbot, calendar, monkeypatch, tmp_path):
    frame, screen = calendar
    load(qtbot, monkeypatch, frame, screen, tmp_path / "没有.json")
    assert screen.difference is None
    assert "没有.json" in said(screen)


def test_what_changed_meanwhile_is_looked_at_anew(qtbot, calendar, monkeypatch, tmp_path):
    frame, screen = calendar
    load(qtbot, monkeypatch, frame, screen, notice_file(tmp_path, next_year(screen)))
    found = screen.difference
    frame.context.ask(lambda desk: desk.apply_calendar(desk.difference(found.candidate)))
    idle(qtbot, frame.window())
    screen.apply()
    idle(qtbot, frame.window())
    assert "请重新核对" in said(screen)


def test_an_overlay_is_looked_at_before_it_counts(qtbot, calendar):
    frame, screen = calendar
    assert screen.overlay.count() > 1
    screen.overlay.setCurrentIndex(1)
    screen.overlay_from.set_day(screen.overlay_from._today)
    screen.overlay_button.click()
    idle(qtbot, frame.window())
    found = screen.difference
    assert found.candidate.kind == "overlay"
    assert found.shifts == (), "what is open keeps its rules"
    screen.apply_button.click()
    idle(qtbot, frame.window())
    assert screen.overlay.value == found.candidate.name, "it counts now"


def test_a_past_day_is_refused(qtbot, calendar):
    frame, screen = calendar
    screen.overlay.setCurrentIndex(1)
    screen.overlay_from.setText("2020-01-01")
    screen.overlay_button.click()
    idle(qtbot, frame.window())
    assert "已收到的事项保持收到时的规则" in said(screen)


def test_the_difference_goes_to_a_file_with_real_days(qtbot, calendar, monkeypatch, tmp_path):
    frame, screen = calendar
    load(qtbot, monkeypatch, frame, screen, notice_file(tmp_path, next_year(screen)))
    if screen.table is None:
        pytest.skip("nothing that is open reaches into the year without a calendar")
    path = tmp_path / "变动.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    screen.export()
    idle(qtbot, frame.window())
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet.max_row == len(screen.difference.shifts) + 1
    assert sheet["G2"].number_format == "yyyy-mm-dd"


def test_a_role_that_reviews_nothing_sees_what_counts(qtbot, calendar):
    frame, screen = calendar
    frame.context.person = next(one for one in frame.context.staff if one.login == "zhou")
    screen.enter()
    idle(qtbot, frame.window())
    assert "由信访部门负责人和系统管理员载入和核对。" in said(screen)


# --- thresholds -------------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(qtbot, frame):
    """The settings with the bureau's numbers."""
    frame.go("settings")
    idle(qtbot, frame.window())
    return frame, frame._screens["settings"]


def test_thresholds_are_numbers_and_are_kept_as_numbers(qtbot, settings):
    frame, screen = settings
    assert [field.text() for field in screen.thresholds.values()] == ["0", "5", "15"]
    screen.thresholds["major.hours"].setText("4")
    screen.thresholds["supervision.idle_days"].setText("20")
    screen.save_button.click()
    idle(qtbot, frame.window())
    found = []
    frame.context.ask(lambda desk: desk.settings(), found.append)
    idle(qtbot, frame.window())
    assert found[0]["major.hours"] == 4
    assert found[0]["supervision.idle_days"] == 20
    assert "intake.group_from" not in found[0], "what was not changed is not written"


@pytest.mark.parametrize(
    ("name", "typed"), [("supervision.idle_days", "0"), ("intake.group_from", "五"), ("major.hours", "-1")]
)
def test_what_is_no_number_is_told_at_its_field(qtbot, settings, name, typed):
    frame, screen = settings
    screen.thresholds[name].setText(typed)
    screen.save_button.click()
    idle(qtbot, frame.window())
    assert "整数" in screen._threshold_fields[name].doubted
    assert screen.thresholds[name].hasFocus()
    found = []
    frame.context.ask(lambda desk: desk.settings(), found.append)
    idle(qtbot, frame.window())
    assert name not in found[0]


def test_the_table_folds_columns_in_large_type_and_keeps_both_days(qtbot, make_window, monkeypatch, tmp_path):
    frame = unlocked(qtbot, make_window(percent=200))
    frame.go("calendar")
    idle(qtbot, frame.window())
    screen = frame._screens["calendar"]
    load(qtbot, monkeypatch, frame, screen, notice_file(tmp_path, next_year(screen)))
    if screen.table is not None:
        from ui.screens.settings_moved import COLUMNS

        shown = {name for at, name in enumerate(COLUMNS) if not screen.table.isColumnHidden(at)}
        assert {"number", "before", "after"} <= shown
