"""What a page is asked: by whom, in which language, with which fields. Pages are plain functions `Ask -> Response`.

`guarded` makes an endpoint of such a function: it finds the session, checks role and form, reads the fields and runs
the function on a thread, since pages read the database.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models import errors
from models.errors import Language
from sync.hub.hub import Hub
from sync.hub.users import ROLE_WORDS, User
from sync.hub.watch import address, of
from sync.hub.web import render, sessions
from sync.hub.web.sessions import Session

COOKIE = "__Host-city"
FORM_COOKIE = "__Host-city-form"
LANGUAGE_COOKIE = "city-language"
FORM_BYTES = 256 << 10
"""No form of ours is longer: a notice of 20,000 characters, percent-encoded."""
UPLOAD_BYTES = 4 << 20
"""No calendar, rule file, code table or unit directory is longer."""
_FIELDS = 200
_MULTIPART = "multipart/form-data"


class ForeignFormError(errors.NotAllowedError):
    """A form that was not made by our page, or by one of an earlier session."""

    def __init__(self) -> None:
        super().__init__(
            "这份表单不是由本页面发出的，或者页面已过期。没有作任何改动，请返回重新打开页面后再试。",
            "This form was not made by our page, or the page is out of date. Nothing was changed: go back, open the"
            " page again and repeat.",
        )


class Upload(NamedTuple):
    """A file that came with a form; `name` as the browser calls it."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request of a page."""

    request: Request
    hub: Hub
    language: Language
    session: Session | None
    query: Mapping[str, str]
    form: Mapping[str, str]
    files: Mapping[str, Upload]

    @property
    def user(self) -> User:
        """Who asks; there is somebody on every page that `guarded` lets through."""
        assert self.session is not None  # noqa: S101  guarded
        return self.session.user

    @property
    def by(self) -> str:
        """Who asks, as papers of the city name them."""
        return f"{self.user.name} ({self.user.login})"

    @property
    def today(self) -> date:
        """The hub's day."""
        return self.hub.now().astimezone().date()

    def path(self, name: str) -> str:
        """Return a part of the path."""
        return str(self.request.path_params[name])

    def number(self, name: str) -> int:
        """Return a part of the path that is a number."""
        return int(self.request.path_params[name])

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Return a page."""
        user = self.session.user if self.session else None
        here = self.request.url.path + (f"?{self.request.url.query}" if self.request.url.query else "")
        return render.page(
            template,
            self.language,
            {
                "city": self.hub.place.city,
                "user": user,
                "role_words": ROLE_WORDS,
                "form_key": self.session.form_key if self.session else "",
                "here": here if self.request.method == "GET" else "/city/",
                "today": self.today,
                "now": self.hub.now(),
                **values,
            },
            status=status,
        )

    def file(self, data: bytes, name: str, media_type: str) -> Response:
        """Return a file to be saved."""
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
        return Response(data, media_type=media_type, headers={**render.HEADERS, **render.PRIVATE, **headers})

    def message(self, message: errors.Message) -> str:
        """Return a sentence in the reader's language."""
        return message.zh if self.language == "zh" else message.en


Page = Callable[[Ask], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def guarded(page: Page, *roles: str) -> Endpoint:
    """Return the endpoint of a page for somebody who is logged in.

    Args:
        page: What it does.
        roles: Who may; everybody when none is named.
    """

    async def endpoint(request: Request) -> Response:
        asked = await read(request)
        if asked.session is None:
            back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return go(f"/city/login?back={quote(back)}" if request.method == "GET" else "/city/login")
        if roles and asked.user.role not in roles:
            raise errors.NotAllowedError(
                "这一页不属于您的工作范围。评查员办理信访事项，管理员管理汇集中心，两者分开。",
                "This page is not part of your work: reviewers work on matters, keepers keep the hub, and the two are"
                " kept apart.",
            )
        if request.method == "POST":
            check_origin(request)
            if not asked.session.made(asked.form.get("form_key", "")):
                raise ForeignFormError
        return await run_in_threadpool(page, asked)

    return endpoint


def open_page(page: Page) -> Endpoint:
    """Return the endpoint of a page that needs no log-in; it sees who is logged in all the same."""

    async def endpoint(request: Request) -> Response:
        asked = await read(request)
        if request.method == "POST":
            check_origin(request)
        return await run_in_threadpool(page, asked)

    return endpoint


async def read(request: Request) -> Ask:
    """Read a request.

    Raises:
        TooManyError: This address asks too often.
        InputError: A form is too long.
    """
    hub: Hub = request.app.state.hub
    of(request).limits.take("pages", address(request))
    form: dict[str, str] = {}
    uploads: dict[str, Upload] = {}
    if request.method == "POST":
        form, uploads = await _form(request)
    session = await run_in_threadpool(sessions.session_of, hub, request.cookies.get(COOKIE, ""))
    return Ask(
        request=request,
        hub=hub,
        language=language_of(request),
        session=session,
        query=dict(request.query_params),
        form=form,
        files=uploads,
    )


async def _form(request: Request) -> tuple[dict[str, str], dict[str, Upload]]:
    kind = request.headers.get("content-type", "")
    most = UPLOAD_BYTES if kind.startswith(_MULTIPART) else FORM_BYTES
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > most:
            raise errors.InputError(
                "form",
                f"内容过长，至多 {most >> 10} KiB。没有作任何改动，请缩短后再试。",
                f"Too long: {most >> 10} KiB at most. Nothing was changed; shorten it and try again.",
            )
    if kind.startswith(_MULTIPART):
        return _parts(kind, bytes(body))
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict")
    except (UnicodeDecodeError, ValueError) as error:
        raise ForeignFormError from error
    return {name: _typed(value) for name, value in pairs}, {}


def _parts(kind: str, body: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    """Read a form that brings a file (RFC 7578), with the standard library's reader of MIME."""
    head = f"Content-Type: {kind}\r\nMIME-Version: 1.0\r\n\r\n".encode("latin-1", errors="replace")
    form: dict[str, str] = {}
    uploads: dict[str, Upload] = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(data, bytes):
            raise ForeignFormError
        if part.get_filename() is None:
            form[name] = _typed(data.decode(errors="replace"))
        elif data:
            uploads[name] = Upload(part.get_filename() or "", data)
    return form, uploads


def _typed(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\0", "").strip()


def check_origin(request: Request) -> None:
    """Refuse a form that a page of another site sent. Raises ForeignFormError."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForeignFormError
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise ForeignFormError


def language_of(request: Request) -> Language:
    """Return the language that was chosen, else the browser's; Chinese when it says neither."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in ("zh", "en"):
        return "en" if chosen == "en" else "zh"
    first = request.headers.get("accept-language", "").strip().casefold()
    return "en" if first.startswith("en") else "zh"


def go(path: str) -> Response:
    """Send on to another of our pages."""
    return RedirectResponse(path, 303, headers={**render.HEADERS, **render.PRIVATE})


def ours(path: str) -> str:
    """Return a path when it is one of our pages, else the first page: nobody is sent on to anywhere else."""
    parts = urlsplit(path)
    fine = not parts.scheme and not parts.netloc and parts.path.startswith("/city/") and "\\" not in path
    return path if fine and path.isprintable() else "/city/"


def keep(answer: Response, name: str, value: str, *, lasts_s: int | None = None) -> Response:
    """Let the browser keep a cookie: over TLS only, out of reach of scripts and of other sites."""
    answer.set_cookie(name, value, max_age=lasts_s, path="/", secure=True, httponly=True, samesite="strict")
    return answer


def forget(answer: Response, name: str) -> Response:
    """Let the browser forget a cookie."""
    answer.delete_cookie(name, path="/", secure=True, httponly=True, samesite="strict")
    return answer


def new_key() -> str:
    """Return a random key for a form before the log-in."""
    return secrets.token_urlsafe(24)
