"""The story of a matter: what was done, by whom; what was taken back stands struck, with the reason and who did it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from models.records import MatterFile, StoryLine
from ui import law
from ui.context import Context
from ui.parts.layout import column, line, row
from ui.parts.text import button, icon_button, label
from ui.screens.matter.entries import block
from ui.words import moment, said_of, t

FIRST = 12
"""Lines shown at first; the rest on request."""


def story(
    file: MatterFile,
    context: Context,
    turn: Callable[[], None],
    menu: Callable[[StoryLine, QToolButton], None],
    *,
    whole: bool,
    show_whole: Callable[[], None],
) -> QWidget:
    """Return what was done, newest first or last as the person likes it; each line of the journal has a menu."""
    made, inside = block(t("matter.story"), context, "story", len(file.story))
    look = context.look
    newest_first = context.preferences.story_newest_first
    lines: list[StoryLine] = sorted(file.story, key=lambda one: one.at, reverse=newest_first)
    foot = row(None, look, 2)
    foot.addWidget(button(t("matter.newest_first") if not newest_first else t("matter.oldest_first"), turn, "quiet"))
    foot.addStretch(1)
    inside.addLayout(foot)
    for one in lines if whole else lines[:FIRST]:
        inside.addWidget(line())
        inside.addWidget(_line(one, context, menu))
    if not whole and len(lines) > FIRST:
        inside.addWidget(button(t("matter.whole_story", count=len(lines)), show_whole, "quiet"))
    return made


def _line(one: StoryLine, context: Context, menu: Callable[[StoryLine, QToolButton], None]) -> QWidget:
    look = context.look
    made = QWidget()
    across = row(made, look, 3)
    when = label(moment(one.at), "small")
    when.setMinimumWidth(look.size(110))
    across.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
    texts = column(None, look, 0)
    words = law.act(one.act)
    name = label(words, "second" if one.reversed else "", wrap=True)
    texts.addWidget(name)
    if one.detail:
        detail = label(one.detail, "second", wrap=True)
        texts.addWidget(detail)
        if one.reversed:
            strike(detail)
    undone = t("correct.reversed", who=one.reversed_by, reason=one.reversed) if one.reversed else ""
    if undone:
        strike(name)
        texts.addWidget(label(undone, "small", tone="soon", wrap=True, copy=True))
    texts.addStretch(1)
    across.addLayout(texts, 1)
    across.addWidget(label(one.actor, "small"), 0, Qt.AlignmentFlag.AlignTop)
    if one.entry:
        more = icon_button(t("correct.menu", act=words, entry=one.entry), "more", look)
        more.setToolTip(t("correct.menu_tip"))
        more.clicked.connect(lambda: menu(one, more))
        across.addWidget(more, 0, Qt.AlignmentFlag.AlignTop)
    else:
        across.addSpacing(look.size(30) + look.space(3))
    made.setAccessibleName(said_of(moment(one.at), words, one.detail, undone, one.actor))
    return made


def strike(words: QWidget) -> None:
    """Draw a line through words that no longer hold."""
    words.setStyleSheet("text-decoration: line-through")


def below(widget: QWidget) -> QPoint:
    """Return where a menu of a widget opens."""
    return widget.mapToGlobal(QPoint(0, widget.height()))
