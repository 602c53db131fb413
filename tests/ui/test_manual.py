"""The manual: both languages, every picture there, every key and link a real one; read and searched in Help."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextTable
from PySide6.QtTest import QTest

from models import acts
from tests.docs.manual_screens import SCREENS
from tests.ui.conftest import idle
from ui.keys import ACTIONS, shown
from ui.screens.help import chapters

MANUAL = Path(__file__).parents[2] / "resources" / "manual"
TEXTS = {language: (MANUAL / f"{language}.md").read_text("utf-8") for language in ("zh", "en")}
TASKS = 29
"""Chapters that tell of work, before those made from the code."""


@pytest.fixture
def manual(qtbot, frame):
    frame.go("help")
    idle(qtbot, frame.window())
    return frame._screens["help"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_picture_and_every_key_exists(language):
    text = TEXTS[language]
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)
    assert {f"img/{name}-{language}.png" for name in SCREENS} <= set(pictures), "python -m tests.docs.manual_screens"
    ours = {path.name for path in (MANUAL / "img").glob(f"*-{language}.png")}
    assert ours == {f"{name}-{language}.png" for name in SCREENS}, "none is left over"
    assert [name for name in pictures if not (MANUAL / name).is_file()] == []
    keys = {shown(key) for action in ACTIONS for key in action.keys} | {"Tab"}
    assert [key for key in re.findall(r"\*\*([A-Z][\w+]*)\*\*", text) if key not in keys] == []


def test_both_manuals_have_the_same_chapters_with_the_same_pictures_and_tables():
    zh, en = (chapters(TEXTS[language]) for language in ("zh", "en"))
    assert len(zh) == len(en) > TASKS
    for one, other in zip(zh, en, strict=True):
        names = [re.findall(r"\(img/([\w/]+?)(?:-zh|-en)?\.png\)", each.text) for each in (one, other)]
        assert names[0] == names[1], other.title
        assert one.text.count("\n|---") == other.text.count("\n|---"), other.title
        assert one.text.count("\n- ") == other.text.count("\n- "), other.title


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_act_is_told_in_a_chapter_of_work(language):
    told = "".join(chapter.text for chapter in chapters(TEXTS[language])[:TASKS])
    assert [rule.name for rule in acts.table().values() if f"“{rule.word(language)}”" not in told] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_links_lead_to_chapters(language):
    titles = {chapter.title for chapter in chapters(TEXTS[language])}
    links = re.findall(r"(?<!!)\[[^]]*\]\(([^)]+)\)", TEXTS[language])
    assert len(links) >= 3
    assert [link for link in links if link.removeprefix("#") not in titles] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_speaks_plainly(language):
    said = "".join(chapter.text for chapter in chapters(TEXTS[language]))
    assert not re.search(r"[!！](?!\[)", said)
    assert "<br" not in TEXTS[language], "the reader of Markdown loses what follows it in a table"


@pytest.mark.parametrize(
    ("language", "never"),
    [
        ("zh", ["稳控", "管控", "重点人员", "风险等级", "行踪"]),
        ("en", ["watch list", "risk", "stability", "movements"]),
    ],
)
def test_words_of_watching_people_stand_only_where_they_are_denied(language, never):
    *others, last = chapters(TEXTS[language])
    assert [word for chapter in others for word in never if word in chapter.words] == []
    assert any(word in last.words for word in never)


def test_help_opens_at_the_first_chapter_and_lists_them_all(manual):
    assert manual.list.count() == len(chapters(TEXTS["zh"]))
    assert manual.list.currentRow() == 0
    assert manual.list.hasFocus()
    assert "信访登记台" in manual.manual.toPlainText()


def test_chapters_are_shown_with_their_pictures_and_ruled_tables(qtbot, manual):
    assert manual.open_chapter("登记来访、来信")
    assert "Ctrl+S" in manual.manual.toPlainText()
    assert manual.manual.document().size().height() > 700, "the picture has its place"
    assert not manual.open_chapter("没有这一章")
    assert manual.open_chapter("文书样张：第一次答复信访人")
    document = manual.manual.document()
    tables = [frame for frame in document.rootFrame().childFrames() if isinstance(frame, QTextTable)]
    assert len(tables) == 4
    assert all(table.format().border() == 1 for table in tables)
    assert "made from" not in manual.manual.toPlainText()
    assert document.size().width() <= manual.manual.viewport().width()
    assert document.size().height() > 3 * 500, "three rows of pictures"


def test_every_chapter_fits_its_width(qtbot, manual):
    for place in range(manual.list.count()):
        manual.list.setCurrentRow(place)
        title = manual.chapters[place].title
        assert manual.manual.document().size().width() <= manual.manual.viewport().width() + 1, title
        assert manual.manual.verticalScrollBar().value() == 0, title


def test_a_search_leaves_the_chapters_that_say_it_and_shows_where(qtbot, manual):
    manual.search.setText("留置")
    seen = [manual.list.item(at) for at in range(manual.list.count()) if not manual.list.item(at).isHidden()]
    assert 0 < len(seen) < manual.list.count()
    assert manual.list.currentItem() in seen
    assert manual.manual.marked == manual.manual.toPlainText().count("留置") > 0
    before = manual.list.currentRow()
    QTest.keyClick(manual.search, Qt.Key.Key_Return)
    assert manual.list.currentRow() != before or len(seen) == 1
    assert manual.back()
    assert manual.search.text() == ""
    assert not any(manual.list.item(at).isHidden() for at in range(manual.list.count()))
    assert not manual.back()


def test_a_search_that_finds_nothing_says_so(manual):
    manual.search.setText("没有这样的词语")
    assert manual.none.isVisible()
    assert all(manual.list.item(at).isHidden() for at in range(manual.list.count()))


def test_a_link_leads_to_its_chapter_and_page_keys_turn_the_page(manual):
    manual.manual.anchorClicked.emit(QUrl("#期限一览"))
    assert manual.list.currentItem().text() == "期限一览"
    QTest.keyClick(manual.list, Qt.Key.Key_PageDown)
    assert manual.manual.verticalScrollBar().value() > 0
    QTest.keyClick(manual.list, Qt.Key.Key_PageUp)
    assert manual.manual.verticalScrollBar().value() == 0


def test_the_reader_has_a_plain_text_of_each_chapter_to_search():
    found = chapters(
        "# 手册\n\n首\n\n<!-- x -->\n## 一\n\n| 甲 | `b` |\n|---|---|\n| ![图](img/x.png) | [到](#二) |\n\n## 二\n"
    )
    assert [chapter.title for chapter in found] == ["手册", "一", "二"]
    assert "<!--" not in "".join(chapter.text for chapter in found)
    assert found[1].words.split() == ["##", "一", "甲", "b", "图", "到"]
