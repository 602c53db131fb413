"""The window and a real hub process on loopback: enrol by file, send, lose the hub, meet one that never answers."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from app import window as composition
from models import backup
from sync.hub import registry, sticks
from sync.hub.hub import Hub
from tests.sync.conftest import CITY, Served
from tests.ui import staging
from tests.ui.conftest import idle, unlocked
from ui.frame import Frame
from ui.screens.sync.screen import SyncScreen
from ui.screens.sync.state import StatePart
from ui.words import t, table

MOST_DELAY_S = 0.1
"""What a round may delay a job of the register by."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    Hub.create(tmp_path / "hub", city=CITY, address="https://127.0.0.1:8443").close()
    one = Served(tmp_path / "hub")
    yield one
    one.stop()


@pytest.fixture
def frame(qtbot, make_window) -> Frame:
    return unlocked(qtbot, make_window(services=composition._services()))


def answered_to(monkeypatch, *, opened: Path | None = None, saved: Path | None = None, folder: Path | None = None):
    """Answer the system's file dialogs, which are not ours to press."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(opened), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(saved), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))


def screen_of(qtbot, frame: Frame) -> StatePart:
    frame.go("sync")
    idle(qtbot, frame.window())
    screen = frame._screens["sync"]
    assert isinstance(screen, SyncScreen)
    return screen.state


def over(qtbot, frame: Frame) -> None:
    """Wait for the end of a round."""
    qtbot.waitUntil(lambda: frame.context.round is None, timeout=60_000)
    idle(qtbot, frame.window())


def enrol(qtbot, frame: Frame, monkeypatch, served: Served, folder: Path) -> StatePart:
    offer, answer = folder / "offer.json", folder / "offer.answer"
    with Hub.open(served.folder) as hub:
        offer.write_bytes(registry.offer(hub, staging.COUNTY, address=served.address))
    answered_to(monkeypatch, opened=offer, saved=answer)
    screen = screen_of(qtbot, frame)
    screen.buttons["enrol"].click()
    over(qtbot, frame)
    assert answer.stat().st_size > 0
    assert str(answer) in frame.told.words.text()
    return screen


def ask(qtbot, frame: Frame, question):
    answers = []
    frame.context.ask(question, answers.append)
    idle(qtbot, frame.window())
    return answers[0]


def test_enrolled_from_a_file_the_window_sends_and_the_light_turns_quiet(qtbot, frame, served, monkeypatch, tmp_path):
    screen = enrol(qtbot, frame, monkeypatch, served, tmp_path)
    assert screen.state.enrolled
    assert screen.state.unsent > 0
    assert frame.light.text() != table("zh")["light.sent"]
    screen.buttons["send"].click()
    assert not screen.buttons["send"].isEnabled(), "one round at a time"
    over(qtbot, frame)
    assert frame.told.property("tone") == "done"
    assert screen.state.unsent == 0
    assert screen.state.agreed == screen.state.held
    assert frame.light.text() == table("zh")["light.sent"]
    assert screen.buttons["send"].isEnabled()
    with Hub.open(served.folder) as hub:
        assert hub.position(staging.COUNTY, 1).have == ask(qtbot, frame, lambda desk: desk.register.seq)


def test_a_hub_that_is_gone_is_told_and_what_is_typed_meanwhile_is_kept(qtbot, frame, served, monkeypatch, tmp_path):
    screen = enrol(qtbot, frame, monkeypatch, served, tmp_path)
    unsent = screen.state.unsent
    served.stop()
    screen.buttons["send"].click()
    qtbot.waitUntil(lambda: frame.work.isVisible())
    assert frame.work.words.text() == table("zh")["work.send"]
    frame.open_new("visit")
    form = frame._screens["new"].form
    form.people.cards[0].name.setText("沈玉兰")
    form.title.setText("同步时登记的来访")
    typed = time.monotonic()
    kept = []
    while not kept:
        qtbot.wait(50)
        frame.context.ask(lambda desk: [one for one in desk.drafts() if one.kind == "item"], kept.extend)
        qtbot.wait(50)
        assert time.monotonic() - typed < 2
    assert kept[0].content["people"][0]["name"] == "沈玉兰"
    assert frame.context.round is not None, "the round still waits for the hub"
    over(qtbot, frame)
    assert frame.told.property("tone") == "late"
    assert served.address in frame.told.words.text()
    assert frame.light.text() == table("zh")["light.trouble"]
    assert screen_of(qtbot, frame).state.unsent == unsent


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listener:
        yield listener.getsockname()[1]


def test_a_hub_that_never_answers_delays_nobody(qtbot, frame, served, silent, monkeypatch, tmp_path):
    screen = enrol(qtbot, frame, monkeypatch, served, tmp_path)
    ask(
        qtbot,
        frame,
        lambda desk: (
            desk.register.connection.execute("UPDATE sync_hub SET address=?", (f"https://127.0.0.1:{silent}",)).rowcount
        ),
    )
    screen.buttons["send"].click()
    qtbot.waitUntil(lambda: frame.work.isVisible())
    qtbot.wait(300)
    delays = []
    for _turn in range(20):
        begun = time.monotonic()
        frame.context.ask(lambda _desk: time.monotonic(), lambda at, begun=begun: delays.append(at - begun))
        qtbot.wait(30)
    qtbot.waitUntil(lambda: len(delays) == 20)
    assert max(delays) < MOST_DELAY_S
    assert frame.context.round is not None
    frame.work.cancel_button.click()
    assert not frame.work.isVisible(), "called off at once, though the line is still silent"
    assert screen.buttons["send"].isEnabled()
    window = frame.window()
    begun = time.monotonic()
    window.lock()
    idle(qtbot, window)
    staging.opener(window._register, staging.LOGIN, staging.PASSPHRASE).close()  # free: nothing holds it
    assert time.monotonic() - begun < 10


def test_a_stick_takes_the_batches_and_brings_the_receipts(qtbot, frame, served, monkeypatch, tmp_path):
    screen = enrol(qtbot, frame, monkeypatch, served, tmp_path)
    stick = tmp_path / "stick"
    stick.mkdir()
    answered_to(monkeypatch, folder=stick)
    screen.buttons["write"].click()
    over(qtbot, frame)
    assert list(stick.rglob("*")), "the batches lie on the stick"
    assert screen.state.unsent > 0
    with Hub.open(served.folder) as hub:
        sticks.read_folder(hub, stick)
        sticks.write_folder(hub, stick)
    screen.buttons["read"].click()
    over(qtbot, frame)
    assert screen.state.unsent == 0
    assert frame.light.text() == table("zh")["light.sent"]


def test_a_stick_that_is_not_there_is_told(qtbot, frame, served, monkeypatch, tmp_path):
    screen = enrol(qtbot, frame, monkeypatch, served, tmp_path)
    answered_to(monkeypatch, folder=tmp_path / "no" / "such" / "stick")
    screen.buttons["write"].click()
    over(qtbot, frame)
    assert frame.told.property("tone") == "late"
    assert "stick" in frame.told.words.text()


def test_a_backup_is_proved_while_the_register_goes_on(qtbot, frame, monkeypatch, tmp_path):
    """The copy is one step; what is done with the copy afterwards takes nothing from the worker."""
    threads: list[str] = []
    prove = backup._prove

    def watched(*given):
        threads.append(threading.current_thread().name)
        prove(*given)

    monkeypatch.setattr(backup, "_prove", watched)
    answered_to(monkeypatch, saved=tmp_path / "kept.backup")
    frame.go("settings")
    idle(qtbot, frame.window())
    frame._screens["settings"].backup_button.click()
    qtbot.waitUntil(lambda: frame.told.isVisible(), timeout=30_000)
    assert frame.told.property("tone") == "done"
    assert threads == ["aside"]
    assert (tmp_path / "kept.backup").stat().st_size > 0


def test_what_is_entered_goes_up_by_itself_and_a_lost_hub_is_tried_again_later(
    qtbot, frame, monkeypatch, served, tmp_path
):
    from ui import autosync

    syncing = frame.window().syncing
    assert frame.context.next_round is not None
    enrol(qtbot, frame, monkeypatch, served, tmp_path)
    monkeypatch.setattr(autosync, "AFTER_ACT_S", 0)
    frame.context.register_changed.emit()
    qtbot.waitUntil(lambda: ask(qtbot, frame, lambda desk: desk.sync_state()).unsent == 0, timeout=30_000)
    qtbot.waitUntil(lambda: frame.light.text() == t("light.sent"), timeout=10_000)
    assert not syncing.waits

    served.stop()
    syncing._plan(0)
    qtbot.waitUntil(lambda: syncing.waits, timeout=60_000)
    idle(qtbot, frame.window())
    assert frame.light.text() == t("light.trouble")
    planned = frame.context.next_round
    frame.context.register_changed.emit()  # what is entered meanwhile does not hammer a closed door
    idle(qtbot, frame.window())
    assert frame.context.next_round == planned

    frame.context.preferences.sync_minutes = 0
    frame.context.sync_time_changed.emit()
    assert frame.context.next_round is None


def test_a_locked_window_begins_no_round(qtbot, frame):
    window = frame.window()
    assert window.context.next_round is not None
    window.lock()
    assert window.context.next_round is None


def test_the_agreement_with_the_city_is_shown_as_the_paper_that_it_prints(qtbot, frame, monkeypatch, served, tmp_path):
    from ui.parts.paper import PaperSheet

    screen = enrol(qtbot, frame, monkeypatch, served, tmp_path)
    screen.buttons["send"].click()
    over(qtbot, frame)
    screen = screen_of(qtbot, frame)
    screen.buttons["agreement"].click()
    over(qtbot, frame)
    qtbot.waitUntil(lambda: isinstance(frame.sheets.sheet, PaperSheet), timeout=20_000)
    assert frame.sheets.sheet.data.startswith(b"%PDF")
