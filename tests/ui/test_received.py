"""A bag of letters row by row, and joint letters: lists that are pasted, representatives that are too many."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from models.errors import DiskFullError
from models.records import Filters
from tests.ui.conftest import idle, unlocked
from ui.screens.newitem.people import SIGNATORIES_SHOWN


@pytest.fixture
def bag(qtbot, frame):
    """The sheet of a bag of letters, opened by its key."""
    frame.open_new("letter")
    idle(qtbot, frame.window())
    qtbot.keyClick(
        QApplication.focusWidget(),
        Qt.Key.Key_R,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    idle(qtbot, frame.window())
    return frame, frame.sheets.sheet


def type_row(qtbot, frame, sheet, postmark: str, number: str) -> None:
    assert QApplication.focusWidget() in (sheet.received_on, sheet.postmark_on)
    sheet.postmark_on.setFocus()
    qtbot.keyClicks(sheet.postmark_on, postmark)
    qtbot.keyClick(sheet.postmark_on, Qt.Key.Key_Tab)
    assert sheet.source_number.hasFocus()
    qtbot.keyClicks(sheet.source_number, number)
    qtbot.keyClick(sheet.source_number, Qt.Key.Key_Return)
    idle(qtbot, frame.window())


def test_rows_are_registered_by_enter_each_with_its_number(qtbot, bag, today):
    frame, sheet = bag
    assert sheet.received_on.hasFocus()
    for postmark, number in (("-2", "A-1"), ("-1", "A-2"), ("0", "A-3")):
        type_row(qtbot, frame, sheet, postmark, number)
    assert sheet.numbers() == [done.item_number for done in sheet.done]
    assert len(set(sheet.numbers())) == 3
    assert sheet.count.text() == "已登记 3 件"
    assert sheet.postmark_on.hasFocus(), "on to the next letter"
    assert sheet.received_on.day == today, "the day of the bag stays"
    files = []
    for done in sheet.done:
        frame.context.ask(lambda desk, matter=done.matter: desk.matter(matter), files.append)
    idle(qtbot, frame.window())
    assert [file.matter["state"] for file in files] == ["S0"] * 3
    assert [file.items[0]["source_number"] for file in files] == ["A-1", "A-2", "A-3"]
    assert [file.items[0]["postmark_on"] for file in files][:1] == [(today - timedelta(days=2)).isoformat()]
    assert all(any(state.clock == "C1" for state in file.clocks) for file in files), "its clock runs"


def test_what_was_received_waits_on_today(qtbot, bag):
    frame, sheet = bag
    type_row(qtbot, frame, sheet, "", "A-1")
    frame.go("today")
    idle(qtbot, frame.window())
    assert frame._screens["today"].strip["received_only"].text() == "待补录登记 1"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("received_on", "1", "之后"),
        ("received_on", "x", "不是"),
        ("received_on", "", "不是"),
        ("postmark_on", "2", "之后"),
    ],
)
def test_a_wrong_day_is_told_at_its_field_and_nothing_is_registered(qtbot, bag, field, typed, said):
    frame, sheet = bag
    before = []
    frame.context.ask(lambda desk: desk.count(Filters()), before.append)
    sheet.row[field].setText(typed)
    qtbot.keyClick(sheet.row[field], Qt.Key.Key_Return)
    idle(qtbot, frame.window())
    frame.context.ask(lambda desk: desk.count(Filters()), before.append)
    idle(qtbot, frame.window())
    assert before[0] == before[1]
    assert said in sheet.fields[field].doubted
    assert sheet.row[field].hasFocus()
    assert sheet.done == []


def test_a_full_disk_leaves_the_row_as_typed(qtbot, bag, monkeypatch):
    frame, sheet = bag
    from models.desk import Desk

    def full(*_args, **_how):
        raise DiskFullError("register")

    monkeypatch.setattr(Desk, "register_item", full)
    type_row(qtbot, frame, sheet, "0", "A-1")
    assert sheet.source_number.text() == "A-1"
    assert sheet.done == []
    assert frame.told.isVisible()
    assert sheet.register_button.isEnabled()


def test_the_sheet_fits_in_large_type(qtbot, make_window):
    frame = unlocked(qtbot, make_window(percent=200))
    frame.open_new("letter")
    frame._screens["new"].receive()
    idle(qtbot, frame.window())
    sheet = frame.sheets.sheet
    for widget in sheet.row.values():
        assert widget.mapTo(sheet, widget.rect().topRight()).x() <= sheet.width()
        assert widget.width() > 100


# --- joint letters ----------------------------------------------------------------------------------------------------

LIST = "1. 张三 13900010001\n2. 李四\n3. 王五、赵六\n张三，13900010001"


@pytest.fixture
def letter(qtbot, frame):
    """The form of a new letter."""
    frame.open_new("letter")
    idle(qtbot, frame.window())
    return frame, frame._screens["new"]


def paste(qtbot, frame, form, words: str):
    form.people.sign_button.click()
    sheet = frame.sheets.sheet
    sheet.text.setText(words)
    qtbot.waitUntil(lambda: not sheet._timer.isActive(), timeout=2_000)
    return sheet


def test_a_pasted_list_is_read_shown_and_taken(qtbot, letter):
    frame, screen = letter
    sheet = paste(qtbot, frame, screen.form, LIST)
    assert sheet.read.text() == "读到 4 人"
    assert "王五" in sheet.names.text()
    sheet.take.click()
    form = screen.form
    assert form.joint.isChecked()
    assert form.people.signed_words.text() == "联名 4 人：张三、李四、王五、赵六"
    assert [(one.role, one.name) for one in form.draft().people] == [
        ("signatory", name) for name in ("张三", "李四", "王五", "赵六")
    ]
    again = paste(qtbot, frame, form, "")
    again.take.click()
    assert form.draft().people == ()
    assert not form.joint.isChecked()


def test_signatories_survive_the_draft_and_are_registered(qtbot, letter):
    frame, screen = letter
    many = "\n".join(f"{family}{given}" for family in "赵钱孙李周" for given in "一二三四")
    sheet = paste(qtbot, frame, screen.form, many)
    sheet.take.click()
    screen.form.people.cards[0].name.setText("沈玉兰")
    screen.form.statement.setText("二十户联名反映路灯不亮。")
    screen.leave()
    idle(qtbot, frame.window())
    drafts = []
    frame.context.ask(lambda desk: desk.drafts(), drafts.extend)
    idle(qtbot, frame.window())
    screen._recovered_id = None
    screen.recover(next(one for one in drafts if one.kind == "item"))
    idle(qtbot, frame.window())
    assert len(screen.form.people.signatories) == 20
    assert len(screen.form.people.cards) == 1, "signatories are a list, not twenty forms"
    assert screen.form.people.signed_words.text().endswith("等")
    assert screen.form.people.signed_words.text().count("、") == SIGNATORIES_SHOWN - 1
    screen.register()
    idle(qtbot, frame.window())
    files = []
    frame.context.ask(lambda desk: desk.matter(screen.registered.registered.matter), files.append)
    idle(qtbot, frame.window())
    roles = [person["role"] for person in files[0].people]
    assert (roles.count("signatory"), roles.count("petitioner")) == (20, 1)
    assert files[0].matter["joint"]


def test_a_list_without_a_name_is_refused_in_words(qtbot, letter):
    frame, screen = letter
    sheet = paste(qtbot, frame, screen.form, "姓名，电话")
    assert "没有姓名" in sheet.field.doubted
    sheet.take.click()
    assert frame.sheets.sheet is sheet
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert screen.form.people.signatories == ()


def test_more_than_five_representatives_are_doubted_while_typing(qtbot, frame):
    frame.open_new("visit")
    idle(qtbot, frame.window())
    screen = frame._screens["new"]
    from models.records import PersonDraft

    for number in range(6):
        screen.form.people.add(PersonDraft(role="representative", name=f"代表{number}"))
    screen.form.statement.setText("集体反映。")
    qtbot.waitUntil(lambda: bool(screen.form.people.count_field.doubted), timeout=5_000)
    assert "不得超过 5 人" in screen.form.people.count_field.doubted
    assert "第二十条" in screen.form.people.count_field.doubted
    screen.form.people.cards[-1].name.setText("")
    qtbot.waitUntil(lambda: not screen.form.people.count_field.doubted, timeout=5_000)
