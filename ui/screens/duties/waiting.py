"""One line of a queue: about what, since when or until when, whose, and for an answer the next way to serve it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import law
from ui.context import Context
from ui.parts.lines import LineButton
from ui.parts.text import chip, due_chip
from ui.screens.base import today
from ui.words import day, t, title_seen

if TYPE_CHECKING:
    from models.queues import QueueLine


def queue_line(context: Context, waiting: QueueLine) -> LineButton:
    """Return the line of something that waits; pressed, it opens the matter at the act that is wanted."""
    look = context.look
    title = title_seen(waiting.title, waiting.sight)
    days = (today() - waiting.since).days
    if waiting.due_on is not None:
        when, on = due_chip(waiting.due_on, today(), look), waiting.due_on
    else:
        words = t("queue.since_today") if days <= 0 else t("queue.waits_one") if days == 1 else ""
        when, on = chip(words or t("queue.waits", count=days), look, "quiet", "clock"), waiting.since
    made = LineButton(
        look,
        title,
        "  ".join(part for part in (waiting.number, waiting.note) if part),
        third=_tried(waiting),
        chips=(when,),
        small="  ".join(part for part in (waiting.unit, day(on)) if part),
    )
    made.clicked.connect(lambda: context.matter_wanted.emit(waiting.matter, waiting.act))
    return made


def _tried(waiting: QueueLine) -> str:
    """Return how often service was tried and what is lawful next; '' where nothing is to be said."""
    if waiting.act != "serve" or waiting.sight != "full":
        return ""
    ways = law.code_list("service_way", waiting.next_ways)
    tried = t("queue.tried_one") if waiting.attempts == 1 else t("queue.tried", count=waiting.attempts)
    tried = tried if waiting.attempts else t("queue.untried")
    return t("queue.next_way", tried=tried, ways=ways) if ways else t("queue.notice_runs", tried=tried)
