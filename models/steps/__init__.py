"""The rules of single acts: what each asks beyond the table of acts, and what it writes beside its dated facts.

One room a part of the handling, each with `CHECKS` (the act's own rule over its inputs: says no with the article before
anything is written), `FOLLOW` (rows written within the act) and `NEEDS` (conditions on the matter's facts that acts of
the table name). An act that stands in none of them is told whole by `resources/acts/`.
"""

from __future__ import annotations

from models.steps import (
    after,
    agreements,
    correction,
    execution,
    hearings,
    inquiry,
    inside,
    instructions,
    joining,
    key_cases,
    key_closing,
    key_meetings,
    key_plans,
    major,
    opinion,
    persons,
    rating,
    reception,
    recusals,
    review,
    screening,
    service,
    supervision,
    tracks,
)
from models.steps.step import Check, Follow, Need, Step

__all__ = ["CHECKS", "FOLLOW", "NEEDS", "Step"]

_ROOMS = (
    screening,
    inside,
    inquiry,
    recusals,
    tracks,
    hearings,
    agreements,
    reception,
    instructions,
    opinion,
    persons,
    joining,
    service,
    review,
    execution,
    after,
    rating,
    supervision,
    major,
    key_cases,
    key_meetings,
    key_plans,
    key_closing,
    correction,
)

CHECKS: dict[str, Check] = {name: check for room in _ROOMS for name, check in room.CHECKS.items()}
FOLLOW: dict[str, Follow] = {name: follow for room in _ROOMS for name, follow in room.FOLLOW.items()}
NEEDS: dict[str, Need] = {name: need for room in _ROOMS for name, need in room.NEEDS.items()}
