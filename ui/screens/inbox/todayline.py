"""What Today says of the city's papers: how many wait to be taken in, and how many are past the city's limit."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from ui.context import Context
from ui.parts.text import button, notice
from ui.port import DeskPort
from ui.words import t


def fetch(desk: DeskPort) -> tuple[int, int]:
    """Return how many papers wait, and how many of those taken in or waiting are late; runs on the worker."""
    waiting, taken = desk.city.inbox(limit=1), desk.city.inbox(limit=1, state="taken")
    return waiting.total, waiting.late + taken.late


def inbox_notice(context: Context, waiting: int, late: int) -> QWidget:
    """Return the line with the way to the inbox."""
    words = t("today.inbox", count=waiting)
    if late:
        words = t("join.clauses").join((words, t("inbox.late", count=late)))
    go = button(t("today.inbox_open"), partial(context.screen_wanted.emit, "inbox"), "quiet")
    return notice(words, context.look, "late" if late else "soon", action=go)
