"""Putting things right from the page: a step reversed and struck, a fact amended, and the history of both."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QToolButton

from tests.ui import lives, staging
from tests.ui.conftest import idle
from tests.ui.test_life import block_called, called, take, words_of
from ui.screens.matter.amending import AmendSheet
from ui.screens.matter.fieldmenu import FieldOf
from ui.screens.matter.history import HistorySheet, ReverseSheet


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, today: date) -> Path:
    """A closed register to copy from, with a matter of many steps."""
    path = tmp_path_factory.mktemp("corrections") / "云溪县.register"
    staging.build(path, today)
    lives.add_crowd(path, today, people=0, lines=70)
    return path


@pytest.fixture
def screened(qtbot, frame):
    """A matter that was just screened as a claim, on its page."""
    frame.open_matter(called(qtbot, frame, "请求出具户口迁移证明"))
    idle(qtbot, frame.window())
    screen = frame._screens["matter"]
    take(qtbot, frame, screen, "screen", category="claim", exit="6")
    return screen


def line_of(screen, act: str):
    return next(one for one in screen.file.story if one.act == act)


def menu_button(screen, entry: str) -> QToolButton:
    buttons = block_called(screen, "经过").findChildren(QToolButton)
    return next(one for one in buttons if f"（{entry}）" in one.accessibleName())


def actions_of(menu: QMenu) -> dict[str, bool]:
    return {one.text(): one.isEnabled() for one in menu.actions() if not one.isSeparator()}


def opened_menu(qtbot, screen, act: str) -> QMenu:
    """Open the menu of a line of the story by the keyboard."""
    button = menu_button(screen, line_of(screen, act).entry)
    screen.correcting.menu = None
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: screen.correcting.menu is not None, timeout=10_000)
    return screen.correcting.menu


def choose(menu: QMenu, words: str) -> None:
    next(one for one in menu.actions() if one.text() == words).trigger()
    menu.close()


def open_reversal(qtbot, frame, screen, act: str) -> ReverseSheet:
    choose(opened_menu(qtbot, screen, act), "更正（撤销）…")
    qtbot.waitUntil(lambda: isinstance(frame.sheets.sheet, ReverseSheet), timeout=10_000)
    return frame.sheets.sheet


def test_reversing_says_in_plain_words_what_it_takes_back(qtbot, frame, screened):
    shown = words_of(open_reversal(qtbot, frame, screened, "screen"))
    assert "状态由“已甄别”恢复为“已登记”" in shown
    assert "不删除任何记录" in shown


def test_a_reversal_needs_its_reason_and_strikes_the_step(qtbot, frame, screened):
    sheet = open_reversal(qtbot, frame, screened, "screen")
    sheet.go.click()
    assert sheet.reason_field.doubted == "需要填写。"
    assert QApplication.focusWidget() is sheet.reason
    assert screened.file.matter["state"] == "S2"
    sheet.reason.setText("途径选错")
    sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    assert screened.file.matter["state"] == "S1"
    story = block_called(screened, "经过")
    assert "已由陈立新撤销：途径选错" in words_of(story)
    struck = [one.text() for one in story.findChildren(QLabel) if "line-through" in one.styleSheet()]
    assert struck[0] == "甄别"


def test_ctrl_enter_goes_on_with_the_sheet_that_is_open(qtbot, frame, screened):
    sheet = open_reversal(qtbot, frame, screened, "screen")
    sheet.reason.setText("途径选错")
    sheet.reason.setFocus()
    qtbot.keyClick(sheet.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    assert screened.file.matter["state"] == "S1"
    assert frame.sheets.sheet is None, "no other act was begun"


def test_what_cannot_be_reversed_is_greyed_with_its_reason(qtbot, frame, screened):
    sheet = open_reversal(qtbot, frame, screened, "screen")
    sheet.reason.setText("途径选错")
    sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    menu = opened_menu(qtbot, screened, "screen")
    assert actions_of(menu)["更正（撤销）…"] is False
    undo = next(one for one in menu.actions() if one.text() == "更正（撤销）…")
    assert "已由陈立新撤销（途径选错）" in undo.toolTip()
    choose(menu, "为什么不能撤销…")
    qtbot.waitUntil(lambda: isinstance(frame.sheets.sheet, ReverseSheet), timeout=10_000)
    why = frame.sheets.sheet
    assert "已由陈立新撤销（途径选错）" in words_of(why)
    assert not why.go.isVisible()
    assert not why.reason_field.isVisible()


def test_a_refusal_of_the_register_is_told_in_the_sheet(qtbot, frame, screened):
    sheet = open_reversal(qtbot, frame, screened, "screen")
    entry, matter = sheet.entry, screened.matter
    frame.context.ask(lambda desk: desk.reverse(matter, entry, "别处已撤销"))
    idle(qtbot, frame.window())
    sheet.reason.setText("途径选错")
    sheet.go.click()
    qtbot.waitUntil(lambda: sheet._refusal is not None, timeout=10_000)
    assert "已由陈立新撤销（别处已撤销）" in sheet._refusal.accessibleName()
    assert sheet.go.isEnabled()


def test_a_step_tells_what_it_changed(qtbot, frame, screened):
    choose(opened_menu(qtbot, screened, "screen"), "字段沿革…")
    qtbot.waitUntil(lambda: isinstance(frame.sheets.sheet, HistorySheet), timeout=10_000)
    shown = words_of(frame.sheets.sheet)
    assert "状态：已登记 → 已甄别" in shown
    assert "陈立新" in shown
    assert "甄别" in shown


def test_a_field_tells_its_history_with_the_reversed_changes_struck(qtbot, frame, screened):
    sheet = open_reversal(qtbot, frame, screened, "screen")
    sheet.reason.setText("途径选错")
    sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    screened.correcting._field_history(FieldOf("matter", screened.matter, "exit", "途径"))
    qtbot.waitUntil(lambda: isinstance(frame.sheets.sheet, HistorySheet), timeout=10_000)
    shown = frame.sheets.sheet
    struck = [one.text() for one in shown.findChildren(QLabel) if "line-through" in one.styleSheet()]
    assert len(struck) == 1
    assert "适用信访程序" in struck[0]
    assert "已撤销：途径选错" in words_of(shown)


def test_a_long_history_shows_its_first_lines_and_all_on_request(qtbot, frame):
    matter = called(qtbot, frame, lives.CROWDED)
    frame.open_matter(matter)
    idle(qtbot, frame.window())
    screen = frame._screens["matter"]
    screen.correcting._ask_history(lambda desk: desk.history(matter), "沿革")
    qtbot.waitUntil(lambda: isinstance(frame.sheets.sheet, HistorySheet), timeout=10_000)
    sheet = frame.sheets.sheet
    assert sheet.rest.isVisible()
    assert "第 0 次加记" not in words_of(sheet)
    sheet.rest.click()
    assert sheet._lines.count() >= 2 * 70


def test_the_clock_at_a_block_leads_to_history_and_amendment_of_each_field(qtbot, frame, screened):
    button = next(
        one
        for one in block_called(screened, "登记要素").findChildren(QToolButton)
        if one.accessibleName() == "登记要素：字段沿革与更正"
    )
    button.click()
    menu = next(one for one in button.findChildren(QMenu) if one.isVisible())
    words = list(actions_of(menu))
    assert "概况/标题：沿革…" in words
    assert "概况/标题：更正…" in words
    assert "依法分类途径：沿革…" in words
    assert "依法分类途径：更正…" not in words, "what an act decided is reversed, not amended"
    choose(menu, "概况/标题：更正…")
    assert isinstance(frame.sheets.sheet, AmendSheet)


def test_the_menu_key_on_a_field_opens_its_menu(qtbot, screened):
    label = next(one for one in block_called(screened, "信访人").findChildren(QLabel) if "13900010002" in one.text())
    QApplication.sendEvent(
        label, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(2, 2), label.mapToGlobal(QPoint(2, 2)))
    )
    menu = next(one for one in label.findChildren(QMenu) if one.isVisible())
    assert list(actions_of(menu)) == ["电话：沿革…", "电话：更正…"]
    menu.close()


def test_a_fact_is_put_right_with_row_and_column_filled_in(qtbot, frame, screened):
    person = screened.file.people[0]["id"]
    screened.correcting._amend(FieldOf("person", person, "phone", "电话"))
    sheet = frame.sheets.sheet
    assert isinstance(sheet, AmendSheet)
    assert sheet.values() == {"row": f"person:{person}", "column": "phone", "value": "13900010002"}
    assert "现登记为：13900010002" in words_of(sheet)
    assert QApplication.focusWidget() is sheet._value
    sheet._value.setText("13900019999")
    sheet.go.click()
    assert sheet._fields["reason"].doubted == "需要填写。"
    sheet.inputs["reason"].setText("当面核对")
    sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    assert screened.file.people[0]["phone"] == "13900019999"
    assert "13900019999" in words_of(block_called(screened, "信访人"))


def test_the_value_follows_row_and_column(qtbot, frame, screened):
    choose(opened_menu(qtbot, screened, "screen"), "更正登记事项…")
    sheet = frame.sheets.sheet
    assert isinstance(sheet, AmendSheet)
    item = screened.file.items[0]["id"]
    sheet.inputs["row"].set_value(f"item:{item}")
    sheet.inputs["column"].set_value("channel")
    assert sheet.values()["value"] == "letter"
    assert "现登记为：来信" in words_of(sheet)
    sheet.inputs["column"].set_value("received_on")
    assert sheet.values()["value"] == screened.file.items[0]["received_on"]
    sheet.inputs["row"].set_value("matter")
    sheet.inputs["column"].set_value("joint")
    assert sheet.values()["value"] == "no"


def test_what_the_register_refuses_stands_at_its_field(qtbot, frame, screened):
    item = screened.file.items[0]["id"]
    screened.correcting._amend(FieldOf("item", item, "received_on", "收到日期"))
    sheet = frame.sheets.sheet
    sheet._value.setText("1949-01-01")
    sheet.inputs["reason"].setText("核对邮戳")
    sheet.go.click()
    qtbot.waitUntil(lambda: bool(sheet._fields["value"].doubted), timeout=10_000)
    assert "1949-01-01" in sheet._fields["value"].doubted


def test_what_was_said_is_reached_by_the_keyboard_too(qtbot, screened):
    button = block_called(screened, "信访人陈述").findChild(QToolButton)
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    menu = next(one for one in button.findChildren(QMenu) if one.isVisible())
    assert list(actions_of(menu)) == ["内容：沿革…", "内容：更正…"]
    menu.close()


def test_every_new_button_has_a_name_for_the_reader(screened):
    nameless = [
        one
        for kind in (QPushButton, QToolButton)
        for one in screened.findChildren(kind)
        if not one.accessibleName().strip()
    ]
    assert nameless == []
