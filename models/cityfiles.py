"""What the city encloses in a paper for all its counties: read here, at the hub before it goes and at the desk.

    calendar   the calendar file of a year (`petition-desk calendar` reads the same)
    overlay    which local overlay counts from which day: {"overlay": id or "", "from": day}; or the rule file of one
               that the program does not bring, which counts from its own first day, or from the day of taking it in
    codes      code tables with more or closed values: {"TABLE": {"add": [...], "closed": [...]}}
    units      the unit directory: {"units": [{"name": ..., "kind": ...}]}
    notice     a text

One reader for both ends: what a county could not take in is refused where it is written. A file of TOML says the same
as one of JSON.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from models import clocks, errors, lawbook
from models.citycodes import read_codes
from models.cityunits import read_units
from models.clocks.candidate import read_candidate

LARGEST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """What is enclosed: a title for the paper, and what stands in its column `content`; `text` of a notice."""

    title: str
    content: Mapping[str, Any] | None
    text: str = ""


def read(
    kind: str,
    data: bytes,
    *,
    name: str,
    calendar: clocks.Calendar | None = None,
    book: clocks.RuleBook | None = None,
    on: date | None = None,
) -> Enclosed:
    """Read what is to be enclosed.

    Args:
        kind: calendar | overlay | codes | units | notice.
        data: The file.
        name: Its name, told in errors.
        calendar: The calendars that count; those of the program by default.
        book: The rules that count; those of the program by default.
        on: First day from which an overlay may count; any when absent.

    Raises:
        InputError: It is not of its form, or too large; names what.
    """
    if len(data) > LARGEST_BYTES:
        raise errors.InputError(
            "file",
            f"文件 {name} 超过 {LARGEST_BYTES >> 20} MiB。请检查是否拿错了文件。",
            f"The file {name} is larger than {LARGEST_BYTES >> 20} MiB. Check that it is the right one.",
        )
    if kind == "calendar":
        notice = read_candidate(data, calendar or clocks.load_calendar(), name)
        return Enclosed(title=notice.titles[0], content=orjson.loads(data.decode("utf-8-sig")))
    text = _text(data, name)
    if kind == "notice":
        if not text.strip():
            raise errors.InputError("body", "通知没有正文。", "The notice has no text.")
        return Enclosed(title=text.strip().splitlines()[0][:60], content=None, text=text.strip())
    table = _table(text, name)
    if kind == "overlay" and "format" in table:
        return _rule_file(text, name, on)
    return _READERS[kind](table, name, book or clocks.shipped(), on)


def _rule_file(text: str, name: str, on: date | None) -> Enclosed:
    file = lawbook.read_overlay(text, name)
    from_on = max(file.from_on, on) if on else file.from_on
    if not file.covers(from_on):
        raise errors.InputError("from", f"{file.id} 在 {from_on} 不施行。", f"{file.id} is not in force on {from_on}.")
    content = {"overlay": file.id, "from": from_on.isoformat(), "text": text}
    return Enclosed(title=f"自 {from_on} 起适用{file.title.zh}", content=content)


def _overlay(raw: Mapping[str, Any], name: str, book: clocks.RuleBook, on: date | None) -> Enclosed:
    unknown = sorted(raw.keys() - {"overlay", "from"})
    if unknown or "overlay" not in raw or "from" not in raw:
        raise errors.InputError(
            "file",
            f"{name} 须写明 overlay（地方规定，空为不再适用）和 from（自何日起）。",
            f"{name} says overlay (a local regulation, empty for none) and from (the first day).",
        )
    from_on = raw["from"] if type(raw["from"]) is date else clocks.read_day(str(raw["from"]), "from")
    file = book.overlay(str(raw["overlay"])) if str(raw["overlay"]).strip() else None
    if file is not None and not file.covers(from_on):
        raise errors.InputError("from", f"{file.id} 在 {from_on} 不施行。", f"{file.id} is not in force on {from_on}.")
    if on is not None and from_on < on:
        raise errors.InputError(
            "from",
            f"地方规定只能自今天（{on}）或以后的日期起适用，不能自 {from_on} 起。",
            f"A local overlay counts from today ({on}) or later, not from {from_on}.",
        )
    content = {"overlay": file.id if file else "", "from": from_on.isoformat()}
    title = f"自 {from_on} 起适用{file.title.zh}" if file else f"自 {from_on} 起不再适用地方规定"
    return Enclosed(title=title, content=content)


def _codes(raw: Mapping[str, Any], name: str, _book: clocks.RuleBook, _on: date | None) -> Enclosed:
    return Enclosed(title="代码表调整", content=read_codes(raw, name))


def _units(raw: Mapping[str, Any], name: str, _book: clocks.RuleBook, _on: date | None) -> Enclosed:
    return Enclosed(title="单位名录", content=read_units(raw, name))


_READERS: Mapping[str, Callable[[Mapping[str, Any], str, clocks.RuleBook, date | None], Enclosed]] = {
    "overlay": _overlay,
    "codes": _codes,
    "units": _units,
}


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise errors.InputError("file", f"{name} 不是 UTF-8 文本。", f"{name} is not UTF-8 text.") from None


def _table(text: str, name: str) -> Mapping[str, Any]:
    for reads in (orjson.loads, tomllib.loads):
        try:
            found = reads(text)
        except ValueError:
            continue
        if isinstance(found, dict):
            return found
    raise errors.InputError("file", f"{name} 既不是 JSON 也不是 TOML。", f"{name} is neither JSON nor TOML.")
