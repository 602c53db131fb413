"""What Today says of receptions: the one of today, the next one with its briefs, and one that was never ended."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.context import Context
from ui.parts.layout import row
from ui.parts.paper import show_paper
from ui.parts.text import button, notice
from ui.port import DeskPort
from ui.screens.reception.dayforms import form_word, said_who
from ui.screens.reception.rules import hours
from ui.words import day, t

if TYPE_CHECKING:
    from models.reception.records import ReceptionDay
    from models.sheets.content import Sheet as Paper

BACK, AHEAD = timedelta(days=31), timedelta(days=4)
"""Told ahead over a long weekend, so that briefs are printed in time; an unended day is told of for a month."""
MOST = 3

Found = tuple[date, tuple["ReceptionDay", ...]]


def fetch(desk: DeskPort) -> Found:
    """Ask for the receptions that Today speaks of; runs on the worker."""
    on = desk.reception.on
    days = desk.reception.days(on - BACK, on + AHEAD)
    live = [one for one in days if one.state == "open" or (one.state == "planned" and one.on >= on)]
    return on, tuple(live[:MOST])


def reception_notice(context: Context, owner: QWidget, one: ReceptionDay, on: date) -> QWidget:
    """Return the line of a reception: when, who, how many, and the way to it."""
    booked, waiting = one.counts.get("booked", 0), one.counts.get("waiting", 0) + one.counts.get("called", 0)
    told = {"hours": hours(one.begin, one.end), "who": said_who(one), "form": form_word(one), "booked": booked}
    ways = QWidget()
    across = row(ways, context.look, 1)
    if one.on < on:
        words = t("today.reception_unended", day=day(one.on), who=told["who"])
    elif one.on == on:
        words = t("today.reception_today", waiting=waiting, **told)
    else:
        words = t("today.reception_next", day=day(one.on), weekday=t(f"weekday.d{one.on.isoweekday()}"), **told)
        if booked:
            across.addWidget(button(t("reception.briefs"), partial(_print, context, owner, one), "quiet"))
    across.addWidget(button(t("today.reception_open"), partial(context.reception_day_wanted.emit, one.id), "quiet"))
    return notice(words, context.look, "soon" if one.on < on else "accent", action=ways)


def _print(context: Context, owner: QWidget, one: ReceptionDay) -> None:
    def ask(desk: DeskPort) -> Paper:
        lines = desk.reception.docket(one.id).lines
        wanted = [visit.id for visit in lines if visit.state == "booked" and visit.sight == "full"]
        return desk.reception.brief_sheet(wanted)

    show_paper(context, owner, t("reception.briefs_of", day=day(one.on)), ask)
