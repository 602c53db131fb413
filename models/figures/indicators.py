"""What each figure is: code, words, unit, formula, version, and how it is counted from what was gathered.

Words, units and formulas are data (`resources/figures.toml`): paper and screen print them beside the figure, and
`docs/format/figures.md` is written from them. Here each code gets the function that counts it
(`models.figures.counting`). A formula that changes gets a new version; a submitted report keeps the version by which
it was counted.

An indicator returns what it counts (`Thing`), and for a rate or a mean its base: so every figure opens its list, parts
add up to the whole, and the numerator of a rate never exceeds its base.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from models.errors import Message
from models.figures import counting
from models.figures.gather import Gathered
from models.figures.records import Figure, Thing

Kind = Literal["count", "rate", "mean", "product"]
Counted = tuple[list[Thing], list[Thing] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One figure's meaning.

    Attributes:
        code: Its code in reports, at the hub and on the command line.
        name: Its words.
        unit: 件次 for items, 件 for matters and acts, 批 and 人次 for visits, 天 for days, % for a share.
        of_one: The unit of a single one: English has a word of its own for it.
        formula: How it is counted.
        source: Where it stands.
        rows: The tables and columns that it reads; of the table event the kinds.
        kind: A count; a rate or a mean over a base; or a product of two rates over one base.
        count: Counts it; None for a product, and for a figure of a programme (`models.figures.cases`).
        parts: For a product: the two rates.
        tells_content: The list behind it tells more of a matter than its outline: sealed ones are not listed.
        version: Raised whenever the formula changes.
    """

    code: str
    name: Message
    unit: Message
    of_one: Message
    formula: Message
    source: Message
    rows: str
    kind: Kind = "count"
    count: Callable[[Gathered], Counted] | None = None
    parts: tuple[str, str] = ("", "")
    tells_content: bool = False
    version: int = 1


_COUNTS: dict[str, Callable[[Gathered], Counted]] = {
    "received": counting.received,
    "letters": counting.channel("letter"),
    "visits_batches": counting.channel("visit"),
    "visits_people": counting.visit_people,
    "group_batches": counting.group_visits,
    "group_people": counting.group_people,
    "calls": counting.channel("call"),
    "web": counting.channel("web"),
    "fax": counting.channel("fax"),
    "matters_new": counting.new_matters,
    "repeat_items": counting.repeats,
    "repeat_rate": counting.repeat_rate,
    "accepted": counting.fact("accepted"),
    "answered": counting.fact("opinion_issued", "replied"),
    "directed": counting.directed,
    "transferred": counting.fact("transferred"),
    "assigned_out": counting.fact("assigned_out"),
    "passed_on": counting.fact("passed_on"),
    "refused": counting.refused,
    "extended": counting.fact("extended"),
    "closed": counting.fact("closed"),
    "open_at_end": counting.open_at_end,
    "late": counting.late,
    "late_met": counting.late_met,
    "notices_due": counting.notices_due,
    "notices_on_time": counting.notices_on_time,
    "notice_rate": counting.notice_rate,
    "answers_due": counting.answers_due,
    "answers_on_time": counting.answers_on_time,
    "answer_rate": counting.answer_rate,
    "mean_accept_days": counting.accept_days,
    "mean_answer_days": counting.answer_days,
    "contact_rate": counting.contact_rate,
    "published_rate": counting.published_rate,
    "rated_share": counting.rated_share,
    "satisfied_share": counting.satisfied_share,
    "reviews": counting.fact("review_requested", "rereview_requested"),
    "review_kept": counting.review_kept,
    "served_on_time": counting.served_on_time,
    "executed_on_time": counting.executed_on_time,
    "supervision": counting.supervisions,
    "advice_made": counting.advice_made,
    "advice_adopted": counting.advice_adopted,
    "major": counting.fact("major_known"),
    "reception_days": counting.reception_days,
    "reception_batches": counting.reception_visits,
    "reception_people": counting.reception_people,
    "instructions": counting.instructions,
    "instructions_proved": counting.instructions_proved,
}
_MEANS = frozenset({"mean_accept_days", "mean_answer_days"})
_PRODUCTS = {"satisfied_rate": ("rated_share", "satisfied_share")}
_TELL_CONTENT = frozenset(
    {"letters", "visits_batches", "visits_people", "group_batches", "group_people", "calls", "web", "fax"}
    | {"repeat_items", "repeat_rate", "passed_on", "contact_rate", "rated_share", "satisfied_share", "satisfied_rate"}
    | {"executed_on_time", "advice_made", "advice_adopted"}
)
"""Channel, number of people, class, and what was decided or rated stand in no outline."""


def _read(part: str) -> dict[str, Indicator]:
    data = _words()
    return {code: _indicator(code, entry, data) for code, entry in data[part].items()}


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads(files("resources").joinpath("figures.toml").read_text("utf-8"))


def _indicator(code: str, entry: Mapping[str, Any], data: Mapping[str, Any]) -> Indicator:
    unit = data["unit"][entry["unit"]]
    kind: Kind = "count"
    if entry["unit"] == "percent":
        kind = "product" if code in _PRODUCTS else "rate"
    elif code in _MEANS:
        kind = "mean"
    return Indicator(
        code=code,
        name=Message(entry["zh"], entry["en"]),
        unit=Message(unit["zh"], unit["en"]),
        of_one=Message(unit["zh"], unit["one"]),
        formula=Message(entry["formula_zh"], entry["formula_en"]),
        source=Message(data["source"][entry["source"]]["zh"], data["source"][entry["source"]]["en"]),
        rows=entry["rows"],
        kind=kind,
        count=_COUNTS.get(code),
        parts=_PRODUCTS.get(code, ("", "")),
        tells_content=code in _TELL_CONTENT,
        version=entry.get("version", 1),
    )


TABLE: Mapping[str, Indicator] = _read("figure")
"""The indicators of a period by code, in the order of the report."""

CASE_TABLE: Mapping[str, Indicator] = _read("case")
"""The indicators of a key-case programme by code (`models.figures.cases`)."""


def indicator(code: str) -> Indicator:
    """Return the indicator of a code, of either table; raises KeyError."""
    return TABLE[code] if code in TABLE else CASE_TABLE[code]


def figure_of(meant: Indicator, things: list[Thing], base: list[Thing] | None) -> Figure:
    """Return the figure of what was counted, in an order that no engine's order of rows changes."""
    return Figure(
        code=meant.code,
        version=meant.version,
        numerator=sum(thing.weight for thing in things),
        denominator=None if base is None else sum(thing.weight for thing in base),
        things=tuple(sorted(things)),
        base=tuple(sorted(base or ())),
    )


def product_of(meant: Indicator, figures: Mapping[str, Figure]) -> Figure:
    """Return the product of two rates over one base: numerators multiplied, over the square of the base."""
    first, second = (figures[code] for code in meant.parts)
    return Figure(
        code=meant.code,
        version=meant.version,
        numerator=first.numerator * second.numerator,
        denominator=(first.denominator or 0) * (second.denominator or 0),
        things=first.things,
        base=first.base,
    )
