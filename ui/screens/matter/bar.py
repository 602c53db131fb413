"""The bar of next lawful acts: the likeliest four, then all that are open by room, then why the others are not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QPushButton

from models.records import OpenAct
from ui import law
from ui.context import Context
from ui.parts.layout import Wrapping, clear
from ui.parts.text import button, label
from ui.screens.matter.pick import ActsSheet, WhyNotSheet
from ui.screens.matter.seen import Seen
from ui.words import t

SHOWN = 4
SHOWN_LARGE = 2
"""In large type: more would take the page's place."""


def fill(bar: QHBoxLayout, seen: Seen, context: Context, begin: Callable[[OpenAct], None]) -> QPushButton | None:
    """Fill the bar anew; returns the button of the likeliest act, None when none is open."""
    clear(bar)
    look, opened = context.look, seen.file.next_acts
    shown = SHOWN_LARGE if look.large else SHOWN
    flow = Wrapping(look, 2)
    likeliest: QPushButton | None = None
    for at, act in enumerate(opened[:shown]):
        made = button(law.act(act.name), partial(begin, act), "primary" if at == 0 else "")
        if at == 0:
            made.setToolTip("Ctrl+Enter")
            likeliest = made
        flow.add(made)
    if len(opened) > shown:
        more = button(t("act.more", count=len(opened) - shown), partial(show_all, seen, context, begin))
        more.setToolTip("Ctrl+J")
        flow.add(more)
    if not opened:
        flow.add(label(t("act.none_open"), "second"))
    bar.addWidget(flow, 1)
    if seen.closed:
        bar.addWidget(button(t("act.why_not"), partial(show_why_not, seen, context), "quiet"))
    return likeliest


def show_all(seen: Seen, context: Context, begin: Callable[[OpenAct], None]) -> None:
    """Show every act that is open."""
    sheet = ActsSheet(context, seen.file.next_acts)
    sheet.chosen.connect(begin)
    context.sheet_wanted.emit(sheet)


def show_why_not(seen: Seen, context: Context) -> None:
    """Show every act that is not open, with its reason."""
    context.sheet_wanted.emit(WhyNotSheet(context, seen.closed))
