"""Papers of the city: what was sent and what became of it; assign, transfer, supervise, send, take back.

Everything is written through `sync.hub.papers`, which checks it as the command line's is checked. What could not go is
told beside the form, with all that was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.exceptions import HTTPException
from starlette.responses import Response

from models import codes, errors
from models.errors import Message
from sync.causes import RefusedError
from sync.hub import orders
from sync.hub import papers as city
from sync.hub.papers import Heading, Sent
from sync.hub.web import sessions
from sync.hub.web.ask import Ask, go
from sync.hub.web.rows import counties
from sync.hub.web.rows import matter as matter_rows

KIND_WORDS: Mapping[str, Message] = {
    "assignment": Message("交办", "Assignment"),
    "transfer": Message("转送", "Transfer"),
    "review": Message("结案评查", "Review of a closing"),
    "supervision": Message("督办", "Supervision"),
    "calendar": Message("放假安排", "Calendar"),
    "overlay": Message("地方规则", "Local rules"),
    "codes": Message("代码表", "Code table"),
    "units": Message("单位名录", "Unit directory"),
    "notice": Message("通知", "Notice"),
}
STATE_WORDS: Mapping[str, Message] = {
    "sent": Message("已发出", "sent"),
    "taken": Message("已接收", "taken in"),
    "refused": Message("已退回", "sent back"),
    "answered": Message("已回复", "answered"),
    "withdrawn": Message("已撤回", "taken back"),
    "late": Message("逾期未复", "late"),
}
OUTCOME_WORDS: Mapping[str, Message] = {
    "approve": Message("同意结案", "closing approved"),
    "return": Message("退回补正", "sent back to be completed"),
    "unsolved": Message("认定未化解", "found not solved"),
}
BY_ROLE: Mapping[str, tuple[str, ...]] = {
    "reviewer": ("assignment", "transfer", "notice"),
    "keeper": ("notice", "calendar", "overlay", "codes", "units"),
}
"""Which kinds each role sends from the list; reviews and supervision begin at their case or matter."""
_PASSED_ON = ("assignment", "transfer")
_PERSONAL = ("assignment", "transfer", "review", "supervision")
"""Kinds that concern a matter: a keeper sees their line and not what they say."""
_PLACE = re.compile(r"(\d{4}-\d{2}-\d{2})~(\d{6})~(\d{1,19})")


def listing(ask: Ask) -> Response:
    """Show a page of papers."""
    county, state, kind = (ask.query.get(name, "") for name in ("county", "state", "kind"))
    place = _PLACE.fullmatch(ask.query.get("after", ""))
    page = orders.listed(
        ask.hub, county, state, kind=kind, after=(place[1], place[2], int(place[3])) if place else None
    )
    more = ""
    if page.after is not None:
        day, code, row = page.after
        more = "/city/papers?" + urlencode(
            {"county": county, "state": state, "kind": kind, "after": f"{day}~{code}~{row}"}
        )
    return ask.page(
        "papers.html",
        lines=page.lines,
        total=page.total,
        more=more,
        county=county,
        state=state,
        kind=kind,
        counties=counties.names(ask.hub),
        kind_words=KIND_WORDS,
        state_words=STATE_WORDS,
        states=(*orders.STATES, orders.LATE),
        new=BY_ROLE[ask.user.role],
        personal=_PERSONAL,
    )


def paper(ask: Ask) -> Response:
    """Show a paper whole, with what the county did, and what the city may still do."""
    return _paper(ask, None, {})


def _paper(ask: Ask, told: Message | None, typed: Mapping[str, str]) -> Response:
    county, row = ask.path("county"), ask.number("paper")
    found = orders.paper(ask.hub, county, row)
    _check_role(ask, found.line.kind)
    if found.line.kind in _PERSONAL and ask.request.method == "GET":
        sessions.note(ask.hub, ask.user.login, "paper", county=county, matter=found.line.matter)
    facts = found.content if found.line.kind in _PASSED_ON else {}
    return ask.page(
        "paper.html",
        status=400 if told else 200,
        paper=found,
        facts=tuple(_facts(facts)),
        enclosed="" if found.line.kind in _PASSED_ON or not found.content else _pretty(found.content),
        told=told,
        typed=typed,
        kind_words=KIND_WORDS,
        state_words=STATE_WORDS,
        outcome_words=OUTCOME_WORDS,
        reviewer=ask.user.role == "reviewer",
    )


def form(ask: Ask) -> Response:
    """Show the form of a new paper."""
    _check_kind(ask)
    return _form(ask, None, {"county": ask.query.get("county", "")})


def _form(ask: Ask, told: Message | None, typed: Mapping[str, str], field: str = "") -> Response:
    kind = ask.path("kind")
    return ask.page(
        "new_paper.html",
        status=400 if told else 200,
        kind=kind,
        kind_words=KIND_WORDS,
        counties=counties.names(ask.hub),
        passed_on=kind in _PASSED_ON,
        channels=codes.codes("channel"),
        purposes=codes.codes("purpose"),
        told=told,
        typed=typed,
        field=field,
    )


def send(ask: Ask) -> Response:
    """Send a paper; what could not go is told beside the form."""
    _check_kind(ask)
    kind, typed = ask.path("kind"), ask.form
    try:
        heading = heading_of(typed)
        if kind in _PASSED_ON:
            function = city.assign if kind == "assignment" else city.transfer
            sent: tuple[Sent, ...] = (
                function(ask.hub, typed.get("county", ""), _typed_facts(typed), heading, by=ask.user.login),
            )
        else:
            upload = ask.files.get("file")
            sent = city.send(
                ask.hub, typed.get("county", "") or city.ALL, kind, upload.data if upload else b"", heading,  # type: ignore[arg-type]  # of the role's kinds
                name=upload.name if upload else "", by=ask.user.login,
            )  # fmt: skip
    except (errors.RuleError, RefusedError) as refused:
        return _form(ask, refused.message, typed, getattr(refused, "field", ""))
    if len(sent) == 1:
        return go(f"/city/paper/{sent[0].county}/{sent[0].paper}")
    return go(f"/city/papers?{urlencode({'kind': kind})}")


def withdraw(ask: Ask) -> Response:
    """Take a paper back."""
    return _decided(ask, city.withdraw)


def insist(ask: Ask) -> Response:
    """Not agree that a paper comes back."""
    return _decided(ask, city.insist)


def _decided(ask: Ask, decide: Callable[..., None]) -> Response:
    county, row = ask.path("county"), ask.number("paper")
    kind = orders.paper(ask.hub, county, row).line.kind
    _check_role(ask, kind)
    try:
        decide(ask.hub, county, row, ask.form.get("reason", ""), by=ask.user.login)
    except errors.RuleError as refused:
        return _paper(ask, refused.message, ask.form)
    return go(f"/city/paper/{county}/{row}")


def supervision_form(ask: Ask) -> Response:
    """Show the form of a supervision letter."""
    return _supervision(ask, None, {})


def _supervision(ask: Ask, told: Message | None, typed: Mapping[str, str]) -> Response:
    found = matter_rows.matter(ask.hub, ask.path("county"), ask.number("matter"), ask.today)
    return ask.page("supervise.html", status=400 if told else 200, matter=found, told=told, typed=typed)


def supervise(ask: Ask) -> Response:
    """Send a supervision letter."""
    county, row = ask.path("county"), ask.number("matter")
    try:
        sent = city.supervise(ask.hub, county, row, heading_of(ask.form), by=ask.user.login)
    except (errors.RuleError, RefusedError) as refused:
        return _supervision(ask, refused.message, ask.form)
    return go(f"/city/paper/{county}/{sent.paper}")


# --- reading forms ----------------------------------------------------------------------------------------------------


def heading_of(typed: Mapping[str, str]) -> Heading:
    """Return what a paper bears, as it was typed.

    Raises:
        InputError: A day that is none.
    """
    return Heading(
        title=typed.get("title", ""),
        number=typed.get("number", ""),
        on=day_of(typed, "on"),
        signed_by=typed.get("signed_by", ""),
        body=typed.get("body", ""),
        limit_on=day_of(typed, "limit_on"),
    )


def day_of(typed: Mapping[str, str], name: str) -> date | None:
    """Return a day as it was typed, None for an empty field. Raises InputError: it is no day."""
    text = typed.get(name, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise errors.InputError(
            name, f"“{text}”不是日期，请写成 2026-03-02。", f"“{text}” is no date: write it as 2026-03-02."
        ) from error


def _typed_facts(typed: Mapping[str, str]) -> dict[str, Any]:
    person = {
        name: typed.get(f"person_{name}", "")
        for name in ("name", "phone", "address", "id_number")
        if typed.get(f"person_{name}", "")
    }
    facts: dict[str, Any] = {
        name: typed[name]
        for name in ("channel", "received_on", "statement", "purpose", "source_number", "source_name")
        if typed.get(name)
    }
    facts["title"] = typed.get("item_title", "")
    facts["claims"] = [line.strip() for line in typed.get("claims", "").splitlines() if line.strip()]
    facts["people"] = [{**person, "main": True}] if person else []
    for flag in ("anonymous", "confidential"):
        if typed.get(flag):
            facts[flag] = True
    return facts


def _facts(content: Mapping[str, Any]) -> list[tuple[Message, str]]:
    """Return the facts of an item that was passed on, in words, without what identifies a person beyond the name."""
    found = [
        (words, str(content[name])) for name, words in _FACT_WORDS.items() if content.get(name) not in (None, "", [])
    ]
    found += ((Message("诉求", "Claim"), str(claim)) for claim in content.get("claims", ()))
    people = (person.get("name") for person in content.get("people", ()))
    found += ((Message("信访人", "Petitioner"), str(name)) for name in people if name)
    return found


_FACT_WORDS: Mapping[str, Message] = {
    "title": Message("标题", "Title"),
    "received_on": Message("收到日期", "Received on"),
    "source_number": Message("原编号", "Number given by the sender"),
    "source_name": Message("来件机关", "Sending organ"),
    "statement": Message("反映内容", "What was stated"),
}


def _pretty(content: Mapping[str, Any]) -> str:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode()


def _check_kind(ask: Ask) -> None:
    if ask.path("kind") not in KIND_WORDS:
        raise HTTPException(404)
    if ask.path("kind") not in BY_ROLE[ask.user.role]:
        raise _not_yours()


def _check_role(ask: Ask, kind: str) -> None:
    if kind in _PERSONAL and ask.user.role != "reviewer":
        raise _not_yours()


def _not_yours() -> errors.NotAllowedError:
    return errors.NotAllowedError(
        "这类来文由评查员办理，或者由管理员发出，不属于您的工作范围。",
        "Papers of this kind are another's work: reviewers deal with matters, keepers send calendars and tables.",
    )
