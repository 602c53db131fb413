"""The editor of wordings: checked while typed, tried on an invented matter, approved by somebody else, compared."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from models.desk import Desk
from models.letters import wording
from models.letters.kinds import kinds
from tests.ui.conftest import idle, unlocked
from ui import words
from ui.screens.settings_versions import marked
from ui.tokens import Look

KIND = "acceptance_notice"


@pytest.fixture
def editor(qtbot, make_window):
    """The editor on the notice of acceptance, in a window with room for all three columns."""
    frame = unlocked(qtbot, make_window(size=(1600, 900)))
    frame.go("settings")
    frame._screens["settings"].wording_button.click()
    idle(qtbot, frame.window())
    screen = frame._screens["wording"]
    choose(qtbot, frame, screen, KIND)
    return frame, screen


def choose(qtbot, frame, screen, kind: str) -> None:
    for at in range(screen.kinds.count()):
        if screen.kinds.item(at).data(Qt.ItemDataRole.UserRole) == kind:
            screen.kinds.setCurrentRow(at)
    idle(qtbot, frame.window())
    qtbot.waitUntil(lambda: screen.shown is not None and screen.shown.kind == kind, timeout=5_000)
    idle(qtbot, frame.window())


def said(widget) -> str:
    return " ".join(made.text() for made in widget.findChildren(QLabel))


def save(qtbot, frame, screen, name: str, text: str) -> None:
    screen.edit()
    screen.texts[name].setText(text)
    qtbot.waitUntil(lambda: not screen._timer.isActive(), timeout=3_000)
    idle(qtbot, frame.window())
    screen.save_button.click()
    idle(qtbot, frame.window())


def test_every_text_of_every_kind_has_a_name_in_both_languages():
    known = words.table("zh")
    names = {name for one in kinds() for texts in wording(one.code).texts.values() for name in texts}
    assert [name for name in sorted(names) if f"text.{name}" not in known] == []


def test_the_kinds_are_listed_and_the_words_in_force_are_shown(qtbot, editor):
    _frame, screen = editor
    assert screen.kinds.count() == len(kinds()) - 1, "the 80 mm receipt speaks with the words of the other"
    shipped = wording(KIND).texts["2022"]
    assert {name: field.text() for name, field in screen.texts.items()} == dict(shipped)
    assert all(field.isReadOnly() for field in screen.texts.values())
    assert screen._pane.pages == 1
    assert "必须写有：{title} {accepted_on} {unit}" in screen.fields["opening"]._below.text()


def test_a_text_is_checked_while_it_is_typed(qtbot, editor):
    _frame, screen = editor
    screen.edit()
    assert not screen.save_button.isEnabled(), "nothing differs yet"
    good = screen.texts["opening"].text()
    for wrong, why in (
        (good + "{nobody}", "{nobody}"),
        (good.replace("{unit}", "本局"), "{unit}"),
        (good + "{", "花括号"),
        ("", ""),
    ):
        screen.texts["opening"].setText(wrong)
        assert screen.fields["opening"].doubted
        assert why in screen.fields["opening"].doubted
        assert not screen.save_button.isEnabled()
    screen.texts["opening"].setText(good + "特此说明。")
    assert not screen.fields["opening"].doubted
    assert screen.save_button.isEnabled()
    before = screen._pane.data
    qtbot.waitUntil(lambda: screen._pane.data != before, timeout=5_000)
    assert "{unit}" in screen.holders.text()


def test_a_version_is_saved_approved_by_somebody_else_and_counts(qtbot, editor, monkeypatch):
    frame, screen = editor
    save(qtbot, frame, screen, "closing", "特此告知，请妥善保存。")
    assert screen.shown.number == 1
    assert screen.shown.counts == 0
    assert not screen.approve_button.isEnabled(), "whoever wrote it does not approve it"
    assert "起草人不能自己批准。" in said(screen._bar)
    leader = next(one for one in frame.context.staff if one.login == "qian")
    frame.context.person = leader
    whole = Desk.approve_wording

    def as_leader(desk, *args, **how):
        mine, desk.person = desk.person, leader
        try:
            whole(desk, *args, **how)
        finally:
            desk.person = mine

    monkeypatch.setattr(Desk, "approve_wording", as_leader)
    screen.open(KIND, 1)
    idle(qtbot, frame.window())
    screen.approve_button.click()
    sheet = frame.sheets.sheet
    assert QApplication.focusWidget() is sheet.day
    sheet.day.setText("x")
    sheet.go.click()
    assert sheet.field.doubted
    sheet.day.setText("0")
    sheet.go.click()
    idle(qtbot, frame.window())
    assert frame.sheets.sheet is None
    assert screen.shown.counts == 1
    assert "钱伟" in said(screen._middle)
    assert screen.version.currentText() == "第 1 版（现行）"


def test_what_counts_for_both_regulations_changes_for_both(qtbot, editor):
    frame, screen = editor
    shipped = wording(KIND).texts
    assert shipped["2022"]["closing"] == shipped["2005"]["closing"]
    assert shipped["2022"]["opening"] != shipped["2005"]["opening"]
    screen.edit()
    screen.texts["closing"].setText("特此告知，请妥善保存。")
    screen.texts["opening"].setText(shipped["2022"]["opening"] + "特此说明。")
    screen.save_button.click()
    idle(qtbot, frame.window())
    texts = screen.shown.wording.texts
    assert texts["2005"]["closing"] == texts["2022"]["closing"] == "特此告知，请妥善保存。"
    assert texts["2005"]["opening"] == shipped["2005"]["opening"], "the old regulation keeps its own words"
    screen.regulation.set_value("2005")
    assert screen.texts["opening"].text() == shipped["2005"]["opening"]


def test_two_versions_are_compared_text_by_text(qtbot, editor):
    frame, screen = editor
    save(qtbot, frame, screen, "closing", "特此告知，请妥善保存。")
    screen.compare()
    idle(qtbot, frame.window())
    sheet = frame.sheets.sheet
    spoken = [made.accessibleName() for made in sheet.findChildren(QLabel)]
    assert any("原文：特此告知。 新文：特此告知，请妥善保存。" in name for name in spoken)
    sheet.after.set_value(0)
    idle(qtbot, frame.window())
    assert "文字相同" in said(sheet)


def test_a_comparison_strikes_out_and_underlines_and_escapes():
    shown = marked("甲<b>乙", "甲<b>丙", Look())
    assert "<s " in shown
    assert "<u " in shown
    assert "&lt;b&gt;" in shown


def test_escape_leaves_the_editing_first(qtbot, editor):
    frame, screen = editor
    screen.edit()
    screen.texts["closing"].setText("别的")
    qtbot.keyClick(screen.texts["closing"], Qt.Key.Key_Escape)
    idle(qtbot, frame.window())
    assert not screen.editing
    assert screen.texts["closing"].text() == wording(KIND).texts["2022"]["closing"]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    idle(qtbot, frame.window())
    assert frame.stack.currentWidget() is frame._screens["settings"]


def test_a_refusal_of_the_register_is_told(qtbot, editor, monkeypatch):
    from models.errors import StorageError

    frame, screen = editor

    def broken(*_args, **_how):
        raise StorageError("磁盘写入失败。", "The disk cannot be written.")

    monkeypatch.setattr(Desk, "save_wording", broken)
    save(qtbot, frame, screen, "closing", "特此告知，请妥善保存。")
    assert screen.editing, "what was typed is still there"
    assert screen.texts["closing"].text() == "特此告知，请妥善保存。"
    assert frame.told.words.text() == "磁盘写入失败。"


def test_one_column_at_a_time_in_a_small_window(qtbot, make_window):
    frame = unlocked(qtbot, make_window(percent=200))
    frame.go("wording")
    idle(qtbot, frame.window())
    screen = frame._screens["wording"]
    for view in ("kinds", "texts", "page"):
        screen.view.set_value(view)
        shown = [part.isVisible() for part in (screen.kinds, screen._middle, screen._right)]
        assert shown == [view == one for one in ("kinds", "texts", "page")]
