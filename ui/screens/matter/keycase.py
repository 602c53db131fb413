"""A matter's place in key-case programmes, on the page of the matter: how it stands, its evidence, its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.context import Context
from ui.parts.layout import Wrapping, line
from ui.parts.text import button, label
from ui.screens.matter.entries import block, joined, pair
from ui.screens.matter.seen import Seen
from ui.screens.programme.steps import limit_chip, state_chip, step_strip
from ui.words import day, said_of, t

if TYPE_CHECKING:
    from models.programme.records import CaseFile


def key_cases(seen: Seen, context: Context) -> QWidget | None:
    """Return the block of key cases; None when the matter is in no programme."""
    if not seen.cases:
        return None
    made, inside = block(t("case.block"), context, "programme")
    for at, case in enumerate(seen.cases):
        if at:
            inside.addWidget(line())
        _one(case, context, inside)
    return made


def _one(case: CaseFile, context: Context, inside: QVBoxLayout) -> None:
    look, one = context.look, case.line
    add = inside.addWidget
    add(label(case.programme_name, wrap=True))
    chips = Wrapping(look, 1)
    chips.add(state_chip(one.state, look, one.exclusion))
    if (limit := limit_chip(one, look)) is not None:
        chips.add(limit)
    add(chips)
    words = joined(
        pair(t("case.leader"), one.leader),
        pair(t("case.unit"), one.unit),
        pair(t("case.limit_name"), day(one.limit_on)) if one.limit_on else "",
    )
    if words:
        add(label(words, "second", wrap=True))
    if one.state != "excluded":
        add(step_strip(one.reached, look))
    go = button(
        t("case.open"),
        lambda: context.case_wanted.emit(one.matter, one.programme),
        "quiet",
        picture_of="open",
        look=look,
    )
    go.setAccessibleName(said_of(t("case.open"), case.programme_name))
    add(go, 0, Qt.AlignmentFlag.AlignLeft)
