"""Key cases in the window: programmes, their dates, lists of cases, drawing up, roster, papers; by keys and clicks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget

from models.programme.data import shipped
from tests.ui import keycases
from tests.ui.conftest import idle, unlocked
from ui.screens.programme.steps import GROUPS, reach_of
from ui.words import table

PARTS = ("overview", "cases", "dates", "roster")


@pytest.fixture
def made(register, today) -> dict[str, int]:
    """The matters of the staged programme, by the state of their case."""
    return keycases.furnish(register, today)


@pytest.fixture(autouse=True)
def staged_first(request):
    """Stage the programme before any window opens the register."""
    if {"made", "one"} & set(request.fixturenames):
        request.getfixturevalue("made")


@pytest.fixture
def screen(qtbot, frame):
    """The page of programmes, reached by its key."""
    name = next(at for at, name in enumerate(frame.rail, start=1) if name == "programme")
    qtbot.keyClick(frame, Qt.Key(Qt.Key.Key_0 + name), Qt.KeyboardModifier.AltModifier)
    idle(qtbot, frame.window())
    found = frame._screens["programme"]
    assert frame.stack.currentWidget() is found
    return found


@pytest.fixture
def one(qtbot, made, screen):
    """The page of the staged programme, opened with Enter on its line."""
    assert made
    press(qtbot, screen.lines.buttons[0])
    idle(qtbot, screen.window())
    return screen


def press(qtbot, button: QWidget, key: Qt.Key = Qt.Key.Key_Return) -> None:
    """Press a line or button by the keyboard."""
    button.setFocus()
    assert button.hasFocus()
    qtbot.keyClick(button, key)


def show(qtbot, screen, part: str) -> list[str]:
    """Open a page of the programme; returns what its lines say."""
    screen.part.set_value(part)
    idle(qtbot, screen.window())
    return lines(screen)


def lines(screen) -> list[str]:
    """Return what the lines say."""
    screen.lines.finish()
    return [made.accessibleName() for made in screen.lines.buttons]


def said(widget: QWidget) -> str:
    """Return all words of a page."""
    return "\n".join(made.text() for made in widget.findChildren(QLabel) if made.isVisibleTo(widget))


def named(widget: QWidget, words: str) -> QPushButton:
    """Return the button of these words."""
    return next(one for one in widget.findChildren(QPushButton) if one.text() == words and one.isVisibleTo(widget))


def entry(screen, words: str) -> QWidget:
    """Return the entry of the page of dates whose name holds these words."""
    holders = [one for one in screen.findChildren(QWidget) if one.accessibleName().startswith(words) and one.layout()]
    return holders[0]


def fill(sheet, **inputs: object) -> None:
    """Fill fields of a small sheet."""
    for name, value in inputs.items():
        widget = sheet.fields[name]
        (widget.set_value if hasattr(widget, "set_value") else widget.setText)(value)


# --- the list ---------------------------------------------------------------------------------------------------------


def test_programmes_stand_with_stage_counts_and_what_is_owed(made, screen):
    assert made
    first, offered = lines(screen)
    for words in (keycases.NAME, "第 2/3 阶段：集中化解", "进行中", "报送联络名单：最后一日", "已超 91 天"):
        assert words in first, words
    assert "已列入 6，已化解 2，未化解 4；其中反弹 1" in first
    assert shipped()[0].name in offered
    assert screen.lines.buttons[0].hasFocus()


def test_nothing_yet_offers_the_plan_that_comes_with_the_product(screen):
    assert len(lines(screen)) == 1
    assert "重点信访案件集中化解专项工作" in lines(screen)[0]
    assert named(screen, "建立专项").property("kind") == "primary"


def test_who_may_not_make_a_programme_is_not_offered_it(qtbot, frame, screen):
    frame.context.person = replace(frame.context.person, roles=frozenset({"HO"}))
    screen.enter()
    idle(qtbot, screen.window())
    assert lines(screen) == []
    assert "还没有专项" in said(screen)
    assert not [one for one in screen.findChildren(QPushButton) if one.isVisible() and one.text() == "建立专项"]


def test_escape_goes_from_a_case_to_its_programme_and_on_to_the_list(qtbot, frame, one, made):
    show(qtbot, one, "cases")
    press(qtbot, one.lines.buttons[2])
    idle(qtbot, frame.window())
    assert frame.stack.currentWidget() is frame._screens["case"]
    assert frame._screens["case"].matter == made["stuck"]
    qtbot.keyClick(frame, Qt.Key.Key_Escape)
    idle(qtbot, frame.window())
    assert frame.stack.currentWidget() is one
    assert one.lines.buttons[2].hasFocus(), "back at the line that was opened"
    qtbot.keyClick(frame, Qt.Key.Key_Escape)
    idle(qtbot, frame.window())
    assert one.programme is None
    assert keycases.NAME in lines(one)[0]


# --- progress ---------------------------------------------------------------------------------------------------------


def test_progress_is_told_by_counts_each_with_its_cases(qtbot, one):
    assert {name: made.accessibleName() for name, made in one.overview.tallies.items()} == {
        "included": "已列入 6",
        "open": "未化解 4",
        "late": "超时限 1",
        "rebound": "反弹 1",
        "solved": "已化解 2",
        "closed": "评查结案 1",
        "excluded": "不列入 2",
    }
    for name, count in (("late", 1), ("rebound", 1), ("open", 4), ("included", 6), ("solved", 2), ("excluded", 2)):
        show(qtbot, one, "overview")
        press(qtbot, one.overview.tallies[name], Qt.Key.Key_Space)
        idle(qtbot, one.window())
        assert one.part.value == "cases"
        assert len(lines(one)) == count, name
        assert one.cases.count.text() == f"{count} 件"


def test_the_line_of_time_says_in_words_what_it_draws(one, today):
    line = one.overview.line
    words = line.accessibleName()
    assert f"2 集中化解：{today - timedelta(days=90)} 至 {today + timedelta(days=9)}，现阶段" in words
    assert f"{today + timedelta(days=9)} 前化解 100 %" in words
    assert f"今天：{today}" in words
    first, last = one.found.programme.from_on, one.found.programme.to_on
    assert (line.place(first), line.place(last, end=True)) == (0, line.width())
    assert line.place(today) == pytest.approx(line.width() * 120 / 151)


def test_targets_say_how_many_of_how_many_by_when(one, today):
    words = said(one)
    assert f"{today - timedelta(days=10)} 前化解 60 %；已化解 2 件，已列入 6 件，须达到 4 件" in words
    assert "未达到" in words
    assert f"{today + timedelta(days=9)} 前化解 100 %；已化解 2 件，已列入 6 件，须达到 6 件" in words
    assert "还有 9 天" in words


def test_evidence_counts_cases_and_leads_to_those_whose_next_step_it_is(qtbot, one):
    said_of = lines(one)
    assert "已拟定包案方案，4 / 6 件" in said_of
    assert "市局评查同意结案，1 / 6 件" in said_of
    press(qtbot, next(made for made in one.lines.buttons if made.accessibleName().startswith("已见承办人")))
    idle(qtbot, one.window())
    assert ["反映非法拘禁案久拖未结" in words for words in lines(one)] == [True]
    assert one.cases.step.currentText() == "见承办人"


def test_open_cases_stand_by_lead_and_unit_and_never_by_petitioner(one):
    words = lines(one)
    assert "钱伟，未化解 2 件，超时限 1 件" in words
    assert "刑侦大队，未化解 2 件，超时限 1 件" in words
    assert any(one.startswith("尚未确定，未化解 2 件") for one in words)
    assert "X5  已依法处理（仅记文书号），1 件" in words
    assert "顾大海" not in said(one), "no petitioner is named on the page of progress"


# --- cases ------------------------------------------------------------------------------------------------------------


def test_a_line_says_who_answers_until_when_and_what_is_proved(qtbot, one, today):
    words = show(qtbot, one, "cases")
    assert len(words) == 8
    stuck = words[2]
    for part in ("反映故意伤害案赔偿未落实", "包案领导：钱伟", "刑侦大队", "何办", "已超 5 天"):
        assert part in stuck, part
    assert f"时限 {today - timedelta(days=5)}" in stuck
    assert "三见：已完成，方案：已完成，化解：已办 1 项，共 2 项，卷宗：未办，评查：未办，回头看：未办" in stuck
    assert "尚无方案" in words[0]
    assert "X2 正在法律程序中" in words[6]
    assert "三见" not in words[6], "a case that is out has no steps to take"
    assert not any("%" in line for line in words), "never a percentage"


def test_steps_bear_icon_and_word(qtbot, one):
    show(qtbot, one, "cases")
    line = one.lines.buttons[2]
    small = [made for made in line.findChildren(QLabel) if made.property("role") == "small" and made.text()]
    words = [made.text() for made in small]
    assert [name for name in ("三见", "方案", "化解 1/2", "卷宗", "评查", "回头看") if name not in words] == []
    icons = [made for made in line.findChildren(QLabel) if not made.pixmap().isNull()]
    assert len(icons) >= len(GROUPS)


@pytest.mark.parametrize(
    ("reached", "wanted"),
    [
        (set(), ("none", 0, 3)),
        ({"met_handler"}, ("part", 1, 3)),
        ({"met_petitioner", "met_handler", "read_file"}, ("done", 3, 3)),
    ],
)
def test_a_group_of_steps_is_reached_in_part(reached, wanted):
    assert reach_of("meetings", reached) == wanted


def test_cases_are_found_by_each_filter(qtbot, one, frame):
    show(qtbot, one, "cases")
    part = one.cases
    lead = next(person.id for person in frame.context.staff if person.name == "钱伟")
    unit = next(number for number, name in frame.context.units if name == "刑侦大队")
    for choice, value, count in (
        (part.state, "rebound", 1),
        (part.state, "closed", 1),
        (part.state, "included", 6),
        (part.source, "province", 1),
        (part.leader, lead, 4),
        (part.unit, unit, 4),
        (part.exclusion, "X5", 1),
        (part.step, "planned", 2),
    ):
        choice.set_value(value)
        idle(qtbot, one.window())
        assert len(lines(one)) == count, choice.accessibleName()
        choice.setCurrentIndex(0)
    part.late.click()
    idle(qtbot, one.window())
    assert ["已超 5 天" in words for words in lines(one)] == [True]
    part.source.set_value("central")
    idle(qtbot, one.window())
    assert lines(one) == []
    assert "没有符合条件的案件" in said(one)
    named(one, "清除筛选").click()
    idle(qtbot, one.window())
    assert len(lines(one)) == 8


def test_what_is_sealed_for_the_viewer_tells_no_content(qtbot, one, monkeypatch):
    """The outline that the register hands over shows number, state and unit, and no steps."""
    found = []
    one.context.ask(lambda desk: desk.programmes.cases(keycases.KEY), found.append, owner=one)
    idle(qtbot, one.window())
    line = found[0].lines[2]
    outline = replace(line, title="", sight="outline", source="", leader="", officer="", reached=(), limit_on=None)
    from ui.screens.programme.cases import case_line

    made = case_line(one.context, outline)
    qtbot.addWidget(made)
    assert "（限定知悉）" in made.accessibleName()
    assert "三见" not in made.accessibleName()
    assert "钱伟" not in made.accessibleName()


# --- drawing up -------------------------------------------------------------------------------------------------------


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


# --- dates ------------------------------------------------------------------------------------------------------------


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


# --- roster and papers ------------------------------------------------------------------------------------------------


def test_the_roster_is_named_changed_and_printed(qtbot, frame, one, monkeypatch, tmp_path):
    show(qtbot, one, "roster")
    assert said(one).count("还没有确定") == 2
    go = next(made for made in one.findChildren(QPushButton) if made.accessibleName() == "确定，联络员")
    press(qtbot, go, Qt.Key.Key_Space)
    sheet = frame.sheets.sheet
    fill(sheet, name="周敏", post="信访科民警")
    sheet.go.click()
    assert sheet._holders["phone"].doubted
    fill(sheet, phone="0339-5550108")
    sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    words = said(one)
    assert "周敏  信访科民警" in words
    assert "0339-5550108" in words
    one.roster.print_button.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is not None, timeout=20_000)
    text = pdf_text(frame.sheets.sheet)
    for part in ("联络员名单", "周敏", "0339-5550108", "尚未确定：分管领导"):
        assert part in text, part
    path = tmp_path / "名单.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_more: (str(path), "Excel (*.xlsx)"))
    frame.sheets.sheet.save_button.click()
    idle(qtbot, frame.window())
    cells = [cell for page in openpyxl.load_workbook(path) for row in page.iter_rows(values_only=True) for cell in row]
    assert "周敏" in cells


def pdf_text(sheet) -> str:
    """Return the text of all pages of a paper that is shown."""
    document = sheet.pane.document
    return "".join(document.getAllText(page).text() for page in range(document.pageCount())).replace("\r\n", "")


@pytest.mark.parametrize("suffix", [".pdf", ".xlsx"])
def test_the_bound_ledger_is_shown_and_leaves_as_a_file(qtbot, frame, one, monkeypatch, tmp_path, suffix):
    show(qtbot, one, "cases")
    one.cases.ledger_button.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is not None, timeout=20_000)
    text = pdf_text(frame.sheets.sheet)
    for part in (
        "重点信访案件登记册",
        "反映故意伤害案赔偿未落实",
        "（2026）云01民初12号",
        "云公（治）决字〔2019〕12号",
    ):
        assert part in text, part
    assert "顾大海" not in text
    path = tmp_path / f"登记册{suffix}"
    given = path.with_suffix("") if suffix == ".pdf" else path
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_more: (str(given), "PDF (*.pdf)"))
    frame.sheets.sheet.save_button.click()
    qtbot.waitUntil(path.exists, timeout=20_000)
    idle(qtbot, frame.window())
    told = []
    frame.context.ask(
        lambda desk: desk.register.row("SELECT count(*) FROM entry WHERE act='export_list'"), told.append, owner=one
    )
    idle(qtbot, frame.window())
    assert told[0][0] == 1, "what leaves the register is journalled"
    if suffix == ".xlsx":
        page = openpyxl.load_workbook(path).worksheets[0]
        assert any("反映故意伤害案赔偿未落实" in str(cell) for row in page.iter_rows(values_only=True) for cell in row)
        assert page.freeze_panes


# --- both languages, large type ---------------------------------------------------------------------------------------


def test_english_is_complete(qtbot, make_window, made):
    assert made
    frame = unlocked(qtbot, make_window(language="en"))
    frame.go("programme")
    idle(qtbot, frame.window())
    screen = frame._screens["programme"]
    assert "stage" in lines(screen)[0].lower()
    screen.open(keycases.KEY)
    idle(qtbot, frame.window())
    assert "2 solved of 6 included; 4 are needed" in said(screen)
    words = show(qtbot, screen, "cases")
    assert "Meetings: done, Plan: done, Solving: 1 of 2 done, Dossier: not yet" in words[2]
    assert "Stages" in said_after(qtbot, screen, "dates")
    assert "Nobody named yet" in said_after(qtbot, screen, "roster")


def said_after(qtbot, screen, part: str) -> str:
    show(qtbot, screen, part)
    return said(screen)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_cut_off_in_large_type(qtbot, make_window, made, language):
    frame = unlocked(qtbot, make_window(language=language, percent=200))
    assert frame.window().height() <= 768
    frame.go("programme")
    idle(qtbot, frame.window())
    screen = frame._screens["programme"]
    screen.open(keycases.KEY)
    idle(qtbot, frame.window())
    for part in PARTS:
        show(qtbot, screen, part)
        inner, room = screen._page.inner, screen._page.viewport().width()
        assert inner.minimumSizeHint().width() <= room, part
        assert not screen._page.horizontalScrollBar().isVisible(), part
    frame.open_case(made["stuck"])
    idle(qtbot, frame.window())
    page = frame._screens["case"]._page
    assert page.inner.minimumSizeHint().width() <= page.viewport().width()
    assert QApplication.focusWidget() is not None


class Windows(QObject):
    """Notes every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note it."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


def test_no_part_of_a_page_flashes_as_a_window_of_its_own(qtbot, qapp, frame, made):
    """A widget that is shown before it stands in its page takes the focus away from the window."""
    windows = Windows()
    qapp.installEventFilter(windows)
    for name in frame.rail:
        frame.go(name)
        idle(qtbot, frame.window())
    screen = frame._screens["programme"]
    screen.draw_up()
    frame.sheets.close_sheet()
    frame.go("programme")
    screen.open(keycases.KEY)
    idle(qtbot, frame.window())
    for part in PARTS:
        show(qtbot, screen, part)
    for matter in made.values():
        frame.open_case(matter)
        idle(qtbot, frame.window())
    qapp.removeEventFilter(windows)
    assert windows.seen == []


def test_no_word_of_the_pages_tells_of_persons_to_be_watched():
    """Boundary (domain reference, 16): of matters and duties, never of movements, risk or control."""
    watched = ("稳控", "风险", "去向", "行踪", "重点人", "stability", "risk", "whereabouts", "watch")
    for language in ("zh", "en"):
        words = [
            text
            for key, text in table(language).items()
            if key.split(".")[0] in ("programme", "case", "step", "roster")
        ]
        assert [text for text in words if any(one in text for one in watched)] == []


def test_a_register_that_fails_is_said_with_a_way_to_try_again(qtbot, frame, one, monkeypatch):
    from models.errors import BugError
    from models.programme.programmes import Programmes

    def fail(*_args, **_more):
        raise BugError("读不到案件。", "The cases cannot be read.")

    monkeypatch.setattr(Programmes, "cases", fail)
    show(qtbot, one, "cases")
    assert "读不到案件" in said(one)
    monkeypatch.undo()
    named(one, "重试").click()
    idle(qtbot, frame.window())
    assert len(lines(one)) == 8
