"""The city's work in a browser: pages that the hub serves under /city, made on the server, without a script.

`app` routes and guards; `sessions` knows who is logged in; `pages` holds what each page does, `rows` what it reads.
Templates and the style sheet are data (`resources/hub`). What is written goes through `sync.hub.papers`, as the
command line's does. Why it is so: docs/decisions/0021-browser.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from sync.hub.hub import Hub
    from sync.hub.watch import Watch


class Lazy:
    """The pages, brought up when the first one is asked for: a hub that only takes batches needs none of it."""

    def __init__(self, hub: Hub, watch: Watch) -> None:
        self._hub = hub
        self._watch = watch
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._app is None:
            self._app = await run_in_threadpool(self._make)
        await self._app(scope, receive, send)

    def _make(self) -> ASGIApp:
        from sync.hub.web.app import application

        return application(self._hub, self._watch)
