"""Oversight and liability: triggers by duty and unit, the two ledgers, failed duties of a period; never a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from tests.ui import life
from tests.ui.conftest import idle, unlocked


@pytest.fixture
def lived(qtbot, make_window, register, today):
    """The screen of duties, the frame around it, and the matters by queue."""
    matters = life.furnish(register, today)
    frame = unlocked(qtbot, make_window())
    frame.go("duties")
    idle(qtbot, frame.window())
    return frame, frame._screens["duties"], matters


def show(qtbot, frame, screen, part: str) -> list[str]:
    screen.part.set_value(part)
    idle(qtbot, frame.window())
    screen.lines.finish()
    return [made.accessibleName() for made in screen.lines.buttons]


def test_triggers_say_unit_duty_reason_and_article(qtbot, lived):
    frame, screen, _matters = lived
    said = show(qtbot, frame, screen, "triggers")
    assert any("刑侦大队：督办未按期书面答复" in words and "第三十六条第二项" in words for words in said)
    assert any("信访科：“书面告知信访人”未在期限内办结" in words for words in said)
    assert len(said) == sum(one.count for one in screen.triggers._tally)


def begun(qtbot, frame, screen, words: str):
    """Press the line that says these words with Enter, and wait for the sheet of the act."""
    line = next(made for made in screen.lines.buttons if words in made.accessibleName())
    assert line.accessibleDescription() == "回车：督办…"
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: frame.sheets.sheet is not None, timeout=20_000)
    idle(qtbot, frame.window())
    return frame.sheets.sheet


def test_a_trigger_opens_the_act_of_supervision_with_what_it_knows(qtbot, lived):
    frame, screen, matters = lived
    show(qtbot, frame, screen, "triggers")
    sheet = begun(qtbot, frame, screen, "督办未按期书面答复")
    assert sheet.act.name == "supervise"
    assert frame._screens["matter"].matter == matters["answering"]
    station = next(number for number, name in frame.context.units if name == "刑侦大队")
    values = sheet.values()
    assert (values["trigger"], values["unit"]) == ("2", station)
    assert "clock" not in values, "what shows it is a row of the ledger, not a clock"
    sheet.close_sheet()
    qtbot.keyClick(frame, Qt.Key.Key_Escape)
    idle(qtbot, frame.window())
    screen.lines.finish()
    sheet = begun(qtbot, frame, screen, "信访科：“书面告知信访人”未在期限内办结")
    values = sheet.values()
    assert values["trigger"] == "1"
    assert sheet.inputs["clock"].currentText() == "书面告知信访人"
    assert "demand" not in values, "what is demanded is for the person to say"


def test_a_duty_and_a_unit_are_chosen_with_their_numbers(qtbot, lived):
    frame, screen, _matters = lived
    show(qtbot, frame, screen, "triggers")
    part = screen.triggers
    whole = [part.kind.itemText(at) for at in range(part.kind.count())]
    assert whole[0] == f"全部情形 {len(screen.lines.buttons)}"
    part.kind.set_value("advice_late")
    idle(qtbot, frame.window())
    screen.lines.finish()
    assert ["督办未按期书面答复" in made.accessibleName() for made in screen.lines.buttons] == [True]
    station = next(number for number, name in frame.context.units if name == "刑侦大队")
    part.kind.set_value(None)
    part.unit.set_value(station)
    idle(qtbot, frame.window())
    screen.lines.finish()
    assert screen.lines.buttons
    assert all(made.accessibleName().startswith("刑侦大队：") for made in screen.lines.buttons)


def test_the_ledger_shows_demand_state_and_opens_at_the_answer(qtbot, lived):
    frame, screen, matters = lived
    said = show(qtbot, frame, screen, "ledger")
    assert len(said) == 1
    assert "限期书面答复" in said[0]
    assert "已超 1 天" in said[0]
    wanted = []
    frame.context.matter_wanted.connect(lambda matter, act: wanted.append((matter, act)))
    screen.lines.buttons[0].click()
    assert wanted == [(matters["answering"], "answer_supervision")]


def test_the_log_of_a_major_matter_says_who_was_told_when(qtbot, lived):
    frame, screen, _matters = lived
    said = show(qtbot, frame, screen, "major")
    assert "尚未报告" in said[0]
    screen.lines.buttons[0].setFocus()
    screen.lines.buttons[0].click()
    idle(qtbot, frame.window())
    sheet = frame.sheets.sheet
    words = " ".join(made.text() for made in sheet.findChildren(QLabel))
    assert "00:01  获知" in words
    assert "00:03  报告" in words
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert frame.sheets.sheet is None
    assert screen.lines.buttons[0].hasFocus()


def test_failed_duties_of_a_period(qtbot, lived, today):
    frame, screen, _matters = lived
    said = show(qtbot, frame, screen, "liability")
    assert any("第四十四条" in words for words in said)
    part = screen.failed
    part.first.set_day(today + timedelta(days=1))
    part.last.set_day(today + timedelta(days=2))
    part.last.editingFinished.emit()
    idle(qtbot, frame.window())
    assert screen.lines.buttons == []
    part.last.set_day(today)
    part.last.editingFinished.emit()
    idle(qtbot, frame.window())
    words = [made.accessibleName() for made in screen.findChildren(type(frame.sheets)) if made.accessibleName()]
    words += [made.text() for made in screen.findChildren(QLabel)]
    assert any("早于起日" in one for one in words), "a period that ends before it begins is refused in words"


def test_the_matters_of_a_failed_duty_open(qtbot, lived):
    frame, screen, _matters = lived
    show(qtbot, frame, screen, "liability")
    screen.lines.buttons[0].click()
    sheet = frame.sheets.sheet
    numbers = [made for made in sheet.findChildren(QPushButton) if made.text().startswith("S")]
    wanted = []
    frame.context.matter_wanted.connect(lambda matter, act: wanted.append((matter, act)))
    numbers[0].click()
    assert len(wanted) == 1
    assert wanted[0][1] == ""


def test_no_page_names_a_person_of_the_bureau(qtbot, lived):
    """Triggers and liability are of units (SC-431 Art. 36); only the log of a major matter says who knew and told."""
    frame, screen, _matters = lived
    people = [person.name for person in frame.context.staff]
    assert people
    for part in ("triggers", "ledger", "liability"):
        said = " ".join(show(qtbot, frame, screen, part))
        assert said
        assert [name for name in people if name in said] == []


def test_nothing_to_oversee_is_said(qtbot, frame):
    frame.go("duties")
    idle(qtbot, frame.window())
    screen = frame._screens["duties"]
    show(qtbot, frame, screen, "ledger")
    assert any(made.text() == "还没有督办" for made in screen.findChildren(QLabel))
    show(qtbot, frame, screen, "major")
    assert any(made.text() == "没有重大、紧急事项" for made in screen.findChildren(QLabel))
