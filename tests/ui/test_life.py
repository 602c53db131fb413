"""The whole life of a matter on its page: ledgers, acts by room, suggestions, papers, binding, issued letters."""

from __future__ import annotations

import time
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QFrame, QLabel, QPushButton, QWidget

from models import acts
from models.records import Filters
from tests.ui import lives, staging
from tests.ui.conftest import idle, unlocked
from ui.parts.pdf import ImagePane
from ui.screens.matter.aid import NoLongerSheet
from ui.screens.matter.binding import BundleSheet
from ui.screens.matter.paperwork import LetterKindsSheet
from ui.screens.matter.peoplelist import PeopleSheet
from ui.screens.matter.pick import ActsSheet, WhyNotSheet
from ui.screens.matter.screening import ScreenSheet
from ui.words import LANGUAGES, table

BLOCKS = {
    "执行": ("更正户口登记的出生日期", "已超 2 天"),
    "调解、和解协议": ("双方：邹志明；城东派出所", "还有 3 天"),
    "听证": ("主持人：钱伟", "听证结论：出生证明真实有效，应当更正。"),
    "送达经过": ("未送达", "原因：两次上门均无人", "已送达", "签收人：邹志明"),
    "复查、复核": ("维持", "云州市公安局", "尚未决定", "云海省公安厅"),
    "交接": ("刑侦大队 → 城东派出所", "已退回", "理由：户籍窗口所在单位", "已超 2 天"),
    "回访": ("部分落实", "尚未拿到新户口簿，希望尽快。"),
    "满意度评价": ("基本满意", "待评价"),
    "督办": ("城东派出所；无正当理由未按规定期限办结", "还有 2 天"),
    "重大、紧急情况": (
        "应当报告而没有报告：本级党委、本级人民政府",
        "十余人到窗口要求当场更正",
        "所长到场说明办理进度",
    ),
    "回避": ("孙浩", "同意回避", "本人提出；与信访人为邻居"),
    "期限变动": ("国务院办公厅关于调整放假安排的通知",),
}
TITLES_EN = (
    "To be carried out", "Agreements", "Hearing", "Service", "Review and re-review", "Hand-overs", "Follow-up",
    "Ratings", "Supervision", "Major and urgent", "Recusal", "Limits that moved",
)  # fmt: skip


def words_of(widget) -> str:
    return "\n".join(one.text() for kind in (QLabel, QPushButton) for one in widget.findChildren(kind))


def block_called(screen, title: str) -> QWidget | None:
    found = [one for one in screen._page.inner.findChildren(QWidget) if one.accessibleName() == title]
    return next((one for one in found if type(one) is QWidget), None)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, today: date) -> Path:
    """A closed register to copy from, with a life, a crowd and a repeat in it."""
    path = tmp_path_factory.mktemp("lives") / "云溪县.register"
    staging.build(path, today)
    lives.add_life(path, today)
    lives.add_crowd(path, today, people=3_000, lines=60)
    lives.add_repeat(path, today)
    return path


def called(qtbot, frame, title: str) -> int:
    """Return the id of a matter by its title."""
    found = []
    frame.context.ask(lambda desk: lives.matter_called(desk.register, title), found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=10_000)
    return found[0]


@pytest.fixture
def lived(qtbot, frame) -> int:
    return called(qtbot, frame, lives.LIVED)


@pytest.fixture
def show(qtbot, frame):
    def open_matter(matter: int):
        frame.open_matter(matter)
        idle(qtbot, frame.window())
        return frame._screens["matter"]

    return open_matter


@pytest.fixture
def in_state(qtbot, frame, show):
    def open_first(state: str):
        lines = []
        frame.context.ask(lambda desk: desk.page(Filters(states=(state,))).lines, lines.extend)
        idle(qtbot, frame.window())
        return show(lines[0].id)

    return open_first


def take(qtbot, frame, screen, name: str, **inputs):
    """Take an act through its sheet."""
    screen.begin_act(next(one for one in screen.file.next_acts if one.name == name))
    sheet = frame.sheets.sheet
    for field, value in inputs.items():
        widget = sheet.inputs[field]
        (widget.set_value if hasattr(widget, "set_value") else widget.setText)(value)
    sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())


def test_every_ledger_stands_with_its_rows(lived, show):
    screen = show(lived)
    for title, wanted in BLOCKS.items():
        block = block_called(screen, title)
        assert block is not None, title
        shown = words_of(block)
        for words in wanted:
            assert words in shown, (title, words)


def test_a_task_past_its_day_is_in_seal_red_and_says_so(lived, show):
    tones = {
        one.accessibleName(): one.property("tone")
        for one in block_called(show(lived), "执行").findChildren(QFrame)
        if one.property("kind") == "chip"
    }
    assert tones == {"已超 2 天": "late"}


def test_both_days_of_a_moved_limit_are_shown(lived, show, today):
    shown = words_of(block_called(show(lived), "期限变动"))
    assert f"原 {today + timedelta(days=30)}，现 {today + timedelta(days=31)}" in shown


def test_the_ledgers_speak_english(qtbot, make_window):
    frame = unlocked(qtbot, make_window(language="en"))
    frame.open_matter(called(qtbot, frame, lives.LIVED))
    idle(qtbot, frame.window())
    screen = frame._screens["matter"]
    for title in TITLES_EN:
        assert block_called(screen, title) is not None, title


def test_a_matter_without_such_rows_has_no_such_blocks(in_state):
    screen = in_state("S2")
    assert [title for title in BLOCKS if block_called(screen, title) is not None] == []


def test_the_paper_of_a_ledger_opens_its_scan(qtbot, frame, lived, show):
    block = block_called(show(lived), "送达经过")
    next(one for one in block.findChildren(QPushButton) if one.text().startswith("送达凭证")).click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is not None, timeout=10_000)
    assert frame.sheets.sheet.findChild(ImagePane).readable


def test_incoming_papers_stand_with_sender_and_scan_and_the_scan_is_not_shown_twice(lived, show):
    screen = show(lived)
    documents, papers = block_called(screen, "文书"), block_called(screen, "材料")
    shown = words_of(documents)
    assert "城东派出所；本人当面签收" in shown
    assert "云复〔2026〕8号" in shown
    assert shown.count("看扫描件") == 1
    assert "送达回证扫描.png" not in words_of(papers)


def test_a_page_comes_back_to_the_place_that_was_read(qtbot, frame, lived, show):
    screen = show(lived)
    bar = screen._page.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    place = bar.value()
    assert place > 0
    frame.context.register_changed.emit()
    idle(qtbot, frame.window())
    qtbot.waitUntil(lambda: screen._page.updatesEnabled() and bar.value() == place, timeout=20_000)


def test_who_reads_on_while_the_page_is_being_made_is_not_sent_back_to_its_head(qtbot, frame, lived, show):
    screen = show(lived)
    qtbot.waitUntil(lambda: not screen._waiting)
    bar = screen._page.verticalScrollBar()
    bar.setValue(0)
    screen._show(screen.seen, focus=False)
    while not bar.maximum():
        screen._make_blocks(1)
    assert screen._waiting, "further blocks are made while the first can be read"
    bar.setValue(bar.maximum())
    place = bar.value()
    qtbot.waitUntil(lambda: not screen._waiting)
    qtbot.wait(60)
    assert bar.value() == place


def test_another_matter_is_read_from_its_head(qtbot, frame, lived, show):
    screen = show(lived)
    qtbot.waitUntil(lambda: not screen._waiting)
    bar = screen._page.verticalScrollBar()
    bar.setValue(bar.maximum())
    show(called(qtbot, frame, lives.CROWDED))
    qtbot.waitUntil(lambda: not screen._waiting)
    assert bar.value() == 0


def test_no_painting_finds_the_page_squeezed(qtbot, frame, lived, show):
    screen = show(lived)
    qtbot.waitUntil(lambda: not screen._waiting)
    screen._show(screen.seen, focus=False)
    while True:
        inner = screen._page.inner
        assert inner.height() >= inner.heightForWidth(inner.width())
        if not screen._waiting:
            break
        screen._make_blocks(1)


def test_thousands_of_signatories_and_many_steps_keep_the_window_quick(qtbot, frame, show):
    screen = show(called(qtbot, frame, lives.CROWDED))
    people = block_called(screen, "信访人")
    shown = words_of(people)
    assert "全部 3001 人" in shown
    assert "联名人0018" in shown
    assert "联名人0019" not in shown, "the first twenty, the main petitioner among them"
    story = block_called(screen, "经过")
    assert f"全部 {len(screen.file.story)} 条" in words_of(story)
    spent = []

    def timed(what) -> None:
        before = time.thread_time()
        what()
        spent.append(time.thread_time() - before)

    timed(lambda: screen._show(screen.seen, focus=False))
    timed(lambda: screen._show_whole("story"))
    for _turn in range(60):
        timed(QApplication.processEvents)
    timed(screen._show_people)
    sheet = frame.sheets.sheet
    assert isinstance(sheet, PeopleSheet)
    timed(lambda: sheet.search.setText("联名人2999"))
    assert sheet.found.rowCount() == 1
    timed(QApplication.processEvents)
    timed(lambda: screen.begin_act(next(one for one in screen.file.next_acts if one.name == "remove_person")))
    assert max(spent) < 0.1, spent
    assert words_of(block_called(screen, "经过")).count("加记") >= 60


# Acts.


def test_every_room_has_its_words_and_every_act_its_room():
    rooms = {rule.room for rule in acts.table().values()}
    assert len(rooms) == 12
    for language in LANGUAGES:
        assert [room for room in rooms if f"rooms.{room}" not in table(language)] == []


def test_all_open_acts_stand_by_room_and_are_found_by_typing(qtbot, frame, in_state):
    screen = in_state("S2")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    sheet = frame.sheets.sheet
    assert isinstance(sheet, ActsSheet)
    qtbot.waitUntil(lambda: sheet.complete)
    assert list(sheet.rows) == [name for name in acts.table() if name in {one.name for one in screen.file.next_acts}]
    assert "分流" in words_of(sheet)
    assert QApplication.focusWidget() is sheet.search
    sheet.search.insert("转送")
    assert [name for name, made in sheet.rows.items() if made.isVisible()] == ["transfer"]
    sheet.search.setText("没有这一步")
    assert sheet._none.isVisible()
    sheet.search.setText("转送")
    qtbot.keyClick(sheet.search, Qt.Key.Key_Return)
    assert frame.sheets.sheet.act.name == "transfer"


def test_the_arrow_goes_from_the_search_into_the_rows(qtbot, frame, in_state):
    in_state("S2").show_acts()
    sheet = frame.sheets.sheet
    qtbot.waitUntil(lambda: sheet.complete)
    qtbot.keyClick(sheet.search, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is next(iter(sheet.rows.values()))


def test_why_not_is_grouped_and_searched(qtbot, frame, in_state):
    screen = in_state("S2")
    next(one for one in screen._bar.findChildren(QPushButton) if one.text() == "为什么不能…").click()
    sheet = frame.sheets.sheet
    assert isinstance(sheet, WhyNotSheet)
    sheet.search.setText("归档")
    qtbot.waitUntil(lambda: sheet.complete)
    shown = [one.text() for one in sheet.findChildren(QLabel) if one.isVisible()]
    assert "归档" in shown
    assert "办结之后" in shown
    assert "补录登记" not in shown


@pytest.mark.parametrize(("percent", "wanted"), [(100, 4), (200, 2)])
def test_the_bar_shows_four_acts_and_two_in_large_type(qtbot, make_window, percent, wanted):
    frame = unlocked(qtbot, make_window(percent=percent))
    frame.open_matter(called(qtbot, frame, lives.LIVED))
    idle(qtbot, frame.window())
    screen = frame._screens["matter"]
    texts = [one.text() for one in screen._bar.findChildren(QPushButton)]
    assert texts[wanted] == f"其他 {len(screen.file.next_acts) - wanted} 项"


# Suggestions and the aid.


def test_suggestions_stand_beside_the_fields_and_fill_nothing_by_themselves(qtbot, frame, in_state):
    screen = in_state("S1")
    screen.take_likely()
    sheet = frame.sheets.sheet
    assert isinstance(sheet, ScreenSheet)
    before = sheet.values()
    qtbot.waitUntil(lambda: "category" in sheet.offers, timeout=10_000)
    assert sheet.values() == before
    shown = words_of(sheet)
    for words in ("建议：", "《信访工作条例》", "简易办理", "之后的一步", "承办部门建议"):
        assert words in shown, words
    claim = next(one for one in sheet.offers["category"] if one.text() == "建议：申诉求决")
    assert "第三十一条" in claim.accessibleName(), "the reason and its article are read out with the suggestion"
    claim.click()
    assert sheet.inputs["category"].value == "claim"
    assert QApplication.focusWidget() is sheet.inputs["category"]


def test_a_statutory_route_is_told_with_its_time(qtbot, frame, show):
    screen = show(called(qtbot, frame, "催问电动车被盗案件进展"))
    matter, found = screen.matter, []
    frame.context.ask(lambda desk: desk.suggest(matter).routes, found.append)
    idle(qtbot, frame.window())
    routes = found[0]
    assert routes, "an open criminal case has a route next door"
    screen.take_likely()
    sheet = frame.sheets.sheet
    qtbot.waitUntil(lambda: "exit" in sheet.offers, timeout=10_000)
    shown = words_of(sheet)
    assert "法定途径及其时限" in shown
    assert all(one.name.zh in shown for one in routes)


def test_no_longer_accept_shows_its_checks_and_both_texts(qtbot, frame, lived, in_state):
    screen = in_state("S1")
    take(qtbot, frame, screen, "screen", category="claim", exit="6")
    screen.begin_act(next(one for one in screen.file.next_acts if one.name == "no_longer_accept"))
    sheet = frame.sheets.sheet
    assert isinstance(sheet, NoLongerSheet)
    qtbot.waitUntil(lambda: "不符合" in words_of(sheet), timeout=10_000)
    numbers = []
    frame.context.ask(lambda desk: desk.matter(lived).number, numbers.append)
    idle(qtbot, frame.window())
    sheet.inputs["earlier"].setText(numbers[0])
    sheet.check.click()
    qtbot.waitUntil(lambda: f"原事项 {numbers[0]}" in words_of(sheet), timeout=10_000)
    shown = words_of(sheet)
    for words in ("本事项", "新增", "本次未提", "没有作出复核意见", "第三十六条"):
        assert words in shown, words
    sheet.inputs["earlier"].setText("")
    next(one for one in sheet.findChildren(QPushButton) if one.text() == f"以 {numbers[0]} 为原事项").click()
    assert sheet.inputs["earlier"].text() == numbers[0]
    assert QApplication.focusWidget() is sheet.inputs["compared"]


def test_an_earlier_matter_that_is_not_there_is_told_at_its_field(qtbot, frame, in_state):
    screen = in_state("S1")
    take(qtbot, frame, screen, "screen", category="claim", exit="6")
    screen.begin_act(next(one for one in screen.file.next_acts if one.name == "no_longer_accept"))
    sheet = frame.sheets.sheet
    idle(qtbot, frame.window())
    sheet.inputs["earlier"].setText("S1999-000001")
    sheet.check.click()
    qtbot.waitUntil(lambda: bool(sheet._fields["earlier"].doubted), timeout=10_000)
    assert "S1999-000001" in sheet._fields["earlier"].doubted


def test_a_repeat_item_brings_advice_and_a_joined_matter_a_way_to_it(qtbot, frame, show):
    first, second = called(qtbot, frame, lives.REPEATED), called(qtbot, frame, lives.JOINED)
    screen = show(first)
    shown = words_of(block_called(screen, "来件"))
    assert "J2026-009999" in shown
    assert "重复件怎么办" in shown
    screen.begin_act(next(one for one in screen.file.next_acts if one.name == "tell_repeat"))
    assert screen.seen.advice.words.zh.rstrip("。") in words_of(frame.sheets.sheet), "at hand where it is decided"
    frame.sheets.close_sheet()
    link = next(
        one for one in block_called(screen, "来件").findChildren(QPushButton) if one.text().startswith("并入的事项")
    )
    link.click()
    idle(qtbot, frame.window())
    assert screen.file.id == second
    back = next(one for one in block_called(screen, "来件").findChildren(QPushButton) if one.text() == "打开")
    back.click()
    idle(qtbot, frame.window())
    assert screen.file.id == first


# Papers.


def test_papers_are_chosen_ordered_and_bound(qtbot, frame, lived, show, monkeypatch, tmp_path):
    screen = show(lived)
    screen.papers.bind()
    qtbot.waitUntil(lambda: isinstance(frame.sheets.sheet, BundleSheet), timeout=10_000)
    sheet = frame.sheets.sheet
    whole = sheet.chosen()
    assert len(whole) == 2
    sheet.list.setFocus()
    sheet.list.setCurrentRow(0)
    qtbot.keyClick(sheet.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert sheet.chosen() == whole[::-1]
    assert not sheet.print_button.isEnabled()
    sheet.make.click()
    qtbot.waitUntil(lambda: sheet.bundle is not None, timeout=20_000)
    assert sheet.pane.pages >= 3, "the index and both papers"
    assert sheet.bundle.sha256 in sheet.told.text()
    kept = tmp_path / "案卷.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(kept), ""))
    bound = sheet.bundle.pdf
    sheet.save_button.click()
    qtbot.waitUntil(kept.exists, timeout=10_000)
    idle(qtbot, frame.window())
    assert kept.read_bytes() == bound
    sheet.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert sheet.bundle is None, "what was bound is no longer what is chosen"
    assert not sheet.save_button.isEnabled()
    sheet.list.item(1).setCheckState(Qt.CheckState.Unchecked)
    sheet.make.click()
    assert sheet.told.text() == "没有勾选材料。"


def test_a_blank_form_for_the_petitioner_is_reached_issued_and_printable(qtbot, frame, in_state):
    screen = in_state("S4")
    screen.papers.choose_letter()
    sheet = frame.sheets.sheet
    assert isinstance(sheet, LetterKindsSheet)
    qtbot.waitUntil(lambda: sheet.complete)
    assert "打印后由信访人填写、签名" in words_of(sheet)
    sheet.search.setText("撤回")
    qtbot.keyClick(sheet.search, Qt.Key.Key_Return)
    letter = frame._screens["letter"]
    assert letter.kind == "withdrawal_form"
    qtbot.waitUntil(lambda: letter.issue_button.isEnabled(), timeout=30_000)
    letter.issue()
    qtbot.waitUntil(lambda: letter.document is not None, timeout=30_000)
    idle(qtbot, frame.window())
    assert letter.print_button.isEnabled()


@pytest.fixture
def issued(qtbot, frame, in_state):
    """An acceptance notice as issued, on its screen."""
    screen = in_state("S4")
    frame.open_letter(screen.matter, "acceptance_notice")
    letter = frame._screens["letter"]
    qtbot.waitUntil(lambda: letter.issue_button.isEnabled(), timeout=30_000)
    letter.issue()
    qtbot.waitUntil(lambda: letter.document is not None, timeout=30_000)
    idle(qtbot, frame.window())
    return letter


def test_an_editable_copy_is_saved_and_the_record_is_named(qtbot, frame, issued, monkeypatch, tmp_path):
    assert "已制发的 PDF 才是留存的文书" in words_of(issued)
    copy = tmp_path / "受理告知书.docx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(copy), ""))
    next(one for one in issued._bar.findChildren(QPushButton) if one.text() == "存为可编辑稿（.docx）").click()
    qtbot.waitUntil(copy.exists, timeout=20_000)
    idle(qtbot, frame.window())
    assert copy.read_bytes().startswith(b"PK")


def test_an_issued_letter_is_spoiled_as_an_act_with_its_reason(qtbot, frame, issued):
    document = issued.document
    next(one for one in issued._bar.findChildren(QPushButton) if one.text() == "作废…").click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is not None, timeout=10_000)
    sheet = frame.sheets.sheet
    assert sheet.inputs["document"].value == document.id
    sheet.go.click()
    assert sheet._fields["reason"].doubted == "需要填写。"
    sheet.inputs["reason"].setText("收件人姓名写错")
    sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None, timeout=10_000)
    idle(qtbot, frame.window())
    screen = frame._screens["matter"]
    assert frame.stack.currentWidget() is screen
    spoiled = next(one for one in screen.file.documents if one.id == document.id)
    assert (spoiled.state, spoiled.reason, spoiled.number) == ("spoiled", "收件人姓名写错", document.number)
    assert "理由：收件人姓名写错" in words_of(block_called(screen, "文书"))
    frame.open_document(screen.matter, spoiled)
    idle(qtbot, frame.window())
    shown = words_of(issued)
    assert "已作废，文号保留。原因：收件人姓名写错" in shown
    assert "存为可编辑稿（.docx）" not in shown
    assert "作废…" not in shown


def test_what_an_index_lists_is_bound_behind_it(qtbot, frame, lived, show):
    screen = show(lived)
    frame.open_letter(screen.matter, "evidence_index")
    letter = frame._screens["letter"]
    qtbot.waitUntil(lambda: letter.issue_button.isEnabled(), timeout=30_000)
    letter.issue()
    qtbot.waitUntil(lambda: letter.document is not None, timeout=30_000)
    idle(qtbot, frame.window())
    alone = letter._pane.pages
    next(one for one in letter._bar.findChildren(QPushButton) if one.text() == "目录及所列材料").click()
    qtbot.waitUntil(lambda: letter._pane.pages > alone, timeout=20_000)


def test_the_new_words_are_there_in_both_languages():
    for language in LANGUAGES:
        raw = tomllib.loads(
            (Path(staging.__file__).parents[2] / "resources" / "i18n" / f"{language}.toml").read_text("utf-8")
        )
        for room in ("rooms", "acts", "life", "correct", "suggest", "aid", "papers", "bundle"):
            assert raw[room], (language, room)
