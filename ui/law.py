"""Words that belong to the law and its data: acts, clocks, events, letters, codes, states; in the language spoken."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from models import acts, codes
from models.clocks import EVENT_NAMES, Clock, rule_set, rule_set_ids
from ui.tokens import Tone
from ui.words import both, language, t

if TYPE_CHECKING:
    from models.records import MatterFile

NEWEST = "REG-2022"
"""Asked first for the name of a clock when the matter's own set is not at hand."""

DONE_STATES = frozenset({"S13"})


def act(name: str) -> str:
    """Return the name of an act."""
    return acts.word(name, language())


def code(table: str, value: str | int | None) -> str:
    """Return the word of a code."""
    return codes.word(table, value, language())


def code_list(table: str, values: Iterable[str]) -> str:
    """Return the words of several codes as a list."""
    return t("join.list").join(code(table, value) for value in values)


def event(kind: str) -> str:
    """Return the name of a dated event."""
    found = EVENT_NAMES.get(kind)
    return str(found) if found else kind


def clock(identifier: str, rules: str = "") -> str:
    """Return the name of a clock in a rule set (the newest when none is named); its id when no set has it."""
    if not identifier:
        return ""
    found = clock_rule(identifier, rules)
    return str(found.name) if found else identifier


@cache
def clock_rule(identifier: str, rules: str = "") -> Clock | None:
    """Return the clock of a rule set, or of the newest national set that has it."""
    for name in dict.fromkeys((*((rules,) if rules else ()), NEWEST, *rule_set_ids())):
        for one in rule_set(name).clocks:
            if one.id == identifier:
                return one
    return None


def rules_of(file: MatterFile) -> str:
    """Return the rule set of a matter; the newest for an outline, which does not tell it."""
    return str(file.matter.get("rules") or NEWEST)


def letter(kind: str) -> str:
    """Return the name of a kind of letter."""
    from models.letters.kinds import kinds

    for one in kinds():
        if one.code == kind:
            return both(one.name_zh, one.name_en)
    return kind


def state_tone(state: str) -> Tone:
    """Return the tone of a state: only a closed matter is done; lateness is the clock's to say."""
    return "done" if state in DONE_STATES else "quiet"


def channel_icon(channel: str) -> str:
    """Return the icon of a channel."""
    return channel if channel in ("visit", "letter", "call", "web", "fax") else "document"
