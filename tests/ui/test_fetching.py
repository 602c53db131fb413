"""What has to come first, told where work begins: a restored register that must fetch, a paper whose bytes are due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app import window as composition
from models import fetching, stations
from models.desk import Desk
from models.records import AttachmentDraft
from models.register import Register
from tests.ui import staging
from tests.ui.conftest import idle, unlocked
from tests.ui.test_sync import screen_of
from ui.frame import Frame
from ui.screens.sync.alone import AloneSheet
from ui.screens.sync.todayline import NotHereSheet
from ui.words import t


def opened(register: Path) -> Register:
    return Register.open(register, staging.LOGIN, staging.PASSPHRASE)


@pytest.fixture
def shared(register: Path) -> Path:
    """A register of two workstations and no hub."""
    with opened(register) as one:
        stations.invite(one, 2, "接访笔记本", by=one.person, at=datetime.now(UTC))
    return register


@pytest.fixture
def restored(shared: Path) -> Path:
    with opened(shared) as one, one.database.atomic():
        fetching.mark(one.connection)
    return shared


def window_on(qtbot, make_window) -> Frame:
    return unlocked(qtbot, make_window(services=composition._services()))


def words_of(screen: QWidget) -> list[str]:
    return [one.text() for one in screen.findChildren(QLabel) if one.isVisible()]


def test_a_restored_register_says_on_today_and_in_the_light_that_it_must_fetch(qtbot, make_window, restored) -> None:
    frame = window_on(qtbot, make_window)
    idle(qtbot, frame.window())
    today = frame._screens["today"]
    qtbot.waitUntil(lambda: t("today.must_fetch") in words_of(today))
    qtbot.waitUntil(lambda: frame.light.text() == t("light.fetch"))
    go = next(one for one in today.findChildren(QPushButton) if one.text() == t("today.fetch"))
    go.click()
    idle(qtbot, frame.window())
    screen = screen_of(qtbot, frame)
    assert t("sync.must_fetch") in words_of(screen)
    assert screen.buttons["read"].property("kind") == "primary", "without a hub a sibling's stick fetches"


def test_the_keeper_declares_that_there_is_nobody_to_fetch_from(qtbot, make_window, restored) -> None:
    frame = window_on(qtbot, make_window)
    screen = screen_of(qtbot, frame)
    screen.buttons["alone"].click()
    qtbot.waitUntil(lambda: isinstance(frame.sheets.sheet, AloneSheet))
    sheet = frame.sheets.sheet
    sheet.fields["reason"].setText("另一台机器已报废")
    sheet.go.click()
    idle(qtbot, frame.window())
    qtbot.waitUntil(lambda: t("sync.must_fetch") not in words_of(screen))
    assert "alone" not in screen.buttons
    assert "理由" in frame.told.words.text()
    frame.window().close()
    with opened(restored) as one:
        assert not one.must_fetch


def test_who_keeps_nothing_is_not_offered_to_go_on_alone(qtbot, make_window, restored) -> None:
    frame = window_on(qtbot, make_window)
    screen = screen_of(qtbot, frame)
    person = frame.context.person
    frame.context.person = replace(person, roles=person.roles - {"KEEPER"})
    screen.enter()
    idle(qtbot, frame.window())
    assert "alone" not in screen.buttons


def test_siblings_exchange_by_stick_without_a_hub(qtbot, make_window, shared) -> None:
    screen = screen_of(qtbot, window_on(qtbot, make_window))
    assert {"write", "read"} <= screen.buttons.keys()
    assert "send" not in screen.buttons
    assert t("sync.write_siblings") in words_of(screen)


def test_one_workstation_without_a_hub_has_no_use_for_a_stick(qtbot, make_window) -> None:
    screen = screen_of(qtbot, window_on(qtbot, make_window))
    assert set(screen.buttons) == {"enrol"}


def test_a_paper_on_its_way_says_so_and_leads_to_the_sync(qtbot, make_window, register: Path) -> None:
    with opened(register) as one:
        matter = one.rows("SELECT id FROM matter ORDER BY id LIMIT 1")[0][0]
        paper = Desk(one).attach(matter, AttachmentDraft(name="证据.pdf", media_type="application/pdf", data=b"%PDF-1"))
        with one.database.atomic():
            digest = one.row("SELECT sha256 FROM attachment WHERE id=?", (paper,))[0]
            one.connection.execute("DELETE FROM chunk WHERE sha256=?", (digest,))
    frame = window_on(qtbot, make_window)
    frame.open_matter(matter)
    idle(qtbot, frame.window())
    screen = frame._screens["matter"]
    line = next(one for one in screen.file.attachments if one.id == paper)
    screen.papers.open_paper(line)
    qtbot.waitUntil(lambda: isinstance(frame.sheets.sheet, NotHereSheet))
    sheet = frame.sheets.sheet
    sheet.go.click()
    idle(qtbot, frame.window())
    assert frame.sheets.sheet is None
    assert frame.current_name == "sync"
