"""What is known of a period before anything is counted: items, dated facts, duties that came to their day, matters."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from models import clocks


class Item(NamedTuple):
    """A received item, not cancelled."""

    id: int
    matter: int
    channel: str
    on: date
    people: int
    repeat: bool


class Fact(NamedTuple):
    """A dated fact of the period, not withdrawn."""

    id: int
    matter: int
    item: int
    kind: str
    on: date
    document: int | None


class Duty(NamedTuple):
    """A run of a clock whose last lawful day lies in the period."""

    matter: int
    item: int
    clock: str
    last_on: date
    in_time: bool
    started_on: date


class Task(NamedTuple):
    """Something to be carried out whose day lies in the period."""

    matter: int
    row: int
    unit: int
    due_on: date
    in_time: bool


@dataclass(slots=True)
class MatterFacts:
    """A matter as figures see it."""

    id: int
    received_on: date
    rules: str
    purpose: str
    content: str
    unit: int
    joined: bool
    published: bool
    joint: bool
    group_visit: bool
    sealed: bool
    state: str
    standing: bool = False
    """At least one of its items is in force and it was not joined to an earlier matter."""
    channel: str = ""
    repeat: bool = False
    """Its first item is a repeat item."""
    history: list[clocks.Event] = field(default_factory=list)
    """Its dated facts up to the last day that counts, by day."""
    clocks: list[clocks.ClockState] = field(default_factory=list)
