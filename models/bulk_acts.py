"""Which acts stand open for many matters at once, and on how many of them: asked before one is taken on all.

An act that needs what only one matter has (a paper, a decision on each claim, a row of its own) is not offered: it is
taken on that matter. Matters that the person may not see in full are left out without a word, as `models.bulk` does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from models import acts, errors, handling, sight
from models.records import OpenAct, Staff

if TYPE_CHECKING:
    from models.register import Register

OF_ONE = frozenset({"claims", "document", "person", "item", "clock", "matter"})
"""Kinds of inputs whose value belongs to one matter."""
NEVER = frozenset({"reverse", "amend", "cancel_item", "spoil", "receive_paper", "merge_person", "split_person"})
"""Corrections, and what is nothing without its own paper or person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyOpen:
    """An act that is open for `count` of the matters asked; `act` is as one of them has it."""

    act: OpenAct
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForMany:
    """The acts, those open for most in front; `total` matters were looked at; `stopped`: not all were."""

    acts: tuple[ManyOpen, ...]
    total: int
    stopped: bool


def open_for(
    register: Register,
    matters: Sequence[int],
    by: Staff,
    on: date,
    *,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> OpenForMany:
    """Return the acts that may be taken on several matters at once.

    Args:
        register: The open register.
        matters: Ids.
        by: Who would take them.
        on: The day.
        on_progress: Told how many of how many were looked at.
        cancelled: Asked before each matter.
    """
    found: dict[str, OpenAct] = {}
    counts: dict[str, int] = {}
    seen, stopped = 0, False
    for done, matter in enumerate(dict.fromkeys(matters), start=1):
        if cancelled():
            stopped = True
            break
        on_progress(done, len(matters))
        try:
            row = sight.matter_for(register, matter, by)
        except (errors.InputError, errors.NotAllowedError):
            continue
        seen += 1
        for act in handling.listed(register, row, by, on)[0]:
            if for_many(act.name):
                found.setdefault(act.name, act)
                counts[act.name] = counts.get(act.name, 0) + 1
    ordered = sorted(found.values(), key=lambda act: (-counts[act.name], -act.likely, act.name))
    return OpenForMany(
        acts=tuple(ManyOpen(act=act, count=counts[act.name]) for act in ordered), total=seen, stopped=stopped
    )


def for_many(act: str) -> bool:
    """Return whether an act can be taken on several matters with the same inputs."""
    rule = acts.rule(act)
    return not (rule.papers or act in NEVER or any(one.required and one.kind in OF_ONE for one in rule.inputs))
