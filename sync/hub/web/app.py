"""The pages' routes, who may open which, and how errors are told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.errors import Message, NotAllowedError, RegisterError, RuleError, StorageError
from sync.causes import RefusedError
from sync.hub.hub import Hub
from sync.hub.limits import TooManyError
from sync.hub.watch import Watch, of
from sync.hub.web import render
from sync.hub.web.ask import Page, guarded, language_of, open_page
from sync.hub.web.pages import account, figures, matters, overview, papers, people, reviews
from sync.hub.web.rows.late import Late

_FILES = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
_A_DAY = "public, max-age=86400"


def application(hub: Hub, watch: Watch) -> Starlette:
    """Return the application of the pages, to be mounted at /city."""
    app = Starlette(routes=_routes(), exception_handlers={RegisterError: _told, HTTPException: _http})
    app.state.hub = hub
    app.state.watch = watch
    app.state.late = Late()
    app.state.reports = figures.Reports()
    return app


def _routes() -> list[Route]:
    reviewer, keeper = ("reviewer",), ("keeper",)
    return [
        Route("/style.css", _file("style.css")),
        Route("/icon.svg", _file("icon.svg")),
        Route("/login", open_page(account.login)),
        Route("/login", open_page(account.log_in), methods=["POST"]),
        Route("/language/{language}", open_page(account.language)),
        Route("/help", open_page(account.help_page)),
        _post("/logout", account.log_out),
        _get("/passphrase", account.passphrase),
        _post("/passphrase", account.set_passphrase),
        _get("/", overview.counties),
        _get("/county/{county}", overview.county),
        _get("/matters", matters.listing, *reviewer),
        _get("/late", matters.late, *reviewer),
        _get("/matter/{county}/{matter:number}", matters.matter, *reviewer),
        _get("/matter/{county}/{matter:number}/file/{sha256}", matters.file, *reviewer),
        _get("/matter/{county}/{matter:number}/supervise", papers.supervision_form, *reviewer),
        _post("/matter/{county}/{matter:number}/supervise", papers.supervise, *reviewer),
        _get("/papers", papers.listing),
        _get("/papers/new/{kind}", papers.form),
        _post("/papers/new/{kind}", papers.send),
        _get("/paper/{county}/{paper:number}", papers.paper),
        _post("/paper/{county}/{paper:number}/withdraw", papers.withdraw),
        _post("/paper/{county}/{paper:number}/insist", papers.insist, *reviewer),
        _get("/reviews", reviews.listing, *reviewer),
        _get("/review/{county}/{case:number}", reviews.case, *reviewer),
        _post("/review/{county}/{case:number}", reviews.review, *reviewer),
        _get("/figures", figures.month, *reviewer),
        _get("/figures/circular.{form}", figures.circular, *reviewer),
        _get("/people", people.listing, *keeper),
    ]


def _get(path: str, page: Page, *roles: str) -> Route:
    return Route(path, guarded(page, *roles))


def _post(path: str, page: Page, *roles: str) -> Route:
    return Route(path, guarded(page, *roles), methods=["POST"])


def _file(name: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(_request: Request) -> Response:
        headers = {**render.HEADERS, "Cache-Control": _A_DAY}
        return Response(render.resource(name), media_type=_FILES[name], headers=headers)

    return endpoint


# --- errors -----------------------------------------------------------------------------------------------------------


async def _told(request: Request, error: Exception) -> Response:
    """Tell an error of the register: what was wrong, and what to do."""
    assert isinstance(error, RegisterError)  # noqa: S101  starlette calls this for nothing else
    status = 400
    if isinstance(error, TooManyError):
        of(request).too_many(error.kind)
        status = 429
    elif isinstance(error, NotAllowedError):
        status = 403
    elif isinstance(error, StorageError):
        status = 503
    elif not isinstance(error, RuleError | RefusedError):
        status = 500
    answer = trouble(request, status, error.message)
    if isinstance(error, TooManyError):
        answer.headers["Retry-After"] = str(error.wait_s)
    return answer


async def _http(request: Request, error: Exception) -> Response:
    """Tell that there is no such page, or that it is not asked for in this way."""
    assert isinstance(error, HTTPException)  # noqa: S101  starlette calls this for nothing else
    return trouble(request, error.status_code, _WORDS.get(error.status_code, _WORDS[404]))


def trouble(request: Request, status: int, told: Message) -> Response:
    """Return the page of an error; it says nothing of who asked."""
    values: dict[str, Any] = {"told": told, "city": request.app.state.hub.place.city, "user": None, "here": "/city/"}
    return render.page("trouble.html", language_of(request), values, status=status)


_WORDS = {
    404: Message("没有这一页。请从首页重新打开。", "There is no such page. Begin again at the first page."),
    405: Message("这一页不能这样打开。请返回上一页。", "This page is not opened in this way. Go back."),
}
