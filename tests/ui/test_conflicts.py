"""Conflicts in the window: both values side by side, one chosen with its reason, another filled in."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.ui import together
from tests.ui.conftest import idle, unlocked
from ui.frame import Frame
from ui.parts.lines import LineButton
from ui.screens.sync.conflicts import SettleSheet
from ui.screens.sync.screen import SyncScreen
from ui.words import t


@pytest.fixture
def matter(register: Path) -> int:
    return together.apart(register)


@pytest.fixture
def frame(qtbot, make_window, matter: int) -> Frame:
    return unlocked(qtbot, make_window())


def lines_of(qtbot, frame: Frame) -> list[LineButton]:
    frame.go("sync")
    screen = frame._screens["sync"]
    assert isinstance(screen, SyncScreen)
    screen.part.set_value("conflicts")
    idle(qtbot, frame.window())
    qtbot.waitUntil(lambda: not screen.conflicts.lines._later, timeout=5000)
    return [one for one in screen.conflicts.findChildren(LineButton) if one.isVisible()]


def settling(qtbot, frame: Frame, line: LineButton) -> SettleSheet:
    line.click()
    qtbot.waitUntil(lambda: isinstance(frame.sheets.sheet, SettleSheet))
    sheet = frame.sheets.sheet
    assert isinstance(sheet, SettleSheet)
    return sheet


def title_of(qtbot, frame: Frame, matter: int) -> str:
    found = []
    frame.context.ask(lambda desk: desk.matter(matter).matter["title"], found.append)
    idle(qtbot, frame.window())
    return found[0]


def day_of(qtbot, frame: Frame) -> str:
    found = []
    sql = "SELECT accepted_on FROM matter WHERE accepted_on LIKE '2026-03-%'"
    frame.context.ask(lambda desk: desk.register.row(sql), found.append)
    idle(qtbot, frame.window())
    return found[0][0]


def test_the_one_with_a_day_by_law_comes_first_and_says_so(qtbot, frame) -> None:
    first, second = lines_of(qtbot, frame)
    assert t("conflict.statutory") in first.accessibleName()
    assert "2026-03-05" in first.accessibleName()
    assert "2026-03-02" in first.accessibleName()
    assert "乱收费" in second.accessibleName()


def test_both_values_stand_side_by_side_and_the_other_is_taken(qtbot, frame, matter) -> None:
    sheet = settling(qtbot, frame, lines_of(qtbot, frame)[1])
    words = [one.text() for one in sheet.findChildren(QLabel)]
    assert "反映城东路口临时停车乱收费" in words
    assert "反映城东路口停车收费不给票据" in words
    assert any("接访笔记本" in one for one in words)
    sheet.go.click()
    assert frame.sheets.sheet is sheet  # neither value holds before somebody says so
    sheet.fields["choice"].set_value("other")
    sheet.fields["reason"].setText("以登记表原件为准")
    qtbot.keyClick(sheet.fields["reason"], Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    assert title_of(qtbot, frame, matter) == "反映城东路口停车收费不给票据"
    assert len(lines_of(qtbot, frame)) == 1


def test_a_third_value_may_be_right_and_a_day_is_typed_as_people_do(qtbot, frame) -> None:
    sheet = settling(qtbot, frame, lines_of(qtbot, frame)[0])
    sheet.fields["choice"].set_value("new")
    sheet.fields["value"].setText("2026年3月4日")
    sheet.fields["reason"].setText("受理通知书上的日期")
    sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    assert len(lines_of(qtbot, frame)) == 1
    assert day_of(qtbot, frame) == "2026-03-04"
