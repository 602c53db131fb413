"""What became of the city's papers, and what waits for the city: lists for the pages and the command line of the hub.

A paper's state follows from its row, which the county's acts change:

    sent        on its way, or in the county's inbox
    taken       the county took it in
    refused     the county sent it back: the city agrees (withdraws it) or insists
    answered    the county reported what was done
    withdrawn   the city took it back

A paper with a time limit that has passed without an answer is *late*, whatever else it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
import sqlalchemy as sa

from models import errors
from sync.hub import storage
from sync.hub.hub import Hub

STATES = ("sent", "taken", "refused", "answered", "withdrawn")
LATE = "late"
PAGE = 50

Place = tuple[str, str, int]
"""Where a page ended: day, county and paper of its last line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """A paper that was sent, and what became of it.

    Attributes:
        matter_number: Number of the matter that it concerns or that was registered from it; '' for none.
        state: One of `STATES`.
        late: Its time limit has passed without an answer.
        insisted: Why the city did not agree that it came back.
        sealed: The matter is sealed: what the county answered, and why it sent the paper back, is not told here.
    """

    county: str
    county_name: str
    id: int
    kind: str
    number: str
    title: str
    on: date
    signed_by: str
    limit_on: date | None
    matter: int | None
    matter_number: str
    key_case: int | None
    outcome: str
    state: str
    late: bool
    taken_on: date | None
    refused: str
    insisted: str
    withdrawn: str
    answered_on: date | None
    answer: str
    sealed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPage:
    """Some papers, the newest first; `after` goes on, None at the end; `total` is exact."""

    lines: tuple[PaperLine, ...]
    after: Place | None
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper whole: its line, its text, and the facts or file that it encloses."""

    line: PaperLine
    body: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A closing report of a county that waits for the city's review.

    Attributes:
        title: Title of the matter; '' where it is sealed.
        programme: Name of the programme.
        sent: The review that is on its way already, None when there is none.
    """

    county: str
    county_name: str
    key_case: int
    matter: int
    number: str
    title: str
    programme: str
    reported_on: date
    sent: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A key case; `waiting`: a closing report of it waits for a review, and none is on its way."""

    key_case: int
    matter: int
    number: str
    waiting: bool


def listed(
    hub: Hub,
    county: str = "",
    state: str = "",
    *,
    kind: str = "",
    on: date | None = None,
    after: Place | None = None,
    limit: int = PAGE,
) -> PaperPage:
    """Return papers of one county or of all, the newest first.

    Args:
        hub: The open hub.
        county: Its code; '' for all.
        state: One of `STATES`, or `late`; '' for all.
        kind: One kind of paper; '' for all.
        on: The day by which a paper is late; the hub's today when absent.
        after: `PaperPage.after` of the page before.
        limit: Lines at most.

    Raises:
        InputError: There is no such state.
    """
    if state and state not in (*STATES, LATE):
        raise errors.InputError(
            "state",
            f"没有“{state}”这种状态，可用：{'、'.join((*STATES, LATE))}。",
            f"There is no state “{state}”; there are: {', '.join((*STATES, LATE))}.",
        )
    t = storage.ROWS["city_paper"]
    day = on or hub.now().astimezone().date()
    wanted = [t.c.born.is_not(None), *([t.c.county == county] if county else []), *([t.c.kind == kind] if kind else [])]
    if state:
        wanted.append(_late(t, day) if state == LATE else _state(t) == state)
    page = list(wanted)
    if after is not None:
        on_text, code, paper = after
        before = (t.c.county > code) | ((t.c.county == code) & (t.c.id < paper))
        page.append((t.c.on_date < on_text) | ((t.c.on_date == on_text) & before))
    with hub.reading() as connection:
        total = connection.execute(sa.select(sa.func.count()).select_from(t).where(*wanted)).scalar_one()
        query = _select(day).where(*page).order_by(t.c.on_date.desc(), t.c.county, t.c.id.desc()).limit(limit)
        lines = tuple(_line(row) for row in connection.execute(query).mappings())
    last = lines[-1] if len(lines) == limit else None
    return PaperPage(lines=lines, after=(last.on.isoformat(), last.county, last.id) if last else None, total=total)


def paper(hub: Hub, county: str, paper: int, *, on: date | None = None) -> Paper:
    """Return one paper whole.

    Raises:
        InputError: The county has no such paper.
    """
    t = storage.ROWS["city_paper"]
    day = on or hub.now().astimezone().date()
    query = _select(day).where(t.c.county == county, t.c.id == paper, t.c.born.is_not(None))
    with hub.reading() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        raise errors.InputError("paper", f"{county} 没有这份来文：{paper}。", f"{county} has no such paper: {paper}.")
    content = orjson.loads(row["content"]) if row["content"] else {}
    return Paper(line=_line(row), body=row["body"] or "", content=content)


def _state(t: sa.Table) -> sa.ColumnElement[str]:
    return sa.case(
        (t.c.withdrawn.is_not(None), "withdrawn"),
        (t.c.refused.is_not(None), "refused"),
        (t.c.answered_on.is_not(None), "answered"),
        (t.c.taken_on.is_not(None), "taken"),
        else_="sent",
    )


def _late(t: sa.Table, on: date) -> sa.ColumnElement[bool]:
    return sa.and_(
        t.c.limit_on.is_not(None), t.c.limit_on < on.isoformat(), t.c.answered_on.is_(None), t.c.withdrawn.is_(None)
    )


def _select(on: date) -> sa.Select[Any]:
    t, c, m = storage.ROWS["city_paper"], storage.county, storage.ROWS["matter"]
    about = sa.func.coalesce(t.c.result, t.c.matter)
    joined = t.join(c, c.c.county == t.c.county).outerjoin(m, sa.and_(m.c.county == t.c.county, m.c.id == about))
    return sa.select(
        t,
        c.c.name.label("county_name"),
        about.label("about"),
        m.c.number.label("matter_number"),
        m.c.sealed.label("sealed"),
        _state(t).label("state"),
        sa.case((_late(t, on), 1), else_=0).label("late"),
    ).select_from(joined)


def _line(row: Mapping[Any, Any]) -> PaperLine:
    return PaperLine(
        county=row["county"],
        county_name=row["county_name"],
        id=row["id"],
        kind=row["kind"],
        number=row["number"] or "",
        title=row["title"],
        on=date.fromisoformat(row["on_date"]),
        signed_by=row["signed_by"] or "",
        limit_on=_day(row["limit_on"]),
        matter=row["about"],
        matter_number=row["matter_number"] or "",
        key_case=row["key_case"],
        outcome=row["outcome"] or "",
        state=row["state"],
        late=bool(row["late"]),
        taken_on=_day(row["taken_on"]),
        refused="" if row["sealed"] else row["refused"] or "",
        insisted=row["insisted"] or "",
        withdrawn=row["withdrawn"] or "",
        answered_on=_day(row["answered_on"]),
        answer="" if row["sealed"] else row["answer"] or "",
        sealed=bool(row["sealed"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# --- what waits for the city -----------------------------------------------------------------------------------------


def closings(hub: Hub, county: str = "") -> tuple[Closing, ...]:
    """Return the closing reports that wait for the city's review, the oldest first."""
    r, k, m, p, c = (
        *(storage.ROWS[name] for name in ("case_review", "key_case", "matter", "programme")),
        storage.county,
    )
    joined = (
        r.join(k, sa.and_(k.c.county == r.c.county, k.c.id == r.c.key_case))
        .join(m, sa.and_(m.c.county == r.c.county, m.c.id == r.c.matter))
        .join(c, c.c.county == r.c.county)
        .outerjoin(p, sa.and_(p.c.county == r.c.county, p.c.id == k.c.programme))
    )
    query = (
        sa.select(
            r.c.county, c.c.name, r.c.key_case, r.c.matter, m.c.number, m.c.title, m.c.sealed,
            p.c.name.label("programme"), r.c.reported_on, _on_its_way(r).label("sent"),
        )
        .select_from(joined)
        .where(_waits(r), k.c.removed.is_(None), *([r.c.county == county] if county else []))
        .order_by(r.c.reported_on, r.c.county, r.c.id)
    )  # fmt: skip
    with hub.reading() as connection:
        return tuple(
            Closing(
                county=row.county, county_name=row.name, key_case=row.key_case, matter=row.matter, number=row.number,
                title="" if row.sealed else row.title, programme=row.programme or "",
                reported_on=date.fromisoformat(row.reported_on), sent=row.sent,
            )
            for row in connection.execute(query)
        )  # fmt: skip


def _waits(r: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(r.c.born.is_not(None), r.c.reviewed_on.is_(None), r.c.removed.is_(None))


def _on_its_way(r: sa.Table) -> sa.ScalarSelect[Any]:
    """Return the query for a review of the same case that the county has not taken in."""
    t = storage.ROWS["city_paper"]
    mine = (t.c.county == r.c.county, t.c.key_case == r.c.key_case, t.c.kind == "review")
    waiting = (t.c.withdrawn.is_(None), t.c.taken_on.is_(None))
    return sa.select(sa.func.max(t.c.id)).where(*mine, *waiting).scalar_subquery()


def find_case(connection: sa.Connection, county: str, case: str | int) -> Case:
    """Return a key case by its id, or by the number of its matter: of several the one whose report waits.

    Raises:
        InputError: The county has no such key case.
    """
    k, m, r = (storage.ROWS[name] for name in ("key_case", "matter", "case_review"))
    mine = (r.c.county == k.c.county, r.c.key_case == k.c.id)
    waits = sa.exists().where(*mine, _waits(r), _on_its_way(r).is_(None))
    query = (
        sa.select(k.c.id, k.c.matter, m.c.number, sa.case((waits, 1), else_=0).label("waits"))
        .select_from(k.join(m, sa.and_(m.c.county == k.c.county, m.c.id == k.c.matter)))
        .where(k.c.county == county, k.c.removed.is_(None), _named(k.c.id, m.c.number, case))
    )
    found = sorted(connection.execute(query).all(), key=lambda row: (-row.waits, -row.id))
    if not found:
        raise errors.InputError(
            "case",
            f"{county} 没有重点案件“{case}”。请填事项编号。",
            f"{county} has no key case “{case}”. Give the number of its matter.",
        )
    row = found[0]
    return Case(key_case=row.id, matter=row.matter, number=row.number, waiting=bool(row.waits))


def find_matter(connection: sa.Connection, county: str, matter: str | int) -> dict[str, Any]:
    """Return the row of a matter by its number or id.

    Raises:
        InputError: The county has no such matter.
    """
    m = storage.ROWS["matter"]
    query = sa.select(m).where(m.c.county == county, m.c.born.is_not(None), _named(m.c.id, m.c.number, matter))
    row = connection.execute(query).mappings().first()
    if row is None:
        raise errors.InputError(
            "matter", f"{county} 没有这个信访事项：{matter}。", f"{county} has no such matter: {matter}."
        )
    return dict(row)


def _named(row_id: sa.ColumnElement[Any], number: sa.ColumnElement[Any], named: str | int) -> sa.ColumnElement[bool]:
    by_number = number == str(named)
    return sa.or_(by_number, row_id == int(named)) if str(named).isdecimal() else by_number
