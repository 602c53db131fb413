"""The window's own words, in Chinese and English: resources/i18n/{zh,en}.toml, equal in their keys.

`t("new.register")` gives the words of a key in the language spoken; `{name}` parts are filled from keyword arguments.
A missing key raises KeyError: a gap shows in the tests, never as an empty button. Words of codes, acts, clocks and
letters are the law's and live with their data; `ui.law` fetches them.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path

import resources
from models.errors import Language, RegisterError, speak, spoken

RESOURCES = Path(resources.__file__).parent

LANGUAGES: tuple[Language, ...] = ("zh", "en")


@cache
def table(language: Language) -> dict[str, str]:
    """Return all words of a language by dotted key.

    The files keep to the part of TOML that one line at a time can be read of (`[room]`, `key = "words"` without any
    backslash): the whole of `tomllib` would cost as much as the first paint. `tests/ui/test_words.py` reads them by
    `tomllib` and compares.
    """
    found: dict[str, str] = {}
    room = ""
    for line in (RESOURCES / "i18n" / f"{language}.toml").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            room = line.strip("[]")
        elif line and not line.startswith("#"):
            key, _, words = line.partition(" = ")
            found[f"{room}.{key}"] = words[1:-1]
    return found


def use(language: Language) -> None:
    """Speak this language from now on, in the window and in errors."""
    speak(language)


def language() -> Language:
    """Return the language spoken."""
    return spoken()


def t(key: str, **parts: object) -> str:
    """Return the words of `key` in the language spoken."""
    words = table(spoken())[key]
    return words.format(**parts) if parts else words


def sentence(error: RegisterError) -> str:
    """Return an error's sentence in the language spoken."""
    return str(error.message)


def both(zh: str, en: str) -> str:
    """Choose between two texts that came from data."""
    return zh if spoken() == "zh" else en


def title_seen(title: str, sight: str) -> str:
    """Return the title of a matter as this person may see it."""
    return title if sight == "full" else t("sealed.title")


def day(value: date | str | None) -> str:
    """Return a day as in tables, 2026-03-02; '' for none."""
    if value is None:
        return ""
    return value if isinstance(value, str) else value.isoformat()


def moment(value: datetime | None) -> str:
    """Return an instant as local time, 2026-03-02 09:05; a dash for never."""
    return value.astimezone().strftime("%Y-%m-%d %H:%M") if value else "-"


def clock_time(value: datetime) -> str:
    """Return the local time of day with seconds, 09:05:07."""
    return value.astimezone().strftime("%H:%M:%S")


def days_left(count: int) -> str:
    """Return how far a last lawful day is: days left, today, or days past."""
    if count > 1:
        return t("days.left", count=count)
    if count == 1:
        return t("days.left_one")
    if count == 0:
        return t("days.today")
    return t("days.over_one") if count == -1 else t("days.over", count=-count)


def age(since: datetime, now: datetime) -> str:
    """Return how long ago an instant was, in the largest whole unit."""
    seconds = max(0, int((now - since).total_seconds()))
    if seconds < 60:
        return t("age.now")
    if seconds < 3600:
        return t("age.minutes", count=seconds // 60)
    if seconds < 86400:
        return t("age.hours", count=seconds // 3600)
    return t("age.days", count=seconds // 86400)


def said_of(*parts: str) -> str:
    """Join what a screen reader says of one thing; empty parts are left out."""
    return t("join.spoken").join(part for part in parts if part)


def size(count: int) -> str:
    """Return bytes as kB or MB."""
    if count < 1024:
        return f"{count} B"
    if count < 1024 * 1024:
        return f"{count / 1024:.0f} kB"
    return f"{count / 1024 / 1024:.1f} MB"
