"""Who of the city looked at what, for the keeper: names of people of the city, numbers of matters, never content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from sync.hub import storage
from sync.hub.hub import Hub

PAGE = 100
Place = tuple[int, str, int]
"""Where a page ended: instant, county and running number of its last line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look; `what` is the code under which it was noted, `number` that of the matter, '' for none."""

    at: datetime
    login: str
    name: str
    county: str
    what: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some looks, the newest first; `after` goes on, None at the end."""

    lines: tuple[Look, ...]
    after: Place | None


def page(hub: Hub, login: str = "", *, after: Place | None = None, limit: int = PAGE) -> Page:
    """Return looks of everybody, or of one login."""
    t, u, m = storage.look, storage.user, storage.ROWS["matter"]
    where = [t.c.login == login] if login else []
    if after is not None:
        at, county, n = after
        before = (t.c.county > county) | ((t.c.county == county) & (t.c.n < n))
        where.append((t.c.at_ms < at) | ((t.c.at_ms == at) & before))
    joined = t.outerjoin(u, sa.and_(u.c.county == "", u.c.login == t.c.login)).outerjoin(
        m, sa.and_(m.c.county == t.c.county, m.c.id == t.c.matter)
    )
    query = (
        sa.select(t.c.at_ms, t.c.county, t.c.n, t.c.login, u.c.name, t.c.what, m.c.number)
        .select_from(joined)
        .where(*where)
        .order_by(t.c.at_ms.desc(), t.c.county, t.c.n.desc())
        .limit(limit + 1)
    )
    with hub.reading() as connection:
        rows = connection.execute(query).all()
    lines = tuple(
        Look(at=datetime.fromtimestamp(at / 1000, UTC), login=who, name=name or "", county=county, what=what,
             number=number or "")
        for at, county, _n, who, name, what, number in rows[:limit]
    )  # fmt: skip
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(lines=lines, after=(last[0], last[1], last[2]) if last else None)
