"""Texts: titles, statements, requests and answers of practice matters, put together from templates.

Templates stand in resources/practice: slots in braces, alternatives in brackets. They are compiled once into short
programs. Lengths are log-normal, as statements are; words are drawn so that a few are frequent and most are rare.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from models.practice import folk
from models.practice.dice import Dice, weighted

MEDIAN_CHARS = 380
SPREAD = 0.55
SHORTEST, LONGEST = 200, 2000

_PARTS = re.compile(r"\{(\w+)\}|\[([^\]]*)\]")


@dataclass(slots=True)
class Scene:
    """What stays the same within one matter: who writes, whom and where it is about."""

    dice: Dice
    on: date
    me: str
    phone: str
    station: str
    officer: str
    accused: str
    person: str


Part = str | Callable[[Scene], str] | tuple["Template", ...]
Template = tuple[Part, ...]


def _money(scene: Scene) -> str:
    draw = scene.dice.draw()
    value = int(10 ** (2.6 + 2.8 * draw))
    return str(value - value % 10)


def _day(scene: Scene) -> str:
    day = scene.on - timedelta(days=int(1 + 240 * scene.dice.draw() ** 2))
    return f"{day.year}年{day.month}月{day.day}日" if scene.dice.draw() < 0.6 else f"{day.month}月{day.day}日"


def _person(scene: Scene) -> str:
    return scene.person if scene.dice.draw() < 0.7 else folk.name(scene.dice)


_SLOTS: dict[str, Callable[[Scene], str]] = {
    "me": lambda s: s.me,
    "phone": lambda s: s.phone,
    "station": lambda s: s.station,
    "officer": lambda s: s.officer,
    "accused": lambda s: s.accused,
    "person": _person,
    "surname": lambda s: s.person[0],
    "town": lambda s: s.dice.often_first(folk.words_of("places", "towns")),
    "village": lambda s: folk.village(s.dice),
    "road": lambda s: folk.road(s.dice),
    "estate": lambda s: folk.estate(s.dice),
    "shop": lambda s: folk.place(s.dice) + s.dice.pick(folk.words_of("places", "shops")),
    "amount": _money,
    "small": lambda s: str(s.dice.number(1, 20) * 50),
    "date": _day,
    "n": lambda s: str(s.dice.number(2, 18)),
    "few": lambda s: str(s.dice.number(3, 15)),
    "age": lambda s: str(s.dice.number(22, 79)),
    "hour": lambda s: str(s.dice.number(1, 11)),
    "minutes": lambda s: str(s.dice.number(5, 90)),
    "year": lambda s: str(s.on.year - s.dice.number(9, 25)),
    "year2": lambda s: str(s.on.year - s.dice.number(1, 8)),
}


def _compiled(text: str) -> Template:
    parts: list[Part] = []
    at = 0
    for found in _PARTS.finditer(text):
        if found.start() > at:
            parts.append(text[at : found.start()])
        if found[1]:
            parts.append(_SLOTS[found[1]])
        else:
            parts.append(tuple(_compiled(one) for one in found[2].split("|")))
        at = found.end()
    if at < len(text):
        parts.append(text[at:])
    return tuple(parts)


def _say(template: Template, scene: Scene, out: list[str]) -> None:
    for part in template:
        if isinstance(part, str):
            out.append(part)
        elif isinstance(part, tuple):
            _say(scene.dice.pick(part), scene, out)
        else:
            out.append(part(scene))


def say(template: Template, scene: Scene) -> str:
    """Return a template in words."""
    out: list[str] = []
    _say(template, scene, out)
    return "".join(out)


@dataclass(frozen=True, slots=True)
class MatterKind:
    """A kind of matter; codes as in resources/codes.toml."""

    name: str
    purpose: str
    problem_type: str
    police: str
    content: str
    exits: tuple[int, ...]
    """Exits of REG-2022 Art. 31, each as often as it is likely; empty when the matter is no claim."""
    titles: tuple[Template, ...]
    facts: tuple[Template, ...]
    claims: tuple[Template, ...]


def _templates(texts: Sequence[str]) -> tuple[Template, ...]:
    return tuple(_compiled(text) for text in texts)


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(files("resources").joinpath(f"practice/{name}").read_text(encoding="utf-8"))


@cache
def kinds() -> tuple[MatterKind, ...]:
    """Return the kinds of matters, each as often as it is likely, for `Dice.pick`."""
    return weighted(
        [
            (
                raw["weight"],
                MatterKind(
                    raw["name"],
                    raw["purpose"],
                    raw["problem_type"],
                    raw["police"],
                    raw["content"],
                    weighted([(share, number) for number, share in enumerate(raw["exits"], start=1)]),
                    _templates(raw["titles"]),
                    _templates(raw["facts"]),
                    _templates(raw["claims"]),
                ),
            )
            for raw in _load("kinds.toml")["kind"]
        ]
    )


@cache
def _common() -> dict[str, tuple[Template, ...]]:
    return {
        name: _templates([value] if isinstance(value, str) else value) for name, value in _load("common.toml").items()
    }


def title(kind: MatterKind, scene: Scene) -> str:
    """Return a title."""
    return say(scene.dice.pick(kind.titles), scene)


def statement(kind: MatterKind, scene: Scene) -> str:
    """Return a statement: an opening, facts of the kind among common sentences, a closing."""
    dice, common = scene.dice, _common()
    wanted = dice.length(MEDIAN_CHARS, SPREAD, SHORTEST, LONGEST)
    out: list[str] = []
    _say(dice.pick(common["opening"]), scene, out)
    facts, story = kind.facts, common["story"]
    fact_at, story_at = int(dice.draw() * len(facts)), int(dice.draw() * len(story))
    chars = sum(map(len, out))
    turn = 0
    while chars < wanted - 30:
        before = len(out)
        if turn % 5 in (0, 2) and turn < 3 * len(facts):
            fact_at = (fact_at + 1) % len(facts)
            _say(facts[fact_at], scene, out)
        else:
            # A step without a common factor passes every sentence before one comes again.
            story_at = (story_at + 7) % len(story)
            _say(story[story_at], scene, out)
        if turn % 6 == 5:
            out.append("\n")
        chars += sum(map(len, out[before:]))
        turn += 1
    _say(dice.pick(common["closing"]), scene, out)
    return "".join(out)


def claims(kind: MatterKind, scene: Scene) -> tuple[str, ...]:
    """Return one to three requests of the kind, none twice."""
    if not kind.claims:
        return ()
    count = min(len(kind.claims), 1 + int(scene.dice.draw() ** 2 * 3))
    start = int(scene.dice.draw() * len(kind.claims))
    return tuple(say(kind.claims[(start + place) % len(kind.claims)], scene) for place in range(count))


def answer(scene: Scene) -> str:
    """Return an answer: facts found, the decision, and the remedy (SC-431 Art. 34, REG-2022 Art. 35)."""
    dice, common = scene.dice, _common()
    out: list[str] = []
    _say(dice.pick(common["answer_opening"]), scene, out)
    out.append("\n")
    facts = common["answer_facts"]
    start = int(dice.draw() * len(facts))
    for place in range(dice.number(2, len(facts))):
        _say(facts[(start + place) % len(facts)], scene, out)
    out.append("\n")
    _say(common["answer_decision"][0], scene, out)
    _say(common["answer_remedy"][0], scene, out)
    return "".join(out)
