"""Drawing a programme up, changing its stages, targets and reports, and sending what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from models.programme.data import shipped
from tests.ui import keycases
from tests.ui.conftest import idle
from tests.ui.programme.pages import fill, named, press, said, show


def test_a_stage_without_dates_is_refused_in_place_and_named(qtbot, frame, screen, today):
    named(screen, "建立专项").click()
    sheet = frame.sheets.sheet
    sheet.name.setText("夏季专项")
    sheet.key.setText("summer")
    sheet.from_on.set_day(today)
    sheet.to_on.set_day(today + timedelta(days=60))
    for at, row in enumerate(sheet.stages.rows):
        row.name.setText(("排查", "化解", "总结")[at])
        row.from_on.set_day(today + timedelta(days=20 * at))
        row.to_on.set_day(today + timedelta(days=20 * at + 19))
    sheet.stages.rows[1].to_on.setText("")
    qtbot.keyClick(sheet.name, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    field = sheet.stages.rows[1].fields["to_on"]
    assert "第 2 阶段“化解”没有结束日期" in field.doubted
    assert sheet.stages.rows[1].to_on.hasFocus()
    assert frame.sheets.sheet is sheet
    sheet.stages.rows[1].to_on.set_day(today + timedelta(days=45))
    sheet.go.click()
    assert "上一阶段“化解”" in sheet.stages.rows[2].fields["from_on"].doubted
    assert field.doubted == ""
    sheet.stages.rows[1].to_on.set_day(today + timedelta(days=39))
    sheet.targets.more.click()
    sheet.targets.rows[0].name.setText("过半")
    sheet.targets.rows[0].share.setText("半数")
    sheet.targets.rows[0].by_on.set_day(today + timedelta(days=30))
    sheet.go.click()
    assert "没有写明百分之几" in sheet.targets.rows[0].fields["share"].doubted
    sheet.targets.rows[0].share.setText("50")
    sheet.reports.more.click()
    report = sheet.reports.rows[0]
    report.name.setText("化解小结")
    report.stage.setCurrentIndex(2)
    assert not report.fields["on_date"].isVisible()
    sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    found = screen.found.programme
    assert (found.key, [stage.name for stage in found.stages]) == ("summer", ["排查", "化解", "总结"])
    assert [(due.name, due.stage, due.days) for due in found.milestones] == [("化解小结", found.stages[1].id, 3)]
    assert [(target.share, target.by_on) for target in found.targets] == [(50, today + timedelta(days=30))]


def test_a_report_keeps_its_stage_when_another_stage_goes(qtbot, frame, screen):
    press(qtbot, screen.lines.buttons[0])
    sheet = frame.sheets.sheet
    report = next(row for row in sheet.reports.rows if row.name.text() == "集中化解阶段小结")
    assert report.milestone.stage == 2
    sheet.stages.remove(sheet.stages.rows[0])
    assert report.milestone.stage == 1
    assert "集中化解" in report.stage.currentText()
    sheet.stages.remove(sheet.stages.rows[0])
    assert report.milestone.stage is None
    assert report.fields["on_date"].isVisibleTo(sheet)


def test_the_plan_of_2011_is_made_as_it_comes_and_no_key_twice(qtbot, frame, screen):
    press(qtbot, screen.lines.buttons[0])
    sheet = frame.sheets.sheet
    assert len(sheet.reports.rows) == len([one for one in shipped()[0].milestones if one.kind != "target"])
    sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    assert screen.programme == "2011-key-cases"
    assert screen.found.programme.state == "over"
    assert "已于 2012-11-07 到期" in said(screen)
    assert len(screen.found.programme.milestones) == len(sheet_reports(shipped()[0]))
    screen.open(None)
    idle(qtbot, frame.window())
    screen.draw_up(shipped()[0])
    frame.sheets.sheet.go.click()
    idle(qtbot, frame.window())
    assert "已经建立，不能重复建立" in frame.sheets.sheet.heads["key"].doubted


def sheet_reports(draft) -> list:
    return [one for one in draft.milestones if one.kind != "target"]


def test_monthly_figures_are_added_at_once_and_need_the_time_first(qtbot, frame, screen, today):
    screen.draw_up()
    sheet = frame.sheets.sheet
    sheet.monthly.click()
    assert sheet.heads["from_on"].doubted
    sheet.from_on.setText("2026-01-10")
    sheet.to_on.setText("2026-03-15")
    sheet.monthly.click()
    assert [row.on_date.text() for row in sheet.reports.rows] == ["2026-01-31", "2026-02-28", "2026-03-15"]
    assert {row.kind.value for row in sheet.reports.rows} == {"figures"}
    assert today


def test_a_stage_is_changed_and_its_report_moves_with_it(qtbot, frame, one, today):
    show(qtbot, one, "dates")
    stage = one.found.programme.stages[1]
    press(
        qtbot,
        next(made for made in one.findChildren(QWidget) if made.accessibleName() == "修改：集中化解"),
        Qt.Key.Key_Space,
    )
    sheet = frame.sheets.sheet
    sheet.fields["to_on"].setText("")
    sheet.go.click()
    idle(qtbot, frame.window())
    assert "第 2 阶段“集中化解”没有结束日期" in sheet._holders["to_on"].doubted
    sheet.fields["to_on"].set_day(today + timedelta(days=7))
    qtbot.keyClick(sheet.fields["to_on"], Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    found = one.found.programme
    assert found.stages[1].to_on == today + timedelta(days=7)
    assert next(due for due in found.milestones if due.stage == stage.id).on_date == today + timedelta(days=7)
    assert one.part.value == "dates"


def test_a_target_is_added_changed_and_taken_off_with_a_reason(qtbot, frame, one, today):
    show(qtbot, one, "dates")
    named(one, "添加目标").click()
    fill(frame.sheets.sheet, name="八成化解", share="百")
    frame.sheets.sheet.go.click()
    idle(qtbot, frame.window())
    assert frame.sheets.sheet._holders["share"].doubted == "请填整数。"
    fill(frame.sheets.sheet, share="80")
    frame.sheets.sheet.go.click()
    idle(qtbot, frame.window())
    assert "八成化解" in frame.sheets.sheet._holders["on_date"].doubted, "named: which one has no day"
    fill(frame.sheets.sheet, on_date=(today + timedelta(days=5)).isoformat())
    frame.sheets.sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    target = next(each for each in one.found.programme.targets if each.name == "八成化解")
    assert (target.share, target.by_on) == (80, today + timedelta(days=5))
    one.dates._edit_target(one.found.programme, target)
    fill(frame.sheets.sheet, share="90")
    frame.sheets.sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    target = next(each for each in one.found.programme.targets if each.name == "八成化解")
    assert target.share == 90
    one.dates._edit_target(one.found.programme, target)
    named(frame.sheets.sheet, "撤销这一项").click()
    assert "撤销：八成化解" in said(frame.sheets.sheet)
    frame.sheets.sheet.go.click()
    assert frame.sheets.sheet._holders["reason"].doubted
    fill(frame.sheets.sheet, reason="方案没有这一条")
    frame.sheets.sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    assert [each.name for each in one.found.programme.targets] == ["过半化解", "全部化解"]


def test_reports_stand_with_last_day_and_state_and_the_roster_goes_out(qtbot, frame, one, today):
    show(qtbot, one, "dates")
    late = next(due for due in one.found.programme.milestones if due.kind == "roster")
    assert late.state == "late"
    go = next(made for made in one.findChildren(QPushButton) if made.accessibleName() == "登记已报送，报送联络名单")
    assert go.property("kind") == "primary"
    primary = [
        made for made in one.findChildren(QPushButton) if made.property("kind") == "primary" and made.isVisible()
    ]
    assert primary == [go], "one primary button to a page"
    press(qtbot, go, Qt.Key.Key_Space)
    sheet = frame.sheets.sheet
    sheet.fields["on"].set_day(today + timedelta(days=1))
    sheet.go.click()
    idle(qtbot, frame.window())
    assert "在今天之后" in sheet._holders["on"].doubted
    sheet.fields["on"].set_day(today)
    sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    sent = next(due for due in one.found.programme.milestones if due.kind == "roster")
    assert (sent.state, sent.done_on) == ("done_late", today)
    assert f"{today} 报送，已逾期" in said(one)
    assert "报送联络名单" not in "".join(words for words in show(qtbot, one, "overview"))


def test_a_summary_is_made_on_the_page_of_reports_and_esc_comes_back(qtbot, frame, one):
    show(qtbot, one, "dates")
    go = next(made for made in one.findChildren(QPushButton) if made.accessibleName() == "到报表办理，动员排查小结")
    press(qtbot, go, Qt.Key.Key_Space)
    idle(qtbot, frame.window())
    reports = frame._screens["reports"]
    assert frame.stack.currentWidget() is reports
    assert reports.shown.picker.wanted == ("stage", f"{keycases.KEY}/stage-1")
    assert reports.shown.picker.stage.currentText() == "动员排查"
    qtbot.keyClick(frame, Qt.Key.Key_Escape)
    idle(qtbot, frame.window())
    assert frame.stack.currentWidget() is one
    assert one.part.value == "dates"


def test_monthly_figures_lead_to_the_report_of_their_month(qtbot, frame, screen):
    screen.draw_up(shipped()[0])
    frame.sheets.sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    due = next(due for due in screen.found.programme.milestones if due.kind == "figures")
    screen.dates.send(due)
    idle(qtbot, frame.window())
    assert frame._screens["reports"].shown.picker.wanted == ("month", f"{due.on_date:%Y-%m}")


def test_filing_tells_how_many_plans_are_filed(qtbot, frame, one):
    due = next(due for due in one.found.programme.milestones if due.kind == "filing")
    one.dates.send(due)
    assert "已报备 3 件，已批准 3 件，已列入 6 件" in said(frame.sheets.sheet)


def test_a_programme_that_owes_a_report_is_not_closed(qtbot, frame, screen):
    screen.draw_up(shipped()[0])
    frame.sheets.sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    show(qtbot, screen, "dates")
    named(screen, "结束专项").click()
    sheet = frame.sheets.sheet
    sheet.go.click()
    idle(qtbot, frame.window())
    assert "还有未报送的" in said(sheet)
    assert screen.found.programme.closed_on is None


def test_today_tells_of_what_is_owed_and_leads_to_it(qtbot, made, frame):
    assert made
    idle(qtbot, frame.window())
    words = said(frame._screens["today"])
    assert f"动员排查小结（{keycases.NAME}）：最后一日" in words
    assert f"方案逐案报备（{keycases.NAME}）：最后一日" in words
    assert "还有 2 天" in words
    press(qtbot, named(frame._screens["today"], "打开专项"), Qt.Key.Key_Space)
    idle(qtbot, frame.window())
    screen = frame._screens["programme"]
    assert frame.stack.currentWidget() is screen
    assert (screen.programme, screen.part.value) == (keycases.KEY, "dates")


def test_today_tells_only_those_who_send_reports(qtbot, made, frame):
    assert made
    from ui.screens.programme import todayline

    found = []

    def ask(desk):
        head = desk.person
        desk.person = replace(head, roles=frozenset({"HO", "REG"}))
        try:
            return todayline.fetch(desk)
        finally:
            desk.person = head

    frame.context.ask(ask, found.append, owner=frame)
    idle(qtbot, frame.window())
    assert found == [()]
