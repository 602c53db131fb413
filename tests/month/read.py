"""Reads the written month: matters, steps, hand-counted last days, refusals; refuses a file that contradicts itself.

The files beside this room are written for the head of a petition unit; `README.md` there says how to read them. A
counting of days is one line, `C1 2026-03-06 五 +15C = 2026-03-21 六 -> 2026-03-23 一`, of which this room checks only
what is arithmetic: the weekdays named, and calendar days added. The rest days in it are the writer's, so that the
program's calendar is held against a person's counting.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
WEEKDAYS = "一二三四五六日"

_DAY = r"(\d{4}-\d\d-\d\d) ([一二三四五六日])"
_WHY = r"(?:（[^）]+）)?"
_COUNT = re.compile(
    rf"(?P<clock>[A-Z][\w-]*) {_DAY} (?:\+(?P<length>\d+)(?P<unit>[CW])|set) = {_DAY}{_WHY} -> {_DAY}{_WHY}"
)
_OPEN = re.compile(rf"(?P<clock>[A-Z][\w-]*) {_DAY} (?P<why>no calendar (?P<year>\d{{4}})|no limit)")


@dataclass(frozen=True, slots=True)
class Count:
    """One clock as counted by hand.

    Attributes:
        clock: Its id.
        start_on: Day of the starting event, which is not counted.
        raw_on: Target day before rest days; None where the writer says that nobody can tell.
        last_on: Last lawful day.
        missing_year: Year without a calendar, when that is why.
    """

    clock: str
    start_on: date
    raw_on: date | None
    last_on: date | None
    missing_year: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody does, or tries to do.

    Attributes:
        day: Day on which it is done.
        time: Local time, HH:MM.
        who: Login of who does it.
        act: The act of the table; "look" to look at the page, "add" for a further item, "letter" for one of no act,
            "verb" for what concerns no matter (inputs: `words`, as on the command line).
        inputs: Inputs of the act.
        letter: What is typed for its letters.
        papers: Incoming papers handed in with it.
        to: State afterwards; empty where it stays.
        sends: Kinds of letters that go out.
        cards: Clock cards afterwards, as counted by hand.
        refused: Words that the refusal must have; empty when the step is lawful.
        tells: What the case shows, in words for the reader.
    """

    day: date
    who: str
    act: str
    time: str = "11:00"
    inputs: dict[str, Any] = field(default_factory=dict)
    letter: dict[str, str] = field(default_factory=dict)
    papers: tuple[dict[str, Any], ...] = ()
    to: str = ""
    sends: tuple[str, ...] = ()
    cards: tuple[Count, ...] = ()
    refused: tuple[str, ...] = ()
    tells: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter of the month.

    Attributes:
        no: Its number in the written month (not that of the register).
        title: What it is about.
        about: What the case shows, in English.
        register: The bureau, i.e. the register.
        rules: Rule set that must be stored on it.
        category: Class at the end.
        item: What comes in.
        first: Clock cards on the day of registration.
        steps: What is done, in order.
        path: States it goes through, in order; the last is its ending.
        ends: Columns of the matter at the end.
        clocks: How clocks stand at the end: clock to "status" or "status day"; the last run of each.
        window: It is also taken through the window.
    """

    no: int
    title: str
    about: str
    register: str
    rules: str
    category: str
    item: dict[str, Any]
    first: tuple[Count, ...]
    steps: tuple[Step, ...]
    path: tuple[str, ...]
    ends: dict[str, Any]
    clocks: dict[str, str]
    window: bool = False

    @property
    def letters(self) -> list[str]:
        """Kinds of the letters that go out, in order."""
        return [kind for step in self.steps for kind in step.sends]


def matters(register: str = "") -> tuple[Matter, ...]:
    """Return the matters of the month by number; of one register when it is named.

    Raises:
        ValueError: A file contradicts itself; says where.
    """
    found: list[Matter] = []
    for path in sorted(HERE.glob("[0-9]*.toml")):
        with path.open("rb") as file:
            raw = tomllib.load(file)
        for entry in raw["matter"]:
            try:
                found.append(_matter(entry))
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{path.name}, matter {entry.get('no')}: {error}") from error
    numbers = [matter.no for matter in found]
    if len(set(numbers)) != len(numbers):
        raise ValueError(f"numbers stand twice: {sorted(no for no in numbers if numbers.count(no) > 1)}")
    return tuple(sorted((one for one in found if register in ("", one.register)), key=lambda one: one.no))


def bureaus() -> dict[str, dict[str, Any]]:
    """Return the bureaus of the month by name: county, units, people, settings."""
    with (HERE / "bureaus.toml").open("rb") as file:
        return tomllib.load(file)


def counts() -> list[dict[str, Any]]:
    """Return the figures of each month as counted by hand."""
    with (HERE / "counts.toml").open("rb") as file:
        return list(tomllib.load(file)["month"])


def count_of(text: str) -> Count:
    """Read one counting.

    Raises:
        ValueError: It is not of the form, a weekday is wrong, or calendar days do not add up.
    """
    nobody = _OPEN.fullmatch(text)
    if nobody is not None:
        start = _on(nobody[2], nobody[3], text)
        return Count(nobody["clock"], start, None, None, int(nobody["year"]) if nobody["year"] else None)
    found = _COUNT.fullmatch(text)
    if found is None:
        raise ValueError(f"not a counting of days: {text}")
    start, raw, last = (_on(found[at], found[at + 1], text) for at in (2, 6, 8))
    if found["unit"] == "C" and start + timedelta(days=int(found["length"])) != raw:
        raise ValueError(f"the calendar days do not add up: {text}")
    if last < raw:
        raise ValueError(f"rest days never shorten a time: {text}")
    return Count(found["clock"], start, raw, last)


def _on(day: str, weekday: str, text: str) -> date:
    found = date.fromisoformat(day)
    if WEEKDAYS[found.weekday()] != weekday:
        raise ValueError(f"{day} is a {WEEKDAYS[found.weekday()]}: {text}")
    return found


_KEYS = {
    "day", "time", "who", "act", "with", "letter", "paper", "to", "sends", "cards", "refused", "tells",
}  # fmt: skip


def _step(entry: dict[str, Any]) -> Step:
    unknown = set(entry) - _KEYS
    if unknown:
        raise ValueError(f"unknown keys of a step: {sorted(unknown)}")
    time = entry.get("time", "11:00")
    datetime.strptime(time, "%H:%M")  # noqa: DTZ007  a time of the day, without a day
    return Step(
        day=entry["day"],
        who=entry["who"],
        act=entry["act"],
        time=time,
        inputs=entry.get("with", {}),
        letter=entry.get("letter", {}),
        papers=tuple(entry.get("paper", ())),
        to=entry.get("to", ""),
        sends=tuple(entry.get("sends", ())),
        cards=tuple(count_of(text) for text in entry.get("cards", ())),
        refused=tuple(entry.get("refused", ())),
        tells=entry.get("tells", ""),
    )


def _matter(entry: dict[str, Any]) -> Matter:
    steps = tuple(_step(one) for one in entry.get("step", ()))
    comes_in = dict(entry["comes_in"])
    first = tuple(count_of(text) for text in comes_in.pop("cards", ()))
    days = [comes_in["day"], *(step.day for step in steps)]
    if days != sorted(days):
        raise ValueError("the days of the steps do not rise")
    path = ["S0" if comes_in.get("received_only") else "S1", *(step.to for step in steps if step.to)]
    written = tuple(entry["path"].split())
    if tuple(path) != written:
        raise ValueError(f"the steps lead through {' '.join(path)}, the path says {entry['path']}")
    return Matter(
        no=entry["no"],
        title=comes_in["title"],
        about=entry["about"],
        register=entry["register"],
        rules=entry["rules"],
        category=entry["class"],
        item=comes_in,
        first=first,
        steps=steps,
        path=written,
        ends=entry["ends"],
        clocks=entry.get("clocks", {}),
        window=entry.get("window", False),
    )
