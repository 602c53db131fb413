"""The head of a matter: number, title, class, state, the next clock, and what is special about it."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from models.records import MatterFile
from ui import law
from ui.context import Context
from ui.parts.layout import Wrapping, column, row
from ui.parts.text import chip, icon_button, label
from ui.screens.matter.blocks import clock_words
from ui.screens.matter.seen import standing_items
from ui.words import t, title_seen

FLAGS = ("sealed", "confidential", "joint", "anonymous", "group_visit", "major", "supervised", "simplified")


def head(file: MatterFile, context: Context, today: date, *, beside: bool) -> QWidget:
    """Return the head; `beside` the register's list there is no way back."""
    look = context.look
    made = QWidget()
    inside = column(made, look, 2)
    top = row(None, look, 2)
    if not beside:
        top.addWidget(icon_button(t("matter.back"), "back", look, context.back_wanted.emit))
    top.addWidget(label(file.number, "second", copy=True))
    top.addStretch(1)
    inside.addLayout(top)
    title = title_seen(str(file.matter.get("title") or ""), file.sight)
    inside.addWidget(label(title, "page", wrap=True, copy=True))
    chips = Wrapping(look, 2)
    chips.add(chip(law.code("state", file.matter["state"]), look, law.state_tone(file.matter["state"])))
    if file.sight == "full" and file.matter.get("category"):
        chips.add(chip(law.code("category", file.matter["category"]), look))
    for state in [one for one in file.clocks if one.running][:1]:
        words, tone = clock_words(state, today)
        name = law.clock(state.clock, law.rules_of(file))
        chips.add(chip(f"{name}  {words}", look, tone, "clock" if tone == "quiet" else ""))
    for flag in FLAGS:
        if file.matter.get(flag):
            chips.add(
                chip(t(f"matter.flag_{flag}"), look, "quiet", "sealed" if flag in ("sealed", "confidential") else "")
            )
    count = len(standing_items(file))
    if count > 1:
        chips.add(chip(t("matter.items", count=count), look, "quiet", "same"))
    inside.addWidget(chips)
    return made
