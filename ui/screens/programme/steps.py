"""The steps of a key case as they are seen: evidence that is reached, in part or not yet; icon and word, no percentage.

The register knows twelve steps (`models.programme.evidence.STEPS`). A line shows them in six groups, the order of the
work: 三见, 方案, 化解, 卷宗, 评查, 回头看.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Literal

from PySide6.QtWidgets import QWidget

from ui import law
from ui.parts.layout import Wrapping, row
from ui.parts.text import chip, due_chip, label, picture
from ui.screens.base import today
from ui.tokens import Look, Tone
from ui.words import said_of, t

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFrame

    from models.programme.records import CaseLine, CaseState

GROUPS: Mapping[str, tuple[str, ...]] = {
    "meetings": ("met_petitioner", "met_handler", "read_file"),
    "plan": ("planned", "approved"),
    "solving": ("worked", "solved"),
    "dossier": ("reported",),
    "review": ("closed",),
    "look_back": ("looked_back",),
}
"""The groups of a line, with the steps that each is made of."""

Reach = Literal["done", "part", "none"]

STATE_TONES: Mapping[str, tuple[Tone, str]] = {
    "open": ("accent", "waiting"),
    "rebound": ("soon", "again"),
    "solved": ("done", "done"),
    "closed": ("done", "done"),
    "excluded": ("quiet", "remove"),
}
"""Tone and icon of the states of a case."""

_LOOKS: Mapping[Reach, tuple[Tone, str]] = {
    "done": ("done", "done"),
    "part": ("accent", "half"),
    "none": ("quiet", "waiting"),
}


def reach_of(group: str, reached: Collection[str]) -> tuple[Reach, int, int]:
    """Return how far a group of steps is reached, how many of its steps are, and of how many."""
    steps = GROUPS[group]
    count = sum(step in reached for step in steps)
    return "done" if count == len(steps) else "part" if count else "none", count, len(steps)


def step_strip(reached: Collection[str], look: Look) -> QWidget:
    """Return the six groups of steps, each with its icon and word; in part with the number of its steps."""
    made = Wrapping(look, 3)
    said = []
    for group in GROUPS:
        reach, count, of = reach_of(group, reached)
        name = t(f"step.{group}")
        words = t("step.part", name=name, count=count, of=of) if reach == "part" else name
        tone, meaning = _LOOKS[reach]
        holder = QWidget()
        inside = row(holder, look, 1)
        inside.setSpacing(look.space(1))
        inside.addWidget(picture(meaning, look, look.colours.tone(tone)[0], 14))
        inside.addWidget(label(words, "small", tone=tone if reach != "none" else ""))
        holder.setToolTip(t(f"step.{group}_tip"))
        made.add(holder)
        how = t("step.part_said", count=count, of=of) if reach == "part" else t(f"step.{reach}")
        said.append(t("join.pair", name=name, value=how))
    made.setAccessibleName(said_of(*said))
    return made


def state_chip(state: CaseState, look: Look, exclusion: str = "") -> QFrame:
    """Return the state of a case; of an excluded one with the ground."""
    tone, meaning = STATE_TONES[state]
    words = t(f"programme.state_{state}")
    if exclusion:
        words = f"{words}  {exclusion} {law.code('key_exclusion', exclusion)}"
    return chip(words, look, tone, meaning)


def limit_chip(line: CaseLine, look: Look) -> QFrame | None:
    """Return how far the limit of an open case's plan is; None when it has none or is not open."""
    if line.limit_on is None or line.state not in ("open", "rebound"):
        return None
    return due_chip(line.limit_on, today(), look)
