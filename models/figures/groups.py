"""Parting figures by unit, channel, purpose, content, form, timeliness, and initial or repeat.

Every thing that a figure counts falls into exactly one part of a dimension, so that the parts add up to the whole; a
thing that bears no code falls into the part without one. Never by person (domain reference, section 12).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import get_args

from models import codes
from models.errors import Message
from models.figures.gather import Gathered
from models.figures.indicators import TABLE, figure_of, product_of
from models.figures.records import Dimension, Figure, Group, Thing

DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)

NAMES: Mapping[Dimension, Message] = {
    "unit": Message("责任单位", "responsible unit"),
    "channel": Message("信访形式", "channel"),
    "purpose": Message("信访目的", "purpose"),
    "content": Message("内容分类", "content"),
    "form": Message("单独、联名、集体", "alone, jointly, as a group"),
    "timeliness": Message("办理时效", "timeliness"),
    "initial": Message("初次、重复", "initial or repeat"),
}
TELLS_NOTHING: frozenset[Dimension] = frozenset({"unit", "timeliness"})
"""Dimensions that stand in a matter's outline: parts by any other tell its content."""

_FORM = {
    "group": Message("集体访", "group visit"),
    "joint": Message("联名信访", "joint petition"),
    "single": Message("单独信访", "alone"),
}
_TIMELINESS = {
    "late": Message("逾期未办", "late"),
    "met_late": Message("逾期办成", "done late"),
    "in_time": Message("在期限内", "in time"),
    "none": Message("无应办期限", "no duty"),
}
_INITIAL = {"initial": Message("初次", "initial"), "repeat": Message("重复", "repeat")}
_NONE = Message("未填", "not given")

Key = Callable[[Thing], str]


class Parting:
    """The keys of one gathering: which part of a dimension a thing falls into."""

    def __init__(self, gathered: Gathered) -> None:
        self._gathered = gathered
        self._items = {item.id: item for item in gathered.items}
        self._timeliness: dict[int, str] = {}

    def key(self, dimension: Dimension, thing: Thing) -> str:
        """Return the part of a dimension into which a thing falls; '' for what bears no code."""
        matter = self._gathered.matters.get(thing.matter)
        if matter is None:
            return ""
        item = self._items.get(thing.item)
        match dimension:
            case "unit":
                return str(self._gathered.unit_on(thing.matter, self._gathered.as_of) or "")
            case "channel":
                return item.channel if item else matter.channel
            case "purpose":
                return matter.purpose
            case "content":
                return matter.content
            case "form":
                if item:
                    group = item.channel == "visit" and item.people >= self._gathered.group_from
                else:
                    group = matter.group_visit
                return "group" if group else "joint" if matter.joint else "single"
            case "timeliness":
                if thing.matter not in self._timeliness:
                    self._timeliness[thing.matter] = self._gathered.timeliness(matter)
                return self._timeliness[thing.matter]
            case "initial":
                return "repeat" if (item.repeat if item else matter.repeat) else "initial"

    def words(self, dimension: Dimension) -> Mapping[str, Message]:
        """Return the words of a dimension's parts, in the order in which they are shown."""
        match dimension:
            case "unit":
                return {str(row): Message(name, name) for row, (name, _kind) in sorted(self._gathered.units.items())}
            case "channel" | "purpose" | "content":
                return {
                    code: Message(codes.word(dimension, code, "zh"), codes.word(dimension, code, "en"))
                    for code in codes.codes(dimension)
                }
            case "form":
                return _FORM
            case "timeliness":
                return _TIMELINESS
            case "initial":
                return _INITIAL


def groups(gathered: Gathered, figures: Mapping[str, Figure]) -> dict[Dimension, tuple[Group, ...]]:
    """Return the figures of a report parted by every dimension."""
    parting = Parting(gathered)
    return {dimension: _parted(parting, dimension, figures) for dimension in DIMENSIONS}


def _parted(parting: Parting, dimension: Dimension, figures: Mapping[str, Figure]) -> tuple[Group, ...]:
    keys: dict[Thing, str] = {}

    def split(things: Iterable[Thing]) -> dict[str, list[Thing]]:
        parts: dict[str, list[Thing]] = defaultdict(list)
        for thing in things:
            if thing not in keys:
                keys[thing] = parting.key(dimension, thing)
            parts[keys[thing]].append(thing)
        return parts

    split_figures = {
        code: (split(figures[code].things), split(figures[code].base))
        for code, meant in TABLE.items()
        if meant.count is not None and code in figures
    }
    words = parting.words(dimension)
    found = {key for things, base in split_figures.values() for key in (*things, *base)}
    order = {key: place for place, key in enumerate(words)}
    named = sorted(found, key=lambda key: (not key, order.get(key, len(order)), key))
    return tuple(
        Group(key=key, words=words.get(key, Message(key, key)) if key else _NONE, figures=_figures(split_figures, key))
        for key in named
    )


def _figures(parts: Mapping[str, tuple[dict[str, list[Thing]], dict[str, list[Thing]]]], key: str) -> dict[str, Figure]:
    made: dict[str, Figure] = {}
    for code, meant in TABLE.items():
        if meant.kind == "product":
            made[code] = product_of(meant, made)
        elif code in parts:
            things, base = parts[code]
            made[code] = figure_of(meant, things.get(key, []), None if meant.kind == "count" else base.get(key, []))
    return made
