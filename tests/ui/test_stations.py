"""The county's workstations in the window: one is invited, one is retired; the agreement with the city as a paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from app import window as composition
from sync.invitation import read_invitation
from tests.ui.conftest import idle, unlocked
from ui.frame import Frame
from ui.screens.sync.screen import SyncScreen
from ui.screens.sync.stations import InviteSheet, RetireSheet
from ui.words import t


@pytest.fixture
def frame(qtbot, make_window) -> Frame:
    return unlocked(qtbot, make_window(services=composition._services()))


def page(qtbot, frame: Frame) -> SyncScreen:
    frame.go("sync")
    screen = frame._screens["sync"]
    assert isinstance(screen, SyncScreen)
    screen.part.set_value("stations")
    idle(qtbot, frame.window())
    return screen


def words_of(screen: SyncScreen) -> list[str]:
    return [one.text() for one in screen.stations.findChildren(QLabel) if one.isVisible()]


def invite(qtbot, frame: Frame, screen: SyncScreen, path: Path, number: str = "2") -> InviteSheet:
    screen.stations.invite()
    qtbot.waitUntil(lambda: isinstance(frame.sheets.sheet, InviteSheet))
    sheet = frame.sheets.sheet
    assert isinstance(sheet, InviteSheet)
    for name, value in (("device", number), ("name", "接访专用机"), ("path", str(path))):
        sheet.fields[name].setText(value)
    sheet.go.click()
    idle(qtbot, frame.window())
    return sheet


def test_a_workstation_is_invited_and_retired(qtbot, frame, tmp_path) -> None:
    screen = page(qtbot, frame)
    assert any(t("stations.here") in words for words in words_of(screen))
    path = tmp_path / "新机.invitation"
    invite(qtbot, frame, screen, path)
    assert read_invitation(path.read_bytes()).device == 2
    assert str(path) in frame.told.words.text()
    qtbot.waitUntil(lambda: any("接访专用机" in words for words in words_of(screen)))
    screen.stations.buttons["retire 2"].click()
    qtbot.waitUntil(lambda: isinstance(frame.sheets.sheet, RetireSheet))
    sheet = frame.sheets.sheet
    sheet.fields["reason"].setText("机器报废")
    sheet.go.click()
    idle(qtbot, frame.window())
    qtbot.waitUntil(lambda: any("机器报废" in words for words in words_of(screen)))


def test_what_cannot_be_is_said_at_the_sheet_and_takes_no_number(qtbot, frame, tmp_path) -> None:
    screen = page(qtbot, frame)
    taken = tmp_path / "有了.invitation"
    taken.write_bytes(b"something else")
    sheet = invite(qtbot, frame, screen, taken)
    assert frame.sheets.sheet is sheet
    assert taken.read_bytes() == b"something else"
    sheet = invite(qtbot, frame, screen, tmp_path / "一号.invitation", number="1")
    assert frame.sheets.sheet is sheet
    assert not (tmp_path / "一号.invitation").exists()
    frame.sheets.close_sheet()
    idle(qtbot, frame.window())
    assert not any("接访专用机" in words for words in words_of(screen))
