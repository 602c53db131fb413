"""Statutory routes next door to the petition, for guidance notices (`resources/rules/routes.toml`).

Their days start from the other procedure, not from the petition: they are told with their article, never counted here
(domain reference, section 4.5).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from models.clocks.rule_files import Table, fault, rule_texts
from models.errors import Message

ROUTES_FORMAT = "petition-desk/routes/1"
ROUTES_FILE = "routes.toml"

RouteUnit = Literal["H", "C", "M", "Y"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A length of a statutory route. `unit`: H hours, C days, M months, Y years; `extension` in the same unit."""

    length: int
    unit: RouteUnit
    extension: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A statutory route next door, told on notices; its days are never counted from the petition."""

    id: str
    name: Message
    text: Message
    article: Message
    ask: Span | None
    decide: Span | None


@cache
def routes() -> tuple[Route, ...]:
    """Return the statutory routes next door, for guidance notices. Raises BugError."""
    table = Table(tomllib.loads(rule_texts()[ROUTES_FILE]), ROUTES_FILE)
    if table.take("format", str) != ROUTES_FORMAT:
        raise fault(ROUTES_FILE, f"is not of the format {ROUTES_FORMAT}")
    found = tuple(_route(raw) for raw in table.tables("route"))
    table.done()
    return found


def _route(raw: Any) -> Route:
    table = Table(raw, f"{ROUTES_FILE}[{raw.get('id') if isinstance(raw, dict) else raw}]")
    route = Route(
        id=table.take("id", str),
        name=table.message("name"),
        text=table.message("text"),
        article=table.message("article"),
        ask=_span(table, "ask"),
        decide=_span(table, "decide"),
    )
    table.done()
    return route


def _span(parent: Table, key: str) -> Span | None:
    raw = parent.take(key, dict, None)
    if raw is None:
        return None
    table = Table(raw, f"{parent.where}.{key}")
    length = table.days("length")
    if length is None:
        raise fault(table.where, "lacks length")
    span = Span(length=length, unit=table.one_of("unit", RouteUnit), extension=table.days("extension") or 0)
    table.done()
    return span
