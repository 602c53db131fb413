"""Which rules and calendars count in a register: those that were accepted for it, not whatever the program brings.

A newer program may bring a corrected rule file or the calendar of another year. Neither moves a last day by itself: the
register keeps the texts that count in its own file (`meta`: `law.accepted`, `law.digest`) and goes on counting by them
until a person has reviewed what would move (`models.shifts`). A new register accepts what its program brings, and so
does one that was made before this was kept.

The texts are kept whole, so that the day before and the day after can both be worked out; a program reads the rule
files of every earlier one (format `petition-desk/rules/1`).

An overlay that the program does not bring comes as a file from the city (`models.citypapers`); it is kept in a setting
(`rules.file.ID`), so that every workstation of the county has it, and its text never changes: another text has another
id.

The bureau's local overlay counts from a day on (setting `rules.overlays`): a matter has the overlay of the day on which
it was received, and keeps it (project rule, domain reference 3).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson

from models import clocks, errors

if TYPE_CHECKING:
    import sqlcipher3.dbapi2 as driver

    from models.register import Register

_ACCEPTED, _DIGEST = "law.accepted", "law.digest"
OVERLAYS = "rules.overlays"
"""Setting: a list of {"overlay": id or "", "from": day}, the days rising."""
ADDED = "rules.file."
"""Settings of rule files that are not the program's own, by id: their text."""
FIRST_OVERLAY = "rules.overlay"
"""Setting of registers of format 1: one overlay for all days before the first of `OVERLAYS`."""


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """The texts by which a register counts, put together.

    Attributes:
        texts: Rule files and calendars by `rules/NAME` and `calendars/NAME`.
        digest: Of the texts.
        book: The rule files.
        calendar: The calendars among the texts; the bureau's own come on top.
    """

    texts: Mapping[str, str]
    digest: str
    book: clocks.RuleBook
    calendar: clocks.Calendar


@cache
def shipped_texts() -> Mapping[str, str]:
    """Return the rule files and calendars that come with the program."""
    return {
        **{f"calendars/{name}": text for name, text in clocks.calendar_texts().items()},
        **{f"rules/{name}": text for name, text in clocks.rule_texts().items()},
    }


@cache
def shipped() -> Law:
    """Return what comes with the program."""
    texts = shipped_texts()
    return Law(texts, digest_of(texts), clocks.shipped(), clocks.load_calendar())


def digest_of(texts: Mapping[str, str]) -> str:
    """Return a digest of texts and their names, hex."""
    return hashlib.sha256(orjson.dumps(texts, option=orjson.OPT_SORT_KEYS)).hexdigest()


def law_of(connection: driver.Connection) -> Law:
    """Return what counts in a register: the texts that were accepted, and the overlays that came from elsewhere."""
    accepted = _accepted(connection)
    rows = connection.execute(
        "SELECT name, value FROM setting WHERE name BETWEEN ? AND ? ORDER BY rev", (ADDED, ADDED + "~")
    )
    book = with_added(accepted.book, dict(rows.fetchall()))
    return accepted if book is accepted.book else replace(accepted, book=book)


def with_added(book: clocks.RuleBook, settings: Mapping[str, str | None]) -> clocks.RuleBook:
    """Return a book of rules with the overlays that settings `rules.file.ID` hold; the same book when they hold none.

    Args:
        book: The rules that count otherwise.
        settings: Values of settings as JSON, by name; others than these are passed over.
    """
    texts = {
        name.removeprefix(ADDED): orjson.loads(value)
        for name, value in settings.items()
        if name.startswith(ADDED) and value
    }
    known = {file.id for file in book.files}
    added = [read_overlay(text) for name, text in sorted(texts.items()) if text and name not in known]
    return clocks.RuleBook((*book.files, *added)) if added else book


def read_overlay(text: str, name: str = "overlay.toml") -> clocks.RuleFile:
    """Return the local overlay of a rule file that is not the program's own.

    Raises:
        InputError: It is no rule file, no overlay, or changes a clock that no national set has; says where.
    """
    try:
        files = clocks.read_rule_files({**clocks.rule_texts(), name: text})
    except errors.BugError as fault:
        zh, en = (
            part.rsplit(cut, 1)[0] for part, cut in ((fault.message.zh, "请重新"), (fault.message.en, " Install"))
        )
        raise errors.InputError("file", zh, en) from fault
    shipped_ids = {file.id for file in clocks.rule_files()}
    found = [file for file in files if file.id not in shipped_ids and file.family == "overlay"]
    if len(found) != 1:
        raise errors.InputError(
            "file",
            f"{name} 不是新的地方规定：类别须为 overlay，编号不得与已有的相同。",
            f"{name} is no new overlay: its kind is overlay, and its id is none that is there already.",
        )
    return found[0]


def _accepted(connection: driver.Connection) -> Law:
    """Return the law by the texts that were accepted for a register."""
    found = dict(connection.execute("SELECT name, value FROM meta WHERE name=?", (_DIGEST,)).fetchall())
    if found.get(_DIGEST) in (None, shipped().digest):
        return shipped()
    packed = connection.execute("SELECT value FROM meta WHERE name=?", (_ACCEPTED,)).fetchone()[0]
    texts: dict[str, str] = orjson.loads(zlib.decompress(packed))
    rules = {name.removeprefix("rules/"): text for name, text in texts.items() if name.startswith("rules/")}
    calendars = {name.removeprefix("calendars/"): text for name, text in texts.items() if name.startswith("calendars/")}
    files, calendar = clocks.read_rule_files(rules), clocks.read_calendars(calendars)
    if files == clocks.rule_files() and _days(calendar) == _days(clocks.load_calendar()):
        return shipped()  # only the wording of a comment, a source or a licence is another
    return Law(texts, found[_DIGEST], clocks.RuleBook(files), calendar)


def _days(calendar: clocks.Calendar) -> list[tuple[int, tuple[str, ...], frozenset[object]]]:
    return [(notice.year, notice.titles, frozenset(notice.days)) for notice in calendar.notices]


def accept(connection: driver.Connection, texts: Mapping[str, str] | None = None) -> None:
    """Let texts count from now on; those of the program by default. Part of the caller's transaction."""
    texts = shipped_texts() if texts is None else texts
    packed = zlib.compress(orjson.dumps(texts, option=orjson.OPT_SORT_KEYS))
    connection.executemany(
        "INSERT OR REPLACE INTO meta(name, value) VALUES(?,?)", [(_ACCEPTED, packed), (_DIGEST, digest_of(texts))]
    )


def accept_first(connection: driver.Connection) -> None:
    """Let the program's texts count in a register that has accepted none yet."""
    if connection.execute("SELECT 1 FROM meta WHERE name=?", (_DIGEST,)).fetchone() is None:
        accept(connection)


def changed_files(law: Law) -> tuple[str, ...]:
    """Return the names of the files that the program brings otherwise than they count, in order."""
    brought = shipped_texts()
    names = {*law.texts, *brought}
    return tuple(sorted(name for name in names if law.texts.get(name) != brought.get(name)))


def overlay_on(register: Register, day: date) -> str:
    """Return the id of the bureau's overlay for matters received on `day`, '' for none."""
    chosen = str(register.setting(FIRST_OVERLAY, "") or "")
    for entry in overlays(register):
        if date.fromisoformat(entry["from"]) <= day:
            chosen = entry["overlay"]
    return chosen


def overlays(register: Register) -> list[dict[str, Any]]:
    """Return the bureau's overlays with the day from which each counts, the days rising."""
    return sorted(register.setting(OVERLAYS, []), key=lambda entry: entry["from"])
