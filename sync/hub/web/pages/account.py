"""Log-in and log-out, the passphrase, the language, the help."""

from __future__ import annotations

import hmac

from starlette.responses import Response

from models import errors
from models.errors import Message
from sync.hub import users
from sync.hub.watch import address, of
from sync.hub.web import sessions
from sync.hub.web.ask import (
    COOKIE,
    FORM_COOKIE,
    LANGUAGE_COOKIE,
    Ask,
    ForeignFormError,
    forget,
    go,
    keep,
    new_key,
    ours,
)

_A_YEAR_S = 365 * 24 * 60 * 60


def login(ask: Ask) -> Response:
    """Show the log-in, with a key that the form must bring back."""
    if ask.session is not None:
        return go(ours(ask.query.get("back", "")))
    return _login_page(ask)


def log_in(ask: Ask) -> Response:
    """Begin a session, or say that it was refused; a session that there was before is not used on."""
    limits = of(ask.request).limits
    limits.take("logins", address(ask.request))
    key, sent = ask.request.cookies.get(FORM_COOKIE, ""), ask.form.get("form_key", "")
    if not key or not hmac.compare_digest(key.encode(), sent.encode()):
        raise ForeignFormError
    if ask.session is not None:
        sessions.log_out(ask.hub, ask.session)
    try:
        token = sessions.log_in(ask.hub, ask.form.get("login", ""), ask.form.get("passphrase", ""))
    except errors.NotAllowedError as refused:
        of(ask.request).login(taken=False)
        return _login_page(ask, refused.message)
    of(ask.request).login(taken=True)
    return keep(forget(go(ours(ask.form.get("back", ""))), FORM_COOKIE), COOKIE, token)


def _login_page(ask: Ask, told: Message | None = None) -> Response:
    key = new_key()
    back = ours(ask.query.get("back", "") or ask.form.get("back", ""))
    answer = ask.page(
        "login.html", status=403 if told else 200, key=key, back=back, told=told, login=ask.form.get("login", "")
    )
    return keep(answer, FORM_COOKIE, key)


def log_out(ask: Ask) -> Response:
    """End the session."""
    assert ask.session is not None  # noqa: S101  guarded
    sessions.log_out(ask.hub, ask.session)
    return forget(go("/city/login"), COOKIE)


def passphrase(ask: Ask) -> Response:
    """Show the form for another passphrase."""
    return ask.page("passphrase.html", told=None, done=False)


def set_passphrase(ask: Ask) -> Response:
    """Set another passphrase; every other session of this person ends."""
    assert ask.session is not None  # noqa: S101  guarded
    of(ask.request).limits.take("logins", address(ask.request))
    first, again = ask.form.get("new", ""), ask.form.get("again", "")
    try:
        if not users.check(ask.hub, ask.user.login, ask.form.get("passphrase", "")):
            raise errors.InputError("passphrase", "现在的口令不对。", "The present passphrase is wrong.")
        if first != again:
            raise errors.InputError("again", "两次输入的新口令不一致。", "The new passphrase was typed in two ways.")
        users.set_passphrase(ask.hub, ask.user.login, first, keep=ask.session.name)
    except errors.InputError as refused:
        return ask.page("passphrase.html", status=400, told=refused.message, done=False)
    return ask.page("passphrase.html", told=None, done=True)


def language(ask: Ask) -> Response:
    """Keep the language that was chosen, and go back."""
    chosen = "en" if ask.path("language") == "en" else "zh"
    return keep(go(ours(ask.query.get("back", ""))), LANGUAGE_COOKIE, chosen, lasts_s=_A_YEAR_S)


def help_page(ask: Ask) -> Response:
    """Show the help."""
    return ask.page("help.html", idle=sessions.IDLE_S // 60, tries=sessions.TRIES, tries_minutes=sessions.TRIES_S // 60)
