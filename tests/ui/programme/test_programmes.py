"""The list of programmes, the progress of one, its roster and papers; both languages, large type."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget

from models.programme.data import shipped
from tests.ui import keycases
from tests.ui.conftest import idle, unlocked
from tests.ui.programme.pages import fill, lines, named, pdf_text, press, said, said_after, show
from ui.words import table

PARTS = ("overview", "cases", "dates", "roster")


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
