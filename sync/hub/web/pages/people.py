"""For the keeper: who may log in, and who looked at what. People are added and closed on the command line."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from starlette.responses import Response

from models import acts
from models.errors import Message
from sync.hub import users
from sync.hub.web.ask import Ask
from sync.hub.web.rows import counties, looks
from sync.hub.web.sessions import LOG_IN, REFUSED

WORDS: dict[str, Message] = {
    LOG_IN: Message("登录", "logged in"),
    REFUSED: Message("登录被拒", "log-in refused"),
    "matter": Message("查看事项", "looked at a matter"),
    "case": Message("查看重点案件", "looked at a key case"),
    "file": Message("打开材料", "opened a paper"),
    "paper": Message("查看来文", "looked at a paper of the city"),
}
"""What was noted, in words; what the city did is an act, with the act's own word."""
_PLACE = re.compile(r"(\d{1,15})~(\d{0,6})~(\d{1,9})")


def listing(ask: Ask) -> Response:
    """Show people and looks."""
    login = ask.query.get("login", "")
    place = _PLACE.fullmatch(ask.query.get("after", ""))
    page = looks.page(ask.hub, login, after=(int(place[1]), place[2], int(place[3])) if place else None)
    more = ""
    if page.after is not None:
        at, county, n = page.after
        more = "/city/people?" + urlencode({"login": login, "after": f"{at}~{county}~{n}"})
    return ask.page(
        "people.html",
        users=users.everyone(ask.hub),
        looks=page.lines,
        told=_told,
        login=login,
        more=more,
        counties=counties.names(ask.hub),
    )


def _told(what: str) -> Message:
    name = what.split(" ")[0]  # an act is noted with the number of its entry
    return WORDS.get(name) or Message(acts.word(name, "zh"), acts.word(name, "en"))
