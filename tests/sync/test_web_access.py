"""Logging in and staying in: sessions, forms, attempts, headers; and what nobody learns from the log-in."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from models import errors
from sync.hub import storage, users
from sync.hub.cli import group
from sync.hub.hub import Hub
from sync.hub.limits import Limits, Rate
from sync.hub.watch import Watch
from sync.hub.web import sessions
from tests.passphrases import REAL, costing
from tests.sync.conftest import COUNTY, Journal
from tests.sync.pages import PASSPHRASE, Browser, add_people, days_ago, send, tell_matter


@pytest.fixture
def peopled(hub: Hub) -> Hub:
    add_people(hub)
    return hub


# --- people -----------------------------------------------------------------------------------------------------------


def test_a_person_is_added_checked_given_another_passphrase_and_closed(hub: Hub) -> None:
    users.add(hub, "zhou", "周评查", "reviewer", PASSPHRASE)
    assert users.check(hub, "zhou", PASSPHRASE)
    assert users.check(hub, "zhou", "ｎｉｎｅ-steady-cranes")  # full-width letters are the same letters
    assert not users.check(hub, "zhou", PASSPHRASE + "x")
    assert not users.check(hub, "nobody", PASSPHRASE)
    users.set_passphrase(hub, "zhou", "another-nine-cranes")
    assert not users.check(hub, "zhou", PASSPHRASE)
    users.close(hub, "zhou")
    assert not users.check(hub, "zhou", "another-nine-cranes")
    assert [one.login for one in users.everyone(hub)] == ["zhou"]
    assert users.everyone(hub)[0].closed_at is not None
    with pytest.raises(errors.InputError, match="已有人用"):
        users.add(hub, "zhou", "另一人", "keeper", PASSPHRASE)


@pytest.mark.parametrize(
    ("login", "name", "role", "passphrase"),
    [
        ("Zhou", "周", "reviewer", PASSPHRASE),
        ("z", "周", "reviewer", PASSPHRASE),
        ("zhou' --", "周", "reviewer", PASSPHRASE),
        ("zhou", " ", "reviewer", PASSPHRASE),
        ("zhou", "周", "root", PASSPHRASE),
        ("zhou", "周", "reviewer", "short"),
    ],
)
def test_what_cannot_be_a_person_is_refused(hub: Hub, login: str, name: str, role: str, passphrase: str) -> None:
    with pytest.raises(errors.InputError):
        users.add(hub, login, name, role, passphrase)
    assert users.everyone(hub) == ()


def test_the_secret_is_argon2id_and_tells_no_passphrase(hub: Hub) -> None:
    with costing(REAL):
        users.add(hub, "zhou", "周评查", "reviewer", PASSPHRASE)
    with hub.reading() as connection:
        secret = connection.execute(sa.select(storage.user.c.secret)).scalar_one()
    assert secret.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PASSPHRASE not in secret


def test_people_are_kept_on_the_command_line(file_hub: Hub, tmp_path: Path) -> None:
    folder = str(file_hub.place.folder)
    typed = tmp_path / "typed"
    typed.write_text(f"{PASSPHRASE}\nsecond line\n", "utf-8")
    runner = CliRunner()

    def run(*words: str, code: int = 0) -> str:
        done = runner.invoke(group, ["user", *words, "--hub", folder])
        assert done.exit_code == code, done.output
        return done.output

    words = ("--name", "周评查", "--role", "reviewer", "--passphrase-file", str(typed))
    assert "周评查" in run("add", "zhou", *words)
    assert '"role": "reviewer"' in run("list", "--json")
    assert users.check(file_hub, "zhou", PASSPHRASE)
    typed.write_text("other-steady-cranes\n", "utf-8")
    run("passphrase", "zhou", "--passphrase-file", str(typed))
    assert users.check(file_hub, "zhou", "other-steady-cranes")
    assert "已停用" in run("close", "zhou")
    run("close", "nobody", code=1)
    run("add", "zhou", *words, code=1)
    run("add", "chen", *words[:-1], str(tmp_path / "absent"), code=3)


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_a_session_begins_at_the_log_in_under_a_token_that_the_database_does_not_know(peopled: Hub) -> None:
    browser = Browser(peopled)
    answer = browser.log_in()
    assert answer.status == 303
    assert answer.headers["location"] == "/city/"
    cookie = next(one for one in answer.cookies if one.startswith("__Host-city="))
    for mark in ("Secure", "HttpOnly", "SameSite=strict", "Path=/"):
        assert mark in cookie
    assert "Domain" not in cookie
    assert browser.get("/city/").status == 200
    with peopled.reading() as connection:
        kept = str(connection.execute(sa.select(storage.session)).all())
    assert browser.cookies["__Host-city"] not in kept


def test_a_token_that_somebody_planted_is_never_used(peopled: Hub) -> None:
    browser = Browser(peopled)
    browser.cookies["__Host-city"] = "planted-by-somebody"
    assert browser.get("/city/").status == 303
    browser.log_in()
    assert browser.cookies["__Host-city"] != "planted-by-somebody"
    first = browser.cookies["__Host-city"]
    assert browser.get("/city/login").headers["location"] == "/city/"  # logged in already: no other session is begun
    other = Browser(peopled)
    other.cookies["__Host-city"] = first
    assert other.get("/city/").status == 200


def test_logging_in_again_ends_the_session_before(peopled: Hub) -> None:
    browser = Browser(peopled).enter()
    before = browser.cookies["__Host-city"]
    key = Browser(peopled).get("/city/login").field("form_key")
    browser.cookies["__Host-city-form"] = key
    browser.post("/city/login", {"form_key": key, "login": "wang", "passphrase": PASSPHRASE, "back": ""})
    assert browser.cookies["__Host-city"] != before
    old = Browser(peopled)
    old.cookies["__Host-city"] = before
    assert old.get("/city/").status == 303


def test_a_session_ends_when_it_is_not_used_after_its_whole_time_and_at_log_out(peopled: Hub) -> None:
    now = datetime.now(UTC)
    peopled._clock = lambda: now
    browser, began, step = Browser(peopled).enter(), now, timedelta(seconds=sessions.IDLE_S - 60)
    while now + step < began + timedelta(seconds=sessions.WHOLE_S):
        now += step
        assert browser.get("/city/").status == 200
    now = began + timedelta(seconds=sessions.WHOLE_S + 1)  # used a moment ago, and over all the same
    assert browser.get("/city/").status == 303
    browser.enter()
    now += timedelta(seconds=sessions.IDLE_S + 1)
    assert browser.get("/city/").status == 303
    browser.enter()
    token = browser.cookies["__Host-city"]
    browser.submit("/city/", {}, "/city/logout")
    browser.cookies["__Host-city"] = token
    assert browser.get("/city/").status == 303


def test_closing_a_person_and_another_passphrase_end_sessions(peopled: Hub) -> None:
    here, there = Browser(peopled).enter(), Browser(peopled).enter()
    done = here.submit("/city/passphrase", {"passphrase": PASSPHRASE, "new": "other-cranes", "again": "other-cranes"})
    assert "口令已更换" in done.words
    assert here.get("/city/").status == 200
    assert there.get("/city/").status == 303
    users.close(peopled, "wang")
    assert here.get("/city/").status == 303


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"passphrase": "wrong", "new": "other-cranes", "again": "other-cranes"}, "现在的口令不对"),
        ({"passphrase": PASSPHRASE, "new": "other-cranes", "again": "otter-cranes"}, "不一致"),
        ({"passphrase": PASSPHRASE, "new": "short", "again": "short"}, "太短"),
    ],
)
def test_a_passphrase_that_cannot_be_is_refused(peopled: Hub, fields: dict[str, str], told: str) -> None:
    page = Browser(peopled).enter().submit("/city/passphrase", fields)
    assert page.status == 400
    assert told in page.words
    assert users.check(peopled, "wang", PASSPHRASE)


# --- what is refused at the log-in ------------------------------------------------------------------------------------


def test_a_refused_log_in_says_the_same_whatever_was_wrong_and_takes_as_long(peopled: Hub) -> None:
    browser = Browser(peopled, watch=Watch(limits=Limits({"logins": Rate(1000, 1000)})))
    browser.log_in("wang", "warm-up-cranes")
    times: dict[str, list[float]] = {"wang": [], "nobody": []}
    told = {}
    for _ in range(4):
        for login, found in times.items():
            started = time.perf_counter()
            answer = browser.log_in(login, "wrong-passphrase")
            found.append(time.perf_counter() - started)
            assert answer.status == 403
            told[login] = answer.words.replace(login, "")
    assert told["wang"] == told["nobody"]
    known, unknown = (statistics.median(found) for found in times.values())
    assert 0.4 < known / unknown < 2.5, (known, unknown)


def test_a_login_is_locked_after_so_many_refusals_whatever_is_typed_then(peopled: Hub) -> None:
    now = datetime.now(UTC)
    peopled._clock = lambda: now
    for _ in range(sessions.TRIES):
        with pytest.raises(sessions.NotKnownError):
            sessions.log_in(peopled, "wang", "wrong-passphrase")
    with pytest.raises(sessions.LockedError):
        sessions.log_in(peopled, "wang", PASSPHRASE)
    assert sessions.log_in(peopled, "li", PASSPHRASE)
    now += timedelta(seconds=sessions.TRIES_S + 1)
    assert sessions.log_in(peopled, "wang", PASSPHRASE)


def test_log_ins_from_one_address_are_limited(peopled: Hub) -> None:
    watch = Watch(limits=Limits({"logins": Rate(0.1, 3)}))
    browser = Browser(peopled, watch=watch)
    for _ in range(3):
        assert browser.log_in("nobody", "wrong-passphrase").status == 403
    answer = browser.log_in("nobody", "wrong-passphrase")
    assert answer.status == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 10
    assert "请求过于频繁" in answer.words


def test_a_login_that_nobody_has_is_not_written_down(peopled: Hub) -> None:
    with pytest.raises(sessions.NotKnownError):
        sessions.log_in(peopled, "my-passphrase-typed-here", "x")
    with peopled.reading() as connection:
        kept = connection.execute(sa.select(storage.look.c.login, storage.look.c.what)).all()
    assert [tuple(one) for one in kept] == [("", sessions.REFUSED)]


# --- forms ------------------------------------------------------------------------------------------------------------


def test_a_form_needs_the_key_of_its_session_and_a_page_of_ours(peopled: Hub) -> None:
    browser, other = Browser(peopled).enter(), Browser(peopled).enter("li")
    fields = {"county": COUNTY, "title": "通知", "body": "内容"}
    theirs = other.get("/city/papers/new/notice").field("form_key")
    mine = browser.get("/city/papers/new/notice").field("form_key")
    for key, headers in (
        ("", {}),
        (theirs, {}),
        (mine + "x", {}),
        (mine, {"origin": "https://evil.test"}),
        (mine, {"origin": "null"}),
        (mine, {"sec-fetch-site": "cross-site"}),
    ):
        answer = browser.post("/city/papers/new/notice", {"form_key": key, **fields}, **headers)
        assert answer.status == 403, (key, headers)
        assert "没有作任何改动" in answer.words
    assert browser.post("/city/papers/new/notice", {"form_key": mine, **fields}).status != 403


def test_the_log_in_needs_the_key_of_its_own_page(peopled: Hub) -> None:
    browser = Browser(peopled)
    fields = {"login": "wang", "passphrase": PASSPHRASE, "back": ""}
    assert browser.post("/city/login", {"form_key": "", **fields}).status == 403
    key = browser.get("/city/login").field("form_key")
    assert Browser(peopled).post("/city/login", {"form_key": key, **fields}).status == 403
    assert "__Host-city" not in browser.cookies


def test_nobody_is_sent_on_to_another_site(peopled: Hub) -> None:
    for back in ("https://evil.test/", "//evil.test/", "/\\evil.test", "/v1/health", "javascript:alert(1)", "/city"):
        browser = Browser(peopled)
        page = browser.get(f"/city/login?back={back}")
        assert page.field("back") == "/city/", back
        assert browser.get(f"/city/language/en?back={back}").headers["location"] == "/city/"
    browser = Browser(peopled)
    page = browser.get("/city/matters?state=S13")
    key = browser.follow(page).field("form_key")
    fields = {"form_key": key, "login": "wang", "passphrase": PASSPHRASE, "back": "/city/matters?state=S13"}
    assert browser.post("/city/login", fields).headers["location"] == "/city/matters?state=S13"


def test_a_form_that_is_too_long_or_no_form_is_refused(peopled: Hub) -> None:
    browser = Browser(peopled).enter()
    key = browser.get("/city/papers/new/notice").field("form_key")
    long = browser.post("/city/papers/new/notice", {"form_key": key, "body": "长" * 90_000})
    assert long.status == 400
    assert "内容过长" in long.words
    odd = browser.ask("POST", "/city/papers/new/notice", "form_key=通".encode(), {"origin": "https://hub.test:8443"})
    assert odd.status == 403
    many = browser.post("/city/papers/new/notice", {f"f{n}": "x" for n in range(300)})
    assert many.status == 403


# --- headers ----------------------------------------------------------------------------------------------------------


def test_every_answer_of_the_pages_bears_the_headers_that_keep_it_to_itself(joined: Journal, peopled: Hub) -> None:
    matter = tell_matter(joined, 1, title="反映噪声", received=days_ago(3))
    send(joined, peopled)
    browser = Browser(peopled)
    pages = [browser.get(path) for path in ("/city/login", "/city/nothing", "/city/", "/city/help")]
    browser.enter()
    pages += [
        browser.get(path) for path in ("/city/", f"/city/matter/{COUNTY}/{matter.id}", "/city/figures/circular.pdf")
    ]
    for page in pages:
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "same-origin"
        assert page.headers["cache-control"] == "no-store"
        assert "strict-transport-security" in page.headers
        assert "server" not in page.headers
    style = browser.get("/city/style.css?v=1")
    assert style.headers["content-type"].startswith("text/css")
    assert "no-store" not in style.headers["cache-control"]
    for page in pages:
        if page.headers.get("content-type", "").startswith("text/html"):
            assert "<script" not in page.text
            assert " style=" not in page.text
            assert "http://" not in page.text
            assert "https://" not in page.text


def test_the_bare_address_leads_to_the_pages_and_the_desks_routes_stay_their_own(peopled: Hub) -> None:
    browser = Browser(peopled)
    assert browser.get("/").headers["location"] == "/city/"
    assert browser.get("/v1/health").status == 200
    assert browser.enter().get("/v1/digests").status == 401  # a person's session is no workstation's signature
