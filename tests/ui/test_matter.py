"""A matter: acts by sheet, why not, derivations, letters blocked while a part is missing, papers from memory."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from models import acts
from models.letters import fields_for
from models.records import Filters, OpenAct
from tests.ui.conftest import idle, unlocked
from ui.screens.matter.pick import WhyNotSheet
from ui.screens.matter.sheets import ActSheet, ClockSheet


@pytest.fixture
def open_matter(qtbot, frame):
    """Open the first matter in a state."""

    def open_in(state: str):
        window, lines = frame.window(), []
        window.context.ask(lambda desk: desk.page(Filters(states=(state,))).lines, lines.extend)
        idle(qtbot, window)
        frame.open_matter(lines[0].id)
        idle(qtbot, window)
        return frame._screens["matter"]

    return open_in


def words_of(widget) -> str:
    return "\n".join(one.text() for kind in (QLabel, QPushButton) for one in widget.findChildren(kind))


def test_the_page_has_head_story_clocks_people_claims_and_papers(open_matter):
    screen = open_matter("S4")
    shown = words_of(screen)
    for words in (
        "反映城东路口停车收费无票据",
        "已受理",
        "沈玉兰",
        "核查收费情况",
        "未决定",
        "停车缴费照片.png",
        "书面告知信访人",
    ):
        assert words in shown, words


def test_ctrl_enter_begins_the_likeliest_act_and_a_missing_input_is_named(qtbot, frame, open_matter):
    screen = open_matter("S1")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    sheet = frame.sheets.sheet
    assert isinstance(sheet, ActSheet)
    assert sheet.act is screen.file.next_acts[0]
    assert sheet.act.name == "screen"
    assert frame.sheets.sheet.isAncestorOf(QApplication.focusWidget())


def test_an_act_is_taken_and_the_page_follows(qtbot, frame, open_matter):
    screen = open_matter("S1")
    screen.take_likely()
    sheet = frame.sheets.sheet
    sheet.inputs["category"].set_value("claim")
    sheet.inputs["exit"].set_value("6")
    sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    assert screen.file.matter["state"] == "S2"
    assert screen.file.matter["exit"] == 6
    assert frame.told.isVisible()


def test_what_the_register_refuses_is_told_in_the_sheet(qtbot, frame, open_matter):
    screen = open_matter("S2")
    act = next(one for one in screen.file.next_acts if one.name == "transfer")
    screen.begin_act(act)
    sheet = frame.sheets.sheet
    sheet.go.click()
    assert frame.sheets.sheet is sheet
    assert sheet._fields["destination_name"].doubted == "需要填写。"
    assert QApplication.focusWidget() is sheet.inputs["destination_name"]


def test_why_not_names_every_closed_act(qtbot, frame, open_matter):
    screen = open_matter("S4")
    assert screen.closed
    next(one for one in screen._bar.findChildren(QPushButton) if one.text() == "为什么不能…").click()
    sheet = frame.sheets.sheet
    assert isinstance(sheet, WhyNotSheet)
    qtbot.waitUntil(lambda: sheet.complete)
    shown = words_of(sheet)
    assert all(one.reason_zh in shown for one in screen.closed)


def test_a_date_explains_itself(frame, open_matter):
    screen = open_matter("S1")
    state = next(one for one in screen.file.clocks if one.due is not None)
    next(one for one in screen.findChildren(QPushButton) if one.text() == f"至 {state.due.last_on.isoformat()}").click()
    sheet = frame.sheets.sheet
    assert isinstance(sheet, ClockSheet)
    from models.clocks import explain

    shown = words_of(sheet)
    assert all(words in shown for words in explain(state.due, "zh"))


def test_a_paper_is_shown_from_memory(qtbot, frame, open_matter):
    screen = open_matter("S4")
    screen.papers.open_paper(screen.file.attachments[0])
    qtbot.waitUntil(lambda: frame.sheets.sheet is not None, timeout=10_000)
    from ui.parts.pdf import ImagePane

    assert frame.sheets.sheet.findChild(ImagePane).readable


def test_the_story_turns_round_and_is_remembered(qtbot, frame, open_matter):
    screen = open_matter("S4")
    screen._turn_story()
    assert frame.context.preferences.story_newest_first is False
    idle(qtbot, frame.window())


def test_a_matter_that_may_not_be_known_is_an_emptiness_with_a_sentence(qtbot, frame):
    frame.open_matter(999_999)
    idle(qtbot, frame.window())
    shown = words_of(frame._screens["matter"])
    assert "不能打开这个事项" in shown


def test_a_required_choice_is_never_made_for_the_person(qtbot, frame, open_matter):
    screen = open_matter("S2")
    screen.begin_act(next(one for one in screen.file.next_acts if one.name == "refuse"))
    sheet = frame.sheets.sheet
    assert sheet.inputs["ground"].value is None
    sheet.go.click()
    assert frame.sheets.sheet is sheet
    assert sheet._fields["ground"].doubted == "需要填写。"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_acts_name_is_cut_off_on_its_button(qtbot, make_window, language):
    frame = unlocked(qtbot, make_window(language=language))
    lines = []
    frame.context.ask(lambda desk: desk.page(Filters()).lines, lines.extend)
    idle(qtbot, frame.window())
    frame.open_matter(lines[0].id)
    idle(qtbot, frame.window())
    screen = frame._screens["matter"]
    for rule in acts.table().values():
        screen.begin_act(OpenAct(name=rule.name, roles=(), documents=(), inputs=rule.inputs, article="", to_state=""))
        qtbot.wait(5)
        go = frame.sheets.sheet.go
        assert go.width() >= go.minimumSizeHint().width(), (rule.name, go.text())


def test_three_times_ctrl_enter_accepts_and_issues(qtbot, frame, open_matter):
    def onward():
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    screen = open_matter("S2")
    screen._bar.findChildren(QPushButton)[0].setFocus()
    assert screen.file.next_acts[0].name == "accept"
    onward()
    assert isinstance(frame.sheets.sheet, ActSheet)
    onward()
    letter = frame._screens["letter"]
    qtbot.waitUntil(lambda: letter.issue_button.isEnabled(), timeout=30_000)
    idle(qtbot, frame.window())
    assert QApplication.focusWidget() is letter.issue_button, "nothing is left to type"
    assert letter.fields["addressee"].placeholderText() == "何秀英"
    onward()
    qtbot.waitUntil(lambda: letter.document is not None, timeout=30_000)
    idle(qtbot, frame.window())
    assert letter.document.kind == "acceptance_notice"


def test_coming_back_from_the_letter_shows_what_was_typed_for_its_act(qtbot, frame, open_matter):
    screen = open_matter("S2")
    screen.begin_act(next(one for one in screen.file.next_acts if one.name == "transfer"))
    frame.sheets.sheet.inputs["destination_name"].setText("云溪县住房和城乡建设局")
    frame.sheets.sheet.go.click()
    letter = frame._screens["letter"]
    qtbot.waitUntil(lambda: letter._pane is not None and letter._pane.pages > 0, timeout=30_000)
    idle(qtbot, frame.window())
    assert letter.fields["destination"].placeholderText() == "云溪县住房和城乡建设局"
    frame.go_back()
    idle(qtbot, frame.window())
    sheet = frame.sheets.sheet
    assert sheet.act.name == "transfer"
    assert sheet.inputs["destination_name"].text() == "云溪县住房和城乡建设局"
    frame.escape()
    frame.refresh()
    idle(qtbot, frame.window())
    assert frame.sheets.sheet is None, "once only"


def test_the_choices_of_a_letter_are_those_of_the_matters_rules(qtbot, frame, open_matter):
    screen = open_matter("S2")
    frame.open_letter(screen.matter, "non_acceptance_notice")
    letter = frame._screens["letter"]
    qtbot.waitUntil(lambda: "ground_choice" in letter.fields, timeout=30_000)
    idle(qtbot, frame.window())
    rules = screen.file.matter["rules"]
    wanted = next(
        one.choices for one in fields_for("non_acceptance_notice", rules=rules) if one.name == "ground_choice"
    )
    offered = letter.fields["ground_choice"]
    assert [offered.itemText(at) for at in range(1, offered.count())] == [zh for _code, zh, _en in wanted]


def test_accepting_issues_the_notice_from_its_preview(qtbot, frame, open_matter):
    screen = open_matter("S2")
    act = next(one for one in screen.file.next_acts if one.name == "accept")
    screen.begin_act(act)
    frame.sheets.sheet.go.click()
    letter = frame._screens["letter"]
    assert frame.stack.currentWidget() is letter
    qtbot.waitUntil(lambda: letter._pane is not None and letter._pane.pages > 0, timeout=30_000)
    idle(qtbot, frame.window())
    assert letter.missing == ()
    assert letter.issue_button.isEnabled()
    assert not letter.print_button.isEnabled(), "a draft is not printed"
    letter.issue_button.click()
    qtbot.waitUntil(lambda: letter.document is not None, timeout=30_000)
    idle(qtbot, frame.window())
    assert letter.document.kind == "acceptance_notice"
    assert letter.print_button.isEnabled()
    assert letter._pane.data.startswith(b"%PDF")
    drawn = letter._pane.grab().toImage()
    drafted = letter._pane._sheets._drawn[0]
    assert not drawn.isNull()
    assert drafted == letter._pane.document.render(0, drafted.size()), "what is drawn is the page of the bytes at hand"
    shown = "".join(letter._pane.document.getAllText(0).text().split())
    assert letter.document.number in shown, "the page shown is the frozen one, with its number"
    frame.go_back()
    idle(qtbot, frame.window())
    assert screen.file.matter["state"] == "S4"
    assert [one.kind for one in screen.file.documents] == ["acceptance_notice"]


def test_an_answer_without_its_parts_is_blocked_and_each_part_is_named(qtbot, frame, open_matter):
    screen = open_matter("S4")
    frame.open_letter(screen.matter, "answer")
    letter = frame._screens["letter"]
    qtbot.waitUntil(lambda: bool(letter.missing), timeout=30_000)
    assert not letter.issue_button.isEnabled()
    shown = words_of(letter)
    assert all(zh in shown for _code, zh, _en in letter.missing)
    letter.issue()
    assert letter.document is None


def test_printing_draws_every_page(qtbot, frame, open_matter, tmp_path):
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice
    from PySide6.QtPdf import QPdfDocument
    from PySide6.QtPrintSupport import QPrinter

    from ui.parts.pdf import draw_pages

    screen = open_matter("S4")
    frame.open_letter(screen.matter, "registration_form")
    letter = frame._screens["letter"]
    qtbot.waitUntil(lambda: letter._pane is not None and letter._pane.pages > 0, timeout=30_000)
    document, buffer = QPdfDocument(), QBuffer()
    buffer.setData(QByteArray(letter._pane.data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    draw_pages(document, printer)
    printed = QPdfDocument()
    printed.load(str(tmp_path / "printed.pdf"))
    assert printed.pageCount() == document.pageCount() >= 1
    given, made = document.pagePointSize(0), printed.pagePointSize(0)
    assert (round(given.width()), round(given.height())) == pytest.approx(
        (round(made.width()), round(made.height())), abs=1
    )
    idle(qtbot, frame.window())
