"""What Today says of programmes: the reports that are due soon or late, for those who send them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from models.programme.keeping import KEEPERS
from ui.context import Context
from ui.parts.text import button, notice
from ui.port import DeskPort
from ui.screens.base import today
from ui.words import day, days_left, t

if TYPE_CHECKING:
    from models.programme.records import Milestone, Programme

MOST = 3
"""Reports that are told at most; the programme's own page has them all."""


def fetch(desk: DeskPort) -> tuple[tuple[Programme, Milestone], ...]:
    """Ask for the reports that programmes owe now, none for who sends none; runs on the worker."""
    if not desk.person.roles & KEEPERS:
        return ()
    return desk.programmes.owed()[:MOST]


def owed_notice(context: Context, one: Programme, due: Milestone) -> QWidget:
    """Return the line of a report: its name, its last day, and the way to the dates of its programme."""
    words = t(
        "today.programme_owed",
        name=due.name,
        programme=one.name,
        day=day(due.due_on) or t("days.no_calendar"),
        left=days_left((due.due_on - today()).days) if due.due_on else t("days.no_calendar"),
    )
    go = button(t("today.programme_open"), partial(context.programme_wanted.emit, one.key, "dates"), "quiet")
    return notice(words, context.look, "late" if due.state == "late" else "soon", action=go)
