"""A visit registered from the keyboard alone; drafts that survive; hints; doubts that do not block."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from models.records import AccusedDraft, AttachmentDraft, ItemDraft, PersonDraft
from tests.ui import staging
from tests.ui.conftest import idle, unlocked
from ui.parts.fields import LongText, read_day
from ui.screens.newitem.content import from_content, is_empty, to_content
from ui.start import Window


def focus():
    return QApplication.focusWidget()


def type_in(qtbot, words: str) -> None:
    """Type into whatever has the focus, as an input method commits it."""
    event = QInputMethodEvent()
    event.setCommitString(words)
    QApplication.sendEvent(focus(), event)


def tab_to(qtbot, wanted, most: int = 40) -> int:
    """Press Tab until `wanted` has the focus; return how often."""
    for press in range(most):
        if focus() is wanted:
            return press
        qtbot.keyClick(focus(), Qt.Key.Key_Tab)
    raise AssertionError(f"{wanted} is not reached by Tab; the focus is on {focus()}")


def all_of(window: Window, qtbot, question):
    answers = []
    window.context.ask(question, answers.append)
    idle(qtbot, window)
    return answers[0]


def test_a_visit_is_registered_from_the_keyboard_alone(qtbot, frame):
    window = frame.window()
    qtbot.keyClick(focus(), Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    screen = frame._screens["new"]
    form = screen.form
    assert focus() is form.people.cards[0].name
    type_in(qtbot, "郑晓岚")
    tab_to(qtbot, form.people.cards[0].phone)
    qtbot.keyClicks(focus(), "13900020001")
    tab_to(qtbot, form.people.cards[0].address)
    type_in(qtbot, "云溪县城西街道")
    qtbot.keyClick(focus(), Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert focus() is form.people.cards[1].name
    type_in(qtbot, "郑晓峰")
    tab_to(qtbot, form.statement)
    type_in(qtbot, "派出所扣押的摩托车三个月没有结论。请求答复。")
    tab_to(qtbot, form.claims.texts[0])
    type_in(qtbot, "返还摩托车")
    qtbot.keyClick(focus(), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert focus() is form.claims.texts[1]
    type_in(qtbot, "说明扣押依据")
    qtbot.keyClick(focus(), Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert focus() is form.accused.rows[0].name
    type_in(qtbot, "城东派出所")
    qtbot.keyClick(focus(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: screen.registered is not None, timeout=10_000)
    assert screen.registered.number.text() == screen.registered.registered.item_number
    assert focus() is screen.registered.print_button
    file = all_of(window, qtbot, lambda desk: desk.matter(screen.registered.registered.matter))
    assert [(person["name"], person["phone"]) for person in file.people] == [
        ("郑晓岚", "13900020001"),
        ("郑晓峰", None),
    ] or [(person["name"], person["phone"] or "") for person in file.people] == [
        ("郑晓岚", "13900020001"),
        ("郑晓峰", ""),
    ]
    assert [claim["request"] for claim in file.claims] == ["返还摩托车", "说明扣押依据"]
    assert [(one["name"], one["kind"], one["unit"] is not None) for one in file.accused] == [
        ("城东派出所", "unit", True)
    ]
    assert file.matter["title"].startswith("派出所扣押的摩托车三个月没有结论")
    assert all_of(window, qtbot, lambda desk: desk.drafts()) == ()


def test_tab_goes_in_the_order_of_talk(qtbot, frame):
    frame.open_new("visit")
    form = frame._screens["new"].form
    card = form.people.cards[0]
    order = [
        card.name,
        card.phone,
        card.id_number,
        card.address,
        form.statement,
        form.title,
        form.claims.texts[0],
        form.papers.choose_button,
    ]
    card.name.setFocus()
    assert [tab_to(qtbot, wanted) > 0 for wanted in order[1:]] == [True] * 7


def test_a_draft_is_kept_within_a_second_and_found_again_after_a_crash(qtbot, frame, register, make_window):
    window = frame.window()
    frame.open_new("visit")
    form = frame._screens["new"].form
    begun = time.monotonic()
    form.people.cards[0].name.setText("沈玉兰")
    form.statement.setPlainText("写到一半")
    form.papers.take(AttachmentDraft(name="照片.png", media_type="image/png", data=staging.ONE_PIXEL))
    desk = window.context.desk
    qtbot.waitUntil(lambda: "草稿已保存" in frame._screens["new"].saved.text(), timeout=5_000)
    assert time.monotonic() - begun < 1.5  # one second behind, and half of one for a busy machine
    idle(qtbot, window)
    window.context.worker.run(lambda _job: desk.register.close())  # the file is let go without any leave-taking
    idle(qtbot, window)
    window.context.desk = None
    again = unlocked(qtbot, make_window())
    second = again.window()
    drafts = [draft for draft in all_of(second, qtbot, lambda desk: desk.drafts()) if draft.kind == "item"]
    assert [draft.title for draft in drafts] == ["写到一半"]
    again.open_draft(drafts[0])
    idle(qtbot, second)
    form = again._screens["new"].form
    assert form.people.cards[0].name.text() == "沈玉兰"
    assert form.statement.text() == "写到一半"
    assert [paper.data for paper in form.papers.papers] == [staging.ONE_PIXEL]
    again._screens["new"].register()
    qtbot.waitUntil(lambda: again._screens["new"].registered is not None, timeout=10_000)
    file = all_of(second, qtbot, lambda desk: desk.matter(again._screens["new"].registered.registered.matter))
    assert [paper.name for paper in file.attachments] == ["照片.png"]
    assert all_of(second, qtbot, lambda desk: desk.drafts()) == ()


def test_an_untouched_form_leaves_no_draft(qtbot, frame):
    window = frame.window()
    frame.open_new("visit")
    frame.open_new("letter")
    frame.go("today")
    assert all_of(window, qtbot, lambda desk: desk.drafts()) == ()


def test_discarding_asks_first_and_the_default_keeps(qtbot, frame):
    window = frame.window()
    frame.open_new("visit")
    screen = frame._screens["new"]
    screen.form.statement.setPlainText("不要了")
    screen.save_now()
    idle(qtbot, window)
    screen.discard_button.click()
    sheet = frame.sheets.sheet
    assert sheet.keep.property("kind") == "primary"
    sheet.keep.click()
    assert len(all_of(window, qtbot, lambda desk: desk.drafts())) == 1
    screen.discard_button.click()
    frame.sheets.sheet.throw.click()
    idle(qtbot, window)
    assert all_of(window, qtbot, lambda desk: desk.drafts()) == ()
    assert screen.form.statement.text() == ""


def test_earlier_matters_appear_while_typing_and_one_can_be_joined(qtbot, frame):
    window = frame.window()
    frame.open_new("visit")
    screen = frame._screens["new"]
    screen.form.people.cards[0].phone.setText("13900010001")
    screen.form.statement.setPlainText("城东路口临时停车收费员收钱不给票据")
    qtbot.waitUntil(lambda: bool(screen.margin.hints), timeout=10_000)
    hint = next(one for one in screen.margin.hints if one.title == "反映城东路口停车收费无票据")
    assert hint.same == "both"
    assert {code for code, _words in hint.reasons} >= {"phone", "text"}
    screen.margin._choose(hint)
    screen.register()
    qtbot.waitUntil(lambda: screen.registered is not None, timeout=10_000)
    assert screen.registered.registered.matter == hint.matter
    assert len(all_of(window, qtbot, lambda desk: desk.matter(hint.matter)).items) == 2


def test_a_doubtful_id_number_is_told_and_does_not_block(qtbot, frame):
    frame.open_new("visit")
    screen = frame._screens["new"]
    card = screen.form.people.cards[0]
    card.name.setText("沈玉兰")
    card.id_number.setText(
        "110105194912310021"
    )  # GB 11643: the check character of ...310021's first 17 digits is another
    qtbot.waitUntil(lambda: bool(card.fields["id_number"].doubted), timeout=10_000)
    assert "校验码" in card.fields["id_number"].doubted
    screen.form.statement.setPlainText("咨询")
    screen.register()
    qtbot.waitUntil(lambda: screen.registered is not None, timeout=10_000)


def test_an_impossible_day_is_named_and_nothing_is_lost(qtbot, frame):
    frame.open_new("visit")
    screen = frame._screens["new"]
    screen.form.statement.setPlainText("内容")
    screen.form.problem_on.setText("2026-02-30")
    screen.register()
    assert focus() is screen.form.problem_on
    assert "2026-02-30" in frame.told.words.text()
    assert screen.form.statement.text() == "内容"
    assert screen.registered is None


def test_a_day_in_the_future_is_refused_by_the_register_at_its_field(qtbot, frame, today):
    frame.open_new("visit")
    screen = frame._screens["new"]
    screen.form.statement.setPlainText("内容")
    screen.form.received_on.set_day(today + timedelta(days=2))
    screen.register()
    qtbot.waitUntil(lambda: frame.told.isVisible(), timeout=10_000)
    assert screen.registered is None
    assert screen.form.fields["received_on"].doubted
    assert screen.register_button.isEnabled()


def test_pictures_and_files_are_dropped_or_pasted_as_papers(qtbot, frame, tmp_path):
    window = frame.window()
    frame.open_new("visit")
    form = frame._screens["new"].form
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    mime = QMimeData()
    mime.setImageData(image)
    form.statement.insertFromMimeData(mime)
    assert form.papers.papers[0].media_type == "image/png"
    paper = tmp_path / "说明.txt"
    paper.write_text("收据", encoding="utf-8")
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(paper))])
    assert form.papers.take_mime(files)
    qtbot.waitUntil(lambda: len(form.papers.papers) == 2)
    assert form.papers.papers[1].data == "收据".encode()
    assert form.statement.text() == ""
    idle(qtbot, window)


def test_every_text_field_takes_an_input_method(qtbot, frame):
    """A composition in progress is not text yet, its commit is; no field swallows it."""
    frame.open_new("letter")
    form = frame._screens["new"].form
    form.people.cards[0]._toggle_more()
    form._show_facts()
    form.accused.more.click()
    tried = 0
    for field in [*form.findChildren(QLineEdit), *form.findChildren(QPlainTextEdit)]:
        if not field.isVisible() or field.isReadOnly():
            continue
        field.setFocus()
        assert field.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled), field.accessibleName()
        before = field.text() if isinstance(field, (QLineEdit, LongText)) else field.toPlainText()
        composing = QInputMethodEvent("xin fang", [])
        QApplication.sendEvent(field, composing)
        assert field.text() == before
        committed = QInputMethodEvent()
        committed.setCommitString("信访")
        QApplication.sendEvent(field, committed)
        assert "信访" in field.text(), field.accessibleName()
        tried += 1
    assert tried >= 20


@pytest.mark.parametrize("percent", [100, 200])
def test_hints_have_a_way_in_at_any_text_size(qtbot, make_window, percent):
    frame = unlocked(qtbot, make_window(percent=percent))
    frame.open_new("visit")
    screen = frame._screens["new"]
    screen.form.people.cards[0].phone.setText("13900010001")
    qtbot.waitUntil(lambda: bool(screen.margin.hints), timeout=10_000)
    assert screen.margin.isVisible() != screen.hints_button.isVisible()
    if screen.hints_button.isVisible():
        screen.hints_button.click()
        assert frame.sheets.isVisible()


def test_an_item_survives_the_way_through_its_draft(today):
    draft = ItemDraft(
        channel="letter",
        received_on=today,
        title="",
        statement="陈述。第二句",
        claims=("一", "二"),
        people=(
            PersonDraft(name="沈玉兰", main=True, born_on=today - timedelta(days=9_000)),
            PersonDraft(role="agent", name="许文静", acts_for=0),
        ),
        accused=(AccusedDraft(name="某单位", kind="unit", unit=5),),
        postmark_on=today - timedelta(days=2),
        people_count=3,
        confidential=True,
        repeat_of_matter=7,
    )
    content = to_content(draft, [])
    assert content["title"] == "陈述。第二句"
    assert from_content(content) == draft
    assert not is_empty(draft)
    assert is_empty(ItemDraft(received_on=today))


@pytest.mark.parametrize(
    ("typed", "days"),
    [("0", 0), ("-1", -1), ("今", None), ("2026-02-30", None), ("", "empty")],
)
def test_days_as_people_type_them(today, typed, days):
    if days == "empty":
        assert read_day(typed, today) is None
    elif days is None:
        with pytest.raises(ValueError, match=r".*"):
            read_day(typed, today)
    else:
        assert read_day(typed, today) == today + timedelta(days=days)


@pytest.mark.parametrize("typed", ["2026-03-02", "2026年3月2日", "20260302", "2026/3/2", "3-2", "3月2日"])
def test_all_forms_of_a_day_mean_the_same(typed):
    from datetime import date

    assert read_day(typed, date(2026, 5, 1)) == date(2026, 3, 2)
    if len(typed) <= 4:
        assert read_day(typed, date(2026, 1, 1)) == date(2025, 3, 2)
