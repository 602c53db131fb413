"""People of the city who work in the browser: who they are, what they may do, whether a passphrase is theirs.

Two roles, one a person (a second pair of eyes needs a second person):

- *reviewer* (评查员): reads matters that are not sealed, assigns, reviews closing reports, supervises;
- *keeper* (管理员): sees the counties' state and who looked at what; sends calendars, code tables and the like.
  Reads no matter: whoever keeps the machine is not by that a reader.

A passphrase is kept as Argon2id only (RFC 9106). Checking one takes the same time whether or not there is such a
login, and one at a time in a process, so that guessing fills no memory. Nobody is ever deleted: who is closed stays as
the name behind what they did.
"""

from __future__ import annotations

import os
import re
import threading
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import sqlalchemy as sa
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from models import errors
from models.keyring import KDF_LANES, KDF_MEMORY_KIB, KDF_PASSES, check_passphrase
from sync.hub import storage
from sync.hub.hub import Hub

ROLES = ("reviewer", "keeper")
ROLE_WORDS: dict[str, errors.Message] = {
    "reviewer": errors.Message("评查员", "reviewer"),
    "keeper": errors.Message("管理员", "keeper"),
}
PEOPLE = "~people"
"""The lock under which rows of people are written: no county's, so that nobody's batch waits for it."""
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_NAME_CHARACTERS = 40
_TYPED_BYTES = 1024
"""What is typed beyond this does not count, so that nobody makes us hash megabytes."""
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person of the city.

    Attributes:
        login: What they type.
        name: Full name.
        role: One of `ROLES`.
        made_at: When they were added.
        closed_at: When they were closed; None while they may log in.
    """

    login: str
    name: str
    role: str
    made_at: datetime
    closed_at: datetime | None = None


def add(hub: Hub, login: str, name: str, role: str, passphrase: str) -> User:
    """Add a person.

    Raises:
        InputError: The login is taken or cannot be one, there is no such role, the passphrase is too short.
    """
    if not _LOGIN.fullmatch(login):
        raise errors.InputError(
            "login",
            f"登录名只能用小写字母、数字和 . _ -，2 至 32 个字符：{login}",
            f"A login is 2 to 32 small letters, digits and . _ -: {login}",
        )
    if role not in ROLES:
        raise errors.InputError(
            "role", f"没有“{role}”这个角色。可用：{'、'.join(ROLES)}。",
            f"There is no role “{role}”; there are: {', '.join(ROLES)}.",
        )  # fmt: skip
    if not name.strip() or len(name) > _NAME_CHARACTERS:
        raise errors.InputError(
            "name", f"请写明姓名，至多 {_NAME_CHARACTERS} 字。",
            f"Give the full name, of {_NAME_CHARACTERS} characters at most.",
        )  # fmt: skip
    check_passphrase(passphrase)
    secret = _hashed(passphrase)
    t = storage.user
    with hub.writing(PEOPLE) as connection:
        if connection.execute(sa.select(t.c.login).where(t.c.county == "", t.c.login == login)).first():
            raise errors.InputError(
                "login",
                f"登录名“{login}”已有人用（停用的也不再给别人）。请换一个。",
                f"The login “{login}” is taken (a closed one stays so). Choose another.",
            )
        row = {"county": "", "login": login, "name": name.strip(), "role": role, "secret": secret}
        connection.execute(t.insert(), {**row, "made_ms": hub.now_ms(), "closed_ms": None})
    return find(hub, login)


def find(hub: Hub, login: str) -> User:
    """Return a person by login, also a closed one.

    Raises:
        InputError: There is none.
    """
    found = next((one for one in everyone(hub) if one.login == login), None)
    if found is None:
        raise errors.InputError("login", f"没有登录名“{login}”。请核对。", f"There is no login “{login}”. Check it.")
    return found


def everyone(hub: Hub) -> tuple[User, ...]:
    """Return all people, in the order of their logins."""
    t = storage.user
    query = sa.select(t.c.login, t.c.name, t.c.role, t.c.made_ms, t.c.closed_ms).where(t.c.county == "")
    with hub.reading() as connection:
        rows = connection.execute(query.order_by(t.c.login)).all()
    return tuple(
        User(login=login, name=name, role=role, made_at=_instant(made), closed_at=_instant(closed) if closed else None)
        for login, name, role, made, closed in rows
    )


def close(hub: Hub, login: str) -> User:
    """Close a person: their sessions end at once, and the login opens nothing any more.

    Raises:
        InputError: There is no such login.
    """
    find(hub, login)
    t, s = storage.user, storage.session
    with hub.writing(PEOPLE) as connection:
        mine = sa.and_(t.c.county == "", t.c.login == login, t.c.closed_ms.is_(None))
        connection.execute(sa.update(t).where(mine).values(closed_ms=hub.now_ms()))
        connection.execute(sa.delete(s).where(s.c.county == "", s.c.login == login))
    return find(hub, login)


def set_passphrase(hub: Hub, login: str, passphrase: str, *, keep: str = "") -> None:
    """Give a person another passphrase; their sessions end, but for the one named.

    Args:
        hub: The hub.
        login: Whose.
        passphrase: The new one.
        keep: Stored name of the session in which it was changed.

    Raises:
        InputError: There is no such login, or the passphrase is too short.
    """
    find(hub, login)
    check_passphrase(passphrase)
    secret = _hashed(passphrase)
    t, s = storage.user, storage.session
    with hub.writing(PEOPLE) as connection:
        connection.execute(sa.update(t).where(t.c.county == "", t.c.login == login).values(secret=secret))
        connection.execute(sa.delete(s).where(s.c.county == "", s.c.login == login, s.c.token != keep))


def check(hub: Hub, login: str, passphrase: str) -> bool:
    """Return whether a passphrase opens a login that is not closed, in the same time whatever is wrong."""
    t = storage.user
    with hub.reading() as connection:
        row = connection.execute(
            sa.select(t.c.secret, t.c.closed_ms).where(t.c.county == "", t.c.login == login)
        ).first()
    nobodys = _nobodys()  # asked for each time: the first asking makes it, whoever is asked for
    known = row is not None and row.closed_ms is None
    fits = _fits(passphrase, row.secret if row is not None else nobodys)
    return known and fits


# --- hashing ----------------------------------------------------------------------------------------------------------


def _typed(passphrase: str) -> bytes:
    # Full-width or decomposed letters are the same letters, as in `models.keyring`.
    return unicodedata.normalize("NFKC", passphrase).encode(errors="replace")[:_TYPED_BYTES]


def _kdf(salt: bytes) -> Argon2id:
    return Argon2id(salt=salt, length=32, iterations=KDF_PASSES, lanes=KDF_LANES, memory_cost=KDF_MEMORY_KIB)


def _hashed(passphrase: str) -> str:
    with _one_at_a_time:
        return _kdf(os.urandom(16)).derive_phc_encoded(_typed(passphrase))


def _fits(passphrase: str, secret: str) -> bool:
    with _one_at_a_time:
        try:
            Argon2id.verify_phc_encoded(_typed(passphrase), secret)
        except InvalidKey:
            return False
    return True


@cache
def _nobodys() -> str:
    """Return the hash of a passphrase that nobody knows: what an unknown login is compared with."""
    return _hashed(os.urandom(16).hex())


def _instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
