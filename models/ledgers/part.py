"""What all ledgers are made with: the period asked for, rows read in portions, and the paper around the table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson

from models import errors
from models.sheets.content import Column, Grid, Sheet, Sign, Value
from models.sheets.words import day

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

AT_A_TIME = 400
"""Rows of one portion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks for which days; both days are included. `on`: the day of looking, from which lateness is told."""

    register: Register
    by: Staff
    on: date
    frm: date
    to: date

    @property
    def zh(self) -> bool:
        """The ledger is in Chinese."""
        return errors.spoken() == "zh"

    def say(self, zh: str, en: str) -> str:
        """Return the sentence in the language spoken."""
        return zh if self.zh else en

    @property
    def days(self) -> tuple[str, str]:
        """First and last day as the register keeps them."""
        return self.frm.isoformat(), self.to.isoformat()


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that are read anew, portion by portion, whenever they are walked."""

    portions: Callable[[], Iterator[Sequence[Sequence[Value]]]]

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for portion in self.portions():
            yield from portion


def keyed(
    read: Callable[[Any], list[tuple[Any, ...]]], made: Callable[[list[tuple[Any, ...]]], Sequence[Sequence[Value]]]
) -> Rows:
    """Return rows read by keyset: `read(after)` gives rows whose first two columns are the key of their order."""

    def portions() -> Iterator[Sequence[Sequence[Value]]]:
        after: Any = None
        while found := read(after):
            yield made(found)
            if len(found) < AT_A_TIME:
                return
            after = tuple(found[-1][:2])

    return Rows(portions)


def columns(heads: Sequence[tuple[str, str, dict[str, Any]]], *, zh: bool) -> tuple[Column, ...]:
    """Return columns from (Chinese head, English head, further attributes); `group` is a pair of both languages."""
    found = []
    for head_zh, head_en, more in heads:
        group = more.get("group", ("", ""))
        rest = {name: value for name, value in more.items() if name != "group"}
        found.append(Column(head=head_zh if zh else head_en, group=group[0 if zh else 1], **rest))
    return tuple(found)


def paper(
    asked: Asked,
    kind: str,
    title: tuple[str, str],
    grid: Grid,
    *,
    notes: Sequence[str] = (),
    subtitle: str = "",
) -> Sheet:
    """Return the ledger as a paper: A4 across, to be bound at the left, signed by the head of the petition unit."""
    language = errors.spoken()
    frm, to = day(asked.frm, language), day(asked.to, language)
    return Sheet(
        kind=kind,
        title=asked.say(*title),
        organ=str(asked.register.setting("organ.name", "")),
        subtitle=subtitle or asked.say(f"{frm}至{to}", f"{frm} to {to}"),
        blocks=[grid],
        dated_on=asked.on,
        landscape=True,
        sign=[
            Sign(label=asked.say("填表人", "Drawn up by"), name=asked.by.name),
            Sign(label=asked.say("信访部门负责人", "Head of the petition unit")),
        ],
        notes=[note for note in notes if note],
        language=language,
    )


def outlines_note(asked: Asked, count: int) -> str:
    """Return how many lines are outlines; '' for none."""
    if not count:
        return ""
    return asked.say(
        f"其中 {count} 行限定知悉范围，只列编号、日期、期限和状态。",
        f"Lines for named readers, of which only number, days, limits and state are told: {count}.",
    )


def among(values: Collection[int]) -> str:
    """Return ids as the JSON list that `IN (SELECT value FROM json_each(?))` takes."""
    return orjson.dumps(sorted(values)).decode()


def to_day(text: str | None) -> date | None:
    """Return a day of the register; None for none."""
    return date.fromisoformat(text) if text else None
