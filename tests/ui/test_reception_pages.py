"""The pages of the reception day one by one: what is offered to whom, what is missing, what is kept, at any size."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QPushButton

from app.window import _letter_fields
from models.desk import Desk
from models.errors import StorageError
from models.reception.desk import Receptions
from models.register import Register
from tests.ui import receiving, staging
from tests.ui.reception_counter import Counter, shown
from ui.parts.fields import Choice, read_day
from ui.parts.layout import Page
from ui.screens.matter.sheets import ActSheet
from ui.screens.reception.board import BoardWindow
from ui.screens.reception.dayforms import CancelSheet, DaySheet, SubstituteSheet
from ui.screens.reception.find import FindSheet
from ui.screens.reception.months import CELL, MonthPage, Period
from ui.screens.reception.plan import DayMenu
from ui.screens.reception.rules import PortfolioSheet, RuleSheet
from ui.screens.reception.visit import ArriveSheet, VisitSheet
from ui.services import Services


@pytest.fixture
def opened(counter, staged):
    """The counter on the day, under way, with the group and a second matter booked."""
    receiving.plan(counter.desk, staged)
    receiving.book(counter.desk, staged)
    staged.clock.to(staged.on, 9, 0)
    counter.screen.day.open(None)
    counter.screen.enter()
    counter.idle()
    counter.press(counter.screen.day.begin_card.present)
    return counter


def called(counter: Counter, title: str = receiving.GROUP) -> None:
    """Let somebody come, be called, and sit down before the chief."""
    receiving.arrive(counter.desk, counter.staged, title)
    counter.frame.context.register_changed.emit()
    counter.idle()
    counter.press(counter.screen.day.likely_button)
    counter.press(counter.screen.day.likely_button)
    assert counter.screen.chief.step == "hear"


def sheet_words(counter: Counter) -> str:
    return "\n".join(shown(counter.frame.sheets.sheet))


def planned_day(counter: Counter):
    """The plan's page in the month of the reception."""
    page = counter.part("plan")
    page._go_to(Period.around("month", counter.staged.on))
    counter.idle()
    return page


# --- plan -------------------------------------------------------------------------------------------------------------


def test_a_rule_is_written_changed_and_removed_in_plain_form(counter, staged):
    page = planned_day(counter)
    page._rule(None)
    sheet = counter.sheet(RuleSheet)
    assert sheet.fields["week"].isVisible()
    assert not sheet.fields["month"].isVisible()
    sheet.fields["every"].set_value("quarter")
    assert sheet.fields["month"].isVisible()
    sheet.fields["way"].set_value("working")
    assert sheet.fields["working"].isVisible()
    assert not sheet.fields["weekday"].isVisible()
    counter.go_on()
    assert sheet._holders["place"].doubted, "what is missing stands at its field"
    receiving.fill_rule(sheet, staged)
    counter.type(sheet.fields["to"], "x")
    counter.go_on()
    assert "from/to" in sheet_words(counter), "the register says which part of the rule cannot be"
    sheet.fields["to"].setText("11:30")
    counter.go_on()
    assert any(f"每月 {staged.on.day} 日" in words for words in shown(page))
    page.lines.finish()
    next(one for one in page.lines.buttons if "每月" in one.accessibleName()).click()
    sheet = counter.sheet(RuleSheet)
    assert sheet.fields["place"].text() == receiving.PLACE
    remove = next(one for one in sheet.findChildren(QPushButton) if one.text() == "删除规则")
    counter.press(remove)
    assert page.planned.rules == ()


def test_a_day_is_changed_substituted_and_cancelled(counter, staged):
    day = receiving.plan(counter.desk, staged)
    counter.desk.reception.issue_notice(staged.on, staged.on)
    page = planned_day(counter)
    page.lines.finish()
    page.lines.buttons[0].click()
    menu = counter.sheet(DayMenu)
    change = next(one for one in menu.findChildren(QPushButton) if one.text() == "调整")
    counter.press(change)
    sheet = counter.sheet(DaySheet)
    assert "须重新公示" in sheet_words(counter)
    sheet.fields["begin"].setText("09:30")
    counter.press(sheet.go)
    assert page.planned.days[0].begin == "09:30"
    assert page.planned.days[0].notice is None, "what was announced no longer holds"
    counter.frame.context.sheet_wanted.emit(
        SubstituteSheet(counter.frame.context, page.planned.days[0], page.planned.leaders, lambda _none: None)
    )
    sheet = counter.sheet(SubstituteSheet)
    assert "刘正（局长）" not in [sheet.fields["staff"].itemText(at) for at in range(sheet.fields["staff"].count())]
    counter.press(sheet.go)
    assert sheet._holders["staff"].doubted
    sheet.fields["staff"].set_value(staged.people["gao"])
    counter.type(sheet.fields["reason"], "出差")
    counter.go_on()
    assert page.planned.days[0].host.name == "高远"
    counter.frame.context.sheet_wanted.emit(
        CancelSheet(counter.frame.context, page.planned.days[0], lambda _none: None)
    )
    sheet = counter.sheet(CancelSheet)
    counter.type(sheet.fields["reason"], "全县防汛")
    counter.press(sheet.go)
    assert page.planned.days[0].state == "cancelled"
    assert any("全县防汛" in words for words in shown(page))
    assert counter.desk.reception.day(day).cancelled == "全县防汛"


def test_a_day_of_the_calendar_opens_what_is_planned_on_it(qtbot, counter, staged):
    receiving.plan(counter.desk, staged)
    page = planned_day(counter)
    month = page.findChild(MonthPage)
    weeks = month._weeks()
    down = next(at for at, week in enumerate(weeks) if staged.on in week)
    cell = counter.frame.context.look.size(CELL)
    place = QPoint(weeks[down].index(staged.on) * cell + 5, (down + 2) * cell + 5)
    qtbot.mouseClick(month, Qt.MouseButton.LeftButton, pos=place)
    assert "刘正" in "".join(shown(counter.sheet(DayMenu)))
    assert staged.on.isoformat() in month.accessibleName()


def test_a_portfolio_is_announced_with_the_name(counter, staged):
    receiving.plan(counter.desk, staged)
    page = planned_day(counter)
    page.lines.finish()
    next(one for one in page.lines.buttons if one.accessibleName().startswith("刘正（局长），没有填写")).click()
    sheet = counter.sheet(PortfolioSheet)
    counter.type(sheet.fields["text"], "主持全面工作，分管信访")
    counter.go_on()
    assert any("主持全面工作，分管信访" in words for words in shown(page))
    page.notice.preview()
    counter.idle()
    assert "主持全面工作" in counter.paper()


def test_who_does_not_plan_sees_the_plan_and_changes_nothing(counter, staged):
    receiving.plan(counter.desk, staged)
    as_role(counter, "REG")
    page = planned_day(counter)
    assert "刘正" in "".join(shown(page))
    words = [one.text() for one in page.findChildren(QPushButton)]
    assert not {"添加接访日", "添加规则"} & set(words)
    day = counter.part("day")
    assert "reception.arrived" in day.buttons


def as_role(counter: Counter, *roles: str) -> None:
    """Let the person at the desk have these roles only."""
    person = replace(counter.desk.person, roles=frozenset(roles))
    counter.desk.person = person
    counter.frame.context.person = person


# --- the counter ------------------------------------------------------------------------------------------------------


def test_too_many_representatives_are_refused_at_their_field(opened):
    opened.line(receiving.GROUP).click()
    opened.sheet(VisitSheet)
    opened.go_on()
    sheet = opened.sheet(ArriveSheet)
    opened.type(sheet.people, "三十")
    opened.go_on()
    assert sheet._fields["people"].doubted == "请填整数。"
    sheet.people.setText("30")
    sheet.representatives.setText("6")
    opened.go_on()
    assert "5" in "".join(shown(sheet))
    assert opened.screen.day.docket.lines[0].turn is None


def test_who_did_not_answer_is_put_back_with_the_same_number(opened, staged):
    receiving.arrive(opened.desk, staged, receiving.GROUP)
    receiving.arrive(opened.desk, staged, receiving.THIRD)
    opened.frame.context.register_changed.emit()
    opened.idle()
    opened.press(opened.screen.day.likely_button)
    opened.line("1 号").click()
    sheet = opened.sheet(VisitSheet)
    opened.press(next(one for one in sheet.choices if one.text() == "没有应答，退回候访"))
    assert [one.state for one in opened.screen.day.docket.lines if one.turn] == ["waiting", "waiting"]
    opened.line("2 号").click()
    opened.sheet(VisitSheet)
    opened.go_on()
    assert [one.state for one in opened.screen.day.docket.lines if one.turn] == ["waiting", "called"]


def test_an_appointment_is_withdrawn_with_its_reason(opened):
    opened.line(receiving.REPEAT).click()
    sheet = opened.sheet(VisitSheet)
    opened.press(next(one for one in sheet.choices if one.text() == "取消预约"))
    act = opened.sheet(ActSheet)
    act.inputs["reason"].setText("来电说不来了")
    act.inputs["reason"].setFocus()
    opened.go_on()
    assert "来电说不来了" in "".join(shown(opened.screen.day))


def test_the_board_follows_and_closes_with_esc(qtbot, opened, staged):
    day = opened.screen.day
    opened.press(day.buttons["reception.board"])
    board = day.board
    receiving.arrive(opened.desk, staged, receiving.GROUP)
    opened.frame.context.register_changed.emit()
    opened.idle()
    assert board.waiting == "1"
    assert "1" in board.accessibleName()
    assert not board.grab().isNull()
    with qtbot.waitSignal(board.closed):
        qtbot.keyClick(board, Qt.Key.Key_Escape)
    assert day.board is None


class Monitor:
    """A monitor of a certain place and size."""

    def __init__(self, place: QRect) -> None:
        self._place = place

    def geometry(self) -> QRect:
        return self._place


def test_the_board_fills_a_second_monitor(qtbot, opened):
    made = BoardWindow(opened.frame.context, opened.screen.day.docket.day.id, opened.screen.day)
    first, second = Monitor(QRect(0, 0, 1366, 768)), Monitor(QRect(1366, 0, 1920, 1080))
    assert made.open_on([first, second], first)
    assert made.isFullScreen()
    qtbot.keyClick(made, Qt.Key.Key_F11)
    assert not made.isFullScreen()
    opened.idle()
    made.close()


def test_who_neither_receives_nor_writes_is_not_led_into_the_record(opened, staged):
    receiving.arrive(opened.desk, staged, receiving.GROUP)
    opened.desk.reception.call_next(opened.screen.day.docket.day.id)
    as_role(opened, "REG")
    opened.screen.enter()
    opened.idle()
    assert opened.screen.day.likely_button is None
    opened.line("1 号").click()
    words = [one.text() for one in opened.sheet(VisitSheet).choices]
    assert "没有应答，退回候访" in words
    assert "进入接访（大字）" not in words


def test_a_day_to_come_is_typed_without_its_year():
    may = date(2026, 5, 1)
    assert read_day("3-2", may, ahead=True) == date(2027, 3, 2)
    assert read_day("5-1", may, ahead=True) == may
    assert read_day("15", may, ahead=True) == date(2026, 5, 16)


def test_who_was_registered_just_now_gets_a_number(opened, staged):
    frame = opened.frame
    frame.open_new("visit")
    opened.idle()
    screen = frame._screens["new"]
    screen.form.people.cards[0].name.setText("罗平")
    screen.form.statement.setText("请求说明处罚依据。")
    screen.form.claims.texts[0].setText("说明依据")
    screen.register()
    opened.idle()
    assert screen.registered.number_button.isVisible()
    opened.press(screen.registered.number_button)
    opened.sheet(ArriveSheet)
    opened.go_on()
    assert "1" in shown(opened.frame.sheets.sheet)


def test_a_failure_is_told_with_a_way_to_try_again(opened, monkeypatch):
    def broken(_self, _day):
        raise StorageError("磁盘读取失败。", "The disk cannot be read.")

    with monkeypatch.context() as patch:
        patch.setattr(Receptions, "docket", broken)
        opened.screen.enter()
        opened.idle()
        assert any("磁盘读取失败" in words for words in shown(opened.screen.day))
    opened.press(opened.screen.day._again)
    assert opened.screen.day.docket.day.state == "open"


def test_an_unended_day_is_told_of_on_today(opened, staged):
    staged.clock.to(staged.on + timedelta(days=1), 9)
    opened.frame.go("today")
    opened.idle()
    assert any("还没有结束" in words for words in shown(opened.frame._screens["today"]))


# --- the chief's mode -------------------------------------------------------------------------------------------------


def test_what_is_missing_is_marked_and_nothing_goes_on(opened):
    called(opened)
    chief = opened.screen.chief
    opened.go_on()
    assert chief.step == "hear"
    assert chief.form.fields["statement"].doubted
    assert chief.form.texts["statement"].hasFocus()
    for name in ("statement", "answer_given", "decision"):
        chief.form.texts[name].setText("有")
    opened.go_on()
    assert chief.form.fields["outcome"].doubted
    chief.form.outcome.set_value("transferred")
    assert len(chief.form.rows) == 1, "what is not settled on the spot asks for a unit and a day"
    opened.go_on()
    assert {name for name, field in chief.form.rows[0].fields.items() if field.doubted} == {"unit", "due_on", "what"}
    chief.form.rows[0].unit.set_value(opened.staged.units["城东派出所"])
    opened.type(chief.form.rows[0].due_on, "7")
    opened.type(chief.form.rows[0].what, "答复")
    opened.go_on()
    assert chief.step == "read"
    opened.go_on()
    assert chief.step == "read", "it was not read back"
    chief.sign.read_back.setChecked(True)
    opened.go_on()
    assert chief.sign.unsigned_field.doubted, "neither signed nor said why not"
    opened.frame.told.hide()
    opened.keys(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert chief.step == "hear"
    opened.keys(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert not opened.screen.receiving


def test_two_instructions_are_entered_and_stand_on_the_record(opened, staged):
    called(opened)
    chief = opened.screen.chief
    receiving.fill_record(chief.form, staged)
    opened.go_on()
    opened.qtbot.waitUntil(lambda: chief.step == "read", timeout=10_000)
    page = "".join(chief.page.document.getAllText(0).text().split())
    later = staged.on + timedelta(days=15)
    assert f"另交由法制大队办理：审核公示内容，{later.year}年{later.month}月{later.day}日前办结。" in page
    chief.sign.read_back.setChecked(True)
    chief.sign.signed.setChecked(True)
    opened.go_on()
    opened.qtbot.waitUntil(lambda: chief.step == "nobody", timeout=10_000)
    opened.idle()
    found = opened.desk.reception.promises(staged.matters[receiving.GROUP])
    assert [(one.unit, one.what) for one in found] == [
        ("城东派出所", "查明安全评估并在小区公示"),
        ("法制大队", "审核公示内容"),
    ]
    assert {one.by for one in found} == {"刘正"}, "who writes the record instructs nobody"


def test_a_draft_outlives_a_power_cut_and_comes_back(qtbot, opened, register, tmp_path):
    called(opened)
    chief = opened.screen.chief
    opened.type(chief.form.texts["statement"], "充电桩离楼太近")
    qtbot.waitUntil(lambda: "草稿已存" in chief.saved.text(), timeout=5_000)
    cut = tmp_path / "cut"
    cut.mkdir()
    for one in register.parent.glob(f"{register.stem}*"):  # the disk as it is this very moment
        shutil.copy(one, cut / one.name)
    saved = Desk(Register.open(cut / register.name, staging.LOGIN, staging.PASSPHRASE))
    assert [one.content["statement"] for one in saved.drafts()] == ["充电桩离楼太近"]
    saved.close()
    opened.window.dress_again()  # the screens are built anew, as after a lock
    opened.frame = opened.window.frame
    opened.frame.go("reception")
    opened.idle()
    opened.screen = opened.frame._screens["reception"]
    opened.press(opened.screen.day.likely_button)
    chief = opened.screen.chief
    assert chief.form.texts["statement"].text() == "充电桩离楼太近"
    assert "草稿" in chief.saved.text()


def test_leaving_the_mode_and_coming_back_keeps_what_is_typed(opened):
    called(opened)
    chief = opened.screen.chief
    opened.type(chief.form.texts["answer_given"], "当场说明")
    opened.press(chief.back_button)
    opened.press(opened.screen.day.likely_button)
    assert chief.form.texts["answer_given"].text() == "当场说明"


def test_what_the_register_refuses_stands_at_its_field(opened, staged):
    called(opened)
    chief = opened.screen.chief
    receiving.fill_record(chief.form, staged)
    chief.form.rows[0].due_on.set_day(staged.on)
    opened.go_on()
    opened.qtbot.waitUntil(lambda: chief.step == "read" or chief.form.rows[0].fields["due_on"].doubted, timeout=10_000)
    if chief.step == "read":
        chief.sign.read_back.setChecked(True)
        chief.sign.signed.setChecked(True)
        opened.go_on()
    assert chief.step == "hear"
    assert "之后" in chief.form.rows[0].fields["due_on"].doubted


# --- going out --------------------------------------------------------------------------------------------------------


def test_going_out_takes_the_petitioners_consent(counter, staged):
    page = counter.part("out")
    assert any("还没有下访" in words for words in shown(page))
    counter.press(page.new)
    sheet = counter.sheet(DaySheet)
    assert isinstance(sheet.fields["leader"], Choice)
    sheet.fields["form"].set_value("going_out")
    sheet.fields["leader"].set_value(staged.people["zhou"])
    sheet.fields["on"].set_day(staged.on)
    sheet.fields["place"].setText("柳岸路 20 号")
    counter.press(sheet.go)
    day = counter.screen.day
    assert (day.docket.day.form, day.docket.day.host.name) == ("going_out", "周敏")
    counter.press(day.buttons["reception.invite"])
    find = counter.sheet(FindSheet)
    counter.type(find.search, receiving.GROUP)
    counter.qtbot.keyClick(find.search, Qt.Key.Key_Return)
    act = counter.sheet(ActSheet)
    act.inputs["slot"].setText("10:00")
    act.inputs["slot"].setFocus()
    counter.go_on()
    assert "须经信访人同意" in sheet_words(counter), "offered, never imposed"
    act.inputs["agreed"].setChecked(True)
    counter.press(act.go)
    assert [one.kind for one in day.docket.lines] == ["invited"]
    page = counter.part("out")
    page.lines.finish()
    assert "带案下访" in page.lines.buttons[0].accessibleName()


# --- any size of text, both languages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "percent"), [("zh", 100), ("zh", 200), ("en", 200)])
def test_nothing_is_cut_off(qtbot, make_window, staged, language, percent):
    services = Services(open_register=staged.opener, letter_fields=_letter_fields)
    counter = Counter(qtbot, make_window(language=language, percent=percent, services=services), staged)
    receiving.plan(counter.desk, staged)
    receiving.book(counter.desk, staged)
    staged.clock.to(staged.on, 9, 0)
    for name in ("plan", "out", "promises", "day"):
        page = counter.part(name)
        assert page._page.horizontalScrollBar().maximum() == 0, name
    counter.press(counter.screen.day.begin_card.present)
    called(counter)
    chief = counter.screen.chief
    receiving.fill_record(chief.form, staged)
    counter.idle()
    for page in (chief.brief, chief.form, chief.sign):
        assert isinstance(page, Page)
        assert page.horizontalScrollBar().maximum() == 0, page
    assert chief.width() <= counter.window.width()
    counter.activate()
    assert QApplication.focusWidget() is not None


def test_english_says_everything_in_english(qtbot, make_window, staged):
    services = Services(open_register=staged.opener, letter_fields=_letter_fields)
    counter = Counter(qtbot, make_window(language="en", services=services), staged)
    receiving.plan(counter.desk, staged)
    counter.screen.enter()
    counter.idle()
    page = counter.screen.day
    words = "\n".join([*shown(page), *(one.text() for one in page.findChildren(QPushButton))])
    assert "At the reception place" in words
    assert not any(said in words for said in ("接访", "预约", "日志", "星期"))
