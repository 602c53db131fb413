"""The city's papers in the window: told on Today, taken in, joined, sent back, read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from models.register import Register
from tests.models.city_voice import CityVoice
from tests.ui import staging
from tests.ui.conftest import idle, unlocked
from ui.frame import Frame
from ui.parts.lines import LineButton
from ui.screens.inbox.paper import PaperSheet, ReasonSheet
from ui.screens.inbox.screen import InboxScreen
from ui.words import t

NOW = datetime.now(UTC)


def received(register: Path, today: date) -> None:
    """Let the city's papers arrive at a closed register."""
    with Register.open(register, staging.LOGIN, staging.PASSPHRASE) as opened:
        city = CityVoice(opened)
        day = (NOW - timedelta(days=10)).astimezone().date()
        facts = {"received_on": day.isoformat()}
        city.assign(limit_on=today + timedelta(days=20), at=NOW, body="请依法办理并报结果。", facts=facts)
        earlier = {
            "received_on": day.isoformat(),
            "people": [{"name": "沈玉兰", "main": True, "phone": "13900010001"}],
            "statement": "在城东路口临时停车，收费员收钱不给票据，多次索要未果，请求核查并规范收费。",
        }
        city.send(
            "transfer", NOW, {**earlier, "channel": "letter", "claims": ["规范开具票据"]}, number="市公信转〔2026〕3号"
        )
        city.send("notice", NOW, body="请各县局于每月五日前报送上月数据。")


@pytest.fixture
def frame(qtbot, make_window, register: Path, today: date) -> Frame:
    received(register, today)
    return unlocked(qtbot, make_window())


def inbox(qtbot, frame: Frame) -> InboxScreen:
    frame.go("inbox")
    idle(qtbot, frame.window())
    screen = frame._screens["inbox"]
    assert isinstance(screen, InboxScreen)
    qtbot.waitUntil(lambda: not screen.lines._later, timeout=5000)
    return screen


def lines_of(screen: InboxScreen) -> dict[str, LineButton]:
    return {line.accessibleName(): line for line in screen.findChildren(LineButton) if line.isVisible()}


def opened(qtbot, frame: Frame, screen: InboxScreen, words: str) -> PaperSheet:
    line = next(line for name, line in lines_of(screen).items() if words in name)
    line.click()
    qtbot.waitUntil(lambda: isinstance(frame.sheets.sheet, PaperSheet))
    sheet = frame.sheets.sheet
    assert isinstance(sheet, PaperSheet)
    return sheet


def test_today_tells_of_them_and_leads_to_the_inbox(qtbot, frame) -> None:
    go = [one for one in frame.findChildren(QPushButton) if one.text() == t("today.inbox_open")]
    assert len(go) == 1
    assert go[0].isVisible()
    go[0].click()
    idle(qtbot, frame.window())
    assert frame.stack.currentWidget() is frame._screens["inbox"]
    assert len(lines_of(inbox(qtbot, frame))) == 3


def test_an_assignment_is_taken_in_by_its_form_and_opens_as_a_matter(qtbot, frame) -> None:
    screen = inbox(qtbot, frame)
    sheet = opened(qtbot, frame, screen, t("inbox.kind_assignment"))
    assert sheet.joins is None
    qtbot.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: frame.stack.currentWidget() is frame._screens.get("matter"), timeout=10_000)
    assert t("inbox.registered", item="", matter="")[:3] in frame.told.words.text()
    assert len(lines_of(inbox(qtbot, frame))) == 2
    screen._choose("taken")
    idle(qtbot, frame.window())
    qtbot.waitUntil(lambda: len(lines_of(screen)) == 1)


def test_a_likely_earlier_matter_is_offered_and_joined(qtbot, frame) -> None:
    screen = inbox(qtbot, frame)
    sheet = opened(qtbot, frame, screen, t("inbox.kind_transfer"))
    assert sheet._joins is not None
    sheet._joins.button(1).setChecked(True)
    matter = sheet.joins
    assert matter == sheet.shown.hints[0].matter
    sheet.go.click()
    qtbot.waitUntil(lambda: frame.stack.currentWidget() is frame._screens.get("matter"), timeout=10_000)
    assert frame._screens["matter"].matter == matter


def test_sending_back_asks_for_the_reason(qtbot, frame) -> None:
    screen = inbox(qtbot, frame)
    sheet = opened(qtbot, frame, screen, t("inbox.kind_assignment"))
    sheet._ask_reason("refuse")
    qtbot.waitUntil(lambda: isinstance(frame.sheets.sheet, ReasonSheet))
    reasons = frame.sheets.sheet
    reasons.take()
    assert frame.sheets.sheet is reasons  # nothing goes back without a reason
    reasons.fields["reason"].setText("该事项属邻县管辖，事发地在其辖区。")
    reasons.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None)
    idle(qtbot, frame.window())
    screen._choose("refused")
    idle(qtbot, frame.window())
    qtbot.waitUntil(lambda: any("邻县" in name for name in lines_of(screen)))


def test_a_notice_is_read(qtbot, frame) -> None:
    screen = inbox(qtbot, frame)
    sheet = opened(qtbot, frame, screen, t("inbox.kind_notice"))
    assert sheet.go.text() == t("inbox.take_notice")
    sheet.go.click()
    qtbot.waitUntil(lambda: frame.sheets.sheet is None)
    idle(qtbot, frame.window())
    assert len(lines_of(inbox(qtbot, frame))) == 2
