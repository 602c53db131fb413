"""Today's queues: exact, the person's own in front, opening at the very act; the queue in full; by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from models import queues
from models.desk import Desk
from models.errors import StorageError
from tests.ui import life
from tests.ui.conftest import idle, unlocked
from ui.parts.lines import LineButton


@pytest.fixture
def lived(qtbot, make_window, register, today):
    """A window on a register with something in every queue, and the matters by queue."""
    matters = life.furnish(register, today)
    frame = unlocked(qtbot, make_window())
    idle(qtbot, frame.window())
    return frame, matters


def line_of(page, title: str) -> LineButton:
    page.lines.finish()
    return next(made for made in page.lines.buttons if title in made.accessibleName())


def test_every_queue_stands_on_the_strip_with_its_number(qtbot, lived):
    frame, matters = lived
    today = frame._screens["today"]
    # A conflict needs a second workstation (tests/ui/test_conflicts.py).
    assert set(today.strip) >= set(queues.SOURCES) - {"redo", "conflicts"}
    assert set(matters) == set(queues.SOURCES) - {"redo", "conflicts"}
    assert today.strip["to_sign"].text() == "待签发 1"
    assert today.strip["received_only"].accessibleName() == "待补录登记 1"
    assert "duties" in today.strip


def test_what_calls_for_supervision_is_counted_when_the_worker_is_quiet(qtbot, lived):
    frame, _matters = lived
    button = frame._screens["today"].strip["duties"]
    qtbot.waitUntil(lambda: button.text() != "督办与责任", timeout=5_000)
    assert int(button.text().split()[-1]) > 0


@pytest.mark.parametrize(
    ("queue", "act"), [("to_sign", "issue"), ("confirm", "confirm_service"), ("received_only", "complete_entry")]
)
def test_a_line_opens_at_the_very_act(qtbot, lived, queue, act):
    frame, matters = lived
    wanted = []
    frame.context.matter_wanted.connect(lambda matter, name: wanted.append((matter, name)))
    frame._screens["today"].strip[queue].click()
    idle(qtbot, frame.window())
    screen = frame.stack.currentWidget()
    assert screen.queue == queue
    screen.lines.finish()
    assert QApplication.focusWidget() is screen.lines.buttons[0]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert wanted == [(matters[queue], act)]


def test_an_answer_that_is_not_delivered_says_what_was_tried_and_what_is_next(qtbot, lived):
    frame, _matters = lived
    line = line_of(frame._screens["today"], "反映窗口收费未开票据")
    words = line.accessibleName()
    assert "已试送 1 次；下一步：" in words
    assert "邮寄" in words
    assert "已等 14 天" in words


def test_the_strip_and_the_lines_are_reached_by_keyboard_in_their_order(qtbot, lived):
    frame, _matters = lived
    today = frame._screens["today"]
    today.lines.finish()
    qtbot.wait(50)
    found = today.lines.buttons
    found[0].setFocus()
    for _line in found[1:]:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_J)
    assert found[-1].hasFocus()
    tops = [made.mapTo(today, made.rect().topLeft()).y() for made in found]
    assert tops == sorted(tops)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_K)
    assert found[-2].hasFocus()


def test_a_role_sees_its_own_queues_in_front(qtbot, make_window, register, today, monkeypatch):
    life.furnish(register, today)
    whole = Desk.duties.fget

    def as_head(desk):
        desk.person = next(one for one in desk.register.staff().values() if one.login == "wu")
        return whole(desk)

    monkeypatch.setattr(Desk, "duties", property(as_head))
    frame = unlocked(qtbot, make_window())
    idle(qtbot, frame.window())
    screen = frame._screens["today"]
    assert "to_sign" not in screen.strip, "a draft is shown to who signs it"
    assert list(screen.strip)[:3] == ["returned", "unassigned", "undelivered"]
    assert "answering" in screen.strip
    assert "assisting" not in screen.strip, "what another department owes"


def test_more_of_a_long_queue_is_fetched_on_request(qtbot, make_window, register, today):
    own = life.Life(register, today)
    for number in range(53):
        life.Course(own, 3 + number % 4, "", received_only=True, statement="", claims=(), people=())
    own.register.close()
    frame = unlocked(qtbot, make_window())
    frame.open_queue("received_only")
    idle(qtbot, frame.window())
    screen = frame.stack.currentWidget()
    screen.lines.finish()
    assert len(screen.lines.buttons) == queues.PAGE
    more = next(made for made in screen.findChildren(type(frame.light)) if made.text() == "再显示一些（还有 3 件）")
    more.click()
    idle(qtbot, frame.window())
    screen.lines.finish()
    assert len(screen.lines.buttons) == 53
    qtbot.keyClick(screen, Qt.Key.Key_Escape)
    idle(qtbot, frame.window())
    assert frame.stack.currentWidget() is frame._screens["today"]


def test_a_queue_that_was_done_says_so(qtbot, frame):
    frame.open_queue("redo")
    idle(qtbot, frame.window())
    screen = frame.stack.currentWidget()
    assert screen.lines.buttons == []
    assert any(made.text() == "这里已经办完" for made in screen.findChildren(type(frame.person)))


def test_a_failure_is_told_with_a_way_to_try_again(qtbot, frame, monkeypatch):
    def broken(_desk):
        raise StorageError("磁盘读取失败。", "The disk cannot be read.")

    whole = Desk.duties
    monkeypatch.setattr(Desk, "duties", property(broken))
    frame.open_queue("closing")
    idle(qtbot, frame.window())
    again = QApplication.focusWidget()
    assert again.text() == "重试"
    monkeypatch.setattr(Desk, "duties", whole)
    again.click()
    idle(qtbot, frame.window())
    assert frame.stack.currentWidget().accessibleName() == "可以办结"
