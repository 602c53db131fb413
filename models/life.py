"""What has already happened to a matter that comes into the register with a past: from an import, or in practice data.

A `Life` holds what intake does not ask: further columns of the matter, the dated facts from which its clocks are
counted, answers already given and ratings. `begin` registers an item together with its life in one go, so that the
matter row is written once. No document of ours is invented for an earlier answer: its text and its day are
recorded, nothing is numbered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from models import intake
from models.records import ItemDraft, Registered

if TYPE_CHECKING:
    from models.act import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeStep:
    """A dated fact; `kind` is the vocabulary of models.clocks, `days` and `until` as there."""

    kind: str
    on: date
    days: int | None = None
    until: date | None = None
    note: str = ""
    staff: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeRating:
    """A rating by the petitioner; codes of the tables rating_target, rating_state and rating."""

    target: str
    state: str
    value: str = ""
    reason: str = ""
    rated_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """The past of a matter."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    """Columns of the matter, beyond those that follow from its first item."""
    steps: tuple[LifeStep, ...] = ()
    answer: str = ""
    """Text of the answer given."""
    decisions: tuple[tuple[str, str], ...] = ()
    """For each claim in order: code of the table conclusion, and the facts found and basis."""
    ratings: tuple[LifeRating, ...] = ()
    rows: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """Further rows of the handling: table and columns without the matter, e.g. its hand-over inside."""

    @property
    def empty(self) -> bool:
        """Whether nothing is known beyond the receipt."""
        return not (self.columns or self.steps or self.answer or self.decisions or self.ratings or self.rows)


def begin(act: Act, draft: ItemDraft, life: Life, *, today: date | None = None) -> Registered:
    """Register an item with its life so far.

    Args:
        act: The open act; it may hold many such items.
        draft: The item. When it joins an earlier matter, the columns of `life` are left to that matter.
        life: What happened since.
        today: Last day that is possible; the act's own day by default.

    Raises:
        InputError: The draft could not stand as a record; nothing was written.
    """
    claims = draft.claims if life.decisions and draft.repeat_of_matter is None else ()
    if claims:
        # Written below with their decisions, so that each claim is one row written once.
        draft = replace(draft, claims=())
    registered = intake.register_item(act, draft, today=today, columns=life.columns)
    for place, request in enumerate(claims, start=1):
        decision, grounds = life.decisions[place - 1] if place <= len(life.decisions) else ("", "")
        act.insert(
            "claim",
            {
                "matter": registered.matter,
                "place": place,
                "request": request,
                "decision": decision,
                "grounds": grounds,
            },
        )
    write(act, registered.matter, life, item=registered.item if draft.repeat_of_matter is not None else None)
    return registered


def write(act: Act, matter: int, life: Life, *, item: int | None = None) -> None:
    """Write steps, answer, rows and ratings of a life; its columns and decisions are the caller's.

    Args:
        act: The open act.
        matter: The matter.
        life: What happened.
        item: The repeat item that a notice answers; a matter's own steps belong to no item.
    """
    if life.answer:
        act.insert("passage", {"matter": matter, "kind": "answer", "body": life.answer})
    for step in life.steps:
        act.insert(
            "event",
            {
                "matter": matter,
                "item": item if step.kind == "noticed" else None,
                "kind": step.kind,
                "on_date": step.on,
                "days": step.days,
                "until": step.until,
                "staff": step.staff,
                "note": step.note,
            },
        )
    for table, columns in life.rows:
        act.insert(table, {"matter": matter, **columns})
    for rating in life.ratings:
        act.insert(
            "rating",
            {
                "matter": matter,
                "target": rating.target,
                "state": rating.state,
                "value": rating.value,
                "reason": rating.reason,
                "rated_on": rating.rated_on,
            },
        )


def answered(body: str, on: date, note: str) -> Life:
    """Return the life of a matter that was answered in writing on a day and ended by that answer.

    The answer is also the written notice that ends the notice clock (SC-431 Art. 22, REG-2022 Art. 23), if none
    came before.
    """
    steps = tuple(LifeStep(kind=kind, on=on, note=note) for kind in ("noticed", "opinion_issued", "sent", "closed"))
    return Life(
        columns={"state": "S13", "opinion_on": on, "closed_on": on, "closing": "opinion"}, steps=steps, answer=body
    )
