"""What the city bureau sends to its counties: assignments, transfers, reviews, supervision, calendars, rules, notices.

Every paper is one row of `city_paper` that the city's own journal makes for a county (`sync.hub.cityjournal`). The
pages and the command line of the hub both write through here, so that one place checks what may go out. What became of
a paper stands in the same row; `sync.hub.orders` tells of it.

The same paper sent again is not a second one: a sending that was cut, or a form that was sent twice, changes nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

import orjson
import sqlalchemy as sa

from models import cityfacts, cityfiles, errors
from sync.hub import storage
from sync.hub.cityjournal import CityAct, act
from sync.hub.hub import Hub
from sync.hub.orders import find_case, find_matter

Kind = Literal["assignment", "transfer", "review", "supervision", "calendar", "overlay", "codes", "units", "notice"]
ENCLOSED: tuple[Kind, ...] = ("calendar", "overlay", "codes", "units", "notice")
"""What goes to one county or to all of them alike."""
OUTCOMES = ("approve", "return", "unsolved")
"""Of a review: the closing is approved, goes back to be completed, or the matter is not solved."""
ALL = "all"
SUPERVISION_DAYS_2005 = 30
"""SC-431 Art. 36: the unit answers within 30 days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a paper bears.

    Attributes:
        title: Its title; one is made from the facts when it is empty.
        number: Document number (文号), as printed.
        on: Its day; the hub's today when absent.
        signed_by: Who signed it, as printed.
        body: Its text: what is to be done, or the opinion.
        limit_on: Last day that the city sets for the answer.
    """

    title: str = ""
    number: str = ""
    on: date | None = None
    signed_by: str = ""
    body: str = ""
    limit_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A paper that is on its way; `again`: it was sent before, and nothing was written."""

    county: str
    paper: int
    title: str
    again: bool


def assign(hub: Hub, county: str, facts: Mapping[str, Any], heading: Heading, *, by: str) -> Sent:
    """Assign an item to a county with a time limit and a completion report due (交办; REG-2022 Art. 22(3)).

    Args:
        hub: The open hub.
        county: Its code.
        facts: The item as given; see `models.cityfacts`.
        heading: What the paper bears; `limit_on` is needed.
        by: Login of who does it.

    Raises:
        InputError: A fact that cannot be, no time limit, or one before the paper; nothing was written.
        RefusedError: The county is not enrolled.
    """
    if heading.limit_on is None:
        raise errors.InputError(
            "limit_on",
            "交办须确定办理时限（《信访工作条例》第二十二条第三项）。",
            "An assignment sets a time limit (REG-2022 Art. 22(3)).",
        )
    return _pass_on(hub, county, "assignment", facts, heading, by)


def transfer(hub: Hub, county: str, facts: Mapping[str, Any], heading: Heading, *, by: str) -> Sent:
    """Transfer an item to a county, with no duty to report back (转送; REG-2022 Art. 22).

    Raises:
        InputError, RefusedError: See `assign`.
    """
    return _pass_on(hub, county, "transfer", facts, heading, by)


def _pass_on(hub: Hub, county: str, kind: Kind, facts: Mapping[str, Any], heading: Heading, by: str) -> Sent:
    from models.intake import title_of

    today = _today(hub)
    draft = cityfacts.read_facts(facts, received_on=heading.on or today, today=today)
    content = cityfacts.facts_of(draft)
    return _send(hub, county, kind, heading, by=by, title=title_of(draft), content=content)


def review(hub: Hub, county: str, case: str | int, outcome: str, heading: Heading, *, by: str) -> Sent:
    """Answer a county's closing report: approve it, or return it with an opinion (评查; programme, 逐案评查).

    Args:
        hub: The open hub.
        county: Its code.
        case: Id of the key case, or number of its matter.
        outcome: One of `OUTCOMES`.
        heading: What the paper bears; `body` is the opinion, needed unless the closing is approved.
        by: Login of who does it.

    Raises:
        InputError: No such case, no opinion, or no such outcome.
        RuleError: No closing report of it waits, or its review was sent already.
        RefusedError: The county is not enrolled.
    """
    if outcome not in OUTCOMES:
        raise errors.InputError(
            "outcome",
            f"没有“{outcome}”这种评查结果，可用：{'、'.join(OUTCOMES)}。",
            f"There is no outcome “{outcome}”; there are: {', '.join(OUTCOMES)}.",
        )
    if outcome != "approve" and not heading.body.strip():
        raise errors.InputError(
            "body",
            "评查没有同意结案的，须写明评查意见（逐案评查）。",
            "Where the review does not approve, it says why (each closing is reviewed).",
        )

    def concerning(made: CityAct) -> dict[str, Any]:
        found = find_case(made.connection, county, case)
        if not found.waiting:
            raise errors.RuleError(
                f"“{found.number}”没有待评查的结案材料（逐案评查）。",
                f"No closing report of {found.number} waits for a review.",
            )
        return {"key_case": found.key_case, "matter": found.matter}

    return _send(hub, county, "review", heading, by=by, title="结案评查意见", concerning=concerning, outcome=outcome)


def supervise(hub: Hub, county: str, matter: str | int, heading: Heading, *, by: str) -> Sent:
    """Urge a county about a matter: what is demanded, and the day of its answer (督办; REG-2022 Art. 40).

    Args:
        hub: The open hub.
        county: Its code.
        matter: Number or id of the matter.
        heading: What the paper bears; `body` says what is demanded, `limit_on` when the answer is due.
        by: Login of who does it.

    Raises:
        InputError: No such matter, nothing demanded, or a day of answer that cannot be.
        RefusedError: The county is not enrolled.
    """
    if not heading.body.strip() or heading.limit_on is None:
        raise errors.InputError(
            "body" if heading.limit_on else "limit_on",
            "督办函须写明督办要求和答复期限（《信访工作条例》第四十条）。",
            "A supervision letter says what is demanded and when the answer is due (REG-2022 Art. 40).",
        )

    def concerning(made: CityAct) -> dict[str, Any]:
        found = find_matter(made.connection, county, matter)
        last = (heading.on or _today(hub)) + timedelta(days=SUPERVISION_DAYS_2005)
        if found["rules"].startswith("SC-") and heading.limit_on is not None and heading.limit_on > last:
            raise errors.InputError(
                "limit_on",
                f"书面反馈的期限是三十日，到 {last} 为止（《信访条例》第三十六条）。",
                f"The written answer is due within 30 days, until {last} (SC-431 Art. 36).",
            )
        return {"matter": found["id"]}

    return _send(hub, county, "supervision", heading, by=by, title="督办函", concerning=concerning)


def send(
    hub: Hub, target: str, kind: Kind, data: bytes, heading: Heading, *, name: str = "", by: str
) -> tuple[Sent, ...]:
    """Send a calendar, rule overlay, code table, unit directory or notice to one county or to all.

    The file is read by the desk's own readers before it goes: what a county could not take in is not sent.

    Args:
        hub: The open hub.
        target: Code of a county, or `all`.
        kind: One of `ENCLOSED`.
        data: The file; of a notice its text, which may stand in the heading instead.
        heading: What the paper bears.
        name: Name of the file, told in errors.
        by: Login of who does it.

    Raises:
        InputError: No such kind, or a file that is not of its form; nothing was sent.
        RefusedError: A county is not enrolled; those before it in order have theirs.
    """
    if kind not in ENCLOSED:
        raise errors.InputError(
            "kind",
            f"没有“{kind}”这种发文，可用：{'、'.join(ENCLOSED)}。",
            f"There is no kind “{kind}” to send; there are: {', '.join(ENCLOSED)}.",
        )
    enclosed = cityfiles.read(kind, data or heading.body.encode(), name=name or kind, on=_today(hub))
    if kind == "notice":
        heading = _with_body(heading, enclosed.text)
    counties = _counties(hub) if target == ALL else (target,)
    return tuple(
        _send(hub, county, kind, heading, by=by, title=enclosed.title, content=enclosed.content) for county in counties
    )


def withdraw(hub: Hub, county: str, paper: int, reason: str, *, by: str) -> None:
    """Take a paper back, with the reason: sent in error, or the county's objection is agreed to (REG-2022 Art. 23).

    What the county has entered from it stays; it sees that the city took the paper back.

    Raises:
        InputError: No such paper, or no reason.
        RuleError: It was taken back already.
        RefusedError: The county is not enrolled.
    """
    with _decided(hub, county, "city_withdraw", paper, reason, by) as made:
        made.set("city_paper", paper, withdrawn=reason.strip())


def insist(hub: Hub, county: str, paper: int, reason: str, *, by: str) -> None:
    """Not agree that a county sends a paper back, with the reason; it waits in the county's inbox again.

    A matter goes back only once its sender agrees (REG-2022 Art. 23).

    Raises:
        InputError: No such paper, or no reason.
        RuleError: It was not sent back, or it was taken back by the city.
        RefusedError: The county is not enrolled.
    """
    with _decided(hub, county, "city_insist", paper, reason, by) as made:
        row = made.row("city_paper", paper)
        if row is None or not row["refused"]:
            raise errors.RuleError(
                "县局没有退回这份来文，无需答复。",
                "The county did not send this paper back; there is nothing to answer.",
            )
        made.set("city_paper", paper, refused=None, insisted=reason.strip())


@contextlib.contextmanager
def _decided(hub: Hub, county: str, name: str, paper: int, reason: str, by: str) -> Iterator[CityAct]:
    """Open an act on a paper that was sent, with a reason."""
    if not reason.strip():
        raise errors.InputError("reason", "须写明理由。", "It takes a reason.")
    with act(hub, county, name, by=by) as made:
        row = made.row("city_paper", paper)
        if row is None or row["born"] is None:
            raise errors.InputError(
                "paper", f"{county} 没有这份来文：{paper}。", f"{county} has no such paper: {paper}."
            )
        if row["withdrawn"]:
            raise errors.RuleError(
                f"这份来文已经撤回：{row['withdrawn']}。", f"The paper was taken back already: {row['withdrawn']}."
            )
        made.matter = row["result"] or row["matter"]
        yield made


def _send(
    hub: Hub,
    county: str,
    kind: Kind,
    heading: Heading,
    *,
    by: str,
    title: str,
    content: Mapping[str, Any] | None = None,
    concerning: Callable[[CityAct], dict[str, Any]] = lambda _made: {},
    outcome: str = "",
) -> Sent:
    on = heading.on or _today(hub)
    _check_days(hub, heading, on)
    with act(hub, county, f"city_{kind}", by=by) as made:
        about = concerning(made)
        row = {
            "kind": kind,
            "number": heading.number.strip(),
            "title": heading.title.strip() or title,
            "on_date": on.isoformat(),
            "organ": hub.place.city,
            "signed_by": heading.signed_by.strip(),
            "body": heading.body.strip(),
            "content": orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode() if content is not None else "",
            "limit_on": heading.limit_on.isoformat() if heading.limit_on else "",
            "outcome": outcome,
            **about,
        }
        again = _sent_before(made, row)
        made.matter = about.get("matter")
        paper = again or made.insert("city_paper", row)
    return Sent(county=county, paper=paper, title=str(row["title"]), again=again is not None)


def _sent_before(made: CityAct, row: Mapping[str, Any]) -> int | None:
    """Return the paper that says the same already and was not taken back, None when there is none."""
    t = storage.ROWS["city_paper"]
    same = [t.c[name] == (value or None) if value else t.c[name].is_(None) for name, value in row.items()]
    query = sa.select(t.c.id).where(t.c.county == made.county, t.c.withdrawn.is_(None), *same).order_by(t.c.id)
    found: int | None = made.connection.execute(query.limit(1)).scalar_one_or_none()
    return found


def _check_days(hub: Hub, heading: Heading, on: date) -> None:
    today = _today(hub)
    if on > today:
        raise errors.InputError(
            "on", f"发文日期 {on} 在今天（{today}）之后。", f"The paper's day {on} lies after today ({today})."
        )
    if heading.limit_on is not None and heading.limit_on < on:
        raise errors.InputError(
            "limit_on",
            f"办理时限 {heading.limit_on} 早于发文日期 {on}。",
            f"The time limit {heading.limit_on} lies before the paper, {on}.",
        )


def _with_body(heading: Heading, text: str) -> Heading:
    return replace(heading, body=heading.body.strip() or text)


def _counties(hub: Hub) -> tuple[str, ...]:
    c = storage.county
    with hub.reading() as connection:
        found = connection.execute(sa.select(c.c.county).where(c.c.county != "").order_by(c.c.county))
        return tuple(found.scalars())


def _today(hub: Hub) -> date:
    return hub.now().astimezone().date()
