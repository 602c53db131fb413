"""Matters: the list, what is late, one matter, its papers. Each look at a matter is noted."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

from models import codes, errors
from sync.hub import files
from sync.hub.web import sessions
from sync.hub.web.ask import Ask
from sync.hub.web.rows import counties
from sync.hub.web.rows import matter as matter_rows
from sync.hub.web.rows import matters as rows
from sync.hub.web.rows.late import Late

LATE_PAGE = 100
FILE_LIMIT_BYTES = 64 << 20
"""A scan larger than this is not opened in a browser; the county has it."""
_SHOWN = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}
_PLACE = re.compile(r"(\d{4}-\d{2}-\d{2})~(\d{6})~(\d{1,19})")


def listing(ask: Ask) -> Response:
    """Show a page of matters."""
    wanted = rows.Wanted(
        county=ask.query.get("county", ""),
        state=_state(ask.query.get("state", "")),
        unit=_number(ask.query.get("unit", "")),
        text=ask.query.get("q", "").strip(),
    )
    place = _PLACE.fullmatch(ask.query.get("after", ""))
    after = (place[1], place[2], int(place[3])) if place else None
    told, page = None, rows.Page(lines=(), after=None)
    try:
        page = rows.page(ask.hub, wanted, on=ask.today, after=after)
    except errors.InputError as refused:
        told = refused.message
    kept = {"county": wanted.county, "state": wanted.state, "unit": wanted.unit or "", "q": wanted.text}
    more = ""
    if page.after is not None:
        day, county, row = page.after
        more = "/city/matters?" + urlencode({**kept, "after": f"{day}~{county}~{row}"})
    return ask.page(
        "matters.html",
        status=400 if told else 200,
        wanted=wanted,
        lines=page.lines,
        more=more,
        first=after is None,
        told=told,
        counties=counties.names(ask.hub),
        units=rows.units(ask.hub, wanted.county) if wanted.county else {},
        states=codes.codes("state"),
        gaps=counties.gaps(ask.hub, wanted.county) if wanted.county and not told else (),
    )


def late(ask: Ask) -> Response:
    """Show the duties past their last day."""
    kept: Late = ask.request.app.state.late
    county = ask.query.get("county", "")
    begin = _number(ask.query.get("from", ""))
    lines = kept.lines(ask.hub, ask.today, county)
    end = begin + LATE_PAGE
    more = "/city/late?" + urlencode({"county": county, "from": end}) if end < len(lines) else ""
    return ask.page(
        "late.html",
        lines=lines[begin:end],
        begin=begin,
        total=len(lines),
        more=more,
        county=county,
        counties=counties.names(ask.hub),
    )


def matter(ask: Ask) -> Response:
    """Show a matter, and note who looked."""
    county, row = ask.path("county"), ask.number("matter")
    found = matter_rows.matter(ask.hub, county, row, ask.today)
    sessions.note(ask.hub, ask.user.login, "matter", county=county, matter=row)
    return ask.page("matter.html", matter=found, gaps=counties.gaps(ask.hub, county), shown=tuple(_SHOWN))


def file(ask: Ask) -> Response:
    """Hand out a paper of a matter, when it is the matter's and the matter is not sealed."""
    county, row, name = ask.path("county"), ask.number("matter"), ask.path("sha256")
    found = matter_rows.matter(ask.hub, county, row, ask.today)
    papers = {one.sha256: ("application/pdf", one.title or "document") for one in found.papers if one.sha256}
    papers |= {one.sha256: (one.media_type, one.name) for one in found.scans}
    if name not in papers:
        raise HTTPException(404)
    size = files.here(ask.hub, county, [name]).get(name)
    if size is None:
        raise errors.RuleError(
            "这份材料县局还没有传上来。记录先传，材料随后；请稍后再看。",
            "The county has not sent this paper up yet: records go first, papers after. Look again later.",
        )
    if size > FILE_LIMIT_BYTES:
        raise errors.RuleError(
            f"这份材料有 {size >> 20} MiB，超过网页打开的上限 {FILE_LIMIT_BYTES >> 20} MiB。请向县局调阅。",
            f"This paper has {size >> 20} MiB; a page opens {FILE_LIMIT_BYTES >> 20} MiB at most. Ask the county.",
        )
    sessions.note(ask.hub, ask.user.login, "file", county=county, matter=row)
    data = b"".join(files.read(ask.hub, county, name))
    media_type, title = papers[name]
    # Whatever a county calls a file, the browser is given nothing that it could run: what it does not show is saved.
    suffix = _SHOWN.get(media_type, "")
    title = title if title.lower().endswith(suffix) else title + suffix
    return ask.file(data, title, media_type if suffix else "application/octet-stream")


def _state(text: str) -> str:
    return text if text == "open" or text in codes.codes("state") else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
