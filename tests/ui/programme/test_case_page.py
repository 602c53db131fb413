"""A key case through the window: entered, planned, met, approved, solved, closed, looked back at, and come up again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QPushButton, QWidget

from models.records import PaperDraft
from tests.ui import keycases
from tests.ui.conftest import idle
from tests.ui.programme.pages import lines, named, press, said
from ui.parts.fields import Choice


@pytest.fixture
def show(qtbot, frame):
    """Open the page of a case."""

    def open_case(matter: int):
        frame.open_case(matter)
        idle(qtbot, frame.window())
        return frame._screens["case"]

    return open_case


def offered(screen) -> list[str]:
    """Return the acts that stand in the bar, the likeliest first."""
    return [made.text() for made in screen._bar.findChildren(QPushButton) if made.isVisible()]


def block(screen, title: str) -> str:
    """Return the words of a block of the page."""
    holder = next(made for made in screen.findChildren(QWidget) if made.accessibleName() == title and made.layout())
    return said(holder)


def chips(screen, title: str) -> list[tuple[str, str]]:
    """Return the chips of a block with their tones."""
    holder = next(made for made in screen.findChildren(QWidget) if made.accessibleName() == title and made.layout())
    found = [made for made in holder.findChildren(QFrame) if made.property("kind") == "chip"]
    return [(made.accessibleName(), made.property("tone")) for made in found]


def onward(qtbot) -> None:
    """Press Ctrl+Enter where the focus is."""
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def put(sheet, name: str, value: object) -> None:
    """Fill one input of an act's sheet."""
    widget = sheet.inputs[name]
    if isinstance(widget, Choice):
        widget.set_value(value)
        assert widget.value == value, (name, value)
    elif isinstance(value, list):
        widget.set_value(value)
    elif isinstance(value, bool):
        widget.setChecked(value)
    else:
        widget.setText(str(value))


def act(qtbot, screen, words: str, **inputs: object):
    """Take an act of the bar (or of all that are open) through its sheet, by Ctrl+Enter; returns the frame."""
    frame = screen.window().frame
    found = [made for made in screen._bar.findChildren(QPushButton) if made.text() == words and made.isVisible()]
    if not found:
        qtbot.keyClick(screen, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
        found = [made for made in frame.sheets.sheet.findChildren(QPushButton) if made.text() == words]
    press(qtbot, found[0], Qt.Key.Key_Space)
    sheet = frame.sheets.sheet
    assert sheet is not None, words
    for name, value in inputs.items():
        put(sheet, name, value)
    onward(qtbot)
    idle(qtbot, frame.window())
    return frame


def taken(qtbot, screen, words: str, **inputs: object) -> None:
    """Take an act that has no letter, and see the page come back."""
    frame = act(qtbot, screen, words, **inputs)
    sheet = frame.sheets.sheet
    assert sheet is None, said(sheet)
    assert frame.stack.currentWidget() is screen


def leave(qtbot, frame) -> None:
    """Go back by Esc; what was just told is put away first."""
    if frame.told.isVisible():
        qtbot.keyClick(frame, Qt.Key.Key_Escape)
    qtbot.keyClick(frame, Qt.Key.Key_Escape)
    idle(qtbot, frame.window())


def hand_in(frame, qtbot, matter: int, *kinds: str, on: date) -> None:
    """Record papers that came in."""

    def record(desk) -> None:
        for kind in kinds:
            desk.perform(matter, "receive_paper", {}, papers=[PaperDraft(kind=kind, received_on=on)])

    frame.context.ask(record, lambda _none: frame.context.register_changed.emit(), owner=frame)
    idle(qtbot, frame.window())


def test_a_programme_runs_from_mobilisation_to_a_closed_case_and_a_rebound(qtbot, frame, today):
    """All by the window: the programme is drawn up, a matter found and entered, each step taken on the case's page."""
    frame.go("programme")
    idle(qtbot, frame.window())
    programmes = frame._screens["programme"]
    programmes.draw_up(keycases.programme(today))
    onward(qtbot)
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    programmes.part.set_value("cases")
    idle(qtbot, frame.window())
    assert "还没有列入案件" in said(programmes)

    press(qtbot, named(programmes, "列入案件"), Qt.Key.Key_Space)
    find = frame.sheets.sheet
    find.search.setText("返还暂扣物品")
    qtbot.waitUntil(lambda: bool(find.rows), timeout=10_000)
    qtbot.keyClick(find.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: frame.stack.currentWidget() is frame._screens.get("matter"), timeout=10_000)
    qtbot.waitUntil(lambda: frame.sheets.sheet is not None and frame.sheets.sheet is not find, timeout=10_000)
    idle(qtbot, frame.window())
    sheet = frame.sheets.sheet
    assert sheet.act.name == "include_key_case"
    assert sheet.values()["programme"] == keycases.KEY
    assert sheet.offers[keycases.KEY].isChecked()
    put(sheet, "source", "province")
    sheet.inputs["source"].setFocus()
    onward(qtbot)
    idle(qtbot, frame.window())
    assert "须写明交办文号" in sheet._fields["basis"].doubted
    put(sheet, "basis", "省信交〔2026〕9号")
    onward(qtbot)
    idle(qtbot, frame.window())
    assert frame.sheets.sheet is None
    matter = frame._screens["matter"]
    assert keycases.NAME in block(matter, "重点信访案件")
    press(qtbot, named(matter, "打开案件"), Qt.Key.Key_Space)
    idle(qtbot, frame.window())

    screen = frame._screens["case"]
    assert frame.stack.currentWidget() is screen
    assert offered(screen)[0] == "拟定化解方案"
    chen = next(person.id for person in frame.context.staff if person.name == "陈立新")
    sun = next(person.id for person in frame.context.staff if person.name == "孙浩")
    plan = {"leader": chen, "officer": sun, "unit": frame.context.units[0][0], "plan": "先行调解，当面核对清单。"}
    act(qtbot, screen, "拟定化解方案", **plan, methods=["law"], limit_on=(today + timedelta(days=7)).isoformat())
    assert "调解" in said(frame.sheets.sheet), "mediation first, or why not"
    put(frame.sheets.sheet, "methods", ["mediation", "law"])
    onward(qtbot)
    idle(qtbot, frame.window())
    assert frame.sheets.sheet is None

    assert "批准方案前，陈立新还须：见信访人、见承办人、阅卷" in block(screen, "三见")
    assert "批准化解方案" not in offered(screen)
    assert offered(screen)[0] == "见信访人"
    taken(
        qtbot, screen, "见信访人", place="接待室", present="孙浩", note="要求返还手机和账本", unsigned="不识字，已按印"
    )
    taken(qtbot, screen, "见承办人", note="清单漏登一项")
    assert "还须：阅卷" in block(screen, "三见")
    taken(qtbot, screen, "阅卷", volumes="正卷一册", note="症结在清单")
    assert "还须" not in block(screen, "三见")
    assert "未签名：不识字，已按印" in block(screen, "三见")

    assert offered(screen)[0] == "批准化解方案"
    act(qtbot, screen, "批准化解方案")
    letter = frame._screens["letter"]
    qtbot.waitUntil(lambda: letter.issue_button.isEnabled(), timeout=30_000)
    letter.issue_button.click()
    qtbot.waitUntil(lambda: letter.document is not None, timeout=30_000)
    idle(qtbot, frame.window())
    assert letter.document.kind == "plan_sheet"
    leave(qtbot, frame)
    assert frame.stack.currentWidget() is screen
    assert (f"{today} 批准", "done") in chips(screen, "化解方案（包案表）")

    taken(qtbot, screen, "方案报备")
    taken(qtbot, screen, "记录一轮化解", method="mediation", what="当面核对清单，返还手机", result="settled")
    assert "达成一致" in block(screen, "化解轮次")
    taken(qtbot, screen, "登记案件化解", outcomes=["solved"], told="当面告知，信访人认可")
    assert screen.found.case.line.state == "solved"

    assert ("缺少", "soon") in chips(screen, "结案卷宗")
    assert "已有 2 项，共 6 项" in block(screen, "结案卷宗")
    act(qtbot, screen, "上报结案材料")
    refusal = said(frame.sheets.sheet)
    for part in ("调查报告", "承诺书"):
        assert part in refusal, "a dossier with a missing part is refused, and the part is named"
    qtbot.keyClick(frame, Qt.Key.Key_Escape)
    hand_in(frame, qtbot, screen.matter, "investigation_report", "commitment", "evidence", on=today)
    assert "已有 5 项，共 6 项" in block(screen, "结案卷宗")
    taken(qtbot, screen, "上报结案材料")
    assert "待市局评查" in block(screen, "结案上报与市局评查")
    act(qtbot, screen, "登记市局评查意见", result="approved", opinion="同意结案。")
    sheet = frame.sheets.sheet
    assert sheet.papers[0]._dated_field.doubted, "the opinion itself is a paper with its day"
    sheet.papers[0]._dated.set_day(today)
    onward(qtbot)
    idle(qtbot, frame.window())
    assert frame.sheets.sheet is None
    assert screen.found.case.line.state == "closed"
    assert "已有 6 项，共 6 项" in block(screen, "结案卷宗")
    taken(qtbot, screen, "回头看", finding="holds", told="物品已返还，清单已更正")
    assert "落实到位" in block(screen, "回头看")

    taken(qtbot, screen, "登记反弹", told="账本缺页，再次来访")
    assert screen.found.case.line.state == "rebound"
    assert f"{today} 反弹；账本缺页，再次来访" in said(screen)
    leave(qtbot, frame)
    leave(qtbot, frame)
    assert frame.stack.currentWidget() is programmes
    assert "反弹" in lines(programmes)[0]
    programmes.part.set_value("overview")
    idle(qtbot, frame.window())
    assert programmes.overview.tallies["rebound"].accessibleName() == "反弹 1"


def test_a_case_that_is_stuck_says_that_handler_or_level_may_change(show, made):
    screen = show(made["stuck"])
    words = block(screen, "化解轮次")
    assert "可以更换承办人、调整思路，或者提级包案" in words
    assert words.count("未果") >= 2
    assert "已过 5 天，尚未化解" in said(screen)
    assert ("已超 5 天", "late") in [
        (made.accessibleName(), made.property("tone"))
        for made in screen.findChildren(QFrame)
        if made.property("kind") == "chip"
    ]


def test_the_three_meetings_say_what_is_missing_and_by_whom(show, made):
    screen = show(made["meeting"])
    words = block(screen, "三见")
    assert "批准方案前，钱伟还须：见承办人、阅卷" in words
    assert "信访人已签名" in words
    assert [name for name, _tone in chips(screen, "三见")][1:] == ["未办", "未办"]
    assert "待批准" in block(screen, "化解方案（包案表）")


def test_the_dossier_names_each_part_and_opens_its_paper(qtbot, frame, show, made):
    screen = show(made["solved"])
    words = block(screen, "结案卷宗")
    for part in ("调查报告", "停访息诉承诺书或者笔录", "三见记录", "市局评查意见", "承诺书出于自愿"):
        assert part in words, part
    wanted = []
    frame.context.document_wanted.disconnect(frame.open_document)
    frame.context.document_wanted.connect(lambda _matter, document: wanted.append(document.kind))
    holder = next(one for one in screen.findChildren(QWidget) if one.accessibleName() == "结案卷宗" and one.layout())
    link = next(one for one in holder.findChildren(QPushButton) if "包案表" in one.text())
    press(qtbot, link, Qt.Key.Key_Space)
    assert wanted == ["plan_sheet"]


def test_an_excluded_case_shows_its_ground_and_no_steps(show, made):
    screen = show(made["excluded"])
    words = said(screen)
    assert "X2 正在法律程序中" in words
    assert "（2026）云01民初12号" in words
    assert "三见" not in words
    assert offered(screen)[0] == "重新列入专项"


def test_of_the_fifth_kind_only_a_document_number_stands(qtbot, frame, show, made):
    screen = show(made["numbered"])
    assert "云公（治）决字〔2019〕12号" in said(screen)
    screen.begin_named("readmit_key_case")
    assert frame.sheets.sheet is not None
    qtbot.keyClick(frame, Qt.Key.Key_Escape)
    frame.open_case(made["entered"])
    idle(qtbot, frame.window())
    act(qtbot, screen, "不列入专项（登记理由）", exclusion="X5", document_number="多次上访被处罚")
    assert "文书号" in said(frame.sheets.sheet)
    assert screen.found.case.line.state == "open"


def test_a_closed_case_shows_review_look_back_and_the_way_to_its_matter(qtbot, frame, show, made):
    screen = show(made["closed"])
    assert "同意结案" in block(screen, "结案上报与市局评查")
    assert "补偿款已到账" in block(screen, "回头看")
    assert "已有记录 12 步，共 12 步" in block(screen, "办理步骤")
    press(qtbot, screen.to_matter, Qt.Key.Key_Space)
    idle(qtbot, frame.window())
    matter = frame._screens["matter"]
    assert (frame.stack.currentWidget(), matter.matter) == (matter, made["closed"])
    assert "已结案" in block(matter, "重点信访案件")


def test_a_matter_in_no_programme_has_no_such_block_and_no_page(qtbot, frame, show, made):
    assert made
    found = []
    frame.context.ask(lambda desk: desk.search("护学岗").lines, found.extend, owner=frame)
    idle(qtbot, frame.window())
    frame.open_matter(found[0].id)
    idle(qtbot, frame.window())
    assert not [one for one in frame._screens["matter"].findChildren(QWidget) if one.accessibleName() == "重点信访案件"]
    screen = show(found[0].id)
    assert "没有列入任何专项" in said(screen)
    said_buttons(screen)[0].click()
    idle(qtbot, frame.window())
    assert frame.stack.currentWidget() is not screen


def said_buttons(widget: QWidget) -> list[QPushButton]:
    """Return the buttons that are seen."""
    return [one for one in widget.findChildren(QPushButton) if one.text() and one.isVisible()]


def test_entering_a_matter_twice_is_refused_with_its_reason(qtbot, frame, made):
    frame.context.act_wanted.emit(made["stuck"], "include_key_case", {"programme": keycases.KEY})
    idle(qtbot, frame.window())
    assert frame.sheets.sheet is None
    assert "不重复列入" in frame.told.words.text()


def test_acts_that_are_not_open_say_why(qtbot, frame, show, made):
    screen = show(made["meeting"])
    named(screen, "为什么不能…").click()
    sheet = frame.sheets.sheet
    qtbot.waitUntil(lambda: sheet.complete, timeout=10_000)
    words = said(sheet)
    assert "批准化解方案" in words
    assert "三见" in words
    assert "督办" not in words, "only the acts of a key case"
