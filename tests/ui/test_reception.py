"""A whole reception day through the window: planned, announced, received by a substitute, closed; and its papers read.

The clock of the desk stands on the evening before a working day, and is moved on by the test (`tests.ui.receiving`).
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from tests.ui import receiving
from tests.ui.reception_counter import Counter, shown, text_of
from ui.parts.paper import PaperSheet
from ui.screens.matter.sheets import ActSheet
from ui.screens.reception.beginning import CloseSheet
from ui.screens.reception.find import FindSheet
from ui.screens.reception.months import Period
from ui.screens.reception.rules import RuleSheet
from ui.screens.reception.visit import ArriveSheet, NumberSheet, VisitSheet


def plan(counter: Counter) -> None:
    """Set a rule, take over the day that it gives, and announce it."""
    page = counter.part("plan")
    page._go_to(Period.around("month", counter.staged.on))
    counter.idle()
    add = next(one for one in page.findChildren(QPushButton) if one.text() == "添加规则")
    counter.press(add)
    sheet = counter.sheet(RuleSheet)
    receiving.fill_rule(sheet, counter.staged)
    counter.go_on()
    assert [one.on for _box, one in page.boxes] == [counter.staged.on]
    counter.press(page.take_over)
    assert [(one.on, one.leader.name) for one in page.planned.days] == [(counter.staged.on, "刘正")]


def announce(counter: Counter) -> str:
    """Look at the notice, let it go out, and return its text."""
    page = counter.screen.plan
    counter.press(page.notice.preview_button)
    draft = counter.sheet(PaperSheet)
    assert draft.go is not None
    assert "未制发" in text_of(draft.pane.document) or "预览" in text_of(draft.pane.document)
    counter.press(draft.go)
    return counter.paper()


def book(counter: Counter, search: str, slot: str) -> None:
    """Book a matter for the day, by the search box."""
    counter.press(counter.screen.day.buttons["reception.book"])
    find = counter.sheet(FindSheet)
    counter.type(find.search, search)
    counter.qtbot.keyClick(find.search, Qt.Key.Key_Return)
    counter.idle()
    if isinstance(counter.frame.sheets.sheet, FindSheet):  # several hits: the first one, by keyboard
        counter.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    sheet = counter.sheet(ActSheet)
    sheet.inputs["slot"].setText(slot)  # type: ignore[attr-defined]  # a text field
    sheet.inputs["slot"].setFocus()
    counter.go_on()
    assert counter.frame.sheets.sheet is None


def arrive(counter: Counter, words: str, people: str = "", representatives: str = "") -> str:
    """Give a number to somebody who is booked, by keyboard; returns the number that is read out."""
    line = counter.line(words)
    line.setFocus()
    counter.qtbot.keyClick(line, Qt.Key.Key_Return)
    counter.sheet(VisitSheet)
    counter.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    return number(counter, people, representatives)


def number(counter: Counter, people: str = "", representatives: str = "") -> str:
    """Fill in how many have come, and return the number that is read out."""
    sheet = counter.sheet(ArriveSheet)
    counter.type(sheet.people, people)
    counter.type(sheet.representatives, representatives)
    counter.go_on()
    told = counter.sheet(NumberSheet).number.text()
    counter.go_on()
    assert counter.frame.sheets.sheet is None
    return told


def receive(counter: Counter, statement: str, outcome: str, *, signed: bool = True) -> str:
    """Write what is said and decided, read it back, enter it; returns the text of the page that was read back."""
    chief = counter.screen.chief
    form = chief.form
    counter.type(form.texts["statement"], statement)
    counter.type(form.texts["answer_given"], "当场说明有关规定。")
    counter.type(form.texts["decision"], "由本局查明后书面答复。")
    form.outcome.set_value(outcome)
    if outcome == "assigned":
        last = form.rows[-1]
        last.unit.set_value(counter.staged.units["城东派出所"])
        counter.type(last.due_on, "10")
        counter.type(last.what, "查明安全评估并公示")
    counter.go_on()
    counter.qtbot.waitUntil(lambda: chief.step == "read", timeout=10_000)
    words = text_of(chief.page.document)
    chief.sign.read_back.setChecked(True)
    if signed:
        chief.sign.signed.setChecked(True)
    else:
        counter.type(chief.sign.unsigned, "信访人称须先与家人商量")
    counter.go_on()
    counter.qtbot.waitUntil(lambda: chief.step == "nobody", timeout=10_000)
    counter.idle()
    return words


def test_a_whole_reception_day(qtbot, counter, staged):
    on = staged.on
    # The evening before: plan, notice, bookings, briefs.
    assert any("还没有接访日" in words for words in shown(counter.screen))
    plan(counter)
    assert any("须在" in words and "前公示" in words for words in shown(counter.screen.plan)), "the notice is late"
    notice = announce(counter)
    for told in ("局长信访接待日公示", "刘正", "局长", receiving.PLACE, receiving.PHONE, "09:00—11:30", on.isoformat()):
        assert told in notice, told
    counter.part("day")
    assert counter.screen.day.docket.day.on == on
    book(counter, receiving.GROUP, "09:00")
    book(counter, "13900010002", "09:30")
    counter.press(counter.screen.day.buttons["reception.briefs"])
    briefs = counter.paper()
    for told in ("局长接访参阅", receiving.GROUP, "苏明", "公开安全评估", "09:00", "09:30", "领导批示"):
        assert told in briefs, told
    counter.frame.go("today")
    counter.idle()
    assert any(on.isoformat() in words and "预约 2 件" in words for words in shown(counter.frame._screens["today"]))

    # The morning: the chief is absent, a deputy stands in.
    staged.clock.to(on, 8, 40)
    counter.frame.go("reception")
    counter.idle()
    day = counter.screen.day
    assert day.begin_card.present.hasFocus()
    counter.press(day.begin_card.absent)
    counter.press(day.begin_card.go)
    assert day.begin_card._fields["staff"].doubted, "a substitute is asked for"
    assert day.docket.day.state == "planned"
    day.begin_card.substitute.set_value(staged.people["gao"])
    counter.type(day.begin_card.reason, "到市局开会")
    qtbot.keyClick(day.begin_card.reason, Qt.Key.Key_Return)
    counter.idle()
    assert day.docket.day.state == "open"
    assert day.docket.day.host.name == "高远"
    assert any("替代" in words and "刘正" in words for words in shown(day))

    # They come: a group of eight with three representatives, somebody for the second time, and a walk-in.
    assert arrive(counter, receiving.GROUP, "8", "3") == "1"
    assert arrive(counter, receiving.REPEAT) == "2"
    counter.press(day.buttons["reception.arrived"])
    find = counter.sheet(FindSheet)
    counter.type(find.search, receiving.THIRD)
    qtbot.keyClick(find.search, Qt.Key.Key_Return)
    assert number(counter) == "3"
    counter.press(day.buttons["reception.arrived"])
    find = counter.sheet(FindSheet)
    counter.type(find.search, "13900010005")
    qtbot.keyClick(find.search, Qt.Key.Key_Return)
    assert number(counter) == "4"

    # The board: numbers, and nobody's name.
    counter.press(day.buttons["reception.board"])
    board = day.board
    assert (board.number, board.waiting.split()) == ("", ["1", "2", "3", "4"])
    staged.clock.to(on, 9, 2)
    counter.activate()
    counter.screen.day.likely_button.setFocus()
    counter.go_on()
    assert day.docket.lines[0].state == "called"
    board.refresh()
    counter.idle()
    assert board.number == "1"
    told = "".join((board.head, board.number, board.count, board.waiting))
    assert not any(name in told for name in ("苏明", "顾大海", "充电桩", "户口", "S20"))

    # The chief's mode, by Ctrl+Enter from one to the next; what is typed outlives a power cut.
    counter.go_on()
    assert counter.screen.receiving
    chief = counter.screen.chief
    assert chief.look.scale == 1.5
    assert any("苏明" in words for words in shown(chief.brief))
    counter.type(chief.form.texts["statement"], "我们八户")
    qtbot.waitUntil(lambda: chief.saved.text() != "", timeout=5_000)
    kept = [draft for draft in counter.desk.drafts() if draft.kind == "reception"]
    assert [draft.content["statement"] for draft in kept] == ["我们八户"]
    record = receive(counter, "反映充电桩离楼太近。", "assigned")
    for told in ("接访记录", "我们八户反映充电桩离楼太近。", "高远", "城东派出所", "苏明", "8人", "来访"):
        assert told in record, told
    assert [draft for draft in counter.desk.drafts() if draft.kind == "reception"] == []
    counter.go_on()
    assert "2" in chief._head.itemAt(0).widget().text()
    receive(counter, "还是没有一次说清楚要什么材料。", "answered", signed=False)
    counter.go_on()
    receive(counter, "手机还没有退。", "closed")

    # One leaves; the day cannot be closed before that is said.
    counter.press(chief.back_button)
    day.close_day()
    counter.idle()
    assert any("4 号" in words and "候访" in words for words in shown(day))
    counter.line("4 号").click()
    counter.sheet(VisitSheet)
    leave = next(one for one in counter.frame.sheets.sheet.choices if one.text() == "未接先离")
    counter.press(leave)
    act = counter.sheet(ActSheet)
    act.inputs["reason"].setText("等候时接到电话先走，改日再来")  # type: ignore[attr-defined]  # a text field
    act.inputs["reason"].setFocus()
    counter.go_on()
    staged.clock.to(on, 11, 35)
    counter.press(day.buttons["reception.close"])
    closing = counter.sheet(CloseSheet)
    assert closing.keep.hasFocus(), "to go on receiving is the default"
    assert any("接访 3 件" in words for words in shown(closing))
    counter.press(closing.seal)
    assert day.docket.day.state == "closed"
    assert len(day.docket.sealed) == 64
    assert any(day.docket.sealed[:16] in words for words in shown(day))

    # The docket, as it was sealed.
    counter.press(day.buttons["reception.docket"])
    docket = counter.paper()
    for told in (
        "接访日志",
        "刘正",
        "高远",
        "到市局开会",
        "查明安全评估并公示",
        "城东派出所",
        "等候时接到电话先走",
        day.docket.sealed[:16],
    ):
        assert told in docket, told

    # The instruction waits on Today until it is proved.
    counter.frame.go("today")
    counter.idle()
    strip = counter.frame._screens["today"].strip
    assert strip["instructions"].text() == "领导交办待落实 1"
    promises = _to_promises(counter)
    promises.lines.finish()
    assert len(promises.lines.buttons) == 1
    promises.lines.buttons[0].click()
    act = counter.sheet(ActSheet)
    act.inputs["on"].set_day(on)  # type: ignore[attr-defined]  # a day
    act.inputs["proof"].setText("安全评估已在小区公示栏公开，照片附卷")  # type: ignore[attr-defined]  # a text field
    counter.press(act.go)
    promises = _to_promises(counter)
    assert promises.lines.buttons == []
    assert any("没有待落实" in words for words in shown(promises))
    counter.frame.go("today")
    counter.idle()
    assert "instructions" not in counter.frame._screens["today"].strip


def _to_promises(counter: Counter):
    counter.frame.go("reception")
    counter.idle()
    return counter.part("promises")
