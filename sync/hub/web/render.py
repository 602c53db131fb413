"""How a page is made: its template, its words in the language of the reader, its headers.

Templates are in `resources/hub`. Each value that is put in is escaped, and a name that a template does not get is an
error, not an empty place. Words stand in the template in both languages: `say('中文', 'English')`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from starlette.responses import HTMLResponse, Response

from models import codes
from models.errors import Language, Message

STYLE_VERSION = "2"
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Strict-Transport-Security": "max-age=31536000",
}
"""Of every answer under /city. No script runs, nothing is fetched from elsewhere, no other page may frame ours."""
PRIVATE = {"Cache-Control": "no-store"}
"""Of every answer that only somebody who is logged in gets."""


@cache
def environment() -> jinja2.Environment:
    """Return the templates."""
    home = files("resources").joinpath("hub")
    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: home.joinpath(name).read_text("utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["style_version"] = STYLE_VERSION
    return made


def resource(name: str) -> bytes:
    """Return a file beside the templates."""
    return files("resources").joinpath("hub", name).read_bytes()


def words(language: Language) -> dict[str, Callable[..., Any]]:
    """Return what templates say things with, in one language."""
    zh = language == "zh"

    def say(in_chinese: str, in_english: str, *values: object) -> str:
        texts = [word(value) if isinstance(value, Message) else value for value in values]
        return (in_chinese if zh else in_english).format(*texts)

    def word(message: Message) -> str:
        return message.zh if zh else message.en

    def code(table: str, value: str | int | None) -> str:
        return codes.word(table, value, language)

    def day(value: date | str | None) -> str:
        return "" if value is None else str(value)

    def instant(value: datetime | None) -> str:
        return "" if value is None else f"{value.astimezone():%Y-%m-%d %H:%M}"

    def days_left(last: date, today: date) -> str:
        left = (last - today).days
        if left < 0:
            return say("已超 {0} 天", "{0} days late" if left < -1 else "1 day late", -left)
        return (
            say("还有 {0} 天", "{0} days left" if left != 1 else "1 day left", left) if left else say("今日", "today")
        )

    def count(number: int, zh_unit: str, one: str, many: str) -> str:
        return f"{number:,} {zh_unit}" if zh else f"{number:,} {one if number == 1 else many}"

    return {
        "say": say, "word": word, "code": code, "day": day, "instant": instant, "days_left": days_left,
        "count": count,
    }  # fmt: skip


def page(name: str, language: Language, values: Mapping[str, Any], *, status: int = 200) -> Response:
    """Return a page made from a template, with its headers."""
    text = environment().get_template(name).render({"language": language, **words(language), **values})
    return HTMLResponse(text, status, headers={**HEADERS, **PRIVATE})
