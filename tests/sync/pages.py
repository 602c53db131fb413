"""A browser without a window: it asks the hub's application directly, keeps cookies, fills in forms; and what it reads.

Pages need no script, so all but their looks is tried with it; `test_web_browser.py` has the real one.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from html import unescape
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from models.journal import Change
from sync.hub import storage, users
from sync.hub.asgi import application
from sync.hub.hub import Hub
from sync.hub.watch import Watch
from sync.hub.web import sessions
from tests.sync.conftest import COUNTY, Journal
from tests.sync.test_hub import sealed

PASSPHRASE = "nine-steady-cranes"
HOST = "hub.test:8443"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    cookies: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def words(self) -> str:
        """What a person reads."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.text)).split())

    @property
    def links(self) -> list[str]:
        return [unescape(one) for one in re.findall(r'href="(/city/[^"]*)"', self.text)]

    def field(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        assert found, f"no field {name}"
        return unescape(found[1])


class Browser:
    """One person's browser."""

    def __init__(
        self, hub: Hub, *, language: str = "zh", client: str = "192.0.2.7", watch: Watch | None = None
    ) -> None:
        self.hub = hub
        self.app = application(hub, watch)
        self.client = client
        self.cookies = {"city-language": language}

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        sent = {"content-type": "application/x-www-form-urlencoded", "origin": f"https://{HOST}", **headers}
        return self.ask("POST", path, urlencode(fields).encode(), sent)

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        sent = {"host": HOST, **(headers or {})}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = asyncio.run(call(self.app, method, quote(path, safe="/?&=%:~"), body, sent, self.client))
        for line in answer.cookies:
            for name, one in SimpleCookie(line).items():
                if one["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = one.value
        return answer

    def follow(self, answer: Answer) -> Answer:
        assert answer.status == 303, answer.words
        return self.get(answer.headers["location"])

    def log_in(self, login: str = "wang", passphrase: str = PASSPHRASE) -> Answer:
        page = self.get("/city/login")
        fields = {"form_key": page.field("form_key"), "login": login, "passphrase": passphrase, "back": ""}
        return self.post("/city/login", fields)

    def enter(self, login: str = "wang") -> Browser:
        """Be logged in without the log-in, which costs a quarter of a second on purpose."""
        self.cookies["__Host-city"] = sessions.begin(self.hub, login)
        return self

    def submit(self, page: str, fields: dict[str, str], to: str = "") -> Answer:
        """Open a page with a form, fill in, send."""
        key = self.get(page).field("form_key")
        return self.post(to or urlsplit(page).path, {"form_key": key, **fields})


async def call(app: Any, method: str, target: str, body: bytes, headers: dict[str, str], client: str) -> Answer:
    """Ask an ASGI application."""
    path, _, query = target.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "https",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": (client, 4711), "server": ("hub.test", 8443),
    }  # fmt: skip
    parts = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = next(one for one in sent if one["type"] == "http.response.start")
    pairs = [(name.decode().lower(), value.decode("latin-1")) for name, value in start["headers"]]
    return Answer(
        start["status"],
        dict(pairs),
        b"".join(one.get("body", b"") for one in sent if one["type"] == "http.response.body"),
        [value for name, value in pairs if name == "set-cookie"],
    )


# --- people and matters -----------------------------------------------------------------------------------------------


@cache
def _secret() -> str:
    return users._hashed(PASSPHRASE)


def add_people(hub: Hub) -> None:
    """Add a reviewer and a keeper, both with `PASSPHRASE`; it is hashed once for all tests."""
    with hub.writing(users.PEOPLE) as connection:
        for login, name, role in (("wang", "王评查", "reviewer"), ("li", "李管理", "keeper")):
            row = {"county": "", "login": login, "name": name, "role": role, "secret": _secret()}
            connection.execute(storage.user.insert(), {**row, "made_ms": hub.now_ms(), "closed_ms": None})


@dataclass
class Told:
    """A matter that a county's journal told the hub."""

    id: int
    number: str


def tell_matter(
    journal: Journal, number: int, *, title: str, received: str, unit: int | None = None, state: str = "S1",
    events: tuple[tuple[str, str], ...] = (), **more: Any,
) -> Told:  # fmt: skip
    """Enter a matter with its first item, a statement and dated facts, as a register does."""
    name = f"S{received[:4]}-{number:06d}"
    facts = (("received", received), *events)
    matter = journal.new_id("matter")
    changes = [
        Change("matter", matter, None, {"number": name, "title": title, "received_on": received, "rules": "SC-431"
               if received < "2022-05-01" else "REG-2022", "state": state, "unit": unit, **more}),
        journal.insert("item", matter=matter, number=f"J{received[:4]}-{number:06d}", channel="letter",
                       received_on=received, registered_at=f"{received}T01:00:00Z", source="own"),
        journal.insert("passage", matter=matter, kind="statement", body=f"{title}。详情如下。"),
        journal.insert("person", matter=matter, role="petitioner", kind="person", name=f"甲某{number}", main=1,
                       id_number="110101199003074514", phone="13900001111", address="某乡某村九号"),
        journal.insert("accused", matter=matter, kind="person", name=f"被反映人{number}"),
        *(journal.insert("event", matter=matter, kind=kind, on_date=on) for kind, on in facts),
    ]  # fmt: skip
    journal.act(*changes)
    return Told(matter, name)


def send(journal: Journal, hub: Hub, first: int = 1) -> None:
    """Let the hub take all entries of a journal."""
    outcome = hub.ingest(sealed(journal, hub, first))
    assert outcome.state == "receipted", outcome


def days_ago(days: int) -> str:
    """Return a day before the hub's own today, ISO."""
    return (datetime.now(UTC).astimezone().date() - timedelta(days=days)).isoformat()


def today() -> date:
    """Return the hub's own today."""
    return datetime.now(UTC).astimezone().date()


__all__ = ["COUNTY", "Answer", "Browser", "Told", "add_people", "call", "days_ago", "send", "tell_matter", "today"]
