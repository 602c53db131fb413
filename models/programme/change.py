"""When handler or level of a case may change: after rounds without result, when it came up again, when someone left.

Stuck after many rounds: another handler and another approach, or one level up to a higher leader (domain reference,
7.3). How many rounds that takes is the bureau's setting `programme.rounds_before_change`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from models.errors import Message
from models.programme.evidence import CaseRows

if TYPE_CHECKING:
    from models.register import Register

ROUNDS = 2
"""Rounds without result before handler or level changes, when the bureau set no other number."""

AFTER_ROUNDS = frozenset({"handler_changed", "stepped_up"})
"""Codes of the table plan_cause that take rounds without result."""

ARTICLE_ZH = "省厅方案：多轮化解未果的，更换承办人、调整思路，或者提级包案；产品规则"
ARTICLE_EN = "the plan: after rounds without result another handler and approach, or one level up; project rule"


def rounds_needed(register: Register) -> int:
    """Return how many rounds without result come before a change."""
    return max(1, int(register.setting("programme.rounds_before_change", ROUNDS)))


def why_not(register: Register, case: CaseRows, on: date) -> Message | None:
    """Return why handler or level may not change after rounds without result, or None when they may."""
    if case.in_force(on) is None:
        return Message(
            f"还没有批准的方案：可以直接拟定（{ARTICLE_ZH}）。",
            f"No plan was approved yet: draw one up ({ARTICLE_EN}).",
        )
    needed, had = rounds_needed(register), case.fruitless(on)
    if had >= needed:
        return None
    return Message(
        f"现行方案批准后，连续未果的化解只有 {had} 轮，满 {needed} 轮才更换承办人或者提级（{ARTICLE_ZH}）。",
        f"Since the plan was approved {had} rounds in a row came to nothing; handler or level change after {needed}"
        f" ({ARTICLE_EN}).",
    )
