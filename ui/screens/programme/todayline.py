"""What Today says of programmes: the reports that are due soon or late, for those who send them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from models.programme.keeping import KEEPERS
from ui.context import Context
from ui.parts.text import button, notice
from ui.port import DeskPort
from ui.words import day, t

if TYPE_CHECKING:
    from models.programme.records import Milestone, Programme

MOST = 3
"""Reports that are told at most; the programme's own page has them all."""

Owed = tuple["Programme", "Milestone"]


def fetch(desk: DeskPort) -> tuple[Owed, ...]:
    """Ask for the reports that programmes owe now, none for who sends none; runs on the worker."""
    if not desk.person.roles & KEEPERS:
        return ()
    return desk.programmes.owed()[:MOST]


def owed_notice(context: Context, owed: Owed) -> QWidget:
    """Return the line of a report: of which programme, its last day, and the way to it."""
    programme, report = owed
    words = t(
        "today.report_late" if report.state == "late" else "today.report_due",
        programme=programme.name,
        name=report.name,
        day=day(report.due_on) or t("days.no_calendar"),
    )
    go = button(t("today.report_open"), lambda: context.screen_wanted.emit("programme"), "quiet")
    return notice(words, context.look, "late" if report.state == "late" else "soon", action=go)
