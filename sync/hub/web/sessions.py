"""Who is logged in, and who tries to.

A session begins at a log-in and never before, under a token that is new each time (so that nobody can be made to use
one that is known); the browser keeps the token, the database its SHA-256 only, so that whoever reads the database can
be nobody. It ends when it was not used for `IDLE_S`, after `WHOLE_S` in any case, at log-out, when the person is
closed or the passphrase changed. Each has a form key: a form that does not bring it along was not made by our page.

Log-ins are noted among the looks (`log_in`, `log_in_refused`), so that the keeper sees them and any worker counts them:
after `TRIES` refusals in `TRIES_S` a login is locked for that long, whatever is typed. A login that nobody has is noted
without its name: it may be a passphrase typed into the wrong field.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from models import errors
from sync.hub import storage, users
from sync.hub.hub import Hub
from sync.hub.users import PEOPLE, User

IDLE_S = 30 * 60
WHOLE_S = 12 * 60 * 60
SEEN_EVERY_S = 60
"""A session that is used is written down no more often than this."""
TRIES = 10
TRIES_S = 15 * 60
LOG_IN, REFUSED = "log_in", "log_in_refused"
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A log-in that holds.

    Attributes:
        name: What the database knows it by: SHA-256 of the token, hex.
        form_key: What each form brings along.
        user: Who it is.
    """

    name: str
    form_key: str
    user: User

    def made(self, form_key: str) -> bool:
        """Return whether a form is one of ours."""
        return hmac.compare_digest(self.form_key.encode(), form_key.encode())


class LockedError(errors.NotAllowedError):
    """Too many refused log-ins; the login is locked for a while."""

    def __init__(self) -> None:
        minutes = TRIES_S // 60
        super().__init__(
            f"登录失败次数过多，该登录名暂停登录，请 {minutes} 分钟后再试，或请管理员核对。",
            f"Too many refused log-ins: this login is locked. Try again in {minutes} minutes, or ask the keeper.",
        )


class NotKnownError(errors.NotAllowedError):
    """Login or passphrase is wrong; which of them is not said."""

    def __init__(self) -> None:
        super().__init__("登录名或者口令不对。", "Login or passphrase is wrong.")


def log_in(hub: Hub, login: str, passphrase: str) -> str:
    """Begin a session; returns its token, to be kept by the browser alone.

    Raises:
        NotKnownError: Login or passphrase is wrong.
        LockedError: Refused too often of late.
    """
    fits = users.check(hub, login, passphrase)
    known = any(one.login == login for one in users.everyone(hub))
    if known and _refusals(hub, login) >= TRIES:
        raise LockedError
    if not fits:
        note(hub, login if known else "", REFUSED)
        raise NotKnownError
    token = begin(hub, login)
    note(hub, login, LOG_IN)
    return token


def begin(hub: Hub, login: str) -> str:
    """Begin a session for somebody whose passphrase was checked, and drop those that are over; returns its token."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    now = hub.now_ms()
    t = storage.session
    with hub.writing(PEOPLE) as connection:
        connection.execute(
            sa.delete(t).where(sa.or_(t.c.seen_ms < now - IDLE_S * 1000, t.c.made_ms < now - WHOLE_S * 1000))
        )
        row = {"county": "", "token": _name(token), "login": login, "form_key": secrets.token_urlsafe(_TOKEN_BYTES)}
        connection.execute(t.insert(), {**row, "made_ms": now, "seen_ms": now})
    return token


def session_of(hub: Hub, token: str) -> Session | None:
    """Return the session of a token, or None when it does not hold (any more)."""
    if not token:
        return None
    t, u = storage.session, storage.user
    name, now = _name(token), hub.now_ms()
    same = sa.and_(u.c.county == t.c.county, u.c.login == t.c.login)
    query = sa.select(t.c.form_key, t.c.made_ms, t.c.seen_ms, u.c.login, u.c.name, u.c.role).join_from(t, u, same)
    with hub.reading() as connection:
        row = connection.execute(query.where(t.c.county == "", t.c.token == name, u.c.closed_ms.is_(None))).first()
    if row is None or now - row.seen_ms > IDLE_S * 1000 or now - row.made_ms > WHOLE_S * 1000:
        return None
    if now - row.seen_ms > SEEN_EVERY_S * 1000:
        with hub.writing(PEOPLE) as connection:
            connection.execute(sa.update(t).where(t.c.county == "", t.c.token == name).values(seen_ms=now))
    return Session(name=name, form_key=row.form_key, user=users.find(hub, row.login))


def log_out(hub: Hub, session: Session) -> None:
    """End a session."""
    t = storage.session
    with hub.writing(PEOPLE) as connection:
        connection.execute(sa.delete(t).where(t.c.county == "", t.c.token == session.name))


def note(hub: Hub, login: str, what: str, *, county: str = "", matter: int | None = None) -> None:
    """Keep who of the city looked at what, or did what.

    Args:
        hub: The hub.
        login: Who; '' for nobody that we know.
        what: Code: `log_in`, `matter`, `case`, `paper` ...
        county: Whose matter it is; '' for what is the city's own.
        matter: Its row.
    """
    t = storage.look
    now = hub.now_ms()
    with hub.writing(county or PEOPLE) as connection:
        before = sa.select(sa.func.max(t.c.n)).where(t.c.county == county, t.c.at_ms == now)
        n = (connection.execute(before).scalar_one() or 0) + 1
        row = {"county": county, "at_ms": now, "n": n, "login": login, "what": what, "matter": matter}
        connection.execute(t.insert(), row)


def _refusals(hub: Hub, login: str) -> int:
    """Return how often a login was refused of late, since it last was taken."""
    t = storage.look
    since = hub.now_ms() - TRIES_S * 1000
    mine = (t.c.county == "", t.c.login == login, t.c.at_ms > since)
    with hub.reading() as connection:
        taken = connection.execute(sa.select(sa.func.max(t.c.at_ms)).where(*mine, t.c.what == LOG_IN)).scalar_one()
        query = sa.select(sa.func.count()).select_from(t).where(*mine, t.c.what == REFUSED, t.c.at_ms > (taken or 0))
        return int(connection.execute(query).scalar_one())


def _name(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
