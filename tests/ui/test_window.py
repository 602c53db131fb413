"""The window as a whole: unlock, rail, keys, language, text size, lock, slow and failing registers."""

from __future__ import annotations

import re
import time

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from models.errors import HubUnreachableError
from models.programme.data import shipped
from tests.ui import staging
from tests.ui.conftest import idle, unlocked
from ui.frame import RAIL
from ui.parts.layout import Page
from ui.parts.text import label
from ui.services import Outcome, Services
from ui.tokens import Look
from ui.words import table, use

CHINESE = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture(autouse=True)
def chinese_again():
    yield
    use("zh")


def test_a_wrong_passphrase_is_told_and_the_right_one_opens(qtbot, window):
    window.unlock.passphrase.setText("不是这个口令")
    qtbot.keyClick(window.unlock.passphrase, Qt.Key.Key_Return)
    assert not window.unlock.open.isEnabled()
    qtbot.waitUntil(lambda: window.unlock.open.isEnabled(), timeout=20_000)
    assert staging.LOGIN in window.unlock.message.text()
    assert window.unlock.message.property("tone") == "late"
    assert window.unlock.passphrase.hasFocus()
    assert unlocked(qtbot, window).isVisible()


def test_every_screen_of_the_rail_opens_by_its_key(qtbot, frame):
    for at, name in enumerate(RAIL):
        qtbot.keyClick(frame, getattr(Qt.Key, f"Key_{at + 1}"), Qt.KeyboardModifier.AltModifier)
        idle(qtbot, frame.window())
        assert frame.stack.currentWidget() is frame._screens[name]
        assert frame.rail[name].isChecked()


def test_ctrl_k_searches_and_escape_clears(qtbot, frame):
    qtbot.keyClick(frame, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert frame.search.hasFocus()
    qtbot.keyClicks(frame.search, "13900010001")
    idle(qtbot, frame.window())
    screen = frame._screens["register"]
    assert frame.stack.currentWidget() is screen
    assert screen.model.rowCount() == 2
    assert frame.search.hasFocus()
    qtbot.keyClick(frame.search, Qt.Key.Key_Escape)
    idle(qtbot, frame.window())
    assert frame.search.text() == ""
    assert screen.model.rowCount() == len(staging.MATTERS)


def test_f1_shows_the_keys_and_escape_puts_them_away(qtbot, frame):
    qtbot.keyClick(frame, Qt.Key.Key_F1)
    assert frame.sheets.sheet is not None
    assert frame.sheets.isVisible()
    qtbot.keyClick(frame, Qt.Key.Key_Escape)
    assert frame.sheets.sheet is None


def test_tab_stays_within_a_sheet(qtbot, frame):
    frame.show_keys()
    sheet = frame.sheets.sheet
    for _press in range(6):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert sheet.isAncestorOf(QApplication.focusWidget())


def shown_texts(root: QWidget) -> list[str]:
    texts = []
    for widget in root.findChildren(QWidget):
        if isinstance(widget, (QLabel, QAbstractButton)):
            texts.append(widget.text())
        if isinstance(widget, QLineEdit):
            texts.append(widget.placeholderText())
        texts += [widget.accessibleName(), widget.toolTip()]
    return [text for text in texts if text]


def test_changing_the_language_changes_every_word(qtbot, frame):
    window = frame.window()
    frame.go("settings")
    idle(qtbot, window)
    frame._screens["settings"].language.set_value("en")
    idle(qtbot, window)
    frame = window.frame
    data = {"陈立新", *(name for name, _short, _kind in staging.UNITS), "信访科"}
    data |= {words for draft in shipped() for words in (draft.name, draft.basis)}
    for name in RAIL:
        frame.go(name)
        idle(qtbot, window)
        own = {words for matter in staging.MATTERS for words in (matter[2], matter[4])}
        chinese = [
            text
            for text in shown_texts(frame)
            if CHINESE.search(text) and text not in data and not any(word in text for word in own | data)
        ]
        assert chinese == [], name


def test_what_is_typed_survives_a_change_of_text_size(qtbot, frame):
    window = frame.window()
    frame.open_new("visit")
    frame._screens["new"].form.people.cards[0].name.setText("沈玉兰")
    qtbot.keyClick(frame, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    idle(qtbot, window)
    assert window.preferences.text_percent == 125
    window.frame.go("today")
    idle(qtbot, window)
    drafts = []
    window.context.ask(lambda desk: desk.drafts(), drafts.extend)
    idle(qtbot, window)
    assert [draft.content["people"][0]["name"] for draft in drafts] == ["沈玉兰"]


def test_locking_closes_the_register_and_asks_again(qtbot, frame, register):
    window = frame.window()
    qtbot.keyClick(frame, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    idle(qtbot, window)
    assert window.frame is None
    assert window.context.desk is None
    assert window.unlock.passphrase.isVisible()
    staging.opener(register, staging.LOGIN, staging.PASSPHRASE).close()  # free for another program
    assert unlocked(qtbot, window).isVisible()


class SlowDesk:
    """A desk on a bad disk: every call takes a third of a second."""

    def __init__(self, desk):
        self._desk = desk
        self.person = desk.person

    def __getattr__(self, name):
        what = getattr(self._desk, name)

        def slowly(*values, **named):
            time.sleep(0.3)
            return what(*values, **named)

        return slowly


def test_a_slow_register_never_holds_the_window_up(qtbot, make_window):
    window = make_window(services=Services(open_register=lambda *given: SlowDesk(staging.opener(*given))))
    frame = unlocked(qtbot, window)
    frame.open_new("visit")
    frame.go("register")
    idle(qtbot, window)
    gaps, last = [], [time.monotonic()]

    def tick():
        now = time.monotonic()
        gaps.append((now - last[0], frame.stack.currentWidget().name))
        last[0] = now

    timer = QTimer()
    timer.setInterval(2)
    timer.timeout.connect(tick)
    timer.start()
    frame.search.setText("停")
    qtbot.wait(50)
    frame.search.setText("停车")
    qtbot.wait(700)
    frame.search.setText("")
    frame.open_new("visit")
    form = frame._screens["new"].form
    for letter in "沈玉兰反映停车收费":
        form.statement.insertPlainText(letter)
        qtbot.wait(30)
    qtbot.wait(900)
    timer.stop()
    assert max(gaps)[0] < 0.1, max(gaps)


def test_long_work_shows_a_bar_that_can_be_cancelled(qtbot, make_window):
    stopped = []

    def send(_desk, aside):
        for count in range(10_000):
            if aside.stop():
                stopped.append(count)
                return Outcome("stopped")
            aside.report(count, 10_000)
            time.sleep(0.005)
        return Outcome("sent")

    window = make_window(services=Services(open_register=staging.opener, send_now=send))
    frame = unlocked(qtbot, window)
    frame.go("sync")
    idle(qtbot, window)
    frame._screens["sync"].state.send_now()
    qtbot.waitUntil(lambda: frame.work.isVisible() and frame.work.bar.value() > 0)
    assert frame.work.words.text() == table("zh")["work.send"]
    frame.work.cancel_button.click()
    assert not frame.work.isVisible()
    qtbot.waitUntil(lambda: bool(stopped))
    qtbot.wait(50)
    assert not frame.told.isVisible()


def test_trouble_is_told_in_a_sentence_and_stays_until_put_away(qtbot, make_window):
    def send(_desk, _aside):
        raise HubUnreachableError("市局没有应答，稍后再试。", "The hub did not answer; try again later.")

    window = make_window(services=Services(open_register=staging.opener, send_now=send))
    frame = unlocked(qtbot, window)
    frame._screen("sync").state.send_now()
    qtbot.waitUntil(lambda: frame.told.isVisible())
    assert frame.told.words.text() == "市局没有应答，稍后再试。"
    qtbot.keyClick(frame, Qt.Key.Key_Escape)
    assert not frame.told.isVisible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_at_200_percent_nothing_is_cut_off(qtbot, make_window, language):
    """At 1366x768 every button and label of every screen is as large as its words."""
    window = make_window(percent=200, language=language)
    frame = unlocked(qtbot, window)
    cut = []
    for name in RAIL:
        frame.go(name)
        idle(qtbot, window)
        cut += [(name, *one) for one in cut_off(frame)]
    screen = frame._screens["register"]
    frame.open_matter(screen.model.line(0).id)
    idle(qtbot, window)
    cut += [("matter", *one) for one in cut_off(frame)]
    matter = frame._screens["matter"]
    for act in matter.file.next_acts:
        matter.begin_act(act)
        qtbot.wait(30)
        cut += [(act.name, *one) for one in cut_off(frame)]
        frame.sheets.close_sheet()
    assert cut == []


def cut_off(root: QWidget) -> list[tuple[str, str, int, int]]:
    """Return what is smaller than its words, once all is laid out that is laid out before the next painting."""
    QApplication.sendPostedEvents()
    found = []
    for widget in root.findChildren(QWidget):
        if isinstance(widget, QComboBox) and widget.isVisible():
            needed = widget.fontMetrics().horizontalAdvance(widget.currentText())
            option = QStyleOptionComboBox()
            widget.initStyleOption(option)
            given = widget.style().subControlRect(
                QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, widget
            )
            if given.width() < needed:
                found.append(("QComboBox", widget.currentText(), given.width(), needed))
        if not isinstance(widget, (QPushButton, QCheckBox, QLabel)) or not widget.isVisible() or not widget.text():
            continue
        if isinstance(widget, QLabel) and widget.wordWrap():
            needed, given = widget.heightForWidth(widget.width()), widget.height()
        else:
            needed, given = max(widget.minimumSizeHint().width(), widget.sizeHint().width() - 2), widget.width()
        if given < needed:
            found.append((type(widget).__name__, widget.text()[:20], given, needed))
    return found


def test_a_page_is_no_higher_than_its_words(qtbot, qapp):
    """Wrapped words ask for the height that they would have in a narrow column; the page has the width to do better."""
    page = Page(Look(scale=2.0), width=720)
    qtbot.addWidget(page)
    for _paragraph in range(8):
        page.body.addWidget(label("信访人反映的事项应当自受理之日起六十日内办结。" * 5, wrap=True))
    page.body.addStretch(1)
    page.resize(1366, 768)
    page.show()
    qtbot.waitExposed(page)
    qtbot.wait(50)
    inner = page.inner
    assert inner.height() == max(inner.heightForWidth(inner.width()), page.viewport().height())
    assert cut_off(page) == []


def test_every_thing_that_takes_the_focus_has_a_name_for_screen_readers(qtbot, frame):
    nameless = []
    for name in RAIL:
        frame.go(name)
        idle(qtbot, frame.window())
        for widget in frame.findChildren(QWidget):
            words = widget.text() if isinstance(widget, QAbstractButton) else ""
            if (
                widget.isVisible()
                and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
                and not (widget.accessibleName() or words)
            ):
                nameless.append((name, type(widget).__name__))
    assert nameless == []
