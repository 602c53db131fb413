"""Closing reports of key cases: which wait for the city's review, what proves them, and the review itself."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from models import errors
from models.errors import Message
from sync.causes import RefusedError
from sync.hub import orders
from sync.hub import papers as city
from sync.hub.web import sessions
from sync.hub.web.ask import Ask, go
from sync.hub.web.pages.papers import OUTCOME_WORDS, heading_of
from sync.hub.web.rows import cases, counties

STATE_WORDS: Mapping[str, Message] = {
    "open": Message("未化解", "open"),
    "rebound": Message("反弹", "came up again"),
    "solved": Message("已化解", "solved"),
    "closed": Message("已结案", "closed"),
    "excluded": Message("不列入", "left out"),
}


def listing(ask: Ask) -> Response:
    """Show the closing reports that wait."""
    county = ask.query.get("county", "")
    return ask.page(
        "reviews.html",
        lines=orders.closings(ask.hub, county),
        county=county,
        counties=counties.names(ask.hub),
    )


def case(ask: Ask) -> Response:
    """Show a key case with its evidence, and the form of the review where one waits."""
    sessions.note(ask.hub, ask.user.login, "case", county=ask.path("county"), matter=_found(ask).matter)
    return _case(ask, None, {})


def _found(ask: Ask) -> cases.CaseFile:
    return cases.case_file(ask.hub, ask.path("county"), ask.number("case"), ask.today)


def _case(ask: Ask, told: Message | None, typed: Mapping[str, str]) -> Response:
    county, row = ask.path("county"), ask.number("case")
    waiting = next((one for one in orders.closings(ask.hub, county) if one.key_case == row), None)
    return ask.page(
        "review.html",
        status=400 if told else 200,
        case=_found(ask),
        waiting=waiting,
        gaps=counties.gaps(ask.hub, county),
        told=told,
        typed=typed,
        outcomes=OUTCOME_WORDS,
        state_words=STATE_WORDS,
    )


def review(ask: Ask) -> Response:
    """Send the review."""
    county, row = ask.path("county"), ask.number("case")
    _found(ask)
    try:
        sent = city.review(ask.hub, county, row, ask.form.get("outcome", ""), heading_of(ask.form), by=ask.user.login)
    except (errors.RuleError, RefusedError) as refused:
        return _case(ask, refused.message, ask.form)
    return go(f"/city/paper/{county}/{sent.paper}")
