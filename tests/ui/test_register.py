"""The register as a list: pages by keyset, filters, search, keys, folding."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from models import search
from models.desk import Desk
from models.records import Filters, MatterLine, Page
from models.register import Register
from tests.ui import staging
from tests.ui.conftest import idle, unlocked
from ui.parts.matter_table import COLUMNS, MatterModel
from ui.screens.base import today as now
from ui.screens.register import PAGE
from ui.tokens import LIGHT, Look
from ui.words import t


def line(number: int, **changes) -> MatterLine:
    values = {
        "id": number,
        "number": f"S2026-{number:06}",
        "title": f"事项 {number}",
        "who": "某人",
        "state": "S1",
        "category": "claim",
        "channel": "visit",
        "received_on": now() - timedelta(days=1),
        "unit": "信访科",
        "handler": "",
        "next_clock": "C1",
        "due_on": now() + timedelta(days=9),
        "place": number,
    }
    return MatterLine(**{**values, **changes})


def test_the_model_keeps_qts_rules_while_pages_arrive(qapp, qtmodeltester):
    model = MatterModel(Look())
    model.replace(Page(lines=tuple(line(number) for number in range(1, 6)), after=5))
    assert model.canFetchMore(QModelIndex())
    wanted = []
    model.more_wanted.connect(wanted.append)
    model.fetchMore(QModelIndex())
    assert wanted == [5]
    assert not model.canFetchMore(QModelIndex()), "a page is asked for once"
    model.append(Page(lines=tuple(line(number) for number in range(6, 9)), after=None))
    assert model.rowCount() == 8
    assert model.ended
    model.replace(Page(lines=(), after=None))
    assert model.rowCount() == 0
    qtmodeltester.check(model)


@pytest.mark.parametrize(
    ("days", "words", "tone"),
    [(9, "还有 9 天", None), (3, "还有 3 天", LIGHT.soon), (0, "今天到期", LIGHT.soon), (-2, "已超 2 天", LIGHT.late)],
)
def test_a_limit_says_how_far_it_is_in_word_icon_and_colour(qapp, days, words, tone):
    model = MatterModel(Look())
    model.replace(Page(lines=(line(1, due_on=now() + timedelta(days=days)),), after=None))
    cell = model.index(0, COLUMNS.index("due"))
    assert model.data(cell) == words
    assert (model.data(cell, Qt.ItemDataRole.ForegroundRole) == QColor(tone)) is (tone is not None)
    assert (model.data(cell, Qt.ItemDataRole.DecorationRole) is not None) is (tone is not None)


def test_a_sealed_line_shows_neither_title_nor_name(qapp):
    model = MatterModel(Look())
    model.replace(Page(lines=(line(1, sight="outline", title="", who=""),), after=None))
    shown = [model.data(model.index(0, at)) for at in range(model.columnCount())]
    assert shown[COLUMNS.index("title")] == "（限定知悉）"
    assert shown[COLUMNS.index("who")] == ""


def test_a_long_register_is_read_page_by_page(qtbot, make_window, tmp_path: Path, today: date, monkeypatch):
    long = tmp_path / "long" / "长.register"
    long.parent.mkdir()
    staging.build(long, today, copies=42)
    window = make_window()
    window._register = long
    frame = unlocked(qtbot, window)
    frame.go("register")
    idle(qtbot, window)
    screen = frame._screens["register"]
    total = 42 * len(staging.MATTERS)
    assert screen.count.text() == f"共 {total} 件"
    assert screen.model.rowCount() < total
    while not screen.model.ended:
        before = screen.model.rowCount()
        screen.table.scrollToBottom()
        qtbot.waitUntil(lambda before=before: screen.model.rowCount() > before or screen.model.ended, timeout=10_000)
    lines = [screen.model.line(at) for at in range(screen.model.rowCount())]
    assert len({one.id for one in lines}) == total
    assert [one.place for one in lines] == sorted((one.place for one in lines), reverse=True)
    assert total > 2 * PAGE


def test_filters_leave_what_they_say(qtbot, frame):
    window = frame.window()
    frame.open_list(Filters(late=True))
    idle(qtbot, window)
    screen = frame._screens["register"]
    assert [screen.model.line(at).title for at in range(screen.model.rowCount())] == ["请求更正户口登记的出生日期"]
    assert screen.count.text() == "共 1 件"
    screen.clear_filters()
    screen.channel.set_value("letter")
    idle(qtbot, window)
    assert {screen.model.line(at).channel for at in range(screen.model.rowCount())} == {"letter"}
    assert screen.filters == Filters(channels=("letter",))
    screen.received_from.set_day(now() + timedelta(days=1))
    idle(qtbot, window)
    assert screen._stack.currentIndex() == 1, "an emptiness with one thing to do"


def test_a_search_says_while_the_index_is_still_made(qtbot, make_window, register: Path, monkeypatch):
    monkeypatch.setattr(Desk, "tidy", lambda _desk: False)  # else the window is done with it at once
    with Register.open(register, staging.LOGIN, staging.PASSPHRASE) as one, one.database.atomic():
        search.begin_background(one.connection)
        search.index_portion(one.connection, 2)
        done, whole = search.background_left(one.connection)
    assert 0 < done < whole
    frame = unlocked(qtbot, make_window())
    frame.go("register")
    screen = frame._screens["register"]
    screen.set_search("出生日期")
    idle(qtbot, frame.window())
    assert screen.indexing.text() == t("register.indexing", done=f"{done:,}", whole=f"{whole:,}")
    assert screen.indexing.isVisible()
    ended: list[None] = []
    frame.context.ask(lambda desk: search.end_background(desk.register.connection), ended.append, owner=screen)
    qtbot.waitUntil(lambda: bool(ended))
    screen.set_search("出生")
    idle(qtbot, frame.window())
    assert not screen.indexing.isVisible()


def test_j_k_enter_and_escape(qtbot, frame):
    window = frame.window()
    frame.go("register")
    idle(qtbot, window)
    screen = frame._screens["register"]
    assert screen.table.hasFocus()
    assert screen.table.currentIndex().row() == 0
    for key, row in ((Qt.Key.Key_J, 1), (Qt.Key.Key_J, 2), (Qt.Key.Key_K, 1), (Qt.Key.Key_Down, 2), (Qt.Key.Key_Up, 1)):
        qtbot.keyClick(screen.table, key)
        assert screen.table.currentIndex().row() == row
    chosen = screen.model.line(1)
    qtbot.keyClick(screen.table, Qt.Key.Key_Return)
    idle(qtbot, window)
    assert frame.stack.currentWidget().file.id == chosen.id
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert frame.stack.currentWidget() is screen
    assert screen.table.currentIndex().row() == 1


def test_a_heading_orders_the_register(qtbot, frame):
    window = frame.window()
    frame.go("register")
    idle(qtbot, window)
    screen = frame._screens["register"]
    screen.table.horizontalHeader().sectionClicked.emit(COLUMNS.index("title"))
    idle(qtbot, window)
    titles = [screen.model.line(at).title for at in range(screen.model.rowCount())]
    assert titles == sorted(titles)
    screen.table.horizontalHeader().sectionClicked.emit(COLUMNS.index("title"))
    idle(qtbot, window)
    assert [screen.model.line(at).title for at in range(screen.model.rowCount())] == sorted(titles, reverse=True)


def test_a_wide_window_shows_the_matter_beside_the_list(qtbot, make_window):
    frame = unlocked(qtbot, make_window(size=(1900, 900)))
    window = frame.window()
    frame.go("register")
    idle(qtbot, window)
    screen = frame._screens["register"]
    qtbot.keyClick(screen.table, Qt.Key.Key_J)
    qtbot.waitUntil(
        lambda: screen._beside.file is not None and screen._beside.file.id == screen.model.line(1).id, timeout=5_000
    )
    assert screen.table.hasFocus()


def test_a_narrow_window_folds_columns_and_keeps_title_and_limit(qtbot, make_window):
    frame = unlocked(qtbot, make_window(percent=200))
    frame.go("register")
    idle(qtbot, frame.window())
    table = frame._screens["register"].table
    shown = [name for at, name in enumerate(COLUMNS) if not table.isColumnHidden(at)]
    assert shown[0] == "number"
    assert "title" in shown
    assert shown[-1] == "due"
    assert table.columnWidth(COLUMNS.index("title")) >= table.fontMetrics().horizontalAdvance("请求更正户口登记")
    assert sum(table.columnWidth(at) for at, name in enumerate(COLUMNS) if name in shown) <= table.viewport().width()
